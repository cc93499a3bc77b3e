"""Compare tables with the catalogue: columns, types, gaps, allowed values, bounds, keys, references."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from crmkit.data.catalogue.machinery import Column, Table
from crmkit.data.load import described, find_data
from crmkit.errors import CrmkitError

_SHOWN = 3


def problems(
    tables: Mapping[str, pd.DataFrame], known: Mapping[str, Table] | None = None
) -> pd.DataFrame:
    """What is wrong with some tables, by the catalogue.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        By full name: ``orders``, ``truth/customers``. A reference is checked if the table it points to is among them.
    known : mapping of str to Table, optional
        The catalogue to compare them with. Default: that of the company whose tables are at hand.

    Returns
    -------
    DataFrame
        One row per fault, none if all is well: ``table``, ``column``, ``problem`` (in words), ``count`` (rows),
        ``first_rows`` (positions, from 0) and ``first_values``.

    Raises
    ------
    CrmkitError
        A name that the catalogue does not know.

    Examples
    --------
    >>> wrong = pd.DataFrame({"record_id": ["S1", "S1"], "customer_id": [1, 2]})
    >>> problems({"truth/record_owners": wrong})[["column", "problem", "count"]]
          column               problem  count
    0  record_id  the key occurs twice      2
    """
    known = described(find_data()).tables if known is None else known
    unknown = [name for name in tables if name not in known]
    if unknown:
        raise CrmkitError(
            f"The catalogue knows no table {unknown[0]!r}; it knows: {', '.join(known)}."
        )
    found: list[dict[str, object]] = []
    for name, frame in tables.items():
        found += _table(known[name], frame, tables)
    columns = ["table", "column", "problem", "count", "first_rows", "first_values"]
    return pd.DataFrame(found, columns=columns)


def _table(
    table: Table, frame: pd.DataFrame, tables: Mapping[str, pd.DataFrame]
) -> list[dict[str, object]]:
    found = []

    def note(column: str, problem: str, bad: pd.Series | None = None) -> None:
        rows = [] if bad is None else bad.to_numpy().nonzero()[0].tolist()
        values = [] if bad is None else frame[column].iloc[rows[:_SHOWN]].tolist()
        found.append(
            {
                "table": table.full_name,
                "column": column,
                "problem": problem,
                "count": len(frame) if bad is None else len(rows),
                "first_rows": rows[:_SHOWN],
                "first_values": values,
            }
        )

    for name in table.column_names:
        if name not in frame.columns:
            note(name, "the column is missing")
    for name in frame.columns:
        if name not in table.column_names:
            note(name, "the catalogue does not know this column")
    there = [column for column in table.columns if column.name in frame.columns]
    for column in there:
        for problem, bad in _column(column, frame[column.name]):
            if bad is None or bad.any():
                note(column.name, problem, bad)
    if all(name in frame.columns for name in table.key):
        twice = frame.duplicated(table.key, keep=False)
        if twice.any():
            note(table.key[0], "the key occurs twice", twice)
    for name, target in table.references.items():
        other, other_column = target.rsplit(".", 1)
        if name in frame.columns and other_column in tables.get(other, ()):
            lost = frame[name].notna() & ~frame[name].isin(tables[other][other_column])
            if lost.any():
                note(name, f"not found in {target}", lost)
    return found


def _column(column: Column, values: pd.Series) -> list[tuple[str, pd.Series | None]]:
    """Each check that applies to a column, with the rows that fail it (None: all of them)."""
    if str(values.dtype) != column.dtype:
        return [(f"the type is {values.dtype}, not {column.dtype}", None)]
    there = values.notna()
    checks: list[tuple[str, pd.Series | None]] = []
    if column.required:
        checks.append(("a value is missing", ~there))
    if column.allowed is not None:
        checks.append(("not one of the allowed values", there & ~values.isin(column.allowed)))
    if column.minimum is not None:
        checks.append((f"below {column.minimum}", there & (values < column.minimum)))
    if column.maximum is not None:
        checks.append((f"above {column.maximum}", there & (values > column.maximum)))
    return checks
