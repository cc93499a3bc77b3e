"""What every question of every lesson must hold, no matter who wrote it.

On every push on three companies, with `--full` on ten (docs/testing.md says why nothing is lost).
"""

import math
import re

import lessons
import numpy as np
import pandas as pd
import pytest

import crmkit
from crmkit.practice import assess as marks
from crmkit.practice import bank
from crmkit.practice.kinds import Choice, Customers, Function, Number, Plan, Several, Table

RESERVE = [question for lesson in bank.lessons() for question in bank.reserve(lesson)]
ALL = [question for lesson in bank.lessons() for question in bank.of_lesson(lesson).questions]
ALL += RESERVE
GRADED = [question for question in ALL if not isinstance(question.kind, Plan)]
EXTRA = {lesson.number for lesson in lessons.lessons() if lesson.extra}
LEVELS = ("fill in", "change", "explore", "decide")


def by_id(questions):
    return pytest.mark.parametrize("question", questions, ids=[q.id for q in questions])


def raw_reference(question, tables):
    own = tables.of(question)
    return question.reference(own)


# --- what is written -----------------------------------------------------------------------------


@pytest.mark.parametrize("lesson", bank.lessons())
def test_a_lesson_has_three_graded_questions_a_decision_and_a_quiz(lesson):
    found = bank.of_lesson(lesson)
    graded = [q for q in found.questions if not isinstance(q.kind, Plan)]
    assert graded
    # A lesson outside the timetables may have fewer questions.
    if lesson not in EXTRA:
        assert len(graded) >= 3
        assert any(isinstance(q.kind, Plan) for q in found.questions)
        assert found.quiz
    assert not found.title.startswith("Lesson ")
    levels = [LEVELS.index(q.level) for q in found.questions]
    assert levels == sorted(levels), "questions rise in difficulty"


@by_id(ALL)
def test_a_question_is_complete(question):
    assert len(question.prompt.split()) >= 5
    assert question.hints
    assert question.points > 0
    if isinstance(question.kind, Plan):
        assert question.kind.points == question.points, (
            "the rubric's points add up to the question's"
        )
        assert len(question.kind.rubric) >= 3
        assert len(question.kind.model.split()) >= question.kind.minimum_words
    else:
        assert len(question.misconceptions) >= 2
        names = [m.name for m in question.misconceptions]
        replies = [m.reply for m in question.misconceptions]
        assert len(set(names)) == len(names)
        assert len(set(replies)) == len(replies)
        assert question.code, "the solution shows code"
        for unit in units_of(question.kind):
            if "percentage points" in question.prompt:
                assert unit != "points", (
                    "the unit is percentage points; points are those of a scale"
                )


def units_of(kind):
    if isinstance(kind, Number):
        return [kind.unit]
    if isinstance(kind, Table):
        return list(kind.units.values())
    if isinstance(kind, Several):
        return [unit for part in kind.parts.values() for unit in units_of(part)]
    return []


@by_id([q for q in ALL if isinstance(q.kind, Plan)])
def test_a_model_answer_meets_what_can_be_counted_of_its_rubric(question, worlds, solved_on):
    """Where the rubric asks for figures, the model answer has them, on anybody's data."""
    for seed in solved_on:
        model = question.kind.model_on(worlds[seed].of(question))
        assert "{figure" not in model, "a field that no figure fills"
        numbers = re.findall(r"\d[\d,.]*", re.sub(r"\{company[^}]*\}", "", model))
        for line in question.kind.rubric:
            wanted = (
                2 if re.search(r"\bfigures\b", line) else 1 if re.search(r"\bfigure\b", line) else 0
            )
            assert len(numbers) >= wanted, f"{line!r}: the model answer has {len(numbers)} figures"


# --- what is computed ----------------------------------------------------------------------------


@by_id(GRADED)
def test_the_reference_passes(question, worlds):
    for tables in worlds.values():
        result = marks.compare(question, marks.reference(question, tables), tables)
        assert result.status == marks.PASSED, result.message


@by_id(GRADED)
def test_every_misconception_is_caught_with_its_own_reply(question, worlds):
    caught = {misconception.name: [] for misconception in question.misconceptions}
    replies = {misconception.name: misconception.reply for misconception in question.misconceptions}
    # One company of ten may have too few such customers; so what holds on ten holds on any three of them.
    enough = len(worlds) - 1
    for seed, tables in worlds.items():
        if all(len(seeds) >= enough for seeds in caught.values()):
            break  # a further company cannot change the verdict
        # Computed once per world, as in a notebook; one that these tables do not allow is not among them.
        for name, _, wrong in marks.wrong_ways(question, tables):
            result = marks.compare(question, wrong, tables)
            if (result.status, result.misconception, result.message) == (
                marks.MISCONCEPTION,
                name,
                replies[name],
            ):
                caught[name].append(seed)
    seldom = {name: seeds for name, seeds in caught.items() if len(seeds) < enough}
    assert not seldom, f"caught on too few of the {len(worlds)} seeds"


