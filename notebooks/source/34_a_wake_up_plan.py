# %% [markdown] label="title" tables=["wake_up_test", "offers", "second_campaign", "pressure_test", "truth/pressure_effects", "truth/second_campaign", "customers"] names=["offers.offer: reminder", "offers.offer: personal call"] tags=["opening"]
# # A plan says who is left alone, and how we will know that it worked
#
# **After this lesson you can** put states, offers, channels and costs on one page; say how often is too often, and how sure that is; spend a budget under a cap on contacts; write down beforehand how the plan will be measured.
#
# **55 minutes to read, 55 minutes of exercises** · you need lessons 30, 32, 33 and 33b · you will meet: contact pressure, contact cap, holdout, wake-up plan

# %% [markdown] label="900-thursday"
# ## "One page, on Thursday"
#
# It is the beginning of May {company.next_year}. The director has heard of control groups, uplift and sleeping dogs. "Fine," she says. "On Thursday I want one page: who gets what, through which channel, what it will bring, and how I will see that it did." She gives {company.symbol}0.45 for each sleeper on the list, and the team can contact four in ten of them.

# %% label="imports"
import pandas as pd

import crmkit
from crmkit import reactivation
from crmkit.practice import check, hint, predict, quiz, reveal, solution
from crmkit.reactivation import explorers, plots
from crmkit.style import show

company = crmkit.company()
january, offers = crmkit.load("wake_up_test"), crmkit.load("offers")
known = ["customer_id", *reactivation.TRAITS, "contacts_before"]
sleepers = crmkit.load("second_campaign")[known]
budget, cap = (10 * round(share * len(sleepers) / 10) for share in (0.45, 0.4))
print(f"{len(sleepers):,} sleepers: {company.money(budget)}, at most {cap} contacts")

# %% [markdown] label="customers-plan-known-eve-did"
# We use only what was known before the campaign. What the customers did afterwards stays in its envelope until the end.
#
# ## Step 1: how often is too often?
#
# Before we ask whom to write to, we ask how much writing people can bear. For 90 days chance decided who got 0, 1, 2, 4 or 8 mails a month. {company.name}'s own records say: the more mails, the more orders come through mails.

# %% [markdown] ask="34-a"

# %% label="predict-34-a"
predict("34-a", ...)

# %% label="pressure"
pressure = crmkit.load("pressure_test")
by = pressure.groupby("mails_a_month")
show(by[["orders_by_mail", "orders_90d", "margin_90d", "unsubscribed"]].mean().round(2))

# %% label="reveal-34-a"
reveal("34-a")

# %% [markdown] label="orders-through-mails-rise-rise"
# Orders *through mails* rise with every mail. Orders *in all* do not: at eight mails they are lower than at two. Some orders only move from the shop to the mail, and some customers stop reading. **A link in a mail counts who was there, not who was won.**
#
# Now pay for it. A mail costs {company.symbol}0.05. A customer who unsubscribes costs {company.symbol}8, which is what the permission to write brings in a year. (This is an assumption. Change it.)

# %% label="table"
table = reactivation.pressure_table(pressure, mail_cost=0.05, contact_value=8, draws=400)
show(table[["frequency", "customers", "net", "extra", "low", "high", "wins"]].round(2))

# %% label="plot-pressure"
ax = plots.plot_pressure(table)
ax.set_title("The intervals of the frequencies overlap")
best = table.loc[table["net"].idxmax()]
show(
    ax,
    alt=f"Net margin per customer over no mails, with 95 % intervals, by mails a month. Highest at {best.frequency:.0f}, which is the best in {best.wins:.0%} of the draws; at {table['frequency'].max():.0f} mails {table['unsubscribed'].iloc[-1]:.0%} have unsubscribed.",
)

# %% [markdown] label="wins-read"
# `extra` is the net margin over no mails, with its 95 % interval. `wins` answers another question: draw customers like these again and again. In which share of the draws is this frequency the best? Where two frequencies share the wins, the test cannot choose between them. The truth has no luck in it:

# %% label="crmkit-load-truth"
show(crmkit.load_truth("pressure_effects"))

# %% [markdown] label="drawer-shows-shape-without-luck"
# The true margin goes up, is nearly flat between two and four mails, and comes down. The share who unsubscribe rises all the way, and that cannot be taken back. **Between two frequencies that a test cannot tell apart, take the lower one.**
#
# The plan's first line: **at most two mails a month to anybody, and one wake-up contact per customer and quarter.** Contacts wear out, too. These are the true effects in May, in points, for customers with and without a contact in January:

