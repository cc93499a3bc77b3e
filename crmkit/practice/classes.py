"""A class: a folder per student, with lessons, exercises and a data set of their own.

::

    class/
      manifest.json           who, which seed, which lessons, and a checksum of every file handed out
      students/li-wei/        what Li Wei gets: notebooks/, exercises/, datasets/, crmkit_student.json
      submitted/li-wei/       what came back, once it is collected

Every student has the same company and another seed, which follows from the class's seed and the student's id:
a student who joins later changes nobody else's data. Nothing that exists is ever overwritten.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
import shutil
import tempfile
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any

from crmkit.errors import CrmkitError
from crmkit.home import BUNDLE, find_course, lessons_in
from crmkit.practice import bank
from crmkit.practice.desk import STUDENT_FILE
from crmkit.practice.kinds import named

MANIFEST = "manifest.json"
STUDENTS, SUBMITTED = "students", "submitted"
MOST_NOTEBOOK_BYTES = 100_000_000
MOST_ZIP_FILES = 2_000
HELD_BACK_NOTEBOOK = "trainer_questions.ipynb"


class ClassError(CrmkitError):
    """A roster, a class folder or what came back from students is not as it should be."""


@dataclass(frozen=True)
class Student:
    """One student of a roster: an id that names the folder, and the name as written."""

    id: str
    name: str


@dataclass(frozen=True)
class Enrolled:
    """One student of a class: with the seed of their data and the checksums of what they were given."""

    id: str
    name: str
    seed: int
    files: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Class:
    """What ``manifest.json`` holds."""

    seed: int
    company: str
    customers: int
    lessons: tuple[str, ...]
    students: tuple[Enrolled, ...]
    solutions: str = "open"
    held_back: tuple[str, ...] = ()
    version: int = 1

    def student(self, student_id: str) -> Enrolled | None:
        """Give the student of this id, or None."""
        return next((s for s in self.students if s.id == student_id), None)


# --- the roster ----------------------------------------------------------------------------------

# Windows cannot have files of these names, and a class may be handed to it.
_TAKEN = {"con", "prn", "aux", "nul", *(f"{d}{i}" for d in ("com", "lpt") for i in range(1, 10))}


def folder_name(name: str) -> str:
    """Turn a name into the name of a folder, in whatever script it is written.

    Examples
    --------
    >>> folder_name("Li Wei"), folder_name("O'Neill, Ann"), folder_name("王 芳")
    ('li-wei', 'o-neill-ann', '王-芳')
    """
    text = unicodedata.normalize("NFC", name).strip().lower()
    text = re.sub(r"[^\w]+|_+", "-", text).strip("-")[:60]
    return f"{text}-1" if text in _TAKEN else text


def read_roster(path: str | Path) -> list[Student]:
    """Read a roster: a CSV with a column `name`, a column `id`, or both. Other columns are ignored.

    Raises
    ------
    ClassError
        If the file is missing, empty or not text, lacks both columns, or gives two students the same id.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ClassError(
            f"The roster {path.name!r} cannot be opened ({error.strerror})."
        ) from error
    except UnicodeDecodeError as error:
        raise ClassError(
            f"The roster {path.name!r} is not UTF-8 text: save it from the spreadsheet as “CSV UTF-8”."
        ) from error
    head = text.splitlines()[0] if text.strip() else ""
    delimiter = max(",;\t", key=head.count)
    rows = csv.DictReader(text.splitlines(), delimiter=delimiter)
    columns = {(name or "").strip().lower(): name for name in rows.fieldnames or []}
    if "name" not in columns and "id" not in columns:
        raise ClassError(
            f"The roster {path.name!r} has no column `name` or `id`; "
            f"it has {named(columns, 8) or 'nothing'}. Its first line names the columns."
        )
    students: list[Student] = []
    lines: dict[str, int] = {}
    for number, row in enumerate(rows, start=2):
        name = (row.get(columns.get("name", ""), "") or "").strip()
        given = (row.get(columns.get("id", ""), "") or "").strip()
        if not name and not given:
            continue
        student = Student(folder_name(given or name), name or given)
        if not student.id:
            raise ClassError(
                f"Roster line {number}: {name or given!r} has no letter or digit to name a folder by."
            )
        if student.id in lines:
            raise ClassError(
                f"Roster lines {lines[student.id]} and {number} both give the id {student.id!r}: "
                "add a column `id` that tells the two apart."
            )
        lines[student.id] = number
        students.append(student)
    if not students:
        raise ClassError(f"The roster {path.name!r} holds no students.")
    return students


