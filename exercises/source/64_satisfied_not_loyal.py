# %% [markdown] label="title" tables=["trader_quarters", "trader_survey", "branch_quarters", "branch_trial"]
# # Exercises 64: satisfied is not loyal
#
# {company.name}'s trade customers in eight quarters: what they say, what they do, and who leaves; and the branches.

# %% label="imports"
import crmkit
from crmkit import relations
from crmkit.practice import check, hint, progress, solution

company = crmkit.company()
quarters, survey = crmkit.load("trader_quarters"), crmkit.load("trader_survey")
letters = survey[survey["way"] == "letter"]
branches, trial = crmkit.load("branch_quarters"), crmkit.load("branch_trial")
stays = relations.still_there(quarters)[["trader_id", "quarter", "stays"]]
table = relations.signal_changes(quarters, ["logins", "help_given", "sales"]).merge(stays)
last_year, this_year = table[table["quarter"] == 2], table[table["quarter"] == 6]
print(f"{len(quarters):,} quarters of traders, {len(letters):,} letters, {len(branches)} quarters of branches")

# %% [markdown] label="64-4"
# The imports have made two tables, as in the lesson: `last_year` (quarter 2) and `this_year` (quarter 6), with signals, changes and `stays`.

# %% [markdown] label="64-6"
# The next question leaves the traders: it is about the branches and their trial.
