# %% [markdown] label="title" extra=true tables=["area_spend", "area_customers", "area_tests", "acquisition_areas", "followed_customers", "followed_margin", "wake_up_test", "offers", "truth/acquisition_curves"] tags=["opening"]
# # The next new customer costs more than the report says
#
# **After this lesson you can** tell customers whom a channel caused from customers who clicked there last; measure with areas what a channel brings; say what the next customer costs; say when the cost has come back; move money to where the next customer costs least.
#
# **50 minutes to read, 55 minutes of exercises** · you need lesson 31 · you will meet: last click, incremental customer, geographic test, saturation, marginal cost, payback time

# %% [markdown] label="case"
# ## Leaflets look eight times as expensive as search
#
# Every Monday the marketing team of {company.name} gets a report. For each channel it divides the money by the customers whose *last click* before the first purchase was there (or whose voucher code). The last 13 weeks:

# %% label="imports"
import pandas as pd

import crmkit
from crmkit import prospects, reactivation
from crmkit.practice import check, predict, quiz, reveal
from crmkit.prospects import acquisition_explorers as explorers
from crmkit.prospects import acquisition_plots as plots
from crmkit.style import show

company = crmkit.company()
spend, won = crmkit.load("area_spend"), crmkit.load("area_customers")
tests, areas = crmkit.load("area_tests"), crmkit.load("acquisition_areas")
report = prospects.attributed_cost(spend)
show(report.round(1))

# %% [markdown] label="case-read"
# "Stop leaflets and radio," says the director, "and put the money into search." It sounds logical. But the report answers another question. It says where customers *clicked*. He wants to know whom the money *brought*.
#
# ## Switch it off, and see who still comes
#
# In spring {company.year} chance chose among twenty areas. In six of them paid search was **off** for eight weeks, in six it was **doubled**, in eight it went on as usual. This is a **geographic test**.

# %% label="share-of-clicks"
everybody = won.loc[prospects.last_weeks(won["week"], 13), "new_customers"].sum()
clicked = report.loc["search", "last_clicks"] / everybody
print(f"last clicks on search: {clicked:.0%} of all new customers")

# %% [markdown] ask="52-a"

# %% label="predict-52-a"
predict("52-a", ...)

# %% [markdown] label="by-hand-head"
# By hand, with five areas: new customers a week in the 26 weeks **before** the test and **during** it. The **growth** is during ÷ before.

# %% label="by-hand"
growth = prospects.area_growth(won, tests, "search")
five = pd.concat([growth[growth["arm"] == "off"].head(2), growth[growth["arm"] == "as usual"].head(3)])
show(five.round(2))

# %% label="by-hand-compare"
mean = five.groupby("arm")["growth"].mean()
print(f"as usual: x {mean['as usual']:.2f}, search off: x {mean['off']:.2f}")
print(f"so search off means {mean['off'] / mean['as usual'] - 1:+.0%}")

# %% [markdown] label="by-hand-read"
# Spring is busier than winter, so the areas as usual grew on average, some more, some less. Only the *difference between the growths* belongs to search (**difference in differences**). Since growth multiplies, one divides: off ÷ as usual − 1.
#
# All twenty areas, first in pandas, then with the helper. Its `change` is a share (−0.05 would be 5 % fewer), `low` to `high` is the 95 % interval. `p` says how often chance alone gives a change as large. Where the interval holds 0, the test cannot tell the change from chance. Is this so for the doubled areas?

# %% label="test"
show(growth.groupby("arm")["growth"].mean().round(3).to_frame())
test = prospects.area_test(spend, won, tests, "search")
show(test[["areas", "change", "low", "high", "p"]].round(3))

# %% label="reveal-52-a"
reveal("52-a")

# %% label="test-cost"
row = test.loc["off"]
print(f"a week in the areas without search: {company.money(-row.spend)} saved,")
print(f"{-row.clicks:.0f} last clicks and {-row.customers:.0f} customers fewer")
print(f"cost of a customer by last click {company.money(row.spend / row.clicks)}, by the test {company.money(row.cost)}")
print(f"(95 % interval {company.money(row.cost_low)} to {company.money(row.cost_high)})")

# %% [markdown] label="test-read"
# Most of those who clicked on search came all the same when there was nothing to click on. They had decided already: they typed "{company.name}" and clicked on the first line, an advertisement that the company pays for. Others had a leaflet in their hand. **The last click takes the credit for customers who come anyway, and for those whom other channels moved.** Only those who would not have come without the channel are **incremental**.
#
# ## The next customer costs more than the average one
#
# One test per channel is slow. But areas and weeks always differ in spending. From 104 weeks in 20 areas the helper estimates what each channel adds. It takes out how large an area is and how busy a week was, and allows for **saturation**: each further {company.coin} brings a little less. (`customers_at` takes multiples of today's spending: 1 is today, 2 is twice as much.) What does {company.symbol}1,000 more a week for search bring?

