"""No silent money: every cent of a file is counted or left out for a reason, and the right total comes out.

Each kind of fault has its smallest file here; most were met in exports of shops, marketplaces, payment services and
tills. A total that is wrong without a word is the one thing that must never happen.
"""

from __future__ import annotations

import io
import tomllib
import zipfile
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crmkit.data.own.errors import BadOption, ColumnNotFound, NoUsableRows
from crmkit.data.own_orders import read_orders

TODAY = "2026-01-01"
EXPORTS = Path(__file__).parent / "exports"
GALLERY = tomllib.loads((EXPORTS / "exports.toml").read_text(encoding="utf-8"))


def read(text, encoding="utf-8", **options):
    content = text if isinstance(text, bytes) else text.encode(encoding)
    result = read_orders(content, today=TODAY, **options)
    adds_up(result)
    return result


def adds_up(result):
    """Hold the two sums: rows, and money to the last cent."""
    orders, report = result
    assert report.rows_read == report.rows_used + report.rows_set_aside
    left = sum(report.money_left_out.values(), Decimal(0))
    uncounted = sum((money for _, money in report.money_uncounted.values()), Decimal(0))
    assert report.money_read == report.money_counted + left + uncounted
    turnover = sum((Decimal(repr(value)) for value in orders["turnover"]), Decimal(0))
    assert round(turnover, 6) == round(report.money_counted, 6)
    table = report.to_frame().query("section == 'rows and money'").set_index("what")["money"]
    assert table["counted"] == pytest.approx(float(report.money_counted), abs=1e-6)


def total(result):
    return result.report.turnover


def warned(result, word):
    return any(word in note for note in result.report.warnings)


# --- the gallery -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", GALLERY)
def test_an_export_of_the_gallery_has_its_right_total(name):
    entry = GALLERY[name]
    options = entry.get("options", {})
    result = read_orders(EXPORTS / name, today=TODAY, **options)
    adds_up(result)
    assert total(result) == pytest.approx(entry["turnover"], abs=1e-9)
    assert (result.report.orders, result.report.customers) == (entry["orders"], entry["customers"])
    if "net" in entry:
        net = read_orders(EXPORTS / name, today=TODAY, refunds="net", **options)
        adds_up(net)
        assert total(net) == pytest.approx(entry["net"], abs=1e-9)


def test_the_gallery_in_the_docs_is_that_of_the_tests():
    page = (Path(__file__).parents[2] / "docs/own_orders.md").read_text(encoding="utf-8")
    assert {path.name for path in EXPORTS.iterdir()} == {*GALLERY, "exports.toml"}
    for name, entry in GALLERY.items():
        options = ", ".join(f"{key}={value!r}" for key, value in entry.get("options", {}).items())
        row = f"| {entry['system']} | `{name}` | {f'`{options}`' if options else ''} | {entry['turnover']:,.2f} |"
        assert row in page, row
        assert entry["why"] in page


# --- status ----------------------------------------------------------------------------------------

STATUSES = {
    "English": ("status", ["Paid", "Failed", "Cancelled", "Refunded"]),
    "a shop system": ("Status", ["wc-completed", "wc-failed", "wc-cancelled", "wc-refunded"]),
    "a payment service": (
        "Status",
        ["Succeeded", "requires_payment_method", "Canceled", "Refunded"],
    ),
    "Chinese": ("订单状态", ["交易成功", "等待买家付款", "交易关闭", "退款成功"]),
    "traditional Chinese": ("訂單狀態", ["已付款", "待付款", "已取消", "已退款"]),
    "German": ("Zahlungsstatus", ["Bezahlt", "Offen", "Storniert", "Erstattet"]),
    "French": ("État", ["Paiement accepté", "En attente de paiement", "Annulé", "Remboursé"]),
    "Spanish": ("Estado", ["Completado", "Pendiente de pago", "Cancelado", "Reembolsado"]),
    "Italian": ("Stato", ["Completato", "In attesa di pagamento", "Annullato", "Rimborsato"]),
    "Dutch": ("Status", ["Betaald", "Openstaand", "Geannuleerd", "Terugbetaald"]),
    "Polish": ("Status", ["Opłacone", "Nieopłacone", "Anulowane", "Zwrócone"]),
    "Portuguese": ("Situação", ["Concluído", "Aguardando pagamento", "Cancelado", "Devolvido"]),
    "Japanese": ("ステータス", ["入金済み", "入金待ち", "キャンセル", "返金済み"]),
}


