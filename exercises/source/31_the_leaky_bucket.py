# %% [markdown] label="title" tables=["acquisition_spend", "customers", "orders", "wake_up_test", "offers"] names=["customers.acquisition_channel: advertisement", "offers.offer: discount", "offers.offer: personal call"]
# # Exercises 31: the leaky bucket

# %% label="imports"
import crmkit
from crmkit.practice import check, hint, progress, solution
from crmkit.reactivation import Thresholds, break_even, bucket, first_margin
from crmkit.reactivation import monthly_states, refill, state_flows

company = crmkit.company()
orders, customers = crmkit.load("orders"), crmkit.load("customers")
spend, test = crmkit.load("acquisition_spend"), crmkit.load("wake_up_test")
spend.head(3)
