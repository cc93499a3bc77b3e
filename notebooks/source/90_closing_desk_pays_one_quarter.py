# %% [markdown] label="title" extra=true tables=["customers"] names=["customers.acquisition_channel: friend"] tags=["opening"]
# # Closing the desk pays for one quarter
#
# **After this lesson you can** read what a quarter brought from reports and accounts; state a forecast and grade it; say what an experiment with few customers can tell; tell a good decision from a lucky result; run the desk for twelve quarters by a rule or by hand.
#
# **45 minutes to read, 65 minutes of exercises** · you need lessons 20, 30 and 60 · you will meet: game round, decisions file, replay, interval score, equal markets, shared market

# %% [markdown] label="case"
# ## The owner wants to save money from the first day
#
# You take over the customer desk of a {company.name} branch for three years: twelve quarters, each a **game round**. You decide about staff, prices, calls, advertising. The customers are simulated as in the other lessons, so they answer, fall asleep, tell friends, and forget. On your first morning the owner says: "Nobody buys anything at the service desk. Close it. We save money from the first day."
#
# Your branch is your own: its customers are drawn with a number made from your table `customers`. Other readers have others.

# %% label="imports"
import tempfile

import crmkit
from crmkit.game import debrief, forecast_explorers, forecasts, own, own_desk, play, plots, policies, score
from crmkit.inference import mean_difference
from crmkit.practice import check, predict, quiz, reveal
from crmkit.style import show

company, customers = crmkit.company(), crmkit.load("customers")
game = own.branch(customers)
orders = game.reports["orders"]
orders.head(3)

# %% [markdown] label="reports-head"
# ## The reports are tables that you know
#
# `orders` has the columns of lesson 20. Who brings the margin, and how long has each customer been silent, as in lesson 30?

