"""Run one submission in a process of its own, in bubblewrap where that works, and end it when its time is up."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import pickle
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from crmkit.practice.confine import MEGABYTE, QUESTIONS
from crmkit.practice.kinds import Function, Plan
from crmkit.practice.question import Kind, Question
from crmkit.practice.tables import OTHER_COMPANIES, SAME_FOR_ALL
from crmkit.say import SWITCH, language, say

BUBBLEWRAP = "bubblewrap"
SETTABLE = ("cpu", "memory", "file size", "open files", "core", "files", "processes")
MOST_CHANNEL_BYTES = 10 * MEGABYTE
# Read by the grader itself, in which a megabyte of brackets takes twenty. A table has one a row, and no question asks
# for so many.
MOST_BRACKETS = 50_000
# No kind of answer nests deeper than a table of lists. What does was made to break the grader, in which every level
# is a call: when it reads, when it writes the result down, and when it compares.
DEEPEST = 20


@dataclass(frozen=True)
class Limits:
    """What one submission may use.

    Parameters
    ----------
    cpu_seconds
        Processor time of the whole notebook, imports not counted.
    cell_seconds
        Processor time of one cell; the other cells still run.
    wall_seconds
        Time by the clock after which the grader ends it whatever it does.
    memory_mb, file_mb, output_mb
        Memory, size of a file that it writes, and what it may print.
    """

    cpu_seconds: int = 60
    cell_seconds: int = 15
    wall_seconds: int = 120
    memory_mb: int = 1500
    file_mb: int = 50
    output_mb: int = 5


@dataclass(frozen=True)
class Run:
    """What came out of one submission's process.

    Parameters
    ----------
    answers
        The last attempted answer per question, as the process sent it.
    troubles
        (cell number, kind, sentence) of each cell that failed; cell 0 is the notebook as a whole.
    fences
        What held the process: "bubblewrap", and the limits that the process could set.
    seconds
        By the clock, start and imports included.
    tries
        How often each question had been answered, as the notebook's stored replies say.
    """

    answers: Mapping[str, Mapping[str, Any]]
    troubles: Sequence[tuple[int, str, str]]
    fences: Sequence[str]
    seconds: float
    tries: Mapping[str, int] = field(default_factory=dict)


# --- bubblewrap ----------------------------------------------------------------------------------


def _outermost(folders: Sequence[Path]) -> list[Path]:
    """Leave out folders that lie in another one of the list."""
    found: list[Path] = []
    for folder in sorted({f for f in folders if f.exists()}, key=lambda f: len(f.parts)):
        if not any(folder.is_relative_to(other) for other in found):
            found.append(folder)
    return found


def bwrap_command(data: Path, box: Path, limits: Limits) -> list[str]:
    """Give the command that comes before Python's: an empty root with Python, the data and the job, all read-only.

    The work folder is in memory: nothing that a submission writes reaches a disk. There is no network, no other
    process, no home folder and no other student's work in there.
    """
    package = Path(__file__).resolve().parents[1]
    system = [
        Path(p)
        for p in ("/usr", "/lib", "/lib32", "/lib64", "/bin", "/etc/fonts", "/etc/ld.so.cache")
    ]
    python = [Path(p) for p in (sys.prefix, sys.base_prefix, sys.exec_prefix)]
    resolved = [Path(os.path.realpath(sys.executable)).parent]
    command = ["bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--clearenv"]
    # Where the grader is root, the submission would keep its powers, and undo the mounts.
    command += ["--cap-drop", "ALL"]
    space = str(4 * limits.file_mb * MEGABYTE)
    # Before what is bound: the course itself may lie in /tmp, and would be hidden by an empty one laid over it.
    command += ["--size", space, "--tmpfs", "/tmp"]
    for folder in _outermost([*system, *python, *resolved, package]):
        if folder.is_symlink():
            command += ["--symlink", os.readlink(folder), str(folder)]
        else:
            command += ["--ro-bind", str(folder), str(folder)]
    # The references are not for the submission to ask; the empty room stays, so that the guard can say so.
    command += ["--tmpfs", str(QUESTIONS)]
    command += ["--ro-bind", str(QUESTIONS / "__init__.py"), str(QUESTIONS / "__init__.py")]
    if (package / "bundle").exists():
        command += ["--tmpfs", str(package / "bundle")]
    command += ["--proc", "/proc", "--dev", "/dev"]
    command += ["--size", space, "--tmpfs", "/submission", "--dir", "/submission/exercises"]
    for company in _companies(data):
        command += ["--ro-bind", str(company), f"/submission/datasets/{company.name}"]
    for folder in shipped_elsewhere():
        command += ["--ro-bind", str(folder), str(folder)]
    command += ["--ro-bind", str(box), "/box"]
    # The package that grades is the one that runs, wherever it was imported from; nothing else lies in that folder.
    inside = environment(Path("/submission")) | {"PYTHONPATH": str(package.parent)}
    for name, value in inside.items():
        command += ["--setenv", name, value]
    # In memory, too, and without a limit of their own: what is written there could fill the machine's.
    command += ["--remount-ro", "/dev", "--remount-ro", "/"]
    return [*command, "--chdir", "/submission/exercises", "--"]


def shipped_elsewhere() -> list[Path]:
    """List the other companies' data that a checkout has beside the package; an installed one has them in itself."""
    datasets = Path(__file__).resolve().parents[2] / "datasets"
    folders = [datasets / name for name in (*OTHER_COMPANIES, *SAME_FOR_ALL)]
    return [folder for folder in folders if (folder / "datapackage.json").is_file()]


