"""How sure a measured house and its offer are: what is drawn anew, and what the intervals hold."""

import numpy as np
import pandas as pd
import pytest

from crmkit.errors import CrmkitError
from crmkit.mix import (
    Market,
    as_matrix,
    choice_shares,
    compare_offers,
    estimate_effects,
    lever_certainty,
    lever_importance,
    offer_certainty,
    offer_costs,
    offer_from_importance,
    offers_from_houses,
    simulate_offers,
    step_gains,
    to_9_3_1,
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
def measured(world):
    tables, needs = world.tables, world.truth["needs"]
    names = tables["levers"]["lever"].tolist()
    effects = estimate_effects(
        tables["prototype_ratings"], needs["need"].drop_duplicates().tolist(), names
    )
    house = as_matrix(effects)
    return house, needs.groupby("need")["weight"].mean().reindex(house.index)


def test_the_share_is_that_of_the_whole_sample_and_lies_in_its_interval(world, measured):
    tables, needs = world.tables, world.truth["needs"]
    names = tables["levers"]["lever"].tolist()
    found = lever_certainty(tables["prototype_ratings"], needs, names, draws=60)
    plain = lever_importance(*measured).set_index("lever")["share"]
    assert found.set_index("lever")["share"].to_dict() == pytest.approx(plain.to_dict())
    assert (found["low"] < found["share"]).all()
    assert (found["share"] < found["high"]).all()
    assert found["first"].sum() == pytest.approx(1)
    again = lever_certainty(tables["prototype_ratings"], needs, names, draws=60)
    pd.testing.assert_frame_equal(found, again)


def test_fewer_customers_make_wider_intervals_and_too_few_none(world):
    tried, needs = world.tables["prototype_ratings"], world.truth["needs"]
    names = world.tables["levers"]["lever"].tolist()
    people = tried["customer_id"].unique()
    width = []
    for few in (300, 100, 99):
        rows = tried[tried["customer_id"].isin(people[:few])]
        found = lever_certainty(rows, needs, names, draws=60)
        width.append((found["high"] - found["low"]).mean())
    assert 1.3 < width[1] / width[0] < 2.3  # the root of 300 / 100 is 1.7
    assert np.isnan(width[2])


def test_the_offer_of_the_whole_sample_is_the_one_most_often_drawn(world, measured):
    tables, needs = world.tables, world.truth["needs"]
    house, weights = measured
    found = offer_certainty(tables["prototype_ratings"], needs, tables["levers"], 38_000, draws=30)
    assert found["share_of_draws"].sum() == pytest.approx(1)
    plain = offer_from_importance(to_9_3_1(house), weights, tables["levers"], 38_000)
    assert found.iloc[0].drop("share_of_draws").astype(int).to_dict() == plain.to_dict()
    # Five customers do not settle an offer.
    tried = tables["prototype_ratings"]
    tried = tried[tried["customer_id"].isin(tried["customer_id"].unique()[:5])]
    drawn = offer_certainty(tried, needs, tables["levers"], 38_000, draws=30)
    assert len(drawn) > 5


def test_a_customer_without_weights_is_named(world):
    tables, needs = world.tables, world.truth["needs"]
    who = tables["prototype_ratings"]["customer_id"].iloc[0]
    names = tables["levers"]["lever"].tolist()
    with pytest.raises(CrmkitError, match=f"1 customers who rated .* first customer {who}"):
        lever_certainty(tables["prototype_ratings"], needs[needs["customer_id"] != who], names)


def test_compared_offers_are_those_of_the_simulator(world, market, measured):
    offers = world.tables["market_offers"]
    ours, rivals = offers.head(1), offers.iloc[1:]
    other = ours.assign(offer="other", guides=4)
    found = compare_offers(market, pd.concat([ours, other]), rivals)
    for row, tried in zip(found.itertuples(), (ours, other), strict=True):
        plain = simulate_offers(market, pd.concat([tried, rivals])).iloc[0]
        assert row.profit == pytest.approx(plain["profit"])
        assert row.units == pytest.approx(plain["units"])
        assert row.low < row.profit < row.high
    second = found.iloc[1]
    assert np.isnan(found["more"].iloc[0])
    assert second["more"] == pytest.approx(found["profit"].iloc[1] - found["profit"].iloc[0])
    # The same customers judge both, so the difference is surer than the two profits apart.
    apart = np.hypot(*(found["high"] - found["low"]))
    assert second["more_high"] - second["more_low"] < apart


def test_houses_become_offers_by_one_rule(world, measured):
    house, weights = measured
    levers = world.tables["levers"]
    built = offers_from_houses({"a": house, "b": house * 0}, weights, levers, 38_000, price=22)
    plain = offer_from_importance(house, weights, levers, 38_000)
    assert built.set_index("offer").loc["a", plain.index].to_dict() == plain.to_dict()
    assert (built.iloc[1][plain.index] == 1).all()
    assert (built["price"] == 22).all()


def test_a_step_is_judged_alone(world, market):
    offers = world.tables["market_offers"]
    ours, rivals = offers.head(1).assign(kit=5), offers.iloc[1:]
    found = step_gains(market, ours, rivals).set_index("lever")
    assert "kit" not in found.index  # there is no step above 5
    assert found["gain"].is_monotonic_decreasing
    shelf = pd.concat([ours, rivals], ignore_index=True)
    more = shelf.copy()
    more.loc[0, "guides"] += 1
    gain = [simulate_offers(market, each)["profit"].iloc[0] for each in (shelf, more)]
    assert found.loc["guides", "gain"] == pytest.approx(gain[1] - gain[0])
    closed = [(choice_shares(market, each)[:, 0] == 0).mean() for each in (shelf, more)]
    assert found.loc["guides", "refused"] == pytest.approx(closed[1] - closed[0])
    assert offer_costs(market, ours)["fixed_cost"].iloc[0] > 0
    with pytest.raises(CrmkitError, match="one row; there are 2"):
        step_gains(market, offers.head(2), rivals)
