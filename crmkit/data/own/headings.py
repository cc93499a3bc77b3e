"""Which column is what: headings recognised in English, German and Chinese (simplified and traditional).

:data:`SYNONYMS` is meant to be read and added to. Each part that a column can play has levels: a heading of the
first level beats one of the second. Two columns of one level are a question that only the reader can answer; the one
whose heading stands first in the list is the suggestion.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from crmkit.data.own.errors import ColumnAmbiguous, ColumnNotFound

#: part -> levels -> headings. Upper and lower case, spaces, dots, underscores and bracketed units do not matter.
SYNONYMS: dict[str, tuple[str, ...]] = {
    "customer": (
        """customer unique id, customer id, customer no,
        customer nr, customer number, customer code, customer key, customer ref,
        customer reference, cust id, cust no, cust number, cust code, client id, client no, client number,
        client code, member id, member no, member number, membership no, membership number, membership id,
        loyalty card, loyalty card no, loyalty id, card no, card number, card id, user id, user no, shopper id,
        buyer id, customer user id, account id,
        account no, account number, household id, household key, kundennummer, kundennr,
        kunden nr, kunden id, kunde id, debitor, debitorennummer,
        客户编号, 客户号, 客户id, 客户代码, 客户编码, 客户代号, 会员号, 会员编号, 会员id, 会员卡号, 会员代码, 会员号码,
        顾客编号, 顾客号, 顾客id, 顾客代码, 用户id, 用户编号, 用户号, 买家id, 买家编号, 卡号,
        numero client, n client, id client, code client, numero de cliente, id cliente, codice cliente, klantnummer,
        numer klienta, kundnummer, id do cliente, codigo do cliente, номер клиента, id клиента, müşteri no, musteri no, お客様id, お客様コード,
        注文者id, buyer user id, 顧客id, 顧客コード, ユーザーid, 会員コード, 下单帐号, 下单账号""",
        "customer, client, member, buyer, shopper, cust, user, household, kunde, acheteur, comprador, 顧客番号, 会員番号, お客様番号, "
        "客户, 顾客, 会员, 用户, 买家, kund, guest name, müşteri, musteri, клиент, покупатель, 注文者, 購入者",
        """buyer username, username, user name, buyer user name, login, 用户标识, 买家会员名, 买家昵称, 用户名, 会员名, 买家旺旺,
        旺旺号, 付款方账号, 对方账号, email, e mail, email address, customer email, buyer email, from email address, payer email,
        e mail adresse, absender e mail adresse, kunden e mail, kunden email, e mail client, correo del cliente, login kupujacego,
        kupujacy, contact email, adresse e mail, correo electronico, correo, mail, メールアドレス, 邮箱, 电子邮箱""",
        """phone, phone number, mobile, telephone, customer phone, buyer phone number, telefon, telefonnummer, 手机, 手机号,
        手机号码, 电话, 联系电话, 電話番号""",
        """name, customer name, client name, buyer name, member name, full name, bill to name, billing name, payer name,
        kundenname, nom, nom du client, nombre, nombre del cliente, cliente, nome, nome cliente, klant, klantnaam, klient,
        注文者名, 購入者名, お名前, 氏名, 客户名称, 客户姓名, 客户名, 顾客姓名, 会员姓名, 姓名, 收货人, 收件人, 收货人姓名, 对方, 交易对方, 付款方""",
    ),
    "date": (
        """order date, date of order, ordered at, order datetime, order date time, order time, order timestamp,
        purchase date, date of purchase, purchase time, purchase timestamp, order purchase timestamp,
        purchased at, transaction date, transaction time, transaction datetime, sale date, sales date,
        date of sale, bestelldatum, bestellzeit, bestellzeitpunkt, auftragsdatum, kaufdatum, verkaufsdatum, ordered, ordered on,
        date de commande, date commande, fecha de pedido, fecha del pedido, fecha pedido, data ordine, besteldatum,
        data zamowienia, data zakupu, data sprzedazy, data da venda, fecha de venta, fecha de compra, date d achat, date de vente,
        data di acquisto, orderdatum, siparis tarihi, дата заказа, order submit time, 订单提交时间, 订单成交时间, 营业日期, 入账时间,
        data do pedido, 注文日, 注文日時, 購入日, 購入日時, 取引日, 取引日時, 受注日, 売上日,
        下单时间, 下单日期, 订单日期, 订单时间, 订单创建时间, 购买日期, 购买时间, 交易日期, 交易时间,
        交易创建时间, 创建订单时间, 消费日期, 消费时间, 销售日期, 销售时间, 成交时间, 成交日期""",
        "date, datetime, date time, timestamp, time, day, datum, created, created at, create time, date created, "
        "created date, creation date, erstellt, erstellt am, fecha, data, cree le, creado, creado el, tarih, дата, opened, posting date, posted date, 日付, 作成日, "
        "日期, 时间, 日期时间, 创建时间, 创建日期",
        """invoice date, invoicedate, bill date, billing date, receipt date, payment date, payment time, paid at,
        date paid, paid on date, payments date, rechnungsdatum, belegdatum, buchungsdatum, date de facture, date facture,
        fecha de factura, data fattura, 請求日, 入金日,
        付款时间, 付款日期, 支付时间, 支付日期, 订单付款时间, 开票日期""",
    ),
    "amount": (
        """turnover, amount, order amount, order total, order value, total amount, total price, total paid,
        order total amount, amount paid, payment value, n revenue, net revenue, order net sales, order gross sales,
        sales, sales amount, sales value, sale amount, purchase amount, transaction amount,
        transaction value, net amount, revenue, spend, spent, umsatz, betrag, rechnungsbetrag, bestellwert, auftragswert,
        nettobetrag, bruttobetrag, bestellsumme, montant, montant total, montant ttc, montant ht, total ttc, total ht, chiffre d affaires,
        importe, importe total, monto, importo, importo totale, totale ordine, bedrag, orderbedrag, kwota, wartosc, valor, valor total,
        gesamtsumme der bestellung, totaalbedrag, totaalprijs, total del pedido, total de la commande, importe del pedido,
        wartosc zamowienia, kwota zamowienia, belopp, totalt, tutar, toplam, сумма, сумма заказа, paid price, 订单应付金额, 应付金额, 应收金额,
        金額, 合計金額, 売上, 売上金額, 購入金額, 注文金額, お支払い金額, 请求金額, 請求金額, 应结订单金额, 订单实收金额, 商家实收, 商家实收金额,
        金额, 订单金额, 总金额, 消费金额, 实付金额, 交易金额, 销售额, 销售金额, 营业额, 支付金额, 付款金额, 成交金额,
        实收金额, 购买金额, 订单总额, 实付款, 买家实付金额, 买家实际支付金额,
        实际支付金额, 订单实付金额, 用户实付金额""",
        """total, value, sum, grand total, line total, line amount, paid, gross amount, net sales, gross sales,
        monetary, monetary value, gross, net, brutto, netto, total collected, total sale, summe, gesamt, gesamtbetrag, totale, totaal, razem, suma, 合計, 总额, 总价, 总计, 合计, 金额合计, 价税合计""",
        "subtotal, sub total, sale price, 小计",
    ),
    "order": (
        """order id, order no, order nr, order number, order ref, order reference, order key, order, bestellnummer,
        bestellnr, bestell nr, auftragsnummer, auftragsnr, amazon order id, increment id, order name,
        numero de commande, n commande, commande, reference commande, numero de pedido, n pedido, pedido, id pedido, numero ordine, ordine,
        bestelling, bestelnummer, numer zamowienia, ordernr, ordernummer, номер заказа, siparis no, numero do pedido, 注文番号, 注文id, 受注番号, 商户订单号, 主订单编号, 订单号, 订单编号, 订单id, 订单号码, 单号""",
        """sales record number, invoice, invoice id, invoice no, invoice number, receipt, receipt id, receipt no, receipt number,
        basket id, bill no, rechnungsnummer, rechnungsnr, belegnummer, belegnr, bon nr, 发票号, 小票号, 销售单号""",
        "doc no, document no, document number, transaktionscode, transaktions id, transaction id, transaction no, transaction number, transaction, charge id, payment id, 取引番号, 取引id, 交易号, 交易编号, 流水号, "
        "微信订单号, 交易单号",
    ),
    "margin": (
        "margin, gross margin, contribution margin, contribution, deckungsbeitrag, marge, 毛利, 毛利额, 边际贡献",
        "profit, gross profit, gewinn, rohertrag, 利润, 毛利润",
    ),
    "quantity": (
        "quantity, qty, units, pieces, pcs, number of units, menge, anzahl, stueck, quantity purchased, lineitem quantity, items, quantite, qte, cantidad, quantita, aantal, ilosc, 個数, 数量, 件数, 购买数量, 销售数量",
    ),
    "price": (
        "unit price, price per unit, item price, price each, prix unitaire, precio unitario, prezzo unitario, stuksprijs, einzelpreis, stueckpreis, 单价, 商品单价, 销售单价",
        "price, preis, sold for, prix, precio, prezzo, prijs, cena, lineitem price, 价格, 価格, 単価",
    ),
    "currency": (
        "currency, currency code, curr, waehrung, devise, moneda, divisa, valuta, waluta, 通貨, 币种, 货币, 币别, 货币代码, 货币种类",
    ),
    "refunded": (
        """amount refunded, refunded amount, refund amount, total refunded, refunded, partial refunds, refunds, refund total,
        order refund amount, erstattungsbetrag, erstattet, rueckerstattungsbetrag, montant rembourse, importe reembolsado,
        reembolso, importo rimborsato, terugbetaald bedrag, 退款金额, 已退款金额, 退款总额, 返金額, 返金金額""",
    ),
    "reference": (
        """reference txn id, original order, original order id, original order number, original transaction id, parent id,
        parent order, refund of, refers to, related order, original invoice, bezug, bezugsbeleg, ursprungsrechnung,
        urspruengliche bestellung, originalbeleg, commande d origine, pedido original, 原订单号, 原订单编号, 原交易号, 元注文番号""",
    ),
}

#: Parts that a file cannot do without (an amount may also be quantity x price).
NEEDED = ("customer", "date", "amount")

_MONEY_WORDS = re.compile(
    r"(?:in)?(cents?|pence|gbp|eur|usd|cny|rmb|jpy|chf|cad|aud|nzd|hkd|sgd|sek|nok|dkk|pln|inr|dollars?|euros?|pounds?|元)$"
)


#: Traditional characters that headings are written with -> simplified ones.
_SIMPLIFIED = str.maketrans(
    "戶編號碼會員顧買稱暱機電話聯繫郵貨單時間訂創購費銷開額總實營業計價稅發邊際貢獻潤數幣種別賬",
    "户编号码会员顾买称昵机电话联系邮货单时间订创购费销开额总实营业计价税发边际贡献润数币种别账",
)


def plain(heading: object) -> str:
    """Strip a heading of all that does not tell headings apart.

    Examples
    --------
    >>> plain(" Customer_ID "), plain("Order total (GBP)"), plain("客戶 編號")
    ('customerid', 'ordertotal', '客户编号')
    """
    text = unicodedata.normalize("NFKC", str(heading)).casefold().translate(_SIMPLIFIED)
    text = text.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("#", " no ")
    text = "".join(c for c in unicodedata.normalize("NFD", text) if not "\u0300" <= c <= "\u036f")
    text = re.sub(r"[(\[{].*?[)\]}]", "", text)
    return re.sub(r"[\W_]+", "", text)


#: part -> levels -> heading -> its place in the level.
_LEVELS = {
    part: [{plain(word): at for at, word in enumerate(level.split(","))} for level in levels]
    for part, levels in SYNONYMS.items()
}


def level_of(heading: object, part: str) -> int | None:
    """At which level a heading names a part (0 is the surest); None when it does not.

    Examples
    --------
    >>> level_of("Client No.", "customer"), level_of("email", "customer"), level_of("colour", "customer")
    (0, 2, None)
    """
    found = _look_up(heading, part)
    return None if found is None else found[0]


def _look_up(heading: object, part: str) -> tuple[int, int] | None:
    """Find a heading in the list of a part: its level, and its place in the level."""
    word = plain(heading)
    if not word:
        return None
    # "dollar_value" and "sales EUR" lose the money word; a heading that is nothing else keeps it.
    shorter = re.sub(r"^(dollar|euro|pound)", "", _MONEY_WORDS.sub("", word)) or word
    for level, words in enumerate(_LEVELS[part]):
        if word in words:
            return level, words[word]
        if part in ("amount", "margin", "price") and shorter in words:
            return level, words[shorter]
    return None


def parts_named(cells: Iterable[object]) -> int:
    """Count the different parts that a row of cells names: how much it looks like headings."""
    cells = [cell for cell in cells if 0 < len(str(cell)) <= 60]
    return sum(any(level_of(cell, part) is not None for cell in cells) for part in _LEVELS)


def unique_names(cells: Sequence[object]) -> tuple[list[str], list[str]]:
    """Make headings unique: an empty one becomes ``column 3``, a second ``date`` becomes ``date (2)``.

    Returns
    -------
    names : list of str
    repeated : list of str
        The headings that stood there more than once.
    """
    names: list[str] = []
    repeated: list[str] = []
    for position, cell in enumerate(cells, start=1):
        text = " ".join(str(cell).split()) or f"column {position}"
        if text in names and text not in repeated:
            repeated.append(text)
        name, copy = text, 2
        while name in names:
            name, copy = f"{text} ({copy})", copy + 1
        names.append(name)
    return names, repeated


def _first_values(column: pd.Series) -> str:
    seen = [str(value).strip() for value in column.head(200)]
    values = list(dict.fromkeys(v for v in seen if v and v.lower() not in ("nan", "none", "nat")))
    return ", ".join(v if len(v) <= 24 else v[:23] + "…" for v in values[:3]) or "empty"


def listing(cells: pd.DataFrame, names: Iterable[str] | None = None, limit: int = 12) -> str:
    """List columns with their first values, one a line, for a message."""
    chosen = list(cells.columns if names is None else names)
    lines = [f"    {name!r}: {_first_values(cells[name])}" for name in chosen[:limit]]
    if len(chosen) > limit:
        lines.append(f"    ... and {len(chosen) - limit} more")
    return "\n".join(lines)


def _named(cells: pd.DataFrame, part: str, wanted: object) -> str:
    """Find the column that the reader named for a part."""
    names = [str(name) for name in cells.columns]
    if str(wanted) in names:
        return str(wanted)
    alike = [name for name in names if plain(name) == plain(wanted) and plain(wanted)]
    if len(alike) == 1:
        return alike[0]
    raise ColumnNotFound(
        f"There is no column {str(wanted)!r} to be the {part}. "
        f"The columns are, with their first values:\n{listing(cells)}"
    )


#: Parts that help where they are there, and that are no reason to ask.
_BESIDE = ("refunded", "reference", "quantity", "price")
_CLOCK = re.compile(r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?:\s?[ap]\.?m\.?)?", re.IGNORECASE)
_NUMBERED = re.compile(r"#\d+|#?[A-Za-z]{0,4}[-_]?\d{2,}")


def _sample(column: pd.Series) -> list[str]:
    texts = [str(value).strip() for value in column.head(500)]
    return [
        text for text in texts if text and text.casefold() not in ("nan", "none", "nat", "<na>")
    ]


def _could_be(part: str, column: pd.Series) -> bool:
    """Tell whether a column's cells could be what its heading says: a clock time is no day, ``#1001`` no person."""
    seen = _sample(column)
    if not seen:
        return True
    if part == "date":
        return not all(_CLOCK.fullmatch(text) for text in seen)
    return True


