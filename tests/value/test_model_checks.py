"""Pictures of a model's fit: they add up, show a good model as good, and a bad one as bad."""

import numpy as np
import pandas as pd
import pytest

from crmkit.errors import CrmkitError
from crmkit.value import (
    BetaGeoModel,
    ModifiedBetaGeoModel,
    alive_bands,
    cumulative_purchases,
    customer_summary,
    forecast_features,
    holdout_by_frequency,
    holdout_split,
    judge_alive,
    last_year_forecast,
    regression_forecast,
    repeat_counts,
    score_forecasts,
    simulate_orders,
    value_frequency_correlation,
)

TRUE = {"r": 0.8, "alpha": 15.0, "a": 0.7, "b": 3.0}
MONEY = {"p": 6.25, "q": 3.74, "gamma": 15.44}


@pytest.fixture(scope="module")
def orders():
    return simulate_orders(TRUE, MONEY, customers=4000, joined_until="2023-12-31", seed=11)[0]


@pytest.fixture(scope="module")
def split(orders):
    return holdout_split(orders, "2024-12-31", "2025-12-31")


def test_counts_add_up_and_a_true_model_fits(split):
    model = BetaGeoModel().fit(split)
    table = repeat_counts(model, split)
    assert table["actual"].sum() == len(split)
    assert table["expected"].sum() == pytest.approx(len(split))
    # Chi-square with some 5 degrees of freedom: 20 would be one in a thousand.
    assert ((table["actual"] - table["expected"]) ** 2 / table["expected"]).sum() < 20
    wrong = repeat_counts(BetaGeoModel.from_params(TRUE | {"alpha": 40.0}, unit="W"), split)
    assert ((wrong["actual"] - wrong["expected"]) ** 2 / wrong["expected"]).sum() > 100


def test_the_holdout_is_met_by_the_frequent_and_the_seldom(split):
    table = holdout_by_frequency(BetaGeoModel().fit(split), split)
    assert table["customers"].sum() == len(split)
    near = (table["forecast"] - table["actual"]).abs() < 2 * (table["high"] - table["low"])
    assert near.all()
    assert table["label"].iloc[-1] == "7+"


def test_the_cumulative_curve_ends_where_the_purchases_do(orders, split):
    model = BetaGeoModel().fit(split)
    curve = cumulative_purchases(model, orders, "2025-12-31", "2024-12-31")
    seen = customer_summary(orders, curve["date"].iloc[-1])
    assert curve["actual"].iloc[-1] == seen["repeat_days"].sum()
    assert curve["expected"].iloc[-1] == pytest.approx(curve["actual"].iloc[-1], rel=0.06)
    assert curve["expected"].is_monotonic_increasing
    assert 0 < curve["seen"].sum() < len(curve)


def test_a_true_model_is_right_about_who_buys_and_a_wrong_one_is_not(split):
    model = BetaGeoModel().fit(split)
    table = judge_alive(model, split, level=0.999)
    assert table["customers"].sum() == len(split)
    assert table["will_buy"].between(table["low"], table["high"]).all()
    assert (table["will_buy"] <= table["alive"]).all()
    assert table.index[-1] == "bought once"
    bands = alive_bands(model, split)
    assert (bands[split["repeat_days"] == 0] == "bought once").all()
    assert model.probability_alive(split)[bands == "20 to 40 %"].between(0.2, 0.4).all()
    leaves_early = judge_alive(ModifiedBetaGeoModel().fit(split), split, level=0.999)
    assert leaves_early.loc["bought once", "will_buy"] < leaves_early.loc["bought once", "low"]


def test_the_best_forecast_wins_in_the_draws_in_which_it_errs_least(split):
    actual = pd.Series([0.0, 2.0, 4.0, 0.0] * 50)
    near, far = actual + 0.1, actual + 2
    table = score_forecasts(actual, {"near": near, "far": far, "again": near}, draws=50, seed=1)
    assert table["wins"].tolist() == [0.5, 0.0, 0.5], "a tie is shared"
    # Two forecasts, each right about half of the customers: neither is sure to be the better one.
    odd = pd.Series(np.arange(200) % 2 == 0)
    one, two = actual.mask(odd, actual + 1), actual.where(odd, actual + 1)
    wins = score_forecasts(actual, {"one": one, "two": two}, draws=200, seed=1)["wins"]
    assert 0.2 < wins[0] < 0.8
    assert "wins" not in score_forecasts(actual, {"near": near})
    with pytest.raises(CrmkitError, match="draws is a whole number"):
        score_forecasts(actual, {"near": near}, draws=2.5)


