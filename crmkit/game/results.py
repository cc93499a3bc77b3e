"""What came of a round, as its file holds it: each team's figures, those of its replays, and the events."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from crmkit.errors import CrmkitError
from crmkit.game.teams import Game

RESULT = "result.json"
#: Where a team's decisions of a round come from.
OWN, REPEATED, BEFORE, JOINED = "own", "repeated", "as before", "joined"


@dataclass(frozen=True)
class Outcome:
    """One team's round: where its decisions come from, the figures, and the same figures of every replay."""

    source: str
    measures: Mapping[str, float]
    replays: tuple[Mapping[str, float], ...] = ()


@dataclass(frozen=True)
class Result:
    """One round of all teams, with what the trainer let happen in it."""

    round: int
    played: str
    teams: Mapping[str, Outcome]
    events: tuple[Mapping[str, str], ...] = ()


def read_result(game: Game, number: int) -> Result:
    """Read what came of a round.

    Raises
    ------
    CrmkitError
        Its file has been spoilt.
    """
    path = game.round_folder(number) / RESULT
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
        teams = {
            team: Outcome(one["source"], one["measures"], tuple(one["replays"]))
            for team, one in plain["teams"].items()
        }
        return Result(plain["round"], plain["played"], teams, tuple(plain["events"]))
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise CrmkitError(f"{path} cannot be read ({error}). Put a copy back.") from error
