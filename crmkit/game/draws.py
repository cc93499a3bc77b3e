"""Luck of a quarter: numbers between 0 and 1 that belong to a mechanism, a person and a place, whatever is decided.

Problem
    Two plans should differ only by what they do. With one stream of random numbers a plan that wins one customer more
    would shift the luck of everybody after him.

Solution
    Each number is computed from (seed, quarter, mechanism, person, place) alone, by the mixing function of SplitMix64
    (Steele, Lea & Flood 2014, OOPSLA): integers only, so it is the same on every processor. Common random numbers in
    the sense of Glasserman & Yao (1992), Management Science 38.
"""

from __future__ import annotations

import functools
import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from crmkit.later import later

special = later("scipy.special")

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.integer]

_STEP, _FIRST, _SECOND = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
_FULL = 2**64 - 1


def _mixed(x: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Mix the digits of keys, so that neighbours have nothing in common."""
    # In place: a quarter draws so often that new arrays would take longer than the arithmetic.
    x ^= x >> np.uint64(30)
    x *= np.uint64(_FIRST)
    x ^= x >> np.uint64(27)
    x *= np.uint64(_SECOND)
    x ^= x >> np.uint64(31)
    return x


@functools.lru_cache(maxsize=4096)
def _begun(mechanism: str, seed: int, quarter: int) -> int:
    """Join what all numbers of a mechanism have in common in a quarter: numpy takes long for single numbers."""
    key = zlib.crc32(mechanism.encode())
    for number in (seed, quarter):
        x = (key + (number + 1) * _STEP) & _FULL
        x = ((x ^ x >> 30) * _FIRST) & _FULL
        x = ((x ^ x >> 27) * _SECOND) & _FULL
        key = x ^ x >> 31
    return key


def _stepped(values: Integers | int) -> Any:
    """Give numbers as they are added to a key before it is mixed."""
    if isinstance(values, int):
        return np.uint64((values + 1) * _STEP & _FULL)
    return (np.asarray(values).astype(np.uint64) + np.uint64(1)) * np.uint64(_STEP)


@dataclass(frozen=True)
class Draws:
    """All luck of one quarter.

    Examples
    --------
    >>> luck = Draws(seed=1, quarter=1)
    >>> few, more = luck.uniform("sleep", np.arange(2)), luck.uniform("sleep", np.arange(5))
    >>> bool((few == more[:2]).all())
    True
    """

    seed: int
    quarter: int

    def uniform(self, mechanism: str, person: Integers, *places: Integers | int) -> Floats:
        """Numbers strictly between 0 and 1; `person` and `places` are broadcast against each other."""
        key: Any = np.uint64(_begun(mechanism, self.seed, self.quarter))
        for values in (person, *places):
            key = _mixed(np.atleast_1d(key + _stepped(values)))
        # The highest 52 bits, in the middle of their cell: neither 0 nor 1 ever comes.
        key >>= np.uint64(12)
        found = key.astype(np.float64)
        found += 0.5
        found *= 2.0**-52
        return np.asarray(found)

    def normal(self, mechanism: str, person: Integers, *places: Integers | int) -> Floats:
        """Standard normal numbers."""
        return np.asarray(special.ndtri(self.uniform(mechanism, person, *places)))

    def exponential(self, mechanism: str, person: Integers, *places: Integers | int) -> Floats:
        """Exponential numbers with mean 1."""
        return -np.log(self.uniform(mechanism, person, *places))


def poisson(mean: Floats, luck: Floats) -> npt.NDArray[np.int64]:
    """Poisson numbers from uniform ones: the more is expected, the more come, with the same luck.

    Examples
    --------
    >>> poisson(np.array([0.0, 1.0, 3.0]), np.array([0.9, 0.9, 0.9])).tolist()
    [0, 2, 5]
    """
    mean, luck = np.broadcast_arrays(np.asarray(mean, dtype=float), luck)
    term = np.exp(-mean)
    total, count = term.copy(), np.zeros(mean.shape, dtype=np.int64)
    for number in range(1, 200):
        more = luck > total
        if not more.any():
            break
        count += more
        term = term * mean / number
        total = total + term
    return count
