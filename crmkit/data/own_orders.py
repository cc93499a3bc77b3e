"""Orders of one's own: any file of purchases becomes the table that every analysis of the course takes.

A real file is ugly: headings in row 3, semicolons, decimal commas, dates with the day first, refunds, a total under
the last row, half of it written by another program. :func:`read_orders` reads it, says what it took for what, and
accounts for every row.

Choices that one may see otherwise, and why they are so:

- *What was never paid, was cancelled, or was given back in full is no turnover.* Where a column says so, those rows are
  set aside and their money is in the report. ``status=False`` counts every row; ``statuses={"On hold": "counts"}``
  says what a word means.
- *Other refunds are set aside, not subtracted.* A refund that names no order belongs to none, and one that comes a
  year later makes a customer of that day who bought nothing. ``refunds="net"`` subtracts those that carry the number of
  their order (in the order's own column, or in one that refers to it) and parts given back in a column beside the
  amount; a credit note with a number of its own takes back the customer's latest earlier line or order of exactly its
  amount; those for which there is none stay aside, with a warning.
- *Exact duplicates are set aside, keeping the first.* Two exports pasted under each other are the commonest fault of
  real files, and it doubles customers without a trace. Equal lines *within* one order are kept: two coffees on one
  receipt. Where rows carry neither an order number nor a time of day, two equal rows may be two real purchases on one
  day: then the report warns, and ``duplicates="keep"`` keeps them.
- *An amount repeated on every line of an order is the order's,* where arithmetic or the heading says so, and counts once.
- *A row without an order number is an order of its own.* Only rows that share a number are added up.
- *The date is the one that is written.* A time zone changes it only when ``timezone`` says which zone the reader
  lives in.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from crmkit.data.own.account import Account, exact_sum
from crmkit.data.own.amounts import Amounts, parse_amounts
from crmkit.data.own.cells import as_text, coded_identifiers, counted, identifiers, unforced
from crmkit.data.own.dates import PLACEHOLDERS, Dates, month_number, parse_dates
from crmkit.data.own.errors import BadOption, ColumnNotFound, NoUsableRows
from crmkit.data.own.guests import guest_notes
from crmkit.data.own.headings import find_columns, plain
from crmkit.data.own.lines import amount_role
from crmkit.data.own.options import check_options, currency_asked
from crmkit.data.own.progress import MANY_BYTES, Progress
from crmkit.data.own.reading import Table, fetch, read_cells
from crmkit.data.own.refunds import net, refer, refund_notes
from crmkit.data.own.report import Report
from crmkit.data.own.statuses import Statuses, read_statuses
from crmkit.data.own.worth import (
    given_back,
    hanging_lines_note,
    one_currency,
    order_numbers,
    parts_given_back,
    row_worth,
    set_copies_aside,
    signed,
)

__all__ = ["OwnOrders", "read_orders"]

_TOTAL_WORDS = frozenset(
    plain(word)
    for word in [
        "total",
        "totals",
        "grand total",
        "subtotal",
        "sum",
        "summe",
        "gesamt",
        "gesamtsumme",
        "zwischensumme",
        "endsumme",
        "totale",
        "totaal",
        "razem",
        "suma",
        "somme",
        "total general",
        "sous-total",
        "subtotale",
        "totaux",
        "合计",
        "总计",
        "小计",
        "总额",
        "汇总",
        "共计",
        "本页合计",
        "本月合计",
        "小計",
        "合計",
        "総計",
        "総合計",
    ]
)
# "Total March", "合计（元）", "3 record(s) downloaded": a total word with nothing else but a number or a period.
_TOTAL_START = re.compile(
    r"(?:grand|sub)?totals?(?:for|of)?(?:\d.*|q[1-4].*|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\d*|orders|sales|amount)?|"
    r"\d*records?downloaded|\d*recordsdownloaded|(?:summe|gesamt|zwischensumme)(?:\d.*|januar|februar|maerz|quartal.*)?|"
    r"(?:本[页日月年]|\d+月?)?(?:合计|总计|小计|汇总|合計|小計|総計).*"
)


class OwnOrders(NamedTuple):
    """What :func:`read_orders` gives back: ``orders, report = crmkit.read_orders(...)``.

    Attributes
    ----------
    orders : DataFrame
        One row per order: ``order_id``, ``customer_id`` (both text), ``order_date`` (midnight of the day),
        ``turnover`` (in the file's currency) and, if the file has it, ``margin``.
    report : Report
        Rows read, used, set aside and why.
    """

    orders: pd.DataFrame
    report: Report

    def __repr__(self) -> str:
        return f"{self.report}\n\n{self.orders.head().to_string(index=False)}"

    def _repr_html_(self) -> str:
        return self.report._repr_html_() + self.orders.head().to_html(index=False)


def read_orders(
    source: str | os.PathLike[str] | bytes | Any,
    *,
    customer: str | None = None,
    date: str | None = None,
    amount: str | None = None,
    order: str | bool | None = None,
    margin: str | bool | None = None,
    quantity: str | None = None,
    price: str | None = None,
    currency: str | None = None,
    currency_column: str | bool | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    separator: str | None = None,
    dayfirst: bool | None = None,
    decimal: str | None = None,
    timezone: str | None = None,
    today: str | dt.date | None = None,
    duplicates: str = "set aside",
    refunds: str = "set aside",
    status: str | bool | None = None,
    statuses: Mapping[str, str] | None = None,
    refunded: str | bool | None = None,
    amount_is: str | None = None,
    progress: bool | None = None,
) -> OwnOrders:
    """Read a file of purchases, whatever program wrote it, and account for every row.

    Reads CSV, TSV and other separated text (UTF-8 with and without mark, UTF-16, GB18030, Windows-1252), Excel
    (.xlsx), Parquet, and frames of pandas, Polars, PyArrow and others. Finds the columns by their headings in
    English, German and Chinese; name them yourself where it cannot.

    Parameters
    ----------
    source : path, bytes, open file, or frame
    customer, date, amount : str, optional
        Headings of the columns with the customer, the date and the amount. None: found.
    order, margin : str, optional
        Headings of the order's number and of the margin. None: found if there; False: there is none.
    quantity, price : str, optional
        Headings to multiply when there is no amount.
    currency : str, optional
        Use only rows in this currency (``"GBP"``), and set the others aside.
    currency_column : str, optional
        Heading of the column with the currency.
    sheet : str, optional
        Name of the sheet of a workbook. None: the one that looks most like orders.
    encoding, separator : str, optional
        How the text is written, where it was not found out rightly.
    dayfirst : bool, optional
        Whether 01/02/2024 is the 1st of February. None: found out; where nothing tells, the report warns.
    decimal : {".", ","}, optional
        The mark before the cents. None: found out; where nothing tells, the report warns.
    timezone : str, optional
        Take the date of times that carry a zone in this one (``"Europe/London"``). None: as written.
    today : date or str, optional
        Later dates are set aside. None: the date of the computer's clock.
    duplicates : {"set aside", "keep"}
        What to do with rows that equal an earlier one in every cell.
    refunds : {"set aside", "net"}
        Set rows that give money back aside, or subtract them from the order whose number they carry.
    status : str or False, optional
        Heading of the only column that says whether a row was paid, cancelled or refunded. None: found, by the words in
        the cells (English, Chinese, German, French, Spanish, Italian, Dutch, Polish, Portuguese, Japanese); False: every row
        counts.
    statuses : dict, optional
        What words in that column mean, where the reader knows better: ``{"On hold": "counts"}``. The meanings:
        "counts", "unpaid", "cancelled", "refunded", "partly refunded", "refund", "not a sale".
    refunded : str or False, optional
        Heading of a column with what was given back of the row's amount. None: found if there.
    amount_is : {"line", "order"}, optional
        Whether the amount on each line of an order is the line's, or the whole order's, repeated. None: told by price
        and quantity, or by the heading; where neither tells, each line counts and the report warns.
    progress : bool, optional
        Show a bar while the file is read. None: for large files.

    Returns
    -------
    OwnOrders
        ``orders`` (one row per order, in the order of the file) and ``report``.

    Raises
    ------
    NoSuchFile, EmptyFile, NotATable, MissingPackage
        The file cannot be read.
    ColumnNotFound, ColumnAmbiguous
        No column, or more than one, could be the customer (the date, the amount ...).
    MixedCurrencies
        Amounts in several currencies, and ``currency`` does not choose.
    NoUsableRows
        Every row was set aside; the error has the ``report``.
    BadOption
        An argument cannot mean anything.

    Examples
    --------
    >>> text = '''Kunde;Datum;Betrag
    ... 007;31.12.2024;1.234,50
    ... 008;01.02.2025;-20,00
    ... '''
    >>> orders, report = read_orders(text.encode())
    >>> orders[["customer_id", "turnover"]].values.tolist()
    [['007', 1234.5]]
    >>> report.table().values.tolist()[2:]
    [['rows set aside', 1, -20.0, ''], ['    refund or negative amount', 1, -20.0, 'row 3']]
    """
    last_day = check_options(
        dayfirst, decimal, today, duplicates, refunds, sheet, encoding, separator, amount_is
    )
    wanted_currency = currency_asked(currency)
    given: dict[str, Any] = {
        "customer": customer, "date": date, "amount": amount, "order": order, "margin": margin,
        "quantity": quantity, "price": price, "currency": currency_column, "refunded": refunded,
    }  # fmt: skip
    named = [str(name) for name in (*given.values(), status) if isinstance(name, str)]
    content, label, example = fetch(source)
    large = len(content) * _row_size(content)
    shown = large > MANY_BYTES if progress is None else progress
    with Progress(label, _STEPS, shown=shown) as bar:
        bar.at("cells")
        table = read_cells(
            content, label, sheet=sheet, encoding=encoding, separator=separator, named=named
        )
        del content  # of a large file it is much of the memory
        table.cells = _without_marks(table.cells)
        try:
            columns, column_notes, passed_over = find_columns(table.cells, given, example)
        except ColumnNotFound as error:
            read_as = next((note for note in table.notes if note.startswith("Read as ")), "")
            raise ColumnNotFound(f"{error}\n{read_as}".rstrip()) from error
        if refunds == "net" and not {"order", "refunded"} & set(columns):
            raise BadOption(
                "refunds='net' needs a column with the order's number, or one with what was given back: a refund must say "
                "what it takes back."
            )
        notes = [*table.notes, *column_notes]
        cells = table.cells
        bar.at("customers and dates")
        ids, damaged, customer_codes = coded_identifiers(cells[columns["customer"]])
        notes += _mail_note(cells[columns["customer"]], ids, columns["customer"])
        if (
            table.too_wide.any()
        ):  # their cells are in no sure column, so they are no evidence either
            cells = cells.apply(lambda column: column.mask(table.too_wide, ""))
        day_first = None if dayfirst is None else bool(dayfirst)
        dates = parse_dates(cells[columns["date"]], dayfirst=day_first, timezone=timezone)
        notes += dates.notes
        bar.at("amounts")
        worth = row_worth(cells, columns, decimal, asked=amount is not None)
        notes += worth.notes
        amount_column = columns.get("amount", columns.get("price", ""))
        found = read_statuses(
            cells, set(columns.values()) - {columns.get("refunded")}, status, _plain_dict(statuses)
        )
        notes += found.notes
        back = given_back(cells, columns, decimal, notes)
        amounts = worth.amounts
        # The account is kept to six decimals: what is less is nothing.
        amounts.value = np.round(signed(amounts.value, found.kind, back), 6)

        account = Account(table, amounts.value)
        _set_aside_rows(
            account,
            columns,
            ids,
            customer_codes,
            damaged.to_numpy(),
            dates,
            amounts,
            last_day,
            found,
            back,
        )
        notes += hanging_lines_note(account, columns, dates, amounts)
        money = one_currency(account, cells, columns, amounts, wanted_currency)
        if refunds == "set aside":
            account.set_aside(amounts.value == 0, "zero amount", amount_column)
            account.set_aside(amounts.value < 0, "refund or negative amount", amount_column)
        numbers, number_codes, number_notes = order_numbers(table, columns, ids, dates)
        notes += number_notes
        bar.at("copies")
        set_copies_aside(
            account, cells, duplicates, notes, number_codes, dates.moment,
            certain="order" in columns or dates.timed,
        )  # fmt: skip
        bar.at("orders")
        roles = amount_role(
            amounts.value,
            number_codes,
            account.free,
            amount_column,
            amount_is,
            worth.each,
            worth.pieces,
        )
        notes += roles.notes
        account.leave_uncounted(
            roles.repeats, amounts.value, "the order's amount, repeated on further lines"
        )
        amounts.value = np.where(roles.repeats, 0.0, amounts.value)
        parts = parts_given_back(account, amounts.value, found.kind, back, refunds, columns, notes)
        if refunds == "net":
            numbers, ids = refer(
                cells, columns, numbers, ids, amounts.value, account, dates.moment, notes
            )
            number_codes, customer_codes = coded_identifiers(numbers)[2], coded_identifiers(ids)[2]
        lines = pd.DataFrame(
            {
                "order_id": numbers,
                "customer_id": ids,
                "order_code": number_codes,
                "customer_code": customer_codes,
                "moment": dates.moment,
                "turnover": amounts.value - parts,
            }
        )
        if "margin" in columns:
            margins = parse_amounts(cells[columns["margin"]], decimal=decimal, what="margins")
            lines["margin"] = margins.value
            notes += margins.notes
        if not account.free.all():
            lines = lines[account.free]
        if refunds == "net":
            lines = net(account, lines, amount_column, notes)
        orders, order_notes = _to_orders(lines, table, columns)
        notes += order_notes
        notes += refund_notes(account, orders, refunds, columns)
        for part in ("quantity", "price", "refunded", "reference"):
            if (
                part not in worth.used
                and not (part == "refunded" and (back > 0).any())
                and not (part == "reference" and refunds == "net")
            ):
                columns.pop(part, None)
        bar.at("account")
        report = Report(
            source=table.label,
            columns=columns | ({"status": ", ".join(found.columns)} if found.columns else {}),
            rows_read=len(cells),
            rows_used=int(account.free.sum()),
            orders=len(orders),
            customers=int(orders["customer_id"].nunique()),
            set_aside=account.frame(),
            first_day=orders["order_date"].min() if len(orders) else None,
            last_day=orders["order_date"].max() if len(orders) else None,
            turnover=float(exact_sum(orders["turnover"].to_numpy(float))),
            currency=money,
            notes=sorted(notes, key=lambda note: not note.startswith("WARNING")),
            rows_are_labels=table.rows_are_labels,
            money_read=exact_sum(account.money),
            money_left_out=account.money_by_reason(),
            money_uncounted=account.uncounted,
            passed_over=passed_over,
        )
        if not len(orders):
            first = report.set_aside.groupby("reason")["value"].first()
            reasons = "; ".join(
                f"{r.reason}: {r.rows} (row {r.where}"
                + (f": {v!r})" if (v := first[r.reason]) else ")")
                for r in report.reasons().itertuples()
            )
            raise NoUsableRows(
                f"None of the {report.rows_read:,} rows of {table.label} could be used. {reasons}. The columns were taken "
                f"as {report._columns_in_words()}; if that is wrong, name them: read_orders({example}, customer=..., "
                "date=..., amount=...).",
                report,
            )
        return OwnOrders(orders, report)


_STEPS = ["cells", "customers and dates", "amounts", "copies", "orders", "account"]


def _row_size(content: Any) -> int:
    return 50 if isinstance(content, pd.DataFrame) else 1


# -------------------------------------------------------------------------------------------------------- set aside


def _set_aside_rows(
    account: Account,
    columns: dict[str, str],
    ids: pd.Series,
    customer_codes: np.ndarray,
    damaged: np.ndarray,
    dates: Dates,
    amounts: Amounts,
    last_day: pd.Timestamp,
    found: Statuses,
    back: np.ndarray,
) -> None:
    """Set aside what cannot be an order, in the order of :data:`REASONS`."""
    table = account.table
    cells = table.cells
    customer, date = columns["customer"], columns["date"]
    amount = columns.get("amount", columns.get("price", ""))
    no_customer = (ids == "").to_numpy()
    no_day = dates.day.isna().to_numpy()
    named_total = _is_total(ids, customer_codes)
    odd = np.flatnonzero(no_day | (no_customer & amounts.missing))
    if len(odd):
        words = cells.iloc[odd].apply(lambda column: as_text(column).map(plain))
        empty = np.zeros(len(cells), dtype=bool)
        empty[odd] = (
            (cells.iloc[odd].apply(lambda c: as_text(c).str.strip()) == "").all(axis=1).to_numpy()
        )
        account.set_aside(empty, "empty row")
        repeated = np.zeros(len(cells), dtype=bool)
        if table.headings:
            same = (words[customer] == plain(customer)) & (words[date] == plain(date))
            repeated[odd] = (same & (words[customer] != "")).to_numpy()
        account.set_aside(repeated, "headings repeated")
        total = np.zeros(len(cells), dtype=bool)
        total[odd] = words.map(_is_total_word).any(axis=1).to_numpy()
        account.set_aside(total & (dates.missing | no_customer), "total row")
    # A total row may carry a date: then its customer, or its order's number, is the word.
    if "order" in columns and no_customer.any():
        named_total |= no_customer & _is_total(identifiers(cells[columns["order"]])[0])
    account.set_aside(named_total, "total row", customer)
    account.set_aside(table.too_wide, "too many cells")
    _set_aside_by_status(account, found, amounts.value, back, columns)
    account.set_aside(no_customer, "missing customer", customer)
    account.set_aside(damaged, "damaged customer id", customer)
    account.set_aside(dates.missing, "missing date", date)
    account.set_aside(dates.unclear, "unclear date", date)
    account.set_aside(no_day, "unreadable date", date)
    account.set_aside(
        dates.day.isin([pd.Timestamp(day) for day in PLACEHOLDERS]), "placeholder date", date
    )
    account.set_aside(dates.day > last_day, "future date", date)
    account.set_aside(amounts.missing, "missing amount", amount)
    account.set_aside(amounts.unclear, "unclear amount", amount)
    account.set_aside(np.isnan(amounts.value), "unreadable amount", amount)


def _is_total_word(word: str) -> bool:
    if word in _TOTAL_WORDS or bool(word and _TOTAL_START.fullmatch(word)):
        return True
    # "Summe März 2024", "Total de mars", "Razem 2024-03": a total word and a month or a number, in any language.
    start = max((total for total in _TOTAL_WORDS if word.startswith(total)), key=len, default="")
    rest = re.sub(
        r"^(?:of|for|de|des|du|del|di|van|von|für|per|im|in)",
        "",
        word[len(start) :].strip("0123456789"),
    )
    return bool(start) and word != start and (rest == "" or month_number(rest) is not None)


# What every total word holds: the others need no second look.
_MAY_BE_TOTAL = r"(?i)tot|sum|som|gesamt|razem|record|合|总|總|小计|小計|汇|共计|総"


def _is_total(texts: pd.Series, codes: np.ndarray | None = None) -> np.ndarray:
    if codes is None:
        codes = pd.factorize(texts)[0]
    first = ~pd.Series(codes).duplicated().to_numpy() & (codes >= 0)
    words = texts[first]
    total = words.str.contains(_MAY_BE_TOTAL).to_numpy(dtype=bool).copy()
    total[total] = [_is_total_word(plain(text)) for text in words[total]]
    by_code = np.zeros(len(total) + 1, dtype=bool)  # the last place is that of code -1: no text
    by_code[codes[first]] = total
    return by_code[codes]


#: What a status means -> the reason for which its rows are set aside.
_BY_STATUS = {
    "not a sale": "not a sale", "cancelled": "cancelled", "unpaid": "never paid", "refunded": "refunded order",
}  # fmt: skip


def _set_aside_by_status(
    account: Account, found: Statuses, value: np.ndarray, back: np.ndarray, columns: dict[str, str]
) -> None:
    for kind, reason in _BY_STATUS.items() if found.columns else ():
        hit = found.kind == kind
        if kind in ("cancelled", "refunded"):
            hit &= ~(value < 0)  # a row of its own that gives money back: a refund like any other
        for column in found.columns:
            account.set_aside(hit & (found.column == column), reason, column)
    with np.errstate(invalid="ignore"):
        whole = (back > 0) & (back >= value - 0.005) & (value > 0)
    account.set_aside(whole, "refunded order", columns.get("refunded", ""))


# ----------------------------------------------------------------------------------------------------------- orders


def _to_orders(
    lines: pd.DataFrame, table: Table, columns: dict[str, str]
) -> tuple[pd.DataFrame, list[str]]:
    """Add the lines of each order up."""
    notes: list[str] = []
    unnumbered = (lines["order_code"] < 0).to_numpy()
    if unnumbered.any():
        own = [f"row {row}" for row in table.rows[lines.index[unnumbered]]]
        lines = lines.copy()
        lines.loc[unnumbered, "order_id"] = pd.array(own, dtype="str")
        lines.loc[unnumbered, "order_code"] = -1 - np.arange(unnumbered.sum())
    if "order" in columns and unnumbered.any():
        notes.append(
            f"{counted(int(unnumbered.sum()), 'row')} without an order number: each is an order of its own."
        )
    both = lines["order_code"].to_numpy() * (lines["customer_code"].max() + 1)
    key = pd.factorize(both + lines["customer_code"].to_numpy())[0]
    first = ~pd.Series(key).duplicated().to_numpy()
    names = ["order_id", "customer_id", "order_code", "customer_code"]
    if not first.all():
        groups = lines.drop(columns=names).groupby(key, sort=False)
        notes += _line_notes(groups, columns["order"])
        orders = lines.loc[first, names].reset_index(drop=True)
        orders["order_date"] = groups["moment"].min()
        orders["turnover"] = groups["turnover"].sum().round(6)
        if "margin" in lines:
            # One line without a margin leaves the order without one: half a margin would look like a bad order.
            orders["margin"] = (
                groups["margin"].sum().round(6).where(groups["margin"].count() == groups.size())
            )
    else:
        orders = lines.rename(columns={"moment": "order_date"}).reset_index(drop=True)
        orders["turnover"] = orders["turnover"].round(6)
    orders["order_date"] = orders["order_date"].dt.normalize()
    if "margin" in orders and (unknown := int(orders["margin"].isna().sum())):
        notes.append(
            f"{counted(unknown, 'order')} without a readable margin: used, with an empty margin."
        )
    if orders["order_code"].duplicated().any():
        shared = orders["order_code"].duplicated(keep=False)
        numbers = orders.loc[shared, "order_code"].nunique()
        orders.loc[shared, "order_id"] += " of " + orders.loc[shared, "customer_id"]
        notes.append(
            f"{numbers:,} order numbers belong to more than one customer (numbers that start again every year, or at "
            "every till?): each customer's is an order of its own."
        )
    notes += _customer_notes(orders)
    names = ["order_id", "customer_id", "order_date", "turnover"] + (
        ["margin"] if "margin" in orders else []
    )
    return orders[names], notes


def _line_notes(groups: Any, heading: str) -> list[str]:
    sizes = groups.size()
    several = sizes > 1
    notes = [
        f"{counted(int(sizes[several].sum()), 'row')} are lines of {counted(int(several.sum()), 'order')} and were "
        "added up."
    ]
    span = (groups["moment"].max() - groups["moment"].min()).dt.days
    if (long := int((span > 31).sum())) > 0:
        notes.append(
            f"WARNING: {long:,} order numbers span more than a month. Is {heading!r} the order's number? If not, say "
            "order=False."
        )
    elif (days := int((span > 0).sum())) > 0:
        notes.append(f"{days:,} orders have lines on several days; the first day counts.")
    return notes


def _customer_notes(orders: pd.DataFrame) -> list[str]:
    if not len(orders):
        return []
    notes = guest_notes(orders)
    names = orders.loc[~orders["customer_code"].duplicated(), "customer_id"]
    lettered = names[~names.str.fullmatch("[0-9]*")]
    alike = len(lettered) - lettered.str.casefold().nunique()
    if alike:
        notes.append(
            f"{counted(alike, 'customer')} told from another one only by upper and lower case."
        )
    return notes


def _mail_note(column: pd.Series, ids: pd.Series, heading: str) -> list[str]:
    """Say how many e-mail addresses became one: Ann@example.org and ann@example.org are one mailbox."""
    if not ids.head(1000).str.contains("@").mean() > 0.5:
        return []
    merged = as_text(column).str.strip().nunique() - ids.nunique()
    return (
        [
            f"E-mail addresses in {heading!r} are compared without regard to capitals: {counted(merged, 'address')} written in "
            "two ways became one customer."
        ]
        if merged > 0
        else []
    )


def _without_marks(cells: pd.DataFrame) -> pd.DataFrame:
    """Take off the marks that force text (="..." and `) in columns most of whose first cells have one."""
    changed = {}
    for name in cells.columns:
        column = cells[name]
        if not isinstance(column.dtype, pd.StringDtype):
            continue
        head = column.head(1000).fillna("").str.strip()
        if head.str.match('=\\s*"|[`´]').sum() * 2 >= max((head != "").sum(), 1):
            codes, uniques = pd.factorize(column.fillna(""))
            bare = np.array([unforced(text.strip()).lstrip("`´") for text in uniques], dtype=object)
            changed[name] = pd.Series(bare[codes], index=column.index, dtype="str")
    return cells.assign(**changed) if changed else cells


def _plain_dict(statuses: Any) -> Any:
    return dict(statuses) if isinstance(statuses, Mapping) else statuses
