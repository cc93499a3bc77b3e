# %% [markdown] label="title" extra=true tables=["market_areas", "market_register", "market_invited", "market_people", "market_needs", "market_first_look", "market_trial", "trial_offers", "truth/market_people", "truth/market_areas"] tags=["opening"]
# # Three kinds of people do not buy, and each needs something else
#
# **After this lesson you can** sort people who are no customers into near, refusing and unexplored; weight answers that some groups give more often than others; compare stated reasons with true ones; say what a first look at people never asked tells you.
#
# **55 minutes to read, 45 minutes of exercises** · you need lesson 12 (must-haves) and lesson 32 (a trial) · you will meet: near, refusing and unexplored non-customer, criterion, response rate, weighting, stated reason, first look

# %% [markdown] label="case"
# ## "We are too expensive"
#
# Nadia plans the sets for hanging pictures at {company.name}. Her director has read a survey. "Why do you not buy at {company.name}?" Of all answers, one is the most frequent: *too expensive*. "So we make a cheap set," he says.
#
# Before she cuts anything, Nadia wants to know who these people are. The survey asked more than one question:

# %% label="imports"
import pandas as pd

import crmkit
from crmkit import prospects
from crmkit.practice import check, predict, quiz, reveal
from crmkit.prospects import noncustomer_plots as plots
from crmkit.prospects.noncustomer_explorers import kinds_explorer
from crmkit.style import show

company = crmkit.company()
areas, needs = crmkit.load("market_areas"), crmkit.load("market_needs")
today = crmkit.load("trial_offers").set_index("offer").loc["today"]
people = crmkit.load("market_people").merge(crmkit.load("market_invited")).merge(areas)
people["customer"] = people["buys_at"] == company.name
print(f"{len(people):,} people answered, {people['customer'].sum()} are customers; the set costs {company.money(today['price'])}")
show(people.loc[~people["customer"], "stated_reason"].value_counts())

# %% [markdown] ask="50-a"

# %% label="predict-50-a"
predict("50-a", ...)

# %% [markdown] label="by-hand-head"
# ## One failed criterion is enough
#
# A purchase asks for three things. There is something to do at home; every must-have is met; the price can be paid. Each is a **criterion**. Five people, by hand:

# %% label="by-hand"
five = pd.DataFrame(
    {
        "projects": [2, 1, 0, 3, 1],
        "must_haves": [True, False, True, True, None],
        "can_spend": [30, 45, 40, 15, 26],
    },
    index=["Ada", "Ben", "Cleo", "Dan", "Eve"],
)
five["project"], five["pay"] = five["projects"] > 0, five["can_spend"] >= 24
show(five.join(prospects.kinds_of_people(five.assign(customer=False))))

# %% [markdown] label="by-hand-read"
# - Ada meets every criterion and is still no customer: a **near non-customer**. She may not know us, or may be used to another shop.
# - Ben, Cleo and Dan are **refusing**: one criterion fails, and no advertisement changes that. Another offer may win Ben or Dan. Cleo has nothing to do at home.
# - Nobody has asked Eve about her must-haves. She is **unexplored**.
#
# Note that Ben can pay {company.symbol}45. A lower price would not win him.
#
# ## Sort the survey
#
# Two criteria are one line each. Must-haves come from a forced ranking (lesson 12): "If you could keep only one need, which? If only two? If only three?" A second question follows: "Would you buy elsewhere without it?" A need is a must-have if it is among the first three and the second answer is yes.

# %% label="pandas"
project, pay = people["projects"] > 0, people["can_spend"] >= today["price"]
must = prospects.must_haves(needs, keep=3)
print(f"something to do {project.mean():.0%}, can pay {pay.mean():.0%}")
counts = must["need"].value_counts().head(6).rename("people").to_frame()
counts["met today"] = today[counts.index] == 1
show(counts)

# %% [markdown] label="pandas-read"
# `complete` means: nothing extra to buy. `ready`: it is ready to use. `quick`: I have it today or tomorrow. The set of today meets none of these three. `nearby` is met only in areas with a shop.
#
# The helper compares each person's must-haves with the set of today.

# %% label="kinds"
people = people.merge(prospects.criteria_met(people, needs, today))
people = people.join(prospects.kinds_of_people(people))
others = people[~people["customer"]]
show(others.groupby(["kind", "fails"]).size().rename("people").to_frame())

# %% [markdown] label="kinds-read"
# `fails` names every criterion that a person does not meet; for the near it is empty. Most people refuse, and most of these miss a must-have. The price alone stops few.
#
# ## Who answered?

# %% label="response"
by = ["age_group", "home"]
show(prospects.response_rates(crmkit.load("market_invited"), by).round(2))

# %% [markdown] ask="50-b"

# %% label="predict-50-b"
predict("50-b", ...)

