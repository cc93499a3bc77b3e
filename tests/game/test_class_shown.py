"""The board and the teams' pages: what they say, whatever the names are, and that nothing is fetched."""

import json
import re
import shutil
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from crmkit.errors import CrmkitError
from crmkit.game import own_folder, team_pages
from crmkit.game.board import board, luck_lines, page, write_board
from crmkit.game.decided import AS_BEFORE, Forecast
from crmkit.game.decisions import changed, decisions_text
from crmkit.game.drawings import fair_scale
from crmkit.game.inbox import collect
from crmkit.game.making import Setting, make_game
from crmkit.game.rounds import advance
from crmkit.game.runs import leads, runs, standings
from crmkit.game.teams import read_game
from crmkit.practice.roster import Student as Team

from .fake_engine import FAKE

NASTY = [Team("red", 'Red <script>alert("1")</script>'), Team("蓝队", "蓝队 & 'co'")]


@pytest.fixture(scope="module")
def game(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shown")
    game = make_game(folder / "g", NASTY, Setting(seed=7, rounds=3, title="<Spring>"), FAKE)
    events = '\n[[event]]\nround = 2\ntitle = "<i>Rent</i>"\ntext = "a & b"\n'
    with (game.folder / "game.toml").open("a") as file:
        file.write(events)
    plan = replace(
        changed(AS_BEFORE, {"prices.level": 1.1}),
        forecast={"turnover": Forecast(0.0, 20_000.0, 90_000.0), "orders": Forecast(5, 6, 7)},
    )
    (folder / "in").mkdir()
    (folder / "in/red.toml").write_text(decisions_text(plan))
    collect(game.folder, folder / "in")
    advance(game.folder, FAKE)
    advance(game.folder, FAKE, without=True)
    return game


class Tags(HTMLParser):
    """Collects what a page is made of, and whether its tags close."""

    VOID = ("meta", "circle", "rect", "line", "polyline", "br", "img")

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.addresses, self.labels = [], [], [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.addresses += [v for n, v in attrs if n in ("src", "href")]
        self.labels += [v for n, v in attrs if n == "aria-label"]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in self.VOID:
            assert self.open.pop() == tag


def pages(game):
    table = runs(game)
    return [
        board(game),
        team_pages.overview(game, table),
        *(team_pages.team_page(game, team, table) for team in game.teams),
    ]


def test_names_are_escaped_and_nothing_is_fetched(game):
    for text in pages(game):
        seen = Tags(text)
        assert not {"script", "i", "link"} & set(seen.tags)
        assert all(re.fullmatch(r"[^/:]+\.html", address) for address in seen.addresses)
        assert "url(http" not in text
        assert "default-src 'none'" in text
        assert "crmkit Chinese" in text  # its characters come along


def test_each_drawing_says_in_words_what_it_shows(game):
    labels = Tags(board(game)).labels
    assert len(labels) == 4
    assert all("£" in text for text in labels)
    assert sum("80% of replays" in text for text in labels) == 2


def test_the_board_says_who_repeats_and_does_not_rank(game):
    text = board(game)
    assert text.count("nothing collected: repeats its decisions") == 2
    assert text.index("Red &lt;script") < text.index("蓝队 &amp;")  # in the order of the list
    assert "A place says little" in text
    assert "Next: round 3" in text
    assert "&lt;i&gt;Rent" in text


def test_a_board_before_the_first_round_and_after_the_last(tmp_path):
    game = make_game(tmp_path / "g", NASTY[:1], Setting(seed=7, rounds=3, replays=0), FAKE)
    assert "Nothing has been played yet" in board(game)
    for _ in range(3):
        advance(game.folder, FAKE, without=True)
    text = board(game)
    assert "Round 3 of 3" in text
    assert "Next" not in text
    assert "replays" not in re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL).replace(
        "where 80% of replays lie", ""
    )
    write_board(game)
    assert (game.folder / "board.html").read_text(encoding="utf-8") == text


def test_a_lead_is_counted_over_all_runs(game):
    table = runs(game)
    count = leads(table, 2)
    # 10 % higher prices bring £4,000 a quarter, and chance is the same for both teams: red leads in every run.
    assert count.to_dict() == {"red": 10.0, "蓝队": 0.0}
    row = standings(table, 2).set_index(["team", "measure"]).loc[("red", "profit")]
    assert row["low"] < row["high"]
    assert 0 <= row["luck"] <= 1


def test_one_big_loser_does_not_flatten_the_others():
    near = {"red": [9_000, 12_000], "blue": [4_000, 5_000], "green": [7_000, 8_000]}
    scale, far = fair_scale(near | {"late": [-900_000, -880_000]})
    assert far == ["late"]
    assert (scale.low, scale.high) == (0, 12_000)
    assert scale.at(-900_000) == scale.at(0)
    assert [scale.beyond(a) for a in (-1, 0, 12_000, 13_000)] == [-1, 0, 0, 1]
    # Far on both sides, but never half of the teams; two teams alone always share a whole axis.
    assert fair_scale(near | {"a": [-900_000], "b": [800_000]})[1] == ["a", "b"]
    assert fair_scale({"red": [9_000], "late": [-900_000]})[1] == []
    assert fair_scale(near)[1] == []
    assert fair_scale({"red": [float("nan")]})[0].low == 0


def test_the_board_says_who_lies_beyond_its_axis(game, tmp_path):
    folder = shutil.copytree(game.folder, tmp_path / "g")
    manifest = json.loads((folder / "game.json").read_text())
    manifest["teams"].append({"id": "far", "name": "Far", "given": {}})
    (folder / "game.json").write_text(json.dumps(manifest))
    for number in (1, 2):
        path = folder / f"rounds/{number:02d}/result.json"
        result = json.loads(path.read_text())
        far = json.loads(json.dumps(result["teams"]["red"]))
        for figures in (far["measures"], *far["replays"]):
            figures["profit"] -= 1e6
        result["teams"]["far"] = far
        path.write_text(json.dumps(result))
    assert "lies beyond" not in board(game)
    text = board(read_game(folder))
    assert "a team lies beyond their end: Far." in text
    assert (
        text.count("<polygon") == 2
    )  # beside the amount so far, and at the end of the line by round
    assert "-£1,9" in text  # the amount itself is exact


def test_the_board_says_when_chance_was_bad_for_all(game):
    table = runs(game)
    bad = table.assign(so_far=table["so_far"].where(table["run"] > 0, -1e6))
    good = table.assign(so_far=table["so_far"].where(table["run"] > 0, 1e6))
    assert not any("for all:" in line for line in luck_lines(game, table, 2))
    assert any("chance was bad for all" in line for line in luck_lines(game, bad, 2))
    assert any("chance was good for all" in line for line in luck_lines(game, good, 2))


def test_what_is_added_up_and_what_is_not(game):
    table = runs(game).query("team == 'red' and run == 0").set_index(["measure", "round"])
    assert table.loc[("profit", 2), "so_far"] == pytest.approx(
        table.loc["profit", "value"].sum(), abs=0.005
    )
    assert table.loc[("health", 2), "so_far"] == 61.5


def test_a_page_tells_money_luck_forecasts_and_decisions(game):
    graded = team_pages.forecasts(game, game.teams[0])
    assert graded["round"].tolist() == [1, 1]
    assert dict(zip(graded["measure"], graded["inside"], strict=True)) == {
        "turnover": True,
        "orders": False,
    }
    text = team_pages.team_page(game, game.teams[0], runs(game))
    assert "1 of 2 held what came" in text
    assert "<code>prices.level</code>" in text
    assert "<strong>1.1</strong>" in text
    other = team_pages.team_page(game, game.teams[1], runs(game))
    assert "No forecast was stated." in other


def test_money_by_item_is_the_profit(game):
    table = team_pages.accounts(game, game.teams[0])
    profit = runs(game).query("team == 'red' and run == 0 and measure == 'profit'")["value"]
    assert table.sum().tolist() == pytest.approx(profit.tolist(), abs=0.01)


def test_only_what_somebody_moved_is_laid_side_by_side(game):
    table = team_pages.decided(game, 2)
    assert table.index.tolist() == ["prices.level"]
    assert table.loc["prices.level"].tolist() == ["1.1", "1"]


def test_pages_are_files_of_their_own(game):
    written = team_pages.write_pages(game)
    assert [path.name for path in written] == ["index.html", "red.html", "蓝队.html"]
    assert all(path.read_text(encoding="utf-8").startswith("<!doctype html>") for path in written)


def test_without_a_round_there_are_no_pages(tmp_path):
    game = make_game(tmp_path / "g", NASTY, Setting(seed=1, replays=0), FAKE)
    with pytest.raises(CrmkitError, match="Nothing has been played yet"):
        team_pages.write_pages(game)


def test_a_page_can_be_read_on_a_telephone_and_on_the_wall():
    text = page("x", "")
    assert "width=device-width" in text
    assert "prefers-color-scheme: dark" in text
    assert "max-width: 760px" in text


def test_a_game_keeps_the_money_of_the_company_it_was_made_beside(tmp_path, monkeypatch):
    monkeypatch.setenv("CRMKIT_DATA", "strumwell")
    game = make_game(tmp_path / "g", NASTY[:1], Setting(seed=7, rounds=3, replays=9), FAKE)
    monkeypatch.delenv("CRMKIT_DATA")
    advance(game.folder, FAKE, without=True)
    home = game.folder / "teams/red"
    texts = [
        path.read_text()
        for path in sorted(home.rglob("*"))
        if path.suffix in (".md", ".toml", ".ipynb")
    ]
    said = "\n".join([*texts, *pages(game)])
    assert "£" not in said
    for words in ("$ a quarter", "turnover ($)", "amount in $", "Money by quarter ($)"):
        assert words in said
    assert all("$" in text for text in Tags(board(game)).labels)
    assert own_folder.seen(home).symbol == "$"
