# %% [markdown] label="title" extra=true company="strumwell" tables=["sessions", "event_kinds", "orders", "truth/event_kinds"] tags=["opening"]
# # A forecast that looks brilliant may have seen the answer
#
# **After this lesson you can** say what was known on the day of decision; compare what a forecast promises with what it keeps; find the metrics that only payers can show; say for which question such a metric may be used.
#
# **50 minutes to read, 50 minutes of exercises** · you need lesson 70 · you will meet: day of decision, target leakage, time split, leakage audit, metric store

# %% [markdown] label="case"
# ## Nine pairs of ten
#
# Max is new in Lea's team at {company.name}. It is the first day of {company.year}. He takes the metrics of the last 91 days from the dashboard, and the list of those users who paid for the first time in {company.last_year}. A model learns from half of the users. The other half judges, as it should.

# %% label="imports"
import pandas as pd

import crmkit
from crmkit import mining
from crmkit.mining import explorers
from crmkit.practice import check, predict, quiz, reveal
from crmkit.style import show

company = crmkit.company("strumwell")
orders = crmkit.load("orders", data="strumwell")
kinds = crmkit.load("event_kinds", data="strumwell")
events = mining.read_events(crmkit.load("sessions", data="strumwell"), kinds)
groups = kinds.set_index("event")["group"]
year, today, next_year = (f"{company.year + n}-01-01" for n in (-1, 0, 1))

# %% label="slide"
now = mining.behaviour_metrics(events, today, kinds=groups)
late = now[~mining.paid_between(orders, now.index, "1900-01-01", year)]
late_paid = mining.paid_between(orders, late.index, year, today)
train, train_paid, test, test_paid = mining.halves(late, late_paid)
brilliant = mining.logistic().fit(train, train_paid)
promised = mining.ranks_right(brilliant.predict_proba(test)[:, 1], test_paid)
print(f"{promised['estimate']:.1%} of the pairs ranked right, on users not seen")

# %% [markdown] label="case-read"
# Lesson 70 found metrics that rank some three pairs of four. Max ranks about nine of ten. Lea is impressed. She wants to use the model at once: who, of those who have not paid yet, will pay in {company.year}?

# %% [markdown] ask="71-a"

# %% label="predict-71-a"
predict("71-a", ...)

# %% label="kept"
ahead, ahead_paid = mining.who_pays_first(events, orders, today, next_year, kinds=groups)
rows = {
    "Max promised": promised,
    "Max kept": mining.ranks_right(brilliant.predict_proba(ahead)[:, 1], ahead_paid),
    "one metric: events": mining.ranks_right(ahead["events"], ahead_paid),
}
show(pd.DataFrame(rows).T.round(3))

# %% label="reveal-71-a"
reveal("71-a")

# %% [markdown] label="kept-read"
# A year later everybody knows who paid. **Max's model did no better than counting events.** And yet he had judged it on users whom it had not seen. The fault is not in the users. It is in the *time*. In money: suppose each of fifty users with the highest scores gets a call, which costs {company.symbol}4. A call is wasted on everybody who does not pay.

# %% label="cost"
for name, users, paid in (("promised", test, test_paid), ("kept", ahead, ahead_paid)):
    order = (-brilliant.predict_proba(users)[:, 1]).argsort(kind="stable")
    wasted = 50 - paid.iloc[order[:50]].sum()
    print(f"{name}: {wasted} of 50 calls wasted, {company.money(4 * wasted)}")

# %% [markdown] label="day-head"
# ## What has not happened yet cannot be used
#
# Max asks who pays in {company.last_year}. So the **day of decision** is the first day of {company.last_year}: only what was known then may be used. Here is one user by hand. Days count from the day of decision, and the user paid on day 30:

# %% label="by-hand"
mine = pd.DataFrame(
    {
        "day": [-40, -12, -3, 15, 41, 60],
        "event": ["lesson", "take", "see prices", "take", "show receipt", "print sheet"],
    }
)
known, after = mine["day"] < 0, mine["day"] > 30
print(f"{known.sum()} of {len(mine)} events were known; {after.sum()} came after the payment")

# %% [markdown] label="by-hand-read"
# The receipt does not announce the payment. It follows from it. When something that exists only after the outcome helps to "forecast" it, this is **target leakage**. The whole log, cut by time:

# %% label="pandas"
cuts = pd.date_range(year, today, freq="2MS").to_list()
window = events[events["time"] >= pd.Timestamp(today) - pd.Timedelta(days=91)]
print(f"known on the day of decision: {(window['time'] < year).mean():.0%} of Max's events")
show(mining.time_split(events, orders, year, cuts[::3]).set_index("cut").round(3))

