# %% [markdown] label="title" tables=["price_choices", "truth/set_value", "market_offers", "price_answers"]
# # Exercises 14: three prices
#
# One set, and three ways to a price for it. Stuck? Add a cell with `hint("14-1")`; after three tries `solution("14-1")` opens. In a class everybody has data of their own, so a neighbour's number is of no use to you.

# %% label="imports"
import numpy as np
import pandas as pd

import crmkit
from crmkit.mix import (
    DemandCurve,
    competitor_price,
    cost_plus_price,
    price_profit,
    psm_points,
    true_share,
    value_price,
)
from crmkit.practice import check, hint, solution

company = crmkit.company()

# %% [markdown] label="14-1"
# ## 14-1 · Where does half the room buy? (1 point)
# At which price, in {company.cents} and to one decimal, do half of the customers buy? Learn a demand curve from `price_choices`.

# %% label="check-14-1"
# curve = DemandCurve().fit(____)
### BEGIN SOLUTION
answer = 100 * DemandCurve().fit(crmkit.load("price_choices")).median_
### END SOLUTION
check("14-1", answer)

# %% [markdown] label="14-2"
# ## 14-2 · Who would really buy? (2 points)
# What share of the customers would really buy the set at {company.symbol}15, {company.symbol}20, {company.symbol}25 and {company.symbol}30 (truth: it is worth the price to them *and* they can pay it)? Give `price` and `share` in per cent.

# %% label="check-14-2"
### BEGIN SOLUTION
prices = [15, 20, 25, 30]
worth = crmkit.load_truth("set_value")
answer = pd.DataFrame({"price": prices, "share": 100 * true_share(worth, prices)})
### END SOLUTION
check("14-2", answer)

# %% [markdown] label="14-3"
# > Three ways, one set. Which of them will earn least?
#
# ## 14-3 · What does each way earn? (3 points)
# A set costs {company.symbol}12 to make. Which price does each of the three ways give, and what does it earn a year by the truth, with 10,000 customers? Competitors: the middle of the three rivals' prices. Cost-plus: a markup of 30 %. Value: the best of {company.symbol}12, {company.symbol}12.50, ... {company.symbol}45 by the learnt curve. Give `way` (competitors, cost-plus, value), `price` and `profit`, in {company.symbol}.

# %% label="check-14-3"
### BEGIN SOLUTION
rivals = crmkit.load("market_offers").query("company != @company.name")["price"]
curve = DemandCurve().fit(crmkit.load("price_choices"))
by_value = value_price(curve, 12, np.arange(12, 45.5, 0.5))
price = np.array([competitor_price(rivals), cost_plus_price(12, 0.30), by_value])
profit = price_profit(price, true_share(crmkit.load_truth("set_value"), price), 12, 10_000)
ways = ["competitors", "cost-plus", "value"]
answer = pd.DataFrame({"way": ways, "price": price, "profit": profit})
### END SOLUTION
check("14-3", answer)

# %% [markdown] label="14-4"
# > Two prices, both judged by the truth. Guess how far apart they are in a year.
#
# ## 14-4 · What is asking the wrong way worth? (3 points)
# A set costs {company.symbol}12. How much more profit a year, in {company.symbol}, does the price by value bring than the optimal price of the price sensitivity meter? Price by value: the best of {company.symbol}12, {company.symbol}12.50, ... {company.symbol}45 by the learnt curve. Judge both by the truth, with 10,000 customers.

# %% label="check-14-4"
### BEGIN SOLUTION
curve = DemandCurve().fit(crmkit.load("price_choices"))
by_value = value_price(curve, 12, np.arange(12, 45.5, 0.5))
meter = psm_points(crmkit.load("price_answers")).set_index("point").loc["optimal price", "price"]
worth = crmkit.load_truth("set_value")
profit = [price_profit(p, true_share(worth, p), 12, 10_000) for p in (by_value, meter)]
answer = profit[0] - profit[1]
### END SOLUTION
check("14-4", answer)

# %% [markdown] label="14-5"
# So far the rival stood still. Now he does not.
#
# ## 14-5 · A twin on the shelf (4 points, a decision)
# A rival brings out a set that customers cannot tell from Hang-It, at {company.symbol}16. The sales director wants to go to {company.symbol}15.50. What do you advise, for this month and for next year?

# %% label="check-14-5"
### BEGIN SOLUTION
answer = """This month we have no choice but to look at his price: at the price by value we would sell nothing, and at {company.symbol}15.50 we
keep most customers. But he will answer, and two twins who answer each other end just above cost, where neither earns
anything. So I would go to {company.symbol}16 and not below, and spend what a price war would cost on a difference: guides and staff,
which serve fit, safe and aftercare. A test shelf with both sets shows whether customers then see two different things."""
### END SOLUTION
check("14-5", answer)
