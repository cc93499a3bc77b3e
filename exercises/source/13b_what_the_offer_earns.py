# %% [markdown] label="title" tables=["needs", "levers", "prototype_ratings", "need_ratings", "shelf_choices", "price_answers", "market_offers", "truth/needs", "truth/set_value", "truth/lever_effects", "truth/customers"] names=["levers.lever: low_price", "levers.lever: quality", "levers.lever: kit", "levers.lever: delivery", "levers.lever: guides"] sums=["mix"]
# # Exercises 13b: what the offer earns
#
# The market of the lesson, and the market as a survey sees it.

# %% label="imports"
import crmkit
from crmkit import mix
from crmkit.practice import check, hint, progress, solution

needs, levers, offers = list(crmkit.load("needs")["need"]), crmkit.load("levers"), crmkit.load("market_offers")
truth, value, customers = map(crmkit.load_truth, ("needs", "set_value", "customers"))
market = mix.Market.from_tables(truth, value, crmkit.load_truth("lever_effects"), levers, customers)
names, rivals = list(levers["lever"]), offers.iloc[1:]
effects = mix.estimate_effects(crmkit.load("prototype_ratings"), needs, names)
houses = {"team": mix.team_house(needs, names), "measured": mix.to_9_3_1(mix.as_matrix(effects))}
weights = truth.groupby("need")["weight"].mean().reindex(needs)
budget = mix.offer_costs(market, offers)["fixed_cost"].iloc[0]
asked = map(crmkit.load, ("need_ratings", "shelf_choices", "price_answers"))
learnt = mix.Market.from_survey(*asked, effects, levers, customers.set_index("customer_id")["need_type"])
mix.compare_offers(market, offers.head(1), rivals)[["offer", "units", "profit"]].round()

# %% [markdown] label="13b-1"
# > Guess first: does a more expensive set with better guides earn more or less than today's?

# %% [markdown] label="13b-5"
# The director has read your house. Now he wants a sentence that he can act on.
