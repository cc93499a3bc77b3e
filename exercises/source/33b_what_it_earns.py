# %% [markdown] label="title" tables=["wake_up_test", "second_campaign", "truth/second_campaign", "truth/wake_up_test", "offers", "orders"] names=["offers.offer: reminder", "offers.offer: discount", "offers.offer: new product", "offers.offer: personal call"]
# # Exercises 33b: what a contact earns

# %% label="imports"
import pandas as pd

import crmkit
from crmkit.practice import check, hint, progress, solution
from crmkit.reactivation import best_offers, offer_days, policy_values
from crmkit.reactivation import purchase_gaps, return_curve

company = crmkit.company()
january, offers = crmkit.load("wake_up_test"), crmkit.load("offers")
truth = crmkit.load_truth("second_campaign")
offers[["offer", "cost", "discount"]]
