# %% [markdown] label="title" extra=true tables=["consents", "open_extract", "club_members", "desk_notes", "leak_panel", "leak_weeks", "channel_records", "truth/open_extract", "truth/club_members", "truth/desk_notes"] tags=["opening"]
# # Names gone, people still there
#
# **After this lesson you can** say whose data may be used for what, and why not; count in how large a crowd a row hides; judge what coarser columns protect and what they cost an analysis; carry a request to delete through all tables and prove it; put a price on a leak.
#
# **50 minutes to read, 50 minutes of exercises** · you need lessons 25 and 42 · you will meet: purpose, quasi-identifier, k-anonymity, l-diversity, suppression, re-identification

# %% [markdown] label="case"
# ## A student calls, and knows too much
#
# Lena answers for data protection at {company.name}. Last year the firm gave a university an extract of its customers, and the university published it. "We removed the names, so it is anonymous." Now a student calls. He has put the extract beside the list of members of a gardening club, and reads out names and what the service desk noted about these people. (Which customer is behind a row only the truth knows: `whose` and `who`. A real firm has to find out.)

# %% label="imports"
import tempfile
from pathlib import Path

import pandas as pd

import crmkit
from crmkit import relations
from crmkit.practice import check, predict, quiz, reveal
from crmkit.relations import privacy_explorers, privacy_plots
from crmkit.style import show

company = crmkit.company()
extract, club = crmkit.load("open_extract"), crmkit.load("club_members")
whose, who = crmkit.load_truth("open_extract"), crmkit.load_truth("club_members")
extract.head(3)

# %% [markdown] label="consent-head"
# ## Consent has a purpose, a day and a proof
#
# Data are collected for a **purpose**. Consent to letters is no consent to calls, nor to giving data away. `evidence` is the proof that is kept. Four customers by hand, for the purpose `sharing`, on 31 December (customer 4 is not in the register):

# %% label="consent-hand"
four = pd.DataFrame({"customer_id": [1, 2, 3], "purpose": "sharing", "given_on": ["2025-01-05", "2025-02-01", "2025-03-01"]})
four["evidence"] = ["log entry", "none", "signed form"]
four["withdrawn_on"] = [None, None, "2025-06-01"]
show(relations.may_use(four, "sharing", "2025-12-31", customers=[1, 2, 3, 4]))

# %% [markdown] label="consent-read"
# One of four. Now all customers of whom a row is in the extract (`low` to `high` is a 95 % interval):

# %% label="consent-all"
consents, customers = crmkit.load("consents"), crmkit.load("customers")
day = f"{company.year}-12-31"
show(relations.count_reasons(relations.may_use(consents, "sharing", day, whose["customer_id"])).round(3))
letters = relations.may_use(consents, "newsletter", day, whose["customer_id"]).merge(customers)
flag = letters["newsletter_consent"]
print(f"`customers` says that {flag.sum():,} agreed to the newsletter; the register proves {letters['may_use'][flag].sum():,} of them")

# %% [markdown] label="consent-what"
# **Most of these rows should never have been given away.** And a flag in a table is no proof: withdrawals did not reach it.
#
# The second rule is to use no more than the purpose needs. A newsletter needs two columns:

# %% label="minimise"
needed, left_out = relations.minimise(customers, "newsletter")
print("needed:", ", ".join(needed.columns))
show(left_out)

# %% [markdown] label="k-head"
# ## "We removed the names, so it is anonymous"
#
# That is the rule of thumb. But others may know a postcode and a year of birth. Columns that somebody else may know are **quasi-identifiers**. Eight rows by hand: how many rows look like each one?

# %% label="k-hand"
eight = pd.DataFrame({"area": list("NNNNSSSW"), "born": ["1950s", "1950s", "1970s", "1970s", "1970s", "1970s", "1970s", "1980s"]})
eight["rows_alike"] = eight.groupby(["area", "born"])["area"].transform("size")
show(eight.T)

# %% [markdown] label="k-read"
# Rows that agree in these columns form a **class**. The smallest class has one row: **k** is 1. A table is **k-anonymous** if each row looks like at least k - 1 others.

# %% [markdown] ask="69-a"

# %% label="predict-69-a"
predict("69-a", ...)

# %% label="link"
known_by_others = ["postcode", "birth_year"]
hidden = relations.k_anonymity(extract, known_by_others)
links = relations.link_files(extract, club, known_by_others)
rates = relations.link_rates(links, whose, who)
print(f"k is {hidden['k']}; {hidden['share_unique']:.1%} of the rows are alone ({hidden['low']:.1%} to {hidden['high']:.1%})")
print(f"{rates['right']} of {rates['people']} members who are in the extract were found, {rates['found']:.0%} ({rates['found_low']:.0%} to {rates['found_high']:.0%}); {rates['wrong']} links name the wrong person")
found = links.merge(club).merge(extract[["extract_id", "service_note"]])
show(found.loc[found["service_note"] != "none", ["name", "service_note"]].head(3))

