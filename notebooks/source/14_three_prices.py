# %% [markdown] label="title" tables=["market_offers", "levers", "price_answers", "price_choices", "truth/set_value", "truth/needs", "truth/lever_effects", "truth/customers"] sums=["mix"] tags=["opening"]
# # Ask your customers for a price, and they will bargain
#
# **After this lesson you can** set a price by competitors, by cost and by value, and compare what each earns; read a price sensitivity meter, and say how far its answers can be trusted; learn a demand curve from choices, and say how sure the price is that it gives; say which way is open beside a near-identical rival, and where a price war ends.
#
# **65 minutes to read, 55 minutes of exercises** · you need lesson 12 · you will meet: cost-plus, price sensitivity meter, demand curve, willingness to pay, near-identical rival

# %% [markdown] label="three-people-three-prices"
# ## Three people, three prices
#
# What should {company.name} ask for its set? The sales director looks at the rivals. The accountant looks at the cost. The marketing assistant says: "Why don't we find out what it is worth to people?"

# %% label="imports"
import numpy as np
import pandas as pd

import crmkit
from crmkit import mix
from crmkit.mix import explorers, plots
from crmkit.practice import check, hint, predict, quiz, reveal, solution
from crmkit.style import show

company = crmkit.company()

# %% label="offers"
offers = crmkit.load("market_offers")
ours = offers["company"] == company.name
show(offers[["offer", "price"]])

# %% label="unit-cost"
worth = crmkit.load_truth("set_value")
market = mix.Market.from_tables(
    crmkit.load_truth("needs"), worth, crmkit.load_truth("lever_effects"),
    crmkit.load("levers"), crmkit.load_truth("customers"),
)
unit_cost = mix.offer_costs(market, offers[ours])["unit_cost"].iloc[0]
by_rivals = mix.competitor_price(offers.loc[~ours, "price"])
by_cost = mix.cost_plus_price(unit_cost, markup=0.30)
print(f"by competitors: {company.money(by_rivals, 2)}, the middle of the three rivals")
print(f"cost-plus: {company.money(by_cost, 2)}, a cost of {company.money(unit_cost, 2)} and 30 % of it")

# %% [markdown] label="both-quick-neither-asked-customer"
# Both ways are quick, and neither asks a customer. *Cost-plus* cannot even say why 30 %. The third way is *value*: what is the set worth to those who might buy it? {company.name} asked 300 customers, and then watched them.

# %% [markdown] ask="14-a"

# %% label="predict-14-a"
predict("14-a", ...)

# %% [markdown] label="four-open-questions"
# ## Four open questions give a range
#
# The **price sensitivity meter** (价格敏感度测试) asks each customer for four prices: so low that you doubt the quality (`too_cheap`), a bargain (`cheap`), getting expensive (`expensive`), too high to think about (`too_expensive`). Here are two of the answers of five customers, and how many of the five find a price of 10, 14 or 18 too cheap or too expensive:

# %% label="five"
five = pd.DataFrame({"too_cheap": [6, 8, 9, 10, 14], "too_expensive": [14, 18, 19, 24, 30]})
five.index = ["Ann", "Bo", "Cy", "Di", "Ed"]
low, high = five["too_cheap"], five["too_expensive"]
show(pd.DataFrame({price: {"too cheap": (low >= price).sum(), "too expensive": (high <= price).sum()} for price in (10, 14, 18)}))

# %% [markdown] label="line-up-each-price-many"
# At 14 as many find the set too cheap as find it too expensive. The method calls this the *optimal price*. `psm_points` finds it for all 300 customers, and three more crossings:

# %% label="answers"
answers = crmkit.load("price_answers")
points = mix.psm_points(answers)
show(points.round(2))

# %% label="plot-meter-curves"
grid = np.arange(5, 45.5, 0.5)
said = mix.psm_curves(answers, grid)
ax = plots.plot_meter_curves(said, points, title="The answers leave a range of prices")
read = ", ".join(f"{row.point} {company.money(row.price, 2)}" for row in points.itertuples())
show(ax, alt=f"Four curves of the price sensitivity meter, and two of them turned over. They cross at: {read}.")

# %% [markdown] label="till-nobody-bargains"
# The dashed lines are two of the curves turned over: *not cheap* and *not expensive*. The grey band is the range that the method accepts. Below it, more people call the price too cheap than call it not cheap. Above it, more call it too expensive than call it not expensive. So customers have spoken. Now watch them.
#
# ## At the till nobody bargains
#
# On 1,500 occasions a set stood on a shelf at a price **drawn at random**, and was bought or not. For this test the set had been completed: it met all the needs of lesson 12. So nobody turned it down for what it lacked. The price alone decided.

