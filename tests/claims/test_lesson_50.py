"""Lesson 50: what it claims holds in other worlds than the shipped one."""

from __future__ import annotations

import pytest
from worlds import seeds

from crmkit.practice.questions import lesson_50
from crmkit.practice.tables import OwnTables
from crmkit.prospects import (
    compare_kinds,
    reasons_by_criteria,
    response_rates,
    stated_and_true,
    trial_results,
    weighted_shares,
)
from crmkit.world import World, simulate

SEEDS = seeds(1, 31, 32, 33, 34, 35)


@pytest.fixture(scope="module", params=SEEDS)
def world(request: pytest.FixtureRequest) -> World:
    return simulate("fernwell", customers=100, seed=request.param, parts=["market"], progress=False)


@pytest.fixture(scope="module")
def data(world: World) -> OwnTables:
    return OwnTables.of_world(world)


def test_too_expensive_is_the_most_frequent_answer_and_rarely_the_reason(data: OwnTables) -> None:
    asked = lesson_50.others(data)
    table = stated_and_true(asked["stated_reason"], reasons_by_criteria(asked))
    assert table.index[0] == "too expensive"
    assert table.loc["too expensive", "share"] < 0.2
    assert table.loc["too expensive", "most"] == "something is missing"
    missing = reasons_by_criteria(asked) == "something is missing"
    says = asked["stated_reason"] == "too expensive"
    assert missing[says].mean() > 0.5
    # Also with everybody who cannot pay, whatever else fails, it is fewer than half, and not many more than elsewhere.
    broke = 1 - asked["pay"].astype(bool).groupby(says).mean()
    assert broke[True] < 0.5
    assert broke[True] - broke[False] < 0.15
    # Other answers are right for most.
    assert table.loc["no use for it", "share"] > 0.5
    assert table.loc["something is missing", "share"] > 0.5
    # Some who cannot pay say that they are happy where they are.
    broke = reasons_by_criteria(asked) == "too expensive"
    assert (asked.loc[broke, "stated_reason"] == "happy where I am").mean() > 0.1


def test_most_refuse_and_most_of_these_miss_a_must_have(data: OwnTables) -> None:
    asked = lesson_50.others(data)
    assert (asked["kind"] == "refusing").mean() > 0.7
    refusing = asked[asked["kind"] == "refusing"]
    assert refusing["fails"].str.contains("must_haves").mean() > 0.6
    assert (refusing["fails"] == "pay").mean() < 0.2


def test_answers_as_they_came_flatter_the_company(data: OwnTables) -> None:
    rate = response_rates(data.load("market_invited"), lesson_50.BY)["share"]
    assert rate["55+", "owned"] > 2.5 * rate["18-34", "rented"]
    shares = weighted_shares(lesson_50.survey(data), "kind", lesson_50.register(data), lesson_50.BY)
    assert shares.loc["near", "plain"] > shares.loc["near", "share"] + 0.005
    assert shares.loc["customer", "plain"] > shares.loc["customer", "share"] + 0.005
    assert lesson_50.plain_is(data) == "a"


def test_the_cheap_set_does_not_win_those_who_say_too_expensive(data: OwnTables) -> None:
    asked = lesson_50.others(data)[["person_id", "stated_reason"]]
    trial = data.load("market_trial").merge(asked)
    table = trial_results(trial[trial["stated_reason"] == "too expensive"], against="today")
    assert table.loc["basic", "more_low"] < 0
    assert table["share"].idxmax() == "hire"
    assert table.loc["hire", "more_low"] > 0
    # Hiring is no cheaper than the cheap set: it is not its price that wins.
    price = data.load("trial_offers").set_index("offer")["price"]
    assert price["basic"] < price["hire"] < price["today"]
    assert table.loc["hire", "share"] > table.loc["basic", "share"]


def test_areas_never_asked_are_not_like_the_others(data: OwnTables) -> None:
    first = lesson_50.first_look(data)
    met = first[~first["customer"]]
    near = (met["kind"] == "near").groupby(met["area"]).mean()
    here = (lesson_50.others(data)["kind"] == "near").mean()
    assert near["Orchard Rise"] > 1.3 * here
    assert near["Orchard Rise"] > near["Upper Farthing"]
    areas = data.load("market_areas")
    assert (~areas["surveyed"]).sum() == 4


answers: list[str] = []


def test_guesses_have_the_answer_that_the_lesson_tells(data: OwnTables) -> None:
    assert lesson_50.price_is_true(data) < 20
    answers.append(lesson_50.near_there(data))
    assert answers[-1] in "bc"


def test_in_nearly_all_worlds_more_are_near_there() -> None:
    assert len(answers) == len(SEEDS)
    assert answers.count("c") >= len(SEEDS) - 1


def test_single_people_are_misjudged_more_often_than_the_share(
    data: OwnTables, world: World
) -> None:
    people = lesson_50.survey(data)
    truth = people[["person_id"]].merge(world.truth["market_people"])
    errors = compare_kinds(people["kind"], truth["kind"]).loc["near"]
    areas = world.truth["market_areas"].merge(data.load("market_areas")).query("surveyed")
    true = areas["near"].sum() / areas["households"].sum()
    shares = weighted_shares(people, "kind", lesson_50.register(data), lesson_50.BY)
    assert abs(shares.loc["near", "share"] / true - 1) < 0.25
    assert abs(shares.loc["near", "share"] - true) < abs(shares.loc["near", "plain"] - true)
    assert 0.05 < errors["error_rate"] < 0.25


def test_most_who_leave_as_too_expensive_never_saw_the_basket(data: OwnTables) -> None:
    assert lesson_50.before_basket(data) > 50
