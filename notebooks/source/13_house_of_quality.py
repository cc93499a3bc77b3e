# %% [markdown] label="title" tables=["market_offers", "levers", "needs", "truth/needs", "prototype_ratings", "truth/lever_effects", "truth/set_value", "truth/customers", "need_ratings", "shelf_choices", "price_answers"] tags=["opening"]
# # Build from measured needs, and the same money earns more
#
# **After this lesson you can** fill in a house of quality; reckon which lever matters most; find levers that pull against each other; hold your matrix against data; compare an offer built from needs with one built from products.
#
# **90 minutes to read, 35 minutes of exercises** · you need lesson 12 · you will meet: house of quality, lever, lever importance, conflict, effect

# %% label="imports"
import pandas as pd

import crmkit
from crmkit.mix import (
    Market,
    as_matrix,
    best_offer,
    choice_shares,
    compare_matrices,
    conflicts,
    estimate_effects,
    four_p_first_offer,
    gaps,
    lever_importance,
    offer_costs,
    offer_from_importance,
    simulate_offers,
    to_9_3_1,
)
from crmkit.mix.explorers import house_explorer, offer_explorer
from crmkit.mix.plots import plot_house_map, plot_importance_bars
from crmkit.practice import check, hint, predict, quiz, solution
from crmkit.style import show

company = crmkit.company()

# %% [markdown] label="set-good-loses-money"
# ## {company.name}'s set is good, and loses money
# {company.name} sells a picture-hanging set, *Hang-It*. Three rivals sell theirs. The engineers propose to improve the steel. Before anybody melts anything: here are the offers, each a position on the four P, with **levers** from 1 to 5.

# %% label="offers"
offers = crmkit.load("market_offers")
levers = crmkit.load("levers")
offers.set_index("offer").drop(columns="company")

# %% label="levers"
levers

# %% [markdown] label="team-fills-house"
# A lever is something that the company can pull; a step up costs something for each set, and something every year. A need is something that the customer feels. Nobody needs "steel, level 5". So: **which lever serves which need?**
#
# ## A team fills in the house
# The **house of quality** is a matrix: needs as rows, levers as columns. Into each cell the team writes how strongly the lever serves the need: 9 strongly, 3 somewhat, 1 weakly, nothing. Minus: it does harm. {company.name}'s team met for an afternoon:

# %% label="needs"
needs = crmkit.load("needs")["need"].tolist()
names = levers["lever"].tolist()
team = pd.DataFrame(0, index=needs, columns=names)
team.loc[["fit", "durable"], "quality"] = 9
team.loc[["complete", "ready"], "kit"] = 9
team.loc[["advice", "aftercare"], "staff"] = 9
team.loc["affordable", "low_price"] = team.loc["returnable", "returns"] = 9
team.loc["nearby", "shops"] = team.loc["quick", "delivery"] = team.loc["instructions", "guides"] = 9
team.loc["safe", "quality"] = team.loc["fit", "kit"] = team.loc["quick", "shops"] = 3

# %% label="plot-house-map"
ax = plot_house_map(team)
ax.set_title("The team's house: quality in three rows")
show(
    ax,
    alt="Matrix of twelve needs by eight levers with the team's 9, 3 and 1. Quality serves fit, "
    "durable and safe; staff serves advice and aftercare.",
)

# %% [markdown] label="plausible-isnt-every-need-lever" tags=["predict"]
# Plausible, isn't it? Every need has a lever that serves it strongly.
#
# > **Predict.** One 9 in this house stands for the mistake of clerk A. Which?

# %% label="predict-13-a"
predict("13-a", ...)  # a need and a lever

# %% [markdown] label="weights-needs-become-weights-levers"
# ## Weights of needs become weights of levers
# Each need has a weight (from lesson 12: take the truth's mean weights for now). A lever's **importance** is the sum over needs of weight times cell: the bottom row of the house.

