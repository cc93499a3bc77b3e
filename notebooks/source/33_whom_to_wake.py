# %% [markdown] label="title" tables=["wake_up_test", "second_campaign", "truth/second_campaign", "offers"] names=["offers.offer: personal call"] tags=["opening"]
# # The customers most likely to return are rarely the ones whom a call wins
#
# **After this lesson you can** tell "likely to return" from "likely to be changed"; measure the uplift of a group, and learn that of a customer from a test; judge a ranking with a Qini curve and its band; say what a model of uplift is good for, and what it cannot promise.
#
# **45 minutes to read, 45 minutes of exercises** · you need lesson 32 (experiments) · you will meet: uplift, sleeping dog, two-model learner, Qini curve

# %% [markdown] label="four-customers-one-telephone"
# ## One telephone, and a list that is too long
#
# The head of the call centre can call one in five of the customers who fell silent. She asks for a list with the best ones at the top. Best at what? Here are five customers, and what each of them does with and without a call (1: returns, 0: stays away):

# %% label="imports"
import pandas as pd

import crmkit
from crmkit import reactivation
from crmkit.practice import check, hint, predict, quiz, reveal, solution
from crmkit.reactivation import explorers, plots
from crmkit.style import show

company = crmkit.company()
five = pd.DataFrame(
    {"without a call": [1, 0, 0, 1, 0], "with a call": [1, 1, 0, 0, 1]},
    index=["Ann", "Ben", "Cy", "Di", "Eve"],
)
show(five.assign(change=five["with a call"] - five["without a call"]))

# %% [markdown] label="five-read"
# Ben and Eve are **won** by the call. Ann comes **anyway**. Cy is **lost** either way. Di would have come, and the call drives her away: she is a **sleeping dog** (**dog**). Only the won are worth a call.
#
# No company ever sees this table. Of one person it knows what happened with the call *or* without it, never both. So we compare *groups* that chance has made alike: those who were called in January's test, and the control group.

# %% label="by-hand"
january, may = crmkit.load("wake_up_test"), crmkit.load("second_campaign")
two = january[january["arm"].isin(["control", "personal call"])]
readers = (two["opens"] >= 4).map({True: "read 4 mails or more", False: "read fewer"})
rate = two.groupby([readers, "arm"])["returned_60d"].mean().unstack()
rate["uplift"] = rate["personal call"] - rate["control"]
show((100 * rate).round(1))

# %% [markdown] label="uplift-read"
# In per cent, the last column in points. The **uplift** of a group is the share who returned with the call, less the share who returned without it. Customers who read our mails are changed more by a call.
#
# A model does the same for each customer. A **two-model learner** learns one model from those who were called and one from the control group. The first forecasts the chance to return with a call, the second the chance without (`anyway`). The difference is the uplift. We learn from January and use it in May: later, in another season. (Many of May's customers were in January's test as well; their returns in May are new to the models.)

# %% label="columns"
chances = reactivation.predict_chances(
    january, may, reactivation.TRAITS, logs=reactivation.SKEWED
)
call = chances[chances["offer"] == "personal call"].set_index("customer_id")
print(f"{may['customer_id'].isin(january['customer_id']).mean():.0%} of May's were in January's test")
show(call.head(3).round(3))

# %% [markdown] label="two-lists"
# The head of the call centre now gets two lists with one in five of May's customers: those with the highest chance to return, and those with the highest uplift.

# %% [markdown] ask="33-a"

# %% label="predict-33-a"
predict("33-a", ...)

# %% [markdown] label="model-returns-finds-need-no"
# ## A model of who returns finds those who need no call
#
# The simulation knows the kind of every customer in May:

# %% label="truth"
truth = crmkit.load_truth("second_campaign").set_index("customer_id").loc[may["customer_id"]]
kinds, effect = truth["type_personal_call"], truth["effect_personal_call"]
fifth = len(may) // 5
table = {
    name: kinds.loc[call[column].nlargest(fifth).index].value_counts()
    for name, column in (("likely to return", "anyway"), ("likely to be changed", "uplift"))
}
table = pd.DataFrame(table).reindex(["won", "anyway", "lost", "dog"]).fillna(0).astype(int)
show(table)

