# %% [markdown] label="title" tables=["orders", "customers", "acquisition_spend", "wake_up_test", "offers", "engagement"] tags=["opening"]
# # A bucket that looks full can be leaking all the time
#
# **After this lesson you can** count who falls asleep and who wakes in a month; see the leak behind a rising number; say what it costs to refill; compare money spent on waking with money spent on winning; test what "ten times dearer" is worth.
#
# **45 minutes** · you need lesson 30 (sleep states) · you will meet: state flow, leaky bucket, acquisition cost, break-even

# %% [markdown] label="chart-wall-goes-up"
# ## The chart on the wall goes up
#
# In the corridor outside the director's office hangs a chart: customers who are not asleep, month by month. It goes up. Nobody has stopped in front of it for a year. We draw it again, with the lines of lesson 30 (asleep = a chance of less than one in ten to come back within 75 days).

# %% label="imports"
import pandas as pd

import crmkit
from crmkit.practice import check, hint, predict, quiz, solution
from crmkit.reactivation import (
    break_even,
    bucket,
    cost_of_one,
    effect_table,
    monthly_states,
    purchase_gaps,
    return_curve,
    run_bucket,
    state_flows,
    thresholds_by_return,
)
from crmkit.reactivation.explorers import bucket_explorer
from crmkit.reactivation.plots import plot_bucket
from crmkit.style import show

company = crmkit.company()
orders, customers = crmkit.load("orders"), crmkit.load("customers")
lines = thresholds_by_return(return_curve(purchase_gaps(orders, company.end), 75))
states = monthly_states(orders, lines, first=f"{company.last_year}-01-01", last=company.end)
flows = state_flows(states)
water = bucket(flows)
water.set_index("month")["in_bucket"].iloc[[0, 11, 22]]

# %% [markdown] label="stock-three-month-ends-stock" tags=["predict"]
# A stock, at three month ends. A stock hides what it is made of: water that stays, or water that runs through.
#
# > **Predict.** In those two years, for every 100 new customers: how many fell asleep?

# %% label="predict-31-a"
predict("31-a", ...)

# %% label="total"
total = water[["new", "woke", "fell_asleep", "net"]].sum()
total.to_frame("customers").assign(per_100_new=(100 * total / total["new"]).round(0))

# %% [markdown] label="more-fell-asleep-than-won"
# More fell asleep than were won. The level rises only because some sleepers wake **by themselves**, which nobody at {company.name} has ever thanked them for. That is the **leaky bucket** (漏斗原理): the tap is open, the bucket looks full, and the floor is wet.

# %% label="plot-bucket"
ax = plot_bucket(water)
ax.set_title("In most months the leak takes what the tap brings")
dry = int((water["fell_asleep"] >= water["new"]).sum())
show(
    ax,
    alt=f"Bars per month: new customers and wakers above zero, those who fell asleep below. In {dry} of {len(water)} months at least as many fell asleep as were new.",
)

# %% [markdown] label="flows-say-more-than-stock"
# The flows say more than the stock in another way too. Here is where customers go within one month, on average:

# %% label="moves"
moves = flows.pivot_table(
    index="from_state", columns="to_state", values="customers", aggfunc="sum"
).fillna(0)
moves = moves.div(moves.sum(axis=1), axis=0)
order = ["awake", "drowsy", "half-asleep", "asleep"]
(100 * moves.reindex(index=order, columns=order)).round(1)

# %% [markdown] label="refilling-price"
# Read a row: of 100 customers who were drowsy at the end of one month, so many are awake a month later, so many half-asleep. Look at the way back to "awake" from each row. **It gets narrower with every step.** Whoever wants to catch customers falling must stand at the top of the stairs.
#
# ## Refilling has a price
#
# {company.name} writes down what it spends on new customers. Divide by the customers won:

# %% label="spend"
spend = crmkit.load("acquisition_spend")
one = cost_of_one(spend, customers)["cost_of_one"].iloc[0]
by_channel = cost_of_one(spend, customers, by="acquisition_channel").round(1)
print(f"one new customer costs {company.money(one, 2)} on average")
by_channel.sort_values("cost_of_one")

# %% [markdown] label="customer-costs-much-average-over"
# "A customer costs so and so much" is an average over very different doors. A passer-by costs little, a visitor of a trade fair a lot. Keep the average for sums over everybody, and the channel for decisions.

