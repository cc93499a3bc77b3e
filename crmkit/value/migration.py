"""Customers climb and sink: tiers over time, who moved where, and how often one must look again.

Business context: segmentation is never done once. Last year's key customer may be asleep, and this year's
newcomer may be a key customer
already; a list made once a year is partly wrong most of the year.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inputs import (
    Moment,
    first_few,
    need_columns,
    need_date,
    need_dates,
    need_known,
    need_numbers,
)
from crmkit.value.tiers import assign_tiers

AWAY = "away"
"""The place of a customer who bought nothing in the period."""


def tiers_over_time(
    orders: pd.DataFrame,
    ends: Sequence[Moment],
    cuts: Mapping[str, float] | None = None,
    *,
    by: str = "amount",
    value: str = "turnover",
    days: int = 365,
) -> pd.DataFrame:
    """Give every customer a tier at each of several days, from the orders of the `days` before it.

    Cut by amount to see customers move: by share there is always the same number of VIPs, and one who climbs must push
    another down.

    Parameters
    ----------
    orders
        ``customer_id``, ``order_date`` and the column `value`.
    ends
        The days on which the list is made.
    cuts, by
        As for :func:`~crmkit.value.tiers.assign_tiers`.
    value
        Column that is added up.
    days
        Length of the window before each end.

    Returns
    -------
    DataFrame
        One row per customer and end, for those who had bought at least once by then: ``customer_id``, ``end``,
        ``value``, ``tier`` (ordered;
        ``"away"`` at the bottom: bought before, but not in the window).

    Raises
    ------
    CrmkitError
        A column is missing, a row has no customer or no amount, or a window holds no order.

    Examples
    --------
    >>> orders = pd.DataFrame({
    ...     "customer_id": [1, 1, 2],
    ...     "order_date": pd.to_datetime(["2024-03-01", "2025-03-01", "2024-03-01"]),
    ...     "turnover": [10.0, 900.0, 300.0],
    ... })
    >>> seen = tiers_over_time(orders, ["2024-12-31", "2025-12-31"], {"key": 250, "small": 0})
    >>> seen["tier"].tolist()
    ['small', 'key', 'key', 'away']
    """
    orders = need_columns(orders, ["customer_id", "order_date", value], "orders")
    need_known(orders["customer_id"], "orders, column customer_id")
    need_numbers(orders[value], f"orders, column {value}")
    if not pd.api.types.is_datetime64_any_dtype(orders["order_date"]):
        raise CrmkitError(
            f"orders, column order_date holds {orders['order_date'].dtype}, not dates. "
            "Turn it into dates first: pd.to_datetime(orders['order_date'])."
        )
    if isinstance(ends, str) or not len(ends):
        raise CrmkitError(
            f"ends is a list of days, such as ['2024-12-31', '2025-12-31'], not {ends!r}."
        )
    orders = orders.assign(order_date=need_dates(orders["order_date"], "order_date"))
    first = orders.groupby("customer_id")["order_date"].min()
    parts = []
    for end in ends:
        last = need_date(end)
        start = last - pd.Timedelta(days=days)
        day = orders["order_date"]
        inside = orders[(day > start) & (day <= last)]
        if inside.empty:
            raise CrmkitError(
                f"orders: there is none in the {days} days up to {last:%Y-%m-%d}. Choose other ends."
            )
        sums = inside.groupby("customer_id")[value].sum()
        tier = assign_tiers(sums, cuts, by=by)
        known = first.index[first <= last]
        parts.append(
            pd.DataFrame(
                {
                    "customer_id": known,
                    "end": last,
                    "value": sums.reindex(known, fill_value=0.0).to_numpy(),
                    "tier": tier.astype(object).reindex(known, fill_value=AWAY).to_numpy(),
                }
            )
        )
    seen = pd.concat(parts, ignore_index=True).sort_values(
        ["customer_id", "end"], ignore_index=True
    )
    seen["tier"] = pd.Categorical(
        seen["tier"], categories=[AWAY, *tier.cat.categories], ordered=True
    )
    return seen


def migration_matrix(
    seen: pd.DataFrame, start: Moment, end: Moment, *, shares: bool = False
) -> pd.DataFrame:
    """Cross the tiers of two days: from the rows to the columns.

    Parameters
    ----------
    seen
        As :func:`tiers_over_time` gives.
    start, end
        Two of its days.
    shares
        Give shares of each row instead of customers.

    Returns
    -------
    DataFrame
        Rows: tier at `start`, best first, and last those who were ``"new"`` (not yet a customer). Columns:
        tier at `end`, best first. Every tier has a
        row and a column, empty or not; an empty row has missing shares.

    Raises
    ------
    CrmkitError
        A day that is not in `seen`.

    Examples
    --------
    >>> seen = pd.DataFrame({
    ...     "customer_id": [1, 2, 1, 2],
    ...     "end": pd.to_datetime(["2024-12-31"] * 2 + ["2025-12-31"] * 2),
    ...     "tier": pd.Categorical(["key", "small", "small", "small"], ["away", "small", "key"], ordered=True),
    ... })
    >>> migration_matrix(seen, "2024-12-31", "2025-12-31")
    end    key  small  away
    start
    key      0      1     0
    small    0      1     0
    away     0      0     0
    new      0      0     0
    """
    before, after = _at(seen, start), _at(seen, end)
    tiers = list(seen["tier"].cat.categories)[::-1]
    came = before.astype(object).reindex(after.index, fill_value="new")
    matrix = pd.crosstab(came, after.astype(object)).reindex(
        index=[*tiers, "new"], columns=tiers, fill_value=0
    )
    matrix = matrix.rename_axis(index="start", columns="end")
    if shares:
        return matrix.div(matrix.sum(axis=1).replace(0, np.nan), axis=0)
    return matrix


def movers(seen: pd.DataFrame, start: Moment, end: Moment) -> pd.DataFrame:
    """Say of each tier how many of its customers climbed, stayed and sank between two days.

    Parameters
    ----------
    seen
        As :func:`tiers_over_time` gives.
    start, end
        Two of its days.

    Returns
    -------
    DataFrame
        One row per tier at `start`, best first: ``tier``, ``customers``, ``climbed``, ``stayed``, ``sank``,
        ``away`` (of those who sank: bought nothing),
        ``value_before``, ``value_after`` if `seen` has ``value``.

    Raises
    ------
    CrmkitError
        A day that is not in `seen`.

    Examples
    --------
    >>> seen = pd.DataFrame({
    ...     "customer_id": [1, 2, 1, 2],
    ...     "end": pd.to_datetime(["2024-12-31"] * 2 + ["2025-12-31"] * 2),
    ...     "tier": pd.Categorical(["key", "small", "small", "small"], ["away", "small", "key"], ordered=True),
    ... })
    >>> movers(seen, "2024-12-31", "2025-12-31")
        tier  customers  climbed  stayed  sank  away
    0    key          1        0       0     1     0
    1  small          1        0       1     0     0
    2   away          0        0       0     0     0
    """
    before, after = _at(seen, start), _at(seen, end)
    after = after.reindex(before.index)
    tiers = list(seen["tier"].cat.categories)[::-1]
    change = after.cat.codes.astype(int) - before.cat.codes.astype(int)
    table = pd.DataFrame(
        {
            "tier": before.astype(object),
            "climbed": change > 0,
            "stayed": change == 0,
            "sank": change < 0,
            "away": (change < 0) & (after == AWAY),
        }
    )
    counts = table.groupby("tier").agg(
        customers=("climbed", "size"),
        climbed=("climbed", "sum"),
        stayed=("stayed", "sum"),
        sank=("sank", "sum"),
        away=("away", "sum"),
    )
    if "value" in seen:
        for name, when in (("value_before", start), ("value_after", end)):
            values = seen[seen["end"] == need_date(when)].set_index("customer_id")["value"]
            counts[name] = values.reindex(before.index).groupby(before.astype(object)).sum()
    return counts.reindex(tiers, fill_value=0).rename_axis("tier").reset_index()


def review_schedule(seen: pd.DataFrame) -> pd.DataFrame:
    """Say how wrong a list of tiers grows with its age: what a review every 3, 6, 12 months would leave wrong.

    Parameters
    ----------
    seen
        As :func:`tiers_over_time` gives, for several days (such as every quarter).

    Returns
    -------
    DataFrame
        One row per age of the list: ``age_days`` (mean days between the two lists), ``pairs`` (of lists
        compared), ``customers`` (compared),
        ``wrong_share`` (whose tier is another by now), ``top_missed_share`` (of those who are in one of the
        two best tiers now, or in the best of two: were not then, or not yet customers).

    Raises
    ------
    CrmkitError
        There are fewer than two days.

    Examples
    --------
    >>> orders = pd.DataFrame({
    ...     "customer_id": [1, 1, 2],
    ...     "order_date": pd.to_datetime(["2024-03-01", "2025-03-01", "2024-03-01"]),
    ...     "turnover": [10.0, 900.0, 300.0],
    ... })
    >>> seen = tiers_over_time(orders, ["2024-12-31", "2025-12-31"], {"key": 250, "small": 0})
    >>> review_schedule(seen)["wrong_share"].tolist()
    [1.0]
    """
    need_columns(seen, ["customer_id", "end", "tier"], "seen")
    ends = np.sort(seen["end"].unique())
    if len(ends) < 2:
        raise CrmkitError("seen: at least two days are needed to see how a list ages.")
    by_end = seen.assign(code=seen["tier"].cat.codes).pivot(
        index="customer_id", columns="end", values="code"
    )
    best = max(len(seen["tier"].cat.categories) - 2, 2)  # codes count up from 0, "away"
    rows = []
    for gap in range(1, len(ends)):
        days, compared, wrong, top, missed = [], 0, 0, 0, 0
        for old, new in zip(ends[:-gap], ends[gap:], strict=True):
            then, now = by_end[old], by_end[new]
            both = then.notna() & now.notna()
            compared += int(both.sum())
            wrong += int((then[both] != now[both]).sum())
            up = now >= best
            top += int(up.sum())
            missed += int((up & ~(then >= best)).sum())
            days.append((new - old) / np.timedelta64(1, "D"))
        rows.append(
            {
                "age_days": round(float(np.mean(days))),
                "pairs": len(days),
                "customers": compared,
                "wrong_share": wrong / compared,
                "top_missed_share": missed / top if top else np.nan,
            }
        )
    return pd.DataFrame(rows)


def _at(seen: pd.DataFrame, end: Moment) -> pd.Series:
    need_columns(seen, ["customer_id", "end", "tier"], "seen")
    rows = seen[seen["end"] == need_date(end)]
    if rows.empty:
        days = [f"{day:%Y-%m-%d}" for day in sorted(seen["end"].unique())]
        raise CrmkitError(f"{end} is none of the days in the table: {first_few(days, 8)}.")
    return rows.set_index("customer_id")["tier"]
