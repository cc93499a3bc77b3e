"""Grading: every kind of submission ends as a mark with a reason, and none stops the others."""

import csv
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import _submissions as catalogue
from crmkit.practice import bank, classes, grading, manifest, sandbox
from crmkit.practice.collecting import collect
from crmkit.practice.grades import Graded, Mark, notes_of
from crmkit.practice.roster import ClassError, Student, folder_name
from crmkit.practice.sandbox import Limits
from crmkit.practice.tables import OwnTables

LIMITS = Limits(cpu_seconds=15, cell_seconds=3, wall_seconds=25, memory_mb=800, output_mb=2)
POINTS = {"20-1": 1, "20-2": 2, "20-3": 3, "20-4": 2, "20-901": 2, "20-902": 1}
# Those that differ in kind; benchmarks/grading.py grades all of the catalogue.
NAMES = [
    "good", "untouched", "misconception", "wrong types", "other calls", "answers twice", "everything wrong",
    "everything refused", "deaf loop", "memory", "flood", "hard exit", "crash", "asleep", "big answer", "patched check",
    "patched pandas", "forged lines", "forged answers", "asks for the reference", "reads the question file",
    "half an emoji", "another kernel", "words only", "another order", "not UTF-8", "invalid JSON", "empty", "deep JSON",
    "odd cells", "a file with a byte order mark", "Chinese", "an object that lies",
]  # fmt: skip
pytestmark = [
    pytest.mark.skipif(os.name != "posix", reason="limits of a process are POSIX's"),
    pytest.mark.timeout(1800),
    pytest.mark.slow,
]


@pytest.fixture(scope="module", autouse=True)
def lesson():
    """The catalogue's questions in place of lesson 20's."""
    found = bank.LessonQuestions("20", "Who brings the profit", catalogue.QUESTIONS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bank, "lessons", lambda: ("20",))
        patch.setattr(bank, "of_lesson", lambda wanted: found)
        yield


@pytest.fixture(scope="module")
def victim(tmp_path_factory):
    folder = tmp_path_factory.mktemp("victim")
    (folder / "kept.txt").write_text("kept")
    return folder


@pytest.fixture(scope="module")
def trainers_own(tmp_path_factory):
    folder = tmp_path_factory.mktemp("held_back")
    (folder / "lesson_20.py").write_text(catalogue.HELD_BACK)
    return folder


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    folder = tmp_path_factory.mktemp("course")
    for room in ("notebooks", "exercises"):
        (folder / room).mkdir()
        (folder / room / "20_who.ipynb").write_text(catalogue.notebook(catalogue.START))
    return folder


def make(folder, names, course):
    """Make a class; the first two have data of their own, the others share the second's (making data takes long)."""
    students = [Student(folder_name(name), name) for name in names]
    classes.make_class(folder, students[:2], 7, ["20"], course=course, customers=300)
    made = manifest.read_manifest(folder)
    twin = made.student(students[1].id)
    for student in students[2:]:
        shutil.copytree(folder / "students" / twin.id, folder / "students" / student.id)
    others = tuple(replace(twin, id=student.id, name=student.name) for student in students[2:])
    manifest.write_manifest(folder, replace(made, students=(*made.students, *others)))
    return folder


def hand_in(folder, name, content):
    home = folder / "students" / folder_name(name) / "exercises"
    (home / "20_who.ipynb").write_text(content)


@pytest.fixture(scope="module")
def graded(tmp_path_factory, course, victim, trainers_own):
    """A class in which everybody hands in something else."""
    root = tmp_path_factory.mktemp("graded")
    every = catalogue.cases(str(victim))
    cases = {name: every[name] for name in NAMES}
    make(root / "class", [*cases, "copycat", "absent"], course)
    for name, case in cases.items():
        case.hand_in(root / "class/students" / folder_name(name) / "exercises/20_who.ipynb")
    neighbour = OwnTables.here(root / "class/students/good/datasets/fernwell")
    total = catalogue.QUESTIONS[0].reference(neighbour)
    losers = list(catalogue.QUESTIONS[1].reference(neighbour))
    copied = (f'check("20-1", {total})', f'check("20-2", {losers})')
    hand_in(root / "class", "copycat", catalogue.notebook(catalogue.START, *copied))
    (root / "class/students/absent/exercises/20_who.ipynb").unlink()
    done = []
    grades = grading.grade(
        root / "class",
        root / "grades",
        held_back=trainers_own,
        limits=LIMITS,
        workers=2,
        on_done=done.append,
    )
    assert len(done) == len(cases) + 1
    return root, cases, {student.id: student for student in grades.students}, grades


