# %% [markdown] label="title" tables=["shop_conversations", "shop_answers"]
# # Exercises 11: the drill and the hole
#
# Seven hundred people came in and asked for a drill.

# %% label="imports"
import numpy as np

import crmkit
from crmkit.practice import check, hint, progress, solution

talks, answers = crmkit.load("shop_conversations"), crmkit.load("shop_answers")
talks.head(3)

# %% [markdown] label="11-2"
# > One of the two columns with questions was drawn by chance. Which?

# %% [markdown] label="11-5"
# The next one has no right answer in the tables, only a better and a worse reasoned one.
