"""Coverage of the intervals of `crmkit.relations`."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks import (
    coverage_relations_bonds,
    coverage_relations_health,
    coverage_relations_messages,
    coverage_relations_privacy,
    coverage_relations_programme,
    coverage_relations_stages,
    coverage_relations_systems,
    coverage_relations_trades,
)
from benchmarks._coverage import Entry, covers
from crmkit.relations import arrival_profile, effect_of_waiting, patience, service_by_hour

#: Mean patience in minutes, calls in an hour, and the variance of how busy whole days are.
PATIENCE, CALLS, RESTLESS = 5.0, 30.0, 0.02


def one_hour(days: int, rng: np.random.Generator) -> pd.DataFrame:
    """One hour of many days: on a busy day all wait longer. A wait is offered with chance 0.4 on an ordinary day."""
    busy = rng.gamma(1 / RESTLESS, RESTLESS, days)
    number = rng.poisson(CALLS * busy)
    day = np.repeat(np.arange(days), number)
    waits = rng.random(len(day)) < np.clip(0.4 + (busy[day] - 1), 0, 1)
    offered = np.where(waits, rng.exponential(2.0, len(day)), 0.0)
    patient = rng.exponential(PATIENCE, len(day))
    return pd.DataFrame(
        {
            "date": pd.Timestamp("2025-01-01") + pd.to_timedelta(day, unit="D"),
            "minute": 600,
            "answered": patient >= offered,
            "wait_minutes": np.minimum(offered, patient),
            "handling_minutes": 5.0,
        }
    )


def arrivals(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    found = arrival_profile(one_hour(size, rng))
    return covers(found["low"], found["high"], CALLS)


def in_time(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """Of those to whom a wait is offered, some are answered within a minute, and some give up."""
    found = service_by_hour(one_hour(size, rng), within_seconds=60)
    # A call's chance to find a wait: days with more calls count more, E[G (0.4 + G - 1)] = 0.4 + Var G.
    waits = 0.4 + RESTLESS
    rate = 1 / 2 + 1 / PATIENCE
    soon = (1 / 2) / rate * (1 - np.exp(-rate))
    left = waits * (1 / PATIENCE) / rate
    return np.concatenate(
        [
            covers(found["low"], found["high"], 1 - waits + waits * soon),
            covers(found["gave_up_low"], found["gave_up_high"], left),
        ]
    )


def patient(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    found = patience(one_hour(size, rng))
    return covers(found["low"], found["high"], PATIENCE)


def waiting(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """Hard cases wait longer; a wait costs 20 points, and a hard case 25."""

    def cases(slow_if: tuple[float, float]) -> pd.DataFrame:
        hard = rng.random(size) < 0.3
        slow = rng.random(size) < np.where(hard, slow_if[1], slow_if[0])
        less = rng.random(size) < 0.15 + 0.25 * hard + 0.2 * slow
        hours = np.where(slow, 30.0, 0.5)
        promise = np.where(slow, "next day", "within the hour")
        return pd.DataFrame(
            {"wait_hours": hours, "hard": hard, "likes_less": less, "promise": promise}
        )

    found = effect_of_waiting(cases((0.3, 0.7)), "likes_less", cases((0.5, 0.5)))
    # Among the slow 0.21 of 0.42 are hard, among the fast 0.09 of 0.58.
    plain = 0.2 + 0.25 * (0.21 / 0.42 - 0.09 / 0.58)
    return covers(found["low"], found["high"], [plain, 0.2, 0.2])


ENTRIES = [
    *coverage_relations_programme.ENTRIES,
    *coverage_relations_stages.ENTRIES,
    Entry(
        "relations.arrival_profile",
        "calls in an hour of the day",
        "Student's t over days",
        "Student 1908",
        "day",
        (10, 30, 100),
        "days",
        arrivals,
        "two distinct days",
    ),
    Entry(
        "relations.service_by_hour",
        "share answered within a promise, and share who gave up",
        "linearised ratio, logit scale, t; Wilson at 0 and 1",
        "Cochran 1977",
        "day",
        (10, 30, 100),
        "days",
        in_time,
        "two distinct days",
    ),
    Entry(
        "relations.patience",
        "mean patience, where most were answered",
        "linearised ratio over days, log scale",
        "Brown et al. 2005; Cochran 1977",
        "day",
        (10, 30, 100),
        "days",
        patient,
        "one who gave up, or two distinct days",
    ),
    Entry(
        "relations.effect_of_waiting",
        "effect of a long wait: plain, adjusted, by a trial",
        "Newcombe; regression by arm, HC2",
        "Newcombe 1998; Lin 2013",
        "-",
        (200, 800, 3200),
        "enquiries, and as many in the trial",
        waiting,
        "twelve fast or slow ones",
    ),
    *coverage_relations_health.ENTRIES,
    *coverage_relations_bonds.ENTRIES,
    *coverage_relations_messages.ENTRIES,
    *coverage_relations_privacy.ENTRIES,
    *coverage_relations_systems.ENTRIES,
    *coverage_relations_trades.ENTRIES,
]
