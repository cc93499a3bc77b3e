# %% [markdown] label="title" tables=["orders", "cost_to_serve", "customers"] tags=["opening"]
# # A fifth of the customers bring most of the profit, and some of the others take it away again
#
# **After this lesson you can** draw and read a Pareto curve; say why the curve of profit rises above 100 %; test the 80/20 rule instead of quoting it; cut a customer pyramid and defend the cuts; name the customers who cost more than they bring.
#
# **45 minutes** · you need lesson 00 · you will meet: Pareto curve, Gini coefficient, customer pyramid, tier, cut point

# %% [markdown] label="one-person-cannot-know-thousands"
# ## One person cannot know thousands of names
#
# {company.name} wants to give its most important customers a person: somebody who knows their name, calls back, and remembers the wall with the damp. There is money for one such desk, which can look after one customer in twenty.
# The head of sales has a list ready: the twentieth with the largest turnover. The head of service has read it and says: *"The people who drive my team mad are on it."*
#
# Who is right? First, one row per customer. Lesson 00 did it by hand; here is the helper that keeps everybody, also those who only cost.

# %% label="imports"
import pandas as pd

import crmkit
from crmkit.practice import check, hint, predict, quiz, solution
from crmkit.style import show
from crmkit.value import assign_tiers, customer_profit, customers_for_share, gini
from crmkit.value import losing_customers, share_table, simulate_orders, tier_table
from crmkit.value import tiers_with_cost, top_share, top_share_interval
from crmkit.value.explorers import tier_explorer
from crmkit.value.plots import plot_concentration, plot_profit_against_turnover, plot_tiers

company = crmkit.company()
orders = crmkit.load("orders")
profits = customer_profit(orders, crmkit.load("cost_to_serve"), crmkit.load("customers"))
profits.round(0).head()

# %% [markdown] label="turnover-pay-profit-leave"
# `profit` = `margin` - `cost_to_serve`, over three years. What would be paid without any customer (rent, the director's coffee machine) is not in it.
#
# ## Turnover is what they pay, profit is what they leave

# %% label="plot-profit-against-turnover"
ax = plot_profit_against_turnover(profits)
ax.set_title("Most lie on a beam; some large customers lie far below it")
losing = profits["profit"] < 0
show(
    ax,
    alt=f"Profit against turnover of {len(profits):,} customers: profit mostly rises with turnover, but {losing.sum():,} customers lie below zero, some with a large turnover.",
)

# %% label="desk"
desk = len(profits) // 20
large, best = profits.nlargest(desk, "turnover"), profits.nlargest(desk, "profit")
strangers = ~large["customer_id"].isin(best["customer_id"])
print(f"of the {desk} largest by turnover, {(large['profit'] < 0).sum()} cost more than they bring")
print(f"and {strangers.sum()} are not among the {desk} largest by profit")

# %% [markdown] label="both-point-nearly-all-list"
# Both have a point. Nearly all on the list earn well; a few cost more than they bring, and some places belong to somebody else. Turnover is a good guide to profit and a bad judge: it does not see who rings every week. From here on the lesson ranks by **profit**, and says so when it does not.

# %% [markdown] label="curve-profit-climbs-above-100" tags=["predict"]
# ## The curve of profit climbs above 100 %
#
# Line the customers up, the best first, walk along the line and add up. The picture is called a **Pareto curve** (帕累托曲线). If all brought the same, it would be the dashed straight line. The more it bulges, the fewer bring the most.
#
# > **Predict.** You will see two curves, of turnover and of profit. Which of the two bulges more, and why?

# %% label="predict-20-a"
predict("20-a", ...)

# %% label="plot-concentration"
ax = plot_concentration({"turnover": profits["turnover"], "profit": profits["profit"]})
ax.set_title("Profit is in fewer hands than turnover")
show(
    ax,
    alt=f"Pareto curves: the best 20 % of the customers bring {top_share(profits['turnover']):.0%} of the turnover and {top_share(profits['profit']):.0%} of the profit; the curve of profit rises above 100 % before it falls back.",
)

# %% label="lost"
lost = losing_customers(profits["profit"])
print(
    f"{lost['losing']:,} of {lost['customers']:,} customers cost more than they bring ({lost['losing_share']:.0%})"
)
print(
    f"the others earn {lost['earned']:,.0f}, these lose {-lost['lost']:,.0f}: the curve peaks at {lost['peak_share']:.1%}"
)

