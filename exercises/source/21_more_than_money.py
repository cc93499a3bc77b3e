# %% [markdown] label="title" tables=["customers", "engagement", "orders"]
# # Exercises 21: more than money

# %% label="imports"
import crmkit
from crmkit.practice import check, hint, progress, solution
from crmkit.value import customer_profit, engagement_summary

customers = crmkit.load("customers")
deeds = engagement_summary(crmkit.load("engagement"), customers)
people = customer_profit(crmkit.load("orders"), customers=customers).merge(deeds, on="customer_id")
