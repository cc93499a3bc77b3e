"""Kinds of non-customers, weighted shares, stated reasons: by hand, against the truth, and how they refuse."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from benchmarks import coverage_prospects_noncustomers as coverage
from benchmarks._coverage import measure
from crmkit import prospects
from crmkit.errors import CrmkitError
from crmkit.prospects import (
    answer_weights,
    compare_kinds,
    criteria_met,
    kinds_of_people,
    stated_and_true,
    weighted_shares,
)
from tests.prospects.conftest import BY, Market

ENTRIES = {entry.function: entry for entry in coverage.ENTRIES}
FIVE = pd.DataFrame(
    {
        "person_id": [1, 2, 3, 4, 5],
        "projects": [2, 0, 1, 3, 1],
        "can_spend": [30, 40, 10, 24, 50],
        "shop": [True, True, True, False, False],
    }
)
RANKS = pd.DataFrame(
    {
        "person_id": [1, 1, 3, 4, 5],
        "need": ["durable", "quick", "ready", "nearby", "nearby"],
        "keep_rank": [1, 2, 1, 1, 4],
        "would_leave": [True, False, True, True, True],
    }
)
OFFER = pd.Series(
    {"price": 24, "brought": False, "durable": 1, "quick": 0, "ready": 0, "nearby": 1}
)


def test_five_people_by_hand() -> None:
    met = criteria_met(FIVE, RANKS, OFFER)
    assert met["project"].tolist() == [True, False, True, True, True]
    assert met["pay"].tolist() == [True, True, False, True, True]
    # 4 wants it nearby and has no shop; 5 ranks it fourth, which is not kept.
    assert met["lacks"].tolist() == ["", "", "ready", "nearby", ""]
    kinds = kinds_of_people(met.assign(customer=[True, False, False, False, False]))
    assert kinds["kind"].tolist() == ["customer", "refusing", "refusing", "refusing", "near"]
    assert kinds["fails"].tolist() == ["", "project", "must_haves, pay", "must_haves", ""]
    brought = criteria_met(FIVE, RANKS, pd.Series({**OFFER, "brought": True}))
    assert brought["lacks"].tolist() == ["", "", "ready", "", ""]


def test_what_nobody_looked_at_is_unexplored_unless_something_fails() -> None:
    known = pd.DataFrame(
        {"customer": False, "a": [True, None, False, None], "b": [True, True, None, None]}
    )
    assert kinds_of_people(known, ["a", "b"])["kind"].tolist() == [
        "near", "unexplored", "refusing", "unexplored",
    ]  # fmt: skip


def test_kinds_agree_with_the_truth(any_market: Market) -> None:
    truth = any_market.people[["person_id"]].merge(any_market.truth["market_people"])
    errors = compare_kinds(any_market.people["kind"], truth["kind"])
    assert errors.loc["near", "error_rate"] < 0.25
    assert errors.loc["near", "omission_rate"] < 0.15
    assert errors.loc["refusing", "error_rate"] < 0.04


def test_weights_add_up_and_bring_the_shares_nearer_the_truth(any_market: Market) -> None:
    people, register = any_market.people, any_market.register
    weight = answer_weights(people, register, BY)
    assert weight.sum() == pytest.approx(register["households"].sum())
    areas = any_market.truth["market_areas"].merge(any_market.tables["market_areas"])
    asked = areas[areas["surveyed"]]
    true = asked["customers"].sum() / asked["households"].sum()
    found = weighted_shares(people, "kind", register, BY).loc["customer"]
    assert abs(found["share"] - true) < abs(found["plain"] - true)
    assert found["low"] < true < found["high"]


def test_weighted_shares_by_hand() -> None:
    # Three of four renters and one of five owners; half of the households each.
    asked = pd.DataFrame(
        {"home": ["rented"] * 4 + ["owned"] * 5, "near": [1, 1, 1, 0, 1, 0, 0, 0, 0]}
    )
    known = pd.DataFrame({"home": ["owned", "rented"], "households": [50, 50]})
    row = weighted_shares(asked, "near", known, ["home"]).loc[1]
    assert row["share"] == pytest.approx((0.75 + 0.2) / 2)
    variance = (0.25 / 4 + 0.2 / 5) / 4  # the groups' variances are .25 and .2
    assert 0.8 < (row["high"] - row["low"]) / (2 * 1.96 * np.sqrt(variance)) < 1.0


def test_equal_weights_give_wilson() -> None:
    asked = pd.DataFrame({"all": 1, "near": [True] * 30 + [False] * 70})
    row = weighted_shares(asked, "near", pd.DataFrame({"all": [1], "households": [1000]}), ["all"])
    low, high = prospects.response_rates(asked.rename(columns={"near": "answered"}), ["all"])[
        ["low", "high"]
    ].iloc[0]
    assert row.loc[True, ["low", "high"]].tolist() == pytest.approx([low, high], abs=0.002)


def test_the_price_is_said_and_something_else_is_meant(any_market: Market) -> None:
    others = any_market.people[~any_market.people["customer"]]
    truth = others[["person_id"]].merge(any_market.truth["market_people"])
    table = stated_and_true(others["stated_reason"], truth["true_reason"])
    assert table.index[0] == "too expensive"
    assert table.loc["too expensive", "high"] < 0.2
    assert table.loc["too expensive", "most"] == "something is missing"
    by_criteria = prospects.reasons_by_criteria(others)
    assert (by_criteria.to_numpy() == truth["true_reason"].to_numpy()).mean() > 0.9


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda: criteria_met(FIVE, RANKS, OFFER.drop("ready")), "ready"),
        (lambda: criteria_met(FIVE.drop(columns="shop"), RANKS, OFFER), "shop"),
        (lambda: kinds_of_people(FIVE, ["pay"]), "customer"),
        (lambda: kinds_of_people(FIVE.assign(customer=False), []), "at least one column"),
        (lambda: compare_kinds(["near"], []), "1 found and 0 true"),
        (
            lambda: answer_weights(
                pd.DataFrame({"home": ["owned"]}),
                pd.DataFrame({"home": ["owned", "rented"], "households": [5, 5]}),
                ["home"],
            ),
            "nobody answered of rented",
        ),
        (
            lambda: weighted_shares(
                pd.DataFrame({"home": ["owned"], "near": [True]}),
                "near",
                pd.DataFrame({"home": ["owned"], "households": [5]}),
                ["home"],
            ),
            "one answer only",
        ),
    ],
)
def test_what_is_wrong_is_named(ask: Callable[[], object], said: str) -> None:
    with pytest.raises(CrmkitError, match=said):
        ask()


# Answers counted as they came: .1 in place of .95.
@pytest.mark.parametrize(("size", "worlds"), [(600, 150), (4000, 60)])
def test_weighted_intervals_hold(size: int, worlds: int) -> None:
    assert measure(ENTRIES["prospects.weighted_shares"], size, worlds).coverage >= 0.9
