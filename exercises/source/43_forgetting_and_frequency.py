# %% [markdown] label="title" tables=["recall_experiment"]
# # Exercises 43: forgetting and frequency
#
# The recall experiment: how often, how far apart, asked how long after. Put your answer in place of the three dots and run the cell: `check` answers at once. Stuck? Add a cell with `hint("43-1")`, again for the next hint; after three tries `solution("43-1")` opens.

# %% label="imports"
import numpy as np
import pandas as pd

import crmkit
from crmkit.brand import Exponential, exposure_ages
from crmkit.practice import check, hint, progress, solution

# %% [markdown] label="43-1"
# ## 43-1 · What eight contacts leave (1 point)
# Of the people who had exactly eight contacts and were asked four weeks or more after the last one, how many recalled the brand? (per cent, two decimals)

# %% label="check-43-1"
# trials.query("exposures == ____ and weeks_after >= ____")
### BEGIN SOLUTION
trials = crmkit.load("recall_experiment")
answer = 100 * trials.query("exposures == 8 and weeks_after >= 4")["recalled"].mean()
### END SOLUTION
check("43-1", answer)

# %% [markdown] label="43-2"
# ## 43-2 · The half-life of a trace (2 points)
# Fit `Exponential()` (without spacing) to the whole experiment. What is the half-life of a trace, in weeks? (two decimals)

# %% label="check-43-2"
# model = Exponential().fit(exposure_ages(trials), ____)
### BEGIN SOLUTION
trials = crmkit.load("recall_experiment")
model = Exponential().fit(exposure_ages(trials), trials["recalled"])
answer = np.log(2) / model.params_["decay"]
### END SOLUTION
check("43-2", answer)

# %% [markdown] label="43-3"
# ## 43-3 · Soon and late, by number of contacts (3 points)
# For each number of `exposures` above 0 give the share who recall `early` (asked two weeks or less after the last contact) and `late` (sixteen weeks or more), in per cent.

# %% label="check-43-3"
# early = trials.query("weeks_after <= ____").groupby(____)["recalled"].mean()
### BEGIN SOLUTION
trials = crmkit.load("recall_experiment").query("exposures > 0")
early = trials.query("weeks_after <= 2").groupby("exposures")["recalled"].mean()
late = trials.query("weeks_after >= 16").groupby("exposures")["recalled"].mean()
answer = pd.DataFrame({"early": 100 * early, "late": 100 * late}).reset_index()
### END SOLUTION
check("43-3", answer)

# %% [markdown] label="43-4"
# ## 43-4 · A letter from the agency (4 points)
# The agency writes: 'Ebbinghaus proved that memory grows with repetition. We recommend thirteen contacts in the launch week.' Answer the letter.

# %% label="check-43-4"
### BEGIN SOLUTION
answer = (
    "Ebbinghaus measured the work saved by one man who wanted to learn; our viewers do not. In our "
    "experiment recall does grow with contacts, but the ninth adds less than half of what the second "
    "added, and weeks of memory grow with the logarithm. Thirteen in one week lose much of their effect "
    "because a contact that follows at once is half attended to: a week or two apart they last about half "
    "as long again. Tell us what recall you want in which week, and what a point is worth to us; then we "
    "can talk about how many. "
)
### END SOLUTION
check("43-4", answer)

# %% [markdown] label="far-come-progress-new-cell"
# How far have you come? `progress()` in a new cell shows it, lesson by lesson.
