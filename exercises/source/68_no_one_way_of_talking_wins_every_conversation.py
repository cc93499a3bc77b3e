# %% [markdown] label="title" tables=["diaries", "diary_people"]
# # Exercises 68: the conversation
#
# Other scenes, other customers. `gains` holds what moves trust, from your own diaries.

# %% label="imports"
import crmkit
from crmkit import brand, relations
from crmkit.practice import check, hint, progress, solution

company = crmkit.company()
gains = brand.fit_delta_rule(crmkit.load("diaries"), crmkit.load("diary_people"))
print("scenes:", ", ".join(relations.scene_names()))

# %% [markdown] label="68-4"
# A way pays or not, depending on what the customer's trust is worth. The next question turns this round.
