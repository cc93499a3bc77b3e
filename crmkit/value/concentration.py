"""How unequally customers bring turnover and profit: the Pareto curve, share tables, the Gini coefficient.

Business context: "20 % of the customers bring 80 % of the profit" is repeated everywhere and holds in few
firms exactly. What the share is, for whom, and of what (turnover or profit) can be counted from the orders.
When some customers cost more than they bring, the curve of profit climbs above 100 % and comes down again:
the best customers then earn the whole profit and also what the others lose.

All functions take one number per customer (a Series, a column, a list), in any order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inference import bootstrap_interval, tells_spread
from crmkit.inputs import (
    Moment,
    first_few,
    need_columns,
    need_date,
    need_dates,
    need_known,
    need_numbers,
    need_share,
)

#: Customers from whom the interval of a top share covers: docs/statistics.md.
FEWEST_CUSTOMERS = 400


def customer_profit(
    orders: pd.DataFrame,
    cost_to_serve: pd.DataFrame | None = None,
    customers: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Add up what every customer brought and what it cost to serve them.

    Profit here is margin (turnover less the cost of the goods) less the cost of serving the customer
    (calls, returns, visits). Rent and salaries that would be paid without the customer are not in it.

    Parameters
    ----------
    orders
        One row per order: ``customer_id``, ``turnover``, ``margin`` (both in the same currency).
    cost_to_serve
        Any number of rows per customer: ``customer_id``, ``cost``. Left out: nothing is subtracted.
    customers
        A table with ``customer_id``: these customers appear even if they never ordered, with zeros.

    Returns
    -------
    DataFrame
        One row per customer, sorted by ``customer_id``: ``customer_id``, ``orders``, ``turnover``, ``margin``,
        ``cost_to_serve``, ``profit``. Everyone who is in any of the three tables has a row.

    Raises
    ------
    CrmkitError
        A column is missing, a row has no customer, or an amount is missing or not a number.

    Examples
    --------
    >>> orders = pd.DataFrame({"customer_id": [1, 1, 2], "turnover": [80.0, 20.0, 50.0], "margin": [30.0, 8.0, 12.0]})
    >>> costs = pd.DataFrame({"customer_id": [1, 2], "cost": [5.0, 20.0]})
    >>> customer_profit(orders, costs)
       customer_id  orders  turnover  margin  cost_to_serve  profit
    0            1       2     100.0    38.0            5.0    33.0
    1            2       1      50.0    12.0           20.0    -8.0
    """
    # Numbers that came as objects become numbers.
    orders = need_columns(orders, ["customer_id", "turnover", "margin"], "orders").infer_objects()
    need_known(orders["customer_id"], "orders, column customer_id")
    need_numbers(orders["turnover"], "orders, column turnover", empty=True)
    need_numbers(orders["margin"], "orders, column margin", empty=True)
    totals = orders.groupby("customer_id", sort=True).agg(
        orders=("turnover", "size"), turnover=("turnover", "sum"), margin=("margin", "sum")
    )
    ids = totals.index
    if cost_to_serve is not None:
        need_columns(cost_to_serve, ["customer_id", "cost"], "cost_to_serve")
        cost_to_serve = cost_to_serve.infer_objects()
        need_known(cost_to_serve["customer_id"], "cost_to_serve, column customer_id")
        need_numbers(cost_to_serve["cost"], "cost_to_serve, column cost", empty=True)
        costs = cost_to_serve.groupby("customer_id")["cost"].sum()
        ids = ids.union(costs.index)
    if customers is not None:
        need_columns(customers, ["customer_id"], "customers")
        need_known(customers["customer_id"], "customers, column customer_id")
        ids = ids.union(pd.Index(customers["customer_id"].unique()))
    totals = totals.reindex(ids, fill_value=0)
    totals["cost_to_serve"] = 0.0 if cost_to_serve is None else costs.reindex(ids, fill_value=0.0)
    totals["profit"] = totals["margin"] - totals["cost_to_serve"]
    return totals.rename_axis("customer_id").reset_index()


