"""An attack on the rules: a search among all plans for one that beats the policy that knows the truth.

A game is broken if some odd plan (nobody at the desk, thirteen weeks of one word, a last quarter of selling off) earns
more than all that the course teaches. So plans are searched in two ways. `search` mixes plans that did well
(differential evolution: Storn & Price 1997, Journal of Global Optimization 11); it looks everywhere. `race` changes a
few levers of the best plan so far, and plays a changed plan on a further seed only as long as it is ahead (racing:
Maron & Moore 1997, Artificial Intelligence Review 11); it climbs fast, and a plan that only fits the luck of one seed
loses on the next. All plans play the same seeds, so that they differ only by what they do. What is found is then played
on other seeds beside the policies: a plan that only fits the luck it was found with is no exploit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from crmkit.errors import CrmkitError
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
#: The best plan that searches have found so far; new ones begin with it.
FOUND: Mapping[str, Value] = MappingProxyType(
    {
        "service.agents": 2,
        "service.first": "best customers",
        "prices.level": 1.033,
        "wake.half_asleep": "call",
        "wake.most_contacts": 9,
        "messages.kind": "matched",
        "messages.per_month": 2,
        "programme.return_rate": 0.004,
        "programme.tiers": True,
        "bonds.kind": "structural",
        "bonds.share": 0.112,
        "brand.word": "big renovation",
        "brand.weeks": 6,
        "brand.spread": True,
        "winning.spend.search": 1218.864,
        "winning.spend.social media": 611.298,
        "winning.spend.leaflets": 1620.893,
        "winning.spend.local radio": 394.405,
        "winning.referral_reward": 13.843,
    }
)
#: What it does otherwise at the end of the game.
FOUND_AT_THE_END: Mapping[str, Value] = MappingProxyType({"prices.level": 1.07, "brand.weeks": 5})
#: Levers that may differ in the last two quarters: what a player would sell off.
AT_THE_END = (
    *("service.agents", "prices.level", "wake.half_asleep", "wake.asleep", "messages.per_month"),
    *("bonds.share", "brand.weeks", "winning.spend.search", "winning.spend.leaflets"),
)
END = 2
_BOUNDS = {name: (low, high) for name, low, high in SEARCHED}
LOW, HIGH = np.array([*_BOUNDS.values(), *(_BOUNDS[name] for name in AT_THE_END)]).T
#: Levers whose values have no order: a step from one to the next means nothing.
_IS_CHOICE = [FIELD[name].kind in ("choice", "flag") for name in (*_BOUNDS, *AT_THE_END)]


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
    changes: Mapping[str, Value], end: Mapping[str, Value] | None = None
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


#: `FOUND` as a point of the search.
BEST = to_point(FOUND, FOUND_AT_THE_END)


def policy_of(place: npt.ArrayLike, name: str = "exploit") -> Policy:
    """Make a policy of a point of the search."""
    usual, end = to_changes(place)

    def decide(seen: Seen) -> Decisions:
        last = seen.quarter > seen.quarters - END
        return plan_of({**usual, **(end if last else {})}, seen.customers)

    return Policy(name, decide, needs_reports=False)


#: Values of games that were played, by the point of the plan and the seed.
Played: TypeAlias = MutableMapping[tuple[tuple[float, ...], int], float]


class _Worlds:
    """Plays points of the search on seeds: value in £ per customer at the start, and what was played so far."""

    def __init__(
        self,
        customers: int,
        seeds: Sequence[int],
        quarters: int,
        rules: Rules | None,
        played: Played | None,
    ) -> None:
        if not seeds:
            raise CrmkitError("seeds is empty: give at least one seed on which plans are played.")
        self.customers, self.quarters = customers, quarters
        self.worlds = {seed: start(customers, seed, rules) for seed in seeds}
        self.played: Played = {} if played is None else played
        self.games = 0

    def value(self, place: npt.NDArray[np.float64], seed: int) -> float:
        """Play one game; one that was played before is looked up."""
        self.games += 1
        key = (tuple(place.tolist()), seed)
        if key not in self.played:
            got = score_from(policy_of(place), self.worlds[seed], seed, self.quarters)
            self.played[key] = got["value"] / self.customers
        return self.played[key]


def search(
    games: int,
    *,
    begin: Sequence[npt.NDArray[np.float64]] = (BEST,),
    customers: int = 300,
    seeds: Sequence[int] = (1,),
    quarters: int = QUARTERS,
    rules: Rules | None = None,
    seed: int = 1,
    played: Played | None = None,
) -> tuple[npt.NDArray[np.float64], float, int]:
    """Search for the plan of most value by differential evolution.

    Parameters
    ----------
    games
        Games that are played, about; each plan plays one on each of the `seeds`.
    begin
        Points to begin with; half of the other first plans are near them, the rest random.
    customers, seeds, quarters, rules
        Of the games that are played; value is the mean over the seeds.
    seed
        Of the search.
    played
        Games that were played before, in which new ones are put down: a search that was stopped goes on from there.

    Returns
    -------
    place : ndarray
        The best point found.
    value : float
        Its value, in £ per customer at the start.
    tried : int
        Games played.
    """
    need_count(games, "games")
    world = _Worlds(customers, seeds, quarters, rules, played)
    plans = max(games // len(seeds), 1)
    size = max(5, min(24, plans // 8))
    rng = np.random.default_rng(seed)
    first = LOW + (HIGH - LOW) * rng.random((size, len(LOW)))
    if len(begin):
        # Half of the first plans are neighbours of a good one: most levers as there, some as it happens.
        near = np.arange(size // 2)
        good = np.array(begin)[near % len(begin)]
        first[near] = np.where(rng.random(good.shape) < 0.8, np.clip(good, LOW, HIGH), first[near])
    for row, place in enumerate(list(begin)[:size]):
        first[row] = np.clip(place, LOW, HIGH)

    def loss(place: npt.NDArray[np.float64]) -> float:
        return -float(np.mean([world.value(place, one) for one in seeds]))

    found = optimize.differential_evolution(
        loss,
        list(zip(LOW, HIGH, strict=True)),
        init=first,
        maxiter=max(plans // size - 1, 1),
        mutation=(0.3, 0.9),
        recombination=0.5,
        tol=0,
        polish=False,
        seed=rng,
    )
    return np.asarray(found.x), -float(found.fun), world.games


def race(
    games: int,
    *,
    begin: npt.NDArray[np.float64] = BEST,
    customers: int = 300,
    seeds: Sequence[int] = (1, 2, 3),
    quarters: int = QUARTERS,
    rules: Rules | None = None,
    seed: int = 1,
    played: Played | None = None,
) -> tuple[npt.NDArray[np.float64], float, int]:
    """Climb from a plan: a few levers are changed, and the change stays if it is ahead on all seeds together.

    A changed plan is dropped as soon as it is behind on the seeds that it has played, so most of them cost one game.

    Parameters
    ----------
    games
        Games that are played, at least.
    begin
        Point to begin with.
    customers, seeds, quarters, rules, seed, played
        As for `search`.

    Returns
    -------
    place, value, tried
        As from `search`.
    """
    need_count(games, "games")
    world = _Worlds(customers, seeds, quarters, rules, played)
    rng = np.random.default_rng(seed)
    best = np.clip(begin, LOW, HIGH)
    values = {one: world.value(best, one) for one in seeds}
    while world.games < games:
        place, own, ahead = _changed(best, rng), dict[int, float](), 0.0
        for one in rng.permutation(list(seeds)).tolist():
            own[one] = world.value(place, one)
            ahead += own[one] - values[one]
            if ahead <= 0:
                break
        else:
            best, values = place, own
    return best, float(np.mean(list(values.values()))), world.games


def _changed(place: npt.NDArray[np.float64], rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Change a few levers so that the plan is another one: a step from where they are, or anywhere."""
    plan, other = to_changes(place), place.copy()
    while to_changes(other) == plan:
        other = place.copy()
        for lever in rng.choice(len(LOW), min(int(rng.geometric(0.5)), 5), replace=False):
            low, high = LOW[lever], HIGH[lever]
            step = rng.normal(0.0, 0.12 * (high - low))
            anywhere = _IS_CHOICE[lever] or rng.random() < 0.3
            value = rng.uniform(low, high) if anywhere else np.clip(other[lever] + step, low, high)
            # The end goes with the rest, as far as it was the same.
            for end in _ends(lever):
                if other[end] == other[lever]:
                    other[end] = value
            other[lever] = value
    return other


def _ends(lever: int) -> Iterator[int]:
    """The place of a lever's value at the end of the game, if it has one."""
    if lever < len(SEARCHED) and SEARCHED[lever][0] in AT_THE_END:
        yield len(SEARCHED) + AT_THE_END.index(SEARCHED[lever][0])
