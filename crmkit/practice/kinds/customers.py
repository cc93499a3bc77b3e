"""A set of customers, or of other things with an id."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from crmkit.practice.kinds.cells import key_text
from crmkit.practice.kinds.table import MOST_ROWS
from crmkit.practice.phrases import a_kind, is_blank, is_missing, named
from crmkit.practice.question import NotAttempted, Tables, Unreadable, Verdict


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
        if is_missing(answer):
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
        ids = frozenset(key_text(value) for value in found)
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
