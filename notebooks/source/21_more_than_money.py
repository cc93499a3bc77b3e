# %% [markdown] label="title" tables=["engagement", "customers", "orders", "cost_to_serve", "truth/customers"] tags=["opening"]
# # The list of the largest customers leaves out many who would be missed
#
# **After this lesson you can** rank customers by what they pay and by what else they bring; put money and reviews on one scale; combine two rankings with weights that everyone can see; say which names depend on the weights; put a price on a referral and doubt it.
#
# **45 minutes** · you need lesson 20 · you will meet: turnover ranking, non-monetary value, percentile score, weight, sensitivity, advocate

# %% [markdown] label="two-guest-lists-one-evening" tags=["predict"]
# ## Two guest lists for one evening
#
# {company.name} celebrates. The hall holds one guest for every twenty customers, and "our most important customers" are to be invited. Sales has a list: those with the largest turnover. The woman who runs the customer forum has another: those who write the reviews that others read, answer strangers' questions at midnight, and bring their neighbours along. She
# says: *"Without these people the forum is empty. Yours are only rich."*
#
# > **Predict.** Of a hundred names on one list, how many are on the other list as well?

# %% label="predict-21-a"
import numpy as np
import pandas as pd

import crmkit
from crmkit.practice import check, hint, predict, quiz, reveal, solution
from crmkit.style import show
from crmkit.value import customer_profit, engagement_summary, holdout_split, list_stability
from crmkit.value import percentile_score, ranking, top_list, top_share, weight_sensitivity
from crmkit.value import weighted_score
from crmkit.value.explorers import weight_explorer
from crmkit.value.plots import plot_weight_sensitivity

company = crmkit.company()
predict("21-a", ...)

# %% [markdown] label="customers-bring-besides-money-counted"
# ## What customers bring besides money can be counted
#
# One row per customer and year: log-ins, reviews written, new customers introduced, answers to other customers' questions. We add up the years, and keep everybody, also those who did nothing.

# %% label="engagement"
engagement = crmkit.load("engagement")
customers = crmkit.load("customers")
deeds = engagement_summary(engagement, customers)
profits = customer_profit(crmkit.load("orders"), crmkit.load("cost_to_serve"), customers)
people = profits.merge(deeds, on="customer_id")
(deeds[["reviews", "referrals", "help_given"]] > 0).mean().round(2)

# %% label="top-share"
pd.Series(
    {
        column: top_share(people[column], 0.05)
        for column in ["turnover", "reviews", "referrals", "help_given"]
    }
).round(2)

# %% [markdown] label="money-reviews-cannot-added-places"
# The second table says what share comes from the most active 5 %. Referrals are in fewer hands than money is: most customers have never brought anybody, and a few have brought several. Somebody who brings others is an **advocate** (口碑传播者). Marketplaces live on such deeds: there the marks of buyers, and not turnover alone, decide which seller is shown first, and hosts get a title for them.
#
# ## Money and reviews cannot be added, places can
#
# The **turnover ranking** (营业额排位法) is easy: sort by turnover. The **non-monetary value ranking** (非货币价值排位法) has a difficulty: is a review worth as much as an answer at midnight? And how do you add three reviews to {company.symbol}400? The usual way out: give each customer, for each measure, the share of the customers that they stand above.
# This **percentile score** (百分位得分) runs from 0 to 100, whatever was measured. Equals get the same.

# %% label="few"
few = people.nlargest(3, "referrals")[["customer_id", "referrals", "turnover"]]
few.assign(
    referrals_score=percentile_score(people["referrals"]),
    turnover_score=percentile_score(people["turnover"]),
).round(1)

# %% label="not-money"
not_money = {"reviews": 1, "referrals": 2, "help_given": 1}
ranking(people, not_money, top=5).round(1)

# %% [markdown] label="referral-counts-twice-why-twice"
# Here a referral counts twice. Why twice? Because somebody said so. A **weight** (权重) is a value judgement in the shape of a number; the least one can do is to write it where all can see it.

