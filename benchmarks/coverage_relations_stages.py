"""Coverage of the intervals of `crmkit.relations`: stages, age, kinds of relationship, renewals, winning back."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks._coverage import Entry, covers
from crmkit.relations import (
    age_change,
    break_even_margin,
    by_age,
    choose_kind,
    judge_stages,
    kept_by_kind,
    renewal_table,
    stage_moves,
    winback_effects,
)

QUARTERS = 10
#: Chance to be stable, or in decline, a quarter later; customers differ by `RESTLESS` around it.
STABLE, DECLINE, RESTLESS = 0.85, 0.5, 0.08
#: Share of the margin kept, and its spread.
KEPT = {"basic": 0.70, "reactive": 0.82, "partner": 1.10}
KINDS = pd.DataFrame({"kind": list(KEPT), "cost_firm": [0, 20, 200], "cost_fixed": [0, 500, 5000]})
RETURNS = {"control": 0.08, "call": 0.22}


def stages(size: int, rng: np.random.Generator) -> pd.DataFrame:
    """Customers who move between stable and decline; some are restless, so that their quarters depend on each other."""
    own = RESTLESS * rng.choice([-1.0, 1.0], size)
    state = np.zeros((QUARTERS, size), dtype=int)
    for t in range(1, QUARTERS):
        stays = np.where(state[t - 1] == 0, STABLE + own, 1.0)
        back = np.where(state[t - 1] == 1, 1 - DECLINE, 0.0)
        luck = rng.random(size)
        state[t] = np.where(state[t - 1] == 0, luck >= stays, luck >= back)
    return pd.DataFrame(
        {
            "firm_id": np.tile(np.arange(size), QUARTERS),
            "quarter": np.repeat(np.arange(QUARTERS), size),
            "stage": np.where(state.ravel() == 0, "stable", "decline"),
        }
    )


def _true_stay() -> float:
    """Of the quarters in stable, the share that stays: the restless spend fewer quarters there."""
    weight, stay = [], []
    for own in (-RESTLESS, RESTLESS):
        here, total = 1.0, 0.0
        for _ in range(QUARTERS - 1):
            total += here
            here = here * (STABLE + own) + (1 - here) * (1 - DECLINE)
        weight.append(total)
        stay.append(STABLE + own)
    return float(np.average(stay, weights=weight))


STAY = _true_stay()


def moves(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    found = stage_moves(stages(size, rng)).set_index(["from_stage", "to_stage"])
    rows = found.loc[[("stable", "stable"), ("decline", "decline")]]
    return covers(rows["low"], rows["high"], [STAY, DECLINE])


def judged(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """Each customer's reading is right with a chance of its own, 0.6 or 0.9 of the quarters."""
    own = rng.choice([0.6, 0.9], size)
    truth = pd.DataFrame(
        {
            "firm_id": np.repeat(np.arange(size), QUARTERS),
            "quarter": np.tile(np.arange(QUARTERS), size),
            "stage": "stable",
        }
    )
    right = rng.random(size * QUARTERS) < np.repeat(own, QUARTERS)
    read = truth.assign(stage=np.where(right, "stable", "build-up"))
    found = judge_stages(read, truth).set_index("stage")
    return covers(found["low"], found["high"], 0.75)[-1:]


def aged(size: int, rng: np.random.Generator) -> tuple[pd.DataFrame, dict[str, float]]:
    """Small customers leave between two ages; those who stay lose 5."""
    large = rng.random(size) < 0.5
    base = np.where(large, 120.0, 60.0)
    first = rng.gamma(4.0, base / 4)
    last = first - 5 + rng.normal(0, 20, size)
    gone = rng.random(size) < np.where(large, 0.1, 0.6)
    table = pd.DataFrame(
        {
            "firm_id": np.tile(np.arange(size), 2),
            "quarter": np.repeat([1, 2], size),
            "orders": np.append(np.ones(size), np.where(gone, 0, 1)),
            "net": np.append(first, np.where(gone, 0.0, last)),
        }
    )
    left = (0.9 * 120 + 0.4 * 60) / 1.3
    truth = {"all": left - 5 - 90, "same": -5.0, "left": left - 90, "late": left - 5}
    return table, truth


