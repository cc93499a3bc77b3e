# %% [markdown] label="title" tables=["brand_pressure", "tracker_respondents", "tracker_answers", "brand_panel", "truth/brand_parameters"] tags=["opening"]
# # A burst makes a peak; spacing makes a year
#
# **After this lesson you can** estimate from a weekly tracker how fast a brand is forgotten; translate any "decay" into a half-life; compare schedules at equal budget, and find the plan for a stated goal; say whether remembering comes before buying.
#
# **50 minutes to read, 55 minutes of exercises** · you need lesson 43 · you will meet: unaided recall, contact, burst, drip, flight, rehearsal, carry-over, reverse cause

# %% [markdown] label="one-budget-three-wishes"
# ## One budget has to serve three wishes
#
# {company.name} can buy 46 contacts with every adult of the region next year. The garden buyer wants **a peak** in week 20. The finance director wants **the best average**. The managing director never wants to hear again that "nobody thinks of us in November": **a floor**. They do not want the same plan. What did the last two years do?

# %% label="imports"
import numpy as np
import pandas as pd

import crmkit
from crmkit import brand
from crmkit.brand import explorers, plots, tracker
from crmkit.practice import check, hint, predict, quiz, reveal, solution
from crmkit.style import show

company = crmkit.company()
pressure = crmkit.load("brand_pressure")
people, answers = crmkit.load("tracker_respondents"), crmkit.load("tracker_answers")

# %% [markdown] label="tracker-holds-forgetting-curve-every"
# ## The tracker holds a forgetting curve for every brand
#
# **Unaided recall** (无提示回忆) is the share of people who name a brand without help. One week, by hand:

# %% label="one-week"
week = people["week"].iloc[0]
asked = people[people["week"] == week]
named = answers[(answers["brand"] == company.name) & (answers["position"] > 0)]
hits = asked["respondent_id"].isin(named["respondent_id"]).sum()
print(f"week of {week:%d %B %Y}: {len(asked)} asked, {hits} named {company.name}: {hits / len(asked):.0%}")

# %% label="named"
weekly = tracker.weekly_recall(pressure, people, answers)
show(weekly[weekly["brand"] == company.name].head(3))

# %% [markdown] label="memory-chain-lesson-43-fitted"
# The memory chain of lesson 43 is fitted to all brands at once. Each brand also has a **base**: what it would have without any advertising, from its shops, its bags and its customers.

# %% label="plot-tracker"
memory, weekly["model"] = tracker.fit_tracker(brand.MemoryChain(), pressure, weekly)
own = weekly[weekly["brand"] == company.name]
show(
    plots.plot_tracker(own, title=f"Each burst lifts {company.name}, and each is forgotten"),
    alt=f"Recall of {company.name} over two years: it rises in each burst, to {own['model'].max():.0%} at most, and falls back.",
)

# %% label="one"
half_lives = [brand.MemoryChain.known(**each.params_).half_life_weeks() for each in (memory, *memory.drawn(100))]
low, high = np.quantile(half_lives[1:], [0.025, 0.975])
print(f"half-life of what one contact adds: {half_lives[0]:.1f} weeks (95 % interval {low:.1f} to {high:.1f})")
for name in (company.name, company.words["discounter"]):
    model = weekly.loc[weekly["brand"] == name, "model"]
    base = memory.link(np.array([memory.bases_[name]]))[0]
    print(f"{name}: {model.max():.0%} at its best, {model.iloc[-1]:.0%} at the end, base {base:.0%}")

# %% [markdown] label="points-scatter-because-each-some"
# The points scatter, because each stands for only about forty people. {company.words[discounter]} fell silent half-way through the first year, and shows forgetting in its purest form. **A brand that stops does not fall to zero; it falls towards its base.**

# %% [markdown] ask="44-1"

# %% label="check-44-1"
answer = ...
check("44-1", answer)

# %% [markdown] label="decay-70-means-two-opposite"
# ## "Decay 70 %" means two opposite things
#
# In planning tools **carry-over** (广告延续效应) is one figure. Two tools use the same word for *what is kept* and for *what is lost* from week to week. By hand, for the first meaning:

# %% label="half-lives"
print("kept: 0.7 after one week,", round(0.7 * 0.7, 2), "after two, so half is left a little earlier")
{f"70 % {word}": f"{brand.half_life_from_decay(70, word):.2f} weeks" for word in ("kept", "lost")}