# %% label="reports"
margin = orders.groupby("customer_id")["margin"].sum().sort_values(ascending=False)
best = margin.head(len(margin) // 5).sum() / margin.sum()
begins = own.first_day(game.seen())
silent = (begins - orders.groupby("customer_id")["order_date"].max()).dt.days
print(f"the best fifth brings {best:.0%} of the margin; {(silent < 60).mean():.0%} bought within 60 days, {(silent >= 240).mean():.0%} have been silent for 240 days or more")

# %% [markdown] label="levers-head"
# ## Every lever costs money, and the cost is known beforehand
#
# A row is one step of one lever, all others as before. `cost` is for the coming quarter in {company.symbol}; `how` says how sure it is. Costs depend on the size of the branch.

# %% label="levers"
show(own.cost_of_steps(game.seen()))

# %% [markdown] label="levers-read"
# **What a step brings is in no table.** You find out: from the lessons, by an experiment, or too late.
#
# ## First say what you expect, then look
#
# The first quarter goes on as before. A forecast has a low and a high end, and should hold what comes in eight of ten quarters. The naive forecast is the same quarter of the year before; its two ends come from the errors that this made in past quarters.

# %% label="first-quarter"
before = policies.as_before(game.customers)
expected = forecasts.naive_forecast(orders, begins)
reports = game.play(before)
show(forecasts.grade_forecast(expected, reports).round(0))
accounts = reports["accounts"].set_index("item")["amount"]
show(accounts[accounts != 0].round(0))
print(f"profit {company.money(accounts.sum())}; at the desk {reports['desk']['gave_up'].iloc[0]} of {reports['desk']['contacts'].iloc[0]} contacts got no answer")

# %% [markdown] label="score-read"
# `score` is the **interval score**: the width, and ten times the distance of a miss on top. Smaller is better. By hand: from 90 to 110, and 115 comes. The width is 20, the miss 5, so the score is 20 + 10 × 5 = 70.
#
# **Your goal:** the smallest mean score over the past quarters. How many of them does that interval hold?

# %% label="explorer"
forecast_explorers.forecast_explorer(orders, begins)

# %% [markdown] label="closed-head"
# ## What did closing the desk bring?
#
# A **replay** plays a quarter again on the same customers. This one has the same chance and another decision, so only the decision makes the difference.

# %% label="closed-one"
no_desk = policies.plan_of({"service.agents": 0}, game.customers)
once = debrief.side_by_side(game.replay(1, no_desk), game)
print(f"Without the desk the first quarter earns {company.money(once['more'].iloc[0], signed=True)}.")

# %% [markdown] label="closed-ask"
# The owner is right about the first quarter. The desk stays closed for all three years.

# %% [markdown] ask="90-a"

# %% label="predict-90-a"
predict("90-a", ...)

# %% label="closed-all"
usual = own.branch(customers).run(before)
closed = usual.replay(1, [no_desk] * 12)
beside = debrief.side_by_side(closed, usual)
ax = plots.plot_side_by_side(beside, title="Closed: more in the first quarter, less in three years")
show(ax, alt=f"Profit without the desk, beside the plan as before: {company.money(beside['more'].iloc[0], signed=True)} in quarter 1, {company.money(beside['so_far'].iloc[-1], signed=True)} after twelve.")
show(beside.iloc[[0, 3, 7, 11]][["quarter", "more", "so_far", "trust", "trust_other"]].round(1))
reveal("90-a", beside["so_far"].iloc[-1] / 1000)

# %% [markdown] label="closed-read"
# The wages are saved at once. Trust sinks quarter by quarter, and with it orders and friends. **A good quarter is not yet a good decision.** The rule "cut what sells nothing" is false here.
#
# ## An experiment asks before the money is spent
#
# Should we call half-asleep customers? For two quarters chance decides: half of the customers would get a call, half would not.

# %% [markdown] ask="90-b"

# %% label="predict-90-b"
predict("90-b", ...)

# %% label="experiment"
trial_plan = own.with_experiment(before, "wake.half_asleep", "none", "call", share=0.5)
trials = own.branch(customers).run(trial_plan, 2).reports["trials"]
half_asleep = trials[trials["state"] == "half-asleep"]
called = half_asleep.loc[half_asleep["arm"] == "treatment", "margin"]
others = half_asleep.loc[half_asleep["arm"] == "control", "margin"]
effect = mean_difference(called, others)
print(f"{len(called)} with a call, {len(others)} without: {effect.estimate:+.2f} of margin each ({effect.low:+.2f} to {effect.high:+.2f})")
reveal("90-b", effect.high - effect.low)

# %% label="experiment-again"
again = own.on_other_luck(own.branch(customers).run(trial_plan, 2), "half-asleep", runs=8)
print("the same experiment on other luck finds", ", ".join(f"{round(one):+d}" for one in again["estimate"]))

# %% [markdown] label="experiment-read"
# The numbers are in {company.symbol} for a customer and quarter; a call costs {company.symbol}7. On one luck the call seems to earn more than twice its cost, on another less than its cost. **So few customers cannot tell.** An interval that holds 0 would not say that calls do nothing; one that does not hold 0 may be luck. Run the experiment longer, or decide by what a larger firm found (lesson 33), and say so.
#
# ## A rule decides in the same way twelve times
#
# A policy is a function: it takes what you have seen and gives decisions. This one keeps the desk open, and takes one more agent as soon as more than a tenth of the contacts got no answer.

# %% label="rule"
levers = {"service.first": "best customers", "brand.spread": True}
levers |= {"wake.half_asleep": "call", "bonds.kind": "structural", "bonds.share": 0.1}
levers |= {"messages.kind": "matched", "messages.per_month": 2}


def my_rule(seen):
    agents = 2
    if seen.decisions:
        last = seen.reports["desk"].iloc[-1]
        agents = seen.decisions[-1].service.agents + int(last["gave_up"] > 0.1 * last["contacts"])
    return policies.plan_of(levers | {"service.agents": agents}, seen.customers)


# %% label="rule-plays"
mine = own.branch(customers).run(my_rule)
by_quarter = debrief.side_by_side(mine, usual)
print(f"The rule earns {company.money(by_quarter['so_far'].iloc[-1], signed=True)} in twelve quarters, {company.money(by_quarter['more'].iloc[0], signed=True)} in the first; in {(by_quarter['more'] < 0).sum()} of twelve it earns less than before")
show(score.scores({"as before": usual, "no desk": closed, "my rule": mine}).round(0))

# %% [markdown] label="score-what"
# `equity` is what today's customers will still bring in the next two years; `value` is profit and equity together; `health` (0 to 100) is how awake, trusting and reachable they are. **Profit without equity can be had by selling the future.**
#
# ## The same decisions bring other results on other luck
#
# Ten more replays, now the other way round: the same customers, the same decisions, other chance. In the figure each point is one game; how high it lies means nothing.

# %% [markdown] ask="90-c"

# %% label="predict-90-c"
predict("90-c", ...)

# %% label="luck"
runs = score.luck(mine, 10)
values = runs.loc[runs["run"] > 0, "value"]
ax = plots.plot_luck(runs, title="One rule, eleven results")
show(ax, alt=f"Value of this game {company.money(runs['value'].iloc[0])}; on other luck from {company.money(values.min())} to {company.money(values.max())}.")
show(score.luck_summary(runs).round(1))
reveal("90-c", 100 * (values.max() - values.min()) / values.mean())

# %% [markdown] label="luck-read"
# Between the luckiest and the unluckiest run lies more money than between this rule and the plan as before. So one result does not say who decided better. **A rank says who came out ahead; reasons and forecasts say who learnt.** On the same luck, two plans can be compared.
#
# In a class, all teams may have **equal markets** (the same customers and the same luck, each for itself) or one **shared market** (all try to win the same households).
#
# ## Your own twelve quarters
#
# Run the cell, decide in the form, state a forecast, and press the button. The form writes your **decisions file** `my_game/my_plan.toml`; nothing that you type there is overwritten. After each quarter read the tables (`my_desk.game.reports["orders"]`), before you decide again. Three to five minutes a quarter are enough; they come on top of the times in the first cell. Stop when you like: run the cell another day, and the game goes on. After the last quarter, `score.scores({"by hand": my_desk.game, "my rule": mine})` lays your game beside the rule.

# %% label="my-desk"
my_desk = own_desk.play_desk(own.branch(customers), "my_game")
my_desk

# %% [markdown] label="save-head"
# A game that was played by a rule is kept in the same way:

# %% label="save"
folder = mine.save(tempfile.mkdtemp())
loaded = play.load(folder)
print(f"{loaded.played} quarters; the same profit: {loaded.accounts['amount'].sum() == mine.accounts['amount'].sum()}")

# %% [markdown] label="your-turn"
# ## Your turn
#
# Your predecessor at another branch played four quarters, with an experiment and forecasts: `own.predecessor_year(customers)`.

# %% [markdown] ask="90-1"

# %% label="check-90-1"
check("90-1", ...)

# %% label="quiz-90"
quiz("90")

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - **The game is a model.** Directions come from the lessons; how strong an effect is elsewhere nobody can learn from it.
# - **A branch of 500 is small.** Its experiments tell little, and its luck is large.
# - **Replays exist only here.** A real firm never sees the same quarter twice.
# - **A rule that won once fits these customers.** Try it on another seed before you believe in it.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - State a forecast before you look, with a low and a high end, and grade it.
# - A quarter's profit shows what was saved at once. Trust and sleep show later.
# - A wide interval says: ask more customers.
# - Judge a decision by its reason, and a result beside other luck.

# %% [markdown] label="words-learnt" tags=["words"]
# ## Words learnt
#
# - **game round** 游戏轮次: one quarter of the game: every team decides once and then all of it happens
# - **decisions file** 决策文件: the small file in which a team writes what it decides for a quarter, and its forecast
# - **replay** 重演: a quarter or a game played again on the same customers: with other decisions, or with other chance
# - **interval score** 区间评分: the width of a forecast interval and, for a miss, a penalty for the distance: smaller is better
# - **equal markets** 平行市场: every team has the same customers and households for itself
# - **shared market** 共享市场: all teams compete for the same households

# %% [markdown] label="on-your-own-data" tags=["own-data"]
# ## On your own data
#
# Forecast your next quarter, write it down, and grade it when the quarter is over. You need a file of orders with two years or more.
#
# ```python
# import pandas as pd
# from crmkit.game import forecast_explorers, forecasts
#
# orders = pd.read_csv("my_orders.csv", parse_dates=["order_date"])
# begins = orders["order_date"].max() + pd.Timedelta(days=1)
# print(forecasts.naive_forecast(orders, begins))
# forecast_explorers.forecast_explorer(orders, begins)
# ```

# %% [markdown] label="what-next" tags=["next"]
# ## What next
#
# **Lesson 91** opens the drawer on this game: what each lever brought, what was luck, and which customers were won and lost.

# %% [markdown] label="on-one-page" tags=["summary"]
# ## On one page
#
# **Claim.** A good quarter is not yet a good decision: what saves money at once may cost trust, and chance decides much of a single result.
#
# **Method.**
#
# 1. Read the reports, state a forecast with a low and a high end, and decide with a reason.
# 2. Try on a part of the customers, drawn at random, before a big spend.
# 3. Grade the forecast, and lay the result beside the same decisions on other luck.
#
# **Formula.** interval score (80 %) = width + 10 × distance of a miss
#
# **Code.**
#
# ```python
# score.luck_summary(score.luck(own.branch(customers).run(my_rule), 10))
# ```
#
# **Where it fails.** A model's effects are not your firm's, and a small branch's experiments tell little.
