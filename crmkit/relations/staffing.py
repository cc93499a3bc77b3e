"""Staff for a promise: how many agents in each hour, what they cost, and whether the plan would have kept its word.

A plan comes from Erlang's formulas (`staff_plan`). They rest on assumptions, so it is judged twice: by what they
say of the hours that were observed (`erlang_check`), and by letting the observed calls run past the plan
(`replay_plan`).
"""

from __future__ import annotations

import bisect
from collections.abc import Mapping

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inputs import (
    first_few,
    generator,
    need_count,
    need_number,
    need_numbers,
    need_rows,
    need_unique,
)
from crmkit.relations.calls import _log, service_by_hour, weekday_hours
from crmkit.relations.erlang import agents_needed, erlang_a, erlang_c


def _erlang(
    calls: float, handling: float, agents: int, patience_minutes: float | None, seconds: float
) -> pd.Series:
    if patience_minutes is None:
        return erlang_c(calls, handling, agents, within_seconds=seconds)
    return erlang_a(calls, handling, agents, patience_minutes, within_seconds=seconds)


def staff_plan(
    profile: pd.DataFrame,
    *,
    promise: float = 0.8,
    within_seconds: float = 60,
    patience_minutes: float | None = None,
    agents: int | Mapping[int, int] | None = None,
    hour_cost: float = 0.0,
    plan_for: str = "calls",
) -> pd.DataFrame:
    """Give each hour the fewest agents who keep the promise, and say what they cost.

    Parameters
    ----------
    profile
        From `arrival_profile`.
    promise, within_seconds
        Share of callers to be answered within so many seconds.
    patience_minutes
        Mean patience (`patience`): some callers hang up (Erlang A). Default: nobody does (Erlang C).
    agents
        So many in every hour, or by hour, in place of the fewest: what would they reach?
    hour_cost
        What an agent's hour costs.
    plan_for
        Column of the profile: "calls" plans for the mean, "high" for the upper end of its interval.

    Returns
    -------
    DataFrame
        One row per hour: ``hour`` (and ``weekday``), ``calls``, ``load`` (erlangs), ``agents``, ``within`` (share
        answered within the promise), ``gave_up`` (0 by Erlang C), ``occupancy``, ``keeps`` (whether the promise is
        kept), ``cost``.

    Raises
    ------
    CrmkitError
        Missing columns; numbers of which no plan can be made.

    Examples
    --------
    >>> profile = pd.DataFrame({"hour": [9, 10], "calls": [20.0, 40.0], "handling_minutes": 5.0})
    >>> staff_plan(profile, hour_cost=24)[["hour", "agents", "keeps", "cost"]].values.tolist()
    [[9, 4, True, 96.0], [10, 6, True, 144.0]]
    """
    need_rows(profile, ["hour", plan_for, "handling_minutes"], "profile")
    need_number(hour_cost, "hour_cost", minimum=0)
    number = need_numbers(profile[plan_for], plan_for, minimum=0)
    handling = need_numbers(profile["handling_minutes"], "handling_minutes", minimum=0)
    chosen = _agents(profile["hour"], agents)
    rows = []
    for place, (calls, minutes) in enumerate(zip(number, handling, strict=True)):
        few = chosen[place] or agents_needed(
            calls,
            minutes,
            promise=promise,
            within_seconds=within_seconds,
            patience_minutes=patience_minutes,
        )
        found = _erlang(calls, minutes, few, patience_minutes, within_seconds)
        left = found.get("gave_up", 0.0)
        rows.append((calls, found["load"], few, found["within"], left, found["occupancy"]))
    names = ["calls", "load", "agents", "within", "gave_up", "occupancy"]
    keys = [key for key in ("weekday", "hour") if key in profile]
    table = pd.concat(
        [profile[keys].reset_index(drop=True), pd.DataFrame(rows, columns=names)], axis=1
    )
    table["keeps"] = table["within"] >= promise
    table["cost"] = table["agents"] * float(hour_cost)
    return table


