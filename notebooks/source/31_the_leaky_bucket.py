# %% [markdown] label="title" tables=["orders", "customers", "acquisition_spend", "wake_up_test", "offers", "engagement"] names=["customers.acquisition_channel: friend"] tags=["opening"]
# # A bucket that looks full can be leaking all the time
#
# **After this lesson you can** count from orders who falls asleep and who wakes in a month; say what it costs to refill the leak; say what one customer won and one customer woken cost; decide between waking and winning, and say where the data cannot tell.
#
# **45 minutes to read, 55 minutes of exercises** · you need lesson 30 (sleep states) · you will meet: state flow, leaky bucket, acquisition cost, break-even

# %% [markdown] label="chart-wall-goes-up"
# ## The chart on the wall goes up
#
# In the corridor outside the director's office hangs a chart: customers who are not asleep, month by month. It goes up, and nobody has stopped in front of it for a year. Draw it again with the lines of lesson 30 (asleep: a chance below one in ten to come back within 75 days).

# %% label="imports"
import pandas as pd

import crmkit
from crmkit import reactivation
from crmkit.practice import check, hint, predict, quiz, reveal, solution
from crmkit.reactivation import explorers, plots
from crmkit.style import show

company = crmkit.company()
orders, customers = crmkit.load("orders"), crmkit.load("customers")
gaps = reactivation.purchase_gaps(orders, company.end)
lines = reactivation.thresholds_by_return(reactivation.return_curve(gaps, 75, draws=0))
start = f"{company.last_year}-01-01"
states = reactivation.monthly_states(orders, lines, first=start, last=company.end)
show((states.isin([0, 1, 2])).sum().iloc[[1, 12, 23]].rename("customers not asleep").to_frame())

# %% [markdown] label="stock-three-month-ends-stock"
# This is a **stock** at three month ends. A stock hides what it is made of: water that stays, or water that runs through. What runs through is a **flow**. Five customers are enough to see the difference:

# %% label="five"
two = pd.to_datetime(["2025-01-31", "2025-02-28"])
awake, asleep, unknown = 0, 3, -1  # the codes of the states
five = pd.DataFrame(
    [[awake, awake], [awake, asleep], [awake, asleep], [asleep, awake], [unknown, awake]],
    index=["stays", "falls asleep", "falls asleep too", "wakes", "is new"],
    columns=two,
)
show(reactivation.bucket(reactivation.state_flows(five)))

# %% [markdown] label="five-read"
# Three customers are not asleep in January and three in February. The stock is level, and yet two fell asleep, one woke by herself and one was won. Only the last one was paid for.

# %% [markdown] ask="31-a"

# %% label="predict-31-a"
predict("31-a", ...)

# %% [markdown] label="more-fell-asleep-than-won"
# ## Only those who wake keep the level up
#
# The whole company, over {company.last_year} and {company.year}:

# %% label="total"
flows = reactivation.state_flows(states)
water = reactivation.bucket(flows)
total = water[["new", "woke", "fell_asleep", "net"]].sum()
show(total.to_frame("customers").assign(per_100_new=(100 * total / total["new"]).round(0)))

# %% label="reveal-31-a"
reveal("31-a")

# %% label="plot-bucket"
ax = plots.plot_bucket(water)
ax.set_title("In most months more customers fall asleep than join")
more = int((water["fell_asleep"] > water["new"]).sum())
rises = int((water["net"] > 0).sum())
show(
    ax,
    alt=f"Bars by month: new customers and those who woke above zero, those who fell asleep below. In {more} of {len(water)} months more fell asleep than joined; counting those who woke, the level rose in {rises}.",
)

# %% [markdown] label="leaky-bucket"
# This is the **leaky bucket** (漏斗原理): the tap is open, the bucket looks full, and the floor is wet. The line shows the net flow. It is often above zero, because some sleepers wake **by themselves**. **Count those who wake separately: your campaigns will claim them as their success.**
#
# ## The way back gets narrower with every step
#
# Of 100 customers in a state at one month's end, how many are in which state a month later?

# %% label="moves"
show((100 * reactivation.share_moves(flows)).round(1))

# %% [markdown] label="refilling-price"
# Look at the way back to "awake" in each row. Anyone who wants to stop customers from falling asleep must begin early.
#
# ## Refilling has a price
#
# Divide what {company.name} spends on new customers by the customers won:

# %% label="spend"
spend = crmkit.load("acquisition_spend")
one = reactivation.cost_of_one(spend, customers)["cost_of_one"].iloc[0]
by_channel = reactivation.cost_of_one(spend, customers, by="acquisition_channel").round(1)
print(f"one new customer costs {company.money(one, 2)} on average")
show(by_channel.sort_values("cost_of_one"))

# %% [markdown] label="customer-costs-much-average-over"
# The **acquisition cost** differs a lot between channels. Use the average for sums over everybody, and the channel for decisions.

# %% label="refill"
filled = reactivation.refill(water, one)
print(f"spent on new customers in these months: about {company.money(filled['spent'])}")
print(f"of it to replace those who fell asleep and did not wake: {company.money(filled['replaced'])}")
print(f"that is {filled['share']:.0%}")

# %% [markdown] label="turn-tap-mend-hole"
# **This money is on no invoice and in no budget.** It is what the leak costs.
#
# ## A wider tap or a smaller hole
#
# Try to double the number of customers within three years: first by opening the tap, then by repairing the hole. Which needs more money?

