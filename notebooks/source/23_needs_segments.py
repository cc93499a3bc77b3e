# %% [markdown] label="title" tables=["orders", "order_lines", "products", "truth/customers", "best_worst_tasks", "needs", "cost_to_serve"] tags=["opening"]
# # Two customers who spend the same may want opposite things, and baskets tell it only in part
#
# **After this lesson you can** tell worth from need; describe a basket so that needs show in it; find segments and compare them with a plain rival and with the truth; say how sure a label is; write a service policy with its cost, its gain and its uncertainty.
#
# **50 minutes to read, 70 minutes of exercises** · you need lessons 20 and 11 · you will meet: price-oriented, value-oriented, compound, segment, adjusted Rand index, front line, back office, service policy

# %% [markdown] label="one-letter-two-answers"
# ## One letter, two answers
#
# Mrs Hill and Mr Byrne are both key customers of {company.name}. Both spent about the same last year. Both got the letter: *"20 % off everything this weekend."* Mrs Hill filled her car. Mr Byrne rang to complain. Nobody had come to measure his wall, as promised. Was there money only for discounts?
#
# **Value says how much you may spend on somebody. Need says on what.** There are three orientations. **Price-oriented** customers (价格导向) look at the price before the function, within a fixed limit. **Value-oriented** customers (价值导向) look at function and care first. **Compound** customers (复合型) weigh both. Can we read it from what they buy?

# %% label="predict-23-a"
import pandas as pd

import crmkit
from crmkit import value
from crmkit.practice import check, hint, predict, quiz, reveal, solution
from crmkit.style import show
from crmkit.value import explorers, needs, plots, segment_checks

company = crmkit.company()
orders, lines = crmkit.load("orders"), crmkit.load("order_lines")
products, costs = crmkit.load("products"), crmkit.load("cost_to_serve")

# %% [markdown] label="compare-lamp-lamps"
# ## Compare a lamp with lamps
#
# A cheap lamp costs more than a costly screw. So we never compare prices across categories. We compare each product with the mean of its own category. A basket of one cheap lamp and one costly screw, by hand:

# %% label="by-hand"
names = ["cheap lamp", "costly lamp", "cheap screw", "costly screw"]
shelf = pd.DataFrame({"category": ["lamp"] * 2 + ["screw"] * 2, "price": [20.0, 60.0, 2.0, 4.0]}, names)
shelf["category_mean"] = shelf.groupby("category")["price"].transform("mean")
shelf["price_level"] = shelf["price"] / shelf["category_mean"] - 1
basket = shelf.loc[["cheap lamp", "costly screw"]]
print(f"mean price level of the basket: {basket['price_level'].mean():+.2f}")
show(shelf.round(2))

# %% [markdown] label="by-hand-read"
# What a customer needs (a lamp) drops out. How the customer chooses is left: a little below the mean. `basket_features` does this for the price (in logarithms, so that double and half weigh the same), quality, ease and advice, and adds the discount rate.

# %% label="orders"
features = needs.basket_features(lines, orders, products)
show(features.round(2).head(4))

# %% label="enough"
enough = features[features["lines"] >= 5]
choices = enough[list(needs.BASKET)]
print(f"{len(enough):,} of {len(features):,} customers have five lines or more")

# %% [markdown] label="computer-finds-three-groups-whether"
# More than four customers in ten are set aside: two products say little about a person.
#
# ## The computer finds three groups, whether there are three or not
#
# **k-means** puts customers with similar baskets together. Ask for six groups, and it gives six. We name them: the group with the lowest prices "price", the highest "value", the one between "compound".

# %% label="plot-segment-profiles"
segment = needs.find_segments(choices, k=3)
orientation = needs.name_orientations(segment, choices["price_level"])
ax = plots.plot_segment_profiles(choices, orientation, title="One group buys at low prices, one at high prices")
means = choices.groupby(orientation)["price_level"].mean()
show(
    ax,
    alt=f"Bars of five basket features for three segments. Mean log price level: {means['price']:.2f} for price, {means['compound']:.2f} for compound, {means['value']:.2f} for value.",
)

