"""A game in class as a trainer plays it: made, collected in any mess, advanced once and not twice."""

import datetime as dt
import io
import json
import os
import re
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from crmkit.errors import CrmkitError
from crmkit.game import delivery, teams
from crmkit.game.decided import AS_BEFORE, Forecast
from crmkit.game.decisions import changed, decisions_text
from crmkit.game.inbox import collect
from crmkit.game.making import Setting, make_game
from crmkit.game.own_folder import check_for_round
from crmkit.game.rounds import ALREADY, BEFORE, OWN, PLAYED, REPEATED, advance, read_result
from crmkit.game.runs import standings
from crmkit.game.tables import all_rounds
from crmkit.game.teams import numbered, read_game, read_teams
from crmkit.practice.roster import Student as Team

from .fake_engine import FAKE

RED_BLUE = [Team("red", "Red"), Team("blue", "Blue")]


@pytest.fixture
def game(tmp_path):
    return make_game(tmp_path / "the game", RED_BLUE, Setting(seed=7, rounds=3, replays=0), FAKE)


def own_file(game, team, number=1):
    return game.folder / "teams" / team / "decisions" / f"round_{number:02d}.toml"


def decide(game, team, changes, number=1):
    """Change a team's file as a person does: values in place, all else as it is."""
    path = own_file(game, team, number)
    first = path.read_text().splitlines()[0]
    plan = changed(delivery.plan_of(game, game.team(team), number - 1), changes)
    path.write_text(f"{first}\n{decisions_text(plan)}", encoding="utf-8")
    return path


# --- made ----------------------------------------------------------------------------------------


def test_each_team_gets_a_folder_and_the_truth_stays_with_the_trainer(game):
    home = game.folder / "teams/red"
    files = sorted(p.relative_to(home).as_posix() for p in home.rglob("*") if p.is_file())
    assert files == [
        *("coming.json", "decisions/round_01.toml", "desk.ipynb", "news.md", "read_me.md"),
        *("reports/round_00/orders.csv", "reports/round_00/types.json", "team.json"),
    ]
    assert own_file(game, "red").read_text().startswith('# crmkit game: {"game"')
    orders = all_rounds(home)["orders"]
    assert orders["date"].dt.year.tolist() == [2024, 2024]
    assert orders["returned"].tolist() == [False, True]


def test_a_game_is_made_whole_or_not_at_all(tmp_path):
    broken = replace(FAKE, history=lambda state: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        make_game(tmp_path / "g", RED_BLUE, Setting(seed=1), broken)
    assert not (tmp_path / "g").exists()
    make_game(tmp_path / "g", RED_BLUE, Setting(seed=1), FAKE)
    assert [p.name for p in tmp_path.iterdir()] == ["g"]


def test_what_is_in_the_way_is_left_alone(tmp_path, game):
    with pytest.raises(CrmkitError, match="is a game already"):
        make_game(game.folder, RED_BLUE, Setting(seed=7), FAKE)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/thesis.txt").write_text("mine")
    with pytest.raises(CrmkitError, match="is in use"):
        make_game(tmp_path / "mine", RED_BLUE, Setting(seed=7), FAKE)
    assert (tmp_path / "mine/thesis.txt").read_text() == "mine"


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        (Setting(seed=1, rounds=2), "from 3 to 12"),
        (Setting(seed=1, rounds=13), "from 3 to 12"),
        (Setting(seed=1, market="shared"), "Rivals in one market cannot be played"),
        (Setting(seed=1, market="open"), "market is 'equal' or 'shared'"),
        (Setting(seed=1, replays=10), "replays must be one of 0, 9, 19"),
    ],
)
def test_a_setting_that_cannot_be_is_refused(tmp_path, setting, words):
    with pytest.raises(CrmkitError, match=words):
        make_game(tmp_path / "g", RED_BLUE, setting, FAKE)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Red\nBlue Whales\n\n", ["Red", "Blue Whales"]),
        ("name,email\nRed,r@x.org\nBlue,b@x.org\n", ["Red", "Blue"]),
        ("\ufeff红队\r\n蓝队\r\n", ["红队", "蓝队"]),
    ],
)
def test_names_come_from_lines_or_from_a_table(tmp_path, text, names):
    path = tmp_path / "teams.txt"
    path.write_bytes(text.encode())
    assert [team.name for team in read_teams(path)] == names


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "0 teams"),
        ("Red\nred\n", "would have one folder, 'red'"),
        ("!!!\n", "cannot be a team's"),
        ("x" * 61, "cannot be a team's"),
        ("\n".join(f"team {n}" for n in range(41)), "41 teams"),
    ],
)
def test_names_that_give_no_folders_are_refused(tmp_path, text, words):
    path = tmp_path / "teams.txt"
    path.write_text(text)
    with pytest.raises(CrmkitError, match=words):
        read_teams(path)


