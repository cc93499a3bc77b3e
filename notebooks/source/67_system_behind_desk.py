# %% [markdown] label="title" extra=true tables=["agent_calls", "offer_trial", "crm_aims", "channel_records", "truth/record_owners", "desk_calls", "desk_enquiries", "desk_staff", "order_lines", "orders", "products", "truth/offer_trial"] tags=["opening"]
# # The system behind the desk is worth its data times its use
#
# **After this lesson you can** say what each kind of CRM system does, and compare databases on the same calls; say what a bad join spoils; read a trial in which chance chose agents; judge a suggestion by margin, and not by how many say yes; split a payroll or a budget over parts that need each other.
#
# **55 minutes to read, 65 minutes of exercises** · you need lesson 25 (joined records) and lesson 32 (control group) · you will meet: operational CRM, collaborative CRM, analytical CRM, common random numbers, adoption, next best offer

# %% [markdown] label="case"
# ## "Buy the program, and service gets better"
#
# A caller asks for an order. The agent looks into the shop's program, then the web shop's, asks for the name again, and guesses. A seller of software has the cure: one screen for everything. Nora, who leads the desk of {company.name}, wants to know what it would bring, and why such projects so often fail.

# %% label="imports"
import pandas as pd

import crmkit
from crmkit import relations, value
from crmkit.practice import check, predict, quiz, reveal
from crmkit.reactivation import adjusted_effects, effect_table
from crmkit.relations import system_explorers, system_plots
from crmkit.style import show

company = crmkit.company()
show(relations.sort_systems())

# %% [markdown] label="kinds-head"
# ## Three kinds of system, one customer
#
# **Operational** CRM carries out steps of selling, marketing and service, also on the road. **Collaborative** CRM lets people and channels answer together, in time. **Analytical** CRM learns what ought to be done. Which kind does each job? Put its name for the dots:

# %% label="kinds"
mine = {"a": ..., "b": ..., "c": ..., "d": ..., "e": ..., "f": ...}
show(relations.sort_systems(mine)[["letter", "guess", "right", "reply"]])

# %% [markdown] label="by-hand-head"
# ## The same calls, other databases
#
# Three calls by hand. Each takes four minutes, and two more for each further system with a record of the caller. For each question the agent reads one record on the screen:

# %% label="by-hand"
for caller, systems in {"Ann": 3, "Bo": 1, "Cy": 2}.items():
    print(f"{caller}: separate {4 + 2 * (systems - 1)} minutes, joined 4")
print("Bo and Cy on one screen by mistake: 2 of its 3 records are Cy's, so 2 of 3 answers to Bo are wrong")

# %% [markdown] label="rules-head"
# Is it two minutes? Nora has {company.name}'s calls with separate screens. `start` is a simple call of a caller with one record, `hard` what a hard case adds, `system` what each further system adds:

# %% label="rules"
study = crmkit.load("agent_calls")
apart = study[(study["period"] == "before") | (study["view"] == "separate")]
rules = relations.desk_rules(apart)
show(rules[rules["outcome"] == "handling_minutes"].round(2))

# %% [markdown] label="bases-head"
# Now the calls of lesson 60 are answered by these rules, with the records of lesson 25: in separate databases, joined by postcode, by e-mail, and perfectly (from the truth table: no real desk has it). Each call has the same caller and the same luck in all four (**common random numbers**), so only the database differs.

# %% label="bases"
owner = crmkit.load_truth("record_owners").set_index("record_id")["customer_id"]
tidy = value.tidy_records(crmkit.load("channel_records"))
pairs = value.compare_pairs(tidy, value.candidate_pairs(tidy))
bases = {"separate": relations.separate(owner)}
for field in ("postcode", "email"):
    same = pairs.assign(weight=(pairs[field] == "same").astype(float))
    bases[field] = value.link_records(tidy, same, threshold=1)
bases["perfect"] = owner

# %% [markdown] ask="67-a"

# %% label="predict-67-a"
predict("67-a", ...)

# %% label="gains"
calls = crmkit.load("desk_calls").query("answered")
answered = relations.simulate_desk(calls, owner, bases, rules, seed=67)
gains = relations.desk_gains(answered, "separate", best="perfect")
show(gains[["outcome", "database", "mean", "effect", "low", "high", "kept"]].round(2))

