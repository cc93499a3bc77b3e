"""Recency, frequency, money: three scores that every firm with a list of orders can make, ties included.

Business context: RFM comes from mail order, where half the customers have bought once. Cutting such a list
into five equal parts
by position gives identical customers different scores. Here equals always get equal scores; a score that
nobody gets is reported.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inference import wilson
from crmkit.inputs import first_few, need_column, need_columns, need_numbers, reaches
from crmkit.value.ranking import top_list
from crmkit.value.tiers import TierWarning

#: Column of the summary behind each score, and whether less is better.
MEASURES: dict[str, tuple[str, bool]] = {
    "R": ("days_since_last", True),
    "F": ("purchase_days", False),
    "M": ("turnover", False),
}


def quantile_score(values: object, bins: int = 5, *, less_is_better: bool = False) -> pd.Series:
    """Score values 1 (worst) to `bins` (best) by place, equals together.

    A group of equals is placed by the middle of the places it fills. Where half the customers are equal, they
    fill several fifths
    and all get the score of the middle one; the other scores of those fifths are given to nobody.

    Parameters
    ----------
    values
        One number per customer.
    bins
        How many scores.
    less_is_better
        For days since the last purchase.

    Returns
    -------
    Series
        Whole numbers, on the index of `values`.

    Raises
    ------
    CrmkitError
        A value is missing, or `bins` is not between 2 and 100.

    Examples
    --------
    >>> quantile_score([1, 1, 1, 1, 1, 2, 3, 4, 5, 9]).tolist()
    [2, 2, 2, 2, 2, 3, 4, 4, 5, 5]
    """
    if not 2 <= bins <= 100:
        raise CrmkitError(f"bins is a number of scores between 2 and 100, not {bins!r}.")
    series = need_column(values, "values")
    numbers = need_numbers(series, "values")
    if less_is_better:
        numbers = -numbers
    middle = (pd.Series(numbers).rank(method="average").to_numpy() - 0.5) / len(numbers)
    score = np.clip(np.ceil(middle * bins - 1e-9), 1, bins).astype(int)
    return pd.Series(score, index=series.index)


def cut_score(values: object, cuts: Sequence[float], *, less_is_better: bool = False) -> pd.Series:
    """Score values by cut points that somebody chose: 1 below the first, one more from each cut on.

    Parameters
    ----------
    values
        One number per customer.
    cuts
        Rising. A value equal to a cut belongs above it. With `less_is_better` the score falls from each cut on.
    less_is_better
        For days since the last purchase.

    Returns
    -------
    Series
        1 to ``len(cuts) + 1``, on the index of `values`.

    Raises
    ------
    CrmkitError
        Cuts that do not rise, or a missing value.

    Examples
    --------
    >>> cut_score([1, 2, 3, 9], [2, 3, 5]).tolist()
    [1, 2, 3, 4]
    >>> cut_score([10, 200], [30, 90], less_is_better=True).tolist()
    [3, 1]
    """
    series = need_column(values, "values")
    numbers = need_numbers(series, "values")
    edges = need_numbers(list(cuts), "cuts")
    if (np.diff(edges) <= 0).any():
        raise CrmkitError(f"cuts must rise, not {list(cuts)}.")
    score = np.sum([reaches(numbers, edge) for edge in edges], axis=0) + 1
    if less_is_better:
        score = len(edges) + 2 - score
    return pd.Series(score, index=series.index)


def rfm_scores(
    summary: pd.DataFrame, bins: int = 5, *, cuts: Mapping[str, Sequence[float]] | None = None
) -> pd.DataFrame:
    """Score every customer on recency, frequency and money, and join the three to a cell such as "535".

    Recency here is the time since the LAST purchase (``days_since_last``), not the *recency* of the lifetime models.

    Parameters
    ----------
    summary
        One row per customer: ``days_since_last``, ``purchase_days``, ``turnover``.
    bins
        Scores 1 to `bins` by place, for what `cuts` does not name.
    cuts
        Chosen cut points, such as ``{"R": [30, 90, 180, 365], "F": [2, 3, 5, 9]}``. With those, a score means the
        same next year; by place it does not.

    Returns
    -------
    DataFrame
        On the index of `summary`: ``customer_id`` (if there), ``R``, ``F``, ``M`` (1 worst), ``cell`` (text, R first).

    Raises
    ------
    CrmkitError
        A column is missing or holds missing values; an unknown letter in `cuts`.

    Warns
    -----
    TierWarning
        A score is given to nobody.

    Examples
    --------
    >>> seen = pd.DataFrame({"days_since_last": [3, 90, 400], "purchase_days": [9, 1, 1], "turnover": [500, 20, 20]})
    >>> rfm_scores(seen, bins=3, cuts={"F": [2, 5]})["cell"].tolist()
    ['333', '211', '111']
    """
    need_columns(summary, [column for column, _ in MEASURES.values()], "summary")
    chosen = dict(cuts or {})
    strangers = set(chosen) - set(MEASURES)
    if strangers:
        raise CrmkitError(
            f"cuts: {first_few(sorted(strangers))} is unknown; the scores are R, F and M."
        )
    columns = {"customer_id": summary["customer_id"]} if "customer_id" in summary else {}
    scores = pd.DataFrame(columns, index=summary.index)
    notes = []
    for letter, (column, less) in MEASURES.items():
        if letter in chosen:
            scores[letter] = cut_score(summary[column], chosen[letter], less_is_better=less)
            highest = len(chosen[letter]) + 1
        else:
            scores[letter] = quantile_score(summary[column], bins, less_is_better=less)
            highest = bins
        unused = sorted(set(range(1, highest + 1)) - set(scores[letter]))
        if unused:
            notes.append(f"{letter} {first_few(unused, 5)}")
    if notes:
        warnings.warn(
            f"Nobody gets the score {'; '.join(notes)}: many customers are equal, or the cut lies outside the data.",
            TierWarning,
            stacklevel=2,
        )
    scores["cell"] = scores[["R", "F", "M"]].astype(str).agg("".join, axis=1) if len(scores) else ""
    return scores


def score_by_position(values: object, bins: int = 5) -> pd.Series:
    """Score by position in the table, as many tools do: the WRONG way, kept so that a lesson can show what it does.

    Equal customers get different scores, by nothing but their row.

    Parameters
    ----------
    values
        One number per customer.
    bins
        How many scores.

    Returns
    -------
    Series
        Whole numbers 1 to `bins`.

    Examples
    --------
    >>> score_by_position([1, 1, 1, 1, 9]).tolist()
    [1, 2, 3, 4, 5]
    """
    series = need_column(values, "values")
    numbers = need_numbers(series, "values")
    place = np.argsort(np.argsort(numbers, kind="stable"), kind="stable")
    return pd.Series(place * bins // len(numbers) + 1, index=series.index)


def split_equals(values: object, scores: pd.Series) -> pd.Series:
    """Count the customers whose equals got another score than they did.

    Parameters
    ----------
    values
        What was scored.
    scores
        The scores, on the same rows.

    Returns
    -------
    Series
        ``customers``, ``split`` (those for whom somebody with the same value has another score), ``share``.

    Examples
    --------
    >>> split_equals([1, 1, 1, 1, 9], score_by_position([1, 1, 1, 1, 9]))["split"]
    np.float64(4.0)
    """
    numbers = need_numbers(values, "values")
    if len(numbers) != len(scores):
        raise CrmkitError(
            f"{len(numbers)} values and {len(scores)} scores: one for each is needed."
        )
    kinds = pd.Series(scores.to_numpy()).groupby(numbers).transform("nunique")
    split = int((kinds > 1).sum())
    return pd.Series({"customers": len(numbers), "split": split, "share": split / len(numbers)})


def compare_rules(known: pd.DataFrame, rules: Mapping[str, pd.Series], top: int) -> pd.DataFrame:
    """Choose the `top` customers by each of several rules, and see what became of those chosen.

    Parameters
    ----------
    known
        As ``holdout_split`` gives: ``holdout_purchase_days`` and ``holdout_turnover`` say what came after.
    rules
        Name of a rule -> one number per customer on the rows of `known`; more is better. Of customers tied for the last
        place, the first in the table are chosen.
    top
        How many each rule may choose.

    Returns
    -------
    DataFrame
        Index ``rule``, in the order given, and last ``"everyone"``: ``chosen`` (customers), ``came_back`` (share with a
        purchase in the holdout) with ``low`` and ``high`` (Wilson 1927, 95 %), ``turnover_share`` (their part of all
        turnover of the holdout).

    Raises
    ------
    CrmkitError
        A column is missing, or `top` is not between 1 and the number of customers.

    Examples
    --------
    >>> known = pd.DataFrame({"days_since_last": [5, 90], "holdout_purchase_days": [1, 0],
    ...                       "holdout_turnover": [30.0, 0.0]})
    >>> compare_rules(known, {"most recent": -known["days_since_last"]}, top=1)[["chosen", "came_back"]]
                 chosen  came_back
    rule
    most recent       1        1.0
    everyone          2        0.5
    """
    need_columns(known, ["holdout_purchase_days", "holdout_turnover"], "known")
    chosen = {name: top_list(score, top) for name, score in rules.items()}
    rows = {}
    for name, few in {**chosen, "everyone": known.index}.items():
        after = known.loc[few]
        came = int((after["holdout_purchase_days"] > 0).sum())
        low, high = wilson(came, len(after))
        rows[name] = {
            "chosen": len(after),
            "came_back": came / len(after),
            "low": low,
            "high": high,
            "turnover_share": after["holdout_turnover"].sum() / known["holdout_turnover"].sum(),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("rule").astype({"chosen": int})
