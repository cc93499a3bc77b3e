"""Stages, kinds of relationship, renewals, winning back, account plans: by hand, by pandas, against the truth."""

from __future__ import annotations

import time

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

import crmkit
from crmkit.errors import CrmkitError
from crmkit.inference import wilson
from crmkit.relations import (
    account_plan,
    age_change,
    break_even_margin,
    by_age,
    choose_kind,
    judge_stages,
    kept_by_kind,
    quarters_of,
    read_stages,
    renewal_table,
    stage_moves,
    winback_effects,
)
from crmkit.relations.stage_explorers import reading_shares, stage_explorer
from crmkit.relations.stage_plots import (
    plot_by_age,
    plot_kinds,
    plot_moves,
    plot_renewals,
    plot_winback,
)
from crmkit.relations.stages import STAGES
from crmkit.value import ContractModel
from crmkit.world import World, simulate

mpl.use("agg")


@pytest.fixture(scope="module")
def world() -> World:
    return simulate("fernwell", customers=20, seed=8, parts=["stages"], progress=False)


@pytest.fixture(scope="module")
def quarters(world: World) -> pd.DataFrame:
    return world.tables["firm_quarters"].assign(net=lambda t: t["margin"] - t["cost"])


@pytest.fixture(scope="module")
def truth(world: World) -> pd.DataFrame:
    return world.truth["firm_quarters"]


def one(orders: list[int]) -> pd.DataFrame:
    return pd.DataFrame({"firm_id": 1, "quarter": np.arange(1, len(orders) + 1), "orders": orders})


@pytest.mark.parametrize(
    ("orders", "stages"),
    [
        ([2, 2, 9], ["exploration", "exploration", "build-up"]),
        ([9, 9, 9, 9, 9], ["exploration", "build-up", "stable", "stable", "stable"]),
        ([9, 9, 9, 9, 2, 2], ["exploration", "build-up", "stable", "stable", "stable", "decline"]),
        ([9, 9, 0, 0, 9], ["exploration", "build-up", "stable", "ended", "stable"]),
        ([1, 0, 0, 0], ["exploration", "exploration", "ended", "ended"]),
    ],
)
def test_stages_by_hand(orders: list[int], stages: list[str]) -> None:
    assert read_stages(one(orders))["stage"].tolist() == stages


def test_a_reading_does_not_look_ahead(quarters: pd.DataFrame) -> None:
    whole = read_stages(quarters).set_index(["firm_id", "quarter"])["stage"]
    half = read_stages(quarters[quarters["quarter"] <= 7]).set_index(["firm_id", "quarter"])
    assert half["stage"].equals(whole.loc[half.index])


def test_order_of_rows_and_names_do_not_matter(quarters: pd.DataFrame) -> None:
    known = read_stages(quarters)
    mixed = quarters.sample(frac=1, random_state=1).rename(columns={"firm_id": "who"})
    other = read_stages(mixed, customer="who")
    assert other["stage"].tolist() == known["stage"].tolist()
    assert not {"age", "stage"} & set(quarters.columns)


def test_moves_are_pandas_shares(truth: pd.DataFrame) -> None:
    moves = stage_moves(truth)
    after = truth.groupby("firm_id")["stage"].shift(-1)
    theirs = pd.crosstab(truth["stage"], after, normalize="index")
    for row in moves.itertuples():
        assert row.share == pytest.approx(theirs.loc[row.from_stage, row.to_stage])
        assert 0 <= row.low <= row.share <= row.high <= 1
    assert np.allclose(moves.groupby("from_stage")["share"].sum(), 1)


def test_reading_finds_most_and_moves_too_often(
    quarters: pd.DataFrame, truth: pd.DataFrame
) -> None:
    read = read_stages(quarters)
    judged = judge_stages(read, truth).set_index("stage")
    assert 0.68 < judged.loc["all", "right"] < 0.82
    assert judged.loc["decline", "right"] < 0.5 < judged.loc["stable", "right"]
    assert np.allclose(judged[list(STAGES)].sum(axis=1), 1)
    stay = [
        stage_moves(t).set_index(["from_stage", "to_stage"])["share"]["stable", "stable"]
        for t in (read, truth)
    ]
    assert stay[0] < stay[1] - 0.1
    assert judge_stages(truth, truth)["right"].eq(1).all()


