"""House of quality: what is put in comes out; what is wrong is named."""

import numpy as np
import pandas as pd
import pytest

from crmkit.errors import CrmkitError
from crmkit.mix import (
    as_matrix,
    check_matrix,
    compare_matrices,
    conflicts,
    estimate_effects,
    gaps,
    lever_importance,
    needs_met,
    offer_from_importance,
    to_9_3_1,
)

HOUSE = pd.DataFrame(
    {"staff": [9, 0, -1], "guides": [1, 9, 0], "quality": [0, 0, 3]},
    index=["advice", "instructions", "quick"],
)
WEIGHTS = {"advice": 5, "instructions": 3, "quick": 2}


def test_importance_is_weight_times_cell():
    out = lever_importance(HOUSE, WEIGHTS).set_index("lever")["importance"]
    assert out.to_dict() == pytest.approx({"staff": 4.3, "guides": 3.2, "quality": 0.6})
    assert lever_importance(HOUSE, WEIGHTS)["share"].sum() == pytest.approx(1)


def test_importance_does_not_depend_on_the_scale_of_weights():
    tenfold = {need: 10 * weight for need, weight in WEIGHTS.items()}
    pd.testing.assert_frame_equal(
        lever_importance(HOUSE, WEIGHTS), lever_importance(HOUSE, tenfold)
    )


def test_conflicts_name_who_harms_whom():
    out = conflicts(HOUSE, WEIGHTS)
    assert out[["lever", "against", "need"]].values.tolist() == [["quality", "staff", "quick"]]
    assert out["strength"].iloc[0] == pytest.approx(0.2)
    assert conflicts(HOUSE.clip(lower=0), WEIGHTS).empty


def test_needs_met_and_gaps():
    effects = HOUSE / 10
    met = needs_met(effects, {"staff": 5, "guides": 1, "quality": 1}).iloc[0]
    assert met.to_dict() == pytest.approx({"advice": 0.9, "instructions": 0, "quick": 0})
    ours = {"staff": 5, "guides": 1, "quality": 1}
    rival = {"staff": 1, "guides": 5, "quality": 1}
    out = gaps(effects, WEIGHTS, ours, rival).set_index("need")
    assert out.loc["advice", "gap"] == pytest.approx(0.8)
    assert out.index[0] == "instructions"


def test_effects_are_recovered_and_their_intervals_hold(any_world):
    levers, needs = any_world.tables["levers"]["lever"], any_world.tables["needs"]["need"]
    found = estimate_effects(any_world.tables["prototype_ratings"], list(needs), list(levers))
    both = found.merge(any_world.truth["lever_effects"], on=["need", "lever"])
    assert np.abs(both["effect_x"] - both["effect_y"]).mean() < 0.02
    inside = (both["low"] <= both["effect_y"]) & (both["effect_y"] <= both["high"])
    assert inside.mean() > 0.88


