"""A loyalty programme: effects by hand and against the truth, points, thresholds, stamp cards."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from benchmarks._coverage import entries, measure
from crmkit.data.catalogue.programme import BEFORE, GAPS, QUARTERS
from crmkit.errors import CrmkitError
from crmkit.relations import (
    breakage,
    goal_gradient,
    joined_effects,
    member_effects,
    point_cost,
    points_liability,
    programme_profit,
    threshold_density,
    threshold_effect,
)
from crmkit.relations.programme_design import design_programme
from crmkit.relations.programme_explorers import programme_explorer
from crmkit.relations.programme_plots import (
    plot_crowding,
    plot_member_effects,
    plot_threshold,
    plot_who_moves,
)
from crmkit.relations.thresholds import threshold_bandwidth
from crmkit.world import World, simulate


@pytest.fixture(scope="module")
def world() -> World:
    return simulate("fernwell", customers=20, seed=8, parts=["programme"], progress=False)


@pytest.fixture(scope="module")
def people(world: World) -> pd.DataFrame:
    table = world.tables["programme_people"]
    return table.assign(
        spend=table[list(QUARTERS)].sum(axis=1), before=table[list(BEFORE)].sum(axis=1)
    )


def small() -> pd.DataFrame:
    """Forty-eight of each group; three quarters of the invited join, and each of them spends 40 more."""
    arm = np.repeat(["invited", "waiting", "own choice"], 48)
    joined = (np.arange(144) % 4 > 0) & (arm != "waiting")
    before = 100 + 10 * (np.arange(144) // 4 % 6)
    return pd.DataFrame(
        {"arm": arm, "joined": joined, "before": before, "spend": before + 40 * joined}
    )


def test_effects_by_hand() -> None:
    found = member_effects(small(), "spend", ["before"]).set_index("way")["effect"]
    assert found["before and after"] == pytest.approx(40)
    assert found["invited by chance"] == pytest.approx(30)  # three quarters of 40
    assert found["joined, by chance"] == pytest.approx(40)
    each = joined_effects(small(), "spend", ["before"]).iloc[0]
    assert each["joined_share"] == 0.75
    assert each["without"] == pytest.approx(125)
    assert each["more"] == pytest.approx(40 / 125)


def test_without_a_trial_only_the_three_comparisons_are_left() -> None:
    own = small().query("arm == 'own choice'")
    assert len(member_effects(own, "spend", ["before"])) == 3
    assert len(member_effects(own.drop(columns="arm"), "spend", ["before"])) == 3


def test_without_adjustment_the_effect_on_members_is_the_difference_over_the_share() -> None:
    table = small().assign(spend=lambda t: t["spend"] + np.arange(144) % 7)
    found = member_effects(table, "spend", []).set_index("way")["effect"]
    mean = table.groupby("arm")["spend"].mean()
    assert found["invited by chance"] == pytest.approx(mean["invited"] - mean["waiting"])
    assert found["joined, by chance"] == pytest.approx((mean["invited"] - mean["waiting"]) / 0.75)


def test_the_trial_finds_the_truth_and_the_plain_gap_does_not(
    people: pd.DataFrame, world: World
) -> None:
    truth = world.truth["programme_people"]
    effect = (truth["spend_with"] - truth["spend_without"])[
        people["joined"] & (people["arm"] == "invited")
    ].mean()
    found = member_effects(people, "spend", list(BEFORE)).set_index("way")
    row = found.loc["joined, by chance"]
    assert row["low"] < effect < row["high"]
    assert found.loc["as it looks", "low"] > 3 * effect
    assert found.loc["same spending before", "low"] > effect
    assert found.loc["before and after", "low"] > effect


def test_profit_is_margin_less_cost(people: pd.DataFrame) -> None:
    table = people.assign(paid=6.0 * people["joined"])
    found = programme_profit(table, "spend", "paid", list(BEFORE), margin=0.4).iloc[0]
    effect = joined_effects(table, "spend", list(BEFORE)).iloc[0]["effect"]
    assert found["margin_more"] == pytest.approx(0.4 * effect)
    assert found["cost"] == pytest.approx(6)
    assert found["net"] == pytest.approx(0.4 * effect - 6)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda t: t.assign(joined=t["joined"] | (t["arm"] == "waiting")), "could not join did"),
        (lambda t: t.assign(joined=False), "one of the two groups"),
        (lambda t: t.assign(spend=np.nan), "missing"),
        (lambda t: t.drop(columns="before"), "before"),
        (lambda t: t.iloc[::5], "At least twelve"),
    ],
)
def test_bad_input_is_named(change, words: str) -> None:
    with pytest.raises(CrmkitError, match=words):
        member_effects(change(small()), "spend", ["before"])


def points() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "person_id": [1, 2, 3] * 2,
            "year": [1, 1, 1, 2, 2, 2],
            "earned": [300, 200, 100] * 2,
            "redeemed": [250, 150, 50, 150, 0, 0],
            "expired": [50, 50, 50, 0, 0, 0],
            "outstanding": [0, 0, 0, 150, 200, 100],
        }
    )


def test_points_by_hand() -> None:
    assert breakage(points())["estimate"] == pytest.approx(0.25)
    owed = points_liability(points(), 0.1)
    assert owed["points"].tolist() == [450, 300]  # 600 x 0.75 - 150
    assert owed["cost"].tolist() == pytest.approx([45, 30])
    cost = point_cost(0.4, point_value=0.02, breakage=0.25)
    assert cost["cost"] == pytest.approx(0.015)
    rise = cost["break_even"]
    assert 0.4 * rise == pytest.approx(0.015 * (1 + rise))
    assert point_cost(0.02, point_value=0.03, breakage=0)["break_even"] == np.inf


def test_points_that_do_not_add_up_are_named() -> None:
    with pytest.raises(CrmkitError, match="sum of redeemed"):
        breakage(points().assign(earned=1))
    with pytest.raises(CrmkitError, match="a year is over"):
        breakage(points().query("year == 2"))
    with pytest.raises(CrmkitError, match="nothing is owed"):
        points_liability(points().query("year == 1"), 0.1)


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_what_is_owed_is_near_what_comes(seed: int) -> None:
    one = simulate("fernwell", customers=20, seed=seed, parts=["programme"], progress=False)
    found = points_liability(one.tables["programme_points"], 1.0)
    later = one.truth["programme_points"]["redeemed_later"].sum()
    assert found["points"].iloc[1] == pytest.approx(later, rel=0.1)
    assert found["low"].iloc[1] < later < found["high"].iloc[1] * 1.03
    assert found["points"].iloc[0] > 1.4 * later


def test_a_jump_is_found_and_a_bend_is_none() -> None:
    x = np.arange(0, 1000.0)
    table = pd.DataFrame({"x": x, "line": 2 * x + 50 * (x >= 500), "bend": (x / 30) ** 2})
    found = threshold_effect(table, "x", "line", 500)
    assert found["effect"] == pytest.approx(50, abs=1e-6)
    assert np.isnan(found["low"]) or found["high"] - found["low"] < 1e-3
    assert abs(threshold_effect(table, "x", "bend", 500, bandwidth=100)["effect"]) < 2
    assert threshold_bandwidth(x, table["line"], 500) > 100


def test_the_same_threshold_on_another_scale_says_the_same() -> None:
    rng = np.random.default_rng(3)
    table = pd.DataFrame({"x": rng.gamma(2, 200, 2000)})
    table["y"] = table["x"] + 80 * (table["x"] >= 500) + rng.normal(0, 60, 2000)
    one = threshold_effect(table, "x", "y", 500)
    other = threshold_effect(table.assign(x=table["x"] / 100), "x", "y", 5)
    assert other["effect"] == pytest.approx(one["effect"], rel=1e-6)
    assert other["bandwidth"] == pytest.approx(one["bandwidth"] / 100, rel=1e-6)


def test_a_known_threshold_crowds_and_an_unknown_one_does_not(world: World) -> None:
    tiers = world.tables["programme_tiers"]
    two, three = (
        threshold_density(tiers.query("year == @year")["spend_before"], 500) for year in (2, 3)
    )
    assert three["low"] > 1.3
    assert three["times"] > 1.8 * two["times"]


def test_few_near_the_threshold_are_named() -> None:
    table = pd.DataFrame({"x": [1.0] * 50 + [9.0] * 3, "y": 1.0})
    with pytest.raises(CrmkitError, match="one side of the threshold"):
        threshold_effect(table, "x", "y", 5)
    wide = pd.DataFrame({"x": np.r_[np.zeros(50), np.full(50, 10.0)], "y": 1.0})
    with pytest.raises(CrmkitError, match="take a wider one"):
        threshold_effect(wide, "x", "y", 5, bandwidth=1)


def test_each_card_with_itself_is_not_deceived_by_who_gives_up() -> None:
    quick = pd.DataFrame(np.tile([4.0, 4, 4, 4], (30, 1)))
    slow = pd.DataFrame(np.tile([16.0, 16, np.nan, np.nan], (30, 1)))
    cards = pd.concat([quick, slow], ignore_index=True)
    cards += np.random.default_rng(1).uniform(0, 0.1, cards.shape)
    found = goal_gradient(cards, list(cards))["shorter"]
    assert found[0] > 0.5
    assert abs(found[1]) < 0.02


def test_gaps_in_another_order_are_named() -> None:
    cards = pd.DataFrame({"a": [1.0, 2, 3], "b": [None, 2, 3], "c": [1.0, 2, 3]})
    with pytest.raises(CrmkitError, match="row 0 a gap follows a missing one"):
        goal_gradient(cards, ["a", "b", "c"])
    with pytest.raises(CrmkitError, match="zero days"):
        goal_gradient(cards.assign(b=0.0), ["a", "b", "c"])
    with pytest.raises(CrmkitError, match="two columns"):
        goal_gradient(cards, ["a"])


def kinds() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "kind": ["light", "moderate", "heavy"],
            "members": [200, 500, 250],
            "without": [120.0, 320.0, 850.0],
            "more": [0.25, 0.16, 0.01],
        }
    )


def test_a_programme_is_designed() -> None:
    spend = np.repeat([120.0, 320.0, 850.0], [200, 500, 250])
    found = design_programme(kinds(), spend, margin=0.35, breakage=0.2).set_index("kind")
    light = 200 * 120
    assert found.loc["light", "margin_won"] == pytest.approx(0.35 * light * 0.25)
    assert found.loc["light", "cost"] == pytest.approx(0.016 * light * 1.25)
    assert found.loc["heavy", "net"] < 0 < found.loc["moderate", "net"]
    none = design_programme(kinds(), spend, margin=0.35, reward=0)
    assert none["net"].iloc[:3].tolist() == [0, 0, 0]
    more = design_programme(kinds(), spend, margin=0.35, reward=0.08, breakage=0.2)
    assert more["net"].iloc[:3].sum() < found["net"].iloc[:3].sum()


def test_pictures_and_explorer(people: pd.DataFrame, world: World) -> None:
    tiers = world.tables["programme_tiers"].query("year == 2")
    table = people.assign(kind=np.where(people["before"] > 300, "heavy", "light"))
    effects = member_effects(people, "spend", list(BEFORE))
    each = joined_effects(table, "spend", list(BEFORE), by="kind")
    drawn = [
        plot_member_effects(effects, unit="GBP", truth=40),
        plot_who_moves(each),
        plot_threshold(tiers, "spend_before", "spend", 500, bandwidth=300, unit="GBP"),
        plot_crowding({"known": tiers["spend_before"]}, 500, unit="GBP"),
    ]
    assert all(ax.get_xlabel() for ax in drawn)
    shown = programme_explorer(kinds(), tiers["spend_before"], margin=0.35)
    before = shown.sentence
    shown.set(value=5.0, points=2)
    assert shown.sentence != before
    assert "10.0%" in shown.sentence


@pytest.mark.parametrize(
    ("function", "size", "worlds"),
    [
        ("relations.member_effects", 300, 60),
        ("relations.breakage", 200, 100),
        ("relations.points_liability", 200, 100),
        ("relations.threshold_effect", 1500, 60),
        ("relations.threshold_density", 1500, 100),
        ("relations.goal_gradient", 200, 60),
    ],
)
def test_intervals_hold_the_truth_about_as_often_as_they_say(
    function: str, size: int, worlds: int
) -> None:
    entry = next(e for e in entries(["relations"]) if e.function == function)
    assert measure(entry, size, worlds).coverage > 0.87


def test_the_gaps_of_the_world_shrink_by_a_fifth(world: World) -> None:
    found = goal_gradient(world.tables["stamp_cards"], list(GAPS)).set_index("way")
    own = found.loc["each card with itself"]
    assert own["low"] < 0.2 < own["high"]
    assert found.loc["all gaps", "shorter"] > own["shorter"]
