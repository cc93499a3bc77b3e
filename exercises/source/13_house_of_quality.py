# %% [markdown] label="title" tables=["needs", "levers", "prototype_ratings", "truth/needs", "truth/set_value", "truth/lever_effects", "truth/customers", "market_offers"]
# # Exercises 13: the house of quality
#
# Prototypes, a matrix, and an offer that has to earn its keep. Stuck? Add a cell with `hint("13-1")`; after three tries `solution("13-1")` opens. In a class everybody has data of their own, so a neighbour's number is of no use to you.

# %% label="imports"
import crmkit
from crmkit.mix import Market, as_matrix, estimate_effects, lever_importance, simulate_offers
from crmkit.practice import check, hint, solution

# %% [markdown] label="13-1"
# ## 13-1 · What makes a set fit the job? (1 point)
# What does each lever, pulled all the way from 1 to 5, add to how far the need `fit` is met (0 to 1)? Estimate it from the prototypes. Give `lever` and `effect`.

# %% label="check-13-1"
# found = estimate_effects(crmkit.load("prototype_ratings"), needs, levers)
# answer = found.query(____)[["lever", "effect"]]
### BEGIN SOLUTION
needs, levers = list(crmkit.load("needs")["need"]), list(crmkit.load("levers")["lever"])
found = estimate_effects(crmkit.load("prototype_ratings"), needs, levers)
answer = found.query("need == 'fit'")[["lever", "effect"]]
### END SOLUTION
check("13-1", answer)

# %% [markdown] label="13-2"
# ## 13-2 · Which lever matters? (2 points)
# With the measured effects as the house, and the mean true weights of the needs, what share of the importance has each lever? Give `lever` and `share` in per cent.

# %% label="check-13-2"
### BEGIN SOLUTION
needs, levers = list(crmkit.load("needs")["need"]), list(crmkit.load("levers")["lever"])
house = as_matrix(estimate_effects(crmkit.load("prototype_ratings"), needs, levers))
weights = crmkit.load_truth("needs").groupby("need")["weight"].mean()
out = lever_importance(house, weights.reindex(house.index))
answer = out.assign(share=100 * out["share"])[["lever", "share"]]
### END SOLUTION
check("13-2", answer)

# %% [markdown] label="13-3"
# > Guess first: does a dearer set with better guides earn more or less than today's?
#
# ## 13-3 · Dearer and better explained? (3 points)
# {company.name} raises the price of Hang-It by {company.symbol}2 *and* lifts its guides to level 4. What profit a year does the true market give it, in {company.symbol}, with the rivals as they are?

# %% label="check-13-3"
### BEGIN SOLUTION
market = Market.from_tables(
    crmkit.load_truth("needs"),
    crmkit.load_truth("set_value"),
    crmkit.load_truth("lever_effects"),
    crmkit.load("levers"),
    crmkit.load_truth("customers"),
)
offers = crmkit.load("market_offers")
offers.loc[0, "price"] += 2
offers.loc[0, "guides"] = 4
answer = simulate_offers(market, offers)["profit"].iloc[0]
### END SOLUTION
check("13-3", answer)

# %% [markdown] label="13-4"
# Both sides of the next question have good friends in the house.
#
# ## 13-4 · Steel or staff? (4 points, a decision)
# The engineers want better steel (quality 5), the shop managers want more staff (staff 5), and there is money for one of the two. Write the recommendation to the board.

# %% label="check-13-4"
### BEGIN SOLUTION
answer = """Staff. Fit is the heaviest need, and the prototypes say that fit hangs on staff who ask, far more than on steel; staff
also carry advice. Steel serves durable, which customers praise more than they buy. In the simulator one step of staff
brings more than one step of quality, after its cost. Both have a price besides money: steel makes the set less ready to
use, staff make the purchase less quick, so I would let customers book a clerk. The effects are measured to within a few
hundredths; what rivals will do is not."""
### END SOLUTION
check("13-4", answer)
