# %% [markdown] label="title" tables=["brand_words", "tracker_answers", "tracker_respondents"] names=["brand_words.word: big renovation", "brand_words.word: cheapest", "brand_words.word: everything in stock", "brand_words.word: moving in", "brand_words.word: someone explains"] tags=["opening"]
# # A lookalike takes more than its market share
#
# **After this lesson you can** measure how alike two brands are in memory; tell dilution from interference; use other brands as a control group; say what one more claimed word costs.
#
# **45 minutes to read, 45 minutes of exercises** · you need lesson 40 · you will meet: memory interference, profile, distinctiveness, dilution, difference in differences, fan effect

# %% [markdown] label="letter-customer"
# ## A customer writes to the wrong shop
#
# *"I have been a customer of {company.name} for years, but the hedge trimmer that I bought from you in January is rubbish. And the young man at the till had never heard of your guarantee."* The service desk looks her up. She bought nothing in January, not here. In the last days of the old year **{company.words[lookalike]}** had opened its doors, with {company.name}'s green, {company.name}'s leaf, and nearly {company.name}'s name.
#
# The legal department is writing letters of its own. You are asked something else: *what does it cost us?*

# %% label="imports"
import pandas as pd

import crmkit
from crmkit import brand
from crmkit.brand import explorers, plots
from crmkit.practice import check, hint, predict, quiz, reveal, solution
from crmkit.style import show

company = crmkit.company()
copy = company.words["lookalike"]
words, answers, people = map(crmkit.load, ["brand_words", "tracker_answers", "tracker_respondents"])

# %% label="periods"
ends = pd.to_datetime([company.start, company.dates["turn"], company.dates["settled"], company.end])
people["period"] = pd.cut(people["week"], ends, labels=["before", "entering", "after"], right=False)
show(people["period"].value_counts(sort=False))

# %% [markdown] label="two-brands-alike-same-words"
# The year **before**, the months in which the newcomer became known (**entering**, left out below), and the time **after**. Every week other people were asked.
#
# ## Two brands are alike if the same words lead to both
#
# The **profile** of a brand is its row of link strengths. Here are three profiles, by hand:

# %% label="three-profiles"
three = pd.DataFrame({"hang": [30, 15, 0], "garden": [10, 5, 10], "cheap": [0, 1, 30]}, index=["A", "B", "C"])
a, b = three.loc["A"], three.loc["B"]
cosine = (a * b).sum() / ((a**2).sum() * (b**2).sum()) ** 0.5
print(f"A and B: {cosine:.3f}")
show(brand.profile_similarity(three).round(3))

# %% [markdown] label="profile-brand-row-link-strengths"
# B is half as strong as A, and yet almost the same: the **cosine** compares the mix of words, whatever the size. It is 1 for the same mix, and 0 for no word in common. The distance to the nearest neighbour is the **distinctiveness** (独特性) of a brand.

# %% label="both"
links = brand.expand_links(answers, words).merge(people, on="respondent_id")
asked = people["period"].value_counts()
matrix = {
    period: brand.links_matrix(links[links["period"] == period]) / asked[period]
    for period in ("before", "after")
}
show(pd.concat({period: brand.distinctiveness(table) for period, table in matrix.items()}, axis=1).round(3))

# %% [markdown] label="before-nearest-neighbour-one-old"
# Before, {company.name}'s nearest neighbour was an old brand, at some distance. Now it is the newcomer, and there is almost no distance.

# %% [markdown] ask="41-a"

# %% label="predict-41-a"
predict("41-a", ...)

# %% [markdown] label="new-brand-slices-cake-thinner"
# ## A share can fall without anybody losing a link
#
# Ten links are shared by two brands, 6 and 4. A third brand comes and brings 5 links of its own:

# %% label="dilution"
two = pd.Series({"A": 6, "B": 4})
with_third = pd.concat([two, pd.Series({"C": 5})])
show(pd.DataFrame({"links": with_third, "share before": two / two.sum(), "share after": with_third / with_third.sum()}).round(2))

# %% [markdown] label="dilution-read"
# A falls from 60 % to 40 %, and has lost nothing. This is **dilution** (稀释), and it hits everybody alike. If links that led to A now lead to C by mistake, that is **memory interference** (记忆干扰). **To tell the two apart, count links per person: that number does not divide by the others.**

