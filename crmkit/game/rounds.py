"""A round is played: for all teams or for none, once and not twice, whenever the command is killed.

The round is built in a folder of its own, flushed to the disk, and moved into ``rounds/NN`` in one step. Before that
step nothing has happened, after it the round has been played. What the teams are given afterwards is completed by the
next call. ``journal.txt`` tells when each step was done.

Luck
    Beside the run that counts, every plan is played again with chance of its own (`Game.replays` times), from the
    first round on. The run that counts and its replays are alike but for chance, so that a further one lies between the
    r-th lowest and the r-th highest of K replays with a chance of 1 - 2 r / (K + 1), whatever the distribution: with
    nine replays, between the lowest and the highest in 80 of 100 cases [1]_.

References
----------
.. [1] David, H. A. & Nagaraja, H. N. (2003). Order Statistics, 3rd ed., section 7.3. Wiley.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from crmkit.errors import CrmkitError
from crmkit.game import durable
from crmkit.game.decided import Decisions
from crmkit.game.decisions import decisions_text
from crmkit.game.delivery import DELIVERED, deliver, is_delivered, plan_of, repeated
from crmkit.game.inbox import checked_plan
from crmkit.game.machine import Machine, Reports, State
from crmkit.game.results import BEFORE, OWN, REPEATED, RESULT, Outcome, Result, read_result
from crmkit.game.tables import write_tables
from crmkit.game.teams import COLLECTED, ROUNDS, SHARED, TEAMS, Game, Team, read_game
from crmkit.game.trainer import Course
from crmkit.practice.alone import working_alone
from crmkit.practice.roster import seed_of

JOURNAL = "journal.txt"
#: What a call did.
PLAYED, COMPLETED, ALREADY = "played", "completed", "already"


@dataclass(frozen=True)
class Advanced:
    """What a call did: it played a round, completed one that had been interrupted, or found it played already."""

    round: int
    what: str
    absent: tuple[str, ...] = ()
    over: bool = False
    notes: tuple[str, ...] = field(default=())


def advance(
    folder: str | Path,
    machine: Machine,
    *,
    number: int | None = None,
    without: bool = False,
    at: Callable[[str], None] = lambda step: None,
) -> Advanced:
    """Play the round that comes, with what has been collected for it.

    Parameters
    ----------
    folder
        The game folder.
    machine
        The engine.
    number
        The round that is to be played. Where it has been played, nothing happens.
    without
        Play although no team has handed in anything: all repeat what they decided.
    at
        Called after each step, with its name.

    Returns
    -------
    Advanced
        ``what`` is ``"completed"`` where an earlier call had been interrupted after the round was played: then this one
        gives the teams what they lack, and plays no further round.

    Raises
    ------
    CrmkitError
        Nothing has been collected, all rounds have been played, or a plan does not fit the trainer's file any more.
    """
    game = read_game(folder)
    course = game.course()
    with working_alone(game.folder, "crmkit game"):
        played = game.played()
        durable.clear_unfinished(game.folder)
        durable.clear_unfinished(game.folder / ROUNDS)
        if not is_delivered(game):
            _hand_over(game, played, at)
            return _said(game, course, played, COMPLETED)
        _forget_replays(game, played - 1)
        if number is not None and 1 <= number <= played:
            return _said(game, course, number, ALREADY)
        if played >= course.rounds:
            raise CrmkitError(
                f"All {course.rounds} rounds have been played. `crmkit game debrief` writes the teams' pages; more "
                f"rounds: change `rounds` in {game.folder / 'game.toml'}."
            )
        this = played + 1
        if number not in (None, this):
            raise CrmkitError(f"Round {this} comes next, not round {number}.")
        plans = _plans(game, course, this)
        if not without and all(source != OWN for _, source in plans.values()):
            raise CrmkitError(
                f"No decisions have been collected for round {this}, so that nothing was played. First "
                "`crmkit game collect`. To let every team go on with what it decided last: --without-decisions."
            )
        note(game, f"round {this} begins")
        at("begun")
        _play(game, course, this, plans, machine, at)
        note(game, f"round {this} was played")
        at("journal")
        _hand_over(game, this, at)
    return _said(game, course, this, PLAYED)


def _said(game: Game, course: Course, number: int, what: str) -> Advanced:
    absent: tuple[str, ...] = ()
    if number:
        outcomes = read_result(game, number).teams
        absent = tuple(team.id for team in game.teams if outcomes[team.id].source != OWN)
    return Advanced(number, what, absent, game.played() >= course.rounds)


def _hand_over(game: Game, number: int, at: Callable[[str], None]) -> None:
    deliver(game, at)
    note(game, f"round {number} was given to the teams")
    _forget_replays(game, number - 1)
    at("tidied")


def _plans(game: Game, course: Course, number: int) -> dict[str, tuple[Decisions, str]]:
    """Give each team's decisions for a round, and where they come from.

    Raises
    ------
    CrmkitError
        What was collected is broken or moves a lever that is closed by now: it was changed, or the trainer's file was.
    """
    plans = {}
    for team in game.teams:
        path = game.folder / COLLECTED / f"{number:02d}" / f"{team.id}.toml"
        if path.is_file():
            try:
                plan = checked_plan(game, course, team, number, path.read_bytes())
            except CrmkitError as error:
                raise CrmkitError(
                    f"{path} was good when it was collected, and is not now; nothing was played. {error}\nMend it, "
                    "or delete it: the team then repeats its decisions."
                ) from error
            plans[team.id] = plan, OWN
        else:
            before = plan_of(game, team, number - 1)
            plans[team.id] = repeated(before), REPEATED if number > 1 else BEFORE
    return plans


# ------------------------------------------------------------------------------------------------- one round
def _play(
    game: Game,
    course: Course,
    number: int,
    plans: Mapping[str, tuple[Decisions, str]],
    machine: Machine,
    at: Callable[[str], None],
) -> None:
    final = game.round_folder(number)
    partial = durable.begin(final)
    for team in game.teams:
        home = partial / TEAMS / team.id
        home.mkdir(parents=True)
        text = decisions_text(plans[team.id][0], game.symbol)
        (home / "decisions.toml").write_text(text, encoding="utf-8")
    measured: dict[str, list[Mapping[str, float]]] = {team.id: [] for team in game.teams}
    rules = course.rules_in(number)
    for run in range(game.replays + 1):
        seed = seed_of_run(game, run)
        states = [_state(game, machine, team, number - 1, run, rules) for team in game.teams]
        chosen = [plans[team.id][0] for team in game.teams]
        stepped = _step(game, machine, states, chosen, seed, replay=run > 0)
        for team, (state, figures, reports) in zip(game.teams, stepped, strict=True):
            home = partial / TEAMS / team.id
            kept = home / "state" if run == 0 else home / "replays" / f"{run:02d}"
            kept.mkdir(parents=True)
            machine.save(state, kept)
            measured[team.id].append(figures_of(figures))
            if reports is not None:
                write_tables(reports, home / "reports")
                write_tables(getattr(reports, "truth", {}), home / "truth")
                at(f"played for {team.id}")
        at(f"run {run}")
    outcomes = {
        team.id: Outcome(plans[team.id][1], measured[team.id][0], tuple(measured[team.id][1:]))
        for team in game.teams
    }
    events = tuple({"title": e.title, "text": e.text} for e in course.events_of(number))
    now = dt.datetime.now().astimezone().isoformat(timespec="seconds")
    text = json.dumps(asdict(Result(number, now, outcomes, events)), indent=1, ensure_ascii=False)
    (partial / RESULT).write_text(text + "\n", encoding="utf-8")
    at("built")
    durable.finish(partial, final)
    at("in place")


def _state(
    game: Game, machine: Machine, team: Team, number: int, run: int, rules: Mapping[str, Any]
) -> State:
    """Load a team's state after a round, in the run that counts (0) or in a replay, with the rules of the next."""
    home = game.round_folder(number)
    if number == 0:
        path = home / "state"
    else:
        own = home / TEAMS / team.id
        path = own / "state" if run == 0 else own / "replays" / f"{run:02d}"
    state = machine.load(path)
    if not rules:
        return state
    if machine.ruled is None:
        raise CrmkitError(
            "This engine's rules cannot be changed by an event: take [event.rules] out of game.toml, title and text "
            "may stay. Nothing was played."
        )
    return machine.ruled(state, rules)


