"""Four difficulties that are said of every company today, each tested on the tables that exist.

Problem
    Needs differ, channels multiply, technology raises expectations, loyalty falls: so textbooks say (难点: 需求差异,
    渠道增多, 技术抬高期望, 忠诚度下降). Each can be tested, or it can be said why not. One of them seems to hold in
    every company, because older customers have had more time to come back.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inference import adjust_p_values, mean_difference, newcombe, newcombe_p, wilson
from crmkit.inputs import Moment, need_count, need_date, need_dates, need_rows
from crmkit.relations.trades import (
    Answer,
    Tables,
    favourite_of,
    first_of,
    given,
    lacking,
    rated_first,
    tidy,
    used_most,
)
from crmkit.say import labels, say

#: Fewest customers of whom a share is given.
FEWEST = 20

labels("needs differ", "channels multiply", "expectations rise", "loyalty falls")
labels(
    "not served by the commonest need", "two channels or more", "two channels: last year less first"
)
labels("review score: last year less first", "came again within a year: last less first")
labels("came again at all: last less first")


def retention_by_cohort(
    orders: pd.DataFrame,
    as_of: Moment | None = None,
    *,
    within_days: int = 365,
    level: float = 0.95,
) -> pd.DataFrame:
    """Say of each year's newcomers how many came again: at all, and within an equal time for everybody.

    Parameters
    ----------
    orders
        ``customer_id``, ``order_date``. Several orders on one day count as one.
    as_of
        The last day that is known. Default: the day of the last order.
    within_days
        How long each customer is given after the first order.
    level
        Share of samples in which the intervals hold the truth.

    Returns
    -------
    DataFrame
        One row per calendar year of the first order: ``cohort``, ``customers``, ``at_all`` (share who came again by
        `as_of`), ``at_all_low``, ``at_all_high``, ``watched`` (customers who were seen for the whole time), ``again``
        (who of them came again in time), ``within`` (their share) with ``low`` and ``high`` (Wilson). NaN where fewer
        than 20 were watched.

    Raises
    ------
    CrmkitError
        Missing columns, unreadable dates, no order by `as_of`.

    Examples
    --------
    >>> orders = pd.DataFrame({"customer_id": [1, 1, 2], "order_date": ["2023-05-01", "2024-02-01", "2024-06-01"]})
    >>> retention_by_cohort(orders, "2025-12-31")[["cohort", "customers", "at_all"]].values.tolist()
    [[2023.0, 1.0, 1.0], [2024.0, 1.0, 0.0]]
    """
    need_count(within_days, "within_days")
    need_rows(orders, ["customer_id", "order_date"], "orders")
    days = need_dates(orders["order_date"], "orders, column order_date").dt.normalize()
    end = days.max() if as_of is None else need_date(as_of).normalize()
    table = pd.DataFrame({"customer_id": orders["customer_id"].to_numpy(), "day": days.to_numpy()})
    table = table[table["day"] <= end].drop_duplicates()
    if table.empty:
        raise CrmkitError(f"orders: none lies before {end:%Y-%m-%d}. Choose a later day.")
    table = table.sort_values(["customer_id", "day"], kind="stable")
    order = table.groupby("customer_id").cumcount()
    first = table[order == 0].set_index("customer_id")["day"]
    gap = (table[order == 1].set_index("customer_id")["day"] - first).dt.days.reindex(first.index)
    seen = (end - first).dt.days >= within_days
    rows: list[tuple[float, ...]] = []
    for cohort, part in gap.groupby(first.dt.year):
        watched = part[seen.reindex(part.index)]
        again = int((watched <= within_days).sum())
        few = len(watched) < FEWEST
        ever = int(part.notna().sum())
        rows.append(
            (
                int(cohort),
                len(part),
                ever / len(part),
                *wilson(ever, len(part), level=level),
                len(watched),
                again,
                np.nan if few else again / len(watched),
                *((np.nan, np.nan) if few else wilson(again, len(watched), level=level)),
            )
        )
    shares = ["at_all", "at_all_low", "at_all_high", "watched", "again", "within", "low", "high"]
    return pd.DataFrame(rows, columns=["cohort", "customers", *shares])


def loyalty_change(cohorts: dict[str, pd.DataFrame], *, level: float = 0.95) -> pd.DataFrame:
    """Compare the last cohort that was watched whole with the first, in several companies.

    Parameters
    ----------
    cohorts
        By company: from `retention_by_cohort`.
    level
        Share of samples in which an interval holds the truth.

    Returns
    -------
    DataFrame
        One row per company: ``company``, ``first``, ``last`` (years), ``change`` of the share who came again in time,
        ``low``, ``high`` (Newcombe), ``p_value``, ``p_adjusted`` (Holm, for all companies that could be compared);
        ``at_all`` (the change that misleads: of the share who came again at all, from the first year to the very last).

    Raises
    ------
    CrmkitError
        No company at all.

    Examples
    --------
    >>> table = pd.DataFrame({"cohort": [2023, 2024, 2025], "at_all": [0.7, 0.6, 0.3], "watched": [100, 100, 0],
    ...                       "again": [50, 50, 0], "within": [0.5, 0.5, np.nan]})
    >>> loyalty_change({"Fernwell": table})[["first", "last", "change", "at_all"]].round(2).values.tolist()
    [[2023.0, 2024.0, 0.0, -0.4]]
    """
    if not cohorts:
        raise CrmkitError("cohorts: at least one company is needed.")
    rows: list[tuple[object, ...]] = []
    for name, table in cohorts.items():
        need_rows(table, ["cohort", "at_all", "watched", "again", "within"], name)
        whole = table[table["within"].notna()]
        fall = float(table["at_all"].iloc[-1] - table["at_all"].iloc[0])
        if len(whole) < 2:
            rows.append((name, np.nan, np.nan, np.nan, np.nan, np.nan, np.nan, fall))
            continue
        one, two = whole.iloc[0], whole.iloc[-1]
        pair = (two["again"], two["watched"], one["again"], one["watched"])
        rows.append(
            (
                name,
                int(one["cohort"]),
                int(two["cohort"]),
                *(float(part) for part in newcombe(*pair, level=level)),
                float(newcombe_p(*pair)),
                fall,
            )
        )
    columns = ["company", "first", "last", "change", "low", "high", "p_value", "at_all"]
    found = pd.DataFrame(rows, columns=columns)
    can = found["p_value"].notna()
    found["p_adjusted"] = np.nan
    if can.any():
        found.loc[can, "p_adjusted"] = adjust_p_values(found.loc[can, "p_value"])
    return found[[*columns[:-1], "p_adjusted", "at_all"]]


def difficulties(
    tables: Tables, as_of: Moment | None = None, *, level: float = 0.95
) -> pd.DataFrame:
    """Test the four difficulties on a company's tables, or say why they cannot be tested.

    Parameters
    ----------
    tables
        By name, as from `trade_tables`; ``orders`` must be there.
    as_of
        The last day that is known. Default: the day of the last order.
    level
        Share of samples in which the intervals hold the truth.

    Returns
    -------
    DataFrame
        As from `four_analyses`, with ``difficulty`` in place of ``analysis``. Changes compare the last with the first
        calendar year that the tables hold (for loyalty: the last and first year of newcomers who were watched whole).

    Raises
    ------
    CrmkitError
        No orders, a missing column of theirs, an unreadable date.

    Examples
    --------
    >>> orders = pd.DataFrame({"customer_id": [1, 1, 2], "order_date": ["2023-05-01", "2024-02-01", "2024-06-01"]})
    >>> difficulties({"orders": orders}).set_index("measure").loc["review score: last year less first", "reason"]
    'no table reviews'
    """
    if "orders" not in tables:
        raise CrmkitError("The four difficulties need the table orders: customer_id, order_date.")
    orders = need_rows(tables["orders"], ["customer_id", "order_date"], "orders")
    days = need_dates(orders["order_date"], "orders, column order_date").dt.normalize()
    end = days.max() if as_of is None else need_date(as_of).normalize()
    orders = orders.assign(order_date=days)[(days <= end).to_numpy()]
    years = lambda change: lambda: _channels(orders, level, change)  # noqa: E731
    rows: list[tuple[str, str, str, Callable[[], Answer]]] = [
        ("needs differ", "not served by the commonest need", "share", lambda: _other_needs(tables, level)),
        ("channels multiply", "two channels or more", "share", years(False)),
        ("channels multiply", "two channels: last year less first", "points", years(True)),
        ("expectations rise", "review score: last year less first", "score", lambda: _reviews(tables, end, level)),
        ("loyalty falls", "came again within a year: last less first", "points", lambda: _loyalty(orders, end, level)),
        ("loyalty falls", "came again at all: last less first", "points", lambda: _at_all(orders, end, level)),
    ]  # fmt: skip
    return tidy("difficulty", rows)


def _other_needs(tables: Tables, level: float) -> Answer:
    """The share of customers whose first need is another than the commonest, by the best source at hand."""
    for ask in (rated_first, used_most, _rooms, _goods):
        found = ask(tables, level)
        if not found.reason:
            less = (1 - found.value, 1 - found.high, 1 - found.low)
            return given(less, found.n, say("not {need}", need=found.of))
    return Answer(reason=say("no table of needs, use, rooms or enquiries"))


def _rooms(tables: Tables, level: float) -> Answer:
    why = lacking(tables, "stays")
    if why:
        return Answer(reason=why)
    rows = tables["stays"].merge(tables["orders"][["order_id", "customer_id"]], on="order_id")
    return first_of(favourite_of(rows.assign(times=1), "room", "times"), level)


def _goods(tables: Tables, level: float) -> Answer:
    why = lacking(tables, "enquiries")
    if why:
        return Answer(reason=why)
    return first_of(favourite_of(tables["enquiries"].assign(times=1), "goods", "times"), level)


def _channels(orders: pd.DataFrame, level: float, change: bool) -> Answer:
    """Customers with two orders or more in a year: the share who used two channels, and how it changed."""
    if "channel" not in orders:
        return Answer(reason=say("orders: no column channel"))
    rows = orders[["customer_id", "channel"]].assign(year=orders["order_date"].dt.year)
    keys = ["year", "customer_id"]
    table = pd.DataFrame({"orders": rows.groupby(keys).size()})
    table["channels"] = rows.drop_duplicates().groupby(keys).size()
    table = table[table["orders"] >= 2]
    many = (table["channels"] >= 2).groupby("year")
    hits, n = many.sum(), many.size()
    if n.empty or n.iloc[-1] < FEWEST:
        return Answer(reason=say("too few customers with two orders in a year"))
    if not change:
        low, high = wilson(hits.iloc[-1], n.iloc[-1], level=level)
        share = float(hits.iloc[-1] / n.iloc[-1])
        return Answer(share, float(low), float(high), int(n.iloc[-1]))
    if len(n) < 2 or n.iloc[0] < FEWEST:
        return Answer(reason=say("only one year with enough customers"))
    found = newcombe(hits.iloc[-1], n.iloc[-1], hits.iloc[0], n.iloc[0], level=level)
    return given(found, int(n.iloc[-1] + n.iloc[0]))


def _reviews(tables: Tables, end: pd.Timestamp, level: float) -> Answer:
    """Whether the same service is judged harder: scores of the last year less those of the first."""
    why = lacking(tables, "reviews")
    if why:
        return Answer(reason=why)
    day = pd.to_datetime(tables["reviews"]["date"])
    score = tables["reviews"]["score"][day <= end]
    year = day[day <= end].dt.year
    if year.nunique() < 2:
        return Answer(reason=say("reviews of one year only"))
    found = mean_difference(score[year == year.max()], score[year == year.min()], level=level)
    return given(found, len(score))


def _loyalty(orders: pd.DataFrame, end: pd.Timestamp, level: float) -> Answer:
    found = loyalty_change({"it": retention_by_cohort(orders, end)}, level=level).iloc[0]
    if np.isnan(found["change"]):
        return Answer(reason=say("fewer than two years of newcomers were watched for a year"))
    return Answer(float(found["change"]), float(found["low"]), float(found["high"]))


def _at_all(orders: pd.DataFrame, end: pd.Timestamp, level: float) -> Answer:
    table = retention_by_cohort(orders, end, level=level)
    if len(table) < 2:
        return Answer(reason=say("newcomers of one year only"))
    one, two = table.iloc[0], table.iloc[-1]
    pairs = [(round(c["at_all"] * c["customers"]), c["customers"]) for c in (two, one)]
    found = newcombe(*pairs[0], *pairs[1], level=level)
    return given(found, int(one["customers"] + two["customers"]))


__all__ = ["difficulties", "loyalty_change", "retention_by_cohort"]
