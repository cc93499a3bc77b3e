"""How fast the value pillar is, beside what a user would pick instead, in one run.

    python benchmarks/value.py [--orders 1000000] [--customers 100000] [--repeat 3]

Two tables: orders to customer summary (crmkit on pandas, on DuckDB's and Polars' own tables; lifetimes;
pymc-marketing where it is installed; by hand in pandas, in DuckDB's SQL, in Polars), and the BG/NBD fit (crmkit;
lifetimes). Every figure is the best of `repeat` runs, and every ratio is to the table's first row in the same run:
only ratios travel between machines. pymc-marketing is not among the test dependencies (it brings a compiler);
install it in an environment of its own, beside this checkout, to see its row.
"""

from __future__ import annotations

import argparse
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from crmkit.value import BetaGeoModel, GammaGammaModel, customer_summary, simulate_orders

warnings.simplefilter("ignore")


def best(function: Callable[[], object], repeat: int) -> float:
    function()  # imports and caches are not what is measured
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return min(times)


def random_orders(orders: int, customers: int) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "customer_id": rng.integers(0, customers, orders),
            "order_date": pd.Timestamp("2023-01-01")
            + pd.to_timedelta(rng.integers(0, 1095, orders), unit="D"),
            "turnover": rng.gamma(2, 20, orders).round(2),
        }
    )


def pandas_groupby(orders: pd.DataFrame) -> pd.DataFrame:
    daily = orders.groupby(["customer_id", "order_date"], as_index=False)["turnover"].sum()
    first = daily.groupby("customer_id")["order_date"].transform("min")
    repeat = daily[daily["order_date"] > first].groupby("customer_id")["turnover"].mean()
    summary = daily.groupby("customer_id").agg(
        days=("order_date", "size"), first=("order_date", "min"), last=("order_date", "max")
    )
    return summary.join(repeat)


def polars_groupby(orders: Any) -> Any:
    from polars import col

    daily = orders.lazy().group_by("customer_id", "order_date").agg(col("turnover").sum())
    repeat = col("order_date") > col("order_date").min()
    return (
        daily.group_by("customer_id")
        .agg(
            col("order_date").len().alias("days"),
            col("order_date").min().alias("first"),
            col("order_date").max().alias("last"),
            col("turnover").filter(repeat).mean().alias("repeat"),
        )
        .collect()
        .to_pandas()
    )


SQL = """
with daily as (select customer_id, order_date, sum(turnover) v, count(*) n from orders group by all),
     firsts as (select customer_id, min(order_date) f from daily group by all)
select d.customer_id, sum(n), count(*), min(order_date), max(order_date), sum(v),
       coalesce(avg(v) filter (order_date > f), 0)
from daily d join firsts using (customer_id) group by all
"""


def summary_rows(count: int, customers: int) -> dict[str, Callable[[], object]]:
    orders = random_orders(count, customers)
    text = orders.assign(customer_id="C" + orders["customer_id"].astype(str))
    rows: dict[str, Callable[[], object]] = {
        "crmkit, pandas": lambda: customer_summary(orders),
        "crmkit, pandas, text ids": lambda: customer_summary(text),
        "pandas groupby by hand": lambda: pandas_groupby(orders),
    }
    try:
        import duckdb

        connection = duckdb.connect()
        connection.register("frame", orders)
        connection.execute("create table orders as select * from frame")
        rows["DuckDB, SQL on its own table"] = lambda: connection.sql(SQL).df()
        rows["crmkit on DuckDB's table"] = lambda: customer_summary(connection.table("orders"))
    except ImportError:
        print("duckdb is not installed")
    try:
        import polars

        frame = polars.from_pandas(orders)
        rows["Polars, by hand"] = lambda: polars_groupby(frame)
        rows["crmkit on a Polars frame"] = lambda: customer_summary(frame)
    except ImportError:
        print("polars is not installed")
    try:
        from lifetimes.utils import summary_data_from_transaction_data

        rows["lifetimes"] = lambda: summary_data_from_transaction_data(
            orders, "customer_id", "order_date", monetary_value_col="turnover"
        )
    except ImportError:
        print("lifetimes is not installed")
    try:
        from pymc_marketing.clv.utils import rfm_summary

        rows["pymc-marketing"] = lambda: rfm_summary(
            orders, "customer_id", "order_date", monetary_value_col="turnover"
        )
    except ImportError:
        print("pymc-marketing is not installed")
    return rows


def fit_rows(customers: int) -> dict[str, Callable[[], object]]:
    orders, _ = simulate_orders(
        {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426},
        {"p": 6.25, "q": 3.74, "gamma": 15.44},
        customers=customers,
        joined_until="2024-06-30",
    )
    summary = customer_summary(orders, "2025-12-31")
    rows: dict[str, Callable[[], object]] = {
        "crmkit, BG/NBD": lambda: BetaGeoModel().fit(summary, "W"),
        "crmkit, Gamma-Gamma": lambda: GammaGammaModel().fit(summary),
    }
    try:
        from lifetimes import BetaGeoFitter

        weeks = summary[["active_span_days", "age_days"]] / 7
        rows["lifetimes, BG/NBD"] = lambda: BetaGeoFitter().fit(
            summary["repeat_days"], weeks["active_span_days"], weeks["age_days"]
        )
    except ImportError:
        print("lifetimes is not installed")
    return rows


def show(title: str, rows: dict[str, Callable[[], object]], repeat: int) -> None:
    print(f"\n{title}")
    base = None
    for name, function in rows.items():
        seconds = best(function, repeat)
        base = base or seconds
        print(f"  {name:32} {seconds:8.3f} s   x {seconds / base:5.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--orders", type=int, default=1_000_000)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--repeat", type=int, default=3)
    given = parser.parse_args()
    show(
        f"orders to customer summary: {given.orders:,} orders, {given.customers:,} customers",
        summary_rows(given.orders, given.customers),
        given.repeat,
    )
    show(f"fit on {given.customers:,} customers", fit_rows(given.customers), given.repeat)


if __name__ == "__main__":
    main()
