# %% [markdown] label="title" tables=["levers", "needs", "prototype_ratings", "market_offers", "truth/needs", "truth/lever_effects"] names=["needs.need: advice", "needs.need: durable", "needs.need: fit", "needs.need: safe", "levers.lever: low_price", "levers.lever: quality", "levers.lever: staff", "levers.lever: guides"] tags=["opening"]
# # A house of quality turns beliefs into priorities, and the wrong ones too
#
# **After this lesson you can** fill in a house of quality, and compute which lever matters most; measure what a lever does, with prototypes; say where beliefs and data differ, and how sure that is; find levers that pull against each other, and needs that a rival meets better.
#
# **50 minutes to read, 50 minutes of exercises** · you need lesson 12 · you will meet: house of quality, lever, lever importance, conflict

# %% [markdown] label="set-good-loses-money"
# ## Nobody needs steel
#
# Ms Lindqvist looks after the picture-hanging set at {company.name}. From lesson 12 she knows what customers need. Her engineers propose better steel. But nobody needs steel: customers need a set that fits, lasts, is safe. Steel is a **lever**: something that the company can change. These are all her levers, from the four P:

# %% label="imports"
import pandas as pd

import crmkit
from crmkit import mix
from crmkit.mix import explorers, plots
from crmkit.practice import check, hint, predict, quiz, reveal, solution
from crmkit.style import show

# %% label="levers"
levers = crmkit.load("levers")
show(levers)

# %% [markdown] label="team-fills-house"
# Each lever has five levels. A step up costs something for each set, and something every year. So the question is: **which lever serves which need?**
#
# ## A house of quality connects needs with levers
#
# The **house of quality** (质量屋) is a matrix: needs as rows, levers as columns. Each cell says how strongly the lever serves the need: 9 strongly, 3 somewhat, 1 weakly, 0 not at all. A minus means harm. Begin with two needs and two levers, and say that advice matters twice as much as lasting:

# %% label="small-house"
small = pd.DataFrame({"quality": [9, 1], "staff": [0, 9]}, index=["durable", "advice"])
weight = pd.Series({"durable": 1, "advice": 2})
show(small.mul(weight, axis="index").sum())

# %% [markdown] label="small-house-read"
# By hand: quality has 1 × 9 + 2 × 1 = 11, and staff 1 × 0 + 2 × 9 = 18. This is the **importance** of a lever: the sum over needs of weight times cell, the bottom row of the house. Staff has 18 of 29, that is 62 %.
#
# The team met for an afternoon and filled in the whole house:

# %% label="needs"
needs, names = crmkit.load("needs")["need"].tolist(), levers["lever"].tolist()
team = mix.team_house(needs, names)

# %% label="plot-house-map"
ax = plots.plot_house_map(team, title="The team's house: steel makes a set fit and last")
written = "; ".join(f"{lever}: " + ", ".join(team.index[team[lever] == 9]) for lever in names)
show(ax, alt=f"Matrix of {len(needs)} needs by {len(names)} levers. The nines: {written}.")

# %% [markdown] label="weights-needs-become-weights-levers"
# Every need has a lever that serves it strongly: plausible, isn't it? With the weights that purchases follow (the truth of lesson 12), the bottom row is:

# %% label="truth"
truth = crmkit.load_truth("needs")
weights = truth.groupby("need")["weight"].mean().reindex(needs)
importance = mix.lever_importance(team, weights)
show(importance.round(2))

# %% [markdown] label="house-measured"
# So the engineers are right: quality is near the top. Or is it? **A house of quality turns beliefs into exact numbers, even if the beliefs are wrong.**

# %% [markdown] ask="13-a"

# %% label="predict-13-a"
predict("13-a", ...)

# %% [markdown] label="house-can-be-measured"
# ## A belief can be measured
#
# {company.name} builds prototypes and sets every lever **at random**. Customers try two each, and mark from 1 to 10 how well each need is met. Because chance set the levers, sets with good staff are not better in anything else. So we may compare simple means:

# %% label="one-cell-by-hand"
prototypes = crmkit.load("prototype_ratings")
mark = prototypes.groupby("staff")["meets_fit"].mean()
print(f"{len(prototypes)} prototypes; mean mark for 'fit' by level of staff: {mark.round(1).to_dict()}")
print(f"from level 1 to 5: ({mark[5]:.2f} - {mark[1]:.2f}) / 7 = {(mark[5] - mark[1]) / 7:.2f}")

# %% [markdown] label="one-cell-read"
# Why divided by 7? People avoid the ends of a scale: 2 means "not at all" and 9 means "wholly". So an **effect** of 1 would take a need from not met to wholly met.
#
# This used only the prototypes at levels 1 and 5. A straight line through all marks, on all levers at once, uses every prototype, and gives a 95 % interval:

# %% label="prototypes"
effects = mix.estimate_effects(prototypes, needs, names)
show(effects[effects["need"] == "fit"].round(2))

# %% label="reveal-13-a"
reveal("13-a")

# %% [markdown] label="effect-pulling-lever-all-way"
# What makes a set fit the job is above all **staff who ask**. The team has nothing in that cell. Its 9 for quality stands for an effect about a third as large. It is the mistake of clerk A from lesson 11: to think of the product first.

# %% [markdown] ask="13-c"

# %% label="predict-13-c"
predict("13-c", ...)

# %% [markdown] label="overlooked-head"
# ## A team knows what a lever is for, and overlooks what else it does

# %% label="verdict"
verdict = mix.compare_matrices(team, effects)
show(verdict[verdict["verdict"] != "agree"].drop(columns="mine").round(2))

# %% label="verdict-verdict-value"
reveal("13-c", int((verdict["verdict"] == "overlooked").sum()))
show(verdict["verdict"].value_counts())

# %% [markdown] label="overlooked-data-see-effect-where"
# *Overlooked*: the data see an effect of at least 0.1, the team saw none. *Imagined* would be the reverse. *Agree* only says that both see something, or both nothing. Look at the minus signs: two of the overlooked effects are harms. And *guides* does more than the team thought: it is not only a leaflet.
#
# How far can we trust these numbers? In a simulated world, we can look:

# %% label="both"
true_effects = crmkit.load_truth("lever_effects")
both = effects.merge(true_effects, on=["need", "lever"], suffixes=("", "_true"))
inside = (both["low"] <= both["effect_true"]) & (both["effect_true"] <= both["high"])
print(f"{inside.sum()} of {len(both)} intervals hold the true effect")
print(f"largest error: {(both['effect'] - both['effect_true']).abs().max():.3f}")

# %% [markdown] label="many-cells"
# With 96 intervals of 95 %, about five miss the truth. So do not build on one small surprising cell. A cell of 0.5 is not an accident.
#
# ## The measured house sets other priorities

# %% label="plot-house-map-2"
measured = mix.to_9_3_1(mix.as_matrix(effects))
ax = plots.plot_house_map(measured, title="The measured house: staff and guides reach far")
written = "; ".join(f"{lever}: " + ", ".join(measured.index[measured[lever] == 9]) for lever in names)
harms = ", ".join(f"{n} by {lev}" for (n, lev), cell in measured.stack().items() if cell < 0)
show(ax, alt=f"The measured matrix in 9, 3, 1. The nines: {written}. Harmed: {harms}.")

# %% [markdown] label="bottom-row"
# Here the effects are rounded to 9, 3 and 1. For the bottom row we take them as measured. `low` and `high` come from drawing the customers again with replacement, and `first` is the share of these draws in which the lever comes first:

# %% label="from-data"
from_data = mix.lever_certainty(prototypes, truth, names)
show(from_data.round(2))

# %% label="plot-importance-bars"
true_importance = mix.lever_importance(mix.as_matrix(true_effects), weights)
ax = plots.plot_importance_bars(from_data, true_importance, believed=importance)
ax.set_title("Beliefs put quality too high and guides too low")
told = importance.set_index("lever")["share"]
shares = "; ".join(f"{r.lever} {r.share:.0%}, believed {told[r.lever]:.0%}" for r in from_data.itertuples())
show(ax, alt=f"Importance of levers as measured and as believed: {shares}.")

# %% [markdown] label="priorities-read"
# **Quality falls, and guides rise.** The measured shares lie close to the true ones. But where two intervals overlap, as with staff and guides, the order is not sure.
#
# Now correct the team's house by hand. Click on a cell: each click takes the next strength. **Your goal:** agree with the data on 90 % of the importance, with as few clicks as possible. (By hand: 60 and 40 against 50 and 50 agree on 90 %, because 10 of 100 would have to move.)

# %% label="importance-explorer" tags=["nbval-ignore-output"]
explorers.importance_explorer(team, weights, from_data)

# %% [markdown] label="levers-pull-against-each-other"
# ## Levers pull against each other
#
# A **conflict** (冲突): one lever serves a need, and another harms the same need.

# %% label="conflicts"
show(mix.conflicts(measured, weights).round(2))

# %% [markdown] label="conflict-read"
# Better steel makes the set heavier, so it is less *ready* to use. Staff who take their time make the purchase less *quick*. This is no reason to give up: it is a task for the designers, such as lighter steel, or staff whom customers can book. (In other books you may find a *roof* on the house. It says which levers disturb each other technically, whatever the needs.)
#
# ## The right wing compares us with a rival
#
# How far does each offer meet each need? By hand, for one lever: level 3 is half of the way from 1 to 5, so it brings half of the effect. The price is left out, because each offer has its own in {company.symbol} and not in levels. Here is the most expensive rival. A minus says that the rival meets the need better, and `weighted_gap` multiplies by what the need weighs:

# %% label="house"
without_price = mix.as_matrix(effects).drop(columns="low_price").drop(index="affordable")
offers = crmkit.load("market_offers")
ours, rival = offers.iloc[0], offers.loc[offers["price"].idxmax()]
print(f"{ours['offer']} against {rival['offer']}")
show(mix.gaps(without_price, weights.drop("affordable"), ours, rival).head(4).round(3))

# %% [markdown] label="rule-thumb-tested"
# The first row is what our set lacks most against this rival.
#
# ## A rule of thumb, tested
#
# *"9, 3 and 1 are precise enough."* How much of the true importance does each house get right, and which lever does it put first?

# %% label="nine-three-one"
rounded = mix.lever_importance(measured, weights)
rows = {"the team, in 9-3-1": importance, "measured, in 9-3-1": rounded, "as measured": from_data, "truth": true_importance}
shares = pd.DataFrame({way: table.set_index("lever")["share"] for way, table in rows.items()})
agreement = 1 - shares.sub(shares["truth"], axis="index").abs().sum() / 2
show(pd.DataFrame({"first lever": shares.idxmax(), "agreement": agreement.round(2)}))

# %% [markdown] label="turn"
# Rounding costs a part of the agreement, and it puts the wrong lever first: an effect of 0.5 and one of 0.9 both become a 9. The scale is good for a talk in a team. Where you have measured, compute with what you measured.

# %% [markdown] ask="13-1"

# %% label="check-13-1"
answer = ...
check("13-1", answer)

# %% label="quiz-13"
quiz("13")

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - Prototypes whose levers were *not* set at random teach wrong effects. Where good steel always comes with good staff, steel gets the credit of the staff.
# - A straight line has no bends: the first step of a lever counts as much as the last.
# - Customers must feel what a lever does when they try the set. A lever that works only after years stays unseen.
# - Importance says nothing about costs. Lesson 13b turns it into an offer.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - The house turns weights of needs into weights of levers. Between them stand your beliefs.
# - Beliefs can be measured: set the levers at random, and ask about needs.
# - A team knows what a lever is for. It overlooks side effects and harms.
# - Say how sure the order of levers is, and compute with effects, not with 9, 3 and 1.

# %% [markdown] label="words-learnt" tags=["words"]
# ## Words learnt
#
# - **house of quality** 质量屋: a matrix of needs and levers, with the importance of levers below and the gaps to a rival beside
# - **lever** 杠杆: something that the company can change in its offer
# - **lever importance** 杠杆重要性: sum over needs of the need's weight times how strongly the lever serves it
# - **conflict** 冲突: one lever serves a need which another one harms
# - **product** 产品: what is offered, and how good and complete it is
# - **price** 价格: what is asked for it, and under which terms
# - **place** 渠道/定位: where and how fast it can be had
# - **promotion** 促销: what is told and explained about it

# %% [markdown] label="on-your-own-data" tags=["own-data"]
# ## On your own data
#
# Take ten needs of your customers and eight levers. Let three people fill in the house *separately*: where they differ, measure. A cheap prototype is a description, if its levers are set at random. Type one row per rated prototype, with a column per lever (1 to 5) and one per need (`meets_fit`, 1 to 10).
#
# ```python
# import pandas as pd
# from crmkit.mix import as_matrix, estimate_effects, lever_importance
#
# rated = pd.read_csv("my_prototypes.csv")
# needs = [name.removeprefix("meets_") for name in rated if name.startswith("meets_")]
# levers = [name for name in rated if not name.startswith("meets_") and name != "customer_id"]
# house = as_matrix(estimate_effects(rated, needs, levers))
# weights = dict.fromkeys(needs, 1)  # better: your own, from lesson 12
# print(lever_importance(house, weights).round(2))
# ```

# %% [markdown] label="what-next" tags=["next"]
# ## What next
#
# "And what does that earn?" asks the director. Lesson 13b turns the house into an offer, and puts it on a shelf beside its rivals.

# %% [markdown] label="on-one-page" tags=["summary"]
# ## On one page
#
# **Claim.** A house of quality turns weights of needs into weights of levers; what stands between can be measured, and often differs from what a team believes.
#
# **Method.**
#
# 1. Write needs as rows and levers as columns; fill in 9, 3, 1, 0, with a minus for harm.
# 2. Set the levers of prototypes at random, let customers mark each need, and fit a line of marks on levels.
# 3. Compare beliefs with data, compute the importance with its interval, and look for conflicts and gaps.
#
# **Formula.** $\text{importance of a lever} = \sum_{\text{needs}} \text{weight} \times \text{cell}$
#
# **Code.**
#
# ```python
# lever_importance(as_matrix(estimate_effects(prototypes, needs, levers)), weights)
# ```
#
# **Where it fails.** Where levers were not set at random, a lever gets the credit of its companions.
