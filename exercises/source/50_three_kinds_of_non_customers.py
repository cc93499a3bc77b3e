# %% [markdown] label="title" tables=["market_areas", "market_register", "market_invited", "market_people", "market_needs", "market_first_look", "market_trial", "trial_offers", "web_visitors"]
# # Exercises 50: three kinds of non-customers
#
# The survey of the lesson, with everybody sorted: near, refusing, or customer. `fails` names the criteria that are not met. `people` are all who answered the survey, `others` those of them who are no customers, `first` all whom the interviewer met in the first look. `register` has the households of *all* areas; its column `surveyed` says which areas the survey asked.

# %% label="imports"
import pandas as pd

import crmkit
from crmkit import prospects
from crmkit.practice import check, hint, progress, solution

company = crmkit.company()
areas, needs = crmkit.load("market_areas"), crmkit.load("market_needs")
today = crmkit.load("trial_offers").set_index("offer").loc["today"]


def sort_people(table):
    table = table.merge(areas).assign(customer=table["buys_at"] == company.name)
    table = table.merge(prospects.criteria_met(table, needs, today))
    return table.join(prospects.kinds_of_people(table))


people = sort_people(crmkit.load("market_people").merge(crmkit.load("market_invited")))
first = sort_people(crmkit.load("market_first_look"))
others = people[~people["customer"]]
register = crmkit.load("market_register").merge(areas[["area", "surveyed"]])
visits = crmkit.load("web_visitors")
others.head(3)

# %% [markdown] label="50-3"
# The next question leaves the survey: `visits` has one row for each visit to the web shop that did not end in a purchase. `left_at` is the page on which the visit ended: landing, product, basket, delivery, payment, in this order. `exit_answer` is the reason stated on leaving. Most visitors give none.
