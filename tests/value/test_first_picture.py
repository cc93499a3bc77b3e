"""The first picture of unknown customers, on a hand-made case, on the sample, and on CDNOW."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from crmkit.data.own.ugly import TILL, ugly_sample
from crmkit.data.own_orders import read_orders
from crmkit.errors import CrmkitError
from crmkit.style import close
from crmkit.value.first_picture import (
    compare_readings,
    first_picture,
    forecast_hidden_year,
    months_since_last,
    orders_per_customer,
    plot_months_since_last,
    plot_orders_per_customer,
    reading_explorer,
)


@pytest.fixture
def orders():
    return pd.DataFrame(
        {
            "customer_id": ["a", "a", "b", "c", "d", "e"],
            "order_date": pd.to_datetime(
                ["2024-01-01", "2024-06-30", "2024-01-15", "2024-06-01", "2024-12-31", "2024-03-01"]
            ),
            "turnover": [40.0, 40.0, 5.0, 5.0, 5.0, 5.0],
        }
    )


def test_the_numbers_of_a_case_done_by_hand(orders):
    seen = first_picture(orders)
    assert seen.to_dict() == {
        "orders": 6, "customers": 5, "turnover": 100, "bought_once": 0.8, "best_fifth": 0.8, "quiet": 0.8,
    }  # fmt: skip
    early = first_picture(orders, "2024-03-01")
    assert early[["customers", "bought_once", "quiet"]].tolist() == [3, 1.0, 0.0]
    assert orders_per_customer(orders).to_dict() == {
        "1": 0.8, "2": 0.2, "3": 0, "4": 0, "5": 0, "6": 0, "7+": 0,
    }  # fmt: skip
    assert months_since_last(orders).loc[[0, 6, 7, 10, 11]].tolist() == [0.2, 0.2, 0.2, 0.2, 0.2]


def test_bad_input_says_what_is_missing(orders):
    with pytest.raises(CrmkitError, match="order_date"):
        first_picture(orders.drop(columns="order_date"))
    with pytest.raises(CrmkitError, match="later day"):
        first_picture(orders, "2020-01-01")
    with pytest.raises(CrmkitError, match="reading"):
        reading_explorer({})


def test_the_explorer_says_what_the_pure_functions_say():
    orders = read_orders(ugly_sample()).orders
    readings = {"decided": orders[orders["customer_id"] != TILL], "till counted": orders}
    shown = reading_explorer(readings)
    for reading, frame in readings.items():
        shown.set(reading=reading, as_of=pd.Timestamp("2024-06-30"))
        assert shown.error is None
        seen = first_picture(frame, "2024-06-30")
        assert (
            f"{seen['customers']:.0f} customers, {seen['bought_once']:.0%} of them"
            in shown.sentence
        )
        assert f"{seen['quiet']:.0%} have been quiet" in shown.sentence
    short = pd.DataFrame(
        {"customer_id": ["a"], "order_date": [pd.Timestamp("2024-05-05")], "turnover": [1.0]}
    )
    assert reading_explorer({"one order": short}).error is None


def test_what_lesson_80_says_holds_for_the_sample():
    orders = read_orders(ugly_sample()).orders
    persons = orders[orders["customer_id"] != TILL]
    doubled = read_orders(ugly_sample(), duplicates="keep").orders
    table = compare_readings(
        {"decided": persons, "till": orders, "copies": doubled[doubled["customer_id"] != TILL]}
    )
    moved = (table["best_fifth"] - table.loc["decided", "best_fifth"]).abs()
    assert moved["till"] > 5 * moved["copies"]
    assert table.loc["copies", "turnover"] > 1.02 * table.loc["decided", "turnover"]
    ends = ["2023-09-30", "2024-09-30", "2025-09-30"]
    once = [first_picture(persons, end)["bought_once"] for end in ends]
    quiet = [first_picture(persons, end)["quiet"] for end in ends]
    assert once == sorted(once, reverse=True)
    assert quiet == sorted(quiet)


def test_the_pictures_of_lesson_80_are_drawn_from_cdnow():
    """A real log: half of its customers bought once (Fader & Hardie 2001), and most had left by the end."""
    spec = importlib.util.find_spec("lifetimes")
    if spec is None or spec.origin is None:
        pytest.skip("lifetimes is not installed")
    orders, _ = read_orders(Path(spec.origin).parent / "datasets/CDNOW_master.txt")
    seen = first_picture(orders)
    assert 0.45 < seen["bought_once"] < 0.55
    assert 0.7 < seen["quiet"] < 0.95
    for draw, share in (
        (plot_orders_per_customer, orders_per_customer(orders)),
        (plot_months_since_last, months_since_last(orders)),
    ):
        ax = draw(orders)
        heights = [bar.get_height() for bar in ax.containers[0]]
        assert heights == pytest.approx(share.tolist())
        assert np.isclose(sum(heights), 1)
        close(ax.figure)
    shown = reading_explorer({"CDNOW": orders})
    assert shown.error is None
    assert f"{seen['customers']:,.0f} customers" in shown.sentence


def test_the_forecast_of_a_hidden_year_says_which_is_nearer():
    rng = np.random.default_rng(5)
    days = pd.date_range("2023-01-01", "2025-12-31")
    # Everybody buys twice a month and stops for good after the first year: "as last year" has to be wrong.
    rows = [
        (customer, day)
        for customer in range(120)
        for day in rng.choice(days[: 365 + 10 * (customer % 60)], 24)
    ]
    orders = pd.DataFrame(rows, columns=["customer_id", "order_date"]).assign(turnover=10.0)
    orders = pd.concat([orders, orders.tail(1).assign(order_date=days[-1])])
    table = forecast_hidden_year(orders)
    off = (table.loc["total", ["lifetime model", "as last year"]].astype(float) - 1).abs()
    assert table.loc["total", "lifetime model is nearer"] == (off.iloc[0] < off.iloc[1])
    assert table.loc["total", "lifetime model is nearer"]
    with pytest.raises(CrmkitError, match="no past to forecast from"):
        forecast_hidden_year(orders.head(1))
    with pytest.raises(CrmkitError, match="customers"):
        forecast_hidden_year(orders[orders["customer_id"] < 2])