# %% [markdown] label="split-read"
# `too_late`: share of the events up to the cut that lie on or after the day of decision. `after_paying`: share that comes after the user's own first payment. Max's window holds nothing that he could have known. A **time split** prevents this: metrics end on the day of decision, the outcome begins on it.
#
# ## Play: move the window into the answer
#
# The question stays the same: who pays in {company.last_year}? Only the window moves, from the 91 days before the decision to the last 91 days of the year. Each time a model learns from half of the users. `promised`: the other half judges with the same window. `kept`: they judge with what could be known. (`too_late` and `after_paying` are now shares of the events in each window, and no longer of the whole log.)

# %% label="curve"
curve = mining.forecast_by_cut(events, orders, year, today, cuts, kinds=groups)
show(curve.set_index("cut").drop(columns="users").round(3))

# %% label="explorer"
explorers.split_explorer(curve, year)

# %% [markdown] label="explorer-read"
# The first cut is honest: promise and truth are one number. Then the promise climbs. What is kept may rise at first: a window that ends two months later shows people nearer to their payment, and little that follows from it. But it ends no higher than it began. **The gap is the leak.** Nobody who looks at the red line alone can see it.
#
# ## Which metrics knew?
#
# The team looks for suspects. Four kinds of event have to do with money.

# %% [markdown] ask="71-b"

# %% label="predict-71-b"
predict("71-b", ...)

# %% [markdown] label="audit-by-hand"
# The question to ask of each kind: *has anybody shown it who had not paid by then?* By hand, with four users. Two of them paid at some time:

# %% label="audit-toy"
log = pd.DataFrame(
    {
        "user": [1, 1, 2, 2, 2, 3, 3, 4],
        "event": ["prices", "receipt", "take", "prices", "receipt", "prices", "take", "take"],
        "when": ["before", "after", "before", "before", "after", "before", "before", "before"],
    }
)
show(log.groupby(["event", "when"])["user"].nunique().unstack(fill_value=0))

# %% [markdown] label="audit-toy-read"
# Nobody had `receipt` before paying; two had it after. Is this proof? Count each user once before and once after: four users are seen before, two after, which makes six. So chance alone puts two users into "after" with about $\frac{2}{6}\cdot\frac{2}{6}$, or one in nine. Two users prove nothing. Two hundred do. The **leakage audit** counts so for every kind, and allows for having looked at all of them:

# %% label="audit"
audit = mining.leakage_audit(events, orders)
money = ["see_prices", "see_plus", "start_trial", "show_receipt"]
suspects = audit[audit["leaks"] | audit["event"].isin(money)]
show(suspects[["event", "before", "after", "leaks"]])

# %% label="reveal-71-b"
reveal("71-b")

# %% [markdown] label="audit-read"
# Those who pay look at prices first, so `see_prices` is a strong sign. But everybody *can* look at them before paying. **What matters is not how strong a metric is, but when it can exist.** Only a simulated company can check the audit against the truth:

# %% label="truth"
role = crmkit.load_truth("event_kinds", data="strumwell").set_index("event")["role"]
show(pd.crosstab(audit["event"].map(role).rename("truth"), audit["leaks"].rename("audit says it leaks")))

# %% [markdown] label="second-alarm-head"
# A second alarm needs no dates, only Max's table: metrics that are too good alone, or above zero for payers only.

# %% label="too-good"
alarm = mining.too_good_alone(late, late_paid)
honest, honest_paid = mining.who_pays_first(events, orders, year, today, kinds=groups)
print(f"Max's window: {len(alarm)} alarms; honest window: {len(mining.too_good_alone(honest, honest_paid))}")
show(alarm.head(3).round(3))

# %% [markdown] label="repair-head"
# ## Throwing the suspects out is not enough
#
# Max takes out every metric that touches a suspect, and leaves his window as it is. Lea moves the window:

# %% label="repair"
store = mining.metric_store(mining.metric_list(groups), audit)
clean = list(store.loc[store["pays first"], "metric"])
rows = {}
for name, users, paid in (("suspects out", late, late_paid), ("window moved", honest, honest_paid)):
    train, train_paid, test, test_paid = mining.halves(users[clean], paid)
    fitted = mining.logistic().fit(train, train_paid)
    seen = mining.ranks_right(fitted.predict_proba(test)[:, 1], test_paid)["estimate"]
    real = mining.ranks_right(fitted.predict_proba(ahead[clean])[:, 1], ahead_paid)["estimate"]
    rows[name] = {"promised": seen, "kept in the next year": real}
