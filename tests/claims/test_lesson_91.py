"""Lesson 91: what it claims holds for other customers than those of the shipped table."""

from __future__ import annotations

import pandas as pd
import pytest

from crmkit.data.load import load
from crmkit.game import debrief, own, policies, score, slips
from crmkit.game.play import Game
from crmkit.inference import mean_interval
from crmkit.review import findings

SEEDS = ["shipped", 31, *(pytest.param(seed, marks=pytest.mark.full) for seed in (32, 33, 34, 35))]
TOM = {
    "service.agents": 1,
    "prices.level": 0.9,
    "wake.drowsy": "voucher",
    "messages.kind": "matched",
    "messages.per_month": 2,
}


@pytest.fixture(scope="module", params=SEEDS)
def game(request: pytest.FixtureRequest) -> Game:
    if request.param == "shipped":
        customers = load("customers")
    else:
        # Another table of customers, another number: nothing else of it is used.
        customers = pd.DataFrame(
            {"customer_id": [1], "name": [f"Customer of seed {request.param}"]}
        )
    return own.branch(customers, size=400).run(policies.plan_of(TOM, 400), 4)


@pytest.fixture(scope="module")
def usual(game: Game) -> Game:
    return game.replay(1, debrief.as_before(game))


def test_the_seven_analyses_run_on_the_games_reports(game: Game) -> None:
    found = findings(game.reports)
    assert len(found) == 7
    assert not found["finding"].eq("The data do not allow this analysis").any()


def test_the_plan_loses_and_the_price_cut_costs_most(game: Game, usual: Game) -> None:
    total = debrief.side_by_side(game, usual)["so_far"].iloc[-1]
    assert total < -3000
    items = debrief.money_by_item(game).set_index("item")["more"]
    assert items["service desk"] > 0
    # Goods cost more beside what they sold for.
    assert items["turnover"] + items["cost of goods"] < 0
    causes = debrief.causes(game, measure="profit").set_index("part")["brings"]
    assert causes.drop("all parts").idxmin() == "prices"
    assert causes["prices"] < -3000


def test_the_rival_follows(game: Game, usual: Game) -> None:
    rival, without = (one.reports["market"]["rival_level"] for one in (game, usual))
    assert rival.iloc[0] == without.iloc[0]
    assert (rival.iloc[1:] < without.iloc[1:]).all()


def test_the_loss_is_of_customers_who_stayed(game: Game) -> None:
    fates = debrief.fate_summary(debrief.fates(game)).set_index("fate")
    people, margin = fates["customers"], fates["more_margin"]
    assert people["same"] / people.sum() > 0.9
    assert margin["same"] < 0.75 * margin.sum() < 0


def test_on_the_same_luck_the_difference_moves_less(game: Game, usual: Game) -> None:
    runs, others = score.luck(game, 6)["profit"][1:], score.luck(usual, 6)["profit"][1:]
    assert ((runs - others) < 0).all()
    more = runs - others
    assert more.max() - more.min() < (runs.max() - runs.min())
    # The whole interval of the mean difference is below 0: the lesson says that it was the plan.
    assert mean_interval(more).high < 0


def test_price_and_desk_are_found_and_priced(game: Game) -> None:
    found = slips.slips(game, lucks=[1, 2, 3]).set_index("slip")
    assert found.index[0] == "prices were cut, and the rival followed"
    assert found["cost"].iloc[0] > 0
    assert "money for customers who would have come anyway" in found.index
    assert "0 of 2" in slips.habits(game)["seen"].iloc[0]
