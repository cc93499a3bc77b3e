# %% [markdown] label="title" tables=["diaries", "diary_people", "visit_moments", "visits", "service_cases"] names=["service_cases.arm: no failure", "service_cases.arm: failure, letter", "service_cases.arm: failure, call and mend"]
# # Exercises 42: what happened to me
#
# Diaries, visits moment by moment, and late parcels.

# %% label="imports"
import pandas as pd

import crmkit
from crmkit.brand import failure_and_recovery, fit_delta_rule
from crmkit.practice import check, hint, progress, solution

diaries, keepers = crmkit.load("diaries"), crmkit.load("diary_people")
moments = crmkit.load("visit_moments").sort_values(["visit_id", "moment"])
visits, cases = crmkit.load("visits"), crmkit.load("service_cases")
diaries.head(3)
