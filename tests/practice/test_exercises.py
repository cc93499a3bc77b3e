"""The exercises: an untouched copy runs to its end, asks every question, and answers "not attempted" to each."""

import re
import sys
from pathlib import Path

import pytest

from crmkit.practice import bank, desk

ROOT = Path(__file__).resolve().parents[2]
MASTERS = sorted((ROOT / "exercises/source").glob("*.py"))
sys.path.append(str(ROOT / "tools"))


def cells_of(master, student):
    import build_notebooks

    made = build_notebooks.read_master(master)
    made = build_notebooks.student_copy(made) if student else build_notebooks.solution_copy(made)
    return [cell.source for cell in made.cells if cell.cell_type == "code"]


def run(sources):
    space = {"__name__": "__main__"}
    for source in sources:
        exec(compile(source, "<cell>", "exec"), space)


@pytest.fixture
def at_the_exercises(monkeypatch, no_state):
    monkeypatch.chdir(ROOT / "exercises")
    monkeypatch.setenv("MPLBACKEND", "Agg")
    monkeypatch.delenv("CRMKIT_DATA", raising=False)


def test_every_lesson_with_questions_has_exercises():
    assert {path.name[:2] for path in MASTERS} == set(bank.lessons())


@pytest.mark.parametrize("master", MASTERS, ids=[path.stem for path in MASTERS])
def test_an_untouched_copy_runs_and_every_check_says_not_attempted(
    master, at_the_exercises, capsys
):
    sources = cells_of(master, student=True)
    assert "SOLUTION" not in "\n".join(sources)
    run(sources)
    said = capsys.readouterr().out
    asked = re.findall(r"^(\d\d-\S+) · (.+)$", said, re.MULTILINE)
    wanted = {question.id for question in bank.of_lesson(master.name[:2]).questions}
    checked = {name for name, title in asked if title == "Not attempted"}
    assert checked == wanted, "each question has its check, and each is still open"
    assert (
        not {title for name, title in asked if name in wanted}
        - {"Not attempted", "Solution not open yet"}
        - {f"Hint {n} of {m}" for n in range(1, 9) for m in range(1, 9)}
    )


@pytest.mark.parametrize("master", MASTERS, ids=[path.stem for path in MASTERS])
def test_the_solved_copy_passes_every_check(master, at_the_exercises, capsys):
    heard = {}
    original = desk._reply_to_check

    def listen(question, result, rules):
        heard[question.id] = result
        return original(question, result, rules)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(desk, "_reply_to_check", listen)
        run(cells_of(master, student=False))
    wrong = {
        name: result.message
        for name, result in heard.items()
        if result.status not in ("passed", "written")
    }
    assert not wrong
    assert set(heard) == {question.id for question in bank.of_lesson(master.name[:2]).questions}