def test_rounding_to_9_3_1_and_the_comparison_find_an_overlooked_lever(world):
    effects = as_matrix(world.truth["lever_effects"])
    team = to_9_3_1(effects)
    assert set(np.unique(team.abs())) <= {0, 1, 3, 9}
    levers, needs = list(effects.columns), list(effects.index)
    data = estimate_effects(world.tables["prototype_ratings"], needs, levers)
    assert (compare_matrices(team, data)["verdict"] == "agree").mean() > 0.95
    team.loc["fit", "staff"] = 0
    team.loc["durable", "shops"] = 3
    team.loc["durable", "quality"] = -9
    out = compare_matrices(team, data).set_index(["need", "lever"])["verdict"]
    assert out["fit", "staff"] == "overlooked"
    assert out["durable", "shops"] == "imagined"
    assert out["durable", "quality"] == "wrong sign"


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        (HOUSE.drop(index="quick"), r"row \(need\) quick is missing"),
        (HOUSE.rename(index={"quick": "fast"}), r"fast is foreign"),
        (HOUSE.drop(columns="staff"), r"column \(lever\) staff is missing"),
        (pd.concat([HOUSE, HOUSE.iloc[:1]]), "occurs twice"),
        (HOUSE.astype(object).replace(9, "strong"), "hold no number"),
        (HOUSE.astype(float).replace(9, np.nan), "hold no number"),
        (HOUSE.iloc[:0], "empty"),
        ([[1]], "table of needs by levers"),
    ],
)
def test_a_bad_matrix_is_refused(matrix, message):
    with pytest.raises(CrmkitError, match=message):
        check_matrix(matrix, list(HOUSE.index), list(HOUSE.columns))


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ({"advice": -1, "instructions": 1, "quick": 1}, "below 0"),
        ({"advice": 1, "instructions": 1}, "quick has no weight"),
        ({**WEIGHTS, "beauty": 1}, "beauty is no row"),
        (dict.fromkeys(WEIGHTS, 0), "all are 0"),
        ({**WEIGHTS, "quick": "much"}, "no finite numbers"),
    ],
)
def test_bad_weights_are_refused(weights, message):
    with pytest.raises(CrmkitError, match=message):
        lever_importance(HOUSE, weights)


def test_prototypes_that_teach_nothing_are_refused():
    tried = pd.DataFrame({"staff": [3, 3, 3], "meets_advice": [5, 6, 7]})
    with pytest.raises(CrmkitError, match="same level everywhere"):
        estimate_effects(tried, ["advice"], ["staff"])
    twins = pd.DataFrame(
        {"staff": range(1, 6), "guides": range(1, 6), "meets_advice": [2, 4, 5, 8, 9]}
    )
    with pytest.raises(CrmkitError, match="always move together"):
        estimate_effects(twins, ["advice"], ["staff", "guides"])
    with pytest.raises(CrmkitError, match="More prototypes"):
        estimate_effects(tried.assign(staff=[1, 2, 3]).head(2), ["advice"], ["staff"])
    with pytest.raises(CrmkitError, match="guides is missing"):
        estimate_effects(tried, ["advice"], ["guides"])


def test_the_offer_spends_its_budget_on_importance_per_pound():
    cost = pd.DataFrame({"lever": ["staff", "guides", "quality"], "step_fixed_cost": [100, 10, 10]})
    level = offer_from_importance(HOUSE, WEIGHTS, cost, budget=250)
    assert level.to_dict() == {"staff": 2, "guides": 5, "quality": 5}
    spent = sum((level[r.lever] - 1) * r.step_fixed_cost for r in cost.itertuples())
    assert spent <= 250
    with pytest.raises(CrmkitError, match="budget"):
        offer_from_importance(HOUSE, WEIGHTS, cost, budget=-1)
    with pytest.raises(CrmkitError, match="no cost for the lever quality"):
        offer_from_importance(HOUSE, WEIGHTS, cost.head(2), budget=250)


def test_the_measured_house_earns_more_than_a_house_that_forgets_staff_and_guides(world):
    from crmkit.mix import Market, simulate_offers

    truth, tables = world.truth, world.tables
    market = Market.from_tables(
        truth["needs"],
        truth["set_value"],
        truth["lever_effects"],
        tables["levers"],
        truth["customers"],
    )
    measured = as_matrix(truth["lever_effects"])
    blind = measured.copy()
    blind.loc[["fit", "safe", "aftercare"], ["staff", "guides"]] = 0
    weights = truth["needs"].groupby("need")["weight"].mean()
    earned = []
    for house in (measured, blind):
        level = offer_from_importance(house, weights, tables["levers"], 38_000)
        offer = pd.DataFrame([{"offer": "x", "price": 22.0, **level}])
        both = pd.concat([offer, tables["market_offers"].iloc[1:]])
        earned.append(simulate_offers(market, both)["profit"].iloc[0])
    assert earned[0] > earned[1]
