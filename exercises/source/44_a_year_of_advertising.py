# %% [markdown] label="title" tables=["tracker_respondents", "brand_pressure", "tracker_answers", "brand_panel"]
# # Exercises 44: a year of advertising
#
# The weekly tracker with the pressure of every brand, and the panel.

# %% label="imports"
import numpy as np

import crmkit
from crmkit.brand import Exponential, add_lags, compare_plans, make_plan
from crmkit.brand.tracker import fit_tracker, weekly_recall
from crmkit.practice import check, hint, progress, solution

company = crmkit.company()
people, answers = crmkit.load("tracker_respondents"), crmkit.load("tracker_answers")
pressures = crmkit.load("brand_pressure")
pressure = pressures.query("brand == @company.name").set_index("week")["contacts"]
people.head(3)
