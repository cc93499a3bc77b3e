"""What a learner calls in a notebook: check, hint, solution, progress, predict, reveal.

None of these raises for anything that a learner passes: a mistake gets a sentence. None returns anything: the reply is
shown, so that it is seen wherever in a cell the call stands.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from crmkit.errors import CrmkitError
from crmkit.home import lesson_of
from crmkit.practice import assess as marks
from crmkit.practice import bank, guesses
from crmkit.practice.attempts import SWITCH, Attempts, fingerprint, work_folder
from crmkit.practice.kinds import Function, Plan
from crmkit.practice.moments import has_come, read_moment, shown
from crmkit.practice.phrases import a_kind, is_blank, named, short
from crmkit.practice.question import Prediction, Question, Unreadable
from crmkit.practice.reply import Reply, show
from crmkit.practice.tables import OwnTables
from crmkit.practice.told import told
from crmkit.say import say, say_many

STUDENT_FILE = "crmkit_student.json"
TRIES_BEFORE_SOLUTION = 3
#: In a class with closed solutions, `check` says right or wrong of so many different answers to a question; from then
#: on it keeps them. A function's answers are not guessed: there it goes on.
MOST_TRIES = 10

# The grader's child process sets this: it receives (id, answer) of every `check`.
recorder: Callable[[str, Any], None] | None = None

# `join` sets this while a learner takes part in a room (crmkit.practice.joining): it receives what happened, in ids and
# numbers, at once and without waiting for anybody.
listener: Callable[[dict[str, Any]], None] | None = None

_records: dict[tuple[str, str], Attempts] = {}
_tables: dict[tuple[str, str], OwnTables] = {}


def record() -> Attempts:
    """Give the record of this folder; the same object as long as folder and switch stay."""
    place = (os.environ.get(SWITCH, ""), str(Path.cwd()))
    if place not in _records:
        _records[place] = Attempts.here()
    return _records[place]


def own_tables() -> OwnTables:
    """Give the tables of this folder, read once."""
    place = (os.environ.get("CRMKIT_DATA", ""), str(Path.cwd()))
    if place not in _tables:
        _tables[place] = OwnTables.here()
    return _tables[place]


def class_rules() -> dict[str, Any]:
    """Give what the trainer of a class has set for this folder: nothing outside a class."""
    try:
        rules = json.loads((work_folder() / STUDENT_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return rules if isinstance(rules, dict) else {}


def safely(function: Callable[..., Reply]) -> Callable[..., None]:
    """Show what a function replies; whatever goes wrong inside is said in a sentence."""

    @functools.wraps(function)
    def replying(*arguments: Any, **named_arguments: Any) -> None:
        if recorder is not None and function.__name__ != "check":
            return  # while grading nobody reads hints
        try:
            reply = function(*arguments, **named_arguments)
        except Exception as error:
            usage = (function.__doc__ or "").split("\n")[0]
            reply = Reply(
                "",
                say("{name} could not do that", name=function.__name__),
                (f"{type(error).__name__}. {usage}",),
                tone="look",
            )
        notes = tuple(note for opened in _records.values() for note in opened.notes)
        for opened in _records.values():
            opened.notes.clear()
        if notes:
            reply = Reply(**{**reply.__dict__, "after": (*reply.after, *notes)})
        show(reply)

    return replying


def tell_room(kind: str, about: str, **what: Any) -> None:
    """Tell the room, if one was joined, what happened: ids and numbers, never what was typed.

    Parameters
    ----------
    kind
        "check", "prediction" or "quiz".
    about
        The id of what was answered.
    **what
        Further fields, as :mod:`crmkit.live.messages` reads them.
    """
    if listener is not None:
        with contextlib.suppress(Exception):
            listener({"kind": kind, "id": about, **what})


def _tidy_id(given: Any) -> str:
    return given.strip().lower() if type(given) is str else ""


def _find(given: Any) -> tuple[Question | None, Reply | None]:
    """Find a question, or the reply that says why not."""
    wanted = _tidy_id(given)
    found = bank.find(wanted) if wanted else None
    if found is not None:
        return told(found, own_tables().company), None
    if lesson_of(wanted) in bank.lessons():
        ids = named((q.id for q in bank.of_lesson(lesson_of(wanted)).questions), 12)
        text = say(
            "There is no question {wanted}. Lesson {lesson} has {ids}.",
            wanted=wanted,
            lesson=lesson_of(wanted),
            ids=ids,
        )
    elif wanted:
        text = say(
            "There is no question {wanted}. A question is called like “20-1”: lesson, dash, number.",
            wanted=short(wanted),
        )
    else:
        text = say(
            "The first thing to give is the question's name, like “20-1”; this is {a_kind}.",
            a_kind=a_kind(given),
        )
    return None, Reply("", say("No such question"), (text,), tone="grey")


def _find_prediction(given: Any) -> Prediction | Reply:
    """Find a prediction, or the reply that says why not."""
    wanted = _tidy_id(given)
    found = bank.find_prediction(wanted) if wanted else None
    if found is not None:
        return found
    lesson = lesson_of(wanted)
    known = bank.of_lesson(lesson).predictions if lesson in bank.lessons() else ()
    if known:
        text = say(
            "There is no prediction {wanted}. Lesson {lesson} has {ids}.",
            wanted=short(wanted),
            lesson=lesson,
            ids=named((p.id for p in known), 12),
        )
    else:
        text = say("A prediction is called like “20-a”: lesson, dash, letter.")
    return Reply("", say("No such prediction"), (text,), tone="grey")


def _solutions_open(rules: dict[str, Any]) -> bool:
    """Tell whether solutions open here: always outside a class, in one when its trainer says so."""
    return has_come(rules.get("solutions", "open"))


def _tries_left(entry: dict[str, Any], rules: dict[str, Any], question: Question) -> str:
    if not _solutions_open(rules):
        if isinstance(question.kind, Function):
            return say("(try {tries}; your trainer sees how many)", tries=entry["tries"])
        return say(
            "(try {tries} of {most}; your trainer sees how many)",
            tries=entry["tries"],
            most=MOST_TRIES,
        )
    left = TRIES_BEFORE_SOLUTION - entry["tries"]
    if left > 0:
        return say(
            "(try {tries}; the solution opens after {needed})",
            tries=entry["tries"],
            needed=TRIES_BEFORE_SOLUTION,
        )
    return say("(try {tries}; the solution is open)", tries=entry["tries"])


@safely
def check(question_id: str, answer: Any = ...) -> Reply:
    """Check an answer: `check("20-1", answer)`.

    Parameters
    ----------
    question_id
        The question's name.
    answer
        Your answer; as long as it is `...`, the reply is "not attempted".
    """
    if recorder is not None:
        recorder(_tidy_id(question_id), answer)
        return Reply(_tidy_id(question_id), say("Recorded"))
    rules = class_rules()
    if _tidy_id(question_id) in (rules.get("held_back") or []):
        if is_blank(answer):
            return Reply(_tidy_id(question_id), say("Not attempted"), tone="grey")
        return Reply(
            _tidy_id(question_id),
            say("Kept"),
            (say("Your trainer checks this one, when you hand in."),),
        )
    question, problem = _find(question_id)
    if question is None:
        assert problem is not None
        return problem
    result = marks.assess(question, answer, own_tables())
    return _reply_to_check(question, result, rules)


def _reply_to_check(question: Question, result: marks.Assessment, rules: dict[str, Any]) -> Reply:
    about = question.id
    if result.status == marks.NOT_ATTEMPTED:
        return Reply(
            about,
            say("Not attempted"),
            (say("Asked for: {asks}.", asks=question.kind.asks()),),
            tone="grey",
        )
    if result.status == marks.NO_REFERENCE:
        return Reply(about, say("Cannot be checked"), (result.message,), tone="grey")
    if result.status == marks.UNREADABLE:
        return Reply(about, say("Not readable yet"), (result.message,), tone="look")
    mark = fingerprint(question.kind.dump(result.canonical))
    counts = not _solutions_open(rules)
    with record().change(about) as entry:
        if entry.get("last") != mark:
            entry["tries"] += 1
            entry["last"] = mark
        silent = (
            counts
            and not entry["passed"]
            and entry["tries"] > MOST_TRIES
            and not isinstance(question.kind, Plan | Function)
        )
        if not silent:
            entry["passed"] = entry["passed"] or result.status in (marks.PASSED, marks.WRITTEN)
    if not silent:
        _tell_of_check(question, result, entry["tries"])
    if result.status == marks.WRITTEN:
        return _reply_to_plan(question, rules)
    reply = _verdict(question, result, rules, entry) if not silent else _kept(question, result)
    return replace(reply, tries=entry["tries"]) if counts else reply


_STATES = {marks.PASSED: "right", marks.WRITTEN: "written"}


def _tell_of_check(question: Question, result: marks.Assessment, attempt: int) -> None:
    """Tell the room how an answer went: right or not, and which of the known wrong ways it is, by its number."""
    names = [wrong.name for wrong in question.misconceptions]
    way = names.index(result.misconception) + 1 if result.misconception in names else 0
    state = _STATES.get(result.status, "wrong")
    tell_room("check", question.id, state=state, way=way, attempt=attempt)


def _kept(question: Question, result: marks.Assessment) -> Reply:
    """Reply to an answer after many: it is kept, and nothing is said of it but a wrong way that is recognised."""
    sentences: tuple[str, ...] = (
        say(
            "You have tried {most} different answers. From here on `check` keeps your answer and does not say "
            "whether it is right: the grading does.",
            most=MOST_TRIES,
        ),
        say('The hints say how to go on: `hint("{question}")`.', question=question.id),
    )
    if result.status == marks.MISCONCEPTION:
        sentences = (result.message, *sentences)
    return Reply(question.id, say("Kept"), sentences)


def _verdict(
    question: Question, result: marks.Assessment, rules: dict[str, Any], entry: dict[str, Any]
) -> Reply:
    """Reply to an answer that could be read: right, or what is wrong with it."""
    about = question.id
    if result.status == marks.PASSED:
        if rules.get("held_back"):
            return Reply(
                about,
                say("Visible checks passed"),
                (say("Your trainer holds further checks."),),
                tone="good",
            )
        worth = (*((question.right,) if question.right else ()), _worth(question.points))
        return Reply(about, say("Right"), worth, after=_next(question), tone="good")
    message = result.message
    if not _solutions_open(rules):
        message = result.guarded or message
    help_ = say('A hint: `hint("{question}")`', question=about)
    after = (_tries_left(entry, rules, question), *((help_,) if question.hints else ()))
    return Reply(about, say("Not yet"), (message,), after=after, tone="look")


def _next(question: Question) -> tuple[str, ...]:
    """Name the lesson's next question that is not done yet; nothing where it was the last."""
    asked = bank.of_lesson(question.lesson).questions if question.lesson in bank.lessons() else ()
    places = [each.id for each in asked]
    if question.id not in places:
        return ()
    known = record().all()
    for each in asked[places.index(question.id) + 1 :]:
        if not known.get(each.id, {}).get("passed"):
            return (
                say(
                    "Next: {question}, {title}",
                    question=each.id,
                    title=told(each, own_tables().company).title,
                ),
            )
    return ()


