"""A class's ``manifest.json``: who is in it, its seed, lessons and rules, and a checksum of every file handed out."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from crmkit.practice.roster import ClassError
from crmkit.say import ENGLISH

MANIFEST = "manifest.json"
STUDENTS, SUBMITTED = "students", "submitted"


@dataclass(frozen=True)
class Enrolled:
    """One student of a class: the seed of their data, the checksums of what they were given, the roster's columns."""

    id: str
    name: str
    seed: int
    files: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Class:
    """What ``manifest.json`` holds.

    `solutions` is "open", "closed" or the moment from which they are open; `due` the deadline of a lesson, or of "all";
    `language` what its students' files, replies and reports are written in.
    """

    seed: int
    company: str
    customers: int
    lessons: tuple[str, ...]
    students: tuple[Enrolled, ...]
    solutions: str = "open"
    held_back: tuple[str, ...] = ()
    due: Mapping[str, str] = field(default_factory=dict)
    language: str = ENGLISH
    version: int = 1

    def student(self, student_id: str) -> Enrolled | None:
        """Give the student of this id, or None."""
        return next((s for s in self.students if s.id == student_id), None)


def checksum(path: Path) -> str:
    """Give a file's SHA-256."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_safely(path: Path, text: str) -> None:
    """Write a file so that an interruption leaves the old one or the new one, never half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".crmkit-", suffix=".tmp")
    try:
        # A file's name may hold what is no text; that must not stop a page that repeats it.
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace", newline="") as file:
            file.write(text)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def read_manifest(folder: str | Path) -> Class:
    """Read a class folder's manifest.

    Raises
    ------
    ClassError
        If there is none, or it cannot be read.
    """
    path = Path(folder) / MANIFEST
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
        students = tuple(Enrolled(**student) for student in plain.pop("students"))
        plain["lessons"] = tuple(plain["lessons"])
        plain["held_back"] = tuple(plain.get("held_back", ()))
        made = Class(students=students, **plain)
        _refuse_spoilt(made)
        return made
    except FileNotFoundError:
        raise ClassError(
            f"{Path(folder).name!r} is not a class folder: it has no {MANIFEST}. "
            "`crmkit class new` makes one."
        ) from None
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ClassError(f"{MANIFEST} cannot be read ({type(error).__name__}: {error}).") from error


def _refuse_spoilt(made: Class) -> None:
    """Refuse a manifest whose values are of another sort than they were written with.

    Raises
    ------
    TypeError
        Names what is wrong; `read_manifest` says it in a sentence.
    """

    def texts(thing: Any) -> bool:
        return isinstance(thing, dict) and all(
            isinstance(v, str) for v in (*thing, *thing.values())
        )

    if type(made.seed) is not int or type(made.customers) is not int:
        raise TypeError("seed and customers must be whole numbers")
    names = (made.company, made.solutions, *made.lessons, *made.held_back)
    if not all(isinstance(name, str) for name in names) or not texts(made.due):
        raise TypeError("company, solutions, lessons, held_back and due must be texts")
    for student in made.students:
        if not isinstance(student.id, str) or not student.id or Path(student.id).name != student.id:
            raise TypeError(f"the id {student.id!r} is not the name of a student's folder")
        if not isinstance(student.name, str) or type(student.seed) is not int:
            raise TypeError(f"{student.id}: name must be a text, seed a whole number")
        if not texts(student.files) or not texts(student.given):
            raise TypeError(f"{student.id}: files and given must hold texts")


def write_manifest(folder: Path, made: Class) -> None:
    """Write a class folder's manifest."""
    write_safely(folder / MANIFEST, json.dumps(asdict(made), indent=1, ensure_ascii=False) + "\n")
