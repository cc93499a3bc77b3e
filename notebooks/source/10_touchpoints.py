# %% [markdown] label="title" tables=["journeys", "touchpoint_log", "truth/touchpoints", "truth/journeys"] names=["journeys.channel: web", "touchpoint_log.touchpoint: question"] tags=["opening"]
# # The lowest share is not the weak link
#
# **After this lesson you can** draw a map of touchpoints from a log; tell a weak link from a link that is low everywhere; say what multiplying shares promises, and why less comes out; read a trial of the remedy with its uncertainty.
#
# **45 minutes to read, 45 minutes of exercises** · you need lesson 00 · you will meet: touchpoint, touchpoint map, transition share, sales funnel, weak link, survivors

# %% [markdown] label="mrs-okafor-never-reached-till"
# ## Mrs Okafor never reached the till
#
# She saw {company.name}'s advertisement on a bus: *"That picture could hang tonight."* She opened the web shop on her phone, found the picture-hanging set, and wanted to know whether it holds in plasterboard. She typed the question, and waited. After four minutes she put the phone away. The picture stands on the floor.
#
# Everything that she could perceive of {company.name} on the way is a **touchpoint** (客户接触点): the advertisement, the entrance, the shelf, the answer to a question, the till, the help afterwards. An advertisement is only a letter that makes someone want to come. Then the other touchpoints decide.

# %% label="imports"
import numpy as np
import pandas as pd

import crmkit
from crmkit import mix
from crmkit.mix import explorers, plots
from crmkit.practice import check, hint, predict, quiz, reveal, solution
from crmkit.style import show

journeys, log = crmkit.load("journeys"), crmkit.load("touchpoint_log")
log.head(5)

# %% [markdown] label="one-row-per-touchpoint-journey"
# One row is one touchpoint that a journey reached; `went_on` says whether the customer went on to the next one. Of those who reach a touchpoint, the share who go on is its **transition share** (转化比例). Five journeys, by hand:

# %% label="five"
five = log[log["journey_id"] <= 5]
show(five.groupby(["step", "touchpoint"])["went_on"].agg(reached="size", went_on="sum", share="mean"))

# %% [markdown] label="five-read"
# Now all journeys before a trial, to which we come later. The column `arm` names a journey's group in that trial; `none` is before it:

# %% label="both"
both = log.merge(journeys, on="journey_id")
before = both[both["arm"] == "none"]
table = before.groupby(["step", "touchpoint"])["went_on"].agg(["size", "mean"])
table["mean"] = (100 * table["mean"]).round(1).astype(str) + " %"
show(table.rename(columns={"size": "reached", "mean": "went on"}))

# %% [markdown] label="sales-people-name-customers-far"
# Sales people name customers by how far they have come: a **lead** (潜在客户) has noticed us, a **target** (目标客户) has come in, a **prospect** (准客户) asks, a **customer** (成交客户) has paid, and a **loyal customer** (忠诚客户) comes back (lesson 22). From stage to stage there are fewer of them: the **sales funnel** (销售漏斗). The lowest share belongs to the advertisement. The manager wants to repair it first.

# %% [markdown] ask="10-a"

# %% label="predict-10-a"
predict("10-a", ...)

# %% [markdown] label="low-share-may-low-everywhere"
# ## A low share may be low everywhere
#
# About half of those who notice an advertisement do nothing. That is what advertisements are like. A share tells little until we compare it with **the same link elsewhere**. {company.name} has three channels, so there is an elsewhere. In the figure each bar is a 95 % interval:

# %% label="shares"
shares = mix.transition_shares(log, journeys[journeys["arm"] == "none"])
web = shares.query("channel == 'web'").set_index("touchpoint")["share"]
apart = 100 * shares.groupby("touchpoint")["share"].agg(np.ptp)  # highest less lowest channel
ax = plots.plot_touchpoint_map(shares)
ax.set_title("In the web, the unanswered question breaks the chain")
show(
    ax,
    alt=f"Shares who go on at six touchpoints in shop, web and app. At the question only {web['question']:.0%} go on in the web, and the channels lie {apart['question']:.0f} points apart; at the others at most {apart.drop('question').max():.0f} points.",
)
reveal("10-a")

