"""Orders: when customers order, where, what, at which discount, and what they send back.

- When: an inhomogeneous Poisson process. Its rate is the customer's own, times the state of sleep, times how busy the
  day is. On top of it, every spell awake begins with an order.
- What: random utility. A customer first feels a need for a category (its share, times the month), then takes the
  product of that category with the highest utility: weighted quality, ease and advice, less the weighted price, plus
  a Gumbel error, which makes the chances a logit (McFadden 1974). A product that lacks a must-have or costs more than
  the budget is out, however cheap or good. Where none is left, the category is not bought.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmkit.data.catalogue.core import CHANNELS
from crmkit.world import calendar
from crmkit.world.context import Context
from crmkit.world.people import cumulative, labels
from crmkit.world.sleep import AWAKE, order_rate

CHUNK = 40_000  # customers at a time, so that a million fit into memory


def build(ctx: Context) -> None:
    """Add ``orders`` and ``order_lines``."""
    who, day = _when(ctx)
    ctx.tick(0.1)
    channel = _where(ctx, who, day)
    rate = _discount_rate(ctx, who, day)
    ctx.tick(0.2)
    lines = _lines(ctx, who, day, channel, rate)
    ctx.tick(0.8)
    _tables(ctx, who, day, channel, lines)


def _when(ctx: Context) -> tuple[np.ndarray, np.ndarray]:
    """Customer (position) and day of every order, in order of customer."""
    rng = ctx.rng("orders")
    owner, state, begin, end = ctx.arrays["spells"]
    busy = calendar.busyness(ctx)
    # Busyness summed up: the integral of an inhomogeneous rate over a spell is the difference of two of its values.
    total = np.concatenate([np.zeros((2, 1)), np.cumsum(busy, axis=1)], axis=1)
    kind = ctx.arrays["business"][owner].astype(int)
    low, high = total[kind, begin], total[kind, end + 1]
    count = rng.poisson(order_rate(ctx, owner, state) * (high - low))
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


def _where(ctx: Context, who: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Channel of each order."""
    orders = ctx.params["orders"]
    rng = ctx.rng("orders.channel")
    base = np.array([orders["channels"][name] for name in CHANNELS])
    convenience = ctx.truth["customers"]["weight_convenience"].to_numpy()
    mean = np.tile(base, (ctx.customers, 1))
    lean = np.exp(orders["channel_convenience"] * (convenience - convenience.mean()))
    mean[:, 1:3] *= lean[:, None]
    share = rng.standard_gamma(mean * orders["channel_own"] * 10)
    share += 1e-9
    ends = np.cumsum(share, axis=1)
    ends /= ends[:, -1:]
    u = rng.random(len(who))
    channel = np.zeros(len(who), np.int8)
    for position in range(len(CHANNELS) - 1):
        channel += u > ends[who, position]
    # The call centre is closed on Sundays: such calls are made through the web shop.
    sunday = calendar.weekday_of(calendar.all_days(ctx))[day] == 6
    channel[(channel == 3) & sunday] = 1
    return channel


