# %% [markdown] label="title" tables=["shop_conversations", "solutions", "truth/shop_visitors", "truth/shop_conversations"] tags=["opening"]
# # Three questions sell more than all the drills
#
# **After this lesson you can** tell the customer's four C from the company's four P; reckon how many questions pay; find the question that is worth most; say when showing everything is the better
# way; spot a comparison that counts only those who stayed.
#
# **45 minutes** · you need lesson 00 · you will meet: 4C, 4P, clerk A and clerk B, expected information, worth of a question

# %% label="imports"
import numpy as np

import crmkit
from crmkit.mix import (
    Shop,
    clerk_results,
    difference,
    question_worth,
    simulate_shop,
    where_a_wins,
    wilson,
)
from crmkit.mix.explorers import clerk_game, shop_explorer
from crmkit.mix.plots import plot_clerk_curve, plot_where_a_wins_map
from crmkit.practice import check, hint, predict, quiz, solution
from crmkit.style import show

# %% [markdown] label="need-drill"
# ## "I need a drill"
# A man comes into a {company.name} shop and says so. **Clerk A** is proud of the range. He shows ten solutions, recites torque and battery, and recommends the best value for money, a cordless
# drill for {company.symbol}59. The man thanks him and leaves. **Clerk B** asks what it is for. *One hole, to hang a picture, in a wooden wall; there is an old drill at home.* She sells him a small
# bit for {company.symbol}4. He comes back in the spring for paint.
#
# A begins with what the company has: **product, price, place, promotion**, the four P. B begins with what the customer needs: a **solution**, at a **cost** (money, time, effort,
# risk), with **convenience** and **communication**, the four C. Then she maps it onto the four P. A takes his own idea for the customer's idea. That is the error to unlearn.
#
# A good story. Is it true? {company.name} let chance decide who served, and wrote down 700 conversations.

# %% label="talks"
talks = crmkit.load("shop_conversations")
talks[
    ["clerk", "planned_questions", "questions", "minutes", "left_early", "offered", "bought"]
].head()

# %% label="clerk"
by_clerk = talks.groupby("clerk").agg(
    visitors=("bought", "size"),
    sales=("bought", "sum"),
    left=("left_early", "mean"),
    mark=("satisfaction", "mean"),
)
by_clerk["share"] = by_clerk["sales"] / by_clerk["visitors"]
by_clerk.round(2)

# %% label="difference"
gap, low, high = difference(
    by_clerk.loc["B", "sales"],
    by_clerk.loc["B", "visitors"],
    by_clerk.loc["A", "sales"],
    by_clerk.loc["A", "visitors"],
)
print(
    f"B less A: {100 * gap:.0f} points of conversion (95 % interval {100 * low:.0f} to "
    f"{100 * high:.0f})"
)

# %% [markdown] label="sells-more-chance-alone-would" tags=["predict"]
# B sells more, and chance alone would hardly make such a gap. Chance decided who served, so the two clerks met the same kinds of people. (`left` is the share who walked out early, `mark` their satisfaction from 1 to 5.) Visitors also leave happier.
#
# > **Predict.** Clerk B drew a card that said how many questions to ask, from none to six. How many are best?

# %% label="predict-11-a"
predict("11-a", ...)  # a number from 0 to 6

# %% [markdown] label="stayed-answer-six-questions-liked"
# ## Who stayed to answer six questions liked the shop anyway
# The obvious table counts conversations by the number of questions that were *asked*:

# %% label="cell"
b = talks[talks["clerk"] == "B"]
b.groupby("questions")["bought"].agg(["size", "mean"]).round(2)

# %% [markdown] label="more-questions-better-seems-look"
# The more questions, the better, it seems. But look at how few conversations reach five or six. A visitor who loses patience at the second question stands in the row "1", with no sale. The upper rows
# hold only visitors who *stayed*. The card was drawn by chance; the number of answers was not. So count by the card:

# %% label="card"
by_card = b.groupby("planned_questions").agg(
    visitors=("bought", "size"), sales=("bought", "sum"), left=("left_early", "mean")
)
by_card["share"] = by_card["sales"] / by_card["visitors"]
by_card["low"], by_card["high"] = wilson(by_card["sales"], by_card["visitors"])
none, some = by_card.loc[0], by_card.loc[1:].sum()
gap, low, high = difference(some["sales"], some["visitors"], none["sales"], none["visitors"])
print(f"some questions less none: {100 * gap:.0f} points (95 % interval {100 * low:.0f} to {100 * high:.0f})")
by_card.round(2)

# %% [markdown] label="shop-model"
# Counted by the card, more questions make more visitors leave, and sales climb far less than in the table before. About sixty visitors per card leave wide intervals, too. All cards with questions together can be compared with the card without: that is the line above the table. Whether two, three or five are best,
# the table cannot say: with seven intervals side by side the highest card is largely luck. For that we build the shop as a model.
#
# ## The shop as a model
# Every visitor has a hidden case: the job, the wall, a drill at home or not, once or often, done before or not, and what can be spent. A solution **fits** if it suits all of that. Clerk B knows how common each case
# is, and after each answer she updates her belief by Bayes' rule and offers what most probably fits. Each question takes a minute; visitors leave as time passes, those in a hurry soon.

