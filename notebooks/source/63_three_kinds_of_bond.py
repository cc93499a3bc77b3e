# %% [markdown] label="title" tables=["bond_study", "repairs", "partner_ideas", "truth/bond_study"] extra=true tags=["opening"]
# # Three kinds of bond, and what a rival cannot copy
#
# **After this lesson you can** count who is still there when some have moved away; compare bonds under an attack, in groups made by chance; weigh what a bond keeps against what it costs; test whether a repaired fault is better than none; judge an idea by who gains and who loses.
#
# **55 minutes to read, 60 minutes of exercises** · you need lesson 32 (a test with a control group) · you will meet: financial bond, social bond, structural bond, right-censored, staying curve, hazard ratio

# %% [markdown] label="case"
# ## "A discount binds them"
#
# At {company.name} sales has one answer to every rival: a standing discount. "It works at once, look at the till!" Nora wants to see what is left when a rival is cheaper. For a year she followed customers with one of three **bonds**, and some without:
#
# - **financial**: a standing discount;
# - **social**: an adviser of their own, who knows their projects and important dates;
# - **structural**: a tool rental account that keeps their projects and tools. Leaving means work.
#
# For most, chance decided on the bond. After week 26 a rival cut its prices, by 0 to 30 %; chance decided how much in each area.

# %% label="imports"
import crmkit
from crmkit import relations
from crmkit.practice import check, predict, quiz, reveal
from crmkit.relations import bond_explorers, bond_plots
from crmkit.style import show

company = crmkit.company()
study = crmkit.load("bond_study").sort_values(["bond", "person_id"])
trial = study[study["how"] == "by chance"]
show(trial[["person_id", "bond", "rival_off", "weeks", "left", "margin_quiet", "cost_quiet"]].head(3))

# %% [markdown] label="columns"
# A row is a customer: how much the rival cut its prices in the area (%), for how many weeks Nora could watch, and whether the customer *left*. Who was watched for less than 52 weeks and did not leave has moved to another town. *Quiet* is before the attack: the margin, and what the bond cost.

# %% [markdown] label="quiet-head"
# ## While all is quiet, the discount looks best
#
# *Net* is margin less the cost of the bond, per customer, in weeks 1 to 26. *More* compares it with customers without a bond, and allows for what each bought before the study; `low` to `high` is its 95 % interval.

# %% label="quiet"
quiet = {"before the attack": ("margin_quiet", "cost_quiet")}
first = relations.bond_value(trial, quiet)
show(first[["bond", "customers", "margin", "cost", "net", "more", "low", "high"]].round(1))

# %% [markdown] label="quiet-read"
# With the discount customers buy more at once. The account is paid for at the beginning, and has hardly earned that back. A report after half a year would choose the discount.

# %% [markdown] ask="63-a"

# %% label="predict-63-a"
predict("63-a", ...)

# %% [markdown] ask="63-b"

# %% label="predict-63-b"
predict("63-b", ...)

# %% [markdown] label="by-hand-head"
# ## Who moved away did not leave for a rival
#
# Six customers by hand. Three leave, in weeks 2, 4 and 6. One moves to another town in week 4. Two are still there in week 8, when the watching ends. We do not know when these three would have left: they are **right-censored**. The one who moved counts until week 4, and no longer:

# %% label="by-hand"
stay = 1.0
for week, there, gone in [(2, 6, 1), (4, 5, 1), (6, 3, 1)]:
    stay = stay * (1 - gone / there)
    print(f"week {week}: {gone} of {there} leaves, {stay:.0%} still there")

# %% [markdown] label="by-hand-read"
# In week 6 only three are left to look at, so one leaver counts for a third. This is the **staying curve** (Kaplan and Meier). If we count the one who moved as a leaver, we get 33 %; if we count this customer as a stayer, 50 %.
#
# ## What a rival cannot copy holds
#
# Now all customers whose bond chance decided:

# %% label="curve"
curve = relations.staying_curve(trial)
ends = curve[curve["week"] == 52].set_index("bond")
ax = bond_plots.plot_staying(curve, title="Under the attack the discount holds no better than no bond")
words = "; ".join(f"{bond} {row.stay:.0%} ({row.low:.0%} to {row.high:.0%})" for bond, row in ends.iterrows())
show(ax, alt=f"Share still there after 52 weeks, with 95 % interval: {words}.")

# %% label="reveal-63-a"
reveal("63-a")

# %% label="reveal-63-b"
reveal("63-b")

# %% label="gap"
gaps = relations.stay_difference(trial, 52)
weeks = relations.mean_weeks(trial, 52)[["bond", "mean_weeks", "more", "more_low", "more_high"]]
show(gaps[["bond", "stay", "control_stay", "gap", "low", "high"]].round(3))
show(weeks.round(1))

