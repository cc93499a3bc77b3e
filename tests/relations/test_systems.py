"""Joined databases, agents, suggestions, projects, specialists: by hand, against others, against the truth."""

from __future__ import annotations

import re
import time

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from scipy import optimize

from benchmarks.coverage_relations_systems import RULES, agents_calls, rules
from crmkit.companies import shipped
from crmkit.errors import CrmkitError
from crmkit.relations import (
    agent_effects,
    best_split,
    desk_gains,
    desk_rules,
    erlang_a,
    mix_people,
    next_offer,
    project_outcome,
    project_risk,
    project_splits,
    separate,
    simulate_desk,
    sort_systems,
    two_gears,
)
from crmkit.relations.system_explorers import project_explorer, split_of
from crmkit.relations.system_plots import plot_effects, plot_gears, plot_spoilt
from crmkit.world import World, simulate

mpl.use("agg")


@pytest.fixture(scope="module")
def world() -> World:
    return simulate("fernwell", customers=20, seed=8, parts=["agents"], progress=False)


@pytest.fixture(scope="module")
def aims(world: World) -> pd.DataFrame:
    return world.tables["crm_aims"]


def people(n: int = 300) -> pd.Series:
    systems = np.resize([1, 2, 3], n)
    customer = np.repeat(np.arange(n), systems)
    return pd.Series(customer, index=[f"R{number}" for number in range(len(customer))])


def calls(n: int = 2000) -> pd.DataFrame:
    hard = np.resize([True, False, False], n)
    return pd.DataFrame({"call_id": np.arange(n), "hard": hard, "handling_minutes": 5.0})


# ---- sorting ---------------------------------------------------------------------------------------------------------


def test_each_kind_has_two_jobs_and_each_guess_a_reply() -> None:
    listed = sort_systems()
    assert list(listed) == ["letter", "job", "table"]
    kinds = ("operational", "collaborative", "analytical")
    right = {kind: sort_systems(dict.fromkeys("abcdef", kind)) for kind in kinds}
    assert all((found["right"] == "yes").sum() == 2 for found in right.values())
    answers = ["operational", "analytical", "collaborative"]
    answers += ["operational", "collaborative", "analytical"]
    best = sort_systems(dict(zip("abcdef", answers, strict=True)))
    assert (best["right"] == "yes").all()
    assert best["reply"].nunique() == 3
    untouched = sort_systems(dict.fromkeys("abcdef", ...))
    assert (untouched["right"] == "").all()


def test_the_tables_of_the_jobs_are_shipped() -> None:
    import crmkit

    for name in sort_systems()["table"]:
        assert len(crmkit.load(name))


@pytest.mark.parametrize(
    ("guess", "said"), [({"g": ...}, "no job g"), ({"a": "fast"}, "a kind is one of")]
)
def test_a_guess_that_is_none(guess: dict, said: str) -> None:
    with pytest.raises(CrmkitError, match=said):
        sort_systems(guess)


# ---- rules and simulation --------------------------------------------------------------------------------------------


def test_the_rules_are_found_again() -> None:
    found = desk_rules(agents_calls(400, np.random.default_rng(2)))
    truth = [value for row in RULES.values() for value in row]
    np.testing.assert_allclose(found["estimate"], truth, atol=0.08)
    assert (found["low"] < found["estimate"]).all()


def test_calls_without_variety_are_refused() -> None:
    table = agents_calls(20, np.random.default_rng(2))
    with pytest.raises(CrmkitError, match="different numbers of systems"):
        desk_rules(table[table["systems"] == 1])


def test_the_same_call_has_the_same_luck_in_every_database() -> None:
    owner = people()
    found = simulate_desk(calls(), owner, {"one": owner, "again": owner + 100}, rules(), seed=1)
    wide = found.pivot(index="call_id", columns="database")
    for outcome in ("handling_minutes", "repeats", "wrong", "customer_id"):
        assert (wide[outcome]["one"] == wide[outcome]["again"]).all()
    more = simulate_desk(calls(), owner, {"three": separate(owner), "one": owner}, rules(), seed=1)
    again = more.pivot(index="call_id", columns="database")
    for outcome in ("handling_minutes", "repeats", "wrong"):
        assert (again[outcome]["one"] == wide[outcome]["one"]).all()
        assert (again[outcome]["three"] >= again[outcome]["one"]).all()


