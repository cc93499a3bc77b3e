# %% [markdown] label="title" extra=true tables=["programme_people", "programme_points", "programme_tiers", "stamp_cards", "truth/programme_people", "truth/programme_points", "truth/programme_tiers"] tags=["opening"]
# # Members spend more, and mostly they did before
#
# **After this lesson you can** tell what a loyalty programme moved from who joined it; say whom it moves, and for how long; compute what a point costs and what is still owed; use a threshold as an experiment, and see when it is none; test a design, such as a start that is given away, and say whether a programme pays.
#
# **50 minutes to read, 65 minutes of exercises** · you need lesson 32 (control group) · you will meet: self-selection, intention to treat, effect on those who joined, breakage, liability, regression discontinuity, endowed progress, goal gradient

# %% [markdown] label="case"
# ## "Members spend twice as much. The programme works!"
#
# Some years ago {company.name} began a programme in a part of its shops: one point for each {company.symbol}1, and 150 points make a voucher of {company.symbol}3. The marketing director compares members with other customers, and is proud. Nora remembers something: at the start, some customers were *invited* by chance, and some had to *wait* a year, also by chance. All others had their *own choice*. Does the programme work, and for whom?

# %% label="imports"
import pandas as pd

import crmkit
from crmkit import relations
from crmkit.practice import check, predict, quiz, reveal
from crmkit.reactivation import effect_table
from crmkit.relations import programme_explorers, programme_plots
from crmkit.style import show

company = crmkit.company()
people = crmkit.load("programme_people")
before = ["spend_before_12_7", "spend_before_6_1"]
quarters = ["spend_1_3", "spend_4_6", "spend_7_9", "spend_10_12"]
people["before"], people["spend"] = people[before].sum(axis=1), people[quarters].sum(axis=1)
own = people[people["arm"] == "own choice"]
show(own.groupby("joined")[["before", "spend"]].mean().round(0))

# %% [markdown] ask="62-a"

# %% label="predict-62-a"
predict("62-a", ...)

# %% [markdown] label="by-hand-head"
# ## Chance decides who is asked, not who joins
#
# Eight customers by hand. Four were invited, and two of them joined. The others had to wait:

# %% label="by-hand"
eight = pd.DataFrame({"arm": ["invited"] * 4 + ["waiting"] * 4, "joined": [True, True] + [False] * 6})
eight["spend"] = [520, 340, 120, 100, 480, 300, 120, 100]
mean = eight.groupby("arm")["spend"].mean()
per_invited = mean["invited"] - mean["waiting"]
print(f"per invited customer {per_invited:.0f}; per customer who joined {per_invited / 0.5:.0f}")

# %% [markdown] label="by-hand-read"
# The two who joined spend 430 on average, and the two who were invited and did not join 110. But the joiners are large buyers: the waiting group has such customers too. So compare **all** invited with **all** waiting: this is the **intention to treat**. We suppose that the letter did nothing for those who did not join. So the whole difference belongs to the half who did, and the **effect on those who joined** is twice as large.
#
# The helper shows this beside three comparisons without chance: as it looks, with the same spending before, and the change from before to after:

# %% label="effects"
effects = relations.member_effects(people, "spend", before)
truth = crmkit.load_truth("programme_people")
change = truth["spend_with"] - truth["spend_without"]
real = change[people["joined"]].mean()
ax = programme_plots.plot_member_effects(effects, unit=company.currency, truth=real, title="Most of the gap was there before the programme")
words = "; ".join(f"{row.way} {row.effect:.0f} ({row.low:.0f} to {row.high:.0f})" for row in effects.itertuples())
show(ax, alt=f"More spent: {words}. In truth {real:.0f} per member.")

# %% label="reveal-62-a"
reveal("62-a")

