# %% [markdown] label="title" tables=["message_waves", "message_frequency", "message_purchases", "feedback_trial", "net_people", "net_links"] names=["feedback_trial.topic: instructions"]
# # Exercises 61: the right word, and an ear
#
# {company.name}'s tests of messages, the readers' purchases, the trial of reporting back, and the people around the workshop.

# %% label="imports"
import crmkit
from crmkit import relations
from crmkit.practice import check, hint, progress, solution

company = crmkit.company()
waves, trial = crmkit.load("message_waves"), crmkit.load("message_frequency")
purchases, heard = crmkit.load("message_purchases"), crmkit.load("feedback_trial")
people, links = crmkit.load("net_people"), crmkit.load("net_links")
print(f"{len(waves):,} rows of waves, {len(trial):,} readers in the test of frequency")

# %% [markdown] label="61-6"
# The next question leaves the letters: it is about the people around the workshop.
