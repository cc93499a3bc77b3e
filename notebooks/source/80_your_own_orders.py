# %% [markdown] label="title" tables=["orders"] tags=["opening"]
# # A file becomes evidence when every row of it is accounted for
#
# **After this lesson you can** read a file of orders, whatever program wrote it, and account for every row and every cent; find customer numbers that stand for no person, and say what leaving them out changes; draw a first picture of unknown customers, and say how sure it is; compare two shops over the same length of time; judge a forecast by a year that it has not seen.
#
# **70 minutes to read, 70 minutes of exercises** · you need lessons 00 and 20; lesson 24 for the last part · you will meet: export, row set aside, exact duplicate, guest account, end of observation

# %% [markdown] label="file-arrives-friday-afternoon"
# ## The file arrives on a Friday afternoon
#
# {company.name} has bought a small garden centre in Germany, *Gartenmarkt Lindner*. The former owner sends an **export** (导出文件): a file that her till wrote for others to read. "Everything is in there," she says. "We have about four hundred regulars." The director wants an answer by Monday: **how many customers come with the shop, and are they any good?**
#
# The garden centre is invented. The faults in its file are not: each of them was found in real exports.
#
# Go through the lesson once with this file. Then change the three marked lines of the next cell and run all cells again on a file of your own. The text will still speak of the garden centre; the cells will print your file.

# %% label="imports"
import pandas as pd

import crmkit
from crmkit import value
from crmkit.data.own.ugly import ugly_file, ugly_sample
from crmkit.practice import check, hint, predict, quiz, reveal
from crmkit.style import show
from crmkit.value import first_picture as picture
from crmkit.value import hidden_year

company = crmkit.company()
my_file = ugly_sample()  # your own: my_file = "my_orders.csv" (or .xlsx, .parquet)
options = {}  # what your file needs, such as {"dayfirst": False}: see the table near the end
not_people = ["99999"]  # customer numbers that stand for no person: the report warns of them

# %% [markdown] label="look-file-before-ask-anything"
# ## What looks like a number may be text
#
# The first lines of the file:

# %% label="raw"
raw = ugly_sample().read_bytes().decode("cp1252").splitlines()
print("\n".join(raw[:9]))

# %% [markdown] label="german-headings-fourth-row-beleg"
# Line 4 has the headings: receipt, date, customer, goods, amount. The day comes first, the decimal mark is a comma, and a receipt may fill several lines. pandas reads this without complaint:

# %% label="naive"
naive = pd.read_csv(ugly_sample(), sep=";", encoding="cp1252", skiprows=3)
print(f"{len(naive):,} rows. The first three amounts added up: {naive['Betrag'].head(3).sum()}")

# %% [markdown] label="amounts-text-adding-glued-together"
# The amounts are text, so adding put them one behind the other. That mistake is easy to see. The dangerous ones give a number.

# %% [markdown] ask="80-a"

# %% label="predict-80-a"
predict("80-a", ...)

# %% [markdown] label="every-row-used-set-aside"
# ## Every row is used, or set aside for a reason
#
# Six lines of a till, done by hand:
#
# | row | receipt | date | customer | amount | what becomes of it |
# |---|---|---|---|---|---|
# | 2 | 1 | 02.01.2025 | Ann | 10,00 | used |
# | 3 | 1 | 02.01.2025 | Ann | 5,00 | used: the same receipt, so one order of 15.00 |
# | 4 | 2 | 03.01.2025 | | 7,00 | set aside: nobody to count it for |
# | 5 | 3 | 04.01.2025 | Bo | 20,00 | used |
# | 6 | S3 | 05.01.2025 | Bo | -20,00 | set aside: money went back |
# | 7 | | Summe | | 22,00 | set aside: a total, not an order |
#
# Six rows read, three used, three **set aside** (搁置的行). 44.00 in all, 35.00 counted, 9.00 left out. `read_orders` does the same:

# %% label="small"
small = """receipt;date;customer;amount
1;02.01.2025;Ann;10,00
1;02.01.2025;Ann;5,00
2;03.01.2025;;7,00
3;04.01.2025;Bo;20,00
S3;05.01.2025;Bo;-20,00
;Summe;;22,00"""
crmkit.read_orders(small.encode()).report

# %% [markdown] label="whole-file"
# The whole file gives **orders** and a **report** on every row:

# %% label="orders-report-crmkit"
orders, report = crmkit.read_orders(my_file, **options)
report

# %% label="reveal-80-a"
reveal("80-a", 100 * report.rows_set_aside / max(report.rows_read, 1))

# %% [markdown] label="read-table-top-rows-read"
# **Rows read are always rows used plus rows set aside, and the money adds up in the same way, to the last cent.** Row numbers are those of a spreadsheet: open the file and look. Below the table stands what was assumed.
#
# The orders have the same columns for every file:

# %% label="orders-head-4"
orders.head(4)

# %% [markdown] label="row-set-aside-finding"
# ## A row set aside says something about the business
#
# Look at one row of each kind, and at where in the file they lie:

# %% label="report-set-aside"
show(report.set_aside.groupby("reason", sort=False).head(1))

# %% label="plot-set-aside"
reasons = report.reasons().set_index("reason")["rows"]
ax = picture.plot_rows_set_aside(report)
ax.set_title(f"{report.rows_set_aside:,} rows are set aside, for {len(reasons)} reasons")
said = ", ".join(f"{reason} {rows}" for reason, rows in reasons.items()) or "none"
show(ax, alt=f"Where in the file the rows set aside lie, by reason ({said}).")

# %% [markdown] label="two-kinds-deserve-question-former"
# Two kinds are a question for the former owner. *Missing customer*: nobody showed a card. Were these other people, or regulars who forgot it? *Exact duplicate* (完全重复行): a row that equals an earlier one in every cell. Here they lie in one block, right under a second line of headings. Somebody pasted two exports together whose dates overlap. Scattered over the file, equal rows might be the same goods, bought twice.

# %% [markdown] label="best-customer-not-exist"
# ## The best customer is not a person
#
# A note that begins with **WARNING** wants an answer from you:

# %% label="print"
print("\n".join(report.warnings))
by_number = orders.groupby("customer_id")["turnover"].agg(orders="size", turnover="sum")
show(by_number.nlargest(3, "turnover"))

# %% [markdown] label="number-99999-shopping-habit-no"
# Nobody's garden needs that much. 99999 is the key that the cashiers press when a customer has no card: a **guest account** (散客账户). A program can only suspect that. You decide, and write it down: in the line `not_people` of the first cell.

# %% label="not-people"
persons = orders[~orders["customer_id"].isin(not_people)]
print(f"{len(orders) - len(persons):,} orders left out, {len(persons):,} kept")

# %% [markdown] ask="80-b"

# %% label="predict-80-b"
predict("80-b", ...)

# %% [markdown] label="three-decisions-three-different-shops"
# ## A fault that hits everyone changes sums; a fault that hits one name changes rankings
#
# Five customers, and the two mistakes:

# %% label="five"
five, till = pd.Series({"Ann": 50, "Bo": 40, "Cy": 30, "Di": 20, "Ed": 10}), pd.Series({"99999": 90})
mistakes = {"as they are": five, "counted twice": 2 * five, "with the till": pd.concat([five, till])}
rows = {name: [spent.sum(), value.top_share(spent)] for name, spent in mistakes.items()}
show(pd.DataFrame(rows, ["turnover", "best fifth"]).T.round(2))

# %% [markdown] label="five-read"
# The best fifth is one name in all three rows. Counted twice, they bring twice as much, and their share stays. With the till, the one name is another. The same for the whole file:

# %% label="imports-2"
doubled = crmkit.read_orders(my_file, **options | {"duplicates": "keep"}).orders
readings = {
    "decided": persons,
    "till counted": orders,
    "copies kept": doubled[~doubled["customer_id"].isin(not_people)],
}
compared = picture.compare_readings(readings)
show(compared[["orders", "customers", "turnover", "best_fifth"]].round(3))

