# %% [markdown] label="title" tables=["orders"]
# # Exercises 80: your own orders
#
# Your shop's orders of {company.year} have been through the till of a garden centre. `export` is what came out. In a class everybody has orders of their own, so everybody has another ugly file. Stuck? Add a cell with `hint("80-2")`; after three tries `solution("80-2")` opens.

# %% label="imports"
import pandas as pd

import crmkit
from crmkit.data.own.ugly import TILL, ugly_file
from crmkit.practice import check, hint, progress, solution
from crmkit.value import top_share

company = crmkit.company()
orders = crmkit.load("orders")
export = ugly_file(orders[orders["order_date"] >= company.year_start])
print(export[:230].decode("cp1252"))

# %% [markdown] label="80-1"
# ## 80-1 · What is the turnover, in €, of the orders that can be used? (1 point)
# Read `export` with `crmkit.read_orders`, and look at the report before you go on.

# %% label="check-80-1"
# own, report = crmkit.read_orders(____)
# answer = own[____].sum()
### BEGIN SOLUTION
own, report = crmkit.read_orders(export)
answer = own["turnover"].sum()
### END SOLUTION
check("80-1", answer)

# %% [markdown] label="80-2"
# ## 80-2 · How much turnover, in €, stands on the till's own number? (2 points)
# Sales are booked on 99999 when nobody shows a card. One number.

# %% label="check-80-2"
### BEGIN SOLUTION
answer = own.loc[own["customer_id"] == TILL, "turnover"].sum()
### END SOLUTION
check("80-2", answer)

# %% [markdown] label="80-3"
# ## 80-3 · Does the till's number change the picture? (3 points)
# A table of two rows, `reading` = `all numbers` and `without the till`, with the number of `customers` and what the `best_fifth` of them (20 %, rounded) bring of the turnover, in per cent.

# %% label="check-80-3"
### BEGIN SOLUTION
rows = []
for reading, part in {"all numbers": own, "without the till": own[own["customer_id"] != TILL]}.items():
    spent = part.groupby("customer_id")["turnover"].sum()
    rows.append({"reading": reading, "customers": len(spent), "best_fifth": 100 * top_share(spent, 0.2)})
answer = pd.DataFrame(rows)
### END SOLUTION
check("80-3", answer)

# %% [markdown] label="80-4"
# ## 80-4 · A letter by Friday (4 points, a decision)
# The owner wants a letter to the best fifth of her customers by Friday, made from this file. Which rows do you set aside, which do you keep, what do you ask her first, and what do you say about the list? Forty words at least.

# %% label="check-80-4"
### BEGIN SOLUTION
answer = (
    "99999 goes out: a till cannot read a letter. The copied block goes out, because two exports overlap there. Refunds have "
    "numbers of their own, so I leave them aside and say how much they are. First I ask who may be written to, and who buys "
    "without a card. Under the list: so many of so many rows, from when to when."
)
### END SOLUTION
check("80-4", answer)

# %% [markdown] label="far-come-progress-new-cell"
# How far have you come? `progress()` in a new cell shows it, lesson by lesson.
