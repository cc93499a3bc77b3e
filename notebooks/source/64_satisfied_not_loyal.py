# %% [markdown] label="title" tables=["traders", "trader_quarters", "trader_survey", "branch_quarters", "branch_trial", "truth/trader_quarters", "truth/branch_trial"] extra=true tags=["opening"]
# # Satisfied is not loyal
#
# **After this lesson you can** say whom a survey hears, and how sure its score is; test whether satisfied customers stay, and what they bring; choose an index of health on one period and judge it on the next; say what a list of warnings catches and costs; tell what staff do from what only goes with happy staff.
#
# **55 minutes to read, 60 minutes of exercises** · you need lesson 32 (a test with a control group) · you will meet: net promoter score, non-response, satisfaction trap, leading indicator, health index, service-profit chain

# %% [markdown] label="case"
# ## "They are satisfied, so they stay"
#
# Iris looks after {company.name}'s trade customers: decorators, landlords, gardeners. In each quarter all of them get a letter with three questions. "Most are satisfied," says the director. "So they stay, and profit follows. And make the staff happy, then the customers are happy too." Iris has two years of data, quarters 1 to 8, and doubts. A trader who has an account buys in every quarter. **A trader who has no row two quarters later has left.** In the table, `shares` are pictures of work that a trader puts on our page for traders, `introductions` are other traders brought to us, and `help_given` counts questions of others that a trader answered on the page.

# %% label="imports"
import pandas as pd

import crmkit
from crmkit import relations
from crmkit.mining import calibration
from crmkit.practice import check, predict, quiz, reveal
from crmkit.relations import health_explorers, health_plots
from crmkit.style import show

company = crmkit.company()
quarters, survey = crmkit.load("trader_quarters"), crmkit.load("trader_survey")
letters = survey[survey["way"] == "letter"]
show(quarters.head(3))

# %% [markdown] label="by-hand-head"
# ## A score by hand
#
# "Would you recommend us, from 0 to 10?" The **net promoter score** is the share of 9 and 10 (promoters) less the share of 0 to 6 (detractors), in points:

# %% label="by-hand"
five = pd.Series([10, 9, 8, 7, 3])
print("promoters", (five >= 9).sum(), "detractors", (five <= 6).sum(), "of", len(five))
print("score", 100 * ((five >= 9).mean() - (five <= 6).mean()))
now = letters[letters["quarter"] == 8]
active = quarters[quarters["quarter"] == 8]
found = relations.promoter_score(now["recommendation"])
print(f"quarter 8: {len(now)} of {len(active)} answered, score {found.score:.0f} ({found.low:.0f} to {found.high:.0f})")

# %% [markdown] label="silent-head"
# The interval allows for chance. It does not allow for the traders who did not answer: this is **non-response**. Iris tries two remedies. First she weights the answers: if quiet traders (few log-ins) answer half as often as lively ones, each of their answers counts twice as much. Then she has 150 of the silent called, drawn at random.

# %% [markdown] ask="64-a"

# %% label="predict-64-a"
predict("64-a", ...)

# %% label="silent"
lively = pd.qcut(active["logins"].rank(method="first"), 4, labels=False)
ways = relations.promoter_ways(active.assign(lively=lively), survey[survey["quarter"] == 8], group="lively")
all_of_them = crmkit.load_truth("trader_quarters").query("quarter == 8")
truth_score = relations.promoter_score(all_of_them["recommendation"])["score"]
ax = health_plots.plot_promoter_ways(ways, truth=truth_score, title="Only the calls hear the silent")
words = "; ".join(f"{row.way}: {row.score:.0f}" for row in ways.itertuples())
show(ax, alt=f"Net promoter score three ways. {words}. The truth is {truth_score:.0f}.")

# %% label="reveal-64-a"
reveal("64-a")

# %% [markdown] label="silent-read"
# Content traders answer more often, at any number of log-ins, so the weights do not help. **A wide survey with much silence knows less than a few calls to people drawn at random.** (The data are simulated, so we know the truth: the dashed line.)
#
# ## Do satisfied traders stay?

# %% [markdown] ask="64-b"

# %% label="predict-64-b"
predict("64-b", ...)

