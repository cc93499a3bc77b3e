# %% [markdown] label="title" tables=["recall_experiment"] tags=["opening"]
# # More contacts last longer, but each one buys less
#
# **After this lesson you can** read a forgetting curve and state it as a half-life; compare models on people whom they have not seen; say what one more contact adds, and where it stops paying; judge the sentence "the higher the frequency, the longer the memory".
#
# **45 minutes to read, 55 minutes of exercises** · you need lesson 40 (intervals) · you will meet: forgetting curve, half-life, memory chain, held-out data, spacing effect, diminishing returns

# %% [markdown] label="oldest-data-marketing-one-mans"
# ## The oldest data of marketing are one man's
#
# In the winter of 1879 Hermann Ebbinghaus began to learn lists of meaningless syllables. He learnt them again after twenty minutes, an hour, a day and a month, and wrote down how much work the first learning had **saved**. Nobody had measured memory before. An agency wants {company.name} to buy thirteen contacts a person, and quotes him. Has it read him?

# %% label="imports"
import numpy as np

import crmkit
from crmkit import brand
from crmkit.brand import contacts, explorers, plots
from crmkit.practice import check, hint, predict, quiz, reveal, solution
from crmkit.style import show

company = crmkit.company()
savings = brand.ebbinghaus_savings()
savings.head(4)

# %% [markdown] ask="43-a"

# %% label="predict-43-a"
predict("43-a", ...)

# %% label="plot-forgetting"
ax = plots.plot_savings(savings, title="Fast at first, then hardly at all")
show(
    ax,
    alt="Savings fall from 58 % after 19 minutes to 21 % after a month. A power curve runs through the points; an exponential does not.",
)
reveal("43-a")

# %% [markdown] label="fifth-left-after-month-every"
# A curve that loses the same share in every hour is called **exponential**. Even the best one cannot be steep early and flat late. A **power** curve follows the points. So there seem to be two stores: a fast one, which empties within the hour, and a slower one.
#
# Ebbinghaus also asked how much more is saved by learning *more* today:

# %% label="repetitions"
repetitions = brand.ebbinghaus_repetitions()
repetitions["seconds_each"] = repetitions["seconds_saved"] / repetitions["repetitions"]
show(repetitions.round(1))

# %% [markdown] label="own-experiment-chance-decides-sees"
# About the same number of seconds for each repetition. From this comes the slogan *twice the frequency, twice the memory*. But he wrote himself that the effect of repetition decreases gradually, and he measured the work saved by a man who **wanted** to learn. A viewer wants to see the film.
#
# ## {company.name}'s own experiment shows two things at once
#
# Viewers chosen at random saw an advertisement for a brand that nobody knew, up to thirteen times, on one evening or weeks apart. Each was asked **once**, half a week to a year later. Only the schedule differs, because chance decided.

# %% label="trials"
trials = crmkit.load("recall_experiment")
show(trials.pivot_table(index="exposures", columns="weeks_after", values="recalled").round(2))

# %% [markdown] label="read-row-left-right-forgetting"
# Read a row from left to right: forgetting. Read a column from top to bottom: frequency. Each cell holds some fifty people, so the second decimal is noise.
#
# Now a model, by hand. Each contact leaves a **trace** of 0.5 that loses 30 % a week, and traces add up:

# %% label="by-hand"
ages = [0, 1, 2]  # weeks since each of three contacts
traces = [0.5 * 0.7**age for age in ages]
print([round(trace, 3) for trace in traces], "sum", round(sum(traces), 3))
print(f"half of a trace is left after {np.log(0.5) / np.log(0.7):.1f} weeks")

# %% [markdown] label="by-hand-read"
# "It loses 30 % a week" and "it has a **half-life** (半衰期) of two weeks" say the same. The second is the word that people understand. **Your goal:** lay a curve through the points. Start with one store; then allow two.

# %% label="forgetting-explorer" tags=["nbval-ignore-output"]
explorers.forgetting_explorer(trials)

# %% [markdown] label="one-store-not-enough-foretell"
# ## One store is not enough
#
# Models differ in how a trace fades: **exponential** (one store), **power**, the **memory chain** (记忆链模型: a fast store that fills a slow one), and **ACT-R** (activation falls with the logarithm of age). With *spacing*, a contact that follows another at once gets only half the attention. Which model predicts the answers of people whom it has *not* seen (**held-out data**, 留出数据)?

