# %% [markdown] label="title" tables=["wake_up_test", "offers", "second_campaign", "pressure_test", "truth/pressure_effects", "truth/second_campaign", "customers"] tags=["opening"]
# # A plan says who is left alone, and how we shall know that it worked
#
# **After this lesson you can** put states, offers, channels and costs into one plan; say how often is too often; spend a budget under a cap on contacts; write down beforehand how the plan will be measured; defend it in front of a director.
#
# **45 minutes** · you need lessons 30, 32 and 33 · you will meet: contact pressure, contact cap, holdout, wake-up plan

# %% [markdown] label="900-thursday"
# ## "You have {company.symbol}900 and Thursday"
#
# The director has heard you out on control groups, uplift and sleeping dogs. "Fine," she says. "You have nine hundred {company.coins}, the call centre can make eight hundred contacts, and on Thursday I want one page: who gets what, by which way, what it will bring, and how I shall see that it did." It is the beginning of May {company.next_year}.

# %% label="imports"
import pandas as pd

import crmkit
from crmkit.practice import check, hint, predict, quiz, solution
from crmkit.reactivation import (
    choose_offers,
    compare_policies,
    detectable,
    expected_profit,
    leave_alone,
    offer_profits,
    power,
    predict_chances,
    pressure_table,
)
from crmkit.reactivation.explorers import sample_size_explorer
from crmkit.reactivation.plots import plot_policies, plot_pressure
from crmkit.style import show

company = crmkit.company()
january, offers = crmkit.load("wake_up_test"), crmkit.load("offers")
known = ["customer_id", "state", "silent_days", "orders_before", "average_order"]
known += ["discount_share", "opens", "business", "contacts_before"]
sleepers = crmkit.load("second_campaign")[known]
sleepers.groupby("state").agg(
    customers=("customer_id", "size"),
    average_order=("average_order", "mean"),
    silent_days=("silent_days", "median"),
).round(0)

# %% [markdown] label="customers-plan-known-eve-did"
# Those are the customers of the plan, with what is known on the eve. What they did afterwards we leave in its envelope until the end.
#
# The director's limits are {company.symbol}0.45 for each sleeper on the list, and a contact with four in ten of them. For a list of two thousand that is what she said; if yours is another list, it is this:

# %% label="print"
budget, cap = (10 * round(share * len(sleepers) / 10) for share in (0.45, 0.4))
print(f"{len(sleepers):,} sleepers: {company.money(budget)}, at most {cap} contacts")

# %% [markdown] label="step-1-often-too-often" tags=["predict"]
# ## Step 1: how often is too often?
#
# Before asking whom to write to, ask how much writing they can bear. {company.name}'s records say: *the more mails, the more orders come through mails.* So more is better?
#
# > **Predict.** For 90 days chance decided whether a customer got 0, 1, 2, 4 or 8 mails a month. At which number was the margin per customer highest?

# %% label="predict-34-a"
predict("34-a", ...)

# %% label="pressure"
pressure = crmkit.load("pressure_test")
by = pressure.groupby("mails_a_month")[["orders_by_mail", "orders_90d"]].mean()
by.round(2)

# %% [markdown] label="orders-through-mails-rise-rise"
# Orders *through mails* rise and rise. Orders *in all* do not: who gets eight mails orders through the eighth what would have been ordered at the till, and some stop ordering altogether. The link in a mail counts like the slide of lesson 32: whoever was there claims the credit. Now what is left, when each mail costs {company.symbol}0.05 and a customer who unsubscribes costs {company.symbol}8 (what the permission to write brings in a year; an
# assumption, so change it):

# %% label="table"
table = pressure_table(pressure, mail_cost=0.05, contact_value=8)
table[["frequency", "customers", "margin", "unsubscribed", "net", "extra", "low", "high"]].round(
    2
)

# %% label="plot-pressure"
ax = plot_pressure(table)
best = table.loc[table["net"].idxmax()]
ax.set_title("A few mails help; many undo it")
show(
    ax,
    alt=f"Net margin per customer over no mails, with 95 % intervals, by mails a month. Highest at {best.frequency:.0f}; at {table['frequency'].max():.0f} it is {company.money(table['extra'].iloc[-1], signed=True)} and {table['unsubscribed'].iloc[-1]:.0%} have unsubscribed.",
)

# %% label="crmkit-load-truth"
crmkit.load_truth("pressure_effects")

