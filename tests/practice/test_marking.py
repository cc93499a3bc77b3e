"""Marks come back from any spreadsheet, or are refused with row and reason; what a person typed is never lost."""

import csv
import io

import pytest

from crmkit.practice import marking
from crmkit.practice.grades import TO_MARK, Graded, Grades, Mark
from crmkit.practice.kinds import Plan
from crmkit.practice.question import Question
from crmkit.practice.roster import ClassError

TEXT = "Call the ten best first; £30 each.\nThen wait, and count."
STUDENTS = ("ann", "李明", "zed")
WORTH = {"20-5": 4.0, "30-5": 2.0}


def question(name):
    return Question(
        id=name,
        prompt="What would you do?",
        points=WORTH[name],
        kind=Plan(rubric={"names a figure": WORTH[name]}, model="Call ten."),
        reference=lambda tables: "",
    )


def grades(points=None, text=TEXT, status=TO_MARK):
    students = tuple(
        Graded(
            name, name.title(), tuple(Mark(q, points, WORTH[q], status, text=text) for q in WORTH)
        )
        for name in STUDENTS
    )
    return Grades(tuple(map(question, WORTH)), students, frozenset(), (), 0, 0)


@pytest.fixture
def sheet(tmp_path):
    """The rows of a fresh to_mark.csv, with points typed into three of them."""
    table = marking.marking_table(grades(), {})
    rows = list(csv.DictReader(io.StringIO(table.removeprefix("\ufeff"), newline="")))
    for row, points in zip(rows, ("4", "", "2,5", "", "0", ""), strict=True):
        row["points"] = points
    return rows


def save(path, rows, *, delimiter=",", encoding="utf-8", columns=None, end="\n", before=""):
    file = io.StringIO()
    file.write(before)
    writer = csv.DictWriter(
        file,
        columns or list(rows[0]),
        delimiter=delimiter,
        lineterminator=end,
        extrasaction="ignore",
    )
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(file.getvalue().encode(encoding, "replace"))
    return path


EXPECTED = {("ann", "20-5"): 4.0, ("李明", "20-5"): 2.5, ("zed", "20-5"): 0.0}
WAYS = {
    "as it was": {},
    "semicolons": {"delimiter": ";"},
    "tabs": {"delimiter": "\t"},
    "with a mark": {"encoding": "utf-8-sig"},
    "UTF-16": {"encoding": "utf-16"},
    "an encoding without £": {"encoding": "gbk"},
    "Windows line ends": {"end": "\r\n"},
    "a line for the separator": {"delimiter": ";", "before": "sep=;\n"},
    "columns turned round": {
        "columns": ["text", "points", "question", "id", "rubric", "of", "name", "note"]
    },
    "only what counts": {"columns": ["id", "question", "points"]},
}


@pytest.mark.parametrize("way", WAYS)
def test_any_way_of_saving_is_read(sheet, tmp_path, way):
    path = save(tmp_path / "to_mark.csv", sheet, **WAYS[way])
    given = marking.read_marks(path, STUDENTS, WORTH)
    assert {key: row.points for key, row in given.items()} == EXPECTED
    assert all(marking.same_text(row.text, TEXT) for row in given.values())


@pytest.mark.parametrize("heading", ["Points", " points", "POINTS "])
def test_headings_may_be_written_otherwise(sheet, tmp_path, heading):
    renamed = [
        {heading if name == "points" else name: v for name, v in row.items()} for row in sheet
    ]
    path = save(tmp_path / "to_mark.csv", renamed)
    assert {k: r.points for k, r in marking.read_marks(path, STUDENTS, WORTH).items()} == EXPECTED


SPOILED = {
    "a date for the question": ("question", "20. May", "row 2: the question '20. May' is no open"),
    "another id": ("id", "anne", "row 2: the id 'anne' is nobody's"),
    "too many points": ("points", "5 ", "row 2: 5 points, and 20-5 is worth 4"),
    "points of points": ("points", "4 of 4", "row 2: the points '4 of 4' are no number"),
    "not a number": ("points", "nan", "'nan' are no number"),
    "Python's own digits": ("points", "1_0", "'1_0' are no number"),
    "less than nothing": ("points", "-1", "'-1' are no number"),
}


