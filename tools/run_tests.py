"""Run the test suite, in one of two tiers (docs/testing.md says what each guards).

``make test``: all that is guarded, once: units, doctests, claims, guards, every explorer in a browser, and every
stored notebook under nbval, on kernels that compute like another processor. ``make test-full`` (``--full``) repeats
it in slower ways: each lesson whole in a browser with pictures, four processors, the newest dependencies, the
coverage of every interval in simulated worlds.

Usage: ``python tools/run_tests.py [--full] [pytest options]``. Notebooks run in a second pytest call, because nbval's
options would turn every notebook that pytest meets into tests of the first.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import processors
import warm_kernel
import worlds

ROOT = Path(__file__).resolve().parents[1]
NOTHING_COLLECTED = 5  # pytest's exit code: fine where options narrow the run to the other call
NBVAL = ["--nbval", "--nbval-sanitize-with=tests/notebooks/sanitize.cfg"]
NBVAL += ["--nbval-cell-timeout=120"]


def workers(more: int = 0) -> list[str]:
    """One worker per core, or some more; a file's tests stay together, so that a notebook keeps its kernel.

    Files come in the order of `long_files_first` (conftest.py), not in xdist's.
    """
    count = (os.cpu_count() or 1) + more
    return ["-n", str(count), "--dist", "loadfile", "--no-loadscope-reorder"]


def environment(state: str) -> dict[str, str]:
    """Give the environment of a run: fixed hashing and threads, nothing of the person at the machine."""
    return os.environ | {
        "PYTHONHASHSEED": "0",
        # There is a worker per core: more threads in each only wait for one another.
        "OPENBLAS_NUM_THREADS": "1",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        "JUPYTER_PLATFORM_DIRS": "1",
        # Lessons answer as on a first visit, whatever progress lies in this checkout.
        "CRMKIT_PRACTICE_STATE": "off",
        # A world is simulated once for all workers.
        worlds.FOLDER: f"{state}/worlds",
        # No settings or kernels of the person at the machine: the suite sees only its own environment.
        "JUPYTER_CONFIG_DIR": f"{state}/config",
        "IPYTHONDIR": f"{state}/ipython",
    }


def notebooks() -> list[str]:
    """List the stored notebooks that were executed."""
    found = [*ROOT.glob("notebooks/*.ipynb"), *ROOT.glob("exercises/solutions/*.ipynb")]
    return sorted(str(path.relative_to(ROOT)) for path in found)


def pytest(*arguments: str, processor: str | None = None) -> int:
    """Call pytest and give back its exit code; with a processor, kernels compute like that one."""
    with tempfile.TemporaryDirectory() as state:
        own = environment(state)
        command = [sys.executable, "-m", "pytest", *arguments]
        if processor is None:
            return subprocess.run(command, cwd=ROOT, env=own, check=False).returncode
        told = {name: own[name] for name in own.keys() - processors.OURS}
        told |= processors.environment(processor)
        with warm_kernel.Server(told) as warm:
            own = told | warm.environment
            return subprocess.run(command, cwd=ROOT, env=own, check=False).returncode


def timed(name: str, step: Callable[[], int]) -> tuple[str, int, float, float]:
    """Run a step; give its name, exit code, wall seconds and processor seconds."""
    before, started = os.times(), time.monotonic()
    code = step()
    after = os.times()
    used = after.children_user + after.children_system
    used -= before.children_user + before.children_system
    return name, code, time.monotonic() - started, used


def python(*arguments: str) -> int:
    """Call one of the other tools."""
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, check=False).returncode


def main() -> None:
    options = sys.argv[1:]
    full = "--full" in options
    # One worker more than cores: a test that drives a browser waits half of the time.
    units = [
        "-p",
        "no:nbval",
        "--doctest-modules",
        "--seconds",
        *workers(1),
        "tests",
        "crmkit",
        *options,
    ]

    def rerun(processor: str) -> Callable[[], int]:
        """Give the step that compares every stored output with what a processor computes."""
        chosen = [*NBVAL, *workers(), *notebooks(), *options]
        return lambda: pytest(*chosen, processor=processor)

    steps: list[tuple[str, Callable[[], int]]] = [
        ("units, claims, browser", lambda: pytest(*units)),
        (f"notebooks, as {processors.FOREIGN}", rerun(processors.FOREIGN)),
    ]
    if full:
        steps += [
            *((f"notebooks, as {name}", rerun(name)) for name in ("threads", "haswell")),
            ("tables, all processors", lambda: python("tools/processors.py", "--data-only")),
            ("newest dependencies", lambda: python("tools/newest.py")),
            (
                "coverage of intervals",
                lambda: python("-m", "benchmarks.coverage", "--measure-only"),
            ),
        ]
    done = [timed(name, step) for name, step in steps]
    print(f"\n{'':32}{'wall s':>8}{'processor s':>13}")
    for name, code, wall, used in done:
        fault = "" if code in (0, NOTHING_COLLECTED) else "  FAILED"
        print(f"{name:32}{wall:8.0f}{used:13.0f}{fault}")
    codes = [code for _, code, _, _ in done]
    failed = [code for code in codes if code not in (0, NOTHING_COLLECTED)]
    if not failed and all(code == NOTHING_COLLECTED for code in codes):
        failed = [NOTHING_COLLECTED]
    raise SystemExit(failed[0] if failed else 0)


if __name__ == "__main__":
    main()