# %% label="links"
links = mix.weak_links(shares, "web")
show(links.round(2))

# %% [markdown] label="gap-webs-share-less-share"
# `gap` is the web's share less the share of the other channels together. When you look at six links, you find something odd six times as easily. So these intervals (`low` to `high`) are wide enough to hold for all six at once, with 95 %. A link is **weak** (薄弱环节) when its whole interval lies below zero. **Low compared with what? Ask this of every share.**
#
# (Shop and web are not the same crowd. A gap says where to look; it proves nothing yet.)

# %% [markdown] ask="10-1"

# %% label="check-10-1"
answer = ...
check("10-1", answer)

# %% [markdown] label="come-far-not-like-set"
# ## Those who come far are not like those who set out
#
# We are in a simulated world, so we may look at the truth. Each customer has a **keenness**: how much this customer wants the set; 0 is average, and 1 is much more than average. The table holds the chance of a customer of average keenness, the web's share that we saw, and the mean keenness of those who reach the link:

# %% label="truth-2"
truth = crmkit.load_truth("touchpoints").query("channel == 'web'").set_index("touchpoint")
keen = log.merge(crmkit.load_truth("journeys"), on="journey_id")
keen = keen.groupby("touchpoint")["keenness"].mean()
show(pd.DataFrame({"true chance": truth["chance"], "share seen": web, "keenness": keen}).loc[links["touchpoint"]].round(2))

# %% [markdown] label="chances-customer-average-keenness"
# The question is indeed the broken link. But at the later links the shares seen are **higher than the truth**. Some people badly want that picture on the wall, and go on at every link. Those who hardly care leave early. So keenness climbs at every step: the customers at the till are **survivors** (幸存者).
#
# This matters as soon as we repair something.
#
# ## Multiplying shares promises too much
#
# The usual sum, by hand: 100 come to a link that 50 pass, and 80 % of these buy: 40. If the link let 75 pass, and still 80 % bought, there would be 60: **+50 %**. For the question in the web, raised to the share elsewhere:

# %% label="target"
target = links.set_index("touchpoint").loc["question", "elsewhere"]
promise = mix.promised_rise(shares, "web", "question", target)
print(f"promise: {promise:+.0%} sales in the web")

# %% [markdown] ask="10-b"

# %% label="predict-10-b"
predict("10-b", ...)

# %% [markdown] label="now-world-customers-differ-keenness"
# Now the world in which customers differ. `mended_rise` sends a crowd through the true links, keen and less keen people mixed. It counts who is left: once as it is, and once with the question repaired.

# %% label="web-now"
spread = crmkit.load_truth("journeys")["keenness"].std()
till = truth.sort_values("step").head(5)  # up to the till
result = mix.mended_rise(till["chance"], till["chance_answered"], spread)
print({name: f"{share:.0%}" for name, share in result.items()})
reveal("10-b", 100 * result["comes out"] / result["promised"])

# %% [markdown] label="less-than-promise-though-not"
# `promised` is not the promise above: that one took the shares of few visitors, this one the true chances. The repaired link lets through people who are a little less keen, and more of them stop at the till. With more links after it, the promise would shrink further. **Your goal:** find a link for which less than half of the promise comes out. And at which spread of keenness is multiplying exact?

# %% label="chain-explorer" tags=["nbval-ignore-output"]
explorers.chain_explorer(truth["chance"].to_dict(), spread=1.2)

# %% [markdown] label="ask-customers-trial"
# ## A trial asks the customers
#
# From May on, half of the web's visitors, **chosen at random**, had their question answered at once. Only chance separates the two groups, so what differs afterwards is the work of the answer.

