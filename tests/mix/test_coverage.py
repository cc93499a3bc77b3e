"""Intervals hold the truth about as often as they say: each fails when the clustering by person is taken out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from benchmarks import coverage_mix
from benchmarks._coverage import measure
from crmkit.errors import CrmkitError
from crmkit.mix import DemandCurve

ENTRIES = {entry.function: entry for entry in coverage_mix.ENTRIES}


# With rows counted as independent: DemandCurve .78.
@pytest.mark.parametrize(("function", "size", "worlds"), [("mix.DemandCurve.interval", 60, 80)])
def test_clustered_intervals_hold(function: str, size: int, worlds: int) -> None:
    assert 0.9 <= measure(ENTRIES[function], size, worlds).coverage <= 0.99


def test_level_is_a_level() -> None:
    curve = DemandCurve().fit(coverage_mix.shelf_prices(80, np.random.default_rng(0)))
    narrow, wide = (np.diff(curve.interval([16.0], level), axis=0)[0, 0] for level in (0.8, 0.99))
    assert narrow < wide
    with pytest.raises(CrmkitError, match="level"):
        curve.interval([16.0], 1.96)


def test_answers_of_one_person_are_a_sample_of_that_person() -> None:
    frame = coverage_mix.shelf_prices(80, np.random.default_rng(0))
    alone = DemandCurve().fit(frame.assign(customer_id=1))
    nameless = DemandCurve().fit(frame.drop(columns="customer_id"))
    assert alone.covariance_ == pytest.approx(nameless.covariance_)
    people = DemandCurve().fit(frame)
    # One person's five answers are worth less than five persons' answers.
    assert people.covariance_[1, 1] > 1.2 * nameless.covariance_[1, 1]


def test_the_covariance_is_that_of_refits_without_each_person() -> None:
    frame = coverage_mix.shelf_prices(60, np.random.default_rng(4))
    whole = DemandCurve().fit(frame)
    left_out = pd.DataFrame(
        [
            (part.a_, part.b_)
            for who in range(60)
            for part in [DemandCurve().fit(frame[frame["customer_id"] != who])]
        ]
    )
    jackknife = np.cov(left_out.T, ddof=0) * 59  # slow, and knows nothing of scores
    assert np.sqrt(np.diag(whole.covariance_)) == pytest.approx(
        np.sqrt(np.diag(jackknife)), rel=0.2
    )
