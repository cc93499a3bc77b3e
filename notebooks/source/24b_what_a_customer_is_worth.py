# %% [markdown] label="title" tables=["orders"] tags=["opening"]
# # A lifetime value is an average over many futures, and only as good as its story
#
# **After this lesson you can** say what a customer's next purchase is worth when few were seen; compute a lifetime value with its unit, horizon, discount and currency; find potential customers, and check later whether they were the right ones; show the range around an average, and say what an interval does not know; estimate how long customers with a contract stay.
#
# **50 minutes to read, 55 minutes of exercises** · you need lesson 24 · you will meet: lifetime value, discount rate, Gamma-Gamma model, potential customer, sBG model

# %% [markdown] label="worth-from-now-on"
# ## "What are our customers worth?" asks the bank
#
# Not over the years gone by, but **from now on**. The director wants one figure for each customer and one for all. By hand, for one customer: 2.5 purchases are expected in the next year, at {company.symbol}48 each, and 43 % of that is margin. The purchases come, on average, after half a year, and money that comes in a year is worth 10 % less than money today. These 10 % are the **discount rate** (折现率).

# %% label="imports"
import pandas as pd

import crmkit
from crmkit import value
from crmkit.inference import mean_difference, wilson
from crmkit.practice import check, hint, predict, quiz, reveal, solution
from crmkit.style import show
from crmkit.value import explorers, plots, segment_checks

company = crmkit.company()
margin = 2.5 * 48 * 0.43
print(f"margin in a year {margin:.2f}, worth today {margin / 1.10**0.5:.2f}")

# %% [markdown] label="definition"
# That is a **lifetime value** (客户终身价值): the margin expected from now on, with later money counting less. In this lesson the horizon is one year. The cost to serve is *not* subtracted; with it, some customers would be worth less than nothing. So two things are needed: how often somebody will buy (lesson 24), and what a purchase will be worth.

# %% [markdown] ask="24b-a"

# %% label="predict-24b-a"
predict("24b-a", ...)

# %% [markdown] label="much-each-purchase-worth-drawn"
# ## One large purchase does not make a large customer
#
# The **Gamma-Gamma model** weighs the customer's own mean against that of all customers. The more purchases were seen, the more the own mean counts. The weight is simple enough to compute by hand, from two of the model's three numbers. Four customers with a mean of {company.symbol}400, after 0, 1, 3 and 20 repeat purchases:

# %% label="usable"
orders = crmkit.load("orders")
known = value.holdout_split(orders, company.year_ago, company.end)
usable = known[(known["repeat_days"] == 0) | (known["mean_repeat_value"] > 0)]
print(f"{len(known) - len(usable)} customers set aside: all repeat purchases were refunded")
often = value.ModifiedBetaGeoModel().fit(known, unit="W")
much = value.GammaGammaModel().fit(usable)
print(f"mean of all customers: {company.money(much.mean_value)} per purchase")

# %% label="weights"
p, q, _ = much.params_
seen = pd.DataFrame({"repeat_days": [0, 1, 3, 20], "mean_repeat_value": [0.0, 400.0, 400.0, 400.0]})
weight = p * seen["repeat_days"] / (p * seen["repeat_days"] + q - 1)
by_hand = weight * seen["mean_repeat_value"] + (1 - weight) * much.mean_value
show(seen.assign(own_weight=weight, by_hand=by_hand, helper=much.expected_value(seen)).round(2))

# %% label="reveal-24b-a"
reveal("24b-a", by_hand[1])

# %% [markdown] label="weights-read"
# **The fewer purchases were seen, the more the estimate is drawn towards everybody's mean.** The model also assumes that how much a customer spends has nothing to do with how often. The two forecasts may be multiplied only if this is true. Is there a sign that it is not?

# %% label="value-frequency-correlation"
show(value.value_frequency_correlation(usable).round(2))

# %% [markdown] label="correlation-read"
# A rank correlation (`correlation`) is a little above zero even without any link, because a mean of few purchases is more skewed than a mean of many. So compare it with `null_low` to `null_high`: in 95 % of companies without a link it is between these two. If it is between them here (`p_value` above 0.05), we have no reason not to multiply. At 0.5 we should not multiply at all.
#
# ## State the unit, the horizon, the discount and the currency
#
# Tools that assume one of them have been wrong by a factor of four, without a warning. So this helper asks for all:

# %% label="rate"
rate = known["margin"].sum() / known["turnover"].sum()
terms = {"horizon": 1, "unit": "Y", "discount_per_year": 0.10, "currency": company.currency}
clv = value.customer_lifetime_value(often, much, usable, margin_rate=rate, **terms)
show(clv.nlargest(5, "lifetime_value").round(2))

# %% label="happened"
happened = usable["holdout_margin"].sum()
promised = clv["lifetime_value"].sum()
print(f"expected for {company.year}, all together {company.money(promised)}; what came {company.money(happened)}")

