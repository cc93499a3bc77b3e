"""Thresholds against the truth of the shipped world, and against worked cases."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import cohen_kappa_score
from worlds import world_of

import crmkit
from crmkit.errors import CrmkitError
from crmkit.reactivation import (
    FIXED_RULES,
    STATES,
    Thresholds,
    at_risk,
    compare_rules,
    purchase_gaps,
    return_curve,
    rhythm_gaps,
    silence,
    state_on,
    thresholds_by_cost,
    thresholds_by_return,
)
from crmkit.reactivation.states import agreement

TODAY = "2025-12-31"


@pytest.fixture(scope="module")
def shipped() -> tuple[pd.DataFrame, pd.Series, pd.Series]:
    orders = crmkit.load("orders")
    truth = state_on(crmkit.load_truth("sleep_states"), TODAY)
    return orders, truth, silence(orders, TODAY).set_index("customer_id")["silent_days"]


def test_lines_from_the_curve_beat_every_fixed_rule_on_the_shipped_world(shipped) -> None:
    orders, truth, silent = shipped
    lines = thresholds_by_return(return_curve(purchase_gaps(orders, TODAY), 75))
    ours = compare_rules({"curve": lines.state(silent)}, truth).iloc[0]
    fixed = compare_rules({name: rule.state(silent) for name, rule in FIXED_RULES.items()}, truth)
    assert len(fixed) == 8
    assert (ours["kappa"] > fixed["kappa"]).all()
    assert (ours["even"] > fixed["even"]).all()


def test_on_other_seeds_the_lines_stay_level_with_the_best_ladder_and_far_ahead_of_ninety_days() -> (
    None
):
    leads, ahead = [], []
    for seed in range(1, 7):
        world = world_of("fernwell", customers=1500, seed=seed, parts=[])
        orders = world.tables["orders"]
        truth = state_on(world.truth["sleep_states"], TODAY)
        silent = silence(orders, TODAY).set_index("customer_id")["silent_days"]
        lines = thresholds_by_return(return_curve(purchase_gaps(orders, TODAY), 75))
        rules = {name: rule.state(silent) for name, rule in FIXED_RULES.items()}
        kappa = compare_rules({**rules, "curve": lines.state(silent)}, truth)["kappa"]
        leads.append(kappa["curve"] - kappa.drop("curve").max())
        ahead.append(kappa["curve"] - kappa["90 days"])
    assert min(leads) > -0.03
    assert np.mean(leads) > -0.01
    assert min(ahead) > 0.03


def test_every_ladder_of_the_usual_days_is_among_the_fixed_rules() -> None:
    assert {rule.cuts for rule in FIXED_RULES.values()} == {
        *((d, d, d) for d in (30, 60, 90, 180)),
        *((30, 60, 90), (30, 60, 180), (30, 90, 180), (60, 90, 180)),
    }


def test_states_change_on_the_day_of_the_line() -> None:
    assert Thresholds(30, 60, 90).state([29, 30, 59, 60, 89, 90]).tolist() == [
        *("awake", "drowsy", "drowsy", "half-asleep", "half-asleep", "asleep")
    ]


def test_lines_skip_a_hump_after_the_purchase_and_a_tail_that_few_reach() -> None:
    curve = pd.DataFrame(
        {
            "silent_days": range(6),
            "chance": [0.2, 0.7, 0.45, 0.2, 0.08, 0.9],
            "at_risk": [900, 800, 300, 200, 100, 3],
        }
    )
    assert thresholds_by_return(curve).cuts == (2.0, 3.0, 4.0)


def test_a_level_that_the_curve_never_reaches_is_refused() -> None:
    curve = pd.DataFrame({"silent_days": [0, 10], "chance": [0.9, 0.4]})
    with pytest.raises(CrmkitError, match=r"never falls below 0\.25"):
        thresholds_by_return(curve)


@pytest.mark.parametrize("levels", [(0.1, 0.25, 0.5), (0.5, 0.25), (50, 25, 10)])
def test_levels_must_be_three_falling_shares(levels) -> None:
    with pytest.raises(CrmkitError, match="levels"):
        thresholds_by_return(pd.DataFrame({"silent_days": [0, 9], "chance": [0.9, 0.0]}), levels)


def test_a_dearer_contact_pays_later_or_never() -> None:
    curve = pd.DataFrame({"silent_days": range(100), "chance": np.linspace(0.9, 0.0, 100)})
    means = pd.DataFrame(
        {"offer": ["mail", "call", "visit"], "cost": [0.5, 4, 30], "wins": 0.2, "margin": 40}
    )
    table = thresholds_by_cost(curve, means)
    assert table["pays_below"].tolist()[:2] == pytest.approx([0.9375, 0.5])
    assert table["from_day"].tolist()[0] < table["from_day"].tolist()[1]
    assert np.isnan(table["from_day"].iloc[2])
    voucher = means.iloc[[0]].assign(gift=5.0)
    later = thresholds_by_cost(curve, voucher).iloc[0]
    # On the border what is won pays for the contact and for everybody's gift.
    c = later["pays_below"]
    assert (1 - c) * 0.2 * 40 == pytest.approx(0.5 + (c + (1 - c) * 0.2) * 5.0)
    assert later["from_day"] > table["from_day"].iloc[0]
    harmful = thresholds_by_cost(curve, means.iloc[[0]].assign(wins=-0.1, gift=5.0))
    assert np.isnan(harmful["from_day"].iloc[0])


def test_a_curve_without_an_interval_gives_no_earliest_day() -> None:
    curve = pd.DataFrame({"silent_days": [0, 30, 60, 90], "chance": [0.7, 0.45, 0.2, 0.05]})
    means = pd.DataFrame({"offer": ["letter"], "cost": 1.0, "wins": 0.1, "margin": 20.0})
    ends = means.assign(wins_low=0.05, wins_high=0.2)
    bare = curve.assign(low=np.nan, high=np.nan)  # as return_curve gives it with draws=0
    assert thresholds_by_cost(bare, means)["from_day"].tolist() == [30.0]
    with pytest.raises(CrmkitError, match=r"no interval .*draws=0"):
        thresholds_by_cost(bare, ends)
    known = thresholds_by_cost(curve, ends).iloc[0]
    assert known["earliest"] <= known["from_day"]
    assert np.isnan(known["latest"]), "at the lower end the letter pays on no day"


def test_the_voucher_has_to_wait_and_the_truth_agrees() -> None:
    test, offers = crmkit.load("wake_up_test"), crmkit.load("offers").set_index("offer")
    rate = test.groupby("arm")["returned_60d"].mean()
    back, spend = test[test["returned_60d"]], test["average_order"].mean()
    means = offers.loc[["reminder", "discount"], ["cost"]]
    means["wins"] = (rate.loc[means.index] - rate["control"]) / (1 - rate["control"])
    means["margin"] = (
        (back["margin_60d"] + back["margin_after"]).sum() / back["average_order"].sum() * spend
    )
    means["gift"] = offers["discount"] * spend
    curve = return_curve(purchase_gaps(crmkit.load("orders"), TODAY), 60)
    day = thresholds_by_cost(curve, means.reset_index(names="offer")).set_index("offer")["from_day"]
    assert day["reminder"] < 30
    assert 60 < day["discount"] < 180
    truth = test.merge(crmkit.load_truth("wake_up_test"), on="customer_id")
    late = truth["silent_days"] > day["discount"]
    profit = truth.groupby(late)["profit_discount"].mean()
    assert profit[True] > profit[False] + 1


def test_perfect_and_reversed_guesses_stand_at_the_two_ends() -> None:
    truth = pd.Series(list(STATES) * 25, index=range(1, 101))
    flip = truth.map(dict(zip(STATES, reversed(STATES), strict=True)))
    table = compare_rules(
        {"perfect": truth, "reversed": flip, "all asleep": truth.mask(truth != "", "asleep")}, truth
    )
    assert table.loc["perfect", ["right", "even", "steps_off", "kappa"]].tolist() == [1, 1, 0, 1]
    assert table.loc["all asleep", "even"] == 0.25
    assert table.loc["all asleep", "kappa"] == pytest.approx(0)
    assert table.loc["reversed", "kappa"] < 0


def test_own_rhythm_knows_only_earlier_gaps() -> None:
    days = pd.to_datetime("2025-01-01") + pd.to_timedelta([0, 10, 20, 120], unit="D")
    gaps = rhythm_gaps(
        pd.DataFrame({"customer_id": 1, "order_date": days}), "2025-05-11", prior_gaps=1
    )
    shortened = rhythm_gaps(
        pd.DataFrame({"customer_id": 1, "order_date": days[:3]}), "2025-01-31", prior_gaps=1
    )
    # The prior is the mean with the open gap: half are over after 10 days, half after 100.
    assert gaps["usual_days"].iloc[0] == pytest.approx(10 + 0.5 * 90)
    assert shortened["usual_days"].iloc[0] == pytest.approx(10)
    assert gaps["usual_days"].iloc[2] == pytest.approx((55 + 20) / 3)


def test_the_at_risk_list_is_the_best_fifth_and_silent(shipped) -> None:
    orders, _, silent = shipped
    listed = at_risk(orders, TODAY)
    assert (silent.loc[listed["customer_id"]] >= 91).all()
    margin = orders.groupby("customer_id")["margin"].sum()
    assert margin.loc[listed["customer_id"]].min() >= margin.nlargest(1000).min()
    missing = margin.nlargest(1000).index.difference(listed["customer_id"])
    assert (silent.loc[missing] < 91).all()


def test_a_value_that_is_no_number_is_refused() -> None:
    orders = pd.DataFrame(
        {"customer_id": [1, 2], "margin": [5.0, np.nan], "order_date": ["2025-01-01", TODAY]}
    )
    with pytest.raises(CrmkitError, match="margin: 1 of 2 values"):
        at_risk(orders)


def test_customers_tied_at_the_border_are_all_listed() -> None:
    orders = pd.DataFrame(
        {
            "customer_id": range(1, 11),
            "margin": [9.0] * 4 + [1.0] * 6,
            "order_date": ["2025-01-01"] * 9 + ["2025-12-31"],
        }
    )
    assert at_risk(orders, TODAY, top_share=0.2)["customer_id"].tolist() == [1, 2, 3, 4]


def test_kappa_is_that_of_scikit_learn() -> None:
    rng = np.random.default_rng(0)
    for size in (1, 5, 400):
        guess, truth = rng.integers(0, 4, size), rng.integers(0, 4, size)
        theirs = cohen_kappa_score(guess, truth, weights="linear", labels=range(4))
        assert agreement(guess, truth)["kappa"] == pytest.approx(theirs)
