"""What a game in class asks of the engine, in one place: so that tests can play with an engine of three lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import pandas as pd

from crmkit.game.decided import Decisions

if TYPE_CHECKING:
    from crmkit.game.quarter import Quarter

#: Whatever the engine's state is; a game in class only carries it.
State: TypeAlias = Any
Reports: TypeAlias = Mapping[str, pd.DataFrame]


class Measures(Protocol):
    """What measures a quarter."""

    def __call__(self, state: State, reports: Reports, *, equity: bool) -> Mapping[str, float]:
        """Give the figures of a quarter by name."""


@dataclass(frozen=True)
class Machine:
    """An engine, as a game in class uses it.

    Parameters
    ----------
    start
        Customers and seed to the state before the first quarter.
    history
        A state before the first quarter to the reports on the years before the game.
    step
        State, decisions and seed to the next state and the quarter's reports. It changes nothing.
    save, load
        A state into an empty folder, and back.
    measures
        The state after a quarter and its reports to the quarter's figures, ``profit`` at least; ``equity=False`` leaves
        out what takes long. See `crmkit.game.score.measures`.
    quick
        As `step`, with the figures in place of the reports: what a replay needs, in less time.
    ruled_as
        Two states to the first one with the rules of the second.
    ruled
        State and changed rules to a state that goes by them; raises CrmkitError where there is no such rule. None
        where the rules cannot be changed.
    together
        As `step`, for several companies in one market; None where the engine knows no such market.
    quick_together
        As `quick`, for these; None: replays take `together`.
    """

    start: Callable[[int, int], State]
    history: Callable[[State], Reports]
    step: Callable[[State, Decisions, int], tuple[State, Reports]]
    save: Callable[[State, Path], object]
    load: Callable[[Path], State]
    measures: Measures
    quick: Callable[[State, Decisions, int], tuple[State, Mapping[str, float]]]
    ruled_as: Callable[[State, State], State]
    ruled: Callable[[State, Mapping[str, Any]], State] | None = None
    together: (
        Callable[[Sequence[State], Sequence[Decisions], int], list[tuple[State, Reports]]] | None
    ) = None
    quick_together: (
        Callable[
            [Sequence[State], Sequence[Decisions], int], list[tuple[State, Mapping[str, float]]]
        ]
        | None
    ) = None


def _quick(state: State, decisions: Decisions, seed: int) -> tuple[State, Mapping[str, float]]:
    """Play a quarter without writing its reports: the figures of `measures`, customer equity left out."""
    from crmkit.game.engine import play_quarter

    return _figures(play_quarter(state, decisions, seed))


def _quick_together(
    states: Sequence[State], decisions: Sequence[Decisions], seed: int
) -> list[tuple[State, Mapping[str, float]]]:
    from crmkit.game.engine import play_together

    return [_figures(quarter) for quarter, _ in play_together(states, decisions, seed)]


def _figures(quarter: Quarter) -> tuple[State, Mapping[str, float]]:
    from crmkit.game.accounts import bill
    from crmkit.game.score import health

    who = quarter.orders.who
    return quarter.after, {
        "profit": sum(bill(quarter).values()) / 100,
        "turnover": int(quarter.orders.turnover.sum()) / 100,
        "orders": float(len(who)),
        "customers_active": float(len(set(who.tolist()))),
        "health": health(quarter.after),
    }


def engine() -> Machine:
    """Give the engine of this course."""
    from dataclasses import replace

    from crmkit.game import engine as own
    from crmkit.game.reports import history
    from crmkit.game.score import measures
    from crmkit.game.state import from_folder, start, to_folder

    return Machine(
        start=start,
        history=history,
        step=own.step,
        save=to_folder,
        load=from_folder,
        measures=measures,
        quick=_quick,
        ruled_as=lambda state, other: replace(state, rules=other.rules),
        ruled=lambda state, rules: replace(state, rules=state.rules.changed(rules)),
        together=lambda states, plans, seed: list(own.step_together(states, plans, seed)),
        quick_together=_quick_together,
    )
