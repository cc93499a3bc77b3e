"""Worlds for tests: each is simulated once in a run of the suite, whichever test asks first.

`tools/run_tests.py` names a folder in ``CRMKIT_TEST_WORLDS`` that lives as long as the run; all workers share it.
Without that folder (a single test, `make check` of one file) a world is simulated like any other.

A lesson's claims are tried in several worlds: on a push in the first `A_PUSH` of them (`seeds`), in `make check`, for
a file that changed, and in `make test-full` in all.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from crmkit.world import World, simulate

FOLDER = "CRMKIT_TEST_WORLDS"
#: Set where claims are tried in all worlds.
EVERY_SEED = "CRMKIT_TEST_EVERY_SEED"
#: In how many worlds a push tries them: the shipped one and two that no lesson was written on.
A_PUSH = 3


def seeds(*every: int | str) -> list[int | str]:
    """Choose the worlds of a test among those it names, the shipped one first.

    Examples
    --------
    >>> seeds("shipped", 31, 32, 33)[:3]
    ['shipped', 31, 32]
    """
    return list(every if os.environ.get(EVERY_SEED) else every[:A_PUSH])


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


Writer = Callable[[Path, str | Path, int, int], None]


def written_once(write: Writer, kept: Path) -> Writer:
    """Let a class's data be simulated and written once for each company, size and seed; later they are copied.

    Parameters
    ----------
    write : callable
        ``crmkit.practice.classes.write_data``: folder, company, customers, seed.
    kept : Path
        Where the data are kept; all workers of a run may share it.
    """

    def written(folder: Path, company: str | Path, customers: int, seed: int) -> None:
        # A company file is known by its text: two tests may write different ones under one name.
        text = Path(company).read_bytes() if Path(company).is_file() else str(company).encode()
        there = kept / f"{hashlib.sha256(text).hexdigest()[:16]}-{customers}-{seed}"
        if not there.exists():
            kept.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=kept) as scratch:
                made = Path(scratch) / "made"
                write(made, company, customers, seed)
                try:
                    made.rename(there)
                except OSError:  # another worker was quicker
                    if not there.exists():
                        raise
        shutil.copytree(there, folder, dirs_exist_ok=True)

    return written
