"""Ugly files that real programs and people write, each built here, each accounted for to the row."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import numpy as np
import pandas as pd
import pytest

import crmkit
from crmkit.data.own import errors
from crmkit.data.own_orders import OwnOrders, read_orders

TODAY = "2026-01-01"


def read(text: str | bytes, encoding: str = "utf-8", **options) -> OwnOrders:
    content = text if isinstance(text, bytes) else text.encode(encoding)
    result = read_orders(content, today=TODAY, **options)
    assert result.report.rows_read == result.report.rows_used + result.report.rows_set_aside
    return result


def reasons(result: OwnOrders) -> dict[str, list[int]]:
    aside = result.report.set_aside
    return {str(reason): list(rows) for reason, rows in aside.groupby("reason")["row"]}


def triples(result: OwnOrders) -> list[tuple[str, str, float]]:
    orders = result.orders
    return [
        (customer, f"{day:%Y-%m-%d}", turnover)
        for customer, day, turnover in zip(
            orders["customer_id"], orders["order_date"], orders["turnover"], strict=True
        )
    ]


def workbook(**sheets: list[list[object]]) -> bytes:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


PLAIN = "customer_id,order_date,amount\n00123,2024-03-05,10.50\n00124,2024-03-06,20\n"
PLAIN_ORDERS = [("00123", "2024-03-05", 10.5), ("00124", "2024-03-06", 20.0)]

# name -> (bytes, options, orders, rows set aside by reason, a word of a note or None)
UGLY: dict[str, tuple[bytes, dict, list, dict, str | None]] = {
    "plain": (PLAIN.encode(), {}, PLAIN_ORDERS, {}, None),
    "utf-8 with mark": (PLAIN.encode("utf-8-sig"), {}, PLAIN_ORDERS, {}, None),
    "utf-16 of a spreadsheet, tabs": (
        PLAIN.replace(",", "\t").encode("utf-16"), {}, PLAIN_ORDERS, {}, "utf-16",
    ),
    "utf-16 without mark": (PLAIN.encode("utf-16-be"), {}, PLAIN_ORDERS, {}, "utf-16-be"),
    "old Macintosh line ends": (PLAIN.replace("\n", "\r").encode(), {}, PLAIN_ORDERS, {}, None),
    "Chinese Excel": (
        "订单号,客户编号,下单时间,金额（元）\n1,００123,2024年3月5日 下午3点20分,\"￥1,010.50\"\n"
        "2,00124,2024/3/6,20元\n3,00125,2024年2月30日,1元\n".encode("gb18030"),
        {}, [("00123", "2024-03-05", 1010.5), ("00124", "2024-03-06", 20.0)],
        {"unreadable date": [4]}, "gb18030",
    ),
    "German Excel": (
        "Kundennr.;Datum;Umsatz\n00123;05.03.2024;1.234,56 €\n00124;6.3.24;12,-\nMüller;7.3.2024;(5,00)\n"
        .encode("cp1252"),
        {}, [("00123", "2024-03-05", 1234.56), ("00124", "2024-03-06", 12.0)],
        {"refund or negative amount": [4]}, "cp1252",
    ),
    "a title, a total, empty columns": (
        b"Sales report,,,,\n\nOrder no,Customer no,Order date,Total,\n7,00123,05/03/2024,\"1,234.50\",\n"
        b"8,00124,25/03/2024,20,\n9,,26/03/2024,20,\n,,,,\n,,Total,1274.50,\n",
        {}, [("00123", "2024-03-05", 1234.5), ("00124", "2024-03-25", 20.0)],
        {"missing customer": [6], "empty row": [7], "total row": [8]}, "row 3",
    ),
    "spreadsheet's line for the separator": (
        b"sep=;\ncustomer;date;amount\nA;2024-03-05;5\n", {}, [("A", "2024-03-05", 5.0)], {}, None,
    ),
    "American dates and times": (
        b"CustomerID|InvoiceDate|Quantity|UnitPrice\n17850|12/1/2010 8:26|6|2.55\n17851|12/13/2010 9:41 PM|2|3\n",
        {}, [("17850", "2010-12-01", 15.3), ("17851", "2010-12-13", 6.0)], {}, "month first",
    ),
    "quoted line break, short and long rows": (
        b'customer,date,amount,note\nA,2024-03-05,5,"two\nlines"\nB,2024-03-06\nC,2024-03-07,1,x,y\nD,2024-03-08,2,\n',
        {}, [("A", "2024-03-05", 5.0), ("D", "2024-03-08", 2.0)],
        {"missing amount": [3], "too many cells": [4]}, None,
    ),
    "a quotation mark never closed": (
        b'customer,date,amount,note\nA,2024-03-05,5,3" nail\nB,2024-03-06,6,"oops\nC,2024-03-07,7,x\n',
        {}, [("A", "2024-03-05", 5.0), ("B", "2024-03-06", 6.0), ("C", "2024-03-07", 7.0)], {}, "quotation mark",
    ),
    "NUL characters": (
        b"customer,date,amount\nA,2024-03-05,5\x00\n", {}, [("A", "2024-03-05", 5.0)], {}, "NUL",
    ),
    "spreadsheet's day numbers, headings again": (
        b"customer\tdate\tamount\nA\t45356\t5\ncustomer\tdate\tamount\nB\t45357.75\t6\n",
        {}, [("A", "2024-03-05", 5.0), ("B", "2024-03-06", 6.0)], {"headings repeated": [3]}, "day numbers",
    ),
    "everything that stands aside": (
        b"customer,order date,amount\nA,2024-03-05,5\nA,2024-03-05,5\nB,2024-03-05,0\nC,2024-03-05,-4\n"
        b",2024-03-05,4\nD,soon,4\nE,,4\nF,2052-03-05,4\nG,1900-01-01,4\nH,2024-03-05,\nI,2024-03-05,4 apples\n"
        b"1.23E+11,2024-03-05,4\nn/a,2024-03-05,4\n",
        {}, [("A", "2024-03-05", 5.0)],
        {
            "exact duplicate": [3], "zero amount": [4], "refund or negative amount": [5], "missing customer": [6, 14],
            "unreadable date": [7], "missing date": [8], "future date": [9], "placeholder date": [10],
            "missing amount": [11], "unreadable amount": [12], "damaged customer id": [13],
        }, "real second purchases",
    ),
    "blanks between the cells": (
        b" customer_id  date number_of_cds  dollar_value\r\n 00001 19970101  1   11.77\r\n 00002 19970112  1   12.00\n",
        {}, [("00001", "1997-01-01", 11.77), ("00002", "1997-01-12", 12.0)], {}, "without a mark",
    ),
    "no headings": (
        b"00001,19970101,11.77\n00002,19970112,12.00\n",
        {"customer": "column 1", "date": "column 2", "amount": "column 3"},
        [("00001", "1997-01-01", 11.77), ("00002", "1997-01-12", 12.0)], {}, "first row is data",
    ),
    "ids forced to text, ids as floats": (
        b'customer no,date,amount\n"=""007""",2024-03-05,1\n\'008,2024-03-06,1\n',
        {}, [("007", "2024-03-05", 1.0), ("008", "2024-03-06", 1.0)], {}, None,
    ),
    "day first and month first": (
        b"customer,date,amount\nA,13/04/2024,1\nB,04/13/2024,1\nC,04/05/2024,1\nD,05/05/2024,1\n",
        {}, [("A", "2024-04-13", 1.0), ("B", "2024-04-13", 1.0), ("D", "2024-05-05", 1.0)],
        {"unclear date": [4]}, "either",
    ),
    "decimal point and decimal comma": (
        b"customer;date;amount\nA;2024-03-05;1.5\nB;2024-03-05;1,5\nC;2024-03-05;1,234\nD;2024-03-05;1.234,5\n",
        {}, [("A", "2024-03-05", 1.5), ("B", "2024-03-05", 1.5), ("D", "2024-03-05", 1234.5)],
        {"unclear amount": [4]}, "own way",
    ),
    "another currency": (
        "customer,date,amount,currency\nA,2024-03-05,£5,GBP\nB,2024-03-05,5,eur\nC,2024-03-05,7,\n".encode(),
        {"currency": "£"}, [("A", "2024-03-05", 5.0), ("C", "2024-03-05", 7.0)],
        {"other currency": [3]}, None,
    ),
    "time zones": (
        b"customer,date,amount\nA,2024-03-05T23:30:00Z,1\nB,2024-03-05 23:30:00+01:00,2\n",
        {"timezone": "Asia/Shanghai"}, [("A", "2024-03-06", 1.0), ("B", "2024-03-06", 2.0)], {}, "Shanghai",
    ),
    "traditional Chinese": (
        "客戶編號;訂單日期;金額;訂單編號\n王小明;2024/1/3;5;1\n合計;;5;\n".encode(),
        {}, [("王小明", "2024-01-03", 5.0)], {"total row": [3]}, None,
    ),
    "month first with dots, as the reader says": (
        b"customer,date,amount\nA,03.25.2024,5\nB,03.04.2024,6\n", {"dayfirst": False},
        [("A", "2024-03-25", 5.0), ("B", "2024-03-04", 6.0)], {}, None,
    ),
    "the year may stand first": (
        b"customer,date,amount\nA,24-03-05,5\nB,24-03-06,6\nC,24-03-07,7\n",
        {}, [("A", "2005-03-24", 5.0), ("B", "2006-03-24", 6.0), ("C", "2007-03-24", 7.0)], {}, "year first",
    ),
    "workbook: an order over merged rows": (
        workbook(
            Orders=[
                ["Order no", "Customer", "Date", "Amount"], [1, "A", dt.date(2024, 3, 5), 5], [None, None, None, 6],
                [None, None, None, 7], [2, "B", dt.date(2024, 3, 6), 8],
            ],
        ),
        {}, [("A", "2024-03-05", 5.0), ("B", "2024-03-06", 8.0)], {"missing customer": [3, 4]}, "ffill",
    ),
    "workbook: a sheet for each year": (
        workbook(**{
            year: [["Customer", "Date", "Amount"], ["A", f"{year}-03-05", 5]] for year in ("2023", "2024")
        }),
        {}, [("A", "2023-03-05", 5.0)], {}, "'2024' looks like orders too",
    ),
    "workbook: title, dates as dates, ids as numbers, sheet to be found": (
        workbook(
            Notes=[["made by", "the shop"]],
            Orders=[
                ["Fernwell", None, None], [], ["Customer ID", "Order date", "Amount"],
                [123.0, dt.datetime(2024, 3, 5, 14, 30), 10.5], ["00124", 45357, "20,00"],
                [None, dt.date(2024, 3, 7), 4], [125, "#N/A", 4], ["Total", None, 38.5],
            ],
        ),
        {}, [("123", "2024-03-05", 10.5), ("00124", "2024-03-06", 20.0)],
        {"missing customer": [6], "missing date": [7], "total row": [8]}, "'Orders' was read",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", UGLY)
def test_an_ugly_file(name):
    content, options, orders, aside, note = UGLY[name]
    result = read(content, **options)
    assert triples(result) == orders
    assert reasons(result) == aside
    if note is None:
        assert not result.report.warnings
    else:
        assert any(note in text for text in result.report.notes), result.report.notes


@pytest.mark.parametrize("name", UGLY)
def test_the_report_prints_as_a_small_table(name):
    content, options, *_ = UGLY[name]
    report = read(content, **options).report
    text, html = str(report), report._repr_html_()
    for what in ("rows read", "rows used", "rows set aside"):
        assert what in text
        assert what in html
    assert report.table()["rows"].iloc[2:].sum() == 2 * report.rows_set_aside
    assert "<script" not in html


def test_cells_of_the_file_cannot_write_html():
    report = read("<script>alert(1)</script>,customer,date,amount\nx,A,2024-03-05,1\n").report
    named = read(
        "c,date,amount\n<b>1</b>,2024-03-05,1\n<b>2</b>,<i>soon</i>,1\n",
        customer="c",
        amount="amount",
    ).report
    assert "<script" not in report._repr_html_()
    assert "<i>" not in named._repr_html_()


# ------------------------------------------------------------------------------------------------------ orders

LINES = """order no,customer,date,amount,margin
1,A,2024-03-05 09:00,10,4
1,A,2024-03-05 09:00,5,1
1,A,2024-03-05 09:00,-3,-1
2,B,2024-03-06,8,
2,B,2024-03-06,2,1
3,C,2024-03-07,7,3
3,C,2024-03-09,-7,-3
,D,2024-03-08,6,2
"""


def test_lines_are_added_up_to_orders_and_counted():
    result = read(LINES)
    orders, report = result
    assert orders["order_id"].tolist() == ["1", "2", "3", "row 9"]
    assert orders["turnover"].tolist() == [15, 10, 7, 6]
    assert orders["margin"].fillna(-99).tolist() == [5, -99, 3, 2]
    assert reasons(result) == {"refund or negative amount": [4, 8]}
    assert any("4 rows are lines of 2 orders" in note for note in report.notes)
    assert any("-10.00" in note and "refunds='net'" in note for note in report.notes)


def test_refunds_can_be_subtracted_from_their_order():
    result = read(LINES, refunds="net")
    assert result.orders["turnover"].tolist() == [12, 10, 6]
    assert reasons(result) == {"refunded order": [7, 8]}
    with pytest.raises(errors.BadOption, match="order's number"):
        read(PLAIN, refunds="net")


def test_order_numbers_shared_by_customers_are_orders_of_their_own():
    orders, report = read(
        "order,customer,date,amount\n1,A,2024-03-05,5\n1,B,2024-03-05,6\n2,A,2024-03-06,1\n"
    )
    assert orders["order_id"].tolist() == ["1 of A", "1 of B", "2"]
    assert any("more than one customer" in note for note in report.notes)


def test_an_order_total_on_every_line_is_called_out():
    lines = "".join(
        f"{i},C{i},2024-03-05 10:{n:02},{20 + i}\n" for i in range(12) for n in range(3)
    )
    report = read("order,customer,date,amount\n" + lines).report
    assert any("several times" in warning for warning in report.warnings)


def test_a_till_is_no_customer():
    rows = "".join(f"TILL,2024-03-{1 + i % 28:02},{i + 1}\n" for i in range(60))
    rows += "".join(f"C{i},2024-03-05,{i + 1}\n" for i in range(40))
    assert any(
        "'TILL'" in warning for warning in read("customer,date,amount\n" + rows).report.warnings
    )


def test_canonical_types():
    orders = read(PLAIN).orders
    assert orders.columns.tolist() == ["order_id", "customer_id", "order_date", "turnover"]
    assert orders["customer_id"].dtype == "str"
    assert orders["order_date"].dtype.kind == "M"
    assert (orders["order_date"] == orders["order_date"].dt.normalize()).all()
    assert orders["turnover"].dtype == "float64"
    assert orders["order_id"].is_unique


def test_equal_rows_with_an_order_number_or_a_time_are_surely_copies():
    with_time = read("customer,date,amount\nA,2024-03-05 10:01,5\nA,2024-03-05 10:01,5\n")
    assert reasons(with_time) == {"exact duplicate": [3]}
    assert not with_time.report.warnings
    assert with_time.report.set_aside["value"].tolist() == ["equals row 2"]
    kept = read("customer,date,amount\nA,2024-03-05,5\nA,2024-03-05,5\n", duplicates="keep")
    assert kept.report.rows_used == 2


# -------------------------------------------------------------------------------------------- dates and amounts


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("5 March 2024", "2024-03-05"), ("Mar 5, 2024", "2024-03-05"), ("5-Mar-24", "2024-03-05"),
        ("Tuesday, 5th March 2024", "2024-03-05"), ("2024.03.05.", None), ("20240305", "2024-03-05"),
        ("20240305143000", "2024-03-05"), ("1709646600", "2024-03-05"), ("1709646600000", "2024-03-05"),
        ("2024-02-30", None), ("2024-03", None), ("2024", None), ("2024-03-05 25:00", None),
        ("２０２４－０３－０５", "2024-03-05"), ("2024年03月05日", "2024-03-05"),
        ("2024年3月5日 星期二 14时30分5秒", "2024-03-05"),
        ("05.03.2024 14:30:05.123", "2024-03-05"), ("2024-03-05T14:30:05.123+08:00", "2024-03-05"),
        ("2024-03-05 02:30 PM", "2024-03-05"), ("31.12.99", "1999-12-31"), ("13/13/2024", None),
        ("Tue Mar 5 2024 14:30:00 GMT+0100 (CET)", "2024-03-05"), ("5. März 2024", "2024-03-05"),
    ],
)  # fmt: skip
def test_written_dates(written, day):
    from crmkit.data.own.dates import parse_dates

    parsed = parse_dates(pd.Series([written])).day.iloc[0]
    assert (None if pd.isna(parsed) else f"{parsed:%Y-%m-%d}") == day


