"""Stays: rooms with a price by season, a limited number of them, and bookings that somebody else brings.

A guest travels at his or her own rhythm (see `crmkit.world.core.sleep.events`), takes the kind of room that suits best
(random utility of comfort and price), and stays some nights. Where no room of the kind is free on the first night, the
booking is lost. A booking through an agent costs a commission.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from crmkit.world.core import time as calendar
from crmkit.world.core.choice import channels
from crmkit.world.core.people import labels
from crmkit.world.core.sleep import events
from crmkit.world.core.streams import Context
from crmkit.world.processes.sales import Sales, write_sales

SECTIONS = ("stays",)


def faults(params: dict[str, Any]) -> Iterator[str]:
    """What a company file says that no stays can be made of."""
    stays = params["stays"]
    for name, room in stays["rooms"].items():
        if room["cost"] >= room["price"]:
            yield f"Room {name!r}: it costs {room['cost']} a night but is let for {room['price']}."
        if room["number"] < 1:
            yield f"Room {name!r}: there must be at least one of the kind."
    if len(stays["season"]) != 12 or min(stays["season"]) <= 0:
        yield "[stays] season must be 12 numbers above 0, the price of each month relative to the whole year's."


def build(ctx: Context) -> None:
    """Add ``orders`` and ``stays``."""
    stays, rooms = ctx.params["stays"], ctx.params["stays"]["rooms"]
    who, day = events(ctx, ctx.rng("stays"))
    channel = channels(ctx, ctx.rng("stays.channel"), who, day)
    rng = ctx.rng("stays.what")
    nights = 1 + rng.poisson(stays["nights"] - 1, len(who))
    lead = rng.geometric(1 / stays["lead_days"], len(who))
    room = _rooms(ctx, rng, who)
    free = _with_room(day, nights, room, [about["number"] for about in rooms.values()], rng)
    who, day, channel, nights, lead, room = (
        values[free] for values in (who, day, channel, nights, lead, room)
    )
    listed = np.array([about["price"] for about in rooms.values()])[room]
    season = np.array(stays["season"])[calendar.month_of(calendar.all_days(ctx))[day]]
    rate = np.round(listed * season, 0)
    love = ctx.truth["customers"]["discount_love"].to_numpy()[who]
    discount = np.round(rate * nights * stays["discount"] * (rng.random(len(who)) < love), 2)
    turnover = rate * nights - discount
    cost = np.array([about["cost"] for about in rooms.values()])[room] * nights
    agent = np.array([about["role"] == "agent" for about in ctx.params["channels"].values()])
    commission = np.round(turnover * stays["commission"] * agent[channel], 2)
    complaints = rng.poisson(stays["complaints"], len(who))
    sales = Sales(who, day, channel, discount, turnover, turnover - cost - commission, complaints)
    order = write_sales(ctx, sales)
    arrival = ctx.start + day[order]
    ctx.tables["stays"] = pd.DataFrame(
        {
            "order_id": np.arange(1, len(order) + 1),
            "booked": (arrival - lead[order]).astype("datetime64[us]"),
            "arrival": arrival.astype("datetime64[us]"),
            "nights": nights[order].astype(np.int64),
            "room": labels(list(rooms), room[order]),
            "rate": rate[order],
            "commission": commission[order],
        }
    )


def _rooms(ctx: Context, rng: np.random.Generator, who: np.ndarray) -> np.ndarray:
    """The kind of room of each stay: comfort attracts and price repels, by the guest's own weights."""
    rooms, needs = ctx.params["stays"]["rooms"].values(), ctx.params["needs"]
    truth = ctx.truth["customers"]
    comfort = np.array([about["quality"] for about in rooms]) - 3.0
    price = np.log([about["price"] for about in rooms])
    wanted = truth["weight_solution"].to_numpy()[who, None] * needs["taste"]
    thrift = (truth["weight_cost"] / truth["wtp_level"]).to_numpy()[who, None] * needs["price"]
    utility = wanted * comfort - thrift * (price - price.mean())
    chosen: np.ndarray = (utility + rng.gumbel(size=utility.shape)).argmax(axis=1)
    return chosen


def _with_room(
    day: np.ndarray,
    nights: np.ndarray,
    room: np.ndarray,
    number: list[int],
    rng: np.random.Generator,
) -> np.ndarray:
    """Whether each booking found a free room of its kind for all its nights; earlier arrivals go first."""
    taken = np.zeros((len(number), int(day.max(initial=0)) + int(nights.max(initial=0)) + 1), int)
    found = np.zeros(len(day), bool)
    order = np.lexsort((rng.random(len(day)), day))
    for booking in order:
        kind, first = room[booking], day[booking]
        span = slice(first, first + nights[booking])
        if (taken[kind, span] < number[kind]).all():
            taken[kind, span] += 1
            found[booking] = True
    return found
