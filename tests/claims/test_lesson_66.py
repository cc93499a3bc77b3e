"""Lesson 66: what it claims holds on the shipped data, and on five other Fernwells."""

from __future__ import annotations

import numpy as np
import pytest
from worlds import seeds

from crmkit import relations
from crmkit.data.load import load, load_truth
from crmkit.practice.tables import OwnTables
from crmkit.world import simulate

SEEDS = seeds("shipped", 31, 32, 33, 34, 35)
OTHERS = {"Strumwell": "strumwell", "Tarnwald": "tarnwald", "Brennick": "brennick"}


class Shipped:
    """The tables that ship."""

    load = staticmethod(load)
    load_truth = staticmethod(load_truth)


@pytest.fixture(scope="module", params=SEEDS)
def data(request: pytest.FixtureRequest):
    if request.param == "shipped":
        return Shipped()
    world = simulate("fernwell", 400, seed=request.param, parts=["partners"], progress=False)
    return OwnTables.of_world(world).for_question(("sleep_states", "partner_effects"))


@pytest.fixture(scope="module")
def others():
    return {name: relations.trade_tables(data) for name, data in OTHERS.items()}


@pytest.fixture(scope="module")
def errors(others):
    found = {}
    for name, tables in others.items():
        visits = relations.contacts_of(tables)
        clock = relations.own_clock(visits, 180)["clock_days"]
        who = relations.silent_and_sleeping(visits, load_truth("sleep_states", data=OTHERS[name]))
        found[name] = relations.clock_errors(who["silent_days"], who["asleep"], [90, clock])
    return found


# ---- the three that are the same for everybody -----------------------------------------------------------------------


def test_ninety_days_alarm_most_who_are_awake_at_hotel_and_maker(errors) -> None:
    for name in ("Tarnwald", "Brennick"):
        assert errors[name]["wrong_low"][0] > 0.5
        assert errors[name]["wrong_high"][1] < errors[name]["wrong_low"][0]
        assert errors[name]["right"][1] > errors[name]["right"][0] + 0.05


def test_at_the_app_ninety_days_come_too_late(errors) -> None:
    app = errors["Strumwell"]
    assert app["clock_days"][1] < 60
    assert app["missed_low"][0] > app["missed_high"][1]


def test_a_person_who_looks_asleep_may_belong_to_a_firm_that_is_awake(others) -> None:
    stays = others["Tarnwald"]["account_stays"].merge(others["Tarnwald"]["orders"], on="order_id")
    clock = relations.own_clock(others["Tarnwald"]["orders"], 180)["clock_days"]
    assert relations.silent_people(stays, clock)["low"] > 0.25


def test_the_best_fifth_bring_unlike_shares(others) -> None:
    share = {
        name: relations.four_analyses(of).set_index("measure")["value"].iloc[0]
        for name, of in others.items()
    }
    assert share["Brennick"] > 0.8
    assert share["Tarnwald"] < 0.6
    assert share["Strumwell"] < 0.6


def test_needs_differ_and_channels_do_not_multiply(others) -> None:
    for name, tables in others.items():
        found = relations.difficulties(tables).set_index("measure")
        channels = found.loc["two channels: last year less first"]
        assert channels["low"] < 0 < channels["high"]
        if name != "Strumwell":
            assert found.loc["not served by the commonest need", "value"] > 0.35


def test_a_fall_at_all_is_no_fall_in_equal_time(others, data) -> None:
    cohorts = {name: relations.retention_by_cohort(of["orders"]) for name, of in others.items()}
    cohorts["us"] = relations.retention_by_cohort(data.load("orders"))
    found = relations.loyalty_change(cohorts).set_index("company")
    assert (found["at_all"] < -0.05).all()
    assert found.loc["us", "change"] > found.loc["us", "at_all"] + 0.03
    assert (found.loc[list(others), "p_adjusted"] > 0.05).all()


# ---- one's own Fernwell ----------------------------------------------------------------------------------------------


def test_at_fernwell_ninety_days_are_not_far_off(data) -> None:
    orders = data.load("orders")
    clock = relations.own_clock(orders, 180)["clock_days"]
    who = relations.silent_and_sleeping(orders, data.load_truth("sleep_states"))
    found = relations.clock_errors(who["silent_days"], who["asleep"], [90, clock])
    assert 90 < clock < 190
    assert found["wrong"][0] < 0.35
    assert found["missed"][0] < 0.15
    assert found["right"].min() > 0.8


def test_the_story_is_about_twice_what_all_shops_say(data) -> None:
    changes = relations.before_and_after(data.load("partner_quarters"), "satisfaction")
    pair = relations.story_pair(changes, "listens", "expands")["change"]
    story = pair.iloc[0] - pair.iloc[1]
    mean = relations.pair_gaps(changes, "listens", "expands").mean()
    truth = data.load_truth("partner_effects")
    assert story > 1.5 * mean
    assert mean == pytest.approx((truth["listens"] - truth["expands"]).mean(), abs=0.5)


def test_all_shops_point_clearly_and_pairs_do_not(data) -> None:
    changes = relations.before_and_after(data.load("partner_quarters"), "satisfaction")
    effects = relations.way_effects(changes, "as before").set_index("way")
    assert effects.loc["listens", "low"] > 0
    assert effects.loc["expands", "high"] < 0
    assert (effects["p_value"] < 0.05).all()
    assert 0.02 < (relations.pair_gaps(changes, "listens", "as before") < 0).mean() < 0.4
    placebo = relations.pair_gaps(changes, "as before", "as before")
    assert np.abs(placebo).mean() > 0.25


def test_a_larger_floor_sells_more_for_a_while(data) -> None:
    path = relations.effect_path(
        data.load("partner_quarters"), "turnover", "as before", relative=True
    )
    grew = path[path["way"] == "expands"].set_index("quarter")
    assert grew.loc[5, "low"] > 0
    assert grew.loc[8, "gap"] < grew.loc[5, "low"]
    assert grew.loc[8, "gap"] < 0.03
