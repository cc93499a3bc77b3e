# %% [markdown] label="title" tables=["wake_up_test", "second_campaign", "truth/wake_up_test", "truth/second_campaign", "offers", "orders"] names=["offers.offer: reminder", "offers.offer: discount", "offers.offer: new product", "offers.offer: personal call"] tags=["opening"]
# # A contact earns what it wins, less what it gives away and costs
#
# **After this lesson you can** turn chances into money; say from which day of a silence an offer pays, and how sure that is; choose an offer for each customer, or none; judge a policy by a later test, and say what the test cannot tell.
#
# **50 minutes to read, 55 minutes of exercises** · you need lesson 33 (whom a call changes) · you will meet: policy, leave-alone list, winner's curse

# %% [markdown] label="chances-money"
# ## "A good list," says the director. "What does it earn?"
#
# The director has four offers: a reminder, a voucher of 15 %, a brochure of new products, and a personal call. She wants each customer to get the one that earns most, or nothing. Begin with one customer and one voucher, by hand. The customer comes back anyway with a chance of 20 %, and the voucher adds 5 points. A return brings {company.symbol}40 of margin on an order of {company.symbol}100, and the voucher costs {company.symbol}0.60 to send.

# %% label="imports"
import pandas as pd

import crmkit
from crmkit import reactivation
from crmkit.practice import check, hint, predict, quiz, reveal, solution
from crmkit.reactivation import explorers, plots
from crmkit.style import show

company = crmkit.company()
won = 0.05 * 40
given_away = (0.20 + 0.05) * 0.15 * 100
print(f"won {won:.2f}, given away {given_away:.2f}, cost 0.60: profit {won - given_away - 0.60:.2f}")

# %% [markdown] label="by-hand-read"
# The voucher raises the chance to return, and it loses money: **it also goes to those who would have paid the full price.** What a contact earns is what it **wins** (uplift times what a return brings), less what it **gives away**, less what it **costs**. Now for every customer of May and every offer, learnt from January's test:

# %% label="back"
january, may = crmkit.load("wake_up_test"), crmkit.load("second_campaign")
offers = crmkit.load("offers")
profits = reactivation.forecast_profits(january, may, offers)
show(profits.groupby("offer")[["won", "given_away", "cost", "profit"]].mean().round(2))

# %% [markdown] label="voucher-wait-longer-than-letter"
# These are averages per contact, if everybody got the offer. The voucher hands back a part of what it wins. The call is expensive, so it must be kept for the few.
#
# Lesson 30 drew its lines at a chance of one half, one quarter and one tenth, and did not say why. Here is a reason: the longer the silence, the fewer come anyway. So each offer has a day of its own from which it pays.

# %% [markdown] ask="33b-a"

# %% label="predict-33b-a"
predict("33b-a", ...)

# %% [markdown] label="own-day"
# ## Each offer has a day of its own, and one test does not fix it
#
# The return curve says how many come by themselves after each length of silence. The test says what an offer wins.

# %% label="gaps"
orders = crmkit.load("orders")
gaps = reactivation.purchase_gaps(orders, company.end)
days = reactivation.offer_days(january, offers, reactivation.return_curve(gaps, 60, draws=40))
show(days[["cost", "gift", "wins", "pays_below", "earliest", "from_day", "latest"]].round(2))

# %% label="reveal-33b-a"
first = days["from_day"].reindex(["reminder", "discount"])
letters = {"reminder": "a", "discount": "b"}
reveal("33b-a", "c" if first.isna().all() else letters[first.idxmin()])

# %% [markdown] label="wins-share-would-stay-away"
# `wins` is the share of those who would stay away that the offer brings back. `gift` is what everyone who returns is given. The offer pays where the chance to come back by oneself lies below `pays_below`. A missing day means: on no day. `earliest` and `latest` take the ends of the intervals, and they lie far apart. **One test of this size does not fix a day.** The truth, as profit per contact for everybody in both campaigns:

# %% label="both"
truth = crmkit.load_truth("second_campaign")
both = pd.concat([january.merge(crmkit.load_truth("wake_up_test")), may.merge(truth)])
both["silent_days"] = pd.cut(both["silent_days"], [59, 75, 120, 240, 540])
columns = [name for name in truth if name.startswith("profit_")]
show(both.groupby("silent_days", observed=True)[columns].mean().round(1))

# %% [markdown] label="one-offer-each-customer-none"
# The voucher truly earns least with those who have just fallen silent, and more later, as the curve said. But the curve knows no *last* day: to the deepest sleepers the reminder and the call bring little again. Look at the brochure, too, row by row.
#
# ## Which offer is best? Ask how often it would win
#
# For each state, take the offer that earned most in January. How sure is this choice? Draw January's customers again and again, and count in which share of the draws the same offer wins (`wins`):

