# %% [markdown] label="title" extra=true company="strumwell" tables=["sessions", "event_kinds", "orders"] tags=["opening"]
# # Wrong alarms cost money, and so do those who are missed
#
# **After this lesson you can** count the error rate and the omission rate of a list; say which of several wordings a report means; draw the line where both errors together cost least; check whether chances are kept.
#
# **45 minutes to read, 50 minutes of exercises** · you need lesson 71 · you will meet: threshold, wrong alarm, missed user, error rate, omission rate, reach, calibration

# %% [markdown] label="case"
# ## Whom do we put on the list?
#
# {company.name} has a new idea. On the day of a user's first payment a teacher's personal answer is ready: a recorded reply to the user's last take. To prepare one costs {company.symbol}4. If a user pays and no reply is ready, a teacher has to record it at once, late in the evening. That costs {company.symbol}20 more.
#
# So Lea needs a list: for whom do we prepare a reply now, at the beginning of {company.year}? The forecast is honest since lesson 71. It learns from one year and judges in the next, with four metrics:

# %% label="imports"
import pandas as pd

import crmkit
from crmkit import mining
from crmkit.mining import explorers, plots
from crmkit.practice import check, predict, quiz, reveal
from crmkit.style import show

company = crmkit.company("strumwell")
orders = crmkit.load("orders", data="strumwell")
kinds = crmkit.load("event_kinds", data="strumwell").set_index("event")["group"]
events = mining.read_events(
    crmkit.load("sessions", data="strumwell"), crmkit.load("event_kinds", data="strumwell")
)

# %% label="forecast"
year, today, next_year = (f"{company.year + n}-01-01" for n in (-1, 0, 1))
before, before_paid = mining.who_pays_first(events, orders, year, today, kinds=kinds)
users, paid = mining.who_pays_first(events, orders, today, next_year, kinds=kinds)
four = ["events", "kinds_skills", "listen_back_per_record_take", "teacher_reply_per_ask_teacher"]
model = mining.logistic(10.0).fit(before[four], before_paid)
chance = pd.Series(model.predict_proba(users[four])[:, 1], index=users.index, name="chance")
print(f"{len(users):,} users, {paid.sum()} paid; pairs ranked right: {mining.ranks_right(chance, paid)['estimate']:.0%}")
show(chance.describe()[["min", "50%", "max"]].round(3))

# %% [markdown] label="forecast-read"
# Each user has a chance of paying. A list needs a line: everybody from, say, a chance of 20 % on. This line is the **threshold**.

# %% [markdown] ask="72-a"

# %% label="predict-72-a"
predict("72-a", ...)

# %% [markdown] label="by-hand-head"
# ## Two ways to be wrong
#
# Ten users, by hand. Four of them paid. The threshold is 25 %:

# %% label="by-hand"
ten = pd.DataFrame(
    {
        "chance": [0.60, 0.50, 0.40, 0.30, 0.25, 0.20, 0.15, 0.10, 0.05, 0.05],
        "paid": [True, False, True, False, False, True, False, False, True, False],
    }
)
listed = ten["chance"] >= 0.25
wrong, missed = (listed & ~ten["paid"]).sum(), (~listed & ten["paid"]).sum()
print(f"{listed.sum()} on the list, {wrong} wrong alarms: error rate {wrong / listed.sum():.0%}")
print(f"{ten['paid'].sum()} paid, {missed} missed: omission rate {missed / ten['paid'].sum():.0%}")

# %% [markdown] label="by-hand-read"
# - A **wrong alarm** is on the list and does not pay. **Error rate** = wrong alarms ÷ users on the list.
# - A **missed user** pays and is not on the list. **Omission rate** = missed users ÷ users who paid.
#
# Note the two different groups below the line of the fraction. The same for the whole company, at 20 %:

# %% label="pandas"
listed = chance >= 0.20
wrong, missed = (listed & ~paid).sum(), (~listed & paid).sum()
print(f"error rate {wrong / listed.sum():.1%}, omission rate {missed / paid.sum():.1%}")
print(f"wrong alarms cost {company.money(4 * wrong)}, missed users {company.money(20 * missed)}")

# %% label="reveal-72-a"
reveal("72-a")

# %% [markdown] label="rare"
# A good forecast, and most of its alarms are wrong? Few users pay at all. Even among those with the best chances, most do not. With *everybody* on the list, {company.symbol}4 would be wasted on nearly nine users of ten.

# %% [markdown] ask="72-b"

# %% label="predict-72-b"
predict("72-b", ...)

