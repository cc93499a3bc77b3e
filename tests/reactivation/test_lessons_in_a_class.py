"""A class gets other customers, and fewer: every cell of lessons 30 to 34 has to run on them too."""

from __future__ import annotations

from pathlib import Path

import jupytext
import matplotlib.pyplot as plt
import pytest

from crmkit.world import simulate
from crmkit.world.write import write

SOURCE = Path(__file__).resolve().parents[2] / "notebooks" / "source"
MASTERS = sorted(SOURCE.glob("3[0-4]_*.py"))


@pytest.fixture(scope="module")
def class_data(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("class") / "datasets"
    world = simulate("fernwell", customers=900, seed=12, parts=["campaigns", "engagement"])
    write(world, folder / "fernwell", progress=False)
    return folder


@pytest.mark.parametrize("master", MASTERS, ids=lambda path: path.stem)
def test_a_lesson_runs_on_a_students_own_data(master: Path, class_data: Path, monkeypatch) -> None:
    monkeypatch.setenv("CRMKIT_DATA", str(class_data))
    monkeypatch.setenv("CRMKIT_PRACTICE_STATE", "off")
    names: dict = {"__name__": "lesson"}
    for number, cell in enumerate(jupytext.read(master).cells):
        if cell.cell_type == "code":
            exec(compile(cell.source, f"{master.stem}, cell {number}", "exec"), names)
    plt.close("all")


def test_there_are_five_lessons() -> None:
    assert len(MASTERS) == 5
