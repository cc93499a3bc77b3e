"""The shipped company's own numbers, simulated once, and two more companies to try a method on."""

import functools

import pytest
from worlds import world_of

PARTS = ["mix", "shop", "touchpoints"]


@functools.cache
def company_of(seed):
    return world_of("fernwell", seed=seed, parts=PARTS)


@pytest.fixture(scope="session")
def world():
    return company_of(1)


@pytest.fixture(scope="session", params=[1, 2, 3])
def any_world(request):
    return company_of(request.param)
