"""Orders of one's own: any file of purchases becomes the table that every analysis of the course takes.

A real file is ugly: headings in row 3, semicolons, decimal commas, dates with the day first, refunds, a total under
the last row, half of it written by another program. :func:`read_orders` reads it, says what it took for what, and
accounts for every row.

Choices that one may see otherwise, and why they are so:

- *Refunds are set aside, not subtracted.* A refund without an order number belongs to no order, and one that comes a
  year later makes a customer of that day who bought nothing. Where the refund carries the order's number,
  ``refunds="net"`` subtracts it.
- *Exact duplicates are set aside, keeping the first.* Two exports pasted under each other are the commonest fault of
  real files, and it doubles customers without a trace. But where rows carry neither an order number nor a time of
  day, two equal rows may be two real purchases on one day: then the report warns, and ``duplicates="keep"`` keeps
  them.
- *A row without an order number is an order of its own.* Only rows that share a number are added up.
- *The date is the one that is written.* A time zone changes it only when ``timezone`` says which zone the reader
  lives in.
"""

from __future__ import annotations

import datetime as dt
import os
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from crmkit.data.own.amounts import SHARED_SIGNS, Amounts, currency_in, currency_of, parse_amounts
from crmkit.data.own.cells import as_text, counted, identifiers
from crmkit.data.own.dates import PLACEHOLDERS, Dates, parse_dates
from crmkit.data.own.errors import BadOption, MixedCurrencies, NoUsableRows
from crmkit.data.own.headings import find_columns, plain
from crmkit.data.own.reading import Table, fetch, read_cells
from crmkit.data.own.report import REASONS, Report

__all__ = ["OwnOrders", "read_orders"]

