"""A class: a folder per student, with lessons, exercises and a data set of their own.

::

    class/
      manifest.json           who, which seed, which lessons, and a checksum of every file handed out
      my_company.toml         the company file, where the class has a company of the trainer's own
      students/li-wei/        what Li Wei gets: notebooks/, exercises/, datasets/, crmkit_student.json
      submitted/li-wei/       what came back, once it is collected

Every student has the same company and another seed, which follows from the class's seed and the student's id:
a student who joins later changes nobody else's data. Nothing of a student's is ever overwritten.
"""

from __future__ import annotations

import itertools
import json
import os
import shutil
from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from crmkit.companies import Company, from_params, tell
from crmkit.data.catalogue import catalogue
from crmkit.data.load import DEFAULT_COMPANY
from crmkit.home import BUNDLE, find_course, lesson_of, lessons_in
from crmkit.practice import bank, rules, welcome
from crmkit.practice.alone import working_alone
from crmkit.practice.desk import STUDENT_FILE
from crmkit.practice.manifest import (
    MANIFEST,
    STUDENTS,
    Class,
    Enrolled,
    checksum,
    read_manifest,
    write_manifest,
    write_safely,
)
from crmkit.practice.phrases import named, writable
from crmkit.practice.question import Question
from crmkit.practice.roster import ClassError, Student, folder_name, seed_of
from crmkit.practice.tables import OTHER_COMPANIES
from crmkit.practice.told import told
from crmkit.say import language, mark, say, settings, speaking

HELD_BACK_NOTEBOOK = "trainer_questions_{lesson}.ipynb"


def _refuse_another_seed(folder: Path, seed: int) -> None:
    """Refuse a folder whose manifest is gone and whose students' data came from another seed.

    Raises
    ------
    ClassError
        Names the first such student.
    """
    for package in sorted(folder.glob(f"{STUDENTS}/[!.]*/datasets/*/datapackage.json")):
        student = package.parents[2].name
        try:
            found = json.loads(package.read_text(encoding="utf-8")).get("seed")
        except (OSError, ValueError, AttributeError):
            continue
        if isinstance(found, int) and found != seed_of(seed, student):
            raise ClassError(
                f"{folder} has no {MANIFEST}, and the data of {student} came from another seed than {seed} gives. Put "
                f"the {MANIFEST} back, or give the seed that the class was made with."
            )


def course_folder(start: Path | None = None) -> Path:
    """Find the course that is handed out: as :func:`crmkit.home.find_course` does, else inside the package.

    Raises
    ------
    ClassError
        If there is none.
    """
    found = find_course(start) or (BUNDLE if lessons_in(BUNDLE) else None)
    if found is None:
        raise ClassError(
            "The course's notebooks were not found. Run this in the course folder, or name it with --course."
        )
    return found


def chosen_lessons(wanted: str, course: Path | None = None) -> list[str]:
    """Read a list of lessons as typed: "20, 30", or "all" for every one of the course.

    Examples
    --------
    >>> chosen_lessons("20, 30")
    ['20', '30']
    """
    if wanted.strip().lower() == "all":
        folder = course or course_folder()
        return sorted({lesson_of(p.name) for p in lessons_in(folder)})
    return [part.strip() for part in wanted.split(",") if part.strip()]


def lesson_files(course: Path, lessons: Iterable[str]) -> dict[str, Path]:
    """Name the notebooks that go to every student: where each goes, and where it comes from.

    Raises
    ------
    ClassError
        If a lesson has no notebook.
    """
    found: dict[str, Path] = {}
    for lesson in lessons:
        notebooks = sorted((course / "notebooks").glob(f"{lesson}_*.ipynb"))
        exercises = sorted((course / "exercises").glob(f"{lesson}_*.ipynb"))
        if not notebooks and not exercises:
            there = sorted({lesson_of(p.name) for p in lessons_in(course)})
            raise ClassError(
                f"There is no lesson {lesson!r}; there are {', '.join(there) or 'none'}."
            )
        for file in notebooks:
            found[f"notebooks/{file.name}"] = file
        for file in exercises:
            found[f"exercises/{file.name}"] = file
    return found


def without_outputs(text: str, about: Company, place: str = "") -> str:
    """Give a notebook's text in the reader's language and a company's words, without outputs of other data."""
    from crmkit.practice.exercises import retold_copy

    notebook = tell(retold_copy(json.loads(text), place), about)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = []
            cell["execution_count"] = None
    return json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def company_file(folder: Path, name: str) -> str | Path:
    """Give the company of a class: the file in its folder, where it has one of its own, else the name."""
    own = folder / f"{name}.toml"
    return own if own.is_file() else name