def _agents(hours: pd.Series, agents: int | Mapping[int, int] | None) -> list[int]:
    """Agents hour by hour; 0 where the fewest are asked for."""
    if agents is None:
        return [0] * len(hours)
    if isinstance(agents, Mapping | pd.Series):
        lacking = sorted(set(hours) - set(agents.keys()))
        if lacking:
            raise CrmkitError(f"agents: nothing is said of hour {first_few(lacking)}.")
        return [need_count(agents[hour], f"agents at hour {hour}") for hour in hours]
    return [need_count(agents, "agents")] * len(hours)


def erlang_check(
    calls: pd.DataFrame,
    staff: pd.DataFrame,
    *,
    within_seconds: float = 60,
    patience_minutes: float,
    level: float = 0.95,
) -> pd.DataFrame:
    """Compare what the two formulas say of each hour, with the staff that was there, with what was observed.

    Parameters
    ----------
    calls, staff, within_seconds, level
        As for `service_by_hour`.
    patience_minutes
        Mean patience, for Erlang A.

    Returns
    -------
    DataFrame
        One row per hour: ``hour``, ``within``, ``low``, ``high`` (observed), ``erlang_c`` and ``erlang_a`` (the share
        that each promises, over the weekdays and the staff of each day), ``c_holds``, ``a_holds`` (whether it lies in
        the interval). Expect a promise outside in one hour of twenty even if the formula were right.

    Raises
    ------
    CrmkitError
        As `service_by_hour`.

    Examples
    --------
    >>> calls = pd.DataFrame({"date": ["2025-05-05", "2025-05-12"], "minute": [540, 541], "answered": True,
    ...     "wait_minutes": 0.0, "handling_minutes": 5.0})
    >>> staff = pd.DataFrame({"date": ["2025-05-05", "2025-05-12"], "hour": 9, "agents": 2})
    >>> erlang_check(calls, staff, patience_minutes=5)[["erlang_c", "erlang_a"]].round(3).values.tolist()
    [[0.998, 0.998]]
    """
    seen = service_by_hour(calls, within_seconds=within_seconds, level=level)
    known = (
        weekday_hours(calls, staff).groupby(["hour", "calls", "handling_minutes", "agents"]).size()
    )
    rows = []
    for (hour, number, minutes, agents), days in known.items():
        few = max(int(agents), 1)
        for_c = erlang_c(number, minutes, few, within_seconds=within_seconds)["within"]
        for_a = erlang_a(number, minutes, few, patience_minutes, within_seconds=within_seconds)[
            "within"
        ]
        rows.append((hour, days * number, days * number * for_c, days * number * for_a))
    sums = pd.DataFrame(rows, columns=["hour", "n", "c", "a"]).groupby("hour").sum()
    table = seen[["hour", "within", "low", "high"]].copy()
    for name in ("c", "a"):
        table[f"erlang_{name}"] = (sums[name] / sums["n"]).reindex(table["hour"]).to_numpy()
    for name in ("c", "a"):
        said = table[f"erlang_{name}"]
        table[f"{name}_holds"] = (said >= table["low"]) & (said <= table["high"])
    return table


