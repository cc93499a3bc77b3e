"""The service desk: calls that queue, written enquiries that wait, and a trial of faster answers.

Calls come by the hour, by the weekday and by whole days that are busier or quieter than others; they wait in one line
for those on duty, and callers whose patience ends hang up. Hard enquiries are put off, and so are those of people who
are upset (which nobody writes down). Both would have liked the brand less anyway, so a plain comparison of long and
short waits blames the wait for too much. In the trial chance alone decided who waited.
"""

from __future__ import annotations

import heapq
from collections import deque
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from crmkit.world.core.streams import Context

PROMISES = ("within the hour", "next day")
#: Hours of waiting that stand for the two promises, where the truth is written down.
HOURS = (0.5, 24.0)


def build(ctx: Context) -> None:
    """Add calls, staff, written enquiries and the trial, with their truth."""
    params = ctx.params["desk"]
    _calls(ctx, params)
    _enquiries(ctx, params)
    _trial(ctx, params)


# ---- the telephone ---------------------------------------------------------------------------------------------------


def _calls(ctx: Context, params: dict[str, Any]) -> None:
    rng, staffing = ctx.rng("desk_calls"), ctx.rng("desk_staff")
    weekdays, profile = np.array(params["weekdays"]), np.array(params["calls"])
    opens, hours = params["opens"], len(profile)
    days = np.array([d for d in range(7 * params["weeks"]) if d % 7 < len(weekdays)])
    expected = np.outer(weekdays, profile)
    busy = rng.gamma(1 / params["restless"] ** 2, params["restless"] ** 2, len(days))
    number = rng.poisson(expected[days % 7] * busy[:, None])
    agents = np.array(params["agents"]) - (staffing.random(number.shape) < params["absent"])
    rows: list[np.ndarray] = []
    for day, counts in enumerate(number):
        slot = np.repeat(np.arange(hours), counts)
        arrived = np.sort(60 * (slot + rng.random(len(slot))))
        hard = rng.random(len(slot)) < params["hard_share"]
        talk = _talk(rng, hard, params)
        patience = rng.exponential(params["patience_minutes"], len(slot))
        wait, answered = serve(arrived, talk, patience, agents[day])
        rows.append(np.column_stack([np.full(len(slot), day), arrived, hard, talk, wait, answered]))
    day, arrived, hard, talk, wait, answered = np.concatenate(rows).T
    hard, answered = hard.astype(bool), answered.astype(bool)
    start = np.datetime64(params["start"], "D")
    upset = rng.normal(params["upset_if_hard"] * hard, 1)
    felt = np.where(answered, wait / 60, HOURS[1])
    solved = rng.random(len(day)) < np.where(
        hard, params["solved"]["hard"], params["solved"]["simple"]
    )
    ctx.tables["desk_calls"] = pd.DataFrame(
        {
            "call_id": np.arange(1, len(day) + 1),
            "date": (start + days[day.astype(int)]).astype("datetime64[us]"),
            "minute": (60 * opens + arrived).astype(int),
            "hard": hard,
            "wait_minutes": wait,
            "answered": answered,
            "handling_minutes": np.where(answered, np.maximum(talk, 0.01), np.nan),
            "solved_first": solved & answered,
            "bought_90d": rng.random(len(day)) < _chance(params["bought"], felt, hard, upset),
        }
    )
    ctx.tables["desk_staff"] = pd.DataFrame(
        {
            "date": np.repeat((start + days).astype("datetime64[us]"), hours),
            "hour": np.tile(opens + np.arange(hours), len(days)),
            "agents": agents.ravel(),
            "cost": agents.ravel() * params["hour_cost"],
        }
    )
    ctx.truth["desk_hours"] = pd.DataFrame(
        {
            "weekday": np.repeat(np.arange(len(weekdays)), hours),
            "hour": np.tile(opens + np.arange(hours), len(weekdays)),
            "calls": expected.ravel(),
            "handling_minutes": _mean_talk(params),
            "patience_minutes": float(params["patience_minutes"]),
        }
    )


def _mean_talk(params: dict[str, Any]) -> float:
    share = params["hard_share"]
    return float(share * params["minutes"]["hard"] + (1 - share) * params["minutes"]["simple"])


