# %% [markdown] label="title" tables=["price_choices", "truth/set_value", "market_offers", "price_answers"]
# # Exercises 14: three prices
#
# One set, and three ways to a price for it.

# %% label="imports"
import numpy as np
import pandas as pd

import crmkit
from crmkit.mix import (
    DemandCurve,
    competitor_price,
    cost_plus_price,
    price_profit,
    psm_points,
    true_share,
    value_price,
)
from crmkit.practice import check, hint, progress, solution

company = crmkit.company()
choices, worth = crmkit.load("price_choices"), crmkit.load_truth("set_value")
answers, prices = crmkit.load("price_answers"), np.arange(12, 45.5, 0.5)
choices.head(3)

# %% [markdown] label="14-3"
# > Three ways, one set. Which of them will earn least?

# %% [markdown] label="14-4"
# > Two prices, both judged by the truth. Guess how far apart they are in a year.

# %% [markdown] label="14-5"
# So far the rival stood still. Now he does not.
