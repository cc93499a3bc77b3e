"""Intervals, standard errors and corrections that all rooms share, each with its source.

One meaning of `level` in the whole package: the share of samples in which the interval holds the truth, .95 unless
asked otherwise. One answer where the data cannot tell how uncertain an estimate is: **no interval** (NaN), never an
interval without width. Values that are all alike (one distinct value) say nothing about their spread.

How often the intervals of the package hold the truth is measured: docs/statistics.md.

Sources: Wilson (1927) JASA 22; Newcombe (1998) Statistics in Medicine 17, 873-890; Welch (1947) Biometrika 34; Fay,
Brittain & Proschan (2013) Biostatistics 14(4); Liang & Zeger (1986) Biometrika 73; Efron (1987) JASA 82 (BCa);
Field & Welsh (2007) JRSS B 69 (cluster bootstrap); Holm (1979) Scandinavian Journal of Statistics 6; Benjamini &
Hochberg (1995) JRSS B 57.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmkit.beta_shapes import beta_products, between
from crmkit.errors import CrmkitError
from crmkit.inputs import first_few, generator, need_column, need_count, need_probability
from crmkit.later import later

special, stats = later("scipy.special"), later("scipy.stats")

Floats = npt.NDArray[np.float64]
_TINY = 1e-12  # two floats that differ by so small a share (of 1 at least) are one value


class Estimate(NamedTuple):
    """An estimate and its interval; `low` and `high` are NaN where the data cannot tell them."""

    estimate: float
    low: float
    high: float


# ---- one meaning of `level` ------------------------------------------------------------------------------------------


def critical_value(level: float = 0.95, df: float | None = None) -> float:
    """Give how many standard errors lie to either side of an estimate.

    Parameters
    ----------
    level
        Share of samples in which the interval holds the truth, between 0 and 1.
    df
        Degrees of freedom of Student's t; the normal distribution unless given.

    Raises
    ------
    CrmkitError
        `level` is no share between 0 and 1 (1.96 is a number of standard errors, not a level).

    Examples
    --------
    >>> round(critical_value(), 2), round(critical_value(0.95, df=4), 2)
    (1.96, 2.78)
    """
    upper = 0.5 + need_probability(level, "level") / 2
    # The same numbers as of scipy.stats, which takes half a second to import.
    return float(special.ndtri(upper) if df is None else special.stdtrit(df, upper))


def tells_spread(values: npt.ArrayLike) -> bool:
    """Tell whether values show how far they spread: at least two distinct ones (near-equal floats count as one).

    Examples
    --------
    >>> tells_spread([3, 3, 3]), tells_spread([0.3, 0.1 + 0.2]), tells_spread([0, 1])
    (False, False, True)
    """
    numbers = np.asarray(values, dtype=float)
    if numbers.size < 2:
        return False
    return bool(np.ptp(numbers) > _TINY * max(1.0, float(np.abs(numbers).max())))


def fits_exactly(residual: npt.ArrayLike, values: npt.ArrayLike, *, within: float = 1e-10) -> bool:
    """Tell whether a model leaves nothing over: then the data do not show how far they scatter about it.

    Parameters
    ----------
    residual
        What the model leaves over.
    values
        What it was fitted to: they say what is small.
    within
        Share of the largest value (1 at least) that counts as nothing: what the fit itself is sure of.

    Examples
    --------
    >>> fits_exactly([1e-16, -2e-16], [0.3, 0.7]), fits_exactly([0.1, -0.1], [0.3, 0.7])
    (True, False)
    """
    largest = max(1.0, float(np.abs(np.asarray(values, dtype=float)).max(initial=0)))
    return bool(np.abs(np.asarray(residual, dtype=float)).max(initial=0) <= within * largest)


# ---- shares ----------------------------------------------------------------------------------------------------------


def wilson(hits: Any, n: Any, *, level: float = 0.95) -> tuple[Any, Any]:
    """Interval of a share (score interval; Wilson 1927). It has width also at 0 and 1.

    Parameters
    ----------
    hits, n
        How many of how many.
    level
        Share of samples in which the interval holds the truth.

    Returns
    -------
    low, high : float or ndarray
        Between 0 and 1; NaN where `n` is 0.

    Examples
    --------
    >>> [round(float(end), 3) for end in wilson(8, 10)]
    [0.49, 0.943]
    """
    k, total = np.asarray(hits, dtype=float), np.asarray(n, dtype=float)
    if np.any((k < -1e-9 * total) | (k > (1 + 1e-9) * total)):
        raise CrmkitError(
            "A share counts hits among all: `hits` lies between 0 and `n`. Are they the wrong way round?"
        )
    z = critical_value(level)
    with np.errstate(invalid="ignore", divide="ignore"):
        p = k / total
        middle = (p + z**2 / (2 * total)) / (1 + z**2 / total)
        half = z / (1 + z**2 / total) * np.sqrt(p * (1 - p) / total + z**2 / (4 * total**2))
        low = np.where(p == 0, 0.0, np.clip(middle - half, 0, 1))
        high = np.where(p == 1, 1.0, np.clip(middle + half, 0, 1))
    return low[()], high[()]


def newcombe(
    hits_1: Any, n_1: Any, hits_2: Any, n_2: Any, *, level: float = 0.95
) -> tuple[Any, Any, Any]:
    """Give the first share less the second, with its interval (Newcombe 1998, method 10: from two Wilson intervals).

    Parameters
    ----------
    hits_1, n_1, hits_2, n_2
        How many of how many, twice; the two groups are different people.
    level
        Share of samples in which the interval holds the truth.

    Returns
    -------
    difference, low, high : float or ndarray
        NaN where a group is empty.

    Examples
    --------
    >>> [round(float(x), 4) for x in newcombe(56, 70, 48, 80)]
    [0.2, 0.0524, 0.3339]
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        p1 = np.asarray(hits_1, dtype=float) / np.asarray(n_1, dtype=float)
        p2 = np.asarray(hits_2, dtype=float) / np.asarray(n_2, dtype=float)
    low1, high1 = wilson(hits_1, n_1, level=level)
    low2, high2 = wilson(hits_2, n_2, level=level)
    gap = p1 - p2
    return (
        gap[()],
        (gap - np.hypot(p1 - low1, high2 - p2))[()],
        (gap + np.hypot(high1 - p1, p2 - low2))[()],
    )


