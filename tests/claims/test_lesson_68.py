"""Lesson 68: what it claims holds with the diaries of other worlds than the shipped one."""

from __future__ import annotations

import pytest
from worlds import seeds

from crmkit.data.load import load, load_truth
from crmkit.practice.questions.lesson_68 import (
    after_talk,
    break_even,
    friendly_beats_chance,
    gains,
    gives_in_best,
)
from crmkit.practice.tables import OwnTables
from crmkit.relations import (
    all_paths,
    by_style,
    choice_values,
    compare_styles,
    play,
    read_scene,
    scene_names,
)
from crmkit.relations.conversation import STYLES
from crmkit.world import simulate


class Shipped:
    """The tables that ship."""

    load = staticmethod(load)
    load_truth = staticmethod(load_truth)


@pytest.fixture(scope="module", params=seeds("shipped", 21, 22, 23, 24, 25))
def data(request: pytest.FixtureRequest):
    if request.param == "shipped":
        return Shipped()
    world = simulate("fernwell", customers=20, seed=request.param, parts=["brand"], progress=False)
    return OwnTables.of_world(world)


@pytest.fixture(scope="module")
def habits(data):
    return compare_styles([read_scene(name) for name in scene_names()], gains(data))


def test_two_good_answers_and_a_bad_one_leave_less_trust(data) -> None:
    share = gains(data).set_index("parameter")["estimate"]
    trust = 6.0
    for rating in (8, 3, 8):
        surprise = rating - trust
        trust += share["good" if surprise >= 0 else "bad"] * surprise
    assert trust < 5.8
    assert share["message"] < share["good"] / 2 < share["bad"] / 4  # "weighs more than double"
    assert share["good"] < 0.2  # "less than a fifth of a point": one point better, in `our_mistake`


def test_no_habit_wins_everywhere(habits) -> None:
    gap = -habits[list(STYLES)].sub(habits["best"], axis=0)
    best = (gap < 0.01).sum()
    assert best.to_dict() == {
        "friendliest": 3, "gives in": 2, "quickest": 0, "keeps the money": 0,
    }  # fmt: skip
    assert (gap.max() > 80).all()
    assert (gap.mean() > 50).all()
    assert gap.max()["keeps the money"] < 0.7 * gap.max().drop("keeps the money").min()
    assert gap.loc["end_of_project", "gives in"] < 0.01
    assert gap.loc["price_pressure", "gives in"] > 250
    assert gap.loc["no_time", "friendliest"] > 60
    assert gap["quickest"].min() > 5  # the best way in no scene
    assert habits.loc["changed_mind", "best"] < 0 < habits.drop(index="changed_mind")["best"].min()


def test_the_predictions_are_the_same_for_everybody(data) -> None:
    assert gives_in_best(data) == 2
    assert friendly_beats_chance(data) == 4


def test_our_mistake_is_best_owned_repaired_and_looked_after(data) -> None:
    scene, moved = read_scene("our_mistake"), gains(data)
    paths = all_paths(scene, moved)
    assert paths["path"][0] == "cba"
    assert paths.loc[paths["score"] > 0, "chance"].sum() < 0.1  # nearly every way costs money
    assert by_style(scene, "friendliest", moved).path[1] == "c"  # pays for everything
    values = choice_values(scene, moved).set_index("id")["loses"]
    assert values.idxmax() == "everything"
    assert values["everything"] > values.drop("everything").sum()
    # Apart from it, the first sentence and the end lose most.
    assert set(values.drop("everything").nlargest(2).index) == {"who_was_it", "quick_end"}
    assert values["soon"] < 5
    assert play(scene, "bbab", moved).score < -40
    taxi, everything = play(scene, "cba", moved), play(scene, "cca", moved)
    cost = taxi.money - everything.money + scene.minute * (everything.minutes - taxi.minutes)
    most = max(read_scene(name).worth for name in scene_names())
    assert cost / (everything.trust - taxi.trust) > 10 * most  # "no customer of ours comes near"


def test_a_no_with_help_leaves_more_trust_and_giving_in_pays_for_few(data) -> None:
    assert after_talk(data) > 6.05
    assert 50 < break_even(data) < 400
