# %% [markdown] label="title" tables=["customers"]
# # Exercises 91: Ada's year
#
# Ada ran a branch of {company.name}, too. She took on a third agent, called drowsy customers, and gave a social bond to half of her customers: those who bring most. She did so for four quarters. The branch's customers are drawn with a number made from your own table, so that your answers are yours.

# %% label="imports"
import pandas as pd

import crmkit
from crmkit.game import debrief, own, policies, score
from crmkit.practice import check, hint, progress, solution
from crmkit.review import review

company, customers = crmkit.company(), crmkit.load("customers")
levers = {"service.agents": 3, "wake.drowsy": "call", "bonds.kind": "social", "bonds.share": 0.5}
game = own.branch(customers, size=250).run(policies.plan_of(levers, 250), 4)
usual = game.replay(1, debrief.as_before(game))
game.reports

# %% [markdown] label="91-5"
# `score.luck(game, 4)` plays the same decisions on four other lucks, and always on the same four. Its row 0 is the game itself.
