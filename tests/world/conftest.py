"""Worlds that several tests look at."""

from __future__ import annotations

import pytest

from crmkit.world import World, simulate


@pytest.fixture(scope="session")
def fernwell() -> World:
    """The company that ships, with its own seed."""
    return simulate("fernwell", customers=5000, seed=1, progress=False)
