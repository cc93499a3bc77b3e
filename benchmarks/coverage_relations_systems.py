"""Coverage of the intervals of `crmkit.relations`: rules of a desk, and gains of joined databases."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks._coverage import Entry, covers
from crmkit.relations import desk_gains, desk_rules, separate, simulate_desk

#: Share of customers with a record in one, two, three systems.
SYSTEMS = np.array([0.40, 0.35, 0.25])
#: What a call takes at the start, in a hard case more, and for each further system more.
RULES = {
    "handling_minutes": (4.0, 4.0, 2.0),
    "repeats": (0.1, 0.0, 0.6),
    "wrong": (0.04, 0.12, 0.12),
}


def rules() -> pd.DataFrame:
    return pd.DataFrame(
        [
            (outcome, term, value)
            for outcome, values in RULES.items()
            for term, value in zip(("start", "hard", "system"), values, strict=True)
        ],
        columns=["outcome", "term", "estimate"],
    )


def agents_calls(agents: int, rng: np.random.Generator) -> pd.DataFrame:
    """Twenty calls of each agent; agents differ in their pace and in their care."""
    who = np.repeat(np.arange(agents), 20)
    n = len(who)
    hard = rng.random(n) < 0.3
    systems = 1 + rng.choice(3, n, p=SYSTEMS)
    pace, care = rng.normal(0, 0.6, agents)[who], rng.uniform(-0.03, 0.03, agents)[who]

    def mean(outcome: str) -> np.ndarray:
        start, more, system = RULES[outcome]
        return np.asarray(start + more * hard + system * (systems - 1))

    return pd.DataFrame(
        {
            "agent_id": who,
            "hard": hard,
            "systems": systems,
            "handling_minutes": mean("handling_minutes") + pace + rng.normal(0, 1.5 + hard),
            "repeats": rng.poisson(mean("repeats")),
            "wrong": rng.random(n) < mean("wrong") + care,
        }
    )


def measured(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    found = desk_rules(agents_calls(size, rng))
    return covers(found["low"], found["high"], [value for row in RULES.values() for value in row])


def joined(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """A perfect join, and one that joins a customer's records with chance 0.5. Two calls for each customer."""
    systems = 1 + rng.choice(3, size, p=SYSTEMS)
    customer = np.repeat(np.arange(size), systems)
    owner = pd.Series(customer, index=[f"R{number}" for number in range(len(customer))])
    alone = separate(owner)
    half = owner.where((rng.random(size) < 0.5)[customer], size + alone)
    n = 2 * size
    calls = pd.DataFrame(
        {"call_id": np.arange(n), "hard": rng.random(n) < 0.3, "handling_minutes": 5.0}
    )
    simulated = simulate_desk(
        calls, owner, {"alone": alone, "half": half, "whole": owner}, rules(), seed=rng
    )
    found = desk_gains(simulated, "alone", best="whole").set_index("database")
    # A caller is found by a record, so that customers with many records call more often.
    number = np.arange(1, 4)
    more = (SYSTEMS * number * (number - 1)).sum() / (SYSTEMS * number).sum()
    gain = -more * np.array([row[2] for row in RULES.values()])
    rows, part = found.loc["whole"], found.loc["half"]
    return np.concatenate(
        [
            covers(rows["low"], rows["high"], gain),
            covers(part["low"], part["high"], gain / 2),
            covers(part["kept_low"], part["kept_high"], 0.5),
        ]
    )


ENTRIES = [
    Entry(
        "relations.desk_rules", "what a hard case and a further system add to a call",
        "least squares, sandwich, t over agents", "Liang & Zeger 1986", "agent",
        (15, 40, 120), "agents with 20 calls each", measured, "four agents",
    ),
    Entry(
        "relations.desk_gains", "gain of a joined database a call, and part of the best one's gain",
        "linearised ratio over callers, common random numbers", "Cochran 1977; Law 2015", "customer",
        (100, 400, 1600), "customers with two calls each", joined, "two distinct callers",
    ),
]  # fmt: skip