# --- played --------------------------------------------------------------------------------------


def test_a_round_in_the_teams_own_folders(game):
    decide(game, "red", {"prices.level": 1.1})
    found = collect(game.folder)
    assert (found.new, found.unchanged, found.missing) == (("red",), ("blue",), ())
    done = advance(game.folder, FAKE)
    assert (done.what, done.round, done.absent) == (PLAYED, 1, ("blue",))
    outcomes = read_result(game, 1).teams
    assert [outcomes[t].source for t in ("red", "blue")] == [OWN, BEFORE]
    # The same chance for both: what differs is what was decided.
    gap = outcomes["red"].measures["turnover"] - outcomes["blue"].measures["turnover"]
    assert gap == pytest.approx(4000)
    orders = all_rounds(game.folder / "teams/red")["orders"]
    assert len(orders) == 3
    assert not list((game.folder / "teams").rglob("truth*"))
    # The next file begins as what was decided last.
    assert "level = 1.1" in own_file(game, "red", 2).read_text()


def test_a_file_that_came_back_unchanged_is_a_decision(game, tmp_path):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    for team in ("red", "blue"):
        (inbox / f"{team}.toml").write_bytes(own_file(game, team).read_bytes())
    found = collect(game.folder, inbox)
    assert (found.new, found.unchanged, found.missing) == (("red", "blue"), (), ())
    assert advance(game.folder, FAKE).absent == ()
    assert {one.source for one in read_result(game, 1).teams.values()} == {OWN}


def test_the_file_that_was_handed_out_takes_no_decision_back(game, tmp_path):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    blank = own_file(game, "red").read_bytes()
    (inbox / "red.toml").write_bytes(decide(game, "red", {"service.agents": 5}).read_bytes())
    assert collect(game.folder, inbox).new == ("red",)
    (inbox / "red.toml").write_bytes(blank)
    assert collect(game.folder, inbox).kept == ("red",)
    assert "agents = 5" in (game.folder / "collected/01/red.toml").read_text()
    # The other way round the decision counts, whatever time its file says.
    (inbox / "blue.toml").write_bytes(blank.replace(b'"red"', b'"blue"'))
    assert collect(game.folder, inbox).new == ("blue",)
    changed_file = inbox / "blue round 1.toml"
    changed_file.write_bytes(decide(game, "blue", {"service.agents": 4}).read_bytes())
    os.utime(changed_file, (1e9, 1e9))
    assert collect(game.folder, inbox).new == ("blue",)
    assert "agents = 4" in (game.folder / "collected/01/blue.toml").read_text()


def test_the_news_say_what_came_and_what_was_forecast(game):
    path = decide(game, "red", {"service.agents": 3})
    stated = {"turnover": Forecast(1.0, 2.0, 3.0), "orders": Forecast(0.0, 1.0, 1e6)}
    plan = replace(changed(AS_BEFORE, {"service.agents": 3}), forecast=stated)
    path.write_text(path.read_text().splitlines()[0] + "\n" + decisions_text(plan))
    with (game.folder / "game.toml").open("a") as file:
        file.write('[[event]]\nround = 1\ntitle = "Rent"\n[event.rules]\n"shop.rent" = 500\n')
    collect(game.folder)
    advance(game.folder, FAKE)
    came = read_result(game, 1).teams["red"].measures
    red, blue = ((game.folder / f"teams/{team}/news.md").read_text() for team in ("red", "blue"))
    assert f"| turnover (£) | {came['turnover']:,.0f} | 1 to 3 | no |" in red
    assert "Still so, from earlier rounds: Rent." in red
    assert "Nothing was handed in" not in red
    assert "Nothing was handed in" in blue
    assert "| none |" in blue


def test_a_small_game_begins_with_the_spending_of_its_size(tmp_path):
    small = make_game(tmp_path / "small", RED_BLUE, Setting(7, 3, 500, replays=0), FAKE)
    assert "search = 300" in own_file(small, "red").read_text()


