# %% [markdown] label="title" company="strumwell" tables=["sessions", "event_kinds", "orders"]
# # Exercises 71: the metric that knew the answer
#
# The log of {company.name}. The new version of the app came out on {company.dates[new_version]}: several questions stand on that day, in the middle of {company.last_year}.

# %% label="imports"
import pandas as pd

import crmkit
from crmkit import mining
from crmkit.practice import check, hint, progress, solution

company = crmkit.company("strumwell")
kinds = crmkit.load("event_kinds", data="strumwell")
orders = crmkit.load("orders", data="strumwell")
events = mining.read_events(crmkit.load("sessions", data="strumwell"), kinds)
groups = kinds.set_index("event")["group"]
year, today, then = (f"{company.year + n}-01-01" for n in (-1, 0, 1))
audit = mining.leakage_audit(events, orders)
print(f"{len(events):,} events, {len(orders):,} orders, {audit['leaks'].sum()} kinds that leak")

# %% [markdown] label="71-3"
# The next two questions stand on the day of the new version, and not on the first day of a year.

# %% [markdown] label="71-5"
# The last computed question asks about those who have paid already.
