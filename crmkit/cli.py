"""The command ``crmkit``: open the course, run it, examine the installation, copy it out, make another company.

Everything heavy is imported inside the commands: ``crmkit --help`` should not wait for pandas. The commands of the
practice room (classes, grading, slides, glossary) are looked up only when one is asked for.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

try:
    import typer
except ImportError:
    raise SystemExit(
        "The command crmkit comes with the extra `lab`, which also brings JupyterLab: pip install 'crmkit[lab]'"
    ) from None

from crmkit.commands.game import app as game
from crmkit.commands.reading import reads_orders
from crmkit.console import BAD_INPUT, App, Group, choose_language
from crmkit.errors import CrmkitError
from crmkit.say import label, labels, say, say_many

#: How a lesson that was run went, and what `doctor` found.
labels("pass", "FAIL", "ok", "note", "FAULT")


def _practice_commands() -> dict[str, Any]:
    """Fetch the practice room's commands; none where that room is not there or lacks what it needs."""
    try:
        from crmkit.practice.cli import app as practice
    except ImportError:
        return {}
    group: Any = typer.main.get_command(practice)
    return dict(group.commands)


class _WithPractice(Group):
    """The commands of this module, and below them the practice room's."""

    def list_commands(self, ctx: Any) -> list[str]:
        own = super().list_commands(ctx)
        return [*own, *(name for name in _practice_commands() if name not in own)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        return super().get_command(ctx, cmd_name) or _practice_commands().get(cmd_name)


app = App(
    cls=_WithPractice,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="crmkit: a course on customer relationships, on data whose truth is known.",
)

app.add_typer(game, name="game")


def _say_version(wanted: bool) -> None:
    if wanted:
        from crmkit import __version__

        typer.echo(f"crmkit {__version__}")
        raise typer.Exit()


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", is_eager=True, callback=_say_version, help="Say which crmkit this is."
        ),
    ] = False,
    language: Annotated[
        str | None,
        typer.Option(
            is_eager=True,
            callback=choose_language,
            help="Speak another language, such as zh_CN; CRMKIT_LANGUAGE does the same.",
        ),
    ] = None,
) -> None:
    pass


def _plainly(function: Callable[..., None]) -> Callable[..., None]:
    """Let bad input end in a sentence and exit code 2, not in a traceback."""

    @functools.wraps(function)
    def command(*arguments: Any, **options: Any) -> None:
        try:
            function(*arguments, **options)
        except CrmkitError as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(BAD_INPUT) from error

    return command


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
@_plainly
def lab(context: typer.Context) -> None:
    """Open the course in JupyterLab.

    All options go to JupyterLab: crmkit lab --no-browser --port 8899
    """
    from crmkit.commands.lab import open_lab

    raise typer.Exit(open_lab(list(context.args), typer.echo))


@app.command()
@_plainly
def live(
    file: Annotated[
        Path, typer.Option(help="Where the room is kept; the same file continues the same room.")
    ] = Path("crmkit_live.sqlite"),
    new: Annotated[
        bool, typer.Option("--new", help="Begin a new room; what was collected stays in the file.")
    ] = False,
    address: Annotated[
        str | None, typer.Option(help="This computer's address in the room's network.")
    ] = None,
    port: Annotated[int | None, typer.Option(min=1024, max=65535, help="Another port.")] = None,
    site: Annotated[
        Path | None, typer.Option(help="The folder of the browser edition, to serve it too.")
    ] = None,
    scene: Annotated[
        list[Path] | None,
        typer.Option(help="A conversation of your own (.toml), beside those of lesson 68."),
    ] = None,
) -> None:
    """Show a class's predictions and answers on the projector, as they come in.

    Students join with the room code. Nothing leaves the room's network.
    """
    from crmkit.commands.live import open_room

    open_room(file, address, port, site, new, typer.echo, scene or ())


