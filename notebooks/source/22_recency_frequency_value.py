# %% [markdown] label="title" tables=["orders", "touchpoint_log"] tags=["opening"]
# # Who bought lately will buy again, and the list is stale by summer
#
# **After this lesson you can** tell two meanings of recency apart; score customers without splitting equals, and say why the cuts lie where they do; test a score on days it has not seen; count who is how far in the sales funnel; read who climbs and who sinks.
#
# **45 minutes** · you need lesson 20 · you will meet: recency, frequency, RFM, tie, stage in the funnel, migration, review schedule

# %% [markdown] label="one-catalogue-every-four-addresses"
# ## One catalogue for every four addresses
#
# It is New Year's Day {company.year}. The spring catalogue is dear, and there is one copy for every four customers. {company.name} knows what everyone bought until yesterday. Who gets one?
#
# We know something {company.name} did not: what these customers did in the next 90 days. So any rule for choosing can be judged. `holdout_split` cuts the orders at a day, describes each customer by what lies before, and adds what came after.

# %% label="imports"
import pandas as pd

import crmkit
from crmkit.practice import check, hint, predict, quiz, reveal, solution
from crmkit.style import show
from crmkit.value import cohort_table, holdout_split, migration_matrix, movers, review_schedule
from crmkit.value import rfm_scores, score_by_position, split_equals, tiers_over_time, top_list
from crmkit.value.explorers import movement_explorer
from crmkit.value.plots import plot_cohorts, plot_migration, plot_review_schedule, plot_rfm_grid

company = crmkit.company()
orders = crmkit.load("orders")
known = holdout_split(orders, company.year_ago, f"{company.year}-03-31")
known["came_back"] = known["holdout_purchase_days"] > 0
known[
    ["customer_id", "purchase_days", "days_since_last", "active_span_days", "turnover", "came_back"]
].head()

# %% label="copies"
copies = len(known) // 4
print(f"{len(known):,} customers, of whom {known['came_back'].mean():.0%} bought within 90 days")
print(f"{copies:,} catalogues")

# %% [markdown] label="recency-means-two-different-things"
# ## Recency means two different things, and half the confusion in this field comes from it
#
# In a mailing house **recency** (最近一次消费) is *the time since the last purchase*: small is good. In the models of lesson 24 the same word is *the time from the first to the last purchase*: large is good. Here the two have names that cannot be mixed up: `days_since_last` and `active_span_days`.

# %% label="two"
two = known[known["purchase_days"] == 5].sort_values("days_since_last").iloc[[0, -1]]
two[["customer_id", "first_date", "last_date", "days_since_last", "active_span_days", "came_back"]]

# %% [markdown] label="cut-position-equals-part-company" tags=["predict"]
# Two customers with five purchase days each. One bought the other day, the other has been silent for a long time. Only one of the two numbers says that.
#
# ## Cut by position, and equals part company
#
# Scoring is simple: give a 5 to the best fifth, a 4 to the next, and so on. Many tools do it by position in the sorted table.
#
# > **Predict.** Many customers have bought on exactly one day. What will happen to *their* scores for frequency, if the table is cut into five equal parts?

# %% label="predict-22-a"
predict("22-a", ...)

# %% label="position"
by_position = score_by_position(known["purchase_days"])
pd.crosstab(
    known["purchase_days"].clip(upper=6),
    by_position,
    rownames=["purchase days (6: or more)"],
    colnames=["score by position"],
)

# %% label="parted"
parted = split_equals(known["purchase_days"], by_position)
print(
    f"{parted['split']:,.0f} of {parted['customers']:,.0f} customers have an equal with another score"
)

# %% [markdown] label="cut-points-decisions-write-down"
# Look at the first row. These people did *exactly the same*: they bought once. Some are now "frequency 1" and some "frequency 2", and all that decides between them is their row in the table. Sort the file another way, and they swap.
#
# The cure is to score **values**, not places: equals always get the same score (并列). The price is that the groups are not equally large, and a score may be given to nobody.
#
# ## Cut points are decisions, so write them down
#
# Better still, say what a score *means*. "Bought within the last 30 days" still means the same next year; "is in the best fifth" does not.