# %% label="change"
after_before = people[people["period"] != "entering"]
kept = links[links["period"] != "entering"]
table = brand.mental_availability(kept, after_before, by="period")
table = table[table["brand"] != copy]
change = brand.change_between(table, "period", "before", "after", "network_size")
shares = table.pivot(index="brand", columns="period", values="mental_market_share")
shares = shares[["before", "after"]].add_prefix("share ")
show(shares.join(change.set_index("brand")[["change", "low", "high"]].add_prefix("links: ")).round(3))

# %% label="plot-effects"
told = "; ".join(f"{row.brand} {row.change:.2f}" for row in change.itertuples())
ax = plots.plot_effects(
    change.sort_values("change"), "brand", value="change", title="Who loses links?", xlabel="change in links per person"
)
show(ax, alt=f"Change in links per person with its interval: {told}.")
reveal("41-a")

# %% [markdown] label="everybodys-share-all-links-fell"
# Every share of links fell. The columns `links: …` are the change in links **per person**: there only {company.name} has clearly fewer. ({company.words[discounter]}'s share fell steeply for another reason: it stopped advertising, and fewer people think of it at all.)

# %% [markdown] ask="41-1"

# %% label="check-41-1"
answer = ...
check("41-1", answer)

# %% [markdown] label="controls-claim"
# ## Brands that nobody copied are a control group
#
# Weather, season and the economy happened to all five brands. Being copied happened to one. So we take {company.name}'s change less the mean change of the others: a **difference in differences** (双重差分). By hand, with figures made up: one brand falls by 0.60, the four others by 0.05 on average. The effect is -0.60 - (-0.05) = -0.55.

# %% label="did"
controls = [name for name in table["brand"].unique() if name != company.name]
counted = kept.groupby(["respondent_id", "brand", "period"], observed=True).size().rename("links")
show(brand.difference_in_differences(counted.reset_index(), "links", company.name, controls).round(2))

# %% [markdown] label="placebos-show-strays"
# The rows with `placebo` put each control in {company.name}'s place. Nothing happened to them, so they show how far a brand moves by chance. Five rows are five looks; `p_adjusted` (Holm) allows for that.
#
# Was the customer with the hedge trimmer alone? If many are cross with the wrong shop, trust must fall too.

# %% label="trust"
trust = answers.merge(after_before, on="respondent_id").dropna(subset="trust")
show(brand.difference_in_differences(trust, "trust", company.name, controls).round(2))

# %% [markdown] label="about-half-point-ten-little"
# About half a point of ten for {company.name}, beyond the others. Nothing in its own shops has changed, as far as anyone knows. The most likely reason is that people think they bought here when they bought at the lookalike.

# %% [markdown] ask="41-b"

# %% label="predict-41-b"
predict("41-b", ...)

# %% [markdown] label="rule-thumb-more-alike-stronger"
# ## The rule "the more alike, the stronger the interference" holds at the extreme
#
# Textbooks say so, and laboratory work on competing advertisements agrees. Here are similarity and loss:

# %% label="rule"
alike = brand.profile_similarity(matrix["after"])[copy].rename("similarity")
reveal("41-b")
show(change.set_index("brand")[["change", "low", "high"]].join(alike).sort_values("similarity").round(2))

# %% [markdown] label="dial-lookalike"
# The original is hit. The brands that only sell the same things are not, or not so that five brands could show it. Perhaps it is not the words that confuse, but the **leaf, the colour and the name**. A tracker cannot tell. An experiment could: show the same shop with and without the leaf.
#
# ## Most of the loss is dilution
#
# The explorer adds a copy to the market of the year before, by the ratio rule alone: dilution, and no mistakes. **Your goal:** find the strength of a copy that takes a tenth of {company.name}'s chances.

# %% label="lookalike-explorer" tags=["nbval-ignore-output"]
value = words.set_index("word")["yearly_value"]
explorers.lookalike_explorer(matrix["before"], company.name, value)

# %% label="lost"
strength = matrix["after"].loc[copy].sum() / matrix["before"].loc[company.name].sum()
diluted = brand.add_lookalike(matrix["before"], company.name, similarity=0.8, strength=strength)
before, thinner, after = (
    100 * brand.retrieval_matrix(market).loc[company.name].mean()
    for market in (matrix["before"], diluted, matrix["after"])
)
print(f"chance over all words: {before:.1f} % before, {thinner:.1f} % by dilution, {after:.1f} % measured")

