# %% [markdown] label="title" tables=["orders", "order_lines", "products", "truth/customers", "best_worst_tasks", "needs", "cost_to_serve"] tags=["opening"]
# # Two customers who spend the same may want opposite things, and baskets tell it only in part
#
# **After this lesson you can** tell worth from need; describe a basket so that needs show in it; find segments and hold them against a plain rival and against the truth; say how sure a label is; put a service policy, its two gears and its cost beside the segments.
#
# **45 minutes** · you need lessons 20 and 11 · you will meet: price-oriented, value-oriented, compound, segment, adjusted Rand index, front line, back office, service policy

# %% [markdown] label="one-letter-two-answers" tags=["predict"]
# ## One letter, two answers
#
# Mrs Hill and Mr Byrne are both key customers; both spent about the same last year. Both got the letter: *"20 % off everything this weekend."* Mrs Hill filled her car. Mr Byrne rang to complain: he had been promised that somebody would come and measure his wall, and if there was money for discounts, why was there none for that?
#
# **Value** says how much you may spend on somebody. **Need** says on what. Three orientations are told apart: **price-oriented** (价格导向: the price comes before the function, within a fixed limit), **value-oriented** (价值导向: function and care come first), **compound** (复合型: weighs both). Nobody wears a label. Can we read it from what they
# put into their baskets?
#
# > **Predict.** What in a basket would give away a price-oriented customer? Name two things that a till records.

# %% label="predict-23-a"
import pandas as pd

import crmkit
from crmkit.practice import check, hint, predict, quiz, solution
from crmkit.style import show
from crmkit.value import assign_tiers, customer_profit, policy_cost, policy_gain
from crmkit.value.explorers import segment_explorer
from crmkit.value.needs import BASKET, basket_features, find_segments, naive_split
from crmkit.value.needs import name_orientations, recovery, survey_scores
from crmkit.value.plots import plot_segment_profiles

company = crmkit.company()
predict("23-a", ...)

# %% [markdown] label="compare-lamp-lamps"
# ## Compare a lamp with lamps
#
# A cheap lamp is dearer than a dear screw. So we never compare prices across categories: each product is measured against the mean of its own. What a customer *needs* (a lamp) drops out, and *how they choose* is left: how dear, how good, how easy, with how much advice, at what discount.

# %% label="orders"
orders = crmkit.load("orders")
features = basket_features(crmkit.load("order_lines"), orders, crmkit.load("products"))
features.round(2).head(4)

# %% label="enough"
enough = features[features["lines"] >= 5]
choices = enough[list(BASKET)]
print(
    f"{len(enough):,} of {len(features):,} customers have five lines or more; of the others too little is known"
)

# %% [markdown] label="computer-finds-three-groups-whether"
# More than four customers in ten are set aside, because two products say nothing about a person. They are counted here and will need another rule. A segmentation that has a label for everybody is guessing for many.
#
# ## The computer finds three groups, whether there are three or not
#
# k-means puts customers with like baskets together. Ask for three groups, and it gives three; ask for six, and it gives six. The names come from us: the group that buys cheapest, the dearest, and the one in between.

# %% label="plot-segment-profiles"
segment = find_segments(choices, k=3)
orientation = name_orientations(segment, choices["price_level"])
ax = plot_segment_profiles(choices, orientation)
ax.set_title("One group buys cheap, one buys good and asks for advice")
means = choices.groupby(orientation).mean()
show(
    ax,
    alt=f"Profiles of three segments: log price level {means.loc['price', 'price_level']:.2f} for price, {means.loc['value', 'price_level']:.2f} for value, compound in between; quality and advice rise with it, discounts fall.",
)

# %% [markdown] label="truth-better-than-chance-worse" tags=["predict"]
# A fine picture. Anyone would believe it. But every such picture looks fine, because groups that were made to differ do differ. What one has to ask is whether the *people* in them are really of one mind.
#
# ## The truth: better than chance, worse than it looks
#
# At {company.name} we know. The **adjusted Rand index** (调整兰德指数) compares two groupings: 1 if they are the same, 0 if they agree no more than by chance. And there is a plain rival, the **naive split** (简单划分): three equal parts by one single number.
#
# > **Predict.** Which comes nearer to the truth: five features with k-means, or three equal parts by the price level alone?

# %% label="predict-23-b"
predict("23-b", ...)

# %% label="truth"
truth = crmkit.load_truth("customers").set_index("customer_id")["need_type"]
spent = orders.groupby("customer_id")["turnover"].sum().reindex(choices.index)
rivals = {
    "k-means on five features": segment,
    "three parts by turnover": naive_split(spent),
    "three parts by price level": naive_split(choices["price_level"]),
}
pd.DataFrame({name: recovery(found, truth) for name, found in rivals.items()}).T.round(2)

