"""When work was handed in: by the platform's table, by the name that the platform gave the file, else by the file.

``submitted/<id>/handed_in.json`` keeps it, because a copy has another time than what it was copied from.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crmkit.practice.manifest import SUBMITTED, Class, write_safely
from crmkit.practice.moments import lasted
from crmkit.practice.phrases import named
from crmkit.practice.roster import ClassError
from crmkit.practice.whose import fitting, keys_of
from crmkit.say import listed, mark, say

HAND_INS = "handed_in.json"
#: Where a time comes from.
TABLE, NAME, FILE = "table", "name", "file"
_WORDS = {
    TABLE: mark("Lesson {lesson} came {span} after the deadline, by the platform's table."),
    NAME: mark("Lesson {lesson} came {span} after the deadline, by the hand-in's name."),
    FILE: mark("Lesson {lesson} came {span} after the deadline, by the file's own time."),
}


@dataclass(frozen=True)
class HandIn:
    """When one notebook was handed in, where the time comes from, and whether the platform calls it late."""

    time: dt.datetime
    source: str = FILE
    said_late: bool = False


@dataclass(frozen=True)
class Late:
    """A lesson's work that came after its deadline.

    Parameters
    ----------
    lesson
        Its number.
    by
        How long after; None where only the platform says so.
    source
        Where the time comes from.
    loss
        The points that it costs, where the trainer has asked for that.
    """

    lesson: str
    by: dt.timedelta | None
    source: str
    loss: float = 0.0

    def __str__(self) -> str:
        if self.by is None:
            said = say("Lesson {lesson} is late, as the platform says.", lesson=self.lesson)
        else:
            said = say(_WORDS[self.source], lesson=self.lesson, span=lasted(self.by))
        if not self.loss:
            return said
        return f"{said} {say('That costs {points:g} points.', points=self.loss)}"

    @property
    def days(self) -> int:
        """How many days were begun."""
        return 1 if self.by is None else max(1, -(-int(self.by.total_seconds()) // 86400))


_STAMP = re.compile(
    r"(?<!\d)(20\d\d)[-_.]?([01]\d)[-_.]?([0-3]\d)[-_ T.]?([0-2]\d)[-_.:]?([0-5]\d)(?:[-_.:]?([0-5]\d))?(?!\d)"
)


def stamped(name: str) -> dt.datetime | None:
    """Read the time that a platform has written into a hand-in's name, as Blackboard does.

    Examples
    --------
    >>> stamped("Exercises 20_alee_attempt_2026-11-20-10-11-12_20_who").strftime("%Y-%m-%d %H:%M:%S")
    '2026-11-20 10:11:12'
    >>> stamped("O'Brien_991234_assignsubmission_file_") is None
    True
    """
    for found in _STAMP.finditer(name):
        with contextlib.suppress(ValueError):
            year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
            return dt.datetime(year, month, day, hour, minute, second).astimezone()
    return None


def said_late(name: str) -> bool:
    """Tell whether a platform calls a hand-in late in its name, as Canvas does.

    Examples
    --------
    >>> said_late("obriensiobhan_LATE_48213_991234_20_who"), said_late("late_night_work")
    (True, False)
    """
    return re.search(r"(?:^|_)LATE(?:_\d|$)", name) is not None


def keep(
    folder: Path, owner: str, hand_ins: Mapping[str, HandIn], came_before: Container[str]
) -> None:
    """Write down when a student's notebooks were handed in; those that did not come again keep their time.

    Parameters
    ----------
    came_before
        The notebooks that were collected earlier, byte for byte: downloading them again makes nobody late.
    """
    path = folder / SUBMITTED / owner / HAND_INS
    times = _read(path)
    for name, one in hand_ins.items():
        if name in times and name in came_before and one.source == FILE:
            continue
        times[name] = one
    plain = {
        name: {"time": one.time.isoformat(), "from": one.source, "late": one.said_late}
        for name, one in times.items()
    }
    write_safely(path, json.dumps(dict(sorted(plain.items())), indent=1, ensure_ascii=False) + "\n")


def _read(path: Path) -> dict[str, HandIn]:
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
        return {
            str(name): HandIn(
                dt.datetime.fromisoformat(one["time"]), str(one["from"]), one["late"] is True
            )
            for name, one in plain.items()
        }
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def when(folder: Path, owner: str, notebooks: Iterable[Path]) -> dict[str, HandIn]:
    """Say when each of a student's notebooks was handed in; by the file where nothing was written down."""
    known = _read(folder / SUBMITTED / owner / HAND_INS)
    found = {}
    for path in notebooks:
        time = dt.datetime.fromtimestamp(path.stat().st_mtime).astimezone()
        found[path.name] = known.get(path.name, HandIn(time))
    return found


_TIME_HEADING = re.compile(
    r"last modified \(submission\)|submi(tted|ssion).*(time|date|at|on)?|handed ?in|turned in|提交时间|交卷时间|时间",
    re.IGNORECASE,
)


def read_times(path: Path, made: Class) -> tuple[dict[str, dt.datetime], list[str]]:
    """Read a platform's table of hand-ins: who, and when.

    Parameters
    ----------
    path
        A CSV with a row per student, as the platform exports it: any column that names the student (name, e-mail
        address, id), and one whose heading speaks of submission (Moodle's "Last modified (submission)", 提交时间).
    made
        The class.

    Returns
    -------
    times : dict of student id to datetime
    notes : list of str
        What could not be matched or read, and how days and months were told apart.

    Raises
    ------
    ClassError
        There is no such file, or no column of times in it.
    """
    import pandas as pd

    from crmkit.data.own.dates import parse_dates
    from crmkit.practice.saved_tables import read_table

    if not path.is_file():
        raise ClassError(f"There is no table of times {path.name!r}.")
    columns, rows = read_table(path)
    heading = next((name for name in columns if _TIME_HEADING.search(name)), None)
    if heading is None:
        raise ClassError(
            f"{path.name} has no column with the time of submission; it has {named(map(repr, columns), 8)}. Call it "
            "'submitted'."
        )
    texts = [row.get(heading, "").strip() for _, row in rows]
    parsed = parse_dates(pd.Series(texts, dtype="str"))
    keys = keys_of(made.students)
    times: dict[str, dt.datetime] = {}
    notes = [f"{path.name}: {note}" for note in parsed.notes]
    for place, (number, row) in enumerate(rows):
        if texts[place] in ("", "-"):
            continue
        fit: set[str] = set()
        for name, cell in row.items():
            if name != heading and cell.strip():
                fit.update(fitting(cell, keys))
        moment = _moment(texts[place], parsed.moment.iloc[place])
        where: dict[str, Any] = {"table": path.name, "row": number}
        if not fit:
            notes.append(say("{table}, row {row}: names no student of the roster", **where))
        elif len(fit) > 1:
            who = listed(sorted(fit))
            notes.append(
                say("{table}, row {row}: names several: {students}", students=who, **where)
            )
        elif moment is None:
            notes.append(say("{table}, row {row}: {text!r} is no time", text=texts[place], **where))
        else:
            (owner,) = fit
            times[owner] = max(moment, times.get(owner, moment))
    return times, notes


def _moment(text: str, parsed: object) -> dt.datetime | None:
    """Give a time with its zone: the one that is written, else this computer's."""
    import pandas as pd

    with contextlib.suppress(ValueError):
        found = dt.datetime.fromisoformat(text)
        return found if found.tzinfo else found.astimezone()
    if not isinstance(parsed, pd.Timestamp) or parsed is pd.NaT:
        return None
    return parsed.to_pydatetime().astimezone()