# %% [markdown] label="table-head"
# ## One falls, the other rises
#
# The helper counts both rates for any thresholds, with intervals. `reach` is the share of all users that is on the list.

# %% label="rates"
rates = mining.error_rates(chance, paid, [0.4, 0.3, 0.2, 0.1, 0.05])
columns = ["threshold", "predicted", "reach", "wrong", "missed", "error_rate", "omission_rate"]
show(rates[columns].round(2))

# %% label="reveal-72-b"
reveal("72-b")

# %% label="plot-rates"
every = mining.error_rates(chance, paid)
ax = plots.plot_error_rates(every, title="A longer list misses fewer, and is wrong more often")
first, last = every.iloc[0], every.iloc[-1]
show(
    ax,
    alt=f"With {first.reach:.0%} of the users on the list the error rate is {first.error_rate:.0%} and the omission rate {first.omission_rate:.0%}; with all users {last.error_rate:.0%} and {last.omission_rate:.0%}.",
)

# %% [markdown] label="plot-read"
# **High error: the list is often wrong. High omission: it reaches too few.** Nobody gets both low by moving the threshold. Only a better forecast lowers both.
#
# ## One name, two opposite meanings
#
# A text in circulation explains the omission rate as "the share of the payers that the model found", and says in the same breath that lower is better. Both cannot be true. Try its wording on the laziest list of all, the one with nobody on it:

# %% label="nobody"
nobody = mining.error_rates(chance, paid, [1.1]).iloc[0]
print(f"share found {1 - nobody.omission_rate:.0%}, share missed {nobody.omission_rate:.0%}")

# %% [markdown] label="nobody-read"
# If zero were best, the empty list would win. So omission must mean *missed*. In other reports you will find 1 − error rate as **precision**, and 1 − omission rate as **recall**. When a report says "omission rate 30 %", ask: of whom is it a share, and is low good?
#
# ## The cheapest line
#
# Which threshold is right? Neither rate can say. Money can. By hand, for the ten users:

# %% label="cost-by-hand"
for line in (0.5, 0.25, 0.1):
    listed = ten["chance"] >= line
    wrong, missed = (listed & ~ten["paid"]).sum(), (~listed & ten["paid"]).sum()
    print(f"from {line:.0%} on: 4 x {wrong} + 20 x {missed} = {4 * wrong + 20 * missed}")

# %% label="cost"
show(rates.assign(cost=4 * rates["wrong"] + 20 * rates["missed"])[["threshold", "error_rate", "omission_rate", "cost"]].round(2))

# %% [markdown] label="cost-read"
# Now for every possible threshold, and with other users of the same kind (a bootstrap of 200 draws) to see how sure the line is:

# %% label="best"
best = mining.threshold_by_cost(chance, paid, wrong_cost=4, missed_cost=20)
print(f"cheapest threshold {best['threshold']:.1%}, 95 % interval {best['low']:.1%} to {best['high']:.1%}")
print(f"it costs {company.money(best['cost'])} ({company.money(best['cost_low'])} to {company.money(best['cost_high'])})")
print(f"nobody listed {company.money(best['none'])}, everybody {company.money(best['all'])}")

# %% [markdown] label="best-read"
# The threshold is quite uncertain, and the cost much less so. Around the lowest point the curve is flat: **a list that is a little too long or too short costs little more.** See for yourself. (The explorer moves in whole per cents, so its lowest cost lies a little above the one just found.) Then change the two costs, and watch where the cheapest line goes.

# %% label="explorer"
explorers.threshold_explorer(chance, paid, wrong_cost=4, missed_cost=20, about=company)

# %% [markdown] label="rule-head"
# ## "A usable forecast must be right more often than wrong"
#
# This is often said. We test it: what does the longest list with an error rate below one half cost?

# %% label="rule"
fine = mining.error_rates(chance, paid, chance.nlargest(400))
fine["cost"] = 4 * fine["wrong"] + 20 * fine["missed"]
at_best = mining.error_rates(chance, paid, [best["threshold"]]).iloc[0]
for row in fine[fine["error_rate"] < 0.5].tail(1).itertuples():
    print(f"longest list more right than wrong: {row.predicted} users, {company.money(row.cost)}")
print(f"cheapest: {at_best.predicted:.0f} users, error rate {at_best.error_rate:.0%}, {company.money(best['cost'])}")