def _worth(points: float) -> str:
    """Say what a question is worth."""
    count = 1 if points == 1 else 2  # half a point is said as several are
    return say_many("Worth {points:g} point.", "Worth {points:g} points.", count, points=points)


def _reply_to_plan(question: Question, rules: dict[str, Any]) -> Reply:
    plan = question.kind
    assert isinstance(plan, Plan)
    if not _solutions_open(rules):
        return Reply(
            question.id,
            say("Kept"),
            (
                say(
                    "No machine marks this one: your trainer reads it, with a rubric, when you hand in."
                ),
            ),
        )
    items = tuple(
        say_many(
            "{line} ({points:g} point)",
            "{line} ({points:g} points)",
            1 if points == 1 else 2,  # half a point is said as several are
            line=line,
            points=points,
        )
        for line, points in plan.rubric.items()
    )
    return Reply(
        question.id,
        say("Kept: mark it yourself"),
        (say("No machine marks this one. Does your text have these?"),),
        items=items,
        after=(
            say("One good answer among several:"),
            plan.model_on(own_tables().of(question)),
        ),
    )


@safely
def hint(question_id: str) -> Reply:
    """Give the next hint: `hint("20-1")`; each call goes one rung down."""
    question, problem = _find(question_id)
    if question is None:
        assert problem is not None
        return problem
    rungs = question.hints
    if not rungs:
        return Reply(
            question.id,
            say("No hints"),
            (say("This one has none: the lesson's text is the hint."),),
            tone="grey",
        )
    with record().change(question.id) as entry:
        entry["hints"] = min(entry["hints"] + 1, len(rungs))
    reached = entry["hints"]
    after = () if reached < len(rungs) else (say("That was the last hint."),)
    return Reply(
        question.id,
        say("Hint {reached} of {count}", reached=reached, count=len(rungs)),
        (rungs[reached - 1],),
        after=after,
    )