_TOTAL_WORDS = frozenset(
    [
        "total",
        "totals",
        "grandtotal",
        "subtotal",
        "sum",
        "summe",
        "gesamt",
        "gesamtsumme",
        "zwischensumme",
        "合计",
        "总计",
        "小计",
        "总额",
        "汇总",
        "共计",
    ]
)
_ORDER = {reason: position for position, reason in enumerate(REASONS)}


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
        Set rows below zero aside, or subtract them from the order whose number they carry.

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
    [['rows set aside', 1, ''], ['    refund or negative amount', 1, 'row 3']]
    """
    last_day = _check_options(
        dayfirst, decimal, today, duplicates, refunds, sheet, encoding, separator
    )
    wanted_currency = _wanted_currency(currency)
    given: dict[str, Any] = {
        "customer": customer, "date": date, "amount": amount, "order": order, "margin": margin,
        "quantity": quantity, "price": price, "currency": currency_column,
    }  # fmt: skip
    named = [str(name) for name in given.values() if name is not None and name is not False]
    content, label, example = fetch(source)
    table = read_cells(
        content, label, sheet=sheet, encoding=encoding, separator=separator, named=named
    )
    columns, column_notes = find_columns(table.cells, given, example)
    if refunds == "net" and "order" not in columns:
        raise BadOption(
            "refunds='net' needs a column with the order's number: a refund must say what it takes back."
        )

    notes = [*table.notes, *column_notes]
    account = _Account(table)
    cells = table.cells
    ids, damaged = identifiers(cells[columns["customer"]])
    if table.too_wide.any():  # their cells stand in no sure column, so they are no evidence either
        cells = cells.apply(lambda column: column.mask(table.too_wide, ""))
    day_first = None if dayfirst is None else bool(dayfirst)
    dates = parse_dates(cells[columns["date"]], dayfirst=day_first, timezone=timezone)
    amounts = _amounts(cells, columns, decimal)
    notes += dates.notes + amounts.notes

    _set_aside_rows(account, table, columns, ids, damaged.to_numpy(), dates, amounts, last_day)
    notes += _hanging_lines_note(account, columns, dates, amounts)
    money = _one_currency(account, cells, columns, amounts, wanted_currency)
    amount_column = columns.get("amount", columns.get("price", ""))
    value = pd.Series(amounts.value)
    if refunds == "set aside":
        account.set_aside(value.to_numpy() == 0, "zero amount", amount_column)
        lost = value[account.free & (value < 0)]
        account.set_aside(value.to_numpy() < 0, "refund or negative amount", amount_column)
    else:
        lost = value.iloc[:0]
    _duplicates(account, cells, duplicates, notes, certain="order" in columns or dates.timed)
    orders, order_notes = _to_orders(account, table, columns, ids, dates, amounts, decimal, refunds)
    notes += order_notes
    if len(lost):
        notes.append(_refund_note(lost, orders["turnover"].sum(), "order" in columns))
    report = Report(
        source=table.label,
        columns=columns,
        rows_read=len(cells),
        rows_used=int(account.free.sum()),
        orders=len(orders),
        customers=int(orders["customer_id"].nunique()),
        set_aside=account.frame(),
        first_day=orders["order_date"].min() if len(orders) else None,
        last_day=orders["order_date"].max() if len(orders) else None,
        turnover=float(orders["turnover"].sum()),
        currency=money,
        notes=sorted(notes, key=lambda note: not note.startswith("WARNING")),
        rows_are_labels=table.rows_are_labels,
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


# ---------------------------------------------------------------------------------------------------------- options


def _check_options(
    dayfirst: Any,
    decimal: Any,
    today: Any,
    duplicates: Any,
    refunds: Any,
    sheet: Any,
    encoding: Any,
    separator: Any,
) -> pd.Timestamp:
    if not (dayfirst is None or isinstance(dayfirst, (bool, np.bool_))):
        raise BadOption(f"dayfirst={dayfirst!r} must be True, False or None.")
    if decimal not in (None, ".", ","):
        raise BadOption(f"decimal={decimal!r} must be '.' or ','.")
    if duplicates not in ("set aside", "keep"):
        raise BadOption(f"duplicates={duplicates!r} must be 'set aside' or 'keep'.")
    if refunds not in ("set aside", "net"):
        raise BadOption(f"refunds={refunds!r} must be 'set aside' or 'net'.")
    for name, text in (("sheet", sheet), ("encoding", encoding), ("separator", separator)):
        if text is not None and not (isinstance(text, str) and text):
            raise BadOption(f"{name}={text!r} must be a text in quotation marks.")
    try:
        last_day = pd.Timestamp(dt.date.today() if today is None else today)
    except (ValueError, TypeError) as error:
        raise BadOption(f"today={today!r} is not a date. Write it like '2025-12-31'.") from error
    if last_day is pd.NaT:
        raise BadOption(f"today={today!r} is not a date. Write it like '2025-12-31'.")
    return last_day.tz_localize(None).normalize()


def _wanted_currency(currency: Any) -> str | None:
    if currency is None:
        return None
    known = currency_of(currency) or (str(currency).upper() if len(str(currency)) == 3 else None)
    if known is None:
        raise BadOption(
            f"currency={currency!r} is no currency. Write it like 'GBP'; the column with currencies is given as "
            "currency_column=..."
        )
    return known


# -------------------------------------------------------------------------------------------------------- set aside


class _Account:
    """Every row's fate: free to be used, or set aside for the first reason that applied."""

    def __init__(self, table: Table) -> None:
        self.table = table
        rows = len(table.cells)
        self.reason = np.full(rows, -1, dtype=np.int16)
        self.column = np.full(rows, "", dtype=object)
        self.detail: dict[int, str] = {}

    @property
    def free(self) -> np.ndarray:
        return self.reason < 0

    def set_aside(self, mask: np.ndarray | pd.Series, reason: str, column: str = "") -> None:
        hit = np.asarray(mask, dtype=bool) & self.free
        self.reason[hit] = _ORDER[reason]
        self.column[hit] = column

    def frame(self) -> pd.DataFrame:
        """One row per row set aside: row, reason, column, value."""
        hit = np.flatnonzero(~self.free)
        values = np.full(len(hit), "", dtype=object)
        columns = self.column[hit]
        for column in set(columns) - {""}:
            here = columns == column
            values[here] = (
                as_text(self.table.cells[column].iloc[hit[here]]).str.slice(0, 60).to_numpy()
            )
        for position, index in enumerate(hit.tolist()):
            if index in self.detail:
                values[position] = self.detail[index]
        names = np.array(list(REASONS), dtype=object)
        return pd.DataFrame(
            {
                "row": self.table.rows[hit],
                "reason": pd.Series(names[self.reason[hit]], dtype="str"),
                "column": pd.Series(columns, dtype="str"),
                "value": pd.Series(values, dtype="str"),
            }
        )


