# %% [markdown] label="title" extra=true company="strumwell" tables=["sessions", "event_kinds", "orders", "nudge_test", "truth/behaviour_causes"] tags=["opening"]
# # What goes along with payment need not cause it, and no list lasts
#
# **After this lesson you can** rank metrics by their share of explanation, and say how stable the ranks are; tell a metric that goes along with payment from one that causes it; notice when a metric is no longer what it was; bring a list of metrics up to date in rounds.
#
# **55 minutes to read, 45 minutes of exercises** · you need lessons 70 and 32 · you will meet: share of explanation, twin metrics, companion, drift, stability index

# %% [markdown] label="case"
# ## A heart on every song
#
# A year has passed at {company.name}. Lea's wall shows ten numbers now. On {company.dates[new_version]} a new version of the app came out. A colleague has found something: users who mark songs as favourites pay much more often. "Let us nudge everybody to mark favourites!" And Lea wonders whether last year's list is still good.
#
# Three questions stand behind this. Which metrics matter? Which of them *cause* payment? For how long?

# %% label="imports"
import numpy as np
import pandas as pd

import crmkit
from crmkit import mining
from crmkit.mining import explorers, plots
from crmkit.practice import check, predict, quiz, reveal
from crmkit.reactivation import share_difference
from crmkit.style import show

company = crmkit.company("strumwell")
kinds, orders, nudges = (
    crmkit.load(name, data="strumwell") for name in ("event_kinds", "orders", "nudge_test")
)
events = mining.read_events(crmkit.load("sessions", data="strumwell"), kinds)

# %% [markdown] label="data-head"
# As in lesson 70 we take users who have never paid, and 91 days of what they did. What only payers can do is left out from the beginning (lesson 71).

# %% label="data"
groups = kinds.set_index("event")["group"]
own = {"kinds": groups, "without": groups.index[groups == "paid"]}
days = [f"{year}-01-01" for year in (company.last_year, company.year, company.next_year)]
metrics, paid = mining.who_pays_first(events, orders, days[0], days[1], **own)
learn, learn_paid, judge, judge_paid = mining.halves(metrics, paid)
print(f"{len(metrics):,} users, {metrics.shape[1]} metrics; {paid.sum()} users paid")

# %% [markdown] label="shuffle-by-hand"
# ## A metric matters if the forecast suffers without it
#
# Take a forecast, and shuffle one metric among the users. The forecast still gets a number for each user, but somebody else's. Four users by hand; the forecast is days + songs, and the first two paid:

# %% label="four-users"
users = pd.DataFrame({"days": [9, 6, 5, 1], "songs": [3, 1, 2, 2]})
tables = {
    "nothing": users,
    "days": users.assign(days=[1, 5, 9, 6]),
    "songs": users.assign(songs=[2, 2, 1, 3]),
}
for what, table in tables.items():
    found = mining.ranks_right(table.sum(axis=1), [True, True, False, False])
    print(f"{what} shuffled: {found['estimate']:.0%} of the pairs ranked right")

# %% [markdown] label="shuffle-read"
# Without days the forecast is worthless. Without songs it is no worse. What is lost, divided by the losses of all metrics (those above zero), is the **share of explanation**.
#
# Now Lea's wall. The model learns from one half of the users, and the shuffling is done in the other half.

# %% label="wall"
wall = [
    "events", "active_weeks", "count_song", "kinds_skills", "count_record_take",
    "listen_back_per_record_take", "teacher_reply_per_ask_teacher",
    "count_favourite", "count_streak_shown", "count_see_plus",
]  # fmt: skip
model = mining.logistic(0.1).fit(learn[wall], learn_paid)


def right(table):
    return mining.ranks_right(model.predict_proba(table)[:, 1], judge_paid)["estimate"]


print(f"{right(judge[wall]):.1%} of the pairs are ranked right")

# %% [markdown] ask="73-a"

# %% label="predict-73-a"
predict("73-a", ...)

# %% label="shuffle-pandas"
for name in ["events", "listen_back_per_record_take", "count_favourite"]:
    shuffled = judge[name].sample(frac=1, random_state=1).to_numpy()
    loss = right(judge[wall]) - right(judge[wall].assign(**{name: shuffled}))
    print(f"{name}: {100 * loss:.1f} points lost")

# %% [markdown] label="stable-head"
# One shuffle is luck, and one sample of users is too. The helper does it twenty times. Each time it learns from another sample of the same users:

# %% label="ranking"
alone = pd.Series(range(len(wall)), index=wall)
halves = learn[wall], learn_paid, judge[wall], judge_paid
ranking = mining.rank_metrics(*halves, model=mining.logistic(0.1), groups=alone)
reveal("73-a")
show(ranking[["metric", "loss", "low", "high", "share", "in_top"]].round(3))

