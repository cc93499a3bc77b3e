# %% [markdown] label="title" tables=["orders", "truth/sleep_states"] tags=["opening"]
# # Nobody says goodbye to a shop: silence has to be read
#
# **After this lesson you can** read a return curve; treat a customer whose story is not over yet as just that; draw the lines between awake, drowsy, half-asleep and asleep from behaviour; compare your lines with everybody's 90 days; list the good customers who are slipping away.
#
# **45 minutes** · you need lesson 20 (who brings the profit) · you will meet: drowsy, half-asleep, asleep, gap, return curve, right censoring, at-risk list

# %% [markdown] label="best-customer-never-said-goodbye"
# ## The best customer who never said goodbye
#
# {company.name}'s marketing team has a rule: *who has bought nothing for 90 days is lost.* Nobody remembers who made it. One morning the shop in the high street rings up: "Our best customer has not been in for ages. Lost?" Look the customer up.

# %% label="imports"
import numpy as np
import pandas as pd

import crmkit
from crmkit.practice import check, hint, predict, quiz, solution
from crmkit.reactivation import (
    FIXED_RULES,
    at_risk,
    compare_rules,
    naive_return_share,
    purchase_gaps,
    return_curve,
    rhythm_gaps,
    silence,
    state_on,
    thresholds_by_return,
)
from crmkit.reactivation.explorers import threshold_explorer
from crmkit.reactivation.plots import plot_return_curve
from crmkit.style import show

company = crmkit.company()
orders, today = crmkit.load("orders"), company.end
quiet = silence(orders, today).set_index("customer_id")
star = at_risk(orders, today)["customer_id"].iloc[0]
quiet.loc[[star]]

# %% [markdown] label="one-measurement-everybody-gap"
# One row, three facts. `silent_days` is how long ago the last purchase was. `purchase_days` is on how many days this customer has bought. `usual_days` is the usual distance between two purchases: the customer's own **rhythm**. Someone who
# used to come every week or two, and has now been silent for months, has not said goodbye. There is only silence, and that is all that a company ever sees of a customer who leaves.
#
# ## One measurement for everybody: the gap
#
# A **gap** is the time between two purchases. Every customer has one gap that is not over: the one that is running today.

# %% label="gaps"
gaps = purchase_gaps(orders, today)
gaps[gaps["customer_id"] == star].tail(4)

# %% [markdown] label="last-row-different-returned-false" tags=["predict"]
# The last row is different. `returned` is False: the gap is at least that long, and nobody knows how long it will be in the end. Statisticians call it **right-censored**: the story was cut off by the calendar, not by the customer.
#
# > **Predict.** You want to know which share of customers comes back within 90 days. What happens to your answer if you simply leave out all gaps that are still open: too high, too low, or about right?

# %% label="predict-30-a"
predict("30-a", ...)

# %% label="naive-return-share"
(100 * naive_return_share(gaps, 90)).round(1)

# %% [markdown] label="longer-silence-smaller-chance"
# Three ways to count, three answers. *Leaving the open gaps out* keeps only stories with a happy end: too high. *Counting them as lost* is too low, because some of them began last week. The third uses each open gap for exactly as long as it was watched, and not a day longer.
# That is the **Kaplan-Meier estimate**, invented in 1958 for patients who moved away before the study was over. Your customers do the same.
#
# ## The longer the silence, the smaller the chance
#
# Now the question a shop really has. Someone has been silent for *d* days: how likely is a purchase within the next 75 days? (Why 75? It takes {company.name} a fortnight to prepare a campaign, and it looks 60 days for an answer. Whoever returns within that time needs no campaign.)

# %% label="curve"
curve = return_curve(gaps, horizon_days=75)
curve[curve["silent_days"].isin([0, 30, 60, 90, 180, 360])].round(3)

