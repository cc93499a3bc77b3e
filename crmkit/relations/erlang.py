"""Waiting in one line: how many agents for how many calls (Erlang C), and callers who hang up (Erlang A).

Problem
    Calls come at random, and some come together. With as many agents as the mean load asks for, the line never ends.
    How many more are needed to keep a promise such as "80 % within 20 seconds"?

Definitions
    The **load** in erlangs is calls an hour times hours of handling a call: so many agents are busy on average.
    **Occupancy** is the share of their time in which agents are busy.

Sources
    Erlang C: Erlang (1917); Gans, Koole & Mandelbaum (2003), Manufacturing & Service Operations Management 5(2),
    section 4.1. Erlang A (Palm 1957): Mandelbaum & Zeltyn (2007), "Service engineering in action: the Palm/Erlang-A
    queue". Of the Python packages, pyworkforce 0.5 gives Erlang C (not A) and needs OR-tools, which is compiled and
    is not in Pyodide. So these few lines are our own.

Both take for granted that calls come independently at one rate, that handling times are exponential, that nobody
calls again, and that the line has settled. `crmkit.relations.erlang_check` holds them to what was observed.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inputs import need_count, need_number, need_probability


@cache
def _gauss() -> tuple[np.ndarray, np.ndarray]:
    """Nodes and weights for integrals from 0 to 1; numpy's polynomials are imported with the first of them."""
    nodes, weights = np.polynomial.legendre.leggauss(20)
    return (nodes + 1) / 2, weights / 2


def _checked(
    calls: float, handling_minutes: float, agents: int, within_seconds: float
) -> tuple[float, float]:
    """Load in erlangs, and the promise in minutes."""
    need_number(calls, "calls", minimum=0)
    if need_number(handling_minutes, "handling_minutes", minimum=0) == 0:
        raise CrmkitError(
            "handling_minutes must be above 0: a call keeps an agent busy for a while."
        )
    need_count(agents, "agents")
    need_number(within_seconds, "within_seconds", minimum=0)
    return calls * handling_minutes / 60, within_seconds / 60


def blocked(load: float, agents: int) -> float:
    """Give Erlang's loss formula (Erlang B) by its recursion: the share that finds all agents busy if nobody waits.

    Parameters
    ----------
    load
        In erlangs.
    agents
        0 or more.

    Examples
    --------
    >>> round(blocked(10, 13), 4)
    0.0843
    """
    share = 1.0
    for number in range(1, agents + 1):
        share = load * share / (number + load * share)
    return share


def erlang_c(
    calls: float, handling_minutes: float, agents: int, *, within_seconds: float = 20
) -> pd.Series:
    """Say how long callers wait if nobody hangs up (Erlang C, M/M/n).

    Parameters
    ----------
    calls
        Calls an hour, on average.
    handling_minutes
        Minutes that an agent is busy with a call, on average.
    agents
        On duty.
    within_seconds
        The promise.

    Returns
    -------
    Series
        ``load`` (erlangs), ``occupancy``, ``waits`` (share of callers who wait at all), ``within`` (share answered
        within the promise), ``mean_wait_seconds`` (of all callers). With a load of `agents` or more the line grows
        for ever: nobody is answered in time, and the mean wait is endless.

    Raises
    ------
    CrmkitError
        Numbers below 0, no agent, no handling time.

    References
    ----------
    Erlang (1917); Gans, Koole & Mandelbaum (2003), section 4.1.

    Examples
    --------
    >>> erlang_c(200, 3, 13).round(4)[["waits", "within"]].tolist()
    [0.2853, 0.7956]
    """
    load, promise = _checked(calls, handling_minutes, agents, within_seconds)
    spare = agents - load
    if spare <= 0:
        found = (1.0, 0.0, np.inf)
    else:
        b = blocked(load, agents)
        waits = agents * b / (agents - load * (1 - b))
        within = 1 - waits * float(np.exp(-spare * promise / handling_minutes))
        found = (waits, within, 60 * waits * handling_minutes / spare)
    names = ("load", "occupancy", "waits", "within", "mean_wait_seconds")
    return pd.Series((load, min(load / agents, 1.0), *found), index=names)