@pytest.mark.parametrize("language", STATUSES)
def test_what_was_not_paid_cancelled_or_given_back_is_left_out_and_said(language):
    heading, words = STATUSES[language]
    rows = "".join(f"{c},2024-03-0{c},{10 * c},{w}\n" for c, w in enumerate(words, start=1))
    text = f"customer,date,amount,{heading}\n{rows}"
    result = read(text)
    assert total(result) == 10
    assert sum(result.report.money_left_out.values()) == 90
    assert "refunded order" in result.report.money_left_out
    assert total(read(text, status=False)) == 100, "the other choice is one argument away"


def test_the_reader_may_say_what_a_word_means():
    text = "customer,date,amount,status\nA,2024-03-05,10,Paid\nB,2024-03-05,20,On hold\nC,2024-03-06,40,Zorp\nD,2024-03-06,1,Paid\n"
    asked = read(text)
    assert total(asked) == 51
    assert warned(asked, "'Zorp'"), "a word that nobody knows is asked about"
    assert total(read(text, statuses={"On hold": "counts", "Zorp": "cancelled"})) == 31
    with pytest.raises(BadOption, match="'counts'"):
        read(text, statuses={"Zorp": "maybe"})
    with pytest.raises(ColumnNotFound, match="'state'"):
        read(text, status="state")


def test_a_column_about_the_customer_is_no_status():
    text = "customer,date,amount,Customer type\nA,2024-03-05,10,new\nB,2024-03-05,20,returning\nC,2024-03-06,40,new\n"
    assert total(read(text)) == 70


def test_goods_not_sent_yet_were_sold_all_the_same():
    text = (
        "customer,date,amount,Financial Status,Fulfillment Status\n"
        "A,2024-03-05,10,paid,pending\nB,2024-03-05,20,pending,pending\nC,2024-03-05,40,paid,fulfilled\n"
    )
    assert total(read(text)) == 50


def test_a_refund_as_a_row_of_its_own_is_no_second_sale():
    text = "customer,date,amount,type,order id\nA,2024-03-05,68,Sale,1\nB,2024-03-05,5,Sale,2\nA,2024-03-09,68,Refund,1\n"
    assert total(read(text)) == 73
    assert read(text).report.money_left_out == {"refund or negative amount": Decimal(-68)}
    assert total(read(text, refunds="net")) == 5


def test_a_refund_that_names_no_order_of_the_file_stays_aside_with_a_warning():
    text = (
        "InvoiceNo,Quantity,InvoiceDate,UnitPrice,CustomerID\n541431,2,2011-01-18 10:01,5,12346\n"
        "C541433,-3,2011-01-18 10:17,5,12346\n541500,1,2011-01-19 10:17,7,12347\n"
    )
    result = read(text, refunds="net")
    assert total(result) == 17
    assert warned(result, "-15.00")
    assert result.report.money_left_out["refund or negative amount"] == -15


def test_a_credit_note_with_a_number_of_its_own_takes_back_what_it_equals():
    """The customer's latest earlier line of exactly that amount, each once; a later one never."""
    head = "InvoiceNo,Quantity,InvoiceDate,UnitPrice,CustomerID\n"
    sale, other = "541431,2,2011-01-18 10:01,5,12346\n", "541500,1,2011-01-19 10:17,7,12347\n"
    result = read(head + sale + "C541433,-2,2011-01-18 10:17,5,12346\n" + other, refunds="net")
    assert total(result) == 7
    assert any("exactly that amount" in note for note in result.report.notes)
    twice = "C1,-2,2011-01-18 10:17,5,12346\nC2,-2,2011-01-18 10:18,5,12346\n"
    assert warned(read(head + sale + twice + other, refunds="net"), "-10.00")
    early = read(head + sale + "C1,-2,2011-01-17 10:17,5,12346\n" + other, refunds="net")
    assert total(early) == 17
    whole = (
        "541431,1,2011-01-18 10:01,3,12346\n" + sale + "C1,-1,2011-01-20 10:17,13,12346\n" + other
    )
    assert total(read(head + whole, refunds="net")) == 7


