"""The process in which one submission runs: ``python -m crmkit.practice.runner JOB NOTEBOOK WORK``.

It executes the notebook's code cells one after the other, goes on after an error, and writes what each `check` was
given to its standard output, one JSON line each, to the grader. It decides nothing: what a student's code can reach
here, it may forge, and a forged line is no more than another answer.

Line forms: ``{"ready": …}``, ``{"answer": id, "plain": …}``, ``{"answer": id, "status": …, "message": …}``,
``{"tries": {id: n}}``, ``{"cell": n, "trouble": kind, "message": …}``, ``{"done": true}``.
"""

from __future__ import annotations

import gc
import io
import json
import os
import pickle
import re
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from crmkit.practice import assess as marks
from crmkit.practice import confine, desk
from crmkit.practice.calling import TooSlow
from crmkit.practice.kinds import Function
from crmkit.practice.phrases import kind_of
from crmkit.practice.question import Kind, NotAttempted, Unreadable
from crmkit.practice.reply import tries_in
from crmkit.practice.sandbox import shipped_elsewhere
from crmkit.say import say

MOST_MESSAGE = 400
# `!command` opens a terminal before the system-call filter refuses the command, and says so in better words.
_DEVICES = tuple(Path(place) for place in (os.devnull, "/dev/ptmx", "/dev/pts"))


class TooMuchOutput(BaseException):
    """The submission printed more than it may. Not an Exception, so that ``except Exception`` lets it through."""


class Counted(io.TextIOBase):
    """A standard output that goes nowhere and counts."""

    def __init__(self, most: int) -> None:
        self.left = most

    def writable(self) -> bool:
        """Tell that one may write here."""
        return True

    def write(self, text: str) -> int:
        """Count, and stop at the limit."""
        self.left -= len(text)
        if self.left < 0:
            raise TooMuchOutput
        return len(text)


def read_answer(kind: Kind, cases: list[tuple[Any, ...]] | None, answer: Any) -> dict[str, Any]:
    """Turn one answer into the line that is sent."""
    try:
        if isinstance(kind, Function):
            canonical: Any = kind.run(answer, cases or [])
        else:
            canonical = kind.read(answer, None)
        return {"plain": kind.dump(canonical)}
    except NotAttempted:
        return {"status": marks.NOT_ATTEMPTED, "message": ""}
    except Unreadable as unreadable:
        return {"status": marks.UNREADABLE, "message": str(unreadable)[:MOST_MESSAGE]}
    except Exception:
        text = f"That {kind_of(answer)} cannot be read; the question asks for {kind.asks()}."
        return {"status": marks.UNREADABLE, "message": text[:MOST_MESSAGE]}


def foreign_language(notebook: Any) -> str:
    """Name the language that a notebook is set to, if it is another one than Python.

    Examples
    --------
    >>> foreign_language({"metadata": {"kernelspec": {"name": "ir", "language": "R"}}})
    'R'
    """
    for room, name in (("kernelspec", "language"), ("language_info", "name")):
        try:
            language = notebook["metadata"][room][name]
        except (KeyError, TypeError):
            continue
        if isinstance(language, str) and language.strip().lower() not in ("", "python", "ipython"):
            return language.strip()[:20]
    return ""


def sources_of(notebook: Any) -> list[str]:
    """Give a notebook's code cells.

    Raises
    ------
    ValueError
        If there is no list of cells.
    """
    cells = notebook["cells"]
    if not isinstance(cells, list):
        raise ValueError("no list of cells")
    sources = []
    for cell in cells:
        if isinstance(cell, dict) and cell.get("cell_type") == "code":
            source = cell.get("source", "")
            sources.append("".join(map(str, source)) if isinstance(source, list) else str(source))
    return sources


def stored_tries(notebook: Any) -> dict[str, int]:
    """Read from a notebook's stored replies how often each question had been answered."""
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    found: dict[str, int] = {}
    for cell in cells if isinstance(cells, list) else ():
        for question, count in tries_in(cell).items():
            found[question] = max(found.get(question, 0), count)
    return found


def trouble_of(error: BaseException, limits: Mapping[str, Any]) -> tuple[str, str]:
    """Name what ended a cell, in a word for the table and a sentence for the student."""
    if isinstance(error, TooSlow):
        return (
            "time",
            say(
                "The cell ran for more than {seconds} seconds: is there a loop that never ends?",
                seconds=limits["cell_seconds"],
            ),
        )
    if isinstance(error, MemoryError):
        return "memory", say(
            "The cell wanted more than {size:,} MB of memory.", size=limits["memory_mb"]
        )
    if isinstance(error, TooMuchOutput):
        return "output", say("The notebook printed more than {size} MB.", size=limits["output_mb"])
    if isinstance(error, SystemExit):
        return "exit", say("The cell ended Python (`exit` or `sys.exit`): take that line out.")
    if isinstance(error, confine.Refused):
        return "refused", say("Not allowed while grading: {what}.", what=error.strerror)
    if isinstance(error, BlockingIOError | PermissionError):
        return "refused", say("Not allowed while grading: {what}.", what=type(error).__name__)
    try:
        text = " ".join(str(error).split())[:200]
    except Exception:
        text = ""
    return "error", f"{type(error).__name__}: {text}" if text else type(error).__name__


