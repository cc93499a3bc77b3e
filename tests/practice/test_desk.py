"""What a learner calls: check, hint, solution, predict, reveal, progress, quiz, and the file that remembers."""

import json
import multiprocessing
import os

import pandas as pd
import pytest

from crmkit.practice import assess as marks
from crmkit.practice import (
    attempts,
    bank,
    check,
    desk,
    hint,
    predict,
    progress,
    quiz,
    quizzes,
    reply,
    reveal,
    solution,
)
from crmkit.practice.kinds import Choice, Number, Plan
from crmkit.practice.picture import LessonProgress, Progress
from crmkit.practice.question import (
    Misconception,
    Option,
    Prediction,
    Question,
    QuestionError,
    QuizQuestion,
)
from crmkit.practice.tables import OwnTables

ORDERS = pd.DataFrame({"customer_id": [1, 1, 2], "margin": [10.0, 5.0, -3.0]})
QUESTIONS = (
    Question(
        id="99-1",
        level="fill in",
        prompt="How much margin in all, in £?",
        kind=Number("£", 0.005),
        points=2,
        reference=lambda data: data.load("orders")["margin"].sum(),
        hints=("Which column?", "Sum it.", "`orders['margin'].sum()`"),
        misconceptions=(
            Misconception(
                "takes the mean",
                lambda data: data.load("orders")["margin"].mean(),
                "That is one order's.",
            ),
        ),
        solution="A sum.",
        code="answer = orders['margin'].sum()",
    ),
    Question(
        id="99-2",
        level="decide",
        prompt="What do you tell her?",
        kind=Plan(rubric={"a figure": 1, "a test": 1}, model="Call half of them.", minimum_words=3),
        points=2,
        hints=("What would change your mind?",),
    ),
)
QUIZ = (
    QuizQuestion(
        "Which `one`?",
        [Option("the first", "It was."), Option("the <second>", "By chance.", right=True)],
    ),
)

PREDICTIONS = (
    Prediction("99-a", "How many customers?", Number(), lambda data: 2, "Rows are orders."),
    Prediction("99-b", "Who?", Choice({"a": "one", "b": "two"}), lambda data: "a", "By chance."),
)


@pytest.fixture
def lesson(monkeypatch, no_state, tmp_path):
    """A lesson 99 with two questions, in a folder of its own."""
    found = bank.LessonQuestions("99", "A lesson", QUESTIONS, QUIZ, PREDICTIONS)
    monkeypatch.setattr(bank, "lessons", lambda: ("99",))
    monkeypatch.setattr(bank, "of_lesson", lambda wanted: found)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(desk, "own_tables", lambda: OwnTables.of_frames({"orders": ORDERS}))


@pytest.fixture
def kept(lesson, monkeypatch, tmp_path):
    """The same with a record on disk."""
    monkeypatch.delenv(attempts.SWITCH)
    return tmp_path / attempts.FILE_NAME


def said(capsys):
    return capsys.readouterr().out


def test_check_answers_in_words(lesson, capsys):
    check("99-1", ...)
    assert "99-1 · Not attempted" in said(capsys)
    check("99-1", "12")
    assert "Not readable yet" in said(capsys)
    check("99-1", 4)
    assert "That is one order's." in said(capsys)
    check(" 99-1 ", 12.001)
    assert "99-1 · Right" in said(capsys)


def test_a_reply_says_how_to_go_on(lesson, capsys):
    """A wrong answer is offered a hint, a right one the next question, and progress knows the sum."""
    check("99-1", 5)
    assert 'A hint: hint("99-1")' in plain_of(capsys)
    check("99-1", 12.0)
    assert "Next: 99-2" in plain_of(capsys)
    rows = tuple(LessonProgress(str(n), "Who", ("passed", "open")) for n in (20, 21))
    assert "2 of 4 questions are done." in repr(Progress(rows))
    assert "2 of 4 questions are done." in Progress(rows)._repr_html_()


def plain_of(capsys):
    return capsys.readouterr().out.replace("`", "")


