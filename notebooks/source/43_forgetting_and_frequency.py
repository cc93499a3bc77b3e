# %% [markdown] label="title" tables=["recall_experiment"] tags=["opening"]
# # More contacts last longer, but each one buys less
#
# **After this lesson you can** read a forgetting curve and state it as a half-life; fit a model of forgetting and compare rivals on people it has not seen; say what one more contact adds, and where it stops paying; judge the sentence "the higher the frequency, the longer the memory"
#
# **45 minutes** · you need intervals (lesson 40) · you will meet: forgetting curve, half-life, memory chain, held-out, spacing, diminishing returns

# %% [markdown] label="oldest-data-marketing-one-mans"
# ## The oldest data of marketing are one man's
#
# In the winter of 1879 Hermann Ebbinghaus began to learn lists of meaningless syllables, and learnt them again after twenty minutes, an hour, a day, a month. He wrote down how much work the first learning had **saved**. Nobody had measured memory before. The agency that wants thirteen contacts a person
# from {company.name} quotes him, without having read him. Let us read him.

# %% label="imports"
import crmkit
import numpy as np
import pandas as pd
from crmkit.brand import (
    BaseLevel, Exponential, MemoryChain, Power, compare_models, ebbinghaus_curve,
    ebbinghaus_repetitions, ebbinghaus_savings, exposure_ages, fit_retention, returns_of_frequency,
)
from crmkit.brand.explorers import forgetting_explorer, recall_by_delay
from crmkit.brand.plots import plot_forgetting, plot_frequency
from crmkit.inference import percentile_interval
from crmkit.practice import check, hint, predict, quiz, solution
from crmkit.style import axes, show

savings = ebbinghaus_savings()
savings.assign(his_formula=ebbinghaus_curve(savings["minutes"] + 1).round(3))  # he counts from a minute before the end

# %% [markdown] label="predict-after-one-day-third" tags=["predict"]
# > **Predict.** After one day a third is left. How much is left after thirty-one days: none, a twentieth, a fifth?

# %% label="predict-43-a"
predict("43-a", ...)

# %% label="plot-forgetting"
days = savings.assign(days=savings["minutes"] / 1440)
minutes = np.geomspace(19, 31 * 1440, 100)
curves = {}
for name in ["exponential", "power"]:
    parameters, fitted = fit_retention(savings["minutes"], savings["savings"], name, at=minutes)
    curves[f"{name}, R² {parameters['r_squared']:.2f}"] = pd.Series(fitted, index=minutes / 1440)
points = days.set_index("days").rename(columns={"savings": "share"})
ax = plot_forgetting(points, curves, title="Fast at first, then hardly at all", xlabel="time after learning")
ax.set_xscale("log")
ax.set_xticks([1 / 72, 1 / 24, 1 / 3, 1, 6, 31], ["20 min", "1 h", "8 h", "1 day", "6 days", "31 days"])
ax.set_xticks([], minor=True)
ax.set_ylabel("share of the work saved")
alt = "Savings fall from 58 % after 19 minutes to 21 % after a month; a power curve runs through the points, "
show(ax, alt=alt + "an exponential does not: " + "; ".join(curves) + ".")

# %% [markdown] label="fifth-left-after-month-every"
# A fifth is left after a month. Had every further day taken the same share as the first one, nothing would be. A curve that loses the same share in every hour is called **exponential**; even the best one cannot be steep early and flat late, and misses at both ends. A **power** curve follows the points. Two things in one: a fast store that empties
# within the hour, and something slower underneath.
#
# He also asked how much more is saved by learning *more* today. This is the other half of the agency's sentence.

# %% label="repetitions"
repetitions = ebbinghaus_repetitions()
repetitions.assign(seconds_each=(repetitions["seconds_saved"] / repetitions["repetitions"]).round(1))

# %% [markdown] label="own-experiment-chance-decides-sees"
# About the same number of seconds for each repetition, up to fifty-three of them. Hence the slogan: *twice the frequency, twice the memory*. But look at what he measured: work saved by a man who wanted to learn. A viewer wants to see the film.
#
# ## {company.name}'s own experiment: chance decides who sees what how often
#
# Viewers drawn by lot saw an advertisement for a brand that nobody knew: once to thirteen times, on the same evening or weeks apart, and each was asked **once**, half a week to a year later. Because chance decided, nothing but the schedule differs.

# %% label="trials"
trials = crmkit.load("recall_experiment")
trials.pivot_table(index="exposures", columns="weeks_after", values="recalled").round(2)

# %% [markdown] label="read-row-left-right-forgetting"
# Read a row from left to right: forgetting. Read a column from top to bottom: frequency. Each cell holds some fifty people, so the second decimal is noise. In the first row nobody recalls what nobody has seen: the question does not invite guessing.
#
# Lay a curve through the points yourself. Start with one store; then allow two.

# %% label="forgetting-explorer"
forgetting_explorer(trials)