def test_gains_are_what_the_rules_say() -> None:
    owner = people(3000)
    found = simulate_desk(calls(20000), owner, {"three": separate(owner), "one": owner}, rules())
    gains = desk_gains(found, "three", best="one").set_index(["outcome", "database"])
    more = (1 * 2 * 1 + 2 * 3 * 1) / 6  # a caller is found by a record
    for outcome, values in RULES.items():
        assert gains.loc[(outcome, "one"), "effect"] == pytest.approx(-values[2] * more, rel=0.04)
        assert gains.loc[(outcome, "one"), "kept"] == pytest.approx(1)
        assert np.isnan(gains.loc[(outcome, "three"), "effect"])


def test_who_is_mixed_up_gets_wrong_answers_and_no_longer_calls() -> None:
    owner = people()
    mixed = mix_people(owner, 0.2, seed=1)
    size = pd.DataFrame({"owner": owner, "person": mixed}).groupby("person")["owner"].nunique()
    assert size.value_counts().to_dict() == {1: 240, 2: 30}
    more = mix_people(owner, 0.4, seed=1)
    together = {frozenset(group) for _, group in owner.groupby(mixed).unique().items()}
    later = {frozenset(group) for _, group in owner.groupby(more).unique().items()}
    assert {group for group in together if len(group) == 2} <= later
    found = simulate_desk(
        calls(), owner, {"three": separate(owner), "one": owner, "mixed": mixed}, rules()
    )
    gains = desk_gains(found, "three", best="one").set_index(["outcome", "database"])
    assert gains.loc[("handling_minutes", "mixed"), "kept"] == pytest.approx(1)
    assert gains.loc[("wrong", "mixed"), "kept_high"] < 0.9
    # Half of the screen is somebody else's, in a fifth of the calls.
    lost = gains.loc[("wrong", "mixed"), "mean"] - gains.loc[("wrong", "one"), "mean"]
    assert lost == pytest.approx(0.2 * 0.5 * 0.9, abs=0.03)


def test_bad_databases_are_refused() -> None:
    owner = people(10)
    with pytest.raises(CrmkitError, match="records have no person"):
        simulate_desk(calls(5), owner, {"short": owner.iloc[:3]}, rules())
    with pytest.raises(CrmkitError, match="name one at least"):
        simulate_desk(calls(5), owner, {}, rules())
    with pytest.raises(CrmkitError, match="has no hard"):
        simulate_desk(calls(5), owner, {"one": owner}, rules().query("term != 'hard'"))
    with pytest.raises(CrmkitError, match="there is no database 'x'"):
        desk_gains(simulate_desk(calls(5), owner, {"one": owner}, rules()), "x")
    with pytest.raises(CrmkitError, match="from 0 to 1"):
        mix_people(owner, 20)


# ---- agents ----------------------------------------------------------------------------------------------------------


def test_the_effect_on_agents_holds_the_truth() -> None:
    held = []
    for seed in range(1, 9):
        one = simulate("fernwell", customers=20, seed=seed, parts=["agents"], progress=False)
        table = one.tables["agent_calls"].merge(one.truth["agent_calls"], on="call_id")
        found = agent_effects(table, ["handling_minutes"]).set_index("view")
        trial = table[table["period"] == "trial"]
        gap = (trial["minutes_joined"] - trial["minutes_separate"]).where(trial["opened"], 0.0)
        truth = gap.groupby(trial["view"]).mean()
        for name, row in found.iterrows():
            held.append(row["low"] < truth[name] < row["high"])
    assert np.mean(held) >= 0.8


def test_an_agent_is_one_number(world: World) -> None:
    table = world.tables["agent_calls"]
    once = agent_effects(table)
    twice = agent_effects(pd.concat([table, table]))
    pd.testing.assert_frame_equal(once, twice)  # twice the calls are no more agents