# %% label="truth"
truth = crmkit.load_truth("needs")
weights = truth.groupby("need")["weight"].mean().reindex(needs)
importance = lever_importance(team, weights)
importance.round(2)

# %% [markdown] label="house-measured"
# By the team's house the engineers are right: quality is near the top. The house turns beliefs into priorities quite exactly, **and the wrong beliefs too.**
#
# ## The house can be measured
# {company.name} built 600 prototypes and set every lever **by chance**. Customers tried one and said how well it met each need. Because chance set the levers, what differs in the marks is the levers' doing. For every need, a straight line of mark on levels:

# %% label="prototypes"
prototypes = crmkit.load("prototype_ratings")
effects = estimate_effects(prototypes, needs, names)
effects.query("need == 'fit'").round(2)

# %% [markdown] label="effect-pulling-lever-all-way"
# `effect` is what pulling the lever all the way from 1 to 5 adds to how far the need is met (0 to 1), with its standard error and 95 % interval. What makes a set *fit the job* is above all **staff who ask**. That is the clerk's lesson, now as a number, and the team had nothing in that cell. Its 9 for quality is worth about a third of that: clerk A's mistake, written into a matrix.

# %% label="verdict"
verdict = compare_matrices(team, effects)
verdict[verdict["verdict"] != "agree"].round(2)

# %% label="verdict-verdict-value"
verdict["verdict"].value_counts()

# %% [markdown] label="overlooked-data-see-effect-where"
# *Overlooked*: the data see an effect where the team wrote nothing. (*Imagined* would be the reverse; this team imagined nothing. *Agree* is generous: it asks whether both see something, not whether a 9 should be a 3.) Some are small, some are not, and two are harms: look at the minus signs. Three of the large ones stand in the column *guides*, which the team took for leaflets.
#
# How far can the estimate be trusted? Against the truth:

# %% label="both"
both = effects.merge(
    crmkit.load_truth("lever_effects"), on=["need", "lever"], suffixes=("", "_true")
)
error = (both["effect"] - both["effect_true"]).abs()
inside = ((both["low"] <= both["effect_true"]) & (both["effect_true"] <= both["high"])).mean()
print(
    f"mean error {error.mean():.3f}, largest {error.max():.3f}; {inside:.0%} of the 95 % "
    f"intervals hold the true effect"
)

# %% [markdown] label="measured-house-sets-other-priorities"
# ## The measured house sets other priorities
# Rounded to 9, 3, 1 the measured house looks like any other. Its bottom row does not.

# %% label="plot-house-map-2"
measured = to_9_3_1(as_matrix(effects))
ax = plot_house_map(measured)
ax.set_title("The measured house: staff and guides reach far")
show(
    ax,
    alt="Measured matrix in 9, 3, 1: staff serves fit and advice strongly; guides serves "
    "instructions, safe, aftercare; quality harms ready and staff harms quick.",
)

# %% label="plot-importance-bars"
true_importance = lever_importance(as_matrix(crmkit.load_truth("lever_effects")), weights)
from_data = lever_importance(as_matrix(effects), weights)
ax = plot_importance_bars(from_data, true_importance)
ax.set_title("Measured importance lies on the true one")
show(ax, alt="; ".join(f"{row.lever} {row.share:.0%}" for row in from_data.itertuples()))

# %% label="ranks"
ranks = pd.DataFrame(
    {
        way: house.set_index("lever")["share"].rank(ascending=False).astype(int)
        for way, house in (
            ("team", importance),
            ("measured", from_data),
            ("truth", true_importance),
        )
    }
)
ranks.sort_values("truth")

# %% [markdown] label="levers-pull-against-each-other"
# ## Levers that pull against each other
# A **conflict**: one lever serves a need and another harms the same need. (It is not the *roof* that you may find drawn on a house of quality elsewhere: the roof says which levers get in each other's way technically, whatever the needs.) Here better steel makes the set heavier and less *ready to use*, and staff who take their time make the purchase less *quick*.

