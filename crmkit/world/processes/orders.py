"""Orders: when customers order, where, what, at which discount, and what they send back.

- When: at the customer's own rhythm (see `crmkit.world.core.sleep.events`).
- What: random utility (see `crmkit.world.core.choice`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from crmkit.world.core import time as calendar
from crmkit.world.core.choice import Shelf, channels
from crmkit.world.core.people import cumulative
from crmkit.world.core.sleep import events
from crmkit.world.core.streams import Context
from crmkit.world.processes import products
from crmkit.world.processes.sales import Sales, faulty_shares, write_sales

#: Sections of the company file that this process reads.
SECTIONS = ("orders", "products")
CHUNK = 40_000  # customers at a time, so that a million fit into memory


def faults(params: dict[str, Any]) -> Iterator[str]:
    """What a company file says that no orders can be made of."""
    categories = params["orders"]["categories"]
    for name, category in categories.items():
        yield from faulty_shares(f"{name!r} months", category["months"], 12)
    for group in params["products"]:
        for item in group["items"]:
            if item["cost"] >= item["price"]:
                yield f"Product {item['name']!r}: it costs {item['cost']} but sells for {item['price']}."
    sold = {group["category"] for group in params["products"]}
    if sold != set(categories):
        yield (
            f"Categories {', '.join(sorted(sold ^ set(categories)))}: each needs both products and a "
            "line in [orders.categories]."
        )


def build(ctx: Context) -> None:
    """Add ``products``, ``orders`` and ``order_lines``."""
    products.build(ctx)
    who, day = events(ctx, ctx.rng("orders"))
    ctx.tick(0.1)
    channel = channels(ctx, ctx.rng("orders.channel"), who, day)
    rate = _discount_rate(ctx, who, day)
    ctx.tick(0.2)
    lines = _lines(ctx, who, day, channel, rate)
    ctx.tick(0.8)
    _tables(ctx, who, day, channel, lines)


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
    # Repeating takes counts in the machine's own word, which has 32 bits in a browser.
    count = 1 + rng.poisson(truth["lines_mean"].to_numpy()[who] - 1).astype(np.intp)
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
    by_channel = np.array([orders["return_channel"][name] for name in ctx.company.channels])
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


def _tables(
    ctx: Context,
    who: np.ndarray,
    day: np.ndarray,
    channel: np.ndarray,
    lines: dict[str, np.ndarray],
) -> None:
    """Number orders by date and write both tables; money in whole units of the currency, no longer in hundredths."""
    count = np.bincount(lines["order"], minlength=len(who))
    first = np.concatenate([[0], np.cumsum(count)[:-1]])
    sums = {
        name: np.add.reduceat(lines[name], first) / 100
        for name in ("discount", "turnover", "margin")
    }
    sent_back = np.add.reduceat(lines["returned"], first, dtype=np.int64)
    order = write_sales(ctx, Sales(who, day, channel, **sums, taken_back=sent_back))
    ctx.tick(0.9)
    del sent_back, sums
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