def _set_aside_rows(
    account: _Account,
    table: Table,
    columns: dict[str, str],
    ids: pd.Series,
    damaged: np.ndarray,
    dates: Dates,
    amounts: Amounts,
    last_day: pd.Timestamp,
) -> None:
    """Set aside what cannot be an order, in the order of :data:`REASONS`."""
    cells = table.cells
    customer, date = columns["customer"], columns["date"]
    amount = columns.get("amount", columns.get("price", ""))
    no_customer = (ids == "").to_numpy()
    no_day = dates.day.isna().to_numpy()
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
        total[odd] = words.isin(_TOTAL_WORDS).any(axis=1).to_numpy()
        account.set_aside(total & (dates.missing | no_customer), "total row")
    account.set_aside(table.too_wide, "too many cells")
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


def _amounts(cells: pd.DataFrame, columns: dict[str, str], decimal: str | None) -> Amounts:
    if "amount" in columns:
        return parse_amounts(cells[columns["amount"]], decimal=decimal)
    price = parse_amounts(cells[columns["price"]], decimal=decimal, what="prices")
    count = parse_amounts(cells[columns["quantity"]], decimal=decimal, what="quantities")
    return Amounts(
        (price.value * count.value).round(6),  # 6 x 2.55 is 15.3
        price.missing | count.missing,
        price.unclear | count.unclear,
        price.currency,
        price.notes + count.notes,
    )


def _one_currency(
    account: _Account,
    cells: pd.DataFrame,
    columns: dict[str, str],
    amounts: Amounts,
    wanted: str | None,
) -> str | None:
    """Make sure that amounts can be added; returns the currency where it is known."""
    label = pd.Series(amounts.currency, dtype="str")
    column = columns.get("currency", "")
    if column:
        written = as_text(cells[column]).str.strip()
        known = {text: currency_of(text) or text.upper() for text in written.unique()}
        own = written.map(known)
        label = own.where(own != "", label.to_numpy()).astype("str")
    rows = account.free & (label != "").to_numpy()
    counts = label[rows].value_counts()
    for sign, meanings in SHARED_SIGNS.items():
        codes = [code for code in counts.index if code in meanings]
        meant = wanted if wanted in meanings else codes[0] if len(codes) == 1 else None
        if sign in counts.index and meant:
            label = label.mask(label == sign, meant)
    counts = label[rows].value_counts()
    column = column or columns.get("amount", columns.get("price", ""))
    if wanted is not None:
        account.set_aside((label != wanted) & (label != ""), "other currency", column)
        return wanted
    if len(counts) > 1:
        kinds = ", ".join(
            f"{name} in {counted(int(count), 'row')} (first in row "
            f"{account.table.rows[np.flatnonzero(rows & (label == name).to_numpy())[0]]})"
            for name, count in counts.items()
        )
        raise MixedCurrencies(
            f"The amounts are in several currencies: {kinds}. They cannot be added up. Choose one, and the others are "
            f"set aside: currency={counts.index[0]!r}; or convert them before."
        )
    heading = next(
        (found for part in ("amount", "price") if (found := currency_in(columns.get(part, "")))),
        None,
    )
    if len(counts) and heading not in SHARED_SIGNS.get(str(counts.index[0]), ()):
        return str(counts.index[0])
    return heading


