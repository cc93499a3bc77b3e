"""Gaps, Kaplan-Meier and the return curve, against lifelines and against a world whose truth is a formula."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from lifelines import KaplanMeierFitter

from crmkit.errors import CrmkitError
from crmkit.reactivation import kaplan_meier, naive_return_share, purchase_gaps, return_curve


def censored(seed: int, n: int = 800, mean: float = 40.0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    length, watched = np.ceil(rng.exponential(mean, n)), np.ceil(rng.exponential(2 * mean, n))
    return pd.DataFrame({"gap_days": np.minimum(length, watched), "returned": length <= watched})


@pytest.mark.parametrize("unit", [1.0, 7.3], ids=["whole days", "own rhythm"])
@pytest.mark.parametrize("seed", range(5))
def test_kaplan_meier_is_that_of_lifelines(seed: int, unit: float) -> None:
    gaps = censored(seed)
    gaps["gap_days"] /= unit
    theirs = KaplanMeierFitter().fit(gaps["gap_days"], gaps["returned"])
    ours = kaplan_meier(gaps["gap_days"], gaps["returned"]).set_index("duration")
    np.testing.assert_allclose(ours["away"], theirs.survival_function_.iloc[:, 0], atol=1e-12)
    # Theirs is the log-log interval: with many at risk the beta product is nearly the same.
    bounds = theirs.confidence_interval_.to_numpy()
    many = ((ours["at_risk"] > 100) & (ours["away"] < 1)).to_numpy()
    np.testing.assert_allclose(ours.loc[many, "low"], bounds[many, 0], atol=0.01)
    np.testing.assert_allclose(ours.loc[many, "high"], bounds[many, 1], atol=0.01)


def test_nobody_back_is_no_certainty() -> None:
    quiet = pd.DataFrame({"gap_days": [100.0] * 12, "returned": False})
    first = return_curve(quiet, 10).iloc[0]
    assert first["chance"] == 0
    assert first["low"] == pytest.approx(0, abs=1e-12)
    assert 0.1 < first["high"] < 0.4
    step = kaplan_meier(quiet["gap_days"], quiet["returned"]).iloc[-1]
    assert step["away"] == 1
    assert step["high"] == pytest.approx(1)
    assert step["low"] < 0.9


def test_flags_as_text_or_missing_are_refused() -> None:
    for flags in (["True", "False"], [True, None], [1.0, np.nan]):
        with pytest.raises(CrmkitError, match="neither True nor False"):
            kaplan_meier([1, 2], flags)


def test_gaps_count_whole_days_over_a_change_of_clocks() -> None:
    days = pd.Series(pd.to_datetime(["2025-03-29", "2025-03-31"])).dt.tz_localize("Europe/Berlin")
    orders = pd.DataFrame({"customer_id": 1, "order_date": days})
    as_of = pd.Timestamp("2025-04-02", tz="Europe/Berlin")
    assert purchase_gaps(orders, as_of)["gap_days"].tolist() == [2, 2]


def test_return_curve_is_one_less_the_ratio_of_lifelines_survival() -> None:
    gaps = censored(7)
    theirs = KaplanMeierFitter().fit(gaps["gap_days"], gaps["returned"])
    curve = return_curve(gaps, 20, at_most=60).set_index("silent_days")
    for day in (0, 15, 60):
        expected = 1 - theirs.predict(day + 20) / theirs.predict(day)
        assert curve.loc[day, "chance"] == pytest.approx(expected, abs=1e-12)


def test_return_curve_recovers_a_constant_hazard_and_its_interval_covers_it() -> None:
    true = 1 - np.exp(-30 / 40)
    covered = []
    for seed in range(60):
        row = return_curve(censored(seed, 400), 30, at_most=30).iloc[-1]
        covered.append(row["low"] <= true <= row["high"])
    curve = return_curve(censored(0, 60_000), 30, at_most=60)
    np.testing.assert_allclose(curve["chance"], true, atol=0.03)
    assert np.mean(covered) >= 0.88


def test_leaving_open_gaps_out_flatters_and_calling_them_lost_slanders() -> None:
    share = naive_return_share(censored(1, 20_000), 40)["share"]
    true = 1 - np.exp(-1)
    assert share["open gaps left out"] > true + 0.02
    assert share["open gaps counted as lost"] < true - 0.02
    assert share["Kaplan-Meier"] == pytest.approx(true, abs=0.02)


def test_gaps_count_days_not_orders_and_the_last_is_open() -> None:
    orders = pd.DataFrame(
        {
            "customer_id": [2, 1, 1, 1],
            "order_date": ["2025-01-10", "2025-01-05", "2025-01-01", "2025-01-05"],
        }
    )
    gaps = purchase_gaps(orders, "2025-01-10")
    assert gaps[["customer_id", "gap_days", "returned"]].to_numpy().tolist() == [
        [1, 4, True],
        [1, 5, False],
        [2, 0, False],
    ]
    assert purchase_gaps(orders.sample(frac=1, random_state=1), "2025-01-10").equals(gaps)


def test_orders_after_the_day_are_not_looked_at() -> None:
    orders = pd.DataFrame(
        {"customer_id": 1, "order_date": pd.to_datetime(["2025-01-01", "2025-02-01", "2025-03-01"])}
    )
    assert purchase_gaps(orders, "2025-02-10")["gap_days"].tolist() == [31, 9]


def test_a_segment_gets_the_curve_that_it_has_alone() -> None:
    gaps = censored(3).assign(kind=lambda g: np.where(g.index % 2, "odd", "even"))
    both = return_curve(gaps, 20, by="kind", at_most=50)
    alone = return_curve(gaps[gaps["kind"] == "odd"], 20, at_most=50)
    mine = both[both["kind"] == "odd"].drop(columns="kind").reset_index(drop=True)
    pd.testing.assert_frame_equal(mine, alone)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda o: (o, "2027-01-01"), "outside the data"),
        (lambda o: (o.drop(columns="order_date"), None), "order_date"),
        (lambda o: (o.assign(order_date="soon"), None), "cannot be read"),
        (lambda o: (o.iloc[:0], None), "no rows"),
        (
            lambda o: (o.assign(customer_id=[1, None]), None),
            "customer_id: 1 of 2 values are missing",
        ),
    ],
)
def test_bad_orders_are_refused_in_words(change, words: str) -> None:
    orders, day = change(
        pd.DataFrame({"customer_id": [1, 2], "order_date": ["2025-01-01", "2025-02-01"]})
    )
    with pytest.raises(CrmkitError, match=words):
        purchase_gaps(orders, day)


def test_a_segment_of_three_gaps_or_of_no_name_is_named() -> None:
    gaps = censored(3).assign(kind="many")
    gaps.loc[:2, ["kind", "gap_days"]] = ["few", 5.0]
    with pytest.raises(CrmkitError, match=r"kind 'few' \(3 gaps\)"):
        return_curve(gaps, 20, by="kind")
    with pytest.raises(CrmkitError, match="kind: 3 of 800 values are missing"):
        return_curve(gaps.assign(kind=gaps["kind"].where(gaps["kind"] == "many")), 20, by="kind")


def test_a_horizon_longer_than_the_history_is_refused() -> None:
    with pytest.raises(CrmkitError, match="shorter"):
        return_curve(censored(1), 100_000)


def test_without_draws_the_curve_is_the_same_and_has_no_interval() -> None:
    gaps = censored(5)
    quick, whole = return_curve(gaps, 20, at_most=50, draws=0), return_curve(gaps, 20, at_most=50)
    assert quick["chance"].tolist() == whole["chance"].tolist()
    assert quick[["low", "high"]].isna().all(axis=None)
    with pytest.raises(CrmkitError, match="draws"):
        return_curve(gaps, 20, draws=-1)
