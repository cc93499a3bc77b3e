"""Every interval of the package is listed with its coverage (docs/statistics.md), and the measurement can fail."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from benchmarks import _coverage, coverage
from benchmarks._coverage import Entry, covers, entries, functions_with_intervals, measure

LISTED = entries()


def test_every_interval_is_listed() -> None:
    known = {entry.function for entry in LISTED}
    lacking = set(functions_with_intervals()) - known - _coverage.NOT_YET
    assert not lacking, f"give these an Entry in benchmarks/coverage_<room>.py: {sorted(lacking)}"
    done = known & _coverage.NOT_YET
    assert not done, f"take these out of NOT_YET: {sorted(done)}"


@pytest.mark.parametrize("entry", LISTED, ids=lambda entry: entry.function)
def test_entries_name_what_there_is_and_run(entry: Entry) -> None:
    room, *path = entry.function.split(".")
    thing = __import__(f"crmkit.{room}", fromlist=["x"])
    for name in path:
        thing = getattr(thing, name)
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