@pytest.mark.parametrize("fault", SPOILED)
def test_a_row_that_cannot_be_taken_is_named_and_nothing_is_changed(sheet, tmp_path, fault):
    column, value, message = SPOILED[fault]
    sheet[0][column] = value
    path = save(tmp_path / "to_mark.csv", sheet)
    before = path.read_bytes()
    with pytest.raises(ClassError, match="Nothing was changed") as error:
        marking.read_marks(path, STUDENTS, WORTH)
    assert message in str(error.value)
    assert path.read_bytes() == before


@pytest.mark.parametrize("column", ["id", "question", "points"])
def test_a_deleted_column_is_missed(sheet, tmp_path, column):
    columns = [name for name in sheet[0] if name != column]
    path = save(tmp_path / "to_mark.csv", sheet, columns=columns)
    with pytest.raises(ClassError, match=f"no column '{column}'"):
        marking.read_marks(path, STUDENTS, WORTH)


def test_an_empty_file_and_a_workbook_are_refused_and_a_missing_one_holds_nothing(tmp_path):
    path = tmp_path / "to_mark.csv"
    assert marking.read_marks(path, STUDENTS, WORTH) == {}
    path.write_bytes(b"")
    with pytest.raises(ClassError, match="is empty"):
        marking.read_marks(path, STUDENTS, WORTH)
    path.write_bytes(b"PK\x03\x04")
    with pytest.raises(ClassError, match="workbook"):
        marking.read_marks(path, STUDENTS, WORTH)


def test_one_decision_twice_is_refused(sheet, tmp_path):
    path = save(tmp_path / "to_mark.csv", [*sheet, sheet[0]])
    with pytest.raises(ClassError, match="are in an earlier row too"):
        marking.read_marks(path, STUDENTS, WORTH)


def test_a_trainers_own_column_stays(sheet, tmp_path):
    sheet = [row | {"to discuss": f"with {row['id']}"} for row in sheet]
    given = marking.read_marks(save(tmp_path / "to_mark.csv", sheet), STUDENTS, WORTH)
    again = marking.marking_table(grades(), given)
    path = tmp_path / "again.csv"
    path.write_text(again, encoding="utf-8")
    columns, rows = marking.read_table(path)
    assert "to discuss" in columns
    assert [row["to discuss"] for _, row in rows] == [f"with {row['id']}" for row in sheet]


def test_points_for_another_text_are_named_in_a_note(sheet, tmp_path):
    given = marking.read_marks(save(tmp_path / "to_mark.csv", sheet), STUDENTS, WORTH)
    path = tmp_path / "again.csv"
    path.write_text(marking.marking_table(grades(text="Another plan."), given), encoding="utf-8")
    _, rows = marking.read_table(path)
    assert rows[0][1]["points"] == ""
    assert rows[0][1]["note"] == "rewritten since you gave 4"
    kept = marking.read_marks(path, STUDENTS, WORTH)
    path.write_text(marking.marking_table(grades(text="Another plan."), kept), encoding="utf-8")
    assert marking.read_table(path)[1][0][1]["note"] == "rewritten since you gave 4"
    path.write_text(
        marking.marking_table(grades(status="no answer", text=""), given), encoding="utf-8"
    )
    assert marking.read_table(path)[1][0][1]["note"] == "withdrawn since you gave 4"


def test_what_a_person_changed_is_backed_up_before_it_is_written_over(tmp_path):
    path = tmp_path / "grades.csv"
    assert marking.write_keeping(path, "one") is None
    assert marking.write_keeping(path, "two") is None, "nobody touched it"
    path.write_text("two, and a word by hand")
    backup = marking.write_keeping(path, "three")
    assert backup is not None
    assert backup.read_text() == "two, and a word by hand"
    path.write_text("by hand again")
    assert marking.write_keeping(path, "four") != backup
    assert len(list((tmp_path / "backups").iterdir())) == 2
    (tmp_path / "results/written.json").write_text("torn {")
    assert marking.write_keeping(path, "five") is not None, "if in doubt, keep it"


def test_a_text_cannot_break_a_row_or_be_a_formula():
    table = marking.as_csv([["a", "one\rtwo", '=cmd("x")', "x;=cmd", 'say "no"']])
    (row,) = csv.reader(io.StringIO(table.removeprefix("\ufeff"), newline=""))
    assert row == ["a", "one\ntwo", '\'=cmd("x")', "x;'=cmd", 'say "no"']
