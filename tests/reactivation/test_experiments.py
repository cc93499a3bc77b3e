"""Differences with their width, sample size, and the ways to fool oneself."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import crmkit
from crmkit.errors import CrmkitError
from crmkit.reactivation import (
    detectable,
    effect_table,
    follow_up,
    peeking,
    power,
    power_curve,
    randomisation_check,
    regression_to_the_mean,
    sample_size,
    share_difference,
    uncontrolled_count,
)
from crmkit.world.studies.campaigns import assign, returns_under


# Newcombe (1998), Statistics in Medicine 17, 873-890, table II, method 10.
@pytest.mark.parametrize(
    ("counts", "lower", "upper"),
    [
        ((56, 70, 48, 80), 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((6, 7, 2, 7), 0.0582, 0.8062),
        ((5, 56, 0, 29), -0.0381, 0.1926),
        ((0, 10, 0, 20), -0.1611, 0.2775),
        ((0, 10, 0, 10), -0.2775, 0.2775),
        ((10, 10, 0, 20), 0.6791, 1.0000),
        ((10, 10, 0, 10), 0.6075, 1.0000),
    ],
)
def test_interval_is_newcombes(counts, lower: float, upper: float) -> None:
    _, low, high = share_difference(*counts)
    assert (low, high) == pytest.approx((lower, upper), abs=0.00005)


def test_the_interval_covers_the_truth_in_two_hundred_worlds() -> None:
    """Only the campaign is drawn anew: chances and effects of the shipped customers, lots and luck of 200 worlds."""
    people = crmkit.load("wake_up_test")
    truth = crmkit.load_truth("wake_up_test")
    base, state = truth["return_chance"].to_numpy(), people["state"].to_numpy()
    offers = ["reminder", "discount", "new product", "personal call"]
    effects = {name: truth["effect_" + name.replace(" ", "_")].to_numpy() for name in offers}
    shares = {"control": 0.28, **dict.fromkeys(offers, 0.18)}
    true = {(s, a): e[state == s].mean() for s in np.unique(state) for a, e in effects.items()}
    together, apart, estimates = [], [], []
    for seed in range(200):
        rng = np.random.default_rng(seed)
        anyway, luck = rng.random(len(base)) < base, rng.random(len(base))
        arm = assign(rng, state, shares)
        back = anyway.copy()
        for name, effect in effects.items():
            win = np.clip(np.where(base < 1, effect / np.maximum(1 - base, 1e-9), 0), 0, 1)
            dog = np.clip(np.where(base > 0, -effect / np.maximum(base, 1e-9), 0), 0, 1)
            back = np.where(arm == name, returns_under(anyway, luck, win, dog), back)
        world = pd.DataFrame({"arm": arm, "state": state, "returned_60d": back})
        rows = effect_table(world).set_index("arm")
        means = pd.Series({name: effect.mean() for name, effect in effects.items()})
        together.append(rows["low"].le(means) & rows["high"].ge(means))
        estimates.append(rows["effect"] - means)
        if seed % 4 == 0:
            apart += [
                r.low <= true[r.state, r.arm] <= r.high
                for r in effect_table(world, by="state").itertuples()
            ]
    # Newcombe's interval is made for simple lots; lots drawn within the states scatter a little less.
    assert (pd.DataFrame(together).mean().between(0.92, 0.99)).all()
    assert 0.93 <= np.mean(apart) <= 0.98
    off = pd.DataFrame(estimates)
    assert (off.mean().abs() < 4 * off.std() / np.sqrt(200)).all()


def test_lots_keep_the_shares_within_each_state() -> None:
    states = np.repeat(["drowsy", "asleep", "half-asleep"], [400, 3, 100])
    arms = assign(np.random.default_rng(1), states, {"control": 0.4, "call": 0.3, "mail": 0.3})
    for state, n in (("drowsy", 400), ("half-asleep", 100)):
        count = pd.Series(arms[states == state]).value_counts()
        assert abs(count["control"] - 0.4 * n) <= 1
    many = [
        assign(np.random.default_rng(s), np.array(["x"] * 3), {"a": 0.4, "b": 0.3, "c": 0.3})
        for s in range(3000)
    ]
    assert np.mean([arm == "a" for lot in many for arm in lot]) == pytest.approx(0.4, abs=0.02)


def test_effects_by_state_are_plain_differences() -> None:
    test = crmkit.load("wake_up_test")
    table = effect_table(test, by="state")
    assert len(table) == 12
    rate = test.groupby(["state", "arm"])["returned_60d"].mean()
    for row in table.itertuples():
        assert row.effect == pytest.approx(rate[row.state, row.arm] - rate[row.state, "control"])
        assert row.low < row.effect < row.high


def test_money_is_compared_by_welch() -> None:
    rng = np.random.default_rng(1)
    test = pd.DataFrame(
        {"arm": ["control"] * 50 + ["call"] * 90, "profit": rng.gamma(0.3, 50, 140)}
    )
    row = effect_table(test, "profit").iloc[0]
    a, b = test.loc[50:, "profit"], test.loc[:49, "profit"]
    spread = a.var() / 90 + b.var() / 50
    df = spread**2 / ((a.var() / 90) ** 2 / 89 + (b.var() / 50) ** 2 / 49)
    from scipy.stats import t

    half = t.ppf(0.975, df) * np.sqrt(spread)
    assert (row["low"], row["high"]) == pytest.approx(
        (a.mean() - b.mean() - half, a.mean() - b.mean() + half)
    )


def test_small_empty_and_silent_arms_get_an_answer_and_a_warning() -> None:
    test = pd.DataFrame(
        {
            "arm": ["control"] * 40 + ["call"] * 40 + ["control", "call", "call"] + ["control"] * 5,
            "state": ["asleep"] * 80 + ["drowsy"] * 3 + ["half-asleep"] * 5,
            "returned_60d": [False] * 80 + [True, True, False] + [True] * 5,
        }
    )
    table = effect_table(test, by="state").set_index("state")
    assert table.loc["asleep", "effect"] == 0
    assert table.loc["asleep", "low"] < 0 < table.loc["asleep", "high"]
    assert "fewer than five returned" in table.loc["asleep", "warning"]
    assert table.loc["drowsy", "effect"] == -0.5
    assert table.loc["drowsy", "warning"]
    assert np.isnan(table.loc["half-asleep", "effect"])
    assert "nobody in the arm" in table.loc["half-asleep", "warning"]
    money = effect_table(test.assign(profit=0.0), "profit").iloc[0]
    assert money["effect"] == 0
    assert "same value" in money["warning"]
    assert np.isnan(money["low"])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda t: t[t["arm"] != "control"], "no 'control'"),
        (lambda t: t.assign(arm=t["arm"].where(t.index > 5)), "have no arm"),
        (lambda t: t.assign(returned_60d=np.nan), "missing or no finite"),
        (lambda t: t.drop(columns="arm"), "column arm"),
        (lambda t: t.assign(state=t["state"].where(t.index > 5)), "state: 6 of"),
    ],
)
def test_a_test_without_what_it_needs_is_refused(change, words: str) -> None:
    with pytest.raises(CrmkitError, match=words):
        effect_table(change(crmkit.load("wake_up_test")), by="state")


def test_the_check_passes_the_lot_and_stops_the_favourites() -> None:
    known = ["silent_days", "orders_before", "average_order", "margin_year", "opens"]
    spring = crmkit.load("spring_calls")
    liked = randomisation_check(spring.assign(arm=spring["called"].astype(str)), known).set_index(
        "what"
    )
    assert (
        liked.loc[["silent_days", "orders_before"], "verdict"].str.contains("do not compare").all()
    )
    fair = randomisation_check(
        crmkit.load("wake_up_test"),
        known,
        planned={
            "control": 0.28,
            "reminder": 0.18,
            "discount": 0.18,
            "new product": 0.18,
            "personal call": 0.18,
        },
    )
    assert (fair["verdict"] == "as chance would have it").all()


def test_the_check_rarely_cries_wolf_and_sees_arms_of_the_wrong_size() -> None:
    rng = np.random.default_rng(1)
    alarms = 0
    for _ in range(200):
        fair = pd.DataFrame(
            {
                "arm": rng.choice(["control", "call"], 150),
                "x": rng.poisson(3, 150),
                "word": rng.choice(["a", "b"], 150),
            }
        )
        alarms += (
            randomisation_check(fair, ["x", "word"])["verdict"].str.contains("not by chance").any()
        )
    assert alarms <= 8
    lopsided = pd.DataFrame({"arm": ["control"] * 300 + ["call"] * 200, "x": rng.poisson(3, 500)})
    table = randomisation_check(lopsided, ["x"], planned={"control": 0.5, "call": 0.5}).set_index(
        "what"
    )
    assert "not by chance" in table.loc["size of the arms", "verdict"]


def test_power_and_size_are_those_of_power_prop_test() -> None:
    """The examples of R's manual page of ``power.prop.test`` (package stats): power .740, n = 76.7."""
    assert power(0.50, 0.25, 50) == pytest.approx(0.740, abs=0.0005)
    assert sample_size(0.50, 0.25, power=0.9) == np.ceil(76.7)


