"""The tables of relationship health: believable on a class's seeds, and with the traps that they are made for."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from crmkit.companies import shipped
from crmkit.data.catalogue import health
from crmkit.world import World, simulate
from crmkit.world.company import FOLDER, CompanyError

TABLES = health.tables(shipped("fernwell"))


@pytest.fixture(scope="module", params=range(1, 7))
def world(request: pytest.FixtureRequest) -> World:
    return simulate("fernwell", customers=20, seed=request.param, parts=["health"], progress=False)


def test_same_seed_same_tables_whatever_else_is_made() -> None:
    one, again = (
        simulate("fernwell", customers=n, seed=4, parts=["health"], progress=False)
        for n in (20, 30)
    )
    other = simulate("fernwell", customers=20, seed=5, parts=["health"], progress=False)
    for table in TABLES:
        pick = (lambda w: w.truth) if table.truth else (lambda w: w.tables)
        assert pick(one)[table.name].equals(pick(again)[table.name])
        assert not pick(one)[table.name].equals(pick(other)[table.name])


def test_tables_stay_small(world: World) -> None:
    size = sum(
        len((world.truth if t.truth else world.tables)[t.name].to_csv(index=False)) for t in TABLES
    )
    assert size < 500_000


def test_a_trader_buys_in_every_quarter_until_the_last(world: World) -> None:
    quarters = world.tables["trader_quarters"].groupby("trader_id")["quarter"]
    assert (quarters.max() - quarters.min() + 1 == quarters.size()).all()
    traders = world.tables["traders"].set_index("trader_id")
    last = traders["last_quarter"]
    assert (quarters.max()[last.notna()] == last.dropna()).all()
    assert (quarters.max()[last.isna()] == 8).all()
    assert (last.isna() == traders["reason"].isna()).all()
    assert (world.tables["trader_quarters"]["sales"] > 0).all()
    share = 1 - last.isna().mean()
    assert 0.3 < share < 0.7


def test_signals_fall_before_sales_do(world: World) -> None:
    table = world.tables["trader_quarters"].merge(world.tables["traders"], on="trader_id")
    table["ahead"] = table["last_quarter"] - table["quarter"]
    lead = table[table["ahead"].isin([0, 1, 5, 6])].groupby("ahead")[["logins", "sales"]].mean()
    usual = lead.loc[[5, 6]].mean()
    assert lead.loc[1, "logins"] < 0.7 * usual["logins"]
    assert lead.loc[1, "sales"] > 0.9 * usual["sales"]
    assert lead.loc[0, "sales"] < 0.7 * usual["sales"]


def test_the_silent_are_less_content(world: World) -> None:
    truth = world.truth["trader_quarters"]
    letters = world.tables["trader_survey"].query("way == 'letter'")
    both = truth.merge(
        letters[["trader_id", "quarter"]], on=["trader_id", "quarter"], how="left", indicator=True
    )
    mean = both.groupby(both["_merge"] == "both")["satisfaction"].mean()
    assert mean[True] > mean[False] + 0.5
    assert 0.3 < (both["_merge"] == "both").mean() < 0.45
    calls = world.tables["trader_survey"].query("way == 'call'")
    assert (calls["quarter"] == 8).all()
    assert len(calls) == 150
    said = calls.merge(truth, on=["trader_id", "quarter"], suffixes=("", "_true"))
    assert (said["satisfaction"] == said["satisfaction_true"]).all()


def test_reasons_other_than_satisfaction_are_most_of_them(world: World) -> None:
    reasons = world.tables["traders"]["reason"].value_counts(normalize=True)
    assert 0.2 < reasons["not content"] < 0.42
    assert reasons["need ended"] > 0.25
    assert reasons["rival near"] > 0.1


def test_the_trial_is_fair_and_the_truth_is_one_effect(world: World) -> None:
    trial, truth = world.tables["branch_trial"], world.truth["branch_trial"]
    assert trial["trained"].sum() == len(trial) / 2
    effect = truth[["staff_effect", "customer_effect", "profit_effect"]].mean()
    assert 0.7 < effect["staff_effect"] < 1.4
    assert 0.1 < effect["customer_effect"] < 0.5
    assert 0 < effect["profit_effect"] < 3
    branches = world.tables["branch_quarters"]
    assert len(branches) == 20 * 8
    means = branches.groupby("branch")[["staff_satisfaction", "profit"]].mean()
    assert np.corrcoef(means.T)[0, 1] > 0.6


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"Rowan", "Willow"]', '"Rowan"]', "an even number"),
        ("traders = 900 ", "traders = 100 ", "200 at least"),
        ("cools = [0.20, 0.40, 0.40]", "cools = [0.20, 0.40, 0.60]", "add up to 1"),
        ("logins = 9.0\nshares", "shares", "lacks logins"),
    ],
)
def test_a_section_that_cannot_be_is_refused(tmp_path, old: str, new: str, said: str) -> None:
    text = (FOLDER / "fernwell.toml").read_text(encoding="utf-8")
    assert text.count(old) == 1
    own = tmp_path / "own.toml"
    own.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(CompanyError, match=re.escape(said)):
        simulate(own, customers=20, parts=[], progress=False)


def test_a_quarter_is_a_number_and_a_gap_is_a_gap(world: World) -> None:
    assert world.tables["trader_quarters"]["quarter"].between(1, 8).all()
    assert pd.api.types.is_float_dtype(world.tables["traders"]["last_quarter"])