@app.command()
@_plainly
def run(
    only: Annotated[
        str | None, typer.Option(help="Lesson numbers with commas between: 20,21.")
    ] = None,
) -> None:
    """Execute the lessons without a browser and say how each went."""
    from crmkit.commands.run import choose
    from crmkit.commands.run import run as execute
    from crmkit.home import find_course, typed

    course = find_course()
    if course is None:
        raise CrmkitError(
            f"No lessons in this folder or above. Run: {typed('crmkit')} start my-course"
        )
    lessons = choose(course, only)
    width = max((len(lesson.stem) for lesson in lessons), default=0)
    failed = left = 0
    with _Bar(len(lessons)) as bar:
        for outcome in execute(lessons, bar.begin):
            if outcome.lacking:
                left += 1
                bar.say(f"----  {outcome.lesson:<{width}}  {outcome.lacking}")
                continue
            failed += not outcome.passed
            word = label("pass" if outcome.passed else "FAIL")
            bar.say(f"{word}  {outcome.lesson:<{width}}  {outcome.seconds:5.1f} s")
            if outcome.fault:
                bar.say(f"      {outcome.fault}")
    typer.echo(
        say(
            "{passed} of {lessons} lessons passed.",
            passed=len(lessons) - left - failed,
            lessons=len(lessons) - left,
        )
    )
    raise typer.Exit(1 if failed else 0)


@app.command()
@_plainly
def doctor() -> None:
    """Examine this installation and say how to mend each fault."""
    from crmkit.commands.doctor import examine

    faults = 0
    marks = {"ok": label("ok"), "note": label("note"), "fault": label("FAULT")}
    width = max(map(len, marks.values()))
    for finding in examine():
        faults += finding.state == "fault"
        typer.echo(f"{marks[finding.state]:<{width}}  {finding.what}: {finding.found}")
        if finding.mend:
            typer.echo(f"{'':{width}}  {finding.mend}")
    typer.echo(
        say_many(
            "{count} fault to mend, from the top down.",
            "{count} faults to mend, from the top down.",
            faults,
        )
        if faults
        else say("All is well.")
    )
    raise typer.Exit(1 if faults else 0)


@app.command()
@_plainly
def start(
    folder: Annotated[Path, typer.Argument(help="Where to put the copy; made if missing.")],
    company: Annotated[
        str, typer.Option(help="A company that ships, or the path of a company file (TOML).")
    ] = "fernwell",
    language: Annotated[
        str | None,
        typer.Option(callback=choose_language, help="The lessons' language, such as zh_CN."),
    ] = None,
) -> None:
    """Copy lessons, exercises and data to a folder to work in.

    What is there already is never overwritten. Run it again to get what is new.
    """
    from crmkit.commands.course import copy_for

    done = copy_for(folder, company)
    typer.echo(
        say(
            "{folder}: {new} files copied, {same} were there already.",
            folder=folder,
            new=len(done.new),
            same=len(done.same),
        )
    )
    if done.left_alone:
        typer.echo(
            say(
                "{count} left alone, because they differ from the course's (you changed them, or the "
                "course did since):",
                count=len(done.left_alone),
            )
        )
        for place in done.left_alone:
            typer.echo(f"    {place}")
        typer.echo(say("For a fresh copy of one, rename yours and run this command again."))
    if done.new:
        from crmkit.home import typed

        where = f'"{folder}"' if " " in str(folder) else folder
        typer.echo(
            say("To begin: cd {folder}, then {crmkit} lab", folder=where, crmkit=typed("crmkit"))
        )


@app.command()
@_plainly
@reads_orders
def look(
    file: Annotated[Path, typer.Argument(help="A file of orders: CSV, Excel, Parquet.")],
    options: dict[str, Any],
    leave_out: Annotated[
        list[str] | None,
        typer.Option(help="A customer number that is no person; may be given several times."),
    ] = None,
    page: Annotated[
        Path | None, typer.Option(help="Where to write the page; FILE_look.html if left out.")
    ] = None,
) -> None:
    """Look at a file of orders: what became of every row, and a first picture as one HTML page.

    Nothing leaves this computer.
    """
    from crmkit.commands.look import as_command, look_at
    from crmkit.commands.page import write_page

    try:
        found = look_at(file, options, leave_out or [])
    except CrmkitError as error:
        raise CrmkitError(as_command(str(error), str(file))) from error
    typer.echo(as_command(str(found.report), str(file)))
    target = page or Path(f"{file.stem}_look.html")
    write_page(found.page, target, "look")
    typer.echo(say("The first picture: {target}", target=target))


@app.command()
@_plainly
def scene(
    file: Annotated[Path, typer.Argument(help="A conversation of your own: a TOML file.")],
) -> None:
    """Check a conversation for lesson 68, and say how each habit of talking fares in it."""
    from crmkit.commands.scene import check_scene

    check_scene(file, typer.echo)


