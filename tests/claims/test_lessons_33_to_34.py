"""What lessons 33 and 34 say is so, in the shipped company and in six others."""

from __future__ import annotations

import functools

import pandas as pd
import pytest

import crmkit
from crmkit.reactivation import (
    choose_offers,
    compare_policies,
    forecast_profits,
    holdout_table,
    offer_profits,
    plan_certainty,
    pressure_table,
)
from crmkit.world import simulate

SEEDS = ("shipped", 2, 3, 4, 5, 6, 7)
TABLES = ["orders", "wake_up_test", "offers", "second_campaign", "pressure_test"]
TRUTH = ["wake_up_test", "second_campaign", "pressure_effects"]

seeds = pytest.mark.parametrize("seed", SEEDS)


@functools.cache
def made(seed):
    if seed == "shipped":
        return {name: crmkit.load(name) for name in TABLES}, {
            name: crmkit.load_truth(name) for name in TRUTH
        }
    world = simulate("fernwell", customers=3000, seed=seed, progress=False)
    return {name: world.tables[name] for name in TABLES}, {
        name: world.truth[name] for name in TRUTH
    }


@functools.cache
def forecast(seed):
    """What January says that each offer would earn with each customer of May."""
    tables, _ = made(seed)
    return forecast_profits(tables["wake_up_test"], tables["second_campaign"], tables["offers"])


# Lesson 34: the plan


@functools.cache
def plans(seed):
    """The plan of the lesson, its two rivals and the oracle, all within the same limits."""
    tables, truth = made(seed)
    sleepers, offers, profits = tables["second_campaign"], tables["offers"], forecast(seed)
    budget, cap = (10 * round(share * len(sleepers) / 10) for share in (0.45, 0.4))
    cost = offers.set_index("offer")["cost"]
    plan = choose_offers(profits, budget=budget, contacts=cap)
    calls = profits[profits["offer"] == "personal call"]
    likely = calls.nlargest(int(budget / cost["personal call"]), "anyway")["customer_id"]
    some = sleepers["customer_id"].sample(int(min(cap, budget / cost["reminder"])), random_state=1)
    true_profit = offer_profits(truth["second_campaign"], offers)
    best = choose_offers(true_profit, budget=budget, contacts=cap)
    named = {
        "our plan": plan.set_index("customer_id")["offer"],
        "call the likeliest": pd.Series("personal call", index=likely),
        "reminder at random": pd.Series("reminder", index=some),
        "oracle": best.set_index("customer_id")["offer"],
    }
    return plan, named, compare_policies(named, true_profit).set_index("policy")["profit"]


@seeds
def test_orders_through_mails_rise_and_orders_in_all_do_not(seed):
    by = made(seed)[0]["pressure_test"].groupby("mails_a_month").mean(numeric_only=True)
    assert by["orders_by_mail"].is_monotonic_increasing
    assert by.loc[8, "orders_90d"] < by.loc[2, "orders_90d"]
    assert by["margin_90d"].idxmax() < 8


@seeds
def test_frequencies_overlap_and_the_true_top_is_flat(seed):
    tables, truth = made(seed)
    table = pressure_table(
        tables["pressure_test"], mail_cost=0.05, contact_value=8, draws=400
    ).set_index("frequency")
    best = table["net"].idxmax()
    rest = table.drop(index=[0, 8, best], errors="ignore")
    assert (rest["high"] > table.loc[best, "low"]).all(), "the intervals overlap"
    assert table["wins"].sum() == pytest.approx(1)
    assert table.loc[best, "wins"] > table["wins"].max() - 0.1
    true = truth["pressure_effects"].set_index("mails_a_month")
    assert true.loc[[0, 1, 2], "margin_90d"].is_monotonic_increasing
    assert abs(true.loc[4, "margin_90d"] / true.loc[2, "margin_90d"] - 1) < 0.05
    assert true.loc[8, "margin_90d"] < true.loc[[0, 1, 2, 4], "margin_90d"].min()
    assert true["unsubscribe_chance"].is_monotonic_increasing


@seeds
def test_january_s_contacts_wear_out(seed):
    tables, truth = made(seed)
    may = tables["second_campaign"][["customer_id", "contacts_before"]]
    effects = truth["second_campaign"].merge(may).groupby("contacts_before")
    for offer in ("effect_reminder", "effect_personal_call"):
        assert effects[offer].mean()[0] > effects[offer].mean()[1]


@seeds
def test_the_plan_beats_its_rivals_and_breaks_its_promise(seed):
    plan, _, true = plans(seed)
    assert true["oracle"] > true["our plan"]
    assert true["our plan"] > true[["call the likeliest", "reminder at random"]].max()
    assert 0.2 < true["our plan"] / plan["profit"].sum() < 0.95


@pytest.mark.parametrize("seed", ["shipped", 6])
def test_the_order_of_the_plans_is_surer_than_the_amount(seed):
    tables, _ = made(seed)
    named = {name: offer for name, offer in plans(seed)[1].items() if name != "oracle"}
    found = plan_certainty(
        named, tables["wake_up_test"], tables["second_campaign"], tables["offers"], draws=12
    ).set_index("plan")
    assert found.loc["our plan", "wins"] >= 0.9
    width = found.loc["our plan", "high"] - found.loc["our plan", "low"]
    assert width > 0.4 * found.loc["our plan", "profit"]


@seeds
def test_one_in_ten_held_back_sees_little(seed):
    found = holdout_table(len(plans(seed)[0]), base=0.12, rise=0.06)
    assert found["finds_it"].is_monotonic_increasing
    assert found["finds_it"].iloc[0] < 0.4
    assert found["finds_it"].iloc[-1] < 0.8