def test_power_is_what_simulation_finds() -> None:
    rng = np.random.default_rng(1)
    treated, control = rng.binomial(400, 0.17, 20_000) / 400, rng.binomial(600, 0.1, 20_000) / 600
    pooled = (400 * treated + 600 * control) / 1000
    z = (treated - control) / np.sqrt(pooled * (1 - pooled) * (1 / 400 + 1 / 600))
    assert power(0.1, 0.07, 400, 600) == pytest.approx((np.abs(z) > 1.96).mean(), abs=0.015)
    assert power(0.1, 0.0, 400) == pytest.approx(0.05)


def test_sample_size_power_and_detectable_effect_are_one_thing() -> None:
    n = sample_size(0.2, 0.06, power=0.9)
    assert power(0.2, 0.06, n) >= 0.9 > power(0.2, 0.06, n - 2)
    assert detectable(0.2, n, power_wanted=0.9) == pytest.approx(0.06, abs=0.0005)
    curve = power_curve(0.2, [0.02, 0.06], n)
    assert curve["power"].iloc[1] == power(0.2, 0.06, n)
    assert sample_size(0.2, 0.03) > 3.5 * sample_size(0.2, 0.06)


@pytest.mark.parametrize("arguments", [(0.1, 0.0), (10, 0.05), (0.1, 5), (0.1, 0.05, 80)])
def test_impossible_plans_are_refused(arguments) -> None:
    base, effect, *rest = arguments
    with pytest.raises(CrmkitError):
        sample_size(base, effect, **({"power": rest[0]} if rest else {}))