# %% label="may-truth"
truth = crmkit.load_truth("second_campaign")
wear = truth.merge(sleepers).groupby("contacts_before")
show(wear[["effect_reminder", "effect_personal_call"]].mean().mul(100).round(1))

# %% [markdown] label="step-2-under-budget-cap"
# Anyone who was contacted in January is harder to win in May. (One part of this is wear. Another part is that those who are easy to win are awake by now.)
#
# ## Step 2: a limit changes who is worth a contact
#
# First by hand: three customers, two offers, and {company.symbol}9 to spend.

# %% label="three"
three = pd.DataFrame(
    [["Ann", "call", 20.0, 7.0], ["Ann", "mail", 16.0, 1.0], ["Ben", "call", 9.0, 7.0],
     ["Ben", "mail", 2.0, 1.0], ["Cy", "mail", 5.0, 1.0]],
    columns=["customer_id", "offer", "profit", "cost"],
)  # fmt: skip
show(reactivation.choose_offers(three, budget=9))

# %% [markdown] label="three-read"
# Without a limit Ann would get a call, because it earns {company.symbol}4 more than a mail. With {company.symbol}9 only one call fits. Compare all combinations: this choice earns most, and it need not give each customer the best offer. Now the whole list, with the model of lesson 33b:

# %% label="columns"
profits = reactivation.forecast_profits(january, sleepers, offers)
plan = reactivation.choose_offers(profits, budget=budget, contacts=cap)
print(f"{len(plan)} contacts for {company.money(plan['cost'].sum())}")
print(f"expected profit: {company.money(plan['profit'].sum())}")

# %% [markdown] label="rivals"
# Two rivals spend within the same limits: call the customers who are most likely to return (this is what the team used to do), and send a reminder to customers chosen at random. How sure is it that the plan is better? Draw January's customers again, learn again, and add up the three plans again:

# %% label="certainty"
cost = offers.set_index("offer")["cost"]
calls = profits[profits["offer"] == "personal call"]
likely = calls.nlargest(int(budget / cost["personal call"]), "anyway")["customer_id"]
some = sleepers["customer_id"].sample(int(min(cap, budget / cost["reminder"])), random_state=1)
plans = {
    "our plan": plan.set_index("customer_id")["offer"],
    "call the likeliest": pd.Series("personal call", index=likely),
    "reminder at random": pd.Series("reminder", index=some),
}
show(reactivation.plan_certainty(plans, january, sleepers, offers, draws=20).round(2))

# %% [markdown] label="certainty-read"
# `profit` is the promise, `low` and `high` say how far it moves with the luck of January's test, and `wins` is the share of the draws in which the plan promises most. The order is more certain than the amount.
#
# ## Step 3: the page has few rows
#
# One row for each state and offer. The channel follows from consent: without permission to telephone, the call becomes a card written by hand; without permission to e-mail, the message becomes a letter.

# %% label="consent"
people = sleepers[["customer_id", "state"]].merge(crmkit.load("customers"), on="customer_id")
show(reactivation.contact_page(plan, people).round(0).astype(int))

# %% label="alone"
alone = reactivation.leave_alone(profits)
print(f"left alone because no offer pays: {len(alone)}")
print(f"not reached because of the limits: {len(sleepers) - len(alone) - len(plan)}")
show(alone["reason"].value_counts())

# %% [markdown] label="step-4-shall-know"
# ## Step 4: how we will know
#
# This is written down **before** the first letter goes out. A part of the chosen customers is held back at random and gets nothing: the **holdout**. How large must it be?

# %% [markdown] ask="34-b"

# %% label="predict-34-b"
predict("34-b", ...)

# %% label="power"
held = reactivation.holdout_table(len(plan), base=0.12, rise=0.06)
show(held.mul({"customers": 1, "finds_it": 100, "least_rise": 100}).round(1).rename("{:.0%}".format))

# %% label="reveal-34-b"
reveal("34-b", 100 * held["finds_it"].iloc[0])