# %% label="ages"
ages = brand.exposure_ages(trials)
kinds = (brand.Exponential, brand.Power, brand.BaseLevel, brand.MemoryChain)
models = [*(kind(massing=True) for kind in kinds), brand.MemoryChain()]
show(brand.compare_models(ages, trials["recalled"], models).round(4))

# %% [markdown] label="held-out-mean-log-likelihood"
# `held_out` is the mean log-likelihood of answers left out of the fit; nearer to zero is better. `behind_best` is the distance to the winner, `behind_se` its standard error. The exponential is clearly behind. The first three lie within about twice the error: **these data can hardly tell them apart, and anyone who sells you one of them as the law of memory is selling.** That spacing matters is safer: compare the memory chain with and without it.

# %% label="memory"
memory = brand.MemoryChain(massing=True).fit(ages, trials["recalled"])
curve = contacts.recall_curve(memory, trials, 4, np.linspace(0.5, 52, 100))
measured = explorers.recall_by_delay(trials, 4)
show(
    plots.plot_forgetting(measured, {"memory chain": curve}, title="Four contacts: a quick fall, then a long tail"),
    alt=f"Recall after four contacts: the curve falls from {curve.iloc[0]:.0%} half a week after the last to {curve.iloc[-1]:.0%} after a year.",
)

# %% label="life"
show(contacts.half_lives(memory).round(1))

# %% [markdown] label="one-contact-half-forgotten-within"
# One contact is half forgotten within weeks. Thirteen last several times as long, and the intervals lie well apart. (This is the half-life of **recall**, counted from half a week after the last contact. A single **trace** has one too. The two differ: say which one you mean.)

# %% [markdown] ask="43-1"

# %% label="check-43-1"
answer = ...
check("43-1", answer)

# %% [markdown] ask="43-b"

# %% label="predict-43-b"
predict("43-b", ...)

# %% [markdown] label="higher-frequency-longer-memory-true"
# ## "The higher the frequency, the longer the memory" is true, and less and less so
#
# Say that the brand counts as forgotten when fewer than one person in five recalls it. `lasts_weeks` says how long that takes.

# %% label="frequency"
frequency = brand.returns_of_frequency(memory, most=16, gap_weeks=1, weeks_after=4, threshold=0.2)
four, eight, sixteen = frequency.set_index("contacts")["lasts_weeks"].loc[[4, 8, 16]]
show(
    plots.plot_lasting(frequency, title="After the first few, each contact adds less time"),
    alt=f"Weeks of memory: {four:.0f} for four contacts, {eight:.0f} for eight, {sixteen:.0f} for sixteen.",
)
print(f"4 contacts last {four:.0f} weeks, 8 last {eight:.0f}, 16 last {sixteen:.0f}")
reveal("43-b", sixteen / eight)

# %% [markdown] label="more-frequency-last-longer-all"
# The sentence is **true**, all the way. But doubling from eight to sixteen adds about as many weeks as doubling from four to eight did, with twice as many contacts to pay for. This is **diminishing returns** (边际收益递减). And below three contacts or so the brand does not reach one person in five for long at all.

# %% [markdown] ask="43-c"

# %% label="predict-43-c"
predict("43-c", ...)

# %% [markdown] label="eight-contacts-one-evening-not"
# ## Eight contacts in one evening are not eight contacts

# %% label="spacing"
lasting = contacts.lasting_by_gap(memory)
reveal("43-c", lasting.loc[8, 2] / lasting.loc[8, 0])
show(lasting)

# %% [markdown] label="pulled-apart-week-two-eight"
# Spread by a week or two, eight contacts last far longer. This is the **spacing effect** (间隔效应). If they are spread further, nothing more is won, because the early contacts have faded when the last one comes. Now look at the raw table:

# %% label="trials-trials-exposures"
show(trials[trials["exposures"] >= 4].groupby("gap_weeks")["recalled"].agg(["mean", "size"]).round(3))

# %% [markdown] label="plain-means-spacing-seems-little"
# Here spacing seems to help little or not at all. Think of people who were asked four weeks after the *last* contact. If all contacts came on one evening, the *first* one was also four weeks ago. If they came monthly, it was months ago. Two effects cancel in the mean. A model that knows the age of every contact separates them. **A table that shows nothing does not prove that there is nothing.**