def _companies(data: Path) -> list[Path]:
    """List a student's data: the folder of the company, and those of other companies beside it."""
    others = [data.parent / name for name in OTHER_COMPANIES]
    return [data, *(o for o in others if o != data and (o / "datapackage.json").is_file())]


def environment(root: Path) -> dict[str, str]:
    """Give the environment of a submission: nothing of the trainer's, one thread, no progress file."""
    made = {
        "CRMKIT_DATA": str(root / "datasets"),
        "CRMKIT_PRACTICE_STATE": "off",
        SWITCH: language(),
        "HOME": str(root),
        "LANG": "C.UTF-8",
        "MPLBACKEND": "Agg",
        "MPLCONFIGDIR": str(root / "exercises"),
        "PATH": "/usr/bin:/bin" if os.name == "posix" else os.environ.get("PATH", ""),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
    }
    # Threads of the number crunchers count as memory, and two submissions run side by side anyway.
    for name in ("OPENBLAS", "OMP", "MKL", "NUMEXPR", "VECLIB_MAXIMUM"):
        made[f"{name}_NUM_THREADS"] = "1"
    if os.name == "nt":
        made |= {
            name: os.environ[name] for name in ("SYSTEMROOT", "TEMP", "TMP") if name in os.environ
        }
    return made


@functools.cache
def bubblewrap_works() -> bool:
    """Try whether bubblewrap is installed, may do its work here (in some containers it may not), and finds crmkit."""
    if shutil.which("bwrap") is None:
        return False
    with tempfile.TemporaryDirectory() as folder:
        data, box = Path(folder, "data"), Path(folder, "box")
        data.mkdir()
        box.mkdir()
        command = [*bwrap_command(data, box, Limits()), sys.executable, "-s", "-P"]
        command += ["-c", "import crmkit.practice; print('in')"]
        try:
            done = subprocess.run(command, capture_output=True, timeout=30, check=False)
        except (OSError, subprocess.TimeoutExpired):
            return False
        return done.returncode == 0 and done.stdout.strip() == b"in"


# --- running -------------------------------------------------------------------------------------


def portable(kind: Kind) -> Kind:
    """Give a kind without code of the question files, which a submission's process cannot import, and without answers.

    A Function's inputs are sent as data; a Plan's figures, model answer and rubric are not for the submission to see.
    """
    if isinstance(kind, Function):
        return replace(kind, cases=_no_cases)
    if isinstance(kind, Plan):
        return replace(kind, figures=None, model="", rubric={})
    return kind


