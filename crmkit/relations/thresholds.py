"""A threshold decides who is gold: what gold does just there, and whether people sorted themselves.

Problem
    Gold members spend more than others; they are gold because they spend more. But a customer one pound above the
    threshold is like one a pound below it, except for being gold. That comparison is a regression discontinuity. It
    holds as long as nobody can choose the side: if the threshold is known, people come across it, and the number of
    people jumps there.

Sources
    Hahn, Todd & Van der Klaauw (2001) Econometrica 69 (local linear regression at a threshold); Imbens & Kalyanaraman
    (2012) Review of Economic Studies 79 (bandwidth); Calonico, Cattaneo & Titiunik (2014) Econometrica 82 (robust
    interval: with equal bandwidths the bias-corrected estimate is the local quadratic one, remark 7); MacKinnon & White
    (1985) Journal of Econometrics 29 (HC3); McCrary (2008) Journal of Econometrics 142 (density at the threshold).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inference import critical_value
from crmkit.inputs import need_number, need_numbers, need_probability, need_rows
from crmkit.later import later

stats = later("scipy.stats")

Floats = npt.NDArray[np.float64]
_FEW = 10  # customers on each side below which nothing is said
_KERNEL = 3.4375  # constant of the triangular kernel at a boundary (Imbens & Kalyanaraman 2012)


def _centred(values: object, threshold: float, what: str) -> Floats:
    return np.asarray(need_numbers(values, what) - need_number(threshold, "threshold"), float)


def _sides(x: Floats, what: str) -> None:
    few = min(int((x >= 0).sum()), int((x < 0).sum()))
    if few < _FEW:
        raise CrmkitError(
            f"{what}: {few} customers on one side of the threshold. At least {_FEW} are needed on each."
        )


def _pilot(x: Floats) -> float:
    """Silverman's rule with the constant of a uniform kernel, as Imbens & Kalyanaraman begin."""
    quarter = float(np.subtract(*np.percentile(x, [75, 25]))) / 1.34
    spread = min(float(x.std(ddof=1)), quarter) if quarter > 0 else float(x.std(ddof=1))
    return 1.84 * spread * len(x) ** (-1 / 5)


def threshold_bandwidth(running: object, outcome: object, threshold: float) -> float:
    """Choose how far to both sides of a threshold one looks (Imbens & Kalyanaraman 2012).

    The more the outcome bends, the nearer; the fewer customers there are, the wider.

    Parameters
    ----------
    running
        What decides, such as the spending of the year before.
    outcome
    threshold

    Returns
    -------
    float
        In the unit of `running`.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> x = rng.uniform(0, 1000, 2000)
    >>> 100 < threshold_bandwidth(x, 0.5 * x + rng.normal(0, 50, 2000), 500) < 500
    True
    """
    x = _centred(running, threshold, "running")
    y = np.asarray(need_numbers(outcome, "outcome"), float)
    _sides(x, "running")
    n, first = len(x), max(_pilot(x), float(np.sort(np.abs(x))[2 * _FEW - 1]))
    sides = [(x < 0), (x >= 0)]
    near = [side & (np.abs(x) <= first) for side in sides]
    density = sum(int(one.sum()) for one in near) / (2 * n * first)
    noise = [float(y[one].var(ddof=1)) if one.sum() > 1 else float(y.var(ddof=1)) for one in near]
    scale = float(np.abs(x).max())
    cubic = np.column_stack([np.ones(n), x >= 0, *[(x / scale) ** power for power in (1, 2, 3)]])
    third = 6 * float(np.linalg.lstsq(cubic, y, rcond=None)[0][4]) / scale**3
    bends, ease = [], 0.0
    for side, spread in zip(sides, noise, strict=True):
        count = int(side.sum())
        reach = float(np.abs(x[side]).max())
        if third != 0:
            wide = 3.56 * (spread / (density * third**2)) ** (1 / 7) * count ** (-1 / 7)
            reach = min(wide, reach)
        some = side & (np.abs(x) <= reach)
        if some.sum() < _FEW:
            some = side & (np.abs(x) <= np.sort(np.abs(x[side]))[_FEW - 1])
        reach = float(np.abs(x[some]).max())
        bends.append(2 * float(np.polyfit(x[some] / reach, y[some], 2)[0]) / reach**2)
        ease += 2160 * spread / (int(some.sum()) * reach**4)
    bend = (bends[1] - bends[0]) ** 2 + ease
    if not bend > 0:
        return float(np.abs(x).max())
    return float(_KERNEL * (sum(noise) / (density * bend)) ** (1 / 5) * n ** (-1 / 5))


