# %% [markdown] label="title" tables=["channel_records", "truth/record_owners", "orders", "engagement", "cost_to_serve", "order_lines", "products"] tags=["opening"]
# # One good customer in three systems looks like three small ones
#
# **After this lesson you can** say why a list of records is no list of customers; weigh the evidence that two records are of one person; name the two rates by which every matching is judged; choose how sure is sure enough from what each error costs; put value, behaviour and need of one customer into one profile, and say who may see it.
#
# **55 minutes to read, 35 minutes of exercises** · you need lesson 20 · you will meet: record, identity resolution, weight of evidence, error rate, omission rate, customer profile

# %% [markdown] label="good-customer-rings-nobody-knows"
# ## A good customer rings, and nobody knows it
#
# The telephone in {company.name}'s call centre rings. The caller is one of the firm's best customers and says so. The agent types the name and sees this:

# %% label="imports"
import pandas as pd

import crmkit
from crmkit.practice import check, hint, predict, quiz, reveal, solution
from crmkit.style import show
from crmkit.value.explorers import linkage_explorer
from crmkit.value.plots import plot_evidence, plot_pieces
from crmkit.value.profile import FIELDS, candidate_pairs, compare_pairs, customer_profile
from crmkit.value.profile import fit_match_weights, link_records, linkage_quality, random_pairs
from crmkit.value.profile import score_pairs, tidy_records, under_records

company = crmkit.company()
records = crmkit.load("channel_records")
owner = crmkit.load_truth("record_owners").set_index("record_id")["customer_id"]
bought = under_records(crmkit.load("orders"), records, owner)

# %% label="whose"
whose = records["record_id"].map(owner)
spent = records["record_id"].map(bought.groupby("record_id")["turnover"].sum()).fillna(0)
in_all_three = whose.map(whose.value_counts()) == 3
caller = spent[in_all_three].groupby(whose).sum().idxmax()
records[whose == caller].assign(turnover=spent)

# %% [markdown] label="shop-web-shop-app-each" tags=["predict"]
# The shop, the web shop and the app each keep a list of their own. A line in such a list is a **record** (记录): what *one* system knows of *one* person. Each was typed at another time, by somebody else, and each holds another part of the turnover. (Until now this course's `orders` carried a `customer_id`, as if somebody had joined the lists. `under_records`
# undoes that: each order stands under the record of the system that took it.)
#
# A mobile operator in this position joined all its customer databases, so that every agent on every channel sees one whole customer. This lesson does the same for {company.name}. It is called **identity resolution** (身份解析).
#
# > **Predict.** How many different customers are behind the records of the three systems?

# %% label="predict-25-a"
print(f"{len(records):,} records")
predict("25-a", ...)

# %% [markdown] label="no-list-records-holds-all"
# ## No list of records holds all the best customers
#
# Give the fifty records with the highest turnover to the key account manager, as most firms do. Who is missing? Only {company.name}'s truth file knows who is who, so only here can it be drawn: the fifty customers with the highest turnover, each with what they bought in each system.

# %% label="pieces"
pieces = spent.groupby([whose, records["system"]]).sum().unstack()
best = pieces.loc[pieces.sum(axis=1).nlargest(50).index]
cut = spent.nlargest(50).min()
unseen = (best.fillna(0) < cut).all(axis=1).sum()
print(f"{unseen} of the 50 best customers have no record among the 50 best records")

# %% label="plot-pieces"
ax = plot_pieces(best, cut)
ax.set_title("Good customers in pieces miss the cut")
show(
    ax,
    alt=f"The fifty best customers as columns in up to three pieces (app, shop, web). A dashed line at {company.money(cut)} is the cut of the list of records; {unseen} customers are marked because no single piece reaches it.",
)

# %% [markdown] label="mail-address-no-key" tags=["predict"]
# The marked ones spend as much as their neighbours. They are missing because they use *several* channels, which is what the firm has been begging them to do.
#
# ## The e-mail address is no key
#
# *"Everybody has an e-mail address, and no two people share one: join by e-mail."* That is the rule of thumb in most firms. Names are the older rule. Both can be tried.
#
# > **Predict.** Join records that have the same e-mail address. What will happen more often: two customers joined by mistake, or one customer left in pieces?

# %% label="predict-25-b"
predict("25-b", ...)

# %% label="tidy"
tidy = tidy_records(records)
tidy.loc[records.loc[whose == caller, "record_id"]]

# %% [markdown] label="first-spelling-hill-ann-ann"
# First the spelling: `HILL, Ann` and `ann hill`, `0118 496-0064` and `+44 118 496 0064` are the same, written differently. `tidy_records` takes such differences away. What it cannot take away are initials, slips of the keys, and addresses that have changed.
#
# Then, which pairs of records to look at? All of them would be tens of millions. We take those that share at least one thing: e-mail, telephone, postcode, or initial and last name.

