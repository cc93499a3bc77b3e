# %% [markdown] label="title" tables=["orders", "truth/sleep_states"] tags=["opening"]
# # What a customer will still bring can be reckoned, and whether they are still a customer cannot be seen
#
# **After this lesson you can** say what a lifetime value is and is not; read the probability that a silent customer is alive; judge a forecast on days it has not seen, against the plainest rivals; show the spread around a mean; say when not to trust the model.
#
# **75 minutes to read, 35 minutes of exercises** · you need lesson 22 · you will meet: lifetime value, probability alive, holdout, discount rate, interval

# %% [markdown] label="nobody-gives-notice" tags=["predict"]
# ## Nobody gives notice
#
# A gym knows who has left: they cancel. A shop does not. Two customers of {company.name} have not been seen for four months. One used to come every second week, the other twice a year. To the till they look alike: silent. Your colleague wants to know which of them is worth a call, and what a customer is worth **from now on**, not over the
# years gone by.
#
# > **Predict.** For which of the two is four months of silence the worse sign?

# %% label="predict-24-a"
import pandas as pd

import crmkit
from crmkit.inference import wilson
from crmkit.practice import check, hint, predict, quiz, solution
from crmkit.style import show
from crmkit.value import BetaGeoModel, GammaGammaModel, ModifiedBetaGeoModel, bootstrap_params
from crmkit.value import cumulative_purchases, customer_lifetime_value, holdout_by_frequency, holdout_split
from crmkit.value import last_year_forecast, potential_tiers, predict_spread
from crmkit.value import regression_forecast, repeat_counts
from crmkit.value import score_forecasts, value_frequency_correlation
from crmkit.value.alive import alive_path
from crmkit.value.explorers import alive_explorer, clv_explorer
from crmkit.value.plots import plot_alive_path, plot_cumulative, plot_holdout_by_frequency
from crmkit.value.plots import plot_repeat_counts, plot_spread

company = crmkit.company()
predict("24-a", ...)

# %% [markdown] label="story-about-customers-becomes-model"
# ## A story about customers becomes a model
#
# The **BG/NBD model** tells a story of three sentences. *Each customer buys by chance, at a rate of their own. After each repeat purchase they leave for good with a probability of their own. Rates and probabilities differ from customer to customer.* That is all. It needs three numbers per customer: repeat
# purchases, the span from the first to the last (`active_span_days`), and the time since the first (`age_days`).
#
# We let it see the orders until the end of {company.last_year}, and keep {company.year} hidden. Those hidden days are the **holdout** (留出样本): they will be the judge.

# %% label="orders"
orders = crmkit.load("orders")
known = holdout_split(orders, company.year_ago, company.end)
model = BetaGeoModel().fit(known, unit="W")
pd.DataFrame({"value": model.params_, "standard error": model.standard_errors_}).round(2)

# %% [markdown] label="alpha-describe-unlike-rates-mean"
# `r` and `alpha` describe how unlike the rates are (their mean is r / alpha purchases a week), `a` and `b` how unlike the chances of leaving. The unit is said once, `"W"` for weeks, and the model keeps it: a forecast that silently took days for weeks would be seven times wrong and look perfectly tidy.
#
# Now the two silent customers. Day 0 is the first purchase; both are silent for four months at the end.

# %% label="often"
often = [14 * visit for visit in range(18)]
seldom = [0, 180]
paths = {
    "every second week": alive_path(model, often, often[-1] + 120),
    "twice a year": alive_path(model, seldom, seldom[-1] + 120),
}
{name: float(path["probability_alive"].iloc[-1].round(2)) for name, path in paths.items()}

# %% label="plot-alive-path"
ax = plot_alive_path(paths["every second week"])
ax.set_title("Silence speaks louder when somebody used to come often")
show(
    ax,
    alt=f"Probability of being alive of a customer who came every second week: above 90 % while buying, {paths['every second week']['probability_alive'].iloc[-1]:.0%} after four months of silence.",
)

# %% [markdown] label="frequent-one-four-months-many"
# For the frequent one four months are many missed visits; for the other they are nothing unusual. A rule like "silent for 90 days = lost" treats the two alike. Give a customer a rhythm, let them fall silent, and watch:

# %% label="alive-explorer" tags=["nbval-ignore-output"]
alive_explorer(model)

# %% [markdown] label="model-believed-right-about-days"
# Set the purchases to 1 and look at the curve before you read on.
#
# ## A model is believed when it has been right about days it had not seen
#
# Three pictures. First, the past: are there as many customers with 0, 1, 2, ... repeat purchases as the model says?

# %% label="plot-repeat-counts"
counts = repeat_counts(model, known)
ax = plot_repeat_counts(counts)
ax.set_title("More one-time buyers than the story allows")
show(
    ax,
    alt=f"Customers by repeat purchases, data and model: {counts['actual'].iloc[0]:,} without a repeat purchase, {counts['expected'].iloc[0]:,.0f} expected.",
)

# %% [markdown] label="second-holdout-did-bought-0"
# Second, the holdout: what did those who had bought 0, 1, 2, ... times before do in {company.year}, and what was forecast?

# %% label="plot-holdout-frequency"
by_past = holdout_by_frequency(model, known)
ax = plot_holdout_by_frequency(by_past)
ax.set_title("Who bought more before buys more, and the forecast knows it")
show(
    ax,
    alt=f"Purchases in {company.year} by repeat purchases before: for seven or more {by_past['actual'].iloc[-1]:.1f} happened and {by_past['forecast'].iloc[-1]:.1f} were forecast.",
)

# %% [markdown] label="third-everybody-together-week-week"
# Third, everybody together, week by week.

# %% label="plot-cumulative"
curve = cumulative_purchases(model, orders, company.end, company.year_ago)
end = curve.iloc[-1]
gap = curve["actual"] - curve["expected"]
part_seen = gap[curve["seen"]].iloc[-1] / gap.iloc[-1]
ax = plot_cumulative(curve)
ax.set_title("The model falls behind, even in days it has seen")
show(
    ax,
    alt=f"Repeat purchases of customers known by the end of {company.last_year}: {end['actual']:,.0f} happened by the end of {company.year}, {end['expected']:,.0f} were expected. Of the gap {part_seen:.0%} was there at the end of {company.last_year}.",
)

# %% [markdown] label="plainest-rivals-must-beaten-first" tags=["predict"]
# The order is right (who bought more will buy more), the level of the whole is too low. A good part of the gap is there already in the days that the model has seen, so its story does not even fit the past well. Keep that in mind. The reason comes two sections down, and it is not a bug.
#
# ## The plainest rivals must be beaten first
#
# Every firm has a forecast already: *the same as last year*. And any data team has a second: a regression on everything known about a customer, trained on the year before. Who is best in {company.year}?
#
# > **Predict.** Three forecasts of the purchases in {company.year}: last year's count, a regression, the BG/NBD model. Which has the smallest error?

# %% label="predict-24-b"
predict("24-b", ...)

# %% label="truth"
truth = known.set_index("customer_id")["holdout_purchase_days"]
forecasts = {
    "same as last year": last_year_forecast(orders, company.year_ago, company.end),
    "regression": regression_forecast(orders, company.year_ago, company.end),
    "BG/NBD": model.expected_purchases(365, known.set_index("customer_id"), unit="D"),
}
score_forecasts(truth, forecasts).set_index("forecast").round(2)

# %% [markdown] label="read-columns-one-time-errors"
# Read the columns one at a time. The errors: both learners beat last year's count. The `total`: 1 would be right; last year's count comes near it, and both learners promise too little. `top_found`, the share of all purchases that the picked best fifth made: all three are nearly
# equal. `rank_correlation` (is everybody in the right order?): the regression leads, and BG/NBD does hardly better than last year's count, if at all; the next section shows whom it misplaces. So the answer to "which is best?" is "at what?". For a budget take the total. For a list of the best names, last year's count is hard to beat. For a judgement about **one** customer one needs a model, and here the regression is about as good as the famous formula. It needs twice the history, though, and says nothing of a customer's being alive.