# %% [markdown] label="total-read"
# The total is too low, as in lesson 24: sleepers wake, and the model takes them for dead. **A lifetime value without its result on hidden days is only a wish.**

# %% [markdown] ask="24b-b"

# %% label="predict-24b-b"
predict("24b-b", ...)

# %% [markdown] label="third-scheme-lesson-20-lives"
# ## Potential customers are worth having, and a plain rule finds most of them
#
# The third scheme of lesson 20 lives on this column. **High-value** (高价值客户) is the best fifth by what they have brought. **Potential** (潜力客户) are as many of the others, picked because much is still to come. **Basic** (基础客户) are the rest. What did each bring in the hidden year, per head?

# %% label="tiers"
tiers = value.potential_tiers(usable["turnover"], clv["lifetime_value"])
after = segment_checks.gain_by_group(usable["holdout_margin"], tiers)
reveal("24b-b", after.loc["potential", "mean"] / after.loc["basic", "mean"])
show(after.iloc[::-1].drop(columns="pays").round(0))

# %% [markdown] label="rivals-question"
# The tier is worth having. But is the model? A plain rule picks as many who *bought last*. The two lists share most names. We compare the names that stand on one list only:

# %% label="rivals"
plain = value.potential_tiers(usable["turnover"], -usable["days_since_last"])
ours, theirs = tiers == "potential", plain == "potential"
one, other = usable.loc[ours & ~theirs, "holdout_margin"], usable.loc[theirs & ~ours, "holdout_margin"]
print(f"{(ours & theirs).mean() / ours.mean():.0%} of the names are the same")
print(f"only by lifetime value {company.money(one.mean())}, only by date {company.money(other.mean())} per head")
gap, low, high = mean_difference(one, other)
print(f"difference {gap:,.0f}, 95 % interval {low:,.0f} to {high:,.0f}")

# %% [markdown] label="mean-not-promise"
# Those whom only the lifetime value picked brought more, as far as the interval lets us say. That difference, on a part of the names, is what the model adds to a rule that needs no model.
#
# ## An average is not a promise
#
# Each value is an average over many possible futures. The figure shows **turnover**, so that it can be compared with what customers paid, and the range in which eight of ten futures lie. Where there is no bar, at least nine of ten futures bring nothing. The largest few reach above the frame.

# %% label="plot-spread"
few = usable.sample(300, random_state=24)
spread = value.predict_spread(often, much, few, horizon=1, unit="Y", level=0.8, draws=400, seed=24)
some = spread[spread["high"] > 0]
wide = (some["high"] - some["low"] > some["mean"]).mean()
ax = plots.plot_spread(spread, title="Nearly every range is wider than the average in it")
ax.set_ylim(0, spread["high"].quantile(0.97))
show(ax, alt=f"Forty customers with average and range. Where there is a range, it is wider than the average for {wide:.0%}. The middle customer buys nothing in {spread['nothing'].median():.0%} of the futures.")

# %% label="inside"
inside = few["holdout_turnover"].between(spread["low"], spread["high"]).sum()
low, high = wilson(inside, len(few))
print(f"the ranges hold {spread['promised'].mean():.0%} of the simulated futures")
print(f"the real {company.year} lay inside for {inside / len(few):.0%} ({low:.0%} to {high:.0%}) of the customers")

# %% [markdown] label="lifetime-value-useless-telling-mrs"
# Why do the ranges hold more than 80 % of the futures? Many futures bring exactly nothing, and all of these lie at the lower end, inside. So compare the real share with that promise, and not with 80 %: the ranges are too narrow.
#
# A lifetime value cannot tell Mrs Hill what she will spend. It can tell the director what hundreds like her will, once its level has been checked.

# %% [markdown] ask="24b-c"

# %% label="predict-24b-c"
predict("24b-c", ...)

# %% [markdown] label="interval-head"
# ## An interval knows only what its model knows
#
# We draw the customers again and again, with replacement. Each time we fit each model and draw one future for everybody. The totals of these futures give a 90 % interval for the purchases of {company.year}.

# %% label="again"
models = {"BG/NBD": value.BetaGeoModel().fit(known, unit="W"), "MBG/NBD": often}
total = pd.DataFrame(
    {name: value.total_interval(model, known, horizon=365, unit="D", seed=24) for name, model in models.items()},
    index=["expected", "low", "high"],
).T
total["happened"] = known["holdout_purchase_days"].sum()
show(total.round(0).astype(int))

# %% label="reveal-24b-c"
row = total.loc["BG/NBD"]
reveal("24b-c", "a" if row["happened"] < row["low"] else "c" if row["happened"] > row["high"] else "b")

