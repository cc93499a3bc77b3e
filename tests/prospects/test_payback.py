"""What a won customer brings: sums over those watched, payback, value over cost, and what is said of wrong input."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from benchmarks import coverage_prospects_acquisition as worlds
from crmkit.errors import CrmkitError
from crmkit.prospects import margin_by_month, payback, value_over_cost
from crmkit.world import simulate

CHANNEL = "acquisition_channel"


def people(number: int = 20, seen: int = 3) -> tuple[pd.DataFrame, pd.DataFrame]:
    followed = pd.DataFrame(
        {"followed_id": np.arange(number), CHANNEL: "search", "months_seen": seen}
    )
    margin = pd.DataFrame(
        {
            "followed_id": np.repeat(np.arange(number), seen),
            "month": np.tile(np.arange(seen) + 1, number),
            "margin": 10.0,
        }
    )
    return followed, margin


def test_a_month_counts_those_who_were_watched_only() -> None:
    followed, margin = people()
    followed["months_seen"] = [1] * 10 + [3] * 10
    margin = margin[(margin["followed_id"] >= 10) | (margin["month"] == 1)]
    found = margin_by_month(followed, margin)
    assert found["watched"].tolist() == [20, 10, 10]
    assert found["so_far"].tolist() == [10.0, 20.0, 30.0]
    # To take an unwatched month for one without margin would give 10 + 5 + 5.


def test_who_has_left_counts_as_nothing() -> None:
    followed, margin = people()
    margin = margin[(margin["followed_id"] >= 10) | (margin["month"] == 1)]
    assert margin_by_month(followed, margin)["so_far"].tolist() == [10.0, 15.0, 20.0]


def test_months_with_too_few_watched_are_left_out_and_no_spread_gives_no_interval() -> None:
    followed, margin = people(number=15)
    followed.loc[:8, "months_seen"] = 2
    margin = margin[(margin["followed_id"] > 8) | (margin["month"] <= 2)]
    found = margin_by_month(followed, margin)
    assert found["month"].tolist() == [1, 2]
    assert found[["low", "high"]].isna().all().all()


def test_the_worlds_value_is_found() -> None:
    held = []
    for seed in range(1, 7):
        world = simulate("fernwell", 50, seed, parts=["winning"], progress=False)
        found = margin_by_month(*(world.tables[f"followed_{n}"] for n in ("customers", "margin")))
        last = found[found["month"] == 24].set_index(CHANNEL)
        truth = world.truth["acquisition_curves"].set_index(CHANNEL)["value"]
        last = last.loc[truth.index]
        held.append(((last["low"] < truth) & (truth < last["high"])).to_numpy())
    assert np.mean(held) > 0.85


def test_payback_by_hand() -> None:
    followed, margin = people()
    cost = pd.Series({"search": 20.0})
    found = payback(followed, margin, cost).loc["search"]
    assert found[["months", "low", "high"]].tolist() == [2, 2, 2]
    assert found["back_by_then"] == 1
    late = payback(followed, margin, cost + 15).loc["search"]
    assert late[["months", "low", "high"]].isna().all()
    assert late["back_by_then"] == 0


def test_an_unsure_cost_makes_the_months_unsure() -> None:
    followed, margin = worlds.histories(400, np.random.default_rng(4))
    sure = payback(followed, margin, pd.Series({"search": 55.0})).loc["search"]
    table = pd.DataFrame({"cost": [55.0], "high": [110.0]}, index=["search"])
    unsure = payback(followed, margin, table).loc["search"]
    assert unsure["high"] - unsure["low"] > sure["high"] - sure["low"] or np.isnan(unsure["high"])
    assert unsure["back_by_then"] < 1


def test_value_over_cost_by_hand() -> None:
    followed, margin = people()
    margin["margin"] = np.where(margin["followed_id"] % 2, 12.0, 8.0)
    found = value_over_cost(followed, margin, pd.Series({"search": 10.0})).loc["search"]
    assert found["value"] == pytest.approx(30)
    assert found["ratio"] == pytest.approx(3)
    assert found["low"] < 3 < found["high"]
    endless = pd.DataFrame({"cost": [10.0], "high": [np.inf]}, index=["search"])
    wide = value_over_cost(followed, margin, endless).loc["search"]
    assert wide["low"] < 0.2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda f, m, c: (f.drop(columns="months_seen"), m, c), "column months_seen is missing"),
        (lambda f, m, c: (f, m.assign(followed_id=99), c), "followed_id"),
        (lambda f, m, c: (f.head(5), m, c), "customers 5, 6, 7 and 12 more are not in followed"),
        (lambda f, m, c: (f.assign(months_seen=2), m, c), "after the last month seen"),
        (lambda f, m, c: (f, m, c * 0), "must be a number above 0; it is none for search"),
        (lambda f, m, c: (f, m, c.rename({"search": "radio"})), "with the last click radio"),
    ],
)
def test_wrong_tables_are_named(change, said: str) -> None:
    followed, margin, cost = change(*people(), pd.Series({"search": 20.0}))
    for function in (payback, value_over_cost):
        with pytest.raises(CrmkitError, match=said):
            function(followed, margin, cost)


@pytest.mark.slow
@pytest.mark.parametrize("world", [worlds.worth, worlds.ratio], ids=["worth", "ratio"])
def test_coverage_in_brief(world) -> None:
    held = np.concatenate(
        [np.atleast_1d(world(100, np.random.default_rng(seed))) for seed in range(100)]
    )
    assert 0.88 < np.nanmean(held) < 0.99
