"""crmkit: a teaching kit for customer relationship management, on data whose truth is known.

The few names that every lesson needs live here; the topics have their own rooms:
:mod:`crmkit.mix` (needs and offer), :mod:`crmkit.value` (which customers), :mod:`crmkit.reactivation`
(sleeping customers), :mod:`crmkit.brand` (brand and memory) and :mod:`crmkit.practice` (questions and checks).

>>> import crmkit
>>> crmkit.load("products").columns[:2].tolist()
['product_id', 'name']
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crmkit.companies import company
    from crmkit.data.load import load, load_truth
    from crmkit.data.own_events import read_log
    from crmkit.data.own_orders import read_orders
    from crmkit.errors import CrmkitError

__version__ = "0.1.0"

# Looked up on first use, so that `import crmkit` costs nothing before pandas is needed.
_HOMES = {
    "company": "crmkit.companies",
    "load": "crmkit.data.load",
    "load_truth": "crmkit.data.load",
    "read_log": "crmkit.data.own_events",
    "read_orders": "crmkit.data.own_orders",
    "CrmkitError": "crmkit.errors",
}

__all__ = ["CrmkitError", "__version__", "company", "load", "load_truth", "read_log", "read_orders"]


def __getattr__(name: str) -> object:
    """Fetch a public name from the room it lives in."""
    if name not in _HOMES:
        raise AttributeError(
            f"module 'crmkit' has no attribute {name!r}; it offers {', '.join(_HOMES)}"
        )
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
