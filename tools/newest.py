"""Run the tests with the newest versions of all dependencies, in an environment of their own.

``python tools/newest.py``: needs the package index. Stored outputs are not compared (another pandas may lay out a table
in another way); every lesson runs from top to bottom all the same, and all other tests hold. What fails here will
reach users who install without the lock.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import run_tests
import setup_venv

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="crmkit-newest-") as folder:
        venv = Path(folder) / "venv"
        subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
        python = str(setup_venv.python_of(venv))
        # uv installs in seconds, and the tests that build a wheel call it.
        subprocess.run([python, "-m", "pip", "install", "--quiet", "uv"], check=True)
        install = [python, "-m", "uv", "pip", "install", "--quiet", "--upgrade", "--python", python]
        subprocess.run([*install, "-e", f"{ROOT}[lab,test]"], check=True)
        # What is built, locked or drawn with the locked versions is guarded there.
        leave = ["--ignore=tests/browser", "--deselect=tests/house/test_packaging.py"]
        own = run_tests.environment(folder)
        calls = [
            ["--doctest-modules", *run_tests.workers(), "tests", "crmkit", *leave],
            ["--nbval-lax", *run_tests.workers(), *run_tests.notebooks()],
        ]
        codes = [
            subprocess.run(
                [python, "-m", "pytest", *call], cwd=ROOT, env=own, check=False
            ).returncode
            for call in calls
        ]
    # An editable install leaves its mark in the virtual environment alone, which has gone.
    return next((code for code in codes if code), 0)


if __name__ == "__main__":
    os.chdir(ROOT)
    raise SystemExit(main())
