"""A company whose customers do exactly what the models of lifetime value suppose, with the truth beside it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inputs import generator
from crmkit.value.beta_geo import BetaGeoModel
from crmkit.value.fitting import days_per
from crmkit.value.gamma_gamma import GammaGammaModel


def simulate_orders(
    params: dict[str, float] | pd.Series,
    value_params: dict[str, float] | pd.Series | None = None,
    *,
    customers: int = 1000,
    start: str = "2023-01-01",
    joined_until: str | None = None,
    end: str = "2025-12-31",
    unit: str = "W",
    leave_at_first: bool = False,
    seed: int | np.random.Generator = 0,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Make a company whose customers do exactly what the models suppose, and say what nobody could see.

    Parameters
    ----------
    params
        ``r``, ``alpha``, ``a``, ``b``; the time unit of alpha is `unit`.
    value_params
        ``p``, ``q``, ``gamma``: money per order. Left out, every order is 1.
    customers
        How many.
    start, joined_until, end
        First purchases fall evenly between the first two; the observation ends with the third. `joined_until`
        left out: all start on `start`.
    unit
        Time unit of the parameters.
    leave_at_first
        Customers may leave after their first purchase too (the story of MBG/NBD).
    seed
        Whole number or generator.

    Returns
    -------
    orders : DataFrame
        ``customer_id``, ``order_date`` (a day), ``turnover``.
    truth : DataFrame
        One row per customer: ``customer_id``, ``rate`` (purchases per `unit`), ``leaving`` (probability after
        a repeat purchase),
        ``alive`` (at the end), ``mean_value`` (money per order).

    Raises
    ------
    CrmkitError
        Wrong parameters or dates.

    Examples
    --------
    >>> orders, truth = simulate_orders({"r": 0.5, "alpha": 8.0, "a": 0.8, "b": 2.4}, customers=100, seed=1)
    >>> len(truth), orders["customer_id"].nunique()
    (100, 100)
    """
    rng = generator(seed)
    model = BetaGeoModel.from_params(dict(params), unit=unit)
    r, alpha, a, b = model._fitted
    per = days_per(unit)
    begin, finish = pd.Timestamp(start), pd.Timestamp(end)
    last_start = begin if joined_until is None else pd.Timestamp(joined_until)
    if not begin <= last_start <= finish:
        raise CrmkitError(
            f"The days must follow each other: start {start}, joined_until {joined_until}, end {end}."
        )
    rate = rng.gamma(r, 1 / alpha, customers)
    leaving = rng.beta(a, b, customers)
    moment = rng.integers(0, (last_start - begin).days + 1, customers).astype(float)
    length = float((finish - begin).days)
    who, when = [np.arange(customers)], [moment.copy()]
    alive = np.ones(customers, dtype=bool)
    going = np.arange(customers)
    if leave_at_first:
        alive = rng.random(customers) >= leaving
        going = np.flatnonzero(alive)
    while len(going):
        moment[going] += rng.exponential(1 / np.maximum(rate[going], 1e-12)) * per
        going = going[moment[going] <= length]
        who.append(going)
        when.append(moment[going].copy())
        gone = rng.random(len(going)) < leaving[going]
        alive[going[gone]] = False
        going = going[~gone]
    customer = np.concatenate(who)
    day = np.floor(np.concatenate(when))
    mean_value = np.ones(customers)
    spent = np.ones(len(customer))
    if value_params is not None:
        p, q, gamma = GammaGammaModel.from_params(dict(value_params))._fitted
        nu = rng.gamma(q, 1 / gamma, customers)
        mean_value = p / nu
        spent = np.maximum(np.round(rng.gamma(p, 1 / nu[customer]), 2), 0.01)
    orders = pd.DataFrame(
        {
            "customer_id": customer + 1,
            "order_date": begin + pd.to_timedelta(day, unit="D"),
            "turnover": spent,
        }
    )
    orders = orders.sort_values(["order_date", "customer_id"], kind="stable").reset_index(drop=True)
    truth = pd.DataFrame(
        {
            "customer_id": np.arange(customers) + 1,
            "rate": rate,
            "leaving": leaving,
            "alive": alive,
            "mean_value": mean_value,
        }
    )
    return orders, truth


#: Three kinds of trade: how customers of each differ in how often they buy and when they leave (`simulate_orders`), and
#: in how much they spend.
_TRADES: dict[str, tuple[dict[str, float], dict[str, float]]] = {
    "subscription": (
        {"r": 8, "alpha": 32, "a": 0.5, "b": 8},
        {"p": 30, "q": 20, "gamma": 20},
    ),
    "corner shop": ({"r": 0.9, "alpha": 5, "a": 0.8, "b": 6}, {"p": 4, "q": 5, "gamma": 20}),
    "trade supplier": ({"r": 0.3, "alpha": 4, "a": 0.8, "b": 12}, {"p": 2, "q": 1.3, "gamma": 60}),
}


def three_trades(customers: int = 2000, seed: int = 20) -> dict[str, pd.Series]:
    """Simulate the turnover of each customer of three firms whose customers differ little, somewhat, and greatly.

    Parameters
    ----------
    customers
        How many each firm has.
    seed
        Whole number.

    Returns
    -------
    dict of str to Series
        "subscription" (everyone pays about the same), "corner shop", "trade supplier" (a few giants): turnover by
        ``customer_id``, over three years, in money without a currency.

    Examples
    --------
    >>> from crmkit.value.concentration import compare_firms
    >>> compare_firms(three_trades(500))["top_share"].round(1).tolist()
    [0.5, 0.6, 0.8]
    """
    found = {}
    for name, (how_often, how_much) in _TRADES.items():
        orders, _ = simulate_orders(how_often, how_much, customers=customers, seed=seed)
        found[name] = orders.groupby("customer_id")["turnover"].sum()
    return found


def future_purchases(
    rate: np.ndarray,
    leaving: np.ndarray,
    alive: np.ndarray,
    ahead: float,
    seed: int | np.random.Generator,
) -> np.ndarray:
    """Count the purchases of simulated customers within `ahead`: one future each."""
    rng = np.random.default_rng(seed)
    count = np.zeros(len(rate), dtype=int)
    moment = np.zeros(len(rate))
    going = np.flatnonzero(alive)
    while len(going):
        moment[going] += rng.exponential(1 / np.maximum(rate[going], 1e-12))
        going = going[moment[going] <= ahead]
        count[going] += 1
        going = going[rng.random(len(going)) >= leaving[going]]
    return count
