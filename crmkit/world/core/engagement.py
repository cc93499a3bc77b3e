"""Engagement: log-ins, reviews, referrals, help given. It is only loosely tied to spending."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmkit.world.core.service import customer_years
from crmkit.world.core.sleep import ASLEEP, HALF_ASLEEP
from crmkit.world.core.streams import Context


def build(ctx: Context) -> None:
    """Add ``engagement``."""
    engagement = ctx.params["engagement"]
    rng = ctx.rng("engagement")
    who, year, share = customer_years(ctx)
    drive = np.exp(engagement["spread"] * ctx.truth["customers"]["engaged"].to_numpy()[who])
    level = drive * share * (1 - engagement["awake"] * _asleep_share(ctx)[who])
    frame = pd.DataFrame({"customer_id": who + 1, "year": ctx.arrays["years"][year]})
    for column in ("logins", "reviews", "referrals", "help_given"):
        frame[column] = rng.poisson(engagement[column] * level)
    ctx.tables["engagement"] = frame


def _asleep_share(ctx: Context) -> np.ndarray:
    """Share of each customer's days spent half-asleep or asleep."""
    owner, state, begin, end = ctx.arrays["spells"]
    length = end - begin + 1
    deep = (state == HALF_ASLEEP) | (state == ASLEEP)
    total = np.bincount(owner, length, minlength=ctx.customers)
    return np.bincount(owner, length * deep, minlength=ctx.customers) / total
