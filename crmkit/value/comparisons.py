"""Comparisons that deceive: the best against the worst of many groups, and the active against the others.

A gap between the best and the worst of several groups is never zero: somebody is always first, and somebody last. What
picking alone does is seen by dealing the groups again (permutation test; Fisher 1935, The Design of Experiments).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inference import mean_interval
from crmkit.inputs import generator, need_count, need_known, need_numbers


def widest_gap(
    values: object,
    groups: object,
    *,
    draws: int = 500,
    seed: int | np.random.Generator = 0,
) -> pd.Series:
    """Compare the gap between the best and the worst group's mean with the gaps that chance makes.

    Parameters
    ----------
    values
        One number per customer.
    groups
        The group of each customer, on the same rows.
    draws
        How often the groups are dealt again, like a pack of cards: each keeps its size.
    seed
        Whole number or generator.

    Returns
    -------
    Series
        ``best``, ``worst`` (names of groups), ``gap`` (difference of their means, unit of `values`), ``by_chance``
        (median gap of the deals), ``as_large`` (share of the deals with a gap at least as large, the data's own
        counted in: Phipson & Smyth 2010).

    Raises
    ------
    CrmkitError
        Lengths differ, a value or a group is missing, or there are fewer than two groups.

    Examples
    --------
    >>> found = widest_gap([1.0, 2.0, 9.0, 10.0], ["a", "a", "b", "b"], draws=200)
    >>> found["best"], found["gap"], bool(found["as_large"] > 0.2)
    ('b', 8.0, True)
    """
    numbers = need_numbers(values, "values")
    named = need_known(pd.Series(np.asarray(groups, dtype=object)), "groups")
    if len(named) != len(numbers):
        raise CrmkitError(
            f"groups: {len(named)} for {len(numbers)} values. One for each is needed."
        )
    need_count(draws, "draws")
    codes, names = pd.factorize(named, sort=True)
    if len(names) < 2:
        raise CrmkitError(f"groups: at least two are needed, not {len(names)}.")
    sizes = np.bincount(codes)

    def means(of: np.ndarray) -> np.ndarray:
        return np.bincount(of, numbers) / sizes

    own = means(codes)
    rng = generator(seed)
    dealt = np.array([np.ptp(means(rng.permutation(codes))) for _ in range(draws)])
    gap = float(np.ptp(own))
    return pd.Series(
        {
            "best": names[own.argmax()],
            "worst": names[own.argmin()],
            "gap": gap,
            "by_chance": float(np.median(dealt)),
            "as_large": float((1 + np.sum(dealt >= gap - 1e-9)) / (1 + draws)),
        },
        dtype=object,
    )


def matched_gaps(
    outcome: pd.Series, score: pd.Series, past: pd.Series, groups: Sequence[int] = (4, 20, 100)
) -> pd.DataFrame:
    """Compare those with a high and a low score among customers with about the same past.

    Customers are lined up by `past` and cut into groups of equal size. Within each group those above the group's median
    score are compared with the others. The more groups, the more alike are those compared.

    Parameters
    ----------
    outcome
        What came after, one number per customer.
    score
        What is held to predict it.
    past
        What should be alike. All three on the same rows.
    groups
        Numbers of groups to try.

    Returns
    -------
    DataFrame
        Index ``groups``: ``past_gap`` (by how much the `past` of the two halves still differs), ``gap`` (difference of
        `outcome`, mean over the groups) with ``low`` and ``high`` (Student 1908 over the groups, 95 %).

    Raises
    ------
    CrmkitError
        A value is missing, or there are more groups than a quarter of the customers.

    Examples
    --------
    >>> past = pd.Series(range(40), dtype=float)
    >>> score = pd.Series([0, 1] * 20)
    >>> matched_gaps(past + 3 * score, score, past, groups=[4])["gap"].tolist()
    [4.0]
    """
    frame = pd.DataFrame(
        {
            "outcome": need_numbers(outcome, "outcome"),
            "score": need_numbers(score, "score"),
            "past": need_numbers(past, "past"),
        }
    )
    place = frame["past"].rank(method="first")
    rows = {}
    for count in groups:
        need_count(count, "groups", len(frame) // 4)  # two in each half
        group = pd.qcut(place, count, labels=False)
        high = frame["score"] > frame["score"].groupby(group).transform("median")
        means = frame.groupby([group, high])[["outcome", "past"]].mean().unstack()
        gaps = means.xs(True, axis=1, level=1) - means.xs(False, axis=1, level=1)
        found = mean_interval(gaps["outcome"].dropna())
        rows[count] = {
            "past_gap": gaps["past"].mean(),
            "gap": found.estimate,
            "low": found.low,
            "high": found.high,
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("groups")
