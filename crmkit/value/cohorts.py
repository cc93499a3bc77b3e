"""Cohorts: customers who came in the same period, followed for the same length of time.

Business context: a mean over all customers mixes those who have had three years with those who came last week. A cohort
table gives each group the same age, so that a better year of newcomers can be told from an older customer base.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inference import wilson
from crmkit.inputs import Moment, need_columns, need_date, need_dates, need_known

_PERIODS = ("M", "Q", "Y")


def cohort_table(
    orders: pd.DataFrame, end: Moment, *, period: str = "Q", level: float = 0.95
) -> pd.DataFrame:
    """Give the share of each cohort that bought in each period after its first.

    Parameters
    ----------
    orders
        ``customer_id``, ``order_date``.
    end
        Last day that was observed. Periods that are not over by then are left out.
    period
        Length of a period: ``"M"``, ``"Q"`` or ``"Y"``.
    level
        Share of samples in which the interval holds the truth.

    Returns
    -------
    DataFrame
        One row per cohort and age: ``cohort`` (period of the first purchase, such as "2023Q1"), ``age`` (periods since,
        0 is the first), ``customers`` (of the cohort), ``bought`` (of them, in that period), ``share``, ``low``,
        ``high`` (Wilson 1927; a customer counts once a cell). At age 0 all have bought: the share is 1 by definition,
        and no interval is given.

    Raises
    ------
    CrmkitError
        A column is missing, a row has no customer, an unknown period, or no period is over.

    Examples
    --------
    >>> orders = pd.DataFrame({
    ...     "customer_id": [1, 1, 2], "order_date": pd.to_datetime(["2024-01-05", "2024-05-01", "2024-02-01"])
    ... })
    >>> cohort_table(orders, "2024-06-30")[["cohort", "age", "customers", "share"]].values.tolist()
    [['2024Q1', 0, 2, 1.0], ['2024Q1', 1, 2, 0.5]]
    """
    need_columns(orders, ["customer_id", "order_date"], "orders")
    need_known(orders["customer_id"], "orders, column customer_id")
    if period not in _PERIODS:
        raise CrmkitError(f"period is 'M', 'Q' or 'Y', not {period!r}.")
    last = need_date(end).normalize()
    day = need_dates(orders["order_date"], "order_date")
    inside = orders.loc[day < last + pd.Timedelta(days=1), ["customer_id"]].assign(
        when=day.dt.to_period(period)
    )
    inside["cohort"] = inside.groupby("customer_id")["when"].transform("min")
    whole = (last + pd.Timedelta(days=1)).to_period(period) - 1  # the last period that is over
    inside = inside[inside["when"] <= whole].drop_duplicates()
    if inside.empty:
        raise CrmkitError(f"orders: no period ({period}) with orders is over on {last:%Y-%m-%d}.")
    sizes = inside.groupby("cohort")["customer_id"].nunique()
    bought = inside.groupby(["cohort", "when"])["customer_id"].nunique()
    cells = pd.MultiIndex.from_tuples(
        [(c, when) for c in sizes.index for when in pd.period_range(c, whole)],
        names=bought.index.names,
    )
    table = bought.reindex(cells, fill_value=0).rename("bought").reset_index()
    table["customers"] = table["cohort"].map(sizes).astype(int)
    table["age"] = [(when - c).n for c, when in zip(table["cohort"], table["when"], strict=True)]
    table["share"] = table["bought"] / table["customers"]
    low, high = wilson(table["bought"], table["customers"], level=level)
    later = (table["age"] > 0).to_numpy()
    table["low"], table["high"] = np.where(later, low, np.nan), np.where(later, high, np.nan)
    table["cohort"] = table["cohort"].astype(str)
    return table[["cohort", "age", "customers", "bought", "share", "low", "high"]]


def bought_again(orders: pd.DataFrame, first_until: Moment, *, days: int = 365) -> pd.Series:
    """Count on how many further days newcomers bought within the same time after their first purchase.

    Parameters
    ----------
    orders
        ``customer_id``, ``order_date``.
    first_until
        Only customers whose first purchase lies on or before this day: leave them `days` to come back in.
    days
        Length of the time given to each.

    Returns
    -------
    Series
        Index ``customer_id``: ``days_again``, 0 for those who did not come back in time.

    Raises
    ------
    CrmkitError
        A column is missing, a row has no customer, or nobody had bought by `first_until`.

    Examples
    --------
    >>> orders = pd.DataFrame({
    ...     "customer_id": [1, 1, 2], "order_date": pd.to_datetime(["2024-01-05", "2024-05-01", "2024-02-01"])
    ... })
    >>> bought_again(orders, "2024-12-31").tolist()
    [1, 0]
    """
    need_columns(orders, ["customer_id", "order_date"], "orders")
    need_known(orders["customer_id"], "orders, column customer_id")
    day = need_dates(orders["order_date"], "order_date").dt.normalize()
    first = day.groupby(orders["customer_id"]).transform("min")
    newcomer = first <= need_date(first_until)
    if not newcomer.any():
        raise CrmkitError(f"orders: nobody had bought by {first_until}. Choose a later day.")
    later = (day - first).dt.days.between(1, days)
    kept = newcomer & later
    counts = day[kept].groupby(orders.loc[kept, "customer_id"].to_numpy()).nunique()
    everyone = pd.Index(np.sort(orders.loc[newcomer, "customer_id"].unique(), kind="stable"))
    everyone = everyone.rename("customer_id")
    return counts.reindex(everyone, fill_value=0).astype(int).rename("days_again")
