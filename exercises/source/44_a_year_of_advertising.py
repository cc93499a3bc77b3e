# %% [markdown] label="title" tables=["tracker_respondents", "brand_pressure", "tracker_answers", "brand_panel"]
# # Exercises 44: a year of advertising
#
# The weekly tracker with the pressure of every brand, and the panel. Put your answer in place of the three dots and run the cell: `check` answers at once. Stuck? Add a cell with `hint("44-1")`, again for the next hint; after three tries `solution("44-1")` opens.

# %% label="imports"
import crmkit
from crmkit.brand import add_lags
from crmkit.practice import check, hint, progress, solution

company = crmkit.company()

# %% [markdown] label="44-1"
# ## 44-1 · What do weeks on air lift? (1 point)
# By how many percentage points is {company.name} named without help more often in weeks with contacts than in weeks of silence? Pool the people of all weeks of each kind. (two decimals)

# %% label="check-44-1"
# share = 100 * table.groupby(____)["named"].mean()
### BEGIN SOLUTION
people = crmkit.load("tracker_respondents")
pressure = crmkit.load("brand_pressure").query("brand == @company.name").set_index("week")["contacts"]
named = crmkit.load("tracker_answers").query("brand == @company.name and position > 0")[
    "respondent_id"
]
table = people.assign(named=people["respondent_id"].isin(named))
table["on_air"] = table["week"].map(pressure) > 0
share = 100 * table.groupby("on_air")["named"].mean()
answer = share[True] - share[False]
### END SOLUTION
check("44-1", answer)

# %% [markdown] label="44-2"
# ## 44-2 · What is left of a brand that fell silent? (2 points)
# Pennygrove fell silent. How much of the unaided recall that it had in its weeks on air was left from {company.dates[silent]} on? (the later share as a per cent of the earlier one, two decimals)

# %% label="check-44-2"
# later = table[table["week"] >= company.dates["silent"]][____].mean()
### BEGIN SOLUTION
people = crmkit.load("tracker_respondents")
pressure = (
    crmkit.load("brand_pressure").query("brand == 'Pennygrove'").set_index("week")["contacts"]
)
named = crmkit.load("tracker_answers").query("brand == 'Pennygrove' and position > 0")
named = named["respondent_id"]
table = people.assign(
    named=people["respondent_id"].isin(named), contacts=people["week"].map(pressure)
)
later = table[table["week"] >= company.dates["silent"]]["named"].mean()
answer = 100 * later / table.query("contacts > 0")["named"].mean()
### END SOLUTION
check("44-2", answer)

# %% [markdown] label="44-3"
# ## 44-3 · Recalled before, bought after (3 points)
# In the panel: how many percentage points more often does somebody buy who named {company.name} in the interview *before*, without (`project` 0) and with (`project` 1) a project going on? Columns `project` and `points`.

# %% label="check-44-3"
# mean = panel.groupby(["project", ____])["bought"].mean().unstack()
### BEGIN SOLUTION
panel = add_lags(crmkit.load("brand_panel"), ["recalled"])
mean = 100 * panel.groupby(["project", "recalled_before"])["bought"].mean().unstack()
answer = (mean[1] - mean[0]).rename("points").reset_index()
### END SOLUTION
check("44-3", answer)

# %% [markdown] label="44-4"
# ## 44-4 · The plan for the board (4 points)
# 46 contacts, 52 weeks, three directors: a peak in week 20, the best mean, never below a floor. Write the plan that you would put to the board, and what it gives up.

# %% label="check-44-4"
### BEGIN SOLUTION
answer = (
    "The season sells the garden, so I put the peak first and the floor second. Two contacts a week from "
    "week 12 to 20 (18), then 28 spread evenly over the 32 weeks to the end: together 46. Week 20 stays some "
    "points under what a pure burst would reach, and the autumn stays above what the burst leaves. The "
    "plan for the best mean would buy nothing in the last months, but its January would pay for it, so I "
    "do not take the mean of one year as a goal. Recall precedes buying in our panel by a few points "
    "only: I would keep two towns silent in autumn to see what that is worth. "
)
### END SOLUTION
check("44-4", answer)

# %% [markdown] label="far-come-progress-new-cell"
# How far have you come? `progress()` in a new cell shows it, lesson by lesson.
