# %% [markdown] label="title" tables=["need_ratings", "best_worst_tasks", "truth/needs", "truth/customers", "shelf_choices"]
# # Exercises 12: what they really need
#
# Three hundred customers were asked in four ways, and watched at a shelf.

# %% label="imports"
import crmkit
from crmkit.mix import best_worst_counts, implicit_needs, must_haves_by_ranking, recovery
from crmkit.practice import check, hint, progress, solution

ratings, cards = crmkit.load("need_ratings"), crmkit.load("best_worst_tasks")
shelf, truth = crmkit.load("shelf_choices"), crmkit.load_truth("needs")
ratings.head(3)

# %% [markdown] label="12-3"
# > Would you rather call too many needs must-have, or too few? The number below is one side of that.

# %% [markdown] label="12-4"
# > Before you run it: which need do you expect price-oriented customers to buy without naming it?

# %% [markdown] label="12-5"
# Two needs, one budget. What is evidence, and what is talk?
