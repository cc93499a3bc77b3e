# %% [markdown] label="title" tables=["orders", "cost_to_serve", "truth/customers"] tags=["opening"]
# # A few customers bring most of the profit
#
# **After this lesson you can** run a cell, and let the course check an answer; compute what each customer brought and what each customer cost; test a rule of thumb on data.
#
# **45 minutes to read, 40 minutes of exercises** · you need a little Python: you have met a table in pandas before · you will meet: turnover, margin, cost to serve, customer profit, rule of thumb, truth

# %% [markdown] label="sells-drills-people-want-holes"
# ## {company.name} sells drills, and what people want holes for
#
# You are new at **{company.full_name}**: shops, a web shop, an app, and a call centre that never quite knows what the shops have promised. In your first week the
# director stops you at the coffee machine:
#
# > "Everyone tells me that a fifth of our customers bring four fifths of our profit. Is that true here? And who are they?"
#
# {company.name} does not exist. It was *simulated*: a program invented its customers, what they need, what they buy, when they lose interest. That is the point of this course. You see what a real company
# would see. The program also wrote down what really happened, and after every estimate you can look there and learn **how wrong you were**. No real company can show you that.
#
# Click into the next cell and press **Shift + Enter**. That runs it.

# %% label="imports"
import pandas as pd

import crmkit
from crmkit.practice import check, hint, predict, quiz, reveal, solution
from crmkit.style import show
from crmkit.value import customer_profit, top_share
from crmkit.value.first_look import first_look_explorer, plot_best_bring

company = crmkit.company()
orders = crmkit.load("orders")
orders.head()

# %% [markdown] label="table-stands-above-line-installation"
# If a table stands above this line, your installation works. If you see an error instead, open a terminal here (*File > New > Terminal*) and type `crmkit doctor`: it says what is missing and what to do.
#
# One row is one **order**. `turnover` is what the customer paid. `margin` is what was left of it when {company.name} had paid for the goods. All amounts are in {company.coins} ({company.sign}).

# %% label="print"
print(f"{len(orders):,} orders by {orders['customer_id'].nunique():,} customers")
print(f"from {orders['order_date'].min():%d %B %Y} to {orders['order_date'].max():%d %B %Y}")

# %% [markdown] label="profit-left-telephone-answered"
# ## Profit is what is left when the telephone has been answered
#
# Some customers order, and nobody hears of them again. Others call every week, send half of it back, and want to speak to the manager. The orders do not tell the two apart. This table does: one row for a customer and a year, with what serving them cost. Here are its five most expensive rows:

# %% label="costs"
costs = crmkit.load("cost_to_serve")
show(costs.sort_values("cost", ascending=False).head())

# %% [markdown] label="customers-profit-needs-two-sums"
# A customer's **profit** is the margin of all orders less the cost to serve. By hand, for five customers:

# %% label="five"
five = pd.DataFrame(
    {"margin": [80, 60, 30, 20, 40], "cost": [20, 20, 10, 5, 75]},
    index=["Ann", "Bo", "Cy", "Di", "Ed"],
)
five["profit"] = five["margin"] - five["cost"]
show(five)

# %% [markdown] label="five-read"
# Together they bring 100. Ann is one of five customers, and brings 60 of the 100. Ed calls so often that he costs more than he brings. The same for all customers:

# %% label="margin"
margin = orders.groupby("customer_id")["margin"].sum()
cost = costs.groupby("customer_id")["cost"].sum()
profit = margin.sub(cost, fill_value=0).sort_values(ascending=False)
show(profit.head(3).round(0).rename("profit"))

# %% [markdown] label="three-top-list-now-directors"
# Those three are at the top of the list. Now the director's question. Write down your guess before you look: put it in place of the three dots, and run the cell. A guess that was written down teaches more than a number that was only read.

# %% [markdown] ask="00-a"

# %% label="predict-00-a"
predict("00-a", ...)

# %% label="reveal-00-a"
best_fifth = 100 * top_share(profit, 0.20)
reveal("00-a")

