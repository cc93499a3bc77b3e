"""Results are shown as tables that can be read, and are the same frames as before."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crmkit.errors import CrmkitError
from crmkit.readable import Readable
from crmkit.say import SWITCH
from crmkit.style import show


def shown(table: pd.DataFrame | pd.Series) -> str:
    return Readable(table).text()


def test_a_result_has_words_digits_that_count_and_no_row_numbers() -> None:
    table = pd.DataFrame(
        {
            "tier": ["key", "small"],
            "value_share": [0.7031459, 0.2968541],
            "lost": [-25511.934813, 17.0],
            "gap_days": [3.0, np.nan],
            "as_of": pd.to_datetime(["2025-12-31", None]),
            "pays": [True, False],
        },
        index=[17, 4],
    )
    assert shown(table).splitlines() == [
        "tier   value share     lost  gap (days)       as of  pays",
        "key          0.703  −25,512           3  2025-12-31   yes",
        "small        0.297       17           –           –    no",
    ]


def test_a_column_of_pandas_is_a_table_without_its_foot() -> None:
    assert (
        shown(pd.Series(["a", "b", "a"], name="word").value_counts())
        == "word  count\na         2\nb         1"
    )


def test_ids_and_years_are_no_amounts() -> None:
    table = pd.DataFrame({"customer_id": [1596], "year": [2024], "minutes": [1383]})
    assert shown(table).splitlines()[1].split() == ["1596", "2024", "1,383"]


@pytest.mark.parametrize(
    ("index", "kept"),
    [
        (pd.RangeIndex(3), False),
        (pd.Index([14, 2, 7]), False),  # what sorting leaves of row numbers
        (pd.Index([1, 2, 3]), True),  # scores: what grouping makes
        (pd.Index([5, 6, 7], name="score"), True),
        (pd.Index(["x", "y", "z"]), True),
    ],
)
def test_row_numbers_are_left_out_and_nothing_else(index: pd.Index, kept: bool) -> None:
    assert bool(Readable(pd.DataFrame({"a": [1, 2, 3]}, index=index)).stubs) == kept


def test_two_levels_of_headings_and_rows_are_written_once() -> None:
    table = pd.DataFrame(
        [[1, 2], [3, 4]],
        index=pd.MultiIndex.from_tuples(
            [("key", "call"), ("key", "mail")], names=["tier", "offer"]
        ),
        columns=pd.MultiIndex.from_tuples([("January", "size"), ("January", "mean")]),
    )
    page = Readable(table).html()
    assert 'colspan="2" style="text-align: center">January</th>' in page
    assert page.count("key") == 1


def test_a_long_table_says_what_it_leaves_out() -> None:
    page = Readable(pd.DataFrame({"a": range(200)})).html()
    assert page.count("<tr>") == 61
    assert "140 rows between are left out." in page


def test_what_a_table_holds_is_no_markup() -> None:
    page = Readable(pd.DataFrame({"a<b": ["<script>x</script>"]})).html()
    assert "<script>" not in page
    assert "a&lt;b" in page


def test_show_leaves_the_frame_alone(capsys: pytest.CaptureFixture[str]) -> None:
    table = pd.DataFrame({"value_share": [1 / 3]})
    before = table.copy()
    show(table)
    pd.testing.assert_frame_equal(table, before)
    assert "value share" in capsys.readouterr().out


def test_a_figure_still_needs_words() -> None:
    from crmkit.style import axes

    with pytest.raises(CrmkitError, match="alt text"):
        show(axes(size="small"))


def test_words_follow_the_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SWITCH, "zh_CN")
    assert (
        shown(pd.DataFrame({"tier": ["VIP"], "pays": [True]})).splitlines()[1] == "VIP客户     是"
    )
