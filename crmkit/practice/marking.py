"""What a trainer types while marking: read however a spreadsheet saved it, never lost, refused with row and reason.

``to_mark.csv`` goes out with every open decision and comes back with points. Between the two lies a spreadsheet, which
may write semicolons, tabs or UTF-16, decimal commas and dates for question ids, and a person, who may reorder columns
and add some. So: what can be read is read; a row with points that belongs to no decision stops the command before
anything is written; and a file that somebody changed is kept as a backup before a new one takes its place.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from crmkit.practice.grades import TO_MARK, Grades
from crmkit.practice.kinds import Plan
from crmkit.practice.manifest import write_safely
from crmkit.practice.roster import ClassError
from crmkit.practice.saved_tables import BACKUPS, COLUMNS, read_table
from crmkit.say import say

_WRITTEN = "written.json"
#: Before a question's id in a file: a spreadsheet takes a bare 20-5 for the 20th of May.
QUESTION = "Q"
_POINTS = re.compile(r"\d{1,4}([.,]\d{1,4})?")


@dataclass(frozen=True)
class Given:
    """One row that a trainer filled in.

    Parameters
    ----------
    points
        None where the cell is empty.
    text
        The student's text as it is in the row; None where the file has no such column.
    further
        The trainer's own columns.
    note
        What an earlier run noted here.
    """

    points: float | None
    text: str | None
    note: str = ""
    further: Mapping[str, str] = field(default_factory=dict)


Marks = dict[tuple[str, str], Given]


def plain_cell(text: str) -> str:
    r"""Keep a spreadsheet from taking a text for a formula, and a lone carriage return from splitting a row.

    Examples
    --------
    >>> plain_cell("=1+1"), plain_cell("a;=1"), plain_cell("two\rlines")
    ("'=1+1", "a;'=1", 'two\nlines')
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    # A reader of semicolons begins a new cell behind one.
    text = re.sub(r"([;\t]\s*)(?=[=+@])", r"\1'", text)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t")) else text


def as_csv(rows: Sequence[Sequence[str]]) -> str:
    r"""Write rows so that spreadsheets read them: with a byte order mark, every cell in quotes.

    Examples
    --------
    >>> as_csv([["id"], ["安"]])
    '\ufeff"id"\n"安"\n'
    """
    file = io.StringIO()
    csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(
        [plain_cell(cell) for cell in row] for row in rows
    )
    return "\ufeff" + file.getvalue()


def read_marks(path: Path, students: Collection[str], worth: Mapping[str, float]) -> Marks:
    """Read the points that a trainer has filled in.

    Parameters
    ----------
    path
        ``to_mark.csv``; a missing file holds no points.
    students
        The class's student ids.
    worth
        Question id -> points, of the open decisions.

    Returns
    -------
    dict of (student id, question id) to Given

    Raises
    ------
    ClassError
        Points that cannot be read, are more than the question is worth, or belong to nobody: the message names every
        such row, and nothing has been changed.
    """
    if not path.exists():
        return {}
    columns, rows = read_table(path)
    missing = [name for name in ("id", "question", "points") if name not in columns]
    if missing:
        raise ClassError(
            f"{path.name} has no column {missing[0]!r}; it has {', '.join(map(repr, columns[:8]))}. "
            f"Nothing was changed. Put the column back, or take the copy in {BACKUPS}/."
        )
    given: Marks = {}
    faults: list[str] = []
    for number, row in rows:
        student = row.get("id", "").strip().removeprefix("'")
        question = row.get("question", "").strip().removeprefix("'").removeprefix(QUESTION)
        typed = row.get("points", "").strip()
        further = {name: cell for name, cell in row.items() if name not in COLUMNS and cell.strip()}
        note = row.get("note", "").strip()
        if not typed and not further and not note:
            continue
        fault = _fault(student, question, typed, students, worth)
        if (student, question) in given:
            fault = f"{student} and {question} are in an earlier row too"
        if fault:
            faults.append(f"row {number}: {fault}")
            continue
        points = float(typed.replace(",", ".")) if typed else None
        given[student, question] = Given(points, row.get("text"), note, further)
    if faults:
        more = f"\n… and {len(faults) - 10} more" if len(faults) > 10 else ""
        raise ClassError(
            f"{path.name}: {len(faults)} {'row' if len(faults) == 1 else 'rows'} cannot be taken. Nothing was changed. "
            "Mend the file and grade again.\n" + "\n".join(faults[:10]) + more
        )
    return given