def _duplicates(
    account: _Account, cells: pd.DataFrame, wanted: str, notes: list[str], certain: bool
) -> None:
    """Set aside rows that equal an earlier one, and say how sure that is."""
    free = np.flatnonzero(account.free)
    left = cells.iloc[free]
    try:
        repeats = left.duplicated().to_numpy()
    except TypeError:  # cells that hold lists and the like
        left = left.astype("object").map(repr)
        repeats = left.duplicated().to_numpy()
    if not repeats.any():
        return
    count = int(repeats.sum())
    if wanted == "keep":
        notes.append(f"{counted(count, 'copy')} of an earlier row kept, as asked.")
        return
    alike = left[left.duplicated(keep=False)].reset_index(drop=True)
    alike_at = free[left.duplicated(keep=False).to_numpy()]
    group = alike.groupby(list(alike.columns), sort=False, dropna=False).ngroup().to_numpy()
    first_at = pd.Series(alike_at).groupby(group).transform("first").to_numpy()
    for index, first in zip(alike_at, first_at, strict=True):
        if index != first:
            account.detail[int(index)] = f"equals row {account.table.rows[first]}"
    mask = np.zeros(len(cells), dtype=bool)
    mask[free[repeats]] = True
    account.set_aside(mask, "exact duplicate")
    if not certain:
        notes.append(
            f"WARNING: {counted(count, 'row')} set aside, being equal to an earlier row in every cell. The file has "
            "neither an order number nor a time of day, so some of them may be real second purchases on one day: "
            "duplicates='keep' uses them."
        )


def _hanging_lines_note(
    account: _Account, columns: dict[str, str], dates: Dates, amounts: Amounts
) -> list[str]:
    """Warn of rows with an amount under the row that has their customer and date: merged cells look like that."""
    readable = ~np.isnan(amounts.value)
    hangs = (account.reason == _ORDER["missing customer"]) & dates.missing & readable
    whole = account.free & readable
    # Each below a whole row, or below another that hangs.
    hangs &= np.r_[False, (whole | hangs)[:-1]]
    if not hangs.any():
        return []
    headings = [columns["customer"], columns["date"]] + [
        columns[p] for p in ("order",) if p in columns
    ]
    return [
        f"WARNING: {counted(int(hangs.sum()), 'row')} set aside with an amount but without a customer and a date, "
        "below a row that has both. If they are further lines of the order above (merged cells look like that), read "
        f"the file into a frame, fill the gaps, and give read_orders that: "
        f"frame[{headings}] = frame[{headings}].ffill()."
    ]


def _refund_note(lost: pd.Series, turnover: float, numbered: bool) -> str:
    share = f" ({-lost.sum() / turnover:.1%} of the turnover used)" if turnover > 0 else ""
    rows = counted(len(lost), "row")
    end = " refunds='net' subtracts those that carry an order's number." if numbered else ""
    return f"Turnover is before refunds: {rows} below zero set aside, {lost.sum():,.2f} in all{share}.{end}"


# ----------------------------------------------------------------------------------------------------------- orders


