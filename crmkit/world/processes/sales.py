"""What every process hands on: sales, as the common table ``orders``, and how many there were each year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmkit.world.core import time as calendar
from crmkit.world.core.people import labels
from crmkit.world.core.streams import Context


def faulty_shares(where: str, given: Sequence[float], length: int) -> Iterator[str]:
    """Say what is wrong with a list of a company file of which only the proportions matter."""
    if len(given) != length or min(given) < 0 or sum(given) <= 0:
        yield f"{where} must be {length} numbers, none below 0 and not all 0; it is {given}."


@dataclass
class Sales:
    """Sales of any kind of trade, one entry each; money in the company's currency.

    Attributes
    ----------
    who, day, channel : arrays of int
        Position of the customer, day counted from the first day of the data, position of the channel.
    discount, turnover, margin : arrays of float
        Taken off, paid, and left when what was sold is paid for.
    taken_back : array of int, optional
        How many pieces of each came back, or how many complaints: they cause contacts. Default: none.
    """

    who: np.ndarray
    day: np.ndarray
    channel: np.ndarray
    discount: np.ndarray
    turnover: np.ndarray
    margin: np.ndarray
    taken_back: np.ndarray | None = None


def write_sales(ctx: Context, sales: Sales) -> np.ndarray:
    """Add ``orders``, numbered by date, and the arrays that contacts and engagement are made from.

    Returns
    -------
    array of int
        Position of each sale in the table, in the table's order: ``sales.who[result]`` are its customers.
    """
    order = np.argsort(sales.day, kind="stable")
    ctx.tables["orders"] = pd.DataFrame(
        {
            "order_id": np.arange(1, len(order) + 1),
            "customer_id": sales.who[order].astype(np.int64) + 1,
            "order_date": (ctx.start + sales.day[order]).astype("datetime64[us]"),
            "channel": labels(list(ctx.company.channels), sales.channel[order]),
            "discount": sales.discount[order],
            "turnover": sales.turnover[order],
            "margin": sales.margin[order],
        },
        copy=False,
    )
    years = calendar.year_of(calendar.all_days(ctx))
    ctx.arrays["years"] = np.unique(years)
    shape = (len(ctx.arrays["years"]), ctx.customers)
    cell = (years - years[0])[sales.day] * ctx.customers + sales.who
    back = np.zeros(len(order)) if sales.taken_back is None else sales.taken_back
    for name, weights in (("orders", None), ("returns", back)):
        per_year = np.bincount(cell, weights, minlength=shape[0] * shape[1])
        ctx.arrays[f"{name}_per_year"] = per_year.reshape(shape)
    return order