# %% [markdown] label="how-many-groups"
# How many groups? One common test draws customers twice at random, with replacement, finds the groups in each draw, and compares the two groupings. The **adjusted Rand index** (调整兰德指数) is 1 if they are the same, 0 if they agree no more than by chance.

# %% label="stability"
show(segment_checks.segment_stability(choices, range(2, 6), draws=8).round(2))

# %% [markdown] label="how-many-groups-read"
# `low` and `high` are the range over the draws, `wins` the share of draws in which this number repeats best. What repeats need not be true. We keep three, because a counter can tell three offers apart.

# %% [markdown] ask="23-b"

# %% label="predict-23-b"
predict("23-b", ...)

# %% [markdown] label="truth-better-than-chance-worse"
# ## The truth: better than chance, worse than it looks
#
# Groups that were made to differ do differ. Are the *people* in them of one mind? In this simulated company we know. The plain rival is the **naive split** (简单划分): three equal parts by one number.

# %% label="truth"
truth = crmkit.load_truth("customers").set_index("customer_id")
spent = orders.groupby("customer_id")["turnover"].sum().reindex(choices.index)
rivals = {
    "k-means on five features": segment,
    "three parts by turnover": needs.naive_split(spent),
    "three parts by price level": needs.naive_split(choices["price_level"]),
}
compared = segment_checks.compare_recovery(rivals, truth["need_type"])
reveal("23-b")
show(compared.round(2))

# %% [markdown] label="three-things-see-turnover-says"
# **Turnover** says next to nothing about need: worth and need are different questions. **k-means** is clearly better than chance, and far from the truth. `right` is the share who are served right; one label for everybody would give `largest`. And the **price level alone**, one line of code, does at least as well as five features with the famous method.
#
# **The rule "more features make better segments", tested:** it does not hold here. **Beat the one-line rival first.**

# %% [markdown] ask="23-a"

# %% label="predict-23-a2"
predict("23-a", ...)

# %% [markdown] label="how-sure-is-a-label"
# ## A label is surer at the cheap end than in the middle

# %% label="pd-crosstab-orientation"
reveal("23-a")
need = truth["need_type"]
show(pd.crosstab(orientation, need.reindex(orientation.index), normalize="index").round(2))

# %% [markdown] label="read-along-rows-would-offend"
# Of those labelled "price" few are truly value-oriented, so a discount letter does little harm there. The label "compound" is right about half the time. Look at the cloud from several sides. **Your goal:** find the number of groups that agrees best with the true types, and two features in which they can be told apart by eye.

# %% label="segment-explorer" tags=["nbval-ignore-output"]
explorers.segment_explorer(choices, need)

# %% [markdown] label="stable-not-same-true"
# There are no islands, only one cloud. Segments are a way to *talk* about it.
#
# ## Stable is not the same as true
#
# Firms do not know the truth. They test whether segments come out again in the other half of the time, for the same people.

# %% label="first"
halves = segment_checks.segments_by_half(lines, orders, products, f"{company.last_year}-07-01")
again = segment_checks.compare_recovery({"first half": halves["first"]}, halves["second"])
true = segment_checks.compare_recovery({"first half": halves["first"], "second half": halves["second"]}, need)
print(f"{len(halves):,} customers with five lines in each half")
show(pd.concat({"with the other half": again, "with the truth": true})[["adjusted_rand", "low", "high"]].round(2))

# %% [markdown] label="asking-may-help-asking-alone"
# Compare the first line with the two below it. Halves that agree better with each other than with the truth show a lasting habit that is not a need: a budget, the shop round the corner, what stands on the shelf. **A segment can be stable and still say nothing about need.**
#
# ## Asking may help, and asking alone does not
#
# Some customers have answered a survey (lesson 12): which need matters most, which least, again and again. Best minus worst, for each of the four C:

