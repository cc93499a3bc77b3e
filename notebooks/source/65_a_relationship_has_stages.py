# %% [markdown] label="title" tables=["firm_quarters", "relation_kinds", "kind_trial", "lost_firms", "truth/firm_quarters", "truth/relation_kinds"] extra=true tags=["opening"]
# # A relationship has stages, and age alone earns nothing
#
# **After this lesson you can** read the stage of a relationship off its orders, and say how often the reading is right; tell what age does from who is left; choose a kind of relationship by margin and number of customers; say what a contract is still worth; decide whom to win back, and with what.
#
# **60 minutes to read, 65 minutes of exercises** · you need lessons 20 (tiers) and 32 (a test with a control group) · you will meet: stages of a relationship, transition matrix, break-even margin, residual life, second lifetime value, account plan

# %% [markdown] label="case"
# ## "Old customers are the best"
#
# Omar looks after the firms that buy from {company.name}. The sales director has three rules. "The longer a firm stays, the more it brings and the less it costs. The largest get a manager of their own. And if a firm leaves, we send it a discount." Omar followed firms from their first order on, and ran two trials in which chance decided.

# %% label="imports"
import pandas as pd

import crmkit
from crmkit import relations
from crmkit.practice import check, predict, quiz, reveal
from crmkit.reactivation import policy_value
from crmkit.relations import stage_explorers, stage_plots
from crmkit.style import show
from crmkit.value import ContractModel, assign_tiers

company = crmkit.company()
quarters = crmkit.load("firm_quarters")
show(quarters.head(3))

# %% [markdown] label="stages-head"
# ## Nobody tells us the stage
#
# A relationship has **stages**: *exploration* (the firm tries us), *build-up* (it buys more), *stable*, *decline*, *ended*. The tasks follow: build it, maintain it, win it back. But we see only orders, so we need a rule. *Recent* is the mean of this quarter and the one before. The first line that fits gives the stage:
#
# 1. two quarters without an order: ended;
# 2. the first quarter, or fewer than 6 orders so far: exploration;
# 3. recent below half of its highest value so far: decline;
# 4. recent more than 50 % above the mean of the two quarters before those: build-up;
# 5. otherwise: stable.
#
# Read one firm by hand, then look at the last column. In quarter 7, *recent* is 1.5, below half of 9.5: decline.

# %% label="by-hand"
firm = pd.DataFrame({"firm_id": 1, "quarter": range(1, 9), "orders": [2, 7, 9, 9, 10, 3, 0, 0]})
firm["recent"] = firm["orders"].rolling(2, min_periods=1).mean()
show(relations.read_stages(firm)[["quarter", "orders", "recent", "stage"]])

# %% [markdown] ask="65-a"

# %% label="predict-65-a"
predict("65-a", ...)

# %% label="judge"
truth = crmkit.load_truth("firm_quarters")
read = relations.read_stages(quarters)
judged = relations.judge_stages(read, truth)
show(judged[["stage", "quarters", "right", "low", "high", "build-up", "stable", "decline"]].round(2))

# %% label="reveal-65-a"
reveal("65-a")

# %% [markdown] label="judge-read"
# Each row has the quarters of one true stage (a simulation knows it). `low` to `high` is the 95 % interval of `right`; the last three columns are the shares read as these stages. Decline is seen late, and many stable quarters look like a build-up.
#
# A **transition matrix** says where those in a stage are a quarter later. As a figure:

# %% label="moves"
moves, true_moves = relations.stage_moves(read), relations.stage_moves(truth)
ax = stage_plots.plot_moves(moves, truth=true_moves, title="Stable firms seem to move more than they do")
stay = [t.query("from_stage == 'stable' and to_stage == 'stable'")["share"].iloc[0] for t in (moves, true_moves)]
show(ax, alt=f"Shares of each move. From stable to stable: {stay[0]:.0%} as read, {stay[1]:.0%} in truth.")

# %% [markdown] label="moves-read"
# **One quarter more or less by chance looks like a move.** No firm truly goes from stable back to build-up. The intervals allow for the number of firms, not for wrong readings.

# %% label="explorer"
stage_explorers.stage_explorer(quarters, truth)

