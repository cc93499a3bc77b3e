"""What may be shown: counts, and nothing in detail about fewer than five answers."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from crmkit.live import pictures
from crmkit.live.pictures import LEAST

ANY = st.floats(allow_nan=False, allow_infinity=False)
GUESSES = st.lists(ANY | st.integers(0, 100).map(float), min_size=1, max_size=80)
TRY = st.tuples(
    st.sampled_from(["right", "wrong", "written"]), st.integers(0, 4), st.integers(1, 9)
)


def could_be(bars: tuple[pictures.Bar, ...], total: int) -> bool:
    """Whether hidden bars of one to four fit the total: everybody stands in one bar."""
    known = sum(bar.count or 0 for bar in bars)
    hidden = sum(bar.few for bar in bars)
    return known + hidden <= total <= known + (LEAST - 1) * hidden


@settings(max_examples=400, deadline=None)
@given(GUESSES, st.booleans(), st.none() | ANY)
def test_a_histogram_holds_everybody_and_tells_no_bar_of_fewer_than_five(
    values: list[float], per_cent: bool, answer: float | None
) -> None:
    bars = pictures.histogram(values, per_cent=per_cent, answer=answer)
    if len(values) < LEAST:
        assert bars == ()
        return
    assert all(bar.count is None or bar.count == 0 or bar.count >= LEAST for bar in bars)
    assert could_be(bars, len(values))
    assert 3 <= len(bars) <= 12
    inner = [bar.high for bar in bars[:-1]]
    assert all(low is not None for low in inner)
    assert inner == sorted(inner)
    if answer is not None:
        assert 0 <= pictures.place_of(answer, bars) <= 1


def test_one_absurd_guess_does_not_squeeze_all_others() -> None:
    bars = pictures.histogram([float(v) for v in range(40, 70)] + [1e9])
    assert bars[-1].high is None
    assert sum(bar.count != 0 for bar in bars) >= 5


def test_a_revealed_answer_lies_within_the_bars() -> None:
    values = [10.0, 11, 12, 13, 14, 15]
    bars = pictures.histogram(values, answer=80.0)
    assert bars[-1].high is not None
    assert bars[-1].high >= 80
    assert pictures.place_of(80.0, bars) > 0.8


@given(st.lists(st.sampled_from("abc"), max_size=40))
def test_votes_of_one_to_four_are_not_counted_out(letters: list[str]) -> None:
    bars = pictures.choices(letters, "abc")
    assert bool(bars) == (len(letters) >= LEAST)
    for bar in bars:
        count = letters.count(bar.letter)
        assert bar.count == (None if 0 < count < LEAST else count)


@given(st.lists(st.lists(TRY, min_size=1, max_size=6), max_size=40))
def test_no_mistake_of_fewer_than_five_people_is_named(
    people: list[list[tuple[str, int, int]]],
) -> None:
    found = pictures.checked(people)
    if len(people) < LEAST:
        assert found is None
        return
    assert found is not None
    for way, count in found.ways:
        held = sum(any(s == "wrong" and w == way for s, w, _ in tries) for tries in people)
        assert way > 0
        assert count == held >= LEAST
    counts = [found.at_once, found.later, found.not_yet, found.written]
    assert could_be(tuple(pictures.Bar(count) for count in counts), len(people))
    assert all(c is None or c == 0 or c >= LEAST for c in [*counts, found.other_ways])