# %% label="levels"
stays = relations.still_there(quarters, ahead=2)
said = letters.merge(stays, on=["trader_id", "quarter"])
steps = {"1 to 4": 4, "5 to 6": 6, "7 to 8": 8, "9 to 10": 10}
said["level"] = pd.cut(said["satisfaction"], [0, *steps.values()], labels=list(steps))
levels = relations.by_level(said, "level")
ax = health_plots.plot_levels(levels, everybody=stays["stays"].mean(), title="From 7 on, more satisfaction keeps nobody")
words = "; ".join(f"{row.level}: {row.share:.0%}" for row in levels.itertuples())
show(ax, alt=f"Share who still buy two quarters later, by satisfaction: {words}. Of all traders {stays['stays'].mean():.0%}.")

# %% label="gaps"
content = said[said["satisfaction"] >= 7]
pairs = {"7 to 10 against less": (said, 7), "9 to 10 against 7 to 8": (content, 9)}
gaps = {name: relations.level_gap(part, part["satisfaction"] >= line) for name, (part, line) in pairs.items()}
show(100 * pd.DataFrame(gaps).T)

# %% label="reveal-64-b"
reveal("64-b")

# %% [markdown] label="levels-read"
# The table has the gaps in percentage points, with their intervals. Below 7 somewhat more traders leave; how many more is unsure. But from 7 on, more satisfaction goes with no more loyalty. And those who answered stay more often than all traders together (dashed): the silent leave. Not answering is itself a sign.
#
# Why do satisfied traders leave? Each trader who left was asked for the reason. The first table has those who had answered 7 or more. The second asks of the answers 9 and 10: how many stay where a rival has a shop near, and where none has?

# %% label="reasons"
traders, branches = crmkit.load("traders"), crmkit.load("branch_quarters")
left = content[~content["stays"]].drop_duplicates("trader_id").merge(traders[["trader_id", "reason"]])
show(left["reason"].value_counts().rename("traders who left").to_frame())
near = said.merge(traders[["trader_id", "branch"]]).merge(branches[["branch", "quarter", "rival_near"]])
show(relations.by_level(near[near["satisfaction"] >= 9], "rival_near").round(3))

# %% [markdown] label="reasons-read"
# A need ends, or a rival opens near, and even 9 and 10 leave. This is the **satisfaction trap**. Do the most satisfied at least bring the most profit? (The mean profit of a quarter, in {company.currency}, and the mean discount, as a share of the price.)

# %% label="profit"
said["discount"] = said["trader_id"].map(traders.set_index("trader_id")["discount"])
profit = relations.by_level(said, "level", "profit").set_index("level")
profit["discount"] = said.groupby("level", observed=True)["discount"].mean()
show(profit[["customers", "mean", "low", "high", "discount"]].round(3))

# %% [markdown] label="profit-read"
# No. Part of the satisfaction is bought with discounts. The saying "100 % satisfaction means profit" forgets what satisfaction costs.
#
# ## Sales look back
#
# A **leading indicator** changes before the result does. Here are the last quarters of those who left; 100 % is what was usual for them:

# %% label="before"
path = relations.before_leaving(quarters, ["logins", "help_given", "sales"])
ax = health_plots.plot_before_leaving(path, title="Log-ins and help fall first, sales last")
one = path[path["before"] == 1].set_index("signal")["of_usual"]
show(ax, alt=f"One quarter before the last purchase log-ins are at {one['logins']:.0%} of the usual, sales at {one['sales']:.0%}.")

# %% [markdown] label="index-head"
# So Iris builds a **health index**: the chance that a trader still buys two quarters later, from several signals. It learns from quarter 2 (last year) and is judged on quarter 6 (this year). `_change` compares with the trader's own earlier quarters. A list of 100 warnings names the 100 traders with the lowest index.

# %% label="index"
signals = ["logins", "shares", "introductions", "help_given", "complaints", "sales"]
table = relations.signal_changes(quarters, signals).merge(stays[["trader_id", "quarter", "stays"]])
last_year, this_year = table[table["quarter"] == 2], table[table["quarter"] == 6]
sales = relations.HealthIndex(["sales", "sales_change"]).fit(last_year)
index = relations.HealthIndex([*signals, "logins_change", "sales_change"]).fit(last_year)
by_sales = relations.warning_list(sales.score(this_year), this_year["stays"], [100], contact_cost=25, worth=350)
print(f"{len(this_year)} traders, {(~this_year['stays']).sum()} left; 100 warnings by sales alone caught {by_sales['caught'][0]}")

