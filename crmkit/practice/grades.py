"""What grading finds: a mark per question, the marks of a student, and those of a class."""

from __future__ import annotations

from dataclasses import dataclass

from crmkit.practice.question import Question

NO_ANSWER = "no answer"
TO_MARK = "to mark"


@dataclass(frozen=True)
class Mark:
    """What one student earned for one question.

    Parameters
    ----------
    question
        Its id.
    points
        None as long as a person has to mark it.
    of
        What it is worth.
    status
        "passed", "misconception", "not yet", "unreadable", "not attempted", "no answer", "to mark", "marked", or
        "no reference".
    message
        The sentence for the student.
    misconception
        Its name, if one was recognised.
    alike
        The students for whose data this wrong answer would be right.
    text
        The text of a plan.
    echoes
        Whose words that text is: students with the same text, "the model answer".
    """

    question: str
    points: float | None
    of: float
    status: str
    message: str = ""
    misconception: str = ""
    alike: tuple[str, ...] = ()
    text: str = ""
    echoes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Graded:
    """One student's marks, with what went wrong while their notebooks ran."""

    id: str
    name: str
    marks: tuple[Mark, ...]
    troubles: tuple[tuple[str, int, str, str], ...] = ()
    notes: tuple[str, ...] = ()
    notebooks: int = 0

    @property
    def points(self) -> float:
        """The sum of what is marked."""
        return float(sum(mark.points or 0 for mark in self.marks))

    @property
    def of(self) -> float:
        """What all questions together are worth."""
        return float(sum(mark.of for mark in self.marks))


@dataclass(frozen=True)
class Grades:
    """A graded class.

    `not_asked` names the held-back questions that went out to the class and whose references were not at hand.
    """

    questions: tuple[Question, ...]
    students: tuple[Graded, ...]
    held_back: frozenset[str]
    fences: tuple[str, ...]
    run: int
    reused: int
    not_asked: tuple[str, ...] = ()


def notes_of(student: Graded) -> list[str]:
    """Say in a few words what a trainer should know about one student's hand-in."""
    notes = list(student.notes)
    if not student.notebooks:
        notes.append("nothing handed in")
    for name, cell, kind, _ in student.troubles:
        if kind != "error":
            notes.append(f"{name}{f' cell {cell}' if cell else ''}: {kind}")
    errors = sum(kind == "error" for _, _, kind, _ in student.troubles)
    if errors:
        notes.append(f"{errors} cell{'s' if errors > 1 else ''} with an error")
    for mark in student.marks:
        if mark.alike:
            notes.append(f"{mark.question}: right only for the data of {', '.join(mark.alike)}")
        if mark.echoes:
            notes.append(f"{mark.question}: the words of {', '.join(mark.echoes)}")
    return notes
