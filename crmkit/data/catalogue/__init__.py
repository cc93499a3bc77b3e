"""The catalogue of tables: those that every company has, those of its trade, and those of its studies.

`catalogue` gives a company's tables. The common ones are in `core`; each kind of trade adds its own (`orders`, `stays`,
`contracts`, `projects`, `sessions`), and so does each section of the company file that stands for a study (`mix`,
`shop`, `touchpoints`, `brand`, `reactivation`, `winning`). To add a table, add it to one of these modules; for a new
section write a module with a function ``tables(about)`` and name it in ``_SECTIONS``. `complaints` holds what several
trades share. Code that reads tables (`crmkit.load`) does not need the catalogue: every ``datapackage.json`` describes
its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmkit.data.catalogue import (
    agents,
    bonds,
    brand,
    contracts,
    core,
    desk,
    health,
    market,
    messages,
    mix,
    orders,
    partners,
    privacy,
    programme,
    projects,
    reactivation,
    records,
    referral,
    sessions,
    shop,
    stages,
    stays,
    touchpoints,
    winning,
)
from crmkit.data.catalogue.machinery import DTYPES, TYPES, Column, Table

if TYPE_CHECKING:
    from crmkit.companies import Company

#: The module that describes the tables which each kind of trade adds.
_TRADES = {
    "orders": orders,
    "stays": stays,
    "contracts": contracts,
    "projects": projects,
    "sessions": sessions,
}
#: The module that describes the tables which each section of a company file adds.
_SECTIONS = {
    "records": records,
    "brand": brand,
    "mix": mix,
    "shop": shop,
    "touchpoints": touchpoints,
    "desk": desk,
    "messages": messages,
    "campaigns": reactivation,
    "referral": referral,
    "programme": programme,
    "bonds": bonds,
    "agents": agents,
    "winning": winning,
    "market": market,
    "health": health,
    "partners": partners,
    "privacy": privacy,
    "stages": stages,
}


def catalogue(about: Company) -> dict[str, Table]:
    """The tables that a company has.

    Parameters
    ----------
    about : Company
        Made from a whole company file (`crmkit.companies.from_params`).

    Returns
    -------
    dict of str to Table
        By full name (``orders``, ``truth/customers``): the common tables, then the trade's, then the studies'.

    Examples
    --------
    >>> from crmkit.companies import shipped
    >>> tables = catalogue(shipped("beanline"))
    >>> "order_lines" in tables, "tracker_answers" in tables, tables["orders"].columns[5].unit
    (True, False, 'EUR')
    """
    modules = [core, _TRADES[about.trade]]
    modules += [module for name, module in _SECTIONS.items() if name in about.sections]
    return {table.full_name: table for module in modules for table in module.tables(about)}


__all__ = ["DTYPES", "TYPES", "Column", "Table", "catalogue"]
