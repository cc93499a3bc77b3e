"""``crmkit game``: a game in class, by folders: made, collected, played round by round, shown and told."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crmkit.console import BAD_INPUT, App
from crmkit.errors import CrmkitError
from crmkit.say import listed, say, say_many

if TYPE_CHECKING:
    from crmkit.game.inbox import SetAside
    from crmkit.game.trainer import Course

#: What a shell calls a command that was stopped by Ctrl-C.
STOPPED = 130

app = App(help="Play the game in class: a folder for each team, and no server.")

_FOLDER = typer.Argument(help="The game folder.")


@app.command("new")
def game_new(
    out: Annotated[Path, typer.Option(help="The game folder: a new one.")],
    seed: Annotated[int, typer.Option(min=0, help="The same one gives the same customers again.")],
    teams: Annotated[
        str, typer.Option(help="How many teams, or a file with their names, one a line.")
    ] = "4",
    rounds: Annotated[int, typer.Option(help="Quarters to be played, 3 to 12.")] = 6,
    customers: Annotated[int, typer.Option(min=100, help="Customers of each team.")] = 2000,
    market: Annotated[
        str, typer.Option(help="equal (each team for itself), or shared (rivals in one market).")
    ] = "equal",
    title: Annotated[str, typer.Option(help="What the board is called.")] = "The game",
    course: Annotated[
        Path | None, typer.Option(help="A game.toml to begin with: rounds, open levers, events.")
    ] = None,
    replays: Annotated[
        int, typer.Option(help="Further runs of each plan that show luck: 0, 9, 19, 29 or 39.")
    ] = 9,
    zips: Annotated[
        bool, typer.Option("--zips", help="Also write each team's folder as a zip file.")
    ] = False,
) -> None:
    """Make a game folder, and in it a folder for each team."""
    from crmkit.game.board import write_board
    from crmkit.game.machine import engine
    from crmkit.game.making import Setting, make_game
    from crmkit.game.teams import numbered, read_teams

    with _plainly():
        playing = numbered(int(teams)) if teams.isdecimal() else read_teams(Path(teams))
        setting = Setting(seed, rounds, customers, market, title, replays, zips, course)
        game = make_game(out, playing, setting, engine())
        write_board(game)
        typer.echo(
            say_many(
                "{count} team: {names}.",
                "{count} teams: {names}.",
                len(playing),
                names=listed(team.name for team in playing),
            )
        )
        typer.echo(say("Give each team its folder in {folder}.", folder=game.folder / "teams"))
        typer.echo(
            say(
                "Rounds, open levers and events: {file}. When decisions have come: crmkit game collect {folder}",
                file=game.folder / "game.toml",
                folder=game.folder,
            )
        )


@app.command("collect")
def game_collect(
    folder: Annotated[Path, _FOLDER],
    inbox: Annotated[
        Path | None, typer.Option("--from", help="Folders, zip files or files that came back.")
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(help="What is younger is set aside as late: '2026-12-01 18:00', or 18:00."),
    ] = None,
) -> None:
    """Gather the teams' decisions for the next round; without --from, from their folders in the game folder."""
    from crmkit.game.inbox import collect
    from crmkit.game.teams import read_game

    with _plainly():
        moment = _moment(until)
        _events_fit(read_game(folder).course())
        found = collect(folder, inbox, moment)
        typer.echo(say("Round {number}.", number=found.round))
        aside = {thing.team for thing in found.set_aside}
        refused = [team for team in found.missing if team in aside]
        missing = [team for team in found.missing if team not in aside]
        for said, teams in (
            (say("Collected: {teams}", teams=listed(found.new)), found.new),
            (say("Collected before: {teams}", teams=listed(found.kept)), found.kept),
            (
                say("Nothing changed yet in the folder of: {teams}", teams=listed(found.unchanged)),
                found.unchanged,
            ),
            (say("Nothing that can be used from: {teams}", teams=listed(refused)), refused),
            (say("Nothing from: {teams}", teams=listed(missing)), missing),
        ):
            if teams:
                typer.echo(said)
        for entry in found.doubles:
            typer.echo(say("Twice: {entry}", entry=entry))
        for thing in found.set_aside:
            typer.echo(say("Set aside: {entry}", entry=_shortly(thing)), err=True)
        if found.set_aside:
            kept = folder / "collected" / f"{found.round:02d}" / "set_aside.csv"
            typer.echo(
                say(
                    "The list, with all reasons: {file}. Once it is mended, collect again.",
                    file=kept,
                )
            )
        if found.new or found.kept:
            typer.echo(say("To play the round: crmkit game advance {folder}", folder=folder))