def test_the_quick_way_and_the_slow_way_read_the_same_dates():
    from crmkit.data.own.dates import parse_dates

    moments = pd.date_range("2020-01-01 00:00:07", periods=2600, freq="11h13min")
    for form in (
        "%Y-%m-%d %H:%M:%S",
        "%d.%m.%Y %H:%M:%S",
        "%m/%d/%Y %H:%M:%S",
        "%Y-%m-%dT%H:%M:%S",
    ):
        texts = pd.Series(moments.strftime(form))
        pd.testing.assert_series_equal(
            parse_dates(texts).moment, pd.Series(moments), check_dtype=False
        )
        slow = pd.concat([parse_dates(texts.iloc[i : i + 1300]).moment for i in (0, 1300)])
        pd.testing.assert_series_equal(slow, pd.Series(moments), check_dtype=False)


def test_a_date_that_nothing_decides_is_a_warning_until_the_reader_decides():
    text = "customer,date,amount\nA,01/02/2024,5\nB,03/04/2024,6\n"
    assert triples(read(text))[0][1] == "2024-02-01"
    assert "1 February or 2 January" in read(text).report.warnings[0]
    american = read(text, dayfirst=False)
    assert triples(american)[0][1] == "2024-01-02"
    assert not american.report.warnings
    assert not read(text, dayfirst=True).report.warnings


