# %% [markdown] label="title" tables=["orders", "cost_to_serve"]
# # Exercises 00: a first look at who brings the profit
#
# Put your answer in place of the three dots and run the cell: `check` answers at once. Stuck? Type `hint("00-2")` in a new cell, again for the next hint; after three tries `solution("00-2")` opens. `progress()` in a cell of its own shows how far you are.

# %% label="imports"
import crmkit
from crmkit.practice import check, hint, progress, solution
from crmkit.value import customer_profit, top_share

orders = crmkit.load("orders")
costs = crmkit.load("cost_to_serve")
table = customer_profit(orders, costs)
table.head()

# %% [markdown] label="00-1"
# ## 00-1 · What did all customers pay? (1 point)
#
# The turnover of all orders in the three years together, in {company.symbol}.

# %% label="check-00-1"
### BEGIN SOLUTION
answer = orders["turnover"].sum()
### END SOLUTION
check("00-1", answer)

# %% [markdown] label="00-2"
# ## 00-2 · What do the best tenth bring? (2 points)
#
# The lesson looked at the best fifth. What share of the whole profit do the best tenth of the customers (10 %, by profit) bring, in per cent, to two decimals?

# %% label="check-00-2"
# the lesson's line: 100 * top_share(table["profit"], 0.20)
### BEGIN SOLUTION
answer = round(100 * top_share(table["profit"], 0.10), 2)
### END SOLUTION
check("00-2", answer)

# %% [markdown] label="00-3"
# ## 00-3 · Who pays a lot and still costs more? (3 points)
#
# Which customers belong to the half with the higher turnover and still cost more than they brought? Give their `customer_id`.

# %% label="check-00-3"
# table.nlargest(10, "turnover") keeps the ten highest payers
### BEGIN SOLUTION
payers = table.nlargest(len(table) // 2, "turnover")
answer = payers.loc[payers["profit"] < 0, "customer_id"]
### END SOLUTION
check("00-3", answer)

# %% [markdown] label="00-4"
# ## 00-4 · What do you advise the director? (4 points, no machine marks this one)
#
# The director wants to stop serving every customer who costs more than they bring. What do you advise, and what would you want to know first? Write four to eight sentences between the quotation marks; then compare them with the points a good answer makes.

# %% label="check-00-4"
### BEGIN SOLUTION
answer = (
    "I would not drop them as one group. The figure covers three years and only the costs that somebody wrote down. "
    "Customers who joined lately have had no time to bring anything: I leave them alone. For old customers with many calls I "
    "look at what the calls were about, and try a cheaper way first, help in the app or a fee for home visits, on half of "
    "them, chosen by chance. If after six months that half buys so much less that the saving is eaten up, I was wrong."
)
### END SOLUTION
check("00-4", answer)