def test_age_change_adds_up(quarters: pd.DataFrame) -> None:
    found = age_change(quarters, "net", 5, 10).set_index("part")["change"]
    assert found["all who buy"] == pytest.approx(found["the same customers"] + found["who is left"])
    means = by_age(quarters, "net").set_index("age")["mean"]
    assert found["all who buy"] == pytest.approx(means[10] - means[5])
    buying = quarters[quarters["orders"] > 0].assign(
        age=quarters["quarter"] - quarters.groupby("firm_id")["quarter"].transform("min") + 1
    )
    wide = buying.pivot(index="firm_id", columns="age", values="net")
    assert found["the same customers"] == pytest.approx((wide[10] - wide[5]).mean())


def test_quarters_of_any_orders() -> None:
    orders = crmkit.load("orders", data="beanline")
    panel = quarters_of(orders)
    assert panel["orders"].sum() == len(orders)
    assert panel["margin"].sum() == pytest.approx(orders["margin"].sum())
    read = read_stages(panel, customer="customer_id")
    assert len(read) == len(panel)
    first = panel.groupby("customer_id")["orders"].first()
    assert (first > 0).all()
    assert panel.groupby("customer_id")["quarter"].max().eq(panel["quarter"].max()).all()
    before = quarters_of(orders, as_of="2024-06-30")
    assert before["orders"].sum() == (orders["order_date"] <= "2024-06-30").sum()


# ---- kinds -----------------------------------------------------------------------------------------------------------


def test_kinds_by_pandas(world: World) -> None:
    trial, kinds = world.tables["kind_trial"], world.tables["relation_kinds"]
    kept = (trial["margin_year"] / trial["margin_before"]).groupby(trial["kind"]).mean()
    found = kept_by_kind(trial, kinds).set_index("kind")
    assert found["kept"].to_dict() == pytest.approx(kept.to_dict())
    assert found.index.tolist() == kinds["kind"].tolist()
    true = world.truth["relation_kinds"].set_index("kind")["kept"]
    assert (found["kept"] - true).abs().max() < 0.05
    even = break_even_margin(trial, kinds, 100).set_index("kind")
    step = kept["partner"] - kept["proactive"]
    assert even.loc["partner", "break_even"] == pytest.approx((880 + 40) / step)
    assert (
        even.loc["partner", "low"] < even.loc["partner", "break_even"] < even.loc["partner", "high"]
    )


def test_at_the_break_even_both_kinds_earn_the_same(world: World) -> None:
    trial, kinds = world.tables["kind_trial"], world.tables["relation_kinds"]
    even = break_even_margin(trial, kinds, 60)
    for row in even.itertuples():
        groups = pd.DataFrame({"tier": ["a"], "customers": [60], "margin": [row.break_even]})
        net = choose_kind(groups, trial, kinds).set_index("kind")["net"]
        assert net[row.kind] == pytest.approx(net[row.instead_of])


def test_few_customers_make_a_fixed_cost_dear(world: World) -> None:
    trial, kinds = world.tables["kind_trial"], world.tables["relation_kinds"]
    few, many = (break_even_margin(trial, kinds, n)["break_even"] for n in (20, 2000))
    assert (few > many).all()
    best = choose_kind(
        pd.DataFrame({"tier": ["few", "many"], "customers": [2, 2000], "margin": [300, 300]}), trial, kinds
    ).query("best")  # fmt: skip
    assert best["kind"].tolist() == ["basic", "reactive"]


def test_a_trial_that_leaves_all_open_has_no_upper_end() -> None:
    rng = np.random.default_rng(1)
    trial = pd.DataFrame(
        {
            "kind": np.repeat(["a", "b"], 8), "margin_before": 100,
            "margin_year": np.append(rng.normal(80, 30, 8), rng.normal(82, 30, 8)), "stayed": True,
        }
    )  # fmt: skip
    kinds = pd.DataFrame({"kind": ["a", "b"], "cost_firm": [0, 5], "cost_fixed": [0, 0]})
    assert np.isinf(break_even_margin(trial, kinds, 5)["high"].iloc[0])


# ---- contracts, winning back, accounts -------------------------------------------------------------------------------


def test_renewals_by_hand_and_the_published_case() -> None:
    contracts = crmkit.load("contracts", data="brennick")
    table = renewal_table(contracts["renewals"], contracts["to_date"].notna())
    assert table["renewed"].sum() == contracts["renewals"].sum()
    assert (table["due"] - table["renewed"]).sum() == contracts["to_date"].notna().sum()
    low, _ = wilson(table["renewed"], table["due"])
    assert table["low"].tolist() == pytest.approx(list(low))
    # Fader & Hardie 2007, High End: 1,000 customers, of whom 869 and 743 are left after one and two renewals.
    times = np.repeat([0, 1, 2], [131, 126, 743])
    case = renewal_table(times, times < 2)
    assert case["retention"].round(3).tolist() == [0.869, 0.855]


