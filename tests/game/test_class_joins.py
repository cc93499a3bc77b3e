"""A team that joins a running game: where it begins, that nobody else is touched, and that a kill loses nothing."""

import os
import shutil

import pytest

from crmkit.errors import CrmkitError
from crmkit.game import joining
from crmkit.game.board import board
from crmkit.game.inbox import collect
from crmkit.game.joining import join
from crmkit.game.making import Setting, make_game
from crmkit.game.results import JOINED, read_result
from crmkit.game.rounds import advance
from crmkit.game.runs import runs
from crmkit.game.teams import numbered, read_game
from crmkit.practice.roster import Student as Team

from .fake_engine import FAKE
from .test_class import decide

RED, BLUE = Team("red", "Red"), Team("blue", "Blue")
EVENT = '\n[[event]]\nround = 2\ntitle = "Rent"\n[event.rules]\n"shop.rent" = 900\n'


def begin(folder, teams=(RED, BLUE), rounds=4):
    game = make_game(folder, teams, Setting(seed=7, rounds=rounds, replays=9), FAKE)
    with (game.folder / "game.toml").open("a") as file:
        file.write(EVENT)
    for _ in range(2):
        decide(game, "red", {"prices.level": 1.1 + game.played() / 100}, game.played() + 1)
        collect(game.folder)
        advance(game.folder, FAKE)
    return game


@pytest.fixture
def game(tmp_path):
    return begin(tmp_path / "g")


def files(folder, left_out=()):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not set(path.relative_to(folder).parts) & set(left_out)
    }


def test_a_late_team_stands_where_one_stands_that_was_always_away(tmp_path, game):
    # Whether rules of a round that is gone were changed afterwards does not matter.
    text = (game.folder / "game.toml").read_text()
    (game.folder / "game.toml").write_text(text.replace("900", "5"))
    joined = join(game.folder, "Late Ones", FAKE)
    assert [team.id for team in joined.teams] == ["red", "blue", "late-ones"]
    beside = begin(tmp_path / "beside", (RED, BLUE, Team("late-ones", "Late Ones")))
    for number in (1, 2):
        mine = joined.round_folder(number) / "teams/late-ones"
        assert files(mine) == files(beside.round_folder(number) / "teams/late-ones")
        ours, theirs = (read_result(one, number).teams["late-ones"] for one in (joined, beside))
        assert (ours.measures, ours.replays) == (theirs.measures, theirs.replays)
        assert ours.source == JOINED
    assert runs(joined).equals(runs(beside))


def test_nothing_of_the_others_changes(game):
    changing = ("game.json", "journal.txt", "result.json", "delivered", "late")
    before = files(game.folder, changing)
    join(game.folder, "Late", FAKE)
    assert files(game.folder, changing) == before


def test_it_goes_on_with_all_others(game):
    joined = join(game.folder, "Late", FAKE)
    assert "joined later: until then as before the game" in board(joined)
    home = joined.folder / "teams/late"
    assert "You joined later" in (home / "news.md").read_text()
    assert sorted(path.name for path in (home / "reports").iterdir()) == [
        *("round_00", "round_01", "round_02")
    ]
    decide(joined, "late", {"prices.level": 1.2}, 3)
    assert collect(joined.folder).new == ("late",)
    done = advance(joined.folder, FAKE)
    assert (done.round, done.absent) == (3, ("red", "blue"))
    assert read_result(joined, 3).teams["late"].source == "own"
    assert "joined later" not in board(joined)


def test_before_the_first_round_it_is_a_team_like_the_others(tmp_path):
    game = make_game(tmp_path / "g", [RED], Setting(seed=7, rounds=3, replays=0), FAKE)
    joined = join(game.folder, "Blue", FAKE)
    beside = make_game(tmp_path / "h", [RED, BLUE], Setting(seed=7, rounds=3, replays=0), FAKE)
    ours, theirs = (files(one.folder / "teams/blue") for one in (joined, beside))
    assert list(ours) == list(theirs)
    assert ours["news.md"] == theirs["news.md"]


@pytest.mark.parametrize("step", ["result", "manifest", "delivered"])
def test_interrupted_the_next_call_makes_it_whole(tmp_path, monkeypatch, step):
    game = begin(tmp_path / "g")
    shutil.copytree(game.folder, tmp_path / "whole/g")
    join(tmp_path / "whole/g", "Late", FAKE)
    put = joining.durable.put

    def killed(path, content):
        if path.name == "result.json" and step == "result":
            raise KeyboardInterrupt
        if path.name == "game.json" and step == "manifest":
            raise KeyboardInterrupt
        put(path, content)

    monkeypatch.setattr(joining.durable, "put", killed)
    if step == "delivered":
        monkeypatch.setattr(joining, "deliver", lambda game: (_ for _ in ()).throw(OSError))
    with pytest.raises((KeyboardInterrupt, OSError)):
        join(game.folder, "Late", FAKE)
    monkeypatch.undo()
    # The game goes on with it or without it, and the board can be read.
    assert board(read_game(game.folder))
    if step != "result":
        assert advance(game.folder, FAKE).what == "completed"
    if step != "delivered":
        join(game.folder, "Late", FAKE)
    left_out = ("journal.txt",)
    assert files(game.folder, left_out) == files(tmp_path / "whole/g", left_out)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Red", "would have one folder"),
        ("!!!", "cannot be a team's"),
        ("x" * 61, "cannot be a team's"),
        ("a\nb", "cannot be a team's"),
    ],
)
def test_a_name_that_cannot_be_changes_nothing(game, name, words):
    before = files(game.folder)
    with pytest.raises(CrmkitError, match=words):
        join(game.folder, name, FAKE)
    assert files(game.folder) == before


def test_when_it_is_too_late(tmp_path):
    game = begin(tmp_path / "g", rounds=3)
    advance(game.folder, FAKE, without=True)
    with pytest.raises(CrmkitError, match="nobody can join any more"):
        join(game.folder, "Late", FAKE)


def test_in_one_market_nobody_joins_later(tmp_path):
    from dataclasses import replace

    def together(states, plans, seed):
        return [FAKE.step(*one, seed) for one in zip(states, plans, strict=True)]

    machine = replace(FAKE, together=together)
    setting = Setting(seed=7, rounds=3, replays=0, market="shared")
    game = make_game(tmp_path / "g", numbered(2), setting, machine)
    join(game.folder, "In time", machine)
    advance(game.folder, machine, without=True)
    with pytest.raises(CrmkitError, match="In one market nobody can join"):
        join(game.folder, "Late", machine)


def test_a_folder_in_the_way_is_no_teams(game):
    """What somebody put into a round's folder by hand is replaced: no team of this id has played."""
    home = game.round_folder(1) / "teams/late"
    home.mkdir()
    (home / "x").write_text("x")
    join(game.folder, "Late", FAKE)
    assert not (home / "x").exists()
    assert os.listdir(home)
