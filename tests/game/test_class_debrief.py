"""The debrief of a class: each team's run taken apart, with the trainer's events and in one market, and resumed."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from crmkit.errors import CrmkitError
from crmkit.game import durable, looking_back
from crmkit.game.decisions import changed, decisions_text
from crmkit.game.inbox import collect
from crmkit.game.looking_back import PIECES, look_back, replayable
from crmkit.game.machine import engine
from crmkit.game.making import Setting, make_game
from crmkit.game.play import profit, run_fast
from crmkit.game.policies import as_before, plan_of
from crmkit.game.rounds import advance
from crmkit.game.runs import pairs, runs
from crmkit.game.team_pages import overview, team_page, write_pages
from crmkit.game.teams import read_game
from crmkit.practice.alone import working_alone
from crmkit.practice.roster import Student as Team

from .test_class_shown import Tags

RED, BLUE = Team("red", "Red & co"), Team("blue", "Blue")
CUSTOMERS = 120
CHEAP = plan_of({"prices.level": 0.9, "wake.drowsy": "call"}, CUSTOMERS)
EVENT = '\n[[event]]\nround = 2\ntitle = "Wages"\n[event.rules]\n"service.pay" = 40\n'


def played(folder, market="equal"):
    setting = Setting(seed=7, rounds=3, customers=CUSTOMERS, market=market, replays=9)
    game = make_game(folder / "g", [RED, BLUE], setting, engine())
    with (game.folder / "game.toml").open("a") as file:
        file.write(EVENT)
    (folder / "in").mkdir()
    for number in (1, 2, 3):
        (folder / "in/red.toml").write_text(
            decisions_text(CHEAP if number < 3 else changed(CHEAP, {"service.agents": 3}))
        )
        collect(game.folder, folder / "in")
        advance(game.folder, engine(), number=number)
    # What a trainer writes afterwards is not what was played.
    path = game.folder / "game.toml"
    path.write_text(path.read_text().replace("40", "60"))
    return game


@pytest.fixture(scope="module")
def equal(tmp_path_factory):
    return played(tmp_path_factory.mktemp("equal"))


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    return played(tmp_path_factory.mktemp("shared"), "shared")


@pytest.fixture(scope="module")
def backs(equal):
    return look_back(equal)


@pytest.mark.parametrize("market", ["equal", "shared"])
def test_a_teams_run_comes_out_again_as_it_was_played(request, market):
    """With the rules of each round and, in one market, with its rivals: to the penny and to the last customer."""
    game = request.getfixturevalue(market)
    for team in game.teams:
        run = replayable(game, team)
        bills, state = run_fast(run.decisions, run.states[0], run.played, run.luck)
        earned = runs(game).query("team == @team.id and run == 0 and measure == 'profit'")
        assert profit(bills) == pytest.approx(earned["value"].sum(), abs=0.005)
        for name, values in vars(run.state.life).items():
            assert np.array_equal(values, getattr(state.life, name)), name
        assert run.states[0].around.rules[2]["service.pay"] == 40
        assert (len(run.states[0].around.rivals) == 3) == (market == "shared")


def test_in_one_market_nobody_wins_whom_another_has(shared):
    """A team that is made to decide otherwise cannot take the others' customers: they stay as they were."""
    red, blue = (replayable(shared, team) for team in shared.teams)
    _, state = run_fast([as_before(CUSTOMERS)] * 3, red.states[0], 3, red.luck)
    others = blue.state.is_customer
    others[: state.customers] = False
    both = state.is_customer & others
    # Those who look at red now and looked at blue then may be counted on both sides; nobody else.
    assert both.sum() <= 0.5 * max(others.sum(), 1)


def test_parts_add_up_from_as_before_to_the_run(backs):
    red, blue = backs["red"], backs["blue"]
    assert red.causes["part"].tolist() == ["service", "prices", "wake", "all parts"]
    assert abs(red.rest) < 0.05
    # Blue went on as before: nothing to share out, and the common luck and customers of both.
    assert blue.causes["part"].tolist() == ["all parts"]
    assert blue.earned == pytest.approx(blue.before, abs=0.005) == red.before
    assert blue.ahead == blue.ahead_before == red.ahead_before
    assert red.slips["slip"].tolist().count("prices were cut, and the rival followed") == 1
    assert blue.customers["annoyed"] == blue.customers["annoyed_before"]


def test_an_interrupted_look_back_goes_on(tmp_path, equal, backs, monkeypatch):
    home = equal.folder / looking_back.PARTS
    assert len(list(home.iterdir())) == 2 * len(PIECES)
    (home / "red-causes.json").unlink()
    (home / "blue-fates.json").write_text('{"key": "of another plan"}')
    (home / "blue-slips.json").write_text("torn")
    computed = []
    make = looking_back.keep_piece

    def keep(folder, team, piece):
        computed.append((team, piece))
        make(folder, team, piece)

    monkeypatch.setattr(looking_back, "keep_piece", keep)
    seen = []
    again = look_back(equal, done=lambda team, piece: seen.append((team, piece)))
    assert computed == [("red", "causes"), ("blue", "slips"), ("blue", "fates")]
    assert sorted(seen) == sorted((t, p) for t in ("red", "blue") for p in PIECES)
    assert again["red"].causes.equals(backs["red"].causes)


