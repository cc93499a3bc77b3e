# %% [markdown] label="title" tables=["wake_up_test", "second_campaign", "truth/wake_up_test", "truth/second_campaign", "offers", "orders"] tags=["opening"]
# # The customers most likely to return are seldom the ones whom a call wins
#
# **After this lesson you can** tell "likely to return" from "likely to be changed"; learn uplift from an experiment; judge a ranking with a Qini curve; turn chances into money and spend a budget where it earns, or not at all.
#
# **45 minutes** · you need lesson 32 (experiments) · you will meet: uplift, sleeping dog, two-model learner, Qini curve, policy, leave-alone list

# %% [markdown] label="four-customers-one-telephone"
# ## Four customers, one telephone
#
# Take one personal call, and look into the drawer at what it would have done to each customer of the January test. There are only four possibilities: they would have come without it (**anyway**), they come because of it (**won**), they do not come either way (**lost**), or they would have come and the call puts them off: the **sleeping dog** (**dog**).

# %% label="imports"
import numpy as np
import pandas as pd

import crmkit
from crmkit.practice import check, hint, predict, quiz, solution
from crmkit.reactivation import (
    TransformedOutcome,
    area,
    budget_curve,
    choose_offers,
    compare_policies,
    effect_error,
    effect_table,
    expected_profit,
    features,
    leave_alone,
    offer_profits,
    policy_value,
    predict_chances,
    purchase_gaps,
    qini_band,
    qini_curve,
    rates_by_group,
    realised,
    return_curve,
    thresholds_by_cost,
    true_curve,
    uplift_by_group,
)
from crmkit.reactivation.explorers import budget_explorer
from crmkit.reactivation.plots import plot_gain, plot_groups, plot_policies
from crmkit.style import show

company = crmkit.company()
january, may = crmkit.load("wake_up_test"), crmkit.load("second_campaign")
drawer = crmkit.load_truth("wake_up_test")
(100 * drawer["type_personal_call"].value_counts(normalize=True)).round(1)

# %% [markdown] label="only-won-worth-contact-all" tags=["predict"]
# Only the won are worth a contact. All others cost money, and the dogs cost a customer. No company ever sees this table: of one and the same person it knows what happened *with* the call or *without* it, never both. Statisticians call that the **fundamental problem**; the way round is to compare *groups* that chance has made alike.
#
# > **Predict.** A model tells you who is most likely to return. You call the best fifth on its list. Whom of the four have you mostly called?

# %% label="predict-33-a"
predict("33-a", ...)

# %% [markdown] label="model-returns-finds-need-no"
# ## A model of who returns finds those who need no help
#
# We learn two things from January, with nothing but what was known before the contact: the chance to return if left alone (`anyway`), and the change by the offer (`uplift`). The second is the difference of two models, one learnt from the customers with the offer, one from the control group: the **two-model learner**. Then we apply both to
# the customers of the campaign in **May**: another season, and outcomes that the models have never seen. (About two in three of these customers were in January's test too. The cell below counts them.)

# %% label="columns"
columns = [
    "state",
    "silent_days",
    "orders_before",
    "average_order",
    "discount_share",
    "opens",
    "business",
]
logs = ["silent_days", "orders_before", "average_order"]
chances = predict_chances(january, may, columns, logs=logs)
call = chances[chances["offer"] == "personal call"].set_index("customer_id")
print(f"of May's customers {may['customer_id'].isin(january['customer_id']).mean():.0%} were in January's test")
call.head(3).round(3)

# %% label="truth"
truth = crmkit.load_truth("second_campaign").set_index("customer_id").loc[may["customer_id"]]
kinds = truth["type_personal_call"]
fifth = len(may) // 5
picked = {
    "likely to return": call["anyway"].nlargest(fifth).index,
    "likely to be changed": call["uplift"].nlargest(fifth).index,
}
order = ["won", "anyway", "dog", "lost"]
pd.DataFrame(
    {
        name: kinds.loc[who].value_counts().reindex(order, fill_value=0)
        for name, who in picked.items()
    }
)