def test_where_a_trainer_holds_checks_back_nothing_claims_more(lesson, monkeypatch, capsys):
    monkeypatch.setattr(desk, "class_rules", lambda: {"held_back": ["99-h1"]})
    check("99-1", 12)
    text = said(capsys).lower()
    assert "visible checks passed" in text
    assert "right" not in text


def test_a_right_answer_is_told_that_it_is_right(lesson, capsys):
    check("99-1", 12)
    text = said(capsys).lower()
    assert "99-1 · right" in text


@pytest.mark.parametrize(
    ("given", "words"),
    [("99-7", "Lesson 99 has 99-1, 99-2"), ("abc", "no question"), (None, "first thing to give"), (3, "whole number"),
     ([], "list"), ("", "text"), ({}, "dict")],
)  # fmt: skip
@pytest.mark.parametrize("call", [check, hint, solution])
def test_a_wrong_name_gets_a_sentence(lesson, capsys, call, given, words):
    call(given)
    assert words in said(capsys)


def test_a_wrong_number_of_arguments_gets_a_sentence(lesson, capsys):
    check()
    assert "check could not do that" in said(capsys)
    reveal()
    assert "reveal could not do that" in said(capsys)


def test_hints_go_down_rung_by_rung(lesson, capsys):
    for rung in ("Which column?", "Sum it.", "sum()`", "sum()`"):
        hint("99-1")
        text = said(capsys)
        assert rung in text
    assert "last hint" in text


def test_the_solution_opens_after_three_different_tries(lesson, capsys):
    solution("99-1")
    assert "3 more tries" in said(capsys)
    for answer in (1, 1, 1, 2):
        check("99-1", answer)
    solution("99-1")
    assert "1 more try." in said(capsys), "the same answer again is not another try"
    check("99-1", 3)
    assert "the solution is open" in said(capsys)
    solution("99-1")
    assert "orders['margin'].sum()" in said(capsys)


def test_the_solution_opens_after_success(lesson, capsys):
    check("99-1", 12)
    solution("99-1")
    assert "A sum." in said(capsys)


def test_unreadable_answers_are_no_tries(lesson, capsys):
    for answer in ("a", None, [1, 2], ...):
        check("99-1", answer)
    solution("99-1")
    assert "3 more tries" in said(capsys)


def test_a_plan_opens_rubric_and_model_answer_once_it_is_written(lesson, capsys):
    check("99-2", "yes")
    assert "Call half" not in said(capsys)
    check("99-2", "I would call half of them")
    text = said(capsys)
    assert "No machine marks this one" in text
    assert "a test (1 point)" in text
    assert "Call half of them." in text


def test_a_trainer_can_keep_solutions_closed_and_questions_back(lesson, capsys, tmp_path):
    (tmp_path / "datasets").mkdir()
    rules = {"student": "li", "solutions": "closed", "held_back": ["99-9"]}
    (tmp_path / desk.STUDENT_FILE).write_text(json.dumps(rules))
    for answer in (1, 2, 3, 12):
        check("99-1", answer)
    text = said(capsys)
    assert "solution opens" not in text
    assert "Your trainer holds further checks" in text
    solution("99-1")
    assert "keeps the solutions" in said(capsys)
    check("99-2", "I would call half of them")
    assert "Call half" not in said(capsys)
    check("99-9", 5)
    assert "Your trainer checks this one" in said(capsys)
    check("99-9", ...)
    assert "Not attempted" in said(capsys)


def test_tables_that_are_gone_are_not_the_answers_fault(lesson, capsys, monkeypatch):
    monkeypatch.setattr(desk, "own_tables", lambda: OwnTables.of_frames({}))
    check("99-1", 12)
    assert "Cannot be checked" in said(capsys)


# --- guessing ------------------------------------------------------------------------------------


@pytest.fixture
def closed(lesson, tmp_path):
    """The same lesson in a class whose solutions are closed."""
    (tmp_path / "datasets").mkdir()
    rules = {"student": "li", "solutions": "closed"}
    (tmp_path / desk.STUDENT_FILE).write_text(json.dumps(rules))


