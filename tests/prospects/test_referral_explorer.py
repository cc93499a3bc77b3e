"""The tree of introductions: what is said is what is drawn, at every end of every slider, in a tenth of a second."""

from __future__ import annotations

import time

import numpy as np
import pytest

from crmkit.prospects import grow_tree
from crmkit.prospects.referral_explorers import DOTS, MOST, ROWS, tree_explorer, tree_points


def test_every_end_of_every_slider_draws_and_says_something() -> None:
    shown = tree_explorer()
    for name, value in list(shown.values.items()):
        for end in ("min", "max"):
            shown.set(**{name: getattr(shown._controls[name], end)})
            assert shown.error is None
            assert len(shown.sentence) > 40
            assert "nan" not in shown.sentence
            assert "inf" not in shown.sentence
        shown.set(**{name: value})


def test_the_sentence_counts_the_tree() -> None:
    shown = tree_explorer(told=3, closing=0.2, starters=20, goal=5)
    shown.set(luck=4)
    came = np.bincount(grow_tree(20, 3, 0.2, seed=4)["generation"])[1:]
    assert f"{came[0]} in generation 1" in shown.sentence
    assert f"dies out after generation {len(came)}: {came.sum()} came in all" in shown.sentence
    assert "one customer stands for 1.50 others" in shown.sentence
    assert ("reached the goal" in shown.sentence) == (came.sum() >= 5)
    shown.set(told=8.0, closing=50)
    assert "grows without end" in shown.sentence


@pytest.mark.parametrize(("told", "closing"), [(3, 0.2), (8, 0.9), (2, 0.5)])
def test_what_is_drawn_is_bounded_and_linked(told: float, closing: float) -> None:
    tree = grow_tree(20, told, closing, most=MOST, seed=1)
    points, lines = tree_points(tree)
    row = -points[:, 1].astype(int)
    assert np.bincount(row).max() <= DOTS
    assert row.max() <= ROWS
    assert (points[:, 0] > 0).all()
    assert (points[:, 0] < 1).all()
    ends = {tuple(end) for end in lines[~np.isnan(lines[:, 0])]}
    assert ends <= {tuple(point) for point in points}


def test_a_drag_is_answered_within_a_tenth_of_a_second() -> None:
    shown = tree_explorer()
    spent = []
    for number in range(12):
        start = time.process_time()
        shown.set(told=1.0 + number / 2, closing=10 + 7 * number)
        spent.append(time.process_time() - start)
    assert np.median(spent) < 0.1
