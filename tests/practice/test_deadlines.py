"""Deadlines: when work came, what is late, and that lateness costs nothing unless the trainer asks for it."""

import csv
import datetime as dt
import io
import json
import os

import pytest

from crmkit.practice import classes, desk, grading, handed_in, manifest, reports, rules
from crmkit.practice.collecting import collect
from crmkit.practice.grades import Grades, Mark, notes_of
from crmkit.practice.kinds import Number
from crmkit.practice.manifest import Class, Enrolled
from crmkit.practice.moments import lasted, read_moment
from crmkit.practice.question import Question
from crmkit.practice.roster import ClassError
from crmkit.practice.sandbox import Run
from crmkit.practice.tables import OwnTables

UTC = dt.UTC
PEOPLE = (
    Enrolled(
        "ann", "Ann Lee", 1, given={"name": "Ann Lee", "Email address": "ann.lee@example.org"}
    ),
    Enrolled("ben", "Ben Ode", 2, given={"name": "Ben Ode", "Email address": "ben@example.org"}),
)
DUE = "2026-12-01T18:00:00+00:00"
MADE = Class(7, "fernwell", 300, ("20", "30"), PEOPLE, due={"all": DUE})


def at(hour, minute=0, day=1):
    return dt.datetime(2026, 12, day, hour, minute, tzinfo=UTC)


# --- setting them --------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    home = tmp_path / "class"
    for student in PEOPLE:
        (home / "students" / student.id / "exercises").mkdir(parents=True)
    manifest.write_manifest(home, Class(7, "fernwell", 300, ("20", "30"), PEOPLE, "closed"))
    return home


def test_a_deadline_reaches_manifest_and_students(folder):
    _, reached = rules.set_due(folder, "2026-12-01 18:00+00:00")
    rules.set_due(folder, "2026-12-08 18:00+00:00", "30")
    made = manifest.read_manifest(folder)
    assert reached == 2
    assert (rules.due_of(made, "20"), rules.due_of(made, "30")) == (at(18), at(18, day=8))
    mine = folder / "students/ann/crmkit_student.json"
    assert json.loads(mine.read_text())["due"]["30"] == "2026-12-08T18:00:00+00:00"
    assert made.student("ann").files["crmkit_student.json"] == manifest.checksum(mine)
    rules.set_due(folder, None, "30")
    assert rules.due_of(manifest.read_manifest(folder), "30") == at(18)
    rules.set_due(folder, None)
    assert rules.due_of(manifest.read_manifest(folder), "20") is None


@pytest.mark.parametrize("typed", ["1.12.2026", "12/01/2026", "tomorrow", "", "2026-13-01"])
def test_a_day_that_could_be_read_two_ways_is_refused(folder, typed):
    with pytest.raises(ClassError, match="write it as 2026-12-01"):
        rules.set_due(folder, typed)
    with pytest.raises(ClassError, match="no lesson '77'"):
        rules.set_due(folder, "2026-12-01", "77")


def test_a_bare_day_is_due_at_its_end_and_opens_at_its_beginning():
    assert read_moment("2026-12-01", end_of_day=True).hour == 23
    assert read_moment("2026-12-01", end_of_day=False).hour == 0


def test_how_long_is_said_in_two_units():
    assert lasted(dt.timedelta(days=3, hours=0, minutes=5)) == "3 d"
    assert lasted(dt.timedelta(hours=2, minutes=5)) == "2 h 5 min"


# --- when work came ------------------------------------------------------------------------------


def hand_in(inbox, name, text="x", hour=12):
    inbox.mkdir(exist_ok=True)
    path = inbox / name
    path.write_text(json.dumps({"cells": [{"cell_type": "code", "source": text}]}))
    os.utime(path, (at(hour).timestamp(),) * 2)
    return path


def came(folder, student="ann"):
    notebooks = sorted((folder / "submitted" / student / "exercises").glob("*.ipynb"))
    found = handed_in.when(folder, student, notebooks)
    return {
        name: (one.time.astimezone(UTC), one.source, one.said_late) for name, one in found.items()
    }


