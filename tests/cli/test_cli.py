"""The command `crmkit`, as a person types it."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat
import pytest
from typer.testing import CliRunner

from crmkit import cli
from crmkit.commands import course, doctor, lab
from crmkit.commands.run import choose
from crmkit.errors import CrmkitError
from crmkit.home import typed

ROOT = Path(__file__).resolve().parents[2]
runner = CliRunner()


def notebook(*sources: str) -> str:
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    return nbformat.writes(nbformat.v4.new_notebook(cells=cells))


@pytest.fixture
def small_course(tmp_path):
    """A course of three lessons: one that passes, one that fails, the start."""
    folder = tmp_path / "course" / "notebooks"
    folder.mkdir(parents=True)
    (folder / "00_start_here.ipynb").write_text(notebook("1 + 1"))
    (folder / "20_fine.ipynb").write_text(notebook("import crmkit", "crmkit.__version__"))
    (folder / "21_broken.ipynb").write_text(notebook("x = 1", "raise KeyError('no such column')"))
    return folder.parent


@pytest.fixture
def installed(tmp_path):
    """A crmkit as a wheel leaves it: the package with lessons and data inside, no checkout around it."""
    site = tmp_path / "site"
    shutil.copytree(ROOT / "crmkit", site / "crmkit", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "datasets", site / "crmkit/datasets")
    for name in ("notebooks/00_start_here", "notebooks/20_fine", "exercises/20_fine"):
        path = site / "crmkit/bundle" / f"{name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(notebook("1 + 1"))
    return site


def crmkit(*arguments: str, cwd: Path, site: Path | None = None, **more):
    environment = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "CRMKIT_DATA")}
    environment["PYTHONPATH"] = str(site or ROOT)
    return subprocess.run(
        [sys.executable, "-m", "crmkit.cli", *arguments],
        cwd=cwd, env=environment, capture_output=True, text=True, timeout=120, check=False, **more,
    )  # fmt: skip


# --------------------------------------------------------------------------------------------------------- start


def test_start_from_an_installed_copy_never_loses_work(installed, tmp_path):
    first = crmkit("start", "mine", cwd=tmp_path, site=installed)
    assert first.returncode == 0, first.stderr
    mine = tmp_path / "mine"
    lesson = mine / "notebooks/20_fine.ipynb"
    assert lesson.exists()
    assert (mine / "exercises/20_fine.ipynb").exists()
    assert (mine / "datasets/fernwell/orders.csv").read_bytes() == (
        ROOT / "datasets/fernwell/orders.csv"
    ).read_bytes()

    lesson.write_text("my work")
    (mine / "notes.txt").write_text("my notes")
    (mine / "exercises/20_fine.ipynb").unlink()
    (installed / "crmkit/bundle/notebooks/21_new.ipynb").write_text(notebook("2"))
    second = crmkit("start", "mine", cwd=tmp_path, site=installed)
    assert second.returncode == 0
    assert "2 files copied" in second.stdout
    assert "notebooks/20_fine.ipynb" in second.stdout
    assert lesson.read_text() == "my work"
    assert (mine / "notes.txt").read_text() == "my notes"
    assert (mine / "notebooks/21_new.ipynb").exists()

    third = crmkit("start", "mine", cwd=tmp_path, site=installed)
    assert "0 files copied" in third.stdout
    assert lesson.read_text() == "my work"


def test_a_copy_to_work_in_shows_no_result_before_it_is_run(tmp_path):
    done = course.copy_for(tmp_path / "mine")
    ran = []
    for place in (p for p in done.new if p.endswith(".ipynb")):
        cells = json.loads((tmp_path / "mine" / place).read_text(encoding="utf-8"))["cells"]
        ran += [place for cell in cells if cell.get("outputs") or cell.get("execution_count")]
    assert not ran
    assert course.copy_for(tmp_path / "mine").left_alone == []


def test_start_refuses_what_it_cannot_do(tmp_path):
    source = tmp_path / "course.txt"
    source.write_text("x")
    with pytest.raises(CrmkitError, match="is a file"):
        course.copy_out(source, {"a": source})
    with pytest.raises(CrmkitError, match="course itself"):
        course.copy_out(tmp_path, {"course.txt": source})
    (tmp_path / "mine/a.txt").mkdir(parents=True)  # a folder where a file should go
    assert course.copy_out(tmp_path / "mine", {"a.txt": source}).left_alone == ["a.txt"]
    (tmp_path / "mine/b").write_text("a file where a folder should go")
    assert course.copy_out(tmp_path / "mine", {"b/c.txt": source}).left_alone == ["b/c.txt"]
    with pytest.raises(CrmkitError, match="could not be written"):
        course.copy_out(tmp_path / "mine", {"n" * 300: source})


def test_a_copy_broken_off_leaves_nothing_half_written(tmp_path, monkeypatch):
    source = tmp_path / "a.txt"
    source.write_text("x" * 100)

    def broken(original, copy):
        copy.write(original.read(10))
        raise KeyboardInterrupt

    monkeypatch.setattr(course.shutil, "copyfileobj", broken)
    with pytest.raises(KeyboardInterrupt):
        course.copy_out(tmp_path / "mine", {"a.txt": source})
    assert not list((tmp_path / "mine").iterdir())


@pytest.mark.skipif(os.name != "posix", reason="the signal that nobody can catch is POSIX's")
def test_a_killed_copy_is_not_taken_for_the_learners_own_file(tmp_path):
    source = tmp_path / "a.txt"
    source.write_text("x" * 100)
    killed = (
        "import os\nfrom pathlib import Path\nfrom crmkit.commands import course\n"
        "def kill(original, copy):\n    copy.write(original.read(10)); copy.flush(); os.kill(os.getpid(), 9)\n"
        "course.shutil.copyfileobj = kill\n"
        f"course.copy_out(Path({str(tmp_path / 'mine')!r}), {{'a.txt': Path({str(source)!r})}})"
    )
    assert subprocess.run([sys.executable, "-c", killed], check=False).returncode == -9
    assert course.copy_out(tmp_path / "mine", {"a.txt": source}).new == ["a.txt"]
    assert (tmp_path / "mine/a.txt").read_text() == source.read_text()


def test_a_file_made_by_somebody_else_meanwhile_stays(tmp_path, monkeypatch):
    source, target = tmp_path / "a.txt", tmp_path / "mine/a.txt"
    source.write_text("course")
    whole = course.shutil.copyfileobj

    def slow(original, copy):
        target.write_text("my work")
        whole(original, copy)

    monkeypatch.setattr(course.shutil, "copyfileobj", slow)
    assert course.copy_out(tmp_path / "mine", {"a.txt": source}).left_alone == ["a.txt"]
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["a.txt"]
    assert target.read_text() == "my work"


# ----------------------------------------------------------------------------------------------------------- run


def test_run_says_pass_fail_and_seconds(small_course):
    before = (small_course / "notebooks/20_fine.ipynb").read_bytes()
    done = crmkit("run", cwd=small_course)
    assert done.returncode == 1, done.stderr
    lines = done.stdout.splitlines()
    assert re.fullmatch(r"pass  00_start_here +\d+\.\d s", lines[0])
    assert re.fullmatch(r"pass  20_fine +\d+\.\d s", lines[1])
    assert re.fullmatch(r"FAIL  21_broken +\d+\.\d s", lines[2])
    assert "cell 2: KeyError: 'no such column'" in lines[3]
    assert lines[-1] == "2 of 3 lessons passed."
    assert (small_course / "notebooks/20_fine.ipynb").read_bytes() == before
    some = crmkit("run", "--only", "0, 20", cwd=small_course / "notebooks")
    assert some.returncode == 0
    assert "2 of 2 lessons passed." in some.stdout


def test_run_leaves_out_lessons_whose_tables_the_company_lacks(small_course):
    shutil.copytree(ROOT / "datasets/beanline", small_course / "datasets/beanline")
    lesson = small_course / "notebooks/20_fine.ipynb"
    told = json.loads(lesson.read_text())
    told["cells"][0]["metadata"]["tables"] = ["orders", "brand_words"]
    lesson.write_text(json.dumps(told))
    done = crmkit("run", "--only", "00,20", cwd=small_course)
    assert done.returncode == 0, done.stderr
    assert "----  20_fine        Beanline Coffee cannot run this lesson." in done.stdout
    assert "`brand_words`" in done.stdout
    assert done.stdout.splitlines()[-1] == "1 of 1 lessons passed."


@pytest.mark.parametrize("only", ["99", "20,99", "twenty", "", ","])
def test_run_refuses_a_lesson_that_is_not_there(small_course, only):
    with pytest.raises(CrmkitError, match=r"There are: 00, 20, 21\."):
        choose(small_course, only)


def test_run_on_a_damaged_notebook_is_a_failed_lesson(small_course):
    (small_course / "notebooks/20_fine.ipynb").write_text("{ not a notebook")
    done = crmkit("run", "--only", "20", cwd=small_course)
    assert done.returncode == 1
    assert "cannot be read as a notebook" in done.stdout


# -------------------------------------------------------------------------------------------------------- doctor


def test_doctor_finds_and_says_how_to_mend(tmp_path, small_course, monkeypatch):
    shutil.copytree(ROOT / "datasets", small_course / "datasets")
    orders = small_course / "datasets/fernwell/orders.csv"
    orders.write_text(orders.read_text() + "tampered\n")
    (small_course / "datasets/fernwell/products.csv").unlink()
    (small_course / "requirements.lock").write_text("numpy==1.0.0 \\\n    --hash=sha256:00\n")
    monkeypatch.chdir(small_course)
    monkeypatch.setattr(doctor, "look_at_kernel", lambda: iter(()))
    findings = {finding.what: finding for finding in doctor.examine()}
    data = findings["data"]
    assert data.state == "fault"
    assert "orders.csv was changed" in data.found
    assert "products.csv is missing" in data.found
    assert data.mend
    assert findings["locked versions"].state == "note"
    assert "numpy" in findings["locked versions"].found
    assert findings["lessons"].found == "3 found"
    assert findings["Python"].state == findings["widgets"].state == "ok"


def test_doctor_names_the_variable_that_leads_nowhere(tmp_path, monkeypatch):
    monkeypatch.setenv("CRMKIT_DATA", str(tmp_path))
    (data,) = doctor.look_at_data()
    assert data.state == "fault"
    assert "CRMKIT_DATA" in data.mend


def test_doctor_names_a_package_out_of_range_or_missing(monkeypatch):
    monkeypatch.setattr(
        doctor, "requires", lambda name: ["numpy>=99", "no-such-package>=1", "narwhals"]
    )
    found = {finding.what: finding for finding in doctor.look_at_packages()}
    assert found["numpy"].state == found["no-such-package"].state == "fault"
    assert "pip install 'numpy>=99'" in found["numpy"].mend
    assert found["packages"].found == "1 within their ranges"


def test_doctor_starts_a_kernel():
    (finding,) = doctor.look_at_kernel()
    assert (finding.state, finding.what) == ("ok", "kernel"), finding.found


def test_a_look_that_breaks_is_a_finding(monkeypatch):
    def broken():
        raise OSError("disk on fire")

    for name in [n for n in dir(doctor) if n.startswith("look_at_")]:
        monkeypatch.setattr(doctor, name, broken)
    findings = list(doctor.examine())
    assert findings
    assert all(finding.state == "fault" and "disk on fire" in finding.found for finding in findings)
    result = runner.invoke(cli.app, ["doctor"])
    assert result.exit_code == 1


# ----------------------------------------------------------------------------------------------------------- lab


def test_lab_command_fits_the_machine(monkeypatch):
    monkeypatch.setattr(lab.os, "geteuid", lambda: 0, raising=False)
    monkeypatch.setattr(lab.sys, "platform", "linux")
    bare = lab.command(Path("c"), ["--port", "8899"], {})
    assert {"--allow-root", "--no-browser"} <= set(bare)
    assert bare[-2:] == ["--port", "8899"]
    monkeypatch.setattr(lab.os, "geteuid", lambda: 1000, raising=False)
    desk = lab.command(Path("c"), [], {"WAYLAND_DISPLAY": "wayland-0"})
    assert not {"--allow-root", "--no-browser"} & set(desk)


def test_commands_are_found_or_written_so_that_they_can_be_typed(monkeypatch):
    """Who never made the environment active finds `crmkit` in JupyterLab, and is told its place elsewhere."""
    monkeypatch.setenv("PATH", "/usr/bin")
    own = shutil.which("crmkit", path=lab.surroundings(os.environ)["PATH"])
    assert own
    assert Path(own).parent == Path(sys.executable).parent
    assert typed("crmkit") == own
    monkeypatch.setenv("PATH", lab.surroundings(os.environ)["PATH"])
    assert typed("crmkit") == "crmkit"
    assert typed("python") == "python"


def test_a_student_s_folder_with_one_lesson_is_the_course(monkeypatch, tmp_path):
    """What a trainer handed out has no lesson 00; the checkout elsewhere is not what the student wants."""
    lesson = tmp_path / "li wei" / "notebooks" / "20_who.ipynb"
    lesson.parent.mkdir(parents=True)
    lesson.write_text("{}")
    monkeypatch.chdir(lesson.parent)
    course = lab.course_folder(print)
    assert course == lesson.parents[1].resolve()
    assert "--LabApp.default_url=/lab/tree/notebooks/20_who.ipynb" in lab.command(course, [], {})
    (lesson.parent / "00_start_here.ipynb").write_text("{}")
    assert "--LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb" in lab.command(
        course, [], {}
    )


def test_lab_serves_the_first_lesson_and_says_where(installed, tmp_path):
    """From an installed copy: the course is copied out, served, and the address printed opens it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    here = tmp_path / "here"
    here.mkdir()
    environment = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
    environment |= {"PYTHONPATH": str(installed), "JUPYTER_RUNTIME_DIR": str(tmp_path / "runtime")}
    environment |= {"JUPYTER_CONFIG_DIR": str(tmp_path / "config")}
    with (tmp_path / "said.txt").open("w") as said:
        server = subprocess.Popen(
            [sys.executable, "-u", "-m", "crmkit.cli", "lab", "--port", str(port)],
            cwd=here, env=environment, stdout=said, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        address = None
        for _ in range(300):
            text = (tmp_path / "said.txt").read_text()
            if match := re.search(r"Open in a browser:\s+(http\S+)", text):
                address = match[1]
                break
            assert server.poll() is None, text
            time.sleep(0.2)
        assert address, (tmp_path / "said.txt").read_text()
        assert f":{port}/lab/tree/notebooks/00_start_here.ipynb?token=" in address
        base, token = re.match(r"(http://[^/]+/).*token=(\w+)", address).groups()
        with urllib.request.urlopen(
            f"{base}api/contents/notebooks/00_start_here.ipynb?token={token}", timeout=30
        ) as answer:
            assert json.load(answer)["type"] == "notebook"
        assert (here / lab.OWN_COPY / "datasets/fernwell/orders.csv").exists()
    finally:
        server.terminate()
        server.wait(30)


def test_lab_without_jupyterlab_says_what_to_install(monkeypatch):
    monkeypatch.setattr(lab, "find_spec", lambda name: None)
    result = runner.invoke(cli.app, ["lab"])
    assert result.exit_code == 2
    assert "crmkit[lab]" in result.stderr


# ----------------------------------------------------------------------------------------------------- make-data


def test_make_data_writes_and_never_overwrites(tmp_path):
    out = tmp_path / "mine"
    numbers = ["--customers", "60", "--seed", "4", "--locale", "zh_CN", "--out", str(out)]
    made = runner.invoke(cli.app, ["make-data", *numbers])
    assert made.exit_code == 0, made.output
    before = (out / "customers.csv").read_bytes()
    again = runner.invoke(cli.app, ["make-data", *numbers])
    assert again.exit_code == 0
    assert (out / "customers.csv").read_bytes() == before
    other = runner.invoke(cli.app, ["make-data", "--customers", "61", "--out", str(out)])
    assert other.exit_code == 2
    assert "customers 60" in other.stderr
    (out / "orders.csv").write_text("mine\n")
    changed = runner.invoke(cli.app, ["make-data", *numbers])
    assert changed.exit_code == 2
    assert "orders.csv" in changed.stderr
    assert (out / "orders.csv").read_text() == "mine\n"
    assert (out / "customers.csv").read_bytes() == before


@pytest.mark.parametrize(
    "arguments",
    [
        ["make-data", "--customers", "0", "--out", "x"],
        ["make-data", "--customers", "many", "--out", "x"],
        ["make-data", "--seed", "-1", "--out", "x"],
        ["make-data", "--company", "nobody", "--out", "x"],
        ["make-data", "--locale", "tlh", "--out", "x"],
        ["make-data", "--out", __file__],
        ["make-data"],
        ["start"],
        ["start", __file__],
        ["run", "--only", "9x"],
        ["dance"],
    ],
)
def test_bad_input_is_a_sentence_and_exit_code_2(arguments, tmp_path, small_course):
    done = crmkit(*arguments, cwd=small_course)
    assert done.returncode == 2, done.stdout + done.stderr
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr
    assert not (small_course / "x").exists()


# -------------------------------------------------------------------------------------------------------- itself


def test_help_names_every_command_and_starts_without_pandas(tmp_path):
    done = crmkit("--help", cwd=tmp_path)
    assert done.returncode == 0
    for name in ("lab", "run", "doctor", "start", "make-data"):
        assert re.search(rf"^\s+{name}\s", done.stdout, flags=re.MULTILINE), name
    code = "import sys, crmkit.cli; print({'pandas', 'numpy', 'nbformat'} & set(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert loaded.stdout.strip() == "set()"


def test_a_practice_room_that_does_not_load_takes_nothing_else_down(monkeypatch):
    monkeypatch.setitem(sys.modules, "crmkit.practice.cli", None)
    result = runner.invoke(cli.app, ["--help"])
    assert result.exit_code == 0
    assert "make-data" in result.output
    assert runner.invoke(cli.app, ["grade"]).exit_code == 2


def test_the_version_is_the_packages_own():
    import tomllib

    stated = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    said = runner.invoke(cli.app, ["--version"])
    assert (said.exit_code, said.output) == (0, f"crmkit {stated}\n")
