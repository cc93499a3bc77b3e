# %% [markdown] label="title" tables=["orders"]
# # Exercises 30: falling asleep
#
# Put your answer in place of the three dots and run the cell: `check` answers at once. Stuck? Type `hint("30-2")` in a new cell, again for the next hint; after three tries `solution("30-2")` opens. `progress()` in a cell of its own shows how far you are.

# %% label="imports"
import pandas as pd

import crmkit
from crmkit.practice import check, hint, progress, solution
from crmkit.reactivation import purchase_gaps, return_curve

company = crmkit.company()
crmkit.load("orders").head(3)

# %% [markdown] label="30-1"
# ## 30-1 · How many are silent? (1 point)
#
# On 31 December {company.year}, which share of all customers who have ever ordered has been silent for more than 90 days, in per cent?

# %% label="check-30-1"
# last order per customer, days from there to the end of {company.year}, share above 90
### BEGIN SOLUTION
last = crmkit.load("orders").groupby("customer_id")["order_date"].max()
silent = (pd.Timestamp(company.end) - last).dt.days
answer = 100 * (silent > 90).mean()
### END SOLUTION
check("30-1", answer)

# %% [markdown] label="30-2"
# ## 30-2 · Fifty days of silence (2 points)
#
# A customer has been silent for 50 days. What is the chance, in per cent, of a purchase within the next 60 days (from the gaps of all customers, as of 31 December {company.year}, open gaps rightly used)?

# %% label="check-30-2"
# the lesson's line: return_curve(gaps, horizon_days=75)
### BEGIN SOLUTION
gaps = purchase_gaps(crmkit.load("orders"), company.end)
curve = return_curve(gaps, 60)
answer = 100 * curve.loc[curve["silent_days"] == 50, "chance"].iloc[0]
### END SOLUTION
check("30-2", answer)

# %% [markdown] label="30-3"
# ## 30-3 · Who is slipping away? (3 points)
#
# The shop wants to call earlier. Which customers are in the top tenth of all customers by margin (of all their orders) and have been silent for 60 days or more on 31 December {company.year}?

# %% label="check-30-3"
# two lists: who is valuable, who is silent
### BEGIN SOLUTION
orders = crmkit.load("orders")
worth = orders.groupby("customer_id")["margin"].sum()
last = orders.groupby("customer_id")["order_date"].max()
silent = (pd.Timestamp(company.end) - last).dt.days
best = worth.nlargest(len(worth) // 10).index
answer = best[silent.loc[best] >= 60]
### END SOLUTION
check("30-3", answer)

# %% [markdown] label="30-4"
# ## 30-4 · One rule for all? (4 points, no machine marks this one)
#
# The head of marketing wants one rule for all: 90 days and lost. Write to her what you would put in its place, and why. Write it between the quotation marks; then compare it with the points a good answer makes.

# %% label="check-30-4"
### BEGIN SOLUTION
answer = (
    "I would draw three lines where the chance to return within the next 75 days falls below "
    "one half, one quarter and one tenth. Our curve falls steadily; there is nothing special "
    "about day 90, and about a quarter of the customers you would call lost by that rule are not asleep. "
    "The three levels go with what we do: below one half a cheap reminder, below one tenth "
    "nothing but a test. Each state is a guess: about a quarter of the customers are in "
    "another one than we say. I would draw the lines anew every spring, and at once if a rival "
    "opens."
)
### END SOLUTION
check("30-4", answer)