# %% [markdown] label="one-store-not-enough-foretell"
# ## One store is not enough to foretell what people still know
#
# Four models, from the simplest up. All say: each contact leaves a trace that fades; traces add up; the stronger the sum, the likelier the recall. They differ in how a trace fades: **exponential** (one store), **power**, the **memory chain** (a fast store that fills a slow one), and **ACT-R** (activation falls with the logarithm of age). To each may be
# added that a contact which follows another at once is only half attended to (`+ spacing`). Which one foretells the answers of people whom it has *not* seen?

# %% label="ages"
ages = exposure_ages(trials)
models = [kind(massing=True) for kind in (Exponential, Power, BaseLevel, MemoryChain)]
models.append(MemoryChain())
compare_models(ages, trials["recalled"], models).round(4)

# %% [markdown] label="held-out-mean-log-likelihood"
# `held_out` is the mean log-likelihood of answers left out of the fit; nearer to nought is better. `behind_best` is the distance to the winner, `behind_se` its sampling error. The exponential is clearly behind: one store is not enough. Between the two stores, the power curve and ACT-R the distance is about twice its error or less: **these data
# can hardly tell them apart**, and who sells you one of them as the law of memory is selling. That spacing matters is a safer finding: compare the memory chain with and without it.

# %% label="memory"
memory = MemoryChain(massing=True).fit(ages, trials["recalled"])
memory.estimates_.round(3)

# %% label="plot-forgetting-2"
four = trials[trials["exposures"] == 4]
weeks = np.linspace(0.5, 52, 100)
gaps = four["gap_weeks"].value_counts(normalize=True)
questions = pd.DataFrame({"exposures": 4, "weeks_after": weeks})
curve = sum(share * memory.recall(exposure_ages(questions.assign(gap_weeks=gap))) for gap, share in gaps.items())
show(
    plot_forgetting(
        recall_by_delay(trials, 4), {"memory chain": pd.Series(curve, index=weeks)},
        title="Four contacts: a quick fall, then a long tail",
    ),
    alt=f"Recall after four contacts: the curve falls from {curve[0]:.0%} half a week after the last to {curve[-1]:.0%} after a year.",
)

# %% [markdown] label="half-life-word-people-understand"
# ## Half-life is the word that people understand
#
# "Decay 0.71 a week in the fast store" says nothing to a director. *After how many weeks has recall fallen to half?* does.

# %% label="life"
drawn = memory.drawn(200)  # 200 models that fit the experiment about as well
rows = {}
for n in [1, 2, 4, 8, 13]:
    low, high = percentile_interval([each.half_life_weeks(exposures=n) for each in drawn])
    rows[n] = {"half-life of recall, weeks": memory.half_life_weeks(exposures=n), "low": low, "high": high}
pd.DataFrame(rows).T.rename_axis("contacts, a week apart").round(1)

# %% [markdown] label="one-contact-half-forgotten-within"
# One contact is half forgotten within weeks. Thirteen last several times as long, and `low` and `high` (95 %) lie well apart from those of a single contact. (This is the half-life of **recall**, counted from half a week after the last contact. A single **trace** has a half-life too: in a model with one store, ln 2 / decay. Recall and trace are not in proportion, so the two differ. Say which one you mean.) So the slogan is right? Not so fast: half *of what*, and at what price?

# %% [markdown] label="43-1-people-exactly-eight"
# **43-1.** Of the people who had exactly eight contacts and were asked four weeks or more after the last one, how many recalled the brand? (per cent, two decimals)
#
# Put your answer in place of the three dots. Stuck? Type `hint("43-1")` in a new cell; after three tries `solution("43-1")` opens. The exercises of lesson 43 give the questions again, with room to work.

# %% label="check-43-1"
check("43-1", ...)

# %% [markdown] label="higher-frequency-longer-memory-true" tags=["predict"]
# ## "The higher the frequency, the longer the memory": true, and less and less so
#
# Say that the brand counts as forgotten when fewer than one person in five recalls it. How long does it last, and how many weeks does the *next* contact add?
#
# > **Predict.** Eight contacts, a week apart, last for months. How long do sixteen last: twice as long, half as long again, hardly longer?

# %% label="predict-43-b"
predict("43-b", ...)

# %% label="frequency"
frequency = returns_of_frequency(memory, most=16, gap_weeks=1, weeks_after=4, threshold=0.2)
frequency.set_index("contacts").loc[[1, 2, 4, 8, 16]].round(2)

# %% label="ax"
ax = axes()
ax.plot(frequency["contacts"], frequency["lasts_weeks"], "o-")
ax.set(title="After the first few, each contact adds less time")
ax.set(xlabel="contacts, a week apart", ylabel="weeks until fewer than 1 in 5 recall")
four, eight, sixteen = frequency.set_index("contacts")["lasts_weeks"].loc[[4, 8, 16]]
show(ax, alt=f"Weeks of memory: {four:.0f} for four contacts, {eight:.0f} for eight, {sixteen:.0f} for sixteen.")

# %% [markdown] label="more-frequency-last-longer-all"
# More frequency does last longer, all the way: the sentence is **true**. But doubling from eight to sixteen adds about as many weeks as doubling from four to eight did, with twice as many contacts to pay for. From four contacts on, memory lasts with the *logarithm* of frequency, because what must be outlived is a slow store that loses the same share every week. And under three contacts or so
# the brand does not reach one person in five for long at all: there is a beginning as well as an end.

