"""Try what is released as a stranger would: ``python tools/try_wheel.py`` builds wheel and sdist, and uses the wheel.

The wheel is all there is: a clean environment, a folder with nothing in it, no checkout around. In it `crmkit doctor`
says that all is well, `crmkit lab` serves the first lesson, and `crmkit run --only 00` runs it. The sdist holds what it
takes to build the same wheel again. The environment is made with pip, as readers do. ``--out FOLDER`` keeps both.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import subprocess
import sys
import tarfile
import tempfile
import time
import urllib.request
import zipfile
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ADDRESS = re.compile(r"https?://\S+/lab/tree/(\S+?)(?:\?token=(\w+))?\s")
PATIENCE_S = 180
#: What a wheel must not carry: work on the course, and what a build leaves behind.
STRANGERS = re.compile(
    r"(^|/)(tests|tools|benchmarks|__pycache__|\.ipynb_checkpoints)/"
    r"|(^|/)bundle/\w+/(source|solutions)/|\.pyc$|\.toml\.orig$"
)


class WheelError(Exception):
    """What was built is not what a reader needs; the message says what."""


def build(out: Path) -> tuple[Path, Path]:
    """Build sdist and wheel of the checkout into a folder; give the wheel's path and the sdist's."""
    environment = os.environ | {"SOURCE_DATE_EPOCH": "1735689600"}
    command = [sys.executable, "-m", "uv", "build", "--quiet", str(ROOT), "--out-dir", str(out)]
    subprocess.run(command, check=True, env=environment)
    return next(out.glob("*.whl")), next(out.glob("*.tar.gz"))


def wanted(root: Path = ROOT) -> set[str]:
    """List what the wheel must hold: all modules and their data, lessons, exercises, tables."""
    listed = subprocess.run(
        ["git", "ls-files", "crmkit", "datasets", "notebooks", "exercises"],
        cwd=root, capture_output=True, text=True, check=True,
    ).stdout.split("\n")  # fmt: skip
    homes = {"datasets": "crmkit/datasets", "notebooks": "crmkit/bundle/notebooks"}
    homes["exercises"] = "crmkit/bundle/exercises"
    found = set()
    for name in filter(None, listed):
        first, _, rest = name.partition("/")
        if first in ("notebooks", "exercises") and ("/" in rest or not rest.endswith(".ipynb")):
            continue  # masters, worked notebooks
        if (root / name).is_file():
            found.add(f"{homes.get(first, first)}/{rest}")
    return found


def faults(wheel: Path, root: Path = ROOT) -> list[str]:
    """Say what a wheel lacks, and what does not belong into it."""
    with zipfile.ZipFile(wheel) as file:
        names = set(file.namelist())
    missing = sorted(wanted(root) - names)
    foreign = sorted(name for name in names if STRANGERS.search(name))
    return [f"missing: {name}" for name in missing] + [
        f"does not belong: {name}" for name in foreign
    ]


def content(wheel: Path) -> dict[str, str]:
    """Give the checksum of everything in a wheel but its own list of checksums."""
    with zipfile.ZipFile(wheel) as file:
        return {
            name: hashlib.sha256(file.read(name)).hexdigest()
            for name in file.namelist()
            if not name.endswith("/RECORD")
        }


def rebuilt(sdist: Path, folder: Path) -> Path:
    """Build a wheel from an sdist alone."""
    with tarfile.open(sdist) as file:
        file.extractall(folder, filter="data")
    (source,) = (path for path in folder.iterdir() if path.is_dir())
    command = [sys.executable, "-m", "uv", "build", "--quiet", "--wheel", str(source)]
    subprocess.run([*command, "--out-dir", str(folder / "wheel")], check=True)
    return next((folder / "wheel").glob("*.whl"))


def alone(environment: Mapping[str, str]) -> dict[str, str]:
    """Take out of an environment what leads back to a checkout or to somebody's settings."""
    gone = (
        "PYTHONPATH",
        "CRMKIT_DATA",
        "CRMKIT_LANGUAGE",
        "DISPLAY",
        "WAYLAND_DISPLAY",
        "VIRTUAL_ENV",
    )
    kept = {name: value for name, value in environment.items() if name not in gone}
    return kept | {"CRMKIT_PRACTICE_STATE": "off", "PYTHONUTF8": "1"}


def served(crmkit: list[str], here: Path, environment: Mapping[str, str]) -> dict[str, object]:
    """Start ``crmkit lab`` in an empty folder and fetch the lesson that it opens.

    Parameters
    ----------
    crmkit
        The command, such as ``["env/bin/crmkit"]``.
    here
        The folder to start in.
    environment
        As ``os.environ``.

    Returns
    -------
    dict
        What the server gives of the notebook: ``name``, ``content``, ...

    Raises
    ------
    WheelError
        It says no address in time, or does not serve the lesson.
    """
    log = here / "lab.log"
    with log.open("w", encoding="utf-8") as file:
        lab = subprocess.Popen(
            [*crmkit, "lab", "--no-browser", "--ServerApp.port=0"],
            cwd=here, env=dict(environment), stdout=file, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        end = time.monotonic() + PATIENCE_S
        match = None
        while match is None:
            if lab.poll() is not None or time.monotonic() > end:
                raise WheelError(
                    f"crmkit lab says no address:\n{log.read_text(encoding='utf-8')[-3000:]}"
                )
            time.sleep(0.2)
            match = ADDRESS.search(log.read_text(encoding="utf-8"))
        server = match[0].split("/lab/tree/")[0]
        asked = urllib.request.Request(
            f"{server}/api/contents/{match[1]}", headers={"Authorization": f"token {match[2]}"}
        )
        with urllib.request.urlopen(asked, timeout=60) as reply:
            return dict(json.load(reply))
    except OSError as error:
        raise WheelError(f"crmkit lab does not serve the lesson: {error}") from error
    finally:
        lab.terminate()
        lab.wait(timeout=60)


def try_clean(wheel: Path, folder: Path) -> None:
    """Install a wheel into a clean environment of its own, and use it.

    Raises
    ------
    WheelError
        A command of the installed course fails.
    """
    subprocess.run([sys.executable, "-m", "venv", str(folder / "env")], check=True)
    scripts = folder / "env" / ("Scripts" if os.name == "nt" else "bin")
    python, crmkit = scripts / "python", scripts / "crmkit"
    environment = alone(os.environ)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, f"{wheel}[lab]"], check=True, env=environment)
    here = folder / "empty"
    here.mkdir()
    lesson = served([str(crmkit)], here, environment)
    print(f"crmkit lab serves {lesson['path']}")
    course = here / "crmkit-course"
    for where, words in ((course, ["doctor"]), (course, ["run", "--only", "00"])):
        done = subprocess.run(
            [str(crmkit), *words],
            cwd=where,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        print(done.stdout.strip())
        if done.returncode:
            raise WheelError(f"crmkit {' '.join(words)} fails:\n{done.stdout}\n{done.stderr}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path, help="keep wheel and sdist here")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="crmkit-wheel-", ignore_cleanup_errors=True) as scratch:
        folder = Path(scratch)
        wheel, sdist = build(options.out or folder / "dist")
        try:
            found = faults(wheel)
            (folder / "sdist").mkdir()
            if content(rebuilt(sdist, folder / "sdist")) != content(wheel):
                found.append("the sdist builds another wheel")
            if found:
                raise WheelError("\n".join(found))
            print(
                f"{wheel.name}: {wheel.stat().st_size / 1e6:.1f} MB; {sdist.name} builds the same"
            )
            try_clean(wheel, folder)
        except WheelError as fault:
            print(fault, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