def test_a_refund_may_refer_to_its_order_in_another_column_and_to_another_customer():
    text = (
        "customer,date,amount,transaction id,reference txn id\nA,2024-03-05,40,T1,\nB,2024-03-06,10,T2,\n"
        "shop,2024-03-09,-15,T3,T1\n"
    )
    result = read(text, refunds="net")
    assert result.orders.set_index("customer_id")["turnover"].to_dict() == {"A": 25, "B": 10}


def test_a_payout_and_a_fee_are_no_sales():
    text = "customer,date,amount,type\nA,2024-03-05,40,Payment\nA,2024-03-06,1,Fee\n,2024-03-07,39,Payout\nB,2024-03-08,5,Payment\n"
    assert total(read(text)) == 45
    assert read(text).report.money_left_out == {"not a sale": Decimal(40)}


# --- totals and quantities -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "heading", ["grand_total", "Order Total", "订单金额", "Rechnungsbetrag", "Total TTC"]
)
def test_an_orders_total_on_each_line_counts_once(heading):
    text = (
        f"increment_id,customer,date,{heading},sku\n1,A,2024-03-05,102,x\n1,A,2024-03-05,102,y\n2,B,2024-03-06,204,x\n"
        "2,B,2024-03-06,204,z\n"
    )
    result = read(text)
    assert total(result) == 306
    assert sum(money for _, money in result.report.money_uncounted.values()) == 306
    assert total(read(text, amount_is="line")) == 612


def test_where_nothing_tells_the_reader_is_asked_with_both_sums():
    text = (
        "order id,customer,date,amount,sku\n1,A,2024-03-05,102,x\n1,A,2024-03-05,102,y\n2,B,2024-03-06,204,x\n"
        "2,B,2024-03-06,204,z\n"
    )
    result = read(text)
    assert warned(result, "amount_is='order' counts it once an order (306.00 instead of 612.00)")
    assert total(read(text, amount_is="order")) == 306
    assert not read(text, amount_is="line").report.warnings


def test_price_and_quantity_tell_a_line_from_an_order():
    lines = (
        "order no,customer,date,unit price,qty,amount\n1,A,2024-03-05,2,5,10\n1,A,2024-03-05,5,2,10\n"
        "2,B,2024-03-06,7,1,7\n2,B,2024-03-06,7,1,7.00\n"
    )
    assert total(read(lines)) == 34
    whole = lines.replace(",5,10\n", ",5,20\n").replace(",2,10\n", ",2,20\n")
    whole = whole.replace(",1,7\n", ",1,14\n").replace(",1,7.00\n", ",1,14.00\n")
    assert total(read(whole)) == 34


def test_a_marketplaces_item_price_is_the_lines():
    text = "amazon-order-id\tpurchase-date\tbuyer-email\tquantity\titem-price\n1\t2024-03-05\ta@example.org\t3\t30.00\n1\t2024-03-05\ta@example.org\t1\t5.00\n"
    result = read(text)
    assert (total(result), result.report.orders) == (35, 1)


def test_a_price_that_may_be_either_is_asked():
    text = "customer,date,qty,price\nA,2024-03-05,3,30\nB,2024-03-05,1,5\n"
    result = read(text)
    assert total(result) == 95
    assert warned(result, "amount='price' (35.00 in all)")
    assert total(read(text, amount="price")) == 35


def test_price_and_quantity_given_by_the_reader_win_over_a_total():
    text = "customer,date,total,qty,price\nA,2024-03-05,99,2,3.50\n"
    assert total(read(text, price="price", quantity="qty")) == 7


