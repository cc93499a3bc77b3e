"""Grades in the form that a learning platform imports: one CSV each, students known by what the roster knows of them.

What is written is what is in ``grades.csv``, so that a mark that a trainer has changed there by hand goes out as it
stands. A student for whom there is nothing to write is left out and named: an empty cell would erase a mark that the
platform holds.

The forms:

Moodle
    *Grades > Import > CSV file*: any columns, mapped by hand, one of them "Email address", "ID number" or "Username"; a
    byte order mark is taken off, ``-`` is no grade, and one unknown student stops the import.
    https://docs.moodle.org/en/Grade_import, and ``grade/import/csv/classes/load_data.php`` in Moodle's source.
Canvas
    *Gradebook > Import*: the columns ``Student, ID, SIS User ID, SIS Login ID, Section`` in this order, then one for
    each assignment; a second row "Points Possible". A byte order mark before a quoted cell stops it.
    https://community.canvaslms.com (How do I import grades in the Gradebook?), and ``lib/gradebook_importer.rb`` in
    Canvas's source: the student is found by Canvas's own ID, else SIS User ID, else SIS Login ID, else the name.
Blackboard
    *Grade Center > Work Offline > Upload*, or *Upload gradebook* in Ultra: a header row, one column "Username",
    cells in quotation marks; a column without Blackboard's own number makes a new one.
    https://help.blackboard.com/Learn/Instructor/Ultra/Grade/Grading_Tasks/Work_Offline_With_Grade_Data
Teams
    Teams exports grades and imports none (none is documented at https://support.microsoft.com/education): the file has
    a row per student by e-mail address, to be copied beside Teams' list.
学习通 (chaoxing)
    No form is published. The platform gives a template for each course, whose rows are known by 学号: the file has
    学号, 姓名 and the marks, to be copied into it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from crmkit.practice.grades import NOTHING, UNCHANGED
from crmkit.practice.manifest import Class, Enrolled
from crmkit.practice.marking import plain_cell
from crmkit.practice.phrases import named
from crmkit.practice.roster import ID_COLUMNS, ClassError
from crmkit.practice.saved_tables import read_table

PLATFORMS = ("moodle", "canvas", "blackboard", "teams", "chaoxing")
EMAIL, ID, USERNAME, NAME = "email", "id", "username", "name"
KEYS = (EMAIL, ID, USERNAME)
_HEADINGS = {
    EMAIL: re.compile(r"e-?mail|邮箱|邮件", re.IGNORECASE),
    USERNAME: re.compile(
        r"^(user ?name|user|login|account|sis login id|用户名|账号|帐号|登录名)$", re.IGNORECASE
    ),
    ID: re.compile(
        rf"^({'|'.join(ID_COLUMNS)}|id number|student (id|number)|sis user id|matriculation number|学号/工号)$",
        re.IGNORECASE,
    ),
}
#: By which of the roster's columns a platform knows students, the surest first.
_PREFERRED = {
    "moodle": (EMAIL, ID, USERNAME),
    "canvas": (ID, USERNAME, EMAIL, NAME),
    "blackboard": (USERNAME, ID),
    "teams": (EMAIL,),
    "chaoxing": (ID,),
}
_KEY_WORDS = {EMAIL: "an e-mail address", ID: "an id (学号)", USERNAME: "a user name"}


@dataclass(frozen=True)
class Gradebook:
    """A file for a platform's gradebook.

    Parameters
    ----------
    text
        The file.
    students
        How many are in it.
    key
        By which column of the roster they are known.
    left_out
        Who is not in it, with the reason.
    """

    text: str
    students: int
    key: str
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class _Row:
    student: Enrolled
    key: str
    cells: tuple[str, ...]


def key_columns(students: Sequence[Enrolled]) -> dict[str, str]:
    """Find the roster's columns by which students can be known: kind of key -> heading.

    Examples
    --------
    >>> key_columns([Enrolled("7", "Li Wei", 1, given={"学号": "7", "E-mail": "lw@example.org", "Group": "A"})])
    {'email': 'E-mail', 'id': '学号'}
    """
    headings = list(dict.fromkeys(name for student in students for name in student.given))
    found = {}
    for kind in KEYS:
        fitting = [h for h in headings if _HEADINGS[kind].search(h.strip())]
        # Canvas's own export has an "ID" that only Canvas knows, and the school's beside it.
        fitting.sort(key=lambda h: h.strip().lower() != "sis user id")
        if fitting:
            found[kind] = fitting[0]
    return found


def gradebook(
    made: Class,
    table: Path,
    platform: str,
    *,
    by: str = "total",
    item: str = "crmkit",
    key: str | None = None,
    out_of: float | None = None,
    absent_zero: bool = False,
    with_waiting: bool = False,
) -> Gradebook:
    """Write ``grades.csv`` in the form that a platform imports.

    Parameters
    ----------
    made
        The class, whose manifest holds the roster's columns.
    table
        ``grades.csv``, as grading wrote it or a person changed it.
    platform
        One of `PLATFORMS`.
    by
        "total", or "lesson" for a column each.
    item
        The name of the platform's column, of which "lesson" makes one for each (``crmkit 20``).
    key
        "email", "id" or "username"; by default what the platform knows best and the roster has.
    out_of
        Scale the marks so that all points are this many.
    absent_zero
        Give 0 to those who handed nothing in, whom the file leaves out else.
    with_waiting
        Write marks in which open decisions are not counted yet; left out else.

    Raises
    ------
    ClassError
        The table cannot be read or lacks a column, or the roster has no column by which the platform knows students.
    """
    if platform not in PLATFORMS:
        raise ClassError(f"There is no form for {platform!r}: there are {', '.join(PLATFORMS)}.")
    if by not in ("total", "lesson"):
        raise ClassError(f"Marks go out by 'total' or by 'lesson', not by {by!r}.")
    columns, rows = _table_of(table)
    items = _items(columns, by, item)
    kind, heading = _key(made.students, platform, key)
    left_out: list[str] = []
    found: list[_Row] = []
    owners: dict[str, list[str]] = {}
    for each in made.students:
        value = each.name if kind == NAME else each.given.get(heading, "").strip()
        owners.setdefault(value.casefold(), []).append(each.name)
    worth = _worth(rows, items)
    for number, row in rows:
        student = made.student(row["id"].strip().removeprefix("'"))
        if student is None:
            left_out.append(
                f"row {number} of {table.name}: the id {row['id']!r} is nobody's in this class"
            )
            continue
        own = student.name if kind == NAME else student.given.get(heading, "").strip()
        cells, reason = _marks(
            row, number, table.name, items, worth, out_of, absent_zero, with_waiting
        )
        if not own:
            reason = f"the roster's column {heading!r} is empty"
        elif len(owners[own.casefold()]) > 1:
            reason = f"the {heading} {own!r} is that of {' and '.join(owners[own.casefold()])}"
        elif plain_cell(own) != own:
            reason = f"{heading!r} is {own!r}, which a spreadsheet would take for a formula"
        if reason:
            left_out.append(f"{student.name}: {reason}")
            continue
        found.append(_Row(student, own, cells))
    there = {row["id"].strip().removeprefix("'") for _, row in rows}
    left_out += [
        f"{student.name}: has no row in {table.name}; grade again"
        for student in made.students
        if student.id not in there
    ]
    full = [_number(out_of if out_of else each) for each in worth]
    text = _write(platform, kind, heading, [name for name, _, _ in items], full, found)
    return Gradebook(text, len(found), heading if kind != NAME else NAME, tuple(left_out))


_Items = list[tuple[str, str, str]]


def _table_of(table: Path) -> tuple[list[str], list[tuple[int, dict[str, str]]]]:
    if not table.is_file():
        raise ClassError(
            f"There is no {table}: `crmkit grade` writes it; name its folder with --grades."
        )
    columns, rows = read_table(table)
    missing = [name for name in ("id", "hand_in", "points", "of", "to_mark") if name not in columns]
    if missing:
        raise ClassError(
            f"{table.name} has no column {missing[0]!r}; it has {named(map(repr, columns), 8)}. Put it back, or grade "
            "again."
        )
    return columns, rows


def _items(columns: Sequence[str], by: str, item: str) -> _Items:
    """Name the platform's columns, each with the table's columns of its points and of what they are out of."""
    if by == "total":
        return [(item, "points", "of")]
    lessons = [
        name.removeprefix("lesson ") for name in columns if re.fullmatch(r"lesson \d\d[b-z]?", name)
    ]
    if not lessons:
        raise ClassError(
            "grades.csv has no column such as 'lesson 20': grade again, or export the total."
        )
    return [(f"{item} {lesson}", f"lesson {lesson}", f"lesson {lesson} of") for lesson in lessons]


def _key(students: Sequence[Enrolled], platform: str, wanted: str | None) -> tuple[str, str]:
    """Choose the column of the roster by which the platform knows students: its kind and its heading."""
    there = key_columns(students)
    if wanted is not None:
        if wanted not in KEYS:
            raise ClassError(f"Students are known by {', '.join(KEYS)}, not by {wanted!r}.")
        if wanted not in there:
            raise ClassError(f"The roster has no column with {_KEY_WORDS[wanted]}. {_HOW_TO_ADD}")
        return wanted, there[wanted]
    for kind in _PREFERRED[platform]:
        if kind in there:
            return kind, there[kind]
        if kind == NAME:
            return NAME, NAME
    needed = " or ".join(_KEY_WORDS[kind] for kind in _PREFERRED[platform])
    raise ClassError(
        f"{platform} knows students by {needed}, and the roster has none. {_HOW_TO_ADD}"
    )


_HOW_TO_ADD = (
    "Add the column to the roster and run the same `crmkit class new` again: nothing of a student's is "
    "changed."
)


def _marks(
    row: Mapping[str, str],
    number: int,
    table: str,
    items: _Items,
    worth: Sequence[float],
    out_of: float | None,
    absent_zero: bool,
    with_waiting: bool,
) -> tuple[tuple[str, ...], str]:
    """Give a student's marks as they are written, and the reason if there is nothing to write."""
    absent = row["hand_in"].strip() in (NOTHING, UNCHANGED)
    if absent and not absent_zero:
        return (), "handed nothing in (--absent zero gives 0)"
    waiting = row["to_mark"].strip()
    if waiting not in ("", "0") and not with_waiting:
        return (
            (),
            f"open decisions to mark: {waiting} (--with-waiting writes the points without them)",
        )
    cells = []
    for (_, points, _), full in zip(items, worth, strict=True):
        typed = row.get(points, "").strip()
        if not typed:
            cells.append("0" if absent else "")
            continue
        mark = _read(typed)
        if mark is None:
            raise ClassError(f"{table}, row {number}: {typed!r} under {points!r} is no number.")
        cells.append(_number(mark * out_of / full if out_of and full else mark))
    return tuple(cells), "" if any(cells) else "has no points in any column"


