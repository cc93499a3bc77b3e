# %% [markdown] label="title" tables=["orders"]
# # Exercises 30: falling asleep

# %% label="imports"
import pandas as pd

import crmkit
from crmkit.practice import check, hint, progress, solution
from crmkit.reactivation import purchase_gaps, return_curve

company = crmkit.company()
orders = crmkit.load("orders")
gaps = purchase_gaps(orders, company.end)
orders.head(3)
