# %% [markdown] label="title" tables=["channel_records", "truth/record_owners", "orders", "engagement", "cost_to_serve", "order_lines", "products"] names=["orders.channel: web", "orders.channel: app", "orders.channel: shop"] tags=["opening"]
# # One good customer in three systems looks like three small ones
#
# **After this lesson you can** say whom a list of records hides; weigh the evidence that two records are of one person; judge a matching by its two rates, also without the truth; choose how sure is sure enough from what each error costs; put value, behaviour and need of one customer into one profile, and say who may see it.
#
# **60 minutes to read, 60 minutes of exercises** · you need lesson 20 · you will meet: record, identity resolution, weight of evidence, error rate, omission rate, customer profile

# %% [markdown] label="good-customer-rings-nobody-knows"
# ## A good customer calls, and nobody knows it
#
# The telephone rings in {company.name}'s call centre. "I have been a good customer for years," says the caller. The agent types the name and sees this:

# %% label="imports"
import pandas as pd

import crmkit
from crmkit import value
from crmkit.practice import check, hint, predict, quiz, reveal, solution
from crmkit.style import show
from crmkit.value import explorers, plots

company = crmkit.company()
records = crmkit.load("channel_records")
owner = crmkit.load_truth("record_owners").set_index("record_id")["customer_id"]
bought = value.under_records(crmkit.load("orders"), records, owner)

# %% label="whose"
margin = bought.groupby("record_id")["margin"].sum()
whole = margin.groupby(owner).agg(["sum", "max", "size"]).nlargest(50, "sum")
caller = whole.loc[whole["size"] == 3, "max"].idxmin()
whose = records["record_id"].map(owner)
show(records[whose == caller].assign(margin=records["record_id"].map(margin)))

# %% [markdown] label="shop-web-shop-app-each"
# The shop, the web shop and the app each keep a list of their own. One line of such a list is a **record** (记录): what *one* system knows of *one* person. Each holds a part of the margin. (So far `orders` had a `customer_id`, as if somebody had joined the lists. `under_records` undoes that.)
#
# To find out which records are of one person is called **identity resolution** (身份解析). A mobile operator did it with all its databases. Since then every agent, on every channel, sees one whole customer.
#
# Six records of three customers show what goes wrong without it:

# %% label="six"
six = pd.DataFrame(
    {
        "record": ["S1", "W1", "A1", "S2", "W2", "S3"],
        "customer": ["Ann", "Ann", "Ann", "Bo", "Bo", "Cy"],
        "margin": [40, 35, 30, 60, 5, 50],
    }
)
print("the two best records:", *six.nlargest(2, "margin")["record"])
show(six.groupby("customer")[["margin"]].sum())

# %% [markdown] label="six-read"
# Ann brings the most. But the two best records are those of Bo and Cy, because none of Ann's three is large.

# %% [markdown] ask="25-a"

# %% label="predict-25-a"
print(f"{len(records):,} records in three systems")
predict("25-a", ...)

# %% [markdown] ask="25-c"

# %% label="predict-25-c"
predict("25-c", ...)

# %% [markdown] label="no-list-records-holds-all"
# ## A list of records hides good customers
#
# Most firms give their key account manager the best records. Only the truth file knows who is who, so only here can we compare.

# %% label="pieces"
lists = value.two_lists(bought, owner, top=50, seed=25)
hidden = lists["on_joined"] & ~lists["on_records"]
reveal("25-a")
reveal("25-c")

# %% label="plot-pieces"
by_system = margin.groupby([owner, records.set_index("record_id")["system"]]).sum().unstack()
best, cut = lists.index[lists["on_joined"]], margin.nlargest(50).min()
ax = plots.plot_pieces(by_system.loc[best], cut, of="margin")
ax.set_title("Good customers in pieces miss the cut")
show(
    ax,
    alt=f"The 50 best customers as columns in up to three pieces, one per system. A dashed line at {company.money(cut)} is the cut of the list of records; {hidden.sum()} customers are marked because no single piece reaches it.",
)

# %% [markdown] label="marked-ones"
# The marked customers are hidden because they use *several* channels, as the firm has asked them to do. How sure are these names? As in lesson 20, we deal all orders again and count in which share of the draws a customer is among the 50 best.

