# %% [markdown] label="title" tables=["orders"] tags=["opening"]
# # A file becomes evidence when every row of it is accounted for
#
# **After this lesson you can** bring a file of orders into the course, whatever program wrote it; say how many rows were used, how many were not, and why; take the decisions that no program can take for you; draw a first picture of unknown customers; judge how far that picture can be trusted.
#
# **70 minutes to read, 35 minutes of exercises** · you need lesson 00; lessons 20, 22 and 24 for the last part · you will meet: export, row set aside, exact duplicate, guest account, end of observation

# %% [markdown] label="file-arrives-friday-afternoon"
# ## The file arrives on a Friday afternoon
#
# {company.name} has bought a small garden centre in Germany, *Gartenmarkt Lindner*. The former owner sends what her till could give: "Everything is in there. We have about four hundred regulars, I would say." The director wants to know by Monday **how many customers came with the shop, and whether they are any good**.
#
# The garden centre is invented, like {company.name}, and so is everything in the file. Its faults are not: every one of them has been met in real exports.
#
# When you have gone through the lesson once, do it again with a file of your own: change the three lines at the end of the next cell and choose *Run > Run All Cells*. The text then still speaks of the garden centre; what the cells print speaks of your file.

# %% label="imports"
import pandas as pd

import crmkit
from crmkit.data.own.ugly import ugly_sample
from crmkit.practice import check, hint, predict, quiz, reveal, solution
from crmkit.style import show

company = crmkit.company()
my_file = ugly_sample()  # your own: my_file = "my_orders.csv" (or .xlsx, .parquet)
options = {}  # what your file needs, such as {"dayfirst": False}: a table further down lists it
not_people = ["99999"]  # customer numbers that stand for no person: your report warns of them

# %% [markdown] label="look-file-before-ask-anything"
# ## Look at the file before you ask it anything
#
# Here are the first rows of the garden centre's file, as they stand in it:

# %% label="raw"
raw = ugly_sample().read_bytes().decode("cp1252").splitlines()
print("\n".join(raw[:9]))

# %% [markdown] label="german-headings-fourth-row-beleg"
# German headings in the fourth row (*Beleg* receipt, *Datum* date, *Kunde* customer, *Warengruppe* goods, *Betrag* amount). Semicolons between the cells. The day comes first, the decimal mark is a comma, and the euro sign sits in the cell. One receipt may fill several rows.
#
# A spreadsheet or pandas reads this without complaint, if one tells it about the semicolons. Watch what happens to the money:

# %% label="naive"
naive = pd.read_csv(ugly_sample(), sep=";", encoding="cp1252", skiprows=3)
print(f"{len(naive):,} rows. The first three amounts added up: {naive['Betrag'].head(3).sum()}")

# %% [markdown] label="amounts-text-adding-glued-together" tags=["predict"]
# The amounts are text, so "adding" glued them together. At least one *sees* that. The dangerous faults are those that give a number.
#
# > **Predict.** How many in a hundred rows of this file can *not* be used as they are? Write a number.

# %% label="predict-80-a"
predict("80-a", ...)

# %% [markdown] label="every-row-used-set-aside"
# ## Every row is used, or set aside for a reason
#
# `read_orders` finds headings, separators, dates and decimal marks by itself, adds the lines of a receipt up to one order, and gives two things back: the **orders**, and a **report** on what became of every row.

# %% label="orders-report-crmkit"
orders, report = crmkit.read_orders(my_file, **options)
report

# %% label="reveal-80-a"
unusable = 100 * report.rows_set_aside / max(report.rows_read, 1)
reveal("80-a", f"{unusable:.0f} in a hundred")

# %% [markdown] label="read-table-top-rows-read"
# Read the table from the top. **Rows read is always rows used plus rows set aside**: nothing disappears. **The same sum holds for the money**, to the last cent: what the file holds is what was counted plus what was left out, reason by reason. The row numbers are those of a spreadsheet, so that you can open the file and look. Below the table stands what was *assumed*: which column is what, how amounts were read.
#
# The orders themselves are now the same four columns for every file in the world. All that you have learnt in this course works on them:

# %% label="orders-head-4"
orders.head(4)

# %% [markdown] label="row-set-aside-finding"
# ## A row set aside is a finding
#
# It is tempting to shrug and go on: the rest will do. But why a row is unusable often tells more about a business than the row would have. Take the first of each kind:

# %% label="report-set-aside"
report.set_aside.groupby("reason", sort=False).head(1)

# %% [markdown] label="two-kinds-deserve-question-former"
# Two kinds deserve a question to the former owner. *Missing customer*: sales where nobody showed a card. Are those other people, or the same regulars who forgot it? And *exact duplicate*: rows that equal an earlier one in every cell. Where do they lie?

# %% label="copies"
copies = report.set_aside.query("reason == 'exact duplicate'")["row"]
if len(copies):
    print(f"{len(copies)} copies, between row {copies.min()} and row {copies.max()}")
print(report.set_aside.query("reason == 'headings repeated'")["row"].tolist(), "headings again")

# %% [markdown] label="all-one-block-block-begins"
# In the garden centre's file they lie all in one block, and the block begins right under a second row of headings. Somebody made two exports whose dates overlap, and pasted one under the other. Had the copies been scattered over the file, one would have to think of something else: the same goods, bought twice.

# %% [markdown] label="best-customer-not-exist"
# ## The best customer does not exist
#
# The report ends with notes, and those that begin with **WARNING** want an answer from you.

# %% label="print"
for warning in report.warnings:
    print(warning)
orders["customer_id"].value_counts().head(3)

# %% [markdown] label="number-99999-shopping-habit-no"
# Number 99999 buys more than any garden can use. It is the button that the cashiers press when a customer has no card at hand. A program can only suspect that. You decide, and write the decision down where everybody can read it. Here that is the line `not_people` in the first cell.

# %% label="not-people"
persons = orders[~orders["customer_id"].isin(not_people)]
print(f"{len(orders) - len(persons):,} orders left out, {len(persons):,} kept")

# %% [markdown] label="three-decisions-three-different-shops" tags=["predict"]
# ## Three decisions, three different shops
#
# So far two decisions were taken: copies out, till out. What if a hurried colleague had left one of them in?
#
# > **Predict.** Which slip changes more what *the best fifth of the customers* bring: counting the copies, or counting the till as a customer? Write `"copies"` or `"till"`.

# %% label="predict-80-b"
predict("80-b", ...)

# %% label="imports-2"
from crmkit.value.first_picture import compare_readings

doubled = crmkit.read_orders(my_file, **options | {"duplicates": "keep"}).orders
readings = {
    "decided": persons,
    "till counted": orders,
    "copies kept": doubled[~doubled["customer_id"].isin(not_people)],
}
compared = compare_readings(readings)
compared.round(3)

# %% label="reveal-80-b"
moved = (compared["best_fifth"] - compared["best_fifth"]["decided"]).abs().drop("decided")
till, copied = moved["till counted"], moved["copies kept"]
reveal("80-b", "neither" if till == copied else "till" if till > copied else "copies")
print(f"the till moves the share by {100 * till:.1f} points, the copies by {100 * copied:.1f}")

# %% [markdown] label="one-single-line-more-list"
# In the garden centre, one single line more in the list of customers makes the best fifth look distinctly better than it is, because the new number one collects what hundreds of strangers paid. The copies push the *turnover* up, and hardly touch the shares: they fall on good and bad customers alike. **A fault that hits everybody alike distorts sums; a fault that hits one name distorts rankings.** Which one hurts depends on your question.

# %% [markdown] label="first-picture-many-came-once"
# ## The first picture: many came once, and most are quiet
#
# Now the director's question. How often do these customers buy?

# %% label="imports-3"
from crmkit.value.first_picture import (
    first_picture,
    plot_months_since_last,
    plot_orders_per_customer,
)

seen = first_picture(persons)
ax = plot_orders_per_customer(persons)
ax.set_title(f"{seen['bought_once']:.0%} of the customers have placed one order")
show(
    ax,
    alt=f"Share of the customers by number of orders: {seen['bought_once']:.0%} have placed one order, fewer have placed two, three or four.",
)

