"""The roster of a class: who is in it, the folder that each name gives, and the seed of each one's data."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crmkit.errors import CrmkitError
from crmkit.practice.phrases import named


class ClassError(CrmkitError):
    """A roster, a class folder or what came back from students is not as it should be."""


@dataclass(frozen=True)
class Student:
    """One student of a roster: an id that names the folder, the name, and all other columns, as written."""

    id: str
    name: str
    given: Mapping[str, str] = field(default_factory=dict, compare=False)


# Windows cannot have files of these names, and a class may be handed to it.
_TAKEN = {"con", "prn", "aux", "nul", *(f"{d}{i}" for d in ("com", "lpt") for i in range(1, 10))}


def folder_name(name: str) -> str:
    """Turn a name into the name of a folder, in whatever script it is written.

    Examples
    --------
    >>> folder_name("Li Wei"), folder_name("O'Neill, Ann"), folder_name("王 芳")
    ('li-wei', 'o-neill-ann', '王-芳')
    """
    text = unicodedata.normalize("NFC", name).strip().lower()
    text = re.sub(r"[^\w]+|_+", "-", text).strip("-")[:60]
    return f"{text}-1" if text in _TAKEN else text


# What a roster's columns may be called.
NAME_COLUMNS, ID_COLUMNS = ("name", "姓名"), ("id", "学号")


def read_roster(path: str | Path) -> list[Student]:
    """Read a roster: a CSV with a column `name` (姓名), a column `id` (学号), or both.

    Other columns (an e-mail address, a login) are kept: hand-ins are recognised by them, and they come back in the
    files of grades.
    It may be as a spreadsheet writes it: comma, semicolon or tab; UTF-8, UTF-16, GB18030 or Windows-1252.

    Raises
    ------
    ClassError
        If the file is missing, empty or not text, lacks both columns, or gives two students the same id.
    """
    from crmkit.data.own.reading import decode

    path = Path(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ClassError(
            f"The roster {path.name!r} cannot be opened ({error.strerror})."
        ) from error
    if content.startswith((b"PK", b"\xd0\xcf")):
        raise ClassError(f"The roster {path.name!r} is a spreadsheet: save it from there as CSV.")
    text, encoding = decode(content)
    text = text.replace("\0", "").lstrip("\ufeff")
    head = text.splitlines()[0] if text.strip() else ""
    delimiter = max(",;\t", key=head.count)
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    columns = {(name or "").strip().lower(): name for name in rows.fieldnames or []}
    if not columns.keys() & {*NAME_COLUMNS, *ID_COLUMNS}:
        raise ClassError(
            f"The roster {path.name!r} has no column `name` or `id`; "
            f"it has {named(columns, 8) or 'nothing'}. Its first line names the columns."
            + (
                ""
                if encoding.startswith("utf-8")
                else " If letters look wrong, save it as “CSV UTF-8”."
            )
        )
    students: list[Student] = []
    lines: dict[str, int] = {}

    def cell(row: Mapping[str, str | None], names: Iterable[str]) -> str:
        return next(((row.get(columns[n]) or "").strip() for n in names if n in columns), "")

    try:
        listed = [(rows.line_num, row) for row in rows]
    except csv.Error as error:
        raise ClassError(
            f"The roster {path.name!r} cannot be read as a table after line {rows.line_num} ({error})."
        ) from error
    _refuse_open_quote(path.name, text, delimiter, listed)
    for line, row in listed:
        name, given = cell(row, NAME_COLUMNS), cell(row, ID_COLUMNS)
        if not name and not given:
            continue
        own = {column: (row.get(column) or "").strip() for column in columns.values() if column}
        student = Student(
            folder_name(given or name), name or given, {c: v for c, v in own.items() if v}
        )
        if not student.id:
            raise ClassError(
                f"Roster line {line}: {name or given!r} has no letter or digit to name a folder by."
            )
        if student.id in lines:
            raise ClassError(
                f"Roster lines {lines[student.id]} and {line} both give the id {student.id!r}: "
                "add a column `id` that tells the two apart."
            )
        lines[student.id] = line
        students.append(student)
    if not students:
        raise ClassError(f"The roster {path.name!r} holds no students.")
    return students


def _refuse_open_quote(
    name: str, text: str, delimiter: str, rows: list[tuple[int, dict[str | Any, str | Any]]]
) -> None:
    """Refuse a quotation mark that is never closed: it would take the students behind it into one cell."""
    advice = "is a quotation mark left open there? Close it, or take it out."
    for line, row in rows:
        width = len(row)
        for column, cell in row.items():
            if not isinstance(cell, str) or "\n" not in cell.strip():
                continue
            whole = any(part.count(delimiter) >= width - 1 > 0 for part in cell.split("\n")[1:])
            if whole or (column or "").strip().lower() in {*NAME_COLUMNS, *ID_COLUMNS}:
                raise ClassError(
                    f"The roster {name!r}, up to line {line}: {cell[:40]!r} goes over several lines; {advice}"
                )
    try:
        for _ in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            pass
    except csv.Error as error:
        if "end of data" in str(error):
            raise ClassError(f"The roster {name!r} ends inside a cell: {advice}") from error


def seed_of(class_seed: int, student_id: str) -> int:
    """Give a student's seed, which depends on nothing but the class's seed and the student's id.

    Examples
    --------
    >>> seed_of(7, "li-wei") == seed_of(7, "li-wei"), seed_of(7, "li-wei") == seed_of(8, "li-wei")
    (True, False)
    """
    digest = hashlib.sha256(f"{class_seed}:{student_id}".encode()).digest()
    return int.from_bytes(digest[:4], "big")
