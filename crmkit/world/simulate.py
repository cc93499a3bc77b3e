"""Simulate a company: one ordered list of builders, each adding its tables and their truth.

Every table draws from its own random stream, derived from the seed and the table's name: a table that is
added later changes no other table, and the same seed gives the same tables.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from crmkit.data.catalogue import CATALOGUE, Table
from crmkit.errors import CrmkitError
from crmkit.world import (
    campaigns,
    engagement,
    needs_survey,
    orders,
    people,
    products,
    records,
    service,
    shop,
    sleep,
    touchpoints,
    tracker,
)
from crmkit.world.company import SECTIONS, missing_parameter, read_company
from crmkit.world.context import Context
from crmkit.world.progress import Progress


@dataclass
class World:
    """A simulated company: what it would see, and the truth behind it.

    Attributes
    ----------
    company : str
        Name of the company file.
    tables, truth : dict of str to DataFrame
        As ``crmkit.load`` and ``crmkit.load_truth`` would give them.
    params : dict
        The parameters it was made from.
    customers, seed, locale
        What it was asked for.
    """

    company: str
    tables: dict[str, pd.DataFrame]
    truth: dict[str, pd.DataFrame]
    params: dict[str, Any]
    customers: int
    seed: int
    locale: str


#: What is built, in order. A builder reads what earlier ones left in ``ctx.tables`` and ``ctx.truth`` and its own
#: section of the company file, ``ctx.params["section"]``, and adds its own tables to ``ctx.tables``, ``ctx.truth``.
BUILDERS: list[tuple[str, Callable[[Context], None]]] = [
    ("people", people.build),
    ("products", products.build),
    ("sleep", sleep.build),
    ("orders", orders.build),
    ("service", service.build),
    ("engagement", engagement.build),
    ("records", records.build),
    ("brand", tracker.build),
    ("needs survey", needs_survey.build),
    ("shop", shop.build),
    ("touchpoints", touchpoints.build),
    ("campaigns", campaigns.build),
]

#: The section of the company file that a builder reads, where it is not called like the builder. A company without that
#: section goes without its tables; the sections of the core (see `crmkit.world.company`) it must have.
SECTION = {"needs survey": "mix"}


def simulate(
    company: str | Path = "fernwell",
    customers: int = 5000,
    seed: int = 1,
    locale: str = "en_GB",
    *,
    parts: Sequence[str] | None = None,
    progress: bool = True,
) -> World:
    """Simulate a company.

    Parameters
    ----------
    company : str or Path
        Name of a company that ships, or the path of a company file (TOML) of your own.
    customers : int
        Number of customers. A million take about a minute.
    seed : int
        The same seed gives the same tables.
    locale : str
        Language and country of names and addresses: ``en_GB``, ``de_DE`` and ``zh_CN`` ship; any other locale
        that the package Faker knows is drawn from it, if it is installed.
    parts : sequence of str, optional
        Names of the builders to run beside those of the core tables; ``()`` for the core alone. Default: all for
        which the company file has a section. Leaving some out changes no other table.
    progress : bool
        Whether a bar on stderr shows how far it is, once it has taken more than two seconds.

    Returns
    -------
    World
        Tables and truth, with the columns and types that the catalogue gives them.

    Raises
    ------
    CrmkitError
        An unknown company or locale, a number of customers below 1, an unknown part.

    Examples
    --------
    >>> world = simulate("fernwell", customers=100, seed=3)
    >>> world.tables["orders"]["customer_id"].nunique()
    100
    """
    if not isinstance(customers, int | np.integer) or customers < 1:
        raise CrmkitError(f"customers must be a whole number of at least 1, not {customers!r}.")
    if not isinstance(seed, int | np.integer) or seed < 0:
        raise CrmkitError(f"seed must be a whole number of at least 0, not {seed!r}.")
    params = read_company(company)
    chosen = [
        (name, build)
        for name, build in BUILDERS
        if name in SECTIONS or (parts is None and SECTION.get(name, name) in params)
    ]
    if parts is not None:
        chosen += [_named(part, params) for part in parts if part not in SECTIONS]
    ctx = Context(params, int(customers), int(seed), locale)
    bar = Progress(len(chosen), progress)
    ctx.tick = bar.tick
    for name, build in chosen:
        bar.step(name)
        try:
            build(ctx)
        except KeyError as error:
            raise missing_parameter(Path(company).name, error) from error
    for stored, truth in ((ctx.tables, False), (ctx.truth, True)):
        for name in stored:
            stored[name] = tidy(stored[name], CATALOGUE[f"truth/{name}" if truth else name])
    bar.close()
    return World(Path(company).stem, ctx.tables, ctx.truth, params, ctx.customers, ctx.seed, locale)


def _named(part: str, params: dict[str, Any]) -> tuple[str, Callable[[Context], None]]:
    """The builder of that name, if there is one and the company file has what it needs."""
    names = [name for name, _ in BUILDERS]
    if part not in names:
        raise CrmkitError(f"No part {part!r}; there are: {', '.join(names)}.")
    if SECTION.get(part, part) not in params:
        raise CrmkitError(
            f"Part {part!r} needs a section [{SECTION.get(part, part)}] in the company file."
        )
    return BUILDERS[names.index(part)]


def tidy(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """The columns of the catalogue, in its order, with its types and decimals."""
    if set(frame.columns) != set(table.column_names):
        odd = sorted(set(frame.columns) ^ set(table.column_names))
        raise CrmkitError(
            f"Table {table.full_name}: built and catalogued columns differ in {', '.join(odd)}."
        )
    columns = {}
    for column in table.columns:
        values = frame[column.name]
        if column.type == "number":
            # Adding 0.0 turns -0.0, which rounding makes, into 0.0.
            values = values.astype("float64").round(column.decimals) + 0.0
        elif str(values.dtype) != column.dtype:
            values = values.astype(column.dtype)
        columns[column.name] = values
    return pd.DataFrame(columns, copy=False).reset_index(drop=True)
