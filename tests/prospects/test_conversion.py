"""What a changed offer wins: the forecast, the trial, and the truth behind both."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from benchmarks import coverage_prospects_noncustomers as coverage
from benchmarks._coverage import measure
from crmkit.errors import CrmkitError
from crmkit.prospects import forecast_offers, points_of, trial_results
from tests.prospects.conftest import BY, Market

ENTRIES = {entry.function: entry for entry in coverage.ENTRIES}


def forecast(market: Market) -> tuple[pd.DataFrame, pd.DataFrame, pd.Series]:
    """The forecast, the trial by kind, and the true shares of the surveyed areas."""
    people, offers = market.people, list(market.offers.index)
    trial = market.tables["market_trial"].merge(people[["person_id", "kind"]])
    told = trial.query("offer == 'today' and kind == 'near'")["bought"]
    found = forecast_offers(
        people,
        offers,
        market.register,
        BY,
        bought=int(told.sum()),
        told=len(told),
        among=~people["customer"],
    )
    areas = market.truth["market_areas"].merge(market.tables["market_areas"])
    asked = areas[areas["surveyed"]]
    others = (asked["near"] + asked["refusing"]).sum()
    true = pd.Series({name: asked[f"buys_{name}"].sum() / others for name in offers})
    return found, trial_results(trial, ["kind"], against="today"), true


def test_forecast_trial_and_truth_agree_on_the_best_offer(any_market: Market) -> None:
    found, trial, true = forecast(any_market)
    assert found["share"].idxmax() == true.idxmax() == "hire"
    held = (found["low"] <= true) & (true <= found["high"])
    assert held.sum() >= 3
    assert trial.loc[("refusing", "hire"), "more_low"] > 0.03
    assert trial.loc[("refusing", "today"), "share"] < 0.02


def test_a_lower_price_alone_wins_few_of_the_refusing(any_market: Market) -> None:
    _, trial, true = forecast(any_market)
    assert trial.loc[("refusing", "basic"), "share"] < trial.loc[("refusing", "hire"), "share"] / 2
    assert true["basic"] < true["hire"] / 2


def test_points_are_high_where_the_sale_is_lost(any_market: Market) -> None:
    people, offer = any_market.people, any_market.offers.loc["today"]
    points = points_of(people, any_market.tables["market_needs"], offer)
    lacking = ~people["must_haves"].to_numpy() & ~people["customer"].to_numpy()
    # Two thirds of the points, and no sale.
    assert 0.35 < (points.to_numpy()[lacking] >= 0.5).mean() < 0.75


def test_by_hand() -> None:
    tried = pd.DataFrame(
        {
            "kind": ["near"] * 4 + ["refusing"] * 4,
            "offer": ["today", "today", "hire", "hire"] * 2,
            "bought": [1, 0, 1, 1, 0, 0, 1, 0],
        }
    )
    table = trial_results(tried, ["kind"], against="today")
    assert table["share"].tolist() == [1, 0.5, 0.5, 0]
    assert table["more"].tolist() == [0.5, 0, 0.5, 0]


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda: trial_results(pd.DataFrame({"offer": ["a"], "bought": [1]}), against="b"), "'b'"),
        (lambda: trial_results(pd.DataFrame({"offer": ["a"]})), "bought"),
        (
            lambda: forecast_offers(
                pd.DataFrame({"a": [True, False], "g": 1}),
                ["a"],
                pd.DataFrame({"g": [1], "households": [9]}),
                ["g"],
                bought=3,
                told=2,
            ),
            "of `told` people",
        ),
    ],
)
def test_what_is_wrong_is_named(ask: Callable[[], object], said: str) -> None:
    with pytest.raises(CrmkitError, match=said):
        ask()


@pytest.mark.parametrize("name", ["prospects.forecast_offers", "prospects.trial_results"])
def test_intervals_hold(name: str) -> None:
    entry = ENTRIES[name]
    assert 0.9 <= measure(entry, entry.sizes[1], 150).coverage <= 0.99
