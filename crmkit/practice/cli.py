"""The commands of a trainer: classes, grading, slides, summaries, the glossary."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from crmkit.console import App, choose_language
from crmkit.errors import CrmkitError
from crmkit.say import language as spoken_language
from crmkit.say import listed, say, say_many

app = App()
class_app = App(help="Make a class with data of their own, and collect its work.")
app.add_typer(class_app, name="class")


@contextmanager
def _said_plainly() -> Iterator[None]:
    """Say an error of ours in a sentence, not in a traceback."""
    try:
        yield
    except CrmkitError as error:
        typer.echo(say("Error: {error}", error=error), err=True)
        raise typer.Exit(2) from None
    except OSError as error:
        # A full disk, a folder that may not be written, a file where a folder should be.
        where = f": {error.filename}" if error.filename else ""
        typer.echo(say("Error: {error}", error=f"{error.strerror or error}{where}"), err=True)
        raise typer.Exit(2) from None


@contextmanager
def _bar(
    total: int | None, doing: str
) -> Iterator[tuple[Callable[[int], None], Callable[[str], None]]]:
    """Show a progress bar on standard error; gives functions that set the total and advance."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(doing, total=total)
        yield (
            lambda count: progress.update(task, total=count),
            lambda name: progress.advance(task),
        )


@class_app.command("new")
def class_new(
    roster: Annotated[Path, typer.Option(help="CSV with a column `name`, `id`, or both.")],
    seed: Annotated[
        int, typer.Option(min=0, help="The class's seed: the same one gives the same data again.")
    ],
    lessons: Annotated[str, typer.Option(help="Lessons to hand out, such as 20,30; or all.")],
    out: Annotated[
        Path, typer.Option(help="The class folder. One that exists is added to, never overwritten.")
    ],
    company: Annotated[
        str, typer.Option(help="A company that ships, or the path of a company file (TOML).")
    ] = "fernwell",
    customers: Annotated[int, typer.Option(help="Customers in each student's company.")] = 2000,
    due: Annotated[
        str | None, typer.Option(help="Deadline, such as 2026-12-01 or '2026-12-01 18:00'.")
    ] = None,
    solutions: Annotated[
        str | None,
        typer.Option(
            help="closed (the default), open (after success or three tries), or the day they open."
        ),
    ] = None,
    held_back: Annotated[
        Path | None, typer.Option(help="Folder with your own questions; only their prompts go out.")
    ] = None,
    course: Annotated[
        Path | None, typer.Option(help="Where the course's notebooks are, if not found.")
    ] = None,
    language: Annotated[
        str | None,
        typer.Option(callback=choose_language, help="The class's language, such as zh_CN."),
    ] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes at once.")] = None,
) -> None:
    """Make a folder for each student: lessons, exercises and a data set of their own."""
    from crmkit.practice import classes, manifest
    from crmkit.practice.phrases import named
    from crmkit.practice.roster import read_roster

    with _said_plainly():
        students = read_roster(roster)
        names = named(student.name for student in students)
        typer.echo(
            say_many(
                "{count} student in the roster: {names}.",
                "{count:,} students in the roster: {names}.",
                len(students),
                names=names,
            )
        )
        chosen = classes.chosen_lessons(lessons, course)
        with _bar(len(students), say("Making folders")) as (_, advance):
            made = classes.make_class(
                out, students, seed, chosen, course=course, company=company, customers=customers, solutions=solutions,
                due=due, spoken=spoken_language() if language else None, held_back=held_back, workers=workers,
                on_done=advance,
            )  # fmt: skip
        typer.echo(
            say(
                "{new} new, {completed} completed, {kept} left as they were: {folder}",
                new=len(made.new),
                completed=len(made.completed),
                kept=len(made.kept),
                folder=out,
            )
        )


