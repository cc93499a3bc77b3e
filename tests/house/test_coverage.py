"""Every interval of the package is listed with its coverage (docs/statistics.md), and the measurement can fail."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks import _coverage, coverage, lists
from benchmarks._coverage import (
    Entry,
    covers,
    entries,
    functions_with_intervals,
    measure,
    public_functions,
)
from crmkit.inference import mean_interval, wilson
from crmkit.value import matched_gaps

LISTED = entries()


def test_every_interval_is_listed() -> None:
    known = {entry.function for entry in LISTED}
    lacking = set(functions_with_intervals()) - known
    assert not lacking, (
        f"{sorted(lacking)}: these say how sure an estimate is. Give each an Entry in benchmarks/coverage_<room>.py, "
        "or say in NO_INTERVAL of benchmarks/_coverage.py why it needs none."
    )
    assert not known & set(_coverage.NO_INTERVAL)


def test_a_name_without_an_interval_is_one_that_there_is() -> None:
    """A reason must not outlive its function, nor excuse one that no longer looks like an interval."""
    public = public_functions()
    assert set(_coverage.NO_INTERVAL) <= set(public)
    gone = [
        name for name in _coverage.NO_INTERVAL if not _coverage.says_how_sure(public[name], name)
    ]
    assert not gone


@pytest.mark.parametrize("way", [*"abcdefg"])
def test_an_interval_is_found_however_it_is_written(way: str) -> None:
    found = {
        "a": lambda table: table.assign(low=0.0, high=1.0),
        "b": lambda hits: wilson(hits, 10),
        "c": by_columns,
        "d": by_helper,
        "e": by_words,
        "f": by_standard_error,
        "g": handed_on,
    }[way]
    assert _coverage.says_how_sure(found)


def test_a_plain_function_is_none() -> None:
    assert not _coverage.says_how_sure(plain)


def by_columns() -> pd.DataFrame:
    columns = ["x", "behind_se"]
    return pd.DataFrame([(1, 2)], columns=columns)


def _helper(values: np.ndarray) -> float:
    return float(np.nan if len(values) < 2 else mean_interval(values).low)


def by_helper(values: np.ndarray) -> float:
    return _helper(values)


def by_words(values: np.ndarray) -> tuple[float, float]:
    """Give two numbers.

    Returns
    -------
    tuple of float
        The mean and its standard error.
    """
    return values.mean(), values.std() / 2


def by_standard_error(values: np.ndarray) -> dict[str, float]:
    return {"mean": values.mean(), "se": values.std() / 2}


def handed_on(values: np.ndarray, past: np.ndarray) -> pd.DataFrame:
    table = matched_gaps(values, values, past, [10])
    return table


def plain(values: np.ndarray) -> float:
    """Give the middle between low and high."""
    return float(values.mean())


@pytest.fixture
def rough_truths(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Truths from small samples: here it matters that an entry runs, not what it measures."""
    rooms = [importlib.import_module(f"benchmarks.coverage_{room}") for room in _coverage.ROOMS]
    kept = [
        thing for room in rooms for thing in vars(room).values() if hasattr(thing, "cache_clear")
    ]
    for truth in kept:
        truth.cache_clear()
    for room in rooms:
        monkeypatch.setattr(room, "LARGE", 2400, raising=False)
    monkeypatch.setattr(
        importlib.import_module("benchmarks.coverage_reactivation"), "PLAN_DRAWS", 2
    )
    yield
    for truth in kept:
        truth.cache_clear()


@pytest.mark.usefixtures("rough_truths")
@pytest.mark.parametrize("entry", LISTED, ids=lambda entry: entry.function)
def test_entries_name_what_there_is_and_run(entry: Entry) -> None:
    room, *path = entry.function.split(".")
    thing = room_itself = importlib.import_module(f"crmkit.{room}")
    thing = public_functions().get(entry.function, thing)  # of any module of the room
    for name in path if thing is room_itself else []:  # an inherited method
        thing = getattr(thing, name)
    assert callable(thing)
    assert entry.worlds >= 200
    assert sorted(entry.sizes) == list(entry.sizes)
    held = np.asarray(entry.world(entry.sizes[0], np.random.default_rng(0)), dtype=float)
    assert np.isin(held[~np.isnan(held)], (0, 1)).all()


def test_an_interval_that_does_not_cover_is_noticed() -> None:
    def world(size: int, rng: np.random.Generator) -> np.ndarray:
        sample = rng.normal(size=size)
        half = 1.3 / np.sqrt(size)
        return covers(sample.mean() - half, sample.mean() + half, 0)

    entry = Entry("mix.too_narrow", "mean", "", "", "-", (10, 20, 30), "people", world)
    found = measure(entry, 20, 200)
    assert not found.inside
    assert found.coverage == measure(entry, 20, 200).coverage


def test_an_interval_without_width_counts_as_a_miss() -> None:
    assert covers([1, 1, np.nan], [1, 2, 2], [1, 1, 1]).tolist()[:2] == [0, 1]
    assert np.isnan(covers(np.nan, 2, 1))


def test_the_page_shows_what_was_measured(tmp_path: Path) -> None:
    page = tmp_path / "statistics.md"
    page.write_text(f"before\n{coverage.BEGIN}\nold\n{coverage.END}\nafter\n", encoding="utf-8")
    rows = {("mix.x", 10): _coverage.Measured("mix.x", 10, 200, 0.9512, 0.0)}
    entry = Entry("mix.x", "share", "m", "s", "-", (10, 20, 30), "people", lambda n, r: 1.0)
    coverage.write_page(coverage.table([entry], rows), page)
    text = page.read_text(encoding="utf-8")
    assert "old" not in text
    assert "10: 95.1%; 20: not yet measured" in text
    assert text.startswith("before")
    assert text.endswith("after\n")


def test_the_committed_page_is_that_of_the_committed_measurement() -> None:
    page = coverage.PAGE.read_text(encoding="utf-8")
    inside = page.partition(coverage.BEGIN)[2].partition(coverage.END)[0].strip()
    rows = coverage.read_store()
    assert set(re.findall(r"^\| `([\w.]+)`", inside, flags=re.M)) >= {
        function.partition(".")[2] for function, _ in rows
    }
    for row in rows.values():
        assert f"{row.size:,}: {row.coverage:.1%}" in inside


def test_every_row_is_measured_and_inside_or_says_why() -> None:
    rows = coverage.read_store()
    for entry in LISTED:
        found = [rows.get((entry.function, size)) for size in entry.sizes]
        assert all(found), f"{entry.function}: run python -m benchmarks.coverage --write --only it"
        assert min(row.worlds for row in found) >= 200
        assert entry.exception or all(row.inside for row in found), entry.function


def test_the_table_of_lists_is_that_of_the_committed_measurement() -> None:
    page = lists.PAGE.read_text(encoding="utf-8")
    inside = page.partition(lists.BEGIN)[2].partition(lists.END)[0].strip()
    assert inside == lists.table(lists.stored())


def test_a_world_of_lists_runs_and_says_shares() -> None:
    found = lists.one_world(60, np.random.default_rng(1))
    assert all(0 <= found[name] <= 1 for name in ("again", "predicted", "mean_of_shares"))
    assert found["sure_again"] <= found["sure"] >= found["sure_best"]
