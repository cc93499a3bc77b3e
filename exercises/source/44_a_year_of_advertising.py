# %% [markdown] label="title" tables=["tracker_respondents", "brand_pressure", "tracker_answers", "brand_panel"]
# # Exercises 44: a year of advertising
#
# The weekly tracker with the pressure of every brand, and the panel.

# %% label="imports"
import crmkit
from crmkit.brand import add_lags
from crmkit.practice import check, hint, progress, solution

company = crmkit.company()
people, answers = crmkit.load("tracker_respondents"), crmkit.load("tracker_answers")
pressure = crmkit.load("brand_pressure").query("brand == @company.name").set_index("week")["contacts"]
people.head(3)
