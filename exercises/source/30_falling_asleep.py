# %% [markdown] label="title" tables=["orders", "truth/sleep_states"]
# # Exercises 30: falling asleep

# %% label="imports"
import pandas as pd

import crmkit
from crmkit.practice import check, hint, progress, solution
from crmkit.reactivation import FIXED_RULES, at_risk, compare_rules, purchase_gaps, return_curve
from crmkit.reactivation import silence, state_on, threshold_intervals

company = crmkit.company()
orders = crmkit.load("orders")
gaps = purchase_gaps(orders, company.end)
orders.head(3)