# %% label="plot-return-curve"
at = curve.set_index("silent_days")["chance"]
ax = plot_return_curve(curve[curve["silent_days"] <= 500], horizon_days=75)
ax.set_title("After half a year of silence few come back by themselves")
show(
    ax,
    alt=f"Chance to buy within 75 days: {at[0]:.0%} right after a purchase, {at[90]:.0%} after 90 days of silence, {at[180]:.0%} after 180, {at[360]:.0%} after 360. The curve falls steeply, then levels out.",
)

# %% [markdown] label="return-curve-no-cliff-90"
# This is a **return curve**. There is no cliff in it at 90 days, or anywhere. Customers do not fall off an edge; they doze off. So where does "asleep" begin? Wherever *you* draw a line, and the curve says what the line means.

# %% [markdown] label="draw-lines-where-chance-says"
# ## Draw the lines where the chance says so
#
# We ask for three lines, and we choose them before looking at anything else: **drowsy** (瞌睡) when coming back is less likely than not; **half-asleep** (半睡) below one in four; **asleep** (沉睡) below one in ten.

# %% label="lines"
lines = thresholds_by_return(curve, levels=(0.5, 0.25, 0.1))
lines

# %% label="states"
states = lines.state(quiet["silent_days"])
states.value_counts().reindex(["awake", "drowsy", "half-asleep", "asleep"])

# %% [markdown] label="largest-group-file-asleep-file"
# The largest group in {company.name}'s file is asleep, and the file counts every one of them as a customer. Who are they? Many never became regulars:

# %% label="once"
once = (quiet.loc[states == "asleep", "purchase_days"] == 1).mean()
print(f"of those we call asleep, {once:.0%} have bought on one single day")

# %% [markdown] label="better-than-90-days-ask" tags=["predict"]
#
# ## Was that better than 90 days? Ask the truth
#
# In a real company the story would end here. At {company.name} there is a drawer: the simulation wrote down each customer's state on every day. Against it we hold our three lines, and eight rules made of 30, 60, 90 and 180 days: each day as a single line (awake before it, asleep after it), and each three of them as a ladder.
#
# > **Predict.** How many customers in a hundred are put into their true state by the rule "90 days and lost"? And by our three lines?

# %% label="predict-30-b"
predict("30-b", ...)

# %% label="truth"
truth = state_on(crmkit.load_truth("sleep_states"), today)
rules = {name: rule.state(quiet["silent_days"]) for name, rule in FIXED_RULES.items()}
table = compare_rules({**rules, "from the curve": states}, truth)
table.round(3)

# %% [markdown] label="read-columns-care-because-each"
# Read the columns with care, because each tells another story. `right` is the share of customers in their true state. But half of all customers are asleep, so a rule can shine there by calling too many asleep. `even` is fairer: the share right *in each state*, averaged over the four. `steps_off` says how far off a rule is on average (taking
# an awake customer for one asleep is three steps). `kappa` counts steps too, and gives nothing for lucky guesses: 1 is perfect, 0 is chance.

# %% label="best-fixed"
best_fixed = table.drop("from the curve")[["even", "kappa", "right"]].max()
ours = table.loc["from the curve"]
for name in ("kappa", "even", "right"):
    gap = ours[name] - best_fixed[name]
    print(
        f"{name:>6}: from the curve {ours[name]:.3f}, best of the eight fixed rules {best_fixed[name]:.3f} ({gap:+.3f})"
    )
print(
    f"beats every fixed rule on kappa and even: {bool((ours[['kappa', 'even']] > best_fixed[['kappa', 'even']]).all())}"
)

# %% [markdown] label="lead-kappa-small-would-last"
# The lead in `kappa` is small. Would it last with other customers of the same kind? Draw as many again from the five thousand, with replacement, a hundred times, and compare the curve with the best ladder each time:

# %% label="ladder"
ladder = table.drop("from the curve")["kappa"].idxmax()
pair, rng, lead = {"curve": states, "ladder": rules[ladder]}, np.random.default_rng(1), []
for _ in range(100):
    drawn = rng.choice(truth.index, len(truth))
    again = {name: state[drawn].reset_index(drop=True) for name, state in pair.items()}
    kappa = compare_rules(again, truth[drawn].reset_index(drop=True))["kappa"]
    lead.append(kappa["curve"] - kappa["ladder"])
