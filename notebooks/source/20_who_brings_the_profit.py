# %% [markdown] label="title" tables=["orders", "cost_to_serve", "customers"] tags=["opening"]
# # A fifth of the customers bring most of the profit, and others take part of it away
#
# **After this lesson you can** compute what each customer brings, and read a Pareto curve; test the 80/20 rule instead of quoting it; cut a customer pyramid, and say how sure the cut is; find the customers who cost more than they bring.
#
# **55 minutes to read, 65 minutes of exercises** · you need lesson 00 · you will meet: Pareto curve, Gini coefficient, customer pyramid, tier, cut point

# %% [markdown] label="one-person-cannot-know-thousands"
# ## One person cannot know thousands of names
#
# {company.name} wants to give its most important customers a person of their own, who knows their name and calls back. There is money for one such desk, for one customer in twenty.
#
# The head of sales has a list: the 5 % of the customers with the largest turnover. The head of service has read it. "Some of them drive my team mad," he says. "They are not worth it." Who is right?

# %% label="imports"
import numpy as np
import pandas as pd

import crmkit
from crmkit import value
from crmkit.practice import check, hint, predict, quiz, reveal, solution
from crmkit.style import show
from crmkit.value import explorers, plots

company = crmkit.company()

# %% [markdown] ask="20-a"

# %% label="predict-20-a"
predict("20-a", ...)

# %% [markdown] label="turnover-pay-profit-leave"
# ## Turnover is what customers pay, profit is what they leave
#
# A customer's **profit** is the margin of all orders less the cost of serving this customer. Five customers show what that changes:

# %% label="five"
five = pd.DataFrame(
    {
        "turnover": [200, 150, 80, 50, 120],
        "margin": [80, 60, 30, 20, 40],
        "cost": [20, 20, 10, 5, 75],
    },
    index=["Ann", "Bo", "Cy", "Di", "Ed"],
)
five["profit"] = five["margin"] - five["cost"]
show(five)

# %% [markdown] label="five-read"
# Ed pays more than Cy and Di, but he calls every week, and what is left is a loss. `customer_profit` does the same for the whole company, and keeps also those who only cost.

# %% label="profits"
orders, costs, customers = map(crmkit.load, ["orders", "cost_to_serve", "customers"])
profits = value.customer_profit(orders, costs, customers)
show(profits.round(0).head())

# %% label="plot-profit-against-turnover"
losing = profits["profit"] < 0
ax = plots.plot_profit_against_turnover(profits, title="Profit rises with turnover, but not for everyone")
show(
    ax,
    alt=f"Profit against turnover of {len(profits):,} customers: profit mostly rises with turnover, but {losing.sum():,} customers lie below zero.",
)

# %% label="desk"
desk = len(profits) // 20
large, best = profits.nlargest(desk, "turnover"), profits.nlargest(desk, "profit")
both = large["customer_id"].isin(best["customer_id"]).sum()
print(f"{desk} names on each list, {both} of them on both")
reveal("20-a")

# %% [markdown] label="both-point-nearly-all-list"
# Both have a point. Most large customers are good ones. But turnover does not see who calls every week. **From here on we rank customers by profit.**

# %% [markdown] label="curve-profit-climbs-above-100"
# ## A curve of profit can climb above 100 %
#
# Put the five in line, the best first, and add up:

# %% label="five-in-line"
line = five["profit"].sort_values(ascending=False)
show(pd.DataFrame({"profit": line, "so_far": line.cumsum(), "share": line.cumsum() / line.sum()}))

# %% [markdown] label="five-in-line-read"
# After four customers we have 135 % of the whole profit. Then Ed takes part of it away. Drawn, this is a **Pareto curve** (帕累托曲线). The more it bulges, the fewer customers bring the most.

# %% label="plot-concentration"
ax = plots.plot_concentration(
    {"profit": profits["profit"], "turnover": profits["turnover"]},
    title="Profit is in fewer hands than turnover",
)
share = {name: value.top_share(profits[name]) for name in ("turnover", "profit")}
show(
    ax,
    alt=f"Pareto curves: the best 20 % of the customers bring {share['turnover']:.0%} of the turnover and {share['profit']:.0%} of the profit; the curve of profit rises above 100 % before it falls back.",
)

# %% label="lost"
lost = value.losing_customers(profits["profit"])
print(f"{lost['losing']:,} customers cost more than they bring ({lost['losing_share']:.0%})")
print(f"the curve peaks at {lost['peak_share']:.1%} of the profit")

# %% [markdown] label="80-20-finding-about-firm"
# So when you read that "10 % of the customers bring 120 % of the profit", it is no mistake: the others together lose money. Turnover can never do that.
#
# The dots stand at the best fifth. A famous rule says: *20 % of the customers bring 80 % of the profit.* Here that is close. If it is a law, it should not matter how long we look.

