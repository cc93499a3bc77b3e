# %% [markdown] label="title" tables=["journeys", "touchpoint_log", "truth/touchpoints", "truth/journeys"] tags=["opening"]
# # The lowest share is not the weak link
#
# **After this lesson you can** draw a map of touchpoints from a log; tell a weak link from a link that is low everywhere; say what multiplying shares
# promises, and why less comes out; read a trial of the remedy with its uncertainty.
#
# **45 minutes** · you need lesson 00 · you will meet: touchpoint, touchpoint map, transition share, weak link, survivors

# %% label="imports"
import crmkit
from crmkit.mix import (
    chain,
    first_weak_link,
    promised_rise,
    transition_shares,
    trial_effect,
    weak_links,
)
from crmkit.mix.explorers import chain_explorer
from crmkit.mix.plots import plot_touchpoint_map
from crmkit.practice import check, hint, predict, quiz, solution
from crmkit.style import show

# %% [markdown] label="mrs-okafor-never-reached-till"
# ## Mrs Okafor never reached the till
# She saw {company.name}'s advertisement on a bus: *"That picture could hang tonight."* She opened the web shop on her phone, found the picture-hanging set, wanted to know
# whether it holds in plasterboard, typed the question, and waited. After four minutes she put the phone away. The picture stands on the floor.
#
# Everything that she could perceive of {company.name} on the way is a **touchpoint**: the advertisement, the entrance, the shelf, the answer to a question, the till,
# the help afterwards. An advertisement is no more than a letter that makes someone want to come; then the other touchpoints decide.
# {company.name} has a log of 3,000 such journeys.

# %% label="journeys"
journeys = crmkit.load("journeys")
log = crmkit.load("touchpoint_log")
log.head(8)

# %% [markdown] label="one-row-per-touchpoint-journey"
# One row per touchpoint that a journey reached. `went_on` says whether the customer went on to the next one. Journey by journey this is a story; together it is a map.

# %% label="both"
both = log.merge(journeys, on="journey_id")
before = both[both["arm"] == "none"]  # outside the trial, to which we come
100 * before.groupby(["step", "touchpoint"])["went_on"].mean().round(3)

# %% [markdown] label="sales-people-name-customers-far"
# Sales people name customers by how far they have come: a **lead** (潜在客户) has noticed us, a **target** (目标客户) has come in, a **prospect** (准客户) asks, a **customer** (成交客户) has paid.
# From stage to stage there are fewer of them: the **sales funnel**.

# %% label="stages"
stages = {"advertisement": "lead", "entrance": "target", "question": "prospect"}
stages["aftercare"] = "customer"  # whoever gets there has paid
before["touchpoint"].map(stages).value_counts()

# %% [markdown] label="last-stage-loyal-customer-one" tags=["predict"]
# The last stage, the **loyal customer** (忠诚客户), is one who comes back; lesson 22 counts them, and asks how often is loyal. The names say where somebody stands, and not where the chain is weak.
#
# > **Predict.** The manager wants to mend the touchpoint with the lowest share. Which would you mend first, and what would you want to know before you do?

# %% label="predict-10-a"
predict("10-a", ...)  # a touchpoint, and one thing that you want to know

# %% [markdown] label="low-share-may-low-everywhere"
# ## A low share may be low everywhere
# The lowest share belongs to the advertisement: about half of those who notice it do nothing. But that is what advertisements are like. A share tells little until
# it is held against **the same link elsewhere**. {company.name} has three channels, so there is an elsewhere.

# %% label="shares"
shares = transition_shares(log, journeys[journeys["arm"] == "none"])
web = shares.query("channel == 'web'").set_index("touchpoint")["share"]
ax = plot_touchpoint_map(shares)
ax.set_title("In the web, the unanswered question breaks the chain")
show(
    ax,
    alt=f"Shares who go on at six touchpoints in shop, web and app. At the question only "
    f"{web['question']:.0%} go on in the web; elsewhere the three channels lie close "
    f"together.",
)

# %% [markdown] label="five-six-touchpoints-three-channels"
# At five of six touchpoints the three channels lie close together. At one they part: in the web, someone who asks a question goes on far less often than in the shop or in the
# app. The bars are 95 % intervals: with so many journeys, chance alone moves a share that far and seldom further. Now the same in numbers.

# %% label="links"
links = weak_links(shares, "web")
links.round(2)

# %% [markdown] label="gap-webs-share-less-share"
# `gap` is the web's share less the share of the other channels together; `low` and `high` are its interval. Who looks at six links finds something odd six times as easily as who looks at one, so these intervals are drawn
# wide enough to hold for all six at once, with 95 %. A link is called **weak** when its whole interval lies below zero. The advertisement has the lowest share of all, and at most a small gap. The question has a middling share and by
# far the largest gap.
#
# A chain is read from the front, because whoever turns away at one link never sees the next:

