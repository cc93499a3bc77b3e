# %% [markdown] label="title" tables=["touchpoint_log", "journeys"] names=["journeys.channel: web", "journeys.channel: app", "touchpoint_log.touchpoint: advertisement", "touchpoint_log.touchpoint: entrance", "touchpoint_log.touchpoint: shelf", "touchpoint_log.touchpoint: question", "touchpoint_log.touchpoint: till", "touchpoint_log.touchpoint: aftercare"]
# # Exercises 10: touchpoints
#
# Journeys past six touchpoints, and a trial of the remedy.

# %% label="imports"
import crmkit
from crmkit.mix import promised_rise, transition_shares, trial_effect, weak_links
from crmkit.practice import check, hint, progress, solution

journeys, log = crmkit.load("journeys"), crmkit.load("touchpoint_log")
both = log.merge(journeys, on="journey_id")
shares = transition_shares(log, journeys[journeys["arm"] == "none"])
both.head(3)

# %% [markdown] label="10-4"
# > Before you run it: will the effect be larger or smaller than among those who asked?

# %% [markdown] label="10-5"
# You have a gap and an effect now. Neither of them is a decision yet.