# %% [markdown] ask="20-b"

# %% label="predict-20-b"
predict("20-b", ...)

# %% [markdown] label="80-20-is-a-finding"
# ## 80/20 is a finding about one firm, not a law

# %% label="top-share-interval"
low, high = value.top_share_interval(profits["profit"], 0.20)
print(f"the best fifth bring {share['profit']:.1%} of the profit")
print(f"(95 % interval {low:.1%} to {high:.1%}), and {share['turnover']:.1%} of the turnover")

# %% label="windows"
windows = {
    "one month": (f"{company.year}-06-01", f"{company.year}-06-30"),
    "one year": (company.year_start, company.end),
    "three years": (company.start, company.end),
}
reveal("20-b")
show(value.share_by_window(orders, windows).round(3))

# %% [markdown] label="same-firm-share-moves-length"
# The longer we look, the larger the share. Most buyers of a month come once in it, so they differ only by the size of one basket. Over three years some come again and again.
#
# Now other firms: the coffee merchant Beanline, and three that were simulated to differ.

# %% label="firms"
coffee = value.customer_profit(crmkit.load("orders", data="beanline"))
firms = {company.name: profits["turnover"], "Beanline": coffee["turnover"], **value.three_trades()}
show(value.compare_firms(firms).round(2))

# %% [markdown] label="rule-thumb-promises-too-much"
# The **Gini coefficient** (基尼系数) puts the whole curve into one number: 0 when all bring the same, near 1 when one brings everything. **The rule, tested:** the share differs from firm to firm, and from month to year. **If you quote it, say of what, over which time, and of which firm.**

# %% [markdown] ask="20-1"

# %% label="check-20-1"
answer = ...
check("20-1", answer)

# %% [markdown] label="pyramid-drawn-where-somebody-decides"
# ## Somebody decides where a tier ends
#
# A firm cannot treat thousands of people one by one. So it forms **tiers** (层级), with one service for each. The **customer pyramid** (客户金字塔) has four: VIP, key, ordinary and small customers. A tier ends at a **cut point** (分界点). Two ways to cut the five:

# %% label="five-cut"
show(pd.DataFrame(
    {
        "profit": five["profit"],
        "best fifth": value.assign_tiers(five["profit"], {"top": 0.2, "base": 1}),
        "from 40 on": value.assign_tiers(five["profit"], {"top": 40, "base": 0}, by="amount"),
    }
))

# %% [markdown] label="two-customers-very-same-profit"
# By **share** one is at the top, by **amount** two. A share always finds equally many people; an amount means the same next year. Customers with the same profit are never parted. The usual pyramid cuts by share: the best 1 %, the next 4 %, the next 15 %, the rest.

# %% label="pyramid"
profits["tier"] = value.assign_tiers(profits["profit"])
pyramid = value.tier_table(profits["tier"], profits["profit"])
show(pyramid[["tier", "customers", "value", "value_share", "lowest"]].round({"value": 0, "value_share": 3, "lowest": 0}))

# %% label="plot-tiers"
ax = plots.plot_tiers(pyramid, title="Few at the top, and they carry much")
two = pyramid.head(2)
show(
    ax,
    alt=f"The customer pyramid: VIP and key customers together are {two['customer_share'].sum():.0%} of the customers and bring {two['value_share'].sum():.0%} of the profit.",
)

# %% [markdown] label="desk-cut"
# VIP and key customers are one in twenty: the names for the desk. But with other luck the same people would have ordered a little more or less.

# %% [markdown] ask="20-c"

# %% label="predict-20-c"
predict("20-c", ...)

# %% [markdown] label="close-to-the-cut"
# ## Close to the cut, chance decides
#
# Two customers each bring 60, one with twelve orders of 5, the other with one order. Let chance deal their orders eight more times, with the same number on average:

# %% label="dealt"
rng = np.random.default_rng(20)
show(pd.DataFrame({"twelve of 5": 5 * rng.poisson(12, 8), "one of 60": 60 * rng.poisson(1, 8)}).T)

# %% [markdown] label="dealt-read"
# The first always brings something near 60. The second brings nothing, or 60, or twice that. `list_certainty` does this with all orders and costs of the company, 200 times, and counts how often each customer is on the list. Its table has the `customer_id` as its index.

# %% label="certain"
certain = value.list_certainty(orders, costs, customers, top=desk, seed=20)
listed = certain[certain["on_list"]]
sure = (listed["share_of_draws"] >= 0.95).sum()
print(f"{len(listed)} names on the list; {sure} of them are on it in 95 % of the draws")
reveal("20-c")

