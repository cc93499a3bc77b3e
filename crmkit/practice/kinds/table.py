"""A table with one row per named thing."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from crmkit.practice.kinds.cells import key_text, plain_cell, refuse_empty, restored_cell
from crmkit.practice.kinds.number import how_it_differs, near
from crmkit.practice.phrases import a_kind, is_blank, is_missing, named, short
from crmkit.practice.question import NotAttempted, Tables, Unreadable, Verdict
from crmkit.say import label, listed, say, say_many

MOST_ROWS = 200_000


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
        columns = listed(
            f"“{name}”" + (f" ({label(self.units[name])})" if self.units.get(name) else "")
            for name in self.columns
        )
        if self.ordered:
            return say(
                "a table with one row per {keys}, in the right order, and {columns}",
                keys=self._keys(),
                columns=columns,
            )
        return say(
            "a table with one row per {keys}, and {columns}", keys=self._keys(), columns=columns
        )

    def _keys(self) -> str:
        if len(self.keys) == 2:
            return say("{first} and {second}", first=self.keys[0], second=self.keys[1])
        return listed(self.keys)

    def read(self, answer: Any, tables: Tables | None) -> ReadTable:
        """Read a table: a DataFrame, a Series if one column is asked for, or a dict from key to value."""
        if is_blank(answer):
            raise NotAttempted
        refuse_empty(answer)
        frame = self._as_frame(answer)
        if len(frame) > MOST_ROWS:
            raise Unreadable(
                say("That table has {count:,} rows: far more than are asked for.", count=len(frame))
            )
        frame = self._with_key_columns(frame)
        missing = [name for name in self.columns if name not in frame.columns]
        if missing:
            raise Unreadable(self._about_missing(missing, [str(c) for c in frame.columns]))
        for name in (*self.keys, *self.columns):
            if isinstance(frame[name], pd.DataFrame):
                raise Unreadable(
                    say("The table has two columns called “{name}”: keep one of them.", name=name)
                )
        keys = [tuple(key_text(v) for v in row) for row in zip(*(frame[k] for k in self.keys))]  # noqa: B905
        seen: set[tuple[str, ...]] = set()
        twice = []
        for key in keys:
            if key in seen and key not in twice:
                twice.append(key)
            seen.add(key)
        if twice:
            raise Unreadable(
                say(
                    "There should be one row per {keys}, but {rows} come more than once: group or drop "
                    "duplicates first.",
                    keys=self._keys(),
                    rows=self._say(twice),
                )
            )
        return ReadTable(
            keys, {name: [plain_cell(v) for v in frame[name]] for name in self.columns}
        )

    def _as_frame(self, answer: Any) -> pd.DataFrame:
        kind = type(answer)
        if issubclass(kind, pd.DataFrame):
            frame = answer
            if isinstance(frame.columns, pd.MultiIndex):
                raise Unreadable(
                    say(
                        "The columns have two levels: name them in `.agg(total=(“column”, “sum”))`, or keep "
                        "one level with `.droplevel(0, axis=1)`."
                    )
                )
            return frame.copy()
        only = next(iter(self.columns)) if len(self.columns) == 1 else None
        if issubclass(kind, pd.Series):
            if only is None:
                raise Unreadable(
                    say(
                        "That is one column; the question asks for a table with {columns}.",
                        columns=named(self.columns, 6),
                    )
                )
            if answer.name in self.keys:
                raise Unreadable(
                    say(
                        "That is the column “{key}” alone: keep “{wanted}” beside it, as in "
                        '`table[["{key}", "{wanted}"]]`.',
                        key=answer.name,
                        wanted=only,
                    )
                )
            return answer.to_frame(name=only)
        if issubclass(kind, dict) and only is not None:
            return pd.Series(
                list(answer.values()), index=pd.Index(list(answer), dtype=object), dtype=object
            ).to_frame(name=only)
        if callable(answer):
            raise Unreadable(
                say("That is a function, not its result: call it, with brackets and what it needs.")
            )
        if hasattr(kind, "to_pandas"):
            # A learner who works in Polars or PyArrow has a table too.
            return self._as_frame(answer.to_pandas())
        raise Unreadable(
            say(
                "That is {answer}: the question asks for a table (DataFrame).",
                answer=a_kind(answer),
            )
        )

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
            return say(
                "The column “{is_called}” should be called “{wanted}”: rename it, for example with "
                '`.rename(columns={{"{is_called}": "{wanted}"}})`.',
                is_called=alike[0][1][:40],
                wanted=alike[0][0],
            )
        names = listed(f"“{m}”" for m in missing)
        there = named(have, 8) or say("no columns")
        return say_many(
            "The column {names} is missing; the table has {columns}.",
            "The columns {names} are missing; the table has {columns}.",
            len(missing),
            names=names,
            columns=there,
        )

    def _say(self, keys: Iterable[tuple[str, ...]]) -> str:
        return named(" / ".join(key) for key in keys)

    def compare(self, answer: ReadTable, reference: ReadTable) -> Verdict:
        """Compare keys, then each column, then (if asked) the order of rows."""
        mine, theirs = set(answer.keys), set(reference.keys)
        extra = [k for k in answer.keys if k not in theirs]
        missing = [k for k in reference.keys if k not in mine]
        what = self._keys()
        if missing and extra and len(missing) == len(reference.keys):
            return Verdict(
                False,
                say(
                    "None of the rows is one that is asked for: the rows are called {rows}. Is “{what}” "
                    "what names them?",
                    rows=self._say(extra),
                    what=what,
                ),
            )
        if missing or extra:
            counts: dict[str, Any] = {
                "keys": what,
                "missing": len(missing),
                "names": self._say(missing),
                "extra": len(extra),
                "strangers": self._say(extra),
            }
            if not extra:
                return Verdict(
                    False, say("Rows per {keys}: {missing:,} missing ({names}).", **counts)
                )
            if not missing:
                return Verdict(
                    False,
                    say(
                        "Rows per {keys}: {extra:,} that should not be there ({strangers}).",
                        **counts,
                    ),
                )
            return Verdict(
                False,
                say(
                    "Rows per {keys}: {missing:,} missing ({names}) and {extra:,} that should not be there "
                    "({strangers}).",
                    **counts,
                ),
            )
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
                say(
                    "The right rows and values, in another order: row {first} is {row}. What should "
                    "they be sorted by, and from which end?",
                    first=first + 1,
                    row=" / ".join(answer.keys[first]),
                ),
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
                    say(
                        "Column “{name}” holds text ({texts}): numbers are asked for.",
                        name=name,
                        texts=short(texts[0]),
                    ),
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
                    return Verdict(False, say("Column “{name}”: {slip}", name=name, slip=slip))
                first = wrong[0]
                if math.isnan(mine[first]):
                    side = say("missing")
                elif math.isnan(theirs[first]):
                    side = say("there, where nothing is expected")
                else:
                    side = say("too high") if mine[first] > theirs[first] else say("too low")
                return self._differs(name, wrong, reference, column[first], side)
            return Verdict(True)
        wrong = [
            i
            for i, (a, r) in enumerate(zip(column, wanted, strict=True))
            if plain_cell(a) != plain_cell(r)
        ]
        if wrong:
            return self._differs(name, wrong, reference, column[wrong[0]], say("another value"))
        return Verdict(True)

    def _differs(
        self, name: str, wrong: list[int], reference: ReadTable, first: Any, side: str
    ) -> Verdict:
        found: dict[str, Any] = {
            "column": name,
            "count": len(wrong),
            "row": " / ".join(reference.keys[wrong[0]]),
            "answer": say("empty") if first is None else short(first),
            "side": side,
        }
        if len(reference.keys) == 1:
            message = say(
                "Column “{column}” differs in its one row; the first is {row}: yours is {answer}, {side}.",
                **found,
            )
        elif len(wrong) == len(reference.keys):
            message = say(
                "Column “{column}” differs in all rows; the first is {row}: yours is {answer}, {side}.",
                **found,
            )
        else:
            message = say(
                "Column “{column}” differs in {count:,} of the rows; the first is {row}: yours is {answer}, "
                "{side}.",
                **found,
            )
        guarded = say(
            "Column “{column}” differs in {count:,} of {rows:,} rows; the first is {row}.",
            column=name,
            count=len(wrong),
            rows=len(reference.keys),
            row=found["row"],
        )
        return Verdict(False, message, guarded)

    def dump(self, answer: ReadTable) -> dict[str, Any]:
        """Give keys and columns as lists."""
        return {"keys": [list(key) for key in answer.keys], "columns": dict(answer.columns)}

    def restore(self, plain: Any) -> ReadTable:
        """Read keys and columns back."""
        try:
            keys = [tuple(key) for key in plain["keys"]]
            columns = {
                name: [restored_cell(value) for value in plain["columns"][name]]
                for name in self.columns
            }
        except (KeyError, TypeError, OverflowError):
            raise Unreadable(say("The recorded answer is not a table.")) from None
        width, rows = len(self.keys), len(keys)
        good = (
            rows <= MOST_ROWS
            and all(len(key) == width and all(isinstance(k, str) for k in key) for key in keys)
            and len(set(keys)) == rows
            and all(len(column) == rows for column in columns.values())
        )
        if not good:
            raise Unreadable(say("The recorded answer is not a table."))
        return ReadTable(keys, columns)