class Killed(BaseException):
    """A command dies here, and cleans nothing up."""


def test_killed_at_any_file_the_next_debrief_makes_all_of_it(tmp_path, equal, backs, monkeypatch):
    """At eight moments: what was computed is kept, half a file is cleared away, and the pages come out whole."""
    write_pages(equal, backs)
    whole = contents(equal.folder / "debrief")
    assert len(whole) == 2 * len(PIECES) + 3
    game = read_game(shutil.copytree(equal.folder, tmp_path / "g"))
    home = game.folder / "debrief"
    shutil.rmtree(home)
    put, left, computed = durable.put, [0], []

    def dying(path, content):
        left[0] -= 1
        if left[0] == 0:
            raise Killed
        put(path, content)

    def keep(folder, team, piece):
        name = f"{looking_back.PARTS}/{team}-{piece}.json"
        computed.append(name)
        durable.put(folder / name, (equal.folder / name).read_bytes())

    monkeypatch.setattr(durable, "put", dying)
    monkeypatch.setattr(looking_back, "keep_piece", keep)
    # Two pieces more each time, and then the pages: the first, the second, the third.
    for moment in (1, 3, 3, 3, 3, 1, 2, 3):
        left[0] = moment
        with pytest.raises(Killed):
            write_pages(game, look_back(game))
        for folder in (home, home / "parts"):
            folder.mkdir(parents=True, exist_ok=True)
            (folder / ".crmkit-half.tmp").write_text("half")
    left[0] = -1
    computed.clear()
    write_pages(game, look_back(game))
    assert computed == []
    assert contents(home) == whole


def contents(folder):
    return {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL])
def test_a_debrief_that_is_stopped_leaves_no_process_behind(tmp_path, equal, sent):
    """Its processes would hold the folder's lock for ever: no command could work there any more."""
    folder = shutil.copytree(equal.folder, tmp_path / "g", ignore=shutil.ignore_patterns("debrief"))
    code = f"import signal; signal.signal(signal.SIGINT, signal.default_int_handler); {COMMAND}"
    command = [sys.executable, "-c", code, "game", "debrief", str(folder), "--jobs", "2"]
    pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    process = subprocess.Popen(command, text=True, start_new_session=True, **pipes)
    parts = folder / looking_back.PARTS
    until(lambda: parts.is_dir() and any(parts.glob("*.json")))
    # Ctrl-C reaches the command and its processes; a kill the command alone.
    (os.killpg if sent == signal.SIGINT else os.kill)(process.pid, sent)
    said = process.communicate(timeout=60)[1]
    if sent == signal.SIGINT:
        assert process.returncode == 130
        assert "Stopped. Nothing is lost: give the same command again." in said
        assert "Traceback" not in said
    until(lambda: is_free(folder))
    assert len(list(parts.glob("*.json"))) < 2 * len(PIECES)


COMMAND = "from crmkit.cli import app; app()"


def until(true, seconds=60):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def is_free(folder):
    try:
        with working_alone(folder, "crmkit game"):
            return True
    except CrmkitError:
        return False


def test_several_processes_give_the_same(equal, backs):
    for path in (equal.folder / looking_back.PARTS).glob("*-fates.json"):
        path.unlink()
    again = look_back(equal, jobs=2)
    assert again["red"].fates.equals(backs["red"].fates)


def test_pages_say_why(equal, backs):
    table = runs(equal)
    page = team_page(equal, RED, table, backs["red"])
    labels = Tags(page).labels
    assert any("profit by cause" in text and "prices" in text for text in labels)
    assert any("replays brought less" in text for text in labels)
    for words in ("Most was lost by: ", "lesson 14", "Red &amp; co beside Blue", "Shapley"):
        assert words in page
    wall = overview(equal, table, backs)
    Tags(wall)
    assert "prices were cut, and the rival followed" in wall
    assert "<script" not in page + wall
    assert "there is nothing to share out" in team_page(equal, BLUE, table, backs["blue"])
    assert [path.name for path in write_pages(equal, backs)] == [
        *("index.html", "red.html", "blue.html")
    ]


def test_pairs_are_seen_from_both_sides(equal):
    one, two = (pairs(runs(equal), 3, of=team).iloc[0] for team in ("red", "blue"))
    assert (one["more"], one["low"], one["high"]) == (-two["more"], -two["high"], -two["low"])
    assert one["ahead"] + two["ahead"] == one["runs"] == 10


def test_bad_input_is_a_sentence(tmp_path, equal):
    game = make_game(tmp_path / "g", [RED], Setting(seed=1, customers=50), engine())
    with pytest.raises(CrmkitError, match="Nothing has been played yet"):
        look_back(game)
    with pytest.raises(CrmkitError, match="jobs"):
        look_back(equal, jobs=0)


def test_a_spoilt_state_is_named(tmp_path):
    game = make_game(tmp_path / "g", [RED], Setting(seed=1, customers=50, replays=0), engine())
    advance(game.folder, engine(), without=True)
    path = game.round_folder(1) / "teams/red/state/state.toml"
    path.unlink()
    with pytest.raises(CrmkitError, match="Put a copy of the game's folder back"):
        look_back(read_game(game.folder))
    assert json.loads((game.folder / "game.json").read_text())["seed"] == 1