def _no_cases(tables: Any) -> list[tuple[Any, ...]]:
    return []


def make_job(
    questions: Sequence[Question], cases: Mapping[str, Sequence[tuple[Any, ...]]], limits: Limits
) -> bytes:
    """Write down what the process must know: which answers to read and how, but neither references nor data."""
    answers: dict[str, list[str]] = {}
    for question in questions:
        answers.setdefault(question.answer_of or question.id, []).append(question.id)
    job = {
        "answers": answers,
        "kinds": {question.id: portable(question.kind) for question in questions},
        "cases": {name: list(made) for name, made in cases.items()},
        "limits": asdict(limits),
        "language": language(),
    }
    return pickle.dumps(job)


class _Listener(threading.Thread):
    """Read what a process sends, up to a limit."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        super().__init__(daemon=True)
        self.process = process
        self.lines: list[bytes] = []
        self.size = 0
        self.ready = threading.Event()
        self.flooded = False

    def run(self) -> None:
        """Collect lines until the process closes its end."""
        stream = self.process.stdout
        assert stream is not None
        with contextlib.suppress(ValueError, OSError):
            while line := stream.readline(MOST_CHANNEL_BYTES):
                self.size += len(line)
                if self.size > MOST_CHANNEL_BYTES:
                    self.flooded = True
                    end(self.process)
                    break
                self.lines.append(line)
                self.ready.set()
        self.ready.set()


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process and all that it started."""
    with contextlib.suppress(OSError):
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()


# What runs now: an interrupted grader ends it.
_running: set[subprocess.Popen[bytes]] = set()


def end_all() -> None:
    """End every submission that runs now."""
    for process in list(_running):
        end(process)


def run_submission(
    notebook: Path,
    data: Path,
    job: bytes,
    limits: Limits,
    *,
    bubblewrap: bool | None = None,
    start_seconds: float = 120.0,
) -> Run:
    """Run one notebook against one student's data.

    Parameters
    ----------
    notebook
        The submitted file, which may be anything at all.
    data
        The student's data (the folder of the company), as it was handed out.
    job
        What :func:`make_job` gave.
    limits
        What it may use.
    bubblewrap
        Whether to wrap it; by default if that works here.
    start_seconds
        How long Python may take to start, which is not the student's doing.
    """
    wrapped = bubblewrap_works() if bubblewrap is None else bubblewrap
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="crmkit-grade-", ignore_cleanup_errors=True) as folder:
        root = Path(folder).resolve()
        box = root / "box"
        box.mkdir()
        (box / "job").write_bytes(job)
        shutil.copyfile(notebook, box / "notebook.ipynb")
        runner = [sys.executable, "-s", "-P", "-m", "crmkit.practice.runner"]
        if wrapped:
            inside = Path("/submission")
            command = [
                *bwrap_command(data.resolve(), box, limits),
                *runner,
                "/box/job",
                "/box/notebook.ipynb",
            ]
            command.append(str(inside / "exercises"))
            options: dict[str, Any] = {"env": {"PATH": os.environ.get("PATH", "")}}
        else:
            work = root / "submission" / "exercises"
            work.mkdir(parents=True)
            for company in _companies(data.resolve()):
                shutil.copytree(company, root / "submission" / "datasets" / company.name)
            command = [*runner, str(box / "job"), str(box / "notebook.ipynb"), str(work)]
            options = {"env": environment(root / "submission"), "cwd": work}
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=os.name == "posix",
            **options,
        )
        _running.add(process)
        listener = _Listener(process)
        listener.start()
        killed = ""
        try:
            if not listener.ready.wait(start_seconds):
                killed = "start"
            else:
                process.wait(limits.wall_seconds)
        except subprocess.TimeoutExpired:
            killed = "time"
        finally:
            if process.poll() is None or not wrapped:
                end(process)
            process.wait()
            _running.discard(process)
            listener.join(10)
            if process.stdout:
                process.stdout.close()
    return _read_run(
        listener,
        {target for targets in pickle.loads(job)["answers"].values() for target in targets},
        process.returncode,
        killed,
        limits,
        wrapped,
        time.monotonic() - began,
    )


