# %% [markdown] label="title" tables=["market_offers", "levers", "price_answers", "price_choices", "truth/set_value", "truth/needs", "truth/lever_effects", "truth/customers"] tags=["opening"]
# # Ask your customers for a price, and they will bargain
#
# **After this lesson you can** set a price by competitors, by cost and by value; read the price sensitivity meter; learn a demand curve from choices; reckon profit at each price; say when only the rival's price is open to you.
#
# **80 minutes to read, 45 minutes of exercises** · you need lesson 12 · you will meet: cost-plus, price sensitivity meter, demand curve, willingness to pay, near-identical rival

# %% label="imports"
import numpy as np
import pandas as pd

import crmkit
from crmkit.inference import percentile_interval
from crmkit.mix import (
    DemandCurve,
    Market,
    choice_shares,
    competitor_price,
    cost_plus_price,
    price_profit,
    price_war,
    psm_curves,
    psm_points,
    share_against_rival,
    true_share,
    value_price,
)
from crmkit.mix.explorers import price_explorer
from crmkit.mix.plots import plot_demand_curves, plot_meter_curves, plot_profit_curve
from crmkit.practice import check, hint, predict, quiz, solution
from crmkit.style import show

company = crmkit.company()

# %% [markdown] label="three-people-three-prices"
# ## Three people, three prices
# What should {company.name} ask for *Hang-It*? The sales director looks at the rivals. The accountant looks at the cost. The marketing assistant says: "Why don't we find out what it is worth to people?"

# %% label="offers"
offers = crmkit.load("market_offers")
offers[["offer", "price"]]

# %% label="unit-cost"
unit_cost = 11.55  # what one set costs {company.name} (lesson 13)
by_rivals = competitor_price(offers.query("company != @company.name")["price"])
by_cost = cost_plus_price(unit_cost, markup=0.30)
print(
    f"by competitors {company.money(by_rivals, 2)} (the middle of the three); cost-plus {company.money(by_cost, 2)} "
    f"(cost and 30 %)"
)

# %% [markdown] label="both-quick-neither-asked-customer" tags=["predict"]
# Both are quick, and neither has asked a customer. *Cost-plus* cannot even say why 30 %. The third way is **value**: what is the set worth to those who might buy it?
#
# > **Predict.** You ask 300 customers openly: "At what price would it be too expensive?" And you watch at which price half of them still buy. How many {company.coins} lie between the two, and which is higher?

# %% label="predict-14-a"
predict("14-a", ...)  # how many {company.coins} apart, and which is higher

# %% [markdown] label="four-open-questions"
# ## Four open questions
# The **price sensitivity meter** asks for four prices: so cheap that you doubt its quality; a bargain; getting expensive; too expensive to think about.

# %% label="answers"
answers = crmkit.load("price_answers")
answers.drop(columns="customer_id").describe().loc[["25%", "50%", "75%"]]

# %% [markdown] label="line-up-each-price-many"
# Line them up: at each price, how many find it too cheap, cheap, expensive, too expensive? Where the curves cross, the method reads a price.

# %% label="grid"
grid = np.arange(5, 45.5, 0.5)
curves = psm_curves(answers, grid)
points = psm_points(answers)
points.round(2)

# %% label="plot-meter-curves"
low, high = points.set_index("point")["price"][["lower end", "upper end"]]
ax = plot_meter_curves(curves, points)
ax.set_title("The answers leave a narrow range")
show(
    ax,
    alt=f"Four curves of the price sensitivity meter, and two of them turned over; the acceptable "
    f"range reaches from {company.money(low, 2)} to {company.money(high, 2)}.",
)

# %% [markdown] label="till-nobody-bargains"
# The broken lines are two of the curves turned over: *not cheap* and *not expensive*. The grey band is the method's range of acceptable prices. Below it, more people find the price too cheap than find it not cheap; above it, more find it
# too expensive than not expensive. So customers have spoken. Now watch them.
#
# ## At the till nobody bargains
# On 1,500 occasions a set stood on the shelf at a price **drawn by chance**, and was bought or not. For this test the set had been completed: it met all the needs of lesson 12 (someone to ask, all parts in the box, money back). So nobody turned it down for what it lacked, and the price alone decided. Counted by price:

