# %% [markdown] label="title" tables=["diaries", "diary_people"] extra=true tags=["opening"]
# # No one way of talking wins every conversation
#
# **After this lesson you can** follow a customer's trust through a conversation; weigh trust, time and money into one score; compare a habit of talking with the best way and with chance; say from which value of a customer on an answer pays.
#
# **40 minutes to read, 50 minutes of exercises** · you need lesson 42 (the delta rule) · you will meet: conversation tree, score, worth of trust, habit

# %% [markdown] label="case"
# ## "The customer is always right"
#
# At {company.name} new staff get three pieces of advice. Nora says: "The customer is always right. Give in." Pia says: "Be friendly and take your time." Carl says: "Be quick, others are waiting." Who is right? We test the advice in eight **scenes**, short conversations with a customer each. For that we need a rule for what a sentence does. Lesson 42 has one, the **delta rule**: trust moves by a share of the surprise, and more for a bad surprise. We take these shares from the diaries of {company.name}'s customers:

# %% label="imports"
import pandas as pd

import crmkit
from crmkit import brand, relations
from crmkit.practice import check, predict, quiz, reveal
from crmkit.relations import conversation_explorers, conversation_plots
from crmkit.style import show

company = crmkit.company()
gains = brand.fit_delta_rule(crmkit.load("diaries"), crmkit.load("diary_people"))
show(gains.head(3).round(3))

# %% [markdown] ask="68-a"

# %% label="predict-68-a"
predict("68-a", ...)

# %% [markdown] ask="68-b"

# %% label="predict-68-b"
predict("68-b", ...)

# %% [markdown] label="by-hand-head"
# ## A conversation by hand
#
# A customer's trust is 6. Three answers follow, which the customer finds worth 8, 3 and 8 (of 10):

# %% label="by-hand"
share = gains.set_index("parameter")["estimate"]
trust = 6.0
for rating in (8, 3, 8):
    surprise = rating - trust
    trust = trust + share["good" if surprise >= 0 else "bad"] * surprise
    print(f"answer worth {rating}: surprise {surprise:+.2f}, new trust {trust:.2f}")

# %% [markdown] label="by-hand-read"
# Two good answers and one bad one: the trust is lower than before. A promise ("very soon!") counts as a message, and moves trust least.
#
# ## A scene is a tree
#
# A **conversation tree** (对话树) holds what the customer says, what you can answer, and where each answer leads. Jonas Weber rings: the parcel holds the wrong tiles, and the mistake is ours.

# %% label="first-step"
scene = relations.read_scene("our_mistake")
print(relations.show_step(relations.begin(scene, gains)))

# %% [markdown] label="one-talk-head"
# Every answer has a quality (for trust), minutes and money. Here is one talk, played without buttons: first *b*, then *b*, *a*, *b*:

# %% label="one-talk"
state = relations.play(scene, "bbab", gains)
talk = relations.report(state)
show(talk[["said", "trust", "minutes", "money"]].round(2))
print("why the first answer did this:", talk["why"][0])

# %% [markdown] label="score-head"
# Trust, minutes and money are three things. For a decision we weigh them into one **score** (得分). For that we need the **worth of trust** (信任的价值): what a point of this customer's trust is worth to us. And we need what a minute costs *now*. The authors of each scene set both.

# %% label="score"
change = state.trust - scene.trust
print(f"money {company.money(state.money)}, minutes {state.minutes:.1f}, change of trust {change:+.2f}")
print(f"a point is worth {company.money(scene.worth)}, a minute costs {company.money(scene.minute, 2)}")
score = state.money + scene.worth * change - scene.minute * state.minutes
print(f"score {company.money(score)}")

# %% [markdown] label="play-head"
# ## Play it
#
# Press a button or a number key. The reply comes at once, with the reason. **Your goal:** find the best way through three scenes. In which of them does it differ from what you would say by habit?

# %% label="player" tags=["nbval-ignore-output"]
scenes = [relations.read_scene(name) for name in relations.scene_names()]
conversation_explorers.dialogue_explorer(scenes, gains)

# %% [markdown] label="paths-head"
# ## All ways of one scene
#
# A scene has a few dozen ways, so we can walk all of them. Somebody who picks every answer at random goes each way with a certain *chance*. A **habit** (习惯) picks by one rule: the friendliest answer, the quickest, the one that keeps most money, or the one that gives in (where nothing is demanded: the friendliest).

# %% label="paths"
paths = relations.all_paths(scene, gains)
habits = relations.compare_styles(scenes, gains)
mine = habits.loc["our_mistake"]
ax = conversation_plots.plot_paths(paths, marks=mine, symbol=company.symbol, title="Nearly every way scores below zero; few come near the best")
words = "; ".join(f"{name} {score:.0f}" for name, score in mine.items())
show(ax, alt=f"Chance of each score over {len(paths)} ways. Scores in {company.currency}: {words}.")
show(paths.head(3).round(2))

# %% [markdown] label="paths-read"
# The bars show chance way by way, and the dotted line its mean. The best way says "we" at once, sends a taxi and hangs up last. The friendliest answer pays for everything, and the customer had not asked for it. The quickest answers push the mistake away: that saves minutes, and takes trust.
#
# ## Which answers matter most?
#
# For each answer we take the best that can still follow, and compare it with the best of its step:

# %% label="choices"
values = relations.choice_values(scene, gains)
worst = values.loc[values["loses"].idxmax()]
ax = conversation_plots.plot_choices(values, symbol=company.symbol, title="One answer loses more than all others")
show(ax, alt=f"What each answer loses. The most, {worst.loses:.0f}, is lost by {worst.id} in step {worst.step}.")