def newcombe_p(hits_1: Any, n_1: Any, hits_2: Any, n_2: Any) -> Any:
    """Give the two-sided p-value that agrees with :func:`newcombe`: the interval at level 1 - p ends at 0.

    A p-value from another test (Fisher's, say) can lie above .05 beside a 95 % interval without 0. This one cannot.

    Returns
    -------
    float or ndarray
        1 where the two shares are equal; NaN where a group is empty.

    Examples
    --------
    >>> round(float(newcombe_p(56, 70, 48, 80)), 4)
    0.0081
    >>> float(newcombe_p(5, 10, 50, 100))
    1.0
    """
    k1, n1, k2, n2 = np.broadcast_arrays(
        *(np.asarray(x, dtype=float) for x in (hits_1, n_1, hits_2, n_2))
    )
    swap = k1 * n2 < k2 * n1
    more, of_more = np.where(swap, k2, k1), np.where(swap, n2, n1)
    less, of_less = np.where(swap, k1, k2), np.where(swap, n1, n2)
    # The lower limit falls as the level rises: halve the stretch of z until it ends at 0.
    of_more, of_less = (np.where(n > 0, n, np.nan) for n in (of_more, of_less))
    low_z, high_z = np.zeros(k1.shape), np.full(k1.shape, 40.0)
    for _ in range(60):
        z = (low_z + high_z) / 2
        reach = np.hypot(
            _wilson_reach(more, of_more, z, below=True),
            _wilson_reach(less, of_less, z, below=False),
        )
        above = more / of_more - less / of_less > reach
        low_z, high_z = np.where(above, z, low_z), np.where(above, high_z, z)
    p = np.where(k1 * n2 == k2 * n1, 1.0, 2 * stats.norm.sf(low_z))
    return np.where((n1 > 0) & (n2 > 0), p, np.nan)[()]