def concentration_curve(values: object) -> pd.DataFrame:
    """Line customers up from best to worst and add up their value: the Pareto curve.

    It is the Lorenz curve seen from the top. With losses it rises above 1 and falls back to 1.

    Parameters
    ----------
    values
        One number per customer: turnover, margin or profit. Negative numbers are allowed.

    Returns
    -------
    DataFrame
        One row per customer plus a first row of zeros: ``customers`` (count so far), ``customer_share`` (0 to 1),
        ``value`` (of this customer), ``value_so_far`` (same unit), ``value_share`` (share of the total).

    Raises
    ------
    CrmkitError
        No rows, a missing value, or a total that is not above zero: a share of nothing has no meaning.

    Examples
    --------
    >>> concentration_curve([60, 50, -10])[["customer_share", "value_share"]].round(2)
       customer_share  value_share
    0            0.00          0.0
    1            0.33          0.6
    2            0.67          1.1
    3            1.00          1.0
    """
    ranked = np.sort(need_numbers(values, "values"))[::-1]
    total = _total(ranked)
    so_far = np.concatenate([[0.0], np.cumsum(ranked)])
    count = np.arange(len(ranked) + 1)
    return pd.DataFrame(
        {
            "customers": count,
            "customer_share": count / len(ranked),
            "value": np.concatenate([[0.0], ranked]),
            "value_so_far": so_far,
            "value_share": so_far / total,
        }
    )


def top_share(values: object, share: float = 0.2) -> float:
    """Say what share of the total value the best `share` of the customers bring.

    The count is ``share`` times the number of customers, rounded, and at least one.

    Parameters
    ----------
    values
        One number per customer.
    share
        Share of the customers, between 0 and 1.

    Returns
    -------
    float
        Share of the total value: 0.8 is 80 %. Above 1 when the others together lose money.

    Raises
    ------
    CrmkitError
        As :func:`concentration_curve`, or a `share` outside 0 to 1.

    Examples
    --------
    >>> round(top_share([70, 10, 10, 5, 5], 0.2), 2)
    0.7
    """
    numbers = need_numbers(values, "values")
    total = _total(numbers)
    count = top_count(need_share(share, "share"), len(numbers))
    return float(np.sort(numbers)[::-1][:count].sum() / total)


def share_table(
    values: object, shares: Sequence[float] = (0.01, 0.04, 0.1, 0.2, 0.5, 1.0)
) -> pd.DataFrame:
    """List what the best 1 %, 4 %, 10 %, ... of the customers bring.

    Parameters
    ----------
    values
        One number per customer.
    shares
        Shares of the customers, each between 0 and 1.

    Returns
    -------
    DataFrame
        One row per share: ``customer_share``, ``customers`` (count), ``value`` (their sum, unit of `values`),
        ``value_share`` (share of the total), ``smallest_value`` (of the last customer counted in).

    Raises
    ------
    CrmkitError
        As :func:`top_share`.

    Examples
    --------
    >>> share_table([70, 10, 10, 5, 5], [0.2, 0.4, 1])
       customer_share  customers  value  value_share  smallest_value
    0             0.2          1   70.0          0.7            70.0
    1             0.4          2   80.0          0.8            10.0
    2             1.0          5  100.0          1.0             5.0
    """
    ranked = np.sort(need_numbers(values, "values"))[::-1]
    total = _total(ranked)
    wanted = [need_share(share, "shares") for share in shares]
    counts = np.array([top_count(share, len(ranked)) for share in wanted])
    sums = np.cumsum(ranked)[counts - 1]
    return pd.DataFrame(
        {
            "customer_share": wanted,
            "customers": counts,
            "value": sums,
            "value_share": sums / total,
            "smallest_value": ranked[counts - 1],
        }
    )


def customers_for_share(values: object, share: float = 0.8) -> float:
    """Say how few of the customers, best first, bring `share` of the total value.

    Parameters
    ----------
    values
        One number per customer.
    share
        Share of the total value, between 0 and 1.

    Returns
    -------
    float
        Smallest share of the customers whose values add up to `share` of the total.

    Raises
    ------
    CrmkitError
        As :func:`concentration_curve`, or a `share` outside 0 to 1.

    Examples
    --------
    >>> customers_for_share([70, 10, 10, 5, 5], 0.8)
    0.4
    """
    curve = concentration_curve(values)
    need_share(share, "share")
    # A hair of room, so that 0.7 + 0.1 counts as 0.8 although the computer's sum is 0.7999999.
    reached = curve["value_share"].to_numpy() >= share - 1e-12
    return float(curve["customer_share"].to_numpy()[reached.argmax()])


