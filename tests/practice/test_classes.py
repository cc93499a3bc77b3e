"""Making a class and collecting its work: own data for everybody, nothing overwritten, nothing lost."""

import dataclasses
import json
import os
import shutil
import zipfile
from pathlib import Path

import pandas as pd
import pytest

import crmkit
from crmkit.practice import bank, classes, manifest
from crmkit.practice.classes import make_class
from crmkit.practice.collecting import MOST_NOTEBOOKS, collect
from crmkit.practice.grading import as_handed_out, handed_out_data
from crmkit.practice.manifest import read_manifest
from crmkit.practice.roster import ClassError, Student, folder_name, read_roster, seed_of
from crmkit.practice.tables import OwnTables
from crmkit.practice.whose import fitting, keys_of

CUSTOMERS = 300
SECOND_COMPANY = "beanline"


def notebook(*sources):
    cells = [
        {
            "cell_type": "code",
            "id": f"c{i}",
            "metadata": {},
            "execution_count": 3,
            "outputs": [{"x": 1}],
            "source": text,
        }
        for i, text in enumerate(sources)
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    folder = tmp_path_factory.mktemp("course")
    for room in ("notebooks", "exercises"):
        (folder / room).mkdir()
        for name in ("20_who.ipynb", "30_sleep.ipynb"):
            (folder / room / name).write_text(notebook("import crmkit", 'check("20-1", ...)'))
    return folder


STUDENTS = [Student("li-wei", "Li Wei"), Student("ann", "Ann"), Student("王芳", "王芳")]


@pytest.fixture(scope="module")
def made_once(course, tmp_path_factory):
    out = tmp_path_factory.mktemp("once") / "class"
    done = []
    made = make_class(
        out, STUDENTS, 7, ["20"], course=course, customers=CUSTOMERS, workers=2, on_done=done.append
    )
    assert sorted(done) == sorted(s.id for s in STUDENTS)
    return out, made


@pytest.fixture
def folder(made_once, tmp_path):
    """A copy of the class that a test may spoil."""
    return shutil.copytree(made_once[0], tmp_path / "class")


# --- rosters -------------------------------------------------------------------------------------


def roster(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "roster.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_a_roster_of_names_in_any_script(tmp_path):
    found = read_roster(roster(tmp_path, "name,email\nLi Wei,x\n王 芳,y\nO'Neill Ann,z\n\n"))
    assert [s.id for s in found] == ["li-wei", "王-芳", "o-neill-ann"]
    assert found[2].name == "O'Neill Ann"


def test_a_roster_with_ids_semicolons_and_a_byte_order_mark(tmp_path):
    found = read_roster(roster(tmp_path, "\ufeffID;Name\nA12;Li\nA13;Li\n"))
    assert [(s.id, s.name) for s in found] == [("a12", "Li"), ("a13", "Li")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("who,mail\nLi,x\n", "no column `name` or `id`"),
        ("name\nLi Wei\nli wei\n", "lines 2 and 3"),
        ("name\n\n", "no students"),
        ("", "no column"),
        ("name\n!!!\n", "no letter or digit"),
    ],
)
def test_what_is_wrong_with_a_roster_is_said(tmp_path, text, words):
    with pytest.raises(ClassError, match=words):
        read_roster(roster(tmp_path, text))


def test_a_roster_that_cannot_be_read_is_said(tmp_path):
    with pytest.raises(ClassError, match="cannot be opened"):
        read_roster(tmp_path / "none.csv")
    with pytest.raises(ClassError, match="save it from there as CSV"):
        read_roster(roster(tmp_path, "PK\x03\x04"))


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("姓名,学号\n王芳,7\n", "gb18030"),
        ("id\tname\n7\t王芳\n", "utf-16"),
        ('name,id\n"王芳","7"\n', "utf-8-sig"),
    ],
)
def test_a_roster_is_read_as_spreadsheets_write_it(tmp_path, text, encoding):
    assert read_roster(roster(tmp_path, text, encoding)) == [Student("7", "王芳")]


def test_a_roster_in_windows_1252(tmp_path):
    assert read_roster(roster(tmp_path, "name\r\nJürgen\r\n", "cp1252"))[0].name == "Jürgen"


def test_the_line_that_is_named_is_the_files(tmp_path):
    with pytest.raises(ClassError, match="lines 4 and 6"):
        read_roster(roster(tmp_path, 'name,note\n\n"Bo","a\nb"\n\nbo,x\n'))