def _wilson_reach(k: Floats, n: Floats, z: Floats, *, below: bool) -> Floats:
    """Distance from a share to one end of its Wilson interval, at `z` standard errors."""
    p = k / n
    half = z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    shift = z**2 / (2 * n) * (1 - 2 * p)
    return ((half - shift) if below else (half + shift)) / (1 + z**2 / n)


# ---- means -----------------------------------------------------------------------------------------------------------


def mean_interval(values: npt.ArrayLike, *, level: float = 0.95) -> Estimate:
    """Mean with Student's interval; no interval (NaN) below two distinct values.

    Parameters
    ----------
    values
        Numbers, one per independent unit (a person, not an answer).
    level
        Share of samples in which the interval holds the truth. The mean of very skewed values (money) needs some
        hundreds of them.

    Returns
    -------
    Estimate
        estimate, low, high.

    Examples
    --------
    >>> [round(x, 2) for x in mean_interval([1, 2, 3])]
    [2.0, -0.48, 4.48]
    >>> mean_interval([3, 3, 3])
    Estimate(estimate=3.0, low=nan, high=nan)
    """
    numbers = _numbers(values, "values")
    middle = float(numbers.mean())
    if not tells_spread(numbers):
        return Estimate(middle, np.nan, np.nan)
    half = critical_value(level, len(numbers) - 1) * numbers.std(ddof=1) / np.sqrt(len(numbers))
    return Estimate(middle, float(middle - half), float(middle + half))


def mean_difference(
    first: npt.ArrayLike, second: npt.ArrayLike, *, level: float = 0.95
) -> Estimate:
    """Mean of the first group less that of the second: Newcombe's interval for 0 and 1, else Welch's.

    Parameters
    ----------
    first, second
        Numbers of two groups of different people; 0 and 1 (or True and False) in both count as shares.
    level
        Share of samples in which the interval holds the truth.

    Returns
    -------
    Estimate
        estimate, low, high; no interval (NaN) where a group of numbers holds one distinct value only.

    Examples
    --------
    >>> [round(float(x), 2) for x in mean_difference([1] * 56 + [0] * 14, [1] * 48 + [0] * 32)]
    [0.2, 0.05, 0.33]
    >>> [round(x, 2) for x in mean_difference([4, 6, 8], [1, 2, 3])]
    [4.0, -0.16, 8.16]
    """
    one, two = _numbers(first, "the first group"), _numbers(second, "the second group")
    if np.isin(one, (0, 1)).all() and np.isin(two, (0, 1)).all():
        return Estimate(
            *(float(x) for x in newcombe(one.sum(), len(one), two.sum(), len(two), level=level))
        )
    gap = float(one.mean() - two.mean())
    if not (tells_spread(one) and tells_spread(two)):
        return Estimate(gap, np.nan, np.nan)
    a, b = one.var(ddof=1) / len(one), two.var(ddof=1) / len(two)
    df = (a + b) ** 2 / (a**2 / (len(one) - 1) + b**2 / (len(two) - 1))  # Welch-Satterthwaite
    half = critical_value(level, df) * np.sqrt(a + b)
    return Estimate(gap, float(gap - half), float(gap + half))


