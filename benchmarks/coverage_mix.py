"""Coverage of the intervals of `crmkit.mix`."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks._coverage import Entry, covers
from crmkit.mix import DemandCurve

PRICES = np.array([8.0, 12.0, 16.0, 24.0, 32.0])


def shelf_prices(size: int, rng: np.random.Generator) -> pd.DataFrame:
    """Each customer has one limit, and meets five prices."""
    limit = np.exp(np.log(16) + 0.5 * rng.normal(size=size))
    price = rng.choice(PRICES, (size, 5))
    slips = rng.logistic(0, 0.12, price.shape)
    return pd.DataFrame(
        {
            "customer_id": np.repeat(np.arange(size), 5),
            "price": price.ravel(),
            "bought": (np.log(limit)[:, None] + slips > np.log(price)).ravel(),
        }
    )


def demand(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    low, high = DemandCurve().fit(shelf_prices(size, rng)).interval(PRICES[1:4])
    return covers(low, high, DEMAND_TRUTH)


def _demand_truth() -> np.ndarray:
    """The logit that a very large sample settles on: it is what the curve estimates."""
    return DemandCurve().fit(shelf_prices(200_000, np.random.default_rng(1))).share(PRICES[1:4])


DEMAND_TRUTH = _demand_truth()

ENTRIES = [
    Entry(
        "mix.DemandCurve.interval",
        "share who buy at a price",
        "logit, sandwich",
        "Liang & Zeger 1986",
        "customer",
        (50, 200, 500),
        "customers",
        demand,
        "two customers more than weights",
    ),
]
