"""What a question is: its text, how it is marked, and the wrong ways that it recognises.

A question is data. The lesson's file in ``crmkit/practice/questions`` lists :class:`Question` objects; everything
that happens with them (checks, hints, grading, tests) is done elsewhere and the same way for all of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from crmkit.companies import Company
from crmkit.errors import CrmkitError
from crmkit.home import lesson_of

ID_PATTERN = re.compile(r"^(\d\d[b-z]?)-([0-9]+|[a-z][0-9]*)$")


class QuestionError(CrmkitError):
    """A question is written wrongly, or its reference cannot be computed from the tables at hand."""


class Tables(Protocol):
    """What a reference receives: the learner's own tables. See :class:`crmkit.practice.tables.OwnTables`."""

    @property
    def company(self) -> Company:
        """The company whose tables they are: for its dates and its name."""

    def load(self, name: str) -> Any:
        """Give one table, as ``crmkit.load(name)`` would."""

    def load_truth(self, name: str) -> Any:
        """Give one truth table, if the question says that its lesson shows it."""

    def other(self, company_name: str) -> Any:
        """Give the tables of another company, as ``crmkit.load(name, data=company_name)`` finds them."""


@dataclass(frozen=True)
class Verdict:
    """What comparing one answer with the reference gave: right or not, and a sentence about the difference.

    `guarded` is the sentence where answers count: it helps as much, and does not say on which side the answer lies,
    from which the right one could be found by halving. Empty where `message` gives nothing away.
    """

    right: bool
    message: str = ""
    guarded: str = ""


class Unreadable(Exception):
    """The answer cannot be read as what the question asks for; the text is the sentence for the learner."""


class NotAttempted(Exception):
    """There is no answer yet: it is still ``...`` or empty."""


class Kind(Protocol):
    """How an answer is read and compared. The kinds are in :mod:`crmkit.practice.kinds`.

    ``read`` turns whatever the learner passed into a canonical answer (or raises :class:`Unreadable` or
    :class:`NotAttempted`); ``compare`` compares two canonical answers; ``dump`` and ``restore`` carry
    a canonical answer through JSON, which is how it leaves a student's process.
    """

    @property
    def name(self) -> str:
        """Its name, in words."""

    def asks(self) -> str:
        """Say in words what the answer should be."""

    def read(self, answer: Any, tables: Tables | None) -> Any:
        """Read a learner's answer."""

    def compare(self, answer: Any, reference: Any) -> Verdict:
        """Compare two answers that ``read`` gave."""

    def dump(self, answer: Any) -> Any:
        """Give a canonical answer as plain JSON values."""

    def restore(self, plain: Any) -> Any:
        """Read back what ``dump`` gave; whatever else is found raises :class:`Unreadable`."""


@dataclass(frozen=True)
class Misconception:
    """A wrong way that people really take, computed like the reference, with the reply that helps.

    Parameters
    ----------
    name
        A few words for the trainer's picture of the class ("counts every returner as won").
    compute
        From the learner's tables to the answer that this wrong way gives.
    reply
        One to three sentences: what was done, and the question that leads out of it. Never the answer.
    """

    name: str
    compute: Callable[[Any], Any]
    reply: str


