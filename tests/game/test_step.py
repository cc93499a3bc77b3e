"""One quarter: pure, the same bytes, common random numbers, odd sizes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import processors
import pytest

from crmkit.errors import CrmkitError
from crmkit.game.decisions import AS_BEFORE, changed
from crmkit.game.engine import play_quarter, step, step_together
from crmkit.game.reports import history
from crmkit.game.rules import Rules
from crmkit.game.state import State, from_folder, start, to_folder

#: A plan with every lever away from where it was.
EVERYTHING = changed(
    AS_BEFORE,
    {
        "service.agents": 3,
        "service.hours": "long",
        "service.first": "best customers",
        "prices.level": 0.95,
        "wake.drowsy": "reminder",
        "wake.half_asleep": "voucher",
        "wake.asleep": "call",
        "messages.kind": "matched",
        "messages.per_month": 2,
        "programme.return_rate": 0.03,
        "programme.tiers": True,
        "bonds.kind": "structural",
        "bonds.share": 0.2,
        "brand.word": "big renovation",
        "brand.weeks": 6,
        "brand.spread": True,
        "winning.referral_reward": 10,
        "research.survey": 100,
        "research.tracker": 100,
        "research.panel": True,
    },
)


@pytest.fixture(scope="module")
def fresh() -> State:
    return start(customers=300, seed=2)


def raw(state: State, tmp_path, name: str) -> bytes:
    folder = to_folder(state, tmp_path / name)
    return (folder / "state.npz").read_bytes() + (folder / "state.toml").read_bytes()


def test_a_step_changes_neither_state_nor_decisions(fresh, tmp_path):
    before = raw(fresh, tmp_path, "before")
    plan = replace(EVERYTHING)
    step(fresh, plan, seed=1)
    assert raw(fresh, tmp_path, "after") == before
    assert plan == EVERYTHING


def test_the_same_gives_the_same_bytes_also_from_a_folder(fresh, tmp_path):
    first, told = step(fresh, EVERYTHING, seed=1)
    again, told_again = step(from_folder(to_folder(fresh, tmp_path / "kept")), EVERYTHING, seed=1)
    assert raw(first, tmp_path, "first") == raw(again, tmp_path, "again")
    for name in told:
        pd.testing.assert_frame_equal(told[name], told_again[name])
    for name in told.truth:
        pd.testing.assert_frame_equal(told.truth[name], told_again.truth[name])


def test_another_seed_is_other_luck(fresh):
    one, two = (step(fresh, AS_BEFORE, seed=seed)[1]["orders"] for seed in (1, 2))
    assert not one.equals(two)


@pytest.mark.parametrize(
    "change",
    [
        {"bonds.kind": "social", "bonds.share": 0.0},
        {"programme.tiers": True},  # without points there is no programme
        {"messages.per_month": 4},  # of kind none
        {"research.survey": 200, "research.tracker": 200, "research.panel": True},
        {"wake.most_contacts": 1},
    ],
)
def test_a_lever_that_touches_nobody_changes_nothing_but_its_bill(fresh, change):
    usual, after = (
        play_quarter(fresh, AS_BEFORE, 1),
        play_quarter(fresh, changed(AS_BEFORE, change), 1),
    )
    for name, values in vars(usual.orders).items():
        assert np.array_equal(values, getattr(after.orders, name)), name
    for name, values in vars(usual.after.life).items():
        assert np.array_equal(values, getattr(after.after.life, name)), name


def test_customers_whom_a_plan_does_not_touch_do_the_same(fresh):
    usual = play_quarter(fresh, AS_BEFORE, 1)
    woken = play_quarter(fresh, changed(AS_BEFORE, {"wake.asleep": "call"}), 1)
    left_alone = woken.effects.contacted.offer == 0
    for quarter, other in ((usual, woken), (woken, usual)):
        mine = left_alone[quarter.orders.who] & (quarter.lives.cause[quarter.orders.who] < 0)
        theirs = left_alone[other.orders.who] & (other.lives.cause[other.orders.who] < 0)
        assert quarter.orders.turnover[mine].sum() == other.orders.turnover[theirs].sum()
    assert np.array_equal(usual.lives.sleep[left_alone], woken.lives.sleep[left_alone])


def test_accounts_add_up_to_the_orders(fresh):
    _, reports = step(fresh, EVERYTHING, seed=1)
    accounts = reports["accounts"].set_index("item")["amount"]
    assert accounts["turnover"] == pytest.approx(reports["orders"]["turnover"].sum())
    assert accounts["turnover"] + accounts["cost of goods"] == pytest.approx(
        reports["orders"]["margin"].sum()
    )
    assert (accounts.drop("turnover") <= 0).all()
    lines = reports["order_lines"].groupby("order_id")[["turnover", "margin", "discount"]].sum()
    orders = reports["orders"].set_index("order_id")[["turnover", "margin", "discount"]]
    pd.testing.assert_frame_equal(lines, orders, check_names=False)


def test_numbers_of_orders_and_customers_go_on(fresh):
    told = history(fresh)
    state = fresh
    for _ in range(2):
        state, reports = step(state, EVERYTHING, seed=1)
        told = told.add(reports)
    orders, customers = told["orders"], told["customers"]
    assert orders["order_id"].tolist() == list(range(1, len(orders) + 1))
    assert customers["customer_id"].tolist() == list(range(1, len(customers) + 1))
    assert set(orders["customer_id"]) <= set(customers["customer_id"])
    assert orders["order_date"].is_monotonic_increasing
    first = orders.groupby("customer_id")["order_date"].min()
    since = customers.set_index("customer_id")["customer_since"].loc[first.index]
    assert (first.to_numpy() == since.to_numpy()).all()


@pytest.mark.parametrize("households", [0, 4])
@pytest.mark.parametrize("plan", [AS_BEFORE, EVERYTHING], ids=["as before", "everything"])
def test_one_customer(plan, households):
    state = start(1, 3, Rules().changed({"market.households": households}))
    for _ in range(3):
        state, reports = step(state, plan, seed=1)
    assert len(reports["customers"]) >= 1
    assert np.isfinite(reports["accounts"]["amount"]).all()


def test_everybody_gone(fresh):
    life = replace(fresh.life, lost=np.ones(len(fresh.people), bool))
    state = replace(fresh, life=life, rules=fresh.rules.changed({"winning.organic": 0}))
    after, reports = step(state, EVERYTHING, seed=1)
    assert len(reports["orders"]) == 0
    assert reports["accounts"]["amount"].sum() < 0
    after, reports = step(after, AS_BEFORE, seed=1)
    assert len(reports["orders"]) == 0


@pytest.mark.parametrize("seed", [-1, 1.5, True, "1"])
def test_a_seed_that_is_none(fresh, seed):
    with pytest.raises(CrmkitError, match="seed"):
        step(fresh, AS_BEFORE, seed=seed)


def test_a_damaged_folder_is_named(fresh, tmp_path):
    folder = to_folder(fresh, tmp_path / "game")
    (folder / "state.npz").write_bytes((folder / "state.npz").read_bytes()[:1000])
    with pytest.raises(CrmkitError, match="begin a new game"):
        from_folder(folder)
    with pytest.raises(CrmkitError, match="nowhere"):
        from_folder(tmp_path / "nowhere")


def test_rules_say_what_is_wrong():
    with pytest.raises(CrmkitError, match=r"Did you mean 'service\.pay'"):
        Rules().changed({"service.pai": 3})
    for wrong in (-1, float("nan"), "24", True):
        with pytest.raises(CrmkitError, match=r"service\.pay must be a number from 0 to 500"):
            Rules().changed({"service.pay": wrong})
    table = Rules().table()
    assert (table["low"] <= table["usual"]).all()
    assert (table["usual"] <= table["high"]).all()
    assert table["source"].str.len().gt(3).all()


def test_one_player_in_a_shared_market_plays_alone(fresh):
    (alone, told), (together, said) = (
        step(fresh, EVERYTHING, seed=1),
        step_together([fresh], [EVERYTHING], seed=1)[0],
    )
    assert np.array_equal(alone.life.customer, together.life.customer)
    pd.testing.assert_frame_equal(told["orders"], said["orders"])


def test_players_share_the_households_and_keep_their_customers(fresh):
    states, plans = [fresh] * 3, [AS_BEFORE, changed(AS_BEFORE, {"prices.level": 0.85}), AS_BEFORE]
    for _ in range(3):
        played = step_together(states, plans, seed=1)
        states = [state for state, _ in played]
    pool = np.array([state.is_customer[fresh.customers :] for state in states])
    assert pool.sum(axis=0).max() == 1
    assert pool[1].sum() > pool[0].sum()  # the cheapest wins most households
    for state in states:
        assert state.is_customer[: fresh.customers].all()
    assert played[0][1]["market"]["rival_level"].iloc[0] <= 0.85


def test_states_of_two_games_do_not_meet(fresh):
    with pytest.raises(CrmkitError, match="not of one game"):
        step_together([fresh, step(fresh, AS_BEFORE, 1)[0]], [AS_BEFORE, AS_BEFORE], seed=1)
    with pytest.raises(CrmkitError, match="1 states and 2 decisions"):
        step_together([fresh], [AS_BEFORE, AS_BEFORE], seed=1)


#: Four quarters of a plan in which everything happens; a sum for each table and each column of the state.
PLAYED = """
import hashlib
import numpy as np
from crmkit.game.decisions import AS_BEFORE, changed
from crmkit.game.engine import step
from crmkit.game.state import start
levers = {"wake.drowsy": "reminder", "messages.kind": "matched", "messages.per_month": 2}
levers |= {"programme.return_rate": 0.03, "bonds.kind": "social", "bonds.share": 0.3, "prices.level": 1.03}
levers |= {"research.survey": 100, "research.tracker": 200, "research.panel": True}
state = start(300, 1)
for _ in range(4):
    state, reports = step(state, changed(AS_BEFORE, levers), 1)
def said(name, raw):
    print(name, hashlib.md5(raw).hexdigest())
for tables in (reports, reports.truth):
    for name in tables:
        said(name, tables[name].to_csv().encode())
for part in (state.people, state.life):
    for name, values in vars(part).items():
        said(name, np.ascontiguousarray(values).tobytes())
"""


@pytest.mark.slow
def test_the_game_is_the_same_on_an_old_processor():
    ours, theirs = (
        processors.output_as(processor, "-c", PLAYED).splitlines()
        for processor in ("native", processors.FOREIGN)
    )
    assert len(ours) > 40
    assert [line for line, other in zip(ours, theirs, strict=True) if line != other] == []
