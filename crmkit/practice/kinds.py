"""The kinds of answer: how each is read from whatever a learner passes, and how two are compared.

Every kind has the same four doors, described in :class:`crmkit.practice.question.Kind`. Reading is generous
about form (index or column, order, dtype, a one-cell table for a number) and says in a sentence what it
cannot read; comparing says in a sentence how the answer differs, without giving the answer away.
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from crmkit.practice.calling import Outcome, call
from crmkit.practice.question import (
    Kind,
    NotAttempted,
    QuestionError,
    Tables,
    Unreadable,
    Verdict,
)

MOST_ROWS = 200_000
MOST_TEXT = 20_000
SHOWN = 3


def short(value: Any, most: int = 40) -> str:
    """Show a value in a sentence, whatever it is: never raises, never longer than `most` characters.

    Examples
    --------
    >>> short(1234.5)
    '1,234.5'
    >>> short("a" * 50, most=5)
    "'aaaa…"
    """
    try:
        if isinstance(value, bool | np.bool_):
            text = str(bool(value))
        elif isinstance(value, int | float | np.integer | np.floating | Decimal):
            text = f"{float(value):,.6g}"
            if math.isfinite(value) and float(value) == int(value) and abs(float(value)) < 1e15:
                text = f"{int(value):,}"
        else:
            text = repr(value)
    except Exception:
        text = a_kind(value)
    return text if len(text) <= most else text[:most] + "…"


def kind_of(value: Any) -> str:
    """Name what a value is, in words that a learner knows."""
    words: list[tuple[type | tuple[type, ...], str]] = [
        (pd.DataFrame, "table (DataFrame)"),
        (pd.Series, "column (Series)"),
        (pd.Index, "index"),
        (np.ndarray, "array"),
        ((bool, np.bool_), "True/False"),
        (str, "text"),
        (bytes, "bytes"),
        (dict, "dict"),
        ((list, tuple), "list"),
        ((set, frozenset), "set"),
        ((int, np.integer), "whole number"),
        ((float, np.floating), "number"),
    ]
    # type(), not isinstance(): an object may lie about its class, and may raise when asked.
    for types, word in words:
        if issubclass(type(value), types):
            return word
    if callable(value):
        return "function"
    return type(value).__name__[:40]


def a_kind(value: Any) -> str:
    """Name what a value is, with its article.

    Examples
    --------
    >>> a_kind([1]), a_kind(np.array([1])), a_kind("1")
    ('a list', 'an array', 'text')
    """
    word = kind_of(value)
    if word in ("text", "bytes", "True/False"):
        return word
    return ("an " if word[:1].lower() in "aeiou" else "a ") + word


def writable(text: str) -> str:
    r"""Give a text that can be written into a file: half of an emoji becomes a question mark.

    Examples
    --------
    >>> writable("yes \ud83d")
    'yes ?'
    """
    return text.encode("utf-8", "replace").decode("utf-8")


def named(things: Iterable[Any], most: int = SHOWN) -> str:
    """Name the first few things, then the number of the others.

    Examples
    --------
    >>> named(["VIP", "key", "small", "ordinary"])
    'VIP, key, small and 1 more'
    """
    items = list(things)
    text = ", ".join(str(thing)[:40] for thing in items[:most])
    return text + (f" and {len(items) - most:,} more" if len(items) > most else "")


def is_blank(answer: Any) -> bool:
    """Tell whether an answer is still the placeholder."""
    if answer is ... or answer is NotImplemented:
        return True
    return type(answer) is str and answer.strip(" .…\n\t_") == ""


def _is_missing(value: Any) -> bool:
    return value is None or value is pd.NA or value is pd.NaT


def _finite(value: float) -> float:
    if math.isnan(value):
        raise Unreadable(
            "That is NaN, “not a number”: it comes from dividing nothing by nothing, or from a missing value."
        )
    if math.isinf(value):
        raise Unreadable("That is infinite: something was divided by zero.")
    return value


def read_number(answer: Any) -> float:
    """Read one finite number out of whatever holds exactly one.

    Examples
    --------
    >>> read_number(np.float32(2.5))
    2.5
    >>> read_number(pd.Series([7]))
    7.0
    """
    if _is_missing(answer):
        raise Unreadable(
            "That is empty (None): did the line give its result a name? `print(...)`, for one, gives None."
        )
    kind = type(answer)
    if issubclass(kind, pd.DataFrame | pd.Series | pd.Index | np.ndarray | list | tuple):
        # Counted before it is unpacked: a table of millions of rows would take seconds.
        pieces = issubclass(kind, list | tuple)
        count = len(answer) if pieces else answer.size
        if count == 1:
            values = np.asarray(answer, dtype=object).ravel()
            count = len(values)
        if count != 1:
            raise Unreadable(
                f"That is {a_kind(answer)} with {count:,} values: the question asks for one number."
            )
        return read_number(values[0])
    if issubclass(kind, set | frozenset | dict):
        raise Unreadable(f"That is {a_kind(answer)}: the question asks for one number.")
    if issubclass(kind, bool | np.bool_):
        raise Unreadable("That is True or False: the question asks for a number.")
    if issubclass(kind, str):
        raise Unreadable(
            f"That is text, {short(answer)}: give the number itself, without quotation marks or unit."
        )
    if issubclass(kind, complex | np.complexfloating):
        raise Unreadable("That is a complex number: the question asks for an ordinary one.")
    if issubclass(kind, dt.timedelta | np.timedelta64):
        raise Unreadable(
            "That is a time span: turn it into a number first, for days with `.days` or `/ pd.Timedelta(days=1)`."
        )
    if issubclass(kind, int | float | np.integer | np.floating | Decimal | Fraction):
        try:
            return _finite(float(answer))
        except OverflowError:
            raise Unreadable("That number is too large to be read.") from None
        except ValueError:
            raise Unreadable("That is not an ordinary number.") from None
    if callable(answer):
        raise Unreadable(
            "That is a function, not its result: call it, with brackets and what it needs."
        )
    raise Unreadable(f"That is {a_kind(answer)}: the question asks for one number.")


def _restored_number(plain: Any) -> float:
    if isinstance(plain, bool) or not isinstance(plain, int | float):
        raise Unreadable("The recorded answer is not a number.")
    try:
        return _finite(float(plain))
    except OverflowError:
        raise Unreadable("That number is too large to be read.") from None


def near(answer: float, reference: float, tolerance: float, relative: float = 0.0) -> bool:
    """Tell whether two numbers agree within a tolerance, which itself still passes.

    Examples
    --------
    >>> near(1.05, 1.0, 0.05), near(1.06, 1.0, 0.05)
    (True, False)
    """
    if math.isnan(answer) or math.isnan(reference):
        return math.isnan(answer) and math.isnan(reference)
    allowed = max(tolerance, relative * abs(reference))
    # Room for the last bits of floating point: 1.05 - 1.0 is a little more than 0.05.
    return abs(answer - reference) <= allowed + 1e-9 * max(1.0, abs(reference))


PER_CENT = {"%", "per cent", "percent", "percentage points", "points"}
SHARE = {"fraction", "share"}


def how_it_differs(
    answer: Sequence[float],
    reference: Sequence[float],
    tolerance: float,
    relative: float,
    unit: str,
) -> str:
    """Say what the difference looks like (unit, sign, factor, rounding), or nothing if it looks like nothing.

    Works on one number or on a whole column: a slip must explain all values at once.

    Examples
    --------
    >>> how_it_differs([0.314], [31.4], 0.05, 0, "%")
    'Right, but as a fraction: the question asks for per cent, from 0 to 100.'
    """
    pairs = [
        (a, r)
        for a, r in zip(answer, reference, strict=True)
        if not (math.isnan(a) and math.isnan(r))
    ]
    if not pairs or all(r == 0 for _, r in pairs):
        return ""
    if any(math.isnan(a) or math.isnan(r) for a, r in pairs):
        return ""

    def all_near(change: Callable[[float], float], grain: float = 0.0) -> bool:
        return all(near(change(a), r, max(tolerance, grain), relative) for a, r in pairs)

    word = unit.strip().lower()
    if all_near(lambda a: -a):
        return "Right size, wrong sign: what was subtracted from what?"
    # A hundredfold answer carries a hundredth of the decimals: rounding is forgiven while the unit is wrong.
    if all_near(lambda a: a * 100, grain=0.5 if word in PER_CENT else 0.0):
        if word in PER_CENT:
            return "Right, but as a fraction: the question asks for per cent, from 0 to 100."
        return "Right, but a hundred times too small: look at the unit."
    if all_near(lambda a: a / 100):
        if word in SHARE:
            return "Right, but in per cent: the question asks for a fraction, from 0 to 1."
        return "Right, but a hundred times too large: look at the unit."
    for factor, words in ((1000, "a thousand"), (1_000_000, "a million")):
        if all_near(lambda a, f=factor: a * f):  # type: ignore[misc]
            return f"Right, but {words} times too small: look at the unit."
        if all_near(lambda a, f=factor: a / f):  # type: ignore[misc]
            return f"Right, but {words} times too large: look at the unit."
    whole = 100.0 if word in PER_CENT else 1.0 if word in SHARE else None
    if whole is not None and "points" not in word and all_near(lambda a: whole - a):
        return "That is the other part, what is left of the whole: which part is asked for?"
    for digits in range(0, 7):
        if all(round(r, digits) == a for a, r in pairs):
            return f"That looks rounded too early: give at least {digits + 1} decimals."
    return ""


@dataclass(frozen=True)
class Number:
    """One number.

    Parameters
    ----------
    unit
        As said to the learner: "£", "%", "percentage points", "fraction", "days", "customers".
    tolerance
        How far an answer may be off, in that unit. Half a unit of the last decimal that you ask for.
    relative
        The same as a share of the reference, for numbers whose size differs between learners.

    Examples
    --------
    >>> kind = Number(unit="%", tolerance=0.05)
    >>> kind.compare(31.4, 31.42).right
    True
    >>> kind.compare(0.314, 31.42).message
    'Right, but as a fraction: the question asks for per cent, from 0 to 100.'
    """

    unit: str = ""
    tolerance: float = 0.0
    relative: float = 0.0
    name: str = field(default="number", init=False)

    def asks(self) -> str:
        """Say in words what the answer should be."""
        parts = ["one number"]
        if self.unit:
            parts.append(f"in {self.unit}")
        if self.relative:
            parts.append(f"to within {self.relative * 100:g} %")
        elif self.tolerance:
            parts.append(f"to within {self.tolerance:g}")
        return ", ".join(parts)

    def read(self, answer: Any, tables: Tables | None) -> float:
        """Read one number."""
        if is_blank(answer):
            raise NotAttempted
        return read_number(answer)

    def compare(self, answer: float, reference: float) -> Verdict:
        """Compare within the tolerance; name a slip of unit, sign, factor or rounding."""
        if near(answer, reference, self.tolerance, self.relative):
            return Verdict(True)
        slip = how_it_differs([answer], [reference], self.tolerance, self.relative, self.unit)
        if slip:
            return Verdict(False, slip)
        side = "high" if answer > reference else "low"
        return Verdict(False, f"{short(answer)} is too {side}.")

    def dump(self, answer: float) -> float:
        """Give the number."""
        return float(answer)

    def restore(self, plain: Any) -> float:
        """Read the number back."""
        return _restored_number(plain)


def _key_text(value: Any) -> str:
    """Give a key as text that is the same for 7, 7.0, "7" and a categorical 7."""
    if _is_missing(value):
        return "(missing)"
    kind = type(value)
    if issubclass(kind, bool | np.bool_):
        return str(bool(value))
    if issubclass(kind, int | np.integer):
        return str(int(value))
    if issubclass(kind, float | np.floating):
        if math.isnan(value):
            return "(missing)"
        return str(int(value)) if float(value).is_integer() else repr(float(value))
    if issubclass(kind, dt.datetime | np.datetime64):
        stamp = pd.Timestamp(value)
        midnight = stamp == stamp.normalize()
        return stamp.strftime("%Y-%m-%d" if midnight else "%Y-%m-%d %H:%M:%S")
    if issubclass(kind, dt.date):
        return value.isoformat()
    return writable(str(value).strip()[:200])


def _cell(value: Any) -> float | str | None:
    """Give one cell of a table as a plain value: a number, a text, or None where it is missing."""
    if _is_missing(value):
        return None
    kind = type(value)
    if issubclass(kind, bool | np.bool_):
        return str(bool(value))
    if issubclass(kind, int | float | np.number | Decimal | Fraction) and not issubclass(
        kind, complex | np.complexfloating | np.timedelta64
    ):
        try:
            number = float(value)
        except (OverflowError, ValueError):
            return str(value)[:200]
        return None if math.isnan(number) else number
    if issubclass(kind, dt.timedelta | np.timedelta64):
        return pd.Timedelta(value) / pd.Timedelta(days=1)
    return _key_text(value)


def _restored_cell(plain: Any) -> float | str | None:
    if isinstance(plain, bool):
        raise TypeError
    if plain is None or isinstance(plain, str):
        return plain
    return float(plain)


@dataclass(frozen=True)
class ReadTable:
    """A table as read: one key (a tuple of texts) per row, one list of plain values per column."""

    keys: list[tuple[str, ...]]
    columns: dict[str, list[float | str | None]]


@dataclass(frozen=True)
class Table:
    """A table with one row per named thing.

    Parameters
    ----------
    key
        The column (or columns) that names a row. The learner may have it as index or as column.
    columns
        The columns that are compared, each with its tolerance (0 for counts; None for text, compared exactly).
        Further columns of the learner are let pass.
    units
        The unit of a column, if it has one: used to recognise per cent for fractions, and in what is asked.
    ordered
        Whether the rows must come in the reference's order (a ranking).

    Examples
    --------
    >>> kind = Table(key="tier", columns={"share": 0.005}, units={"share": "fraction"})
    >>> right = kind.read({"VIP": 0.2, "small": 0.8}, None)
    >>> kind.compare(kind.read(pd.Series({"VIP": 20.0, "small": 80.0}), None), right).message
    'Column “share”: Right, but in per cent: the question asks for a fraction, from 0 to 1.'
    """

    key: str | tuple[str, ...]
    columns: Mapping[str, float | None]
    units: Mapping[str, str] = field(default_factory=dict)
    ordered: bool = False
    name: str = field(default="table", init=False)

    @property
    def keys(self) -> tuple[str, ...]:
        """The key columns, also if there is one."""
        return (self.key,) if isinstance(self.key, str) else tuple(self.key)

    def asks(self) -> str:
        """Say in words what the answer should be."""
        columns = [
            f"“{name}”" + (f" ({self.units[name]})" if self.units.get(name) else "")
            for name in self.columns
        ]
        order = ", in the right order" if self.ordered else ""
        return (
            f"a table with one row per {' and '.join(self.keys)}{order}, and {', '.join(columns)}"
        )

    def read(self, answer: Any, tables: Tables | None) -> ReadTable:
        """Read a table: a DataFrame, a Series if one column is asked for, or a dict from key to value."""
        if is_blank(answer):
            raise NotAttempted
        if _is_missing(answer):
            raise Unreadable(
                "That is empty (None): did the line give its result a name? `print(...)`, for one, gives None."
            )
        frame = self._as_frame(answer)
        if len(frame) > MOST_ROWS:
            raise Unreadable(f"That table has {len(frame):,} rows: far more than are asked for.")
        frame = self._with_key_columns(frame)
        missing = [name for name in self.columns if name not in frame.columns]
        if missing:
            raise Unreadable(self._about_missing(missing, [str(c) for c in frame.columns]))
        for name in (*self.keys, *self.columns):
            if isinstance(frame[name], pd.DataFrame):
                raise Unreadable(f"The table has two columns called “{name}”: keep one of them.")
        keys = [tuple(_key_text(v) for v in row) for row in zip(*(frame[k] for k in self.keys))]  # noqa: B905
        seen: set[tuple[str, ...]] = set()
        twice = []
        for key in keys:
            if key in seen and key not in twice:
                twice.append(key)
            seen.add(key)
        if twice:
            raise Unreadable(
                f"There should be one row per {' and '.join(self.keys)}, but {self._say(twice)} "
                "come more than once: group or drop duplicates first."
            )
        return ReadTable(keys, {name: [_cell(v) for v in frame[name]] for name in self.columns})

    def _as_frame(self, answer: Any) -> pd.DataFrame:
        kind = type(answer)
        if issubclass(kind, pd.DataFrame):
            frame = answer
            if isinstance(frame.columns, pd.MultiIndex):
                raise Unreadable(
                    "The columns have two levels: name them in `.agg(total=(“column”, “sum”))`, "
                    "or keep one level with `.droplevel(0, axis=1)`."
                )
            return frame.copy()
        only = next(iter(self.columns)) if len(self.columns) == 1 else None
        if issubclass(kind, pd.Series):
            if only is None:
                raise Unreadable(
                    f"That is one column; the question asks for a table with {named(self.columns, 6)}."
                )
            return answer.to_frame(name=only)
        if issubclass(kind, dict) and only is not None:
            return pd.Series(
                list(answer.values()), index=pd.Index(list(answer), dtype=object), dtype=object
            ).to_frame(name=only)
        if callable(answer):
            raise Unreadable(
                "That is a function, not its result: call it, with brackets and what it needs."
            )
        if hasattr(kind, "to_pandas"):
            # A learner who works in Polars or PyArrow has a table too.
            return self._as_frame(answer.to_pandas())
        raise Unreadable(f"That is {a_kind(answer)}: the question asks for a table (DataFrame).")

    def _with_key_columns(self, frame: pd.DataFrame) -> pd.DataFrame:
        levels = list(frame.index.names)
        for name in self.columns:
            if name in levels and name not in frame.columns:
                frame[name] = np.asarray(frame.index.get_level_values(name), dtype=object)
        lacking = [k for k in self.keys if k not in frame.columns]
        if not lacking:
            return frame
        if frame.index.nlevels == len(self.keys) and len(lacking) == len(self.keys):
            unnamed = all(level is None for level in levels)
            if set(levels) == set(self.keys):
                order = {level: frame.index.get_level_values(level) for level in levels}
            elif unnamed and not isinstance(frame.index, pd.RangeIndex):
                order = {k: frame.index.get_level_values(i) for i, k in enumerate(self.keys)}
            else:
                order = {}
            if order:
                frame = frame.reset_index(drop=True)
                for name in self.keys:
                    frame[name] = np.asarray(order[name], dtype=object)
                return frame
        for name in list(lacking):
            if name in levels:
                values = frame.index.get_level_values(name)
                frame[name] = np.asarray(values, dtype=object)
                lacking.remove(name)
        if lacking:
            raise Unreadable(self._about_missing(lacking, [str(c) for c in frame.columns]))
        return frame

    def _about_missing(self, missing: list[str], have: list[str]) -> str:
        def plain(name: str) -> str:
            return re.sub(r"[\W_]+", "", name).lower()

        alike = [(m, h) for m in missing for h in have if plain(m) == plain(h)]
        if alike:
            return (
                f"The column “{alike[0][1][:40]}” should be called “{alike[0][0]}”: rename it, "
                f'for example with `.rename(columns={{"{alike[0][1][:40]}": "{alike[0][0]}"}})`.'
            )
        what = "The column" if len(missing) == 1 else "The columns"
        verb = "is" if len(missing) == 1 else "are"
        names = " and ".join(f"“{m}”" for m in missing)
        return f"{what} {names} {verb} missing; the table has {named(have, 8) or 'no columns'}."

    def _say(self, keys: Iterable[tuple[str, ...]]) -> str:
        return named(" / ".join(key) for key in keys)

    def compare(self, answer: ReadTable, reference: ReadTable) -> Verdict:
        """Compare keys, then each column, then (if asked) the order of rows."""
        mine, theirs = set(answer.keys), set(reference.keys)
        extra = [k for k in answer.keys if k not in theirs]
        missing = [k for k in reference.keys if k not in mine]
        what = " and ".join(self.keys)
        if missing and extra and len(missing) == len(reference.keys):
            return Verdict(
                False,
                f"None of the rows is one that is asked for: the rows are called {self._say(extra)}. "
                f"Is “{what}” what names them?",
            )
        if missing or extra:
            parts = []
            if missing:
                parts.append(f"{len(missing):,} missing ({self._say(missing)})")
            if extra:
                parts.append(f"{len(extra):,} that should not be there ({self._say(extra)})")
            return Verdict(False, f"Rows per {what}: {' and '.join(parts)}.")
        place = {key: row for row, key in enumerate(answer.keys)}
        order = [place[key] for key in reference.keys]
        for name, tolerance in self.columns.items():
            column = [answer.columns[name][row] for row in order]
            verdict = self._compare_column(name, tolerance, column, reference)
            if not verdict.right:
                return verdict
        if self.ordered and answer.keys != reference.keys:
            first = next(
                i
                for i, (a, r) in enumerate(zip(answer.keys, reference.keys, strict=True))
                if a != r
            )
            return Verdict(
                False,
                f"The right rows and values, in another order: row {first + 1} is "
                f"{' / '.join(answer.keys[first])}. What should they be sorted by, and from which end?",
            )
        return Verdict(True)

    def _compare_column(
        self,
        name: str,
        tolerance: float | None,
        column: list[float | str | None],
        reference: ReadTable,
    ) -> Verdict:
        wanted = reference.columns[name]
        numeric = tolerance is not None
        if numeric:
            texts = [v for v in column if isinstance(v, str)]
            if texts:
                return Verdict(
                    False,
                    f"Column “{name}” holds text ({short(texts[0])}): numbers are asked for.",
                )
            mine = [math.nan if v is None else float(v) for v in column]
            theirs = [math.nan if v is None else float(v) for v in wanted]
            wrong = [
                i
                for i, (a, r) in enumerate(zip(mine, theirs, strict=True))
                if not near(a, r, tolerance or 0.0)
            ]
            if wrong:
                unit = self.units.get(name, "")
                slip = how_it_differs(mine, theirs, tolerance or 0.0, 0.0, unit)
                if slip:
                    return Verdict(False, f"Column “{name}”: {slip}")
                first = wrong[0]
                if math.isnan(mine[first]):
                    side = "missing"
                elif math.isnan(theirs[first]):
                    side = "there, where nothing is expected"
                else:
                    side = "too high" if mine[first] > theirs[first] else "too low"
                return self._differs(name, wrong, reference, column[first], side)
            return Verdict(True)
        wrong = [
            i for i, (a, r) in enumerate(zip(column, wanted, strict=True)) if _cell(a) != _cell(r)
        ]
        if wrong:
            return self._differs(name, wrong, reference, column[wrong[0]], "another value")
        return Verdict(True)

    def _differs(
        self, name: str, wrong: list[int], reference: ReadTable, first: Any, side: str
    ) -> Verdict:
        rows = "all rows" if len(wrong) == len(reference.keys) else f"{len(wrong):,} of the rows"
        if len(reference.keys) == 1:
            rows = "its one row"
        shown = "empty" if first is None else short(first)
        at = " / ".join(reference.keys[wrong[0]])
        return Verdict(
            False,
            f"Column “{name}” differs in {rows}; the first is {at}: yours is {shown}, {side}.",
        )

    def dump(self, answer: ReadTable) -> dict[str, Any]:
        """Give keys and columns as lists."""
        return {"keys": [list(key) for key in answer.keys], "columns": dict(answer.columns)}

    def restore(self, plain: Any) -> ReadTable:
        """Read keys and columns back."""
        try:
            keys = [tuple(key) for key in plain["keys"]]
            columns = {
                name: [_restored_cell(value) for value in plain["columns"][name]]
                for name in self.columns
            }
        except (KeyError, TypeError, OverflowError):
            raise Unreadable("The recorded answer is not a table.") from None
        width, rows = len(self.keys), len(keys)
        good = (
            rows <= MOST_ROWS
            and all(len(key) == width and all(isinstance(k, str) for k in key) for key in keys)
            and len(set(keys)) == rows
            and all(len(column) == rows for column in columns.values())
        )
        if not good:
            raise Unreadable("The recorded answer is not a table.")
        return ReadTable(keys, columns)


@dataclass(frozen=True)
class Customers:
    """A set of customers (or of other things with an id): which ones, in any order.

    Parameters
    ----------
    column
        The column that holds the id, if the learner passes a table.
    may_differ
        How many may be missing or too many, for cuts where a penny decides.
    things
        The word for them in replies.

    Examples
    --------
    >>> kind = Customers()
    >>> kind.compare(kind.read([3, 2], None), kind.read(pd.Series([1, 2]), None)).message
    '1 customer missing (1), 1 that does not belong (3).'
    """

    column: str = "customer_id"
    may_differ: int = 0
    things: str = "customers"
    name: str = field(default="set of customers", init=False)

    def asks(self) -> str:
        """Say in words what the answer should be."""
        return f"a set or column of `{self.column}`, in any order"

    def read(self, answer: Any, tables: Tables | None) -> frozenset[str]:
        """Read ids from a set, list, column, index or table; 7, 7.0 and "7" are the same id."""
        if is_blank(answer):
            raise NotAttempted
        if _is_missing(answer):
            raise Unreadable(
                "That is empty (None): did the line give its result a name? `print(...)`, for one, gives None."
            )
        kind = type(answer)
        values: Iterable[Any]
        if issubclass(kind, pd.DataFrame):
            if self.column in answer.columns and isinstance(answer[self.column], pd.Series):
                values = answer[self.column].to_numpy(dtype=object)
            elif self.column in answer.index.names:
                values = answer.index.get_level_values(self.column).to_numpy(dtype=object)
            elif answer.shape[1] == 1:
                values = answer.iloc[:, 0].to_numpy(dtype=object)
            else:
                raise Unreadable(
                    f"That table has no column “{self.column}”: which of its rows do you mean?"
                )
        elif issubclass(kind, pd.Series):
            values = answer.to_numpy(dtype=object)
            if answer.index.name == self.column and answer.name != self.column:
                # One value per customer: the customers are in the index, and the values are something else.
                values = answer.index.to_numpy(dtype=object)
                if len(answer) and all(issubclass(type(v), bool | np.bool_) for v in answer):
                    raise Unreadable(self._about_mask())
        elif issubclass(kind, pd.Index):
            values = answer.to_numpy(dtype=object)
        elif issubclass(kind, np.ndarray):
            values = answer.astype(object).ravel()
        elif issubclass(kind, dict):
            values = list(answer)
        elif issubclass(kind, str | bytes | int | float | np.generic):
            raise Unreadable(
                f"That is {a_kind(answer)}: the question asks for a set of {self.things}."
            )
        elif isinstance(answer, Iterable):
            values = itertools.islice(answer, MOST_ROWS + 1)
        elif callable(answer):
            raise Unreadable(
                "That is a function, not its result: call it, with brackets and what it needs."
            )
        else:
            raise Unreadable(
                f"That is {a_kind(answer)}: the question asks for a set of {self.things}."
            )
        found = list(values)
        if len(found) > MOST_ROWS:
            raise Unreadable(
                f"Those are more than {MOST_ROWS:,}: more than there are {self.things}."
            )
        if found and all(issubclass(type(v), bool | np.bool_) for v in found):
            raise Unreadable(self._about_mask())
        ids = frozenset(_key_text(value) for value in found)
        if "(missing)" in ids:
            raise Unreadable("Some of the ids are missing (NaN): leave those rows out first.")
        return ids

    def _about_mask(self) -> str:
        return (
            "That is a mask, True or False for each: take the ids of the rows that it keeps, "
            f'for example `table.loc[mask, "{self.column}"]`.'
        )

    def compare(self, answer: frozenset[str], reference: frozenset[str]) -> Verdict:
        """Count who is missing and who does not belong, and name the first."""
        missing, extra = reference - answer, answer - reference
        if len(missing) + len(extra) <= self.may_differ:
            return Verdict(True)
        if not answer:
            return Verdict(False, f"The set is empty: none of the {self.things} is in it.")
        one = self.things.removesuffix("s")
        parts = []
        if missing:
            noun = one if len(missing) == 1 else self.things
            parts.append(f"{len(missing):,} {noun} missing ({named(_by_size(missing))})")
        if extra:
            verb = "does" if len(extra) == 1 else "do"
            parts.append(f"{len(extra):,} that {verb} not belong ({named(_by_size(extra))})")
        return Verdict(False, ", ".join(parts) + ".")

    def dump(self, answer: frozenset[str]) -> list[str]:
        """Give the ids, sorted."""
        return _by_size(answer)

    def restore(self, plain: Any) -> frozenset[str]:
        """Read the ids back."""
        if not isinstance(plain, list) or not all(isinstance(value, str) for value in plain):
            raise Unreadable("The recorded answer is not a set of ids.")
        return frozenset(plain)


def _by_size(ids: Iterable[str]) -> list[str]:
    return sorted(ids, key=lambda text: (len(text), text) if text.isdigit() else (99, text))


@dataclass(frozen=True)
class Choice:
    """One of several options, whose right one follows from the learner's own data.

    A choice that is right for everybody belongs in the quiz: here a neighbour's letter must not help.

    Parameters
    ----------
    options
        From a letter to what it says. The learner gives either.

    Examples
    --------
    >>> kind = Choice({"a": "the web shop", "b": "the shops"})
    >>> kind.read(" The Shops", None)
    'b'
    """

    options: Mapping[str, str]
    name: str = field(default="choice", init=False)

    def asks(self) -> str:
        """Say in words what the answer should be."""
        return "one of " + "; ".join(f'"{key}" ({text})' for key, text in self.options.items())

    def read(self, answer: Any, tables: Tables | None) -> str:
        """Read a letter, or the text of an option."""
        if is_blank(answer):
            raise NotAttempted
        kind = type(answer)
        if issubclass(kind, list | tuple | set | frozenset | pd.Series | np.ndarray) and (
            len(answer) == 1
        ):
            answer = next(iter(answer))
            kind = type(answer)
        letters = ", ".join(f'"{key}"' for key in self.options)
        if not issubclass(kind, str):
            raise Unreadable(f"That is {a_kind(answer)}: give one of {letters}.")
        wanted = answer.strip().strip("()[].\"'").strip().lower()
        for key, text in self.options.items():
            if wanted in (key.lower(), text.lower()):
                return key
        raise Unreadable(f"{short(answer)} is not one of the options: give one of {letters}.")

    def compare(self, answer: str, reference: str) -> Verdict:
        """Compare two letters."""
        if answer == reference:
            return Verdict(True)
        return Verdict(False, f"“{self.options[answer]}” does not follow from your tables.")

    def dump(self, answer: str) -> str:
        """Give the letter."""
        return answer

    def restore(self, plain: Any) -> str:
        """Read the letter back."""
        if not isinstance(plain, str) or plain not in self.options:
            raise Unreadable("The recorded answer is not one of the options.")
        return plain


@dataclass(frozen=True)
class Function:
    """A function that the learner writes, called on several inputs that the question makes.

    Parameters
    ----------
    arguments
        As said to the learner: "orders, today".
    returns
        The kind of what it gives back.
    cases
        From the learner's tables to a list of tuples of arguments. Make them differ: an empty table, ties, one row.
    seconds
        How long one call may take.

    Examples
    --------
    >>> kind = Function("x", returns=Number(), cases=lambda data: [(1,), (2,)])
    >>> right = kind.read(lambda x: 2 * x, None)
    >>> kind.compare(kind.read(lambda x: x + 1, None), right).message
    'On 1 of 2 inputs the result differs; the first is input 2: 3 is too low.'
    """

    arguments: str
    returns: Kind
    cases: Callable[[Any], Sequence[tuple[Any, ...]]]
    seconds: float = 5.0
    name: str = field(default="function", init=False)

    def asks(self) -> str:
        """Say in words what the answer should be."""
        return f"the function itself (without brackets), of {self.arguments}, that gives {self.returns.asks()}"

    def read(self, answer: Any, tables: Any) -> list[Outcome]:
        """Call the function on every case that the question makes and keep what each call gave."""
        if is_blank(answer):
            raise NotAttempted
        return self.run(answer, self.cases(tables))

    def run(self, answer: Any, cases: Sequence[tuple[Any, ...]]) -> list[Outcome]:
        """Call the function on given cases and keep what each call gave."""
        if is_blank(answer):
            raise NotAttempted
        if not callable(answer):
            raise Unreadable(
                f"That is {a_kind(answer)}: give the function itself, by its name and without brackets."
            )
        outcomes = []
        for case in cases:
            outcome = call(answer, case, self.seconds)
            if not outcome.failed:
                outcome = self._read_one(outcome)
            outcomes.append(outcome)
            if outcome.failed == "time":
                break
        if outcomes and all(outcome.failed == "nothing" for outcome in outcomes):
            raise NotAttempted
        return outcomes

    def _read_one(self, outcome: Outcome) -> Outcome:
        if outcome.value is None or outcome.value is ...:
            return Outcome(
                None,
                "nothing",
                "Your function gives nothing back (None): does it end with `return`?",
            )
        try:
            return Outcome(self.returns.read(outcome.value, None))
        except NotAttempted:
            return Outcome(None, "nothing", "Your function still gives the placeholder back.")
        except Unreadable as unreadable:
            return Outcome(None, "unreadable", f"What your function gives: {unreadable}")

    def compare(self, answer: list[Outcome], reference: list[Outcome]) -> Verdict:
        """Compare case by case; the first difference is described."""
        wrong: list[tuple[int, str]] = []
        for number, right in enumerate(reference):
            if number >= len(answer):
                break
            mine = answer[number]
            if mine.failed:
                wrong.append((number, mine.message))
                continue
            verdict = self.returns.compare(mine.value, right.value)
            if not verdict.right:
                wrong.append((number, verdict.message))
        if not wrong and len(answer) >= len(reference):
            return Verdict(True)
        if not wrong:
            return Verdict(False, "Your function was not tried on every input.")
        number, message = wrong[0]
        if answer[number].failed:
            return Verdict(False, f"On input {number + 1} of {len(reference)}: {message}")
        return Verdict(
            False,
            f"On {len(wrong)} of {len(reference)} inputs the result differs; "
            f"the first is input {number + 1}: {message}",
        )

    def dump(self, answer: list[Outcome]) -> list[dict[str, Any]]:
        """Give each outcome with its value as plain JSON."""
        return [
            {
                "value": None if o.failed else self.returns.dump(o.value),
                "failed": o.failed,
                "message": o.message,
            }
            for o in answer
        ]

    def restore(self, plain: Any) -> list[Outcome]:
        """Read outcomes back."""
        if not isinstance(plain, list):
            raise Unreadable("The recorded answer is not the outcome of a function.")
        outcomes = []
        for item in plain:
            if not isinstance(item, dict):
                raise Unreadable("The recorded answer is not the outcome of a function.")
            failed = str(item.get("failed") or "")[:20]
            message = str(item.get("message") or "")[:500]
            value = None if failed else self.returns.restore(item.get("value"))
            outcomes.append(Outcome(value, failed, message))
        return outcomes


@dataclass(frozen=True)
class Plan:
    """A short written decision. No machine marks it: the learner compares with a rubric and a model answer.

    Parameters
    ----------
    rubric
        What a good answer has, one line each, with the points that a trainer gives for it.
    model
        One good answer among several.
    minimum_words
        How much must be written before rubric and model answer open. A Chinese character counts as 0.6 of a word.

    Examples
    --------
    >>> Plan(rubric={"names the control group": 1}, model="…").points
    1.0
    """

    rubric: Mapping[str, float]
    model: str
    minimum_words: int = 40
    name: str = field(default="plan", init=False)

    @property
    def points(self) -> float:
        """All points of the rubric."""
        return float(sum(self.rubric.values()))

    def asks(self) -> str:
        """Say in words what the answer should be."""
        return f"your decision in your own words, at least {self.minimum_words} of them, in quotation marks"

    def read(self, answer: Any, tables: Tables | None) -> str:
        """Read the text."""
        if is_blank(answer):
            raise NotAttempted
        if not issubclass(type(answer), str):
            raise Unreadable(
                f"That is {a_kind(answer)}: write the decision as text, in quotation marks."
            )
        text = writable(str.strip(answer)[:MOST_TEXT])
        written = count_words(text)
        if written < self.minimum_words:
            raise Unreadable(
                f"That is about {written} words. Write at least {self.minimum_words}: what you would do, on "
                "which figures, and what would change your mind. Then the rubric and a model answer open."
            )
        return text

    def compare(self, answer: str, reference: str) -> Verdict:
        """Refuse: a plan is neither right nor wrong to a machine."""
        raise QuestionError("A plan is not compared: a person marks it.")

    def dump(self, answer: str) -> str:
        """Give the text."""
        return answer

    def restore(self, plain: Any) -> str:
        """Read the text back."""
        if not isinstance(plain, str):
            raise Unreadable("The recorded answer is not a text.")
        return plain[:MOST_TEXT]


def count_words(text: str) -> int:
    """Count words; a Chinese character counts as 0.6 of one.

    Examples
    --------
    >>> count_words("Call the half-asleep ones first")
    5
    >>> count_words("先唤醒半睡客户")
    4
    """
    characters = len(re.findall(r"[\u3400-\u9fff]", text))
    words = len(re.findall(r"[^\W\u3400-\u9fff]+(?:['’-][^\W\u3400-\u9fff]+)*", text))
    return words + round(0.6 * characters)


@dataclass(frozen=True)
class Several:
    """Several answers at once, by name: ``{"tier": "VIP", "profit": 1234}``.

    Use it where a choice alone would be a lucky guess: the number that it rests on goes with it.

    Examples
    --------
    >>> kind = Several({"channel": Choice({"a": "web", "b": "shop"}), "share": Number("%", 0.05)})
    >>> right = kind.read({"channel": "a", "share": 61.2}, None)
    >>> kind.compare(kind.read({"channel": "a", "share": 0.612}, None), right).message
    '“share”: Right, but as a fraction: the question asks for per cent, from 0 to 100.'
    """

    parts: Mapping[str, Kind]
    name: str = field(default="several", init=False)

    def __post_init__(self) -> None:
        if any(part.name in ("function", "plan", "several") for part in self.parts.values()):
            raise QuestionError(
                "Several cannot hold a Function, a Plan or another Several: ask those by themselves."
            )

    def asks(self) -> str:
        """Say in words what the answer should be."""
        inner = "; ".join(f'"{name}": {kind.asks()}' for name, kind in self.parts.items())
        return f"a dict with {inner}"

    def read(self, answer: Any, tables: Any) -> dict[str, Any]:
        """Read each part; a dict, a Series, or a list in the order of the parts."""
        if is_blank(answer):
            raise NotAttempted
        kind = type(answer)
        given: dict[str, Any]
        if issubclass(kind, dict):
            given = {str(k): v for k, v in answer.items()}
        elif issubclass(kind, pd.Series):
            given = {str(k): v for k, v in answer.to_dict().items()}
        elif issubclass(kind, list | tuple):
            if len(answer) != len(self.parts):
                raise Unreadable(
                    f"That list has {len(answer)} entries: {len(self.parts)} are asked for "
                    f"({named(self.parts, 6)})."
                )
            given = dict(zip(self.parts, answer, strict=True))
        else:
            raise Unreadable(f"That is {a_kind(answer)}: the question asks for {self.asks()}.")
        missing = [name for name in self.parts if name not in given]
        if missing:
            raise Unreadable(
                f"{named(f'“{m}”' for m in missing)} missing: the answer is {self.asks()}."
            )
        if all(is_blank(given[name]) for name in self.parts):
            raise NotAttempted
        canonical = {}
        for name, part in self.parts.items():
            try:
                canonical[name] = part.read(given[name], tables)
            except NotAttempted:
                raise Unreadable(f"“{name}” is not answered yet.") from None
            except Unreadable as unreadable:
                raise Unreadable(f"“{name}”: {unreadable}") from None
        return canonical

    def compare(self, answer: dict[str, Any], reference: dict[str, Any]) -> Verdict:
        """Compare part by part; the first difference is described."""
        for name, part in self.parts.items():
            verdict = part.compare(answer[name], reference[name])
            if not verdict.right:
                return Verdict(False, f"“{name}”: {verdict.message}")
        return Verdict(True)

    def dump(self, answer: dict[str, Any]) -> dict[str, Any]:
        """Give each part as plain JSON."""
        return {name: part.dump(answer[name]) for name, part in self.parts.items()}

    def restore(self, plain: Any) -> dict[str, Any]:
        """Read each part back."""
        if not isinstance(plain, dict) or any(name not in plain for name in self.parts):
            raise Unreadable("The recorded answer lacks a part.")
        return {name: part.restore(plain[name]) for name, part in self.parts.items()}