def test_bad_trials_are_refused(world: World) -> None:
    table = world.tables["agent_calls"]
    with pytest.raises(CrmkitError, match="Chance gave each agent one"):
        agent_effects(table.assign(view=np.resize(["separate", "joined"], len(table))))
    with pytest.raises(CrmkitError, match="calls before the trial and in it"):
        agent_effects(table[table["period"] == "trial"])
    with pytest.raises(CrmkitError, match="there is no 'none'"):
        agent_effects(table, control="none")
    few = table.groupby("view")["agent_id"].transform(lambda who: who.isin(who.unique()[:2]))
    with pytest.raises(CrmkitError, match="three agents are needed"):
        agent_effects(table[few])
    with pytest.raises(CrmkitError, match="before or trial"):
        agent_effects(table.assign(period="after"))


# ---- offers ----------------------------------------------------------------------------------------------------------


def test_the_next_offer_by_hand() -> None:
    bought = pd.DataFrame({"customer_id": [1, 1, 2, 2, 3, 3, 4, 5], "product_id": list("ababacac")})
    found = next_offer(bought, 4).set_index("product_id")
    assert found.loc["b", "with_own"] == pytest.approx(2 / 4)  # four have a, two of them b
    assert found.loc["b", "all"] == pytest.approx(2 / 5)
    assert found.loc["b", "lift"] == pytest.approx(1.25)
    assert found.index[0] == "b"
    assert "a" not in found.index
    with pytest.raises(CrmkitError, match="has bought nothing"):
        next_offer(bought, 9)
    with pytest.raises(CrmkitError, match="already"):
        next_offer(bought[bought["customer_id"] == 1], 1)


# ---- projects --------------------------------------------------------------------------------------------------------


def test_nothing_in_one_part_is_nothing_at_all(aims: pd.DataFrame) -> None:
    for part in ("data", "adoption", "features"):
        split = dict.fromkeys({"data", "adoption", "features"} - {part}, 60.0)
        found = project_outcome(aims, "answer in one call", split)
        assert found["together"] == 0
        assert found["net"] == -120
        assert found["next_in"] == part


def test_the_best_split_is_an_optimisers(aims: pd.DataFrame) -> None:
    for aim in aims["aim"]:
        best = best_split(aims, aim)
        assert best.sum() == pytest.approx(120)
        assert best.min() > 5
        ours = project_outcome(aims, aim, best)["net"]

        def loses(split: np.ndarray, aim: str = aim) -> float:
            money = dict(zip(("data", "adoption", "features"), np.abs(split), strict=True))
            return -float(project_outcome(aims, aim, money)["net"])

        theirs = optimize.minimize(
            loses, [40, 40, 40], method="SLSQP", bounds=[(0, 120)] * 3,
            constraints={"type": "eq", "fun": lambda split: split.sum() - 120},
        )  # fmt: skip
        assert ours >= -theirs.fun - 1e-6
        np.testing.assert_allclose(theirs.x, best, atol=0.5)


def test_the_next_pound_is_a_slope(aims: pd.DataFrame) -> None:
    split = {"data": 20.0, "adoption": 30.0, "features": 70.0}
    found = project_outcome(aims, "answer in one call", split)
    more = {
        part: project_outcome(aims, "answer in one call", split | {part: split[part] + 1e-4})["a_year"]
        for part in split
    }  # fmt: skip
    gains = {part: 2 * (value - found["a_year"]) / 1e-4 for part, value in more.items()}
    assert max(gains, key=gains.__getitem__) == found["next_in"]
    assert max(gains.values()) == pytest.approx(found["next_brings"], rel=1e-3)


def test_risk_grows_with_the_spread(aims: pd.DataFrame) -> None:
    best = best_split(aims, "answer in one call")
    sure, unsure = (
        project_risk(aims, "answer in one call", best, spread=spread) for spread in (0.0, 0.6)
    )
    assert sure["low"] == pytest.approx(sure["net"])
    assert unsure["high"] - unsure["low"] > 50
    assert project_risk(aims, "answer in one call", best, seed=3).equals(
        project_risk(aims, "answer in one call", best, seed=3)
    )


