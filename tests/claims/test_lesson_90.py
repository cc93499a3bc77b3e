"""Lesson 90: what it claims holds for other customers than those of the shipped table."""

from __future__ import annotations

import pandas as pd
import pytest

from crmkit.data.load import load
from crmkit.game import own
from crmkit.game.accounts import offer_costs
from crmkit.game.debrief import side_by_side
from crmkit.game.forecast_explorers import tried_on_the_past, turnover_by_quarter
from crmkit.game.plan import OFFERS
from crmkit.game.play import Game, profit, run_fast
from crmkit.game.policies import as_before, plan_of
from crmkit.game.score import score_from

SEEDS = ["shipped", 31, *(pytest.param(seed, marks=pytest.mark.full) for seed in (32, 33, 34, 35))]


@pytest.fixture(scope="module", params=SEEDS)
def customers(request: pytest.FixtureRequest) -> pd.DataFrame:
    if request.param == "shipped":
        return load("customers")
    # Another table of customers, another number: nothing else of it is used.
    return pd.DataFrame({"customer_id": [1], "name": [f"Customer of seed {request.param}"]})


@pytest.fixture(scope="module")
def begun(customers: pd.DataFrame) -> Game:
    return own.branch(customers)


def by_quarter(game: Game, plan: object, luck: int) -> list[float]:
    bills, _ = run_fast(plan, game.states[0], 12, luck)
    return [profit([one]) for one in bills]


def test_closing_the_desk_pays_for_one_quarter(begun: Game) -> None:
    usual = by_quarter(begun, as_before(begun.customers), begun.seed)
    closed = by_quarter(begun, plan_of({"service.agents": 0}, begun.customers), begun.seed)
    more = [a - b for a, b in zip(closed, usual, strict=True)]
    assert more[0] > 200
    assert sum(more) < -10_000
    assert sum(one < 0 for one in more[2:]) >= 9


def test_so_few_customers_cannot_tell(begun: Game) -> None:
    plan = own.with_experiment(as_before(begun.customers), "wake.half_asleep", "none", "call")
    found = own.on_other_luck(Game(begun.customers, begun.seed).run(plan, 2), "half-asleep", runs=8)
    assert (found["high"] - found["low"]).mean() > 25
    assert found["estimate"].max() > 15
    assert found["estimate"].min() < 7


def test_a_call_costs_what_prose_and_quiz_say() -> None:
    assert offer_costs()[OFFERS.index("call")] == 7


def test_luck_is_larger_than_what_the_rule_brings(begun: Game) -> None:
    mine = Game(begun.customers, begun.seed).run(own.desk_rule)
    usual = score_from(as_before(begun.customers), begun.states[0], begun.seed)
    own_value = score_from(list(mine.decisions), begun.states[0], begun.seed)["value"]
    values = [
        score_from(list(mine.decisions), begun.states[0], luck)["value"]
        for luck in range(10_001, 10_011)
    ]
    spread = max(values) - min(values)
    assert spread > 0.1 * sum(values) / len(values)
    assert spread > abs(own_value - usual["value"])
    # And yet the rule is the better plan.
    assert mine.accounts["amount"].sum() > sum(
        by_quarter(begun, as_before(begun.customers), begun.seed)
    )


def test_nobody_forecasts_well_with_ten_per_cent(begun: Game) -> None:
    turnover = turnover_by_quarter(begun.reports["orders"], own.first_day(begun.seen()))
    assert tried_on_the_past(turnover, 10, 10)["inside"].sum() <= 5
    assert tried_on_the_past(turnover, 25, 60)["inside"].sum() >= 6


def test_the_lessons_rule_is_the_packages(customers: pd.DataFrame) -> None:
    """Lesson 91 begins with the game that lesson 90 plays by the rule in its cell."""
    from pathlib import Path

    from crmkit.game import policies

    master = next((Path(__file__).parents[2] / "notebooks/source").glob("90_*.py")).read_text(
        "utf-8"
    )
    cell = master.split('# %% label="rule"')[1].split("# %%")[0]
    space: dict[str, object] = {"policies": policies}
    exec(cell, space)
    told = own.branch(customers, 60).run(space["my_rule"], 4)  # type: ignore[arg-type]
    assert told.decisions == own.branch(customers, 60).run(own.desk_rule, 4).decisions


def test_same_luck_differs_only_by_the_plan(begun: Game) -> None:
    first = Game(begun.customers, begun.seed).run(as_before(begun.customers), 1)
    assert side_by_side(first.replay(1, as_before(begun.customers)), first)["more"].tolist() == [0]
