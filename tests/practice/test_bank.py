"""The reserve of questions: enough of them, drawn alike for the same seed, copied and never over anything."""

import pytest
from typer.testing import CliRunner

from crmkit.cli import app
from crmkit.practice import bank
from crmkit.practice.kinds import Plan
from crmkit.practice.question import QuestionError

LESSONS = [lesson for lesson in bank.lessons() if lesson < "45"]
LEVELS = ("fill in", "change", "explore")


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_has_six_graded_questions_and_two_that_nobody_has_seen(lesson):
    shown = [q for q in bank.of_lesson(lesson).questions if not isinstance(q.kind, Plan)]
    reserve = bank.reserve(lesson)
    assert len(shown) + len(reserve) >= 6
    assert len(reserve) >= 2
    assert not {q.id for q in reserve} & {q.id for q in bank.of_lesson(lesson).questions}
    assert all(q.title and q.right and q.goals for q in reserve)
    levels = [LEVELS.index(q.level) for q in reserve]
    assert levels == sorted(levels), "questions rise in difficulty"


def test_the_same_seed_draws_the_same_and_another_one_others():
    drawn = {seed: [q.id for q in bank.drawn("20", 1, seed)] for seed in range(8)}
    assert drawn[3] == [q.id for q in bank.drawn("20", 1, 3)]
    assert len({tuple(ids) for ids in drawn.values()}) == len(bank.reserve("20"))
    # In the order of difficulty, whatever was drawn first.
    there = [q.id for q in bank.reserve("20")]
    for seed in range(8):
        ids = [q.id for q in bank.drawn("20", 2, seed)]
        assert ids == sorted(ids, key=there.index)


def test_what_is_drawn_can_be_held_back_changed_or_not(tmp_path):
    drawn = bank.copy_drawn(["20", "22"], tmp_path, count=1, seed=5)
    assert [q.id for q in bank.held_back(tmp_path)] == [q.id for q in drawn]
    everything = tmp_path / "all"
    bank.copy_drawn(["20"], everything)
    assert len(bank.held_back(everything)) == len(bank.reserve("20"))
    file = everything / "lesson_20.py"
    changed = (
        file.read_text(encoding="utf-8")
        .replace("points=1,", "points=7,")
        .replace("points=2,", "points=7,")
    )
    file.write_text(changed, encoding="utf-8")
    assert 7 in {q.points for q in bank.held_back(everything)}


def test_nothing_of_a_trainers_is_overwritten(tmp_path):
    mine = tmp_path / "lesson_22.py"
    mine.write_text("QUESTIONS = []  # mine\n", encoding="utf-8")
    with pytest.raises(QuestionError, match=r"lesson_22\.py.*overwritten"):
        bank.copy_drawn(["20", "22"], tmp_path)
    assert mine.read_text(encoding="utf-8") == "QUESTIONS = []  # mine\n"
    assert not (tmp_path / "lesson_20.py").exists(), "half a draw helps nobody"


@pytest.mark.parametrize(("lesson", "count"), [("80", None), ("20", 99)])
def test_more_than_there_is_is_said(lesson, count):
    with pytest.raises(QuestionError, match=f"reserve of lesson {lesson} holds"):
        bank.drawn(lesson, count, 0)


def test_the_command_lists_and_draws(tmp_path):
    run = CliRunner().invoke
    listed = run(app, ["class", "bank", "--lessons", "20,22"])
    assert listed.exit_code == 0
    first = bank.reserve("20")[0]
    assert f"{first.id}  {first.title} ({first.points:g} points)" in listed.output
    folder = tmp_path / "exam"
    made = run(app, ["class", "bank", "--lessons", "all", "--count", "1", "--out", str(folder)])
    assert made.exit_code == 0, made.output
    assert {path.name for path in folder.iterdir()} >= {f"lesson_{n}.py" for n in LESSONS}
    again = run(app, ["class", "bank", "--lessons", "20", "--out", str(folder)])
    assert again.exit_code == 2
    assert "overwritten" in again.output
