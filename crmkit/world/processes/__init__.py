"""The kinds of trade: where a company's turnover comes from.

A process is a module. ``SECTIONS`` names the sections of the company file that it reads, ``faults(params)`` says what
in them no world can be made of, and ``build(ctx)`` adds its tables. It finds the people and their spells of sleep there
already (`crmkit.world.core`), and hands its sales to `crmkit.world.processes.sales.write_sales`, which makes the common
table ``orders``: so every analysis of customer, date, turnover and margin runs on any trade. What is particular to the
trade is in tables of its own, described in ``crmkit/data/catalogue/<trade>.py``. No process knows a company.
"""

from __future__ import annotations

from types import ModuleType

from crmkit.world.processes import contracts, orders, projects, sessions, stays

#: By the name that a company file gives in ``[company] trade``.
PROCESSES: dict[str, ModuleType] = {
    "orders": orders,
    "stays": stays,
    "contracts": contracts,
    "projects": projects,
    "sessions": sessions,
}
