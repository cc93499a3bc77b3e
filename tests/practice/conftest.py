"""Small companies, simulated once per session, and the questions that are asked about them."""

import functools
import os
from pathlib import Path

import pytest
import worlds as shared
from worlds import world_of

from crmkit.practice import classes
from crmkit.practice.tables import OwnTables

SIMULATED = classes.write_data

#: On every push three companies; with `--full`, and in `make check` for the lessons that changed, ten.
SEEDS = (1, 2, 3)
ALL_SEEDS = tuple(range(1, 11))


@functools.cache
def tables_of(seed):
    # Each seed has another number of customers too, as two students of one class do not, but two firms do.
    return OwnTables.of_world(world_of("fernwell", customers=800 + 60 * seed, seed=seed))


@pytest.fixture(scope="session")
def worlds(request):
    return {
        seed: tables_of(seed)
        for seed in (ALL_SEEDS if request.config.getoption("--full") else SEEDS)
    }


@pytest.fixture(scope="session")
def ten_worlds():
    """Go through ten companies on every push, for what three cannot tell; each is simulated when it is asked for."""
    return lambda: map(tables_of, ALL_SEEDS)


@pytest.fixture(scope="session")
def solved_on(request):
    """On which companies a shown solution and a model answer are tried; a number written into them fails on any."""
    return (1, 2) if request.config.getoption("--full") else (2,)


@pytest.fixture
def no_state(monkeypatch):
    """Progress in memory, and nothing left of other tests."""
    from crmkit.practice import desk

    monkeypatch.setenv("CRMKIT_PRACTICE_STATE", "off")
    monkeypatch.setattr(desk, "_records", {})
    monkeypatch.setattr(desk, "_tables", {})


@pytest.fixture(scope="session", autouse=True)
def data_written_once(tmp_path_factory):
    """Simulate a student's data once in a run: the same few students are in nearly every class of these tests."""
    run = os.environ.get(shared.FOLDER)
    kept = Path(run) / "classes" if run else tmp_path_factory.mktemp("classes")
    with pytest.MonkeyPatch.context() as patch:
        # Processes that fill folders are forked from this one and copy too; elsewhere they simulate as ever.
        patch.setattr(classes, "write_data", shared.written_once(SIMULATED, kept))
        yield


@pytest.fixture
def simulated_anew(monkeypatch):
    """Copy nothing: this test is about the simulation itself."""
    monkeypatch.setattr(classes, "write_data", SIMULATED)
