"""What a room may see of its answers: counts, and nothing in detail about fewer than five of them.

All functions here are pure: from values to bars. A bar of one to four answers has no count (``count`` is None); an item
with fewer than five answers has no bars at all.
"""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

#: Nothing about fewer than this many answers is shown in detail.
LEAST = 5
_MOST_BARS = 12
#: From so many guesses on, those of a hundred are shown by tens, before that by twenties: few bars are then small.
_FOR_TENS = 60
_STEPS = (1.0, 2.0, 5.0, 10.0)


@dataclass(frozen=True)
class Bar:
    """One bar: where it begins and ends (of a histogram; None: open), its letter (of a choice), and how many.

    `count` is None where one to four answers are in it.
    """

    count: int | None
    low: float | None = None
    high: float | None = None
    letter: str = ""

    @property
    def few(self) -> bool:
        """Whether one to four answers are in it."""
        return self.count is None


def hidden_if_few(count: int) -> int | None:
    """Give a count that may be shown, or None for one to four.

    Examples
    --------
    >>> [hidden_if_few(count) for count in (0, 1, 4, 5)]
    [0, None, None, 5]
    """
    return None if 0 < count < LEAST else count


def enough(values: Sequence[object]) -> bool:
    """Tell whether there are enough answers to show any detail.

    Examples
    --------
    >>> enough([1, 2, 3, 4]), enough([1, 2, 3, 4, 5])
    (False, True)
    """
    return len(values) >= LEAST


def choices(letters: Sequence[str], options: Sequence[str]) -> tuple[Bar, ...]:
    """Count letters by option.

    Examples
    --------
    >>> [bar.count for bar in choices(list("aaaaabb"), "abc")]
    [5, None, 0]
    >>> choices(list("aaab"), "ab")
    ()
    """
    if not enough(letters):
        return ()
    counts = Counter(letters)
    return tuple(Bar(hidden_if_few(counts[letter]), letter=letter) for letter in options)