def _read_run(
    listener: _Listener,
    asked: set[str],
    code: int,
    killed: str,
    limits: Limits,
    wrapped: bool,
    seconds: float,
) -> Run:
    answers: dict[str, Mapping[str, Any]] = {}
    troubles: list[tuple[int, str, str]] = []
    limited: list[str] = []
    tries: dict[str, int] = {}
    started = done = False
    for raw in list(listener.lines):
        line = _read_line(raw)
        if not isinstance(line, dict):
            continue
        if line.get("ready"):
            started = True
            # A process may claim what it likes; that it is wrapped is not for it to say.
            held = line.get("limits")
            limited = [name for name in SETTABLE if isinstance(held, list) and name in held]
        elif line.get("done"):
            done = True
        elif isinstance(line.get("tries"), dict):
            for question, count in line["tries"].items():
                if question in asked and type(count) is int and 0 < count < 1_000_000:
                    tries[question] = count
        elif "answer" in line:
            # Answers to what nobody asked would only fill the disk.
            if not isinstance(line["answer"], str) or line["answer"] not in asked:
                continue
            earlier = answers.get(line["answer"])
            # An answer that was given stays, if the cell is repeated further down with the placeholder.
            if earlier is None or line.get("status") != "not attempted":
                answers[line["answer"]] = line
        elif isinstance(line.get("cell"), int) and len(troubles) < 50:
            troubles.append(
                (line["cell"], str(line.get("trouble"))[:20], str(line.get("message"))[:500])
            )
    ended = _how_it_ended(started, done, code, killed, listener.flooded, limits)
    if ended is not None:
        troubles.append((0, *ended))
    return Run(answers, troubles, [*[BUBBLEWRAP] * wrapped, *limited], seconds, tries)


def _read_line(raw: bytes) -> Any:
    """Read one line that a process sent; None if it cannot be read, or not be written down again."""
    if raw.count(b"[") + raw.count(b"{") > MOST_BRACKETS:
        return None
    try:
        # Half of an emoji is text that no file can hold: a question mark takes its place.
        text = json.dumps(json.loads(raw), ensure_ascii=False).encode("utf-8", "replace")
        line = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return line if _depth(line) <= DEEPEST else None


def _depth(value: Any) -> int:
    """Count how deep lists and objects lie in one another, without a call for each level."""
    deep, level = 0, [value]
    while level := [
        inner
        for outer in level
        if isinstance(outer, dict | list)
        for inner in (outer.values() if isinstance(outer, dict) else outer)
    ]:
        deep += 1
    return deep


def _how_it_ended(
    started: bool, done: bool, code: int, killed: str, flooded: bool, limits: Limits
) -> tuple[str, str] | None:
    # bubblewrap reports a signal as 128 + its number, a plain child as minus its number.
    ended_by = code - 128 if code > 128 else -code if code < 0 else 0
    if flooded:
        return "output", say(
            "The answers are larger than any answer can be; the rest was not read."
        )
    if done:
        return None
    if killed == "start" or not started:
        return (
            "not run",
            say(
                "The notebook could not be started: this is the grader's trouble, not the student's."
            ),
        )
    if killed == "time":
        return (
            "time",
            say(
                "Ended after {seconds} seconds: something waits or loops for ever.",
                seconds=limits.wall_seconds,
            ),
        )
    if os.name == "posix" and ended_by == signal.SIGXCPU:
        return (
            "time",
            say(
                "Ended after {seconds} seconds of computing: something loops for ever.",
                seconds=limits.cpu_seconds,
            ),
        )
    if ended_by:
        return "crash", say(
            "Python was ended by signal {number} (too much memory, or a crash).", number=ended_by
        )
    return "exit", say("The notebook ended Python before its last cell (`os._exit`, or a crash).")
