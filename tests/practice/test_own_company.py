"""docs/class_with_your_company.md, followed to the letter: every command of it is run, with the shipped questions."""

import csv
import json
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from crmkit.cli import app
from crmkit.practice import bank
from crmkit.practice.kinds import Plan

PAGE = Path(__file__).resolve().parents[2] / "docs/class_with_your_company.md"
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def run(command, done):
    done.append(command)
    result = CliRunner().invoke(app, shlex.split(command)[1:])
    assert result.exit_code == 0, f"{command}\n{result.output}"
    return result.output


def work(home):
    """Answer every graded question of lesson 20 with its worked code."""
    path = next((home / "exercises").glob("20_*.ipynb"))
    notebook = json.loads(path.read_text(encoding="utf-8"))
    questions = {q.id: q for q in bank.of_lesson("20").questions if not isinstance(q.kind, Plan)}
    for cell in notebook["cells"]:
        asked = questions.get(cell["id"].removeprefix("check-"))
        if asked is not None and cell["cell_type"] == "code":
            cell["source"] = f'{asked.code}\ncheck("{asked.id}", answer)'
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return sum(question.points for question in questions.values())


def test_the_page_can_be_followed_to_the_letter(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done, outputs = [], []
    for language, block in BLOCKS:
        if language == "csv":
            Path("roster.csv").write_text(block, encoding="utf-8")
        elif language == "toml":
            text = Path("roaster.toml").read_text(encoding="utf-8")
            for line in block.strip().splitlines():
                name = line.partition(" =")[0]
                text = re.sub(rf"(?m)^{name} = .*$", line, text, count=1)
            Path("roaster.toml").write_text(text, encoding="utf-8")
        else:
            for command in block.strip().splitlines():
                if command.startswith("crmkit class collect"):
                    worth = work(Path("class/students/1001"))
                outputs.append(run(command, done))
    assert len(done) == 9
    with Path("grades/grades.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    assert float(rows["1001"]["points"]) == worth, rows["1001"]
    assert rows["1001"]["E-mail"] == "ann@example.org"
    assert rows["1002"]["hand_in"] == "unchanged"
    reply = Path("grades/replies/1002.html").read_text(encoding="utf-8")
    assert "Roaster" in Path("class/students/1001/notebooks").joinpath(
        next(p.name for p in Path("class/students/1001/notebooks").iterdir())
    ).read_text(encoding="utf-8")
    assert "Fernwell" not in reply
    assert "ann@example.org" in Path("grades/gradebook_moodle.csv").read_text(encoding="utf-8-sig")
    assert Path("key/1002.html").is_file()


def test_a_company_file_is_copied_and_never_overwritten(tmp_path):
    target = tmp_path / "mine.toml"
    run(f"crmkit class company beanline --out {target}", [])
    target.write_text("mine")
    for name, out in (
        ("beanline", target),
        ("none", tmp_path / "x.toml"),
        ("beanline", tmp_path / "x.txt"),
    ):
        result = CliRunner().invoke(app, ["class", "company", name, "--out", str(out)])
        assert result.exit_code == 2
        assert "Traceback" not in result.output
    assert target.read_text() == "mine"