@class_app.command("collect")
def class_collect(
    folder: Annotated[Path, typer.Argument(help="The class folder.")],
    inbox: Annotated[
        Path | None, typer.Option("--from", help="Folders, zip files or notebooks that came back.")
    ] = None,
    times: Annotated[
        Path | None, typer.Option(help="The platform's table (CSV) of who handed in when.")
    ] = None,
) -> None:
    """Gather what students hand in; without --from, from the class folder itself."""
    from crmkit.practice.collecting import collect

    with _said_plainly():
        found = collect(folder, inbox, times)
        handed_in = sum(count > 0 for count in found.notebooks.values())
        typer.echo(
            say(
                "Notebooks: {notebooks:,}. Students who handed in: {students:,}.",
                notebooks=sum(found.notebooks.values()),
                students=handed_in,
            )
        )
        if found.missing:
            typer.echo(say("Nothing from: {students}", students=listed(found.missing)))
        if found.unchanged:
            typer.echo(
                say(
                    "As they were handed out, without a change: {students}",
                    students=listed(found.unchanged),
                )
            )
        for entry in found.doubles:
            typer.echo(say("Twice: {entry}", entry=entry))
        for entry in found.notes:
            typer.echo(say("Times: {entry}", entry=entry), err=True)
        for entry in found.unplaced:
            typer.echo(say("Set aside: {entry}", entry=entry), err=True)


@class_app.command("due")
def class_due(
    folder: Annotated[Path, typer.Argument(help="The class folder.")],
    when: Annotated[
        str | None,
        typer.Argument(help="Such as 2026-12-01 or '2026-12-01 18:00'; shown if left out."),
    ] = None,
    lesson: Annotated[str | None, typer.Option(help="For this lesson only, such as 20.")] = None,
    none: Annotated[bool, typer.Option("--none", help="Take the deadline off.")] = False,
) -> None:
    """Show or set when work is due. Late work is named; it costs points only with `crmkit grade --late-loses`."""
    from crmkit.practice import classes, manifest, moments, rules

    with _said_plainly():
        if when is None and not none:
            made = manifest.read_manifest(folder)
        else:
            made, reached = rules.set_due(folder, None if none else when, lesson)
            typer.echo(say("Folders of students written into: {count:,}.", count=reached))
        for each in made.lessons:
            due = rules.due_of(made, each)
            typer.echo(
                say("Lesson {lesson}: due {moment}", lesson=each, moment=moments.shown(due))
                if due
                else say("Lesson {lesson}: no deadline", lesson=each)
            )


@class_app.command("solutions")
def class_solutions(
    folder: Annotated[Path, typer.Argument(help="The class folder.")],
    setting: Annotated[
        str, typer.Argument(help="open, closed, or the day they open, such as '2026-12-02 08:00'.")
    ],
) -> None:
    """Open or close worked solutions and model answers: in the students' folders, and on the reply pages."""
    from crmkit.practice import rules

    with _said_plainly():
        made, reached = rules.set_solutions(folder, setting)
        typer.echo(
            say(
                "Solutions: {setting}. Folders of students written into: {count:,}.",
                setting=made.solutions,
                count=reached,
            )
        )
        typer.echo(
            say("Folders that you gave away as zip files keep the setting that they went out with.")
        )


@class_app.command("company")
def class_company(
    name: Annotated[str, typer.Argument(help="A company that ships, such as fernwell.")],
    out: Annotated[Path, typer.Option(help="The file to write, such as my_company.toml.")],
) -> None:
    """Copy a company file that ships, to change it into a company of your own."""
    from crmkit.practice.classes import copy_company

    with _said_plainly():
        copy_company(name, out)
        typer.echo(say("{place}: change it, then give it to --company.", place=out))