def _worth(rows: Sequence[tuple[int, Mapping[str, str]]], items: _Items) -> list[float]:
    """Say what each of the platform's columns is out of."""
    return [
        max((_read(row.get(of, "")) or 0.0 for _, row in rows), default=0.0) for _, _, of in items
    ]


def _read(typed: str) -> float | None:
    plain = typed.strip().replace(",", ".")
    return float(plain) if re.fullmatch(r"\d{1,6}(\.\d{1,6})?", plain) else None


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


_MOODLE = {EMAIL: "Email address", ID: "ID number", USERNAME: "Username"}


def _write(
    platform: str,
    kind: str,
    heading: str,
    items: Sequence[str],
    full: Sequence[str],
    rows: Sequence[_Row],
) -> str:
    if platform == "moodle":
        head = [[_MOODLE[kind], "Full name", *items]]
        body = [[row.key, row.student.name, *(cell or "-" for cell in row.cells)] for row in rows]
    elif platform == "canvas":
        head = [
            ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *items],
            ["    Points Possible", "", "", "", "", *full],
        ]
        place = {ID: 2, USERNAME: 3, EMAIL: 3}.get(kind)
        body = []
        for row in rows:
            known = [row.student.name, "", "", "", row.student.given.get("Section", "")]
            if place is not None:
                known[place] = row.key
            body.append([*known, *row.cells])
    elif platform == "blackboard":
        head = [["Username", *items]]
        body = [[row.key, *row.cells] for row in rows]
    elif platform == "teams":
        head = [
            [
                "Name",
                "Email Address",
                *(f"{item} (of {of})" for item, of in zip(items, full, strict=True)),
            ]
        ]
        body = [[row.student.name, row.key, *row.cells] for row in rows]
    else:
        head = [["学号", "姓名", *items]]
        body = [[row.key, row.student.name, *row.cells] for row in rows]
    file = io.StringIO()
    csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(
        [plain_cell(cell) for cell in row] for row in [*head, *body]
    )
    # Spreadsheets take a CSV for UTF-8 only with the mark; Canvas and Blackboard do not read past it.
    marked = platform in ("moodle", "teams", "chaoxing")
    return ("\ufeff" if marked else "") + file.getvalue()
