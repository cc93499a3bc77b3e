"""Worlds for tests: each is simulated once in a run of the suite, whichever test asks first.

`tools/run_tests.py` names a folder in ``CRMKIT_TEST_WORLDS`` that lives as long as the run; all workers share it.
Without that folder (a single test, `make check` of one file) a world is simulated like any other.
"""

from __future__ import annotations

import os
import pickle
import tempfile
from collections.abc import Sequence
from pathlib import Path

from crmkit.world import World, simulate

FOLDER = "CRMKIT_TEST_WORLDS"


def world_of(
    company: str,
    *,
    customers: int = 5000,
    seed: int = 1,
    parts: Sequence[str] | None = None,
) -> World:
    """Give a world; what a test does to it reaches no other test.

    Parameters
    ----------
    company : str
        The short name of a company that ships.
    customers, seed, parts
        As for ``crmkit.world.simulate``.
    """
    options = {"customers": customers, "seed": seed, "parts": parts}
    folder = os.environ.get(FOLDER, "")
    if not folder:
        return simulate(company, progress=False, **options)
    name = "-".join(
        [company, str(customers), str(seed), "all" if parts is None else "+".join(parts)]
    )
    kept = Path(folder) / f"{name}.pickle"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        made = simulate(company, progress=False, **options)
        # Under its name only when it is whole: another worker may look for it at any moment.
        with tempfile.NamedTemporaryFile(dir=kept.parent, delete=False) as file:
            pickle.dump(made, file, protocol=5)
        os.replace(file.name, kept)
        return made
    return pickle.loads(kept.read_bytes())
