# %% [markdown] label="title" tables=["orders", "touchpoint_log"]
# # Exercises 22: recency, frequency, value
#
# Stuck? Add a cell with `hint("22-2")`; after three tries `solution("22-2")` opens.

# %% label="imports"
import pandas as pd

import crmkit
from crmkit.practice import check, hint, progress, solution
from crmkit.value import customer_summary

company = crmkit.company()
orders = crmkit.load("orders")
end = pd.Timestamp(company.end)

# %% [markdown] label="22-1"
# ## 22-1 · How long ago did a customer last buy, on average? (1 point)
# Seen from 31 December {company.year}, in days, with two decimals.

# %% label="check-22-1"
# last = orders.groupby("customer_id")["order_date"].____()
### BEGIN SOLUTION
last = orders.groupby("customer_id")["order_date"].max()
answer = (end - last).dt.days.mean()
### END SOLUTION
check("22-1", answer)

# %% [markdown] label="22-2"
# ## 22-2 · Who is recent and frequent? (2 points)
# Last purchase less than 90 days before 31 December {company.year}, and purchases on at least 8 different days. Give the `customer_id`s.

# %% label="check-22-2"
# summary = customer_summary(orders, end)
### BEGIN SOLUTION
summary = customer_summary(orders, end)
both = (summary["days_since_last"] < 90) & (summary["purchase_days"] >= 8)
answer = summary.loc[both, "customer_id"]
### END SOLUTION
check("22-2", answer)

# %% [markdown] label="22-3"
# ## 22-3 · How many stay in their tier? (3 points)
# Tiers by turnover in a calendar year: `high` from {company.symbol}800, `middle` from {company.symbol}200, `low` below that (but bought something). Of the customers in each tier of {company.last_year}, what per cent are in the same tier in {company.year}? A table with `tier` and `stayed`.

# %% label="check-22-3"
### BEGIN SOLUTION
spent = orders.assign(year=orders["order_date"].dt.year).pivot_table(
    index="customer_id", columns="year", values="turnover", aggfunc="sum"
)[[company.last_year, company.year]]


def tier(amount):
    if pd.isna(amount):
        return "away"
    return "high" if amount >= 800 else "middle" if amount >= 200 else "low"


before, after = spent[company.last_year].map(tier), spent[company.year].map(tier)
share = 100 * (before == after).groupby(before).mean().drop("away", errors="ignore")
answer = share.rename_axis("tier").rename("stayed").reset_index()
### END SOLUTION
check("22-3", answer)

# %% [markdown] label="22-4"
# ## 22-4 · Where do people leave the funnel? (3 points)
# In `touchpoint_log` a lead met the advertisement, a target the entrance, a prospect the question, a customer aftercare (there one has paid), and is loyal who went on from there. For `target`, `prospect`, `customer` and `loyal`: what per cent of those in the stage *before* reached it? A table with `stage` and `reached`.

# %% label="check-22-4"
# log = crmkit.load("touchpoint_log")
# met = log.groupby("touchpoint")["journey_id"].____()
### BEGIN SOLUTION
log = crmkit.load("touchpoint_log")
met = log.groupby("touchpoint")["journey_id"].nunique()
back = log.loc[log["touchpoint"] == "aftercare", "went_on"].sum()
people = pd.Series(
    {
        "lead": met["advertisement"],
        "target": met["entrance"],
        "prospect": met["question"],
        "customer": met["aftercare"],
        "loyal": back,
    }
)
share = (100 * people / people.shift()).drop("lead")
answer = share.rename_axis("stage").rename("reached").reset_index()
### END SOLUTION
check("22-4", answer)

# %% [markdown] label="22-5"
# ## 22-5 · How often shall the list be made? (4 points, a decision)
# The head of sales wants to make the list of VIP and key customers once a year, in January, to keep things calm. Recommend a review schedule, and say what you would tell a VIP who drops out of the tier. Forty words at least.

# %% label="check-22-5"
### BEGIN SOLUTION
answer = """Every quarter. After a year more than half of the labels are wrong, and more than half of today's best are not on the old list, while
a review costs a minute of computing. To keep things calm a customer rises at once, but falls only after two reviews below the line, because one weak
quarter is often chance or season. Who drops out keeps the person they know for half a year, and is asked whether anything went wrong."""
### END SOLUTION
check("22-5", answer)

# %% [markdown] label="far-come-progress-new-cell"
# How far have you come? `progress()` in a new cell shows it, lesson by lesson.
