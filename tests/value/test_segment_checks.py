"""Segments compared with a truth, with a second draw, and in money: small cases with known answers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crmkit.errors import CrmkitError
from crmkit.value.explorers import segment_explorer
from crmkit.value.segment_checks import compare_recovery, gain_by_group, segment_stability

RNG = np.random.default_rng(8)
TRUE = pd.Series(RNG.integers(0, 3, 400))


def test_the_interval_of_a_recovery_holds_what_other_samples_give():
    noisy = TRUE.where(RNG.random(400) < 0.7, RNG.integers(0, 3, 400))
    found = compare_recovery({"noisy": noisy, "chance": pd.Series(RNG.integers(0, 3, 400))}, TRUE)
    assert (
        found.loc["noisy", "low"] < found.loc["noisy", "adjusted_rand"] < found.loc["noisy", "high"]
    )
    assert found.loc["chance", "low"] < 0.02 < found.loc["noisy", "low"]
    assert found["wins"].tolist() == [1, 0]


def test_groupings_of_other_customers_are_refused():
    with pytest.raises(CrmkitError, match="'b' is on other customers"):
        compare_recovery({"a": TRUE, "b": TRUE.iloc[1:]}, TRUE)
    with pytest.raises(CrmkitError, match="at least one"):
        compare_recovery({}, TRUE)


def test_islands_come_out_again_and_a_cloud_cut_in_many_does_not():
    middle = np.repeat([0.0, 10.0, 20.0], 40)
    islands = pd.DataFrame({"x": middle + RNG.normal(0, 0.5, 120)})
    again = segment_stability(islands, (2, 3, 5), draws=3)
    assert again.loc[3, "adjusted_rand"] == 1
    assert (
        again.loc[3, "wins"] >= 1 / 3
    )  # two of three islands may repeat as well: they share the draw
    assert again["wins"].sum() == pytest.approx(1)
    assert again.loc[5, "wins"] == 0
    cloud = pd.DataFrame(RNG.normal(size=(120, 4)))
    assert segment_stability(cloud, (5,), draws=3).loc[5, "adjusted_rand"] < 0.7


def test_a_gain_is_open_where_the_customers_are_few_or_the_interval_holds_zero():
    tier = pd.Series(["top"] * 30 + ["base"] * 30 + ["mid"] * 30 + ["few"] * 5, name="tier")
    gain = pd.Series(RNG.normal(0, 1, 95)) + tier.map({"top": 9, "base": -9, "mid": 0, "few": 9})
    found = gain_by_group(gain, tier)
    assert found["pays"].to_dict() == {"base": "no", "few": "open", "mid": "open", "top": "yes"}
    assert found.loc["few", ["low", "high"]].isna().all()
    two = gain_by_group(gain, tier, pd.Series(["a", "b"] * 47 + ["a"], name="label"), least=10)
    assert two.index.names == ["tier", "label"]
    assert two["customers"].sum() == 95


def test_the_explorer_numbers_groups_from_the_cheapest_and_names_its_colours():
    baskets = pd.DataFrame({"price_level": np.repeat([2.0, 0.0, 1.0], 30) + RNG.normal(0, 0.1, 90)})
    baskets["quality"] = RNG.normal(0, 1, 90)
    seen = segment_explorer(baskets, pd.Series(np.repeat(["value", "price", "compound"], 30)))
    assert seen.error is None
    assert "The best number of groups here reaches" in seen.sentence
    seen.set(up="price_level")
    assert seen.sentence.startswith("Both axes show the same feature")
    seen.set(up="quality", show_truth=True)
    assert seen.error is None
