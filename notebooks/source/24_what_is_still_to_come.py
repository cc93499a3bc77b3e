# %% [markdown] label="title" tables=["orders", "truth/sleep_states"] tags=["opening"]
# # You cannot see who is still a customer, but you can estimate it and test the estimate
#
# **After this lesson you can** say how likely a silent customer is still a customer, by their own rhythm; forecast purchases with a model that knows its time unit; judge a forecast on days it has not seen, beside the plainest rivals; say where the model's story fails, and choose between two stories.
#
# **50 minutes to read, 45 minutes of exercises** · you need lesson 22 · you will meet: probability alive, BG/NBD model, MBG/NBD model, holdout

# %% [markdown] label="nobody-gives-notice"
# ## Nobody gives notice
#
# A gym knows who has left: they cancel. A shop does not. Two customers of {company.name} have been silent for four months. One used to come every second week, the other twice a year. In the list they look alike. Your colleague wants to know which of them is still a customer, and how much the silent ones will still buy.

# %% [markdown] ask="24-a"

# %% label="predict-24-a"
import numpy as np
import pandas as pd

import crmkit
from crmkit import value
from crmkit.practice import check, hint, predict, quiz, reveal, solution
from crmkit.style import show
from crmkit.value import explorers, plots

company = crmkit.company()
predict("24-a", ...)

# %% [markdown] label="by-hand"
# ## By hand: count the visits that did not come
#
# Suppose that one customer in ten leaves for good after a visit, and nine stay. Someone who stays comes by chance, at their own pace: if `missed` visits were due, the chance that none came is $e^{-\text{missed}}$ (the Poisson distribution). Someone who has left is silent for certain. Of all who are silent like this, which share has stayed? That is Bayes' rule (lesson 11):

# %% label="hand"
hand = pd.DataFrame({"missed": [120 / 14, 120 / 180]}, index=["every second week", "twice a year"])
hand["stayed_and_silent"] = 0.9 * np.exp(-hand["missed"])
hand["left"] = 0.1
hand["alive"] = hand["stayed_and_silent"] / (hand["stayed_and_silent"] + hand["left"])
show(hand.round(4))

# %% [markdown] label="by-hand-read"
# The last column is the **probability alive** (存活概率): how likely a silent customer is still a customer. For the frequent one, eight or nine visits are missing. For the other, not even one. **Silence has to be read against the customer's own rhythm.** A rule such as "silent for 90 days = lost" treats the two alike.

# %% [markdown] label="story-about-customers-becomes-model"
# ## A story about customers becomes a model
#
# In life we know neither the pace nor the chance to leave, and they differ from customer to customer. The **BG/NBD model** learns both from everybody's dates. Its story has three sentences. *Each customer buys by chance, at a rate of their own. After each repeat purchase they leave for good, with a probability of their own. Rates and probabilities differ between customers.*
#
# It needs three numbers per customer: repeat purchases, the span from the first to the last (`active_span_days`), and the time since the first (`age_days`). We let it see the orders until the end of {company.last_year}. The days of {company.year} stay hidden. They are the **holdout** (留出样本): they will judge.

# %% label="orders"
orders = crmkit.load("orders")
known = value.holdout_split(orders, company.year_ago, company.end)
model = value.BetaGeoModel().fit(known, unit="W")
show(pd.DataFrame({"value": model.params_, "standard error": model.standard_errors_}).round(2))

# %% [markdown] label="alpha-describe-unlike-rates-mean"
# `r` and `alpha` say how different the rates are (their mean is r / alpha purchases a week), `a` and `b` how different the chances to leave. We say the time unit once, `"W"` for weeks, and the model keeps it. A forecast that takes days for weeks is seven times wrong and looks perfectly tidy. Now the two silent customers:

# %% label="often"
visits = {"every second week": [14 * n for n in range(18)], "twice a year": [0, 180]}
paths = {who: value.alive_path(model, days, days[-1] + 120) for who, days in visits.items()}
now = {who: path["probability_alive"].iloc[-1] for who, path in paths.items()}
reveal("24-a", "a" if now["every second week"] < now["twice a year"] else "b")

# %% label="plot-alive-path"
ax = plots.plot_alive_path(paths, title="The same silence of 120 days, and two different answers")
said = ", ".join(f"{who} {chance:.0%}" for who, chance in now.items())
show(ax, alt=f"Probability of being alive of two customers over time. After 120 days of silence: {said}.")

# %% [markdown] label="paths-read"
# Of the frequent customer the model is less sure than our sum by hand: it does not know anybody's rate exactly.

# %% [markdown] ask="24-b"

# %% label="predict-24-b"
predict("24-b", ...)

# %% [markdown] label="truth-not-dead-slept"
# ## At its two ends the story is wrong
#
# We sort the customers by the model's probability alive. Nobody can see who is alive, but everybody can see who bought in {company.year}. The model has a probability for that, too (`will_buy`). `low` to `high` is the 95 % interval of `bought`.

