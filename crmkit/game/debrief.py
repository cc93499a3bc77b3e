"""The debrief: the same customers under another plan, what each lever brought, what was luck, who was won and lost.

Problem
    A company that ends with more money has not yet learnt why. In real life nobody can see what would have happened
    otherwise. Here the same quarter can be played again: luck belongs to the person and the mechanism, whatever is
    decided, so that two runs differ only by what the plans do.

Uses
    `side_by_side` two plans, quarter by quarter; `causes` what each part of a plan brought; `fates` and `fate_summary`
    which customers were won, lost, woken, annoyed; `crmkit.game.slips.slips` what went wrong, and the lesson that
    teaches it. Luck itself is in `crmkit.game.score.luck`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import permutations
from math import comb, factorial

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.game import policies
from crmkit.game.accounts import bill
from crmkit.game.decided import PARTS, Decisions
from crmkit.game.decisions import decisions_text
from crmkit.game.engine import play_quarter
from crmkit.game.play import Game, profit, run_fast
from crmkit.game.quarter import Quarter
from crmkit.game.score import customer_equity
from crmkit.game.standing import AWAKE, STATES, State
from crmkit.inference import mean_interval
from crmkit.inputs import need_count
from crmkit.say import labels

#: What a plan consists of: each can be switched back to what it was before, by itself.
SECTIONS = (*PARTS, "experiments")
#: Up to so many parts every order is looked at; beyond it a sample of orders.
_ALL_ORDERS = 4
#: Every combination of so many parts is played: 64 games.
_MOST_COMBINED = 6
FATES = ("won", "not won", "driven away", "not driven away", "kept awake", "let sleep", "same")
labels("won", "not won", "driven away", "not driven away", "kept awake", "let sleep", "same")
labels("service", "prices", "wake", "messages", "programme", "bonds", "brand", "winning")
labels("research", "experiments", "all parts")


def need_played(game: Game) -> None:
    """Refuse a game in which nothing has happened yet."""
    if not game.played:
        raise CrmkitError(
            "No quarter has been played yet: there is nothing to look back at. Play one with game.play(decisions)."
        )


def as_before(game: Game) -> list[Decisions]:
    """Give the plan that goes on as before the game, as long as a game was played; money is for the game's size."""
    return [policies.as_before(game.customers)] * game.played


def _plan_beside(game: Game, beside: Sequence[Decisions] | None) -> list[Decisions]:
    """Give the plan that a game is compared with: one decision for each quarter that was played."""
    other = as_before(game) if beside is None else list(beside)
    if len(other) != game.played:
        raise CrmkitError(
            f"beside has decisions for {len(other)} quarters, and the game has {game.played}: give one for each."
        )
    return other


# ------------------------------------------------------------------------------------------------- plan against plan
def side_by_side(game: Game, other: Game) -> pd.DataFrame:
    """Compare two games quarter by quarter; played on the same customers and luck, they differ only by their plans.

    Parameters
    ----------
    game
        As it was played.
    other
        The same game under another plan: from ``game.replay(...)``.

    Returns
    -------
    DataFrame
        One row per quarter: ``quarter``, ``profit``, ``profit_other``, ``more`` (profit less the other's, £),
        ``so_far`` (that summed up), ``customers_awake``, ``customers_awake_other``, ``trust``, ``trust_other`` (mean of
        those who are customers, 0 to 10).

    Raises
    ------
    CrmkitError
        Games of other customers, other luck or other length: their difference would be more than the plans.

    Examples
    --------
    >>> from crmkit.game.decisions import AS_BEFORE, changed
    >>> game = Game(customers=50, seed=3).run([AS_BEFORE] * 2)
    >>> dear = game.replay(2, changed(AS_BEFORE, {"prices.level": 1.1}))
    >>> side_by_side(game, dear)["more"].eq(0).tolist()
    [True, False]
    """
    need_played(game)
    alike = ("customers", "seed", "luck", "played")
    odd = [name for name in alike if getattr(game, name) != getattr(other, name)]
    if odd:
        name = odd[0]
        raise CrmkitError(
            f"The two games differ in {name} ({getattr(game, name)} and {getattr(other, name)}), so their difference "
            "is not that of the plans. Make the other one with game.replay(quarter, decisions)."
        )
    rows = []
    for place in range(game.played):
        row: dict[str, float] = {"quarter": place + 1}
        for end, one in (("", game), ("_other", other)):
            row[f"profit{end}"] = round(float(one.reported[place]["accounts"]["amount"].sum()), 2)
            awake, trust = _standing(one.states[place + 1])
            row[f"customers_awake{end}"], row[f"trust{end}"] = awake, trust
        rows.append(row)
    table = pd.DataFrame(rows)
    table["more"] = (table["profit"] - table["profit_other"]).round(2)
    table["so_far"] = table["more"].cumsum().round(2)
    names = ["quarter", "profit", "profit_other", "more", "so_far"]
    return table[
        [*names, *(f"{n}{e}" for n in ("customers_awake", "trust") for e in ("", "_other"))]
    ]