# %% label="shop"
shop = Shop(crmkit.load("solutions"), crmkit.load_truth("shop_visitors"))
shop.chances({}).head(3)

# %% label="shop-chances-head"
shop.chances({"job": "picture", "wall": "wood", "tool": "drill at home"}).head(3)

# %% [markdown] label="before-any-answer-no-solution"
# Before any answer, no solution fits more than about one visitor in four. Three answers later the small bit is a good bet. Now all visitors together, exactly reckoned:

# %% label="results"
results = clerk_results(shop)
results.round(2)

# %% label="best"
best = results[results["clerk"] == "B"].set_index("questions")["conversion"]
ax = plot_clerk_curve(results)
ax.set_title("Three questions pay; the fourth no longer does")
show(
    ax,
    alt=f"Clerk B sells to {best[0]:.0%} of visitors without a question, {best.max():.0%} with "
    f"{best.idxmax()}, and {best.iloc[-1]:.0%} with six; clerk A sells to "
    f"{results['conversion'][0]:.0%}.",
)

# %% [markdown] label="held-against-700-conversations-model"
# Each question raises the chance that the offer *fits* and lowers the chance that the visitor still *stays*. The first three pay. After that an answer changes the offer too seldom to be worth the minute. Clerk A loses
# even to B without any question: he recommends the best drill, and the most common visitor does not need one.
#
# ### Held against the 700 conversations, the model stands, and something shows
# In the recorded conversations the questions came in **random order**. So let the model ask in random order too, and put it beside the record, card by card:

# %% label="model"
rng, topics = np.random.default_rng(11), ["wall", "job", "tool", "skill", "spend", "often"]
model = []
for card in by_card.index:
    drawn = [rng.permutation(topics)[:card].tolist() for _ in range(12)]
    sold = [simulate_shop(shop, "B", 800, rng, questions=q)["bought"].mean() for q in drawn]
    model.append(np.mean(sold))
by_card[["share", "low", "high"]].assign(model=model).round(2)

# %% [markdown] label="nearly-all-rows-model-lies"
# In nearly all rows the model lies inside the interval of the record. (One of seven just outside would be no great surprise, and intervals as wide as these cannot refuse much.) But look down the column `model`: asked in random order, no peak stands at three. The shares go on climbing slowly. **Three questions are enough
# only if they are the right three, asked first**, as in the table and the curve above. Which are the right ones?

# %% [markdown] label="question-worth"
# ## What is a question worth?
# Two measures. **Expected information**, in bits: how much an answer tells about the visitor. **Worth**: how much it raises the chance that the offer fits.

# %% label="question-worth-2"
question_worth(shop).round(2)

# %% [markdown] label="predict-drill-home-tells-more" tags=["predict"]
# > **Predict.** "Is there a drill at home?" tells more than half a bit and is worth next to nothing as a first question. Yet it is the third one that the best order asks. Why?

# %% label="predict-11-b"
predict("11-b", ...)  # a few words

# %% label="question-worth-3"
question_worth(shop, {"job": "picture", "wall": "wood"}).round(2)

# %% [markdown] label="now-clerk"
# Once job and wall are known, the drill at home decides between a bit and a gimlet, and the question is suddenly the best of all. **A question is worth something if its answer would change what you offer.** Information that changes no decision is small talk.
#
# ## Now you are clerk B
# Each visitor has a hidden case, and limited patience that you cannot see. Ask, then choose an offer and make it. Answers are sometimes wrong: people misremember their walls. The last line of the picture keeps
# the score; clerk A's share stands beside it. "Chances by Bayes" shows what a perfect reckoner would believe.

# %% label="clerk-game"
clerk_game(shop, seed=7)

# %% [markdown] label="clerk-wins-where-visitors-know"
# Serve ten visitors with no question at all, then ten with two, then ten with six. Which loses more sales: a wrong offer or an empty shop?
#
# ## Clerk A wins where visitors know what they need
# A story that always comes out the same is no model. So we look for the shop in which A is right. Two things should help him: visitors who **know exactly what they need** (they find it themselves
# among all that he shows, and stop him half-way), and visitors in a **hurry**, who will not stand a questionnaire.

# %% label="grid"
grid = where_a_wins(shop, knows=np.linspace(0, 1, 21), hurried=np.linspace(0, 1, 21))
grid.query("knows in (0, 0.5, 1) and hurried in (0, 1)").round(2)

# %% label="level"
level = grid[grid["b_less_a"] < 0].groupby("hurried")["knows"].min()  # where A begins to lead
ax = plot_where_a_wins_map(grid)
ax.set_title("A wins above the line: most know what they need")
show(
    ax,
    alt=f"Lead of clerk B over A. B leads where few know what they need; A leads from about "
    f"{level.iloc[0]:.0%} of knowing visitors on if nobody is in a hurry, from "
    f"{level.iloc[-1]:.0%} if all are.",
)

