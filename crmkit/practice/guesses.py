"""What is said of a guess: how it compares with what the data say, and why many people miss."""

from __future__ import annotations

import math
from typing import Any

from crmkit.companies import Company
from crmkit.practice.kinds import Choice, Number
from crmkit.practice.kinds.number import PER_CENT, near
from crmkit.practice.phrases import is_blank
from crmkit.practice.question import NotAttempted, Prediction, QuestionError, Unreadable
from crmkit.practice.tables import OwnTables
from crmkit.say import label, say

#: From this factor on, the factor says more than the difference.
_TIMES = 3


def shown(asked: Prediction, value: Any, about: Company) -> str:
    """Say a guess or an answer with its unit.

    Examples
    --------
    >>> from crmkit.companies import shipped
    >>> asked = Prediction("20-a", "What share?", Number(unit="%"), None, "")
    >>> shown(asked, 41.26, shipped("fernwell"))
    '41 %'
    """
    if isinstance(asked.kind, Choice):
        return say("“{option}”", option=asked.kind.options[value])
    unit = asked.kind.unit if isinstance(asked.kind, Number) else ""
    if unit and unit == about.symbol:
        return about.money(value)
    return _with_unit(value, unit)


def doubt(asked: Prediction, value: Any) -> str:
    """Ask about a guess that can hardly be meant; "" where nothing is odd. The guess is kept all the same.

    Examples
    --------
    >>> asked = Prediction("50-a", "For how many?", Number(unit="of 100"), None, "")
    >>> doubt(asked, 0.85)
    'This counts people of a hundred: 0.85 of them is less than one. For a share of 85 %, write 85.'
    >>> doubt(asked, 60)
    ''
    >>> share = Prediction("50-b", "What part?", Number(unit="%"), None, "", between=(0, 100))
    >>> doubt(share, 0.6)
    '0.6 is less than one per cent. Do you mean 60 %? Then write 60.'
    >>> doubt(share, -5)
    'A number from 0 to 100 is possible here. You may change yours.'
    """
    if not isinstance(asked.kind, Number):
        return ""
    unit = asked.kind.unit
    if 0 < value < 1 and unit == "of 100":
        return say(
            "This counts people of a hundred: {value:g} of them is less than one. For a share of {share:.0f} %, "
            "write {share:.0f}.",
            value=value,
            share=100 * value,
        )
    if 0 < value < 1 and unit.strip().lower() in PER_CENT:
        return say(
            "{value:g} is less than one per cent. Do you mean {share:.0f} %? Then write {share:.0f}.",
            value=value,
            share=100 * value,
        )
    low, high = asked.between or ((0, 100) if unit == "of 100" else (-math.inf, math.inf))
    if low <= value <= high:
        return ""
    if unit == "of 100":
        return say("Of a hundred, a number from 0 to 100 is possible. You may change it.")
    return say(
        "A number from {low:g} to {high:g} is possible here. You may change yours.",
        low=low,
        high=high,
    )


def _with_unit(value: float, unit: str) -> str:
    whole = float(value).is_integer() or abs(value) >= 10
    digits = 0 if whole else 1 if abs(value) >= 1 else 2
    number = f"{value:,.{digits}f}"
    return say("{number} {unit}", number=number, unit=label(unit)) if unit else number


def answered(asked: Prediction, kept: Any, result: Any, tables: OwnTables) -> tuple[str, ...]:
    """Say how a guess compares with the answer, and why many people miss.

    Parameters
    ----------
    asked
        The prediction, told in the reader's language.
    kept
        The guess as it was kept, or None.
    result
        What the lesson has found, or ``...``: then the answer is computed from the tables.
    tables
        The reader's own.

    Raises
    ------
    QuestionError
        The answer is neither given nor computed.
    """
    if not is_blank(result):
        found = asked.kind.read(result, tables)
    elif asked.answer is not None:
        found = asked.kind.read(asked.answer(tables.of(asked)), tables)
    else:
        raise QuestionError(
            say("Give what the lesson has found as well: reveal(“{about}”, value).", about=asked.id)
        )
    guess = _restored(asked, kept)
    first = _compared(asked, guess, found, tables.of(asked).company)
    return (first, asked.why) if asked.why else (first,)


def _restored(asked: Prediction, kept: Any) -> Any:
    """Read a kept guess; one of an older form counts as none."""
    if kept is None:
        return None
    try:
        return asked.kind.read(asked.kind.restore(kept), None)
    except (Unreadable, NotAttempted):
        return None


def _compared(asked: Prediction, guess: Any, found: Any, about: Company) -> str:
    answer = shown(asked, found, about)
    if guess is None:
        return say("You wrote down no guess. It is {answer}.", answer=answer)
    mine = shown(asked, guess, about)
    if isinstance(asked.kind, Choice):
        if guess == found:
            return say("You expected {guess}, and so it is.", guess=mine)
        return say("You expected {guess}. It is {answer}.", guess=mine, answer=answer)
    assert isinstance(asked.kind, Number)
    if near(guess, found, asked.kind.tolerance, asked.kind.relative):
        return say(
            "You expected {guess}. It is {answer}: you were close.", guess=mine, answer=answer
        )
    unit = asked.kind.unit
    times = max(guess, found) / min(guess, found) if min(guess, found) > 0 else math.nan
    # A number of points may lie near zero or below it: "13 times too high" would say nothing there.
    if times >= _TIMES and "points" not in unit:
        if guess > found:
            return say(
                "You expected {guess}. It is {answer}: you were {times:.0f} times too high.",
                guess=mine,
                answer=answer,
                times=times,
            )
        return say(
            "You expected {guess}. It is {answer}: you were {times:.0f} times too low.",
            guess=mine,
            answer=answer,
            times=times,
        )
    gap = abs(guess - found)
    by = (
        about.money(gap)
        if unit and unit == about.symbol
        else say("{number} points", number=_with_unit(gap, ""))
        if unit.strip().lower() in PER_CENT
        else _with_unit(gap, "" if unit.startswith("of ") else unit)
    )
    if guess > found:
        return say(
            "You expected {guess}. It is {answer}: you were {by} too high.",
            guess=mine,
            answer=answer,
            by=by,
        )
    return say(
        "You expected {guess}. It is {answer}: you were {by} too low.",
        guess=mine,
        answer=answer,
        by=by,
    )
