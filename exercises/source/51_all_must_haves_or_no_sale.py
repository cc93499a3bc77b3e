# %% [markdown] label="title" tables=["market_areas", "market_register", "market_invited", "market_people", "market_needs", "market_trial", "trial_offers", "shelf_choices", "need_ratings"]
# # Exercises 51: all must-haves or no sale
#
# The survey of lesson 50, with everybody sorted by what today's set meets. `lacks` names the must-haves that it does not.

# %% label="imports"
import crmkit
from crmkit import prospects
from crmkit.practice import check, hint, progress, solution

company = crmkit.company()
areas, needs = crmkit.load("market_areas"), crmkit.load("market_needs")
offers = crmkit.load("trial_offers").set_index("offer")
today = offers.loc["today"]
people = crmkit.load("market_people").merge(crmkit.load("market_invited")).merge(areas)
people["customer"] = people["buys_at"] == company.name
people = people.merge(prospects.criteria_met(people, needs, today))
people = people.join(prospects.kinds_of_people(people))
others = people[~people["customer"]]
register = crmkit.load("market_register").merge(areas[["area", "surveyed"]]).query("surveyed")
trial = crmkit.load("market_trial").merge(people[["person_id", "kind"]])
shelf, ratings = crmkit.load("shelf_choices"), crmkit.load("need_ratings")
others[["person_id", "kind", "fails", "lacks"]].head(3)

# %% [markdown] label="51-3"
# The next question uses another study: the needs survey of lesson 12, among {company.name}'s own customers. Its shelf has one row for each set that stood there (`chosen` is 1 for the one bought), and `ratings` holds the forced ranking of all twelve needs (`keep_rank`).
