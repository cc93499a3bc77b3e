# %% [markdown] label="title" tables=["market_offers", "levers", "needs", "prototype_ratings", "need_ratings", "shelf_choices", "price_answers", "truth/needs", "truth/lever_effects", "truth/set_value", "truth/customers"] names=["needs.need: fit", "needs.need: safe", "levers.lever: low_price", "levers.lever: kit", "levers.lever: staff", "levers.lever: guides"] sums=["mix"] tags=["opening"]
# # Build from measured needs, and the same money earns more
#
# **After this lesson you can** compute what an offer costs, sells and earns beside its rivals; say which non-customers a changed offer can win, and which no price can; turn a house into an offer for a given budget, and say how sure its profit is; judge an offer that was found from a survey.
#
# **55 minutes to read, 45 minutes of exercises** · you need lesson 13 · you will meet: offer, near and refusing non-customer

# %% [markdown] label="and-what-does-that-earn"
# ## "And what does that earn?"
#
# Ms Lindqvist shows the measured house of lesson 13 to her director. He asks the next question: "We spend a fixed sum on this set every year. What will it earn if we believe you?" An **offer** is one position on all four P: a price, and a level from 1 to 5 for each lever. Four of them are on sale, ours first:

# %% label="imports"
import pandas as pd

import crmkit
from crmkit import mix
from crmkit.mix import explorers
from crmkit.practice import check, hint, predict, quiz, reveal, solution
from crmkit.style import show

company = crmkit.company()

# %% label="offers"
offers, levers = crmkit.load("market_offers"), crmkit.load("levers")
ours, rivals = offers.head(1), offers.iloc[1:]
show(offers.set_index("offer").drop(columns="company"))

# %% [markdown] label="costs-by-hand"
# What does our set cost? A plain set costs {company.symbol}3 to make. Each step of a lever above 1 adds something for each set, and something every year. By hand:

# %% label="costs"
costs = levers.set_index("lever").drop("low_price")
steps = ours[costs.index].iloc[0] - 1
print(f"a set: {company.money(3 + (steps * costs['step_unit_cost']).sum(), 2)}, at a price of {company.money(ours['price'].iloc[0], 2)}")
print(f"every year: {company.money((steps * costs['step_fixed_cost']).sum())}")

# %% [markdown] label="one-customer-by-hand"
# ## One customer chooses
#
# The choice model is that of lesson 12. To a customer, each offer has a **utility**: weights of the needs, times how far the offer meets them, less all that it costs: the price, what has to be bought besides, the trip, the risk. Buying nothing has a utility too. Say that two sets have 5.0 and 4.5, and nothing has 4.2:

# %% label="one-logit"
e = 2.718
all_ways = e**5.0 + e**4.5 + e**4.2
print(f"first {e**5.0 / all_ways:.2f}, second {e**4.5 / all_ways:.2f}, nothing {e**4.2 / all_ways:.2f}")
print(f"the second misses a must-have: first {e**5.0 / (e**5.0 + e**4.2):.2f}, nothing {e**4.2 / (e**5.0 + e**4.2):.2f}")

# %% [markdown] label="one-logit-read"
# In the second line, the second set misses a must-have of this customer. Then the customer does not consider it, whatever its price. Being able to pay is a must-have too. Now think of the cheapest set on the shelf.

# %% [markdown] ask="13b-a"

# %% label="predict-13b-a"
predict("13b-a", ...)

# %% [markdown] label="look-penny-fix-far-cheapest"
# ## What misses a must-have does not sell at any price
#
# Here is the true market: 300 customers, who stand for 40,000 buyers a year.

# %% label="market"
truth = crmkit.load_truth("needs")
tables = [crmkit.load_truth(name) for name in ("set_value", "lever_effects", "customers")]
market = mix.Market.from_tables(truth, tables[0], tables[1], levers, tables[2])
show(mix.simulate_offers(market, offers).round({"share": 3, "units": 0, "turnover": 0, "profit": 0}).astype({"units": int, "turnover": int, "profit": int}))

# %% label="penny"
cheapest = offers.nsmallest(1, "price").assign(price=mix.offer_costs(market, offers)["unit_cost"])
alone = mix.simulate_offers(market, cheapest)
print(f"{cheapest['offer'].iloc[0]} at {company.money(cheapest['price'].iloc[0], 2)}, alone on the shelf: {alone['units'].iloc[0]:.0f} sets a year")
reveal("13b-a", 100 * alone["share"].iloc[0])

# %% [markdown] label="not-buy-not-one-kind"
# Its price is far from too high. It misses must-haves of nearly everybody, and too few nice-to-haves are met for the rest. And our own set loses money: it sells too few to pay for its fixed costs.
#
# A company has two jobs: to serve those it has, and to win those it has not. **Non-customers** (非客户) are of three kinds:
#
# - **near** (准非客户): every must-have is met, and yet they may take another set, or none;
# - **refusing** (拒绝型): a must-have is missed, too little else is met, or they cannot pay;
# - **unexplored** (未探知): nobody has ever looked at them. They are in no table, and not in this one.

