# %% [markdown] label="title" tables=["wake_up_test", "second_campaign", "spring_calls"] names=["offers.offer: discount", "offers.offer: new product", "offers.offer: personal call"]
# # Exercises 32: did it work?

# %% label="imports"
import crmkit
from crmkit.practice import check, hint, progress, solution
from crmkit.reactivation import effect_table, randomisation_check, sample_size, sequential_interval

test, may = crmkit.load("wake_up_test"), crmkit.load("second_campaign")
test.head(3)
