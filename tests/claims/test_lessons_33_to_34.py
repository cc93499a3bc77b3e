"""What lessons 33, 33b and 34 say is so, in the shipped company and in six others."""

from __future__ import annotations

import functools

import numpy as np
import pandas as pd
import pytest
from worlds import seeds, world_of

import crmkit
from crmkit.reactivation import (
    DoublyRobust,
    area,
    best_offers,
    budget_curve,
    choose_offers,
    compare_learners,
    compare_policies,
    effect_error,
    expected_profit,
    forecast_outcome,
    forecast_profits,
    holdout_table,
    later_margin,
    leave_alone,
    offer_days,
    offer_profits,
    plan_certainty,
    policy_values,
    pressure_table,
    purchase_gaps,
    qini_band,
    qini_by_luck,
    rates_by_group,
    realised,
    return_curve,
    return_worth,
    true_curve,
)

SEEDS = seeds("shipped", 2, 3, 4, 5, 6, 7)
TABLES = ["orders", "wake_up_test", "offers", "second_campaign", "pressure_test"]
TRUTH = ["wake_up_test", "second_campaign", "pressure_effects"]

each_seed = pytest.mark.parametrize("seed", SEEDS)


@functools.cache
def made(seed):
    if seed == "shipped":
        return {name: crmkit.load(name) for name in TABLES}, {
            name: crmkit.load_truth(name) for name in TRUTH
        }
    world = world_of("fernwell", customers=3000, seed=seed)
    return {name: world.tables[name] for name in TABLES}, {
        name: world.truth[name] for name in TRUTH
    }


@functools.cache
def forecast(seed):
    """What January says that each offer would earn with each customer of May."""
    tables, _ = made(seed)
    return forecast_profits(tables["wake_up_test"], tables["second_campaign"], tables["offers"])


# Lesson 33: whom a call changes


@functools.cache
def call(seed):
    """Forecasts of the call for May's customers, and the truth in the same order."""
    tables, truth = made(seed)
    may, profits = tables["second_campaign"], forecast(seed)
    found = profits[profits["offer"] == "personal call"].set_index("customer_id")
    return found, truth["second_campaign"].set_index("customer_id").loc[may["customer_id"]]


@each_seed
def test_readers_are_changed_more_by_a_call(seed):
    test = made(seed)[0]["wake_up_test"]
    rate = test.groupby([test["opens"] >= 4, "arm"])["returned_60d"].mean().unstack()
    uplift = rate["personal call"] - rate["control"]
    assert uplift[True] > uplift[False]


@each_seed
def test_the_likely_come_anyway_and_the_changeable_are_won(seed):
    found, true = call(seed)
    fifth = len(true) // 5
    kinds = {
        column: true.loc[found[column].nlargest(fifth).index, "type_personal_call"].value_counts()
        for column in ("anyway", "uplift")
    }
    for column in kinds:
        assert kinds[column].idxmax() == "lost", "on both lists the largest group stays away"
    likely, changed = kinds["anyway"], kinds["uplift"]
    assert likely["anyway"] > 2 * likely["won"], "most of those who come, come anyway"
    assert changed["won"] > likely["won"]
    assert 100 * likely["won"] / fifth < 20, "most people guess far more"


@each_seed
def test_half_of_the_rankings_at_random_are_above_zero_and_a_band_is_wide(seed):
    may = made(seed)[0]["second_campaign"]
    part = may["arm"].isin(["control", "personal call"]).to_numpy()
    called = (may["arm"] == "personal call").to_numpy()[part]
    returned = may.loc[part, "returned_60d"].to_numpy(float)
    luck = qini_by_luck(called, returned, draws=150, seed=1)
    assert 0.35 < (luck > 0).mean() < 0.65
    score = call(seed)[0]["uplift"].to_numpy()[part]
    _, qini = qini_band(score, called, returned, resamples=60, seed=1)
    width = qini["high"] - qini["low"]
    assert width > np.ptp(np.quantile(luck, [0.025, 0.975])) * 0.7, "as wide as luck itself"


