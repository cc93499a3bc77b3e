# %% [markdown] label="title" extra=true company="strumwell" tables=["sessions", "event_kinds", "orders"] tags=["opening"]
# # The metric that matters is rarely on the first list
#
# **After this lesson you can** read a log of events, and compute a metric by hand; turn a log into hundreds of metrics of one window; say how well a metric ranks users; test a list made by gut on users whom it has not seen.
#
# **45 minutes to read, 40 minutes of exercises** · you need lesson 00 · you will meet: event, log, metric, window, pairs ranked right, first list of metrics

# %% [markdown] label="case"
# ## Five numbers for the wall
#
# {company.name} is an app. People learn to play the guitar or the piano with it. Most use it for nothing, some buy songs, and a few subscribe. Every tap is written down.
#
# Lea leads the product team. She has a screen on the wall with room for five numbers, and each Monday the team looks at those users who score high on them. Her question is simple: **who will pay?** Her colleagues already know the answer. Each of them knows a different one.

# %% label="imports"
import pandas as pd

import crmkit
from crmkit import mining
from crmkit.mining import explorers, plots
from crmkit.practice import check, hint, predict, quiz, reveal, solution
from crmkit.style import show

pd.set_option("display.max_colwidth", 80)
company = crmkit.company("strumwell")
sessions = crmkit.load("sessions", data="strumwell")
kinds = crmkit.load("event_kinds", data="strumwell")
sessions.head(3)

# %% [markdown] label="log"
# ## A log says what happened, and nothing else
#
# Each row is a session. The column `events` is written short: `ls1` is one lesson begun, `so2` two songs played. A second table explains the codes. Here are its groups, each with the first two of its codes:

# %% label="kinds"
codes = kinds["code"] + " = " + kinds["event"]
show(codes.groupby(kinds["group"]).agg(events="size", first=lambda each: ", ".join(each[:2])))

# %% label="events"
events = mining.read_events(sessions, kinds)
print(f"{len(events):,} events of {events['customer_id'].nunique():,} users")
events.head(3)

# %% [markdown] label="by-hand"
# An **event** is one thing that one user did at one moment. A **log** is a list of events. It does not say who is keen or who will pay. To get there we need **metrics**: numbers that sum up what one user did in a **window** of days. Three of them, by hand, for one user:

# %% label="one-user"
mine = pd.DataFrame(
    {
        "day": [1, 1, 1, 9, 9, 20],
        "event": ["lesson", "take", "listen", "take", "listen", "take"],
    }
)
takes = (mine["event"] == "take").sum()
listens = (mine["event"] == "listen").sum()
print(f"takes: {takes}; active days: {mine['day'].nunique()}; listens per take: {listens / takes:.2f}")

# %% [markdown] label="by-hand-read"
# A **take** is one recording of oneself. This user recorded three takes, was there on three days, and listened to two takes of three. Three metrics from six events, and we could go on: days since the last take, takes in the last week, events in the evening …
#
# ## The first list counts
#
# Ask a team for metrics, and nearly all of them will be counts: how many lessons, how many songs, how many days. We call this the **first list** of metrics: for each kind of event, how often it happened in 91 days and in the last 30. To these it adds all events and the active days.

# %% label="first-list"
groups = kinds.set_index("event")["group"]
listed = mining.metric_list(groups)
show(listed[listed["first_list"]].iloc[[0, 12, 50, 98, 99], :3])

# %% [markdown] label="decision"
# We stand on the first day of {company.last_year}. The metrics count what happened in the 91 days before. Whether a user paid is known a year later. Only users seen in these 91 days count, and those who had paid already are left out: the question is who pays for the *first* time.

# %% label="data"
orders = crmkit.load("orders", data="strumwell")
start, end = f"{company.last_year}-01-01", f"{company.year}-01-01"
metrics, paid = mining.who_pays_first(events, orders, start, end, kinds=groups)
print(f"{len(metrics):,} users, {metrics.shape[1]} metrics; {paid.sum()} users paid ({paid.mean():.1%})")

