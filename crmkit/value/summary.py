"""From orders to one row per customer: the table that ranking, RFM and lifetime value all start from.

Two meanings of *recency* are in use, and they confuse every newcomer. In RFM it is the time since the last purchase
(small is good); in the lifetime models it is the time between the first and the last purchase (large is good).
Here they have names that cannot be mixed up: ``days_since_last`` and ``active_span_days``.

Orders may be a pandas, Polars, PyArrow, Dask or PySpark frame or a DuckDB relation. They are added up by the engine
in which they live; only the customers come back, as a pandas table.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inputs import Moment, first_few, need_columns, need_date, orders_of
from crmkit.later import later

nw = later("narwhals")


def customer_summary(
    orders: Any, as_of: Moment | None = None, *, value: str = "turnover"
) -> pd.DataFrame:
    """Say of every customer when, how often and for how much they bought, until `as_of`.

    Parameters
    ----------
    orders
        One row per order: ``customer_id`` (whole numbers or text), ``order_date``, ``turnover`` and, if there is one,
        ``margin``. A pandas, Polars, PyArrow, Dask or PySpark frame, or a DuckDB relation.
    as_of
        Last day of the observation, included. Left out, it is the day of the last order of all, which is
        too early if nobody happened to buy in the last days. Later orders are not counted;
        their number is kept in ``attrs["later_orders"]``.
    value
        The column whose mean per repeat purchase is taken: ``"turnover"`` or ``"margin"``.

    Returns
    -------
    DataFrame
        One row per customer with at least one order until `as_of`, sorted by ``customer_id``:

        - ``customer_id``
        - ``orders``: number of rows
        - ``first_date``, ``last_date``: days of the first and the last purchase
        - ``purchase_days``: distinct days with a purchase; two orders on one day are one
        - ``repeat_days``: ``purchase_days - 1``, the *frequency* of the lifetime models
        - ``active_span_days``: last minus first, the *recency* of the lifetime models
        - ``days_since_last``: `as_of` minus last, the *recency* of RFM
        - ``age_days``: `as_of` minus first, the *T* of the lifetime models
        - ``turnover`` and, if the orders have it, ``margin``: sums
        - ``mean_repeat_value``: mean of `value` over the repeat days, the first day left out; 0 if there are none

        ``attrs`` holds ``as_of`` and ``later_orders``.

    Raises
    ------
    CrmkitError
        A column is missing, has no dates or numbers, or holds missing values; or no order lies before `as_of`.

    References
    ----------
    Fader, Hardie & Lee (2005), "Counting your customers" the easy way, Marketing Science 24(2), for the definitions.

    Examples
    --------
    >>> orders = pd.DataFrame({
    ...     "customer_id": [1, 1, 2],
    ...     "order_date": pd.to_datetime(["2015-01-01", "2015-02-06", "2015-01-01"]),
    ...     "turnover": [1.0, 2.0, 2.0],
    ... })
    >>> summary = customer_summary(orders, as_of="2015-02-07")
    >>> summary[["repeat_days", "active_span_days", "days_since_last", "age_days", "mean_repeat_value"]]
       repeat_days  active_span_days  days_since_last  age_days  mean_repeat_value
    0            1                36                1        37                2.0
    1            0                 0               37        37                0.0
    """
    last_day = None if as_of is None else _day(as_of)
    sums, after, last_day = _aggregate(orders, value, last_day)
    first = sums["first"].to_numpy()
    last = sums["last"].to_numpy()
    repeat_days = sums["days"].to_numpy() - 1
    summary = pd.DataFrame(
        {
            "customer_id": sums["customer_id"],
            "orders": sums["orders"],
            "first_date": first.astype("datetime64[D]").astype("datetime64[s]"),
            "last_date": last.astype("datetime64[D]").astype("datetime64[s]"),
            "purchase_days": repeat_days + 1,
            "repeat_days": repeat_days,
            "active_span_days": last - first,
            "days_since_last": last_day - last,
            "age_days": last_day - first,
            "turnover": sums["turnover"],
        }
    )
    if "margin" in sums:
        summary["margin"] = sums["margin"]
    summary["mean_repeat_value"] = sums["repeat_value"] / np.maximum(repeat_days, 1)
    summary.attrs.update(as_of=str(np.datetime64(last_day, "D")), later_orders=after)
    return summary


def holdout_split(
    orders: Any, split: Moment, end: Moment | None = None, *, value: str = "turnover"
) -> pd.DataFrame:
    """Cut the orders at `split`: learn from what lies before, and judge by what came after.

    A forecast can be judged only on days that it has not seen. Customers whose first purchase comes
    after `split` are not in the table: nothing was known of them.

    Parameters
    ----------
    orders
        As for :func:`customer_summary`.
    split
        Last day of the part that a model may see.
    end
        Last day of the part that judges it; the last order's day if left out.
    value
        As for :func:`customer_summary`.

    Returns
    -------
    DataFrame
        :func:`customer_summary` until `split`, and of the days after it: ``holdout_purchase_days``,
        ``holdout_turnover``, ``holdout_margin`` (if the orders have it), ``holdout_days`` (length of the
        holdout, the same for all).

    Raises
    ------
    CrmkitError
        As :func:`customer_summary`; also if `end` is not after `split`.

    Examples
    --------
    >>> orders = pd.DataFrame({
    ...     "customer_id": [1, 1, 2],
    ...     "order_date": pd.to_datetime(["2015-01-01", "2015-02-06", "2015-01-01"]),
    ...     "turnover": [1.0, 2.0, 2.0],
    ... })
    >>> holdout_split(orders, "2015-01-31", "2015-02-07")[["repeat_days", "holdout_purchase_days", "holdout_days"]]
       repeat_days  holdout_purchase_days  holdout_days
    0            0                      1             7
    1            0                      0             7
    """
    summary = customer_summary(orders, split, value=value)
    start = _day(split)
    stop = None if end is None else _day(end)
    if stop is not None and stop <= start:
        raise CrmkitError(
            f"end ({_iso(stop)}) is not after split ({_iso(start)}): there is nothing left to judge by."
        )
    later, _, stop = _aggregate(orders, value, stop, after=start)
    if stop <= start:
        raise CrmkitError(
            f"There is no order after split ({_iso(start)}): there is nothing to judge by. Choose an earlier "
            "split, or name the end."
        )
    later = later.set_index("customer_id")
    ids = summary["customer_id"]
    summary["holdout_purchase_days"] = later["days"].reindex(ids, fill_value=0).to_numpy()
    for column in [column for column in ("turnover", "margin") if column in later]:
        summary[f"holdout_{column}"] = later[column].reindex(ids, fill_value=0.0).to_numpy()
    summary["holdout_days"] = stop - start
    return summary


def _day(moment: Moment) -> int:
    return int(np.datetime64(need_date(moment), "D").astype(np.int64))


def _iso(day: int) -> str:
    return str(np.datetime64(day, "D"))


def _aggregate(
    orders: Any, value: str, end: int | None, after: int | None = None
) -> tuple[pd.DataFrame, int, int]:
    """Add up per customer. Days are counted from 1970-01-01; `after` is the last day NOT counted."""
    orders = orders_of(orders)
    if isinstance(orders, pd.DataFrame):
        return _aggregate_pandas(orders, value, end, after)
    return _aggregate_elsewhere(orders, value, end, after)


def _wanted_columns(columns: list[str], value: str) -> list[str]:
    if value not in ("turnover", "margin"):
        raise CrmkitError(f"value is 'turnover' or 'margin', not {value!r}.")
    return ["customer_id", "order_date", "turnover", *(["margin"] if "margin" in columns else [])]


def _aggregate_pandas(
    orders: pd.DataFrame, value: str, end: int | None, after: int | None
) -> tuple[pd.DataFrame, int, int]:
    amounts = _wanted_columns(list(orders.columns), value)[2:]
    need_columns(
        orders, list(dict.fromkeys(["customer_id", "order_date", "turnover", value])), "orders"
    )
    if orders.empty:
        raise CrmkitError("orders: there are no rows. At least one order is needed.")
    day = _days_of(orders["order_date"])
    money = {column: _amounts_of(orders[column]) for column in amounts}
    code, ids = _codes_of(orders["customer_id"])

    last_day = int(day.max()) if end is None else end
    too_late = int((day > last_day).sum())
    low = int(day.min()) if after is None else after + 1
    if too_late or low > day.min():
        inside = (day >= low) & (day <= last_day)
        code, day = code[inside], day[inside]
        money = {column: amount[inside] for column, amount in money.items()}
    if not len(day) and after is None:
        raise CrmkitError(
            f"orders: no order lies on or before {_iso(last_day)}; the first is on "
            f"{_iso(int(_days_of(orders['order_date']).min()))}. Choose a later day."
        )

    # No sorting of the orders themselves: counting into slots is faster. Only the distinct
    # days need a sort, of one whole number per order that holds customer and day.
    n = len(ids)
    first = np.full(n, np.iinfo(np.int64).max)
    last = np.full(n, np.iinfo(np.int64).min)
    np.minimum.at(first, code, day)
    np.maximum.at(last, code, day)
    width = last_day - low + 1 if len(day) else 1
    visits = np.sort(code * width + (day - low))
    new = np.ones(len(visits), dtype=bool)
    new[1:] = visits[1:] != visits[:-1]
    repeat = day > first[code]
    count = np.bincount(code, minlength=n)
    sums = {
        "customer_id": ids,
        "orders": count,
        "days": np.bincount(visits[new] // width, minlength=n),
        "first": first,
        "last": last,
        **{column: np.bincount(code, amount, n) for column, amount in money.items()},
        "repeat_value": np.bincount(code[repeat], money[value][repeat], n),
    }
    frame = pd.DataFrame(sums)
    if not count.all():
        frame = frame[count > 0]
    if not frame["customer_id"].is_monotonic_increasing:
        frame = frame.sort_values("customer_id", kind="stable")
    return frame.reset_index(drop=True), too_late, last_day


def _days_of(dates: pd.Series) -> np.ndarray:
    if dates.isna().any():
        rows = dates.index[dates.isna()]
        raise CrmkitError(
            f"orders, column order_date: {len(rows)} of {len(dates)} dates are missing, first at row "
            f"{first_few(rows)}. Find them out or leave those orders aside, and say how many."
        )
    if isinstance(dates.dtype, pd.DatetimeTZDtype):
        dates = dates.dt.tz_localize(None)
    if not pd.api.types.is_datetime64_dtype(dates):
        if not all(isinstance(moment, dt.date) for moment in dates):
            raise CrmkitError(
                f"orders, column order_date holds {dates.dtype}, not dates (first: {dates.iloc[0]!r}). "
                "Turn it into dates first: pd.to_datetime(orders['order_date'])."
            )
        dates = pd.to_datetime(dates)
    return dates.to_numpy().astype("datetime64[D]").astype(np.int64)


def _amounts_of(amounts: pd.Series) -> np.ndarray:
    if not pd.api.types.is_numeric_dtype(amounts):
        raise CrmkitError(
            f"orders, column {amounts.name} holds {amounts.dtype}, not numbers (first: {amounts.iloc[0]!r}). "
            "Turn it into numbers first: pd.to_numeric."
        )
    numbers = amounts.to_numpy(dtype=float, na_value=np.nan)
    bad = ~np.isfinite(numbers)
    if bad.any():
        raise CrmkitError(
            f"orders, column {amounts.name}: {int(bad.sum())} of {len(amounts)} amounts are missing or endless, "
            f"first at row {first_few(amounts.index[bad])}. Find them out or leave those orders aside, "
            "and say how many."
        )
    return numbers


def _codes_of(ids: pd.Series) -> tuple[np.ndarray, Any]:
    """Give every customer a place 0, 1, 2, ...: straight from close whole numbers, else by a hash table."""
    if ids.dtype.kind in "iu" and isinstance(ids.dtype, np.dtype) and ids.max() < 2**62:
        numbers = ids.to_numpy().astype(np.int64)
        low = int(numbers.min())
        span = int(numbers.max()) - low + 1
        if span <= 4 * len(numbers) + 1000:
            return numbers - low, np.arange(low, low + span)
    codes, unique = pd.factorize(ids)
    if (codes < 0).any():
        rows = ids.index[codes < 0]
        raise CrmkitError(
            f"orders, column customer_id: {len(rows)} of {len(ids)} are missing, first at row {first_few(rows)}. "
            "An order without a customer belongs to nobody: set those orders aside, and say how many."
        )
    if isinstance(unique, pd.CategoricalIndex):
        unique = unique.astype(unique.categories.dtype)
    if unique.dtype == object and len(kinds := {type(one).__name__ for one in unique}) > 1:
        raise CrmkitError(
            f"orders, column customer_id mixes {' and '.join(sorted(kinds))}: 7 and '7' would be two customers. "
            "Make them one kind first: orders['customer_id'].astype(str)."
        )
    return codes.astype(np.int64), unique


def _aggregate_elsewhere(
    orders: Any, value: str, end: int | None, after: int | None
) -> tuple[pd.DataFrame, int, int]:
    """Do the same in the engine that holds the orders; bring back one row per customer."""
    try:
        frame = nw.from_native(orders).lazy()
    except TypeError as error:
        raise CrmkitError(
            f"orders: {type(orders).__name__} is no table that crmkit knows. Give a pandas, Polars, PyArrow, Dask "
            "or PySpark frame, or a DuckDB relation."
        ) from error
    schema = frame.collect_schema()
    need_columns(
        pd.DataFrame(columns=schema.names()), ["customer_id", "order_date", "turnover"], "orders"
    )
    columns = _wanted_columns(schema.names(), value)
    if value not in columns:
        raise CrmkitError(
            f"orders: column {value} is missing. The table has: {first_few(schema.names(), 12)}."
        )
    if not (schema["order_date"] == nw.Date or schema["order_date"] == nw.Datetime):
        raise CrmkitError(
            f"orders, column order_date holds {schema['order_date']}, not dates. Turn it into dates first."
        )
    for column in columns[2:]:
        if not schema[column].is_numeric():
            raise CrmkitError(f"orders, column {column} holds {schema[column]}, not numbers.")
    day = nw.col("order_date")
    if schema["order_date"] != nw.Date:
        # A local day, as a moment without a clock: engines differ in what a cast to a date does.
        day = day.dt.truncate("1d")
    frame = frame.select(nw.col(columns[0]), day.alias("day"), *(nw.col(c) for c in columns[2:]))

    facts = _pandas(
        frame.select(
            nw.len().alias("rows"),
            nw.col("day").min().alias("low"),
            nw.col("day").max().alias("high"),
            nw.col("customer_id").null_count().alias("customer_id"),
            nw.col("day").null_count().alias("order_date"),
            *(nw.col(c).null_count().alias(c) for c in columns[2:]),
        )
    ).iloc[0]
    if not facts["rows"]:
        raise CrmkitError("orders: there are no rows. At least one order is needed.")
    for column in columns:
        if facts[column]:
            raise CrmkitError(
                f"orders, column {column}: {int(facts[column])} of {int(facts['rows'])} are missing. "
                "Set those orders aside, and say how many."
            )
    last_day = _day(facts["high"]) if end is None else end
    low_day = _day(facts["low"])

    def moment(number: int) -> dt.date:
        date = dt.date(1970, 1, 1) + dt.timedelta(days=number)
        if schema["order_date"] == nw.Date:
            return date
        zone = getattr(schema["order_date"], "time_zone", None)
        midnight = pd.Timestamp(date).tz_localize(zone)
        return midnight.to_pydatetime()

    too_late = 0
    if last_day < _day(facts["high"]):
        counted = _pandas(
            frame.filter(nw.col("day") > moment(last_day)).select(nw.len().alias("n"))
        )
        too_late = int(counted["n"].iloc[0])
        frame = frame.filter(nw.col("day") <= moment(last_day))
        if last_day < low_day and after is None:
            raise CrmkitError(
                f"orders: no order lies on or before {_iso(last_day)}; the first is on {_iso(low_day)}. "
                "Choose a later day."
            )
    if after is not None:
        frame = frame.filter(nw.col("day") > moment(after))

    money = columns[2:]
    daily = frame.group_by("customer_id", "day").agg(
        nw.len().alias("orders"), *(nw.col(c).sum() for c in money)
    )
    firsts = daily.group_by("customer_id").agg(nw.col("day").min().alias("first_day"))
    repeat = nw.when(nw.col("day") > nw.col("first_day")).then(nw.col(value)).otherwise(nw.lit(0.0))
    sums = _pandas(
        daily.join(firsts, on="customer_id", how="inner")
        .with_columns(repeat.alias("repeat_value"))
        .group_by("customer_id")
        .agg(
            nw.col("orders").sum(),
            nw.col("day").len().alias("days"),
            nw.col("day").min().alias("first"),
            nw.col("day").max().alias("last"),
            *(nw.col(c).sum() for c in money),
            nw.col("repeat_value").sum(),
        )
    )
    for column in ("first", "last"):
        moments = pd.to_datetime(sums[column])
        if isinstance(moments.dtype, pd.DatetimeTZDtype):
            moments = moments.dt.tz_localize(None)
        sums[column] = moments.to_numpy().astype("datetime64[D]").astype(np.int64)
    for column in money:
        # Some engines tell NaN and infinity apart from missing, and let them through to here.
        bad = ~np.isfinite(sums[column].to_numpy(dtype=float, na_value=np.nan))
        if bad.any():
            raise CrmkitError(
                f"orders, column {column}: an amount is missing or endless, first at customer "
                f"{first_few(sums['customer_id'][bad])}. Set those orders aside, and say how many."
            )
    sums = sums.astype(
        {"orders": np.int64, "days": np.int64, "repeat_value": float} | dict.fromkeys(money, float)
    )
    return sums.sort_values("customer_id", kind="stable").reset_index(drop=True), too_late, last_day


def _pandas(frame: Any) -> pd.DataFrame:
    return frame.collect().to_pandas()