@safely
def solution(question_id: str) -> Reply:
    """Show a worked solution, `solution("20-1")`, once you have passed or tried three times."""
    question, problem = _find(question_id)
    if question is None:
        assert problem is not None
        return problem
    rules = class_rules()
    if not _solutions_open(rules):
        return Reply(question.id, say("Solution closed"), (_when_open(rules),), tone="grey")
    entry = record().entry(question.id)
    if not entry["passed"] and entry["tries"] < TRIES_BEFORE_SOLUTION:
        left = TRIES_BEFORE_SOLUTION - entry["tries"]
        more = say_many(
            "It opens once you pass, or after {count} more try.",
            "It opens once you pass, or after {count} more tries.",
            left,
        )
        return Reply(question.id, say("Solution not open yet"), (more,), tone="grey")
    if isinstance(question.kind, Plan):
        return _reply_to_plan(question, {})
    sentences = (question.solution,) if question.solution else ()
    return Reply(question.id, say("Solution"), sentences, code=question.code)


def _when_open(rules: dict[str, Any]) -> str:
    try:
        opens = read_moment(str(rules["solutions"]), end_of_day=False)
    except CrmkitError:
        return say("Your trainer keeps the solutions for now.")
    return say("Your trainer opens the solutions on {moment}.", moment=shown(opens))