# %% label="sure-names"
group = pd.Series("on both lists", index=lists.index)
group[hidden] = "hidden by the records"
group[~lists["on_joined"]] = "only on the list of records"
by_group = lists["share_of_draws"].groupby(group)
show(by_group.agg(names="size", sure=lambda share: (share >= 0.95).sum(), share_of_draws="mean").round(2))

# %% [markdown] label="sure-read"
# Few of the hidden names are `sure` (on the list in 95 % of the draws): most stand near the cut. But they are on it more often than the names that took their places. **Join the records first, then rank, and then say how many names are sure.**
#
# So which records belong together? Most firms have a rule of thumb: *"Everybody has an e-mail address, and no two people share one. Join by e-mail."*

# %% [markdown] ask="25-b"

# %% label="predict-25-b"
predict("25-b", ...)

# %% [markdown] label="mail-address-no-key"
# ## No single field is the key
#
# First the spelling: `HILL, Ann` and `ann hill` are the same. `tidy_records` removes such differences. It cannot repair initials, typing errors and changed addresses.

# %% label="tidy"
tidy = value.tidy_records(records)
show(tidy.loc[owner.index[owner == caller]])

# %% [markdown] label="two-rates"
# Two rates judge every matching, here and wherever a computer says yes or no:
#
# - **error rate** (错误率): of the pairs that were joined, the share that are two people. If it is high, people are mixed up.
# - **omission rate** (遗漏率): of the pairs that are one person, the share that was *not* joined. If it is high, customers stay in pieces.
#
# By hand: of the six records, join S1 with W1, S2 with W2, and A1 with S3. One of the three joined pairs is wrong. Four pairs are of one person (three of Ann, one of Bo), and two of them were not joined.

# %% label="by-hand"
linked = pd.Series([1, 1, 3, 2, 2, 3], index=six["record"])
quality = value.linkage_quality(linked, six.set_index("record")["customer"])
show(quality[["error_rate", "omission_rate"]].round(2))

# %% [markdown] label="first-spelling-hill-ann-ann"
# (Some texts call the share that was *found* the omission rate, and still say that lower is better. Ask.) Now all records. We look only at **candidate pairs** (候选对): those that share an e-mail address, a telephone number, a postcode, or initial and last name.

# %% label="pairs"
pairs, strangers = value.candidate_pairs(tidy), value.random_pairs(tidy)
every_pair = strangers.attrs["all_pairs"]
print(f"{len(pairs):,} pairs are worth a look, of {every_pair:,}")
compared = value.compare_pairs(tidy, pairs)

# %% label="alone"
shown = ["wrong_people", "split_customers", "error_rate", "omission_rate"]
alone = value.linkage_by_field(tidy, compared, owner)
reveal("25-b")
show(alone[shown].round(3))

# %% [markdown] label="now-join-one-field-time"
# `wrong_people` are two customers or more in one, `split_customers` are in pieces. **The rule, tested:** the e-mail address hardly ever joins the wrong people, and it leaves about half of the true pairs apart. A till asks nobody for an address, and people have two. A name finds more and mixes people up. A postcode alone joins neighbours. No field is the key.

# %% [markdown] label="evidence-adds-up"
# ## Evidence adds up
#
# So use all fields. How often do two records have the same postcode if they are of one person, and how often if they are of two strangers?

# %% label="postcode"
model = value.fit_match_weights(compared, value.compare_pairs(tidy, strangers), every_pair)
show(model.table.loc["postcode"].round(4))

# %% [markdown] label="postcode-read"
# Divide the first number by the second: the same postcode is that many times likelier if the two records are of one person. Evidence is counted in **bits**: one bit doubles the odds, ten bits make them about a thousand times as high. So `weight` is the logarithm (base 2) of the ratio. The **weights of evidence** (证据权重) of all fields are added. What is missing says nothing.
#
# Nobody told the program who is who. It guesses which pairs belong together, looks at how those agree, and guesses better, until nothing moves.

# %% label="plot-evidence"
weight = model.table["weight"]
ax = plots.plot_evidence(model.table, title="A telephone number says more than a postcode")
show(
    ax,
    alt=f"Bars of evidence in bits: same e-mail {weight['email', 'same']:+.0f}, same phone {weight['phone', 'same']:+.0f}, same name {weight['name', 'same']:+.0f}, same postcode {weight['postcode', 'same']:+.0f}; different ones subtract, a different phone most with {weight['phone', 'different']:+.0f}.",
)

