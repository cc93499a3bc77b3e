# %% [markdown] label="title" tables=["shop_conversations", "shop_answers"]
# # Exercises 11: the drill and the hole
#
# Seven hundred people came in and asked for a drill. Stuck? Add a cell with `hint("11-1")`; after three tries `solution("11-1")` opens. In a class everybody has data of their own, so a neighbour's number is of no use to you.

# %% label="imports"
import numpy as np

import crmkit
from crmkit.practice import check, hint, solution

# %% [markdown] label="11-1"
# ## 11-1 · How much more does clerk B sell? (1 point)
# By how many percentage points, to two decimals, is the share of visitors who buy higher with clerk B than with clerk A, over all recorded conversations?

# %% label="check-11-1"
# share = talks.groupby(____)["bought"].mean()
### BEGIN SOLUTION
share = crmkit.load("shop_conversations").groupby("clerk")["bought"].mean()
answer = 100 * (share["B"] - share["A"])
### END SOLUTION
check("11-1", answer)

# %% [markdown] label="11-2"
# > One of the two columns with questions was drawn by chance. Which?
#
# ## 11-2 · Does a further question pay? (2 points)
# How does the share of clerk B's visitors who buy depend on how many questions she *planned* to ask? Give `planned_questions` (0 to 6) and `share` in per cent, so that patience does not sort the visitors.

# %% label="check-11-2"
### BEGIN SOLUTION
talks = crmkit.load("shop_conversations")
share = 100 * talks.query("clerk == 'B'").groupby("planned_questions")["bought"].mean()
answer = share.rename("share").reset_index()
### END SOLUTION
check("11-2", answer)

# %% [markdown] label="11-3"
# ## 11-3 · What does an answer tell? (3 points)
# How many bits does the recorded answer to each question carry: the entropy of the answers in `shop_answers`? Give `question` and `bits`. (A question that everybody answers alike carries 0 bits; yes and no in equal shares carry 1.)


# %% label="check-11-3"
### BEGIN SOLUTION
def entropy(given):
    share = given.value_counts(normalize=True)
    return -(share * np.log2(share)).sum()


bits = crmkit.load("shop_answers").groupby("question")["answer"].apply(entropy)
answer = bits.rename("bits").reset_index()
### END SOLUTION
check("11-3", answer)

# %% [markdown] label="11-4"
# The next one has no right answer in the tables, only a better and a worse reasoned one.
#
# ## 11-4 · Who serves the tradespeople? (4 points, a decision)
# {company.name} opens a counter for tradespeople at seven in the morning. Should the clerks there ask first, like B, or show everything, like A? Decide, and say how you would find out whether you were right.

# %% label="check-11-4"
### BEGIN SOLUTION
answer = """Show first. Tradespeople mostly know the part they want and have a van waiting; on the map, A wins where most visitors
know and hurry moves the line further his way, and in the record A sold more to those who knew. But I would keep one
question for everybody who hesitates: what is it for? For two weeks a die decides each morning which way is used, and we
count all who came in, also those who walked out, by the die and not by what was asked."""
### END SOLUTION
check("11-4", answer)