def test_an_amount_of_pieces_is_no_money():
    text = "customer,date,AMOUNT,price\nA,2024-03-05,2,3.50\nB,2024-03-06,1,10.25\n"
    assert total(read(text)) == 17.25
    assert total(read(text, amount="AMOUNT")) == 3


def test_equal_lines_of_one_receipt_count_and_a_second_export_does_not():
    receipt = "1,A,2024-03-05,coffee,4.50\n1,A,2024-03-05,coffee,4.50\n2,B,2024-03-06,tea,3\n"
    text = "receipt no,customer,date,item,amount\n" + receipt
    assert total(read(text)) == 12
    twice = read(text + receipt)
    assert total(twice) == 12
    assert twice.report.money_left_out == {"exact duplicate": Decimal(12)}


@pytest.mark.parametrize(
    "row", ["Total,2024-03-05,30", "小计,2024-03-05,30", "合计,,30", "Grand total,2024-03-06,30", "Summe,2024-03-06,30",
            "Total March,2024-03-31,30", "合計,2024-03-31,30", "Sous-total,2024-03-31,30"]
)  # fmt: skip
def test_a_total_row_is_no_customer_dated_or_not(row):
    result = read(f"customer,date,amount\nA,2024-03-05,10\nB,2024-03-05,20\n{row}\n")
    assert total(result) == 30
    assert result.report.money_left_out == {"total row": Decimal(30)}


def test_a_customer_whose_name_begins_like_a_total_stays():
    result = read(
        "customer,date,amount\nTotal Garden Ltd,2024-03-05,10\nSummer & Co,2024-03-05,20\n"
    )
    assert total(result) == 30


# --- guests ----------------------------------------------------------------------------------------


def crowd(name, times, same_day=1):
    rows = [f"c{i},2024-{1 + i % 12:02}-{1 + i % 27:02},10" for i in range(375)]
    rows += [
        f"{name},2024-{1 + (i // same_day) % 12:02}-{1 + (i // same_day) % 27:02},{11 + i}"
        for i in range(times)
    ]
    return "customer,date,amount\n" + "\n".join(rows) + "\n"


@pytest.mark.parametrize(
    "name",
    [
        "散客",
        "Guest",
        "walk-in",
        "Barverkauf",
        "Laufkundschaft",
        "99999",
        "0",
        "client comptoir",
        "店頭",
    ],
)
def test_a_guest_is_named_however_small_its_share(name):
    assert warned(read(crowd(name, 25)), f"customer {name!r}")


def test_a_good_customer_is_not_called_a_guest():
    assert not read(crowd("Ann Hill", 60)).report.warnings
    assert warned(read(crowd("K-17", 120, same_day=6)), "'K-17'"), (
        "six orders a day are no person's"
    )


# --- what spreadsheets destroy ----------------------------------------------------------------------


def test_shortened_order_numbers_do_not_melt_orders_together():
    text = "order id,customer,date,amount\n2.02403E+18,A,2024-03-05,10\n2.02403E+18,A,2024-03-06,20\n2.02403E+18,B,2024-03-06,30\n"
    result = read(text)
    assert (total(result), result.report.orders) == (60, 3)
    assert warned(result, "shortened")


def test_ids_with_a_point_zero_and_mails_with_capitals_are_one_customer():
    ids = read("customer,date,amount\n17850.0,2024-03-05,1\n17850,2024-03-06,2\nX17,2024-03-07,3\n")
    assert ids.report.customers == 2
    mails = read("email,date,amount\nAnn@example.org,2024-03-05,1\nann@example.org,2024-03-06,2\n")
    assert mails.report.customers == 1
    assert any("without regard to capitals" in note for note in mails.report.notes)


AMOUNTS = {
    "$12.00 USD": 12, "US $12": 12, "AU $25": 25, "₹500/-": 500, "12,50 zł": 12.5, "CHF 1'200.50": 1200.5,
    "R$ 1.234,56": 1234.56, "1 234,56 €": 1234.56, "USD 12.00": 12, "kr 1 200,00": 1200, "£1,234.50 GBP": 1234.5,
    "`68.00": 68, "'70.00": 70, '="12.50"': 12.5, "￥1,010.50": 1010.5, "EUR12,90": 12.9, "12.90 Euro": 12.9,
}  # fmt: skip


