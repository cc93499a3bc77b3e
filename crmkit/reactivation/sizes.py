"""How many customers a test needs, and what a test of a given size can find.

Source
    The usual normal approximation, Fleiss, Levin & Paik (2003), 4.2, without continuity correction.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inputs import need_number, need_numbers, need_probability
from crmkit.later import later

special = later("scipy.special")
stats = later("scipy.stats")


def sample_size(
    base: float, effect: float, *, power: float = 0.8, alpha: float = 0.05, ratio: float = 1
) -> int:
    """Say how many customers a test needs in the treated group, to see a difference between two shares.

    Parameters
    ----------
    base
        Share that returns without the offer.
    effect
        Difference to be seen, as a share (0.05 = five percentage points); may be negative.
    power
        Chance that the test finds the difference if it is there.
    alpha
        Chance that it finds one where there is none (two-sided).
    ratio
        Size of the control group divided by the size of the treated group.

    Returns
    -------
    int
        Customers in the treated group (control: `ratio` times as many).

    Raises
    ------
    CrmkitError
        Shares outside 0 to 1, or an effect of zero, which no sample can show.

    Examples
    --------
    >>> sample_size(0.10, 0.05)
    686
    """
    need_probability(base, "base")
    need_probability(power, "power")
    need_probability(alpha, "alpha")
    if effect == 0 or not 0 <= base + effect <= 1:
        raise CrmkitError(
            f"effect: {effect!r} on top of {base!r} must differ from 0 and lead to a share between 0 and 1. "
            "Percentage points are given as shares: five points are 0.05."
        )
    if ratio <= 0:
        raise CrmkitError(f"ratio must be above 0, not {ratio!r}.")
    treated = base + effect
    pooled = (treated + ratio * base) / (1 + ratio)
    null = np.sqrt((1 + 1 / ratio) * pooled * (1 - pooled))
    alternative = np.sqrt(treated * (1 - treated) + base * (1 - base) / ratio)
    z = stats.norm.ppf(1 - alpha / 2) * null + stats.norm.ppf(power) * alternative
    return int(np.ceil((z / effect) ** 2))


def power(
    base: float, effect: float, treated: float, control: float | None = None, *, alpha: float = 0.05
) -> float:
    """Give the chance that a test of this size finds a difference between two shares.

    Parameters
    ----------
    base, effect
        Share that returns without the offer, and difference (as a share).
    treated, control
        Customers in each group; `control` defaults to `treated`.
    alpha
        Two-sided.

    Returns
    -------
    float

    Examples
    --------
    >>> round(power(0.10, 0.05, 686), 2)
    0.8
    """
    return float(_power(base, np.array([effect], dtype=float), treated, control, alpha)[0])


def _power(
    base: float, effects: np.ndarray, treated: float, control: float | None, alpha: float = 0.05
) -> np.ndarray:
    """Power for many effects at once: explorers ask for a whole curve with every drag."""
    need_number(base, "base", minimum=0, maximum=1)
    need_probability(alpha, "alpha")
    control = treated if control is None else control
    need_number(treated, "treated", minimum=1)
    need_number(control, "control", minimum=1)
    effects = need_numbers(effects, "effect", empty=True)
    other = base + effects
    outside = (other < -1e-12) | (other > 1 + 1e-12)
    if outside.any():
        raise CrmkitError(
            f"effect: {effects[outside][0]:g} on top of {base:g} is no share between 0 and 1. Percentage points are "
            "given as shares: five points are 0.05."
        )
    other = np.clip(other, 0, 1)
    pooled = (treated * other + control * base) / (treated + control)
    null = np.sqrt(pooled * (1 - pooled) * (1 / treated + 1 / control))
    alternative = np.sqrt(other * (1 - other) / treated + base * (1 - base) / control)
    z = special.ndtri(1 - alpha / 2) * null
    size = np.abs(other - base)
    # Where nobody, or everybody, returns in both groups, no sample differs from another: nothing is ever found.
    with np.errstate(divide="ignore", invalid="ignore"):
        found = special.ndtr((size - z) / alternative) + special.ndtr((-z - size) / alternative)
    return np.where(alternative > 0, found, (size > z).astype(float))


def power_curve(
    base: float,
    effects: Sequence[float] | np.ndarray,
    treated: float,
    control: float | None = None,
    *,
    alpha: float = 0.05,
) -> pd.DataFrame:
    """Give the power of one test for many effects.

    Parameters
    ----------
    base
        Share that returns without the offer.
    effects
        Differences, as shares.
    treated, control
        Customers in each group.
    alpha

    Returns
    -------
    DataFrame
        ``effect``, ``power``.

    Examples
    --------
    >>> power_curve(0.10, [0.02, 0.05], 686)["power"].round(2).tolist()
    [0.22, 0.8]
    """
    found = _power(base, np.asarray(effects, dtype=float), treated, control, alpha)
    return pd.DataFrame({"effect": np.asarray(effects, dtype=float), "power": found})


def detectable(
    base: float, treated: float, control: float | None = None, *, power_wanted: float = 0.8
) -> float:
    """Give the smallest rise that a test of this size finds with the wanted power.

    Parameters
    ----------
    base
        Share that returns without the offer.
    treated, control
        Customers in each group.
    power_wanted

    Returns
    -------
    float
        As a share; missing if even a rise to 100 % would not be found.

    Examples
    --------
    >>> round(detectable(0.10, 686), 3)
    0.05
    """
    need_probability(power_wanted, "power_wanted")
    need_probability(base, "base")
    rises = np.linspace(0, 1 - base, 4001)[1:]
    found = rises[_power(base, rises, treated, control) >= power_wanted]
    return float(found[0]) if len(found) else float("nan")
