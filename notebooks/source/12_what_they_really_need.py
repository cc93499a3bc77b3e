# %% [markdown] label="title" tables=["needs", "need_ratings", "best_worst_tasks", "shelf_choices", "truth/needs", "truth/need_bias", "truth/customers"] tags=["opening"]
# # What customers call important is not what they buy
#
# **After this lesson you can** ask about needs so that the answer separates them; find must-haves by a forced ranking and check them at the shelf; hold stated importance against revealed importance; find needs that customers
# do not know they have.
#
# **65 minutes to read, 45 minutes of exercises** · you need lesson 11 · you will meet: must-have, nice-to-have, best-worst task, revealed importance, implicit need

# %% label="imports"
import numpy as np
import pandas as pd

import crmkit
from crmkit.mix import (
    BestWorstModel,
    ShelfModel,
    compare_importance,
    implicit_needs,
    kano_classes,
    must_haves_by_both,
    must_haves_by_ranking,
    must_haves_by_ticking,
    recovery,
)
from crmkit.mix.explorers import must_have_explorer
from crmkit.mix.plots import plot_importance_ranks, plot_recovery_bars
from crmkit.practice import check, hint, predict, quiz, solution
from crmkit.style import show

# %% [markdown] label="twelve-needs-all-called-important"
# ## Twelve needs, and all of them are called important
# {company.name} wants a better picture-hanging set. It asks 300 customers about twelve needs, three for each of the four C. *"How important is this to you, from 1 to 10?"*

# %% label="needs"
needs = crmkit.load("needs")
ratings = crmkit.load("need_ratings")
needs.set_index("need")

# %% label="rated"
rated = ratings.groupby("need")["rating"].mean().sort_values(ascending=False)
rated.round(1)

# %% [markdown] label="predict-product-manager-reads-must" tags=["predict"]
# > **Predict.** The product manager reads: "They must be able to afford it, of course; and then it must last." Would you build the set on this list? What could be wrong with it?

# %% label="predict-12-a"
predict("12-a", ...)  # a few words

# %% label="print"
print(f"marks of 7 and more: {(ratings['rating'] >= 7).mean():.0%}")
print(
    f"needs ticked as 'could not do without': "
    f"{ratings.groupby('customer_id')['ticked'].sum().mean():.1f} of 12 per customer"
)

# %% [markdown] label="make-choose"
# About half of all marks are sevens and higher. A mark costs nothing, so customers are generous; and they like to be people who buy things that last. A customer who says that everything matters has said
# nothing about where to put the money.
#
# ## Make them choose
# A **best-worst task** shows four needs on a card: which matters most, which least? Nobody can call all four important.

# %% label="cards"
cards = crmkit.load("best_worst_tasks")
cards.head(4)

# %% [markdown] label="simplest-score-often-need-called"
# The simplest score: how often a need was called best, less how often worst, divided by how often it was shown. The model behind it, a *multinomial logit*, gives each need a utility with a standard error; the chance of being called
# best grows with it.

# %% label="model"
model = BestWorstModel().fit(cards)
model.utilities_.round(2)

# %% [markdown] label="watch-choose"
# Being able to pay now stands many standard errors (`se`) above all others, and durability has lost its second place. Further down, neighbours are often less than two or three standard errors apart: their order is not sure. (`share` is the chance of being called best if all twelve stood on one card.) But this is still talk. What do people *do*?
#
# ## Watch them choose
# In a test shop a shelf holds three sets at a time. What each set offers was drawn by chance. Customers pay with their own money, or walk away.

# %% label="shelf"
shelf = crmkit.load("shelf_choices")
shelf.head(6)

# %% [markdown] label="chosen-more-often-need-met"
# What was chosen more often when a need was met reveals how much the need weighs. The same kind of logit, on purchases, with price as one of the reasons:

# %% label="tradeable"
# "affordable" is the price itself
tradeable = [need for need in needs["need"] if need in shelf.columns]
bought = ShelfModel().fit(shelf, tradeable)
bought.weights_.round(2).head(6)

# %% [markdown] label="pounds-weight-money-much-more"
# `pounds` is the weight in money: how much more a set may cost if it meets the need. Three ways to ask, three lists; here are the ranks side by side.

# %% label="plot-importance-ranks"
side = compare_importance(ratings, cards, shelf)
ax = plot_importance_ranks(side, highlight=("durable", "safe"))
ax.set_title("Durability leads where it costs nothing to say so")
d, s = (side.set_index("need").loc[need] for need in ("durable", "safe"))
apart = (s["revealed"] - d["revealed"]) / np.hypot(s["revealed_se"], d["revealed_se"])
show(
    ax,
    alt=f"Ranks of eleven needs. Durable: {d['stated_rank']:.0f} when rated, "
    f"{d['derived_rank']:.0f} when traded off, {d['revealed_rank']:.0f} when bought. Safe: "
    f"{s['stated_rank']:.0f}, {s['derived_rank']:.0f}, {s['revealed_rank']:.0f}.",
)
print(f"At the shelf, safe lies {apart:.1f} standard errors above durable")

