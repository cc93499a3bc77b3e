"""A game in class is made: a folder with the years before the game, and in it what each team begins with."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from crmkit.errors import CrmkitError
from crmkit.game import durable, trainer
from crmkit.game.delivery import deliver
from crmkit.game.machine import Machine
from crmkit.game.money import about_money
from crmkit.game.tables import write_tables
from crmkit.game.teams import EQUAL, MANIFEST, SHARED, Game, Team, checked, manifest_text, read_game

#: So many replays give an interval of 80 % from one or a few of the lowest to as many of the highest.
REPLAYS = (0, 9, 19, 29, 39)


@dataclass(frozen=True)
class Setting:
    """How a new game is to be: see `make_game`."""

    seed: int
    rounds: int = 6
    customers: int = 2000
    market: str = EQUAL
    title: str = "The game"
    replays: int = 9
    zips: bool = False
    course: Path | None = None


def make_game(
    folder: str | Path, teams: Sequence[Team], setting: Setting, machine: Machine
) -> Game:
    """Make a game folder: whole, or, where the command is interrupted, not at all.

    Parameters
    ----------
    folder
        A folder that does not exist yet, or is empty.
    teams
        Who plays; see `numbered` and `read_teams`.
    setting
        Seed, rounds, customers, market (``"equal"``: each team has the same customers for itself; ``"shared"``: rivals
        in one market), replays, and a trainer's file to begin with.
    machine
        The engine.

    Returns
    -------
    Game

    Raises
    ------
    CrmkitError
        The folder is in use, or something of the setting cannot be.
    """
    folder = Path(folder)
    teams = checked(teams)
    _check(setting, teams, machine)
    if (folder / MANIFEST).exists():
        raise CrmkitError(
            f"{folder} is a game already. Nothing was changed: go on with it, or give another folder with --out."
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CrmkitError(f"{folder} is in use. Nothing was changed: give a new folder with --out.")
    text = trainer.template(setting.title, trainer.check_rounds(setting.rounds))
    if setting.course is not None:
        trainer.read_course(setting.course)
        text = setting.course.read_text(encoding="utf-8-sig")
    partial = durable.begin(folder.absolute())
    # Two games of one class must differ, or the files of one would be taken for the other's.
    about = json.dumps([setting.title, setting.seed, folder.name, [t.id for t in teams]])
    game = Game(
        partial,
        hashlib.sha256(about.encode()).hexdigest()[:12],
        setting.seed,
        setting.customers,
        setting.market,
        tuple(teams),
        setting.replays,
        setting.zips,
        symbol=about_money().symbol,
    )
    (partial / trainer.FILE).write_text(text, encoding="utf-8")
    (partial / MANIFEST).write_text(manifest_text(game), encoding="utf-8")
    state = machine.start(setting.customers, setting.seed)
    before = game.round_folder(0)
    (before / "state").mkdir(parents=True)
    machine.save(state, before / "state")
    write_tables(machine.history(state), before / "reports")
    deliver(game)
    if folder.exists():
        folder.rmdir()
    durable.finish(partial, folder.absolute())
    return read_game(folder)


def _check(setting: Setting, teams: Sequence[Team], machine: Machine) -> None:
    if setting.market not in (EQUAL, SHARED):
        raise CrmkitError(f"market is {EQUAL!r} or {SHARED!r}, not {setting.market!r}.")
    if setting.market == SHARED and machine.together is None:
        raise CrmkitError(
            "Rivals in one market cannot be played: this engine gives every team a market of its own. Use --market "
            f"{EQUAL}: all teams begin with the same customers, and what differs is what they decide."
        )
    if setting.market == SHARED and len(teams) < 2:
        raise CrmkitError("Rivals in one market are at least two teams.")
    if setting.replays not in REPLAYS:
        raise CrmkitError(
            f"replays must be one of {', '.join(map(str, REPLAYS))}, not {setting.replays}: these give an interval of "
            "80 %."
        )
