# %% [markdown] label="title" tables=["diaries", "diary_people", "visit_moments", "visits", "service_cases"] names=["service_cases.arm: failure, letter", "service_cases.arm: no failure"] tags=["opening"]
# # One bad afternoon weighs more than two good ones
#
# **After this lesson you can** follow a customer's trust from event to event with one rule; estimate how much heavier a bad experience weighs than a good one; say what of a visit is remembered; price a failure and its repair by an experiment.
#
# **50 minutes to read, 45 minutes of exercises** · you need lesson 40 · you will meet: episodic memory, first impression, delta rule, peak-end rule, promise gap, service recovery

# %% [markdown] label="one-page-diary"
# ## One page of a diary
#
# Some of {company.name}'s customers keep a diary. After each event they write how good it was, from 0 to 10 (for an advertisement: how much it promised), and how far they now trust {company.name}. This store of things that *happened to me* is **episodic memory** (情节记忆). We open the diary of someone who began with little trust, and read up to the first failure.

# %% label="imports"
import pandas as pd

import crmkit
from crmkit import brand
from crmkit.brand import explorers, plots
from crmkit.practice import check, hint, predict, quiz, reveal, solution
from crmkit.style import show

company = crmkit.company()
diaries, diary_people = crmkit.load("diaries"), crmkit.load("diary_people")

# %% label="page"
first = diary_people.set_index("person_id")["first_impression"]
failure = diaries[diaries["kind"] == "failure"].groupby("person_id")["event"].min()
who = first[failure.index[failure > 5]].idxmin()
page = diaries[(diaries["person_id"] == who) & (diaries["event"] <= failure[who])]
page.tail(4)

# %% label="plot-diary"
told = page.set_index("event")["trust"]
before, after = told[failure[who] - 1], told[failure[who]]
show(
    plots.plot_diary(page, first[who], title="Trust climbs slowly and falls at once"),
    alt=f"Trust climbs from {first[who]:.1f} over {failure[who] - 1} events to {before:.1f}; one failure takes it to {after:.1f}.",
)

# %% [markdown] label="before-first-event-first-impression"
# (People do not write exactly. Their marks for trust scatter by some tenths.) Before the first event there is a **first impression** (第一印象): what others say, what an advertisement promised. It is provisional. Each later advertisement rehearses it, a good experience strengthens it, and a bad one revises it.

# %% [markdown] ask="42-a"

# %% label="predict-42-a"
predict("42-a", ...)

# %% [markdown] label="trust-moves-share-surprise"
# ## Trust moves by a share of the surprise
#
# The **delta rule** (误差修正规则) is one line: *new trust = old trust + gain x (experience - old trust)*. By hand, with a gain of 0.2: somebody's trust is 5, and three events are worth 9, 9 and 2.

# %% label="by-hand"
trust = 5.0
for experience in (9, 9, 2):
    surprise = experience - trust
    trust = trust + 0.2 * surprise
    print(f"experience {experience}: surprise {surprise:+.2f}, new trust {trust:.2f}")

# %% [markdown] label="by-hand-read"
# What was expected changes nothing. Now let the gain differ for messages, good surprises and bad ones. **Your goal:** move the three gains until the dashed line follows the black one, then try other diaries.

# %% label="diary-explorer" tags=["nbval-ignore-output"]
explorers.diary_explorer(diaries, diary_people)

# %% label="gains"
gains = brand.fit_delta_rule(diaries, diary_people)
reveal("42-a")
show(gains.round(3))

# %% [markdown] label="four-points-bad-surprise-move"
# `fit_delta_rule` finds the gains from all diaries at once. A bad surprise moves trust more than twice as far as a good one of the same size. A message moves it least: **advertising opens the door; the experience decides who stays.** Does the rule hold for people whom it has not seen?

# %% label="compare-belief-rules"
show(brand.compare_belief_rules(diaries, diary_people).round(2))

# %% [markdown] label="rules-read"
# Each rule was fitted on four fifths of the customers and had to predict the trust of the others. `error` is how far it missed, `behind` how much more than the best rule, with an interval that counts customers. *Bayesian* is a fair judge, who gives every experience the same weight. *One gain* treats bad and good alike. The rule in which bad weighs more predicts best, by a clear margin.

# %% [markdown] ask="42-1"

# %% label="check-42-1"
answer = ...
check("42-1", answer)