# %% label="choices"
choices = crmkit.load("price_choices")
bands = pd.cut(choices["price"], [7, 12, 17, 22, 27, 32, 37, 45])
choices.groupby(bands, observed=True)["bought"].agg(["size", "mean"]).round(2)

# %% [markdown] label="between-17-22-where-grey"
# Between {company.symbol}17 and {company.symbol}22, where the grey band ends, most people still buy. A smooth line through these choices is a **demand curve**: a logit in the logarithm of price.

# %% label="curve"
curve = DemandCurve().fit(choices)
low_share, high_share = curve.interval(grid)
print(f"half of the customers buy at {company.money(curve.median_, 2)}")

# %% [markdown] label="truth-each-300-customers-world"
# And the truth: for each of the 300 customers the world knows the **willingness to pay** for such a set, and the budget. Do not mix this market up with that of lesson 13. There Hang-It was sold as it stands: for some customers it misses a must-have, and for many others too much of the rest.

# %% label="two-markets"
worth = crmkit.load_truth("set_value")
market = Market.from_tables(
    crmkit.load_truth("needs"), worth, crmkit.load_truth("lever_effects"),
    crmkit.load("levers"), crmkit.load_truth("customers"),
)
as_it_stands = choice_shares(market, offers[offers["company"] == company.name].assign(price=12.0)).mean()
print(f"Alone on the market at {company.money(12)}: as it stands (lesson 13) {as_it_stands:.0%} buy; "
      f"{true_share(worth, 12.0):.0%} would pay that for a set that misses nothing")

# %% [markdown] label="price-of-a-complete-set"
# The distance between the two is what missed needs cost. No low price makes up for it. This lesson asks the question that comes after them: **what is a set worth that misses nothing?**

# %% label="plot-demand-curves"
said = 1 - curves["too_expensive"]
ax = plot_demand_curves(
    {
        "learnt from choices": (grid, curve.share(grid)),
        "not 'too expensive', as said": (grid, said.to_numpy()),
        "truth": (grid, true_share(worth, grid)),
    },
    interval=(grid, low_share, high_share),
)
ax.set_title("Choices tell the truth, answers bargain")
half_said = grid[(said < 0.5).to_numpy()][0]
show(
    ax,
    alt=f"Share who buy by price. Half buy at {company.money(curve.median_)} by choices and "
    f"{company.money(worth['value'].median())} in truth; by their answers the half is reached at "
    f"{company.money(half_said)} already.",
)

# %% label="at"
at = np.array([15, 20, 25, 30])
pd.DataFrame(
    {
        "price": at,
        "truth": true_share(worth, at),
        "from choices": curve.share(at),
        "as said": 1 - psm_curves(answers, at)["too_expensive"],
    }
).round(2)

# %% [markdown] label="asked-about-money-people-bargain"
# Asked about money, people bargain: they name less than they pay. The band of the meter lies wholly below the price at which half of them would really buy. Choices made with real money stay within a few points of the truth. Are the answers worth nothing, then?

# %% label="pairs"
pairs = answers.merge(worth, on="customer_id")
order = pairs["too_expensive"].corr(pairs["value"], method="spearman")
less = (pairs["too_expensive"] < pairs["value"]).mean()
print(f"{less:.0%} call a price too expensive that lies below what the set is worth to them")
print(f"rank correlation of the answer with the true worth: {order:.2f}")

# %% [markdown] label="price-earns-most-not-price"
# Most name less than it is worth to them, and yet those who name more are those to whom it is worth more. The *order* of the answers is useful, their *level* is not.
#
# ## The price that earns most is not the price that sells most
# Profit = customers who buy × (price − cost). With 10,000 customers a year for whom the set misses nothing (and with today's cost; completing the set adds some):

# %% label="buyers"
buyers = 10_000
open_prices = grid[grid >= unit_cost]
by_value = value_price(curve, unit_cost, open_prices)
drawn = [value_price(each, unit_cost, open_prices) for each in curve.drawn(200)]
low_price, high_price = percentile_interval(drawn)
print(f"price by value {company.money(by_value, 2)} (95 % interval {company.money(low_price, 2)} to {company.money(high_price, 2)})")
profit = price_profit(open_prices, true_share(worth, open_prices), unit_cost, buyers)
marks = {"competitors": by_rivals, "cost-plus": by_cost, "value": by_value}