# %% [markdown] ask="64-c"

# %% label="predict-64-c"
predict("64-c", ...)

# %% label="warnings"
cost = {"contact_cost": 25, "worth": 350}
warnings = relations.warning_list(index.score(this_year), this_year["stays"], [50, 100, 200], **cost)
show(warnings.drop(columns=["missed"]).round(2))

# %% label="reveal-64-c"
reveal("64-c")

# %% [markdown] label="warnings-read"
# *Right* is the share of warnings that named a leaver; *of leavers* is the share of all leavers that the list caught. *Break even* is the share of the caught whom a call ({company.symbol}25) must keep, so that the list pays. Each is taken to be worth {company.symbol}350, about the profit of a year. Whether a call keeps anybody, the list cannot say. Calls may even hurt, and those at risk are not those who can be moved (Ascarza 2018): test it with a control group.
#
# How good is the ranking as a whole? Take one trader who stays and one who leaves: how often has the first the higher score? (Books call this share the AUC.) *Gap* compares with sales alone. The second table puts traders into five groups by their index: *promised* is its mean, *came* the share who stayed.

# %% label="compare"
scores = {"sales alone": sales.score(this_year), "health index": index.score(this_year)}
show(relations.compare_scores(scores, this_year["stays"]).round(3))
groups = calibration(index.score(this_year), this_year["stays"], 5).rename(columns={"users": "traders"})
show(groups[["traders", "promised", "came", "low", "high"]].round(2))
rivals = branches.groupby("quarter")["rival_near"].sum()
print(f"branches with a rival near: {rivals[4]} in quarter 4, {rivals[8]} in quarter 8")

# %% [markdown] label="compare-read"
# The ranking held in the new year. But the promised shares are often too high. More rivals are near this year, and last year's index could not know that. So use it to rank, and be careful with its percentages. "One number is enough, recommendation" can be tested among those who answered:

# %% label="one-number"
heard = this_year.merge(letters)
scores = {name: heard[name] for name in ("recommendation", "satisfaction")}
compared = relations.compare_scores(scores | {"health index": index.score(heard)}, heard["stays"])
ax = health_plots.plot_scores(compared, title="The index ranks better than one number")
words = "; ".join(f"{row.score}: {row.ranks_right:.0%}" for row in compared.itertuples())
show(ax, alt=f"Share of pairs ranked right. {words}.")

# %% [markdown] label="one-number-read"
# Keiningham and others (2007) found the same for firms: the score was no better a guide to growth than other measures. Now you: choose weights for three signals (all are put on one scale first). How many leavers do you catch with 100 warnings? The line *sales* takes the sales of the quarter alone, without their change. Equal weights already do about as well as the learnt index: which signals you take matters more than their exact weights. And be careful: you choose on the year that also judges, so your best number promises too much.

# %% label="explorer"
health_explorers.index_explorer(this_year, ["logins", "help_given", "sales_change"], like=last_year)

# %% [markdown] label="chain-head"
# ## Happy staff, happy customers, profit?
#
# This is the **service-profit chain**. {company.name} has 20 branches. Here are the correlations of one measure with another in the *next* quarter, first over all branches, then with each branch compared only with itself. The interval takes the branch as the unit, because quarters of one branch are alike; the p-value comes from shuffling whole branches.

# %% label="chain"
staff, customer = "staff_satisfaction", "customer_satisfaction"
links = [(staff, customer), (customer, "profit"), (staff, "profit"), ("profit", staff)]
shown = relations.lagged_links(branches, links)
shown["branch_with_itself"] = relations.lagged_links(branches, links, within=True)["correlation"]
show(shown.round(3))

# %% [markdown] label="chain-read"
# Profit "predicts" happy staff as well as happy staff predict profit. A good location pleases everybody. Compared with itself, a branch shows little. Only a trial tells: half of the branches, drawn at random, got a staff training.
#
# How much should this training bring? *As it looks* takes the rise in staff satisfaction, times what one point more goes with between branches; *each branch with itself* does the same within branches. *By chance* is the trial: the trained branches against the others.