# %% [markdown] label="same-number-calls-other-people"
# Same number of calls, other people. The list of the *likely* is full of customers who come anyway, and holds more of the dogs. The list of the *changeable* holds more of the won. Sorting by the chance to return is the most common mistake in this trade: it makes every campaign look good (all the called come back!) and earns little.

# %% [markdown] label="good-ranking-ask-may-where"
# ## How good is the ranking? Ask May, where the model has never been
#
# Call the customers in the order of their predicted uplift, best first, and count extra returns as you go: returns among the called, less returns among as many controls. That is the **Qini curve**. Whoever has no idea walks along the straight line.

# %% label="plot-gain"
part = may["arm"].isin(["control", "personal call"]).to_numpy()
called = (may["arm"] == "personal call").to_numpy()[part]
score = call["uplift"].to_numpy()
curve, qini = qini_band(score[part], called, may.loc[part, "returned_60d"].to_numpy(float), seed=1)
ax = plot_gain({"by predicted uplift": curve})
ax.set_title("In May the ranking is hard to tell from luck")
show(
    ax,
    alt=f"Qini curve of the call in May with a 95 % band around it and the straight line of chance. Coefficient {qini['qini']:.4f}, band {qini['low']:.4f} to {qini['high']:.4f}.",
)

# %% label="luck"
rng, returned = np.random.default_rng(1), may.loc[part, "returned_60d"].to_numpy(float)
luck = np.array([area(qini_curve(rng.random(part.sum()), called, returned)) for _ in range(500)])
low, high = np.quantile(luck, [0.025, 0.975])
print(
    f"our ranking: {100 * qini['qini']:.2f} extra returns per 100 (band {100 * qini['low']:.2f} to {100 * qini['high']:.2f})"
)
print(
    f"500 rankings by dice: on average {100 * luck.mean():.2f}; 95 of 100 lie between {100 * low:.2f} and {100 * high:.2f}"
)

# %% [markdown] label="look-width-band-before-look"
# Look at the width of the band before you look at the line. A few hundred customers with few returns among them cannot rank anybody's ranking: ours stands among the luckier dice or a little above them, and its own band comes close to nothing, or reaches it. A slide with the line and without the band would have "proved" whatever the lot had dealt.
#
# The drawer can tell what May's customers could not. It knows each customer's true effect, so it draws the same walk without luck:

# %% label="plot-gain-2"
effect = truth["effect_personal_call"].to_numpy()
walks = {
    "by predicted uplift": true_curve(score, effect),
    "by chance to return": true_curve(call["anyway"], effect),
    "perfect": true_curve(effect, effect),
}
ax = plot_gain(walks)
ax.set_title("The ranking is good; “likely to return” is none")
share = {name: area(walk) / area(walks["perfect"]) for name, walk in walks.items()}
show(
    ax,
    alt=f"True extra returns by share called. Predicted uplift reaches {share['by predicted uplift']:.0%} of the area of the perfect order; sorting by the chance to return reaches {share['by chance to return']:.0%}.",
)

# %% label="pd-series-share"
pd.Series(share).mul(100).round(0)

# %% [markdown] label="no-order-beats-perfect-one"
# No order beats the perfect one, and ours lies clearly between it and the lot. The weak learner and the strong effect of luck are two different things: **the model was better than its test could show.** (Elsewhere it is the other way round, and nobody has a drawer.)
#
# A plainer look at the same: cut May into five groups by predicted uplift, and compare called and controls within each.

# %% label="plot-groups"
groups = uplift_by_group(
    score[part], called, may.loc[part, "returned_60d"], groups=5, true_effect=effect[part]
)
ax = plot_groups(groups)
ax.set_title("The best fifth gains most; the worst gains nothing")
show(
    ax,
    alt="Uplift by fifth of the predicted uplift: measured with wide 95 % intervals, predicted, and true. True uplift falls from "
    + f"{100 * groups['truth'].iloc[0]:.0f} points in the best fifth to {100 * groups['truth'].iloc[-1]:.0f} in the worst.",
)

# %% label="cell"
X = features(january, columns)
mine = january["arm"].isin(["control", "personal call"])
other = TransformedOutcome().fit(
    X[mine], january.loc[mine, "arm"] == "personal call", january.loc[mine, "returned_60d"]
)
errors = {
    "two models": effect_error(score, effect),
    "transformed outcome": effect_error(other.predict(features(may, columns)[X.columns]), effect),
}
pd.DataFrame(errors).T.round(3)

