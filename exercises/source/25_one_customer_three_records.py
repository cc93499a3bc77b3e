# %% [markdown] label="title" tables=["channel_records", "truth/record_owners", "orders"] names=["orders.channel: app"]
# # Exercises 25: one customer, several records
#
# Seven questions: the evidence of one pair, another threshold, another year, another firm, and a decision at the end.

# %% label="imports"
import pandas as pd

import crmkit
from crmkit.practice import check, hint, progress, solution
from crmkit.value.profile import candidate_pairs, compare_pairs, customer_profile, fit_match_weights
from crmkit.value.profile import link_records, linkage_quality, random_pairs, score_pairs
from crmkit.value.profile import tidy_records, two_lists, under_records

company = crmkit.company()
records = crmkit.load("channel_records")
owner = crmkit.load_truth("record_owners").set_index("record_id")["customer_id"]
bought = under_records(crmkit.load("orders"), records, owner)


def learn(records):
    """Tidy and compare records, and learn the weights of evidence, as in the lesson."""
    tidy = tidy_records(records)
    compared, strangers = compare_pairs(tidy, candidate_pairs(tidy)), random_pairs(tidy)
    every_pair = strangers.attrs["all_pairs"]
    return tidy, compared, fit_match_weights(compared, compare_pairs(tidy, strangers), every_pair)


tidy, compared, model = learn(records)
scored = score_pairs(compared, model)

# %% [markdown] label="25-4"
# Look at the two rates at 8 and at 16 bits before you answer. Which of the two errors would you have to explain to a customer?