# %% label="said"
said = needs.survey_scores(crmkit.load("best_worst_tasks"), crmkit.load("needs"))
asked = said.index.intersection(choices.index)
tries = {
    "what they said": needs.find_segments(said.loc[asked]),
    "what they bought": needs.find_segments(choices.loc[asked]),
    "both together": needs.find_segments(said.loc[asked].join(choices)),
}
print(f"{len(asked)} customers answered and have five lines or more")
show(segment_checks.compare_recovery(tries, need).round(2))

# %% [markdown] label="words-alone-tell-little-more"
# Answers are polite, and baskets are limited by a budget. They fail in different ways, so both together are often nearest to the truth. But with so few people the intervals are wide, and chance could change the order: read `wins`.

# %% [markdown] ask="23-1"

# %% label="check-23-1"
answer = ...
check("23-1", answer)

# %% [markdown] label="service-runs-two-gears"
# What do customers get, then? The **front line** (前台: counter, telephone, adviser) turns round the customer. The **back office** (后台: stock, repairs, invoices) turns round the front line: the front line is *its* customer. A slow answer behind becomes a slow answer in front. These are the two gears of service. And the front line has two speeds: a standard for the many, a specialist for the few.

# %% [markdown] ask="23-c"

# %% label="predict-23-c"
predict("23-c", ...)

# %% [markdown] label="service-runs-two-gears-better"
# ## Specialists for the few cost little, specialists for all cost a department

# %% label="costs"
profit = value.customer_profit(orders, costs).set_index("customer_id")["profit"] / len(company.years)
tiers = value.assign_tiers(profit)
year = costs[costs["year"] == company.year].set_index("customer_id")
hours = year["minutes"].groupby(tiers.reindex(year.index), observed=True).sum().iloc[::-1] / 60
top, everybody = hours[["VIP", "key"]].sum(), hours.sum()
reveal("23-c")
print(f"twice the time for VIP and key: {top:,.0f} hours more; for everybody: {everybody:,.0f}")
show(pd.DataFrame({"hours": hours, "share": hours / everybody}).round(2))

# %% [markdown] label="taking-time-few-costs-little"
# A person works about 1,600 hours a year. So the high end gets specialists and the mass market a standard. The standard has to be good: most customers see nothing else. (No table here has the hours of the back office. Ask before you promise.)
#
# A **service policy** (服务政策) writes down who gets what, and what it costs a year:

# %% label="services"
services = pd.DataFrame({"tier": ["VIP", "key", "ordinary", "small"]})
services["service"] = ["own manager", "priority", "offers", "standard"]
services["cost_per_customer"] = [150, 60, 10, 0]
columns = ["tier", "service", "customers", "profit", "cost", "break_even_lift"]
show(value.policy_cost(tiers, profit, services)[columns].round(2))

# %% [markdown] label="same-value-different-offer-would"
# `break_even_lift` is the share by which a service must raise the tier's profit to pay for itself. Whether it does, only an experiment can say (lesson 32).
#
# ## The need decides where the decision is close
#
# Take one service: an adviser, at {company.symbol}40 a year for a customer. *Suppose* the adviser raises a customer's yearly profit by the weight that this customer gives to communication (0.20 means 20 %; the truth file has it). This is an assumption.

# %% label="customers"
lift = truth["weight_communication"].reindex(profit.index)
net = (profit * lift - 40)[tiers > "small"]
show(segment_checks.gain_by_group(net, tiers.rename("tier")).iloc[::-1].round(1))

# %% [markdown] label="worth-decides-most-vips-adviser"
# `mean` is what an adviser earns with one customer a year, after cost, with its interval. Worth decides most of it: for VIPs an adviser pays several times over, for the ordinary tier the mean is near zero. Now by label within a tier:

# %% label="label"
label = orientation.reindex(profit.index).fillna("unknown").rename("label")
by_need = segment_checks.gain_by_group(net, tiers.rename("tier"), label)
show(by_need.loc[["ordinary", "key"]].round(1))

