"""An attack on the rules: a search among all plans for one that beats the policy that knows the truth.

A game is broken if some odd plan (nobody at the desk, thirteen weeks of one word, a last quarter of selling off) earns
more than all that the course teaches. So plans are searched by differential evolution (Storn & Price 1997, Journal of
Global Optimization 11), which needs no slopes and mixes plans that did well; what it finds is then played on other
seeds beside the policies, for a plan that only fits the luck it was found with is no exploit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from crmkit.game.decisions import AS_BEFORE, CHANNELS, FIELD, Decisions, Value
from crmkit.game.play import QUARTERS, Policy, Seen
from crmkit.game.policies import plan_of
from crmkit.game.rules import Rules
from crmkit.game.score import score_from
from crmkit.game.state import start
from crmkit.inputs import need_count
from crmkit.later import later

optimize = later("scipy.optimize")

#: What is searched: every lever but research, which never earns anything by itself, with the bounds of the search.
SEARCHED: tuple[tuple[str, float, float], ...] = (
    ("service.agents", 0, 8),
    ("service.hours", 0, 3),
    ("service.first", 0, 2),
    ("prices.level", 0.8, 1.2),
    ("wake.drowsy", 0, 4),
    ("wake.half_asleep", 0, 4),
    ("wake.asleep", 0, 4),
    ("wake.most_contacts", 0, 13),
    ("messages.kind", 0, 3),
    ("messages.per_month", 0, 8),
    ("programme.return_rate", 0, 0.1),
    ("programme.tiers", 0, 2),
    ("bonds.kind", 0, 4),
    ("bonds.share", 0, 1),
    ("brand.word", 0, 10),
    ("brand.weeks", 0, 13),
    ("brand.spread", 0, 2),
    *((f"winning.spend.{channel}", 0.0, 4000.0) for channel in CHANNELS),
    ("winning.referral_reward", 0, 50),
)
#: A good plan that never looks at anything; the search begins with it, beside random ones.
BEGINS: Mapping[str, Value] = MappingProxyType(
    {
        "service.agents": 3,
        "service.first": "best customers",
        "prices.level": 1.02,
        "wake.half_asleep": "call",
        "messages.kind": "matched",
        "messages.per_month": 2,
        "programme.return_rate": 0.005,
        "programme.tiers": True,
        "bonds.kind": "structural",
        "bonds.share": 0.12,
        "brand.word": "big renovation",
        "brand.weeks": 5,
        "brand.spread": True,
        "winning.spend.search": 1500.0,
        "winning.spend.leaflets": 900.0,
        "winning.referral_reward": 5.0,
    }
)
#: Levers that may differ in the last two quarters: what a player would sell off.
AT_THE_END = ("service.agents", "prices.level", "brand.weeks")
END = 2
LOW = np.array([low for _, low, _ in SEARCHED] + [0.0, 0.8, 0.0])
HIGH = np.array([high for _, _, high in SEARCHED] + [8.0, 1.2, 13.0])


def to_changes(place: npt.ArrayLike) -> tuple[dict[str, Value], dict[str, Value]]:
    """Read a point of the search as a plan: its levers, and those that differ at the end.

    Examples
    --------
    >>> usual, end = to_changes(LOW)
    >>> usual["service.hours"], usual["programme.tiers"], end["prices.level"]
    ('office', False, 0.8)
    """
    numbers = np.clip(np.asarray(place, dtype=float), LOW, HIGH)
    names = [name for name, _, _ in SEARCHED]
    usual = {name: _value(name, x) for name, x in zip(names, numbers, strict=False)}
    end = {name: _value(name, x) for name, x in zip(AT_THE_END, numbers[len(names) :], strict=True)}
    return usual, end


def to_point(
    changes: dict[str, Value], end: dict[str, Value] | None = None
) -> npt.NDArray[np.float64]:
    """Give the point of the search for a plan; levers that are not named are as before.

    Examples
    --------
    >>> to_changes(to_point({"bonds.kind": "social"}))[0]["bonds.kind"]
    'social'
    """
    named = [(name, changes.get(name, AS_BEFORE.value(name))) for name, _, _ in SEARCHED]
    last = {**dict(named), **(end or {})}
    named += [(name, last[name]) for name in AT_THE_END]
    return np.array([_number(name, value) for name, value in named])


def _value(name: str, x: float) -> Value:
    one = FIELD[name]
    if one.kind == "flag":
        return bool(x >= 1)
    if one.kind == "choice":
        return one.choices[min(int(x), len(one.choices) - 1)]
    return round(x) if one.kind == "whole" else round(float(x), 3)


def _number(name: str, value: Value) -> float:
    one = FIELD[name]
    if one.kind == "choice":
        return one.choices.index(str(value)) + 0.5
    return 0.5 + bool(value) if one.kind == "flag" else float(value)


def policy_of(place: npt.ArrayLike, name: str = "exploit") -> Policy:
    """Make a policy of a point of the search."""
    usual, end = to_changes(place)

    def decide(seen: Seen) -> Decisions:
        last = seen.quarter > seen.quarters - END
        return plan_of({**usual, **(end if last else {})}, seen.customers)

    return Policy(name, decide, needs_reports=False)


def search(
    games: int,
    *,
    begin: Sequence[npt.NDArray[np.float64]] = (),
    customers: int = 300,
    seeds: Sequence[int] = (1,),
    quarters: int = QUARTERS,
    rules: Rules | None = None,
    seed: int = 1,
) -> tuple[npt.NDArray[np.float64], float, int]:
    """Search for the plan of most value.

    Parameters
    ----------
    games
        Plans that are tried, about; each plays as many games as there are `seeds`.
    begin
        Points to begin with; half of the other first plans are near them, the rest random.
    customers, seeds, quarters, rules
        Of the games that are played; value is the mean over the seeds.
    seed
        Of the search.

    Returns
    -------
    place : ndarray
        The best point found.
    value : float
        Its value, in £ per customer at the start.
    tried : int
        Plans tried.
    """
    need_count(games, "games")
    size = max(5, min(24, games // 8))
    rng = np.random.default_rng(seed)
    first = LOW + (HIGH - LOW) * rng.random((size, len(LOW)))
    if begin:
        # Half of the first plans are neighbours of a good one: most levers as there, some as it happens.
        near = np.arange(size // 2)
        good = np.array(begin)[near % len(begin)]
        first[near] = np.where(rng.random(good.shape) < 0.8, np.clip(good, LOW, HIGH), first[near])
    for row, place in enumerate(list(begin)[:size]):
        first[row] = np.clip(place, LOW, HIGH)
    tried = 0
    worlds = {one: start(customers, one, rules) for one in seeds}

    def loss(place: npt.NDArray[np.float64]) -> float:
        nonlocal tried
        tried += 1
        plan = policy_of(place)
        values = [score_from(plan, world, one, quarters)["value"] for one, world in worlds.items()]
        return -float(np.mean(values)) / customers

    found = optimize.differential_evolution(
        loss,
        list(zip(LOW, HIGH, strict=True)),
        init=first,
        maxiter=max(games // size - 1, 1),
        mutation=(0.3, 0.9),
        recombination=0.5,
        tol=0,
        polish=False,
        seed=rng,
    )
    return np.asarray(found.x), -float(found.fun), tried
