# %% [markdown] label="title" tables=["tracker_respondents", "tracker_answers", "brand_words"] names=["brand_words.word: big renovation", "brand_words.word: cheapest", "brand_words.word: someone explains", "brand_words.word: weekend repair"]
# # Exercises 40: a word in the mind
#
# The links of the tracker in the first year, before the lookalike came.

# %% label="imports"
import crmkit
from crmkit.brand import expand_links, links_matrix, mental_availability, retrieval, words_to_own
from crmkit.practice import check, hint, progress, solution

company = crmkit.company()
everybody, words = crmkit.load("tracker_respondents"), crmkit.load("brand_words")
people = everybody[everybody["week"] < company.dates["turn"]]
links = expand_links(crmkit.load("tracker_answers"), words)
links = links[links["respondent_id"].isin(people["respondent_id"])]
value = words.set_index("word")["yearly_value"]
links.head(3)