# %% [markdown] label="curve-climbs-fast-falls"
# ## The curve climbs fast, and then it falls
#
# Line up all customers, the best one first, and add up their profit as you walk along the line.

# %% label="plot-best-bring"
ax = plot_best_bring(profit, 20)
ax.set_title("The first fifth of the line brings most of the profit")
show(
    ax,
    alt=f"Customers from best to worst: the first fifth brings {best_fifth:.0f} % of the profit. The curve rises above 100 % and then falls back to it.",
)

# %% [markdown] label="look-right-hand-end-curve"
# The curve goes **above** one hundred per cent and comes down again. That cannot happen with turnover, because nobody pays less than nothing. With profit it can: the customers at the end of the line cost more than they bring, and the others earn what these lose.

# %% label="losing"
losing = profit[profit < 0]
print(
    f"{len(losing):,} of {len(profit):,} customers cost more than they brought: {company.money(-losing.sum())} in three years"
)

# %% [markdown] label="move-line-yourself"
# ## Move the line yourself
#
# This is an **explorer**. Drag the slider, or click on it and use the arrow keys. The sentence under the picture says what you see. **Your goal:** find the smallest share of the customers that brings *half* of the profit. Then switch to turnover.

# %% label="first-look-explorer"
table = customer_profit(orders, costs)
first_look_explorer(table)

# %% [markdown] label="turnover-spread-more-evenly-than"
# Turnover is spread more evenly than profit, because it does not see what a customer costs. So a list of "best customers" made from turnover names some of the wrong people. How many?

# %% label="fifth"
fifth = len(table) // 5
payers = set(table.nlargest(fifth, "turnover")["customer_id"])
earners = set(table.nlargest(fifth, "profit")["customer_id"])
print(
    f"{len(payers - earners)} of the {fifth:,} highest payers are not among the {fifth:,} who bring most profit"
)

# %% [markdown] label="lesson-20-goes-finds"
# Lesson 20 goes and finds them.

# %% [markdown] label="rule-thumb-claim-claim-tested"
# ## A rule of thumb is a claim, and a claim can be tested
#
# "A fifth of the customers, four fifths of the profit" is said of every company. Is it a law? Here is the same count for each year alone:

# %% label="customer-profit"
for year in company.years:
    sales = orders[orders["order_date"].dt.year == year]
    served = customer_profit(sales, costs[costs["year"] == year])
    quiet = (served["orders"] == 0).mean()
    print(
        f"{year}: {top_share(served['profit'], 0.20):.0%} of the profit; {quiet:.0%} of those served bought nothing"
    )

# %% [markdown] label="same-company-share-another-one"
# The share is not the same in every year. Look at the second figure. In the first year nearly everybody had just bought something. Later the list also holds customers who have gone quiet: they bring nothing, and a newsletter or a call still costs money. So the rule is not a law. **The share depends on the company, on the time, and on whom you still call a customer.** This course treats every rule of thumb in this way: it counts.

# %% [markdown] label="truth-lies-drawer"
# ## The truth lies in a drawer
#
# Why does one customer buy the cheapest drill and another the best? {company.name} can only guess. The simulation knows, because it made them so:

# %% label="truth"
truth = crmkit.load_truth("customers")
show(truth["need_type"].value_counts(normalize=True).round(2))

# %% [markdown] label="three-kinds-people-nothing-orders"
# Three kinds of people, and nothing in the orders names them. In lesson 23 you will look for them in their baskets, and then open this drawer to see how many you put into the wrong group. Do not open it before.

# %% [markdown] label="lesson-works"
# ## How a lesson works
#
# You **predict** before you look. You **run** a cell, you **look** at what it shows, you **play** with an explorer, and you **answer** a question that answers back:

# %% [markdown] ask="00-1"

# %% label="check-00-1"
answer = ...
check("00-1", answer)