# %% label="sample-size-explorer"
explorers.sample_size_explorer(base=0.12, customers=len(plan) // 2, rise=0.06)

# %% [markdown] label="holdout-one-ten-looks-thrifty"
# `finds_it` is in tests of 100, `least_rise` in points: the rise that is found four times in five. A holdout of one in ten looks cheap and sees little. A third costs a third of this campaign's profit; not knowing costs in every campaign to come. So the holdout stays, campaign after campaign, and the results are read together. The plan's last lines: **a third held back at random; one question (returned within 60 days, yes or no); one day to look (the sixty-first); one number, fixed now, that counts as success.**
#
# The envelope lies on the table. It knows what the plan truly brings.

# %% [markdown] ask="34-c"

# %% label="predict-34-c"
predict("34-c", ...)

# %% [markdown] label="open-envelope"
# ## The plan keeps its order, and not its promise
#
# The **oracle** knows the true profit of every contact and works within the same limits.

# %% label="truth"
true_profit = reactivation.offer_profits(truth, offers)
best_plan = reactivation.choose_offers(true_profit, budget=budget, contacts=cap)
plans["oracle, same limits"] = best_plan.set_index("customer_id")["offer"]
result = reactivation.compare_policies(plans, true_profit)
show(result[["policy", "contacts", "cost", "profit", "profit_per_contact"]].round(2))

# %% label="plot-policies"
ax = plots.plot_policies(result)
ax.set_title("Within the same limits the plan earns more than its rivals")
show(
    ax,
    alt="True profit with the same limits: "
    + ", ".join(f"{r.policy} {company.money(r.profit)}" for r in result.itertuples())
    + ".",
)

# %% label="reveal-34-c"
promised = plan["profit"].sum()
kept = result.set_index("policy").loc["our plan", "profit"]
reveal("34-c", 100 * kept / promised)

# %% label="print-2"
for who, share in (("everybody on the plan", 1), ("two thirds, a third held back", 2 / 3)):
    print(f"{who}: promised {company.money(share * promised)}, truly {company.money(share * kept)}")

# %% [markdown] label="look-where-plan-stands-between"
# The plan earns more than both rivals and less than the oracle, and less than it promised: what is *chosen for being high* is often overrated. **Say so on the page before somebody else does.** {company.name} may count on the last figure: the truth, less the third that the holdout costs.

# %% [markdown] label="turn"
# ## Your turn

# %% [markdown] ask="34-1"

# %% label="check-34-1"
check("34-1", ...)

# %% label="quiz-34"
quiz("34")

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - **{company.symbol}8 for a lost permission is an assumption.** Double it, and see whether the plan changes.
# - **The pressure test was run on newsletter readers.** It says nothing about telephone calls.
# - **One quarter is not a habit.** Customers learn to wait for vouchers; a test of 60 days cannot see that.
# - **A plan that only knows this quarter's profit never tries anything new.** Leave a small budget for offers that nobody has tested.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - Contacts are a budget too: the patience of customers.
# - One page: who, what, through which channel, for how much, and who is left alone and why.
# - The measure, the day and the size of the holdout are part of the plan.
# - Promise less than the model does.

# %% [markdown] label="words-learnt" tags=["words"]
# ## Words learnt
#
# - **contact pressure** 接触压力: how often a customer is contacted, and what that does to goodwill
# - **contact cap** 接触上限: the most contacts that a customer, or a campaign, may get
# - **holdout** 保留组: chosen customers held back at random, so that a plan can be measured
# - **wake-up plan** 唤醒方案: which state gets which offer by which channel, at what cost, and how it will be measured

# %% [markdown] label="on-your-own-data" tags=["own-data"]
# ## On your own data
#
# Begin with the last lines of the plan. Can you hold back a part of the customers at random, and will you know after 60 days who ordered? If yes, the first campaign may be a plain reminder. It is the one from which you learn the second. How many customers does it need?
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

# %% [markdown] label="on-one-page" tags=["summary"]
# ## On one page
#
# **Claim.** A plan names who gets what, who is left alone, and how it will be measured, all before it starts.
#
# **Method.**
#
# 1. Set how often a customer may be contacted, from a test in which chance chose the frequency.
# 2. Choose the offers with the highest expected profit within the budget and the cap, and compare the plan with simple rivals in draws of the test.
# 3. Hold back a part at random, and fix the measure, the day and the number that counts as success.
#
# **Formula.** Highest $\sum \text{expected profit}$ with $\sum \text{cost} \le \text{budget}$, contacts $\le$ cap, and at most one offer per customer
#
# **Code.**
#
# ```python
# choose_offers(profits, budget=900, contacts=800)
# ```
#
# **Where it fails.** The promise is the sum of estimates that were chosen for being high, so less comes in.