# %% [markdown] label="effects-read"
# **Members spend more mostly because those who buy much join.** This is **self-selection**. In a study of seven Dutch programmes the plain gap was seven times the effect (Leenheer et al., 2007). Adjusting helps a lot, but not enough: people with plans for the house join more, and spend more anyway. Nobody wrote down these plans, so nobody can adjust for them. The spending of such people rises after the start in any case, so "before and after" is wrong too. Only the two rows by chance are right. (*invited by chance* is lower than the line, because it also counts those who did not join.)

# %% [markdown] ask="62-b"

# %% label="predict-62-b"
predict("62-b", ...)

# %% [markdown] label="who-head"
# ## The best customers hardly move
#
# Three kinds of buyer, by the year before: light (under {company.symbol}150), moderate, and heavy ({company.symbol}450 or more). By how much did those who joined spend more in the first three months?

# %% label="who"
people["kind"] = pd.cut(people["before"], [0, 150, 450, 1e9], right=False, labels=["light", "moderate", "heavy"])
first = relations.joined_effects(people, "spend_1_3", before, by="kind")
ax = programme_plots.plot_who_moves(first, title="Light and moderate buyers move, heavy ones hardly")
words = "; ".join(f"{row.kind} {row.more:.0%} ({row.more_low:.0%} to {row.more_high:.0%})" for row in first.itertuples())
show(ax, alt=f"More spent in the first three months: {words}.")

# %% label="reveal-62-b"
reveal("62-b")

# %% [markdown] label="long-head"
# Heavy buyers already buy with us what they need. For them, points are a discount. And how long does it last? *Without* is what members would have spent without the programme, *effect* is what it added, and *more* is effect over without:

# %% label="how-long"
over = relations.joined_effects(people, quarters, before)
show(over[["period", "without", "effect", "low", "high", "more"]].round(2))

# %% [markdown] label="long-read"
# After nine months little is left. Studies found the same direction: light and moderate buyers move (Liu, 2007), and gains fade in six to nine months (Meyer-Waarden and Benavent, 2009). **A first quarter is no year.**
#
# ## A point costs less than it says, and is paid on everything
#
# Points expire after a year. A voucher of {company.symbol}3 for 150 points makes a point worth {company.symbol}0.02. What had become of the points at the end of the second year?

# %% label="points"
points = crmkit.load("programme_points")
show(points.groupby("year")[["earned", "redeemed", "expired", "outstanding"]].sum())
broken = relations.breakage(points)
print(f"breakage {broken.estimate:.1%} ({broken.low:.1%} to {broken.high:.1%})")

# %% [markdown] label="points-read"
# **Breakage** is the share of points that is never redeemed. Take it from the first year only: those of the second may still be redeemed or expire. What will the outstanding points cost us? This is the **liability**:

# %% label="liability"
owed = relations.points_liability(points, point_value=0.02)
later = 0.02 * crmkit.load_truth("programme_points")["redeemed_later"].sum()
show(owed.round(0))
print(f"in truth {company.money(later)} will be redeemed")

# %% [markdown] label="liability-read"
# "Every point" is too much. The second row takes the points earned, less breakage, less what is redeemed already. And by how much must spending rise before points pay, if 35 {company.cents} of each {company.symbol}1 are margin?

# %% label="point-cost"
cost = relations.point_cost(0.35, point_value=0.02, breakage=broken.estimate)
print(f"a point costs {100 * cost.cost_per_point:.2f} {company.cents}; points take {cost.share_of_margin:.1%} of the margin")
print(f"they pay from a rise of {cost.break_even:.1%}")

# %% [markdown] label="pays-head"
# That sounds easy. But points are paid on **all** spending, also on what would have come anyway. Here is the first year per member, with the vouchers that were redeemed for its points and {company.symbol}1.50 for post. *Margin more* is 35 % of the rise, and *net* is what is left after the cost:

# %% label="pays"
vouchers = points[points["year"] == 1].set_index("person_id")["redeemed"] * 0.02
people["paid"] = people["person_id"].map(vouchers).fillna(0) + 1.5 * people["joined"]
net = relations.programme_profit(people, "spend", "paid", before, margin=0.35, by="kind")
show(net.round(1))