# %% [markdown] label="every-bar-argued-colleague-thousands"
# Another e-mail address says little *against* a pair, because people have two. Another telephone number says much more. One thing more goes into the sum: nearly all pairs are strangers.

# %% label="scored"
even = round(-model.prior_weight)
print(f"one pair in {1 / model.prior:,.0f} is of one person: each pair starts {-model.prior_weight:.1f} bits behind")
scored = value.score_pairs(compared, model)
of_caller = scored["left"].map(owner).eq(caller) & scored["right"].map(owner).eq(caller)
show(scored[of_caller].round({"weight": 1, "probability": 4}))

# %% [markdown] label="sure-sure-enough-depends-pays"
# Add up one row yourself: each word in it is a bar of the figure. If the sum makes up for the bits by which every pair starts behind, the two are more likely one person than two.

# %% [markdown] ask="25-5"

# %% label="check-25-5"
answer = ...
check("25-5", answer)

# %% [markdown] label="how-sure"
# ## How sure is sure enough depends on what each error costs
#
# How many bits should a link need?

# %% label="thresholds"
table = value.linkage_by_threshold(tidy, scored, owner, (0, 4, 8, 12, 16, 20))
show(table[shown].round(3))

# %% [markdown] label="going-down-table-fewer-mixed"
# Going down the table, fewer people are mixed up and more customers stay in pieces. **The costs choose the row.** Two catalogues for one household cost a {company.coin}. Reading a stranger's orders to a caller breaks trust, and in most countries the law. For the catalogue, say, one wrong pair is as bad as one missed pair. Which threshold is cheapest, and would other customers say the same? We draw the customers again, 200 times:

# %% label="costs"
costs = value.threshold_costs(tidy, scored, owner, wrong_costs=1, seed=25)
show(costs[costs["wins"] > 0].round(2))

# %% [markdown] label="costs-read"
# `wins` is the share of the draws in which a threshold is the cheapest. Where it is spread over several rows, these customers do not decide between them.
#
# **Your goal:** find the cheapest threshold for the call centre, where one wrong pair is as bad as 20 missed ones.

# %% label="linkage-explorer" tags=["nbval-ignore-output"]
explorers.linkage_explorer(tidy, scored, owner, goal=20)

# %% [markdown] label="explorer-read"
# **Different uses need different thresholds: a catalogue may guess, an agent may not.**

# %% [markdown] ask="25-d"

# %% label="predict-25-d"
predict("25-d", ...)

# %% [markdown] label="without-truth"
# ## Without the truth, judge a sample by hand
#
# No firm has a truth file. For the error rate it draws links at random, and two people judge them by hand (人工复核). For the omission rate it asks customers which of its lists they are on. Here the truth is the judge. A link needs the bits at which "the same" is about as likely as not:

# %% label="judged"
reveal("25-d")
person = value.link_records(tidy, scored, even)
true = value.linkage_quality(person, owner)
print(f"true error rate {true['error_rate']:.1%}, true omission rate {true['omission_rate']:.1%}")
show(value.judged_sample(person, owner, size=200, seed=25).round(3))

# %% [markdown] label="judged-read"
# Nearly all pairs are found, and hardly any link is wrong; no field alone came close. But the intervals are wide. Report the upper end too: it is what the sample cannot rule out.

# %% [markdown] label="one-row-one-person"
# ## One row, one person
#
# Now the agent's screen. A **customer profile** (客户画像) joins what the records hold: **value** (what somebody brings), **behaviour** (when and where they buy, log in, ask) and **need** (how they choose, as in lesson 23).

# %% label="notes"
notes = crmkit.load("engagement").merge(crmkit.load("cost_to_serve"), how="outer")
notes = notes[["customer_id", "logins", "reviews", "contacts"]]
activity = value.under_records(notes, records, owner, systems=["web", "app", "shop"])
baskets = {name: crmkit.load(name) for name in ("order_lines", "products")}
profile = value.customer_profile(records, person, bought, activity=activity, **baskets)

# %% label="card"
first_record = owner.index[owner == caller][0]
show(value.profile_card(profile, person[first_record]))

# %% [markdown] label="one-screen-instead-three-price"
# One screen instead of three. (A `price_level` above 0: buys at higher prices than the mean of the category.) And the list for the key account manager?

