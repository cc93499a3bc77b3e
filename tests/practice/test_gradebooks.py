"""Marks as a learning platform imports them: who is who, what is left out and why, nothing that is a formula."""

import csv
import io

import pytest

from crmkit.practice import grading, marking
from crmkit.practice.gradebooks import PLATFORMS, gradebook, key_columns
from crmkit.practice.grades import Graded, Grades, Mark
from crmkit.practice.kinds import Number
from crmkit.practice.manifest import Class, Enrolled
from crmkit.practice.question import Question
from crmkit.practice.roster import ClassError

ROSTER = {
    "ann": ("Ann O'Brien", "ann@example.org", "1001", "aob"),
    "li-wei": ("李伟", "lw@example.org", "1002", "liwei"),
    "bob": ("=cmd()", "bob@example.org", "1003", "bob"),
    "wait": ("Wanda Wait", "ww@example.org", "1004", "ww"),
    "gone": ("Gus Gone", "gg@example.org", "1005", "gg"),
    "nobody": ("No Key", "", "", ""),
}
QUESTIONS = tuple(
    Question(id=name, prompt="?", kind=Number(), points=points, reference=lambda data: 1)
    for name, points in (("20-1", 2), ("20-2", 2), ("30-1", 4))
)


def marks(*points, status="passed"):
    return tuple(
        Mark(q.id, p, q.points, status if p is None or p else "not yet")
        for q, p in zip(QUESTIONS, points, strict=True)
    )


def given(name):
    full, mail, number, login = ROSTER[name]
    return {"name": full, "E-mail": mail, "学号": number, "Login": login, "Group": "A"}


MADE = Class(
    7,
    "fernwell",
    300,
    ("20", "30"),
    tuple(Enrolled(n, ROSTER[n][0], 1, given=given(n)) for n in ROSTER),
)
POINTS = {"ann": (2, 1.5, 4), "li-wei": (2, 0, 0), "bob": (0, 0, 4), "nobody": (2, 2, 4)}


@pytest.fixture
def table(tmp_path):
    """The class's grades.csv, as grading writes it."""
    students = [
        Graded(n, ROSTER[n][0], marks(*p), notebooks=2, given=given(n)) for n, p in POINTS.items()
    ]
    waiting = (*marks(2, 2, 0)[:2], Mark("30-1", None, 4, "to mark", text="x"))
    students.append(Graded("wait", "Wanda Wait", waiting, notebooks=2, given=given("wait")))
    empty = tuple(Mark(q.id, 0.0, q.points, "no answer") for q in QUESTIONS)
    students.append(Graded("gone", "Gus Gone", empty, given=given("gone")))
    path = tmp_path / "grades.csv"
    path.write_text(
        grading.grades_table(Grades(QUESTIONS, tuple(students), frozenset(), (), 0, 0)),
        encoding="utf-8",
    )
    return path


def rows(found):
    return list(csv.reader(io.StringIO(found.text.removeprefix("\ufeff"), newline="")))


def test_moodle_knows_them_by_email(table):
    found = gradebook(MADE, table, "moodle")
    assert rows(found) == [
        ["Email address", "Full name", "crmkit"],
        ["ann@example.org", "Ann O'Brien", "7.5"],
        ["lw@example.org", "李伟", "2"],
        ["bob@example.org", "'=cmd()", "4"],
    ]
    assert found.text.startswith("\ufeff")
    assert found.left_out == (
        "No Key: the roster's column 'E-mail' is empty",
        "Wanda Wait: open decisions to mark: 1 (--with-waiting writes the points without them)",
        "Gus Gone: handed nothing in (--absent zero gives 0)",
    )


def test_canvas_has_its_five_columns_and_the_points_possible(table):
    found = gradebook(MADE, table, "canvas", by="lesson", item="Exercises")
    head, possible, ann, *_ = rows(found)
    assert head == [
        "Student",
        "ID",
        "SIS User ID",
        "SIS Login ID",
        "Section",
        "Exercises 20",
        "Exercises 30",
    ]
    assert possible == ["    Points Possible", "", "", "", "", "4", "4"]
    assert ann == ["Ann O'Brien", "", "1001", "", "", "3.5", "4"]
    assert not found.text.startswith("\ufeff"), "Canvas does not read past a mark"


def test_blackboard_teams_and_chaoxing(table):
    assert rows(gradebook(MADE, table, "blackboard"))[:2] == [
        ["Username", "crmkit"],
        ["aob", "7.5"],
    ]
    head, ann, *_ = rows(gradebook(MADE, table, "teams"))
    assert (head, ann) == (
        ["Name", "Email Address", "crmkit (of 8)"],
        ["Ann O'Brien", "ann@example.org", "7.5"],
    )
    head, _, wei, *_ = rows(gradebook(MADE, table, "chaoxing", out_of=100))
    assert (head, wei) == (["学号", "姓名", "crmkit"], ["1002", "李伟", "25"])