def _limits(x: Floats, y: Floats, h: float, degree: int) -> tuple[Floats, Floats, int]:
    """Outcome just below and just above the threshold by local regression, with HC3 variances, and free values."""
    ends, variances, free = [], [], 0
    for side in (x < 0, x >= 0):
        some = side & (np.abs(x) < h)
        design = (x[some, None] / h) ** np.arange(degree + 1)
        weight = 1 - np.abs(x[some]) / h
        inverse = np.linalg.pinv(design.T @ (weight[:, None] * design))
        beta = inverse @ (design.T @ (weight * y[some]))
        left = y[some] - design @ beta
        leverage = weight * np.einsum("ij,jk,ik->i", design, inverse, design)
        pull = (design @ inverse[0]) * weight * left / np.maximum(1 - leverage, 1e-8)
        ends.append(float(beta[0]))
        variances.append(float((pull**2).sum()))
        free += int(some.sum()) - degree - 1
    return np.array(ends), np.array(variances), free


def threshold_effect(
    table: pd.DataFrame,
    running: str,
    outcome: str,
    threshold: float,
    *,
    bandwidth: float | None = None,
    level: float = 0.95,
) -> pd.Series:
    """Estimate what crossing a threshold does to an outcome, for customers who stand just there.

    Parameters
    ----------
    table
        One row per customer. Customers with `threshold` or more are treated, all others are not (a sharp design).
    running
        Column that decides.
    outcome
        Column of what came later.
    threshold
    bandwidth
        How far to both sides one looks, in the unit of `running`; default: `threshold_bandwidth`.
    level
        Share of samples in which the interval holds the truth.

    Returns
    -------
    Series
        ``below`` (outcome just below the threshold), ``above``, ``effect``, ``low``, ``high``, ``bandwidth``,
        ``customers_below``, ``customers_above`` (within the bandwidth).

    Raises
    ------
    CrmkitError
        Missing columns or values; fewer than ten customers on a side, or within the bandwidth on a side.

    Notes
    -----
    The estimate is local linear with triangular weights. The interval is the robust one of Calonico, Cattaneo &
    Titiunik (2014): centred at the local quadratic estimate of the same bandwidth, with HC3 standard errors. So the
    estimate need not lie in its middle. The effect holds at the threshold, not for customers far from it.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> people = pd.DataFrame({"before": rng.uniform(0, 1000, 3000)})
    >>> people["spend"] = 0.8 * people["before"] + 80 * (people["before"] >= 500) + rng.normal(0, 60, 3000)
    >>> found = threshold_effect(people, "before", "spend", 500)
    >>> bool(found["low"] < 80 < found["high"]), bool(found["high"] - found["low"] < 60)
    (True, True)
    """
    need_rows(table, [running, outcome], "table")
    need_probability(level, "level")
    x = _centred(table[running], threshold, running)
    y = np.asarray(need_numbers(table[outcome], outcome), float)
    _sides(x, running)
    h = (
        threshold_bandwidth(table[running], y, threshold)
        if bandwidth is None
        else need_number(bandwidth, "bandwidth", minimum=1e-9)
    )
    count = [int(((x < 0) & (x > -h)).sum()), int(((x >= 0) & (x < h)).sum())]
    if min(count) < _FEW:
        raise CrmkitError(
            f"bandwidth: within {h:.4g} of the threshold there are {count[0]} customers below and {count[1]} above. "
            f"At least {_FEW} are needed on each side: take a wider one."
        )
    (below, above), _, _ = _limits(x, y, h, 1)
    bent, variances, free = _limits(x, y, h, 2)
    middle, error = float(bent[1] - bent[0]), float(np.sqrt(variances.sum()))
    half = critical_value(level, max(free, 1)) * error if error > 0 else np.nan
    return pd.Series(
        {
            "below": below,
            "above": above,
            "effect": above - below,
            "low": middle - half,
            "high": middle + half,
            "bandwidth": h,
            "customers_below": count[0],
            "customers_above": count[1],
        }
    )


