"""What customers need: what they say, what they would keep, what they do.

Business context: asked "how important is this?", customers call nearly everything important. Resources
follow the answer and land where nobody misses them. A question that forces a choice separates needs; what
people do at the shelf separates them further, because some needs are not known to those who have them.

Problem and definitions: a *must-have* is a need without which nothing is bought. A *nice-to-have* makes an
offer better. *Stated* importance is a rating; *derived* importance comes from forced choices between needs;
*revealed* importance comes from purchases. A need is *implicit* where purchases follow it and answers do not.

Sources: best-worst scaling (Louviere, Flynn & Marley 2015, "Best-Worst Scaling", Cambridge UP); Kano, Seraku,
Takahashi & Tsuji 1984 (evaluation table as in Berger et al. 1993); multinomial logit (McFadden 1974).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inference import adjust_p_values
from crmkit.inputs import (
    first_few,
    need_number,
    need_numbers,
    need_rows,
)
from crmkit.later import later
from crmkit.mix.best_worst import best_worst_counts
from crmkit.mix.must_haves import must_haves_by_both, open_sets
from crmkit.mix.shelf import ShelfModel

stats = later("scipy.stats")

_KANO_TABLE = (
    # rows: with it (like, expect, neutral, live with, dislike); columns: without it, in the same order
    ("questionable", "attractive", "attractive", "attractive", "performance"),
    ("reverse", "indifferent", "indifferent", "indifferent", "must-be"),
    ("reverse", "indifferent", "indifferent", "indifferent", "must-be"),
    ("reverse", "indifferent", "indifferent", "indifferent", "must-be"),
    ("reverse", "reverse", "reverse", "reverse", "questionable"),
)


def kano_classes(ratings: pd.DataFrame) -> pd.DataFrame:
    """Sort needs into Kano classes from the pair of questions "with it?" and "without it?".

    Parameters
    ----------
    ratings
        ``customer_id``, ``need``, ``if_present``, ``if_missing`` (1 like, 2 expect, 3 neutral, 4 can live
        with, 5 dislike).

    Returns
    -------
    DataFrame
        ``customer_id``, ``need``, ``kano``: must-be, performance, attractive, indifferent, reverse, questionable.

    Examples
    --------
    >>> pair = pd.DataFrame({"customer_id": [1], "need": ["safe"], "if_present": [2], "if_missing": [5]})
    >>> kano_classes(pair)["kano"].tolist()
    ['must-be']
    """
    need_rows(ratings, ["customer_id", "need", "if_present", "if_missing"], "Kano pairs")
    table = np.array(_KANO_TABLE, dtype=object)
    row = need_numbers(ratings["if_present"], "Kano pairs, if_present", minimum=1, maximum=5)
    column = need_numbers(ratings["if_missing"], "Kano pairs, if_missing", minimum=1, maximum=5)
    half = (row % 1 != 0) | (column % 1 != 0)
    if half.any():
        raise CrmkitError(
            f"Kano pairs: {int(half.sum())} rows hold a mean and no answer, first at row "
            f"{first_few(ratings.index[half])}. Classes belong to single customers: sort first, then count."
        )
    out = ratings[["customer_id", "need"]].copy()
    out["kano"] = table[row.astype(int) - 1, column.astype(int) - 1]
    return out


def kano_shares(ratings: pd.DataFrame) -> pd.DataFrame:
    """Share of customers who see each need as must-be, performance, attractive or indifferent.

    Parameters
    ----------
    ratings
        As for :func:`kano_classes`.

    Returns
    -------
    DataFrame
        One row per need (index ``need``), the largest share of must-be first; columns ``must-be``, ``performance``,
        ``attractive``, ``indifferent``: shares of all its answers, from 0 to 1.

    Examples
    --------
    >>> pairs = pd.DataFrame({"customer_id": [1, 2], "need": "safe", "if_present": [2, 1], "if_missing": [5, 3]})
    >>> kano_shares(pairs).loc["safe", ["must-be", "attractive"]].tolist()
    [0.5, 0.5]
    """
    classes = kano_classes(ratings)
    shares = pd.crosstab(classes["need"], classes["kano"], normalize="index")
    columns = ["must-be", "performance", "attractive", "indifferent"]
    shares = shares.reindex(columns=columns, fill_value=0.0).rename_axis(columns=None)
    return shares.sort_values(columns[:2], ascending=False, kind="stable")


def rank_agreement(compared: pd.DataFrame, weights: pd.Series) -> pd.Series:
    """Rank correlation of each way of asking with given weights: 1 is the same order, 0 no relation.

    Parameters
    ----------
    compared
        What :func:`compare_importance` gives.
    weights
        Weight of each need, indexed by need: the truth, or the weights of another year.

    Returns
    -------
    Series
        Spearman's rank correlation of ``stated``, ``derived`` and ``revealed``.

    Raises
    ------
    CrmkitError
        A need of `compared` that has no weight.

    Examples
    --------
    >>> sides = pd.DataFrame({"need": ["a", "b"], "stated": [9, 1], "derived": [0.1, 0.9], "revealed": [1, 2]})
    >>> rank_agreement(sides, pd.Series({"a": 1.0, "b": 2.0})).round(1).tolist()
    [-1.0, 1.0, 1.0]
    """
    ways = ["stated", "derived", "revealed"]
    need_rows(compared, ["need", *ways], "compared importance")
    missing = [need for need in compared["need"] if need not in weights.index]
    if missing:
        raise CrmkitError(f"rank_agreement: no weight is given for the need {first_few(missing)}.")
    true = compared["need"].map(weights)
    return compared[ways].corrwith(true, method="spearman")


def compare_importance(
    ratings: pd.DataFrame, tasks: pd.DataFrame, choices: pd.DataFrame
) -> pd.DataFrame:
    """Put stated, derived and revealed importance of each need side by side.

    Parameters
    ----------
    ratings, tasks, choices
        The tables ``need_ratings``, ``best_worst_tasks``, ``shelf_choices`` (all, or of one group of customers).

    Returns
    -------
    DataFrame
        One row per need that the shelf shows: ``need``, ``stated`` (mean rating), ``derived`` (best-worst score),
        ``revealed`` (logit weight), ``revealed_se``, and the three ranks ``stated_rank``, ``derived_rank``,
        ``revealed_rank`` (1 = most important).

    Examples
    --------
    >>> import crmkit  # doctest: +SKIP
    >>> compare_importance(crmkit.load("need_ratings"), crmkit.load("best_worst_tasks"),
    ...                    crmkit.load("shelf_choices")).head()  # doctest: +SKIP
    """
    need_rows(ratings, ["need", "rating"], "ratings")
    stated = ratings.groupby("need")["rating"].mean()
    needs = [need for need in stated.index if need in choices.columns]
    if not needs:
        raise CrmkitError("compare_importance: the shelf has no column named like a rated need.")
    derived = best_worst_counts(tasks).set_index("item")["score"]
    unseen = [need for need in needs if need not in derived.index]
    if unseen:
        raise CrmkitError(f"compare_importance: no card shows the need {first_few(unseen)}.")
    revealed = ShelfModel().fit(choices, needs).weights_.set_index("need")
    out = pd.DataFrame(
        {
            "stated": stated.reindex(needs),
            "derived": derived.reindex(needs),
            "revealed": revealed["weight"].reindex(needs),
            "revealed_se": revealed["se"].reindex(needs),
        }
    )
    for name in ("stated", "derived", "revealed"):
        out[f"{name}_rank"] = out[name].rank(ascending=False, method="min").astype(int)
    out = out.rename_axis("need").reset_index()
    return out.sort_values("revealed", ascending=False, ignore_index=True, kind="stable")


def implicit_needs(
    ratings: pd.DataFrame,
    tasks: pd.DataFrame,
    choices: pd.DataFrame,
    groups: pd.Series,
    *,
    z: float = 2.0,
) -> pd.DataFrame:
    """Find needs that a group's purchases follow and its answers do not.

    In every group, revealed weights are predicted from derived importance by a straight line over all groups
    and needs. A need whose weight lies more than `z` standard errors above the line is called implicit: people
    buy it and do not name it.

    Parameters
    ----------
    ratings, tasks, choices
        The three tables of the survey, with ``customer_id``.
    groups
        Group of each customer, indexed by ``customer_id``.
    z
        How many standard errors make a contradiction. The smaller, the more is found and the more of it is chance.

    Returns
    -------
    DataFrame
        One row per group and need, the largest contradiction first: ``group``, ``need``, ``stated``, ``derived``,
        ``revealed``, ``expected`` (revealed weight that the answers lead one to expect), ``surprise`` (in standard
        errors), ``implicit`` (bool), ``p_adjusted`` (one-sided, false discovery rate over all rows: so many needs are
        looked at that some surprise by chance).

    Examples
    --------
    >>> import crmkit  # doctest: +SKIP
    >>> types = crmkit.load_truth("customers").set_index("customer_id")["need_type"]  # doctest: +SKIP
    """
    need_number(z, "z (standard errors)", minimum=0)
    groups = groups[groups.index.isin(ratings["customer_id"])]
    parts = []
    # Must-haves are known from ranking and shelf; what is left to explain is the choice between open sets.
    left = open_sets(choices, must_haves_by_both(ratings, choices))
    for group in sorted(groups.dropna().unique()):
        ids = groups.index[groups == group]
        part = compare_importance(
            *(frame[frame["customer_id"].isin(ids)] for frame in (ratings, tasks, left))
        )
        parts.append(part.assign(group=group))
    if not parts:
        raise CrmkitError("implicit_needs: no customer of the survey has a group.")
    out = pd.concat(parts, ignore_index=True)
    # A median slope (Theil-Sen): the implicit needs themselves must not bend the line.
    x, y = out["derived"].to_numpy(), out["revealed"].to_numpy()
    i, j = np.triu_indices(len(x), 1)
    apart = np.abs(x[i] - x[j]) > 1e-9
    slope = np.median((y[j] - y[i])[apart] / (x[j] - x[i])[apart])
    out["expected"] = np.median(y - slope * x) + slope * x
    residual = y - out["expected"]
    # What the line misses by chance anyway, beyond the standard error of the weight.
    spread = 1.4826 * np.median(np.abs(residual))
    out["surprise"] = residual / np.maximum(out["revealed_se"], spread)
    out["implicit"] = out["surprise"] > z
    out["p_adjusted"] = adjust_p_values(stats.norm.sf(out["surprise"]), method="fdr")
    columns = [
        "group",
        "need",
        "stated",
        "derived",
        "revealed",
        "expected",
        "surprise",
        "implicit",
        "p_adjusted",
    ]
    return out.sort_values("surprise", ascending=False, ignore_index=True, kind="stable")[columns]