def test_days_and_months_swapped_by_a_spreadsheet_are_called_out():
    """03/04 became the 4th of March in a program set to months first; 13/04 stayed what it was."""
    days = pd.date_range("2024-01-01", periods=120, freq="D")
    swapped = [day.strftime("%Y-%d-%m" if day.day <= 12 else "%d/%m/%Y") for day in days]
    text = "customer,date,amount\n" + "".join(f"C{i},{day},5\n" for i, day in enumerate(swapped))
    assert any("swapped" in warning for warning in read(text).report.warnings)
    honest = [day.strftime("%Y-%m-%d" if i % 2 else "%d/%m/%Y") for i, day in enumerate(days)]
    text = "customer,date,amount\n" + "".join(f"C{i},{day},5\n" for i, day in enumerate(honest))
    assert not read(text).report.warnings


def test_one_slip_does_not_make_a_column_doubtful():
    days = "".join(f"C{i},{13 + i % 10}/04/2024,1\n" for i in range(50))
    result = read("customer,date,amount\nX,05/04/2024,1\nY,04/31/2024,1\n" + days)
    assert triples(result)[0] == ("X", "2024-04-05", 1.0)
    assert reasons(result) == {"unreadable date": [3]}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1,234.56", 1234.56), ("1.234,56 €", 1234.56), ("EUR 12", 12), ("-£5.00", -5), ("£-5.00", -5), ("5.00-", -5),
        ("(1,234.50)", -1234.5), ("１２３．５", 123.5), ("1 234,5", 1234.5), ("1'234.50", 1234.5), ("Rs.500", 500),
        ("Fr. 12.50", 12.5), ("1,00,000.50", 100000.5), ("¥3000", 3000), ("12元", 12), ("−7", -7), ("1.2E+03", 1200),
        ("100,-", 100), (".5", 0.5), ("0.123", 0.123), ("12 pcs", None), ("15%", None), ("1.2.3", None), ("inf", None),
        ("1e300", None), ("--5", None), ("5 € $", None), ("1,23,4", None),
    ],
)  # fmt: skip
def test_written_amounts(written, value):
    from crmkit.data.own.amounts import parse_amounts

    parsed = parse_amounts(pd.Series([written])).value[0]
    assert (None if np.isnan(parsed) else pytest.approx(parsed)) == value