# %% label="groups"
show(value.judge_alive(model, known).round(2))

# %% label="reveal-24-b"
reveal("24-b")

# %% [markdown] label="two-lines-deserve-long-look"
# In the row of 80 % or more, `will_buy` and `bought` nearly agree. Two other rows deserve a long look.
#
# **The last row.** Of those who bought once the model says: alive, for certain. In the story a customer can leave only after a *repeat* purchase, so a one-time buyer never leaves. The model assumes this; the data do not show it. Fewer of them bought than it said.
#
# **The first row.** The model had given them up, and about half bought again. {company.name} is simulated, so we may look at the truth. Who was asleep on the last day of {company.last_year}?

# %% label="states"
cut = pd.Timestamp(company.year_ago)
states = crmkit.load_truth("sleep_states")
that_day = states[(states["from_date"] <= cut) & (states["to_date"] >= cut)].set_index("customer_id")
known["asleep"] = known["customer_id"].map(that_day["state"]) == "asleep"
show(known["asleep"].groupby(value.alive_bands(model, known), observed=True).mean().round(2))

# %% [markdown] label="asleep-read"
# In the story, anyone who has left never comes back. Here customers fall asleep, and some wake. **The model takes sleep for death.** That is why its forecast will be too low, and why waking the sleeping (lessons 30 to 33) is worth the trouble.
#
# ## A second story lets one-time buyers leave
#
# In the **MBG/NBD model** (Batislam, Denizel & Filiztekin 2007) a customer may leave after the first purchase, too. The two rows again, for both models:

# %% label="younger"
younger = value.ModifiedBetaGeoModel().fit(known, unit="W")
both = {"BG/NBD": model, "MBG/NBD": younger}
judged = pd.concat({name: value.judge_alive(each, known) for name, each in both.items()})
show(judged[judged.index.isin(["below 20 %", "bought once"], level="band")].round(2))

# %% [markdown] label="younger-model-mends-one-end"
# For those who bought once, its forecast is nearer to what happened. At the other end it is no better: it gives up more of those who sleep. Choose the model whose story fits your customers best, and say what it leaves out.
#
# Now give a customer a rhythm, and let them fall silent. Set the purchases to 1, and compare the two curves. **Your goal:** find a customer whom BG/NBD gives up after 45 days of silence.

# %% label="alive-explorer" tags=["nbval-ignore-output"]
explorers.alive_explorer(model, younger)

# %% [markdown] label="model-believed-right-about-days"
# ## Trust a model that was right about days it had not seen
#
# Three pictures. First the past: are there as many customers with 0, 1, 2, ... repeat purchases as BG/NBD says?

# %% label="plot-repeat-counts"
counts = value.repeat_counts(model, known)
ax = plots.plot_repeat_counts(counts, title="There are more one-time buyers than the story allows")
none = counts.iloc[0]
show(ax, alt=f"Customers without a repeat purchase: {none['actual']:,} in the data, {none['expected']:,.0f} expected.")

# %% [markdown] label="third-everybody-together-week-week"
# Second, everybody together, week by week. Third, the hidden year, by how often customers had bought before.

# %% label="plot-cumulative"
curve = value.cumulative_purchases(model, orders, company.end, company.year_ago)
gap = curve["actual"] - curve["expected"]
part_seen = gap[curve["seen"]].iloc[-1] / gap.iloc[-1]
ax = plots.plot_cumulative(curve, title="BG/NBD falls behind, even in days it has seen")
show(
    ax,
    alt=f"Repeat purchases so far: at the end {curve['actual'].iloc[-1]:,.0f} happened and {curve['expected'].iloc[-1]:,.0f} were expected. Of this gap {part_seen:.0%} was there when the hidden year began.",
)

# %% label="plot-holdout-frequency"
by_past = value.holdout_by_frequency(model, known)
most = by_past.iloc[-1]
ax = plots.plot_holdout_by_frequency(by_past, title="More purchases before, more later, and the forecast knows it")
show(
    ax,
    alt=f"Purchases in {company.year} by repeat purchases before: of those with seven or more {most['actual']:.1f} happened and {most['forecast']:.1f} were forecast.",
)

# %% [markdown] label="pictures-read"
# The order is about right, and the total is too low. A part of the gap is there already in the days that the model has seen: its story does not even fit the past well.

# %% [markdown] ask="24-c"

# %% label="predict-24-c"
predict("24-c", ...)

# %% [markdown] label="plainest-rivals-must-beaten-first"
# ## The plainest rivals must be beaten first
#
# Every firm has a forecast already: *the same as last year*. Any data team has a second: a regression on all that is known about a customer, learnt from the year before.