def copy_company(name: str, target: Path) -> None:
    """Copy the file of a company that ships, for a trainer to change.

    Raises
    ------
    ClassError
        There is a file already, or its name does not end in ``.toml``.
    CrmkitError
        No such company.
    """
    from crmkit.world import read_company
    from crmkit.world.company import FOLDER

    if target.suffix != ".toml":
        raise ClassError(f"A company file's name ends in .toml; {target.name!r} does not.")
    if target.exists():
        raise ClassError(f"{target} is there already, and nothing of yours is overwritten.")
    read_company(name)  # says which companies there are
    write_safely(target, (FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def about_company(company: str | Path) -> Company:
    """Give what everybody may know of a company that has not been simulated yet.

    Raises
    ------
    CrmkitError
        No such company, or a company file of which no world can be made.
    """
    from crmkit.world import read_company

    params = read_company(company)
    return from_params(params, catalogue(from_params(params)))


_HELD_BACK = (mark("Your trainer's questions"), mark("These are checked when you hand in."))


def held_back_notebook(questions: Iterable[Question]) -> str:
    """Make the notebook in which students answer the trainer's held-back questions: prompts, no checks to peep at."""
    from crmkit.practice.exercises import begun

    def cell(kind: str, number: int, source: str) -> dict[str, Any]:
        made: dict[str, Any] = {
            "cell_type": kind,
            "id": f"held-back-{number}",
            "metadata": {},
            "source": source,
        }
        if kind == "code":
            made |= {"execution_count": None, "outputs": []}
        return made

    start = "import crmkit\nfrom crmkit.practice import check"
    cells = [
        cell("markdown", 0, f"# {say(_HELD_BACK[0])}\n\n{say(_HELD_BACK[1])}"),
        cell("code", 1, start),
    ]
    for question in questions:
        head = say("{question} ({points:g} points)", question=question.id, points=question.points)
        asks = say("Asked for: {kind}.", kind=question.kind.asks())
        text = f"## {head}\n\n{question.prompt}\n\n{asks}"
        cells.append(cell("markdown", len(cells), text))
        cells.append(cell("code", len(cells), begun(question)))
    notebook = {
        "cells": cells,
        "metadata": {
            "kernelspec": {
                "display_name": "Python 3 (ipykernel)",
                "language": "python",
                "name": "python3",
            }
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


# --- making a class ------------------------------------------------------------------------------


def _one_thread() -> None:
    """Keep the number crunchers of a worker process to one thread: its neighbours have the other processors."""
    from threadpoolctl import threadpool_limits

    from crmkit.practice.confine import end_with_parent

    threadpool_limits(1)
    end_with_parent()


def keep_company_file(folder: Path, file: Path) -> None:
    """Keep a trainer's company file with the class: students who join later get the same company.

    Raises
    ------
    ClassError
        The class has another file of that name: its students' data were made from it.
    """
    kept, text = folder / file.name, file.read_text(encoding="utf-8")
    if kept.exists() and kept.read_text(encoding="utf-8") != text:
        raise ClassError(
            f"{kept} differs from {file}: the class's data were made from the former. Give that one, or another folder "
            "with --out."
        )
    if not kept.exists():
        write_safely(kept, text)


def _fill(
    folder: Path,
    company: str | Path,
    customers: int,
    seed: int,
    files: Mapping[str, str],
    with_data: bool,
    others: Collection[str],
) -> dict[str, str]:
    """Write a student's missing files into `folder`; runs in a worker process. Gives their checksums."""
    for name, text in files.items():
        target = folder / name
        # The rules are the class's and not the student's: further held-back questions are added to them.
        if name == STUDENT_FILE or not target.exists():
            write_safely(target, text)
    if with_data:
        write_data(folder / "datasets" / Path(company).stem, company, customers, seed)
    for other in others:
        if not (folder / "datasets" / other / "datapackage.json").exists():
            write_data(folder / "datasets" / other, other, OTHER_COMPANIES[other], seed)
    names = [p.relative_to(folder).as_posix() for p in sorted(folder.rglob("*")) if p.is_file()]
    made = [f"datasets/{Path(company).stem}/"] * with_data
    made += [f"datasets/{other}/" for other in others]
    handed = [n for n in names if n in files or n.startswith(tuple(made))]
    return {name: checksum(folder / name) for name in handed}


def _signed(text: str, name: str, student: str) -> str:
    """Write into a notebook for whom it was made: a loose copy still says so when its name does not."""
    if not name.endswith(".ipynb"):
        return text
    notebook = json.loads(text)
    notebook["metadata"]["crmkit"] = {**notebook["metadata"].get("crmkit", {}), "student": student}
    return json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _has_all(home: Path, files: Mapping[str, str]) -> bool:
    """Tell whether a student has every file, and the rules as they are now."""
    try:
        there = (home / STUDENT_FILE).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return False
    return there == files[STUDENT_FILE] and all((home / name).exists() for name in files)


def _questions_of(lesson: str) -> tuple[Question, ...]:
    return bank.of_lesson(lesson).questions if lesson in bank.lessons() else ()


def write_data(folder: Path, company: str | Path, customers: int, seed: int) -> None:
    """Simulate one student's data into a folder."""
    from crmkit.world import simulate
    from crmkit.world.write import write

    write(simulate(company, customers=customers, seed=seed, progress=False), folder, progress=False)


@dataclass(frozen=True)
class Made:
    """What making a class did: students whose folders are new, were completed, or were left as they were."""

    new: tuple[str, ...]
    completed: tuple[str, ...]
    kept: tuple[str, ...]


def make_class(
    out: str | Path,
    students: Iterable[Student],
    seed: int,
    lessons: Iterable[str],
    *,
    course: str | Path | None = None,
    company: str | Path = "fernwell",
    customers: int = 2000,
    solutions: str | None = None,
    due: str | None = None,
    spoken: str | None = None,
    held_back: str | Path | None = None,
    workers: int | None = None,
    on_done: Callable[[str], None] | None = None,
) -> Made:
    """Make a class folder, or add students and lessons to one. Nothing of a student's is overwritten.

    Parameters
    ----------
    out
        The class folder.
    students
        The roster.
    seed
        The class's seed. A class that exists keeps its own: another one is refused.
    lessons
        The lessons to hand out, such as ``["20", "30"]``.
    course
        Where the course's notebooks are; found by itself if not given.
    company, customers
        What is simulated for each student: a company that ships, or the path of a company file, which is kept in the
        class folder.
    solutions
        "open" (after success or three tries), "closed", or the day from which they are open. Closed by default; a
        class that exists keeps what it has.
    due
        The deadline of all lessons, such as "2026-12-01" (its end) or "2026-12-01 18:00".
    spoken
        The language of what students get and read, such as "zh_CN"; the trainer's by default. A class that exists
        keeps its own.
    held_back
        The trainer's folder of held-back questions: their prompts are handed out, their checks are not.
    workers
        How many processes; as many as there are processors by default.
    on_done
        Called with a student's id when that folder is ready.

    Returns
    -------
    Made
        The ids of new, completed and kept folders.

    Raises
    ------
    ClassError
        If the class exists with another seed, company, size or rule, or a lesson has no notebook.
    """
    out = Path(out)
    students, lessons = list(students), list(lessons)
    wanted_solutions = rules.read_solutions(solutions) if solutions is not None else None
    if not lessons:
        raise ClassError("Name at least one lesson to hand out, such as 20.")
    # With fewer, the arms of the January test are too small to learn an uplift from.
    if customers < 300:
        raise ClassError(
            f"{customers} customers are too few for the lessons' analyses: give 300 or more."
        )
    sources = lesson_files(Path(course) if course else course_folder(), lessons)
    source, company = company, Path(company).stem
    about = about_company(source)
    existing = read_manifest(out) if (out / MANIFEST).exists() else None
    if existing is not None and spoken not in (None, existing.language):
        raise ClassError(
            f"This class is in {existing.language}, and its students have their files: give another folder with --out "
            f"for one in {spoken}."
        )
    chosen = existing.language if existing is not None else spoken or language()
    extra = [q for q in bank.held_back(held_back) if q.answer_of is None] if held_back else []
    extra.sort(key=lambda q: q.lesson)
    with speaking(chosen):
        texts = _texts(sources, extra, about)
    extra_ids = tuple(q.id for q in extra)
    opens = wanted_solutions or rules.CLOSED
    made = Class(
        seed, company, customers, tuple(sorted(lessons)), (), opens, extra_ids, language=chosen
    )
    if existing is not None:
        made = _extended(existing, made)
        if wanted_solutions not in (None, existing.solutions):
            raise ClassError(
                f"This class's solutions are {existing.solutions}. `crmkit class solutions` changes that for all its "
                "students."
            )
    if due is not None:
        made = rules.with_due(made, due)
    if existing is None:
        _refuse_another_seed(out, seed)
    out.mkdir(parents=True, exist_ok=True)
    if str(source).endswith(".toml"):
        keep_company_file(out, Path(source))
    source = company_file(out, company)
    all_asked = [question for lesson in made.lessons for question in _questions_of(lesson)]
    others = {q.company for q in all_asked} | {q.elsewhere for q in all_asked}
    # Beside a company of the trainer's own, another would be taken for it: there the ones that ship will do.
    others &= set(OTHER_COMPANIES) if company == DEFAULT_COMPANY else set()

    enrolled = {student.id: student for student in made.students}
    new: list[str] = []
    completed: list[str] = []
    kept: list[str] = []
    jobs: dict[Future[dict[str, str]], tuple[Student, Path]] = {}
    processes = workers or os.cpu_count() or 1
    with (
        working_alone(out, "crmkit class new"),
        ProcessPoolExecutor(max_workers=processes, initializer=_one_thread) as pool,
    ):
        for student in students:
            home = out / STUDENTS / student.id
            files = {name: _signed(text, name, student.id) for name, text in texts.items()}
            files[STUDENT_FILE] = rules.rules_text(made, student.id)
            if home.exists() and _has_all(home, files):
                kept.append(student.id)
                if student.id in enrolled:
                    # The roster may have got a column since.
                    enrolled[student.id] = replace(
                        enrolled[student.id], name=student.name, given=dict(student.given)
                    )
                    if on_done:
                        on_done(student.id)
                    continue
            exists = home.exists()
            # A new folder is filled under another name and moved when it is whole: an interruption leaves none by half.
            target = home if exists else out / STUDENTS / f".{student.id}.partial"
            if not exists and target.exists():
                shutil.rmtree(target)
            target.mkdir(parents=True, exist_ok=True)
            with_data = not (target / "datasets" / company / "datapackage.json").exists()
            job = pool.submit(
                _fill,
                target,
                source,
                customers,
                seed_of(seed, student.id),
                files,
                with_data,
                sorted(others),
            )
            jobs[job] = (student, target)
        try:
            for job in as_completed(jobs):
                student, target = jobs[job]
                sums = job.result()
                home = out / STUDENTS / student.id
                before = enrolled.get(student.id)
                if target != home:
                    os.replace(target, home)
                    new.append(student.id)
                elif student.id not in kept:
                    completed.append(student.id)
                # What was handed out earlier keeps its checksum: a student may have worked on it since.
                sums = (
                    dict(sums)
                    | dict(before.files if before else {})
                    | {STUDENT_FILE: sums[STUDENT_FILE]}
                )
                enrolled[student.id] = Enrolled(
                    student.id, student.name, seed_of(seed, student.id), sums, dict(student.given)
                )
                made = replace(made, students=tuple(enrolled[i] for i in sorted(enrolled)))
                write_manifest(out, made)
                if on_done:
                    on_done(student.id)
        except BaseException:
            # Interrupted, or a full disk: those not begun are let go, so that the command ends at once.
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    made = replace(made, students=tuple(enrolled[i] for i in sorted(enrolled)))
    write_manifest(out, made)
    return Made(tuple(sorted(new)), tuple(sorted(completed)), tuple(sorted(kept)))


def _texts(
    sources: Mapping[str, Path], held_back: Iterable[Question], about: Company
) -> dict[str, str]:
    """Give the files that every student gets alike: name and text, in the language that is spoken."""
    texts = {
        name: without_outputs(path.read_text(encoding="utf-8"), about, name)
        for name, path in sources.items()
    }
    texts |= settings()
    held_back = list(held_back)
    texts[welcome.NAME] = welcome.welcome(about, held_back=bool(held_back))
    for lesson, asked in itertools.groupby(held_back, key=lambda q: q.lesson):
        name = HELD_BACK_NOTEBOOK.format(lesson=lesson)
        texts[f"exercises/{name}"] = held_back_notebook(told(question, about) for question in asked)
    return texts


def _extended(existing: Class, wanted: Class) -> Class:
    """Give the existing class with the wanted lessons added."""
    for what in ("seed", "company", "customers"):
        old, new = getattr(existing, what), getattr(wanted, what)
        if old != new:
            raise ClassError(
                f"This class exists with {what} {old!r}, and {new!r} was asked for: its students' data would "
                "change. Give the same, or another folder with --out."
            )
    gone = [i for i in existing.held_back if i not in wanted.held_back]
    if gone:
        raise ClassError(
            f"This class has held-back questions ({named(gone)}): give --held-back again, with the folder "
            "that holds them, or students who join now would not be asked."
        )
    begun = {lesson_of(i) for i in existing.held_back}
    late = [i for i in wanted.held_back if lesson_of(i) in begun and i not in existing.held_back]
    if late:
        raise ClassError(
            f"Students already have the held-back questions of lesson {lesson_of(late[0])}, and nothing of theirs is "
            f"overwritten: {named(late)} cannot be added to it. Ask it with another lesson."
        )
    return replace(
        existing,
        lessons=tuple(sorted({*existing.lessons, *wanted.lessons})),
        held_back=tuple(sorted({*existing.held_back, *wanted.held_back})),
    )