# %% label="pairs"
pairs = candidate_pairs(tidy)
by_chance = random_pairs(tidy)
every_pair = by_chance.attrs["all_pairs"]
print(f"{len(pairs):,} pairs are worth a look, of {every_pair:,}")
compared = compare_pairs(tidy, pairs)
compared.head(3)

# %% [markdown] label="now-join-one-field-time"
# Now join by one field at a time, and hold the result against the truth. Two rates judge every matching, here and wherever a computer says yes or no:
#
# - **error rate** (错误率): of the pairs that were joined, the share that are two people. High: the list mixes people up.
# - **omission rate** (遗漏率): of the pairs that are one person, the share that was *not* joined. High: it leaves customers in pieces.

# %% label="alone"
def quality(scored, threshold):
    found = linkage_quality(link_records(tidy, scored, threshold), owner)
    return {
        "people found": int(found["found_people"]),
        "error rate": 1 - found["precision"],
        "omission rate": 1 - found["recall"],
        "mixed up": int(found["wrong_people"]),
        "in pieces": int(found["split_customers"]),
    }


alone = {field: compared.assign(weight=(compared[field] == "same") * 1.0) for field in FIELDS}
pd.DataFrame([quality(scored, 1) for scored in alone.values()], index=list(alone)).round(3)

# %% [markdown] label="evidence-adds-up"
# **The rule "the e-mail address is the key", tested:** it hardly ever joins the wrong people, and it leaves about half of the true pairs apart. A till asks nobody for an address, and people have two. A name finds more and mixes people up, because names are shared. A postcode alone is useless: it joins neighbours. No field is the key.
#
# (Some texts word the omission rate as the share that was *found*, and still call lower better. Ask which one is meant before you compare two tools.)
#
# ## Evidence adds up
#
# So use all fields, and let each say as much as it can. If two records agree in the postcode: how much likelier is that if they are one person than if they are two strangers? That ratio is the evidence. It is counted in **bits**: one bit doubles the odds, two bits make them four times as high, ten bits about a thousand times. The **weights of evidence**
# (证据权重) of the fields are then simply added.
#
# Where do the ratios come from, if nobody knows who is who? From the records themselves. A small program guesses which pairs belong together, looks at how those agree, guesses better, and goes on until nothing moves.

# %% label="plot-evidence"
model = fit_match_weights(compared, compare_pairs(tidy, by_chance), every_pair)
weight = model.table["weight"]
ax = plot_evidence(model.table)
ax.set_title("A telephone number says more than a postcode")
show(
    ax,
    alt=f"Bars of evidence in bits: same e-mail {weight['email', 'same']:+.0f}, same phone {weight['phone', 'same']:+.0f}, same name {weight['name', 'same']:+.0f}, same postcode {weight['postcode', 'same']:+.0f}; different ones subtract, a different phone most with {weight['phone', 'different']:+.0f}.",
)

# %% [markdown] label="every-bar-argued-colleague-thousands"
# Every bar can be argued with a colleague. Thousands share a postcode area's shops, hardly two strangers share a number. Another e-mail address says little *against* a pair (people have two), another telephone number much more. What is missing says nothing, in either direction.
#
# One thing more goes into the sum: nearly all pairs are strangers.

# %% label="scored"
print(f"one pair in {1 / model.prior:,.0f} is of one person: each pair starts {-model.prior_weight:.1f} bits behind")
scored = score_pairs(compared, model)
of_caller = scored["left"].map(owner).eq(caller) & scored["right"].map(owner).eq(caller)
scored[of_caller].round({"weight": 1, "probability": 4})

# %% [markdown] label="sure-sure-enough-depends-pays"
# Add one row yourself: each word in it is a bar of the figure. If the sum makes up for the bits by which every pair starts behind, the two are more likely one person than two.
#
# ## How sure is sure enough depends on who pays for the error
#
# Some pairs have thirty bits and some have three. Where does "the same" begin? Move the evidence that a link needs, and then say what a wrong link costs.

# %% label="linkage-explorer" tags=["nbval-ignore-output"]
linkage_explorer(tidy, scored, owner)

# %% label="thresholds"
thresholds = (0, 4, 8, 12, 16, 20)
table = pd.DataFrame([quality(scored, bits) for bits in thresholds], index=thresholds)
table.rename_axis("bits").round(3)

# %% [markdown] label="going-down-table-fewer-mixed"
# Going down the table, fewer are mixed up and more are in pieces. No row is free of both, and the truth does not choose a row for you: **the costs do.** Two catalogues for one household cost a {company.coin}. Reading a stranger's orders to a caller is a breach of trust, and in most countries of the law. The first error allows few bits; the second demands many.
#
# Note what the joining achieved at 12 bits, where "the same" becomes about as likely as not: nearly all pairs found, hardly anyone mixed up, and no field alone came close.