# %% label="reveal-21-a"
guests = len(people) // 20
people["not_money"] = weighted_score(people, not_money)
rich = set(people.loc[top_list(people["turnover"], guests), "customer_id"])
helpful = set(people.loc[top_list(people["not_money"], guests), "customer_id"])
print(f"{guests} guests; on both lists: {len(rich & helpful)}")
reveal("21-a", round(100 * len(rich & helpful) / guests))

# %% label="people-assign-guest"
people.assign(
    guest=people["customer_id"].isin(rich).map({True: "rich list", False: ""})
    + people["customer_id"].isin(helpful).map({True: " forum list", False: ""})
).groupby("guest")[["turnover", "profit", "reviews", "referrals", "help_given"]].mean().round(1)

# %% [markdown] label="weights-decide-ask-names-depend"
# The two lists share few names. Yet the people on the forum list are no paupers: their turnover lies well above that of those on neither list. So both colleagues have a case, and neither list is the answer.
#
# ## Weights decide, so ask which names depend on them
#
# Combine the two rankings: so much weight for money, the rest for everything else. Nobody knows the right split. But one can look at what happens when it moves.

# %% label="plot-weight-sensitivity"
steps = weight_sensitivity(people, {"turnover": 1}, not_money, top=guests)
ax = plot_weight_sensitivity(steps, guests)
ax.set_title("A little weight on other things changes much of the list")
first = steps.set_index("second_share")["still_of_first"]
show(
    ax,
    alt=f"With a weight of 20 % on what is not money {first.iloc[2]} of the {guests} largest customers are still on the list, with 50 % {first.iloc[5]}.",
)

# %% [markdown] label="steep-beginning-plain-reason-top"
# The steep beginning has a plain reason: at the top of the turnover ranking all have nearly the same percentile score, so a small push from elsewhere reorders them. Percentiles are fair in the middle and blunt at the top. That is a property of the scale and not of the customers. (You could score money by money instead; then one giant decides everything.)
#
# Now your own weights. Find a setting under which you would defend the list before both colleagues:

# %% label="weight-explorer" tags=["nbval-ignore-output"]
weight_explorer(people, ["reviews", "referrals", "help_given"], top=guests)

# %% [markdown] label="better-question-than-weights-right"
# A better question than "which weights are right" is "**who is on the list whatever the weights?**" Draw weights at random around the chosen ones, five hundred times, and count for each customer how often they make it.

# %% label="chosen"
chosen = {"turnover": 4, "reviews": 1, "referrals": 2, "help_given": 1}
stable = list_stability(people, chosen, top=guests, seed=21)
on_list = stable[stable["on_list"]]
print(f"on the list in at least 95 % of the draws: {(on_list['share_of_draws'] >= 0.95).sum()}")
print(f"on the list, but in less than half of the draws: {(on_list['share_of_draws'] < 0.5).sum()}")
print(
    f"not on the list, but in more than a third of the draws: {((~stable['on_list']) & (stable['share_of_draws'] > 1 / 3)).sum()}"
)

# %% [markdown] label="invite-first-group-without-discussion"
# Invite the first group without discussion. About the others a person should decide who knows them. This habit, to move what one has chosen and see whether the answer moves, is called **sensitivity** analysis (敏感性), and it belongs under every ranking.

# %% label="check-21-1"
answer = ...  # share of the referrals by customers below the median turnover, in %
check("21-1", answer)

# %% [markdown] label="referral-worth-rule-thumb-put"
# ## What is a referral worth? A rule of thumb is put on the scales
#
# *"Customers who come through a friend are worth more."* The data have a column for it.

# %% label="channel"
people["came_by"] = people["customer_id"].map(
    customers.set_index("customer_id")["acquisition_channel"]
)
people["kind"] = people["customer_id"].map(customers.set_index("customer_id")["kind"])
by_channel = (
    people[people["kind"] == "person"]
    .groupby("came_by")["profit"]
    .agg(["size", "mean", "sem"])
    .sort_values("mean")
)
by_channel.round(1)