# %% [markdown] label="where-another-contact-stops-paying"
# ## At some point another contact stops paying
#
# One contact with every adult of the region costs {company.symbol}36,000. Suppose the sales department values one percentage point of recall, four weeks later, at {company.symbol}12,000. (Ask them how they know.) Then a contact pays as long as it adds three points or more.

# %% label="plot-frequency"
prices = {"value_per_point": 12_000, "cost_per_contact": 36_000}
last, fewest, most = contacts.contacts_that_pay(memory, **prices)
print(f"contacts that pay: {last} (95 % interval {fewest} to {most})")
priced = brand.returns_of_frequency(memory, most=20, weeks_after=4, **prices)
show(
    plots.plot_frequency(priced, title=f"After about {last} contacts the next one costs more than it brings"),
    alt=f"Percentage points added by each further contact, falling; the first {last} pay ({fewest} to {most}), the others do not.",
)

# %% [markdown] label="agencys-thirteen-may-more-than"
# What a point of recall is worth decides the number: double it, and the agency's thirteen may pay. The shape does not depend on it: every further contact adds less than the one before.
#
# Question 43-6, in the exercises, asks you to answer the agency's letter. First the quiz:

# %% label="quiz-43"
quiz("43")

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - **An unknown brand on a screen is not {company.name} on a bus.** In daily life a contact leaves less, and shops, bags and friends rehearse too. Lesson 44 estimates the curve from the tracker.
# - **Irritation is not in the model.** Beyond some frequency people begin to dislike what they cannot escape.
# - **Models agree where the data are, and differ where they are not.** A schedule of a hundred contacts is extrapolation.
# - **Ebbinghaus measured savings, we measure recall, and sales measure neither.**

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - Forgetting is fast, then slow: one decay rate cannot describe both.
# - State carry-over as a half-life.
# - More contacts last longer, with diminishing returns. Spread them by a week or two.
# - Compare models on people whom they have not seen, and say so when the data cannot choose.

# %% [markdown] label="words-learnt" tags=["words"]
# ## Words learnt
#
# - **forgetting curve** 遗忘曲线: what is still known, by the time since it was learnt
# - **half-life** 半衰期: time until half is left
# - **memory chain** 记忆链模型: a fast store that fills a slow one while it empties
# - **ACT-R** 思维适应控制模型: a theory of memory in which activation falls with the logarithm of age
# - **held-out data** 留出数据: data kept out of the fit, to test what it predicts
# - **spacing effect** 间隔效应: the same contacts, spread out, leave more
# - **diminishing returns** 边际收益递减: each further unit adds less

# %% [markdown] label="on-your-own-data" tags=["own-data"]
# ## On your own data
#
# Take a newsletter. Note for each reader when they opened an issue; then ask a random few what the last offer was. One row per person: the ages of the contacts in weeks (empty where there were fewer), and `recalled` (1 or 0). With some hundreds of rows try `MemoryChain`; with fewer, `Exponential`.
#
# ```python
# import pandas as pd
# from crmkit.brand import Exponential
#
# asked = pd.read_csv("my_recall.csv")  # age_1, age_2, ... in weeks; recalled
# ages = asked.filter(like="age_").to_numpy()
# model = Exponential().fit(ages, asked["recalled"])
# print(model.params_)
# ```
#
# Those who opened more were keener from the start. Only chance takes that out: let a random half get every second issue.

# %% [markdown] label="what-next" tags=["next"]
# ## What next
#
# Lesson 44 puts forgetting to work: fifty-two weeks, one budget, and three people who want three different things of it.

# %% [markdown] label="on-one-page" tags=["summary"]
# ## On one page
#
# **Claim.** More contacts last longer, but each one adds less, and contacts on one evening are not so many contacts.
#
# **Method.**
#
# 1. Let chance decide who sees what how often, and ask each person once.
# 2. Fit models of forgetting, and compare them on people whom they have not seen.
# 3. Read off the half-life, the weeks that memory lasts, and the contact that no longer pays.
#
# **Formula.** $\text{half-life} = \ln 2 / \text{decay}$ (one store)
#
# **Code.**
#
# ```python
# MemoryChain(massing=True).fit(exposure_ages(trials), trials["recalled"]).half_life_weeks(8)
# ```
#
# **Where it fails.** An unknown brand on a screen is not your brand on a bus, and irritation is not in the model.
