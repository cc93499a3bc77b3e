# %% [markdown] label="title" tables=["engagement", "customers", "orders", "cost_to_serve", "truth/customers"] tags=["opening"]
# # The list of the largest customers leaves out many who would be missed
#
# **After this lesson you can** rank customers by what they pay and by what else they bring; combine two rankings with weights that everyone can see, and say which names depend on them; test a difference that was picked from many; put a value on a referral, and doubt it.
#
# **45 minutes to read, 60 minutes of exercises** · you need lesson 20 · you will meet: turnover ranking, non-monetary value, percentile score, weight, sensitivity, advocate

# %% [markdown] label="two-guest-lists-one-evening"
# ## Two guest lists for one evening
#
# {company.name} celebrates. The hall holds one guest for every twenty customers. Sales has a list: those with the largest turnover. The woman who runs the customer forum has another: those who write reviews, answer strangers' questions at midnight, and bring their neighbours along. "Without these people the forum is empty," she says. "Yours are only rich."

# %% [markdown] ask="21-a"

# %% label="predict-21-a"
import pandas as pd

import crmkit
from crmkit import value
from crmkit.practice import check, hint, predict, quiz, reveal, solution
from crmkit.style import show
from crmkit.value import explorers, plots

company = crmkit.company()
predict("21-a", ...)

# %% [markdown] label="customers-bring-besides-money-counted"
# ## What customers bring besides money can be counted
#
# The table `engagement` has one row per customer and year: reviews written, new customers introduced (referrals), help given to others. We add up the years, and keep everybody, also those who did nothing.

# %% label="engagement"
engagement, customers = crmkit.load("engagement"), crmkit.load("customers")
taking_part = value.engagement_summary(engagement, customers)
profits = value.customer_profit(crmkit.load("orders"), crmkit.load("cost_to_serve"), customers)
people = profits.merge(taking_part, on="customer_id")
measures = ["turnover", "reviews", "referrals", "help_given"]
show(pd.Series({name: value.top_share(people[name], 0.05) for name in measures}).round(2))

# %% [markdown] label="top-share-read"
# The most active 5 % bring a larger part of the referrals than the best 5 % bring of the turnover. Someone who brings others is an **advocate** (口碑传播者). Marketplaces live on such people: the ratings of buyers decide which seller is shown first, and good hosts get a title.

# %% [markdown] label="money-reviews-cannot-added-places"
# ## Money and reviews cannot be added, places can
#
# The **turnover ranking** (营业额排位法) is easy. The **non-monetary value ranking** (非货币价值排位法) has a difficulty: how do you add three referrals to {company.symbol}400? Give everyone a **percentile score** (百分位得分), the share of the customers that they stand above; equals share the middle of their places. Five customers:

# %% label="few"
five = pd.DataFrame({"turnover": [900, 400, 120, 60, 30], "referrals": [0, 0, 1, 0, 3]}, index=["Ann", "Bo", "Cy", "Di", "Ed"])
scores = five.apply(value.percentile_score).add_suffix("_score")
show(five.join(scores).assign(
    one_to_one=value.weighted_score(five, {"turnover": 1, "referrals": 1}),
    one_to_two=value.weighted_score(five, {"turnover": 1, "referrals": 2}),
).round(0))

# %% [markdown] label="referral-counts-twice-why-twice"
# Ann, Bo and Di have no referral: they share places 1 to 3 from below, so all get 30. With equal weights Ann and Cy are first. If a referral counts twice, it is Cy and Ed. A **weight** (权重) is a value judgement in the form of a number. **Show the weights: nobody can check a weight that is hidden.**
#
# For the company the forum's list counts a referral twice as much as a review or an answer:

# %% label="reveal-21-a"
not_money = {"reviews": 1, "referrals": 2, "help_given": 1}
guests = len(people) // 20
rich = value.top_list(people["turnover"], guests)
helpful = value.top_list(value.weighted_score(people, not_money), guests)
print(f"{guests} guests; on both lists: {len(rich.intersection(helpful))}")
reveal("21-a")