# %% label="carry-over-explorer" tags=["nbval-ignore-output"]
explorers.carry_over_explorer()

# %% [markdown] label="zielskes-question-1959-still-right"
# **Ask every tool and every agency for the half-life in weeks, and no misunderstanding is left.**
#
# ## The question of 1959 is still the right one
#
# Hubert Zielske sent housewives thirteen advertisements, **one a week** to one half, **one every four weeks** to the other. As commonly quoted, the weekly group peaked at about 63 %, and had forgotten half of it four weeks later. The other group crept up to about 48 % at the end of the year, with the higher average (29 % against 21 %). Two models, set to these peaks:

# %% label="models"
chain = brand.MemoryChain.known(learning=1.1, decay_fast=1.8, transfer=0.114, decay_slow=0.092)
act_r = brand.BaseLevel.known(decay=1.36, threshold=0.33, noise=0.96)
show(pd.concat(
    {
        "memory chain": brand.compare_plans(brand.zielske_plans(), chain, lag_weeks=0.5),
        "ACT-R": brand.compare_plans(brand.zielske_plans(), act_r, lag_weeks=1.0),
    }
)[["peak", "mean", "end"]].round(2))

# %% [markdown] label="burst-drip-flights-same-money"
# Both give the peaks and the fall. They do not give the averages: in the memory chain they are nearly equal, and ACT-R has the right order but too small a difference. **No curve here does everything.** What models and data share is the title of this lesson.
#
# Now {company.name}'s own memory, its own base, and the 46 contacts, as a **burst** (集中投放), a **drip** (均匀投放: the same every week) or **flights** (脉冲投放: waves with silence between). A later contact refreshes what an earlier one left: **rehearsal** (复述).

# %% [markdown] ask="44-a"

# %% label="predict-44-a"
predict("44-a", ...)

# %% [markdown] label="same-money-claim"
# ## The same money makes different years

# %% label="model"
model = brand.MemoryChain.known(**memory.params_, base=memory.bases_[company.name])
plans = {kind: brand.make_plan(kind, 46) for kind in ("burst", "drip", "flights")}
year = brand.compare_plans(plans, model)
reveal("44-a", year["mean"].idxmax())
show(year[["peak", "mean", "end"]].round(3))

# %% label="plot-paths-2"
show(
    plots.plot_paths({kind: brand.recall_path(plan, model) for kind, plan in plans.items()}, title="The same 46 contacts in three shapes"),
    alt="Recall over 52 weeks: the burst peaks highest, the drip ends highest, flights go up and down.",
)

# %% [markdown] label="burst-highest-peak-highest-average"
# The burst has the highest peak *and* the highest average, and the worst December. Look at **when** it comes: at the start, with a whole year to be remembered in. The price of this comes in the following January, which the picture does not show. Run each plan for three years, and read the third:

# %% label="third"
show(tracker.third_year(plans, model).round(3))

# %% [markdown] label="now-drip-best-average-little"
# Now the drip has the best average (by a little), and by far the best worst week. The burst keeps the peak and nothing else: the third contact in a week reaches many who would have remembered anyway. **Which plan is best depends on how far you look.**
#
# **Your goal:** draw a year with 46 contacts, a peak above 60 % in week 20, and a December above 50 %. Can it be done?

# %% label="schedule-explorer" tags=["nbval-ignore-output"]
explorers.schedule_explorer(model, cost_per_contact=36_000)

# %% [markdown] label="first-goal-plan"
# ## First the goal, then the plan
#
# Three wishes, three best plans, with at most four contacts a week. For the average and the floor only the weeks from week 9 on count.

# %% label="goals"
goals = {
    "peak": brand.best_plan(model, 46, "peak", launch_week=20, most_per_week=4),
    "mean": brand.best_plan(model, 46, "mean", from_week=9, most_per_week=4),
    "floor": brand.best_plan(model, 46, "floor", from_week=9, most_per_week=4),
}
show(
    plots.plot_paths({goal: brand.recall_path(plan, model) for goal, plan in goals.items()}, title="Each goal has its own best plan"),
    alt="The plan for the peak rises to week 20 and falls; that for the mean is high early; that for the floor runs level.",
)
show(tracker.measure_plans(goals, model).round(3))

