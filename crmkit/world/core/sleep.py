"""Sleep: awake, drowsy, half-asleep, asleep; a step at a time, and back again.

A semi-Markov process: a customer stays in a state for a spell of gamma-distributed length, then moves. An awake
customer becomes drowsy. A drowsy or half-asleep one wakes with the customer's own ``wake_chance``, or sinks a step
deeper. One who is asleep wakes at the end of the spell. Waking up is coming back: every spell awake begins with an
order (see `events`). Purchases depend on the state: see `order_rate`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmkit.data.catalogue.core import STATES
from crmkit.world.core.people import labels
from crmkit.world.core.streams import Context
from crmkit.world.core.time import busyness

AWAKE, DROWSY, HALF_ASLEEP, ASLEEP = range(4)


def build(ctx: Context) -> None:
    """Add ``truth/sleep_states``."""
    owner, state, begin, end = spells(
        ctx,
        ctx.rng("truth/sleep_states"),
        np.arange(ctx.customers),
        np.full(ctx.customers, AWAKE),
        ctx.arrays["joined"],
        np.full(ctx.customers, ctx.days - 1),
    )
    ctx.arrays["spells"] = (owner, state, begin, end)
    ctx.truth["sleep_states"] = pd.DataFrame(
        {
            "customer_id": owner + 1,
            "state": labels(list(STATES), state),
            "from_date": (ctx.start + begin).astype("datetime64[us]"),
            "to_date": (ctx.start + end).astype("datetime64[us]"),
        }
    )


def spells(
    ctx: Context,
    rng: np.random.Generator,
    who: np.ndarray,
    state: np.ndarray,
    begin: np.ndarray,
    last: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Simulate the spells of some customers from a day and a state on.

    Parameters
    ----------
    ctx : Context
        With ``truth["customers"]``.
    rng : Generator
    who : array of int
        Positions of the customers (customer_id - 1); one may occur several times, for several futures.
    state : array of int
        State that each begins in: 0 awake to 3 asleep. The first spell is drawn whole.
    begin, last : arrays of int
        First and last day, counted from the first day of the data; days after its end are allowed.

    Returns
    -------
    owner, state, begin, end : arrays of int
        One entry per spell, in order of ``who`` (``owner`` is the position in ``who``) and time. Both days
        belong to the spell.
    """
    sleep = ctx.params["sleep"]
    truth = ctx.truth["customers"]
    shape = sleep["spell_shape"]
    means = np.array(
        [np.nan, sleep["drowsy_days"], sleep["half_asleep_days"], sleep["asleep_days"]]
    )
    awake_days = truth["awake_days"].to_numpy()[who]
    wake_chance = truth["wake_chance"].to_numpy()[who]
    one_off = truth["one_off"].to_numpy()[who]
    owner = np.arange(len(who))
    found: list[tuple[np.ndarray, ...]] = []
    state, day, last = np.array(state), np.array(begin), np.asarray(last)
    while len(owner) or not found:
        mean = np.where(state == AWAKE, awake_days[owner], means[state])
        mean = np.where((state == ASLEEP) & one_off[owner], mean * sleep["one_off_asleep"], mean)
        length = np.maximum(rng.standard_gamma(shape, len(owner)) * (mean / shape), 1).astype(
            np.int64
        )
        end = np.minimum(day + length - 1, last[owner])
        found.append((owner, state, day, end))
        woken = (rng.random(len(owner)) < wake_chance[owner]) & (state != AWAKE)
        following = np.where(woken | (state == ASLEEP), AWAKE, state + 1)
        on = end < last[owner]
        owner, state, day = owner[on], following[on], end[on] + 1
    owner, state, day, end = (np.concatenate(parts) for parts in zip(*found, strict=True))
    order = np.argsort(owner, kind="stable")
    return owner[order], state[order], day[order], end[order]


def order_rate(ctx: Context, who: np.ndarray, state: np.ndarray) -> np.ndarray:
    """Orders a day, on a day of mean busyness, of customers (customer_id - 1) in states (0 awake to 3 asleep)."""
    rates = ctx.params["sleep"]["rates"]
    factor = np.array([rates[name] for name in STATES])
    rate: np.ndarray = ctx.truth["customers"]["rate_awake"].to_numpy()[who] / 365.25 * factor[state]
    return rate


def state_on(ctx: Context, date: str | np.datetime64 | pd.Timestamp) -> np.ndarray:
    """The state of every customer on a date: 0 awake to 3 asleep, -1 before joining; position = customer_id - 1."""
    day = (pd.Timestamp(date).normalize() - pd.Timestamp(ctx.start)).days
    owner, state, begin, end = ctx.arrays["spells"]
    inside = (begin <= day) & (day <= end)
    states = np.full(ctx.customers, -1)
    states[owner[inside]] = state[inside]
    return states


def events(ctx: Context, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Customer (position) and day of everything that customers do at their own rhythm, in order of customer.

    An inhomogeneous Poisson process: the customer's own rate, times the state of sleep, times how busy the day is. On
    top of it every spell awake begins with an event, in its first week.
    """
    owner, state, begin, end = ctx.arrays["spells"]
    busy = busyness(ctx)
    # Busyness summed up: the integral of an inhomogeneous rate over a spell is the difference of two of its values.
    total = np.concatenate([np.zeros((2, 1)), np.cumsum(busy, axis=1)], axis=1)
    kind = ctx.arrays["business"][owner].astype(int)
    low, high = total[kind, begin], total[kind, end + 1]
    # Repeating takes counts in the machine's own word, which has 32 bits in a browser.
    count = rng.poisson(order_rate(ctx, owner, state) * (high - low)).astype(np.intp)
    # A spell awake begins with an order, in its first week: that is what waking up means. The very first one, on the
    # day of joining, made a customer of him or her.
    woke = np.flatnonzero(state == AWAKE)
    joins = begin[woke] == ctx.arrays["joined"][owner[woke]]
    week = np.where(joins, begin[woke] + 1, np.minimum(begin[woke] + 7, end[woke] + 1))
    spell = np.concatenate([woke, np.repeat(np.arange(len(owner)), count)])
    high = np.concatenate([total[kind[woke], week], np.repeat(high, count)])
    at = low[spell] + rng.random(len(spell)) * (high - low[spell])
    day = np.empty(len(spell), np.int32)
    for k in (0, 1):
        chosen = kind[spell] == k
        day[chosen] = np.searchsorted(total[k], at[chosen], side="right") - 1
    who = owner[spell].astype(np.int32)
    order = np.argsort(who.astype(np.int64) * ctx.days + day, kind="stable")
    return who[order], day[order]
