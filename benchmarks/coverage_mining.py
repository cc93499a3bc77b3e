"""Coverage of the intervals of `crmkit.mining`."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks._coverage import Entry, covers
from crmkit.mining import leakage_audit, ranks_right, threshold_by_cost

#: Two normal curves one apart: a payer scores higher with this chance, Phi(1 / sqrt 2).
AREA = 0.7602499


def pairs(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """Scores of payers are a standard deviation higher; a tenth pay."""
    paid = rng.random(size) < 0.1
    found = ranks_right(rng.normal(size=size) + paid, paid)
    return covers(found["low"], found["high"], AREA)


def cheapest(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """Scores are true chances, so the best threshold is that of the costs."""
    chance = rng.beta(1, 4, size)
    found = threshold_by_cost(chance, rng.random(size) < chance, 1, 4, draws=200, seed=rng)
    return covers(found["low"], found["high"], 0.2)


def honest(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """Thirty rare kinds that anybody may show: no kind should be suspected."""
    users = np.repeat(np.arange(size), 2)
    kind = np.where(rng.random(2 * size) < 0.5, "open", rng.integers(0, 30, 2 * size).astype(str))
    log = pd.DataFrame({"customer_id": users, "time": pd.Timestamp("2024-02-01"), "event": kind})
    orders = pd.DataFrame(
        {"customer_id": np.arange(size // 5), "order_date": pd.Timestamp("2024-01-01")}
    )
    return float(not leakage_audit(log, orders.assign(turnover=1.0))["leaks"].any())


ENTRIES = [
    Entry(
        "mining.ranks_right",
        "share of pairs ranked right (AUC)",
        "variance of placements, logit scale",
        "DeLong, DeLong & Clarke-Pearson 1988",
        "user",
        (150, 600, 2400),
        "users, a tenth of whom pay",
        pairs,
        "two users of either sort",
        worlds=1000,
    ),
    Entry(
        "mining.threshold_by_cost",
        "threshold at which wrong alarms and missed ones cost least",
        "bootstrap, percentile",
        "Efron & Tibshirani 1993",
        "user",
        (300, 1200, 4800),
        "users",
        cheapest,
        "two distinct thresholds in the draws",
    ),
    Entry(
        "mining.leakage_audit",
        "p-value: nobody shows the kind before paying",
        "binomial over users, Holm",
        "Holm 1979",
        "user",
        (200, 800, 3200),
        "users",
        honest,
        "never",
        "It promises at most one audit in twenty with a false suspect, and gives fewer: only rare kinds can happen to "
        "be shown by nobody before paying, and few users cannot get below Holm's limit.",
    ),
]
