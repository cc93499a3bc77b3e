"""From chances to pounds: profit, choice under limits, policies, pressure, flows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

import crmkit
from crmkit.errors import CrmkitError
from crmkit.reactivation import (
    Thresholds,
    break_even,
    bucket,
    budget_curve,
    choose_offers,
    compare_policies,
    cost_of_one,
    expected_profit,
    leave_alone,
    monthly_states,
    offer_profits,
    predict_chances,
    pressure_table,
    rates_by_group,
    realised,
    run_bucket,
    state_flows,
)

KNOWN = [
    "state",
    "silent_days",
    "orders_before",
    "average_order",
    "discount_share",
    "opens",
    "business",
]
LOGS = ["silent_days", "orders_before", "average_order"]


def random_profits(seed: int, customers: int = 40) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    rows = [
        (c, o, cost)
        for c in range(customers)
        for o, cost in (("mail", 0.6), ("book", 1.5), ("call", 7.0))
    ]
    table = pd.DataFrame(rows, columns=["customer_id", "offer", "cost"])
    return table.assign(profit=rng.normal(1, 4, len(table)) + 0.4 * table["cost"])


def test_profit_is_won_less_given_away_less_lost_less_cost() -> None:
    chances = pd.DataFrame(
        {"customer_id": [1], "offer": "voucher", "anyway": 0.3, "uplift": 0.1, "unsubscribe": 0.02}
    )
    offers = pd.DataFrame({"offer": ["voucher"], "cost": [0.6], "discount": [0.15]})
    customers = pd.DataFrame(
        {"customer_id": [1], "return_margin": 50.0, "return_spend": 80.0, "contact_value": 8.0}
    )
    row = expected_profit(chances, offers, customers).iloc[0]
    assert row[["won", "given_away", "lost", "cost"]].tolist() == pytest.approx(
        [5.0, 4.8, 0.16, 0.6]
    )
    assert row["profit"] == pytest.approx(5.0 - 4.8 - 0.16 - 0.6)


def test_a_lifetime_value_adds_to_what_is_won_and_to_nothing_else() -> None:
    chances = pd.DataFrame({"customer_id": [1], "offer": "mail", "anyway": 0.3, "uplift": 0.1})
    offers = pd.DataFrame({"offer": ["mail"], "cost": [0.6], "discount": [0.1]})
    people = pd.DataFrame({"customer_id": [1], "return_margin": 50.0, "return_spend": 80.0})
    plain = expected_profit(chances, offers, people).iloc[0]
    longer = expected_profit(chances, offers, people.assign(lifetime_value=40.0)).iloc[0]
    assert longer["won"] == pytest.approx(plain["won"] + 0.1 * 40)
    assert longer["profit"] == pytest.approx(plain["profit"] + 0.1 * 40)
    with pytest.raises(CrmkitError, match="lifetime_value"):
        expected_profit(chances, offers, people.assign(lifetime_value=np.nan))


def test_an_unknown_offer_or_customer_is_named() -> None:
    chances = pd.DataFrame({"customer_id": [1], "offer": "fax", "anyway": 0.3, "uplift": 0.1})
    offers = pd.DataFrame({"offer": ["mail"], "cost": [0.6], "discount": [0.0]})
    customers = pd.DataFrame({"customer_id": [2], "return_margin": 50.0, "return_spend": 80.0})
    with pytest.raises(CrmkitError, match="fax"):
        expected_profit(chances, offers, customers)
    with pytest.raises(CrmkitError, match="customers: customer_id 1"):
        expected_profit(chances.assign(offer="mail"), offers, customers)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(("budget", "contacts"), [(30.0, None), (60.0, 15), (15.0, 30)])
def test_the_choice_keeps_its_limits_and_comes_near_the_exact_best(
    seed: int, budget: float, contacts: int | None
) -> None:
    profits = random_profits(seed)
    chosen = choose_offers(profits, budget=budget, contacts=contacts)
    assert chosen["customer_id"].is_unique
    assert chosen["cost"].sum() <= budget + 1e-9
    assert len(chosen) <= (contacts or len(profits))
    assert (chosen["profit"] > 0).all()
    n = len(profits)
    once = (profits["customer_id"].to_numpy()[None, :] == np.arange(40)[:, None]).astype(float)
    limits = [
        LinearConstraint(once, ub=1),
        LinearConstraint(profits["cost"].to_numpy()[None, :], ub=budget),
    ]
    limits.append(LinearConstraint(np.ones((1, n)), ub=contacts or n))
    exact = milp(
        -profits["profit"].to_numpy(),
        constraints=limits,
        integrality=np.ones(n),
        bounds=Bounds(0, 1),
    )
    # Rounding the relaxation down can cost two customers at most.
    assert chosen["profit"].sum() >= -exact.fun - 2 * profits["profit"].max()
    assert chosen["profit"].sum() >= 0.97 * -exact.fun


def test_without_limits_everybody_gets_the_best_and_nobody_a_loss() -> None:
    profits = random_profits(1)
    best = profits.groupby("customer_id")["profit"].max()
    assert choose_offers(profits)["profit"].sum() == pytest.approx(best.clip(lower=0).sum())
    alone = leave_alone(profits.assign(anyway=0.1, uplift=0.1))
    assert set(alone["customer_id"]) == set(best[best <= 0].index)
    assert choose_offers(profits, budget=0).empty
    assert choose_offers(profits, contacts=0).empty
    with pytest.raises(CrmkitError, match="below 0"):
        choose_offers(profits, budget=-1)


def test_the_budget_curve_rises_ever_more_slowly_to_the_best() -> None:
    profits = random_profits(2)
    curve = budget_curve(profits)
    steps = curve["return_on_last"].dropna()
    assert steps.is_monotonic_decreasing
    assert curve["profit"].is_monotonic_increasing
    assert curve["profit"].iloc[-1] == pytest.approx(choose_offers(profits)["profit"].sum())
    for budget in (5.0, 20.0):
        near = np.interp(budget, curve["budget"], curve["profit"])
        assert choose_offers(profits, budget=budget)["profit"].sum() <= near + 1e-9
    own = profits.set_index(["customer_id", "offer"])["profit"]
    assert realised(curve, profits)["profit"].iloc[-1] == pytest.approx(curve["profit"].iloc[-1])
    assert len(own) == len(profits)


def test_policies_are_added_up_and_held_against_the_best() -> None:
    profits = random_profits(3)
    oracle = choose_offers(profits).set_index("customer_id")["offer"]
    table = compare_policies(
        {
            "nobody": pd.Series(dtype=str),
            "calls": pd.Series("call", index=range(40)),
            "oracle": oracle,
        },
        profits,
    ).set_index("policy")
    assert table.loc["oracle", "of_best"] == pytest.approx(1)
    assert table.loc["nobody", "profit"] == 0
    assert table.loc["calls", "profit"] == pytest.approx(
        profits.loc[profits["offer"] == "call", "profit"].sum()
    )
    with pytest.raises(CrmkitError, match="not in profits"):
        compare_policies({"x": pd.Series("fax", index=[1])}, profits)


def test_on_the_shipped_world_uplift_earns_more_than_state_and_less_than_the_oracle() -> None:
    january, may = crmkit.load("wake_up_test"), crmkit.load("second_campaign")
    offers, truth = crmkit.load("offers"), crmkit.load_truth("second_campaign")
    back = january[january["returned_60d"]]
    per_pound = (back["margin_60d"] + back["margin_after"]).sum() / back["average_order"].sum()
    worth = may[["customer_id"]].assign(
        return_margin=per_pound * may["average_order"], return_spend=may["average_order"]
    )
    true = offer_profits(truth, offers)
    policies = {
        "everybody": pd.Series("personal call", index=may["customer_id"]),
        "nobody": pd.Series(dtype=str),
    }
    for name, chances in {
        "uplift": predict_chances(january, may, KNOWN, logs=LOGS),
        "state": rates_by_group(january, may),
    }.items():
        policies[name] = choose_offers(expected_profit(chances, offers, worth)).set_index(
            "customer_id"
        )["offer"]
    policies["oracle"] = choose_offers(true).set_index("customer_id")["offer"]
    profit = compare_policies(policies, true).set_index("policy")["profit"]
    assert profit["oracle"] > profit["uplift"] > profit["state"] > profit["nobody"] == 0
    assert profit["uplift"] > profit["everybody"]


def test_pressure_counts_margin_mails_and_lost_permissions() -> None:
    table = pressure_table(
        crmkit.load("pressure_test"), mail_cost=0.1, months=3, contact_value=5
    ).set_index("frequency")
    test = crmkit.load("pressure_test")
    four = test[test["mails_a_month"] == 4]
    assert table.loc[4, "net"] == pytest.approx(
        four["margin_90d"].mean() - 1.2 - 5 * four["unsubscribed"].mean()
    )
    assert table.loc[8, "extra"] == pytest.approx(table.loc[8, "net"] - table.loc[0, "net"])
    assert table["unsubscribed"].is_monotonic_increasing
    with pytest.raises(CrmkitError, match="everybody got the same"):
        pressure_table(test[test["mails_a_month"] == 4])


def test_flows_add_up_to_the_change_of_the_stock() -> None:
    states = monthly_states(crmkit.load("orders"), Thresholds(45, 125, 257))
    flows = state_flows(states)
    water = bucket(flows)
    assert (water["in_bucket"].diff().iloc[1:] == water["net"].iloc[1:]).all()
    last = pd.Series(states.iloc[:, -1])
    assert water["in_bucket"].iloc[-1] == last.between(0, 2).sum()
    everybody = flows.groupby("month")["customers"].sum()
    assert (everybody.to_numpy() == (states.iloc[:, 1:] >= 0).sum().to_numpy()).all()


def test_a_bucket_settles_where_as_many_leak_as_are_won() -> None:
    flow = run_bucket(100, 50, 0.05, win_cost=20, months=400)
    assert flow["awake"].iloc[-1] == pytest.approx(1000, rel=1e-6)
    assert flow["spent"].iloc[-1] == pytest.approx(400 * 50 * 20)
    level = run_bucket(1000, 50, 0.05, win_cost=20, months=10).iloc[-1]
    assert level["replaced"] == pytest.approx(level["spent"])
    with pytest.raises(CrmkitError):
        run_bucket(100, 50, 5)


def test_an_order_of_nobody_is_no_order_of_the_last_customer() -> None:
    orders = pd.DataFrame(
        {"customer_id": [1, 2, None], "order_date": ["2025-01-05", "2025-01-09", "2025-03-30"]}
    )
    with pytest.raises(CrmkitError, match="customer_id: 1 of 3 values are missing"):
        monthly_states(orders, Thresholds(20, 50, 80))


def test_prices_of_winning_and_waking() -> None:
    table = cost_of_one(
        crmkit.load("acquisition_spend"), crmkit.load("customers"), by="acquisition_channel"
    )
    assert table["customers"].sum() == len(crmkit.load("customers"))
    even = break_even(30, 200, 0.6, 90, 0.05)
    assert even["times"] == pytest.approx(30 / 12)
    edge = break_even(30, 200, 0.6, 90, even["break_even_uplift"])
    assert edge["won_per_pound"] == pytest.approx(edge["woken_per_pound"])
    assert break_even(30, 200, 0.6, 90, -0.01)["ahead"] == "winning"


def test_doubles_and_gaps_are_named_and_not_counted() -> None:
    profits = random_profits(1)
    twice = pd.concat([profits, profits.iloc[[0]]])
    with pytest.raises(CrmkitError, match="customer_id and offer"):
        compare_policies({"calls": pd.Series("call", index=[0])}, twice)
    with pytest.raises(CrmkitError, match="calls: 1 rows repeat"):
        compare_policies({"calls": pd.Series("call", index=[0, 0])}, profits)
    holes = profits.assign(
        profit=profits["profit"].where(profits.index > 0), anyway=0.1, uplift=0.0
    )
    for reads in (budget_curve, choose_offers, leave_alone):
        with pytest.raises(CrmkitError, match="profit: 1 of 120 values are missing"):
            reads(holes)
    chances = pd.DataFrame({"customer_id": [1], "offer": "mail", "anyway": 0.3, "uplift": 0.1})
    offers = pd.DataFrame({"offer": ["mail"], "cost": [0.6], "discount": [0.0]})
    people = pd.DataFrame({"customer_id": [1, 1], "return_margin": 50.0, "return_spend": 80.0})
    with pytest.raises(
        CrmkitError, match=r"customers: 1 rows repeat an earlier one's customer_id \(1\)"
    ):
        expected_profit(chances, offers, people)