def test_a_thousand_or_a_little_over_one():
    text = "customer;date;amount\nA;2024-03-05;1.234\nB;2024-03-06;2.500\n"
    assert "decimal=','" in read(text).report.warnings[0]
    assert read(text, decimal=",").orders["turnover"].tolist() == [1234, 2500]
    certain = read(text, decimal=".")
    assert certain.orders["turnover"].tolist() == [1.234, 2.5]
    assert not certain.report.warnings


# ------------------------------------------------------------------------------------------------------- frames


def test_frames_of_several_kinds():
    frame = pd.DataFrame(
        {
            "customer": [1.0, np.nan, 3.0],
            "date": pd.to_datetime(["2024-03-05"] * 3),
            "amount": [5, 6, -1],
        },
        index=[10, 20, 30],
    )
    result = read_orders(frame, today=TODAY)
    assert triples(result) == [("1", "2024-03-05", 5.0)]
    assert reasons(result) == {"missing customer": [20], "refund or negative amount": [30]}
    assert "at 20" in str(result.report)
    polars = pytest.importorskip("polars")
    assert triples(read_orders(polars.from_pandas(frame), today=TODAY)) == triples(result)
    out = io.BytesIO()
    frame.to_parquet(out)
    assert reasons(read(out.getvalue())) == {
        "missing customer": [2],
        "refund or negative amount": [3],
    }


