# %% [markdown] label="title" tables=["customers", "engagement", "orders"]
# # Exercises 21: more than money
#
# Stuck? Add a cell with `hint("21-2")`; after three tries `solution("21-2")` opens.

# %% label="imports"
import crmkit
from crmkit.practice import check, hint, progress, solution
from crmkit.value import customer_profit, engagement_summary

customers = crmkit.load("customers")
deeds = engagement_summary(crmkit.load("engagement"), customers)
people = customer_profit(crmkit.load("orders"), customers=customers).merge(deeds, on="customer_id")

# %% [markdown] label="21-1"
# ## 21-1 · Who brings the others? (1 point)
# What share of all referrals, in per cent, comes from customers whose turnover is below the median turnover?

# %% label="check-21-1"
# below = people["turnover"] < ____
### BEGIN SOLUTION
below = people["turnover"] < people["turnover"].median()
answer = 100 * people.loc[below, "referrals"].sum() / people["referrals"].sum()
### END SOLUTION
check("21-1", answer)

# %% [markdown] label="21-2"
# ## 21-2 · Whom would a list by money never show? (2 points)
# Customers who have introduced at least two others (all years together) and whose turnover is below the mean. Give the `customer_id`s.

# %% label="check-21-2"
### BEGIN SOLUTION
quiet = (people["referrals"] >= 2) & (people["turnover"] < people["turnover"].mean())
answer = people.loc[quiet, "customer_id"]
### END SOLUTION
check("21-2", answer)

# %% [markdown] label="21-3"
# ## 21-3 · Are friends' friends worth more? (3 points)
# Mean turnover per customer, in {company.symbol}, for each acquisition channel: a table with `channel` and `turnover`.

# %% label="check-21-3"
### BEGIN SOLUTION
people["channel"] = people["customer_id"].map(
    customers.set_index("customer_id")["acquisition_channel"]
)
answer = people.groupby("channel")["turnover"].mean().reset_index()
### END SOLUTION
check("21-3", answer)

# %% [markdown] label="21-4"
# ## 21-4 · The rule for the guest list (4 points, a decision)
# The hall holds one guest for every twenty customers. Write the rule by which they are chosen, with its weights, so that the head of sales and the head of the forum can both sign it. Forty words at least.

# %% label="check-21-4"
### BEGIN SOLUTION
answer = """Half of the weight goes to turnover, a quarter to referrals, an eighth each to reviews and help, because a referral brings a customer and a
review an opinion. Names that are on the list in nearly all draws of the weights are invited at once; for the others the two heads choose in turn. Deeds count
per year of membership, so that newcomers have a chance, and only five reviews a year count, so that nobody writes fifty about one hammer."""
### END SOLUTION
check("21-4", answer)

# %% [markdown] label="far-come-progress-new-cell"
# How far have you come? `progress()` in a new cell shows it, lesson by lesson.
