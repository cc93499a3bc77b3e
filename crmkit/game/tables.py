"""Reports as files: one CSV a table, as the course's own tables are written, and read again exactly as they were."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from pathlib import Path

import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.game.reports import Reports

#: Each table's columns with their types: a CSV file does not say whether "01" is a number.
TYPES = "types.json"


def write_tables(tables: Mapping[str, pd.DataFrame], folder: Path) -> None:
    """Write tables into a new folder: dates as ISO dates, True and False in small letters as in all of the course's.

    Parameters
    ----------
    tables
        By name.
    folder
        It must not exist yet.
    """
    folder.mkdir(parents=True)
    types = {}
    for name, table in tables.items():
        types[name] = {str(column): str(kind) for column, kind in table.dtypes.items()}
        plain = table.copy()
        for column in plain.columns:
            if plain[column].dtype == bool:
                plain[column] = plain[column].map({True: "true", False: "false"})
        text = plain.to_csv(index=False, lineterminator="\n", date_format="%Y-%m-%d")
        (folder / f"{name}.csv").write_text(text, encoding="utf-8", newline="")
    (folder / TYPES).write_text(json.dumps(types, indent=1) + "\n", encoding="utf-8")


def read_tables(folder: Path, only: Collection[str] | None = None) -> dict[str, pd.DataFrame]:
    """Read the tables of one round.

    Parameters
    ----------
    folder
        As `write_tables` wrote it. Other CSV files in it are left alone.
    only
        The names of the tables that are needed; default: all.

    Raises
    ------
    CrmkitError
        A file is gone, or is no such table any more.
    """
    try:
        types = json.loads((folder / TYPES).read_text(encoding="utf-8"))
        wanted = types if only is None else {name: types[name] for name in only}
        return {name: _read(folder / f"{name}.csv", kinds) for name, kinds in wanted.items()}
    except (OSError, ValueError, TypeError, AttributeError, KeyError) as error:
        raise CrmkitError(
            f"The tables in {folder} cannot be read any more ({error}). Take the folder again from your trainer."
        ) from error


def _read(path: Path, kinds: Mapping[str, str]) -> pd.DataFrame:
    text = pd.read_csv(path, dtype="str", keep_default_na=False, na_values=[""])
    if list(text.columns) != list(kinds):
        raise CrmkitError(f"{path} has other columns than it was written with: {list(text)}.")
    columns = {}
    for name, kind in kinds.items():
        if kind.startswith("datetime"):
            columns[name] = pd.to_datetime(text[name], format="%Y-%m-%d").astype(kind)
        elif kind == "bool":
            columns[name] = text[name].map({"true": True, "false": False}).astype(bool)
        else:
            columns[name] = text[name].astype(kind)
    return pd.DataFrame(columns)


def all_rounds(folder: str | Path) -> Reports:
    """Read all that a team has been given so far, each table with the rows of all its rounds.

    Parameters
    ----------
    folder
        A team's folder, or its ``reports``.

    Returns
    -------
    Reports
        Tables by name, as the analyses of the course's lessons take them.

    Raises
    ------
    CrmkitError
        There are no reports, or a table has been spoilt.
    """
    folder = Path(folder)
    home = folder / "reports" if (folder / "reports").is_dir() else folder
    rounds = sorted(
        path
        for path in (home.iterdir() if home.is_dir() else ())
        if path.is_dir() and re.fullmatch(r"round_\d\d", path.name)
    )
    if not rounds:
        raise CrmkitError(
            f"{folder} has no reports: name the folder of a team, with reports/round_00 in it."
        )
    joined = Reports(read_tables(rounds[0]))
    for path in rounds[1:]:
        joined = joined.add(Reports(read_tables(path)))
    return joined
