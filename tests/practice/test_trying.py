"""A trainer's own questions are tried as the course's are: every planted fault is named, and nothing else."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from crmkit.practice import bank, trying
from crmkit.practice.kinds import Choice, Customers, Function, Number, Plan, Table
from crmkit.practice.question import Misconception, Question, QuestionError
from crmkit.practice.tables import OwnTables


def tables_of(seed):
    rng = np.random.default_rng(seed)
    orders = pd.DataFrame(
        {"customer_id": rng.integers(1, 40, 200), "margin": rng.normal(20, 15, 200).round(2)}
    )
    return OwnTables.of_frames({"orders": orders})


def fresh(seeds=range(1, 7)):
    """Give tables without remembered references: the planted faults share an id."""
    return {seed: tables_of(seed) for seed in seeds}


def total(data):
    return data.load("orders")["margin"].sum()


GOOD = Question(
    id="20-901",
    prompt="How much margin did all orders bring together, in £ (two decimals)?",
    kind=Number("£", 0.005),
    points=2,
    reference=total,
    hints=("Sum.",),
    misconceptions=(
        Misconception(
            "takes the mean", lambda data: data.load("orders")["margin"].mean(), "One order's."
        ),
    ),
    code='answer = crmkit.load("orders")["margin"].sum()',
    starter='margin = crmkit.load("orders")["____"]',
)
PLAN = Question(
    id="20-902",
    prompt="What do you tell the director about it?",
    kind=Plan({"a figure": 1, "a test": 1}, "I would call half of them first.", minimum_words=5),
    points=2,
    hints=("What would change your mind?",),
)


def faults(question, **change):
    return [fault.what for fault in trying.try_questions([replace(question, **change)], fresh())]


def test_good_questions_have_no_fault():
    assert trying.try_questions([GOOD, PLAN], fresh()) == []


NAN = lambda data: float("nan")  # noqa: E731
SAME = lambda data: 4711.0  # noqa: E731
FIRST = lambda data: data.load("orders")["margin"].iloc[0] * 100 + total(data)  # noqa: E731
PLANTED = {
    "a reference that fails": ({"reference": lambda d: d.load("none")}, "the reference fails on seed 1"),
    "a reference that is no number": ({"reference": NAN}, "the reference fails on seed 1"),
    "everybody's answer": ({"reference": SAME}, "passes on another (seeds 1 and 2"),
    "an absurd tolerance": ({"kind": Number("£", 1000)}, "the tolerance is too wide: 1,000 is more than 5%"),
    "too narrow for what is asked": ({"kind": Number("£", 1e-9), "reference": lambda d: total(d) / 7},
                                     "rounded as the prompt asks, fails"),
    "no tolerance at all": ({"kind": Number("£"), "prompt": "How much margin did all bring?"}, "it is 0, and answers"),
    "order of rows": ({"reference": FIRST}, "are in another order"),
    "a wrong way that is right": ({"misconceptions": (Misconception("m", total, "r"),)}, "passes as right on seed 1"),
    "a wrong way that fails": ({"misconceptions": (Misconception("m", lambda d: 1 / 0, "r"),)},
                               "recognised on 0 of 6 companies: it cannot be computed"),
    "one behind another": ({"misconceptions": (*GOOD.misconceptions,
                                               replace(GOOD.misconceptions[0], name="n", reply="r"))},
                           "“takes the mean” comes first"),
    "no misconception": ({"misconceptions": ()}, "no misconception is named"),
    "twice the same reply": ({"misconceptions": GOOD.misconceptions * 2}, "the same name or the same reply"),
    "code that fails": ({"code": "answer = x"}, "the worked code fails (NameError"),
    "code without an answer": ({"code": "x = 1"}, "does not end in `answer"),
    "code that is wrong": ({"code": "answer = 1"}, "gives a wrong answer on seed 1"),
    "no code": ({"code": ""}, "there is no worked code"),
    "a starter that is no Python": ({"starter": "x = = ____"}, "the starter is not Python"),
    "a starter of strange names": ({"starter": "x = oders[____]"}, "the starter uses oders"),
    "no hint": ({"hints": ()}, "there is no hint"),
    "no prompt": ({"prompt": "How much?"}, "fewer than five words"),
    "no points": ({"points": 0}, "worth 0 points"),
    "an answer that nobody asks": ({"answer_of": "20-99"}, "which no lesson asks"),
}  # fmt: skip


@pytest.mark.parametrize("name", PLANTED)
def test_every_planted_fault_is_named(name):
    change, words = PLANTED[name]
    found = faults(GOOD, **change)
    assert any(words in what for what in found), found


def test_other_kinds():
    letters = {"a": "web", "b": "shop"}
    assert any(
        "right for everybody" in w
        for w in faults(GOOD, kind=Choice(letters), reference=lambda d: "a")
    )
    table = Table("customer_id", {"margin": 900.0})
    by_customer = lambda d: d.load("orders").groupby("customer_id")["margin"].sum()  # noqa: E731
    assert any(
        "column “margin”: the tolerance is too wide" in w
        for w in faults(GOOD, kind=table, reference=by_customer)
    )
    loose = Customers(may_differ=40)
    ids = lambda d: d.load("orders").query("margin < 0")["customer_id"]  # noqa: E731
    assert any("passes on another" in w for w in faults(GOOD, kind=loose, reference=ids))
    function = Function("x", Number(), lambda data: [(1,), (1,)])
    double = lambda data: lambda x: 2 * x  # noqa: E731
    assert any("always gives one value" in w for w in faults(GOOD, kind=function, reference=double))


def test_a_decision_is_tried_too():
    assert any("adds up to 2 points" in w for w in faults(PLAN, points=3))
    short = Plan({"a figure": 2}, "Too short.", minimum_words=40)
    found = faults(PLAN, kind=short)
    assert any("the model answer fails on seed 1" in w for w in found)
    assert any("fewer than two lines" in w for w in found)


def test_a_starter_may_use_what_an_earlier_one_defined():
    later = replace(GOOD, id="20-903", starter="answer = margin.____()")
    assert not [f for f in trying.try_questions([GOOD, later], fresh()) if "starter" in f.what]
    assert [f for f in trying.try_questions([later], fresh()) if "starter" in f.what]


@pytest.mark.parametrize("lesson", ["20", "12"])
def test_the_courses_own_questions_pass(lesson, worlds):
    some = {seed: worlds[seed] for seed in (1, 2)}
    found = trying.try_questions(bank.of_lesson(lesson).questions, some)
    assert [str(fault) for fault in found if "starter" not in fault.what] == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("QUESTIONS = [", "lesson_20.py, line 1: SyntaxError"),
        ("x = 1\ny = 1 / 0\n", "lesson_20.py, line 2: ZeroDivisionError"),
        ("from crmkit.practice.question import Question\nQUESTIONS = [Question('20', '', None)]",
         "lesson_20.py: Question id '20' is not of the form"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_named_with_its_line(tmp_path, text, words):
    (tmp_path / "lesson_20.py").write_text(text)
    with pytest.raises(QuestionError, match=words.replace("(", r"\(")):
        bank.held_back(tmp_path)


def test_the_command_says_what_is_wrong_and_ends_with_1(tmp_path, monkeypatch):
    from typer.testing import CliRunner

    from crmkit.practice.cli import app

    (tmp_path / "lesson_20.py").write_text(
        "from crmkit.practice.kinds import Number\nfrom crmkit.practice.question import Question\n"
        'QUESTIONS = [Question(id="20-901", prompt="How much margin is there, all in all?", points=1,\n'
        '    kind=Number("£", 1e6), reference=lambda data: data.load("orders")["margin"].sum(), hints=("Sum.",))]\n'
    )
    monkeypatch.setattr(trying, "worlds", lambda company, seeds, customers: fresh(seeds))
    command = ["class", "check-questions", str(tmp_path), "--seeds", "3"]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 1
    assert "20-901: the tolerance is too wide" in done.output
    assert "0 of 1 questions have no fault" in done.output
