"""Load the course's tables from wherever you are, with the types that the catalogue gives them."""

from __future__ import annotations

import functools
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from crmkit.data.catalogue.machinery import Table
from crmkit.data.catalogue.package import tables_of
from crmkit.errors import CrmkitError

DEFAULT_COMPANY = "fernwell"
VARIABLE = "CRMKIT_DATA"
PACKAGE = "datapackage.json"
_PACKAGE = Path(__file__).resolve().parents[1]


class NoDataError(CrmkitError):
    """No tables were found, or not the one that was asked for."""


class TableError(CrmkitError):
    """A table does not hold what the catalogue says."""


def load(name: str, data: str | Path | None = None) -> pd.DataFrame:
    """Load one of the course's tables.

    Parameters
    ----------
    name : str
        Name of the table, such as ``"orders"``. ``datasets/README.md`` says what each one holds.
    data : str or Path, optional
        Folder with the tables. Default: the environment variable ``CRMKIT_DATA``; else the nearest ``datasets``
        folder in this directory or above it; else the data that came with crmkit.

    Returns
    -------
    DataFrame
        The columns, types and units are those of the catalogue; dates are dates.

    Raises
    ------
    NoDataError
        No table of that name (the message lists those there are), or no data found.
    TableError
        The file lacks a column, or a value cannot be read as its type.

    Examples
    --------
    >>> load("products")["category"].nunique() > 5
    True
    """
    return _load(name, data, truth=False)


def load_truth(name: str, data: str | Path | None = None) -> pd.DataFrame:
    """Load a table of the truth: what the simulation knows and no company ever sees.

    Parameters and errors are those of `load`.

    Examples
    --------
    >>> sorted(load_truth("customers")["need_type"].unique())
    ['compound', 'price', 'value']
    """
    return _load(name, data, truth=True)


def _load(name: str, data: str | Path | None, truth: bool) -> pd.DataFrame:
    folder = find_data(data)
    about = described(folder)
    full_name = f"truth/{name}" if truth else name
    if full_name not in about.tables:
        raise NoDataError(_unknown(name, about, truth))
    table = about.tables[full_name]
    path = folder / table.path
    if not path.is_file():
        why = " The truth may have been kept back by a trainer." if truth else ""
        raise NoDataError(f"{path.parent} holds no {path.name}.{why}")
    stat = path.stat()
    return _read(path, folder, table.full_name, stat.st_mtime_ns, stat.st_size).copy()


def _unknown(name: object, about: Described, truth: bool) -> str:
    function, other = ("load_truth", "load") if truth else ("load", "load_truth")
    names = [table.name for table in about.tables.values() if table.truth == truth]
    if not names:
        why = " The truth may have been kept back by a trainer." if truth else ""
        return (
            f"There is no table {name!r}: {about.title} has no {'truth ' * truth}tables here.{why}"
        )
    hint = ""
    if name in [table.name for table in about.tables.values() if table.truth != truth]:
        hint = f' crmkit.{other}("{name}") would find one of that name.'
    among = f"There is no table {name!r} among those of {about.title}."
    return f"{among} crmkit.{function} knows: {', '.join(names)}.{hint}"


@dataclass(frozen=True)
class Described:
    """What a company's ``datapackage.json`` says.

    Attributes
    ----------
    title : str
        The company's whole name.
    tables : dict of str to Table
        Its tables, by full name.
    about : dict
        What everybody may know of the company; empty where the package is older than such descriptions.
    made : dict
        What it was made from.
    """

    title: str
    tables: dict[str, Table]
    about: dict[str, Any]
    made: dict[str, Any]


def described(folder: Path) -> Described:
    """What the ``datapackage.json`` of a company's folder says.

    Raises
    ------
    NoDataError
        It is none of crmkit's.

    Examples
    --------
    >>> described(find_data()).tables["orders"].key
    ['order_id']
    """
    path = folder / PACKAGE
    return _described(path, path.stat().st_mtime_ns)


