"""Lesson 72: what it claims holds in other worlds than the shipped one."""

from __future__ import annotations

import numpy as np
import pytest
from worlds import seeds, world_of

from crmkit.mining import calibration, error_rates, ranks_right, threshold_by_cost
from crmkit.practice.questions.lesson_72 import COSTS, again, forecast, which_way
from crmkit.practice.tables import OwnTables

SEEDS = seeds(1, 31, 32, 33, 34, 35)


@pytest.fixture(scope="module", params=SEEDS)
def lesson(request):
    world = world_of("strumwell", customers=6000, seed=request.param, parts=())
    data = OwnTables.of_world(world)
    return data, *forecast(data)


def test_a_good_forecast_is_wrong_about_most_whom_it_names(lesson) -> None:
    data, chance, paid = lesson
    assert ranks_right(chance, paid)["estimate"] > 0.7
    row = error_rates(chance, paid, [0.2]).iloc[0]
    assert 0.5 < row["error_rate"] < 0.8
    assert 0.5 < row["omission_rate"] < 0.8
    assert which_way(data) == "b"
    # A list of everybody is wrong about nearly nine of ten.
    assert 0.85 < 1 - paid.mean() < 0.95


def test_the_longer_the_list_the_fewer_are_missed_and_the_more_are_wrong(lesson) -> None:
    _, chance, paid = lesson
    rates = error_rates(chance, paid, [0.4, 0.3, 0.2, 0.1, 0.05])
    assert rates["omission_rate"].is_monotonic_decreasing
    assert (np.diff(rates["error_rate"]) > 0).sum() >= 3
    assert rates["error_rate"].iloc[-1] > rates["error_rate"].iloc[0]
    nobody = error_rates(chance, paid, [1.1]).iloc[0]
    assert nobody["omission_rate"] == 1


def test_the_line_is_less_sure_than_its_cost_and_beats_listing_nobody_or_everybody(lesson) -> None:
    _, chance, paid = lesson
    best = threshold_by_cost(chance, paid, *COSTS)
    assert best["cost"] < 0.9 * min(best["none"], best["all"])
    assert best["better_than_both"] > 0.9
    spread = (best["high"] - best["low"]) / best["threshold"]
    assert spread > (best["cost_high"] - best["cost_low"]) / best["cost"]
    # Near its lowest point the curve is flat: a fifth more or fewer on the list cost little more.
    cuts = np.sort(chance)[::-1]
    listed = int((chance >= best["threshold"]).sum())
    for part in (0.8, 1.2):
        row = error_rates(chance, paid, [cuts[round(part * listed)]]).iloc[0]
        assert COSTS[0] * row["wrong"] + COSTS[1] * row["missed"] < 1.1 * best["cost"]


def test_the_cheapest_list_is_wrong_more_often_than_right(lesson) -> None:
    _, chance, paid = lesson
    best = threshold_by_cost(chance, paid, *COSTS)
    assert error_rates(chance, paid, [best["threshold"]])["error_rate"][0] > 0.55
    fine = error_rates(chance, paid, np.sort(chance)[-400:])
    fine = fine[fine["error_rate"] < 0.5]
    right = fine.iloc[-1]
    assert COSTS[0] * right["wrong"] + COSTS[1] * right["missed"] > 1.05 * best["cost"]


promises: list[float] = []


def test_more_came_than_was_promised_where_chances_are_low(lesson) -> None:
    _, chance, paid = lesson
    groups = calibration(chance, paid, groups=5)
    assert groups["promised"].is_monotonic_increasing
    assert groups["came"][0] > groups["promised"][0]
    promises.append(float(paid.sum() / chance.sum()))


def test_over_all_worlds_the_chances_promise_too_little() -> None:
    assert len(promises) == len(SEEDS)
    assert min(promises) > 1
    assert np.mean(promises) > 1.2


def test_most_of_those_who_have_paid_pay_again(lesson) -> None:
    assert again(lesson[0])["error_rate"] < 40