def test_names_that_lead_elsewhere_stay_here():
    assert folder_name("../../etc/passwd") == "etc-passwd"
    assert folder_name("con") == "con-1"
    assert folder_name("...") == ""


# --- making --------------------------------------------------------------------------------------


def test_every_student_has_lessons_exercises_and_data(made_once):
    out, made = made_once
    assert made.new == tuple(sorted(s.id for s in STUDENTS))
    for student in STUDENTS:
        home = out / "students" / student.id
        for name in (
            "notebooks/20_who.ipynb",
            "exercises/20_who.ipynb",
            "datasets/fernwell/orders.csv",
        ):
            assert (home / name).exists()
        assert not (home / "notebooks/30_sleep.ipynb").exists()
        assert json.loads((home / "crmkit_student.json").read_text())["student"] == student.id
    assert not list((out / "students").glob(".*")), "nothing half-made is left"


def test_everybody_has_other_data_of_the_same_company(made_once):
    out, _ = made_once
    orders = [
        pd.read_csv(out / "students" / s.id / "datasets/fernwell/orders.csv") for s in STUDENTS
    ]
    sums = [round(frame["turnover"].sum(), 2) for frame in orders]
    assert len(set(sums)) == len(sums)
    columns = [list(frame.columns) for frame in orders]
    assert columns[0] == columns[1] == columns[2]


def test_questions_about_a_second_company_bring_its_data(course, tmp_path, monkeypatch):
    asked = next(q for q in bank.of_lesson("20").questions)
    about_both = dataclasses.replace(asked, elsewhere=SECOND_COMPANY)
    monkeypatch.setattr(classes, "_questions_of", lambda lesson: (about_both,))
    make_class(tmp_path, STUDENTS[:2], seed=7, lessons=["20"], course=course, customers=300)
    made = read_manifest(tmp_path)
    given = [
        tmp_path / f"students/{s.id}/datasets/{SECOND_COMPANY}/orders.csv" for s in made.students
    ]
    assert given[0].read_bytes() != given[1].read_bytes()
    assert f"datasets/{SECOND_COMPANY}/orders.csv" in made.students[0].files
    own = OwnTables.here(given[0].parents[1] / "fernwell")
    assert (
        own.other(SECOND_COMPANY).load("orders").equals(crmkit.load("orders", data=given[0].parent))
    )
    # A student who changes it is graded against what was handed out, as with the first.
    given[0].write_text("order_id\n", encoding="utf-8")
    data, note = handed_out_data(tmp_path, made, made.students[0], tmp_path / "spare")
    assert "orders.csv" in note
    assert len(OwnTables.here(data).other(SECOND_COMPANY).load("orders")) > 100


def test_a_second_company_that_was_not_handed_out_counts_for_nothing(folder, tmp_path):
    made = read_manifest(folder)
    home = folder / "students" / made.students[0].id / "datasets"
    shutil.copytree(home / "fernwell", home / SECOND_COMPANY, dirs_exist_ok=True)
    handed_out = {n: v for n, v in made.students[0].files.items() if SECOND_COMPANY not in n}
    student = dataclasses.replace(made.students[0], files=handed_out)
    data, _ = handed_out_data(folder, made, student, tmp_path / "spare")
    assert OwnTables.here(data).other(SECOND_COMPANY).company.name == "Beanline"


def test_outputs_of_other_data_are_not_handed_out(made_once):
    out, _ = made_once
    handed = json.loads((out / "students/ann/notebooks/20_who.ipynb").read_text())
    assert all(
        cell["outputs"] == [] and cell["execution_count"] is None for cell in handed["cells"]
    )


def test_the_manifest_knows_every_file(made_once):
    out, _ = made_once
    made = read_manifest(out)
    assert (made.seed, made.lessons, made.customers) == (7, ("20",), CUSTOMERS)
    ann = made.student("ann")
    assert ann.seed == seed_of(7, "ann")
    there = {
        p.relative_to(out / "students/ann").as_posix()
        for p in (out / "students/ann").rglob("*")
        if p.is_file()
    }
    assert set(ann.files) == there
    for name, value in ann.files.items():
        assert manifest.checksum(out / "students/ann" / name) == value