# %% [markdown] label="figures-adviser-earns-per-customer"
# `pays` is "yes" or "no" only where the whole interval lies on one side of zero; groups below 20 customers stay "open". Of eight verdicts one may be luck. In the key tier the mean is above zero for every label. In the ordinary tier the value-oriented come before the price-oriented, and the label changes the decision. **Weak labels are good enough for close decisions**, although many are wrong.

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - **Labels for people are often wrong.** Never let a label close a door. Let the customer choose, and use the label for what you show first.
# - **Need changes with the task.** The same person is price-oriented for screws and value-oriented for the kitchen.
# - **A basket shows what was on the shelf.** Customers who wanted advice and found none bought something else, or elsewhere.
# - **Here the truth has three types because the world was built so.** Real people come in no fixed number of kinds.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - Worth says how much to spend on somebody, need says on what. One does not tell the other.
# - k-means always finds what you ask for. Compare with a one-line split before you believe it.
# - Segments that come out again may still not be needs.
# - Use weak labels where the decision is close, and leave the door open.
# - Specialists for the few cost little, for all they cost a department: the standard has to be good.

# %% [markdown] label="words-learnt" tags=["words"]
# ## Words learnt
#
# - **needs-based segmentation** 需求细分: groups of customers who want the same, whatever they are worth
# - **price-oriented customer** 价格导向客户: price before function, within a fixed limit
# - **value-oriented customer** 价值导向客户: function and care before price
# - **compound customer** 复合型客户: balances price and function
# - **segment** 细分群体: customers found or decided to be alike
# - **adjusted Rand index** 调整兰德指数: how well two groupings agree: 1 the same, 0 as by chance
# - **naive split** 简单划分: equal parts by one number; what a segmentation must beat
# - **front line** 前台: everyone who deals with customers
# - **back office** 后台: everyone who makes that possible; its customer is the front line
# - **service policy** 服务政策: who gets what, and what that costs

# %% label="quiz-23"
quiz("23")

# %% [markdown] label="on-your-own-data" tags=["own-data"]
# ## On your own data
#
# You need three tables: the order lines (`order_id`, `product_id`, `quantity`, `unit_price`, `discount`), the orders (`order_id`, `customer_id`) and the price list (`product_id`, `category`, `price`, and points for `quality`, `ease` and `advice`, which two colleagues can give in an afternoon).
#
# ```python
# import pandas as pd
# from crmkit.value.needs import basket_features, find_segments
#
# lines, orders = pd.read_csv("my_order_lines.csv"), pd.read_csv("my_order_heads.csv")
# features = basket_features(lines, orders, pd.read_csv("my_products.csv"))
# segments = find_segments(features[["price_level", "quality", "ease", "advice", "discount_rate"]])
# print(features.groupby(segments).mean().round(2))
# ```
#
# Then ask fifty customers, and see whether the labels hold.

# %% [markdown] label="what-next" tags=["next"]
# ## What next
#
# The exercises `23_needs_segments` find segments at a coffee merchant and price another adviser. Lesson 24 asks what a customer will still bring.

# %% [markdown] label="on-one-page" tags=["summary"]
# ## On one page
#
# **Claim.** Baskets tell needs better than chance and far from surely; a weak label helps where a decision is close.
#
# **Method.**
#
# 1. Compare each product with its own category; describe every customer who has bought enough.
# 2. Find segments, and compare them with equal parts by one number, with a second draw, and with people who were asked.
# 3. Write a policy: who gets what, what it costs, and where the gain is surely above the cost.
#
# **Formula.** Price level = mean of log(price / mean price of its category), with the mean taken over logarithms.
#
# **Code.**
#
# ```python
# segments = find_segments(basket_features(order_lines, orders, products)[list(BASKET)])
# ```
#
# **Where it fails.** The same person is price-oriented for screws and value-oriented for the kitchen.
