"""What was read, what was used, what was set aside and why: the report of :func:`crmkit.read_orders`."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape

import pandas as pd

from crmkit.data.own.cells import counted

#: Why a row is set aside -> what that means. A row has one reason: the first of these that applies.
REASONS: dict[str, str] = {
    "empty row": "no cell of the row is filled",
    "headings repeated": "the headings again, further down",
    "total row": "a sum under the orders, not an order",
    "too many cells": "more cells than headings, so no cell can be trusted to stand in its column",
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


def _rows_in_words(rows: pd.Series, limit: int = 5) -> str:
    shown = ", ".join(str(row) for row in rows.head(limit))
    return shown + (", ..." if len(rows) > limit else "")


@dataclass
class Report:
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
        for a frame, its index label), ``reason`` (see :data:`REASONS`), ``column`` and ``value`` (what stood there).
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

    @property
    def rows_set_aside(self) -> int:
        """Rows that are not in the orders, for the reasons in ``set_aside``."""
        return len(self.set_aside)

    @property
    def warnings(self) -> list[str]:
        """The notes that need the reader's answer."""
        return [note for note in self.notes if note.startswith("WARNING")]

    def reasons(self) -> pd.DataFrame:
        """Count the rows set aside by reason.

        Returns
        -------
        DataFrame
            Columns ``reason``, ``rows`` (how many), ``where`` (the first row numbers) and ``meaning``; the order is
            the one in which the reasons were looked for.
        """
        groups = {
            str(reason): part for reason, part in self.set_aside.groupby("reason", observed=True)
        }
        lines = [
            {
                "reason": reason,
                "rows": len(groups[reason]),
                "where": _rows_in_words(groups[reason]["row"]),
                "meaning": meaning,
            }
            for reason, meaning in REASONS.items()
            if reason in groups
        ]
        return pd.DataFrame(lines, columns=["reason", "rows", "where", "meaning"])

    def table(self) -> pd.DataFrame:
        """Give the whole account as a small table.

        Returns
        -------
        DataFrame
            Columns ``what``, ``rows`` and ``where`` (the first row numbers).
        """
        reasons = self.reasons()
        lines = [("rows read", self.rows_read, ""), ("rows used", self.rows_used, "")]
        lines.append(("rows set aside", self.rows_set_aside, ""))
        where = "at " if self.rows_are_labels else "row "
        lines += [
            (f"    {line.reason}", line.rows, where + line.where)
            for line in reasons.itertuples(index=False)
        ]
        return pd.DataFrame(lines, columns=["what", "rows", "where"])

    def _sentence(self) -> str:
        if self.first_day is None or self.last_day is None:
            return "No row could be used."
        money = f"{self.turnover:,.2f}" + (f" {self.currency}" if self.currency else "")
        return (
            f"{counted(self.orders, 'order')} of {counted(self.customers, 'customer')}, {self.first_day:%Y-%m-%d} to "
            f"{self.last_day:%Y-%m-%d}, turnover {money}"
        )

    def _columns_in_words(self) -> str:
        return ", ".join(f"{part} = {heading!r}" for part, heading in self.columns.items())

    def __str__(self) -> str:
        table = self.table()
        width = max(len(what) for what in table["what"])
        digits = max(len(f"{rows:,}") for rows in table["rows"])
        lines = [f"{self.source}: {self._sentence()}"]
        lines += [
            f"  {line.what:<{width}}  {line.rows:>{digits},}  {line.where}".rstrip()
            for line in table.itertuples(index=False)
        ]
        lines.append(f"  columns: {self._columns_in_words()}")
        lines += [f"  - {note}" for note in self.notes]
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        """Show the same as a small table in a notebook."""
        cell = '<td style="text-align:left">'
        body = "".join(
            f"<tr>{cell}{escape(line.what).replace('    ', '&emsp;')}</td>"
            f'<td style="text-align:right">{line.rows:,}</td>{cell}{escape(line.where)}</td></tr>'
            for line in self.table().itertuples(index=False)
        )
        notes = "".join(
            f"<li>{'<b>' if note in self.warnings else ''}{escape(note)}{'</b>' if note in self.warnings else ''}</li>"
            for note in self.notes
        )
        return (
            f"<p><b>{escape(self.source)}</b>: {escape(self._sentence())}</p>"
            f'<table><thead><tr><th style="text-align:left">what</th><th>rows</th>'
            f'<th style="text-align:left">where</th></tr></thead><tbody>{body}</tbody></table>'
            f"<p>Columns: {escape(self._columns_in_words())}</p>"
            + (f"<ul>{notes}</ul>" if notes else "")
        )
