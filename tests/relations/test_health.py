"""Satisfaction, health and the chain of branches: what is computed by hand, what is refused, what is recovered."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from crmkit import relations
from crmkit.errors import CrmkitError
from crmkit.relations.health_explorers import caught_curve, index_explorer
from crmkit.relations.health_plots import (
    plot_before_leaving,
    plot_chain,
    plot_levels,
    plot_promoter_ways,
    plot_scores,
)
from crmkit.style import close
from crmkit.world import simulate


@pytest.fixture(scope="module")
def world():
    return simulate("fernwell", 20, seed=11, parts=["health"], progress=False)


# ---- the score -------------------------------------------------------------------------------------------------------


def test_a_score_by_hand_and_its_interval_has_width_at_the_ends() -> None:
    found = relations.promoter_score([10, 9, 8, 7, 6, 0])
    assert found["score"] == pytest.approx(0)
    assert found["promoters"] == found["detractors"] == pytest.approx(1 / 3)
    best = relations.promoter_score([10] * 20)
    assert best["score"] == 100
    assert best["low"] < 95 < best["high"]


def test_bonett_and_price_by_hand() -> None:
    """Their interval of p12 - p21, from counts 6 and 3 of 10: (7 - 4) / 12 and its standard error."""
    found = relations.promoter_score([10] * 6 + [0] * 3 + [8])
    error = np.sqrt((7 / 12 + 4 / 12 - (3 / 12) ** 2) / 12)
    assert found["low"] == pytest.approx(100 * (0.25 - 1.959964 * error), abs=1e-3)


@pytest.mark.parametrize(
    ("answers", "said"),
    [([], "At least one"), ([11], "from 0 to 10"), ([-1], "0"), ([None, 9], "missing")],
)
def test_answers_that_cannot_be(answers, said) -> None:
    with pytest.raises(CrmkitError, match=re.escape(said)):
        relations.promoter_score(pd.Series(answers, dtype=float))


def test_calls_to_the_silent_come_nearer_than_answers_and_weights(world) -> None:
    now = world.tables["trader_quarters"].query("quarter == 8")
    now = now.assign(active=pd.qcut(now["logins"].rank(method="first"), 4, labels=False))
    survey = world.tables["trader_survey"].query("quarter == 8")
    truth = relations.promoter_score(
        world.truth["trader_quarters"].query("quarter == 8")["recommendation"]
    )["score"]
    ways = relations.promoter_ways(now, survey, group="active")
    assert ways["low"][0] > truth
    assert ways["low"][2] < truth < ways["high"][2]
    with pytest.raises(CrmkitError, match="nobody who was asked"):
        relations.promoter_ways(now.iloc[5:], survey, group="active")
    with pytest.raises(CrmkitError, match="repeat"):
        relations.promoter_ways(now, pd.concat([survey, survey.head(1)]), group="active")
    with pytest.raises(CrmkitError, match="fewer than two answered"):
        relations.promoter_ways(now.assign(active=np.arange(len(now))), survey, group="active")


def test_a_weight_of_equal_groups_changes_nothing() -> None:
    asked = pd.DataFrame({"trader_id": range(40), "group": [0, 1] * 20})
    survey = pd.DataFrame({"trader_id": range(20), "recommendation": [10, 5, 9, 7, 8] * 4})
    ways = relations.promoter_ways(asked, survey.assign(way="letter"), group="group")
    assert len(ways) == 2
    assert ways["score"][0] == pytest.approx(ways["score"][1])


# ---- who stays -------------------------------------------------------------------------------------------------------


def test_who_stays_agrees_with_the_last_quarter(world) -> None:
    quarters = world.tables["trader_quarters"]
    found = relations.still_there(quarters)
    assert found["quarter"].max() == 6
    last = world.tables["traders"].set_index("trader_id")["last_quarter"].fillna(99)
    assert (found["stays"] == (found["trader_id"].map(last) >= found["quarter"] + 2)).all()
    with pytest.raises(CrmkitError, match="nothing is known"):
        relations.still_there(quarters, 8)
    with pytest.raises(CrmkitError, match="repeat"):
        relations.still_there(pd.concat([quarters, quarters.head(2)]))


def test_a_level_counts_customers_once_and_a_gap_is_the_difference() -> None:
    table = pd.DataFrame(
        {
            "trader_id": [1, 1, 1, 1, 2, 3, 4, 5, 6, 7],
            "level": ["low"] * 6 + ["top"] * 4,
            "stays": [True, True, True, True, False, False, True, True, False, True],
            "profit": np.arange(10.0),
        }
    )
    found = relations.by_level(table, "level")
    assert found["customers"].tolist() == [3, 4]
    assert found["answers"].tolist() == [6, 4]
    once = relations.by_level(table.assign(trader_id=range(10)), "level")
    assert found["high"][0] - found["low"][0] > once["high"][0] - once["low"][0]
    gap = relations.level_gap(table, table["level"] == "top")
    assert gap["gap"] == pytest.approx(0.75 - 4 / 6)
    assert gap["low"] < gap["gap"] < gap["high"]
    assert relations.by_level(table, "level", "profit")["mean"].tolist() == [2.5, 7.5]
    with pytest.raises(CrmkitError, match="some of either"):
        relations.level_gap(table, [True] * 10)
    with pytest.raises(CrmkitError, match="missing"):
        relations.by_level(table.assign(level=None), "level")


# ---- health ----------------------------------------------------------------------------------------------------------


def test_usual_is_what_came_before_and_never_what_comes_later() -> None:
    table = pd.DataFrame({"trader_id": 1, "quarter": [1, 2, 3, 4], "logins": [4, 6, 2, 50]})
    early = relations.signal_changes(table.iloc[:3], ["logins"])
    late = relations.signal_changes(table, ["logins"])
    assert early["logins_change"].tolist() == late["logins_change"].tolist()[:2]
    assert late["logins_change"][1] == pytest.approx(np.log(3 / 6))
    shuffled = relations.signal_changes(table.sample(frac=1, random_state=1), ["logins"])
    pd.testing.assert_frame_equal(shuffled, late)
    with pytest.raises(CrmkitError, match="earlier quarter"):
        relations.signal_changes(table.head(1), ["logins"])
    with pytest.raises(CrmkitError, match="logins"):
        relations.signal_changes(table.assign(logins=-1), ["logins"])


def test_signals_fall_two_quarters_before_sales_do(world) -> None:
    path = relations.before_leaving(world.tables["trader_quarters"], ["logins", "sales"])
    path = path.set_index(["signal", "before"])
    assert path.loc[("logins", 1), "high"] < 0.75
    assert path.loc[("sales", 1), "low"] > 0.85
    assert path.loc[("sales", 0), "high"] < 0.7
    with pytest.raises(CrmkitError, match="nobody left"):
        relations.before_leaving(world.tables["trader_quarters"], ["logins"], back=8)


def test_the_index_learns_what_leads_and_beats_sales_on_the_next_period(world) -> None:
    signals = ["logins", "help_given", "sales"]
    quarters = world.tables["trader_quarters"]
    table = relations.signal_changes(quarters, signals)
    stays = relations.still_there(quarters)[["trader_id", "quarter", "stays"]]
    table = table.merge(stays, on=["trader_id", "quarter"])
    before, now = table[table["quarter"] == 2], table[table["quarter"] == 6]
    index = relations.HealthIndex([*signals, "sales_change"]).fit(before)
    assert index.weights_["logins"] > 0.3
    sales = relations.HealthIndex(["sales", "sales_change"]).fit(before)
    scores = {"sales": sales.score(now), "index": index.score(now)}
    found = relations.compare_scores(scores, now["stays"]).set_index("score")
    assert found.loc["index", "gap_low"] > 0
    assert np.isnan(found.loc["sales", "gap"])
    assert index.score(now).between(0, 1).all()
    with pytest.raises(CrmkitError, match="learnt nothing"):
        relations.HealthIndex(["logins"]).score(now)
    with pytest.raises(CrmkitError, match="must have left"):
        relations.HealthIndex(["logins"]).fit(before.assign(stays=True))
    with pytest.raises(CrmkitError, match="none of the scores"):
        relations.compare_scores(scores, now["stays"], base="luck")
    with pytest.raises(CrmkitError, match="one of each"):
        relations.compare_scores({"a": [1, 2]}, [True, False, True])


def test_paired_gap_of_a_score_with_itself_has_no_interval() -> None:
    score, stays = [1, 2, 3, 4, 5], [False, True, False, True, True]
    found = relations.compare_scores({"a": score, "same": score}, stays)
    assert found["gap"][1] == 0
    assert np.isnan(found["gap_low"][1])


def test_a_list_by_hand() -> None:
    stays = np.array([False, False, True, False, True, True])
    found = relations.warning_list(np.arange(6), stays, [1, 3, 6], contact_cost=20, worth=100)
    assert found["caught"].tolist() == [1, 2, 3]
    assert found["false_alarms"].tolist() == [0, 1, 3]
    assert found["break_even"].tolist() == pytest.approx([0.2, 0.3, 0.4])
    none = relations.warning_list([0, 1], [True, False], [1], contact_cost=1, worth=1)
    assert np.isinf(none["break_even"][0])
    for wrong in ({"sizes": [9]}, {"worth": 0}, {"contact_cost": -1}):
        given = {"sizes": [1], "contact_cost": 1, "worth": 1} | wrong
        with pytest.raises(CrmkitError):
            relations.warning_list(np.arange(6), stays, **given)
    with pytest.raises(CrmkitError, match="nobody left"):
        relations.warning_list([1, 2], [True, True], [1], contact_cost=1, worth=1)


def test_weights_of_ones_own_use_the_period_before() -> None:
    table = pd.DataFrame({"a": [0.0, 2.0], "b": [5.0, 5.0]})
    like = pd.DataFrame({"a": [0.0, 4.0], "b": [4.0, 6.0]})
    found = relations.weighted_index(table, {"a": 2, "b": 1}, like=like)
    assert found.tolist() == [-2.0, 0.0]
    with pytest.raises(CrmkitError, match="same for everybody"):
        relations.weighted_index(table, {"b": 1})


# ---- branches --------------------------------------------------------------------------------------------------------


def test_a_common_cause_makes_both_directions_and_goes_within_branches(world) -> None:
    panel = world.tables["branch_quarters"]
    both = [("staff_satisfaction", "profit"), ("profit", "staff_satisfaction")]
    plain = relations.lagged_links(panel, both, draws=199)
    assert (plain["low"] > 0.3).all()
    assert (plain["p_value"] <= 0.01).all()
    inside = relations.lagged_links(panel, both, within=True, draws=199)
    assert (inside["correlation"] < plain["correlation"] - 0.3).all()


def test_a_panel_that_cannot_be(world) -> None:
    panel, link = world.tables["branch_quarters"], [("staff_satisfaction", "profit")]
    with pytest.raises(CrmkitError, match="lacks a quarter"):
        relations.lagged_links(panel.iloc[1:], link)
    with pytest.raises(CrmkitError, match="too few to tell"):
        relations.lagged_links(panel.head(24), link)
    with pytest.raises(CrmkitError, match="repeat"):
        relations.lagged_links(pd.concat([panel, panel.head(1)]), link)
    with pytest.raises(CrmkitError, match="too few for a lag"):
        relations.lagged_links(panel, link, lag=8)
    with pytest.raises(CrmkitError, match="same everywhere"):
        relations.lagged_links(panel.assign(profit=1.0), link)


def test_shuffled_branches_give_p_values_that_are_right_by_chance() -> None:
    rng = np.random.default_rng(3)
    small = 0
    for _ in range(120):
        panel = pd.DataFrame(
            {
                "branch": np.repeat(np.arange(12), 4),
                "quarter": np.tile(np.arange(4), 12),
                "staff": np.repeat(rng.normal(size=12), 4) + 0.2 * rng.normal(size=48),
                "profit": np.repeat(rng.normal(size=12), 4) + 0.2 * rng.normal(size=48),
            }
        )
        found = relations.lagged_links(panel, [("staff", "profit")], draws=99, seed=rng)
        small += int(found["p_value"][0] <= 0.05)
    assert small <= 14  # 6 expected; naive rows would give about 50


def test_the_trial_is_least_squares_by_hand(world) -> None:
    trial = world.tables["branch_trial"]
    found = relations.branch_trial_effects(trial, ["profit"], draws=99)
    design = np.column_stack([np.ones(20), trial["trained"], trial["profit_before"]]).astype(float)
    weights = np.linalg.lstsq(design, trial["profit_after"].to_numpy(), rcond=None)[0]
    rest = trial["profit_after"].to_numpy() - design @ weights
    error = np.sqrt(rest @ rest / 17 * np.linalg.inv(design.T @ design)[1, 1])
    assert found["effect"][0] == pytest.approx(weights[1])
    assert found["high"][0] - found["effect"][0] == pytest.approx(2.109816 * error)
    with pytest.raises(CrmkitError, match="three branches"):
        relations.branch_trial_effects(trial.assign(trained=False), ["profit"])


def test_the_chain_promises_more_than_chance_shows(world) -> None:
    found = relations.chain_check(
        world.tables["branch_quarters"],
        world.tables["branch_trial"],
        "staff_satisfaction",
        ["profit"],
    )
    assert found["effect"][0] > found["high"][2]


# ---- pictures and the explorer ---------------------------------------------------------------------------------------


def test_every_picture_has_units_and_its_numbers() -> None:
    line = {"low": [0.1, 0.2], "high": [0.5, 0.6]}
    ways = pd.DataFrame({"way": ["a", "b"], "score": [0.3, 0.4], "effect": [0.3, 0.4], **line})
    shown = [
        plot_promoter_ways(ways, truth=0.2),
        plot_chain(ways, truth=0.3, unit="GBP"),
        plot_levels(
            pd.DataFrame({"level": ["x", "y"], "share": [0.3, 0.4], **line}), everybody=0.4
        ),
        plot_scores(ways.assign(ranks_right=[0.3, 0.4])),
        plot_before_leaving(
            pd.DataFrame({"signal": "sales", "before": [1, 0], "of_usual": [0.3, 0.4], **line})
        ),
    ]
    for ax in shown:
        assert ax.get_title(loc="left")
        assert ax.get_xlabel()
        close(ax.figure)
    assert "GBP" in shown[1].get_xlabel()


def test_the_explorer_counts_what_the_curve_counts() -> None:
    rng = np.random.default_rng(5)
    table = pd.DataFrame(
        {"logins": rng.poisson(6, 200), "help_given": rng.poisson(2, 200), "sales": rng.random(200)}
    )
    table["stays"] = rng.random(200) < 0.5 + table["logins"] / 16
    shown = index_explorer(table, ["logins", "help_given"], alarms=30)
    shown.set(weight_1=1, weight_2=0)
    curve = caught_curve(table["logins"].to_numpy(float), table["stays"].to_numpy())
    assert f"Leavers caught: {curve[30]} of {curve[-1]};" in shown.sentence
    shown.set(weight_1=-1)
    worse = caught_curve(-table["logins"].to_numpy(float), table["stays"].to_numpy())
    assert f"Leavers caught: {worse[30]} of" in shown.sentence
    with pytest.raises(CrmkitError, match="two to five"):
        index_explorer(table, ["logins"])
