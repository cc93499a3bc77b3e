"""Rules of the game: every number with its bounds, its unit and its source, read from ``rules.toml``.

A rule is called by section and name, ``rules["service.pay"]``. `Rules.changed` gives other rules, as a trainer needs
between rounds; the rules of a running game never change by themselves.
"""

from __future__ import annotations

import difflib
import functools
import math
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from crmkit.companies import Company
from crmkit.errors import CrmkitError
from crmkit.game.money import about_money

FILE = Path(__file__).with_name("rules.toml")


@dataclass(frozen=True)
class Rule:
    """One number: what it is usually, its bounds, its unit, and where it comes from."""

    value: float
    low: float
    high: float
    unit: str
    source: str

    def unit_in(self, money: Company) -> str:
        """Write the unit with the sign of a company's money; the file has Fernwell's.

        Examples
        --------
        >>> known_rules()["service.pay"].unit_in(about_money("kr "))
        'kr an hour of an agent'
        """
        return self.unit.replace("£", money.sign)


@functools.cache
def known_rules() -> Mapping[str, Rule]:
    """Every rule, by section and name.

    Examples
    --------
    >>> known_rules()["service.pay"].unit
    '£ an hour of an agent'
    """
    sections = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return MappingProxyType(
        {
            f"{section}.{name}": Rule(**about)
            for section, rules in sections.items()
            for name, about in rules.items()
        }
    )


class Rules(Mapping[str, float]):
    """The numbers of one game, by section and name; read only.

    Examples
    --------
    >>> Rules()["service.pay"]
    24.0
    >>> Rules().changed({"service.pay": 30})["service.pay"]
    30.0
    """

    def __init__(self, values: Mapping[str, float] | None = None) -> None:
        usual = {name: float(rule.value) for name, rule in known_rules().items()}
        self._values = MappingProxyType(usual | _checked(values or {}))

    def __getitem__(self, name: str) -> float:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Rules) and dict(self) == dict(other)

    def __hash__(self) -> int:
        return hash(tuple(self._values.items()))

    def changed(self, values: Mapping[str, float]) -> Rules:
        """Give rules in which some numbers are others.

        Parameters
        ----------
        values
            New numbers by section and name.

        Raises
        ------
        CrmkitError
            No such rule, or a number out of its bounds.
        """
        return Rules({**self._values, **values})

    def table(self) -> pd.DataFrame:
        """Give every rule as a row: ``rule``, ``value``, ``usual``, ``low``, ``high``, ``unit``, ``source``."""
        rows = [
            (name, self[name], rule.value, rule.low, rule.high, rule.unit, rule.source)
            for name, rule in known_rules().items()
        ]
        names = ["rule", "value", "usual", "low", "high", "unit", "source"]
        return pd.DataFrame(rows, columns=names)


def _checked(values: Mapping[str, float]) -> dict[str, float]:
    known, good = known_rules(), {}
    for name, value in values.items():
        if name not in known:
            near = difflib.get_close_matches(str(name), known, n=1)
            hint = (
                f"Did you mean {near[0]!r}?"
                if near
                else "Rules().table() lists them, as section.name."
            )
            raise CrmkitError(f"There is no rule {name!r}. {hint}")
        rule = known[name]
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not math.isfinite(value) or not rule.low <= value <= rule.high:
            unit = rule.unit_in(about_money())
            raise CrmkitError(
                f"Rule {name} must be a number from {rule.low:g} to {rule.high:g} ({unit}), not {value!r}. "
                f"It is usually {rule.value:g}."
            )
        good[name] = float(value)
    return good
