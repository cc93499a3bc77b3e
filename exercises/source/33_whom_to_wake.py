# %% [markdown] label="title" tables=["wake_up_test", "truth/second_campaign"]
# # Exercises 33: whom to wake

# %% label="imports"
import crmkit
from crmkit.practice import check, hint, progress, solution

test, truth = crmkit.load("wake_up_test"), crmkit.load_truth("second_campaign")
test.head(3)