# %% label="best"
best = reactivation.best_offers(january, offers)
show(best[best["wins"] > 0.1].round(2))

# %% [markdown] label="best-read"
# Where `wins` is far below 1, the test has not decided, and a director should hear that. Most intervals of the profit are wider than the differences between the offers. What the truth says for May:

# %% label="best-truth"
may_truth = truth.merge(may[["customer_id", "state"]])
show(may_truth.groupby("state", observed=True)[columns].mean().round(1))

# %% [markdown] label="policy-words"
# A state is a rough group. Now choose customer by customer the offer with the highest expected profit, and none where none is positive. Such a rule is called a **policy**.

# %% label="plan"
plan = reactivation.choose_offers(profits)
show(plan["offer"].value_counts())

# %% label="alone"
true_profit = reactivation.offer_profits(truth, offers)
alone = reactivation.leave_alone(profits)
best_true = alone["customer_id"].map(true_profit.groupby("customer_id")["profit"].max())
paid = (best_true > 0).groupby(alone["reason"])
show(paid.agg(customers="size", an_offer_would_have_paid="mean").round(2))

# %% [markdown] label="leave-alone-list-result-too"
# The **leave-alone list** is a result too, and a reason for each name helps when somebody asks "why do we not write to him?" But the reasons are the model's guesses: for many of these customers some offer would truly have paid.
#
# The list also depends on how far ahead you look. So far a return was worth what it brings in 120 days. Customers who came back by themselves went on buying:

# %% label="orders"
later = reactivation.later_margin(orders, gaps, company.year_ago)
worth = reactivation.return_worth(january, may, offers)
longer = reactivation.expected_profit(
    profits[["customer_id", "offer", "anyway", "uplift"]], offers, worth.assign(lifetime_value=later)
)
print(f"a return brings {company.money(later)} from day 120 to the end of the year")
print(f"left alone: {len(reactivation.leave_alone(longer))}, and not {len(alone)}")

# %% [markdown] label="pay-five-policies-campaign-never"
# Customers who had to be woken may not stay as long, and a test of 120 days cannot say. We go on with what was measured.

# %% [markdown] ask="33b-b"

# %% label="predict-33b-b"
predict("33b-b", ...)

# %% [markdown] label="policies-head"
# ## The right offer for all does much of what a choice per customer does

# %% label="cost"
rates = reactivation.rates_by_group(january, may, "state")
by_state = reactivation.choose_offers(reactivation.expected_profit(rates, offers, worth))
policies = {
    "best by state": by_state.set_index("customer_id")["offer"],
    "call everybody": pd.Series("personal call", index=may["customer_id"]),
    "best by uplift": plan.set_index("customer_id")["offer"],
    "brochure to everybody": pd.Series("new product", index=may["customer_id"]),
}
result = reactivation.compare_policies(policies, true_profit)
show(result.round(2))

# %% label="reveal-33b-b"
reveal("33b-b", "abcd"[list(policies).index(result["policy"].iloc[0])])

# %% label="plot-policies"
ax = plots.plot_policies(result, title="True profit of four policies in May")
earned = ", ".join(f"{r.policy} {company.money(r.profit)}" for r in result.itertuples())
show(ax, alt=f"True profit of each policy: {earned}.")

# %% [markdown] label="oracle-knows-every-customers-true"
# `of_best` is the share of what someone would earn who knew every customer's true effect. Nobody does. Compare the choice by uplift with the plain brochure to everybody, and not with the calls to everybody: that is a weak rival.
#
# ## Can a test confirm it?
#
# Without the truth, May's *experiment* must judge. A policy is judged by those customers who happened to get what it wanted for them. In {company.coins} per customer, more than leaving everybody alone:

# %% label="rows"
may["profit"] = may["margin_60d"] + may["margin_after"]
may["profit"] -= may["arm"].map(offers.set_index("offer")["cost"])
money = reactivation.policy_values(policies, may, "profit")
returns = reactivation.policy_values(policies, may.assign(back=may["returned_60d"] * 100.0), "back")
show(money.join(returns.drop(columns="matched").add_suffix("_returns")).round(1))

# %% [markdown] label="aipw-question"
# The intervals in money are so wide that they allow nearly every order: a few large orders decide. In returns (per 100 customers) the same test says more. Can a forecast help? Let a model, learnt on January, forecast everybody's profit, and let the test only *correct* the forecast. This estimate (AIPW, **doubly robust**) is right on average even if the forecast is poor, and more precise if it is good:

# %% label="aipw"
january["profit"] = january["margin_60d"] + january["margin_after"]
january["profit"] -= january["arm"].map(offers.set_index("offer")["cost"])
forecast = reactivation.forecast_outcome(january, may, "profit")
helped = reactivation.policy_values(policies, may, "profit", expected=forecast)
widths = {"plain": money["high"] - money["low"], "with forecast": helped["high"] - helped["low"]}
show(pd.DataFrame(widths).round(1))

# %% [markdown] label="aipw-read"
# The intervals hardly get narrower: nobody can forecast the few large orders. Would a cleverer learner of uplift have chosen better? The **doubly robust learner** uses the same idea, customer by customer:

# %% label="learners"
learners = {"two models": None, "doubly robust": reactivation.DoublyRobust()}
effect = truth.set_index("customer_id").loc[may["customer_id"], "effect_personal_call"]
show(reactivation.compare_learners(learners, january, may, "personal call", effect).round(2))

# %% [markdown] label="budget-buys-best-first"
# It ranks about as well. Where chance chose the arms, there is little to repair; it helps where the arms were *not* alike. More customers would help more than a cleverer learner.
#
# ## A budget buys the best first
#
# With little money, contact those who bring most for it. Solid is what the model promises, dotted is what it truly brings.

# %% label="budget-explorer"
ways = {
    "by uplift": reactivation.budget_curve(profits),
    "by state": reactivation.budget_curve(reactivation.expected_profit(rates, offers, worth)),
}
brought = {name: reactivation.realised(way, true_profit) for name, way in ways.items()}
explorers.budget_explorer(ways, brought)

# %% [markdown] label="both-promise-more-than-keep"
# Both promise more than they keep. Of many estimates, a policy takes the highest, and those are the most overrated: the **winner's curse**. And the curves bend: the first {company.coins} earn most. **Spending the whole budget is not a duty.**

# %% [markdown] label="turn"
# ## Your turn

# %% [markdown] ask="33b-1"

# %% label="check-33b-1"
check("33b-1", ...)

# %% label="quiz-33b"
quiz("33b")

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - **The worth of a return is an average.** It is taken from returns of all kinds, and a large order may never come again.
# - **120 days are not a lifetime.** What a woken customer brings later, this test cannot say.
# - **Four offers and three states are twelve choices.** The best of twelve is partly the luckiest of twelve.
# - **A policy is judged on the customers of May.** Those of the autumn are others.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - Profit of a contact: won, less given away, less cost. The voucher hides its price in the middle term.
# - Ask of every "best offer" in how many draws it would win.
# - Compare a clever policy with a plain good one, and not with a bad one.
# - Money needs more customers than returns do.
# - Whatever chose is too optimistic about its own choice.

# %% [markdown] label="words-learnt" tags=["words"]
# ## Words learnt
#
# - **policy** 策略: a rule that says who gets which offer
# - **leave-alone list** 不打扰名单: customers whom no offer would make profitable to contact
# - **winner's curse** 赢家诅咒: what is chosen for being the highest of many estimates is often overrated

# %% [markdown] label="on-your-own-data" tags=["own-data"]
# ## On your own data
#
# You need the file of a randomised test as in lesson 33, with two more columns: `average_order` (before the test) and the margin that followed. And a table of offers with their costs.
#
# ```python
# import pandas as pd
# from crmkit.reactivation import choose_offers, expected_profit, predict_chances
#
# test = pd.read_csv("my_test.csv")
# found = predict_chances(test, test, ["silent_days", "orders_before"], logs=["silent_days"])
# offers = pd.DataFrame({"offer": found["offer"].unique(), "cost": 1.0, "discount": 0.0})
# worth = test[["customer_id"]].assign(return_margin=30.0, return_spend=80.0)  # your own figures
# print(choose_offers(expected_profit(found, offers, worth))["offer"].value_counts())
# ```

# %% [markdown] label="what-next" tags=["next"]
# ## What next
#
# **Lesson 34** makes it a plan: which state gets what, through which channel, how often, for how much, and how we will know whether it worked.

# %% [markdown] label="on-one-page" tags=["summary"]
# ## On one page
#
# **Claim.** A contact earns what it wins, less what it gives away to those who come anyway, less what it costs.
#
# **Method.**
#
# 1. Take each customer's chance to return and uplift, and what a return brings, from a test.
# 2. Choose for each customer the offer with the highest expected profit, or none, and count in how many draws the choice wins.
# 3. Compare the policy with plain rivals in a later test, with intervals.
#
# **Formula.** $\text{profit} = \text{uplift} \cdot \text{margin} - (\text{anyway} + \text{uplift}) \cdot \text{discount} \cdot \text{order} - \text{cost}$
#
# **Code.**
#
# ```python
# choose_offers(expected_profit(chances, offers, worth))
# ```
#
# **Where it fails.** What is chosen for being high is overrated, and a few large orders decide a test in money.
