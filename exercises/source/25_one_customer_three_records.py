# %% [markdown] label="title" tables=["channel_records", "truth/record_owners", "orders"]
# # Exercises 25: one customer, several records

# %% label="imports"
import crmkit
from crmkit.practice import check, hint, progress, solution
from crmkit.value.profile import candidate_pairs, compare_pairs, fit_match_weights, link_records
from crmkit.value.profile import random_pairs, score_pairs, tidy_records, under_records

records = crmkit.load("channel_records")
owner = crmkit.load_truth("record_owners").set_index("record_id")["customer_id"]
bought = under_records(crmkit.load("orders"), records, owner)
tidy = tidy_records(records)
compared, by_chance = compare_pairs(tidy, candidate_pairs(tidy)), random_pairs(tidy)
model = fit_match_weights(compared, compare_pairs(tidy, by_chance), by_chance.attrs["all_pairs"])
scored = score_pairs(compared, model)
