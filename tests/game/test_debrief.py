"""The debrief: other plans on the same customers, causes that add up, fates, slips with a measured price."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from crmkit.errors import CrmkitError
from crmkit.game.debrief import (
    as_before,
    causes,
    combinations,
    fate_summary,
    fates,
    money_by_item,
    side_by_side,
)
from crmkit.game.debrief_explorers import brought_by, parts_explorer
from crmkit.game.decided import AS_BEFORE, Forecast
from crmkit.game.decisions import changed
from crmkit.game.play import Game
from crmkit.game.policies import as_before as plan_as_before
from crmkit.game.score import score
from crmkit.game.slips import SLIPS, VERDICTS, habits, slips

USUAL = plan_as_before(200)
CLUMSY = changed(
    USUAL,
    {"prices.level": 0.9, "wake.drowsy": "call", "messages.kind": "same for all"}
    | {"wake.half_asleep": "call", "wake.asleep": "call", "messages.per_month": 6},
)


@pytest.fixture(scope="module")
def game():
    """Three quarters of a clumsy plan."""
    return Game(customers=200, seed=2).run([CLUMSY] * 3)


@pytest.fixture(scope="module")
def usual(game):
    """The same customers and luck, all as before."""
    return game.replay(1, as_before(game))


def test_two_plans_are_alike_until_they_differ(game):
    later = game.replay(3, USUAL)
    table = side_by_side(game, later)
    assert table["more"].iloc[:2].eq(0).all()
    assert table["more"].iloc[2] != 0
    assert (table["customers_awake"] == table["customers_awake_other"]).iloc[:2].all()
    assert table["so_far"].iloc[-1] == pytest.approx(table["more"].sum())


def test_other_customers_or_luck_are_no_comparison(game):
    other = Game(customers=200, seed=2, luck=9).run([CLUMSY] * 3)
    with pytest.raises(CrmkitError, match="differ in luck"):
        side_by_side(game, other)
    with pytest.raises(CrmkitError, match="No quarter has been played"):
        causes(Game(customers=20, seed=1))


@pytest.mark.parametrize("measure", ["value", "profit"])
def test_causes_add_up_to_the_whole_difference(game, usual, measure):
    table = causes(game, measure=measure).set_index("part")
    assert list(table.index) == ["prices", "wake", "messages", "all parts"]
    whole = score(game)[measure] - score(usual)[measure]
    assert table.loc["all parts", "brings"] == pytest.approx(whole, abs=0.05)
    assert table["brings"].iloc[:-1].sum() == pytest.approx(whole, abs=0.05)
    assert table["error"].eq(0).all()  # all orders of three parts were looked at


def test_the_last_part_is_what_a_game_without_it_says(game):
    without = game.replay(1, [changed(CLUMSY, {"prices.level": 1.0})] * 3)
    table = causes(game).set_index("part")
    expected = score(game)["value"] - score(without)["value"]
    assert table.loc["prices", "last"] == pytest.approx(expected, abs=0.05)


def test_a_sample_of_orders_comes_close_and_says_how_close(game):
    plan = changed(
        CLUMSY,
        {"service.agents": 3, "brand.weeks": 8, "winning.referral_reward": 20.0}
        | {"bonds.kind": "social", "bonds.share": 0.3},
    )
    busy = Game(customers=100, seed=2).run([plan])
    few = causes(busy, measure="profit", orders=4).set_index("part")
    many = causes(busy, measure="profit", orders=24).set_index("part")
    parts = list(few.index[:-1])
    assert len(parts) == 7
    for table in (few, many):
        total = table.loc["all parts", "brings"]
        assert table.loc[parts, "brings"].sum() == pytest.approx(total, abs=0.1)
    assert (few.loc[parts, "error"] >= 0).all()
    apart = (few.loc[parts, "brings"] - many.loc[parts, "brings"]).abs()
    assert apart.max() < 0.1 * few.loc[parts, "brings"].abs().max()


def test_a_plan_as_before_has_no_causes():
    quiet = Game(customers=60, seed=4).run([plan_as_before(60)] * 2)
    table = causes(quiet, measure="profit")
    assert table["part"].tolist() == ["all parts"]
    assert table["brings"].tolist() == [0.0]
    people = fates(quiet)
    assert people["fate"].eq("same").all()
    assert (people["margin"] == people["margin_beside"]).all()


def test_several_lucks_give_an_interval_around_the_mean(game):
    table = causes(game, measure="profit", lucks=[1, 2, 3])
    assert (table["low"] < table["brings"]).all()
    assert (table["brings"] < table["high"]).all()
    one = causes(game, measure="profit", lucks=[1])
    assert one[["low", "high"]].isna().all().all()


def test_fates_hold_the_whole_difference_of_margin(game, usual):
    people = fates(game)
    table = fate_summary(people)
    margin = [sum(r["orders"]["margin"].sum() for r in g.reported) for g in (game, usual)]
    assert table["more_margin"].sum() == pytest.approx(margin[0] - margin[1], abs=0.05)
    assert table["customers"].sum() == len(people)
    won = people[people["fate"] == "won"]
    assert won["state_beside"].isna().all()
    assert won["state"].notna().all()
    assert (won["orders_beside"] == 0).all()
    assert (won["orders"] >= 1).all()
    assert people["annoyed"].sum() > people["annoyed_beside"].sum() == 0
    kept = people[people["fate"] == "kept awake"]
    assert kept["state"].eq("awake").all()
    assert kept["state_beside"].ne("awake").all()


def test_money_by_item_is_the_difference_of_the_accounts(game, usual):
    table = money_by_item(game)
    more = game.accounts["amount"].sum() - usual.accounts["amount"].sum()
    assert table["more"].sum() == pytest.approx(more, abs=0.05)
    assert table.set_index("item").loc["contacts to wake", "beside"] == 0


@pytest.mark.parametrize("compare", [causes, fates, money_by_item])
def test_a_plan_of_another_length_is_no_comparison(game, compare):
    with pytest.raises(
        CrmkitError, match="beside has decisions for 2 quarters, and the game has 3"
    ):
        compare(game, [USUAL] * 2)


def test_a_slip_costs_what_playing_without_it_brings_more(game):
    table = slips(game, lucks=[2, 5]).set_index("slip")
    assert "prices were cut, and the rival followed" in table.index
    row = table.loc["prices were cut, and the rival followed"]
    assert row["quarters"] == "1, 2, 3"
    assert row["instead"] == "prices.level: 1.0"
    gains = []
    for luck in (2, 5):
        with_, without = (
            score(Game(customers=200, seed=2, luck=luck).run([plan] * 3))["value"]
            for plan in (CLUMSY, changed(CLUMSY, {"prices.level": 1.0}))
        )
        gains.append(without - with_)
    assert row["cost"] == pytest.approx(np.mean(gains), abs=0.05)
    assert set(table["verdict"]) <= set(VERDICTS)
    assert table["cost"].is_monotonic_decreasing


def test_every_slip_can_be_made():
    ways = {
        "the desk was too small": {"service.agents": 0},
        "the desk had more people than calls": {"service.agents": 30},
        "prices were cut, and the rival followed": {"prices.level": 0.9},
        "prices were far above the rival's": {"prices.level": 1.15},
        "money for customers who would have come anyway": {"wake.drowsy": "call"},
        "expensive contacts for those fast asleep": {"wake.asleep": "voucher"},
        "more messages than readers bear": {"messages.kind": "matched", "messages.per_month": 8},
        "one message for all": {"messages.kind": "same for all", "messages.per_month": 1},
        "generous points": {"programme.return_rate": 0.09},
        "bonds for all": {"bonds.kind": "social", "bonds.share": 0.9},
        "off the air": {"brand.weeks": 0},
        "all weeks on air in one burst": {"brand.weeks": 6},
        "nearly all spending in one channel": {"winning.spend.search": 20_000.0},
        "an expensive reward for friends": {"winning.referral_reward": 40.0},
    }
    for name, changes in ways.items():
        played = Game(customers=60, seed=2).run([changed(AS_BEFORE, changes)])
        found = [slip.name for slip in SLIPS if slip.remedy(played, 0)]
        assert name in found, name
        remedy = next(slip for slip in SLIPS if slip.name == name).remedy(played, 0)
        better = Game(customers=60, seed=2).run([changed(played.decisions[0], remedy)])
        left = [slip.name for slip in SLIPS if slip.remedy(better, 0)]
        assert name not in left or name.startswith("the desk"), name
    turned = [
        changed(AS_BEFORE, {"brand.word": "cheapest", "bonds.kind": "social"}),
        changed(AS_BEFORE, {"brand.word": "moving in", "bonds.kind": "structural"}),
    ]
    played = Game(customers=60, seed=2).run(turned)
    found = {slip.name for slip in SLIPS if slip.remedy(played, 1)}
    assert {"another word for the brand", "a bond given up for another"} <= found
    assert {slip.name for slip in SLIPS} == set(ways) | found - {"off the air"}


def test_a_switch_is_put_right_in_the_words_of_a_plan():
    played = Game(customers=40, seed=2).run([changed(USUAL, {"brand.weeks": 6})])
    table = slips(played, lucks=[2, 5]).set_index("slip")
    assert table.loc["all weeks on air in one burst", "instead"] == "brand.spread: true"


def test_a_good_decision_that_looks_wrong_is_not_called_a_slip(game):
    table = slips(game, lucks=[2, 5, 8])
    for row in table.itertuples():
        assert (row.verdict == "cost money") == (row.low > 0)
        assert (row.verdict == "earned money") == (row.high < 0)


def test_habits_count_experiments_and_forecasts(game):
    table = habits(game).set_index("habit")
    assert table.loc["tried before it was done", "seen"].startswith("0 of 2 levers")
    assert "too few to be judged" in table.loc["forecasts", "seen"]
    sure = Forecast(low=0, best=1, high=10**9)
    stated = [replace(AS_BEFORE, forecast={"turnover": sure})] * 4
    played = Game(customers=60, seed=2).run(stated)
    seen = habits(played).set_index("habit").loc["forecasts", "seen"]
    assert seen == "4 of 4 intervals held what came; at 80 % one expects 3."


def test_combinations_hold_alone_last_and_all(game):
    table = combinations(game)
    parts = ["prices", "wake", "messages"]
    assert len(table) == 8
    shares = causes(game, measure="profit").set_index("part")
    assert brought_by(table, prices=False, wake=False, messages=False) == 0
    everything = dict.fromkeys(parts, True)
    total = brought_by(table, **everything)
    assert total == pytest.approx(shares.loc["all parts", "brings"], abs=0.05)
    for part in parts:
        alone = brought_by(table, **{name: name == part for name in parts})
        assert alone == pytest.approx(shares.loc[part, "alone"], abs=0.05)
        without = brought_by(table, **(everything | {part: False}))
        assert total - without == pytest.approx(shares.loc[part, "last"], abs=0.05)
    with pytest.raises(CrmkitError, match="Say of each part"):
        brought_by(table, prices=True)


def test_the_explorer_says_what_is_switched_on(game):
    table = combinations(game)
    shown = parts_explorer(table)
    assert "prices, wake, messages" in shown.sentence
    shown.set(prices=False, wake=False, messages=False)
    assert shown.sentence == "With nothing changed the year is as before."
    assert shown.error is None
