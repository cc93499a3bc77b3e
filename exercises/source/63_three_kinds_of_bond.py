# %% [markdown] label="title" tables=["bond_study", "repairs", "partner_ideas"]
# # Exercises 63: three kinds of bond
#
# Nora's study once more. `trial` holds the customers whose bond chance decided, `fair` the cases in which chance decided on the repair.

# %% label="imports"
import numpy as np
import pandas as pd

import crmkit
from crmkit import relations
from crmkit.practice import check, hint, progress, solution

company = crmkit.company()
study, cases = crmkit.load("bond_study"), crmkit.load("repairs")
trial, fair = study[study["how"] == "by chance"], cases[cases["how"] == "by chance"]
ideas = crmkit.load("partner_ideas")
print(f"{len(trial):,} customers with a bond by chance, {len(fair):,} cases with a repair by chance")

# %% [markdown] label="63-5"
# Staying curves are not only for bonds. An app sells subscriptions, and its file is of the same kind.