def edges(
    values: Sequence[float], *, per_cent: bool = False, answer: float | None = None
) -> list[float]:
    """Choose round edges for a histogram in which nobody's far-off guess squeezes all others.

    Parameters
    ----------
    values
        At least one.
    per_cent
        Whether they are of a hundred: then the bars are tens or twenties from 0 to 100, if all lie there.
    answer
        What is revealed, if it is: the bars then reach it.

    Examples
    --------
    >>> edges([10, 20, 30, 40, 50, 1e9] * 5)
    [10.0, 20.0, 30.0, 40.0, 50.0, 60.0]
    >>> edges([3.0] * 9)
    [2.8, 3.0, 3.2, 3.4]
    """
    ordered = sorted(values)
    low, high = _without_far_off(ordered)
    if answer is not None:
        low, high = min(low, answer), max(high, answer)
    if per_cent and min(low, ordered[0]) >= 0 and max(high, ordered[-1]) <= 100:
        width = 10 if len(ordered) >= _FOR_TENS else 20
        return [float(cut) for cut in range(0, 101, width)]
    wanted = max(3, min(_MOST_BARS, len(ordered) // LEAST))
    least = max(abs(low), abs(high), 1e-9) * 1e-9
    step = _round_step(max((high / wanted - low / wanted) or abs(low) / 20 or 1.0, least))
    start = math.floor(_steps(low, step))
    count = min(_MOST_BARS, math.floor(_steps(high, step)) + 1 - start)
    if count < 3:
        start, count = start - 1, 3
    return [_tidy((start + place) * step) for place in range(count + 1)]


def _without_far_off(ordered: Sequence[float]) -> tuple[float, float]:
    """Give the lowest and highest value that lie within one and a half widths of the middle half (Tukey's fences)."""
    quarter = max(1, len(ordered) // 4)
    q1, q3 = ordered[quarter - 1], ordered[-quarter]
    reach = 1.5 * (q3 - q1)
    inside = [value for value in ordered if q1 - reach <= value <= q3 + reach] or list(ordered)
    return inside[0], inside[-1]


def _round_step(step: float) -> float:
    """Round a step up to 1, 2 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(step))
    return next(power * part for part in _STEPS if power * part >= step * (1 - 1e-9))


def _steps(value: float, step: float) -> float:
    """Say how many steps a value is from zero, whole where it is so but for rounding."""
    steps = value / step
    return round(steps) if math.isclose(steps, round(steps), rel_tol=1e-9) else steps


def _tidy(value: float) -> float:
    return float(f"{value:.10g}")


def histogram(
    values: Sequence[float], *, per_cent: bool = False, answer: float | None = None
) -> tuple[Bar, ...]:
    """Count numbers by bars of one width; the first and the last bar also hold what lies outside.

    Parameters
    ----------
    values
        The guesses.
    per_cent
        As of :func:`edges`.
    answer
        What is revealed, if it is: the bars then reach it.

    Examples
    --------
    >>> [bar.count for bar in histogram([5, 15, 15, 15, 15, 15], per_cent=True)][:3]
    [6, 0, 0]
    >>> histogram([1, 2, 3])
    ()
    """
    if not enough(values):
        return ()
    cuts = edges(values, per_cent=per_cent, answer=answer)
    last = len(cuts) - 2
    counts = Counter(min(max(_place(value, cuts), 0), last) for value in values)
    below, above = min(values) < cuts[0], max(values) > cuts[-1]
    return tuple(
        Bar(
            hidden_if_few(counts[place]),
            None if place == 0 and below else cuts[place],
            None if place == last and above else cuts[place + 1],
        )
        for place in range(last + 1)
    )


def _place(value: float, cuts: Sequence[float]) -> int:
    """Find the bar of a value: an edge belongs to the bar on its right, the last one to the bar on its left."""
    if value == cuts[-1]:
        return len(cuts) - 2
    return sum(value >= cut for cut in cuts) - 1


def place_of(answer: float, bars: Sequence[Bar]) -> float:
    """Say where an answer lies on a histogram's axis, from 0 to 1.

    Examples
    --------
    >>> place_of(25, histogram([5, 15, 15, 15, 15, 15], per_cent=True))
    0.25
    """
    width = next(
        (bar.high - bar.low for bar in bars if bar.low is not None and bar.high is not None), 1.0
    )
    start = bars[0].low if bars[0].low is not None else (bars[0].high or 0.0) - width
    return min(1.0, max(0.0, (answer - start) / (width * len(bars))))


def middle(values: Sequence[float]) -> float:
    """Give the middle guess, to be shown of five or more.

    Examples
    --------
    >>> middle([1, 2, 3, 4, 100])
    3
    """
    return statistics.median_low(values)


@dataclass(frozen=True)
class Checked:
    """How far the room is with a question: people, by where they are; and by the wrong ways they went.

    Every count is None for one to four people. `ways` holds the number of a misconception and its count, those of five
    people or more; `other_ways` counts the people who were wrong in no way that is shown.
    """

    people: int
    at_once: int | None
    later: int | None
    not_yet: int | None
    written: int | None
    ways: tuple[tuple[int, int], ...]
    other_ways: int | None


def checked(people: Sequence[Sequence[tuple[str, int, int]]]) -> Checked | None:
    """Sum up a question's tries.

    Parameters
    ----------
    people
        Of each person the tries in order: state, misconception (0: none), attempt.

    Returns
    -------
    Checked or None
        None of fewer than five people.

    Examples
    --------
    >>> found = checked([[("wrong", 2, 1), ("right", 0, 2)]] * 5 + [[("right", 0, 1)]] * 6 + [[("wrong", 1, 1)]])
    >>> found.at_once, found.later, found.not_yet, found.ways
    (6, 5, None, ((2, 5),))
    """
    if not enough(people):
        return None
    states: Counter[str] = Counter()
    ways: Counter[int] = Counter()
    wrong_of: list[set[int]] = []
    for tries in people:
        right = next((attempt for state, _, attempt in tries if state == "right"), None)
        if right is not None:
            first = right <= 1 and tries[0][0] == "right"
            states["at once" if first else "later"] += 1
        else:
            states[
                "written" if any(state == "written" for state, _, _ in tries) else "not yet"
            ] += 1
        wrong = {way for state, way, _ in tries if state == "wrong"}
        wrong_of.append(wrong)
        ways.update(wrong - {0})
    shown = tuple((way, count) for way, count in ways.most_common() if count >= LEAST)
    named = {way for way, _ in shown}
    others = sum(bool(wrong) and not wrong & named for wrong in wrong_of)
    return Checked(
        people=len(people),
        at_once=hidden_if_few(states["at once"]),
        later=hidden_if_few(states["later"]),
        not_yet=hidden_if_few(states["not yet"]),
        written=hidden_if_few(states["written"]),
        ways=shown,
        other_ways=hidden_if_few(others),
    )