def test_a_frame_is_not_changed_and_odd_frames_are_read():
    frame = pd.DataFrame(
        {
            "customer": pd.Categorical(["a", "b", "b"]),
            "date": [dt.date(2024, 3, 5), None, pd.Timestamp("2024-03-06", tz="UTC")],
            "amount": pd.array([1, None, 3], dtype="Int64"),
            "tags": [["x"], ["y"], ["y"]],
        }
    )
    before = frame.copy(deep=True)
    result = read_orders(frame, today=TODAY)
    assert triples(result) == [("a", "2024-03-05", 1.0), ("b", "2024-03-06", 3.0)]
    pd.testing.assert_frame_equal(frame, before)
    grouped = (
        frame.assign(amount=[1.0, 2, 3], date="2024-03-05").groupby("customer")[["amount"]].sum()
    )
    again = read_orders(grouped.assign(date="2024-03-05"), today=TODAY)
    assert again.orders["customer_id"].tolist() == ["a", "b"]


def test_frames_put_together_keep_every_row_an_order():
    """Labels repeat after pd.concat; rows that share one are no lines of one order."""
    year = pd.DataFrame({"customer": ["A", "B"], "date": ["2024-03-05"] * 2, "amount": [5, 6]})
    both = pd.concat([year, year.assign(date="2025-03-05", amount=0)])
    result = read_orders(pd.concat([both, year.assign(date="2025-03-06")]), today=TODAY)
    assert len(result.orders) == 4
    assert reasons(result) == {"zero amount": [2, 3]}
    assert any("counted from 0" in note for note in result.report.notes)