def test_the_same_seed_gives_the_same_class(made_once, course, tmp_path, simulated_anew):
    make_class(
        tmp_path / "again", STUDENTS[:1], 7, ["20"], course=course, customers=CUSTOMERS, workers=1
    )
    mine = read_manifest(tmp_path / "again").student("li-wei").files
    assert mine == read_manifest(made_once[0]).student("li-wei").files


def test_making_it_again_overwrites_nothing(folder, course):
    work = folder / "students/ann/exercises/20_who.ipynb"
    work.write_text("her work")
    before = read_manifest(folder)
    made = make_class(folder, STUDENTS, 7, ["20"], course=course, customers=CUSTOMERS)
    assert made.kept == tuple(sorted(s.id for s in STUDENTS))
    assert made.new == ()
    assert work.read_text() == "her work"
    assert read_manifest(folder) == before


def test_students_and_lessons_can_be_added(folder, course):
    work = folder / "students/ann/exercises/20_who.ipynb"
    work.write_text("her work")
    before = read_manifest(folder).student("ann").files
    made = make_class(
        folder,
        [*STUDENTS, Student("new", "New")],
        7,
        ["30"],
        course=course,
        customers=CUSTOMERS,
        workers=2,
    )
    assert made.new == ("new",)
    assert set(made.completed) == {s.id for s in STUDENTS}
    assert work.read_text() == "her work"
    assert (folder / "students/ann/exercises/30_sleep.ipynb").exists()
    after = read_manifest(folder)
    assert after.lessons == ("20", "30")
    assert before.items() <= after.student("ann").files.items()


@pytest.mark.parametrize(("seed", "customers"), [(8, CUSTOMERS), (7, CUSTOMERS + 1)])
def test_another_seed_or_size_is_refused(folder, course, seed, customers):
    with pytest.raises(ClassError, match="data would change"):
        make_class(folder, STUDENTS, seed, ["20"], course=course, customers=customers)


def test_an_interrupted_folder_is_made_anew(folder, course):
    partial = folder / "students/.late.partial"
    partial.mkdir()
    (partial / "half").write_text("x")
    make_class(
        folder, [Student("late", "Late")], 7, ["20"], course=course, customers=CUSTOMERS, workers=1
    )
    assert not partial.exists()
    assert not (folder / "students/late/half").exists()
    assert (folder / "students/late/datasets/fernwell/orders.csv").exists()


def test_an_interruption_leaves_what_is_whole_and_ends_soon(course, tmp_path):
    def stop(student):
        raise KeyboardInterrupt

    many = [Student(f"s{n}", f"S{n}") for n in range(12)]
    with pytest.raises(KeyboardInterrupt):
        make_class(
            tmp_path / "c",
            many,
            7,
            ["20"],
            course=course,
            customers=CUSTOMERS,
            workers=1,
            on_done=stop,
        )
    assert len(read_manifest(tmp_path / "c").students) == 1
    assert len(list((tmp_path / "c/students").glob("s*"))) < len(many), (
        "those not begun were let go"
    )
    # Only the two that were at work need it: the rest would take long, and is the same.
    made = make_class(
        tmp_path / "c", many[:2], 7, ["20"], course=course, customers=CUSTOMERS, workers=1
    )
    assert set(made.new) | set(made.kept) == {"s0", "s1"}


def test_wrong_wishes_are_said(course, tmp_path):
    with pytest.raises(ClassError, match="no lesson '77'"):
        make_class(tmp_path / "c", STUDENTS, 7, ["77"], course=course)
    with pytest.raises(ClassError, match="at least one lesson"):
        make_class(tmp_path / "c", STUDENTS, 7, [], course=course)
    with pytest.raises(ClassError, match="too few"):
        make_class(tmp_path / "c", STUDENTS, 7, ["20"], course=course, customers=299)
    with pytest.raises(ClassError, match="open from a day on"):
        make_class(tmp_path / "c", STUDENTS, 7, ["20"], course=course, solutions="ajar")
    with pytest.raises(ClassError, match="write it as 2026-12-01"):
        make_class(tmp_path / "c", STUDENTS, 7, ["20"], course=course, due="1.12.2026")
    with pytest.raises(ClassError, match="not a class folder"):
        read_manifest(tmp_path)
    assert not (tmp_path / "c").exists()


OWN_QUESTION = (
    "from crmkit.practice.kinds import Number\nfrom crmkit.practice.question import Question\n"
    'QUESTIONS = [Question(id="{}", prompt="What is the secret sum?", kind=Number("£"), points=2,\n'
    '    reference=lambda data: 4711, hints=("look",))]\n'
)


