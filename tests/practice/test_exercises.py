"""The exercises: every text stands once; a copy runs untouched, a solution passes, and starters know their names."""

import ast
import builtins
import contextlib
import functools
import re
from dataclasses import replace
from pathlib import Path

import build_notebooks
import pytest

from crmkit.companies import fill
from crmkit.home import lesson_of
from crmkit.practice import bank, desk
from crmkit.practice.exercises import filled, heading, solved
from crmkit.practice.kinds import Number, Plan
from crmkit.practice.question import Question, QuestionError
from crmkit.practice.tables import OwnTables

ROOT = Path(__file__).resolve().parents[2]
MASTERS = sorted((ROOT / "exercises/source").glob("*.py"))
by_lesson = pytest.mark.parametrize(
    "master", MASTERS, ids=[lesson_of(path.name) for path in MASTERS]
)


def cells_of(master, solution):
    made = build_notebooks.read_master(master)
    return build_notebooks.exercise(made, lesson_of(master.name), solution=solution).cells


def code_of(cells):
    return [cell["source"] for cell in cells if cell["cell_type"] == "code"]


def run(sources, space=None):
    space = {"__name__": "__main__"} if space is None else space
    for source in sources:
        exec(compile(source, "<cell>", "exec"), space)
    return space


@pytest.fixture
def at_the_exercises(monkeypatch, no_state):
    monkeypatch.chdir(ROOT / "exercises")
    monkeypatch.setenv("MPLBACKEND", "Agg")
    monkeypatch.delenv("CRMKIT_DATA", raising=False)


def test_every_lesson_with_questions_has_exercises():
    assert {lesson_of(path.name) for path in MASTERS} == set(bank.lessons())


# --- every text once -----------------------------------------------------------------------------


def words(text):
    return re.findall(r"\w+", text.lower())


def said_twice(texts, longest=9):
    """Name the texts that share a run of so many words with an earlier one."""
    seen, twice = {}, []
    for name, text in texts:
        found = words(text)
        runs = {tuple(found[i : i + longest]) for i in range(len(found) - longest + 1)}
        twice += sorted({(seen[run], name) for run in runs if run in seen})
        seen |= dict.fromkeys(runs, name)
    return twice


def texts_of(question):
    model = question.kind.model if isinstance(question.kind, Plan) else ""
    return [question.title, question.prompt, question.solution, question.code, model]


@by_lesson
def test_no_text_of_a_question_stands_in_a_master(master):
    told = "\n".join(cell.source for cell in build_notebooks.read_master(master).cells)
    for question in bank.of_lesson(lesson_of(master.name)).questions:
        twice = said_twice([("master", told), *((question.id, t) for t in texts_of(question)[:2])])
        assert not [pair for pair in twice if pair[0] == "master"]
        for line in question.code.splitlines():
            if line.startswith("answer = "):
                assert line not in told, f"{question.id}: the master holds the answer's line"


def test_no_prompt_and_no_model_answer_stands_twice():
    every = [q for lesson in bank.lessons() for q in bank.of_lesson(lesson).questions]
    # A run of twenty words: neighbouring questions may well begin alike.
    assert not said_twice([(q.id, q.prompt) for q in every], longest=20)
    models = [(q.id, q.kind.model) for q in every if isinstance(q.kind, Plan)]
    assert not said_twice(models, longest=20)


@by_lesson
def test_a_title_does_not_say_the_prompt_over_again(master):
    for question in bank.of_lesson(lesson_of(master.name)).questions:
        assert question.title, f"{question.id} has no title"
        assert not said_twice([("title", question.title), ("prompt", question.prompt)], longest=7)


def test_a_text_said_twice_is_noticed():
    prompt = "Which customers cost more than they brought, profit below zero over three years?"
    assert said_twice([("a", prompt), ("b", f"Once more: {prompt}")]) == [("a", "b")]
    assert not said_twice([("a", prompt), ("b", "Which customers cost more than others?")])


# --- what is made --------------------------------------------------------------------------------


def question(number, **more):
    given = {"prompt": "How many are there?", "kind": Number(), "reference": len} | more
    return Question(f"20-{number}", **given)


def cell(label, source, kind="markdown"):
    return {"cell_type": kind, "id": label, "metadata": {}, "source": source}


def test_questions_follow_in_order_each_after_what_is_told_before_it():
    decision = question(
        2,
        kind=Plan({"a figure": 1}, model="I would not " * 20),
        reference=None,
        points=4,
        title="What now",
    )
    asked = [question(1, starter="n = len(____)\nanswer = n", code="answer = 3"), decision]
    master = [cell("title", "# Exercises"), cell("imports", "import crmkit", "code")]
    master.append(cell("20-2", "Guess first."))
    student, solved = (filled(master, asked, solution=which) for which in (False, True))
    labels = ["title", "imports", "20-1", "check-20-1", "20-2", "check-20-2"]
    assert [made["id"] for made in student] == [made["id"] for made in solved] == labels
    assert (
        student[3]["source"] == 'answer = ...\n# n = len(____)\n# answer = n\ncheck("20-1", answer)'
    )
    assert solved[3]["source"] == 'answer = 3\ncheck("20-1", answer)'
    assert student[4]["source"].startswith(
        "Guess first.\n\n## 20-2 · What now (4 points, a decision)"
    )
    assert student[5]["source"] == 'answer = """..."""\ncheck("20-2", answer)'
    assert "I would not" in solved[5]["source"]
    assert "hint" in student[0]["source"]
    assert master[0]["source"] == "# Exercises", "the master's own cells stay as they are"
    assert heading(asked[0]) == "## 20-1 (1 point)"


