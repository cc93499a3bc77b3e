"""Every stored lesson and exercise holds the guards; nbval re-runs them (see tools/run_tests.py)."""

import json
import re
import subprocess
import sys
from pathlib import Path

import build_notebooks
import label_cells
import lesson_form
import lesson_guards as guards
import lesson_map
import lessons
import pytest

ROOT = Path(__file__).resolve().parents[2]
LESSONS = sorted((ROOT / "notebooks/source").glob("*.py"))
EXERCISES = sorted((ROOT / "exercises/source").glob("*.py"))


def stored(path):
    assert path.exists(), f"{path.name} has not been built: python tools/build_notebooks.py"
    return json.loads(path.read_text(encoding="utf-8"))


def by_stem(paths):
    return pytest.mark.parametrize("master", paths, ids=[path.stem for path in paths])


def test_there_are_lessons():
    assert LESSONS, "no masters in notebooks/source"


@by_stem(LESSONS)
@pytest.mark.parametrize("guard", guards.LESSON_GUARDS, ids=lambda guard: guard.__name__)
def test_a_lesson_holds(master, guard):
    faults = guard(stored(ROOT / f"notebooks/{master.stem}.ipynb"))
    assert not faults, "\n".join(faults)


@by_stem(LESSONS)
def test_a_lesson_has_its_form(master):
    faults = lesson_form.faults_of(master)
    assert not faults, "\n".join(faults)


@by_stem(LESSONS)
def test_a_lesson_is_fresh(master):
    faults = guards.stale(stored(ROOT / f"notebooks/{master.stem}.ipynb"), master)
    assert not faults, "\n".join(faults)


def test_every_cell_of_every_master_has_its_lasting_label():
    for master in LESSONS + EXERCISES:
        text = master.read_text(encoding="utf-8")
        assert label_cells.with_labels(text) == text, f"{master}: run python tools/label_cells.py"
        ids = [cell["id"] for cell in build_notebooks.read_master(master).cells]
        assert len(ids) == text.count("\n# %%") + 1


@by_stem(LESSONS)
def test_its_words_are_in_the_glossary(master):
    notebook = stored(ROOT / f"notebooks/{master.stem}.ipynb")
    faults = guards.words_missing(notebook, guards.glossary_terms())
    assert not faults, "\n".join(faults)


@by_stem(LESSONS)
def test_a_lesson_has_notes_for_the_instructor(master):
    notes = ROOT / f"docs/instructor/{master.stem}.md"
    assert notes.exists(), f"docs/instructor/{master.stem}.md is missing"
    text = notes.read_text(encoding="utf-8")
    for heading in (
        "Purpose",
        "Minutes",
        "Misconceptions to expect",
        "Questions to ask",
        "What to skip",
        "What a good answer sounds like",
    ):
        assert f"## {heading}" in text, f"{notes.name} has no heading '## {heading}'"


@by_stem(EXERCISES)
def test_a_solution_holds_and_is_fresh(master):
    notebook = stored(ROOT / f"exercises/solutions/{master.stem}.ipynb")
    faults = [fault for guard in guards.SOLUTION_GUARDS for fault in guard(notebook)]
    faults += guards.stale(notebook, master, copy="solution")
    assert not faults, "\n".join(faults)


@by_stem(EXERCISES)
def test_a_students_copy_is_fresh_empty_and_without_solutions(master):
    path = ROOT / f"exercises/{master.stem}.ipynb"
    notebook = stored(path)
    assert not guards.stale(notebook, master, copy="student")
    for cell in notebook["cells"]:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


def test_every_lesson_has_exercises_and_nothing_lies_about():
    assert [path.stem for path in EXERCISES] == [path.stem for path in LESSONS]
    for folder, masters in (
        ("notebooks", LESSONS),
        ("exercises", EXERCISES),
        ("exercises/solutions", EXERCISES),
    ):
        built = {path.stem for path in (ROOT / folder).glob("*.ipynb")}
        assert built == {path.stem for path in masters}, f"{folder} holds notebooks without masters"


def test_masters_are_clean():
    command = [sys.executable, "-m", "ruff", "check", "notebooks/source", "exercises/source"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("page", lesson_map.PAGES)
def test_the_map_of_lessons_is_fresh(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    written = lesson_map.PAGES[page](lessons.lessons())
    assert lesson_map.with_map(text, written) == text, "run python tools/lesson_map.py"


def test_the_paths_of_the_start_lesson_are_those_of_the_timetables():
    start = (ROOT / "notebooks/source/00_start_here.py").read_text(encoding="utf-8")
    guide = (ROOT / "docs/trainer_guide.md").read_text(encoding="utf-8")
    for path, heading in (("half a day", "## Half a day"), ("one day", "## One day")):
        offered = re.search(rf"^# \| \*\*{path}\*\* \| ([\w, ]+) \|", start, re.MULTILINE)
        table = guide.split(heading)[1].split("\n## ")[0]
        planned = re.findall(r"\| lessons? (\d\d[b-z]?)", table)
        assert offered is not None
        assert offered[1].split(", ") == planned
