# %% [markdown] label="title" tables=["spring_calls", "wake_up_test", "truth/wake_up_test", "truth/spring_calls", "second_campaign", "orders"] tags=["opening"]
# # Most of the customers "won back" were coming back anyway
#
# **After this lesson you can** tell a returning customer from a won one; check whether chance made two groups; read an experiment's result with its uncertainty; say before a test how many customers it needs; name four ways to fool yourself.
#
# **45 minutes** · you need lesson 30 (sleep states) · you will meet: control group, randomisation, incremental effect, confidence interval, power, peeking, regression to the mean

# %% [markdown] label="directors-slide"
# ## The director's slide
#
# In March {company.year} {company.name}'s marketing team telephoned sleeping customers. Here is what the slide was made from:

# %% label="imports"
import pandas as pd

import crmkit
from crmkit.practice import check, hint, predict, quiz, solution
from crmkit.reactivation import (
    detectable,
    effect_table,
    peeking,
    randomisation_check,
    regression_to_the_mean,
    sample_size,
    uncontrolled_count,
)
from crmkit.reactivation.explorers import sample_size_explorer
from crmkit.reactivation.plots import plot_effects
from crmkit.style import axes, show

company = crmkit.company()
spring = crmkit.load("spring_calls")
called = spring[spring["called"]]
print(
    f"{len(called)} called, {called['returned_60d'].sum()} came back within 60 days ({called['returned_60d'].mean():.0%})"
)
print(
    f"margin {company.money(called['margin_60d'].sum())}, calls {company.money(7 * len(called))}: paid for itself {called['margin_60d'].sum() / (7 * len(called)):.1f} times over"
)

# %% [markdown] label="look-says-teams-head-did"
# "And look," says the team's head, "those whom we did *not* call hardly came at all":

# %% label="100-spring-groupby"
(100 * spring.groupby("called")["returned_60d"].mean()).round(1)

# %% [markdown] label="looks-like-proof-asked-sign" tags=["predict"]
# That looks like proof. You are asked to sign the budget for a second round.
#
# > **Predict.** Who was called? Write down one way in which the called customers may have differed from the others *before* the telephone rang.

# %% label="predict-32-a"
predict("32-a", ...)

# %% label="spring-groupby-called"
spring.groupby("called")[["silent_days", "orders_before", "margin_year"]].median()

# %% [markdown] label="team-begun-customers-liked-talk"
# The team had begun with the customers it liked to talk to: silent for a shorter time, with more orders behind them. From lesson 30 you know what that means. **Many were on their way back before anyone dialled.** To see what the call did, we need a group that differs in *nothing but the call*. Matching them by hand will not do: there is always one more thing that nobody wrote down. Only one thing makes two groups alike in everything: **chance**.

# %% [markdown] label="chance-makes-groups-alike-one"
# ## Chance makes groups alike, and one can check it
#
# In January {company.next_year} the team ran it again, properly. Everybody who had been silent for 60 days or more (the team's own lines: half-asleep from 120 days, asleep from 240) was drawn by lot, within each state, into one of five **arms**: a reminder, a discount, a brochure of new products, a personal call, or **control**: nothing at all.

# %% label="test"
test = crmkit.load("wake_up_test")
test.groupby(["state", "arm"]).size().unstack()

# %% label="known-before"
known_before = ["silent_days", "orders_before", "average_order", "margin_year", "opens"]
by_lot = randomisation_check(test, known_before)
by_liking = randomisation_check(spring.assign(arm=spring["called"].astype(str)), known_before)
pd.concat({"January test": by_lot, "spring calls": by_liking}).round(3)

# %% [markdown] label="largest-gap-largest-difference"
# `largest_gap` is the largest difference between two arms, in standard deviations. `p_value` says how often a lot alone would make differences like these. With five traits to look at, one low value is no alarm by itself; several are. In the test the gaps are about as small as chance would have them. In spring the called differed in nearly everything that the team could see, and most of all in how long they had been silent. (And in `opens`, which it could not see, hardly at all. The check finds what you have measured. It cannot find what you have not.)

# %% [markdown] label="one-difference-honest-width"
# ## One difference, with an honest width
#
# Now the comparison is simple. Share returned in the arm, less share returned in the control group. That is the **incremental effect**: what the offer changed.

# %% label="effects"
effects = effect_table(test, "returned_60d")
effects[["arm", "customers", "value", "control_value", "effect", "low", "high"]].round(3)

# %% label="plot-effects"
truth = crmkit.load_truth("wake_up_test")
columns = {arm: "effect_" + arm.replace(" ", "_") for arm in effects["arm"]}
true_effect = {arm: truth[column].mean() for arm, column in columns.items()}
ax = plot_effects(effects, truth=true_effect)
ax.set_title("Every offer wakes a few; chance blurs how many")
words = ", ".join(
    f"{r.arm} {100 * r.effect:+.1f} ({100 * r.low:+.1f} to {100 * r.high:+.1f}; truth {100 * true_effect[r.arm]:+.1f})"
    for r in effects.itertuples()
)
show(ax, alt=f"Percentage points more than control, with 95 % intervals: {words}.")

