"""A log of one's own: any file of events becomes the table from which metrics are made.

The file has a row per event: who, when, what. It is read with the machinery of :func:`crmkit.read_orders` (formats,
encodings, separators, headings in row 3, dates of all sorts), and every row is accounted for: used, or set aside for
one reason.

Choices that one may see otherwise, and why they are so:

- *Equal rows of a log with times of day are set aside, keeping the first*: a program that sent an event twice, or two
  exports pasted under each other. Where the file has days only, equal rows are things done twice on one day, and stay.
- *The time is the one that is written.* A time zone changes it only when ``timezone`` says which zone the reader
  lives in: "in the evening" means the user's evening.
- *Kinds of event keep their capitals*, because programs mean something by them; a note says where only those differ.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from crmkit.data.own.account import Account
from crmkit.data.own.cells import as_text, coded_identifiers, counted, row_codes
from crmkit.data.own.dates import PLACEHOLDERS, Dates, parse_dates
from crmkit.data.own.errors import BadOption, ColumnAmbiguous, ColumnNotFound, NoUsableRows
from crmkit.data.own.headings import level_of, listing, plain
from crmkit.data.own.options import check_options
from crmkit.data.own.progress import MANY_BYTES, Progress
from crmkit.data.own.reading import Table, fetch, read_cells
from crmkit.data.own.report import AT, ROW, RowAccount, rows_in_words
from crmkit.say import labels, say, say_many

__all__ = ["REASONS", "LogReport", "OwnEvents", "read_log"]

#: Why a row is set aside -> what that means. A row has one reason: the first of these that applies.
REASONS: dict[str, str] = {
    "empty row": "no cell of the row is filled",
    "headings repeated": "the headings again, further down",
    "too many cells": "more cells than headings, so no cell can be trusted to be in its column",
    "missing user": "nobody to count the event for",
    "damaged user id": "a spreadsheet has shortened a long number (1.23E+11): several users look alike",
    "missing time": "no time",
    "unclear time": "day and month cannot be told apart, and other rows show both orders",
    "unreadable time": "no day of any calendar",
    "placeholder time": "a day that programs write when they know none (1900-01-01, 1970-01-01 ...)",
    "future time": "later than today",
    "missing event": "no name of what happened",
    "exact duplicate": "every cell is equal to an earlier row that is used",
}

#: Part -> levels of headings, the surest first; users and times are known by the headings of orders, too.
HEADINGS: dict[str, tuple[str, ...]] = {
    "user": (
        "user id, userid, user, uid, distinct id, user pseudo id, customer user id, player id, learner id, member id, "
        "account id, profile id, 用户id, 用户编号, 用户, nutzer, nutzer id, benutzer, benutzer id, "
        "utilisateur, usuario, utente",
        "anonymous id, visitor id, device id, client id, session user, cookie id, 设备id, 访客id",
    ),
    "time": (
        "event time, event timestamp, event date, event datetime, event at, occurred at, occurred, happened at, "
        "original timestamp, 事件时间, 发生时间, 操作时间, 行为时间, ereigniszeit, zeitpunkt, zeitstempel, horodatage",
        "timestamp, ts, time, datetime, date time, when, 时间戳, 时间, zeit, heure, hora, ora",
        "created at, server time, server timestamp, client time, client event time, logged at, received at, sent at, "
        "date, day, 日期, datum",
    ),
    "event": (
        "event, event name, eventname, event type, event key, event label, event action, 事件, 事件名, 事件名称, "
        "事件类型, ereignis, ereignisname, evenement, evento, zdarzenie",
        "action, activity, action name, action type, behaviour, behavior, behavior type, 行为, 行为类型, 动作, 操作, "
        "aktion, aktivitaet, accion, azione",
        "type, name, kind, category, page, screen, 类型, 名称",
    ),
}
labels("missing user", "damaged user id", "missing time", "unclear time", "unreadable time")
labels("placeholder time", "future time", "missing event")
_LEVELS = {
    part: [[plain(word) for word in level.split(",")] for level in levels]
    for part, levels in HEADINGS.items()
}
#: From so many kinds on, the column may not be one of kinds.
MANY_KINDS = 60
_LIKE_ORDERS = {"user": "customer", "time": "date"}


class OwnEvents(NamedTuple):
    """What :func:`read_log` gives back: ``events, report = crmkit.read_log(...)``.

    Attributes
    ----------
    events : DataFrame
        One row per event, in order of time: ``customer_id`` (text), ``time`` and ``event`` (a category).
    report : LogReport
        Rows read, used, set aside and why.
    """

    events: pd.DataFrame
    report: LogReport

    def __repr__(self) -> str:
        return f"{self.report}\n\n{self.events.head().to_string(index=False)}"

    def _repr_html_(self) -> str:
        return self.report._repr_html_() + self.events.head().to_html(index=False)


@dataclass
class LogReport(RowAccount):
    """What happened to every row of a log.

    Always: ``rows_read == rows_used + rows_set_aside``.

    Attributes
    ----------
    source : str
        The file's name.
    columns : dict
        Part (user, time, event) -> heading in the file.
    rows_read, rows_used : int
        Rows below the headings; rows that became events.
    users, kinds : int
        How many of each.
    set_aside : DataFrame
        One row per row set aside: ``row`` (its number as a spreadsheet counts; for a frame, its index label),
        ``reason`` (see :data:`REASONS`), ``column`` and ``value`` (what stood there).
    first, last : Timestamp or None
        The span of the events used.
    notes : list of str
        What was decided on the way. A note that begins with WARNING needs the reader's answer.
    """

    source: str
    columns: dict[str, str]
    rows_read: int
    rows_used: int
    users: int
    kinds: int
    set_aside: pd.DataFrame
    first: pd.Timestamp | None = None
    last: pd.Timestamp | None = None
    notes: list[str] = field(default_factory=list)
    rows_are_labels: bool = False

    def table(self) -> pd.DataFrame:
        """Give the account as a small table.

        Returns
        -------
        DataFrame
            Columns ``what``, ``rows``, ``where`` (the first row numbers) and ``meaning``. Rows add up: read = used +
            set aside, line by line.
        """
        lines = [("rows read", self.rows_read, "", ""), ("rows used", self.rows_used, "", "")]
        lines.append(("rows set aside", self.rows_set_aside, "", ""))
        at = AT if self.rows_are_labels else ROW
        for reason, meaning in REASONS.items():
            rows = self.set_aside.loc[self.set_aside["reason"] == reason, "row"]
            if len(rows):
                lines.append((f"    {reason}", len(rows), at + rows_in_words(rows), meaning))
        return pd.DataFrame(lines, columns=["what", "rows", "where", "meaning"])

    def _sentence(self) -> str:
        if self.first is None or self.last is None:
            return say("No row could be used.")
        return say(
            "{events} of {users}, {kinds} of event, {first:%Y-%m-%d} to {last:%Y-%m-%d}",
            events=say_many("{count:,} event", "{count:,} events", self.rows_used),
            users=say_many("{count:,} user", "{count:,} users", self.users),
            kinds=say_many("{count:,} kind", "{count:,} kinds", self.kinds),
            first=self.first,
            last=self.last,
        )

    # A dataclass writes a __repr__ of its own where none stands in the class.
    __repr__ = RowAccount.__str__


def read_log(
    source: str | os.PathLike[str] | bytes | Any,
    *,
    user: str | None = None,
    time: str | None = None,
    event: str | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    separator: str | None = None,
    dayfirst: bool | None = None,
    timezone: str | None = None,
    today: str | dt.date | None = None,
    duplicates: str | None = None,
    progress: bool | None = None,
) -> OwnEvents:
    """Read a file of events (who, when, what), whatever program wrote it, and account for every row.

    Reads what :func:`crmkit.read_orders` reads: CSV, TSV and other separated text, Excel, Parquet, and frames. The
    columns are found by their headings in English, German and Chinese; name them yourself where they are not.

    Parameters
    ----------
    source : path, bytes, open file, or frame
    user, time, event : str, optional
        Headings of the columns with the user, the time and the kind of event. None: found.
    sheet, encoding, separator, dayfirst, timezone, progress
        As for :func:`crmkit.read_orders`.
    today : date or str, optional
        Later events are set aside. None: the date of the computer's clock.
    duplicates : {"set aside", "keep"}, optional
        What to do with rows that equal an earlier one in every cell. None: set aside where the file has times of day.

    Returns
    -------
    OwnEvents
        ``events`` (one row per event, in order of time) and ``report``.

    Raises
    ------
    NoSuchFile, EmptyFile, NotATable, MissingPackage
        The file cannot be read.
    ColumnNotFound, ColumnAmbiguous
        No column, or more than one, could be the user (the time, the event).
    NoUsableRows
        Every row was set aside; the error has the ``report``.
    BadOption
        An argument cannot mean anything.

    Examples
    --------
    >>> text = '''uid;timestamp;action
    ... 007;2024-03-01 19:00:05;play
    ... 008;2024-03-01 19:00:07;
    ... '''
    >>> events, report = read_log(text.encode())
    >>> events["customer_id"].tolist(), events["event"].tolist()
    (['007'], ['play'])
    >>> report.table()[["what", "rows", "where"]].values.tolist()[2:]
    [['rows set aside', 1, ''], ['    missing event', 1, 'row 3']]
    """
    last_day = check_options(
        dayfirst, None, today, duplicates or "keep", "net", sheet, encoding, separator, None
    )
    given = {"user": user, "time": time, "event": event}
    content, label, example = fetch(source)
    large = not isinstance(content, pd.DataFrame) and len(content) > MANY_BYTES
    with Progress(label, _STEPS, shown=large if progress is None else progress) as bar:
        bar.at("cells")
        known = [word for levels in _LEVELS.values() for level in levels[:2] for word in level]
        table = read_cells(
            content, label, sheet=sheet, encoding=encoding, separator=separator,
            named=[*(name for name in given.values() if name), *known],
        )  # fmt: skip
        del content
        columns, notes = _find_columns(table.cells, given, example)
        notes = [*table.notes, *notes]
        cells = table.cells
        bar.at("users and times")
        ids, damaged, _ = coded_identifiers(cells[columns["user"]])
        dates = parse_dates(
            cells[columns["time"]].mask(table.too_wide, ""),
            dayfirst=None if dayfirst is None else bool(dayfirst),
            timezone=timezone,
        )
        notes += dates.notes
        kinds = as_text(cells[columns["event"]]).fillna("").str.strip()
        account = Account(table, np.zeros(len(cells)), REASONS)
        _set_aside_rows(account, columns, ids, damaged.to_numpy(), dates, kinds, last_day)
        bar.at("copies")
        _set_copies_aside(account, duplicates, dates.timed, notes)
        events = pd.DataFrame(
            {"customer_id": ids, "time": dates.moment.astype("datetime64[us]"), "event": kinds}
        )[account.free]
        events["event"] = events["event"].astype("category")
        events = events.sort_values("time", kind="stable", ignore_index=True)
        notes += _doubts(events, columns, dates.timed)
        report = LogReport(
            source=table.label,
            columns=columns,
            rows_read=len(cells),
            rows_used=len(events),
            users=int(events["customer_id"].nunique()),
            kinds=len(events["event"].cat.categories),
            set_aside=account.frame().drop(columns="money"),
            first=events["time"].min() if len(events) else None,
            last=events["time"].max() if len(events) else None,
            notes=sorted(notes, key=lambda note: not note.startswith("WARNING")),
            rows_are_labels=table.rows_are_labels,
        )
    if not len(events):
        reasons = "; ".join(
            f"{line.what.strip()}: {line.rows} ({line.where})"
            for line in report.table().iloc[3:].itertuples()
        )
        raise NoUsableRows(
            f"None of the {report.rows_read:,} rows of {table.label} could be used. {reasons}. The columns were taken "
            f"as {report._columns_in_words()}; if that is wrong, name them: read_log({example}, user=..., time=..., "
            "event=...).",
            report,
        )
    return OwnEvents(events, report)


_STEPS = ["cells", "users and times", "copies"]


def _rank(heading: object, part: str) -> tuple[int, int] | None:
    word = plain(re.sub(r" \(\d+\)$", "", str(heading)))
    for level, words in enumerate(_LEVELS[part]):
        if word in words:
            return level, words.index(word)
    like = level_of(heading, _LIKE_ORDERS[part]) if part in _LIKE_ORDERS else None
    return None if like is None else (len(_LEVELS[part]) + like, 0)


def _find_columns(
    cells: pd.DataFrame, given: dict[str, str | None], example: str
) -> tuple[dict[str, str], list[str]]:
    """Say which column plays which part, as the reader named it or by its heading."""
    columns: dict[str, str] = {}
    notes: list[str] = []
    names = [str(name) for name in cells.columns]
    for part, wanted in given.items():
        if wanted is None:
            continue
        alike = [n for n in names if n == wanted] or [n for n in names if plain(n) == plain(wanted)]
        if len(alike) != 1:
            raise ColumnNotFound(
                f"There is no column {str(wanted)!r} to be the {part}. The columns are, with their first values:\n"
                f"{listing(cells)}"
            )
        columns[part] = alike[0]
    for part in HEADINGS:
        if part in columns:
            continue
        found = {
            name: rank
            for name in names
            if name not in columns.values() and (rank := _rank(name, part)) is not None
        }
        if not found:
            continue
        first, *others = sorted(found, key=lambda name: found[name])
        rivals = [
            name
            for name in others
            if found[name][0] == found[first][0]
            and not as_text(cells[name]).equals(as_text(cells[first]))
        ]
        if rivals:
            raise ColumnAmbiguous(
                f"{len(rivals) + 1} columns could be the {part}:\n{listing(cells, [first, *rivals])}\n"
                f"Say which one is: read_log({example}, {part}={first!r})"
            )
        columns[part] = first
        if others:
            unused = ", ".join(repr(name) for name in others)
            notes.append(f"The {part} is taken from {first!r}; {unused} could be it too.")
    missing = [part for part in HEADINGS if part not in columns]
    if missing:
        raise ColumnNotFound(
            f"No column could be the {' or the '.join(missing)}. The columns are, with their first values:\n"
            f"{listing(cells)}\nSay which one it is: read_log({example}, "
            + ", ".join(f"{part}=..." for part in missing)
            + ")"
        )
    if len(set(columns.values())) < len(columns):
        raise BadOption(f"One column cannot be two things: {columns}.")
    return {part: columns[part] for part in HEADINGS}, notes


def _set_aside_rows(
    account: Account,
    columns: dict[str, str],
    ids: pd.Series,
    damaged: np.ndarray,
    dates: Dates,
    kinds: pd.Series,
    last_day: pd.Timestamp,
) -> None:
    """Set aside what cannot be an event, in the order of :data:`REASONS`."""
    table: Table = account.table
    odd = np.flatnonzero(dates.day.isna().to_numpy())
    if len(odd):
        words = table.cells.iloc[odd].apply(lambda column: as_text(column).fillna("").str.strip())
        empty, repeated = (np.zeros(len(table.cells), dtype=bool) for _ in range(2))
        empty[odd] = (words == "").all(axis=1).to_numpy()
        account.set_aside(empty, "empty row")
        same = [words[name].map(plain) == plain(name) for name in columns.values()]
        repeated[odd] = np.logical_and.reduce(same)
        account.set_aside(repeated & bool(table.headings), "headings repeated")
    account.set_aside(table.too_wide, "too many cells")
    account.set_aside((ids == "").to_numpy(), "missing user", columns["user"])
    account.set_aside(damaged, "damaged user id", columns["user"])
    account.set_aside(dates.missing, "missing time", columns["time"])
    account.set_aside(dates.unclear, "unclear time", columns["time"])
    account.set_aside(dates.day.isna(), "unreadable time", columns["time"])
    placeholders = [pd.Timestamp(day) for day in PLACEHOLDERS]
    account.set_aside(dates.day.isin(placeholders), "placeholder time", columns["time"])
    account.set_aside(dates.day > last_day, "future time", columns["time"])
    nothing = coded_identifiers(kinds)[2] < 0
    account.set_aside(nothing, "missing event", columns["event"])


def _set_copies_aside(account: Account, wanted: str | None, timed: bool, notes: list[str]) -> None:
    """Set aside rows that equal an earlier one in every cell, and say how sure that is."""
    free = np.flatnonzero(account.free)
    left = account.table.cells.iloc[free]
    try:
        group = row_codes(left)
    except TypeError:  # cells that hold lists and the like
        group = row_codes(left.astype("object").map(repr))
    repeats = free[pd.Series(group).duplicated().to_numpy()]
    if not len(repeats):
        return
    number = counted(len(repeats), "row")
    if wanted == "keep":
        notes.append(f"{number} equal to an earlier one kept, as asked.")
    elif wanted is None and not timed:
        notes.append(
            f"{number} equal to an earlier one kept: the file has no times of day, and people do things twice on one "
            "day. If the file was put together from two exports, say duplicates='set aside'."
        )
    else:
        mask = np.zeros(len(account.table.cells), dtype=bool)
        mask[repeats] = True
        account.set_aside(mask, "exact duplicate")
        if len(repeats) > 0.01 * len(free):
            notes.append(
                f"WARNING: {number} equal an earlier one in every cell and were set aside. If things can happen twice "
                "in the same second, say duplicates='keep'."
            )


def _doubts(events: pd.DataFrame, columns: dict[str, str], timed: bool) -> list[str]:
    """What in a log that can be used should make its owner look again."""
    notes = []
    kinds = events["event"].cat.categories.astype(str)
    if len(kinds) > MANY_KINDS:
        notes.append(
            f"WARNING: {len(kinds):,} kinds of event in {columns['event']!r}. Is it the right column? Metrics compare "
            "each kind with each other of its group: put kinds together, or give behaviour_metrics their groups."
        )
    alike = len(kinds) - kinds.str.casefold().nunique()
    if alike:
        notes.append(
            f"{counted(alike, 'kind')} of event told from another one only by upper and lower case."
        )
    if len(events) and not timed:
        notes.append(
            "The file has no times of day: metrics of the evening say nothing, and all events of a day look alike."
        )
    if len(events):
        most = events["customer_id"].value_counts()
        if len(most) > 20 and most.iloc[0] > 0.2 * len(events):
            notes.append(
                f"WARNING: {most.index[0]!r} has {most.iloc[0]:,} of {len(events):,} events. Is it a person, or a "
                "test, a robot, everybody who was not logged in?"
            )
    return notes