def test_a_number_is_not_found_by_halving(no_state, monkeypatch, capsys):
    """43-1 took 13 tries: too high, too low, until it was right."""
    monkeypatch.setattr(desk, "class_rules", lambda: {"student": "li", "solutions": "closed"})
    question = bank.find("43-1")
    right = question.reference(desk.own_tables())
    low, high, replies = 0.0, 100.0, []
    for _ in range(60):
        guess = round((low + high) / 2, 2)
        check("43-1", guess)
        replies.append(said(capsys))
        if "Right" in replies[-1]:
            break
        higher = "too low" in replies[-1] or ("between" in replies[-1] and guess < 10)
        low, high = (guess, high) if higher else (low, guess)
        if high - low < 0.01:
            low, high = guess - 5, guess + 5
    assert "Right" not in "".join(replies)
    assert not {w for w in ("too high", "too low") for r in replies if w in r}
    assert "does not say whether it is right" in replies[-1]
    check("43-1", right)
    assert "Right" not in said(capsys), "after so many tries, being right is not told either"
    assert desk.record().entry("43-1")["passed"] is False


def test_halving_still_works_for_a_self_learner(lesson, capsys):
    check("99-1", 13)
    assert "too high" in said(capsys)


def test_what_teaches_is_said_in_a_class_too(closed, capsys):
    for answer, words in (
        (4, "That is one order's."),
        (1200, "a hundred times too large"),
        (130, "between 10 and 100"),
        (20, "Its size is plausible"),
        (12, "Right"),
    ):
        check("99-1", answer)
        assert words in said(capsys)


def test_after_many_tries_a_wrong_way_is_still_answered(closed, capsys):
    for answer in range(100, 100 + desk.MOST_TRIES):
        check("99-1", answer)
    assert f"try {desk.MOST_TRIES} of {desk.MOST_TRIES}" in said(capsys)
    check("99-1", 4)
    text = said(capsys)
    assert "That is one order's." in text
    assert "Kept" in text


def test_the_reply_carries_the_count_for_the_trainer(closed):
    question = QUESTIONS[0]
    wrong = marks.assess(question, 13, OwnTables.of_frames({"orders": ORDERS}))
    rules = {"solutions": "closed"}
    shown = [desk._reply_to_check(question, wrong, rules)._repr_html_() for _ in range(2)]
    cell = {"outputs": [{"data": {"text/html": shown}}, 3, {"data": None}]}
    assert reply.tries_in(cell) == {"99-1": 1}, "the same answer again is not another try"
    assert reply.tries_in({"outputs": "x"}) == reply.tries_in(None) == {}
    assert "data-crmkit" not in desk._reply_to_check(question, wrong, {})._repr_html_()


# --- predictions ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "guess", [None, [1, 2], {"a": 1}, float("nan"), print, object(), True, {3}, "ten", "ten \ud83d"]
)
@pytest.mark.parametrize("about", ["99-a", "99-b"])
def test_a_guess_of_the_wrong_sort_gets_a_sentence_and_is_not_kept(kept, capsys, about, guess):
    predict(about, 2 if about == "99-a" else "b")
    before = kept.read_bytes()
    capsys.readouterr()
    predict(about, guess)
    assert "Not readable yet" in said(capsys) or guess is None
    assert kept.read_bytes() == before
    reveal(about)
    assert "You expected" in said(capsys)


@pytest.mark.parametrize("call", [predict, reveal])
@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("guess", "called like “20-a”"),
        ("12-a", "called like “20-a”"),
        ("99-z", "Lesson 99 has 99-a, 99-b"),
        ("99-1", "Lesson 99 has 99-a, 99-b"),
        (3, "called like “20-a”"),
    ],
)
def test_a_prediction_that_is_not_there_gets_a_sentence(lesson, capsys, call, given, words):
    call(given, 1)
    text = said(capsys)
    assert "No such prediction" in text
    assert words in text


# --- the record ----------------------------------------------------------------------------------


def test_the_record_is_plain_and_outlives_the_session(kept, monkeypatch, capsys):
    check("99-1", 3)
    check("99-1", 12)
    hint("99-1")
    predict("99-a", 7)
    found = json.loads(kept.read_text(encoding="utf-8"))
    assert found["questions"]["99-1"]["tries"] == 2
    assert found["questions"]["99-1"]["passed"] is True
    assert found["predictions"] == {"99-a": 7}
    monkeypatch.setattr(desk, "_records", {})
    progress()
    assert "99  ■□  1 of 2  A lesson" in said(capsys)
    assert [p.name for p in kept.parent.iterdir()] == [kept.name], "no temporary file is left"


