# %% [markdown] label="title" tables=["orders"]
# # Exercises 24b: what a customer is worth
#
# The lesson's models on the customers of today, on another company, and on a firm with contracts.

# %% label="imports"
import pandas as pd

import crmkit
from crmkit.practice import check, hint, progress, solution
from crmkit.value import ContractModel, GammaGammaModel, ModifiedBetaGeoModel
from crmkit.value import customer_lifetime_value, customer_summary, holdout_split
from crmkit.value import potential_tiers, total_interval

company = crmkit.company()
orders = crmkit.load("orders")
summary = customer_summary(orders, company.end)
usable = summary[(summary["repeat_days"] == 0) | (summary["mean_repeat_value"] > 0)]
