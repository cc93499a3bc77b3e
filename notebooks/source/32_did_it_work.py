# %% [markdown] label="title" tables=["spring_calls", "wake_up_test", "truth/wake_up_test", "truth/spring_calls", "second_campaign", "orders", "offers"] names=["offers.offer: reminder", "offers.offer: personal call"] tags=["opening"]
# # Most of the customers "won back" were coming back anyway
#
# **After this lesson you can** tell a returning customer from a won one; check whether chance made two groups; read an experiment's result with its uncertainty; say before a test how many customers it needs; avoid four ways to fool yourself.
#
# **50 minutes to read, 65 minutes of exercises** · you need lesson 30 (sleep states) · you will meet: control group, randomisation, incremental effect, confidence interval, power, peeking, regression to the mean

# %% [markdown] label="directors-slide"
# ## The director's slide
#
# In March {company.year} {company.name}'s marketing team telephoned sleeping customers. The slide was made from this:

# %% label="imports"
import pandas as pd

import crmkit
from crmkit import reactivation
from crmkit.practice import check, hint, predict, quiz, reveal, solution
from crmkit.reactivation import explorers, plots
from crmkit.style import show

company = crmkit.company()
spring, offers = crmkit.load("spring_calls"), crmkit.load("offers").set_index("offer")
called = spring[spring["called"]]
cost = offers.loc["personal call", "cost"] * len(called)
print(f"{len(called)} called, {called['returned_60d'].sum()} of them back within 60 days")
print(f"their margin {company.money(called['margin_60d'].sum())}, the calls {company.money(cost)}")
show((100 * spring.groupby("called")["returned_60d"].mean()).round(1).to_frame("% back"))

# %% [markdown] label="look-says-teams-head-did"
# "The calls paid for themselves several times over. And look," says the team's head, "those whom we did *not* call hardly came at all!" It looks like proof. You are asked to sign the budget for a second round.

# %% [markdown] ask="32-c"

# %% label="predict-32-c"
predict("32-c", ...)

# %% [markdown] ask="32-a"

# %% label="predict-32-a"
predict("32-a", ...)

# %% [markdown] label="team-begun-customers-liked-talk"
# ## The called were different before the telephone rang

# %% label="spring-groupby-called"
show(spring.groupby("called")[["silent_days", "orders_before", "margin_year"]].median())

# %% label="reveal-32-a"
reveal("32-a")

# %% [markdown] label="chance-makes-groups-alike-one"
# **Many were on their way back before anyone dialled.** To see what the call did, we need a group that differs in *nothing but the call*. Choosing similar customers by hand is not enough: there is always one more trait that nobody wrote down. Only **chance** makes two groups alike in everything.
#
# ## Chance makes groups alike, and one can check it
#
# In January {company.next_year} the team did it properly. Everybody who had been silent for 60 days or more (the team's own lines: half-asleep from 120 days, asleep from 240) was assigned at random, within each state, to one of five **arms**: a reminder, a discount, a brochure of new products, a personal call, or **control**: nothing at all.

# %% label="known-before"
test = crmkit.load("wake_up_test")
known = ["silent_days", "orders_before", "average_order", "margin_year", "opens"]
january = reactivation.randomisation_check(test, known)
by_liking = reactivation.randomisation_check(spring.assign(arm=spring["called"].astype(str)), known)
both = pd.concat({"January": january.set_index("what"), "spring": by_liking.set_index("what")}, axis=1)
show(both.drop(columns="verdict", level=1).round(3))

# %% [markdown] label="largest-gap-largest-difference"
# `largest_gap` is the largest difference between two arms, in standard deviations. `p_value` says how often chance alone would make differences like these. Among five traits one low value means little; several mean something. In January the gaps are small. In spring the called differed in nearly everything that the team could see, most of all in how long they had been silent. The check finds only what you have measured.
#
# ## One difference, with an honest width
#
# By hand first: 20 customers are called and 8 return; of 20 controls 5 return. 40 % less 25 % are 15 percentage points: the **incremental effect**, what the call changed. How sure is it?

# %% label="by-hand"
effect, low, high = reactivation.share_difference(8, 20, 5, 20)
print(f"effect {100 * effect:+.0f} points, 95 % interval {100 * low:+.0f} to {100 * high:+.0f}")

# %% [markdown] label="interval-by-hand"
# The **confidence interval** says: with other random groups the estimate would differ; in 95 of 100 such tests the interval holds the truth. Forty customers tell next to nothing. Now all of January:

# %% label="effects"
effects = reactivation.effect_table(test, "returned_60d")
show(effects[["arm", "customers", "value", "control_value", "effect", "low", "high"]].round(3))

# %% label="plot-effects"
hidden = crmkit.load_truth("wake_up_test")
truth = reactivation.true_effects(test, hidden)
ax = plots.plot_effects(effects, truth=truth)
ax.set_title("Every offer wakes a few; chance blurs how many")
words = ", ".join(
    f"{r.arm} {100 * r.effect:+.1f} ({100 * r.low:+.1f} to {100 * r.high:+.1f}; truth {100 * truth[r.arm]:+.1f})"
    for r in effects.itertuples()
)
show(ax, alt=f"Percentage points more than control, with 95 % intervals: {words}.")

# %% [markdown] label="bar-confidence-interval-says-lot"
# The diamond is the truth, which only a simulated company can show. It lies inside the interval nearly always, and seldom in the middle. So what did the calls of spring truly do?

# %% label="drawer"
calls = spring.merge(crmkit.load_truth("spring_calls"), on="customer_id")
won = calls[calls["called"] & calls["won_if_called"]]
print(f"returners on the slide {called['returned_60d'].sum()}, of them won by the call {len(won)}")
print(f"margin of those won {company.money(won['margin_60d'].sum())}, the calls {company.money(cost)}")

# %% label="reveal-32-c"
reveal("32-c")

# %% [markdown] label="money-count-margin-won-alone"
# **Nobody lied. Everybody counted, and nobody compared.** Within 60 days the calls did not pay for themselves. (What the won spend later is not in the sum: a longer look may tell another story.)
#
# ## Each state has its own answer, and fewer customers to give it
#
# The plan is to choose an offer for each state:

# %% label="plot-effects-2"
per_state = reactivation.effect_table(test, by="state")
truths = reactivation.true_effects(test, hidden, by="state")
ax = plots.plot_effects(per_state, by="state", truth=truths)
ax.set_title("Cut into twelve, the same test tells little")
crossing = int(per_state["low"].le(0).sum())
width = (per_state["high"] - per_state["low"]).groupby(per_state["state"]).mean()
words = ", ".join(f"{100 * points:.0f} points for {state}" for state, points in width.items())
kept = int((per_state["p_adjusted"] < 0.05).sum())
show(ax, alt=f"Twelve effects with 95 % intervals: {crossing} reach zero. Mean width: {words}.")
print(f"{12 - crossing} of 12 stand out; after Holm's correction for twelve looks {kept}")

# %% [markdown] label="many-customers-test-need"
# A bar that reaches zero does **not** mean "the offer does nothing". It means "this test cannot tell". And among twelve looks some stand out by luck: `p_adjusted` allows for that.

# %% [markdown] ask="32-b"

# %% label="predict-32-b"
predict("32-b", ...)

# %% [markdown] label="power-before"
# ## Ask before the test how many customers it needs
#
# The **power** of a test is its chance to find an effect that is there. 80 % is usual.

# %% label="half"
for rise in (0.05, 0.025):
    print(f"10 % to {10 + 100 * rise:g} %: {reactivation.sample_size(0.10, rise):,} in each group")
half = test[test["state"] == "half-asleep"]["arm"].value_counts()
least = reactivation.detectable(0.10, half["reminder"], half["control"])
print(f"half-asleep, {half['reminder']} reminders and {half['control']} controls: {100 * least:.0f} points")

# %% label="reveal-32-b"
reveal("32-b")

# %% [markdown] label="sample-size-move"
# **Half the effect needs about four times as many customers.** The last line is the smallest rise that January finds four times in five among the half-asleep. Try to reach 80 %: what helps most?

# %% label="sample-size-explorer"
explorers.sample_size_explorer(base=0.12, customers=360, rise=0.05)

# %% [markdown] label="narrower"
# If you cannot get so many customers, test fewer arms, wait longer, or use what was known before. A regression takes out what is left of chance differences in those traits (**regression adjustment**). `width` is the new interval over the plain one:

# %% label="adjusted"
before = ["silent_days", "orders_before", "margin_year"]
adjusted = reactivation.adjusted_effects(test, "returned_60d", before)
show(adjusted[["arm", "plain_effect", "effect", "low", "high", "width"]].round(3))

