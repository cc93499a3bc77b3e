# %% [markdown] label="title" tables=["tracker_respondents", "tracker_answers", "brand_words"]
# # Exercises 40: a word in the mind
#
# The tracker's links of the first year, before the lookalike. Put your answer in place of the three dots and run the cell: `check` answers at once. Stuck? Add a cell with `hint("40-1")`, again for the next hint; after three tries `solution("40-1")` opens.

# %% label="imports"
import crmkit
from crmkit.brand import expand_links, links_matrix, mental_availability, words_to_own
from crmkit.practice import check, hint, progress, solution

company = crmkit.company()

# %% [markdown] label="40-1"
# ## 40-1 · Where does 'weekend repair' lead? (1 point)
# In the first year (weeks before {company.dates[turn]}): when somebody thinks 'weekend repair', in how many cases out of a hundred does that lead to {company.name}, by the ratio rule? (per cent, two decimals)

# %% label="check-40-1"
# counts = links_matrix(links)[____]      <- one word, all brands
### BEGIN SOLUTION
people = crmkit.load("tracker_respondents")
people = people[people["week"] < company.dates["turn"]]
links = expand_links(crmkit.load("tracker_answers"), crmkit.load("brand_words"))
links = links[links["respondent_id"].isin(people["respondent_id"])]
counts = links_matrix(links)["weekend repair"]
answer = 100 * counts[company.name] / counts.sum()
### END SOLUTION
check("40-1", answer)

# %% [markdown] label="40-2"
# ## 40-2 · What is the market leader's best word worth? (2 points)
# Now for the market leader: what is the highest score (strength x value x freedom) that any word has for Toolmere in the first year, in {company.symbol} million a year? (three decimals)

# %% label="check-40-2"
# table = words_to_own(links, len(people), ____, value)
### BEGIN SOLUTION
words = crmkit.load("brand_words")
people = crmkit.load("tracker_respondents")
people = people[people["week"] < company.dates["turn"]]
links = expand_links(crmkit.load("tracker_answers"), words)
links = links[links["respondent_id"].isin(people["respondent_id"])]
value = words.set_index("word")["yearly_value"]
answer = words_to_own(links, len(people), "Toolmere", value)["score"].max() / 1e6
### END SOLUTION
check("40-2", answer)

# %% [markdown] label="40-3"
# ## 40-3 · Who knows each brand, and with how many words? (3 points)
# For each `brand` of the first year give its `penetration` (per cent of people asked who have one link or more) and its `network_size` (links per person who has any).

# %% label="check-40-3"
# table = mental_availability(links, ____)
### BEGIN SOLUTION
people = crmkit.load("tracker_respondents")
people = people[people["week"] < company.dates["turn"]]
links = expand_links(crmkit.load("tracker_answers"), crmkit.load("brand_words"))
links = links[links["respondent_id"].isin(people["respondent_id"])]
table = mental_availability(links, people)
answer = table[["brand", "penetration", "network_size"]].assign(
    penetration=100 * table["penetration"]
)
### END SOLUTION
check("40-3", answer)

# %% [markdown] label="40-4"
# ## 40-4 · One word under the logo (4 points)
# Which word should stand under {company.name}'s logo for the next three years? Choose one, and say what it will cost.

# %% label="check-40-4"
### BEGIN SOLUTION
answer = (
    "'Spring garden': about a third of people link it with us, it is one of the largest markets, and "
    "although Bramblecote holds more of its links than we do, no word has a higher score. It costs us "
    "attention for 'someone explains', which is ours already and needs only care, and it leaves 'big "
    "renovation' to Toolmere, who has half of its links. In a year I would look at our share of the "
    "word's links with its interval: if the interval still holds today's share, the campaign has not "
    "moved it, and I would go back to explaining. "
)
### END SOLUTION
check("40-4", answer)

# %% [markdown] label="far-come-progress-new-cell"
# How far have you come? `progress()` in a new cell shows it, lesson by lesson.