def test_questions_are_held_back_week_by_week(course, tmp_path):
    own = tmp_path / "own"
    own.mkdir()
    (own / "lesson_20.py").write_text(OWN_QUESTION.format("20-901"))

    def again(students=STUDENTS[:1], lessons=("20",), **more):
        options = {"course": course, "customers": CUSTOMERS, "workers": 1, "held_back": own} | more
        return make_class(tmp_path / "c", students, 7, lessons, **options)

    again()
    work = tmp_path / "c/students/li-wei/exercises/trainer_questions_20.ipynb"
    work.write_text("his work")
    (own / "lesson_30.py").write_text(OWN_QUESTION.format("30-901"))
    assert again(lessons=("20", "30")).completed == ("li-wei",)
    assert work.read_text() == "his work"
    assert (work.parent / "trainer_questions_30.ipynb").exists()
    rules = json.loads((work.parents[1] / "crmkit_student.json").read_text())
    assert rules["held_back"] == ["20-901", "30-901"]
    handed = read_manifest(tmp_path / "c").student("li-wei").files
    assert handed["crmkit_student.json"] == manifest.checksum(
        work.parents[1] / "crmkit_student.json"
    )
    assert again(lessons=("20", "30")).kept == ("li-wei",)
    # What would be lost without a word is refused.
    with pytest.raises(ClassError, match="give --held-back again"):
        again(STUDENTS[:2], held_back=None)
    with pytest.raises(ClassError, match="class's solutions are closed"):
        again(solutions="open")
    (own / "lesson_20b.py").write_text(OWN_QUESTION.format("20-902"))
    with pytest.raises(ClassError, match="20-902 cannot be added"):
        again()


def test_prompts_of_held_back_questions_go_out_but_not_their_checks(course, tmp_path):
    own = tmp_path / "own"
    own.mkdir()
    (own / "lesson_20.py").write_text(OWN_QUESTION.format("20-901"))
    make_class(
        tmp_path / "c",
        STUDENTS[:1],
        7,
        ["20"],
        course=course,
        customers=CUSTOMERS,
        held_back=own,
        workers=1,
    )
    home = tmp_path / "c/students/li-wei"
    text = (home / "exercises" / "trainer_questions_20.ipynb").read_text()
    assert "What is the secret sum?" in text
    assert "4711" not in text
    assert json.loads((home / "crmkit_student.json").read_text())["held_back"] == ["20-901"]
    assert read_manifest(tmp_path / "c").held_back == ("20-901",)


# --- collecting ----------------------------------------------------------------------------------


def test_collecting_from_the_class_itself(folder):
    found = collect(folder)
    assert found.notebooks == {"ann": 1, "li-wei": 1, "王芳": 1}
    assert (folder / "submitted/ann/exercises/20_who.ipynb").exists()


def test_collecting_folders_zips_and_loose_notebooks(folder, tmp_path):
    inbox = tmp_path / "inbox"
    (inbox / "Ann" / "exercises").mkdir(parents=True)
    (inbox / "Ann" / "exercises" / "20_who.ipynb").write_text("a")
    (inbox / "Ann" / "notebooks").mkdir()
    (inbox / "Ann" / "notebooks" / "20_who.ipynb").write_text("the lesson, not the exercise")
    with zipfile.ZipFile(inbox / "download (3).zip", "w") as archive:
        archive.writestr("x/crmkit_student.json", json.dumps({"student": "王芳"}))
        archive.writestr("x/exercises/20_who.ipynb", "w")
        archive.writestr("x/exercises/.ipynb_checkpoints/20_who-checkpoint.ipynb", "old")
    (inbox / "li-wei_20_who.ipynb").write_text("l")
    (inbox / "stranger.ipynb").write_text("s")
    (inbox / "notes.txt").write_text("n")
    (inbox / "broken.zip").write_text("no zip")
    found = collect(folder, inbox)
    assert found.notebooks == {"ann": 1, "li-wei": 1, "王芳": 1}
    assert [
        (folder / "submitted" / i / "exercises/20_who.ipynb").read_text()
        for i in ("ann", "li-wei", "王芳")
    ] == list("alw")
    assert [entry.split(":")[0] for entry in found.unplaced] == [
        "broken.zip",
        "notes.txt",
        "stranger.ipynb",
    ]


