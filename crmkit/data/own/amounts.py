"""Amounts of money as people and programs write them.

Decimal commas and points, marks between thousands, currency signs before and after, minus signs on either side,
brackets for negative amounts, full-width digits. Whether 1,234 is a thousand or a little over one is decided for
the whole column, where one value gives it away, and said in a note where none does.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from crmkit.data.own.cells import NOTHING, counted, unforced

#: Signs and words -> currency. A sign that several currencies share stays a sign.
CURRENCIES: dict[str, str] = {
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "£": "GBP", "gbp": "GBP", "pound": "GBP", "pounds": "GBP",
    "$": "$", "us$": "USD", "usd": "USD", "dollar": "$", "dollars": "$", "¥": "¥", "円": "JPY", "jpy": "JPY",
    "yen": "JPY", "元": "CNY", "人民币": "CNY", "rmb": "CNY", "cny": "CNY", "cn¥": "CNY", "圆": "CNY", "chf": "CHF",
    "fr": "CHF", "sfr": "CHF", "kr": "kr", "sek": "SEK", "nok": "NOK", "dkk": "DKK", "pln": "PLN", "zł": "PLN",
    "czk": "CZK", "kč": "CZK", "₹": "INR", "rs": "INR", "inr": "INR", "aud": "AUD", "a$": "AUD", "cad": "CAD",
    "c$": "CAD", "ca$": "CAD", "nzd": "NZD", "hkd": "HKD", "hk$": "HKD", "sgd": "SGD", "s$": "SGD", "twd": "TWD",
    "nt$": "TWD", "港币": "HKD", "美元": "USD", "欧元": "EUR", "英镑": "GBP", "日元": "JPY", "brl": "BRL", "r$": "BRL",
    "mxn": "MXN", "zar": "ZAR", "₩": "KRW", "krw": "KRW", "₽": "RUB", "rub": "RUB", "₺": "TRY", "try": "TRY",
    "thb": "THB", "฿": "THB", "huf": "HUF", "ft": "HUF", "ron": "RON", "bgn": "BGN", "ils": "ILS", "₪": "ILS",
    "aed": "AED", "sar": "SAR", "myr": "MYR", "rm": "MYR", "idr": "IDR", "php": "PHP", "₱": "PHP", "vnd": "VND",
    "₫": "VND", "uah": "UAH", "₴": "UAH", "isk": "ISK", "au$": "AUD", "nz$": "NZD", "sg$": "SGD", "mx$": "MXN",
    "mex$": "MXN", "cl$": "CLP", "clp": "CLP", "cop": "COP", "ars": "ARS", "ar$": "ARS", "co$": "COP", "pen": "PEN",
    "s/": "PEN", "£gbp": "GBP", "gb£": "GBP", "元整": "CNY", "块": "CNY", "圓": "CNY", "nt": "TWD", "台币": "TWD",
    "新台币": "TWD", "新臺幣": "TWD", "원": "KRW", "руб": "RUB", "р": "RUB", "грн": "UAH", "лв": "BGN", "tl": "TRY",
    "đ": "VND", "kn": "HRK", "lei": "RON", "sfr.": "CHF", "franken": "CHF", "kronor": "SEK", "zloty": "PLN",
    "złotych": "PLN", "rupees": "INR", "rmb¥": "CNY", "jp¥": "JPY", "円税込": "JPY", "egp": "EGP", "ngn": "NGN",
    "₦": "NGN", "kes": "KES", "mad": "MAD", "qar": "QAR", "kwd": "KWD", "pkr": "PKR", "bdt": "BDT", "lkr": "LKR",
}  # fmt: skip

#: Signs that several currencies share: "$" beside "CAD" is no second currency.
SHARED_SIGNS: dict[str, frozenset[str]] = {
    "$": frozenset(["USD", "CAD", "AUD", "NZD", "HKD", "SGD", "TWD", "MXN"]),
    "¥": frozenset(["CNY", "JPY"]),
    "kr": frozenset(["SEK", "NOK", "DKK", "ISK", "CZK"]),
}

_TOO_LARGE = 1e12
#: Up to this share of cells with the other decimal mark do not make the unclear ones doubtful.
_STRAY = 0.05
_POINT = re.compile(r"(?:[1-9]\d{0,2}(?:,\d{2,3})*,\d{3}|\d+)(?:\.\d*)?|\.\d+")
_COMMA = re.compile(r"(?:[1-9]\d{0,2}(?:\.\d{2,3})*\.\d{3}|\d+)(?:,\d*)?|,\d+")
_SCIENTIFIC = re.compile(r"[-+]?\d+(?:[.,]\d+)?e[-+]?\d{1,3}")
_WORD = re.compile(r"[^\d\s.,'’()+\-]+")


@dataclass
class Amounts:
    """A column of amounts: ``value`` (NaN where unreadable), ``missing``, and each row's ``currency`` ('' unknown)."""

    value: np.ndarray
    missing: np.ndarray
    unclear: np.ndarray
    currency: np.ndarray
    notes: list[str] = field(default_factory=list)