# %% [markdown] label="80-20-finding-about-firm"
# A curve of turnover can never pass 100 %, because nobody pays less than nothing. A curve of profit can: the customers at the end of the line are a minus. Up to its peak the curve counts everyone who leaves something; behind it come those who take some of that away again. When you
# read that "10 % of the customers bring 120 % of the profit", this is what is meant. It is no miscalculation.
#
# ## 80/20 is a finding about a firm, not a law
#
# Now the famous rule: *20 % of the customers bring 80 % of the profit.* The table says what {company.name}'s best 1 %, 4 %, 10 %, ... bring.

# %% label="table"
table = share_table(profits["profit"])
table.round({"value": 0, "value_share": 3, "smallest_value": 0})

# %% label="top-share-interval"
low, high = top_share_interval(profits["profit"], 0.20)
print(
    f"the best fifth bring {top_share(profits['profit']):.1%} of the profit (95 % interval {low:.1%} to {high:.1%})"
)
print(f"and {top_share(profits['turnover']):.1%} of the turnover")
print(
    f"80 % of the turnover comes from {customers_for_share(profits['turnover']):.0%} of the customers"
)

# %% [markdown] label="profit-over-three-years-rule" tags=["predict"]
# For {company.name}'s profit over three years the rule is close. For its turnover it is not. Before you write "confirmed" on the slide, change three things that should not matter if it were a law: how long one looks, whom one looks at, and which firm it is.
#
# > **Predict.** Take one single month instead of three years, and only the customers who bought in it. Does the best fifth bring a larger share of the turnover, a smaller one, or the same?

# %% label="predict-20-b"
predict("20-b", ...)


# %% label="windows"
def in_window(start, end):
    inside = orders[orders["order_date"].between(start, end)]
    return inside.groupby("customer_id")["turnover"].sum()


windows = {
    "one month": (f"{company.year}-06-01", f"{company.year}-06-30"),
    "one year": (company.year_start, company.end),
    "three years": (company.start, company.end),
}
pd.Series({name: top_share(in_window(*days)) for name, days in windows.items()}).round(3)

# %% [markdown] label="same-firm-share-moves-length"
# The same firm, and the share moves with the length of the look. Within a month most of those who buy come once, so the differences are mainly those between baskets. Over years the loyal have come again and again, and the passers-by still once. (In lesson 00 the share was *larger* in single years. That is no contradiction: there it was the profit of everyone served, also of those who bought nothing; here it is the turnover of those who bought.) **Anyone who quotes a share must say over which time, of what, and of whom.**
#
# Next, other firms. Three simulated ones, of a kind each: a subscription where everybody pays about the same, a shop round the corner, and a trade supplier with a few giants. Their customers differ in how often they buy (`r`, `alpha`), how soon they stop (`a`, `b`) and how much they spend (`p`, `q`, `gamma`); the letters are the settings of the two models in lesson 24, and here only the result counts.

# %% label="firms"
firms = {
    "subscription": ({"r": 8, "alpha": 32, "a": 0.5, "b": 8}, {"p": 30, "q": 20, "gamma": 20}),
    "corner shop": ({"r": 0.9, "alpha": 5, "a": 0.8, "b": 6}, {"p": 4, "q": 5, "gamma": 20}),
    "trade supplier": ({"r": 0.3, "alpha": 4, "a": 0.8, "b": 12}, {"p": 2, "q": 1.3, "gamma": 60}),
}
found = {}
for name, (how_often, how_much) in firms.items():
    theirs, _ = simulate_orders(how_often, how_much, customers=2000, seed=20)
    spent = theirs.groupby("customer_id")["turnover"].sum()
    found[name] = {"best 20 % bring": top_share(spent), "Gini": gini(spent)}
pd.DataFrame(found).T.round(2)

# %% [markdown] label="rule-thumb-promises-too-much"
# The rule of thumb promises too much for the first two and too little for the third. It is a sentence about how unlike a firm's customers are. The **Gini coefficient** (基尼系数) says the same in one number: 0 when all bring the same, near 1 when one brings everything.
#
# **The rule, tested:** at {company.name} about right for profit over three years, wrong for turnover, wrong for a month, and wrong for all three of the other firms. Keep the habit of asking; leave the number behind.

