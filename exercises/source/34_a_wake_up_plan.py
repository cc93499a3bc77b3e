# %% [markdown] label="title" tables=["pressure_test", "truth/second_campaign", "offers"]
# # Exercises 34: a wake-up plan

# %% label="imports"
import crmkit
from crmkit.practice import check, hint, progress, solution
from crmkit.reactivation import choose_offers, offer_profits, pressure_table

pressure, offers = crmkit.load("pressure_test"), crmkit.load("offers")
truth = crmkit.load_truth("second_campaign")
pressure.head(3)