# %% [markdown] label="weights-head"
# Older people who own their home answered almost four times as often as young people who rent. The register says how many households each group has. So each answer gets a **weight**: households of the group ÷ answers of the group. By hand, for two groups:

# %% label="weights"
register = crmkit.load("market_register").merge(areas[["area", "surveyed"]])
register = register[register["surveyed"]]
for age, home in (("18-34", "rented"), ("55+", "owned")):
    group = f"age_group == '{age}' and home == '{home}'"
    households, answers = register.query(group)["households"].sum(), len(people.query(group))
    print(f"{age}, {home}: {households:,} households / {answers} answers = {households / answers:.1f}")

# %% label="shares"
shares = prospects.weighted_shares(people, "kind", register, by)
ax = plots.plot_shares(shares, title="Without weights the company looks better")
words = "; ".join(f"{kind} {row.plain:.1%} plain, {row.share:.1%} weighted" for kind, row in shares.iterrows())
show(ax, alt=f"Shares of the households: {words}.")
show(shares.round(3))

# %% label="reveal-50-b"
reveal("50-b")

# %% [markdown] label="weights-read"
# **An answer from a group that rarely answers stands for more people.** `plain` is the share without weights, `share` the one with weights; the interval from `low` to `high` belongs to the weighted share. For the near it still contains the plain share. The end of the lesson shows which is nearer to the truth.
#
# ## What people say, and what is the case
#
# The criteria give a reason for each person: the first that fails, in the order something to do, must-haves, price. If none fails, the person does not know us, or is happy at another shop. `right` counts those for whom both are the same; `most` is the most frequent reason by the criteria.

# %% label="reasons"
found = prospects.reasons_by_criteria(others)
ax = plots.plot_reasons(others["stated_reason"], found, title="Most who say 'too expensive' miss something")
table = prospects.stated_and_true(others["stated_reason"], found)
price = table.loc["too expensive"]
show(ax, alt=f"{price.people} people say too expensive; by the criteria it is so for {price.right}. Most often: {price.most}.")
show(table.round(2))

# %% label="reveal-50-a"
reveal("50-a")

# %% [markdown] label="cannot-pay-head"
# Is this count unfair? Some people miss a must-have *and* cannot pay. So count everybody who cannot pay, whatever else fails:

# %% label="cannot-pay"
says = others["stated_reason"] == "too expensive"
broke = 1 - others["pay"].groupby(says).mean()
print(f"cannot pay: {broke[True]:.0%} of those who say too expensive, {broke[False]:.0%} of those who say something else")

# %% [markdown] label="reasons-read"
# Even then it is fewer than half, and only a little more than among the others. "Too expensive" is polite, short, and ends the talk. Often it means: *not worth it, because something is missing*. And some who cannot pay say that they are happy where they are.
#
# Not every answer is as poor: "no use for it" and "something is missing" are right for most who give them. **A stated reason is an answer; it need not be the cause.**
#
# ## A rule of thumb, tested
#
# *Those who say "too expensive" want a lower price.* Nadia ran a trial: each non-customer was told of one of four offers, chosen at random. The director's cheap set is `basic`. First the offers, then the results for those who had said "too expensive":

# %% label="rule"
said = others.loc[others["stated_reason"] == "too expensive", ["person_id"]]
trial = crmkit.load("market_trial").merge(said)
show(crmkit.load("trial_offers").set_index("offer")[["words", "price"]])
show(prospects.trial_results(trial, against="today").round(3))

# %% [markdown] label="rule-read"
# `more` is the difference from `today`, with its interval. `basic` costs {company.symbol}10 less than `today`, and comes without advice. The interval contains zero: from this trial nobody can say that it wins more. `hire` wins most. It costs less too, but more than `basic`: if only the price counted, `basic` would win more. But `hire` is complete and ready to use, and many miss just that. The rule fails: a low price alone does not win these people.
#
# ## Those whom nobody asked
#
# Four of the twelve areas were never surveyed. Two are new estates, not yet on the list of addresses; two are villages, too far for the interviewers. How many households is that? Later an interviewer went to one estate and one village, and met some people at their doors: a **first look**.

# %% label="unexplored"
unasked = areas.loc[~areas["surveyed"], "households"].sum()
print(f"unexplored: {unasked:,} of {areas['households'].sum():,} households")

# %% [markdown] ask="50-c"

# %% label="predict-50-c"
predict("50-c", ...)

# %% label="first-look"
first = crmkit.load("market_first_look").merge(areas)
first = first.merge(prospects.criteria_met(first, needs, today))
first["customer"] = first["buys_at"] == company.name
first = first.join(prospects.kinds_of_people(first))
near = prospects.near_by_area(pd.concat([people, first]))
show(near[~near["surveyed"]].round(2))