def test_another_key_can_be_chosen(table):
    assert rows(gradebook(MADE, table, "moodle", key="username"))[1][:2] == ["aob", "Ann O'Brien"]
    assert rows(gradebook(MADE, table, "blackboard", key="id"))[1] == ["1001", "7.5"]


def test_the_absent_and_the_unmarked_go_out_only_if_asked(table):
    found = gradebook(MADE, table, "moodle", absent_zero=True, with_waiting=True)
    written = {row[1]: row[2] for row in rows(found)[1:]}
    assert (written["Gus Gone"], written["Wanda Wait"]) == ("0", "4")
    assert [line.split(":")[0] for line in found.left_out] == ["No Key"]


def test_a_mark_that_a_person_changed_goes_out_as_it_stands(table):
    columns, found = marking.read_table(table)
    file = io.StringIO()
    writer = csv.DictWriter(file, columns, delimiter=";")
    writer.writeheader()
    writer.writerows([row | {"points": "6,5"} if row["id"] == "ann" else row for _, row in found])
    table.write_bytes(file.getvalue().encode("utf-16"))
    assert rows(gradebook(MADE, table, "moodle"))[1] == ["ann@example.org", "Ann O'Brien", "6.5"]


def test_what_cannot_be_taken_is_said(table, tmp_path):
    with pytest.raises(ClassError, match="There is no form for 'sakai'"):
        gradebook(MADE, table, "sakai")
    with pytest.raises(ClassError, match="`crmkit grade` writes it"):
        gradebook(MADE, tmp_path / "none.csv", "moodle")
    names_only = Class(7, "f", 300, ("20",), (Enrolled("ann", "Ann", 1, given={"name": "Ann"}),))
    with pytest.raises(ClassError, match="knows students by an e-mail address or an id"):
        gradebook(names_only, table, "moodle")
    with pytest.raises(ClassError, match="no column with a user name"):
        gradebook(names_only, table, "moodle", key="username")
    assert gradebook(names_only, table, "canvas").key == "name", "Canvas looks for the name last"
    text = table.read_text(encoding="utf-8")
    table.write_text(text.replace('"7.5"', '"seven"'), encoding="utf-8")
    with pytest.raises(ClassError, match="row 2: 'seven' under 'points' is no number"):
        gradebook(MADE, table, "moodle")
    table.write_text(text.replace('"hand_in"', '"came"'), encoding="utf-8")
    with pytest.raises(ClassError, match="no column 'hand_in'"):
        gradebook(MADE, table, "moodle")


def test_who_cannot_be_matched_is_named(table):
    text = table.read_text(encoding="utf-8").replace('"bob","=cmd', '"bobby","=cmd')
    table.write_text(text.replace('"bob","\'=cmd', '"bobby","\'=cmd'), encoding="utf-8")
    twins = tuple(
        Enrolled(s.id, s.name, 1, given=s.given | {"E-mail": "same@example.org"})
        if s.id in ("ann", "li-wei")
        else s
        for s in MADE.students
    )
    made = Class(7, "fernwell", 300, ("20", "30"), twins)
    left_out = gradebook(made, table, "moodle").left_out
    assert "Ann O'Brien: the E-mail 'same@example.org' is that of Ann O'Brien and 李伟" in left_out
    assert any("the id 'bobby' is nobody's in this class" in line for line in left_out)
    assert "=cmd(): has no row in grades.csv; grade again" in left_out


@pytest.mark.parametrize(
    ("headings", "found"),
    [
        (("name", "id"), {"id": "id"}),
        (("姓名", "学号", "邮箱"), {"id": "学号", "email": "邮箱"}),
        (("name", "ID", "SIS User ID", "SIS Login ID"), {"id": "SIS User ID", "username": "SIS Login ID"}),
        (("First name", "Email address", "ID number", "Username"),
         {"email": "Email address", "id": "ID number", "username": "Username"}),
        (("name", "Group"), {}),
    ],
)  # fmt: skip
def test_columns_are_known_by_their_headings(headings, found):
    assert key_columns([Enrolled("a", "A", 1, given=dict.fromkeys(headings, "x"))]) == found


@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_command_writes_and_names(table, tmp_path, platform):
    from typer.testing import CliRunner

    from crmkit.practice import classes, manifest
    from crmkit.practice.cli import app

    manifest.write_manifest(tmp_path / "class", MADE)
    command = [
        "class",
        "grades",
        str(tmp_path / "class"),
        "--for",
        platform,
        "--grades",
        str(tmp_path),
    ]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 0, done.output
    target = tmp_path / f"gradebook_{platform}.csv"
    assert "7.5" in target.read_text(encoding="utf-8-sig")
    assert "Left out: Gus Gone" in done.output
    target.write_text("mine", encoding="utf-8")
    assert "it is kept as" in CliRunner().invoke(app, command).output
