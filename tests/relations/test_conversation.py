"""Playing a conversation: by calls, by votes, by buttons without a browser, and from the command line."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from crmkit.brand import Gains
from crmkit.companies import shipped
from crmkit.errors import CrmkitError
from crmkit.relations.conversation import (
    STYLES,
    all_paths,
    as_gains,
    begin,
    better_than,
    by_style,
    choice_values,
    majority,
    mean_score,
    play,
    report,
    say_it,
    show_step,
)
from crmkit.relations.conversation_explorers import dialogue_explorer
from crmkit.relations.conversation_plots import plot_choices, plot_paths
from crmkit.relations.scenes import FOLDER, read_scene, scene_names

RULE = Gains(0.06, 0.18, 0.42)
MISTAKE = read_scene("our_mistake")


def test_a_state_stays_as_it_was() -> None:
    start = begin(MISTAKE, RULE)
    after = say_it(start, "c")
    assert (start.trust, start.said) == (6.0, ())
    assert after.trust == pytest.approx(6 + 0.18 * 2)
    assert say_it(start, 3) == say_it(start, "we_did") == after
    with pytest.raises(CrmkitError, match=r"no choice 'd'\. Choices: a \(who_was_it\)"):
        say_it(start, "d")
    with pytest.raises(CrmkitError, match="no choice True"):
        say_it(start, True)
    with pytest.raises(CrmkitError, match="The conversation is over"):
        say_it(play(MISTAKE, "cba", RULE), "a")


def test_a_promise_moves_trust_as_an_advertisement_does() -> None:
    state = play(MISTAKE, "a", RULE)
    assert say_it(state, "soon").trust == pytest.approx(state.trust + 0.06 * (9 - state.trust))


def test_gains_come_from_a_table_or_are_named() -> None:
    table = pd.DataFrame({"parameter": ["message", "good", "bad"], "estimate": [0.06, 0.18, 0.42]})
    assert as_gains(table) == RULE
    with pytest.raises(CrmkitError, match="no row bad"):
        as_gains(table[:2])
    with pytest.raises(CrmkitError, match="gains are a table"):
        as_gains(0.3)  # type: ignore[arg-type]


def test_votes_are_counted_and_a_tie_goes_to_the_first() -> None:
    step = MISTAKE.steps["call"]
    assert majority(step, ["c", 3, "a", "we_did"]).id == "we_did"
    assert majority(step, ["b", "a"]).id == "who_was_it"
    with pytest.raises(CrmkitError, match="Nobody voted"):
        majority(step, [])
    with pytest.raises(CrmkitError, match="answer 4"):
        play(MISTAKE, "cbaa", RULE)
    half = play(MISTAKE, [["c", "c", "b"]], RULE)
    assert not half.over
    assert "a) The van comes" in show_step(half)


def test_the_report_adds_up() -> None:
    state = play(MISTAKE, "abcc", RULE)
    table = report(state)
    assert table["minutes"].sum() == pytest.approx(state.minutes)
    assert table["money"].sum() == pytest.approx(state.money)
    assert table["trust"].iloc[-1] == state.trust
    assert table["step"].tolist() == ["call", "still_waiting", "how_soon", "hanging_up"]
    assert report(begin(MISTAKE, RULE)).empty


def test_chance_and_mean_are_those_of_many_random_talks() -> None:
    rng = np.random.default_rng(4)
    paths = all_paths(MISTAKE, RULE)
    scores = []
    for _ in range(3000):
        state = begin(MISTAKE, RULE)
        while not state.over:
            state = say_it(state, int(rng.integers(len(state.step.choices))) + 1)
        scores.append(state.score)
    error = np.std(scores) / np.sqrt(len(scores))
    assert abs(np.mean(scores) - mean_score(paths)) < 4 * error
    assert better_than(paths, 0) == pytest.approx(np.mean(np.array(scores) < 0), abs=0.04)


def test_a_choice_loses_what_the_best_way_through_it_is_behind() -> None:
    paths, values = all_paths(MISTAKE, RULE), choice_values(MISTAKE, RULE)
    assert values.groupby("step")["loses"].min().eq(0).all()
    first = values[values["step"] == "call"]
    for row in first.itertuples():
        through = paths[paths["path"].str[0] == row.choice]
        assert row.best == pytest.approx(through["score"].max())
        mean = (through["score"] * through["chance"]).sum() / through["chance"].sum()
        assert row.at_random == pytest.approx(mean)


def test_habits_choose_as_they_say() -> None:
    for style in STYLES:
        assert by_style(MISTAKE, style, RULE).over
    for step, choice in by_style(MISTAKE, "quickest", RULE).said:
        assert choice.minutes == min(one.minutes for one in step.choices)
    for step, choice in by_style(MISTAKE, "gives in", RULE).said:
        assert choice.gives_in == any(one.gives_in for one in step.choices)
    with pytest.raises(CrmkitError, match="no style 'loud'"):
        by_style(MISTAKE, "loud", RULE)


def test_pictures_show_the_chances_and_the_losses() -> None:
    paths = all_paths(MISTAKE, RULE)
    ax = plot_paths(paths, marks={"best": 11.0, "quickest": -73.0, "friendliest": -73.0})
    assert sum(patch.get_height() for patch in ax.patches) == pytest.approx(1)
    assert len(ax.lines) == 2
    values = choice_values(MISTAKE, RULE)
    bars = plot_choices(values, symbol="£").patches
    assert [bar.get_width() for bar in bars] == pytest.approx(values["loses"].tolist())


@pytest.fixture
def player():
    scenes = [read_scene(name) for name in scene_names()]
    return dialogue_explorer(scenes, RULE, shipped("fernwell"))


def pressed(player, number: int) -> None:
    player._controls[f"answer_{number}"].click()


def test_every_scene_is_played_to_its_end_by_buttons(player) -> None:
    for place, name in enumerate(scene_names()):
        player.set(scene=place)
        assert player.state.scene.id == name
        for letter in all_paths(player.state.scene, RULE)["path"][0]:
            asked = player.state.step
            pressed(player, "abcd".index(letter) + 1)
            assert player.error is None
            said = player.state.said[-1][1]
            assert asked.choices["abcd".index(letter)] == said
            assert said.why.split(".")[0] in player.talk.value.replace("&#x27;", "'")
        assert player.state.over
        assert "the best way of all" in player.sentence
        seen = [b.layout.display != "none" for b in player._answers.values()]
        assert seen == [False] * 4


def test_again_and_reset_begin_again_and_a_button_too_many_does_nothing(player) -> None:
    player.set(scene=2)
    start = player.sentence
    pressed(player, 1)
    player._controls["again"].click()
    assert (player.sentence, player.state.said) == (start, ())
    assert player.values["scene"] == 2
    pressed(player, 4)  # there are three choices
    assert player.state.said == ()
    player.reset()
    assert player.values["scene"] == 0
    assert player.state == begin(read_scene(scene_names()[0]), RULE)
    assert player.error is None


def test_without_a_kernel_the_talk_its_choices_and_what_to_run_are_there(player) -> None:
    data, _ = player._repr_mimebundle_()
    html = data["text/html"]
    assert player.state.scene.person in html
    assert all(
        b.description.split("  ")[1][:10] in html for b in list(player._answers.values())[:3]
    )
    assert "Run All Cells" in html
    assert html.count("<img") == 1


def test_an_answer_takes_less_than_a_tenth_of_a_second(player) -> None:
    spent = []
    for number in range(12):
        player.set(scene=number % 8)
        start = time.process_time()
        pressed(player, 1)
        spent.append(time.process_time() - start)
    assert np.median(spent) < 0.1


def test_the_command_checks_a_file(tmp_path: Path) -> None:
    from crmkit.cli import app

    done = CliRunner().invoke(app, ["scene", str(FOLDER / "our_mistake.toml")])
    assert done.exit_code == 0, done.output
    assert "The mistake of ours: 4 steps, 63 ways, and each of them ends." in done.output
    assert "The best way: cba." in done.output
    text = (FOLDER / "our_mistake.toml").read_text(encoding="utf-8")
    path = tmp_path / "mine.toml"
    path.write_text(text.replace("rating = 2\n", "rating = 20\n"), encoding="utf-8")
    done = CliRunner().invoke(app, ["scene", str(path)])
    assert done.exit_code == 2
    assert "mine.toml, step 'call', choice 'who_was_it': 'rating' is 20" in done.output


def test_the_example_of_the_docs_is_read_and_says_what_the_page_says(tmp_path: Path) -> None:
    page = (Path(__file__).resolve().parents[2] / "docs/own_scenes.md").read_text(encoding="utf-8")
    path = tmp_path / "my_scene.toml"
    path.write_text(page.split("```toml\n")[1].split("```")[0], encoding="utf-8")
    scene = read_scene(path)
    paths = all_paths(scene, RULE)
    said = f"{scene.title}: {len(scene.steps)} steps, {len(paths)} ways, and each of them ends."
    assert said in page
    for field in ("title", "trust", "start", "says", "rating", "gives_in", "kind", "next"):
        assert f"`{field}`" in page