# %% label="reveal-33-a"
reveal("33-a", 100 * table.loc["won", "likely to return"] / fifth)

# %% [markdown] label="same-number-calls-other-people"
# The number of calls is the same, the people are not. On both lists the largest group stays away with or without a call. Look at those who come: on the list of the likely, most of them come anyway, and the call wins few. On the list of the changeable it wins more. **Rank by change, not by chance to return.** Ranking by chance to return makes every campaign look good, because many of those who were called come. But it earns little.
#
# Call down both lists, and look whom you reach. The goal is half of all the returns that calls can win, with as few calls as possible.

# %% label="call-explorer"
lists = {"likely to return": call["anyway"], "likely to be changed": call["uplift"]}
explorers.call_explorer(lists, kinds, effect)

# %% [markdown] label="qini-by-hand"
# ## A ranking needs a test, and its test needs a band
#
# In real life there is no table of kinds. A ranking is judged by a test: go down the list, best first, and count the extra returns as you go. Four customers are enough to see how: the first and the third were called, the first and the fourth returned.

# %% label="hand"
show(reactivation.qini_curve([4, 3, 2, 1], [True, False, True, False], [1, 0, 0, 1]))

# %% [markdown] label="hand-read"
# `gain` counts the returns of the called, less those of the controls (scaled to as many called), for each called customer of the whole list. After the first customer it is one of two: 0.5. At the end, one return among the called and one among the controls: 0. This is the **Qini curve**. A ranking that knows nothing follows the straight line (`random`); the area between the two is the **Qini coefficient**.

# %% [markdown] ask="33-b"

# %% label="predict-33-b"
predict("33-b", ...)

# %% label="luck"
part = may["arm"].isin(["control", "personal call"]).to_numpy()
called = (may["arm"] == "personal call").to_numpy()[part]
returned = may.loc[part, "returned_60d"].to_numpy(float)
luck = pd.Series(reactivation.qini_by_luck(called, returned, draws=300, seed=1))
print(f"300 rankings at random: 95 of 100 lie between {100 * luck.quantile(0.025):.2f} and "
      f"{100 * luck.quantile(0.975):.2f} extra returns per 100")  # fmt: skip
reveal("33-b", 100 * (luck > 0).mean())

# %% label="plot-gain"
score = call["uplift"].to_numpy()
curve, qini = reactivation.qini_band(score[part], called, returned, seed=1)
ax = plots.plot_gain({"by predicted uplift": curve})
ax.set_title("May's test shows the ranking with a wide band")
show(
    ax,
    alt=f"Qini curve of the call in May with a 95 % band around it and the straight line of chance. Coefficient {100 * qini['qini']:.2f} extra returns per 100, band {100 * qini['low']:.2f} to {100 * qini['high']:.2f}.",
)

# %% label="verdict"
print(f"our ranking: {100 * qini['qini']:.2f} ({100 * qini['low']:.2f} to {100 * qini['high']:.2f})")
print(f"it is ahead of {(luck < qini['qini']).mean():.0%} of the rankings at random")

# %% [markdown] label="look-width-band-before-look"
# These are two questions. *Is it luck?* Where nearly all rankings at random stay behind ours, hardly. *How good is it?* Look at the width of the band before you look at the line: **a few hundred customers with few returns can hardly say.** A slide that shows the line without the band would have "proved" whatever chance produced. The truth can draw the same curve without luck:

# %% label="plot-gain-2"
walks = {
    "by predicted uplift": reactivation.true_curve(score, effect),
    "by chance to return": reactivation.true_curve(call["anyway"], effect),
    "perfect": reactivation.true_curve(effect, effect),
}
share = {name: reactivation.area(walk) for name, walk in walks.items()}
share = {name: found / share["perfect"] for name, found in share.items()}
ax = plots.plot_gain(walks, title="The order by uplift is good; by chance to return, not")
show(ax, alt=f"True extra returns by share called. Predicted uplift reaches {share['by predicted uplift']:.0%} of the area of the perfect order; sorting by the chance to return reaches {share['by chance to return']:.0%}.")  # fmt: skip

# %% [markdown] label="no-order-beats-perfect-one"
# No order beats the perfect one. Ours lies clearly between it and chance, and the order by chance to return lies near chance. Whatever the test could show, the model was useful.
#
# ## It ranks customers; it does not know them
#
# Cut May into five groups by predicted uplift, and compare called and controls within each.

