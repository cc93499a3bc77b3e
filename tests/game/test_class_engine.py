"""A small class on the course's own engine, by the commands that a trainer types."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from crmkit.cli import app
from crmkit.game.decisions import AS_BEFORE, changed
from crmkit.game.machine import engine
from crmkit.game.policies import as_before
from crmkit.game.rounds import read_result
from crmkit.game.tables import all_rounds, read_tables, write_tables
from crmkit.game.teams import read_game


def crmkit(*arguments, code=0):
    done = CliRunner().invoke(app, ["game", *map(str, arguments)])
    assert done.exit_code == code, done.output
    return done.output


def test_a_replay_measures_as_a_run_that_counts():
    machine = engine()
    plan = changed(AS_BEFORE, {"prices.level": 0.95, "wake.drowsy": "voucher"})
    state = machine.start(120, 3)
    after, reports = machine.step(state, plan, 5)
    again, figures = machine.quick(state, plan, 5)
    measured = machine.measures(after, reports, equity=False)
    assert figures == {name: pytest.approx(measured[name], abs=0.005) for name in figures}
    assert set(figures) == set(measured) - {"equity"}
    assert again.quarter == after.quarter == 1


def test_tables_come_back_as_they_were(tmp_path):
    machine = engine()
    state = machine.start(120, 3)
    plan = changed(
        AS_BEFORE, {"research.survey": 30, "research.tracker": 50, "research.panel": True}
    )
    _, reports = machine.step(state, plan, 5)
    write_tables(reports, tmp_path / "r")
    read = read_tables(tmp_path / "r")
    assert set(read) == set(reports)
    for name, table in read.items():
        assert table.equals(reports[name]) or table.compare(reports[name]).empty, name
        assert table.dtypes.equals(reports[name].dtypes), name


@pytest.mark.slow
@pytest.mark.parametrize("market", ["equal", "shared"])
def test_a_class_by_its_commands(tmp_path, market):
    folder = tmp_path / "our game"
    made = crmkit(
        *("new", "--out", folder, "--seed", 7, "--teams", 2, "--rounds", 3, "--customers", 120),
        *("--market", market, "--replays", 0),
    )
    assert "2 teams: Team 1, Team 2." in made
    decisions = folder / "teams/team-1/decisions/round_01.toml"
    decisions.write_text(decisions.read_text().replace("leaflets = 33", "leaflets = 2000"))
    assert "can be read" in crmkit("check", decisions)
    assert "Collected: team-1" in crmkit("collect", folder)
    assert "repeat their decisions: team-2" in crmkit("advance", folder)
    assert "No decisions have been collected" in crmkit("advance", folder, code=2)
    assert "was played before" in crmkit("advance", folder, "--round", 1)
    crmkit("advance", folder, "--without-decisions")
    assert "That was the last round" in crmkit("advance", folder, "--without-decisions")
    assert "Pages: 3" in crmkit("debrief", folder)
    assert "Round 3 of 3" in (folder / "board.html").read_text()
    game = read_game(folder)
    first = read_result(game, 1).teams
    assert {"profit", "health", "equity"} <= set(first["team-1"].measures)
    seen = all_rounds(folder / "teams/team-1")
    assert seen["accounts"]["quarter"].unique().tolist() == [1, 2, 3]
    # A company that has the market for itself is untouched by what others do.
    alone = engine()
    state, _ = alone.step(alone.start(120, 7), as_before(120), 7)
    theirs = read_tables(folder / "teams/team-2/reports/round_01")["customers"]
    assert state.is_customer.sum() == len(theirs) or market == "shared"


def test_a_teams_notebook_runs_in_its_folder(tmp_path, monkeypatch):
    folder = tmp_path / "g"
    crmkit("new", "--out", folder, "--seed", 7, "--teams", 1, "--customers", 120, "--replays", 0)
    crmkit("advance", folder, "--without-decisions")
    monkeypatch.chdir(folder / "teams/team-1")
    cells = json.loads(Path("desk.ipynb").read_text())["cells"]
    names = {}
    for cell in cells:
        if cell["cell_type"] == "code":
            exec(cell["source"].replace("\ndecision_form", "\nform = decision_form"), names)
    known, form = names["known"], names["form"]
    assert (known.quarter, known.customers, len(known.decisions)) == (2, 120, 1)
    form.set(service__agents=3)
    assert form.save()
    # The form keeps the stamp by which the file is known.
    Path("../../../in").mkdir()
    Path("decisions/round_02.toml").rename("../../../in/anything.toml")
    assert "Collected: team-1" in crmkit("collect", folder, "--from", tmp_path / "in")


def test_an_event_with_a_wrong_number_is_named_before_the_teams_read_it(tmp_path):
    folder = tmp_path / "g"
    crmkit("new", "--out", folder, "--seed", 7, "--teams", 1, "--customers", 120, "--replays", 0)
    with (folder / "game.toml").open("a") as file:
        file.write('[[event]]\nround = 2\ntitle = "Wages"\n[event.rules]\n"service.pai" = 48\n')
    for command in ("board", "collect"):
        said = crmkit(command, folder, code=2)
        assert "event 'Wages': There is no rule 'service.pai'. Did you mean 'service.pay'?" in said


def test_an_event_changes_a_rule_of_the_engine(tmp_path):
    folder = tmp_path / "g"
    crmkit("new", "--out", folder, "--seed", 7, "--teams", 1, "--customers", 120, "--replays", 0)
    with (folder / "game.toml").open("a") as file:
        file.write('[[event]]\nround = 2\ntitle = "Wages"\n[event.rules]\n"service.pay" = 48\n')
    for _ in range(2):
        crmkit("advance", folder, "--without-decisions")
    accounts = all_rounds(folder / "teams/team-1")["accounts"]
    desk = accounts[accounts["item"] == "service desk"]["amount"].tolist()
    assert desk[1] == pytest.approx(2 * desk[0], rel=0.01)
    assert "service.pay = " in crmkit("rules")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("new", "--out", "x", "--seed", "1", "--rounds", "99"), "from 3 to 12"),
        (("new", "--out", "x", "--seed", "1", "--teams", "no.txt"), "cannot be opened"),
        (("collect", "nowhere"), "is not a game folder"),
        (("advance", "nowhere"), "is not a game folder"),
        (("board", "nowhere"), "is not a game folder"),
        (("debrief", "nowhere"), "is not a game folder"),
        (("collect", "nowhere", "--until", "tomorrow"), "write a time such as 18:00"),
        (("check", "nothing.toml"), "cannot be read"),
    ],
)
def test_bad_input_is_a_sentence(tmp_path, monkeypatch, arguments, words):
    monkeypatch.chdir(tmp_path)
    assert words in crmkit(*arguments, code=2).replace("\n", " ")
    assert list(tmp_path.iterdir()) == []


def test_help_starts_without_pandas():
    code = (
        "import sys; from typer.testing import CliRunner; from crmkit.cli import app\n"
        "out = CliRunner().invoke(app, ['game', '--help']).output\n"
        "assert 'collect' in out and 'debrief' in out, out\n"
        "assert 'pandas' not in sys.modules and 'numpy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_manifest_tells_nothing_of_the_truth(tmp_path):
    folder = tmp_path / "g"
    crmkit("new", "--out", folder, "--seed", 7, "--teams", 1, "--customers", 120)
    told = [p.name for p in (folder / "teams").rglob("*") if p.is_file()]
    assert not {"state.npz", "result.json", "truth"} & set(told)
    assert "seed" not in json.loads((folder / "teams/team-1/team.json").read_text())
    assert replace(read_game(folder)).played() == 0
