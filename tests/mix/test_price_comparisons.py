"""Prices side by side: the sums of two customers by hand, and errors that say what to do."""

import numpy as np
import pandas as pd
import pytest

from crmkit.errors import CrmkitError
from crmkit.mix import (
    DemandCurve,
    compare_prices,
    markup_by_cost,
    price_war,
    price_wars,
    share_against_rival,
    value_price,
    value_price_interval,
)

TWO = pd.DataFrame({"value": [20.0, 30.0], "budget": [40.0, 25.0]})  # limits of 20 and 25


def test_prices_are_compared_as_one_would_by_hand():
    found = compare_prices(TWO, {"low": 18.0, "high": 22.0, "too high": 26.0}, 10.0, 100)
    assert found["way"].tolist() == ["low", "high", "too high"]
    assert found["share"].tolist() == [1.0, 0.5, 0.0]
    assert found["profit"].tolist() == [800.0, 600.0, 0.0]


def test_beside_a_rival_the_share_is_that_against_him():
    found = compare_prices(TWO, {"a": 18.0, "b": 19.0}, 10.0, 100, rival_price=18.5, blur=0.3)
    assert (
        found["share"].tolist() == share_against_rival(TWO, [18.0, 19.0], 18.5, blur=0.3).tolist()
    )
    assert found["share"].iloc[0] > 0.8 > 0.2 > found["share"].iloc[1]


def test_wars_are_those_of_price_war_seen_from_our_side():
    found = price_wars(TWO, 10.0, 18.0, [0.3, 3.0], 100, rounds=7)
    for row in found.itertuples():
        war = price_war(TWO, 10.0, 18.0, blur=row.tastes_differ_by, rounds=7)
        ours = war[war["who"] == "we"]
        assert row.first_price == ours["price"].iloc[0]
        assert row.last_price == ours["price"].iloc[-1]
        assert row.last_profit == pytest.approx(
            100 * ours["share"].iloc[-1] * (ours["price"].iloc[-1] - 10)
        )


def test_a_markup_is_judged_against_the_best_price_at_its_cost():
    found = markup_by_cost(TWO, [10.0, 20.0], np.arange(10, 41))
    # At 10 the best is 20 with both (profit 2 x 10); 13 earns 2 x 3. At 20 it is 25 with one (5); 26 sells nothing.
    assert found["best_price"].tolist() == [20, 25]
    assert found["share_of_best"].tolist() == pytest.approx([0.3, 0.0])


def test_the_interval_of_the_best_price_holds_it_and_narrows_with_more_people(world):
    choices, prices = world.tables["price_choices"], np.arange(12, 45, 0.05)
    some = choices[choices["customer_id"].isin(choices["customer_id"].unique()[:75])]
    widths = []
    for rows in (some, choices):
        curve = DemandCurve().fit(rows)
        low, high = value_price_interval(curve, 12.0, prices)
        assert low < value_price(curve, 12.0, prices) < high
        inner = value_price_interval(curve, 12.0, prices, level=0.5)
        assert low < inner[0] < inner[1] < high
        widths.append(high - low)
    assert widths[1] < 0.7 * widths[0]


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda: compare_prices(TWO, {}, 10.0, 100), "no price to compare"),
        (lambda: compare_prices(TWO, {"a": 9.0}, 10.0, 100), "9.00 lies below the cost"),
        (lambda: markup_by_cost(TWO, [41.0], range(10, 45)), "no price earns anything"),
        (lambda: markup_by_cost(TWO, [50.0], range(10, 45)), "no price earns anything"),
    ],
)
def test_bad_prices_are_refused(act, message):
    with pytest.raises(CrmkitError, match=message):
        act()
