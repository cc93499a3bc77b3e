"""The rival that knows the truth decides by what is true, and changes its mind when the truth changes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from crmkit.errors import CrmkitError
from crmkit.game import truth, winning
from crmkit.game.decisions import CHANNELS
from crmkit.game.people import NUMBERS
from crmkit.game.plan import BONDS, OFFERS
from crmkit.game.play import Seen
from crmkit.game.policies import knows_the_truth
from crmkit.game.reports import Reports
from crmkit.game.rules import Rules
from crmkit.game.standing import ASLEEP, AWAKE, HALF_ASLEEP, WEEKS, State
from crmkit.game.state import start


@pytest.fixture(scope="module")
def state() -> State:
    return start(200, 5)


def lives(state: State, **parts: Any) -> State:
    return replace(state, life=replace(state.life, **parts))


def test_it_contacts_those_who_would_wake_and_not_those_who_sleep_deep(state: State) -> None:
    everybody = np.ones(len(state.people), np.int64)
    light = lives(state, sleep=HALF_ASLEEP * everybody)
    deep = lives(state, sleep=ASLEEP * everybody)
    call = OFFERS.index("call")
    assert truth.offer_gains(light, 3, call) > truth.offer_gains(deep, 3, call)
    assert truth.best_offers(light)["wake.asleep"] != "none"
    gone = lives(state, lost=np.ones(len(state.people), bool))
    assert set(truth.best_offers(gone).values()) == {"none"}


def test_it_sends_less_to_people_whom_messages_irritate(state: State) -> None:
    numbers = state.people.numbers.copy()
    place = NUMBERS.index("responsiveness")
    found = []
    for openness in (-3.0, 2.0):
        numbers[:, place] = openness
        people = replace(state.people, numbers=numbers.copy())
        found.append(truth.best_frequency(replace(state, people=people)))
    assert found[0] == 0
    assert found[1] >= 2


def test_it_goes_down_with_the_rival_and_less_where_bonds_hold(state: State) -> None:
    calm, attacked = replace(state, attack=0), replace(state, attack=2)
    assert truth.rival_price(attacked) < truth.rival_price(calm)
    assert truth.best_level(attacked) < truth.best_level(calm)
    bound = np.full(len(state.people), BONDS.index("structural"))
    assert truth.best_level(lives(attacked, bond=bound)) > truth.best_level(attacked)


def test_it_hires_where_more_will_call(state: State) -> None:
    awake = lives(state, sleep=np.full(len(state.people), AWAKE))
    busy = replace(awake, usual_calls=awake.usual_calls / 2)
    assert truth.best_agents(busy) > truth.best_agents(replace(state, usual_calls=1e6))


def test_it_binds_fewer_where_most_sleep(state: State) -> None:
    asleep = lives(state, sleep=np.full(len(state.people), ASLEEP))
    assert truth.best_share(asleep) == 0
    assert 0 < truth.best_share(state) < 0.6


def test_it_advertises_no_promise_that_is_broken(state: State) -> None:
    words = {
        truth.best_word(replace(state, attack=2), 1.0, 0),
        truth.best_word(replace(state, fast=state.fast + 5.0), 1.0, 0),
    }
    assert not words & {"cheapest", "someone explains"}


def test_the_last_pound_for_each_channel_brings_a_pound(state: State) -> None:
    spend = truth.best_spending(state)
    households = len(state.people) - state.customers
    for channel in CHANNELS:
        pounds = float(spend[f"winning.spend.{channel}"]) * state.customers / 2000
        worth = WEEKS * state.rules["winning.organic"] / 1000 * truth._worth(state, channel)
        more = [
            winning.channel_adds(one, channel, households, state.rules)
            for one in (pounds, pounds + 1)
        ]
        assert worth * (more[1] - more[0]) == pytest.approx(1, abs=0.05)


def test_it_spends_nothing_where_nobody_is_left_to_be_won(state: State) -> None:
    gone = lives(state, lost=np.ones(len(state.people), bool))
    assert set(truth.best_spending(gone).values()) == {0.0}
    assert truth.best_reward(gone) == 0
    assert 5 <= truth.best_reward(state) <= 20
    assert set(truth.best_spending(start(5, 3, Rules().changed({"market.households": 0})))) == {
        f"winning.spend.{channel}" for channel in CHANNELS
    }


def test_without_the_truth_it_says_what_is_missing(state: State) -> None:
    blind = Seen(1, 12, 200, Reports({}), (), Rules())
    with pytest.raises(CrmkitError, match="truth"):
        knows_the_truth(blind)