# %% [markdown] label="eight-contacts-one-evening-not"
# ## Eight contacts in one evening are not eight contacts
#
# The same eight contacts, pulled apart. For each distance: how many weeks until fewer than one person in five recalls?

# %% label="spacing"
spacing = {}
for gap in [0, 1, 2, 4]:
    table = returns_of_frequency(memory, most=8, gap_weeks=gap, threshold=0.2)
    spacing[gap] = table.set_index("contacts")["lasts_weeks"]
pd.DataFrame(spacing).loc[[2, 4, 8]].rename_axis(columns="weeks between contacts")

# %% [markdown] label="pulled-apart-week-two-eight"
# Pulled apart by a week or two, eight contacts last far longer than crammed into an evening. Pulled apart further, nothing more is won: what is better attended to is offset by the early contacts having faded when the last one comes. And beware of the raw table:

# %% label="trials-trials-exposures"
trials[trials["exposures"] >= 4].groupby("gap_weeks")["recalled"].agg(["mean", "size"]).round(3)

# %% [markdown] label="plain-means-spacing-seems-little"
# In the plain means spacing seems to do little, or even harm. The people asked "four weeks after the last contact" had their *first* contact four weeks ago if all came in one evening, and many months ago if they came monthly. Two effects, in opposite directions, cancel in the mean or nearly so; a model that knows the age of every contact separates them. **A table that shows
# nothing is no proof that there is nothing.**

# %% [markdown] label="43-2-fit-exponential-without"
# **43-2.** Fit `Exponential()` (without spacing) to the whole experiment. What is the half-life of a trace, in weeks? (two decimals)

# %% label="check-43-2"
check("43-2", ...)

# %% [markdown] label="where-another-contact-stops-paying"
# ## Where another contact stops paying
#
# One contact with every adult of the region costs {company.symbol}36,000. Suppose the sales department values one percentage point of recall, four weeks later, at {company.symbol}12,000 (ask them how they know).

# %% label="plot-frequency"
priced = returns_of_frequency(memory, most=20, weeks_after=4, value_per_point=12_000, cost_per_contact=36_000)
last = int(priced.loc[priced["pays"], "contacts"].max())
ends = []
for each in drawn[:100]:
    table = returns_of_frequency(each, most=20, weeks_after=4, value_per_point=12_000, cost_per_contact=36_000)
    ends.append(table.loc[table["pays"], "contacts"].max())
fewest, most = percentile_interval(ends)
print(f"contacts that pay: {last} (95 % interval {fewest:.0f} to {most:.0f})")
show(
    plot_frequency(priced, title=f"After about {last} contacts the next one costs more than it brings"),
    alt=f"Percentage points added by each further contact, falling; the first {last} pay ({fewest:.0f} to {most:.0f}), the others do not.",
)

# %% [markdown] label="agencys-thirteen-may-more-than"
# The experiment leaves the number open within the interval printed. What a point of recall is worth matters more: double it, and the agency's thirteen may pay. What does *not* depend on it is the shape: every further contact adds less than the one before.

# %% [markdown] label="43-3-each-number-exposures"
# **43-3.** For each number of `exposures` above 0 give the share who recall `early` (asked two weeks or less after the last contact) and `late` (sixteen weeks or more), in per cent.

# %% label="check-43-3"
check("43-3", ...)

# %% [markdown] label="one-question-lesson-no-right"
# One question of this lesson has no right answer, only better and worse reasons: **43-4**, in the exercises. *The agency writes: 'Ebbinghaus proved that memory grows with repetition. We recommend thirteen contacts in the launch week.' Answer the letter.* First the quiz:

# %% label="quiz-43"
quiz("43")

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - **An unknown brand on a screen is not {company.name} on a bus.** In daily life a contact leaves less, and shops, bags and friends rehearse too. Lesson 44 estimates the same curve from the tracker.
# - **Irritation is not in the model.** Nothing here turns negative. Beyond some frequency people begin to dislike what they cannot escape; a recall test does not see that.
# - **Models agree where the data are and part where they are not.** A half-life of ten years or a schedule of a hundred contacts is extrapolation.
# - **Ebbinghaus measured savings, we measure recall, sales measures neither.** The shapes are alike, the numbers are not.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - Forgetting is fast, then slow: one decay rate cannot describe both.
# - State carry-over as a half-life.
# - More contacts last longer, with diminishing returns; spread by a week or two, not crammed.
# - Compare models on people they have not seen, and say so when the data cannot choose.

# %% [markdown] label="words-learnt" tags=["words"]
# ## Words learnt
#
# - **forgetting curve** 遗忘曲线: what is still known, by the time since it was learnt
# - **half-life** 半衰期: time until half is left
# - **memory chain** 记忆链模型: a fast store that fills a slow one while it empties
# - **ACT-R** 思维适应控制模型: a theory of memory in which activation falls with the logarithm of age
# - **held-out data** 留出数据: data kept out of the fit, to test what it foretells
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