# %% label="first-weak-link"
first_weak_link(links)

# %% [markdown] label="truth"
# (Shop and web are not the same crowd, and the web's journeys outside the trial are those before May. A gap points to where to look, and proves nothing yet.)
#
# ### The truth
# We are in a simulated world, so we may look behind the curtain, which no company can.

# %% label="truth-2"
truth = crmkit.load_truth("touchpoints")
truth.pivot(index="touchpoint", columns="channel", values="chance").loc[links["touchpoint"]]

# %% [markdown] label="chances-customer-average-keenness" tags=["predict"]
# These are the chances for a customer of *average* keenness. The web's question is indeed the broken link. But compare the columns with the shares above: from the
# second link on, the shares that we saw are **higher than the truth**, and mostly the more so, the later the link. How can that be?
#
# > **Predict.** Why does the till look better than it is?

# %% label="predict-10-b"
predict("10-b", ...)  # a few words

# %% [markdown] label="come-far-not-like-set"
# ## Those who come far are not like those who set out
# Some people badly want that picture on the wall. They go on at every link. Those who hardly care drop out early, so the later touchpoints meet only the keen. The truth
# knows how keen everybody was.

# %% label="keen"
keen = log.merge(crmkit.load_truth("journeys"), on="journey_id")
keen.groupby(["step", "touchpoint"])["keenness"].mean().round(2)

# %% [markdown] label="multiplying-shares-promises-too-much"
# Keenness is 0 on average at the start, and climbs at every step. The customers at the till are **survivors**. A share at a late link says how *these* people behave
# there. It does not say how others would, if we let them come so far. That matters as soon as we mend something.
#
# ## Multiplying shares promises too much
# The usual reckoning: if the web's question worked as well as elsewhere, its share would rise to the other channels' share, all later shares would stay, and so sales would rise in
# proportion.

# %% label="target"
target = links.set_index("touchpoint").loc["question", "elsewhere"]
promise = promised_rise(shares, "web", "question", target)
print(f"Promise: {promise:+.0%} sales in the web")

# %% [markdown] label="now-world-customers-differ-keenness"
# Now the world in which customers differ in keenness. `chain` lets a crowd pass the links, keen and less keen, and counts who is left. Take the true chances of the web,
# and mend the question.

# %% label="web-now"
web_now = truth.query("channel == 'web'").sort_values("step").head(5)  # up to the till
spread = crmkit.load_truth("journeys")["keenness"].std()
now = chain(web_now["chance"], spread)  # who is left after each link
mended = chain(web_now["chance_answered"], spread)
link_now, link_mended = now[3] / now[2], mended[3] / mended[2]  # the question is the fourth link
promised = link_mended / link_now - 1
print(f"the link: {link_now:.0%} -> {link_mended:.0%}, so the promise is {promised:+.0%}")
print(f"what comes out at the till: {mended[-1] / now[-1] - 1:+.0%}")

# %% [markdown] label="less-than-promise-though-not"
# Less than the promise, though here not much less: those whom the mended link lets through are a little less keen, and more of them stop at the till. With two
# or three links after it, the promise would shrink further. Try it.

# %% label="chain-explorer"
names = truth.query("channel == 'web'").sort_values("step")
chain_explorer(dict(zip(names["touchpoint"], names["chance"], strict=True)), spread=1.2)

# %% [markdown] label="ask-customers-trial"
# Things to try: mend the *entrance* instead of the question and compare promise and result. Set the spread of keenness to 0: when is multiplying exact? Set it to 2.4.
#
# ## Ask the customers: a trial
# From May on {company.name} tried the remedy. Half of the web's visitors, **drawn by chance**, had their question answered at once. Nothing but chance parts the two groups, so what differs
# afterwards is the answer's doing.

# %% label="trial"
trial = journeys[journeys["arm"] != "none"]
trial_effect(trial[["arm", "bought"]]).round(3)

# %% [markdown] label="effect-sales-points-right-way" tags=["predict"]
# The effect on sales points the right way, but look at its 95 % interval, from `low` to `high`. The upper end is several times the lower one, which may even lie below zero. The manager asks: *"So did it work, and how well?"*
#
# > **Predict.** Most people in this trial never asked a question: they had left before. Does counting them help or blur?

# %% label="predict-10-c"
predict("10-c", ...)  # helps, blurs, or changes nothing?

# %% [markdown] label="count-remedy-could-touch"
# ## Count those whom the remedy could touch
# Whoever left before the question met the same {company.name} in both groups. Counting them adds noise to both sides. We may leave them out, because *reaching* the question came before the remedy
# and so cannot depend on it. (Leaving out those who stopped *after* the question would be a grave mistake: that does depend on it.)

# %% label="asked"
asked = log.query("touchpoint == 'question'").merge(trial, on="journey_id")
trial_effect(asked[["arm", "went_on", "bought"]]).round(3)

