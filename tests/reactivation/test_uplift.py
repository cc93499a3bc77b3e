"""Uplift learners, Qini curves and policies: known effects, ceilings, ties."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.ensemble import RandomForestClassifier

from crmkit.errors import CrmkitError
from crmkit.reactivation import (
    TransformedOutcome,
    TwoModels,
    area,
    effect_error,
    features,
    perfect_qini_curve,
    policy_value,
    qini_band,
    qini_curve,
    true_curve,
    uplift_by_group,
    uplift_curve,
)


def experiment(seed: int, n: int = 4000) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Known effects: won where x is high, driven away where it is low."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 3))
    effect = 0.15 * np.tanh(X[:, 0]) + 0.05
    treated = rng.random(n) < 0.4
    y = (rng.random(n) < 0.3 + 0.1 * np.tanh(X[:, 1]) + effect * treated).astype(float)
    return X, treated, y, effect


@pytest.mark.parametrize(
    "learner",
    [
        TwoModels(),
        TransformedOutcome(),
        TwoModels(RandomForestClassifier(50, min_samples_leaf=80, random_state=1)),
    ],
)
def test_learners_recover_the_order_of_known_effects_on_fresh_customers(learner) -> None:
    X, treated, y, _ = experiment(1, 12_000)
    fresh, _, _, effect = experiment(2)
    found = learner.fit(X, treated, y).predict(fresh)
    error = effect_error(found, effect)
    assert error["rank_correlation"] > 0.75
    assert error["rmse"] < error["rmse_of_average"]
    assert abs(error["bias"]) < 0.03


def test_transformed_outcome_takes_the_designed_share() -> None:
    X, treated, y, effect = experiment(3, 20_000)
    model = TransformedOutcome(treated_share=0.4).fit(X, treated, y)
    assert model.treated_share_ == 0.4
    assert model.predict(X).mean() == pytest.approx(effect.mean(), abs=0.02)


@pytest.mark.parametrize("break_it", ["short", "no control", "nobody returned", "unknown"])
def test_learners_refuse_what_teaches_nothing(break_it: str) -> None:
    X, treated, y, _ = experiment(1, 200)
    if break_it == "short":
        y = y[:-1]
    elif break_it == "no control":
        treated = np.ones(200, bool)
    elif break_it == "unknown":
        y[7] = np.nan
    else:
        y = y * ~treated
    with pytest.raises(CrmkitError):
        TwoModels().fit(X, treated, y)


def test_random_scores_have_a_qini_of_zero_within_the_band() -> None:
    _, treated, y, _ = experiment(5, 600)
    inside, values = [], []
    for seed in range(100):
        score = np.random.default_rng(seed).random(600)
        _, qini = qini_band(score, treated, y, resamples=100, seed=seed)
        inside.append(qini["low"] <= 0 <= qini["high"])
        values.append(qini["qini"])
    assert np.mean(inside) >= 0.88
    assert np.mean(values) == pytest.approx(0, abs=3 * np.std(values) / 10)


def test_the_uplift_curve_has_a_band_too() -> None:
    _, treated, y, effect = experiment(6, 6000)
    curve, good = qini_band(effect, treated, y, seed=1, draw=uplift_curve)
    assert good["qini"] == area(uplift_curve(effect, treated, y))
    assert good["low"] > 0
    assert np.isnan(good["of_perfect"])
    assert (curve["low"] <= curve["high"]).all()
    assert curve["gain"].iloc[-1] == pytest.approx(y[treated].mean() - y[~treated].mean())


def test_a_good_score_is_above_its_band_and_a_reversed_one_below() -> None:
    _, treated, y, effect = experiment(6, 6000)
    _, good = qini_band(effect, treated, y, seed=1)
    _, bad = qini_band(-effect, treated, y, seed=1)
    assert good["low"] > 0 > bad["high"]
    assert 0 < good["of_perfect"] < 1


small = st.lists(
    st.tuples(st.integers(0, 3), st.booleans(), st.booleans()), min_size=2, max_size=5
).filter(lambda rows: len({treated for _, treated, _ in rows}) == 2)


@settings(max_examples=40, deadline=None)
@given(rows=small)
def test_no_order_beats_the_ceiling_and_some_order_touches_it_at_each_point(rows) -> None:
    treated, y = np.array([r[1] for r in rows]), np.array([float(r[2]) for r in rows])
    ceiling = perfect_qini_curve(treated, y)["gain"].to_numpy()
    best = np.full(len(rows) + 1, -np.inf)
    for order in permutations(range(len(rows))):
        score = np.empty(len(rows))
        score[list(order)] = -np.arange(len(rows))
        best = np.maximum(best, qini_curve(score, treated, y)["gain"].to_numpy())
    np.testing.assert_allclose(best, ceiling, atol=1e-12)


@settings(max_examples=60, deadline=None)
@given(rows=small, seed=st.integers(0, 99))
def test_the_order_of_the_rows_changes_nothing_whatever_is_tied(rows, seed) -> None:
    score, treated, y = (np.array([float(r[k]) for r in rows]) for k in range(3))
    mixed = np.random.default_rng(seed).permutation(len(rows))
    for curve in (qini_curve, uplift_curve):
        one = curve(score, treated.astype(bool), y)
        other = curve(score[mixed], treated[mixed].astype(bool), y[mixed])
        pd.testing.assert_frame_equal(one, other)
    pd.testing.assert_frame_equal(true_curve(score, y), true_curve(score[mixed], y[mixed]))


def test_a_file_sorted_by_arm_gains_nothing_from_one_score_for_all() -> None:
    treated = np.repeat([True, False], 50)
    y = np.tile([1.0, 0.0], 50)
    assert area(qini_curve(np.zeros(100), treated, y)) == 0
    assert area(uplift_curve(np.zeros(100), treated, y)) == 0
    assert len(uplift_by_group(np.zeros(100), treated, y)) == 1


def test_no_score_beats_the_true_effect_under_the_truth() -> None:
    _, _, _, effect = experiment(8, 500)
    perfect = true_curve(effect, effect)
    for seed in range(20):
        other = true_curve(np.random.default_rng(seed).random(500) + effect, effect)
        assert (
            np.interp(perfect["share"], other["share"], other["gain"]) <= perfect["gain"] + 1e-12
        ).all()
    assert perfect["gain"].iloc[-1] == pytest.approx(effect.mean())


def test_qini_and_uplift_curve_end_at_the_effect_of_treating_everybody() -> None:
    _, treated, y, _ = experiment(9, 1000)
    difference = y[treated].mean() - y[~treated].mean()
    score = np.random.default_rng(1).random(1000)
    assert qini_curve(score, treated, y)["gain"].iloc[-1] == pytest.approx(difference)
    assert uplift_curve(score, treated, y)["gain"].iloc[-1] == pytest.approx(difference)


def test_groups_are_differences_within_and_hold_the_truth() -> None:
    _, treated, y, effect = experiment(10, 20_000)
    groups = uplift_by_group(effect, treated, y, groups=5, true_effect=effect)
    assert groups["customers"].tolist() == [4000] * 5
    assert groups["truth"].is_monotonic_decreasing
    assert ((groups["low"] <= groups["truth"]) & (groups["truth"] <= groups["high"])).sum() >= 4


def test_policy_value_covers_the_value_of_the_policy() -> None:
    covered = []
    for seed in range(100):
        X, treated, y, effect = experiment(seed, 800)
        policy = pd.Series(np.where(effect > 0, "call", "control"))
        true = np.mean(0.3 + 0.1 * np.tanh(X[:, 1]) + np.maximum(effect, 0))
        test = pd.DataFrame({"arm": np.where(treated, "call", "control"), "y": y})
        found = policy_value(test, policy, "y")
        covered.append(found["low"] <= true <= found["high"])
    assert np.mean(covered) >= 0.88


def test_a_policy_that_nobody_tried_is_refused() -> None:
    test = pd.DataFrame(
        {"arm": ["control", "call", "control"], "state": ["a", "a", "b"], "y": [0.0, 1.0, 0.0]}
    )
    with pytest.raises(CrmkitError, match="'call' in 'b'"):
        policy_value(test, pd.Series(["call"] * 3), "y", strata="state")
    with pytest.raises(CrmkitError, match="index"):
        policy_value(test, pd.Series(["call"] * 3, index=[5, 6, 7]), "y")


@pytest.mark.parametrize(
    "arguments",
    [
        ([1, 2], [True], [1, 0]),
        ([1, np.nan], [True, False], [1, 0]),
        ([1, 2], [True, True], [1, 0]),
    ],
)
def test_curves_refuse_what_they_cannot_draw(arguments) -> None:
    with pytest.raises(CrmkitError):
        qini_curve(*arguments)


def test_features_are_numbers_with_one_column_a_word() -> None:
    table = features(
        pd.DataFrame({"state": ["a", "b", "c"], "n": [1, 2, 3], "yes": [True, False, True]}),
        ["state", "n", "yes"],
    )
    assert table.columns.tolist() == ["n", "yes", "state_b", "state_c"]
    assert table["yes"].tolist() == [1.0, 0.0, 1.0]