def test_paths_in_a_zip_lead_nowhere(folder, tmp_path):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    with zipfile.ZipFile(inbox / "ann.zip", "w") as archive:
        archive.writestr("../../../evil.ipynb", "x")
        archive.writestr("/abs.ipynb", "y")
        archive.writestr("..\\..\\back.ipynb", "z")
    collect(folder, inbox)
    names = {p.name for p in (folder / "submitted/ann/exercises").iterdir()}
    assert names == {"evil.ipynb", "abs.ipynb", "back.ipynb"}
    assert not list(tmp_path.glob("*.ipynb"))


def test_a_link_to_a_neighbours_work_is_not_followed(folder, tmp_path):
    inbox = tmp_path / "inbox"
    (inbox / "ann").mkdir(parents=True)
    (inbox / "li-wei").mkdir()
    (inbox / "li-wei" / "20_who.ipynb").write_text("l")
    (inbox / "ann" / "20_who.ipynb").symlink_to(inbox / "li-wei" / "20_who.ipynb")
    assert collect(folder, inbox).missing == ("ann", "王芳")


def test_one_broken_hand_in_does_not_stop_the_others(folder, tmp_path):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    with zipfile.ZipFile(inbox / "ann.zip", "w") as archive:
        archive.writestr("exercises/20_who.ipynb", "whole")
        archive.writestr("exercises/torn.ipynb", "to be torn")
        archive.writestr(f"exercises/{'x' * 300}.ipynb", "long")
    spoilt = (inbox / "ann.zip").read_bytes().replace(b"to be torn", b"to be TORN")
    (inbox / "ann.zip").write_bytes(spoilt)
    with zipfile.ZipFile(inbox / "li-wei.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(4):
            archive.writestr(f"exercises/bomb{number}.ipynb", bytes(90_000_000))
    os.mkfifo(inbox / "li-wei_pipe.ipynb")
    (inbox / "王芳_20_who.ipynb").write_text("w")
    found = collect(folder, inbox)
    assert found.notebooks == {"ann": 2, "li-wei": 0, "王芳": 1}
    assert [entry.split(":")[0] for entry in found.unplaced] == [
        "ann.zip, exercises/torn.ipynb",
        "li-wei.zip",
        "li-wei_pipe.ipynb",
    ]
    assert "MB of notebooks" in found.unplaced[1]


def test_more_notebooks_than_were_handed_out_are_set_aside(folder, tmp_path):
    home = tmp_path / "inbox/ann"
    home.mkdir(parents=True)
    for number in range(MOST_NOTEBOOKS + 1):
        (home / f"{number}.ipynb").write_text("x")
    assert "101 notebooks" in collect(folder, tmp_path / "inbox").unplaced[0]


def test_two_notebooks_of_one_name_are_both_kept(folder, tmp_path):
    home = tmp_path / "inbox/ann"
    (home / "exercises/old").mkdir(parents=True)
    (home / "exercises/20_who.ipynb").write_text("new")
    (home / "exercises/old/20_who.ipynb").write_text("old")
    collect(folder, tmp_path / "inbox")
    found = sorted((folder / "submitted/ann/exercises").iterdir())
    assert [path.read_text() for path in found] == ["old", "new"], "the last one counts"


def test_a_neighbours_folder_is_nobodys(folder, tmp_path):
    home = tmp_path / "inbox/ann"
    home.mkdir(parents=True)
    (home / "20_who.ipynb").write_text("x")
    (home / "crmkit_student.json").write_text('{"student": "li-wei"}')
    found = collect(folder, tmp_path / "inbox")
    assert found.missing == ("ann", "li-wei", "王芳")
    assert "named for ann" in found.unplaced[0]
    assert "folder of li-wei" in found.unplaced[0]


PEOPLE = """id,name,E-mail,Login,Group
9,Siobhán O'Brien,s.obrien@example.org,sob77,A
10,Li Wei,lw7@example.org,lw7,A
11,王芳,wf@example.org,20231105,B
12,Ann Lee,ann.lee@example.org,alee,B
13,Ann Leehan,ann.leehan@example.org,aleeh,B
"""


@pytest.mark.parametrize(
    ("name", "owner"),
    [
        ("O'Brien, Siobhán_991234_assignsubmission_file_", "9"),  # Moodle
        ("Siobhan O'Brien_991234_assignsubmission_file", "9"),
        ("obriensiobhan_LATE_48213_991234_20_who", "9"),  # Canvas
        ("leeann_48213_991234_20_who-1", "12"),
        ("Exercises 20_alee_attempt_2026-11-20-10-11-12_20_who", "12"),  # Blackboard
        ("s.obrien@example.org", "9"),  # Teams
        ("20231105-王芳-第20课作业", "11"),  # 学习通
        ("王芳_20_who", "11"),
        ("雨课堂_20231105_作业", "11"),
        ("Lee Ann", "12"),
        ("ann_leehan_homework", "13"),
        ("holiday photos", None),
        ("Group A", None),
    ],
)
def test_hand_ins_are_known_as_learning_platforms_name_them(tmp_path, name, owner):
    keys = keys_of(read_roster(roster(tmp_path, PEOPLE)))
    assert fitting(name, keys) == ([owner] if owner else [])


def test_where_two_students_fit_nobody_is_chosen(tmp_path):
    keys = keys_of(read_roster(roster(tmp_path, "id,name\n1a,Ann Lee\n1b,Lee Ann\n")))
    assert fitting("Lee, Ann_991234_assignsubmission", keys) == ["1a", "1b"]


def written(text):
    return json.dumps({"cells": [{"cell_type": "code", "source": text}], "metadata": {}})


def test_of_several_hand_ins_the_newest_that_is_a_notebook_counts(folder, tmp_path):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    for name, text, day in (
        ("ann_a_20_who", written("first"), 1),
        ("ann_b_20_who", written("second"), 3),
        ("ann_c_20_who", "", 5),
        ("ann_30_sleep", written("other"), 2),
    ):
        (inbox / f"{name}.ipynb").write_text(text)
        os.utime(inbox / f"{name}.ipynb", (day * 86400, day * 86400))
    found = collect(folder, inbox)
    home = folder / "submitted/ann"
    assert "second" in (home / "exercises/20_who.ipynb").read_text()
    assert found.notebooks["ann"] >= 1
    assert len(found.doubles) == 2
    assert "cannot be read as a notebook" in found.doubles[1]
    # A later collection replaces it, and keeps what it replaces.
    (inbox / "ann_b_20_who.ipynb").write_text(written("third"))
    collect(folder, inbox)
    assert "third" in (home / "exercises/20_who.ipynb").read_text()
    assert "second" in (home / "earlier/20_who-1.ipynb").read_text()


def test_a_full_disk_leaves_the_good_copy(folder, tmp_path, monkeypatch):
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox/ann_20_who.ipynb").write_text(written("good"))
    collect(folder, tmp_path / "inbox")
    (tmp_path / "inbox/ann_20_who.ipynb").write_text(written("newer"))

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("crmkit.practice.collecting.os.replace", full)
    with pytest.raises(OSError, match="No space"):
        collect(folder, tmp_path / "inbox")
    home = folder / "submitted/ann/exercises"
    assert "good" in (home / "20_who.ipynb").read_text()
    assert [p.name for p in home.iterdir()] == ["20_who.ipynb"]


def test_a_notebook_says_for_whom_it_was_made(folder, tmp_path):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    theirs = next((folder / "students/li-wei/exercises").glob("20_*.ipynb")).read_bytes()
    (inbox / "final version (2).ipynb").write_bytes(theirs)
    (inbox / "ann_20_who.ipynb").write_bytes(theirs)
    found = collect(folder, inbox)
    assert found.notebooks["li-wei"] == 1
    assert found.notebooks["ann"] == 0
    assert "named for ann, but holds the folder of li-wei" in found.unplaced[0]


def test_links_and_control_characters_lead_nowhere(folder, tmp_path):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    # Nothing in the neighbour's notebook says whose it is: only the link gives it away.
    (tmp_path / "neighbour").mkdir()
    (tmp_path / "neighbour/20_who.ipynb").write_text(written("theirs"))
    (inbox / "ann").symlink_to(tmp_path / "neighbour")
    (inbox / "x\x1b[2Jy.ipynb").write_text("{}")
    found = collect(folder, inbox)
    assert found.notebooks["ann"] == 0
    assert len(found.unplaced) == 2
    assert "neither a folder nor a file" in found.unplaced[0]
    assert "\x1b" not in "".join(found.unplaced)


def test_who_handed_nothing_in_is_named(folder, tmp_path):
    (tmp_path / "inbox").mkdir()
    assert collect(folder, tmp_path / "inbox").missing == ("ann", "li-wei", "王芳")
    with pytest.raises(ClassError, match="no folder"):
        collect(folder, tmp_path / "nowhere")


def test_the_command_line_makes_and_collects(course, tmp_path):
    from typer.testing import CliRunner

    from crmkit.practice.cli import app

    out = tmp_path / "class"
    options = [
        "--roster",
        roster(tmp_path, "name\nLi\n"),
        "--seed",
        7,
        "--lessons",
        "20, 30",
        "--out",
        out,
    ]
    options += ["--course", course, "--customers", CUSTOMERS, "--workers", 1]
    done = CliRunner().invoke(app, ["class", "new", *map(str, options)])
    assert done.exit_code == 0, done.output
    assert "1 new" in done.output
    done = CliRunner().invoke(app, ["class", "collect", str(out)])
    assert "Students who handed in: 1." in done.output
    options[7] = tmp_path / "roster.csv"
    for wrong in (["collect", tmp_path], ["new", *options]):
        done = CliRunner().invoke(app, ["class", *map(str, wrong)])
        assert done.exit_code == 2
        assert "Error: " in done.output
        assert "Traceback" not in done.output


def test_a_class_can_have_a_company_of_the_trainers_own(tmp_path):
    shipped = Path(classes.__file__).parents[1] / "world" / "companies" / "beanline.toml"
    own = tmp_path / "roaster.toml"
    text = shipped.read_text(encoding="utf-8")
    own.write_text(text.replace("Beanline", "Roaster"), encoding="utf-8")
    folder = tmp_path / "class"
    ann = [Student("ann", "Ann")]
    make_class(folder, ann, 7, ["20", "40"], company=own, customers=300, workers=1)
    home = folder / "students" / "ann"
    assert (folder / "roaster.toml").read_text(encoding="utf-8") == own.read_text(encoding="utf-8")
    assert (home / "datasets" / "roaster" / "orders.csv").is_file()
    lesson, lacking = (
        next((home / "notebooks").glob(f"{n}_*.ipynb")).read_text("utf-8") for n in (20, 40)
    )
    for cell in json.loads(lesson)["cells"]:
        assert "Fernwell" not in "".join(cell["source"])
    assert "cannot run this lesson" in "".join(json.loads(lacking)["cells"][0]["source"])
    assert "tracker_answers" in "".join(json.loads(lacking)["cells"][0]["source"])
    own.write_text(text.replace("Beanline", "Other"), encoding="utf-8")
    with pytest.raises(ClassError, match="the class's data were made from the former"):
        make_class(folder, ann, 7, ["20"], company=own, customers=300, workers=1)


def test_notebooks_without_a_change_are_no_hand_in(folder, tmp_path):
    (folder / "students/ann/exercises/20_who.ipynb").write_text(written("her work"))
    assert collect(folder).unchanged == ("li-wei", "王芳")
    made = read_manifest(folder)
    assert [as_handed_out(folder, student) for student in made.students] == [False, True, True]


def test_a_column_that_the_roster_got_later_is_kept(folder, course):
    later = [dataclasses.replace(s, given={"E-mail": f"{s.id}@example.org"}) for s in STUDENTS]
    before = read_manifest(folder)
    make_class(folder, later, 7, ["20"], course=course, customers=CUSTOMERS)
    after = read_manifest(folder)
    assert after.student("ann").given == {"E-mail": "ann@example.org"}
    assert [s.files for s in after.students] == [s.files for s in before.students]


@pytest.mark.parametrize(("spoken", "said"), [(None, "# Your folder"), ("zh_CN", "# 你的文件夹")])
def test_a_students_folder_says_what_to_do(tmp_path, spoken, said):
    """In the student's language, beside the data that are this student's alone, and never over the student's own."""
    make_class(tmp_path / "c", [Student("ann", "Ann")], 7, ["20"], customers=300, spoken=spoken)
    page = tmp_path / "c/students/ann/README.md"
    text = page.read_text(encoding="utf-8")
    assert text.startswith(said)
    for named in (
        "`notebooks/`",
        "`exercises/`",
        "`datasets/`",
        "`crmkit lab`",
        "`hint`",
        "Fernwell",
    ):
        assert named in text
    page.write_text("mine", encoding="utf-8")
    make_class(
        tmp_path / "c", [Student("ann", "Ann")], 7, ["20", "30"], customers=300, spoken=spoken
    )
    assert page.read_text(encoding="utf-8") == "mine"
