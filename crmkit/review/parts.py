"""What a review is made of: the books that it reads, and the part that each analysis gives back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inference import Estimate
from crmkit.inputs import Moment, need_columns, need_date, need_dates, need_known, need_numbers
from crmkit.say import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Length of the stretches that are compared, in days.
YEAR = 365
#: Fewest customers of whom an analysis speaks.
FEWEST = 30


@dataclass(frozen=True)
class Part:
    """One of the seven analyses.

    Attributes
    ----------
    name
        Its name among the seven.
    finding
        The finding, in a sentence of its own: the heading.
    said
        Further sentences.
    pictures
        Figures with their alt text.
    tables
        Tables with a sentence above each.
    limits
        What the data cannot say.
    """

    name: str
    finding: str
    said: tuple[str, ...] = ()
    pictures: tuple[tuple[Axes, str], ...] = ()
    tables: tuple[tuple[str, pd.DataFrame], ...] = ()
    limits: tuple[str, ...] = ()


@dataclass(frozen=True)
class Books:
    """What a company has written down, up to a day.

    Attributes
    ----------
    orders
        ``customer_id``, ``order_date``, ``turnover``, up to `as_of`; further columns as they are.
    as_of
        The last day that is known.
    others
        Further tables by name.
    money
        Writes an amount in the company's currency.
    """

    orders: pd.DataFrame
    as_of: pd.Timestamp
    others: Mapping[str, pd.DataFrame]
    money: Callable[[float], str]
    worth: str = field(default="turnover")

    def year(self, back: int = 0) -> pd.DataFrame:
        """Give the orders of 365 days: the last ones, or those that lie so many years back."""
        until = self.as_of - pd.Timedelta(days=YEAR * back)
        days = self.orders["order_date"]
        return self.orders[(days > until - pd.Timedelta(days=YEAR)) & (days <= until)]

    def years(self) -> int:
        """Count the whole stretches of 365 days that the orders reach back."""
        return int(((self.as_of - self.orders["order_date"].min()).days + 1) // YEAR)

    def by_customer(self, orders: pd.DataFrame) -> pd.Series:
        """Add up what each customer of some orders brought."""
        return orders.groupby("customer_id")[self.worth].sum()

    def lacks(self, *tables: str) -> list[str]:
        """Name the tables that are not there, or empty."""
        return [name for name in tables if name not in self.others or self.others[name].empty]


def books_of(
    tables: Mapping[str, pd.DataFrame], as_of: Moment | None, money: Callable[[float], str] | None
) -> Books:
    """Check the tables and cut the orders off at a day.

    Raises
    ------
    CrmkitError
        No orders, a missing column, an unreadable date, a row without a customer, no order by that day.
    """
    if "orders" not in tables:
        raise CrmkitError(
            "A review needs the table orders: customer_id, order_date, turnover. There are: "
            f"{', '.join(sorted(tables)) or 'no tables'}."
        )
    orders = need_columns(tables["orders"], ["customer_id", "order_date", "turnover"], "orders")
    need_known(orders["customer_id"], "orders, column customer_id")
    need_numbers(orders["turnover"], "orders, column turnover")
    day = need_dates(orders["order_date"], "orders, column order_date").dt.normalize()
    last = day.max() if as_of is None else need_date(as_of).normalize()
    orders = orders.assign(order_date=day)[(day <= last).to_numpy()]
    if orders.empty:
        raise CrmkitError(f"No order lies before {last:%Y-%m-%d}: choose a later day.")
    whole = "margin" in orders and bool(orders["margin"].notna().all())
    if whole:
        need_numbers(orders["margin"], "orders, column margin")
    others = {name: table for name, table in tables.items() if name != "orders"}
    return Books(
        orders.reset_index(drop=True),
        pd.Timestamp(last),
        others,
        money or (lambda amount: f"{amount:,.0f}"),
        "margin" if whole else "turnover",
    )


def on_quarters(ax: Axes, quarters: pd.PeriodIndex) -> np.ndarray:
    """Write quarters below an axis, the year once, below its first; gives their places."""
    place = np.arange(len(quarters))
    step = max(1, -(-len(quarters) // 16))
    words = [
        f"Q{quarter.quarter}\n{quarter.year}"
        if i == 0 or quarter.quarter <= step
        else f"Q{quarter.quarter}"
        for i, quarter in enumerate(quarters)
    ]
    ax.set_xticks(place[::step], words[::step])
    ax.set_xlabel(say("quarter"))
    return place


def within(found: Estimate | tuple[float, float, float], form: str = "{:.0%}") -> str:
    """Write an estimate with its interval, or alone where there is none.

    Examples
    --------
    >>> within((0.25, 0.2, 0.31)), within((0.25, float("nan"), float("nan")))
    ('25% (95 % interval 20% to 31%)', '25%')
    """
    middle, low, high = (float(value) for value in found)
    if np.isnan(low) or np.isnan(high):
        return form.format(middle)
    return say(
        "{middle} (95 % interval {low} to {high})",
        middle=form.format(middle),
        low=form.format(low),
        high=form.format(high),
    )


def short_history(books: Books) -> str:
    """Say that the orders do not reach back far enough to compare two years."""
    return say(
        "The orders reach back {days:,} days. To compare two years, 730 are needed.",
        days=(books.as_of - books.orders["order_date"].min()).days + 1,
    )
