"""Stays: rooms with a price by season and weekday, a limited number of them, and bookings that somebody else brings.

A guest travels at his or her own rhythm (see `crmkit.world.core.sleep.events`), takes the kind of room that suits best
(random utility of comfort and price), and stays some nights. Where no room of the kind is free, another kind is taken;
where none is, the booking is lost. First visits are planned longest ahead and find a room first. A booking through an
agent costs a commission; a firm with a contract books its travellers at its own rate. Something may go wrong (see
`crmkit.world.core.troubles`): then some guests never come again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from crmkit.world.core import accounts, troubles
from crmkit.world.core import time as calendar
from crmkit.world.core.choice import channels
from crmkit.world.core.people import labels, pick
from crmkit.world.core.sleep import events
from crmkit.world.core.streams import Context
from crmkit.world.processes.sales import Sales, write_sales

SECTIONS = ("stays", "accounts", "complaints")


def faults(params: dict[str, Any]) -> Iterator[str]:
    """What a company file says that no stays can be made of."""
    stays = params["stays"]
    for name, room in stays["rooms"].items():
        if room["cost"] >= room["price"]:
            yield f"Room {name!r}: it costs {room['cost']} a night but is let for {room['price']}."
        if room["number"] < 1:
            yield f"Room {name!r}: there must be at least one of the kind."
    for name, length, what in (("season", 12, "month"), ("weekdays", 7, "weekday")):
        if len(stays[name]) != length or min(stays[name]) <= 0:
            yield (
                f"[stays] {name} must be {length} numbers above 0, the price of each {what} relative to the usual one."
            )
    if "account" not in [channel["role"] for channel in params["channels"].values()]:
        yield 'No channel has the role "account": firms with a contract book there.'
    yield from troubles.faults(params)


def build(ctx: Context) -> None:
    """Add ``orders``, ``stays``, and what belongs to them: nights, accounts, reviews, complaints, and the truth."""
    stays, rooms = ctx.params["stays"], ctx.params["stays"]["rooms"]
    accounts.build(ctx)
    who, day = events(ctx, ctx.rng("stays"))
    channel = _channel(ctx, who, day)
    rng = ctx.rng("stays.what")
    business = ctx.arrays["business"][who]
    nights = 1 + rng.poisson(np.where(business, stays["business_nights"], stays["nights"]) - 1)
    lead = rng.geometric(1 / np.where(business, stays["business_lead_days"], stays["lead_days"]))
    wanted = _rooms(ctx, rng, who)
    trouble = troubles.draw(ctx, who)
    number = _numbers(ctx)
    let, room, nights = _let(who, day, nights, wanted, number, trouble.gone, ctx.days)
    who, day, channel, nights, lead, room = (
        values[let] for values in (who, day, channel, nights, lead, room)
    )
    trouble = trouble.of(let)
    rates = list_rates(ctx)
    account = ctx.company.channels
    by_contract = np.array([role == "account" for role in account.values()])[channel]
    agreed = _agreed_rates(ctx)
    rate = np.where(by_contract, agreed[who, room], rates[day, room])
    love = ctx.truth["customers"]["discount_love"].to_numpy()[who]
    offer = ~by_contract & (rng.random(len(who)) < love)
    discount = np.round(rate * nights * stays["discount"] * offer, 2)
    turnover = rate * nights - discount
    cost = np.array([about["cost"] for about in rooms.values()])[room] * nights
    agent = np.array([role == "agent" for role in account.values()])[channel]
    commission = np.round(turnover * stays["commission"] * agent, 2)
    sales = Sales(
        who,
        day,
        channel,
        discount,
        turnover,
        turnover - cost - commission,
        trouble.voiced.astype(int),
    )
    order = write_sales(ctx, sales)
    who, day, nights, lead, room, by_contract = (
        values[order] for values in (who, day, nights, lead, room, by_contract)
    )
    trouble = trouble.of(order)
    arrival = ctx.start + day
    ctx.tables["stays"] = pd.DataFrame(
        {
            "order_id": np.arange(1, len(order) + 1),
            "booked": (arrival - lead).astype("datetime64[us]"),
            "arrival": arrival.astype("datetime64[us]"),
            "nights": nights.astype(np.int64),
            "room": labels(list(rooms), room),
            "rate": rate[order],
            "commission": commission[order],
        }
    )
    ctx.tables["room_nights"] = _room_nights(ctx, day, nights, room, number, rates)
    _travellers(ctx, who, by_contract)
    _reviews(ctx, who, day, nights, room, trouble)
    gone = np.zeros(ctx.customers, bool)
    gone[who[trouble.gone]] = True
    next_day = np.full(len(who), 10 * ctx.days)
    by_guest = np.argsort(who, kind="stable")
    same = who[by_guest][1:] == who[by_guest][:-1]
    next_day[by_guest[:-1][same]] = day[by_guest[1:][same]]
    troubles.write_complaints(ctx, trouble, who, day, next_day)
    troubles.write_return_chances(ctx, gone)


def list_rates(ctx: Context) -> np.ndarray:
    """The list price of a night, for each day of arrival (rows) and kind of room: season times weekday."""
    stays = ctx.params["stays"]
    days = calendar.all_days(ctx)
    season = np.array(stays["season"], float)[calendar.month_of(days)]
    weekday = np.array(stays["weekdays"], float)[calendar.weekday_of(days)]
    price = np.array([about["price"] for about in stays["rooms"].values()], float)
    rates: np.ndarray = np.round((season * weekday)[:, None] * price, 0)
    return rates


def _numbers(ctx: Context) -> np.ndarray:
    """Rooms of each kind: the file names them for so many guests, and the house grows and shrinks with these."""
    stays = ctx.params["stays"]
    times = ctx.customers / stays["guests"]
    number = np.array([about["number"] for about in stays["rooms"].values()])
    return np.maximum(np.rint(number * times), 1).astype(np.int64)


def _channel(ctx: Context, who: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Where each stay is booked: firms under their contract, new guests through an agent more often than others."""
    stays = ctx.params["stays"]
    channel = channels(ctx, ctx.rng("stays.channel"), who, day)
    rng = ctx.rng("stays.channel.who")
    roles = list(ctx.company.channels.values())
    business = ctx.arrays["business"][who]
    first = np.ones(len(who), bool)
    first[1:] = who[1:] != who[:-1]
    u = rng.random(len(who))
    if "agent" in roles:
        channel[first & ~business & (u < stays["first_by_agent"])] = roles.index("agent")
    channel[business & (u < stays["by_contract"])] = roles.index("account")
    return channel


