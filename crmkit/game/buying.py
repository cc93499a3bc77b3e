"""Orders of a quarter: how many, on which day, through which channel, of which products, at which discount.

As `crmkit.world.processes.orders` and `crmkit.world.core.choice`, with luck that belongs to the person and the number
of his or her order. Money is in whole pence.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from crmkit.game.draws import Draws, Floats, poisson
from crmkit.game.people import People, company_file, product_table
from crmkit.game.standing import DAYS, WEEKS
from crmkit.world.core import time as calendar
from crmkit.world.core.choice import Shelf
from crmkit.world.core.people import cumulative
from crmkit.world.core.streams import Context

#: Nobody orders more often than this in a quarter, or more lines at once.
MOST_ORDERS, MOST_LINES = 200, 12
#: So many orders of a person are drawn together: few have more in a quarter.
_AT_ONCE = 4
_DISCOUNT_MOST = 0.95


@functools.cache
def _calendar() -> tuple[Floats, Floats, npt.NDArray[np.int64]]:
    """How busy each day of the game is (by kind), how much likelier a discount, and its month; for twelve years."""
    params = company_file()
    first = int(str(params["company"]["end"])[:4]) + 1
    company = params["company"] | {"start": f"{first}-01-01", "end": f"{first + 11}-12-31"}
    ctx = Context(params | {"company": company}, 0, 0, "en_GB")
    days = calendar.all_days(ctx)
    return calendar.busyness(ctx), calendar.discount_factor(ctx), calendar.month_of(days)


def days_of(quarter: int) -> npt.NDArray[np.int64]:
    """Days of the quarter after `quarter` played ones, counted from the first day of the game; years come again."""
    return (DAYS * quarter + np.arange(DAYS)) % len(_calendar()[1])


def busy_weeks(quarter: int) -> Floats:
    """How busy each week of a quarter is, for persons and businesses, beside an average week."""
    busy = _calendar()[0][:, days_of(quarter)]
    return np.asarray(busy.reshape(2, WEEKS, 7).mean(axis=2))


@functools.cache
def _shelf() -> Shelf:
    ctx = Context(company_file(), 0, 0, "en_GB")
    ctx.tables["products"] = product_table()
    return Shelf(ctx)


@dataclass(frozen=True, eq=False)
class Orders:
    """Orders of a quarter in order of day, and their lines; money in pence.

    ``day`` counts from the first day of the quarter; ``event`` is the position in `EVENTS`, -1 for an ordinary order.
    ``line_order`` says to which order (position) a line belongs.
    """

    who: npt.NDArray[np.int64]
    day: npt.NDArray[np.int64]
    channel: npt.NDArray[np.int64]
    event: npt.NDArray[np.int64]
    discount: npt.NDArray[np.int64]
    turnover: npt.NDArray[np.int64]
    margin: npt.NDArray[np.int64]
    returns: npt.NDArray[np.int64]
    line_order: npt.NDArray[np.int64]
    line_product: npt.NDArray[np.int64]
    line_quantity: npt.NDArray[np.int64]
    line_price: npt.NDArray[np.int64]
    line_discount: npt.NDArray[np.int64]
    line_turnover: npt.NDArray[np.int64]
    line_margin: npt.NDArray[np.int64]
    line_returned: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.who)


def buy(
    people: People,
    quarter: int,
    expected: Floats,
    events: npt.NDArray[np.int64],
    level: float,
    voucher: npt.NDArray[np.int64],
    luck: Draws,
) -> Orders:
    """Draw all orders of a quarter.

    Parameters
    ----------
    people
    quarter
        Quarters played before.
    expected
        Orders to be expected of each person in each week.
    events
        Further orders: person, week, kind.
    level
        Our prices, 1 = today's list.
    voucher
        First day on which each person holds a voucher (counted from the first of the quarter); beyond it: none.
    luck
    """
    who, week, place = _ordinary(expected, luck)
    kind = np.concatenate([np.full(len(who), -1), events[:, 2]])
    who, week = np.concatenate([who, events[:, 0]]), np.concatenate([week, events[:, 1]])
    # Places of events lie beyond all ordinary ones, so that neither takes the other's luck.
    place = np.concatenate([place, MOST_ORDERS * (1 + events[:, 2]) + events[:, 1]])
    day = _day(people, quarter, who, week, place, luck)
    order = np.lexsort((place, who, day))
    who, day, place, kind = who[order], day[order], place[order], kind[order]
    channel = _channel(people, quarter, who, day, place, luck)
    rate = _discount(people, quarter, who, day, place, voucher, luck)
    lines = _lines(people, quarter, who, day, place, channel, rate, level, luck)
    owner = lines["order"]
    sums = {
        name: np.bincount(owner, lines[name], minlength=len(who)).astype(np.int64)
        for name in ("discount", "turnover", "margin", "returned")
    }
    return Orders(
        who=who,
        day=day,
        channel=channel,
        event=kind,
        discount=sums["discount"],
        turnover=sums["turnover"],
        margin=sums["margin"],
        returns=sums["returned"],
        **{f"line_{name}": values for name, values in lines.items()},
    )


def _ordinary(expected: Floats, luck: Draws) -> tuple[npt.NDArray[np.int64], ...]:
    """Points of a Poisson process, by exponential steps on the scale of what is expected: the more, the more."""
    ends = np.cumsum(expected, axis=1)
    active = np.flatnonzero(ends[:, -1] > 0)
    at = np.zeros(len(active))
    found: list[tuple[npt.NDArray[np.int64], ...]] = []
    for first in range(0, MOST_ORDERS, _AT_ONCE):
        steps = luck.exponential("orders.step", active, first + np.arange(_AT_ONCE)[:, None])
        steps[0] += at
        reached = np.cumsum(steps, axis=0)
        number, place = np.nonzero(reached < ends[active, -1])
        if not len(place):
            break
        who = active[place]
        week = (ends[who] <= reached[number, place][:, None]).sum(axis=1)
        found.append((who, week, first + number))
        more = reached[-1] < ends[active, -1]
        active, at = active[more], reached[-1][more]
    nothing = (np.zeros(0, np.int64),) * 3
    return tuple(np.concatenate(parts) for parts in zip(nothing, *found, strict=True))


def _day(
    people: People,
    quarter: int,
    who: npt.NDArray[np.int64],
    week: npt.NDArray[np.int64],
    place: npt.NDArray[np.int64],
    luck: Draws,
) -> npt.NDArray[np.int64]:
    busy = _calendar()[0][:, days_of(quarter)].reshape(2, WEEKS, 7)
    ends = np.cumsum(busy, axis=2)[people.business[who].astype(int), week]
    u = luck.uniform("orders.day", who, place) * ends[:, -1]
    return 7 * week + np.minimum((ends <= u[:, None]).sum(axis=1), 6)


def _channel(
    people: People,
    quarter: int,
    who: npt.NDArray[np.int64],
    day: npt.NDArray[np.int64],
    place: npt.NDArray[np.int64],
    luck: Draws,
) -> npt.NDArray[np.int64]:
    u = luck.uniform("orders.channel", who, place)
    channel = (people.channels[who] < u[:, None]).sum(axis=1)
    roles = [about["role"] for about in company_file()["channels"].values()]
    first = np.datetime64(company_file()["company"]["end"], "D") + 1
    weekday = calendar.weekday_of(first + days_of(quarter))[day]
    # Nobody answers the telephone on Sundays: such calls are made online instead.
    called = np.array([role == "telephone" for role in roles])[channel] & (weekday == 6)
    return np.where(called, roles.index("online"), channel)


def _discount(
    people: People,
    quarter: int,
    who: npt.NDArray[np.int64],
    day: npt.NDArray[np.int64],
    place: npt.NDArray[np.int64],
    voucher: npt.NDArray[np.int64],
    luck: Draws,
) -> Floats:
    params = company_file()
    likelier = _calendar()[1][days_of(quarter)][day]
    love = people.number("discount_love")[who]
    used = luck.uniform("orders.discount", who, place) < np.minimum(love * likelier, _DISCOUNT_MOST)
    depths = np.array([float(text) for text in params["orders"]["discounts"]])
    u = luck.uniform("orders.depth", who, place)
    depth = depths[np.searchsorted(cumulative(params["orders"]["discounts"]), u, side="right")]
    rate = np.where(used, depth, 0.0)
    # The voucher holds for sixty days, and for whatever is bought in them: also for what would have been bought anyway.
    holds = (day >= voucher[who]) & (day < voucher[who] + 60)
    off = params["campaigns"]["effects"]["discount"]["discount"]
    return np.where(holds, np.maximum(rate, off), rate)


def _lines(
    people: People,
    quarter: int,
    who: npt.NDArray[np.int64],
    day: npt.NDArray[np.int64],
    place: npt.NDArray[np.int64],
    channel: npt.NDArray[np.int64],
    rate: Floats,
    level: float,
    luck: Draws,
) -> dict[str, npt.NDArray[Any]]:
    params = company_file()
    about = params["orders"]
    shelf = _shelf()
    count = 1 + poisson(
        people.number("lines_mean")[who] - 1, luck.uniform("lines.number", who, place)
    )
    # Repeating takes counts in the machine's own word, which has 32 bits in a browser.
    count = np.minimum(count, MOST_LINES).astype(np.intp)
    order = np.repeat(np.arange(len(who)), count)
    number = np.arange(len(order)) - np.repeat(np.cumsum(count) - count, count)
    owner, at = who[order], place[order] * MOST_LINES + number
    product = _product(people, quarter, owner, day[order], at, level, luck)
    categories = about["categories"].values()
    pieces = np.array([one["pieces"] for one in categories])[shelf.category]
    factor = np.where(people.business, about["business_quantity"], 1.0)[owner]
    quantity = 1 + poisson(pieces[product] * factor - 1, luck.uniform("lines.quantity", owner, at))
    back = np.array([one["returns"] for one in categories])[shelf.category][product]
    by_channel = np.array([about["return_channel"][name] for name in params["channels"]])
    returned = luck.uniform("lines.returned", owner, at) < back * by_channel[channel[order]]
    price = np.rint(shelf.price * level).astype(np.int64)[product]
    listed = quantity * price
    discount = np.rint(listed * rate[order]).astype(np.int64)
    cost = quantity * shelf.cost[product]
    lost = np.rint(cost * about["return_loss"]).astype(np.int64)
    turnover = np.where(returned, 0, listed - discount)
    return {
        "order": order,
        "product": product,
        "quantity": quantity,
        "price": price,
        "discount": discount,
        "turnover": turnover,
        "margin": np.where(returned, -lost, turnover - cost),
        "returned": returned,
    }


def _product(
    people: People,
    quarter: int,
    owner: npt.NDArray[np.int64],
    day: npt.NDArray[np.int64],
    at: npt.NDArray[np.int64],
    level: float,
    luck: Draws,
) -> npt.NDArray[np.int64]:
    """The product of each line: a category by its share and month, then a product in it by random utility."""
    shelf, needs = _shelf(), company_file()["needs"]
    buyers, row = np.unique(owner, return_inverse=True)
    wanted = people.numbers[buyers][:, [0, 2, 3]]  # solution, convenience, communication
    by_price = people.number("weight_cost")[buyers] / people.number("wtp_level")[buyers]
    utility = (needs["taste"] * wanted) @ shelf.attributes.T
    utility -= needs["price"] * by_price[:, None] * shelf.relative_price
    missing = people.must[buyers].astype(float) @ shelf.lacks.T.astype(float) > 0
    dear = shelf.price * level / 100 > people.number("budget")[buyers][:, None]
    possible = ~(missing | dear)
    # Whom higher prices leave nothing takes the cheapest that he or she would have had at today's prices.
    none = ~possible.any(axis=1)
    cheapest = np.argmin(np.where(missing[none], np.inf, shelf.price), axis=1)
    possible[np.flatnonzero(none), cheapest] = True
    worth = np.where(possible, np.exp(utility), 0.0)
    worth = np.concatenate(
        [worth, np.zeros((len(worth), 1))], axis=1
    )  # of product -1, which nobody buys
    ends = np.cumsum(worth[:, shelf.members], axis=2)
    total = ends[:, :, -1]
    month = _calendar()[2][days_of(quarter)][day]
    upto = np.cumsum(shelf.category_weight[month] * (total > 0)[row], axis=1)
    u = luck.uniform("lines.category", owner, at) * upto[:, -1]
    category = np.minimum((upto <= u[:, None]).sum(axis=1), len(shelf.categories) - 1)
    u = luck.uniform("lines.product", owner, at) * total[row, category]
    place = np.minimum((ends[row, category] <= u[:, None]).sum(axis=1), shelf.members.shape[1] - 1)
    return np.asarray(shelf.members[category, place], np.int64)
