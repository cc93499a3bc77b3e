# %% [markdown] label="title" tables=["tracker_respondents", "tracker_answers", "brand_words"] names=["brand_words.word: moving in", "brand_words.word: spring garden"]
# # Exercises 41: lookalikes
#
# Before and after the lookalike: the same questions, other people.

# %% label="imports"
import crmkit
from crmkit.brand import (
    claim_word,
    distinctiveness,
    expand_links,
    links_matrix,
    mental_availability,
    retrieval_matrix,
)
from crmkit.practice import check, hint, progress, solution

company = crmkit.company()
people = crmkit.load("tracker_respondents")
before = people[people["week"] < company.dates["turn"]]
after = people[people["week"] > company.dates["settled"]]
answers = crmkit.load("tracker_answers").merge(people, on="respondent_id")
links = expand_links(crmkit.load("tracker_answers"), crmkit.load("brand_words"))
links.head(3)
