# %% [markdown] label="title" tables=["need_ratings", "best_worst_tasks", "truth/needs", "truth/customers", "shelf_choices"]
# # Exercises 12: what they really need
#
# Three hundred customers were asked in four ways, and watched at a shelf. Stuck? Add a cell with `hint("12-1")`; after three tries `solution("12-1")` opens. In a class everybody has data of their own, so a neighbour's number is of no use to you.

# %% label="imports"
import crmkit
from crmkit.mix import best_worst_counts, implicit_needs, must_haves_by_ranking, recovery
from crmkit.practice import check, hint, solution

# %% [markdown] label="12-1"
# ## 12-1 · What do ratings say, once the generosity is off? (1 point)
# How far does the mean rating of each need lie above or below the mean of all ratings? Give `need` and `above`, in points.

# %% label="check-12-1"
# above = ratings.groupby(____)["rating"].mean() - ____
### BEGIN SOLUTION
ratings = crmkit.load("need_ratings")
above = ratings.groupby("need")["rating"].mean() - ratings["rating"].mean()
answer = above.rename("above").reset_index()
### END SOLUTION
check("12-1", answer)

# %% [markdown] label="12-2"
# ## 12-2 · What is best, what is worst? (2 points)
# What is the best-worst score of each need: how often best, less how often worst, divided by how often it was shown? Give `need` and `score`.

# %% label="check-12-2"
### BEGIN SOLUTION
counts = best_worst_counts(crmkit.load("best_worst_tasks"))
answer = counts.rename(columns={"item": "need"})[["need", "score"]]
### END SOLUTION
check("12-2", answer)

# %% [markdown] label="12-3"
# > Would you rather call too many needs must-have, or too few? The number below is one side of that.
#
# ## 12-3 · How often is a kept need a must-have? (3 points)
# If only two needs may be kept (`keep_rank` 1 and 2), how many per cent of the needs kept are true must-haves of that customer? Leave `affordable` out: it is everybody's.

# %% label="check-12-3"
### BEGIN SOLUTION
kept = must_haves_by_ranking(crmkit.load("need_ratings"), keep=2)
answer = 100 * recovery(kept, crmkit.load_truth("needs"))["precision"].iloc[0]
### END SOLUTION
check("12-3", answer)

# %% [markdown] label="12-4"
# > Before you run it: which need do you expect price-oriented customers to buy without naming it?
#
# ## 12-4 · Which need does nobody name? (3 points)
# Which need is most surprising in each need type: bought far more than the answers lead one to expect? Take the types from the truth table `customers` (`need_type`). Give `group`, `need` and `surprise` (in standard errors, two decimals).

# %% label="check-12-4"
### BEGIN SOLUTION
types = crmkit.load_truth("customers").set_index("customer_id")["need_type"]
found = implicit_needs(
    crmkit.load("need_ratings"),
    crmkit.load("best_worst_tasks"),
    crmkit.load("shelf_choices"),
    types,
)
answer = found.drop_duplicates("group")[["group", "need", "surprise"]]
### END SOLUTION
check("12-4", answer)

# %% [markdown] label="12-5"
# Two needs, one budget. What is evidence, and what is talk?
#
# ## 12-5 · Lasting or safe? (4 points, a decision)
# There is money to improve one need, and two candidates: `durable`, which customers rate highest after being able to pay, and `safe`. Which do you choose, and on what evidence?

# %% label="check-12-5"
### BEGIN SOLUTION
answer = """Safe. Durable is rated high because lasting is what one is expected to want, and a mark costs nothing. At the shelf,
safe weighs more than durable, and for the compound type it is an implicit need: they buy it and do not name it. Durable
stays a must-have for some, so I would not let it fall. Before ordering, I would put a safer set beside the present one
on the test shelf for a month, for half of the shops drawn by chance."""
### END SOLUTION
check("12-5", answer)