# %% label="reveal-69-a"
reveal("69-a")

# %% [markdown] label="link-read"
# This is **re-identification**: two columns and a public list give the names back. (All these people are invented.) Where a link is wrong, an innocent person is taken for somebody else. In this simulated company the rule is false: without names, the table is not anonymous.

# %% [markdown] ask="69-b"

# %% label="predict-69-b"
predict("69-b", ...)

# %% [markdown] label="coarse-head"
# ## Coarser columns hide people, and the analysis hardly notices
#
# Years become bands, and of postcodes only the first characters are left (or none). Rows that still look like fewer than k others are left out (**suppression**).

# %% label="coarse"
extract["much"] = extract["turnover_band"].str.endswith("or more")
coarse = relations.generalise(extract, years={"birth_year": 10}, drop=["postcode"], k=5)
safer = relations.generalise(extract, years={"birth_year": 20}, characters={"postcode": 1}, k=5)
print(f"without postcode {coarse.suppressed} rows are left out, with its first character {safer.suppressed}")
versions = {"as published": extract, "5 years, 3 characters": relations.generalise(extract, years={"birth_year": 5}, characters={"postcode": 3}).table}
versions |= {"20 years, 1 character, k = 5": safer.table, "10 years, no postcode, k = 5": coarse.table}
ax = privacy_plots.plot_class_sizes(versions, known_by_others, title="Coarse columns hide people")
show(ax, alt=f"As published {hidden['share_unique']:.0%} of the rows are alone; in both versions with k = 5 none is.")

# %% [markdown] label="lost-head"
# What does the university lose? It asked whether older customers are among those with the highest turnover more often. The information left (`kept`) is counted in rows: 50 % means that half of the exact rows would tell as much.

# %% label="lost"
lost = relations.what_is_lost(extract, coarse.table, "much")
ax = privacy_plots.plot_lost(lost, title="Without the postcode, the answer stays")
show(ax, alt="For people born ten years earlier: " + "; ".join(f"{row.version} {100 * row.estimate:+.1f} points" for row in lost.itertuples()))
show(lost.round(3))
reveal("69-b", 100 * lost["kept"].iloc[1])

# %% [markdown] label="l-head"
# But k has a hole. Where all rows of a class hold the same note, anyone who finds the class knows the note. **l-diversity** counts the different values in a class:

# %% label="l"
different = relations.l_diversity(safer.table, known_by_others, "service_note")
print(f"k is {relations.k_anonymity(safer.table, known_by_others)['k']}, l is {different['l']}; of {different['share_known']:.1%} of the rows the note is known all the same")
classes = safer.table.groupby(known_by_others)["service_note"].agg(["nunique", "first"])
print("notes of the classes that hold one only:", classes.loc[classes["nunique"] == 1, "first"].value_counts().to_dict())

# %% [markdown] label="play"
# Where that note is "none", a finder learns that the desk noted nothing. With "long illness" it would do harm.
#
# **Your goal:** no member found, and at least 90 % of the information kept. Which settings do it?

# %% label="explorer"
privacy_explorers.anonymity_explorer(extract, club, whose, who, extract["much"])

# %% [markdown] label="delete-head"
# ## The table of customers is only the beginning
#
# A customer writes: "Delete everything about me." We take the last customer of whom the service desk has a note.

# %% [markdown] ask="69-c"

# %% label="predict-69-c"
predict("69-c", ...)

# %% label="forget"
points = relations.references_of()
tables = {name: crmkit.load(name) for name in points}
leaving = customers[customers["customer_id"] == crmkit.load_truth("desk_notes")["customer_id"].iloc[-1]]
done = relations.forget(tables, leaving["customer_id"], references=points)
report = done.report[(done.report["deleted"] > 0) | (done.report["emptied"] > 0)]
show(report)
reveal("69-c", len(report) - 2)

# %% [markdown] label="forget-read"
# `forget` follows the references of the catalogue from table to table. `channel_records` and the notes have no customer number: there, names and addresses must be compared, as in lesson 25. Book-keeping must keep what was sold: the sums stay (in `done.kept`), without the person and the day. Is everything gone? Write all files, and search each of them for name, e-mail, telephone, street and number:

# %% label="traces"
folder = Path(tempfile.mkdtemp())
for name, table in done.tables.items():
    table.to_csv(folder / f"{name}.csv", index=False)
traces = relations.traces_of(folder, leaving, references=points)
print(f"{len(done.tables)} files searched, traces in {(traces['lines'] > traces['explained']).sum()} of them")

# %% [markdown] label="traces-read"
# **A deletion is done when a search finds nothing.** (`explained` lines speak of another customer with the same name.) One thing cannot be called back: the published extract.

