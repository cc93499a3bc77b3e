# %% [markdown] label="title" tables=["orders", "customers", "partner_quarters", "truth/sleep_states"]
# # Exercises 66: four trades, one idea
#
# {company.name}'s orders beside those of Brennick, a maker of pumps, and {company.name}'s partner shops.

# %% label="imports"
import pandas as pd

import crmkit
from crmkit import relations
from crmkit.practice import check, hint, progress, solution
from crmkit.value import top_share

company = crmkit.company()
orders, shops = crmkit.load("orders"), crmkit.load("partner_quarters")
spells = crmkit.load_truth("sleep_states")
maker = relations.trade_tables("brennick")
print(f"{len(orders):,} orders here, {len(maker['orders']):,} at Brennick")

# %% [markdown] label="66-6"
# The next question is about money: what a square metre of sales floor brings.
