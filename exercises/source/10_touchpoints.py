# %% [markdown] label="title" tables=["touchpoint_log", "journeys"]
# # Exercises 10: touchpoints
#
# Journeys past six touchpoints, and a trial of the remedy. Stuck? Add a cell with `hint("10-1")`; after three tries `solution("10-1")` opens. In a class everybody has data of their own, so a neighbour's number is of no use to you.

# %% label="imports"
import crmkit
from crmkit.mix import transition_shares, trial_effect, weak_links
from crmkit.practice import check, hint, solution

# %% [markdown] label="10-1"
# ## 10-1 · How many go on at the web's question? (1 point)
# Of the web's customers who reached the touchpoint `question` before the trial (arm `none`), how many per cent went on?

# %% label="check-10-1"
# part = both.query("channel == ____ and arm == ____ and touchpoint == 'question'")
### BEGIN SOLUTION
both = crmkit.load("touchpoint_log").merge(crmkit.load("journeys"), on="journey_id")
part = both.query("channel == 'web' and arm == 'none' and touchpoint == 'question'")
answer = 100 * part["went_on"].mean()
### END SOLUTION
check("10-1", answer)

# %% [markdown] label="10-2"
# ## 10-2 · How far does the web lag behind? (2 points)
# By how many percentage points does the web's share at `question` differ from that of shop and app together, outside the trial (arm `none`)? (Web less the others, to two decimals; a lower web gives a negative number.)

# %% label="check-10-2"
### BEGIN SOLUTION
journeys = crmkit.load("journeys")
shares = transition_shares(crmkit.load("touchpoint_log"), journeys[journeys["arm"] == "none"])
links = weak_links(shares, "web").set_index("touchpoint")
answer = 100 * links.loc["question", "gap"]
### END SOLUTION
check("10-2", answer)

# %% [markdown] label="10-3"
# > Before you run it: most visitors of the trial never reached the question. Do they belong in the count?
#
# ## 10-3 · What did the answer do for sales? (3 points)
# In the trial, by how many percentage points did answering at once raise the share who *bought*, among those who reached the question? (Two decimals.)

# %% label="check-10-3"
### BEGIN SOLUTION
journeys, log = crmkit.load("journeys"), crmkit.load("touchpoint_log")
trial = journeys[journeys["arm"] != "none"]
asked = log.query("touchpoint == 'question'").merge(trial, on="journey_id")
answer = 100 * trial_effect(asked[["arm", "bought"]])["effect"].iloc[0]
### END SOLUTION
check("10-3", answer)

# %% [markdown] label="10-4"
# You have a gap and an effect now. Neither of them is a decision yet.
#
# ## 10-4 · Mend the advertisement? (4 points, a decision)
# The managing director has {company.symbol}20,000 and a slide: 'The advertisement loses half of our customers: let us mend the advertisement.' What do you answer, and what would you do with the money?

# %% label="check-10-4"
### BEGIN SOLUTION
answer = """About as many go on from the advertisement in every channel, so nothing is broken there: that is what advertisements are
like. The web's question is another matter. There the share is far below that of shop and app, and the interval of the
gap lies wholly below zero. I would answer questions at once, for half of the visitors drawn by chance, and count the
sales among those who ask. I would promise less than the multiplied shares say, because those whom the mended link lets
through are less keen at the till."""
### END SOLUTION
check("10-4", answer)
