"""Answer a developer in under two minutes: lint, types, and the units of what has changed.

``python tools/check.py``: what differs from the branch `main` (on `main`: from the last commit) says which tests run.
Tests that drive a browser or take long are left to `make test`. A group of tests that passed is not run again until one
of its files changes; this is the only place where anything is skipped by content.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import run_tests
import worlds

from crmkit.home import lesson_of

ROOT = Path(__file__).resolve().parents[1]
STATE = ROOT / ".pytest_cache/crmkit-check.json"
BY_LESSON = ["tests/notebooks/test_lessons.py", "tests/notebooks/test_in_a_class.py"]
BY_LESSON += ["tests/notebooks/test_what_is_shown.py", "tests/practice/test_exercises.py"]
#: What a push repeats on less data: where a question or a lesson changed, all of it.
FULL = {"tests/practice/test_questions.py", "tests/notebooks/test_what_is_shown.py"}
#: These try every question of the course, for minutes: here only those of the lessons that changed.
EVERY_LESSON = ("tests/practice/test_questions.py", "tests/practice/test_exercises.py")


@dataclass(frozen=True)
class Group:
    """Tests that belong together, and the files whose change calls for them."""

    name: str
    tests: tuple[str, ...]
    chosen: str = ""  # pytest -k


def lines(*command: str) -> list[str]:
    """Give the lines that git prints."""
    done = subprocess.run(["git", *command], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.splitlines()


def changed_files() -> set[str]:
    """List what differs from `main`, or from the last commit but one on `main` itself."""
    for branch in ("main", "origin/main"):
        base = lines("merge-base", "HEAD", branch)
        if base and base != lines("rev-parse", "HEAD"):
            break
    else:
        base = ["HEAD"] if lines("status", "--porcelain") else lines("rev-parse", "HEAD~1")
    found = lines("diff", "--name-only", *(base or ["HEAD"]))
    return {*found, *lines("ls-files", "--others", "--exclude-standard")}


def group_of(file: str) -> Group | None:
    """Say which tests a file's change calls for; None for files that `make lint` or `make test` look after.

    Examples
    --------
    >>> group_of("crmkit/value/rfm.py").tests
    ('tests/value', 'crmkit/value')
    >>> group_of("notebooks/source/20_who.py").chosen
    '20'
    """
    path = Path(file)
    parts = path.parts
    if question := re.fullmatch(r"lesson_(\w+)", path.stem):
        number = question[1]
        return Group(f"questions {number}", ("tests/practice/test_questions.py",), f"{number}-")
    if re.match(r"(notebooks|exercises)(/source|/solutions)?/\d\d[b-z]?_", file) or re.match(
        r"docs/instructor/\d\d[b-z]?_", file
    ):
        return Group(f"lesson {lesson_of(path.stem)}", tuple(BY_LESSON), lesson_of(path.stem))
    if parts[0] == "tests" and len(parts) > 2 and path.name.startswith("test_"):
        return Group(file, (file,))
    if parts[0] in ("tests", "crmkit") and len(parts) > 2:
        tests = [f"tests/{parts[1]}", *([f"crmkit/{parts[1]}"] if parts[0] == "crmkit" else [])]
        return Group(parts[1], tuple(tests))
    if parts[0] == "crmkit" and path.suffix == ".py":
        tests = [f"tests/{folder}" for folder in (path.stem, "house", "cli")]
        return Group(path.stem, (*tests, file))
    if parts[0] in ("tools", ".github") or file in ("pyproject.toml", "Makefile", "conftest.py"):
        return Group("house", ("tests/house", "tests/notebooks/test_guards.py"))
    return None


def digest(files: list[str]) -> str:
    """Give a mark of the files' content."""
    mark = hashlib.sha256()
    for file in sorted(files):
        path = ROOT / file
        mark.update(file.encode() + (path.read_bytes() if path.is_file() else b"gone"))
    return mark.hexdigest()


def passed_before() -> dict[str, str]:
    """Read which groups passed, and with which content."""
    try:
        return dict(json.loads(STATE.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def main() -> int:
    started = time.monotonic()
    # The type checker takes longest and uses one core: it runs beside the others.
    types = subprocess.Popen([sys.executable, "-m", "mypy"], cwd=ROOT)
    for command in (["ruff", "check", "-q", "."], ["ruff", "format", "--check", "-q", "."]):
        if subprocess.run([sys.executable, "-m", *command], cwd=ROOT, check=False).returncode:
            types.terminate()
            types.wait()
            return 1
    if types.wait():
        return 1
    wanted: dict[Group, list[str]] = {}
    for file in changed_files():
        if group := group_of(file):
            wanted.setdefault(group, []).append(file)
    known = passed_before()
    marks = {group.name: digest(files) for group, files in wanted.items()}
    todo = [group for group in wanted if known.get(group.name) != marks[group.name]]
    failed = False
    with tempfile.TemporaryDirectory() as state:
        # One call for the groups without a choice; lessons share one, questions share one.
        for narrowed in sorted({group.tests if group.chosen else () for group in todo}):
            part = [g for g in todo if (g.tests if g.chosen else ()) == narrowed]
            paths = sorted({t for g in part for t in g.tests if (ROOT / t).exists()})
            chosen = " or ".join(sorted(group.chosen for group in part)) if narrowed else ""
            if not paths:
                continue
            print(f"\n{', '.join(sorted(group.name for group in part))}", flush=True)
            command = [sys.executable, "-m", "pytest", "-m", "not browser and not slow", "-q", "-x"]
            command += ["--doctest-modules", *run_tests.workers(), *paths, "-k", chosen]
            command += [f"--ignore={file}" for file in EVERY_LESSON if file not in paths]
            # A question that changed is tried on ten companies; a push tries all questions on three. A lesson that
            # changed shows what it shows of the shipped data too.
            command += ["--full"] if FULL.intersection(paths) else []
            # So is a claim that changed: in all its worlds, where a push takes three.
            own = run_tests.environment(state) | {worlds.EVERY_SEED: "1"}
            code = subprocess.run(command, cwd=ROOT, env=own, check=False).returncode
            sound = code in (0, run_tests.NOTHING_COLLECTED)
            failed |= not sound
            for group in part:
                known[group.name] = marks[group.name] if sound else ""
    STATE.parent.mkdir(exist_ok=True)
    STATE.write_text(json.dumps(known, indent=1), encoding="utf-8")
    same = sorted(group.name for group in wanted if group not in todo)
    if same:
        print(f"\nunchanged since they passed: {', '.join(same)}")
    print(f"{'FAILED' if failed else 'sound'} after {time.monotonic() - started:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