low, high = np.quantile(lead, [0.025, 0.975])
print(f"lead over {ladder} in kappa: 95 of 100 draws between {low:+.3f} and {high:+.3f}")

# %% [markdown] label="lead-hang-our-75-days"
# Does the lead hang on our 75 days? The same three levels with a shorter and a longer look ahead:

# %% label="thresholds-return"
for horizon in (60, 75, 90):
    other = thresholds_by_return(return_curve(gaps, horizon))
    kappa = compare_rules({"other": other.state(quiet["silent_days"])}, truth)["kappa"].iloc[0]
    days = "/".join(f"{day:.0f}" for day in other.cuts)
    print(
        f"{horizon} days ahead: lines at {days}, kappa {kappa - best_fixed['kappa']:+.3f} to the best fixed rule"
    )

# %% [markdown] label="move-lines-yourself"
# Three things to take from that. The curve's lines are level with the best ladder or ahead of it by little where all four states count (`kappa`, `even`), and the lead hangs on the horizon: it is worth something only because the 75 days came from what a campaign takes, before anybody looked. The famous "90 days" is far behind there: it knows only two states. And the ladder 60/90/180 comes close, in plain `right` it is ahead of us: **but you know which ladder that is only because you have looked into the drawer.** The curve needed no drawer. In another company, with another rhythm, another ladder may be the best; the curve moves along. (With data of your own class the race between the curve and the best ladder can go the other way by a hair. The cells above say which.)
#
# ## Move the lines yourself
#
# The dashed lines are the thresholds. Watch two things: how many customers fall where, and how many of them rightly. Can you beat the curve's lines now that you can see the truth? By how much?

# %% label="threshold-explorer"
threshold_explorer(curve, quiet["silent_days"], truth, lines)

# %% [markdown] label="one-rhythm-not-fit-all"
# However you drag, a good part of the customers stays in the wrong state. That is not your fault: an awake customer who happens to be on holiday and a drowsy one look alike from outside. **A state is a bet on a person, not a fact about them.**
#
# ## One rhythm does not fit all. Or does it?
#
# "Two weeks of silence is nothing for one customer and a farewell from another." It sounds convincing: measure silence in units of each customer's own rhythm. A claim like that is for testing.

# %% label="own"
own = rhythm_gaps(orders, today)
rhythm_curve = return_curve(own, 1, length="rhythm", step=0.05)
rhythm_lines = thresholds_by_return(rhythm_curve)
by_rhythm = rhythm_lines.state(quiet["rhythm"])
compare_rules({"days": states, "own rhythm": by_rhythm}, truth).round(3)

# %% [markdown] label="own-rhythm-worse-only-rhythm"
# At {company.name} the own rhythm does *worse*. Is it only that a rhythm has to be learnt, and most customers have bought too few times to show one? Then it should win among those who have bought on more than twenty days:

# %% label="many"
many = quiet.index[quiet["purchase_days"] > 20]
rows = {}
for horizon in (0.5, 0.75, 1):
    ahead = thresholds_by_return(return_curve(own, horizon, length="rhythm", step=0.05))
    guess = ahead.state(quiet["rhythm"])[many]
    both = compare_rules({"days": states[many], "own rhythm": guess}, truth[many])
    rows[f"{horizon} rhythms ahead"] = both["kappa"]
pd.DataFrame(rows).T.round(3)

# %% [markdown] label="not-either-noise-not-whole"
# Each row looks another distance ahead, in units of the own rhythm. How the two ways compare depends on that distance, which is a choice of ours. So this comparison settles nothing for the frequent buyers: a claim that turns round with a setting is not a finding. For all customers together, days did better here. In your company it may be otherwise, and without a drawer you cannot run this comparison, so distrust anyone who is sure. What does matter here is a difference between groups, where many speak for one:

# %% label="plot-return-curve-2"
gaps["bought"] = np.where(gaps["number"] == 1, "once so far", "more often")
by_group = return_curve(gaps, 75, by="bought", at_most=400)
ax = plot_return_curve(by_group, by="bought", horizon_days=75)
ax.set_title("After one purchase silence means goodbye much sooner")
month = by_group[by_group["silent_days"] == 30].set_index("bought")["chance"]
show(
    ax,
    alt=f"Two return curves. After 30 days of silence, those who have bought once come back with {month['once so far']:.0%}, those who have bought more often with {month['more often']:.0%}.",
)

# %% [markdown] label="rule-thumb-formerly-high-value"
# The second purchase is the one that makes a customer. Who has bought once and then been silent for a month is already where a regular is much later.
#
# ## A rule of thumb: "formerly high value, nothing for three months: call"
#
# This list is what the shop's manager wanted in the first place. Customers in the top fifth by margin, silent for 91 days or more:

# %% label="listed"
listed = at_risk(orders, today, silent_days=91, top_share=0.2)
print(
    f"{len(listed)} customers, who brought {company.money(listed['margin'].sum())} of margin in three years"
)
truth.reindex(listed["customer_id"]).value_counts(normalize=True).round(2)

# %% [markdown] label="rule-finds-people-worth-call"
# The rule finds people worth a call, and it finds them late: the largest part of the list is already fast asleep. Three months is a long time for somebody who came every week. How early could one ask?

# %% label="order"
order = ["awake", "drowsy", "half-asleep", "asleep"]
found = {}
for days in (45, 91, 180):
    who = at_risk(orders, today, silent_days=days)["customer_id"]
    found[days] = truth.reindex(who).value_counts().reindex(order, fill_value=0)
pd.DataFrame(found).rename_axis("true state").rename_axis("silent for at least (days)", axis=1)

# %% [markdown] label="ask-45-days-list-grows"
# Ask at 45 days, and the list grows: most of what comes on top is awake or drowsy, people of whom many would have come anyway. Ask at 180 days, and some four in five of the list are asleep. Early and wrong, or late and right: which is cheaper depends on what a call costs and what it wins. Lesson 32 measures the second.

# %% [markdown] label="turn"
# ## Your turn
#
# **30-1** On 31 December {company.year}, which share of all customers who have ever ordered has been silent for more than 90 days, in per cent? Put your answer in place of the dots; the other questions of this lesson are in its exercises.

# %% label="check-30-1"
check("30-1", ...)

# %% label="quiz-30"
quiz("30")

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - **A curve speaks of gaps, not of people.** Someone with fifty purchases has fifty gaps in it. Its band therefore draws whole customers anew, not single gaps.
# - **The past has to be like the future.** After a new rival opens next door, last year's curve describes another town. Draw it anew each season.
# - **Seasons.** Who buys plants every April is not asleep in December.
# - **A state is not a plan.** That a customer is asleep does not say that waking pays. About half of the sleepers here came only once: perhaps for one thing, and content with it.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - Silence is all you see; the return curve says what it means.
# - An open gap counts for as long as it was watched: neither left out nor lost.
# - Draw the lines where the chance to return crosses a level that you chose for a reason, not at a round number.
# - Measure a rule before you trust it. "90 days" is far from the best where all four states count, and a clever-sounding refinement of our own did not win for all customers together.

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
# Your own lines between awake, drowsy, half-asleep and asleep. `today` should be the last day that your file covers completely. Choose the horizon from what *your* campaign takes: how long after a contact do you wait for an answer?
#
# ```python
# from crmkit.reactivation import at_risk, purchase_gaps, return_curve, silence, thresholds_by_return
# from crmkit.reactivation.plots import plot_return_curve
#
# orders, report = crmkit.read_orders("my_orders.csv")
# money, horizon = "margin" if "margin" in orders else "turnover", 75
# try:
#     curve = return_curve(purchase_gaps(orders), horizon_days=horizon)
#     plot_return_curve(curve, horizon_days=horizon)
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
