"""The scale on which models of forgetting are fitted: every parameter may take any value there."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmkit.brand._check import Floats
from crmkit.inference import critical_value
from crmkit.optimum import STEP, curvature_of


def to_free(value: float, kind: str) -> float:
    if kind == "positive":
        return float(np.log(value))
    return float(np.log(value / (1 - value))) if kind == "share" else value


def from_free(value: float, kind: str) -> float:
    if kind == "positive":
        return float(np.exp(value))
    return float(1 / (1 + np.exp(-value))) if kind == "share" else float(value)


def reach(kind: str) -> tuple[float, float]:
    """Where a parameter is searched for, on the free scale: from 1/8,000 to 20 for a positive one."""
    return (-9.0, 9.0) if kind == "any" else (-9.0, 3.0)


def inside(free: Floats, kinds: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Which parameters did not run to an end of their search."""
    ends = np.array([reach(kind) for kind in kinds])
    return np.asarray((free > ends[:, 0] + STEP) & (free < ends[:, 1] - STEP))


def with_the_rest(
    loss: Callable[[Floats], float], free: Floats, moving: npt.NDArray[np.bool_]
) -> Callable[[Floats], float]:
    """Give the loss as a function of some parameters; the others stay."""
    held = free.copy()

    def of_some(part: Floats) -> float:
        whole = held.copy()
        whole[moving] = part
        return loss(whole)

    return of_some


def wald_covariance(free: Floats, kinds: Sequence[str], loss: Callable[[Floats], float]) -> Floats:
    """Covariance on the free scale from the curvature of the likelihood; NaN where the data pin nothing down.

    A parameter that ran to the end of its search (a brand that nobody ever recalled has no base) has no curvature
    there: it is held where it is, and the others keep their intervals.
    """
    pinned = inside(free, kinds)
    cover = np.full((len(free), len(free)), np.nan)
    try:
        part = np.linalg.inv(curvature_of(with_the_rest(loss, free, pinned), free[pinned]))
    except np.linalg.LinAlgError:
        return cover
    part[:, np.diag(part) <= 0] = np.nan
    part[np.isnan(part).any(axis=0), :] = np.nan
    cover[np.ix_(pinned, pinned)] = part
    return cover


def wald_table(
    names: Sequence[str], free: Floats, kinds: Sequence[str], covariance: Floats, level: float
) -> pd.DataFrame:
    """Estimates with intervals that are symmetric on the free scale."""
    width = critical_value(level) * np.sqrt(np.diag(covariance))
    with np.errstate(over="ignore"):  # a limit beyond every number is infinite
        rows = [
            (name, from_free(value, kind), from_free(value - w, kind), from_free(value + w, kind))
            for name, value, kind, w in zip(names, free, kinds, width, strict=True)
        ]
    return pd.DataFrame(rows, columns=["parameter", "estimate", "low", "high"])
