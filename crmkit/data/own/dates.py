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

from crmkit.data.own.cells import NOTHING, as_text, counted, unforced
from crmkit.data.own.errors import BadOption

#: Days that programs write when they know none.
PLACEHOLDERS = frozenset(
    dt.date(*day)
    for day in ((1, 1, 1), (1753, 1, 1), (1899, 12, 30), (1899, 12, 31), (1900, 1, 1), (1970, 1, 1))
) | {dt.date(9999, 12, 31)}

#: Month names without accents: English, German, French, Spanish, Italian, Portuguese, Dutch, Polish.
_MONTHS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "january januar janvier enero gennaio janeiro januari stycznia styczen janner",
            "february februar fevrier febrero febbraio fevereiro februari lutego luty feber",
            "march marz maerz mars marzo marco maart marca marzec mrz mrt",
            "april avril abril aprile kwietnia kwiecien",
            "may mai mayo maggio maio mei maja maj",
            "june juni juin junio giugno junho czerwca czerwiec",
            "july juli juillet julio luglio julho lipca lipiec",
            "august aout agosto augustus sierpnia sierpien",
            "september septembre septiembre settembre setembro wrzesnia wrzesien setiembre",
            "october oktober octobre octubre ottobre outubro pazdziernika pazdziernik",
            "november novembre noviembre novembro listopada listopad",
            "december dezember decembre diciembre dicembre dezembro grudnia grudzien",
        ),
        1,
    )
    for name in names.split()
}


def month_number(name: str) -> int | None:
    """Number a month by its name, whole or cut short, in any of the languages; None where none or two fit.

    Examples
    --------
    >>> month_number("mär"), month_number("févr"), month_number("juil"), month_number("jui"), month_number("x")
    (3, 2, 7, None, None)
    """
    plain = unicodedata.normalize("NFKD", name.replace("ł", "l"))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    if plain in _MONTHS:
        return _MONTHS[plain]
    fits = {number for month, number in _MONTHS.items() if month.startswith(plain)}
    return fits.pop() if len(plain) >= 3 and len(fits) == 1 else None


#: Zones by name, in seconds east of UTC. CST and IST mean several zones: see :func:`_ambiguous_zone`.
_ZONES = {
    name: round(hours * 3600)
    for hours, names in (
        (-10, "hst"), (-8, "pst akdt"), (-7, "pdt mst"), (-6, "mdt cst"), (-5, "est cdt"), (-4, "edt ast"),
        (-3, "brt art adt"), (0, "z utc gmt wet ut"), (1, "cet mez bst west wat"), (2, "cest mesz eet sast cat"),
        (3, "eest msk trt eat"), (4, "gst"), (5, "pkt"), (5.5, "ist"), (7, "ict wib"), (8, "hkt sgt awst pht myt"),
        (9, "jst kst"), (9.5, "acst"), (10, "aest"), (10.5, "acdt"), (11, "aedt"), (12, "nzst"), (13, "nzdt"),
    )
    for name in names.split()
}  # fmt: skip
_SEVERAL_ZONES = {
    "cst": "US Central or China",
    "ist": "India, Ireland or Israel",
    "bst": "Britain or Bangladesh",
}

#: Up to this share of dates that contradict all others are slips, set aside; more, and the column is a mixture.
_STRAY = 0.05

#: From so many distinct texts on, the quick ways are worth their set-up.
_MANY = 2000

