"""What the teams are given after a round: its tables, what is new, and the file of decisions for the next one."""

from __future__ import annotations

import io
import json
import os
import shutil
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from crmkit.game import durable
from crmkit.game.decided import Decisions, Forecast
from crmkit.game.decisions import decisions_text, read_decisions
from crmkit.game.fields import WHY
from crmkit.game.letters import news, notebook, read_me
from crmkit.game.own_folder import COMING
from crmkit.game.policies import as_before
from crmkit.game.results import OWN, read_result
from crmkit.game.teams import HANDOUTS, MARKER, TEAMS, Game, Team
from crmkit.game.trainer import Course

DELIVERED, NOTEBOOK = "delivered", "desk.ipynb"
#: The first line of a handed-out file of decisions begins so: it says whose it is, and for which round.
STAMP = "# crmkit game: "


def stamp(game: Game, team: Team, number: int) -> str:
    """Write the line by which a file of decisions is known again, whatever its name has become."""
    return STAMP + json.dumps({"game": game.id, "team": team.id, "round": number})


def plan_of(game: Game, team: Team, number: int) -> Decisions:
    """Read what a team played in a round; what was before the game in round 0."""
    if number == 0:
        return as_before(game.customers)
    return read_decisions(game.round_folder(number) / TEAMS / team.id / "decisions.toml")


def repeated(plan: Decisions) -> Decisions:
    """Give the plan with which a team goes on that hands in nothing: the same levers, and no forecast.

    A forecast is for one quarter; repeated for the next, it would be graded as one that nobody has made.
    """
    from dataclasses import replace

    return replace(plan, forecast={})


def handed_out(game: Game, team: Team, number: int) -> str:
    """Give the text of the file of decisions that a team gets for a round: what it decided last."""
    text = decisions_text(repeated(plan_of(game, team, number - 1)), game.symbol)
    return f"{stamp(game, team, number)}\n{WHY}\n{text}"


def deliver(game: Game, at: Callable[[str], None] = lambda step: None) -> None:
    """Give every team what it lacks. Called again, it completes what was interrupted, and changes nothing else.

    Parameters
    ----------
    game
        With the rounds that have been played.
    at
        Called after each step, with its name.
    """
    played, course = game.played(), game.course()
    durable.clear_unfinished(game.round_folder(played))
    durable.clear_unfinished(_handouts(game, played))
    for team in game.teams:
        home = game.folder / TEAMS / team.id
        home.mkdir(parents=True, exist_ok=True)
        durable.clear_unfinished(home)
        durable.clear_unfinished(home / "decisions")
        _once(home / "read_me.md", read_me(team, game.symbol))
        _once(home / MARKER, _marker(game, team))
        for number in range(played + 1):
            _give_reports(game, team, number)
        # Theirs from now on: a file that is there is left alone, whatever is in it.
        if played < course.rounds:
            name = f"round_{played + 1:02d}.toml"
            _once(home / "decisions" / name, handed_out(game, team, played + 1))
        _once(home / NOTEBOOK, notebook(team, game.symbol))
        last = _last_round(game, team, played)
        _renew(home / "news.md", news(course, played, *last, symbol=game.symbol))
        _renew(home / COMING, _coming(game, course))
        if game.zips:
            _zip(game, team, played)
        at(f"given to {team.id}")
    durable.put(game.round_folder(played) / DELIVERED, "")
    at("delivered")


def is_delivered(game: Game) -> bool:
    """Tell whether every team has what the last round brought."""
    return (game.round_folder(game.played()) / DELIVERED).exists()


def _once(path: Path, text: str) -> None:
    if not os.path.lexists(path):
        durable.put(path, text)


def _renew(path: Path, text: str) -> None:
    if path.is_symlink() or not path.exists() or path.read_bytes() != text.encode("utf-8"):
        durable.put(path, text)


def _give_reports(game: Game, team: Team, number: int) -> None:
    home = game.folder / TEAMS / team.id / "reports"
    target = home / f"round_{number:02d}"
    if os.path.lexists(target):
        return
    home.mkdir(exist_ok=True)
    durable.clear_unfinished(home)
    source = game.round_folder(number)
    source = source / "reports" if number == 0 else source / TEAMS / team.id / "reports"
    partial = durable.begin(target)
    shutil.copytree(source, partial, dirs_exist_ok=True)
    if number > 0:
        # What was played, which differs from what the team wrote if that came late or was broken.
        shutil.copy(source.with_name("decisions.toml"), partial / "decisions.toml")
    durable.finish(partial, target)


def _zip(game: Game, team: Team, played: int) -> None:
    home = game.folder / TEAMS / team.id
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(home.rglob("*")):
            if path.is_file() and not path.is_symlink() and not path.name.startswith("."):
                archive.write(path, f"{team.id}/{path.relative_to(home).as_posix()}")
    durable.put(_handouts(game, played) / f"{team.id}.zip", content.getvalue())


def _handouts(game: Game, played: int) -> Path:
    return game.folder / HANDOUTS / f"round_{played + 1:02d}"


def _coming(game: Game, course: Course) -> str:
    number = game.played() + 1
    plain = {
        "round": number,
        "rounds": course.rounds,
        "customers": game.customers,
        "rules": course.rules_in(number),
        "open": course.open_in(number),
        "symbol": game.symbol,
    }
    return json.dumps(plain, indent=1) + "\n"


def _last_round(
    game: Game, team: Team, played: int
) -> tuple[str, Mapping[str, float], Mapping[str, Forecast]]:
    """Give where the decisions of the last round came from, what came of it, and what was forecast."""
    if played == 0:
        return OWN, {}, {}
    outcome = read_result(game, played).teams[team.id]
    return outcome.source, outcome.measures, plan_of(game, team, played).forecast


def _marker(game: Game, team: Team) -> str:
    plain = {"game": game.id, "team": team.id, "name": team.name}
    return json.dumps(plain, indent=1, ensure_ascii=False) + "\n"