def ratio_interval(
    part: npt.ArrayLike, whole: npt.ArrayLike, *, level: float = 0.95, share: bool = True
) -> Estimate:
    """Ratio of two sums over people, linearised (Cochran 1977, Sampling Techniques, section 6.3).

    Parameters
    ----------
    part, whole
        One pair per person (who may have given many answers: they count as one unit).
    level
        Share of samples in which the interval holds the truth.
    share
        The part lies within the whole: the interval is worked out on the logit scale and stays between 0 and 1.

    Returns
    -------
    Estimate
        estimate, low, high. A ratio of 0 or 1 has a Wilson interval over the people if it is a share. No interval
        (NaN) where everybody's ratio is the same otherwise, or for a single person.

    Examples
    --------
    >>> [round(x, 2) for x in ratio_interval([1, 2, 0, 1], [2, 3, 2, 1])]
    [0.5, 0.1, 0.9]
    """
    numerator, total = _numbers(part, "part"), _numbers(whole, "whole")
    n = len(total)
    if total.sum() <= 0:
        return Estimate(np.nan, np.nan, np.nan)
    ratio = float(numerator.sum() / total.sum())
    if share and ratio in (0.0, 1.0):
        # Answers beyond one a person count as no further people.
        asked = int((total > 0).sum())
        low, high = wilson(ratio * asked, asked, level=level)
        return Estimate(ratio, float(low), float(high))
    residual = numerator - ratio * total
    if n < 2 or not tells_spread(residual):
        return Estimate(ratio, np.nan, np.nan)
    error = np.sqrt((residual**2).sum() * n / (n - 1)) / total.sum()
    t = critical_value(level, n - 1)
    if not share:
        return Estimate(ratio, float(ratio - t * error), float(ratio + t * error))
    logit = np.log(ratio / (1 - ratio))
    half = t * error / (ratio * (1 - ratio))
    return Estimate(
        ratio, float(1 / (1 + np.exp(half - logit))), float(1 / (1 + np.exp(-half - logit)))
    )


# ---- survival --------------------------------------------------------------------------------------------------------


def beta_product(
    at_risk: npt.ArrayLike,
    events: npt.ArrayLike,
    after: npt.ArrayLike | None = None,
    *,
    level: float = 0.95,
    mid: bool = False,
) -> tuple[Floats, Floats]:
    """Interval of the share still away after each step of a Kaplan-Meier curve (Fay, Brittain & Proschan 2013).

    Each step's chance of staying away is a beta variable; their product is matched to a beta distribution by its
    mean and variance. It has width where nobody, or everybody, has returned, and without censoring it is Clopper and
    Pearson's interval. It holds the truth at least as often as `level` says, at the end of a curve more often.

    Parameters
    ----------
    at_risk, events
        How many were still away just before each time, in order, and how many of them returned then. Independent
        units: where one customer gives several gaps, use :func:`bootstrap_draws` with customers as clusters.
    after
        How many are still away and watched just after each time; by default the next `at_risk`.
    level
        Share of samples in which the interval holds the truth.
    mid
        The mid-p interval (Fay & Brittain 2016, Statistics in Medicine 35): narrower, it holds the truth about as
        often as `level` says.

    Returns
    -------
    low, high : ndarray
        Of the share still away, one pair per time.

    Examples
    --------
    >>> low, high = beta_product([12], [0])
    >>> low.round(3).tolist(), high.tolist()
    ([0.735], [1.0])
    """
    lower, upper = beta_products(at_risk, events, after)
    return between(lower, upper, level, mid)


def beta_product_ends(
    curves: Sequence[tuple[npt.ArrayLike, npt.ArrayLike, npt.ArrayLike | None]],
    *,
    level: float = 0.95,
    mid: bool = False,
) -> tuple[Floats, Floats]:
    """Give the last pair of :func:`beta_product` for each of several curves, all of them together: hundreds are quick.

    Parameters
    ----------
    curves
        For each curve ``at_risk``, ``events`` and ``after``.
    level, mid
        As in :func:`beta_product`.

    Returns
    -------
    low, high : ndarray
        Of the share still away at the end, one pair per curve.

    Examples
    --------
    >>> low, high = beta_product_ends([([12], [0], None), ([9, 8], [1, 0], None)])
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.735, 0.518], [1.0, 0.997])
    """
    shapes = np.array(
        [[[a[-1], b[-1]] for a, b in beta_products(*curve)] for curve in curves], dtype=float
    ).reshape(-1, 2, 2)
    lower, upper = ((shapes[:, k, 0], shapes[:, k, 1]) for k in (0, 1))
    return between(lower, upper, level, mid)


