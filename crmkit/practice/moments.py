"""Moments: deadlines as a trainer types them, and whether one has come."""

from __future__ import annotations

import datetime as dt
import re

from crmkit.practice.roster import ClassError
from crmkit.say import say

_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def read_moment(typed: str, *, end_of_day: bool) -> dt.datetime:
    """Read a day, or a day and a time, with this computer's time zone if none is given.

    Parameters
    ----------
    typed
        ``2026-12-01``, ``2026-12-01 18:00`` or ``2026-12-01T18:00+08:00``.
    end_of_day
        Whether a bare day means its last second (a deadline) or its first (an opening).

    Raises
    ------
    ClassError
        It is written otherwise. Days and months the other way round are not guessed.

    Examples
    --------
    >>> read_moment("2026-12-01T18:00+08:00", end_of_day=True).isoformat()
    '2026-12-01T18:00:00+08:00'
    >>> read_moment("2026-12-01", end_of_day=True).strftime("%H:%M:%S")
    '23:59:59'
    """
    text = typed.strip()
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        raise ClassError(
            f"{typed!r} is no day: write it as 2026-12-01, or with a time as 2026-12-01 18:00."
        ) from None
    if end_of_day and _DAY.fullmatch(text):
        found = found.replace(hour=23, minute=59, second=59)
    return found if found.tzinfo else found.astimezone()


def now() -> dt.datetime:
    """Give the present moment, with this computer's time zone."""
    return dt.datetime.now().astimezone()


def has_come(setting: object) -> bool:
    """Tell whether what opens at a setting is open: "open", "closed", or the moment from which it is.

    Anything else keeps it closed: a file that somebody has spoilt opens nothing.

    Examples
    --------
    >>> has_come("open"), has_come("closed"), has_come("2020-01-01T00:00:00+00:00"), has_come(3)
    (True, False, True, False)
    """
    if setting == "open":
        return True
    try:
        return now() >= read_moment(str(setting), end_of_day=False)
    except ClassError:
        return False


def shown(moment: dt.datetime) -> str:
    """Write a moment to the minute, in this computer's time zone.

    Examples
    --------
    >>> shown(dt.datetime(2026, 12, 1, 18, 5))
    '2026-12-01 18:05'
    """
    return (moment.astimezone() if moment.tzinfo else moment).strftime("%Y-%m-%d %H:%M")


def lasted(span: dt.timedelta) -> str:
    """Say how long something is, in its two largest units.

    Examples
    --------
    >>> lasted(dt.timedelta(hours=26, minutes=5)), lasted(dt.timedelta(minutes=3)), lasted(dt.timedelta(seconds=9))
    ('1 d 2 h', '3 min', 'less than a minute')
    """
    minutes = int(span.total_seconds() // 60)
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days and hours:
        return say("{days} d {hours} h", days=days, hours=hours)
    if days:
        return say("{days} d", days=days)
    if hours and rest:
        return say("{hours} h {minutes} min", hours=hours, minutes=rest)
    if hours:
        return say("{hours} h", hours=hours)
    return say("{minutes} min", minutes=rest) if rest else say("less than a minute")
