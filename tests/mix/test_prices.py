"""Prices: curves read rightly, demand is recovered, and the near-identical rival leaves one way open."""

import numpy as np
import pandas as pd
import pytest

from crmkit.errors import CrmkitError
from crmkit.mix import (
    DemandCurve,
    competitor_price,
    cost_plus_price,
    ordered_answers,
    price_profit,
    price_war,
    psm_curves,
    psm_points,
    share_against_rival,
    true_share,
    value_price,
)

GRID = np.arange(12.0, 45.0, 0.5)


def test_curves_fall_and_rise_as_they_must(world):
    curves = psm_curves(world.tables["price_answers"], np.linspace(0, 60, 121))
    assert (curves[["too_cheap", "cheap"]].diff().dropna() <= 0).all(axis=None)
    assert (curves[["expensive", "too_expensive"]].diff().dropna() >= 0).all(axis=None)
    assert (curves["too_cheap"] <= curves["cheap"]).all()
    assert (curves["too_expensive"] <= curves["expensive"]).all()


def test_points_of_a_small_case_done_by_hand():
    """Ten buyers, one like the other but for a pound: the curves cross where the arithmetic says."""
    base = np.arange(10)
    rows = pd.DataFrame(
        {
            "too_cheap": 5 + base,
            "cheap": 8 + base,
            "expensive": 12 + base,
            "too_expensive": 16 + base,
        }
    ).astype(float)
    points = psm_points(rows).set_index("point")["price"]
    # Too cheap falls over 5..14 while too expensive rises from 16 on: they meet at 0 between 14 and 16.
    assert points["optimal price"] == pytest.approx(15, abs=0.05)
    # Cheap falls over 8..17, expensive rises over 12..21: both are .5 between... they cross at 14.5.
    assert points["indifference price"] == pytest.approx(14.5, abs=0.6)
    assert points["lower end"] < points["indifference price"] < points["upper end"]


def test_one_odd_answer_moves_no_crossing():
    """Crossings lie at answers or between two, however far away the dearest one is."""
    rows = pd.DataFrame(
        {
            "too_cheap": [2.0, 4],
            "cheap": [4.0, 6],
            "expensive": [8.0, 9],
            "too_expensive": [9.0, 12],
        }
    )
    many = pd.concat([rows] * 50, ignore_index=True)
    odd = pd.concat([many, rows.tail(1).assign(too_expensive=1e6)], ignore_index=True)
    before, after = psm_points(many)["price"], psm_points(odd)["price"]
    assert before.tolist() == [4.0, 6.5, 7.0, 9.0]
    assert np.abs(after - before).max() <= 0.5
    # Nobody would pay anything: all four lines cross at nothing.
    assert psm_points(rows * 0)["price"].tolist() == [0, 0, 0, 0]


def test_open_answers_understate(any_world):
    """The range of acceptable prices lies below what half would pay: a known error of asking."""
    points = psm_points(any_world.tables["price_answers"]).set_index("point")["price"]
    assert points["upper end"] < any_world.truth["set_value"]["value"].median()


def test_demand_curve_recovers_true_shares(any_world):
    curve = DemandCurve().fit(any_world.tables["price_choices"])
    prices = np.array([14, 18, 22, 26, 30, 34])
    truth = true_share(any_world.truth["set_value"], prices)
    assert np.abs(curve.share(prices) - truth).max() < 0.08
    low, high = curve.interval(prices)
    assert ((low < curve.share(prices)) & (curve.share(prices) < high)).all()


def test_demand_curve_recovers_parameters_and_their_errors():
    rng, inside = np.random.default_rng(11), 0
    for _ in range(60):
        price = rng.uniform(8, 44, 800)
        bought = rng.random(800) < 1 / (1 + np.exp(-(15 - 5 * np.log(price))))
        curve = DemandCurve().fit(pd.DataFrame({"price": price, "bought": bought.astype(int)}))
        inside += abs(curve.b_ - 5) < 1.96 * np.sqrt(curve.covariance_[1, 1])
    assert 0.87 <= inside / 60 <= 1