# %% label="truth"
customers = known.set_index("customer_id")
forecasts = {
    "same as last year": value.last_year_forecast(orders, company.year_ago, company.end),
    "regression": value.regression_forecast(orders, company.year_ago, company.end),
}
for name, each in both.items():
    forecasts[name] = each.expected_purchases(365, customers, unit="D")
truth = customers["holdout_purchase_days"]
scores = value.score_forecasts(truth, forecasts, draws=400, seed=24).set_index("forecast")
show(scores.drop(columns="root_mean_squared_error").round(2))

# %% label="reveal-24-c"
reveal("24-c", "abcd"[list(forecasts).index(scores["mean_absolute_error"].idxmin())])

# %% [markdown] label="read-columns-one-time-errors"
# Read one column at a time.
#
# - `mean_absolute_error`: all three models beat last year's count. `wins` is the share of 400 draws of customers in which a forecast has the smallest error. Near 1 it is hardly luck; if none comes near 1, this year cannot tell which is best.
# - `total`: 1 would be right. Last year's count promises too much, because some of those customers have left. The regression and BG/NBD promise too little. MBG/NBD comes nearer than BG/NBD.
# - `rank_correlation` (is everybody in the right order?): the regression leads. BG/NBD does no better than last year's count: it misplaces the customers at the two ends.
# - `top_found` (the share of all purchases made by the picked best fifth): last year's count finds nearly as much.
#
# **So the answer to "which is best?" is "at what?"** For a list of the best names, last year's count is nearly enough. To judge one silent customer you need a model. The regression needs twice the history, and does not say who is still a customer.

# %% [markdown] label="turn"
# ## Your turn

# %% [markdown] ask="24-1"

# %% label="check-24-1"
answer = ...
check("24-1", answer)

# %% label="quiz-24"
quiz("24")

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - **One-time buyers never leave** in BG/NBD. In many firms they are half of all customers.
# - **Sleep is taken for death.** Where customers pause and return, the total comes out too low.
# - **No season, no campaign, no price.** The model sees only dates. After a change of the offer, the past no longer describes the firm.
# - **It forecasts what comes anyway.** A low probability does not mean that a letter would be wasted.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - Read silence against the customer's own rhythm.
# - Ask what the model's story assumes about those who bought once, and about those who wake.
# - Compare a forecast with days it has not seen, and with "the same as last year".
# - Say what the winner is best at, and how sure that is.

# %% [markdown] label="words-learnt" tags=["words"]
# ## Words learnt
#
# - **probability alive** 存活概率: how likely a silent customer is still a customer
# - **BG/NBD model** BG/NBD模型: how often customers buy and when they leave, learnt from dates alone
# - **MBG/NBD model** MBG/NBD模型: the same, but one may leave after the first purchase
# - **holdout** 留出样本: days kept hidden so that a forecast can be judged

# %% [markdown] label="on-your-own-data" tags=["own-data"]
# ## On your own data
#
# First hide the last third of the time that your file covers, and see whether a model beats "as before" there. A model needs some hundreds of customers; with too few, the last line says so.
#
# ```python
# from crmkit.value import ModifiedBetaGeoModel, holdout_split, last_year_forecast, score_forecasts
#
# orders, report = crmkit.read_orders("my_orders.csv")
# first, last = orders["order_date"].min(), orders["order_date"].max()
# split = last - (last - first) / 3
# try:
#     known = holdout_split(orders, split, last).set_index("customer_id")
#     model = ModifiedBetaGeoModel().fit(known, unit="W")
#     forecasts = {"MBG/NBD": model.expected_purchases((last - split).days, known, unit="D")}
#     forecasts["as before"] = last_year_forecast(orders, split, last)
#     print(score_forecasts(known["holdout_purchase_days"].astype(float), forecasts, draws=400))
# except crmkit.CrmkitError as too_little:
#     print(too_little)
# ```

# %% [markdown] label="what-next" tags=["next"]
# ## What next
#
# **Lesson 24b** puts money on it: what a purchase is worth, what a customer will still bring, and how sure that is. The sleeping customers whom these models bury are the subject of lessons 30 to 33.

# %% [markdown] label="on-one-page" tags=["summary"]
# ## On one page
#
# **Claim.** Nobody sees who is still a customer. A model estimates it from each customer's own rhythm, and hidden days test it.
#
# **Method.**
#
# 1. Cut the orders at a day, and describe each customer by what lies before it.
# 2. Fit the model in a stated time unit, and ask it for the probability alive and the purchases to come.
# 3. Compare with the days after the cut, and with "the same as last year".
#
# **Formula.** $P(\text{alive}) = \dfrac{\text{stayed} \cdot e^{-\text{missed visits}}}{\text{stayed} \cdot e^{-\text{missed visits}} + \text{left}}$
#
# **Code.**
#
# ```python
# ModifiedBetaGeoModel().fit(known, unit="W").probability_alive(known)
# ```
#
# **Where it fails.** Customers who sleep and wake are taken for lost, and in BG/NBD one-time buyers never leave.
