# %% [markdown] label="title" extra=true tables=["customers"] names=["customers.acquisition_channel: friend"] tags=["opening"]
# # The customers stayed, and the money was gone
#
# **After this lesson you can** read a review of seven analyses; compare a year with the same year under another plan; share the difference out among the levers; tell luck from a plan; say which customers a plan won and lost.
#
# **40 minutes to read, 50 minutes of exercises** · you need lessons 32, 33 and 90 · you will meet: counterfactual, interaction, Shapley value, fate, paired comparison

# %% [markdown] label="case"
# ## Tom's year looks harmless
#
# Tom ran a branch of {company.name} for a year, as you did in lesson 90. He sold 10 % cheaper, gave vouchers to drowsy customers, sent matched messages, and saved one of two agents at the desk. "Hardly anybody left," he says. "Let us go on." As in lesson 00, the truth lies in a drawer. This lesson opens it: what would the same customers have done without his plan?

# %% label="imports"
import pandas as pd

import crmkit
from crmkit.game import debrief, debrief_explorers, own, plots, policies, score, slips
from crmkit.inference import mean_interval
from crmkit.practice import check, predict, quiz, reveal
from crmkit.review import findings
from crmkit.style import show

company, customers = crmkit.company(), crmkit.load("customers")
levers = {"service.agents": 1, "prices.level": 0.9, "wake.drowsy": "voucher"}
levers |= {"messages.kind": "matched", "messages.per_month": 2}
game = own.branch(customers, size=400).run(policies.plan_of(levers, 400), 4)
game.reports["orders"].tail(3)

# %% [markdown] label="review-head"
# ## A review compares a year with the year before
#
# The game's reports are tables as in every lesson, so the seven analyses of `crmkit review` run on them. This is what Tom's manager sees; the last column says what each finding leaves open:

# %% label="review"
show(findings(game.reports, money=company.money))

# %% label="review-growth"
orders = game.reports["orders"]
days_ago = (orders["order_date"].max() - orders["order_date"]).dt.days
now = orders.loc[days_ago < 365, "turnover"].sum()
then = orders.loc[days_ago.between(365, 729), "turnover"].sum()
print(f"turnover of the last 365 days: {company.money(now)}, which is {now / then - 1:+.0%} beside the 365 days before")

# %% [markdown] label="review-read"
# By hand the turnover is the same as in the row "Performance". Was the change the plan? The year before had other customers and another rival. **Last year is not the comparison. The same year without the plan is.** It has a name: the **counterfactual**. A firm never sees it. Here a replay shows it: the same customers, the same chance, all as before the game.
#
# ## A replay shows the same year without the plan

# %% [markdown] ask="91-a"

# %% label="predict-91-a"
predict("91-a", ...)

# %% label="beside"
usual = game.replay(1, debrief.as_before(game))
beside = debrief.side_by_side(game, usual)
total = beside["so_far"].iloc[-1]
ax = plots.plot_side_by_side(beside, title=f"Tom's year: {company.money(total, signed=True)} beside the plan as before")
show(ax, alt=f"Profit under Tom's plan beside the plan as before: {company.money(total, signed=True)} after four quarters.")
show(beside[["quarter", "profit", "profit_other", "more", "so_far"]].round(0))
reveal("91-a", total / 1000)

# %% label="items"
items = debrief.money_by_item(game)
show(items[items["more"].abs() > 100].round(0))

# %% [markdown] label="items-read"
# Amounts are in {company.symbol}; costs are negative. Four quarters are 364 days, one less than the review's year. The desk became cheaper. But the cost of goods rose by more than the turnover.
#
# ## Four levers moved: which one was it?
#
# First by hand, with two levers and round numbers. Low prices alone change the profit by -10, a small desk alone by -6, both together by -14, and not by -16: a customer who has left because nobody answered cannot also buy at a low price. What is left over, here 2, is an **interaction**. To which lever does it belong?

# %% label="by-hand"
prices, desk, both = -10, -6, -14
by_hand = pd.DataFrame({"order": ["prices first", "desk first"], "prices": [prices, both - desk], "desk": [both - prices, desk]})
show(by_hand)
print(f"mean over both orders: prices {by_hand['prices'].mean():.0f}, desk {by_hand['desk'].mean():.0f}, together {by_hand[['prices', 'desk']].mean().sum():.0f}")

