"""Files of many systems and languages: the right total comes out, or a question."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from crmkit.data.own.errors import ColumnAmbiguous, ColumnNotFound, MixedCurrencies
from crmkit.data.own.progress import Progress
from crmkit.data.own_orders import read_orders

FILES = tomllib.loads(
    (Path(__file__).parent / "files/many_systems.toml").read_text(encoding="utf-8")
)


def asks(content, options):
    """Whether read_orders asks: by an error that names the argument that answers it, or by a warning."""
    try:
        return bool(read_orders(content, today="2026-01-01", **options).report.warnings)
    except (ColumnAmbiguous, ColumnNotFound, MixedCurrencies) as question:
        return "=" in str(question)


@pytest.mark.parametrize("name", FILES)
def test_a_file_has_its_right_total_or_is_a_question(name):
    file = FILES[name]
    content = file["text"].encode(file.get("encoding", "utf-8"))
    options = file.get("options", {})
    if "asked" in file:
        assert asks(content, options)
        return
    orders, report = read_orders(content, today="2026-01-01", **options)
    assert report.turnover == file["turnover"]
    assert len(orders) == file.get("orders", len(orders))
    left = sum(report.money_left_out.values(), Decimal(0))
    uncounted = sum((money for _, money in report.money_uncounted.values()), Decimal(0))
    assert report.money_read == report.money_counted + left + uncounted


def test_a_status_in_numbers_or_in_an_unknown_language_is_asked_and_answered():
    rows = "order no,customer,date,{},amount\n1,A,2024-03-05,{},50\n2,B,2024-03-06,{},40\n"
    for heading, good, bad in (("status", "3", "5"), ("Статус", "Lokið", "Hætt við")):
        content = rows.format(heading, good, bad).encode()
        asked = read_orders(content, today="2026-01-01").report
        assert asked.turnover == 90
        assert any(f"statuses={{{bad!r}" in warning for warning in asked.warnings)
        told = read_orders(content, today="2026-01-01", statuses={bad: "cancelled", good: "counts"})
        assert told.report.turnover == 50
        assert not told.report.warnings
        assert not read_orders(content, today="2026-01-01", status=False).report.warnings
    states = rows.format("state", "CA", "NY").encode()
    assert not read_orders(states, today="2026-01-01").report.warnings


@pytest.mark.parametrize(
    ("heading", "written", "turnover"),
    [
        ("amount_cents", "1050", 10.5), ("Amount (cents)", "1050", 10.5), ("金额（分）", "1050", 10.5),
        ("Sales (in 1000 EUR)", "1.5", 1500), ("Umsatz in TEUR", "1,5", 1500), ("销售额（万元）", "1.5", 15000),
        ("Turnover", "1.5", 1.5),
    ],
)  # fmt: skip
def test_a_heading_that_names_a_unit_is_believed_and_said(heading, written, turnover):
    content = f'customer;date;"{heading}"\nA;2024-03-05;{written}\n'.encode()
    report = read_orders(content, today="2026-01-01", amount=heading).report
    assert report.turnover == turnover
    assert any("multiplied" in warning for warning in report.warnings) == (heading != "Turnover")


def test_a_product_sold_in_several_quantities_tells_what_its_price_is():
    rows = "order,customer,date,sku,qty,price\n1,A,2024-03-05,P,1,10\n2,B,2024-03-06,P,3,{}\n"
    line = read_orders(rows.format(30).encode(), today="2026-01-01").report
    piece = read_orders(rows.format(10).encode(), today="2026-01-01").report
    neither = read_orders(rows.format(17).encode(), today="2026-01-01").report
    assert (line.turnover, piece.turnover) == (40, 40)
    assert not line.warnings
    assert not piece.warnings
    assert any("amount='price'" in warning for warning in neither.warnings)


@pytest.mark.parametrize(
    ("row", "is_total"),
    [
        ("Summe März 2024", True), ("Total de mars", True), ("Razem 2024", True), ("合计 3月", True),
        ("Total Wine", False),
        ("Summers", False), ("Sumatra Ltd", False), ("Totally Ann", False), ("Tot", False),
    ],
)  # fmt: skip
def test_a_total_with_its_month_is_no_customer_and_a_name_like_one_is(row, is_total):
    content = f"customer,date,amount\nA,2024-03-05,10\n{row},2024-03-31,10\n".encode()
    orders = read_orders(content, today="2026-01-01").orders
    assert len(orders) == (1 if is_total else 2)


def test_a_bar_is_shown_where_it_is_asked_for(capsys):
    content = b"customer,date,amount\nA,2024-03-05,5\n"
    read_orders(content, today="2026-01-01")
    assert capsys.readouterr().err == ""
    read_orders(content, today="2026-01-01", progress=True)
    assert "100" not in (shown := capsys.readouterr().err)
    assert shown.count("%") == 6
    assert shown.endswith("\r")
    with pytest.raises(ColumnNotFound):
        read_orders(b"a,b\nx,y\n", progress=True)
    assert capsys.readouterr().err.endswith("\r")
    with Progress("x", ["a"], shown=False) as silent:
        silent.at("a")
    assert capsys.readouterr().err == ""
