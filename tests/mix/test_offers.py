"""Offer simulator: must-haves cannot be bought off; needs first beats product first."""

import itertools

import numpy as np
import pandas as pd
import pytest

from crmkit.errors import CrmkitError
from crmkit.mix import (
    Market,
    best_offer,
    choice_shares,
    estimate_effects,
    four_p_first_offer,
    offer_costs,
    simulate_offers,
)
from crmkit.mix.offers import _profits, _pull


def true_market(world):
    truth = world.truth
    return Market.from_tables(
        truth["needs"],
        truth["set_value"],
        truth["lever_effects"],
        world.tables["levers"],
        truth["customers"],
    )


@pytest.fixture(scope="module")
def market(world):
    return true_market(world)


def test_an_offer_that_misses_a_must_have_sells_nothing_however_low_the_price(world, market):
    """Everybody of one segment needs advice; a set without staff is all but given away."""
    needs = world.truth["needs"].copy()
    groups = world.truth["customers"].set_index("customer_id")["need_type"]
    of_segment = needs["customer_id"].map(groups) == "value"
    needs.loc[of_segment & (needs["need"] == "advice"), "must_have"] = True
    strict = Market(needs, market.budgets, market.effects, market.levers, market.groups)
    levers = [lever for lever in market.effects.columns if lever != "low_price"]
    offer = pd.DataFrame([{"offer": "mute", **dict.fromkeys(levers, 5), "staff": 1}])
    cost = offer_costs(strict, offer)["unit_cost"].iloc[0]
    for price in (cost, cost + 0.01, cost + 3):
        sold = simulate_offers(strict, offer.assign(price=price), by_segment=True)
        sold = sold.set_index("segment")["units"]
        assert sold["value"] == 0
        assert sold["price"] > 0
    # Not even a gift would go: the rule has no price.
    assert (_pull(strict, offer.assign(price=0.0))[strict._cache["groups"] == "value"] == 0).all()
    # With the need met it sells.
    heard = simulate_offers(strict, offer.assign(price=cost + 3, staff=5), by_segment=True)
    assert heard.set_index("segment").loc["value", "units"] > 0


def test_who_cannot_pay_does_not_buy(market):
    levers = [lever for lever in market.effects.columns if lever != "low_price"]
    dear = pd.DataFrame([{"offer": "dear", "price": 1000.0, **dict.fromkeys(levers, 5)}])
    assert simulate_offers(market, dear)["units"].iloc[0] == 0


def test_some_nice_to_haves_are_needed_too(market, world):
    offers = world.tables["market_offers"]
    more = Market(
        market.needs, market.budgets, market.effects, market.levers, market.groups, some_nice=8
    )
    few, many = (simulate_offers(m, offers)["units"].sum() for m in (more, market))
    assert few < many


def test_shares_are_chances(market, world):
    chance = choice_shares(market, world.tables["market_offers"])
    assert (chance >= 0).all()
    assert (chance.sum(axis=1) <= 1).all()


def test_segments_add_up_to_the_whole(market, world):
    offers = world.tables["market_offers"]
    whole = simulate_offers(market, offers).set_index("offer")
    parts = simulate_offers(market, offers, by_segment=True).groupby("offer")[["units", "turnover"]]
    pd.testing.assert_frame_equal(
        parts.sum().loc[whole.index], whole[["units", "turnover"]], check_exact=False
    )


def test_search_finds_what_trying_all_finds():
    market = Market.example()
    rivals = market.example_offers().iloc[1:]
    found = best_offer(market, rivals, budget=450, prices=range(4, 31))
    tried = []
    for staff, quality, price in itertools.product(range(1, 6), range(1, 6), range(4, 31)):
        offer = pd.DataFrame([{"offer": "x", "price": price, "staff": staff, "quality": quality}])
        costs = offer_costs(market, offer).iloc[0]
        if costs["fixed_cost"] <= 450 and price >= costs["unit_cost"]:
            both = pd.concat([offer, rivals])
            tried.append(simulate_offers(market, both)["profit"].iloc[0])
    assert found["profit"].iloc[0] == pytest.approx(max(tried))


def test_needs_first_beats_product_first_for_the_same_money(any_world):
    market = true_market(any_world)
    offers = any_world.tables["market_offers"]
    rivals = offers[offers["company"] != "Fernwell"]
    budget = float(offer_costs(market, offers)["fixed_cost"].iloc[0])
    first = four_p_first_offer(market, rivals, budget)
    best = best_offer(market, rivals, budget, starts=3)
    assert best["fixed_cost"].iloc[0] <= budget
    assert first["fixed_cost"].iloc[0] <= budget
    assert best["profit"].iloc[0] > max(0, first["profit"].iloc[0]) + 20_000