@safely
def predict(prediction_id: str, guess: Any = ...) -> Reply:
    """Keep your guess before you run the next cell: `predict("20-a", 40)`."""
    asked = _find_prediction(prediction_id)
    if isinstance(asked, Reply):
        return asked
    about = asked.id
    if is_blank(guess):
        return Reply(
            say("Prediction {about}", about=about),
            say("still open"),
            (say("Write your guess in place of “...” and run the cell."),),
        )
    tables = own_tables().of(asked)
    asked = told(asked, own_tables().company)
    try:
        read = asked.kind.read(guess, None)
    except Unreadable as problem:
        wanted = say("Asked for: {asks}.", asks=asked.kind.asks())
        return Reply(
            say("Prediction {about}", about=about),
            say("Not readable yet"),
            (str(problem), wanted),
            tone="look",
        )
    record().predict(about, asked.kind.dump(read))
    tell_room("prediction", about, value=asked.kind.dump(read))
    return Reply(
        say("Prediction {about}", about=about),
        say("kept"),
        (
            say("You expect: {guess}.", guess=guesses.shown(asked, read, tables.company)),
            guesses.doubt(asked, read) or say("Now run on and see."),
        ),
    )


@safely
def reveal(prediction_id: str, result: Any = ...) -> Reply:
    """Show your guess beside what the data say: `reveal("20-a")`.

    Parameters
    ----------
    prediction_id
        The prediction's name.
    result
        What the lesson has just found; only where it cannot be computed from the tables alone.
    """
    asked = _find_prediction(prediction_id)
    if isinstance(asked, Reply):
        return asked
    tables = own_tables()
    asked = told(asked, tables.company)
    try:
        answer = guesses.answered(asked, record().prediction(asked.id), result, tables)
    except CrmkitError as problem:
        answer = (str(problem),)
    return Reply(say("Prediction {about}", about=asked.id), say("result"), answer)


@safely
def progress() -> Any:
    """Show what is done, lesson by lesson: `progress()`."""
    from crmkit.practice.picture import Progress

    known = record().all()
    return Progress.of(known)