def test_a_cell_for_a_question_that_is_not_there_is_named():
    with pytest.raises(QuestionError, match="20-7"):
        filled([cell("title", "# E"), cell("20-7", "Guess.")], [question(1)], solution=False)


# --- what runs -----------------------------------------------------------------------------------


def names(code):
    """Give the names that code reads before it writes them, and those that it writes."""
    tree = ast.parse(code)
    bound = {
        node.arg if isinstance(node, ast.arg) else node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.arg)
        or (isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load))
    }
    read = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    return read - bound - {"____"} - set(dir(builtins)), bound


def strange_names(questions, known):
    """Say which names in starters and in the code of hints a learner cannot have.

    A hint goes on from the learner's own way, whose names are those of the worked code.
    """
    faults = []
    for question in questions:
        read, written = names(question.starter)
        faults += [f"{question.id}, starter: {name}" for name in sorted(read - known)]
        known = known | written | (names(question.code)[1] if question.code else set())
        for hint in question.hints:
            for code in re.findall(r"`([^`]+)`", hint):
                with contextlib.suppress(SyntaxError):  # `customer_id`, `.sum()`: no code by itself
                    read, written = names(re.sub(r"\{[^{}]*\}", "1", code))
                    if re.search(r"[\[(.]", code):
                        faults += [f"{question.id}, hint: {name}" for name in sorted(read - known)]
                    known |= written
    return faults


def test_a_name_that_nobody_has_is_noticed():
    asked = question(1, starter="n = len(orders)", hints=("`n + 1` is near.", "`len(clients)`"))
    assert strange_names([asked], {"orders"}) == ["20-1, hint: clients"]
    assert strange_names([asked], set()) == ["20-1, starter: orders", "20-1, hint: clients"]


@by_lesson
def test_an_untouched_copy_runs_every_check_is_open_and_all_code_knows_its_names(
    master, at_the_exercises, capsys
):
    cells = cells_of(master, solution=False)
    space = run(code_of(cells))
    said = capsys.readouterr().out
    asked = re.findall(r"^(\d\d[b-z]?-\S+) · (.+)$", said, re.MULTILINE)
    wanted = {question.id for question in bank.of_lesson(lesson_of(master.name)).questions}
    assert {name for name, title in asked if title == "Not attempted"} == wanted
    faults = strange_names(bank.of_lesson(lesson_of(master.name)).questions, set(space))
    assert not faults, "load it in the first code cell, or write what the learner has"


def questions_of(master):
    return bank.of_lesson(lesson_of(master.name)).questions


def broken(about, what, code, space):
    """Say how code fails that a learner may copy as it is; gaps, single names and methods by themselves are not run."""
    with contextlib.suppress(SyntaxError):
        if "____" in code or "..." in code or not re.search(r"\w[\[(]|[-+*/&]", code):
            return []
        tree = ast.parse(fill(code))
        if not tree.body or (
            isinstance(tree.body[0], ast.Expr) and isinstance(tree.body[0].value, ast.Name)
        ):
            return []
        try:
            exec(compile(tree, f"{about}, {what}", "exec"), space)
        except Exception as error:
            return [f"{about}, {what} {code!r}: {type(error).__name__}: {error}"]
    return []


def with_figures_once(model_on):
    """Make `Plan.model_on` compute the figures of a model answer once."""
    known = {}

    def wrapped(plan, tables):
        if plan.figures is None:
            return model_on(plan, tables)
        if plan.figures not in known:
            known[plan.figures] = dict(plan.figures(tables))
        return model_on(replace(plan, figures=lambda _: known[plan.figures]), tables)

    return wrapped


@by_lesson
def test_the_solved_copy_passes_every_check(master, at_the_exercises):
    heard = {}
    original = desk._reply_to_check

    def listen(question, result, rules):
        heard[question.id] = result
        return original(question, result, rules)

    with pytest.MonkeyPatch.context() as patch:
        # The model answer, written here and shown again by its check, is about the same tables.
        patch.setattr(OwnTables, "here", functools.cache(OwnTables.here))
        patch.setattr(Plan, "model_on", with_figures_once(Plan.model_on))
        cells = cells_of(master, solution=True)
        patch.setattr(desk, "_reply_to_check", listen)
        space = run(code_of(cells)[: -len(questions_of(master))])
        faults = []
        for question, code in zip(
            questions_of(master), code_of(cells)[-len(questions_of(master)) :], strict=True
        ):
            faults += broken(question.id, "starter", question.starter, dict(space))
            run([code], space)
            for hint in question.hints:
                for piece in re.findall(r"`([^`]+)`", hint):
                    faults += broken(question.id, "hint", piece, space)
    assert not faults, "a starter and a hint's code run where the learner stands"
    wrong = {
        name: result.message
        for name, result in heard.items()
        if result.status not in ("passed", "written")
    }
    assert not wrong
    assert set(heard) == {
        question.id for question in bank.of_lesson(lesson_of(master.name)).questions
    }


def test_a_model_answers_figures_are_the_companys_own(monkeypatch):
    monkeypatch.setenv("CRMKIT_DATA", str(ROOT / "datasets/fernwell"))
    fernwell = {number: solved(bank.find(number)) for number in ("20-5", "40-5")}
    monkeypatch.setenv("CRMKIT_DATA", str(ROOT / "datasets/beanline"))
    assert solved(bank.find("20-5")) != fernwell["20-5"]
    # Where it lacks the tables, no other company's figures stand in it.
    theirs = solved(bank.find("40-5"))
    assert "£" in fernwell["40-5"]
    assert "£" not in theirs
    assert "…" in theirs
