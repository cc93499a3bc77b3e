"""Make a virtual environment and install a hashed lock and crmkit itself into it.

Usage: ``python3 tools/setup_venv.py .venv requirements.lock``. Runs on the standard library alone, because on a
fresh machine there is nothing else yet. Installs through uv, which takes seconds; falls back to pip.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

OLDEST, TOO_NEW = (3, 11), (3, 15)


def python_of(venv: Path) -> Path:
    """Where a virtual environment keeps its interpreter (it differs on Windows)."""
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def make_venv(venv: Path) -> Path:
    """Create the environment where there is none, or where its Python has gone since."""
    python = python_of(venv)
    works = python.exists() and subprocess.run([python, "-c", ""], check=False).returncode == 0
    if not works:
        print(f"making {venv} with Python {sys.version.split()[0]}", flush=True)
        code = subprocess.run(
            [sys.executable, "-m", "venv", "--clear", venv], check=False
        ).returncode
        if code:
            raise SystemExit(
                "Python could not make a virtual environment. On Debian and Ubuntu the package "
                "python3-venv is missing: sudo apt install python3-venv, then try again."
            )
    return python


def install(python: Path, lock: str) -> None:
    """Install the exact locked versions, every file held to its hash, then crmkit as editable."""
    pip = [python, "-m", "pip"]
    # uv's own version need not be pinned: what it installs is held to the lock's hashes.
    has_uv = subprocess.run([python, "-m", "uv", "--version"], capture_output=True, check=False)
    if has_uv.returncode:
        has_uv = subprocess.run(
            [*pip, "install", "--quiet", "--disable-pip-version-check", "uv"], check=False
        )
    installer = [python, "-m", "uv", "pip"] if has_uv.returncode == 0 else pip
    how = "uv (a minute at most)" if has_uv.returncode == 0 else "pip (some minutes)"
    print(f"installing {lock} through {how}", flush=True)
    subprocess.run([*installer, "install", "--quiet", "--require-hashes", "-r", lock], check=True)
    subprocess.run([*installer, "install", "--quiet", "--no-deps", "-e", "."], check=True)


def main() -> None:
    if not OLDEST <= sys.version_info[:2] < TOO_NEW:
        raise SystemExit(
            f"crmkit needs Python {OLDEST[0]}.{OLDEST[1]} to {TOO_NEW[0]}.{TOO_NEW[1] - 1}; {sys.executable} is "
            f"{sys.version.split()[0]}. Name one that fits: make lab PYTHON=python3.12"
        )
    venv, lock = Path(sys.argv[1]), sys.argv[2]
    install(make_venv(venv), lock)


if __name__ == "__main__":
    main()