def _fault(
    student: str,
    question: str,
    typed: str,
    students: Collection[str],
    worth: Mapping[str, float],
) -> str:
    """Say why a row cannot be taken; empty where it can."""
    if student not in students:
        return f"the id {student!r} is nobody's in this class"
    if question not in worth:
        asked = ", ".join(f"{QUESTION}{name}" for name in sorted(worth)) or "none"
        return f"the question {question!r} is no open decision of this class ({asked})"
    if not typed:
        return ""
    if not _POINTS.fullmatch(typed):
        return f"the points {typed!r} are no number"
    if float(typed.replace(",", ".")) > worth[question]:
        return f"{typed} points, and {question} is worth {worth[question]:g}"
    return ""


def same_text(read: str | None, text: str) -> bool:
    r"""Tell whether the text that points were given for is still the student's.

    A spreadsheet may change what is between words, and writes a question mark for a letter that its encoding lacks.

    Examples
    --------
    >>> same_text("Call  them\n first", "Call them first"), same_text("Call them", "Call nobody")
    (True, False)
    >>> same_text("for ?30", "for £30")
    True
    """
    if read is None:
        return True
    seen, own = ("".join(each.split()) for each in (read, plain_cell(text)))
    return len(seen) == len(own) and all(
        a == b or a in "?\ufffd" for a, b in zip(seen, own, strict=True)
    )


def marking_table(grades: Grades, given: Marks) -> str:
    """Give to_mark.csv: every open decision with its rubric, what the trainer has typed so far, and a note.

    Where a student has rewritten or withdrawn a text since it was marked, the points do not count any more; the note
    says how many they were.
    """
    further = list(dict.fromkeys(name for row in given.values() for name in row.further))
    kinds = {question.id: question.kind for question in grades.questions}
    rows = [[*COLUMNS, *further]]
    for student in grades.students:
        for mark in student.marks:
            kind = kinds[mark.question]
            typed = given.get((student.id, mark.question))
            open_decision = mark.status in (TO_MARK, "marked")
            if not isinstance(kind, Plan) or not (open_decision or typed):
                continue
            note = typed.note if typed and typed.points is None else ""
            if typed and typed.points is not None and mark.points != typed.points:
                note = (
                    say("rewritten since you gave {points:g}", points=typed.points)
                    if open_decision
                    else say("withdrawn since you gave {points:g}", points=typed.points)
                )
            rubric = "; ".join(f"{line} ({points:g})" for line, points in kind.rubric.items())
            points = "" if mark.points is None or not open_decision else f"{mark.points:g}"
            own = typed.further if typed else {}
            rows.append(
                [student.id, student.name, f"{QUESTION}{mark.question}", points, f"{mark.of:g}"]
                + [rubric, mark.text, note]
                + [own.get(name, "") for name in further]
            )
    return as_csv(rows)


def write_keeping(path: Path, text: str) -> Path | None:
    """Write a file that a person may have changed; what they changed is kept as a backup first.

    Returns
    -------
    Path or None
        The backup, if one was made.
    """
    record = path.parent / "results" / _WRITTEN
    try:
        known = json.loads(record.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        known = {}
    known = known if isinstance(known, dict) else {}
    backup = None
    if path.exists():
        old = path.read_bytes()
        if old != text.encode() and _digest(old) != known.get(path.name):
            backup = _free_name(path)
            backup.parent.mkdir(parents=True, exist_ok=True)
            backup.write_bytes(old)
    write_safely(path, text)
    write_safely(record, json.dumps(known | {path.name: _digest(text.encode())}, indent=1) + "\n")
    return backup


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _free_name(path: Path) -> Path:
    number = 1
    while (found := path.parent / BACKUPS / f"{path.stem}-{number:03d}{path.suffix}").exists():
        number += 1
    return found
