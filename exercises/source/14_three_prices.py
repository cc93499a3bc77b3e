# %% [markdown] label="title" tables=["price_choices", "truth/set_value", "market_offers", "price_answers", "levers", "truth/needs", "truth/lever_effects", "truth/customers"] sums=["mix"]
# # Exercises 14: three prices
#
# The same three ways, at another firm, at another cost, beside another rival.

# %% label="imports"
import numpy as np
import pandas as pd

import crmkit
from crmkit.mix import (
    DemandCurve,
    compare_prices,
    competitor_price,
    cost_plus_price,
    price_wars,
    psm_points,
    value_price,
    value_price_interval,
)
from crmkit.practice import check, hint, progress, solution

company = crmkit.company()
choices, worth = crmkit.load("price_choices"), crmkit.load_truth("set_value")
answers, prices = crmkit.load("price_answers"), np.arange(12, 45.25, 0.25)
curve = DemandCurve().fit(choices)
choices.head(3)

# %% [markdown] label="14-3"
# > Before you run it: which of the three prices will move when the cost rises?

# %% [markdown] label="14-4"
# > Before you run it: what costs more, the luck of 300 customers or the wrong question?

# %% [markdown] label="14-6"
# > Before you run it: will it matter that this rival begins at a higher price?

# %% [markdown] label="14-5"
# So far you decided alone, or a formula did. Now a director waits.
