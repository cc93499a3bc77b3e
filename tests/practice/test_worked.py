"""What several questions build on is computed once, and nobody gets what is not theirs."""

import numpy as np
import pandas as pd

from crmkit.practice import worked
from crmkit.practice.tables import OwnTables
from crmkit.practice.worked import once


def tables():
    frames = {"orders": pd.DataFrame({"turnover": [2.0, 3.0]})}
    return OwnTables.of_frames(frames, {"truth": pd.DataFrame({"secret": [1]})})


def counting(asked):
    @once
    def orders(data, factor=1):
        asked.append(factor)
        found = data.load("orders") * factor
        return found, found["turnover"].to_numpy()

    return orders


def test_what_is_changed_is_not_what_is_kept():
    asked, own = [], tables()
    orders = counting(asked)
    frame, values = orders(own)
    frame["turnover"] = 0.0
    frame.loc[0, "turnover"] = 7.0
    values[:] = 9
    again, numbers = orders(own.for_question(()))
    assert again["turnover"].tolist() == numbers.tolist() == [2, 3]
    assert asked == [1]


def test_other_tables_other_arguments_and_forgotten_ones_are_computed():
    asked, own = [], tables()
    orders = counting(asked)
    for data, factor in ((own, 1), (tables(), 1), (own, 2), (own, 1)):
        orders(data, factor)
    assert asked == [1, 1, 2]
    own.forget()
    orders(own)
    assert asked == [1, 1, 2, 1]


def test_what_cannot_be_compared_is_computed_each_time():
    asked, own = [], tables()
    orders = counting(asked)
    for _ in range(2):
        orders(own, np.array([2.0]))
    assert len(asked) == 2


def test_only_the_last_results_are_kept():
    asked, own = [], tables()
    orders = counting(asked)
    for factor in range(worked.KEPT + 1):
        orders(own, factor)
    assert len(own.worked) == worked.KEPT
    orders(own, worked.KEPT)
    orders(own, 0)
    assert asked == [*range(worked.KEPT + 1), 0]


def test_a_truth_that_one_question_may_see_reaches_no_other():
    @once
    def secret(data):
        try:
            return int(data.load_truth("truth")["secret"].sum())
        except Exception:
            return None

    own = tables()
    assert secret(own.for_question(("truth",))) == 1
    assert secret(own) is None
