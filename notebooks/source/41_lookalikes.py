# %% [markdown] label="title" tables=["brand_words", "tracker_answers", "tracker_respondents"] tags=["opening"]
# # A lookalike takes more than its market share
#
# **After this lesson you can** measure how alike two brands are in memory; split what a new rival costs into thinner slices and plain mistakes; use the other brands as a control group; say what one more claimed word costs; advise on what to change first
#
# **45 minutes** · you need lesson 40 (links, ratio rule) · you will meet: memory interference, profile, distinctiveness, fan effect, difference in differences

# %% [markdown] label="letter-customer"
# ## The letter from a customer
#
# *"I have been a customer of {company.name} for years, but the hedge trimmer I bought from you in January is rubbish, and the young man at the till had never heard of your guarantee."* The service desk looks the customer up: she bought nothing in January. Not here. In the last days of the old year
# **Fernhollow** had opened its doors: {company.name}'s green, {company.name}'s leaf, nearly {company.name}'s name.
#
# The legal department is writing letters of its own. You are asked something else: *what does it cost us?*

# %% label="imports"
import crmkit
import pandas as pd
from crmkit.brand import (
    add_lookalike, change_between, claim_word, difference_in_differences, distinctiveness, expand_links, fan_share,
    interference_cost, interference_cost_total, links_matrix, mental_availability, profile_similarity, retrieval_matrix,
)
from crmkit.brand.explorers import lookalike_explorer
from crmkit.brand.plots import plot_effects
from crmkit.practice import check, hint, predict, quiz, solution
from crmkit.style import show

company = crmkit.company()
words, answers = crmkit.load("brand_words"), crmkit.load("tracker_answers")
people = crmkit.load("tracker_respondents")
ends = pd.to_datetime([company.start, company.dates["turn"], company.dates["settled"], company.end])
people["period"] = pd.cut(people["week"], ends, labels=["before", "entering", "after"], right=False)
people["period"].value_counts(sort=False)

# %% [markdown] label="two-brands-alike-same-words"
# Three periods: the year **before**, the months in which the newcomer made itself known (**entering**, left out below), and the time **after**. Every week other people were asked, so each period is a fresh sample.
#
# ## Two brands are alike if the same words lead to both

# %% label="links"
links = expand_links(answers, words).merge(people, on="respondent_id")
matrix = {}
for period in ["before", "after"]:
    asked = (people["period"] == period).sum()
    matrix[period] = links_matrix(links[links["period"] == period]) / asked
similarity = profile_similarity(matrix["after"])
similarity.round(2)

# %% [markdown] label="profile-brand-row-link-strengths"
# The **profile** of a brand is its row of link strengths. Similarity compares two profiles whatever their size: 1 is the same words in the same proportion, 0 is no word in common. All pairs are fairly high, because shops of one category share the category's words. Look for the pair that
# sticks out, and then at the distance of each brand from its nearest neighbour: its **distinctiveness**.

# %% label="both"
both = {period: distinctiveness(matrix[period]) for period in ["before", "after"]}
pd.concat(both, axis=1).round(3)

# %% [markdown] label="before-nearest-neighbour-one-old" tags=["predict"]
# Before, {company.name}'s nearest neighbour was one of the old brands, at some distance. Now the nearest neighbour is the newcomer, and there is next to none.
#
# > **Predict.** Each brand's share of all links in people's heads must fall when a sixth brand comes in. Which brands lose *more* than their fair part, and why?

# %% label="predict-41-a"
predict("41-a", ...)

# %% [markdown] label="new-brand-slices-cake-thinner"
# ## A new brand slices the cake thinner for everybody; only the original loses cake
#
# A share can fall for two reasons. The cake has one more guest: that is **dilution**, and it hits everybody alike. Or links that led to us now lead to somebody else by mistake: that is **interference**. The measure that tells them apart does not divide by the others: the number of links that
# people have *with us*.

# %% label="after-before"
after_before = people[people["period"] != "entering"]
kept = links[links["period"] != "entering"]
table = mental_availability(kept, after_before, by="period")
table = table[table["brand"] != "Fernhollow"]
table.pivot(index="brand", columns="period", values=["mental_market_share", "network_size"]).round(3)

# %% label="change"
change = change_between(table, "period", "before", "after", "network_size")
change.round(2)

# %% label="plot-effects"
show(
    plot_effects(
        change.sort_values("change"), "brand", value="change", title="Only the original loses links",
        xlabel="change in links per person who has any",
    ),
    alt="Change in links per person with its interval: " + "; ".join(f"{row.brand} {row.change:.2f}" for row in change.itertuples()) + ".",
)

