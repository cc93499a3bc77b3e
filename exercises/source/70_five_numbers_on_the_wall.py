# %% [markdown] label="title" company="strumwell" tables=["sessions", "event_kinds", "orders"]
# # Exercises 70: five numbers on the wall
#
# The log of {company.name}, and the metrics of the users who had not paid when {company.last_year} began.

# %% label="imports"
import crmkit
from crmkit import mining
from crmkit.practice import check, hint, progress, solution

company = crmkit.company("strumwell")
kinds = crmkit.load("event_kinds", data="strumwell")
orders = crmkit.load("orders", data="strumwell")
events = mining.read_events(crmkit.load("sessions", data="strumwell"), kinds)
groups = kinds.set_index("event")["group"]
start, end = f"{company.last_year}-01-01", f"{company.year}-01-01"
metrics, paid = mining.who_pays_first(events, orders, start, end, kinds=groups)
print(f"{len(metrics):,} users, {metrics.shape[1]} metrics, {paid.sum()} paid")