# %% [markdown] label="by-hand-read"
# The lever that comes first gets what it brings alone; the second gets the rest. The mean over all orders is the **Shapley value**. Its parts always add up to the whole. With four levers there are 24 orders and 16 plans; each plan is played.

# %% label="causes"
causes = debrief.causes(game, measure="profit")
ax = plots.plot_causes(causes, title="The price cut costs most")
shares = causes.set_index("part")["brings"]
show(ax, alt="Profit by cause: " + "; ".join(f"{part} {company.money(amount, signed=True)}" for part, amount in shares.items()))
show(causes[["part", "alone", "last", "brings"]].round(0))
for whose, one in {"under Tom's plan": game, "without it": usual}.items():
    levels = ", ".join(f"{level:.2f}" for level in one.reports["market"]["rival_level"])
    print(f"the rival's prices by quarter, where 1 is the usual price, {whose}: {levels}")

# %% [markdown] label="causes-read"
# `alone` is the lever switched on by itself, `last` is the lever added to all others, `brings` is its share. Where `alone` and `last` differ, levers help or hinder each other. **The price cut costs most.** "Cheap prices bring customers" is a rule of thumb; here the rival followed, and every order earned less.
#
# Each box below stands for what Tom decided about one lever. Without its tick, that lever is as before.
#
# **Your goal:** the combination of Tom's four levers that earns most. Which single tick must go to save the year?

# %% label="explorer"
debrief_explorers.parts_explorer(debrief.combinations(game))

# %% [markdown] label="fates-head"
# ## Which customers were won, and which were lost?
#
# One run cannot say who was won by a plan: many come by themselves. So each customer is compared with himself or herself in the other run: that is the customer's **fate**. A customer who is awake at the end of both runs, or asleep in both, has the fate `same`. `kept awake` is awake under Tom's plan and asleep without it; `let sleep` is the opposite.

# %% [markdown] ask="91-b"

# %% label="predict-91-b"
predict("91-b", ...)

# %% label="fates"
fates = debrief.fate_summary(debrief.fates(game)).set_index("fate")
people, margin = fates["customers"], fates["more_margin"]
moved = 100 * (1 - people["same"] / people.sum())
show(fates.round(0))
rest = margin.sum() - margin["same"]
print(f"{moved:.0f} of 100 customers ended otherwise; margin: {company.money(margin['same'], signed=True)} from those with the same fate, {company.money(rest, signed=True)} from all others")
reveal("91-b", moved)

# %% [markdown] label="fates-read"
# **The customers stayed, and the money was gone.** The loss comes from customers whose fate is the same: they bought, at lower prices or with a voucher that they did not need. Anyone who counts only those who left does not see it. (`annoyed` counts customers whom contacts annoyed more often than without the plan; margin is turnover less the cost of goods, so wages and messages are not in it.)
#
# ## Was it only bad luck?
#
# The year is played six more times, each time with other chance: six other lucks. Tom's plan meets each of them, and the plan as before meets the same six. Within a pair, only the plan differs: this is a **paired comparison**.

# %% label="luck"
runs, others = score.luck(game, 6, equity=False), score.luck(usual, 6, equity=False)
pairs = pd.DataFrame({"profit": runs["profit"], "profit_other": others["profit"]})[1:]
pairs["more"] = pairs["profit"] - pairs["profit_other"]
ax = plots.plot_pairs(pairs)
show(ax, alt=f"Pairs of profit on the same luck: Tom's plan from {company.money(pairs['profit'].min())} to {company.money(pairs['profit'].max())}, less than its partner by {company.money(-pairs['more'].max())} to {company.money(-pairs['more'].min())}.")
show(pairs.round(0))
spread, mean = pairs.max() - pairs.min(), mean_interval(pairs["more"])
print(f"from lowest to highest: the plan {company.money(spread['profit'])}, the difference {company.money(spread['more'])}")
print(f"mean difference: {company.money(mean.estimate, signed=True)} (95 % interval {company.money(mean.low, signed=True)} to {company.money(mean.high, signed=True)})")