def seed_of(class_seed: int, student_id: str) -> int:
    """Give a student's seed, which depends on nothing but the class's seed and the student's id.

    Examples
    --------
    >>> seed_of(7, "li-wei") == seed_of(7, "li-wei"), seed_of(7, "li-wei") == seed_of(8, "li-wei")
    (True, False)
    """
    digest = hashlib.sha256(f"{class_seed}:{student_id}".encode()).digest()
    return int.from_bytes(digest[:4], "big")


# --- files ---------------------------------------------------------------------------------------


def checksum(path: Path) -> str:
    """Give a file's SHA-256."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_safely(path: Path, text: str) -> None:
    """Write a file so that an interruption leaves the old one or the new one, never half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".crmkit-", suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def read_manifest(folder: str | Path) -> Class:
    """Read a class folder's manifest.

    Raises
    ------
    ClassError
        If there is none, or it cannot be read.
    """
    path = Path(folder) / MANIFEST
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
        students = tuple(Enrolled(**student) for student in plain.pop("students"))
        plain["lessons"] = tuple(plain["lessons"])
        plain["held_back"] = tuple(plain.get("held_back", ()))
        return Class(students=students, **plain)
    except FileNotFoundError:
        raise ClassError(
            f"{Path(folder).name!r} is not a class folder: it has no {MANIFEST}. "
            "`crmkit class new` makes one."
        ) from None
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ClassError(f"{MANIFEST} cannot be read ({type(error).__name__}: {error}).") from error


def write_manifest(folder: Path, made: Class) -> None:
    """Write a class folder's manifest."""
    write_safely(folder / MANIFEST, json.dumps(asdict(made), indent=1, ensure_ascii=False) + "\n")


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
        return sorted({p.name[:2] for p in lessons_in(folder)})
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
            there = sorted({p.name[:2] for p in lessons_in(course)})
            raise ClassError(
                f"There is no lesson {lesson!r}; there are {', '.join(there) or 'none'}."
            )
        for file in notebooks:
            found[f"notebooks/{file.name}"] = file
        for file in exercises:
            found[f"exercises/{file.name}"] = file
    return found


def without_outputs(text: str) -> str:
    """Give a notebook's text without outputs: those stored come from other data than the student's."""
    notebook = json.loads(text)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = []
            cell["execution_count"] = None
    return json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def held_back_notebook(folder: str | Path) -> str:
    """Make the notebook in which students answer the trainer's held-back questions: prompts, no checks to peep at."""

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
        cell("markdown", 0, "# Your trainer's questions\n\nThese are checked when you hand in."),
        cell("code", 1, start),
    ]
    for question in bank.held_back(folder):
        if question.answer_of is None:
            text = f"## {question.id} ({question.points:g} points)\n\n{question.prompt}\n\n"
            text += f"Asked for: {question.kind.asks()}."
            cells.append(cell("markdown", len(cells), text))
            cells.append(cell("code", len(cells), f'answer = ...\ncheck("{question.id}", answer)'))
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

    threadpool_limits(1)


def _fill(
    folder: Path, company: str, customers: int, seed: int, files: Mapping[str, str], with_data: bool
) -> dict[str, str]:
    """Write a student's missing files into `folder`; runs in a worker process. Gives their checksums."""
    for name, text in files.items():
        target = folder / name
        if not target.exists():
            write_safely(target, text)
    if with_data:
        write_data(folder / "datasets" / company, company, customers, seed)
    names = [p.relative_to(folder).as_posix() for p in sorted(folder.rglob("*")) if p.is_file()]
    handed = [n for n in names if n in files or (with_data and n.startswith("datasets/"))]
    return {name: checksum(folder / name) for name in handed}


