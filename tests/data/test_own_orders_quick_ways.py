"""The quick ways of reading clean columns give what the slow ways give, cell by cell."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crmkit.data.own import amounts, cells, dates, reading

often = settings(max_examples=120, deadline=None)

CELL = st.one_of(
    st.sampled_from(
        [
            "",
            "A",
            "00123",
            "5.0",
            "NA",
            "null",
            "Müller",
            "客户",
            "1 2",
            " x",
            "a\tb",
            "'7",
            "-",
            "\x0b",
        ]
    ),
    st.text(st.characters(exclude_characters='"\r\n\x00', codec="utf-8"), max_size=6),
)


@often
@given(
    rows=st.lists(st.lists(CELL, min_size=1, max_size=4), min_size=1, max_size=6),
    separator=st.sampled_from([",", ";", "\t", "|"]),
    end=st.sampled_from(["", "\n", "\n\n"]),
)
@example(rows=[["a", "b"], ["", ""]], separator=",", end="\n")
@example(rows=[["a", "b"], ["c", "d"], [""]], separator=",", end="\n")
@example(rows=[["a", "b"], ["c", "d", "e"]], separator=";", end="")
def test_a_plain_text_splits_into_the_same_cells(rows, separator, end):
    text = "\n".join(separator.join(row) for row in [["one", "two"], *rows]) + end
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "_MANY_CHARACTERS", 10**9)
        slow = reading._split(text, separator, "it", [])
        patch.setattr(reading, "_MANY_CHARACTERS", 0)
        quick = reading._split(text, separator, "it", [])
    pd.testing.assert_frame_equal(quick, slow)


def test_a_plain_text_does_go_the_quick_way():
    pytest.importorskip("pyarrow")
    text = "customer,date\n" + "A,2024-03-05\n" * 10_000
    assert reading._split_plain(text, ",", 2).shape == (10_001, 2)
    for odd in (text + "A,b,c\n", text.replace("A", '"A"'), text.replace(",2", ", 2")):
        assert reading._split_plain(odd, ",", 2) is None


NUMBER = st.one_of(
    st.from_regex(r"-?[0-9]{1,6}([.,][0-9]{1,4})?", fullmatch=True),
    st.sampled_from(
        [
            "",
            "1.234",
            "1,234",
            "0,123",
            "-0",
            "007,5",
            "1.234,5",
            "n/a",
            "€5",
            " 5",
            "999999999999,5",
        ]
    ),
)


@often
@given(st.lists(NUMBER, min_size=1, max_size=8), st.sampled_from([None, ".", ","]))
@example(["1,234", "5"], None)
@example(["1,234", "0,123"], None)
@example(["1.234", "2.500"], None)
def test_plain_amounts_are_the_same_in_both_ways(written, decimal):
    quick = amounts.parse_amounts(pd.Series(written, dtype="str"), decimal=decimal)
    distinct = list(dict.fromkeys(text.strip() for text in written))
    weights = np.array([sum(t.strip() == d for t in written) for d in distinct])
    slow = amounts._parse_texts(distinct, weights, decimal, "amounts")
    place = [distinct.index(text.strip()) for text in written]
    np.testing.assert_array_equal(quick.value, slow.value[place])
    np.testing.assert_array_equal(quick.missing, slow.missing[place])
    np.testing.assert_array_equal(quick.unclear, slow.unclear[place])
    assert quick.notes == slow.notes


MOMENT = st.builds(
    lambda day, hour, minute, form: (
        pd.Timestamp(day).replace(hour=hour, minute=minute).strftime(form)
    ),
    st.dates(pd.Timestamp("1990-01-01").date(), pd.Timestamp("2030-12-31").date()),
    st.integers(0, 23),
    st.integers(0, 59),
    st.sampled_from(
        [
            "%Y-%m-%d",
            "%Y-%m-%d %H:%M:%S",
            "%d.%m.%Y %H:%M",
            "%Y-%m-%dT%H:%M:%S",
            "%Y/%m/%d",
            "%m/%d/%Y",
            "%Y%m%d",
            "%d.%m.%y",
            "%Y-%m-%d %I:%M %p",
            "%b %d, %Y",
            "%Y-%m-%d %H:%M+01:00",
        ]
    ),
)
ODD_DAY = st.sampled_from(
    ["", "soon", "2024-3-5", "2024-02-30", "2024-03-05 ", "2024-03-05  10:00", "45356", "T", "5 T"]
)


@often
@given(
    st.lists(MOMENT | ODD_DAY, min_size=1, max_size=8) | st.lists(MOMENT, min_size=1, max_size=8)
)
def test_dates_are_the_same_in_both_ways(written):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dates, "_MANY", 0)
        quick = dates.parse_dates(pd.Series(written, dtype="str"))
        patch.setattr(dates, "_MANY", 10**9)
        slow = dates.parse_dates(pd.Series(written, dtype="str"))
    pd.testing.assert_series_equal(quick.moment, slow.moment)
    np.testing.assert_array_equal(quick.missing, slow.missing)
    np.testing.assert_array_equal(quick.unclear, slow.unclear)


DAY = st.sampled_from(
    ["2024-03-05", "05.03.2024", "13/03/2024", "03/13/2024", "5.3.24", "soon", "T", "2024-02-30"]
)
TIME = st.sampled_from(
    ["10:00", "23:59:58", "7:05", "late", "25:00", "10:00Z", "11:30", "", "1:00 PM"]
)


@often
@given(
    st.lists(DAY, min_size=1, max_size=3),
    st.lists(TIME, min_size=1, max_size=3),
    st.sampled_from(" T"),
)
@example(["2024-03-05", "2024-03-06", "2024-03-07"], ["10:00", "11:30", "23:59"], " ")
@example(["05.03.2024", "13.03.2024"], ["10:00", "11:30", "12:00"], " ")
def test_days_and_times_read_apart_are_the_same(days, times, gap):
    texts = pd.Series(
        [day + gap + time for day in days for time in times], dtype="str"
    ).drop_duplicates()
    weights = np.ones(len(texts), dtype=np.int64)
    apart = dates._parse_apart(texts, weights, None, None, None)
    if apart is not None:
        whole = dates._parse_texts(texts, weights, None, None, None)
        np.testing.assert_array_equal(apart[0], whole[0])
        np.testing.assert_array_equal(apart[1], whole[1])
        np.testing.assert_array_equal(apart[2], whole[2])


@often
@given(
    st.lists(
        st.from_regex("[A-Za-z]{0,4}[-_]?[0-9]+", fullmatch=True)
        | st.sampled_from(["", "1.0", "a b"]),
        min_size=1,
        max_size=8,
    )
)
def test_plain_identifiers_are_the_same_in_both_ways(written):
    ids, damaged = cells.identifiers(
        pd.Series(written, dtype="str", index=range(5, 5 + len(written)))
    )
    assert ids.tolist() == [cells._clean_identifier(text) for text in written]
    assert ids.index.tolist() == damaged.index.tolist() == list(range(5, 5 + len(written)))


@often
@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from("ab"), st.none() | st.integers(0, 2)),
        max_size=12,
    )
)
def test_rows_have_one_number_where_every_cell_is_equal(rows):
    frame = pd.DataFrame(rows, columns=["x", "y", "z"])
    codes = pd.Series(cells.row_codes(frame))
    assert codes.duplicated().tolist() == frame.duplicated().tolist()


def test_numbers_of_rows_do_not_run_over():
    wide = pd.DataFrame({f"c{i}": np.arange(2000) % 1999 for i in range(9)})
    assert pd.Series(cells.row_codes(wide)).duplicated().sum() == 1