@functools.lru_cache(maxsize=8)
def _described(path: Path, changed: int) -> Described:
    """Read a data package once; ``changed`` makes it be read again when it has changed."""
    try:
        package = json.loads(path.read_text(encoding="utf-8"))
        return Described(
            package["title"], tables_of(package), package.get("about", {}), package["made"]
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NoDataError(
            f"{path} does not describe a company's tables ({type(error).__name__}: {error}). Make the folder again "
            "with `crmkit make-data`."
        ) from error


def find_data(data: str | Path | None = None) -> Path:
    """The folder that `load` reads from.

    Parameters
    ----------
    data : str or Path, optional
        See `load`. A folder that holds the tables of one company, or one that holds such folders.

    Returns
    -------
    Path
        The folder of one company, which holds a ``datapackage.json``.

    Raises
    ------
    NoDataError
        The folder given holds no tables, or none was found anywhere.

    Examples
    --------
    >>> (find_data() / "orders.csv").exists()
    True
    """
    for given, source in ((data, "data"), (os.environ.get(VARIABLE), f"the variable {VARIABLE}")):
        if given:
            found = _company_folder(Path(given)) or _company_called(str(given))
            if found is None:
                raise NoDataError(
                    f"{source} names {str(given)!r}, but there is no datapackage.json in it or in a folder "
                    "within it. Give the folder that `crmkit make-data` wrote."
                )
            return found
    for place in _places():
        found = _company_folder(place)
        if found is not None:
            return found
    raise NoDataError(
        "No data found: no `datasets` folder here or above, and none came with this crmkit. "
        "`crmkit make-data --out datasets/fernwell` makes one."
    )


def _places() -> list[Path]:
    """List where a folder of data may be: here or above, in the checkout, inside an installed crmkit."""
    here = Path.cwd()
    places = [folder / "datasets" for folder in (here, *here.parents)]
    if given := os.environ.get(VARIABLE):  # a folder of companies, or of one
        places = [Path(given), Path(given).parent, *places]
    return [*places, _PACKAGE.parent / "datasets", _PACKAGE / "datasets"]


def _company_called(name: str) -> Path | None:
    """The folder of a company by its short name, beside the tables that would be found without one."""
    if not re.fullmatch(r"[a-z][a-z0-9_-]*", name):
        return None
    return next((p / name for p in _places() if (p / name / "datapackage.json").is_file()), None)


def _company_folder(place: Path) -> Path | None:
    """The folder of one company, at or directly below a place."""
    if (place / "datapackage.json").is_file():
        return place
    if (place / DEFAULT_COMPANY / "datapackage.json").is_file():
        return place / DEFAULT_COMPANY
    return next((path.parent for path in sorted(place.glob("*/datapackage.json"))), None)


@functools.lru_cache(maxsize=32)
def _read(path: Path, folder: Path, full_name: str, changed: int, size: int) -> pd.DataFrame:
    """Read a file once; ``changed`` and ``size`` make it be read again when it has changed."""
    return read_table(path, described(folder).tables[full_name])


def read_table(path: Path, table: Table) -> pd.DataFrame:
    """Read a table's CSV file with the catalogue's types.

    Parameters
    ----------
    path : Path
        The CSV file.
    table : Table
        What it should hold.

    Returns
    -------
    DataFrame
        Exactly the columns of the catalogue, in its order. Columns that the catalogue does not know are an error.

    Raises
    ------
    TableError
        A column missing or too many, or a value that cannot be read as its type.

    Examples
    --------
    >>> folder = find_data()
    >>> read_table(folder / "orders.csv", described(folder).tables["orders"])["order_date"].dtype
    dtype('<M8[us]')
    """
    try:
        text = pd.read_csv(
            path, dtype="str", keep_default_na=False, na_values=[""], encoding="utf-8"
        )
    except (ValueError, UnicodeDecodeError) as error:
        raise TableError(f"{path.name} cannot be read as a table: {error}") from error
    missing = [name for name in table.column_names if name not in text.columns]
    extra = [name for name in text.columns if name not in table.column_names]
    if missing or extra:
        parts = [f"lacks {', '.join(missing)}"] * bool(missing) + [
            f"has unknown {', '.join(extra)}"
        ] * bool(extra)
        raise TableError(
            f"{path.name} {' and '.join(parts)}. It should hold: {', '.join(table.column_names)}."
        )
    columns = {}
    for column in table.columns:
        values = text[column.name]
        if column.type == "string":
            columns[column.name] = values
            continue
        read = _parse(values, column.type)
        bad = read.isna() & (values.notna() | column.required)
        if bad.any():
            rows = [int(row) + 2 for row in bad.to_numpy().nonzero()[0][:3]]
            raise TableError(
                f"{path.name}, column {column.name}: {int(bad.sum())} value(s) cannot be read as {column.type}, "
                f"first in line(s) {', '.join(map(str, rows))}: "
                f"{', '.join(repr(value) for value in values[bad].iloc[:3])}."
            )
        columns[column.name] = read.astype(column.dtype)
    return pd.DataFrame(columns)


def _parse(values: pd.Series, kind: str) -> pd.Series:
    if kind == "date":
        return pd.to_datetime(values, format="%Y-%m-%d", errors="coerce")
    if kind == "boolean":
        return values.map({"true": True, "false": False})
    return pd.to_numeric(values, errors="coerce")