@by_id(GRADED)
def test_the_shown_solution_passes(question, worlds, solved_on, monkeypatch):
    for seed in solved_on:
        tables = worlds[seed].for_question(question.truth)
        monkeypatch.setattr(
            crmkit,
            "load",
            lambda name, data=None, own=tables: (own.other(data) if data else own).load(name),
        )
        monkeypatch.setattr(
            crmkit,
            "load_truth",
            lambda name, data=None, own=tables: (own.other(data) if data else own).load_truth(name),
        )
        # The first cell of the exercises gives these.
        space = {"crmkit": crmkit, "pd": pd, "np": np, "company": worlds[seed].of(question).company}
        exec(question.code, space)
        result = marks.assess(question, space["answer"], worlds[seed])
        assert result.status == marks.PASSED, result.message


@by_id(GRADED)
def test_no_constant_passes_on_two_seeds(question, worlds, ten_worlds):
    kind = question.kind
    if isinstance(kind, Choice):
        # Ten seeds share a handful of letters: what can be asked is that no letter is right for everybody.
        letter = marks.reference(question, worlds[1])
        assert any(marks.reference(question, tables) != letter for tables in ten_worlds()), (
            "a choice that is the same for everybody belongs in the quiz"
        )
        return
    references = {seed: marks.reference(question, tables) for seed, tables in worlds.items()}
    if isinstance(kind, Function):
        for seed, outcomes in references.items():
            for outcome in outcomes:
                verdict = kind.compare([outcome] * len(outcomes), outcomes)
                assert not verdict.right, (
                    f"a function that always gives one value passes on seed {seed}"
                )
        return
    alike = [
        (a, b)
        for a in references
        for b in references
        if a < b and kind.compare(references[a], references[b]).right
    ]
    assert not alike, f"the answer of one seed passes on another: {alike}"


def variants(kind, answer, rng):
    """Give the same answer in the forms in which learners have it."""
    if isinstance(kind, Number):
        value = float(np.asarray(answer, dtype=object).ravel()[0])
        allowed = max(kind.tolerance, kind.relative * abs(value))
        yield np.float64(value)
        yield pd.Series([value], index=["x"])
        yield np.array([[value]])
        yield value + 0.99 * allowed
        yield value - 0.99 * allowed
        if value.is_integer():
            yield int(value)
            yield np.int64(value)
    elif isinstance(kind, Table):
        read = kind.read(answer, None)
        frame = pd.DataFrame(read.columns)
        for place, name in enumerate(kind.keys):
            frame[name] = [key[place] for key in read.keys]
        yield frame.set_index(list(kind.keys))
        yield frame.assign(comment="mine")
        yield frame.set_index(pd.Index(rng.permutation(len(frame)) + 100))
        yield frame.astype(dict.fromkeys(kind.keys, "category"))
        if not kind.ordered:
            yield frame.sample(frac=1, random_state=1)
        moved = frame.copy()
        for name, tolerance in kind.columns.items():
            if tolerance:
                moved[name] = moved[name].astype(float) + 0.99 * tolerance
        yield moved
    elif isinstance(kind, Customers):
        ids = sorted(kind.read(answer, None))
        numbers = [int(i) for i in ids if i.isdigit()]
        yield set(ids)
        yield ids[::-1] + ids[:1]
        if len(numbers) == len(ids):
            yield set(numbers)
            yield np.array(numbers, dtype="int32")
            yield pd.Series(numbers, index=rng.permutation(len(ids)), dtype="float64")
            yield pd.DataFrame({kind.column: numbers, "other": 1})
            yield pd.DataFrame({"other": 1}, index=pd.Index(numbers, name=kind.column))
    elif isinstance(kind, Choice):
        letter = kind.read(answer, None)
        yield letter.upper()
        yield kind.options[letter]
    elif isinstance(kind, Several):
        for name, part in kind.parts.items():
            for form in variants(part, answer[name], rng):
                yield {**answer, name: form}
    elif isinstance(kind, Function):
        yield lambda *args: answer(*args)


@by_id(GRADED)
def test_other_forms_of_a_right_answer_pass(question, worlds):
    tables = worlds[3]
    # Computed a second time: the same data give the same answer.
    answer = raw_reference(question, tables)
    assert marks.assess(question, answer, tables).status == marks.PASSED
    tried = 0
    for form in variants(question.kind, answer, np.random.default_rng(0)):
        result = marks.assess(question, form, tables)
        assert result.status == marks.PASSED, f"{type(form).__name__}: {result.message}"
        tried += 1
    assert tried


@by_id(GRADED)
def test_answers_of_the_wrong_sort_get_a_sentence(question, worlds):
    strange = [None, ..., "", "twelve", b"x", True, math.nan, math.inf, 1 + 2j, [], {}, set(), object(), print,
               int, pd.DataFrame(), pd.Series(dtype=float), np.array([]), pd.NaT, 10**400, {"a": [1]}]  # fmt: skip
    for answer in strange:
        result = marks.assess(question, answer, worlds[1])
        assert result.status != marks.PASSED
        assert result.message or result.status == marks.NOT_ATTEMPTED


@by_id(ALL)
def test_an_answer_survives_the_way_through_json(question, worlds):
    import json

    tables = worlds[2]
    if isinstance(question.kind, Plan):
        canonical = question.kind.read(question.kind.model, tables)
        assert (
            question.kind.restore(json.loads(json.dumps(question.kind.dump(canonical))))
            == canonical
        )
        return
    canonical = marks.reference(question, tables)
    plain = json.loads(json.dumps(question.kind.dump(canonical)))
    assert marks.assess_recorded(question, plain, tables).status == marks.PASSED
