"""The betas behind the beta product interval of `crmkit.inference` (Fay, Brittain & Proschan 2013)."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from crmkit.errors import CrmkitError
from crmkit.inputs import need_probability
from crmkit.later import later

special = later("scipy.special")
stats = later("scipy.stats")

Floats = npt.NDArray[np.float64]


def beta_products(
    at_risk: npt.ArrayLike, events: npt.ArrayLike, after: npt.ArrayLike | None
) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats]]:
    """Betas that the lower and the upper end come from, at each time."""
    risk, gone = np.asarray(at_risk, dtype=float), np.asarray(events, dtype=float)
    left = (
        np.append(risk[1:], risk[-1:] - gone[-1:])
        if after is None
        else np.asarray(after, dtype=float)
    )
    if (
        np.any((gone < 0) | (gone > risk))
        or np.any(np.diff(risk) > 0)
        or np.any(left > risk - gone)
    ):
        raise CrmkitError(
            "beta_product: `events` lie between 0 and `at_risk`, `at_risk` never rises, and `after` holds nobody who "
            "has returned. Sort the steps by time."
        )
    # Moments of a product of independent betas: products of moments. Beta(y - d + 1, d), and 1 where nobody returned.
    stay, total = risk - gone + 1, risk + 1
    first = np.cumprod(np.where(gone > 0, stay / total, 1.0))
    second = np.cumprod(np.where(gone > 0, stay * (stay + 1) / (total * (total + 1)), 1.0))
    return _beta_of(first * left / (left + 1), second * left / (left + 2)), _beta_of(first, second)


def between(
    lower: tuple[Floats, Floats], upper: tuple[Floats, Floats], level: float, mid: bool
) -> tuple[Floats, Floats]:
    """Both ends of the interval between the betas of the lower and of the upper end."""
    tail = (1 - need_probability(level, "level")) / 2
    if not mid:
        return _beta_quantile(lower, tail), _beta_quantile(upper, 1 - tail)
    return _mixed_quantile(lower, upper, tail), _mixed_quantile(lower, upper, 1 - tail)


def _beta_of(first: Any, second: Any) -> tuple[Floats, Floats]:
    """Parameters of the beta distribution with these moments; 0 and infinity where it is a point at 0 or 1."""
    first, second = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    spread = second - first**2
    point = (first <= 0) | (first >= 1) | (spread <= 1e-15)
    with np.errstate(divide="ignore", invalid="ignore"):
        size = first * (1 - first) / spread - 1
        at_one = first >= 0.5
        a = np.where(point, np.where(at_one, np.inf, 0.0), first * size)
        b = np.where(point, np.where(at_one, 0.0, np.inf), (1 - first) * size)
    return a, b


def _beta_quantile(shape: tuple[Floats, Floats], q: float) -> Floats:
    a, b = shape
    inside = np.isfinite(a) & np.isfinite(b) & (a > 0) & (b > 0)
    out = np.where(np.isinf(a), 1.0, 0.0)
    out[inside] = stats.beta.ppf(q, a[inside], b[inside])
    return out


def _mixed_quantile(lower: tuple[Floats, Floats], upper: tuple[Floats, Floats], q: float) -> Floats:
    """Quantile of the even mixture of the two betas, by halving."""
    left, right = np.zeros(len(lower[0])), np.ones(len(lower[0]))

    def below(shape: tuple[Floats, Floats], x: Floats) -> Floats:
        a, b = shape
        inside = np.isfinite(a) & np.isfinite(b) & (a > 0) & (b > 0)
        out = np.where(np.isinf(a), (x >= 1.0).astype(float), 1.0)
        out[inside] = special.betainc(a[inside], b[inside], x[inside])
        return out

    for _ in range(50):
        x = (left + right) / 2
        low = (below(lower, x) + below(upper, x)) / 2 < q
        left, right = np.where(low, x, left), np.where(low, right, x)
    return (left + right) / 2
