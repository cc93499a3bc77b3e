"""`make lesson` makes all files of a lesson: they run, hold what a lesson holds, and say what has to be written."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import re
import shutil
import subprocess
import sys
from pathlib import Path

import build_notebooks
import label_cells
import lesson_guards
import lessons
import new_lesson
import pytest

from crmkit.practice import assess
from crmkit.practice.exercises import filled
from crmkit.practice.kinds import Plan
from crmkit.practice.tables import OwnTables

ROOT = Path(__file__).resolve().parents[2]
TITLE = "Autumn comes back, customers may not"


@pytest.fixture
def made(tmp_path: Path) -> Path:
    new_lesson.make("99", TITLE, extra=True, root=tmp_path)
    return tmp_path


def questions(root: Path):
    path = root / "crmkit/practice/questions/lesson_99.py"
    spec = importlib.util.spec_from_file_location("lesson_99", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(cells, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run the code of a notebook, and give what it printed."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("MPLBACKEND", "Agg")
    space = {"__name__": "__main__"}
    with contextlib.redirect_stdout(io.StringIO()) as said:
        for cell in cells:
            if cell["cell_type"] == "code":
                exec(compile(cell["source"], cell["id"], "exec"), space)
    return said.getvalue()


def test_every_file_is_there_and_labelled(made: Path) -> None:
    files = [p.relative_to(made).as_posix() for p in new_lesson.existing("99", made)]
    assert files == sorted(new_lesson.places("99", "99_autumn_comes_back_customers_may").values())
    for folder in ("notebooks", "exercises"):
        (master,) = (made / folder / "source").glob("99_*.py")
        text = master.read_text(encoding="utf-8")
        assert "$" not in text
        build_notebooks.read_master(master)  # every cell has its label
        assert not re.search(r"^# %%(?!.*(?:label|ask)=)", text, re.MULTILINE)
        assert label_cells.LABEL.fullmatch("predict-99-a")


def test_the_lesson_describes_itself_and_has_its_sections(made: Path) -> None:
    (lesson,) = lessons.lessons(made)
    assert (lesson.number, lesson.title, lesson.extra) == ("99", TITLE, True)
    assert (lesson.reading, lesson.exercises, lesson.minutes) == (30, 20, 50)
    assert not any(lesson.extra for lesson in lessons.lessons() if lesson.number == "20")
    (master,) = (made / "notebooks/source").glob("*.py")
    notebook = build_notebooks.read_master(master)
    for guard in (
        lesson_guards.headings,
        lesson_guards.opening,
        lesson_guards.last_sections,
        lesson_guards.cells,
        lesson_guards.of_this_machine,
        lesson_guards.praise,
    ):
        assert guard(notebook) == []


def test_what_has_to_be_written_is_named_and_kept_from_the_course(made: Path) -> None:
    found = new_lesson.left("99", made)
    assert {line.split(":")[0] for line in found} == {
        p.relative_to(made).as_posix() for p in new_lesson.existing("99", made)
    }
    (master,) = (made / "notebooks/source").glob("*.py")
    assert lesson_guards.unfinished(build_notebooks.read_master(master))


def test_the_lesson_runs_as_it_is_made(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRMKIT_PRACTICE_STATE", "off")
    (master,) = (made / "notebooks/source").glob("*.py")
    said = run(build_notebooks.read_master(master).cells, ROOT / "notebooks", monkeypatch)
    assert "customers spent" in said


def test_the_exercises_run_and_their_questions_hold(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRMKIT_PRACTICE_STATE", "off")
    module = questions(made)
    (master,) = (made / "exercises/source").glob("*.py")
    cells = build_notebooks.read_master(master).cells
    run(filled(cells, module.QUESTIONS, solution=False), ROOT / "exercises", monkeypatch)
    tables = OwnTables.here(ROOT / "datasets/fernwell")
    for question in module.QUESTIONS:
        if isinstance(question.kind, Plan):
            question.kind.read(question.kind.model, tables)
            assert question.kind.points == question.points
            continue
        right = question.reference(tables)
        assert assess.assess(question, right, tables).status == assess.PASSED
        for name, _, wrong in assess.wrong_ways(question, tables):
            result = assess.compare(question, wrong, tables)
            assert result.misconception == name


def test_the_claims_hold_and_the_masters_are_clean(made: Path) -> None:
    spec = importlib.util.spec_from_file_location("claims", made / "tests/claims/test_lesson_99.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.test_claim(1)
    files = [str(p) for p in new_lesson.existing("99", made) if p.suffix == ".py"]
    ruff = [sys.executable, "-m", "ruff"]
    # The rules for a master depend on where it lies, so that the folder has to look like the checkout.
    shutil.copy(ROOT / "pyproject.toml", made / "pyproject.toml")
    ours = ["--config", 'lint.isort.known-first-party = ["crmkit"]']
    done = subprocess.run([*ruff, "check", *ours, *files], cwd=made, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    done = subprocess.run([*ruff, "format", "--check", *files], cwd=made, capture_output=True)
    assert done.returncode == 0


def test_nothing_is_overwritten_and_faults_are_named(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(new_lesson.PARTS, "7")
    before = {p: p.read_bytes() for p in made.rglob("*") if p.is_file()}
    for number, title, said in (
        ("99", "Another", "There is a lesson 99"),
        ("9", "Another", "two digits"),
        ("79", "Another", "PARTS"),
        ("98", 'A "quoted" claim', "quotation marks"),
    ):
        with pytest.raises(new_lesson.LessonError, match=said):
            new_lesson.make(number, title, root=made)
    assert {p: p.read_bytes() for p in made.rglob("*") if p.is_file()} == before


def test_no_lesson_of_the_course_is_left_unfinished() -> None:
    open_lines = [line for lesson in lessons.lessons() for line in new_lesson.left(lesson.number)]
    assert open_lines == []


def test_the_way_is_described_as_it_is(made: Path) -> None:
    """The guide names the tool's files, and commands that exist."""
    guide = (ROOT / "docs/adding_a_lesson.md").read_text(encoding="utf-8")
    for place in new_lesson.places("NN", "NN_name").values():
        assert place in guide
    for script in set(re.findall(r"tools/\w+\.py", guide)):
        assert (ROOT / script).exists(), f"the guide names {script}"
    for link in re.findall(r"\]\((?!http)([^)#]+)", guide):
        assert (ROOT / "docs" / link).exists(), f"the guide links to {link}"
