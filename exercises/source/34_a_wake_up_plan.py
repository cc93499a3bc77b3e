# %% [markdown] label="title" tables=["pressure_test", "truth/second_campaign", "offers", "second_campaign", "customers"] names=["offers.offer: reminder", "offers.offer: discount", "offers.offer: new product", "offers.offer: personal call"]
# # Exercises 34: a wake-up plan

# %% label="imports"
import crmkit
from crmkit.practice import check, hint, progress, solution
from crmkit.reactivation import choose_offers, contact_page, offer_profits, power, pressure_table

company = crmkit.company()
pressure, offers = crmkit.load("pressure_test"), crmkit.load("offers")
truth = crmkit.load_truth("second_campaign")
pressure.head(3)