# %% [markdown] label="most-loss-plain-arithmetic-one"
# (`similarity=0.8` is a recipe: four parts of {company.name}'s words and one part of all words alike. Its cosine is near 1.) Most of the loss is plain arithmetic. The rest is what this arithmetic does not explain, mistakes among it. In money, multiplied by what the buyers who begin with each word spend:

# %% label="cost"
whole = brand.interference_cost_total(kept, after_before, company.name, value)
low, high = (company.money(amount / 1e6, 1) for amount in (whole.low, whole.high))
print(f"{company.money(whole.estimate / 1e6, 1)} million a year no longer begin with {company.name}")
print(f"(95 % interval {low} to {high} million)")

# %% [markdown] label="one-more-claimed-word-makes"
# This is what is at stake, not a bill: "no longer begins with" is not "lost". And the interval does not know that `value` is an estimate too.
#
# ## One more claimed word makes every other a little weaker
#
# The agency proposes to answer by claiming four more words. But activation is shared by all links of a brand: with two equal words each gets a half, with five a fifth. This is the **fan effect** (扇形效应). Suppose that each new word gets 6 % of all strength:

# %% label="spread"
spread, own = matrix["after"], "someone explains"
for word in ["moving in", "big renovation", "cheapest", "everything in stock"]:
    spread = brand.claim_word(spread, company.name, word, 0.06)
plain, thin = (brand.retrieval_matrix(market).loc[company.name, own] for market in (matrix["after"], spread))
print(f"'{own}' leads to {company.name}: {plain:.0%} before the four claims, {thin:.0%} after them")

# %% [markdown] label="four-claims-six-per-cent"
# **A brand that is copied can least afford to say everything at once: the copy can say everything too.** What it cannot copy so fast is what customers **did** with us. That is lesson 42.
#
# Question 41-5, in the exercises, asks for one answer to the copy. First the quiz:

# %% label="quiz-41"
quiz("41")

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - **One entry is one event.** The controls show what happened to all brands. They cannot show what else happened to {company.name} alone, a bad spring campaign for example.
# - **The cosine runs high** within a category: read differences. It sees words, not logos.
# - **Links per person are counted among those who have any.** If a copy drives the least interested away altogether, the mean of those who stay can rise. Look at penetration beside it.
# - **The fan effect comes from the laboratory**, from facts learnt in an hour. Strong brands do carry many words.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - A new rival dilutes everybody. A lookalike also takes links and trust, from one brand.
# - Shares mislead when the number of brands changes: count links per person, and use the other brands as controls.
# - Being alike does harm at the extreme. Five brands cannot show a straight line.
# - Answer a copy with what is most yours, not with more words.

# %% [markdown] label="words-learnt" tags=["words"]
# ## Words learnt
#
# - **memory interference** 记忆干扰: what one brand's links do to another's when the same words lead to both
# - **brand profile** 品牌联想画像: a brand's row of link strengths
# - **distinctiveness** 独特性: distance of a brand's profile from its nearest rival's
# - **dilution** 稀释: the same links, shared among more brands
# - **fan effect** 扇形效应: the more a brand is linked to, the less of its activation reaches each link
# - **difference in differences** 双重差分: our change less the change of those to whom the event did not happen

# %% [markdown] label="on-your-own-data" tags=["own-data"]
# ## On your own data
#
# Ask forty people to name the shop behind a picture of your shop front with the name covered; then behind your rival's. Count the mistakes in both directions: that is interference in its plainest form. If you have a year of such answers, compare before and after a rival's entry, and keep two
# brands that nobody copies as controls.

# %% [markdown] label="what-next" tags=["next"]
# ## What next
#
# Words can be copied; what happened to a customer cannot. Lesson 42 reads diaries: promises, deliveries, one bad afternoon, and what all this does to trust.

# %% [markdown] label="on-one-page" tags=["summary"]
# ## On one page
#
# **Claim.** A new rival makes every share thinner; a lookalike also takes links and trust from the brand that it copies.
#
# **Method.**
#
# 1. Compare profiles by the cosine: who is near whom in memory?
# 2. Count links per person before and after, for every brand.
# 3. Take our change less the mean change of the brands that nobody copied, with placebos.
#
# **Formula.** $\text{effect} = (\text{after} - \text{before})_{\text{ours}} - (\text{after} - \text{before})_{\text{others}}$
#
# **Code.**
#
# ```python
# difference_in_differences(counted, "links", "us", controls)
# ```
#
# **Where it fails.** The controls cannot show what else happened to us alone in the same months.
