"""A team joins a game that is running: for the rounds that are gone it has gone on as before the game.

So it begins where a team would be that had handed in nothing so far: with the same customers as all others at the
start, the same chance, the same events. Nothing of the other teams changes. In one market nobody can join later: the
households that a new rival would have won have come to others by then.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from crmkit.errors import CrmkitError
from crmkit.game import durable
from crmkit.game.decided import Decisions
from crmkit.game.decisions import decisions_text
from crmkit.game.delivery import DELIVERED, deliver, plan_of
from crmkit.game.machine import Machine, State
from crmkit.game.results import JOINED, RESULT, Outcome, read_result
from crmkit.game.rounds import figures_of, note, seed_of_run
from crmkit.game.tables import write_tables
from crmkit.game.teams import MANIFEST, SHARED, TEAMS, Game, Team, checked, manifest_text, read_game
from crmkit.practice.alone import working_alone
from crmkit.practice.roster import folder_name


def join(folder: str | Path, name: str, machine: Machine) -> Game:
    """Let a team join.

    Interrupted at any moment, the game is without the team; called again, it is with it.

    Parameters
    ----------
    folder
        The game folder.
    name
        Of the new team.
    machine
        The engine.

    Returns
    -------
    Game
        With the team, last in the list.

    Raises
    ------
    CrmkitError
        The name cannot be a team's or is taken, all rounds have been played, a round waits to be completed, or the
        game is one of rivals in one market that has begun.
    """
    game = read_game(folder)
    team = Team(folder_name(name), name.strip())
    with working_alone(game.folder, "crmkit game"):
        teams = tuple(checked([*game.teams, team]))
        played, course = game.played(), game.course()
        if played >= course.rounds:
            raise CrmkitError(
                f"All {course.rounds} rounds have been played: nobody can join any more. More rounds: change `rounds` "
                f"in {game.folder / 'game.toml'}."
            )
        if game.market == SHARED and played:
            raise CrmkitError(
                "In one market nobody can join after the first round: the households that a new rival would have won "
                "have come to others by then. Let the newcomers join a team. Nothing was changed."
            )
        mark = game.round_folder(played) / DELIVERED
        if not mark.exists():
            raise CrmkitError(
                "A command was interrupted: call `crmkit game advance` first, which completes it."
            )
        outcomes = _gone(game, team, machine)
        for number, outcome in outcomes.items():
            result = read_result(game, number)
            both = replace(result, teams={**result.teams, team.id: outcome})
            text = json.dumps(asdict(both), indent=1, ensure_ascii=False)
            durable.put(game.round_folder(number) / RESULT, text + "\n")
        # Until the list names the team, nobody reads what was written for it. Then it lacks its folder.
        mark.unlink()
        game = replace(game, teams=teams)
        durable.put(game.folder / MANIFEST, manifest_text(game))
        deliver(game)
        note(game, f"{team.name} joined after round {played}")
    return game


def _gone(game: Game, team: Team, machine: Machine) -> dict[int, Outcome]:
    """Play the rounds that are gone as before the game; gives what came of each."""
    played = game.played()
    if not played:
        return {}
    plan = plan_of(game, team, 0)
    start = machine.load(game.round_folder(0) / "state")
    states = [start] * (game.replays + 1)
    found = {}
    for number in range(1, played + 1):
        final = game.round_folder(number) / TEAMS / team.id
        durable.clear_unfinished(final.parent)
        # An attempt that was interrupted; a team of the list has another id.
        if final.exists():
            shutil.rmtree(final)
        home = durable.begin(final)
        (home / "decisions.toml").write_text(decisions_text(plan, game.symbol), encoding="utf-8")
        measured: list[Mapping[str, float]] = []
        for run, before in enumerate(states):
            state, figures = _one(game, machine, before, plan, number, run, home)
            measured.append(figures_of(figures))
            states[run] = state
            # As in a round that all play: replays keep their states after the last one only.
            if run == 0 or number == played:
                kept = home / "state" if run == 0 else home / "replays" / f"{run:02d}"
                kept.mkdir(parents=True)
                machine.save(state, kept)
        durable.finish(home, final)
        found[number] = Outcome(JOINED, measured[0], tuple(measured[1:]))
    return found


def _one(
    game: Game,
    machine: Machine,
    before: State,
    plan: Decisions,
    number: int,
    run: int,
    home: Path,
) -> tuple[State, Mapping[str, float]]:
    """Play one round of one run; the reports of the run that counts are written."""
    seed = seed_of_run(game, run)
    before = _ruled(game, machine, before, number)
    if run:
        return machine.quick(before, plan, seed)
    state, reports = machine.step(before, plan, seed)
    write_tables(reports, home / "reports")
    truth: Mapping[str, Any] = getattr(reports, "truth", {})
    write_tables(truth, home / "truth")
    return state, machine.measures(state, reports, equity=True)


def _ruled(game: Game, machine: Machine, state: State, number: int) -> State:
    """Give the rules by which a round was played, whatever the trainer's file says by now."""
    other = machine.load(game.round_folder(number) / TEAMS / game.teams[0].id / "state")
    return machine.ruled_as(state, other)