def test_by_the_file_by_the_name_and_by_the_platforms_word(folder, tmp_path):
    inbox = tmp_path / "inbox"
    hand_in(inbox, "ann_20_who.ipynb", hour=17)
    hand_in(inbox, "Exercises 30_ben_attempt_2026-12-01-19-11-12_30_sleep.ipynb", hour=3)
    hand_in(inbox, "odeben_LATE_48213_991234_20_who.ipynb", hour=16)
    collect(folder, inbox)
    assert list(came(folder).values()) == [(at(17), "file", False)]
    ben = came(folder, "ben")
    stamp = dt.datetime(2026, 12, 1, 19, 11, 12).astimezone().astimezone(UTC)
    assert sorted(ben.values()) == sorted([(stamp, "name", False), (at(16), "file", True)])


def test_the_same_work_downloaded_again_came_when_it_first_came(folder, tmp_path):
    inbox = tmp_path / "inbox"
    path = hand_in(inbox, "ann_20_who.ipynb", hour=17)
    collect(folder, inbox)
    os.utime(path, (at(20).timestamp(),) * 2)
    collect(folder, inbox)
    assert [time for time, _, _ in came(folder).values()] == [at(17)]
    hand_in(inbox, "ann_20_who.ipynb", "another answer", hour=21)
    collect(folder, inbox)
    assert [time for time, _, _ in came(folder).values()] == [at(21)]


def test_by_the_platforms_table(folder, tmp_path):
    inbox = tmp_path / "inbox"
    hand_in(inbox, "ann_20_who.ipynb", hour=17)
    hand_in(inbox, "ben_20_who.ipynb", hour=17)
    table = tmp_path / "worksheet.csv"
    table.write_text(
        "Identifier,Full name,Email address,Last modified (submission)\n"
        'Participant 1,Ann Lee,ann.lee@example.org,"Tuesday, 1 December 2026, 7:05 PM"\n'
        "Participant 2,Ben Ode,ben@example.org,2026-12-01T18:30:00+00:00\n"
        "Participant 3,A Stranger,who@example.org,2026-12-01 18:30\n"
        "Participant 4,Ann Lee,ben@example.org,2026-12-01 18:30\n"
        "Participant 5,Ann Lee,,soon\n"
        "Participant 6,Ann Lee,,-\n",
        encoding="utf-8",
    )
    found = collect(folder, inbox, table)
    (time, source, _), *_ = came(folder).values()
    assert (time, source) == (dt.datetime(2026, 12, 1, 19, 5).astimezone().astimezone(UTC), "table")
    assert next(iter(came(folder, "ben").values()))[0] == at(18, 30)
    assert [note.partition(", ")[2] for note in found.notes if "row" in note] == [
        "row 4: names no student of the roster",
        "row 5: names several: ann, ben",
        "row 6: 'soon' is no time",
    ]
    table.write_text("who,mark\nAnn,1\n")
    with pytest.raises(ClassError, match="no column with the time of submission"):
        collect(folder, inbox, table)


def test_a_record_that_is_torn_falls_back_on_the_file(folder, tmp_path):
    hand_in(tmp_path / "inbox", "ann_20_who.ipynb", hour=17)
    collect(folder, tmp_path / "inbox")
    (folder / "submitted/ann/handed_in.json").write_text('{"x": [')
    assert [source for _, source, _ in came(folder).values()] == ["file"]


# --- what is late --------------------------------------------------------------------------------

QUESTIONS = tuple(
    Question(id=i, prompt="?", kind=Number(), points=4, reference=lambda data: 1.0)
    for i in ("20-1", "30-1")
)