# %% label="check-20-1"
answer = ...  # the profit of all customers together in the three years, in {company.coins}
check("20-1", answer)

# %% [markdown] label="pyramid-drawn-where-somebody-decides"
# ## A pyramid is drawn where somebody decides to cut
#
# A firm cannot treat thousands of people one by one, and it should not treat them all alike. So it makes **tiers** (层级). The customer pyramid has four: VIP, key, ordinary, small (VIP客户, 大客户, 普通客户, 小客户). Nature does not provide the lines between them. Here they are cut by share of
# the customers: the best 1 %, the next 4 %, the next 15 %, the rest.

# %% label="pyramid"
profits["tier"] = assign_tiers(profits["profit"])
pyramid = tier_table(profits["tier"], profits["profit"])
pyramid.round(
    {"customer_share": 3, "value": 0, "value_share": 3, "mean_value": 0, "lowest": 0, "highest": 0}
)

# %% label="plot-tiers"
ax = plot_tiers(pyramid)
top_two = pyramid.head(2)
ax.set_title("Few at the top, and they carry much")
show(
    ax,
    alt=f"The customer pyramid: VIP and key together are {top_two['customer_share'].sum():.0%} of the customers and bring {top_two['value_share'].sum():.0%} of the profit.",
)

# %% [markdown] label="two-customers-very-same-profit"
# Two customers with the very same profit always land in the same tier, whatever their row. That sounds natural and is not: many tools cut by position, and so one of two equal customers gets a manager and the other a call centre.
#
# There are other ways to cut. By **amount**, so that everyone knows what it takes ("above {company.symbol}1,000"), and next year the tier may grow. By **share of the profit**, so that the top tier is whoever brings the first half.

# %% label="amount"
by_amount = assign_tiers(
    profits["profit"], {"VIP": 3000, "key": 1000, "ordinary": 200, "small": 0}, by="amount"
)
by_place = profits["tier"]
pd.crosstab(by_place, by_amount, rownames=["by share of customers"], colnames=["by amount"]).iloc[
    ::-1, ::-1
]

# %% [markdown] label="neither-table-wrong-answer-different"
# Neither table is wrong. They answer different questions: *who are our best 1 %?* and *who brings enough to pay for a manager?* The second question can be put in figures, and that is what the new desk needs. Move the cuts and the cost of service, and read the sentence.

# %% label="tier-explorer" tags=["nbval-ignore-output"]
yearly = profits["profit"] / 3
tier_explorer(yearly, costs=(150, 60, 10, 0))

# %% [markdown] label="watch-last-part-sentence-much"
# Watch the last part of the sentence: **by how much must the service raise what these customers bring, to pay for itself?** A cut point is defended with that figure and not with a pyramid in a textbook. Whether a manager really raises it is a question for an experiment (lesson 32 shows how).

# %% [markdown] label="each-scheme-question-one-tier" tags=["predict"]
# ## Each scheme has its question, and one has a tier for those who cost more than they bring
#
# The pyramid is one scheme of several. They do not differ in the names of the metals, they differ in what they ask:
#
# | tiers, best first | the question |
# |---|---|
# | VIP, key, ordinary, small (VIP客户, 大客户, 普通客户, 小客户) | how much service can we afford, and for whom? |
# | diamond, gold, silver, ordinary (钻石, 黄金, 白银, 普通客户), and *costs more* | who pays, and whom do the others pay for? |
# | high-value, potential, basic (高价值, 潜力, 基础客户) | who is not there yet, and may be? (lesson 24) |
# | value, potential, migrating, freezing-point (价值, 潜力, 迁移, 冰点客户) | who is on the way in, who on the way out? (lesson 22) |
#
# > **Predict.** The second scheme first takes out all who cost more than they bring, and cuts the others as the pyramid does. What share of the profit will its top tier have, compared with the pyramid's VIPs: more, less, the same?

# %% label="predict-20-c"
predict("20-c", ...)

# %% label="metals"
profits["metal"] = tiers_with_cost(profits)
metals = tier_table(profits["metal"], profits["profit"])
metals.round({"customer_share": 3, "value": 0, "value_share": 3, "mean_value": 0}).iloc[:, :6]

