"""A million rows of orders: ``read_orders`` beside ``pandas.read_csv`` told all that read_orders finds out.

pandas reads with its C engine, the fastest of its own in processor seconds. The clean file is pandas' own home ground;
the German one is what exports look like. pandas neither recognises columns, nor adds lines up, nor accounts for rows:
the ratio is the price of that. ``python -m benchmarks.own_orders 10000000 --memory`` measures the peak of memory in a
process of its own.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from crmkit.data.own_orders import read_orders


def files(rows: int, first_order: int = 0) -> dict[str, tuple[bytes, dict]]:
    """Two files with the same orders, and what pandas must be told to read each."""
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(
        {
            "order_id": first_order + np.arange(rows) // 2,
            "customer_id": (first_order + np.arange(rows) // 2) % max(rows // 10, 1),
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
        start = time.process_time()  # other work on the machine does not count
        function()
        taken.append(time.process_time() - start)
    return min(taken)


def read_with_pandas(content: bytes, told: dict) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(content), **told)


def peak(rows: int) -> tuple[float, float, float]:
    """Read a clean file of so many rows in a process of its own: its size and the peak of memory in GB, and seconds."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "orders.csv"
        with path.open("wb") as out:
            for start in range(
                0, rows, 1_000_000
            ):  # a file that is not made in one piece takes no memory here
                content = files(min(1_000_000, rows - start), first_order=start // 2)["clean CSV"][
                    0
                ]
                out.write(content if start == 0 else content.split(b"\n", 1)[1])
        read = (
            "import resource, sys, time; from crmkit.data.own_orders import read_orders; start = time.process_time();"
            "report = read_orders(sys.argv[1], today='2030-01-01').report;"
            "peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss;"
            "print(report.rows_read, peak / 1e6, time.process_time() - start)"
        )
        done = subprocess.run(
            [sys.executable, "-c", read, str(path)], stdout=subprocess.PIPE, check=True, text=True
        )
        read_rows, memory, taken = done.stdout.split()
        assert int(read_rows) == rows
        return path.stat().st_size / 1e9, float(memory), float(taken)


def main() -> None:
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    rows = numbers[0] if numbers else 1_000_000
    if "--memory" in sys.argv:
        size, memory, taken = peak(rows)
        print(
            f"{rows:,} rows, {size:.2f} GB: {memory:.2f} GB at the peak, {taken:.0f} processor seconds"
        )
        return
    print(
        f"{rows:,} rows, processor seconds\n\n| file | pandas | read_orders | ratio |\n|---|---|---|---|"
    )
    for name, (content, told) in files(rows).items():
        plain = seconds(partial(read_with_pandas, content, told))
        ours = seconds(partial(read_orders, content))
        print(f"| {name} | {plain:.2f} | {ours:.2f} | {ours / plain:.1f} |")


if __name__ == "__main__":
    main()
