# %% [markdown] label="title" tables=["brand_pressure", "tracker_respondents", "tracker_answers", "brand_panel", "truth/brand_parameters"] tags=["opening"]
# # A burst makes a peak; spacing makes a year
#
# **After this lesson you can** estimate from a weekly tracker how fast a brand is forgotten; translate any "decay" into a half-life; compare schedules at equal budget; find the plan for a stated goal; say whether remembering comes before buying
#
# **45 minutes** · you need lesson 43 (forgetting, half-life) · you will meet: contact, burst, drip, flight, carry-over, reverse cause

# %% [markdown] label="one-budget-three-wishes"
# ## One budget, three wishes
#
# {company.name} can buy 46 contacts with every adult of the region next year. The garden buyer wants **a peak** in week 20. The finance director wants **the best average**. The managing director wants never to hear again that "nobody thinks of us in November": **a floor**. They do not want the same plan, and each believes that experience is on their side.
#
# What did the last two years do? {company.name} has the tracker and knows what every brand spent.

# %% label="imports"
import crmkit
import numpy as np
import pandas as pd
from crmkit.brand import (
    BaseLevel, MemoryChain, best_plan, compare_plans, contacts_needed, half_life_from_decay,
    make_plan, pressure_design, recall_path, remembering_and_buying, zielske_plans,
)
from crmkit.brand.explorers import carry_over_explorer, schedule_explorer
from crmkit.brand.plots import plot_effects, plot_paths, plot_tracker
from crmkit.inference import percentile_interval
from crmkit.practice import check, hint, predict, quiz, solution
from crmkit.style import show

company = crmkit.company()
pressure = crmkit.load("brand_pressure")
people, answers = crmkit.load("tracker_respondents"), crmkit.load("tracker_answers")
pressure.groupby("brand")[["contacts", "spend"]].sum().sort_values("contacts")

# %% [markdown] label="tracker-holds-forgetting-curve-every"
# ## The tracker holds a forgetting curve for every brand
#
# One row per brand and week: how many were asked, and how many named the brand without help (**unaided recall**). In the two Christmas weeks nobody was asked; those rows stay, with nought asked, and carry no information.

# %% label="named"
named = answers[answers["position"] > 0].merge(people, on="respondent_id")
named = named.groupby(["brand", "week"]).size()
weekly = pressure[["brand", "week", "contacts"]].join(named.rename("named"), on=["brand", "week"])
weekly["asked"] = weekly["week"].map(people.groupby("week").size())
weekly = weekly.fillna({"named": 0, "asked": 0})
weekly[weekly["brand"] == company.name].tail(3)

# %% [markdown] label="memory-chain-lesson-43-fitted"
# The memory chain of lesson 43 is fitted to all brands at once. Each brand also has a **base**: what it would have without any advertising, from its shops, its bags and its customers. (A tracker counts contacts a week and cannot tell two on one evening from two on different days: what lesson 43 found about spacing within a week is left out here.)

# %% label="memory"
ages, contacts = pressure_design(pressure, weekly)
memory = MemoryChain().fit(ages, weekly["named"], asked=weekly["asked"], weights=contacts, groups=weekly["brand"])
memory.estimates_.round(3)

# %% label="plot-tracker"
weekly["recall"] = (weekly["named"] / weekly["asked"]).where(weekly["asked"] > 0)
bases = weekly["brand"].map(memory.bases_).to_numpy()
weekly["model"] = memory.link(memory.strength(ages, contacts) + bases)
own = weekly[weekly["brand"] == company.name]
show(
    plot_tracker(own, title=f"Each burst lifts {company.name}, and each is forgotten"),
    alt=f"Recall of {company.name} over two years: it rises in each of four bursts, to {own['model'].max():.0%} at most, and falls back.",
)

# %% label="one"
one = MemoryChain.known(**memory.params_)
base = memory.link(np.array([memory.bases_[company.name]]))[0]
drawn = memory.drawn(100)
low, high = percentile_interval([MemoryChain.known(**each.params_).half_life_weeks() for each in drawn])
print(f"Half-life of what a single contact adds: {one.half_life_weeks():.1f} weeks (95 % interval {low:.1f} to {high:.1f}).")
print(f"Recall of {company.name} without any advertising: {base:.0%} (a base *strength* of {memory.bases_[company.name]:.3f}, as 1 - exp(-strength)).")
silent = weekly[weekly["brand"] == "Pennygrove"]["model"]
floor = memory.link(np.array([memory.bases_["Pennygrove"]]))[0]
print(f"Pennygrove: {silent.max():.0%} at its best, {silent.iloc[-1]:.0%} at the end, with a base of {floor:.0%}.")

