"""Prices side by side: what each way earns, how sure a learnt price is, where a price war ends, what a rule costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inference import percentile_interval
from crmkit.inputs import need_numbers
from crmkit.mix.prices import (
    DemandCurve,
    cost_plus_price,
    price_profit,
    price_war,
    share_against_rival,
    true_share,
)


def value_price_interval(
    curve: DemandCurve,
    unit_cost: float,
    prices: Sequence[float],
    *,
    level: float = 0.95,
    draws: int = 400,
    seed: int = 0,
) -> tuple[float, float]:
    """Say how sure the price by value is: the best price of each of many curves drawn from the fit's uncertainty.

    Parameters
    ----------
    curve
        A fitted curve.
    unit_cost
        Cost of a set, in the company's currency.
    prices
        Prices to try, none of them below the cost. The interval is no finer than their steps.
    level
        Share of samples in which the interval holds the best price of the true curve.
    draws, seed
        How many curves are drawn, and the seed of the draws.

    Returns
    -------
    low, high : float

    Raises
    ------
    CrmkitError
        A price below the cost, no prices, or a curve whose uncertainty is not known.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> price = rng.uniform(5, 40, 2000)
    >>> buys = rng.random(2000) < 1 / (1 + np.exp(-(12 - 4 * np.log(price))))
    >>> curve = DemandCurve().fit(pd.DataFrame({"price": price, "bought": buys}))
    >>> low, high = value_price_interval(curve, 8.0, np.arange(8, 40, 0.1))
    >>> bool(16 < low < high < 22)
    True
    """
    grid = need_numbers(list(prices), "prices to try", minimum=0)
    if not grid.size:
        raise CrmkitError("value_price_interval: the list of prices to try is empty.")
    shares = np.stack([drawn.share(grid) for drawn in curve.drawn(draws, seed)])
    best = grid[price_profit(grid, shares, unit_cost, 1).argmax(axis=1)]
    low, high = percentile_interval(best, level=level)
    return float(low), float(high)


def compare_prices(
    truth: pd.DataFrame,
    prices: Mapping[str, float],
    unit_cost: float,
    buyers: float,
    *,
    rival_price: float | None = None,
    blur: float = 0.5,
) -> pd.DataFrame:
    """Say what several prices earn, without a rival or beside one.

    Parameters
    ----------
    truth
        ``value`` and ``budget`` of each customer.
    prices
        Price by the name of the way that led to it; none below the cost.
    unit_cost
        Cost of a set, in the company's currency.
    buyers
        Customers a year for whom those of `truth` stand.
    rival_price
        Price of a rival's set beside ours; None where there is none.
    blur
        How much tastes differ between the two sets, in the company's currency (:func:`share_against_rival`).

    Returns
    -------
    DataFrame
        ``way``, ``price``, ``share`` (of customers who buy, 0 to 1), ``profit`` (a year), in the order given.

    Raises
    ------
    CrmkitError
        A price below the cost, or no prices.

    Examples
    --------
    >>> worth = pd.DataFrame({"value": [20.0, 30.0], "budget": [40.0, 40.0]})
    >>> compare_prices(worth, {"low": 15.0, "high": 25.0}, 10.0, 100)["profit"].tolist()
    [500.0, 750.0]
    """
    if not prices:
        raise CrmkitError("compare_prices: there is no price to compare. Give {'my way': 12.5}.")
    at = need_numbers(list(prices.values()), "prices to compare", minimum=0)
    share = (
        true_share(truth, at)
        if rival_price is None
        else share_against_rival(truth, at, rival_price, blur=blur)
    )
    profit = price_profit(at, share, unit_cost, buyers)
    return pd.DataFrame({"way": list(prices), "price": at, "share": share, "profit": profit})


def price_wars(
    truth: pd.DataFrame,
    unit_cost: float,
    rival_price: float,
    blurs: Sequence[float],
    buyers: float,
    *,
    rounds: int = 60,
) -> pd.DataFrame:
    """Let two sellers answer each other, for sets that are more and more different; see :func:`price_war`.

    Parameters
    ----------
    truth
        ``value`` and ``budget`` of each customer.
    unit_cost, rival_price
        Cost of a set for either, and the rival's price before the first round.
    blurs
        How much tastes differ between the two sets, in the company's currency.
    buyers
        Customers a year for whom those of `truth` stand.
    rounds
        How often a seller sets a price.

    Returns
    -------
    DataFrame
        One row per blur: ``tastes_differ_by``, ``first_price`` and ``last_price`` of ours, and ``last_profit`` (ours, a
        year, when the last word is spoken).

    Examples
    --------
    >>> worth = pd.DataFrame({"value": [20.0] * 4, "budget": [30.0] * 4})
    >>> price_wars(worth, 10.0, 16.0, [0.3, 3.0], 100)["last_price"].round().tolist()
    [11.0, 16.0]
    """
    rows = []
    for blur in blurs:
        war = price_war(truth, unit_cost, rival_price, blur=blur, rounds=rounds)
        ours = war[war["who"] == "we"]
        last = ours.iloc[-1]
        profit = float(price_profit(last["price"], last["share"], unit_cost, buyers))
        rows.append((blur, ours["price"].iloc[0], last["price"], profit))
    return pd.DataFrame(
        rows, columns=["tastes_differ_by", "first_price", "last_price", "last_profit"]
    )


def markup_by_cost(
    truth: pd.DataFrame, costs: Sequence[float], prices: Sequence[float], markup: float = 0.30
) -> pd.DataFrame:
    """Test a fixed markup: what part of the best profit it brings, at several costs.

    Parameters
    ----------
    truth
        ``value`` and ``budget`` of each customer.
    costs
        Costs of a set to try, in the company's currency.
    prices
        Prices among which the best is sought; those below a cost are left out for it.
    markup
        Share of the cost that is added to it.

    Returns
    -------
    DataFrame
        ``cost``, ``cost_plus``, ``best_price``, ``share_of_best`` (profit at the first price divided by the profit at
        the second).

    Raises
    ------
    CrmkitError
        No price among `prices` that earns anything at a cost.

    Examples
    --------
    >>> worth = pd.DataFrame({"value": [20.0, 30.0], "budget": [40.0, 40.0]})
    >>> markup_by_cost(worth, [10.0], range(10, 41)).to_dict("records")
    [{'cost': 10.0, 'cost_plus': 13.0, 'best_price': 20.0, 'share_of_best': 0.3}]
    """
    grid = need_numbers(list(prices), "prices to try", minimum=0)
    rows = []
    for cost in costs:
        above = grid[grid >= cost]
        earned = price_profit(above, true_share(truth, above), cost, 1)
        if not above.size or earned.max() <= 0:
            raise CrmkitError(f"markup_by_cost: no price earns anything at a cost of {cost:.2f}.")
        plus = cost_plus_price(cost, markup)
        reached = float(price_profit(plus, true_share(truth, plus), cost, 1))
        rows.append((cost, plus, above[earned.argmax()], reached / earned.max()))
    return pd.DataFrame(rows, columns=["cost", "cost_plus", "best_price", "share_of_best"])