def test_deleting_the_record_loses_nothing_but_history(kept, capsys):
    check("99-1", 3)
    kept.unlink()
    check("99-1", 12)
    assert "99-1 · Right" in said(capsys)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "null",
        '{"questions": []}',
        '{"questions": {"99-1": 3}, "predictions": {}}',
        "\x00\xff",
        "[" * 100_000,
    ],
)
def test_a_spoilt_record_is_put_aside(kept, capsys, content):
    kept.write_bytes(content.encode("latin-1"))
    check("99-1", 12)
    text = said(capsys)
    assert "99-1 · Right" in text
    assert "crmkit_progress.unreadable-1.json" in text
    assert (kept.parent / "crmkit_progress.unreadable-1.json").read_bytes() == content.encode(
        "latin-1"
    )
    check("99-1", 12)
    assert "unreadable" not in said(capsys), "it is said once"


def test_odd_values_in_a_record_do_no_harm(kept, capsys):
    odd = {
        "questions": {"99-1": {"tries": "many", "hints": -3, "passed": "yes"}},
        "predictions": {},
    }
    kept.write_text(json.dumps(odd))
    hint("99-1")
    check("99-1", 3)
    assert "try 1" in said(capsys)


def test_a_folder_that_cannot_be_written_keeps_the_record_in_memory(kept, capsys, monkeypatch):
    def refuse(*args, **named):
        raise PermissionError("read-only")

    monkeypatch.setattr("tempfile.mkstemp", refuse)
    hint("99-1")
    assert "kept only until you close this" in said(capsys)
    hint("99-1")
    assert "Hint 2 of 3" in said(capsys)


def test_the_record_lies_beside_the_data(tmp_path, monkeypatch, lesson):
    monkeypatch.delenv(attempts.SWITCH)
    (tmp_path / "datasets").mkdir()
    (tmp_path / "exercises").mkdir()
    monkeypatch.chdir(tmp_path / "exercises")
    hint("99-1")
    assert (tmp_path / attempts.FILE_NAME).exists()


def test_two_open_notebooks_do_not_lose_each_others_tries(kept):
    one, other = attempts.Attempts(kept), attempts.Attempts(kept)
    with one.change("99-1") as entry:
        entry["tries"] += 1
    with other.change("99-2") as entry:
        entry["tries"] += 1
    assert {key: value["tries"] for key, value in one.all().items()} == {"99-1": 1, "99-2": 1}


def try_often(path, question, times):
    record = attempts.Attempts(path)
    for _ in range(times):
        with record.change(question) as entry:
            entry["tries"] += 1


@pytest.mark.skipif(
    os.name != "posix", reason="no lock elsewhere; two people's hands are slow enough"
)
def test_two_notebooks_that_run_at_once_lose_no_try(kept):
    questions = ("99-1", "99-2")
    context = multiprocessing.get_context("spawn")
    both = [context.Process(target=try_often, args=(kept, q, 60)) for q in questions]
    for process in both:
        process.start()
    for process in both:
        process.join()
    known = attempts.Attempts(kept).all()
    assert {question: known[question]["tries"] for question in questions} == dict.fromkeys(
        questions, 60
    )
    assert [path.name for path in kept.parent.iterdir()] == [kept.name]


def test_the_switch_names_a_file_or_turns_it_off(monkeypatch, tmp_path):
    monkeypatch.setenv(attempts.SWITCH, str(tmp_path / "mine.json"))
    assert attempts.Attempts.here().path == tmp_path / "mine.json"
    monkeypatch.setenv(attempts.SWITCH, "off")
    assert attempts.Attempts.here().path is None


def test_what_a_cell_shows_does_not_depend_on_earlier_sessions(lesson, monkeypatch, capsys):
    texts = []
    for _ in range(2):
        monkeypatch.setattr(desk, "_records", {})
        check("99-1", 3)
        check("99-1", ...)
        progress()
        texts.append(said(capsys))
    assert texts[0] == texts[1]
    assert not os.listdir()