# %% [markdown] label="four-ways-fool-yourself"
# Below 1 the interval is narrower, near 1 nothing is gained: these traits predict little. Never adjust for anything that the contact may have changed.
#
# ## Four ways to fool yourself
#
# **One: no control group.** You have seen it. **Two: peeking**, looking every evening and stopping when it is "significant". Here are 500 tests of an offer that does *nothing*:

# %% label="looks"
looks = reactivation.peeking(customers_a_day=20, days=50, base=0.1, effect=0.0, seed=1)
ax = plots.plot_peeking(looks, title="Anyone who peeks finds effects that are not there")
last = looks.iloc[-1]
show(
    ax,
    alt=f"Of tests of an offer that does nothing, {last['called_by_now']:.0%} look significant on at least one of 50 evenings, {last['called_today']:.0%} on the last evening alone, {last['called_by_sequence']:.0%} by a sequential test on any evening.",
)

# %% [markdown] label="decide-day-look-write-down"
# Choose the day on which you will look, write it down, look once. If you must look every evening, use a **sequential test** (`sequential_interval`): it raises a false alarm in at most 5 of 100 empty tests, however long they run. Its price is a wider interval.
#
# **Three: the best of many.** Take the three highest of January's twelve effects. In May there was another random test among the sleepers of that month. In percentage points:

# %% label="again"
again = reactivation.effect_table(crmkit.load("second_campaign"), by="state")
show((100 * reactivation.winners_again(per_state, again, truth=truths)).round(1))

# %% [markdown] label="go-through-three-one-one"
# What is chosen for being the highest has more luck in it than the rest, and luck does not repeat itself: over many such tests winners come down. In one company three may hold, and one alone still more easily, so a winner needs a second test. (`truth` is January's; May's customers are partly other people.)
#
# **Four: regression to the mean.** Group customers by how far their spending of three months lay from their usual one, do nothing, and wait three months:

# %% label="table"
show(reactivation.regression_to_the_mean(crmkit.load("orders"), split=f"{company.year}-07-01").round(0))

# %% [markdown] label="usual-before-after-customer-three"
# All amounts are {company.coins} a customer in three months. Group 1, far below its usual, recovers without any help. Group 5, far above, falls by about half. **Extremes are partly luck, and luck does not last.** Anyone who treats the worst group sees it recover.

# %% [markdown] label="turn"
# ## Your turn

# %% [markdown] ask="32-1"

# %% label="check-32-1"
check("32-1", ...)

# %% label="quiz-32"
quiz("32")

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - **An experiment answers for these customers, this offer, this season.**
# - **Returns are not profit.** In {company.coins} the intervals are far wider, because a few large orders decide. Lesson 33 works with returns, lesson 33b with {company.coins}.
# - **Sixty days end on the sixtieth.** A customer who came on day 50 instead of day 70 counts as won.
# - **A control group costs something**: those customers get nothing. That is the price of knowing.
# - **Never those who asked us not to.** Consent comes before every test.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - "How many came back?" is the wrong question. "How many more than without us?" needs a control group chosen at random.
# - An estimate without an interval is half a sentence.
# - Plan beforehand: the number of customers, the day of looking, the one comparison that counts.
# - Not significant is not the same as no effect; the best of twelve is not as good as it looks.

# %% [markdown] label="words-learnt" tags=["words"]
# ## Words learnt
#
# - **control group** 对照组: customers chosen at random who get nothing, to show what would have happened anyway
# - **randomisation** 随机分组: letting chance decide who gets what
# - **incremental effect** 增量效果: outcome with the offer less outcome without it
# - **confidence interval** 置信区间: range that would hold the truth in 95 of 100 such tests
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

# %% [markdown] label="on-one-page" tags=["summary"]
# ## On one page
#
# **Claim.** Only a control group chosen at random shows how many customers a campaign won; counting those who return does not.
#
# **Method.**
#
# 1. Before the test: compute how many customers each group needs, and write down the day and the number by which it is judged.
# 2. Let chance choose who gets nothing, and check that the groups were alike before.
# 3. On that day, subtract the share returned in the control group, and read the interval.
#
# **Formula.** Incremental effect $= \dfrac{\text{returned with the offer}}{\text{customers with it}} - \dfrac{\text{returned without}}{\text{customers without}}$
#
# **Code.**
#
# ```python
# effect_table(test, "returned_60d")
# ```
#
# **Where it fails.** It answers for these customers, this offer and this season, and returns are not profit.