# %% [markdown] label="private-persons-only-businesses" tags=["predict"]
# (Private persons only: businesses are larger, and they come by trade fair.) `sem` is the standard error of the mean. Take the best and the worst of the large channels: their means often lie two or three standard errors apart, and a textbook would call that more than chance.
#
# But nobody told us beforehand *which* two to compare. We picked them because they lie farthest apart, and in any list there is a best and a worst. So ask what picking alone can do: give the same people their channels anew, like a pack of cards, and note the gap between best and worst. Do it five hundred times.
#
# > **Predict.** If the channel meant nothing at all: how large, in {company.symbol}, would the gap between the best and the worst channel be all the same?

# %% label="predict-21-b"
predict("21-b", ...)

# %% label="reveal-21-b"
persons = people[(people["kind"] == "person") & (people["came_by"] != "trade fair")]


def widest_gap(channel):
    means = persons["profit"].groupby(channel).mean()
    return means.max() - means.min()


rng = np.random.default_rng(21)
seen = widest_gap(persons["came_by"].to_numpy())
dealt = [widest_gap(rng.permutation(persons["came_by"])) for _ in range(500)]
reveal("21-b", f"{company.money(np.median(dealt))} in the middle of 500 deals; {company.money(seen)} in the data")
print(f"a gap as large as that of the data: in {np.mean(np.array(dealt) >= seen):.0%} of the deals")

# %% [markdown] label="share-not-tiny-chance-needs"
# If that share is not tiny, chance needs no help to make such a gap. (And it is below 5 % in one company of twenty where there is nothing: perhaps in yours.) In a simulated world we may look at what moves people, and whether it goes with the channel: how often they order while awake, and what they can pay.

# %% label="truth"
truth = crmkit.load_truth("customers").set_index("customer_id").loc[persons["customer_id"]]
truth.groupby(persons["came_by"].to_numpy())[["rate_awake", "budget"]].mean().round(1)

# %% [markdown] label="small-differences-without-pattern"
# Small differences without a pattern, and none that the simulation put there: through which channel a private person came was drawn by lot. **The rule, tested:** here there is nothing in it, and it would have looked well on a slide. Elsewhere there may be: at a German bank customers who had been referred were worth more (Schmitt, Skiera & Van den Bulte 2011, *Journal of Marketing* 75). Ask your own data, and decide before you look which two means you will compare.
#
# So a newcomer who comes by referral is worth what any newcomer is worth: the mean. Suppose each referral is credited with that. Who joins the list?

# %% label="per-referral"
per_referral = persons["profit"].mean()
people["with_referrals"] = people["profit"] + per_referral * people["referrals"]
before = set(top_list(people["profit"], guests))
after = set(top_list(people["with_referrals"], guests))
print(f"credit per referral: {company.money(per_referral)}; new among the top {guests}: {len(after - before)}")
people.loc[sorted(after - before), ["profit", "referrals", "with_referrals"]].mean().round(0)

# %% [markdown] label="taking-part-foretell-money" tags=["predict"]
# Some customers who stand below the line by their own profit would be missed: they bring people. Two doubts belong on the slide. The friend might have come anyway. And the profit is counted twice, once with the one who brought and once with the one who came: good for seeing who matters, wrong for the accounts.
#
# ## Does taking part foretell money?
#
# *"Engaged customers buy more."* They do; but perhaps only because good customers log in more. Compare people who had bought **about the same** until the end of {company.last_year}: line them up by turnover, cut the line into quarters, and look at what the less active and the more active half of each quarter bought in {company.year}.
#
# > **Predict.** Among customers with the same past turnover: do the more active ones buy more in the year after?

# %% label="predict-21-c"
predict("21-c", ...)

# %% label="known"
known = holdout_split(crmkit.load("orders"), company.year_ago, company.end)
deeds_then = engagement_summary(engagement[engagement["year"] <= company.last_year])
known = known.merge(deeds_then, on="customer_id")
known["quarter"] = pd.qcut(
    known["turnover"].rank(method="first"), 4, labels=["lowest", "second", "third", "highest"]
)
activity = weighted_score(known, not_money)
known["more_active"] = activity > activity.groupby(known["quarter"], observed=True).transform(
    "median"
)
known.pivot_table(
    index="quarter", columns="more_active", values=["turnover", "holdout_turnover"], observed=True
).round(0)

