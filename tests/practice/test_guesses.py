"""What is said of a guess: read as what is asked for, kept, and answered with how far off it was and why."""

import pandas as pd
import pytest

from crmkit.practice import attempts, bank, desk, predict, reveal
from crmkit.practice.exercises import in_lesson, with_asked
from crmkit.practice.kinds import Choice, Number, Plan
from crmkit.practice.question import Prediction, Question, QuestionError
from crmkit.practice.tables import OwnTables

ORDERS = pd.DataFrame({"customer_id": [1, 1, 2, 3], "turnover": [60.0, 21.0, 10.0, 9.0]})
PREDICTIONS = (
    Prediction(
        "99-a",
        "What share of the turnover does the best customer bring, in per cent?",
        Number("%", tolerance=5),
        lambda data: 100 * data.load("orders").groupby("customer_id")["turnover"].sum().max() / 100,
        "Most people think of shares that are alike.",
    ),
    Prediction(
        "99-b",
        "Who brings most?",
        Choice({"a": "customer 1", "b": "customer 2"}),
        lambda data: "a",
        "The first bought twice.",
    ),
    Prediction("99-c", "And next year?", Number("days", tolerance=1), None, "Nobody knows."),
    Prediction("99-d", "How much?", Number("£", tolerance=1), lambda data: 1234.5, "Much."),
    Prediction("99-e", "Of a hundred?", Number("of 100", tolerance=5), lambda data: 60, "Many."),
    Prediction("99-f", "Part?", Number("%", tolerance=5), lambda _: 60, "Many.", between=(0, 100)),
)


@pytest.fixture
def lesson(monkeypatch, tmp_path):
    found = bank.LessonQuestions("99", "A lesson", (), (), PREDICTIONS)
    monkeypatch.setattr(bank, "lessons", lambda: ("99",))
    monkeypatch.setattr(bank, "of_lesson", lambda wanted: found)
    monkeypatch.delenv(attempts.SWITCH, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(desk, "own_tables", lambda: OwnTables.of_frames({"orders": ORDERS}))


def answered(capsys, about, guess=..., result=...):
    if guess is not ...:
        predict(about, guess)
        capsys.readouterr()
    reveal(about, result)
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("about", "guess", "words"),
    [
        ("99-a", 60, "You expected 60 %. It is 81 %: you were 21 points too low."),
        ("99-a", 95, "You expected 95 %. It is 81 %: you were 14 points too high."),
        ("99-a", 78, "You expected 78 %. It is 81 %: you were close."),
        ("99-a", 9, "It is 81 %: you were 9 times too low."),
        ("99-b", "b", "You expected “customer 2”. It is “customer 1”."),
        ("99-b", "Customer 1", "You expected “customer 1”, and so it is."),
        ("99-d", 1000, "You expected £1,000. It is £1,234"),
    ],
)
def test_a_guess_is_answered(lesson, capsys, about, guess, words):
    text = answered(capsys, about, guess)
    assert words in text
    assert bank.find_prediction(about).why in text


def test_without_a_guess_the_answer_still_comes(lesson, capsys):
    assert "You wrote down no guess. It is 81 %." in answered(capsys, "99-a")


def test_what_the_lesson_found_can_be_given(lesson, capsys):
    assert "You expected 10 days. It is 14 days: you were 4 days too low." in answered(
        capsys, "99-c", 10, 14
    )
    assert "reveal(“99-c”, value)" in answered(capsys, "99-c")


@pytest.mark.parametrize(
    ("about", "guess", "words"),
    [
        ("99-a", "sixty", "one number, in %"),
        ("99-b", "c", "not one of the options"),
        ("99-a", [1, 2], "one number"),
    ],
)
def test_a_guess_of_the_wrong_kind_is_told_what_is_asked_and_not_kept(
    lesson, capsys, about, guess, words
):
    predict(about, guess)
    text = capsys.readouterr().out
    assert words in text
    assert "You wrote down no guess" in answered(capsys, about)


@pytest.mark.parametrize(
    ("about", "guess", "words"),
    [
        ("99-e", 0.6, "For a share of 60 %, write 60"),
        ("99-e", 477, "from 0 to 100"),
        ("99-e", -3, "from 0 to 100"),
        ("99-f", 0.6, "Do you mean 60 %? Then write 60."),
        ("99-f", -5, "from 0 to 100 is possible"),
        ("99-f", 101, "from 0 to 100 is possible"),
    ],
)
def test_a_guess_that_can_hardly_be_meant_is_asked_about_and_kept(
    lesson, capsys, about, guess, words
):
    predict(about, guess)
    assert words in capsys.readouterr().out
    assert "You wrote down no guess" not in answered(capsys, about)


@pytest.mark.parametrize(("about", "guess"), [("99-a", 130), ("99-f", 60), ("99-f", 0)])
def test_a_guess_that_is_possible_is_not_asked_about(lesson, capsys, about, guess):
    predict(about, guess)
    assert "Now run on and see." in capsys.readouterr().out


def test_a_guess_of_a_hundred_that_can_be_meant_is_kept_without_a_word(lesson, capsys):
    predict("99-e", 55)
    assert "Now run on and see." in capsys.readouterr().out


def test_a_guess_kept_by_an_older_crmkit_counts_as_none(lesson, capsys):
    desk.record().predict("99-b", "the second, I think")
    assert "You wrote down no guess" in answered(capsys, "99-b")


def test_a_prediction_is_a_number_or_a_choice_with_a_letter():
    with pytest.raises(QuestionError, match="only a Number or a Choice"):
        Prediction("99-a", "?", Plan({"a": 1}, "b"), None, "")
    with pytest.raises(QuestionError, match="a letter"):
        Prediction("99-1", "?", Number(), None, "")


def test_a_title_that_is_a_question_gets_no_full_stop():
    asked = Question(
        id="99-1", title="Who came?", prompt="Count.", kind=Number(), reference=len, hints=("look",)
    )
    assert in_lesson(asked) == "**99-1 · Who came?** Count."


def test_a_cell_that_asks_gets_the_text_and_its_options(lesson):
    cell = {"cell_type": "markdown", "id": "ask-99-b", "metadata": {"ask": "99-b"}, "source": ""}
    filled = with_asked({"cells": [cell]})["cells"][0]
    assert filled["source"] == in_lesson(PREDICTIONS[1])
    assert filled["source"].splitlines()[-1] == '> - "b": customer 2'
    assert filled["metadata"]["tags"] == ["predict"]
    with pytest.raises(QuestionError, match="99-z"):
        with_asked({"cells": [{**cell, "metadata": {"ask": "99-z"}}]})
