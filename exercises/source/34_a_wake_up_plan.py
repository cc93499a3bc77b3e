# %% [markdown] label="title" tables=["pressure_test", "truth/second_campaign", "offers"]
# # Exercises 34: a wake-up plan
#
# Put your answer in place of the three dots and run the cell: `check` answers at once. Stuck? Type `hint("34-2")` in a new cell, again for the next hint; after three tries `solution("34-2")` opens. `progress()` in a cell of its own shows how far you are.

# %% label="imports"
import crmkit
from crmkit.practice import check, hint, progress, solution
from crmkit.reactivation import choose_offers, offer_profits, pressure_table

crmkit.load("pressure_test").head(3)

# %% [markdown] label="34-1"
# ## 34-1 · Eight mails against two (1 point)
#
# In the test of contact pressure, by how many percentage points did more customers unsubscribe at 8 mails a month than at 2?

# %% label="check-34-1"
# .groupby("mails_a_month")["unsubscribed"]
### BEGIN SOLUTION
share = crmkit.load("pressure_test").groupby("mails_a_month")["unsubscribed"].mean()
answer = 100 * (share[8] - share[2])
### END SOLUTION
check("34-1", answer)

# %% [markdown] label="34-2"
# ## 34-2 · What four mails leave (2 points)
#
# A mail costs {company.symbol}0.10, the test ran three months, and a customer who unsubscribes costs {company.symbol}5. How much more net margin per customer, in {company.symbol}, did 4 mails a month bring than none? It may be negative.

# %% label="check-34-2"
# pressure_table(pressure, mail_cost=____, months=____, contact_value=____)
### BEGIN SOLUTION
table = pressure_table(crmkit.load("pressure_test"), mail_cost=0.10, months=3, contact_value=5)
answer = table.set_index("frequency").loc[4, "extra"]
### END SOLUTION
check("34-2", answer)

# %% [markdown] label="34-3"
# ## 34-3 · The most that {company.symbol}150 can do (3 points)
#
# By the drawer of the second campaign: what is the highest profit, in {company.symbol}, that anybody could have made in it with a budget of {company.symbol}150 and at most 60 contacts?

# %% label="check-34-3"
# offer_profits(truth, offers), then choose_offers with both limits
### BEGIN SOLUTION
profits = offer_profits(crmkit.load_truth("second_campaign"), crmkit.load("offers"))
answer = choose_offers(profits, budget=150, contacts=60)["profit"].sum()
### END SOLUTION
check("34-3", answer)

# %% [markdown] label="34-4"
# ## 34-4 · One page for the director (6 points, no machine marks this one)
#
# Write the one page for the director: who gets what, by which way, at what cost, who is left alone, how often we write, and how she will see whether it worked. Write it between the quotation marks; then compare it with the points a good answer makes.

# %% label="check-34-4"
### BEGIN SOLUTION
answer = (
    "We contact 800 sleepers for 900 {company.coins}. Half-asleep customers who read our mails get a "
    "reminder, the asleep among them a voucher, and about sixty customers with large orders a "
    "call, or a card where we may not telephone. We leave alone more than two hundred for whom "
    "nothing pays, most of them because contact would drive them away. The model promises "
    "about twelve thousand {company.coins}; we count on half. Nobody gets more than one wake-up contact "
    "a quarter and two news mails a month. A third of the chosen, drawn by lot, gets nothing. "
    "On day 61 we compare the share who ordered. Below three points more than the holdout we "
    "stop."
)
### END SOLUTION
check("34-4", answer)
