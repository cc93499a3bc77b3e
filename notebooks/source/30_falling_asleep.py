# %% [markdown] label="title" tables=["orders", "truth/sleep_states"] tags=["opening"]
# # Nobody says goodbye to a shop: silence has to be read
#
# **After this lesson you can** say how long each customer has been silent; read a return curve; draw the lines between awake, drowsy, half-asleep and asleep, and say how sure they are; compare a rule with the truth; list the good customers who are slipping away.
#
# **50 minutes to read, 55 minutes of exercises** · you need lesson 20 (who brings the profit) · you will meet: drowsy, half-asleep, asleep, gap, return curve, right censoring, at-risk list

# %% [markdown] label="best-customer-never-said-goodbye"
# ## The best customer never said goodbye
#
# {company.name}'s marketing team has a rule: *anyone who has bought nothing for 90 days is lost.* Nobody remembers who made it. One morning the shop manager calls: "Our best customer has not been in for ages. Is she lost?" These are her last purchases:

# %% label="imports"
import pandas as pd

import crmkit
from crmkit import reactivation
from crmkit.practice import check, hint, predict, quiz, reveal, solution
from crmkit.reactivation import explorers, plots
from crmkit.style import show

company = crmkit.company()
orders, today = crmkit.load("orders"), company.end
star = reactivation.at_risk(orders, today)["customer_id"].iloc[0]
days = orders.loc[orders["customer_id"] == star, "order_date"].drop_duplicates().sort_values()
until = days.shift(-1).fillna(pd.Timestamp(today))
show(pd.DataFrame({"start_date": days, "gap_days": (until - days).dt.days}).tail(4))

# %% [markdown] label="one-measurement-everybody-gap"
# A **gap** is the time from one purchase to the next. She used to come often. Then she stopped, without a word. **Silence is all that a company sees of a customer who leaves.**
#
# ## Every customer has one gap that is still open
#
# The last gap ends today only because the data end today. The helper makes the same table for all customers and marks such gaps:

# %% label="gaps"
gaps = reactivation.purchase_gaps(orders, today)
show(gaps[gaps["customer_id"] == star].tail(4))

# %% [markdown] label="last-row-different-returned-false"
# Where `returned` is False, the gap is *at least* that long. It is **right-censored**: the calendar cut the story off, not the customer.

# %% [markdown] ask="30-a"

# %% label="predict-30-a"
predict("30-a", ...)

# %% [markdown] label="by-hand"
# ## A gap counts for as long as it was watched
#
# Five gaps by hand: 4, 10 and 20 days, then the customer came back; 8 and 12 days so far, still open. Which share comes back within 14 days?
#
# - Open gaps left out: two of three. Only stories with a happy end remain.
# - Open gaps counted as lost: two of five. But some have hardly begun.
# - Day by day: on day 4 five are watched and one returns, 4/5 stay away. On day 10 three are still watched (one watch ended on day 8) and one returns, 2/3 of these stay away. Together 4/5 × 2/3 = 8/15 stay away.

# %% label="five"
five = pd.DataFrame(
    {"gap_days": [4, 8, 10, 12, 20], "returned": [True, False, True, False, True]}
)
print(f"back within 14 days, by hand: {1 - 4 / 5 * 2 / 3:.0%}")
show((100 * reactivation.naive_return_share(five, 14)).round(0))

# %% [markdown] label="kaplan-meier"
# The third way is the **Kaplan-Meier estimate**, made for patients who moved away before a study was over. **An open gap is used for exactly as long as it was watched.** Now the whole company, within 90 days:

# %% label="naive-return-share"
show((100 * reactivation.naive_return_share(gaps, 90)).round(1))

# %% label="reveal-30-a"
reveal("30-a")

# %% [markdown] label="longer-silence-smaller-chance"
# ## The longer the silence, the smaller the chance
#
# A customer has been silent for 90 days. How likely is a purchase within the *next* 75? (A campaign takes two weeks to prepare and 60 days to wait for an answer. Anyone who returns within these 75 days needs none.) Two points of the Kaplan-Meier estimate are enough:

# %% label="one-point"
away = reactivation.kaplan_meier(gaps["gap_days"], gaps["returned"]).set_index("duration")["away"]
print(f"still away after 90 days {away[90]:.3f}, after 165 days {away[165]:.3f}")
print(f"of those silent for 90 days, {1 - away[165] / away[90]:.0%} buy within the next 75")

# %% [markdown] label="curve-all-days"
# The helper does this for every day:

# %% label="plot-return-curve"
curve = reactivation.return_curve(gaps, horizon_days=75)
lines = reactivation.thresholds_by_return(curve, levels=(0.5, 0.25, 0.1))
ax = plots.plot_return_curve(curve[curve["silent_days"] <= 400], lines, horizon_days=75)
ax.set_title("The chance falls steadily; nothing special happens at 90 days")
at = curve.set_index("silent_days")["chance"]
words = ", ".join(f"{at[day]:.0%} after {day} days of silence" for day in (0, 30, 90, 180, 360))
show(ax, alt=f"Chance to buy within 75 days, falling ever more slowly: {words}.")

# %% [markdown] label="return-curve-no-cliff-90"
# This is a **return curve** with its 95 % interval. Customers do not fall off an edge, they doze off. "Asleep" begins where *you* draw a line; the curve says what the line means.
#
# ## Draw the lines where the chance says so
#
# We choose three levels beforehand. **Drowsy** (瞌睡): coming back is less likely than not. **Half-asleep** (半睡): below one in four. **Asleep** (沉睡): below one in ten. The dashed lines show where the curve crosses them. They are estimates too:

# %% label="lines"
show(reactivation.threshold_intervals(curve, levels=(0.5, 0.25, 0.1)))

# %% [markdown] label="interval-of-a-line"
# Every day from `low` to `high` fits the data: nobody should defend one exact day. Who falls where today?

# %% label="states"
quiet = reactivation.silence(orders, today).set_index("customer_id")
states = lines.state(quiet["silent_days"])
once = (quiet.loc[states == "asleep", "purchase_days"] == 1).mean()
print(f"of those asleep, {once:.0%} have bought on one single day")
show(states.value_counts().reindex(["awake", "drowsy", "half-asleep", "asleep"]))

# %% [markdown] label="largest-group-file-asleep-file"
# The largest group is asleep, and the file counts each of them as a customer.

# %% [markdown] ask="30-b"

# %% label="predict-30-b"
predict("30-b", ...)

# %% [markdown] label="better-than-90-days-ask"
# ## Was that better than 90 days? Ask the truth
#
# Our company is simulated, and the simulation knows each customer's true state. We compare our lines with eight fixed rules. A single number is one line: awake before it, asleep after it. Three numbers are a ladder of three lines.

# %% label="truth"
truth = reactivation.state_on(crmkit.load_truth("sleep_states"), today)
rules = {name: rule.state(quiet["silent_days"]) for name, rule in reactivation.FIXED_RULES.items()}
table = reactivation.compare_rules({**rules, "from the curve": states}, truth)
show(table.round(3))

# %% label="reveal-30-b"
reveal("30-b")

# %% [markdown] label="read-columns-care-because-each"
# `right` is the share of customers in their true state. About half of all are asleep, so a rule can shine by calling too many asleep. `even` averages the share right over the four states. `steps_off` is how many states a rule is off on average. `kappa` counts steps too and gives nothing for lucky guesses: 1 is perfect, 0 is chance.
#
# The curve and the best ladder are close in `kappa`. Is the difference more than luck? We draw as many customers again, with replacement, a hundred times:

# %% label="ladder"
ladder = table.drop("from the curve")["kappa"].idxmax()
lead = reactivation.kappa_lead(states, rules[ladder], truth, draws=100)
print(f"lead of the curve over {ladder} in kappa: {lead['lead']:+.3f}")
print(f"95 % interval {lead['low']:+.3f} to {lead['high']:+.3f}; ahead in {lead['ahead']:.0%} of draws")