@class_app.command("bank")
def class_bank(
    lessons: Annotated[str, typer.Option(help="Lessons to draw from, such as 20,30; or all.")],
    out: Annotated[
        Path | None,
        typer.Option(help="The folder for their files; without it, the questions are listed."),
    ] = None,
    count: Annotated[
        int | None, typer.Option(min=1, help="How many of each lesson; all if not given.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="What decides which are drawn.")] = 0,
) -> None:
    """List further questions that no lesson shows, or draw some into a folder, to hold back from a class."""
    from crmkit.practice import bank, classes

    with _said_plainly():
        chosen = classes.chosen_lessons(lessons)
        if lessons.strip().lower() == "all":
            chosen = [lesson for lesson in chosen if bank.reserve(lesson)]
        if out is None:
            found = [q for lesson in chosen for q in bank.drawn(lesson, count, seed)]
        else:
            found = bank.copy_drawn(chosen, out, count, seed)
        for question in found:
            typer.echo(
                say_many(
                    "{question}  {title} ({points:g} point)",
                    "{question}  {title} ({points:g} points)",
                    int(question.points),
                    question=question.id,
                    title=question.title,
                    points=question.points,
                )
            )
        if out is not None:
            typer.echo(
                say(
                    "Change them as you like, then give the folder to --held-back: {place}",
                    place=out,
                )
            )


@class_app.command("check-questions")
def class_check_questions(
    folder: Annotated[
        Path, typer.Argument(help="The folder with your own questions (lesson_20.py).")
    ],
    company: Annotated[
        str, typer.Option(help="A company that ships, or the path of a company file (TOML).")
    ] = "fernwell",
    seeds: Annotated[int, typer.Option(min=2, help="On how many companies they are tried.")] = 10,
    customers: Annotated[int, typer.Option(min=300, help="Customers of each.")] = 800,
) -> None:
    """Try your own questions as the course's are tried: reference, misconceptions, seeds, tolerance, code, starters."""
    from crmkit.practice import bank, trying

    with _said_plainly():
        questions = bank.held_back(folder)
        made: dict[int, trying.OwnTables] = {}
        with _bar(seeds, say("Making companies")) as (_, advance):
            for seed in range(1, seeds + 1):
                made |= trying.worlds(company, [seed], customers)
                advance(str(seed))
        faults = trying.try_questions(questions, made)
        for fault in faults:
            typer.echo(str(fault))
        good = len(questions) - len({fault.question for fault in faults})
        typer.echo(
            say("{good} of {count} questions have no fault, on {seeds} companies.",
                good=good, count=len(questions), seeds=seeds)
        )  # fmt: skip
    if faults:
        raise typer.Exit(1)


@class_app.command("key")
def class_key(
    folder: Annotated[Path, typer.Argument(help="The class folder.")],
    out: Annotated[
        Path,
        typer.Option(help="Where the key goes; outside the class folder, which students may see."),
    ],
    student: Annotated[
        list[str] | None, typer.Option(help="The id of a student; can be given several times.")
    ] = None,
    held_back: Annotated[Path | None, typer.Option(help="Folder with your own questions.")] = None,
) -> None:
    """Write the right answers for each student's own data: a page for each, and all of them as a table."""
    from crmkit.practice import classes, manifest
    from crmkit.practice.key import write_key

    with _said_plainly():
        chosen = student or []
        count = len(chosen or manifest.read_manifest(folder).students)
        with _bar(count, say("Working out answers")) as (_, advance):
            pages, lacking = write_key(
                folder, out, students=chosen, held_back=held_back, on_done=advance
            )
        typer.echo(
            say_many(
                "{count} page and key.csv: {place}",
                "{count} pages and key.csv: {place}",
                pages,
                place=out,
            )
        )
        for entry in lacking:
            typer.echo(say("No right answer: {entry}", entry=entry), err=True)


@class_app.command("grades")
def class_grades(
    folder: Annotated[Path, typer.Argument(help="The class folder.")],
    platform: Annotated[
        str, typer.Option("--for", help="moodle, canvas, blackboard, teams or chaoxing.")
    ],
    grades: Annotated[
        Path, typer.Option(help="The folder that `crmkit grade` wrote, with grades.csv in it.")
    ],
    by: Annotated[str, typer.Option(help="total, or lesson for a column each.")] = "total",
    item: Annotated[
        str, typer.Option(help="The name of the platform's column; with --by lesson its beginning.")
    ] = "crmkit",
    key: Annotated[
        str | None,
        typer.Option(help="Know students by email, id or username; found by itself if left out."),
    ] = None,
    out_of: Annotated[
        float | None, typer.Option(min=1, help="Scale the marks: all points are this many.")
    ] = None,
    absent: Annotated[
        str, typer.Option(help="Who handed nothing in: empty (left out) or zero.")
    ] = "empty",
    with_waiting: Annotated[
        bool, typer.Option(help="Also students with open decisions to mark, without these.")
    ] = False,
) -> None:
    """Write the marks of grades.csv as a file that a learning platform imports."""
    from crmkit.practice import classes, gradebooks, manifest, marking

    with _said_plainly():
        if absent not in ("empty", "zero"):
            raise CrmkitError(f"--absent is empty or zero, not {absent!r}.")
        found = gradebooks.gradebook(
            manifest.read_manifest(folder), grades / "grades.csv", platform, by=by, item=item, key=key, out_of=out_of,
            absent_zero=absent == "zero", with_waiting=with_waiting,
        )  # fmt: skip
        target = grades / f"gradebook_{platform}.csv"
        backup = marking.write_keeping(target, found.text)
        typer.echo(
            say(
                "Students written: {count:,}, known by {key!r}: {file}",
                count=found.students,
                key=found.key,
                file=target,
            )
        )
        if backup is not None:
            typer.echo(
                say(
                    "The file that stood there had been changed: it is kept as {backup}.",
                    backup=backup,
                )
            )
        if platform == "teams":
            typer.echo(say("Teams imports no marks: copy them from this file."))
        if platform == "chaoxing":
            typer.echo(
                say("Copy the columns into the template that the platform gives for the course.")
            )
        for entry in found.left_out:
            typer.echo(say("Left out: {entry}", entry=entry), err=True)


@app.command("grade")
def grade(
    folder: Annotated[Path, typer.Argument(help="The class folder.")],
    out: Annotated[
        Path, typer.Option(help="Where grades.csv, the replies and the class picture go.")
    ],
    held_back: Annotated[Path | None, typer.Option(help="Folder with your own questions.")] = None,
    seconds: Annotated[int, typer.Option(min=1, help="Processor time for one notebook.")] = 60,
    memory: Annotated[int, typer.Option(min=200, help="Memory for one notebook, in MB.")] = 1500,
    workers: Annotated[int | None, typer.Option(min=1, help="Notebooks at once.")] = None,
    late_loses: Annotated[
        float, typer.Option(min=0, max=100, help="Per cent of a lesson's points for each day late.")
    ] = 0.0,
    fresh: Annotated[
        bool, typer.Option(help="Run everything again, also what has not changed.")
    ] = False,
) -> None:
    """Run every submission against its student's data; write grades, replies and the class picture."""
    from crmkit.practice import grading, reports
    from crmkit.practice.grades import TO_MARK
    from crmkit.practice.sandbox import Limits

    limits = Limits(
        cpu_seconds=seconds,
        cell_seconds=min(15, seconds),
        wall_seconds=2 * seconds,
        memory_mb=memory,
    )
    with _said_plainly(), _bar(None, say("Grading")) as (start, advance):
        grades = grading.grade(
            folder, out, held_back=held_back, limits=limits, workers=workers, fresh=fresh,
            late_loses=late_loses, on_start=start, on_done=advance,
        )  # fmt: skip
    waiting = sum(mark.status == TO_MARK for s in grades.students for mark in s.marks)
    typer.echo(
        say(
            "Notebooks run: {run:,}; unchanged since the last time: {reused:,}. Grades: {file}",
            run=grades.run,
            reused=grades.reused,
            file=out / "grades.csv",
        )
    )
    typer.echo(reports.who_handed_in(grades))
    if waiting:
        typer.echo(
            say_many(
                "{count} open decision waits for you: fill `points` into {file}, grade again.",
                "{count:,} open decisions wait for you: fill `points` into {file}, grade again.",
                waiting,
                file=out / grading.TO_MARK_FILE,
            )
        )
    if grades.not_asked:
        typer.echo(
            say(
                "Not graded: {questions}. The class was asked these: give --held-back, with the folder that holds "
                "them.",
                questions=listed(grades.not_asked),
            )
        )
    typer.echo(reports.fences_said(grades.fences))


@app.command("slides")
def slides(
    lessons: Annotated[list[str], typer.Argument(help="Lesson numbers, such as 20 30.")],
    out: Annotated[
        Path | None, typer.Option(help="Folder for the slide files; where you are by default.")
    ] = None,
    code: Annotated[bool, typer.Option(help="Show the code cells too.")] = False,
    pdf: Annotated[
        bool, typer.Option(help="Print each to a PDF too (needs Chrome, Edge or Chromium).")
    ] = False,
    replace: Annotated[bool, typer.Option(help="Write over slide files that are there.")] = False,
    course: Annotated[
        Path | None, typer.Option(help="Where the course's notebooks are, if not found.")
    ] = None,
) -> None:
    """Make a slide file (HTML, works without a network; a PDF too, if asked) from each lesson."""
    from crmkit.practice.classes import course_folder, lesson_files
    from crmkit.practice.slide_page import write_slides

    with _said_plainly():
        files = lesson_files(course or course_folder(), lessons)
        folder = out or Path()
        folder.mkdir(parents=True, exist_ok=True)
        for place, lesson in files.items():
            if place.startswith("notebooks/"):
                target = folder / f"slides_{lesson.stem}.html"
                count = write_slides(lesson, target, code=code, replace=replace, pdf=pdf)
                typer.echo(
                    say(
                        "{file}: {count} slides. Arrow keys move, S opens the notes.",
                        file=target,
                        count=count,
                    )
                )


@app.command("summaries")
def summaries(
    lessons: Annotated[
        list[str] | None, typer.Argument(help="Lesson numbers, such as 20 30; all if left out.")
    ] = None,
    out: Annotated[Path, typer.Option(help="The file to write.")] = Path("summaries.html"),
    replace: Annotated[bool, typer.Option(help="Write over a file that is there.")] = False,
    course: Annotated[
        Path | None, typer.Option(help="Where the course's notebooks are, if not found.")
    ] = None,
) -> None:
    """Collect the one-page summaries of lessons in one file (HTML) that prints a lesson a page."""
    from crmkit.practice.classes import chosen_lessons, course_folder, lesson_files
    from crmkit.practice.summaries import write_summaries

    with _said_plainly():
        folder = course or course_folder()
        files = lesson_files(folder, lessons or chosen_lessons("all", folder))
        notebooks = [path for place, path in files.items() if place.startswith("notebooks/")]
        count = write_summaries(notebooks, out, replace=replace)
        typer.echo(
            say(
                "{file}: {count} pages. Print it from the browser for a sheet a lesson.",
                file=out,
                count=count,
            )
        )


@app.command("glossary")
def glossary(
    term: Annotated[
        str | None, typer.Argument(help="A word, English or Chinese; all words if left out.")
    ] = None,
    write: Annotated[
        Path | None, typer.Option(help="Write the whole glossary as a Markdown page.")
    ] = None,
) -> None:
    """Explain a word of the course, or write the glossary."""
    from crmkit.practice import words

    with _said_plainly():
        if write is not None:
            write.write_text(words.as_markdown(), encoding="utf-8")
            typer.echo(say("{count} words: {file}", count=len(words.words()), file=write))
        elif term is None:
            typer.echo(repr(words.Entries(words.words())))
        else:
            words.glossary(term)
