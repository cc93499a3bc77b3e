"""Reactivation beside what one would use instead: lifelines for Kaplan-Meier, an integer solver for the choice.

The last lines time one drag of each explorer's first slider, from the new value to the new picture in the kernel.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import numpy as np
import pandas as pd
from lifelines import KaplanMeierFitter
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

import crmkit
from crmkit import reactivation as r
from crmkit.reactivation import explorers


def seconds(work: Callable[[], object], runs: int = 5) -> float:
    """Take the median wall time, after one run to warm up."""
    times = []
    for _ in range(runs + 1):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times[1:])


def exact(profits: pd.DataFrame, budget: float) -> float:
    worth = profits[profits["profit"] > 0]
    who, n = pd.factorize(worth["customer_id"])[0], len(worth)
    once = csr_array((np.ones(n), (who, np.arange(n))), shape=(who.max() + 1, n))
    limits = [
        LinearConstraint(once, ub=1),
        LinearConstraint(worth["cost"].to_numpy()[None, :], ub=budget),
    ]
    return -milp(
        -worth["profit"].to_numpy(), constraints=limits, integrality=np.ones(n), bounds=Bounds(0, 1)
    ).fun


def drag(shown: object) -> float:
    name = next(iter(shown.values))
    start = shown.values[name]
    step = shown._controls[name].step
    places = iter([start + step * (k % 2) for k in range(1, 100)])
    return seconds(lambda: shown.set(**{name: next(places)}), 15)


def main() -> None:
    rng = np.random.default_rng(1)
    length, watched = (
        np.ceil(rng.exponential(40, 1_000_000)),
        np.ceil(rng.exponential(80, 1_000_000)),
    )
    days, ended = np.minimum(length, watched), length <= watched
    ours = seconds(lambda: r.kaplan_meier(days, ended), 3)
    theirs = seconds(lambda: KaplanMeierFitter().fit(days, ended), 3)
    print(
        f"{'Kaplan-Meier, 1 M gaps':44}{ours:8.3f} s   lifelines {theirs:.3f} s   {ours / theirs:.2f} of it"
    )

    profits = r.offer_profits(crmkit.load_truth("second_campaign"), crmkit.load("offers"))
    ours = seconds(lambda: r.choose_offers(profits, budget=900), 3)
    theirs = seconds(lambda: exact(profits, 900), 3)
    share = r.choose_offers(profits, budget=900)["profit"].sum() / exact(profits, 900)
    name = "choice of offers, 2,000 customers x 4"
    print(f"{name:44}{ours:8.3f} s   integer solver {theirs:.3f} s, {share:.4%} of its profit")

    gaps = r.purchase_gaps(crmkit.load("orders"), "2025-12-31")
    silent = r.silence(crmkit.load("orders"), "2025-12-31").set_index("customer_id")["silent_days"]
    truth = r.state_on(crmkit.load_truth("sleep_states"), "2025-12-31")
    shown = {
        "thresholds": explorers.threshold_explorer(r.return_curve(gaps, 75), silent, truth),
        "bucket": explorers.bucket_explorer(),
        "sample size": explorers.sample_size_explorer(),
        "budget": explorers.budget_explorer({"by truth": r.budget_curve(profits)}),
    }
    for name, explorer in shown.items():
        print(f"{'drag, ' + name:44}{1000 * drag(explorer):8.0f} ms")


if __name__ == "__main__":
    main()
