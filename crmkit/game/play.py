"""One player's run of the game: decide, let the quarter happen, look back, play a quarter again with other decisions.

Luck belongs to the quarter, the mechanism and the person, whatever is decided. So a game is its customers, its seed of
luck and its decisions: these are what is saved, and the rest is played again. For the same reason two plans on the
same luck differ only by what they do.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.game.accounts import bill
from crmkit.game.decisions import Decisions, check, read_decisions, write_decisions
from crmkit.game.engine import play_checked, step
from crmkit.game.reports import Reports, history, joined
from crmkit.game.rules import Rules
from crmkit.game.state import State, start
from crmkit.inputs import need_count

QUARTERS = 12
#: No game is longer: the calendar of the world is twelve years.
MOST_QUARTERS = 40
_FORMAT = 1
FILE = "game.toml"


@dataclass(frozen=True)
class Seen:
    """What a player sees before a decision.

    Attributes
    ----------
    quarter : int
        The quarter that is decided about, from 1.
    quarters : int
        Length of the game.
    customers : int
        Customers at the start.
    reports : Reports
        All reports so far joined, those of the three years before the game too.
    decisions : tuple of Decisions
        Of the quarters played.
    rules : Rules
        The game's numbers.
    state : State or None
        The truth; None unless the policy asks for it.
    open_levers : tuple of str or None
        In a class, the sections and fields that may be moved in this quarter; None if all may.
    symbol : str or None
        In a class, the sign of the game's money; None for that of the company at hand.
    """

    quarter: int
    quarters: int
    customers: int
    reports: Reports
    decisions: tuple[Decisions, ...]
    rules: Rules
    state: State | None = None
    open_levers: tuple[str, ...] | None = None
    symbol: str | None = None


@dataclass(frozen=True)
class Policy:
    """A rule that decides: a name, a function of what is seen, and whether it is shown the truth.

    ``needs_reports`` is False for a rule that looks at no reports; its games are played faster.
    """

    name: str
    decide: Callable[[Seen], Decisions]
    knows_the_truth: bool = False
    needs_reports: bool = True

    def __call__(self, seen: Seen) -> Decisions:
        """Decide, as a plain function does."""
        return self.decide(seen)


#: What can be played: the same decisions again and again, one for each quarter, or a rule.
Plan: TypeAlias = "Decisions | Sequence[Decisions] | Policy | Callable[[Seen], Decisions]"


@dataclass
class Game:
    """A game and all that has happened in it.

    Parameters
    ----------
    customers, seed
        Customers at the start, and the seed of who they are.
    luck
        Seed of what happens by chance; default: as `seed`.
    quarters
        Length.
    rules
        Default: the usual ones.

    Examples
    --------
    >>> from crmkit.game.decisions import AS_BEFORE, changed
    >>> game = Game(customers=50, seed=3)
    >>> reports = game.play(AS_BEFORE)
    >>> game.played, len(game.accounts) == len(reports["accounts"])
    (1, True)
    >>> other = game.replay(1, changed(AS_BEFORE, {"prices.level": 1.1}))
    >>> other.played
    1
    """

    customers: int = 2000
    seed: int = 1
    luck: int | None = None
    quarters: int = QUARTERS
    rules: Rules | None = None
    decisions: list[Decisions] = field(default_factory=list, init=False)
    #: The state before the first quarter, and after each.
    states: list[State] = field(default_factory=list, init=False, repr=False)
    #: Of each quarter.
    reported: list[Reports] = field(default_factory=list, init=False, repr=False)
    _joined: Reports | None = field(default=None, init=False, repr=False)
    #: What other plans would have brought, once it is known: `crmkit.game.debrief` keeps it here.
    worths: dict[Any, dict[frozenset[str], float]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        need_count(self.quarters, "quarters", MOST_QUARTERS)
        self.quarters = int(self.quarters)
        self.states.append(start(self.customers, self.seed, self.rules))
        self.rules = self.states[0].rules
        self.luck = self.seed if self.luck is None else self.luck

    @classmethod
    def elsewhere(
        cls,
        states: Sequence[State],
        decisions: Sequence[Decisions],
        reported: Sequence[Reports],
        luck: int,
    ) -> Game:
        """Give a game that was played elsewhere (a team's in class), so that it can be looked back at and replayed.

        Parameters
        ----------
        states
            The state before the first quarter, and after each; what happened beside the decisions is in the first.
        decisions, reported
            Of each quarter.
        luck
            Seed of what happened by chance.
        """
        first = states[0]
        other = cls.__new__(cls)
        other.customers, other.seed, other.luck = first.customers, first.seed, luck
        other.quarters, other.rules = len(decisions), first.rules
        other.decisions, other.reported = list(decisions), list(reported)
        other.states = list(states)
        other._joined, other.worths = None, {}
        return other

    @property
    def played(self) -> int:
        """How many quarters have been played."""
        return len(self.decisions)

    @property
    def state(self) -> State:
        """How things stand: the truth, which no player sees."""
        return self.states[-1]

    @property
    def reports(self) -> Reports:
        """All reports so far joined, those of the years before the game too."""
        if self._joined is None:
            self._joined = joined([history(self.states[0]), *self.reported])
        return self._joined

    @property
    def accounts(self) -> pd.DataFrame:
        """What each quarter brought and cost: ``quarter``, ``item``, ``amount`` (£; costs are negative)."""
        if not self.reported:
            return pd.DataFrame(
                {"quarter": pd.Series(dtype=int), "item": pd.Series(dtype="str"), "amount": 0.0}
            )
        return pd.concat([one["accounts"] for one in self.reported], ignore_index=True)

    def seen(self, *, truth: bool = False) -> Seen:
        """Give what the player sees before the next decision."""
        return Seen(
            quarter=self.played + 1,
            quarters=self.quarters,
            customers=self.customers,
            reports=self.reports,
            decisions=tuple(self.decisions),
            rules=self.state.rules,
            state=self.state if truth else None,
        )

    def play(self, decisions: Decisions) -> Reports:
        """Let one quarter happen.

        Parameters
        ----------
        decisions
            Of the quarter.

        Returns
        -------
        Reports
            Of the quarter.

        Raises
        ------
        CrmkitError
            The game is over, or something in the decisions is out of bounds; nothing has happened then.
        """
        if self.played >= self.quarters:
            raise CrmkitError(
                f"The game is over: all {self.quarters} quarters are played. Play a quarter again with replay(), or "
                "begin another game."
            )
        decisions = check(decisions)
        assert self.luck is not None
        state, reports = step(self.state, decisions, self.luck)
        self.states.append(state)
        self.decisions.append(decisions)
        self.reported.append(reports)
        self._joined = None
        return reports

    def run(self, plan: Plan, quarters: int | None = None) -> Game:
        """Play the rest of the game, or some quarters of it, by a plan; gives the game itself back.

        Parameters
        ----------
        plan
            Decisions (the same in every quarter), a sequence of them, or a policy.
        quarters
            How many; default: all that are left, or as many as the sequence has.
        """
        left = self.quarters - self.played
        if isinstance(plan, Sequence):
            left = min(left, len(plan))
        for place in range(
            left if quarters is None else need_count(quarters, "quarters", max(left, 1))
        ):
            self.play(decided(plan, place, lambda truth: self.seen(truth=truth)))
        return self

    def replay(self, from_quarter: int, plan: Plan) -> Game:
        """Play again from a quarter on with other decisions, on the same customers and the same luck.

        Parameters
        ----------
        from_quarter
            The first quarter that is played again, from 1.
        plan
            Decisions for that quarter alone (the later ones stay as they were), a sequence of decisions for that
            quarter and those after it, or a policy for all that follow.

        Returns
        -------
        Game
            Another game, played as far as this one.
        """
        number = need_count(from_quarter, "from_quarter", max(self.played, 1))
        if number > self.played:
            raise CrmkitError("No quarter has been played yet, so none can be played again.")
        other = self._copy(number - 1)
        if isinstance(plan, Decisions):
            plan = [plan]
        given = len(plan) if isinstance(plan, Sequence) else self.played - number + 1
        for place in range(self.played - number + 1):
            if place < given:
                decisions = decided(plan, place, lambda truth: other.seen(truth=truth))
            else:
                decisions = self.decisions[number - 1 + place]
            other.play(decisions)
        return other

    def _copy(self, played: int) -> Game:
        """Give a game of which only the first quarters are played."""
        other = Game.__new__(Game)
        other.customers, other.seed, other.luck = self.customers, self.seed, self.luck
        other.quarters, other.rules = self.quarters, self.rules
        other.decisions = self.decisions[:played]
        other.states = self.states[: played + 1]
        other.reported = self.reported[:played]
        other._joined, other.worths = None, {}
        return other

    # ------------------------------------------------------------------------------------------------------- folders
    def save(self, folder: str | Path) -> Path:
        """Write the game into a folder: one small file, and one of decisions for each quarter.

        An interrupted saving leaves a game that can be read: the one file that counts quarters is replaced last.
        """
        folder = Path(folder)
        (folder / "decisions").mkdir(parents=True, exist_ok=True)
        for number, one in enumerate(self.decisions, start=1):
            write_decisions(one, _file(folder, number))
        usual = Rules()
        rules = [(n, v) for n, v in self.state.rules.items() if v != usual[n]]
        profit = [round(100 * float(one["accounts"]["amount"].sum())) for one in self.reported]
        lines = [
            "# A game of crmkit: read it with crmkit.game.play.load.",
            f"format = {_FORMAT}",
            f"customers = {self.customers}",
            f"seed = {self.seed}",
            f"luck = {self.luck}",
            f"quarters = {self.quarters}",
            f"played = {self.played}",
            f"profit_pence = {profit}",
            "",
            "[rules]",
            *(f'"{name}" = {value!r}' for name, value in rules),
        ]
        scrap = folder / f".{FILE}.{os.getpid()}"
        scrap.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
        scrap.replace(folder / FILE)
        return folder


def decided(plan: Plan, place: int, see: Callable[[bool], Seen]) -> Decisions:
    """Give what a plan decides at a place of its quarters.

    Parameters
    ----------
    plan
    place
        From 0.
    see
        Gives what is seen, with the truth or without it.
    """
    if isinstance(plan, Decisions):
        return plan
    if isinstance(plan, Policy):
        return plan.decide(see(plan.knows_the_truth))
    if callable(plan):
        return plan(see(False))
    if isinstance(plan, Sequence) and not isinstance(plan, str):
        return plan[place]
    raise CrmkitError(
        f"A plan is decisions, a list of them, or a function of what is seen, not {type(plan).__name__}."
    )


def load(folder: str | Path) -> Game:
    """Read a game from its folder and play its quarters again.

    Raises
    ------
    CrmkitError
        No game in the folder, a damaged file, or a game that comes out differently: it was made by another crmkit.
    """
    folder = Path(folder)
    try:
        about = tomllib.loads((folder / FILE).read_text(encoding="utf-8"))
        if about["format"] != _FORMAT:
            raise CrmkitError(
                f"{folder}: this game has format {about['format']!r}, and this crmkit reads {_FORMAT}."
            )
        game = Game(
            customers=about["customers"],
            seed=about["seed"],
            luck=about["luck"],
            quarters=about["quarters"],
            rules=Rules(about["rules"]),
        )
        played, profit = int(about["played"]), list(about["profit_pence"])
    except CrmkitError:
        raise
    except (OSError, KeyError, TypeError, ValueError) as error:
        what = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise CrmkitError(
            f"{folder / FILE}: no game that can be read ({what}). Name the folder into which save() wrote it."
        ) from error
    for number in range(1, played + 1):
        reports = game.play(read_decisions(_file(folder, number)))
        came = round(100 * float(reports["accounts"]["amount"].sum()))
        if number > len(profit) or came != profit[number - 1]:
            raise CrmkitError(
                f"{folder}: quarter {number} comes out differently than when it was saved. Files of the game were "
                "changed, or it was played with another version of crmkit: go on with that one, or begin a new game."
            )
    return game


def _file(folder: Path, number: int) -> Path:
    return folder / "decisions" / f"quarter_{number:02d}.toml"


# --------------------------------------------------------------------------------------------------- without reports
def run_fast(
    plan: Plan, state: State, quarters: int, luck: int, *, length: int | None = None
) -> tuple[list[dict[str, int]], State]:
    """Play quarters without writing reports: for plans that look at none, which is four times as fast.

    Parameters
    ----------
    plan
        Decisions, a sequence of them, or a policy without need of reports.
    state
        Where it begins.
    quarters
        How many.
    luck
        Seed of what happens by chance.
    length
        Length of the game, which a policy may ask for; default: `quarters`.

    Returns
    -------
    bills : list of dict
        Amounts in pence by item, a dictionary a quarter.
    state : State
        At the end.
    """
    bills: list[dict[str, int]] = []
    done: list[Decisions] = []
    for place in range(quarters):

        def see(truth: bool, now: State = state) -> Seen:
            return Seen(
                quarter=now.quarter + 1,
                quarters=length or quarters,
                customers=now.customers,
                reports=Reports({}),
                decisions=tuple(done),
                rules=now.rules,
                state=now if truth else None,
            )

        decisions = decided(plan, place, see)
        # Most plans decide the same quarter after quarter: one check is enough for them.
        decisions = done[-1] if done and decisions == done[-1] else check(decisions)
        quarter = play_checked(state, decisions, luck)
        bills.append(bill(quarter))
        done.append(decisions)
        state = quarter.after
    return bills, state


def profit(bills: Iterable[dict[str, int]]) -> float:
    """Sum bills up, in pounds."""
    return float(np.sum([sum(one.values()) for one in bills])) / 100
