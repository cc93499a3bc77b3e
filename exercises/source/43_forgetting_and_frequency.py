# %% [markdown] label="title" tables=["recall_experiment"]
# # Exercises 43: forgetting and frequency
#
# The recall experiment: how often, how far apart, asked how long after.

# %% label="imports"
import numpy as np
import pandas as pd

import crmkit
from crmkit.brand import Exponential, Power, compare_models, exposure_ages, returns_of_frequency
from crmkit.practice import check, hint, progress, solution

trials = crmkit.load("recall_experiment")
trials.head(3)