# %% [markdown] label="points-scatter-because-each-some"
# The points scatter because each is some forty people. The line is what 102 weeks of them agree on. Oakwright, which never advertised, has only a base; Pennygrove, which fell silent half-way through the first year, shows forgetting in its purest form. **A brand that stops does not fall to nought; it falls towards its base.**

# %% [markdown] label="44-1-many-percentage-points"
# **44-1.** By how many percentage points is {company.name} named without help more often in weeks with contacts than in weeks of silence? Pool the people of all weeks of each kind. (two decimals)
#
# Put your answer in place of the three dots. Stuck? Type `hint("44-1")` in a new cell; after three tries `solution("44-1")` opens. The exercises of lesson 44 give the questions again, with room to work.

# %% label="check-44-1"
check("44-1", ...)

# %% [markdown] label="decay-70-means-two-opposite"
# ## "Decay 70 %" means two opposite things
#
# In planning tools carry-over is one figure, and two tools use the same word for *what is kept* and *what is lost* from week to week.

# %% label="half-lives"
half_lives = {f"decay 70 %, meaning {word}": half_life_from_decay(70, word) for word in ("kept", "lost")}
pd.Series(half_lives, name="half-life, weeks").round(2)

# %% label="carry-over-explorer"
carry_over_explorer()

# %% [markdown] label="zielskes-question-1959-still-right" tags=["predict"]
# Same figure, half-lives that differ by a factor of three. Ask every tool and every agency for the half-life in weeks, and no misunderstanding is left.
#
# ## Zielske's question of 1959, still the right one
#
# Hubert Zielske sent housewives thirteen advertisements: one half got one **a week**, the other one **every four weeks**. As commonly quoted, the weekly group peaked at about 63 % and had forgotten half of it four weeks later; the other crept up to about 48 % at the end of the year, with the higher average (29 % against 21 %).
#
# > **Predict.** Can one curve of forgetting produce both: the high, short-lived peak *and* the higher average of the slow group?

# %% label="predict-44-a"
predict("44-a", ...)

# %% label="models"
models = {
    "memory chain": (MemoryChain.known(learning=1.1, decay_fast=1.8, transfer=0.114, decay_slow=0.092), 0.5),
    "ACT-R": (BaseLevel.known(decay=1.36, threshold=0.33, noise=0.96), 1.0),
}
rows = {}
for name, (model, lag) in models.items():
    for plan, table in compare_plans(zielske_plans(), model, lag_weeks=lag).iterrows():
        rows[(name, plan)] = table[["peak", "mean", "end"]]
pd.DataFrame(rows).T.round(2)

# %% label="plot-paths"
chain, lag = models["memory chain"]
paths = {name: recall_path(plan, chain, lag) for name, plan in zielske_plans().items()}
show(
    plot_paths(paths, title="Thirteen advertisements, two ways to spread them"),
    alt="The weekly schedule peaks in week 13 and falls fast; the four-weekly one saws its way up all year.",
)

# %% [markdown] label="burst-drip-flights-same-money"
# Both models were set to Zielske's peaks and to the fall after the burst, and both give these. The averages they do not: the memory chain has the two nearly equal, ACT-R has the right order and too small a distance. **No curve here does everything.** The robust part is what both models and the data share: *a burst makes a peak, spacing makes a year*.
#
# ## Burst, drip, flights: the same money, three shapes
#
# Now {company.name}'s own memory, its own base, and the 46 contacts.

# %% label="model"
model = MemoryChain.known(**memory.params_, base=memory.bases_[company.name])
plans = {kind: make_plan(kind, 46) for kind in ["burst", "drip", "flights", "silence"]}
compare_plans(plans, model, cost_per_contact=36_000, floor=0.45).round(3)

# %% label="plot-paths-2"
show(
    plot_paths(
        {kind: recall_path(plan, model) for kind, plan in plans.items()},
        title="The same 46 contacts in three shapes, and none",
    ),
    alt="Recall over 52 weeks: the burst peaks highest, the drip ends highest, flights saw up and down, silence stays at the base.",
)

# %% [markdown] label="burst-highest-peak-highest-average"
# The burst has the highest peak *and* the highest average of the year, and the worst December. Is that not against Zielske? Look at **when** it comes: at the start, with a whole year to be remembered in. The average of a year flatters whatever comes first, because the bill, the following January, falls outside the frame. Run each plan for three years in a row and
# read the third:

# %% label="third"
third = {}
for kind in ["burst", "drip", "flights"]:
    path = recall_path(np.tile(plans[kind], 3), model).tail(52)
    third[kind] = {"peak": path["recall"].max(), "mean": path["recall"].mean(), "lowest": path["recall"].min()}
pd.DataFrame(third).T.round(3)

# %% [markdown] label="now-drip-best-average-little"
# Now the drip has the best average (by a little) and by far the best worst week; the burst keeps the peak and nothing else. The reason is the shape of recall: the third contact in a week reaches many who would have remembered anyway. Evenly spread, fewer contacts are wasted on them.

# %% [markdown] label="44-2-pennygrove-fell-silent"
# **44-2.** Pennygrove fell silent. How much of the unaided recall that it had in its weeks on air was left from {company.dates[silent]} on? (the later share as a per cent of the earlier one, two decimals)

# %% label="check-44-2"
check("44-2", ...)

# %% [markdown] label="draw-own-year"
# ## Draw your own year
#
# Switch weeks on and off. Can you get a peak above six in ten in week 20 *and* a December above a half with 46 contacts?

# %% label="schedule-explorer"
schedule_explorer(model, cost_per_contact=36_000)

# %% [markdown] label="first-goal-plan"
# ## First the goal, then the plan
#
# Three wishes, three best plans. (At most four contacts a week: people have only so much evening. For the average and the floor only the weeks from week 9 on count, so that nobody is blamed for the start.)

# %% label="goals"
goals = {
    "peak in week 20": best_plan(model, 46, "peak", launch_week=20, most_per_week=4),
    "mean": best_plan(model, 46, "mean", from_week=9, most_per_week=4),
    "floor": best_plan(model, 46, "floor", from_week=9, most_per_week=4),
}
best = {goal: recall_path(plan, model) for goal, plan in goals.items()}
rows = {}
for goal, path in best.items():
    later = path["recall"][8:]
    rows[goal] = {"week 20": path["recall"][19], "mean": later.mean(), "lowest": later.min(), "end": later.iloc[-1]}
    rows[goal]["buys until week"] = np.flatnonzero(np.asarray(goals[goal]) > 0.005)[-1] + 1
pd.DataFrame(rows).T.rename_axis("best plan for (mean and lowest: from week 9)").round(3)

# %% label="plot-paths-3"
show(
    plot_paths(best, title="Each goal has its own best plan"),
    alt="The plan for the peak rises to week 20 and falls; that for the mean is high early; that for the floor runs level.",
)

# %% [markdown] label="each-plan-best-asked-nothing"
# Each plan is best at what it was asked for, and at nothing else. But the plans were made for one fitted curve, and the tracker does not know the curve exactly. Try them on a hundred curves that fit the two years about as well:

# %% label="plans-in-draws"
measures = {"peak in week 20": lambda r: r[19], "mean": lambda r: r[8:].mean(), "floor": lambda r: r[8:].min()}
reached = {goal: [] for goal in goals}
for each in drawn:
    curve = MemoryChain.known(**each.params_, base=each.bases_[company.name])
    recall = {goal: recall_path(plan, curve)["recall"].to_numpy() for goal, plan in goals.items()}
    for goal, measure in measures.items():
        reached[goal].append({plan: measure(path) for plan, path in recall.items()})
rows = {}
for goal, table in ((goal, pd.DataFrame(each)) for goal, each in reached.items()):
    low, high = percentile_interval(table[goal])
    rows[goal] = {"low": low, "high": high, "best of the three in": (table.idxmax(axis=1) == goal).mean()}
pd.DataFrame(rows).T.rename_axis("what its own plan reaches").round(3)

# %% [markdown] label="plans-hold-levels-uncertain"
# How high recall gets is uncertain by a few points (`low` to `high`, 95 %). Which of the three plans serves which goal is not: the last column is the share of the hundred curves in which the plan beats the other two at its own goal. Note what the plan for the mean does after the last week in the table: it buys nothing, because what is bought in December works in January, and January does not count. **A plan is as wise as the horizon you give it.**
#
# And what would the floor cost? The cheapest plans that never fall below a given recall from week 9 on:

# %% label="floors"
floors = [0.40, 0.45, 0.50, 0.55]
need = pd.Series({f"{floor:.0%}": contacts_needed(model, floor, from_week=9).sum() for floor in floors})
table = pd.DataFrame({"contacts per person": need.round(1), f"{company.symbol} million": (need * 36_000 / 1e6).round(2)})
table.rename_axis("recall never below")