# %% [markdown] label="trust-forecast-gloomy-one"
# ## Trust is a forecast, and it is too low
#
# Trust says what a customer expects of the next time. The diary holds the next time. (Advertisements are no experience; we leave them out.)

# %% label="later"
later = diaries.groupby("person_id")[["kind", "rating"]].shift(-1).add_prefix("next_")
forecast = diaries.join(later).dropna(subset="next_rating").query("next_kind != 'advertisement'")
print(f"expected {forecast['trust'].mean():.1f}, experienced {forecast['next_rating'].mean():.1f}")

# %% [markdown] label="next-experience-average-better-than"
# The next experience is better than expected, on average. People who let bad surprises weigh double end up expecting too little. **Trust decides what customers do, and it need not be right.** A company that keeps its promise is still believed less than it deserves.

# %% [markdown] ask="42-b"

# %% label="predict-42-b"
predict("42-b", ...)

# %% [markdown] label="visit-remembered-peak-end"
# ## A visit is remembered by its peak and its end
#
# Visits to the shop were rated moment by moment on the spot, and as a whole a week later. One visit, by hand, with its mean, its peak (the moment farthest from 5) and its end:

# %% label="one-visit"
moments, visits = crmkit.load("visit_moments"), crmkit.load("visits")
rating = moments[moments["visit_id"] == 1].sort_values("moment")["rating"]
peak = rating.loc[(rating - 5).abs().idxmax()]
print(f"{rating.tolist()}: mean {rating.mean():.1f}, peak {peak}, end {rating.iloc[-1]}")
show(brand.summarise_visits(moments).head(1))

# %% label="plot-effects"
weights = brand.fit_peak_end(moments, visits)
show(
    plots.plot_effects(
        weights, "part", value="weight", title="Peak and end make the memory", xlabel="points remembered per point"
    ),
    alt="Weights with intervals: " + ", ".join(f"{row.part} {row.weight:.2f}" for row in weights.itertuples()) + ".",
)
reveal("42-b")

# %% [markdown] label="mean-all-moments-little-say"
# Once the peak and the end are known, the mean has little to add. This is the **peak-end rule** (峰终定律). **Take out the worst moment, and care for the last two minutes**: the till, the loading bay, the parcel at the door.

# %% [markdown] label="bold-promise-remembered-measured"
# ## A bold promise is remembered, and measured
#
# Every event moves belief (delta rule) and leaves a trace that fades (lesson 43). Three advertisements promise 9 of 10. Then a delivery comes, good or bad.

# %% label="found"
memory = brand.MemoryChain.known(learning=0.3, decay_fast=0.5, transfer=0.07, decay_slow=0.03)
paths = brand.delivery_paths(gains, memory, promise=9.0, first_impression=6.0, good=8.5, bad=2.0)
show(pd.concat(paths, axis=1).loc[[11, 13, 40]].round(2))

# %% label="ax"
show(
    plots.plot_trust_and_recall(paths, title="Both deliveries are remembered; only trust differs"),
    alt="Trust rises a little after a good delivery and falls steeply after a bad one; recall is the same in both.",
)

# %% [markdown] label="failure-costs-repair-returns"
# The bad delivery makes the brand **better remembered and less trusted at once**. Anyone who measures only recall would be pleased. The **promise gap** (承诺落差, the promise less the trust) says how much of the promise the customer does not believe.
#
# One night in autumn the warehouse broke down. Whose parcel was late was chance. Then a coin decided: half of these customers got a letter of apology, half were called, and the damage was repaired.

# %% [markdown] ask="42-c"

# %% label="predict-42-c"
predict("42-c", ...)

# %% [markdown] label="what-a-repair-returns"
# ## A repair returns part of what a failure takes
#
# First we check that chance did its work: before that night the three groups had bought about equally often. (A coin rarely makes two groups of the same size. That alone does no harm.)

# %% label="cases"
cases = crmkit.load("service_cases")
show(cases.groupby("arm")["orders_before"].agg(["size", "mean"]).round(2))

# %% [markdown] label="cases-read"
# By hand, for one outcome: the share of each group that bought again within 90 days, less the share of those without a failure. The helper adds the intervals.

# %% label="costs"
share = cases.groupby("arm")["bought_90d"].mean()
print((100 * (share - share["no failure"])).round(1).to_dict())
costs = brand.failure_and_recovery(cases, ["named_first", "bought_90d", "spend_90d"])
reveal("42-c")
show(costs.round(3))

