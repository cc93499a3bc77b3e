"""Coverage of the intervals of four trades in `crmkit.relations`: the own clock, people of accounts, ways of shops."""

from __future__ import annotations

import functools

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks._coverage import Entry, covers
from crmkit.relations import own_clock, silent_people, way_effects

#: Days of the past, and days to come back.
PAST, AHEAD = 300, 60


def _visits(size: int, rng: np.random.Generator) -> pd.DataFrame:
    """Customers of unlike pace (gamma); on each day after the first they may leave for good."""
    pace = rng.gamma(2.0, 0.02, size)
    start = rng.integers(0, PAST - 60, size)
    gone = start + rng.exponential(150, size)
    number = rng.poisson(pace * (PAST + AHEAD))
    who = np.repeat(np.arange(size), number)
    day = rng.integers(0, PAST + AHEAD, len(who))
    keep = (day > start[who]) & (day < gone[who])
    who = np.append(np.arange(size), who[keep])
    day = np.append(start, day[keep])
    return pd.DataFrame(
        {
            "customer_id": who,
            "order_date": pd.Timestamp("2024-01-01") + pd.to_timedelta(day, unit="D"),
        }
    )


_END = pd.Timestamp("2024-01-01") + pd.Timedelta(days=PAST + AHEAD - 1)


@functools.cache
def _true_clock() -> float:
    """The clock of so many customers that chance no longer counts."""
    found = own_clock(_visits(300_000, np.random.default_rng(66)), AHEAD, _END)
    return float(found["clock_days"])


def clock(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    found = own_clock(_visits(size, rng), AHEAD, _END)
    return covers(found["low"], found["high"], _true_clock())


def people(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """Accounts of two to five people; 60 % are awake: then half of the people came lately, else nobody did."""
    awake = rng.random(size) < 0.6
    number = rng.integers(2, 6, size)
    who = np.repeat(np.arange(size), number)
    lately = (rng.random(len(who)) < 0.5) & awake[who]
    # An account is awake if one of its people came lately; let one do so for certain.
    first = np.append(0, number.cumsum()[:-1])
    lately[first] = awake
    day = np.where(lately, 350, 10)
    table = pd.DataFrame(
        {
            "customer_id": who,
            "person_id": np.arange(len(who)),
            "order_date": pd.Timestamp("2024-01-01") + pd.to_timedelta(day, unit="D"),
        }
    )
    found = silent_people(table, 100, "2024-12-20")
    # Silent and awake behind: .6 x 2.5 x .5 of an account; silent in all: and .4 x 3.5.
    behind = 0.6 * 2.5 * 0.5
    return covers(found["low"], found["high"], behind / (behind + 0.4 * 3.5))


def ways(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """Shops drift by themselves; what a way does differs between shops."""
    drift = rng.normal(0, 0.5, 2 * size)
    drift[:size] += rng.normal(0.7, 0.2, size)
    table = pd.DataFrame({"way": np.repeat(["listens", "as before"], size), "change": drift})
    found = way_effects(table, "as before", draws=1)
    return covers(found["low"], found["high"], 0.7)


ENTRIES = [
    Entry(
        "relations.own_clock", "silence at which the chance to return is the average one",
        "logistic regression, sandwich of three estimates, log scale", "Stefanski & Boos 2002", "-",
        (300, 800, 2400), "customers", clock, "20 who came back and 20 who did not",
    ),
    Entry(
        "relations.silent_people", "share of silent people whose account is awake", "linearised ratio, logit scale, t",
        "Cochran 1977", "account", (40, 150, 600), "accounts", people, "two distinct accounts",
    ),
    Entry(
        "relations.way_effects", "difference in differences between shops of two ways", "Welch's t", "Welch 1947",
        "-", (5, 20, 60), "shops of each way", ways, "three shops of a way",
    ),
]  # fmt: skip
