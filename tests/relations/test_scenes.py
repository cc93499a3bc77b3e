"""Scenes: those that ship are whole and worth playing; an ugly file is told where it is ugly."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest

from crmkit.brand import Gains
from crmkit.companies import shipped
from crmkit.errors import CrmkitError
from crmkit.relations.conversation import STYLES, all_paths, choice_values, compare_styles
from crmkit.relations.scenes import FOLDER, read_scene, scene_names, scene_texts, tell_scene

GAINS = [Gains(0.06, 0.18, 0.42), Gains(0.05, 0.16, 0.37), Gains(0.08, 0.20, 0.46)]
MATTERS = {
    "dissatisfied", "changed_mind", "call_in_meeting", "no_time", "price_pressure", "end_of_project",
    "old_customer", "our_mistake",
}  # fmt: skip
RULE = Gains(0.06, 0.18, 0.42)


@pytest.fixture(params=scene_names())
def scene(request):
    return read_scene(request.param)


def test_the_eight_scenes_are_there() -> None:
    assert set(scene_names()) >= MATTERS


def test_a_scene_is_a_short_talk_with_real_choices(scene) -> None:
    paths = all_paths(scene, RULE)
    assert paths["path"].str.len().between(3, 5).all()
    assert paths["path"].is_unique
    assert np.isclose(paths["chance"].sum(), 1)
    # With two choices one is plainly the wrong one; the third makes it a decision.
    assert all(3 <= len(step.choices) <= 4 for step in scene.steps.values())


def test_effects_are_those_of_the_file(scene) -> None:
    told = tomllib.loads((FOLDER / f"{scene.id}.toml").read_text(encoding="utf-8"))
    choices = {(s["id"], c["id"]): c for s in told["step"] for c in s["choice"]}
    for row in all_paths(scene, RULE).itertuples():
        at, trust, minutes, money = told["start"], told["trust"], 0.0, 0.0
        for letter in row.path:
            step = next(one for one in told["step"] if one["id"] == at)
            said = choices[at, step["choice"]["abcd".index(letter)]["id"]]
            surprise = said["rating"] - trust
            gain = 0.06 if said.get("kind") == "promise" else 0.18 if surprise >= 0 else 0.42
            trust += gain * surprise
            minutes += said["minutes"]
            money += said.get("money", 0)
            at = said["next"]
        assert at == "end"
        assert (row.trust, row.minutes, row.money) == pytest.approx((trust, minutes, money))
        score = money + told["worth"] * (trust - told["trust"]) - told["minute"] * minutes
        assert row.score == pytest.approx(score)


@pytest.mark.parametrize("gains", GAINS, ids=str)
def test_no_habit_wins_all_scenes_and_each_loses_somewhere(gains: Gains) -> None:
    table = compare_styles([read_scene(name) for name in MATTERS], gains)
    behind = table[list(STYLES)].rsub(table["best"], axis=0)
    assert (behind > -1e-9).all(axis=None)
    assert ((behind > 20).sum() >= 3).all()  # each habit is clearly beaten in three scenes
    winners = table[list(STYLES)].idxmax(axis=1)
    assert winners.nunique() >= 3
    assert (table.loc[["changed_mind", "no_time", "our_mistake"], "friendliest"] < table.loc[
        ["changed_mind", "no_time", "our_mistake"], "quickest"]).all()  # fmt: skip


@pytest.mark.parametrize("gains", GAINS, ids=str)
def test_the_best_way_does_not_depend_on_whose_diaries(scene, gains: Gains) -> None:
    paths = all_paths(scene, gains)
    assert paths["path"][0] == all_paths(scene, RULE)["path"][0]
    assert paths["score"][0] - paths["score"][1] > 1.5


def test_the_best_choice_is_not_given_away_by_its_length_its_place_or_its_kindness() -> None:
    longest, kindest, places, count = 0, 0, [0, 0, 0], 0
    for name in MATTERS:
        scene = read_scene(name)
        for step, values in choice_values(scene, RULE).groupby("step"):
            choices = scene.steps[step].choices
            best = choices[int(values["loses"].to_numpy().argmin())]
            count += 1
            longest += best is max(choices, key=lambda one: len(one.say))
            kindest += best is max(choices, key=lambda one: one.rating)
            places[choices.index(best)] += 1
    assert longest < 0.3 * count
    assert kindest < 0.7 * count
    assert min(places) > 0.1 * count


def test_all_texts_are_listed_once_with_a_place(scene) -> None:
    contexts = [context for context, _ in scene_texts(scene)]
    assert len(set(contexts)) == len(contexts)
    assert len(contexts) == 3 + sum(1 + 3 * len(step.choices) for step in scene.steps.values())
    told = dict(scene_texts(tell_scene(scene, shipped("beanline"))))
    assert not any("{" in text for text in told.values())


SMALL = """
title = "A small talk"
person = "Ann"
matter = "She waits."
trust = 5
worth = 10
minute = 0.5
start = "one"
[[step]]
id = "one"
says = "Well?"
[[step.choice]]
id = "yes"
say = "Yes."
rating = 8
minutes = 1
reply = "Good."
why = "She asked."
next = "end"
[[step.choice]]
id = "no"
say = "No."
rating = 2
minutes = 1
reply = "Oh."
why = "She asked."
next = "end"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "talk.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_of_ones_own_is_read_with_or_without_a_mark_of_order(tmp_path: Path) -> None:
    assert read_scene(written(tmp_path, SMALL)).id == "talk"
    assert read_scene(written(tmp_path, "\ufeff" + SMALL)).person == "Ann"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('title = "A small talk"', "", "talk.toml: 'title' is missing"),
        ('title = "A small talk"', "title = 3", "'title' is 3. Write a text"),
        ("trust = 5", 'trust = "5"', "'trust' is '5'. Write a number"),
        ("trust = 5", "trust = 12", "'trust' is 12. It lies between 0 and 10"),
        ("trust = 5", "trust = nan", "'trust' is nan"),
        ("worth = 10", "worth = true", "'worth' is True. Write a number"),
        ("trust = 5", "trust = 5\nmood = 3", "no field 'mood'"),
        ('start = "one"', 'start = "two"', "'start' names a step 'two'"),
        ('id = "one"', 'id = "One step"', "step 1: 'id' is 'One step'"),
        ('id = "one"', 'id = "end"', "step 'end': 'end' is kept"),
        ('says = "Well?"', 'says = " "', "step 1: 'says' is empty"),
        ("rating = 8", "rating = 80", "step 'one', choice 'yes': 'rating' is 80"),
        ("rating = 8", "rating = 8\nkind = 'joke'", "kind is 'joke'"),
        ("rating = 8", "rating = 8\nmoney = 1e9", "'money' is 1e+09"),
        ("rating = 8", "rating = 8\ngives_in = 1", "'gives_in' is 1. Write true or false"),
        ('id = "no"', 'id = "yes"', "two choices are called 'yes'"),
        ('why = "She asked."\nnext = "end"\n[', 'why = "She asked."\nnext = "two"\n[', "choice 'yes': 'next' names"),
        ('why = "She asked."\nnext = "end"\n[', 'why = "She asked."\nnext = "one"\n[', "never ends: one → one"),
        ('reply = "Good."', 'reply = "Good, {company.nose}"', "step 'one', choice 1: 'reply'"),
        ('says = "Well?"', 'says = "Well?', "talk.toml is not TOML"),
    ],
)  # fmt: skip
def test_an_ugly_file_is_told_where_and_what_to_do(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert old in SMALL
    with pytest.raises(CrmkitError) as error:
        read_scene(written(tmp_path, SMALL.replace(old, new, 1)))
    assert said in str(error.value)


def test_steps_that_nobody_reaches_or_that_are_too_many_are_named(tmp_path: Path) -> None:
    lost = SMALL + SMALL[SMALL.index("[[step]]") :].replace('"one"', '"lost"')
    with pytest.raises(CrmkitError, match=r"step 'lost': no choice leads to it"):
        read_scene(written(tmp_path, lost))
    step = SMALL[SMALL.index("[[step]]") :]
    long = SMALL.replace('next = "end"', 'next = "s1"')
    for number in range(1, 8):
        part = step.replace('"one"', f'"s{number}"')
        long += part if number == 7 else part.replace('next = "end"', f'next = "s{number + 1}"')
    with pytest.raises(CrmkitError, match="up to 8 steps one after the other"):
        read_scene(written(tmp_path, long))
    one = SMALL[: SMALL.rindex("[[step.choice]]")]
    with pytest.raises(CrmkitError, match="it has 1 choices"):
        read_scene(written(tmp_path, one))
    with pytest.raises(CrmkitError, match="this is no table"):
        read_scene(written(tmp_path, SMALL[: SMALL.index("[[step]]")] + "step = [3]"))


def test_what_is_no_scene_is_named(tmp_path: Path) -> None:
    with pytest.raises(CrmkitError, match="There is no scene 'rain'"):
        read_scene("rain")
    with pytest.raises(CrmkitError, match="cannot be read"):
        read_scene(tmp_path / "none.toml")
    path = tmp_path / "talk.toml"
    path.write_bytes(SMALL.replace("Ann", "Zoë").encode("latin-1"))
    with pytest.raises(CrmkitError, match="not UTF-8"):
        read_scene(path)
