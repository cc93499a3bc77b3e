"""Worlds that several tests look at."""

from __future__ import annotations

import pytest
from worlds import world_of

from crmkit.world import World


@pytest.fixture(scope="session")
def fernwell() -> World:
    """The company that ships, with its own seed."""
    return world_of("fernwell", customers=5000, seed=1)
