"""What customers say of us, who says it, and whether those who say it stay.

Problem
    A survey says that customers are satisfied. But many did not answer, and satisfied customers leave all the same.

Sources
    Reichheld (2003), The one number you need to grow, Harvard Business Review 81(12), for the net promoter score; Rocks
    (2016), Interval estimation for the Net Promoter Score, The American Statistician 70(4), 365-372, compares its
    intervals; Bonett & Price (2012), J. Educ. Behav. Stat. 37(4), 479-488, for the adjusted Wald interval of a
    difference of two shares of one sample; Cochran (1977), Sampling Techniques, 5A (strata weighted afterwards) and
    13.6 (a sample of the silent, after Hansen & Hurwitz 1946).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inference import critical_value, ratio_interval
from crmkit.inputs import (
    need_columns,
    need_count,
    need_known,
    need_numbers,
    need_rows,
    need_true_false,
    need_unique,
)
from crmkit.say import label, labels

# How a score was worked out, for readers of other languages.
labels("answers only", "weighted by what is known", "with calls to the silent")


def promoter_score(recommendation: object, *, level: float = 0.95) -> pd.Series:
    """Net promoter score: the share of 9 and 10 less the share of 0 to 6, with its interval.

    Parameters
    ----------
    recommendation
        Answers from 0 to 10, one for each person.
    level
        Share of samples in which the interval holds the truth.

    Returns
    -------
    Series
        ``people``, ``promoters`` and ``detractors`` (shares), ``score``, ``low``, ``high`` (points, -100 to 100).

    Raises
    ------
    CrmkitError
        No answer, a missing one, or one outside 0 to 10.

    Notes
    -----
    Adjusted Wald: one promoter and one detractor are added before the interval is computed (Bonett & Price 2012).
    It has width also where everybody answers alike.

    Examples
    --------
    >>> promoter_score([10, 9, 9, 8, 3])[["score", "low", "high"]].round(1).tolist()
    [40.0, -36.7, 93.8]
    """
    answers = _recommendation(recommendation)
    n = len(answers)
    up, down = int((answers >= 9).sum()), int((answers <= 6).sum())
    p, q = (up + 1) / (n + 2), (down + 1) / (n + 2)
    half = critical_value(level) * np.sqrt((p + q - (p - q) ** 2) / (n + 2))
    return pd.Series(
        {
            "people": n,
            "promoters": up / n,
            "detractors": down / n,
            "score": 100 * (up - down) / n,
            "low": 100 * max(p - q - half, -1.0),
            "high": 100 * min(p - q + half, 1.0),
        }
    )


def _recommendation(values: object) -> np.ndarray:
    numbers = need_numbers(values, "recommendation", minimum=0)
    if (numbers > 10).any():
        raise CrmkitError(
            f"recommendation: answers run from 0 to 10, and one is {numbers.max():g}. Is it another scale?"
        )
    return numbers


def promoter_ways(
    asked: pd.DataFrame,
    survey: pd.DataFrame,
    *,
    group: str,
    customer: str = "trader_id",
    level: float = 0.95,
) -> pd.DataFrame:
    """Give the net promoter score of those who answered, weighted, and with calls to some of the silent.

    Parameters
    ----------
    asked
        One row per person who was asked: `customer`, and `group`, known of everybody.
    survey
        One row per answer: `customer`, ``recommendation``, and ``way`` ("letter": answered; "call": was silent, and was
        drawn at random to be called). Without calls the third row is left out.
    group
        Column of `asked`: within a group, those who answered are taken to stand for the silent.
    customer
        Column that names a person.
    level
        Share of samples in which the intervals hold the truth.

    Returns
    -------
    DataFrame
        One row per way: ``way``, ``people`` (answers used), ``score``, ``low``, ``high`` (points).

    Raises
    ------
    CrmkitError
        Missing columns; somebody asked twice; an answer of somebody who was not asked; a group in which fewer than two
        answered.

    Notes
    -----
    The second way is right only if, within a group, answering has nothing to do with what would be answered. The third
    needs no such belief: chance chose who was called.

    Examples
    --------
    >>> asked = pd.DataFrame({"trader_id": range(8), "group": list("aaaabbbb")})
    >>> survey = pd.DataFrame({"trader_id": [0, 1, 2, 4, 5, 6, 7], "recommendation": [10, 9, 8, 10, 5, 0, 8],
    ...                        "way": ["letter"] * 5 + ["call"] * 2})
    >>> promoter_ways(asked, survey, group="group")["score"].round(1).tolist()
    [40.0, 33.3, 6.2]
    """
    need_unique(need_rows(asked, [customer, group], "asked"), [customer], "asked")
    need_known(asked[group], group)
    need_unique(
        need_rows(survey, [customer, "recommendation", "way"], "survey"), [customer], "survey"
    )
    strange = ~survey[customer].isin(asked[customer])
    if strange.any():
        raise CrmkitError(
            f"survey: {int(strange.sum())} answers come from nobody who was asked. Is it another quarter?"
        )
    answers = _recommendation(survey["recommendation"])
    value = np.where(answers >= 9, 1.0, np.where(answers <= 6, -1.0, 0.0))
    told = survey.assign(_value=value).merge(asked[[customer, group]], on=customer)
    letters, calls = told[told["way"] == "letter"], told[told["way"] == "call"]
    found = promoter_score(letters["recommendation"], level=level)
    rows = [("answers only", len(letters), found["score"], found["low"], found["high"])]
    share = asked[group].value_counts(normalize=True, sort=False)
    size = letters.groupby(group)["_value"].size().reindex(share.index, fill_value=0)
    if (size < 2).any():
        raise CrmkitError(
            f"{group}: of {size.idxmin()!r} fewer than two answered. Make fewer, larger groups."
        )
    by_group = letters.groupby(group)["_value"].agg(["mean", "var"]).reindex(share.index)
    z = critical_value(level)
    middle = float((share * by_group["mean"]).sum())
    error = np.sqrt(
        float((share**2 * by_group["var"] / size).sum()) + _between(by_group, share, len(asked))
    )
    rows.append(("weighted by what is known", len(letters), *_points(middle, z * error)))
    if len(calls) > 1:
        loud, n = len(letters) / len(asked), len(asked)
        first, second = letters["_value"], calls["_value"]
        middle = loud * first.mean() + (1 - loud) * second.mean()
        error = np.sqrt(
            loud**2 * first.var() / len(first)
            + (1 - loud) ** 2 * second.var() / len(second)
            + loud * (1 - loud) * (first.mean() - second.mean()) ** 2 / n
        )
        rows.append(("with calls to the silent", len(told), *_points(middle, z * error)))
    table = pd.DataFrame(rows, columns=["way", "people", "score", "low", "high"])
    table["way"] = [label(way) for way in table["way"]]
    return table


def _between(by_group: pd.DataFrame, share: pd.Series, asked: int) -> float:
    """Variance that comes from the sizes of the groups, which chance made."""
    mean = by_group["mean"]
    return float((share * (mean - (share * mean).sum()) ** 2).sum() / asked)


def _points(middle: float, half: float) -> tuple[float, float, float]:
    return 100 * middle, 100 * max(middle - half, -1.0), 100 * min(middle + half, 1.0)


def still_there(
    quarters: pd.DataFrame, ahead: int = 2, *, customer: str = "trader_id"
) -> pd.DataFrame:
    """Say of each row whether the customer still buys so many quarters later.

    Parameters
    ----------
    quarters
        One row per customer and quarter with a purchase: `customer`, ``quarter`` (whole numbers in order).
    ahead
        How many quarters later.
    customer
        Column that names a customer.

    Returns
    -------
    DataFrame
        The rows of which it is known (not those of the last `ahead` quarters), with the column ``stays``.

    Raises
    ------
    CrmkitError
        A customer and quarter twice; no quarter of which it is known.

    Examples
    --------
    >>> table = pd.DataFrame({"trader_id": [1, 1, 1, 2], "quarter": [1, 2, 3, 1]})
    >>> still_there(table)[["trader_id", "stays"]].values.tolist()
    [[1, True], [2, False]]
    """
    need_unique(
        need_rows(quarters, [customer, "quarter"], "quarters"), [customer, "quarter"], "quarters"
    )
    need_count(ahead, "ahead")
    known = quarters[quarters["quarter"] <= quarters["quarter"].max() - ahead]
    if known.empty:
        raise CrmkitError(
            f"quarters: nothing is known of {ahead} quarters later. Give more quarters, or a smaller `ahead`."
        )
    later = pd.MultiIndex.from_frame(quarters[[customer, "quarter"]])
    wanted = pd.MultiIndex.from_arrays([known[customer], known["quarter"] + ahead])
    return known.assign(stays=wanted.isin(later)).reset_index(drop=True)


def by_level(
    table: pd.DataFrame,
    by: str,
    value: str = "stays",
    *,
    customer: str = "trader_id",
    level: float = 0.95,
) -> pd.DataFrame:
    """Give the share who stay (or the mean of another column) at each level of an answer, with its interval.

    Parameters
    ----------
    table
        One row per answer: `by`, `value`, `customer` (who may have answered more than once).
    by
        Column of the answer, or of groups of answers.
    value
        Column of True and False, or of numbers.
    customer
        Column that names a customer: answers of one customer hang together.
    level
        Share of samples in which the intervals hold the truth.

    Returns
    -------
    DataFrame
        One row per level, in order: `by`, ``answers``, ``customers``, ``share`` (or ``mean``), ``low``, ``high``.

    Raises
    ------
    CrmkitError
        Missing columns or values.

    Examples
    --------
    >>> table = pd.DataFrame({"trader_id": range(6), "satisfaction": [5, 5, 5, 9, 9, 9],
    ...                       "stays": [True, False, False, True, True, False]})
    >>> by_level(table, "satisfaction")["share"].round(2).tolist()
    [0.33, 0.67]
    """
    need_rows(table, [by, value, customer], "table")
    for name in (by, value, customer):
        need_known(table[name], name)
    shares = table[value].dtype == bool or set(table[value].unique()) <= {True, False}
    numbers = (
        need_true_false(table[value], value).astype(float)
        if shares
        else need_numbers(table[value], value)
    )
    rows = []
    for step, part in table.assign(_value=numbers).groupby(by, observed=True, sort=True):
        people = part.groupby(customer)["_value"].agg(["sum", "size"])
        found = ratio_interval(people["sum"], people["size"], level=level, share=shares)
        rows.append((step, len(part), len(people), *found))
    middle = "share" if shares else "mean"
    return pd.DataFrame(rows, columns=[by, "answers", "customers", middle, "low", "high"])


def level_gap(
    table: pd.DataFrame,
    high: object,
    value: str = "stays",
    *,
    customer: str = "trader_id",
    level: float = 0.95,
) -> pd.Series:
    """Give the mean of a column where a condition holds less that where it does not, with its interval.

    Parameters
    ----------
    table
        One row per answer: `value`, `customer`.
    high
        True or False for each row of `table`.
    value
        Column of True and False, or of numbers.
    customer
        Column that names a customer, who may be on both sides.
    level
        Share of samples in which the interval holds the truth.

    Returns
    -------
    Series
        ``gap``, ``low``, ``high`` (linearised over customers, Student's t); no interval with fewer than two customers
        on a side.

    Raises
    ------
    CrmkitError
        Missing values; nobody on one of the sides.

    Examples
    --------
    >>> table = pd.DataFrame({"trader_id": range(6), "stays": [True, False, False, True, True, False]})
    >>> float(level_gap(table, [False] * 3 + [True] * 3)["gap"].round(2))
    0.33
    """
    need_columns(table, [value, customer], "table")
    side = need_true_false(high, "high")
    if len(side) != len(table) or side.all() or not side.any():
        raise CrmkitError(
            "high: one True or False for each row of the table is needed, and some of either."
        )
    numbers = need_numbers(need_known(table[value], value).astype(float), value)
    one, two = numbers[side].mean(), numbers[~side].mean()
    part = np.where(side, (numbers - one) / side.sum(), -(numbers - two) / (~side).sum())
    people = pd.Series(part).groupby(table[customer].to_numpy()).sum()
    sides = min(table.loc[side, customer].nunique(), table.loc[~side, customer].nunique())
    if sides < 2 or not people.abs().max() > 0:
        return pd.Series({"gap": one - two, "low": np.nan, "high": np.nan})
    half = critical_value(level, len(people) - 1) * np.sqrt(
        (people**2).sum() * len(people) / (len(people) - 1)
    )
    return pd.Series({"gap": one - two, "low": one - two - half, "high": one - two + half})


__all__ = ["by_level", "level_gap", "promoter_score", "promoter_ways", "still_there"]