# ---- clusters --------------------------------------------------------------------------------------------------------


def clustered_covariance(bread: Floats, scores: Floats, clusters: Any) -> Floats:
    """Give the covariance of a fit whose answers hang together within clusters (sandwich; Liang & Zeger 1986).

    ``bread @ (sum over clusters of s s') @ bread * G / (G - 1)``, with s the sum of a cluster's scores.

    Parameters
    ----------
    bread
        k x k: inverse of the information (of the summed second derivatives): the covariance if rows were independent.
    scores
        Rows x k: slope of each row's log-likelihood (for least squares: residual times the row of the design).
    clusters
        Whose row it is (`customer_id`, say), in the order of `scores`.

    Returns
    -------
    ndarray, k x k
        With no more clusters than weights, how clusters differ cannot be told, and all entries are NaN: there is no
        interval. With few clusters take Student's t with clusters - 1 degrees of freedom, not the normal.

    Raises
    ------
    CrmkitError
        A row belongs to no cluster, or there are fewer labels than rows.

    Examples
    --------
    >>> x, who = np.ones((6, 1)), [1, 1, 2, 2, 3, 3]
    >>> y = np.array([1.0, 1.0, 2.0, 2.0, 6.0, 6.0])
    >>> bread = np.linalg.inv(x.T @ x)
    >>> float(np.sqrt(clustered_covariance(bread, x * (y - y.mean())[:, None], who)[0, 0]).round(3))
    1.528
    """
    who, total = cluster_numbers(clusters, len(scores))
    k = scores.shape[1]
    if total <= k:
        return np.full((k, k), np.nan)
    summed = np.zeros((total, k))
    np.add.at(summed, who, scores)
    return bread @ (summed.T @ summed) @ bread * total / (total - 1)


def cluster_numbers(clusters: Any, rows: int) -> tuple[npt.NDArray[np.intp], int]:
    """Number clusters from 0 and count them, and raise where a row belongs to none.

    Examples
    --------
    >>> numbers, count = cluster_numbers(["b", "a", "b"], 3)
    >>> numbers.tolist(), count
    ([0, 1, 0], 2)
    """
    labels = need_column(clusters, "clusters")
    if len(labels) != rows:
        raise CrmkitError(f"clusters: {len(labels)} labels for {rows} rows. Give one label a row.")
    who, names = pd.factorize(labels)
    if (who < 0).any():
        raise CrmkitError(
            f"clusters: {int((who < 0).sum())} rows belong to nobody, first at row "
            f"{first_few(labels.index[who < 0])}. Leave those rows out, and say how many."
        )
    return who, len(names)


def bootstrap_draws(
    statistic: Callable[[npt.NDArray[np.intp]], Any],
    clusters: Any,
    *,
    draws: int = 500,
    seed: int | np.random.Generator = 0,
) -> Floats:
    """Draw clusters with replacement and compute a statistic again each time (cluster bootstrap; Field & Welsh 2007).

    Everyone who is drawn comes with all rows. `scipy.stats.bootstrap` draws single observations only.

    Parameters
    ----------
    statistic
        From row positions (an array of whole numbers, a position as often as its cluster was drawn) to a number or
        an array of numbers.
    clusters
        Whose row it is, one label a row. ``range(n)`` where rows are independent.
    draws
        How often.
    seed

    Returns
    -------
    ndarray, draws x shape of the statistic

    Examples
    --------
    >>> spent = np.array([1.0, 2.0, 30.0, 40.0])
    >>> means = bootstrap_draws(lambda rows: spent[rows].mean(), ["a", "a", "b", "b"], draws=200)
    >>> sorted(set(means.round(2).tolist()))
    [1.5, 18.25, 35.0]
    """
    need_count(draws, "draws")
    rng = generator(seed)
    who, total = cluster_numbers(clusters, len(need_column(clusters, "clusters")))
    rows, starts = _rows_of_clusters(who, total)
    out = []
    for _ in range(draws):
        picked = rng.integers(0, total, total)
        out.append(np.asarray(statistic(_gather(rows, starts, picked)), dtype=float))
    return np.array(out)