# %% label="conflicts"
conflicts(measured, weights).head(5).round(2)

# %% [markdown] label="against-rival"
# A conflict is not a reason to give up; it is a design task (lighter steel; staff who can be called ahead). It only must not be overlooked. The worst conflict of all is in no cell: every step costs money.
#
# ### And against a rival
# The right wing of the house: how far do we meet each need, how far does the rival, weighted?

# %% label="house"
house = as_matrix(effects).drop(columns="low_price").drop(index="affordable")
ours, rival = (
    offers.set_index("company").loc[company.name],
    offers.loc[offers["price"].idxmax()],
)
gaps(house, weights.drop("affordable"), ours, rival).head(4).round(2)

# %% [markdown] label="would-offer-earn"
# A minus says that the rival meets the need better; `weighted_gap` counts it by what the need weighs. What Hang-It lacks most against Toolmere is being *complete*, before being durable.
#
# ## What would the offer earn?
# Now the choice model. Each customer drops every offer that misses a must-have or cannot be paid, and among the rest weighs needs met against **all that it costs**: the price, what has to be bought besides, the trip, the risk. Buying nothing is always possible. (`units`, `turnover` and `profit` are for a year, the last two in {company.symbol}.)

# %% label="market"
market = Market.from_tables(
    truth,
    crmkit.load_truth("set_value"),
    crmkit.load_truth("lever_effects"),
    levers,
    crmkit.load_truth("customers"),
)
simulate_offers(market, offers).round(2)

# %% label="simulate-offers"
simulate_offers(market, offers, by_segment=True).pivot(
    index="segment", columns="offer", values="share"
).round(3)

# %% [markdown] label="look-penny-fix-far-cheapest"
# Look at *Penny Fix*. It is by far the cheapest, and sells nothing. Is it still too dear? No: it misses must-haves of nearly everybody, and meets too few nice-to-haves for the rest. **What misses a must-have does not sell at any price.** Here it is at the lowest price that covers its cost, with no rival in sight:

# %% label="penny"
penny = offers.nsmallest(1, "price").assign(
    price=offer_costs(market, offers)["unit_cost"]
)
print(
    f"{penny['offer'].iloc[0]} at {company.money(penny['price'].iloc[0], 2)}: "
    f"{simulate_offers(market, penny)['units'].iloc[0]:.0f} sets sold a year, alone in the "
    f"market"
)

# %% [markdown] label="predict-spends-same-money-levers" tags=["predict"]
# > **Predict.** {company.name} spends the same money on levers in two ways: best product first, or from needs. How far apart are the profits?

# %% label="predict-13-b"
predict("13-b", ...)  # a guess in {company.coins} a year

# %% [markdown] label="same-budget-two-ways-begin"
# ## Same budget, two ways to begin
# **4P first**: as good a product as possible, then as complete, then more shops, until the money is spent; priced like the rivals. **4C first**: search for the offer that earns most, given what customers need. The second has two advantages that no company has: it knows the true market, and it tries thousands of offers. So this pair shows how much there is to be had, not what thinking of needs brings. The fair pair follows below.

# %% label="rivals"
rivals = offers[offers["company"] != company.name]
budget = offer_costs(market, offers)["fixed_cost"].iloc[0]
product_first = four_p_first_offer(market, rivals, budget)
needs_first = best_offer(market, rivals, budget, starts=3)
pd.concat([product_first, needs_first]).set_index("offer").T

# %% [markdown] label="only-lower-price-give-4p"
# Is that only the lower price? Give *4P first* each price from {company.symbol}15 to {company.symbol}30:

# %% label="columns"
columns = [c for c in offers.columns if c != "company"]
earned = {}
for price in range(15, 31):
    tried = pd.concat([product_first[columns].assign(price=price), rivals[columns]])
    earned[price] = simulate_offers(market, tried)["profit"].iloc[0]
best_price = max(earned, key=earned.get)
print(f"4P first at its best price, {company.money(best_price)}: profit {company.money(earned[best_price])} a year")

