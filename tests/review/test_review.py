"""The review says what pandas says by hand, and where a table is missing it says so."""

from __future__ import annotations

import re

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from worlds import world_of

from crmkit.errors import CrmkitError
from crmkit.review import SEVEN, Part, review
from crmkit.review.parts import books_of, within

TODAY = pd.Timestamp("2025-12-31")


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return world_of("fernwell", customers=1500, seed=31).tables


@pytest.fixture(scope="module")
def parts(tables) -> dict[str, Part]:
    return {part.name: part for part in review(tables, TODAY)}


def table_of(part: Part, place: int = 0) -> pd.DataFrame:
    return part.tables[place][1]


def years(orders: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    day = orders["order_date"]
    last, before = TODAY - pd.Timedelta(days=365), TODAY - pd.Timedelta(days=730)
    return orders[(day > last) & (day <= TODAY)], orders[(day > before) & (day <= last)]


def test_there_are_seven_in_their_order(parts) -> None:
    assert list(parts) == [name for name, _ in SEVEN]
    assert all(part.pictures or part.name == "Promotion" for part in parts.values())
    for part in parts.values():
        assert part.limits
        assert all(len(alt) > 20 for _, alt in part.pictures)


def test_no_picture_stays_open_for_a_notebook_to_draw_again(tables) -> None:
    before = plt.get_fignums()
    assert sum(len(part.pictures) for part in review(tables, TODAY)) > 5
    assert plt.get_fignums() == before


def test_persistency_counts_who_bought_in_both_years(parts, tables) -> None:
    now, before = years(tables["orders"])
    row = table_of(parts["Persistency"]).iloc[-1]
    people = set(before["customer_id"])
    assert row["customers"] == len(people)
    assert row["bought again"] == len(people & set(now["customer_id"]))
    assert row["low"] < row["share"] < row["high"]


def test_the_three_factors_make_the_turnover(parts, tables) -> None:
    table = table_of(parts["Performance"])
    made = table["customers"] * table["orders each"] * table["worth of an order"]
    np.testing.assert_allclose(made, table["turnover"], rtol=1e-12)
    assert table["turnover"].iloc[-1] == pytest.approx(years(tables["orders"])[0]["turnover"].sum())


def test_newcomers_are_those_without_an_earlier_order(parts, tables) -> None:
    first = tables["orders"].groupby("customer_id")["order_date"].min()
    new = int(((first > TODAY - pd.Timedelta(days=365)) & (first <= TODAY)).sum())
    assert parts["Prospecting"].finding.startswith(f"{new:,} customers")


def test_what_came_back_is_a_share_of_lines(parts, tables) -> None:
    lines = tables["order_lines"].merge(years(tables["orders"])[0][["order_id"]])
    table = table_of(parts["Product and supply"])
    assert (table["share"] * table["lines"]).sum() == pytest.approx(lines["returned"].sum())
    assert (table["low"] <= table["share"]).all()


def test_product_lines_add_up_to_the_lines_of_the_year(parts, tables) -> None:
    lines = tables["order_lines"].merge(years(tables["orders"])[0][["order_id"]])
    table = table_of(parts["Product performance"])
    assert table["margin"].sum() == pytest.approx(lines["margin"].sum())
    assert table["margin"].is_monotonic_decreasing


def test_tests_are_read_only_with_their_control_group(tables) -> None:
    book = books_of({**tables}, TODAY, None)
    part = dict(SEVEN)["Promotion"](book)
    assert len(part.pictures) == 2
    without = tables["wake_up_test"][lambda t: t["arm"] != "control"]
    part = dict(SEVEN)["Promotion"](books_of({**tables, "wake_up_test": without}, TODAY, None))
    assert len(part.pictures) == 1


def test_later_orders_are_not_looked_at(tables, parts) -> None:
    later = tables["orders"].assign(order_date=lambda t: t["order_date"] + pd.Timedelta(days=2000))
    more = {**tables, "orders": pd.concat([tables["orders"], later])}
    for name, again in ((part.name, part) for part in review(more, TODAY)):
        if name in ("Profile", "Persistency", "Performance", "Prospecting"):
            assert again.finding == parts[name].finding


def test_orders_alone_are_enough_and_the_rest_says_what_it_needs(tables) -> None:
    orders = tables["orders"][["customer_id", "order_date", "turnover"]]
    found = {part.name: part for part in review({"orders": orders})}
    assert "margin" not in found["Profile"].finding
    for name in ("Product performance", "Product and supply"):
        assert found[name].finding == "The data do not allow this analysis"
        assert "order_lines" in found[name].limits[0]
    assert "no margin" in " ".join(found["Performance"].said)


@pytest.mark.parametrize("days", [1, 40, 400])
def test_a_short_or_small_history_is_no_error(days) -> None:
    rng = np.random.default_rng(days)
    orders = pd.DataFrame(
        {
            "customer_id": rng.integers(1, 60, 200),
            "order_date": TODAY - pd.to_timedelta(rng.integers(0, days, 200), unit="D"),
            "turnover": 5.0,
        }
    )
    found = review({"orders": orders})
    assert len(found) == 7
    assert "730" in " ".join([*found[1].limits, *found[1].said])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.drop(columns="turnover"), "turnover"),
        (lambda t: t.assign(customer_id=None), "customer_id"),
        (lambda t: t.assign(order_date="some day"), "order_date"),
        (lambda t: t.assign(turnover="much"), "turnover"),
        (lambda t: t.head(0), "order"),
    ],
)
def test_bad_orders_are_named(change, message) -> None:
    orders = pd.DataFrame({"customer_id": [1], "order_date": ["2025-01-01"], "turnover": [1.0]})
    with pytest.raises(CrmkitError, match=message):
        review({"orders": change(orders)})
    with pytest.raises(CrmkitError, match="needs the table orders"):
        review({"customers": orders})


def test_the_trend_of_newcomers_holds_the_truth() -> None:
    from crmkit.review.customers import _trend

    rng, hits = np.random.default_rng(7), 0
    for _ in range(400):
        said = _trend(int(rng.poisson(90)), int(rng.poisson(60)))
        low, high = map(float, re.findall(r"interval ([\d.]+) to ([\d.]+)", said)[0])
        hits += low <= 1.5 <= high
    assert 0.92 < hits / 400 < 0.98


def test_the_certainty_of_a_change_holds_the_truth() -> None:
    from crmkit.review.sales import _certainty

    rng, hits = np.random.default_rng(8), 0
    for _ in range(200):
        spent = rng.gamma(1, 50, (2, 300))
        day = [TODAY - pd.Timedelta(days=10), TODAY - pd.Timedelta(days=380)]
        orders = pd.concat(
            pd.DataFrame({"customer_id": range(300), "order_date": d, "turnover": s})
            for d, s in zip(day, spent, strict=True)
        )
        said = _certainty(books_of({"orders": orders}, TODAY, lambda amount: f"{amount:.1f}"))
        low, high = map(float, re.findall(r"interval (-?[\d.]+) to (-?[\d.]+)", said)[0])
        hits += low <= 0 <= high
    assert 0.91 < hits / 200 < 0.99


def test_an_estimate_without_an_interval_stands_alone() -> None:
    assert within((0.5, np.nan, np.nan)) == "50%"