# %% [markdown] label="value-fits-envelope"
# A 90 % interval should miss in one company of ten. We drew six other companies like {company.name}: with BG/NBD it missed in most. Both intervals look precise. MBG/NBD, whose story is nearer, puts its own higher. **An interval says how much the figure would move if the story were true. Whether it is true, only hidden days say.**
#
# ## Without a model: the value that fits on an envelope
#
# Orders a year, value, margin, and one rate of keeping for all. Put in your own business. **Your goal:** usually, keeping 5 points more adds most. Find a setting in which orders 5 % larger add as much.

# %% label="clv-explorer" tags=["nbval-ignore-output"]
explorers.clv_explorer()

# %% [markdown] label="contracts"
# ## With a contract nobody has to guess who has left
#
# But is one rate of keeping enough? Of 1,000 customers of a published company (Fader & Hardie 2007) 869, 743, 653 and 593 were left after one to four renewals. The **sBG model** gives each customer a chance to leave of their own:

# %% label="contract"
contract = value.ContractModel().fit([1000, 869, 743, 653, 593])
show(contract.table(8).round(3))

# %% [markdown] label="contract-read"
# `retention` is the share that renews, of those who were there. It rises from renewal to renewal, and nobody has become more loyal: those who leave easily have left. The envelope, with one rate for all, promises too little for old customers.

# %% [markdown] label="turn"
# ## Your turn

# %% [markdown] ask="24b-1"

# %% label="check-24b-1"
answer = ...
check("24b-1", answer)

# %% label="quiz-24b"
quiz("24b")

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - **Sleep is taken for death**, so totals come out too low.
# - **Long horizons.** Ten years of lifetime value from two years of data are mostly story.
# - **It values what would come anyway.** A high value does not mean that a call would raise it.
# - **Averages hide losses.** Take the cost to serve off before you call a customer valuable.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - State unit, horizon, discount and currency with every lifetime value.
# - Few purchases say little: let everybody's mean weigh in.
# - For one customer show the range, for many the sum.
# - A narrow interval around a wrong story is still wrong.

# %% [markdown] label="words-learnt" tags=["words"]
# ## Words learnt
#
# - **lifetime value** 客户终身价值: the money expected from a customer from now on, discounted
# - **discount rate** 折现率: how much less a {company.coin} in a year is worth than one today
# - **Gamma-Gamma model** Gamma-Gamma模型: how much a purchase of each customer is worth
# - **high-value customer** 高价值客户, **potential customer** 潜力客户, **basic customer** 基础客户: brings much now; little yet, and much is expected; neither
# - **interval** 区间: two ends between which a figure lies with a stated probability
# - **sBG model** sBG模型: how long customers with a contract stay, when each leaves with a chance of their own

# %% [markdown] label="on-your-own-data" tags=["own-data"]
# ## On your own data
#
# Do this only after the recipe of lesson 24 has beaten "as before" on hidden days. Write your own margin rate, and say the four terms wherever you show the figure.
#
# ```python
# from crmkit.value import GammaGammaModel, ModifiedBetaGeoModel, customer_lifetime_value, customer_summary
#
# orders, report = crmkit.read_orders("my_orders.csv")
# summary = customer_summary(orders)
# summary = summary[(summary["repeat_days"] == 0) | (summary["mean_repeat_value"] > 0)]
# try:
#     often = ModifiedBetaGeoModel().fit(summary, unit="W")
#     much = GammaGammaModel().fit(summary)
#     terms = {"horizon": 1, "unit": "Y", "discount_per_year": 0.10, "currency": "your currency"}
#     clv = customer_lifetime_value(often, much, summary, margin_rate=0.4, **terms)
#     print(clv.nlargest(10, "lifetime_value").round(2))
# except crmkit.CrmkitError as too_little:
#     print(too_little)
# ```

# %% [markdown] label="what-next" tags=["next"]
# ## What next
#
# One row per customer was taken for granted so far. Lesson 25 shows where it comes from. Lessons 30 to 33 wake the customers whom these models bury.

# %% [markdown] label="on-one-page" tags=["summary"]
# ## On one page
#
# **Claim.** A lifetime value is an average over many futures. It is useful for many customers together, once hidden days have shown its level.
#
# **Method.**
#
# 1. Forecast how often each customer buys, and what a purchase is worth, drawn towards everybody's mean.
# 2. Multiply by the margin rate and discount, with unit, horizon and currency stated.
# 3. Compare the total, the tiers and the ranges with a hidden year, and with a plain rule.
#
# **Formula.** $\text{value} = \text{purchases} \cdot \left(w \cdot \text{own mean} + (1 - w) \cdot \text{mean of all}\right) \cdot \text{margin rate} \cdot \text{discount}$
#
# **Code.**
#
# ```python
# customer_lifetime_value(often, much, summary, horizon=1, unit="Y", discount_per_year=0.10, currency="{company.currency}")
# ```
#
# **Where it fails.** Its interval supposes that the story is true, and it values what would come anyway.
