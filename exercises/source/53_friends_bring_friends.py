# %% [markdown] label="title" tables=["introductions", "customers", "newcomers", "reward_test", "engagement"] names=["customers.acquisition_channel: friend"]
# # Exercises 53: friends bring friends
#
# Nora's tables once more: introductions, newcomers by a friend and others, and the test of rewards. In `test`, `honest` counts friends who do not live with the inviter.

# %% label="imports"
import pandas as pd

import crmkit
from crmkit import prospects
from crmkit.practice import check, hint, progress, solution

company = crmkit.company()
customers, introductions = crmkit.load("customers"), crmkit.load("introductions")
newcomers, test = crmkit.load("newcomers"), crmkit.load("reward_test")
test["honest"] = test["friends_120d"] - test["same_address"]
print(f"{len(introductions):,} introductions, {len(newcomers):,} newcomers, {len(test):,} customers in the test")

# %% [markdown] label="53-6"
# The next question is about money: what is a friend worth who would not be there?