# %% [markdown] label="explorer-read"
# Which boundary makes fewer stable quarters look like a build-up? And fewer true build-ups?
#
# ## Old customers bring more, on average
#
# *Net* is margin less cost. *Age* counts quarters; the one with the first order is age 1. Compare age 5 with age 10.

# %% [markdown] ask="65-b"

# %% label="predict-65-b"
predict("65-b", ...)

# %% label="age"
quarters["net"] = quarters["margin"] - quarters["cost"]
ages, change = relations.by_age(quarters, "net"), relations.age_change(quarters, "net", 5, 10)
ax = stage_plots.plot_by_age(ages, change, 5, 10, unit=company.currency, title="The same firms do not bring more")
all_of, same = change["change"].iloc[0], change["change"].iloc[1]
show(ax, alt=f"From age 5 to 10 the mean of all who buy changes by {all_of:.0f}, that of the same firms by {same:.0f}.")
show(change.round(1))

# %% label="reveal-65-b"
reveal("65-b")

# %% label="cost"
quarters["cost_order"] = quarters["cost"] / quarters["orders"].where(quarters["orders"] > 0)
show(relations.age_change(quarters, "cost_order", 5, 10).round(2))

# %% [markdown] label="age-read"
# Until age 5 a firm does bring more (its build-up); after that the rule fails. *All who buy* do so at one of the two ages or both; *the same customers* buy at both: their row says what age does. *Who is left* is the rest: small firms have gone. The cost of an order (second table) does not fall for the same firms either. **Compare the same customers at two ages, not old customers with young ones.** (In published data, too, a long life did not always pay: Reinartz and Kumar 2000.)
#
# ## A kind of relationship for each margin
#
# Textbooks name five kinds. *Basic*: we sell. *Reactive*: there is a number to call. *Accountable*: somebody calls after each sale. *Proactive*: somebody calls with ideas. *Partner*: both plan together. Chance gave each firm one of them for a year. *Kept* is the year's margin as a share of the year before (0 for a firm that left). The costs are in {company.currency} a year:

# %% label="kept"
trial, kinds = crmkit.load("kind_trial"), crmkit.load("relation_kinds")
kept = relations.kept_by_kind(trial, kinds).merge(kinds, on="kind")
kept["truth"] = crmkit.load_truth("relation_kinds")["kept"]
show(kept[["kind", "stayed", "kept", "low", "high", "truth", "cost_firm", "cost_fixed"]].round(2))

# %% [markdown] label="kept-read"
# More work keeps more and costs more: an amount for each firm, and a fixed one that a group's firms share. So each kind pays more than the one before from some margin on, the **break-even margin**: further cost of a firm (its part of the fixed cost included) ÷ further share kept.

# %% [markdown] ask="65-c"

# %% label="predict-65-c"
predict("65-c", ...)

# %% label="even"
show(relations.break_even_margin(trial, kinds, 100).round(2))

# %% label="reveal-65-c"
reveal("65-c")

# %% label="choice"
trial["tier"] = assign_tiers(trial["margin_before"])
groups = trial.groupby("tier", observed=True)["margin_before"].agg(customers="size", margin="mean").reset_index()
choice = relations.choose_kind(groups[::-1], trial, kinds)
ax = stage_plots.plot_kinds(choice, unit=company.currency, title="Each tier has its own best kind")
best = choice[choice["best"]]
words = "; ".join(f"{row.tier}: {row.kind}, {row.more:,.0f} more than basic" for row in best.itertuples())
show(ax, alt=f"The best kind for each tier, in {company.currency} a firm. {words}.")

# %% [markdown] label="choice-read"
# An arrow means a loss of more than a quarter of the margin. The most care for all loses money on small firms; the least gives away what large ones would bring. Is the firm that buys most a key customer?

# %% label="demand"
large, worth = trial.nlargest(150, "turnover_before"), trial["margin_before"].nlargest(150).min()
few = (large["margin_before"] < worth).mean()
print(f"{few:.0%} of the 150 firms with the most turnover are not among the 150 with the most margin")

# %% [markdown] label="demand-read"
# **Large demand is not a large margin:** firms that buy much have learnt to bargain.
#
# ## Contracts: retention rises though nobody changes
#
# Brennick, a maker of pumps, sells yearly service contracts. Which share of those that come up is renewed? The line is a model (lesson 24b): a customer's chance to leave never changes, but customers differ. The true points: the mean chance to stay of those that came up:

# %% label="contracts"
contracts = crmkit.load("contracts", data="brennick")
ended = contracts["to_date"].notna()
model = ContractModel().fit_contracts(contracts["renewals"], ended)
table = relations.renewal_table(contracts["renewals"], ended)
chance = contracts["customer_id"].map(crmkit.load_truth("accounts", data="brennick").set_index("customer_id")["leave_chance"])
# A contract renewed n times came up n times; one that then ended came up once more.
stays = pd.Series({n: 1 - chance[contracts["renewals"] + ended >= n].mean() for n in table["renewal"]})
ax = stage_plots.plot_renewals(table, model.table(len(table)), stays=stays, title="Those who leave easily have left")
first, fifth = model.retention([1, 5])
show(ax, alt=f"By the model {first:.0%} renew the first time and {fifth:.0%} the fifth time.")

# %% label="residual"
life = model.intervals([0, 1, 4], discount=0.10).filter(regex="renewal|residual")
published = ContractModel().fit([1000, 631, 468, 382, 326, 289, 262, 241])  # customers left after each year
life["published"] = published.residual_life([0, 1, 4], discount=0.10)
show(life.round(1))

# %% [markdown] label="contracts-read"
# The **residual life** is how many yearly fees are still to come, just before the next renewal; each year later counts 10 % less. By the model a contract renewed four times is worth more than a new one. **It did not grow loyal: we learnt which kind it is.** The last column: published customers (Fader and Hardie 2007, "Regular").
#
# ## Why they left decides who comes back
#
# Two thousand firms had left. Chance gave each nothing, a discount, or a *mending call*: somebody asks what went wrong and repairs it. *Returned* is a share; *net* is two years' margin less the cost of the offer, in {company.currency} for each firm that had left:

# %% label="winback"
lost = crmkit.load("lost_firms")
effects = relations.winback_effects(lost)
show(effects[["outcome", "offer", "value", "control_value", "effect", "low", "high"]].round(2))
show(lost[lost["returned"]].groupby("offer")["margin_second"].mean().round(0).to_frame())

# %% [markdown] label="winback-read"
# Some return without any offer: only the *effect* is won. The second table is the **second lifetime value** of those who returned; a firm bought back with a discount brings less. Now *net*, by the reason for leaving:

# %% label="reasons"
by_reason = relations.winback_effects(lost, by="left_for")
ax = stage_plots.plot_winback(by_reason, unit=company.currency, title="A discount for the price, a call for a fault")
net = by_reason[by_reason["outcome"] == "net"].set_index(["left_for", "offer"])["effect"]
show(ax, alt=f"Net effect: discount for price {net['price', 'discount']:.0f}, call for a fault {net['a fault', 'mending call']:.0f}.")

# %% [markdown] label="reasons-read"
# Of eight comparisons, some look good by chance. So make the plan on one half of the firms (for each reason the offer with the largest effect, if above 0), and judge it on the other half:

# %% label="plan"
half = lost["firm_id"] % 2 == 0
learnt = relations.winback_effects(lost[half], by="left_for").query("outcome == 'net'")
best = learnt[learnt["effect"] > 0].sort_values("effect").drop_duplicates("left_for", keep="last")
show(best[["left_for", "offer", "effect", "low", "high"]].round(1))

# %% label="judge-plan"
other = lost[~half].assign(net=lost["margin_second"] - lost["cost"])
plan = other["left_for"].map(best.set_index("left_for")["offer"]).fillna("control")
found = {
    f"more than {rival} for all": policy_value(other, plan, "net", arm="offer", strata="left_for", over=rival)
    for rival in ("control", "discount")
}
show(pd.DataFrame(found).T[["value", "low", "high"]].round(1))

# %% [markdown] label="plan-read"
# The first table is the plan; a reason missing there gets no offer. Where the interval includes 0, the next trial must tell. The second says what the plan earns more, in {company.currency} for each lost firm, by those whose offer by chance agreed with it (lesson 33). **Ask why a firm left before you offer anything.**
#
# ## A key account on one page
#
# Where *partner* pays, each account needs a plan of its own. Its first page for two accounts: those with the most margin in the last year at Brennick (of those with a contract) and at Tarnwald, a hotel.

