"""``crmkit doctor``: say whether this installation is sound, and what mends it where it is not."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from crmkit.errors import CrmkitError
from crmkit.home import find_course, lessons_in, typed
from crmkit.say import listed, say

KERNEL_SECONDS = 60


@dataclass(frozen=True)
class Finding:
    """One thing looked at: ``state`` is ``ok``, ``note`` (works, but know it) or ``fault``."""

    what: str
    state: str
    found: str
    mend: str = ""


def examine() -> Iterator[Finding]:
    """Look at everything the course needs, the quick things first.

    Yields
    ------
    Finding
    """
    looks: list[Callable[[], Iterator[Finding]]] = [
        look_at_python,
        look_at_packages,
        look_at_lock,
        look_at_course,
        look_at_data,
        look_at_widgets,
        look_at_kernel,
    ]
    for look in looks:
        try:
            yield from look()
        except Exception as error:  # a doctor that falls over a fault has not found it
            name = look.__name__.removeprefix("look_at_")
            found = say("could not be examined: {error}", error=f"{type(error).__name__}: {error}")
            yield Finding(name, "fault", found)


def look_at_python() -> Iterator[Finding]:
    """Look at the interpreter's version."""
    found = ".".join(map(str, sys.version_info[:3]))
    good = (3, 11) <= sys.version_info[:2] < (3, 15)
    mend = (
        "" if good else say("Install Python 3.11 to 3.14 and make the environment again with it.")
    )
    yield Finding("Python", "ok" if good else "fault", found, mend)


def look_at_packages() -> Iterator[Finding]:
    """Hold what is installed to the ranges that crmkit asks for."""
    from packaging.requirements import Requirement

    try:
        wanted = [Requirement(line) for line in requires("crmkit") or []]
    except PackageNotFoundError:
        found, mend = say("not installed, only importable"), _run("pip install -e '.[lab]'")
        yield Finding("crmkit", "fault", found, mend)
        return
    good = 0
    for need in wanted:
        if need.marker and not need.marker.evaluate({"extra": "lab"}):
            continue
        command = f"{typed('python')} -m pip install '{need.name}{need.specifier}'"
        try:
            found = version(need.name)
        except PackageNotFoundError:
            yield Finding(need.name, "fault", say("not installed"), _run(command))
            continue
        if not need.specifier.contains(found, prereleases=True):
            wrong = say("{found}, but {range} is needed", found=found, range=need.specifier)
            yield Finding(need.name, "fault", wrong, _run(command))
        else:
            good += 1
    yield Finding(say("packages"), "ok", say("{count} within their ranges", count=good))


def _run(command: str) -> str:
    return say("Run: {command}", command=command)