@pytest.mark.parametrize("written", AMOUNTS)
def test_an_amount_as_people_and_programs_write_it(written):
    frame = pd.DataFrame({"customer": ["A"], "date": ["2024-03-05"], "amount": [written]})
    assert total(read_orders(frame, today=TODAY)) == pytest.approx(AMOUNTS[written])


def test_two_currencies_in_one_cell_are_no_amount():
    with pytest.raises(NoUsableRows, match="unreadable amount"):
        read("customer,date,amount\nA,2024-03-05,$12 EUR\n")


def test_a_refund_behind_an_apostrophe_is_subtracted():
    text = "customer,date,amount,order id\nA,2024-03-05,100,1\nA,2024-03-06,'-70.00,1\n"
    assert total(read(text, refunds="net")) == 30


def test_marks_that_force_text_are_taken_off_every_column():
    text = "`order no,`customer,`date,`amount\n`1,`A,`2024-03-05 10:00:00,`10\n`2,`B,`2024-03-06 10:00:00,`20\n".replace(
        "`order no,`customer,`date,`amount", "order no,customer,date,amount"
    )
    assert total(read(text)) == 30


@pytest.mark.parametrize(
    ("written", "zone", "day"),
    [
        ("1709594700", "Asia/Shanghai", "2024-03-05"),  # 23:25 on the 4th in London
        ("1709594700", "Europe/London", "2024-03-04"),
        ('"Mar 5, 2024 11:30:05 PM PST"', "Asia/Shanghai", "2024-03-06"),
        ('"Mar 5, 2024 11:30:05 PM PST"', None, "2024-03-05"),
        ("2024-03-05 23:30:00 CET", "America/New_York", "2024-03-05"),
        ("Mar-05-24", None, "2024-03-05"),
    ],
)
def test_moments_are_taken_in_the_readers_zone(written, zone, day):
    result = read(f"customer,date,amount\nA,{written},1\n", timezone=zone)
    assert f"{result.orders['order_date'][0]:%Y-%m-%d}" == day


def test_a_workbook_that_counts_from_1904():
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (["Customer", "Date", "Amount"], ["A", 43894, 5]):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    old = io.BytesIO()
    with zipfile.ZipFile(out) as source, zipfile.ZipFile(old, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/workbook.xml":
                content = content.replace(b"<workbookPr", b'<workbookPr date1904="1"', 1)
            target.writestr(name, content)
    assert f"{read(out.getvalue()).orders['order_date'][0]:%Y-%m-%d}" == "2020-03-04"
    assert f"{read(old.getvalue()).orders['order_date'][0]:%Y-%m-%d}" == "2024-03-05"


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("big5", "客戶編號,訂單日期,金額\n王小明,2024-01-03,5\n"),
        ("cp932", "顧客番号,注文日,金額\n山田,2024/01/03,5\n"),
        ("gb18030", "客户编号,订单日期,金额\n王小明,2024-01-03,5\n"),
    ],
)
def test_east_asian_encodings_are_told_by_their_headings(encoding, text):
    result = read(text, encoding=encoding)
    assert result.orders["customer_id"].tolist() == [text.splitlines()[1].split(",")[0]]


def test_one_bad_byte_does_not_change_the_encoding():
    text = b"customer,date,amount,note\nM\xc3\xbcller,2024-03-05,5,caf\xe9\nJos\xc3\xa9,2024-03-06,6,\xc3\xa4\xc3\xb6\xc3\xbc\n"
    result = read(text)
    assert result.orders["customer_id"].tolist() == ["Müller", "José"]


# --- the object and the account ---------------------------------------------------------------------