@app.command("advance")
def game_advance(
    folder: Annotated[Path, _FOLDER],
    number: Annotated[
        int | None, typer.Option("--round", help="Which round; one that was played stays so.")
    ] = None,
    without: Annotated[
        bool,
        typer.Option("--without-decisions", help="Play although no team has handed in anything."),
    ] = False,
) -> None:
    """Play the next round for all teams. Interrupted at any moment, nothing is lost: call it again."""
    from crmkit.game.board import write_board
    from crmkit.game.machine import engine
    from crmkit.game.rounds import ALREADY, COMPLETED, advance
    from crmkit.game.teams import read_game

    with _plainly():
        with _bar(read_game(folder).replays + 1, say("Playing")) as step:
            done = advance(folder, engine(), number=number, without=without, at=step)
        write_board(read_game(folder))
        if done.what == ALREADY:
            typer.echo(
                say("Round {number} was played before. Nothing was done.", number=done.round)
            )
            return
        if done.what == COMPLETED:
            typer.echo(
                say(
                    "Round {number} was played by an earlier call that was interrupted. Now the teams have all of it.",
                    number=done.round,
                )
            )
        else:
            typer.echo(say("Round {number} was played.", number=done.round))
        if done.absent:
            typer.echo(
                say(
                    "Nothing collected from, repeat their decisions: {teams}",
                    teams=listed(done.absent),
                )
            )
        typer.echo(say("The board: {file}", file=folder / "board.html"))
        if done.over:
            typer.echo(
                say("That was the last round. Now: crmkit game debrief {folder}", folder=folder)
            )


@app.command("join")
def game_join(
    folder: Annotated[Path, _FOLDER],
    team: Annotated[str, typer.Option(help="The new team's name.")],
) -> None:
    """Let a team join a running game: for the rounds that are gone it went on as before the game."""
    from crmkit.game.board import write_board
    from crmkit.game.joining import join
    from crmkit.game.machine import engine

    with _plainly():
        game = join(folder, team, engine())
        write_board(game)
        new = game.teams[-1]
        typer.echo(
            say(
                "{team} has joined. Give the team its folder: {folder}",
                team=new.name,
                folder=game.folder / "teams" / new.id,
            )
        )


@app.command("board")
def game_board(folder: Annotated[Path, _FOLDER]) -> None:
    """Write the board again, and the teams' news: after a change of game.toml, for example."""
    from crmkit.game.board import write_board
    from crmkit.game.delivery import deliver
    from crmkit.game.teams import read_game
    from crmkit.practice.alone import working_alone

    with _plainly():
        game = read_game(folder)
        _events_fit(game.course())
        with working_alone(folder, "crmkit game"):
            deliver(game)
            write_board(game)
        typer.echo(say("The board: {file}", file=folder / "board.html"))


@app.command("debrief")
def game_debrief(
    folder: Annotated[Path, _FOLDER],
    jobs: Annotated[
        int | None,
        typer.Option(min=1, max=64, help="Processes at the same time; usually all processors."),
    ] = None,
    short: Annotated[
        bool, typer.Option("--short", help="Leave out what asks for playing the game again.")
    ] = False,
) -> None:
    """Write a page for each team: profit by cause, luck, customers, slips with their prices, forecasts."""
    from crmkit.game.looking_back import PIECES, look_back
    from crmkit.game.team_pages import write_pages
    from crmkit.game.teams import read_game
    from crmkit.practice.alone import working_alone

    with _plainly():
        game = read_game(folder)
        left = game.course().rounds - game.played()
        if game.played() and left > 0:
            typer.echo(
                say_many(
                    "{count} round is still to be played. These pages tell what no team must know before the end.",
                    "{count} rounds are still to be played. These pages tell what no team must know before the end.",
                    left,
                )
            )
        with working_alone(folder, "crmkit game"):
            backs = None
            if not short and game.played():
                pieces = len(game.teams) * len(PIECES)
                workers = jobs or os.cpu_count() or 1
                with _bar(pieces, say("Playing again")) as step:
                    backs = look_back(game, jobs=workers, done=lambda team, piece: step("run "))
            written = write_pages(game, backs)
        typer.echo(say("Pages: {count}. Begin with {file}", count=len(written), file=written[0]))


