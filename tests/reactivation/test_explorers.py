"""Explorers: what they say follows what they show, at every end of every slider."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crmkit.reactivation import Thresholds, budget_curve, realised
from crmkit.reactivation.explorers import (
    bucket_explorer,
    budget_explorer,
    call_explorer,
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
        "calls": lambda: call_explorer(
            {"good": -SILENT, "bad": SILENT},
            pd.Series(["won", "anyway", "lost", "dog"] * 100, index=SILENT.index),
            pd.Series(0.2, index=SILENT.index).where(SILENT < 200, -0.1),
        ),
        "budget": lambda: budget_explorer(
            {"by uplift": curve}, {"by uplift": realised(curve, profits.assign(profit=-1.0))}
        ),
    }[name]()


@pytest.mark.parametrize("name", ["thresholds", "bucket", "sample size", "budget", "calls"])
def test_every_end_of_every_slider_draws_and_says_something(name: str) -> None:
    shown = make(name)
    for control, value in list(shown.values.items()):
        for end in ("min", "max"):
            if hasattr(shown._controls[control], end):
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
    assert "promises £14 from 2 contacts and truly brings -£2" in shown.sentence


@pytest.mark.parametrize(
    "shown",
    [
        lambda: bucket_explorer(2694, 86, 0.0286371, win_cost=31.76),
        lambda: sample_size_explorer(base=0.1234, customers=367, rise=0.0521),
    ],
    ids=["bucket", "sample size"],
)
def test_sliders_start_on_their_own_grid(shown) -> None:
    """A browser moves a slider to its nearest step at once: reset would then show something else than the start."""
    for name, control in shown()._controls.items():
        steps = (control.value - control.min) / control.step
        assert steps == pytest.approx(round(steps), abs=1e-6), name


@pytest.mark.parametrize(
    "setting", [{"won": 172, "leak": 0.0}, {"won": 172, "win_cost": 63.6}, {"leak": 15, "kept": 80}]
)
def test_no_line_of_the_bucket_leaves_the_picture(setting) -> None:
    shown = bucket_explorer(2694, 86, 0.029, win_cost=31.8)
    shown.set(**setting)
    assert shown.error is None
    for ax in shown._screen._figure.axes:
        for line in ax.lines:
            assert np.max(line.get_ydata()) <= ax.get_ylim()[1]


def test_the_calls_are_counted_and_the_goal_is_half_of_what_can_be_won() -> None:
    shown = make("calls")
    shown.set(share=50)
    assert "200 calls" in shown.sentence
    assert "win 40.0 extra returns" in shown.sentence
    assert "You reached the goal of 20" in shown.sentence
    shown.set(ranked="bad")
    assert "-20.0 extra returns" in shown.sentence
    assert "The goal is 20" in shown.sentence
