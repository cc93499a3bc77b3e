# %% [markdown] label="title" tables=["needs", "levers", "prototype_ratings", "truth/needs", "truth/set_value", "truth/lever_effects", "truth/customers", "market_offers"]
# # Exercises 13: the house of quality
#
# Prototypes, a matrix, and an offer that has to earn its keep.

# %% label="imports"
import crmkit
from crmkit.mix import Market, as_matrix, estimate_effects, lever_importance, simulate_offers
from crmkit.practice import check, hint, progress, solution

needs, levers = list(crmkit.load("needs")["need"]), list(crmkit.load("levers")["lever"])
prototypes = crmkit.load("prototype_ratings")
prototypes.head(3)

# %% [markdown] label="13-3"
# > Guess first: does a dearer set with better guides earn more or less than today's?

# %% [markdown] label="13-4"
# Both sides of the next question have good friends in the house.
