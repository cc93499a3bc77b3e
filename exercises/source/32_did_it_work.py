# %% [markdown] label="title" tables=["wake_up_test"]
# # Exercises 32: did it work?

# %% label="imports"
import crmkit
from crmkit.practice import check, hint, progress, solution
from crmkit.reactivation import sample_size

test = crmkit.load("wake_up_test")
test.head(3)
