"""499 metrics of 100,000 users from 20 million events, beside SQL written by hand for the same metrics.

Each way runs in a process of its own, which tells its seconds and the most memory it held. Before that all ways are
shown to give the same numbers on a smaller log, pandas among them. ``python -m benchmarks.mining 2`` takes 2 million.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import crmkit
from crmkit.mining import behaviour_metrics, metric_list

DAYS = 91
END = pd.Timestamp("2024-04-01")
START = END - pd.Timedelta(days=DAYS)


def groups() -> pd.Series:
    """The kinds of event of the app that ships, and their groups."""
    return crmkit.load("event_kinds", data="strumwell").set_index("event")["group"]


def make_log(events: int, users: int, path: Path) -> None:
    """Write a log with heavy tails: few users do much, few kinds happen often."""
    rng = np.random.default_rng(1)
    kinds = groups().index
    keen = rng.gamma(0.6, size=users)
    often = rng.gamma(0.8, size=len(kinds))
    who = rng.choice(users, events, p=keen / keen.sum()).astype(np.int32)
    what = rng.choice(len(kinds), events, p=often / often.sum()).astype(np.int8)
    # Sessions: events of a user come within an hour of one of that user's moments.
    moment = rng.integers(0, DAYS * 24, (users, 12), dtype=np.int32)[
        who, rng.integers(0, 12, events)
    ]
    second = moment.astype(np.int64) * 3600 + rng.integers(0, 3600, events)
    frame = pd.DataFrame(
        {
            "customer_id": who,
            "time": (
                START.to_datetime64().astype("datetime64[s]") + second.astype("timedelta64[s]")
            ),
            "event": pd.Categorical.from_codes(what, categories=kinds),
        }
    )
    frame.to_parquet(path)


def by_hand(table: str) -> str:
    """SQL for the same metrics, as somebody who knows DuckDB would write it."""
    kinds = groups()
    names = list(kinds.index)
    wide = []
    for kind in names:
        only = f"filter (where e = '{kind}')"
        wide += [
            f"coalesce(max(number) {only}, 0) as count_{kind}",
            f"coalesce(max(recent) {only}, 0) as recent_{kind}",
            f"coalesce(max(weeks) {only}, 0) as weeks_{kind}",
            f"coalesce(max(since) {only}, {DAYS + 1}) as since_{kind}",
            f"coalesce(max(trend) {only}, 0) as trend_{kind}",
        ]
    pairs = [
        (above, below)
        for below in names
        for above in names
        if above != below and kinds[above] == kinds[below]
    ]
    last = [
        f"(count_{a} + t_{a} / greatest(t_{b}, 1)) / (count_{b} + 1) as {a}_per_{b}"
        for a, b in pairs
    ]
    for group in dict.fromkeys(kinds):
        inside = [kind for kind in names if kinds[kind] == group]
        last.append(" + ".join(f"(count_{k} > 0)::int" for k in inside) + f" as kinds_{group}")
        last.append("(" + " + ".join(f"count_{k}" for k in inside) + f") / events as part_{group}")
    share = [
        f"case when count_{k} > 0 then count_{k} / events * log2(count_{k} / events) else 0 end"
        for k in names
    ]
    last.append(f"-({' + '.join(share)}) as evenness")
    totals = ", ".join(f"sum(count_{k}) as t_{k}" for k in names)
    return f"""
with daily as (
  select customer_id as u, event as e, date_diff('day', timestamp '{START}', date_trunc('day', time)) as d,
    count(*) as n, count(*) filter (where hour(time) >= 18) as late
  from {table} where time >= timestamp '{START}' and time < timestamp '{END}' group by all),
