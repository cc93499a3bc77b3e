"""What students hand in, gathered: folders, zip files and loose notebooks, each put with the student it belongs to."""

from __future__ import annotations

import contextlib
import functools
import itertools
import json
import os
import re
import tempfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path, PurePosixPath

from crmkit.practice import handed_in
from crmkit.practice.desk import STUDENT_FILE
from crmkit.practice.manifest import STUDENTS, SUBMITTED, Class, read_manifest
from crmkit.practice.phrases import printable, writable
from crmkit.practice.roster import ClassError, folder_name
from crmkit.practice.whose import fitting, keys_of, plain_words
from crmkit.say import listed, mark, say

MOST_NOTEBOOK_BYTES = 100_000_000
MOST_SUBMISSION_BYTES = 3 * MOST_NOTEBOOK_BYTES
MOST_MARKER_BYTES = 10_000
MOST_NOTEBOOKS = 100
MOST_ZIP_FILES = 2_000


@dataclass(frozen=True)
class Collected:
    """What collecting found: notebooks per student, students with none, what could not be placed, what came twice.

    `unchanged` names the students whose notebooks are all as they were handed out; `notes` says what of a table of
    times could not be used.
    """

    notebooks: Mapping[str, int]
    missing: tuple[str, ...]
    unplaced: tuple[str, ...]
    doubles: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def collect(
    folder: str | Path, inbox: str | Path | None = None, times: str | Path | None = None
) -> Collected:
    """Gather what students hand in under ``submitted/``.

    Parameters
    ----------
    folder
        The class folder.
    inbox
        Where the work came back: folders, zip files or loose notebooks, as a learning platform names them (by the
        student's id, name, e-mail address or whatever else of the roster is theirs alone), or with the student's
        ``crmkit_student.json`` in them. Without it, the class's own ``students`` folder is taken (a shared drive,
        JupyterHub).
    times
        A platform's table of who handed in when. Without it the time is the one in the hand-in's name, if there is
        one, else that of the file.

    Returns
    -------
    Collected
        Counts, and what was missing, could not be placed or came twice. Of two of one name the newer counts, but an
        empty file never replaces a notebook. What is replaced is kept in ``submitted/<id>/earlier``.

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
    known = _Class(made)
    told, notes = handed_in.read_times(Path(times), made) if times is not None else ({}, [])
    found: dict[str, list[_HandIn]] = {student.id: [] for student in made.students}
    unplaced: list[str] = []
    for entry in sorted(source.iterdir()):
        if entry.name.startswith((".", "__MACOSX")):
            continue
        # Whatever is wrong with one hand-in, the others are collected.
        try:
            hand_in = _from_entry(entry, known)
        except Exception as error:
            unplaced.append(f"{printable(entry.name)}: {_why(error)}")
            continue
        if hand_in is None:
            name = printable(entry.name)
            unplaced.append(say("{file}: belongs to no student of the roster", file=name))
        else:
            found[hand_in.owner].append(hand_in)
    counts, doubles, unchanged = {}, [], []
    handed_out = {student.id: set(student.files.values()) for student in made.students}
    for owner in sorted(found):
        kept, twice, failed = _newest(found[owner])
        unplaced += failed
        doubles += [f"{owner}: {line}" for line in twice]
        home = folder / SUBMITTED / owner
        came_before = {
            name for name, (_, content) in kept.items() if _is_there(home, name, content)
        }
        for name, (_, content) in kept.items():
            _keep(home, name, content)
        when = {name: _when(one, told.get(owner)) for name, (one, _) in kept.items()}
        if when:
            handed_in.keep(folder, owner, when, came_before)
        counts[owner] = len(kept)
        if kept and all(
            sha256(content).hexdigest() in handed_out[owner] for _, content in kept.values()
        ):
            unchanged.append(owner)
    missing = tuple(student for student, count in counts.items() if count == 0)
    return Collected(
        counts, missing, tuple(sorted(unplaced)), tuple(doubles), tuple(unchanged), tuple(notes)
    )


@dataclass(frozen=True)
class _HandIn:
    """One entry of the inbox: whose it is, from when, and its notebooks: where each lies, and how to read it."""

    entry: str
    owner: str
    time: float
    notebooks: _Notebooks

    @property
    def moment(self) -> float:
        """When it came: by its name, where the platform has written the time there, else by its files."""
        stamp = handed_in.stamped(self.entry)
        return stamp.timestamp() if stamp else self.time


class _Class:
    """What collecting asks of a class: who is in it, what would name each, and the exercises handed out."""

    def __init__(self, made: Class) -> None:
        self.ids = {student.id for student in made.students}
        self.keys = keys_of(made.students)
        handed_out = {name for student in made.students for name in student.files}
        self.exercises = sorted(
            PurePosixPath(name).stem for name in handed_out if name.startswith("exercises/")
        )

    def named_for(self, name: str) -> str | None:
        """Tell for whom a hand-in is named.

        Raises
        ------
        ClassError
            Several fit as well as each other.
        """
        # "li-wei_20_who.ipynb", or a learning platform's "li-wei_12345_assignsubmission": the longest id that leads.
        plain = folder_name(name)
        leading = [i for i in self.ids if plain == i or plain.startswith(f"{i}-")]
        if leading:
            return max(leading, key=len)
        fit = fitting(name, self.keys)
        if len(fit) > 1:
            raise ClassError(
                say(
                    "could be any of {students}: rename it with the id of one of them",
                    students=listed(fit),
                )
            )
        return fit[0] if fit else None

    def exercise_of(self, stem: str, owner: str) -> str:
        """Give the notebook's own name, without what a platform or a student has put before and after it."""
        plain = "_".join(plain_words(stem))
        inside = [e for e in self.exercises if "_".join(plain_words(e)) in plain]
        if inside:
            return max(inside, key=len)
        return folder_name(stem).removeprefix(f"{owner}-").replace("-", "_")