# %% [markdown] label="list-right-truth-table-knows"
# Durability is rated first and falls as soon as something must be given up; safety climbs when people pay. Mind what the ranks hide: at the shelf the two lie apart by the number printed last, and below two standard errors their order may be chance. Ranks show no uncertainty.
#
# Which list is right? The truth table knows the weights that the choices follow.

# %% label="true-weight"
true_weight = crmkit.load_truth("needs").groupby("need")["weight"].mean()
side["truth"] = side["need"].map(true_weight)
side[["stated", "derived", "revealed", "truth"]].corr(method="spearman")["truth"].round(2)

# %% [markdown] label="1-would-true-order-0"
# 1 would be the true order, 0 no relation. What people did is nearer the truth than what they said, however cleverly they were asked. (With eleven needs a rank correlation is uncertain by about .3: a small difference between two of them says nothing.) (That is how this world was made: people follow their weights when they pay, and not when they talk. Whether yours do is to be found out.) The bias of the ratings is a known one, and the truth names it:

# %% label="crmkit-load-truth"
crmkit.load_truth("need_bias").set_index("need")["bias"].loc[lambda b: b != 0].sort_values()

# %% [markdown] label="purchase-needs-all-must-haves" tags=["predict"]
# Points too many for lasting quality, points too few for being asked what one needs. (In your own survey nobody will hand you this table. That is why one watches what people do.)
#
# ## A purchase needs all must-haves and some nice-to-haves
# So far a missing need could be made good by another one or by price. Some cannot. A **must-have** is a need without which nothing is bought, however cheap. Being able to pay is always one. Everything else that helps is a **nice-to-have**.
# A **value proposition** works when *all* must-haves and *some* nice-to-haves are met.
#
# Two ways to find them. *Tick everything you could not do without.* Or a **forced ranking**: *if only one could be kept, which? If only two?*
#
# > **Predict.** Which way finds more of the true must-haves? And which is right more often when it names one?

# %% label="predict-12-b"
predict("12-b", ...)  # two words: the one that finds more, the one that is right more often

# %% label="truth"
truth = crmkit.load_truth("needs")
ways = {
    "ticked": must_haves_by_ticking(ratings),
    "kept two": must_haves_by_ranking(ratings, keep=2),
    "kept three": must_haves_by_ranking(ratings, keep=3),
    "kept three,\nchecked": must_haves_by_both(ratings, shelf, keep=3),
}
found = pd.concat([recovery(way, truth) for way in ways.values()]).set_index(pd.Index(ways))
found.round(2)

# %% label="plot-recovery-bars"
ax = plot_recovery_bars(found)
ax.set_title("Ticking finds many and is wrong more often than right")
words = [
    f"{way}: {row.precision:.0%} of those called are right, {row.recall:.0%} of the true ones found"
    for way, row in found.iterrows()
]
show(ax, alt="; ".join(words).replace("\n", " "))

# %% [markdown] label="precision-needs-called-must-share"
# (`precision`: of the needs called must-have, the share that are; `recall`: of the true must-haves, the share that were found; `f1` is one figure for both.) Ticking finds most of them, and drowns them: most ticks are no must-haves. Keeping three finds no fewer, with about half as many names, because keeping one means losing another. The last pair of bars adds a check: **whoever once bought a set without the need can do without
# it**, whatever they said. Words first, deeds as a sieve.

# %% label="must-explorer"
must_have_explorer(ratings, shelf, truth)

# %% [markdown] label="must-performance-attractive"
# Try: how does the picture change from "keep one" to "keep six"? Where would you stop if a wrongly called must-have cost you the money spent on it, and a missed one a customer? Does the check help the ticks as much as the ranking?
#
# ## Must-be, performance, attractive
# A fourth way asks twice: how would you feel *with* it, and how *without*? The pair sorts needs into Kano's classes. "Expect it" with and "dislike it" without is a **must-be** need; "like it" with and "neutral" without is **attractive**: nobody misses it, and everybody is glad of it. Liked with and disliked without is **performance**: the more the better; neutral both times is **indifferent**.

# %% label="kano"
kano = kano_classes(ratings)
table = pd.crosstab(kano["need"], kano["kano"], normalize="index").round(2)
table[["must-be", "performance", "attractive", "indifferent"]].sort_values(
    ["must-be", "performance"], ascending=False
)

# %% label="both"
both = kano.merge(truth, on=["customer_id", "need"], suffixes=("", "_true"))
agree = (both["kano"] == both["kano_true"]).mean()
print(f"Agrees with the true class: {agree:.0%} of all pairs")

# %% [markdown] label="need-nobody-names"
# In this world customers know quite well how they would feel, and the classes are nearly right. (Real respondents tire of twelve pairs of questions.) Note that no need belongs to one class: the same need is must-be for some and indifferent to others. An average hides it. And look at the column *attractive*: *safe* and *ready* stand out in it, *aftercare* a little. Keep them in mind.
#
# ## The need that nobody names
# An elderly man buys a simple telephone. That is the **explicit** need. His daughter is glad of the emergency key: an **implicit** need, which neither of them would have named. Meeting the explicit need is the floor; the implicit one surprises.
#
# How can one find what nobody says? By contradiction: **purchases that follow a need which the answers pass over.** We look in each need type by itself (price-oriented, value-oriented, compound: lesson 23 says how to find the types; here we take them as known).