# %% label="people-assign-guest"
lists = {"rich list": rich, "forum list": helpful, "neither": people.index.difference(rich.union(helpful))}
show(pd.DataFrame({name: people.loc[who, [*measures, "profit"]].mean() for name, who in lists.items()}).round(1))

# %% [markdown] label="weights-decide-ask-names-depend"
# The two lists share few names. Yet the people on the forum list are good customers too: their turnover lies well above that of those on neither list. Neither list is the answer.
#
# ## Weights decide, so ask which names depend on them

# %% label="plot-weight-sensitivity"
steps = value.weight_sensitivity(people, {"turnover": 1}, not_money, top=guests)
ax = plots.plot_weight_sensitivity(steps, guests, title="A little weight on other things changes much of the list")
first = steps.set_index("second_share")["still_of_first"]
show(
    ax,
    alt=f"With a weight of 20 % on what is not money {first.iloc[2]} of the {guests} largest customers are still on the list, with 50 % {first.iloc[5]}.",
)

# %% [markdown] label="steep-beginning-plain-reason-top"
# The line falls steeply at first: near the top all have nearly the same percentile score, so a small push reorders them. That is a property of the scale. Now your own weights. **Your goal:** a list that brings at least 80 % of the money of the rich list, and on which a third of the names are new.

# %% label="weight-explorer" tags=["nbval-ignore-output"]
explorers.weight_explorer(people, ["reviews", "referrals", "help_given"], top=guests)

# %% [markdown] label="better-question-than-weights-right"
# No data can say which weights are right. **A better question: who is on the list whatever the weights?** Draw weights at random around the chosen ones, five hundred times, and count how often each customer is on the list. This is **sensitivity** analysis (敏感性).

# %% label="chosen"
chosen = {"turnover": 4, "reviews": 1, "referrals": 2, "help_given": 1}
stable = value.list_stability(people, chosen, top=guests, seed=21)
listed = stable[stable["on_list"]]
print(f"on the list in at least 95 % of the draws: {(listed['share_of_draws'] >= 0.95).sum()} of {guests}")
print(f"on it, but in less than half of the draws: {(listed['share_of_draws'] < 0.5).sum()}")

# %% [markdown] label="invite-first-group-without-discussion"
# Invite the first group without discussion. About the others, somebody who knows them should decide.

# %% [markdown] ask="21-1"

# %% label="check-21-1"
answer = ...
check("21-1", answer)

# %% [markdown] label="referral-worth-rule-thumb-put"
# ## What is a referral worth? A rule of thumb is tested
#
# *"Customers who come through a friend are worth more."* The table of customers says how each came. We take private persons only: businesses are larger.

# %% label="channel"
came = customers.set_index("customer_id")["acquisition_channel"]
private = customers.loc[customers["kind"] == "person", "customer_id"]
persons = people[people["customer_id"].isin(private)]
persons = persons.assign(came_by=persons["customer_id"].map(came))
show(persons.groupby("came_by")["profit"].agg(["size", "mean", "sem"]).sort_values("mean").round(1))

# %% [markdown] label="private-persons-only-businesses"
# `sem` is the standard error of the mean. Compare the best and the worst channel, and it may look like more than chance. But we picked these two *because* they lie farthest apart, and a small channel swings widely by chance. What can picking alone do? Deal the channels to the same people again, like cards, five hundred times.

# %% [markdown] ask="21-b"

# %% label="predict-21-b"
predict("21-b", ...)

# %% label="reveal-21-b"
dealt = value.widest_gap(persons["profit"], persons["came_by"], seed=21)
reveal("21-b", dealt["by_chance"])
print(f"gap in the data: {company.money(dealt['gap'])}, between {dealt['best']} and {dealt['worst']}")
print(f"a gap as large as that: in {dealt['as_large']:.0%} of the deals")

# %% label="truth"
truth = crmkit.load_truth("customers").set_index("customer_id").loc[persons["customer_id"]]
show(truth.groupby(persons["came_by"].to_numpy())[["rate_awake", "budget"]].mean().round(1))