# %% [markdown] label="left-bought-year-after-most"
# On the left what they bought in the year after: in most quarters more, if they were active. But look at the right: in the highest quarter the active had bought much more **before** as well. A quarter is too wide to hold "the same". So cut the line finer, into 20, 50 or 100 groups, and
# compare within each:

# %% label="print"
for cut in (20, 50, 100):
    group = pd.qcut(known["turnover"].rank(method="first"), cut, labels=False)
    active = activity > activity.groupby(group).transform("median")
    means = known.pivot_table(index=group, columns=active, values="holdout_turnover")
    gaps = means[True] - means[False]
    low, high = gaps.mean() - 2 * gaps.sem(), gaps.mean() + 2 * gaps.sem()
    print(f"{cut:3d} groups: {company.money(gaps.mean(), signed=True)} a head (95 % interval {company.money(low, signed=True)} to {company.money(high, signed=True)})")

# %% [markdown] label="little-left-gap-anything-lower"
# The more alike the customers that are compared, the less the gap means: part of it stays, and the intervals are wide, with lower ends about zero or well below it. **The rule, tested:** taking part may foretell a little that past turnover does not; these data cannot say how much. And were the gap large, it would still **not** follow that paying people to write
# reviews makes them buy: whoever takes part may simply like the shop. To know that, one must make somebody take part by chance.

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - **The best of many looks good by being picked.** It did with the channels; it does with every ranking.
# - **What is easy to count gets counted.** A kind word to a neighbour is in no table.
# - **Older customers have had more time.** Sums over the years favour those who joined early; divide by years if newcomers matter.
# - **Points invite gaming.** If ten reviews win an evening, ten reviews will be written, about the same hammer.
# - **Percentile scores flatten the top**, and a ranking hides how far apart neighbours are.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - Importance has more than one measure; make the rankings separately before you mix them.
# - Show the weights. Nobody can check a weight that is hidden.
# - Say who is on the list whatever the weights, and let people decide about the rest.
# - An advocate's referrals have a value, with two doubts attached.
# - Best against worst of many is no fair comparison: deal the cards anew and see what picking alone does.

# %% [markdown] label="words-learnt" tags=["words"]
# ## Words learnt
#
# - **turnover ranking** 营业额排位法: customers ordered by what they paid
# - **non-monetary value** 非货币价值: what a customer brings that is not money: engagement, reviews, referrals, help
# - **non-monetary value ranking** 非货币价值排位法: customers ordered by that
# - **percentile score** 百分位得分: the share of the customers that one stands above
# - **weight** 权重: how much one measure counts in a combined score
# - **sensitivity** 敏感性: how much a result changes when a choice is changed
# - **advocate** 口碑传播者: a customer who brings others or speaks well of the firm

# %% label="quiz-21"
quiz("21")

# %% [markdown] label="on-your-own-data" tags=["own-data"]
# ## On your own data
#
# An orders file has no reviews. But many firms have a table somewhere: who referred whom, who answers surveys, who comes to events. One row per customer with counts will do.
#
# ```python
# import pandas as pd
# from crmkit.value import customer_summary, engagement_summary, percentile_score, weighted_score
#
# orders, report = crmkit.read_orders("my_orders.csv")
# customers = customer_summary(orders)
# counts = engagement_summary(pd.read_csv("my_counts.csv", dtype={"customer_id": str}), customers)
# both = customers.merge(counts, on="customer_id").set_index("customer_id")
# scores = both[["turnover", *counts.columns[1:]]].apply(percentile_score)
# print(weighted_score(scores, {"turnover": 0.7, counts.columns[1]: 0.3}).nlargest(10))
# ```

# %% [markdown] label="what-next" tags=["next"]
# ## What next
#
# Lesson 22 goes back to the till and reads more from it: when, how often, and whether they climb or sink.