# %% [markdown] label="truth-not-dead-slept"
# ## The truth: they were not dead, they slept
#
# {company.name} is simulated, so we may look behind. What state was everybody in on the last day of {company.last_year}, and who of them bought in {company.year}?

# %% label="states"
known["alive"] = model.probability_alive(known)
states = crmkit.load_truth("sleep_states")
cut = pd.Timestamp(company.year_ago)
then = states[(states["from_date"] <= cut) & (states["to_date"] >= cut)].set_index("customer_id")[
    "state"
]
known["state"] = known["customer_id"].map(then)
known["bought_later"] = known["holdout_purchase_days"] > 0

# %% label="groups"
groups = pd.cut(
    known["alive"],
    [0, 0.2, 0.4, 0.6, 0.8, 0.999, 1.01],
    right=False,
    labels=["below 20 %", "20-40 %", "40-60 %", "60-80 %", "80-99 %", "bought once: 100 %"],
)
known.groupby(groups, observed=True).agg(
    customers=("alive", "size"),
    model_says=("alive", "mean"),
    asleep=("state", lambda s: (s == "asleep").mean()),
    bought_later=("bought_later", "mean"),
).round(2)

# %% [markdown] label="two-lines-deserve-long-look"
# Two lines deserve a long look.
#
# **The last one.** Of those who have bought once the model says: alive, for certain. In truth most of them are fast asleep, and few bought in {company.year}. In the story one can leave only after a *repeat* purchase, so a one-time buyer is immortal by definition. It is an assumption that you have just seen fail, not a finding. A younger model mends it: in **MBG/NBD** (Batislam, Denizel & Filiztekin 2007) one may leave after the first purchase, too. The cell below fits it.
#
# **The first one.** Of those it had given up, a large part bought again. In the story who is gone is gone. At {company.name} nobody dies: customers fall asleep and some wake up. They are frequent buyers with a long silence, and when they wake they come often. That is why the forecast was too low, and it is the reason why waking the sleeping
# (lessons 30 to 33) is worth the trouble.
#
# **The rule "the model knows who is lost", tested:** from one half upwards its order is right; at the two ends it is wrong.

# %% label="younger"
younger = ModifiedBetaGeoModel().fit(known, unit="W")
once = known["repeat_days"] == 0
both = {"BG/NBD": model, "MBG/NBD": younger}
pd.DataFrame(
    {
        name: {
            "bought once: alive": rival.probability_alive(known)[once].mean(),
            "bought once: did buy later": known.loc[once, "bought_later"].mean(),
            "all purchases: forecast / real": rival.expected_purchases(365, known, unit="D").sum()
            / known["holdout_purchase_days"].sum(),
        }
        for name, rival in both.items()
    }
).T.round(2)

# %% [markdown] label="younger-model-mends-one-end"
# The younger model is nearly right about those who bought once, and its total comes nearer. It knows no sleep either: some of those whom it gives up wake later. The rest of the lesson keeps BG/NBD, which you will meet more often.

# %% label="check-24-1"
answer = ...  # purchase days expected of all customers in the next 26 weeks (one decimal)
check("24-1", answer)

# %% [markdown] label="much-each-purchase-worth-drawn"
# ## How much each purchase is worth: drawn towards everyone's mean
#
# The second half of a lifetime value is the value of a purchase. One purchase of {company.symbol}400 does not make a {company.symbol}400 customer. The **Gamma-Gamma model** weighs the customer's own mean against everybody's: the fewer purchases were seen, the more it leans on the others.

# %% label="usable"
usable = known[(known["repeat_days"] == 0) | (known["mean_repeat_value"] > 0)]
print(f"{len(known) - len(usable)} customers set aside: all repeat purchases were refunded")
worth = GammaGammaModel().fit(usable)
example = pd.DataFrame(
    {"repeat_days": [0, 1, 3, 20], "mean_repeat_value": [0.0, 400.0, 400.0, 400.0]}
)
example.assign(expected_value=worth.expected_value(example).round(0))

# %% label="value-frequency-correlation"
value_frequency_correlation(usable).round(2)