def _talk(rng: np.random.Generator, hard: np.ndarray, params: dict[str, Any]) -> np.ndarray:
    """Minutes of handling: lognormal, with the means that the file names."""
    spread = params["minutes_spread"]
    mean = np.where(hard, params["minutes"]["hard"], params["minutes"]["simple"])
    return np.asarray(mean * np.exp(rng.normal(-(spread**2) / 2, spread, len(hard))))


def serve(
    arrived: np.ndarray, talk: np.ndarray, patience: np.ndarray, agents: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """One day of one line: first come, first served, until patience ends; `agents` are on duty, hour by hour.

    Parameters
    ----------
    arrived, talk, patience : ndarray
        Minutes since opening, in order; minutes of handling; minutes until a caller who waits hangs up.
    agents : ndarray
        On duty in each hour; after the last hour they stay until the line is empty.

    Returns
    -------
    wait, answered : ndarray
        Minutes until answered or given up, and which of the two it was.

    Examples
    --------
    >>> wait, answered = serve(np.array([0.0, 1, 2]), np.array([5.0, 5, 5]), np.array([9.0, 9, 1]), np.array([1]))
    >>> wait.tolist(), answered.tolist()
    ([0.0, 4.0, 1.0], [True, True, False])
    """
    wait, answered = patience.copy(), np.zeros(len(arrived), dtype=bool)
    line: deque[int] = deque()
    ends: list[float] = []
    turns = [(60.0 * hour, -1) for hour in range(1, len(agents))]
    todo = sorted([(float(t), i) for i, t in enumerate(arrived)] + turns)

    def fill(now: float) -> None:
        free = int(agents[min(int(now // 60), len(agents) - 1)]) - len(ends)
        while line and free > 0:
            who = line.popleft()
            if arrived[who] + patience[who] > now or arrived[who] == now:
                wait[who], answered[who] = now - arrived[who], True
                heapq.heappush(ends, now + float(talk[who]))
                free -= 1

    for now, who in todo:
        while ends and ends[0] <= now:
            fill(heapq.heappop(ends))
        if who >= 0:
            line.append(who)
        fill(now)
    while ends:
        fill(heapq.heappop(ends))
    return wait, answered


# ---- written enquiries -----------------------------------------------------------------------------------------------


def _chance(
    weights: dict[str, float], hours: np.ndarray | float, hard: np.ndarray, upset: np.ndarray
) -> np.ndarray:
    """Chance of an outcome after so many hours of waiting: the first hours count most, those after a day no more."""
    felt = np.minimum(np.log1p(hours) / np.log1p(HOURS[1]), 1)
    odds = weights["start"] + weights["wait"] * felt + weights["hard"] * hard
    return np.asarray(1 / (1 + np.exp(-(odds + weights["upset"] * upset))))


def _working_minutes(params: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """Every working minute from the start on (minutes since then), and for each minute the next working one."""
    opens, hours, week = params["opens"], len(params["calls"]), len(params["weekdays"])
    minute = np.arange((params["weeks"] + 4) * 7 * 1440)
    day, of_day = minute // 1440, minute % 1440
    open_now = (day % 7 < week) & (of_day >= 60 * opens) & (of_day < 60 * (opens + hours))
    return np.flatnonzero(open_now), np.cumsum(open_now) - open_now


def _enquiries(ctx: Context, params: dict[str, Any]) -> None:
    rng, own = ctx.rng("desk_enquiries"), params["enquiries"]
    days = 7 * params["weeks"]
    shape = np.array(own["hours"], dtype=float)
    number = rng.poisson(own["a_day"], days)
    day = np.repeat(np.arange(days), number)
    hour = rng.choice(24, len(day), p=shape / shape.sum())
    minute = 60 * hour + rng.integers(0, 60, len(day))
    order = np.lexsort((minute, day))
    day, minute = day[order], minute[order]
    n = len(day)
    hard = rng.random(n) < params["hard_share"]
    upset = rng.normal(params["upset_if_hard"] * hard, 1)
    # So many working minutes until the answer: hard ones are put off, and so are those of people who are upset.
    work = np.where(hard, own["minutes_until"]["hard"], own["minutes_until"]["simple"])
    work = work * np.exp(rng.normal(0, own["until_spread"], n) + own["upset_put_off"] * upset)
    working, rank = _working_minutes(params)
    at = 1440 * day + minute
    done = working[np.minimum(rank[at] + work.astype(int), len(working) - 1)]
    wait = np.maximum(done - at, 1).astype(float)
    specialist = hard & (rng.random(n) < own["specialist_free"])
    solved = params["solved"]
    share = np.where(
        specialist, solved["specialist"], np.where(hard, solved["hard"], solved["simple"])
    )
    channels, weights = list(own["channels"]), np.array(list(own["channels"].values()))
    chances = {
        name: [_chance(params[name], hours, hard, upset) for hours in (*HOURS, wait / 60)]
        for name in ("likes_less", "bought")
    }
    ctx.tables["desk_enquiries"] = pd.DataFrame(
        {
            "enquiry_id": np.arange(1, n + 1),
            "date": (np.datetime64(params["start"], "D") + day).astype("datetime64[us]"),
            "minute": minute,
            "channel": rng.choice(channels, n, p=weights / weights.sum()),
            "hard": hard,
            "wait_hours": wait / 60,
            "answered_by": np.where(specialist, "specialist", "front line"),
            "solved_first": rng.random(n) < share,
            "bought_90d": rng.random(n) < chances["bought"][2],
            "likes_less": rng.random(n) < chances["likes_less"][2],
        }
    )
    ctx.truth["desk_enquiries"] = pd.DataFrame(
        {"enquiry_id": np.arange(1, n + 1), "upset": upset, **_both(chances)}
    )


def _both(chances: dict[str, list[np.ndarray]]) -> dict[str, np.ndarray]:
    """The chances under each of the two promises."""
    return {
        f"{name}_{when}": chances[of][place]
        for name, of in (("bought", "bought"), ("likes_less", "likes_less"))
        for place, when in enumerate(("hour", "next_day"))
    }


def _trial(ctx: Context, params: dict[str, Any]) -> None:
    rng, own = ctx.rng("answer_trial"), params["trial"]
    n = own["enquiries"]
    day = np.sort(rng.integers(0, 5 * own["weeks"], n))  # working days, Monday to Friday
    hard = rng.random(n) < params["hard_share"]
    upset = rng.normal(params["upset_if_hard"] * hard, 1)
    fast = rng.random(n) < 0.5
    # A promise is not always kept; what counts in the trial is the promise.
    hour = np.where(
        rng.random(n) < own["kept"], rng.uniform(0.1, 1.0, n), 1 + rng.exponential(3.0, n)
    )
    next_day = rng.uniform(16.0, 27.0, n)
    wait = np.where(fast, hour, next_day)
    channels = params["enquiries"]["channels"]
    weights = np.array(list(channels.values()))
    chances = {
        name: [_chance(params[name], hours, hard, upset) for hours in (hour, next_day, wait)]
        for name in ("likes_less", "bought")
    }
    start = np.datetime64(own["start"], "D")
    ctx.tables["answer_trial"] = pd.DataFrame(
        {
            "enquiry_id": np.arange(1, n + 1),
            "date": (start + 7 * (day // 5) + day % 5).astype("datetime64[us]"),
            "channel": rng.choice(list(channels), n, p=weights / weights.sum()),
            "hard": hard,
            "promise": np.where(fast, *PROMISES),
            "wait_hours": wait,
            "bought_90d": rng.random(n) < chances["bought"][2],
            "likes_less": rng.random(n) < chances["likes_less"][2],
        }
    )
    ctx.truth["answer_trial"] = pd.DataFrame(
        {"enquiry_id": np.arange(1, n + 1), "upset": upset, **_both(chances)}
    )


def faults(params: dict[str, Any]) -> list[str]:
    """What a section [desk] says that no desk can be made of."""
    own = params["desk"]
    found = []
    if len(own["calls"]) + own["opens"] > 24:
        found.append("[desk] opens and calls: the desk would be open after midnight.")
    if not 1 <= len(own["weekdays"]) <= 7:
        found.append("[desk] weekdays: one number for each day from Monday on, seven at most.")
    agents = own["agents"] if isinstance(own["agents"], list) else [own["agents"]]
    if min(agents) < 2:
        found.append("[desk] agents: two at least, for one may be absent.")
    if len(agents) not in (1, len(own["calls"])):
        found.append("[desk] agents: one number, or one for each hour of `calls`.")
    if len(own["enquiries"]["hours"]) != 24:
        found.append("[desk.enquiries] hours: 24 numbers, one for each hour of the day.")
    return found