@app.command("check")
def game_check(file: Annotated[Path, typer.Argument(help="A file of decisions.")]) -> None:
    """Say whether a file of decisions can be used, before it is handed in; in the team's folder also for this round."""
    from crmkit.game.decisions import read_decisions
    from crmkit.game.own_folder import check_for_round

    with _plainly():
        number = check_for_round(file, read_decisions(file))
        if number is None:
            typer.echo(
                say(
                    "{file} can be read, and everything in it is within bounds. It does not lie in a team's folder, so "
                    "that closed levers were not looked for.",
                    file=file.name,
                )
            )
            return
        typer.echo(
            say(
                "{file} can be read, everything in it is within bounds, and no lever is moved that is closed in round "
                "{number}.",
                file=file.name,
                number=number,
            )
        )


@app.command("rules")
def game_rules() -> None:
    """List the numbers of the game that an event can change, with their bounds and sources."""
    from crmkit.game.money import about_money
    from crmkit.game.rules import Rules, known_rules

    for rule in Rules().table().itertuples():
        unit = known_rules()[str(rule.rule)].unit_in(about_money())
        about = {"rule": rule.rule, "value": rule.value, "low": rule.low, "high": rule.high}
        typer.echo(say("{rule} = {value:g} ({low:g} to {high:g})", **about))
        typer.echo(f"    {unit}\n    {rule.source}")


def _shortly(thing: SetAside) -> str:
    """Say what was set aside with its first three reasons: the list has the others."""
    first, *others = str(thing).splitlines()
    lines = [first, *(f"    {line}" for line in others[:2])]
    if len(others) > 2:
        lines.append(f"    {say('and {count} more', count=len(others) - 2)}")
    return "\n".join(lines)


def _events_fit(course: Course) -> None:
    """See to it that events change only numbers that there are, before the teams read of them.

    Raises
    ------
    CrmkitError
        There is no such number, or it is out of its bounds.
    """
    from crmkit.game.rules import Rules

    for event in course.events:
        try:
            Rules().changed(event.rules)
        except CrmkitError as error:
            raise CrmkitError(
                f"game.toml, event {event.title!r}: {error} All of them: crmkit game rules"
            ) from None


@contextmanager
def _bar(runs: int, doing: str) -> Iterator[Callable[[str], None]]:
    """Show on standard error how many runs of a round are done."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(doing, total=runs)

        def step(name: str) -> None:
            if name.startswith("run "):
                progress.advance(task)

        yield step


@contextmanager
def _plainly() -> Iterator[None]:
    """Say an error of ours, of the disk, or a command that was stopped, in a sentence and not in a traceback."""
    try:
        yield
    except KeyboardInterrupt:
        typer.echo(say("Stopped. Nothing is lost: give the same command again."), err=True)
        raise typer.Exit(STOPPED) from None
    except CrmkitError as error:
        typer.echo(say("Error: {error}", error=error), err=True)
        raise typer.Exit(BAD_INPUT) from None
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        typer.echo(say("Error: {error}", error=f"{error.strerror or error}{where}"), err=True)
        raise typer.Exit(BAD_INPUT) from None


def _moment(text: str | None) -> dt.datetime | None:
    """Read a deadline; a time alone is today's.

    Raises
    ------
    CrmkitError
        It is no time.
    """
    if text is None:
        return None
    today = dt.date.today().isoformat()
    for tried in (text, f"{today} {text}"):
        try:
            found = dt.datetime.fromisoformat(tried)
            return found if found.tzinfo else found.astimezone()
        except ValueError:
            continue
    raise CrmkitError(f"--until {text}: write a time such as 18:00 or '2026-12-01 18:00'.")
