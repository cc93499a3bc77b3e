"""How often the intervals of a class's luck hold what they claim, on the engine itself.

Two teams play the same customers many times, each time on other chance. From these runs classes are drawn at random: a
run that counts and its replays. `standings` claims that a further run lies in the interval of the replays in 80 % of
cases, `pairs` that its interval of 95 % holds what one team has more than the other on average over all chance.

    python -m benchmarks game_luck
"""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd

from crmkit.game.decisions import AS_BEFORE, changed
from crmkit.game.play import profit, run_fast
from crmkit.game.runs import pairs, standings
from crmkit.game.state import start

RUNS = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdigit() else 300
CUSTOMERS, ROUNDS, CLASSES = 200, 3, 1000
REPLAYS = (9, 19, 39)
#: What the two teams decide: much alike, and quite different.
PLANS = {
    "alike": changed(AS_BEFORE, {"prices.level": 1.02}),
    "different": changed(AS_BEFORE, {"prices.level": 0.9, "wake.half_asleep": "voucher"}),
}


def played(runs: int = RUNS) -> pd.DataFrame:
    """Profit of each plan in each run: a row a run, a column a plan, and `before` for the other team."""
    begins = start(CUSTOMERS, 7)
    return pd.DataFrame(
        {
            name: [profit(run_fast(plan, begins, ROUNDS, 100 + run)[0]) for run in range(runs)]
            for name, plan in {"before": AS_BEFORE, **PLANS}.items()
        }
    )


def a_class(found: pd.DataFrame, plan: str, which: np.ndarray) -> pd.DataFrame:
    """Give a class of two teams as `crmkit.game.runs.runs` gives it, with the runs at these places."""
    rows = [
        (team, 1, run, "profit", value, value)
        for team, column in (("own", plan), ("other", "before"))
        for run, value in enumerate(found[column].to_numpy()[which])
    ]
    return pd.DataFrame(rows, columns=["team", "round", "run", "measure", "value", "so_far"])


def coverage(found: pd.DataFrame, replays: int) -> tuple[float, dict[str, float]]:
    """Give the share of further runs inside, and of intervals of pairs that hold the mean over all runs."""
    rng = np.random.default_rng(replays)
    further, held = [], {plan: list[bool]() for plan in PLANS}
    for plan in PLANS:
        truth = float((found[plan] - found["before"]).mean())
        for _ in range(CLASSES):
            # Of different runs: the further one is any other.
            which = rng.choice(len(found), replays + 1, replace=False)
            row = standings(a_class(found, plan, which), 1).iloc[0]
            further.append(row["low"] <= row["so_far"] <= row["high"])
            # The mean over all runs is the truth if each is drawn anew.
            which = rng.choice(len(found), replays + 1)
            pair = pairs(a_class(found, plan, which), 1).iloc[0]
            held[plan].append(pair["low"] <= truth <= pair["high"])
    return float(np.mean(further)), {plan: float(np.mean(each)) for plan, each in held.items()}


def main() -> None:
    """Print the table of docs/statistics.md."""
    found = played()
    print(f"{len(found)} runs of {CUSTOMERS} customers and {ROUNDS} rounds, {CLASSES:,} classes")
    print(
        "\n| replays | a further run inside (80 %) | pairs, plans alike | pairs, plans different |"
    )
    print("|---|---|---|---|")
    for replays in REPLAYS:
        inside, held = coverage(found, replays)
        print(f"| {replays} | {inside:.1%} | {held['alike']:.1%} | {held['different']:.1%} |")


if __name__ == "__main__":
    main()
