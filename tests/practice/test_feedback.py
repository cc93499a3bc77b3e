"""What a student reads back: own and right answer, why, the way, where to read again; and the trainer's key."""

import csv
import datetime as dt
import json
import re
from dataclasses import replace

import pandas as pd
import pytest

from crmkit.practice import answers, classes, grading, manifest, reports, reread
from crmkit.practice import key as keys
from crmkit.practice.grades import Graded, Grades, Mark
from crmkit.practice.kinds import Choice, Customers, Function, Number, Plan, Several, Table
from crmkit.practice.manifest import Class, Enrolled
from crmkit.practice.question import Misconception, Question
from crmkit.practice.reread import lesson_of_cells, section_for
from crmkit.practice.roster import ClassError
from crmkit.practice.sandbox import Run
from crmkit.practice.tables import OwnTables

ORDERS = pd.DataFrame({"customer_id": [1, 1, 2], "margin": [10.0, 5.0, -3.0]})
TABLES = {"orders": ORDERS}
QUESTIONS = (
    Question(
        id="20-1",
        title="The margin",
        prompt="How much margin in all, in £?",
        kind=Number("£", 0.005),
        points=2,
        reference=lambda data: data.load("orders")["margin"].sum(),
        hints=("Which column?",),
        misconceptions=(
            Misconception(
                "takes the mean",
                lambda data: data.load("orders")["margin"].mean(),
                "That is one order's.",
            ),
        ),
        solution="A sum over all rows.",
        code="answer = orders['margin'].sum()",
        right="Every later figure starts here.",
    ),
    Question(
        id="20-2",
        prompt="What do you tell her?",
        kind=Plan(
            {"a figure": 1, "a test": 1},
            "Call half of them: {figure.sum} is at stake.",
            minimum_words=1,
            figures=lambda data: {"sum": f"£{data.load('orders')['margin'].sum():.0f}"},
        ),
        points=2,
    ),
)
ANN = Enrolled("ann", "Ann", 1)
PLACES = {"20-1": ("20_who.ipynb", "Turnover & profit")}


def replied(plain, solutions="open", text="I would <call> them"):
    made = Class(7, "fernwell", 300, ("20",), (ANN,), solutions)
    run = Run({"20-1": {"plain": plain}, "20-2": {"plain": text}}, [], [], 0.1)
    desk = grading._Desk(ANN, OwnTables.of_frames(TABLES), "", runs=[("20_who.ipynb", run)])
    (student,) = grading._mark_all({"ann": desk}, QUESTIONS, {}, made, 0)
    day = dt.date(2026, 12, 1)
    grades = Grades(QUESTIONS, (student,), frozenset(), (), 1, 0, (), solutions, PLACES, day)
    return reports.reply_page(grades, student)


def words(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.partition("<main>")[2])).replace(
        "&#x27;", "'"
    )


def test_a_wrong_answer_is_answered_with_all_that_helps():
    page = words(replied(4.0))
    for part in (
        "Written on 2026-12-01",
        "Your answer £4.00",
        "Why it is not right That is one order's.",
        "Right, for these data £12.00",
        "The way to it A sum over all rows. answer = orders['margin'].sum()",
        "Read again: “Turnover &amp; profit” in notebooks/20_who.ipynb",
        "Your answer I would &lt;call&gt; them",
        "One good answer among several Call half of them: £12 is at stake.",
    ):
        assert part in page, part


def test_a_right_answer_is_told_why_it_matters_and_nothing_more():
    page = words(replied(12.0))
    assert "Your answer £12.00 Every later figure starts here." in page
    assert "The way to it" not in page
    assert "Read again" not in page


@pytest.mark.parametrize("solutions", ["closed", "2999-01-01T08:00:00+00:00", "spoilt"])
def test_while_solutions_are_closed_no_page_gives_them_away(solutions):
    page = words(replied(4.0, solutions))
    for secret in ("12.00", "A sum over all rows", "orders[", "£12", "Call half"):
        assert secret not in page
    assert "A place to start: Which column?" in page
    assert "Right answers and solutions" in page
    assert "Read again" in page


