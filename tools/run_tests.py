"""Run the whole test suite: unit and recovery tests, doctests, lessons under nbval, the browser.

Usage: ``python tools/run_tests.py [pytest options]``; ``make test`` calls it. Notebooks run in a second pytest call,
because nbval's options would turn every notebook that pytest meets into tests of the first.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NOTHING_COLLECTED = 5  # pytest's exit code: fine where options narrow the run to the other call
NBVAL = ["--nbval", "--nbval-current-env", "--nbval-sanitize-with=tests/notebooks/sanitize.cfg"]
NBVAL += ["--nbval-cell-timeout=120"]


def workers() -> list[str]:
    """One worker per core; a file's tests stay together, so that a notebook keeps its kernel."""
    return ["-n", str(os.cpu_count() or 1), "--dist", "loadfile"]


def run(*arguments: str) -> int:
    """Call pytest and give back its exit code."""
    with tempfile.TemporaryDirectory() as state:
        environment = os.environ | {
            "PYTHONHASHSEED": "0",
            # There is a worker per core: more threads in each only wait for one another.
            "OPENBLAS_NUM_THREADS": "1",
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",
            "JUPYTER_PLATFORM_DIRS": "1",
            # Lessons answer as on a first visit, whatever progress lies in this checkout.
            "CRMKIT_PRACTICE_STATE": "off",
            # No settings or kernels of the person at the machine: the suite sees only its own environment.
            "JUPYTER_CONFIG_DIR": f"{state}/config",
            "IPYTHONDIR": f"{state}/ipython",
        }
        command = [sys.executable, "-m", "pytest", *arguments]
        return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def main() -> None:
    options = sys.argv[1:]
    notebooks = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("notebooks/*.ipynb"))
    notebooks += sorted(
        str(path.relative_to(ROOT)) for path in ROOT.glob("exercises/solutions/*.ipynb")
    )
    codes = [run("--doctest-modules", *workers(), "tests", "crmkit", *options)]
    if notebooks:
        codes.append(run(*NBVAL, *workers(), *notebooks, *options))
    failed = [code for code in codes if code not in (0, NOTHING_COLLECTED)]
    if not failed and all(code == NOTHING_COLLECTED for code in codes):
        failed = [NOTHING_COLLECTED]
    raise SystemExit(failed[0] if failed else 0)


if __name__ == "__main__":
    main()
