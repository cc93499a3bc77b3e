"""The first pillar's tables: the truth behind them is what they were made from."""

import numpy as np
import pytest

from crmkit.companies import shipped
from crmkit.world import simulate

PARTS = ["mix", "shop", "touchpoints"]
FERNWELL = shipped("fernwell")
NEEDS, LEVERS = FERNWELL.lists["needs"], FERNWELL.lists["levers"]


@pytest.fixture(scope="module")
def world():
    return simulate("fernwell", customers=1500, seed=4, progress=False, parts=PARTS)


def test_same_seed_same_tables_other_seed_others(world):
    again = simulate("fernwell", customers=1500, seed=4, progress=False, parts=PARTS)
    other = simulate("fernwell", customers=1500, seed=5, progress=False, parts=PARTS)
    for name in ("shelf_choices", "shop_conversations", "touchpoint_log", "price_answers"):
        assert again.tables[name].equals(world.tables[name])
        assert not other.tables[name].equals(world.tables[name])


def test_nobody_buys_without_a_must_have_or_beyond_the_budget(world):
    bought = world.tables["shelf_choices"].query("chosen == 1")
    must = world.truth["needs"].pivot(index="customer_id", columns="need", values="must_have")
    others = [need for need in NEEDS if need != "affordable"]
    lacking = must.loc[bought["customer_id"], others].to_numpy() & (bought[others] == 0).to_numpy()
    assert not lacking.any()
    budget = world.truth["set_value"].set_index("customer_id")["budget"]
    assert (bought["price"].to_numpy() <= budget.loc[bought["customer_id"]].to_numpy() + 0.01).all()


def test_being_able_to_pay_is_everybodys_must_have(world):
    needs = world.truth["needs"]
    assert needs.loc[needs["need"] == "affordable", "must_have"].all()
    count = needs.groupby("customer_id")["must_have"].sum()
    assert count.between(2, 4).all()
    assert not (needs["must_have"] & needs["implicit"]).any()


def test_every_card_shows_four_needs_and_every_need_equally_often(world):
    cards = world.tables["best_worst_tasks"]
    items = cards[[f"item_{i}" for i in range(1, 5)]].to_numpy()
    assert all(len(set(card)) == 4 for card in items)
    _, shown = np.unique(items, return_counts=True)
    assert len(set(shown)) == 1


def test_levers_of_prototypes_were_drawn_by_chance(world):
    levels = world.tables["prototype_ratings"][list(LEVERS)]
    apart = levels.corr().to_numpy()[np.triu_indices(len(LEVERS), 1)]
    assert np.abs(apart).max() < 0.2


def test_who_left_early_was_offered_nothing_and_bought_nothing(world):
    talks = world.tables["shop_conversations"]
    assert (talks["offered"].isna() == talks["left_early"]).all()
    assert not (talks["left_early"] & talks["bought"]).any()
    answers = world.tables["shop_answers"].groupby("conversation_id").size()
    asked = talks.set_index("conversation_id")["questions"]
    assert answers.reindex(asked.index, fill_value=0).equals(asked)
    assert (talks["questions"] <= talks["planned_questions"]).all()


def test_journeys_stop_where_nobody_went_on(world):
    log = world.tables["touchpoint_log"]
    last = log.groupby("journey_id")["step"].transform("max") == log["step"]
    assert log.loc[~last, "went_on"].all()
    assert not log.loc[last & (log["step"] < 6), "went_on"].any()
    trial = world.tables["journeys"].query("arm != 'none'")
    assert (trial["channel"] == "web").all()