# %% [markdown] label="pays-read"
# Light and moderate buyers pay for themselves in this year. Heavy buyers get most of the vouchers and give little back. For all members together, look at the interval before you say yes. And remember the last quarter: in a second year the cost stays and the gain is gone. **In this simulated company the programme pays, if at all, for a short time.**
#
# ## Gold works just above the threshold, while nobody knows it
#
# At the start of the second year, members who had spent {company.symbol}500 or more in the first became gold: free delivery, and an evening for guests. Gold members spend far more, of course: that is how they became gold. But a member with 505 is like one with 495, except for being gold. Comparing just there is a **regression discontinuity**:

# %% label="threshold"
tiers = crmkit.load("programme_tiers")
two, three = tiers[tiers["year"] == 2], tiers[tiers["year"] == 3]
found = relations.threshold_effect(two, "spend_before", "spend", 500)
ax = programme_plots.plot_threshold(two, "spend_before", "spend", 500, bandwidth=found.bandwidth, unit=company.currency, title="Spending jumps where gold begins")
show(ax, alt=f"Just below the threshold {found.below:.0f}, just above {found.above:.0f}: {found.effect:.0f} more ({found.low:.0f} to {found.high:.0f}).")
near = two["spend_before"].between(460, 540)
true_gold = crmkit.load_truth("programme_tiers").loc[two.index[near], "gold_effect"].mean()
print(f"gold adds {found.effect:.0f} ({found.low:.0f} to {found.high:.0f}) at the threshold; in truth {true_gold:.0f}")

# %% [markdown] ask="62-c"

# %% label="predict-62-c"
predict("62-c", ...)

# %% [markdown] label="crowd-head"
# The comparison holds only if nobody chose the side. In the first year the threshold was not known. Then it was announced. So count the members just below and just above it:

# %% label="crowd"
ax = programme_plots.plot_crowding({"not known": two["spend_before"], "announced": three["spend_before"]}, 500, unit=company.currency, title="A known threshold pulls people across it")
dense = pd.DataFrame({"not known": relations.threshold_density(two["spend_before"], 500), "announced": relations.threshold_density(three["spend_before"], 500)}).T
show(ax, alt=f"Members just above for each one just below: {dense.times.iloc[0]:.1f} while not known, {dense.times.iloc[1]:.1f} when announced.")
show(dense[["below", "above", "times", "low", "high", "p_value"]].round(3))

# %% label="reveal-62-c"
reveal("62-c")

# %% [markdown] label="crowd-read"
# *Below* and *above* are the numbers of members for each unit of money right at the threshold. *Times* is above over below, so 1 means no jump. While gold was not known, the interval holds 1. Once it was announced, members just below buy a little more to reach gold. That is what a tier is for: **it pulls just below the threshold.** But now those above are keener than those below, and the comparison is no experiment any more.
#
# ## A start that is given away
#
# At the coffee counter chance gave each guest one of two cards: eight empty fields, or ten with two stamped already. Both ask for eight coffees:

# %% label="cards"
cards = crmkit.load("stamp_cards")
finished = effect_table(cards, "completed", arm="card", control="8 empty")
show(finished[["arm", "value", "control_value", "effect", "low", "high"]].round(3))
gaps = [f"gap_{number}" for number in range(1, 9)]
hurry = relations.goal_gradient(cards, gaps)
show(hurry.round(3))

# %% [markdown] label="cards-read"
# A given start makes more guests finish: **endowed progress** (34 % against 19 % in Nunes and Drèze, 2006). The second table asks whether people hurry near the reward, the **goal gradient**. A gap is the time between two stamps, in days; *shorter* is by what share the last is shorter than the first. Over all gaps this share is large. But slow people give up, and only quick ones reach the last gaps. Each card compared with itself shrinks less: by about a fifth, as in Kivetz et al. (2006).
#
# ## Design one that pays
#
# The explorer takes the rises of the whole year from the trial. It makes two suppositions: twice the reward moves 1.4 times as much, and gold moves all gold members as much as those at the threshold. The *rights* of gold are what delivery and evening cost for each gold member. Post is left out, and so is the fading after the first year: read the sums as the best case. Find a programme that earns more than today's. Whom does it serve?