def _same_values(part: str, one: pd.Series, other: pd.Series) -> bool:
    """Tell whether two columns say the same, money also where one of them is written with its sign."""
    if one.equals(other):
        return True
    if part not in ("amount", "margin"):
        return False
    from crmkit.data.own.amounts import parse_amounts

    a, b = parse_amounts(one).value, parse_amounts(other).value
    known = ~(np.isnan(a) | np.isnan(b))
    return bool(known.any() and (a[known] == b[known]).all() and (np.isnan(a) == np.isnan(b)).all())


def _by_arithmetic(cells: pd.DataFrame, rivals: list[str]) -> tuple[str, str] | None:
    """Find the amount and the number of pieces among columns that could be the amount: one times the price is the other."""
    from crmkit.data.own.amounts import parse_amounts

    prices = [name for name in cells.columns if name not in rivals and _look_up(name, "price")]
    values = {name: parse_amounts(cells[name]).value for name in [*rivals, *prices]}
    for price in prices:
        for pieces in rivals:
            for amount in rivals:
                known = ~np.isnan(values[price] + values[pieces] + values[amount])
                known &= values[price] != 1
                off = np.abs(values[price] * values[pieces] - values[amount])[known]
                if pieces != amount and len(off) > 1 and (off <= 0.011).mean() > 0.95:
                    return str(amount), str(pieces)
    return None


