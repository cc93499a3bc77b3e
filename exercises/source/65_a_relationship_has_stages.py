# %% [markdown] label="title" tables=["firm_quarters", "relation_kinds", "kind_trial", "lost_firms", "care_plans", "truth/firm_quarters"]
# # Exercises 65: a relationship has stages
#
# Omar's firms once more: `quarters` has the firms followed from their first order and `truth` their true stages, `trial` and `kinds` the kinds of relationship, `lost` the firms that had left.

# %% label="imports"
import crmkit
from crmkit import relations
from crmkit.practice import check, hint, progress, solution
from crmkit.value import ContractModel

company = crmkit.company()
quarters, lost = crmkit.load("firm_quarters"), crmkit.load("lost_firms")
truth = crmkit.load_truth("firm_quarters")
trial, kinds = crmkit.load("kind_trial"), crmkit.load("relation_kinds")
print(f"{quarters['firm_id'].nunique():,} firms by quarter, {len(trial):,} in the trial, {len(lost):,} that had left")

# %% [markdown] label="65-4"
# The rule is not made for one company. Here are the customers of another one.