def test_a_team_learns_of_a_closed_lever_before_it_hands_in(game):
    with (game.folder / "game.toml").open("a") as file:
        file.write('[[open]]\nround = 1\nlevers = ["service"]\n')
    delivery.deliver(game)
    good = changed(AS_BEFORE, {"service.agents": 3})
    path = own_file(game, "red")
    assert check_for_round(path, good) == 1
    with pytest.raises(CrmkitError, match=r"prices\.level is closed in this round"):
        check_for_round(path, changed(good, {"prices.level": 1.1}))
    with pytest.raises(CrmkitError, match="is for round 2, and round 1 comes next"):
        check_for_round(own_file(game, "red", 2), good)
    assert check_for_round(game.folder / "round_01.toml", good) is None


def test_an_absent_team_repeats_its_levers_and_no_forecast(game):
    path = decide(game, "red", {"service.agents": 5})
    plan = replace(
        changed(AS_BEFORE, {"service.agents": 5}),
        forecast={"turnover": Forecast(1.0, 2.0, 3.0)},
    )
    path.write_text(decisions_text(plan))
    collect(game.folder)
    advance(game.folder, FAKE)
    done = advance(game.folder, FAKE, without=True)
    assert done.absent == ("red", "blue")
    played = delivery.plan_of(game, game.team("red"), 2)
    assert played.service.agents == 5
    assert not played.forecast
    assert read_result(game, 2).teams["red"].source == REPEATED


def test_twice_is_not_two_rounds(game):
    decide(game, "red", {"prices.level": 0.9})
    collect(game.folder)
    advance(game.folder, FAKE)
    with pytest.raises(CrmkitError, match="No decisions have been collected for round 2"):
        advance(game.folder, FAKE)
    assert advance(game.folder, FAKE, number=1).what == ALREADY
    with pytest.raises(CrmkitError, match="Round 2 comes next, not round 3"):
        advance(game.folder, FAKE, number=3)
    assert game.played() == 1


def test_a_game_ends(game):
    for _ in range(3):
        done = advance(game.folder, FAKE, without=True)
    assert done.over
    with pytest.raises(CrmkitError, match="All 3 rounds have been played"):
        advance(game.folder, FAKE, without=True)
    with pytest.raises(CrmkitError, match="nothing more to collect"):
        collect(game.folder)
    assert not own_file(game, "red", 4).exists()
    assert "The game is over" in (game.folder / "teams/red/news.md").read_text()


def test_the_same_game_gives_the_same_bytes(tmp_path, game):
    setting = Setting(seed=7, rounds=3, replays=0)
    twin = make_game(tmp_path / "other/the game", RED_BLUE, setting, FAKE)
    for one in (game, twin):
        decide(one, "red", {"prices.level": 1.05})
        collect(one.folder)
        advance(one.folder, FAKE)
    for path in (p for p in game.folder.rglob("*") if p.is_file()):
        name = path.relative_to(game.folder)
        if name.name in ("handed_in.json", "result.json", "journal.txt"):
            continue  # these hold times
        assert path.read_bytes() == (twin.folder / name).read_bytes(), name


def test_only_the_last_rounds_replays_keep_their_states(tmp_path):
    game = make_game(tmp_path / "g", RED_BLUE, Setting(seed=7, rounds=3), FAKE)
    for _ in range(2):
        advance(game.folder, FAKE, without=True)
    assert [len(read_result(game, n).teams["red"].replays) for n in (1, 2)] == [9, 9]
    assert not (game.folder / "rounds/01/teams/red/replays").exists()
    assert len(list((game.folder / "rounds/02/teams/red/replays").iterdir())) == 9


@pytest.mark.parametrize("count", [9, 19, 39])
def test_a_further_run_lies_in_the_interval_in_eight_of_ten_games(count):
    rng = np.random.default_rng(1)
    games, runs = 1000, count + 1
    values = rng.lognormal(size=(games, runs))
    # A game for each team: far from normal, because the interval must not ask for a shape.
    table = pd.DataFrame(
        {
            "team": np.repeat(np.arange(games), runs),
            "round": 1,
            "run": np.tile(np.arange(runs), games),
            "measure": "profit",
            "so_far": values.ravel(),
        }
    )
    rows = standings(table, 1)
    inside = (rows["low"] <= rows["so_far"]) & (rows["so_far"] <= rows["high"])
    assert inside.mean() == pytest.approx(0.8, abs=0.04)