def test_the_published_residual_lives() -> None:
    """Fader & Hardie 2007, fits on seven years; expected residual life at 10 %, just before the next renewal."""
    for counts, lives in (
        ([1000, 869, 743, 653, 593, 551, 517, 491], [5.414, 5.901, 6.897, 7.530]),
        ([1000, 631, 468, 382, 326, 289, 262, 241], [2.964, 4.103, 5.894, 6.842]),
    ):
        model = ContractModel().fit(counts)
        found = model.residual_life([0, 1, 4, 7], discount=0.1)
        assert found.tolist() == pytest.approx(lives, abs=0.02)


def test_winback_effects_are_differences_of_means(world: World) -> None:
    lost = world.tables["lost_firms"]
    found = winback_effects(lost, by="left_for").set_index(["outcome", "left_for", "offer"])
    net = (lost["margin_second"] - lost["cost"]).groupby([lost["left_for"], lost["offer"]]).mean()
    row = found.loc[("net", "a fault", "mending call")]
    assert row["effect"] == pytest.approx(
        net["a fault", "mending call"] - net["a fault", "control"]
    )
    assert row["low"] > 0
    assert found.loc[("returned", "price", "discount"), "low"] > 0.1
    assert found.loc[("returned", "no need", "discount"), "low"] < 0
    shuffled = winback_effects(lost.sample(frac=1, random_state=3), by="left_for")
    assert shuffled["offer"].tolist() == winback_effects(lost, by="left_for")["offer"].tolist()


@pytest.fixture(scope="module")
def maker() -> dict[str, pd.DataFrame]:
    names = {
        "people": "account_people", "costs": "cost_to_serve", "quotes": "quotes", "complaints": "complaints",
        "contracts": "contracts",
    }  # fmt: skip
    return {key: crmkit.load(name, data="brennick") for key, name in names.items()}


def test_an_account_on_one_page(maker: dict[str, pd.DataFrame]) -> None:
    orders = crmkit.load("orders", data="brennick")
    contracts = maker["contracts"]
    who = contracts.loc[contracts["to_date"].isna(), "customer_id"].iloc[0]
    plan = account_plan(who, orders, as_of="2025-12-31", **maker)
    page = plan.set_index("item")
    mine = orders[orders["customer_id"] == who]
    year = mine[mine["order_date"] > pd.Timestamp("2025-12-31") - pd.Timedelta(days=365)]
    assert page.loc["turnover in a year", "number"] == pytest.approx(year["turnover"].sum())
    assert page.loc["margin in a year", "number"] == pytest.approx(year["margin"].sum())
    names = maker["people"].query("customer_id == @who")
    assert plan.loc[plan["part"] == "people", "number"].sum() == len(names)
    due = pd.Timestamp(page.loc["contract comes up for renewal", "value"])
    start = contracts.loc[contracts["customer_id"] == who, "from_date"].iloc[0]
    assert (due.month, due.day) == (start.month, start.day)
    assert pd.Timestamp("2025-12-31") < due <= pd.Timestamp("2026-12-31")
    assert len(plan) < 20


def test_a_hotel_page_asks_what_its_tables_do_not_know() -> None:
    hotel = {
        name: crmkit.load(name, data="tarnwald")
        for name in ("orders", "account_people", "complaints")
    }
    who = hotel["account_people"]["customer_id"].iloc[0]
    plan = account_plan(
        who, hotel["orders"], as_of="2025-12-31", people=hotel["account_people"], complaints=hotel["complaints"]
    ).set_index("item")  # fmt: skip
    assert plan.loc["share of what it asked us for", "value"] == "not in the tables: ask"
    assert plan.loc["next date", "value"] == "not in the tables: ask"
    assert {"booker", "traveller"} & set(plan.index)


def test_every_account_has_a_page(maker: dict[str, pd.DataFrame]) -> None:
    orders = crmkit.load("orders", data="brennick")
    for who in orders["customer_id"].unique()[::40]:
        plan = account_plan(who, orders, as_of="2025-12-31", **maker)
        assert plan["value"].str.len().gt(0).all()