def _step(
    game: Game,
    machine: Machine,
    states: Sequence[State],
    plans: Sequence[Decisions],
    seed: int,
    *,
    replay: bool,
) -> Iterator[tuple[State, Mapping[str, float], Reports | None]]:
    """Play a quarter for every team: the state after it, its figures, and its reports in the run that counts."""
    if game.market == SHARED:
        if machine.together is None:
            raise CrmkitError("This engine cannot play rivals in one market. Nothing was played.")
        if replay and machine.quick_together is not None:
            for state, figures in machine.quick_together(states, plans, seed):
                yield state, figures, None
            return
        for state, reports in machine.together(states, plans, seed):
            figures = machine.measures(state, reports, equity=not replay)
            yield state, figures, None if replay else reports
        return
    for before, plan in zip(states, plans, strict=True):
        if replay:
            yield *machine.quick(before, plan, seed), None
        else:
            state, reports = machine.step(before, plan, seed)
            yield state, machine.measures(state, reports, equity=True), reports


def seed_of_run(game: Game, run: int) -> int:
    """Give the seed of chance of a run: 0 is the one that counts, the others are replays with chance of their own."""
    return game.seed if run == 0 else seed_of(game.seed, f"replay {run}")


def figures_of(measures: Mapping[str, float]) -> dict[str, float]:
    """Give plain numbers that a file can hold, money to the penny; what could not be measured is left out."""
    return {
        name: round(float(value), 2) for name, value in measures.items() if not math.isnan(value)
    }


def _forget_replays(game: Game, number: int) -> None:
    """Remove the replays' states of a round whose next one has been played: their figures are kept."""
    if number < 1:
        return
    for team in game.teams:
        shutil.rmtree(game.round_folder(number) / TEAMS / team.id / "replays", ignore_errors=True)


def note(game: Game, what: str) -> None:
    """Add a line on what was done, so that it lasts."""
    now = dt.datetime.now().astimezone().isoformat(" ", "seconds")
    with (game.folder / JOURNAL).open("a", encoding="utf-8") as file:
        file.write(f"{now} {what}\n")
        file.flush()
        os.fsync(file.fileno())


__all__ = [
    "DELIVERED",
    "Advanced",
    "Outcome",
    "Result",
    "advance",
    "figures_of",
    "note",
    "read_result",
    "seed_of_run",
]