def _standing(state: State) -> tuple[int, float]:
    """Customers awake, and the mean trust of those who are not lost."""
    there = state.is_customer & ~state.life.lost
    awake = int((there & (state.life.sleep == AWAKE)).sum())
    if not there.any():
        return awake, float("nan")
    return awake, round(float(state.rules["trust.usual"] + state.life.trust[there].mean()), 3)


# ---------------------------------------------------------------------------------------------------- profit by cause
def causes(
    game: Game,
    beside: Sequence[Decisions] | None = None,
    *,
    measure: str = "value",
    lucks: Iterable[int] | None = None,
    orders: int = 4,
    level: float = 0.95,
) -> pd.DataFrame:
    """Share the difference between two plans out among their parts.

    Switching one part back to what it was before shows what it adds to the others; switching it on alone shows what it
    does by itself. The two differ where parts help or hinder one another. The Shapley value takes the mean over all
    orders in which the parts could be switched on, and its parts add up to the whole difference (Shapley 1953, "A value
    for n-person games"; for a sample of orders Castro, Gómez & Tejada 2009, Computers & Operations Research 36(5)).

    Parameters
    ----------
    game
        As far as it is played.
    beside
        The plan to compare with, a decision for each quarter; default: as before the game.
    measure
        "value" (profit and what the customers will still bring) or "profit".
    lucks
        Seeds of luck to look at; default: the game's own alone. With several, the interval says how far luck matters.
    orders
        How many orders of the parts are looked at where more than four parts differ; each comes with its reverse, so
        an even number is used.
    level
        Of the interval over lucks.

    Returns
    -------
    DataFrame
        One row per part that differs, in the order of the file, and a last row ``all parts``: ``part``, ``alone``
        (switched on by itself), ``last`` (added to all others), ``brings`` (Shapley value), ``low``, ``high`` (over
        lucks: Student's t, NaN for a single one), ``error`` (standard error because only a sample of orders was looked
        at, 0 if all were). All in £.

    Raises
    ------
    CrmkitError
        No quarter played, a plan of another length, an unknown measure.

    Examples
    --------
    >>> plan = policies.plan_of({"prices.level": 1.05, "service.agents": 3}, 50)
    >>> game = Game(customers=50, seed=3).run([plan])
    >>> table = causes(game, measure="profit")
    >>> table["part"].tolist()
    ['service', 'prices', 'all parts']
    >>> bool(abs(table["brings"][:2].sum() - table["brings"][2]) < 0.01)
    True
    """
    need_played(game)
    if measure not in ("value", "profit"):
        raise CrmkitError(f"measure must be 'value' or 'profit', not {measure!r}.")
    need_count(orders, "orders")
    other = _plan_beside(game, beside)
    parts = _parts_that_differ(game, other)
    seeds = [game.luck] if lucks is None else list(lucks)
    found = []
    for seed in seeds:
        assert seed is not None
        found.append(_shares(parts, _worth(game, other, measure, int(seed)), orders))
    whole = pd.DataFrame(
        {"part": [*parts, "all parts"], **dict.fromkeys(("alone", "last", "brings"), np.nan)}
    )
    for name in ("alone", "last", "brings"):
        whole[name] = np.mean([one[name] for one in found], axis=0)
    ends = [
        mean_interval(values, level=level)[1:] if len(seeds) > 1 else (np.nan, np.nan)
        for values in np.transpose([one["brings"] for one in found])
    ]
    whole["low"], whole["high"] = np.transpose(ends)
    squares = np.square([one["error"] for one in found])
    whole["error"] = np.sqrt(squares.sum(axis=0)) / len(seeds)
    return whole.round(2)


