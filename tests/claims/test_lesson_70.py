"""Lesson 70: what it claims holds in other worlds than the shipped one."""

from __future__ import annotations

import pytest
from worlds import seeds, world_of

from crmkit.mining import metric_list, metrics_in_rounds, ranks_right
from crmkit.practice.questions.lesson_70 import GUT, halves, users
from crmkit.practice.tables import OwnTables

SEEDS = seeds(1, 31, 32, 33, 34, 35)


@pytest.fixture(scope="module", params=SEEDS)
def lesson(request):
    world = world_of("strumwell", customers=6000, seed=request.param, parts=())
    data = OwnTables.of_world(world)
    metrics, paid = users(data)
    kinds = data.load("event_kinds").set_index("event")["group"]
    listed = metric_list(kinds)
    return metrics, paid, set(listed.loc[listed["first_list"], "metric"])


def test_use_ranks_better_than_chance_and_far_from_well(lesson) -> None:
    metrics, paid, _ = lesson
    found = ranks_right(metrics["events"], paid)
    assert found["low"] > 0.6
    assert found["high"] < 0.85


def test_what_all_users_choose_is_mostly_not_on_the_first_list(lesson) -> None:
    metrics, paid, first = lesson
    best = metrics_in_rounds(metrics, paid, metrics, paid, level=0.9)["metrics"].iloc[-1]
    later = [name for name in best if name not in first]
    assert len(best) <= 8
    assert len(later) >= 1
    lesson_counts.append((len(later), len(best)))
    added = metrics_in_rounds(*halves(metrics, paid), start=GUT, level=0.9)["added"].iloc[1:]
    assert len(added) >= 1


lesson_counts: list[tuple[int, int]] = []


def test_of_all_that_matters_most_was_added_later() -> None:
    assert len(lesson_counts) == len(SEEDS)
    later, all_of_them = map(sum, zip(*lesson_counts, strict=True))
    assert later / all_of_them > 0.6