def currency_of(text: object) -> str | None:
    """Say which currency a sign or word means.

    Examples
    --------
    >>> currency_of("€"), currency_of(" rmb "), currency_of("￥"), currency_of("apples")
    ('EUR', 'CNY', '¥', None)
    """
    word = unicodedata.normalize("NFKC", str(text)).strip().casefold().rstrip(".")
    return CURRENCIES.get(word)


def currency_in(heading: object) -> str | None:
    """Find a currency named in a heading, such as ``Amount (GBP)`` or ``金额（元）``.

    Examples
    --------
    >>> currency_in("Amount (GBP)"), currency_in("total_eur"), currency_in("amount")
    ('GBP', 'EUR', None)
    """
    for word in re.split(r"[\s_()（）\[\]/,.:-]+", str(heading)):
        if (found := currency_of(word)) and word.casefold() not in (
            "fr",
            "rs",
            "rm",
            "ft",
            "try",
            "kr",
        ):
            return found
    return None


def parse_amounts(
    values: pd.Series, *, decimal: str | None = None, what: str = "amounts"
) -> Amounts:
    """Read a column of amounts.

    Parameters
    ----------
    values : Series
        Text, numbers, or a mixture.
    decimal : {'.', ','}, optional
        The mark before the cents. None: found out from the column, and said.
    what : str
        What to call them in notes.

    Returns
    -------
    Amounts

    Examples
    --------
    >>> parse_amounts(pd.Series(["1.234,56 €", "(12,50)", "7", "three"])).value.tolist()
    [1234.56, -12.5, 7.0, nan]
    """
    rows = len(values)
    if pd.api.types.is_numeric_dtype(values.dtype) and not pd.api.types.is_bool_dtype(values.dtype):
        if pd.api.types.is_complex_dtype(values.dtype):
            return Amounts(
                np.full(rows, np.nan), np.zeros(rows, bool), np.zeros(rows, bool), np.full(rows, "")
            )
        value = values.to_numpy(dtype="float64", na_value=np.nan)
        return Amounts(_bounded(value), np.isnan(value), np.zeros(rows, bool), np.full(rows, ""))
    if not isinstance(values.dtype, pd.StringDtype):
        return _mixed(values, decimal, what)
    codes, uniques = pd.factorize(values.fillna("").str.strip())
    texts = pd.Series(uniques, dtype="str")
    if decimal != "," and (quick := _plain_numbers(texts)) is not None:
        value, missing = quick
        nothing = np.zeros(rows, dtype=bool)
        return Amounts(value[codes], missing[codes], nothing, np.full(rows, ""))
    if decimal != "." and (quick := _comma_numbers(texts)) is not None:
        value, missing = quick
        said = [] if decimal else [f"The {what} are read with a decimal comma."]
        nothing = np.zeros(rows, dtype=bool)
        return Amounts(value[codes], missing[codes], nothing, np.full(rows, ""), said)
    weights = np.bincount(codes, minlength=len(texts))
    found = _parse_texts(texts.tolist(), weights, decimal, what)
    return Amounts(
        found.value[codes],
        found.missing[codes],
        found.unclear[codes],
        found.currency[codes],
        found.notes,
    )


def _bounded(value: np.ndarray) -> np.ndarray:
    """Turn the infinite and the absurd into unreadable: one such cell would drown all sums."""
    with np.errstate(invalid="ignore"):
        return np.where(np.abs(value) < _TOO_LARGE, value, np.nan)


