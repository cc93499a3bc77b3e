"""How values and names are said in a sentence to a learner, whatever they are."""

from __future__ import annotations

import math
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from crmkit.say import listed, mark, say

SHOWN = 3


def short(value: Any, most: int = 40) -> str:
    """Show a value in a sentence, whatever it is: never raises, never longer than `most` characters.

    Examples
    --------
    >>> short(1234.5)
    '1,234.5'
    >>> short(2511871.4), short(0.0000123)
    ('2,511,871', '0.0000123')
    >>> short("a" * 50, most=5)
    "'aaaa…"
    """
    try:
        if isinstance(value, bool | np.bool_):
            text = str(bool(value))
        elif isinstance(value, int | float | np.integer | np.floating | Decimal):
            text = _plain(float(value))
            if math.isfinite(value) and float(value) == int(value) and abs(float(value)) < 1e15:
                text = f"{int(value):,}"
        else:
            text = repr(value)
    except Exception:
        text = a_kind(value)
    return text if len(text) <= most else text[:most] + "…"


def _plain(value: float) -> str:
    """Write a number with six digits that count, never in scientific notation."""
    text = f"{value:,.6g}"
    if "e" not in text:
        return text
    if abs(value) >= 1:
        return f"{value:,.0f}"
    return f"{value:.12f}".rstrip("0").rstrip(".") or "0"


def kind_of(value: Any) -> str:
    """Name what a value is, in words that a learner knows."""
    return _words_for(value)[0]


# A kind by itself ("That list cannot be read") and as one of many ("That is a list").
_KINDS: list[tuple[type | tuple[type, ...], str, str]] = [
    (pd.DataFrame, mark("table (DataFrame)"), mark("a table (DataFrame)")),
    (pd.Series, mark("column (Series)"), mark("a column (Series)")),
    (pd.Index, mark("index"), mark("an index")),
    (np.ndarray, mark("array"), mark("an array")),
    ((bool, np.bool_), "True/False", "True/False"),
    (str, mark("text"), mark("text")),
    (bytes, mark("bytes"), mark("bytes")),
    (dict, mark("dict"), mark("a dict")),
    ((list, tuple), mark("list"), mark("a list")),
    ((set, frozenset), mark("set"), mark("a set")),
    ((int, np.integer), mark("whole number"), mark("a whole number")),
    ((float, np.floating), mark("number"), mark("a number")),
]


def _words_for(value: Any) -> tuple[str, str]:
    # type(), not isinstance(): an object may lie about its class, and may raise when asked.
    for types, word, one in _KINDS:
        if issubclass(type(value), types):
            return say(word), say(one)
    if callable(value):
        return say("function"), say("a function")
    word = type(value).__name__[:40]
    if word[:1].lower() in "aeiou":
        return word, say("an {class_name}", class_name=word)
    return word, say("a {class_name}", class_name=word)


def a_kind(value: Any) -> str:
    """Name what a value is, with its article.

    Examples
    --------
    >>> a_kind([1]), a_kind(np.array([1])), a_kind("1")
    ('a list', 'an array', 'text')
    """
    return _words_for(value)[1]


def writable(text: str) -> str:
    r"""Give a text that can be written into a file: half of an emoji becomes a question mark.

    Examples
    --------
    >>> writable("yes \ud83d")
    'yes ?'
    """
    return text.encode("utf-8", "replace").decode("utf-8")


def printable(name: str) -> str:
    r"""Give a file's name as it can be printed: control characters could rewrite the terminal.

    Examples
    --------
    >>> printable("a\rb.zip")
    'a?b.zip'
    """
    return "".join(c if c.isprintable() else "?" for c in writable(name))


def named(things: Iterable[Any], most: int = SHOWN) -> str:
    """Name the first few things, then the number of the others.

    Examples
    --------
    >>> named(["VIP", "key", "small", "ordinary"])
    'VIP, key, small and 1 more'
    """
    items = list(things)
    text = listed(str(thing)[:40] for thing in items[:most])
    if len(items) <= most:
        return text
    return say("{first} and {more:,} more", first=text, more=len(items) - most)


def is_blank(answer: Any) -> bool:
    """Tell whether an answer is still the placeholder."""
    if answer is ... or answer is NotImplemented:
        return True
    return type(answer) is str and answer.strip(" .…\n\t_") == ""


def is_missing(value: Any) -> bool:
    """Tell whether a single value is empty: None, or pandas' NA or NaT."""
    return value is None or value is pd.NA or value is pd.NaT