# %% label="reveal-80-b"
moved = (100 * (compared["best_fifth"] - compared["best_fifth"]["decided"])).abs()
till, copied = moved["till counted"], moved["copies kept"]
reveal("80-b", "c" if abs(till - copied) < 0.5 else "b" if till > copied else "a")
print(f"the till moves the share by {till:.1f} points, the copies by {copied:.1f}")

# %% [markdown] label="one-single-line-more-list"
# One line more makes the best fifth look better than it is: it collects what hundreds of strangers paid. The copies make the turnover too high and hardly change the shares.

# %% [markdown] ask="80-c"

# %% label="predict-80-c"
predict("80-c", ...)

# %% [markdown] label="first-picture-many-came-once"
# ## The first picture: many came once, and most are quiet

# %% label="imports-3"
seen = picture.picture_with_intervals(persons)
once, quiet = seen.loc["bought once", "share"], seen.loc["quiet", "share"]
ax = picture.plot_orders_per_customer(persons, title=f"{once:.0%} of the customers have placed one order")
show(ax, alt=f"Share of the customers by number of orders: {once:.0%} have placed one order.")

# %% label="plot-months-since-last"
ax = picture.plot_months_since_last(persons, title=f"{quiet:.0%} have bought nothing for half a year")
show(ax, alt=f"Share of the customers by months since their last order: {quiet:.0%} are grey, six months or more.")
reveal("80-c", 100 * quiet)

# %% [markdown] label="about-four-hundred-regulars-head"
# There are about four hundred, as the owner said. But more than half have ordered once or twice. In the second figure, blue is an order in the last half year, grey is none. This picture does not say whether a grey customer has left or will be back in spring (lesson 30 does).
#
# How far might other customers of the same kind move the shares?

# %% label="intervals"
print(f"customers: {persons['customer_id'].nunique():,}; 95 % intervals:")
show(seen.map(lambda share: "too few customers" if pd.isna(share) else f"{share:.1%}"))

# %% [markdown] label="fifth-brings-four-fifths-not"
# ## "A fifth brings four fifths": not in every shop

# %% label="imports-4"
customers = value.customer_summary(persons)
print(picture.rule_in_words(customers["turnover"]))

# %% [markdown] label="shop-rule-not-hold-whole"
# In the garden centre the whole interval lies below 80 %. A policy of "look after the few" would leave out a good part of the turnover.

# %% [markdown] ask="80-d"

# %% label="predict-80-d"
predict("80-d", ...)

# %% [markdown] label="where-observation-ends-decides-see"
# ## Where the observation ends decides what you see
#
# The same customers, seen until three different days:

# %% label="first-picture"
first, last = persons["order_date"].min(), persons["order_date"].max()
ends = [first + share * (last - first) for share in (1 / 3, 2 / 3, 1)]
by_end = pd.DataFrame({f"{end:%Y-%m-%d}": picture.first_picture(persons, end) for end in ends}).T
gap = 100 * (by_end["bought_once"].iloc[0] - by_end["bought_once"].iloc[-1])
reveal("80-d", "c" if abs(gap) <= 5 else "a" if gap > 0 else "b")
show(by_end[["customers", "bought_once", "quiet"]].round(2))

# %% [markdown] label="early-end-makes-more-customers"
# With an early **end of observation** (观察期结束), more customers look like people who came once: they had no time to return. With a late end, more of them are quiet: they have had time to leave. **Neither share belongs to the customers alone. Two shops, or two years, can be compared only over the same length of time.**
#
# **Your goal:** an end at which half of the customers have bought once.

# %% label="imports-5" tags=["nbval-ignore-output"]
picture.reading_explorer(readings, goal=0.5)

# %% [markdown] label="when-the-file-does-not-say"
# ## Where the file does not say, somebody must be asked
#
# `read_orders` stops and asks where it would have to guess, or says what it assumed:

# %% label="ask"
def told(work, *given, **named):  # do it, or say in a sentence what is missing
    try:
        return work(*given, **named)
    except crmkit.CrmkitError as problem:
        print(problem)


told(crmkit.read_orders, b"client no,card no,order date,amount\n7,A1,2025-03-01,10\n8,A1,2025-03-02,12\n")

# %% label="ask-2"
told(crmkit.read_orders, b"customer,date,amount\nA,03/04/2025,10\nB,05/06/2025,12\n").report

# %% [markdown] label="date-could-third-april-fourth"
# 03/04/2025 may be the third of April or the fourth of March. If the month comes first, say so: `dayfirst=False`. The table near the end lists what else a file may need.

# %% [markdown] label="orders-tiers-lifetime-value"
# ## A forecast must be tried on a year that it has not seen
#
# The columns are those of the course, so its tools work. Tiers (lesson 20) go by turnover, because the file has no margin:

# %% label="imports-6"
tiers = value.assign_tiers(customers["turnover"])
table = value.tier_table(tiers, customers["turnover"])
show(table[["tier", "customers", "value", "value_share"]].round(2))

# %% [markdown] label="lifetime-value-lesson-24-looks"
# **Lifetime value** (lesson 24) looks ahead. Hide the last year, forecast it from the time before, and compare. The simple rival says that each customer does the same as last year.

# %% label="imports-7"
scores = told(hidden_year.forecast_hidden_year, persons)
if scores is not None:
    show(scores.round(2))

# %% [markdown] label="total-compares-forecast-sum-happened"
# *Total* is the forecast sum divided by what happened: 1 is right. *Mean error* is in purchase days per customer. *Best fifth* is the share of the real purchases made by those whom the forecast put first. The last column says how sure it is: the share of draws, with the customers drawn again, in which the model is nearer.
#
# In the garden centre "as last year" promises too much, because customers leave and the rule does not know it.
#
# Money still needs a margin, and the file has none. The rate is an **assumption**: ask the accountant.

# %% label="imports-8"
coins = report.currency or "own currency"
ahead = told(hidden_year.value_of_next_year, persons, margin_rate=0.3, currency=coins)
if ahead is not None:
    for rate in (0.2, 0.3, 0.4):
        print(f"margin of {rate:.0%}: {ahead['lifetime_value'].sum() * rate / 0.3:,.0f} {coins} next year")
    print(f"{(ahead['probability_alive'] < 0.5).mean():.0%} of them are more likely gone than not")

# %% [markdown] label="one-warning-lesson-24-goes"
# One warning of lesson 24 belongs to the last line: the model takes everyone who bought once for still there, so none of them is in that share.
#
# The answer for Monday: a head count, how many are probably still there, what they may bring, and **on which decisions and which assumption that rests**.

# %% [markdown] ask="80-1"

# %% label="check-80-1"
own = crmkit.load("orders")
export = ugly_file(own[own["order_date"] >= company.year_start])
answer = ...
check("80-1", answer)

# %% label="hint-80-1"
hint("80-1")

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - **A reader sees cells, not their meaning.** If "Betrag" holds prices before discount, every row is fine and every sum is wrong. Compare one month's total with the books.
# - **A customer number is not a person.** Two cards in one household, one card for a company, a new card after a move.
# - **Sales without a customer are sales too.** Regulars who often forget the card look worse than they are.
# - **The file begins somewhere.** Customers from before its first row look new.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - Rows read = rows used + rows set aside. Do not believe a program that cannot show this sum.
# - A fault that hits everyone changes sums; one that hits a single name changes rankings.
# - Bought once, quiet, best fifth: each depends on where the observation ends.
# - Compare a forecast with a hidden year before you use it.

# %% [markdown] label="words-learnt" tags=["words"]
# ## Words learnt
#
# - **export** 导出文件: a file that a program writes for others to read
# - **row set aside** 搁置的行: a row that was read and not used, counted and shown with the reason
# - **exact duplicate** 完全重复行: a row that equals an earlier one in every cell
# - **guest account** 散客账户: a customer number that stands for many people, or for nobody
# - **end of observation** 观察期结束: the last day that counts; later orders are not looked at