show(pd.DataFrame(rows).T.round(3))

# %% [markdown] label="repair-read"
# Without the suspects the promise falls, but in most companies it is still too high: the window still counts what people did while they paid, and after it. The moved window promises less. Its promise errs too, by chance, but not always upwards. **First the time split, then the audit.**
#
# ## The same metric is honest for another question
#
# Lea now asks about those who *have* paid: who pays **again** in {company.year}? They all can open a Plus lesson (`open_plus`), before or after they decide.

# %% label="again"
again = now[mining.paid_between(orders, now.index, "1900-01-01", today)]
again_paid = mining.paid_between(orders, again.index, today, next_year)
both = {"pays first": (ahead, ahead_paid), "pays again": (again, again_paid)}
show(pd.DataFrame(
    {name: mining.ranks_right(users["count_open_plus"], paid) for name, (users, paid) in both.items()}
).T.round(3))

# %% [markdown] label="again-read"
# For "who pays first" it is worthless once the window is honest: nobody shows it. For "who pays again" it is a good metric. So nothing is deleted. A **metric store** keeps every metric, and says for which question it may be used (the third one, `stays`, asks who keeps a running subscription):

# %% label="store"
questions = list(mining.QUESTIONS)
three = ["count_open_plus", "count_see_prices", "listen_back_per_record_take"]
print(store[questions].sum().to_dict())
show(store.set_index("metric").loc[three, [*questions, "why"]])

# %% [markdown] label="turn"
# ## Your turn

# %% [markdown] ask="71-1"

# %% label="check-71-1"
check("71-1", ...)

# %% label="quiz-71"
quiz("71")

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - **A rare kind cannot be judged.** The audit says "seen too rarely to tell". Ask the people who built the app.
# - **Some leaks have no event.** A discount that is set after the first payment, a customer number given late: look at when each *column* is written.
# - **The audit looks at one outcome.** For "who leaves?" the metrics that appear after the notice are the suspects.
# - **An honest forecast can be bad.** No leak does not mean useful: lesson 72.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - If a forecast is too good, ask what it knew, and when.
# - Users not seen do not protect you from a leak in time. A time split does.
# - A sign may be strong. It must have been there before the outcome.
# - Keep refused metrics: they may be honest for another question.

# %% [markdown] label="words-learnt" tags=["words"]
# ## Words learnt
#
# - **day of decision** 决策日: the first day of the outcome; only what was known before it may be used
# - **target leakage** 目标泄漏: a metric that exists only after the outcome helps to forecast it
# - **time split** 按时间切分: metrics end on the day of decision, the outcome begins on it
# - **leakage audit** 泄漏审计: asking of every kind of event whether anybody showed it before the outcome
# - **metric store** 指标库: a list of all metrics, with the questions for which each may be used

# %% [markdown] label="on-your-own-data" tags=["own-data"]
# ## On your own data
#
# You need a file of events with the columns `customer_id`, `time` and `event`, and a file of orders. Run the audit before the first model. Then choose a day of decision and let `who_pays_first` cut the log there.
#
# ```python
# import pandas as pd
# from crmkit.mining import leakage_audit, too_good_alone, who_pays_first
#
# events = pd.read_csv("my_events.csv", parse_dates=["time"])
# orders = pd.read_csv("my_orders.csv", parse_dates=["order_date"])
# print(leakage_audit(events, orders).query("leaks"))
# metrics, paid = who_pays_first(events, orders, "2024-01-01", "2025-01-01")
# print(too_good_alone(metrics, paid))
# ```

# %% [markdown] label="what-next" tags=["next"]
# ## What next
#
# The forecast is honest now. It gives every user a chance of paying, and Lea has to draw a line. **Lesson 72** counts wrong alarms and missed payers, and says what both cost.

# %% [markdown] label="on-one-page" tags=["summary"]
# ## On one page
#
# **Claim.** A forecast that has seen something from after the outcome looks brilliant and is worthless when it is needed.
#
# **Method.**
#
# 1. Name the day of decision: metrics end on it, the outcome begins on it.
# 2. Audit every kind of event: has anybody shown it who had not paid by then?
# 3. Judge the forecast on a later year, and keep refused metrics for the questions for which they are honest.
#
# **Formula.** leak = pairs ranked right as promised − pairs ranked right with what was known on the day of decision
#
# **Code.**
#
# ```python
# leakage_audit(events, orders)
# ```
#
# **Where it fails.** A rare kind cannot be judged, and a column may leak that is no event.