# --- the trainer's file --------------------------------------------------------------------------


def trainers(game, text):
    (game.folder / "game.toml").write_text(f'title = "Spring"\nrounds = 3\n{text}')


def test_closed_levers_keep_their_values(game):
    trainers(game, '[[open]]\nround = 1\nlevers = ["prices", "service.hours"]\n')
    decide(game, "red", {"prices.level": 1.1, "service.agents": 4})
    decide(game, "blue", {"prices.level": 1.1, "service.hours": "long"})
    found = collect(game.folder)
    assert found.new == ("blue",)
    (thing,) = found.set_aside
    assert thing.team == "red"
    assert "service.agents is closed in this round. Write 2 again." in thing.why


def test_what_is_opened_later_is_open_then(game):
    trainers(game, '[[open]]\nround=1\nlevers=[]\n[[open]]\nround=2\nlevers=["all"]\n')
    assert collect(game.folder).set_aside == ()
    advance(game.folder, FAKE, without=True)
    assert "All levers are open" in (game.folder / "teams/red/news.md").read_text()
    decide(game, "red", {"prices.level": 1.1}, 2)
    assert collect(game.folder).new == ("red",)


def test_a_lever_closed_after_collecting_stops_the_round_and_says_what_to_do(game):
    decide(game, "red", {"prices.level": 1.1})
    collect(game.folder)
    trainers(game, "[[open]]\nround = 1\nlevers = []\n")
    with pytest.raises(CrmkitError, match=r"red\.toml was good when it was collected"):
        advance(game.folder, FAKE)
    assert game.played() == 0


def test_an_event_changes_the_rules_from_its_round_on(game):
    trainers(
        game,
        '[[event]]\nround = 2\ntitle = "<b>Rent</b>"\ntext = "Up."\n[event.rules]\n"shop.rent" = 500\n',
    )
    for _ in range(3):
        advance(game.folder, FAKE, without=True)
    rents = [
        next(
            row.split(",")[2]
            for row in (game.folder / f"teams/red/reports/round_{n:02d}/accounts.csv")
            .read_text()
            .splitlines()
            if "rent" in row
        )
        for n in (1, 2, 3)
    ]
    assert [float(rent) for rent in rents] == [0, -500, -500]
    assert read_result(game, 2).events[0]["title"] == "<b>Rent</b>"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("rounds = 3\n", "cannot be read as TOML"),
        ('[[open]]\nround = 1\nlevers = ["price"]\n', "'prices' is meant"),
        ("[[open]]\nround = 0\nlevers = []\n", "from 1 to 12"),
        ('[[open]]\nround = 1\nlevers = "all"\n', "must be a list"),
        ("[open]\nround = 1\n", "with two brackets"),
        ("[[open]]\nround=1\nlevers=[]\n[[open]]\nround=1\nlevers=[]\n", "has an entry already"),
        ('[[event]]\nround = 2\ntitel = "x"\n', "'title' is meant"),
        ("[[event]]\nround = 2\n", "title must be a text"),
        ('[[event]]\nround = 2\ntitle = "x"\nrules = 3\n', "rules must be a section"),
        ("speed = 3\n", "there is no 'speed'"),
    ],
)
def test_what_is_wrong_in_the_trainers_file_is_said(game, text, words):
    trainers(game, text)
    with pytest.raises(CrmkitError, match=words):
        game.course()


def test_an_unknown_rule_stops_the_round_before_it_is_played(game):
    trainers(game, '[[event]]\nround = 1\ntitle = "x"\n[event.rules]\n"shop.rant" = 1\n')
    with pytest.raises(CrmkitError, match="There is no rule"):
        advance(game.folder, FAKE, without=True)
    assert game.played() == 0


@pytest.mark.parametrize(
    "change",
    [
        {"seed": "x"},
        {"teams": []},
        {"market": 1},
        {"teams": [{"id": "../x", "name": "x"}]},
        {"x": 1},
    ],
)
def test_a_spoilt_game_is_refused_in_a_sentence(game, change):
    plain = json.loads((game.folder / "game.json").read_text())
    (game.folder / "game.json").write_text(json.dumps(plain | change))
    with pytest.raises(CrmkitError, match=r"game\.json cannot be read"):
        read_game(game.folder)


# --- collected in any mess -----------------------------------------------------------------------


@pytest.fixture
def inbox(tmp_path):
    (tmp_path / "in box").mkdir()
    return tmp_path / "in box"