# %% label="types"
types = crmkit.load_truth("customers").set_index("customer_id")["need_type"]
types = types[types.index.isin(ratings["customer_id"])]
hidden = implicit_needs(ratings, cards, shelf, types)
hidden.head(6).round(2)

# %% [markdown] label="each-group-need-expected-weight"
# For each group and need, `expected` is the weight at the shelf that the best-worst answers lead one to expect, and `surprise` says by how many standard errors the real weight is higher. Which three stand at the top? The truth:

# %% label="real"
real = truth[truth["implicit"]].assign(group=lambda f: f["customer_id"].map(types))
real.groupby(["group", "need"]).size()

# %% [markdown] label="rule-thumb-tested"
# Each need type has one need that most of its members do not know of, and these are the ones on top of the list: the same three that stood out as *attractive*. Asked "how would you feel with it?" people can imagine what they would never have named. Look at the group sizes: the fewer customers in a group, the smaller the surprise may be for the same contradiction. With 33 pairs of group and need and a limit of two standard errors, about one
# false alarm must be expected. `p_adjusted` allows for that (**false discovery rate**: of the rows that it puts below .05, about one in twenty is a false alarm). It is strict with small groups: a true implicit need may stay above .05.
# So an implicit need found like this is a *hypothesis*: build it into a prototype, offer it, watch.
#
# ## A rule of thumb, tested
# *"Listen to your customers."* How much of the order at the shelf could have been known by listening, and how much by asking better?

# %% label="said"
said = side[["stated", "derived", "revealed", "truth"]].corr(method="spearman")["truth"]
for way, text in (
    ("stated", "rate each need"),
    ("derived", "trade needs off"),
    ("revealed", "watch purchases"),
):
    print(f"{text:16s} rank correlation with the truth {said[way]:.2f}")

# %% [markdown] label="turn"
# Neither way of asking comes as near as watching. Marks and choices between needs differ here by less than their uncertainty: the choices do not show that they know the order better. What they give besides is a standard error, and must-haves by force. And nobody can trade off a need that he does not know of. Listening is not wrong. Stopping there is.
#
# ## Your turn
# Put your answer in place of the three dots; the exercises of lesson 12 give each question in full. Stuck? Type `hint("12-1")` in a new cell; after three tries `solution("12-1")` opens.

# %% label="check-12-1"
answer = ...  # mean rating of each need less the mean of all ratings: columns need, above
check("12-1", answer)

# %% label="check-12-2"
answer = ...  # best-worst score of each need: columns need, score
check("12-2", answer)

# %% label="check-12-3"
answer = ...  # of the needs kept when only two may be, how many per cent are true must-haves?
check("12-3", answer)

# %% label="quiz-12"
quiz("12")

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
# - A test shelf needs sets that can be changed at will. For a bank or a bridge there is none, and one has to live with choices on paper.
# - The shelf logit adds weights up. It sees a must-have only as a heavy weight, until the sets that lack it are taken out.
# - People differ. The mean weight of a need may belong to nobody; that is why we looked by need type.
# - Eight visits per customer say little about one customer. Rankings and shelf together made it bearable; neither alone would.
# - Nine cards from one customer are no nine strangers. The standard errors allow for that, because `customer_id` says who answered. Take the column away, and they come out too small.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
# - A mark from 1 to 10 costs nothing and says little. Make customers give something up.
# - Must-haves: rank by force, then strike what was once done without.
# - Deeds outrank words, and both come with an error: compare standard errors before you compare ranks. Where they contradict each other, look for an implicit need.
# - Ability to pay is always a must-have.

# %% [markdown] label="words-learnt" tags=["words"]
# ## Words learnt
# - **explicit need** 显性需求: a need that the customer names
# - **implicit need** 隐性需求: a need that the customer does not name, but follows when buying
# - **must-have** 刚需: a need without which nothing is bought
# - **nice-to-have** 非刚需: a need that makes an offer better, and can be made good by others
# - **value proposition** 价值主张: what an offer promises; it works when all must-haves and some nice-to-haves are met
# - **forced ranking** 强制排序: asking which need would be kept if only one could, if only two could
# - **best-worst task** 最佳最差选择题: a card of a few needs of which the best and the worst are chosen
# - **stated importance** 陈述重要性: what customers say matters
# - **revealed importance** 显示重要性: what their purchases say matters

# %% [markdown] label="on-your-own-data" tags=["own-data"]
# ## On your own data
#
# Ten needs, nine cards of four, two hundred customers: a morning's work with paper. Type one row per card: `item_1` to `item_4`, `best`, `worst`.
#
# ```python
# import pandas as pd
# from crmkit.mix import best_worst_counts
#
# print(best_worst_counts(pd.read_csv("my_cards.csv")))
# ```
#
# For what people do, take any record of what stood side by side and what was bought.

# %% [markdown] label="what-next" tags=["next"]
# ## What next
# Needs are the customer's words; levers are the company's. Lesson 13 builds the house between them.