# %% [markdown] label="three-things-see-turnover-says"
# Three things to see. **Turnover** says next to nothing about need: worth and need are different questions, as the heading said. **k-means** is clearly better than chance and far from the truth: a good half of the customers are served right, where calling everybody "price" (`largest`) would be right for somewhat fewer. And
# the **price level alone**, one line of code, does at least as well as the five features with the famous method. In the four other features there is information, and there is noise; k-means cannot know which is which.
#
# **The rule "more features make better segments", tested:** not here. Beat the one-line rival first.

# %% label="pd-crosstab-orientation"
pd.crosstab(orientation, truth.reindex(orientation.index))

# %% [markdown] label="read-along-rows-would-offend"
# Read along the rows: whom would you offend? Of those labelled "price" few are truly value-oriented: there a discount letter does little harm. The label "compound" is hardly better than none.
#
# Look at the cloud from several sides, and colour it by the truth:

# %% label="segment-explorer" tags=["nbval-ignore-output"]
segment_explorer(choices, truth)

# %% [markdown] label="stable-not-same-true"
# There are no islands. There is one cloud, in which people of the three kinds overlap. Segments are a way to *talk* about a cloud.
#
# ## Stable is not the same as true
#
# Without a truth, firms test whether the segments come out again. Make them once from the first half of the time and once from the second, for the same people.

# %% label="first"
lines, products = crmkit.load("order_lines"), crmkit.load("products")


def features_of(part):
    inside = basket_features(lines[lines["order_id"].isin(part["order_id"])], part, products)
    return inside.loc[inside["lines"] >= 5, list(BASKET)]


first = features_of(orders[orders["order_date"] < f"{company.last_year}-07-01"])
second = features_of(orders[orders["order_date"] >= f"{company.last_year}-07-01"])
both = first.index.intersection(second.index)
halves = find_segments(first.loc[both]), find_segments(second.loc[both])
print(
    f"{len(both):,} customers; agreement of the halves {recovery(*halves)['adjusted_rand']:.2f}, with the truth {recovery(halves[1], truth)['adjusted_rand']:.2f}"
)

# %% [markdown] label="asking-may-help-asking-alone"
# The two halves agree more with each other than with the truth. People keep their habits, and part of a habit is not need: it is budget, the shop round the corner, what happens to be on the shelf. A stable segment can be stably something else.
#
# ## Asking may help, and asking alone does not
#
# Three hundred customers have answered a survey (lesson 12): which need matters most, which least, again and again. Best minus worst, for each of the four C.

# %% label="said"
said = survey_scores(crmkit.load("best_worst_tasks"), crmkit.load("needs"))
asked = said.index.intersection(choices.index)
together = said.loc[asked].join(choices)
tries = {
    "what they said": find_segments(said.loc[asked]),
    "what they bought": find_segments(choices.loc[asked]),
    "both together": find_segments(together),
}
pd.DataFrame({name: recovery(found, truth) for name, found in tries.items()}).T.round(2)

# %% [markdown] label="words-alone-tell-little-more"
# Words alone tell little more than calling everybody the same; words and baskets together come nearest, if by a margin that chance could make with so few people. They err in different ways: words are polite, baskets are tied to a purse. (What to do with the thousands who were not asked? Learn from those who
# were, and apply it to the rest: a "typing tool". It will be less sure than this table.)

# %% label="check-23-1"
answer = ...  # share of the order lines of VIP and key customers bought at a discount, in %
check("23-1", answer)

# %% [markdown] label="service-runs-two-gears-better" tags=["predict"]
# ## Service runs in two gears, and the better one is for few
#
# What do customers get, then? The **front line** (前台: counter, telephone, adviser) turns round the customer. The **back office** (后台: stock, repairs, invoices, the answer to a hard question) turns round the front line: the front line is *its* customer, and a slow answer behind becomes a slow answer in front. These are the two gears of service. And the front line itself has two speeds: the many get a
# good standard, the few at the top a specialist who takes time. Why not everybody? The table of service costs knows the minutes.
#
# > **Predict.** VIP and key are the best 5 % of the customers. What share of the staff's minutes do they take?

# %% label="predict-23-c"
predict("23-c", ...)