# %% [markdown] label="lead-hang-our-75-days"
# Does it depend on our 75 days?

# %% label="thresholds-return"
horizons = reactivation.try_horizons(gaps, quiet["silent_days"], truth, [45, 60, 75, 90])
show(horizons.assign(lead=horizons["kappa"] - table.loc[ladder, "kappa"]).round(3))

# %% [markdown] label="move-lines-yourself"
# With 60 to 90 days the curve's lines are about level with the best ladder, and ahead of "90 days", which knows only two states. **But you know the best ladder only because you have seen the truth. The curve did not need it**, and it moves along to another company.
#
# ## A state is a guess about a customer
#
# Move the lines. Can you get a higher kappa than the curve's lines? By how much?

# %% label="threshold-explorer"
explorers.threshold_explorer(curve, quiet["silent_days"], truth, lines)

# %% [markdown] label="one-rhythm-not-fit-all"
# Whatever you do, many customers stay in the wrong state. An awake customer on holiday and a drowsy one look alike.
#
# "Two weeks of silence is nothing for one customer and a goodbye from another." So measure silence in units of each customer's own usual gap, the **own rhythm**.

# %% [markdown] ask="30-c"

# %% label="predict-30-c"
predict("30-c", ...)

# %% [markdown] label="clever-idea"
# ## A clever idea has to prove itself too
#
# The same levels, for all customers and for those with more than twenty purchase days. Kappa with the own rhythm less kappa with days:

# %% label="own"
own = reactivation.rhythm_gaps(orders, today)
often = quiet["purchase_days"] > 20
rows = {}
for name, group in (("all customers", quiet.index), ("frequent buyers", quiet.index[often])):
    by_days = reactivation.compare_rules({"days": states[group]}, truth)["kappa"].iloc[0]
    rhythm = quiet.loc[group, "rhythm"]
    tried = reactivation.try_horizons(own, rhythm, truth, [0.5, 0.75, 1], length="rhythm", step=0.05)
    rows[name] = tried["kappa"] - by_days
show(pd.DataFrame(rows).rename_axis("looks ahead (own rhythms)").round(3))

# %% label="reveal-30-c"
best = rows["all customers"].max()
reveal("30-c", "rhythm" if best > 0.02 else "days" if best < -0.02 else "level")

# %% [markdown] label="own-rhythm-worse-only-rhythm"
# Below zero, days are better. A rhythm has to be learnt from few gaps. Among frequent buyers the size of the difference depends on how far we look ahead, which is our choice. **A number that changes with an arbitrary setting is not a finding.**
#
# A difference between groups helps more:

# %% label="plot-return-curve-2"
gaps["bought"] = gaps["number"].eq(1).map({True: "once so far", False: "more often"})
groups = reactivation.return_curve(gaps, 75, by="bought", at_most=400)
ax = plots.plot_return_curve(groups, by="bought", horizon_days=75)
ax.set_title("After one purchase, silence means goodbye much sooner")
month = groups[groups["silent_days"] == 30].set_index("bought")["chance"]
words = ", ".join(f"{chance:.0%} of those who bought {name}" for name, chance in month.items())
show(ax, alt=f"Two return curves. After 30 days of silence, back within 75 days: {words}.")

# %% [markdown] label="rule-thumb-formerly-high-value"
# ## A rule of thumb: "high value, nothing for three months: call"
#
# The list that the shop manager wanted: the top fifth by margin, silent for 91 days or more. How early could one ask? By true state:

# %% label="order"
show(reactivation.listed_states(orders, truth, (45, 91, 180), as_of=today))

# %% [markdown] label="ask-45-days-list-grows"
# After three months most on the list are already asleep. Ask after 45 days and the list also holds customers who sleep less deeply; many of them would have come anyway. An early call is often not needed, and a late call often does not help. Which is better depends on what a call costs and what it wins. Lesson 32 measures what it wins.

