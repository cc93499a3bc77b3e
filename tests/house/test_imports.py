"""What is heavy is imported where it is used: a lesson's first cell answers at once.

Modules are counted, not seconds: ``benchmarks/imports.py`` measures how long the imports take.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from lessons import first_imports

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {
    "narwhals",
    "numpy.polynomial",
    "scipy",
    "sklearn",
    *(f"matplotlib.{name}" for name in ("axes", "dates", "figure", "pyplot")),
}
ROOMS = "import crmkit.value, crmkit.mix, crmkit.brand, crmkit.reactivation, crmkit.practice\n"
ROOMS += "import crmkit.explore, crmkit.style\n"
ROOMS += "from crmkit.value import explorers, plots\nfrom crmkit.mix import explorers, plots\n"
ROOMS += (
    "from crmkit.brand import explorers, plots\nfrom crmkit.reactivation import explorers, plots"
)


def imported(code: str) -> set[str]:
    """Run imports in a fresh interpreter and give the heavy modules that came with them."""
    asked = f"{code}\nimport sys; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return set(done.stdout.split())


@pytest.mark.parametrize(
    ("code", "heavy"),
    [("import crmkit", HEAVY | {"pandas", "numpy", "matplotlib", "ipywidgets"}), (ROOMS, HEAVY)],
    ids=["crmkit", "all rooms"],
)
def test_what_is_heavy_waits_until_it_is_used(code, heavy):
    assert imported(code) & heavy == set()


def test_no_lesson_imports_what_is_heavy_before_it_needs_it():
    masters = sorted((ROOT / "notebooks" / "source").glob("*.py"))
    lines = [first_imports(master) for master in masters]
    assert len(lines) > 10
    assert all("crmkit" in line for line in lines)
    assert imported("\n".join(lines)) & HEAVY == set()