# %% [markdown] label="stable-read"
# Nearly all draws lie between `low` and `high`. `in_top` says in which share of the twenty draws a metric was among the first five. **Believe those that are there nearly always. Do not argue about the order of the rest.**
#
# ## Twins hide each other

# %% [markdown] ask="73-b"

# %% label="predict-73-b"
predict("73-b", ...)

# %% label="twin"
first = ranking["metric"].iloc[0]
double = [table.assign(twin=table[first]) for table in (learn[wall], judge[wall])]
apart = pd.Series(range(11), index=double[0].columns)
halves = double[0], learn_paid, double[1], judge_paid
twins = mining.rank_metrics(*halves, model=mining.logistic(0.1), groups=apart)
left = twins.set_index("metric").loc[first, "loss"] / ranking["loss"].iloc[0]
reveal("73-b", "a" if left > 0.75 else "b" if left > 0.1 else "c")

# %% [markdown] label="twin-read"
# The copy knows all that the first one knows, so each looks small. Among hundreds of metrics nearly all have **twins**. So we form groups of metrics that go together (rank correlation of .8 or more), and shuffle each group as a whole:

# %% label="all-groups"
everything = mining.rank_metrics(learn, learn_paid, judge, judge_paid, draws=10)
listed = mining.metric_list(groups)
counts = set(listed.loc[listed["first_list"], "metric"])
ax = plots.plot_ranking(everything, counts, most=8, title="The loss without each group")
top = ", ".join(everything["metric"].head(3))
show(ax, alt=f"What the forecast loses without each group of metrics; the first three: {top}.")

# %% [markdown] label="cause-head"
# ## What goes along is not always a lever
#
# The colleague is right about his figure:

# %% label="companions"
for name in ["count_favourite", "count_listen_back"]:
    shares = paid.groupby(metrics[name] > 0).mean()
    print(f"{name}: {shares[True]:.1%} of those who did it paid, {shares[False]:.1%} of the others")

# %% [markdown] label="experiment"
# But who marks favourites? Keen users, who do more of everything. Perhaps favourites are a **companion** of payment, and not its cause. The app has tried it: at the beginning of {company.year} each user was put into one of three groups at random. One was nudged to mark favourites, one to listen to their takes, one not at all.

# %% [markdown] ask="73-c"

# %% label="predict-73-c"
predict("73-c", ...)

# %% label="nudges"
before = orders.loc[orders["order_date"] < days[1], "customer_id"]
fresh = nudges[~nudges["customer_id"].isin(before)].set_index("customer_id")
fresh["paid"] = mining.paid_between(orders, fresh.index, days[1], days[2])
arms = fresh.groupby("arm").agg(
    users=("paid", "size"), payers=("paid", "sum"), favourites=("favourites", "mean"),
    listens=("listens", "mean"),
)  # fmt: skip
reveal("73-c")
show(arms.round(1))

# %% label="effects"
for arm in ["favourite", "listen"]:
    numbers = [arms.loc[name, count] for name in (arm, "none") for count in ("payers", "users")]
    gain, low, high = (100 * value for value in share_difference(*numbers))
    print(f"{arm}: {gain:+.1f} points more payers (95 % interval {low:+.1f} to {high:+.1f})")

# %% [markdown] label="experiment-read"
# {company.name} is simulated, so we can look behind the curtain. These are the true causes, with the effect on paying in both versions of the app:

# %% label="truth"
truth = crmkit.load("truth/behaviour_causes", data="strumwell").set_index("cause")
show(truth[["paying_before", "paying_after"]])

# %% [markdown] label="truth-read"
# Favourites are not among them; listening is. **A forecast may use companions. A nudge needs a cause, and only an experiment shows one** (lesson 32).
#
# ## And for how long?
#
# Two effects in the table have become smaller, and one is new. Can one see it without the truth? First, whether a metric itself has changed. By hand: 80 % of the users never did a thing and 20 % did; now it is 60 % and 40 %.

# %% label="index-by-hand"
then, now = pd.Series([0.8, 0.2]), pd.Series([0.6, 0.4])
terms = (now - then) * (now / then).map(np.log)
print(f"stability index: {terms.sum():.3f}")

# %% [markdown] label="index-read"
# This **stability index** is 0 if nothing has changed. A rule of thumb calls less than .1 nothing and more than .25 much. Better is a limit that follows from the number of users.

# %% [markdown] ask="73-d"

# %% label="predict-73-d"
predict("73-d", ...)

# %% label="drift"
usual = metrics.attrs["usual"]  # ratios are drawn towards the same value in both years
later, later_paid = mining.who_pays_first(events, orders, days[1], days[2], usual=usual, **own)
drift = mining.drift_watch(metrics, later)
reveal("73-d")
quiet = (drift["changed"] & (drift["index"] < 0.1)).sum()
print(f"{quiet} of the changes are 'nothing' by the rule of thumb")