# %% [markdown] label="pairs-by-hand"
# ## How good is a metric? Compare pairs
#
# Take one user who paid and one who did not. Does the one who paid have more events? Count this over all such pairs. With five users it can be done by hand: two paid, three did not, so there are six pairs.

# %% label="pairs"
payers, others = [40, 12], [30, 8, 5]
right = sum(p > o for p in payers for o in others)
print(f"{right} of {len(payers) * len(others)} pairs are ranked right")

# %% [markdown] label="pairs-read"
# This share of **pairs ranked right** is 50 % if the metric says nothing, and 100 % if it never errs. (Statisticians call it the area under the curve, AUC.)

# %% [markdown] ask="70-a"

# %% label="predict-70-a"
predict("70-a", ...)

# %% label="reveal-70-a"
found = mining.ranks_right(metrics["events"], paid)
reveal("70-a")
print(f"95 % interval: {found['low']:.0%} to {found['high']:.0%}")

# %% [markdown] label="gut-head"
# That is much better than chance. More use, more payment: it is the number that most dashboards show. Can a few more numbers do better?
#
# ## The gut has an opinion, and other users judge it
#
# The team votes. These five win: all events, lessons finished, songs played, days in a row, and looks at the list of prices. A model (a logistic regression) may weigh them as it likes. But it learns from one half of the users and is judged on the **other half**: in the half it has learnt from, every list looks good.

# %% label="halves"
gut = ["events", "count_finish_lesson", "count_song", "count_streak_shown", "count_see_prices"]
halves = mining.halves(metrics, paid)
print(f"{len(halves[0])} users teach, {len(halves[2])} users judge")

# %% [markdown] ask="70-b"

# %% label="predict-70-b"
predict("70-b", ...)

# %% [markdown] label="later-head"
# ## Ask seven questions of everything
#
# The first list asks one question: *how often?* Here are six more. How regular? How recent? How varied? More than before, or less? How much of one thing for each of another? And when?

# %% label="families"
show(listed.groupby("family").agg(metrics=("metric", "size"), example=("metric", "last")))

# %% [markdown] label="rounds-head"
# The gut's five numbers are where we begin. In each round the computer adds the metric that explains most of what the chosen ones leave open, and takes one out if it has become useless. It stops when what is left may be luck (`level=0.9`: in a round, a useless metric comes in one time in ten). It looks only at the first half. The other half judges.

# %% label="rounds"
rounds = mining.metrics_in_rounds(*halves, start=gut, level=0.9)
show(rounds[["round", "added", "removed", "ranks_right", "low", "high"]].round(3))

# %% label="reveal-70-b"
added = rounds["added"].iloc[1:]
first = listed.loc[listed["first_list"], "metric"]
reveal("70-b", "a" if added.isin(first).all() else "b" if added.isin(first).any() else "c")

# %% label="plot-rounds"
ax = plots.plot_rounds(rounds, title="What the gut chose, and what the data added")
steps = ", ".join(f"{row.ranks_right:.1%}" for row in rounds.itertuples())
show(ax, alt=f"Pairs of users not seen that are ranked right, from round to round: {steps}.")

# %% [markdown] label="rounds-read"
# Look at the intervals before you believe the order: only some dozens of payers judge, so two points more or less may be luck. To see more clearly which *kind* of metric comes in, take all users together, and begin with nothing:

# %% label="all-users"
best = mining.metrics_in_rounds(metrics, paid, metrics, paid, level=0.9)["metrics"].iloc[-1]
show(listed.set_index("metric").loc[best, ["meaning", "first_list"]])

# %% [markdown] label="all-users-read"
# (One take and one listen would give a ratio of 1, by one recording only. So a ratio is *drawn towards all users*: who has few takes gets nearly the ratio of everybody.)
#
# Count the lines with `False` in the last column. One project is said to have extended its list from 100 metrics to 500: all but one of those that mattered came from the 400 added later. **The first list asks how much people do. What matters is more often how they do it.** Someone who records a take and listens to it is learning. A high number of songs may be mere pastime.
#
# ## Play: put metrics in, and take them out
#
# Choose metrics and watch both dots. The one for users *seen* rises with nearly every metric. The other one does not. **Your goal:** rank five points more of the pairs *not seen* right than the gut's list does, with as few metrics as possible.