# %% label="plot-groups"
groups = reactivation.uplift_by_group(score[part], called, returned, groups=5, true_effect=effect[part])
ax = plots.plot_groups(groups)
ax.set_title("The best fifth truly gains more than the last")
first, last = 100 * groups["truth"].iloc[0], 100 * groups["truth"].iloc[-1]
show(ax, alt=f"Uplift by fifth of the predicted uplift: measured with wide 95 % intervals, predicted, and true. The true uplift is {first:.0f} points in the best fifth and {last:.0f} in the last.")  # fmt: skip

# %% label="errors"
show(pd.Series(reactivation.effect_error(score, effect)).round(3).to_frame("call"))

# %% [markdown] label="second-learner-needs-one-model"
# `rank_correlation` is 1 for the perfect order and 0 for none: the model ranks. `rmse` is its typical error for one customer. Compare it with `rmse_of_average`, the error of giving everybody the average effect: the model is hardly better, or not at all. **Use uplift to choose, not to promise.** (Other learners do about the same: lesson 33b tries one.)

# %% [markdown] label="turn"
# ## Your turn

# %% [markdown] ask="33-1"

# %% label="check-33-1"
check("33-1", ...)

# %% label="quiz-33"
quiz("33")

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - **No experiment, no uplift.** From a campaign that was not randomised, the same code gives confident nonsense.
# - **A past test holds only while the world stays as it was.** In May, customers who had been contacted in January were harder to win (lesson 34 shows it).
# - **Small groups.** With a few hundred customers in an arm, a model learns a rough ranking at best.
# - **What the model cannot see, it cannot spare.** A sleeping dog who opens every letter looks like a good customer.
# - **People are not budget lines.** Consent first, then profit.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - Rank by change, not by chance to return.
# - Uplift is a difference between groups that chance has made alike.
# - Show the band with the curve, and ask what luck alone would have drawn.
# - A model of uplift ranks customers. It does not know anybody's effect.

# %% [markdown] label="words-learnt" tags=["words"]
# ## Words learnt
#
# - **uplift** 增益: the change that an offer makes to one customer's chance to return
# - **sleeping dog** 勿扰客户: a customer whom contact drives away
# - **two-model learner** 双模型法: uplift as the difference of two models, one with and one without the offer
# - **Qini curve** Qini曲线: extra returns won, as customers are contacted in the order of a score

# %% [markdown] label="on-your-own-data" tags=["own-data"]
# ## On your own data
#
# You need the file of a test in which chance decided who was contacted: `customer_id`, `arm` (one of them `control`), `returned_60d` (1 or 0), and what was known before. Two arms are enough.
#
# ```python
# import pandas as pd
# from crmkit.reactivation import predict_chances, qini_curve
#
# test = pd.read_csv("my_test.csv")
# learn, judge = test.iloc[::2], test.iloc[1::2]
# found = predict_chances(learn, judge, ["silent_days", "orders_before"], logs=["silent_days"])
# print(qini_curve(found["uplift"], judge["arm"] != "control", judge["returned_60d"]).tail(1))
# ```
#
# Judge on customers that the model has not seen, as here. A model that is judged where it learned always passes.

# %% [markdown] label="what-next" tags=["next"]
# ## What next
#
# A good list is not yet a profit. **Lesson 33b** asks what a contact earns, which offer each customer should get, and whether a later test can confirm it.

# %% [markdown] label="on-one-page" tags=["summary"]
# ## On one page
#
# **Claim.** The customers who are most likely to return are seldom those whom a call wins.
#
# **Method.**
#
# 1. Learn from a randomised test one model with the call and one without; their difference is the uplift.
# 2. Rank the customers of a later campaign by it.
# 3. Judge the ranking with a Qini curve, its band, and rankings at random.
#
# **Formula.** $\text{uplift}(x) = P(\text{returns} \mid x, \text{called}) - P(\text{returns} \mid x, \text{not called})$
#
# **Code.**
#
# ```python
# predict_chances(test, customers, columns)["uplift"]
# ```
#
# **Where it fails.** Without randomisation there is no uplift to learn, and small tests rank roughly.
