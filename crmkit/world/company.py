"""A company is one TOML file: its parameters, readable and changeable without touching code."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from crmkit.data.catalogue.core import ACQUISITION, CHANNELS, NEED_TYPES, STATES
from crmkit.errors import CrmkitError

FOLDER = Path(__file__).parent / "companies"
#: What every company file must have; the core tables come from it.
SECTIONS = (
    "company",
    "people",
    "needs",
    "sleep",
    "orders",
    "service",
    "engagement",
    "records",
    "products",
)


class CompanyError(CrmkitError):
    """A company file that is not there, or that cannot be simulated."""


def companies() -> list[str]:
    """Names of the companies that ship with crmkit.

    Examples
    --------
    >>> "fernwell" in companies()
    True
    """
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def read_company(company: str | Path) -> dict[str, Any]:
    """Read a company's parameters.

    Parameters
    ----------
    company : str or Path
        The name of a company that ships, or the path of a TOML file of your own (copy
        ``crmkit/world/companies/fernwell.toml`` and change it: every parameter is explained there).

    Returns
    -------
    dict
        One entry per section of the file, and ``products``, a list with one dict per product.

    Raises
    ------
    CompanyError
        No such company, no valid TOML, a section missing, or values of which no world can be made.

    Examples
    --------
    >>> read_company("fernwell")["company"]["currency"]
    'GBP'
    """
    name = str(company)
    path = Path(name) if name.endswith(".toml") else FOLDER / f"{name}.toml"
    if not path.is_file():
        raise CompanyError(
            f"There is no company {name!r}. Those that ship: {', '.join(companies())}. "
            "For one of your own give the path of its .toml file."
        )
    try:
        params = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CompanyError(f"{path.name} is not a valid TOML file: {error}") from error
    missing = [section for section in SECTIONS if section not in params]
    if missing:
        raise CompanyError(
            f"{path.name} lacks the section{'s' * (len(missing) > 1)} {', '.join(missing)}. "
            "fernwell.toml shows and explains them."
        )
    try:
        fault = next(_faults(params), None)
    except KeyError as error:
        raise missing_parameter(path.name, error) from error
    if fault:
        raise CompanyError(f"{path.name}: {fault}")
    return params


def missing_parameter(file: str, error: KeyError) -> CompanyError:
    """The error to raise when a company file lacks a parameter."""
    return CompanyError(
        f"{file} lacks the parameter {error}. fernwell.toml shows and explains all of them."
    )


def _faults(params: dict[str, Any]) -> Iterator[str]:
    """What a company file says that no world can be made of."""
    orders, needs, people = params["orders"], params["needs"], params["people"]
    if params["company"]["start"] >= params["company"]["end"]:
        yield "[company] start must lie before end."
    named = [
        ("[needs.types]", needs["types"], NEED_TYPES),
        ("[orders] channels", orders["channels"], CHANNELS),
        ("[sleep] rates", params["sleep"]["rates"], STATES),
        *((f"[people.acquisition] {k}", v, ACQUISITION) for k, v in people["acquisition"].items()),
    ]
    for where, given, allowed in named:
        if set(given) != set(allowed):
            yield f"{where} must name {', '.join(allowed)}, and nothing else; it names {', '.join(given)}."
    lists = [("[orders] months", orders["months"], 12)]
    lists += [
        (f"[orders] {name}", orders[name], 7) for name in orders if name.startswith("weekdays_")
    ]
    lists += [(f"{c!r} months", v["months"], 12) for c, v in orders["categories"].items()]
    lists += [(f"need type {t!r} weights", v["weights"], 4) for t, v in needs["types"].items()]
    for where, given, length in lists:
        if len(given) != length or min(given) < 0 or sum(given) <= 0:
            yield f"{where} must be {length} numbers, none below 0 and not all 0; it is {given}."
    for group in params["products"]:
        for item in group["items"]:
            if item["cost"] >= item["price"]:
                yield f"Product {item['name']!r}: it costs {item['cost']} but sells for {item['price']}."
    sold = {group["category"] for group in params["products"]}
    if sold != set(orders["categories"]):
        yield (
            f"Categories {', '.join(sorted(sold ^ set(orders['categories'])))}: each needs both products and a "
            "line in [orders.categories]."
        )
