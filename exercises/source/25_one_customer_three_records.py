# %% [markdown] label="title" tables=["channel_records", "truth/record_owners", "orders"]
# # Exercises 25: one customer, several records
#
# Stuck? Add a cell with `hint("25-2")`; after three tries `solution("25-2")` opens.

# %% label="imports"
import crmkit
from crmkit.practice import check, hint, progress, solution
from crmkit.value.profile import candidate_pairs, compare_pairs, fit_match_weights, link_records
from crmkit.value.profile import random_pairs, score_pairs, tidy_records, under_records

records = crmkit.load("channel_records")
owner = crmkit.load_truth("record_owners").set_index("record_id")["customer_id"]
bought = under_records(crmkit.load("orders"), records, owner)

# %% [markdown] label="25-1"
# ## 25-1 · How much turnover would the e-mail rule touch? (1 point)
# Sum the turnover under the records whose e-mail address another record bears too, in {company.symbol}.

# %% label="check-25-1"
# shared = records[____ & records["email"].duplicated(keep=False)]
# answer = bought.loc[bought["record_id"].isin(shared["record_id"]), "turnover"].sum()
### BEGIN SOLUTION
shared = records[records["email"].notna() & records["email"].duplicated(keep=False)]
answer = bought.loc[bought["record_id"].isin(shared["record_id"]), "turnover"].sum()
### END SOLUTION
check("25-1", answer)

# %% [markdown] label="25-2"
# ## 25-2 · Be stricter (2 points)
# Let a link need 16 bits. How much turnover stands under the people who were then joined from three records, in {company.symbol}? The weights are learnt here as in the lesson.

# %% label="tidy"
tidy = tidy_records(records)
compared, by_chance = compare_pairs(tidy, candidate_pairs(tidy)), random_pairs(tidy)
model = fit_match_weights(compared, compare_pairs(tidy, by_chance), by_chance.attrs["all_pairs"])
scored = score_pairs(compared, model)

# %% label="check-25-2"
# person = link_records(tidy, scored, threshold=____)
# three = person[person.groupby(person).transform("size") == ____].index
### BEGIN SOLUTION
person = link_records(tidy, scored, threshold=16)
three = person[person.groupby(person).transform("size") == 3].index
answer = bought.loc[bought["record_id"].isin(three), "turnover"].sum()
### END SOLUTION
check("25-2", answer)

# %% [markdown] label="25-3"
# ## 25-3 · Whom does a list of records hide? (3 points)
# Among the 100 customers with the highest margin (all their records together), those of whom no record is among the 100 records with the highest margin. Give the `customer_id`s.

# %% label="check-25-3"
### BEGIN SOLUTION
margin = bought.groupby("record_id")["margin"].sum()
best = margin.groupby(owner.reindex(margin.index)).sum().nlargest(100).index
answer = best.difference(owner[margin.nlargest(100).index])
### END SOLUTION
check("25-3", answer)

# %% [markdown] label="25-4"
# ## 25-4 · Two lists for two uses? (4 points, a decision)
# Marketing wants to send one catalogue to each person. The call centre wants to show all orders to the agent when somebody rings. Both ask you for "the joined list". What do you give to whom? Forty words at least.

# %% label="check-25-4"
### BEGIN SOLUTION
answer = """Two lists. A second catalogue costs a {company.coin}, so 8 bits will do for marketing: some fifty catalogues then serve two customers, and about as many customers get two. A wrong link on
the telephone reads a stranger's orders aloud, so the agent gets the list at 16 bits. For pairs in between the agent asks for an order number first. Two people judge
a hundred such pairs by hand each quarter. Only agents see the profile, only during a call, and customers are told and asked."""
### END SOLUTION
check("25-4", answer)

# %% [markdown] label="far-come-progress-new-cell"
# How far have you come? `progress()` in a new cell shows it, lesson by lesson.
