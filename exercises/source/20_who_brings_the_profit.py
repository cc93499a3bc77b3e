# %% [markdown] label="title" tables=["orders", "cost_to_serve", "customers"]
# # Exercises 20: who brings the profit
#
# Ten minutes with a calculator's patience. Stuck? Add a cell with `hint("20-2")`; after three tries `solution("20-2")` opens. In a class everybody has data of their own, so a neighbour's number is of no use to you.

# %% label="imports"
import pandas as pd

import crmkit
from crmkit.practice import check, hint, progress, solution
from crmkit.value import customer_profit, tiers_with_cost, top_share

orders = crmkit.load("orders")
costs = crmkit.load("cost_to_serve")
customers = crmkit.load("customers")

# %% [markdown] label="20-1"
# ## 20-1 · How much profit, in {company.symbol}, did all customers together bring in the three years? (1 point)
# Margin less cost to serve, as one number.

# %% label="check-20-1"
# answer = orders["margin"].sum() - ____
### BEGIN SOLUTION
answer = orders["margin"].sum() - costs["cost"].sum()
### END SOLUTION
check("20-1", answer)

# %% [markdown] label="20-2"
# ## 20-2 · Which customers cost more than they brought? (2 points)
# Profit below zero over the three years. Give a set, a list or a column of `customer_id`.

# %% label="check-20-2"
# profits = customer_profit(orders, ____, customers)
### BEGIN SOLUTION
profits = customer_profit(orders, costs, customers)
answer = profits.loc[profits["profit"] < 0, "customer_id"]
### END SOLUTION
check("20-2", answer)

# %% [markdown] label="20-3"
# ## 20-3 · What share of the profit does each tenth of the customers bring? (3 points)
# Rank all customers by profit and cut them into ten groups of equal size, best first. Give a table with `tenth` (1 to 10) and `share` in per cent.

# %% label="check-20-3"
### BEGIN SOLUTION
profit = (
    customer_profit(orders, costs, customers)["profit"]
    .sort_values(ascending=False)
    .reset_index(drop=True)
)
tenth = profit.index * 10 // len(profit) + 1
share = 100 * profit.groupby(tenth).sum() / profit.sum()
answer = share.rename_axis("tenth").rename("share").reset_index()
### END SOLUTION
check("20-3", answer)

# %% [markdown] label="20-4"
# Look at the last tenth before you go on.
#
# ## 20-4 · Who takes the staff's time? (3 points)
# Give every customer a tier by profit with `tiers_with_cost` (diamond, gold, silver, ordinary, and those who cost more). What share of all staff minutes of the three years does each tier take? A table with `tier` and `minutes`, in per cent.

# %% label="check-20-4"
# tier = tiers_with_cost(customer_profit(orders, costs, customers).set_index("customer_id"))
### BEGIN SOLUTION
tier = tiers_with_cost(customer_profit(orders, costs, customers).set_index("customer_id"))
minutes = costs["minutes"].groupby(costs["customer_id"].map(tier), observed=False).sum()
share = 100 * minutes / minutes.sum()
answer = share.rename_axis("tier").rename("minutes").reset_index()
### END SOLUTION
check("20-4", answer)

# %% [markdown] label="20-5"
# Compare the last row with the share of the customers that you found in 20-2. What would the director say to it? That is the next question.
#
# ## 20-5 · Stop serving them? (4 points, a decision)
# The marketing director reads your list of customers who cost more than they bring, and wants to stop serving them. What do you tell her? Forty words at least: figures, reasons, and what would change your mind.

# %% label="check-20-5"
### BEGIN SOLUTION
answer = """Not yet. All of them together cost us a known sum, and it is small beside what the best tenth brings. Most of the loss is
service time, not goods, so I would first ask why they ring: I would offer self-service and a minimum order for free delivery to half of them, chosen
by chance, and compare the cost after a quarter. Some are new and may be next year's good customers. If the cost does not fall, we talk about a fee."""
### END SOLUTION
check("20-5", answer)

# %% [markdown] label="far-come-progress-new-cell"
# How far have you come? `progress()` in a new cell shows it, lesson by lesson.
