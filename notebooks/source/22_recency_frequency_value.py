# %% [markdown] label="title" tables=["orders", "touchpoint_log"] tags=["opening"]
# # Recent buyers buy again, and the list is out of date by summer
#
# **After this lesson you can** tell two meanings of recency apart; score customers without splitting equals; test a score on days it has not seen; count who is how far in the sales funnel; read who climbs and who sinks, and say how often to look again.
#
# **50 minutes to read, 55 minutes of exercises** · you need lesson 20 · you will meet: recency, frequency, RFM, tie, cohort, migration, review schedule

# %% [markdown] label="one-catalogue-every-four-addresses"
# ## One catalogue for every four customers
#
# It is New Year's Day {company.year}. The spring catalogue is expensive: {company.name} has one copy for every four customers, and knows what everyone bought until yesterday. Who gets one?
#
# We also know what these customers did in the next 90 days. So every rule can be tested. `holdout_split` describes each customer by the orders before a day, and adds what came after.

# %% label="imports"
import pandas as pd

import crmkit
from crmkit import value
from crmkit.practice import check, hint, predict, quiz, reveal, solution
from crmkit.style import show
from crmkit.value import explorers, plots

company = crmkit.company()
orders = crmkit.load("orders")
known = value.holdout_split(orders, company.year_ago, f"{company.year}-03-31")
known["came_back"] = known["holdout_purchase_days"] > 0
copies = len(known) // 4
print(f"{len(known):,} customers; {known['came_back'].mean():.0%} bought within 90 days")

# %% [markdown] label="recency-means-two-different-things"
# ## Recency means two different things
#
# In mail order, **recency** (最近一次消费) is the time since the *last* purchase: small is good. In the models of lesson 24 it is the time from the *first* to the last purchase: large is good. By hand, for a customer who bought on day 10, 20 and 40 of a year that has 100 days: 100 - 40 = 60 in the first meaning, 40 - 10 = 30 in the second. In our tables the two have names that cannot be mixed up:

# %% label="two"
two = known[known["purchase_days"] == 5].sort_values("days_since_last").iloc[[0, -1]]
show(two[["first_date", "last_date", "days_since_last", "active_span_days", "came_back"]])

# %% [markdown] label="two-read"
# Two customers with five purchase days each. One bought a few days ago, the other has been silent for a long time. In this course recency means `days_since_last`. **Frequency** (消费频率) is the number of purchase days. With money, they make **RFM** (RFM模型).

# %% [markdown] ask="22-a"

# %% label="predict-22-a"
predict("22-a", ...)

# %% [markdown] label="cut-position-equals-part-company"
# ## Cut by position, and equals are separated
#
# Many tools sort the customers and give the last fifth a 1, the next fifth a 2, and so on. Five customers, five scores:

# %% label="five"
five = pd.DataFrame({"purchase_days": [1, 1, 1, 3, 9]}, index=["Ann", "Bo", "Cy", "Di", "Ed"])
five["by_position"] = value.score_by_position(five["purchase_days"])
five["by_value"] = value.cut_score(five["purchase_days"], [2, 4, 8, 16])
show(five)

# %% [markdown] label="five-read"
# Ann, Bo and Cy did exactly the same, and get three different scores. Their row in the table decides. `by_value` scores what they did: equals, or **ties** (并列), stay together. In the whole company:

# %% label="position"
by_position = value.score_by_position(known["purchase_days"])
once = known["purchase_days"] == 1
print(by_position[once].value_counts().sort_index().to_string())
parted = value.split_equals(known["purchase_days"], by_position)
print(f"{parted['share']:.0%} of the customers have an equal with another score")
reveal("22-a")

# %% [markdown] label="cut-points-decisions-write-down"
# ## Cut points are decisions, so write them down
#
# "Bought within the last 30 days" means the same next year. "Is in the best fifth" does not. So we choose cuts for the days since the last purchase, for purchase days, and for money:

# %% label="cuts"
cuts = {"R": [30, 90, 180, 365], "F": [2, 4, 8, 16], "M": [50, 200, 500, 1500]}
scores = value.rfm_scores(known, cuts=cuts)
show(pd.DataFrame({letter: known["came_back"].groupby(scores[letter]).mean() for letter in "RFM"}).round(2))

# %% label="plot-rfm-grid"
ax = plots.plot_rfm_grid(scores, known["came_back"] * 100, title="Came back within 90 days (%), and how many there are")
corner = [known["came_back"][(scores["R"] == n) & (scores["F"] == n)].mean() for n in (1, 5)]
show(
    ax,
    alt=f"A grid of recency and frequency scores, with counts: {corner[0]:.0%} came back in the corner of the silent who bought once, {corner[1]:.0%} in the corner of the recent and frequent.",
)

# %% [markdown] label="each-score-taken-alone-tells"
# Each score alone tells likely from unlikely buyers. In the grid a higher R helps in nearly every row. Frequency helps at first (compare F = 1 with F = 3); from 4 to 5 it does not help everywhere. The number in brackets counts the customers: **before you trust a cell, count it.**
#
# Mail-order people say: *recency matters most, then frequency, then money.*