def plan_text(**changes):
    return decisions_text(changed(AS_BEFORE, {k.replace("__", "."): v for k, v in changes.items()}))


def zipped(files):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return content.getvalue()


@pytest.mark.parametrize("way", ["file", "zip", "folder", "platform", "no name at all", "deep"])
def test_a_plan_is_known_however_it_comes(game, inbox, way):
    stamped = decide(game, "red", {"service.agents": 6}).read_text()
    plain = plan_text(service__agents=6)
    if way == "file":
        (inbox / "red.toml").write_text(plain)
    elif way == "zip":
        (inbox / "Red round 1.zip").write_bytes(zipped({"decisions.toml": plain}))
    elif way == "folder":
        (inbox / "red").mkdir()
        (inbox / "red/my decisions.toml").write_text(plain)
    elif way == "platform":
        (inbox / "Red_991234_assignsubmission_file_").mkdir()
        (inbox / "Red_991234_assignsubmission_file_/x.toml").write_text(plain)
    elif way == "no name at all":
        (inbox / "untitled (3).toml").write_text(stamped)
    else:
        (inbox / "all teams/Team Red").mkdir(parents=True)
        (inbox / "all teams/Team Red/a.toml").write_text(plain)
    found = collect(game.folder, inbox)
    assert found.set_aside == ()
    assert found.new == ("red",)
    assert found.missing == ("blue",)
    assert collect(game.folder, inbox).kept == ("red",)


def test_the_whole_folder_of_a_team_comes_back_as_a_zip_file(game, inbox):
    advance(game.folder, FAKE, without=True)
    decide(game, "blue", {"prices.level": 0.95}, 2)
    home = game.folder / "teams/blue"
    files = {
        f"blue/{p.relative_to(home).as_posix()}": p.read_bytes()
        for p in home.rglob("*")
        if p.is_file()
    }
    (inbox / "upload.zip").write_bytes(zipped(files))
    found = collect(game.folder, inbox)
    assert (found.new, found.set_aside) == (("blue",), ())


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("red.toml", b"agents = ", "cannot be read as TOML"),
        (
            "red.toml",
            plan_text(prices__level=1.15).replace("1.15", "9.15").encode(),
            "prices.level",
        ),
        ("red.toml", b"\xff\xfe\x00", "UTF-8"),
        ("red.toml", b"x" * 200_000, "is longer than 100,000 bytes"),
        ("red.docx", b"PK", "neither a folder, nor a zip file"),
        ("red.zip", b"PK\x03\x04 torn", "is torn, or no zip file: ask"),
        ("red.zip", zipped({"photo.jpg": b"x"}), "holds no file of decisions"),
        ("red.zip", zipped({f"{n}.toml": plan_text() for n in range(61)}), "holds 61 files"),
        ("holiday.toml", plan_text().encode(), "belongs to no team"),
        ("red and blue.toml", plan_text().encode(), "could be any of|Red|named"),
        ("red_round_3.toml", plan_text(service__agents=3).encode(), "round 1 comes first"),
        ("red_round_00.toml", plan_text(service__agents=3).encode(), "round 0: there is none"),
        ("red.toml", b"", "is empty"),
        ("red.toml", plan_text().encode("utf-16"), "UTF-8"),
        ("red.toml", b"\0" * 500, "cannot be read as TOML"),
        # Reading it would take a minute: the time grows with the square of the key's parts.
        ("red.toml", b"a." * 20_000 + b"b = 1", "line 1 has 40,005 characters"),
        ("red.toml", b"a = " + b"[" * 900, "cannot be read as TOML"),
        ("red.toml", b"a = " + b"9" * 900 + b"e9" * 40, "cannot be read as TOML"),
        ("red.toml", plan_text().replace("agents = 2", "agents = nan").encode(), "service.agents"),
        ("red.toml", plan_text().encode() + b"[service]\nagents = 3\n", "cannot be read as TOML"),
        ("red.toml", plan_text().encode() + b"[nonsense]\nx = 1\n", "no section"),
        ("red.toml", b"<html>Please log in</html>", "cannot be read as TOML"),
        ("red.toml.txt", plan_text().encode(), "neither a folder, nor a zip file"),
        ("red.tar.gz", b"\x1f\x8b", "neither a folder, nor a zip file"),
        ("red.zip", b"", "is torn, or no zip file: ask"),
        ("red.zip", zipped({}), "holds no file of decisions"),
        ("red.zip", zipped({"in.zip": zipped({"a.toml": plan_text()})}), "holds no file"),
        ("red.zip", zipped({"round_01.toml": "#" * 30_000_000}), "is longer than 100,000 bytes"),
        ("red.zip", zipped({"blue/round_01.toml": plan_text()}), "holds a file of blue"),
        (
            "red.zip",
            zipped({"team.json": '{"game": "x", "team": "red"}', "a.toml": "a"}),
            "another",
        ),
    ],
)
def test_what_cannot_be_used_is_set_aside_and_named(game, inbox, name, content, words):
    (inbox / name).write_bytes(content)
    if name == "red and blue.toml":  # a name that begins with a team's is that team's
        assert collect(game.folder, inbox).new == ("red",)
        return
    found = collect(game.folder, inbox)
    (thing,) = found.set_aside
    assert name in thing.file
    assert re.search(words, thing.why)
    assert thing.team == ("red" if name.startswith("red") else "")
    assert found.new == ()
    listed = (game.folder / "collected/01/set_aside.csv").read_text(encoding="utf-8-sig")
    assert name in listed
    assert (inbox / name).read_bytes() == content


