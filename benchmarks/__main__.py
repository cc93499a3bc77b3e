"""Run the benchmarks: ``python -m benchmarks`` for all, ``python -m benchmarks value world`` for some.

Every module in this folder measures one room and prints a table; each runs in a process of its own, so that one does
not warm or burden another.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main() -> None:
    known = sorted(p.stem for p in HERE.glob("*.py") if not p.stem.startswith(("_", "coverage_")))
    wanted = sys.argv[1:] or known
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise SystemExit(f"no benchmark called {', '.join(unknown)}; there are {', '.join(known)}")
    failed = []
    for name in wanted:
        print(f"\n## {name}\n", flush=True)
        command = [sys.executable, "-m", f"benchmarks.{name}"]
        if subprocess.run(command, cwd=HERE.parent, check=False).returncode:
            failed.append(name)
    if failed:
        raise SystemExit(f"benchmarks that did not finish: {', '.join(failed)}")


if __name__ == "__main__":
    main()