# %% label="plot-list-certainty"
ax = plots.plot_list_certainty(certain, desk)
show(
    ax,
    alt=f"Share of the draws in which a customer is on the list, by place: near 100 % for the best, lower and lower towards the cut and behind it; {sure} of {len(listed)} names are sure of their place.",
)

# %% [markdown] label="sure-names"
# **A list of the best has sure names and doubtful ones: say how many of each.** Give the desk to the sure names. For those near the cut, on both sides, let somebody who knows them decide.

# %% [markdown] label="explorer-goal"
# Now move the cuts and the cost. **Your goal:** a service for VIP and key customers that pays for itself if it raises what they bring by 8 %.

# %% label="tier-explorer" tags=["nbval-ignore-output"]
yearly = profits.set_index("customer_id")["profit"] / len(company.years)
explorers.tier_explorer(yearly, (150, 60, 10, 0), safe_from=certain["safe_from"], goal=0.08)

# %% [markdown] label="watch-last-part-sentence-much"
# This figure defends a cut point. Whether a personal desk really raises profit by 8 %, only an experiment can tell (lesson 32).

# %% [markdown] label="each-scheme-question-one-tier"
# ## One scheme has a tier for those who cost more than they bring
#
# Each scheme of tiers has its own question:
#
# | tiers, best first | the question |
# |---|---|
# | VIP, key, ordinary, small (VIP客户, 大客户, 普通客户, 小客户) | how much service can we afford, and for whom? |
# | diamond, gold, silver, standard (钻石, 黄金, 白银, 普通), *costs more* | who pays, and for whom? |
# | high-value, potential, basic (高价值, 潜力, 基础客户) | who may become a good customer? (lesson 24) |
# | value, promising, migrating, freezing-point (价值, 潜力, 迁移, 冰点客户) | who is coming, who is leaving? (lesson 22) |

# %% label="metals"
profits["metal"] = value.tiers_with_cost(profits)
metals = value.tier_table(profits["metal"], profits["profit"])
show(metals[["tier", "customers", "value", "value_share"]].round({"value": 0, "value_share": 3}))

# %% label="costs"
contacts = costs.groupby("customer_id")[["contacts", "minutes"]].sum()
seen = profits.join(contacts, on="customer_id").fillna({"contacts": 0, "minutes": 0})
seen["costs_more"] = seen["metal"] == "costs more"
show(seen.groupby("costs_more")[["orders", "turnover", "cost_to_serve", "contacts", "minutes"]].median().round(0))

# %% [markdown] label="makes-dear-typical-one-bought"
# Of those who bring something, diamond is the best 1 %, gold the next 4 %, silver the next 15 %. The last row of the first table has a minus. In the pyramid nobody notices these people: they are among the small customers. They buy little and get in touch often: the second table holds medians, so half of each group lies below.
#
# Nobody is sent away because of a minus. First ask *why*. Then look for a cheaper way to serve, such as a printed guide. Only then think of a fee.

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - **The past is not the future.** A customer who joined last month is at the bottom (lesson 24).
# - **Money is not everything.** Someone may buy little and bring ten others (lesson 21).
# - **Cost to serve is an estimate.** Spread evenly, it hides who is expensive.
# - **The draws keep customers as they are.** People change, and the best have had good luck already (lesson 22).

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - Rank by profit: turnover does not see what a customer costs.
# - A curve above 100 % shows that some customers take away what others bring.
# - 80/20 is a finding about one firm and one stretch of time.
# - A cut point is a decision: say what it costs, what it must bring, and how many names are sure.

# %% [markdown] label="words-learnt" tags=["words"]
# ## Words learnt
#
# - **Pareto curve** 帕累托曲线: customers lined up from best to worst, and the share of the total that they bring so far
# - **Gini coefficient** 基尼系数: how unequal, in one number: 0 if all bring the same, near 1 if one brings all
# - **customer pyramid** 客户金字塔: four tiers (VIP, key, ordinary, small), few customers at the top and many at the foot
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
# The exercises `20_who_brings_the_profit` let you do this on another year and at another firm. Lesson 21 asks who matters although the till does not say so.

# %% [markdown] label="on-one-page" tags=["summary"]
# ## On one page
#
# **Claim.** A small part of the customers brings most of the profit, some take part of it away, and how small the part is depends on the firm and on the time.
#
# **Method.**
#
# 1. Margin less cost to serve for each customer, everyone kept; line them up and add up.
# 2. Cut tiers by share or by amount, and compute by how much a tier's service must raise profit to pay for itself.
# 3. Deal the orders again, and count how many names on the list are sure.
#
# **Formula.** Rise needed = cost of the service ÷ profit of those who get it.
#
# **Code.**
#
# ```python
# tier_table(assign_tiers(profits["profit"]), profits["profit"])
# ```
#
# **Where it fails.** The past is not the future, and those at the top have had good luck already.
