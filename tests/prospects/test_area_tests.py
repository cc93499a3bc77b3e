"""Tests by area: what they find beside the truth, how often, and what is said of wrong input."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from benchmarks import coverage_prospects_acquisition as worlds
from crmkit.errors import CrmkitError
from crmkit.prospects import area_growth, area_test
from crmkit.world import simulate

WEEKS = pd.date_range("2025-01-06", periods=12, freq="7D")


def toy(counts: dict[str, tuple[float, float]], arms: dict[str, str]) -> tuple[pd.DataFrame, ...]:
    """Areas with the same number each week before the test (eight weeks) and in it (four)."""
    rows = [
        (week, area, before if i < 8 else during)
        for i, week in enumerate(WEEKS)
        for area, (before, during) in counts.items()
    ]
    won = pd.DataFrame(rows, columns=["week", "area", "new_customers"])
    off = (won["week"] >= WEEKS[8]) & (won["area"].map(arms) == "off")
    spend = won.assign(
        acquisition_channel="search",
        spend=np.where(off, 0.0, 100.0),
        last_clicks=np.where(off, 0, 8),
    )
    tests = pd.DataFrame({"area": list(arms), "arm": list(arms.values())}).assign(
        acquisition_channel="search", first_week=WEEKS[8], last_week=WEEKS[11]
    )
    return spend, won, tests


COUNTS = {"A": (20.0, 24.0), "B": (40.0, 44.0), "C": (20.0, 18.0), "D": (10.0, 10.0)}
ARMS = {"A": "as usual", "B": "as usual", "C": "off", "D": "off"}


def test_difference_in_differences_by_hand() -> None:
    spend, won, tests = toy(COUNTS, ARMS)
    growth = area_growth(won, tests, "search", before=8).set_index("area")["growth"]
    assert growth.round(6).to_dict() == {"A": 1.2, "B": 1.1, "C": 0.9, "D": 1.0}
    found = area_test(spend, won, tests, "search", before=8).loc["off"]
    usual = np.sqrt(1.2 * 1.1)
    assert found["change"] == pytest.approx(np.sqrt(0.9 * 1.0) / usual - 1)
    assert found["spend"] == pytest.approx(-200)
    assert found["clicks"] == pytest.approx(-16)
    assert found["customers"] == pytest.approx(30 * usual * found["change"])
    assert found["cost"] == pytest.approx(found["spend"] / found["customers"])
    assert found["low"] < found["change"] < found["high"]
    assert found["areas"] == 2


def test_a_season_that_all_share_falls_out() -> None:
    spend, won, tests = toy(COUNTS, ARMS)
    busy = won["new_customers"] * np.where(won["week"] >= WEEKS[8], 1.7, 1.0)
    one, two = (
        area_test(spend, table, tests, "search", before=8).loc["off", "change"]
        for table in (won, won.assign(new_customers=busy))
    )
    assert one == pytest.approx(two)


def test_the_shipped_kind_of_test_holds_the_truth() -> None:
    held, above_clicks = [], []
    for seed in range(1, 9):
        world = simulate("fernwell", 50, seed, parts=["winning"], progress=False)
        tables = world.tables
        found = area_test(
            *(tables[n] for n in ("area_spend", "area_customers", "area_tests")), "search"
        )
        row = found.loc["off"]
        held.append(row["low"] < -0.137 < row["high"])
        above_clicks.append(row["cost"] > 1.3 * row["spend"] / row["clicks"])
    assert sum(held) >= 7
    assert sum(above_clicks) >= 7


def test_the_p_value_is_that_of_dealing_the_arms_again() -> None:
    arms = {f"area {i}": "off" if i < 6 else "as usual" for i in range(12)}
    clear = {
        area: (50.0, 40.0 + i / 10 if arm == "off" else 50.0 + i / 10)
        for i, (area, arm) in enumerate(arms.items())
    }
    spend, won, tests = toy(clear, arms)
    # Of the 924 ways to deal six of twelve areas, two part them as far.
    assert area_test(spend, won, tests, "search", before=8, draws=4000).loc["off", "p"] < 0.006
    rng = np.random.default_rng(3)
    low = 0
    for _ in range(100):
        luck = {area: (50.0, float(rng.poisson(50))) for area in arms}
        spend, won, tests = toy(luck, arms)
        low += (
            area_test(spend, won, tests, "search", before=8, draws=199, seed=rng)["p"].iloc[0]
            <= 0.05
        )
    assert low <= 12


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda s, w, t: (s, w, t, "radio"), "there is none of 'radio'. There are: search"),
        (lambda s, w, t: (s, w, t.assign(arm="off"), "search"), "an arm called 'as usual'"),
        (lambda s, w, t: (s, w, pd.concat([t, t.head(1)]), "search"), "tests"),
        (
            lambda s, w, t: (s, w[w["week"] >= WEEKS[8]], t, "search"),
            "weeks before the test and in it",
        ),
        (
            lambda s, w, t: (s, w.assign(new_customers=0), t, "search"),
            "nobody came in A, B, C and 1 more",
        ),
        (lambda s, w, t: (s, w, t.assign(first_week=list(WEEKS[:4])), "search"), "different weeks"),
        (lambda s, w, t: (s[s["spend"] < 0], w, t, "search"), "no rows"),
    ],
)
def test_wrong_tests_are_named(change, said: str) -> None:
    spend, won, tests, channel = change(*toy(COUNTS, ARMS))
    with pytest.raises(CrmkitError, match=said):
        area_test(spend, won, tests, channel, before=8)


@pytest.mark.slow
def test_coverage_in_brief() -> None:
    held = np.concatenate([worlds.geo(18, np.random.default_rng(seed)) for seed in range(60)])
    assert 0.88 < np.nanmean(held) < 0.995
