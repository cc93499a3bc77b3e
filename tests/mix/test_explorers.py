"""Explorers: every corner of their controls can be drawn, and the sentence says what the pure function gives."""

import itertools

import numpy as np
import pandas as pd
import pytest

from crmkit.mix import (
    DemandCurve,
    Market,
    Shop,
    as_matrix,
    clerk_results,
    lever_importance,
    price_war,
    simulate_offers,
    to_9_3_1,
)
from crmkit.mix.explorers import (
    chain_explorer,
    clerk_game,
    house_explorer,
    importance_explorer,
    must_have_explorer,
    offer_explorer,
    price_explorer,
    shop_explorer,
)


@pytest.fixture(scope="module")
def market(world):
    truth = world.truth
    return Market.from_tables(
        truth["needs"],
        truth["set_value"],
        truth["lever_effects"],
        world.tables["levers"],
        truth["customers"],
    )


@pytest.fixture(scope="module")
def shop(world):
    return Shop(world.tables["solutions"], world.truth["shop_visitors"])


def corners(shown):
    """Every slider at both ends, all at once, and every option of every list."""
    sliders = {
        name: (control.min, control.max)
        for name, control in shown._controls.items()
        if hasattr(control, "min")
    }
    yield {name: low for name, (low, _) in sliders.items()}
    yield {name: high for name, (_, high) in sliders.items()}
    for name, (low, high) in sliders.items():
        yield {name: low}
        yield {name: high}
    for name, control in shown._controls.items():
        for option in getattr(control, "options", ()):
            yield {name: option[1] if isinstance(option, tuple) else option}  # (label, value)


def test_every_corner_can_be_drawn(world, market, shop):
    truth, tables = world.truth, world.tables
    rivals = tables["market_offers"].iloc[1:]
    house = to_9_3_1(as_matrix(truth["lever_effects"]))
    weights = truth["needs"].groupby("need")["weight"].mean().reindex(house.index)
    made = [
        chain_explorer({"door": 0.5, "shelf": 0.7, "till": 0.8}),
        shop_explorer(shop),
        must_have_explorer(tables["need_ratings"], tables["shelf_choices"], truth["needs"]),
        house_explorer(house, weights, market, rivals),
        importance_explorer(house, weights, lever_importance(house, weights)),
        offer_explorer(market, tables["market_offers"].iloc[0], rivals),
        price_explorer(truth["set_value"], DemandCurve().fit(tables["price_choices"])),
        clerk_game(shop),
    ]
    for shown in made:
        for setting in itertools.chain([{}], corners(shown)):
            shown.set(**setting)
            assert shown.error is None, (setting, shown.error)
            assert shown.sentence
            assert "nan" not in shown.sentence
        shown.reset()


def test_chain_explorer_keeps_its_promise_only_among_equals():
    shown = chain_explorer({"door": 0.5, "shelf": 0.4, "till": 0.5})
    shown.set(shelf=80, spread=0.0)
    assert "+100% at the end; +100% come out" in shown.sentence
    shown.set(spread=2.0)
    promised, come = (
        int(part.split("%")[0])
        for part in (shown.sentence.split("+")[1], shown.sentence.split("+")[2])
    )
    assert come < promised


def test_shop_explorer_says_who_wins(shop):
    shown = shop_explorer(shop)
    best = clerk_results(shop).query("clerk == 'B'")["conversion"].max()
    assert f"{100 * best:.0f} %" in shown.sentence
    assert "B wins" in shown.sentence
    shown.set(knows=100, hurried=100)
    assert "here A wins" in shown.sentence


def test_must_have_explorer_agrees_with_the_functions(world):
    from crmkit.mix import must_haves_by_both, recovery

    tables, truth = world.tables, world.truth["needs"]
    shown = must_have_explorer(tables["need_ratings"], tables["shelf_choices"], truth)
    assert shown._controls["keep"].disabled  # what was ticked needs no number
    shown.set(way="kept in the ranking", keep=3, shelf=True)
    assert not shown._controls["keep"].disabled
    row = recovery(must_haves_by_both(tables["need_ratings"], tables["shelf_choices"]), truth).iloc[
        0
    ]
    assert f"Of {row['called']:.0f} needs" in shown.sentence
    assert f"{row['precision']:.0%}" in shown.sentence
    assert "You reached the goal" in shown.sentence
    shown.set(way="ticked", shelf=False)  # finds many, and is wrong too often
    assert "You reached the goal" not in shown.sentence


def test_house_explorer_answers_an_edited_cell(world, market):
    house = to_9_3_1(as_matrix(world.truth["lever_effects"]))
    weights = pd.Series(1.0, index=house.index)
    shown = house_explorer(house, weights, market, world.tables["market_offers"].iloc[1:])
    before = shown.sentence
    edited = house.copy()
    edited["guides"] = 0
    shown.set(house=edited)
    assert shown.sentence != before
    # A house whose every cell is empty names no lever as first.
    shown.set(house=house * 0)
    assert shown.error is None
    assert "No lever has any importance" in shown.sentence


