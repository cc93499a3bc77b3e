"""The study of bonds and the repairs: fair where chance decided, biased where it did not, and true to their truth."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from crmkit.companies import shipped
from crmkit.data.catalogue import bonds
from crmkit.world import World, simulate
from crmkit.world.company import FOLDER, CompanyError

TABLES = bonds.tables(shipped("fernwell"))


@pytest.fixture(scope="module", params=range(1, 6))
def world(request: pytest.FixtureRequest) -> World:
    return simulate("fernwell", customers=20, seed=request.param, parts=["bonds"], progress=False)


def by_chance(world: World, name: str = "bond_study") -> pd.DataFrame:
    return world.tables[name].query("how == 'by chance'")


def test_same_seed_same_tables_whatever_else_is_made() -> None:
    one, again = (
        simulate("fernwell", customers=n, seed=4, parts=["bonds"], progress=False) for n in (20, 30)
    )
    other = simulate("fernwell", customers=20, seed=5, parts=["bonds"], progress=False)
    for name in ("bond_study", "repairs", "partner_ideas"):
        assert one.tables[name].equals(again.tables[name])
        assert not one.tables[name].equals(other.tables[name])


def test_chance_decided_on_bond_and_depth(world: World) -> None:
    study = by_chance(world)
    assert study.groupby(["bond", "rival_off"]).size().between(110, 140).all()
    assert (world.tables["bond_study"].groupby("area")["rival_off"].nunique() == 1).all()
    loyal = world.truth["bond_study"].set_index("person_id")["loyal"]
    means = study["person_id"].map(loyal).groupby(study["bond"]).mean()
    assert means.abs().max() < 0.13


def test_who_chose_is_another_kind_of_customer(world: World) -> None:
    study = world.tables["bond_study"].query("how == 'own choice'")
    loyal = world.truth["bond_study"].set_index("person_id")["loyal"]
    means = study["person_id"].map(loyal).groupby(study["bond"]).mean()
    assert means["structural"] > 0.3 > -0.3 > means["financial"]


def test_watching_ends_by_leaving_moving_or_the_last_week(world: World) -> None:
    study = world.tables["bond_study"]
    assert study["weeks"].between(1, 52).all()
    moved = ~study["left"] & (study["weeks"] < 52)
    assert 0.06 < moved.mean() < 0.14
    early = study["weeks"] <= 26
    assert (study.loc[early, ["margin_attack", "cost_attack"]] == 0).all(axis=None)
    assert (study.loc[~early, "margin_attack"] > 0).all()
    none = study["bond"] == "none"
    assert (study.loc[none, ["cost_quiet", "cost_attack"]] == 0).all(axis=None)
    structural = study["bond"] == "structural"
    weeks = study.loc[structural, "weeks"].clip(upper=26)
    np.testing.assert_allclose(study.loc[structural, "cost_quiet"], 26 + 0.3 * weeks)


def test_what_happened_fits_the_truth() -> None:
    gaps, earned = [], []
    for seed in range(1, 6):
        one = simulate("fernwell", customers=20, seed=seed, parts=["bonds"], progress=False)
        study = by_chance(one).merge(one.truth["bond_study"], on="person_id")
        for bond, part in study.groupby("bond"):
            at_risk = np.array([(part["weeks"] >= week).sum() for week in range(1, 53)])
            gone = np.bincount(part.loc[part["left"], "weeks"], minlength=53)[1:]
            gaps.append(np.prod(1 - gone / at_risk) - part[f"stays_{bond}"].mean())
            stayed = part[part["left"] | (part["weeks"] == 52)]
            net = stayed.eval("margin_quiet - cost_quiet + margin_attack - cost_attack")
            earned.append(net.mean() / stayed[f"earns_{bond}"].mean())
    assert abs(np.mean(gaps)) < 0.01
    assert np.std(gaps) < 0.035
    assert 0.9 < np.mean(earned) < 1.1  # those who moved are missing, and moving takes time


def test_the_truth_has_the_direction_that_is_published(world: World) -> None:
    mean = world.truth["bond_study"].mean()
    stays, earns = ([mean[f"{what}_{bond}"] for bond in bonds.BONDS] for what in ("stays", "earns"))
    assert max(stays[:2]) < stays[2] < stays[3]
    assert abs(stays[1] - stays[0]) < 0.02 < 0.15 < stays[3] - stays[0]
    assert earns[3] == max(earns)


def test_repairs_please_and_do_not_make_good(world: World) -> None:
    trial = by_chance(world, "repairs")
    mean = trial.groupby("repair")[["satisfaction", "bought_180d"]].mean()
    assert mean.loc["at once", "satisfaction"] > mean.loc["no fault", "satisfaction"] + 0.3
    assert mean.loc["at once", "bought_180d"] < mean.loc["no fault", "bought_180d"] - 0.04
    assert mean.loc["at once", "bought_180d"] > mean.loc["not", "bought_180d"] + 0.08
    truth = world.truth["repairs"]
    assert truth.loc[truth["case_id"].isin(trial["case_id"]), "fault"].equals(
        (trial["repair"] != "no fault").rename("fault")
    )


def test_complaints_come_from_those_who_buy_often(world: World) -> None:
    came = world.tables["repairs"].query("how == 'as it came'")
    mean = came.groupby("repair")[["orders_before", "bought_180d"]].mean()
    assert mean.loc["at once", "orders_before"] > 1.3 * mean.loc["no fault", "orders_before"]
    assert mean.loc["at once", "bought_180d"] > mean.loc["no fault", "bought_180d"]
    truth = world.truth["repairs"].set_index("case_id")["fault"]
    silent = came.loc[came["repair"] == "no fault", "case_id"].map(truth)
    assert 0.2 < silent.mean() < 0.5


def test_the_ideas_differ_in_who_gains(world: World) -> None:
    ideas = world.tables["partner_ideas"].set_index("idea")
    fair = (ideas.filter(like="gain_") >= 0).all(axis=1)
    assert fair.sum() == 3
    assert ideas["gain_company"].idxmax() not in ideas.index[fair]


def test_tables_stay_small(world: World) -> None:
    names = [(table.name, table.truth) for table in TABLES]
    size = sum(len((world.truth if t else world.tables)[n].to_csv(index=False)) for n, t in names)
    assert size < 800_000  # before rounding, which the files have


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("social     = { leave", "friendly   = { leave", "[bonds.bond] must name none, financial"),
        ("areas = 60", "areas = 3", "needs an area at least"),
        ("by_chance = 2000 ", "by_chance = 3 ", "a customer under each"),
        ("depths = [0, 10, 20, 30] ", "depths = [0, 95] ", "from 0 to 90"),
        ('partner = "public", gains = [19000, 6000, 22000]', 'partner = "town", gains = [1]', "partner is one of"),
    ],
)  # fmt: skip
def test_a_study_that_cannot_be_is_refused(tmp_path, old: str, new: str, said: str) -> None:
    text = (FOLDER / "fernwell.toml").read_text(encoding="utf-8")
    assert text.count(old) == 1
    own = tmp_path / "own.toml"
    own.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(CompanyError, match=re.escape(said)):
        simulate(own, customers=20, parts=[], progress=False)
