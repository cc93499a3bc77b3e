# %% [markdown] label="title" tables=["needs", "need_ratings", "best_worst_tasks", "shelf_choices", "truth/needs", "truth/need_bias", "truth/customers"] names=["needs.need: durable", "needs.need: fit", "needs.need: safe"] tags=["opening"]
# # What customers call important is not what they buy
#
# **After this lesson you can** ask about needs so that the answers separate them; find must-haves by a forced ranking and check them at the shelf; compare what customers say with what they buy, with the uncertainty of both; find needs that customers do not name.
#
# **55 minutes to read, 45 minutes of exercises** · you need lesson 11 · you will meet: must-have, nice-to-have, best-worst task, revealed importance, implicit need

# %% [markdown] label="twelve-needs-all-called-important"
# ## Ms Lindqvist can improve one thing
#
# Ms Lindqvist looks after the picture-hanging set at {company.name}. Next year there is money to improve one thing about it. Which? She asks 300 customers about twelve needs, three for each of the four C. *"How important is this to you, from 1 to 10?"*

# %% label="imports"
import crmkit
from crmkit import mix
from crmkit.mix import explorers, plots
from crmkit.practice import check, hint, predict, quiz, reveal, solution
from crmkit.style import show

# %% label="needs"
needs = crmkit.load("needs").set_index("need")
ratings = crmkit.load("need_ratings")
needs["mean rating"] = ratings.groupby("need")["rating"].mean().round(1)
show(needs.sort_values("mean rating", ascending=False))

# %% [markdown] label="predict-product-manager-reads-must"
# Ms Lindqvist reads the top of the list: "They must be able to afford it, and it must last." She is about to order a stronger set.

# %% [markdown] ask="12-a"

# %% label="predict-12-a"
predict("12-a", ...)

# %% [markdown] label="mark-costs-nothing"
# ## A mark costs nothing

# %% label="print"
ticks = ratings.groupby("customer_id")["ticked"].sum().mean()
print(f"ticked as 'I could not do without it': {ticks:.1f} of 12 needs per customer")
reveal("12-a")

# %% [markdown] label="make-choose"
# Customers are generous with marks. They also like to be people who buy things that last. **A customer who says that everything matters has not said where to put the money.**
#
# ## Make them choose
#
# A **best-worst task** (最佳最差选择题) shows four needs on a card. Which matters most, and which least? Nobody can call all four important. Here are the nine cards of one customer:

# %% label="cards"
cards = crmkit.load("best_worst_tasks")
nine = cards[cards["customer_id"] == cards["customer_id"].iloc[0]].drop(columns="customer_id")
show(nine)

# %% [markdown] label="count-by-hand"
# The **best-worst score** of a need is how often it was best, less how often it was worst, divided by how often it was shown. Count the need `fit` on these cards by hand. Then compare:

# %% label="one-score"
shown = (nine.filter(like="item_") == "fit").sum().sum()
best, worst = (nine["best"] == "fit").sum(), (nine["worst"] == "fit").sum()
print(f"shown {shown}, best {best}, worst {worst}: score ({best} - {worst}) / {shown} = {(best - worst) / shown:.2f}")

# %% [markdown] label="simplest-score-often-need-called"
# `best_worst_counts` counts all cards of all customers:

# %% label="score"
show(mix.best_worst_counts(cards).head(4).round(2))

# %% [markdown] label="logit-by-hand"
# A count has no standard error. The model behind it has one. A **multinomial logit** gives each need a **utility**: the higher it is, the likelier the need is called best. By hand, for a card with utilities 1, 0, 0 and -1:

# %% label="one-logit"
e = 2.718
print(f"chance that the first is best: {e**1 / (e**1 + e**0 + e**0 + e**-1):.2f}")

# %% label="model"
model = mix.BestWorstModel().fit(cards)
show(model.utilities_.round(2))

# %% [markdown] label="watch-choose"
# `se` is the standard error; `share` is the chance to be best if all twelve needs were on one card. Being able to pay lies many standard errors above the rest. Further down, some neighbours are less than two standard errors apart: their order is not sure. And this is still talk. Now people will pay with their own money.

# %% [markdown] ask="12-b"

# %% label="predict-12-b"
predict("12-b", ...)