def test_a_market_learnt_from_the_survey_foretells_the_true_one(any_world):
    """Shares of 60 offers drawn by chance, as the survey sees them, against the truth."""
    tables, truth = any_world.tables, any_world.truth
    market = true_market(any_world)
    levers, needs = list(tables["levers"]["lever"]), list(tables["needs"]["need"])
    learnt = Market.from_survey(
        tables["need_ratings"],
        tables["shelf_choices"],
        tables["price_answers"],
        estimate_effects(tables["prototype_ratings"], needs, levers),
        tables["levers"],
        truth["customers"].set_index("customer_id")["need_type"],
    )
    rng = np.random.default_rng(7)
    moved = [lever for lever in levers if lever != "low_price"]
    seen, real = [], []
    for i in range(60):
        level = rng.integers(2, 6, len(moved))
        offer = pd.DataFrame(
            [{"offer": f"{i}", "price": 28.0, **dict(zip(moved, level, strict=True))}]
        )
        seen.append(simulate_offers(learnt, offer)["share"].iloc[0])
        real.append(simulate_offers(market, offer)["share"].iloc[0])
    assert np.corrcoef(seen, real)[0, 1] > 0.9
    assert np.abs(np.subtract(seen, real)).mean() < 0.06


def test_a_price_below_cost_is_refused(market, world):
    offers = world.tables["market_offers"].assign(price=1.0)
    with pytest.raises(CrmkitError, match="below its cost"):
        simulate_offers(market, offers)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda f: f.drop(columns="staff"), "staff is missing"),
        (lambda f: f.assign(staff=7), "above 5"),
        (lambda f: f.assign(price=np.nan), "missing or no finite numbers"),
        (lambda f: f.iloc[:0], "no rows"),
    ],
)
def test_bad_offers_are_refused(market, world, change, message):
    with pytest.raises(CrmkitError, match=message):
        simulate_offers(market, change(world.tables["market_offers"]))


def test_a_bad_market_is_refused(market):
    rest = (market.budgets, market.effects, market.levers, market.groups)
    with pytest.raises(CrmkitError, match="below 0"):
        Market(market.needs.assign(weight=-1.0), *rest)
    with pytest.raises(CrmkitError, match="affordable"):
        Market(market.needs[market.needs["need"] != "affordable"], *rest)
    with pytest.raises(CrmkitError, match="no row for the need"):
        Market(market.needs, market.budgets, market.effects.drop(index="fit"), *rest[2:])
    with pytest.raises(CrmkitError, match="no rows"):
        Market(market.needs.iloc[:0], *rest)
    with pytest.raises(CrmkitError, match="must be at least 0"):
        best_offer(market, Market.example_offers(), -1)
    with pytest.raises(CrmkitError, match="neither True nor False"):
        Market(market.needs.assign(must_have="yes"), *rest)
    with pytest.raises(CrmkitError, match="repeat an earlier one"):
        Market(pd.concat([market.needs, market.needs.head(1)]), *rest)
    with pytest.raises(CrmkitError, match="no cost for the lever"):
        Market(*(market.needs, market.budgets, market.effects), market.levers.iloc[1:], rest[3])


def test_what_the_search_cannot_use_is_refused():
    market, offers = Market.example(), Market.example_offers()
    with pytest.raises(CrmkitError, match="prices to try is empty"):
        best_offer(market, offers.iloc[1:], 100, prices=[])
    with pytest.raises(CrmkitError, match="steel in `order` is no lever"):
        four_p_first_offer(market, offers.iloc[1:], 100, order=["steel"])


def test_three_starts_of_the_search_find_what_many_find(any_world):
    """Seed after seed: no other start, and no change of three levers at once, earns more."""
    market = true_market(any_world)
    offers = any_world.tables["market_offers"]
    rivals = offers[offers["company"] != "Fernwell"]
    found = best_offer(market, rivals, 38_000, starts=3).iloc[0]
    levers = [lever for lever in market.effects.columns if lever != "low_price"]
    rng, steps = np.random.default_rng(3), market.levers.set_index("lever")["step_fixed_cost"]
    levels = np.tile(found[levers].to_numpy(dtype=float), (3000, 1))
    moved = rng.random(levels.shape).argsort(axis=1)[:, :3]
    np.put_along_axis(levels, moved, rng.integers(1, 6, moved.shape), axis=1)
    tried = pd.DataFrame(levels, columns=levers).assign(price=float(found["price"]))
    fixed = ((tried[levers] - 1) * steps[levers]).sum(axis=1)
    tried = tried[(fixed <= 38_000) & (tried["price"] >= offer_costs(market, tried)["unit_cost"])]
    assert len(tried) > 500
    profits = _profits(market, tried, _pull(market, rivals).sum(axis=1))
    assert profits.max() <= found["profit"] + 1e-6
