# %% [markdown] label="title" tables=["orders"]
# # Exercises 24: what is still to come
#
# Stuck? Add a cell with `hint("24-2")`; after three tries `solution("24-2")` opens.

# %% label="imports"
import crmkit
from crmkit.practice import check, hint, progress, solution
from crmkit.value import BetaGeoModel, customer_summary, holdout_split

company = crmkit.company()
orders = crmkit.load("orders")

# %% [markdown] label="24-1"
# ## 24-1 · What do all customers together buy in the next 26 weeks? (1 point)
# Fit a BG/NBD model (unit weeks) on all orders until 31 December {company.year}, and add up the purchase days that it expects. One decimal.

# %% label="check-24-1"
# summary = customer_summary(orders, company.end)
# model = BetaGeoModel().fit(summary, unit="W")
### BEGIN SOLUTION
summary = customer_summary(orders, company.end)
model = BetaGeoModel().fit(summary, unit="W")
answer = model.expected_purchases(26, summary).sum()
### END SOLUTION
check("24-1", answer)

# %% [markdown] label="24-2"
# ## 24-2 · Whom does the model hold for lost? (2 points)
# Probability of being alive below one half, at the end of {company.year}. Give the `customer_id`s.

# %% label="check-24-2"
### BEGIN SOLUTION
answer = summary.loc[model.probability_alive(summary) < 0.5, "customer_id"]
### END SOLUTION
check("24-2", answer)

# %% [markdown] label="24-3"
# ## 24-3 · How good was the forecast? (3 points)
# Learn from the orders until 31 December {company.last_year}, and forecast {company.year} (365 days) for the customers known by then. What is the forecast of all together, in per cent of what these customers really did?

# %% label="check-24-3"
### BEGIN SOLUTION
split = holdout_split(orders, company.year_ago, company.end)
model = BetaGeoModel().fit(split, unit="W")
forecast = model.expected_purchases(365, split, unit="D")
answer = 100 * forecast.sum() / split["holdout_purchase_days"].sum()
### END SOLUTION
check("24-3", answer)

# %% [markdown] label="24-4"
# ## 24-4 · Strike them from the list? (4 points, a decision)
# The director wants to strike all customers with a probability of being alive below 20 % from the mailing list, and to give a manager to the fifty with the highest lifetime value. What do you advise? Forty words at least.

# %% label="check-24-4"
### BEGIN SOLUTION
answer = """Do not strike them. On {company.year}, which the model had not seen, the forecast was too low, and of those it had given up about half bought again: they
slept. Mail half of them, chosen by chance, and compare. The value of the fifty would mostly come without a manager too, so give the manager to a random
half for a year and compare the profit. One-time buyers count as alive whatever happens: judge them by another rule."""
### END SOLUTION
check("24-4", answer)

# %% [markdown] label="far-come-progress-new-cell"
# How far have you come? `progress()` in a new cell shows it, lesson by lesson.