# %% label="refill"
net_loss = water["fell_asleep"].sum() - water["woke"].sum()
refill = min(max(net_loss, 0), water["new"].sum())
paid = water["new"].sum() * one
print(f"spent on new customers in these months: about {company.money(paid)}")
print(
    f"of it only to replace those who fell asleep: about {company.money(refill * one)} ({refill / water['new'].sum():.0%})"
)

# %% [markdown] label="turn-tap-mend-hole"
# That second line is on no invoice and in no budget. It is what the leak costs before anybody has lost a single sale.
#
# ## Turn the tap, mend the hole
#
# Start from {company.name}'s numbers. First try to double the customers by opening the tap; then put the tap back and mend the hole instead. When does each stop helping?

# %% label="bucket-explorer"
level = int(water["in_bucket"].iloc[-1])
leak = round((water["fell_asleep"] - water["woke"]).mean() / water["in_bucket"].mean(), 3)
won, price_of_one = round(water["new"].mean()), round(one, 1)
bucket_explorer(level, won, leak, win_cost=price_of_one)

# %% [markdown] label="every-bucket-finds-level-itself"
# Every bucket finds its level by itself: where as many run out as run in. A wider tap lifts that level in proportion; a smaller hole lifts it too, and what came in stays longer. The plain sum behind the picture:

# %% label="run-bucket"
for factor, name in ((1.0, "as it is"), (0.8, "a fifth of the leak mended")):
    end = run_bucket(level, won, leak * factor, win_cost=price_of_one, months=36).iloc[-1]
    print(
        f"{name}: {end['awake']:,.0f} customers after three years, {company.money(end['replaced'])} spent on refilling"
    )

# %% [markdown] label="winning-costs-ten-times-much" tags=["predict"]
# ## "Winning costs ten times as much as keeping." Does it?
#
# It stands on ten thousand slides, sometimes with 5, sometimes with 25. For a claim about a ratio one needs both prices. Winning we have. For waking, divide the cost of a contact by the share of customers it *truly* brings back: not by all who came, many would have come anyway. In January {company.next_year} {company.name} ran a test that tells the difference (lesson 32 takes it apart).
#
# > **Predict.** A reminder costs {company.symbol}0.60, a personal call {company.symbol}7. One new customer costs what you saw above. How many times dearer is winning a customer than waking one by a reminder? By a call?

# %% label="predict-31-b"
predict("31-b", ...)

# %% label="effects"
test, offers = crmkit.load("wake_up_test"), crmkit.load("offers").set_index("offer")
effects = effect_table(test).set_index("arm")
price = pd.DataFrame({"cost": offers["cost"], "extra_share": effects["effect"]}).dropna()
price["cost_of_one_woken"] = price["cost"] / price["extra_share"]
price["times"] = one / price["cost_of_one_woken"]
print(
    f"winning is at least ten times dearer than waking by: {', '.join(price.index[price['times'] >= 10]) or 'no offer'}"
)
print(f"winning is cheaper than waking by: {', '.join(price.index[price['times'] < 1])}")
price.round(2)

# %% [markdown] label="times-says-many-times-dearer"
# `times` says how many times dearer winning is. There is no such number as "ten": it differs from offer to offer. And the two prices are not measured alike: waking is counted per return that the contact *caused*, winning per joiner of *all*, though some would have joined without any advertising. Nobody at {company.name} has tested how many. If half would have, winning costs twice as much as printed. So a `times` near 1 decides nothing. The claim forgets two things: that a contact costs money for *everyone* contacted, also for those who never stir, and that some would have come anyway. And look at how uncertain the shares are that we divided by:

# %% label="effects-loc-price"
effects.loc[price.index, ["effect", "low", "high"]].mul(100).round(1)

# %% [markdown] label="one-old-customer-influences-eighteen"
# Where the lower end is at or below zero, the cost of one woken customer may be anything up to infinity. "Five to twenty-five times", as other texts have it, fares no better. (The voucher's price here leaves out the discount itself. Lesson 33 charges it.)
#
# ## "One old customer influences eighteen others." Count them

# %% label="sent"
sent = crmkit.load("engagement").groupby("customer_id")["referrals"].sum()
by_friend = (customers["acquisition_channel"] == "friend").mean()
print(f"referrals per customer in the data: {sent.mean():.2f}; the keenest: {sent.max()}")
print(f"customers who came through a friend: {by_friend:.0%}")