# %% [markdown] label="bar-confidence-interval-says-lot"
# The bar is the **confidence interval**. It says: had the lot fallen otherwise, the estimate would have come out elsewhere; in 95 of 100 such tests the interval catches the truth. The diamond *is* the truth, which only {company.name}'s drawer knows. It lies inside nearly always, and seldom in the middle.
#
# So what did calling truly do? Not what the slide said:

# %% label="drawer"
drawer = spring.merge(crmkit.load_truth("spring_calls"), on="customer_id")
won = drawer.loc[drawer["called"], "won_if_called"].mean()
slide = uncontrolled_count(spring, won)
print(
    f"counted on the slide: {slide['counted']:.0f} returners; truly won by the call: {slide['won']:.0f}"
)
print(f"the count overstates the campaign {slide['count_factor']:.1f} times")
print(
    f"the comparison with those not called still overstates it {slide['difference_factor']:.1f} times"
)

# %% [markdown] label="money-count-margin-won-alone"
# And the money? Count the margin of the won alone:

# %% label="margin"
margin = drawer.loc[drawer["called"] & drawer["won_if_called"], "margin_60d"].sum()
print(f"margin of those truly won: {company.money(margin)}; the calls cost {company.money(7 * len(called))}")

# %% [markdown] label="each-state-own-answer-fewer"
# Compare the two sums. Within 60 days the calls that "paid for themselves" several times over brought far less than the slide said. (What the won spend after day 60 is not in the sum: a longer look may tell another story.) Nobody lied. Everybody counted, and nobody compared.
#
# ## Each state has its own answer, and fewer customers to give it
#
# The plan is to choose an offer per state. So look at each state by itself:

# %% label="plot-effects-2"
per_state = effect_table(test, by="state")
true_mean = (
    test[["customer_id", "state"]].merge(truth).groupby("state")[list(columns.values())].mean()
)
truths = {(r.state, r.arm): true_mean.loc[r.state, columns[r.arm]] for r in per_state.itertuples()}
ax = plot_effects(per_state, by="state", truth=truths)
ax.set_title("Cut into twelve, the same test tells little")
crossing = per_state["low"].le(0).sum()
show(
    ax,
    alt=f"Twelve effects by state and offer with 95 % intervals: {crossing} of them cross zero, and all are much wider than before. The drowsy have the widest.",
)

# %% [markdown] label="many-customers-test-need" tags=["predict"]
# Many bars cross zero. That does **not** mean "the offer does nothing": it means "this test cannot tell nothing from something". And among twelve looks some stand out by luck: choosing the best one and believing its height is the next way to be fooled. The column `p_adjusted` of `per_state` allows for the twelve looks (Holm's method): compare it with .05, not `p_value`.
#
# ## How many customers does a test need?
#
# Ask *before*. A test has a **power**: the chance to find an effect if it is there. 80 % is what one usually asks for.
#
# > **Predict.** One customer in ten comes back by himself. You hope to raise that to 15 in a hundred. How many customers do you need in each group? And for 12 in a hundred?

# %% label="predict-32-b"
predict("32-b", ...)

# %% label="half"
print(
    f"from 10 % to 15 %: {sample_size(0.10, 0.05):,} in each group;  from 10 % to 12 %: {sample_size(0.10, 0.02):,}"
)
half = test[test["state"] == "half-asleep"]
n1, n0 = (half["arm"] == "reminder").sum(), (half["arm"] == "control").sum()
print(
    f"half-asleep, {n1} with a reminder against {n0} controls: finds a rise of {100 * detectable(0.10, n1, n0):.0f} points four times in five, smaller ones less often"
)

# %% label="sample-size-explorer"
sample_size_explorer(base=0.12, customers=360, rise=0.05)

# %% [markdown] label="four-ways-fool-yourself"
# Halve the effect, and you need about four times as many customers. That is not a matter of software. Who cannot afford such numbers can still do three things: test fewer arms, wait longer, or ask a question whose answer would be large.
#
# ## Four ways to fool yourself
#
# **One: no control group.** You have seen it. **Two: peeking.** Look every evening and stop when it is "significant". Here are 500 tests of an offer that does *nothing*:

# %% label="looks"
looks = peeking(customers_a_day=20, days=50, base=0.1, effect=0.0, seed=1)
ax = axes()
ax.plot(
    looks["day"], 100 * looks["called_by_now"], label="stopped at the first “significant” evening"
)
ax.plot(looks["day"], 100 * looks["called_today"], label="looked once, on that day")
ax.plot(looks["day"], 100 * looks["called_by_sequence"], label="looked every evening, with a sequential test")
ax.set(
    title="Who peeks finds effects that are not there",
    xlabel="day of the test",
    ylabel="% of empty tests called a success",
    ylim=(0, 40),
)
_, last = ax.legend(), looks.iloc[-1]
show(
    ax,
    alt=f"Of tests of an offer that does nothing, {last['called_by_now']:.0%} look significant on at least one of 50 evenings, {last['called_today']:.0%} on the last evening alone, {last['called_by_sequence']:.0%} by a sequential test on any evening.",
)