# %% label="reveal-25-a"
person = link_records(tidy, scored, threshold=12)
reveal("25-a", int(person.nunique()))

# %% label="check-25-1"
answer = ...  # turnover under the records whose e-mail address another record bears too, in {company.coins}
check("25-1", answer)

# %% [markdown] label="one-row-one-person"
# ## One row, one person
#
# Now the agent's screen. A **customer profile** (客户画像) brings together what stood under the three records, in three dimensions: **value** (what they bring), **behaviour** (when and where they buy, what they ask, whether they look in and speak up) and **need** (how they choose, as in lesson 23).

# %% label="notes"
notes = crmkit.load("engagement").merge(crmkit.load("cost_to_serve"), how="outer")
notes = notes[["customer_id", "logins", "reviews", "contacts"]]
activity = under_records(notes, records, owner, systems=["web", "app", "shop"])
profile = customer_profile(
    records,
    person,
    bought,
    activity=activity,
    order_lines=crmkit.load("order_lines"),
    products=crmkit.load("products"),
)

# %% label="parts"
parts = {
    "who": ["name", "email", "phone", "postcode", "systems"],
    "value": ["orders", "turnover", "margin"],
    "behaviour": ["last_order", "favourite", "logins", "reviews", "contacts"],
    "need": ["price_level", "quality", "advice", "discount_rate"],
}
profile["last_order"] = profile["last_order"].dt.date
number = person[records.loc[whose == caller, "record_id"].iloc[0]]
on_the_line = profile.round(dict.fromkeys(parts["need"], 2)).loc[number]
pd.concat({part: on_the_line[shown] for part, shown in parts.items()}).to_frame("the caller")

# %% [markdown] label="one-screen-instead-three-price"
# One screen instead of three. (A `price_level` above 0 means: buys dearer than the mean of the category.) "How good a customer is this, what do they care about, when were they last here?" has an answer before the caller has finished the sentence.
#
# And the list for the key account manager?

# %% label="found"
found = set(profile["turnover"].nlargest(50).round(2))
true = set(best.sum(axis=1).round(2))
print(f"of the 50 best customers, {50 - unseen} had a record on the old list; {len(found & true)} are on the joined one")
lost = profile.attrs["orders_without_record"]
print(f"{lost:,} of {len(bought):,} orders came by telephone and stand under no record")

# %% [markdown] label="second-line-honest-part-orders"
# The second line is the honest part. Those orders are somebody's, and no matching of records brings them back, because the call centre kept none. It could ask for an e-mail address at the end of each call.

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - **Families and firms.** Three people, one telephone, one address, one last name: the fields agree together, and adding their bits counts one piece of evidence three times. {company.name} has few such homes; a real firm has many.
# - **Who moves and changes the address too** leaves no thread to follow. Such pairs are missed before the weighing begins.
# - **Without a truth file** nobody can print the table above. Draw two hundred pairs near the threshold, have two people judge them by hand (人工复核), and estimate the two rates from that.
# - **A profile knows more than any of the three systems was told.** Say what it is for, ask for consent, show it to those who need it, and delete in every system when somebody asks. A leak of a joined profile is three leaks.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - A record is what one system knows. Customers who use many channels look small in every list.
# - No single field is the key. Weigh them all; what is missing is no evidence.
# - Two rates judge a matching: whom it mixes up, and whom it leaves in pieces. The cost of each error sets the threshold.
# - Different uses, different thresholds: a catalogue may guess, a telephone agent may not.

# %% [markdown] label="words-learnt" tags=["words"]
# ## Words learnt
#
# - **record** 记录: what one system knows of one person
# - **identity resolution** 身份解析: finding which records are of one person
# - **candidate pair** 候选对: two records that share enough to be worth a look
# - **weight of evidence** 证据权重: how much an agreement speaks for one person rather than two, in bits
# - **error rate** 错误率: of those the method said yes to, the share that was wrong
# - **omission rate** 遗漏率: of those that should have had a yes, the share that was missed
# - **customer profile** 客户画像: value, behaviour and need of one person in one place

# %% label="quiz-25"
quiz("25")

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
#     person = link_records(tidy, score_pairs(pairs, model), threshold=8)
#     print(f"{len(person):,} records, {person.nunique():,} people")
# except crmkit.CrmkitError as too_little:
#     print(too_little)
# ```
#
# Before anybody uses the result, judge two hundred links by hand. And ask whether the people in the file have agreed to it.

# %% [markdown] label="what-next" tags=["next"]
# ## What next
#
# One row per customer is where every other lesson begins. Lesson 30 takes those rows and asks which of these customers are falling asleep.
