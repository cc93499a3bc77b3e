"""The learner's progress as a small picture: one bar per lesson, with the same in words."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crmkit.practice import bank
from crmkit.practice.reply import COLOURS
from crmkit.say import mark, say, translated

LEGEND = mark("■ passed or written   ▨ tried   □ not attempted")


@dataclass(frozen=True)
class LessonProgress:
    """One lesson's bar: the state of each question, in order."""

    lesson: str
    title: str
    states: tuple[str, ...]

    @property
    def passed(self) -> int:
        """How many are done."""
        return self.states.count("passed")


@dataclass(frozen=True)
class Progress:
    """All lessons' bars.

    Examples
    --------
    >>> Progress((LessonProgress("20", "Who brings the profit", ("passed", "tried", "open")),))
    20  ■▨□  1 of 3  Who brings the profit
    ■ passed or written   ▨ tried   □ not attempted
    """

    lessons: tuple[LessonProgress, ...]

    @classmethod
    def of(cls, known: Mapping[str, Mapping[str, Any]]) -> Progress:
        """Make the picture from the learner's record."""
        rows = []
        for lesson in bank.lessons():
            found = bank.of_lesson(lesson)
            states = []
            for question in found.questions:
                entry = known.get(question.id, {})
                states.append(
                    "passed" if entry.get("passed") else "tried" if entry.get("tries") else "open"
                )
            title = translated(found.title, context=f"{lesson}-title")
            rows.append(LessonProgress(lesson, title, tuple(states)))
        return cls(tuple(rows))

    def __repr__(self) -> str:
        marks = {"passed": "■", "tried": "▨", "open": "□"}
        width = max((len(row.states) for row in self.lessons), default=0)
        lines = [
            f"{row.lesson}  {''.join(marks[s] for s in row.states):<{width}}  "
            f"{_of(row)}  {row.title}"
            for row in self.lessons
        ]
        return "\n".join([*lines, *self._total(), say(LEGEND)])

    def _total(self) -> list[str]:
        """Say how much of all lessons is done; one lesson's line says it already."""
        if len(self.lessons) < 2:
            return []
        passed = sum(row.passed for row in self.lessons)
        questions = sum(len(row.states) for row in self.lessons)
        return [
            say("{passed} of {questions} questions are done.", passed=passed, questions=questions)
        ]

    def _repr_html_(self) -> str:
        styles = {
            "passed": f"background:{COLOURS['good']}",
            "tried": f"background:repeating-linear-gradient(45deg,{COLOURS['look']} 0 3px,transparent 3px 6px)",
            "open": "background:transparent",
        }
        rows = []
        for row in self.lessons:
            cells = "".join(
                f'<span style="display:inline-block;width:1.1em;height:1.1em;margin-right:.2em;'
                f'border:1px solid {COLOURS["grey"]};{styles[state]}"></span>'
                for state in row.states
            )
            rows.append(
                f'<tr><th scope="row" style="text-align:left">{row.lesson} {html.escape(row.title)}</th>'
                f'<td aria-hidden="true" style="text-align:left;white-space:nowrap">{cells}</td>'
                f"<td>{_of(row)}</td></tr>"
            )
        return (
            f'<table aria-label="{say("Progress by lesson")}">'
            + "".join(rows)
            + "</table>"
            + "".join(f"<p><strong>{total}</strong></p>" for total in self._total())
            + f"<div><small>{say(LEGEND)}</small></div>"
        )


def _of(row: LessonProgress) -> str:
    """Say how much of a lesson is done."""
    return say("{passed} of {questions}", passed=row.passed, questions=len(row.states))