# %% label="account"
names = ["orders", "account_people", "quotes", "complaints", "cost_to_serve"]
maker = {name: crmkit.load(name, data="brennick") for name in names}
end = crmkit.company("brennick").end
recent = maker["orders"][maker["orders"]["order_date"].dt.year == pd.Timestamp(end).year]
recent = recent[recent["customer_id"].isin(contracts.loc[~ended, "customer_id"])]
who = recent.groupby("customer_id")["margin"].sum().idxmax()
page = relations.account_plan(who, maker["orders"], as_of=end, contracts=contracts,
    costs=maker["cost_to_serve"], people=maker["account_people"], quotes=maker["quotes"], complaints=maker["complaints"])  # fmt: skip
show(page[["part", "item", "value"]])

# %% label="account-hotel"
hotel = {name: crmkit.load(name, data="tarnwald") for name in names if name != "quotes"}
end = crmkit.company("tarnwald").end
recent = hotel["orders"][hotel["orders"]["order_date"].dt.year == pd.Timestamp(end).year]
firms = recent[recent["customer_id"].isin(hotel["account_people"]["customer_id"])]
guest = firms.groupby("customer_id")["margin"].sum().idxmax()
page = relations.account_plan(guest, hotel["orders"], as_of=end,
    costs=hotel["cost_to_serve"], people=hotel["account_people"], complaints=hotel["complaints"])  # fmt: skip
show(page[["part", "item", "value"]])

# %% [markdown] label="account-read"
# What the tables do not know has to be asked. The account manager adds one aim, and who does what by when.

# %% [markdown] label="turn"
# ## Your turn

# %% [markdown] ask="65-1"

# %% label="check-65-1"
check("65-1", ...)

# %% label="quiz-65"
quiz("65")

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - **Rare buyers.** Customers who order once a year have no readable quarters.
# - **The same customers** are those who are still there. What would the others have brought?
# - **One share for all tiers.** The choice supposes that a kind keeps the same share of small and large margins.
# - **A model of renewals** fails if a rival or a higher price hits all customers at once.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - A stage is read, not known; one odd quarter is no move.
# - Old customers bring more because others left. Compare the same ones.
# - Margin and number choose the kind of relationship, not demand.
# - Contracts that last were strong from the start.
# - The reason for leaving decides what brings a firm back.

# %% [markdown] label="words-learnt" tags=["words"]
# ## Words learnt
#
# - **stages of a relationship** 关系生命周期: exploration 考察期, build-up 形成期, stable 稳定期, decline 退化期, and the end
# - **transition matrix** 转移矩阵: where those in each stage are one step later
# - **break-even margin** 盈亏平衡毛利: the margin from which more work for a customer pays
# - **residual life** 剩余寿命: renewals still to come, later ones worth less
# - **second lifetime value** 二次生命周期价值: what a customer who came back brings
# - **account plan** 大客户计划: one page on a key customer, with what is to be done

# %% [markdown] label="on-your-own-data" tags=["own-data"]
# ## On your own data
#
# You need orders of two years or more, from customers who order several times a year.
#
# ```python
# import crmkit
# from crmkit.relations import quarters_of, read_stages, stage_moves
#
# orders, report = crmkit.read_orders("my_orders.csv")
# stages = read_stages(quarters_of(orders), customer="customer_id")
# last = stages[stages["quarter"] == stages["quarter"].max()]
# print(last["stage"].value_counts())
# if stages["quarter"].nunique() > 1:
#     print(stage_moves(stages, customer="customer_id").round(2))
# ```

# %% [markdown] label="what-next" tags=["next"]
# ## What next
#
# **Lesson 64** looks for signs before the decline. Lesson 24b has the model of contracts, lesson 33 whom to wake.

# %% [markdown] label="on-one-page" tags=["summary"]
# ## On one page
#
# **Claim.** Relationships have stages that must be read off the orders; old customers bring more mostly because small ones left.
#
# **Method.**
#
# 1. Read stages by a rule that does not look ahead; say how often it is right.
# 2. Follow the same customers over time.
# 3. Choose the kind of relationship, and the offer to win back, by trials in which chance decided.
#
# **Formula.** break-even margin = further cost of a firm ÷ further share of the margin kept
#
# **Code.**
#
# ```python
# age_change(quarters, "net", 5, 10)
# ```
#
# **Where it fails.** With rare buyers; where a shock hits all; where a share kept differs by tier.