# %% [markdown] label="next-waking-winning"
# Not eighteen. What was counted are new customers who named a friend; who merely *heard* something is in nobody's table, and that is where such figures like to live. And the claim that introductions "close at over 80 %"? To test it one would have to know the introductions that came to nothing. {company.name} does not write them down, so the honest answer is: **this data cannot say.**
#
# ## The next {company.coin}: for waking or for winning?
#
# Serving those you have, and waking the sleepers is part of it, and converting those you have not: the two jobs of lesson 13 share one budget. What counts is not the price of a customer but what a {company.coin} brings back. For a fair comparison both get the same time: the margin of the first 120 days. We take plain averages, not best cases.

# %% label="joined"
joined = orders.merge(customers[["customer_id", "customer_since"]])
first_days = joined[joined["order_date"] < joined["customer_since"] + pd.Timedelta(days=120)]
early = customers.loc[customers["customer_since"] <= company.year_ago, "customer_id"]
won_value = first_days.loc[first_days["customer_id"].isin(early), "margin"].sum() / len(early)
back = test[test["returned_60d"]]
woken_value = (back["margin_60d"] + back["margin_after"]).mean()
print(
    f"margin in 120 days, of a new customer: {company.money(won_value)}; of a returner: {company.money(woken_value)}"
)

# %% label="plans"
plans = {
    name: break_even(one, won_value, row["cost"], woken_value, row["extra_share"])
    for name, row in price.iterrows()
}
columns = ["won_per_pound", "woken_per_pound", "break_even_uplift", "ahead"]
pd.DataFrame.from_dict(plans, orient="index")[columns].round(2)

# %% [markdown] label="break-even-uplift-share-contacted"
# `break_even_uplift` is the share of contacted customers who must come back *because of* the contact for waking to bring as much per {company.coin} as winning. Compare it with `extra_share` above, and with the ends of the intervals below that. Where an estimate lies above and the lower end of its interval does not, the test leans towards waking and does not prove it. Where even the upper end lies below, waking with that offer does not keep up. And mind the ceiling: there are only so many sleepers, and the second thousand is harder to wake than the first.

# %% [markdown] label="turn"
# ## Your turn
#
# **31-1** What did one new customer who came through advertisement in {company.year} cost: spending of that year over customers of that year? Two decimals. Put your answer in place of the dots; the other questions of this lesson are in its exercises.

# %% label="check-31-1"
check("31-1", ...)

# %% label="quiz-31"
quiz("31")

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - **The line makes the leak.** Draw "asleep" at 120 days instead, and other customers flow. Compare months with each other, not bucket with bucket.
# - **New water is not old water.** The bucket treats a customer of last week like one of three years; the newest leak fastest.
# - **The margin of 120 days is not lifetime value** (lesson 24), and a returner is not worth what a regular is.
# - **Average prices hide the next price.** The next hundred customers may cost more than the last hundred, if the easily won have come already; this file cannot say.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - A stock tells you where you are; flows tell you why, and what it costs to stay.
# - Count wakers apart: they are the ones your campaigns will claim.
# - "Ten times dearer" is a fraction of two prices, and one of them needs an experiment.
# - What the data do not hold, no rule of thumb can put in.

# %% [markdown] label="words-learnt" tags=["words"]
# ## Words learnt
#
# - **state flow** 状态流动: how many customers move from one state to another in a month
# - **leaky bucket** 漏斗原理: winning as many as one loses looks level, and costs the whole acquisition spend
# - **acquisition cost** 获客成本: money spent on winning customers, divided by customers won
# - **break-even** 盈亏平衡点: the point from which one use of money brings as much as another

# %% [markdown] label="on-your-own-data" tags=["own-data"]
# ## On your own data
#
# The bucket needs nothing but orders. For the price of a new customer you need your own spending by month; if nobody knows it, that is the first finding.
#
# ```python
# from crmkit.reactivation import bucket, monthly_states, purchase_gaps, return_curve, state_flows
# from crmkit.reactivation import thresholds_by_return
# from crmkit.reactivation.plots import plot_bucket
#
# orders, report = crmkit.read_orders("my_orders.csv")
# try:
#     lines = thresholds_by_return(return_curve(purchase_gaps(orders), horizon_days=75))
#     water = bucket(state_flows(monthly_states(orders, lines)))
#     print(water[["new", "woke", "fell_asleep", "net"]].sum())
#     plot_bucket(water)
# except crmkit.CrmkitError as too_little:
#     print(too_little)
# ```

# %% [markdown] label="what-next" tags=["next"]
# ## What next
#
# Everything in the second half hung on one number: the share that a contact truly brings back. **Lesson 32** shows how to get it, and how a whole company got it wrong.
