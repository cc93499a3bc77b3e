# %% [markdown] label="title" tables=["agent_calls", "offer_trial", "crm_aims", "truth/record_owners", "desk_calls", "desk_enquiries", "desk_staff"]
# # Exercises 67: the system behind the desk
#
# Nora's desk once more. `study` holds the trial with agents, `apart` its calls with separate screens, `calls` the answered calls of the desk, `people` the trial of suggestions.

# %% label="imports"
import pandas as pd

import crmkit
from crmkit import relations
from crmkit.practice import check, hint, progress, solution
from crmkit.reactivation import adjusted_effects

company = crmkit.company()
study, people, aims = (crmkit.load(name) for name in ("agent_calls", "offer_trial", "crm_aims"))
apart = study[(study["period"] == "before") | (study["view"] == "separate")]
owner = crmkit.load_truth("record_owners").set_index("record_id")["customer_id"]
desk, staff = crmkit.load("desk_calls"), crmkit.load("desk_staff")
calls = desk[desk["answered"]]
wage = staff["cost"].sum() / staff["agents"].sum()
top = relations.arrival_profile(desk).nlargest(1, "load").iloc[0]
patient = relations.patience(desk)["estimate"]
hard = desk["hard"].mean()
minutes = calls.groupby("hard")["handling_minutes"].mean().set_axis(["simple", "hard"])
rate = crmkit.load("desk_enquiries").groupby(["hard", "answered_by"])["solved_first"].mean()
solved = rate.set_axis(["simple", "hard", "specialist"])
print(f"{len(study):,} calls of {study['agent_id'].nunique()} agents, {len(people):,} callers with a suggestion or none")

# %% [markdown] label="67-6"
# The formulas are those of the lesson for a desk of any size; only the calls and the payroll change.