# %% label="plot-profit-curve"
ax = plot_profit_curve(open_prices, profit, marks)
ax.set_title("Without a twin, value earns most")
show(
    ax,
    alt="; ".join(
        f"{way} {company.money(price, 2)} earns {company.money(np.interp(price, open_prices, profit))}"
        for way, price in marks.items()
    ),
)

# %% label="table"
table = pd.DataFrame({"price": marks})
table["share"] = true_share(worth, table["price"])
table["profit"] = price_profit(table["price"], table["share"], unit_cost, buyers)
best = open_prices[profit.argmax()]
print(f"the very best price, known only to the truth: {company.money(best, 2)}, profit {company.money(profit.max())}")
table.round(2)

# %% [markdown] label="price-value-sells-fewest-earns"
# The price by value sells to the fewest and earns the most. The other two leave money on the table: customers would have paid more, and nobody looked. The curve was learnt from the choices of 300 people, so its price has an interval (printed above) and is not exactly the best one; but near the top the hill is flat, and the loss is small at either end.
#
# What would the optimum of the *meter* have earned?

# %% label="meter"
meter = points.set_index("point").loc["optimal price", "price"]
print(
    f"{company.money(meter, 2)} earns "
    f"{company.money(price_profit(meter, true_share(worth, meter), unit_cost, buyers))}, against "
    f"{company.money(table.loc['value', 'profit'])}"
)

# %% [markdown] label="predict-now-bramblecote-brings-out" tags=["predict"]
# > **Predict.** Now Bramblecote brings out a set that is the same as Hang-It but for the box, at {company.symbol}16. What becomes of the price by value?

# %% label="predict-14-b"
predict("14-b", ...)  # what would you ask now?

# %% [markdown] label="near-identical-rival-leaves-one"
# ## A near-identical rival leaves one way open
# What the set is *worth* has not changed. But whoever would buy either now takes the one that leaves more in the purse. With two equal sets that is the cheaper one.

# %% label="plot-profit-curve-2"
rival_price = 16.0
share_twin = share_against_rival(
    worth, open_prices, rival_price, blur=0.3
)  # tastes differ by pennies
profit_twin = price_profit(open_prices, share_twin, unit_cost, buyers)
ax = plot_profit_curve(open_prices, profit_twin, {"value": by_value, "rival's price": rival_price})
ax.set_title("Beside a twin the price of worth earns nothing")
show(
    ax,
    alt=f"Profit by price beside a near-identical rival at {company.symbol}16: highest at "
    f"{company.money(open_prices[profit_twin.argmax()], 2)}, next to nothing at {company.money(by_value, 2)}.",
)

# %% label="steps"
steps = (("rival's price", 16.0), (f"a {company.coin} less", 15.0), (f"a {company.coin} more", 17.0))
for way, price in (*marks.items(), *steps):
    share = share_against_rival(worth, price, rival_price, blur=0.3)
    print(
        f"{way:14s} {company.money(price, 2)}  sells to {share:.0%}, earns "
        f"{company.money(price_profit(price, share, unit_cost, buyers))}"
    )

# %% [markdown] label="tomorrow-he-answers"
# A {company.coin} above the twin, and nearly all sets stay on the shelf. A {company.coin} below, and you have nearly all customers. (Cost-plus seems to do well here; by accident it landed just below the rival.) So with a near-identical rival **only the first way is open**: whatever your cost and whatever the worth, it is *his* price that you look at. And he looks at yours.
#
# ## And tomorrow he answers
# Let the two answer each other in turn, each with the price that earns most today, sixty times:

# %% label="rows"
rows = []
for blur in (0.3, 1, 3, 6, 10):
    war = price_war(worth, unit_cost, rival_price, blur=blur, rounds=60)
    ours = war[war["who"] == "we"].iloc[-1]
    rows.append(
        (
            blur,
            war["price"].iloc[0],
            ours["price"],
            price_profit(ours["price"], ours["share"], unit_cost, buyers),
        )
    )
