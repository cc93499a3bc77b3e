"""What grading finds: a mark per question, the marks of a student, and those of a class."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from crmkit.practice.desk import MOST_TRIES
from crmkit.practice.handed_in import Late
from crmkit.practice.likeness import Alike
from crmkit.practice.question import Question
from crmkit.say import label, labels, listed, mark, say, say_many

NO_ANSWER = "no answer"
TO_MARK = "to mark"
MARKED = "marked"

#: What became of a question, in the words of grades.csv and of the class page, from best to worst.
RIGHT, PART, WAITS = "right", "part", "to mark"
MISCONCEPTION, WRONG, UNREADABLE, UNCHECKED = "misconception", "wrong", "unreadable", "unchecked"
EMPTY, ABSENT = "empty", "absent"
STATES = (RIGHT, PART, MISCONCEPTION, WRONG, UNREADABLE, UNCHECKED, WAITS, EMPTY, ABSENT)
_STATES = {
    "passed": RIGHT,
    "misconception": MISCONCEPTION,
    "not yet": WRONG,
    "unreadable": UNREADABLE,
    "no reference": UNCHECKED,
    TO_MARK: WAITS,
    "not attempted": EMPTY,
    NO_ANSWER: EMPTY,
}

#: What a student handed in: nothing at all, the notebooks as they were handed out, notebooks in which no question is
#: answered, or answers.
NOTHING, UNCHANGED, NO_ANSWERS, ANSWERS = "nothing", "unchanged", "no answers", "answers"
HAND_INS = (ANSWERS, NO_ANSWERS, UNCHANGED, NOTHING)

#: Why a cell was ended, what held a submission in, and whose words a copied answer is.
labels(
    "time", "memory", "output", "exit", "refused", "crash", "not run", "not a notebook", "language"
)
labels("cpu", "memory", "file size", "core", "open files", "files", "processes", "the model answer")


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
    guarded
        The same for as long as solutions are closed: it says less, where the other would help to find the answer.
    misconception
        Its name, if one was recognised.
    alike
        The students for whose data this wrong answer would be right.
    text
        The text of a plan.
    echoes
        Whose words that text is, if not a student's: "the model answer".
    near
        The texts of other students that are much like it.
    tries
        How often it had been answered, as the handed-in notebook says; None where it does not.
    answer, right
        The student's answer and the right one for the student's data, as the question's kind reads them; None where
        there is none. Of a plan, `right` is the model answer with the student's figures.
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
    near: tuple[Alike, ...] = ()
    tries: int | None = None
    answer: Any = None
    right: Any = None
    guarded: str = ""

    @property
    def state(self) -> str:
        """What became of it, if its student handed anything in: one of `STATES`.

        Examples
        --------
        >>> Mark("20-1", 0, 2, "not yet").state, Mark("20-4", 0, 2, "marked").state, Mark("20-4", 1, 2, "marked").state
        ('wrong', 'wrong', 'part')
        """
        if self.status == MARKED:
            return RIGHT if self.points == self.of else PART if self.points else WRONG
        return _STATES[self.status]


@dataclass(frozen=True)
class Graded:
    """One student's marks, with what went wrong while their notebooks ran.

    Parameters
    ----------
    notebooks
        How many were handed in.
    unchanged
        Whether all of them are as they were handed out.
    given
        The roster's columns, as written.
    came
        When the last of the notebooks with an answer in it came, by lesson.
    late
        The lessons that came after their deadline.
    """

    id: str
    name: str
    marks: tuple[Mark, ...]
    troubles: tuple[tuple[str, int, str, str], ...] = ()
    notes: tuple[str, ...] = ()
    notebooks: int = 0
    unchanged: bool = False
    given: Mapping[str, str] = field(default_factory=dict)
    came: Mapping[str, dt.datetime] = field(default_factory=dict)
    late: tuple[Late, ...] = ()

    @property
    def handed_in(self) -> dt.datetime | None:
        """When the last of the notebooks with an answer in it came."""
        return max(self.came.values(), default=None)

    @property
    def hand_in(self) -> str:
        """What came from this student: one of `HAND_INS`."""
        if not self.notebooks:
            return NOTHING
        if any(mark.state != EMPTY for mark in self.marks):
            return ANSWERS
        return UNCHANGED if self.unchanged else NO_ANSWERS

    @property
    def states(self) -> tuple[str, ...]:
        """What became of each question: who handed nothing in is absent, not wrong."""
        if self.hand_in in (NOTHING, UNCHANGED):
            return (ABSENT,) * len(self.marks)
        return tuple(mark.state for mark in self.marks)

    @property
    def points(self) -> float:
        """The sum of what is marked, less what lateness costs."""
        return float(sum(mark.points or 0 for mark in self.marks) - self.loss)

    @property
    def loss(self) -> float:
        """What lateness costs; nothing unless the trainer asks for it."""
        return float(sum(late.loss for late in self.late))

    @property
    def of(self) -> float:
        """What all questions together are worth."""
        return float(sum(mark.of for mark in self.marks))


@dataclass(frozen=True)
class Grades:
    """A graded class.

    `not_asked` names the held-back questions that went out to the class and whose references were not at hand.
    `solutions` is the class's setting, which decides whether replies hold right answers; `places` says of a question
    which section of which notebook teaches it; `written` is the day of the pages.
    """

    questions: tuple[Question, ...]
    students: tuple[Graded, ...]
    held_back: frozenset[str]
    fences: tuple[str, ...]
    run: int
    reused: int
    not_asked: tuple[str, ...] = ()
    solutions: str = "open"
    places: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    written: dt.date | None = None


_HAND_IN_NOTES = {
    NOTHING: mark("nothing handed in"),
    UNCHANGED: mark("notebooks as they were handed out"),
    NO_ANSWERS: mark("handed in without an answer"),
}


def notes_of(student: Graded) -> list[str]:
    """Say in a few words what a trainer should know about one student's hand-in."""
    notes = list(student.notes)
    if student.hand_in in _HAND_IN_NOTES:
        notes.append(say(_HAND_IN_NOTES[student.hand_in]))
    notes += [str(late) for late in student.late]
    for name, cell, kind, _ in student.troubles:
        told = {"notebook": name, "trouble": label(kind)}
        if kind != "error" and cell:
            notes.append(say("{notebook} cell {cell}: {trouble}", cell=cell, **told))
        elif kind != "error":
            notes.append(say("{notebook}: {trouble}", **told))
    errors = sum(kind == "error" for _, _, kind, _ in student.troubles)
    if errors:
        notes.append(say_many("{count} cell with an error", "{count} cells with an error", errors))
    many = [f"{m.question} ({m.tries})" for m in student.marks if (m.tries or 0) > MOST_TRIES]
    if many:
        notes.append(say("many tries: {questions}", questions=listed(many)))
    for each in student.marks:
        if each.alike:
            notes.append(
                say(
                    "{question}: right only for the data of {students}",
                    question=each.question,
                    students=listed(each.alike),
                )
            )
        if each.echoes:
            notes.append(
                say(
                    "{question}: the words of {others}",
                    question=each.question,
                    others=listed(map(label, each.echoes)),
                )
            )
        for pair in each.near:
            notes.append(
                say(
                    "{question}: much alike the text of {other} ({share:.0%}); {known}",
                    question=each.question,
                    other=pair.other if pair.one == student.id else pair.one,
                    share=pair.share,
                    known=pair.known(),
                )
            )
    return notes