def gini(values: object, *, normalised: bool = False) -> float:
    """Put the inequality into one number: 0 if all customers bring the same, near 1 if one brings it all.

    It is half the mean difference between two customers drawn by chance, divided by the mean. With
    loss-making customers that number can pass 1; `normalised` divides by what it could be at most
    (Raffinetti, Siletti & Vernizzi 2015, Statistical Methods & Applications 24), and stays between 0 and 1.

    Parameters
    ----------
    values
        One number per customer.
    normalised
        Divide by the largest value that is possible with these gains and these losses.

    Returns
    -------
    float
        The Gini coefficient.

    Raises
    ------
    CrmkitError
        As :func:`concentration_curve`.

    Examples
    --------
    >>> gini([10, 10, 10, 10])
    0.0
    >>> gini([40, 0, 0, 0]), gini([40, 0, 0, 0], normalised=True)
    (0.75, 1.0)
    """
    ranked = np.sort(need_numbers(values, "values"))
    n = len(ranked)
    total = _total(ranked)
    # The sum of |a - b| over all ordered pairs, from the sorted values: each counts by its place.
    differences = 2.0 * float(((2 * np.arange(1, n + 1) - n - 1) * ranked).sum())
    if not normalised:
        return differences / (2 * n * total)
    if n == 1:
        return 0.0
    return differences / (2 * (n - 1) * float(np.abs(ranked).sum()))


def losing_customers(values: object) -> pd.Series:
    """Count the customers who cost more than they bring, and what they take from the others' profit.

    Parameters
    ----------
    values
        Profit per customer.

    Returns
    -------
    Series
        ``customers``, ``losing`` (count), ``losing_share``, ``earned`` (sum of the profits above zero),
        ``lost`` (sum of the losses, negative), ``total``, ``peak_share`` (height of the curve: earned / total).

    Raises
    ------
    CrmkitError
        As :func:`concentration_curve`.

    Examples
    --------
    >>> losing_customers([60, 50, -10])["peak_share"]
    np.float64(1.1)
    """
    numbers = need_numbers(values, "values")
    total = _total(numbers)
    losing = numbers < 0
    earned = numbers[~losing].sum()
    return pd.Series(
        {
            "customers": len(numbers),
            "losing": int(losing.sum()),
            "losing_share": losing.mean(),
            "earned": earned,
            "lost": numbers[losing].sum(),
            "total": total,
            "peak_share": earned / total,
        },
        dtype=object,
    )


def top_share_interval(
    values: object,
    share: float = 0.2,
    *,
    level: float = 0.95,
    draws: int = 1000,
    seed: int | np.random.Generator = 0,
) -> tuple[float, float]:
    """Give an interval for :func:`top_share`: how far another year's customers might move it.

    It answers "what if these customers were a sample of such customers"; it knows nothing of a changed market.
    Bootstrap over customers, corrected for bias and skew (BCa; Efron 1987, JASA 82): the plain percentiles lie too
    low, because a sample holds too few of the very largest.

    Parameters
    ----------
    values
        One number per customer.
    share
        Share of the customers.
    level
        Share of samples in which the interval holds the truth. Where a few customers bring very much (heavy tails) it
        holds it less often, because the largest of all may not have been seen: docs/statistics.md.
    draws
        Number of draws.
    seed
        Whole number or generator.

    Returns
    -------
    tuple of float
        Lower and upper end; NaN below 400 customers, and where all bring the same.

    Raises
    ------
    CrmkitError
        As :func:`top_share`.

    Examples
    --------
    >>> low, high = top_share_interval(range(1, 601))
    >>> low < top_share(range(1, 601)) < high
    True
    """
    numbers = need_numbers(values, "values")
    need_share(share, "share")
    need_share(level, "level")
    _total(numbers)
    if len(numbers) < FEWEST_CUSTOMERS or not tells_spread(numbers):
        return float("nan"), float("nan")

    def found(rows: np.ndarray) -> float:
        ranked = np.sort(numbers[rows])[::-1]
        total = ranked.sum()
        return ranked[: top_count(share, len(ranked))].sum() / total if total > 0 else np.nan

    interval = bootstrap_interval(
        found, np.arange(len(numbers)), level=level, draws=draws, seed=seed
    )
    return interval.low, interval.high


