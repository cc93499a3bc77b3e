"""A team's own folder, from inside: what it has seen so far, and the file that waits to be filled in."""

from __future__ import annotations

import json
from pathlib import Path

from crmkit.errors import CrmkitError
from crmkit.game.decisions import read_decisions
from crmkit.game.play import Seen
from crmkit.game.rules import Rules
from crmkit.game.tables import all_rounds

#: What comes next, for programs: round, rounds, customers, and rules that an event has changed.
COMING = "coming.json"


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
    try:
        coming = json.loads((folder / COMING).read_text(encoding="utf-8"))
        number, rounds = int(coming["round"]), int(coming["rounds"])
        customers, rules = int(coming["customers"]), dict(coming["rules"])
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise CrmkitError(
            f"{folder / COMING} cannot be read ({error}). Take the file again from your trainer."
        ) from error
    played = tuple(
        read_decisions(folder / "reports" / f"round_{one:02d}" / "decisions.toml")
        for one in range(1, number)
    )
    return Seen(number, rounds, customers, reports, played, Rules(rules))


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
