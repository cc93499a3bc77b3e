"""The workflows call what exists, with what it needs, on every system and Python that is supported."""

from __future__ import annotations

import importlib.util
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import typer
import yaml
from packaging.specifiers import SpecifierSet

from crmkit.cli import app

ROOT = Path(__file__).resolve().parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
#: What every runner has of its own.
OF_THE_SYSTEM = {"sudo", "echo", "mkdir", "curl", "tar"}
#: What the tests ask for where CI is set, and fail without.
ASKED_FOR_IN_CI = ("CRMKIT_PYODIDE=", "CRMKIT_CHROMIUM=", "install -y -qq bubblewrap")


def flow_of(path: Path) -> dict[str, Any]:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def commands(job: dict[str, Any]) -> Iterator[list[str]]:
    """Give the words of every command of a job, one after the other."""
    for step in job["steps"]:
        text = step.get("run", "").replace("\\\n", " ")
        for line in text.splitlines():
            for inner in re.findall(r"\$\((.*)\)", line):
                yield shlex.split(inner)
            for part in re.split(r"&&|\|", re.sub(r"\$\(.*\)", "X", line)):
                words = shlex.split(part)
                if words and "=" not in words[0]:
                    yield words


def as_python(words: list[str], installed: set[str]) -> list[str]:
    """Say what is wrong with a call of Python."""
    if words[1] == "-m":
        if words[2:4] == ["pip", "install"]:
            for word in words[4:]:
                extras = re.findall(r"\[(.*)\]", word)
                known = PYPROJECT["project"]["optional-dependencies"]
                unknown = [name for extra in extras for name in extra.split(",")]
                unknown = [name for name in unknown if name not in known]
                if unknown:
                    return [f"{word}: there is no extra {unknown[0]}"]
                installed.add(word)
            return []
        return [] if words[2] in installed else [f"python -m {words[2]}: not installed before"]
    if words[1] == "-c":
        module, name = re.fullmatch(
            r"import ([\w.]+) as (?:c; print\(c\.(\w+)\))", words[2]
        ).groups()
        found = importlib.util.find_spec(module.partition(".")[0])
        if found is None:
            return []
        held = getattr(importlib.import_module(module), name, None)
        return [] if held else [f"{module} has no {name}"]
    script = ROOT / words[1]
    if not script.is_file():
        return [f"python {words[1]}: no such file"]
    source = script.read_text(encoding="utf-8")
    options = [word for word in words[2:] if word.startswith("--")]
    return [f"{words[1]} knows no {name}" for name in options if f'"{name}"' not in source]


def wrong(words: list[str], installed: set[str]) -> list[str]:
    """Say what of a command does not exist."""
    first = words[0]
    if first == "make":
        return [f"make {name}: no such target" for name in words[1:] if name not in TARGETS]
    if first == "crmkit":
        group = typer.main.get_command(app)
        known = group.list_commands(click.Context(group))
        return [] if words[1] in known else [f"crmkit {words[1]}: no such command"]
    if first in ("python", ".venv/bin/python"):
        return as_python(words, installed)
    if first == "command":
        return []
    return [] if first in OF_THE_SYSTEM else [f"{first}: no runner has it"]


def faults_of(flow: dict[str, Any]) -> list[str]:
    """Say what of a workflow cannot work."""
    faults = []
    for name, job in flow["jobs"].items():
        installed = {"pip"}
        called = list(commands(job))
        faults += [f"{name}: {fault}" for words in called for fault in wrong(words, installed)]
        uses = [step["uses"] for step in job["steps"] if "uses" in step]
        faults += [f"{name}: {use} names no version" for use in uses if not re.search(r"@v\d", use)]
        said = "\n".join(step.get("run", "") for step in job["steps"])
        if job.get("env", {}).get("CI") and re.search(r"^make test", said, re.M):
            faults += [f"{name}: no {thing}" for thing in ASKED_FOR_IN_CI if thing not in said]
            first_test = said.index("make test")
            late = [thing for thing in ASKED_FOR_IN_CI if said.find(thing) > first_test]
            faults += [f"{name}: {thing} comes too late" for thing in late]
    return faults


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_calls_what_exists(path: Path) -> None:
    flow = flow_of(path)
    assert faults_of(flow) == []
    # A workflow that may write needs a reason of its own.
    assert flow["permissions"].get("contents") == "read", f"{path.name} may do more than read"


@pytest.mark.parametrize(
    ("run", "fault"),
    [
        ("make tests", "make tests: no such target"),
        ("crmkit docter", "crmkit docter: no such command"),
        ("python tools/gone.py", "python tools/gone.py: no such file"),
        ("python tools/try_wheel.py --to dist", "tools/try_wheel.py knows no --to"),
        ('python -m pip install -e ".[labs]"', ".[labs]: there is no extra labs"),
        ("python -m twine check", "python -m twine: not installed before"),
        ("make lint && frobnicate", "frobnicate: no runner has it"),
        ("make \\\n  tests", "make tests: no such target"),
    ],
)
def test_what_does_not_exist_is_named(run: str, fault: str) -> None:
    assert faults_of({"jobs": {"a": {"steps": [{"run": run}]}}}) == [f"a: {fault}"]


def test_tests_without_what_ci_asks_for_are_named() -> None:
    job = {"env": {"CI": "true"}, "steps": [{"uses": "actions/checkout"}, {"run": "make test"}]}
    assert faults_of({"jobs": {"a": job}}) == [
        "a: actions/checkout names no version",
        *(f"a: no {thing}" for thing in ASKED_FOR_IN_CI),
    ]


def test_files_that_workflows_name_are_there_and_pictures_are_kept_where_they_are_made() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in WORKFLOWS)
    for name in re.findall(r"(?:environment-file|cache-dependency-path): (\S+)", text):
        assert (ROOT / name).is_file(), name
    driven = (ROOT / "tests/browser/test_lessons.py").read_text(encoding="utf-8")
    assert re.findall(r"path: (\S+/\S+)", text) == re.findall(r'ROOT / "(artefacts/\S+)"', driven)


def test_every_supported_python_and_system_is_tried() -> None:
    jobs = flow_of(ROOT / ".github/workflows/check.yml")["jobs"]
    supported = SpecifierSet(PYPROJECT["project"]["requires-python"])
    course = jobs["course"]["strategy"]["matrix"]
    assert course["python"] == [f"3.{m}" for m in range(30) if f"3.{m}" in supported]
    for job in ("course", "conda", "wheel"):
        systems = {name.partition("-")[0] for name in jobs[job]["strategy"]["matrix"]["os"]}
        assert systems == {"ubuntu", "macos", "windows"}
