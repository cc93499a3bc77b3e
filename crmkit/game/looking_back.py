"""What a class reads after its game: each team's run taken apart, with the truth that the game has kept.

For each team four pieces are computed: what each part of its plan brought (`causes`), its slips with their prices, what
became of its customers, and its habits. Each piece is kept in ``debrief/parts`` as soon as it is there, so that a
command that was interrupted goes on where it was. Pieces that belong to other decisions, or to another crmkit, are
computed again.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Callable, Mapping
from concurrent.futures import as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.game import durable, play
from crmkit.game.debrief import causes, fate_summary, fates
from crmkit.game.decisions import Decisions, decisions_text
from crmkit.game.delivery import plan_of
from crmkit.game.engine import play_together
from crmkit.game.play import profit, run_fast
from crmkit.game.policies import as_before
from crmkit.game.reports import Reports
from crmkit.game.score import customer_equity
from crmkit.game.slips import habits, slips
from crmkit.game.standing import Around, Rivals, State
from crmkit.game.state import from_folder
from crmkit.game.tables import read_tables
from crmkit.game.teams import SHARED, TEAMS, Game, Team, read_game
from crmkit.inputs import need_count
from crmkit.practice.workers import workers
from crmkit.say import language

PARTS = "debrief/parts"
PIECES = ("causes", "slips", "fates", "habits")
#: Slips are priced on the game's own luck and on three others: a class does not wait for more. Lesson 91 takes seven.
OTHER_LUCKS = (20_001, 20_002, 20_003)
#: Orders in which the parts of a plan are switched on, where there are more than four.
ORDERS = 4
_FORMAT = 2


@dataclass(frozen=True)
class LookedBack:
    """What looking back found out about a team.

    Attributes
    ----------
    before : float
        What the team would have earned as before the game, on the same luck (£).
    earned : float
        What it earned (£).
    ahead, ahead_before : float
        What its customers will still bring, and would as before the game (£); see `crmkit.game.score.customer_equity`.
    causes : DataFrame
        ``part``, ``brings`` (£, adds up to the difference), ``error``; see `crmkit.game.debrief.causes`.
    slips : DataFrame
        See `crmkit.game.slips.slips`.
    fates : DataFrame
        See `crmkit.game.debrief.fate_summary`.
    customers : dict
        ``awake`` and ``awake_before``, ``annoyed`` and ``annoyed_before``, ``woken`` (sleeping at the start, awake at
        the end, and not so without the plan).
    habits : DataFrame
        See `crmkit.game.slips.habits`.
    """

    before: float
    earned: float
    ahead: float
    ahead_before: float
    causes: pd.DataFrame
    slips: pd.DataFrame
    fates: pd.DataFrame
    customers: Mapping[str, int]
    habits: pd.DataFrame

    @property
    def rest(self) -> float:
        """What the parts do not explain (£): 0 but for pennies, if the game was played with this crmkit."""
        parts = self.causes[self.causes["part"] != "all parts"]
        return round(self.earned - self.before - float(parts["brings"].sum()), 2)


def look_back(
    game: Game, *, jobs: int = 1, done: Callable[[str, str], None] = lambda team, piece: None
) -> dict[str, LookedBack]:
    """Compute what is missing of all teams' pieces, and give all of them.

    Parameters
    ----------
    game
        With at least one round played.
    jobs
        Processes that work at the same time.
    done
        Called with the team's id and the piece's name when a piece is there, computed or found.

    Returns
    -------
    dict
        By team id, in the order of the teams.

    Raises
    ------
    CrmkitError
        Nothing has been played, or a file of the game has been spoilt.
    """
    need_count(jobs, "jobs", 64)
    if game.played() == 0:
        raise CrmkitError("Nothing has been played yet. First: crmkit game advance.")
    wanted = []
    durable.clear_unfinished(game.folder / PARTS)
    for team in game.teams:
        for piece in PIECES:
            if _kept(game, team, piece) is None:
                wanted.append((team.id, piece))
            else:
                done(team.id, piece)
    try:
        _work(game, wanted, jobs, done)
    finally:
        # Processes that were stopped may have left half a file.
        durable.clear_unfinished(game.folder / PARTS)
    return {team.id: _put_together(game, team) for team in game.teams}


def _work(
    game: Game, wanted: list[tuple[str, str]], jobs: int, done: Callable[[str, str], None]
) -> None:
    """Compute pieces, and name each when it is kept."""
    if jobs == 1 or len(wanted) < 2:
        for team_id, piece in wanted:
            keep_piece(game.folder, team_id, piece)
            done(team_id, piece)
        return
    # What takes longest begins first, so that no process is left with it at the end.
    wanted = sorted(wanted, key=lambda one: PIECES.index(one[1]))
    try:
        with workers(min(jobs, len(wanted))) as pool:
            running = {pool.submit(keep_piece, game.folder, *one): one for one in wanted}
            for each in as_completed(running):
                each.result()
                done(*running[each])
    except BrokenProcessPool as error:
        raise CrmkitError(
            "A process was ended from outside, most often because memory ran short. What was computed is kept: give "
            "the command again, with --jobs 1."
        ) from error


# ------------------------------------------------------------------------------------------------- a team's game again
def replayable(game: Game, team: Team) -> play.Game:
    """Give a team's run as a game that can be looked back at: with the trainer's changes of the rules and its rivals.

    In one market the other teams stay as they were, whatever the team is made to decide otherwise.

    Raises
    ------
    CrmkitError
        A file of the game has been spoilt.
    """
    return _replayable(game.folder, team.id, game.played())


@functools.lru_cache(maxsize=2)
def _replayable(folder: Path, team_id: str, played: int) -> play.Game:
    game = read_game(folder)
    team = game.team(team_id)
    assert team is not None
    numbers = range(1, played + 1)
    homes = [game.round_folder(number) / TEAMS / team_id for number in numbers]
    states = [from_folder(home / "state") for home in homes]
    # The rules of a round are those that it was played by, whatever game.toml says by now.
    rules = {number: state.rules for number, state in zip(numbers, states, strict=True)}
    rivals = dict[int, Rivals]()
    if game.market == SHARED:
        place = [one.id for one in game.teams].index(team_id)
        rivals = {number: all_[place] for number, all_ in _market(folder, played).items()}
    first = from_folder(game.round_folder(0) / "state")
    first = replace(first, rules=rules[1], around=Around(rules, rivals))
    return play.Game.elsewhere(
        [first, *states],
        [plan_of(game, team, number) for number in numbers],
        [Reports(read_tables(home / "reports")) for home in homes],
        game.seed,
    )


@functools.lru_cache(maxsize=1)
def _market(folder: Path, played: int) -> dict[int, list[Rivals]]:
    """Play the whole market again: what the others were to each team, by round."""
    game = read_game(folder)
    found = {}
    for number in range(1, played + 1):
        states = [_before(game, team, number) for team in game.teams]
        plans = [plan_of(game, team, number) for team in game.teams]
        found[number] = [rivals for _, rivals in play_together(states, plans, game.seed)]
    return found


def _before(game: Game, team: Team, number: int) -> State:
    """Load the state before a round, with the rules by which the round was played."""
    after = from_folder(game.round_folder(number) / TEAMS / team.id / "state")
    home = game.round_folder(number - 1)
    before = from_folder(home / "state" if number == 1 else home / TEAMS / team.id / "state")
    return replace(before, rules=after.rules)


# ------------------------------------------------------------------------------------------------------------- pieces
def keep_piece(folder: Path, team_id: str, piece: str) -> None:
    """Compute one piece of one team's look back, and keep it."""
    game = read_game(folder)
    team = game.team(team_id)
    assert team is not None
    plain = {"key": _key(game, team), **_MAKERS[piece](replayable(game, team))}
    text = json.dumps(plain, indent=1, ensure_ascii=False)
    durable.put(_path(game, team, piece), text + "\n")