def _rows_of_clusters(who: npt.NDArray[np.intp], total: int) -> tuple[Any, Any]:
    """Row positions sorted by cluster, and where each cluster begins (and the last ends)."""
    return np.argsort(who, kind="stable"), np.append(0, np.bincount(who, minlength=total).cumsum())


def _gather(rows: Any, starts: Any, picked: Any) -> npt.NDArray[np.intp]:
    """Row positions of the picked clusters, one after the other."""
    size = starts[picked + 1] - starts[picked]
    step = np.arange(size.sum()) - np.repeat(size.cumsum() - size, size)
    return rows[np.repeat(starts[picked], size) + step]


def percentile_interval(draws: npt.ArrayLike, *, level: float = 0.95) -> tuple[Any, Any]:
    """Interval that leaves equal shares of the draws outside at both ends.

    Parameters
    ----------
    draws
        Draws x ...: from :func:`bootstrap_draws`, or from parameters drawn at random.
    level
        Share of samples in which the interval holds the truth (if the statistic is about normal and not biased).

    Returns
    -------
    low, high : float or ndarray
        NaN where more than one draw in a hundred gave no number, or all gave the same one (near-equal floats count as
        the same).

    Notes
    -----
    The ends are the draws number ``p * (draws + 1)`` in order (Davison & Hinkley 1997, section 5.2.1): a further draw
    lies between them with probability `level`. numpy's own quantiles lie further in, and 100 draws would then hold
    93 % where 95 % is said.

    Examples
    --------
    >>> low, high = percentile_interval(np.arange(199.0))
    >>> round(float(low), 2), round(float(high), 2)
    (4.0, 194.0)
    """
    cloud = np.asarray(draws, dtype=float)
    tail = (1 - need_probability(level, "level")) / 2
    known = np.isfinite(cloud)
    trusted = known.mean(axis=0) >= 0.99
    # A placeholder where nothing is known keeps numpy from warning; it is NaN again below.
    safe = np.where(known | ~trusted, cloud, np.nan)
    safe = np.where(~trusted, 0.0, safe)
    low, high = np.nanquantile(safe, [tail, 1 - tail], axis=0, method="weibull")
    most, least = np.nanmax(safe, axis=0), np.nanmin(safe, axis=0)
    with np.errstate(invalid="ignore"):
        flat = ~trusted | (most - least <= _TINY * np.maximum(1.0, np.maximum(-least, most)))
    return np.where(flat, np.nan, low)[()], np.where(flat, np.nan, high)[()]


