"""The form of a lesson (docs/adding_a_lesson.md), as functions that name the faults.

``python tools/lesson_guards.py 20`` prints them with all others. They read masters and question files, not stored
notebooks: an author sees them before anything is built.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import build_notebooks
import minutes
from lesson_guards import Notebook, cells_of, import_lines, source_of, tags_of
from lessons import describe, parse

from crmkit.practice import bank

#: What a lesson may have at most; what every lesson imports (crmkit.practice, show) is not counted, nor are the texts
#: of the questions and predictions that it asks.
MOST_WORDS, MOST_LINES, MOST_NAMES, MOST_LINES_OF_CELL = 1200, 110, 12, 10
SUMMARY_PARTS = ("Claim", "Method", "Formula", "Code", "Where it fails")


def faults_of(master: Path) -> list[str]:
    """Name what is not as docs/adding_a_lesson.md says: size, predictions, summary, minutes, questions."""
    notebook = build_notebooks.retold_master(build_notebooks.read_master(master), master)
    return [
        *_size(notebook, master),
        *_predictions(notebook),
        *_asked_before_checked(notebook),
        *_summary(notebook),
        *_minutes(notebook, master),
        *_practised(notebook, master),
    ]


def _size(notebook: Notebook, master: Path) -> list[str]:
    found = minutes.content(master)
    names: set[str] = set()
    faults = []
    for place, cell in cells_of(notebook, "code"):
        source = source_of(cell)
        imports = import_lines(source)
        lines = [
            line
            for number, line in enumerate(source.splitlines(), start=1)
            if line.strip() and not line.strip().startswith("#") and number not in imports
        ]
        if len(lines) > MOST_LINES_OF_CELL:
            faults.append(
                f"cell {place} has {len(lines)} lines of code: more than {MOST_LINES_OF_CELL}"
            )
        for node in ast.walk(ast.parse(source)):
            everywhere = isinstance(node, ast.ImportFrom) and node.module == "crmkit.practice"
            if isinstance(node, ast.Import | ast.ImportFrom) and not everywhere:
                names |= {alias.asname or alias.name for alias in node.names}
    asked = sum(
        minutes.words_of(source_of(cell))
        for _, cell in cells_of(notebook, "markdown")
        if "ask" in cell["metadata"]
    )
    for what, count, most in (
        ("words to read", found.words - asked, MOST_WORDS),
        ("lines of code", found.lines, MOST_LINES),
        ("names imported", len(names - {"show"}), MOST_NAMES),
    ):
        if count > most:
            faults.append(f"the lesson has {count:,} {what}: more than {most:,}")
    return faults


def _predictions(notebook: Notebook) -> list[str]:
    """Every prediction is asked, guessed and answered, in this order."""
    asked = {
        cell["metadata"]["ask"]: place
        for place, cell in cells_of(notebook, "markdown")
        if "ask" in cell["metadata"]
    }
    calls = {
        (call, about): place
        for place, cell in cells_of(notebook, "code")
        for call, about in re.findall(
            r'^(predict|reveal)\("([\w-]+)"', source_of(cell), re.MULTILINE
        )
    }
    faults = []
    for about in dict.fromkeys(about for _, about in calls):
        if bank.find_prediction(about) is None:
            faults.append(f"{about} is not among the PREDICTIONS of the question file")
        places = [asked.get(about), calls.get(("predict", about)), calls.get(("reveal", about))]
        if None in places or places != sorted(places, key=int):  # type: ignore[arg-type]
            faults.append(f"{about} is not asked (ask=...), predicted and revealed in this order")
    if not calls:
        faults.append("there is no prediction")
    return faults


def _asked_before_checked(notebook: Notebook) -> list[str]:
    asked = {cell["metadata"].get("ask") for _, cell in cells_of(notebook, "markdown")}
    return [
        f"cell {place} checks {about}, whose text is in no cell ask={about!r}"
        for place, cell in cells_of(notebook, "code")
        for about in re.findall(r'^check\("([\w-]+)"', source_of(cell), re.MULTILINE)
        if about not in asked
    ]


def _summary(notebook: Notebook) -> list[str]:
    pages = [
        source_of(cell) for _, cell in cells_of(notebook, "markdown") if "summary" in tags_of(cell)
    ]
    if len(pages) != 1:
        return [f"there are {len(pages)} cells tagged summary, not one"]
    faults = [
        f"the page to keep has no part **{part}.**"
        for part in SUMMARY_PARTS
        if f"**{part}.**" not in pages[0]
    ]
    steps = re.findall(r"^\d\. ", pages[0], re.MULTILINE)
    if len(steps) != 3:
        faults.append(f"the method on the page to keep has {len(steps)} numbered steps, not 3")
    if "```" not in pages[0]:
        faults.append("the page to keep shows no line of code in a fenced block")
    return faults


def _minutes(notebook: Notebook, master: Path) -> list[str]:
    head = describe(master.stem, source_of(notebook["cells"][0]))
    wanted = minutes.of_lesson(master)
    if (head.reading, head.exercises) == wanted:
        return []
    return [
        f"the first cell says {head.reading} and {head.exercises} minutes, the formula {wanted[0]} and {wanted[1]}: "
        "run python tools/minutes.py --write"
    ]


def _practised(notebook: Notebook, master: Path) -> list[str]:
    """Every goal is practised, on other data at least once, and every right answer is told why it matters."""
    about = parse(master.stem, master.read_text(encoding="utf-8"))
    own, goals = bank.of_lesson(about.number), about.goals
    machine = [question for question in own.questions if question.kind.name != "plan"]
    faults = []
    practised = {goal for question in machine for goal in question.goals}
    for number, goal in enumerate(goals, start=1):
        if number not in practised:
            faults.append(
                f"goal {number} ({goal}) is practised by no question that a check can mark"
            )
    if strangers := sorted(set(practised) - set(range(1, len(goals) + 1))):
        faults.append(f"questions name goals {strangers}, and the lesson has {len(goals)}")
    if about.extra:  # a trainer's own need not be a whole one
        return faults
    if not any(question.elsewhere for question in machine):
        faults.append("no question is on other data than the lesson's (elsewhere=...)")
    faults += [
        f"{question.id} says nothing with a right answer (right=...)"
        for question in machine
        if not question.right
    ]
    if len(own.questions) < 4:
        faults.append(f"there are {len(own.questions)} questions: fewer than 4")
    if len(own.quiz) < 3:
        faults.append(f"the quiz has {len(own.quiz)} questions: fewer than 3")
    return faults
