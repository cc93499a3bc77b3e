"""What every analysis asks of dates, flags, numbers and ties, whatever type they come in."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmkit.errors import CrmkitError
from crmkit.inputs import (
    is_true_false,
    need_date,
    need_dates,
    need_number,
    need_numbers,
    need_share,
    need_true_false,
    reaches,
    same_steps,
)

ZONES = ("Europe/Berlin", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe", "UTC")
moments = st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2035, 1, 1))


@settings(max_examples=60, deadline=None)
@given(st.lists(moments, min_size=1, max_size=6), st.sampled_from(ZONES))
def test_a_date_is_the_day_on_its_own_clock(stamps: list[dt.datetime], zone: str) -> None:
    days = [pd.Timestamp(stamp.date()) for stamp in stamps]
    local = [
        pd.Timestamp(stamp).tz_localize(zone, ambiguous=True, nonexistent="shift_forward")
        for stamp in stamps
    ]
    ways = {
        "plain": pd.Series(pd.to_datetime(stamps)),
        "with a zone": pd.Series(pd.DatetimeIndex(local)),
        "objects": pd.Series(local, dtype=object),
        "Python dates": pd.Series([stamp.date() for stamp in stamps], dtype=object),
        "text": pd.Series([stamp.isoformat() for stamp in stamps]),
        "text with offsets": pd.Series([stamp.isoformat() for stamp in local]),
        "Arrow": pd.Series(pd.to_datetime(stamps)).astype("timestamp[us][pyarrow]"),
    }
    # A clock that jumps at midnight may move a time that never was.
    kept = [one.date() == stamp.date() for one, stamp in zip(local, stamps, strict=True)]
    for name, values in ways.items():
        found = need_dates(values, "order_date")
        assert found.dt.tz is None, name
        assert all(a == b for a, b, same in zip(found, days, kept, strict=True) if same), name
        assert found.index.equals(values.index)
    assert need_date(local[0]) == pd.Timestamp(local[0].date())


def test_several_zones_in_one_column_keep_their_days() -> None:
    texts = pd.Series(
        [
            "2025-03-29T23:30:00+01:00",
            "2025-03-31T00:15:00+02:00",
            "2025-04-01",
            "2025-04-02T10:00Z",
        ]
    )
    assert need_dates(texts, "d").dt.day.tolist() == [29, 31, 1, 2]
    mixed = pd.Series(
        [pd.Timestamp("2025-03-29T23:30+01:00"), pd.Timestamp("2025-03-31")], dtype=object
    )
    assert need_dates(mixed, "d").dt.day.tolist() == [29, 31]


@pytest.mark.parametrize("values", [[20250131], [1.5], [True], pd.array([20250131], dtype="Int64")])
def test_numbers_are_no_dates(values: object) -> None:
    with pytest.raises(CrmkitError, match="numbers"):
        need_dates(pd.Series(values), "order_date")


def test_unreadable_dates_are_named_by_row() -> None:
    with pytest.raises(CrmkitError, match=r"2 of 3 dates.*row 7, 9"):
        need_dates(pd.Series(["2025-01-01", "soon", None], index=[5, 7, 9]), "order_date")


@given(st.lists(st.booleans(), min_size=1, max_size=8))
@settings(max_examples=30, deadline=None)
def test_flags_are_read_in_every_type(flags: list[bool]) -> None:
    series = pd.Series(flags)
    for kind in ("bool", "boolean", "bool[pyarrow]", "object"):
        assert need_true_false(series.astype(kind), "x").tolist() == flags
        assert is_true_false(series.astype(kind))
    for kind in ("int", "float", "Int8"):
        assert need_true_false(series.astype(kind), "x").tolist() == flags
        assert not is_true_false(series.astype(kind))


@pytest.mark.parametrize(
    "values", [["True", "False"], ["", "yes"], [True, None], [1.0, np.nan], [2, 0]]
)
def test_what_is_no_flag_is_refused(values: list[object]) -> None:
    with pytest.raises(CrmkitError, match="neither True nor False"):
        need_true_false(pd.Series(values), "returned")


def test_a_missing_nullable_flag_is_refused() -> None:
    for kind in ("boolean", "bool[pyarrow]"):
        with pytest.raises(CrmkitError, match="1 of 2"):
            need_true_false(pd.Series([True, None], dtype=kind), "returned")


@pytest.mark.parametrize("kind", ["float64", "Float64", "double[pyarrow]", "object"])
def test_numbers_are_read_in_every_type_and_missing_ones_refused(kind: str) -> None:
    assert need_numbers(pd.Series([1.5, 2.0]).astype(kind), "x").tolist() == [1.5, 2.0]
    with pytest.raises(CrmkitError, match="1 of 2 values are missing"):
        need_numbers(pd.Series([1.5, None], dtype=kind), "x")


def test_dates_spans_and_complex_numbers_are_no_numbers() -> None:
    for values in (pd.to_datetime(["2025-01-01"]), pd.to_timedelta([1], unit="D"), [1 + 2j]):
        with pytest.raises(CrmkitError, match="plain numbers"):
            need_numbers(pd.Series(values), "x")
    with pytest.raises(CrmkitError, match="must be a number"):
        need_number(True, "level")


def test_per_cent_for_a_share_is_named_as_it_was_typed() -> None:
    with pytest.raises(CrmkitError, match=r"at most 1, not 90\. Did you mean 0\.9\?"):
        need_number(np.int64(90), "share", minimum=0, maximum=1)
    with pytest.raises(CrmkitError, match=r"not 90\.0\. Did you mean 0\.9\?"):
        need_share(np.float64(90), "share")


cents = st.integers(1, 100_000)


@given(st.lists(st.lists(cents, min_size=1, max_size=6), min_size=1, max_size=8))
@settings(max_examples=80, deadline=None)
def test_sums_of_cents_tie_however_they_were_added(baskets: list[list[int]]) -> None:
    once = [sum(c / 100 for c in basket) for basket in baskets]
    again = [sum(c / 100 for c in sorted(basket)) for basket in baskets]
    exact = [Fraction(sum(basket), 100) for basket in baskets]
    levels, step = same_steps(once + again)
    order = {value: place for place, value in enumerate(sorted(set(exact)))}
    assert step.tolist() == [order[value] for value in exact + exact]
    assert (np.diff(levels) > 0).all()
    for value, total in zip(exact, once, strict=True):
        for cut in exact:
            assert bool(reaches(total, float(cut))) == (value >= cut)


def test_ties_of_scores_and_cuts_of_sums() -> None:
    assert same_steps([0.3 - 0.1, 0.2, 0.1 + 0.2 - 0.3, 0.0])[1].tolist() == [1, 1, 0, 0]
    assert reaches([91.02 + 0.71 + 8.27, 99.995], 100).tolist() == [True, False]
    assert same_steps([])[1].tolist() == []