# %% label="trial"
trial = journeys[journeys["arm"] != "none"]
show(mix.trial_effect(trial[["arm", "bought"]]).round(3))

# %% [markdown] label="effect-sales-points-right-way"
# The effect points the right way, but its interval is wide, and may even reach below zero. The manager asks: "So did it work?" Most people in this trial never asked a question: they had left before.

# %% [markdown] ask="10-c"

# %% label="predict-10-c"
predict("10-c", ...)

# %% [markdown] label="count-remedy-could-touch"
# ## Count those whom the remedy could reach
#
# Those who left before the question met the same {company.name} in both groups. They only add noise. We may leave them out, because *reaching* the question came before the remedy. (Leaving out those who stopped *after* the question would be a grave mistake: that depends on the remedy.)

# %% label="asked"
asked = log.query("touchpoint == 'question'").merge(trial, on="journey_id")
reveal("10-c")
effect = mix.trial_effect(asked[["arm", "went_on", "bought"]])
control, treated = effect.set_index("outcome").loc["bought", ["control", "treated"]]
print(f"promised: {promise:+.0%} sales; the trial saw {treated / control - 1:+.0%} among those who asked")
show(effect.round(3))

# %% [markdown] label="went-link-itself-bought-till"
# `went_on` is the link itself, `bought` is the till. Now both whole intervals lie above zero: the remedy works, and it carries through to sales. The first line sets the promise beside what the trial saw. Between them lie keenness, which takes a little, and chance: the promise starts from the share in the map, the trial from `control`, and few visitors stand behind each. **Believe a remedy after a trial, counted among those whom it could reach.**
#
# ## A rule of thumb, tested
#
# *"Repair the weakest link first; the rest can wait."* Here is what ten points more at each link of the web would do to sales, in the true world:

# %% label="chances"
gain = mix.gain_per_link(till["chance"], 0.10, spread)
show(pd.DataFrame({"share": till["chance"], "more sales": gain}).map("{:.0%}".format))

# %% [markdown] label="turn"
# Ten points are worth more where the share is low. But the rule fails twice: the *lowest* share is not weak if it is low everywhere (it may be hard to move at all), and ten points do not cost the same everywhere. A better rule: repair the link with the most gain for the money. A gap to the same link elsewhere is a sign that gain can be had cheaply.
#
# The other questions are in the exercises. First the quiz:

# %% label="quiz-10"
quiz("10")

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - A log holds what the company's systems see. The remark of a neighbour and the smell of the shop are touchpoints too, and leave no row.
# - Another channel draws other people. A gap may be the crowd's and not the link's. Only the trial settles it.
# - Shares of late links belong to survivors. They cannot be carried over to people who never came so far.
# - If most visitors leave before the remedy can reach them, the effect on all is small and hard to see. That does not prove that there is none.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - Draw the map, put intervals on it, and compare every link with the same link elsewhere.
# - The lowest share and the weak link are two things.
# - Multiplication promises too much, because customers differ.
# - Believe a remedy after a trial, counted among those whom it could reach.

# %% [markdown] label="words-learnt" tags=["words"]
# ## Words learnt
#
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
#
# Lesson 11 goes into the shop and listens to what happens at the touchpoint "question": two clerks, one drill, and one hole in a wall.

# %% [markdown] label="on-one-page" tags=["summary"]
# ## On one page
#
# **Claim.** A share is low only compared with the same link elsewhere; the lowest share is not the weak link.
#
# **Method.**
#
# 1. Of those who reach each touchpoint, compute the share who go on, by channel, with intervals.
# 2. Compare each link with the same link of the other channels; allow for looking at several.
# 3. Try the remedy on half of the visitors, chosen at random, and count those whom it could reach.
#
# **Formula.** $\text{gap} = \text{share here} - \text{share elsewhere}$
#
# **Code.**
#
# ```python
# weak_links(transition_shares(log, journeys), "web")
# ```
#
# **Where it fails.** Another channel draws other people, and those who come far are keener than those who set out.