# %% label="costs"
costs = crmkit.load("cost_to_serve")
profit = customer_profit(orders, costs).set_index("customer_id")["profit"] / 3  # a year
tiers = assign_tiers(profit)
year = costs[costs["year"] == company.year].set_index("customer_id")
front = year.groupby(tiers.reindex(year.index), observed=True)[["contacts", "minutes"]].sum()
front["hours"] = front["minutes"] / 60
front["share_of_hours"] = front["hours"] / front["hours"].sum()
front.iloc[::-1].round(2)

# %% label="print"
top, everybody = front.loc[["VIP", "key"], "hours"].sum(), front["hours"].sum()
print(f"the service of {company.year} took {everybody:,.0f} hours; a person works about 1,600 a year")
print(f"twice the time for VIP and key: {top:,.0f} hours more; for everybody: {everybody:,.0f}")

# %% [markdown] label="taking-time-few-costs-little"
# Taking time for the few costs little, because they are few; taking time for all would double the department. So the high end gets specialists and the mass market a standard, and the standard has to be good: it is what most customers ever see. (How many hours in the back office each hour in front needs is in no table here. Ask before you promise.)
#
# A **service policy** (服务政策) writes down who gets what and what it costs a year. Four services are common:

# %% label="services"
services = pd.DataFrame(
    {
        "tier": ["VIP", "key", "ordinary", "small"],
        "service": ["own manager", "priority", "offers", "standard"],
        "cost_per_customer": [150, 60, 10, 0],
    }
)
policy_cost(tiers, profit, services)[
    ["tier", "service", "customers", "profit", "cost", "break_even_lift"]
].round(2)

# %% [markdown] label="same-value-different-offer-would"
# `break_even_lift` is what each service must achieve: by which share it must raise the tier's profit to pay for itself. Whether it does, no table of costs can say. That takes an experiment (lesson 32), or a look behind the scenes.
#
# ## Same value, different offer: what would it earn?
#
# Here is such a look, for one service: an adviser of one's own, at {company.symbol}40 a year for a customer. What it earns depends on how much a customer cares for advice and care, and no firm knows that number. The truth file has it: `weight_communication`. *Suppose* the adviser raises the yearly profit of a customer by exactly that
# share (a weight of 0.20 means 20 %). It is an assumption, and the only one here.

# %% label="customers"
customers = crmkit.load_truth("customers").set_index("customer_id")
lift = customers["weight_communication"].reindex(profit.index)
policy = pd.DataFrame(
    {
        "tier": ["VIP", "key", "ordinary", "small"],
        "service": ["adviser"] * 3 + ["standard"],
        "cost_per_customer": [40, 40, 40, 0],
    }
)
table = policy_gain(tiers, profit, policy, lift.where(tiers > "small", 0.0))
table[["tier", "service", "customers", "profit", "cost", "break_even_lift", "gain", "net"]].round(2)

# %% [markdown] label="worth-decides-most-vips-adviser"
# Worth decides most of it: for VIPs an adviser pays several times over; for the ordinary tier as a whole it pays for itself just about, or not at all.
#
# Now use the needs: within a tier, give the adviser only to those whose basket says "value".

# %% label="label"
label = orientation.reindex(profit.index).fillna("unknown")
net = (profit * lift - 40).groupby([tiers, label], observed=True).agg(["size", "mean"])
net["mean"].unstack().iloc[::-1].drop("small").round(0)

# %% label="net-size-unstack"
net["size"].unstack().iloc[::-1].drop("small").fillna(0).astype(int)

# %% [markdown] label="figures-adviser-earns-per-customer"
# The figures are what an adviser earns per customer and year, after cost; the second table says how many customers stand behind each (a handful says nothing). Read down a column: the tier matters most, and at the top the adviser pays whatever the label. Read along the row of the ordinary tier, where it pays for itself just about: there the value-oriented come first and the price-oriented last. So **the need decides
# where the decision is close**. That is what needs segments are good for, although many labels are wrong.

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - **Labels for people are often wrong.** Never let a label close a door: let the customer choose, and use the label for what you show first.
# - **Need changes with the task.** The same person is price-oriented for screws and value-oriented for the kitchen.
# - **A basket shows what was on the shelf.** Who wanted advice and found none bought something else, or elsewhere.
# - **Here the truth has three types because the world was built so.** Real people come in no fixed number of kinds.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - Worth says how much to spend on somebody, need says on what. One does not tell the other.
# - k-means always finds what you ask for. Compare with a one-line split before you believe it.
# - Stable segments may be stably wrong. Words alone told little; added to baskets they may help.
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
# - **naive split** 简单划分: equal parts by one number: what a segmentation must beat
# - **front line** 前台: whoever deals with customers
# - **back office** 后台: whoever makes it possible; its customer is the front line
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
# Lesson 24: what a customer will still bring.
