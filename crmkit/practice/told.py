"""Questions in the reader's language and in a company's own words: both are put in before anybody reads them.

The English text is in the question's file. Its translation is found by the question's id and the field's name:
``20-1/prompt``, ``20-1/hints``; a quiz's by ``20-quiz/prompt`` and so on. Names of columns and parts stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from crmkit.companies import Company, fill, shipped
from crmkit.practice.question import Prediction, Question
from crmkit.say import translated

T = TypeVar("T")

#: Fields whose texts a reader reads. A dict's keys are read in a rubric, its values in options.
_TEXTS = {
    "title",
    "prompt",
    "hints",
    "solution",
    "reply",
    "name",
    "text",
    "feedback",
    "model",
    "right",
    "why",
}
_PARTS = {"kind", "misconceptions", "options", "parts"}
_KEYS = {"rubric"}


def told(thing: T, about: Company, context: str = "") -> T:
    """Give a question, a quiz or any part of one in the reader's language, the fields of all its texts filled.

    Parameters
    ----------
    thing
        A string, or a dataclass, tuple, list or dict that holds strings; all else (functions, numbers) stays.
    about
        The company whose words they are.
    context
        Of a quiz: ``"20-quiz"``. A question knows its own.

    Examples
    --------
    >>> from crmkit.companies import shipped
    >>> told(("Profit in {company.symbol}?", 3), shipped("beanline"))
    ('Profit in €?', 3)
    """
    return _filled(in_language(thing, context), about)


def in_language(thing: T, context: str = "") -> T:
    """Give the same in the reader's language, the fields of its texts left as they are; as :func:`told` else."""
    return _mapped(thing, context, lambda where, text: translated(text, context=where))


def texts(thing: Any, lesson: str) -> list[tuple[str, str]]:
    """List what there is to translate of a question or a quiz question: context and English text.

    Parameters
    ----------
    thing
        A `Question` or a `QuizQuestion`.
    lesson
        The lesson's two digits, for a quiz.

    Examples
    --------
    >>> from crmkit.practice.question import Option, QuizQuestion
    >>> texts(QuizQuestion("1 + 1?", (Option("2", "Two.", right=True), Option("3", "No."))), "20")[:2]
    [('20-quiz/prompt', '1 + 1?'), ('20-quiz/text', '2')]
    """
    found: dict[tuple[str, str], None] = {}

    def note(where: str, text: str) -> str:
        if text:
            found[where, text] = None
        return text

    _mapped(thing, f"{lesson}-quiz", note)
    return list(found)


def _mapped(thing: Any, context: str, change: Callable[[str, str], str]) -> Any:
    """Change every text that a reader reads; `context` is an id, ``20-quiz``, or empty: then nothing is changed."""
    if isinstance(thing, tuple | list):
        return type(thing)(_mapped(part, context, change) for part in thing)
    if isinstance(thing, dict):
        return {key: _mapped(value, context, change) for key, value in thing.items()}
    if not is_dataclass(thing) or isinstance(thing, type):
        return thing
    own = thing.id if isinstance(thing, Question | Prediction) else context
    if not own:
        return thing
    changed = {}
    for part in fields(thing):
        if not part.init:
            continue
        old = getattr(thing, part.name)
        if part.name in _TEXTS and not isinstance(old, bool):  # an option is right or not
            new = _texts(old, f"{own}/{part.name}", change)
        elif part.name in _KEYS:
            new = {change(f"{own}/{part.name}", key): value for key, value in old.items()}
        elif part.name in _PARTS:
            options = part.name == "options" and isinstance(old, dict)
            new = (
                {key: change(f"{own}/options", value) for key, value in old.items()}
                if options
                else _mapped(old, own, change)
            )
        else:
            continue
        if new != old:
            changed[part.name] = new
    return replace(thing, **changed) if changed else thing


def _texts(thing: Any, where: str, change: Callable[[str, str], str]) -> Any:
    if isinstance(thing, str):
        return change(where, thing)
    return tuple(change(where, text) for text in thing)


def _filled(thing: Any, about: Company) -> Any:
    if isinstance(thing, str):
        return fill(thing, about)
    if isinstance(thing, dict):
        return {_filled(key, about): _filled(value, about) for key, value in thing.items()}
    if isinstance(thing, tuple | list):
        return type(thing)(_filled(part, about) for part in thing)
    if is_dataclass(thing) and not isinstance(thing, type):
        if own := getattr(thing, "company", ""):
            about = shipped(own)
        old = {part.name: getattr(thing, part.name) for part in fields(thing) if part.init}
        new = {name: _filled(value, about) for name, value in old.items()}
        changed = {name: value for name, value in new.items() if value != old[name]}
        return replace(thing, **changed) if changed else thing
    return thing