def share_by_window(
    orders: pd.DataFrame, windows: Mapping[str, tuple[Moment, Moment]], share: float = 0.2
) -> pd.DataFrame:
    """Say what share of the turnover the best buyers of several stretches of time bring.

    Counted are those who bought within the stretch, by what they paid in it.

    Parameters
    ----------
    orders
        One row per order: ``customer_id``, ``order_date``, ``turnover``.
    windows
        Name of a stretch -> its first and its last day, both included.
    share
        Share of the buyers, best first.

    Returns
    -------
    DataFrame
        Index ``window``, in the order given: ``buyers``, ``bought_once`` (share of the buyers with one order in the
        stretch), ``top_share`` (share of the turnover, as :func:`top_share`).

    Raises
    ------
    CrmkitError
        A column is missing, or a stretch holds no turnover.

    Examples
    --------
    >>> orders = pd.DataFrame({
    ...     "customer_id": [1, 2, 1, 1], "turnover": [10.0, 10.0, 10.0, 30.0],
    ...     "order_date": pd.to_datetime(["2025-01-02", "2025-01-03", "2025-02-01", "2025-03-01"]),
    ... })
    >>> share_by_window(orders, {"January": ("2025-01-01", "2025-01-31"), "all": ("2025-01-01", "2025-12-31")}, 0.5)
             buyers  bought_once  top_share
    window
    January       2          1.0   0.500000
    all           2          0.5   0.833333
    """
    need_columns(orders, ["customer_id", "order_date", "turnover"], "orders")
    day = need_dates(orders["order_date"], "order_date").dt.normalize()
    rows = {}
    for name, (first, last) in windows.items():
        inside = orders[day.between(need_date(first), need_date(last))]
        if inside.empty:
            raise CrmkitError(f"windows: no order lies in {name!r}, {first} to {last}.")
        by_customer = inside.groupby("customer_id")["turnover"]
        rows[name] = {
            "buyers": by_customer.ngroups,
            "bought_once": float((by_customer.size() == 1).mean()),
            "top_share": top_share(by_customer.sum(), share),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("window")


def compare_firms(firms: Mapping[str, object], share: float = 0.2) -> pd.DataFrame:
    """Put several firms beside each other: what their best customers bring, and how unequal all are.

    Parameters
    ----------
    firms
        Name of a firm -> one number per customer.
    share
        Share of the customers, best first.

    Returns
    -------
    DataFrame
        Index ``firm``, in the order given: ``customers``, ``top_share`` (as :func:`top_share`), ``gini``.

    Raises
    ------
    CrmkitError
        As :func:`top_share`.

    Examples
    --------
    >>> compare_firms({"all alike": [10, 10, 10, 10, 10], "one giant": [60, 10, 10, 10, 10]})
               customers  top_share  gini
    firm
    all alike          5        0.2   0.0
    one giant          5        0.6   0.4
    """
    rows = {
        name: {
            "customers": len(need_numbers(values, name)),
            "top_share": top_share(values, share),
            "gini": gini(values),
        }
        for name, values in firms.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("firm")


def top_count(share: float, n: int) -> int:
    """Give how many of `n` customers are the best `share`: rounded half up, at least one."""
    # Half up, not Python's half to even: 20 % of 12.5 customers should not depend on the parity of 12.
    return min(n, max(1, int(np.floor(share * n + 0.5 + 1e-9))))


def _total(numbers: np.ndarray) -> float:
    total = float(numbers.sum())
    if total <= 0:
        worst = np.sort(numbers)[:3].tolist()
        raise CrmkitError(
            f"values: they add up to {total:g}, and a share of that has no meaning. The lowest are "
            f"{first_few(worst)}. Look at the amounts themselves, or at those customers who bring something."
        )
    return total