@each_seed
def test_the_order_by_uplift_is_truly_good_and_that_by_chance_to_return_is_not(seed):
    found, true = call(seed)
    effect = true["effect_personal_call"]
    perfect = area(true_curve(effect, effect))
    by_uplift = area(true_curve(found["uplift"], effect)) / perfect
    by_chance = area(true_curve(found["anyway"], effect)) / perfect
    assert 0.2 < by_uplift < 0.8
    assert abs(by_chance) < 0.2
    assert by_uplift > by_chance + 0.15
    error = effect_error(found["uplift"], effect)
    assert error["rank_correlation"] > 0.2, "it ranks"
    assert error["rmse"] > 0.8 * error["rmse_of_average"], "and hardly knows anybody"
    order = np.argsort(-found["uplift"].to_numpy(), kind="stable")
    groups = np.array_split(effect.to_numpy()[order], 5)
    assert np.mean(groups[0]) > np.mean(groups[-1])


# Lesson 33b: what it earns


@functools.cache
def policies(seed):
    """The four policies of the lesson, what the choices expected, and the true profits."""
    tables, truth = made(seed)
    january, may, offers = (tables[k] for k in ("wake_up_test", "second_campaign", "offers"))
    worth = return_worth(january, may, offers)
    by_state = expected_profit(rates_by_group(january, may, "state"), offers, worth)
    everybody = may["customer_id"]
    named = {
        "best by state": choose_offers(by_state).set_index("customer_id")["offer"],
        "call everybody": pd.Series("personal call", index=everybody),
        "best by uplift": choose_offers(forecast(seed)).set_index("customer_id")["offer"],
        "brochure to everybody": pd.Series("new product", index=everybody),
    }
    return named, by_state, offer_profits(truth["second_campaign"], offers)


@each_seed
def test_the_days_of_an_offer_lie_far_apart(seed):
    tables, _ = made(seed)
    gaps = purchase_gaps(tables["orders"], "2025-12-31")
    days = offer_days(tables["wake_up_test"], tables["offers"], return_curve(gaps, 60, draws=20))
    assert days.loc["reminder", "from_day"] < days["from_day"].fillna(np.inf)["discount"]
    apart = days["latest"].fillna(999) - days["earliest"].fillna(999)
    assert (apart > 30).sum() >= 3, "one test of this size does not fix a day"


@each_seed
def test_a_voucher_earns_least_with_those_just_fallen_silent(seed):
    tables, truth = made(seed)
    both = pd.concat(
        [tables[name].merge(truth[name]) for name in ("wake_up_test", "second_campaign")]
    )
    silent = pd.cut(both["silent_days"], [59, 75, 120, 240, 540])
    true = both.groupby(silent, observed=True)[
        ["profit_discount", "profit_reminder", "profit_personal_call"]
    ].mean()
    assert true["profit_discount"].argmin() == 0, "it earns least with those just fallen silent"
    for name in ("profit_reminder", "profit_personal_call"):
        assert true[name].iloc[3] < true[name].iloc[1:3].max(), "the deepest bring little"


@each_seed
def test_the_best_offer_of_a_state_is_seldom_sure(seed):
    tables, _ = made(seed)
    best = best_offers(tables["wake_up_test"], tables["offers"], draws=200)
    tops = best.groupby("state").head(1)
    assert tops["wins"].min() < 0.8
    lead = best.groupby("state")["profit"].apply(lambda p: p.iloc[0] - p.iloc[1])
    width = tops.set_index("state")["high"] - tops.set_index("state")["low"]
    assert (width > lead).sum() >= 2, "intervals are wider than the differences"