# %% label="bucket-explorer"
level = int(water["in_bucket"].iloc[-1])
leak = round((water["fell_asleep"] - water["woke"]).mean() / water["in_bucket"].mean(), 3)
explorers.bucket_explorer(level, round(water["new"].mean()), leak, win_cost=round(one, 1))

# %% [markdown] label="every-bucket-finds-level-itself"
# Every bucket finds its own level, where as many run out as run in: customers won in a month divided by the share lost in a month.
#
# ## "Winning costs ten times as much as keeping." Which two prices?
#
# It is on ten thousand slides, sometimes with 5, sometimes with 25. A ratio needs both prices. We have the price of winning. For waking, divide the cost of a contact by the share of customers it *truly* brings back, not by all who came: many would have come anyway. In January {company.next_year} a test measured that share for four offers (lesson 32 explains how).

# %% [markdown] ask="31-b"

# %% label="predict-31-b"
predict("31-b", ...)

# %% label="effects"
test, offers = crmkit.load("wake_up_test"), crmkit.load("offers").set_index("offer")
effects = reactivation.effect_table(test)
new_value = reactivation.first_margin(orders, customers, days=120, as_of=company.end)
back = test[test["returned_60d"]]
back_value = (back["margin_60d"] + back["margin_after"]).mean()
prices = reactivation.wake_or_win(effects, offers["cost"], one, new_value, back_value)
show(prices[["cost", "extra_share", "times", "times_low", "times_high"]].round(2))

# %% label="reveal-31-b"
reveal("31-b")

# %% [markdown] label="times-says-many-times-dearer"
# `times` says how many times more winning costs than waking; `times_low` and `times_high` are the ends of its 95 % interval (0: perhaps nobody is woken). No single number is right: it differs from offer to offer, and the intervals are wide. And the two prices are not measured alike. Waking is counted per return that the contact *caused*, winning per joiner of *all*, though some would have joined without advertising. If half would have, winning costs twice as much. ("Five to twenty-five times", as other texts say, has the same problem. The voucher's price here leaves out the discount itself; lesson 33b charges it.)
#
# ## "One old customer influences eighteen others." Count them

# %% label="sent"
sent = crmkit.load("engagement").groupby("customer_id")["referrals"].sum()
by_friend = (customers["acquisition_channel"] == "friend").mean()
print(f"referrals per customer in the data: {sent.mean():.2f}; the highest: {sent.max()}")
print(f"customers who came through a friend: {by_friend:.0%}")

# %% [markdown] label="next-waking-winning"
# Not eighteen. Only new customers who named a friend were counted; people who merely *heard* something are in nobody's table. And "introductions close at over 80 %"? To test this, we need the introductions that came to nothing too. They are in a table of their own, and lesson 53 counts them. **What the data do not hold, no rule of thumb can put in.**
#
# ## The next {company.coin}: for waking or for winning?
#
# Serving those you have and winning those you have not share one budget. What counts is what a {company.coin} brings back, in the same time for both: the margin of 120 days.

# %% label="joined"
print(f"margin in 120 days, of a new customer: {company.money(new_value)}")
print(f"of a customer who returned in the test: {company.money(back_value)}")

# %% label="plans"
show((prices[["extra_share", "low", "high", "break_even"]] * 100).round(1).assign(ahead=prices["ahead"]))

# %% [markdown] label="break-even-uplift-share-contacted"
# `break_even` is the share of contacted customers who must come back *because of* the contact, for waking to bring as much per {company.coin} as winning (all in per cent). If the whole interval is above it, waking is ahead. If it is below, winning is ahead. In between, this test cannot tell. And there are only so many sleepers: without new customers the bucket runs dry.

# %% [markdown] label="turn"
# ## Your turn

# %% [markdown] ask="31-1"

# %% label="check-31-1"
check("31-1", ...)

# %% label="quiz-31"
quiz("31")

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - **The line makes the leak.** Draw "asleep" at 120 days, and other customers flow. Compare months with each other.
# - **New water is not old water.** The bucket treats a customer of last week like one of three years.
# - **The margin of 120 days is not lifetime value** (lesson 24).
# - **Average prices hide the next price.** The next hundred customers may cost more than the last hundred.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - A stock tells you where you are; flows tell you why, and what it costs to stay.
# - Count those who wake by themselves separately.
# - "Ten times more expensive" is a ratio of two prices, and one of them needs an experiment.
# - A decision carries the interval of what it rests on: "cannot tell" is an answer.

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
# The second half rested on one number: the share that a contact truly brings back. **Lesson 32** shows how to get it, and how a whole company got it wrong.

# %% [markdown] label="on-one-page" tags=["summary"]
# ## On one page
#
# **Claim.** A level number of customers can hide a leak, and refilling it costs money that no budget shows.
#
# **Method.**
#
# 1. Give each customer a state at each month's end and count the moves: new, woke, fell asleep.
# 2. Multiply those who fell asleep and did not wake by the price of a new customer.
# 3. Compare waking and winning by the margin that each brings for the money, with the interval of the test.
#
# **Formula.** Break-even share $= \dfrac{\text{margin of one won}}{\text{cost of one won}} \cdot \dfrac{\text{cost of a contact}}{\text{margin of one woken}}$
#
# **Code.**
#
# ```python
# bucket(state_flows(monthly_states(orders, lines)))
# ```
#
# **Where it fails.** The line makes the leak, and an average price is not the price of the next customer.
