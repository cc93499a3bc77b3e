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

from crmkit.data.catalogue import Table, catalogue
from crmkit.errors import CrmkitError
from crmkit.world.company import missing_parameter, read_company
from crmkit.world.core import engagement, people, records, service, sleep
from crmkit.world.core.progress import Progress
from crmkit.world.core.streams import Context
from crmkit.world.processes import PROCESSES
from crmkit.world.studies import (
    agents,
    bonds,
    campaigns,
    desk,
    health,
    market,
    messages,
    needs_survey,
    partners,
    privacy,
    programme,
    referral,
    shop,
    stages,
    touchpoints,
    tracker,
    winning,
)


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


Builder = Callable[[Context], None]
#: What is built first: who the customers are, and when they sleep. Then comes the process of the company's trade. A
#: builder reads what earlier ones left in ``ctx.tables`` and ``ctx.truth`` and its own section of the company file,
#: ``ctx.params["section"]``, and adds its own tables to ``ctx.tables``, ``ctx.truth``.
BEFORE: list[tuple[str, Builder]] = [("people", people.build), ("sleep", sleep.build)]
#: What every company has besides: contacts and their cost, and what customers bring that is not money.
AFTER: list[tuple[str, Builder]] = [
    ("service", service.build),
    ("engagement", engagement.build),
]
#: What a company may have, by the section of its file: without the section it goes without the tables.
PARTS: dict[str, Builder] = {
    "records": records.build,
    "brand": tracker.build,
    "mix": needs_survey.build,
    "shop": shop.build,
    "touchpoints": touchpoints.build,
    "desk": desk.build,
    "messages": messages.build,
    "campaigns": campaigns.build,
    "referral": referral.build,
    "programme": programme.build,
    "bonds": bonds.build,
    "agents": agents.build,
    "winning": winning.build,
    "market": market.build,
    "health": health.build,
    "partners": partners.build,
    "privacy": privacy.build,
    "stages": stages.build,
}


def builders(
    params: dict[str, Any], parts: Sequence[str] | None = None
) -> list[tuple[str, Builder]]:
    """The builders of a company's tables, in order.

    Raises
    ------
    CrmkitError
        A part that does not exist, or for which the company file has no section.
    """
    trade = params["company"].get("trade", "orders")
    core = [*BEFORE, (trade, PROCESSES[trade].build), *AFTER]
    core_names = [name for name, _ in core]
    if parts is None:
        return core + [(name, build) for name, build in PARTS.items() if name in params]
    unknown = [part for part in parts if part not in PARTS and part not in core_names]
    if unknown:
        raise CrmkitError(f"No part {unknown[0]!r}; there are: {', '.join([*core_names, *PARTS])}.")
    lacking = [part for part in parts if part in PARTS and part not in params]
    if lacking:
        raise CrmkitError(
            f"Part {lacking[0]!r} needs a section [{lacking[0]}] in the company file."
        )
    return core + [(part, PARTS[part]) for part in parts if part in PARTS]


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
        Sections of the company file (``records``, ``brand``, ``mix``, ...) whose tables are wanted beside those that
        every company of its trade has; ``()`` for these alone. Default: all that the file has. Leaving some out changes
        no other table.
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
    chosen = builders(params, parts)
    ctx = Context(params, int(customers), int(seed), locale)
    bar = Progress(len(chosen), progress)
    ctx.tick = bar.tick
    for name, build in chosen:
        bar.step(name)
        try:
            build(ctx)
        except KeyError as error:
            raise missing_parameter(Path(company).name, error) from error
    known = catalogue(ctx.company)
    for stored, truth in ((ctx.tables, False), (ctx.truth, True)):
        for name in stored:
            stored[name] = tidy(stored[name], known[f"truth/{name}" if truth else name])
    bar.close()
    return World(Path(company).stem, ctx.tables, ctx.truth, params, ctx.customers, ctx.seed, locale)


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