@pytest.mark.parametrize("name", NAMES)
def test_every_submission_earns_what_it_answers(graded, name):
    _, cases, students, _ = graded
    student = students[folder_name(name)]
    earned = {mark.question for mark in student.marks if mark.points}
    assert earned == set(cases[name].earns)
    assert student.points == sum(POINTS[question] for question in earned)


@pytest.mark.parametrize("name", NAMES)
def test_every_trouble_is_named(graded, name):
    _, cases, students, _ = graded
    if platform.system() != "Linux" and name == "everything refused":
        pytest.skip("the system-call filter is Linux's")
    found = [kind for _, _, kind, _ in students[folder_name(name)].troubles]
    assert found == list(cases[name].troubles)


def test_nobody_is_lost(graded):
    root, cases, _, grades = graded
    with (root / "grades/grades.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(cases) + 2
    assert len(list((root / "grades/replies").glob("*.html"))) == len(rows)
    assert grades.run == len(cases) + 1
    assert {r["id"]: r["notes"] for r in rows}["absent"] == "nothing handed in"


def test_nothing_outside_is_touched(graded, victim):
    assert (victim / "kept.txt").read_text() == "kept"


def test_a_deadly_submission_has_its_reason_on_the_page(graded):
    root, *_ = graded
    for name, words in (
        ("deaf-loop", "loop that never ends"),
        ("memory", "MB of memory"),
        ("everything-refused", "Not allowed while grading"),
        ("flood", "printed more than"),
        ("everything-wrong", "take that line out"),
        ("invalid-json", "no notebook"),
        ("untouched", "No question is answered"),
        ("patched-check", "was run with an answer"),
        ("asks-for-the-reference", "own answers are closed"),
        ("another-kernel", "set to R: choose the Python kernel"),
        ("not-utf-8", "not UTF-8 text"),
    ):
        text = (root / f"grades/replies/{name}.html").read_text(encoding="utf-8")
        assert words in text, name


def test_copying_earns_nothing_and_is_named(graded):
    root, _, students, _ = graded
    copycat = students["copycat"]
    assert copycat.points == 0
    assert [mark.alike for mark in copycat.marks[:2]] == [("good",), ("good",)]
    assert "right only for the data of good" in (root / "grades/grades.csv").read_text(
        encoding="utf-8"
    )
    assert "Right for somebody else" in (root / "grades/class.html").read_text(encoding="utf-8")


def test_a_copied_plan_is_named():
    def student(name, text):
        return Graded(name, name, (Mark("20-4", None, 2, "to mark", text=text),))

    found = grading._with_echoes(
        [
            student("ann", "I would call half of them."),
            student("ben", "  i would call half of them"),
            student("cat", "My own words. Try it on half of them! And no more."),
            student("dan", "My own words, and nobody else's."),
            student("eve", ""),
        ],
        catalogue.QUESTIONS[3:],
    )
    assert [s.marks[0].echoes for s in found] == [(), (), ("the model answer",), (), ()]
    assert [len(s.marks[0].near) for s in found] == [1, 1, 0, 0, 0]
    assert notes_of(replace(found[0], notebooks=1)) == [
        "20-4: much alike the text of ben (100%); nothing is known of which came first"
    ]


def test_the_class_picture_names_the_misconceptions(graded):
    root, *_ = graded
    text = (root / "grades/class.html").read_text(encoding="utf-8")
    assert "takes turnover" in text
    assert "That is turnover." in text
    for address in ("http://", "https://", "src="):
        assert address not in text, "the page fetches nothing"


def test_a_students_text_is_no_formula_and_no_markup(graded):
    root, *_ = graded
    text = (root / "grades/to_mark.csv").read_text(encoding="utf-8")
    assert "'=Not yet" in text
    assert '"=Not yet' not in text


def test_a_known_misconception_is_marked_as_such(graded):
    _, _, students, _ = graded
    mark = students["misconception"].marks[0]
    assert (mark.status, mark.misconception) == ("misconception", "takes turnover")


def test_the_second_run_runs_nothing_again(graded, trainers_own):
    root, cases, *_ = graded
    before = (root / "grades/grades.csv").read_text(encoding="utf-8")
    again = grading.grade(root / "class", root / "grades", held_back=trainers_own, limits=LIMITS)
    assert (again.run, again.reused) == (0, len(cases) + 1)
    assert (root / "grades/grades.csv").read_text(encoding="utf-8") == before


# --- smaller classes -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def small_once(tmp_path_factory, course):
    folder = make(tmp_path_factory.mktemp("small") / "class", ["ann", "ben"], course)
    for name in ("ann", "ben"):
        hand_in(folder, name, catalogue.notebook(catalogue.START, *catalogue.GOOD))
    return folder


@pytest.fixture
def small(small_once, tmp_path):
    """A class of two good students that a test may spoil."""
    return shutil.copytree(small_once, tmp_path / "class")


def test_an_interrupted_run_goes_on_where_it_was(small, tmp_path):
    def stop(name):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        grading.grade(small, tmp_path / "grades", limits=LIMITS, workers=1, on_done=stop)
    stored = list((tmp_path / "grades/results").rglob("*.json"))
    assert stored
    # A file that the interruption cut off is as good as none.
    stored[0].write_text('{"key": ')
    hand_in(small, "ben", catalogue.notebook(catalogue.START, catalogue.SUM))
    grades = grading.grade(small, tmp_path / "grades", limits=LIMITS, workers=1)
    assert [student.points for student in grades.students] == [6, 1]
    assert grades.run >= 1
    hand_in(small, "ben", catalogue.notebook(catalogue.START))
    grades = grading.grade(small, tmp_path / "grades", limits=LIMITS, workers=1)
    assert (grades.run, grades.reused) == (1, 1), "only what changed is run again"


def test_an_interruption_ends_what_runs(small, tmp_path):
    hand_in(small, "ben", catalogue.notebook("import time\ntime.sleep(10**6)"))
    (small / "students/ann/exercises/20_who.ipynb").write_text("no notebook")
    patient = replace(LIMITS, wall_seconds=500)

    def stop(name):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        grading.grade(small, tmp_path / "grades", limits=patient, workers=2, on_done=stop)
    assert not sandbox._running
    stored = [path.parent.name for path in (tmp_path / "grades/results").rglob("*.json")]
    assert stored == ["ann"], "what was ended by the grader is no result"


def test_a_link_to_other_work_is_not_graded(small, tmp_path):
    mine = small / "students/ann/exercises/20_who.ipynb"
    mine.unlink()
    mine.symlink_to(small / "students/ben/exercises/20_who.ipynb")
    grades = grading.grade(small, tmp_path / "grades", limits=LIMITS, workers=2)
    assert [(s.points, s.notebooks) for s in grades.students] == [(0, 0), (6, 1)]


def test_a_flood_of_notebooks_is_cut_and_named(small, tmp_path, monkeypatch):
    monkeypatch.setattr(grading, "MOST_NOTEBOOKS", 2)
    for number in range(4):
        (small / f"students/ann/exercises/{number}.ipynb").write_text("")
    (small / "students/ben/exercises/20_who.ipynb").unlink()
    ann, _ = grading.grade(small, tmp_path / "grades", limits=LIMITS).students
    assert ann.notebooks == 2
    assert ann.notes == ("5 notebooks: only the first 2 were run",)


def test_one_students_endless_notebooks_do_not_take_the_night(small, tmp_path, monkeypatch):
    ran = []

    def slow(submission, *rest):
        ran.append(submission.student.id)
        return sandbox.Run({}, [(1, "time", "…")], [], 60.0)

    monkeypatch.setattr(grading, "_run", slow)
    for number in range(9):
        (small / f"students/ann/exercises/{number}.ipynb").write_text("x")
    patient = replace(LIMITS, wall_seconds=50)
    ann, ben = grading.grade(small, tmp_path / "grades", limits=patient, workers=1).students
    assert (ran.count("ann"), ran.count("ben")) == (5, 1)
    kinds = [kind for _, _, kind, _ in ann.troubles]
    assert kinds.count("not run") == 5
    assert "300 seconds together" in ann.troubles[-1][3]
    assert not [kind for _, _, kind, _ in ben.troubles if kind == "not run"]


def test_held_back_questions_that_are_not_graded_are_named(small, tmp_path):
    made = manifest.read_manifest(small)
    manifest.write_manifest(small, replace(made, held_back=("20-902",)))
    for student in ("ann", "ben"):
        (small / f"students/{student}/exercises/20_who.ipynb").unlink()
    assert grading.grade(small, tmp_path / "grades").not_asked == ("20-902",)


def test_points_that_a_trainer_gives_are_counted(small, tmp_path):
    out = tmp_path / "grades"
    grading.grade(small, out, limits=LIMITS)
    rows = list(csv.DictReader((out / "to_mark.csv").open(encoding="utf-8-sig", newline="")))
    assert [row["points"] for row in rows] == ["", ""]
    rows[0]["points"], rows[1]["points"] = "1,5", "2"
    with (out / "to_mark.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    grades = grading.grade(small, out, limits=LIMITS)
    assert [student.points for student in grades.students] == [7.5, 8]
    assert grades.run == 0
    rewritten = catalogue.PLAN.replace("try it on half", "send everybody a letter")
    hand_in(small, "ann", catalogue.notebook(catalogue.START, *catalogue.GOOD[:3], rewritten))
    grades = grading.grade(small, out, limits=LIMITS)
    assert [student.points for student in grades.students] == [6, 8], (
        "another text waits to be read"
    )
    (out / "to_mark.csv").write_text("id,question,points\nann,20-4,two\n")
    with pytest.raises(ClassError, match="'two'"):
        grading.grade(small, out, limits=LIMITS)


def test_data_that_a_student_changed_do_not_count(small, tmp_path):
    (small / "students/ben/exercises/20_who.ipynb").unlink()
    orders = small / "students/ann/datasets/fernwell/orders.csv"
    lines = orders.read_text().splitlines()
    orders.write_text("\n".join(lines[:20]))
    grades = grading.grade(small, tmp_path / "grades", limits=LIMITS)
    ann = grades.students[0]
    assert ann.points == 6, "the notebook computes, so it is right for the original too"
    assert "orders.csv" in ann.notes[0]


def test_work_that_was_collected_goes_before_the_class_folder(small, tmp_path):
    (small / "students/ben/exercises/20_who.ipynb").unlink()
    collect(small)
    hand_in(small, "ann", "changed after the deadline")
    grades = grading.grade(small, tmp_path / "grades", limits=LIMITS)
    assert grades.students[0].points == 6


def test_a_held_back_question_needs_its_visible_one(small, tmp_path):
    own = tmp_path / "own"
    own.mkdir()
    (own / "lesson_20.py").write_text(
        catalogue.HELD_BACK.replace('answer_of="20-3"', 'answer_of="20-33"')
    )
    with pytest.raises(ClassError, match="20-33"):
        grading.grade(small, tmp_path / "grades", held_back=own)


# --- without bubblewrap --------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["deaf loop", "memory", "everything refused", "hard exit"])
def test_the_limits_hold_without_bubblewrap_too(small, victim, name):
    case = catalogue.cases(str(victim))[name]
    file = small / "n.ipynb"
    file.write_text(case.content)
    tables = OwnTables.here(small / "students/ann/datasets/fernwell")
    job = sandbox.make_job(catalogue.QUESTIONS, grading._cases(catalogue.QUESTIONS, tables), LIMITS)
    run = sandbox.run_submission(
        file, small / "students/ann/datasets/fernwell", job, LIMITS, bubblewrap=False
    )
    visible = {question for question in case.earns if question < "20-9"}
    assert {q for q, line in run.answers.items() if "plain" in line} - {"20-4"} == visible
    assert [kind for _, kind, _ in run.troubles] == list(case.troubles), run.troubles
    assert "bubblewrap" not in run.fences
    assert (victim / "kept.txt").exists()


def test_a_submission_sees_neither_its_neighbours_nor_the_trainers_files(small):
    if not sandbox.bubblewrap_works():
        pytest.skip("bubblewrap does not work here")
    look = (
        "import os, json\nfrom pathlib import Path\n"
        f"seen = [p for p in ({str(small)!r}, {__file__!r}, '/etc/passwd', '/var') if Path(p).exists()]\n"
        'check("20-2", seen + [k for k in os.environ if "TOKEN" in k])'
    )
    file = small / "n.ipynb"
    file.write_text(catalogue.notebook(catalogue.START, look))
    job = sandbox.make_job(catalogue.QUESTIONS, {}, LIMITS)
    os.environ["A_TOKEN"] = "secret"
    try:
        run = sandbox.run_submission(file, small / "students/ann/datasets/fernwell", job, LIMITS)
    finally:
        del os.environ["A_TOKEN"]
    assert run.answers["20-2"]["plain"] == []


def test_a_grader_that_cannot_start_says_that_it_is_its_own_fault(small, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    data = small / "students/ann/datasets/fernwell"
    submission = grading._Submission(
        manifest.Enrolled("ann", "Ann", 1), small / "students/ann/exercises/20_who.ipynb", "k"
    )
    run = grading._run(submission, data, b"", LIMITS)
    assert [kind for _, kind, _ in run.troubles] == ["not run"]


def test_what_the_grader_could_not_run_is_tried_again(tmp_path):
    path = tmp_path / "r.json"
    grading._store(path, "key", sandbox.Run({}, [(0, "not run", "…")], [], 0.0))
    assert grading._stored(path, "key") is None
    grading._store(path, "key", sandbox.Run({"20-1": {"plain": 1.0}}, [], ["cpu"], 0.5))
    assert grading._stored(path, "key").answers == {"20-1": {"plain": 1.0}}
    assert grading._stored(path, "other") is None
    assert json.loads(path.read_text())["key"] == "key"


def test_the_command_line_grades(small, tmp_path):
    from typer.testing import CliRunner

    from crmkit.practice.cli import app

    (small / "students/ben/exercises/20_who.ipynb").unlink()
    done = CliRunner().invoke(
        app, ["grade", str(small), "--out", str(tmp_path / "g"), "--seconds", "20"]
    )
    assert done.exit_code == 0, done.output
    assert "Notebooks run: 1; unchanged" in done.output
    assert "1 open decision waits for you" in done.output


def test_a_course_that_lies_in_tmp_can_be_graded():
    """The fence lays an empty /tmp over the real one: the package must still be found when it lies there."""
    if not sandbox.bubblewrap_works():
        pytest.skip("bubblewrap is not installed, or may not work here")
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        package = Path(sandbox.__file__).parents[1]
        skipped = shutil.ignore_patterns("__pycache__", "fonts", "datasets", "bundle")
        shutil.copytree(package, Path(folder, "crmkit"), ignore=skipped)
        code = "from crmkit.practice import sandbox as s; print(s.__file__, s.bubblewrap_works())"
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=folder, env=os.environ | {"PYTHONPATH": folder}, capture_output=True, text=True, check=True,
        )  # fmt: skip
    assert done.stdout.split() == [f"{folder}/crmkit/practice/sandbox.py", "True"]
