"""What a trainer sets for a class: when work is due, and when solutions open.

The manifest holds both, and so does every student's ``crmkit_student.json``, where the notebooks read it. A trainer who
changes a rule changes it in the manifest and in every student's folder that is within reach (a shared drive, a hub);
folders that went out as zip files keep what they have, so a date that is known is best given when the class is made.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from crmkit.practice.desk import STUDENT_FILE
from crmkit.practice.manifest import STUDENTS, Class, read_manifest, write_manifest, write_safely
from crmkit.practice.moments import read_moment
from crmkit.practice.roster import ClassError

#: The key of a deadline that holds for every lesson without one of its own.
EVERY = "all"
OPEN, CLOSED = "open", "closed"


def rules_text(made: Class, student: str) -> str:
    """Give the text of a student's ``crmkit_student.json``."""
    rules: dict[str, Any] = {
        "student": student,
        "solutions": made.solutions,
        "held_back": list(made.held_back),
    }
    if made.due:
        rules["due"] = dict(made.due)
    return json.dumps(rules, indent=1, ensure_ascii=False) + "\n"


def read_solutions(typed: str) -> str:
    """Read when solutions open: "open", "closed", or a moment.

    Raises
    ------
    ClassError
        It is none of the three.

    Examples
    --------
    >>> read_solutions("closed"), read_solutions("2026-12-02 08:00+00:00")
    ('closed', '2026-12-02T08:00:00+00:00')
    """
    if typed in (OPEN, CLOSED):
        return typed
    try:
        return read_moment(typed, end_of_day=False).isoformat()
    except ClassError as error:
        raise ClassError(
            f"Solutions are 'open', 'closed', or open from a day on. {error}"
        ) from None


def due_of(made: Class, lesson: str) -> dt.datetime | None:
    """Give the deadline of a lesson, or None."""
    found = made.due.get(lesson) or made.due.get(EVERY)
    return dt.datetime.fromisoformat(found) if found else None


def with_due(made: Class, when: str | None, lesson: str | None = None) -> Class:
    """Give the class with a deadline set, or (`when` is None) taken off.

    Raises
    ------
    ClassError
        The moment cannot be read, or the class does not have the lesson.
    """
    if lesson is not None and lesson not in made.lessons:
        raise ClassError(f"This class has no lesson {lesson!r}; it has {', '.join(made.lessons)}.")
    due = dict(made.due)
    if when is None:
        due = {} if lesson is None else {k: v for k, v in due.items() if k != lesson}
    else:
        due[lesson or EVERY] = read_moment(when, end_of_day=True).isoformat()
    return replace(made, due=due)


def change(folder: str | Path, made: Class) -> int:
    """Write changed rules into the manifest and into every student's folder that is there.

    Returns
    -------
    int
        How many students' folders were reached.
    """
    folder = Path(folder)
    reached, students = 0, []
    for student in made.students:
        text = rules_text(made, student.id)
        home = folder / STUDENTS / student.id
        files: Mapping[str, str] = student.files
        if home.is_dir():
            write_safely(home / STUDENT_FILE, text)
            files = {**student.files, STUDENT_FILE: hashlib.sha256(text.encode()).hexdigest()}
            reached += 1
        students.append(replace(student, files=files))
    write_manifest(folder, replace(made, students=tuple(students)))
    return reached


def set_due(folder: str | Path, when: str | None, lesson: str | None = None) -> tuple[Class, int]:
    """Set or take off a class's deadline; gives the class and how many students' folders were reached.

    Raises
    ------
    ClassError
        As `with_due` and `read_manifest`.
    """
    made = with_due(read_manifest(folder), when, lesson)
    return made, change(folder, made)


def set_solutions(folder: str | Path, typed: str) -> tuple[Class, int]:
    """Open or close a class's solutions, or name the day from which they are open.

    Raises
    ------
    ClassError
        As `read_solutions` and `read_manifest`.
    """
    made = replace(read_manifest(folder), solutions=read_solutions(typed))
    return made, change(folder, made)