def _to_orders(
    account: _Account,
    table: Table,
    columns: dict[str, str],
    ids: pd.Series,
    dates: Dates,
    amounts: Amounts,
    decimal: str | None,
    refunds: str,
) -> tuple[pd.DataFrame, list[str]]:
    """Add the lines of each order up."""
    notes: list[str] = []
    lines = pd.DataFrame({"customer_id": ids, "moment": dates.moment, "turnover": amounts.value})
    lines["order_id"] = ""
    if "order" in columns:
        lines["order_id"] = identifiers(table.cells[columns["order"]])[0]
    if "margin" in columns:
        margins = parse_amounts(table.cells[columns["margin"]], decimal=decimal, what="margins")
        lines["margin"] = margins.value
        notes += margins.notes
    lines = lines[account.free]
    unnumbered = (lines["order_id"] == "").to_numpy()
    own = pd.Series([f"row {row}" for row in table.rows[account.free][unnumbered]], dtype="str")
    lines.loc[unnumbered, "order_id"] = own.to_numpy()
    if "order" in columns and unnumbered.any():
        notes.append(
            f"{counted(int(unnumbered.sum()), 'row')} without an order number: each is an order of its own."
        )
    key = lines.groupby(["order_id", "customer_id"], sort=False).ngroup()
    if refunds == "net" and len(lines):
        total = lines["turnover"].groupby(key).transform("sum").round(6)
        reason = np.full(len(table.cells), False)
        index = lines.index.to_numpy()
        amount_column = columns.get("amount", columns.get("price", ""))
        reason[index] = (total == 0).to_numpy() & (
            lines["turnover"].abs().groupby(key).transform("sum") == 0
        ).to_numpy()
        account.set_aside(reason, "zero amount", amount_column)
        reason[index] = (total <= 0).to_numpy()
        account.set_aside(reason, "refund or negative amount", amount_column)
        negative = int(((lines["turnover"] < 0) & (total > 0)).sum())
        lines, key = lines[total > 0], key[total > 0]
        if negative:
            notes.append(
                f"{counted(negative, 'row')} below zero subtracted from the orders whose number they carry."
            )
    if key.duplicated().any():
        notes += _line_notes(lines, key, columns["order"])
        groups = lines.groupby(key.to_numpy(), sort=False)
        orders = groups[["order_id", "customer_id"]].first()
        orders["order_date"] = groups["moment"].min()
        orders["turnover"] = groups["turnover"].sum().round(6)
        if "margin" in lines:
            # One line without a margin leaves the order without one: half a margin would look like a bad order.
            orders["margin"] = (
                groups["margin"].sum().round(6).where(groups["margin"].count() == groups.size())
            )
        orders = orders.reset_index(drop=True)
    else:
        orders = lines.rename(columns={"moment": "order_date"}).reset_index(drop=True)
    orders["order_date"] = orders["order_date"].dt.normalize()
    if "margin" in orders and (unknown := int(orders["margin"].isna().sum())):
        notes.append(
            f"{counted(unknown, 'order')} without a readable margin: used, with an empty margin."
        )
    if orders["order_id"].duplicated().any():
        shared = orders["order_id"].duplicated(keep=False)
        numbers = orders.loc[shared, "order_id"].nunique()
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


def _line_notes(lines: pd.DataFrame, key: pd.Series, heading: str) -> list[str]:
    groups = lines.groupby(key.to_numpy(), sort=False)
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
    same = groups["turnover"].nunique()[several] == 1
    if several.sum() >= 10 and same.mean() > 0.9:
        notes.append(
            f"WARNING: {int(same.sum()):,} of {int(several.sum()):,} orders with several lines show the same amount on "
            "every line. If that is the whole order's amount, it was counted several times: keep one row per order, or "
            "name the line's amount with amount=..."
        )
    return notes


def _customer_notes(orders: pd.DataFrame) -> list[str]:
    if not len(orders):
        return []
    notes = []
    counts = orders["customer_id"].value_counts()
    # One in ten orders; or one in fifty, and more than four times as many as the next customer has.
    most, share = counts.iloc[0], counts.iloc[0] / len(orders)
    if (
        len(counts) >= 10
        and most >= 30
        and (share > 0.1 or (share > 0.02 and most > 4 * counts.iloc[1]))
    ):
        notes.append(
            f"WARNING: customer {counts.index[0]!r} placed {most:,} of {len(orders):,} orders. A till or "
            "a guest account is no person: leave it out if it is one."
        )
    alike = len(counts) - counts.index.str.casefold().nunique()
    if alike:
        notes.append(
            f"{counted(alike, 'customer')} told from another one only by upper and lower case."
        )
    return notes