def test_only_once_solutions_are_open_the_page_says_on_which_side_a_number_lies():
    assert "5 is too low" in words(replied(5.0))
    closed = words(replied(5.0, "closed"))
    assert "too low" not in closed
    assert "They give a number between 10 and 100" in closed


def test_the_page_prints_and_fetches_nothing():
    page = replied(4.0)
    assert "@media print" in page
    assert "break-inside: avoid" in page
    assert "code { overflow-wrap: anywhere; }" in page, "a long path is wider than a telephone"
    for address in ("http://", "https://", "src=", "<script", "<link"):
        assert address not in page


# --- answers in words ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "answer", "said"),
    [
        (Number("%", 0.05), 31.42, "31.4 %"),
        (Number("customers"), 7, "7 customers"),
        (Number("£", relative=0.001), 123456.7, "£123,457"),
        (Number("£", 0.5), -1234.4, "-£1,234"),
        (Number("£", 1), 363417.0, "£363,417"),
        (Number("£", 0.01), 1.2345, "£1.23"),
        (Number("points", 6), 41.3, "41 points"),
        (Number("£"), 12.5, "£12.50"),
        (Number("", 1e-7), 0.0000123, "0.0000123"),
        (Customers(), ["12", "3"], "2 customers: 3, 12"),
        (Customers(), set(), "no customers"),
        (Choice({"a": "web"}), "a", "“a”: web"),
        (Several({"n": Number(), "c": Choice({"a": "web"})}), {"n": 3, "c": "a"}, "n: 3; c: “a”: web"),
        (Table("tier", {"share": 0.5}), {"VIP": 20.2, "small": None}, "VIP, 20; small, –"),
    ],
)  # fmt: skip
def test_an_answer_is_shown_in_words(kind, answer, said):
    assert answers.in_words(kind, kind.read(answer, None)) == said


def test_a_long_answer_is_cut_and_counted():
    assert answers.in_words(Customers(), frozenset(map(str, range(100)))).endswith("and 40 more")
    kind = Table("tier", {"share": 0.5})
    page = answers.as_page(kind, kind.read({f"t{i}": i for i in range(90)}, None))
    assert page.count("<tr>") == 41
    assert "and 50 more rows" in page
    kind = Function("x", Number(), lambda data: [])
    found = kind.run(lambda x: 1 / x, [(2,), (0,)])
    assert "input 1: 0.5" in answers.as_page(kind, found)
    assert "input 2:" in answers.as_page(kind, found)


def test_what_a_student_typed_is_no_markup():
    kind = Table("tier", {"share": None})
    page = answers.as_page(kind, kind.read({"<b>": "<script>"}, None))
    assert "<script>" not in page
    assert "<b>" not in page
    assert "<i>" not in answers.as_page(Plan({}, ""), "<i>x</i>")


# --- where to read again -------------------------------------------------------------------------


def cell(source, kind="markdown", **metadata):
    return {"cell_type": kind, "source": source, "metadata": metadata}


def test_the_section_is_the_one_that_teaches_it():
    lesson = lesson_of_cells(
        "20_who.ipynb",
        [
            cell("# A claim"),
            cell("## Names"),
            cell(
                "from crmkit.value import (\n    customer_profit, assign_tiers)\nimport assign_tiers",
                "code",
            ),
            cell("## Sums"),
            cell("customer_profit(orders)", "code"),
            cell("## Tiers end somewhere"),
            cell("assign_tiers(profits, cuts)", "code"),
            cell("## Your turn"),
            cell("Cut the tiers with assign_tiers.", ask="20-1"),
            cell("## Take-aways", tags=["take-aways"]),
            cell("assign_tiers assign_tiers assign_tiers", "code"),
        ],
    )
    asked = replace(
        QUESTIONS[0], prompt="Cut them.", code="assign_tiers(x)", solution="", hints=("x",)
    )
    assert section_for(asked, lesson) == "Tiers end somewhere"
    nothing = replace(asked, code="", title="", prompt="Zzz?")
    assert section_for(nothing, lesson) == "Your turn", "where nothing is shared, where it is asked"
    assert section_for(replace(nothing, id="20-7"), lesson) == ""
    assert section_for(asked, lesson_of_cells("x.ipynb", [])) == ""