def _as_before(run: play.Game) -> list[Decisions]:
    """Give the plan of a team that hands in nothing, ever: spending is that of a company of this size."""
    return [as_before(run.customers)] * run.played


def _of_causes(run: play.Game) -> dict[str, Any]:
    table = causes(run, _as_before(run), measure="profit", orders=ORDERS)
    assert run.luck is not None
    bills, state = run_fast(_as_before(run), run.states[0], run.played, run.luck)
    return {
        "before": round(profit(bills), 2),
        "ahead": customer_equity(run.state),
        "ahead_before": customer_equity(state),
        "table": _plain(table[["part", "brings", "error"]]),
    }


def _of_slips(run: play.Game) -> dict[str, Any]:
    assert run.luck is not None
    return {"table": _plain(slips(run, lucks=[run.luck, *OTHER_LUCKS]))}


def _of_fates(run: play.Game) -> dict[str, Any]:
    people = fates(run, _as_before(run))
    asleep = run.states[0].life.sleep[people["person"]] > 0
    was_ours = run.states[0].is_customer[people["person"]]
    kept = (people["state"] == "awake") & (people["state_beside"] != "awake")
    customers = {
        "awake": int((people["state"] == "awake").sum()),
        "awake_before": int((people["state_beside"] == "awake").sum()),
        "annoyed": int((people["annoyed"] > 0).sum()),
        "annoyed_before": int((people["annoyed_beside"] > 0).sum()),
        "woken": int((kept & asleep & was_ours).sum()),
    }
    return {"customers": customers, "table": _plain(fate_summary(people))}


