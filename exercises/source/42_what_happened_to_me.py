# %% [markdown] label="title" tables=["diaries", "diary_people", "visit_moments", "visits", "service_cases"]
# # Exercises 42: what happened to me
#
# Diaries, visits moment by moment, and late parcels. Put your answer in place of the three dots and run the cell: `check` answers at once. Stuck? Add a cell with `hint("42-1")`, again for the next hint; after three tries `solution("42-1")` opens.

# %% label="imports"
import pandas as pd

import crmkit
from crmkit.brand import fit_delta_rule
from crmkit.practice import check, hint, progress, solution

# %% [markdown] label="42-1"
# ## 42-1 · What is left of seven points of trust? (1 point)
# A customer trusts {company.name} with 7.0 of 10. A delivery comes that is worth 3.0. What trust does the delta rule foretell, with the gains that `fit_delta_rule` finds in your diaries? (points, three decimals)

# %% label="check-42-1"
# 7 + gains[____] * (____ - 7)
### BEGIN SOLUTION
table = fit_delta_rule(crmkit.load("diaries"), crmkit.load("diary_people"))
gains = table.set_index("parameter")["estimate"]
answer = 7 + gains["bad"] * (3 - 7)
### END SOLUTION
check("42-1", answer)

# %% [markdown] label="42-2"
# ## 42-2 · How much is a good ending worth? (2 points)
# By how many points is a visit remembered as better when its last moment was rated 7 or more than when it was rated 3 or less? (mean of `remembered`, three decimals)

# %% label="check-42-2"
# last = moments.groupby("visit_id")["rating"].____()
### BEGIN SOLUTION
moments = crmkit.load("visit_moments").sort_values(["visit_id", "moment"])
last = moments.groupby("visit_id")["rating"].last().rename("last")
table = crmkit.load("visits").join(last, on="visit_id")
good, bad = table[table["last"] >= 7], table[table["last"] <= 3]
answer = good["remembered"].mean() - bad["remembered"].mean()
### END SOLUTION
check("42-2", answer)

# %% [markdown] label="42-3"
# ## 42-3 · What did the late parcels cost? (3 points)
# For each `arm` of the late parcels give the share that `bought` again within 90 days (per cent) and its `difference` to those whose parcel was in time (percentage points; 0 for these themselves).

# %% label="check-42-3"
# share = 100 * cases.groupby(____)["bought_90d"].mean()
### BEGIN SOLUTION
share = 100 * crmkit.load("service_cases").groupby("arm")["bought_90d"].mean()
answer = pd.DataFrame({"bought": share, "difference": share - share["no failure"]}).reset_index()
### END SOLUTION
check("42-3", answer)

# %% [markdown] label="42-4"
# ## 42-4 · Whom to call (4 points)
# A call to a customer with a late parcel, with the mending, costs {company.symbol}9; a letter costs {company.symbol}1. {company.name} has some 3,000 late parcels a year. Should every one of them be called?

# %% label="check-42-4"
### BEGIN SOLUTION
answer = (
    "No. Against the letter the call brings back about a tenth of the customers, but in turnover that is a "
    "few {company.coins} each, and of a margin of a third even the upper end of the interval stays below the eight "
    "{company.coins} that the call costs more. Over 90 days calling everybody does not pay. I would call those with "
    "several orders before, half of them by a coin, and watch them for a year: what the 90 days do not show, "
    "later orders and what neighbours hear, is what the call would have to earn."
)
### END SOLUTION
check("42-4", answer)

# %% [markdown] label="far-come-progress-new-cell"
# How far have you come? `progress()` in a new cell shows it, lesson by lesson.