def erlang_a(
    calls: float,
    handling_minutes: float,
    agents: int,
    patience_minutes: float,
    *,
    within_seconds: float = 20,
) -> pd.Series:
    """Say how long callers wait if some hang up (Erlang A, M/M/n+M).

    Parameters
    ----------
    calls, handling_minutes, agents
        As for `erlang_c`.
    patience_minutes
        Mean time after which a caller hangs up, were there no answer (`crmkit.relations.patience`).
    within_seconds
        The promise.

    Returns
    -------
    Series
        ``load`` (erlangs, of all calls), ``occupancy``, ``waits`` (share of callers who find no agent free),
        ``within`` (share of all callers who are answered within the promise: who hangs up was not answered),
        ``gave_up`` (share of all), ``mean_wait_seconds`` (of all callers, until answered or given up).

    Raises
    ------
    CrmkitError
        As `erlang_c`; no patience at all.

    References
    ----------
    Mandelbaum & Zeltyn (2007), section 3; with n agents, patience 1 / theta and the offered wait V:
    P(V > t) = lambda J(t) / (E + lambda J(0)), with J(t) the integral of exp(lambda (1 - exp(-theta u)) / theta - n mu
    u) from t on, and 1 / E Erlang's loss with n - 1 agents.

    Examples
    --------
    >>> erlang_a(200, 3, 13, 5).round(4)[["within", "gave_up"]].tolist()
    [0.8582, 0.025]
    """
    load, promise = _checked(calls, handling_minutes, agents, within_seconds)
    if need_number(patience_minutes, "patience_minutes", minimum=0) == 0:
        raise CrmkitError("patience_minutes must be above 0: else nobody waits at all.")
    rate, served, theta = calls / 60, agents / handling_minutes, 1 / patience_minutes
    names = ("load", "occupancy", "waits", "within", "gave_up", "mean_wait_seconds")
    if calls == 0:
        return pd.Series((0.0, 0.0, 0.0, 1.0, 0.0, 0.0), index=names)

    def height(minutes: np.ndarray | float) -> np.ndarray:
        """Logarithm of the offered wait's density, but for a constant."""
        return np.asarray(rate * -np.expm1(-theta * minutes) / theta - served * minutes)

    peak = float(np.log(max(rate / served, 1.0))) / theta
    top, reach = float(height(peak)), 1 / served
    while height(peak + reach) > top - 40:  # beyond it the density is next to nothing
        reach *= 2

    nodes, weights = _gauss()

    def integral(last: float, patient: bool) -> float:
        """From 0 on, in pieces, so that a steep density is caught too."""
        edges = np.linspace(0, last, 41)
        wide = np.diff(edges)[:, None]
        at = edges[:-1, None] + wide * nodes
        return float((wide * weights * np.exp(height(at) - top - theta * at * patient)).sum())

    free = float(np.exp(-top)) / blocked(load, agents - 1)
    whole = integral(peak + reach, False)
    total = free + rate * whole
    # Who gives up: by the balance of calls, not as a difference of two numbers that are nearly the same.
    gave_up = rate * (whole - integral(peak + reach, True)) / total
    within = (free + rate * integral(min(promise, peak + reach), True)) / total
    waits = rate * whole / total
    found = (load, load * (1 - gave_up) / agents, waits, within, gave_up, 60 * gave_up / theta)
    return pd.Series(found, index=names)


def agents_needed(
    calls: float,
    handling_minutes: float,
    *,
    promise: float = 0.8,
    within_seconds: float = 20,
    patience_minutes: float | None = None,
) -> int:
    """Find the fewest agents who keep a promise.

    Parameters
    ----------
    calls, handling_minutes, within_seconds
        As for `erlang_c`.
    promise
        Share of callers to be answered in time.
    patience_minutes
        Mean patience: callers hang up, by `erlang_a`. Default: nobody does, by `erlang_c`.

    Returns
    -------
    int
        One at least.

    Raises
    ------
    CrmkitError
        As `erlang_c` and `erlang_a`; a promise that is no share between 0 and 1.

    Examples
    --------
    >>> agents_needed(200, 3), agents_needed(200, 3, patience_minutes=5)
    (14, 13)
    """
    need_probability(promise, "promise")
    agents = 1
    while True:
        if patience_minutes is None:
            found = erlang_c(calls, handling_minutes, agents, within_seconds=within_seconds)
        else:
            found = erlang_a(
                calls, handling_minutes, agents, patience_minutes, within_seconds=within_seconds
            )
        if found["within"] >= promise:
            return agents
        agents += 1