def main(arguments: list[str]) -> int:
    """Run one submission."""
    job_path, notebook_path, work = (Path(argument) for argument in arguments[:3])
    confine.end_with_parent()
    # From the grader, not from the student: the only pickle there is goes this way.
    job = pickle.loads(job_path.read_bytes())
    limits = job["limits"]

    channel = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)

    def send(line: dict[str, Any]) -> None:
        channel.write(json.dumps(line, default=str) + "\n")
        channel.flush()

    os.chdir(work)
    shell = _shell(work)
    content = notebook_path.read_bytes()
    # Drawing takes a second to import: only for those who draw.
    _warm_up(drawing=re.search(rb"plot|style|explor|quiz", content) is not None)

    def record(question_id: str, answer: Any) -> None:
        for target in job["answers"].get(question_id, ()):
            kind, cases = job["kinds"][target], job["cases"].get(target)
            send({"answer": target} | read_answer(kind, cases, answer))

    desk.recorder = record
    counted = Counted(limits["output_mb"] * confine.MEGABYTE)
    sys.stdout = sys.stderr = counted
    held = confine.limit_resources(limits["cpu_seconds"], limits["memory_mb"], limits["file_mb"])
    held += ["files"] if confine.fence_files(_readable(work), [work, *_DEVICES]) else []
    held += ["processes"] if confine.refuse_processes_and_network() else []
    confine.guard_files([work], closed=[confine.QUESTIONS])
    send({"ready": True, "limits": held})

    try:
        notebook = json.loads(content)
        sources = sources_of(notebook)
    except Exception as error:
        why = (
            say("not UTF-8 text") if isinstance(error, UnicodeDecodeError) else type(error).__name__
        )
        message = say("The file is no notebook ({why}).", why=why)
        send({"cell": 0, "trouble": "not a notebook", "message": message})
        notebook, sources = None, []
    if foreign := foreign_language(notebook):
        message = say(
            "The notebook is set to {language}: choose the Python kernel. It was run as Python.",
            language=foreign,
        )
        send({"cell": 0, "trouble": "language", "message": message})
    if found := stored_tries(notebook):
        send({"tries": found})
    for number, source in enumerate(sources, start=1):
        if not source.strip():
            continue
        names = set(shell.user_ns)
        problem = run_cell(shell, source, limits["cell_seconds"])
        if problem is not None:
            kind, message = trouble_of(problem, limits)
            send({"cell": number, "trouble": kind, "message": message[:MOST_MESSAGE]})
            if isinstance(problem, MemoryError):
                # What filled the memory goes, or every later cell would fail for want of it.
                problem = None
                for name in set(shell.user_ns) - names:
                    del shell.user_ns[name]
                gc.collect()
            if isinstance(problem, TooMuchOutput):
                # What follows may still print a little, so that one flood does not cost the other questions.
                counted.left = confine.MEGABYTE
    send({"done": True})
    channel.flush()
    # Not sys.exit: threads and exit handlers that the submission left behind shall not run.
    os._exit(0)


def _readable(work: Path) -> list[Path]:
    """List what a submission may read: Python, the package without its questions, its own data."""
    python = {
        Path(sys.prefix),
        Path(sys.base_prefix),
        Path(os.path.realpath(sys.executable)).parent,
    }
    system = (
        "/usr",
        "/lib",
        "/lib64",
        "/bin",
        "/etc/fonts",
        "/etc/ld.so.cache",
        "/etc/mime.types",
        "/proc",
        "/sys",
        "/dev",
    )
    package = confine.QUESTIONS.parents[1]
    course = [*confine.beside(package, confine.QUESTIONS), confine.QUESTIONS / "__init__.py"]
    course = [path for path in course if path.name != "bundle"]  # worked solutions
    data = [work.parent / "datasets", *shipped_elsewhere()]
    return [*python, *(Path(place) for place in system), *course, *data]


def run_cell(shell: Any, source: str, seconds: float) -> BaseException | None:
    """Run one cell; give what it raised, or None."""
    timed = hasattr(signal, "setitimer")
    if timed:

        def ring(number: int, frame: Any) -> None:
            raise TooSlow

        signal.signal(signal.SIGPROF, ring)
        # Processor time; the repeat catches code that swallows the first. Sleeping is ended by the grader.
        signal.setitimer(signal.ITIMER_PROF, seconds, 0.5)
    try:
        result = shell.run_cell(source, store_history=False, silent=True)
        problem: BaseException | None = result.error_before_exec or result.error_in_exec
        return problem
    except BaseException as error:
        return error
    finally:
        if timed:
            signal.setitimer(signal.ITIMER_PROF, 0)


def _shell(work: Path) -> Any:
    """Make the shell that runs the cells, so that a notebook's %magic works as in the notebook."""
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    settings = Config()
    settings.HistoryManager.enabled = False
    settings.InteractiveShell.color_info = False
    os.environ["IPYTHONDIR"] = str(work)
    shell: Any = InteractiveShell.instance(config=settings)
    # `%matplotlib inline` asks for a window system. A traceback is neither read nor wanted, and formatting a deep
    # one takes longer than the cell.
    shell.enable_gui = lambda *args, **named: None
    shell.showtraceback = lambda *args, **named: None
    shell.showsyntaxerror = lambda *args, **named: None
    return shell


def _warm_up(drawing: bool) -> None:
    """Import what a notebook imports, before the clock starts."""
    import pandas

    import crmkit.data.load
    import crmkit.practice

    for name in crmkit.practice.__all__:
        getattr(crmkit.practice, name)
    pandas.DataFrame({"a": [1]}).groupby("a").sum()
    if drawing:
        import ipywidgets  # noqa: F401
        import matplotlib.pyplot  # noqa: F401


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
