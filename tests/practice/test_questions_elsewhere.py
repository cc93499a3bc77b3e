"""A lesson may be about another company than the course's: its texts and its tables."""

from __future__ import annotations

from crmkit.companies import shipped, tell
from crmkit.practice import bank
from crmkit.practice.assess import assess
from crmkit.practice.kinds import Number
from crmkit.practice.question import Option, Prediction, Question, QuizQuestion
from crmkit.practice.tables import OwnTables
from crmkit.practice.told import told

USERS = Question(
    id="70-1",
    prompt="How many users of {company.name} paid more than {company.symbol}5?",
    kind=Number(unit="users", tolerance=0),
    reference=lambda data: len(data.load("customers")),
    hints=("One row is one user.",),
)


class Module:
    COMPANY = "strumwell"
    TITLE = "A log"
    QUESTIONS = (USERS,)
    PREDICTIONS = (Prediction("70-a", "{company.name}?", Number(), None, "Because."),)
    QUIZ = (QuizQuestion("{company.name}?", [Option("a", "b", right=True), Option("c", "d")]),)


def test_a_question_file_names_its_company_once() -> None:
    found = bank._collect(Module, "70", "here")
    asked = [*found.questions, *found.predictions, *found.quiz]
    assert [one.company for one in asked] == ["strumwell"] * 3
    words = [told(one, shipped("fernwell"), "70-quiz").prompt for one in asked]
    assert words[0] == "How many users of Strumwell paid more than $5?"
    assert words[1:] == ["Strumwell?", "Strumwell?"]


def test_its_answer_is_computed_from_that_companys_tables() -> None:
    (asked,) = bank._collect(Module, "70", "here").questions
    tables = OwnTables.here()
    assert tables.of(asked).company.name == "Strumwell"
    assert assess(asked, 6000, tables).status == "passed"
    assert assess(asked, len(tables.load("customers")), tables).status != "passed"


def test_a_lesson_is_told_in_the_words_of_its_own_company() -> None:
    cell = {
        "cell_type": "markdown",
        "source": "# {company.name}",
        "metadata": {"company": "strumwell", "tables": ["sessions"]},
    }
    assert tell({"cells": [cell]}, shipped("beanline"))["cells"][0]["source"] == "# Strumwell"
