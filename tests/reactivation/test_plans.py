"""Plans: worth of a return, how sure a choice is, policies judged by a test, the page and its holdout."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crmkit.errors import CrmkitError
from crmkit.reactivation import (
    DoublyRobust,
    best_offers,
    compare_learners,
    contact_page,
    forecast_outcome,
    holdout_table,
    later_margin,
    offer_days,
    plan_certainty,
    policy_value,
    policy_values,
    pressure_table,
    return_worth,
)
from crmkit.reactivation.waking import NOBODY

OFFERS = pd.DataFrame(
    {
        "offer": ["control", "mail", "voucher"],
        "cost": [0.0, 1.0, 1.0],
        "discount": [0.0, 0.0, 0.2],
    }
)


def campaign(seed: int, n: int = 900, *, mail: float = 0.1, voucher: float = 0.1) -> pd.DataFrame:
    """A test with known effects: 10 % return anyway, and a return brings 40 of an order of 100."""
    rng = np.random.default_rng(seed)
    arm = rng.permutation(np.resize(["control", "mail", "voucher"], n))
    opens = rng.integers(0, 10, n)
    chance = 0.1 + (arm == "mail") * mail * opens / 4.5 + (arm == "voucher") * voucher
    back = rng.random(n) < chance
    margin = np.where(back, np.where(arm == "voucher", 20.0, 40.0), 0.0)
    return pd.DataFrame(
        {
            "customer_id": range(n),
            "arm": arm,
            "state": np.where(opens > 4, "drowsy", "asleep"),
            "opens": opens,
            "average_order": 100.0,
            "returned_60d": back,
            "margin_60d": margin,
            "margin_after": 0.0,
        }
    )


def test_a_return_is_worth_what_full_price_returns_brought() -> None:
    test = campaign(1)
    found = return_worth(test, test.head(2).assign(average_order=[50.0, 200.0]), OFFERS)
    assert found["return_margin"].tolist() == pytest.approx([20.0, 80.0])
    with pytest.raises(CrmkitError, match="without a discount"):
        return_worth(test[test["arm"] == "voucher"], test, OFFERS)


def test_the_best_offer_wins_most_draws_where_it_is_truly_best_and_few_where_nothing_is() -> None:
    clear = best_offers(campaign(2, 6000, mail=0.2, voucher=0.0), OFFERS).set_index(
        ["state", "offer"]
    )
    assert clear.loc[("drowsy", "mail"), "wins"] > 0.99
    nothing = best_offers(campaign(3, 6000, mail=0.0, voucher=0.0), OFFERS)
    alone = nothing[nothing["offer"] == NOBODY]
    assert (alone["wins"] > 0.3).all()
    assert (nothing.groupby("state")["wins"].sum() == 1).all()


def test_the_interval_of_an_offer_s_profit_holds_the_truth() -> None:
    true = 0.1 * 40 - 1.0  # the mail's mean effect is that of opens between 0 and 9
    held = []
    for seed in range(100):
        test = campaign(seed, 900).assign(state="all")
        found = best_offers(test, OFFERS, draws=150).set_index("offer")
        held.append(found.loc["mail", "low"] <= true <= found.loc["mail", "high"])
    assert np.mean(held) >= 0.88


def test_best_offers_names_an_empty_arm() -> None:
    test = campaign(4)
    with pytest.raises(CrmkitError, match="'drowsy' has nobody in the arm 'mail'"):
        best_offers(test[~((test["state"] == "drowsy") & (test["arm"] == "mail"))], OFFERS)


def test_a_good_plan_wins_the_draws_and_its_promise_moves() -> None:
    test = campaign(5, 1500, mail=0.2, voucher=0.0)
    plans = {
        "mail": pd.Series("mail", index=test["customer_id"]),
        "voucher": pd.Series("voucher", index=test["customer_id"]),
    }
    found = plan_certainty(plans, test, test, OFFERS, ["opens"], logs=[], draws=10).set_index(
        "plan"
    )
    assert found.loc["mail", "wins"] == 1
    assert found.loc["mail", "low"] < found.loc["mail", "profit"] < found.loc["mail", "high"]


def test_a_forecast_narrows_the_interval_and_keeps_the_cover() -> None:
    widths, held = [], []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        made = [
            pd.DataFrame({"arm": rng.choice(["control", "mail"], 400), "x": rng.normal(size=400)})
            for _ in range(2)
        ]
        for table in made:
            table["profit"] = 5 * table["x"] + (table["arm"] == "mail") + rng.normal(size=400)
        learn, judge = made
        expected = forecast_outcome(learn, judge, "profit", ["x"], logs=[])
        policy = pd.Series("mail", index=judge.index)
        plain = policy_value(judge, policy, "profit", over="control")
        helped = policy_value(judge, policy, "profit", over="control", expected=expected)
        widths.append((helped["high"] - helped["low"]) / (plain["high"] - plain["low"]))
        held.append(helped["low"] <= 1 <= helped["high"])
    assert np.mean(widths) < 0.5
    assert np.mean(held) >= 0.88


def test_whoever_a_policy_leaves_out_is_left_alone() -> None:
    test = campaign(6).assign(profit=lambda t: t["margin_60d"])
    none = pd.Series(dtype=object)
    named = pd.Series(NOBODY, index=test["customer_id"])
    found = policy_values({"none": none, "alone": named}, test, "profit")
    assert found["value"].tolist() == [0.0, 0.0]


def test_the_page_counts_everybody_once_and_keeps_to_consent() -> None:
    people = pd.DataFrame(
        {
            "customer_id": range(8),
            "state": ["drowsy", "asleep"] * 4,
            "newsletter_consent": [True, True, False, False] * 2,
            "phone_consent": [True, True, True, True, False, False, False, False],
        }
    )
    plan = people[["customer_id"]].assign(
        offer=["personal call", "reminder"] * 4, cost=1.0, profit=2.0
    )
    page = contact_page(plan, people)
    assert page.loc[("drowsy", "personal call"), ["telephone", "card"]].tolist() == [2, 2]
    assert page.loc[("asleep", "reminder"), ["e-mail", "letter"]].tolist() == [2, 2]
    assert page["profit"].sum() == 16
    with pytest.raises(CrmkitError, match="1 of the plan"):
        contact_page(plan, people.head(7))


def test_a_larger_holdout_sees_more_up_to_the_half() -> None:
    found = holdout_table(600, 0.1, 0.05)
    assert found["customers"].tolist() == [60, 120, 200, 300]
    assert found["finds_it"].is_monotonic_increasing
    assert found["least_rise"].is_monotonic_decreasing


def test_equal_frequencies_share_the_wins_and_a_better_one_takes_them() -> None:
    rng = np.random.default_rng(1)
    test = pd.DataFrame({"mails_a_month": np.repeat([0, 2, 4], 300), "unsubscribed": False})
    test["margin_90d"] = rng.normal(10, 5, 900)
    assert pressure_table(test, draws=200)["wins"].max() < 0.99
    test.loc[test["mails_a_month"] == 2, "margin_90d"] += 5
    assert pressure_table(test, draws=200)["wins"].tolist() == [0, 1, 0]


def test_an_offer_pays_from_the_day_on_which_too_few_come_anyway() -> None:
    curve = pd.DataFrame({"silent_days": range(300), "chance": 0.8 * np.exp(-np.arange(300) / 120)})
    test = campaign(7, 6000, mail=0.2, voucher=0.6)
    found = offer_days(test, OFFERS, curve)
    assert found.loc["mail", "from_day"] < found.loc["voucher", "from_day"], "the gift waits"
    assert (
        found.loc["mail", "earliest"]
        <= found.loc["mail", "from_day"]
        <= found.loc["mail", "latest"]
    )


def test_later_margin_counts_the_rest_of_a_year_and_no_more() -> None:
    gaps = pd.DataFrame(
        {"customer_id": [1, 2, 3], "gap_days": [90, 30, 90], "returned": [True, True, False]}
    ).assign(start_date=pd.Timestamp("2024-01-01"))
    days = pd.to_datetime("2024-03-31") + pd.to_timedelta([119, 120, 364, 365], unit="D")
    orders = pd.DataFrame({"customer_id": 1, "order_date": days, "margin": [1.0, 10, 100, 1000]})
    assert later_margin(orders, gaps, "2024-12-31") == 110
    with pytest.raises(CrmkitError, match="nobody came back"):
        later_margin(orders, gaps, "2024-01-31")


def test_the_doubly_robust_learner_recovers_known_effects() -> None:
    test = campaign(8, 9000, mail=0.2)
    fresh = campaign(9, 600)
    true = 0.2 * fresh["opens"] / 4.5
    found = compare_learners(
        {"two models": None, "doubly robust": DoublyRobust()},
        test,
        fresh,
        "mail",
        true,
        ["opens"],
        logs=[],
    )
    assert (found["rank_correlation"] > 0.95).all()
    assert (found["rmse"] < 0.5 * found["rmse_of_average"]).all()
    assert (found["bias"].abs() < 0.03).all()