# %% [markdown] label="went-link-itself-bought-till"
# `went_on` is the link itself, `bought` is the till. Among those who asked, the whole interval of both effects now lies above zero: the remedy works, and it carries through to sales. Compare with the truth:

# %% label="question"
question = names.set_index("touchpoint").loc["question"]
print(
    f"true chance at the question, average customer: {question['chance']:.2f} -> "
    f"{question['chance_answered']:.2f}"
)
print(
    f"what the trial saw among those who asked:      "
    f"{trial_effect(asked[['arm', 'went_on']])['control'][0]:.2f} -> "
    f"{trial_effect(asked[['arm', 'went_on']])['treated'][0]:.2f}"
)

# %% [markdown] label="rule-thumb-tested"
# Again the shares are higher than the chances of an average customer, for the same reason: only the keener ask. The trial answers for *them*, and they are the ones who matter for this remedy.
#
# ## A rule of thumb, tested
# *"Mend the weakest link first; the rest can wait."* It sounds like common sense. Here is what raising each link of the web by ten points would do to sales, in the true world.

# %% label="chances"
chances = web_now.set_index("touchpoint")["chance"]
gain = {
    name: chain(chances.where(chances.index != name, chances + 0.10), spread)[-1] / now[-1] - 1
    for name in chances.index
}
for name, rise in gain.items():
    print(f"{name:14s} share {chances[name]:.0%}   ten points more: {rise:+.0%} sales")

# %% [markdown] label="turn"
# Ten points are worth more where the share is low, and the weak link is a good place to begin. But the rule fails twice: the *lowest* share is not the weak one if it is
# low everywhere (it may be hard to move at all), and ten points do not cost the same everywhere. A better rule: **mend the link with the most gain for the money, and a gap to the same link
# elsewhere is a sign that gain can be had cheaply.**
#
# ## Your turn
# Put your answer in place of the three dots; the exercises of lesson 10 give each question in full. Stuck? Type `hint("10-1")` in a new cell; after three tries `solution("10-1")` opens.

# %% label="check-10-1"
answer = ...  # the web's share at the question before the trial, in per cent
check("10-1", answer)

# %% label="check-10-2"
answer = ...  # the gap of the web's question to shop and app together, in percentage points
check("10-2", answer)

# %% label="check-10-3"
answer = ...  # effect of the answer on sales among those who asked, in percentage points
check("10-3", answer)

# %% label="quiz-10"
quiz("10")

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
# - A log holds what the company's systems see. The neighbour's remark and the smell of the shop are touchpoints too, and leave no row.
# - Another channel is a yardstick, not a twin: it draws other people. A gap may be the crowd's and not the link's. Only the trial settles it.
# - Shares of late links belong to survivors; they cannot be carried over to people who never came so far.
# - If most visitors leave before the remedy can touch them, the effect on all is small and hard to see. That is no proof of "no effect".

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
# - Draw the map; put intervals on it; hold every link against the same link elsewhere.
# - The lowest share and the weak link are two things.
# - Multiplication overstates what mending brings, because customers differ.
# - A remedy is believed after a trial by chance, counted among those whom it could touch.

# %% [markdown] label="words-learnt" tags=["words"]
# ## Words learnt
# - **touchpoint** 客户接触点: everything that a customer can perceive of a company
# - **touchpoint map** 接触点地图: the touchpoints in order, with the share of customers who go on at each
# - **transition share** 转化比例: of those who reach a touchpoint, the share who go on to the next
# - **weak link** 薄弱环节: a link whose share is lower than the same link's elsewhere by more than chance explains
# - **sales funnel** 销售漏斗: lead, target, prospect, customer, loyal customer (潜在、目标、准、成交、忠诚客户): fewer at each stage
# - **survivors** 幸存者: those who are still there at a late step, and who differ from those who set out

# %% [markdown] label="on-your-own-data" tags=["own-data"]
# ## On your own data
#
# You need two tables. One has a row per visit: `journey_id` and `channel`. The other has a row per touchpoint reached: `journey_id`, `step`, `touchpoint`, `went_on` (1 or 0). Most web shops can export both; for a shop, a week of tally marks at door, shelf and till is enough to begin with.
#
# ```python
# import pandas as pd
# from crmkit.mix import transition_shares, weak_links
#
# visits, log = pd.read_csv("my_visits.csv"), pd.read_csv("my_touchpoints.csv")
# shares = transition_shares(log, visits)
# for channel in shares["channel"].unique():
#     print(channel, weak_links(shares, channel).query("weak")["touchpoint"].tolist())
# ```

# %% [markdown] label="what-next" tags=["next"]
# ## What next
# Lesson 11 goes into the shop and listens to what happens at the touchpoint "question": two clerks, one drill, and one hole in a wall.