@dataclass(frozen=True)
class Question:
    """One question of a lesson.

    Parameters
    ----------
    id
        Lesson and number, ``"20-1"``.
    prompt
        What is asked, in full sentences, with the unit.
    kind
        One of :mod:`crmkit.practice.kinds`: Number, Table, Customers, Choice, Function, Plan, Several.
    points
        What it is worth in a class.
    reference
        From the learner's tables to the answer. It receives an object with ``load(name)`` and, for the truth
        tables named in `truth`, ``load_truth(name)``. For a Function it gives the reference function; a Plan has none.
    hints
        Rungs, from "look there" to "this is the line".
    misconceptions
        The wrong ways that are recognised, most specific first: the first one that matches answers.
    solution
        A few words on the way, shown with `code` after success or three tries.
    code
        The code that solves it.
    level
        "fill in", "change", "explore" or "decide".
    truth
        The truth tables that the lesson itself shows and that the reference may therefore use.
    answer_of
        Only for a trainer's held-back question: the id of the visible question whose answer this one looks at
        again (a function on harder inputs, say). Without it, students answer it by its own id.
    title
        A few words that head the question in the exercises; they do not say the prompt over again.
    goals
        Which goals of the lesson's first cell it practises, counted from 1.
    elsewhere
        On which other data than the lesson's it is asked: "beanline", "another year", another product. Empty where it
        is asked on the lesson's own.
    right
        What is said with a right answer: why it matters, or what follows from it. One sentence.
    company
        The company that it is about, if the lesson is about another than the course's: ``"strumwell"``. A question file
        says it once, as ``COMPANY``.
    starter
        The first lines of a way, with ``____`` for what is to be filled in. It uses only names of the exercises' first
        code cell, or of starters before it.

    Examples
    --------
    >>> from crmkit.practice.kinds import Number
    >>> question = Question(
    ...     id="20-1", prompt="How many customers are there?", kind=Number(unit="customers", tolerance=0), points=1,
    ...     reference=lambda data: len(data.load("customers")), hints=("One row is one customer.",))
    >>> question.lesson
    '20'
    """

    id: str
    prompt: str
    kind: Kind
    points: float = 1
    reference: Callable[[Any], Any] | None = None
    hints: Sequence[str] = ()
    misconceptions: Sequence[Misconception] = ()
    solution: str = ""
    code: str = ""
    level: str = ""
    truth: tuple[str, ...] = ()
    answer_of: str | None = None
    title: str = ""
    starter: str = ""
    goals: tuple[int, ...] = ()
    elsewhere: str = ""
    right: str = ""
    company: str = ""

    def __post_init__(self) -> None:
        if not ID_PATTERN.match(self.id):
            raise QuestionError(
                f"Question id {self.id!r} is not of the form '20-1' (the lesson, a dash, a number)."
            )
        if self.reference is None and self.kind.name != "plan":
            raise QuestionError(f"Question {self.id} has no reference: only a Plan may do without.")
        # A list will do for a tuple; one bare string is a mistake that would show letter by letter.
        for name in ("hints", "misconceptions", "truth"):
            value = getattr(self, name)
            if isinstance(value, str | Misconception):
                raise QuestionError(
                    f"Question {self.id}: {name} is a list, also if there is only one."
                )
            object.__setattr__(self, name, tuple(value))

    @property
    def lesson(self) -> str:
        """The lesson's number."""
        return lesson_of(self.id)


@dataclass(frozen=True)
class Prediction:
    """What a reader of a lesson guesses before the data answer.

    Parameters
    ----------
    id
        Lesson and letter, ``"20-a"``.
    prompt
        What is to be guessed, in full sentences, with the unit.
    kind
        A Number, whose tolerance is what counts as close, or a Choice.
    answer
        From the reader's own tables to what they say, as a question's reference; of a Choice the letter. None where
        the lesson has just worked it out and gives it to ``reveal``.
    why
        One or two sentences said with the answer, whether the guess was close or not: why many people miss, or what
        follows. It names no number of one company's data.
    truth
        The truth tables that the lesson itself shows and that the answer may therefore use.
    company
        As of a `Question`.
    between
        The least and the most that is possible, where something is: a guess outside is asked about.

    Examples
    --------
    >>> from crmkit.practice.kinds import Number
    >>> Prediction("20-a", "How many customers?", Number(), lambda data: len(data.load("customers")), "Count.").lesson
    '20'
    """

    id: str
    prompt: str
    kind: Kind
    answer: Callable[[Any], Any] | None
    why: str
    truth: tuple[str, ...] = ()
    company: str = ""
    between: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        if not ID_PATTERN.match(self.id) or not self.id.rpartition("-")[2][0].isalpha():
            raise QuestionError(
                f"Prediction id {self.id!r} is not of the form '20-a' (the lesson, a dash, a letter)."
            )
        if self.kind.name not in ("number", "choice"):
            raise QuestionError(
                f"Prediction {self.id} asks for a {self.kind.name}: only a Number or a Choice will do."
            )

    @property
    def lesson(self) -> str:
        """The lesson's number."""
        return lesson_of(self.id)


@dataclass(frozen=True)
class Option:
    """One choice of a quiz question, with what is said to someone who picks it."""

    text: str
    feedback: str
    right: bool = False


@dataclass(frozen=True)
class QuizQuestion:
    """One question of a lesson's wrap-up quiz: not graded, answered at once, feedback for every choice.

    Examples
    --------
    >>> QuizQuestion("Which customers did the team call first?", [
    ...     Option("Those it liked best", "Yes: and that is why they differ from the rest.", right=True),
    ...     Option("Those chance named", "Then the slide would have been right.")]).options[0].right
    True
    """

    prompt: str
    options: Sequence[Option]
    company: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "options", tuple(self.options))
        right = sum(option.right for option in self.options)
        if len(self.options) < 2 or right != 1:
            raise QuestionError(
                f"Quiz question {self.prompt!r} has {len(self.options)} options, {right} of them right: "
                "it needs at least two, exactly one of them right."
            )
