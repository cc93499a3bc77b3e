"""Questions in a company's own words: the fields of their texts are filled before anybody reads them."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from crmkit.companies import Company, fill

T = TypeVar("T")


def told(thing: T, about: Company) -> T:
    """Give a question, a quiz or any part of one with the fields of all its texts filled.

    Parameters
    ----------
    thing
        A string, or a dataclass, tuple, list or dict that holds strings; all else (functions, numbers) stays.
    about
        The company whose words they are.

    Examples
    --------
    >>> from crmkit.companies import shipped
    >>> told(("Profit in {company.symbol}?", 3), shipped("beanline"))
    ('Profit in €?', 3)
    """
    return _told(thing, about)


def _told(thing: Any, about: Company) -> Any:
    if isinstance(thing, str):
        return fill(thing, about)
    if isinstance(thing, dict):
        return {_told(key, about): _told(value, about) for key, value in thing.items()}
    if isinstance(thing, tuple | list):
        return type(thing)(_told(part, about) for part in thing)
    if is_dataclass(thing) and not isinstance(thing, type):
        old = {part.name: getattr(thing, part.name) for part in fields(thing) if part.init}
        new = {name: _told(value, about) for name, value in old.items()}
        changed = {name: value for name, value in new.items() if value != old[name]}
        return replace(thing, **changed) if changed else thing
    return thing
