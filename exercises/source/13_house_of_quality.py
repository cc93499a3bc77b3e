# %% [markdown] label="title" tables=["needs", "levers", "prototype_ratings", "best_worst_tasks", "market_offers", "truth/needs"] names=["needs.need: advice", "needs.need: fit", "needs.need: instructions", "needs.need: nearby", "needs.need: quick", "needs.need: ready", "needs.need: safe", "levers.lever: low_price", "levers.lever: delivery", "levers.lever: guides", "levers.lever: kit", "levers.lever: quality", "levers.lever: staff"]
# # Exercises 13: the house of quality
#
# Prototypes, a matrix, and a team that is sure of itself.

# %% label="imports"
import crmkit
from crmkit import mix
from crmkit.practice import check, hint, progress, solution

needs, names = list(crmkit.load("needs")["need"]), list(crmkit.load("levers")["lever"])
prototypes, cards = crmkit.load("prototype_ratings"), crmkit.load("best_worst_tasks")
effects, offers = mix.estimate_effects(prototypes, needs, names), crmkit.load("market_offers")
team = mix.team_house(needs, names)
weights = crmkit.load_truth("needs").groupby("need")["weight"].mean()
without_price = mix.as_matrix(effects).drop(columns="low_price").drop(index="affordable")
ours = offers.iloc[0]
prototypes.head(3)

# %% [markdown] label="13-6"
# > Before you run it: a tenth of the prototypes; how many times as wide will the interval be?

# %% [markdown] label="13-4"
# Both sides of the next question have good friends in the house.