# %% label="plot-effects-2"
buying = costs[(costs["outcome"] == "bought_90d") & (costs["arm"] != "no failure")]
points = buying.assign(**{name: 100 * buying[name] for name in ("difference", "low", "high")})
title, unit = "A repair returns part of what the failure took", "percentage points against no failure"
show(
    plots.plot_effects(points, "arm", value="difference", title=title, xlabel=f"bought again, {unit}"),
    alt="Against no failure: " + "; ".join(f"{row.arm} {row.difference:.0f} points" for row in points.itertuples()) + ".",
)

# %% [markdown] label="failure-letter-cost-many-repeat"
# Trade magazines like the **recovery paradox**: a customer whose complaint is handled well is more loyal than one who never had to complain. Here there is no sign of it. Look at the interval of the call: where it lies below zero, fewer came back than without a failure; where it reaches zero, the two cannot be told apart. (The magazines often look at customers who *chose* to complain. Those who left without a word are not among them.)
#
# Does the call pay? Compare it with the letter:

# %% label="failed"
failed = cases[cases["arm"] != "no failure"]
gain = brand.failure_and_recovery(failed, ["spend_90d", "bought_90d"], against="failure, letter")
show(gain[gain["arm"] != "failure, letter"].round(3))

# %% [markdown] label="purchases-calls-effect-clear-nought"
# In purchases the effect of the call is clear of zero. In {company.coins} the interval is wide, because a few large baskets move the mean, and this money is turnover: the goods must be paid from it. **Before you sign, compare the margin of the middle and of both ends with what a call costs.**
#
# Question 42-5, in the exercises, asks for this decision. First the quiz:

# %% label="quiz-42"
quiz("42")

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - **Diaries change their writers.** People who write down every delivery notice more of them.
# - **The delta rule forgets its reasons.** Two customers with the same trust are the same to it, after ten quiet years or after last week.
# - **"Peak" needs a zero.** With another neutral point than 5, some peaks change sides.
# - **One night, one warehouse.** A late parcel is a mild failure. Nothing here says what a call does after an injury.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - Trust is a forecast. It moves by a share of the surprise, and bad surprises weigh more.
# - Of a visit, the peak and the end remain.
# - Recall without trust is the wrong kind of fame: measure both.
# - A repair returns part of what a failure took. Whether it pays, an experiment tells.

# %% [markdown] label="words-learnt" tags=["words"]
# ## Words learnt
#
# - **episodic memory** 情节记忆: memory of what happened to oneself, while buying and using
# - **first impression** 第一印象: a provisional belief, before any experience of one's own
# - **delta rule** 误差修正规则: belief moves by a fixed share of the surprise
# - **peak-end rule** 峰终定律: a visit is remembered by its most intense moment and by its last
# - **promise gap** 承诺落差: what is promised less what is believed
# - **service recovery** 服务补救: making a failure good
# - **trust** 信任: the customer's forecast of how the next time will be

# %% [markdown] label="on-your-own-data" tags=["own-data"]
# ## On your own data
#
# You have complaints with dates, and orders. Compare customers with a late parcel with those whose parcel came on time *from the same warehouse in the same weeks*: lateness is then nearly chance. If you can decide who gets a call, toss a coin and write it down.
#
# ```python
# import pandas as pd
# from crmkit.brand import failure_and_recovery
#
# cases = pd.read_csv("my_cases.csv")  # arm ("no failure", "failure", ...), bought_90d (1 or 0)
# print(failure_and_recovery(cases, outcomes=["bought_90d"]).round(2))
# ```

# %% [markdown] label="what-next" tags=["next"]
# ## What next
#
# Traces fade. How fast, what slows them, and whether more advertising makes them last longer: lesson 43.

# %% [markdown] label="on-one-page" tags=["summary"]
# ## On one page
#
# **Claim.** Trust moves by a share of the surprise, and a bad surprise weighs about twice as much as a good one.
#
# **Method.**
#
# 1. Compute each surprise: the experience less the trust before it.
# 2. Fit one gain for messages, one for good and one for bad surprises; test the rule on people it has not seen.
# 3. Price failures by an experiment: share or money of each arm less that of those without a failure, with intervals.
#
# **Formula.** $\text{new trust} = \text{trust} + g (\text{experience} - \text{trust})$
#
# **Code.**
#
# ```python
# fit_delta_rule(diaries, diary_people)
# ```
#
# **Where it fails.** Diaries change their writers, and a late parcel is a mild failure.