# %% label="cuts"
cuts = {"R": [30, 90, 180, 365], "F": [2, 4, 8, 16], "M": [50, 200, 500, 1500]}
scores = rfm_scores(known, cuts=cuts)
scores.head()

# %% label="pd-dataframe-round"
pd.DataFrame({letter: known["came_back"].groupby(scores[letter]).mean() for letter in "RFM"}).round(
    2
)

# %% [markdown] label="each-score-taken-alone-tells"
# Each score, taken alone, tells the likely from the unlikely: the share that came back rises from 1 to 5 in every column. (R = 5 is *less than 30 days ago*; the worst score is a year or more.)
#
# The letters are joined into a cell: "515" bought lately, once, for much money. Now all cells of recency and frequency:

# %% label="plot-rfm-grid"
ax = plot_rfm_grid(
    scores, known["came_back"] * 100, title="Came back within 90 days (%), by R and F"
)
best, worst = (known["came_back"][(scores["R"] == n) & (scores["F"] == n)].mean() for n in (5, 1))
show(
    ax,
    alt=f"A grid of recency and frequency scores: the share that came back rises from {worst:.0%} in the corner of the silent who bought once to {best:.0%} in the corner of the recent and frequent.",
)

# %% [markdown] label="rule-recency-first-tested-catalogues" tags=["predict"]
# Walk along a row (more recent) and along a column (more often). Recency helps all the way. Frequency helps at first (compare F = 1 with F = 3); from 4 to 5 the share rises in some rows and falls in others. Neither replaces the other. The cells at the edges hold few customers, so their shares jump about: before you trust a cell, count it.
#
# ## The rule "recency first" is tested with the catalogues
#
# Mail-order people say: *recency matters most, then frequency, then money.* Send the catalogues by each rule, and see what became of those who got one. (Here the catalogue changes nothing. We only ask who buys **anyway**.)
#
# > **Predict.** Which rule finds the most people who buy again? Which finds the most turnover?

# %% label="predict-22-b"
predict("22-b", ...)

# %% label="rules"
rules = {
    "most recent": -known["days_since_last"],
    "most often": known["purchase_days"],
    "most money": known["turnover"],
    "R + F + M": scores["R"] + scores["F"] + scores["M"],
}

# %% label="chosen"
chosen = {name: known.loc[top_list(score, copies)] for name, score in rules.items()} | {
    "by lot": known.sample(copies, random_state=1)
}
found = pd.DataFrame(
    {
        name: {
            "came back": few["came_back"].mean(),
            "share of all turnover": few["holdout_turnover"].sum()
            / known["holdout_turnover"].sum(),
        }
        for name, few in chosen.items()
    }
)
found.T.round(2)

# %% [markdown] label="rule-holds-comes-recency-finds"
# The rule holds for *who comes*: recency finds most of them, money least. It fails for *what they bring*: for turnover, those who spent much are as good a bet as those who came lately, mostly a better one, and the plain sum of the three scores does about as well as anything. So the order of the letters is not a law. It depends on what you want to find.
#
# There is a larger catch. A list of those who would come **anyway** is not a list of those whom a catalogue would *move*. For these two lists to be the same would be luck; lesson 32 and 33 are about the difference.

# %% label="check-22-1"
answer = ...  # mean days since the last purchase, on 31 December {company.year} (two decimals)
check("22-1", answer)

# %% [markdown] label="two-questions-make-four-kinds"
# ## Two questions make four kinds of customers
#
# A coarser scheme fits on one slide. *Was much bought? Is anything still being bought?* **Value** customers (价值客户: much, and active), **potential** customers (潜力客户: little so far, active), **migrating** customers (迁移客户: much, and now silent), **freezing-point** customers (冰点客户: little, and
# silent). Two cuts have to be chosen. Choose them:

# %% label="movement-explorer" tags=["nbval-ignore-output"]
movement_explorer(known)

