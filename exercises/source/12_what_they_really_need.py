# %% [markdown] label="title" tables=["needs", "need_ratings", "best_worst_tasks", "truth/needs", "truth/customers", "shelf_choices"] names=["needs.need: complete", "needs.need: durable", "needs.need: returnable", "needs.need: safe"]
# # Exercises 12: what they really need
#
# Three hundred customers were asked in four ways, and watched at a shelf.

# %% label="imports"
import crmkit
from crmkit.mix import ShelfModel, best_worst_counts, implicit_needs, must_haves_by_both, recovery
from crmkit.practice import check, hint, progress, solution

ratings, cards = crmkit.load("need_ratings"), crmkit.load("best_worst_tasks")
shelf, truth = crmkit.load("shelf_choices"), crmkit.load_truth("needs")
on_shelf = [need for need in crmkit.load("needs")["need"] if need in shelf.columns]
bought = ShelfModel().fit(shelf, on_shelf)
types = crmkit.load_truth("customers").set_index("customer_id")["need_type"]
hidden = implicit_needs(ratings, cards, shelf, types)
ratings.head(3)

# %% [markdown] label="12-3"
# > Before you run it: would you rather call too many needs must-have, or too few?

# %% [markdown] label="12-4"
# > Before you run it: do you expect needs that are named and not bought to stand out as clearly as the implicit ones?

# %% [markdown] label="12-5"
# Two needs, one budget. What is evidence, and what is talk?
