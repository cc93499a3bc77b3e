"""environment.yml, pyproject.toml and the locks name the same packages, and the locks name no address."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from setup_venv import OLDEST, TOO_NEW

ROOT = Path(__file__).resolve().parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = sorted(ROOT.glob("requirements*.lock"))

# Where conda-forge calls a package something else. matplotlib there brings a Qt that no notebook uses.
CONDA_NAMES = {"matplotlib": "matplotlib-base"}


def requirements(*extras: str) -> dict[str, SpecifierSet]:
    """Give the ranges that pyproject.toml asks for, by canonical name."""
    lines = list(PYPROJECT["project"]["dependencies"])
    for extra in extras:
        lines += PYPROJECT["project"]["optional-dependencies"][extra]
    parsed = [Requirement(line) for line in lines]
    return {canonicalize_name(entry.name): entry.specifier for entry in parsed}


def conda_requirements(text: str) -> dict[str, SpecifierSet]:
    """Give the ranges that an environment.yml asks for, by conda's name."""
    entries = [e for e in yaml.safe_load(text)["dependencies"] if isinstance(e, str)]
    found = {}
    for entry in entries:
        name, _, version = entry.partition(" ")
        found[name] = SpecifierSet(version)
    return found


def differences(text: str) -> list[str]:
    """Say where an environment.yml departs from pyproject.toml."""
    wanted = {CONDA_NAMES.get(n, n): spec for n, spec in requirements("lab").items()}
    wanted["python"] = SpecifierSet(PYPROJECT["project"]["requires-python"])
    found = conda_requirements(text)
    found.pop("pip", None)
    missing = [f"{n}: not in environment.yml" for n in sorted(wanted.keys() - found.keys())]
    foreign = [f"{n}: only in environment.yml" for n in sorted(found.keys() - wanted.keys())]
    ranges = [
        f"{n}: {found[n]} against {wanted[n]}"
        for n in sorted(wanted.keys() & found.keys())
        if found[n] != wanted[n]
    ]
    return missing + foreign + ranges


def locked_versions(text: str) -> dict[str, str]:
    """Read the pinned versions of a hashed requirements file."""
    pins = re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", text, flags=re.MULTILINE)
    return {canonicalize_name(name): version for name, version in pins}


def test_environment_names_what_pyproject_names() -> None:
    assert differences((ROOT / "environment.yml").read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("  - scipy >=1.14\n", "", "scipy: not in environment.yml"),
        ("pandas >=3.0,<4", "pandas >=2.2,<4", "pandas: "),
        ("  - pip\n", "  - pip\n  - seaborn >=0.13\n", "seaborn: only in environment.yml"),
    ],
)
def test_a_drifted_environment_is_noticed(old: str, new: str, complaint: str) -> None:
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    assert old in text
    assert [d for d in differences(text.replace(old, new)) if d.startswith(complaint)]


@pytest.mark.parametrize(
    ("lock", "extras"),
    [("requirements.lock", ["lab"]), ("requirements-test.lock", ["lab", "test", "site"])],
)
def test_lock_satisfies_the_ranges(lock: str, extras: list[str]) -> None:
    pins = locked_versions((ROOT / lock).read_text(encoding="utf-8"))
    for name, specifier in requirements(*extras).items():
        assert name in pins, f"{lock} does not pin {name}: run `make lock`"
        assert specifier.contains(pins[name]), f"{lock}: {name} {pins[name]} against {specifier}"


def test_the_learners_lock_holds_nothing_that_only_tests_need() -> None:
    pins = locked_versions((ROOT / "requirements.lock").read_text(encoding="utf-8"))
    only_tests = requirements("test", "site").keys() - requirements("lab").keys()
    assert not only_tests & pins.keys()


def test_both_locks_agree() -> None:
    learner, tester = (
        locked_versions((ROOT / lock).read_text(encoding="utf-8"))
        for lock in ("requirements.lock", "requirements-test.lock")
    )
    assert {n: (v, tester.get(n)) for n, v in learner.items() if tester.get(n) != v} == {}


def test_setup_and_readme_name_the_pythons_that_pyproject_names() -> None:
    wanted = SpecifierSet(PYPROJECT["project"]["requires-python"])
    fits = [f"3.{minor}" for minor in range(30) if f"3.{minor}" in wanted]
    assert [f"3.{minor}" for minor in range(30) if OLDEST <= (3, minor) < TOO_NEW] == fits
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"You need Python {fits[0]} to {fits[-1]}" in readme


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_locks_are_hashed_and_hold_no_address(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index-url" not in text
    assert "--find-links" not in text
    entries = re.split(r"\n(?=\S)", text.strip())
    unhashed = [e.splitlines()[0] for e in entries if "==" in e and "--hash=sha256:" not in e]
    assert unhashed == []