# %% [markdown] label="choices-read"
# **Most sentences matter little, and a few decide.** The one that costs most looks like kindness: "we pay for everything". Next come a bad first sentence and a bad last one: a bad beginning can be repaired only in part.
#
# ## From which worth on does an answer pay?
#
# Would it be right to pay for everything if Jonas Weber were a more important customer? Two ways differ in this one answer: *cba*, with the taxi, and *cca*.

# %% label="pays-from"
taxi, everything = relations.play(scene, "cba", gains), relations.play(scene, "cca", gains)
cost = taxi.money - everything.money + scene.minute * (everything.minutes - taxi.minutes)
won = everything.trust - taxi.trust
print(f"everything costs {company.money(cost)} more and wins {won:.2f} points of trust more")
print(f"it pays from {company.money(cost / won)} a point on; his is worth {company.money(scene.worth)}")

# %% [markdown] label="pays-from-read"
# **An answer pays from a certain worth of trust on**: what it costs more, divided by the trust that it wins more. Here no customer of ours comes near.
#
# ## Three rules of thumb, tested
#
# Now all scenes, with what a point of trust is worth and a minute costs in each. The other columns are scores: of each habit, kept from beginning to end, of chance, and of the best way.

# %% label="habits"
here = {"a_point": [one.worth for one in scenes], "a_minute": [one.minute for one in scenes]}
show(pd.DataFrame(here, index=habits.index).join(habits.round(0)))

# %% label="reveal"
reveal("68-a")
reveal("68-b")

# %% [markdown] label="habits-read"
# **No habit wins everywhere.** How far is each behind the best way?

# %% label="behind"
four = ["friendliest", "gives in", "quickest", "keeps the money"]
behind = -habits[four].sub(habits["best"], axis=0)
show(pd.DataFrame({"mean_behind": behind.mean(), "most_behind": behind.max(), "best_in": (behind < 0.01).sum()}).round(1))

# %% [markdown] label="behind-read"
# - *"Always give in"* is right at the end of a project, where whole packets cost us next to nothing. (In the meeting nobody demands anything, so there it is the same as *friendliest*.) Under price pressure it gives the margin away.
# - *"Be friendly, take your time"* is right where a point of trust is worth much and a minute little. On a full Saturday (`no_time`) others pay for it.
# - *"Be quick"* saves minutes, and is the best way in no scene: somewhere on the way a short answer takes more trust than its minutes are worth.
# - *"Keep the money"*, which nobody advised, is the best way in no scene either. But its worst scene costs less than the worst scene of each other habit: it never gives much away.
#
# What the best ways have in common is older than any formula: say "we", listen and take notes, no telephone while you are with a customer, keep the principle and give ground beside it, think of the customer's gain, end well.
#
# ## The class votes
#
# `play` also takes votes: a list for each step, of which the majority counts.

# %% label="votes"
votes = [["c", "c", "a", "c"], ["b", "c", "b", "b"], ["a", "a", "c"]]
together = relations.play(scene, votes, gains)
print(f"the class went {together.path}: score {company.money(together.score)}, trust {together.trust:.2f}")

# %% [markdown] label="turn"
# ## Your turn

# %% [markdown] ask="68-1"

# %% label="check-68-1"
check("68-1", ...)

# %% label="quiz-68"
quiz("68")

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - **A model of trust is no person.** How good an answer is, was decided by the authors of the scenes. Only the step from there to trust was fitted to data.
# - **One customer is not the mean.** The gains are those of all diaries together. Jonas Weber may forgive more, or less.
# - **The worth of trust is an assumption.** With another worth another way may lead: try it.
# - **Tone is missing.** The same words can be warm or cold.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - Trust moves by a share of the surprise, in every sentence. A bad surprise weighs more than double.
# - Kind, quick, firm: which is right depends on what trust, time and money are worth here.
# - An answer pays from that worth of trust on at which its cost is covered.
# - A habit is a rule that does not look at the customer.
# - The first sentence and the end deserve the most care.

# %% [markdown] label="words-learnt" tags=["words"]
# ## Words learnt
#
# - **conversation tree** 对话树: all that can be said in a conversation, step by step, with what follows from it
# - **score** 得分: money, and the worth of trust won or lost, less the cost of time
# - **worth of trust** 信任的价值: the margin that one point more of a customer's trust is expected to bring
# - **habit** 习惯: choosing by one rule, without a look at the customer

# %% [markdown] label="on-your-own-data" tags=["own-data"]
# ## On your own data
#
# Write a scene from your own counter: a text file, which `docs/own_scenes.md` explains line by line. `crmkit scene my_scene.toml` checks it. Then play it here. Without diaries take the gains below, which are those of {company.name}'s world.
#
# ```python
# from crmkit.brand import Gains
# from crmkit.relations import compare_styles, read_scene
#
# scene = read_scene("our_mistake")  # or your own: "my_scene.toml"
# print(compare_styles([scene], Gains(message=0.06, good=0.18, bad=0.42)).round(1))
# ```

# %% [markdown] label="what-next" tags=["next"]
# ## What next
#
# What is said in confidence must be kept in confidence: whose data is it? Lesson 80 takes your own orders.

# %% [markdown] label="on-one-page" tags=["summary"]
# ## On one page
#
# **Claim.** No one way of talking wins every conversation: what an answer is worth depends on the customer's worth, the minute and the money.
#
# **Method.**
#
# 1. Write the conversation as a tree; give each answer a quality, minutes and money.
# 2. Let trust move by the delta rule, and weigh trust, time and money into a score.
# 3. Walk all ways; compare a habit with the best way and with chance.
#
# **Formula.** score = money + worth of a point × change of trust − cost of a minute × minutes
#
# **Code.**
#
# ```python
# all_paths(scene, gains)
# ```
#
# **Where it fails.** How good an answer is, somebody decided; a model of trust is no person.