each as (
  select u, e, sum(n)::double as number, sum(late) as late, {DAYS} - max(d) as since,
    coalesce(sum(n) filter (where d >= {DAYS - 30}), 0)::double as recent,
    bit_count(bit_or(1::bigint << (d // 7))) as weeks,
    (coalesce(sum(n) filter (where d >= {DAYS - DAYS // 3}), 0)
      - coalesce(sum(n) filter (where d < {DAYS // 3}), 0))::double as trend,
    sum(n) filter (where (d + {START.day_of_week}) % 7 >= 5) as on_weekend
  from daily group by u, e),
wide as (
  select u, {", ".join(wide)}, sum(number) as events, count(*) as kinds, sum(late) / sum(number) as evening,
    sum(on_weekend) as on_weekend
  from each group by u),
active as (select distinct u, d from daily),
gaps as (
  select u, d, d - lag(d) over w as gap, d - row_number() over w as island
  from active window w as (partition by u order by d)),
runs as (select u, max(length) as longest_run from
  (select u, count(*) as length from gaps group by u, island) group by u),
rhythm as (
  select u, count(*) as active_days, count(distinct d // 7) as active_weeks, {DAYS} - max(d) as since_last,
    {DAYS} - min(d) as since_first, coalesce(stddev_pop(gap), 0) as gap_spread,
    greatest(min(d), {DAYS - 1} - max(d), coalesce(max(gap) - 1, 0)) as longest_gap
  from gaps group by u),
totals as (select {totals} from wide)
select wide.* exclude (on_weekend), coalesce(on_weekend, 0) / events as weekend, rhythm.* exclude (u), longest_run,
  {", ".join(last)}
from wide join rhythm using (u) join runs using (u), totals order by u"""


def run(way: str, path: str) -> tuple[float, float, pd.DataFrame | None]:
    """Seconds from the log in the engine to the table of metrics, and the most memory of the process in GB."""
    kinds = groups()
    log: Any
    if way == "pandas":
        log = pd.read_parquet(path)
    elif way == "Polars":
        import polars

        log = polars.read_parquet(path)
    else:
        import duckdb

        engine = duckdb.connect(config={"memory_limit": "6GB"})
        names = ", ".join(f"'{kind}'" for kind in kinds.index)
        engine.execute(f"create type kind as enum ({names})")
        engine.execute(
            f"create table log as select customer_id, time, event::varchar::kind as event from '{path}'"
        )
        log = engine.table("log")
    start = time.perf_counter()
    if way == "SQL by hand":
        found = engine.sql(by_hand("log")).df().set_index("u").rename_axis("customer_id")
    else:
        found = behaviour_metrics(log, END, DAYS, kinds=kinds)
    seconds = time.perf_counter() - start
    found = found[list(metric_list(kinds)["metric"])]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return seconds, memory, found if len(found) < 5000 else None


def alone(way: str, path: Path) -> tuple[float, float, pd.DataFrame | None]:
    """The same in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(run, way, str(path)).result()


def main() -> None:
    millions = float(sys.argv[1]) if len(sys.argv) > 1 else 20
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log.parquet"
        make_log(100_000, 2_000, path)
        found = {way: alone(way, path)[2] for way in ("pandas", "Polars", "DuckDB", "SQL by hand")}
        for way, table in found.items():
            pd.testing.assert_frame_equal(
                table, found["pandas"], check_dtype=False, check_index_type=False
            )
            print(
                f"{way:14} gives {table.shape[1]} metrics of {len(table):,} users, equal to those of pandas"
            )
        make_log(int(millions * 1e6), int(millions * 5000), path)
        print(
            f"\n{millions:g} million events of {millions * 5000:,.0f} users; load {os.getloadavg()[0]:.1f}"
        )
        usual = None
        for way in ("SQL by hand", "DuckDB", "Polars"):
            seconds, memory, _ = alone(way, path)
            usual = usual or seconds
            print(
                f"{way:14}{seconds:8.1f} s {memory:6.1f} GB   {seconds / usual:.2f} of the SQL",
                flush=True,
            )


if __name__ == "__main__":
    main()