# %% [markdown] label="chosen-more-often-need-met"
# ## Watch them choose
#
# In a test shop, a shelf holds three sets at a time. What each set offers was drawn at random. Customers buy one set, or leave.

# %% label="shelf"
shelf = crmkit.load("shelf_choices")
shelf.head(3)

# %% [markdown] label="shelf-logit"
# If sets that meet a need are bought more often, the need has weight. A logit on purchases, with the price among the reasons, gives the **revealed importance** (显示重要性). (`affordable` is the price itself.)

# %% label="tradeable"
on_shelf = [need for need in needs.index if need in shelf.columns]
bought = mix.ShelfModel().fit(shelf, on_shelf)
show(bought.weights_.round(2).head(6))

# %% [markdown] label="pounds-weight-money-much-more"
# The last column is the weight in money. Now we have three lists:

# %% label="plot-importance-ranks"
side = mix.compare_importance(ratings, cards, shelf)
ranks = side.set_index("need").filter(like="_rank")
ax = plots.plot_importance_ranks(side, highlight=("durable", "safe"))
ax.set_title("Durability leads where it costs nothing to say so")
alt = "; ".join(f"{need} {', '.join(map(str, row))}" for need, row in ranks.iterrows())
show(ax, alt=f"Ranks of eleven needs when rated, traded off, bought: {alt}.")
reveal("12-b")

# %% label="apart"
gap, se = bought.difference("safe", "durable")
print(f"at the shelf, safe less durable: {gap:.2f}, standard error {se:.2f}: {gap / se:.1f} standard errors")

# %% [markdown] label="list-right-truth-table-knows"
# Durability falls as soon as something must be given up. Safety climbs when people pay. But ranks show no uncertainty. Look at the last line: below two standard errors, the order of the two may be chance. **Compare standard errors before you compare ranks.**
#
# Which list is right? In a simulated world we may look at the weights that purchases follow. A rank correlation of 1 is the true order, 0 is no relation:

# %% label="true-weight"
truth = crmkit.load_truth("needs")
agreement = mix.rank_agreement(side, truth.groupby("need")["weight"].mean())
show(agreement.round(2))

# %% label="crmkit-load-truth"
show(crmkit.load_truth("need_bias").set_index("need")["bias"].loc[lambda b: b != 0].sort_values())

# %% [markdown] label="purchase-needs-all-must-haves"
# What people did is nearer to the truth than what they said. With eleven needs, a rank correlation is uncertain by about 0.3, so the first two do not differ. The second table shows the bias of the ratings: too many points for lasting quality, too few for being asked what one needs. In your own survey nobody gives you this table.
#
# ## A purchase needs all must-haves and some nice-to-haves
#
# So far, a low price could make up for a missing need. For some needs nothing can. A **must-have** (刚需) is a need without which a customer buys nothing, however cheap it is. Being able to pay is always one. Any other need that helps is a **nice-to-have** (非刚需). **A value proposition (价值主张) works when it meets all must-haves and some nice-to-haves.**
#
# There are two ways to ask. *"Tick everything that you could not do without."* Or a **forced ranking** (强制排序): *"If you could keep only one, which? If only two?"*

# %% [markdown] ask="12-c"

# %% label="predict-12-c"
predict("12-c", ...)

# %% label="truth"
found = mix.compare_must_haves(ratings, shelf, truth, keep=[2, 3])
show(found.round(2))

# %% label="plot-recovery-bars"
ax = plots.plot_recovery_bars(found)
ax.set_title("Ticking finds many and is wrong more often than right")
alt = "; ".join(f"{way}: {row.precision:.0%} right, {row.recall:.0%} found" for way, row in found.iterrows())
show(ax, alt=f"Four ways to find must-haves. {alt}.")
reveal("12-c", 100 * found.loc["ticked", "precision"])

# %% [markdown] label="precision-needs-called-must-share"
# **Precision** is the share of the needs called must-have that are. **Recall** is the share of the true must-haves that were found; `f1` puts both into one figure. Ticking finds most must-haves and hides them among false ones. Keeping three finds about as many, with half as many names, because you can keep one need only if you give up another.
#
# The last pair of bars adds a check: **anyone who once bought a set without the need can do without it**, whatever they said. **Your goal:** at least 80 % right *and* at least 80 % found.

# %% label="must-explorer" tags=["nbval-ignore-output"]
explorers.must_have_explorer(ratings, shelf, truth)

