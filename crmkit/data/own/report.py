"""What was read, what was used, what was set aside and why: the report of :func:`crmkit.read_orders`."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from decimal import Decimal
from html import escape

import pandas as pd

from crmkit.data.own.cells import counted
from crmkit.say import label, labels, listed, say, say_many

#: Why a row is set aside -> what that means. A row has one reason: the first of these that applies.
REASONS: dict[str, str] = {
    "empty row": "no cell of the row is filled",
    "headings repeated": "the headings again, further down",
    "total row": "a sum under the orders, not an order",
    "too many cells": "more cells than headings, so no cell can be trusted to be in its column",
    "not a sale": "its status or type says so: a payout, a fee, a transfer, a test",
    "cancelled": "its status says so: cancelled, failed, refused, expired",
    "never paid": "its status says that it was not paid, or not yet",
    "refunded order": "its status, or the refund beside it, says that all of it was given back",
    "missing customer": "nobody to count the order for",
    "damaged customer id": "a spreadsheet has shortened a long number (1.23E+11): several customers look alike",
    "missing date": "no date",
    "unreadable date": "no day of any calendar",
    "unclear date": "day and month cannot be told apart, and other rows show both orders",
    "placeholder date": "a day that programs write when they know none (1900-01-01, 1970-01-01 ...)",
    "future date": "later than today",
    "missing amount": "no amount",
    "unreadable amount": "no amount of money",
    "unclear amount": "a decimal mark or a mark between thousands, and other rows show both",
    "other currency": "not in the currency that was asked for",
    "zero amount": "nothing was paid",
    "refund or negative amount": "money went back",
    "exact duplicate": "every cell is equal to an earlier row that is used",
}


labels(
    "what",
    "rows",
    "money",
    "where",
    "empty row",
    "headings repeated",
    "total row",
    "too many cells",
    "not a sale",
    "cancelled",
)
labels("never paid", "refunded order", "missing customer", "damaged customer id", "missing date")
labels("unreadable date", "unclear date", "placeholder date", "future date", "missing amount")
labels("unreadable amount", "unclear amount", "other currency", "zero amount", "exact duplicate")
labels(
    "a part that was given back",
    "refund or negative amount",
    "rows read",
    "rows used",
    "rows set aside",
)
#: How a line of the account begins whose money is not counted, and the two ways in which rows are named.
NOT_COUNTED, AT, ROW = "not counted: ", "at ", "row "


def _what_in_words(what: str) -> str:
    """Say in the reader's language what a line of the account counts; its indent stays."""
    name = what.strip()
    indent = what[: len(what) - len(what.lstrip())]
    if name.startswith(NOT_COUNTED):
        return indent + say("not counted: {what}", what=label(name.removeprefix(NOT_COUNTED)))
    return indent + label(name)


def _where_in_words(where: str) -> str:
    """Say in the reader's language which rows a line of the account counts."""
    if where.startswith(ROW):
        return say("row {numbers}", numbers=where.removeprefix(ROW))
    return say("at {names}", names=where.removeprefix(AT)) if where else ""


def _wide(text: str) -> int:
    """The width of a text in a terminal, in which a Chinese character takes two columns."""
    return sum(1 + (unicodedata.east_asian_width(letter) in "WF") for letter in text)


def _filled(text: str, width: int) -> str:
    return text + " " * (width - _wide(text))


def rows_in_words(rows: pd.Series, limit: int = 5) -> str:
    """Name the first rows, and say whether there are more."""
    shown = ", ".join(str(row) for row in rows.head(limit))
    return shown + (", ..." if len(rows) > limit else "")