# %% label="curve"
model = prospects.ResponseModel().fit(spend, won, areas)
costs = model.costs()
today = costs.loc["search"]
more = model.customers_at([1, 1 + 1000 / today["spend"]]).query("acquisition_channel == 'search'")
extra = more["customers"].diff().iloc[-1]
print(f"now {today.customers:.0f} customers a week, {company.money(today.average)} each on average")

# %% [markdown] ask="52-b"

# %% label="predict-52-b"
predict("52-b", ...)

# %% label="next-one"
print(f"{company.symbol}1,000 more brings {extra:.1f} customers: {company.money(1000 / extra)} each")

# %% label="reveal-52-b"
reveal("52-b")

# %% label="plot-costs"
ax = plots.plot_costs(costs, report["attributed_cost"], title="The next search customer is expensive")
words = "; ".join(f"{name}: {r.average:.0f} on average, {r.marginal:.0f} for the next" for name, r in costs.iterrows())
show(ax, alt=f"Cost of a customer caused, by channel. {words}.")

# %% [markdown] label="plot-read"
# The lines are 95 % intervals; what ends at the right edge goes on. The blue dot of search is what the test measured too, there from eight weeks only, so less exactly. The red one is the very next customer; a customer of the next {company.symbol}1,000 costs a little more, since the cost rises on the way.
#
# **A decision about more or less money needs the cost of the next customer, the marginal cost.** Search is far along its curve; leaflets are not. Now spend the budget yourself: move one channel up and another down by the same amount, and read the sentence under the picture:

# %% label="explorer"
explorers.split_explorer(model, about=company)

# %% [markdown] label="value-head"
# ## Cheap customers leave early
#
# A cost needs something to compare it with: the *margin* that a customer brings, month by month. For each channel 300 customers with their last click there were followed, and 300 without a click. Many joined only recently, so not all were watched for 24 months. The mean of each month takes only those who were watched in it. The margin of one customer by the end of month 1, 12 and 24, in {company.coins}:

# %% label="value"
followed, margin = crmkit.load("followed_customers"), crmkit.load("followed_margin")
by_month = prospects.margin_by_month(followed, margin)
some = by_month[by_month["month"].isin([1, 12, 24])]
show(some.pivot(index="acquisition_channel", columns="month", values="so_far").round(0))

# %% [markdown] label="payback-head"
# **Payback time** is the number of months after which this margin has paid the `cost` of the next customer. A dash means: not within the 24 months watched. `low` to `high` is the 95 % interval; `back by then` is the share of repeated samples in which the cost is back within 24 months.

# %% label="payback"
price = costs[["marginal", "marginal_high"]].set_axis(["cost", "high"], axis=1)
show(prospects.payback(followed, margin, price).round(2))

# %% label="plot-payback"
pair = costs.loc[["leaflets", "search"], "marginal"]
ax = plots.plot_payback(by_month, pair, title="The next leaflet customer pays back")
ends = by_month[by_month["month"] == 24].set_index("acquisition_channel")["so_far"]
show(ax, alt=f"Within 24 months leaflets bring {ends['leaflets']:.0f} for a cost of {pair['leaflets']:.0f}, search {ends['search']:.0f} for {pair['search']:.0f}.")

# %% [markdown] label="payback-read"
# The bands are 95 % intervals. Payback time is counted on margin. Turnover would pay back sooner on paper, but goods have to be paid for.
#
# ## Two rules of thumb
#
# "A customer must be worth three times the cost." It is written LTV : CAC of 3 : 1 (lifetime value to customer acquisition cost). Below: the margin of 24 months, divided by the cost in the report, on average, and of the next one:

# %% label="three-to-one"
ratios = report[["attributed_cost"]].join(costs[["average", "marginal"]]).rdiv(ends.loc[costs.index], axis=0)
show(ratios.round(1))

# %% [markdown] label="three-read"
# With the report's cost the rule praises search and condemns leaflets. It does not say which cost it means. What pays is decided by the last column: **spend more where the next customer brings more than he or she costs (above 1), less where it is below.** A channel whose customers bring 3 times their average cost may bring only once the cost of the next one.
#
# "Winning a customer costs ten times as much as keeping one (or 5 to 25 times)." Lesson 31 measured what it costs to wake one customer:

# %% label="ten-times"
effects = reactivation.effect_table(crmkit.load("wake_up_test"))
contact = crmkit.load("offers").set_index("offer")["cost"]
woken = (contact / effects.set_index("arm")["effect"]).dropna().min()
print(f"one customer woken costs {company.money(woken, 2)} with the best offer")
table = pd.DataFrame({"report": report["attributed_cost"], "average": costs["average"], "next": costs["marginal"]})
show((table / woken).round(1))

# %% [markdown] label="ten-read"
# The table divides the cost of one new customer by this: from a few times to far more than 25 times, in the same company and the same month. Ask of such a sentence: which channel, which cost, woken by what?
#
# ## The same budget, better split
#
# The best split makes the next {company.coin} bring the same margin in each channel. Margin counts, not the number of customers. (`low` to `high` is the 95 % interval of `best`.)

# %% label="split"
plan = prospects.best_split(model, costs["spend"].sum(), value=ends)
gain, low, high = (company.money(plan.attrs[name]) for name in ("gain", "gain_low", "gain_high"))
print(f"margin gained for each week's spending: {gain} (95 % interval {low} to {high})")
show(plan[["spend", "best", "low", "high", "customers", "customers_best"]].round(0))

# %% [markdown] label="split-read"
# It is the opposite of what the director wanted. The amounts are uncertain. The direction is sure where the interval does not hold today's `spend`. Move in steps, and test again.
#
# In a simulated company we may look up the truth, beside our estimates:

# %% label="truth"
truth = crmkit.load_truth("acquisition_curves").set_index("acquisition_channel")
true = truth[["average_cost", "marginal_cost"]].set_axis(["true average", "true marginal"], axis=1)
show(costs[["average", "marginal"]].join(true).round(0))

# %% [markdown] label="turn"
# ## Your turn

# %% [markdown] ask="52-1"

# %% label="check-52-1"
check("52-1", ...)

# %% label="quiz-52"
quiz("52")

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - **Spending that follows demand.** If a channel gets money where business is good, the curve takes demand for effect. Choose at random where to spend more, or trust tests only.
# - **Small channels.** Eight weeks in twenty areas cannot see a change of five per cent. "No effect found" is not "no effect".
# - **Beyond what was tried.** Nobody has spent three times as much: there the curve is a guess.
# - **Effects that come later** than the week of the spending are missed.
# - **The value is that of those who clicked.** Those whom the channel truly moved may stay longer, or shorter.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - Attributed is not caused: switch a channel off in areas chosen at random, and count who still comes.
# - The next customer costs more than the average one.
# - Cost is compared with margin, not with turnover, and with how long customers stay.
# - Move money until the next {company.coin} brings the same everywhere.

# %% [markdown] label="words-learnt" tags=["words"]
# ## Words learnt
#
# - **last click** 末次点击: the channel on which a customer clicked last before the first purchase
# - **incremental customer** 增量客户: a customer who would not have come without the channel
# - **geographic test** 地区实验: areas chosen at random get more or less of a channel
# - **saturation** 饱和: the more is spent already, the less the next amount brings
# - **marginal cost** 边际成本: what the next customer costs
# - **payback time** 回本期: months until a customer's margin has paid what winning cost

# %% [markdown] label="on-your-own-data" tags=["own-data"]
# ## On your own data
#
# You need a table of spending and last clicks by week and channel. For a test, choose areas at random, and keep spending and new customers by week and area (and in a third table the arm of each area).
#
# ```python
# import pandas as pd
# from crmkit.prospects import area_test, attributed_cost
#
# spend = pd.read_csv("my_area_spend.csv")  # week, area, acquisition_channel, spend, last_clicks
# won = pd.read_csv("my_new_customers.csv")  # week, area, new_customers
# tests = pd.read_csv("my_area_tests.csv")  # acquisition_channel, area, arm, first_week, last_week
# print(attributed_cost(spend))
# print(area_test(spend, won, tests, "search").T)
# ```

# %% [markdown] label="what-next" tags=["next"]
# ## What next
#
# Some customers come because a friend spoke well of you. **Lesson 53** asks what introductions are worth, and what a reward for them does.

# %% [markdown] label="on-one-page" tags=["summary"]
# ## On one page
#
# **Claim.** The last click takes credit for customers who come anyway, and the next customer costs more than the average one.
#
# **Method.**
#
# 1. Switch the channel off in some areas, at random, and compare their growth with that of the others.
# 2. Estimate what a little more money brings, and so the cost of the next customer.
# 3. Compare it with the margin that such a customer brings, and move money to where the next one costs least for it.
#
# **Formula.** marginal cost = money more ÷ customers more
#
# **Code.**
#
# ```python
# area_test(spend, customers, tests, "search")
# ```
#
# **Where it fails.** Spending that follows demand makes every channel look strong.