def _plain_numbers(texts: pd.Series) -> tuple[np.ndarray, np.ndarray] | None:
    """Read texts at C speed when all of them are plain numbers with a decimal point; else None."""
    missing = (texts == "").to_numpy()
    filled = texts[~missing]
    if not filled.str.fullmatch(r"-?[0-9]+(?:\.[0-9]+)?").all():
        return None
    pointed = filled[filled.str.contains(".", regex=False)]
    # 1.234 everywhere could be a thousand and more: that is for the slow way, which says so.
    if len(pointed) and pointed.str.fullmatch(r"-?[1-9][0-9]{0,2}\.[0-9]{3}").all():
        return None
    value = np.full(len(texts), np.nan)
    value[~missing] = pd.to_numeric(filled).to_numpy(dtype="float64")
    return _bounded(value), missing


def _comma_numbers(texts: pd.Series) -> tuple[np.ndarray, np.ndarray] | None:
    """Read texts at C speed when all are plain numbers, and one comma is surely a decimal one."""
    missing = (texts == "").to_numpy()
    filled = texts[~missing]
    if not filled.str.fullmatch(r"-?[0-9]{1,12}(?:,[0-9]{1,12})?").all():
        return None
    # 1,234 may be a thousand and more; 12,5 and 12345,678 and 0,123 may not.
    marked = filled[filled.str.contains(",", regex=False)]
    if not len(marked) or marked.str.fullmatch(r"-?[1-9][0-9]{0,2},[0-9]{3}").all():
        return None
    value = np.full(len(texts), np.nan)
    pointed = filled.str.replace(",", ".", regex=False)
    value[~missing] = pd.to_numeric(pointed).to_numpy(dtype="float64")
    return _bounded(value), missing


def _mixed(values: pd.Series, decimal: str | None, what: str) -> Amounts:
    """Read cells of different types: a spreadsheet's numbers stand beside its texts."""
    cells = values.astype("object").to_numpy()
    number = np.fromiter((_is_number(cell) for cell in cells), dtype=bool, count=len(cells))
    text = pd.Series(
        ["" if n or _is_nothing(c) else str(c) for c, n in zip(cells, number, strict=True)],
        dtype="str",
    )
    found = parse_amounts(text, decimal=decimal, what=what)
    if number.any():
        value = np.array([_as_float(cell) for cell in cells[number]])
        found.value[number] = _bounded(value)
        found.missing[number] = np.isnan(value)
    return found


def _is_number(cell: Any) -> bool:
    import decimal as dec

    return isinstance(cell, (int, float, np.integer, np.floating, dec.Decimal)) and not isinstance(
        cell, bool
    )


def _as_float(cell: Any) -> float:
    try:
        return float(cell)
    except (OverflowError, ValueError):
        return float("inf")


def _is_nothing(cell: Any) -> bool:
    return cell is None or cell is pd.NA or cell is pd.NaT


def _parse_texts(texts: list[str], weights: np.ndarray, decimal: str | None, what: str) -> Amounts:
    size = len(texts)
    missing = np.zeros(size, dtype=bool)
    as_point, as_comma = np.full(size, np.nan), np.full(size, np.nan)
    currency = np.full(size, "", dtype=object)
    for i, text in enumerate(texts):
        clean = unforced(unicodedata.normalize("NFKC", unforced(text))).casefold()
        if clean in NOTHING:
            missing[i] = True
        else:
            as_point[i], as_comma[i], currency[i] = _read_one(clean)
    notes: list[str] = []
    unclear = np.zeros(size, dtype=bool)
    only_point, only_comma = (
        ~np.isnan(as_point) & np.isnan(as_comma),
        np.isnan(as_point) & ~np.isnan(as_comma),
    )
    both = ~np.isnan(as_point) & ~np.isnan(as_comma) & (as_point != as_comma)
    points, commas, open_ = (int(weights[mask].sum()) for mask in (only_point, only_comma, both))
    if decimal == ".":
        value = as_point
    elif decimal == ",":
        value = as_comma
    elif points and commas:
        value = np.where(np.isnan(as_point), as_comma, as_point)
        few, many = sorted((points, commas))
        note = f"{points:,} {what} have a decimal point and {commas:,} a decimal comma; each was read in its own way."
        if open_ and few > _STRAY * many:
            value[both], unclear[both] = np.nan, True
            note += f" {open_:,} could be either and are set aside (decimal=... decides)."
        elif open_:
            value[both] = (as_point if points > commas else as_comma)[both]
            note += f" {open_:,} that could be either follow the many."
        notes.append(note)
    elif commas:
        value = as_comma
        notes.append(f"The {what} are read with a decimal comma.")
    else:
        value = as_point
        if open_ and not points:
            first = int(np.flatnonzero(both)[0])
            notes.append(
                f"WARNING: {texts[first]!r} is read as {as_point[first]:,g}, and {counted(open_, 'cell')} of that kind "
                f"as well; nothing in the file says which is right. If it means {as_comma[first]:,g}, say decimal=','; decimal='.' "
                "takes this warning away."
            )
    return Amounts(_bounded(value), missing, unclear, currency, notes)


