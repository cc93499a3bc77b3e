# %% [markdown] label="title" tables=["acquisition_spend", "customers", "orders", "wake_up_test", "offers"]
# # Exercises 31: the leaky bucket
#
# Put your answer in place of the three dots and run the cell: `check` answers at once. Stuck? Type `hint("31-2")` in a new cell, again for the next hint; after three tries `solution("31-2")` opens. `progress()` in a cell of its own shows how far you are.

# %% label="imports"
import crmkit
from crmkit.practice import check, hint, progress, solution
from crmkit.reactivation import Thresholds, bucket, monthly_states, state_flows

company = crmkit.company()
crmkit.load("acquisition_spend").head(3)

# %% [markdown] label="31-1"
# ## 31-1 · What does an advertisement's customer cost? (1 point)
#
# What did one new customer who came through advertisement in {company.year} cost: spending of that year over customers of that year? Two decimals.

# %% label="check-31-1"
# money spent on the channel in {company.year}, divided by customers who came through it in {company.year}
### BEGIN SOLUTION
channel, spend, customers = (
    "advertisement",
    crmkit.load("acquisition_spend"),
    crmkit.load("customers"),
)
paid = spend[(spend["acquisition_channel"] == channel) & (spend["month"].dt.year == company.year)]
won = customers[
    (customers["acquisition_channel"] == channel) & (customers["customer_since"].dt.year == company.year)
]
answer = paid["spend"].sum() / len(won)
### END SOLUTION
check("31-1", answer)

# %% [markdown] label="31-2"
# ## 31-2 · The leak with other lines (2 points)
#
# Call a customer asleep from 240 days of silence (drowsy from 60, half-asleep from 120). From the end of {company.last_year} to the end of {company.year}: how many fell asleep for every 100 new customers?

# %% label="check-31-2"
# monthly_states(orders, Thresholds(____, ____, ____), first=company.year_ago, last=company.end)
### BEGIN SOLUTION
states = monthly_states(
    crmkit.load("orders"), Thresholds(60, 120, 240), first=company.year_ago, last=company.end
)
flows = bucket(state_flows(states))
answer = 100 * flows["fell_asleep"].sum() / flows["new"].sum()
### END SOLUTION
check("31-2", answer)

# %% [markdown] label="31-3"
# ## 31-3 · What {company.symbol}100 bring back (3 points)
#
# For each `offer` of the January test: how many extra returns (`extra_per_100`) does it bring per {company.symbol}100 spent on contacts, compared with the control group, all states together? It may be negative.

# %% label="check-31-3"
# extra returns per contact first, then how many contacts {company.symbol}100 buy
### BEGIN SOLUTION
rate = crmkit.load("wake_up_test").groupby("arm")["returned_60d"].mean()
cost = crmkit.load("offers").set_index("offer")["cost"].drop("control")
extra = 100 * (rate.drop("control") - rate["control"]) / cost
answer = extra.rename("extra_per_100").rename_axis("offer").reset_index()
### END SOLUTION
check("31-3", answer)

# %% [markdown] label="31-4"
# ## 31-4 · Ten times dearer? (4 points, no machine marks this one)
#
# A consultant writes: "Winning a customer costs ten times as much as keeping one, so move the whole acquisition budget to reactivation." What do you answer? Write it between the quotation marks; then compare it with the points a good answer makes.

# %% label="check-31-4"
### BEGIN SOLUTION
answer = (
    "The ten is a ratio of two prices, and I can only see one of them in the slide. A new "
    "customer costs us between eleven {company.coins} and well over a hundred, by channel. What one "
    "woken customer costs depends on how many come because of the contact: in our own test, "
    "with a control group, that makes our cheapest offers cheaper than winning and a call dearer. And "
    "there are only so many sleepers: without new customers the bucket runs dry. I would move "
    "money from the dearest channel to reminders, on half of the sleepers by lot, and decide "
    "about the rest when we have counted."
)
### END SOLUTION
check("31-4", answer)
