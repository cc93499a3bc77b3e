# %% [markdown] label="title" tables=["orders", "cost_to_serve", "customers"]
# # Exercises 20: who brings the profit
#
# Seven questions: another year, other cuts, another firm, and a decision at the end.

# %% label="imports"
import pandas as pd

import crmkit
from crmkit.practice import check, hint, progress, solution
from crmkit.value import assign_tiers, customer_profit, list_certainty, tier_table, tiers_with_cost
from crmkit.value import top_share

company = crmkit.company()
orders = crmkit.load("orders")
costs = crmkit.load("cost_to_serve")
customers = crmkit.load("customers")
margin = orders.groupby("customer_id")["margin"].sum()
cost = costs.groupby("customer_id")["cost"].sum()

# %% [markdown] label="20-5"
# Look at the last row of 20-4 before you go on. How many of the customers are in it, and how much of the time do they take? What would the director say to it?