# %% label="quiz-80"
quiz("80")

# %% [markdown] label="on-your-own-data" tags=["own-data"]
# ## On your own data
#
# This whole lesson is that. Change the three marked lines of the first cell and run all cells. What a file needs goes into `options`:
#
# | the file | `options` |
# |---|---|
# | other headings | `{"customer": "Kd-Nr", "date": "when", "amount": "paid"}` |
# | month before day | `{"dayfirst": False}` |
# | points between thousands, comma before the cents | `{"decimal": ","}` |
# | two currencies: one counts, the other is set aside | `{"currency": "GBP"}` |
# | orders on the second sheet | `{"sheet": "Orders 2025"}` |
# | times in UTC, shop in London | `{"timezone": "Europe/London"}` |
# | refunds that carry the order's number | `{"refunds": "net"}` |
# | a status that means something else here | `{"statuses": {"On hold": "counts"}}`, or `{"status": False}` to count every row |
# | the whole order's amount on each of its lines | `{"amount_is": "order"}` |
# | equal rows that are real | `{"duplicates": "keep"}` |
# | letters look wrong | `{"encoding": "gb18030"}` (Chinese), `"cp1252"` (Western European) |
# | many megabytes | `{"progress": True}` shows a bar |
#
# Some files have two columns that could be the amount, and only you know which one you mean:
#
# | export | `options` |
# |---|---|
# | Etsy, sold orders | `{"amount": "Order Value"}` (goods) or `"Order Total"` (with postage and tax) |
# | PayPal, activity | `{"amount": "Gross"}` |
# | Square, transactions | `{"amount": "Net Sales"}` |
# | Taobao, 淘宝订单 | `{"amount": "买家实际支付金额"}` |
# | a list of invoices, net and gross | `{"amount": "Nettobetrag"}` |
#
# Some need a step before they are read:
#
# | the file | what to write for `my_file` |
# |---|---|
# | one sheet a year | `my_file = pd.concat(pd.read_excel("my_orders.xlsx", sheet_name=None).values())` |
# | customer and date only in the first row of an order | `my_file = pd.read_excel("my_orders.xlsx")`, then `my_file[["Customer", "Date"]] = my_file.groupby("Order")[["Customer", "Date"]].ffill()` |
#
# The last line fills *within* an order. Filled from row to row, an order without a customer would go to the customer above it. `docs/own_orders.md` says what counts as turnover, and shows the exports of sixteen systems with their right totals.
#
# For real customers: use only what you are allowed to use, leave names and addresses out (a number is enough for everything here), and keep the file out of folders that you share or publish.

# %% [markdown] label="what-next" tags=["next"]
# ## What next
#
# The exercises `80_your_own_orders` let you do this on your own shop's file, on a web shop's and on another firm's. Then take `persons` into the lesson whose question is yours: **20** (who brings the profit), **22** (who climbs and who sinks), **24** (lifetime value), **30** (who is asleep, and since when).

# %% [markdown] label="on-one-page" tags=["summary"]
# ## On one page
#
# **Claim.** A file of orders is evidence only when every row and every cent is accounted for, and when the decisions behind the numbers are written down.
#
# **Method.**
#
# 1. Read the file, and check that rows read are rows used plus rows set aside, and that the money adds up too.
# 2. Answer the warnings: leave out what is no person, ask about rows that have no customer, keep copies out.
# 3. Draw the first picture with its intervals, over a stated length of time, and compare any forecast with a hidden year.
#
# **Formula.** Rows read = rows used + rows set aside; money in the file = money counted + money left out.
#
# **Code.**
#
# ```python
# orders, report = crmkit.read_orders("my_orders.csv")
# ```
#
# **Where it fails.** A reader sees cells, not their meaning: a wrong column gives a wrong sum from rows that all look right.
