# %% [markdown] label="title" tables=["wake_up_test"]
# # Exercises 32: did it work?
#
# Put your answer in place of the three dots and run the cell: `check` answers at once. Stuck? Type `hint("32-2")` in a new cell, again for the next hint; after three tries `solution("32-2")` opens. `progress()` in a cell of its own shows how far you are.

# %% label="imports"
import crmkit
from crmkit.practice import check, hint, progress, solution
from crmkit.reactivation import sample_size

crmkit.load("wake_up_test").head(3)

# %% [markdown] label="32-1"
# ## 32-1 · What the call did (1 point)
#
# By how many percentage points did the personal call raise the share who returned within 60 days in the January test (`wake_up_test`), all states together?

# %% label="check-32-1"
# two groups, one difference
### BEGIN SOLUTION
rate = crmkit.load("wake_up_test").groupby("arm")["returned_60d"].mean()
answer = 100 * (rate["personal call"] - rate["control"])
### END SOLUTION
check("32-1", answer)

# %% [markdown] label="32-2"
# ## 32-2 · The discount among the drowsy (2 points)
#
# In the January test, by how many percentage points did the discount raise the share who returned within 60 days, among customers whom the team's rule calls drowsy? Give two decimals.

# %% label="check-32-2"
# test[test["state"] == ____]
### BEGIN SOLUTION
test = crmkit.load("wake_up_test")
rate = test[test["state"] == "drowsy"].groupby("arm")["returned_60d"].mean()
answer = 100 * (rate["discount"] - rate["control"])
### END SOLUTION
check("32-2", answer)

# %% [markdown] label="32-3"
# ## 32-3 · How many for the next test? (3 points)
#
# Plan the next test. Of the customers left alone in January a certain share returned: your base. How many customers do you need in each of two equal groups, to find a rise of 4 percentage points on that base with a power of 90 % (alpha 5 %)?

# %% label="check-32-3"
# sample_size(base, effect, power=____)
### BEGIN SOLUTION
test = crmkit.load("wake_up_test")
base = test.loc[test["arm"] == "control", "returned_60d"].mean()
answer = sample_size(base, 0.04, power=0.9)
### END SOLUTION
check("32-3", answer)

# %% [markdown] label="32-4"
# ## 32-4 · Do you sign? (4 points, no machine marks this one)
#
# The team wants to repeat the spring calls, this time for everybody, because the first round paid for itself several times over. Write to the director: do you sign? Write it between the quotation marks; then compare it with the points a good answer makes.

# %% label="check-32-4"
### BEGIN SOLUTION
answer = (
    "I do not sign for everybody, and I sign for a test. The team called its favourites first: "
    "they had been silent for a much shorter time and had bought more before. Most of those on "
    "the slide would have come without a call. Draw the next list by lot, half to be called "
    "and half to be left alone, at least 700 in each, which shows a rise of five points four "
    "times in five. We look once, on day 61, at the difference in returns. If it is below "
    "three points, the calls do not pay and we stop."
)
### END SOLUTION
check("32-4", answer)
