# %% [markdown] label="title" tables=["orders", "cost_to_serve", "order_lines", "products", "truth/customers"]
# # Exercises 23: needs segments
#
# Stuck? Add a cell with `hint("23-2")`; after three tries `solution("23-2")` opens.

# %% label="imports"
import crmkit
from crmkit.practice import check, hint, progress, solution
from crmkit.value import assign_tiers, customer_profit
from crmkit.value.needs import basket_features

company = crmkit.company()
orders, costs = crmkit.load("orders"), crmkit.load("cost_to_serve")
lines = crmkit.load("order_lines").merge(orders[["order_id", "customer_id"]], on="order_id")

# %% [markdown] label="23-1"
# ## 23-1 · Do the best customers live on discounts? (1 point)
# What share of the order lines of VIP and key customers (the best 5 % by profit, `assign_tiers`) was bought at a discount, in per cent?

# %% label="check-23-1"
# profits = customer_profit(orders, costs).set_index("customer_id")["profit"]
# top = profits.index[assign_tiers(profits) >= ____]
### BEGIN SOLUTION
profits = customer_profit(orders, costs).set_index("customer_id")["profit"]
top = profits.index[assign_tiers(profits) >= "key"]
answer = 100 * (lines.loc[lines["customer_id"].isin(top), "discount"] > 0).mean()
### END SOLUTION
check("23-1", answer)

# %% [markdown] label="23-2"
# ## 23-2 · Who looks like a bargain hunter? (2 points)
# Among customers with five lines or more: a `price_level` below -1 and a `discount_rate` above 0.05. Give the `customer_id`s.

# %% label="check-23-2"
features = basket_features(crmkit.load("order_lines"), orders, crmkit.load("products"))
### BEGIN SOLUTION
cheap = (features["price_level"] < -1) & (features["discount_rate"] > 0.05)
answer = features.index[cheap & (features["lines"] >= 5)]
### END SOLUTION
check("23-2", answer)

# %% [markdown] label="23-3"
# ## 23-3 · Do baskets tell the types apart? (3 points)
# For each true `need_type`, the mean `price_level` of the customers with five lines or more: a table with `need_type` and `price_level`.

# %% label="check-23-3"
types = crmkit.load_truth("customers").set_index("customer_id")["need_type"]
### BEGIN SOLUTION
enough = features[features["lines"] >= 5]
mean = enough["price_level"].groupby(types.reindex(enough.index)).mean()
answer = mean.rename_axis("need_type").reset_index()
### END SOLUTION
check("23-3", answer)

# %% [markdown] label="23-4"
# ## 23-4 · What would specialists for the few take? (3 points)
# VIP and key customers (the best 5 % by profit over the three years, `assign_tiers`) are to get specialists at the front line who take twice the time of {company.year}. How many hours *more* does that take in a year? One decimal.

# %% label="check-23-4"
# year = costs[costs["year"] == company.year]
### BEGIN SOLUTION
profits = customer_profit(orders, costs).set_index("customer_id")["profit"]
year = costs[costs["year"] == company.year]
top = year["customer_id"].map(assign_tiers(profits)).isin(["VIP", "key"])
answer = year.loc[top, "minutes"].sum() / 60
### END SOLUTION
check("23-4", answer)

# %% [markdown] label="23-5"
# ## 23-5 · A policy for the key tier (4 points, a decision)
# What do key customers get whose basket says price, value, or compound, what does it cost, and what do you do about labels that are wrong? Forty words at least.

# %% label="check-23-5"
### BEGIN SOLUTION
answer = """Value: an adviser, about {company.symbol}40 a year, which pays if it raises a key customer's profit by less than a tenth. Price: no adviser, but a price promise for a
year. Compound: they choose between the two, because this label is hardly better than none. Not much more than half of the labels are right, so everybody can
switch, and nobody is refused anything. Half of each group, by chance, keeps the old service for a year, and then we compare."""
### END SOLUTION
check("23-5", answer)

# %% [markdown] label="far-come-progress-new-cell"
# How far have you come? `progress()` in a new cell shows it, lesson by lesson.