def threshold_density(
    running: object,
    threshold: float,
    *,
    bandwidth: float | None = None,
    level: float = 0.95,
) -> pd.Series:
    """Check whether the number of customers jumps at a threshold: if it does, people chose their side (McCrary 2008).

    Parameters
    ----------
    running
        What decides, one value per customer.
    threshold
    bandwidth
        How far to both sides one looks; default: Silverman's rule for a uniform kernel, 1.84 standard deviations (or
        1.34th parts of the interquartile range, if smaller) over the fifth root of the number of customers.
    level
        Share of samples in which the interval holds the truth.

    Returns
    -------
    Series
        ``below``, ``above`` (customers for each unit of `running`, just below and just above), ``times`` (above over
        below; 1: no jump), ``low``, ``high``, ``p_value``, ``bandwidth``, ``bin``.

    Raises
    ------
    CrmkitError
        Fewer than ten customers on a side, or hardly anybody near the threshold.

    Notes
    -----
    Counts in narrow bins, none of which holds the threshold inside; a local linear regression through them on each
    side with triangular weights; the log of the ratio has a standard error of sqrt(24/5 (1/f+ + 1/f-) / (n h)).

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> smooth = rng.uniform(0, 1000, 3000)
    >>> pulled = np.where((smooth > 460) & (smooth < 500), 500 + 0.5 * (500 - smooth), smooth)
    >>> bool(threshold_density(smooth, 500)["p_value"] > 0.05), bool(threshold_density(pulled, 500)["times"] > 2)
    (True, True)
    """
    need_probability(level, "level")
    x = _centred(running, threshold, "running")
    _sides(x, "running")
    n = len(x)
    h = _pilot(x) if bandwidth is None else need_number(bandwidth, "bandwidth", minimum=1e-9)
    step = 2 * float(x.std(ddof=1)) * n ** (-1 / 2)
    whole = np.allclose(x, np.round(x), rtol=0, atol=1e-9)
    # Whole numbers want bins of whole numbers: else one bin holds more of them than the next.
    step = max(round(min(step, h / 4)), 1) if whole else min(step, h / 4)
    bins = int(np.ceil(h / step))
    place = np.floor(x / step + 1e-9).astype(int)
    near = (place >= -bins) & (place < bins)
    counts = np.bincount(place[near] + bins, minlength=2 * bins) / (n * step)
    middle = (np.arange(-bins, bins) + 0.5) * step
    found = []
    for side in (middle < 0, middle > 0):
        at, height = middle[side], counts[side]
        weight = np.maximum(1 - np.abs(at) / h, 0)
        design = np.column_stack([np.ones(len(at)), at])
        inverse = np.linalg.pinv(design.T @ (weight[:, None] * design))
        end = float((inverse @ (design.T @ (weight * height)))[0])
        # A line may end below zero where nearly all have crossed: then the weighted mean of the counts.
        found.append(end if end > 0 else float((weight * height).sum() / weight.sum()))
    below, above = found
    if min(found) <= 0:
        raise CrmkitError(
            f"running: within {h:.4g} of the threshold nobody is on one side. Take a wider bandwidth."
        )
    gap = float(np.log(above / below))
    error = float(np.sqrt(24 / 5 * (1 / above + 1 / below) / (n * h)))
    half = critical_value(level) * error
    return pd.Series(
        {
            "below": n * below,
            "above": n * above,
            "times": float(np.exp(gap)),
            "low": float(np.exp(gap - half)),
            "high": float(np.exp(gap + half)),
            "p_value": float(2 * stats.norm.sf(abs(gap) / error)),
            "bandwidth": h,
            "bin": step,
        }
    )
