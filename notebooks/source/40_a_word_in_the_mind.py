# %% [markdown] label="title" tables=["brand_words", "tracker_answers", "tracker_respondents"] tags=["opening"]
# # A brand is a word that leads somewhere
#
# **After this lesson you can** read a brand tracker as links between words and brands; say with its uncertainty which brand a word leads to; draw the links as a matrix and as a network; choose a word to own, and say what choosing it costs; tell a small brand from a weak one
#
# **45 minutes** · you need pandas tables and groupby (lesson 00) · you will meet: semantic memory, category entry point, ratio rule, mental penetration, network size, double jeopardy

# %% [markdown] label="three-directors-three-words"
# ## Three directors, three words
#
# {company.name} wants one line under its logo. The sales director wants *"big renovation"*: that is where the money is. The buying director wants *"cheapest"*: customers ask for it. The woman from the
# shop floor says: *"People come to us because **someone explains**. Why not say so?"* Each has a point, and no data.
#
# A brand does not live on the logo. It lives in memory as links: somebody thinks of a **word** (a situation, a quality), and a brand comes to mind, or does not. Psychologists call this store of meanings
# **semantic memory**; for a shop it comes down to *category + word = brand*. {company.name} has asked people about such links every week for two years.

# %% label="imports"
import crmkit
import pandas as pd
from crmkit.brand import double_jeopardy, expand_links, links_matrix, mental_availability, retrieval, words_to_own
from crmkit.brand.explorers import word_explorer
from crmkit.brand.plots import plot_double_jeopardy, plot_matrix, plot_network, plot_words
from crmkit.practice import check, hint, predict, quiz, solution
from crmkit.style import show

company = crmkit.company()
words = crmkit.load("brand_words")
answers = crmkit.load("tracker_answers")
people = crmkit.load("tracker_respondents")
answers.head()

# %% [markdown] label="one-row-one-person-one"
# One row is one person and one brand that this person knows. The letters in `links` stand for the words that the person ticked for that brand. `position` says whether the brand was named without help,
# and at which place.

# %% label="words"
words

# %% [markdown] label="one-row-per-link-makes"
# ## One row per link makes memory countable
#
# Letters in a string cannot be counted. One row per person, brand and word can. We look at the first year only: at the turn of the year something happens, and lesson 41 is about it.

# %% label="first-year"
first_year = people[people["week"] < company.dates["turn"]]
links = expand_links(answers, words)
links = links[links["respondent_id"].isin(first_year["respondent_id"])]
links.groupby(["brand", "word"], observed=False).size().unstack().head(3)

# %% label="plot-matrix"
matrix = links_matrix(links) / len(first_year)
show(
    plot_matrix(matrix),
    alt="Share of people who link brand and word; Pennygrove with cheapest and Bramblecote with spring garden are darkest.",
)

# %% [markdown] label="read-rows-first-every-brand" tags=["predict"]
# Read it by rows first. Every brand has a **profile**: the discounter is *cheapest* and little else, the garden centre is *spring garden*. Then by columns: some words have one dark cell, some have four grey ones.
#
# > **Predict.** Somebody thinks *"someone explains"*. In how many cases out of a hundred is {company.name} the brand that this leads to? Look at the column before you answer.

# %% label="predict-40-a"
predict("40-a", ...)

# %% [markdown] label="counts-share-words-links-not"
# ## Where a word leads is told by the share of its links, not by the share of people
#
# A word calls up all brands that are linked to it, and they compete. The **ratio rule** says: the chance that a brand is the one that comes to mind is its strength, divided by the strengths of all brands linked to the word.

# %% label="table"
table = retrieval(links)
table[table["word"] == "someone explains"].round(3)

# %% label="plot-matrix-2"
shares = table.pivot(index="brand", columns="word", values="retrieval")[matrix.columns]
show(
    plot_matrix(shares, title="Of the links that a word calls up, the share of each brand"),
    alt=f"Someone explains leads to {company.name} in {shares.loc[company.name, 'someone explains']:.0%} of cases, cheapest mostly to Pennygrove.",
)

# %% [markdown] label="each-column-adds-up-hundred"
# Each column adds up to a hundred. The same share of people can mean very different things: a third of all people link {company.name} with *hang a picture* and about as many with *spring garden*, but in the garden {company.name} is not alone.
# The interval (`low`, `high`) counts persons, not ticks: somebody who ticks everything for everybody is one witness, not ten.

