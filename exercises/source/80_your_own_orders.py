# %% [markdown] label="title" tables=["orders"]
# # Exercises 80: your own orders
#
# Two ugly files of your own shop: `export` comes from a till like the garden centre's, `web_shop` from a web shop. In a class everyone has other files. `TILL` is the number that the cashiers book on when a customer has no card.

# %% label="imports"
import pandas as pd

import crmkit
from crmkit.data.own.ugly import TILL, ugly_file, web_shop_file
from crmkit.practice import check, hint, progress, solution
from crmkit.value.first_picture import compare_readings, first_picture, picture_with_intervals
from crmkit.value.hidden_year import forecast_hidden_year

company = crmkit.company()
orders = crmkit.load("orders")
export = ugly_file(orders[orders["order_date"] >= company.year_start])
web_shop = web_shop_file(orders[orders["order_date"] >= company.year_start])
print(export[:230].decode("cp1252"))
