# %% [markdown] label="title" tables=["area_spend", "area_customers", "area_tests", "acquisition_areas", "followed_customers", "followed_margin"]
# # Exercises 52: what a new customer costs
#
# The areas, the tests and the followed customers of the lesson, and the curves that were fitted to them.

# %% label="imports"
import crmkit
from crmkit import prospects
from crmkit.practice import check, hint, progress, solution

company = crmkit.company()
names = ("area_spend", "area_customers", "area_tests", "acquisition_areas")
spend, won, tests, areas = (crmkit.load(name) for name in names)
followed, margin = crmkit.load("followed_customers"), crmkit.load("followed_margin")
model = prospects.ResponseModel().fit(spend, won, areas)
model.costs().round(1)

# %% [markdown] label="52-4"
# The next two questions need both sides: what customers cost, and what they bring.