# %% [markdown] label="share-not-tiny-chance-needs"
# If the last share is not tiny, chance alone makes such a gap. (In one company of twenty it is below 5 % by luck, although there is no difference. Yours may be that one.) The truth shows how often people order while awake, and what they can pay: small differences without a pattern. In this simulation the channel of a private person was drawn at random.
#
# **The rule, tested:** here there is nothing in it. Elsewhere there may be: at a German bank referred customers were worth more (Schmitt, Skiera & Van den Bulte 2011, *Journal of Marketing* 75). So here a newcomer who comes by referral is worth the mean. Credit each referral with that:

# %% label="per-referral"
credit = persons["profit"].mean()
before = value.top_list(people["profit"], guests)
after = value.top_list(people["profit"] + credit * people["referrals"], guests)
new = after.difference(before)
print(f"credit per referral: {company.money(credit)}; {len(new)} of {guests} names are new")
print(f"the new ones made {people.loc[new, 'referrals'].mean():.1f} referrals each, all customers {people['referrals'].mean():.2f}")

# %% [markdown] label="taking-part-foretell-money"
# Some who stand below the line by their own profit would be missed: they bring people. Two doubts belong on the slide. The friend might have come anyway. And the profit is counted twice, once with the one who brought and once with the one who came: good for seeing who matters, wrong for the accounts.
#
# *"Engaged customers buy more."* They do, but perhaps only because good customers are also more active.

# %% [markdown] ask="21-c"

# %% label="predict-21-c"
predict("21-c", ...)

# %% [markdown] label="left-bought-year-after-most"
# ## Compare those who had bought the same
#
# Line the customers up by what they had bought until the end of {company.last_year}, and cut the line into groups. In each group compare the more active half with the less active half.

# %% label="known"
known = value.holdout_split(crmkit.load("orders"), company.year_ago, company.end)
until_then = value.engagement_summary(engagement[engagement["year"] <= company.last_year])
known = known.merge(until_then, on="customer_id")
activity = value.weighted_score(known, not_money)
reveal("21-c")
show(value.matched_gaps(known["holdout_turnover"], activity, known["turnover"]).round(0))

# %% [markdown] label="little-left-gap-anything-lower"
# With four groups the active had bought more *before* as well (`past_gap`): a quarter is too wide to hold "the same". With a hundred groups that is gone, and the gap in {company.year} has a wide interval. **The rule, tested:** taking part may predict a little that past turnover does not; these data cannot say how much. And it would **not** follow that paying people to write reviews makes them buy. To know that, somebody must be made active at random.

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - **What is easy to count gets counted.** A kind word to a neighbour is in no table.
# - **Older customers have had more time.** Divide by years if newcomers matter.
# - **Points invite gaming.** If ten reviews win an evening, ten reviews will be written.
# - **Percentile scores flatten the top.** A ranking hides how far apart neighbours are.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - Make the rankings separately before you mix them, and show the weights.
# - Say who is on the list whatever the weights.
# - Best against worst of many is no fair comparison: deal the cards again.
# - A referral has a value, with two doubts attached.

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
# The exercises `21_more_than_money` use other weights and another year. Lesson 22 goes back to the till and reads more from it: when, how often, and whether customers climb or sink.

# %% [markdown] label="on-one-page" tags=["summary"]
# ## On one page
#
# **Claim.** Importance has more than one measure, and the weights between them decide who is on the list.
#
# **Method.**
#
# 1. Turn each measure into percentile scores; equals get the same.
# 2. Combine them with weights that are written down.
# 3. Draw the weights again, and separate the names that stay from those that depend on the weights.
#
# **Formula.** Score = weighted mean of the percentile scores.
#
# **Code.**
#
# ```python
# list_stability(people, {"turnover": 4, "reviews": 1, "referrals": 2, "help_given": 1}, top=guests)
# ```
#
# **Where it fails.** It counts what is easy to count, and points invite gaming.
