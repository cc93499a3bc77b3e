# %% [markdown] label="title" extra=true tables=["market_areas", "market_register", "market_invited", "market_people", "market_needs", "market_choices", "market_trial", "trial_offers", "truth/market_areas"] tags=["opening"]
# # All must-haves are met, or there is no sale
#
# **After this lesson you can** tell a screen (every must-have is a condition) from a sum of points; forecast whom a changed offer converts, with an interval; compare the forecast with a trial; choose a change of the offer by what it wins and whom it still refuses.
#
# **50 minutes to read, 45 minutes of exercises** · you need lesson 50 (three kinds of non-customers) · you will meet: conjunctive screening, compensatory choice, held-out task, conversion, acceptance rate

# %% [markdown] label="case"
# ## So many points, and nobody buys
#
# Nadia shows her colleague Tom the list of refusing people. Tom has made a score. He gives points for each need that the set meets, more for needs that a person ranks higher. "They find so much of what they want with us," he says. "A little more quality, a little more advice, and they will come."
#
# Is a purchase a sum of points? Then a strong point makes up for a missing one. Or is it a list of conditions?
#
# As in lesson 50, a person has three criteria: something to do with the set, every must-have met, a price that can be paid. A **non-customer** buys elsewhere or nothing, and is **near** if today's set meets all three, **refusing** if it fails one.

# %% label="imports"
import pandas as pd

import crmkit
from crmkit import prospects
from crmkit.practice import check, predict, quiz, reveal
from crmkit.prospects import noncustomer_plots as plots
from crmkit.prospects.noncustomer_explorers import conversion_explorer
from crmkit.style import show

company = crmkit.company()
areas, needs = crmkit.load("market_areas"), crmkit.load("market_needs")
offers = crmkit.load("trial_offers").set_index("offer")
people = crmkit.load("market_people").merge(crmkit.load("market_invited")).merge(areas)
people["customer"] = people["buys_at"] == company.name
show(offers[["words", "price"]])

# %% [markdown] ask="51-a"

# %% label="predict-51-a"
predict("51-a", ...)

# %% label="points"
people = people.merge(prospects.criteria_met(people, needs, offers.loc["today"]))
people = people.join(prospects.kinds_of_people(people))
others = people[~people["customer"]]
points = prospects.points_of(others, needs, offers.loc["today"]).to_numpy()
lacking = ~others["must_haves"]
print(f"{lacking.sum()} lack a must-have; {(points[lacking] >= 0.5).mean():.0%} of them have half of their points or more")

# %% label="reveal-51-a"
reveal("51-a")

# %% [markdown] label="by-hand-head"
# ## A screen, by hand
#
# Five sets stand on a shelf. Eve buys only what is `ready` to use and costs {company.symbol}25 or less. Tom gives one point for each need that is met:

# %% label="by-hand"
five = pd.DataFrame(
    {"price": [20, 24, 18, 28, 22], "ready": [0, 1, 0, 1, 1], "durable": [1, 1, 1, 1, 0], "advice": [1, 0, 1, 1, 0]},
    index=["A", "B", "C", "D", "E"],
)
five["points"] = five[["ready", "durable", "advice"]].sum(axis=1)
five["passes"] = (five["ready"] == 1) & (five["price"] <= 25)
show(five.sort_values("points", ascending=False, kind="stable"))

# %% [markdown] label="by-hand-read"
# By points, D comes first and E last. But only B and E pass: D has all points, and is out. **A must-have is not a point: nothing else makes up for it.** Choosing by a sum is called **compensatory**; asking for every must-have first is **conjunctive screening**. The price that can be paid is always part of the screen.
#
# ## What people do at a shelf
#
# {company.name} put up a test shelf. People came eight times; each time three sets stood there, with needs and prices drawn at random, and they bought one or nothing. Take a person who bought often. What did all the sets that this person bought have in common?

# %% label="pandas"
choices = crmkit.load("market_choices")
shelf_needs = ["durable", "complete", "nearby", "quick", "ready", "advice"]
bought = choices[choices["chosen"] == 1]
often = bought["person_id"].value_counts().sort_index().idxmax()
show(bought.loc[bought["person_id"] == often, ["task", "price", *shelf_needs]])

# %% [markdown] label="pandas-read"
# A column of ones may be a must-have, or luck. The model weighs it: for each person it tries every set of must-haves and every highest price, and asks how likely the purchases are with each.

# %% [markdown] ask="51-b"

# %% label="predict-51-b"
predict("51-b", ...)

