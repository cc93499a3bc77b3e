# %% [markdown] label="title" tables=["wake_up_test", "truth/second_campaign"]
# # Exercises 33: whom to wake
#
# Put your answer in place of the three dots and run the cell: `check` answers at once. Stuck? Type `hint("33-2")` in a new cell, again for the next hint; after three tries `solution("33-2")` opens. `progress()` in a cell of its own shows how far you are.

# %% label="imports"
import crmkit
from crmkit.practice import check, hint, progress, solution

crmkit.load("wake_up_test").head(3)

# %% [markdown] label="33-1"
# ## 33-1 · What the call did to good readers (1 point)
#
# In the January test, by how many percentage points did the personal call raise the share who returned, among customers who had used at least 7 of the last twelve news mails (`opens`)? Give two decimals.

# %% label="check-33-1"
# test[test["opens"] >= ____]
### BEGIN SOLUTION
test = crmkit.load("wake_up_test")
rate = test[test["opens"] >= 7].groupby("arm")["returned_60d"].mean()
answer = 100 * (rate["personal call"] - rate["control"])
### END SOLUTION
check("33-1", answer)

# %% [markdown] label="33-2"
# ## 33-2 · A reminder to everybody (2 points)
#
# Open the drawer of the second campaign. What would a reminder to everybody truly have brought in profit, in {company.symbol} in all?

# %% label="check-33-2"
# one column of the truth table
### BEGIN SOLUTION
answer = crmkit.load_truth("second_campaign")["profit_reminder"].sum()
### END SOLUTION
check("33-2", answer)

# %% [markdown] label="33-3"
# ## 33-3 · Whom to leave alone (3 points)
#
# By the same drawer: which customers should have been left alone, because no offer at all would have brought a profit?

# %% label="check-33-3"
# four columns: what is true of the best of them?
### BEGIN SOLUTION
truth = crmkit.load_truth("second_campaign").set_index("customer_id")
profits = truth[[c for c in truth if c.startswith("profit_")]]
answer = profits[profits.max(axis=1) <= 0].index
### END SOLUTION
check("33-3", answer)

# %% [markdown] label="33-4"
# ## 33-4 · Ninety per cent accurate (4 points, no machine marks this one)
#
# An agency offers a model that "predicts with 90 % accuracy who will return", and wants to send your vouchers to the top fifth of its list. What do you ask, and what do you do? Write it between the quotation marks; then compare it with the points a good answer makes.

# %% label="check-33-4"
### BEGIN SOLUTION
answer = (
    "I ask: returns compared with what? A list of likely returners holds those who come "
    "anyway, and each voucher to them is fifteen per cent of an order given away. I would let "
    "the agency rank our customers, send the voucher to half of its top fifth by lot, to half "
    "of a fifth chosen by dice, and nothing to the rest, and compare the difference to the "
    "control group in both. If the model's fifth does not gain more than the dice's, with its "
    "interval, we do not buy it, however accurate it is."
)
### END SOLUTION
check("33-4", answer)