# %% label="explorer"
kinds = relations.joined_effects(people, "spend", before, by="kind")
kinds["members"] = people[people["joined"]].groupby("kind", observed=True).size().to_numpy()
programme_explorers.programme_explorer(kinds, two["spend_before"], margin=0.35, breakage=broken.estimate, gold_more=found.effect / found.below, about=company)

# %% [markdown] label="turn"
# ## Your turn

# %% [markdown] ask="62-1"

# %% label="check-62-1"
check("62-1", ...)

# %% label="quiz-62"
quiz("62")

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - **A letter can do more than invite.** If it moves people who do not join, the effect on those who joined is too large.
# - **Only at the threshold.** What gold does for people far above it, the threshold cannot tell.
# - **Waiting people know members.** If they are annoyed and spend less, the programme looks better than it is.
# - **Breakage is no profit to aim at.** Members whose points expire notice it.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - Compare all invited with all waiting, then divide by the share who joined.
# - Points are paid on all spending; only the rise earns.
# - A threshold is an experiment as long as nobody can aim at it.
# - Tiers and stamps pull near the goal. Heavy buyers need no points.

# %% [markdown] label="words-learnt" tags=["words"]
# ## Words learnt
#
# - **self-selection** 自我选择: people choose their group themselves, so groups differ before anything is done
# - **intention to treat** 意向处理分析: all who were invited compared with all who were not, whether they joined or not
# - **effect on those who joined** 参与者平均效应: that difference divided by the share who joined
# - **breakage** 积分失效率: the share of points that is never redeemed
# - **liability** 积分负债: what points already given out will still cost
# - **regression discontinuity** 断点回归: comparing those just above a threshold with those just below
# - **endowed progress** 赠予进度效应: a start that is given away makes more people finish
# - **goal gradient** 目标梯度效应: effort grows as the goal comes near

# %% [markdown] label="on-your-own-data" tags=["own-data"]
# ## On your own data
#
# You need a members file: who joined, and what everyone spent in the year before and the year after. With a column `arm` (invited, waiting) you also get the two rows by chance.
#
# ```python
# import pandas as pd
# from crmkit import relations
#
# table = pd.read_csv("my_members.csv")  # joined (True, False), spend_before, spend_after
# print(relations.member_effects(table, "spend_after", ["spend_before"]))
# points = pd.read_csv("my_points.csv")  # person_id, year, earned, redeemed, expired, outstanding
# print(relations.breakage(points))
# if points["outstanding"].sum() > 0:
#     print(relations.points_liability(points, point_value=0.02))
# ```

# %% [markdown] label="what-next" tags=["next"]
# ## What next
#
# Points are the bond that is copied most easily. The next lesson compares it with stronger ones. **Lesson 33** asks the same question of campaigns: who is moved, not who buys.

# %% [markdown] label="on-one-page" tags=["summary"]
# ## On one page
#
# **Claim.** Members spend more mostly because those who buy much join. A programme moves light and moderate buyers, for a while.
#
# **Method.**
#
# 1. Let chance invite some and keep some waiting. Compare all of both, and divide by the share who joined.
# 2. Take breakage from years that are over. Set the margin of the rise against points on all spending.
# 3. Use an unannounced threshold as an experiment, and check that people do not crowd above it.
#
# **Formula.** effect on those who joined = (mean of invited − mean of waiting) ÷ share who joined
#
# **Code.**
#
# ```python
# member_effects(people, "spend", ["spend_before"])
# ```
#
# **Where it fails.** Letters that move people who do not join, and thresholds that people can aim at.
