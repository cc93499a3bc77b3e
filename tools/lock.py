"""Resolve the locked versions again: hashed requirements without any download address.

Usage: ``python tools/lock.py`` from an environment that has uv.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCKS = {
    "requirements.lock": ["lab"],
    "requirements-test.lock": ["lab", "test", "site"],
    "requirements-spark.lock": ["spark"],
}


def resolve(lock: str, extras: list[str], constraints: list[str]) -> None:
    """Write one lock file; packages that an earlier lock names keep that lock's version."""
    command = [sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml"]
    command += ["--universal", "--python-version", "3.11", "--fork-strategy", "fewest"]
    command += ["--generate-hashes", "--no-emit-index-url", "--no-emit-find-links", "--no-header"]
    command += ["--no-annotate", "--quiet", "--output-file", lock, *sys.argv[1:]]
    for extra in extras:
        command += ["--extra", extra]
    for constraint in constraints:
        command += ["--constraint", constraint]
    subprocess.run(command, cwd=ROOT, check=True)
    text = (ROOT / lock).read_text(encoding="utf-8")
    if "://" in text:
        raise SystemExit(f"{lock} records an address; a lock must work with any registry")


def main() -> None:
    constraints = ["constraints.txt"]
    for lock, extras in LOCKS.items():
        resolve(lock, extras, constraints)
        constraints.append(lock)


if __name__ == "__main__":
    main()
