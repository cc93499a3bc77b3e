"""The market: its tables agree with each other, and are what the truth says they are."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crmkit.companies import shipped
from crmkit.data.catalogue.market import REASONS
from crmkit.world import World, simulate

FERNWELL = shipped("fernwell")
OFFERS, SHELF = FERNWELL.lists["trial_offers"], list(FERNWELL.lists["shelf_needs"])


@pytest.fixture(scope="module")
def world() -> World:
    return simulate("fernwell", customers=300, seed=4, progress=False, parts=["market"])


def test_same_seed_same_tables_and_the_number_of_customers_changes_none(world: World) -> None:
    again = simulate("fernwell", customers=310, seed=4, progress=False, parts=["market"])
    other = simulate("fernwell", customers=300, seed=5, progress=False, parts=["market"])
    for name in ("market_people", "market_choices", "market_trial", "web_visitors"):
        assert again.tables[name].equals(world.tables[name])
        assert not other.tables[name].equals(world.tables[name])


def test_the_market_changes_no_other_table(world: World) -> None:
    bare = simulate("fernwell", customers=300, seed=4, parts=[], progress=False)
    for name in ("orders", "customers", "order_lines"):
        pd.testing.assert_frame_equal(bare.tables[name], world.tables[name])


def test_register_and_truth_add_up_to_the_households_of_each_area(world: World) -> None:
    areas = world.tables["market_areas"].set_index("area")["households"]
    register = world.tables["market_register"].groupby("area")["households"].sum()
    truth = world.truth["market_areas"].set_index("area")
    assert areas.sum() == world.params["market"]["people"]
    assert register.loc[areas.index].tolist() == areas.tolist()
    assert truth[["customers", "near", "refusing"]].sum(axis=1).tolist() == areas.tolist()


def test_the_old_and_the_owners_answer_more_often_and_only_surveyed_areas_are_asked(
    world: World,
) -> None:
    invited = world.tables["market_invited"].merge(world.tables["market_areas"])
    assert invited["surveyed"].all()
    rate = invited.groupby(["age_group", "home"])["answered"].mean()
    assert rate["55+", "owned"] > 0.6 > 0.25 > rate["18-34", "rented"]
    first = world.tables["market_first_look"].merge(world.tables["market_areas"])
    assert not first["surveyed"].any()
    assert first["area"].nunique() == 2
    assert set(first["person_id"]).isdisjoint(invited["person_id"])


def test_nobody_buys_without_a_must_have_or_beyond_the_budget(world: World) -> None:
    bought = world.tables["market_choices"].query("chosen == 1")
    truth = world.truth["market_people"].set_index("person_id").loc[bought["person_id"]]
    assert (bought["price"].to_numpy() <= truth["budget"].to_numpy() + 0.01).all()
    must = truth["must_haves"].fillna("").str.get_dummies(";").reindex(columns=SHELF, fill_value=0)
    assert not ((must.to_numpy() == 1) & (bought[SHELF].to_numpy() == 0)).any()
    tasks = world.tables["market_choices"].groupby(["person_id", "task"])["chosen"].sum()
    assert tasks.max() == 1
    assert 0.4 < tasks.mean() < 0.8


def test_kinds_follow_from_the_criteria(world: World) -> None:
    truth = world.truth["market_people"]
    price = world.tables["trial_offers"].set_index("offer").loc["today", "price"]
    # Budgets are written to the penny: nobody lies so near the price that rounding decides.
    open_ = truth["has_project"] & (truth["budget"] >= price) & truth["lacks"].isna()
    assert (open_ == truth["kind"].isin(["customer", "near"])).mean() > 0.999
    assert (truth["true_reason"].isna() == (truth["kind"] == "customer")).all()
    near = truth["kind"] == "near"
    assert truth.loc[near, "true_reason"].isin(["do not know you", "happy where I am"]).all()
    assert not truth.loc[truth["kind"] == "refusing", "buys_today"].any()


def test_the_trial_shows_what_the_truth_says_of_the_arm(world: World) -> None:
    both = world.tables["market_trial"].merge(world.truth["market_people"], on="person_id")
    assert (both["kind"] != "customer").all()
    sizes = both["offer"].value_counts()
    assert sizes.max() - sizes.min() <= 1
    for offer in OFFERS:
        told = both[both["offer"] == offer]
        assert (told["bought"] == told[f"buys_{offer}"]).all()


def test_what_people_say_is_often_not_why(world: World) -> None:
    both = world.tables["market_people"].merge(world.truth["market_people"], on="person_id")
    others = both[both["kind"] != "customer"]
    right = others["stated_reason"] == others["true_reason"]
    assert 0.35 < right.mean() < 0.6
    price = others["stated_reason"] == "too expensive"
    assert others.loc[price, "true_reason"].value_counts().index[0] == "something is missing"
    assert list(REASONS) == list(world.params["market"]["says"])


def test_areas_never_asked_are_not_like_the_others(world: World) -> None:
    truth = world.truth["market_areas"].merge(world.tables["market_areas"])
    near = truth["near"] / (truth["near"] + truth["refusing"])
    asked = truth["surveyed"]
    assert near[asked].max() < near[~asked].max() - 0.08
    estates = truth["area"].isin(["Orchard Rise", "Canal Quay"])
    assert near[estates].min() > near[~asked & ~estates].max() + 0.04
    size = truth["households"].to_numpy()
    assert np.average(truth["surveyed"], weights=size) == pytest.approx(0.76, abs=0.01)
