# %% [markdown] label="title" tables=["customers", "engagement", "orders", "cost_to_serve"]
# # Exercises 21: more than money
#
# Other weights, another year, and a credit with a doubt.

# %% label="imports"
import crmkit
from crmkit.practice import check, hint, progress, solution
from crmkit.value import customer_profit, engagement_summary, list_stability, top_list
from crmkit.value import weighted_score, widest_gap

company = crmkit.company()
orders = crmkit.load("orders")
costs = crmkit.load("cost_to_serve")
customers = crmkit.load("customers")
taking_part = engagement_summary(crmkit.load("engagement"), customers)
people = customer_profit(orders, costs, customers).merge(taking_part, on="customer_id")
private = customers[customers["kind"] == "person"]
