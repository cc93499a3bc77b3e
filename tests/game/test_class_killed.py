"""A game in class, killed at every step of a round: nothing is lost, and nothing is played twice."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from crmkit.game.making import Setting, make_game
from crmkit.game.rounds import COMPLETED, PLAYED, advance
from crmkit.practice.roster import Student as Team

from .fake_engine import FAKE

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
TEAMS = [Team("red", "Red"), Team("blue", "Blue")]
SETTING = Setting(seed=7, rounds=3, replays=9, zips=True)
TIMES = ("journal.txt", "result.json", "handed_in.json")

KILLED = """
import os, signal, sys
sys.path.insert(0, sys.argv[2])
from fake_engine import FAKE
from crmkit.game.rounds import advance
def at(step):
    print(step, flush=True)
    if step == sys.argv[3]:
        os.kill(os.getpid(), signal.SIGKILL)
advance(sys.argv[1], FAKE, without=True, at=at)
"""
STEPS = [
    *("begun", "played for red", "played for blue", "run 5", "built", "in place", "journal"),
    *("given to red", "given to blue", "delivered", "tidied"),
]


def advance_in_a_process(folder, step):
    command = [sys.executable, "-c", KILLED, str(folder), str(Path(__file__).parent), step]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def contents(folder):
    """Give every file's checksum; zip files hold the times of what is in them."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in TIMES and path.suffix != ".zip"
    }


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """What two rounds look like when nobody interrupts them."""
    game = make_game(tmp_path_factory.mktemp("whole") / "game", TEAMS, SETTING, FAKE)
    for _ in range(2):
        advance(game.folder, FAKE, without=True)
    return contents(game.folder)


def test_the_steps_are_all_there_are(tmp_path):
    game = make_game(tmp_path / "game", TEAMS, SETTING, FAKE)
    seen = advance_in_a_process(game.folder, "none").stdout.splitlines()
    assert set(STEPS) <= set(seen)
    assert {step for step in seen if not step.startswith("run ")} == set(STEPS) - {"run 5"}


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_a_step_a_second_call_completes_it(tmp_path, whole, step):
    game = make_game(tmp_path / "game", TEAMS, SETTING, FAKE)
    advance(game.folder, FAKE, without=True)
    assert advance_in_a_process(game.folder, step).returncode == -signal.SIGKILL
    played = STEPS.index(step) > STEPS.index("built")
    assert game.played() == 1 + played
    if step in ("delivered", "tidied"):
        # All of it was done: a call without decisions finds nothing to complete, and plays no round.
        again = advance(game.folder, FAKE, number=2)
        assert again.what == "already"
    else:
        again = advance(game.folder, FAKE, without=True)
        assert again.what == (COMPLETED if played else PLAYED)
    assert (again.round, game.played()) == (2, 2)
    assert contents(game.folder) == whole


def test_killed_at_any_moment_nothing_is_lost(tmp_path, whole):
    game = make_game(tmp_path / "game", TEAMS, SETTING, FAKE)
    advance(game.folder, FAKE, without=True)
    command = [sys.executable, "-c", KILLED, str(game.folder), str(Path(__file__).parent), "none"]
    for place in range(5):
        if game.played() == 2:
            break
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        process.stdout.readline()  # it has begun
        time.sleep(0.02 * 2**place)
        process.kill()
        process.wait()
    advance(game.folder, FAKE, number=2 if game.played() == 2 else None, without=True)
    assert contents(game.folder) == whole


@pytest.mark.parametrize(
    "where", ["teams/blue", "teams/blue/decisions", "handouts/round_03", "rounds/02"]
)
def test_half_a_file_of_a_killed_hand_out_is_cleared_away(tmp_path, whole, where):
    game = make_game(tmp_path / "game", TEAMS, SETTING, FAKE)
    advance(game.folder, FAKE, without=True)
    advance_in_a_process(game.folder, "given to red")
    (game.folder / where / ".crmkit-half.tmp").write_text("half")
    advance(game.folder, FAKE, without=True)
    assert contents(game.folder) == whole


def test_a_game_killed_while_it_is_made_is_made_anew(tmp_path):
    code = KILLED.replace("advance(sys.argv[1], FAKE, without=True, at=at)", MAKE)
    script = [sys.executable, "-c", code, str(tmp_path / "game"), str(Path(__file__).parent), "x"]
    assert subprocess.run(script, check=False).returncode == -signal.SIGKILL
    assert not (tmp_path / "game").exists()
    game = make_game(tmp_path / "game", TEAMS, SETTING, FAKE)
    assert [path.name for path in tmp_path.iterdir()] == ["game"]
    assert game.played() == 0


MAKE = """
from dataclasses import replace
from crmkit.game.making import Setting, make_game
from crmkit.game.teams import numbered
def dies(state):
    os.kill(os.getpid(), signal.SIGKILL)
make_game(sys.argv[1], numbered(2), Setting(seed=1), replace(FAKE, history=dies))
"""
