# %% [markdown] label="title" tables=["orders", "touchpoint_log", "journeys"] names=["journeys.channel: web"]
# # Exercises 22: recency, frequency, value
#
# The lesson's scores and tiers on another season and on other years.

# %% label="imports"
import pandas as pd

import crmkit
from crmkit.practice import check, hint, progress, solution
from crmkit.value import customer_summary, holdout_split, migration_matrix, rfm_scores
from crmkit.value import sales_funnel, tiers_over_time

company = crmkit.company()
orders = crmkit.load("orders")
cuts = {"R": [30, 90, 180, 365], "F": [2, 4, 8, 16], "M": [50, 200, 500, 1500]}