# %% [markdown] label="put-answer-place-three-dots"
# Put your answer in place of the three dots. A wrong answer costs nothing, and the reply usually knows *how* you got there. When you are stuck, ask for a hint, more than once if need be; after three tries the solution opens: `solution("00-1")`.

# %% label="hint-00-1"
hint("00-1")

# %% [markdown] label="more-questions-folder-exercises-one"
# More questions are in the folder `exercises`, one notebook for each lesson.

# %% label="quiz-00"
quiz("00")

# %% [markdown] label="choose-path"
# ## Choose your path
#
# | you have | take these lessons | at the end you can |
# |---|---|---|
# | **half a day** | 00, 20, 30, 32 | say who matters, and tell a customer won back from one who came back |
# | **one day** | 00, 11, 20, 22, 30, 32, 40 | the same, and turn a need into an offer, read a score, and see a brand as a word |
# | **your own time** | all, in order of their numbers, one at a sitting | everything here; then lesson 80, on orders of your own |
#
# The first digit names the part: **1** from needs to the offer, **2** which customers, **3** sleeping customers, **4** brand and memory, **7** reading behaviour, **8** your own data. Within a part, later lessons use earlier ones; the parts can be taken in any order. The README lists every lesson.

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - **Three years are not a life.** A customer who joined last month stands at the bottom of the line. Lesson 24 looks ahead.
# - **Cost to serve is what was written down.** Rent and salaries are in nobody's row. Customers who "lose money" here may still help to pay for the shop.
# - **Money is not all.** Someone who sends three friends may be far down this list: lesson 21.
# - **{company.name} is a model.** What holds here is possible. For your own company there is lesson 80.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - Profit per customer is margin less cost to serve; turnover does not see the cost.
# - A few customers bring most of the profit, and some customers take part of it away.
# - A rule of thumb is a question: count it, for this company and this time.
# - Here the truth is known, so you can see how far an estimate is off.

# %% [markdown] label="words-learnt" tags=["words"]
# ## Words learnt
#
# - **turnover** 营业额: what customers paid, after discounts and refunds
# - **margin** 毛利: turnover less what the goods cost
# - **cost to serve** 服务成本: what the calls, visits and returns of one customer cost
# - **customer profit** 客户利润: the margin of a customer's orders less the cost of serving that customer
# - **rule of thumb** 经验法则: a figure that is repeated without evidence; here, a claim to be tested
# - **truth** 真实情况: what really happened in the simulated company, kept apart from what the company can see

# %% [markdown] label="on-your-own-data" tags=["own-data"]
# ## On your own data
#
# A file with one row per order is enough: a customer, a date and an amount. `read_orders` reads it, sets aside what it cannot use, and says why. Most files have no margin; then this lesson works with turnover.
#
# ```python
# from crmkit.value import customer_summary
# from crmkit.value.first_look import best_bring, plot_best_bring
#
# orders, report = crmkit.read_orders("my_orders.csv")
# customers = customer_summary(orders)
# money = "margin" if "margin" in customers else "turnover"
# print(best_bring(customers[money], 20))
# plot_best_bring(customers[money], 20)
# ```
#
# Lesson 80 goes through the report step by step.

# %% [markdown] label="what-next" tags=["next"]
# ## What next
#
# With a class: your trainer says which. On your own: **lesson 10**, where customers meet the company, or straight on with the director's question in **lesson 20**, where the best customers get names, tiers, and a bill for what they cost.

# %% [markdown] label="on-one-page" tags=["summary"]
# ## On one page
#
# **Claim.** A few customers bring most of the profit, and some cost more than they bring.
#
# **Method.**
#
# 1. Add up the margin of each customer's orders.
# 2. Subtract what it cost to serve this customer.
# 3. Line up all customers, the best first, and add up their profit.
#
# **Formula.** Customer profit = margin − cost to serve.
#
# **Code.**
#
# ```python
# top_share(customer_profit(orders, costs)["profit"], 0.20)
# ```
#
# **Where it fails.** It looks back over a few years, and sees only costs that somebody wrote down.