# %% [markdown] label="far-somebody-come-five-stages"
# Move "silent" to the left and the migrating look lively: most of them were only between two purchases. Move it to the right and few are left to save. There is no right place on the slider; there is a price for being early (you pester people who would have come) and a price for being late.
#
# ## How far has somebody come? Five stages, and a cut point in the last
#
# The schemes so far sort those who have bought. The **sales funnel** (lesson 10) begins earlier and names people by how far they have come: a **lead** (潜在客户) has noticed us, a **target** (目标客户) has come in, a **prospect** (准客户) has asked, a **customer** (成交客户) has paid, a **loyal customer** (忠诚客户) has come back. The log of lesson 10
# knows it of 3,000 people who saw an advertisement in {company.year}. (潜在客户, a lead, has bought nothing yet; 潜力客户, a potential customer, has.)

# %% label="log"
log = crmkit.load("touchpoint_log")
reached = log.groupby("touchpoint")["journey_id"].nunique()
funnel = pd.DataFrame(
    {
        "people": {
            "lead": reached["advertisement"],
            "target": reached["entrance"],
            "prospect": reached["question"],
            "customer": reached["aftercare"],  # whoever gets there has paid
            "loyal": log.query("touchpoint == 'aftercare'")["went_on"].sum(),  # and came back
        }
    }
)
funnel["of_stage_before"] = funnel["people"] / funnel["people"].shift()
funnel["of_leads"] = funnel["people"] / funnel["people"].iloc[0]
funnel.round(2)

# %% [markdown] label="each-stage-asks-something-else"
# Each stage asks for something else: a lead wants to be seen, a target to find the way, a prospect an answer, a customer help after the purchase, a loyal customer thanks. Where the funnel narrows is where to look, and not yet where to mend: lesson 10 says why.
#
# But is somebody who came back *once* loyal? The orders know more. Take those whose first order was in {company.first_year}, give each of them the same 365 days after it, and count the days on which they bought again.

# %% label="first"
first = orders.groupby("customer_id")["order_date"].transform("min")
days_on = (orders["order_date"] - first).dt.days
again = orders[(first < f"{company.last_year}-01-01") & days_on.between(1, 365)]
newcomers = orders.loc[first < f"{company.last_year}-01-01", "customer_id"].unique()
days_again = again.groupby("customer_id")["order_date"].nunique().reindex(newcomers, fill_value=0)
{f"{n} or more": float((days_again >= n).mean().round(2)) for n in (1, 2, 4, 12)}

# %% [markdown] label="cohort-everyone-came-same-quarter"
# The same look can be taken at every group of newcomers. A **cohort** (同期群) is everyone who came in the same quarter; the figure follows each of them for as many quarters as are over.

# %% label="cohorts"
cohorts = cohort_table(orders, company.end)
by_age = cohorts.groupby("age")[["bought", "customers"]].sum()
bought = by_age["bought"] / by_age["customers"]
ax = plot_cohorts(cohorts)
ax.set_title(f"{bought[1]:.0%} buy in the next quarter, {bought[4]:.0%} a year later")
show(
    ax,
    alt=f"A triangle of cohorts by quarters since the first purchase. In the quarter after the first {bought[1]:.0%} bought, a year later {bought[4]:.0%}; the rows are much alike.",
)

# %% [markdown] label="customers-climb-sink-most-without"
# Most customers are loyal, or few: it depends on where one cuts, and nobody but you can say where. (Had we taken *all* customers, those who joined last week would count as not loyal, although they have not had the time.) Whoever reports "our loyal customers" should say how many purchases, within how long.
#
# ## Customers climb and sink, most of them without being asked
#
# A tier is a photograph. Here are two, a year apart, cut by amount: what was bought in the 365 days before.

# %% label="amounts"
amounts = {"VIP": 2000, "key": 800, "ordinary": 200, "small": 0}
quarters = [f"{day:%Y-%m-%d}" for day in pd.date_range(f"{company.first_year}-12-31", company.end, freq="QE")]
seen = tiers_over_time(orders, quarters, amounts)
matrix = migration_matrix(seen, company.year_ago, company.end)
matrix

# %% [markdown] label="predict-hundred-vips-many-still" tags=["predict"]
# > **Predict.** Of a hundred VIPs of {company.last_year}, how many are still VIPs at the end of {company.year}?

# %% label="predict-22-c"
predict("22-c", ...)