def test_bad_projects_are_refused(aims: pd.DataFrame) -> None:
    with pytest.raises(CrmkitError, match="there is no 'x'"):
        project_outcome(aims, "x", {})
    with pytest.raises(CrmkitError, match="there is no part training"):
        project_outcome(aims, "answer in one call", {"training": 3})
    with pytest.raises(CrmkitError, match="data"):
        project_outcome(aims, "answer in one call", {"data": -3})
    with pytest.raises(CrmkitError, match="above 0"):
        best_split(aims, "answer in one call", 0)
    with pytest.raises(CrmkitError, match="name one at least"):
        project_splits(aims, "answer in one call", {})


# ---- two gears -------------------------------------------------------------------------------------------------------

DESK = {
    "hard_share": 0.28,
    "minutes": {"simple": 4.0, "hard": 8.0},
    "solved": {"simple": 0.9, "hard": 0.5, "specialist": 0.8},
    "cost": 24,
    "specialist_cost": 33,
    "patience_minutes": 5,
}


def test_specialists_need_a_large_desk() -> None:
    small = two_gears(42, payroll=168, **DESK)
    large = two_gears(168, payroll=672, **DESK)
    assert (small["cost"] <= 168).all()
    gain = [table["solved"].max() - table["solved"].iloc[0] for table in (small, large)]
    assert gain[0] < 0.025 < 0.04 < gain[1]
    best = large["solved"].idxmax()
    assert 0 < best < len(large) - 1
    one = erlang_a(42, 0.28 * 8 + 0.72 * 4, 7, 5, within_seconds=60)
    assert small["within"].iloc[0] == pytest.approx(one["within"])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"payroll": 10}, "does not pay one agent"),
        ({"payroll": 168, "cost": 0}, "people are paid"),
        ({"payroll": 168, "solved": {"simple": 1}}, "solved: hard, specialist is missing"),
        ({"payroll": 168, "hard_share": 2}, "hard_share"),
    ],
)
def test_bad_desks_are_refused(change: dict, said: str) -> None:
    with pytest.raises(CrmkitError, match=re.escape(said)):
        two_gears(42, **(DESK | change))


# ---- pictures and the explorer ---------------------------------------------------------------------------------------


def test_pictures(world: World) -> None:
    owner = people()
    shares = (0.0, 0.1, 0.3)
    mixed = {f"{share}": mix_people(owner, share) for share in shares}
    found = simulate_desk(calls(), owner, {"three": separate(owner), **mixed}, rules())
    gains = desk_gains(found, "three", best="0.0")
    gains["mixed"] = gains["database"].map({f"{share}": share for share in shares})
    ax = plot_spoilt(gains, title="A title")
    assert ax.get_title(loc="left") + ax.get_title() == "A title"
    effects = agent_effects(world.tables["agent_calls"], ["handling_minutes"])
    ax = plot_effects(effects, truth={"joined": -0.5}, what="minutes a call")
    assert [text.get_text() for text in ax.get_yticklabels()] == effects["view"].tolist()
    ax = plot_gears({"a desk": two_gears(42, payroll=168, **DESK)})
    assert ax.get_ylim() == (0.4, 0.9)


def test_the_explorer_says_what_is_missing_and_is_quick(aims: pd.DataFrame) -> None:
    shown = project_explorer(aims, data=0, adoption=60, about=shipped("fernwell"))
    assert "data gets nothing" in shown.sentence
    assert split_of(120, 130, 10) == {"data": 120, "adoption": 0, "features": 0}
    about, aim = shipped("fernwell"), "answer in one call"
    shown = project_explorer(aims, aim=aim, data=45, adoption=50, about=about)
    assert "would bring most in" in shown.sentence
    began = time.perf_counter()
    for _ in range(10):
        project_outcome(aims, "answer in one call", split_of(120, 40, 40))
        project_risk(aims, "answer in one call", split_of(120, 40, 40), draws=1000)
    assert (time.perf_counter() - began) / 10 < 0.1
