"""What a new customer costs: curves, costs and splits beside the truth, and what is said of wrong input."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from benchmarks import coverage_prospects_acquisition as worlds
from crmkit.errors import CrmkitError
from crmkit.prospects import ResponseModel, attributed_cost, best_split, last_weeks
from crmkit.world import World, simulate

CHANNEL = "acquisition_channel"


@pytest.fixture(scope="module")
def fernwell() -> World:
    return simulate("fernwell", 50, 1, parts=["winning"], progress=False)


@pytest.fixture(scope="module")
def model(fernwell: World) -> ResponseModel:
    tables = fernwell.tables
    return ResponseModel().fit(
        tables["area_spend"], tables["area_customers"], tables["acquisition_areas"]
    )


def small(
    seed: int = 1, areas: int = 6
) -> tuple[pd.DataFrame, pd.DataFrame, np.ndarray, np.ndarray]:
    return worlds.panel(areas, np.random.default_rng(seed))


def test_costs_hold_the_truth(fernwell: World, model: ResponseModel) -> None:
    truth = fernwell.truth["acquisition_curves"].set_index(CHANNEL)
    found = model.costs().loc[truth.index]
    for name in ("average", "marginal"):
        true = truth[f"{name}_cost"]
        inside = (found[f"{name}_low"] < true) & (true < found[f"{name}_high"])
        assert inside.sum() >= 3
    assert (found["marginal"] > found["average"]).all()
    assert found.loc["search", "marginal"] > 1.6 * found.loc["leaflets", "marginal"]


def test_without_luck_the_curve_is_found() -> None:
    spend, won, money, alone = small()
    mean = alone * (1 + (worlds.GAIN * money / (money + worlds.HALF)).sum(axis=2))
    model = ResponseModel().fit(spend, won.assign(new_customers=mean.ravel()))
    truth = worlds.true_parameters(money)
    np.testing.assert_allclose(np.r_[model.adds_, model.bends_], truth, rtol=0.08)
    costs = model.costs().loc[worlds.CHANNELS]
    true = worlds.true_costs(money, alone)
    np.testing.assert_allclose(costs[["average", "marginal"]].to_numpy().T, true, rtol=0.08)


def test_the_search_ends_where_the_likelihood_is_flat(model: ResponseModel) -> None:
    score = model._design(model._theta).T @ (model._y - model._mu)
    score[4:] -= (model.bends_ - 0.5) / 0.3**2  # what is known of a bend before any data
    assert np.abs(score).max() < 1e-6
    assert model.converged_
    # Fitted and counted customers agree in every area and every week.
    for labels in (model._area, model._week):
        np.testing.assert_allclose(np.bincount(labels, model._mu), np.bincount(labels, model._y))


def test_dispersion_tells_scatter_beyond_poisson() -> None:
    spend, won, money, alone = small(areas=12)
    rng = np.random.default_rng(5)
    mean = alone * (1 + (worlds.GAIN * money / (money + worlds.HALF)).sum(axis=2))
    calm = ResponseModel().fit(spend, won.assign(new_customers=rng.poisson(mean).ravel()))
    wild = ResponseModel().fit(spend, won.assign(new_customers=3 * rng.poisson(mean / 3).ravel()))
    assert 0.8 < calm.dispersion_ < 1.2
    assert 2.4 < wild.dispersion_ < 3.6


def test_costs_from_the_curve(model: ResponseModel) -> None:
    table = model.customers_at([0, 0.5, 1, 1.001, 2])
    costs = model.costs()
    assert (table.query("multiple == 0")["customers"] == 0).all()
    one = table.query("multiple == 1").set_index(CHANNEL)
    np.testing.assert_allclose(one["average"], costs["average"])
    np.testing.assert_allclose(one["marginal"], costs["marginal"])
    step = table.query("multiple == 1.001").set_index(CHANNEL)
    by_hand = (step["spend"] - one["spend"]) / (step["customers"] - one["customers"])
    np.testing.assert_allclose(by_hand, costs["marginal"], rtol=2e-3)
    for _, rows in table.groupby(CHANNEL):
        assert rows["customers"].is_monotonic_increasing
        assert rows["marginal"].is_monotonic_increasing


def test_a_channel_that_does_nothing_has_an_endless_upper_cost() -> None:
    spend, won, money, alone = small()
    rng = np.random.default_rng(8)
    mean = alone * (1 + 0.5 * money[:, :, 0] / (money[:, :, 0] + 80))
    model = ResponseModel().fit(spend, won.assign(new_customers=rng.poisson(mean).ravel()))
    assert np.isinf(model.costs().loc["search", "average_high"])


def test_the_split_makes_the_next_customer_cost_the_same_and_no_other_brings_more() -> None:
    spend, won, *_ = small(areas=12)
    model = ResponseModel().fit(spend, won)
    budget = float(model.costs()["spend"].sum())
    plan = best_split(model, budget, draws=50)
    assert plan["best"].sum() == pytest.approx(budget)
    assert plan["marginal"].max() / plan["marginal"].min() < 1.01
    today = plan["spend"].to_numpy()
    theta = model._theta
    best = model._caused(theta, 13, plan["best"].to_numpy() / today)[0].sum()
    for shift in np.linspace(-0.4, 0.4, 17) * budget:
        other = plan["best"].to_numpy() + np.array([shift, -shift])
        assert model._caused(theta, 13, np.maximum(other, 0) / today)[0].sum() <= best + 1e-4


def test_with_values_money_goes_where_a_customer_is_worth_more(model: ResponseModel) -> None:
    value = pd.Series(
        {"search": 90.0, "social media": 50.0, "leaflets": 140.0, "local radio": 125.0}
    )
    budget = float(model.costs()["spend"].sum())
    alike, worth = (
        best_split(model, budget, draws=50),
        best_split(model, budget, value=value, draws=50),
    )
    assert worth.loc["leaflets", "best"] > alike.loc["leaflets", "best"]
    assert worth.loc["social media", "best"] < alike.loc["social media", "best"]
    assert worth.attrs["gain"] > 0
    assert worth.attrs["better"] > 0.95
    # Without a budget as much is spent as pays: the next customer costs what a customer is worth.
    free = best_split(model, value=value, draws=50)
    np.testing.assert_allclose(free["marginal"], value.loc[free.index], rtol=0.01)


def test_attributed_cost_counts_last_clicks_of_the_last_weeks(fernwell: World) -> None:
    spend = fernwell.tables["area_spend"]
    now = spend[last_weeks(spend["week"], 13)]
    assert now["week"].nunique() == 13
    own = now[now[CHANNEL] == "search"]
    found = attributed_cost(spend).loc["search", "attributed_cost"]
    assert found == pytest.approx(own["spend"].sum() / own["last_clicks"].sum())
    silent = attributed_cost(spend.assign(last_clicks=0))
    assert silent["attributed_cost"].isna().all()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda s, w: (s.drop(columns="spend"), w), "column spend is missing"),
        (lambda s, w: (s.assign(spend=-1.0), w), "below 0"),
        (lambda s, w: (s, w.assign(new_customers=np.nan)), "missing or no finite numbers"),
        (lambda s, w: (s, pd.concat([w, w.head(1)])), "customers"),
        (lambda s, w: (s, w[w["area"] == "area 1"]), "at least two areas"),
        (lambda s, w: (s.assign(spend=5.0), w), "never differs"),
    ],
)
def test_wrong_tables_are_named(change, said: str) -> None:
    spend, won, *_ = small(areas=3)
    with pytest.raises(CrmkitError, match=said):
        ResponseModel().fit(*change(spend, won))


def test_wrong_areas_budgets_and_values_are_named(model: ResponseModel) -> None:
    spend, won, *_ = small(areas=3)
    sizes = pd.DataFrame({"area": ["area 0", "area 1"], "households": [1000, 2000]})
    with pytest.raises(CrmkitError, match="no households for area 2"):
        ResponseModel().fit(spend, won, sizes)
    with pytest.raises(CrmkitError, match="give a budget, or the value"):
        best_split(model)
    with pytest.raises(CrmkitError, match="budget must be above 0"):
        best_split(model, 0)
    with pytest.raises(CrmkitError, match="nothing is given for leaflets"):
        best_split(model, 1000, value=pd.Series({"search": 10.0}))


def test_larger_areas_may_spend_more() -> None:
    """With households, twice the area with twice the spend and customers is the same curve."""
    spend, won, money, alone = small()
    mean = alone * (1 + (worlds.GAIN * money / (money + worlds.HALF)).sum(axis=2))
    won = won.assign(new_customers=mean.ravel())
    size = pd.DataFrame({"area": [f"area {i}" for i in range(6)], "households": [1000, 2000] * 3})
    factor = size.set_index("area")["households"] / 1000
    larger = spend.assign(spend=spend["spend"] * spend["area"].map(factor))
    more = won.assign(new_customers=won["new_customers"] * won["area"].map(factor))
    model = ResponseModel().fit(larger, more, size)
    np.testing.assert_allclose(
        np.r_[model.adds_, model.bends_], worlds.true_parameters(money), rtol=0.08
    )


@pytest.mark.slow
@pytest.mark.parametrize("world", [worlds.costs], ids=["costs"])
def test_coverage_in_brief(world) -> None:
    """The whole measurement is `python -m benchmarks.coverage --rooms prospects`."""
    held = np.concatenate([world(6, np.random.default_rng(seed)) for seed in range(60)])
    assert 0.88 < np.nanmean(held) < 0.99