def _of_habits(run: play.Game) -> dict[str, Any]:
    return {"table": _plain(habits(run))}


_MAKERS: dict[str, Callable[[play.Game], dict[str, Any]]] = {
    "causes": _of_causes,
    "slips": _of_slips,
    "fates": _of_fates,
    "habits": _of_habits,
}


def _plain(table: pd.DataFrame) -> dict[str, list[Any]]:
    """Give a table as lists, by column; no number as None."""
    return {
        str(name): [None if pd.isna(value) else value for value in table[name].tolist()]
        for name in table.columns
    }


def _table(plain: Mapping[str, list[Any]]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(values) for name, values in plain.items()})


def _path(game: Game, team: Team, piece: str) -> Path:
    return game.folder / PARTS / f"{team.id}-{piece}.json"


def _key(game: Game, team: Team) -> str:
    """Name all that a team's pieces depend on: a piece with another key is computed again."""
    from importlib.metadata import version

    played = range(1, game.played() + 1)
    # In one market the others' decisions count, too.
    others = game.teams if game.market == SHARED else [team]
    about = {
        "format": [_FORMAT, version("crmkit"), ORDERS, OTHER_LUCKS, language()],
        "game": [game.id, game.seed, game.customers, game.market, team.id],
        "plans": [
            [decisions_text(plan_of(game, one, n), game.symbol) for n in played] for one in others
        ],
        "rules": [
            _text(game.round_folder(n) / TEAMS / team.id / "state/state.toml") for n in played
        ],
    }
    return hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise CrmkitError(
            f"{path} cannot be read ({error}). Put a copy of the game's folder back."
        ) from error


def _kept(game: Game, team: Team, piece: str) -> dict[str, Any] | None:
    """Give a piece that was computed before; None where there is none, or it belongs to something else."""
    try:
        plain = json.loads(_path(game, team, piece).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return plain if isinstance(plain, dict) and plain.get("key") == _key(game, team) else None


def _put_together(game: Game, team: Team) -> LookedBack:
    pieces = {}
    for piece in PIECES:
        kept = _kept(game, team, piece)
        assert kept is not None
        pieces[piece] = kept
    homes = (game.round_folder(n) / TEAMS / team.id for n in range(1, game.played() + 1))
    earned = sum(
        read_tables(home / "reports", ["accounts"])["accounts"]["amount"].sum() for home in homes
    )
    return LookedBack(
        before=pieces["causes"]["before"],
        earned=round(float(earned), 2),
        ahead=pieces["causes"]["ahead"],
        ahead_before=pieces["causes"]["ahead_before"],
        causes=_table(pieces["causes"]["table"]),
        slips=_table(pieces["slips"]["table"]),
        fates=_table(pieces["fates"]["table"]),
        customers=pieces["fates"]["customers"],
        habits=_table(pieces["habits"]["table"]),
    )


__all__ = ["PIECES", "LookedBack", "look_back", "replayable"]