# %% label="reveal-67-a"
kept = gains.set_index(["outcome", "database"])["kept"]
reveal("67-a", 100 * kept["handling_minutes", "email"])

# %% [markdown] label="gains-read"
# *Repeats* are questions that the caller has already answered once; *wrong* is the share of calls with a wrong answer. *Effect* is the difference to separate databases. *Kept* is the part of the perfect join's gain (below 0: a loss). The e-mail address mixes up nobody and leaves many records apart: a part of everything. The postcode mixes up neighbours: **the minutes that it saves are paid for with wrong answers.** How much does a mix-up cost? We spoil the perfect join, more and more:

# %% label="spoilt"
mixed = {str(x): relations.mix_people(owner, x, seed=67) for x in (0, 0.02, 0.05, 0.1, 0.2, 0.3)}
answered = relations.simulate_desk(calls, owner, {"separate": bases["separate"], **mixed}, rules, seed=67)
spoilt = relations.desk_gains(answered, "separate", best="0", outcomes=["wrong"])
spoilt["mixed"] = pd.to_numeric(spoilt["database"], errors="coerce")
left = spoilt.set_index("mixed").loc[0.1, "kept"]
ax = system_plots.plot_spoilt(spoilt, title=f"With one customer in ten mixed up, {left:.0%} of the gain is left")
words = ", ".join(f"{row.kept:.0%} at {row.mixed:.0%} mixed up" for row in spoilt.dropna(subset=["mixed"]).itertuples())
show(ax, alt=f"Part of the gain in wrong answers that is kept: {words}.")

# %% [markdown] label="trial-head"
# ## A screen that nobody opens answers no call
#
# A simulation is a belief with numbers. So chance chose agents: some kept separate screens, some got the joined view, some got it with two days of training. How often was it opened, and how long were calls with it?

# %% [markdown] ask="67-b"

# %% label="predict-67-b"
predict("67-b", ...)

# %% label="opened"
trial = study[(study["period"] == "trial") & (study["view"] != "separate")]
show(trial.groupby("view")["opened"].mean().round(2).to_frame())
show(trial.groupby(["view", "opened"])[["hard", "handling_minutes"]].mean().round(2))

# %% label="reveal-67-b"
reveal("67-b")

# %% [markdown] label="opened-read"
# Calls in which untrained agents opened the view are *longer*. Is it slow? Look at the share of hard cases: agents open it when they need it. Agents chose when; chance chose who. So compare the groups that chance made. It chose **agents**, so each agent is one number. `agent_effects` allows for how each agent was before the trial:

# %% label="effects"
effects = relations.agent_effects(study)
system = rules.set_index(["outcome", "term"]).loc[("handling_minutes", "system"), "estimate"]
print(f"the rules promise {system * (trial['systems'] - 1).mean():.1f} minutes less for these callers")
show(effects[["outcome", "view", "agents", "control_mean", "effect", "low", "high", "p_adjusted"]].round(3))
minutes = effects[effects["outcome"] == "handling_minutes"]
ax = system_plots.plot_effects(minutes, what="minutes a call (below 0: faster)", title="With training the joined view saves more")
words = "; ".join(f"{row.view} {row.effect:.2f} ({row.low:.2f} to {row.high:.2f})" for row in minutes.itertuples())
show(ax, alt=f"Minutes a call compared with separate screens: {words}.")

# %% [markdown] label="effects-read"
# **Adoption**, the use of a system by those for whom it was bought, counts as much as the data. And the rules promised more than the trial found: the view takes time to read, and even trained agents do not always open it.
#
# ## From answering to suggesting
#
# An agent who sees the whole customer can end the call with an offer. Here are products that one caller has not yet bought. `with_own`: of the customers who bought the same things, the share who bought this too. `all`: the share of all customers. `lift`: the first divided by the second. The highest `with_own` comes first, for a yes is likeliest there:

# %% label="next"
lines = crmkit.load("order_lines").merge(crmkit.load("orders")[["order_id", "customer_id"]])
bought = lines.merge(crmkit.load("products")[["product_id", "name"]])
show(relations.next_offer(bought, bought["customer_id"].iloc[0], item="name").head(3).round(2))

