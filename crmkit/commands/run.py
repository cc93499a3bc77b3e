"""``crmkit run``: execute the course's lessons headless and say how each went."""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from crmkit.companies import company, unmet
from crmkit.errors import CrmkitError
from crmkit.home import lesson_of, lessons_in
from crmkit.say import say

CELL_SECONDS = 300


@dataclass(frozen=True)
class Outcome:
    """How one lesson went; ``fault`` says where and why it failed, '' when it passed.

    ``lacking`` says what the lesson needs and the company at hand does not have: it is not run then.
    """

    lesson: str
    seconds: float
    fault: str
    lacking: str = ""

    @property
    def passed(self) -> bool:
        """Whether every cell ran."""
        return not self.fault and not self.lacking


def choose(course: Path, only: str | None) -> list[Path]:
    """Choose the lessons to run.

    Parameters
    ----------
    course : Path
        Folder with ``notebooks/``.
    only : str, optional
        Lesson numbers, such as ``"20,21"``.

    Raises
    ------
    CrmkitError
        No lesson has such a number.
    """
    lessons = lessons_in(course)
    if only is None:
        return lessons
    numbers = [number.lower().zfill(2) for number in re.split(r"[,\s]+", only.strip()) if number]
    there = {lesson_of(lesson.name) for lesson in lessons}
    unknown = [number for number in numbers if number not in there]
    if unknown or not numbers:
        raise CrmkitError(
            f"There is no lesson {', '.join(unknown) or repr(only)}. "
            f"There are: {', '.join(sorted(there)) or 'none'}."
        )
    return [lesson for lesson in lessons if lesson_of(lesson.name) in numbers]


def run(lessons: list[Path], begun: Callable[[str], None]) -> Iterator[Outcome]:
    """Execute lessons one by one; nothing is written back.

    Parameters
    ----------
    lessons : list of Path
    begun : callable
        Told the name of each lesson as it begins.

    Yields
    ------
    Outcome
    """
    # A run is no learner's attempt: it must not touch anybody's progress.
    os.environ["CRMKIT_PRACTICE_STATE"] = "off"
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    for lesson in lessons:
        begun(lesson.stem)
        if lacking := _lacking(lesson):
            yield Outcome(lesson.stem, 0.0, "", lacking)
            continue
        start = time.monotonic()
        fault = _fault_of(lesson)
        yield Outcome(lesson.stem, time.monotonic() - start, fault)


def _lacking(lesson: Path) -> str:
    """What a lesson needs and the company at hand lacks, as a sentence; '' where either cannot be read."""
    try:
        notebook = json.loads(lesson.read_text(encoding="utf-8"))
        return unmet(notebook, company()).replace("**", "")
    except (OSError, ValueError, LookupError, TypeError, CrmkitError):
        return ""  # executing it will say what is wrong


def _fault_of(lesson: Path) -> str:
    """Execute one notebook; '' when all went well."""
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    try:
        notebook = nbformat.read(lesson, as_version=4)
    except Exception as error:  # any damage to the file
        return say("cannot be read as a notebook: {error}", error=error)
    at = 0

    def note_cell(cell: object, cell_index: int) -> None:
        nonlocal at
        at = cell_index

    client = NotebookClient(
        notebook,
        timeout=CELL_SECONDS,
        resources={"metadata": {"path": str(lesson.parent)}},
        on_cell_execute=note_cell,
    )
    try:
        client.execute(stderr=subprocess.DEVNULL)  # the kernel's own log
    except CellExecutionError as error:
        said = error.evalue.splitlines()[0] if error.evalue else ""
        return say("cell {cell}: {error}", cell=at + 1, error=f"{error.ename}: {said}")
    except CellTimeoutError:
        return say("cell {cell}: took more than {seconds} s", cell=at + 1, seconds=CELL_SECONDS)
    except (DeadKernelError, RuntimeError) as error:
        return say("cell {cell}: the kernel died ({error})", cell=at + 1, error=error)
    return ""
