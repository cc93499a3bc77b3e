# %% [markdown] label="title" tables=["orders"]
# # Exercises 80: your own orders
#
# A till writes files that no analyst would wish for. Here is one of your own shop's; in a class everybody has another.

# %% label="imports"
import pandas as pd

import crmkit
from crmkit.data.own.ugly import TILL, ugly_file
from crmkit.practice import check, hint, progress, solution
from crmkit.value import top_share

company = crmkit.company()
orders = crmkit.load("orders")
export = ugly_file(orders[orders["order_date"] >= company.year_start])
print(export[:230].decode("cp1252"))
