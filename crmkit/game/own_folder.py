"""A team's own folder, from inside: what it has seen so far, and the file that waits to be filled in."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from crmkit.errors import CrmkitError
from crmkit.game.decisions import Decisions, read_decisions
from crmkit.game.play import Seen
from crmkit.game.policies import as_before
from crmkit.game.rules import Rules
from crmkit.game.tables import all_rounds
from crmkit.game.trainer import closed_moves

#: What comes next, for programs: round, rounds, customers, rules that an event has changed, and the open levers.
COMING = "coming.json"


@dataclass(frozen=True)
class Coming:
    """What the team's folder says of the round that comes; `open` is None where all levers are open."""

    round: int
    rounds: int
    customers: int
    rules: Mapping[str, float]
    open: tuple[str, ...] | None
    symbol: str | None = None


def _coming(folder: Path) -> Coming:
    try:
        plain = json.loads((folder / COMING).read_text(encoding="utf-8"))
        levers = plain.get("open")
        return Coming(
            int(plain["round"]),
            int(plain["rounds"]),
            int(plain["customers"]),
            dict(plain["rules"]),
            None if levers is None else tuple(map(str, levers)),
            plain.get("symbol"),
        )
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise CrmkitError(
            f"{folder / COMING} cannot be read ({error}). Take the file again from your trainer."
        ) from error


def seen(folder: str | Path = ".") -> Seen:
    """Give what a team has seen: all its reports joined, what it played, and the rules of the coming round.

    Parameters
    ----------
    folder
        The team's folder.

    Returns
    -------
    Seen
        As a policy of one's own or the form takes it.

    Raises
    ------
    CrmkitError
        It is no team's folder, or a file in it has been spoilt.
    """
    folder = Path(folder)
    reports = all_rounds(folder)
    coming = _coming(folder)
    played = tuple(
        read_decisions(folder / "reports" / f"round_{one:02d}" / "decisions.toml")
        for one in range(1, coming.round)
    )
    return Seen(
        coming.round,
        coming.rounds,
        coming.customers,
        reports,
        played,
        Rules(coming.rules),
        open_levers=coming.open,
        symbol=coming.symbol,
    )


def to_fill_in(folder: str | Path = ".") -> Path:
    """Give the file of decisions for the coming round.

    Raises
    ------
    CrmkitError
        There is none: the folder is no team's, or the game is over.
    """
    files = sorted((Path(folder) / "decisions").glob("round_[0-9][0-9].toml"))
    if not files:
        raise CrmkitError(
            f"{folder} has no decisions to fill in: name the folder of a team, with decisions/round_01.toml in it."
        )
    return files[-1]


def check_for_round(file: str | Path, plan: Decisions) -> int | None:
    """Check that a file moves no lever that is closed in the coming round.

    Parameters
    ----------
    file
        It lies in ``decisions`` of a team's folder, or somewhere else.
    plan
        What was read from it.

    Returns
    -------
    int or None
        The round that it was checked for; None where the file does not lie in a team's folder.

    Raises
    ------
    CrmkitError
        It is named for another round, or moves a closed lever.
    """
    file = Path(file)
    home = file.resolve().parent.parent
    if not (home / COMING).is_file():
        return None
    coming = _coming(home)
    number = coming.round
    named = re.fullmatch(r"round_(\d\d)", file.stem)
    if named and int(named[1]) != number:
        raise CrmkitError(
            f"{file.name} is for round {int(named[1])}, and round {number} comes next."
        )
    last = home / "reports" / f"round_{number - 1:02d}" / "decisions.toml"
    before = read_decisions(last) if number > 1 else as_before(coming.customers)
    wrong = closed_moves(before, plan, coming.open)
    if wrong:
        raise CrmkitError("\n".join(wrong))
    return number
