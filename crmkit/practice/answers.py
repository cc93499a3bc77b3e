"""Answers shown to a person: in words, or as a table, whatever kind they are of."""

from __future__ import annotations

import html
import math
import unicodedata
from collections.abc import Sequence
from typing import Any

from crmkit.practice.kinds import Choice, Customers, Function, Number, Plan, Several, Table
from crmkit.practice.kinds.number import decimals_of
from crmkit.practice.kinds.table import ReadTable
from crmkit.practice.question import Kind
from crmkit.practice.reply import as_html
from crmkit.say import label, say, say_many

#: How many rows of a table, ids of a set and results of a function are shown; the others are counted.
MOST_ROWS, MOST_IDS, MOST_CASES = 40, 60, 10
_MOST_CELL = 80


def in_words(kind: Kind, answer: Any) -> str:
    """Write an answer as one line of text.

    Parameters
    ----------
    kind
        The question's.
    answer
        As `read` or `restore` of the kind gave it.

    Examples
    --------
    >>> in_words(Number("%", 0.05), 31.4159), in_words(Customers(), frozenset({"12", "3"}))
    ('31.4 %', '2 customers: 3, 12')
    >>> in_words(Choice({"a": "the web shop", "b": "the shops"}), "b")
    '“b”: the shops'
    """
    if isinstance(kind, Number):
        return _number(kind, answer)
    if isinstance(kind, Choice):
        return say("“{letter}”: {text}", letter=answer, text=kind.options.get(answer, ""))
    if isinstance(kind, Customers):
        return _ids(kind, kind.dump(answer))
    if isinstance(kind, Several):
        return "; ".join(
            f"{name}: {in_words(part, answer[name])}" for name, part in kind.parts.items()
        )
    if isinstance(kind, Function):
        return "; ".join(_results(kind, answer))
    if isinstance(kind, Table):
        return "; ".join(", ".join(row) for row in _rows(kind, answer, MOST_ROWS)[1:])
    return str(answer)


def as_page(kind: Kind, answer: Any) -> str:
    """Write an answer as HTML: a table as a table, a text as it was typed.

    Examples
    --------
    >>> as_page(Number("%", 0.05), 31.4)
    '<p>31.4 %</p>'
    """
    if isinstance(kind, Plan):
        return f"<blockquote>{html.escape(str(answer))}</blockquote>"
    if isinstance(kind, Table):
        head, *rows = _rows(kind, answer, MOST_ROWS)
        return _grid(head, rows) + _further(len(answer.keys) - len(rows))
    if isinstance(kind, Several):
        items = (
            f"<li>{as_html(f'{n}: {in_words(p, answer[n])}')}</li>" for n, p in kind.parts.items()
        )
        return f"<ul>{''.join(items)}</ul>"
    if isinstance(kind, Function):
        return f"<ul>{''.join(f'<li>{as_html(line)}</li>' for line in _results(kind, answer))}</ul>"
    return f"<p>{as_html(in_words(kind, answer))}</p>"


def _number(kind: Number, value: float) -> str:
    """Write a number with the decimals that were asked for, and its unit; a currency comes first."""
    number = f"{value:,.{_decimals(kind.tolerance or kind.relative * abs(value), value)}f}"
    if len(kind.unit) == 1 and unicodedata.category(kind.unit) == "Sc":
        return f"-{kind.unit}{number[1:]}" if number.startswith("-") else f"{kind.unit}{number}"
    return say("{number} {unit}", number=number, unit=label(kind.unit)) if kind.unit else number


def _decimals(tolerance: float, value: float) -> int:
    """Say with how many decimals a number is shown: as many as its tolerance asks for."""
    if not tolerance:
        return 0 if float(value).is_integer() else 2
    asked = decimals_of(tolerance)
    if asked is not None:
        return asked
    # The last digit shown is no coarser than the tolerance: what differs by more looks different.
    return min(8, max(0, math.ceil(-math.log10(tolerance) - 1e-9)))


def _ids(kind: Customers, ids: Sequence[str]) -> str:
    things = label(kind.things)
    if not ids:
        return say("no {things}", things=things)
    shown = ", ".join(ids[:MOST_IDS])
    if len(ids) > MOST_IDS:
        return say(
            "{count:,} {things}: {ids} and {more:,} more",
            count=len(ids), things=things, ids=shown, more=len(ids) - MOST_IDS,
        )  # fmt: skip
    return say("{count:,} {things}: {ids}", count=len(ids), things=things, ids=shown)


def _results(kind: Function, outcomes: Sequence[Any]) -> list[str]:
    lines = []
    for number, outcome in enumerate(outcomes[:MOST_CASES], start=1):
        found = outcome.message if outcome.failed else in_words(kind.returns, outcome.value)
        lines.append(say("input {number}: {found}", number=number, found=found))
    return lines


def _rows(kind: Table, answer: ReadTable, most: int) -> list[list[str]]:
    """Give heading and rows of a table as texts."""
    head = [*kind.keys, *kind.columns]
    rows = [
        [*key, *(_cell(answer.columns[name][place], kind.columns[name]) for name in kind.columns)]
        for place, key in enumerate(answer.keys[:most])
    ]
    return [head, *([cell[:_MOST_CELL] for cell in row] for row in rows)]


def _cell(value: float | str | None, tolerance: float | None) -> str:
    """Write a cell with the decimals that its column is asked for."""
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    digits = _decimals(tolerance or 0.0, value)
    return f"{value:,.{digits}f}"


def _grid(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    top = "".join(f"<th>{html.escape(name)}</th>" for name in head)
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f'<table class="answer"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>'


def _further(count: int) -> str:
    if count <= 0:
        return ""
    return f"<p>{say_many('and {count:,} more row', 'and {count:,} more rows', count)}</p>"
