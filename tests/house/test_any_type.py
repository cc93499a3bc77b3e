"""The same table gives the same answer, whatever types its columns have and whatever its rows are called.

People bring tables from CSV, Parquet, a database: nullable and Arrow columns, time zones, rows numbered anyhow.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchmarks import coverage_brand, coverage_mix, coverage_value
from crmkit import brand, mix, reactivation, value
from crmkit.errors import CrmkitError
from crmkit.value.segment_checks import gain_by_group

RNG = np.random.default_rng
DAY = "2025-12-31"


def orders() -> pd.DataFrame:
    rng = RNG(1)
    n = 240
    return pd.DataFrame(
        {
            "order_id": np.arange(n) + 1,
            "customer_id": rng.integers(1, 60, n),
            "order_date": pd.Timestamp("2024-01-01")
            + pd.to_timedelta(rng.integers(0, 700, n), "D"),
            "turnover": rng.integers(500, 9000, n) / 100,
            "margin": rng.integers(-200, 4000, n) / 100,
        }
    )


def experiment() -> pd.DataFrame:
    rng = RNG(2)
    call = np.arange(300) % 2 == 0
    before = rng.gamma(2, 20, 300).round(2)
    return pd.DataFrame(
        {
            "customer_id": np.arange(300),
            "arm": np.where(call, "call", "control"),
            "treated": call,
            "before": before,
            "score": rng.integers(0, 40, 300) / 10,
            "returned_60d": rng.random(300) < np.where(call, 0.3, 0.2),
            "spend": (before * rng.gamma(4, 0.25, 300)).round(2),
        }
    )


def pressed() -> pd.DataFrame:
    rng = RNG(3)
    return pd.DataFrame(
        {
            "mails_a_month": np.repeat([0, 2, 8], 50),
            "margin_90d": rng.gamma(2, 5, 150).round(2),
            "unsubscribed": rng.random(150) < 0.1,
        }
    )


def trial() -> pd.DataFrame:
    rng = RNG(4)
    return pd.DataFrame({"arm": ["answered", "control"] * 60, "bought": rng.random(120) < 0.3})


def linked() -> pd.DataFrame:
    return coverage_brand.tracker(60, RNG(5))[0]


def ratings() -> pd.DataFrame:
    rng = RNG(6)
    return pd.DataFrame(
        {
            "respondent_id": np.repeat(np.arange(40), 3),
            "brand": list("ABC") * 40,
            "period": np.repeat(["before", "after"], 60),
            "trust": rng.integers(0, 11, 120),
        }
    )


def gaps(table: pd.DataFrame) -> pd.DataFrame:
    return reactivation.purchase_gaps(table, DAY)


ANALYSES: dict[str, tuple[Callable[[], pd.DataFrame], Callable[[pd.DataFrame], Any]]] = {
    "customer_summary": (orders, lambda t: value.customer_summary(t, DAY)),
    "customer_profit": (orders, lambda t: value.customer_profit(t).set_index("customer_id")),
    "cohort_table": (orders, lambda t: value.cohort_table(t, DAY, period="Y")),
    "bought_again": (orders, lambda t: value.bought_again(t, "2024-12-31").to_frame()),
    "tiers_over_time": (
        orders,
        lambda t: value.tiers_over_time(t, ["2024-12-31", DAY], {"key": 90, "small": 0}),
    ),
    "forecast_features": (orders, lambda t: value.forecast_features(t, "2025-06-30")),
    "holdout_split": (orders, lambda t: value.holdout_split(t, "2025-01-31", "2025-10-31")),
    "share_by_window": (
        orders,
        lambda t: value.share_by_window(t, {"2025": ("2025-01-01", "2025-11-30")}),
    ),
    "cumulative_purchases": (
        orders,
        lambda t: value.cumulative_purchases(
            value.BetaGeoModel.from_params(coverage_value.BUYS, unit="W"), t, "2025-11-30"
        ),
    ),
    "at_risk": (orders, lambda t: reactivation.at_risk(t, "2025-11-30").set_index("customer_id")),
    "rfm_scores": (orders, lambda t: value.rfm_scores(value.customer_summary(t, DAY))),
    "list_certainty": (
        orders,
        lambda t: value.list_certainty(t.sort_values("order_id"), top=5, draws=5),
    ),
    "top_share": (orders, lambda t: value.top_share(t["turnover"], 0.2)),
    "concentration_curve": (orders, lambda t: value.concentration_curve(t["turnover"])),
    "purchase_gaps": (orders, gaps),
    "silence": (orders, lambda t: reactivation.silence(t, DAY)),
    "return_curve": (orders, lambda t: reactivation.return_curve(gaps(t), 60, step=30, draws=0)),
    "rhythm_gaps": (orders, lambda t: reactivation.rhythm_gaps(t, DAY)),
    "effect_table": (experiment, reactivation.effect_table),
    "effect_table of money": (experiment, lambda t: reactivation.effect_table(t, "spend")),
    "adjusted_effects": (
        experiment,
        lambda t: reactivation.adjusted_effects(t, "spend", ["before"]),
    ),
    "randomisation_check": (
        experiment,
        lambda t: reactivation.randomisation_check(t, ["before", "returned_60d"]),
    ),
    "uplift_by_group": (
        experiment,
        lambda t: reactivation.uplift_by_group(t["score"], t["treated"], t["returned_60d"]),
    ),
    "qini_curve": (
        experiment,
        lambda t: reactivation.qini_curve(t["score"], t["treated"], t["returned_60d"]),
    ),
    "policy_value": (
        experiment,
        lambda t: reactivation.policy_value(
            t, pd.Series(np.where(t["before"] > 30, "call", "control"), index=t.index), "spend"
        ),
    ),
    "pressure_table": (pressed, lambda t: reactivation.pressure_table(t, contact_value=8)),
    "matched_gaps": (
        experiment,
        lambda t: value.matched_gaps(t["spend"], t["score"], t["before"], [10]),
    ),
    "gain_by_group": (experiment, lambda t: gain_by_group(t["spend"], t["arm"])),
    "trial_effect": (trial, mix.trial_effect),
    "DemandCurve": (
        lambda: coverage_mix.shelf_prices(40, RNG(7)),
        lambda t: np.array(mix.DemandCurve().fit(t).interval([10.0, 20.0])),
    ),
    "ShelfModel": (
        lambda: coverage_mix.shelf(40, RNG(8)),
        lambda t: mix.ShelfModel().fit(t, ["x", "y"]).weights_,
    ),
    "BestWorstModel": (
        lambda: coverage_mix.cards(40, RNG(9)),
        lambda t: mix.BestWorstModel().fit(t).utilities_,
    ),
    "retrieval": (linked, lambda t: brand.retrieval(t, ["A", "B"])),
    "mental_availability": (
        linked,
        lambda t: brand.mental_availability(t, pd.DataFrame({"respondent_id": range(60)})),
    ),
    "difference_in_differences": (
        ratings,
        lambda t: brand.difference_in_differences(t, "trust", "A"),
    ),
    "effect_in_points": (
        lambda: coverage_brand.panel(40, RNG(10)),
        lambda t: brand.effect_in_points(t, "bought", "recalled")[:3],
    ),
}


#: These ask for columns of numbers and dates, and say so.
REFUSED = (
    *("customer_summary", "rfm_scores", "forecast_features", "holdout_split"),
    *("cumulative_purchases", "tiers_over_time"),
)


def nullable(table: pd.DataFrame) -> pd.DataFrame:
    return table.convert_dtypes(dtype_backend="numpy_nullable")


def arrow(table: pd.DataFrame) -> pd.DataFrame:
    return table.convert_dtypes(dtype_backend="pyarrow")


def objects(table: pd.DataFrame) -> pd.DataFrame:
    return table.astype(object)


def renamed_rows(table: pd.DataFrame) -> pd.DataFrame:
    """Rows called by the same name: what is left after pieces were put together."""
    return table.set_axis(np.arange(len(table)) // 7)


def in_a_zone(table: pd.DataFrame) -> pd.DataFrame:
    dates = table.select_dtypes("datetime").columns
    # Late in the evening, across both changes of the clock.
    return table.assign(
        **{
            name: (table[name] + pd.Timedelta(hours=22, minutes=30)).dt.tz_localize("Europe/Berlin")
            for name in dates
        }
    )


WAYS = (nullable, arrow, objects, renamed_rows, in_a_zone)
CASES = [
    (name, way)
    for name in ANALYSES
    for way in WAYS
    if way is not in_a_zone or ANALYSES[name][0] is orders  # the only ones with dates
]


@pytest.mark.parametrize(("name", "way"), CASES)
def test_types_and_names_of_rows_change_nothing(
    name: str, way: Callable[[pd.DataFrame], pd.DataFrame]
) -> None:
    made, analyse = ANALYSES[name]
    table = made()
    plain = analyse(table)
    if way is objects and name in REFUSED:
        with pytest.raises(CrmkitError, match="Turn it into"):
            analyse(way(table))
        return
    other = analyse(way(table))
    if isinstance(plain, pd.DataFrame):
        if len(plain) == len(table) and name.startswith(("policy", "qini")):
            plain, other = plain.reset_index(drop=True), other.reset_index(drop=True)
        assert list(other.columns) == list(plain.columns)
        assert list(map(str, other.index)) == list(map(str, plain.index))
        for column in plain:
            one, two = plain[column], other[column]
            if pd.api.types.is_numeric_dtype(one) or pd.api.types.is_bool_dtype(one):
                two = pd.to_numeric(two).to_numpy(dtype=float, na_value=np.nan)
                assert two == pytest.approx(one.to_numpy(dtype=float), nan_ok=True), column
            else:
                assert list(map(str, two)) == list(map(str, one)), column
    elif isinstance(plain, dict):
        assert other == pytest.approx(plain, nan_ok=True)
    else:
        assert np.asarray(other, dtype=float) == pytest.approx(np.asarray(plain, dtype=float))
