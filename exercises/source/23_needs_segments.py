# %% [markdown] label="title" tables=["orders", "cost_to_serve", "order_lines", "products", "truth/customers"]
# # Exercises 23: needs segments
#
# Baskets, segments and a service policy: with other customers, another year and another firm.

# %% label="imports"
import pandas as pd

import crmkit
from crmkit.practice import check, hint, progress, solution
from crmkit.value import assign_tiers, customer_profit, policy_gain
from crmkit.value.needs import BASKET, basket_features, find_segments
from crmkit.value.needs import naive_split, name_orientations, recovery

company = crmkit.company()
orders, costs = crmkit.load("orders"), crmkit.load("cost_to_serve")
order_lines, products = crmkit.load("order_lines"), crmkit.load("products")
lines = order_lines.merge(orders[["order_id", "customer_id"]], on="order_id")
features = basket_features(order_lines, orders, products)
types = crmkit.load_truth("customers").set_index("customer_id")["need_type"]
features.head(3)
