"""What can be shown in a room: a lesson's predictions, questions, quiz and conversations, in the trainer's language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from crmkit.companies import Company
from crmkit.live import dialogues
from crmkit.live.dialogues import Turn
from crmkit.live.messages import LETTERS, find_item, lesson_of_item, prediction_value, quiz_id
from crmkit.practice import bank, guesses
from crmkit.practice.kinds import Choice, Number
from crmkit.practice.kinds.number import PER_CENT
from crmkit.practice.question import Prediction, Question, QuizQuestion
from crmkit.practice.tables import OwnTables
from crmkit.practice.told import told
from crmkit.say import say


@dataclass(frozen=True)
class Item:
    """Something that a room answers.

    Parameters
    ----------
    kind
        "check", "prediction", "quiz" or "scene".
    id
        Its id.
    heading
        What it is, in a few words.
    prompt
        What was asked.
    options
        Of a choice: from the letter to the text.
    ways
        Of a question: the names of its misconceptions, in order.
    asked
        The thing itself.
    """

    kind: str
    id: str
    heading: str
    prompt: str
    options: dict[str, str]
    ways: tuple[str, ...]
    asked: Prediction | Question | QuizQuestion | Turn

    @property
    def is_number(self) -> bool:
        """Whether it is answered by a number that a histogram shows."""
        return isinstance(self.asked, Prediction) and isinstance(self.asked.kind, Number)

    @property
    def of_hundred(self) -> bool:
        """Whether that number is out of a hundred."""
        unit = self._unit.strip().lower()
        return unit in PER_CENT or unit == "of 100"

    @property
    def _unit(self) -> str:
        kind = getattr(self.asked, "kind", None)
        return kind.unit if isinstance(kind, Number) else ""


def find(kind: str, item: str, about: Company) -> Item | None:
    """Find an item and tell it in the reader's language; None where the course has no such thing.

    Examples
    --------
    >>> from crmkit.companies import shipped
    >>> find("quiz", "20-quiz-1", shipped("fernwell")).heading
    'Quiz 20, question 1'
    """
    asked = find_item(kind, item)
    if isinstance(asked, QuizQuestion):
        lesson, number = lesson_of_item(kind, item), int(item.rpartition("-")[2])
        asked = told(asked, about, f"{lesson}-quiz")
        options = dict(zip(LETTERS, (option.text for option in asked.options), strict=False))
        heading = say("Quiz {lesson}, question {number}", lesson=lesson, number=number)
        return Item(kind, item, heading, asked.prompt, options, (), asked)
    if isinstance(asked, Prediction):
        asked = told(asked, about)
        options = dict(asked.kind.options) if isinstance(asked.kind, Choice) else {}
        return Item(
            kind, item, say("Prediction {about}", about=item), asked.prompt, options, (), asked
        )
    if isinstance(asked, Question):
        asked = told(asked, about)
        title = f"{item} · {asked.title}" if asked.title else item
        ways = tuple(wrong.name for wrong in asked.misconceptions)
        return Item(kind, item, say("Question {title}", title=title), asked.prompt, {}, ways, asked)
    if isinstance(asked, Turn):
        asked = asked.told(about)
        if asked.step is None:
            return Item(
                kind,
                item,
                dialogues.heading(asked),
                say("The conversation is over."),
                {},
                (),
                asked,
            )
        options = {
            letter: choice.say
            for letter, choice in zip(asked.letters, asked.step.choices, strict=True)
        }
        says = say("{person}: “{says}”", person=asked.scene.person, says=asked.step.says)
        return Item(kind, item, dialogues.heading(asked), says, options, (), asked)
    return None


def of_lesson(lesson: str) -> list[tuple[str, str]]:
    """List what a lesson asks: its predictions, its questions, its quiz, and its conversations.

    Examples
    --------
    >>> of_lesson("20")[0], of_lesson("20")[-1][0], of_lesson("no lesson")
    (('prediction', '20-a'), 'quiz', [])
    """
    if lesson not in bank.lessons():
        return []
    found = bank.of_lesson(lesson)
    scenes = dialogues.scenes() if lesson == dialogues.LESSON else ()
    return [
        *(("prediction", asked.id) for asked in found.predictions),
        *(("check", asked.id) for asked in found.questions),
        *(("quiz", quiz_id(lesson, number)) for number, _ in enumerate(found.quiz, start=1)),
        *((dialogues.KIND, dialogues.turn_id(name)) for name in scenes),
    ]


def answer_of(item: Item, tables: OwnTables) -> float | str | None:
    """Compute the answer to a prediction or a quiz question; None where only the running lesson knows it.

    Parameters
    ----------
    item
        A prediction or a quiz question.
    tables
        The trainer's own.
    """
    asked = item.asked
    if isinstance(asked, QuizQuestion):
        return next(LETTERS[at] for at, option in enumerate(asked.options) if option.right)
    if not isinstance(asked, Prediction) or asked.answer is None:
        return None
    own: Any = tables.of(asked)
    return prediction_value(asked, asked.kind.dump(asked.kind.read(asked.answer(own), own)))


def read_result(item: Item, typed: object) -> float | str | None:
    """Read a result that a trainer typed on the page; None where it is none.

    Examples
    --------
    >>> from crmkit.companies import shipped
    >>> asked = find("prediction", "20-a", shipped("fernwell"))
    >>> read_result(asked, "1,092 of"), read_result(asked, "many")
    (1092.0, None)
    """
    if not isinstance(item.asked, Prediction) or not isinstance(typed, str):
        return None
    try:
        given = float(re.sub(r"[^\d.+-]", "", typed)) if item.is_number else typed
        return prediction_value(item.asked, item.asked.kind.dump(item.asked.kind.read(given, None)))
    except Exception:  # whatever was typed: the page asks again
        return None


def value_said(item: Item, value: float | str, about: Company) -> str:
    """Say a value of an item with its unit, or an option's text."""
    if item.options:
        return say("“{option}”", option=item.options[str(value)])
    assert isinstance(item.asked, Prediction)
    if isinstance(value, float) and abs(value) >= 1e12:
        return f"{value:.3g}"
    return guesses.shown(item.asked, value, about)


def close_to(item: Item, values: Sequence[float], answer: float) -> int:
    """Count the guesses that count as close."""
    from crmkit.practice.kinds.number import near

    kind = getattr(item.asked, "kind", None)
    if not isinstance(kind, Number):
        return 0
    return sum(near(value, answer, kind.tolerance, kind.relative) for value in values)
