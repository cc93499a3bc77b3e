"""A player's run: decide, look back, replay on the same luck, save and load."""

from __future__ import annotations

from pathlib import Path

import pytest

from crmkit.errors import CrmkitError
from crmkit.game.decisions import AS_BEFORE, Decisions, Experiment, changed
from crmkit.game.play import FILE, Game, Policy, Seen, load, profit, run_fast
from crmkit.game.state import start

SMALL = 60
DEARER = changed(AS_BEFORE, {"prices.level": 1.1, "service.agents": 3})


@pytest.fixture(scope="module")
def game() -> Game:
    return Game(SMALL, seed=4, quarters=4).run([AS_BEFORE, DEARER, AS_BEFORE])


def test_a_game_goes_quarter_by_quarter_and_ends(game: Game) -> None:
    assert game.played == 3
    assert game.state.quarter == 3
    assert game.accounts["quarter"].unique().tolist() == [1, 2, 3]
    whole = Game(SMALL, seed=4, quarters=1)
    whole.play(AS_BEFORE)
    with pytest.raises(CrmkitError, match="game is over"):
        whole.play(AS_BEFORE)


def test_what_a_player_sees_are_joined_reports_and_no_truth(game: Game) -> None:
    seen = game.seen()
    assert (seen.quarter, seen.quarters, seen.customers) == (4, 4, SMALL)
    assert seen.state is None
    assert seen.decisions == (AS_BEFORE, DEARER, AS_BEFORE)
    orders = seen.reports["orders"]
    assert orders["order_id"].is_unique
    assert len(orders) == sum(len(r["orders"]) for r in game.reported) + game.states[0].orders
    assert game.seen(truth=True).state is game.state


def test_wrong_decisions_leave_the_game_as_it_was(game: Game) -> None:
    for wrong in (None, changed(AS_BEFORE, {}).service):
        with pytest.raises(CrmkitError, match="Decisions are needed"):
            game.play(wrong)  # type: ignore[arg-type]
    assert game.played == 3


def test_a_replay_differs_only_by_what_is_decided(game: Game) -> None:
    same = game.replay(2, DEARER)
    assert same.accounts.equals(game.accounts)
    other = game.replay(2, AS_BEFORE)
    assert other.decisions == [AS_BEFORE] * 3
    assert other.reported[0] is game.reported[0]
    assert not other.accounts.equals(game.accounts)
    plain = Game(SMALL, seed=4, quarters=4).run(AS_BEFORE, 3)
    assert other.accounts.equals(plain.accounts)
    assert game.played == 3


def test_a_replay_may_follow_a_rule_or_several_decisions(game: Game) -> None:
    def dearer(seen: Seen) -> Decisions:
        assert seen.state is None
        return DEARER

    assert game.replay(1, dearer).decisions == [DEARER] * 3
    assert game.replay(1, [DEARER, DEARER]).decisions == [DEARER, DEARER, AS_BEFORE]


def test_only_a_policy_that_knows_the_truth_is_shown_it() -> None:
    def look(seen: Seen) -> Decisions:
        assert seen.state is not None
        assert seen.state.quarter == seen.quarter - 1
        return AS_BEFORE

    Game(SMALL, quarters=2).run(Policy("eye", look, knows_the_truth=True))


@pytest.mark.parametrize("number", [0, 4, -1, 1.5, "2"])
def test_only_played_quarters_are_replayed(game: Game, number: object) -> None:
    with pytest.raises(CrmkitError):
        game.replay(number, AS_BEFORE)  # type: ignore[arg-type]


def test_a_fresh_game_has_nothing_to_replay() -> None:
    with pytest.raises(CrmkitError, match="No quarter"):
        Game(SMALL).replay(1, AS_BEFORE)


@pytest.mark.parametrize("plan", ["AS_BEFORE", 3, None])
def test_a_plan_is_decisions_or_a_rule(plan: object) -> None:
    with pytest.raises(CrmkitError):
        Game(SMALL, quarters=1).run(plan)  # type: ignore[arg-type]


def test_fast_games_earn_the_same(game: Game) -> None:
    bills, state = run_fast(game.decisions, start(SMALL, 4), 3, 4)
    assert profit(bills) == pytest.approx(game.accounts["amount"].sum(), abs=0.005)
    assert state.orders == game.state.orders


def test_a_saved_game_comes_back(game: Game, tmp_path: Path) -> None:
    folder = game.save(tmp_path / "my game")
    again = load(folder)
    assert again.accounts.equals(game.accounts)
    assert again.decisions == game.decisions
    assert (again.quarters, again.luck, again.seed) == (game.quarters, game.luck, game.seed)
    again.play(AS_BEFORE)
    files = {path: path.read_bytes() for path in folder.rglob("*.toml")}
    game.save(folder)
    assert {path: path.read_bytes() for path in folder.rglob("*.toml")} == files


def test_other_rules_are_saved_too(tmp_path: Path) -> None:
    rules = start(SMALL).rules.changed({"service.pay": 40})
    game = Game(SMALL, quarters=2, rules=rules).run(AS_BEFORE, 1)
    assert load(game.save(tmp_path)).state.rules["service.pay"] == 40


def test_experiments_and_forecasts_come_back(tmp_path: Path) -> None:
    tried = Experiment("reminders", "wake.asleep", "none", "reminder", 0.3)
    game = Game(SMALL, quarters=1)
    game.play(Decisions(experiments=(tried,)))
    assert load(game.save(tmp_path)).decisions[0].experiments == (tried,)


@pytest.mark.parametrize(
    "damage", ["nothing", "empty", "no toml", "format", "missing", "other decisions", "junk"]
)
def test_a_damaged_folder_is_named(game: Game, tmp_path: Path, damage: str) -> None:
    folder = game.save(tmp_path)
    file = folder / FILE
    text = file.read_text(encoding="utf-8")
    if damage == "nothing":
        file.unlink()
    elif damage == "missing":
        (folder / "decisions/quarter_02.toml").unlink()
    elif damage == "other decisions":
        (folder / "decisions/quarter_02.toml").write_bytes(
            (folder / "decisions/quarter_01.toml").read_bytes()
        )
    else:
        new = {
            "empty": "",
            "no toml": "<html>",
            "format": text.replace("format = 1", "format = 9"),
            "junk": text.replace("played = 3", "played = 'x'"),
        }
        file.write_text(new[damage], encoding="utf-8")
    with pytest.raises(CrmkitError):
        load(folder)


def test_an_interrupted_saving_leaves_the_older_game(
    game: Game, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = Game(SMALL, seed=4, quarters=4).run([AS_BEFORE])
    one.save(tmp_path)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OSError, match="No space"):
        game.save(tmp_path)
    monkeypatch.undo()
    assert load(tmp_path).played == 1
