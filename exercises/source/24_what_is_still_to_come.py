# %% [markdown] label="title" tables=["orders"]
# # Exercises 24: what is still to come

# %% label="imports"
import crmkit
from crmkit.practice import check, hint, progress, solution
from crmkit.value import BetaGeoModel, customer_summary, holdout_split

company = crmkit.company()
orders = crmkit.load("orders")