def test_every_question_of_the_course_has_a_section_to_read_again():
    from crmkit.companies import shipped
    from crmkit.practice import bank

    for lesson in ("20", "43"):
        questions = bank.of_lesson(lesson).questions
        places = reread.where_taught(questions, shipped("fernwell"))
        assert set(places) == {question.id for question in questions}
        assert len({section for _, section in places.values()}) >= 2
    assert reread.where_taught(bank.of_lesson("20").questions, shipped("fernwell"))["20-6"] == (
        "20_who_brings_the_profit.ipynb",
        "Somebody decides where a tier ends",
    )


# --- the key -------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path, monkeypatch):
    home = tmp_path / "class"
    home.mkdir()
    people = (ANN, Enrolled("ben", "Ben", 2))
    manifest.write_manifest(home, Class(7, "fernwell", 300, ("20",), people, "closed"))
    monkeypatch.setattr(
        keys, "questions_of", lambda made, held_back: (list(QUESTIONS), frozenset())
    )
    monkeypatch.setattr(
        keys, "handed_out_data", lambda folder, made, student, spare: (student.id, "")
    )

    def here(name):
        return OwnTables.of_frames({"orders": ORDERS.assign(margin=ORDERS["margin"] * len(name))})

    monkeypatch.setattr(OwnTables, "here", staticmethod(here))
    monkeypatch.setattr(keys, "told", lambda questions, about: questions)
    return home


def test_the_key_has_each_students_own_answers(folder, tmp_path):
    pages, lacking = keys.write_key(folder, tmp_path / "key")
    assert (pages, lacking) == (2, [])
    page = words((tmp_path / "key/ann.html").read_text(encoding="utf-8"))
    assert "Right, for these data £36.00" in page
    assert "£36 is at stake" in page
    assert "takes the mean : That is one order's." in page
    with (tmp_path / "key/key.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(r["id"], r["question"], r["right answer"]) for r in rows][:2] == [
        ("ann", "20-1", "£36.00"),
        ("ann", "20-2", "Call half of them: £36 is at stake."),
    ]


def test_a_key_is_not_laid_where_students_find_it(folder, tmp_path):
    with pytest.raises(ClassError, match="where students may find it"):
        keys.write_key(folder, folder / "key")
    with pytest.raises(ClassError, match="its ids are ann, ben"):
        keys.write_key(folder, tmp_path / "key", students=["zed"])


def test_the_key_of_one_student_by_command(folder, tmp_path):
    from typer.testing import CliRunner

    from crmkit.practice.cli import app

    command = ["class", "key", str(folder), "--out", str(tmp_path / "key"), "--student", "ben"]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 0, done.output
    assert sorted(p.name for p in (tmp_path / "key").iterdir()) == ["ben.html", "key.csv"]
    assert json.loads((folder / "manifest.json").read_text())["solutions"] == "closed"
    assert isinstance(Graded("a", "A", (Mark("20-1", 1, 1, "passed"),)).points, float)


def test_a_page_brings_the_font_for_the_chinese_in_it():
    """A name is boxes where the machine has no font for it; a page without Chinese carries none."""
    from crmkit.practice.reports import page

    assert "font-face" not in page("Ann", "<p>Ann Lee</p>")
    with_name = page("王芳", "<p>王芳</p>")
    assert "@font-face{font-family:'crmkit Chinese';src:url(data:font/woff;base64," in with_name
    # First of all: behind another family, a browser may draw that family's boxes instead.
    assert 'font: 16px/1.5 "crmkit Chinese",' in with_name
    assert len(with_name) < len(page("Ann", "")) + 6_000, "only the characters of the page"