#: Dashes that mean minus, and the apostrophe between thousands.
_DASHES = str.maketrans("−–—‐‑﹣", "------") | {ord("’"): "'", ord("‘"): "'"}
#: "US $12": half of the sign stands apart.
_HALF_SIGN = re.compile(r"\b(us|au|ca?|nz|hk|sg?|nt|mex|mx|r|a|cl|co|ar)\s+\$")


def _one_of_two(first: str, second: str | None) -> str:
    """Two currency words in one cell: the exact one where they agree ("$12.00 USD"), else ''."""
    if second is None or first == second:
        return first if second else ""
    if second in SHARED_SIGNS.get(first, ()):
        return second
    return first if first in SHARED_SIGNS.get(second, ()) else ""


def _read_one(text: str) -> tuple[float, float, str]:
    """Read one amount twice, with a decimal point and with a decimal comma; NaN where that cannot be."""
    unreadable = (float("nan"), float("nan"), "")
    if len(text) > 60:
        return unreadable
    if _SCIENTIFIC.fullmatch(text):
        value = float(text.replace(",", "."))
        return value, value, ""
    text = _HALF_SIGN.sub(r"\1$", text.translate(_DASHES)).strip('"“”')
    text = re.sub(r"\s*[/:]\s*[-=]+$", "", html.unescape(text))  # "500/-", "120:-": no cents
    text = re.sub(
        r"\(?(?:税込み?|税抜き?|含税|inkl?\.?\s*mwst\.?|incl\.?\s*vat)\)?$", "", text
    ).strip()
    currency = ""
    for word in _WORD.findall(text):
        known = CURRENCIES.get(word)
        currency = known if known and not currency else _one_of_two(currency, known)
        if not currency:
            return unreadable
        text = re.sub(
            re.escape(word) + (r"\.?" if word.isalpha() else ""), " ", text, count=1
        )  # Rs.500
    text = re.sub(r"([.,])\s*-+$", r"\1", text.strip())  # "12,-" is twelve, not minus twelve
    bracketed = re.fullmatch(r"-?\s*\((.*)\)", text)
    text = (bracketed.group(1) if bracketed else text).strip()
    signed = re.fullmatch(r"([-+])\s*(.+)|(.+?)\s*(-)", text)
    if signed:
        text = (signed.group(2) or signed.group(3)).strip()
    negative = bracketed is not None or (
        signed is not None and "-" in (signed.group(1), signed.group(4))
    )
    sign = -1.0 if negative else 1.0
    # Thousands marked by blanks or apostrophes: the one mark left is the decimal one.
    if spaced := re.fullmatch(r"(\d{1,3}(?:[ ']\d{3})+)(?:([.,])(\d*))?", text):
        whole, mark, cents = spaced.groups()
        value = sign * float(re.sub(r"[ ']", "", whole) + "." + (cents or "0"))
        return (
            (float("nan") if mark == "," else value),
            (float("nan") if mark == "." else value),
            currency,
        )
    point = sign * float(text.replace(",", "")) if _POINT.fullmatch(text) else float("nan")
    comma = (
        sign * float(text.replace(".", "").replace(",", "."))
        if _COMMA.fullmatch(text)
        else float("nan")
    )
    return point, comma, currency
