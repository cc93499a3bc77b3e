"""Lesson 69: what it claims holds in other worlds than the shipped one."""

from __future__ import annotations

import pytest
from worlds import seeds

from crmkit.data.load import load, load_truth
from crmkit.practice.questions.lesson_69 import KNOWN, rates
from crmkit.practice.tables import OwnTables
from crmkit.relations import (
    cost_of_leak,
    count_reasons,
    forget,
    generalise,
    k_anonymity,
    l_diversity,
    link_files,
    link_rates,
    may_use,
    references_of,
    what_is_lost,
)
from crmkit.world import simulate

SEEDS = seeds("shipped", 31, 32, 33, 34, 35)


@pytest.fixture(scope="module", params=SEEDS)
def data(request: pytest.FixtureRequest):
    if request.param == "shipped":
        return Shipped()
    world = simulate(
        "fernwell", customers=400, seed=request.param, parts=["records", "privacy"], progress=False
    )
    return OwnTables.of_world(world).for_question(("open_extract", "club_members", "desk_notes"))


class Shipped:
    """The tables that ship."""

    load = staticmethod(load)
    load_truth = staticmethod(load_truth)


def test_most_rows_should_not_have_left_the_house(data) -> None:
    whose = data.load_truth("open_extract")["customer_id"]
    found = may_use(data.load("consents"), "sharing", "2025-12-31", whose)
    counts = count_reasons(found).set_index("reason")
    assert counts.loc["may be used", "high"] < 0.3
    assert counts.loc["never agreed", "share"] > 0.6


def test_the_flag_says_yes_more_often_than_the_register_proves(data) -> None:
    whose = data.load_truth("open_extract")["customer_id"]
    found = may_use(data.load("consents"), "newsletter", "2025-12-31", whose)
    flag = found.merge(data.load("customers"))["newsletter_consent"]
    proven = found["may_use"][flag.to_numpy()].mean()
    assert 0.6 < proven < 0.95


def test_without_names_it_is_not_anonymous(data) -> None:
    hidden = k_anonymity(data.load("open_extract"), KNOWN)
    assert hidden["k"] == 1
    assert hidden["low"] > 0.9
    found = rates(data)
    assert found["found"] > 0.8
    assert found["share_right"] > 0.85


def test_coarse_columns_hide_people_and_the_analysis_stays(data) -> None:
    extract = data.load("open_extract")
    extract["much"] = extract["turnover_band"].str.endswith("or more")
    coarse = generalise(extract, years={"birth_year": 10}, drop=["postcode"], k=5)
    assert coarse.suppressed < 0.05 * len(extract)
    lost = what_is_lost(extract, coarse.table, "much").set_index("version")
    assert lost.loc["after", "kept"] > 0.8
    assert lost["low"].min() > 0
    assert lost.loc["after", "low"] < lost.loc["before", "estimate"] < lost.loc["after", "high"]


def test_who_hides_in_a_crowd_is_not_linked(data) -> None:
    want = {"years": {"birth_year": 20}, "characters": {"postcode": 1}}
    safer = generalise(data.load("open_extract"), **want, k=5)
    assert k_anonymity(safer.table, KNOWN)["k"] >= 5
    club = generalise(data.load("club_members"), **want).table
    truth = data.load_truth("open_extract"), data.load_truth("club_members")
    assert link_rates(link_files(safer.table, club, KNOWN), *truth)["right"] == 0
    # But a class may hold one note only.
    assert l_diversity(safer.table, KNOWN, "service_note")["l"] == 1
    half_way = generalise(
        data.load("open_extract"), years={"birth_year": 5}, characters={"postcode": 3}
    )
    assert k_anonymity(half_way.table, KNOWN)["share_unique"] > 0.5


def test_traces_are_in_many_tables(data) -> None:
    points = references_of("fernwell")
    names = ["customers", "orders", "order_lines", "cost_to_serve", "engagement"]
    names += ["channel_records", "desk_notes", "consents"]
    tables = {name: data.load(name) for name in names}
    who = data.load_truth("desk_notes")["customer_id"].iloc[-1]
    report = forget(tables, who, references=points).report.set_index("table")
    assert (report.loc[names[:6], "deleted"] > 0).all()
    assert report.loc["desk_notes", "emptied"] == 1


def test_silence_costs_more(data) -> None:
    found = cost_of_leak(data.load("leak_panel")).set_index("arm")
    once, late = found.loc["told at once"], found.loc["told late"]
    assert once["trust_high"] < 0
    assert late["trust_high"] < once["trust_low"] - 0.5
    assert 1.5 < late["trust"] / once["trust"] < 3
    assert once["margin_high"] < 0
    assert late["margin"] < once["margin"]
