# %% [markdown] label="title" tables=["desk_calls", "desk_staff", "desk_enquiries", "answer_trial"]
# # Exercises 60: answer in time
#
# {company.name}'s service desk: five weeks of calls and written enquiries, and the trial of faster answers.

# %% label="imports"
import crmkit
from crmkit import relations
from crmkit.practice import check, hint, progress, solution

company = crmkit.company()
calls, staff = crmkit.load("desk_calls"), crmkit.load("desk_staff")
enquiries, trial = crmkit.load("desk_enquiries"), crmkit.load("answer_trial")
print(f"{len(calls):,} calls, {len(enquiries):,} enquiries, {len(trial):,} in the trial")

# %% [markdown] label="60-5"
# The next question leaves the telephone: it is about the trial with written enquiries.
