"""The calendar: how busy each day is, from months, weekdays, sales and closed days."""

from __future__ import annotations

import numpy as np

from crmkit.world.core.streams import Context


def all_days(ctx: Context) -> np.ndarray:
    """Every day of the data, as datetime64[D]."""
    return ctx.start + np.arange(ctx.days)


def month_of(days: np.ndarray) -> np.ndarray:
    """Month of each day, 0 (January) to 11."""
    return days.astype("datetime64[M]").astype(int) % 12


def weekday_of(days: np.ndarray) -> np.ndarray:
    """Weekday of each day, 0 (Monday) to 6."""
    return (days.astype("datetime64[D]").astype(int) + 3) % 7


def year_of(days: np.ndarray) -> np.ndarray:
    """Calendar year of each day."""
    return days.astype("datetime64[Y]").astype(int) + 1970


def busyness(ctx: Context) -> np.ndarray:
    """How busy each day is for persons (row 0) and businesses (row 1); the mean over the period is 1."""
    rhythm = ctx.params["rhythm"]
    days = all_days(ctx)
    base = np.asarray(rhythm["months"], float)[month_of(days)]
    for sale, inside in zip(rhythm["sales"], _sales(ctx), strict=True):
        base[inside] *= sale["busier"]
    base[np.isin(_month_day(days), rhythm["closed"])] = 0
    rows = []
    for kind in ("person", "business"):
        row = base * np.asarray(rhythm[f"weekdays_{kind}"], float)[weekday_of(days)]
        rows.append(row / row.mean())
    return np.array(rows)


def discount_factor(ctx: Context) -> np.ndarray:
    """How much likelier a discount is on each day than on an ordinary day."""
    factor = np.ones(ctx.days)
    for sale, inside in zip(ctx.params["rhythm"]["sales"], _sales(ctx), strict=True):
        factor[inside] = sale["discount"]
    return factor


def _month_day(days: np.ndarray) -> np.ndarray:
    return np.array([str(day)[5:] for day in days])


def _sales(ctx: Context) -> list[np.ndarray]:
    days = _month_day(all_days(ctx))
    return [(days >= sale["from"]) & (days <= sale["to"]) for sale in ctx.params["rhythm"]["sales"]]