# %% [markdown] label="drawer-shows-shape-without-luck"
# The drawer shows the shape without luck: up, a flat top, down. Its top need not be where the test's highest point was, and the intervals would have allowed that. Unsubscribing rises all the way, and it cannot be taken back. Between two frequencies that the test cannot tell apart, take the **lower** one.
#
# The plan's first line: **at most two mails a month to anybody, and one wake-up contact per customer and quarter.** For January's customers there is a sharper reason:

# %% label="may-truth"
may_truth = crmkit.load_truth("second_campaign").merge(sleepers, on="customer_id")
may_truth.groupby("contacts_before")[["effect_reminder", "effect_personal_call"]].mean().mul(
    100
).round(1)

# %% [markdown] label="step-2-under-budget-cap"
# Whoever had been contacted in January is harder to win in May. (Part of it is that the easily won are awake by now and no longer on the list; part is wear.)
#
# ## Step 2: whom, with what, under a budget and a cap
#
# As in lesson 33: learn from January, predict for May's sleepers, turn into money, choose. New are the two limits.

# %% label="columns"
columns = known[1:-1]
chances = predict_chances(
    january, sleepers, columns, logs=["silent_days", "orders_before", "average_order"]
)
# Full-price returns only: the voucher's discount is charged below, and must not be charged twice.
back = january[january["returned_60d"] & (january["arm"] != "discount")]
margin_share = (back["margin_60d"] + back["margin_after"]).sum() / back["average_order"].sum()
worth = sleepers[["customer_id"]].assign(
    return_margin=margin_share * sleepers["average_order"], return_spend=sleepers["average_order"]
)
profits = expected_profit(chances, offers, worth)
plan = choose_offers(profits, budget=budget, contacts=cap)
print(
    f"{len(plan)} contacts for {company.money(plan['cost'].sum(), 2)}; expected profit {company.money(plan['profit'].sum())}"
)

# %% [markdown] label="step-3-state-offer-channel"
# ## Step 3: state by offer by channel
#
# A director reads tables with few rows: one per state and offer, the ways of contact beside each other. The channel follows from consent: without leave to telephone, the call becomes a card written by hand; without leave to e-mail, the message becomes a letter.

# %% label="consent"
consent = crmkit.load("customers")[["customer_id", "newsletter_consent", "phone_consent"]]
page = plan.merge(sleepers[["customer_id", "state"]]).merge(consent)
is_call = page["offer"] == "personal call"
page["channel"] = (is_call & page["phone_consent"]).map({True: "telephone", False: ""})
page.loc[is_call & ~page["phone_consent"], "channel"] = "card"
page.loc[~is_call, "channel"] = page.loc[~is_call, "newsletter_consent"].map(
    {True: "e-mail", False: "letter"}
)
ways = page.pivot_table(
    index=["state", "offer"], columns="channel", values="cost", aggfunc="size", fill_value=0
)
money = page.groupby(["state", "offer"])[["cost", "profit"]].sum().round(0).astype(int)
one_page = ways.join(money.rename(columns={"profit": "expected profit"}))
one_page

# %% label="alone"
alone = leave_alone(profits)
print(
    f"left alone because no offer pays: {len(alone)};  not reached for want of budget or contacts: {len(sleepers) - len(alone) - len(plan)}"
)
alone["reason"].value_counts()

# %% [markdown] label="step-4-shall-know" tags=["predict"]
# ## Step 4: how we shall know
#
# Written down **before** the first letter goes out, or it does not count. A part of those chosen is held back by lot and gets nothing: the **holdout**. How large must it be?
#
# > **Predict.** You hold back one chosen customer in ten. If the plan truly raises returns by six points, from 12 %, how likely will your test find it?

# %% label="predict-34-b"
predict("34-b", ...)

# %% label="power"
for held in (0.1, 0.2, 1 / 3, 0.5):
    treated, control = round(len(plan) * (1 - held)), round(len(plan) * held)
    found = power(0.12, 0.06, treated, control)
    print(
        f"hold back {held:.0%} ({control} customers): finds six points {found:.0%} of the time; finds {100 * detectable(0.12, treated, control):.1f} points four times in five"
    )

