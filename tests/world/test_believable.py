"""The company is believable: concentration, losses, one-time buyers, season, and what is tied to what."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crmkit.world import World, simulate


def profit(world: World) -> pd.Series:
    margin = world.tables["orders"].groupby("customer_id")["margin"].sum()
    return margin - world.tables["cost_to_serve"].groupby("customer_id")["cost"].sum()


def share_of_top(profits: pd.Series, share: float) -> float:
    return profits.nlargest(round(share * len(profits))).sum() / profits.sum()


def non_money(world: World) -> pd.Series:
    sums = world.tables["engagement"].groupby("customer_id").sum().drop(columns="year")
    return sums.rank(pct=True).sum(axis=1)


# The seeds of a class: every student's world must be believable, not only the one that ships.
WORLDS = [
    ("fernwell", 5000, 1),
    *(("fernwell", 2000, seed) for seed in range(2, 8)),
    ("beanline", 3000, 1),
]


@pytest.fixture(scope="module", params=WORLDS, ids=lambda p: f"{p[0]}-{p[1]}-{p[2]}")
def world(request: pytest.FixtureRequest) -> World:
    company, customers, seed = request.param
    return simulate(company, customers=customers, seed=seed, parts=(), progress=False)


def test_size(world: World) -> None:
    assert 7 < len(world.tables["orders"]) / world.customers < 11
    assert 1.25 < len(world.tables["order_lines"]) / len(world.tables["orders"]) < 1.6


def test_few_customers_bring_most_of_the_profit(world: World) -> None:
    profits = profit(world)
    assert 0.70 <= share_of_top(profits, 0.20) <= 0.90
    assert share_of_top(profits, 0.04) >= 0.30


def test_some_customers_lose_money_large_ones_among_them(world: World) -> None:
    profits = profit(world)
    assert 0.08 <= (profits < 0).mean() <= 0.20
    turnover = world.tables["orders"].groupby("customer_id")["turnover"].sum()
    large = turnover.nlargest(world.customers // 5).index
    assert (profits[large] < 0).sum() >= 3


def test_many_bought_once_and_counts_are_over_dispersed(world: World) -> None:
    count = world.tables["orders"].groupby("customer_id").size()
    assert 0.25 <= (count == 1).mean() <= 0.45
    assert count.var() > 3 * count.mean()


def test_what_is_not_money_is_tied_to_turnover_only_loosely(world: World) -> None:
    turnover = world.tables["orders"].groupby("customer_id")["turnover"].sum()
    assert 0.2 <= turnover.corr(non_money(world), method="spearman") <= 0.5


def test_fernwell_shows_weekday_and_season(fernwell: World) -> None:
    orders = fernwell.tables["orders"]
    weekday = orders["order_date"].dt.day_of_week.value_counts(normalize=True)
    assert weekday[5] > 1.3 / 7
    assert weekday[1] < 0.95 / 7
    lines = fernwell.tables["order_lines"].merge(orders[["order_id", "order_date"]])
    lines = lines.merge(fernwell.tables["products"][["product_id", "category"]])
    garden = lines[lines["category"] == "garden tools"]["order_date"].dt.month
    assert garden.isin([4, 5, 6]).mean() > 2 * garden.isin([11, 12, 1]).mean()
    per_day = orders.groupby("order_date").size()
    sale = per_day["2024-11-21":"2024-11-30"].mean()
    assert sale > 1.2 * per_day["2024-11-01":"2024-11-20"].mean()


def test_the_price_oriented_hunt_discounts(fernwell: World) -> None:
    orders = fernwell.tables["orders"].merge(fernwell.truth["customers"])
    used = (orders["discount"] > 0).groupby(orders["need_type"]).mean()
    assert used["price"] > 1.5 * used["compound"] > 1.5 * used["value"]


def test_cost_to_serve_hardly_depends_on_spending(fernwell: World) -> None:
    margin = fernwell.tables["orders"].groupby("customer_id")["margin"].sum()
    cost = fernwell.tables["cost_to_serve"].groupby("customer_id")["cost"].sum()
    assert np.corrcoef(margin, cost)[0, 1] < 0.5


def test_the_shipped_world_has_the_promised_size(fernwell: World) -> None:
    assert len(fernwell.tables["customers"]) == 5000
    assert 36_000 < len(fernwell.tables["orders"]) < 44_000