# %% [markdown] label="leak-head"
# ## A leak costs trust, and silence costs more
#
# In February addresses leaked. Chance decided whose stayed safe, who was told at once, and who was told late and read it in the press. The rule of lesson 42 by hand: after a bad surprise, trust moves 42 % of the way down to what was felt. On a scale from 0 to 10 trust was 6.4; a leak told at once felt like 3.6, one read in the press like 0.6.

# %% label="leak-hand"
for way, felt in {"told at once": 3.6, "told late": 0.6}.items():
    print(f"{way}: trust {6.4 + 0.42 * (felt - 6.4):.1f} in place of 6.4")

# %% label="leak"
panel, weeks = crmkit.load("leak_panel"), crmkit.load("leak_weeks")
ax = privacy_plots.plot_leak(weeks, weeks["week"].unique()[13], title="Orders fall after the leak, most where people were told late")
cost = relations.cost_of_leak(panel, customers=len(customers), letter_cost=0.8)
show(ax, alt="Margin a person against those not affected: " + "; ".join(f"{row.arm} {company.money(row.margin)}" for row in cost.itertuples()))
show(cost[["arm", "people", "trust", "trust_low", "trust_high", "margin", "margin_low", "margin_high"]].round(1))
print("; ".join(f"{row.arm}: {company.money(row.cost)} ({company.money(row.low)} to {company.money(row.high)})" for row in cost.itertuples()))

# %% [markdown] label="leak-read"
# `trust` is in points, `margin` in money a person in 26 weeks; both are against those not affected. **Those who were told late lost about twice the trust.** The last line is for all customers, with a letter for each.
#
# ## What two laws ask
#
# This is no legal advice.
#
# - The **GDPR** of the European Union asks for a purpose, few data and consent that can be proven (articles 5 and 7), deletion on request (17), and news of a leak: to the authority within 72 hours (33), to the people if the risk is high (34).
# - China's **PIPL** (个人信息保护法) asks for consent or another ground (article 13), allows withdrawal (15), is stricter with sensitive data (28), and asks for deletion (47) and for news of a leak at once (57).
#
# ## Your turn

# %% [markdown] ask="69-1"

# %% label="check-69-1"
check("69-1", ...)

# %% label="quiz-69"
quiz("69")

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - **Quasi-identifiers are a guess.** A column that nobody knows today may be on a web page tomorrow.
# - **k is a property of one table.** Two tables with k = 5 may give k = 1 together.
# - **A search finds what is spelt as we know it.** A nickname in a note stays.
# - **A panel is not the market.** People who never heard of the leak lose no trust, until they hear.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - Ask of each use: for which purpose, since when, and what proves it.
# - A table without names is not anonymous. Count how many rows are alone.
# - Make columns coarser before you publish, and measure what the analysis loses.
# - Deletion follows every reference, and ends with a search.

# %% [markdown] label="words-learnt" tags=["words"]
# ## Words learnt
#
# - **purpose** 处理目的: what data were collected for and may be used for
# - **quasi-identifier** 准标识符: a column that somebody else may know and that helps to find a person
# - **k-anonymity** k-匿名: each row looks like at least k - 1 others in the quasi-identifiers
# - **l-diversity** l-多样性: each class of alike rows holds at least l values of a sensitive column
# - **suppression** 抑制: leaving out rows that look like too few others
# - **re-identification** 重新识别: finding out whose a row without a name is

# %% [markdown] label="on-your-own-data" tags=["own-data"]
# ## On your own data
#
# How unique are your rows? You need a file with a row for each person, and some columns that others may know. Write their names into `known`.
#
# ```python
# import pandas as pd
# from crmkit import relations
#
# table = pd.read_csv("my_people.csv")
# known = ["postcode", "birth_year"]
# print(relations.k_anonymity(table, known))
# coarse = relations.generalise(table, years={"birth_year": 10}, characters={"postcode": 1}, k=5)
# print(f"{coarse.suppressed} rows would be left out")
# if len(coarse.table):
#     print(relations.k_anonymity(coarse.table, known))
# ```

# %% [markdown] label="what-next" tags=["next"]
# ## What next
#
# **Lesson 25** puts one customer's records together: with what you know now, ask there who may see the profile, and for which purpose.

# %% [markdown] label="on-one-page" tags=["summary"]
# ## On one page
#
# **Claim.** A table without names is not anonymous: two columns and a public list give the names back.
#
# **Method.**
#
# 1. Check consent by purpose, day and proof, and keep the columns that the purpose needs.
# 2. Count how many rows are alone in the quasi-identifiers. Make columns coarser until none is, and do the analysis again.
# 3. Carry a request to delete through all tables, and search all files.
#
# **Formula.** k = rows in the smallest class of rows that agree in all quasi-identifiers
#
# **Code.**
#
# ```python
# k_anonymity(generalise(extract, years={"birth_year": 10}, drop=["postcode"], k=5).table, ["birth_year"])
# ```
#
# **Where it fails.** Columns that others come to know later, several tables together, and names spelt otherwise.
