"""Where the questions are found: a file a lesson, a reserve to draw from, a trainer's own folder."""

from __future__ import annotations

import hashlib
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


@cache
def reserve(lesson: str) -> tuple[Question, ...]:
    """Give the further questions of a lesson, which no notebook shows; empty where it has none.

    Examples
    --------
    >>> {question.lesson for question in reserve("20")}
    {'20'}
    """
    name = f"crmkit.practice.reserve.lesson_{lesson}"
    if importlib.util.find_spec(name) is None:
        return ()
    return _collect(importlib.import_module(name), lesson, name).questions


def drawn(lesson: str, count: int | None, seed: int) -> tuple[Question, ...]:
    """Draw from a lesson's reserve: the same seed draws the same, in the order of their difficulty.

    Parameters
    ----------
    lesson
        Its number, such as ``"20"``.
    count
        How many; all of them if None.
    seed
        What decides which.

    Raises
    ------
    QuestionError
        If the reserve holds fewer.

    Examples
    --------
    >>> len(drawn("20", 1, seed=7))
    1
    """
    there = reserve(lesson)
    if not there or (count or 0) > len(there):
        raise QuestionError(
            f"The reserve of lesson {lesson} holds {len(there)} questions: "
            + (f"{count} cannot be drawn." if there else "there is nothing to draw.")
        )
    # Each lesson is drawn by itself: adding a lesson to the list changes nothing in the others.
    order = sorted(there, key=lambda q: hashlib.sha256(f"{seed} {q.id}".encode()).digest())
    chosen = {question.id for question in order[:count]}
    return tuple(question for question in there if question.id in chosen)


def copy_drawn(
    lessons: Iterable[str], folder: str | Path, count: int | None = None, seed: int = 0
) -> list[Question]:
    """Copy drawn questions into a trainer's folder, as files that may be changed.

    Parameters
    ----------
    lessons
        Numbers, such as ``["20", "30"]``.
    folder
        Where they go; made if missing.
    count, seed
        How many of each lesson (all if None), and what decides which.

    Returns
    -------
    list of Question
        What was drawn.

    Raises
    ------
    QuestionError
        If a lesson's reserve holds fewer, or a file is there already: nothing of yours is overwritten. Then nothing is
        written.
    """
    folder = Path(folder)
    found = {lesson: drawn(lesson, count, seed) for lesson in dict.fromkeys(lessons)}
    there = sorted(name for n in found if (folder / (name := f"lesson_{n}.py")).exists())
    if there:
        raise QuestionError(
            f"{', '.join(there)} is in {folder.name!r} already, and nothing of yours is overwritten: give another."
        )
    folder.mkdir(parents=True, exist_ok=True)
    for lesson, questions in found.items():
        source = reserve_folder() / f"lesson_{lesson}.py"
        ids = ", ".join(f'"{question.id}"' for question in questions)
        text = source.read_text(encoding="utf-8")
        if len(questions) < len(reserve(lesson)):
            text += f"\n# What was drawn. Take an id out to ask less.\nDRAWN = {{{ids}}}\n"
            text += "QUESTIONS = [question for question in QUESTIONS if question.id in DRAWN]\n"
        (folder / source.name).write_text(text, encoding="utf-8")
    return [question for questions in found.values() for question in questions]


def reserve_folder() -> Path:
    """Where the reserve's files are."""
    from crmkit.practice import reserve as room

    return Path(room.__path__[0])


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
            # Not by its loader: that keeps compiled code, and would miss a change within the same second.
            exec(compile(file.read_bytes(), str(file), "exec"), module.__dict__)
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
