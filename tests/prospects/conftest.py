"""The market, prepared as lesson 50 does it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import pytest

from crmkit import prospects
from crmkit.world import simulate

BY = ["age_group", "home"]


@dataclass
class Market:
    """What a company knows of its market, and the truth."""

    tables: dict[str, pd.DataFrame]
    truth: dict[str, pd.DataFrame]
    people: pd.DataFrame
    register: pd.DataFrame
    offers: pd.DataFrame


def market(seed: int) -> Market:
    """Simulate a market and sort its people."""
    world = simulate("fernwell", customers=100, seed=seed, parts=["market"], progress=False)
    tables = world.tables
    areas, offers = tables["market_areas"], tables["trial_offers"].set_index("offer")
    people = tables["market_people"].merge(tables["market_invited"]).merge(areas)
    met = prospects.criteria_met(people, tables["market_needs"], offers.loc["today"])
    people = people.merge(met).assign(customer=lambda rows: rows["buys_at"] == "Fernwell")
    people = people.join(prospects.kinds_of_people(people))
    open_ = prospects.open_to(people, tables["market_needs"], offers.reset_index())
    people = people.join(open_, on="person_id")
    register = tables["market_register"].merge(areas[["area", "surveyed"]])
    return Market(tables, world.truth, people, register[register["surveyed"]], offers)


@pytest.fixture(scope="session")
def fernwell() -> Market:
    return market(1)


@pytest.fixture(scope="session", params=[1, 11, 12, 13, 14])
def any_market(request: pytest.FixtureRequest) -> Market:
    return market(request.param)
