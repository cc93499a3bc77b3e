"""Texts much alike are named, honest ones are not, and what is said accuses nobody."""

import datetime as dt
from itertools import combinations

import pytest

from benchmarks._texts import copied, honest
from crmkit.practice import grading, reports
from crmkit.practice.grades import Grades, notes_of
from crmkit.practice.kinds import Number, Plan
from crmkit.practice.likeness import LEAST_SHARE, Text, alike, share_in_common, shingles
from crmkit.practice.manifest import Class, Enrolled
from crmkit.practice.question import Question
from crmkit.practice.sandbox import Run
from crmkit.practice.tables import OwnTables


@pytest.mark.parametrize("changed", [0.0, 0.05, 0.1])
@pytest.mark.parametrize("shuffled", [False, True])
def test_a_copy_with_some_words_changed_is_found(changed, shuffled):
    for seed in range(60):
        original = honest(seed)
        copy = copied(original, seed + 999, changed, shuffled=shuffled)
        texts = {"a": Text(original), "b": Text(copy), "c": Text(honest(seed + 5000))}
        assert [(p.one, p.other) for p in alike(texts)] == [("a", "b")], seed


def test_honest_texts_are_not():
    texts = {f"s{i}": Text(honest(i)) for i in range(120)}
    assert alike(texts) == []
    shares = [
        share_in_common(shingles(honest(a)), shingles(honest(b)))
        for a, b in combinations(range(80), 2)
    ]
    assert max(shares) < LEAST_SHARE
    assert sorted(shares)[len(shares) // 2] < 0.1


def test_what_everybody_has_read_does_not_count():
    rubric = "names the control group and says how long the test runs and what would change your mind about it"
    texts = {
        n: Text(f"{rubric} {w}")
        for n, w in (("a", "I wait for spring."), ("b", "No letters go out."))
    }
    assert alike(texts)
    assert alike(texts, [rubric]) == []


def test_a_phrase_of_a_third_of_the_class_does_not_count():
    phrase = "a fifth of the customers bring most of the profit and the others bring rather little of it every year"
    texts = {f"s{i}": Text(f"{phrase}. {honest(i)}") for i in range(9)}
    assert alike(texts) == []
    pair = {name: Text(phrase + " " + ending) for name, ending in (("a", "x"), ("b", "y"))}
    assert len(alike(pair)) == 1, "two are no third of a class"


def test_a_chinese_copy_is_found_and_an_honest_text_is_not():
    one = "我不会停止服务这些客户，而是先随机抽出一半改用网上客服，"
    one += "三个月之后再比较两组的利润，因为只看一年的数字会误判新客户。"
    two = "我不会停止服务这些客户，而是先随机选出一半改用网上客服，"
    two += "三个月之后再对比两组的利润，因为只看一年的数字会误判新客户。"
    other = "应当保留他们，提高最低订货金额并收取第三次上门的费用，同时记录推荐来的新客户，明年春天再决定是否继续。"
    found = alike({"a": Text(one), "b": Text(two), "c": Text(other)})
    assert [(p.one, p.other) for p in found] == [("a", "b")]


# --- which came first ----------------------------------------------------------------------------

NOON = dt.datetime(2026, 12, 1, 12, tzinfo=dt.UTC)
WORDS = honest(3)


def text(figure, own, hours):
    return Text(f"{WORDS} It is {figure} % in all.", (own,), NOON + dt.timedelta(hours=hours))


def test_figures_and_times_tell_which_came_first():
    (pair,) = alike({"ann": text("31.4", 0.31418, 0), "ben": text("31.4", 0.2777, 5)})
    assert (pair.fits_one, pair.fits_other, pair.first) == (("31.4",), (), "ann")
    assert pair.known({"ann": "Ann", "ben": "Ben"}) == (
        "figures in both fit only the data of Ann (31.4); the text of Ann came 5 h earlier"
    )


def test_where_nothing_is_known_that_is_said():
    (pair,) = alike({"ann": text("31.4", 0.9, 0), "ben": text("31.4", 0.8, 0)})
    assert pair.known() == "nothing is known of which came first"
    (pair,) = alike({"ann": text("2025", 2025, 0), "ben": text("2025", 1, 0)})
    assert pair.fits_one == (), "a year is nobody's own figure"


QUESTIONS = (
    Question(
        id="20-1", prompt="?", kind=Number("%"), reference=lambda data: data.load("t")["x"].iloc[0]
    ),
    Question(
        id="20-5", prompt="Why?", points=2, kind=Plan({"a figure": 2}, "Zzz.", minimum_words=1)
    ),
)


def test_victim_and_copier_get_the_facts_and_no_verdict():
    import pandas as pd

    made = Class(7, "fernwell", 300, ("20",), ())
    desks = {}
    for name, share in (("ann", 31.418), ("ben", 27.77), ("cat", 12.25)):
        own = WORDS if name != "cat" else honest(77)
        plan = f"{own} It is 31.4 % in all."
        run = Run({"20-1": {"plain": share}, "20-5": {"plain": plan}}, [], [], 0.1)
        tables = OwnTables.of_frames({"t": pd.DataFrame({"x": [share]})})
        desks[name] = grading._Desk(
            Enrolled(name, name.title(), 1), tables, "", runs=[("20.ipynb", run)]
        )
    students = grading._mark_all(desks, QUESTIONS, {}, made, 0)
    notes = {student.id: notes_of(student) for student in students}
    facts = "(100%); figures in both fit only the data of ann (31.4)"
    assert notes["ann"] == [f"20-5: much alike the text of ben {facts}"]
    assert notes["ben"] == [f"20-5: much alike the text of ann {facts}"]
    assert notes["cat"] == []
    page = reports.class_page(Grades(QUESTIONS, tuple(students), frozenset(), (), 3, 0))
    assert "Decisions that are much alike" in page
    assert "figures in both fit only the data of Ann (31.4)" in page
    for word in ("copied", "cheat", "plagiar", "stole", "guilty"):
        assert word not in page.lower()
    for student in students:
        reply = reports.reply_page(
            Grades(QUESTIONS, tuple(students), frozenset(), (), 3, 0), student
        )
        assert "alike" not in reply, "a trainer asks; a page does not"