# %% [markdown] label="about-four-hundred-regulars-head"
# "About four hundred regulars", the former owner said. The head count is right. *Regular* is another matter: in her file the tallest bar is the one for a single order. Are they at least recent?

# %% label="plot-months-since-last"
ax = plot_months_since_last(persons)
ax.set_title(f"{seen['quiet']:.0%} have bought nothing for half a year")
show(
    ax,
    alt=f"Share of the customers by months since their last order. {seen['quiet']:.0%} lie beyond half a year (grey).",
)

# %% [markdown] label="blue-order-last-half-year"
# Blue: an order in the last half year. Grey: none. Whether a grey customer has left for good or simply plants once a year and will be back in spring, this picture does not say; lesson 30 does.

# %% [markdown] label="fifth-brings-four-fifths-not"
# ## "A fifth brings four fifths": not in every shop
#
# The rule of thumb says that 20 % of the customers bring 80 % of the business. Count it, and give the count its uncertainty: had other customers of the same kind walked in, how much would the figure move?

# %% label="imports-4"
from crmkit.value import customer_summary, top_share, top_share_interval

customers = customer_summary(persons)
best_fifth = top_share(customers["turnover"], 0.2)
low, high = top_share_interval(customers["turnover"], 0.2)
verdict = "holds here" if low <= 0.8 <= high else "does not hold here" if low < high else "cannot be tested"
print(f"The best fifth brings {best_fifth:.0%} of the turnover (95 % interval {low:.0%} to {high:.0%})")
print(f"The rule of 80 % {verdict}: {len(customers):,} customers were counted.")

# %% [markdown] label="shop-rule-not-hold-whole"
# In the garden centre the rule does not hold: the whole interval lies below 80 %. That is neither good nor bad news. It says that a policy built on "look after the few" would neglect a good part of the turnover. With your own file, look whether 80 % lies inside *your* interval before you repeat the rule.

# %% [markdown] label="where-observation-ends-decides-see"
# ## Where the observation ends decides what you see
#
# Move the end of the observation back in time, as if you had asked for the file earlier. Watch the orange bar, those who bought once, and the grey ones. Then let the till count, at some early end.

# %% label="imports-5"
from crmkit.value.first_picture import reading_explorer

reading_explorer(readings)

# %% [markdown] label="early-end-makes-more-customers"
# An early end makes more customers look like one-timers: they had just come, and had no time to return. A late end makes more of them look quiet: whoever came in the first year has had time to leave. **Neither share belongs to the customers alone; both belong to the customers and the calendar.** Whoever compares two shops, or two years, must give them the same length of time:

# %% label="first-picture"
first, last = persons["order_date"].min(), persons["order_date"].max()
for share in (0.25, 0.6, 1.0):
    end = first + share * (last - first)
    then = first_picture(persons, end)
    print(f"seen until {end:%Y-%m-%d}: {then['bought_once']:.0%} bought once, {then['quiet']:.0%} quiet")

# %% [markdown] label="file-uglier-still-ask-needs"
# ## When the file is uglier still, ask for what it needs
#
# `read_orders` would rather stop and ask than guess. Two columns that could both be the customer:

# %% label="ask"
def ask(text, **options):
    try:
        print(crmkit.read_orders(text.encode(), **options).report)
    except crmkit.CrmkitError as problem:
        print(problem)


ask("client no,card no,order date,amount\n7,A1,2025-03-01,10\n8,A1,2025-03-02,12\n")

# %% [markdown] label="date-could-third-april-fourth"
# A date that could be the third of April or the fourth of March. Nothing in the file decides it, so the report says what was assumed, and how to change it:

# %% label="ask-2"
ask("customer,date,amount\nA,03/04/2025,10\nB,05/06/2025,12\n")

# %% [markdown] label="pounds-euros-one-column-cannot"
# Pounds and euros in one column cannot be added up. Choose one, and the other is set aside and counted:

# %% label="ask-3"
ask("customer,date,amount\nA,2025-03-01,£10\nB,2025-03-02,€12\n")
ask("customer,date,amount\nA,2025-03-01,£10\nB,2025-03-02,€12\n", currency="GBP")

# %% [markdown] label="file-write-other-headings-customer"
# What a file needs stands once, in the first cell: `options = dict(dayfirst=False, currency="GBP")`.
#
# | the file | what to put into `options` |
# |---|---|
# | other headings | `customer="Kd-Nr", date="when", amount="paid"` |
# | month before day | `dayfirst=False` |
# | points between thousands, comma before the cents | `decimal=","` |
# | orders on the second sheet | `sheet="Orders 2025"` |
# | times in UTC, shop in London | `timezone="Europe/London"` |
# | refunds that carry the order's number | `refunds="net"` |
# | a status that means something else here | `statuses={"On hold": "counts"}`, or `status=False` to count every row |
# | the whole order's amount on each of its lines | `amount_is="order"` |
# | equal rows that are real | `duplicates="keep"` |
# | letters look wrong | `encoding="gb18030"` (Chinese), `"cp1252"` (Western European) |
#
# | the file | what to write for `my_file` |
# |---|---|
# | one sheet a year | `my_file = pd.concat(pd.read_excel("my_orders.xlsx", sheet_name=None).values())` |
# | customer and date only in the first row of an order | `my_file = pd.read_excel("my_orders.xlsx")`, then `my_file[["Customer", "Date"]] = my_file.groupby("Order")[["Customer", "Date"]].ffill()` |
#
# The last line fills *within* an order. Filled from row to row, an order without a customer would go to the customer above it.

# %% [markdown] label="orders-tiers-lifetime-value"
# ## From orders to tiers and lifetime value
#
# From here on everything is as in lessons 20 to 24, because the columns are the same. **Tiers** (lesson 20), by turnover, since the file has no margin:

# %% label="imports-6"
from crmkit.value import assign_tiers, tier_table
from crmkit.value.plots import plot_tiers

tiers = assign_tiers(customers["turnover"])
table = tier_table(tiers, customers["turnover"])
ax = plot_tiers(table)
small = table.set_index("tier")["value_share"].get("small", 0)
ax.set_title(f"The small customers together bring {small:.0%} of the turnover")
show(
    ax,
    alt=f"Four tiers by turnover, share of customers beside share of value; the small tier brings {small:.0%}.",
)

# %% [markdown] label="lifetime-value-lesson-24-looks"
# **Lifetime value** (lesson 24) looks ahead, so it must first show that it can. Hide the last year (of a file of less than two years, the later half), forecast it from what went before, and hold it against what happened. The plain rival says that each customer does next year what they did last year.

# %% label="imports-7"
from crmkit.value.first_picture import forecast_hidden_year

try:
    scores = forecast_hidden_year(persons)
    nearer = scores["lifetime model is nearer"].sum()
    print(f"The lifetime model is nearer in {nearer} of {len(scores)} measures.")
except crmkit.CrmkitError as too_little:
    scores = str(too_little)
scores

# %% [markdown] label="total-compares-forecast-sum-happened"
# *Total* compares the forecast sum with what happened: 1 is right. The *mean error* is in purchase days per customer. *Best fifth* is the share of the real purchases made by those whom the forecast ranked in the best fifth. In the garden centre "as last year" promises far too much, and one sees why: customers leave, and the rule does not know it. The model comes nearer there, and is still far from knowing what *one* customer will do. With your own file, look at both columns before you believe either: a forecast that was never compared with a hidden year is a hope.
#
# With that in mind, the value of the next twelve months. Money still needs a margin, and this file has none. The rate below is an **assumption**: ask the accountant.

# %% label="imports-8"
from crmkit.value import BetaGeoModel, GammaGammaModel, customer_lifetime_value

