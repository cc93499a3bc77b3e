"""Must-haves: needs without which nothing is bought, found in three ways and compared with the truth."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inputs import (
    need_number,
    need_numbers,
    need_rows,
    need_true_false,
    need_unique,
)

#: The need that every purchase has: being able to pay.
PAY = "affordable"


def must_haves_by_ranking(ratings: pd.DataFrame, keep: int = 3) -> pd.DataFrame:
    """Call must-have what would be kept if only `keep` needs could be: a forced ranking.

    Being able to pay is a must-have of everybody, whatever the ranking says.

    Parameters
    ----------
    ratings
        One row per customer and need: ``customer_id``, ``need``, ``keep_rank`` (1 = first to be kept).
    keep
        How many may be kept.

    Returns
    -------
    DataFrame
        ``customer_id``, ``need``, ``must_have`` (bool), in the order of the rows.

    Examples
    --------
    >>> ranks = pd.DataFrame({"customer_id": 1, "need": ["safe", "quick", "affordable"], "keep_rank": [1, 2, 3]})
    >>> must_haves_by_ranking(ranks, keep=1)["must_have"].tolist()
    [True, False, True]
    """
    need_rows(ratings, ["customer_id", "need", "keep_rank"], "forced ranking")
    need_number(keep, "keep (how many needs may be kept)", minimum=1)
    rank = need_numbers(ratings["keep_rank"], "forced ranking, keep_rank", minimum=1)
    out = ratings[["customer_id", "need"]].copy()
    out["must_have"] = (rank <= keep) | (ratings["need"] == PAY)
    return out


def must_haves_by_ticking(ratings: pd.DataFrame) -> pd.DataFrame:
    """Call must-have what was ticked under "tick everything you could not do without".

    Parameters
    ----------
    ratings
        ``customer_id``, ``need``, ``ticked`` (bool).

    Returns
    -------
    DataFrame
        ``customer_id``, ``need``, ``must_have``.

    Examples
    --------
    >>> must_haves_by_ticking(pd.DataFrame({"customer_id": [1], "need": ["safe"], "ticked": [True]}))
    ... # doctest: +NORMALIZE_WHITESPACE
       customer_id  need  must_have
    0            1  safe       True
    """
    need_rows(ratings, ["customer_id", "need", "ticked"], "ticked needs")
    out = ratings[["customer_id", "need"]].copy()
    out["must_have"] = need_true_false(ratings["ticked"], "ticked needs, ticked") | (
        ratings["need"] == PAY
    )
    return out


def must_haves_by_shelf(choices: pd.DataFrame, needs: Sequence[str]) -> pd.DataFrame:
    """Rule out must-haves by what was bought: anyone who once bought without a need can do without it.

    Parameters
    ----------
    choices
        As for :class:`ShelfModel`.
    needs
        The needs' columns.

    Returns
    -------
    DataFrame
        ``customer_id``, ``need``, ``bought`` (sets bought), ``without`` (of these, sets that lacked the need), and
        ``possible``: whether the need can still be a must-have (nothing was ever bought without it).

    Examples
    --------
    >>> shelf = pd.DataFrame({"customer_id": 1, "task": [1, 2], "safe": [1, 0], "chosen": [1, 1]})
    >>> must_haves_by_shelf(shelf, ["safe"])["possible"].tolist()
    [False]
    """
    need_rows(choices, ["customer_id", "chosen", *needs], "shelf choices")
    long = choices.melt(["customer_id", "chosen"], list(needs), "need", "met")
    long["without"] = long["chosen"] * (1 - long["met"])
    out = (
        long.groupby(["customer_id", "need"], as_index=False)[["chosen", "without"]]
        .sum()
        .rename(columns={"chosen": "bought"})
    )
    out["possible"] = out["without"] == 0
    return out


def must_haves_by_both(ratings: pd.DataFrame, choices: pd.DataFrame, keep: int = 3) -> pd.DataFrame:
    """Call must-have what would be kept *and* was never done without: what customers say, checked by what they buy.

    Parameters
    ----------
    ratings
        As for :func:`must_haves_by_ranking`.
    choices
        As for :class:`ShelfModel`.
    keep
        How many needs may be kept in the forced ranking.

    Returns
    -------
    DataFrame
        ``customer_id``, ``need``, ``must_have``.

    Examples
    --------
    >>> ranks = pd.DataFrame({"customer_id": 1, "need": ["safe", "quick"], "keep_rank": [1, 2]})
    >>> shelf = pd.DataFrame({"customer_id": 1, "task": [1], "safe": [0], "quick": [1], "chosen": [1]})
    >>> must_haves_by_both(ranks, shelf, keep=2)["must_have"].tolist()
    [False, True]
    """
    said = must_haves_by_ranking(need_unique(ratings, ["customer_id", "need"], "ratings"), keep)
    needs = [need for need in ratings["need"].unique() if need in choices.columns]
    done = must_haves_by_shelf(choices, needs)[["customer_id", "need", "possible"]]
    both = said.merge(done, on=["customer_id", "need"], how="left", validate="one_to_one")
    both["must_have"] &= both["possible"].astype("boolean").fillna(True).astype(bool)
    return both.drop(columns="possible")


def open_sets(choices: pd.DataFrame, must_haves: pd.DataFrame) -> pd.DataFrame:
    """Keep the sets on the shelf that had all of their customer's must-haves: those that were open to choice.

    Parameters
    ----------
    choices
        As for :class:`ShelfModel`.
    must_haves
        ``customer_id``, ``need``, ``must_have``.

    Returns
    -------
    DataFrame
        Some of the rows of `choices`.

    Examples
    --------
    >>> shelf = pd.DataFrame({"customer_id": 1, "safe": [0, 1]})
    >>> must = pd.DataFrame({"customer_id": [1], "need": ["safe"], "must_have": [True]})
    >>> len(open_sets(shelf, must))
    1
    """
    need_rows(must_haves, ["customer_id", "need", "must_have"], "must-haves")
    need_unique(must_haves, ["customer_id", "need"], "must-haves")
    wide = must_haves.pivot(index="customer_id", columns="need", values="must_have")
    needs = [need for need in wide.columns if need in choices.columns]
    must = wide.reindex(choices["customer_id"])[needs].fillna(False).to_numpy(dtype=bool)
    return choices[~(must & (choices[needs].to_numpy() == 0)).any(axis=1)]


def recovery(found: pd.DataFrame, truth: pd.DataFrame) -> pd.DataFrame:
    """Hold found must-haves against the true ones.

    Parameters
    ----------
    found, truth
        ``customer_id``, ``need``, ``must_have`` each. Being able to pay is left out: it needs no finding.

    Returns
    -------
    DataFrame
        One row: ``called`` (needs called must-have), ``true`` (that are), ``hits`` (both), ``precision``
        (hits / called),
        ``recall`` (hits / true), ``f1`` (their harmonic mean).

    Examples
    --------
    >>> said = pd.DataFrame({"customer_id": 1, "need": ["safe", "quick"], "must_have": [True, True]})
    >>> real = pd.DataFrame({"customer_id": 1, "need": ["safe", "quick"], "must_have": [True, False]})
    >>> recovery(said, real).round(2).values.tolist()
    [[2.0, 1.0, 1.0, 0.5, 1.0, 0.67]]
    """
    columns = ["customer_id", "need", "must_have"]
    need_rows(found, columns, "found must-haves")
    need_rows(truth, columns, "true must-haves")
    need_unique(found, columns[:2], "found must-haves")
    need_unique(truth, columns[:2], "true must-haves")
    both = found[columns].merge(truth[columns], on=["customer_id", "need"], suffixes=("", "_true"))
    if both.empty:
        raise CrmkitError(
            "recovery: found and true must-haves have no customer and need in common. Were they made from "
            "the same world (same seed)?"
        )
    both = both[both["need"] != PAY]
    called, true = both["must_have"].sum(), both["must_have_true"].sum()
    hits = (both["must_have"] & both["must_have_true"]).sum()
    precision, recall = hits / max(called, 1), hits / max(true, 1)
    return pd.DataFrame(
        {
            "called": [called],
            "true": [true],
            "hits": [hits],
            "precision": [precision],
            "recall": [recall],
            "f1": [2 * hits / max(called + true, 1)],
        }
    )


def compare_must_haves(
    ratings: pd.DataFrame, choices: pd.DataFrame, truth: pd.DataFrame, keep: Sequence[int] = (2, 3)
) -> pd.DataFrame:
    """Compare ways to find must-haves: ticking, forced rankings, and the last ranking checked at the shelf.

    Parameters
    ----------
    ratings, choices, truth
        The tables ``need_ratings``, ``shelf_choices``, and the truth table ``needs``.
    keep
        How many needs may be kept, one forced ranking for each.

    Returns
    -------
    DataFrame
        One row per way (index ``way``): ``ticked``, ``kept 2``, ..., and ``kept 3, checked``. Columns as
        :func:`recovery` gives.

    Examples
    --------
    >>> ranks = pd.DataFrame({"customer_id": 1, "need": ["safe", "quick"], "keep_rank": [1, 2], "ticked": True})
    >>> shelf = pd.DataFrame({"customer_id": 1, "task": [1], "safe": [0], "quick": [1], "chosen": [1]})
    >>> real = pd.DataFrame({"customer_id": 1, "need": ["safe", "quick"], "must_have": [False, True]})
    >>> compare_must_haves(ranks, shelf, real, keep=[2])["precision"].to_dict()
    {'ticked': 0.5, 'kept 2': 0.5, 'kept 2, checked': 1.0}
    """
    ways = {"ticked": must_haves_by_ticking(ratings)}
    ways |= {f"kept {number}": must_haves_by_ranking(ratings, number) for number in keep}
    ways[f"kept {keep[-1]}, checked"] = must_haves_by_both(ratings, choices, keep[-1])
    found = pd.concat([recovery(way, truth) for way in ways.values()])
    return found.set_index(pd.Index(ways, name="way"))