# %% [markdown] label="not-buy-not-one-kind"
# Still a loss: no price mends it. The same yearly budget, and far from what is possible. The search puts money into staff and guides, the levers with far-reaching rows in the measured house, and takes it from shops. It does not skimp on the product altogether: a set that misses *complete* would lose those for whom it is a must-have.
#
# ### Who does not buy is not of one kind
# A company has two jobs: to serve those it has, and to convert those it has not. **Non-customers** (非客户) are of three kinds. **Near** ones (准非客户): every criterion is met, and yet they may take another set, or none. **Refusing** ones (拒绝型): a must-have is missed, or they cannot pay. **Unexplored** ones (未探知): nobody has ever looked at them; they are in no table, and not in this one.

# %% label="hang"
hang_it = choice_shares(market, offers)[:, 0]  # each customer's chance of buying Hang-It
changed = choice_shares(market, pd.concat([needs_first[columns], rivals[columns]]))[:, 0]
refuse = hang_it == 0
print(f"Hang-It is refused by {refuse.mean():.0%} of the customers")
print(f"of those who refuse it, {(changed[refuse] > 0).mean():.0%} would consider the best offer")

# %% [markdown] label="nobody-knows-truth"
# A refusal is not for ever: a changed product turns part of it into near non-customers. Cheaper advertising of the old one would not.
#
# ### But nobody knows the truth
# A company has the survey, the shelf and the prototypes. Learn the market from these, search there, and let the **true** market judge:

# %% label="types"
types = crmkit.load_truth("customers").set_index("customer_id")["need_type"]
learnt = Market.from_survey(
    crmkit.load("need_ratings"),
    crmkit.load("shelf_choices"),
    crmkit.load("price_answers"),
    effects,
    levers,
    types,
)
from_survey = best_offer(learnt, rivals, budget, starts=3)
judged = simulate_offers(market, pd.concat([from_survey[columns], rivals[columns]])).iloc[0]
print(
    f"the survey expected {company.money(from_survey['profit'].iloc[0])}; the true market gives "
    f"{company.money(judged['profit'])}; the best possible was {company.money(needs_first['profit'].iloc[0])}"
)

# %% [markdown] label="play-house-offer"
# The offer found from data earns most of what the best one would, although the survey errs about each single customer: errors about people average out, errors about *levers* do not. What the survey expected and what came is not the same number, so promise a range.
#
# ## Play: the house, and the offer
# First edit the house. Every cell moves the bottom row; the budget then goes to the most important levers for the money; the true market says what it earns. Start from the team's house, and write into the column *guides* what the data say it does for *safe*, *ready* and *aftercare*.

# %% label="house-explorer"
house_explorer(team, weights, market, rivals, budget=round(budget, -3), price=22.0)

# %% label="houses"
houses = {"from the team's house": team, "from the measured house": measured}
levels = pd.DataFrame(
    {name: offer_from_importance(house, weights, levers, budget) for name, house in houses.items()}
)
for name in houses:
    built = pd.concat(
        [pd.DataFrame([{"offer": name, "price": 22.0, **levels[name]}]), rivals[columns]]
    )
    print(
        f"{name:24s} at {company.money(22)}: profit {company.money(simulate_offers(market, built)['profit'].iloc[0])} a year"
    )
levels

# %% [markdown] label="same-money-same-rule-another"
# **This is the fair pair: the same money, the same rule, the same price, and no search.** Only the matrix differs, once as the team believed and once as measured. What the team overlooked is worth that difference every year.
#
# Then pull the levers yourself, in four groups. Can you beat the search with less money? Can you win the price segment and the value segment with one and the same offer?

# %% label="offer-explorer"
offer_explorer(market, ours, rivals)

# %% [markdown] label="rule-thumb-tested"
# ## A rule of thumb, tested
# *"Put your resources where the weights are."* Does the importance of a lever tell what a step of it earns? For every lever: one step up from Hang-It, everything else as it is.

