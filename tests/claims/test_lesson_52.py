"""Lesson 52: what it claims holds in other worlds than the shipped one."""

from __future__ import annotations

import numpy as np
import pytest
from worlds import seeds

import crmkit
from crmkit.practice.questions.lesson_52 import (
    CHANNEL,
    brought,
    by_click,
    change,
    fitted,
    found_in,
    next_search,
    up_to,
    up_to_average,
)
from crmkit.practice.tables import OwnTables
from crmkit.prospects import attributed_cost, best_split, last_weeks, payback, value_over_cost
from crmkit.reactivation import effect_table
from crmkit.world import simulate

SEEDS = seeds(1, 31, 32, 33, 34, 35)


class Lesson:
    """What the lesson computes in one world."""

    def __init__(self, seed: int) -> None:
        world = simulate("fernwell", 50, seed, parts=("winning",), progress=False)
        self.truth = world.truth["acquisition_curves"].set_index(CHANNEL)
        self.data = OwnTables.of_world(world)
        self.report = attributed_cost(self.data.load("area_spend"))
        self.model = fitted(self.data)
        self.costs = self.model.costs()
        self.value = brought(self.data, 24)


@pytest.fixture(scope="module", params=SEEDS)
def lesson(request) -> Lesson:
    return Lesson(request.param)


def test_leaflets_look_several_times_as_expensive_as_search(lesson: Lesson) -> None:
    cost = lesson.report["attributed_cost"]
    assert cost["leaflets"] > 5 * cost["search"]
    assert cost.idxmin() == "search"
    assert (
        by_click(lesson.data)
        == attributed_cost(lesson.data.load("area_spend"), weeks=52).loc[
            "social media", "attributed_cost"
        ]
    )


found: list[tuple[float, float, float]] = []


def test_without_search_far_fewer_are_missing_than_clicked(lesson: Lesson) -> None:
    won = lesson.data.load("area_customers")
    everybody = won.loc[last_weeks(won["week"], 13), "new_customers"].sum()
    share = lesson.report.loc["search", "last_clicks"] / everybody
    assert 0.28 < share < 0.42
    row = found_in(lesson.data, "search")
    assert -change(lesson.data, "search") < 100 * share - 5
    # Most of those who clicked came all the same.
    assert row["customers"] / row["clicks"] < 0.75
    assert row["cost"] > 1.3 * row["spend"] / row["clicks"]
    found.append((-row["change"], row["customers"] / row["clicks"], share))


def test_over_all_worlds_the_test_finds_less_than_half_of_the_clicks() -> None:
    assert len(found) == len(SEEDS)
    fell, kept, share = np.mean(found, axis=0)
    assert 0.09 < fell < 0.19
    assert kept < 0.55
    assert fell < share / 2 + 0.02


def test_the_next_customer_costs_more_than_the_average_one(lesson: Lesson) -> None:
    costs = lesson.costs
    assert (costs["marginal"] > 1.1 * costs["average"]).all()
    assert next_search(lesson.data) == pytest.approx(costs.loc["search", "marginal"], rel=0.06)
    # Search is far along its curve, leaflets are not.
    assert costs.loc["search", "marginal"] > 1.3 * costs.loc["leaflets", "marginal"]
    assert costs.loc["search", "marginal"] > 3 * lesson.report.loc["search", "attributed_cost"]


def test_customers_of_the_cheap_channels_bring_less(lesson: Lesson) -> None:
    value = lesson.value
    assert value["social media"] < value["search"] < value["leaflets"]
    assert value["social media"] < 0.6 * value["leaflets"]


def test_the_next_leaflet_customer_pays_back_and_the_next_search_customer_does_not(
    lesson: Lesson,
) -> None:
    tables = (lesson.data.load(f"followed_{name}") for name in ("customers", "margin"))
    months = payback(*tables, lesson.costs["marginal"], draws=50)["months"]
    assert months["leaflets"] < 24
    assert np.isnan(months["search"])
    assert np.isnan(months["social media"])


def test_three_to_one_depends_on_the_cost_that_is_meant(lesson: Lesson) -> None:
    """The rule praises search with the report's cost; its next customer brings less than he or she costs."""
    tables = [lesson.data.load(f"followed_{name}") for name in ("customers", "margin")]
    names = ["search", "leaflets"]
    ratio = {
        kind: value_over_cost(*tables, cost.loc[names])["ratio"]
        for kind, cost in (
            ("report", lesson.report["attributed_cost"]),
            ("next", lesson.costs["marginal"]),
        )
    }
    assert ratio["report"]["search"] > 2
    assert ratio["report"]["leaflets"] < 1
    assert ratio["next"]["search"] < 0.8
    assert ratio["next"]["leaflets"] > 1


def test_ten_times_can_be_a_few_times_or_far_more() -> None:
    lesson = Lesson(1)
    effects = effect_table(crmkit.load("wake_up_test")).set_index("arm")["effect"]
    contact = crmkit.load("offers").set_index("offer")["cost"]
    woken = (contact / effects[effects > 0]).dropna().min()
    report, further = lesson.report["attributed_cost"] / woken, lesson.costs["marginal"] / woken
    assert min(report.min(), further.min()) < 5
    assert max(report.max(), further.max()) > 25


def test_a_better_split_gives_more_to_leaflets_and_less_to_search_and_social_media(
    lesson: Lesson,
) -> None:
    value = lesson.value.drop("no click")
    plan = best_split(lesson.model, float(lesson.costs["spend"].sum()), value=value, draws=60)
    assert plan.loc["leaflets", "best"] > 1.4 * plan.loc["leaflets", "spend"]
    assert plan.loc["search", "best"] < plan.loc["search", "spend"]
    assert plan.loc["social media", "best"] < 0.8 * plan.loc["social media", "spend"]
    assert plan.attrs["gain_low"] > 0
    # The direction is sure: the whole interval of leaflets lies above today's spend.
    assert plan.loc["leaflets", "low"] > plan.loc["leaflets", "spend"]


def test_the_average_would_let_one_spend_far_more(lesson: Lesson) -> None:
    assert up_to_average(lesson.data) > 1.3 * up_to(lesson.data)


def test_the_truth_agrees(lesson: Lesson) -> None:
    truth = lesson.truth
    assert truth.loc["search", "share_of_clicks"] < 0.5
    assert truth.loc["search", "marginal_cost"] > truth.loc["search", "value"]
    assert truth.loc["leaflets", "marginal_cost"] < truth.loc["leaflets", "value"]
