# %% [markdown] label="title" company="strumwell" tables=["sessions", "event_kinds", "orders"]
# # Exercises 72: wrong alarms and missed ones
#
# The forecast of the lesson: it has learnt in {company.last_year}, and gives a chance to every user of {company.name} who had not paid when {company.year} began.

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
four = ["events", "kinds_skills", "listen_back_per_record_take", "teacher_reply_per_ask_teacher"]
before, before_paid = mining.who_pays_first(events, orders, year, today, kinds=groups)
users, paid = mining.who_pays_first(events, orders, today, then, kinds=groups)
chance = mining.logistic(10.0).fit(before[four], before_paid).predict_proba(users[four])[:, 1]
print(f"{len(users):,} users, {paid.sum()} paid")

# %% [markdown] label="72-4"
# The next question is about other users: those who have paid already.