def _when(hand_in: _HandIn, told: datetime | None) -> handed_in.HandIn:
    """Say when an entry of the inbox was handed in: by the platform's table, by its name, else by its files."""
    late = handed_in.said_late(hand_in.entry)
    if told is not None:
        return handed_in.HandIn(told, handed_in.TABLE, late)
    stamp = handed_in.stamped(hand_in.entry)
    if stamp is not None:
        return handed_in.HandIn(stamp, handed_in.NAME, late)
    time = datetime.fromtimestamp(hand_in.time).astimezone()
    return handed_in.HandIn(time, handed_in.FILE, late)


def _newest(
    hand_ins: list[_HandIn],
) -> tuple[dict[str, tuple[_HandIn, bytes]], list[str], list[str]]:
    """Choose among a student's hand-ins: of each notebook the newest that is one; say what came twice or failed."""
    kept: dict[str, tuple[bool, _HandIn, bytes]] = {}
    doubles: list[str] = []
    failed: list[str] = []
    for hand_in in sorted(hand_ins, key=lambda one: (one.moment, one.entry)):
        used: set[str] = set()
        for place, read in hand_in.notebooks:
            try:
                content = read()
            except Exception as error:
                failed.append(f"{printable(f'{hand_in.entry}, {place}')}: {_why(error)}")
                continue
            name = _free_name(place.name, used)
            good = _has_cells(content)
            before = kept.get(name)
            if before is not None and before[2] == content:
                continue  # the same again: it came when it first came
            if before is None:
                kept[name] = (good, hand_in, content)
                continue
            # An empty or torn file never takes the place of a notebook, whichever is newer.
            better = good >= before[0]
            if better:
                kept[name] = (good, hand_in, content)
            taken, left = (hand_in, before[1]) if better else (before[1], hand_in)
            said = (
                mark(
                    "{notebook} came twice; that in {taken} counts, not that in {left}: it is newer"
                )
                if good == before[0]
                else mark(
                    "{notebook} came twice; that in {taken} counts, not that in {left}: the other cannot be read as a "
                    "notebook"
                )
            )
            doubles.append(
                say(said, notebook=name, taken=printable(taken.entry), left=printable(left.entry))
            )
    return {name: (one, content) for name, (_, one, content) in kept.items()}, doubles, failed


def _has_cells(content: bytes) -> bool:
    """Tell whether a file is a notebook with anything in it."""
    with contextlib.suppress(ValueError, RecursionError, AttributeError, TypeError):
        return bool(json.loads(content).get("cells"))
    return False


def _is_there(home: Path, name: str, content: bytes) -> bool:
    """Tell whether this very notebook was collected earlier."""
    target = home / "exercises" / name
    return target.exists() and target.read_bytes() == content


