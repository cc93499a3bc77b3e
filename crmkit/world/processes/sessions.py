"""Sessions: an app that most use for nothing, some pay in now and then, and a few subscribe to.

Everybody comes at his or her own rhythm. Who would ever pay is drawn once, the more likely the more engaged; a payer
buys in a share of the sessions, a subscriber pays each month in which there was a session.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from crmkit.world.core.choice import channels
from crmkit.world.core.people import labels
from crmkit.world.core.sleep import events
from crmkit.world.core.streams import Context
from crmkit.world.processes.sales import Sales, write_sales

SECTIONS = ("sessions",)


def faults(params: dict[str, Any]) -> Iterator[str]:
    """What a company file says that no sessions can be made of."""
    sessions = params["sessions"]
    for name in ("payers", "subscribers", "purchase_chance", "margin"):
        if not 0 < sessions[name] < 1:
            yield f"[sessions] {name} is a share between 0 and 1, not {sessions[name]}."


def build(ctx: Context) -> None:
    """Add ``sessions``, ``orders`` and ``truth/payers``."""
    sessions = ctx.params["sessions"]
    rng = ctx.rng("truth/payers")
    engaged = ctx.truth["customers"]["engaged"].to_numpy()
    odds = np.log(sessions["payers"] / (1 - sessions["payers"])) + sessions["tie"] * engaged
    payer = rng.random(ctx.customers) < 1 / (1 + np.exp(-odds))
    subscriber = payer & (rng.random(ctx.customers) < sessions["subscribers"])
    ctx.truth["payers"] = pd.DataFrame(
        {
            "customer_id": np.arange(1, ctx.customers + 1),
            "payer": payer,
            "subscriber": subscriber,
        }
    )
    who, day = events(ctx, ctx.rng("sessions"))
    channel = channels(ctx, ctx.rng("sessions.channel"), who, day)
    rng = ctx.rng("sessions.what")
    minutes = rng.gamma(2.0, sessions["minutes"] / 2, len(who))
    actions = 1 + rng.poisson(minutes * sessions["actions_per_minute"])
    order = np.argsort(day, kind="stable")
    ctx.tables["sessions"] = pd.DataFrame(
        {
            "session_id": np.arange(1, len(who) + 1),
            "customer_id": who[order].astype(np.int64) + 1,
            "date": (ctx.start + day[order]).astype("datetime64[us]"),
            "channel": labels(list(ctx.company.channels), channel[order]),
            "minutes": minutes[order],
            "actions": actions[order].astype(np.int64),
        }
    )
    month = (ctx.start + day).astype("datetime64[M]").astype(int)
    # Sessions are in order of customer and day: the first one of a month has another customer or month before it.
    first = (
        np.r_[True, (np.diff(who) != 0) | (np.diff(month) != 0)] if len(who) else np.zeros(0, bool)
    )
    buys = payer[who] & ~subscriber[who] & (rng.random(len(who)) < sessions["purchase_chance"])
    paid = np.flatnonzero(buys | (subscriber[who] & first))
    price = rng.lognormal(np.log(sessions["purchase"]), sessions["purchase_spread"], len(paid))
    turnover = np.round(np.where(subscriber[who[paid]], sessions["subscription"], price), 2)
    margin = np.round(turnover * sessions["margin"], 2)
    none = np.zeros(len(paid))
    write_sales(ctx, Sales(who[paid], day[paid], channel[paid], none, turnover, margin))