def marked(times, late_loses=0.0, made=MADE):
    """Ann, who has everything right: what came when is all that differs."""
    answers = {"20_who.ipynb": "20-1", "30_sleep.ipynb": "30-1"}
    runs = [(name, Run({answers[name]: {"plain": 1.0}}, [], [], 0.1)) for name in times]
    own = grading._Desk(PEOPLE[0], OwnTables.of_frames({}), "", False, times, runs)
    (student,) = grading._mark_all({"ann": own}, QUESTIONS, {}, made, late_loses)
    return student


def test_late_work_is_named_and_costs_nothing():
    times = {
        "20_who.ipynb": handed_in.HandIn(at(20, 5)),
        "30_sleep.ipynb": handed_in.HandIn(at(17)),
    }
    student = marked(times)
    assert [late.lesson for late in student.late] == ["20"]
    assert student.points == 8
    assert student.handed_in == at(20, 5)
    assert notes_of(student) == [
        "Lesson 20 came 2 h 5 min after the deadline, by the file's own time."
    ]
    grades = Grades(QUESTIONS, (student,), frozenset(), (), 2, 0)
    assert "2 h 5 min after the deadline" in grading.grades_table(grades)
    assert "came 2 h 5 min after the deadline" in reports.reply_page(grades, student)


@pytest.mark.parametrize(
    ("time", "loss"), [(at(18), 0), (at(18, 1), 0.4), (at(18, 1, day=2), 0.8), (at(3, day=28), 4)]
)
def test_it_costs_per_day_begun_where_the_trainer_asks_for_it(time, loss):
    student = marked({"20_who.ipynb": handed_in.HandIn(time)}, late_loses=10)
    assert student.loss == pytest.approx(loss)
    assert student.points == pytest.approx(4 - loss)


def test_what_the_platform_calls_late_is_late():
    student = marked({"20_who.ipynb": handed_in.HandIn(at(1), said_late=True)}, 10)
    assert notes_of(student) == ["Lesson 20 is late, as the platform says. That costs 0.4 points."]


def test_without_a_deadline_nothing_is_late():
    made = Class(7, "fernwell", 300, ("20", "30"), PEOPLE)
    assert marked({"20_who.ipynb": handed_in.HandIn(at(3, day=28))}, 10, made).late == ()


def test_a_mark_of_another_lesson_is_not_touched():
    student = marked(
        {"20_who.ipynb": handed_in.HandIn(at(20)), "30_sleep.ipynb": handed_in.HandIn(at(9))}, 50
    )
    table = grading.grades_table(Grades(QUESTIONS, (student,), frozenset(), (), 2, 0))
    (found,) = csv.DictReader(io.StringIO(table.removeprefix("\ufeff"), newline=""))
    assert (found["late_loss"], found["points"], found["lesson 20"], found["lesson 30"]) == (
        "2",
        "6",
        "2",
        "4",
    )
    assert isinstance(student.marks[0], Mark)


# --- solutions -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "opens"),
    [
        ("open", True),
        ("closed", False),
        ("2020-01-01T00:00:00+00:00", True),
        ("2999-01-01", False),
        ("spoilt", False),
        (None, False),
        ({}, False),
    ],
)
def test_solutions_open_when_the_trainer_says_so(setting, opens):
    assert desk._solutions_open({"solutions": setting}) is opens
    assert desk._solutions_open({}), "outside a class nobody closes them"


def test_the_command_opens_and_closes(folder):
    from typer.testing import CliRunner

    from crmkit.practice.cli import app

    def say(*words):
        return CliRunner().invoke(app, ["class", *map(str, words)])

    done = say("solutions", folder, "2026-12-02 08:00+00:00")
    assert done.exit_code == 0, done.output
    assert "2026-12-02" in done.output
    mine = json.loads((folder / "students/ben/crmkit_student.json").read_text())
    assert mine["solutions"] == "2026-12-02T08:00:00+00:00"
    assert say("solutions", folder, "ajar").exit_code == 2
    done = say("due", folder, "2026-12-01")
    assert "Lesson 30: due 2026-12-01 23:59" in done.output
    assert "Lesson 20: no deadline" in say("due", folder, "--none").output
