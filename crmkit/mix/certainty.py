"""How sure a measured house is: its importance, and the offer that follows from it, with customers drawn again.

Prototypes and needs come from a sample of customers. Another sample would have given other effects, other weights, and
perhaps another offer. The cluster bootstrap shows how far apart they would be: customers are drawn with replacement,
each with all of their marks and needs, and the house is built again each time.

Source: Field & Welsh 2007, "Bootstrapping clustered data", Journal of the Royal Statistical Society B 69(3).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inference import bootstrap_draws, cluster_numbers, percentile_interval
from crmkit.inputs import first_few, need_numbers, need_rows, need_unique
from crmkit.mix.house import (
    design_and_scale,
    offer_from_importance,
    to_9_3_1,
)

#: Customers from which on the interval of importance holds (docs/statistics.md): with 40 it holds 88 % and not 95 %.
FEWEST = 100


def lever_certainty(
    prototypes: pd.DataFrame,
    needs: pd.DataFrame,
    levers: Sequence[str],
    *,
    draws: int = 400,
    level: float = 0.95,
    seed: int = 13,
) -> pd.DataFrame:
    """Say how sure the importance of levers is, and how often each would come first.

    Parameters
    ----------
    prototypes
        One row per rated prototype: ``customer_id``, one column per lever, ``meets_<need>`` for each need.
    needs
        One row per customer and need: ``customer_id``, ``need``, ``weight``.
    levers
        Names.
    draws, seed
        How often customers are drawn again, and the seed that draws them.
    level
        Of the interval.

    Returns
    -------
    DataFrame
        One row per lever, the most important first: ``lever``, ``share`` (of the importance of all levers), ``low``,
        ``high``, ``first`` (share of the draws in which this lever is the most important). No interval (NaN) below 100
        customers: there the draws spread too little.

    Raises
    ------
    CrmkitError
        A customer who rated prototypes and has no weights, or what :func:`crmkit.mix.estimate_effects` refuses.

    Examples
    --------
    >>> tried = pd.DataFrame({"customer_id": [1, 2, 3, 4, 5], "staff": [1, 2, 3, 4, 5], "kit": [2, 5, 1, 3, 4],
    ...                       "meets_advice": [2, 4, 5, 8, 9]})
    >>> weights = pd.DataFrame({"customer_id": [1, 2, 3, 4, 5], "need": "advice", "weight": 1.0})
    >>> lever_certainty(tried, weights, ["staff", "kit"], draws=20)["lever"].tolist()
    ['staff', 'kit']
    """
    sample = _Sample(prototypes, needs, levers)

    def shares(people: np.ndarray) -> np.ndarray:
        # What lever_importance computes, without a table for every draw.
        effects, weights = sample.effects(people)
        gain = (weights @ effects).clip(min=0)
        return gain / gain.sum() if gain.sum() > 0 else gain

    drawn = bootstrap_draws(shares, range(sample.size), draws=draws, seed=seed)
    low, high = percentile_interval(drawn, level=level)
    if sample.size < FEWEST:
        low, high = np.full((2, len(levers)), np.nan)
    first = np.bincount(drawn.argmax(axis=1), minlength=len(levers)) / len(drawn)
    out = pd.DataFrame(
        {
            "lever": list(levers),
            "share": shares(np.arange(sample.size)),
            "low": low,
            "high": high,
            "first": first,
        }
    )
    return out.sort_values("share", ascending=False, ignore_index=True, kind="stable")


def offer_certainty(
    prototypes: pd.DataFrame,
    needs: pd.DataFrame,
    levers: pd.DataFrame,
    budget: float,
    *,
    draws: int = 100,
    seed: int = 13,
) -> pd.DataFrame:
    """Build the offer of the measured house from many draws of customers, and count the different ones.

    The house is measured, rounded to 9, 3 and 1, and turned into an offer by
    :func:`crmkit.mix.offer_from_importance`, in every draw.

    Parameters
    ----------
    prototypes, needs
        As for :func:`lever_certainty`.
    levers
        ``lever``, ``step_fixed_cost`` (money a year).
    budget
        Money a year.
    draws, seed
        How often customers are drawn again, and the seed that draws them.

    Returns
    -------
    DataFrame
        One row per different offer, the most frequent first: the levers with their levels, and ``share_of_draws``.

    Examples
    --------
    >>> tried = pd.DataFrame({"customer_id": [1, 2, 3, 4, 5], "staff": [1, 2, 3, 4, 5], "kit": [2, 5, 1, 3, 4],
    ...                       "meets_advice": [2, 4, 5, 8, 9]})
    >>> weights = pd.DataFrame({"customer_id": [1, 2, 3, 4, 5], "need": "advice", "weight": 1.0})
    >>> cost = pd.DataFrame({"lever": ["staff", "kit"], "step_fixed_cost": [100, 50]})
    >>> offer_certainty(tried, weights, cost, 400, draws=20)["share_of_draws"].sum().item()
    1.0
    """
    need_rows(levers, ["lever", "step_fixed_cost"], "levers")
    names = list(levers["lever"])
    sample = _Sample(prototypes, needs, names)
    own = [lever for lever in names if lever != "low_price"]

    def offer(people: np.ndarray) -> np.ndarray:
        effects, means = sample.effects(people)
        house = to_9_3_1(pd.DataFrame(effects, index=sample.needs, columns=names))
        weights = pd.Series(means, index=sample.needs)
        return offer_from_importance(house, weights, levers, budget)[own].to_numpy()

    drawn = bootstrap_draws(offer, range(sample.size), draws=draws, seed=seed)
    frame = pd.DataFrame(drawn.astype(int), columns=own)
    counted = frame.value_counts(normalize=True).rename("share_of_draws").reset_index()
    order = ["share_of_draws", *own]
    return counted.sort_values(order, ascending=False, ignore_index=True, kind="stable")


class _Sample:
    """Customers with their marks and needs, added up once each, so that a draw costs little."""

    def __init__(
        self, prototypes: pd.DataFrame, needs: pd.DataFrame, levers: Sequence[str]
    ) -> None:
        need_rows(needs, ["customer_id", "need", "weight"], "needs")
        need_rows(prototypes, ["customer_id"], "prototypes")
        need_unique(needs, ["customer_id", "need"], "needs")
        need_numbers(needs["weight"], "needs, weight", minimum=0)
        self.needs = list(needs["need"].drop_duplicates())
        design, scale = design_and_scale(prototypes, self.needs, levers)
        who, self.size = cluster_numbers(prototypes["customer_id"], len(prototypes))
        ids = prototypes["customer_id"].groupby(who).first()
        wide = needs.pivot(index="customer_id", columns="need", values="weight")[self.needs]
        gone = ids[~ids.isin(wide.dropna().index)]
        if len(gone):
            raise CrmkitError(
                f"needs: {len(gone)} customers who rated prototypes lack the weight of some need, first customer "
                f"{first_few(gone)}."
            )
        self.weights = wide.loc[ids].to_numpy()
        squares = np.einsum("ni,nj->nij", design, design)
        products = np.einsum("ni,nj->nij", design, scale)
        self.squares = np.zeros((self.size, *squares.shape[1:]))
        self.products = np.zeros((self.size, *products.shape[1:]))
        np.add.at(self.squares, who, squares)
        np.add.at(self.products, who, products)

    def effects(self, people: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Give the effects (needs x levers) and the mean weights of these people (a person as often as drawn)."""
        # lstsq and not solve: in a tiny sample a draw may hold too few different prototypes.
        beta = np.linalg.lstsq(
            self.squares[people].sum(axis=0), self.products[people].sum(axis=0), rcond=None
        )[0]
        return beta[1:].T, self.weights[people].mean(axis=0)