pd.DataFrame(
    rows,
    columns=["tastes differ by (money)", "our first price", "our last price", "profit at last"],
).round(1)

# %% [markdown] label="between-twins-price-ends-just"
# Between twins the price ends just above the cost, and hardly anything is earned by either. The more the sets differ in customers' eyes, the higher the price that both can keep. The way out of a price war is no better price but a **difference**: a lever from lesson 13 (staff, guides) is worth more here than any arithmetic with prices.

# %% label="price-explorer"
price_explorer(worth, curve, unit_cost=unit_cost, buyers=buyers)

# %% [markdown] label="rule-thumb-tested"
# Try: make the sets 100 % alike and creep up to the rival's price from below. Make them 0 % alike. Let the cost rise to {company.symbol}20: which of the three ways notices first?
#
# ## A rule of thumb, tested
# *"A markup of 30 % is sound business."* Here is what a markup earns for several costs, as a share of what the best price would earn (no twin on the shelf):

# %% label="rows-2"
rows = []
for cost in (6, 9, 11.55, 15, 20):
    prices = np.arange(cost, 45, 0.25)
    most = price_profit(prices, true_share(worth, prices), cost, buyers)
    plus = cost_plus_price(cost, 0.30)
    rows.append(
        (
            cost,
            plus,
            prices[most.argmax()],
            price_profit(plus, true_share(worth, plus), cost, buyers) / most.max(),
        )
    )
pd.DataFrame(rows, columns=["cost", "cost + 30 %", "best price", "share of the best profit"]).round(
    2
)

# %% [markdown] label="turn"
# With a cost of {company.symbol}20 the rule does well, by luck: that is where a 30 % markup happens to hit what customers pay. With a cost of {company.symbol}6 it gives most of the profit away. The best price moves with the cost too, but by less than one for one: customers do not know the cost, and do not care.
#
# ## Your turn
# Put your answer in place of the three dots; the exercises of lesson 14 give each question in full. Stuck? Type `hint("14-1")` in a new cell; after three tries `solution("14-1")` opens.

# %% label="check-14-1"
answer = ...  # the price at which half of the customers buy, in {company.cents}, by a demand curve learnt from price_choices
check("14-1", answer)

# %% label="check-14-2"
answer = (
    ...
)  # share of customers who would really buy at 15, 20, 25, 30: columns price, share (per cent)
check("14-2", answer)

# %% label="check-14-3"
answer = ...  # price and profit of the three ways, with a unit cost of 12: columns way, price, profit
check("14-3", answer)

# %% label="quiz-14"
quiz("14")

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
# - Prices drawn by chance on a shelf are a luxury. Old sales at changing prices are not the same: prices were changed *because* sales changed.
# - The demand curve is a smooth logit. Real demand may have steps just below a round price, and some think that dear is good.
# - Here 300 customers stand for all. The interval of the curve says how far chance moves it; it does not say whether these were the right 300.
# - The price war assumes that both think only of today. Real rivals remember, and sometimes leave the price alone.
# - One price for all leaves out that customers differ: need types (lesson 23) may be worth two sets at two prices.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
# - Three ways: by competitors, by cost, by value. Only the third asks the customer; only the first works beside a twin.
# - Open answers bargain: use their order, not their level. Learn the level from choices.
# - The best price is the top of the profit hill, and the hill is flat on top: a {company.coin} more or less costs little.
# - No pricing method replaces a difference.

# %% [markdown] label="words-learnt" tags=["words"]
# ## Words learnt
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
# For a demand curve you need one row per occasion on which somebody could have bought: `price` and `bought` (1 or 0), and `customer_id` if people come more than once. If you can, let a die choose the price among three for some weeks.
#
# ```python
# import pandas as pd
# from crmkit.mix import DemandCurve, value_price
#
# curve = DemandCurve().fit(pd.read_csv("my_prices.csv"))
# unit_cost, prices = 8.0, range(8, 41)  # your own
# print(f"half buy at {curve.median_:.2f}; the price that earns most is {value_price(curve, unit_cost, prices):.2f}")
# ```

# %% [markdown] label="what-next" tags=["next"]
# ## What next
# So far every customer counted the same. They do not: part 2 asks which customers bring the profit.