# %% [markdown] label="gap-read"
# *More* in the second table is in weeks: the area between two curves, up to week 52. Now the two halves of the year apart. The *rate* is leavers for a hundred weeks watched. The *ratio* to customers without a bond is a **hazard ratio**: below 1, fewer leave.

# %% label="rates"
rates = relations.leaving_rates(trial)
show(rates[["period", "bond", "left", "rate", "ratio", "ratio_low", "ratio_high"]].round(2))

# %% [markdown] label="rates-read"
# **"A discount binds": here it does not.** A rival copies it in a day. What a rival cannot copy holds: an adviser who knows the garden, and most of all an account whose tools and projects would have to move. That is the textbook's order too, but it is this company's result and no law.
#
# Does it depend on how deep the rival cuts? *Rate* is the leavers for a hundred weeks where the rival cuts nothing. *Times* is how many times as many leave for each ten points of its cut: 1 means that depth changes nothing.

# %% label="depth"
model = relations.attack_model(trial)
show(model[["bond", "left", "rate", "times", "low", "high"]].round(2))

# %% label="explorer"
attack = trial[trial["weeks"] > 26].assign(watched=lambda t: t["weeks"] - 26)
sums = attack.groupby("bond")[["margin_attack", "cost_attack", "watched"]].sum()
week = (sums["margin_attack"] - sums["cost_attack"]) / sums["watched"]
bond_explorers.attack_explorer(model, week.rename("week_margin").reset_index(), off=20)

# %% [markdown] label="explorer-read"
# At 0 % all bonds keep about as many. Which line moves least when you cut deeper? From which depth are ten points more still there with the account than with the discount?
#
# ## Does it pay?
#
# Customers kept are not yet money. Each bond costs something, and a discount is paid on what customers would have bought anyway:

# %% label="money"
value = relations.bond_value(trial)
show(value[["period", "bond", "cost", "net", "more", "low", "high"]].round(0))
ax = bond_plots.plot_bond_value(value, unit=company.currency, title="The discount earns first, the account under attack")
words = "; ".join(f"{row.bond} {row.period} {row.more:.0f} ({row.low:.0f} to {row.high:.0f})" for row in value.dropna().itertuples())
show(ax, alt=f"Margin less cost, more than without a bond: {words}.")

# %% [markdown] label="money-read"
# The account earns under the attack, and so over the year. Is it better than the discount? Two intervals that overlap do not answer that: both compare with no bond. Compare the two bonds themselves:

# %% label="money-against-discount"
against = relations.bond_value(trial, control="financial").query("bond == 'structural'")
show(against[["period", "bond", "more", "low", "high"]].round(0))

# %% [markdown] label="against-read"
# *More* is now more than with the discount. **Before the attack the account earns less than the discount, under the attack more.** Over the year a part of this cancels, so look whether 0 is in the last interval. Besides, with the account more customers are left for the next year.
#
# ## Who chooses a bond is another kind of customer
#
# Other customers chose for themselves:

# %% label="chosen"
both = relations.stay_difference(study, 52, within="how")
show(both[["how", "bond", "customers", "stay", "control_stay", "gap", "low", "high"]].round(3))

# %% label="chosen-truth"
loyal = study.merge(crmkit.load_truth("bond_study"), on="person_id")
show(loyal.groupby(["how", "bond"])["loyal"].mean().unstack().round(2))

# %% [markdown] label="chosen-read"
# The data are simulated, so we can look at what no company knows: how loyal people are whatever the bond (in standard deviations). Bargain hunters take the discount, loyal people the account. **Compare those who chose, and the discount looks harmful and the account too good.** Chance makes the groups alike.
#
# ## Trouble, and its repair
#
# Bonds are tested by trouble too. "A complaint well repaired makes a better customer than none", says the desk. Its own file seems to agree:

# %% label="file"
cases = crmkit.load("repairs")
came, fair = (cases[cases["how"] == how] for how in ("as it came", "by chance"))
show(came.groupby("repair")[["orders_before", "satisfaction", "bought_180d"]].mean().round(2))

# %% [markdown] label="file-read"
# Satisfaction is a mark from 0 to 10, a month later. Look at the orders *before*: those who complain buy often anyway, and good customers are served first. Others had a fault and said nothing; they stand under "no fault". So there was a trial: the shop looked for faults itself, and chance decided whether a fault was repaired at once, late, or not.

# %% [markdown] ask="63-c"

# %% label="predict-63-c"
predict("63-c", ...)

