"""Which product fits whom: recommendations from what readers bought, judged on the weeks that follow.

Problem
    A recommender that is judged on the purchases from which it learnt looks perfect: it has seen the answers. Only
    later weeks tell, and only against two simple rivals: what everybody buys, and chance.

Sources
    Nearest readers: Resnick et al. (1994), GroupLens, with cosine similarity; what is bought together: Linden, Smith &
    York (2003), IEEE Internet Computing 7; few hidden tastes: truncated SVD, Sarwar et al. (2000). Most popular as the
    rival to beat: Cremonesi, Koren & Turrin (2010), RecSys. Parts from scikit-learn.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inference import mean_interval, wilson
from crmkit.inputs import (
    first_few,
    generator,
    need_count,
    need_known,
    need_number,
    need_numbers,
    need_probability,
    need_rows,
)
from crmkit.say import labels

Floats = npt.NDArray[np.float64]
WAYS = ("random", "popular", "nearest", "together", "tastes")
labels(*WAYS)


def recommend(
    purchases: pd.DataFrame,
    way: str = "nearest",
    *,
    n: int = 3,
    item: str = "product_id",
    neighbours: int = 40,
    tastes: int = 8,
    seed: int | np.random.Generator = 0,
) -> pd.DataFrame:
    """Recommend products to each reader from what all readers bought.

    Parameters
    ----------
    purchases
        One row per purchase: ``reader_id``, `item`.
    way
        "random"; "popular" (the same best-sellers for all); "nearest" (what the readers with the nearest history
        bought, the reader included); "together" (what is bought by the same people as the reader's own products);
        "tastes" (a few hidden tastes, by truncated SVD).
    n
        Products for each reader.
    item
        Column of what is recommended: products or categories.
    neighbours
        How many readers count as near.
    tastes
        How many hidden tastes.
    seed

    Returns
    -------
    DataFrame
        One row per reader and place: ``reader_id``, ``place`` (1 is the best), `item`.

    Examples
    --------
    >>> bought = pd.DataFrame({"reader_id": [1, 1, 2, 2, 3], "product_id": [7, 8, 7, 8, 9]})
    >>> recommend(bought, "nearest", n=2, neighbours=1)["product_id"].tolist()[:4]
    [7, 8, 7, 8]
    """
    counts, readers, items = _counts(purchases, item)
    need_count(n, "n", largest=len(items))
    top = _top(counts, way, n, neighbours, tastes, seed)
    return pd.DataFrame(
        {
            "reader_id": np.repeat(readers, n),
            "place": np.tile(np.arange(1, n + 1), len(readers)),
            item: items[top.ravel()],
        }
    )


def judge_matching(
    purchases: pd.DataFrame,
    *,
    learn_until: float,
    ways: Sequence[str] = WAYS,
    on: Literal["later weeks", "weeks learnt from"] = "later weeks",
    n: int = 1,
    item: str = "product_id",
    neighbours: int = 40,
    tastes: int = 8,
    seed: int = 0,
    level: float = 0.95,
) -> pd.DataFrame:
    """Judge ways of matching: whose recommendation is bought in later weeks.

    Parameters
    ----------
    purchases
        One row per purchase: ``reader_id``, ``week``, `item`.
    learn_until
        The last week from which the ways learn.
    ways
        Of `recommend`.
    on
        Weeks on which they are judged. "weeks learnt from" shows how such a test flatters.
    n, item, neighbours, tastes, seed
        As for `recommend`. With several products, one of them that is bought is a hit.
    level
        Share of samples in which the intervals hold the truth.

    Returns
    -------
    DataFrame
        One row per way: ``way``, ``readers`` (who bought in both parts of the year), ``hits``, ``hit_rate``, ``low``,
        ``high`` (Wilson), and ``more`` (hit rate less that of "popular"), ``more_low``, ``more_high`` (paired by
        reader; missing for "popular" itself).

    Raises
    ------
    CrmkitError
        Nobody bought in both parts, or an unknown way.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> reader = np.repeat(np.arange(300), 8)
    >>> product = (reader % 5) * 2 + (rng.random(2400) < 0.3)  # five groups with tastes of their own
    >>> bought = pd.DataFrame({"reader_id": reader, "week": rng.integers(1, 53, 2400), "product_id": product})
    >>> found = judge_matching(bought, learn_until=40, ways=["popular", "nearest"])
    >>> found["hit_rate"].round(2).tolist()
    [0.17, 0.86]
    """
    need_rows(purchases, ["reader_id", "week", item], "purchases")
    need_number(learn_until, "learn_until")
    need_probability(level, "level")
    if on not in ("later weeks", "weeks learnt from"):
        raise CrmkitError(f"on is 'later weeks' or 'weeks learnt from', not {on!r}.")
    first = need_numbers(purchases["week"], "week") <= learn_until
    both = set(purchases.loc[first, "reader_id"]) & set(purchases.loc[~first, "reader_id"])
    if len(both) < 2:
        raise CrmkitError(
            f"learn_until: {len(both)} readers bought both up to week {learn_until:g} and later. Two at least are "
            "needed; choose another week."
        )
    counts, readers, items = _counts(purchases[first], item)
    shown = purchases[~first] if on == "later weeks" else purchases[first]
    rows = pd.Index(readers).get_indexer(shown["reader_id"])
    columns = pd.Index(items).get_indexer(shown[item])
    known = (rows >= 0) & (columns >= 0)
    seen = np.zeros(counts.shape, dtype=bool)
    seen[rows[known], columns[known]] = True
    judged = np.isin(readers, list(both))

    def hits(way: str) -> npt.NDArray[np.bool_]:
        top = _top(counts, way, n, neighbours, tastes, seed)
        return np.asarray(np.take_along_axis(seen, top, axis=1)[judged].any(axis=1), dtype=bool)

    base = hits("popular").astype(float)
    table = []
    for way in ways:
        found = hits(way)
        low, high = wilson(found.sum(), len(found), level=level)
        more = mean_interval(found - base, level=level)
        table.append(
            {
                "way": way,
                "readers": len(found),
                "hits": int(found.sum()),
                "hit_rate": float(found.mean()),
                "low": float(low),
                "high": float(high),
                "more": np.nan if way == "popular" else more.estimate,
                "more_low": more.low,
                "more_high": more.high,
            }
        )
    return pd.DataFrame(table)


def _counts(purchases: pd.DataFrame, item: str) -> tuple[Floats, np.ndarray, np.ndarray]:
    """How often each reader bought each thing; things in order of how often they were bought, the best-seller first."""
    need_rows(purchases, ["reader_id", item], "purchases")
    who, readers = pd.factorize(need_known(purchases["reader_id"], "reader_id"), sort=True)
    what, items = pd.factorize(need_known(purchases[item], item), sort=True)
    counts = np.zeros((len(readers), len(items)))
    np.add.at(counts, (who, what), 1)
    order = np.argsort(-counts.sum(axis=0), kind="stable")
    return counts[:, order], np.asarray(readers), np.asarray(items)[order]


def _top(
    counts: Floats, way: str, n: int, neighbours: int, tastes: int, seed: int | np.random.Generator
) -> npt.NDArray[np.intp]:
    """Places of the n best things for each reader. Rounding lets the best-seller win a tie, on every processor."""
    if way not in WAYS:
        raise CrmkitError(f"way: there is no {way!r}; there are {first_few(WAYS, 9)}.")
    score = np.round(_scores(counts, way, neighbours, tastes, seed), 6)
    return np.argsort(-score, axis=1, kind="stable")[:, :n]


def _scores(
    counts: Floats, way: str, neighbours: int, tastes: int, seed: int | np.random.Generator
) -> Floats:
    if way == "random":
        return np.asarray(generator(seed).random(counts.shape))
    if way == "popular":
        return np.tile(counts.sum(axis=0), (len(counts), 1))
    if way == "together":
        from sklearn.metrics.pairwise import cosine_similarity

        return np.asarray(counts @ cosine_similarity(counts.T))
    if way == "tastes":
        from sklearn.decomposition import TruncatedSVD

        number = min(need_count(tastes, "tastes"), min(counts.shape) - 1)
        if number < 1:
            return counts
        model = TruncatedSVD(number, algorithm="arpack", random_state=0)
        root = np.sqrt(counts)
        return np.asarray(model.fit_transform(root) @ model.components_)
    from sklearn.metrics.pairwise import cosine_similarity

    like = np.round(cosine_similarity(counts), 9)
    number = min(need_count(neighbours, "neighbours"), len(counts))
    near = np.argsort(-like, axis=1, kind="stable")[:, :number]
    weight = np.zeros_like(like)
    np.put_along_axis(weight, near, np.take_along_axis(like, near, axis=1), axis=1)
    return np.asarray(weight @ counts)


__all__ = ["WAYS", "judge_matching", "recommend"]
