# %% [markdown] label="title" tables=["orders", "touchpoint_log"]
# # Exercises 22: recency, frequency, value

# %% label="imports"
import pandas as pd

import crmkit
from crmkit.practice import check, hint, progress, solution
from crmkit.value import customer_summary

company = crmkit.company()
orders = crmkit.load("orders")
end = pd.Timestamp(company.end)
