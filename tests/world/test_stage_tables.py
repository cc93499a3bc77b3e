"""Firms by quarter, kinds of relationship and winning back: fair where chance decided, and true to their truth."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from crmkit.companies import shipped
from crmkit.data.catalogue import stages
from crmkit.world import World, simulate
from crmkit.world.company import FOLDER, CompanyError

TABLES = stages.tables(shipped("fernwell"))


@pytest.fixture(scope="module", params=range(1, 6))
def world(request: pytest.FixtureRequest) -> World:
    return simulate("fernwell", customers=20, seed=request.param, parts=["stages"], progress=False)


def test_same_seed_same_tables_whatever_else_is_made() -> None:
    one, again = (
        simulate("fernwell", customers=n, seed=4, parts=["stages"], progress=False)
        for n in (20, 30)
    )
    other = simulate("fernwell", customers=20, seed=5, parts=["stages"], progress=False)
    for name in ("firm_quarters", "kind_trial", "lost_firms"):
        assert one.tables[name].equals(again.tables[name])
        assert not one.tables[name].equals(other.tables[name])


def test_each_firm_has_every_quarter_since_its_first_order(world: World) -> None:
    table = world.tables["firm_quarters"]
    by = table.groupby("firm_id")["quarter"]
    assert (by.max() == stages.QUARTERS).all()
    assert (by.size() == by.max() - by.min() + 1).all()
    assert (by.min() <= 3).all()
    assert (table.groupby("firm_id")["orders"].first() >= 1).all()


def test_stages_move_as_the_company_file_says(world: World) -> None:
    truth = world.truth["firm_quarters"]
    after = truth.groupby("firm_id")["stage"].shift(-1)
    share = pd.crosstab(truth["stage"], after, normalize="index")
    assert share.loc["ended", "ended"] == 1
    assert share.loc["exploration", "build-up"] == pytest.approx(0.40, abs=0.06)
    assert share.loc["build-up", "stable"] == pytest.approx(0.55, abs=0.06)
    assert 0.05 < share.loc["stable", "decline"] < 0.13  # large firms leave less
    table = world.tables["firm_quarters"].merge(truth, on=["firm_id", "quarter"])
    orders = table.groupby("stage")["orders"].mean()
    assert orders["ended"] == 0
    assert orders["exploration"] < orders["decline"] < orders["stable"]
    assert (table.loc[table["stage"] == "ended", ["margin", "cost"]] == 0).all(axis=None)


def test_chance_decided_on_kind_and_offer(world: World) -> None:
    trial = world.tables["kind_trial"]
    assert trial["kind"].value_counts().between(595, 605).all()
    spread = np.log(trial["margin_before"]).groupby(trial["kind"]).mean()
    assert np.ptp(spread) < 0.12
    lost = world.tables["lost_firms"]
    arms = pd.crosstab(lost["left_for"], lost["offer"])
    assert (arms.max(axis=1) - arms.min(axis=1) <= 2).all()


def test_trials_fit_their_truth(world: World) -> None:
    trial, kinds = world.tables["kind_trial"], world.truth["relation_kinds"].set_index("kind")
    kept = (trial["margin_year"] / trial["margin_before"]).groupby(trial["kind"]).mean()
    assert (kept - kinds["kept"]).abs().max() < 0.06
    assert (trial.groupby("kind")["stayed"].mean() - kinds["stays"]).abs().max() < 0.06
    assert (trial.loc[~trial["stayed"], "margin_year"] == 0).all()
    lost = world.tables["lost_firms"].merge(world.truth["lost_firms"], on="firm_id")
    for offer in stages.OFFERS:
        mine, name = lost[lost["offer"] == offer], offer.replace(" ", "_")
        assert mine["returned"].mean() == pytest.approx(mine[f"returns_{name}"].mean(), abs=0.04)
        net = mine["margin_second"] - mine["cost"]
        assert net.mean() == pytest.approx(mine[f"net_{name}"].mean(), abs=9)
    assert (lost.loc[~lost["returned"], "margin_second"] == 0).all()


def test_the_reason_decides_which_offer_brings_back(world: World) -> None:
    truth = world.tables["lost_firms"].merge(world.truth["lost_firms"], on="firm_id")
    mean = truth.groupby("left_for")[["net_control", "net_discount", "net_mending_call"]].mean()
    assert mean.idxmax(axis=1).to_dict() == {
        "price": "net_discount", "a fault": "net_mending_call", "no need": "net_control",
        "a rival's range": "net_discount",
    }  # fmt: skip


def test_who_buys_much_leaves_a_smaller_share(world: World) -> None:
    trial = world.tables["kind_trial"]
    share = trial["margin_before"] / trial["turnover_before"].clip(lower=1)
    large = trial["turnover_before"].rank(ascending=False) <= 150
    assert share[large].median() < 0.8 * share[~large].median()
    assert (share[trial["turnover_before"] > 50] < 0.5).all()


def test_care_plans_end_as_their_chances_say(world: World) -> None:
    plans = world.tables["care_plans"].merge(world.truth["care_plans"], on="plan_id")
    came_up = plans["renewals"] + plans["ended"]
    assert came_up.between(1, 7).all()
    expected = (plans["leave_chance"] * came_up).sum()
    assert plans["ended"].sum() == pytest.approx(expected, rel=0.12)
    left = plans[came_up >= 5]["leave_chance"].mean()
    assert left < 0.6 * plans["leave_chance"].mean()


def test_tables_stay_small(world: World) -> None:
    names = [(table.name, table.truth) for table in TABLES]
    size = sum(len((world.truth if t else world.tables)[n].to_csv(index=False)) for n, t in names)
    assert size < 500_000


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("decline = 0.35, ended = 0.0 }   # orders", "ended = 0.0 }   # orders", "[stages.firms] level must name"),
        ("last_start = 3  ", "last_start = 30  ", "last_start: the last quarter"),
        ("decline = { stable = 0.10, ended = 0.40 }", "decline = { stable = 0.7, ended = 0.40 }", "add up to"),
        ("stable = { decline = 0.11 }", "stable = { sleep = 0.11 }", "sleep is no stage"),
        ('"no need"         = {', '"no wish"         = {', "[stages.lost.reasons] must name price"),
        ("years = 7  ", "years = 1  ", "years is 2 or more"),
        ("firms = 3000\n", "firms = 100\n", "at least 150 are needed"),
    ],
)  # fmt: skip
def test_tables_that_cannot_be_are_refused(tmp_path, old: str, new: str, said: str) -> None:
    text = (FOLDER / "fernwell.toml").read_text(encoding="utf-8")
    assert text.count(old) == 1
    own = tmp_path / "own.toml"
    own.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(CompanyError, match=re.escape(said)):
        simulate(own, customers=20, parts=[], progress=False)