# %% label="sample-size-explorer"
sample_size_explorer(base=0.12, customers=len(plan) // 2, rise=0.06)

# %% [markdown] label="holdout-one-ten-looks-thrifty"
# A holdout of one in ten looks thrifty and is nearly blind. A third held back costs a third of this campaign's profit; not knowing costs in every campaign to come. And see the last line: with so few customers not even a half would show six points reliably. So the holdout stays, campaign after campaign, and they are read together. The plan's last lines therefore: **a third held back by lot; one question (returned within 60 days: yes or no); one day to look (the sixty-first); one number decided in advance that counts as success.**

# %% [markdown] label="open-envelope"
# ## Open the envelope
#
# The drawer knows what the plan would truly have brought. Beside it: what the team used to do (call down the list of those likely to return, until the money is gone), and the oracle with the same money.

# %% label="truth"
truth = crmkit.load_truth("second_campaign")
cost = offers.set_index("offer")["cost"]
true_profit = offer_profits(truth, offers)
calls = chances[chances["offer"] == "personal call"]
likely = calls.nlargest(int(budget / cost["personal call"]), "anyway")["customer_id"]
lot = sleepers["customer_id"].sample(int(min(cap, budget / cost["reminder"])), random_state=1)
policies = {
    "our plan": plan.set_index("customer_id")["offer"],
    "call the likeliest": pd.Series("personal call", index=likely),
    "reminder by lot": pd.Series("reminder", index=lot),
    "oracle, same limits": choose_offers(true_profit, budget=budget, contacts=cap).set_index(
        "customer_id"
    )["offer"],
}
result = compare_policies(policies, true_profit)
result.round(2)

# %% label="plot-policies"
ax = plot_policies(result)
ax.set_title("Four ways to spend within the same limits")
show(
    ax,
    alt="True profit with the same limits: "
    + ", ".join(f"{r.policy} {r.profit:,.0f}" for r in result.itertuples())
    + ".",
)

# %% label="print-2"
true_plan = result.set_index("policy").loc["our plan", "profit"]
print(f"promised {company.money(plan['profit'].sum())}, truly {company.money(true_plan)} if everybody on the plan is contacted")
print(f"with a third held back: promised {company.money(plan['profit'].sum() * 2 / 3)}, truly about {company.money(true_plan * 2 / 3)}")

# %% [markdown] label="look-where-plan-stands-between"
# Look where the plan stands: between the two other ways that a company could have taken and the oracle, and below what it promised. Say so on the page, before somebody else does: estimates that were *chosen for being high* come out lower. {company.name} may count on about what the last printed line says: the truth, less the third that the holdout costs.

# %% [markdown] label="turn"
# ## Your turn
#
# **34-1** In the test of contact pressure, by how many percentage points did more customers unsubscribe at 8 mails a month than at 2? Put your answer in place of the dots; the other questions of this lesson are in its exercises.

# %% label="check-34-1"
check("34-1", ...)

# %% label="quiz-34"
quiz("34")

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - **{company.symbol}8 for a lost permission is an assumption.** Double it, and see whether the plan changes. If it does, find out before Thursday.
# - **The pressure test was run on newsletter readers.** It says nothing about telephone calls.
# - **One quarter is not a habit.** Customers get used to vouchers and learn to wait for them; a test of 60 days cannot see that.
# - **A plan that only knows this quarter's profit** never tries anything new, and never learns more than it knows. Leave a small budget for offers that nobody has tested.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - Contact is a budget too: customers' patience.
# - One page: who, what, by which way, for how much, and who is left alone and why.
# - The measure, the day and the size of the holdout are part of the plan, not of its defence.
# - Promise less than the model does.

# %% [markdown] label="words-learnt" tags=["words"]
# ## Words learnt
#
# - **contact pressure** 接触压力: how often a customer is contacted, and what that does to goodwill
# - **contact cap** 接触上限: the most contacts that a customer, or a campaign, may get
# - **holdout** 保留组: chosen customers held back by lot, so that a plan can be measured
# - **wake-up plan** 唤醒方案: which state gets which offer by which channel, at what cost, and how it will be measured

# %% [markdown] label="on-your-own-data" tags=["own-data"]
# ## On your own data
#
# Begin with the last lines of the plan: can you hold back a part of the customers at random, and will you know after 60 days who ordered? If yes, the first campaign may be as plain as a reminder. It is the one from which you learn the second. How many customers does it need?
#
# ```python
# from crmkit.reactivation import sample_size, silence
#
# orders, report = crmkit.read_orders("my_orders.csv")
# quiet = int((silence(orders)["silent_days"] > 91).sum())
# needed = 2 * sample_size(base=0.10, effect=0.05)  # 10 % come back anyway, the offer adds 5 points
# print(f"{quiet:,} customers are quiet; a test that sees five points needs {needed:,} of them")
# ```

# %% [markdown] label="what-next" tags=["next"]
# ## What next
#
# That was the third part. **Lesson 40** leaves the order book and enters people's heads: what is left of a brand when nobody is looking.
