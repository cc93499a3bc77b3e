# %% [markdown] label="title" tables=["brand_words", "tracker_answers", "tracker_respondents"] names=["brand_words.word: big renovation", "brand_words.word: cheapest", "brand_words.word: someone explains", "brand_words.word: spring garden"] tags=["opening"]
# # A brand is a word that leads somewhere
#
# **After this lesson you can** turn a brand tracker into a table of links; say where a word leads, and how sure that is; choose a word to own, and say what it costs; tell a small brand from a weak one.
#
# **50 minutes to read, 45 minutes of exercises** · you need lesson 00 · you will meet: semantic memory, category entry point, ratio rule, mental penetration, network size, double jeopardy

# %% [markdown] label="three-directors-three-words"
# ## Three directors want three words
#
# {company.name} wants one line under its logo. The sales director wants *big renovation*, because that is where the money is. The buying director wants *cheapest*, because customers ask for it. The woman from the shop floor says: "People come to us because **someone explains**. Why not say so?"
#
# For the customer a **brand** is trust, for the company it is a promise. It lives in memory, as links. Somebody thinks of a **word** (a situation or a quality), and a brand comes to mind. Psychologists call this store of meanings **semantic memory** (语义记忆). A situation in which buying begins is a **category entry point** (品类入口点). {company.name} has asked people about such links every week for two years.

# %% label="imports"
import pandas as pd

import crmkit
from crmkit import brand
from crmkit.brand import explorers, plots
from crmkit.practice import check, hint, predict, quiz, reveal, solution
from crmkit.style import show

company = crmkit.company()
words, answers, people = map(crmkit.load, ["brand_words", "tracker_answers", "tracker_respondents"])
answers.head()

# %% [markdown] label="one-row-one-person-one"
# One row is one person and one brand that this person knows. The letters in `links` are the words that the person ticked for that brand.

# %% label="words"
show(words)

# %% [markdown] label="one-row-per-link-makes"
# ## One row per link makes memory countable
#
# Five people were asked, and these are their links for one word:

# %% label="five"
five = pd.DataFrame(
    {
        "respondent_id": [1, 1, 2, 3, 4, 4],
        "brand": ["A", "B", "A", "B", "B", "C"],
        "word": "someone explains",
    }
)
show(five["brand"].value_counts())

# %% [markdown] label="five-read"
# Two people in five link A with the word, so the **strength** of A is 40 %. But of the six links, only two go to A: 33 %. Which number do we need?
#
# We make one row per link for the whole tracker, and keep the first year. (At the turn of the year something happens; lesson 41 is about it.)

# %% label="first-year"
first_year = people[people["week"] < company.dates["turn"]]
asked = answers[answers["respondent_id"].isin(first_year["respondent_id"])]
links = brand.expand_links(asked, words)
matrix = brand.links_matrix(links) / len(first_year)
show(
    plots.plot_matrix(matrix),
    alt=f"Share of people who link each brand with each word; the darkest cell is {matrix.stack().idxmax()[0]} with {matrix.stack().idxmax()[1]}.",
)

# %% [markdown] label="read-rows-first-every-brand"
# Read the rows first. Every brand has a **profile**: the discounter is *cheapest* and little else, the garden centre is *spring garden*. Then read the columns. Some words have one dark cell, some have four grey ones.

# %% [markdown] ask="40-a"

# %% label="predict-40-a"
predict("40-a", ...)

# %% [markdown] label="counts-share-words-links-not"
# ## A word leads to a brand by its share of the links
#
# A word calls up all the brands that are linked to it, and they compete. The **ratio rule** (比率规则) says: the chance that a brand comes to mind is its links, divided by the links of all brands to this word. For the five people, by hand and by the helper:

# %% label="five-ratio"
print((five["brand"].value_counts() / len(five)).round(3).to_dict())
show(brand.retrieval(five).round(3))

# %% [markdown] label="five-ratio-read"
# The interval from `low` to `high` is wide: four people are few. It counts people, not ticks. Someone who ticks everything is one witness, not ten. Now the whole tracker:

# %% label="table"
table = brand.retrieval(links)
explains = table[table["word"] == "someone explains"]
reveal("40-a")
show(explains.round(3))

# %% label="plot-matrix-2"
shares = table.pivot(index="brand", columns="word", values="retrieval")[matrix.columns]
show(
    plots.plot_matrix(shares, title="Of the links of a word, the share of each brand"),
    alt=f"Someone explains leads to {company.name} in {shares.loc[company.name, 'someone explains']:.0%} of cases; cheapest leads mostly to {shares['cheapest'].idxmax()}.",
)

# %% [markdown] label="each-column-adds-up-hundred"
# Each column adds up to 100 %. About as many people link {company.name} with *hang a picture* as with *spring garden*, but in the garden {company.name} is not alone. **To know where a word leads, divide by the links of all brands.**

