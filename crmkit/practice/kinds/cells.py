"""The keys and cells of a table as plain values, the same for 7, 7.0, "7" and a categorical 7."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from crmkit.practice.phrases import is_missing, writable
from crmkit.practice.question import Unreadable
from crmkit.say import say


def refuse_empty(answer: Any) -> None:
    """Say what an empty answer usually comes from.

    Raises
    ------
    Unreadable
        The answer is None, or pandas' NA or NaT.
    """
    if is_missing(answer):
        raise Unreadable(
            say(
                "That is empty (None): did the line give its result a name? `print(...)`, for one, "
                "gives None."
            )
        )


def key_text(value: Any) -> str:
    """Give a key as text that is the same for 7, 7.0, "7" and a categorical 7."""
    if is_missing(value):
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


def plain_cell(value: Any) -> float | str | None:
    """Give one cell of a table as a plain value: a number, a text, or None where it is missing."""
    if is_missing(value):
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
    return key_text(value)


def restored_cell(plain: Any) -> float | str | None:
    """Read a cell back from JSON."""
    if isinstance(plain, bool):
        raise TypeError
    if plain is None or isinstance(plain, str):
        return plain
    return float(plain)
