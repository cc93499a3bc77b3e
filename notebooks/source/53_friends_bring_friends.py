# %% [markdown] label="title" tables=["introductions", "customers", "first_visits", "newcomers", "reward_test", "truth/newcomers"] names=["customers.acquisition_channel: friend"] extra=true tags=["opening"]
# # Friends bring friends, and most customers bring nobody
#
# **After this lesson you can** count whom each customer brings, directly and through others; say of whom a closing rate is a share, and how sure it is; compare customers who came by a friend with others of the same kind; count what a reward has won, and what one friend more costs.
#
# **50 minutes to read, 60 minutes of exercises** · you need lesson 32 (a test with a control group) · you will meet: introduction, generation, reproduction number, closing rate, selection, incremental friend, self-referral

# %% [markdown] label="case"
# ## "Pay them for each friend they bring"
#
# At {company.name} the marketing meeting is short. "One old customer influences eighteen others. Of a hundred introductions, over eighty end in a purchase. And friends are better customers. So let us pay {company.symbol}10 for each friend!" Nora, who counts things, asks for a week. She has a list of all **introductions**: each time that a customer told somebody to come, and what became of it, also where nothing came of it. A friend without a customer card has no `friend_id`, even if he or she bought:

# %% label="imports"
import numpy as np
import pandas as pd

import crmkit
from crmkit import prospects
from crmkit.practice import check, predict, quiz, reveal
from crmkit.prospects import referral_explorers, referral_plots
from crmkit.style import show

company = crmkit.company()
customers = crmkit.load("customers")["customer_id"]
introductions = crmkit.load("introductions")
show(introductions[["inviter_id", "told_on", "visited", "bought", "friend_id"]].iloc[1000:1004])

# %% [markdown] ask="53-a"

# %% label="predict-53-a"
predict("53-a", ...)

# %% [markdown] ask="53-b"

# %% label="predict-53-b"
predict("53-b", ...)

# %% [markdown] label="by-hand-head"
# ## A tree on five rows
#
# Six customers, numbered 1 to 6, and five introductions. In one of them nobody came, so it has no `friend_id`:

# %% label="by-hand"
five = pd.DataFrame({"inviter_id": [1, 1, 2, 4, 5], "friend_id": [2, 3, 4, np.nan, 6]})
direct = five.dropna().groupby("inviter_id").size().reindex(range(1, 7), fill_value=0)
print("brought directly: " + ", ".join(f"customer {who}: {count}" for who, count in direct.items()))
print(f"for each customer: {direct.mean():.2f}; for each who brought somebody: {direct[direct > 0].mean():.2f}")

# %% [markdown] label="by-hand-read"
# Customer 1 brought 2 and 3. Customer 2 brought 4, so 4 too came *through* customer 1: two directly, one through others. Customers 1 and 5 came in another way and are **generation** 0; 2, 3 and 6 are generation 1; 4 is generation 2.
#
# Look at the two means. Customers who brought nobody belong in the mean too. Without them it can never be below 1, however few friends come.
#
# ## Most tell nobody

# %% label="pandas"
told = introductions.groupby("inviter_id").size().reindex(customers, fill_value=0)
table = prospects.how_many_bring(told)
ax = referral_plots.plot_how_many(table, title="Most customers tell nobody; a few tell most of the friends")
ax.set_xlabel("how many friends a customer told")
first, last = table.iloc[0], table.iloc[-1]
show(
    ax,
    alt=f"{first.share:.0%} of the customers told nobody; the {last.share:.0%} who told four or more told {last.share_brought:.0%} of all friends.",
)

# %% label="reveal-53-a"
reveal("53-a")

# %% [markdown] label="rule-18-head"
# ## Not eighteen others
#
# `referral_chains` follows the chains. It can follow friends with a customer card only.

# %% label="chains"
chains = prospects.referral_chains(customers, introductions)
show(prospects.generation_table(chains).round(3))

# %% [markdown] label="chains-read"
# Each generation is a small part of the one before. (*Per customer* becomes smaller too: later generations are newer customers, who have had less time to bring somebody.)
#
# How many new customers does one customer bring? This is the **reproduction number**, R, as for an infection. Now we count all friends who bought, with a card or without, so R is larger than the numbers in the table:

# %% label="reproduction"
bought = introductions[introductions["bought"]].groupby("inviter_id").size()
r = prospects.reproduction_number(bought.reindex(customers, fill_value=0))
print(f"R = {r['estimate']:.2f} (95 % interval {r['low']:.2f} to {r['high']:.2f})")
print(f"through all generations: {r['in_all']:.2f} others ({r['in_all_low']:.2f} to {r['in_all_high']:.2f})")

