"""Explorers: what they say follows what they show, at every end of every slider."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crmkit.reactivation import Thresholds, budget_curve, realised
from crmkit.reactivation.explorers import (
    bucket_explorer,
    budget_explorer,
    sample_size_explorer,
    threshold_explorer,
    who_falls_where,
)

SILENT = pd.Series(np.arange(400), index=np.arange(1, 401))
TRUTH = Thresholds(50, 100, 200).state(SILENT)
CURVE = pd.DataFrame({"silent_days": range(500), "chance": np.linspace(0.8, 0.02, 500)})


def make(name: str):
    profits = pd.DataFrame(
        {
            "customer_id": [1, 2, 3],
            "offer": "mail",
            "profit": [9.0, 5.0, 1.0],
            "cost": [2.0, 2.0, 2.0],
        }
    )
    curve = budget_curve(profits)
    return {
        "thresholds": lambda: threshold_explorer(CURVE, SILENT, TRUTH),
        "bucket": bucket_explorer,
        "sample size": sample_size_explorer,
        "budget": lambda: budget_explorer(
            {"by uplift": curve}, {"by uplift": realised(curve, profits.assign(profit=-1.0))}
        ),
    }[name]()


@pytest.mark.parametrize("name", ["thresholds", "bucket", "sample size", "budget"])
def test_every_end_of_every_slider_draws_and_says_something(name: str) -> None:
    shown = make(name)
    for control, value in list(shown.values.items()):
        for end in ("min", "max"):
            shown.set(**{control: getattr(shown._controls[control], end)})
            assert shown.error is None
            assert len(shown.sentence) > 20
            assert "nan" not in shown.sentence
        shown.set(**{control: value})


def test_the_true_lines_are_right_for_everybody() -> None:
    shown = threshold_explorer(CURVE, SILENT, TRUTH, Thresholds(50, 100, 200))
    assert "In their true state: 100%" in shown.sentence
    shown.set(drowsy=300)
    assert "taken in rising order" in shown.sentence
    table = who_falls_where(SILENT, 300, 100, 200, TRUTH)
    assert table["customers"].tolist() == [100, 100, 100, 100]


def test_the_budget_says_what_is_expected_and_what_is_true() -> None:
    shown = make("budget")
    shown.set(budget=4)
    assert "£14, truly £-2 from 2 contacts" in shown.sentence
