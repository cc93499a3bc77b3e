"""Write a world to disk: CSV tables, the truth beside them, and a ``datapackage.json`` that describes them."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from crmkit.companies import from_params, public
from crmkit.data.catalogue import Table, catalogue
from crmkit.data.catalogue.package import describe, to_json
from crmkit.errors import CrmkitError
from crmkit.world.core.progress import Progress
from crmkit.world.simulate import World

PACKAGE = "datapackage.json"
# How a value is written. "12.0" becomes "12": smaller files, and what a spreadsheet would write.
_WORDS: dict[str, Callable[[Any], str]] = {
    "number": lambda number: f"{number:.15g}",
    "boolean": lambda yes: "true" if yes else "false",
    "date": lambda day: day.strftime("%Y-%m-%d"),
}


def write(
    world: World,
    out_dir: str | Path,
    *,
    truth: bool = True,
    force: bool = False,
    progress: bool = True,
) -> list[Path]:
    """Write a world's tables into a folder.

    A file that is already there is replaced only if crmkit wrote it and nobody has changed it since (the
    checksums in the folder's ``datapackage.json`` tell). Tables of an earlier world that this one lacks are removed
    under the same condition. Other files in the folder are left alone.

    Parameters
    ----------
    world : World
        As ``simulate`` gives it.
    out_dir : str or Path
        Folder; made if missing.
    truth : bool
        Whether to write the truth too (a trainer may keep it back).
    force : bool
        Replace files that are in the way, even files that crmkit did not write.
    progress : bool
        Whether a bar on stderr shows how far it is, once it has taken more than two seconds.

    Returns
    -------
    list of Path
        The files written: tables in the order of the catalogue, then ``datapackage.json``.

    Raises
    ------
    CrmkitError
        A file is in the way that crmkit did not write, or that was changed since; nothing is written then.

    Examples
    --------
    >>> import tempfile
    >>> from crmkit.world import simulate
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [path.name for path in write(simulate(customers=20), folder)][-1]
    'datapackage.json'
    """
    out_dir = Path(out_dir)
    contents: dict[str, bytes] = {}
    resources = []
    tables = catalogue(from_params(world.params)).values()
    bar = Progress(len(tables), progress)
    for table in tables:
        bar.step(table.full_name)
        frame = (world.truth if table.truth else world.tables).get(table.name)
        if frame is None or (table.truth and not truth):
            continue
        contents[table.path] = to_csv(frame, table)
        resources.append((table, contents[table.path], len(frame)))
    bar.close()
    package = describe(
        public(world.params),
        resources,
        made={
            "company": world.company,
            "customers": world.customers,
            "seed": world.seed,
            "locale": world.locale,
        },
    )
    contents[PACKAGE] = (to_json(package) + "\n").encode()
    known = _checksums(out_dir / PACKAGE)
    if not force:
        _refuse_foreign(out_dir, contents, known)
    written = []
    for name, content in contents.items():
        path = out_dir / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        written.append(path)
    # What an earlier world had and this one has not would be taken for part of it.
    for name in set(known) - set(contents):
        if _checksum(out_dir / name) == known[name]:
            (out_dir / name).unlink()
    return written


def to_csv(frame: pd.DataFrame, table: Table) -> bytes:
    r"""A table as the bytes of its CSV file: UTF-8, commas, ISO dates, ``\n`` at line ends, 12 and not 12.0.

    Examples
    --------
    >>> from crmkit.companies import shipped
    >>> table = catalogue(shipped("fernwell"))["cost_to_serve"]
    >>> row = {"customer_id": [1], "year": [2023], "contacts": [2], "minutes": [9], "cost": [7.50]}
    >>> to_csv(pd.DataFrame(row), table).decode().splitlines()[1]
    '1,2023,2,9,7.5'
    """
    text = {}
    for column in table.columns:
        values = frame[column.name]
        if column.type in _WORDS:
            # Values repeat (there are only so many prices and days), so each is put into words once.
            codes, kinds = pd.factorize(values.to_numpy())
            words = np.array([*map(_WORDS[column.type], kinds.tolist()), None], object)
            text[column.name] = words[codes]
        else:
            text[column.name] = values
    buffer = io.StringIO()
    pd.DataFrame(text, copy=False).to_csv(buffer, index=False, lineterminator="\n")
    return buffer.getvalue().encode()


def _refuse_foreign(out_dir: Path, contents: dict[str, bytes], known: dict[str, str]) -> None:
    """Refuse to replace a file that crmkit did not write or that was changed since."""
    foreign = []
    for name, content in contents.items():
        path = out_dir / name
        if not path.exists() or path.read_bytes() == content:
            continue
        ours = bool(known) if name == PACKAGE else _checksum(path) == known.get(name)
        if not ours:
            foreign.append(name)
    if foreign:
        raise CrmkitError(
            f"{out_dir}: {', '.join(foreign)} would be overwritten, but crmkit did not write "
            f"{'it' if len(foreign) == 1 else 'them'}, or somebody changed {'it' if len(foreign) == 1 else 'them'} "
            "since. Nothing was written. Choose another folder, or move the files away."
        )


def _checksum(path: Path) -> str | None:
    """The checksum of a file, None where there is none."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None


def _checksums(path: Path) -> dict[str, str]:
    """The checksum of each file that a datapackage.json of ours names; empty if it is none of ours."""
    try:
        package: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if "made" not in package:
            return {}
        return {r["path"]: r["hash"].removeprefix("sha256:") for r in package["resources"]}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