# %% label="model"
model = prospects.ScreeningModel().fit(choices, shelf_needs)
must = prospects.must_haves(needs[needs["person_id"].isin(choices["person_id"])])
said = must["need"].value_counts() / choices["person_id"].nunique()
ax = plots.plot_must_haves(model.must_haves_.assign(said=said), title="Each need is a must-have of some people")
words = ", ".join(f"{need} {share:.0%}" for need, share in model.must_haves_["share"].items())
show(ax, alt=f"Share of people for whom each need is a must-have: {words}.")
print(f"people who screen: {model.screens_.estimate:.0%} ({model.screens_.low:.0%} to {model.screens_.high:.0%})")

# %% label="reveal-51-b"
reveal("51-b", 100 * model.screens_.estimate)

# %% [markdown] label="model-read"
# Gilbride and Allenby (2004) found 92 % in a study of cameras. What people said in the forced ranking (diamonds) agrees with what they bought.
#
# ## A rule of thumb, tested
#
# *A strong point makes up for a missing one.* If so, a model that adds up points forecasts choices best. Three models learn from the first six visits of each person, and are judged by the last two, the **held-out tasks**. The first adds up points with the same weights for everybody. The second learns weights for each person. The third learns a screen for each person, and adds up points only among the sets that pass it.

# %% label="rule"
contest = prospects.compare_choices(choices, shelf_needs)
show(contest[["hits", "chance", "behind", "behind_low", "behind_high"]].round(3))

# %% [markdown] label="rule-read"
# `hits`: how often people chose what the model called most likely (a blind guess, among three sets and nothing, is right once in four). `chance`: the chance that the model had given to what was chosen. `behind`: how much lower that chance is than the screen's, with its 95 % interval. No interval reaches zero: the rule fails. **Screened first, then weighed: that is how these people choose.**
#
# ## Whom would a changed offer win?
#
# So a forecast needs two shares. First: of the non-customers, how many find every criterion met by the new offer? That follows from the survey. Second: of those, how many buy when they are told, the **acceptance rate**? For a new offer nobody knows it yet. We take it from today's set: the near who were told of it. These are the offers (1: the need is met):

# %% label="offers"
show(offers[["price", *shelf_needs]])

# %% [markdown] ask="51-c"

# %% label="predict-51-c"
predict("51-c", ...)

# %% label="forecast"
people = people.join(prospects.open_to(people, needs, offers.reset_index()), on="person_id")
trial = crmkit.load("market_trial").merge(people[["person_id", "kind"]])
told = trial.query("offer == 'today' and kind == 'near'")["bought"]
register = crmkit.load("market_register").merge(areas[["area", "surveyed"]]).query("surveyed")
forecast = prospects.forecast_offers(
    people, list(offers.index), register, ["age_group", "home"],
    bought=told.sum(), told=len(told), among=~people["customer"],
)  # fmt: skip
print(f"acceptance rate: {told.sum()} of {len(told)} bought, {told.mean():.0%}")
show(forecast.round(3))

# %% [markdown] label="forecast-read"
# `open` is the first share, weighted to all households; `share` is `open` times the acceptance rate. Now the trial: each non-customer was told of one offer, drawn at random. The bars are 95 % intervals. And, for once, we see the truth of all households in these areas:

# %% label="trial"
result = prospects.trial_results(trial)
asked = crmkit.load_truth("market_areas").merge(areas).query("surveyed")
non_customers = (asked["near"] + asked["refusing"]).sum()
truth = pd.Series({name: asked[f"buys_{name}"].sum() / non_customers for name in offers.index})
ax = plots.plot_forecast(forecast, result, truth, title="The screen names the best offer before the trial")
words = ", ".join(f"{name} {row.share:.0%} forecast and {result.loc[name, 'share']:.0%} in the trial" for name, row in forecast.iterrows())
show(ax, alt=f"Share of the non-customers who buy: {words}.")

# %% label="reveal-51-c"
reveal("51-c")

# %% [markdown] label="trial-read"
# Forecast and trial name the same best offer. The order of the others is open: their intervals overlap. For the best one the forecast is a little low: an offer that meets more needs is also accepted more often. (The trial is not weighted; it tends to lie above the truth.) Where do the buyers come from? `more` is the share less that of today's set:

# %% label="by-kind"
show(prospects.trial_results(trial, ["kind"], against="today")[["people", "bought", "share", "more", "more_low", "more_high"]].round(3))