# %% [markdown] label="40-1-first-year-weeks"
# **40-1.** In the first year (weeks before {company.dates[turn]}): when somebody thinks 'weekend repair', in how many cases out of a hundred does that lead to {company.name}, by the ratio rule? (per cent, two decimals)
#
# Put your answer in place of the three dots. Stuck? Type `hint("40-1")` in a new cell; after three tries `solution("40-1")` opens. The exercises of lesson 40 give the questions again, with room to work.

# %% label="check-40-1"
check("40-1", ...)

# %% [markdown] label="network-shows-glance-shares-word"
# ## The network shows at a glance who shares a word
#
# The same numbers as lines: the thicker, the stronger. Links of fewer than one person in ten are left out, or there would be nothing to see.

# %% label="plot-network"
show(
    plot_network(matrix, focus=company.name, least=0.10),
    alt=f"{company.name}'s thickest lines go to someone explains, hang a picture and spring garden; cheapest hangs on Pennygrove.",
)

# %% [markdown] label="word-worth-owning-strong-us" tags=["predict"]
# *Cheapest* leads to Pennygrove today. *Big renovation* is Toolmere's. What would it take to make a word ours, and would it be worth it?
#
# ## A word is worth owning if it is strong with us, valuable, and not taken
#
# Three numbers for each word: **strength** (the share of people who link it with us: here people count, because a word that few know brings few), **value** (what buyers spend who begin with it), **freedom** (one less the strongest rival's share). Multiply them. The product has the unit of `value`, and is no income: it only puts words in order.
#
# > **Predict.** Which of the three directors is right?

# %% label="predict-40-b"
predict("40-b", ...)

# %% label="value"
value = words.set_index("word")["yearly_value"]
ranking = words_to_own(links, len(first_year), company.name, value)
ranking.round({"strength": 3, "freedom": 3, "score": -3, "low": -3, "high": -3, "first": 2})

# %% label="plot-words"
show(
    plot_words(ranking),
    alt=f"Score of each word for {company.name}: {ranking.index[0]} first, {ranking.index[1]} second, {ranking.index[-1]} last.",
)

# %% [markdown] label="none-three-quite-someone-explains"
# None of the three, quite. *Someone explains* comes second; the first word is a **season** that nobody on the board had mentioned. The interval says how sure the ranking is: the bootstrap drew the people anew two hundred times, and
# `first` is the share of draws in which the word won.
#
# *Big renovation* has the most money of all and a poor score: half of its links lead to Toolmere. That does not forbid the word. It says that the word must be *won*, not *kept*, and winning has a price.

# %% [markdown] label="40-2-now-market-leader"
# **40-2.** Now for the market leader: what is the highest score (strength x value x freedom) that any word has for Toolmere in the first year, in {company.symbol} million a year? (three decimals)

# %% label="check-40-2"
check("40-2", ...)

# %% [markdown] label="pushing-one-word-takes-strength"
# ## Pushing one word takes strength from all the others
#
# A campaign moves a part of what people think of when they think of {company.name}. The more words a brand is linked to, the less of its activation reaches each (the **fan effect**). So a campaign for one word has a second bill: the words that it
# pushes back. Choose a word, move a share of all strength to it, and read both bills.

# %% label="word-explorer"
explorer = word_explorer(matrix, company.name, value)
explorer

# %% label="result"
result = []
for word in ["someone explains", "spring garden", "big renovation", "cheapest"]:
    explorer.set(word=word, share=0.10)
    result.append((word, explorer.sentence.split("All in all ")[1]))
explorer.reset()
pd.DataFrame(result, columns=["word", "with a tenth of all strength moved"])

# %% [markdown] label="size-looks-like-strength-not"
# The word that is most ours loses money when pushed further: what it gains, in a market of middling size, is less than what the other words lose. A large market in which we hold little pays, *if* the strength really moves. This is arithmetic of *more*, and the table before was arithmetic of *keep*. They answer different questions. **Defend** where the score is high; **attack** where a
# moved share wins more than it costs, if you believe that a campaign can move it (see "Where this fails").
#
# ## Size looks like strength, and is not
#
# Now the rule of thumb, heard in every boardroom: *a strong brand is a large brand*. Look at Oakwright, the small maker of tools that last, which has never advertised.

# %% label="availability"
availability = mental_availability(links, first_year)
availability[["brand", "penetration", "network_size", "mental_market_share", "share_of_mind"]].round(3)

