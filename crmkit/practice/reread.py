"""Where in a lesson a question's answer is taught: the section to read again.

A section is found, not written down for each question: it is the one whose code and words share most with the
question's own. Words that many sections have in common count little (the inverse document frequency of Spärck
Jones, 1972). What a lesson imports, and sections that only ask, teach nothing and do not count.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crmkit.companies import Company, tell
from crmkit.practice.classes import course_folder, lesson_files
from crmkit.practice.exercises import retold_copy
from crmkit.practice.kinds import Plan
from crmkit.practice.question import Question
from crmkit.practice.roster import ClassError

#: Sections that close a lesson: nothing is taught there.
_CLOSING = {"take-aways", "words", "own-data", "next", "summary", "limits"}
#: A name in code says more than a word in a sentence.
_CODE_WEIGHT = 3.0
_WORD = re.compile(r"[^\W\d_][\w]{3,}|[\u3400-\u9fff]")


_IMPORT = re.compile(r"^(from \S+ )?import (\([^)]*\)|.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Section:
    """One section of a lesson: its heading, the questions that it asks, and how often it uses each word."""

    heading: str
    asks: frozenset[str]
    words: Counter[str]


@dataclass(frozen=True)
class Lesson:
    """A lesson as far as one looks for a place in it: its file, its title, its sections."""

    file: str
    title: str
    sections: tuple[Section, ...]


def read_lesson(path: Path, about: Company) -> Lesson:
    """Read a lesson's notebook, in the reader's language and the company's words."""
    plain = json.loads(path.read_text(encoding="utf-8"))
    return lesson_of_cells(
        path.name, tell(retold_copy(plain, f"notebooks/{path.name}"), about)["cells"]
    )


def lesson_of_cells(file: str, cells: Sequence[dict[str, Any]]) -> Lesson:
    """Take a lesson's cells apart at their headings.

    Examples
    --------
    >>> cells = [{"cell_type": "markdown", "source": "# A claim", "metadata": {}},
    ...          {"cell_type": "markdown", "source": "## Tiers end somewhere", "metadata": {}},
    ...          {"cell_type": "markdown", "source": "How many?", "metadata": {"ask": "20-1"}}]
    >>> found = lesson_of_cells("20_who.ipynb", cells)
    >>> found.title, found.sections[0].heading, sorted(found.sections[0].asks)
    ('A claim', 'Tiers end somewhere', ['20-1'])
    """
    title = ""
    sections: list[tuple[str, set[str], Counter[str]]] = []
    closing = False
    for cell in cells:
        source = "".join(cell["source"])
        metadata = cell.get("metadata", {})
        heading = re.search(r"^(#{1,2})\s+(.+)$", source, re.MULTILINE)
        if cell["cell_type"] == "markdown" and heading:
            closing = bool(_CLOSING & set(metadata.get("tags", ())))
            if heading[1] == "#":
                title = title or heading[2].strip()
            elif not closing:
                sections.append((heading[2].strip(), set(), Counter()))
        if closing or not sections:
            continue
        _, asks, words = sections[-1]
        if "ask" in metadata:
            asks.add(metadata["ask"])
        if "ask" in metadata or cell.get("id", "").startswith("check-"):
            continue
        weight = _CODE_WEIGHT if cell["cell_type"] == "code" else 1.0
        for word in _WORD.findall(_IMPORT.sub("", source)):
            words[word.lower()] += weight  # type: ignore[assignment]
    return Lesson(file, title, tuple(Section(h, frozenset(a), w) for h, a, w in sections))


def section_for(question: Question, lesson: Lesson) -> str:
    """Give the heading of the section to read again; empty where none fits better than another.

    Examples
    --------
    >>> from crmkit.practice.kinds import Number
    >>> sections = (Section("Two sums", frozenset(), Counter(groupby=3, sums=1)),
    ...             Section("Tiers", frozenset(), Counter(assign_tiers=3, tier=2)))
    >>> asked = Question("20-1", "How large is the first tier?", Number(), 1, len, code="assign_tiers(x)")
    >>> section_for(asked, Lesson("20_who.ipynb", "A claim", sections))
    'Tiers'
    """
    wanted: Counter[str] = Counter()
    texts = [(question.code, _CODE_WEIGHT), (question.title, 2.0)]
    texts += [(text, 1.0) for text in (question.prompt, question.solution, *question.hints)]
    if isinstance(question.kind, Plan):
        texts += [(text, 1.0) for text in (question.kind.model, *question.kind.rubric)]
    for text, weight in texts:
        for word in set(_WORD.findall(_IMPORT.sub("", text))):
            wanted[word.lower()] = max(wanted[word.lower()], weight)  # type: ignore[assignment]
    count = len(lesson.sections)
    if not count:
        return ""
    spread = Counter(word for section in lesson.sections for word in section.words)
    scores = [
        sum(
            weight * math.log(count / spread[word]) * math.log1p(section.words[word])
            for word, weight in wanted.items()
            if section.words[word]
        )
        for section in lesson.sections
    ]
    best = max(scores)
    if best <= 0:
        return next((s.heading for s in lesson.sections if question.id in s.asks), "")
    return lesson.sections[scores.index(best)].heading


def where_taught(questions: Sequence[Question], about: Company) -> dict[str, tuple[str, str]]:
    """Say of each question which section of which notebook teaches it; nothing where the lessons are not at hand."""
    found: dict[str, tuple[str, str]] = {}
    lessons: dict[str, Lesson] = {}
    for question in questions:
        if question.lesson not in lessons:
            try:
                files = lesson_files(course_folder(), [question.lesson])
                path = next(p for name, p in files.items() if name.startswith("notebooks/"))
                lessons[question.lesson] = read_lesson(path, about)
            except (ClassError, StopIteration, OSError, ValueError, KeyError, TypeError):
                lessons[question.lesson] = Lesson("", "", ())
        lesson = lessons[question.lesson]
        section = section_for(question, lesson)
        if section:
            found[question.id] = (lesson.file, section)
    return found
