"""Single cells: what counts as nothing, and every type as text."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import Any

import numpy as np
import pandas as pd

#: What is in a cell that holds nothing.
NOTHING = frozenset(
    [
        "",
        "nan",
        "none",
        "null",
        "na",
        "n/a",
        "n.a.",
        "#n/a",
        "nat",
        "<na>",
        "-",
        "--",
        "?",
        "unknown",
        "无",
        "空",
        "#null!",
        "#ref!",
        "#value!",
        "#name?",
        "#div/0!",
        "\\n",
    ]
)


def counted(number: int, thing: str) -> str:
    """Say how many of a thing.

    Examples
    --------
    >>> counted(1, "row"), counted(1200, "row"), counted(2, "copy")
    ('1 row', '1,200 rows', '2 copies')
    """
    if number != 1:
        thing = thing[:-1] + "ies" if thing.endswith("y") else thing + "s"
    return f"{number:,} {thing}"


def as_text(values: pd.Series) -> pd.Series:
    """Write a column of any type as text: whole numbers without ``.0``, dates in ISO form, nothing as ''.

    Examples
    --------
    >>> as_text(pd.Series([12.0, None, 7])).tolist()
    ['12', '', '7']
    """
    if isinstance(values.dtype, pd.StringDtype):
        return values.fillna("").str.strip()
    if pd.api.types.is_float_dtype(values.dtype) or pd.api.types.is_integer_dtype(values.dtype):
        numbers = pd.to_numeric(values, errors="coerce").astype("float64")
        whole = numbers.notna() & (numbers % 1 == 0) & (numbers.abs() < 1e15)
        text = values.astype("object").map(str)
        text[whole] = numbers[whole].astype("int64").astype(str)
        text[numbers.isna()] = ""
        return text.astype("str")
    return values.astype("object").map(_cell_text).astype("str")


def _cell_text(value: Any) -> str:
    if value is None or value is pd.NaT or value is pd.NA:
        return ""
    if isinstance(value, (dt.datetime, dt.date)):
        return value.isoformat()
    if isinstance(value, (float, np.floating)):
        return (
            str(int(value))
            if value == value and abs(float(value)) < 1e15 and value % 1 == 0
            else str(value)
        )
    return str(value).strip()


def identifiers(values: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Read a column of identifiers (of customers or orders): always text, so that 00123 keeps its zeros.

    Full-width digits become plain ones, blanks around are taken off, ``123.0`` becomes ``123``, and the marks with
    which programs force text (``'00123``, ```00123``, ``="00123"``) go. E-mail addresses are written small, because
    mail systems deliver both to one person; every other identifier keeps its capitals.

    Returns
    -------
    ids : Series of str
        '' where there is none.
    damaged : Series of bool
        Where a spreadsheet has shortened a long number (1.23E+11).

    Examples
    --------
    >>> ids, damaged = identifiers(pd.Series(["１２", '="007"', "n/a", "4.1E+12", "17850.0", "A@Example.org"]))
    >>> ids.tolist()
    ['12', '007', '', '4.1E+12', '17850', 'a@example.org']
    >>> damaged.tolist()
    [False, False, False, True, False, False]
    """
    return coded_identifiers(values)[:2]


def coded_identifiers(values: pd.Series) -> tuple[pd.Series, pd.Series, np.ndarray]:
    """Read a column of identifiers, and number them: equal ones have one code, those that are missing a code below zero.

    Returns
    -------
    ids, damaged : Series
        As of :func:`identifiers`.
    codes : ndarray of int

    Examples
    --------
    >>> coded_identifiers(pd.Series(["7.0", "7", "", "n/a", "8"]))[2].tolist()
    [0, 0, -1, -1, 1]
    """
    written = as_text(values)
    codes, uniques = pd.factorize(written)
    texts = pd.Series(uniques, dtype="str")
    # Most identifiers need no care, and a million of them would take long one by one.
    easy = texts.str.fullmatch("[A-Za-z]{0,4}[-_]?[0-9]+").to_numpy(dtype=bool)
    if easy.all():  # nothing to clean: the column as it stands
        return written, pd.Series(np.zeros(len(values), dtype=bool), index=values.index), codes
    clean = texts.to_numpy(dtype=object)
    clean[~easy] = [_clean_identifier(text) for text in clean[~easy]]
    hurt = np.zeros(len(texts), dtype=bool)
    hurt[~easy] = [bool(_SHORTENED.fullmatch(text)) for text in clean[~easy]]
    ids = pd.Series(clean, dtype="str").take(codes).set_axis(values.index)
    known = np.where(clean == "", None, clean)  # factorize leaves None out, with code -1
    return ids, pd.Series(hurt[codes], index=values.index), pd.factorize(known)[0][codes]


def row_codes(cells: pd.DataFrame) -> np.ndarray:
    """Number the rows so that two of them have one number where every cell is equal.

    Examples
    --------
    >>> row_codes(pd.DataFrame({"a": ["x", "y", "x"], "b": [1, 1, 1]})).tolist()
    [0, 1, 0]
    """
    codes = np.zeros(len(cells), dtype=np.int64)
    kinds = 1
    for column in cells:
        values = cells[column]
        own, uniques = pd.factorize(values, use_na_sentinel=False)
        if (
            kinds * len(uniques) >= 2**62
        ):  # numbers would run over: number again what there is so far
            codes, seen = pd.factorize(codes)
            kinds = len(seen)
        codes = codes * len(uniques) + own
        kinds *= max(len(uniques), 1)
    return codes


#: ``1.23E+11``, ``2,02403e18``, ``2E+18``. ``12E4`` may be a number that somebody gave.
_SHORTENED = re.compile(r"\d[.,]\d+[eE]\+?\d{1,3}|\d[eE]\+\d{1,3}")
_WHOLE = re.compile(r"(\d+)[.,]0+")
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def unforced(text: str) -> str:
    """Take off what programs put around a cell so that a spreadsheet leaves it as it is.

    Examples
    --------
    >>> unforced("'-70.00"), unforced('="007"'), unforced("`2024-03-05"), unforced("5'000")
    ('-70.00', '007', '2024-03-05', "5'000")
    """
    text = text.strip()
    if text[:1] == "=" and (cell := re.fullmatch(r'=\s*"(.*)"|=([-+]?[\d.,]+)', text, flags=re.S)):
        text = cell.group(1) if cell.group(2) is None else cell.group(2)
    if text[:1] in _TICKS:
        text = text.lstrip(_TICKS).rstrip(_TICKS)
    return text.strip()


#: Marks that force text: an apostrophe, a backtick, and what other programs make of them.
_TICKS = "'`´‘’\u200b\u200e\u200f\u202a\u202c\ufeff"


def shortened(values: pd.Series) -> np.ndarray:
    """Mark the identifiers that a spreadsheet has shortened (1.23E+11): several of them look alike.

    Examples
    --------
    >>> shortened(pd.Series(["2.02403E+18", "2024030512345"])).tolist()
    [True, False]
    """
    return identifiers(values)[1].to_numpy()


def _clean_identifier(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    text = unforced(" ".join(text.split()))
    if whole := _WHOLE.fullmatch(text):
        text = whole.group(1)
    if _MAIL.fullmatch(text):
        text = text.casefold()
    return "" if text.casefold() in NOTHING else text