def bootstrap_interval(
    statistic: Callable[[npt.NDArray[np.intp]], Any],
    clusters: Any,
    *,
    level: float = 0.95,
    method: Literal["BCa", "percentile"] = "BCa",
    draws: int = 1000,
    seed: int | np.random.Generator = 0,
) -> Estimate:
    """Estimate with a cluster bootstrap interval, corrected for bias and skew (BCa; Efron 1987) unless asked otherwise.

    Parameters
    ----------
    statistic, clusters, draws, seed
        As for :func:`bootstrap_draws`; the statistic gives one number.
    level
        Share of samples in which the interval holds the truth.
    method
        BCa needs the statistic without each cluster in turn; with more than 200 clusters, without each of 200 groups
        of them, which estimates the same skew.

    Returns
    -------
    Estimate
        estimate, low, high; no interval (NaN) where the draws all gave the same number.

    Examples
    --------
    >>> spent = np.arange(1, 41.0) ** 2
    >>> found = bootstrap_interval(lambda rows: spent[rows].mean(), range(40))
    >>> found.low < found.estimate < found.high
    True
    """
    if method not in ("BCa", "percentile"):
        raise CrmkitError(f"method is 'BCa' or 'percentile', not {method!r}.")
    tail = (1 - need_probability(level, "level")) / 2
    who, total = cluster_numbers(clusters, len(need_column(clusters, "clusters")))
    estimate = float(statistic(np.arange(len(who))))
    cloud = bootstrap_draws(statistic, who, draws=draws, seed=seed)
    low, high = percentile_interval(cloud, level=level)
    if method == "percentile" or np.isnan(low):
        return Estimate(estimate, float(low), float(high))
    cloud = cloud[np.isfinite(cloud)]
    # Half of the ties count as below, so that a statistic of few values is not called biased.
    below = (np.sum(cloud < estimate) + np.sum(cloud == estimate) / 2) / len(cloud)
    bias = stats.norm.ppf(np.clip(below, 0.5 / len(cloud), 1 - 0.5 / len(cloud)))
    group = np.arange(total) * min(total, 200) // total
    without = np.array(
        [float(statistic(np.flatnonzero(group[who] != g))) for g in range(group[-1] + 1)]
    )
    gap = np.nanmean(without) - without
    scale = np.nansum(gap**2)
    bend = np.nansum(gap**3) / (6 * scale**1.5) if scale > 0 else 0.0
    z = bias + stats.norm.ppf([tail, 1 - tail])
    low, high = np.quantile(cloud, stats.norm.cdf(bias + z / (1 - bend * z)), method="weibull")
    return Estimate(estimate, float(low), float(high))


# ---- several looks at once -------------------------------------------------------------------------------------------


def adjust_p_values(p: Any, method: Literal["holm", "fdr"] = "holm") -> Any:
    """Adjust p-values for the number of comparisons, so that each may be compared with .05 as it stands.

    Parameters
    ----------
    p
        p-values between 0 and 1; NaN (no test) stays and does not count.
    method
        "holm": the chance of any false finding at all stays below the limit (Holm 1979; no assumption on how the tests
        hang together). "fdr": the share of false ones among the findings does (Benjamini & Hochberg 1995; for many
        comparisons of which a few may be false).

    Returns
    -------
    ndarray, or Series on the index of `p`

    Raises
    ------
    CrmkitError
        A value outside 0 to 1, or an unknown method.

    Examples
    --------
    >>> adjust_p_values([0.01, 0.04, 0.03]).round(3).tolist()
    [0.03, 0.06, 0.06]
    >>> adjust_p_values([0.01, 0.04, 0.03], method="fdr").round(3).tolist()
    [0.03, 0.04, 0.04]
    """
    values = np.asarray(p, dtype=float)
    known = ~np.isnan(values)
    if np.any((values[known] < 0) | (values[known] > 1)):
        raise CrmkitError("p-values lie between 0 and 1. Give the p-values, not the statistics.")
    out = np.full(values.shape, np.nan)
    tested = values[known]
    if method == "fdr":
        out[known] = stats.false_discovery_control(tested) if len(tested) else tested
    elif method == "holm":
        order = np.argsort(tested, kind="stable")
        stepped = tested[order] * np.arange(len(tested), 0, -1)
        holm = np.empty(len(tested))
        holm[order] = np.minimum(np.maximum.accumulate(stepped), 1.0)
        out[known] = holm
    else:
        raise CrmkitError(f"method is 'holm' or 'fdr', not {method!r}.")
    return pd.Series(out, index=p.index, name=p.name) if isinstance(p, pd.Series) else out


def _numbers(values: npt.ArrayLike, what: str) -> Floats:
    numbers = np.asarray(values, dtype=float)
    if numbers.ndim != 1 or not len(numbers) or not np.isfinite(numbers).all():
        raise CrmkitError(
            f"{what}: one column of finite numbers is needed, at least one. Leave rows without a number out, and say "
            "how many."
        )
    return numbers