# %% [markdown] label="next-read"
# The first row is the **next best offer**. Does it pay? Chance decided again: no suggestion; the best seller, once; the next best offer, once; or one at *every* call.

# %% [markdown] ask="67-c"

# %% label="predict-67-c"
predict("67-c", ...)

# %% label="offers"
people = crmkit.load("offer_trial").sort_values(["arm", "person_id"])
show(people.groupby("arm")[["suggestions", "said_yes", "likes_less"]].mean().round(2))
offers = adjusted_effects(people, "margin_90d", ["margin_before"], control="no suggestion")
truth = crmkit.load_truth("offer_trial").filter(like="margin_").mean()
arms = ["best seller", "next best", "next best, every call"]
true = {arm: truth[f"margin_{place}"] - truth["margin_0"] for place, arm in enumerate(arms, start=1)}
ax = system_plots.plot_effects(offers, by="arm", truth=true, what=f"margin in 90 days, more than without a suggestion ({company.currency})", title="One fitting offer pays, one at every call does not")
show(ax, alt="Margin more than without a suggestion: " + "; ".join(f"{row.arm} {row.effect:.1f} ({row.low:.1f} to {row.high:.1f})" for row in offers.itertuples()))

# %% label="reveal-67-c"
reveal("67-c")

# %% [markdown] label="annoyed-head"
# Why? Callers were asked afterwards whether they like {company.name} less:

# %% label="annoyed"
less = effect_table(people, "likes_less", control="no suggestion")
show(less[["arm", "effect", "low", "high"]].round(3))

# %% [markdown] label="offers-read"
# Offers at every call get more yes than any other group, and no more margin: some would have bought it anyway, and annoyed callers buy less of everything else. **Count margin against a control group, and not how many say yes.**
#
# ## Two gears on one payroll
#
# Who answers? The back office serves the front line, which serves the many in a standard way, and has specialists for hard cases, or for the best customers. Specialists solve more hard cases (table: the share solved at once), cost 1.4 times as much, and have a waiting line of their own. In the busiest hour of this desk, and of one four times as large, we pay more and more specialists out of the same payroll:

# %% label="gears"
desk, staff = crmkit.load("desk_calls"), crmkit.load("desk_staff")
wage = staff["cost"].sum() / staff["agents"].sum()
top = relations.arrival_profile(desk).nlargest(1, "load").iloc[0]
talk = calls.groupby("hard")["handling_minutes"].mean().set_axis(["simple", "hard"])
solved = crmkit.load("desk_enquiries").groupby(["hard", "answered_by"])["solved_first"].mean()
show(solved.round(2).to_frame())
known = {"minutes": talk, "solved": solved.set_axis(["simple", "hard", "specialist"]), "cost": wage, "specialist_cost": 1.4 * wage}
patient = relations.patience(desk)["estimate"]
gears = {f"{n * top.calls:.0f} calls an hour": relations.two_gears(n * top.calls, desk["hard"].mean(), payroll=7 * n * wage, patience_minutes=patient, **known) for n in (1, 4)}

# %% label="gears-plot"
ax = system_plots.plot_gears(gears, title="Specialists need a large desk")
best = {name: table.loc[table["solved"].idxmax()] for name, table in gears.items()}
show(ax, alt="; ".join(f"{name}: most solved ({row.solved:.0%}) with {row.specialists:.0f} specialists, {gears[name]['solved'].iloc[0]:.0%} without" for name, row in best.items()))

# %% [markdown] label="gears-read"
# A large mark shows the best number. At the small desk specialists gain little or nothing: so few cannot keep a second line short. At the large desk they solve more, but the first few make it worse: all hard cases wait for them. With too many, nobody is left for simple calls.
#
# ## Why projects fail
#
# The board gives money for one project. Nora chooses an aim, then splits the money over data, adoption and features. A part with the sum in the table works to 63 %, with twice as much to 86 %. **The three multiply**: a part without money makes all worth nothing. The first table has `worth` (what the aim brings in a year if all works to 100 %) and the sums, in thousand {company.currency}. The second tries one split: how well each part works, and all `together`; what this brings `a_year`; `net`, over both years less the money spent; and where the next thousand would bring most (`next_in`), and how much:

# %% label="aims"
aims = crmkit.load("crm_aims")
show(aims)
split = {"data": 20, "adoption": 10, "features": 90}
show(relations.project_splits(aims, "everything for everybody", {"mostly features": split}).round(2))

# %% [markdown] label="explorer-head"
# **Your goal:** find the aim and the split that bring most. The sentence says where the next {company.coin} helps.

# %% label="explorer"
system_explorers.project_explorer(aims, about=company)

# %% [markdown] label="best-head"
# Now the best split for each aim (in sums again). `net` is what the estimates promise. `low` to `high` holds eight of ten futures in which the estimates are off; `pays` is the share in which the project pays. They are futures of a model, not of the world:

# %% label="best"
rows = {}
for aim in aims["aim"]:
    split = relations.best_split(aims, aim)
    rows[aim] = pd.concat([split, relations.project_risk(aims, aim, split, seed=67)])
show(pd.DataFrame(rows).T.rename_axis("aim").round(2))

# %% [markdown] label="best-read"
# Nothing saves an aim that is too wide: **the largest worth has the worst project.** Surveys from 2001 to 2009 reported that 18 to 70 % of CRM projects failed (Krigsman 2009). They counted different things, so these are rules of thumb. All of them name data, adoption, aim.

# %% [markdown] label="turn"
# ## Your turn

# %% [markdown] ask="67-1"

# %% label="check-67-1"
check("67-1", ...)

# %% label="quiz-67"
quiz("67")

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - **Rules move.** With a joined view people ask other questions. Only a trial shows that.
# - **Agents learn from each other.** Then the control group changes too: let chance choose desks.
# - **Ninety days.** Annoyed callers may leave later.
# - **The project's model is an assumption.** Parts may help each other less, or cost more.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - A bad join saves minutes and spends them on wrong answers.
# - Chance chose agents: count agents, not calls.
# - A system that is not opened brings nothing; train before you buy features.
# - Judge a suggestion by margin, and stop after one.
# - Choose a narrow aim first.

# %% [markdown] label="words-learnt" tags=["words"]
# ## Words learnt
#
# - **operational CRM** 运营型CRM: systems that carry out steps of selling, marketing and service
# - **collaborative CRM** 协作型CRM: systems through which people and channels answer a customer together
# - **analytical CRM** 分析型CRM: systems that learn from records what ought to be done
# - **common random numbers** 公共随机数: the same luck for each way that a simulation compares
# - **adoption** 采用率: how far those for whom a system was bought use it
# - **next best offer** 下一最佳推荐: the product that fits best what a customer has, and is not yet bought

# %% [markdown] label="on-your-own-data" tags=["own-data"]
# ## On your own data
#
# You need a file of calls: agent, before or in the trial, what chance gave the agent (the control group is “separate” here), and what you count.
#
# ```python
# import pandas as pd
# from crmkit.relations import agent_effects
#
# calls = pd.read_csv("my_calls.csv")  # agent_id, period (before, trial), view, handling_minutes
# found = agent_effects(calls, ["handling_minutes"], control="separate")
# print(found[["view", "agents", "effect", "low", "high"]])
# ```

# %% [markdown] label="what-next" tags=["next"]
# ## What next
#
# **Lesson 68** is the conversation itself. Lesson 69 asks who may see the joined view at all.

# %% [markdown] label="on-one-page" tags=["summary"]
# ## On one page
#
# **Claim.** A joined view is worth its data times its use: mix-ups spoil it, and unopened it does nothing.
#
# **Method.**
#
# 1. Measure what each further system adds to a call, and answer the same calls with each database.
# 2. Let chance choose agents, and compare agents.
# 3. Choose an aim, and split the money so that the next {company.coin} brings the same everywhere.
#
# **Formula.** worth of the project = worth of the aim × data × adoption × features (each from 0 to 1)
#
# **Code.**
#
# ```python
# desk_gains(simulate_desk(calls, owner, databases, desk_rules(calls)), "separate")
# ```
#
# **Where it fails.** Where people change with the system, and where the parts do not multiply.
