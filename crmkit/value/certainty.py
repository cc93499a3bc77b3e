"""How sure a list of the best customers is: what would change if chance had dealt the orders once more.

Business context: a tier is cut somewhere, and the customers on both sides of the cut differ by little. One large order
more or less moves a customer across it. Before a firm treats the two sides differently, it should know how many of its
names are there by luck.

The customers stay the same; what they bring is drawn again. Orders that arrive at random make a customer's margin a
compound Poisson sum, and its variance is estimated by the sum of the squared amounts: each row is counted 0, 1, 2, ...
times, Poisson with mean 1 (the Poisson bootstrap; Hanley & MacGibbon 2006, Computer Methods and Programs in Biomedicine
83). Places in a ranking are then read off each draw (Goldstein & Spiegelhalter 1996, JRSS A 159; Hall & Miller 2009,
Annals of Statistics 37).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmkit.inputs import generator, need_columns, need_count, need_share
from crmkit.later import later
from crmkit.value.concentration import customer_profit

stats = later("scipy.stats")

#: Who is on the list in this share of the draws is sure of the place.
SURE = 0.95


def list_certainty(
    orders: pd.DataFrame,
    cost_to_serve: pd.DataFrame | None = None,
    customers: pd.DataFrame | None = None,
    *,
    top: int,
    sure: float = SURE,
    draws: int = 200,
    seed: int | np.random.Generator = 0,
) -> pd.DataFrame:
    """Draw the orders and costs of every customer again, and see who is among the best by profit all the same.

    What it cannot know: who stands at the top has, on average, had good luck already (regression to the mean), and
    nothing that changes the customers themselves is in it. In simulated companies, 92 to 95 % of those who were on the
    list in 95 % of the draws stood on the list of an independent second time (docs/statistics.md).

    Parameters
    ----------
    orders, cost_to_serve, customers
        As for :func:`~crmkit.value.concentration.customer_profit`.
    top
        Length of the list.
    sure
        Share of the draws that counts as sure, for ``safe_from``.
    draws
        How often the orders are drawn.
    seed
        Whole number or generator.

    Returns
    -------
    DataFrame
        Index ``customer_id``, best first: ``profit``, ``place`` (1 is best), ``on_list`` (bool), ``share_of_draws`` (0
        to 1: in how many of the draws on the list), ``safe_from`` (length of the shortest list on which the customer
        is in the share `sure` of the draws). Equals share their places; those tied for the last place of
        the list are all on it.

    Raises
    ------
    CrmkitError
        As :func:`~crmkit.value.concentration.customer_profit`; a `top` that is not between 1 and the number of
        customers; a `sure` outside 0 to 1.

    Examples
    --------
    >>> orders = pd.DataFrame({"customer_id": [1] * 60 + [2], "turnover": 5.0, "margin": [1.0] * 60 + [61.0]})
    >>> found = list_certainty(orders, top=1)
    >>> bool(0.3 < found.loc[2, "share_of_draws"] < 0.7)  # one large order: there or not
    True
    """
    people = customer_profit(orders, cost_to_serve, customers).set_index("customer_id")
    need_count(top, "top, the length of the list,", len(people))
    need_share(sure, "sure")
    need_count(draws, "draws")
    rng = generator(seed)
    flows = [_amounts(orders, "margin", people.index)]
    if cost_to_serve is not None:
        rows, cost = _amounts(cost_to_serve, "cost", people.index)
        flows.append((rows, -cost))
    places = np.empty((draws, len(people)))
    for draw in range(draws):
        profit = np.zeros(len(people))
        for rows, amounts in flows:
            profit += np.bincount(rows, amounts * rng.poisson(1.0, len(amounts)), len(people))
        places[draw] = _places(profit)
    own = _places(people["profit"].to_numpy())
    table = pd.DataFrame(
        {
            "profit": people["profit"],
            "place": own,
            "on_list": own <= top,
            "share_of_draws": (places <= top).mean(axis=0),
            "safe_from": np.quantile(places, sure, axis=0, method="inverted_cdf").astype(int),
        },
        index=people.index,
    )
    return table.sort_values("place", kind="stable")


def names_again(certainty: pd.DataFrame, top: int) -> float:
    """Give the share of a list's names that a second such list, drawn independently, is expected to hold again.

    A customer who is on the list in a share p of the draws is on both of two lists with probability p times p. The mean
    of ``share_of_draws`` over those on the list would be too high: their luck is already in the first list.

    Parameters
    ----------
    certainty
        As :func:`list_certainty` gives.
    top
        Length of the list.

    Returns
    -------
    float
        0 to 1.

    Raises
    ------
    CrmkitError
        The column ``share_of_draws`` is missing, or `top` is not between 1 and the number of customers.

    Examples
    --------
    >>> names_again(pd.DataFrame({"share_of_draws": [1.0, 0.5, 0.5]}), top=2)
    0.75
    """
    need_columns(certainty, ["share_of_draws"], "certainty")
    need_count(top, "top, the length of the list,", len(certainty))
    return float((certainty["share_of_draws"] ** 2).sum() / top)


def _amounts(table: pd.DataFrame, column: str, ids: pd.Index) -> tuple[np.ndarray, np.ndarray]:
    """Give whose each row is, as a position in `ids`, and its amount."""
    return ids.get_indexer(table["customer_id"]), table[column].to_numpy(dtype=float)


def _places(profit: np.ndarray) -> np.ndarray:
    """Give each customer's place, best first; equals have the best of the places that they fill."""
    # Sums that differ by arithmetic only are equal.
    return stats.rankdata(-np.round(profit, 6), method="min").astype(int)
