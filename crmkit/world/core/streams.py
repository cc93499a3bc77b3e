"""What a builder of tables works with."""

from __future__ import annotations

import functools
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from crmkit.companies import Company, from_params


@dataclass
class Context:
    """What a builder works with.

    Attributes
    ----------
    params : dict
        The company file: one dict per section, and ``products``.
    customers : int
        How many customers to make.
    seed : int
        The seed of the world.
    locale : str
        Locale of names and addresses, such as ``en_GB``.
    tables, truth : dict of str to DataFrame
        What has been built so far. The customer_id runs from 1 to ``customers``, in the order of the rows
        of both customers tables, so ``frame["column"].to_numpy()[customer_id - 1]`` looks a value up.
    arrays : dict
        Plain arrays that builders hand on and that are no table.
    tick : callable
        ``ctx.tick(0.5)`` tells the progress bar that half of this builder's work is done.
    """

    params: dict[str, Any]
    customers: int
    seed: int
    locale: str
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    truth: dict[str, pd.DataFrame] = field(default_factory=dict)
    arrays: dict[str, Any] = field(default_factory=dict)
    tick: Callable[[float], None] = lambda share: None

    @functools.cached_property
    def company(self) -> Company:
        """The company with all that its file lists: ``ctx.company.lists["channels"]``."""
        return from_params(self.params)

    def rng(self, name: str) -> np.random.Generator:
        """The random stream that belongs to a name, usually a table's; the same name starts it again."""
        return np.random.default_rng(
            np.random.SeedSequence(self.seed, spawn_key=(zlib.crc32(name.encode()),))
        )

    @property
    def start(self) -> np.datetime64:
        """First day of the data."""
        return np.datetime64(self.params["company"]["start"], "D")

    @property
    def end(self) -> np.datetime64:
        """Last day of the data."""
        return np.datetime64(self.params["company"]["end"], "D")

    @property
    def days(self) -> int:
        """Number of days of the data, both ends counted."""
        return int((self.end - self.start).astype(int)) + 1