# %% [markdown] label="lifetime-value-unit-currency-horizon"
# The model supposes that how much one spends has nothing to do with how often. A rank correlation (`correlation`) is a little above zero even then, because the mean of a few purchases is more skewed than the mean of many. So compare it with `null_low` to `null_high`: 95 % of companies in which the two are independent lie there. Where it lies inside, as `p_value` above 0.05 says, nothing speaks against multiplying the two forecasts. Were it 0.5, we should not multiply at all.
#
# ## Lifetime value: with its unit, its currency, and its horizon
#
# **Lifetime value** (客户终身价值) here, in the whole lesson: the margin to be expected in the next year, with later money counting less (10 % a year, the **discount rate**). The cost to serve is *not* subtracted: who takes it off gets a lower value, and for loud customers perhaps a loss. Time unit, horizon and currency have to be said. Tools that assume them have been off by a factor of four, without a warning.

# %% label="rate"
rate = known["margin"].sum() / known["turnover"].sum()
clv = customer_lifetime_value(
    model,
    worth,
    usable,
    horizon=1,
    unit="Y",
    discount_per_year=0.10,
    currency=company.currency,
    margin_rate=rate,
)
clv.sort_values("lifetime_value", ascending=False).head(5).round(2)

# %% label="happened"
happened = usable.set_index("customer_id")["holdout_margin"]
total = clv["lifetime_value"].sum()
print(f"expected for {company.year}, all together: {company.money(total)}; what they brought: {company.money(happened.sum())}")

# %% [markdown] label="third-scheme-lesson-20-lives"
# The third scheme of lesson 20 lives on this column: **high-value**, **potential**, **basic** (高价值, 潜力, 基础客户). High-value is the best fifth by what they have brought; *potential* are as many of the others, picked because much is still to come. The plain rival picks those who bought last. What did each tier bring in the hidden year, per head?

# %% label="rivals"
rivals = {"lifetime value": clv["lifetime_value"], "bought last": -usable["days_since_last"]}
brought = {
    name: usable["holdout_margin"].groupby(potential_tiers(usable["turnover"], promise)).mean()
    for name, promise in rivals.items()
}
pd.DataFrame(brought).iloc[::-1].round(0)

# %% [markdown] label="mean-not-promise"
# A potential customer brought several times what a basic one did, so the tier is worth having. The lifetime value picks them a little better than the date of the last purchase does, and only a little: this is what the model adds to a rule that needs no model.
#
# ## A mean is not a promise
#
# Each of these values is a mean over many possible futures. To compare with what customers paid, the figure shows **turnover**, before the margin is taken from it. Here are some customers with the range in which eight of ten of their futures lie (the largest stands above the frame).

# %% label="plot-spread"
few = usable.sample(300, random_state=24)
spread = predict_spread(model, worth, few, horizon=1, unit="Y", level=0.8, draws=400, seed=24)
ax = plot_spread(spread)
ax.set_ylim(0, 2000)
ax.set_title("For a single customer the range is wider than the value")
show(
    ax,
    alt=f"Expected turnover of 40 customers in a year with the range of eight in ten futures; in the middle customer {spread['nothing'].median():.0%} of the futures hold no purchase at all.",
)

# %% label="inside"
inside = few["holdout_turnover"].between(spread["low"], spread["high"]).sum()
low, high = wilson(inside, len(few))
print(f"the ranges hold {spread['promised'].mean():.0%} of the simulated futures")
print(f"the real {company.year} lay inside for {inside / len(few):.0%} ({low:.0%} to {high:.0%}) of the customers")

# %% [markdown] label="lifetime-value-useless-telling-mrs"
# Why more than 80 % of the futures? Many of them bring exactly nothing, and all of these lie at the lower end of the range, inside. So the real share has to be compared with that promise, not with 80 %: the ranges are too narrow, because the model forgets those who wake.
#
# So a lifetime value is useless for telling Mrs Hill what she will spend, and of more use for telling the director what three hundred customers like her will, once its level has been checked. And what of the model itself? Fit it again and again on customers drawn anew, and add up the forecast each time:

# %% label="again"
again = bootstrap_params(model, usable, draws=20, seed=24)
sums = pd.Series(
    [
        BetaGeoModel.from_params(row.to_dict(), unit="W")
        .expected_purchases(365, usable, unit="D")
        .sum()
        for _, row in again.iterrows()
    ]
)
print(
    f"purchases expected in {company.year}: {sums.quantile(0.05):,.0f} to {sums.quantile(0.95):,.0f}; what happened: {usable['holdout_purchase_days'].sum():,}"
)

# %% [markdown] label="value-fits-envelope"
# The interval is narrow, and what happened lies above it: here, and in each of a dozen other companies of the kind that we drew. Remember this picture when someone shows you a tight interval: **an interval knows only what the model knows.** It says how much the figure would move with other customers of the same kind. It does not say whether the story is true. Only the holdout said that.
#
# ## The value that fits on an envelope
#
# Without any model: orders a year, value, margin, and one rate of keeping for all. Put in your own business.

# %% label="clv-explorer" tags=["nbval-ignore-output"]
clv_explorer()

# %% [markdown] label="lever-moves-sum-most-usually"
# Which lever moves the sum most? Usually keeping. Is that a law? Try a few settings, and look where the other levers come near. The envelope treats all customers as the same mean person; the lesson has shown what that hides.

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - **One-time buyers are immortal** in BG/NBD, and not in MBG/NBD. Half of many firms' customers bought once.
# - **Sleep is taken for death.** Where customers pause and return, the total comes out too low.
# - **Contracts are another story.** Where customers give notice, nothing has to be guessed: use `ContractModel` (the sBG model) in `crmkit.value`.
# - **No season, no campaign, no price.** The model sees only dates. After a change of the offer its past is another firm's.
# - **Long horizons.** Ten years of lifetime value from two years of data are mostly story.
# - **It values what would come anyway.** A high value does not mean that a call would raise it.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - Silence must be read against the customer's own rhythm.
# - Judge by a holdout, and against "the same as last year". Say at what the winner is best.
# - State unit, horizon, discount and currency with every lifetime value.
# - For one customer show the range; for many the sum.
# - A narrow interval around a wrong story is still wrong.

# %% [markdown] label="words-learnt" tags=["words"]
# ## Words learnt
#
# - **lifetime value** 客户终身价值: the money expected from a customer from now on, discounted
# - **probability alive** 存活概率: how likely a silent customer still is one
# - **BG/NBD model** BG/NBD模型: how often customers buy and when they leave, learnt from dates alone
# - **Gamma-Gamma model** Gamma-Gamma模型: how much a purchase of each customer is worth
# - **high-value customer** 高价值客户, **potential customer** 潜力客户, **basic customer** 基础客户: brings much now; little yet, and much is expected; neither
# - **holdout** 留出样本: days kept hidden so that a forecast can be judged
# - **discount rate** 折现率: how much less a {company.coin} in a year is worth than one today
# - **interval** 区间: two ends between which a figure lies with a stated probability

# %% label="quiz-24"
quiz("24")

# %% [markdown] label="on-your-own-data" tags=["own-data"]
# ## On your own data
#
# First hide the last third of the time that your file covers, and see whether the model beats "as before" there. If it does not, do not print lifetime values for your director. A model needs some hundreds of customers; with too few, the last line says so.
#
# ```python
# from crmkit.value import BetaGeoModel, holdout_split, last_year_forecast, score_forecasts
#
# orders, report = crmkit.read_orders("my_orders.csv")
# first, last = orders["order_date"].min(), orders["order_date"].max()
# split = last - (last - first) / 3
# try:
#     known = holdout_split(orders, split, last).set_index("customer_id")
#     model = BetaGeoModel().fit(known, unit="W")
#     forecasts = {"BG/NBD": model.expected_purchases((last - split).days, known, unit="D")}
#     forecasts["as before"] = last_year_forecast(orders, split, last)
#     print(score_forecasts(known["holdout_purchase_days"].astype(float), forecasts))
# except crmkit.CrmkitError as too_little:
#     print(too_little)
# ```

# %% [markdown] label="what-next" tags=["next"]
# ## What next
#
# One row per customer was taken for granted so far. Lesson 25 shows where it comes from. The sleeping customers whom this model buries are the subject of lessons 30 to 33.