# %% label="found"
joined = value.two_lists(bought, person, top=50, seed=25).query("on_joined")
right = owner.groupby(person).first()[joined.index].isin(best).sum()
sure = (joined["share_of_draws"] >= 0.95).sum()
print(f"{right} of the {len(joined)} names are truly among the 50 best; {sure} are sure of their place")
lost = profile.attrs["orders_without_record"]
print(f"{lost:,} of {len(bought):,} orders came by telephone and stand under no record")

# %% [markdown] label="second-line-honest-part-orders"
# Joining repairs the list, and luck still decides the places near the cut. What no matching repairs is the last line: the call centre kept no record. It could ask for an e-mail address.

# %% label="quiz-25"
quiz("25")

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - **Families and firms.** Three people share a telephone, an address and a last name. Adding their bits counts one piece of evidence three times.
# - **Someone who moves and changes the address too** leaves no trace to follow. Such a pair is no candidate.
# - **A profile knows more than any of the three systems was told.** Say what it is for, ask for consent, show it only to those who need it, and delete in every system when somebody asks. A leak of a joined profile is three leaks.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - Customers who use many channels look small in every list. Join, then rank, then say how many names are sure.
# - No single field is the key. Add the evidence of all; what is missing is no evidence.
# - Two rates judge a matching: whom it mixes up, and whom it leaves in pieces. A sample judged by hand estimates both, with an interval.
# - What each error costs sets the threshold, and different uses need different ones.

# %% [markdown] label="words-learnt" tags=["words"]
# ## Words learnt
#
# - **record** 记录: what one system knows of one person
# - **identity resolution** 身份解析: finding which records are of one person
# - **candidate pair** 候选对: two records that share enough to be worth a look
# - **weight of evidence** 证据权重: how strongly an agreement points to one person rather than two, in bits
# - **error rate** 错误率: of those the method said yes to, the share that was wrong
# - **omission rate** 遗漏率: of those that should have had a yes, the share that was missed
# - **customer profile** 客户画像: value, behaviour and need of one person in one place

# %% [markdown] label="on-your-own-data" tags=["own-data"]
# ## On your own data
#
# Put the exports of two systems under each other, with the columns `record_id`, `system`, `name`, `email`, `phone`, `postcode` (empty where a system has none). `country_code="86"` reads Chinese telephone numbers.
#
# ```python
# import pandas as pd
# from crmkit.value import candidate_pairs, compare_pairs, fit_match_weights, link_records
# from crmkit.value import random_pairs, score_pairs, tidy_records
#
# tidy = tidy_records(pd.read_csv("my_records.csv", dtype=str), country_code="44")
# pairs, strangers = compare_pairs(tidy, candidate_pairs(tidy)), random_pairs(tidy)
# try:
#     model = fit_match_weights(pairs, compare_pairs(tidy, strangers), strangers.attrs["all_pairs"])
#     person = link_records(tidy, score_pairs(pairs, model), threshold=-model.prior_weight)
#     print(f"{len(person):,} records, {person.nunique():,} people")
# except crmkit.CrmkitError as too_little:
#     print(too_little)
# ```
#
# Before anybody uses the result, have two hundred links judged by hand. And ask whether the people in the file have agreed to it.

# %% [markdown] label="what-next" tags=["next"]
# ## What next
#
# One row per customer is where every other lesson begins. **Lesson 30** takes those rows and asks which of these customers are falling asleep.

# %% [markdown] label="on-one-page" tags=["summary"]
# ## On one page
#
# **Claim.** A list of records hides good customers who use many channels; no single field joins them, but evidence from all fields does.
#
# **Method.**
#
# 1. Write the same thing the same way, pair the records that share something, and compare them field by field.
# 2. Add the bits of all fields and the bits by which every pair starts behind; link from a threshold on that fits the cost of each error.
# 3. Judge a sample by hand, and report error rate and omission rate with their intervals.
#
# **Formula.** $\text{bits} = \log_2 \dfrac{\text{prior}}{1 - \text{prior}} + \sum_{\text{fields}} \log_2 \dfrac{P(\text{agreement} \mid \text{one person})}{P(\text{agreement} \mid \text{two people})}$
#
# **Code.**
#
# ```python
# link_records(tidy, score_pairs(compared, model), threshold=12)
# ```
#
# **Where it fails.** People who share a home agree in many fields at once, and a profile may be shown only for what its owner agreed to.