# %% [markdown] ask="22-b"

# %% label="predict-22-b"
predict("22-b", ...)

# %% [markdown] label="rule-recency-first-tested-catalogues"
# ## The rule is tested with the catalogues

# %% label="rules"
rules = {
    "most recent": -known["days_since_last"],
    "most often": known["purchase_days"],
    "most money": known["turnover"],
    "R + F + M": scores["R"] + scores["F"] + scores["M"],
}
found = value.compare_rules(known, rules, copies)
reveal("22-b")
show(found.round(2))

# %% [markdown] label="rule-holds-comes-recency-finds"
# **The rule, tested:** it holds for *who comes*, and fails for *what they bring*. There, those who spent much are at least as good a choice as those who came lately, and the plain sum of the three scores does about as well. But be careful: those who buy **anyway** are not those whom a catalogue would *move*. Lessons 32 and 33 are about the difference.

# %% [markdown] ask="22-1"

# %% label="check-22-1"
answer = ...
check("22-1", answer)

# %% [markdown] label="two-questions-make-four-kinds"
# ## Two questions make four kinds of customers
#
# Was much bought? Is anything still being bought? **Value** customers (价值客户): much, and active. **Promising** customers (潜力客户): little so far, active. **Migrating** customers (迁移客户): much, and now silent. **Freezing-point** customers (冰点客户): little, and silent. Choose the two cuts. **Your goal:** call customers silent only when no more than one in ten of the migrating comes back.

# %% label="movement-explorer" tags=["nbval-ignore-output"]
explorers.movement_explorer(known)

# %% [markdown] label="far-somebody-come-five-stages"
# Cut early, and you disturb people who would have come. Cut late, and few are left to save.
#
# ## Five stages, and somebody cuts the last
#
# The **sales funnel** names people by how far they have come. A **lead** (潜在客户) has noticed us, a **target** (目标客户) has come in, a **prospect** (准客户) has asked, a **customer** (成交客户) has paid, a **loyal customer** (忠诚客户) has come back. A lead (潜在客户) has bought nothing yet; a promising customer (潜力客户) has. In the log a prospect has reached the question and a customer the aftercare; who went on from there is loyal.

# %% label="log"
funnel = value.sales_funnel(crmkit.load("touchpoint_log"))
show(funnel.round(2))

# %% label="first"
again = value.bought_again(orders, f"{company.first_year}-12-31")
show(pd.Series({f"{n} or more": (again >= n).mean() for n in (1, 2, 4, 12)}, name="share").round(2))

# %% [markdown] label="cohort-everyone-came-same-quarter"
# But is somebody who came back *once* loyal? The second table takes the newcomers of {company.first_year}, and counts on how many further days each bought within a year. Most are loyal, or few: say how many purchases, within how long. The same look at every quarter's newcomers, a **cohort** (同期群):

# %% label="cohorts"
cohorts = value.cohort_table(orders, company.end)
by_age = cohorts.groupby("age")[["bought", "customers"]].sum()
bought = by_age["bought"] / by_age["customers"]
ax = plots.plot_cohorts(cohorts, title=f"{bought[1]:.0%} buy in the next quarter, {bought[4]:.0%} a year later")
show(
    ax,
    alt=f"A triangle of cohorts by quarters since the first purchase. In the quarter after the first {bought[1]:.0%} bought, a year later {bought[4]:.0%}.",
)

# %% [markdown] label="customers-climb-sink-most-without"
# Customers also move between tiers, called **migration** (客户迁移). We cut by what was bought in the 365 days before: VIP from {company.symbol}2,000, key from 800, ordinary from 200.

# %% [markdown] ask="22-c"

# %% label="predict-22-c"
predict("22-c", ...)

# %% [markdown] label="climb-and-sink"
# ## Within a year, every tier is stirred
#
# A row says where customers started, a column where they ended. `away` means nothing bought in the 365 days; `new` customers came within the year:

# %% label="amounts"
amounts = {"VIP": 2000, "key": 800, "ordinary": 200, "small": 0}
quarters = pd.date_range(f"{company.first_year}-12-31", company.end, freq="QE")
seen = value.tiers_over_time(orders, quarters, amounts)
matrix = value.migration_matrix(seen, company.year_ago, company.end)
show(matrix)

# %% label="plot-migration"
shares = value.migration_matrix(seen, company.year_ago, company.end, shares=True)
ax = plots.plot_migration(matrix.rename_axis(index=f"end of {company.last_year}", columns=f"end of {company.year}"))
reveal("22-c")
show(
    ax,
    alt=f"Flows between tiers from {company.last_year} to {company.year}: {shares.loc['VIP', 'VIP']:.0%} of the VIPs and {shares.loc['key', 'key']:.0%} of the key customers stay where they are; many small customers buy nothing, and some climb.",
)

# %% label="moved"
then, now = (seen[seen["end"] == end].set_index("customer_id") for end in (company.year_ago, company.end))
old = then.index[then["tier"] == "VIP"]
new = now.index[(now["tier"] == "VIP") & now.index.isin(then.index)]
before, after = company.last_year, company.year
for year, who in ((before, old), (after, new)):
    then_sum, now_sum = (company.money(day.loc[who, "value"].sum()) for day in (then, now))
    print(f"VIPs of {year}: {then_sum} in {before}, {now_sum} in {after}")