def _discount_rate(ctx: Context, who: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Discount of each order, as a share of the list price."""
    rng = ctx.rng("orders.discount")
    love = ctx.truth["customers"]["discount_love"].to_numpy()[who]
    used = rng.random(len(who)) < np.minimum(love * calendar.discount_factor(ctx)[day], 0.95)
    depths = ctx.params["orders"]["discounts"]
    depth = np.searchsorted(cumulative(depths), rng.random(len(who)), side="right")
    return np.where(used, np.array([float(text) for text in depths])[depth], 0.0)


def _lines(
    ctx: Context, who: np.ndarray, day: np.ndarray, channel: np.ndarray, rate: np.ndarray
) -> dict[str, np.ndarray]:
    """Every line of every order, in order of customer; money in pence, so that sums are exact."""
    orders = ctx.params["orders"]
    rng = ctx.rng("order_lines")
    truth = ctx.truth["customers"]
    count = 1 + rng.poisson(truth["lines_mean"].to_numpy()[who] - 1)
    order = np.repeat(np.arange(len(who), dtype=np.int32), count)
    shelf = Shelf(ctx)
    month = calendar.month_of(calendar.all_days(ctx))[day]
    product = np.empty(len(order), np.int16)
    customer_of_line = who[order]
    for low in range(0, ctx.customers, CHUNK):
        high = min(low + CHUNK, ctx.customers)
        a, b = np.searchsorted(customer_of_line, [low, high])
        product[a:b] = shelf.choose(rng, low, high, customer_of_line[a:b] - low, month[order[a:b]])
        ctx.tick(0.2 + 0.5 * high / ctx.customers)
    categories = orders["categories"]
    pieces = np.array([categories[name]["pieces"] for name in shelf.categories])[shelf.category]
    factor = np.where(ctx.arrays["business"], orders["business_quantity"], 1.0)
    quantity = 1 + rng.poisson(pieces[product] * factor[customer_of_line] - 1).astype(np.int32)
    back = np.array([categories[name]["returns"] for name in shelf.categories])[shelf.category]
    by_channel = np.array([orders["return_channel"][name] for name in CHANNELS])
    returned = rng.random(len(order)) < back[product] * by_channel[channel[order]]
    listed = quantity * shelf.price[product]
    discount = np.rint(listed * rate[order]).astype(np.int32)
    cost = quantity * shelf.cost[product]
    lost = np.rint(cost * orders["return_loss"]).astype(np.int32)
    turnover = np.where(returned, 0, listed - discount).astype(np.int32)
    return {
        "order": order,
        "product": product,
        "quantity": quantity,
        "discount": discount,
        "turnover": turnover,
        "margin": np.where(returned, -lost, turnover - cost).astype(np.int32),
        "returned": returned,
    }


class Shelf:
    """The products as a customer weighs them.

    Attributes
    ----------
    categories : list of str
    category : array of int
        Category of each product.
    price, cost : arrays of int
        In pence.
    """

    def __init__(self, ctx: Context) -> None:
        products = ctx.tables["products"]
        self.ctx = ctx
        self.categories = list(ctx.params["orders"]["categories"])
        position = {name: code for code, name in enumerate(self.categories)}
        self.category = products["category"].map(position).to_numpy()
        self.price = np.rint(products["price"].to_numpy(float) * 100).astype(np.int64)
        self.cost = np.rint(products["unit_cost"].to_numpy(float) * 100).astype(np.int64)
        log_price = np.log(products["price"].to_numpy(float))
        middle = np.array(
            [np.median(log_price[self.category == c]) for c in range(len(self.categories))]
        )
        self.relative_price = log_price - middle[self.category]
        self.attributes = products[["quality", "ease", "advice"]].to_numpy(float) - 3
        features = list(ctx.params["needs"]["must_haves"])
        has = [set((text or "").split(";")) for text in products["features"].fillna("")]
        self.has = np.array([[feature in mine for feature in features] for mine in has])
        # A must-have counts only where the category offers it at all: nobody needs a cordless paint.
        offered = np.array(
            [self.has[self.category == c].any(axis=0) for c in range(len(self.categories))]
        )
        self.lacks = offered[self.category] & ~self.has
        # Products of each category side by side; short categories are filled with product -1.
        members = [np.flatnonzero(self.category == c) for c in range(len(self.categories))]
        width = max(map(len, members))
        self.members = np.array(
            [np.pad(m, (0, width - len(m)), constant_values=-1) for m in members]
        )
        shares = np.array(
            [ctx.params["orders"]["categories"][name]["share"] for name in self.categories]
        )
        months = np.array(
            [ctx.params["orders"]["categories"][name]["months"] for name in self.categories]
        )
        self.category_weight = (shares[:, None] * months).T

    def utility(self, low: int, high: int) -> np.ndarray:
        """Utility of each product (columns) to customers low..high-1 (rows); -inf where it is out of the question."""
        truth = self.ctx.truth["customers"].iloc[low:high]
        needs = self.ctx.params["needs"]
        wanted = truth[["weight_solution", "weight_convenience", "weight_communication"]].to_numpy()
        price_weight = truth["weight_cost"].to_numpy() / truth["wtp_level"].to_numpy()
        utility = (needs["taste"] * wanted) @ self.attributes.T
        utility -= needs["price"] * price_weight[:, None] * self.relative_price
        must = self.ctx.arrays["must"][low:high].astype(np.float32)
        missing = must @ self.lacks.T.astype(np.float32) > 0
        too_dear = self.price / 100 > truth["budget"].to_numpy()[:, None]
        utility[missing | too_dear] = -np.inf
        return utility

    def suit(self, who: np.ndarray) -> None:
        """Change the truth of customers whom nothing suits, for they would be no customers.

        They do without their must-haves, and their budget is at least the price of the cheapest product.
        """
        truth = self.ctx.truth["customers"]
        self.ctx.arrays["must"][who] = False
        truth.loc[who, "must_haves"] = None
        truth.loc[who, "budget"] = truth.loc[who, "budget"].clip(lower=self.price.min() / 100)

    def choose(
        self, rng: np.random.Generator, low: int, high: int, who: np.ndarray, month: np.ndarray
    ) -> np.ndarray:
        """The product of each line, for the customers low..high-1; ``who`` counts from low."""
        utility = self.utility(low, high)
        nothing = np.flatnonzero(np.isneginf(utility).all(axis=1))
        if len(nothing):
            self.suit(low + nothing)
            utility[nothing] = self.utility(low, high)[nothing]
        worth = np.exp(utility).astype(np.float32)
        # The last column is for product -1, which nobody buys.
        worth = np.concatenate([worth, np.zeros((len(worth), 1), np.float32)], axis=1)
        ends = np.cumsum(worth[:, self.members], axis=2)
        total = ends[:, :, -1]
        open_ = total > 0
        weight = self.category_weight.astype(np.float32)[month] * open_[who]
        upto = np.cumsum(weight, axis=1)
        u = rng.random(len(who), dtype=np.float32) * upto[:, -1]
        category = np.minimum((upto <= u[:, None]).sum(axis=1), len(self.categories) - 1)
        u = rng.random(len(who), dtype=np.float32) * total[who, category]
        place = np.minimum(
            (ends[who, category] <= u[:, None]).sum(axis=1), self.members.shape[1] - 1
        )
        product = self.members[category, place]
        # Rounding of single precision may pass the last product that is possible: take the likeliest one then.
        wrong = np.flatnonzero((product < 0) | (worth[who, product] == 0))
        if len(wrong):
            rows = self.members[category[wrong]]
            likeliest = worth[who[wrong][:, None], rows].argmax(axis=1)
            product[wrong] = rows[np.arange(len(wrong)), likeliest]
        return product


def _tables(
    ctx: Context,
    who: np.ndarray,
    day: np.ndarray,
    channel: np.ndarray,
    lines: dict[str, np.ndarray],
) -> None:
    """Number orders by date and write both tables, in pounds."""
    count = np.bincount(lines["order"], minlength=len(who))
    first = np.concatenate([[0], np.cumsum(count)[:-1]])
    sums = {
        name: np.add.reduceat(lines[name], first) for name in ("discount", "turnover", "margin")
    }
    order = np.argsort(day, kind="stable")
    ctx.tables["orders"] = pd.DataFrame(
        {
            "order_id": np.arange(1, len(who) + 1),
            "customer_id": who[order].astype(np.int64) + 1,
            "order_date": (ctx.start + day[order]).astype("datetime64[us]"),
            "channel": labels(list(CHANNELS), channel[order]),
            **{name: values[order] / 100 for name, values in sums.items()},
        },
        copy=False,
    )
    ctx.tick(0.9)
    years = calendar.year_of(calendar.all_days(ctx))
    ctx.arrays["years"] = np.unique(years)
    shape = (len(ctx.arrays["years"]), ctx.customers)
    cell = (years - years[0])[day] * ctx.customers + who
    sent_back = np.add.reduceat(lines["returned"], first, dtype=np.int64)
    for name, weights in (("orders", None), ("returns", sent_back)):
        per_year = np.bincount(cell, weights, minlength=shape[0] * shape[1])
        ctx.arrays[f"{name}_per_year"] = per_year.reshape(shape)
    del cell, sent_back
    # The lines of each order, in the new order of the orders. Arrays are let go as soon as they are used.
    counts = count[order]
    order_id = np.repeat(np.arange(1, len(who) + 1), counts)
    line = np.arange(len(order_id)) - np.repeat(np.cumsum(counts) - counts, counts)
    take = np.repeat(first[order], counts) + line
    product = lines.pop("product")[take]
    columns: dict[str, np.ndarray] = {"order_id": order_id, "line": line + 1}
    columns["product_id"] = product.astype(np.int64) + 1
    columns["quantity"] = lines.pop("quantity")[take].astype(np.int64)
    columns["unit_price"] = ctx.tables["products"]["price"].to_numpy(float)[product]
    for name in ("discount", "turnover", "margin"):
        columns[name] = lines.pop(name)[take] / 100
    columns["returned"] = lines.pop("returned")[take]
    ctx.tables["order_lines"] = pd.DataFrame(columns, copy=False)
