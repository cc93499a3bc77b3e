"""Cells that spreadsheets, tills and mail programs spoilt: each kind read for what it meant, or named."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest

from crmkit.data.own.amounts import parse_amounts
from crmkit.data.own.cells import identifiers, shortened
from crmkit.data.own.dates import parse_dates
from crmkit.data.own.errors import BadOption
from crmkit.data.own.reading import decode
from crmkit.data.own_orders import read_orders

TODAY = "2026-01-01"


@pytest.mark.parametrize(
    ("written", "value", "currency"),
    [
        ("'-70.00", -70, ""), ("`70.00", 70, ""), ("´70,00", 70, ""), ('="70.00"', 70, ""), ("=-70.5", -70.5, ""),
        ("$12.00 USD", 12, "USD"), ("US $12", 12, "USD"), ("AU $25", 25, "AUD"), ("C $1,234.50", 1234.5, "CAD"),
        ("CA$12.00 CAD", 12, "CAD"), ("USD $-5.00", -5, "USD"), ("₹500/-", 500, "INR"), ("Rs. 1,500/-", 1500, "INR"),
        ("R$ 1.234,50", 1234.5, "BRL"), ("€ 5,00 EUR", 5, "EUR"), ("5 € $", None, ""), ("$5 GBP", None, ""),
        ("120:-", 120, ""), ("120 kr", 120, "kr"), ("120:- kr", None, ""), ("12,50 zł", 12.5, "PLN"),
        ("1 234,50 Kč", 1234.5, "CZK"), ("￥3,000円", 3000, "JPY"),
        ("3,000円(税込)", 3000, "JPY"), ("12元整", 12, "CNY"),
        ("NT$1,200", 1200, "TWD"), ("NT $1,200", 1200, "TWD"), ("-- 5", None, ""),
        ("—5.00", -5, ""), ("&euro;5", 5, "EUR"),
        ("S/ 12.50", 12.5, "PEN"), ("12,50 TL", 12.5, "TRY"),
        ("1'234.50 CHF", 1234.5, "CHF"), ("CHF 12.–", 12, "CHF"),
        ("12 €/kg", None, ""), ("1万元", None, ""),
    ],
)  # fmt: skip
def test_money_between_words_and_signs(written, value, currency):
    read = parse_amounts(pd.Series([written]))
    assert (None if np.isnan(read.value[0]) else read.value[0]) == value
    assert read.currency[0] == currency


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("Mar-05-24", "2024-03-05"), ("Mar-05-2024 23:10", "2024-03-05"), ("2024-Mar-05", "2024-03-05"),
        ("`2024-03-05", "2024-03-05"), ("'05.03.2024", "2024-03-05"), ('="2024-03-05"', "2024-03-05"),
        ("5 mars 2024", "2024-03-05"), ("1er févr. 2024", "2024-02-01"), ("mar. 5 mars 2024", "2024-03-05"),
        ("5 de marzo de 2024", "2024-03-05"), ("5 août 2024 14:30", "2024-08-05"), ("5 dic 2024", "2024-12-05"),
        ("5 gennaio 2024", "2024-01-05"), ("5 mrt. 2024", "2024-03-05"), ("5 października 2024", "2024-10-05"),
        ("5 sty 2024", "2024-01-05"), ("5 juil. 2024", "2024-07-05"), ("5 jui 2024", None),
        ("Tue, 5 Mar 2024", "2024-03-05"),
        ("令和6年3月5日", "2024-03-05"), ("令和元年5月1日", "2019-05-01"),
        ("2024年3月5日（火）午後11時30分", "2024-03-05"),
        ("2024/03/05(火) 14:30", "2024-03-05"), ("2024년 3월 5일", "2024-03-05"), ("20240305T143000Z", "2024-03-05"),
        ("20240305 14:30", "2024-03-05"), ("1709646600000000", "2024-03-05"),
        ("00/03/2024", None), ("03/00/2024", None),
        ("Mar 5 10:30", None),
        ("5 de marzo de 2024 10:30 hs.", "2024-03-05"), ("05.03.2024 um 10:30 Uhr", "2024-03-05"),
        ("5 mars 2024 à 10h30", "2024-03-05"), ("2024-03-05 99:30 Uhr", None),
    ],
)  # fmt: skip
def test_days_in_more_languages_and_spoilt_by_programs(written, day):
    read = parse_dates(pd.Series([written]))
    assert (None if pd.isna(read.day[0]) else f"{read.day[0]:%Y-%m-%d}") == day
    assert not any("0 March" in note for note in read.notes)


@pytest.mark.parametrize(
    ("written", "zone", "day"),
    [
        ("Mar 5, 2024 11:30:05 PM PST", "Europe/London", "2024-03-06"),
        ("Mar 5, 2024 11:30:05 PM PST", "America/Los_Angeles", "2024-03-05"),
        ("2024-03-05 23:30 CET", "Asia/Shanghai", "2024-03-06"),
        ("2024-03-05 00:30 JST", "UTC", "2024-03-04"),
        ("1709681405", "Asia/Tokyo", "2024-03-06"),
        ("1709681405", "America/New_York", "2024-03-05"),
        ("1709681405000", "Asia/Tokyo", "2024-03-06"),
        ("20240305T233000Z", "Asia/Tokyo", "2024-03-06"),
    ],
)
def test_a_zone_moves_the_day_wherever_one_is_known(written, zone, day):
    assert f"{parse_dates(pd.Series([written]), timezone=zone).day[0]:%Y-%m-%d}" == day
    many = pd.Series([written] * 3)
    assert f"{parse_dates(many, timezone=zone).day[2]:%Y-%m-%d}" == day


def test_a_zone_that_changes_nothing_or_is_not_sure_is_named():
    none = parse_dates(pd.Series(["2024-03-05 10:00"]), timezone="Asia/Tokyo")
    assert any("changes nothing" in note for note in none.notes)
    several = parse_dates(pd.Series(["2024-03-05 10:00 CST"]), timezone="Asia/Tokyo")
    assert any("WARNING" in note and "China" in note for note in several.notes)
    unknown = parse_dates(pd.Series(["2024-03-05 10:00 QQT"]), timezone="Asia/Tokyo")
    assert any("WARNING" in note and "QQT" in note for note in unknown.notes)


def test_identifiers_that_a_spreadsheet_touched():
    ids, damaged = identifiers(
        pd.Series(["17850.0", "17850", "C1", "`007", "'007", '="007"', "Anna@B.org", "anna@b.org", "Ab", "ab"])
    )  # fmt: skip
    assert ids.tolist() == ["17850"] * 2 + ["C1"] + ["007"] * 3 + ["anna@b.org"] * 2 + ["Ab", "ab"]
    assert not damaged.any()
    written = ["2.02403E+18", "2,02403E+18", "2.02403e+18", "2E+18", "12E4", "E+18", "20240305"]
    assert shortened(pd.Series(written)).tolist() == [True] * 4 + [False] * 3
    assert shortened(pd.Series([2.0240305123456789e18, 17.0])).tolist() == [True, False]


def test_day_numbers_of_a_workbook_that_counts_from_1904():
    openpyxl = pytest.importorskip("openpyxl")
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    for epoch, day in ((None, "2020-03-04"), (CALENDAR_MAC_1904, "2024-03-05")):
        book = openpyxl.Workbook()
        if epoch:
            book.epoch = epoch
        for row in (["customer", "date", "amount"], ["A", 43894, 5]):
            book.active.append(row)
        out = io.BytesIO()
        book.save(out)
        orders, report = read_orders(out.getvalue(), today=TODAY)
        assert f"{orders['order_date'].iloc[0]:%Y-%m-%d}" == day
        assert any("1904" in note for note in report.notes) == bool(epoch)


TAIWAN = "訂單編號,客戶編號,訂單日期,金額\n1,王小明,2024/03/05,120\n2,陳美麗,2024/03/06,80\n"
JAPAN = (
    "注文番号,会員番号,注文日,合計金額\n1,山田太郎,2024/03/05,1200\n2,さとうハナコ,2024/03/06,800\n"
)
CHINA = "订单号,客户编号,订单日期,金额\n1,王小明,2024/03/05,120\n2,陈美丽,2024/03/06,80\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (TAIWAN, "big5"), (JAPAN, "cp932"), (JAPAN, "euc_jp"), (CHINA, "gb18030"),
        ("Kunde;Datum;Betrag\nMüller;05.03.2024;5 €\nGroß;06.03.2024;6 €\n", "cp1252"),
        ("client;date;montant\nÉloïse;05/03/2024;5 €\nÇa;06/03/2024;6 €\n", "cp1252"),
    ],
)  # fmt: skip
def test_an_encoding_is_told_by_what_the_text_says(text, encoding):
    assert decode(text.encode(encoding)) == (text, encoding)


def test_one_broken_byte_spoils_one_letter():
    text = "customer,date,amount,note\nMüller,2024-03-05,£5,Größe\nB,2024-03-06,£6,x\n".encode()
    broken = text.replace(b",x", b",\xff")
    for options in ({}, {"encoding": "utf-8"}):
        orders, report = read_orders(broken, today=TODAY, **options)
        assert orders["customer_id"].tolist() == ["Müller", "B"]
        assert orders["turnover"].tolist() == [5, 6]
        assert report.currency == "GBP"
        assert any("1 character could not be read" in n and "line 3" in n for n in report.notes)
    with pytest.raises(BadOption, match="not written in utf-8"):
        decode("Müller;Größe;Käse".encode("cp1252"), "utf-8")


def test_a_file_of_backticks_and_formulas_is_read_whole():
    """A payment service puts a backtick before each value, so that a spreadsheet leaves it alone."""
    rows = "`2024-03-05 10:00:00,`c1,`100,`70.00\n`2024-03-06 11:00:00,`c2,`101,`'-30.00\n"
    orders, report = read_orders(
        ("order time,customer id,order no,amount\n" + rows).encode(), today=TODAY
    )
    assert orders[["order_id", "customer_id", "turnover"]].values.tolist() == [["100", "c1", 70.0]]
    assert report.set_aside["reason"].tolist() == ["refund or negative amount"]
    formulas = '="c1",="2024-03-05",="70.00"\n'
    orders, _ = read_orders(("customer,date,amount\n" + formulas).encode(), today=TODAY)
    assert orders["turnover"].tolist() == [70.0]
