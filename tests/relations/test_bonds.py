"""Bonds under an attack, and repairs: by hand, against scipy, and against the truth."""

from __future__ import annotations

import time

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from scipy import stats

from benchmarks.coverage_relations_bonds import study
from crmkit.companies import shipped
from crmkit.errors import CrmkitError
from crmkit.relations import (
    attack_model,
    bond_value,
    leaving_rates,
    left_under_attack,
    made_good,
    mean_weeks,
    repair_effects,
    stay_difference,
    staying_curve,
)
from crmkit.relations.bond_explorers import attack_explorer, attack_outcome
from crmkit.relations.bond_plots import plot_bond_value, plot_made_good, plot_staying
from crmkit.world import World, simulate

mpl.use("agg")


@pytest.fixture(scope="module")
def world() -> World:
    return simulate("fernwell", customers=20, seed=8, parts=["bonds"], progress=False)


@pytest.fixture(scope="module")
def people(world: World) -> pd.DataFrame:
    return world.tables["bond_study"].query("how == 'by chance'")


def six() -> pd.DataFrame:
    """Six customers: three leave, one moves away in week 4, two are there to the end."""
    return pd.DataFrame(
        {"bond": "none", "weeks": [2, 4, 4, 6, 8, 8], "left": [True, True, False, True] + [False] * 2}
    )  # fmt: skip


def test_by_hand() -> None:
    curve = staying_curve(six()).set_index("week")
    assert curve.loc[[0, 2, 4, 6, 8], "at_risk"].tolist() == [6, 6, 5, 3, 2]
    stay = [1, 5 / 6, 5 / 6 * 4 / 5, 5 / 6 * 4 / 5 * 2 / 3]
    assert curve.loc[[0, 2, 4, 6], "stay"].tolist() == pytest.approx(stay)
    greenwood = 1 / 30 + 1 / 20
    half = 1.959964 * np.sqrt(greenwood) / -np.log(stay[2])
    assert curve.loc[4, "low"] == pytest.approx(stay[2] ** np.exp(half))
    assert np.isnan(curve.loc[1, "low"])  # nobody has left yet
    weeks = mean_weeks(six(), 8)["mean_weeks"][0]
    assert weeks == pytest.approx(2 * stay[0] + 2 * stay[1] + 2 * stay[2] + 2 * stay[3])


def test_the_curve_is_scipys(people: pd.DataFrame) -> None:
    mine = people[people["bond"] == "social"]
    sample = stats.CensoredData.right_censored(mine["weeks"], ~mine["left"])
    theirs = stats.ecdf(sample).sf
    ends = theirs.confidence_interval(method="log-log")
    ours = staying_curve(mine).set_index("week").loc[theirs.quantiles]
    np.testing.assert_allclose(ours["stay"], theirs.probabilities)
    np.testing.assert_allclose(ours["low"], ends.low.probabilities)
    np.testing.assert_allclose(ours["high"], ends.high.probabilities)


def test_without_moving_the_restricted_mean_is_a_mean() -> None:
    rng = np.random.default_rng(1)
    weeks = rng.geometric(0.05, 400)
    table = pd.DataFrame({"bond": "none", "weeks": np.minimum(weeks, 30), "left": weeks <= 30})
    found = mean_weeks(table, 30).iloc[0]
    there = np.minimum(weeks, 30)
    assert found["mean_weeks"] == pytest.approx(there.mean())
    assert found["error"] == pytest.approx(there.std() / 20)
    low, high = staying_curve(table).query("week == 30")[["low", "high"]].iloc[0]
    assert low < (weeks > 30).mean() < high


def test_the_truth_is_found(world: World, people: pd.DataFrame) -> None:
    truth = world.truth["bond_study"].set_index("person_id").loc[people["person_id"]]
    found = stay_difference(people, 52).set_index("bond")
    for bond, row in found.iterrows():
        gap = truth[f"stays_{bond}"].mean() - truth["stays_none"].mean()
        assert row["low"] < gap < row["high"]
    worth = bond_value(people).query("period == 'both together'").set_index("bond")
    for bond in found.index:
        gap = truth[f"earns_{bond}"].mean() - truth["earns_none"].mean()
        assert worth.loc[bond, "low"] < gap < worth.loc[bond, "high"]
    plain = bond_value(people, known=()).query("period == 'both together'").set_index("bond")
    narrow = (worth["high"] - worth["low"]) / (plain["high"] - plain["low"])
    assert (narrow.dropna() < 0.9).all()


def test_the_depth_counts_least_for_the_structural_bond(world: World, people: pd.DataFrame) -> None:
    own = world.params["bonds"]["bond"]
    model = attack_model(people).set_index("bond")
    held = [
        model.loc[b, "low"] < np.exp(about["attack"]) < model.loc[b, "high"]
        for b, about in own.items()
    ]
    assert sum(held) >= 3
    assert model["times"].idxmin() == "structural"
    left = left_under_attack(people, 30, 26).set_index("bond")["share"]
    assert left["structural"] > left["social"] > left["none"]
    outcome = attack_outcome(model.reset_index(), 30, 26).set_index("bond")["share"]
    pd.testing.assert_series_equal(left, outcome)