# %% [markdown] label="rule-read"
# The cheapest list is wrong more often than right, and saves more money. One missed user costs as much as five wrong alarms, so it pays to accept many alarms. If a wrong alarm cost more than a missed user, the rule would be right.
#
# ## Are the chances true?
#
# If they were, we would need no search. A user with chance $p$ belongs on the list when the wrong alarm that one risks, $4\cdot(1-p)$, is less than the missed user that one avoids, $20\cdot p$. That is so from $p = \frac{4}{4+20}$ on, or 17 %. But does "17 %" mean that 17 of 100 such users pay? This is **calibration**:

# %% label="calibration"
promise = mining.calibration(chance, paid, groups=5)
print(f"payers promised {chance.sum():.0f}, payers that came {paid.sum()}")
ax = plots.plot_calibration(promise, title="What the chances promise, in five groups of users")
words = ", ".join(f"{row.promised:.0%} promised and {row.came:.0%} came" for row in promise.itertuples())
show(ax, alt=f"Five groups of users from low to high chances: {words}.")

# %% label="if-calibrated"
row = mining.error_rates(chance, paid, [best["if_calibrated"]]).iloc[0]
print(f"from {best['if_calibrated']:.1%} on: {company.money(4 * row.wrong + 20 * row.missed)}")

# %% [markdown] label="calibration-read"
# A dot above the broken line means that more came than was promised, a dot below it that fewer came. The model learnt in another year. It still *ranks* users well, but its chances are those of that year. **Ranking and promising are two different things.** A threshold from true outcomes is safer than one from the formula.

# %% [markdown] label="turn"
# ## Your turn

# %% [markdown] ask="72-1"

# %% label="check-72-1"
check("72-1", ...)

# %% label="quiz-72"
quiz("72")

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - **The line was drawn on the users who judge it.** Next year it will cost a little more: draw it on one year, and count the cost in the next.
# - **The costs are guesses.** Try half and double of each in the explorer. If the line hardly moves, go on.
# - **Here nobody is to be changed.** The reply is prepared for those who pay anyway. If a contact is meant to *make* people pay, high chances are the wrong list: lessons 32 and 33.
# - **Payers are unequal.** One song and a year of Plus count the same here.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - Error rate: wrong among those on the list. Omission rate: missed among those who paid.
# - Moving the threshold trades one for the other. Money says where to stop.
# - An error rate is neither good nor bad by itself. Ask what a wrong alarm costs, and what a missed user costs.
# - A model that ranks well may still promise too much or too little.

# %% [markdown] label="words-learnt" tags=["words"]
# ## Words learnt
#
# - **threshold** 阈值: the chance from which on a user is put on the list
# - **wrong alarm** 误报: a user on the list who does not pay
# - **missed user** 漏报: a user who pays and is not on the list
# - **error rate** 错误率: of those on the list, the share who did not pay (1 − precision)
# - **omission rate** 遗漏率: of those who paid, the share that was missed (1 − recall)
# - **reach** 覆盖率: the share of all users that is on the list
# - **calibration** 校准: whether of users with a chance of 17 % about 17 in 100 pay

# %% [markdown] label="on-your-own-data" tags=["own-data"]
# ## On your own data
#
# You need a score or a chance for each user, made *before* the outcome, and what became of each. Any forecast will do, also a colleague's. Write down what one wrong alarm and one missed user cost before you look.
#
# ```python
# import pandas as pd
# from crmkit.mining import calibration, error_rates, threshold_by_cost
#
# table = pd.read_csv("my_forecast.csv")  # customer_id, chance, paid (True or False)
# print(error_rates(table["chance"], table["paid"]))
# print(threshold_by_cost(table["chance"], table["paid"], wrong_cost=4, missed_cost=20))
# print(calibration(table["chance"], table["paid"], groups=5))
# ```

# %% [markdown] label="what-next" tags=["next"]
# ## What next
#
# The chances were last year's. **Lesson 73** asks which metrics matter, for how long, and whether any of them is a cause.

# %% [markdown] label="on-one-page" tags=["summary"]
# ## On one page
#
# **Claim.** A list is wrong in two ways, and the line belongs where both together cost least.
#
# **Method.**
#
# 1. Write down what a wrong alarm costs, and what a missed user costs.
# 2. Count both for every threshold, on users whom the model has not seen.
# 3. Take the cheapest threshold with its interval, and check it against listing nobody and everybody.
#
# **Formula.** error rate = wrong alarms ÷ users on the list; omission rate = missed users ÷ users who paid
#
# **Code.**
#
# ```python
# threshold_by_cost(chance, paid, wrong_cost=4, missed_cost=20)
# ```
#
# **Where it fails.** The costs are guesses, and a list of those who pay anyway is no list of those whom a contact can win.