# %% [markdown] label="must-performance-attractive"
# ## Must-be, performance, attractive
#
# Kano's method asks twice: how would you feel *with* it, and how *without* it? The two answers give a class. **Must-be**: expected, and missed if it is not there. **Performance**: liked with, disliked without; the more, the better. **Attractive**: liked with, not missed without. **Indifferent**: neutral both times.

# %% label="kano"
show(mix.kano_shares(ratings).round(2))

# %% [markdown] label="need-nobody-names"
# Apart from being able to pay, no need belongs to one class: people differ in what the same need is to them. Look at the column `attractive`: *safe* and *ready* stand out. Keep them in mind.
#
# ## The need that nobody names
#
# An elderly man buys a simple telephone. That is his **explicit need** (显性需求). His daughter is glad of its emergency key. That is an **implicit need** (隐性需求): neither of them would have named it.
#
# How can you find what nobody says? By contradiction: **people buy it, and their answers pass over it.** We look in each need type by itself (price-oriented, value-oriented, compound; lesson 23 shows how to find the types, here they are known).

# %% label="types"
types = crmkit.load_truth("customers").set_index("customer_id")["need_type"]
hidden = mix.implicit_needs(ratings, cards, shelf, types)
show(hidden.drop(columns=["stated", "implicit"]).head(6).round(2))

# %% [markdown] label="each-group-need-expected-weight"
# `expected` is the weight at the shelf that the cards lead us to expect. `surprise` says by how many standard errors the real weight is higher. The simulation knows the implicit needs:

# %% label="real"
real = truth[truth["implicit"]].assign(group=lambda f: f["customer_id"].map(types))
show(real.groupby(["group", "need"]).size())

# %% [markdown] label="rule-thumb-tested"
# Each type has one need that most of its members do not know of, and these three are on top of our list.
#
# We looked at 33 pairs of type and need. So even if there were no implicit need at all, about one pair would surprise by two standard errors. `p_adjusted` allows for this: of the rows that it puts below 0.05, about one in twenty is a false alarm. So a need found in this way is a *hypothesis*: build it into a prototype, offer it, watch.
#
# ## A rule of thumb, tested
#
# *"Listen to your customers."* How well does each way know the true order?

# %% label="said"
show(agreement.rename({"stated": "rate each need", "derived": "trade needs off", "revealed": "watch purchases"}).round(2))

# %% [markdown] label="turn"
# Neither way of asking comes as near as watching. Trading off gives two other things: a standard error, and must-haves. But nobody can trade off a need that they do not know of. Listening is not wrong; it is wrong to stop there.

# %% [markdown] ask="12-1"

# %% label="check-12-1"
answer = ...
check("12-1", answer)

# %% label="quiz-12"
quiz("12")

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - A test shelf needs sets that can be changed at will. For a bank or a bridge there is none; then choices on paper must do.
# - The shelf logit adds weights up. It sees a must-have only as a heavy weight.
# - People differ. The mean weight of a need may be nobody's weight.
# - Nine cards from one customer are not nine strangers. The standard errors allow for that because `customer_id` says who answered.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - A mark from 1 to 10 costs nothing and says little. Make customers give something up.
# - Find must-haves by a forced ranking; then strike out what was once done without. Being able to pay is always a must-have.
# - Purchases say more than answers. Both come with an error: compare standard errors before you compare ranks.
# - Where purchases and answers contradict each other, look for an implicit need.

# %% [markdown] label="words-learnt" tags=["words"]
# ## Words learnt
#
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
#
# Needs are the customer's words; levers are the company's. Lesson 13 builds the house between them.

# %% [markdown] label="on-one-page" tags=["summary"]
# ## On one page
#
# **Claim.** What customers call important is not what they buy; make them choose, and watch.
#
# **Method.**
#
# 1. Show cards of four needs, ask for the best and the worst, and fit a logit.
# 2. Let customers rank what they would keep; strike out what they once bought without.
# 3. Compare the weights at the shelf with the answers, by group. Where purchases exceed them, test an implicit need.
#
# **Formula.** $\text{score} = \dfrac{\text{best} - \text{worst}}{\text{shown}}$
#
# **Code.**
#
# ```python
# compare_importance(ratings, cards, shelf)
# ```
#
# **Where it fails.** Without a shelf whose sets can be changed at will, only words are left.
