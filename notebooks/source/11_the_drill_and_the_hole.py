# %% [markdown] label="title" tables=["shop_conversations", "solutions", "truth/shop_visitors", "truth/shop_conversations"] names=["truth/shop_visitors.job: picture", "truth/shop_visitors.wall: wood", "truth/shop_visitors.tool: drill at home"] tags=["opening"]
# # Three questions sell more than all the drills
#
# **After this lesson you can** say which of the customer's four C has failed; compute how many questions pay, without counting only those who stayed; say what an answer tells, and what it is worth; say when showing everything is the better way.
#
# **45 minutes to read, 50 minutes of exercises** · you need lesson 00 · you will meet: 4C, 4P, clerk A and clerk B, expected information, worth of a question

# %% [markdown] label="need-drill"
# ## "I need a drill"
#
# A man comes into a {company.name} shop and says so. **Clerk A** is proud of the range. He shows ten solutions, recites torque and battery, and recommends the best value for money, a cordless drill for {company.symbol}59. The man thanks him and leaves. **Clerk B** asks what it is for. *One hole, to hang a picture, in a wooden wall; there is an old drill at home.* She sells him a small bit for {company.symbol}4. He comes back in the spring for paint.
#
# A begins with what the company has: **product, price, place, promotion**, the four P. B begins with what the customer needs: a **solution**, at a **cost** (money, time, effort, risk), with **convenience** and **communication**, the four C. Then she maps it onto the four P. A mistakes his own idea for the customer's idea. **That is the error to unlearn.**
#
# A good story. Is it true? {company.name} let chance decide who served, and wrote down the conversations.

# %% label="imports"
import numpy as np
import pandas as pd

import crmkit
from crmkit import mix
from crmkit.mix import explorers, plots
from crmkit.practice import check, hint, predict, quiz, reveal, solution
from crmkit.style import show

talks = crmkit.load("shop_conversations")
talks[["clerk", "planned_questions", "questions", "minutes", "left_early", "offered", "bought"]].head()

# %% label="clerk"
by_clerk = talks.groupby("clerk")["bought"].agg(visitors="size", sales="sum", share="mean")
b, a = by_clerk.loc["B"], by_clerk.loc["A"]
gap, low, high = mix.difference(b["sales"], b["visitors"], a["sales"], a["visitors"])
print(f"B less A: {100 * gap:.0f} points (95 % interval {100 * low:.0f} to {100 * high:.0f})")
show(by_clerk.round(2))

# %% [markdown] label="sells-more-chance-alone-would"
# B sells more, and chance alone would hardly make such a gap: chance decided who served, so the two clerks met the same kinds of people. Clerk B also drew a card that said how many questions to ask, from none to six.

# %% [markdown] ask="11-a"

# %% label="predict-11-a"
predict("11-a", ...)

# %% [markdown] label="stayed-answer-six-questions-liked"
# ## People who stayed to answer six questions liked the shop anyway
#
# The obvious table counts conversations by the number of questions that were *asked*. Beside it, the same by the *card*:

# %% label="cell"
of_b = talks[talks["clerk"] == "B"]
asked = of_b.groupby("questions")["bought"].agg(["size", "mean"])
card = of_b.groupby("planned_questions")["bought"].agg(["size", "mean"])
show(pd.concat({"asked": asked, "card": card}, axis=1).round(2))

# %% [markdown] label="more-questions-better-seems-look"
# On the left, those who answered many questions bought far more often than those who answered few. But a visitor who loses patience at the second question is in row 1, with no sale. The lower rows hold only visitors who *stayed*. **The card was drawn by chance; the number of answers was not. So count by the card.** On the right, sales climb far less.
#
# With only some sixty visitors per card the intervals are wide, and the highest of seven numbers is largely luck. To find the best number of questions we build the shop as a model.
#
# ## The shop as a model: each question buys fit, and pays with patience
#
# Every visitor has a hidden case: the job, the wall, a drill at home or not, and so on. A solution **fits** if it suits all of that. After each answer clerk B updates what she believes. By hand: of 100 visitors, 40 want to hang a picture, and 30 of these have a wooden wall. So before any answer the chance of "picture in wood" is 30 in 100; after "a picture" it is 30 in 40. This is **Bayes' rule**: keep the cases that agree with the answer, and take shares again.

# %% label="shop"
shop = mix.Shop(crmkit.load("solutions"), crmkit.load_truth("shop_visitors"))
known = {"job": "picture", "wall": "wood", "tool": "drill at home"}
show(pd.concat({"no answer yet": shop.chances({}).head(2), "three answers": shop.chances(known).head(2)}).round(2))

# %% [markdown] label="before-any-answer-no-solution"
# Before any answer, nothing fits more than about one visitor in four. Three answers later the small bit is a good bet. But each question takes a minute, and visitors leave as time passes. All visitors together:

# %% label="best"
results = mix.clerk_results(shop)
best = results[results["clerk"] == "B"].set_index("questions")["conversion"]
ax = plots.plot_clerk_curve(results)
ax.set_title("Three questions pay; the fourth no longer does")
show(
    ax,
    alt=f"Clerk B sells to {best[0]:.0%} of visitors without a question, {best.max():.0%} with {best.idxmax()}, and {best.iloc[-1]:.0%} with six; clerk A sells to {results['conversion'][0]:.0%}.",
)
reveal("11-a")

# %% [markdown] label="held-against-700-conversations-model"
# The first three questions pay. After that an answer rarely changes the offer, and is not worth the minute. Clerk A loses even to B without any question: he recommends the best drill, and the most common visitor does not need one. Is the model true to the record? There the questions came in **random order**, so let the model ask in random order too:

# %% label="model"
record = of_b.groupby("planned_questions")["bought"].agg(["sum", "size"])
low, high = mix.wilson(record["sum"], record["size"])
model = mix.random_order_sales(shop, record.index, seed=11)
show(pd.DataFrame({"record": record["sum"] / record["size"], "low": low, "high": high, "model": model}).round(2))

# %% [markdown] label="nearly-all-rows-model-lies"
# In nearly all rows the model lies inside the interval of the record. But in random order there is no peak at three: the shares keep climbing slowly. **Three questions are enough only if they are the right three, asked first.** Which are the right ones?
#
# ## A question is worth something if its answer changes the offer
#
# **Expected information** says how much an answer tells, in **bits**. Yes and no in equal shares tell 1 bit; an answer that everybody gives tells 0. By hand, for shares of 0.9 and 0.1:

# %% label="bits"
shares = np.array([0.9, 0.1])
print(f"{-(shares * np.log2(shares)).sum():.2f} bits")

# %% [markdown] label="bits-read"
# **Worth** says how much an answer raises the chance that the offer fits. For a first question:

# %% label="question-worth-2"
show(mix.question_worth(shop).round(2))

# %% [markdown] ask="11-b"

# %% label="predict-11-b"
predict("11-b", ...)

# %% label="question-worth-3"
later = mix.question_worth(shop, {"job": "picture", "wall": "wood"})
reveal("11-b")
show(later.round(2))

# %% [markdown] label="now-clerk"
# Once job and wall are known, the drill at home decides between a bit and a gimlet. Information that changes no decision is small talk.
#
# Now you are clerk B. Each visitor has a hidden case, and limited patience that you cannot see. Ask, then choose an offer and make it. Answers are sometimes wrong. **Your goal:** beat clerk A's share over ten visitors; then serve ten with no question, and ten with six.

# %% label="clerk-game" tags=["nbval-ignore-output"]
explorers.clerk_game(shop, seed=7)

# %% [markdown] label="clerk-wins-where-visitors-know"
# ## Clerk A wins where visitors know what they need
#
# A story that always comes out the same is no model. Two things should help A: visitors who **know exactly what they need** (they find it among all that he shows, and stop him half-way), and visitors in a **hurry**.

# %% label="level"
grid = mix.where_a_wins(shop, knows=np.linspace(0, 1, 21), hurried=np.linspace(0, 1, 21))
level = grid[grid["b_less_a"] < 0].groupby("hurried")["knows"].min()  # where A begins to lead
ax = plots.plot_where_a_wins_map(grid)
ax.set_title("A wins above the line: most know what they need")
show(
    ax,
    alt=f"Lead of clerk B over A. A leads from about {level.iloc[0]:.0%} of knowing visitors on if nobody is in a hurry, from {level.iloc[-1]:.0%} if all are.",
)

# %% [markdown] label="shares-buy-questions-number-best"
# A wins where most visitors know what they need, and hurry moves the line his way. That is the trade counter at seven in the morning: plumbers who want *that* fitting, now. There the clerk who asks "and what is it for?" loses the sale. The truth behind the record knows who knew:

# %% label="hidden"
known = crmkit.load_truth("shop_conversations")[["conversation_id", "knows", "hurried"]]
hidden = talks.merge(known, on="conversation_id")
show(hidden.groupby(["hurried", "knows", "clerk"])["bought"].agg(["size", "mean"]).round(2).unstack())

# %% [markdown] label="rule-thumb-tested"
# The groups are small, so only the direction counts.
#
# ## A rule of thumb, tested
#
# *"Always ask at least five questions before you offer anything."* Sales trainers like it. Its cost in this shop:

# %% label="five"
print(f"best number {best.idxmax()}: {best.max():.1%} buy; five: {best[5]:.1%}")
print(f"of a thousand visitors {1000 * (best.max() - best[5]):.0f} sales are lost")

# %% [markdown] label="turn"
# The loss is real and not large: the curve is flat near its top. The rule fails harder where visitors are in a hurry. Which of the four C did that cost them?

# %% [markdown] ask="11-1"

# %% label="check-11-1"
answer = ...
check("11-1", answer)

# %% label="quiz-11"
quiz("11")

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - The model's clerk B knows how common every case is. A new clerk does not, and a changed neighbourhood changes it.
# - A man who buys a drill brings more turnover than one who buys a bit. What the second one brings over the years is a matter of lesson 24.
# - Questions cost the visitor more than minutes. Some feel examined.
# - Conversations that end early have no answers. If you analyse only complete ones, you have sorted the customers by patience.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - Start from the four C, and map them to the four P. Starting from the four P mistakes your idea for the customer's.
# - Each question buys fit, and pays with patience. A few of them pay; asking all of them does not.
# - The question that is worth most is the one whose answer would change the offer.
# - Showing everything wins with customers who know what they need and have no time.

# %% [markdown] label="words-learnt" tags=["words"]
# ## Words learnt
#
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
#
# Clerk B found out what one visitor needs by asking. Lesson 12 asks three hundred customers, and finds that what they say, what they would keep and what they buy are three different lists.

# %% [markdown] label="on-one-page" tags=["summary"]
# ## On one page
#
# **Claim.** A few right questions, asked first, sell more than showing everything; not where customers know what they need.
#
# **Method.**
#
# 1. Let chance decide who is asked how many questions, and count by what chance decided, walk-outs included.
# 2. After each answer keep the cases that agree, and offer what most probably fits.
# 3. Ask next what would change the offer most; stop when the answer is not worth the minute.
#
# **Formula.** $\text{worth} = \text{chance of a fit after the answer} - \text{chance before}$
#
# **Code.**
#
# ```python
# question_worth(shop, {"job": "picture"})
# ```
#
# **Where it fails.** A new clerk does not know how common each case is, and some visitors feel examined.
