"""Lesson 63: what it claims holds in other worlds than the shipped one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from claims.over_worlds import Seen
from crmkit.practice.questions.lesson_63 import fair, mended, stays, too_good, trial
from crmkit.practice.tables import OwnTables
from crmkit.relations import (
    attack_model,
    bond_value,
    leaving_rates,
    mean_weeks,
    repair_effects,
    stay_difference,
)
from crmkit.relations.bond_explorers import attack_outcome
from crmkit.world import World, simulate

SEEDS = [1, 41, 42, 43, 44, 45]
seen = Seen()


@pytest.fixture(scope="module", params=SEEDS)
def world(request: pytest.FixtureRequest) -> World:
    # The shipped world has 5,000 customers; the tables of the study are the same with twenty.
    return simulate("fernwell", 20, seed=request.param, parts=["bonds"], progress=False)


@pytest.fixture(scope="module")
def data(world: World) -> OwnTables:
    return OwnTables.of_world(world)


@pytest.fixture(scope="module")
def value(data: OwnTables) -> pd.DataFrame:
    return bond_value(trial(data)).set_index(["period", "bond"])


def test_while_all_is_quiet_the_discount_looks_best(value: pd.DataFrame) -> None:
    quiet = value.loc["before the attack"]
    assert quiet["more"].idxmax() == "financial"
    assert quiet.loc["financial", "low"] > 5
    assert abs(quiet.loc["structural", "more"]) < 26  # has hardly paid for itself
    assert quiet.loc["structural", "cost"] > 28


def test_under_the_attack_the_discount_holds_no_better_than_no_bond(data: OwnTables) -> None:
    people = trial(data)
    gap = stay_difference(people, 52).set_index("bond")
    assert gap.loc["financial", "low"] < 0.02
    assert gap.loc["structural", "gap"] > 0.1
    assert gap["gap"].idxmax() == "structural"
    assert gap.loc["structural", "low"] > 0.05
    weeks = mean_weeks(people, 52).set_index("bond")
    assert weeks.loc["structural", "more_low"] > 0.5
    assert weeks["more"].idxmax() == "structural"
    ratio = leaving_rates(people).set_index(["period", "bond"])
    attack = ratio.loc["under attack"]
    assert attack.loc["financial", "ratio_high"] > 1
    assert attack.loc["structural", "ratio_high"] < 0.85
    assert attack["ratio"].idxmin() == "structural"
    seen.note(discount=gap.loc["financial", "gap"], financial=attack.loc["financial", "ratio"])
    seen.note(adviser=gap.loc["social", "gap"], social=attack.loc["social", "ratio"])
    assert stays(data, "structural") > stays(data, "financial") + 8


def test_depth_drives_leaving_least_with_the_account(data: OwnTables) -> None:
    model = attack_model(trial(data))
    times = model.set_index("bond")["times"]
    assert times["structural"] == times.min()
    assert times["financial"] > 1.4
    none, deep = (attack_outcome(model, off, 26).set_index("bond")["share"] for off in (0, 30))
    assert none.max() - none.min() < 0.13  # at 0 % all bonds are close
    assert deep["structural"] > deep["financial"] + 0.25


def test_the_account_earns_under_the_attack_and_so_over_the_year(value: pd.DataFrame) -> None:
    under, year = value.loc["under attack"], value.loc["both together"]
    assert under.loc["structural", "low"] > 15
    assert under["more"].idxmax() == "structural"
    assert under.loc["financial", "more"] < 20
    assert year.loc["structural", "more"] > 0
    seen.note(sure=year.loc["structural", "low"])
    seen.note(year=year.loc["structural", "more"] - year.loc["financial", "more"])


def test_against_the_discount_the_account_loses_first_and_wins_under_the_attack(
    data: OwnTables,
) -> None:
    against = bond_value(trial(data), control="financial").set_index(["bond", "period"])
    account = against.loc["structural"]
    assert account.loc["before the attack", "high"] < 0
    assert account.loc["under attack", "low"] > 20
    assert account.loc["both together", "more"] > 0


def test_those_who_chose_make_the_account_look_too_good(data: OwnTables, world: World) -> None:
    study = data.load("bond_study").merge(world.truth["bond_study"], on="person_id")
    loyal = study.groupby(["how", "bond"])["loyal"].mean()
    assert loyal["own choice", "financial"] < -0.2 < 0.3 < loyal["own choice", "structural"]
    assert loyal["by chance"].abs().max() < 0.14
    gap = stay_difference(study, 52, within="how").set_index(["how", "bond"])["gap"]
    spread = gap.unstack()["structural"] - gap.unstack()["financial"]
    assert spread["own choice"] > spread["by chance"] + 0.02
    seen.note(too_good=too_good(data), harm=gap["own choice", "financial"])


def test_the_desks_own_file_flatters_repairs(data: OwnTables) -> None:
    came = data.load("repairs").query("how == 'as it came'")
    mean = came.groupby("repair")[["orders_before", "bought_180d"]].mean()
    assert mean.loc["at once", "orders_before"] > 1.2 * mean.loc["no fault", "orders_before"]
    assert mean.loc["at once", "bought_180d"] > mean.loc["no fault", "bought_180d"]


def test_repaired_at_once_they_say_more_and_buy_less(data: OwnTables) -> None:
    effects = repair_effects(fair(data)).set_index(["outcome", "repair"])
    assert effects.loc[("satisfaction", "at once"), "low"] > 0.2
    assert effects.loc[("bought_180d", "at once"), "high"] < 0.01
    late, no = (effects.loc[("bought_180d", name), "effect"] for name in ("late", "not"))
    assert max(late, no) < effects.loc[("bought_180d", "at once"), "effect"] - 0.01
    assert mended(data, "at once", "satisfaction") > 105
    assert mended(data, "at once") < 95
    seen.note(
        p=effects.loc[("bought_180d", "at once"), "p_adjusted"], made_good=mended(data, "at once")
    )


def test_the_most_for_the_company_is_no_win_win(data: OwnTables) -> None:
    ideas = data.load("partner_ideas")
    gains = ideas[["gain_company", "gain_partner", "gain_customers"]]
    assert not (gains >= 0).all(axis=1)[ideas["gain_company"].idxmax()]
    assert (gains >= 0).all(axis=1).sum() == 3


def test_over_all_worlds() -> None:
    assert len(seen["discount"]) == len(SEEDS)
    assert abs(np.mean(seen["discount"])) < 0.04
    assert 0.05 < np.mean(seen["adviser"]) < 0.16
    assert 0.85 < np.mean(seen["financial"]) < 1.25
    assert np.mean(seen["social"]) < 0.85
    assert np.mean(seen["too_good"]) > 3
    assert np.mean(seen["harm"]) < 0.0
    assert np.mean(seen["year"]) > 10
    assert np.mean(seen["sure"]) > 10
    assert np.median(seen["p"]) < 0.01
    assert 35 < np.mean(seen["made_good"]) < 80
