"""Intervals hold the truth about as often as they say: each fails when the clustering by person is taken out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import coverage_brand
from benchmarks._coverage import measure
from crmkit.brand import (
    Exponential,
    MemoryChain,
    difference_in_differences,
    fit_delta_rule,
    interference_cost,
    interference_cost_total,
    links_matrix,
    mental_availability,
    retrieval,
)
from crmkit.brand.tracker import plans_in_draws
from crmkit.errors import CrmkitError

ENTRIES = {entry.function: entry for entry in coverage_brand.ENTRIES}


# With rows counted as independent: the gains .75, the placebos 1.00 (one mood answers about all brands).
@pytest.mark.parametrize(
    ("function", "size", "worlds"),
    [
        ("brand.fit_delta_rule", 60, 50),
        ("brand.difference_in_differences", 50, 100),
    ],
)
def test_clustered_intervals_hold(function: str, size: int, worlds: int) -> None:
    assert 0.9 <= measure(ENTRIES[function], size, worlds).coverage <= 0.985


def test_few_diaries_give_no_interval() -> None:
    table = fit_delta_rule(*coverage_brand.diaries(9, np.random.default_rng(0)))
    assert table["estimate"].notna().all()
    assert table[["low", "high"]].isna().all().all()


ROWS = pd.DataFrame(
    {
        "respondent_id": range(12),
        "brand": list("AABBCC") * 2,
        "period": ["before"] * 6 + ["after"] * 6,
        "trust": [7, 8, 6, 7, 5, 6, 5, 6, 6, 8, 5, 9],
    }
)


def test_difference_in_differences_by_hand() -> None:
    found = difference_in_differences(ROWS, "trust", "A").set_index("brand")
    change = ROWS.groupby(["brand", "period"])["trust"].mean().unstack().eval("after - before")
    assert found.loc["A", "effect"] == pytest.approx(change["A"] - (change["B"] + change["C"]) / 2)
    assert found.loc["B", "effect"] == pytest.approx(change["B"] - change["C"])
    assert found["placebo"].tolist() == [False, True, True]
    # Everybody answers once: the error is that of independent means.
    parts = ROWS.groupby(["brand", "period"])["trust"].agg(
        lambda v: ((v - v.mean()) ** 2).sum() / 4
    )
    by_hand = np.sqrt((parts["A"].sum() + parts["B"].sum() / 4 + parts["C"].sum() / 4) * 12 / 11)
    half = (found.loc["A", "high"] - found.loc["A", "low"]) / 2
    assert half / 2.201 == pytest.approx(by_hand, rel=1e-3)


def test_difference_in_differences_says_what_it_needs() -> None:
    with pytest.raises(CrmkitError, match="at least two brands"):
        difference_in_differences(ROWS[ROWS["brand"] < "C"], "trust", "A")
    with pytest.raises(CrmkitError, match="B after"):
        difference_in_differences(
            ROWS.query("not (brand == 'B' and period == 'after')"), "trust", "A"
        )


def test_drawn_models_spread_like_refits() -> None:
    rng = np.random.default_rng(3)
    ages = np.repeat([0.5, 1, 2, 4, 8, 16], 100)[:, None]
    known = Exponential.known(learning=0.8, decay=0.15)
    recalled = (rng.random(600) < known.recall(ages)).astype(int)
    model = Exponential().fit(ages, recalled)
    drawn = [each.half_life_weeks() for each in model.drawn(300)]
    refits = []
    for _ in range(25):
        rows = rng.integers(0, 600, 600)
        refits.append(Exponential().fit(ages[rows], recalled[rows]).half_life_weeks())
    assert np.std(drawn) == pytest.approx(np.std(refits), rel=0.45)
    assert np.median(drawn) == pytest.approx(model.half_life_weeks(), rel=0.05)
    with pytest.raises(CrmkitError, match="was not fitted"):
        MemoryChain.known(learning=1, decay_fast=1, transfer=0.1, decay_slow=0.1).drawn()


def test_cost_total_is_the_sum_of_the_words_costs() -> None:
    links, people = coverage_brand.tracker(200, np.random.default_rng(1), ("before", "after"))
    total = interference_cost_total(links, people, "A", coverage_brand.VALUE, draws=50)
    tables = [links_matrix(links[links["period"] == p]) / 200 for p in ("before", "after")]
    assert total.estimate == pytest.approx(
        interference_cost(*tables, "A", coverage_brand.VALUE)["cost"].sum()
    )
    assert total.low < total.estimate < total.high


LINK = st.tuples(st.integers(0, 7), st.sampled_from("ABC"), st.sampled_from("xyz"))


@given(st.lists(LINK, min_size=1, max_size=40), st.sampled_from([0.5, 0.95]))
@settings(max_examples=40, deadline=None)
def test_intervals_of_any_links_are_intervals(
    rows: list[tuple[int, str, str]], level: float
) -> None:
    links = pd.DataFrame(rows, columns=["respondent_id", "brand", "word"])
    found = mental_availability(links, pd.DataFrame({"respondent_id": range(8)}), level=level)
    once = links.drop_duplicates()
    for row in found.itertuples():
        own = once[once["brand"] == row.brand].groupby("respondent_id").size()
        theirs = once[once["respondent_id"].isin(own.index)]
        by_hand = (len(own) / 8, own.mean(), own.sum() / len(once), own.sum() / len(theirs))
        for name, value in zip(coverage_brand.MEASURES, by_hand, strict=True):
            low, high = (getattr(row, f"{name}_{end}") for end in ("low", "high"))
            assert getattr(row, name) == pytest.approx(value)
            assert np.isnan(low) == np.isnan(high)
            if not np.isnan(low):
                assert low <= value + 1e-9
                assert value <= high + 1e-9
                assert high > low
                if name != "network_size":
                    assert 0 <= low <= high <= 1
        if own.nunique() == 1:
            assert np.isnan(row.network_size_low)  # nothing says how much linkers differ
    shares = retrieval(links, level=level)
    assert shares.groupby("word")["retrieval"].sum().to_numpy() == pytest.approx(1)
    assert (shares["low"] < shares["high"]).sum() == shares["low"].notna().sum()


def test_a_base_that_the_tracker_does_not_pin_down_is_said() -> None:
    memory = Exponential.known(learning=0.8, decay=0.15)
    memory.bases_ = {"A": 0.01}

    def drawn(draws: int = 200, seed: int = 0) -> list[Exponential]:
        out = []
        for base in [0.01] * (draws - 1) + [np.inf]:
            each = Exponential.known(learning=0.8, decay=0.15)
            each.bases_ = {"A": base}
            out.append(each)
        return out

    memory.drawn = drawn
    with pytest.raises(CrmkitError, match=r"base of A: in 1 of 20 curves"):
        plans_in_draws({"mean": [0.25] * 26}, memory, "A", draws=20)


def test_few_draws_of_plans_give_wins_and_no_interval() -> None:
    rng = np.random.default_rng(1)
    ages = np.arange(1.0, 31.0)[:, None]
    named = rng.binomial(300, Exponential.known(learning=0.8, decay=0.15, base=0.3).recall(ages))
    memory = Exponential().fit(ages, named, np.full(30, 300), groups=np.repeat("A", 30))
    for draws, told in ((20, False), (100, True)):
        found = plans_in_draws({"mean": [0.25] * 26}, memory, "A", draws=draws).loc["mean"]
        assert np.isfinite([found["low"], found["high"]]).all() == told
        assert found["wins"] == 1
