"""Introductions: slow and plain computations agree, wrong input is named, intervals hold the truth."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from benchmarks._coverage import measure
from benchmarks.coverage_prospects_referral import ENTRIES, newcomers, reward_test
from crmkit.errors import CrmkitError
from crmkit.inference import newcombe, wilson
from crmkit.prospects import (
    closing_rates,
    gap_over_time,
    generation_table,
    grow_tree,
    how_many_bring,
    like_with_like,
    programme_worth,
    referral_chains,
    reproduction_number,
    reward_effects,
)
from crmkit.reactivation import effect_table


def forest(seed: int, size: int = 60) -> pd.DataFrame:
    """Everybody but a few was brought by somebody who came before; some introductions came to nothing."""
    rng = np.random.default_rng(seed)
    rows = [(int(rng.integers(0, who)), float(who)) for who in range(1, size) if rng.random() < 0.7]
    rows += [(int(rng.integers(0, size)), np.nan) for _ in range(20)]
    table = pd.DataFrame(rows, columns=["inviter_id", "friend_id"]).add(100)
    return table.sample(frac=1, random_state=seed)


@pytest.mark.parametrize("seed", range(5))
def test_chains_are_what_a_walk_up_the_tree_counts(seed: int) -> None:
    table = forest(seed)
    ids = np.arange(100, 160)
    found = referral_chains(ids, table).set_index("customer_id")
    above = table.dropna().set_index("friend_id")["inviter_id"].to_dict()
    brought = dict.fromkeys(ids, 0)
    for who in ids:
        steps, at = 0, who
        while at in above:
            at, steps = above[at], steps + 1
            brought[at] += 1
        assert found.loc[who, "generation"] == steps
    assert found["in_all"].to_dict() == brought
    direct = table.dropna()["inviter_id"].value_counts().reindex(ids, fill_value=0)
    assert (found["direct"] == direct).all()
    sums = generation_table(found)
    assert sums["brought"].iloc[:-1].tolist() == sums["customers"].iloc[1:].tolist()
    assert sums["share"].sum() == pytest.approx(1)


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ({"inviter_id": [1, 2], "friend_id": [3, 3]}, "repeat an earlier one's friend_id (3)"),
        ({"inviter_id": [1, 9], "friend_id": [2, 3]}, "inviter_id: 9 is not among the customers"),
        ({"inviter_id": [1, 2], "friend_id": [2, 8]}, "friend_id: 8"),
        ({"inviter_id": [2, 3, 1], "friend_id": [1, 2, 3]}, "brought each other in a circle"),
        ({"inviter_id": [1], "friend_id": [1]}, "circle"),
        ({"inviter_id": [None], "friend_id": [1]}, "inviter_id: 1 of 1 values are missing"),
    ],
)
def test_what_is_no_tree_is_named(who: dict, said: str) -> None:
    with pytest.raises(CrmkitError) as error:
        referral_chains([1, 2, 3], pd.DataFrame(who))
    assert said in str(error.value)


def test_customers_given_twice_are_named() -> None:
    with pytest.raises(CrmkitError, match="2 stands there more than once"):
        referral_chains([1, 2, 2], pd.DataFrame({"inviter_id": [1], "friend_id": [2]}))


def test_how_many_bring_adds_up() -> None:
    direct = np.random.default_rng(1).negative_binomial(0.5, 0.4, 500)
    table = how_many_bring(direct, most=3)
    assert table["customers"].sum() == 500
    assert table["brought"].sum() == direct.sum()
    assert table["customers"].iloc[-1] == (direct >= 3).sum()
    assert how_many_bring([0, 0])["share_brought"].isna().all()
    with pytest.raises(CrmkitError, match="whole numbers"):
        how_many_bring([0.5])


def test_reproduction_number_at_its_edges() -> None:
    nobody = reproduction_number([0, 0, 0])
    assert nobody["estimate"] == 0
    assert np.isnan(nobody["low"])
    large = reproduction_number([0, 3, 4])
    assert large["in_all"] == np.inf
    some = reproduction_number([0] * 90 + [1] * 10)
    # Bernoulli counts: the standard error of a share, on the log scale.
    half = 1.984217 * np.sqrt(0.09 * 100 / 99 / 100) / 0.1
    assert some["high"] == pytest.approx(0.1 * np.exp(half), rel=1e-5)
    assert some["in_all_low"] == pytest.approx(some["low"] / (1 - some["low"]))


def test_one_introduction_each_gives_about_wilsons_interval_and_clusters_a_wider_one() -> None:
    rng = np.random.default_rng(2)
    alone = pd.DataFrame({"inviter_id": range(400), "bought": rng.random(400) < 0.3})
    row = closing_rates(alone, [(None, "bought")]).iloc[0]
    assert (row["wilson_low"], row["wilson_high"]) == wilson(alone["bought"].sum(), 400)
    assert row["times_wider"] == pytest.approx(1, abs=0.03)
    same = alone.loc[alone.index.repeat(4)]
    assert closing_rates(same, [(None, "bought")])["times_wider"][0] == pytest.approx(2, abs=0.05)
    apart = closing_rates(same, [(None, "bought")], inviter=None)["times_wider"][0]
    assert apart == pytest.approx(1, abs=0.03)


def test_closing_rates_of_nobody_are_missing() -> None:
    told = pd.DataFrame({"inviter_id": [1, 2], "visited": [False, False], "bought": [False, False]})
    row = closing_rates(told).iloc[1]
    assert row["people"] == 0
    assert np.isnan(row["rate"])
    with pytest.raises(CrmkitError, match="neither True nor False"):
        closing_rates(told.assign(visited="no"))


def test_the_plain_gap_is_the_difference_of_the_means() -> None:
    people = newcomers(500, np.random.default_rng(3))
    row = like_with_like(people, "margin", ["need"]).iloc[0]
    means = people.groupby("came_by")["margin"].mean()
    assert row["gap"] == pytest.approx(means["friend"] - means["other"])
    assert row["more"] == pytest.approx(means["friend"] / means["other"] - 1)


def test_same_kind_is_the_weighted_difference_within_kinds_and_regression_agrees_if_full() -> None:
    people = newcomers(600, np.random.default_rng(4))
    cells = people.groupby(["need", "near", "came_by"])["margin"].agg(["mean", "size"]).unstack()
    weight = cells[("size", "friend")]
    by_hand = np.average(cells[("mean", "friend")] - cells[("mean", "other")], weights=weight)
    found = like_with_like(people, "margin", ["need", "near"]).set_index("way")["gap"]
    assert found["same kind"] == pytest.approx(by_hand)
    whole = people.assign(kind=people["need"].astype(str) + people["near"].astype(str))
    full = like_with_like(whole, "margin", ["kind"]).set_index("way")["gap"]
    assert full["regression"] == pytest.approx(full["same kind"])


def test_without_traits_all_three_ways_are_one_and_shares_are_about_newcombes() -> None:
    rng = np.random.default_rng(5)
    people = pd.DataFrame(
        {"came_by": ["friend"] * 300 + ["other"] * 500, "bought": rng.random(800) < 0.3}
    )
    table = like_with_like(people, "bought", [])
    assert table["gap"].nunique() == 1
    hits = people.groupby("came_by")["bought"].sum()
    known = newcombe(hits["friend"], 300, hits["other"], 500)
    row = table.iloc[0]
    assert [row["gap"], row["low"], row["high"]] == pytest.approx(known, abs=0.004)


def test_friends_whose_kind_nobody_else_is_of_are_counted_and_left_out() -> None:
    people = pd.DataFrame(
        {
            "came_by": ["friend"] * 4 + ["other"] * 4,
            "area": ["near", "near", "far", "moon", "near", "near", "far", "far"],
            "margin": [5.0, 7, 4, 99, 4, 6, 2, 3],
        }
    )
    row = like_with_like(people, "margin", ["area"]).set_index("way").loc["same kind"]
    assert row["left_out"] == 1
    assert row["friends"] == 3
    assert row["gap"] == pytest.approx((2 * 1 + 1.5) / 3)
    with pytest.raises(CrmkitError, match="nobody of the others is of the same kind"):
        like_with_like(people.assign(area=range(8)), "margin", ["area"])
    with pytest.raises(CrmkitError, match="1 people came by 'friend'"):
        like_with_like(people.iloc[3:], "margin", ["area"])


def test_values_all_alike_give_no_interval() -> None:
    people = newcomers(100, np.random.default_rng(6)).assign(margin=5.0)
    assert like_with_like(people, "margin", ["need"])["low"].isna().all()


def test_inviters_who_brought_several_make_the_interval_wider() -> None:
    people = newcomers(1500, np.random.default_rng(7))
    alone = like_with_like(people, "margin", ["need"]).iloc[-1]
    by_inviter = like_with_like(people, "margin", ["need"], cluster="inviter").iloc[-1]
    assert by_inviter["gap"] == alone["gap"]
    assert by_inviter["high"] - by_inviter["low"] > 1.02 * (alone["high"] - alone["low"])


def test_the_lead_in_staying_is_counted_among_all_and_that_in_margin_among_those_there() -> None:
    people = newcomers(800, np.random.default_rng(8))
    over = gap_over_time(people, ["margin", "margin"], ["need"], months="months")
    assert over["to_month"].tolist() == [6, 12]
    assert over["people"].tolist() == [(people["months"] >= m).sum() for m in (6, 12)]
    there = people.assign(there=people["months"] >= 12)
    assert over["stay_gap"][1] == like_with_like(there, "there", ["need"])["gap"][2]


def test_reward_effects_are_those_of_the_experiment_with_holm() -> None:
    test = reward_test(400, np.random.default_rng(9))
    found, known = reward_effects(test, "friends", "paid"), effect_table(test, "friends")
    for name in ("effect", "low", "high", "p_value", "p_adjusted"):
        assert found[name].tolist() == known[name].tolist()
    assert (found["p_adjusted"] >= found["p_value"]).all()
    assert found["cost_per_friend"].tolist() == pytest.approx([10, 20])
    assert (found["cost_per_extra"] > found["cost_per_friend"]).all()
    assert found["anyway"].tolist() == pytest.approx(found["control_friends"] / found["friends"])


def test_a_reward_that_may_have_won_nobody_has_no_upper_end_of_its_cost() -> None:
    test = reward_test(400, np.random.default_rng(10))
    test["friends"] = np.random.default_rng(11).poisson(0.1, len(test))
    test["paid"] = 10.0 * test["friends"] * (test["arm"] != "control")
    found = reward_effects(test, "friends", "paid")
    unsure = (found["low"] < 0) & (found["high"] > 0)
    assert unsure.any()
    assert (found.loc[unsure, "extra_high"] == np.inf).all()


def test_fieller_ends_where_the_ratio_would_just_be_refused() -> None:
    """At an end r of the interval, cost less r times friends is 1.96 standard errors from none."""
    test = reward_test(600, np.random.default_rng(12))
    row = reward_effects(test, "friends", "paid").iloc[-1]
    parts = [test[test["arm"] == name] for name in ("both", "control")]
    for end in (row["extra_low"], row["extra_high"]):
        left = [part["paid"] - end * part["friends"] for part in parts]
        error = np.sqrt(sum(values.var() / len(values) for values in left))
        assert abs(left[0].mean() - left[1].mean()) / error == pytest.approx(1.959964, rel=1e-4)


def test_programme_worth_is_welch_on_profits_and_an_unsure_worth_widens_it() -> None:
    test = reward_test(400, np.random.default_rng(13))
    found = programme_worth(test, "friends", "paid", 100, fixed_cost=500)
    profit = test.assign(profit=100 * test["friends"] - test["paid"])
    known = effect_table(profit, "profit")
    assert found["earns"].tolist() == pytest.approx((1000 * known["effect"] - 500).tolist())
    assert found["low"].tolist() == pytest.approx((1000 * known["low"] - 500).tolist())
    wider = programme_worth(test, "friends", "paid", 100, 30, fixed_cost=500)
    assert ((wider["high"] - wider["low"]) > 1.05 * (found["high"] - found["low"])).all()
    at = programme_worth(test, "friends", "paid", found["break_even"][0], fixed_cost=500)
    assert at["earns"][0] == pytest.approx(0, abs=1e-6)
    with pytest.raises(CrmkitError, match="no 'control'"):
        programme_worth(test.query("arm != 'control'"), "friends", "paid", 100)


def test_trees_below_one_die_out_at_the_size_that_theory_gives() -> None:
    """Harris (1963): a chain with R below 1 has R / (1 - R) descendants for each who begins, on average."""
    trees = [grow_tree(1000, 3, 0.2, seed=seed) for seed in range(20)]
    came = np.mean([(tree["generation"] > 0).sum() for tree in trees]) / 1000
    assert came == pytest.approx(0.6 / 0.4, rel=0.06)
    assert all(tree["generation"].max() < 30 for tree in trees)
    tree = trees[0]
    inside = tree["parent"] >= 0
    above = tree["generation"].to_numpy()[tree["parent"][inside]]
    assert (tree["generation"][inside] == above + 1).all()
    assert len(grow_tree(10, 5, 1.0, most=200, seed=1)) == 200
    with pytest.raises(CrmkitError, match=r"closing must be at most 1.*Did you mean 0.2"):
        grow_tree(10, 3, 20)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.function)
def test_intervals_hold_the_truth_about_as_often_as_they_say(entry) -> None:
    """A quick look at the smallest size; docs/statistics.md has 400 worlds and three sizes."""
    assert 0.9 <= measure(entry, entry.sizes[0], 100).coverage < 1
