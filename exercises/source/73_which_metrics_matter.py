# %% [markdown] label="title" company="strumwell" tables=["sessions", "event_kinds", "orders", "nudge_test"]
# # Exercises 73: which metrics matter, and for how long
#
# The log of {company.name}; the users who had not paid when {company.last_year} began, in two halves; and the test of two nudges.

# %% label="imports"
import pandas as pd

import crmkit
from crmkit import mining
from crmkit.practice import check, hint, progress, solution

company = crmkit.company("strumwell")
kinds, orders, nudges = (
    crmkit.load(name, data="strumwell") for name in ("event_kinds", "orders", "nudge_test")
)
events = mining.read_events(crmkit.load("sessions", data="strumwell"), kinds)
groups = kinds.set_index("event")["group"]
own = {"kinds": groups, "without": groups.index[groups == "paid"]}
start, end = f"{company.last_year}-01-01", f"{company.year}-01-01"
metrics, paid = mining.who_pays_first(events, orders, start, end, **own)
learn, learn_paid, judge, judge_paid = mining.halves(metrics, paid)
gut = ["events", "count_finish_lesson", "count_song", "count_streak_shown", "count_see_prices"]
old = ["count_song", "count_streak_shown"]
print(f"{len(metrics):,} users, {metrics.shape[1]} metrics, {paid.sum()} paid")