def test_a_ratio_of_rates_is_the_hazard_ratio() -> None:
    rng = np.random.default_rng(3)
    found = leaving_rates(study(20000, rng), 15).set_index(["period", "bond"])["ratio"]
    assert found["before the attack", "bond"] == pytest.approx(0.8, abs=0.07)
    assert found["under attack", "bond"] == pytest.approx(0.016 / 0.03, abs=0.04)
    assert np.isnan(found["under attack", "none"])


def test_order_and_index_do_not_matter(people: pd.DataFrame) -> None:
    mixed = people.sample(frac=1, random_state=1)
    for function in (stay_difference, mean_weeks, leaving_rates, attack_model, bond_value):
        one, two = (function(table) for table in (people, mixed))
        keys = [name for name in ("period", "bond") if name in one]
        pd.testing.assert_frame_equal(
            one.set_index(keys).sort_index(), two.set_index(keys).sort_index()
        )


def test_by_how_customers_came_to_their_bond(world: World) -> None:
    both = stay_difference(world.tables["bond_study"], 52, within="how")
    assert list(both.columns[:2]) == ["how", "bond"]
    chance = stay_difference(world.tables["bond_study"].query("how == 'by chance'"), 52)
    pd.testing.assert_frame_equal(both.query("how == 'by chance'").drop(columns="how"), chance)


def test_repairs(world: World) -> None:
    trial = world.tables["repairs"].query("how == 'by chance'")
    found = repair_effects(trial).set_index(["outcome", "repair"])
    assert (
        found.loc[("satisfaction", "at once"), "low"]
        > 0
        > found.loc[("bought_180d", "at once"), "high"]
    )
    assert (found["p_adjusted"] >= found["p_value"]).all()
    share = made_good(trial).set_index("outcome")
    assert share.loc["satisfaction", "low"] > 1 > share.loc["bought_180d", "high"]
    truth = world.truth["repairs"].mean()
    true = (truth["buys_at_once"] - truth["buys_not"]) / (
        truth["buys_no_fault"] - truth["buys_not"]
    )
    assert share.loc["bought_180d", "low"] < true < share.loc["bought_180d", "high"]


def test_no_interval_where_the_data_do_not_tell() -> None:
    still = pd.DataFrame({"bond": ["none", "social"] * 5, "weeks": 8, "left": False})
    assert stay_difference(still)[["low", "high"]].isna().all(axis=None)
    assert mean_weeks(still)[["low", "high", "more_low"]].isna().all(axis=None)
    assert leaving_rates(still, 4)[["low", "ratio", "ratio_low"]].isna().all(axis=None)
    alike = pd.DataFrame(
        {"repair": ["no fault", "at once", "not"] * 4, "satisfaction": [5, 6, 7] * 4}
    )
    assert made_good(alike, ["satisfaction"])[["share", "low", "high"]].isna().all(axis=None)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: staying_curve(six().assign(weeks=1.5)), "whole weeks"),
        (lambda: staying_curve(six().assign(left="yes")), "left"),
        (lambda: stay_difference(six(), 20), "watched longer than 8 weeks"),
        (lambda: stay_difference(six(), control="no bond"), "there is no 'no bond'"),
        (lambda: attack_model(six().assign(area=1, rival_off=10), 4), "Five or more are needed"),
        (lambda: left_under_attack(six().assign(area=1, rival_off=10), 95), "at most 90"),
        (lambda: bond_value(six()), "margin_quiet"),
        (lambda: bond_value(six(), {}, known=()), "one period at least"),
        (lambda: repair_effects(pd.DataFrame({"repair": ["late"], "x": [1]}), "x"), "give a list"),
        (lambda: made_good(pd.DataFrame({"repair": ["late"], "x": [1]}), ["x"]), "no 'at once'"),
    ],
)  # fmt: skip
def test_bad_input_is_told(call, said: str) -> None:
    with pytest.raises(CrmkitError, match=said):
        call()


def test_pictures(people: pd.DataFrame, world: World) -> None:
    ax = plot_staying(staying_curve(people))
    assert ax.get_ylim()[0] == 0
    assert len(ax.get_legend().get_texts()) == 5
    ax = plot_bond_value(bond_value(people), unit="GBP")
    assert ax.get_yticklabels()[0].get_text() == "before the attack"
    ax = plot_made_good(made_good(world.tables["repairs"].query("how == 'by chance'")))
    assert ax.get_xlim()[1] >= 1.5


def test_the_explorer_answers_at_every_end_and_at_once(people: pd.DataFrame) -> None:
    model = attack_model(people)
    money = pd.DataFrame({"bond": model["bond"], "week_margin": [15.0, 14.0, 15.0, 15.5]})
    shown = attack_explorer(model, money, about=shipped("fernwell"))
    for name, value in list(shown.values.items()):
        for end in ("min", "max"):
            shown.set(**{name: getattr(shown._controls[name], end)})
            assert shown.error is None
            assert "nan %" not in shown.sentence.replace("nan%", "nan %")
        shown.set(**{name: value})
    share = attack_outcome(model, 20, 26).set_index("bond")["share"]
    assert f"structural {share['structural']:.0%}" in shown.sentence
    spent = []
    for off in range(12):
        start = time.process_time()
        shown.set(off=2 * off, weeks=10 + off)
        spent.append(time.process_time() - start)
    assert np.median(spent) < 0.1