def _is_numbered_name(heading: object, column: pd.Series) -> bool:
    """Tell whether a column called "Name" holds order numbers (``#1001``), as one large shop system writes it."""
    seen = _sample(column)
    return plain(heading) == "name" and bool(seen) and all(_NUMBERED.fullmatch(t) for t in seen)


def find_columns(
    cells: pd.DataFrame, given: dict[str, object], example: str
) -> tuple[dict[str, str], list[str], dict[str, list[str]]]:
    """Say which column plays which part.

    Parameters
    ----------
    cells : DataFrame
        The table, its columns named by the file's headings.
    given : dict
        part -> heading that the reader named, None to look for one, False for "there is none".
    example : str
        The source as the reader would write it, for messages.

    Returns
    -------
    columns : dict
        part -> heading.
    notes : list of str
        Choices that the reader should know of.
    passed_over : dict
        part -> headings that could play it too.

    Raises
    ------
    ColumnNotFound, ColumnAmbiguous
    """
    columns: dict[str, str] = {}
    notes: list[str] = []
    passed: dict[str, list[str]] = {}
    for part, wanted in given.items():
        if wanted is not None and wanted is not False:
            columns[part] = _named(cells, part, wanted)
    by_product = "amount" not in columns and {"quantity", "price"} <= set(columns)
    numbered = [str(name) for name in cells.columns if _is_numbered_name(name, cells[name])]
    for part in SYNONYMS:
        if given.get(part) is not None or (part == "amount" and by_product):
            continue
        free = [name for name in cells.columns if name not in columns.values()]
        ranked = {
            name: (0, 0)
            if part == "order" and name in numbered
            else None
            if part == "customer" and name in numbered
            else _look_up(re.sub(r" \(\d+\)$", "", name), part)
            for name in free
        }
        found = {
            name: rank
            for name, rank in ranked.items()
            if rank is not None and _could_be(part, cells[name])
        }
        if not found:
            continue
        best = min(found.values())[0]
        alike = [name for name, (level, _) in found.items() if level == best]
        first, *rivals = sorted(alike, key=lambda name: found[name])
        rivals = [name for name in rivals if not _same_values(part, cells[name], cells[first])]
        others = [name for name in found if name != first]
        if rivals and part in ("quantity", "price") and "amount" in columns:
            continue  # not needed, so no question
        if rivals and part == "amount" and (told := _by_arithmetic(cells, [first, *rivals])):
            columns["amount"], columns["quantity"] = told
            passed["amount"] = [str(name) for name in found if name not in told]
            notes.append(f"{told[0]!r} is {told[1]!r} times the price: it is taken for the amount.")
            continue
        if rivals and part not in _BESIDE:
            raise ColumnAmbiguous(
                f"{len(rivals) + 1} columns could be the {part}:\n"
                f"{listing(cells, [first, *rivals])}\n"
                f"Say which one is: read_orders({example}, {part}={first!r})"
            )
        columns[part] = first
        if others:
            passed[part] = [str(name) for name in others]
        if others and part in NEEDED:
            unused = ", ".join(repr(name) for name in others)
            notes.append(f"The {part} is taken from {first!r}; {unused} could be it too.")
        if part == "customer" and best >= 2:
            notes.append(
                f"Customers are told apart by {first!r}, not by a number: two people who share one become one "
                "customer, and one person written in two ways becomes two."
            )
    if by_product:
        notes.append(
            f"The amount is {columns['quantity']!r} times {columns['price']!r}, as you asked."
        )
    missing = [
        part for part in NEEDED if part not in columns and not (part == "amount" and by_product)
    ]
    if missing == ["amount"] and {"quantity", "price"} <= set(columns):
        notes.append(
            f"There is no column with an amount: it is {columns['quantity']!r} times {columns['price']!r}."
        )
        missing = []
    if missing:
        hint = ", ".join(f"{part}=..." for part in missing)
        raise ColumnNotFound(
            f"No column could be the {' or the '.join(missing)}. "
            f"The columns are, with their first values:\n{listing(cells)}\n"
            f"Say which one it is: read_orders({example}, {hint})"
        )
    return columns, notes, passed
