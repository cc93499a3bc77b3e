"""Small companies, simulated once per session, and the questions that are asked about them."""

import functools

import pytest
from worlds import world_of

from crmkit.practice.tables import OwnTables

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
def all_worlds():
    """Ten companies on every push: for what three cannot tell."""
    return {seed: tables_of(seed) for seed in ALL_SEEDS}


@pytest.fixture
def no_state(monkeypatch):
    """Progress in memory, and nothing left of other tests."""
    from crmkit.practice import desk

    monkeypatch.setenv("CRMKIT_PRACTICE_STATE", "off")
    monkeypatch.setattr(desk, "_records", {})
    monkeypatch.setattr(desk, "_tables", {})