def locked_versions(lock: str) -> dict[str, str]:
    r"""Read the versions that a lock pins.

    Examples
    --------
    >>> locked_versions("numpy==2.4.6 \\\n    --hash=sha256:0a\n# a comment\npandas==3.1.1 ; python_version > '3'")
    {'numpy': '2.4.6', 'pandas': '3.1.1'}
    """
    return dict(re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", lock, flags=re.MULTILINE))


def look_at_lock() -> Iterator[Finding]:
    """Hold what is installed to the exact versions that the stored outputs were made with."""
    course = find_course()
    lock = course / "requirements.lock" if course else None
    if lock is None or not lock.is_file():
        return
    differing = []
    for name, locked in locked_versions(lock.read_text(encoding="utf-8")).items():
        try:
            found = version(name)
        except PackageNotFoundError:
            continue  # for another system, or not part of this installation
        if found != locked:
            differing.append(
                say("{name} {found} instead of {locked}", name=name, found=found, locked=locked)
            )
    if differing:
        mend = say(
            "Figures may differ a little from the stored ones. `make lab` installs the locked versions."
        )
        yield Finding(say("locked versions"), "note", _first_four(differing), mend)
    else:
        yield Finding(say("locked versions"), "ok", say("as in requirements.lock"))


def _first_four(things: list[str]) -> str:
    return listed(things[:4]) + (" ..." if len(things) > 4 else "")


def look_at_course() -> Iterator[Finding]:
    """Look for the lessons."""
    course = find_course()
    if course is None:
        mend = say("Run: {crmkit} start my-course, then: cd my-course", crmkit=typed("crmkit"))
        yield Finding(say("lessons"), "note", say("none in this folder or above"), mend)
        return
    count = len(lessons_in(course))
    yield Finding(say("lessons"), "ok", say("{count} found", count=count))


def look_at_data() -> Iterator[Finding]:
    """Hold every table to the checksum that came with it."""
    from crmkit.data.load import VARIABLE, find_data

    try:
        folder = find_data()
    except CrmkitError as error:
        mend = _run(f"{typed('crmkit')} start my-course")
        if os.environ.get(VARIABLE):
            mend = say(
                "Take the variable {variable} away, or give it a folder with tables.",
                variable=VARIABLE,
            )
        yield Finding(say("data"), "fault", str(error), mend)
        return
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    faults = []
    for resource in package["resources"]:
        path = folder / resource["path"]
        if not path.is_file():
            faults.append(say("{file} is missing", file=resource["path"]))
        elif hashlib.sha256(path.read_bytes()).hexdigest() != resource["hash"].split(":")[-1]:
            faults.append(say("{file} was changed", file=resource["path"]))
    if faults:
        mend = say(
            "Delete the files named and run `crmkit start` on this folder again, or `git checkout datasets`."
        )
        yield Finding(say("data"), "fault", f"{folder.name}: {_first_four(faults)}", mend)
    else:
        found = say(
            "{company}: {count} tables, as written",
            company=folder.name,
            count=len(package["resources"]),
        )
        yield Finding(say("data"), "ok", found)


def look_at_widgets() -> Iterator[Finding]:
    """Look whether JupyterLab can draw sliders."""
    from jupyter_core.paths import jupyter_path

    extension = "labextensions/@jupyter-widgets/jupyterlab-manager/package.json"
    found = [path for path in map(Path, jupyter_path()) if (path / extension).is_file()]
    if not found:
        mend = _run(f"{typed('python')} -m pip install --force-reinstall jupyterlab_widgets")
        missing = say("JupyterLab's extension for sliders is missing")
        yield Finding(say("widgets"), "fault", missing, mend)
        return
    shown = json.loads((found[0] / extension).read_text(encoding="utf-8"))["version"]
    yield Finding(say("widgets"), "ok", f"jupyterlab-manager {shown}")


def look_at_kernel() -> Iterator[Finding]:
    """Start a kernel as JupyterLab would, and import crmkit in it."""
    from jupyter_client.manager import KernelManager

    mend = _run(f"{typed('python')} -m ipykernel install --sys-prefix")
    manager = KernelManager(kernel_name="python3")
    try:
        manager.start_kernel(stderr=subprocess.DEVNULL)  # its log is no finding
        client = manager.blocking_client()
        client.start_channels()
        try:
            client.wait_for_ready(timeout=KERNEL_SECONDS)
            said: list[str] = []
            reply = client.execute_interactive(
                "import sys, crmkit; print(sys.prefix)",
                timeout=KERNEL_SECONDS,
                output_hook=lambda message: said.append(message["content"].get("text", "")),
            )
        finally:
            client.stop_channels()
    except Exception as error:  # no kernel, no answer, no time
        yield Finding(say("kernel"), "fault", say("did not start: {error}", error=error), mend)
        return
    finally:
        if manager.has_kernel:
            manager.shutdown_kernel(now=True)
    content = reply["content"]
    if content["status"] != "ok":
        why = f"{content['ename']}: {content['evalue']}"
        found = say("starts, but `import crmkit` fails: {error}", error=why)
        yield Finding(say("kernel"), "fault", found, mend)
    elif "".join(said).strip() != sys.prefix:
        other = say("runs in another Python than this command")
        yield Finding(say("kernel"), "fault", other, mend)
    else:
        yield Finding(say("kernel"), "ok", say("starts and finds crmkit"))
