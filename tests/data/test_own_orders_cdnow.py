"""A real purchase log, CDNOW, counted once by read_orders and once by a few lines of plain Python.

The log comes with the test-only package lifetimes; it is read from there and is no part of this project.
"""

from __future__ import annotations

import importlib.util
from collections import Counter
from pathlib import Path

import pytest

from crmkit.data.own_orders import read_orders


def path_of(name: str) -> Path:
    """Find the file without importing lifetimes, which is slow and warns."""
    spec = importlib.util.find_spec("lifetimes")
    if spec is None or spec.origin is None:
        pytest.skip("lifetimes is not installed")
    return Path(spec.origin).parent / "datasets" / name


def counted_by_hand(path: Path, heading: bool) -> tuple[list[list[str]], list[int], list[int]]:
    """All rows, the numbers of those with nothing paid, and of those equal to an earlier one that is used."""
    rows = [line.split() for line in path.read_text().splitlines()]
    start = 2 if heading else 1
    rows = rows[1:] if heading else rows
    zero, copies, seen = [], [], set()
    for number, row in enumerate(rows, start=start):
        if float(row[-1]) == 0:
            zero.append(number)
        elif tuple(row) in seen:
            copies.append(number)
        else:
            seen.add(tuple(row))
    return rows, zero, copies


@pytest.mark.parametrize(
    ("name", "heading", "options", "at"),
    [
        ("CDNOW_master.txt", True, {}, 0),
        (
            "CDNOW_sample.txt",
            False,
            {"customer": "column 2", "date": "column 3", "amount": "column 5"},
            1,
        ),
    ],
)
def test_every_row_of_cdnow_is_right(name, heading, options, at):
    path = path_of(name)
    rows, zero, copies = counted_by_hand(path, heading)
    orders, report = read_orders(path, **options)
    aside = report.set_aside
    assert report.rows_read == len(rows)
    assert set(aside["reason"]) == {"zero amount", "exact duplicate"}
    assert aside.loc[aside["reason"] == "zero amount", "row"].tolist() == zero
    assert aside.loc[aside["reason"] == "exact duplicate", "row"].tolist() == copies
    assert report.rows_used == len(orders) == len(rows) - len(zero) - len(copies)
    assert any("duplicates='keep'" in warning for warning in report.warnings)

    kept = read_orders(path, duplicates="keep", **options)
    paid = [row for row in rows if float(row[-1]) > 0]
    assert kept.report.rows_used == len(paid)
    assert kept.orders["turnover"].sum() == pytest.approx(sum(float(row[-1]) for row in paid))
    assert dict(kept.orders["customer_id"].value_counts()) == Counter(row[at] for row in paid)
    days = kept.orders["order_date"].dt.strftime("%Y%m%d").tolist()
    assert days == [row[at + 1] for row in paid]


def test_the_published_size_of_the_log():
    """Fader and Hardie (2001): 23,570 customers, 69,659 purchases from January 1997 to June 1998."""
    orders, report = read_orders(path_of("CDNOW_master.txt"), duplicates="keep")
    assert report.rows_read == 69_659
    rows, zero, _ = counted_by_hand(path_of("CDNOW_master.txt"), heading=True)
    never_paid = {row[0] for row in rows} - set(orders["customer_id"])
    assert report.customers + len(never_paid) == 23_570
    assert report.rows_set_aside == len(zero)
    assert (f"{report.first_day:%Y-%m-%d}", f"{report.last_day:%Y-%m-%d}") == (
        "1997-01-01",
        "1998-06-30",
    )