# %% [markdown] label="rule-18"
# R customers come directly. If each of them brings as many, $R^2$ come through them, and so on: $R + R^2 + \dots = \frac{R}{1-R}$ in all. Eighteen would need an R of 0.95. **Below R = 1 every chain dies out.** In the explorer, R is the number of friends told times the share of them who come. Let some trees grow. What do they look like at an R of 0.2, and what above 1?

# %% label="explorer"
referral_explorers.tree_explorer(told=3, closing=0.2, starters=20)

# %% [markdown] label="closing-head"
# ## Do introductions close at over 80 %?
#
# The **closing rate** is the share that ends in a purchase. Of each share, ask: of whom?

# %% label="closing"
rates = prospects.closing_rates(introductions)
ax = referral_plots.plot_closing(rates, rule=0.8, title="No closing rate comes near 80 %")
words = "; ".join(f"{row.who} of those {row.of}: {row.rate:.0%}" for row in rates.itertuples())
show(ax, alt=f"Three closing rates with intervals, all below the line at 80 %. {words}.")
show(rates[["of", "who", "people", "rate", "low", "high", "times_wider"]].round(3))

# %% label="reveal-53-b"
reveal("53-b")

# %% [markdown] label="closing-read"
# Where does 80 % come from? Perhaps from a list that begins late: if it begins when the friend comes to the shop, all who never came are missing, and the rate is more than twice as high. Perhaps from memory: introductions that came to nothing are forgotten first.
#
# *Times wider*: friends of one inviter are alike, so each of them tells us less than a stranger would. The interval allows for that, and is so many times wider than one for independent people.
#
# ## Friends come with a plan
#
# Other people come to the shops on their own, and fewer of them buy. Is that because of what the friend said? The table of first visits in {company.year} knows who came with something definite to do (*project*) and who lives *near*:

# %% label="visits"
visits = crmkit.load("first_visits")
show(visits.groupby("came_by")[["project", "near", "bought"]].mean().round(2))

# %% [markdown] label="visits-read"
# Many more of the friends come with a project. This is **selection**: the two groups are different people before the visit begins. So compare like with like: within each combination of `project` and `near`.

# %% label="visits-gap"
gaps = prospects.like_with_like(visits, "bought", ["project", "near"], cluster="inviter_id")
show(gaps[["way", "value_friend", "value_other", "gap", "low", "high"]].round(3))

# %% [markdown] label="visits-gap-read"
# "Plain" compares all friends with all others. "Same kind" takes the gap within each combination, and weights it by the number of friends there. "Regression" is a second way to keep both traits equal; the two should agree. A good part of the plain gap was the project. The rest may be the friend.
#
# ## Are they better customers?
#
# From the years before the customer card there is a file on paper: newcomers, and the margin of their first 24 months. Those who came by a friend brought much more:

# %% label="newcomers"
newcomers = crmkit.load("newcomers")
mean = newcomers.groupby("came_by")["margin_24m"].mean()
print(f"by a friend {company.money(mean['friend'])}, others {company.money(mean['other'])}")

# %% [markdown] ask="53-c"

# %% label="predict-53-c"
predict("53-c", ...)

# %% label="newcomers-gap"
traits = ["need_type", "area", "newsletter_consent"]
gaps = prospects.like_with_like(newcomers, "margin_24m", traits)
truth = crmkit.load_truth("newcomers")
effect = (truth["margin_friend"] - truth["margin_other"])[newcomers["came_by"] == "friend"].mean()
ax = referral_plots.plot_gaps(gaps, truth=effect, unit=company.symbol, title="Much of the lead in margin is selection")
words = "; ".join(f"{row.way} {row.gap:.0f} ({row.low:.0f} to {row.high:.0f})" for row in gaps.itertuples())
show(ax, alt=f"Lead of customers by a friend: {words}. The truth is {effect:.0f}.")

# %% label="reveal-53-c"
reveal("53-c")

# %% [markdown] label="newcomers-read"
# Value-oriented people who live near are brought by friends more often, and are worth more anyway. Among people of the same kind a lead remains. The data are simulated, so we know the true lead (the dashed line): the plain comparison misses it.
#
# A bank found a lead as well: customers who came by a friend were worth at least 16 % more (Schmitt, Skiera and Van den Bulte 2011). Does it last?

# %% label="over-time"
halves = [name for name in newcomers if name.startswith("margin_") and name != "margin_24m"]
over = prospects.gap_over_time(newcomers, halves, traits)
show(over[["to_month", "more", "more_low", "more_high", "stay_gap", "stay_low", "stay_high"]].round(2))

# %% [markdown] label="over-time-read"
# *More* is the lead in margin among those still there, as a share of the others' margin: it shrinks, as in the bank. *Stay gap* is the lead in the share still there: it does not go away.
#
# ## What does a reward win?
#
# Now the {company.symbol}10. Nora put customers into three groups at random. All got the same letter. For each friend who buys it promised nothing, {company.symbol}10 to the inviter, or {company.symbol}10 to both. These are means for each customer:

# %% label="reward"
test = crmkit.load("reward_test")
show(test.groupby("arm")[["friends_120d", "same_address", "reward_cost"]].mean().round(3))

# %% [markdown] label="reward-read"
# Two kinds of friends must be subtracted. Some come without a reward: the control group shows how many. And some live with the inviter (*same address*). With a reward there are many more of these: **self-referral**, a second card for oneself. What remains are **incremental friends**, the *effect* for each customer:

# %% label="effects"
test["honest"] = test["friends_120d"] - test["same_address"]
effects = prospects.reward_effects(test, "honest", "reward_cost").set_index("arm")
show(effects[["effect", "low", "high", "p_adjusted", "anyway"]].round(3))
show(effects[["cost_per_friend", "cost_per_extra", "extra_low", "extra_high"]].round(1))

# %% [markdown] label="effects-read"
# *Cost per friend* is more than {company.symbol}10 or {company.symbol}20, because vouchers also went to the same address. *Anyway* is the share of friends who would have come without the reward: the voucher is paid for them too. So one friend *more* costs far more still (*cost per extra*). The fewer friends a reward wins, the wider is the interval of that cost.
#
# Does it pay? A friend who was won would not be there at all, so the whole margin counts, not the lead:

# %% label="worth"
friends = newcomers.loc[newcomers["came_by"] == "friend", "margin_24m"]
worth = prospects.programme_worth(test, "honest", "reward_cost", friends.mean(), friends.sem())
for row in worth.itertuples():
    print(f"{row.arm}: {row.friends_more:.0f} friends more for 1,000 letters, which earn {company.money(row.earns)}")
    print(f"   95 % interval {company.money(row.low)} to {company.money(row.high)}; pays if a friend is worth over {company.money(row.break_even)}")

# %% [markdown] label="turn"
# ## Your turn

# %% [markdown] ask="53-1"

# %% label="check-53-1"
check("53-1", ...)

# %% label="quiz-53"
quiz("53")

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - **Traits that nobody wrote down stay in the gap.** Like with like is no experiment. Only an experiment would show what a friend's word does.
# - **A chain is cut where the card ends.** Friends without a card bring others whom nobody sees, and new customers have had little time yet.
# - **One address is no proof.** Honest couples are in it; cheats with another address are not.
# - **120 days.** Some friends were only brought forward, and rewards wear off.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - Count customers who brought nobody. R below 1: each chain dies out.
# - A closing rate needs its "of whom". Late lists make it high.
# - Friends differ from other newcomers. Compare people of the same kind.
# - A reward is paid for all friends, and wins some of them.

# %% [markdown] label="words-learnt" tags=["words"]
# ## Words learnt
#
# - **introduction** 介绍: a customer tells somebody to come, whatever becomes of it
# - **generation** 代: how many steps of bringing lie between a customer and the first of the chain
# - **reproduction number** 再生数: new customers whom one customer brings directly, the mean over all customers
# - **closing rate** 成交率: the share of introductions (or visits) that end in a purchase
# - **selection** 选择偏差: groups differ before anything is done to them
# - **incremental friend** 增量朋友: a new customer who would not have come without the reward
# - **self-referral** 自我推荐: a customer who takes a second card to get the reward

# %% [markdown] label="on-your-own-data" tags=["own-data"]
# ## On your own data
#
# You need a list of customers with who brought whom; better still, everybody who was told.
#
# ```python
# import pandas as pd
# from crmkit.prospects import generation_table, referral_chains, reproduction_number
#
# table = pd.read_csv("my_customers.csv")  # customer_id, brought_by (empty: nobody)
# who = table.rename(columns={"customer_id": "friend_id", "brought_by": "inviter_id"}).dropna()
# chains = referral_chains(table["customer_id"], who)
# print(generation_table(chains))
# print(reproduction_number(chains["direct"]))
# ```

# %% [markdown] label="what-next" tags=["next"]
# ## What next
#
# A friend who was won must be kept. The part on **keeping customers** comes next; lesson 80 takes your own orders.

# %% [markdown] label="on-one-page" tags=["summary"]
# ## On one page
#
# **Claim.** Friends bring friends, but fewer than is said, and a reward wins only part of those it pays for.
#
# **Method.**
#
# 1. List all introductions, and count with those who brought nobody.
# 2. Compare those who came by a friend with others of the same kind.
# 3. Give the reward at random, with a control group; leave out friends at the inviter's own address.
#
# **Formula.** customers brought in all = R ÷ (1 − R), for R below 1
#
# **Code.**
#
# ```python
# reward_effects(test, "honest", "reward_cost")
# ```
#
# **Where it fails.** What nobody wrote down about people stays in the comparison, and chains end where the card ends.