class RowAccount:
    """What the reports on a file of one's own share: how they are read, in a terminal and in a notebook."""

    source: str
    columns: dict[str, str]
    set_aside: pd.DataFrame
    notes: list[str]

    def table(self) -> pd.DataFrame:
        """Give the account as a small table; ``what`` and ``rows`` come first."""
        raise NotImplementedError

    def _sentence(self) -> str:
        raise NotImplementedError

    def _units(self) -> dict[str, str]:
        """What stands behind a column's heading in a notebook, such as a currency."""
        return {}

    @property
    def rows_set_aside(self) -> int:
        """Rows that are not used, for the reasons in ``set_aside``."""
        return len(self.set_aside)

    @property
    def warnings(self) -> list[str]:
        """The notes that need the reader's answer."""
        return [note for note in self.notes if note.startswith("WARNING")]

    def _columns_in_words(self) -> str:
        return listed(f"{part} = {heading!r}" for part, heading in self.columns.items())

    def _table_in_words(self) -> pd.DataFrame:
        """The account as a reader sees it: in words of their language, numbers written out."""
        table = self.table()
        table["what"] = [_what_in_words(what) for what in table["what"]]
        table["where"] = [_where_in_words(where) for where in table["where"]]
        table["rows"] = [f"{rows:,}" for rows in table["rows"]]
        if "money" in table:
            table["money"] = [f"{money:,.2f}" for money in table["money"]]
        return table

    def __str__(self) -> str:
        table = self._table_in_words()
        numbers = [name for name in ("rows", "money") if name in table]
        heads = {"what": ""} | {name: label(name) for name in numbers}
        width = {name: max(map(_wide, [head, *table[name]])) for name, head in heads.items()}
        lines = [f"{self.source}: {self._sentence()}"]
        for line in [heads | {"where": ""}, *table.to_dict("records")]:
            right = (" " * (width[name] - _wide(line[name])) + line[name] for name in numbers)
            what = _filled(line["what"], width["what"])
            lines.append("  ".join(["", what, *right, line["where"]]).rstrip())
        lines.append("  " + say("columns: {columns}", columns=self._columns_in_words()))
        lines += [f"  - {note}" for note in self.notes]
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        """Show the same as a small table in a notebook."""
        table = self._table_in_words()
        right = [name in ("rows", "money") for name in table]
        cells = [f'<td style="text-align:{"right" if one else "left"}">' for one in right]
        body = "".join(
            "<tr>"
            + "".join(
                f"{cell}{escape(str(text)).replace('    ', '&emsp;')}</td>"
                for cell, text in zip(cells, line, strict=True)
            )
            + "</tr>"
            for line in table.itertuples(index=False)
        )
        units = self._units()
        head = "".join(
            ("<th>" if one else '<th style="text-align:left">')
            + label(name)
            + (f" ({escape(units[name])})" if units.get(name) else "")
            + "</th>"
            for name, one in zip(table, right, strict=True)
        )
        notes = "".join(
            f"<li><b>{escape(note)}</b></li>"
            if note in self.warnings
            else f"<li>{escape(note)}</li>"
            for note in self.notes
        )
        return (
            f"<p><b>{escape(self.source)}</b>: {escape(self._sentence())}</p>"
            f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
            f"<p>{escape(say('Columns: {columns}', columns=self._columns_in_words()))}</p>"
            + (f"<ul>{notes}</ul>" if notes else "")
        )


