"""A company is one TOML file: its parameters, readable and changeable without touching code."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from crmkit.companies import ROLES, SYSTEM_ROLES, TRADES, from_params
from crmkit.data.catalogue.core import STATES
from crmkit.errors import CrmkitError
from crmkit.world.processes import PROCESSES
from crmkit.world.processes.sales import faulty_shares
from crmkit.world.studies import (
    agents,
    bonds,
    desk,
    health,
    messages,
    partners,
    privacy,
    programme,
    stages,
)

#: The need that every needs survey must have, and the lever that is a price and no outlay.
PAY, LOW_PRICE = "affordable", "low_price"
FOLDER = Path(__file__).parent / "companies"
#: What every company file must have; the tables that every company has come from it. The kind of trade asks for more.
SECTIONS = ("company", "people", "channels", "needs", "sleep", "rhythm", "service", "engagement")


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
    trade = params.get("company", {}).get("trade", "orders")
    if trade not in TRADES:
        raise CompanyError(f"{path.name}: trade = {trade!r} is none of {', '.join(TRADES)}.")
    wanted = (*SECTIONS, *PROCESSES[trade].SECTIONS)
    missing = [section for section in wanted if section not in params]
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
        f"{file} lacks the parameter {error}. fernwell.toml shows and explains all of them. A name that you "
        "changed must be changed wherever it stands."
    )


def _faults(params: dict[str, Any]) -> Iterator[str]:
    """What a company file says that no world can be made of."""
    own, needs, people, rhythm = (params[name] for name in ("company", "needs", "people", "rhythm"))
    start, end = str(own["start"]), str(own["end"])
    if not (start.endswith("-01-01") and end.endswith("-12-31") and int(end[:4]) > int(start[:4])):
        yield (
            "[company] start must be a 1 January and end a 31 December of a later year: the lessons count in whole "
            f"calendar years. They are {start} and {end}."
        )
        return
    try:
        from_params(params)
    except CrmkitError as error:
        yield f"[company] {error}"
    for name, channel in params["channels"].items():
        if channel["role"] not in ROLES:
            yield f"Channel {name!r}: role = {channel['role']!r} is none of {', '.join(ROLES)}."
    ways = people["acquisition"]["person"]
    named = [
        ("[sleep] rates", params["sleep"]["rates"], STATES),
        *((f"[people.acquisition] {k}", v, ways) for k, v in people["acquisition"].items()),
    ]
    for where, given, allowed in named:
        if set(given) != set(allowed):
            yield f"{where} must name {', '.join(allowed)}, and nothing else; it names {', '.join(given)}."
    lists = [("[rhythm] months", rhythm["months"], 12)]
    lists += [
        (f"[rhythm] {name}", rhythm[name], 7) for name in rhythm if name.startswith("weekdays_")
    ]
    lists += [(f"need type {t!r} weights", v["weights"], 4) for t, v in needs["types"].items()]
    for where, given, length in lists:
        yield from faulty_shares(where, given, length)
    yield from _faulty_dates(params)
    if "desk" in params:
        yield from desk.faults(params)
    if "programme" in params:
        yield from programme.faults(params)
    if "bonds" in params:
        yield from bonds.faults(params)
    if "agents" in params:
        yield from agents.faults(params)
    if "health" in params:
        yield from health.faults(params)
    if "partners" in params:
        yield from partners.faults(params)
    if "messages" in params:
        yield from messages.faults(params)
    if "privacy" in params:
        yield from privacy.faults(params)
    if "stages" in params:
        yield from stages.faults(params)
    yield from _faulty_studies(params)
    yield from PROCESSES[own.get("trade", "orders")].faults(params)


def _faulty_dates(params: dict[str, Any]) -> Iterator[str]:
    """Days of studies for which there are no data: what is left of a file whose start and end were moved alone."""
    own = params["company"]
    start, end = (_day("[company]", own[name]) for name in ("start", "end"))
    within = [
        ("touchpoints", "trial_start"),
        ("campaigns", "spring_date"),
        ("desk", "start"),
        ("brand", "first_monday"),
    ]
    days = [(f"[{part}] {name}", params[part][name]) for part, name in within if part in params]
    days += [(f"[company.dates] {name}", day) for name, day in own.get("dates", {}).items()]
    for where, day in days:
        if not start <= _day(where, day) <= end:
            yield f"{where} = {day} lies outside the data, which run from {start} to {end}."
    if "brand" in params and _day("[brand]", monday := params["brand"]["first_monday"]).weekday():
        yield f"[brand] first_monday = {monday} is no Monday."
    for part in [params["desk"], params["desk"]["trial"]] if "desk" in params else []:
        if _day("[desk]", monday := part["start"]).weekday():
            yield f"[desk] start = {monday} is no Monday."
    if "campaigns" in params:
        first, second = (params["campaigns"][name] for name in ("test_date", "second_date"))
        a_year_on = end + timedelta(days=366)
        if not end < _day("[campaigns]", first) < _day("[campaigns]", second) < a_year_on:
            yield (
                "[campaigns] test_date and second_date must follow each other in the year after the data, which end on "
                f"{end}. They are {first} and {second}."
            )


def _faulty_studies(params: dict[str, Any]) -> Iterator[str]:
    """Names of the studies that do not fit together: what is left of a file in which some were changed."""
    same: list[tuple[str, Any, Any]] = []  # where, the names given, the names that must stand there
    within: list[tuple[str, Any, Any]] = []  # the same, where some of these may stand
    if records := params.get("records"):
        systems = [n for n, about in params["channels"].items() if about["role"] in SYSTEM_ROLES]
        same += [
            (f"[records] {name}", records[name], systems) for name in records if name[:3] == "no_"
        ]
    if mix := params.get("mix"):
        if PAY not in mix["needs"]:
            yield f"[mix.needs] must name {PAY!r}: being able to pay is always a need."
            return
        within += [("[mix.implicit]", mix["implicit"].values(), mix["needs"])]
        same += [("[mix.implicit]", mix["implicit"], params["needs"]["types"])]
        same += [("[mix.effects]", mix["effects"], mix["needs"])]
        within += [
            (f"[mix.effects] {n}", levers, mix["levers"]) for n, levers in mix["effects"].items()
        ]
        priced = [name for name in mix["levers"] if name != LOW_PRICE]
        same += [
            (f"[[mix.offers]] {offer['offer']}, levers", offer["levers"], priced)
            for offer in mix["offers"]
        ]
    if journeys := params.get("touchpoints"):
        same += [
            (f"[touchpoints.chance] {name}", chance, journeys["channels"])
            for name, chance in journeys["chance"].items()
        ]
        within += [("[touchpoints.answered]", journeys["answered"], journeys["chance"])]
        trial = journeys.get("trial_channel", "web")
        within += [("[touchpoints] trial_channel", [trial], journeys["channels"])]
    if shop := params.get("shop"):
        often, skill = ("once", "again and again"), ("first time", "done before")
        same += [
            ("[shop.often]", shop["often"], shop["job"]),
            ("[shop.spend]", shop["spend"], often),
        ]
        same += [("[shop.skill]", shop["skill"], often)]
        same += [
            (f"[shop.spend] {when}", shop["spend"][when], shop["spend"]["once"])
            for when in shop["spend"]
        ]
        known = {name: shop[name] for name in ("job", "wall", "tool")} | {
            "often": often,
            "skill": skill,
        }
        within += [
            (f"[[shop.solutions]] {kind['solution']}, {name}", kind[name].split(";"), allowed)
            for kind in shop["solutions"]
            for name, allowed in known.items()
            if name in kind
        ]
    if campaigns := params.get("campaigns"):
        offers = campaigns["effects"]
        same += [("[campaigns.shares]", campaigns["shares"], ["control", *offers])]
        within += [("[campaigns] call", [campaigns.get("call", "personal call")], offers)]
        same += [
            (
                "[campaigns.acquisition]",
                campaigns["acquisition"],
                params["people"]["acquisition"]["person"],
            )
        ]
    for where, given, wanted in same:
        if set(given) != set(wanted):
            yield f"{where} must name {', '.join(wanted)}, and nothing else; it names {', '.join(given)}."
    for where, given, allowed in within:
        if strange := [name for name in given if name not in allowed]:
            yield f"{where} names {', '.join(strange)}; there are {', '.join(allowed)}."


def _day(where: str, value: object) -> date:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        raise CompanyError(f"{where}: {value!r} is no day such as 2025-12-31.") from None
