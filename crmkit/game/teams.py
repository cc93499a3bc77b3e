"""A game in class: a folder for the trainer, and in it a folder for each team. No server is needed.

::

    game/
      game.toml                    the trainer's: rounds, open levers, events; changed between rounds as you like
      game.json                    who plays, on which seed, in which market; never changed
      journal.txt                  what was done when
      teams/red/                   what team Red gets, as a folder or as a zip file
        read_me.md, news.md        how to play; what is new in the coming round
        desk.ipynb                 all tables so far, and the form
        team.json, coming.json     whose folder this is, and which round comes: for programs
        reports/round_02/          the tables of that round (round_00: the years before the game)
        decisions/round_03.toml    what to fill in for the coming round
      collected/03/red.toml        what came back for round 3
      rounds/02/                   what was played: decisions, state, reports, truth. Not for the teams

Nothing of a team's is ever overwritten.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from crmkit.errors import CrmkitError
from crmkit.game import trainer
from crmkit.practice.roster import ID_COLUMNS, NAME_COLUMNS, folder_name, read_roster
from crmkit.practice.roster import Student as Team

MANIFEST, MARKER = "game.json", "team.json"
TEAMS, COLLECTED, ROUNDS, HANDOUTS = "teams", "collected", "rounds", "handouts"
EQUAL, SHARED = "equal", "shared"
MOST_TEAMS = 40
MOST_NAME = 60
MOST_SYMBOL = 8
MOST_FILE_BYTES = 1_000_000


@dataclass(frozen=True)
class Game:
    """What ``game.json`` holds, and where.

    `replays` is the number of further runs of every plan, each with chance of its own; `zips` says whether the teams'
    folders are also written as zip files. `symbol` stands before an amount of money.
    """

    folder: Path
    id: str
    seed: int
    customers: int
    market: str
    teams: tuple[Team, ...]
    replays: int = 9
    zips: bool = False
    version: int = 1
    symbol: str = "£"

    def course(self) -> trainer.Course:
        """Read the trainer's file as it is now."""
        return trainer.read_course(self.folder / trainer.FILE)

    def round_folder(self, number: int) -> Path:
        """Give the folder of a round that was played, or will be."""
        return self.folder / ROUNDS / f"{number:02d}"

    def played(self) -> int:
        """Tell how many rounds have been played whole."""
        number = 0
        while self.round_folder(number + 1).is_dir():
            number += 1
        return number

    def team(self, team_id: str) -> Team | None:
        """Give the team of this id, or None."""
        return next((team for team in self.teams if team.id == team_id), None)


def numbered(count: int) -> list[Team]:
    """Name so many teams by numbers.

    Examples
    --------
    >>> [team.name for team in numbered(2)]
    ['Team 1', 'Team 2']
    """
    return checked([Team(f"team-{n}", f"Team {n}") for n in range(1, count + 1)])


def read_teams(path: Path) -> list[Team]:
    """Read the teams' names: one a line, or a table with a column `name` or `id` as a class's roster has.

    Raises
    ------
    CrmkitError
        The file cannot be read, or two teams would have one folder.
    """
    from crmkit.data.own.reading import decode

    try:
        content = path.read_bytes()
    except OSError as error:
        raise CrmkitError(
            f"The file of teams {path.name!r} cannot be opened ({error.strerror})."
        ) from error
    if len(content) > MOST_FILE_BYTES:
        raise CrmkitError(f"{path.name} is too long for a list of teams. Write one name a line.")
    if content.startswith((b"PK", b"\xd0\xcf")):
        raise CrmkitError(f"{path.name} is a spreadsheet: save it from there as CSV.")
    lines = decode(content)[0].replace("\0", "").lstrip("\ufeff").splitlines()
    head = next((line for line in lines if line.strip()), "")
    delimiter = max(",;\t", key=head.count)
    columns = {cell.strip().lower() for cell in next(csv.reader([head], delimiter=delimiter), [])}
    if columns & {*NAME_COLUMNS, *ID_COLUMNS}:
        return checked(read_roster(path))
    names = [line.strip() for line in lines if line.strip()]
    return checked([Team(folder_name(name), name) for name in names])


def checked(teams: Sequence[Team]) -> list[Team]:
    """Give teams back if each can have a folder of its own.

    Raises
    ------
    CrmkitError
        There are none or too many, a name is too long or has no letter, or two names give one folder.
    """
    if not 1 <= len(teams) <= MOST_TEAMS:
        raise CrmkitError(f"{len(teams)} teams: a game has 1 to {MOST_TEAMS}.")
    names: dict[str, str] = {}
    for team in teams:
        if not team.id or len(team.name) > MOST_NAME or not team.name.isprintable():
            raise CrmkitError(
                f"The name {team.name[:MOST_NAME]!r} cannot be a team's: write 1 to {MOST_NAME} characters on one "
                "line, at least one of them a letter or a digit."
            )
        if team.id in names:
            raise CrmkitError(
                f"The teams {names[team.id]!r} and {team.name!r} would have one folder, {team.id!r}. Change one name."
            )
        names[team.id] = team.name
    return list(teams)


def manifest_text(game: Game) -> str:
    """Give the text of ``game.json``."""
    plain = asdict(game)
    del plain["folder"]
    return json.dumps(plain, indent=1, ensure_ascii=False) + "\n"


def read_game(folder: str | Path) -> Game:
    """Read a game folder.

    Raises
    ------
    CrmkitError
        It is none, or its ``game.json`` has been spoilt.
    """
    folder = Path(folder)
    path = folder / MANIFEST
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
        teams = tuple(Team(**one) for one in plain.pop("teams"))
        game = Game(folder=folder, teams=teams, **plain)
        _refuse_spoilt(game)
        return game
    except FileNotFoundError:
        raise CrmkitError(
            f"{str(folder)!r} is not a game folder: it has no {MANIFEST}. `crmkit game new` makes one."
        ) from None
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise CrmkitError(
            f"{path} cannot be read ({type(error).__name__}: {error}). Put a copy back."
        ) from error


def _refuse_spoilt(game: Game) -> None:
    """Refuse a manifest whose values are of another sort than they were written with."""
    numbers = (game.seed, game.customers, game.replays)
    if not all(type(number) is int for number in numbers) or not game.teams:
        raise TypeError(
            "seed, customers and replays must be whole numbers, and there must be teams"
        )
    if not isinstance(game.id, str) or game.market not in (EQUAL, SHARED):
        raise TypeError("id and market are not as they were written")
    if not isinstance(game.symbol, str) or len(game.symbol) > MOST_SYMBOL:
        raise TypeError(
            f"symbol must be the sign of a currency, of at most {MOST_SYMBOL} characters"
        )
    for team in game.teams:
        texts = isinstance(team.id, str) and isinstance(team.name, str)
        if not texts or not team.id or folder_name(team.id) != team.id:
            raise TypeError(f"the id {team.id!r} is not the name of a team's folder")
        if not isinstance(team.given, Mapping):
            raise TypeError(f"{team.id}: given must hold the columns of the file of teams")