# %% [markdown] ask="40-1"

# %% label="check-40-1"
answer = ...
check("40-1", answer)

# %% [markdown] label="40-1-help"
# Stuck? Type `hint("40-1")` in a new cell. After three tries `solution("40-1")` opens.
#
# As a network: the thicker the line, the stronger the link. Links of fewer than one person in ten are left out.

# %% label="plot-network"
show(
    plots.plot_network(matrix, focus=company.name, least=0.10),
    alt=f"A network of brands and words. {company.name}'s thickest lines go to {', '.join(matrix.loc[company.name].nlargest(3).index)}.",
)

# %% [markdown] ask="40-b"

# %% label="predict-40-b"
predict("40-b", ...)

# %% [markdown] label="word-worth-owning-strong-us"
# ## A word is worth owning if it is strong with us, valuable, and free
#
# We need three numbers for each word: **strength** (the share of people who link it with us), **value** (what buyers who begin with it spend in a year), and **freedom** (1 less the share of the strongest rival). For one word, by hand:

# %% label="one-word"
strength = matrix.loc[company.name, "someone explains"]
rival = shares["someone explains"].drop(company.name).max()
value = words.set_index("word")["yearly_value"]
score = strength * value["someone explains"] * (1 - rival)
print(f"{strength:.3f} x {value['someone explains']:,.0f} x {1 - rival:.3f} = {score:,.0f}")

# %% [markdown] label="one-word-read"
# The product is not an income: it only puts words in order. `words_to_own` does this for all words, and draws the people again 200 times. `first` is the share of these draws in which a word wins.

# %% label="ranking"
ranking = brand.words_to_own(links, first_year, company.name, value)
reveal("40-b")
money = {name: ranking[name].map(company.money) for name in ("value", "score", "low", "high")}
show(ranking.assign(**money).round(2).head(4))

# %% label="plot-words"
show(
    plots.plot_words(ranking),
    alt=f"Score of each word for {company.name}, with intervals: {ranking.index[0]} is first, {ranking.index[1]} second, {ranking.index[-1]} last.",
)

# %% [markdown] label="none-three-quite-someone-explains"
# *Someone explains* comes second. The first word is a **season** that nobody had mentioned; `first` says how sure that is. *Big renovation* has the most money and a poor score, because half of its links lead to the market leader, {company.words[leader]}. The word must be *won*, not *kept*, and winning has a price.

# %% [markdown] label="pushing-one-word-takes-strength"
# ## Pushing one word takes strength from all the others
#
# The more words a brand is linked to, the less of its activation reaches each of them. This is the **fan effect** (扇形效应). So a campaign for one word has a second bill: the other words are pushed back. **Your goal:** find a word for which a campaign wins more than it loses.

# %% label="word-explorer" tags=["nbval-ignore-output"]
explorers.word_explorer(matrix, company.name, value)

# %% label="bills"
pushed = ["someone explains", "spring garden", "big renovation", "cheapest"]
for word in pushed:
    after = brand.claim_word(matrix, company.name, word, 0.10)
    cost = brand.interference_cost(matrix, after, company.name, value)["cost"].sum()
    print(f"{word:17} {company.money(-cost / 1e6, 2)} million a year, all in all")

# %% [markdown] label="size-looks-like-strength-not"
# The word that is most ours loses money when it is pushed further: it gains less than the others lose. A large market in which we hold little pays, *if* the campaign really moves the strength. **Defend a word where the score is high. Attack one where a moved share wins more than it costs.**

# %% [markdown] label="small-weak-intro"
# And {company.words[small_maker]}, a small maker of tools that last, which has never advertised? A rule of thumb says: *a strong brand is a large brand*. This one is tiny.

# %% [markdown] ask="40-c"

# %% label="predict-40-c"
predict("40-c", ...)

# %% [markdown] label="small-is-not-weak"
# ## Small is not the same as weak
#
# **Mental penetration** (心智渗透率) is the share of people who have any link to a brand. **Network size** (联想网络规模) is the number of links of those who have any. **Mental market share** (心智市场份额) is the brand's part of all links, and **share of mind** (心智占有率) its part of the links of those who have any.

# %% label="availability"
availability = brand.mental_availability(links, first_year)
show(availability[["brand", "penetration", "network_size", "mental_market_share", "share_of_mind"]].round(3))

# %% [markdown] label="fewer-small-brands-suffer-twice"
# Small brands suffer twice: fewer people know them, and these few link them with fewer words. This is **double jeopardy** (双重危机), and size alone explains it. So we do not ask "how many links?" but "how many for a brand of this size?" The grey band in the figure holds 95 of 100 brands of each size.

