"""Compare one answer with one question. The notebook's `check` and the trainer's grader both come here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from crmkit.practice.kinds.number import Number, early_rounded
from crmkit.practice.phrases import kind_of
from crmkit.practice.question import NotAttempted, Question, Unreadable
from crmkit.practice.tables import OwnTables
from crmkit.say import say

PASSED = "passed"
NOT_ATTEMPTED = "not attempted"
UNREADABLE = "unreadable"
MISCONCEPTION = "misconception"
NOT_YET = "not yet"
WRITTEN = "written"
NO_REFERENCE = "no reference"


@dataclass(frozen=True)
class Assessment:
    """What came of one answer.

    Parameters
    ----------
    status
        One of "passed", "not attempted", "unreadable" (wrong type or shape), "misconception", "not yet" (wrong, for no
        reason that we know), "written" (a plan, which a person marks), "no reference" (the tables are at fault).
    message
        The sentence for the learner; empty where the status says it all.
    misconception
        The name of the misconception that was recognised.
    canonical
        The answer as read, if it could be read.
    guarded
        The sentence where answers count and solutions are closed (see :class:`crmkit.practice.question.Verdict`).
    """

    status: str
    message: str = ""
    misconception: str = ""
    canonical: Any = None
    guarded: str = ""


class NoReference(Exception):
    """The reference cannot be computed from these tables; the text says why."""


def reference(question: Question, tables: OwnTables) -> Any:
    """Compute a question's canonical reference, once per set of tables."""
    place = (question.id, "")
    if place not in tables.answers:
        own = tables.of(question)
        try:
            assert question.reference is not None
            answer = question.kind.read(question.reference(own), own)
        except Exception as error:
            raise NoReference(
                f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
            ) from error
        tables.answers[place] = answer
    return tables.answers[place]


def wrong_ways(question: Question, tables: OwnTables) -> list[tuple[str, str, Any]]:
    """Compute a question's misconceptions: name, reply and canonical wrong answer of each that these tables allow."""
    found = []
    for misconception in question.misconceptions:
        place = (question.id, misconception.name)
        if place not in tables.answers:
            own = tables.of(question)
            try:
                answer = question.kind.read(misconception.compute(own), own)
            except Exception:
                # A wrong way that these tables do not allow (an empty group, say) cannot be what was done.
                answer = None
            tables.answers[place] = answer
        if tables.answers[place] is not None:
            found.append((misconception.name, misconception.reply, tables.answers[place]))
    return found


def compare(question: Question, canonical: Any, tables: OwnTables) -> Assessment:
    """Compare an answer that was read already with reference and misconceptions."""
    if question.kind.name == "plan":
        return Assessment(WRITTEN, canonical=canonical)
    try:
        right = reference(question, tables)
    except NoReference as error:
        return Assessment(
            NO_REFERENCE,
            say(
                "Your answer cannot be checked, because the reference cannot be computed from your tables ({error}). "
                "Were they changed or moved? Fetch them again and check again.",
                error=error,
            ),
            canonical=canonical,
        )
    verdict = question.kind.compare(canonical, right)
    if verdict.right:
        return Assessment(PASSED, canonical=canonical)
    ways = wrong_ways(question, tables)
    for name, reply, wrong in ways:
        if question.kind.compare(canonical, wrong).right:
            return Assessment(MISCONCEPTION, reply, name, canonical)
    if isinstance(question.kind, Number):
        for name, reply, wrong in ways:
            if said := question.kind.like_a_way(canonical, wrong, reply):
                return Assessment(MISCONCEPTION, said, name, canonical)
        # A number copied from a printed table carries fewer decimals; the right one rounded is told as such below.
        off = question.kind.tolerance
        alike = [way for way in ways if early_rounded(canonical, way[2], off)]
        if len(alike) == 1 and not early_rounded(canonical, right, off):
            return Assessment(MISCONCEPTION, alike[0][1], alike[0][0], canonical)
    return Assessment(
        NOT_YET, verdict.message, canonical=canonical, guarded=verdict.guarded or verdict.message
    )


def assess(question: Question, answer: Any, tables: OwnTables) -> Assessment:
    """Read an answer and compare it with the question. Whatever the answer is, nothing is raised."""
    try:
        canonical = question.kind.read(answer, tables.of(question))
    except NotAttempted:
        return Assessment(NOT_ATTEMPTED)
    except Unreadable as unreadable:
        return Assessment(UNREADABLE, str(unreadable))
    except Exception:
        # An object that raises when it is looked at, say.
        return Assessment(
            UNREADABLE,
            say(
                "That {kind} cannot be read; the question asks for {wanted}.",
                kind=kind_of(answer),
                wanted=question.kind.asks(),
            ),
        )
    return compare(question, canonical, tables)


def assess_recorded(question: Question, plain: Any, tables: OwnTables) -> Assessment:
    """Assess an answer that arrives as JSON from a student's process, which nobody trusts."""
    try:
        return compare(question, question.kind.restore(plain), tables)
    except Unreadable as unreadable:
        return Assessment(UNREADABLE, str(unreadable))
    except Exception:
        return Assessment(UNREADABLE, say("The recorded answer cannot be read."))