def _agreed_rates(ctx: Context) -> np.ndarray:
    """Add ``account_rates``: what a night costs under each firm's contract; give it for each customer and kind."""
    stays, rooms = ctx.params["stays"], ctx.params["stays"]["rooms"]
    rng = ctx.rng("account_rates")
    low, high = stays["contract_discount"]
    off = low + (high - low) * rng.random(ctx.customers)
    price = np.array([about["price"] for about in rooms.values()], float)
    agreed: np.ndarray = np.round(price * (1 - off[:, None]), 0)
    firms = np.flatnonzero(ctx.arrays["business"])
    owner, room = np.repeat(firms, len(rooms)), np.tile(np.arange(len(rooms)), len(firms))
    ctx.tables["account_rates"] = pd.DataFrame(
        {
            "customer_id": owner + 1,
            "room": labels(list(rooms), room),
            "rate": agreed[owner, room],
        }
    )
    return agreed


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


def _let(
    who: np.ndarray,
    day: np.ndarray,
    nights: np.ndarray,
    wanted: np.ndarray,
    number: np.ndarray,
    gone: np.ndarray,
    days: int,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give each booking a room that is free, in order of arrival after all first visits.

    Parameters
    ----------
    who, day, nights, wanted : arrays of int
        Guest, day of arrival, nights and kind of room of each booking, in order of guest and day.
    number : array of int
        Rooms of each kind.
    gone : array of bool
        Whether the guest never comes again after this stay.
    days : int
        Days of the data.

    Returns
    -------
    let : array of int
        Positions of the bookings that take place, in order of guest and day.
    room, nights : arrays of int
        Kind of room and nights of every booking; a first visit is cut short rather than lost.
    """
    free = np.repeat(number[:, None], days + int(nights.max(initial=0)) + 1, axis=1)
    room, nights = wanted.copy(), nights.copy()
    kinds = range(len(number))
    first = np.ones(len(who), bool)
    first[1:] = who[1:] != who[:-1]
    found = np.zeros(len(who), bool)
    left = np.zeros(int(who.max(initial=0)) + 1, bool)
    for booking in np.lexsort((np.arange(len(who)), day, ~first)):
        if left[who[booking]]:
            continue
        begin, length, kind = day[booking], nights[booking], wanted[booking]
        nearest = sorted(kinds, key=lambda other: abs(other - kind))
        shortest = 1 if first[booking] else length
        for stay in range(length, shortest - 1, -1):
            suits = [k for k in nearest if free[k, begin : begin + stay].min() > 0]
            if suits:
                free[suits[0], begin : begin + stay] -= 1
                found[booking], room[booking], nights[booking] = True, suits[0], stay
                left[who[booking]] = gone[booking]
                break
    return np.flatnonzero(found), room, nights


def _room_nights(
    ctx: Context,
    day: np.ndarray,
    nights: np.ndarray,
    room: np.ndarray,
    number: np.ndarray,
    rates: np.ndarray,
) -> pd.DataFrame:
    """Every night and kind of room: how many there are, how many were let, and the list price."""
    night = np.repeat(day, nights) + np.concatenate([np.arange(n) for n in nights])
    inside = night < ctx.days
    kinds = len(number)
    cell = night[inside] * kinds + np.repeat(room, nights)[inside]
    let = np.bincount(cell, minlength=ctx.days * kinds)
    dates = np.repeat(calendar.all_days(ctx), kinds)
    return pd.DataFrame(
        {
            "date": dates.astype("datetime64[us]"),
            "room": labels(list(ctx.params["stays"]["rooms"]), np.tile(np.arange(kinds), ctx.days)),
            "rooms": np.tile(number, ctx.days),
            "let": let,
            "list_rate": rates.ravel(),
        }
    )


def _travellers(ctx: Context, who: np.ndarray, by_contract: np.ndarray) -> None:
    """Add ``account_stays``: who travelled when a firm booked under its contract."""
    rows = np.flatnonzero(by_contract)
    person = accounts.person_of(ctx.rng("account_stays"), ctx.arrays["account_people"], who[rows])
    ctx.tables["account_stays"] = pd.DataFrame({"order_id": rows + 1, "person_id": person + 1})


def _reviews(
    ctx: Context,
    who: np.ndarray,
    day: np.ndarray,
    nights: np.ndarray,
    room: np.ndarray,
    trouble: troubles.Troubles,
) -> None:
    """Add ``reviews`` and ``truth/stay_scores``: all would give a score, and the angry and the happy write one."""
    about = ctx.params["stays"]["reviews"]
    rng = ctx.rng("reviews")
    n = len(who)
    quality = np.array([r["quality"] for r in ctx.params["stays"]["rooms"].values()])[room] - 3.0
    lenient = about["people"] * rng.standard_normal(ctx.customers)
    felt = about["mean"] + about["room"] * quality + lenient[who]
    felt = felt + about["luck"] * rng.standard_normal(n)
    felt -= np.where(trouble.trouble, about["trouble"] + about["severe"] * trouble.severe, 0)
    good = trouble.voiced & (trouble.answer == 0)
    felt += about["made_good"] * good
    score = np.clip(np.rint(felt), 1, 10).astype(np.int64)
    pull = np.where(score >= 9, about["happy"], np.where(score <= 5, about["angry"], 0.0))
    engaged = ctx.truth["customers"]["engaged"].to_numpy()[who]
    chance = 1 / (1 + np.exp(-(about["base"] + pull + about["engaged"] * engaged)))
    ctx.truth["stay_scores"] = pd.DataFrame(
        {
            "order_id": np.arange(1, n + 1),
            "trouble": trouble.trouble,
            "score": score,
            "review_chance": chance,
        }
    )
    written = day + nights + rng.geometric(1 / about["days"], n)
    place = pick(rng, about["places"], n)
    rows = np.flatnonzero((rng.random(n) < chance) & (written < ctx.days))
    rows = rows[np.argsort(written[rows], kind="stable")]
    ctx.tables["reviews"] = pd.DataFrame(
        {
            "order_id": rows + 1,
            "date": (ctx.start + written[rows]).astype("datetime64[us]"),
            "place": labels(list(about["places"]), place[rows]),
            "score": score[rows],
        }
    )
