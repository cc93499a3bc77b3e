"""Who matters, and not only for their money: rankings, their combination, and what the weights decide.

Business context: a customer who writes reviews, brings friends and helps others may be worth more than their own
orders show. Two rankings are made (by turnover, by non-money value) and combined with weights that are there
to be seen. Nobody
knows the right weights; so one asks which names stay on the list whatever the weights are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inputs import (
    first_few,
    generator,
    need_column,
    need_columns,
    need_count,
    need_known,
    need_numbers,
    same_steps,
)


def percentile_score(values: object) -> pd.Series:
    """Turn values into scores from 0 to 100: the share of the customers that one stands above, ties counted half.

    Pounds and reviews cannot be added; places can. Customers with the same value get the same score.

    Parameters
    ----------
    values
        One number per customer; more is better.

    Returns
    -------
    Series
        0 to 100, on the index of `values`. 50 is the middle.

    Raises
    ------
    CrmkitError
        No rows, or a value is missing.

    Examples
    --------
    >>> percentile_score([5, 1, 1, 100]).tolist()
    [62.5, 25.0, 25.0, 87.5]
    """
    series = need_column(values, "values")
    need_numbers(series, "values")
    ranks = pd.Series(same_steps(series, "values")[1], index=series.index).rank(method="average")
    return (ranks - 0.5) / len(series) * 100


def weighted_score(frame: pd.DataFrame, weights: Mapping[str, float]) -> pd.Series:
    """Combine several measures into one score: the weighted mean of their percentile scores.

    Parameters
    ----------
    frame
        One row per customer, one column per measure; more is better.
    weights
        Weight per column, 0 or more; they need not add up to 1.

    Returns
    -------
    Series
        0 to 100, on the index of `frame`.

    Raises
    ------
    CrmkitError
        A column is missing, a weight is negative, or all weights are zero.

    Examples
    --------
    >>> people = pd.DataFrame({"turnover": [100, 50, 10], "referrals": [0, 0, 3]}, index=["Ann", "Bo", "Cy"])
    >>> weighted_score(people, {"turnover": 1, "referrals": 1}).round(1).to_dict()
    {'Ann': 58.3, 'Bo': 41.7, 'Cy': 50.0}
    """
    need_columns(frame, list(weights), "frame")
    parts = _weights(weights)
    scores = _percentiles(frame, list(weights))
    return pd.Series(scores @ parts, index=frame.index, name="score")


def ranking(
    frame: pd.DataFrame, weights: Mapping[str, float], top: int | None = None
) -> pd.DataFrame:
    """Rank customers by one measure or by several, best first, with every part of the score in sight.

    Parameters
    ----------
    frame
        One row per customer: a column per measure; ``customer_id``, if there, comes along.
    weights
        Weight per column.
    top
        How many rows; all if left out. Customers tied with the last one come along too.

    Returns
    -------
    DataFrame
        ``rank`` (1 is best; equals share a rank), ``customer_id`` (if there), ``score`` (0 to 100), the
        measures, and for each
        ``<measure>_score`` (0 to 100).

    Raises
    ------
    CrmkitError
        As :func:`weighted_score`.

    Examples
    --------
    >>> people = pd.DataFrame({"customer_id": [1, 2, 3], "turnover": [100, 50, 50], "referrals": [0, 0, 0]})
    >>> ranking(people, {"turnover": 1})[["rank", "customer_id", "turnover_score"]]
       rank  customer_id  turnover_score
    0     1            1       83.333333
    1     2            2       33.333333
    2     2            3       33.333333
    """
    score = weighted_score(frame, weights)
    table = pd.DataFrame(
        {"rank": score.rank(ascending=False, method="min").astype(int)}, index=frame.index
    )
    if "customer_id" in frame:
        table["customer_id"] = frame["customer_id"]
    table["score"] = score
    for column in weights:
        table[column] = frame[column]
        table[f"{column}_score"] = percentile_score(frame[column])
    table = table.sort_values(["rank"], kind="stable")
    return table if top is None else table[table["rank"] <= top]


def weight_sensitivity(
    frame: pd.DataFrame,
    first: Mapping[str, float],
    second: Mapping[str, float],
    top: int,
    shares: Sequence[float] = tuple(np.linspace(0, 1, 11)),
) -> pd.DataFrame:
    """Move weight step by step from one ranking to another, and see how the top list changes.

    Parameters
    ----------
    frame
        One row per customer.
    first, second
        Weights of the two rankings, such as ``{"turnover": 1}`` and ``{"referrals": 2, "reviews": 1}``.
    top
        Length of the list.
    shares
        Weight of `second` at each step, 0 to 1; `first` has the rest.

    Returns
    -------
    DataFrame
        One row per step: ``second_share``, ``still_of_first`` (customers on the list who are also on the list
        by `first`
        alone), ``still_of_second``.

    Raises
    ------
    CrmkitError
        As :func:`weighted_score`; a `top` that is not between 1 and the number of customers; a share outside 0 to 1.

    Examples
    --------
    >>> people = pd.DataFrame({"turnover": [9, 8, 1, 2], "referrals": [0, 1, 5, 4]})
    >>> weight_sensitivity(people, {"turnover": 1}, {"referrals": 1}, top=2, shares=[0, 1])["still_of_first"].tolist()
    [2, 0]
    """
    _top(top, len(frame))
    if not all(0 <= share <= 1 for share in shares):
        raise CrmkitError(
            f"shares lie between 0 and 1 (half of the weight is 0.5), not {shares!r}."
        )
    one, two = weighted_score(frame, first), weighted_score(frame, second)
    start, goal = set(top_list(one, top)), set(top_list(two, top))
    rows = []
    for share in shares:
        names = set(top_list((1 - share) * one + share * two, top))
        rows.append(
            {
                "second_share": share,
                "still_of_first": len(names & start),
                "still_of_second": len(names & goal),
            }
        )
    return pd.DataFrame(rows)


def top_list(score: pd.Series, top: int) -> pd.Index:
    """Give the index of the `top` best; of those tied for the last place, the first in the table has it.

    Parameters
    ----------
    score
        One number per customer.
    top
        How many.

    Returns
    -------
    Index
        Best first, exactly `top` of them.

    Examples
    --------
    >>> top_list(pd.Series({"a": 1.0, "b": 3.0, "c": 3.0}), 2).tolist()
    ['b', 'c']
    """
    _top(top, len(score))
    return score.index[np.argsort(-same_steps(score, "score")[1], kind="stable")[:top]]


def list_stability(
    frame: pd.DataFrame,
    weights: Mapping[str, float],
    top: int,
    *,
    draws: int = 500,
    seed: int | np.random.Generator = 0,
) -> pd.DataFrame:
    """Draw the weights again many times around those chosen, and see who is on the list all the same.

    Who is there in nearly all draws belongs there; who is there in half of them is there by accident of
    weights. Weights are drawn from a Dirichlet distribution about the chosen ones (three times as concentrated as an
    even one), so that
    each is plausible for somebody with the same priorities.

    Parameters
    ----------
    frame
        One row per customer.
    weights
        The weights chosen.
    top
        Length of the list.
    draws
        How many sets of weights.
    seed
        Whole number or generator.

    Returns
    -------
    DataFrame
        On the index of `frame`, best first: ``score`` (by the chosen weights), ``on_list`` (bool, by the
        chosen weights), ``share_of_draws``
        (0 to 1: in how many of the draws on the list). Equals are treated alike whatever their row: those tied for
        the last places are all on the list by the chosen weights, and in a draw they share these places.

    Raises
    ------
    CrmkitError
        As :func:`weight_sensitivity`.

    Examples
    --------
    >>> people = pd.DataFrame({"turnover": [9, 8, 1, 2], "referrals": [5, 1, 4, 3]}, index=list("abcd"))
    >>> list_stability(people, {"turnover": 1, "referrals": 1}, top=1).loc["a", "share_of_draws"]
    np.float64(1.0)
    """
    need_columns(frame, list(weights), "frame")
    _top(top, len(frame))
    parts = _weights(weights)
    scores = _percentiles(frame, list(weights))
    chosen = scores @ parts
    drawn = generator(seed).dirichlet(np.maximum(parts * 3 * len(parts), 1e-3), draws)
    share = _places_on_list(scores @ drawn.T, top).mean(axis=1)
    on_list = _places_on_list(chosen[:, None], top)[:, 0] > 0
    table = pd.DataFrame(
        {"score": chosen, "on_list": on_list, "share_of_draws": share}, index=frame.index
    )
    return table.sort_values("score", ascending=False, kind="stable")


def engagement_summary(
    engagement: pd.DataFrame, customers: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Add up what customers do besides buying, over all years: log-ins, reviews, referrals, help given.

    Parameters
    ----------
    engagement
        Any number of rows per customer: ``customer_id`` and columns of counts; ``year`` is left out.
    customers
        A table with ``customer_id``: these appear even without a row, with zeros.

    Returns
    -------
    DataFrame
        One row per customer, sorted by ``customer_id``, with the sums.

    Raises
    ------
    CrmkitError
        A column is missing, a row has no customer, or a count is missing or negative.

    Examples
    --------
    >>> seen = pd.DataFrame({"customer_id": [1, 1], "year": [2024, 2025], "referrals": [1, 2]})
    >>> engagement_summary(seen, pd.DataFrame({"customer_id": [1, 7]}))
       customer_id  referrals
    0            1          3
    1            7          0
    """
    need_columns(engagement, ["customer_id"], "engagement")
    need_known(engagement["customer_id"], "engagement, column customer_id")
    counts = [c for c in engagement.columns if c not in ("customer_id", "year")]
    if not counts:
        raise CrmkitError(
            "engagement: there is no column beside customer_id and year, so nothing to add up."
        )
    for column in counts:
        need_numbers(engagement[column], f"engagement, column {column}", minimum=0, empty=True)
    sums = engagement.groupby("customer_id")[counts].sum()
    if customers is not None:
        need_columns(customers, ["customer_id"], "customers")
        sums = sums.reindex(
            sums.index.union(pd.Index(customers["customer_id"].unique())), fill_value=0
        )
    return sums.rename_axis("customer_id").reset_index()


def _places_on_list(scores: np.ndarray, top: int) -> np.ndarray:
    """Give each row's places (0 to 1) on the list of the `top` best of each column; those tied for the last share."""
    scores = scores.round(9)  # sums that differ by arithmetic only are equal
    last = -np.partition(-scores, top - 1, axis=0)[top - 1]
    above, tied = scores > last, scores == last
    return above + tied * ((top - above.sum(axis=0)) / tied.sum(axis=0))


def _percentiles(frame: pd.DataFrame, columns: list[str]) -> np.ndarray:
    return np.column_stack([percentile_score(frame[column]) for column in columns])


def _weights(weights: Mapping[str, float]) -> np.ndarray:
    parts = need_numbers(pd.Series(dict(weights)), "weights", minimum=0)
    if parts.sum() == 0:
        raise CrmkitError(f"weights: all are zero ({first_few(weights)}). At least one must count.")
    return parts / parts.sum()


def _top(top: int, n: int) -> None:
    need_count(top, "top, the length of the list,", n)
