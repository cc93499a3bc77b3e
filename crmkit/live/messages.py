"""What a student's notebook may send: ids, numbers and letters of known questions. There is no field for a text."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from crmkit.errors import CrmkitError
from crmkit.home import lesson_of
from crmkit.live.dialogues import KIND, LESSON, MOST_LETTERS, Turn, find_turn
from crmkit.practice import bank
from crmkit.practice.question import Prediction, Question, QuizQuestion

#: A message's size in bytes, and how many answers it may hold.
MOST_BYTES, MOST_ANSWERS = 16_384, 50
#: The most tries that are told apart.
MOST_TRIES = 10_000
LETTERS = "abcdefghij"

_RANDOM = re.compile(r"[0-9a-f]{16}")
_QUIZ = re.compile(r"(\d\d[b-z]?)-quiz-(\d{1,2})")
_STATES = ("right", "wrong", "written")


class BadMessage(CrmkitError):
    """A message is not of the form that a notebook sends."""


@dataclass(frozen=True)
class Answer:
    """One answer of one student.

    Parameters
    ----------
    event
        A random number of its own: what comes twice counts once.
    kind
        "check", "prediction", "quiz" or "scene".
    item
        The question's, the prediction's or the quiz question's id, or a place in a conversation.
    state
        Of a check: "right", "wrong" or "written".
    way
        Of a check: which of the question's misconceptions, from 1; 0 for none.
    attempt
        Of a check: the how-manieth try.
    value
        A prediction's number, or a letter.
    """

    event: str
    kind: str
    item: str
    state: str = ""
    way: int = 0
    attempt: int = 0
    value: float | str | None = None


@dataclass(frozen=True)
class Message:
    """What one notebook sent: the room's secret, its pseudonym, and what is new."""

    room: str
    who: str
    answers: tuple[Answer, ...]
    #: How many answers were about something that is not known here, or of another form.
    refused: int = 0


def quiz_id(lesson: str, number: int) -> str:
    """Name a question of a lesson's quiz, counted from 1.

    Examples
    --------
    >>> quiz_id("20", 2)
    '20-quiz-2'
    """
    return f"{lesson}-quiz-{number}"


def find_item(kind: str, item: str) -> Question | Prediction | QuizQuestion | Turn | None:
    """Find what was answered; None where this course has no such thing.

    Examples
    --------
    >>> find_item("prediction", "20-a").kind.name
    'number'
    >>> find_item("quiz", "20-quiz-99") is None
    True
    >>> find_item("scene", "our_mistake-c").letters
    'abc'
    """
    return find_turn(item) if kind == KIND else _find_asked(kind, item)


@lru_cache(maxsize=2000)
def _find_asked(kind: str, item: str) -> Question | Prediction | QuizQuestion | None:
    if kind == "check":
        return bank.find(item)
    if kind == "prediction":
        return bank.find_prediction(item)
    found = _QUIZ.fullmatch(item)
    if kind != "quiz" or found is None or found[1] not in bank.lessons():
        return None
    quiz = bank.of_lesson(found[1]).quiz
    number = int(found[2])
    return quiz[number - 1] if 1 <= number <= len(quiz) else None


def lesson_of_item(kind: str, item: str) -> str:
    """Give the lesson that an item belongs to.

    Examples
    --------
    >>> lesson_of_item("quiz", "24b-quiz-2"), lesson_of_item("prediction", "20-a"), lesson_of_item("scene", "no_time-")
    ('24b', '20', '68')
    """
    if kind == KIND:
        return LESSON
    found = _QUIZ.fullmatch(item)
    return found[1] if found else lesson_of(item)


def read_message(body: bytes) -> Message:
    """Read what a notebook sent.

    Raises
    ------
    BadMessage
        It is too long, no JSON, or of another form. Single answers about unknown things are left out and counted.

    Examples
    --------
    >>> read_message(b'{"room": "2FXP4A", "who": "0123456789abcdef", "answers": []}').who
    '0123456789abcdef'
    """
    if len(body) > MOST_BYTES:
        raise BadMessage("too long")
    try:
        found = json.loads(body.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise BadMessage("no JSON") from None
    if not isinstance(found, dict):
        raise BadMessage("no object")
    room, who, answers = found.get("room"), found.get("who"), found.get("answers")
    if not isinstance(room, str) or not 1 <= len(room) <= 32:
        raise BadMessage("no room")
    if not isinstance(who, str) or not _RANDOM.fullmatch(who):
        raise BadMessage("no pseudonym")
    if not isinstance(answers, list) or len(answers) > MOST_ANSWERS:
        raise BadMessage("no answers")
    read = [_read_answer(answer) for answer in answers]
    sound = tuple(answer for answer in read if answer is not None)
    return Message(room, who, sound, len(read) - len(sound))


def _no_constant(name: str) -> float:
    raise ValueError(name)


def _read_answer(found: Any) -> Answer | None:
    """Read one answer; None where it is not about anything known here."""
    if not isinstance(found, dict):
        return None
    event, kind, item = (found.get(name) for name in ("event", "kind", "id"))
    if not (isinstance(event, str) and _RANDOM.fullmatch(event)):
        return None
    if not (isinstance(kind, str) and isinstance(item, str)):
        return None
    if len(item) > (MOST_LETTERS if kind == KIND else 20):
        return None
    asked = find_item(kind, item)
    if isinstance(asked, Question):
        state = found.get("state")
        way = _whole(found.get("way"), len(asked.misconceptions))
        attempt = _whole(found.get("attempt"), MOST_TRIES)
        if state not in _STATES or way is None or attempt is None:
            return None
        return Answer(event, kind, item, state, way if state == "wrong" else 0, attempt)
    value = found.get("value")
    if isinstance(asked, Turn):
        known = isinstance(value, str) and len(value) == 1 and value in asked.letters
        return Answer(event, kind, item, value=value) if known else None
    if isinstance(asked, QuizQuestion):
        known = isinstance(value, str) and value in list(LETTERS[: len(asked.options)])
        return Answer(event, kind, item, value=value) if known else None
    if isinstance(asked, Prediction):
        read = prediction_value(asked, value)
        return None if read is None else Answer(event, kind, item, value=read)
    return None


def prediction_value(asked: Prediction, value: Any) -> float | str | None:
    """Read a prediction's plain value: a finite number, or a letter of its options; None else.

    Examples
    --------
    >>> prediction_value(bank.find_prediction("20-a"), 40), prediction_value(bank.find_prediction("20-a"), "40")
    (40.0, None)
    """
    if asked.kind.name == "choice":
        options = getattr(asked.kind, "options", {})
        return value if isinstance(value, str) and value in options else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _whole(value: Any, most: int) -> int | None:
    sound = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most
    return value if sound else None