def test_five_looks_find_something_in_fourteen_of_a_hundred_empty_tests() -> None:
    """Armitage, McPherson & Rowe (1969): 14.2 % for five looks at 5 %."""
    looks = peeking(customers_a_day=500, days=5, base=0.3, tests=20_000, seed=1)
    assert looks["called_by_now"].iloc[-1] == pytest.approx(0.142, abs=0.01)
    assert looks["called_today"].mean() == pytest.approx(0.05, abs=0.006)


def test_the_follow_up_of_the_shipped_test_is_counted_from_its_orders() -> None:
    test, orders = crmkit.load("wake_up_test"), crmkit.load("campaign_orders")
    counted = follow_up(test[["customer_id"]], orders, "2026-01-01")
    names = ["returned_60d", "orders_60d"]
    pd.testing.assert_frame_equal(counted[names], test[names])
    np.testing.assert_allclose(counted["margin_60d"], test["margin_60d"], atol=0.011)
    np.testing.assert_allclose(counted["spend_60d"], test["spend_60d"], atol=0.011)


@pytest.mark.parametrize(
    ("people", "start", "words"),
    [
        (
            [1, 2],
            "2026-05-04",
            "end on 2026-07-02, but the orders run from 2025-01-05 to 2026-01-31",
        ),
        ([1, 2], "2025-12-20", "Anyone who has not ordered yet would count as lost"),
        ([1, 2], "2020-01-01", "but the orders run from"),
        ([1, 1], "2025-06-01", r"repeat an earlier one's customer_id \(1\)"),
        ([1, None], "2025-06-01", "customer_id: 1 of 2 values are missing"),
    ],
)
def test_a_campaign_outside_the_data_and_a_list_with_doubles_are_refused(
    people, start, words
) -> None:
    dates = ["2025-01-05", "2026-01-31"]
    orders = pd.DataFrame({"customer_id": [1, 2], "order_date": dates, "turnover": [9.0, 7.0]})
    with pytest.raises(CrmkitError, match=words):
        follow_up(pd.DataFrame({"customer_id": people}), orders, start)


def test_a_follow_up_counts_its_own_days_and_its_own_people_only() -> None:
    dates = ["2025-05-31", "2025-06-01", "2025-06-10", "2025-06-11", "2025-06-02"]
    orders = pd.DataFrame({"customer_id": [1, 1, 1, 1, 3], "order_date": dates, "turnover": 10.0})
    counted = follow_up(pd.DataFrame({"customer_id": [1, 2]}), orders, "2025-06-01", 10)
    assert counted["orders_10d"].tolist() == [2, 0]
    assert counted["spend_10d"].tolist() == [20.0, 0.0]
    assert "margin_10d" not in counted
    late = follow_up(counted, orders, "2025-06-10", 10, complete_until="2025-06-30")
    assert late["orders_10d"].tolist() == [2, 0]


def test_the_uncontrolled_count_overstates_the_spring_calls() -> None:
    spring = crmkit.load("spring_calls").merge(crmkit.load_truth("spring_calls"), on="customer_id")
    won = spring.loc[spring["called"], "won_if_called"].mean()
    slide = uncontrolled_count(spring, won)
    assert slide["count_factor"] > 2
    assert slide["difference_factor"] > 1.5
    assert slide["won"] == (spring["called"] & spring["won_if_called"]).sum()


def test_the_worst_group_recovers_without_any_help() -> None:
    table = regression_to_the_mean(crmkit.load("orders"), "2025-07-01").set_index("group")
    assert table.loc[1, "after"] > 1.5 * table.loc[1, "before"]
    assert table.loc[5, "after"] < 0.75 * table.loc[5, "before"]
    # A newcomer has no usual year: only customers who bought before it began are in.
    orders = crmkit.load("orders")
    old = orders.loc[orders["order_date"] < "2024-04-01", "customer_id"].nunique()
    assert table["customers"].sum() < old
    with pytest.raises(CrmkitError, match="must reach"):
        regression_to_the_mean(crmkit.load("orders"), "2026-02-01")