# %% [markdown] label="second-learner-needs-one-model"
# The second learner needs one model only: it gives each customer a value whose *average* is the uplift, and learns that (`TransformedOutcome`). Two kinds of learner, one lesson: both **rank** customers usefully (`rank_correlation`), and neither knows anybody's effect to the point (`rmse` is about as large as giving everybody the average, `rmse_of_average`, or larger). Use uplift to choose, not to promise.

# %% [markdown] label="chances-money"
# ## From chances to money
#
# What is one contact worth? What it **wins** (uplift times what a return brings), less what it **gives away** (the voucher also goes to those who would have paid the full price), less what it **costs**. First: what does a return bring?

# %% label="back"
# Full-price returns only: the voucher's discount is charged below, and must not be charged twice.
back = january[january["returned_60d"] & (january["arm"] != "discount")]
margin_share = (back["margin_60d"] + back["margin_after"]).sum() / back["average_order"].sum()
worth = may[["customer_id"]].assign(
    return_margin=margin_share * may["average_order"], return_spend=may["average_order"]
)
offers = crmkit.load("offers")
profits = expected_profit(chances, offers, worth)
profits.groupby("offer")[["won", "given_away", "cost", "profit"]].mean().round(2)

# %% [markdown] label="voucher-wait-longer-than-letter" tags=["predict"]
# Averages per contact, if everybody got it. Look at the voucher: what it wins, it partly hands back at the till. And at the call: dear, so it must be kept for the few.
#
# ## A voucher has to wait longer than a letter
#
# Lesson 30 drew its lines at a half, a quarter and a tenth, and owed you the reason. Here is one: **a contact is wasted on whoever comes anyway.** The longer the silence, the fewer those are. So each offer has a day of its own from which it pays, and the return curve knows it, once a test has said what the offer wins.
#
# > **Predict.** Which pays earlier in a silence, a reminder for {company.symbol}0.60 or a voucher of 15 %?

# %% label="predict-33-b"
predict("33-b", ...)

# %% label="gaps"
gaps = purchase_gaps(crmkit.load("orders"), company.end)
spend = january["average_order"].mean()
effects = effect_table(january).set_index("arm")
means = offers[offers["offer"] != "control"].set_index("offer")[["cost"]]
means["wins"] = effects["effect"] / (1 - effects["control_value"])
means["wins_low"] = effects["low"] / (1 - effects["control_value"])
means["wins_high"] = effects["high"] / (1 - effects["control_value"])
means["margin"] = margin_share * spend
means["gift"] = spend * offers.set_index("offer")["discount"]
thresholds_by_cost(return_curve(gaps, 60), means.reset_index()).round(2)

# %% [markdown] label="wins-share-would-stay-away"
# `wins` is the share of those who would stay away that the offer brings back, `gift` what everybody who returns is given, `pays_below` the chance to come back by oneself below which the offer pays. At what January measured, a cheap contact pays earlier than the voucher, which costs no more to send: early in a silence it is mostly handed to people who were on their way. A missing day means that the offer pays on no day at all. `earliest` and `latest` are the days at the ends of the intervals, and they lie far apart: **one test of this size does not fix a day.** The drawer, for everybody in both campaigns:

# %% label="both"
both = pd.concat([january.merge(drawer), may.merge(crmkit.load_truth("second_campaign"))])
both["silent"] = pd.cut(both["silent_days"], [59, 75, 120, 240, 540])
names = {
    "profit_reminder": "reminder",
    "profit_new_product": "brochure",
    "profit_discount": "voucher",
    "profit_personal_call": "call",
}
both.rename(columns=names).groupby("silent", observed=True)[list(names.values())].mean().round(1)

# %% [markdown] label="one-offer-each-customer-none"
# {company.symbol} a contact, truly. The voucher earns next to nothing from those who have just fallen silent, and more later on, as the curve said. But the curve knows no *last* day: it takes the share won as the same however deep the sleep, and to the deepest sleepers the reminder and the call bring little again. The brochure of new products is in the table too: compare it with the others, row by row. A line in days is a beginning. Customers differ in more than days.
#
# ## One offer for each customer, or none
#
# Now choose, customer by customer, the offer with the highest expected profit, and none where none is positive.