# %% label="base"
base = simulate_offers(market, offers)["profit"].iloc[0]
steps = []
for lever in [name for name in names if name != "low_price"]:
    tried = offers.copy()
    tried.loc[0, lever] = min(5, tried.loc[0, lever] + 1)
    steps.append((lever, simulate_offers(market, tried)["profit"].iloc[0] - base))
step = (
    pd.DataFrame(steps, columns=["lever", "gain"])
    .merge(true_importance, on="lever")
    .sort_values("gain", ascending=False)
)
step.round(2)

# %% label="print"
print(
    f"rank correlation of importance and gain: "
    f"{step['gain'].corr(step['importance'], method='spearman'):.2f}"
)

# %% [markdown] label="turn"
# They go together well, and not wholly. Two levers with some importance lose money when pulled, because their steps cost more than they bring. And one lever earns several times as much as others of the same importance: its next step lifts a need over the threshold of a must-have for many customers at once. Importance knows nothing of costs and nothing of thresholds. Use it to know where to look; use the simulator to decide.
#
# ## Your turn
# Put your answer in place of the three dots; the exercises of lesson 13 give each question in full. Stuck? Type `hint("13-1")` in a new cell; after three tries `solution("13-1")` opens.

# %% label="check-13-1"
answer = ...  # what each lever adds to "fit", estimated from the prototypes: columns lever, effect
check("13-1", answer)

# %% label="check-13-2"
answer = ...  # importance share of every lever in the measured (continuous) house: columns lever, share (per cent)
check("13-2", answer)

# %% label="check-13-3"
answer = (
    ...
)  # {company.name}'s profit if its set cost 2 {company.coins} more and had guides at 4, by the true market
check("13-3", answer)

# %% label="quiz-13"
quiz("13")

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
# - The rivals stand still. Real ones answer, and what earned most against the old offers may not against the new.
# - The line through the marks has no bends: the first step of a lever counts as much as the last. A prototype at the ends would show it.
# - Prototypes whose levers were *not* set by chance teach the wrong effects: where good steel always comes with good staff, steel gets the staff's credit.
# - 9-3-1 is a scale of judgement. 9 is not nine times 1 in any sense but that we multiply it.
# - A search finds the best offer in the model. It knows nothing of what the model leaves out: brand, habit, a shop steward.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
# - The house turns weights of needs into weights of levers, with your beliefs in between.
# - Beliefs can be measured: set levers by chance, ask about needs.
# - A missed must-have has no price.
# - The same money, spent by the same rule, earns more by a measured house than by a believed one.

# %% [markdown] label="words-learnt" tags=["words"]
# ## Words learnt
# - **house of quality** 质量屋: a matrix of needs and levers, with importance below and gaps to the rival beside
# - **lever** 杠杆: something that the company can change in its offer
# - **lever importance** 杠杆重要性: sum over needs of the need's weight times how strongly the lever serves it
# - **conflict** 冲突: one lever serves a need which another one harms
# - **product** 产品: what is offered, and how good and complete it is
# - **price** 价格: what is asked for it, and under which terms
# - **place** 渠道/定位: where and how fast it can be had
# - **promotion** 促销: what is told and explained about it
# - **near non-customer** 准非客户: every criterion is met, and somebody else's offer is taken, or none
# - **refusing non-customer** 拒绝型非客户: at least one criterion fails; a changed product may win them
# - **unexplored non-customer** 未探知非客户: somebody at whom nobody has ever looked
# - **offer** 报价组合: one position on all four P

# %% [markdown] label="on-your-own-data" tags=["own-data"]
# ## On your own data
# Take ten needs of your customers and eight levers. Let three people fill in the house *separately*, and look where they differ: those cells are worth measuring. A cheap prototype is a description; what matters is that levers are set by chance.

# %% [markdown] label="what-next" tags=["next"]
# ## What next
# One lever deserves a lesson of its own: the price. Lesson 14 finds it in three ways.