def test_another_games_file_and_a_neighbours_are_set_aside(tmp_path, game, inbox):
    other = make_game(tmp_path / "other", RED_BLUE, Setting(seed=8, rounds=3), FAKE)
    (inbox / "red.toml").write_text(decide(other, "red", {"service.agents": 5}).read_text())
    (inbox / "blue.toml").write_text(decide(game, "red", {"service.agents": 5}).read_text())
    found = collect(game.folder, inbox)
    assert sorted(thing.why for thing in found.set_aside) == [
        "is named for blue, but holds a file of red: whose is it?",
        "was handed out in another game: ask the team for the file of this one",
    ]
    # Whose it seems to be, so that the trainer knows whom to ask.
    assert [thing.team for thing in found.set_aside] == ["blue", "red"]


def test_the_newer_of_two_counts_and_the_older_is_kept(game, inbox):
    for name, agents, age in (("red a.toml", 3, 100), ("red b.toml", 4, 50)):
        (inbox / name).write_text(plan_text(service__agents=agents))
        os.utime(inbox / name, (time.time() - age,) * 2)
    found = collect(game.folder, inbox)
    assert "red b.toml counts, not that in red a.toml" in found.doubles[0]
    (inbox / "red b.toml").unlink()
    assert "older than what was collected" in collect(game.folder, inbox).doubles[0]
    (inbox / "red c.toml").write_text(plan_text(service__agents=8))
    collect(game.folder, inbox)
    home = game.folder / "collected/01"
    assert "agents = 8" in (home / "red.toml").read_text()
    assert "agents = 4" in (home / "earlier/red-1.toml").read_text()


def test_a_broken_file_never_replaces_a_good_one(game, inbox):
    (inbox / "red.toml").write_text(plan_text(service__agents=3))
    collect(game.folder, inbox)
    (inbox / "red.toml").write_text("[service")
    found = collect(game.folder, inbox)
    assert found.kept == ("red",)
    assert len(found.set_aside) == 1


def test_late_is_named_and_counts_only_when_asked_for(game, inbox):
    (inbox / "red.toml").write_text(plan_text(service__agents=3))
    before = dt.datetime.now().astimezone() - dt.timedelta(minutes=5)
    found = collect(game.folder, inbox, before)
    assert found.new == ()
    assert "came late" in found.set_aside[0].why
    assert collect(game.folder, inbox).new == ("red",)


def test_a_file_for_a_round_that_was_played_is_late(game, inbox):
    decide(game, "red", {"service.agents": 3})
    collect(game.folder)
    advance(game.folder, FAKE)
    assert collect(game.folder).set_aside == ()
    later = decide(game, "red", {"service.agents": 9})
    os.utime(later, (time.time() + 60,) * 2)
    (thing,) = collect(game.folder).set_aside
    assert "round 1, which has been played" in thing.why


def test_last_rounds_file_under_this_rounds_name_is_this_rounds(game):
    decide(game, "red", {"service.agents": 3})
    collect(game.folder)
    advance(game.folder, FAKE)
    own_file(game, "red", 2).write_text(
        own_file(game, "red").read_text().replace("agents = 3", "agents = 7")
    )
    assert collect(game.folder).new == ("red",)


