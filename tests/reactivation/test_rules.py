"""Lines with their intervals, and rules compared: worked cases, and coverage where the truth is a formula."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crmkit.errors import CrmkitError
from crmkit.reactivation import (
    STATES,
    compare_rules,
    kappa_lead,
    listed_states,
    return_curve,
    threshold_intervals,
    thresholds_by_return,
    try_horizons,
)

TRUTH = pd.Series(list(STATES) * 50, index=range(1, 201))


def weibull_gaps(seed: int, n: int = 1000) -> pd.DataFrame:
    """One gap a customer, its hazard falling: P(longer than d) = exp(-sqrt(d / 20)), watched for up to 900 days."""
    rng = np.random.default_rng(seed)
    length, watched = 20 * rng.exponential(1, n) ** 2, rng.uniform(300, 900, n)
    return pd.DataFrame(
        {"gap_days": np.ceil(np.minimum(length, watched)), "returned": length <= watched}
    )


def true_line(level: float, horizon: float = 60) -> float:
    days = np.arange(600)
    chance = 1 - np.exp(np.sqrt(days / 20) - np.sqrt((days + horizon) / 20))
    return float(days[chance < level][0])


def test_intervals_of_the_lines_cover_the_true_days() -> None:
    levels = (0.7, 0.6, 0.52)
    true = [true_line(level) for level in levels]
    inside = []
    for seed in range(40):
        curve = return_curve(weibull_gaps(seed), 60, at_most=130, draws=30)
        found = threshold_intervals(curve, levels)
        assert found["from_day"].tolist() == list(thresholds_by_return(curve, levels).cuts)
        inside.append((found["low"] <= true) & ((found["high"] >= true) | found["high"].isna()))
    covered = np.mean(inside, axis=0)
    assert (covered >= 0.88).all()
    assert covered.mean() < 1, "an interval that always holds is too wide"


def test_a_line_that_the_upper_end_never_reaches_has_no_latest_day() -> None:
    curve = pd.DataFrame(
        {
            "silent_days": [0, 10, 20, 30],
            "chance": [0.8, 0.4, 0.2, 0.09],
            "low": [0.7, 0.3, 0.09, 0.05],
            "high": [0.9, 0.49, 0.3, 0.2],
        }
    )
    found = threshold_intervals(curve)
    assert found["low"].tolist() == [10, 20, 20]
    assert found["high"].tolist()[:2] == [10, 30]
    assert np.isnan(found["high"].iloc[2])
    with pytest.raises(CrmkitError, match="no interval"):
        threshold_intervals(curve.assign(low=np.nan, high=np.nan))


def test_the_lead_of_a_perfect_rule_is_all_that_kappa_gives_and_of_itself_nothing() -> None:
    worst = pd.Series("asleep", index=TRUTH.index)
    found = kappa_lead(TRUTH, worst, TRUTH, draws=20)
    table = compare_rules({"right": TRUTH, "worst": worst}, TRUTH)["kappa"]
    assert found["lead"] == pytest.approx(table["right"] - table["worst"])
    assert found["ahead"] == 1
    same = kappa_lead(worst, worst, TRUTH, draws=20)
    assert (same["lead"], same["ahead"]) == (0, 0)
    assert np.isnan(same["low"]), "draws that are all alike give no interval"
    with pytest.raises(CrmkitError, match="No customer"):
        kappa_lead(TRUTH, worst.set_axis(range(1000, 1200)), TRUTH)


def test_the_lead_has_an_interval_that_holds_its_truth() -> None:
    rng = np.random.default_rng(0)
    many = pd.Series(rng.choice(STATES, 40_000))

    def blurred(seed: int, share: float, truth: pd.Series) -> pd.Series:
        draw = np.random.default_rng(seed)
        wrong = draw.random(len(truth)) < share
        return truth.where(~wrong, pd.Series(draw.choice(STATES, len(truth)), index=truth.index))

    true = kappa_lead(blurred(1, 0.3, many), blurred(2, 0.35, many), many, draws=1)["lead"]
    held = []
    for seed in range(12):
        few = many.sample(300, random_state=seed)
        found = kappa_lead(
            blurred(100 + seed, 0.3, few), blurred(200 + seed, 0.35, few), few, draws=30
        )
        held.append(found["low"] <= true <= found["high"])
    assert np.mean(held) >= 0.75


def test_horizons_are_tried_one_by_one() -> None:
    gaps = weibull_gaps(3)
    silent = pd.Series([1.0, 40.0, 120.0, 500.0], index=[1, 2, 3, 4])
    truth = pd.Series(list(STATES), index=[1, 2, 3, 4])
    levels = (0.7, 0.6, 0.52)
    tried = try_horizons(gaps, silent, truth, [30, 60], levels=levels)
    assert tried.index.tolist() == [30, 60]
    lines = thresholds_by_return(return_curve(gaps, 60, draws=0), levels)
    assert tried.loc[60, ["drowsy", "half_asleep", "asleep"]].tolist() == list(lines.cuts)
    alone = compare_rules({"x": lines.state(silent)}, truth).iloc[0]
    assert (
        tried.loc[60, ["right", "even", "kappa"]].tolist()
        == alone[["right", "even", "kappa"]].tolist()
    )


def test_a_longer_wait_lists_fewer_and_each_once() -> None:
    orders = pd.DataFrame(
        {
            "customer_id": [1, 2, 3, 4],
            "margin": [9.0, 8.0, 7.0, 1.0],
            "order_date": ["2025-01-01", "2025-04-01", "2025-06-01", "2025-06-30"],
        }
    )
    truth = pd.Series(["asleep", "drowsy", "awake", "awake"], index=[1, 2, 3, 4])
    table = listed_states(orders, truth, (20, 60, 120), as_of="2025-06-30", top_share=0.75)
    assert table["listed"].tolist() == [3, 2, 1]
    assert table.loc[60, list(STATES)].tolist() == [0, 1, 0, 1]
