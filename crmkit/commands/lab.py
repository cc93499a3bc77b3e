"""``crmkit lab``: JupyterLab, opened on the first lesson, wherever crmkit runs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from crmkit.commands.course import START, copy_for
from crmkit.errors import CrmkitError
from crmkit.home import find_course, lessons_in, typed
from crmkit.say import say

OWN_COPY = "crmkit-course"


def course_folder(tell: Callable[[str], None]) -> Path:
    """Find the lessons, or, for a crmkit installed as a package, copy them out here first."""
    found = find_course()
    if found is not None:
        return found
    folder = Path.cwd() / OWN_COPY
    done = copy_for(folder)
    tell(
        say(
            "{count} files of the course copied to {folder}; what was there is as it was.",
            count=len(done.new),
            folder=OWN_COPY,
        )
    )
    return folder


def first_lesson(course: Path) -> str:
    """Say where to begin: the start lesson, or, where a trainer handed out a few, the first of those."""
    lessons = lessons_in(course)
    begin = START if (course / START).is_file() or not lessons else lessons[0].relative_to(course)
    return begin.as_posix()


def command(course: Path, options: list[str], environment: Mapping[str, str]) -> list[str]:
    """Say how to start JupyterLab on a course.

    Parameters
    ----------
    course : Path
        Folder with ``notebooks/``.
    options : list of str
        The reader's own options; they come last, and so win.
    environment : mapping
        As ``os.environ``: without a display no browser is tried.

    Returns
    -------
    list of str

    Examples
    --------
    >>> "--no-browser" in command(Path("course"), [], {"DISPLAY": ":0"})
    False
    """
    arguments = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={course}"]
    arguments.append(f"--LabApp.default_url=/lab/tree/{quote(first_lesson(course))}")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--allow-root")
    screen = environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")
    if sys.platform.startswith("linux") and not screen and "--no-browser" not in options:
        arguments.append("--no-browser")
    return arguments + options


def surroundings(environment: Mapping[str, str]) -> dict[str, str]:
    """Let JupyterLab's terminals and cells find the command ``crmkit``, even where no environment is active."""
    path = [sysconfig.get_path("scripts"), environment.get("PATH", os.defpath)]
    return {**environment, "PATH": os.pathsep.join(path)}


def _address(pid: int, course: Path) -> str | None:
    """Ask the running server's own notes for the address to open."""
    from jupyter_core.paths import jupyter_runtime_dir

    try:
        notes = json.loads(Path(jupyter_runtime_dir(), f"jpserver-{pid}.json").read_text())
    except (OSError, ValueError):
        return None
    token = f"?token={notes['token']}" if notes.get("token") else ""
    return f"{notes['url']}lab/tree/{quote(first_lesson(course))}{token}"


def open_lab(options: list[str], tell: Callable[[str], None]) -> int:
    """Start JupyterLab, say its address, and wait until it ends.

    Returns
    -------
    int
        JupyterLab's exit code.

    Raises
    ------
    CrmkitError
        JupyterLab is not installed.
    """
    if find_spec("jupyterlab") is None:
        raise CrmkitError(
            "JupyterLab is not installed in this Python. Install it with: "
            f"{typed('python')} -m pip install 'crmkit[lab]'"
        )
    course = course_folder(tell)
    arguments = command(course, options, os.environ)
    server = subprocess.Popen(arguments, cwd=course, env=surroundings(os.environ))
    # Ctrl-C reaches JupyterLab too, which asks whether to stop: the answer is between it and the reader.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Ending this command ends the server with it.
    signal.signal(signal.SIGTERM, lambda *_: server.terminate())
    try:
        said = False
        while server.poll() is None:
            if not said and (address := _address(server.pid, course)):
                said = True
                tell(f"\n{say('The course is served. Open in a browser:')}\n\n    {address}\n")
            time.sleep(0.2)
    finally:
        signal.signal(signal.SIGINT, before)
    return server.returncode
