"""The cost of serving: calls, complaints, visits. It hardly depends on what a customer spends."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmkit.world.core import time as calendar
from crmkit.world.core.streams import Context


def customer_years(ctx: Context) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Customer (position), year (position) and the share of the year as a customer, for each year from joining on."""
    years = calendar.year_of(calendar.all_days(ctx))
    length = np.bincount(years - years[0])
    ends = np.cumsum(length)
    # Days of the year, from the day of joining on.
    days = np.clip(ends[None, :] - ctx.arrays["joined"][:, None], 0, length)
    who, year = np.nonzero(days)
    return who, year, days[who, year] / 365.25


def build(ctx: Context) -> None:
    """Add ``cost_to_serve``."""
    service = ctx.params["service"]
    rng = ctx.rng("cost_to_serve")
    who, year, share = customer_years(ctx)
    demanding = ctx.truth["customers"]["demanding"].to_numpy()[who]
    orders = ctx.arrays["orders_per_year"][year, who]
    returns = ctx.arrays["returns_per_year"][year, who]
    calls = rng.poisson(
        demanding * (service["contacts"] * share + service["contacts_per_order"] * orders)
        + service["contacts_per_return"] * returns
    )
    visits = rng.poisson(
        np.where(ctx.arrays["business"][who], demanding * service["business_visits"] * share, 0)
    )
    talked = rng.gamma(np.maximum(2 * calls, 1e-9), service["minutes"] / 2)
    minutes = np.rint(talked + visits * service["visit_minutes"]).astype(np.int64)
    cost = (
        minutes * service["minute_cost"]
        + visits * service["visit_cost"]
        + orders * service["order_cost"]
        + share * service["mailing_cost"]
    )
    ctx.tables["cost_to_serve"] = pd.DataFrame(
        {
            "customer_id": who + 1,
            "year": ctx.arrays["years"][year],
            "contacts": calls + visits,
            "minutes": minutes,
            "cost": cost,
        }
    )