def test_links_and_pipes_lead_nowhere(game, inbox):
    secret = inbox.parent / "secret.toml"
    secret.write_text(plan_text(service__agents=9))
    (inbox / "red.toml").symlink_to(secret)
    (inbox / "blue").mkdir()
    (inbox / "blue/decisions.toml").symlink_to(secret)
    (inbox / "blue/more").symlink_to(inbox.parent)
    os.mkfifo(inbox / "blue/pipe.toml")
    found = collect(game.folder, inbox)
    assert found.new == ()
    assert [t.why for t in found.set_aside] == [
        "holds no file of decisions (.toml)",
        "neither a folder nor a file",
    ]


def test_a_zip_file_leads_nowhere_and_fills_nothing(game, inbox):
    (inbox / "red.zip").write_bytes(zipped({"../../../red.toml": plan_text(service__agents=3)}))
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("decisions.toml", b" " * 50_000_000)
    (inbox / "blue.zip").write_bytes(bomb.getvalue())
    found = collect(game.folder, inbox)
    assert found.new == ("red",)
    assert "is longer than 100,000 bytes" in found.set_aside[0].why
    assert not (game.folder.parent / "red.toml").exists()


def test_names_in_chinese_and_of_control_characters(tmp_path, inbox):
    game = make_game(
        tmp_path / "游戏", [Team("红队", "红队"), Team("蓝队", "蓝队")], Setting(seed=1), FAKE
    )
    (inbox / "红队 第1轮.toml").write_text(plan_text(service__agents=3), encoding="utf-8")
    (inbox / "a\rb\x1b[2J.toml").write_text("x")
    found = collect(game.folder, inbox)
    assert found.new == ("红队",)
    assert found.set_aside[0].file == "a?b?[2J.toml"


@pytest.mark.skipif(os.geteuid() == 0, reason="the powers of root open every folder")
def test_a_folder_that_cannot_be_written_says_so(game):
    (game.folder / "rounds").chmod(0o500)
    try:
        with pytest.raises(OSError, match="rounds"):
            advance(game.folder, FAKE, without=True)
    finally:
        (game.folder / "rounds").chmod(0o700)
    assert game.played() == 0


def test_a_teams_own_files_are_never_written_over(game):
    notes = game.folder / "teams/red/read_me.md"
    notes.write_text("our notes")
    own = own_file(game, "red", 2)
    own.write_text("begun early")
    advance(game.folder, FAKE, without=True)
    assert notes.read_text() == "our notes"
    assert own.read_text() == "begun early"


def test_zips_hold_what_the_folder_holds(tmp_path):
    game = make_game(tmp_path / "g", numbered(1), Setting(seed=1, zips=True), FAKE)
    with zipfile.ZipFile(game.folder / "handouts/round_01/team-1.zip") as archive:
        names = archive.namelist()
    assert "team-1/decisions/round_01.toml" in names
    assert not [name for name in names if "truth" in name or "state" in name]


def test_rivals_in_one_market_play_and_are_replayed_together(tmp_path):
    seen = []

    def together(states, plans, seed):
        seen.append((len(states), seed))
        return [FAKE.step(state, plan, seed) for state, plan in zip(states, plans, strict=True)]

    rivals = replace(FAKE, together=together)
    setting = Setting(seed=7, rounds=3, market="shared", replays=9)
    game = make_game(tmp_path / "g", RED_BLUE, setting, rivals)
    advance(game.folder, rivals, without=True)
    assert [count for count, _ in seen] == [2] * 10
    assert len({seed for _, seed in seen}) == 10
    assert len(read_result(game, 1).teams["blue"].replays) == 9
    with pytest.raises(CrmkitError, match="cannot play rivals"):
        advance(game.folder, FAKE, without=True)
    assert game.played() == 1


def test_two_commands_do_not_play_at_once(game):
    from crmkit.practice.alone import working_alone

    with working_alone(game.folder, "crmkit game"), pytest.raises(CrmkitError, match="is at work"):
        advance(game.folder, FAKE, without=True)


def test_the_layout_is_as_the_docstring_says(game):
    advance(game.folder, FAKE, without=True)
    for name in (
        "game.toml",
        "game.json",
        "journal.txt",
        "teams/red/team.json",
        "rounds/01/result.json",
    ):
        assert (game.folder / name).is_file()
        assert Path(name).name in teams.__doc__ or "result" in name