# %% label="choices"
choices = crmkit.load("price_choices")
bands = pd.qcut(choices["price"], 6, precision=0)
show(choices.groupby(bands, observed=True)["bought"].agg(["size", "mean"]).round(2))

# %% [markdown] label="between-17-22-where-grey"
# A smooth line through these choices is a **demand curve** (需求曲线). Ours is a logit in the logarithm of the price. `fit` finds the two numbers a and b; the rest is one line of arithmetic:

# %% label="curve"
curve = mix.DemandCurve().fit(choices)
u = curve.a_ - curve.b_ * np.log(20)
print(f"a = {curve.a_:.2f}, b = {curve.b_:.2f}; at a price of 20: a - b log(20) = {u:.2f}")
print(f"share who buy: 1 / (1 + e^-{u:.2f}) = {1 / (1 + np.exp(-u)):.2f}")

# %% [markdown] label="truth-each-300-customers-world"
# A simulated world also knows each customer's **willingness to pay** (支付意愿) for such a set, and the budget. This is another market than that of lesson 13b. There the set was sold as it stands, and for many customers it misses something:

# %% label="two-markets"
as_it_stands = mix.choice_shares(market, offers[ours].assign(price=12.0)).mean()
print(f"alone on the market at {company.money(12)}: as it stands (lesson 13b) {as_it_stands:.0%} buy;")
print(f"{mix.true_share(worth, 12.0):.0%} would pay that for a set that misses nothing")

# %% [markdown] label="price-of-a-complete-set"
# No low price makes up for missed needs. This lesson asks what comes after them: **what is a set worth that misses nothing?**

# %% label="plot-demand-curves"
lines = {
    "learnt from choices": (grid, curve.share(grid)),
    "said not to be too expensive": (grid, 1 - said["too_expensive"].to_numpy()),
    "truth": (grid, mix.true_share(worth, grid)),
}
ax = plots.plot_demand_curves(lines, (grid, *curve.interval(grid)), title="Choices come near the truth, answers bargain")
half = {"by choices": curve.median_, "by answers": answers["too_expensive"].median()}
words = ", ".join(f"{name} {company.money(price, 2)}" for name, price in half.items())
show(ax, alt=f"Share who buy by price. The price at which half buy: {words}.")
reveal("14-a")

# %% label="at"
at = np.array([15, 20, 25, 30])
shares = {"truth": mix.true_share(worth, at), "from choices": curve.share(at)}
shares["as said"] = 1 - mix.psm_curves(answers, at)["too_expensive"].to_numpy()
show(pd.DataFrame(shares, index=pd.Index(at, name="price")).round(2))

# %% [markdown] label="asked-about-money-people-bargain"
# **Asked about money, people bargain: they name less than they pay.** The range of the meter lies below the price at which half of them buy. The curve learnt from choices comes much nearer to the truth; its green band is the 95 % interval. Are the answers worth nothing, then?

# %% label="pairs"
pairs = answers.merge(worth, on="customer_id")
less = (pairs["too_expensive"] < pairs["value"]).mean()
order = pairs["too_expensive"].corr(pairs["value"], method="spearman")
print(f"{less:.0%} call a price too expensive that lies below what the set is worth to them")
print(f"rank correlation of the answer with the true worth: {order:.2f} (1 would be the same order)")

# %% [markdown] label="price-earns-most-not-price"
# Most name less than the set is worth to them. Yet those who name more are those to whom it is worth more. **Use the order of the answers, not their level.**
#
# Now back to the accountant. His price covers the cost and adds 30 %.

# %% [markdown] ask="14-b"

# %% label="predict-14-b"
predict("14-b", ...)

# %% [markdown] label="profit-by-hand"
# ## The price that earns most is not the price that sells most
#
# A set costs 12, and the five customers pay at most 16, 22, 19, 28 and 34. Profit is buyers × (price − cost):

# %% label="five-profits"
hand = pd.DataFrame({"price": [16, 19, 22, 28, 34], "buyers": [5, 4, 3, 2, 1]})
hand["profit"] = hand["buyers"] * (hand["price"] - 12)
show(hand)

# %% [markdown] label="profit-helper"
# The lowest price sells to all five and earns least. `value_price` does the same with the demand curve and {company.name}'s cost. To see how sure that is, `value_price_interval` draws the curve many times from its uncertainty, and takes the best price of each:

# %% label="buyers"
prices = np.arange(np.ceil(unit_cost), 45, 0.25)
by_value = mix.value_price(curve, unit_cost, prices)
low, high = mix.value_price_interval(curve, unit_cost, prices)
print(f"price by value {company.money(by_value, 2)} (95 % interval {company.money(low, 2)} to {company.money(high, 2)})")

# %% label="plot-profit-curve"
buyers = 10_000  # a year, for whom the set misses nothing
profit = mix.price_profit(prices, mix.true_share(worth, prices), unit_cost, buyers)
ways = {"competitors": by_rivals, "cost-plus": by_cost, "value": by_value}
ways["meter"] = points.set_index("point").loc["optimal price", "price"]
earned = mix.compare_prices(worth, ways, unit_cost, buyers)
ax = plots.plot_profit_curve(prices, profit, ways, title="Without a twin, value earns most")
words = "; ".join(f"{row.way} {company.money(row.price, 2)} earns {company.money(row.profit)}" for row in earned.itertuples())
show(ax, alt=f"True profit a year by price, a hill. Four prices on it: {words}.")

# %% label="table"
earned["of the best"] = earned["profit"] / profit.max()
reveal("14-b", 100 * earned.set_index("way").loc["cost-plus", "of the best"])
show(earned.round(2))

# %% [markdown] label="price-value-sells-fewest-earns"
# **The price by value sells to the fewest and earns the most.** The others leave money on the table: customers would have paid more, and nobody looked. The curve was learnt from 300 people, so its price is not exactly the best one. But near its top the hill is flat:

# %% label="meter"
ends = mix.compare_prices(worth, {"lower end": low, "upper end": high}, unit_cost, buyers)
for row in ends.itertuples():
    print(f"{row.way} of the interval, {company.money(row.price, 2)}: {row.profit / profit.max():.0%} of the best profit")

# %% [markdown] label="predict-now-bramblecote-brings-out"
# Now a rival moves. The one with the middle price brings out a set that is the same as yours except for the box, and keeps its price.

# %% [markdown] ask="14-c"

# %% label="predict-14-c"
predict("14-c", ...)

# %% [markdown] label="near-identical-rival-leaves-one"
# ## Beside a near-identical rival one way is open
#
# What the set is *worth* has not changed. But customers who would buy either now take the cheaper one. A few do not: tastes differ a little. Say by 30 {company.cents} (`blur=0.3`). By hand, for a customer who would buy either:

# %% label="one-customer"
for more in (-1, 0, 1):
    print(f"we ask {more:+d} against the rival: the chance is 1 / (1 + e^({more} / 0.3)) = {1 / (1 + np.exp(more / 0.3)):.2f}")

# %% label="plot-profit-curve-2"
rival = {"rival_price": by_rivals, "blur": 0.3}
beside = mix.price_profit(prices, mix.share_against_rival(worth, prices, **rival), unit_cost, buyers)
del ways["meter"]
ax = plots.plot_profit_curve(prices, profit, ways, beside=beside, title="Beside a twin, the price by value sells nothing")
top = prices[beside.argmax()]
show(ax, alt=f"Profit by price without a rival, and beside one at {company.money(by_rivals, 2)}: there it is highest at {company.money(top, 2)}, and next to nothing above the rival's price.")

# %% label="steps"
steps = {**ways, "one less than the rival": by_rivals - 1, "one more": by_rivals + 1}
reveal("14-c", 100 * (by_rivals - top))
show(mix.compare_prices(worth, steps, unit_cost, buyers, **rival).round(2))

# %% [markdown] label="tomorrow-he-answers"
# One {company.coin} above the twin, nearly all sets stay on the shelf. One below, and you have nearly all customers. (Where cost-plus does well here, it is by accident: it happens to lie below the rival.) **With a near-identical rival only the first way is open: it is the rival's price that counts, whatever your cost and whatever the worth.** And the rival looks at yours.

# %% [markdown] ask="14-d"

# %% label="predict-14-d"
predict("14-d", ...)

# %% [markdown] label="war-head"
# ## Price answers price, until hardly any profit is left
#
# Five such wars, each between two sets that differ more in the eyes of the customers:

# %% label="rows"
wars = mix.price_wars(worth, unit_cost, by_rivals, [0.3, 1, 3, 6, 10], buyers)
reveal("14-d", wars["last_price"].iloc[0] - unit_cost)
show(wars.round(1))

