"""The wheel alone is the course: it holds everything, and starts where nothing else is.

tools/try_wheel.py does the same with a clean environment and a running JupyterLab, which takes minutes and a network.
"""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import try_wheel

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "uv", "build", "--quiet", "--wheel", str(ROOT)]
    subprocess.run([*command, "--out-dir", str(out)], check=True)
    return next(out.glob("*.whl"))


def test_the_wheel_holds_all_and_nothing_else(wheel: Path) -> None:
    assert try_wheel.faults(wheel) == []


def test_the_wheel_brings_its_settings_of_jupyter(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as file:
        brought = {Path(name).name for name in file.namelist() if "/data/" in name}
    assert {"crmkit.json", "ipython_kernel_config.json"} <= brought
    assert {"remoteEntry.js", "crmkit-sans-sc.otf"} <= brought, "Chinese needs its font"


def test_what_is_missing_or_foreign_is_named(wheel: Path, tmp_path: Path) -> None:
    broken = tmp_path / wheel.name
    lost = "crmkit/bundle/notebooks/20_who_brings_the_profit.ipynb"
    with zipfile.ZipFile(wheel) as whole, zipfile.ZipFile(broken, "w") as part:
        for name in whole.namelist():
            if name != lost:
                part.writestr(name, b"")
        part.writestr("tests/test_x.py", b"")
    assert try_wheel.faults(broken) == [f"missing: {lost}", "does not belong: tests/test_x.py"]


def test_the_course_starts_from_the_wheel_alone(wheel: Path, tmp_path: Path) -> None:
    target, here = tmp_path / "site", tmp_path / "here"
    here.mkdir()
    command = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--no-deps", "--offline"]
    command += ["--python", sys.executable, "--target", str(target), str(wheel)]
    subprocess.run(command, check=True)
    environment = try_wheel.alone(os.environ) | {"PYTHONPATH": str(target)}

    def run(*words: str, where: Path = here) -> str:
        done = subprocess.run(
            [sys.executable, *words],
            cwd=where,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "files copied" in run("-m", "crmkit.cli", "start", "mine")
    copied = {p.relative_to(here / "mine").as_posix() for p in (here / "mine").rglob("*.ipynb")}
    lessons = {p.name for p in (ROOT / "notebooks").glob("*.ipynb")}
    assert copied == {f"{room}/{name}" for room in ("notebooks", "exercises") for name in lessons}
    code = (
        "import crmkit; print(crmkit.__file__, len(crmkit.load('orders')), crmkit.company().name)"
    )
    file, orders, name = run("-c", code, where=here / "mine/notebooks").split()
    assert Path(file).is_relative_to(target)
    assert (int(orders) > 10_000, name) == (True, "Fernwell")


def test_a_command_without_its_extra_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "typer.py").write_text("raise ImportError('no typer')")
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])}
    done = subprocess.run(
        [sys.executable, "-m", "crmkit.cli", "lab"],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "pip install 'crmkit[lab]'" in done.stderr
    assert "Traceback" not in done.stderr