# %% [markdown] label="luck-read"
# A single result hides much chance. **The difference on the same luck usually moves less than the result itself**, and the whole interval of its mean lies below 0. So it was the plan.
#
# ## Each mistake has a price, and a lesson that it belongs to
#
# Rules find decisions that may be mistakes, here called slips. A rule does not know the price of a slip: each is put right, by itself, and the year is played again on three lucks. `cost` is in {company.symbol} of value (profit, and what the customers will still bring); `low` and `high` are the ends of its 95 % interval.

# %% label="slips"
found = slips.slips(game, lucks=[1, 2, 3])
show(found[["slip", "instead", "cost", "low", "high", "verdict", "lesson"]].round(0))
show(slips.habits(game))

# %% [markdown] label="slips-read"
# "Too close to call" means: the interval holds 0, so the sign is not known. That is an answer, too: three lucks are few. Tom tried nothing in an experiment before he did it for all. With two arms, only half of the vouchers would have been paid for. In so small a branch, such an experiment has to run for longer than half a year (lesson 90).
#
# ## Your turn
#
# Ada ran another, smaller branch in another way. In the exercises you look back at her year.

# %% [markdown] ask="91-1"

# %% label="check-91-1"
check("91-1", ...)

# %% label="quiz-91"
quiz("91")

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - **A firm has no replay.** Its counterfactual is a control group (lesson 32), and it needs one before the plan begins.
# - **The game leaves much out.** Staff do not learn or leave, needs do not change, nobody makes a bad contact good. Effects have the directions of the lessons, and sizes of this world only.
# - **A Shapley value is a rule for sharing**, not a cause by itself. For one decision, look at `last`.
# - **A slip that no rule looks for is not found.**

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - Compare with the same year under another plan, not with last year.
# - Share a difference out so that the parts add up, and show what belongs to two levers together.
# - Count the margin of customers who stayed, not only those who left.
# - Judge plans in pairs, on the same luck.

# %% [markdown] label="words-learnt" tags=["words"]
# ## Words learnt
#
# - **counterfactual** 反事实: what would have happened to the same customers under another decision
# - **interaction** 交互作用: what two levers bring together beyond what each brings alone
# - **Shapley value** 夏普利值: what a part adds, as the mean over all orders in which the parts could be switched on
# - **fate** 客户去向: how a customer ended under one plan beside another: won, lost, awake, asleep, the same
# - **paired comparison** 配对比较: two plans on the same customers and the same chance, so that only the plan differs

# %% [markdown] label="on-your-own-data" tags=["own-data"]
# ## On your own data
#
# Make the same review of your tables, and write below each finding what it was compared with. You need a file of orders with two years or more.
#
# ```python
# import crmkit
# from crmkit.review import findings
#
# orders = crmkit.read_orders("my_orders.csv").orders
# print(findings({"orders": orders}).to_string())
# ```

# %% [markdown] label="what-next" tags=["next"]
# ## What next
#
# Look back at your own game of lesson 90, as far as you have played it. Write down the decisions that cost most, three at most, and read the lessons that they belong to. If the table is empty, no rule has found a slip.
#
# ```python
# from crmkit.game import debrief, play, slips
#
# mine = play.load("my_game")
# print(debrief.side_by_side(mine, mine.replay(1, debrief.as_before(mine))))
# print(slips.slips(mine, lucks=[1, 2, 3]))
# ```

# %% [markdown] label="on-one-page" tags=["summary"]
# ## On one page
#
# **Claim.** A plan can lose money on customers who all stay. Only the same year without the plan shows it.
#
# **Method.**
#
# 1. Play the year again without the plan, on the same customers and luck, and compare.
# 2. Share the difference out among levers and customers.
# 3. Repeat the pair on other luck, then put a price on each mistake.
#
# **Formula.** share of a lever = mean, over all orders, of what it adds to the levers before it
#
# **Code.**
#
# ```python
# debrief.causes(game, measure="profit")
# ```
#
# **Where it fails.** A firm has no replay: it needs a control group beforehand.