_GAP = r"[-/.\s_]"
_NUMBERS = re.compile(
    rf"(\d{{1,4}})\s*({_GAP})\s*(\d{{1,2}})\s*{_GAP}\s*(\d{{1,4}})(?!\d)(.*)", re.S
)
_NAME = r"([^\W\d_]{3,12})"
_DAY_NAME = re.compile(
    rf"(\d{{1,2}})(?:st|nd|rd|th|er|º|ª)?{_GAP}*(?:de\s+)?{_NAME}\.?,?{_GAP}*(?:del?\s+)?(\d{{4}}|\d{{2}})(?!\d)(.*)",
    re.S,
)
_NAME_DAY = re.compile(
    rf"{_NAME}\.?{_GAP}*(\d{{1,2}})(?:st|nd|rd|th)?,?{_GAP}+(\d{{4}}|\d{{2}})(?![\d:])(.*)", re.S
)
_YEAR_NAME = re.compile(rf"(\d{{4}}){_GAP}*{_NAME}\.?{_GAP}*(\d{{1,2}})(?!\d)(.*)", re.S)
_COMPACT = re.compile(r"(\d{8})[t\s-](\d{2}):?(\d{2}):?(\d{2})?(?:\.\d+)?(z)?")
#: Words around a time of day: "um 10:30 Uhr", "a las 10:30 hs.", "à 10:30".
_CLOCK_WORDS = re.compile(
    r"^[\s,]*(?:um|at|à|a\s+las|alle|om|o\s+godz\.?)\s+|\s*\b(?:uhr|hs?\.?|hrs\.?|uur|ore)\s*$"
)
#: Japanese eras -> the year before their first.
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925}
_WEEKDAY = re.compile(r"(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so)[a-z]*\.?,?\s+")
_TIME = re.compile(
    r"[t,\s]*(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,]\d*)?)?:?\s*([ap])?\.?m?\.?\s*"
    r"(z|utc|gmt|[a-z]{2,5}|(?:utc|gmt)?\s*[+-]\d{1,2}:?\d{2}|(?:utc|gmt)?\s*[+-]\d{1,2})?\s*(?:\[[^\]]*\])?(?:\([^)]*\))?\s*"
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
    texts.attrs = dict(values.attrs)  # whether a workbook counts its days from 1904
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
    at = texts.str.find(" ")
    place = int(at.iloc[0])
    if place > 0 and (at == place).all():  # a blank in the same place everywhere: cut there
        day_codes, days = pd.factorize(texts.str.slice(0, place))
        time_codes, times = pd.factorize(texts.str.slice(place + 1))
        if any(re.search(r"[\sT]", day) for day in days) or any(
            re.search(r"\s|^$", t) for t in times
        ):
            return None
    else:
        parts = texts.str.extract(r"^(\S+?)(?:[ T](\S+))?$")
        day_codes, days = pd.factorize(parts[0])
        time_codes, times = pd.factorize(parts[1].fillna(""))
    if (day_codes < 0).any() or len(days) + len(times) > len(texts):
        return None
    read = [_time_of(text.lower()) if text else (0, None) for text in times]
    if any(time is None or time[1] is not None for time in read):
        return None
    days_read = pd.Series(days, dtype="str")
    days_read.attrs = dict(texts.attrs)
    day_weights = np.bincount(day_codes, weights=weights, minlength=len(days)).astype(np.int64)
    moments, missing, unclear, notes = _parse_texts(
        days_read, day_weights, dayfirst, zone, timezone
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
    since_1904 = bool(texts.attrs.get("date_1904"))
    names_seen: dict[str, int] = {}
    for i in np.flatnonzero(left).tolist():
        text = unforced(unicodedata.normalize("NFKC", unforced(listed[i]))).lower()
        if text in NOTHING:
            missing[i] = True
        elif number := _from_number(text, zone, since_1904):
            kind, moments[i] = number
            numbers[kind] = numbers.get(kind, 0) + int(weights[i])
        elif (moment := _from_text(text)) is not None:
            written[i] = moment
            if (name := _zone_name(text)) in _SEVERAL_ZONES or (name and name not in _ZONES):
                names_seen[name] = names_seen.get(name, 0) + int(weights[i])
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
    if zone is not None:
        notes += _zone_names_note(names_seen)
        if not zoned and not any("UTC" in kind for kind in numbers):
            notes.append(
                f"timezone={timezone!r} changes nothing: no time in the file carries a zone."
            )
    notes += _half_swapped_note(moments, written, weights)
    return moments, missing, unclear, notes


def _zone_name(text: str) -> str:
    """The name of a zone that stands behind a time of day, '' where there is none."""
    name = re.search(r"\d\s*(?:[ap]\.?m\.?)?\s*([a-z]{2,5})$", text)
    return name.group(1) if name and ":" in text and name.group(1) not in ("am", "pm") else ""


def _zone_names_note(seen: dict[str, int]) -> list[str]:
    notes = []
    for name, rows in seen.items():
        if name in _SEVERAL_ZONES:
            hours = _ZONES[name] / 3600
            notes.append(
                f"WARNING: {counted(rows, 'time')} in {name.upper()}, which may be {_SEVERAL_ZONES[name]}. It was "
                f"taken as UTC{hours:+g}. If it is another one, leave timezone out: then the date is the one written."
            )
        else:
            notes.append(
                f"WARNING: {counted(rows, 'time')} in {name.upper()}, a zone that is not known here: "
                "the date is the one written."
            )
    return notes


def _from_number(
    text: str, zone: Any = None, since_1904: bool = False
) -> tuple[str, np.datetime64] | None:
    """Read a date that is written as one number."""
    if compact := _COMPACT.fullmatch(text):
        day, hour, minute, second, universal = compact.groups()
        try:
            moment = dt.datetime.strptime(day + hour + minute + (second or "00"), "%Y%m%d%H%M%S")
        except ValueError:
            return None
        if universal and zone is not None:
            moment = moment.replace(tzinfo=dt.UTC).astimezone(zone).replace(tzinfo=None)
        return "written as year, month, day without a mark (20240305)", np.datetime64(moment, "us")
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
            start = "1904-01-01" if since_1904 else "1899-12-30"
            moment64 = np.datetime64(start, "us") + np.timedelta64(round(days * 86_400), "s")
            if since_1904:
                return (
                    "day numbers of a workbook that counts from 1904 (43894 is 2024-03-05)",
                    moment64,
                )
            return "a spreadsheet's day numbers (45356 is 2024-03-05)", moment64
    if re.fullmatch(r"\d{10}(?:\.\d+)?|\d{13}|\d{16}|\d{19}", text):
        whole = text.split(".")[0]
        seconds = int(whole) // 10 ** (len(whole) - 10)
        moment = dt.datetime(1970, 1, 1) + dt.timedelta(seconds=seconds)
        if zone is not None:
            moment = moment.replace(tzinfo=dt.UTC).astimezone(zone).replace(tzinfo=None)
            return (
                "seconds since 1970 in UTC (the date is the one in the zone asked for)",
                np.datetime64(moment, "us"),
            )
        return (
            "seconds since 1970 (taken as UTC; timezone=... takes the date elsewhere)",
            np.datetime64(moment, "us"),
        )
    return None


def _from_text(text: str) -> _Moment | None:
    """Read the numbers of a written date."""
    if not text.isascii():
        text = re.sub(r"(令和|平成|昭和)\s*(\d{1,2}|元)\s*年", _western_year, text)
        text = re.sub(r"[日月火水木金土]曜日?|\([日月火水木金土一二三四五六]\)", " ", text)
        text = re.sub(r"年|月|년\s*|월\s*", "-", text).replace("일", " ")
        text = re.sub(r"午後|오후", "下午", text).replace("午前", "上午").replace("오전", "上午")
        text = re.sub(r"[年月]", "-", text).replace("日", " ").replace("号", " ")
        text = re.sub(r"(星期|周|礼拜)[一二三四五六天日]?", " ", text)
        text = (
            re.sub(r"[时時点分]", ":", text).replace("秒", "").replace("−", "-").replace("–", "-")
        )
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
    text = _without_weekday(text) if text[:1].isalpha() else text
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
        if (month := month_number(name)) is None:
            return None
        order, first, second, third = "dmy", int(a), month, int(c)
        third += 0 if len(c) == 4 else 2000 if third < 69 else 1900
    elif match := _NAME_DAY.fullmatch(text):
        name, b, c, rest = match.groups()
        if (month := month_number(name)) is None:
            return None
        order, first, second, third = "dmy", int(b), month, int(c)
        third += 0 if len(c) == 4 else 2000 if third < 69 else 1900
    elif match := _YEAR_NAME.fullmatch(text):
        a, name, b, rest = match.groups()
        if (month := month_number(name)) is None:
            return None
        order, first, second, third = "ymd", int(a), month, int(b)
    else:
        return None
    if first == 0 or second == 0 or (order == "ymd" and third == 0):
        return None  # 00/03/2024 is no day in either order
    rest = _CLOCK_WORDS.sub(" ", re.sub(r"(\d)\s*h\s*(\d{2})", r"\1:\2", rest))
    time = _time_of(rest) if rest.strip(" ,t") else (0, None)
    if time is None:
        return None
    seconds, offset = time
    return _Moment(order, first, second, third, seconds, offset, short_year)


def _western_year(era: re.Match[str]) -> str:
    name, year = era.groups()
    return f"{_ERAS[name] + (1 if year == '元' else int(year))}年"


def _without_weekday(text: str) -> str:
    """Take a weekday off the beginning: the English and German ones, and any word before a day and a month's name."""
    shorter = re.sub(r"^[^\W\d_]{2,10}\.?,?\s+", "", text, count=1)
    match = _DAY_NAME.fullmatch(shorter)
    if match and month_number(match.group(2)) is not None:
        return shorter  # "mar. 5 mars 2024"; "mar 5, 2024" is no such thing
    return _WEEKDAY.sub("", text, count=1)


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
    """Seconds east of UTC; None where no zone stands, or one whose name is not known."""
    if not text:
        return None
    digits = re.search(r"([+-])(\d{1,2}):?(\d{2})?$", text)
    if digits:
        sign, hours, minutes = digits.groups()
        return (1 if sign == "+" else -1) * (int(hours) * 3600 + int(minutes or 0) * 60)
    return _ZONES.get(text)


def _day_or_month_first(
    written: dict[int, _Moment], weights: np.ndarray, dayfirst: bool | None
) -> tuple[bool, bool, str]:
    """Decide for the whole column whether the day stands first.

    Returns
    -------
    day_first : bool
    torn : bool
        The column has signs of both: what could be either must not be guessed.
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
