# %% [markdown] label="title" tables=["touchpoint_log", "journeys"]
# # Exercises 10: touchpoints
#
# Journeys past six touchpoints, and a trial of the remedy.

# %% label="imports"
import crmkit
from crmkit.mix import transition_shares, trial_effect, weak_links
from crmkit.practice import check, hint, progress, solution

journeys, log = crmkit.load("journeys"), crmkit.load("touchpoint_log")
both = log.merge(journeys, on="journey_id")
both.head(3)

# %% [markdown] label="10-3"
# > Before you run it: most visitors of the trial never reached the question. Do they belong in the count?

# %% [markdown] label="10-4"
# You have a gap and an effect now. Neither of them is a decision yet.