# %% label="explorer"
choices = list(dict.fromkeys([*gut, *best, "active_weeks", "kinds_skills", "recent_like", "evening"]))
explorers.metrics_explorer(*halves, choices, gut, goal=rounds["ranks_right"].iloc[0] + 0.05)

# %% [markdown] label="more-is-not-better"
# ## Are five hundred numbers better than five?
#
# If later metrics are good, why not take all? Here is the rule "more data, better forecast", tested:

# %% label="compare"
lists = {"gut": gut, "first list": list(first), "all": list(metrics), "found": best}
rows = {}
for name, columns in lists.items():
    strength = 10.0 if len(columns) < 20 else 0.003  # small: many metrics may weigh little each
    score = mining.logistic(strength).fit(halves[0][columns], halves[1])
    rows[name] = mining.ranks_right(score.predict_proba(halves[2][columns])[:, 1], halves[3])
show(pd.DataFrame(rows).T.assign(metrics=[len(columns) for columns in lists.values()]).round(3))

# %% [markdown] label="compare-read"
# All metrics together do about as well as the first list, and no better than a handful. (The line `found` is too good: it was chosen with all users, the judges among them.) **Many metrics are for finding the few that matter.** They are not for the wall.

# %% [markdown] label="turn"
# ## Your turn

# %% [markdown] ask="70-1"

# %% label="check-70-1"
check("70-1", ...)

# %% label="quiz-70"
quiz("70")

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - **The list belongs to this app.** Another project needs its own, and the search takes long every time.
# - **Alike is not the same.** Many metrics go together. Which of two twins comes in is luck.
# - **A good metric need not be a cause.** Making people listen to their takes may help, or not: lesson 73 tests it.
# - **Some metrics know the answer.** Here nobody could have paid before the window ended. Without such care a brilliant forecast may be worthless: lesson 71.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - Do not choose metrics by gut before the data has spoken.
# - Ask seven questions of every kind of event, and not only how often.
# - Judge every list on users whom it has not seen.
# - Search among many, and keep few.

# %% [markdown] label="words-learnt" tags=["words"]
# ## Words learnt
#
# - **event** 事件: one thing that one user did at one moment
# - **log** 日志: a list of events
# - **metric** 指标: a number that sums up what one user did
# - **window** 时间窗口: the days that a metric counts
# - **pairs ranked right** 排序正确率 (AUC): how often a user who paid scores higher than one who did not
# - **first list of metrics** 初始指标清单: the counts that come to mind first

# %% [markdown] label="on-your-own-data" tags=["own-data"]
# ## On your own data
#
# You need a file of events with the columns `customer_id`, `time` and `event`, and a file of orders. Choose a day of decision with 91 days of events before it, and some months of orders after it.
#
# ```python
# import pandas as pd
# from crmkit.mining import halves, metrics_in_rounds, who_pays_first
#
# events = pd.read_csv("my_events.csv", parse_dates=["time"])
# orders = pd.read_csv("my_orders.csv", parse_dates=["order_date"])
# metrics, paid = who_pays_first(events, orders, "2024-01-01", "2025-01-01")
# found = metrics_in_rounds(*halves(metrics, paid))
# print(found[["added", "ranks_right"]])
# ```

# %% [markdown] label="what-next" tags=["next"]
# ## What next
#
# **Lesson 71** builds a forecast that is right in nine pairs of ten, and shows why nobody should use it.

# %% [markdown] label="on-one-page" tags=["summary"]
# ## On one page
#
# **Claim.** The metrics that matter are found among many, and few of them are on the first list.
#
# **Method.**
#
# 1. Turn the log into hundreds of metrics of one window: seven questions of every kind of event.
# 2. Let half of the users choose: add what explains most, take out what has become useless.
# 3. Let the other half judge, with an interval, and keep few.
#
# **Formula.** pairs ranked right = pairs (payer, other) in which the payer scores higher ÷ all such pairs
#
# **Code.**
#
# ```python
# metrics_in_rounds(*halves(metrics, paid), start=gut)
# ```
#
# **Where it fails.** The list belongs to one product and one time, and a good metric need not be a cause.
