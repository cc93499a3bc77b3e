# %% [markdown] label="title" tables=["programme_people", "programme_points", "programme_tiers", "stamp_cards"]
# # Exercises 62: points and tiers
#
# The first years of {company.name}'s programme: customers who were invited, who had to wait, and who chose for themselves; points; gold; and the test of stamp cards.

# %% label="imports"
import pandas as pd

import crmkit
from crmkit import relations
from crmkit.practice import check, hint, progress, solution

company = crmkit.company()
people, points = crmkit.load("programme_people"), crmkit.load("programme_points")
tiers, cards = crmkit.load("programme_tiers"), crmkit.load("stamp_cards")
before = ["spend_before_12_7", "spend_before_6_1"]
people["before"] = people[before].sum(axis=1)
print(f"{len(people):,} customers, {people['joined'].sum():,} members, {len(cards):,} stamp cards")

# %% [markdown] label="62-6"
# The next question leaves points: it is about the coffee counter.