# %% label="reveal-22-c"
shares = migration_matrix(seen, company.year_ago, company.end, shares=True)
reveal("22-c", f"{100 * shares.loc['VIP', 'VIP']:.0f}")

# %% label="plot-migration"
ax = plot_migration(matrix.rename_axis(index=f"end of {company.last_year}", columns=f"end of {company.year}"))
ax.set_title("Within a year every tier is stirred")
show(
    ax,
    alt=f"Flows between tiers from {company.last_year} to {company.year}: {shares.loc['VIP', 'VIP']:.0%} of the VIPs and {shares.loc['key', 'key']:.0%} of the key customers stay where they are; many small customers buy nothing, and some climb.",
)

# %% label="moved"
moved = movers(seen, company.year_ago, company.end)
moved.round({"value_before": 0, "value_after": 0})

# %% [markdown] label="turnover-vips-fallen-good-part"
# The turnover of the {company.last_year} VIPs has fallen by a good part. Did the service fail? Before you write to the manager, read the same table backwards: take those who are VIPs *now* and were customers a year ago, and look at what they bought then.

# %% label="now"
now = seen[seen["end"] == company.end].set_index("customer_id")
then = seen[seen["end"] == company.year_ago].set_index("customer_id")["value"]
vips = now[(now["tier"] == "VIP") & now.index.isin(then.index)]
print(
    f"VIPs of {company.year}: {company.money(vips['value'].sum())} in {company.year}, {company.money(then[vips.index].sum())} in {company.last_year}"
)

# %% [markdown] label="list-grows-stale-review-schedule"
# They have risen steeply in the very same year. Whoever is picked for an exceptional year will be less exceptional in any other year, before or after: part of the year was luck. This is **regression to the mean** (向均值回归), and every service policy for VIPs is blamed for it or praised for it unless there is a control group.
#
# ## A list grows stale: review it on a schedule
#
# How wrong is a list of a certain age? Compare lists made 3, 6, 9, ... months apart.

# %% label="plot-review-schedule"
schedule = review_schedule(seen)
ax = plot_review_schedule(schedule)
ax.set_title("After half a year more than a third of the labels are wrong")
half_year = schedule.iloc[1]
show(
    ax,
    alt=f"Share of customers whose tier has changed, by age of the list: {half_year['wrong_share']:.0%} after six months, {schedule.iloc[3]['wrong_share']:.0%} after a year.",
)

# %% label="schedule-head-4"
schedule.head(4).round(2)

# %% [markdown] label="second-line-dear-one-vip"
# The second line is the dear one: of those who are VIP or key *today*, how many are not marked as such on the old list? They get standard service although they earn the manager. A yearly review means that for much of the year the desk looks after last year's customers. How often to review is again a matter of cost: here it is a computer's minute, and so the quarter is the least one should do.

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - **RFM looks back.** It knows no season and no life: who renovated a house last autumn has R, F and M of 5 and is done.
# - **Cells are small.** There are 125 cells, and many hold a handful of customers. Their shares are mostly chance.
# - **Newcomers look poor.** One purchase, little money: the score is that of somebody who failed to come back, although they have not had the time.
# - **It predicts, it does not persuade.** Those most likely to buy are least in need of a letter.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - Say which recency you mean: days since the last purchase, or span from first to last.
# - Score values, not positions: equals belong together.
# - Write cut points down as amounts and days, so that a score means the same next year.
# - Test a score on days it has not seen; recency finds buyers, money finds turnover.
# - Customers migrate. Review the list, and mistrust "our VIPs fell": part of it is regression to the mean.

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
# - **value customer** 价值客户, **potential customer** 潜力客户, **migrating customer** 迁移客户, **freezing-point customer** 冰点客户: much or little bought, still active or silent
# - **lead** 潜在客户, **target customer** 目标客户, **prospect** 准客户, **customer** 成交客户, **loyal customer** 忠诚客户: has noticed us, has come in, has asked, has paid, has come back
# - **review schedule** 复核周期: how often the list is made anew
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
# Lesson 23 asks what customers of the same worth *want*. Lesson 24 puts recency, frequency and money into one forecast, and says how sure it is.