def replay_plan(
    calls: pd.DataFrame,
    agents: pd.DataFrame | Mapping[int, int] | int,
    *,
    patience_minutes: float,
    within_seconds: float = 60,
    level: float = 0.95,
    seed: int = 0,
) -> pd.DataFrame:
    """Let the observed calls run past other staff, and count who would have been answered in time.

    Arrivals and handling times are those of the log, busy days and odd hours included; no formula is assumed. Two
    things are not in the log and are drawn: how long a call would have taken that was given up (from those that
    were answered), and how much longer a caller would have waited who was answered (exponential, so it does not
    matter how long he or she had waited).

    Parameters
    ----------
    calls
        As for `service_by_hour`.
    agents
        In every hour, by hour, or a plan from `staff_plan`.
    patience_minutes
        Mean patience (`patience`).
    within_seconds, level
        As for `service_by_hour`.
    seed

    Returns
    -------
    DataFrame
        One row per hour: ``hour``, ``agents``, ``calls`` (a day), ``within``, ``low``, ``high``, ``gave_up``,
        ``mean_wait_seconds``; the intervals take each day as one unit.

    Raises
    ------
    CrmkitError
        As `service_by_hour`; an hour of the calls of which the plan says nothing, or two plans for one hour.

    Examples
    --------
    >>> calls = pd.DataFrame({"date": ["2025-05-05"] * 2, "minute": [540, 541], "answered": True,
    ...     "wait_minutes": 0.0, "handling_minutes": 5.0})
    >>> replay_plan(calls, 1, patience_minutes=1e6)["mean_wait_seconds"].tolist()
    [120.0]
    """
    need_number(within_seconds, "within_seconds", minimum=0)
    rng = generator(seed)
    log = _log(calls, "answered", "wait_minutes", "handling_minutes").reset_index(drop=True)
    log["minute"] = need_numbers(calls["minute"], "minute")
    if isinstance(agents, pd.DataFrame):
        need_rows(agents, ["hour", "agents"], "agents")
        need_unique(agents, ["hour"], "agents")
        agents = dict(zip(agents["hour"], agents["agents"], strict=True))
    hours = pd.Series(range(int(log["hour"].min()), int(log["hour"].max()) + 1))
    duty = dict(zip(hours, _agents(hours, agents), strict=True))
    answered = log["answered"].to_numpy()
    talk = log["handling_minutes"].to_numpy(float, copy=True)
    talk[~answered] = rng.choice(talk[answered], int((~answered).sum()))
    will_wait = log["wait_minutes"] + np.where(
        answered, rng.exponential(patience_minutes, len(log)), 0.0
    )
    log["wait_minutes"], log["answered"] = 0.0, False
    log["handling_minutes"] = talk
    order = log.sort_values(["date", "minute"], kind="stable").index.to_numpy()
    days = log["date"].to_numpy()[order]
    wait, served = np.empty(len(log)), np.empty(len(log), dtype=bool)
    for rows in np.split(order, np.flatnonzero(days[1:] != days[:-1]) + 1):
        minute = log["minute"].to_numpy(float)[rows]
        wait[rows], served[rows] = _one_day(minute, talk[rows], will_wait.to_numpy()[rows], duty)
    again = calls.reset_index(drop=True).assign(
        wait_minutes=wait, answered=served, handling_minutes=talk
    )
    table = service_by_hour(again, within_seconds=within_seconds, level=level)
    table.insert(1, "agents", [duty[hour] for hour in table["hour"]])
    return table.drop(columns=["gave_up_low", "gave_up_high"])


def _one_day(
    minute: np.ndarray, talk: np.ndarray, will_wait: np.ndarray, duty: Mapping[int, int]
) -> tuple[np.ndarray, np.ndarray]:
    """Serve one day's calls in order; each starts as soon as fewer are talking than are on duty."""
    last = max(duty)
    ends: list[float] = []
    now = 0.0
    wait, served = np.empty(len(minute)), np.empty(len(minute), dtype=bool)
    for call, at in enumerate(minute):
        start = max(now, at)
        while True:
            busy = len(ends) - bisect.bisect_right(ends, start)
            hour = min(int(start // 60), last)
            if busy < duty[hour]:
                break
            nexts = [ends[len(ends) - busy]] + ([60.0 * (hour + 1)] if hour < last else [])
            start = min(nexts)
        gives_up = start - at > will_wait[call]
        wait[call], served[call] = (will_wait[call] if gives_up else start - at), not gives_up
        if not gives_up:
            now = start
            ends = ends[bisect.bisect_right(ends, at) :]
            bisect.insort(ends, start + talk[call])
    return wait, served


__all__ = ["erlang_check", "replay_plan", "staff_plan"]
