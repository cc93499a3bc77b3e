"""How long imports take, beside pandas alone: a lesson's first cell should not feel slow.

Processor seconds of a fresh interpreter, the median of several; other programs on the machine then matter little. The
goal is 1.7 times pandas' own; a lesson that shows an estimator of scikit-learn costs more.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))
from lessons import first_imports  # noqa: E402

LINES = {
    "python alone": "pass",
    "import pandas": "import pandas",
    "import crmkit": "import crmkit",
    "import crmkit; crmkit.load": "import crmkit; crmkit.load",
}


def seconds(code: str, runs: int = 3) -> float:
    """Take the median processor time of a fresh interpreter that runs ``code``."""
    times = []
    measured = "import resource; u = resource.getrusage(0); print(u.ru_utime + u.ru_stime)"
    for _ in range(runs + 1):
        done = subprocess.run(
            [sys.executable, "-c", f"{code}\n{measured}"],
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        )
        times.append(float(done.stdout.splitlines()[-1]))
    return statistics.median(times[1:])


def main() -> None:
    base = seconds(LINES["import pandas"], runs=5)
    print(f"{'what':44}{'seconds':>9}{'x pandas':>10}")
    for name, code in LINES.items():
        taken = seconds(code)
        print(f"{name:44}{taken:9.2f}{taken / base:10.2f}")
    lessons = {path.stem: path for path in sorted(ROOT.glob("notebooks/source/*.py"))}
    taken_by = {name: seconds(first_imports(path)) for name, path in lessons.items()}
    for name, taken in sorted(taken_by.items(), key=lambda item: -item[1]):
        print(f"{name:44}{taken:9.2f}{taken / base:10.2f}")


if __name__ == "__main__":
    main()