def write_data(folder: Path, company: str, customers: int, seed: int) -> None:
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
    company: str = "fernwell",
    customers: int = 2000,
    solutions: str = "open",
    held_back: str | Path | None = None,
    workers: int | None = None,
    on_done: Callable[[str], None] | None = None,
) -> Made:
    """Make a class folder, or add students and lessons to one. Nothing that exists is overwritten.

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
        What is simulated for each student.
    solutions
        "open" (after success or three tries) or "closed".
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
        If the class exists with another seed, company or size, or a lesson has no notebook.
    """
    out = Path(out)
    students, lessons = list(students), list(lessons)
    if solutions not in ("open", "closed"):
        raise ClassError(f"solutions must be 'open' or 'closed', not {solutions!r}.")
    if customers < 100:
        raise ClassError(
            f"{customers} customers are too few for the lessons' analyses: give 100 or more."
        )
    sources = lesson_files(Path(course) if course else course_folder(), lessons)
    texts = {
        name: without_outputs(path.read_text(encoding="utf-8")) for name, path in sources.items()
    }
    extra_ids: tuple[str, ...] = ()
    if held_back is not None:
        extra_ids = tuple(q.id for q in bank.held_back(held_back) if q.answer_of is None)
        texts[f"exercises/{HELD_BACK_NOTEBOOK}"] = held_back_notebook(held_back)
    made = Class(seed, company, customers, tuple(sorted(lessons)), (), solutions, extra_ids)
    if (out / MANIFEST).exists():
        made = _extended(read_manifest(out), made)
    out.mkdir(parents=True, exist_ok=True)

    enrolled = {student.id: student for student in made.students}
    new: list[str] = []
    completed: list[str] = []
    kept: list[str] = []
    jobs: dict[Future[dict[str, str]], tuple[Student, Path]] = {}
    processes = workers or os.cpu_count() or 1
    with ProcessPoolExecutor(max_workers=processes, initializer=_one_thread) as pool:
        for student in students:
            home = out / STUDENTS / student.id
            rules = {
                "student": student.id,
                "solutions": made.solutions,
                "held_back": list(made.held_back),
            }
            files = texts | {STUDENT_FILE: json.dumps(rules, indent=1, ensure_ascii=False) + "\n"}
            if home.exists() and all((home / name).exists() for name in files):
                kept.append(student.id)
                if student.id in enrolled:
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
                _fill, target, company, customers, seed_of(seed, student.id), files, with_data
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
                sums = sums | dict(before.files if before else {})
                enrolled[student.id] = Enrolled(
                    student.id, student.name, seed_of(seed, student.id), sums
                )
                made = replace(made, students=tuple(enrolled[i] for i in sorted(enrolled)))
                write_manifest(out, made)
                if on_done:
                    on_done(student.id)
        except BaseException:
            # Interrupted, or a full disk: those not begun are let go, so that the command ends at once.
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    write_manifest(out, made)
    return Made(tuple(sorted(new)), tuple(sorted(completed)), tuple(sorted(kept)))


def _extended(existing: Class, wanted: Class) -> Class:
    """Give the existing class with the wanted lessons added."""
    for what in ("seed", "company", "customers"):
        old, new = getattr(existing, what), getattr(wanted, what)
        if old != new:
            raise ClassError(
                f"This class exists with {what} {old!r}, and {new!r} was asked for: its students' data would "
                "change. Give the same, or another folder with --out."
            )
    return replace(
        existing,
        lessons=tuple(sorted({*existing.lessons, *wanted.lessons})),
        held_back=tuple(sorted({*existing.held_back, *wanted.held_back})),
    )


# --- collecting ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Collected:
    """What collecting found: notebooks per student, students with none, and what could not be placed."""

    notebooks: Mapping[str, int]
    missing: tuple[str, ...]
    unplaced: tuple[str, ...]