# %% [markdown] label="remembering-come-before-buying" tags=["predict"]
# Each step of five points costs more than the one before.
#
# ## Does remembering come before buying?
#
# All this buys *recall*. Does recall sell? A panel has answered every four weeks for a year: what came to mind, and whether they had bought at {company.name} since the last time.
#
# > **Predict.** Those who name {company.name} in an interview have bought there in the weeks before much more often than the others. How much of that difference is the *effect of remembering*?

# %% label="predict-44-b"
predict("44-b", ...)

# %% label="panel"
panel = crmkit.load("brand_panel")
panel["log_trips"] = np.log(panel["trips"])
links = remembering_and_buying(panel, controls=["project", "log_trips"])
links.round(1)

# %% label="plot-effects"
show(
    plot_effects(links, "question", title="Remembering sells, but less than it looks"),
    alt="Percentage points with intervals: " + "; ".join(f"{row.question} {row.points:.0f}" for row in links.itertuples()) + ".",
)

# %% [markdown] label="top-bottom-same-wave-link"
# From top to bottom. In the **same wave** the link is large, but there buying came *first*: it may be that people remember because they bought. Looking only at what was **recalled before** the purchase, it shrinks. Holding level what drives both (a project under way, how often somebody shops for the category, whether they bought the
# time before) it shrinks again, to well under half of the naive figure. Something is left, and its interval is clear of nought.
#
# The last line turns the arrow round: having bought raises recall by far more than recall raises buying. **Most of the link in a tracker is people remembering what they bought, and whatever makes people do both.** Here, in a simulated world, we may look behind the curtain:

# %% label="truth"
truth = crmkit.load_truth("brand_parameters")
truth[truth["part"] == "panel"].set_index("parameter")["value"].round(1)

# %% [markdown] label="lags-controls-came-close-truth"
# Lags and controls came close to the truth because everything that drove both was measured. In life some of it is not, and then what is left is a mixture again. Only an experiment (some towns advertise, some do not, by chance) settles it.

# %% [markdown] label="44-3-panel-many-percentage"
# **44-3.** In the panel: how many percentage points more often does somebody buy who named {company.name} in the interview *before*, without (`project` 0) and with (`project` 1) a project going on? Columns `project` and `points`.

# %% label="check-44-3"
check("44-3", ...)

# %% [markdown] label="one-question-lesson-no-right"
# One question of this lesson has no right answer, only better and worse reasons: **44-4**, in the exercises. *46 contacts, 52 weeks, three directors: a peak in week 20, the best mean, never below a floor. Write the plan that you would put to the board, and what it gives up.* First the quiz:

# %% label="quiz-44"
quiz("44")

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - **Contacts are averages.** "46 per person" may be a hundred for those who watch all evening and none for those who read. The reach decides, and it is not in these tables.
# - **The model forgets competition.** When rivals advertise in the same weeks, contacts interfere (lesson 41). Here each brand is remembered by itself.
# - **Timing has reasons that memory does not know**: nobody plants in November. Weight the weeks by what people buy in them before asking for a mean.
# - **The optimum is flat.** Plans near the best are nearly as good. Do not pay an agency for the third decimal.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - A brand that falls silent falls to its base, not to nought.
# - Ask for the half-life; "decay" has two meanings.
# - State the goal and the horizon first: they decide the plan.
# - Remembering precedes buying here, by less than half of what the tracker suggests; buying makes people remember.

# %% [markdown] label="words-learnt" tags=["words"]
# ## Words learnt
#
# - **unaided recall** 无提示回忆: the brand is named without a list; aided recall is to know it when shown
# - **contact** 接触次数: one advertisement met by one person
# - **burst** 集中投放: all contacts in a few weeks
# - **drip** 均匀投放: the same few contacts every week
# - **flight** 脉冲投放: waves of contacts with silence between
# - **carry-over** 广告延续效应: what is still at work of earlier weeks
# - **reverse cause** 反向因果: the effect is taken for the cause
# - **rehearsal** 复述: a later contact that refreshes an earlier trace

# %% [markdown] label="on-your-own-data" tags=["own-data"]
# ## On your own data
#
# Two columns by week are enough to begin: what you spent (or how many contacts), and what came back (searches for your name, direct visits to your site). Fit `MemoryChain` only if there are silent weeks: a brand that spends the same every week cannot learn how fast it is forgotten. If in doubt, plan one month of silence in one region: it costs little and teaches the half-life.

# %% [markdown] label="what-next" tags=["next"]
# ## What next
#
# The pillar is complete: words, lookalikes, episodes, forgetting, plans. **Lesson 80** turns to the orders of your own company.