# %% label="plot-double-jeopardy"
sizes = brand.double_jeopardy(availability).set_index("brand")
small = sizes.loc[company.words["small_maker"]]
show(
    plots.plot_double_jeopardy(sizes.reset_index()),
    alt=f"{company.words['small_maker']} has {small.network_size:.1f} links per person where its size would give {small.expected:.1f}; the others lie nearer to what their size gives.",
)
reveal("40-c")

# %% label="sizes"
show(sizes[["penetration", "network_size", "expected", "p_adjusted", "verdict"]].round(3))

# %% [markdown] label="trade-links-every-brand-more"
# The rule of thumb fails. {company.words[small_maker]} is **small and strong**: the smallest of the five, and the only one clear of its band. The verdict uses `p_adjusted`, which allows for looking at five brands at once (Holm's method). With five brands nobody should claim more.
#
# The same trap waits where groups of people are compared:

# %% label="groups"
groups = brand.mental_availability(links, first_year, by="segment", brands=[company.name])
show(groups[["segment", "respondents", "network_size", "network_size_low", "network_size_high", "mental_market_share"]].round(2))

# %% [markdown] label="tradespeople-link-about-one-word"
# Tradespeople link {company.name} with more words than renters do, and the two intervals do not overlap. Yet {company.name}'s part of all links is much the same in every group: tradespeople link **every** brand with more words. **Compare a brand with what its size would give, and a group with what its people give to all brands.**

# %% [markdown] label="one-question-lesson-no-right"
# Question 40-5, in the exercises, has no right answer, only better and worse reasons. First the quiz:

# %% label="quiz-40"
quiz("40")

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - **Ticks are not thoughts.** People tick words when a list lies before them. In a shop nobody shows a list.
# - **The score is a convention.** Change the value of a word, and the order changes. Ask where `yearly_value` comes from.
# - **Moving strength is not free.** Whether a campaign can do it, lessons 43 and 44 ask.
# - **A link is not a cause.** Buyers also remember what they bought (lesson 44).

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - A brand is where a word leads: count links, then divide by the links of all brands.
# - Own a word that is strong with you, valuable and free. The largest market may be somebody else's word.
# - Every word that you push costs the other words something.
# - Compare a brand with what its size would give before you call it weak.

# %% [markdown] label="words-learnt" tags=["words"]
# ## Words learnt
#
# - **semantic memory** 语义记忆: the store of meanings, in which a word of the category leads to a brand
# - **category entry point** 品类入口点: a situation in which buying begins
# - **ratio rule** 比率规则: a brand's strength divided by the strengths of all brands linked to the word
# - **mental penetration** 心智渗透率: share of people with at least one link to the brand
# - **network size** 联想网络规模: mean number of links of those who have any
# - **mental market share** 心智市场份额: a brand's part of all links to all brands
# - **share of mind** 心智占有率: a brand's part of the links of those who have any to it
# - **mental availability** 心智显著性: how many people think of the brand, in how many situations
# - **double jeopardy** 双重危机: small brands have fewer knowers, and fewer links of each
# - **brand** 品牌: trust for the customer, a promise of the company; the thread between product and customer

# %% [markdown] label="on-your-own-data" tags=["own-data"]
# ## On your own data
#
# You need no panel: forty customers at the till are a start. Write down six situations in which people buy your category and four qualities. Ask: *"Which shops come to mind for …?"*, without a list, and note every shop, in the order named. One row per person, shop and word.
#
# ```python
# import pandas as pd
# from crmkit.brand import mental_availability, retrieval
#
# links = pd.read_csv("my_links.csv")  # respondent_id, brand, word
# asked = pd.read_csv("my_respondents.csv")  # respondent_id, also of those who named no shop
# print(retrieval(links).round(2))
# known = mental_availability(links, asked)
# print(known[["brand", "penetration", "penetration_low", "penetration_high"]].round(2))
# ```
#
# Ask some people who are *not* your customers, or the result is about your customers only.

# %% [markdown] label="what-next" tags=["next"]
# ## What next
#
# Lesson 41: at the turn of the year a new brand enters the market, with {company.name}'s green, {company.name}'s leaf and nearly {company.name}'s name. What does it cost to be mistaken for somebody else?

# %% [markdown] label="on-one-page" tags=["summary"]
# ## On one page
#
# **Claim.** A brand is where a word leads: the share of the word's links, not the share of people.
#
# **Method.**
#
# 1. Make one row per link (person, brand, word) and count them by brand and word.
# 2. Divide each count by all links of the word (ratio rule); count people, not ticks, for the interval.
# 3. Score each word: strength x value x freedom. Compare every brand with what its size would give.
#
# **Formula.** $\text{chance} = \dfrac{\text{links of the brand}}{\text{links of all brands to the word}}$
#
# **Code.**
#
# ```python
# retrieval(expand_links(answers, words))
# ```
#
# **Where it fails.** Ticks on a list are not thoughts in a shop, and the score is a convention.