def collect(folder: str | Path, inbox: str | Path | None = None) -> Collected:
    """Gather what students hand in under ``submitted/``.

    Parameters
    ----------
    folder
        The class folder.
    inbox
        Where the work came back: a folder or a zip file per student, named by the student's id or with the
        student's ``crmkit_student.json`` in it, or loose notebooks called ``<id>_<notebook>.ipynb``. Without it, the
        class's own ``students`` folder is taken (a shared drive, JupyterHub).

    Returns
    -------
    Collected
        Counts, and what was missing or could not be placed.

    Raises
    ------
    ClassError
        If the folder is no class, or the inbox does not exist.
    """
    folder = Path(folder)
    made = read_manifest(folder)
    source = Path(inbox) if inbox is not None else folder / STUDENTS
    if not source.is_dir():
        raise ClassError(f"There is no folder {source.name!r} to collect from.")
    ids = {student.id for student in made.students}
    counts = dict.fromkeys(sorted(ids), 0)
    unplaced: list[str] = []
    for entry in sorted(source.iterdir()):
        if entry.name.startswith((".", "__MACOSX")):
            continue
        try:
            owner, files = _from_entry(entry, ids)
        except (
            OSError,
            zipfile.BadZipFile,
            ClassError,
            RuntimeError,
            NotImplementedError,
        ) as error:
            unplaced.append(f"{entry.name}: {error}")
            continue
        if owner is None:
            unplaced.append(f"{entry.name}: belongs to no student of the roster")
            continue
        for name, content in files:
            target = folder / SUBMITTED / owner / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if not target.exists() or target.read_bytes() != content:
                target.write_bytes(content)
            counts[owner] += 1
    missing = tuple(student for student, count in counts.items() if count == 0)
    return Collected(counts, missing, tuple(unplaced))


def _owner(name: str, marker: bytes | None, ids: set[str]) -> str | None:
    if marker is not None:
        try:
            told = json.loads(marker)
            if isinstance(told, dict) and told.get("student") in ids:
                return str(told["student"])
        except ValueError:
            pass
    plain = folder_name(name)
    if plain in ids:
        return plain
    # "li-wei_20_who.ipynb", or a learning platform's "li-wei_12345_assignsubmission": the longest id that leads.
    leading = [i for i in ids if plain.startswith(f"{i}-")]
    return max(leading, key=len) if leading else None


def _from_entry(entry: Path, ids: set[str]) -> tuple[str | None, Iterator[tuple[str, bytes]]]:
    """Find out whose an inbox entry is, and give its notebooks."""
    if entry.is_dir():
        marker = next(iter(sorted(entry.rglob(STUDENT_FILE))), None)
        owner = _owner(entry.name, marker.read_bytes() if marker else None, ids)
        return owner, _notebooks_of_folder(entry)
    if entry.suffix.lower() == ".zip":
        archive = zipfile.ZipFile(entry)
        members = [m for m in archive.infolist() if not m.is_dir()]
        if len(members) > MOST_ZIP_FILES:
            raise ClassError(f"holds {len(members):,} files: more than a submission can have")
        markers = [
            m
            for m in members
            if PurePosixPath(m.filename).name == STUDENT_FILE and m.file_size < 10_000
        ]
        owner = _owner(entry.stem, archive.read(markers[0]) if markers else None, ids)
        return owner, _notebooks_of_zip(archive, members)
    if entry.suffix.lower() == ".ipynb":
        owner = _owner(entry.stem, None, ids)
        if owner is None:
            return None, iter(())
        name = folder_name(entry.stem).removeprefix(f"{owner}-").replace("-", "_") + ".ipynb"
        return owner, iter([(f"exercises/{name}", _limited(entry))])
    raise ClassError("neither a folder, nor a zip file, nor a notebook")


def _limited(path: Path) -> bytes:
    if path.stat().st_size > MOST_NOTEBOOK_BYTES:
        # Kept as an empty file: the grader says why it earns nothing.
        return b""
    return path.read_bytes()


def _notebooks_of_folder(entry: Path) -> Iterator[tuple[str, bytes]]:
    root = entry.resolve()
    for path in sorted(entry.rglob("*.ipynb")):
        # A link could lead out of the student's folder, to a neighbour's work.
        if ".ipynb_checkpoints" in path.parts or not path.resolve().is_relative_to(root):
            continue
        if path.is_file() and "notebooks" not in path.relative_to(entry).parts[:-1]:
            yield f"exercises/{path.name}", _limited(path)


def _notebooks_of_zip(
    archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]
) -> Iterator[tuple[str, bytes]]:
    for member in members:
        path = PurePosixPath(member.filename.replace("\\", "/"))
        if path.suffix != ".ipynb" or {".ipynb_checkpoints", "notebooks", "__MACOSX"} & set(
            path.parts
        ):
            continue
        # Only the file's own name is used, so that no path inside the archive leads anywhere.
        with archive.open(member) as file:
            content = file.read(MOST_NOTEBOOK_BYTES + 1)
        yield f"exercises/{path.name}", content if len(content) <= MOST_NOTEBOOK_BYTES else b""