def test_a_click_on_the_house_takes_the_next_strength_and_colour(world, market):
    house = to_9_3_1(as_matrix(world.truth["lever_effects"])) * 0
    weights = pd.Series(1.0, index=house.index)
    shown = house_explorer(
        house, weights, market, world.tables["market_offers"].iloc[1:], goal=-1e9
    )
    cell = shown._controls["house"]._cells[0][0]
    seen, colours = [], set()
    for _ in range(7):
        seen.append(cell.value)
        colours.add(cell.style.button_color)
        cell.click()
    assert seen == [0, 1, 3, 9, -1, -3, -9]
    assert len(colours) == 7
    assert cell.value == 0
    cell.click()
    assert f"First lever: {house.columns[0]}" in shown.sentence
    assert "You reached the goal" in shown.sentence


def test_importance_explorer_compares_with_the_measured_house(world):
    measured = as_matrix(world.truth["lever_effects"])
    weights = pd.Series(1.0, index=measured.index)
    target = lever_importance(measured, weights)
    shown = importance_explorer(to_9_3_1(measured) * 0, weights, target)
    assert "No lever has any importance yet" in shown.sentence
    house = to_9_3_1(measured)
    house["quality"] = 9
    shown.set(house=house)
    assert "Most overrated: quality" in shown.sentence
    assert "goal" not in shown.sentence
    share = lever_importance(house.astype(float), weights).set_index("lever")["share"]
    apart = (share - target.set_index("lever")["share"]).abs().sum() / 2
    assert f"agree on {1 - apart:.0%} of the importance" in shown.sentence
    shown.set(house=to_9_3_1(measured))
    assert "You reached the goal of 90%" in shown.sentence
    # The marks of the measured house stay; only the bars have moved.
    marks = shown._figure.axes[0].lines[0].get_xdata()
    assert np.allclose(marks, 100 * target.set_index("lever")["share"].reindex(house.columns))


def test_offer_explorer_keeps_the_start_and_says_how_far_the_goal_is(world, market):
    offers = world.tables["market_offers"]
    now = simulate_offers(market, offers).iloc[0]
    shown = offer_explorer(market, offers.iloc[0], offers.iloc[1:], goal=now["profit"] + 1000)
    assert "£1,000 are missing to the goal" in shown.sentence
    *_, outline = shown._figure.axes[0].containers
    before = [bar.get_height() for bar in outline]
    assert before[0] == pytest.approx(now["units"] / 1000)
    shown.set(guides=4)
    assert "You reached the goal" in shown.sentence
    hair = offer_explorer(market, offers.iloc[0], offers.iloc[1:], goal=now["profit"] + 1e-6)
    assert "You reached the goal" in hair.sentence
    assert [bar.get_height() for bar in outline] == before


def test_price_explorer_refuses_a_price_below_cost(world):
    curve = DemandCurve().fit(world.tables["price_choices"])
    shown = price_explorer(world.truth["set_value"], curve)
    shown.set(price=10.0, cost=12.0)
    assert "below the cost" in shown.sentence
    shown.reset()
    shown.set(rival=6.0)  # dearer in every price than an almost equal rival
    assert "Beside this rival no price earns anything" in shown.sentence


def test_price_explorer_holds_three_ways_side_by_side(world):
    shown = price_explorer(
        world.truth["set_value"], DemandCurve().fit(world.tables["price_choices"])
    )
    shown.set(cost=10.0, markup=50, rival=17.0)
    assert "£17.00 (by competitors)" in shown.sentence
    assert "£15.00 (cost-plus)" in shown.sentence
    shown.set(cost=20.0)
    assert (
        "£30.00 (cost-plus)" in shown.sentence
    )  # cost-plus follows the cost, the rival's price does not
    assert "£17.00 (by competitors)" in shown.sentence


def test_price_explorer_lets_the_rival_answer_and_says_when_the_goal_is_reached(world):
    curve = DemandCurve().fit(world.tables["price_choices"])
    shown = price_explorer(world.truth["set_value"], curve, goal=18_000)
    shown.set(price=15.5)
    assert "earn £29" in shown.sentence
    assert "goal" not in shown.sentence, "the rival has not answered yet"
    shown.set(answers=20)
    assert "After 20 answers the rival asks £12" in shown.sentence
    assert "At £15.50 you earn £5." in shown.sentence, "next to nothing"
    shown.set(alike=20, price=17.5)
    assert "You reached the goal" in shown.sentence
    war = price_war(world.truth["set_value"], 11.55, 16.0, blur=0.3 * 40**0.8, rounds=40, step=0.25)
    assert f"the rival asks £{war['price'].iloc[-1]:.2f}" in shown.sentence


def test_the_game_counts_visitors_and_sales(shop):
    shown = clerk_game(shop, seed=3)
    for visitor in range(1, 8):
        shown._controls["job"].click()
        shown._controls["wall"].click()
        shown._controls["offer_it"].click()
        assert "The visitor was:" in shown.sentence
        ended = shown.sentence
        shown._controls["offer_it"].click()
        assert "The next visitor waits" in shown.sentence
        assert ended.startswith(f"Visitor {visitor}:")
        shown._controls["next_visitor"].click()
    assert shown.sentence.startswith('Visitor 8: "I need a drill."')
    shown.reset()
    assert shown.sentence.startswith('Visitor 1: "I need a drill."')


def test_the_games_notes_are_bayes(shop):
    shown = clerk_game(shop, seed=3)
    axes = shown._figure.axes[0]
    assert all(bar.get_width() == 0 for bar in axes.patches)
    shown.set(notes="shown")
    widths = [bar.get_width() for bar in axes.patches]
    assert np.allclose(widths, 100 * shop.prior @ shop.fits)
