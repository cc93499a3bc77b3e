# %% [markdown] label="title" tables=["orders", "cost_to_serve", "customers"]
# # Exercises 20: who brings the profit
#
# Ten minutes with a calculator's patience.

# %% label="imports"
import pandas as pd

import crmkit
from crmkit.practice import check, hint, progress, solution
from crmkit.value import customer_profit, tiers_with_cost, top_share

orders = crmkit.load("orders")
costs = crmkit.load("cost_to_serve")
customers = crmkit.load("customers")
margin = orders.groupby("customer_id")["margin"].sum()
cost = costs.groupby("customer_id")["cost"].sum()

# %% [markdown] label="20-4"
# Look at the last tenth before you go on.

# %% [markdown] label="20-5"
# Compare the last row with the share of the customers that you found in 20-2. What would the director say to it? That is the next question.