# %% [markdown] label="each-plan-best-asked-nothing"
# Each plan is best at its own goal and at nothing else. But it was made for one fitted curve, and the tracker does not show the curve exactly. Try the plans on a hundred curves that fit about as well:

# %% label="plans-in-draws"
show(tracker.plans_in_draws(goals, memory, company.name).round(3))

# %% [markdown] label="plans-hold-levels-uncertain"
# How high recall gets is uncertain by some points (`low` to `high`). Which plan serves which goal is not: `wins` is the share of the curves in which the plan is the best at its goal. And the floor has a price. These are the contacts that keep recall at or above a level from week 9 on:

# %% label="floors"
need = {f"{floor:.0%}": brand.contacts_needed(model, floor, from_week=9).sum() for floor in (0.40, 0.45, 0.50, 0.55)}
show(pd.DataFrame({"contacts": need, "million": {name: company.money(n * 36_000 / 1e6, 2) for name, n in need.items()}}).round(1))

# %% [markdown] label="remembering-come-before-buying"
# Each step of five points costs more than the one before. All this buys *recall*. Does recall sell? A panel has answered every four weeks for a year: what came to mind, and whether they had bought at {company.name} since the last time.

# %% [markdown] ask="44-b"

# %% label="predict-44-b"
predict("44-b", ...)

# %% [markdown] label="remembering-claim"
# ## Most of the link is people who remember what they bought

# %% label="plot-effects"
panel = crmkit.load("brand_panel").assign(log_trips=lambda table: np.log(table["trips"]))
links = brand.remembering_and_buying(panel, controls=["project", "log_trips"])
told = "; ".join(f"{row.question} {row.points:.0f}" for row in links.itertuples())
ax = plots.plot_effects(links, "question", title="Remembering sells, but less than it looks")
show(ax, alt=f"Percentage points with intervals: {told}.")
reveal("44-b", 100 * links["points"].iloc[2] / links["points"].iloc[0])

# %% [markdown] label="top-bottom-same-wave-link"
# Read from top to bottom. In the **same wave** the link is large, but there buying came *first*: people may remember because they bought. Looking only at what was recalled **before** the purchase, it shrinks. When we also compare only people with the same project, the same habit of shopping and the same last purchase, it shrinks again. Something is left, and its interval is clear of zero.
#
# The last line turns the arrow round: this is **reverse cause** (反向因果), and it is far larger. Here, in a simulated world, we may look at the truth:

# %% label="truth"
truth = crmkit.load_truth("brand_parameters")
show(truth[truth["part"] == "panel"].set_index("parameter")["value"].round(1))

# %% [markdown] label="lags-controls-came-close-truth"
# Lags and controls come close, because everything that drives both was measured. In life some of it is not. Only an experiment settles it: some towns advertise, some do not, chosen at random.
#
# Question 44-6, in the exercises, asks for the plan. First the quiz:

# %% label="quiz-44"
quiz("44")

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - **Contacts are averages.** "46 per person" may be a hundred for some and none for others. A tracker of weeks also cannot see spacing within a week (lesson 43).
# - **The model forgets competition.** When rivals advertise in the same weeks, contacts interfere (lesson 41).
# - **Timing has other reasons than memory**: nobody plants in November.
# - **The optimum is flat.** Plans near the best are nearly as good. Do not pay an agency for the third decimal.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - A brand that falls silent falls to its base, not to zero.
# - Ask for the half-life; "decay" has two meanings.
# - State the goal and the horizon first: they decide the plan.
# - Remembering precedes buying, by less than the tracker suggests; buying makes people remember.

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

# %% [markdown] label="on-one-page" tags=["summary"]
# ## On one page
#
# **Claim.** A burst makes a peak, spacing makes a year; the goal and the horizon decide which plan is best.
#
# **Method.**
#
# 1. Fit a curve of forgetting to the weekly tracker, with a base for each brand.
# 2. State goal, horizon and budget; find the plan, and try it on other curves that fit as well.
# 3. Check that recall comes before buying: lags and controls, better an experiment.
#
# **Formula.** $\text{half-life} = \ln 0.5 / \ln(\text{share kept in a week})$
#
# **Code.**
#
# ```python
# best_plan(model, 46, "floor", from_week=9, most_per_week=4)
# ```
#
# **Where it fails.** Contacts are averages, rivals advertise too, and nobody plants in November.