# %% label="plot-areas"
ax = plots.plot_near_by_area(near, title="An area never asked need not be like the others")
words = ", ".join(f"{row.Index} {row.share:.0%}" for row in near[~near["surveyed"]].itertuples())
most = near.loc[near["surveyed"], "share"].max()
show(ax, alt=f"Near people among non-customers: {words}; in surveyed areas at most {most:.0%}.")

# %% label="reveal-50-c"
reveal("50-c")

# %% [markdown] label="areas-read"
# **That people never asked are like the others is only a guess.** On the estate (Orchard Rise) the share is almost twice as large as in the surveyed areas together. In the village (Upper Farthing) it lies among those of the surveyed areas, and the interval is wide: it shows no difference. About the two other areas we still know nothing: they stay unexplored.
#
# ## Move the criteria yourself
#
# Lower the price as far as you can. At most the bar "price only" becomes near. Set the price back, and let fewer needs count as must-haves: how many more people move now? At last take the weights away, and look at the near.

# %% label="explorer"
kinds_explorer(people, needs, today, prospects.answer_weights(people, register, by), unexplored=unasked)

# %% [markdown] label="truth-head"
# ## The truth, for once
#
# No company can see this table. How often was Nadia wrong about a person?

# %% label="truth"
truth = people[["person_id"]].merge(crmkit.load_truth("market_people"))
asked = crmkit.load_truth("market_areas").merge(areas).query("surveyed")
share = asked["near"].sum() / asked["households"].sum()
print(f"near: {shares.loc['near', 'plain']:.1%} plain, {shares.loc['near', 'share']:.1%} weighted, {share:.1%} true")
show(prospects.compare_kinds(people["kind"], truth["kind"])[["called", "true", "error_rate", "omission_rate"]].round(3))

# %% [markdown] label="truth-read"
# The weighted share is nearer to the truth than the plain one. `error_rate` is the share of those *called* near who are not; `omission_rate` the share of those who *are* near but were called something else. Some called near refuse in truth: a must-have was not among their first three, or they named more money than they can spend. Errors in both directions partly cancel out in the share. For a single person they do not.

# %% [markdown] label="turn"
# ## Your turn

# %% [markdown] ask="50-1"

# %% label="check-50-1"
check("50-1", ...)

# %% label="quiz-50"
quiz("50")

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - **Weights mend only what they know.** If, among older owners, the busy ones do not answer, age and home cannot show it.
# - **The criteria are today's.** A person without a project this year may have one in spring.
# - **What people say they can spend is an answer too.** It is nearer the truth than a reason, because it names a number.
# - **A first look is small.** Its interval is wide, and it holds for its own two areas only.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - Near people meet every criterion: they need to hear of you. Refusing people need another offer. The unexplored need a look.
# - Ask for criteria, not for reasons.
# - Weight answers by groups whose size you know, and give the interval.

# %% [markdown] label="words-learnt" tags=["words"]
# ## Words learnt
#
# - **near non-customer** 准非客户: meets every criterion, and is not yet a customer
# - **refusing non-customer** 拒绝型非客户: at least one criterion fails
# - **unexplored non-customer** 未探知非客户: nobody has looked at the criteria
# - **criterion** 标准: what must be met before somebody buys
# - **response rate** 应答率: the share of those invited who answer
# - **weighting** 加权: letting each answer count for the households that it stands for
# - **stated reason** 自述原因: what somebody answers when asked why
# - **first look** 初步探查: a small sample of people who were never asked

# %% [markdown] label="on-your-own-data" tags=["own-data"]
# ## On your own data
#
# A list of prospects is enough: one row each, a column that says who is a customer, and one column per criterion with yes, no, or nothing where nobody has asked.
#
# ```python
# import pandas as pd
# from crmkit.prospects import kinds_of_people
#
# prospects = pd.read_csv("my_prospects.csv")  # customer, has_need, can_pay, must_haves: True, False or empty
# sorted_ = prospects.join(kinds_of_people(prospects, ["has_need", "can_pay", "must_haves"]))
# print(sorted_.groupby(["kind", "fails"]).size())
# ```
#
# Look first at how many are unexplored. It is usually most of the list.

# %% [markdown] label="what-next" tags=["next"]
# ## What next
#
# Most refusing people miss a must-have. **Lesson 51** asks whether something else can make it good, and which offer wins them.

# %% [markdown] label="on-one-page" tags=["summary"]
# ## On one page
#
# **Claim.** People who do not buy are near, refusing or unexplored, and the reason they state is often not the true one.
#
# **Method.**
#
# 1. Write down the criteria of a purchase, and ask for each of them.
# 2. One failed criterion: refusing. None: near. Not asked: unexplored.
# 3. Weight the answers by groups of known size; take a first look at those never asked.
#
# **Formula.** weight = households of the group ÷ answers of the group
#
# **Code.**
#
# ```python
# weighted_shares(people, "kind", register, ["age_group", "home"])
# ```
#
# **Where it fails.** Within a group, those who answer may differ from those who do not.