@each_seed
def test_looking_further_leaves_fewer_alone_and_many_reasons_are_wrong(seed):
    tables, _ = made(seed)
    january, may, offers = (tables[k] for k in ("wake_up_test", "second_campaign", "offers"))
    gaps = purchase_gaps(tables["orders"], "2025-12-31")
    later = later_margin(tables["orders"], gaps, "2024-12-31")
    assert later > 0
    worth = return_worth(january, may, offers).assign(lifetime_value=later)
    chances = forecast(seed)[["customer_id", "offer", "anyway", "uplift"]]
    alone = leave_alone(forecast(seed))
    assert len(leave_alone(expected_profit(chances, offers, worth))) < len(alone)
    true = policies(seed)[2].groupby("customer_id")["profit"].max()
    assert (alone["customer_id"].map(true) > 0).mean() > 0.3


@each_seed
def test_a_plain_good_offer_does_much_of_what_a_choice_does(seed):
    named, by_state, true = policies(seed)
    earned = compare_policies(named, true).set_index("policy")["profit"]
    assert earned["brochure to everybody"] > 0.6 * earned["best by uplift"]
    assert earned["brochure to everybody"] > earned["call everybody"], "a weak rival"
    for profits, name in ((forecast(seed), "best by uplift"), (by_state, "best by state")):
        assert choose_offers(profits)["profit"].sum() > earned[name], "promise above truth"
        way = budget_curve(profits)
        steps = way["return_on_last"].dropna().to_numpy()
        assert (np.diff(steps) <= 1e-9).all(), "the curve bends"
        assert realised(way, true)["profit"].iloc[-1] == pytest.approx(earned[name])


@each_seed
def test_a_test_in_money_says_little_and_a_forecast_hardly_helps(seed):
    tables, _ = made(seed)
    offers = tables["offers"].set_index("offer")["cost"]
    january, may = (
        tables[name].assign(
            profit=lambda t: t["margin_60d"] + t["margin_after"] - t["arm"].map(offers),
            back=lambda t: 100.0 * t["returned_60d"],
        )
        for name in ("wake_up_test", "second_campaign")
    )
    named = policies(seed)[0]
    money = policy_values(named, may, "profit")
    helped = policy_values(named, may, "profit", expected=forecast_outcome(january, may, "profit"))
    order = money.sort_values("value")
    assert order["high"].iloc[0] > order["low"].iloc[-1], "nearly every order is allowed"
    width = (helped["high"] - helped["low"]) / (money["high"] - money["low"])
    assert 0.7 < width.mean() < 1.05
    back = policy_values(named, may, "back")
    spread = {
        name: ((t["high"] - t["low"]) / t["value"].abs()).median()
        for name, t in (("money", money), ("returns", back))
    }
    assert spread["returns"] < spread["money"]


@each_seed
def test_a_cleverer_learner_ranks_about_as_well(seed):
    tables, _ = made(seed)
    effect = call(seed)[1]["effect_personal_call"]
    found = compare_learners(
        {"two models": None, "doubly robust": DoublyRobust()},
        tables["wake_up_test"],
        tables["second_campaign"],
        "personal call",
        effect,
    )["rank_correlation"]
    assert abs(found["two models"] - found["doubly robust"]) < 0.15


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


@each_seed
def test_orders_through_mails_rise_and_orders_in_all_do_not(seed):
    by = made(seed)[0]["pressure_test"].groupby("mails_a_month").mean(numeric_only=True)
    assert by["orders_by_mail"].is_monotonic_increasing
    assert by.loc[8, "orders_90d"] < by.loc[2, "orders_90d"]
    assert by["margin_90d"].idxmax() < 8


@each_seed
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


@each_seed
def test_january_s_contacts_wear_out(seed):
    tables, truth = made(seed)
    may = tables["second_campaign"][["customer_id", "contacts_before"]]
    effects = truth["second_campaign"].merge(may).groupby("contacts_before")
    for offer in ("effect_reminder", "effect_personal_call"):
        assert effects[offer].mean()[0] > effects[offer].mean()[1]


@each_seed
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


@each_seed
def test_one_in_ten_held_back_sees_little(seed):
    found = holdout_table(len(plans(seed)[0]), base=0.12, rise=0.06)
    assert found["finds_it"].is_monotonic_increasing
    assert found["finds_it"].iloc[0] < 0.4
    assert found["finds_it"].iloc[-1] < 0.8