def test_plain_rivals_forecast_the_same_days(orders, split):
    truth = split.set_index("customer_id")["holdout_purchase_days"]
    model = BetaGeoModel().fit(split)
    forecasts = {
        "model": model.expected_purchases(365, split.set_index("customer_id"), unit="D"),
        "last year": last_year_forecast(orders, "2024-12-31", "2025-12-31"),
        "nothing": truth * 0.0,
    }
    table = score_forecasts(truth, forecasts).set_index("forecast")
    assert (
        table.loc["model", "root_mean_squared_error"]
        < table.loc["last year", "root_mean_squared_error"]
    )
    assert table.loc["model", "total"] == pytest.approx(1, abs=0.06)
    assert table.loc["model", "top_found"] > table.loc["nothing", "top_found"] + 0.2
    assert table.loc["nothing", "top_found"] == pytest.approx(0.2, abs=0.001)


def test_the_regression_sees_nothing_after_the_split():
    orders, _ = simulate_orders(TRUE, MONEY, customers=1500, joined_until="2023-12-31", seed=2)
    forecast = regression_forecast(orders, "2025-03-31", "2025-12-31")
    changed = orders[(orders["order_date"] <= "2025-03-31") | (orders["customer_id"] % 2 == 0)]
    pd.testing.assert_series_equal(
        forecast, regression_forecast(changed, "2025-03-31", "2025-12-31")
    )
    with pytest.raises(CrmkitError, match="before 2023-06-30"):
        regression_forecast(orders, "2023-06-30", "2025-12-31")
    with pytest.raises(CrmkitError, match="target"):
        regression_forecast(orders, "2025-03-31", "2025-12-31", target="profit")


def test_features_hold_what_was_known_then(orders):
    features = forecast_features(orders, "2024-12-31")
    known = orders[orders["order_date"] <= "2024-12-31"]
    recent = known[known["order_date"] >= "2024-01-02"]  # 365 days of a leap year
    last_year = recent.groupby("customer_id")["turnover"].sum()
    expected = last_year.reindex(features.index, fill_value=0)
    assert np.allclose(features["last_year_turnover"], expected)
    assert len(features) == known["customer_id"].nunique()


def test_bad_scores_are_refused():
    actual = pd.Series([1.0, 2.0])
    with pytest.raises(CrmkitError, match="nothing happened"):
        score_forecasts(actual * 0, {})
    with pytest.raises(CrmkitError, match="forecast x: 1 of 2"):
        score_forecasts(actual, {"x": pd.Series([1.0])})


def test_the_correlation_that_gamma_gamma_forgets():
    rng = np.random.default_rng(5)
    often = rng.integers(1, 10, 2000)
    apart = pd.DataFrame({"repeat_days": often, "mean_repeat_value": rng.gamma(5, 5, 2000)})
    # As Gamma-Gamma has it: the mean of many purchases is less skewed, and Spearman above zero without any link.
    nu = rng.gamma(3.74, 1 / 15.44, 2000)
    free = apart.assign(mean_repeat_value=rng.gamma(2.0 * often) / nu / often)
    found = value_frequency_correlation(free, draws=200)
    assert found["expected"] > 0.02
    assert found["null_low"] < found["correlation"] < found["null_high"]
    assert found["p_value"] > 0.05
    tied = free.assign(mean_repeat_value=free["mean_repeat_value"] * often)
    assert value_frequency_correlation(tied, draws=200)["p_value"] < 0.05
    with pytest.raises(CrmkitError, match="at least 10"):
        value_frequency_correlation(apart.head(2))


def test_as_last_year_takes_a_shorter_past_for_the_year():
    """Known for 100 days, forecast for 50: half of what was bought."""
    orders = pd.DataFrame(
        {
            "customer_id": ["A"] * 4 + ["B"],
            "order_date": pd.Timestamp("2025-01-01")
            + pd.to_timedelta([0, 30, 60, 99, 5], unit="D"),
            "turnover": 10.0,
        }
    )
    forecast = last_year_forecast(orders, "2025-04-10", "2025-05-30")
    assert forecast.to_dict() == {"A": 2.0, "B": 0.5}