# %% label="plot-drift"
one_each = drift[~drift["metric"].str.contains("_per_|weeks|since|recent|trend")]
ax = plots.plot_drift(one_each, most=6)
top = ", ".join(one_each["metric"].head(2))
show(ax, alt=f"Stability index of the metrics that changed most, {top} before all, with its limit.")

# %% [markdown] label="drift-read"
# Duets came with the new version, and marking favourites moved into a menu. The watch finds both. It cannot find that trying many skills counts for less now: `kinds_skills` itself is as it was. **A drift watch sees metrics change, not what they mean.** For that one needs new outcomes.
#
# ## Bring the list up to date, in rounds
#
# Five of the wall's ten numbers, and this year's payers. In each round one metric comes in, and what has become useless goes:

# %% label="rounds"
five = ["events", "active_weeks", "kinds_skills", *wall[5:7]]
rounds = mining.metrics_in_rounds(later, later_paid, later, later_paid, start=five, level=0.9)
ax = plots.plot_rounds(rounds, title="Last year's list, and what this year adds")
steps = ", ".join(f"{row.ranks_right:.1%}" for row in rounds.itertuples())
show(ax, alt=f"Pairs ranked right, from round to round: {steps}.")

# %% [markdown] label="rounds-read"
# Nobody could have put duets on last year's list. (The bars are a little too long: who chooses here also judges.)
#
# ## Play: learn last year, judge this year
#
# What would a model have promised that learnt from last year's users (*seen*), and how does it do on this year's (*not seen*)? Try to beat the five.

# %% label="explorer"
choices = list(dict.fromkeys([*wall, "count_duet", "recent_listen_back", "since_last"]))
explorers.metrics_explorer(metrics, paid, later, later_paid, choices, five)

# %% [markdown] label="turn"
# ## Your turn

# %% [markdown] ask="73-1"

# %% label="check-73-1"
check("73-1", ...)

# %% label="quiz-73"
quiz("73")

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - **A share of explanation belongs to one model and one list.** Add a twin, and it changes.
# - **Few payers, weak ranks.** Some dozens of payers judge here.
# - **An experiment answers one question.** This nudge, these users, this version.
# - **Many metrics watched, many alarms.** At a limit of one in a hundred, some go off by chance.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - Rank groups of metrics by what new users lose, and say how stable the ranks are.
# - Forecast with what goes along. Act on what an experiment has shown.
# - Give each list a day on which it is judged again, and one more after every new version.

# %% [markdown] label="words-learnt" tags=["words"]
# ## Words learnt
#
# - **share of explanation** 解释份额: the loss of a forecast without a metric, divided by the losses of all
# - **twin metrics** 孪生指标: metrics that say nearly the same
# - **companion** 伴随指标: a metric that goes along with the outcome and does not cause it
# - **drift** 漂移: a metric, or its meaning, changes with time
# - **stability index** 群体稳定性指数 (PSI): how far the users have moved between the classes of a metric

# %% [markdown] label="on-your-own-data" tags=["own-data"]
# ## On your own data
#
# You need a file of events (who, when, what), a file of orders, and two days of decision a year apart. `docs/own_orders.md` says what becomes of every row.
#
# ```python
# import pandas as pd
# import crmkit
# from crmkit.mining import drift_watch, halves, leakage_audit, rank_metrics, who_pays_first
#
# events, report = crmkit.read_log("my_events.csv")
# orders = crmkit.read_orders("my_orders.csv").orders
# leaks = leakage_audit(events, orders).query("leaks")["event"]
# own = {"kinds": pd.Series("all", index=events["event"].cat.categories), "without": leaks}
# then, paid = who_pays_first(events, orders, "2024-01-01", "2025-01-01", **own)
# usual = then.attrs["usual"]
# now, _ = who_pays_first(events, orders, "2025-01-01", "2026-01-01", usual=usual, **own)
# print(report, rank_metrics(*halves(then, paid)).head(10), drift_watch(then, now).query("changed"))
# ```

# %% [markdown] label="what-next" tags=["next"]
# ## What next
#
# **Lesson 32** shows how an experiment is planned: how many users it needs, and what spoils it.

# %% [markdown] label="on-one-page" tags=["summary"]
# ## On one page
#
# **Claim.** A metric can matter for a forecast without being a cause, and every list grows old.
#
# **Method.**
#
# 1. Shuffle each group of metrics among users who were not seen; repeat with other samples; keep what is nearly always on top.
# 2. Try in an experiment what looks like a lever.
# 3. Watch the drift, and let new outcomes bring the list up to date.
#
# **Formula.** share of explanation = loss of pairs ranked right when the metric is shuffled ÷ sum of all losses above zero
#
# **Code.**
#
# ```python
# rank_metrics(*halves(metrics, paid))
# ```
#
# **Where it fails.** Shares depend on the model and on twins, and a drift watch does not see that an effect has changed.
