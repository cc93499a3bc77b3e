"""Long files are begun first, so that no worker is left alone with one at the end."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import SimpleNamespace

import pytest
import run_tests
import worlds

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def top():
    """The suite's own conftest, which is no module that can be imported by name."""
    spec = importlib.util.spec_from_file_location("suite_conftest", ROOT / "conftest.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_long_files_are_there(top) -> None:
    assert [file for file in top.LONG if not (ROOT / file).is_file()] == []


def test_long_files_come_first_and_a_files_tests_stay_together_in_their_order(top) -> None:
    names = ["a.py::1", "b.py::1", "c.py::x", f"{top.LONG[1]}::1", "b.py::2", f"{top.LONG[0]}::1"]
    items = [SimpleNamespace(nodeid=name) for name in names]
    assert [item.nodeid for item in top.long_files_first(items)] == [
        f"{top.LONG[0]}::1",
        f"{top.LONG[1]}::1",
        *("b.py::1", "b.py::2"),
        *("a.py::1", "c.py::x"),
    ]


def test_xdist_leaves_that_order_as_it_is() -> None:
    assert "--no-loadscope-reorder" in run_tests.workers()


def test_a_world_is_simulated_once_in_a_run_and_nobody_spoils_it(tmp_path, monkeypatch) -> None:
    asked = []
    simulate = worlds.simulate
    monkeypatch.setattr(worlds, "simulate", lambda *a, **k: asked.append(a) or simulate(*a, **k))
    monkeypatch.setenv(worlds.FOLDER, str(tmp_path))
    options = {"customers": 60, "seed": 3, "parts": ()}
    first = worlds.world_of("fernwell", **options)
    rows = len(first.tables["orders"])
    first.tables["orders"] = first.tables["orders"].head(1)
    again = worlds.world_of("fernwell", **options)
    assert len(again.tables["orders"]) == rows
    assert len(asked) == 1
    worlds.world_of("fernwell", **options | {"seed": 4})
    assert len(asked) == 2
    monkeypatch.delenv(worlds.FOLDER)
    assert len(worlds.world_of("fernwell", **options).tables["orders"]) == rows
    assert len(asked) == 3
