"""Two gears of service on one payroll: a front line for everybody, specialists for hard cases.

Specialists solve more, earn more, and have a line of their own. A free agent in one line cannot help in the other,
so two lines need more people than one (lesson 60). On a fixed payroll the question is how many specialists to take.
Waits by Erlang A (see `crmkit.relations.erlang`).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inputs import first_few, need_number, need_probability
from crmkit.relations.erlang import erlang_a


def two_gears(
    calls: float,
    hard_share: float,
    minutes: Mapping[str, float],
    solved: Mapping[str, float],
    *,
    payroll: float,
    cost: float,
    specialist_cost: float,
    patience_minutes: float,
    within_seconds: float = 60,
) -> pd.DataFrame:
    """Compare numbers of specialists that one payroll can pay.

    Without specialists there is one line for all calls. With specialists, hard cases wait in theirs, and the others in
    the line of generalists.

    Parameters
    ----------
    calls
        In an hour.
    hard_share
        Share of hard cases.
    minutes
        Handling time of a call: "simple" and "hard".
    solved
        Share of answered calls that are solved at first contact: "simple"; "hard" by a generalist; "specialist" (a hard
        case by a specialist).
    payroll
        Money for an hour.
    cost, specialist_cost
        Of an hour of a generalist, and of a specialist.
    patience_minutes
        Mean patience (`patience`).
    within_seconds
        The promise.

    Returns
    -------
    DataFrame
        One row per number of specialists: ``specialists``, ``generalists``, ``cost``, ``within`` (share of all callers
        answered within the promise), ``within_hard`` (of the hard cases), ``gave_up``, ``solved`` (share of all callers
        whose case is solved at first contact).

    Examples
    --------
    >>> table = two_gears(42, 0.28, {"simple": 4, "hard": 8}, {"simple": 0.9, "hard": 0.5, "specialist": 0.8},
    ...     payroll=168, cost=24, specialist_cost=33, patience_minutes=5)
    >>> table[["specialists", "generalists", "solved"]].round(2).values.tolist()[:2]
    [[0.0, 7.0, 0.78], [1.0, 5.0, 0.75]]
    """
    need_number(calls, "calls", minimum=0)
    need_probability(hard_share, "hard_share")
    _need(minutes, "minutes", ("simple", "hard"), None)
    _need(solved, "solved", ("simple", "hard", "specialist"), 1)
    for name, number in (("cost", cost), ("specialist_cost", specialist_cost)):
        if need_number(number, name, minimum=0) == 0:
            raise CrmkitError(f"{name} must be above 0: people are paid.")
    if need_number(payroll, "payroll", minimum=0) < cost:
        raise CrmkitError(f"payroll: {payroll:g} does not pay one agent at {cost:g} an hour.")
    hard, simple = calls * hard_share, calls * (1 - hard_share)
    rows = []
    for specialists in range(int(payroll / specialist_cost + 1e-9) + 1):
        generalists = int((payroll - specialists * specialist_cost) / cost + 1e-9)
        if generalists < 1:
            break

        def line(rate: float, handling: float, agents: int) -> pd.Series:
            return erlang_a(rate, handling, agents, patience_minutes, within_seconds=within_seconds)

        if specialists:
            first = line(simple, minutes["simple"], generalists)
            second = line(hard, minutes["hard"], specialists)
        else:
            mean = hard_share * minutes["hard"] + (1 - hard_share) * minutes["simple"]
            first = second = line(calls, mean, generalists)
        weights = np.array([1 - hard_share, hard_share])
        skill = np.array([solved["simple"], solved["specialist" if specialists else "hard"]])
        answered = 1 - np.array([first["gave_up"], second["gave_up"]])
        rows.append(
            {
                "specialists": specialists,
                "generalists": generalists,
                "cost": specialists * specialist_cost + generalists * cost,
                "within": float(weights @ [first["within"], second["within"]]),
                "within_hard": float(second["within"]),
                "gave_up": float(weights @ (1 - answered)),
                "solved": float((weights * skill) @ answered),
            }
        )
    return pd.DataFrame(rows)


def _need(
    given: Mapping[str, float], what: str, names: tuple[str, ...], maximum: float | None
) -> None:
    missing = [name for name in names if name not in given]
    if missing:
        raise CrmkitError(f"{what}: {first_few(missing)} is missing.")
    for name in names:
        need_number(given[name], f"{what} {name}", minimum=0, maximum=maximum)


__all__ = ["two_gears"]