# %% label="plan"
plan = choose_offers(profits)
plan["offer"].value_counts()

# %% label="alone"
alone = leave_alone(profits)
best_true = offer_profits(truth.reset_index(), offers).groupby("customer_id")["profit"].max()
alone["drawer_has_an_offer"] = alone["customer_id"].map(best_true) > 0
alone.groupby("reason")["drawer_has_an_offer"].agg(customers="size", share_with_a_profitable_offer="mean").round(2)

# %% [markdown] label="leave-alone-list-result-too"
# The **leave-alone list** is a result too. To have a reason for each name helps when somebody asks "but why do we not write to *him*?" But look at the last column: for many of them the drawer knows an offer that would have paid. The reasons are the model's guesses, not facts about people.
#
# And it depends on how far one looks. So far a return was worth what it brings in 120 days. Some stay. What did customers who came back after 60 days of silence or more bring in the rest of the year?

# %% label="orders"
orders = crmkit.load("orders")
gaps["back"] = gaps["start_date"] + pd.to_timedelta(gaps["gap_days"], unit="D")
came = gaps[gaps["returned"] & (gaps["gap_days"] >= 60) & (gaps["back"] <= company.year_ago)]
after = came[["customer_id", "back"]].merge(orders[["customer_id", "order_date", "margin"]])
days = (after["order_date"] - after["back"]).dt.days
later = after.loc[days.between(120, 364), "margin"].sum() / len(came)
longer = leave_alone(expected_profit(chances, offers, worth.assign(lifetime_value=later)))
print(
    f"{company.money(later)} a return, from day 120 to the end of the year: {len(longer)} left alone, not {len(alone)}"
)

# %% [markdown] label="pay-five-policies-campaign-never" tags=["predict"]
# A part of the **lifetime value** of lesson 24, counted plainly. Beware: those came back by themselves, and who had to be called may not stay as long. Nothing in a test of 120 days can say. We go on with what was measured.
#
# ## Does it pay? Six policies on a later campaign
#
# > **Predict.** Order these by true profit: the best offer per state · call everybody · the best offer per customer by uplift · leave everybody alone.

# %% label="predict-33-c"
predict("33-c", ...)

# %% label="cost"
cost = offers.set_index("offer")["cost"]
true_profit = offer_profits(truth.reset_index(), offers)
by_state = choose_offers(expected_profit(rates_by_group(january, may, "state"), offers, worth))
policies = {
    "nobody": pd.Series(dtype=str),
    "call everybody": pd.Series("personal call", index=truth.index),
    "brochure to everybody": pd.Series("new product", index=truth.index),
    "best by state": by_state.set_index("customer_id")["offer"],
    "best by uplift": plan.set_index("customer_id")["offer"],
    "oracle": choose_offers(true_profit).set_index("customer_id")["offer"],
}
result = compare_policies(policies, true_profit)
result.round(2)

# %% label="plot-policies"
ax = plot_policies(result)
earned = result.set_index("policy")["profit"]
more = "more" if earned["best by uplift"] > earned["best by state"] else "less"
ax.set_title(f"Choosing by uplift earns {more} than choosing by state")
show(
    ax,
    alt="True profit of each policy: "
    + ", ".join(f"{r.policy} {r.profit:,.0f}" for r in result.itertuples())
    + ".",
)

# %% [markdown] label="oracle-knows-every-customers-true"
# The **oracle** knows every customer's true effect; nobody can do better, and nobody has one. (`of_best` is profit as a share of the oracle's.) Compare the choice by uplift with the **plain brochure to everybody**: the right offer for all does much of what a choice per customer does, and calling everybody is a weak rival to beat. Can the *experiment* of May confirm it, without the drawer? Each customer whose lot happened to agree with a policy speaks for it:

# %% label="rows"
may["profit"] = may["margin_60d"] + may["margin_after"] - may["arm"].map(cost)
rows = {}
for name, policy in policies.items():
    wanted = (
        may["customer_id"].map(policy).astype(object).where(lambda offer: offer.notna(), "control")
    )
    rows[name] = policy_value(may, wanted, "profit", strata="state", over="control")