# %% [markdown] label="decide-day-look-write-down"
# Decide the day on which you will look, write it down, look once. If you must look every evening, use an interval made for it: the **sequential test** (`sequential_interval`) raises a false alarm in at most 5 of 100 empty tests, however long they run. Its price is width. **Three: the best of many.** Take the three highest of the twelve effects by state and offer in January. In May the team drew lots again, among the sleepers of that month. What became of the three winners?

# %% label="again"
again = effect_table(crmkit.load("second_campaign"), by="state")[["state", "arm", "effect"]]
best = per_state.nlargest(3, "effect").merge(again, on=["state", "arm"], suffixes=("", "_in_may"))
best["truth"] = [truths[(r.state, r.arm)] for r in best.itertuples()]
best = best.set_index(["state", "arm"])[["effect", "effect_in_may", "truth"]]
print((100 * best).round(1))
print(
    f"mean of the three: {', '.join(f'{n} {100 * v:.1f}' for n, v in best.mean().items())} points"
)

# %% [markdown] label="go-through-three-one-one"
# Go through the three, one by one: which holds in May, which falls? Then look at the drawer's column. Where `truth` is far below `effect`, January was lucky, and luck does not come along next time; where it is not, the offer had earned its height. Who is chosen for being the highest has more luck in it than the others, so that on average winners come down. Without a drawer nobody can tell which is which: a winner needs a second test, and May is only one more throw of the same dice. (`truth` is January's. May's customers are partly other people, and some are tired of being contacted: lesson 34.)
#
# **Four: regression to the mean.** Take customers who have just bought much less than usual, do nothing at all, and wait:

# %% label="table"
table = regression_to_the_mean(crmkit.load("orders"), split=f"{company.year}-07-01", months=3)
table.round(0)

# %% [markdown] label="usual-before-after-customer-three"
# `usual`, `before` and `after` are {company.coins} a customer in three months, and the groups are fifths by how far `before` lay from `usual`; all of them are customers of more than a year. Group 1 bought far less than usual in the three months before. In the three months after, it spends about twice as much. Nobody has called. Group 5, the best, loses about half. **Extremes are partly luck, and luck does not last.** Whoever treats the worst group sees it recover; whoever scolds the best sees that scolding ruins people. Both have seen the calendar.

# %% [markdown] label="turn"
# ## Your turn
#
# **32-1** By how many percentage points did the personal call raise the share who returned within 60 days in the January test (`wake_up_test`), all states together? Put your answer in place of the dots; the other questions of this lesson are in its exercises.

# %% label="check-32-1"
check("32-1", ...)

# %% label="quiz-32"
quiz("32")

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - **An experiment answers for these customers, this offer, this season.** It says nothing yet about calling twice as many, or the same ones again.
# - **Returns are not profit.** In {company.coins} the intervals are far wider still, because a few large orders decide. Lesson 33 works with both.
# - **Sixty days end on the sixtieth.** Who was going to come on day 70 and came on day 50 counts as won.
# - **A control group costs something**: those customers get nothing. It is the price of knowing, and it can be small.
# - **Never those who asked us not to.** Consent comes before every lot.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - "How many came back?" is the wrong question. "How many more than without us?" needs a control group drawn by lot.
# - An estimate without an interval is half a sentence.
# - Plan the number of customers before, the day of looking before, and the one comparison that counts before.
# - Not significant is not the same as no effect; the best of twelve is not as good as it looks.

# %% [markdown] label="words-learnt" tags=["words"]
# ## Words learnt
#
# - **control group** 对照组: customers drawn by lot who get nothing, to show what would have happened anyway
# - **randomisation** 随机分组: letting chance decide who gets what
# - **incremental effect** 增量效果: outcome with the offer less outcome without it
# - **confidence interval** 置信区间: range that would catch the truth in 95 of 100 such tests
# - **power** 检验功效: chance that a test finds an effect that is there
# - **peeking** 偷看结果: looking again and again and stopping when it suits
# - **regression to the mean** 向均值回归: extremes are followed by something more ordinary, without any cause

# %% [markdown] label="on-your-own-data" tags=["own-data"]
# ## On your own data
#
# You need the list of the campaign, one row per customer, with `arm` (one of them `control`) and what you knew before. What happened after can be counted from the orders, for everybody on the list, the control group included. `follow_up` refuses if your orders end before the days are over.
#
# ```python
# import pandas as pd
# from crmkit.reactivation import effect_table, follow_up, randomisation_check
#
# orders, report = crmkit.read_orders("my_orders.csv")
# campaign = pd.read_csv("my_campaign.csv", dtype={"customer_id": str})
# start, days = "2024-03-01", 60
# seen = follow_up(campaign, orders, start, days)
# print(randomisation_check(seen, ["orders_before"]))
# print(effect_table(seen, f"returned_{days}d"))
# ```
#
# If chance did not decide who was contacted, no line of code repairs that: plan the next campaign so that it does.

# %% [markdown] label="what-next" tags=["next"]
# ## What next
#
# The averages hide people: some were won, some would have come anyway, some were annoyed. **Lesson 33** asks whom to wake, and whom to let sleep.