# %% [markdown] label="everybodys-share-all-links-fell"
# Everybody's *share* of all links fell. Yet only {company.name} has clearly fewer links **per person**; the four others are a control group to whom everything happened that happened in these two years (weather, season, the economy), except being copied. {company.name}'s change less theirs is a **difference in differences**.

# %% label="did"
controls = ["Toolmere", "Bramblecote", "Pennygrove", "Oakwright"]
counted = kept.groupby(["respondent_id", "brand", "period"], observed=True).size().rename("links").reset_index()
did = difference_in_differences(counted, "links", company.name, controls)
did.round(2)

# %% [markdown] label="placebos-show-strays"
# `effect` is a brand's change less the mean change of the (other) controls, with an interval that counts people, not ticks. The rows with `placebo` put each control in {company.name}'s place: nothing happened to them, so their effects show how far a brand strays anyway. Five rows are five looks, and with five intervals of 95 % a stray is
# to be expected in about every fourth set of data; `p_adjusted` (Holm) allows for that.
#
# Pennygrove's share fell too, and steeply, though its links per person did not: it stopped advertising, and fewer people think of it at all. A falling share has many fathers.

# %% [markdown] label="41-1-much-did-network"
# **41-1.** By how much did {company.name}'s network size (links per person who has any) change from the year before the lookalike (weeks before {company.dates[turn]}) to the time after it had settled (weeks after {company.dates[settled]})? (links per 100 people who have any, two decimals; a fall is negative)
#
# Put your answer in place of the three dots. Stuck? Type `hint("41-1")` in a new cell; after three tries `solution("41-1")` opens. The exercises of lesson 41 give the questions again, with room to work.

# %% label="check-41-1"
check("41-1", ...)

# %% [markdown] label="mistaken-somebody-worse-one-trusted"
# ## Mistaken for somebody worse, one is trusted less
#
# The customer with the hedge trimmer was cross with the wrong shop. Are there more like her?

# %% label="trust"
trust = answers.merge(people, on="respondent_id")
trust = trust[trust["period"] != "entering"]
by_period = trust.groupby(["brand", "period"], observed=True)["trust"].mean().unstack()
by_period["change"] = by_period["after"] - by_period["before"]
did_trust = difference_in_differences(trust.dropna(subset="trust"), "trust", company.name, controls)
by_period.join(did_trust.set_index("brand")[["effect", "low", "high", "p_adjusted"]]).round(2)

# %% [markdown] label="about-half-point-ten-little"
# About half a point of ten for {company.name} beyond the other brands, with an interval clear of zero; for each control the interval holds zero or hardly misses it. (Fernhollow was not there before, and has no change.) As far as anyone at {company.name} knows, nothing in its own shops has changed; the likeliest reason is that people remember the wrong till.

# %% [markdown] label="41-2-use-toolmere-bramblecote"
# **41-2.** Use Toolmere, Bramblecote, Pennygrove and Oakwright as the control group: how far did trust in {company.name} change (same two periods) beyond the mean change of these four brands? (points of the 0 to 10 scale, three decimals)

# %% label="check-41-2"
check("41-2", ...)

# %% [markdown] label="rule-thumb-more-alike-stronger" tags=["predict"]
# ## The rule of thumb: the more alike, the stronger the interference
#
# The textbooks say so, and laboratory work on competing advertisements agrees. What do *these* data say?
#
# > **Predict.** Without scrolling back: Toolmere is the brand next most similar to the newcomer. By the rule it should lose next most. Does it?

# %% label="predict-41-b"
predict("41-b", ...)

# %% label="rule"
rule = change.set_index("brand")[["change", "low", "high"]].join(similarity["Fernhollow"].rename("similarity"))
rule.sort_values("similarity", ascending=False).round(2)

# %% [markdown] label="dial-lookalike"
# Here the loss does not grow step by step with similarity: the copy's original is hit, and the brands that merely sell the same things are not, or not so that five brands could show it. Two readings remain. Either what confuses is not the words but the **leaf, the colour and the name**, in which only
# {company.name} is alike; or interference needs a similarity that only a copy reaches. A tracker cannot tell these apart. An experiment could: show the same shop with and without the leaf. So: *the rule holds between the extremes; the steps in between are not shown*.
#
# ## Dial the lookalike in
#
# The explorer takes the market of the year before and adds a copy by the ratio rule alone: dilution, no mistakes.

# %% label="lookalike-explorer"
value = words.set_index("word")["yearly_value"]
lookalike_explorer(matrix["before"], company.name, value)

