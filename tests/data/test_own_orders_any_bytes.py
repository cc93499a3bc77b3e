"""No input makes read_orders raise anything but its own errors, and no row is ever lost."""

from __future__ import annotations

import csv

import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from crmkit.data.own.errors import NoUsableRows, OwnDataError
from crmkit.data.own.report import REASONS
from crmkit.data.own_orders import read_orders

pytestmark = pytest.mark.slow

quickly = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

# Cells as people write them, and as nobody should.
IDS = st.sampled_from(
    ["A", "00123", "12.0", "", "n/a", "１２", "1.2E+11", "'7", "Total", "客户", "\x00", '="9"']
)
DATES = st.sampled_from(
    ["2024-03-05", "05/03/2024", "13/03/2024", "03/13/2024", "5.3.24", "45356", "20240305", "2024年3月5日", "soon", "",
     "2052-01-01", "1900-01-01", "2024-03-05T10:00:00Z", "Mar 5, 2024", "9" * 30, "0000-00-00", "99999-1-1"]
)  # fmt: skip
AMOUNTS = st.sampled_from(
    ["5", "1,5", "1.5", "1.234,56", "1,234", "-3", "(4)", "0", "", "€5", "£5", "1e5", "1e999", "nan", "inf", "four",
     "12,-", "５", "-", "()", ".", ",", "--", "1'000", "9" * 70]
)  # fmt: skip
ODD = st.text(max_size=12)
ROW = st.tuples(IDS | ODD, DATES | ODD, AMOUNTS | ODD, st.sampled_from(["1", "2", "", "1E+10"]))


def account_for(source, **options) -> None:
    """Either a documented error, or every row used or set aside for a named reason."""
    try:
        orders, report = read_orders(source, today="2026-01-01", **options)
    except NoUsableRows as error:
        orders, report = None, error.report
    except OwnDataError as error:
        if not str(error):
            raise  # an error without a word is no documented one
        return
    aside = report.set_aside
    assert report.rows_read == report.rows_used + report.rows_set_aside
    assert set(aside["reason"]) <= set(REASONS)
    assert aside["row"].is_unique
    assert str(report)
    assert report._repr_html_()
    if orders is not None:
        assert 0 < len(orders) <= report.rows_used
        assert (orders["turnover"] > 0).all()
        assert orders["order_date"].notna().all()
        assert (orders["customer_id"] != "").all()
        assert orders["turnover"].sum() < float("inf")


@quickly
@given(st.binary(max_size=600))
@example(b"\xff\xfe")
@example(b"PK\x03\x04")
@example(b"PAR1")
@example(b'"')
@example(b"customer,date,amount\n\xff\xff\xff")
@example(b"\x00\x00\x00a")
@example(b"sep=\n\n\nx")
@example(b"customer\rdate\r\r")
def test_any_bytes(content):
    account_for(content)


@quickly
@given(
    rows=st.lists(ROW, max_size=12),
    separator=st.sampled_from([",", ";", "\t", "|"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]),
    headings=st.sampled_from(["customer,order date,amount,order no", "客户,日期,金额,订单号", "a,b,c,d"]),
    before=st.text(max_size=20),
    options=st.fixed_dictionaries(
        {},
        optional={
            "dayfirst": st.booleans(), "decimal": st.sampled_from(".,"), "currency": st.just("EUR"),
            "duplicates": st.just("keep"), "refunds": st.just("net"), "timezone": st.just("Asia/Shanghai"),
        },
    ),
)  # fmt: skip
def test_any_rows(rows, separator, encoding, headings, before, options):
    lines = [before, headings.replace(",", separator), *(separator.join(row) for row in rows)]
    account_for("\n".join(lines).encode(encoding, "replace"), **options)


@quickly
@given(rows=st.lists(ROW, min_size=1, max_size=12))
def test_well_formed_rows_are_all_read(rows):
    """Where cells are quoted as they should be, the rows read are exactly the rows written."""
    frame = pd.DataFrame(rows, columns=["customer", "order date", "amount", "order no"])
    try:
        report = read_orders(
            frame.to_csv(index=False, quoting=csv.QUOTE_ALL).encode("utf-8", "replace"),
            today="2026-01-01",
        ).report
    except NoUsableRows as error:
        report = error.report
    except OwnDataError:
        return
    assert report.rows_read == len(rows)


CELL = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.dates(), st.datetimes(),
    st.binary(max_size=4), st.lists(st.integers(), max_size=2), st.decimals(), st.complex_numbers(),
    IDS, DATES, AMOUNTS,
)  # fmt: skip


@quickly
@given(st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=8))
def test_any_frame(rows):
    frame = pd.DataFrame(rows, columns=["customer", "date", "amount"])
    account_for(frame)
    account_for(frame.astype(object), customer="customer", order=False)
    account_for(
        frame.set_axis([0] * len(frame)).set_axis(["customer", "date", "date"], axis=1),
        amount="date (2)",
    )


@pytest.mark.parametrize("size", [0, 1, 7, 60, 400])
def test_a_workbook_cut_short_or_damaged(size, tmp_path):
    pytest.importorskip("openpyxl")
    path = tmp_path / "orders.xlsx"
    pd.DataFrame({"customer": ["A"], "date": ["2024-03-05"], "amount": [5]}).to_excel(
        path, index=False
    )
    whole = path.read_bytes()
    account_for(whole[: len(whole) - size])
    middle = len(whole) // 2
    account_for(whole[:middle] + b"\x00" * size + whole[middle + size :])