def test_a_frame_with_one_heading_twice_is_read():
    frame = pd.DataFrame([["A", "2024-03-05", 5]], columns=["customer", "date", "date"])
    result = read_orders(frame, amount="date (2)", today=TODAY)
    assert triples(result) == [("A", "2024-03-05", 5.0)]
    arrow = pytest.importorskip("pyarrow")
    twice = arrow.table([["A"], ["B"]], names=["customer", "customer"])
    with pytest.raises(errors.NotATable, match="unique"):
        read_orders(twice)


def test_shipped_orders_read_as_a_file_of_ones_own():
    orders = crmkit.load("orders")
    own, report = read_orders(orders, today=TODAY)
    assert report.rows_read == len(orders)
    assert own["customer_id"].nunique() <= orders["customer_id"].nunique()
    positive = orders[orders["turnover"] > 0]
    assert own["turnover"].sum() == pytest.approx(positive["turnover"].sum())


# ------------------------------------------------------------------------------------------------------- errors


def archive(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as box:
        for name, content in files.items():
            box.writestr(name, content)
    return out.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
REFUSED = {
    "empty": (b"", errors.EmptyFile, "empty"),
    "blanks": (b" \n \n", errors.EmptyFile, "empty"),
    "only a mark": (b"\xef\xbb\xbf", errors.EmptyFile, "empty"),
    "only headings": (b"customer,date,amount\n", errors.EmptyFile, "no rows"),
    "pdf": (b"%PDF-1.7\n...", errors.NotATable, "PDF"),
    "web page": (b"<html><body><table><tr><td>1</td></tr></table>", errors.NotATable, "web page"),
    "json": (b'[{"customer": 1}]', errors.NotATable, "JSON"),
    "gzip": (b"\x1f\x8b\x08\x00abc", errors.NotATable, "Unpack"),
    "picture": (b"\x89PNG\r\n\x1a\n\0\0", errors.NotATable, "picture"),
    "zip": (archive(**{"orders.csv": b"a,b\n1,2\n"}), errors.NotATable, "orders.csv"),
    "word": (archive(**{"word/document.xml": b"<w/>"}), errors.NotATable, "Word"),
    "damaged workbook": (archive(**{"xl/workbook.xml": b"<w/>"}), errors.NotATable, "cannot be read"),
    "truncated workbook": (workbook(a=[["customer"]])[:300], errors.NotATable, "damaged"),
    "old workbook": (OLE, errors.NotATable, "xls"),
    "locked workbook": (OLE + "EncryptedPackage".encode("utf-16-le"), errors.NotATable, "password"),
    "truncated parquet": (b"PAR1abcdefgh", errors.NotATable, "Parquet"),
    "noise": (bytes(range(256)) * 40, errors.NotATable, "no text"),
    "no customer": (b"id,date,amount\n1,2024-03-05,1\n", errors.ColumnNotFound, "'id': 1"),
    "no amount": (b"customer,date,colour\n1,2024-03-05,red\n", errors.ColumnNotFound, "amount=..."),
    "two customers": (
        b"client id,member no,date,amount\n1,9,2024-03-05,1\n", errors.ColumnAmbiguous, "customer='client id'",
    ),
    "twice the same heading": (
        b"customer,customer,date,amount\n1,9,2024-03-05,1\n", errors.ColumnAmbiguous, r"customer \(2\)",
    ),
    "two numbers of the customer": (
        b"client no,card no,order date,amount\n7,A1,2025-03-01,10\n", errors.ColumnAmbiguous, "customer='client no'",
    ),
    "two amounts": (b"customer,date,amount,turnover\n1,2024-03-05,1,2\n", errors.ColumnAmbiguous, "turnover"),
    "two currencies": (
        "customer,date,amount\n1,2024-03-05,£5\n2,2024-03-05,$5\n".encode(), errors.MixedCurrencies, "row 3",
    ),
    "decimal commas among commas": (
        b"customer,date,amount\nA,2024-03-05,1,50\nB,2024-03-05,2,75\n", errors.ColumnNotFound, "decimal comma",
    ),
    "nothing usable": (b"customer,date,amount\nA,soon,5\n", errors.NoUsableRows, "unreadable date: 1 .row 2: 'soon'."),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_says_what_and_why(name):
    content, kind, words = REFUSED[name]
    with pytest.raises(kind, match=words) as caught:
        read(content)
    assert isinstance(caught.value, crmkit.CrmkitError)


def test_an_empty_outcome_still_accounts_for_every_row():
    with pytest.raises(errors.NoUsableRows) as caught:
        read("customer,date,amount\nA,soon,5\nB,2024-03-05,0\n")
    report = caught.value.report
    assert (report.rows_read, report.rows_used, report.rows_set_aside) == (2, 0, 2)
    assert "No row could be used" in str(report)


def test_missing_files_folders_and_addresses(tmp_path, monkeypatch):
    (tmp_path / "orders_2024.csv").write_text(PLAIN)
    monkeypatch.chdir(tmp_path)
    assert read_orders("orders_2024.csv", today=TODAY).report.source == "orders_2024.csv"
    with pytest.raises(errors.NoSuchFile, match=r"Did you mean 'orders_2024\.csv'"):
        read_orders("order_2024.csv")
    with pytest.raises(errors.NoSuchFile, match="folder"):
        read_orders(tmp_path)
    with pytest.raises(errors.NoSuchFile, match="on the web"):
        read_orders("https://example.org/orders.csv")
    with pytest.raises(errors.NoSuchFile, match="several lines"):
        read_orders(PLAIN)
    with pytest.raises(errors.NotATable, match="list"):
        read_orders([1, 2])
    with pytest.raises(errors.NotATable, match="NoneType"):
        read_orders(None)


@pytest.mark.parametrize(
    "options",
    [
        {"encoding": "klingon"}, {"encoding": "ascii"}, {"separator": ";;"}, {"decimal": "x"}, {"dayfirst": "yes"},
        {"currency": "apples"}, {"today": "soon"}, {"dayfirst": 0},
        {"duplicates": "drop"}, {"refunds": "drop"}, {"timezone": "Mars"},
        {"customer": "nobody"}, {"sheet": 3}, {"encoding": "zip"}, {"today": 5.5j},
    ],
)  # fmt: skip
def test_a_bad_option_is_named(options):
    with pytest.raises(errors.OwnDataError):
        read_orders(
            "客户,日期,金额\n1,2024-03-05T10:00:00Z,5\n".encode(), **({"today": TODAY} | options)
        )


def test_a_sheet_that_is_not_there():
    with pytest.raises(errors.BadOption, match="'Orders'"):
        read(
            workbook(Orders=[["customer", "date", "amount"], ["A", "2024-03-05", 5]]),
            sheet="orders",
        )


def test_without_openpyxl_the_message_says_what_to_install(monkeypatch):
    import sys

    book = workbook(Orders=[["customer", "date", "amount"], ["A", "2024-03-05", 5]])
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(errors.MissingPackage, match="pip install openpyxl"):
        read(book)
