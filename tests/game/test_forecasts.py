"""Forecasts, graded: the interval score is proper, and the record says how often the truth was inside."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from crmkit.errors import CrmkitError
from crmkit.game.decisions import Forecast
from crmkit.game.forecasts import (
    COLUMNS,
    actuals,
    forecast_record,
    grade_forecast,
    interval_score,
    naive_forecast,
)

ORDERS = pd.DataFrame({"customer_id": [1, 1, 2], "turnover": [10.0, 20.0, 5.5]})


def test_the_score_is_that_of_gneiting_and_raftery() -> None:
    # Their equation 43 with a = .2: width, and ten times the distance of a miss.
    assert interval_score([1, 1, 1], [3, 3, 3], [2, 0, 3.5]).tolist() == [2, 12, 7]
    assert interval_score(1, 3, 0, level=0.5) == pytest.approx(2 + 4)


def test_nobody_does_better_than_by_saying_what_he_believes() -> None:
    truth = stats.norm(100, 10)
    x = truth.ppf((np.arange(20_000) + 0.5) / 20_000)

    def mean_score(half: float, shift: float = 0.0) -> float:
        return float(np.mean(interval_score(100 + shift - half, 100 + shift + half, x)))

    honest = mean_score(1.2816 * 10)
    assert all(mean_score(half) > honest for half in (6, 10, 16, 25))
    assert all(mean_score(12.816, shift) > honest for shift in (-4, 4))


@pytest.mark.parametrize("level", [0, 1, 80, -0.1, "x"])
def test_a_level_is_a_chance(level: object) -> None:
    with pytest.raises(CrmkitError):
        interval_score(1, 2, 3, level=level)  # type: ignore[arg-type]


def test_a_quarter_is_graded_only_where_something_was_forecast() -> None:
    assert grade_forecast({}, {"orders": ORDERS}).columns.tolist() == COLUMNS
    assert grade_forecast({}, {"orders": ORDERS}).empty
    graded = grade_forecast(
        {"customers_active": Forecast(3, 4, 5), "turnover": Forecast(30, 35, 40)},
        {"orders": ORDERS},
    )
    assert graded["measure"].tolist() == ["turnover", "customers_active"]
    assert graded["inside"].tolist() == [True, False]
    assert graded["score"].tolist() == [10, 12]


def test_reports_without_orders_are_refused() -> None:
    with pytest.raises(CrmkitError, match="no table 'orders'"):
        actuals({})


def years(per_quarter: list[int]) -> pd.DataFrame:
    """Orders of £10, by quarters of 91 days that end on the last day of 2025."""
    end = pd.Timestamp("2026-01-01")
    begins = [end - pd.Timedelta(days=91 * back) for back in range(len(per_quarter), 0, -1)]
    return pd.DataFrame(
        [
            (number, day + pd.Timedelta(days=number % 91), 10.0)
            for day, count in zip(begins, per_quarter, strict=True)
            for number in range(count)
        ],
        columns=["customer_id", "order_date", "turnover"],
    )


def test_the_naive_forecast_is_last_years_quarter() -> None:
    made = naive_forecast(years([100, 200, 300, 400, 110, 190, 330, 390]), "2026-01-01")
    assert made["orders"].best == 110
    assert made["turnover"].best == 1100
    assert made["orders"].low < 110 < made["orders"].high
    with pytest.raises(CrmkitError, match="two years"):
        naive_forecast(years([100, 100, 100]), "2026-01-01")


def test_the_record_counts_and_compares() -> None:
    graded = pd.DataFrame(
        [
            ("turnover", 90.0, 100.0, 110.0, 105.0, True, 20.0),
            ("turnover", 90.0, 100.0, 110.0, 200.0, False, 920.0),
            ("orders", 9.0, 10.0, 11.0, 10.0, True, 2.0),
        ],
        columns=COLUMNS,
    )
    naive = graded.assign(score=[40.0, 1840.0, 4.0])
    record = forecast_record(graded, naive).set_index("measure")
    assert record.index.tolist() == ["turnover", "orders", "all"]
    assert record.loc["all", "inside"] == 2
    assert record["skill"].tolist() == pytest.approx([0.5, 0.5, 0.5])
    assert record.loc["turnover", "miss"] == pytest.approx((5 / 105 + 100 / 200) / 2)
    assert ((record["low"] <= record["share"]) & (record["share"] <= record["high"])).all()
    assert forecast_record(graded)["skill"].isna().all()
    assert forecast_record(graded.iloc[:0]).empty
    with pytest.raises(CrmkitError, match="same measures"):
        forecast_record(graded, naive.iloc[::-1])
