"""The shipped company's own numbers, simulated once, and two more companies to try a method on."""

import functools

import pytest

from crmkit.world import simulate

PARTS = ["mix", "shop", "touchpoints"]


@functools.cache
def world_of(seed):
    return simulate("fernwell", seed=seed, progress=False, parts=PARTS)


@pytest.fixture(scope="session")
def world():
    return world_of(1)


@pytest.fixture(scope="session", params=[1, 2, 3])
def any_world(request):
    return world_of(request.param)
