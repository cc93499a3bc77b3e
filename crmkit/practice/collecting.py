"""What students hand in, gathered: folders, zip files and loose notebooks, each put with the student it belongs to."""

from __future__ import annotations

import contextlib
import functools
import itertools
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from crmkit.practice.classes import STUDENTS, SUBMITTED, read_manifest
from crmkit.practice.desk import STUDENT_FILE
from crmkit.practice.phrases import writable
from crmkit.practice.roster import ClassError, folder_name

MOST_NOTEBOOK_BYTES = 100_000_000
MOST_SUBMISSION_BYTES = 3 * MOST_NOTEBOOK_BYTES
MOST_MARKER_BYTES = 10_000
MOST_NOTEBOOKS = 100
MOST_ZIP_FILES = 2_000


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
        # Whatever is wrong with one hand-in, the others are collected.
        try:
            owner, notebooks = _from_entry(entry, ids)
        except Exception as error:
            unplaced.append(f"{writable(entry.name)}: {_why(error)}")
            continue
        if owner is None:
            unplaced.append(f"{writable(entry.name)}: belongs to no student of the roster")
            continue
        home = folder / SUBMITTED / owner / "exercises"
        home.mkdir(parents=True, exist_ok=True)
        used: set[str] = set()
        for place, read in notebooks:
            try:
                content = read()
            except Exception as error:
                unplaced.append(f"{writable(f'{entry.name}, {place}')}: {_why(error)}")
                continue
            target = home / _free_name(place.name, used)
            if not target.exists() or target.read_bytes() != content:
                target.write_bytes(content)
            counts[owner] += 1
    missing = tuple(student for student, count in counts.items() if count == 0)
    return Collected(counts, missing, tuple(unplaced))


def _why(error: Exception) -> str:
    return str(error) if isinstance(error, ClassError) else f"cannot be read ({error})"


def _free_name(name: str, used: set[str]) -> str:
    """Give a name that every system can have and that no other notebook of this hand-in has."""
    stem = re.sub(r'[<>:"/\\|?*\x00-\x1f]', "_", writable(name).removesuffix(".ipynb"))[:60]
    # "20_who-2" comes before "20_who" in the grader's order, so that the notebook nearest the top has the last word.
    free = next(
        n for i in itertools.count(1) if (n := stem if i == 1 else f"{stem}-{i}") not in used
    )
    used.add(free)
    return f"{free}.ipynb"


def _owner(name: str, marker: bytes | None, ids: set[str]) -> str | None:
    """Tell whose a hand-in is, by its name and by the file in it that says whose folder it was."""
    claimed = None
    if marker is not None:
        with contextlib.suppress(ValueError, RecursionError, AttributeError):
            claimed = json.loads(marker).get("student")
    # "li-wei_20_who.ipynb", or a learning platform's "li-wei_12345_assignsubmission": the longest id that leads.
    plain = folder_name(name)
    leading = [i for i in ids if plain == i or plain.startswith(f"{i}-")]
    named_for = max(leading, key=len, default=None)
    if not isinstance(claimed, str) or claimed not in ids:
        return named_for
    if named_for not in (None, claimed):
        raise ClassError(
            f"is named for {named_for}, but holds the folder of {claimed}: whose is it?"
        )
    return claimed


_Notebooks = list[tuple[PurePosixPath, Callable[[], bytes]]]


def _from_entry(entry: Path, ids: set[str]) -> tuple[str | None, _Notebooks]:
    """Find out whose an inbox entry is, and give its notebooks: where each lies, and how to read it."""
    if entry.is_dir():
        found = (p for p in sorted(entry.rglob(STUDENT_FILE)) if p.is_file())
        marker = next((p.read_bytes() for p in found if p.stat().st_size < MOST_MARKER_BYTES), None)
        return _owner(entry.name, marker, ids), _notebooks_of_folder(entry)
    if not entry.is_file() or entry.is_symlink():
        raise ClassError("neither a folder nor a file")
    if entry.suffix.lower() == ".zip":
        archive = zipfile.ZipFile(entry)
        members = [m for m in archive.infolist() if not m.is_dir()]
        if len(members) > MOST_ZIP_FILES:
            raise ClassError(f"holds {len(members):,} files: more than a submission can have")
        markers = [
            m
            for m in members
            if PurePosixPath(m.filename).name == STUDENT_FILE and m.file_size < MOST_MARKER_BYTES
        ]
        owner = _owner(entry.stem, archive.read(markers[0]) if markers else None, ids)
        return owner, _notebooks_of_zip(archive, members)
    if entry.suffix.lower() == ".ipynb":
        owner = _owner(entry.stem, None, ids)
        name = folder_name(entry.stem).removeprefix(f"{owner}-").replace("-", "_") + ".ipynb"
        return owner, [(PurePosixPath(name), functools.partial(_limited, entry))]
    raise ClassError("neither a folder, nor a zip file, nor a notebook")


def _limited(path: Path) -> bytes:
    if path.stat().st_size > MOST_NOTEBOOK_BYTES:
        # Kept as an empty file: the grader says why it earns nothing.
        return b""
    return path.read_bytes()


def _is_submitted(place: PurePosixPath) -> bool:
    """Tell whether a notebook is an exercise: lessons, and what programs leave behind, are not."""
    return place.suffix == ".ipynb" and not (
        {".ipynb_checkpoints", "notebooks", "__MACOSX"} & set(place.parts[:-1])
    )


def _checked(notebooks: _Notebooks, size: int) -> _Notebooks:
    """Put those nearest the top first, and refuse what would fill the disk, or the night."""
    if size > MOST_SUBMISSION_BYTES:
        raise ClassError(f"holds {size / 1e6:,.0f} MB of notebooks: clear their outputs")
    if len(notebooks) > MOST_NOTEBOOKS:
        raise ClassError(f"holds {len(notebooks):,} notebooks: more than can have been handed out")
    return sorted(notebooks, key=lambda item: (len(item[0].parts), str(item[0])))


def _notebooks_of_folder(entry: Path) -> _Notebooks:
    root = entry.resolve()
    found = [
        path
        for path in entry.rglob("*.ipynb")
        # A link could lead out of the student's folder, to a neighbour's work.
        if path.is_file() and path.resolve().is_relative_to(root)
    ]
    places = {path: PurePosixPath(path.relative_to(entry).as_posix()) for path in found}
    chosen = {path: place for path, place in places.items() if _is_submitted(place)}
    size = sum(path.stat().st_size for path in chosen)
    return _checked([(place, functools.partial(_limited, p)) for p, place in chosen.items()], size)


def _notebooks_of_zip(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> _Notebooks:
    def read(member: zipfile.ZipInfo) -> bytes:
        with archive.open(member) as file:
            content = file.read(MOST_NOTEBOOK_BYTES + 1)
        return content if len(content) <= MOST_NOTEBOOK_BYTES else b""

    # Only a file's own name will be used, so that no path inside the archive leads anywhere.
    places = {m.filename: PurePosixPath(m.filename.replace("\\", "/")) for m in members}
    chosen = [m for m in members if _is_submitted(places[m.filename])]
    # A member cannot unpack to more than it says: reading stops there.
    size = sum(m.file_size for m in chosen)
    return _checked([(places[m.filename], functools.partial(read, m)) for m in chosen], size)
