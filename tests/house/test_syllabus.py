"""docs/syllabus.md: every row of the subject matter names lessons and questions that there are, or says "not yet"."""

from __future__ import annotations

import re
from pathlib import Path

import lessons

from crmkit.home import lesson_of
from crmkit.practice import bank
from crmkit.practice.kinds import Plan

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/syllabus.md").read_text(encoding="utf-8")
#: How many rows each part of the subject matter has.
PARTS = {"A": 7, "B": 8, "C": 6, "D": 4, "E": 2, "F": 5, "G": 15}
#: Not subject matter: the reader's own file.
NO_ROW = {"80"}


def rows(page: str) -> dict[str, tuple[str, list[str]]]:
    """Read the table: of each row its lessons as they stand, and its questions."""
    lines = re.findall(r"^\| [A-G]\d+ \|.*\|$", page, re.MULTILINE)
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {
        row: (taught, re.findall(r"[\w-]+", asked)) for row, _says, taught, asked, _lacks in cells
    }


def faults(page: str) -> list[str]:
    """Name what is lacking in the table."""
    known = {lesson.number for lesson in lessons.lessons()}
    questions = {q.id: q for number in bank.lessons() for q in bank.of_lesson(number).questions}
    table = rows(page)
    wanted = [f"{part}{number}" for part, count in PARTS.items() for number in range(1, count + 1)]
    said = [] if list(table) == wanted else [f"rows: {sorted(set(wanted) ^ set(table))}"]
    shown: set[str] = set()
    for row, (taught, asked) in table.items():
        if taught == "not yet":
            said += [f"{row} is not yet taught and has questions"] if asked else []
            continue
        own = taught.split(", ")
        shown |= set(own)
        said += [f"{row}: there is no lesson {number}" for number in own if number not in known]
        said += [f"{row}: there is no question {q}" for q in asked if q not in questions]
        said += [f"{row}: {q} is of no lesson of the row" for q in asked if lesson_of(q) not in own]
        marked = [q for q in asked if q in questions and not isinstance(questions[q].kind, Plan)]
        said += [] if marked else [f"{row} has no question that a check can mark"]
    return said + [f"lesson {number} stands in no row" for number in sorted(known - shown - NO_ROW)]


def test_every_row_has_its_lessons_and_questions() -> None:
    assert faults(PAGE) == []


def test_what_is_lacking_is_noticed() -> None:
    row = re.search(r"^\| (\w+) \|[^\n]*\| 14 \| 14-3, 14-5 \|", PAGE, re.MULTILINE)[1]
    for was, becomes, fault in (
        ("| 22 | 22-8 |", "| 22 | 22-99 |", "B7: there is no question 22-99"),
        ("| 22 | 22-8 |", "| 22 | 23-2 |", "B7: 23-2 is of no lesson of the row"),
        ("| 22 | 22-3, 22-5 |", "| 22 | 22-5 |", "B8 has no question that a check can mark"),
        ("| 14 | 14-3, 14-5 |", "| not yet | |", "lesson 14 stands in no row"),
        ("| B7 |", "| B70 |", "rows: ['B7', 'B70']"),
        (
            "| 14 | 14-3, 14-5 |",
            "| not yet | 14-3 |",
            f"{row} is not yet taught and has questions",
        ),
    ):
        assert was in PAGE
        assert fault in faults(PAGE.replace(was, becomes, 1)), fault
