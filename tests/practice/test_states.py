"""Absent, empty, wrong and right are four things, in grades.csv, on the class page and in the replies."""

import csv
import io
import re

import pytest

from crmkit.practice import grading, reports
from crmkit.practice.grades import Graded, Grades, Mark, notes_of
from crmkit.practice.kinds import Number, Plan
from crmkit.practice.question import Question

QUESTIONS = (
    Question(
        id="20-1",
        prompt="How much margin in all, in £?",
        kind=Number("£", 0.5),
        points=1,
        reference=lambda data: 4.0,
        hints=("Sum.",),
    ),
    Question(
        id="20-2",
        prompt="What do you tell the director?",
        kind=Plan(rubric={"a figure": 2}, model="Try it.", minimum_words=1),
        points=2,
    ),
)


def graded(name, first, second, notebooks=1, **more):
    statuses = {
        "right": ("passed", 1.0),
        "wrong": ("not yet", 0.0),
        "empty": ("not attempted", 0.0),
    }
    status, points = statuses[first]
    one = Mark("20-1", points, 1, status)
    two = (
        Mark("20-2", 0.0, 2, "no answer")
        if second is None
        else Mark("20-2", None, 2, "to mark", text="Try it")
        if second == "?"
        else Mark("20-2", second, 2, "marked", text="Try it")
    )
    return Graded(name, name.title(), (one, two), notebooks=notebooks, **more)


STUDENTS = (
    graded("ann", "right", 2.0, given={"name": "Ann", "E-mail": "ann@example.org"}),
    graded("ben", "wrong", 0.0, given={"name": "Ben", "E-mail": "ben@example.org"}),
    graded("cat", "right", 1.0),
    graded("dan", "wrong", "?"),
    graded("eve", "empty", None),
    graded("fay", "empty", None, notebooks=0),
    graded("gus", "empty", None, unchanged=True),
)
GRADES = Grades(QUESTIONS, STUDENTS, frozenset(), (), 7, 0)


@pytest.fixture(scope="module")
def rows():
    table = grading.grades_table(GRADES).removeprefix("\ufeff")
    return {row["id"]: row for row in csv.DictReader(io.StringIO(table, newline=""))}


@pytest.mark.parametrize(
    ("student", "hand_in", "points", "states"),
    [
        ("ann", "answers", ("1", "2"), ("right", "right")),
        ("ben", "answers", ("0", "0"), ("wrong", "wrong")),
        ("cat", "answers", ("1", "1"), ("right", "part")),
        ("dan", "answers", ("0", ""), ("wrong", "to mark")),
        ("eve", "no answers", ("", ""), ("empty", "empty")),
        ("fay", "nothing", ("", ""), ("absent", "absent")),
        ("gus", "unchanged", ("", ""), ("absent", "absent")),
    ],
)
def test_the_table_tells_them_apart(rows, student, hand_in, points, states):
    row = rows[student]
    assert row["hand_in"] == hand_in
    assert (row["Q20-1"], row["Q20-2"]) == points
    assert (row["Q20-1 state"], row["Q20-2 state"]) == states


def test_the_table_keeps_the_rosters_columns_once(rows):
    assert rows["ann"]["E-mail"] == "ann@example.org"
    assert rows["cat"]["E-mail"] == ""
    assert [name for name in rows["ann"] if name.lower() == "name"] == ["name"]


def test_the_class_page_counts_who_handed_in_what():
    text = reports.class_page(GRADES)
    assert (
        "Students: 7. Handed in answers: 4. Handed in notebooks without an answer: 1. "
        "Have the notebooks as they were handed out: 1. Handed in nothing: 1." in text
    )
    first, second = re.findall(r'aria-label="([^"]*)"', text)
    assert first == "right: 2, wrong or not readable: 2, no answer: 1, nothing handed in: 2"
    # A decision that was marked 0 is no success.
    assert second == (
        "right: 1, some of the points: 1, wrong or not readable: 1, to be marked: 1, no answer: 1, "
        "nothing handed in: 2"
    )


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (0, "20-1 · right · 1 of 1"),
        (1, "20-1 · not yet · 0 of 1"),
        (4, "No question is answered"),
        (5, "Nothing was handed in."),
        (5, "20-1 · nothing handed in"),
        (6, "as they were handed out"),
    ],
)
def test_the_reply_says_which_it_is(place, words):
    assert words in reports.reply_page(GRADES, STUDENTS[place])


def test_the_notes_say_which_it_is():
    assert [notes_of(student) for student in STUDENTS[3:]] == [
        [],
        ["handed in without an answer"],
        ["nothing handed in"],
        ["notebooks as they were handed out"],
    ]