# %% [markdown] label="turnover-vips-fallen-good-part"
# The VIPs of {company.last_year} bought much less a year later. Did the service fail? Read the second line: the VIPs of {company.year} have risen in the very same year. **Those who are picked for an exceptional year are less exceptional in any other year, before or after:** part of that year was luck. This is **regression to the mean** (向均值回归). Without a control group, every VIP service is blamed or praised for it.

# %% [markdown] label="list-grows-stale-review-schedule"
# ## A list goes out of date: review it on a schedule

# %% label="plot-review-schedule"
schedule = value.review_schedule(seen)
half_year = schedule.iloc[1]
ax = plots.plot_review_schedule(schedule, title="After half a year more than a third of the labels are wrong")
show(
    ax,
    alt=f"Share of customers whose tier has changed, by age of the list: {half_year['wrong_share']:.0%} after six months, {schedule.iloc[3]['wrong_share']:.0%} after a year.",
)

# %% [markdown] label="second-line-dear-one-vip"
# The second line costs most: of those who are VIP or key *today*, how many are not marked so on the old list? They get standard service although they have earned more. How often to review is a matter of cost. Here it is a minute of computing: review the list at least every quarter. That is a **review schedule** (复核周期).

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - **RFM looks back.** A customer who has just renovated a house has R, F and M of 5, and is done.
# - **Cells are small.** There are 125 cells. The share in a cell of ten customers is mostly chance.
# - **Newcomers look poor.** They have not had the time to come back.
# - **It predicts, it does not persuade.** Those most likely to buy need a letter the least.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - Say which recency you mean.
# - Score values, not positions, and write the cuts down.
# - Test a score on days it has not seen: recency finds buyers, money finds turnover.
# - Customers migrate: review the list every quarter.
# - "Our VIPs fell" is in part regression to the mean.

# %% [markdown] label="words-learnt" tags=["words"]
# ## Words learnt
#
# - **recency** 最近一次消费: in RFM the time since the last purchase; in lifetime models the time from the first to the last
# - **frequency** 消费频率: how often somebody bought
# - **RFM** RFM模型: scores for recency, frequency and money
# - **tie** 并列: customers with the same value; they must get the same score
# - **cohort** 同期群: everyone who came in the same period
# - **migration** 客户迁移: customers moving from tier to tier over time
# - **migration matrix** 迁移矩阵: who went from which tier to which
# - **value customer** 价值客户, **promising customer** 潜力客户, **migrating customer** 迁移客户, **freezing-point customer** 冰点客户: much or little bought, still active or silent
# - **lead** 潜在客户, **target customer** 目标客户, **prospect** 准客户, **customer** 成交客户, **loyal customer** 忠诚客户: has noticed us, has come in, has asked, has paid, has come back
# - **review schedule** 复核周期: how often the list is made again
# - **regression to the mean** 向均值回归: extreme customers are less extreme in any other year

# %% label="quiz-22"
quiz("22")

# %% [markdown] label="on-your-own-data" tags=["own-data"]
# ## On your own data
#
# Look at the quartiles of `days_since_last` first: thirty days is recent for coffee and meaningless for roofs. Then hide the last quarter of the time that your file covers, and see whether the scores find those who came back.
#
# ```python
# from crmkit.value import customer_summary, holdout_split, rfm_scores
#
# orders, report = crmkit.read_orders("my_orders.csv")
# print(customer_summary(orders)["days_since_last"].quantile([0.25, 0.5, 0.75]))
# first, last = orders["order_date"].min(), orders["order_date"].max()
# known = holdout_split(orders, last - (last - first) / 4, last)
# came_back = known["holdout_purchase_days"] > 0
# print(came_back.groupby(rfm_scores(known)["R"]).agg(["size", "mean"]))
# ```

# %% [markdown] label="what-next" tags=["next"]
# ## What next
#
# The exercises `22_recency_frequency_value` use the scores on another season and another year. Lesson 23 asks what customers of the same worth *want*. Lesson 24 puts recency, frequency and money into one forecast, and says how sure it is.

# %% [markdown] label="on-one-page" tags=["summary"]
# ## On one page
#
# **Claim.** Recency finds those who buy again, money finds turnover, and a list of tiers is partly wrong within months.
#
# **Method.**
#
# 1. Cut the orders at a day; describe customers by what lies before it.
# 2. Score recency, frequency and money by cuts that are written down; equals get equal scores.
# 3. Compare with the days after the cut, and repeat every quarter.
#
# **Formula.** Recency = last day of the data − day of the last purchase.
#
# **Code.**
#
# ```python
# rfm_scores(known, cuts={"R": [30, 90, 180, 365], "F": [2, 4, 8, 16], "M": [50, 200, 500, 1500]})
# ```
#
# **Where it fails.** It looks back, and it finds those who buy anyway, not those whom a letter would move.