def changes(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    table, truth = aged(size, rng)
    found = age_change(table, "net", 1, 2)
    return covers(found["low"], found["high"], [truth["all"], truth["same"], truth["left"]])


def ages(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    table, truth = aged(size, rng)
    found = by_age(table, "net")
    return covers(found["low"], found["high"], [90.0, truth["late"]])


def trial(size: int, rng: np.random.Generator) -> pd.DataFrame:
    """Kinds by chance; a part leaves and keeps nothing."""
    kind = np.resize(list(KEPT), size)
    before = np.rint(1 + rng.gamma(1.0, 300, size))
    stays = rng.random(size) < 0.9
    kept = np.array([KEPT[name] for name in kind]) / 0.9 * rng.gamma(16, 1 / 16, size) * stays
    return pd.DataFrame(
        {"kind": kind, "margin_before": before, "margin_year": before * kept, "stayed": stays}
    )


def kept(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    found = kept_by_kind(trial(size, rng), KINDS)
    own = covers(found["low"], found["high"], list(KEPT.values()))
    gaps = np.array(list(KEPT.values())) - KEPT["basic"]
    return np.concatenate([own, covers(found["more_low"], found["more_high"], gaps)[1:]])


def break_even(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    found = break_even_margin(trial(size, rng), KINDS, 100)
    truth = [25 / (KEPT["reactive"] - KEPT["basic"]), 225 / (KEPT["partner"] - KEPT["reactive"])]
    return covers(found["low"], found["high"], truth)


def chosen(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    groups = pd.DataFrame({"tier": ["key"], "customers": [100], "margin": [900.0]})
    found = choose_kind(groups, trial(size, rng), KINDS).iloc[1:]
    truth = 900 * (np.array([0.82, 1.10]) - 0.70) - np.array([25.0, 250.0])
    return covers(found["low"], found["high"], truth)


def renewed(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """Contracts of one to six years; each renewal is made with 0.8."""
    years = rng.geometric(0.2, size) - 1
    seen = rng.integers(1, 7, size)
    ended = years < seen
    found = renewal_table(np.minimum(years, seen), ended).iloc[:4]
    return covers(found["low"], found["high"], 0.8)


def won_back(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    offer = np.resize(list(RETURNS), size)
    returned = rng.random(size) < np.array([RETURNS[name] for name in offer])
    second = np.where(returned, rng.gamma(4, 50, size), 0.0)
    lost = pd.DataFrame(
        {
            "offer": offer, "returned": returned, "margin_second": second,
            "cost": np.where(offer == "call", 9.0, 0.0),
        }
    )  # fmt: skip
    found = winback_effects(lost)
    gap = RETURNS["call"] - RETURNS["control"]
    return covers(found["low"], found["high"], [gap, 200 * gap - 9])


_CLUSTERED = "ratio of two sums over customers, logit", "Cochran 1977"
ENTRIES = [
    Entry(
        "relations.stage_moves", "share of a stage that is in another a quarter later", *_CLUSTERED, "customer",
        (60, 200, 800), "customers with ten quarters each", moves, "one customer",
    ),
    Entry(
        "relations.judge_stages", "share of quarters whose stage is read right", *_CLUSTERED, "customer",
        (60, 200, 800), "customers with ten quarters each", judged, "one customer",
    ),
    Entry(
        "relations.by_age", "mean at an age, of all who buy then", "Student", "Student 1908", "-",
        (60, 200, 800), "customers", ages,
    ),
    Entry(
        "relations.age_change", "change of a mean with age, and its two parts", "linearisation over customers, t",
        "Cochran 1977", "customer", (60, 200, 800), "customers, a third of whom leave", changes,
        "two customers who buy at both ages (an error says so)",
    ),
    Entry(
        "relations.kept_by_kind", "share of the margin kept, and difference of two", "Student, Welch", "Welch 1947",
        "-", (150, 600, 3000), "customers, a third with each kind", kept,
        "two customers with each kind (an error says so)",
    ),
    Entry(
        "relations.break_even_margin", "margin from which more work pays", "Welch, turned over", "Welch 1947", "-",
        (150, 600, 3000), "customers, a third with each kind", break_even,
        "two customers with each kind (an error says so)",
    ),
    Entry(
        "relations.choose_kind", "what a kind earns more than the first", "Welch, times the margin", "Welch 1947",
        "-", (150, 600, 3000), "customers, a third with each kind", chosen,
        "two customers with each kind (an error says so)",
    ),
    Entry(
        "relations.renewal_table", "share renewed at a renewal", "Wilson", "Wilson 1927", "-",
        (60, 200, 800), "contracts of one to six years", renewed, "one contract that is due",
    ),
    Entry(
        "relations.winback_effects", "who returns, and net margin, more than without an offer", "Newcombe; Welch",
        "Newcombe 1998; Welch 1947", "-", (200, 800, 2400), "customers, half of them asked", won_back,
        "two customers with each offer",
    ),
]  # fmt: skip