# %% [markdown] label="between-twins-price-ends-just"
# Between twins, little is left for either. The more the sets differ, the more both can earn. **The way out of a price war is not a better price but a difference**: a lever of lesson 13 is worth more here than any arithmetic with prices. (A model of two sellers who think of today only; real ones also remember.)
#
# **Your goal:** let the rival answer ten times or more, and still earn a third of what the best price earns without a rival. Between twins no price does it.

# %% label="price-explorer" tags=["nbval-ignore-output"]
explorers.price_explorer(
    worth, curve, unit_cost=unit_cost, buyers=buyers, rival_price=by_rivals, goal=profit.max() / 3
)

# %% [markdown] label="rule-thumb-tested"
# Then raise the cost: which of the three ways notices?
#
# ## A rule of thumb, tested
#
# *"A markup of 30 % is sound business."* What part of the best profit does it bring, if a set costs this much and there is no rival?

# %% label="rows-2"
show(mix.markup_by_cost(worth, [6, 9, unit_cost, 15, 20], np.arange(6, 45, 0.25)).round(2))

# %% [markdown] label="turn"
# At the lowest cost the rule gives most of the profit away. At the highest it does well, by luck: there, cost and 30 % happens to be what customers pay. The best price moves with the cost too, but by less: customers do not know your cost, and do not care.

# %% [markdown] ask="14-1"

# %% label="check-14-1"
answer = ...
check("14-1", answer)

# %% label="quiz-14"
quiz("14")

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - Prices drawn at random on a shelf are a luxury. Old sales at changing prices are not the same: prices were changed *because* sales changed.
# - The demand curve is smooth. Real demand may have a step just below a round price, and some people take a high price for quality.
# - These 300 customers stand for all. The interval says how far chance moves the price; it does not say whether they were the right 300.
# - One price for all leaves out that customers differ: two need types (lesson 23) may be worth two sets at two prices.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - Three ways: by competitors, by cost, by value. Only the third asks the customer; only the first works beside a twin.
# - Open answers bargain. Use their order, and learn the level from choices.
# - The best price is the top of a hill of profit, and the hill is flat on top: a small error costs little.
# - No way of pricing replaces a difference.

# %% [markdown] label="words-learnt" tags=["words"]
# ## Words learnt
#
# - **competitor pricing** 竞争定价法: taking one's price from the rivals'
# - **cost-plus pricing** 成本加成定价法: cost and a markup
# - **value pricing** 顾客价值定价法: the price that earns most, given what the offer is worth to customers
# - **price sensitivity meter** 价格敏感度测试: four open questions about prices, read where their curves cross
# - **demand curve** 需求曲线: the share of customers who buy at each price
# - **willingness to pay** 支付意愿: the most that the offer is worth to a customer
# - **near-identical rival** 几乎相同的竞品: an offer that customers cannot tell from ours but by its price

# %% [markdown] label="on-your-own-data" tags=["own-data"]
# ## On your own data
#
# You need one row per occasion on which somebody could have bought: `price` and `bought` (1 or 0), and `customer_id` if people come more than once. If you can, let a die choose among three prices for some weeks.
#
# ```python
# import pandas as pd
# from crmkit.mix import DemandCurve, value_price, value_price_interval
#
# curve = DemandCurve().fit(pd.read_csv("my_prices.csv"))
# unit_cost, prices = 8.0, range(8, 41)  # your own
# low, high = value_price_interval(curve, unit_cost, prices)
# print(f"half buy at {curve.median_:.2f}; most is earned at {value_price(curve, unit_cost, prices):.2f}")
# print(f"95 % interval of that price: {low:.2f} to {high:.2f}")
# ```

# %% [markdown] label="what-next" tags=["next"]
# ## What next
#
# So far every customer counted the same. They do not: lesson 20 asks which customers bring the profit.

# %% [markdown] label="on-one-page" tags=["summary"]
# ## On one page
#
# **Claim.** Asked for a price, customers bargain; learn the price from choices, and beside a near-identical rival look at the rival's.
#
# **Method.**
#
# 1. Let chance set the price on some occasions, and note who buys.
# 2. Fit a demand curve, multiply its shares by price less cost, and take the top, with its interval.
# 3. Look at the shelf: is there a twin? Then its price decides, until you differ.
#
# **Formula.** $\text{profit} = \text{buyers} \cdot \text{share}(\text{price}) \cdot (\text{price} - \text{cost})$
#
# **Code.**
#
# ```python
# value_price(DemandCurve().fit(choices), unit_cost, prices)
# ```
#
# **Where it fails.** Old sales at old prices are no test: the price was changed because sales changed.
