"""One number: read from whatever holds exactly one, and compared within a tolerance."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from crmkit.practice.kinds.cells import refuse_empty
from crmkit.practice.phrases import a_kind, is_blank, is_missing, short
from crmkit.practice.question import NotAttempted, Tables, Unreadable, Verdict
from crmkit.say import label, labels, mark, say, say_many

# Units of answers, as questions name them.
labels("percentage points", "points", "times", "days", "weeks", "hours", "questions", "purchases")
labels("of 100", "standard errors", "standard deviations", "returns per 100", "metrics", "bits")


def _finite(value: float) -> float:
    if math.isnan(value):
        raise Unreadable(
            say(
                "That is NaN, “not a number”: it comes from dividing nothing by nothing, or from a "
                "missing value."
            )
        )
    if math.isinf(value):
        raise Unreadable(say("That is infinite: something was divided by zero."))
    return value


def read_number(answer: Any) -> float:
    """Read one finite number out of whatever holds exactly one.

    Examples
    --------
    >>> read_number(np.float32(2.5))
    2.5
    >>> read_number(pd.Series([7]))
    7.0
    """
    refuse_empty(answer)
    kind = type(answer)
    if issubclass(kind, pd.DataFrame | pd.Series | pd.Index | np.ndarray | list | tuple):
        # Counted before it is unpacked: a table of millions of rows would take seconds.
        pieces = issubclass(kind, list | tuple)
        count = len(answer) if pieces else answer.size
        if count == 1:
            values = np.asarray(answer, dtype=object).ravel()
            count = len(values)
        if count != 1:
            raise Unreadable(
                say(
                    "That is {answer} with {count:,} values: the question asks for one number.",
                    answer=a_kind(answer),
                    count=count,
                )
            )
        return read_number(values[0])
    if issubclass(kind, set | frozenset | dict):
        raise Unreadable(
            say("That is {answer}: the question asks for one number.", answer=a_kind(answer))
        )
    if issubclass(kind, bool | np.bool_):
        raise Unreadable(say("That is True or False: the question asks for a number."))
    if issubclass(kind, str):
        raise Unreadable(
            say(
                "That is text, {answer}: give the number itself, without quotation marks or unit.",
                answer=short(answer),
            )
        )
    if issubclass(kind, complex | np.complexfloating):
        raise Unreadable(say("That is a complex number: the question asks for an ordinary one."))
    if issubclass(kind, dt.timedelta | np.timedelta64):
        raise Unreadable(
            say(
                "That is a time span: turn it into a number first, for days with `.days` or `/ "
                "pd.Timedelta(days=1)`."
            )
        )
    if issubclass(kind, int | float | np.integer | np.floating | Decimal | Fraction):
        try:
            return _finite(float(answer))
        except OverflowError:
            raise Unreadable(say("That number is too large to be read.")) from None
        except ValueError:
            raise Unreadable(say("That is not an ordinary number.")) from None
    if callable(answer):
        raise Unreadable(
            say("That is a function, not its result: call it, with brackets and what it needs.")
        )
    raise Unreadable(
        say("That is {answer}: the question asks for one number.", answer=a_kind(answer))
    )


def restored_number(plain: Any) -> float:
    """Read a number back from JSON."""
    if isinstance(plain, bool) or not isinstance(plain, int | float):
        raise Unreadable(say("The recorded answer is not a number."))
    try:
        return _finite(float(plain))
    except OverflowError:
        raise Unreadable(say("That number is too large to be read.")) from None


def near(answer: float, reference: float, tolerance: float, relative: float = 0.0) -> bool:
    """Tell whether two numbers agree within a tolerance, which itself still passes.

    Examples
    --------
    >>> near(1.05, 1.0, 0.05), near(1.06, 1.0, 0.05)
    (True, False)
    """
    if math.isnan(answer) or math.isnan(reference):
        return math.isnan(answer) and math.isnan(reference)
    allowed = max(tolerance, relative * abs(reference))
    # Room for the last bits of floating point: 1.05 - 1.0 is a little more than 0.05.
    return abs(answer - reference) <= allowed + 1e-9 * max(1.0, abs(reference))


POINTS = "percentage points"
#: Units of a hundred. "points" alone are the steps of a scale (trust, a score), which is no share of anything.
PER_CENT = {"%", "per cent", "percent", POINTS}


SHARE = {"fraction", "share"}


def how_it_differs(
    answer: Sequence[float],
    reference: Sequence[float],
    tolerance: float,
    relative: float,
    unit: str,
) -> str:
    """Say what the difference looks like (unit, sign, factor, rounding), or nothing if it looks like nothing.

    Works on one number or on a whole column: a slip must explain all values at once.

    Examples
    --------
    >>> how_it_differs([0.314], [31.4], 0.05, 0, "%")
    'Right, but as a fraction: the question asks for per cent, from 0 to 100.'
    >>> how_it_differs([-0.0407], [-4.07], 0.005, 0, "percentage points")
    'Right, but as a fraction: the question asks for percentage points, a hundred times as much.'
    >>> how_it_differs([30, 10], [75, 25], 0.05, 0, "%")
    'Right in proportion, but these are amounts: what share of their total is each of them, in per cent?'
    >>> how_it_differs([0.0457], [4.57], 0.0005, 0, "points")
    'Right, but a hundred times too small: look at the unit.'
    """
    pairs = [
        (a, r)
        for a, r in zip(answer, reference, strict=True)
        if not (math.isnan(a) and math.isnan(r))
    ]
    if not pairs or all(r == 0 for _, r in pairs):
        return ""
    if any(math.isnan(a) or math.isnan(r) for a, r in pairs):
        return ""

    def all_near(change: Callable[[float], float], grain: float = 0.0) -> bool:
        return all(near(change(a), r, max(tolerance, grain), relative) for a, r in pairs)

    word = unit.strip().lower()
    if all_near(lambda a: -a):
        return say("Right size, wrong sign: what was subtracted from what?")
    # A hundredfold answer carries a hundredth of the decimals: rounding is forgiven while the unit is wrong.
    if all_near(lambda a: a * 100, grain=0.5 if word in PER_CENT else 0.0):
        if word == POINTS:
            return say(
                "Right, but as a fraction: the question asks for percentage points, a hundred times as much."
            )
        if word in PER_CENT:
            return say("Right, but as a fraction: the question asks for per cent, from 0 to 100.")
        return say("Right, but a hundred times too small: look at the unit.")
    if all_near(lambda a: a / 100):
        if word in SHARE:
            return say("Right, but in per cent: the question asks for a fraction, from 0 to 1.")
        return say("Right, but a hundred times too large: look at the unit.")
    for factor, too_small, too_large in (
        (
            1000,
            mark("Right, but a thousand times too small: look at the unit."),
            mark("Right, but a thousand times too large: look at the unit."),
        ),
        (
            1_000_000,
            mark("Right, but a million times too small: look at the unit."),
            mark("Right, but a million times too large: look at the unit."),
        ),
    ):
        if all_near(lambda a, f=factor: a * f):  # type: ignore[misc]
            return say(too_small)
        if all_near(lambda a, f=factor: a / f):  # type: ignore[misc]
            return say(too_large)
    whole = 100.0 if word in PER_CENT else 1.0 if word in SHARE else None
    if whole is not None and word != POINTS and all_near(lambda a: whole - a):
        return say("That is the other part, what is left of the whole: which part is asked for?")
    rounded = next((d for d in range(7) if all(round(r, d) == a for a, r in pairs)), None)
    if rounded is not None:
        return _about_rounding(rounded, tolerance)
    if all(a and near(1 / a, r, tolerance, max(relative, 1e-3)) for a, r in pairs):
        return say("That is the ratio the other way round: which of the two is divided by which?")
    if word in PER_CENT and _amounts_for_shares(pairs):
        return say(
            "Right in proportion, but these are amounts: what share of their total is each of them, in per cent?"
        )
    return ""


def _amounts_for_shares(pairs: Sequence[tuple[float, float]]) -> bool:
    """Tell whether a column has the amounts whose shares of their total were asked for."""
    shares, total = [r for _, r in pairs], sum(a for a, _ in pairs)
    if len(pairs) < 2 or total == 0 or not near(sum(shares), 100, 0.5):
        return False
    return all(near(100 * a / total, r, 0.05) for a, r in pairs)


def early_rounded(answer: float, exact: float, tolerance: float) -> bool:
    """Tell whether an answer is a number rounded to fewer decimals than asked, as one copies it from a printed table.

    A single digit says too little to tell by.

    Examples
    --------
    >>> early_rounded(3.9, 3.8734, 0.005), early_rounded(4, 3.8734, 0.005), early_rounded(3.87, 3.8734, 0.005)
    (True, False, False)
    """
    asked = decimals_of(tolerance)
    if asked is None or not math.isfinite(exact) or abs(answer) < 1:
        return False
    return any(
        round(exact, given) == answer and abs(answer) * 10**given >= 10 for given in range(asked)
    )


def looks_like_a_fraction(answer: float, reference: float, unit: str) -> bool:
    """Tell whether per cent are asked for, and what came can only be a fraction.

    Examples
    --------
    >>> looks_like_a_fraction(0.74, 69.8, "%"), looks_like_a_fraction(0.74, 2.5, "%")
    (True, False)
    """
    return unit.strip().lower() in PER_CENT and 0 < abs(answer) < 1 and abs(reference) >= 5


def _no_fraction(answer: str, unit: str) -> str:
    """Say that a fraction came where per cent or points are asked for, and that it is not the right one."""
    if unit.strip().lower() == POINTS:
        return say(
            "{answer} looks like a fraction: the question asks for percentage points, a hundred times as much. "
            "Times 100 it is still not the answer.",
            answer=answer,
        )
    return say(
        "{answer} looks like a fraction: the question asks for per cent, from 0 to 100. "
        "Times 100 it is still not the answer.",
        answer=answer,
    )


def decimals_of(tolerance: float) -> int | None:
    """Give the decimals that a tolerance asks for, half a unit of the last; None where it is no such half.

    Examples
    --------
    >>> decimals_of(0.005), decimals_of(0.5), decimals_of(0.02)
    (2, 0, None)
    """
    return next((d for d in range(7) if math.isclose(tolerance, 0.5 * 10**-d)), None)


def _about_rounding(given: int, tolerance: float) -> str:
    """Say how many decimals came and how many were asked."""
    asked = decimals_of(tolerance)
    if asked is None or asked <= given:
        return say("That is rounded too early: give at least {digits} decimals.", digits=given + 1)
    if given == 0:
        return say_many(
            "That is rounded to a whole number: {asked} decimal is asked for.",
            "That is rounded to a whole number: {asked} decimals are asked for.",
            asked,
            asked=asked,
        )
    return say_many(
        "That is rounded to {given} decimal: {asked} are asked for.",
        "That is rounded to {given} decimals: {asked} are asked for.",
        given,
        given=given,
        asked=asked,
    )


def about_size(answer: float, reference: float) -> str:
    """Say whether an answer has the right size, in steps of ten that do not depend on where the reference lies.

    Which power of ten it is teaches (a total for a mean, pounds for thousands), and is all that asking again can find.

    Examples
    --------
    >>> about_size(312, 31.4)
    '312 is not what your data give. They give a number between 10 and 100.'
    >>> about_size(60, 31.4)
    '60 is not what your data give. Its size is plausible: which rows count, and over which time?'
    """
    mine = short(answer)
    if reference == 0 or not math.isfinite(reference):
        return say("{answer} is not what your data give. Which rows count?", answer=mine)
    power = math.floor(math.log10(abs(reference)))
    low, high = sorted(math.copysign(10.0**p, reference) for p in (power, power + 1))
    if low <= answer <= high:
        return say(
            "{answer} is not what your data give. Its size is plausible: which rows count, and over which time?",
            answer=mine,
        )
    return say(
        "{answer} is not what your data give. They give a number between {low} and {high}.",
        answer=mine,
        low=short(low),
        high=short(high),
    )


@dataclass(frozen=True)
class Number:
    """One number.

    Parameters
    ----------
    unit
        As said to the learner: "£", "%", "percentage points", "points" (of a scale), "fraction", "days", "customers".
    tolerance
        How far an answer may be off, in that unit. Half a unit of the last decimal that you ask for.
    relative
        The same as a share of the reference, for numbers whose size differs between learners.

    Examples
    --------
    >>> kind = Number(unit="%", tolerance=0.05)
    >>> kind.compare(31.4, 31.42).right
    True
    >>> kind.compare(0.314, 31.42).message
    'Right, but as a fraction: the question asks for per cent, from 0 to 100.'
    """

    unit: str = ""
    tolerance: float = 0.0
    relative: float = 0.0
    name: str = field(default="number", init=False)

    def asks(self) -> str:
        """Say in words what the answer should be."""
        if self.unit.startswith("of "):
            what = say("one number, {of_how_many}", of_how_many=label(self.unit))
        elif self.unit:
            what = say("one number, in {unit}", unit=label(self.unit))
        else:
            what = say("one number")
        if self.relative:
            return say("{what}, to within {per_cent:g} %", what=what, per_cent=self.relative * 100)
        if self.tolerance:
            return say("{what}, to within {tolerance:g}", what=what, tolerance=self.tolerance)
        return what

    def read(self, answer: Any, tables: Tables | None) -> float:
        """Read one number."""
        if is_blank(answer):
            raise NotAttempted
        return read_number(answer)

    def compare(self, answer: float, reference: float) -> Verdict:
        """Compare within the tolerance; name a slip of unit, sign, factor or rounding."""
        if near(answer, reference, self.tolerance, self.relative):
            return Verdict(True)
        slip = how_it_differs([answer], [reference], self.tolerance, self.relative, self.unit)
        if slip:
            return Verdict(False, slip)
        mine, guarded = short(answer), about_size(answer, reference)
        if looks_like_a_fraction(answer, reference, self.unit):
            # Too low as per cent, and perhaps too high as the fraction that it is: neither is said.
            return Verdict(False, _no_fraction(mine, self.unit), guarded)
        if answer > reference:
            return Verdict(False, say("{answer} is too high.", answer=mine), guarded)
        return Verdict(False, say("{answer} is too low.", answer=mine), guarded)

    def like_a_way(self, answer: float, wrong: float, reply: str) -> str:
        """Give the reply to a wrong way that was taken in another unit: a fraction where per cent are asked for.

        Examples
        --------
        >>> Number(unit="%", tolerance=0.05).like_a_way(0.314, 31.4, "That is the lower end.")
        'That is the lower end. And it is a fraction: the question asks for per cent, from 0 to 100.'
        """
        word = self.unit.strip().lower()
        if word not in PER_CENT or not self.compare(100 * answer, wrong).right:
            return ""
        if word == POINTS:
            return say(
                "{reply} And it is a fraction: the question asks for percentage points, a hundred times as much.",
                reply=reply,
            )
        return say(
            "{reply} And it is a fraction: the question asks for per cent, from 0 to 100.",
            reply=reply,
        )

    def dump(self, answer: float) -> float:
        """Give the number."""
        return float(answer)

    def restore(self, plain: Any) -> float:
        """Read the number back."""
        return restored_number(plain)
