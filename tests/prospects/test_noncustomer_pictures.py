"""Explorers count what the functions count; pictures have axes with units and a title."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crmkit import prospects
from crmkit.prospects import noncustomer_plots as plots
from crmkit.prospects.noncustomer_explorers import conversion_explorer, kinds_explorer
from tests.prospects.conftest import BY, Market


@pytest.fixture(scope="module")
def weight(fernwell: Market) -> pd.Series:
    return prospects.answer_weights(fernwell.people, fernwell.register, BY)


def test_kinds_explorer_counts_the_near(fernwell: Market, weight: pd.Series) -> None:
    people, needs = fernwell.people, fernwell.tables["market_needs"]
    shown = kinds_explorer(people, needs, fernwell.offers.loc["today"], weight, unexplored=10)
    near = weight[people["kind"] == "near"].sum()
    assert f"{near:,.0f} households are near" in shown.sentence
    shown.set(weighted=False)
    plain = (people["kind"] == "near").mean() * weight.sum()
    assert f"{plain:,.0f} households are near" in shown.sentence


def test_the_builder_counts_whom_each_offer_of_the_trial_is_open_to(
    fernwell: Market, weight: pd.Series
) -> None:
    people = fernwell.people[~fernwell.people["customer"]]
    own, needs = weight[people.index], fernwell.tables["market_needs"]
    levers = ["durable", "complete", "nearby", "quick", "ready", "advice"]
    costs = pd.Series(3.0, index=["base", *levers])
    for name in ("today", "hire", "evening"):
        offer = fernwell.offers.loc[name]
        shown = conversion_explorer(
            people, needs, offer, own, costs, rate=0.3, levers=levers, goal=1.0
        )
        open_ = own[people[name].to_numpy()].sum()
        assert f"{open_:,.0f} households are open to it" in shown.sentence
        assert "You reached the goal" in shown.sentence
        few = [lever for lever in levers if lever != "nearby"]  # shops stay where they are
        shown = conversion_explorer(people, needs, offer, own, costs, rate=0.3, levers=few)
        assert f"{open_:,.0f} households are open to it" in shown.sentence
    shown.set(price=40, meets=(False,) * 5)
    assert shown.error is None
    shown = conversion_explorer(people, needs, offer, own, costs, rate=0.3, levers=levers)
    assert "missing most often" in shown.sentence


def test_pictures_say_what_is_on_their_axes(fernwell: Market) -> None:
    people = fernwell.people
    others = people[~people["customer"]]
    table = pd.DataFrame({"share": [0.2, 0.1], "low": 0.05, "high": 0.3}, index=["hire", "today"])
    drawn = [
        plots.plot_shares(prospects.weighted_shares(people, "kind", fernwell.register, BY)),
        plots.plot_reasons(others["stated_reason"], prospects.reasons_by_criteria(others)),
        plots.plot_near_by_area(prospects.near_by_area(people)),
        plots.plot_must_haves(table.assign(said=0.2)),
        plots.plot_forecast(table, table, table["share"]),
    ]
    for ax in drawn:
        assert ax.get_ylabel()
        assert ax.get_title(loc="left") or ax.get_title()
    widths = [bar.get_width() for bar in drawn[1].patches]
    assert np.isclose(sum(widths), len(others))
