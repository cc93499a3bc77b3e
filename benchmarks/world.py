"""A million customers: the simulated company beside a loop over rows with Faker and pandas.

The loop does less (no sleep, no needs, one line an order) and is timed on a thousandth of the customers.
"""

from __future__ import annotations

import random
import resource
import sys
import time
from collections.abc import Callable

import pandas as pd
from faker import Faker

from crmkit.world import simulate

CUSTOMERS = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
LOOPED = max(CUSTOMERS // 1000, 100)


def peak_gb() -> float:
    """Most memory this process has held, in GB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e9 if sys.platform == "darwin" else 1e6)


def by_row(customers: int) -> dict[str, pd.DataFrame]:
    """Customers and orders as one would write them at first: a row at a time."""
    fake = Faker("en_GB")
    fake.seed_instance(1)
    rng = random.Random(1)
    products = simulate(customers=1, parts=()).tables["products"].to_dict("records")
    days = pd.date_range("2023-01-01", "2025-12-31")
    people, orders, lines = [], [], []
    for customer_id in range(1, customers + 1):
        people.append(
            {
                "customer_id": customer_id,
                "name": fake.name(),
                "email": fake.email(),
                "phone": fake.phone_number(),
                "street": fake.street_address(),
                "city": fake.city(),
                "postcode": fake.postcode(),
                "customer_since": rng.choice(days),
            }
        )
        for _ in range(1 + int(rng.gammavariate(0.5, 14))):
            product = rng.choices(products, [1 / p["price"] for p in products])[0]
            order_id = len(orders) + 1
            orders.append(
                {
                    "order_id": order_id,
                    "customer_id": customer_id,
                    "order_date": rng.choice(days),
                    "turnover": product["price"],
                    "margin": product["price"] - product["unit_cost"],
                }
            )
            lines.append({"order_id": order_id, "line": 1, "product_id": product["product_id"]})
    made = {"customers": people, "orders": orders, "order_lines": lines}
    return {name: pd.DataFrame(rows) for name, rows in made.items()}


def timed(function: Callable[[], dict[str, pd.DataFrame]]) -> tuple[float, float, int]:
    """Seconds on the clock, seconds of processor time, and the number of orders made."""
    began, busy = time.perf_counter(), time.process_time()
    tables = function()
    return time.perf_counter() - began, time.process_time() - busy, len(tables["orders"])


def main() -> None:
    by_row(1)  # Faker loads its word lists on first use.
    loop, loop_busy, loop_orders = timed(lambda: by_row(LOOPED))
    before = peak_gb()
    ours, ours_busy, ours_orders = timed(
        lambda: simulate(customers=CUSTOMERS, parts=(), progress=False).tables
    )
    scale = CUSTOMERS / LOOPED
    print(f"{CUSTOMERS:,} customers, core tables and truth\n")
    print("| way | orders | seconds | processor seconds | peak memory, GB |")
    print("|---|---:|---:|---:|---:|")
    print(
        f"| crmkit.world | {ours_orders:,} | {ours:.1f} | {ours_busy:.1f} "
        f"| {peak_gb():.1f} (before: {before:.1f}) |"
    )
    print(
        f"| a loop over rows with Faker ({LOOPED:,} customers, times {scale:,.0f}) "
        f"| {loop_orders * scale:,.0f} | {loop * scale:,.0f} | {loop_busy * scale:,.0f} | |"
    )
    print(f"\nThe loop takes {loop_busy * scale / ours_busy:.0f} times the processor time.")


if __name__ == "__main__":
    main()
