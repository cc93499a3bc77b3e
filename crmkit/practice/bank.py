"""Where the questions are found: one file per lesson, and a trainer's own in a folder of theirs."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
import traceback
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from crmkit.home import lesson_of
from crmkit.practice.question import Prediction, Question, QuestionError, QuizQuestion


@dataclass(frozen=True)
class LessonQuestions:
    """The questions, the quiz and the predictions of one lesson."""

    lesson: str
    title: str
    questions: tuple[Question, ...]
    quiz: tuple[QuizQuestion, ...] = ()
    predictions: tuple[Prediction, ...] = ()


def _collect(module: object, lesson: str, origin: str) -> LessonQuestions:
    about = str(getattr(module, "COMPANY", ""))
    found, predictions, quiz = (
        tuple(
            replace(asked, company=about) if about else asked for asked in getattr(module, name, ())
        )
        for name in ("QUESTIONS", "PREDICTIONS", "QUIZ")
    )
    ids = [asked.id for asked in (*found, *predictions)]
    twice = sorted({i for i in ids if ids.count(i) > 1})
    strangers = [i for i in ids if not i.startswith(f"{lesson}-")]
    if twice or strangers:
        raise QuestionError(
            f"{origin}: "
            + (
                f"ids {', '.join(twice)} come twice"
                if twice
                else f"ids {', '.join(strangers)} are of another lesson"
            )
            + f". All ids start with {lesson}- and each comes once."
        )
    title = str(getattr(module, "TITLE", f"Lesson {lesson}"))
    return LessonQuestions(lesson, title, found, quiz, predictions)


@cache
def lessons() -> tuple[str, ...]:
    """Name the lessons that have questions, in order.

    Examples
    --------
    >>> lessons()[:2]
    ('00', '10')
    """
    from crmkit.practice import questions

    names = (module.name for module in pkgutil.iter_modules(questions.__path__))
    return tuple(
        sorted(name.removeprefix("lesson_") for name in names if name.startswith("lesson_"))
    )


@cache
def of_lesson(lesson: str) -> LessonQuestions:
    """Give one lesson's questions.

    Raises
    ------
    QuestionError
        If the lesson has none, or if its file uses an id twice or of another lesson.
    """
    if lesson not in lessons():
        raise QuestionError(
            f"Lesson {lesson!r} has no questions; there are {', '.join(lessons())}."
        )
    name = f"crmkit.practice.questions.lesson_{lesson}"
    return _collect(importlib.import_module(name), lesson, name)


def find(question_id: str) -> Question | None:
    """Give the question of this id, or None."""
    lesson = lesson_of(question_id)
    if lesson not in lessons():
        return None
    return next((q for q in of_lesson(lesson).questions if q.id == question_id), None)


def find_prediction(prediction_id: str) -> Prediction | None:
    """Give the prediction of this id, or None."""
    lesson = lesson_of(prediction_id)
    if lesson not in lessons():
        return None
    return next((p for p in of_lesson(lesson).predictions if p.id == prediction_id), None)


def held_back(folder: str | Path) -> list[Question]:
    """Read a trainer's own questions from a folder: files of the same form as the package's, ``lesson_20.py``.

    Raises
    ------
    QuestionError
        If the folder holds no such file, or if an id is one of the visible questions'.
    """
    files = sorted(Path(folder).glob("lesson_[0-9][0-9]*.py"))
    if not files:
        raise QuestionError(
            f"No question file (lesson_20.py, say) in the folder {Path(folder).name!r}."
        )
    questions: list[Question] = []
    for number, file in enumerate(files):
        spec = importlib.util.spec_from_file_location(f"held_back_{number}_{file.stem}", file)
        if spec is None or spec.loader is None:
            raise QuestionError(f"{file.name} cannot be read as Python.")
        module = importlib.util.module_from_spec(spec)
        try:
            spec.loader.exec_module(module)
        except QuestionError as error:
            raise QuestionError(f"{file.name}: {error}") from error
        except Exception as error:
            # The last line of the file itself that was at work, not one deep in a library.
            lines = [
                f.lineno
                for f in traceback.extract_tb(error.__traceback__)
                if f.filename == str(file)
            ]
            line = error.lineno if isinstance(error, SyntaxError) else next(reversed(lines), None)
            where = f"{file.name}, line {line}" if line else file.name
            raise QuestionError(f"{where}: {type(error).__name__}: {error}") from error
        # A trainer may have several files for one lesson (lesson_20b.py), and a lesson a second part (24b).
        lesson = file.stem.removeprefix("lesson_")[:2]
        first = next((lesson_of(q.id) for q in getattr(module, "QUESTIONS", ())), "")
        lesson = first if first.startswith(lesson) else lesson
        questions += _collect(module, lesson, file.name).questions
    taken = [q.id for q in questions if find(q.id) is not None]
    if taken:
        raise QuestionError(
            f"Held-back ids {', '.join(taken)} are taken by visible questions: use others."
        )
    return questions


def visible(chosen: Iterable[str]) -> list[Question]:
    """Give the questions of several lessons, in order."""
    return [question for lesson in chosen for question in of_lesson(lesson).questions]