@app.command()
@_plainly
@reads_orders
def review(
    options: dict[str, Any],
    source: Annotated[
        str, typer.Argument(help="A file of orders, a folder of tables, or a company that ships.")
    ] = "fernwell",
    as_of: Annotated[
        str | None, typer.Option(help="The last day that is known: 2025-12-31.")
    ] = None,
    leave_out: Annotated[
        list[str] | None,
        typer.Option(help="A customer number that is no person; may be given several times."),
    ] = None,
    page: Annotated[
        Path | None, typer.Option(help="Where to write the page; NAME_review.html if left out.")
    ] = None,
) -> None:
    """Review the customer base: seven analyses of a company's tables as one HTML page.

    Nothing leaves this computer.
    """
    from crmkit.commands.look import as_command
    from crmkit.commands.page import write_page
    from crmkit.commands.review import review_of
    from crmkit.review import SEVEN

    with _Bar(len(SEVEN)) as bar:
        try:
            found = review_of(source, options, as_of, leave_out or [], bar.begin)
        except CrmkitError as error:
            raise CrmkitError(as_command(str(error), source, "review")) from error
    for line in found.lines:
        typer.echo(line)
    target = page or Path(f"{Path(source).stem}_review.html")
    write_page(found.page, target, "review")
    typer.echo(say("The review: {target}", target=target))


@app.command("make-data")
@_plainly
def make_data(
    out: Annotated[Path, typer.Option(help="Folder for the tables; made if missing.")],
    company: Annotated[
        str, typer.Option(help="A company that ships, or the path of a company file (TOML).")
    ] = "fernwell",
    customers: Annotated[int, typer.Option(help="Number of customers.")] = 5000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same tables.")] = 1,
    locale: Annotated[
        str, typer.Option(help="Names and addresses: en_GB, de_DE, zh_CN ...")
    ] = "en_GB",
    truth: Annotated[bool, typer.Option(help="Write the truth too, or keep it back.")] = True,
) -> None:
    """Simulate a company and write its tables, with the truth beside them.

    Files that crmkit did not write, or that were changed since, are never overwritten.
    """
    if out.exists() and not out.is_dir():
        raise CrmkitError(f"{out} is a file. Name a folder, such as my-data.")
    asked = {"company": Path(company).stem, "customers": customers, "seed": seed, "locale": locale}
    _refuse_other_data(out, asked)
    from crmkit.world import simulate, write

    world = simulate(company, customers=customers, seed=seed, locale=locale)
    try:
        paths = write(world, out, truth=truth)
    except OSError as error:
        raise CrmkitError(f"{out} could not be written to: {error.strerror or error}.") from error
    rows = sum(len(table) for table in world.tables.values())
    size = sum(path.stat().st_size for path in paths) / 1e6
    typer.echo(
        say(
            "{out}: {count} files, {rows:,} rows in the company's tables, {size:.1f} MB.",
            out=out,
            count=len(paths),
            rows=rows,
            size=size,
        )
    )
    typer.echo(
        say('To use them: crmkit.load("orders", data="{out}"), or set CRMKIT_DATA={out}', out=out)
    )


def _refuse_other_data(out: Path, asked: dict[str, Any]) -> None:
    """Refuse a folder that holds data made from other numbers: somebody may be working on them."""
    import json

    try:
        made = json.loads((out / "datapackage.json").read_text(encoding="utf-8")).get("made", {})
    except (OSError, ValueError, AttributeError):
        return  # nothing there, or not ours: write() looks at every file itself
    if any(made.get(name) != value for name, value in asked.items()):
        there = ", ".join(f"{name} {value}" for name, value in made.items())
        raise CrmkitError(
            f"{out} holds another company's data already ({there}). Nothing was written. Choose another folder."
        )


class _Bar:
    """A progress bar where somebody watches; plain lines where nobody does."""

    def __init__(self, total: int) -> None:
        self.total, self.done = total, 0
        self.bar: Any = None
        self.task: Any = None

    def __enter__(self) -> _Bar:
        if sys.stdout.isatty():
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

            self.bar = Progress(
                BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"), transient=True
            )
            self.bar.start()
            self.task = self.bar.add_task("", total=self.total)
        return self

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.stop()

    def begin(self, lesson: str) -> None:
        if self.bar is not None:
            self.bar.update(self.task, description=lesson, completed=self.done)
        self.done += 1

    def say(self, line: str) -> None:
        if self.bar is not None:
            self.bar.console.print(line, markup=False, highlight=False, soft_wrap=True)
        else:
            typer.echo(line)
            sys.stdout.flush()


def main() -> None:
    """Run the command (the entry point of the package)."""
    app()


if __name__ == "__main__":
    main()