# %% [markdown] label="turn"
# ## Your turn

# %% [markdown] ask="30-1"

# %% label="check-30-1"
answer = ...
check("30-1", answer)

# %% label="quiz-30"
quiz("30")

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - **A curve speaks of gaps, not of people.** A customer with fifty purchases has fifty gaps in it.
# - **The past has to be like the future.** After a rival opens next door, last year's curve describes another town.
# - **Seasons.** Someone who buys plants every April is not asleep in December.
# - **A state is not a plan.** That a customer is asleep does not say that waking her pays.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - Silence is all you see; the return curve says what it means.
# - An open gap counts for as long as it was watched.
# - Draw the lines where the chance crosses a level that you chose for a reason, and say how sure each line is.
# - Measure a rule before you trust it, a famous one and a clever one alike.

# %% [markdown] label="words-learnt" tags=["words"]
# ## Words learnt
#
# - **gap** 购买间隔: the time between two purchases of one customer
# - **return curve** 回归曲线: chance to buy again within a set time, by length of the silence so far
# - **right censoring** 右删失: a duration is known only to be longer than what was watched
# - **Kaplan-Meier estimate** 卡普兰-迈耶估计: share still away after each time, with open gaps used as long as they were watched
# - **drowsy** 瞌睡: silent, but with a fair chance to come back without help
# - **half-asleep** 半睡: silent so long that coming back is unlikely
# - **asleep** 沉睡: hardly ever comes back without help
# - **at-risk list** 流失预警名单: formerly high-value customers who have gone silent

# %% [markdown] label="on-your-own-data" tags=["own-data"]
# ## On your own data
#
# Your own lines between awake, drowsy, half-asleep and asleep. `orders` should end with the last day that your file covers completely. Choose the horizon from what *your* campaign takes: how long after a contact do you wait for an answer?
#
# ```python
# from crmkit.reactivation import at_risk, purchase_gaps, return_curve, silence
# from crmkit.reactivation import threshold_intervals, thresholds_by_return
# from crmkit.reactivation.plots import plot_return_curve
#
# orders, report = crmkit.read_orders("my_orders.csv")
# money, horizon = "margin" if "margin" in orders else "turnover", 75
# try:
#     curve = return_curve(purchase_gaps(orders), horizon_days=horizon)
#     plot_return_curve(curve, horizon_days=horizon)
#     print(threshold_intervals(curve))
#     print(thresholds_by_return(curve).state(silence(orders)["silent_days"]).value_counts())
# except crmkit.CrmkitError as too_little:
#     print(too_little)
# print(f"good customers who are slipping away, by {money}:")
# print(at_risk(orders, silent_days=91, value=money))
# ```

# %% [markdown] label="what-next" tags=["next"]
# ## What next
#
# **Lesson 31** counts how many fall asleep in a month, and what it costs to replace them. Short of time: go to **lesson 32**, where somebody claims to have woken a hundred of them.

# %% [markdown] label="on-one-page" tags=["summary"]
# ## On one page
#
# **Claim.** The chance that a silent customer comes back falls steadily with the silence, so "asleep" begins where you draw a line for a reason.
#
# **Method.**
#
# 1. List every gap between two purchases of a customer, and mark the last one as still open.
# 2. Estimate the return curve with Kaplan-Meier: an open gap counts for as long as it was watched.
# 3. Draw three lines where the chance crosses levels that you chose beforehand, each with its interval.
#
# **Formula.** Chance to return within $h$ days after $d$ days of silence: $1 - S(d + h) / S(d)$, where $S$ is the share still away.
#
# **Code.**
#
# ```python
# threshold_intervals(return_curve(purchase_gaps(orders, today), horizon_days=75))
# ```
#
# **Where it fails.** The past has to be like the future, and a state is a guess about a customer, not a fact.
