# %% [markdown] label="title" tables=["wake_up_test", "second_campaign", "truth/second_campaign"] names=["offers.offer: reminder", "offers.offer: new product", "offers.offer: personal call"]
# # Exercises 33: whom a call changes

# %% label="imports"
import crmkit
from crmkit.practice import check, hint, progress, solution
from crmkit.reactivation import SKEWED, TRAITS, area, effect_error, predict_chances, qini_curve

test, truth = crmkit.load("wake_up_test"), crmkit.load_truth("second_campaign")
test.head(3)
