"""A quarter of the game: `step` beside the world's own three years, for the same customers.

The game must not be slower than what a player waits for anyway. As peers have no such game, the measure is our own
`simulate`, which makes twelve quarters of history: a quarter with reports may take no longer than the history.
"""

from __future__ import annotations

import sys
import time

from crmkit.game.decisions import AS_BEFORE, changed
from crmkit.game.engine import step
from crmkit.game.state import start
from crmkit.world import simulate

CUSTOMERS = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdigit() else 2000
BUSY = {
    "wake.drowsy": "reminder",
    "wake.asleep": "voucher",
    "messages.kind": "matched",
    "messages.per_month": 2,
    "research.tracker": 500,
}


def main() -> None:
    """Print seconds a quarter, and beside them those of the world's history."""
    began = time.perf_counter()
    simulate("fernwell", CUSTOMERS, 1, parts=(), progress=False)
    history = time.perf_counter() - began
    state = start(CUSTOMERS, 1)
    print(f"{CUSTOMERS:,} customers; three years of history by simulate(): {history:.2f} s")
    for name, plan in (("as before", AS_BEFORE), ("a busy plan", changed(AS_BEFORE, BUSY))):
        taken, now = [], state
        for _ in range(4):
            began = time.perf_counter()
            now, _ = step(now, plan, 1)
            taken.append(time.perf_counter() - began)
        best = min(taken)
        print(f"a quarter, {name}: {best:.2f} s, {best / history:.2f} times the history")


if __name__ == "__main__":
    main()
