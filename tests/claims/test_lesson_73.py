"""Lesson 73: what it claims holds in other worlds than the shipped one."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from worlds import seeds, world_of

from crmkit.mining import metrics_in_rounds
from crmkit.practice.questions.lesson_73 import (
    FIVE,
    GUT,
    WALL,
    arms,
    drift,
    gain,
    ranked,
    twin_left,
    users,
    which_way,
)
from crmkit.practice.tables import OwnTables

SEEDS = seeds(2, 31, 32, 33, 34, 35)


@pytest.fixture(scope="module")
def lessons():
    """What the lesson finds, in each world."""
    found = []
    for seed in SEEDS:
        world = world_of("strumwell", customers=6000, seed=seed, parts=())
        data = OwnTables.of_world(world)
        metrics, paid = users(data)
        later, later_paid = users(data, 1, usual=metrics.attrs["usual"])
        found.append(
            SimpleNamespace(
                wall=ranked(data, WALL, draws=10),
                gut=ranked(data, GUT, draws=10),
                twin=twin_left(data),
                favourite=paid.groupby(metrics["count_favourite"] > 0).mean(),
                arms=arms(data),
                way=which_way(data),
                drift=drift(data).set_index("metric"),
                rounds=metrics_in_rounds(
                    later, later_paid, later, later_paid, start=FIVE, level=0.9
                ),
                causes=world.truth["behaviour_causes"].set_index("cause"),
            )
        )
    return found


def test_listens_per_take_come_first_on_the_wall_and_the_rest_swap_places(lessons) -> None:
    for lesson in lessons:
        assert lesson.wall.loc["listen_back_per_record_take", "in_top"] >= 0.9
        assert (lesson.wall["in_top"] < 0.9).sum() >= 5
        # What goes along only has hardly any share beside the causes.
        assert lesson.wall.loc[["count_favourite", "count_streak_shown"], "share"].max() < 0.1
    first = [lesson.wall.index[0] for lesson in lessons]
    assert first.count("listen_back_per_record_take") >= len(lessons) * 2 / 3
    assert set(first) <= {"listen_back_per_record_take", "events", "active_weeks"}


def test_a_share_belongs_to_a_list(lessons) -> None:
    assert all(
        lesson.gut.loc["events", "share"] > lesson.wall.loc["events", "share"] for lesson in lessons
    )


def test_a_twin_takes_a_part_of_the_loss(lessons) -> None:
    assert all(lesson.twin == "b" for lesson in lessons)


def test_favourites_go_along_with_payment_and_do_not_cause_it(lessons) -> None:
    for lesson in lessons:
        assert lesson.favourite[True] > 1.5 * lesson.favourite[False]
        assert (
            lesson.arms.loc["favourite", "favourites"] > 2 * lesson.arms.loc["none", "favourites"]
        )
    assert sum(lesson.way == "b" for lesson in lessons) >= len(lessons) - 1
    listen, favourite = (
        sum(gain(lesson.arms, arm)[0] for lesson in lessons) / len(lessons)
        for arm in ("listen", "favourite")
    )
    assert listen > 3
    assert abs(favourite) < 2


def test_the_watch_finds_the_two_events_that_changed_and_no_fading_effect(lessons) -> None:
    for lesson in lessons:
        assert lesson.drift.loc[["count_duet", "count_favourite"], "changed"].all()
        assert 25 <= lesson.drift["changed"].sum() <= 55
        assert (lesson.drift["changed"] & (lesson.drift["index"] < 0.1)).any()
        variety = lesson.causes.loc["variety"]
        assert variety["paying_after"] < variety["paying_before"]
    assert sum(lesson.drift.loc["kinds_skills", "changed"] for lesson in lessons) <= 1


def test_a_year_later_a_duet_comes_in(lessons) -> None:
    added = [" ".join(lesson.rounds["added"]) for lesson in lessons]
    assert sum("duet" in names for names in added) >= len(lessons) - 1