# %% [markdown] label="shares-buy-questions-number-best"
# (`a` and `b` are the shares who buy, `questions` is the number that is best for B there.) A wins where most visitors know what they need, and hurry moves the line in his favour. That is the trade counter at seven in the morning: plumbers who want *that* fitting, now. There the clerk who asks
# "and what is it for?" loses the sale. (B chooses the best number of questions at every point of the map, so she is not handicapped.) Hurry alone is not enough: where nobody knows what would fit, B wins even in a hurry,
# with fewer questions.

# %% label="shop-explorer"
shop_explorer(shop)

# %% [markdown] label="held-against-record"
# Try to make A win without touching "know exactly what they need". How short must his recital be? How long her questions?
#
# ### Held against the record
# The truth behind the 700 conversations knows who knew and who was in a hurry.

# %% label="hidden"
hidden = talks.merge(
    crmkit.load_truth("shop_conversations")[["conversation_id", "knows", "hurried"]],
    on="conversation_id",
)
hidden.groupby(["knows", "hurried", "clerk"])["bought"].agg(["size", "mean"]).round(2).unstack(
    "clerk"
)

# %% [markdown] label="rule-thumb-tested"
# In the recorded conversations too, A does better with those who know. The groups are small (look at `size`), so only the direction counts.
#
# ## A rule of thumb, tested
# *"Always ask at least five questions before you offer anything."* Sales trainers like it. Cost of the rule in this shop:

# %% label="five"
five = best[5]
print(
    f"best number of questions {best.idxmax()}: {best.max():.1%} buy; five: {five:.1%}; of a "
    f"thousand visitors {1000 * (best.max() - five):.0f} sales lost"
)

# %% [markdown] label="turn"
# The loss is real and not large; the curve is flat near its top. The rule fails harder where visitors are hurried: move the slider above and see the best number fall.
#
# ## Your turn
# Put your answer in place of the three dots; the exercises of lesson 11 give each question in full. Stuck? Type `hint("11-1")` in a new cell; after three tries `solution("11-1")` opens.

# %% label="check-11-1"
answer = ...  # conversion of clerk B less clerk A in the 700 conversations, percentage points
check("11-1", answer)

# %% label="check-11-2"
answer = ...  # conversion by planned questions: columns planned_questions, share (per cent)
check("11-2", answer)

# %% label="check-11-3"
answer = ...  # bits that the recorded answers to each question carry: columns question, bits
check("11-3", answer)

# %% label="quiz-11"
quiz("11")

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
# - The model's clerk B knows how common every case is. A new clerk does not, and a changed neighbourhood changes it.
# - A sale is not all: a man who buys a {company.symbol}59 drill brings more turnover than one who buys a {company.symbol}4 bit. What the second one brings over the years is a matter of lesson 24.
# - Questions cost the visitor more than minutes. Some feel examined. The model has no pride.
# - Conversations that end early have no answers. Whoever analyses only complete ones has sorted the customers by patience.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
# - Start from the four C, map to the four P. Starting from the four P takes your idea for the customer's.
# - Each question buys fit and pays with patience. A few pay, all do not.
# - The question worth most is the one whose answer would change the offer.
# - Showing everything wins with customers who know what they need and have no time.

# %% [markdown] label="words-learnt" tags=["words"]
# ## Words learnt
# - **4C** 4C（有效解决方案、客户花费、便利性、沟通）: customer solution, customer cost, convenience, communication: the customer's side
# - **4P** 4P（产品、价格、渠道、促销）: product, price, place, promotion: the company's side
# - **customer solution** 有效解决方案: what solves the customer's problem, which need not be the thing asked for
# - **customer cost** 客户花费: all that it costs the customer: money, time, effort, risk
# - **convenience** 便利性: how little time and effort it takes to get and to use
# - **communication** 沟通: being asked, told and helped, in both directions
# - **expected information** 期望信息量: how much an answer tells on average, in bits
# - **worth of a question** 提问的价值: how much its answer raises the chance that the offer fits

# %% [markdown] label="on-your-own-data" tags=["own-data"]
# ## On your own data
#
# Have the staff note four things for a week: whether they were to ask first, whether the visitor bought (1 or 0), the minutes, and what was asked for. Decide with a coin, visitor by visitor, who is asked questions first. Compare by the coin, not by who answered.
#
# ```python
# import pandas as pd
# from crmkit.reactivation import effect_table
#
# talks = pd.read_csv("my_talks.csv").astype({"bought": bool})  # arm: "ask first" or "control"
# print(effect_table(talks, "bought")[["arm", "customers", "effect", "low", "high"]])
# ```

# %% [markdown] label="what-next" tags=["next"]
# ## What next
# Clerk B found out what one visitor needs by asking. Lesson 12 asks three hundred customers, and finds that what they say, what they would keep and what they buy are three different lists.