# %% label="repair"
effects = relations.repair_effects(fair.sort_values("repair"))
show(effects[["outcome", "repair", "customers", "value", "effect", "low", "high", "p_adjusted"]].round(3))

# %% label="made-good"
good = relations.made_good(fair)
ax = bond_plots.plot_made_good(good, title="Repaired at once: more satisfied, buying less")
named = good["outcome"].replace("bought_180d", "bought again in 180 days")
words = "; ".join(f"{row.outcome} {row.share:.0%} ({row.low:.0%} to {row.high:.0%})" for row in good.assign(outcome=named).itertuples())
show(ax, alt=f"Share of the harm made good by a repair at once: {words}.")

# %% label="reveal-63-c"
reveal("63-c")

# %% [markdown] label="repair-read"
# In the table *value* is the mean of the group (for `bought_180d` the share that bought again in 180 days), and *effect* is the difference to customers without a fault. `p_adjusted` allows for six comparisons (Holm). In the figure 100 % means: as if there had been no fault. After a repair at once (**service recovery**, lesson 42) people are *more* satisfied than without a fault, and buy again *less*. So it is in published studies too: the paradox shows in what people say, not in what they buy (De Matos and others 2007), and a repair hardly ever makes good in full (Knox and van Oest 2014). Repair at once all the same: late, or not at all, is much worse.
#
# ## Everybody gains, or it does not last
#
# A relationship has two sides, and customers are not the only partners: suppliers, other firms and the public are too. Information goes both ways, and each side has to gain (**win-win**). Nora's list has a year's gains of the company, the partner and the customers ({company.symbol}):

# %% label="ideas"
ideas = crmkit.load("partner_ideas")
show(ideas)

# %% [markdown] ask="63-4"

# %% label="check-63-4"
check("63-4", ...)

# %% [markdown] label="turn"
# ## Your turn

# %% [markdown] ask="63-1"

# %% label="check-63-1"
check("63-1", ...)

# %% label="quiz-63"
quiz("63")

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - **Who moves away because of the shop is a leaver.** The curve believes that moving has nothing to do with staying.
# - **Survivors.** The rates under the attack compare only customers who were still there when it began. The share still there, counted from the start, has no such problem.
# - **Half a basket.** Customers may stay and buy part elsewhere.
# - **A bond can become a trap.** An account that is hard to leave must be worth staying for.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - Judge a bond while a rival attacks, not while all is quiet.
# - Count people for as long as they were watched.
# - Those who choose a bond differ; let chance decide.
# - Satisfied after a repair is not the same as buying again.

# %% [markdown] label="words-learnt" tags=["words"]
# ## Words learnt
#
# - **financial bond** 财务性联系: customers stay because it is cheaper for them
# - **social bond** 社会性联系: customers stay because of people who know them
# - **structural bond** 结构性联系: customers stay because something of theirs is there, and leaving is work
# - **right-censored** 右删失: watched until some week, and not known what came later
# - **staying curve** 留存曲线: the share still there after each week, everybody counted for as long as watched
# - **hazard ratio** 风险比: how many times as many leave in a week as in another group

# %% [markdown] label="on-your-own-data" tags=["own-data"]
# ## On your own data
#
# You need a file of customers: the bond, the first day, the last day (empty: still there), and whether they moved away. Without a trial, compare with care: they chose.
#
# ```python
# import pandas as pd
# from crmkit.relations import mean_weeks, staying_curve
#
# table = pd.read_csv("my_bonds.csv", parse_dates=["start", "end"])  # customer, bond, start, end, moved
# today = pd.Timestamp("2025-12-31")  # the day of the file
# table["left"] = table["end"].notna() & ~table["moved"]  # moved: True or False
# days = (table["end"].fillna(today) - table["start"]).dt.days
# table["weeks"] = -(-days // 7)
# print(staying_curve(table))
# print(mean_weeks(table, control="none"))
# ```

# %% [markdown] label="what-next" tags=["next"]
# ## What next
#
# **Lesson 64** asks why satisfied customers leave all the same. Lesson 60 has the desk that repairs.

# %% [markdown] label="on-one-page" tags=["summary"]
# ## On one page
#
# **Claim.** A discount sells at once and does not hold when a rival is cheaper; what a rival cannot copy holds.
#
# **Method.**
#
# 1. Let chance decide on the bond, and count everybody for as long as they were watched.
# 2. Compare the share still there, and weeks, with customers without a bond, under an attack.
# 3. Subtract what the bond costs.
#
# **Formula.** still there = (1 − leavers ÷ those there) of each week, multiplied
#
# **Code.**
#
# ```python
# stay_difference(trial, 52)
# ```
#
# **Where it fails.** Where customers chose their bond, where moving has to do with the shop, where they stay and buy elsewhere.