# %% [markdown] label="four-measures-mental-availability" tags=["predict"]
# Four measures of **mental availability**: how many people have any link (`penetration`), how many links these people have (`network_size`), the brand's part of all links (`mental_market_share`), and its part of the links of those who have any
# (`share_of_mind`). Oakwright is last in penetration and in mental market share. A weak brand?
#
# > **Predict.** If Oakwright were just a small ordinary brand, would those who know it link it with *more*, *as many* or *fewer* words than people link Toolmere with?

# %% label="predict-40-c"
predict("40-c", ...)

# %% [markdown] label="fewer-small-brands-suffer-twice"
# Fewer. Small brands suffer twice: fewer people know them, and these few, being mostly people who know a little of everything, link them with less. That is **double jeopardy**, and size alone explains it. The question is therefore not "how many links?" but "how many for
# a brand of this size?"

# %% label="sizes"
sizes = double_jeopardy(availability)
sizes.round(2)

# %% label="plot-double-jeopardy"
oak = sizes.set_index("brand").loc["Oakwright"]
show(
    plot_double_jeopardy(sizes),
    alt=f"Oakwright has {oak.network_size:.1f} links per person where its size would give {oak.expected:.1f}; the others lie nearer to theirs.",
)

# %% [markdown] label="trade-links-every-brand-more"
# The rule of thumb fails. Oakwright is the smallest brand of the five and the only one that lies clear of its grey band: **small and strong**. Few know it, but to these it stands for something, above all for *lasts for years*. The bands of the
# large brands run out of the picture, because one rival among four (Oakwright) does not fit the pattern: with five brands nobody should claim more. Two cautions. A grey band says where 95 in 100 brands of that size lie; the table looks at five, so the verdict goes by `p_adjusted`, which allows for five looks (Holm). And Oakwright is much smaller than the others: what a brand of its size "should" have is read off the curve beyond the brands that made it.
#
# ## The trade links every brand with more words, not only ours
#
# The same trap lies in wait when groups of people are compared instead of brands.

# %% label="groups"
groups = mental_availability(links, first_year, by="segment", brands=[company.name]).set_index("segment")
groups[["respondents", *(name for name in groups if name.startswith(("network", "mental")))]].round(2)

# %% [markdown] label="tradespeople-link-about-one-word"
# Tradespeople link {company.name} with about one word more than renters do, and the two intervals (`_low` to `_high`) lie far apart. A stronghold? {company.name}'s *part of all links* is much the same in every group. Tradespeople think more about the whole category and link **every**
# brand with more. Hold a group against what its people give to all brands, as you hold a brand against what its size would give.

# %% [markdown] label="40-3-each-brand-first"
# **40-3.** For each `brand` of the first year give its `penetration` (per cent of people asked who have one link or more) and its `network_size` (links per person who has any).

# %% label="check-40-3"
check("40-3", ...)

# %% [markdown] label="one-question-lesson-no-right"
# One question of this lesson has no right answer, only better and worse reasons: **40-4**, in the exercises. *Which word should stand under {company.name}'s logo for the next three years? Choose one, and say what it will cost.* First the quiz:

# %% label="quiz-40"
quiz("40")

# %% [markdown] label="where-this-fails" tags=["limits"]
# ## Where this fails
#
# - **Ticks are not thoughts.** People tick words when a list lies before them. In the shop nobody shows a list. The order of naming without help (`position`) is closer to life, and coarser.
# - **The ratio rule is a model.** It says that links compete in proportion to their strength. It does not know that one cue may block another, or that a buyer checks two brands before buying.
# - **The score is a convention.** Strength times value times freedom is a reasonable order, not a law. Change the value of a word and the ranking changes: ask where `yearly_value` comes from.
# - **Moving strength is not free.** The explorer moves a share of memory by decree. Whether a campaign can do that, and for how long, is the question of lessons 43 and 44.
# - **A link precedes nothing by itself.** Buyers remember what they bought. Lesson 44 turns the arrow round.

# %% [markdown] label="take-aways" tags=["take-aways"]
# ## Take-aways
#
# - A brand is what a word leads to: count links, then divide by the links of all brands.
# - Own a word that is strong with you, valuable, and not taken; the largest market may be somebody else's word.
# - Every word pushed costs the others something.
# - Compare a brand with what its size would give before calling it weak.

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