pd.DataFrame(rows).T.round(2)

# %% [markdown] label="budget-buys-best-first"
# In {company.coins} per customer *more than leaving everybody alone*, so that "nobody" is 0 here as above, with intervals so wide that they hold nearly every order. That is what an honest test of *profit* on some two thousand customers can say: almost nothing. A few large orders decide. (Two ways out: test longer, or judge by returns, which are less wild, and let the money come from a calculation like the one above.)
#
# ## A budget buys the best first
#
# With little money one contacts those who bring most for their money. Move the budget. Expected is what the model promises, dotted is what it would truly bring.

# %% label="budget-explorer"
ways = {
    "by uplift": budget_curve(profits),
    "by state": budget_curve(expected_profit(rates_by_group(january, may), offers, worth)),
}
budget_explorer(ways, {name: realised(way, true_profit) for name, way in ways.items()})

# %% [markdown] label="both-promise-more-than-keep"
# Both promise more than they keep: a model that chooses the highest of many estimates chooses the most *overrated* ones too. (The "winner's curse", once more: the best of twelve in lesson 32.) And the curves bend: the first {company.coins} earn most, the last ones hardly anything. Spending the whole budget is not a duty.

# %% [markdown] label="turn"
# ## Your turn
#
# **33-1** In the January test, by how many percentage points did the personal call raise the share who returned, among customers who had used at least 7 of the last twelve news mails (`opens`)? Give two decimals. Put your answer in place of the dots; the other questions of this lesson are in its exercises.

# %% label="check-33-1"
check("33-1", ...)

# %% label="quiz-33"
quiz("33")

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - **No experiment, no uplift.** From a campaign that was not randomised, the same code gives confident nonsense.
# - **The past test rules the next campaign only while the world stays.** In May, customers who had been contacted in January were harder to win (lesson 34 shows it).
# - **Small arms.** With a few hundred customers an arm, a model learns a rough ranking at best; four arms and seven traits is already much to ask.
# - **What the model cannot see it cannot spare.** A dog who opens every letter looks like a friend.
# - **People are no budget lines.** Consent first, then profit.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - Rank by change, never by chance to return.
# - Show the band with the curve; ask what luck alone would have drawn.
# - An offer's profit is: won, less given away, less cost. The voucher hides its price in the middle term, and comes too early to those who have just fallen silent.
# - Choosing by uplift got about half as far as knowing everything; whatever chose, was too optimistic about itself.
# - A list of whom to leave alone belongs to every plan.

# %% [markdown] label="words-learnt" tags=["words"]
# ## Words learnt
#
# - **uplift** 增益: the change that an offer makes to one customer's chance to return
# - **sleeping dog** 勿扰客户: a customer whom contact drives away
# - **two-model learner** 双模型法: uplift as the difference of two models, one with and one without the offer
# - **Qini curve** Qini曲线: extra returns won, as customers are contacted in the order of a score
# - **policy** 策略: a rule that says who gets which offer
# - **leave-alone list** 不打扰名单: customers whom no offer would make profitable to contact

# %% [markdown] label="on-your-own-data" tags=["own-data"]
# ## On your own data
#
# You need the file of a test in which chance decided who was contacted: `customer_id`, `arm` (one of them `control`), `returned_60d` (1 or 0), and what was known before. Two arms are enough.
#
# ```python
# import pandas as pd
# from crmkit.reactivation import predict_chances, qini_curve
#
# test = pd.read_csv("my_test.csv")
# learn, judge = test.iloc[::2], test.iloc[1::2]
# found = predict_chances(learn, judge, ["silent_days", "orders_before"], logs=["silent_days"])
# print(qini_curve(found["uplift"], judge["arm"] != "control", judge["returned_60d"]).tail(1))
# ```
#
# Judge on customers that the model has not seen, as here. A model that is judged where it learned always passes.

# %% [markdown] label="what-next" tags=["next"]
# ## What next
#
# **Lesson 34** makes it a plan: which state gets what, through which channel, how often, for how much, and how we shall know whether it worked.
