# %% [markdown] label="title" tables=["tracker_respondents", "tracker_answers", "brand_words"]
# # Exercises 41: lookalikes
#
# Before and after Fernhollow: the same questions, other people. Put your answer in place of the three dots and run the cell: `check` answers at once. Stuck? Add a cell with `hint("41-1")`, again for the next hint; after three tries `solution("41-1")` opens.

# %% label="imports"
import crmkit
from crmkit.brand import distinctiveness, expand_links, links_matrix, mental_availability
from crmkit.practice import check, hint, progress, solution

company = crmkit.company()

# %% [markdown] label="41-1"
# ## 41-1 · How many links did {company.name} lose? (1 point)
# By how much did {company.name}'s network size (links per person who has any) change from the year before the lookalike (weeks before {company.dates[turn]}) to the time after it had settled (weeks after {company.dates[settled]})? (links per 100 people who have any, two decimals; a fall is negative)

# %% label="check-41-1"
# size(after) - size(____)               <- links per person who has any
### BEGIN SOLUTION
people = crmkit.load("tracker_respondents")
turn, settled = company.dates["turn"], company.dates["settled"]
before, after = people[people["week"] < turn], people[people["week"] > settled]
links = expand_links(crmkit.load("tracker_answers"), crmkit.load("brand_words"))


def size(group):
    own = links[
        links["respondent_id"].isin(group["respondent_id"]) & (links["brand"] == company.name)
    ]
    return len(own) / own["respondent_id"].nunique()


answer = 100 * (size(after) - size(before))
### END SOLUTION
check("41-1", answer)

# %% [markdown] label="41-2"
# ## 41-2 · How much trust, beyond what happened to all? (2 points)
# Use Toolmere, Bramblecote, Pennygrove and Oakwright as the control group: how far did trust in {company.name} change (same two periods) beyond the mean change of these four brands? (points of the 0 to 10 scale, three decimals)

# %% label="check-41-2"
# change = late - early                  <- mean trust by brand; then ours less ____
### BEGIN SOLUTION
people = crmkit.load("tracker_respondents")
answers = crmkit.load("tracker_answers").merge(people, on="respondent_id")
early = answers[answers["week"] < company.dates["turn"]].groupby("brand")["trust"].mean()
late = answers[answers["week"] > company.dates["settled"]].groupby("brand")["trust"].mean()
change = late - early
answer = change[company.name] - change[["Toolmere", "Bramblecote", "Pennygrove", "Oakwright"]].mean()
### END SOLUTION
check("41-2", answer)

# %% [markdown] label="41-3"
# ## 41-3 · Who is nearest to whom? (3 points)
# For the time after {company.dates[settled]} give for each `brand` its `nearest` rival in memory and their `similarity` (cosine of the two profiles, three decimals).

# %% label="check-41-3"
# table = distinctiveness(links_matrix(____))
### BEGIN SOLUTION
people = crmkit.load("tracker_respondents")
turn, settled = company.dates["turn"], company.dates["settled"]
before, after = people[people["week"] < turn], people[people["week"] > settled]
links = expand_links(crmkit.load("tracker_answers"), crmkit.load("brand_words"))
links = links[links["respondent_id"].isin(after["respondent_id"])]
table = distinctiveness(links_matrix(links))
answer = table.reset_index()[["brand", "nearest", "similarity"]]
### END SOLUTION
check("41-3", answer)

# %% [markdown] label="41-4"
# ## 41-4 · One answer to the copy (4 points)
# The director has money for one answer to Fernhollow: change the leaf and the green, claim four new words, sue, or push the word that is most ours. What do you advise, and what would you measure?

# %% label="check-41-4"
### BEGIN SOLUTION
answer = (
    "Most of the loss is dilution, which neither a court nor a new leaf gives back. What is ours alone is "
    "the fall in links per person and in trust, and the brands with similar words but another look lost "
    "neither: that points to the looks. I would not claim four words: each would thin out 'someone "
    "explains'. I would test a changed leaf in five towns drawn by chance against five others, and "
    "compare links and trust there after half a year, because the old leaf is also what our regulars "
    "recognise us by. "
)
### END SOLUTION
check("41-4", answer)

# %% [markdown] label="far-come-progress-new-cell"
# How far have you come? `progress()` in a new cell shows it, lesson by lesson.
