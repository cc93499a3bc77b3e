# %% [markdown] label="title" tables=["orders", "cost_to_serve"]
# # Exercises 00: a first look at who brings the profit

# %% label="imports"
import crmkit
from crmkit.practice import check, hint, progress, solution
from crmkit.value import customer_profit, top_share

company = crmkit.company()
orders = crmkit.load("orders")
costs = crmkit.load("cost_to_serve")
table = customer_profit(orders, costs)
profit = table.set_index("customer_id")["profit"]
turnover = table.set_index("customer_id")["turnover"]
table.head()
