"""The catalogue of tables: `core` for everybody, and one module for each pillar of the course.

A pillar adds its tables by adding a module with a list ``TABLES`` and naming it in ``_MODULES`` below.
"""

from __future__ import annotations

from crmkit.data.catalogue import brand, core, mix, reactivation
from crmkit.data.catalogue.machinery import DTYPES, TYPES, Column, Table

_MODULES = (core, brand, mix, reactivation)

#: Every table, by full name: ``orders``, ``truth/customers``.
CATALOGUE: dict[str, Table] = {
    table.full_name: table for module in _MODULES for table in module.TABLES
}


def tables(truth: bool | None = None) -> list[Table]:
    """The tables of the catalogue, in order.

    Parameters
    ----------
    truth : bool, optional
        Only the truth tables, or only the others. Default: all.

    Examples
    --------
    >>> [table.name for table in tables()][:2]
    ['customers', 'channel_records']
    """
    return [table for table in CATALOGUE.values() if truth is None or table.truth == truth]


__all__ = ["CATALOGUE", "DTYPES", "TYPES", "Column", "Table", "tables"]
