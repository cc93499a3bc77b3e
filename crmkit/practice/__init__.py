"""Practice: questions that answer, and classes whose students each have data of their own.

A lesson needs only this::

    from crmkit.practice import check, glossary, hint, predict, progress, quiz, reveal, solution

In a room whose trainer shows a room code, ``join("...")`` lets a learner take part, and ``vote()`` in
a conversation (docs/live.md).

How a question is written is described in docs/writing_questions.md; :mod:`crmkit.practice.questions`
holds one file per lesson.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from crmkit.practice.slips import explain_slips

if TYPE_CHECKING:
    from crmkit.practice.desk import check, hint, predict, progress, reveal, solution
    from crmkit.practice.joining import join, leave, vote
    from crmkit.practice.quizzes import quiz
    from crmkit.practice.words import glossary

_HOMES = {
    "check": "desk",
    "glossary": "words",
    "hint": "desk",
    "join": "joining",
    "leave": "joining",
    "predict": "desk",
    "progress": "desk",
    "quiz": "quizzes",
    "reveal": "desk",
    "solution": "desk",
    "vote": "joining",
}

__all__ = [
    *("check", "glossary", "hint", "join", "leave"),
    *("predict", "progress", "quiz", "reveal", "solution", "vote"),
]


def __getattr__(name: str) -> object:
    """Fetch a public name from the module it lives in."""
    if name not in _HOMES:
        raise AttributeError(
            f"module 'crmkit.practice' has no attribute {name!r}; it offers {', '.join(__all__)}"
        )
    return getattr(import_module(f"crmkit.practice.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)


explain_slips()