# %% label="trial"
trial, truth = crmkit.load("branch_trial"), crmkit.load_truth("branch_trial")
effect = relations.chain_check(branches, trial, staff, [customer, "profit"])
happier = relations.branch_trial_effects(trial, [staff]).iloc[0]
print(f"staff satisfaction: {happier.effect:+.1f} points ({happier.low:.1f} to {happier.high:.1f})")
show(effect.round(2))
mine = effect[effect["outcome"] == "profit"]
ax = health_plots.plot_chain(mine, truth=truth["profit_effect"].mean(), unit=f"1,000 {company.currency} a quarter", title="Plain figures promise more than the trial gave")
words = "; ".join(f"{row.way}: {row.effect:.1f} ({row.low:.1f} to {row.high:.1f})" for row in mine.itertuples())
show(ax, alt=f"Effect of the training on profit. {words}.")

# %% [markdown] label="trial-read"
# The training made staff happier, and customers too. For profit (in 1,000 {company.currency}) the plain figures promise several times as much as the trial shows. With 20 branches the interval is wide: a small gain is possible, the promised one is not likely. **So it is in this simulated company. It is not a law.**

# %% [markdown] label="turn"
# ## Your turn

# %% [markdown] ask="64-1"

# %% label="check-64-1"
check("64-1", ...)

# %% label="quiz-64"
quiz("64")

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - **What no signal shows.** A rival or a need that ends may come too fast for any index.
# - **Newcomers have no usual.** The index needs an earlier quarter.
# - **An index that is a target.** Reward log-ins, and log-ins rise, not loyalty.
# - **A branch with itself.** With eight quarters such correlations are a little too low.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - Ask first who did not answer.
# - Satisfied customers leave: needs end, rivals come. Satisfaction can be bought too dearly.
# - Choose an index on one period, judge it on the next, beside sales alone.
# - What goes together in branches needs a trial.

# %% [markdown] label="words-learnt" tags=["words"]
# ## Words learnt
#
# - **net promoter score** 净推荐值: the share of 9 and 10 less the share of 0 to 6, in points
# - **non-response** 无应答: those asked who do not answer
# - **satisfaction trap** 满意陷阱: satisfied customers leave all the same
# - **leading indicator** 先行指标: something that changes before the result does
# - **health index** 健康指数: several signals put together into the chance to stay
# - **service-profit chain** 服务利润链: the claim that satisfied staff make satisfied customers, and these make profit

# %% [markdown] label="on-your-own-data" tags=["own-data"]
# ## On your own data
#
# You need a file of a survey: who was asked, in which quarter, and the score from 0 to 10 (empty: no answer).
#
# ```python
# import pandas as pd
# from crmkit.relations import promoter_score
#
# table = pd.read_csv("my_survey.csv")  # customer, quarter, score
# for quarter, part in table.groupby("quarter"):
#     said = part["score"].dropna()
#     if len(said):
#         found = promoter_score(said)
#         print(f"{quarter}: {found.score:.0f} ({found.low:.0f} to {found.high:.0f}), {len(said)} answers of {len(part)}")
# ```

# %% [markdown] label="what-next" tags=["next"]
# ## What next
#
# A warning needs something to do. **Lesson 32** tests what wakes customers; **lesson 72** sets the line of an alarm by its cost.

# %% [markdown] label="on-one-page" tags=["summary"]
# ## On one page
#
# **Claim.** Satisfied customers leave too. What they do tells earlier than what they say or buy.
#
# **Method.**
#
# 1. Work out the score with an interval, and call some of the silent at random.
# 2. Learn an index on one period; judge it on the next, beside sales alone.
# 3. Count what a list catches and what it costs; test what a call does.
#
# **Formula.** net promoter score = 100 × (share of 9 and 10 − share of 0 to 6)
#
# **Code.**
#
# ```python
# HealthIndex(["logins", "sales_change"]).fit(last_year).score(this_year)
# ```
#
# **Where it fails.** Rivals and needs that end come unannounced, and what goes together in branches is no effect.
