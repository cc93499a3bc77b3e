"""The loyalty programme: its tables agree with one another, and its directions are the published ones."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crmkit.data.catalogue.programme import BEFORE, CARDS, GAPS, QUARTERS
from crmkit.world import World, simulate
from crmkit.world.company import read_company
from crmkit.world.studies.programme import faults

SEEDS = [1, 2, 3, 4, 5]


@pytest.fixture(scope="module", params=SEEDS)
def world(request: pytest.FixtureRequest) -> World:
    return simulate(
        "fernwell", customers=20, seed=request.param, parts=["programme"], progress=False
    )


def people_of(world: World) -> pd.DataFrame:
    """The people with their truth, the year before and the first year."""
    both = world.tables["programme_people"].merge(world.truth["programme_people"], on="person_id")
    return both.assign(
        before=both[list(BEFORE)].sum(axis=1),
        spend=both[list(QUARTERS)].sum(axis=1),
        effect=both["spend_with"] - both["spend_without"],
    )


def test_the_programme_changes_no_other_table_and_is_as_large_for_every_class(world: World) -> None:
    other = simulate("fernwell", customers=30, seed=world.seed, parts=["programme"], progress=False)
    for name in ("programme_people", "programme_points", "programme_tiers", "stamp_cards"):
        pd.testing.assert_frame_equal(world.tables[name], other.tables[name])


def test_chance_made_two_groups_alike_and_the_waiting_could_not_join(world: World) -> None:
    people = people_of(world)
    trial = people[people["arm"] != "own choice"]
    sizes = trial["arm"].value_counts()
    assert sizes.max() - sizes.min() <= 4
    assert not people.loc[people["arm"] == "waiting", "joined"].any()
    mean = trial.groupby("arm")["before"].mean()
    assert abs(mean["invited"] / mean["waiting"] - 1) < 0.08
    assert 0.4 < people.loc[people["arm"] == "invited", "joined"].mean() < 0.62


def test_members_spend_more_mostly_because_buyers_join(world: World) -> None:
    people = people_of(world)
    own = people[people["arm"] == "own choice"]
    mean = own.groupby("joined")["spend"].mean()
    true = own.loc[own["joined"], "effect"].mean()
    # Leenheer et al. (2007): about seven times.
    assert 4.5 < (mean[True] - mean[False]) / true < 8
    assert own.groupby("joined")["project"].mean().diff().iloc[-1] > 0.15


def test_what_was_spent_is_one_of_the_two_lives(world: World) -> None:
    people = people_of(world)
    own = np.where(people["joined"], people["spend_with"], people["spend_without"])
    assert np.abs(people["spend"] - own).max() <= 2.6
    assert (people["effect"] >= -1).all()


def test_light_and_moderate_buyers_move_heavy_ones_hardly_and_gains_erode(world: World) -> None:
    people = people_of(world)
    kind = np.searchsorted([150, 450], people["before"], side="right")
    lift = people["effect"].groupby(kind).sum() / people["spend_without"].groupby(kind).sum()
    assert lift[0] > lift[1] > 0.1
    assert lift[2] < 0.03
    member = people[people["joined"] & (kind < 2)]
    later = people[~people["joined"] & (kind < 2)]
    more = [
        member[q].sum() / member["before"].sum() - later[q].sum() / later["before"].sum()
        for q in QUARTERS
    ]
    assert more[0] > more[3]


def test_points_are_earned_by_spending_and_go_one_of_three_ways(world: World) -> None:
    points, people = world.tables["programme_points"], people_of(world).set_index("person_id")
    assert (points["earned"] == points[["redeemed", "expired", "outstanding"]].sum(axis=1)).all()
    first, second = points.query("year == 1"), points.query("year == 2")
    assert set(first["person_id"]) == set(people.index[people["joined"]])
    assert (first["earned"].to_numpy() == people.loc[first["person_id"], "spend"]).all()
    assert (first["outstanding"] == 0).all()
    assert (second["expired"] == 0).all()
    later = world.truth["programme_points"].set_index("person_id")["redeemed_later"]
    left = second.set_index("person_id")["outstanding"]
    assert (later <= left).all()
    assert 0.1 < first["expired"].sum() / first["earned"].sum() < 0.28
    assert 0.45 < later.sum() / left.sum() < 0.75
    # The shares of the two years agree: what the old points teach holds for the new ones.
    ended = (second["redeemed"].sum() + later.sum()) / second["earned"].sum()
    assert ended == pytest.approx(first["redeemed"].sum() / first["earned"].sum(), abs=0.03)


def test_gold_is_who_spent_the_threshold_and_only_a_known_one_pulls(world: World) -> None:
    tiers, truth = world.tables["programme_tiers"], world.truth["programme_tiers"]
    assert (tiers["gold"] == (tiers["spend_before"] >= 500)).all()
    two, three = tiers.query("year == 2"), tiers.query("year == 3")
    assert (two["spend"].to_numpy() == three["spend_before"].to_numpy()).all()
    pulled = truth["pulled"]
    assert not pulled[tiers["year"] == 2].any()
    assert pulled.sum() > 15
    assert (tiers.loc[pulled, "spend_before"] >= 500).all()

    def lean(table: pd.DataFrame) -> float:
        return float(
            table["spend_before"].between(500, 549).sum()
            / table["spend_before"].between(450, 499).sum()
        )

    assert lean(three) > 1.3 > lean(two) > 0.6


def test_given_stamps_help_and_gaps_shrink(world: World) -> None:
    cards, truth = world.tables["stamp_cards"], world.truth["stamp_cards"]
    assert abs(cards["card"].value_counts().diff().iloc[-1]) <= 2
    gaps = cards[list(GAPS)]
    assert (gaps.notna().all(axis=1) == cards["completed"]).all()
    reached = gaps.notna().to_numpy()
    assert (reached[:, 1:] <= reached[:, :-1]).all()
    assert truth["chance_empty"].mean() == pytest.approx(0.19, abs=0.02)
    assert truth["chance_given"].mean() == pytest.approx(0.34, abs=0.02)
    done = cards[cards["completed"]]
    assert np.log(done["gap_8"] / done["gap_1"]).mean() < 0
    share = cards.groupby("card")["completed"].mean()
    assert share[CARDS[1]] > share[CARDS[0]]


def test_a_faulty_section_is_named() -> None:
    params = read_company("fernwell")
    own = params["programme"]
    assert not list(faults(params))
    bad = {"programme": {**own, "curve": [1.0], "effect": {"light": 0.4}}}
    said = list(faults(bad))
    assert "curve needs 4 numbers" in said[0]
    assert "light, moderate, heavy" in said[1]