@dataclass
class Report(RowAccount):
    """What happened to every row of an orders file.

    Always: ``rows_read == rows_used + rows_set_aside``.

    Attributes
    ----------
    source : str
        The file's name.
    columns : dict
        Part (customer, date, amount ...) -> heading in the file.
    rows_read, rows_used : int
        Rows below the headings; rows that made it into the orders.
    orders, customers : int
        What they came to.
    set_aside : DataFrame
        One row per row set aside: ``row`` (its number in the file as a spreadsheet counts, the first line being 1;
        for a frame, its index label), ``reason`` (see :data:`REASONS`), ``column``, ``value`` (what stood there) and
        ``money`` (what the row is worth; NaN where that cannot be read).
    money_read : Decimal
        The sum of all amounts in the file, those below zero included.
    money_left_out : dict of str to Decimal
        Reason -> what the rows set aside for it are worth.
    money_uncounted : dict of str to (int, Decimal)
        Money of rows that are used, and that is not counted all the same (an order's total repeated on its lines, a part
        that was given back): what -> rows, money. Always:
        ``money_read == money_counted + sum of money_left_out + sum of money_uncounted``, exactly.
    passed_over : dict of str to list of str
        Part -> further columns that could play it and were not taken.
    first_day, last_day : Timestamp or None
        The span of the orders used.
    turnover : float
        Their sum, in ``currency`` (None when the file names none).
    notes : list of str
        What was decided on the way. A note that begins with WARNING needs the reader's answer.
    """

    source: str
    columns: dict[str, str]
    rows_read: int
    rows_used: int
    orders: int
    customers: int
    set_aside: pd.DataFrame
    first_day: pd.Timestamp | None = None
    last_day: pd.Timestamp | None = None
    turnover: float = 0.0
    currency: str | None = None
    notes: list[str] = field(default_factory=list)
    rows_are_labels: bool = False
    money_read: Decimal = Decimal(0)
    money_left_out: dict[str, Decimal] = field(default_factory=dict)
    money_uncounted: dict[str, tuple[int, Decimal]] = field(default_factory=dict)
    passed_over: dict[str, list[str]] = field(default_factory=dict)

    @property
    def money_counted(self) -> Decimal:
        """The turnover of the orders, to the last cent."""
        out = sum(self.money_left_out.values(), Decimal(0))
        return (
            self.money_read - out - sum((m for _, m in self.money_uncounted.values()), Decimal(0))
        )

    def reasons(self) -> pd.DataFrame:
        """Count the rows set aside by reason.

        Returns
        -------
        DataFrame
            Columns ``reason``, ``rows`` (how many), ``money`` (what they are worth), ``where`` (the first row
            numbers) and ``meaning``; the order is the one in which the reasons were looked for.
        """
        groups = {
            str(reason): part for reason, part in self.set_aside.groupby("reason", observed=True)
        }
        lines = [
            {
                "reason": reason,
                "rows": len(groups[reason]),
                "money": float(self.money_left_out.get(reason, 0)),
                "where": rows_in_words(groups[reason]["row"]),
                "meaning": meaning,
            }
            for reason, meaning in REASONS.items()
            if reason in groups
        ]
        return pd.DataFrame(lines, columns=["reason", "rows", "money", "where", "meaning"])

    def table(self) -> pd.DataFrame:
        """Give the whole account as a small table.

        Returns
        -------
        DataFrame
            Columns ``what``, ``rows`` (missing for money that no row was set aside for), ``money`` and ``where`` (the
            first row numbers). Rows and money both add up: read = used + set aside, line by line.
        """
        reasons = self.reasons()
        left = float(sum(self.money_left_out.values(), Decimal(0)))
        lines: list[tuple[str, int | None, float, str]] = [
            ("rows read", self.rows_read, float(self.money_read), ""),
            ("rows used", self.rows_used, float(self.money_read) - left, ""),
        ]
        lines += [
            (f"    {NOT_COUNTED}{what}", rows, float(money), "")
            for what, (rows, money) in self.money_uncounted.items()
        ]
        lines.append(("rows set aside", self.rows_set_aside, left, ""))
        where = AT if self.rows_are_labels else ROW
        lines += [
            (f"    {line.reason}", line.rows, line.money, where + line.where)
            for line in reasons.itertuples(index=False)
        ]
        table = pd.DataFrame(lines, columns=["what", "rows", "money", "where"])
        return table.round({"money": 6})

    def to_frame(self) -> pd.DataFrame:
        r"""Give everything that the report says as one table, to be filtered or saved.

        Returns
        -------
        DataFrame
            Columns ``section`` ("rows and money", "columns", "passed over", "notes"), ``what``, ``rows``, ``money``,
            ``where`` and ``detail``. The last line of the first section is the money counted.

        Examples
        --------
        >>> import crmkit
        >>> report = crmkit.read_orders(b"customer,date,amount\nA,2025-01-05,10\nA,2025-02-05,-4\n").report
        >>> account = report.to_frame().query("section == 'rows and money'")
        >>> account[["what", "rows", "money"]].values.tolist()[-2:]
        [['refund or negative amount', 1.0, -4.0], ['counted', 1.0, 10.0]]
        """
        lines = [
            {"section": "rows and money", "what": line.what.strip(), "rows": line.rows, "money": line.money,
             "where": line.where, "detail": REASONS.get(line.what.strip(), "")}
            for line in self.table().itertuples(index=False)
        ]  # fmt: skip
        lines.append(
            {"section": "rows and money", "what": "counted", "rows": self.rows_used,
             "money": float(self.money_counted), "detail": f"the turnover of {counted(self.orders, 'order')}"}
        )  # fmt: skip
        lines += [
            {"section": "columns", "what": part, "detail": heading}
            for part, heading in self.columns.items()
        ]
        lines += [
            {"section": "passed over", "what": part, "detail": ", ".join(names)}
            for part, names in self.passed_over.items()
        ]
        lines += [{"section": "notes", "what": "", "detail": note} for note in self.notes]
        frame = pd.DataFrame(lines, columns=["section", "what", "rows", "money", "where", "detail"])
        return frame.fillna({"where": "", "detail": ""})

    def _sentence(self) -> str:
        if self.first_day is None or self.last_day is None:
            return say("No row could be used.")
        orders = say_many("{count:,} order", "{count:,} orders", self.orders)
        customers = say_many("{count:,} customer", "{count:,} customers", self.customers)
        return say(
            "{orders} of {customers}, {first:%Y-%m-%d} to {last:%Y-%m-%d}, turnover {money}",
            orders=orders,
            customers=customers,
            first=self.first_day,
            last=self.last_day,
            money=f"{self.turnover:,.2f}" + (f" {self.currency}" if self.currency else ""),
        )

    def _units(self) -> dict[str, str]:
        return {"money": self.currency or ""}

    # A dataclass writes a __repr__ of its own where none stands in the class.
    __repr__ = RowAccount.__str__