# %% label="hang"
today = mix.choice_shares(market, offers)[:, 0]  # each customer's chance to buy our set
better = pd.concat([ours.assign(guides=ours["guides"] + 1), rivals])
changed = mix.choice_shares(market, better)[:, 0]
refuse = today == 0
print(f"our set is refused by {refuse.mean():.0%} of the customers")
print(f"with guides one level up, {(changed[refuse] > 0).mean():.0%} of these would consider it")

# %% [markdown] label="refusal-read"
# **A refusal is not for ever: a changed offer turns some who refuse into near non-customers.** Cheaper advertising of the old offer would not.
#
# ## From the house to an offer
#
# The rule is simple: give each step to the lever with the most importance for its money, until the budget is spent. By hand, with two levers and {company.symbol}10,000: kit has 3 for {company.symbol}500 a step, staff 9 for {company.symbol}5,000. So kit comes first.

# %% label="rule-by-hand"
two = pd.DataFrame({"staff": [9], "kit": [3]}, index=["fit"])
price_list = pd.DataFrame({"lever": ["staff", "kit"], "step_fixed_cost": [5000, 500]})
show(mix.offer_from_importance(two, {"fit": 1}, price_list, budget=10_000))

# %% [markdown] label="rule-read"
# Four steps of kit cost {company.symbol}2,000. From what is left, one step of staff can be paid, and not two. Now both houses of lesson 13, the team's and the measured one, with the money that our set costs every year, at the same price:

# %% label="houses"
needs, names = crmkit.load("needs")["need"].tolist(), levers["lever"].tolist()
prototypes = crmkit.load("prototype_ratings")
effects = mix.estimate_effects(prototypes, needs, names)
houses = {"the team's": mix.team_house(needs, names), "measured": mix.to_9_3_1(mix.as_matrix(effects))}
weights = truth.groupby("need")["weight"].mean().reindex(needs)
budget = mix.offer_costs(market, offers)["fixed_cost"].iloc[0]
built = mix.offers_from_houses(houses, weights, levers, budget, price=22.0)
show(built.set_index("offer"))

# %% label="team-earns"
earned = mix.compare_offers(market, built, rivals)
print(f"the offer from the team's house earns {company.money(earned['profit'].iloc[0])} a year")

# %% [markdown] ask="13b-b"

# %% label="predict-13b-b"
predict("13b-b", ...)

# %% [markdown] label="same-money-same-rule-another"
# ## The same money, the same rule, the same price

# %% label="fair-pair"
reveal("13b-b", earned["profit"].iloc[1])
show(earned.set_index("offer")[["units", "profit", "low", "high"]].round().astype(int))

# %% label="how-sure"
pair = earned.iloc[1]
print(f"the measured house earns {company.money(pair['more'])} more (95 % interval {company.money(pair['more_low'])} to {company.money(pair['more_high'])})")
show(mix.offer_certainty(prototypes, truth, levers, budget))

# %% [markdown] label="how-sure-read"
# **Only the matrix differs, once as the team believed and once as measured. What the team overlooked is worth that difference every year.**
#
# How sure is that? Two things are uncertain. First, 300 customers stand for all: that is the interval above. Second, other customers would have given other marks to the prototypes. So we draw them again a hundred times, and build the offer again each time. The last table counts the different offers. The effects move a little; the offer hardly does.
#
# Which cell makes the difference? Start from the team's house and click. **Your goal:** the profit of the measured house, with as few changed cells as possible. Begin with what *guides* do for *safe*.

# %% label="house-explorer" tags=["nbval-ignore-output"]
explorers.house_explorer(houses["the team's"], weights, market, rivals, budget=budget, price=22.0, goal=earned["profit"].iloc[1])

# %% [markdown] label="one-cell-decides"
# One cell is enough. With guides at a high level, must-haves such as *instructions* are met for many customers at once.
#
# ## How much is there to be had?
#
# Two more ways to spend the same money. **4P first**: as good a product as possible, then as complete, then more shops, at the rivals' mean price. And a **search** through thousands of offers that knows the true market. No company can do that: it only shows what is possible.

# %% label="product-first"
columns = built.columns
product_first = mix.four_p_first_offer(market, rivals, budget)[columns]
at_prices = pd.concat([product_first.assign(price=price) for price in range(15, 31)])
best_price = mix.compare_offers(market, at_prices, rivals)["profit"].max()
needs_first = mix.best_offer(market, rivals, budget, starts=3)[columns]
searched = mix.simulate_offers(market, pd.concat([needs_first, rivals[columns]]))["profit"].iloc[0]
print(f"4P first, at its best price: {company.money(best_price)}; the best offer found: {company.money(searched)}")

# %% [markdown] label="only-lower-price-give-4p"
# 4P first loses money at every price. It spends on steel and shops, and leaves staff and guides at the bottom, so that many refuse.
#
# ## But nobody knows the truth
#
# A company has the survey, the shelf and the prototypes. Learn a market from these, search in it, and let the **true** market judge:

# %% label="survey"
types = tables[2].set_index("customer_id")["need_type"]
asked = [crmkit.load(name) for name in ("need_ratings", "shelf_choices", "price_answers")]
learnt = mix.Market.from_survey(*asked, effects, levers, types)
from_survey = mix.best_offer(learnt, rivals, budget, starts=3)[columns]
for name, judge in {"the survey promises": learnt, "the true market gives": market}.items():
    row = mix.compare_offers(judge, from_survey, rivals).iloc[0]
    print(f"{name} {company.money(row['profit'])} (95 % interval {company.money(row['low'])} to {company.money(row['high'])})")

# %% [markdown] label="promise-read"
# **The offer from the survey earns most of what the best one would**, although the survey is wrong about many single customers. But the promise and what came are not the same number, and the interval of a promise does not include this error. Here the promise is too low. One reason: asked about a price, people name a lower limit than they have (lesson 14). So promise a range, and say what is not in it.
#
# ## Play: the whole offer
#
# Start from today's set. **Your goal** is what the measured house earns. Can you get there with smaller fixed costs? Can you win the price segment and the value segment with one and the same offer?

# %% label="offer-explorer" tags=["nbval-ignore-output"]
explorers.offer_explorer(market, ours.iloc[0], rivals, goal=earned["profit"].iloc[1])

# %% [markdown] label="rule-thumb-tested"
# ## A rule of thumb, tested
#
# *"Put your resources where the weights are."* For each lever: one step up from today's set, everything else as it is. `refused` is the change in the share of customers who refuse.

# %% label="base"
true_importance = mix.lever_importance(mix.as_matrix(tables[1]), weights)[["lever", "share"]]
step = mix.step_gains(market, ours, rivals).merge(true_importance, on="lever")
print(f"rank correlation of share and gain: {step['gain'].corr(step['share'], method='spearman'):.2f}")
show(step.round({"gain": 0, "refused": 2, "share": 2}).astype({"gain": int}))

# %% [markdown] label="turn"
# Share and gain mostly go together, but not always. At the bottom, a lever with some importance loses money: its step costs more than it brings. At the top, one lever earns several times as much as others with as much importance, because its step lifts needs over the threshold of a must-have. **Importance says nothing about costs and thresholds: use it to know where to look, and a simulation to decide.**

# %% [markdown] ask="13b-1"

# %% label="check-13b-1"
answer = ...
check("13b-1", answer)

# %% label="quiz-13b"
quiz("13b")

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - The rivals stand still. Real ones answer, and what earns most against the old offers may not against the new (lesson 14).
# - The budget rule looks at one lever after the other. It ignores thresholds.
# - A search finds the best offer of the model, not of the world: brand and habit are not in it.
# - The intervals know only that other customers might have been asked. They do not know what the model leaves out.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - A missed must-have has no price.
# - A changed offer can win those who refuse today.
# - The same money, spent by the same rule, earns more by a measured house than by a believed one.
# - Give each profit its interval, and say what the interval does not know.

# %% [markdown] label="words-learnt" tags=["words"]
# ## Words learnt
#
# - **offer** 报价组合: one position on all four P
# - **non-customer** 非客户: somebody who does not buy here, of three kinds: near, refusing, unexplored
# - **near non-customer** 准非客户: every criterion is met, and somebody else's offer is taken, or none
# - **refusing non-customer** 拒绝型非客户: at least one criterion fails; a changed product may win them
# - **unexplored non-customer** 未探知非客户: somebody at whom nobody has ever looked

# %% [markdown] label="on-your-own-data" tags=["own-data"]
# ## On your own data
#
# You need your house (needs by levers), weights of the needs, and what a step of each lever costs a year. The rule then gives an offer for your budget. Try it with two houses, one filled in by each of two colleagues.
#
# ```python
# import pandas as pd
# from crmkit.mix import offer_from_importance
#
# house = pd.DataFrame({"staff": [9, 0, 3], "kit": [1, 9, 0]}, index=["advice", "complete", "safe"])
# weights = {"advice": 3, "complete": 2, "safe": 2}
# costs = pd.DataFrame({"lever": ["staff", "kit"], "step_fixed_cost": [4000, 600]})
# print(offer_from_importance(house, weights, costs, budget=12_000))
# ```

# %% [markdown] label="what-next" tags=["next"]
# ## What next
#
# One lever deserves a lesson of its own: the price. Lesson 14 finds it in three ways.

# %% [markdown] label="on-one-page" tags=["summary"]
# ## On one page
#
# **Claim.** The same money earns more if it follows a measured house, because what misses a must-have does not sell at any price.
#
# **Method.**
#
# 1. Turn the house into an offer: each step to the lever with the most importance for its money.
# 2. Let customers choose: drop every offer that misses a must-have, then a logit on needs met and all costs.
# 3. Compare the profits of two offers with their interval, and draw the customers again to see whether the offer stays.
#
# **Formula.** $\text{profit} = \text{units} \times (\text{price} - \text{unit cost}) - \text{fixed costs}$
#
# **Code.**
#
# ```python
# compare_offers(market, offers_from_houses(houses, weights, levers, budget, price=22), rivals)
# ```
#
# **Where it fails.** The rivals stand still, and the model knows neither brand nor habit.
