"""How long an import takes, beside pandas alone: a lesson's first cell should not feel slow."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

LINES = {
    "python alone": "pass",
    "import pandas": "import pandas",
    "import crmkit": "import crmkit",
    "import crmkit; crmkit.load": "import crmkit; crmkit.load",
    "a lesson's imports": "import crmkit.value, crmkit.style, crmkit.explore, crmkit.practice",
}


def seconds(code: str, runs: int = 5) -> float:
    """Take the median wall time of a fresh interpreter that runs ``code``."""
    times = []
    for _ in range(runs + 1):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        times.append(time.perf_counter() - start)
    return statistics.median(times[1:])


def main() -> None:
    base = seconds(LINES["import pandas"])
    print(f"{'what':32}{'seconds':>9}{'x pandas':>10}")
    for name, code in LINES.items():
        taken = seconds(code)
        print(f"{name:32}{taken:9.2f}{taken / base:10.2f}")


if __name__ == "__main__":
    main()