def test_the_notebook_needs_nothing_that_a_browser_lacks():
    """Pyodide has no processes and no JupyterLab: what a lesson calls must not import what needs them."""
    import subprocess
    import sys

    code = (
        "import sys\n"
        "from crmkit.practice import check, glossary, hint, predict, progress, quiz, reveal, solution\n"
        "hint('20-1')\n"
        "print({'typer', 'nbformat', 'nbclient', 'jupytext', 'IPython', 'multiprocessing', 'rich'} & set(sys.modules))"
    )
    environment = {**os.environ, attempts.SWITCH: "off"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True
    )
    assert done.stdout.splitlines()[-1] == "set()"


# --- how it looks --------------------------------------------------------------------------------


def test_a_reply_has_a_plain_twin_and_escapes_what_it_repeats():
    shown = reply.Reply(
        "99-1", "Not yet", ("<script>x</script> in `code`",), items=("a & b",), code="x < 1"
    )
    page = shown._repr_html_()
    assert "<script>" not in page
    assert "<code>code</code>" in page
    assert "x &lt; 1" in page
    for words in ("99-1 · Not yet", "- a & b", "    x < 1"):
        assert words in repr(shown)


def test_a_notebook_gets_the_box_itself(lesson, monkeypatch):
    shown = []

    class Shell:
        """As a notebook's."""

    monkeypatch.setattr("IPython.get_ipython", Shell)
    monkeypatch.setattr("IPython.display.display", shown.append)
    check("99-1", 12)
    assert isinstance(shown[0], reply.Reply)


def test_the_colours_are_the_courses():
    from crmkit.style import COLORS

    assert set(reply.COLOURS.values()) <= set(COLORS.values())


# --- the quiz ------------------------------------------------------------------------------------


def test_a_quiz_answers_every_choice(lesson, capsys):
    quiz("99")
    assert "b) the <second>" in said(capsys)
    assert quizzes.feedback(QUIZ[0], 0) == ("look", "Not quite. It was.")
    *_, block = quizzes.as_widget(QUIZ).children
    title, buttons, answer = block.children
    assert buttons.value is None, "nothing is chosen beforehand"
    buttons.index = 1
    assert "Right. By chance." in answer.value
    assert 'aria-live="polite"' in answer.value
    buttons.index = 0
    assert "Not quite. It was." in answer.value
    assert "<code>one</code>" in title.value


def test_a_quiz_can_be_read_without_a_kernel():
    bundle = quizzes.Quiz(QUIZ)._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert bundle["text/html"].count("<details>") == 2
    assert "&lt;second&gt;" in bundle["text/html"]
    assert "By chance" not in bundle["text/plain"]


def test_quizzes_that_are_not_there_get_a_sentence(no_state, capsys):
    for wrong in ("77", None, [], 3.5):
        quiz(wrong)
        assert "No such quiz" in said(capsys)


def test_a_quiz_question_has_one_right_option():
    with pytest.raises(QuestionError, match="exactly one"):
        QuizQuestion("?", [Option("a", "x"), Option("b", "y")])


# --- the bank ------------------------------------------------------------------------------------


HELD_BACK = """
from crmkit.practice.kinds import Number
from crmkit.practice.question import Question
QUESTIONS = [Question(id="{id}", prompt="?", kind=Number(), reference=lambda data: 1, hints=("look",))]
"""


def test_held_back_questions_are_read_from_a_folder(tmp_path):
    (tmp_path / "lesson_20.py").write_text(HELD_BACK.format(id="20-901"))
    assert [q.id for q in bank.held_back(tmp_path)] == ["20-901"]


def test_held_back_questions_take_no_visible_id(tmp_path):
    (tmp_path / "lesson_20.py").write_text(HELD_BACK.format(id="20-1"))
    with pytest.raises(QuestionError, match="taken"):
        bank.held_back(tmp_path)
    (tmp_path / "lesson_20.py").write_text(HELD_BACK.format(id="30-901"))
    with pytest.raises(QuestionError, match="another lesson"):
        bank.held_back(tmp_path)
    with pytest.raises(QuestionError, match="No question file"):
        bank.held_back(tmp_path / "nowhere")