# %% [markdown] label="little-less-1-fewer-customers"
# A little less: 1 % of fewer customers is fewer customers. And the last row has a minus. In the pyramid these people stand among the small, unseen. If one ranks by turnover, some of them stand higher:

# %% label="assign-tiers"
profits["tier_by_turnover"] = assign_tiers(profits["turnover"])
profits["costs_more"] = profits["metal"] == "costs more"
profits.groupby("tier_by_turnover", observed=True)["costs_more"].agg(["sum", "mean"]).round(3).iloc[
    ::-1
]

# %% label="costs"
costs = (
    crmkit.load("cost_to_serve").groupby("customer_id")[["contacts", "minutes"]].sum().reset_index()
)
seen = profits.merge(costs, on="customer_id")
seen["minutes_per_order"] = seen["minutes"] / seen["orders"].clip(lower=1)
seen.groupby("costs_more")[
    ["orders", "turnover", "cost_to_serve", "contacts", "minutes_per_order"]
].median().round(1)

# %% [markdown] label="makes-dear-typical-one-bought"
# What makes them dear? The typical one of them bought once, for little, and got in touch again and again about it. That is no bad person. It may be a newcomer with a broken lamp. The large ones among them are few, and worth a talk each:

# %% label="seen-seen-costs"
seen[seen["costs_more"]].nlargest(5, "turnover")[
    ["customer_id", "orders", "turnover", "margin", "cost_to_serve", "profit", "contacts"]
].round(0)

# %% [markdown] label="nobody-sent-away-because-minus"
# Nobody is sent away because of a minus. First comes *why*: returns that a better product page would prevent, questions that a printed page would answer, visits that could be a call. Then a cheaper way of serving. Only then a price for it.

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - **The past is not the future.** These are three years gone by. A customer who joined last month stands at the bottom and may be next year's best; lesson 24 asks what is still to come.
# - **Money is not everything.** Someone may buy little and send you ten others: lesson 21.
# - **Cost to serve is an estimate.** Here it is known to the penny. Real firms have to guess whose call it was; if they spread the cost evenly, the real loss-makers look like everybody else, and small quiet customers look like loss-makers.
# - **Profit per customer leaves out common costs.** If you dropped every customer below the average, the rent would still be due, and the average would rise for ever.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - Rank by profit, not by turnover; a large customer can be a loss.
# - A curve above 100 % shows that some customers take back what others bring.
# - 80/20 is a finding to be tested, with its time span and its firm, never a law.
# - Tiers are decisions. A cut point is defended by what it costs and what it must bring.

# %% [markdown] label="words-learnt" tags=["words"]
# ## Words learnt
#
# - **Pareto curve** 帕累托曲线: customers lined up from best to worst, and the share of the total that they bring so far
# - **Gini coefficient** 基尼系数: how unequal, in one number: 0 if all bring the same, near 1 if one brings all
# - **customer pyramid** 客户金字塔: four tiers, few at the top and many at the foot
# - **tier** 层级: a group of customers who get the same service
# - **diamond customer** 钻石客户, **gold customer** 黄金客户, **silver customer** 白银客户: tiers of a scheme that keeps those who cost more apart
# - **cut point** 分界点: where one tier ends and the next begins; somebody's decision
# - **loss-making customer** 亏损客户: costs more to serve than the margin of all orders

# %% label="quiz-20"
quiz("20")

# %% [markdown] label="on-your-own-data" tags=["own-data"]
# ## On your own data
#
# Your own 80/20 and your own pyramid, by margin if your file has it, else by turnover. Say beside the figure which of the two it is, and over which time.
#
# ```python
# from crmkit.value import assign_tiers, customer_summary, tier_table, top_share
# from crmkit.value.plots import plot_concentration, plot_tiers
#
# orders, report = crmkit.read_orders("my_orders.csv")
# customers = customer_summary(orders)
# money = "margin" if "margin" in customers else "turnover"
# print(f"the best fifth bring {top_share(customers[money], 0.2):.0%} of the {money}")
# plot_concentration({money: customers[money]})
# plot_tiers(tier_table(assign_tiers(customers[money]), customers[money]))
# ```

# %% [markdown] label="what-next" tags=["next"]
# ## What next
#
# The exercises `20_who_brings_the_profit` let you do this on other data. Lesson 21 asks who matters although the till does not say so.
