"""Introductions: they agree with the other tables, change none of them, and are true to their truth."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crmkit.world import World, simulate

SEEDS = [1, 2, 3, 4, 5]


@pytest.fixture(scope="module", params=SEEDS)
def world(request: pytest.FixtureRequest) -> World:
    return simulate(
        "fernwell", customers=3000, seed=request.param, parts=["referral"], progress=False
    )


def friends_of(world: World) -> pd.DataFrame:
    known = world.tables["introductions"].dropna(subset="friend_id")
    return known.astype({"friend_id": int})


def test_introductions_change_no_other_table(fernwell: World) -> None:
    bare = simulate("fernwell", customers=5000, seed=1, parts=[], progress=False)
    for name in ("orders", "customers", "engagement"):
        pd.testing.assert_frame_equal(bare.tables[name], fernwell.tables[name])


def test_as_many_friends_bought_as_engagement_counts(world: World) -> None:
    bought = world.tables["introductions"].query("bought")
    seen = bought.groupby(["inviter_id", bought["bought_on"].dt.year]).size()
    counted = world.tables["engagement"].query("referrals > 0")
    counted = counted.set_index(["customer_id", "year"])["referrals"]
    assert seen.to_dict() == counted.to_dict()


def test_friends_with_a_card_are_customers_who_came_by_a_friend_once_and_after_the_inviter(
    world: World,
) -> None:
    known, customers = friends_of(world), world.tables["customers"].set_index("customer_id")
    assert known["friend_id"].is_unique
    friend = customers.loc[known["friend_id"]]
    assert (friend["acquisition_channel"] == "friend").all()
    assert (friend["customer_since"].to_numpy() == known["bought_on"].to_numpy()).all()
    since = customers.loc[known["inviter_id"], "customer_since"].to_numpy()
    assert (friend["customer_since"].to_numpy() > since).all()
    assert 0.5 < len(known) / (customers["acquisition_channel"] == "friend").sum() < 0.8


def test_days_follow_on_each_other(world: World) -> None:
    table = world.tables["introductions"]
    assert table["told_on"].is_monotonic_increasing
    assert (table["visited_on"].isna() == ~table["visited"]).all()
    assert (table["bought_on"].isna() == ~table["bought"]).all()
    assert table.loc[table["bought"], "visited"].all()
    assert (table["visited_on"].dropna() >= table["told_on"][table["visited"]]).all()
    assert (table["bought_on"].dropna() >= table["visited_on"][table["bought"]]).all()
    since = world.tables["customers"].set_index("customer_id")["customer_since"]
    assert (table["told_on"].to_numpy() >= since.loc[table["inviter_id"]].to_numpy()).all()
    assert table["bought_on"].max() <= pd.Timestamp(world.params["company"]["end"])


def test_most_tell_nobody_and_few_tell_many(world: World) -> None:
    told = world.tables["introductions"].groupby("inviter_id").size()
    told = told.reindex(world.tables["customers"]["customer_id"], fill_value=0)
    assert 0.5 < (told == 0).mean() < 0.75
    assert told.nlargest(len(told) // 10).sum() > 0.5 * told.sum()
    inclined = world.truth["inviters"].set_index("customer_id")["told_a_year"]
    assert told.corr(inclined, method="spearman") > 0.3


def test_there_are_chains_and_friends_are_alike(world: World) -> None:
    known = friends_of(world)
    inviters = set(known["inviter_id"])
    assert known["friend_id"].isin(inviters).sum() >= 8
    customers = world.tables["customers"].set_index("customer_id")
    need = world.truth["customers"].set_index("customer_id")["need_type"]
    same = {
        name: (values.loc[known["friend_id"]].to_numpy() == values.loc[known["inviter_id"]]).mean()
        for name, values in (("city", customers["city"]), ("need", need))
    }
    assert same["city"] > 3 * (customers["city"].value_counts(normalize=True) ** 2).sum()
    assert same["need"] > (need.value_counts(normalize=True) ** 2).sum() + 0.08


def test_first_visits_of_friends_are_those_of_the_introductions(world: World) -> None:
    visits = world.tables["first_visits"].query("came_by == 'friend'")
    told = world.tables["introductions"].query("visited")
    told = told[told["visited_on"].dt.year == visits["visit_date"].dt.year.iloc[0]]
    columns = ["inviter_id", "visited_on", "bought"]
    left = visits.rename(columns={"visit_date": "visited_on"})[columns].astype({"inviter_id": int})
    pd.testing.assert_frame_equal(
        left.sort_values(columns).reset_index(drop=True),
        told[columns].sort_values(columns).reset_index(drop=True),
    )


def test_a_friends_word_helps_and_part_of_the_gap_is_what_they_came_for() -> None:
    gap, effect, kept, promised = [], [], [], []
    for seed in SEEDS:
        one = simulate("fernwell", 4000, seed, parts=["referral"], progress=False)
        both = one.tables["first_visits"].merge(one.truth["first_visits"], on="visit_id")
        friend = both["came_by"] == "friend"
        gap.append(both["bought"][friend].mean() - both["bought"][~friend].mean())
        effect.append((both["chance_friend"] - both["chance_other"])[friend].mean())
        for who, chance in ((friend, "chance_friend"), (~friend, "chance_other")):
            for project in (True, False):
                mine = who & (both["project"] == project)
                kept.append(both["bought"][mine].mean())
                promised.append(both[chance][mine].mean())
    assert 0.2 < np.mean(gap) < 0.32
    assert 0.1 < np.mean(effect) < 0.2
    assert np.abs(np.subtract(kept, promised)).mean() < 0.04


def test_newcomers_by_a_friend_bring_more_partly_because_they_are_others() -> None:
    rows = []
    for seed in SEEDS:
        one = simulate("fernwell", 4000, seed, parts=["referral"], progress=False)
        table, truth = one.tables["newcomers"], one.truth["newcomers"]
        friend = table["came_by"] == "friend"
        parts = table.filter(regex="^margin_[0-9]+_")
        np.testing.assert_allclose(parts.sum(axis=1), table["margin_24m"], atol=0.021)
        own = np.where(friend, truth["margin_friend"], truth["margin_other"])
        np.testing.assert_allclose(own, table["margin_24m"], atol=0.03)
        assert (table["stayed_24m"] == (table["months_stayed"] == 24)).all()
        mean = table.groupby("came_by")[["margin_1_6", "margin_19_24", "margin_24m"]].mean()
        effect = truth["margin_friend"] - truth["margin_other"]
        rows.append(
            {
                "naive": mean["margin_24m"]["friend"] / mean["margin_24m"]["other"] - 1,
                "true": effect[friend].mean() / truth["margin_other"][friend].mean(),
                "early": mean["margin_1_6"]["friend"] / mean["margin_1_6"]["other"],
                "late": mean["margin_19_24"]["friend"] / mean["margin_19_24"]["other"],
                "stay": (truth["stays_friend"].astype(int) - truth["stays_other"]).mean(),
            }
        )
    mean = pd.DataFrame(rows).mean()
    assert 0.14 < mean["true"] < 0.25  # Schmitt, Skiera & Van den Bulte (2011): at least 16 %
    assert mean["naive"] > 2 * mean["true"]
    assert mean["early"] > mean["late"] > 1
    assert 0.04 < mean["stay"] < 0.12


def test_the_reward_test_is_random_and_keeps_its_truth(world: World) -> None:
    test = world.tables["reward_test"].merge(world.truth["reward_test"], on="customer_id")
    sizes = test["arm"].value_counts()
    assert sizes.max() - sizes.min() <= 3
    control = test[test["arm"] == "control"]
    assert (control["friends_120d"] - control["same_address"] == control["anyway"]).all()
    assert (test["friends_120d"] - test["same_address"] >= test["anyway"]).all()
    assert (test["told_120d"] >= test["friends_120d"]).all()
    paid = test["arm"].map({"control": 0, "to inviter": 1, "to both": 2})
    assert (test["reward_cost"] == 10 * paid * test["friends_120d"]).all()


def test_rewards_win_friends_and_cheats() -> None:
    tests, truths = [], []
    for seed in SEEDS:
        one = simulate("fernwell", 4000, seed, parts=["referral"], progress=False)
        tests.append(one.tables["reward_test"])
        truths.append(one.truth["reward_test"])
    test, truth = pd.concat(tests), pd.concat(truths)
    honest = (test["friends_120d"] - test["same_address"]).groupby(test["arm"]).mean()
    for arm in ("to inviter", "to both"):
        effect = truth["effect_" + arm.replace(" ", "_")].mean()
        assert honest[arm] - honest["control"] == pytest.approx(effect, abs=0.015)
    same = test.groupby("arm")["same_address"].mean()
    assert same["control"] < 0.012 < same["to inviter"] < same["to both"] < 0.06


def test_a_small_company_has_them_too() -> None:
    one = simulate("fernwell", customers=30, seed=4, parts=["referral"], progress=False)
    assert len(one.tables["newcomers"]) == 15
    assert simulate("fernwell", customers=1, seed=1, parts=["referral"], progress=False)
