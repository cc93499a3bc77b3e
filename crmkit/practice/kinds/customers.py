"""A set of customers, or of other things with an id."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from crmkit.practice.kinds.cells import key_text, refuse_empty
from crmkit.practice.kinds.table import MOST_ROWS
from crmkit.practice.phrases import a_kind, is_blank, is_missing, named
from crmkit.practice.question import NotAttempted, Tables, Unreadable, Verdict
from crmkit.say import label, say, say_many


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
        return say("a set or column of `{column}`, in any order", column=self.column)

    def read(self, answer: Any, tables: Tables | None) -> frozenset[str]:
        """Read ids from a set, list, column, index or table; 7, 7.0 and "7" are the same id."""
        if is_blank(answer):
            raise NotAttempted
        refuse_empty(answer)
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
                    say(
                        "That table has no column “{column}”: which of its rows do you mean?",
                        column=self.column,
                    )
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
                say(
                    "That is {a_kind}: the question asks for a set of {things}.",
                    a_kind=a_kind(answer),
                    things=label(self.things),
                )
            )
        elif isinstance(answer, Iterable):
            values = itertools.islice(answer, MOST_ROWS + 1)
        elif callable(answer):
            raise Unreadable(
                say("That is a function, not its result: call it, with brackets and what it needs.")
            )
        else:
            raise Unreadable(
                say(
                    "That is {a_kind}: the question asks for a set of {things}.",
                    a_kind=a_kind(answer),
                    things=label(self.things),
                )
            )
        found = list(values)
        if len(found) > MOST_ROWS:
            raise Unreadable(
                say(
                    "Those are more than {most:,}: more than there are {things}.",
                    most=MOST_ROWS,
                    things=label(self.things),
                )
            )
        if found and all(issubclass(type(v), bool | np.bool_) for v in found):
            raise Unreadable(self._about_mask())
        ids = frozenset(key_text(value) for value in found)
        if "(missing)" in ids:
            raise Unreadable(say("Some of the ids are missing (NaN): leave those rows out first."))
        return ids

    def _about_mask(self) -> str:
        return say(
            "That is a mask, True or False for each: take the ids of the rows that it keeps, for example "
            '`table.loc[mask, "{column}"]`.',
            column=self.column,
        )

    def compare(self, answer: frozenset[str], reference: frozenset[str]) -> Verdict:
        """Count who is missing and who does not belong, and name the first."""
        missing, extra = reference - answer, answer - reference
        if len(missing) + len(extra) <= self.may_differ:
            return Verdict(True)
        if not answer:
            return Verdict(
                False,
                say("The set is empty: none of the {things} is in it.", things=label(self.things)),
            )
        if _are_row_numbers(answer, reference):
            return Verdict(
                False,
                say(
                    "Those look like row numbers of a table (0, 1, 2, …), not values of `{column}`: take that column "
                    "before you drop or number the rows again.",
                    column=self.column,
                ),
            )
        absent = say_many(
            "{count:,} {thing} missing ({names})",
            "{count:,} {things} missing ({names})",
            len(missing),
            thing=label(self.things.removesuffix("s")),
            things=label(self.things),
            names=named(_by_size(missing)),
        )
        strange = say_many(
            "{count:,} that does not belong ({names})",
            "{count:,} that do not belong ({names})",
            len(extra),
            names=named(_by_size(extra)),
        )
        guarded = say(
            "{missing:,} {things} are missing, and {extra:,} do not belong.",
            missing=len(missing),
            extra=len(extra),
            things=label(self.things),
        )
        if missing and extra:
            return Verdict(
                False, say("{absent}, {strange}.", absent=absent, strange=strange), guarded
            )
        return Verdict(False, say("{found}.", found=absent if missing else strange), guarded)

    def dump(self, answer: frozenset[str]) -> list[str]:
        """Give the ids, sorted."""
        return _by_size(answer)

    def restore(self, plain: Any) -> frozenset[str]:
        """Read the ids back."""
        if not isinstance(plain, list) or not all(isinstance(value, str) for value in plain):
            raise Unreadable(say("The recorded answer is not a set of ids."))
        return frozenset(plain)


def _are_row_numbers(answer: frozenset[str], reference: frozenset[str]) -> bool:
    """Tell whether an answer counts rows: each id's number less one, or 0, 1, 2, … to the end."""
    if not all(text.isdigit() for text in answer):
        return False
    rows = {int(text) for text in answer}
    if len(rows) > 2 and rows == set(range(len(rows))):
        return True
    ids = {int(text) for text in reference if text.isdigit()}
    moved = len({row + 1 for row in rows} & ids)
    return moved >= 0.9 * max(len(rows), 1) and moved > 2 * len(rows & ids)


def _by_size(ids: Iterable[str]) -> list[str]:
    return sorted(ids, key=lambda text: (len(text), text) if text.isdigit() else (99, text))