money = {"currency": report.currency or "own currency", "discount_per_year": 0.1}
money["margin_rate"] = 0.3  # assumed: the share of turnover that is left after the goods are paid
try:
    often, much = BetaGeoModel().fit(customers), GammaGammaModel().fit(customers)
    ahead = customer_lifetime_value(often, much, customers, horizon=1, unit="Y", **money)
    together = ahead["lifetime_value"].sum()
    print(f"next year, all {len(ahead):,} together: {together:,.0f} {money['currency']} of margin")
    print(f"more likely gone than not: {(ahead['probability_alive'] < 0.5).mean():.0%} of them")
except crmkit.CrmkitError as too_little:
    print(too_little)

# %% [markdown] label="one-warning-lesson-24-goes"
# One warning from lesson 24 goes with the last line: this model takes everybody who bought once for alive, however long ago that was. So nobody among them is in that share.
#
# That is what to tell the director on Monday: a head count, how many of them are probably still there, what they are likely to bring, and **which decisions and which assumption that rests on**.

# %% [markdown] label="turn-own-shop-through-same"
# ## Your turn: your own shop, through the same till
#
# Your {company.name} orders of {company.year} have been put through the same till. Question 80-1 asks for the turnover that can be used.

# %% label="check-80-1"
from crmkit.data.own.ugly import ugly_file

own = crmkit.load("orders")
export = ugly_file(own[own["order_date"] >= company.year_start])
answer = ...  # read `export`, then the turnover of the orders that can be used
check("80-1", answer)

# %% label="hint-80-1"
hint("80-1")

# %% label="quiz-80"
quiz("80")

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - **A reader sees cells, not meaning.** If "Betrag" holds prices before discount, or gross and net by turns, every row is fine and every sum is wrong. Hold one month's total against the books.
# - **A customer number is not a person.** Two cards in one household, one card for a whole company, a new card after a move: orders alone cannot tell.
# - **Sales without a customer are still sales.** Shares "of the turnover" are shares of the turnover *with a card*. If regulars often forget the card, they look worse than they are.
# - **Refunds that stand alone** make turnover too high by what they take back. The report says how much that is.
# - **The file begins somewhere.** Customers from before the first row look new in it.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - Rows read = rows used + rows set aside. If a program cannot show you that sum, do not believe its other sums.
# - Why rows were set aside is a finding about the business, and often a question for somebody who was there.
# - A fault that hits all alike distorts sums; one that hits a single name distorts rankings.
# - Bought once, quiet, best fifth: each depends on where the observation ends.
# - A forecast counts from the day on which it has been held against a year that it had not seen.

# %% [markdown] label="words-learnt" tags=["words"]
# ## Words learnt
#
# - **export** 导出文件: a file that a program hands out for others to read
# - **row set aside** 搁置的行: a row that was read and not used, counted and shown with the reason
# - **exact duplicate** 完全重复行: a row that equals an earlier one in every cell
# - **guest account** 散客账户: a customer number that stands for many people, or for nobody
# - **end of observation** 观察期结束: the last day that counts; later orders are not looked at

# %% [markdown] label="on-your-own-data" tags=["own-data"]
# ## On your own data
#
# This whole lesson is that. Change the three lines in the first cell, and run it again. `docs/own_orders.md` says what counts as turnover, and shows the exports of sixteen shop systems, marketplaces, payment services and tills with their right totals. Most are read as they come. In some, two columns could be the amount, and only you know which one you mean:
#
# | export | `options` |
# |---|---|
# | Etsy, sold orders | `{"amount": "Order Value"}` (goods) or `"Order Total"` (with postage and tax) |
# | PayPal, activity | `{"amount": "Gross"}` |
# | Square, transactions | `{"amount": "Net Sales"}` |
# | Taobao, 淘宝订单 | `{"amount": "买家实际支付金额"}` |
# | a list of invoices, net and gross | `{"amount": "Nettobetrag"}` |
# | a file of many megabytes | `{"progress": True}` shows a bar |
#
# For real customers: use only what you are allowed to use, leave names and addresses out (a number is enough for everything here), and keep the file out of folders that you share or publish.

# %% [markdown] label="what-next" tags=["next"]
# ## What next
#
# Take `persons` into the lesson whose question is yours: **20** (who brings the profit), **22** (who climbs and who sinks), **24** (lifetime value), **30** (who is asleep, and since when).
