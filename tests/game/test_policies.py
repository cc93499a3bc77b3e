"""Rivals by rule: nobody loses to the book, the book to the truth, and no single lever to either."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from crmkit.errors import CrmkitError
from crmkit.game.attack import (
    BEST,
    HIGH,
    LOW,
    SEARCHED,
    policy_of,
    race,
    search,
    to_changes,
    to_point,
)
from crmkit.game.decisions import AS_BEFORE, FIELDS, changed, check
from crmkit.game.play import Game, Policy, Seen
from crmkit.game.policies import (
    POLICIES,
    as_before,
    best_word,
    by_the_book,
    knows_the_truth,
    nobody,
    plan_of,
    scaled,
)
from crmkit.game.score import score_from, standings, tournament
from crmkit.game.state import start

SIZE, SEEDS = 250, (11, 12, 13)


@pytest.fixture(scope="module")
def games() -> pd.DataFrame:
    return tournament(dict(POLICIES), SEEDS, customers=SIZE)


def values(games: pd.DataFrame) -> pd.DataFrame:
    return games.pivot_table(index="seed", columns="plan", values="value")


def test_what_the_course_teaches_beats_doing_nothing_and_the_truth_is_best(
    games: pd.DataFrame,
) -> None:
    wide = values(games)
    assert (wide[by_the_book.name] > wide[nobody.name]).all()
    assert (wide[knows_the_truth.name] > wide[by_the_book.name]).all()
    assert (wide.idxmax(axis=1) == knows_the_truth.name).all()
    best = standings(games, nobody.name).iloc[0]
    assert best["plan"] == knows_the_truth.name
    assert best["more"] > 0


def test_spending_on_everything_and_cutting_prices_lose_to_doing_nothing(
    games: pd.DataFrame,
) -> None:
    wide = values(games)
    for name in ("spender", "discounter"):
        assert (wide[name] < wide[nobody.name]).all()


def test_as_before_is_neither_ruin_nor_gold(games: pd.DataFrame) -> None:
    own = games[games["plan"] == nobody.name]
    assert (own["profit"] > 0).all()
    # Less than £40 a customer and quarter.
    assert (own["profit"] / SIZE / 12 < 40).all()


@pytest.mark.slow
def test_no_single_lever_dominates() -> None:
    world = start(120, 11)

    def value(plan: Policy) -> float:
        return score_from(plan, world, 11, 8)["value"]

    best, before = value(knows_the_truth), value(nobody)
    found = {}
    for one in FIELDS:
        if one.section == "research":
            continue
        ends = one.choices or ((False, True) if one.kind == "flag" else (one.low, one.high))
        for end in ends:
            # Nobody needs a game to see that £50,000 a quarter for one channel is too much.
            if end == AS_BEFORE.value(one.lever) or (one.high == 50_000 and end):
                continue
            plan = plan_of({one.lever: end}, 120)
            found[one.lever, end] = value(
                Policy("one", lambda _seen, plan=plan: plan, needs_reports=False)
            )
    strongest = max(found, key=lambda name: found[name])
    # The best of all levers at one of its ends, all others left alone, brings less than two thirds of what is there.
    assert found[strongest] - before < (best - before) * 2 / 3, strongest


def test_the_best_plan_that_the_attacks_found_is_no_exploit(games: pd.DataFrame) -> None:
    found = tournament({"found": policy_of(BEST)}, SEEDS, customers=SIZE)
    assert found["value"].mean() < 1.05 * values(games)[knows_the_truth.name].mean()


@pytest.mark.parametrize("attack", [search, race])
def test_an_attack_that_was_stopped_goes_on_where_it_was(attack: Callable[..., Any]) -> None:
    played: dict[Any, float] = {}
    about: dict[str, Any] = {"customers": 30, "quarters": 1, "seeds": (11, 12), "played": played}
    first = attack(10, **about)
    kept = dict(played)
    again = attack(10, **about)
    assert again[0].tolist() == first[0].tolist()
    assert again[1:] == first[1:]
    assert played == kept
    # Value is the mean over the seeds.
    own = [kept[tuple(first[0].tolist()), seed] for seed in (11, 12)]
    assert first[1] == pytest.approx(np.mean(own))
    with pytest.raises(CrmkitError, match="seeds is empty"):
        attack(10, seeds=())


def test_the_race_never_goes_down_and_begins_with_the_plan_that_is_given() -> None:
    begin = to_point({"service.agents": 0})
    place, value, tried = race(12, begin=begin, customers=30, quarters=1, seeds=(11,))
    assert tried >= 12
    assert value >= score_from(policy_of(begin), start(30, 11), 11, 1)["value"] / 30
    assert place.shape == LOW.shape


def test_points_of_the_search_are_plans_and_back() -> None:
    rng = np.random.default_rng(2)
    for _ in range(30):
        usual, end = to_changes(LOW + (HIGH - LOW) * rng.random(len(LOW)))
        assert check(changed(AS_BEFORE, usual))
        assert to_changes(to_point(usual, {**usual, **end})) == (usual, end)
    assert {name for name, _, _ in SEARCHED} == {
        one.lever for one in FIELDS if one.section != "research"
    }


@pytest.mark.parametrize("policy", POLICIES.values(), ids=list(POLICIES))
@pytest.mark.parametrize("customers", [1, 40])
def test_every_policy_decides_in_every_quarter(policy, customers: int) -> None:
    game = Game(customers, seed=3, quarters=3).run(policy)
    assert game.played == 3
    assert all(check(one) for one in game.decisions)


def test_only_the_last_is_shown_the_truth() -> None:
    assert [one.name for one in POLICIES.values() if one.knows_the_truth] == ["knows the truth"]


def test_money_is_scaled_with_the_company_and_people_are_not() -> None:
    assert as_before(2000) == AS_BEFORE
    assert as_before(500).winning.spend["search"] == 300
    got = scaled(
        {"research.tracker": 300, "winning.referral_reward": 5.0, "service.agents": 3}, 200
    )
    assert got == {"research.tracker": 30, "winning.referral_reward": 5.0, "service.agents": 3}


def test_the_book_buys_a_tracker_once_and_then_changes_its_word() -> None:
    game = Game(300, seed=3, quarters=3).run(by_the_book)
    asked = [one.research.tracker for one in game.decisions]
    assert asked == [45, 0, 0]
    assert game.decisions[0].brand.word == AS_BEFORE.brand.word
    assert game.decisions[1].brand.word == best_word(game.reports) != AS_BEFORE.brand.word


def test_the_book_hires_while_callers_give_up() -> None:
    game = Game(300, seed=3, quarters=3)
    game.play(plan_of({"service.agents": 0}, 300))
    seen = game.seen()
    assert by_the_book(seen).service.agents == 1
    assert isinstance(seen, Seen)
