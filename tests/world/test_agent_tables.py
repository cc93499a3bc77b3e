"""The trial with agents, the suggestions and the aims: fair where chance decided, and true to their truth."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from crmkit.companies import shipped
from crmkit.data.catalogue import agents
from crmkit.world import World, simulate
from crmkit.world.company import FOLDER, CompanyError

TABLES = agents.tables(shipped("fernwell"))
SEEDS = range(1, 6)


@pytest.fixture(scope="module", params=SEEDS)
def world(request: pytest.FixtureRequest) -> World:
    return simulate("fernwell", customers=20, seed=request.param, parts=["agents"], progress=False)


def calls(world: World) -> pd.DataFrame:
    return world.tables["agent_calls"].merge(world.truth["agent_calls"], on="call_id")


def test_same_seed_same_tables_whatever_else_is_made() -> None:
    one, again = (
        simulate("fernwell", customers=n, seed=4, parts=["agents"], progress=False) for n in (20, 30)
    )  # fmt: skip
    other = simulate("fernwell", customers=20, seed=5, parts=["agents"], progress=False)
    for name in ("agent_calls", "offer_trial", "crm_aims"):
        assert one.tables[name].equals(again.tables[name])
        assert not one.tables[name].equals(other.tables[name])


def test_chance_decided_for_each_agent(world: World) -> None:
    table = calls(world)
    of_agent = table.groupby("agent_id")["view"].agg(["nunique", "first"])
    assert (of_agent["nunique"] == 1).all()
    assert (of_agent["first"].value_counts() == 20).all()
    size = table.groupby(["agent_id", "period"]).size().unstack()
    assert (size["before"] == 16).all()
    assert (size["trial"] == 40).all()
    before = table[table["period"] == "before"].groupby("view")["handling_minutes"].mean()
    assert before.max() - before.min() < 1.0


def test_only_a_view_that_is_there_can_be_opened(world: World) -> None:
    table = world.tables["agent_calls"]
    without = (table["period"] == "before") | (table["view"] == "separate")
    assert not table.loc[without, "opened"].any()
    share = table[~without].groupby("view")["opened"].mean()
    assert share["joined"] + 0.2 < share["joined, trained"]
    hard = table[~without].groupby("hard")["opened"].mean()
    assert hard[True] > hard[False] + 0.2


def test_calls_fit_their_truth() -> None:
    gaps, wrong = [], []
    for seed in SEEDS:
        table = calls(
            simulate("fernwell", customers=20, seed=seed, parts=["agents"], progress=False)
        )
        way = np.where(table["opened"], "joined", "separate")
        for name in ("separate", "joined"):
            mine = table[way == name]
            gaps.append((mine["handling_minutes"] - mine[f"minutes_{name}"]).mean())
            wrong.append((mine["wrong"] - mine[f"wrong_{name}"]).mean())
    assert abs(np.mean(gaps)) < 0.05
    assert np.abs(gaps).max() < 0.25
    assert abs(np.mean(wrong)) < 0.008


def test_the_view_helps_where_a_caller_has_several_records(world: World) -> None:
    table = calls(world)
    saved = (table["minutes_separate"] - table["minutes_joined"]).groupby(table["systems"]).mean()
    assert saved[1] < 0 < 1 < saved[2] < saved[3]  # one record: only something more to read
    fewer = (table["wrong_separate"] - table["wrong_joined"]).groupby(table["systems"]).mean()
    assert fewer[1] < 0 < 0.05 < fewer[2] < fewer[3]


def test_suggestions_fit_their_truth_and_too_many_cost(world: World) -> None:
    table = world.tables["offer_trial"].merge(world.truth["offer_trial"], on="person_id")
    assert table.groupby("arm").size().between(590, 610).all()
    for place, arm in enumerate(agents.ARMS):
        mine = table[table["arm"] == arm]
        gap = mine["margin_90d"] - mine[f"margin_{place}"]
        assert abs(gap.mean()) < 4 * gap.std() / np.sqrt(len(mine))
    truth = table[[f"margin_{place}" for place in range(4)]].mean().to_numpy()
    assert truth[2] > truth[1] > truth[0] > truth[3]
    yes = table.groupby("arm")["said_yes"].mean()
    assert yes["next best, every call"] > yes["next best"] > yes["best seller"] > 0
    assert yes["no suggestion"] == 0
    every = table["arm"] == "next best, every call"
    assert (table.loc[every, "suggestions"] == table.loc[every, "calls"]).all()


def test_the_widest_aim_is_worth_most_and_costs_most(world: World) -> None:
    aims = world.tables["crm_aims"].set_index("aim")
    assert aims["worth"].idxmax() == "everything for everybody"
    assert (aims[list(agents.PARTS)].idxmax() == "everything for everybody").all()
    assert aims["budget"].nunique() == 1


def test_tables_stay_small(world: World) -> None:
    size = sum(
        len((world.truth if table.truth else world.tables)[table.name].round(3).to_csv(index=False))
        for table in TABLES
    )
    assert size < 500_000


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("agents = 60 ", "agents = 9 ", "four agents at least"),
        ("calls = [16, 40] ", "calls = [40] ", "two numbers"),
        ("systems = [0.40, 0.35, 0.25] ", "systems = [0.5, 0.5] ", "three shares"),
        ("people = 2400\norders", "people = 30\norders", "ten people at least"),
        ("budget = 120 ", "budget = 0 ", "gives nothing"),
        ("{ worth = 250, data = 34,", "{ worth = 250, data = 0,", "each above 0"),
    ],
)
def test_a_study_that_cannot_be_is_refused(tmp_path, old: str, new: str, said: str) -> None:
    text = (FOLDER / "fernwell.toml").read_text(encoding="utf-8")
    assert text.count(old) == 1
    own = tmp_path / "own.toml"
    own.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(CompanyError, match=re.escape(said)):
        simulate(own, customers=20, parts=[], progress=False)