def _keep(home: Path, name: str, content: bytes) -> None:
    """Write a notebook whole or not at all; one that it replaces is kept beside."""
    target = home / "exercises" / name
    target.parent.mkdir(parents=True, exist_ok=True)
    if _is_there(home, name, content):
        return
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".crmkit-", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        if target.exists():
            earlier = home / "earlier"
            earlier.mkdir(exist_ok=True)
            number = next(
                i for i in itertools.count(1) if not (earlier / f"{target.stem}-{i}.ipynb").exists()
            )
            os.replace(target, earlier / f"{target.stem}-{number}.ipynb")
        os.replace(temporary, target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _why(error: Exception) -> str:
    if isinstance(error, ClassError):
        return str(error)
    return say("cannot be read ({error})", error=error)


def _free_name(name: str, used: set[str]) -> str:
    """Give a name that every system can have and that no other notebook of this hand-in has."""
    stem = re.sub(r'[<>:"/\\|?*\x00-\x1f]', "_", writable(name).removesuffix(".ipynb"))[:60]
    # "20_who-2" comes before "20_who" in the grader's order, so that the notebook nearest the top has the last word.
    free = next(
        n for i in itertools.count(1) if (n := stem if i == 1 else f"{stem}-{i}") not in used
    )
    used.add(free)
    return f"{free}.ipynb"


def _owner(name: str, claimed: Sequence[str], known: _Class) -> str | None:
    """Tell whose a hand-in is, by its name and by the students whom the files in it name."""
    named_for = known.named_for(name)
    owners = sorted({student for student in claimed if student in known.ids})
    if len(owners) > 1:
        raise ClassError(
            say(
                "holds work made for several students ({students}): whose is it?",
                students=listed(owners),
            )
        )
    if not owners:
        return named_for
    if named_for not in (None, owners[0]):
        raise ClassError(
            say(
                "is named for {name}, but holds the folder of {other}: whose is it?",
                name=named_for,
                other=owners[0],
            )
        )
    return owners[0]


def _claim(marker: bytes) -> list[str]:
    """Read the student whom a marker file or a notebook names."""
    with contextlib.suppress(ValueError, RecursionError, AttributeError, TypeError, KeyError):
        plain = json.loads(marker)
        named = plain["metadata"]["crmkit"]["student"] if "cells" in plain else plain["student"]
        return [named] if isinstance(named, str) else []
    return []


_Notebooks = list[tuple[PurePosixPath, Callable[[], bytes]]]


def _claims(notebooks: _Notebooks) -> list[str]:
    found = []
    for _, read in notebooks:
        with contextlib.suppress(Exception):  # what cannot be read is said when it is collected
            found += _claim(read())
    return found


def _from_entry(entry: Path, known: _Class) -> _HandIn | None:
    """Find out whose an inbox entry is, and give its notebooks: where each lies, and how to read it."""
    if entry.is_symlink() or not (entry.is_dir() or entry.is_file()):
        raise ClassError("neither a folder nor a file")
    if entry.is_dir():
        # A link could lead out of the student's folder, to a neighbour's work.
        root = entry.resolve()
        markers = (p for p in sorted(entry.rglob(STUDENT_FILE)) if p.is_file())
        inside = (p for p in markers if p.resolve().is_relative_to(root))
        marker = next((p.read_bytes() for p in inside if p.stat().st_size < MOST_MARKER_BYTES), b"")
        notebooks = _notebooks_of_folder(entry)
        time = max((p.stat().st_mtime for p in entry.rglob("*.ipynb") if p.is_file()), default=0.0)
        owner = _owner(entry.name, _claim(marker) or _claims(notebooks), known)
    elif entry.suffix.lower() == ".zip":
        archive = zipfile.ZipFile(entry)
        members = [m for m in archive.infolist() if not m.is_dir()]
        if len(members) > MOST_ZIP_FILES:
            raise ClassError(
                say("holds {files:,} files: more than a submission can have", files=len(members))
            )
        markers_in = [
            m
            for m in members
            if PurePosixPath(m.filename).name == STUDENT_FILE and m.file_size < MOST_MARKER_BYTES
        ]
        marker = archive.read(markers_in[0]) if markers_in else b""
        notebooks = _notebooks_of_zip(archive, members)
        time = max((_time_of(m) for m in members), default=0.0)
        owner = _owner(entry.stem, _claim(marker) or _claims(notebooks), known)
    elif entry.suffix.lower() == ".ipynb":
        read = functools.partial(_limited, entry)
        time = entry.stat().st_mtime
        owner = _owner(entry.stem, _claim(read()), known)
        name = f"{known.exercise_of(entry.stem, owner or '')}.ipynb"
        notebooks = [(PurePosixPath(name), read)]
    else:
        raise ClassError(say("neither a folder, nor a zip file, nor a notebook"))
    return _HandIn(entry.name, owner, time, notebooks) if owner else None


def _time_of(member: zipfile.ZipInfo) -> float:
    with contextlib.suppress(ValueError, OverflowError):
        return datetime(*member.date_time).timestamp()
    return 0.0


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
        raise ClassError(
            say("holds {size:,.0f} MB of notebooks: clear their outputs", size=size / 1e6)
        )
    if len(notebooks) > MOST_NOTEBOOKS:
        raise ClassError(
            say(
                "holds {notebooks:,} notebooks: more than can have been handed out",
                notebooks=len(notebooks),
            )
        )
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
