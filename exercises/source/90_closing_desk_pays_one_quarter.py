# %% [markdown] label="title" tables=["customers"]
# # Exercises 90: the predecessor's year
#
# Another branch of {company.name}, four quarters, and what your predecessor decided there. The branch's customers are drawn with a number made from your own table, so that your answers are yours.

# %% label="imports"
import crmkit
from crmkit.game import forecasts, own, play
from crmkit.inference import mean_difference
from crmkit.practice import check, hint, progress, solution

company, customers = crmkit.company(), crmkit.load("customers")
game = own.predecessor_year(customers)
game.reports

# %% [markdown] label="90-3"
# `trials` holds every customer of both arms. Vouchers went to the half-asleep of the treatment arm only.
