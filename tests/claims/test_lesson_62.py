"""Lesson 62: what it claims holds in other worlds than the shipped one."""

from __future__ import annotations

import pandas as pd
import pytest
from worlds import seeds

from crmkit.data.catalogue.programme import GAPS
from crmkit.data.load import load, load_truth
from crmkit.practice.questions.worked_62 import (
    BEFORE,
    QUARTERS,
    above_for_ten,
    moves_least,
    of_the_light,
    own_part,
    people_of,
    rise,
)
from crmkit.reactivation import effect_table
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
from crmkit.world import simulate

SEEDS = seeds("shipped", 31, 32, 33, 34, 35)


@pytest.fixture(scope="module", params=SEEDS)
def data(request: pytest.FixtureRequest):
    if request.param == "shipped":
        return Shipped()
    return Simulated(request.param)


class Shipped:
    """The tables that ship."""

    load = staticmethod(load)
    load_truth = staticmethod(load_truth)


class Simulated:
    """The tables of a world, with their truth."""

    def __init__(self, seed: int) -> None:
        self.world = simulate(
            "fernwell", customers=20, seed=seed, parts=["programme"], progress=False
        )

    def load(self, name: str) -> pd.DataFrame:
        return self.world.tables[name].copy()

    def load_truth(self, name: str) -> pd.DataFrame:
        return self.world.truth[name].copy()


def of_members(data) -> float:
    """The true effect on members of the first year."""
    truth = data.load_truth("programme_people")
    change = truth["spend_with"] - truth["spend_without"]
    return float(change[data.load("programme_people")["joined"]].mean())


def test_members_spend_about_twice_as_much_and_nearly_did_so_before(data) -> None:
    people = people_of(data)
    own = people[people["arm"] == "own choice"].groupby("joined")[["before", "spend"]].mean()
    assert 1.7 < own.loc[True, "spend"] / own.loc[False, "spend"] < 2.4
    assert 1.5 < own.loc[True, "before"] / own.loc[False, "before"] < 2.1
    assert own_part(data) == "c"


def test_only_chance_finds_the_true_effect(data) -> None:
    truth = of_members(data)
    found = member_effects(people_of(data), "spend", BEFORE).set_index("way")
    assert found.loc["as it looks", "low"] > 4 * truth
    assert found.loc["same spending before", "low"] > truth
    assert found.loc["before and after", "low"] > truth
    joined = found.loc["joined, by chance"]
    assert joined["low"] > 0
    assert joined["low"] - 5 < truth < joined["high"] + 5
    assert found.loc["same spending before", "effect"] < 0.5 * found.loc["as it looks", "effect"]
    assert found.loc["invited by chance", "effect"] < 0.65 * joined["effect"]


def test_light_and_moderate_buyers_move_heavy_ones_hardly(data) -> None:
    found = joined_effects(people_of(data), "spend_1_3", BEFORE, by="kind").set_index("kind")
    assert found.loc[["light", "moderate"], "more_low"].min() > 0.05
    assert moves_least(data) == "c"
    assert found.loc["heavy", "more"] < 0.1
    assert found.loc["heavy", "more"] < found.loc["moderate", "more"] - 0.1


def test_after_nine_months_little_is_left(data) -> None:
    over = joined_effects(people_of(data), QUARTERS, BEFORE)["more"]
    assert over.iloc[:2].mean() > 0.1
    assert over.iloc[3] < 0.07
    assert over.iloc[3] < over.iloc[:2].min() - 0.05


def test_what_is_owed_is_near_what_comes_and_far_below_every_point(data) -> None:
    points = data.load("programme_points")
    every, expected = points_liability(points, 0.02)["cost"]
    later = 0.02 * data.load_truth("programme_points")["redeemed_later"].sum()
    assert expected == pytest.approx(later, rel=0.1)
    assert every > 1.4 * later
    broken = breakage(points)["estimate"]
    assert 0.14 < broken < 0.24
    # The light buyers lose the largest share of their points.
    assert of_the_light(data) > 2 * 100 * broken


def test_points_pay_from_a_small_rise_but_heavy_buyers_give_none(data) -> None:
    people, points = people_of(data), data.load("programme_points")
    cost = point_cost(0.35, point_value=0.02, breakage=breakage(points)["estimate"])
    assert 0.04 < cost["break_even"] < 0.06
    assert rise(data) > 100 * cost["break_even"]
    vouchers = points[points["year"] == 1].set_index("person_id")["redeemed"] * 0.02
    people["paid"] = people["person_id"].map(vouchers).fillna(0) + 1.5 * people["joined"]
    net = programme_profit(people, "spend", "paid", BEFORE, margin=0.35, by="kind")
    net = net.set_index("kind")
    assert net.loc[["light", "moderate"], "low"].min() > 0
    assert net.loc["heavy", "cost"] > 1.7 * net.loc["moderate", "cost"]
    assert net.loc["heavy", "net"] < net.loc["moderate", "net"]
    assert -5 < net.loc["all", "net"] < 15


def test_gold_moves_at_the_threshold_while_it_is_not_known(data) -> None:
    tiers, truth = data.load("programme_tiers"), data.load_truth("programme_tiers")
    two, three = (tiers[tiers["year"] == year] for year in (2, 3))
    near = two["spend_before"].between(460, 540)
    true = truth.loc[two.index[near], "gold_effect"].mean()
    found = threshold_effect(two, "spend_before", "spend", 500)
    assert found["low"] > 0
    assert found["effect"] == pytest.approx(true, abs=40)
    assert two.groupby("gold")["spend"].mean().diff().iloc[-1] > 5 * found["effect"]
    before, after = (threshold_density(table["spend_before"], 500) for table in (two, three))
    assert after["low"] > 1.3
    assert after["times"] > 1.8 * before["times"]
    assert above_for_ten(data) > 13


def test_what_the_lesson_says_of_the_shipped_density() -> None:
    tiers = load("programme_tiers")
    not_known = threshold_density(tiers.query("year == 2")["spend_before"], 500)
    assert not_known["low"] < 1 < not_known["high"]


def test_a_given_start_helps_and_gaps_shrink_less_than_it_looks(data) -> None:
    cards = data.load("stamp_cards")
    row = effect_table(cards, "completed", arm="card", control="8 empty").iloc[0]
    assert row["low"] > 0
    shorter = goal_gradient(cards, list(GAPS)).set_index("way")["shorter"]
    assert 0.14 < shorter["each card with itself"] < 0.27
    assert shorter["all gaps"] > shorter["each card with itself"] + 0.04


def test_a_better_design_exists(data) -> None:
    """The lesson asks for one that earns more than today's."""
    people, tiers = people_of(data), data.load("programme_tiers").query("year == 2")
    kinds = joined_effects(people, "spend", BEFORE, by="kind")
    kinds["members"] = people[people["joined"]].groupby("kind", observed=True).size().to_numpy()
    broken = breakage(data.load("programme_points"))["estimate"]

    def earns(**design: float) -> float:
        found = design_programme(
            kinds, tiers["spend_before"], margin=0.35, breakage=broken, **design
        )
        return float(found["net"].sum())

    today = earns()
    assert max(earns(reward=reward) for reward in (0.005, 0.01, 0.03, 0.04)) > today or (
        max(earns(threshold=line) for line in (300, 400, 600)) > today
    )
