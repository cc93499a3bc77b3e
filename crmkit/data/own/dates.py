"""Dates as people and programs write them.

Years first, days first, months first, month names, Chinese dates, times of day and time zones, a spreadsheet's
day numbers, and seconds since 1970. What cannot be told (is 01/02/2024 in January or in February?) is not guessed
in silence: it is decided for the whole column where one value gives it away, and said in a note where none does.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from calendar import month_name
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from crmkit.data.own.cells import NOTHING, as_text, counted
from crmkit.data.own.errors import BadOption

#: Days that programs write when they know none.
PLACEHOLDERS = frozenset(
    dt.date(*day)
    for day in ((1, 1, 1), (1753, 1, 1), (1899, 12, 30), (1899, 12, 31), (1900, 1, 1), (1970, 1, 1))
) | {dt.date(9999, 12, 31)}

_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
_MONTHS |= {"mär": 3, "mrz": 3, "mai": 5, "okt": 10, "dez": 12}

#: Up to this share of dates that speak against all others are slips, set aside; more, and the column is a mixture.
_STRAY = 0.05

#: From so many distinct texts on, the quick ways are worth their set-up.
_MANY = 2000

_GAP = r"[-/.\s_]"
_NUMBERS = re.compile(
    rf"(\d{{1,4}})\s*({_GAP})\s*(\d{{1,2}})\s*{_GAP}\s*(\d{{1,4}})(?!\d)(.*)", re.S
)
_DAY_NAME = re.compile(
    rf"(\d{{1,2}})(?:st|nd|rd|th)?{_GAP}*([a-zä]{{3,9}})\.?,?{_GAP}*(\d{{4}}|\d{{2}})(?!\d)(.*)",
    re.S,
)
_NAME_DAY = re.compile(
    rf"([a-zä]{{3,9}})\.?{_GAP}*(\d{{1,2}})(?:st|nd|rd|th)?,?{_GAP}+(\d{{4}})(?!\d)(.*)", re.S
)
_WEEKDAY = re.compile(r"(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so)[a-z]*\.?,?\s+")
_TIME = re.compile(
    r"[t,\s]*(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,]\d*)?)?:?\s*([ap])?\.?m?\.?\s*"
    r"(z|utc|gmt|[a-z]{3,4}|(?:utc|gmt)?\s*[+-]\d{1,2}:?\d{2}|(?:utc|gmt)?\s*[+-]\d{1,2})?\s*(?:\[[^\]]*\])?(?:\([^)]*\))?\s*"
)


class _Moment(NamedTuple):
    """One written date, its three numbers not yet told apart when ``order`` is '?'."""

    order: str  # "ymd", "dmy", "d.m.y" (day first unless the reader says no), or "?" for day first or month first
    a: int
    b: int
    c: int
    seconds: int  # since midnight
    offset: int | None  # seconds east of UTC
    short_year: bool = False  # the last number is a year of two digits, or the first one is


@dataclass
class Dates:
    """A column of dates: ``day`` (midnight, NaT where unreadable), ``moment`` (with the time), ``missing``."""

    day: pd.Series
    moment: pd.Series
    missing: np.ndarray
    unclear: np.ndarray
    timed: bool = False
    notes: list[str] = field(default_factory=list)


def parse_dates(
    values: pd.Series, *, dayfirst: bool | None = None, timezone: str | None = None
) -> Dates:
    """Read a column of dates.

    Parameters
    ----------
    values : Series
        Text, dates, numbers, or a mixture.
    dayfirst : bool, optional
        Whether 01/02/2024 is the 1st of February. None: found out from the column, and said.
    timezone : str, optional
        The zone in which to take the date of a time that carries a zone; None takes the date as written.

    Returns
    -------
    Dates

    Examples
    --------
    >>> dates = parse_dates(pd.Series(["2024年3月5日", "5.3.2024 18:30", "45356", "soon", ""]))
    >>> dates.day.dt.strftime("%Y-%m-%d").tolist()
    ['2024-03-05', '2024-03-05', '2024-03-05', nan, nan]
    >>> dates.missing.tolist()
    [False, False, False, False, True]
    """
    zone = _zone(timezone)
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        values = values.dt.tz_convert(zone) if zone else values
        return _from_datetime(
            values.dt.tz_localize(None), ["Times carry a zone; " + _zone_words(timezone)]
        )
    if pd.api.types.is_datetime64_dtype(values.dtype):
        return _from_datetime(values, [])
    codes, uniques = pd.factorize(as_text(values))
    texts = pd.Series(uniques, dtype="str")
    weights = np.bincount(codes, minlength=len(texts))
    found = _parse_apart(texts, weights, dayfirst, zone, timezone) if len(texts) > _MANY else None
    moments, missing, unclear, notes = found or _parse_texts(
        texts, weights, dayfirst, zone, timezone
    )
    moment = pd.Series(moments[codes], index=values.index)
    return Dates(
        day=moment.dt.normalize(),
        moment=moment,
        missing=missing[codes],
        unclear=unclear[codes],
        timed=bool((moment.dropna() != moment.dropna().dt.normalize()).any()),
        notes=notes,
    )


def _zone(timezone: str | None) -> Any:
    if timezone is None:
        return None
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(timezone)
    except Exception as error:  # the key may be a folder, a number, unknown ...
        raise BadOption(
            f"timezone={timezone!r} is not known. Write it like 'Europe/London'."
        ) from error


def _zone_words(timezone: str | None) -> str:
    if timezone:
        return f"the date is the one in {timezone}."
    return "the date is the one written (timezone=... takes it elsewhere)."


def _from_datetime(values: pd.Series, notes: list[str]) -> Dates:
    moment = values.astype("datetime64[us]")
    missing = moment.isna().to_numpy()
    day = moment.dt.normalize()
    timed = bool((moment[~missing] != day[~missing]).any())
    return Dates(day, moment, missing, np.zeros(len(values), dtype=bool), timed, notes)


def _parse_apart(
    texts: pd.Series, weights: np.ndarray, dayfirst: bool | None, zone: Any, timezone: str | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray, list[str]] | None:
    """Read days and times of day apart: of a million moments there are few days and few times.

    None where the texts are not a day, a blank (or T) and a plain time.
    """
    parts = texts.str.extract(r"^(\S+?)(?:[ T](\S+))?$")
    day_codes, days = pd.factorize(parts[0])
    time_codes, times = pd.factorize(parts[1].fillna(""))
    if (day_codes < 0).any() or len(days) + len(times) > len(texts):
        return None
    read = [_time_of(text.lower()) if text else (0, None) for text in times]
    if any(time is None or time[1] is not None for time in read):
        return None
    day_weights = np.bincount(day_codes, weights=weights, minlength=len(days)).astype(np.int64)
    moments, missing, unclear, notes = _parse_texts(
        pd.Series(days, dtype="str"), day_weights, dayfirst, zone, timezone
    )
    seconds = np.array([time[0] for time in read if time], dtype="timedelta64[s]")
    return moments[day_codes] + seconds[time_codes], missing[day_codes], unclear[day_codes], notes


def _parse_texts(
    texts: pd.Series, weights: np.ndarray, dayfirst: bool | None, zone: Any, timezone: str | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray, list[str]]:
    """Read distinct texts; returns moments, what is missing, what is unclear, and notes."""
    moments = np.full(len(texts), np.datetime64("NaT"), dtype="datetime64[us]")
    left = np.ones(len(texts), dtype=bool)
    if len(texts) > _MANY and not zone:  # the formats of most programs, at C speed
        for form in (
            "%Y-%m-%d",
            "%Y-%m-%d %H:%M:%S",
            "%Y-%m-%dT%H:%M:%S",
            "%Y-%m-%d %H:%M",
            "%Y/%m/%d",
        ):
            if not left.any():
                break
            # strptime takes 2024-1-5 but not blanks: what it leaves goes the slow way.
            quick = pd.to_datetime(texts[left], format=form, errors="coerce").to_numpy(
                dtype="datetime64[us]"
            )
            moments[left] = quick
            left = np.isnat(moments)
    missing = np.zeros(len(texts), dtype=bool)
    unclear = np.zeros(len(texts), dtype=bool)
    written: dict[int, _Moment] = {}
    numbers: dict[str, int] = {}
    listed = texts.tolist()
    for i in np.flatnonzero(left).tolist():
        text = unicodedata.normalize("NFKC", listed[i]).strip().lower()
        if text in NOTHING:
            missing[i] = True
        elif number := _from_number(text):
            kind, moments[i] = number
            numbers[kind] = numbers.get(kind, 0) + int(weights[i])
        elif (moment := _from_text(text)) is not None:
            written[i] = moment
    notes = [
        f"{counted(rows, 'date')} {'is' if rows == 1 else 'are'} {kind}."
        for kind, rows in numbers.items()
    ]
    if dayfirst is False:
        written = {
            i: m._replace(order="?") if m.order == "d.m.y" else m for i, m in written.items()
        }
    day_first, torn, note = _day_or_month_first(written, weights, dayfirst)
    notes += [note] if note else []
    notes += _year_first_note(written) if dayfirst is None else []
    zoned = False
    for i, moment in written.items():
        zoned |= moment.offset is not None
        if (
            torn
            and moment.order == "?"
            and moment.a <= 12
            and moment.b <= 12
            and moment.a != moment.b
        ):
            unclear[i] = True
        else:
            moments[i] = _build(moment, moment.b <= 12 if torn else day_first, zone)
    if zoned:
        notes.append("Times carry a zone; " + _zone_words(timezone))
    notes += _half_swapped_note(moments, written, weights)
    return moments, missing, unclear, notes


def _from_number(text: str) -> tuple[str, np.datetime64] | None:
    """Read a date that is written as one number."""
    if re.fullmatch(r"\d{8}|\d{12}|\d{14}", text):
        try:
            moment = dt.datetime.strptime(text.ljust(14, "0"), "%Y%m%d%H%M%S")
        except ValueError:
            return None
        return (
            ("written as year, month, day without a mark (20240305)", np.datetime64(moment, "us"))
            if moment.year > 1900
            else None
        )
    if re.fullmatch(r"\d{5}(?:[.,]\d+)?", text):
        days = float(text.replace(",", "."))
        if 20_000 <= days < 80_000:  # 1954 to 2119
            moment64 = np.datetime64("1899-12-30", "us") + np.timedelta64(round(days * 86_400), "s")
            return "a spreadsheet's day numbers (45356 is 2024-03-05)", moment64
    if re.fullmatch(r"\d{10}(?:\.\d+)?|\d{13}", text):
        seconds = float(text) / (1000 if len(text) == 13 else 1)
        return "seconds since 1970 (taken as UTC)", np.datetime64(0, "us") + np.timedelta64(
            int(seconds), "s"
        )
    return None


def _from_text(text: str) -> _Moment | None:
    """Read the numbers of a written date."""
    if not text.isascii():
        text = re.sub(r"[年月]", "-", text).replace("日", " ").replace("号", " ")
        text = re.sub(r"(星期|周|礼拜)[一二三四五六天日]?", " ", text)
        text = re.sub(r"[时点分]", ":", text).replace("秒", "").replace("−", "-").replace("–", "-")
        half = (
            "p"
            if re.search(r"下午|晚上|傍晚", text)
            else "a"
            if re.search(r"上午|早上|凌晨", text)
            else ""
        )
        text = re.sub(r"下午|晚上|傍晚|上午|早上|凌晨", " ", text).strip().rstrip(":") + (
            f" {half}m" if half else ""
        )
    text = _WEEKDAY.sub("", text, count=1) if text[:1].isalpha() else text
    short_year = False
    if match := _NUMBERS.fullmatch(text):
        a, gap, b, c, rest = match.groups()
        if len(a) == 4:
            order = "ymd"
            if len(c) > 2:
                return None
        elif len(c) == 4 or len(c) == 2:
            order = "d.m.y" if gap == "." else "?"
            if len(a) > 2:
                return None
        else:
            return None
        first, second, third = int(a), int(b), int(c)
        if order != "ymd" and len(c) == 2:
            third += 2000 if third < 69 else 1900
            short_year = True
    elif match := _DAY_NAME.fullmatch(text):
        a, name, c, rest = match.groups()
        if name[:3] not in _MONTHS:
            return None
        order, first, second, third = "dmy", int(a), _MONTHS[name[:3]], int(c)
        third += 0 if len(c) == 4 else 2000 if third < 69 else 1900
    elif match := _NAME_DAY.fullmatch(text):
        name, b, c, rest = match.groups()
        if name[:3] not in _MONTHS:
            return None
        order, first, second, third = "dmy", int(b), _MONTHS[name[:3]], int(c)
    else:
        return None
    time = _time_of(rest) if rest.strip(" ,t") else (0, None)
    if time is None:
        return None
    seconds, offset = time
    return _Moment(order, first, second, third, seconds, offset, short_year)


def _time_of(text: str) -> tuple[int, int | None] | None:
    """Seconds since midnight and seconds east of UTC (None: no zone); None when it is no time."""
    time = _TIME.fullmatch(text)
    if not time:
        return None
    hour, minute, second = (int(part or 0) for part in time.groups()[:3])
    if time[4] and hour <= 12:
        hour = hour % 12 + (12 if time[4] == "p" else 0)
    if hour > 23 or minute > 59 or second > 60:
        return None
    return hour * 3600 + minute * 60 + min(second, 59), _offset(time[5])


def _offset(text: str | None) -> int | None:
    """Seconds east of UTC; None where no zone stands (names such as EST are left as written)."""
    if not text:
        return None
    digits = re.search(r"([+-])(\d{1,2}):?(\d{2})?$", text)
    if digits:
        sign, hours, minutes = digits.groups()
        return (1 if sign == "+" else -1) * (int(hours) * 3600 + int(minutes or 0) * 60)
    return 0 if text in ("z", "utc", "gmt") else None


def _day_or_month_first(
    written: dict[int, _Moment], weights: np.ndarray, dayfirst: bool | None
) -> tuple[bool, bool, str]:
    """Decide for the whole column whether the day stands first.

    Returns
    -------
    day_first : bool
    torn : bool
        The column speaks for both: what could be either must not be guessed.
    note : str
    """
    open_ = {i: moment for i, moment in written.items() if moment.order == "?"}
    if dayfirst is not None or not open_:
        return dayfirst is not False, False, ""
    days = sum(int(weights[i]) for i, m in open_.items() if m.a > 12 >= m.b)
    months = sum(int(weights[i]) for i, m in open_.items() if m.b > 12 >= m.a)
    either = [i for i, m in open_.items() if m.a <= 12 and m.b <= 12 and m.a != m.b]
    rows = sum(int(weights[i]) for i in either)
    few, many = sorted((days, months))
    name, other = ("day", "month") if days >= months else ("month", "day")
    if few > _STRAY * many:
        note = f"{counted(days, 'date')} can only be day first, {counted(months, 'date')} only month first"
        if not rows:
            return True, True, note + "; each was read in its own way."
        return (
            True,
            True,
            note + f"; {rows:,} could be either and are set aside (dayfirst=... decides).",
        )
    if many:
        note = f"Dates are read {name} first, not {other} first: {counted(many, 'date')} can be nothing else"
        note += f", against {few:,} that can only be {other} first and set aside." if few else "."
        return name == "day", False, note if rows or few else ""
    if not rows:
        return True, False, ""
    first = open_[either[0]]
    return (
        True,
        False,
        f"WARNING: nothing in the file tells whether {first.a:02}/{first.b:02}/{first.c} is {first.a} "
        f"{month_name[first.b]} or {first.b} {month_name[first.a]}. It was read day first"
        + (f", and so were {counted(rows, 'date')} of that kind" if rows > 1 else "")
        + ". If the month stands first, say dayfirst=False; dayfirst=True takes this warning away.",
    )


def _year_first_note(written: dict[int, _Moment]) -> list[str]:
    """Warn of 24-03-25 where the first number looks like the year: it varies less than the last one."""
    short = [m for m in written.values() if m.short_year and m.order == "?"]
    firsts, lasts = {m.a for m in short}, {m.c % 100 for m in short}
    months = all(m.b <= 12 and 1 <= m.c % 100 <= 31 for m in short)
    if not months or len(firsts) >= len(lasts):
        return []
    first = short[0]
    shown = f"{first.a:02}-{first.b:02}-{first.c % 100:02}"
    return [
        f"WARNING: years have two digits, and {shown} may have its year first. It was read with the year last, as "
        f"{first.c}. If the year stands first, write it with four digits, or make dates of the column before: "
        "pd.to_datetime(..., format='%y-%m-%d')."
    ]


def _half_swapped_note(
    moments: np.ndarray, written: dict[int, _Moment], weights: np.ndarray
) -> list[str]:
    """Warn of what a spreadsheet does that expects the other order of day and month.

    It takes 04/03/2024 for a date, with day and month swapped, and leaves 13/03/2024 as the text that it cannot be.
    """
    kept = {i for i, m in written.items() if m.order == "?"}
    if not kept or any(written[i].a <= 12 and written[i].b <= 12 for i in kept):
        return []
    taken = np.array([i for i in np.flatnonzero(~np.isnat(moments)) if i not in kept], dtype=int)
    days = (moments[taken].astype("datetime64[D]") - moments[taken].astype("datetime64[M]")).astype(
        int
    )
    # Of ten dates that nobody swapped, one in ten thousand times none has a day after the 12th.
    if len(taken) < 10 or (days >= 12).any():
        return []
    rows = int(weights[taken].sum())
    return [
        f"WARNING: {counted(rows, 'date')} of another form all lie on days 1 to 12, and those written with the day or "
        f"the month first ({', '.join(f'{written[i].a}/{written[i].b}' for i in sorted(kept)[:2])} ...) never do. A "
        "spreadsheet seems to have swapped day and month in the former. Export the dates again as text, year first."
    ]


def _build(moment: _Moment, day_first: bool, zone: Any) -> np.datetime64:
    """Make a date of three numbers; NaT when there is no such day."""
    a, b, c = moment.a, moment.b, moment.c
    if moment.order == "ymd":
        year, month, day = a, b, c
    else:
        day_first = day_first or moment.order in ("dmy", "d.m.y")
        year, month, day = (c, b, a) if day_first else (c, a, b)
    try:
        when = dt.datetime(year, month, day) + dt.timedelta(seconds=moment.seconds)
        if zone is not None and moment.offset is not None:
            east = dt.timezone(dt.timedelta(seconds=moment.offset))
            when = when.replace(tzinfo=east).astimezone(zone).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return np.datetime64("NaT", "us")
    return np.datetime64(when, "us")
