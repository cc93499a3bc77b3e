"""A million rows of orders: ``read_orders`` beside ``pandas.read_csv`` told all that read_orders finds out.

The clean file is pandas' own home ground; the German one is what exports look like. pandas neither recognises columns,
nor adds lines up, nor accounts for rows: the ratio is the price of that.
"""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable

import numpy as np
import pandas as pd

from crmkit.data.own_orders import read_orders


def files(rows: int) -> dict[str, tuple[bytes, dict]]:
    """Two files with the same orders, and what pandas must be told to read each."""
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(
        {
            "order_id": np.arange(rows) // 2,
            "customer_id": np.arange(rows) // 2 % (rows // 10),
            "order_date": np.datetime64("2023-01-01") + (np.arange(rows) // 2 * 1095 // rows),
            "amount": rng.gamma(2, 20, rows).round(2),
        }
    )
    clock = pd.to_timedelta(rng.integers(0, 86_400, rows), unit="s")
    when = (frame["order_date"] + clock).dt.strftime("%d.%m.%Y %H:%M")
    german = frame.assign(order_date=when).to_csv(index=False, sep=";", decimal=",")
    dated: dict = {"parse_dates": ["order_date"]}
    return {
        "clean CSV": (frame.to_csv(index=False).encode(), dated),
        "semicolons, commas, days first": (
            german.encode(),
            dated | {"sep": ";", "decimal": ",", "dayfirst": True},
        ),
    }


def seconds(function: Callable[[], object], times: int = 3) -> float:
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        function()
        taken.append(time.perf_counter() - start)
    return min(taken)


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    print(
        f"{rows:,} rows\n\n| file | pandas.read_csv s | read_orders s | ratio |\n|---|---|---|---|"
    )
    for name, (content, told) in files(rows).items():
        plain = seconds(lambda content=content, told=told: pd.read_csv(io.BytesIO(content), **told))
        ours = seconds(lambda content=content: read_orders(content))
        print(f"| {name} | {plain:.2f} | {ours:.2f} | {ours / plain:.1f} |")


if __name__ == "__main__":
    main()
