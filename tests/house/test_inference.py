"""The shared intervals: as published, as scipy has them, and as a slow independent computation gives them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from crmkit.errors import CrmkitError
from crmkit.inference import (
    adjust_p_values,
    beta_product,
    bootstrap_draws,
    bootstrap_interval,
    clustered_covariance,
    critical_value,
    mean_difference,
    mean_interval,
    newcombe,
    newcombe_p,
    percentile_interval,
    ratio_interval,
    tells_spread,
    wilson,
)


def test_as_newcombe_published_it() -> None:
    # Newcombe 1998, Statistics in Medicine 17, 857-872, Table I; and 873-890, Table II (method 10).
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0, 0.1611), abs=5e-5)
    for counts, low, high in [
        ((56, 70, 48, 80), 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((5, 56, 0, 29), -0.0381, 0.1926),
        ((10, 10, 0, 10), 0.6075, 1.0),
    ]:
        assert newcombe(*counts)[1:] == pytest.approx((low, high), abs=5e-5)


@given(st.integers(0, 50), st.integers(1, 50), st.sampled_from([0.5, 0.8, 0.95, 0.99]))
@settings(max_examples=40, deadline=None)
def test_wilson_is_scipys(hits: int, n: int, level: float) -> None:
    hits = min(hits, n)
    theirs = stats.binomtest(hits, n).proportion_ci(level, method="wilson")
    assert wilson(hits, n, level=level) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


@given(st.integers(0, 20), st.integers(0, 40))
@settings(max_examples=40, deadline=None)
def test_the_p_value_agrees_with_the_interval(k1: int, k2: int) -> None:
    p = float(newcombe_p(k1, 20, k2, 40))
    if k1 * 40 == k2 * 20:
        assert p == 1.0
        return
    if p > 1e-9:  # below, 1 - p has too few digits left to be a level
        _, low, high = newcombe(k1, 20, k2, 40, level=1 - p)
        assert min(abs(low), abs(high)) < 1e-4
    inside = newcombe(k1, 20, k2, 40)
    assert (p < 0.05) == (inside[1] > 0 or inside[2] < 0)


def test_one_meaning_of_level() -> None:
    assert critical_value(0.95) == pytest.approx(1.959964, abs=1e-6)
    for wrong in (1.96, 95, 0, 1):
        with pytest.raises(CrmkitError, match="level"):
            critical_value(wrong)


def test_no_interval_without_spread() -> None:
    assert not tells_spread([4.0])
    assert not tells_spread([0.3, 0.1 + 0.2])
    for found in (
        mean_interval([3, 3, 3]),
        mean_interval([3]),
        mean_difference([2, 2, 2], [1, 5, 9]),
        ratio_interval([1, 2], [2, 4], share=False),
        bootstrap_interval(lambda rows: 1.0, range(9), draws=20),
    ):
        assert np.isnan(found.low)
        assert np.isnan(found.high)
        assert np.isfinite(found.estimate)
    assert ratio_interval([0, 0], [2, 4]).high > 0.5  # a share of 0 among two people has an end


def test_means_are_scipys() -> None:
    one, two = [4.0, 6, 8, 9, 7], [1.0, 2, 3, 1, 2, 2]
    theirs = stats.ttest_ind(one, two, equal_var=False).confidence_interval(0.9)
    assert mean_difference(one, two, level=0.9)[1:] == pytest.approx((theirs.low, theirs.high))
    assert mean_difference([1, 0, 1], [0, 0, 1])[1:] == pytest.approx(newcombe(2, 3, 1, 3)[1:])
    own = stats.ttest_1samp(one, 0).confidence_interval()
    assert mean_interval(one)[1:] == pytest.approx((own.low, own.high))


@given(st.integers(1, 30), st.integers(0, 30))
@settings(max_examples=30, deadline=None)
def test_beta_product_without_censoring_is_clopper_and_pearsons(n: int, gone: int) -> None:
    gone = min(gone, n)
    risk = np.arange(n, n - gone, -1) if gone else np.array([n])
    low, high = beta_product(risk, np.ones(gone) if gone else [0])
    exact = stats.binomtest(n - gone, n).proportion_ci(method="exact")
    assert (low[-1], high[-1]) == pytest.approx((exact.low, exact.high), abs=1e-6)
    narrow = beta_product(risk, np.ones(gone) if gone else [0], mid=True)
    assert low[-1] <= narrow[0][-1] + 1e-9
    assert narrow[1][-1] <= high[-1] + 1e-9


def test_clustered_covariance_by_hand() -> None:
    rng = np.random.default_rng(3)
    who = np.array(list("aabbbccdeeff"))
    x = np.column_stack([np.ones(12), rng.normal(size=12)])
    y = x @ [1, 2] + rng.normal(size=12)
    beta = np.linalg.lstsq(x, y, rcond=None)[0]
    bread, residual = np.linalg.inv(x.T @ x), y - x @ beta
    meat = np.zeros((2, 2))
    for name in "abcdef":
        s = sum(x[i] * residual[i] for i in range(12) if who[i] == name)
        meat += np.outer(s, s)
    by_hand = bread @ meat @ bread * 6 / 5
    assert clustered_covariance(bread, x * residual[:, None], who) == pytest.approx(by_hand)
    two = np.where(who < "c", "x", "y")
    assert np.isnan(clustered_covariance(bread, x * residual[:, None], two)).all()
    with pytest.raises(CrmkitError, match="belong to nobody"):
        clustered_covariance(bread, x, [None, *who[1:]])


def test_bootstrap_draws_whole_clusters() -> None:
    who = np.array([5, 5, 7, 9, 9, 9])
    seen = []
    bootstrap_draws(lambda rows: seen.append(np.sort(rows)) or 0.0, who, draws=30, seed=1)
    for rows in seen:
        counts = np.bincount(rows, minlength=6)
        assert counts[0] == counts[1]
        assert counts[3] == counts[4] == counts[5]
        assert counts[0] + counts[2] + counts[3] == 3


def test_bca_is_scipys() -> None:
    spent = np.random.default_rng(0).gamma(1, 20, 60)
    mine = bootstrap_interval(lambda rows: spent[rows].mean(), range(60), draws=4000, seed=1)
    theirs = stats.bootstrap(
        (spent,), np.mean, n_resamples=4000, method="BCa", rng=np.random.default_rng(2)
    ).confidence_interval
    plain = percentile_interval(bootstrap_draws(lambda r: spent[r].mean(), range(60), draws=4000))
    width = mine.high - mine.low
    assert mine[1:] == pytest.approx((theirs.low, theirs.high), abs=0.04 * width)
    assert mine.high > plain[1]  # the long tail is to the right


def test_grouped_jackknife_sees_the_same_skew() -> None:
    spent = np.random.default_rng(0).gamma(0.5, 20, 2000)
    mine = bootstrap_interval(lambda rows: spent[rows].mean(), range(2000), draws=1500, seed=1)
    theirs = stats.bootstrap(
        (spent,), np.mean, n_resamples=1500, method="BCa", rng=np.random.default_rng(1)
    ).confidence_interval
    assert mine[1:] == pytest.approx((theirs.low, theirs.high), abs=0.08 * (mine.high - mine.low))


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_corrections_by_their_definition(p: list[float]) -> None:
    ordered = sorted(p)
    n = len(p)
    holm = [
        min(1, max((n - j) * ordered[j] for j in range(ordered.index(x) + ordered.count(x))))
        for x in p
    ]
    fdr = [min(1, min(n * ordered[j] / (j + 1) for j in range(ordered.index(x), n))) for x in p]
    assert adjust_p_values(p) == pytest.approx(holm)
    assert adjust_p_values(p, "fdr") == pytest.approx(fdr)


def test_corrections_keep_index_and_gaps() -> None:
    p = pd.Series([0.01, np.nan, 0.04], index=["a", "b", "c"])
    found = adjust_p_values(p)
    assert found.index.tolist() == ["a", "b", "c"]
    assert np.isnan(found["b"])
    assert found["a"] == pytest.approx(0.02)
    with pytest.raises(CrmkitError, match="between 0 and 1"):
        adjust_p_values([1.2])
    with pytest.raises(CrmkitError, match="holm"):
        adjust_p_values([0.2], method="sidak")