# %% [markdown] label="by-kind-read"
# Among the near, no offer is clearly better than today's: they need to hear of us, not another offer. **Only the refusing need another offer, and only the one that meets the must-have they miss.** The cheap set meets fewer needs: its price lets some people in, and its missing needs shut about as many out.
#
# ## Whom does it still refuse?
#
# Hiring wins many, and still most people refuse it. Take those who have something to do and can pay. Which must-have do they miss? (What is hired goes back, so it does not count as durable.)

# %% label="still"
hire = prospects.criteria_met(others, needs, offers.loc["hire"])
still = hire[hire["project"] & hire["pay"] & ~hire["must_haves"]]
show(still["lacks"].value_counts().head(5).rename("people"))

# %% [markdown] label="builder-head"
# Build an offer of your own. Each need costs something in every set: `costs`, estimates of those who make the sets. The goal is one and a half times the profit that hiring for a weekend brings. Begin with the need that stops most people; then try higher prices too.

# %% label="explorer"
costs = pd.Series({"base": 3, "durable": 4, "complete": 2, "quick": 5, "ready": 2, "advice": 3})
weight = prospects.answer_weights(people, register, ["age_group", "home"])[others.index]
rate = told.mean()
won = rate * weight[people.loc[others.index, "hire"]].sum()
margin = offers.loc["hire", "price"] - costs[["base", "complete", "ready", "advice"]].sum()
conversion_explorer(others, needs, offers.loc["today"], weight, costs, rate=rate, levers=list(costs.index[1:]), goal=1.5 * won * margin)

# %% [markdown] label="builder-read"
# Every need that is met costs money in each set, and a higher price shuts somebody out. The offer to which most people are open is not the one that earns most.

# %% [markdown] label="turn"
# ## Your turn

# %% [markdown] ask="51-1"

# %% label="check-51-1"
check("51-1", ...)

# %% label="quiz-51"
quiz("51")

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - **The imagined must-have.** A ranking can hold only needs that somebody thought of asking about.
# - **A trial tells people.** In the market, many never hear of the offer. Conversion there is lower.
# - **Other must-haves appear.** Those who hire for a weekend may need a place to bring it back to.
# - **Screens are soft at the edge.** A price just above a person's highest is refused here; in a shop, a friendly clerk may win that sale.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - A must-have is a condition, not a point. The ability to pay is always one.
# - Change the offer for the refusing, by the must-have that most of them miss; tell the near.
# - Forecast = share whose every criterion is met × share of these who accept. Then try it.

# %% [markdown] label="words-learnt" tags=["words"]
# ## Words learnt
#
# - **conjunctive screening** 合取筛选: what lacks one must-have is out, whatever else it has
# - **compensatory choice** 补偿性选择: points are added up, and one need makes up for another
# - **held-out task** 留出任务: a choice that a model has not seen, kept to judge it
# - **conversion** 转化: a non-customer becomes a customer
# - **acceptance rate** 接受率: of those whose every criterion is met and who are told of it: the share who buy

# %% [markdown] label="on-your-own-data" tags=["own-data"]
# ## On your own data
#
# You need a list of prospects, the must-haves of each, and what your offers meet. Five interviews with people who went away are a beginning.
#
# ```python
# import pandas as pd
# from crmkit.prospects import open_to
#
# people = pd.read_csv("my_prospects.csv")  # person_id, projects a year, can_spend, shop (is one near: True or False)
# needs = pd.read_csv("my_must_haves.csv")  # person_id, need, keep_rank (1: kept first), would_leave (True or False)
# offers = pd.read_csv("my_offers.csv")  # offer, price, brought (True or False), and 1 or 0 for each need
# print(open_to(people, needs, offers).mean())
# ```
#
# It prints, for each offer, the share of people who are open to it. Look first at the need that is missing most often, and ask five more people about it.

# %% [markdown] label="what-next" tags=["next"]
# ## What next
#
# An offer is found. **Lesson 52** asks what it costs to win a customer with it, and what the customer brings.

# %% [markdown] label="on-one-page" tags=["summary"]
# ## On one page
#
# **Claim.** People screen before they choose: all must-haves are met, or there is no sale.
#
# **Method.**
#
# 1. Find each person's must-haves by a forced ranking, and check them by what is bought.
# 2. Count for each offer the people whose every criterion it meets.
# 3. Multiply by the acceptance rate, give the interval, and try the best offer on people drawn at random.
#
# **Formula.** conversion = share whose every criterion is met × acceptance rate
#
# **Code.**
#
# ```python
# forecast_offers(people, ["hire"], register, by, bought=20, told=69)
# ```
#
# **Where it fails.** Only needs that somebody asked about can be found, and only people who hear of an offer can buy it.
