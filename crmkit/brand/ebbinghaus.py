"""Ebbinghaus: the oldest data on forgetting of all, and the curves that were laid through them.

Sources: Ebbinghaus (1885; translation 1913); Murre & Dros (2015) PLoS ONE 10(7) e0120644.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmkit.brand._check import Floats, floats
from crmkit.errors import CrmkitError
from crmkit.later import later

optimize = later("scipy.optimize")


def ebbinghaus_savings() -> pd.DataFrame:
    """Ebbinghaus' own table: how much work a list learnt before saves when it is learnt again.

    Returns
    -------
    DataFrame
        minutes since learning; savings (share of the work saved, 0 to 1).

    References
    ----------
    Ebbinghaus (1885), English translation 1913 (public domain), chapter VII.

    Examples
    --------
    >>> ebbinghaus_savings().savings.tolist()
    [0.582, 0.442, 0.358, 0.337, 0.278, 0.254, 0.211]
    """
    return pd.DataFrame(
        {
            "minutes": [19, 63, 525, 1440, 2 * 1440, 6 * 1440, 31 * 1440],
            "savings": [0.582, 0.442, 0.358, 0.337, 0.278, 0.254, 0.211],
        }
    )


def ebbinghaus_repetitions() -> pd.DataFrame:
    """Ebbinghaus on repetition: the more often a list is read today, the less time it takes tomorrow.

    Returns
    -------
    DataFrame
        repetitions today; seconds_saved a day later, of the 1,270 s that a new list takes.

    References
    ----------
    Ebbinghaus (1885), chapter VI.
    """
    return pd.DataFrame(
        {"repetitions": [8, 16, 24, 32, 42, 53], "seconds_saved": [103, 192, 295, 407, 573, 685]}
    )


def ebbinghaus_curve(minutes: npt.ArrayLike, k: float = 1.84, c: float = 1.25) -> Floats:
    """Ebbinghaus' formula for savings, ``k / (log10(minutes) ** c + k)``, as a share from 0 to 1.

    Parameters
    ----------
    minutes
        Minutes, counted as he counted them from one minute *before* the end of learning (so that the formula gives 1
        at the end): 20, 64 and 526 where his table of savings has 19, 63 and 525 minutes since learning.

    Raises
    ------
    CrmkitError
        For times under one minute, where the formula has no value.

    References
    ----------
    Ebbinghaus (1885), English translation 1913 (public domain), chapter VII, section 29.

    Examples
    --------
    >>> ebbinghaus_curve([1, 20, 1440]).round(3).tolist()
    [1.0, 0.57, 0.304]
    """
    time = floats(minutes, "minutes")
    if not (time >= 1).all():
        raise CrmkitError(
            "Ebbinghaus' formula begins one minute before the end of learning: give minutes of 1 or more."
        )
    return k / (np.log10(time) ** c + k)


def fit_retention(
    minutes: npt.ArrayLike,
    retained: npt.ArrayLike,
    curve: str = "power",
    at: npt.ArrayLike | None = None,
) -> tuple[pd.Series, Floats]:
    """Least-squares fit of a plain forgetting curve to measured retention (for tables such as Ebbinghaus').

    Parameters
    ----------
    minutes, retained
        Time since learning (minutes) and share retained (0 to 1).
    curve
        ``"power"``, ``"exponential"`` or ``"ebbinghaus"``.
        ``a * (1 + t) ** -d``, ``a * exp(-t / tau)`` or Ebbinghaus' formula.
    at
        Minutes at which the fitted curve is wanted (to draw it); those of the data unless given.

    Returns
    -------
    (Series of parameters with `r_squared`, array of fitted values)

    Raises
    ------
    CrmkitError
        For an unknown curve, fewer than three points, or shares that are all alike.
    """
    time, share = floats(minutes, "minutes"), floats(retained, "retained")
    if time.shape != share.shape or time.size < 3 or not np.ptp(share) > 0:
        raise CrmkitError(
            "A curve needs three points at least, each with its minutes and its share, and shares that differ; got "
            f"{time.size} times and {share.size} shares."
        )
    shapes: dict[str, tuple[Any, dict[str, float]]] = {
        "power": (lambda t, a, d: a * (1 + t) ** -d, {"a": 0.8, "d": 0.1}),
        "exponential": (lambda t, a, tau: a * np.exp(-t / tau), {"a": 0.5, "tau": 20000.0}),
        "ebbinghaus": (lambda t, k, c: k / (np.log10(t) ** c + k), {"k": 1.5, "c": 1.0}),
    }
    if curve not in shapes:
        raise CrmkitError(f"There is no curve '{curve}'. Choose one of: {', '.join(shapes)}.")
    shape, start = shapes[curve]
    values, _ = optimize.curve_fit(
        shape, time, share, p0=list(start.values()), bounds=(1e-9, np.inf), maxfev=20_000
    )
    fitted = shape(time, *values)
    lost = ((share - fitted) ** 2).sum() / ((share - share.mean()) ** 2).sum()
    drawn = fitted if at is None else shape(floats(at, "at"), *values)
    return pd.Series({**dict(zip(start, values, strict=True)), "r_squared": 1 - lost}), drawn