def combinations(game: Game, *, measure: str = "profit") -> pd.DataFrame:
    """Play every combination of a plan's parts: what the game would have brought with some of them and without others.

    Parameters
    ----------
    game
        As far as it is played; at most six parts may differ from the plan as before.
    measure
        "profit" or "value", as in `causes`.

    Returns
    -------
    DataFrame
        One row per combination, nothing first: a column of True and False for each part that differs, and ``more`` (£,
        beside the plan as before).

    Examples
    --------
    >>> game = Game(customers=50, seed=3).run([policies.plan_of({"prices.level": 1.05}, 50)])
    >>> combinations(game)["prices"].tolist()
    [False, True]
    """
    need_played(game)
    other = as_before(game)
    parts = _parts_that_differ(game, other)
    if len(parts) > _MOST_COMBINED:
        raise CrmkitError(
            f"{len(parts)} parts of the plan differ, which makes {2 ** len(parts)} combinations to play. "
            f"Up to {_MOST_COMBINED} are played; causes(game) looks at a sample."
        )
    assert game.luck is not None
    worth = _worth(game, other, measure, game.luck)
    rows = []
    for code in range(2 ** len(parts)):
        on = [bool(code >> place & 1) for place in range(len(parts))]
        chosen = frozenset(name for name, yes in zip(parts, on, strict=True) if yes)
        rows.append((*on, round(worth(chosen) - worth(frozenset()), 2)))
    return pd.DataFrame(rows, columns=[*parts, "more"])


def _parts_that_differ(game: Game, other: Sequence[Decisions]) -> list[str]:
    pairs = list(zip(game.decisions, other, strict=True))
    return [n for n in SECTIONS if any(getattr(a, n) != getattr(b, n) for a, b in pairs)]


def _worth(
    game: Game, other: list[Decisions], measure: str, seed: int
) -> Callable[[frozenset[str]], float]:
    """Give what a plan is worth that takes some parts from the game, the rest from the other; each is played once."""
    both = (*game.decisions, *other)
    # Kept beside the game: the same combinations are asked for by a table, a figure and an explorer.
    known = game.worths.setdefault((measure, seed, tuple(map(decisions_text, both))), {})

    def worth(parts: frozenset[str]) -> float:
        if parts not in known:
            plan = [
                replace(b, **{name: getattr(a, name) for name in sorted(parts)})
                for a, b in zip(game.decisions, other, strict=True)
            ]
            bills, state = run_fast(plan, game.states[0], len(plan), seed)
            ahead = customer_equity(state) if measure == "value" else 0.0
            known[parts] = profit(bills) + ahead
        return known[parts]

    return worth