def test_what_read_orders_gives_is_a_frame_to_the_analyses():
    from crmkit.reactivation import purchase_gaps
    from crmkit.value import customer_summary
    from crmkit.value.first_picture import first_picture

    own = read("customer,date,amount\nA,2024-03-05,10\nA,2024-04-05,20\nB,2024-03-06,5\n")
    assert customer_summary(own)["turnover"].tolist() == [30, 5]
    assert first_picture(own)["customers"] == 2
    assert len(purchase_gaps(own)) == 3


def test_the_account_says_which_columns_were_taken_and_passed_over():
    report = read("customer id,email,date,amount,total\n1,a@example.org,2024-03-05,10,10\n").report
    frame = report.to_frame()
    assert frame.query("section == 'columns'").set_index("what")["detail"]["amount"] == "amount"
    assert frame.query("section == 'passed over'").set_index("what")["detail"].to_dict() == {
        "customer": "email", "amount": "total",
    }  # fmt: skip
    assert "money" in report._repr_html_()


MONEY = st.one_of(
    st.decimals("-99999", "99999", places=2, allow_nan=False).map(str),
    st.decimals("-999", "999", places=4, allow_nan=False).map(str),
    st.sampled_from(["", "n/a", "ten", "0"]),
)
ROW = st.tuples(
    st.sampled_from(["A", "B", "", "Total", "guest"]),
    st.sampled_from(["2024-03-05", "2024-03-06", "", "soon", "2052-01-01"]),
    MONEY,
    st.sampled_from(["1", "2", "3", "", "1.2E+18"]),
    st.sampled_from(["paid", "cancelled", "pending", "refunded", "refund", "payout", "zorp", ""]),
    st.sampled_from(["0", "1.50", "", "99999"]),
)


#: An order of which a part went back by a column, and then the rest by a row of its own.
TWICE_BACK = [
    ("A", "2024-03-05", "-0.01", "1", "paid", "0"), ("A", "2024-03-05", "1.51", "1", "paid", "1.50"),
]  # fmt: skip


@settings(max_examples=120, deadline=None)
@example(TWICE_BACK, "net", False)
@given(st.lists(ROW, min_size=1, max_size=12), st.sampled_from(["set aside", "net"]), st.booleans())
def test_all_money_is_counted_or_left_out_for_a_reason(rows, refunds, keep):
    frame = pd.DataFrame(
        rows, columns=["customer", "date", "amount", "order id", "status", "refunded amount"]
    )
    options = {"refunds": refunds, "duplicates": "keep" if keep else "set aside", "decimal": "."}
    try:
        result = read_orders(frame, today=TODAY, amount="amount", **options)
    except NoUsableRows as error:
        report = error.report
        assert report.rows_read == report.rows_set_aside == len(rows)
        assert report.money_counted == 0
        return
    adds_up(result)
    if refunds == "set aside":
        assert (result.orders["turnover"] > 0).all()
    known = np.array([float(row[2]) for row in rows if row[2] not in ("", "n/a", "ten")])
    plain = (
        frame["status"].ne("refund").all()
        and not frame["refunded amount"].isin(["1.50", "99999"]).any()
    )
    if plain:
        assert float(result.report.money_read) == pytest.approx(known.sum(), abs=1e-6)


def test_the_sum_of_a_million_cents_is_exact():
    from crmkit.data.own.account import exact_sum

    assert exact_sum(np.full(1_000_000, 0.01)) == Decimal(10_000)
    assert exact_sum(np.array([999_999_999.99, -999_999_999.98])) == Decimal("0.01")


@pytest.mark.parametrize(
    ("heading", "money_in", "out"),
    [
        ("debit/credit", "C", "D"),
        ("Soll/Haben", "H", "S"),
        ("收/支", "收入", "支出"),
        ("Dr/Cr", "CR", "DR"),
    ],
)
def test_a_side_of_the_account_is_a_sign(heading, money_in, out):
    result = read(
        f"customer,date,amount,{heading}\nA,2024-03-05,10,{money_in}\nA,2024-03-06,4,{out}\n"
    )
    assert total(result) == 10
    assert result.report.money_left_out == {"refund or negative amount": Decimal(-4)}