# ---- bad input -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: read_stages(one([1, 2, 3]).drop(1)), "firm_id 1 has no row just before quarter 3"),
        (lambda: read_stages(one([1, -2, 3])), "orders"),
        (lambda: read_stages(one([1, 2, 3]), fall=-1), "fall"),
        (lambda: read_stages(pd.concat([one([1, 2]), one([1])])), "quarter"),
        (lambda: stage_moves(one([1, 2]).assign(stage="happy")), "happy is no stage"),
        (lambda: stage_moves(one([1]).assign(stage="stable")), "nobody has two quarters"),
        (lambda: age_change(one([1, 2]).assign(net=1.0), "net", 1, 2), "fewer than two customers buy at both ages"),
        (lambda: age_change(one([1, 2]).assign(net=1.0), "net", 2, 2), "2 is not before 2"),
        (lambda: renewal_table([0, 0], [False, False]), "no contract has come up"),
        (lambda: renewal_table([0, 1], [True]), "2 contracts in one and 1 in the other"),
        (lambda: kept_by_kind(bad_trial(), bad_kinds()), "margin_before is not above 0"),
        (lambda: kept_by_kind(bad_trial().assign(margin_before=5), bad_kinds()), "fewer than two customers had b"),
        (lambda: kept_by_kind(bad_trial().assign(kind="z", margin_before=5), bad_kinds()), "kinds has no row for z"),
        (lambda: account_plan(99, plain_orders(), as_of="2025-12-31"), "99 has no order up to 2025-12-31"),
        (lambda: account_plan(1, plain_orders().drop(columns="margin"), as_of="2025-12-31"), "margin"),
        (lambda: quarters_of(plain_orders(), as_of="2001-01-01"), "none on or before 2001-01-01"),
    ],
)  # fmt: skip
def test_bad_input_is_said(call, said: str) -> None:
    with pytest.raises(CrmkitError, match=said):
        call()


def bad_trial() -> pd.DataFrame:
    return pd.DataFrame(
        {"kind": ["a", "a", "b"], "margin_before": [0, 1, 2], "margin_year": 1, "stayed": True}
    )


def bad_kinds() -> pd.DataFrame:
    return pd.DataFrame({"kind": ["a", "b"], "cost_firm": 0, "cost_fixed": 0})


def plain_orders() -> pd.DataFrame:
    return pd.DataFrame(
        {"customer_id": [1], "order_date": pd.to_datetime(["2025-03-01"]), "turnover": 9.0, "margin": 3.0}
    )  # fmt: skip


# ---- pictures and explorer -------------------------------------------------------------------------------------------


def test_pictures_draw(world: World, quarters: pd.DataFrame, truth: pd.DataFrame) -> None:
    moves = stage_moves(read_stages(quarters))
    assert "share" in plot_moves(moves, truth=stage_moves(truth)).get_xlabel()
    ages, change = by_age(quarters, "net"), age_change(quarters, "net", 5, 10)
    assert "GBP" in plot_by_age(ages, change, 5, 10, unit="GBP").get_ylabel()
    trial, kinds = world.tables["kind_trial"], world.tables["relation_kinds"]
    groups = pd.DataFrame(
        {"tier": ["key", "small"], "customers": [90, 900], "margin": [3000.0, 200.0]}
    )
    labels = plot_kinds(choose_kind(groups, trial, kinds), unit="GBP").get_yticklabels()
    assert labels[0].get_text() == "key: 90\nmargin 3,000 GBP"
    table = renewal_table([0, 1, 2, 2, 3], [True, True, False, True, False])
    model = pd.DataFrame({"renewal": [1, 2, 3], "retention": [0.7, 0.8, 0.9]})
    assert plot_renewals(table, model, stays=pd.Series({1: 0.8, 2: 0.9})).get_xlabel() == "renewal"
    effects = winback_effects(world.tables["lost_firms"], by="left_for")
    assert "GBP" in plot_winback(effects, unit="GBP", title="x").get_xlabel()


def test_reading_shares_by_pandas(quarters: pd.DataFrame, truth: pd.DataFrame) -> None:
    read = read_stages(quarters)
    codes, true = (
        np.array([STAGES.index(name) for name in frame["stage"]]) for frame in (read, truth)
    )
    theirs = judge_stages(read, truth).set_index("stage").loc[list(STAGES), list(STAGES)]
    np.testing.assert_allclose(reading_shares(codes, true), theirs)


def test_the_explorer_answers_at_once(quarters: pd.DataFrame, truth: pd.DataFrame) -> None:
    shown = stage_explorer(quarters, truth)
    before = shown.sentence
    start = time.perf_counter()
    shown.set(rise=10)
    assert time.perf_counter() - start < 0.5  # far less on a quiet machine
    assert shown.sentence != before
    assert "look like a build-up" in shown.sentence
    shown.reset()
    assert shown.sentence == before