def _shares(
    parts: list[str], worth: Callable[[frozenset[str]], float], orders: int
) -> dict[str, np.ndarray]:
    """Compute ``alone``, ``last``, ``brings`` and ``error`` of each part, and of all together."""
    nothing, everything = frozenset[str](), frozenset(parts)
    total = worth(everything) - worth(nothing)
    alone = [worth(frozenset({one})) - worth(nothing) for one in parts]
    last = [worth(everything) - worth(everything - {one}) for one in parts]
    if len(parts) <= _ALL_ORDERS:
        brings = [_exact(one, parts, worth) for one in parts]
        error = [0.0] * len(parts)
    else:
        pairs = -(-orders // 2)
        gains = np.array([_pair(order, parts, worth) for order in _sample(len(parts), pairs)])
        brings = list(gains.mean(axis=0))
        spread = gains.std(axis=0, ddof=1) if pairs > 1 else np.full(len(parts), np.nan)
        error = list(spread / np.sqrt(pairs))
    return {
        "alone": np.array([*alone, total]),
        "last": np.array([*last, total]),
        "brings": np.array([*brings, total]),
        "error": np.array([*error, 0.0]),
    }


def _exact(one: str, parts: list[str], worth: Callable[[frozenset[str]], float]) -> float:
    """Take the mean over all orders: each set of others counts as often as it comes first."""
    others = [name for name in parts if name != one]
    total = 0.0
    for code in range(2 ** len(others)):
        with_ = frozenset(name for place, name in enumerate(others) if code >> place & 1)
        total += (worth(with_ | {one}) - worth(with_)) / comb(len(others), len(with_))
    return total / len(parts)


def _pair(
    order: tuple[int, ...], parts: list[str], worth: Callable[[frozenset[str]], float]
) -> np.ndarray:
    """Compute what each part adds in an order and in its reverse, as their mean."""
    gains = np.zeros(len(parts))
    for way in (order, order[::-1]):
        before = frozenset[str]()
        for place in way:
            after = before | {parts[place]}
            gains[place] += (worth(after) - worth(before)) / 2
            before = after
    return gains


def _sample(number: int, pairs: int) -> list[tuple[int, ...]]:
    """Draw orders, each other than those before and their reverses as long as there are some left."""
    rng = np.random.default_rng(number)
    if factorial(number) <= 2 * pairs:
        return [one for one in permutations(range(number)) if one[0] < one[-1]]
    found: dict[tuple[int, ...], None] = {}
    while len(found) < pairs:
        one = tuple(int(place) for place in rng.permutation(number))
        found.setdefault(min(one, one[::-1]))
    return list(found)


# ------------------------------------------------------------------------------------------------ which customers
def fates(game: Game, beside: Sequence[Decisions] | None = None) -> pd.DataFrame:
    """Compare every customer with himself or herself under another plan, on the same luck.

    One run alone cannot say who was won by a plan: many come by themselves. Only somebody who is a customer under the
    plan and not without it was won by it.

    Parameters
    ----------
    game
        As far as it is played.
    beside
        The plan to compare with; default: as before the game.

    Returns
    -------
    DataFrame
        One row per person who is a customer under at least one of the plans: ``person``, ``customer_id`` (as the game
        numbered them; 0 for those whom it did not win), ``fate`` (one of `FATES`), ``state``, ``state_beside`` (of
        sleep, at the end; missing where no customer), ``annoyed``, ``annoyed_beside`` (contacts that annoyed),
        ``trust``, ``trust_beside`` (0 to 10), ``orders``, ``orders_beside``, ``margin``, ``margin_beside`` (£, all
        quarters).
    """
    need_played(game)
    other = _plan_beside(game, beside)
    assert game.luck is not None
    sides = [_followed(plan, game.states[0], game.luck) for plan in (game.decisions, other)]
    (own, mine), (beside_, theirs) = sides
    here, there = own.is_customer, beside_.is_customer
    awake = [(s.life.sleep == AWAKE) & ~s.life.lost for s in (own, beside_)]
    fate = np.select(
        [
            here & ~there,
            there & ~here,
            own.life.lost & ~beside_.life.lost,
            beside_.life.lost & ~own.life.lost,
            awake[0] & ~awake[1],
            awake[1] & ~awake[0],
        ],
        list(FATES[:-1]),
        FATES[-1],
    )
    columns: dict[str, object] = {
        "person": np.arange(len(here)),
        "customer_id": own.life.customer,
        "fate": pd.Series(fate, dtype="str"),
    }
    for end, state, sums in (("", own, mine), ("_beside", beside_, theirs)):
        names = np.array(STATES, dtype=object)[state.life.sleep]
        names[~state.is_customer] = None
        columns[f"state{end}"] = pd.Series(names, dtype="str")
        trust = state.rules["trust.usual"] + state.life.trust
        columns[f"trust{end}"] = np.where(state.is_customer, trust, np.nan).round(3)
        for name, values in sums.items():
            columns[f"{name}{end}"] = values
    table = pd.DataFrame(columns)[here | there].reset_index(drop=True)
    order = ["state", "annoyed", "trust", "orders", "margin"]
    return table[
        ["person", "customer_id", "fate", *(f"{n}{e}" for n in order for e in ("", "_beside"))]
    ]


def _followed(
    plan: Sequence[Decisions], state: State, seed: int
) -> tuple[State, dict[str, np.ndarray]]:
    """Play a plan and sum up, for each person, contacts that annoyed, orders, and margin in pounds."""
    n = len(state.people)
    annoyed, number, pence = (np.zeros(n, np.int64) for _ in range(3))
    for decisions in plan:
        quarter: Quarter = play_quarter(state, decisions, seed)
        annoyed += quarter.lives.annoyed
        np.add.at(number, quarter.orders.who, 1)
        np.add.at(pence, quarter.orders.who, quarter.orders.margin)
        state = quarter.after
    return state, {"annoyed": annoyed, "orders": number, "margin": pence / 100}


def fate_summary(people: pd.DataFrame) -> pd.DataFrame:
    """Count fates, with the money that goes with each.

    Parameters
    ----------
    people
        From `fates`.

    Returns
    -------
    DataFrame
        One row per fate that occurs, in the order of `FATES`: ``fate``, ``customers``, ``annoyed`` (of them, more often
        than under the other plan), ``more_orders``, ``more_margin`` (£, than under the other plan; all rows together
        are the whole difference).

    Examples
    --------
    >>> plan = policies.plan_of({"wake.drowsy": "call"}, 60)
    >>> game = Game(customers=60, seed=3).run([plan] * 2)
    >>> table = fate_summary(fates(game))
    >>> int(table["customers"].sum()) == int(fates(game).shape[0])
    True
    """
    more = people.assign(
        annoyed=people["annoyed"] > people["annoyed_beside"],
        more_orders=people["orders"] - people["orders_beside"],
        more_margin=people["margin"] - people["margin_beside"],
    )
    grouped = more.groupby("fate").agg(
        customers=("person", "size"),
        annoyed=("annoyed", "sum"),
        more_orders=("more_orders", "sum"),
        more_margin=("more_margin", "sum"),
    )
    known = [name for name in FATES if name in grouped.index]
    return grouped.loc[known].round({"more_margin": 2}).reset_index()


def money_by_item(game: Game, beside: Sequence[Decisions] | None = None) -> pd.DataFrame:
    """Say in which items of the accounts two plans differ, all quarters together.

    Returns
    -------
    DataFrame
        ``item``, ``amount``, ``beside``, ``more`` (£; costs are negative), in the order of the accounts.
    """
    need_played(game)
    other = _plan_beside(game, beside)
    assert game.luck is not None
    sums: list[dict[str, int]] = []
    for plan in (game.decisions, other):
        state, total = game.states[0], dict[str, int]()
        for decisions in plan:
            quarter = play_quarter(state, decisions, game.luck)
            for item, pence in bill(quarter).items():
                total[item] = total.get(item, 0) + pence
            state = quarter.after
        sums.append(total)
    items = list(dict.fromkeys([*sums[0], *sums[1]]))
    table = pd.DataFrame({"item": pd.Series(items, dtype="str")})
    for name, total in zip(("amount", "beside"), sums, strict=True):
        table[name] = [total.get(item, 0) / 100 for item in items]
    table["more"] = (table["amount"] - table["beside"]).round(2)
    return table


__all__ = [
    *(
        "FATES",
        "SECTIONS",
        "as_before",
        "causes",
        "combinations",
        "fate_summary",
        "fates",
        "money_by_item",
    ),
    *("need_played", "side_by_side"),
]