def test_without_a_twin_the_price_of_worth_earns_most(any_world):
    truth, cost = any_world.truth["set_value"], 11.55
    rivals = any_world.tables["market_offers"].query("company != 'Fernwell'")["price"]
    curve = DemandCurve().fit(any_world.tables["price_choices"])
    ways = {
        "competitors": competitor_price(rivals),
        "cost-plus": cost_plus_price(cost, 0.3),
        "value": value_price(curve, cost, GRID),
    }
    profit = {
        way: price_profit(price, true_share(truth, price), cost, 1000)
        for way, price in ways.items()
    }
    best = price_profit(GRID, true_share(truth, GRID), cost, 1000).max()
    assert profit["value"] > max(profit["competitors"], profit["cost-plus"])
    assert profit["value"] > 0.95 * best


def test_beside_a_near_identical_rival_only_the_rivals_price_is_open(any_world):
    truth, cost, rival = any_world.truth["set_value"], 11.55, 16.0
    curve = DemandCurve().fit(any_world.tables["price_choices"])
    dear = value_price(curve, cost, GRID)

    def profit(price, blur):
        share = share_against_rival(truth, price, rival, blur=blur)
        return price_profit(price, share, cost, 1000)

    assert profit(dear, 0.3) < 0.2 * profit(rival, 0.3)
    best = GRID[np.argmax(profit(GRID, 0.3))]
    assert abs(best - rival) <= 1
    # With sets that differ (tastes blur by 6 pounds), worth opens again.
    assert GRID[np.argmax(profit(GRID, 6.0))] > rival + 1


def test_rows_out_of_order_are_set_aside_and_counted(world):
    answers = world.tables["price_answers"].copy()
    answers.loc[:4, ["too_cheap", "too_expensive"]] = [99.0, 1.0]
    kept, aside = ordered_answers(answers)
    assert len(aside) == 5
    assert len(kept) + len(aside) == len(answers)


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda: price_profit([5, 20], [0.5, 0.2], 11.55, 100), "price 5.00 lies below the cost"),
        (lambda: cost_plus_price(0, 0.3), "cost above 0"),
        (lambda: cost_plus_price(10, -0.3), "markup of at least 0"),
        (lambda: competitor_price([]), "needs a rival"),
        (lambda: psm_points(pd.DataFrame({"cheap": [1.0]})), "missing"),
        (
            lambda: psm_points(
                pd.DataFrame(columns=["too_cheap", "cheap", "expensive", "too_expensive"])
            ),
            "no rows",
        ),
        (
            lambda: psm_points(
                pd.DataFrame(
                    {"too_cheap": [9.0], "cheap": [8.0], "expensive": [7.0], "too_expensive": [6.0]}
                )
            ),
            "no row is in order",
        ),
        (
            lambda: DemandCurve().fit(pd.DataFrame({"price": [1.0, 2.0], "bought": [1, 1]})),
            "everybody bought",
        ),
        (
            lambda: DemandCurve().fit(pd.DataFrame({"price": [5.0] * 4, "bought": [1, 0, 1, 0]})),
            "do not settle",
        ),
        (
            lambda: DemandCurve().fit(pd.DataFrame({"price": [1.0, 2], "bought": ["yes", "no"]})),
            "neither True nor False",
        ),
        (lambda: DemandCurve().share(10), "not been learnt"),
        (
            lambda: share_against_rival(
                pd.DataFrame({"value": [1.0], "budget": [1.0]}), 1, 1, blur=0
            ),
            "blur",
        ),
    ],
)
def test_bad_prices_are_refused(act, message):
    with pytest.raises(CrmkitError, match=message):
        act()


def test_a_price_war_between_twins_ends_near_cost_and_between_others_does_not(any_world):
    truth = any_world.truth["set_value"]
    ends = [
        price_war(truth, 11.55, 16.0, blur=blur, rounds=60)["price"].iloc[-1]
        for blur in (0.3, 3.0, 10.0)
    ]
    assert ends[0] < 11.55 + 1.5
    assert ends[0] < ends[1] < ends[2]