# %% [markdown] label="let-us-set-seen-hold"
# Let us set it to what was seen, and hold its forecast against what happened. (Two different things are called alike here. The table above *measured* how similar the profiles are: a cosine of nearly 1. In `add_lookalike`, `similarity` is a *recipe*: 0.8 is four parts {company.name}'s words and one part all words alike. A copy made by the recipe .8 comes out with a measured cosine of nearly 1.)

# %% label="strength"
strength = matrix["after"].loc["Fernhollow"].sum() / matrix["before"].loc[company.name].sum()
markets = {
    "before": matrix["before"],
    "dilution alone": add_lookalike(matrix["before"], company.name, similarity=0.8, strength=strength),
    "measured": matrix["after"],
}
share = pd.DataFrame({name: retrieval_matrix(market).loc[company.name] for name, market in markets.items()})
(100 * share).round(1)

# %% label="lost"
lost = 100 * (share["before"] - share["measured"]).mean()
diluted = 100 * (share["before"] - share["dilution alone"]).mean()
pd.Series({"points lost, mean over words": lost, "by dilution": diluted, "beyond dilution": lost - diluted}).round(1)

# %% [markdown] label="most-loss-plain-arithmetic-one"
# Most of the loss is plain arithmetic: one more strong brand with the same words. The rest is what this arithmetic does not explain, mistakes among it. (Pennygrove's silence works the other way: it left some links to be shared out.) In money, with what buyers spend who begin with each word:

# %% label="cost"
cost = interference_cost(matrix["before"], matrix["after"], company.name, value)
whole = interference_cost_total(kept, after_before, company.name, value)
print(
    f"Buying that no longer begins with {company.name}: {company.symbol}{whole.estimate / 1e6:.1f} million a year "
    f"(95 % interval {whole.low / 1e6:.1f} to {whole.high / 1e6:.1f})"
)
cost.sort_values("cost", ascending=False).head(3).round(2)

# %% [markdown] label="one-more-claimed-word-makes"
# The interval counts the people asked; that `value` itself is an estimate, it does not know. And "no longer begins with" is not "lost": people may still end in a {company.name} shop. It is the size of what is at stake, not a bill.
#
# ## One more claimed word makes every other a little weaker
#
# The advertising agency proposes to answer by claiming four more words. Activation is shared out over all links of a brand: with two equal words each gets a half, with five a fifth. That is the **fan effect**.

# %% label="fan-share"
pd.Series({f"{n} words": f"{fan_share(n):.0%} each" for n in (1, 2, 4, 5, 10)})

# %% label="spread"
spread = matrix["after"].copy()
for word in ["moving in", "big renovation", "cheapest", "everything in stock"]:
    spread = claim_word(spread, company.name, word, 0.06)
own = "someone explains"
plain = retrieval_matrix(matrix["after"]).loc[company.name, own]
thin = retrieval_matrix(spread).loc[company.name, own]
print(f"'{own}' leads to {company.name}: {plain:.0%} before the four claims, {thin:.0%} after them")

# %% [markdown] label="four-claims-six-per-cent"
# Four claims at six per cent of all strength each, and the word that was most ours is shared out further. A brand that is being copied can least afford to say everything at once: the copy can say everything too. What it cannot copy so fast is what customers **did** with us, and that is lesson 42.

# %% [markdown] label="41-3-time-after-give"
# **41-3.** For the time after {company.dates[settled]} give for each `brand` its `nearest` rival in memory and their `similarity` (cosine of the two profiles, three decimals).

# %% label="check-41-3"
check("41-3", ...)

# %% [markdown] label="one-question-lesson-no-right"
# One question of this lesson has no right answer, only better and worse reasons: **41-4**, in the exercises. *The director has money for one answer to Fernhollow: change the leaf and the green, claim four new words, sue, or push the word that is most ours. What do you advise, and what would you measure?* First the quiz:

# %% label="quiz-41"
quiz("41")

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - **One entry is one event.** The other brands are controls for what happened to all. They are no controls for what happened to {company.name} alone in the same months, a bad spring campaign for example.
# - **Cosine similarity runs high** within a category: read differences, not the number. It sees words, not logos.
# - **Links per person are counted among those who have any.** If a copy drives the least interested people away altogether, the mean of those who stay can even rise. Look at penetration beside it.
# - **The fan effect is a law of the laboratory** for facts learnt in an hour. Strong brands do carry many words: the sharing out is slower, and can be paid for with more contacts.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - A new rival dilutes everybody; a lookalike also takes links and trust, from one brand.
# - Shares mislead when the number of brands changes: count links per person, and use the untouched brands as controls.
# - Alike is harmful at the extreme; do not promise a straight line that five brands cannot show.
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
