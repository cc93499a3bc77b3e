"""Lesson 65: what it claims holds in other worlds than the shipped one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import crmkit
from claims.over_worlds import Seen
from crmkit.practice.questions.lesson_65 import (
    aged,
    even,
    planned,
    right,
    said_decline,
    with_net,
)
from crmkit.practice.tables import OwnTables
from crmkit.reactivation import policy_value
from crmkit.relations import (
    age_change,
    by_age,
    choose_kind,
    judge_stages,
    kept_by_kind,
    read_stages,
    renewal_table,
    stage_moves,
    winback_effects,
)
from crmkit.value import ContractModel, assign_tiers
from crmkit.world import World, simulate

SEEDS = [1, 41, 42, 43, 44, 45]
seen = Seen()


@pytest.fixture(scope="module", params=SEEDS)
def world(request: pytest.FixtureRequest) -> World:
    # The shipped world has 5,000 customers; the tables of the study are the same with twenty.
    return simulate("fernwell", 20, seed=request.param, parts=["stages"], progress=False)


@pytest.fixture(scope="module")
def data(world: World) -> OwnTables:
    return OwnTables.of_world(world).for_question(("firm_quarters", "relation_kinds"))


def test_three_quarters_are_read_right_and_decline_is_seen_late(data: OwnTables) -> None:
    assert 68 < right(data) < 82
    read = read_stages(data.load("firm_quarters"))
    judged = judge_stages(read, data.load_truth("firm_quarters")).set_index("stage")
    assert judged.loc["decline", "high"] < 0.5
    assert judged.loc["stable", "build-up"] > 0.25
    assert judged.loc["ended", "right"] > 0.8
    truly = said_decline(data)
    assert truly < 50
    gone = said_decline(data, "or ended") - truly
    assert gone > 0.3 * (100 - truly)  # "many of these firms have gone already"


def test_stable_firms_seem_to_move_more_than_they_do(data: OwnTables) -> None:
    read, true = (
        stage_moves(t).set_index(["from_stage", "to_stage"])
        for t in (read_stages(data.load("firm_quarters")), data.load_truth("firm_quarters"))
    )
    assert read.loc[("stable", "stable"), "high"] < true.loc[("stable", "stable"), "share"]
    assert read.loc[("stable", "build-up"), "share"] > 0.1
    assert true.loc[("stable", "build-up"), "share"] == 0


def test_who_is_left_makes_old_customers_better(data: OwnTables) -> None:
    ages = by_age(with_net(data), "net").set_index("age")["mean"]
    assert ages[5] > 1.8 * ages[2]  # until then it is the build-up
    assert ages[10] > ages[5]  # "old customers bring more, on average"
    change = age_change(with_net(data), "net", 5, 10).set_index("part")
    assert change.loc["who is left", "low"] > 4
    assert change.loc["the same customers", "low"] < 0  # no rise that the data could show
    seen.note(
        same=change.loc["the same customers", "change"], every=change.loc["all who buy", "change"]
    )
    table = with_net(data)
    table["cost_order"] = table["cost"] / table["orders"].where(table["orders"] > 0)
    cost = age_change(table, "cost_order", 5, 10).set_index("part")
    assert cost.loc["the same customers", "high"] > 0
    seen.note(
        cost_same=cost.loc["the same customers", "change"],
        cost_left=cost.loc["who is left", "change"],
    )
    assert aged(data, "margin_100", early=4, late=9) < -80


def test_each_tier_has_its_own_best_kind(data: OwnTables) -> None:
    trial, kinds = data.load("kind_trial"), data.load("relation_kinds")
    kept = kept_by_kind(trial, kinds)
    assert kept["kept"].is_monotonic_increasing
    assert (kept["kept"] - data.load_truth("relation_kinds")["kept"]).abs().max() < 0.06
    trial["tier"] = assign_tiers(trial["margin_before"])
    groups = trial.groupby("tier", observed=True)["margin_before"]
    table = groups.agg(customers="size", margin="mean").reset_index()
    best = choose_kind(table, trial, kinds).query("best").set_index("tier")["kind"].astype(str)
    assert best.to_dict() == {
        "small": "reactive", "ordinary": "accountable", "key": "proactive", "VIP": "partner",
    }  # fmt: skip
    assert 3000 < even(data) < 8000
    large = trial.nlargest(150, "turnover_before")
    few = (large["margin_before"] < trial["margin_before"].nlargest(150).min()).mean()
    assert few > 0.2


def test_the_reason_decides_what_winning_back_earns(data: OwnTables) -> None:
    lost = data.load("lost_firms")
    whole = winback_effects(lost).set_index(["outcome", "offer"])
    assert whole.loc[("returned", "discount"), "low"] > 0.05
    assert whole.loc[("returned", "discount"), "control_value"] > 0.02  # some come anyway
    second = lost[lost["returned"]].groupby("offer")["margin_second"].mean()
    assert second["discount"] < 0.8 * second["mending call"]
    net = winback_effects(lost, by="left_for").query("outcome == 'net'")
    net = net.set_index(["left_for", "offer"])
    assert net.loc[("a fault", "mending call"), "low"] > 0
    assert net.loc[("price", "discount"), "low"] > 0
    assert net.loc[("no need", "discount"), "low"] < 0
    assert planned(data) > 5


def test_a_plan_made_on_one_half_pays_on_the_other(data: OwnTables) -> None:
    lost = data.load("lost_firms")
    half = lost["firm_id"] % 2 == 0
    learnt = winback_effects(lost[half], by="left_for").query("outcome == 'net' and effect > 0")
    best = learnt.sort_values("effect").drop_duplicates("left_for", keep="last")
    assert best.set_index("left_for").loc["a fault", "offer"] == "mending call"
    other = lost[~half].assign(net=lost["margin_second"] - lost["cost"])
    plan = other["left_for"].map(best.set_index("left_for")["offer"]).fillna("control")
    found = policy_value(other, plan, "net", arm="offer", strata="left_for", over="control")
    assert found["low"] > 0
    found = policy_value(other, plan, "net", arm="offer", strata="left_for", over="discount")
    assert found["value"] > 0


def test_over_all_worlds_age_brings_nothing() -> None:
    assert len(seen["same"]) == len(SEEDS)
    assert -12 < np.mean(seen["same"]) < 4
    assert np.mean(seen["every"]) > np.mean(seen["same"]) + 8
    assert abs(np.mean(seen["cost_same"])) < 0.35
    assert max(seen["cost_left"]) < 0.05


@pytest.mark.parametrize("seed", [0, 2, 3, 4, 5, 6])
def test_retention_rises_though_nobody_changes(seed: int) -> None:
    if seed:
        made = simulate("brennick", 700, seed=seed, parts=[], progress=False)
        contracts, truth = made.tables["contracts"], made.truth["accounts"]
    else:
        contracts = crmkit.load("contracts", data="brennick")
        truth = crmkit.load_truth("accounts", data="brennick")
    ended = contracts["to_date"].notna()
    model = ContractModel().fit_contracts(contracts["renewals"], ended)
    chance = contracts["customer_id"].map(truth.set_index("customer_id")["leave_chance"])
    stays = pd.Series(
        {n: 1 - chance[contracts["renewals"] + ended >= n].mean() for n in range(1, 6)}
    )
    assert stays[5] > stays[1] + 0.03
    first, fifth = model.retention([1, 5])
    assert fifth > first + 0.03
    life = model.residual_life([0, 4], discount=0.1)
    assert life[1] > life[0] + 0.5
    table = renewal_table(contracts["renewals"], ended).iloc[:5]
    curve = model.retention(table["renewal"])
    assert ((table["low"] <= curve) & (curve <= table["high"])).sum() >= 4
