# %% [markdown] label="title" tables=["orders"]
# # Exercises 24: who is still a customer?
#
# The lesson's models on the last year, on another half-year, and on another company.

# %% label="imports"
import crmkit
from crmkit.practice import check, hint, progress, solution
from crmkit.value import BetaGeoModel, ModifiedBetaGeoModel, customer_summary
from crmkit.value import holdout_split, judge_alive, last_year_forecast, score_forecasts

company = crmkit.company()
orders = crmkit.load("orders")
