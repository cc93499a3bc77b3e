"""BG/NBD and Gamma-Gamma: published figures, the formulas they replace, the truth they must find again, bad input."""

import warnings

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import check_grad
from scipy.special import hyp2f1

from crmkit.errors import CrmkitError
from crmkit.value import beta_geo, gamma_gamma
from crmkit.value.lifetime import (
    BetaGeoModel,
    GammaGammaModel,
    ModifiedBetaGeoModel,
    bootstrap_params,
    customer_lifetime_value,
    predict_spread,
    simulate_orders,
    total_interval,
)
from crmkit.value.summary import customer_summary, holdout_split

CDNOW = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}
MONEY = {"p": 6.25, "q": 3.74, "gamma": 15.44}


@pytest.fixture(scope="module")
def calibration(cdnow):
    return customer_summary(cdnow, "1997-09-30")


@pytest.fixture(scope="module")
def fitted(calibration):
    return BetaGeoModel().fit(calibration, "W"), GammaGammaModel().fit(calibration)


# Published figures: Fader, Hardie & Lee 2005 (BG/NBD), Fader & Hardie 2013 (Gamma-Gamma), on CDNOW.


def test_cdnow_bg_nbd_as_published(calibration, fitted):
    assert len(calibration) == 2357
    model = fitted[0]
    for name, published, half_digit in [
        ("r", 0.243, 5e-4),
        ("alpha", 4.414, 5e-4),
        ("a", 0.793, 5e-4),
        ("b", 2.426, 5e-4),
    ]:
        assert model.params_[name] == pytest.approx(published, abs=half_digit)
    assert model.log_likelihood_ == pytest.approx(-9582.4, abs=0.05)
    assert model.converged_


def test_cdnow_gamma_gamma_as_published(fitted):
    params = fitted[1].params_
    assert params["p"] == pytest.approx(6.25, abs=0.005)
    assert params["q"] == pytest.approx(3.74, abs=0.005)
    assert params["gamma"] == pytest.approx(15.44, abs=0.005)


def test_cdnow_one_customer_as_published(fitted):
    # Fader, Hardie & Lee's spreadsheet note: customer 1, x = 2, t_x = 30.43, T = 38.86 weeks: 1.226 in 39 weeks.
    seen = pd.DataFrame(
        {"repeat_days": [2], "active_span_days": [30.43 * 7], "age_days": [38.86 * 7]}
    )
    assert fitted[0].expected_purchases(39, seen)[0] == pytest.approx(1.226, abs=5e-4)


# Against the formulas and the peer.


def test_the_quadrature_is_the_published_formula(fitted, calibration):
    model = fitted[0]
    r, alpha, a, b = model.params_
    x, tx, age = (
        calibration[c].to_numpy(float) for c in ("repeat_days", "active_span_days", "age_days")
    )
    tx, age, t = tx / 7, age / 7, 39.0
    formula = hyp2f1(r + x, b + x, a + b + x - 1, t / (alpha + age + t)) * (
        (alpha + age) / (alpha + age + t)
    ) ** (r + x)
    formula = (a + b + x - 1) / (a - 1) * (1 - formula)
    gone = np.where(
        x > 0, a / (b + np.maximum(x, 1) - 1) * ((alpha + age) / (alpha + tx)) ** (r + x), 0
    )
    np.testing.assert_allclose(
        model.expected_purchases(t, calibration), formula / (1 + gone), rtol=1e-8
    )
    np.testing.assert_allclose(model.probability_alive(calibration), 1 / (1 + gone), rtol=1e-10)


def test_it_holds_where_the_published_formula_does_not():
    seen = pd.DataFrame(
        {
            "repeat_days": [0, 3, 900],
            "active_span_days": [0, 100, 3000],
            "age_days": [365, 365, 3100],
        }
    )
    around = [
        BetaGeoModel.from_params(CDNOW | {"a": a}, unit="D").expected_purchases(300, seen)
        for a in (0.99999, 1.0, 1.00001)
    ]
    np.testing.assert_allclose(around[1], (around[0] + around[2]) / 2, rtol=1e-8)
    assert np.isfinite(around[1]).all()


def test_the_peer_agrees(calibration, fitted):
    lifetimes = pytest.importorskip("lifetimes")
    weeks = calibration[["active_span_days", "age_days"]] / 7
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        peer = lifetimes.BetaGeoFitter().fit(
            calibration["repeat_days"], weeks["active_span_days"], weeks["age_days"]
        )
    np.testing.assert_allclose(fitted[0].params_, peer.params_, rtol=1e-4)
    np.testing.assert_allclose(fitted[0].standard_errors_, peer.summary["se(coef)"], rtol=1e-3)
    expected = peer.conditional_expected_number_of_purchases_up_to_time(
        39, calibration["repeat_days"], weeks["active_span_days"], weeks["age_days"]
    )
    np.testing.assert_allclose(fitted[0].expected_purchases(39, calibration), expected, rtol=1e-4)


@pytest.mark.parametrize(
    "place", [[0.0, 0.0, 0.0, 0.0], [-1.4, 1.5, -0.2, 0.9], [1.0, 3.0, 2.0, -2.0]]
)
@pytest.mark.parametrize("first", [0, 1])
def test_the_slopes_are_those_of_the_likelihood(calibration, place, first):
    columns = (
        calibration[c].to_numpy(float) for c in ("repeat_days", "active_span_days", "age_days")
    )
    x, tx, age = columns
    objective = beta_geo._beta_geo_objective(x, tx / 7, age / 7, np.ones(len(x)), first)
    assert check_grad(lambda v: objective(v)[0], lambda v: objective(v)[1], place) < 1e-5
    repeat = x > 0
    spent = gamma_gamma._gamma_gamma_objective(
        x[repeat], calibration["mean_repeat_value"].to_numpy()[repeat] / 35, np.ones(repeat.sum())
    )
    assert check_grad(lambda v: spent(v)[0], lambda v: spent(v)[1], place[:3]) < 1e-5


# Known truth.


@pytest.mark.parametrize(
    "params",
    [{"r": 0.6, "alpha": 20.0, "a": 0.8, "b": 3.0}, {"r": 2.0, "alpha": 30.0, "a": 0.5, "b": 5.0}],
)
def test_simulated_customers_give_their_parameters_back(params):
    orders, truth = simulate_orders(
        params, MONEY, customers=8000, joined_until="2023-12-31", seed=7
    )
    summary = customer_summary(orders, "2025-12-31")
    model = BetaGeoModel().fit(summary)
    away = (model.params_ - pd.Series(params)) / model.standard_errors_
    assert away.abs().max() < 3.5
    money = GammaGammaModel().fit(summary)
    assert ((money.params_ - pd.Series(MONEY)) / money.standard_errors_).abs().max() < 3.5
    # Who is still a customer: right on average in every fifth of the forecast.
    alive = model.probability_alive(summary)
    fifth = pd.qcut(alive.rank(method="first"), 5)
    gap = (
        alive.groupby(fifth, observed=True).mean()
        - truth["alive"].groupby(fifth, observed=True).mean()
    )
    assert gap.abs().max() < 0.04


def test_forecasts_come_true_on_days_the_model_has_not_seen():
    params = {"r": 0.8, "alpha": 15.0, "a": 0.7, "b": 3.0}
    orders, _ = simulate_orders(params, MONEY, customers=8000, joined_until="2023-12-31", seed=3)
    split = holdout_split(orders, "2024-12-31", "2025-12-31")
    model, money = BetaGeoModel().fit(split), GammaGammaModel().fit(split)
    clv = customer_lifetime_value(
        model, money, split, horizon=365, unit="D", discount_per_year=0, currency="GBP"
    )
    assert clv["expected_purchases"].sum() == pytest.approx(
        split["holdout_purchase_days"].sum(), rel=0.05
    )
    assert clv["lifetime_value"].sum() == pytest.approx(split["holdout_turnover"].sum(), rel=0.06)
    spread = predict_spread(model, money, split.head(300), horizon=365, unit="D", draws=400)
    inside = split.head(300)["holdout_turnover"].between(spread["low"], spread["high"])
    assert 0.75 < inside.mean() <= 1
    np.testing.assert_allclose(
        spread["mean"].sum(), clv["lifetime_value"].head(300).sum(), rtol=0.05
    )


def test_standard_errors_and_bootstrap_tell_the_same():
    orders, _ = simulate_orders(
        {"r": 0.8, "alpha": 15.0, "a": 0.7, "b": 3.0}, customers=3000, seed=5
    )
    summary = customer_summary(orders, "2025-12-31")
    model = BetaGeoModel().fit(summary)
    drawn = bootstrap_params(model, summary, draws=40)
    np.testing.assert_allclose(drawn.std(), model.standard_errors_, rtol=0.4)
    pd.testing.assert_frame_equal(drawn.head(2), bootstrap_params(model, summary, draws=2))


@pytest.mark.parametrize("kind", [BetaGeoModel, ModifiedBetaGeoModel])
def test_the_chance_to_buy_is_that_of_simulated_customers(kind):
    """Known rates and chances to leave, many futures each: the share with a purchase is the formula's."""
    model = kind.from_params({"r": 0.8, "alpha": 6.0, "a": 0.9, "b": 2.0}, unit="W")
    seen = pd.DataFrame(
        {"repeat_days": [0, 1, 8], "active_span_days": [0, 70, 210], "age_days": [100, 140, 230]}
    )
    chance = model.probability_of_purchase(10, seen)
    assert (chance <= model.probability_alive(seen)).all()
    assert (chance <= model.expected_purchases(10, seen)).all(), (
        "a mean is at least its chance of one"
    )
    money = GammaGammaModel.from_params(MONEY)
    spread = predict_spread(
        model, money, seen.assign(mean_repeat_value=[0, 40, 40]), horizon=10, unit="W", draws=20_000
    )
    np.testing.assert_allclose(chance, 1 - spread["nothing"], atol=0.012)
    new = pd.DataFrame({"repeat_days": [0], "active_span_days": [0], "age_days": [0]})
    no_repeat = model.purchase_count_probability(0, [10.0])[0]
    assert model.probability_of_purchase(70, new, unit="D").iloc[0] == pytest.approx(1 - no_repeat)
    assert model.probability_of_purchase(0, seen).eq(0).all()


def test_the_interval_of_a_total_holds_what_a_true_story_brings():
    held, widths = [], []
    for seed in range(6):
        orders, _ = simulate_orders(
            {"r": 0.8, "alpha": 15.0, "a": 0.7, "b": 3.0}, customers=300, seed=seed
        )
        split = holdout_split(orders, "2024-12-31", "2025-12-31")
        model = BetaGeoModel().fit(split)
        found = total_interval(model, split, horizon=365, unit="D", draws=8, seed=seed)
        held.append(found.low <= split["holdout_purchase_days"].sum() <= found.high)
        widths.append((found.high - found.low) / found.estimate)
    assert sum(held) >= 4, "of six, nominally 90 %"
    assert np.mean(widths) < 0.6
    again = total_interval(model, split, horizon=365, unit="D", draws=8, seed=5)
    assert again == found, "the same seed, the same interval"
    assert again.estimate == pytest.approx(model.expected_purchases(365, split, unit="D").sum())
    wide = total_interval(model, split, horizon=365, unit="D", draws=8, level=0.99, seed=5)
    assert wide.high - wide.low > found.high - found.low
    with pytest.raises(CrmkitError, match="at least 2"):
        total_interval(model, split, horizon=1, unit="Y", draws=1)


def test_no_draws_are_refused(fitted, calibration):
    for draws in (0, 1.5):
        with pytest.raises(CrmkitError, match="draws is a whole number"):
            bootstrap_params(fitted[0], calibration, draws=draws)
        with pytest.raises(CrmkitError, match="draws is a whole number"):
            predict_spread(*fitted, calibration.head(2), horizon=1, unit="Y", draws=draws)


def test_counts_are_a_distribution_and_agree_with_the_expected_number():
    model = BetaGeoModel.from_params(CDNOW, unit="W")
    chances = np.array([model.purchase_count_probability(n, [40.0])[0] for n in range(400)])
    assert chances.sum() == pytest.approx(1, abs=1e-6)
    assert chances @ np.arange(400) == pytest.approx(model.expected_purchases(40), abs=1e-4)
    assert model.expected_cumulative([0, 40]).tolist() == pytest.approx(
        [0, model.expected_purchases(40)]
    )
    assert model.purchase_count_probability(0, [0.0])[0] == 1
    assert model.purchase_count_probability(2, [0.0])[0] == 0


# Units, identities, limits.


def test_the_unit_changes_alpha_and_no_forecast(calibration, fitted):
    weeks, days = fitted[0], BetaGeoModel().fit(calibration, "D")
    assert days.params_["alpha"] == pytest.approx(7 * weeks.params_["alpha"], rel=1e-4)
    np.testing.assert_allclose(
        weeks.expected_purchases(39, calibration),
        days.expected_purchases(39, calibration, unit="W"),
        rtol=1e-5,
    )
    values = [
        customer_lifetime_value(
            m, fitted[1], calibration, horizon=1, unit="Y", discount_per_year=0.1, currency="USD"
        )
        for m in (weeks, days)
    ]
    np.testing.assert_allclose(values[0]["lifetime_value"], values[1]["lifetime_value"], rtol=1e-5)


def test_without_discount_lifetime_value_is_number_times_value(calibration, fitted):
    options = {"horizon": 52, "unit": "W", "currency": "USD"}
    plain = customer_lifetime_value(*fitted, calibration, discount_per_year=0, **options)
    np.testing.assert_allclose(
        plain["lifetime_value"], plain["expected_purchases"] * plain["expected_value"], rtol=1e-6
    )
    less = customer_lifetime_value(*fitted, calibration, discount_per_year=0.15, **options)
    ratio = less["lifetime_value"] / plain["lifetime_value"]
    assert ratio.between(1 / 1.15, 1).all()
    half = customer_lifetime_value(
        *fitted, calibration, discount_per_year=0, margin_rate=0.5, **options
    )
    np.testing.assert_allclose(half["lifetime_value"], plain["lifetime_value"] / 2)


def test_discounting_is_a_sum_over_small_steps(calibration, fitted):
    few = calibration.iloc[[0, 50, 600]]
    value = customer_lifetime_value(
        *fitted, few, horizon=104, unit="W", discount_per_year=0.2, currency="USD"
    )
    steps = np.linspace(0, 104, 521)
    expected = np.array([fitted[0].expected_purchases(step, few) for step in steps])
    middle = (steps[1:] + steps[:-1]) / 2 * 7 / 365.25
    by_steps = (np.diff(expected, axis=0) / 1.2 ** middle[:, None]).sum(axis=0) * value[
        "expected_value"
    ]
    np.testing.assert_allclose(value["lifetime_value"], by_steps, rtol=1e-4)


def test_an_index_of_its_own_is_kept(calibration, fitted):
    shuffled = calibration.sample(200, random_state=1)
    for result in (
        fitted[0].probability_alive(shuffled),
        fitted[0].expected_purchases(10, shuffled),
        fitted[1].expected_value(shuffled),
        customer_lifetime_value(
            *fitted, shuffled, horizon=1, unit="M", discount_per_year=0.1, currency="USD"
        ),
    ):
        assert result.index.equals(shuffled.index)
    alive = fitted[0].probability_alive(calibration)
    pd.testing.assert_series_equal(fitted[0].probability_alive(shuffled), alive[shuffled.index])
    assert BetaGeoModel().fit(calibration.iloc[::-1]).params_.tolist() == pytest.approx(
        fitted[0].params_.tolist(), rel=1e-6
    )


def test_single_purchases_identical_customers_and_the_last_day(fitted):
    seen = pd.DataFrame(
        {
            "repeat_days": [0, 0, 0, 3, 3],
            "active_span_days": [0, 0, 0, 100, 100],
            "age_days": [200, 200, 0, 100, 100],
            "mean_repeat_value": [0.0, 0.0, 0.0, 20.0, 20.0],
        }
    )
    alive = fitted[0].probability_alive(seen)
    assert alive[:3].tolist() == [1, 1, 1]
    assert alive[3] == alive[4] < 1  # bought today; may have left right after
    value = customer_lifetime_value(
        *fitted, seen, horizon=1, unit="Y", discount_per_year=0, currency="USD"
    )
    assert value.loc[0, "lifetime_value"] == value.loc[1, "lifetime_value"]
    assert value.loc[2, "expected_purchases"] == pytest.approx(
        fitted[0].expected_purchases(365.25 / 7)
    )
    assert value.loc[0, "expected_value"] == pytest.approx(fitted[1].mean_value)


def test_customers_who_spend_nothing_are_set_aside_counted_and_forecast_low(calibration):
    poor = calibration.copy()
    poor.loc[poor.index[poor["repeat_days"] > 0][:5], "mean_repeat_value"] = 0.0
    with pytest.warns(UserWarning, match="5 of"):
        model = GammaGammaModel().fit(poor)
    assert model.set_aside_ == 5
    assert model.customers_ == (calibration["repeat_days"] > 0).sum() - 5
    value = model.expected_value(poor)
    assert (value > 0).all()
    assert value[poor.index[poor["repeat_days"] > 0][0]] < model.mean_value


def history(**columns):
    frame = {
        "repeat_days": [1.0] * 12,
        "active_span_days": [10.0] * 12,
        "age_days": [20.0] * 12,
        "mean_repeat_value": [5.0] * 12,
    }
    return pd.DataFrame(frame | {name: [value] * 12 for name, value in columns.items()})


@pytest.mark.parametrize(
    ("summary", "words"),
    [
        (history(active_span_days=30), "last purchase after the end"),
        (history(repeat_days=0), "contradict themselves"),
        (history(active_span_days=0), "contradict themselves"),
        (history(active_span_days=2, repeat_days=5), "Are the times in days"),
        (history(age_days=np.nan), "age_days: 12 of 12"),
        (history(repeat_days=-1), "below 0"),
        (history().drop(columns="age_days"), "age_days is missing"),
        (
            history().rename(
                columns={"repeat_days": "frequency", "active_span_days": "recency", "age_days": "T"}
            ),
            "in which unit",
        ),
        (history(repeat_days=0, active_span_days=0), "at least|At least"),
        (history().iloc[:1], "from 1 customers"),
    ],
)
def test_contradictions_and_too_few_customers_are_refused(summary, words):
    with pytest.raises(CrmkitError, match=words):
        BetaGeoModel().fit(summary)


def test_wrong_time_units_are_refused(calibration, fitted):
    with pytest.raises(CrmkitError, match="no time unit"):
        BetaGeoModel().fit(calibration, "weeks")
    with pytest.raises(CrmkitError, match="needs unit='W'"):
        BetaGeoModel.from_params(CDNOW)
    with pytest.raises(CrmkitError, match="no time unit"):
        BetaGeoModel.from_params(CDNOW, unit="week")
    # Weeks where days belong: four visits within "three days" is how it shows.
    weeks = calibration.assign(
        active_span_days=calibration["active_span_days"] / 7, age_days=calibration["age_days"] / 7
    )
    with pytest.raises(CrmkitError, match="Are the times in days"):
        BetaGeoModel().fit(weeks)
    with pytest.raises(CrmkitError, match="no time unit"):
        customer_lifetime_value(
            *fitted, calibration, horizon=12, unit="month", discount_per_year=0.1, currency="USD"
        )


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"discount_per_year": 10}, "10 % is 0.1"),
        ({"discount_per_year": "10%"}, "10 % is 0.1"),
        ({"margin_rate": 30}, "margin_rate"),
        ({"margin_rate": None}, "margin_rate"),
        ({"unit": ["M"]}, "no time unit"),
        ({"currency": ""}, "currency"),
        ({"horizon": -1}, "below 0"),
    ],
)
def test_senseless_settings_are_refused(calibration, fitted, options, words):
    settings = {"horizon": 12, "unit": "M", "discount_per_year": 0.1, "currency": "USD"} | options
    with pytest.raises(CrmkitError, match=words):
        customer_lifetime_value(*fitted, calibration, **settings)


def test_gamma_gamma_refuses_what_it_cannot_learn(fitted):
    with pytest.raises(CrmkitError, match="cannot learn three numbers"):
        GammaGammaModel().fit(history())
    with pytest.raises(CrmkitError, match="call fit"):
        GammaGammaModel().expected_value(history())
    with pytest.raises(CrmkitError, match="below zero"):
        fitted[1].expected_value(history(mean_repeat_value=-2.0))
    with pytest.raises(CrmkitError, match="needs nothing beside"):
        GammaGammaModel.from_params(MONEY, unit="W")
    wild = GammaGammaModel.from_params({"p": 2.0, "q": 0.8, "gamma": 5.0})
    with pytest.raises(CrmkitError, match="does not exist"):
        wild.expected_value(history(repeat_days=0))


def test_data_that_settle_nothing_are_said_to(small_case):
    # Everybody buys every week and nobody ever leaves: a and b run away.
    customers = np.repeat(np.arange(40), 20)
    days = np.tile(np.arange(20) * 7, 40)
    orders = pd.DataFrame(
        {
            "customer_id": customers,
            "order_date": pd.Timestamp("2025-01-01") + pd.to_timedelta(days, unit="D"),
            "turnover": 1.0,
        }
    )
    with pytest.warns(UserWarning, match="do not settle"):
        model = BetaGeoModel().fit(customer_summary(orders))
    assert not model.converged_
    assert model.standard_errors_.isna().all()
    assert (model.probability_alive(customer_summary(orders)) > 0.95).all()


def test_simulation_is_the_same_for_the_same_seed():
    first, second = (simulate_orders(CDNOW, MONEY, customers=50, seed=9) for _ in range(2))
    pd.testing.assert_frame_equal(first[0], second[0])
    pd.testing.assert_frame_equal(first[1], second[1])
    with pytest.raises(CrmkitError, match="follow each other"):
        simulate_orders(CDNOW, start="2025-01-01", end="2024-01-01")
    with pytest.raises(CrmkitError, match="needs the parameters"):
        simulate_orders({"r": 1.0})


# Lifetime value against a slow independent integral, at any horizon.


def slow_value(often, row, weeks, discount):
    """Purchases discounted at their moments, by adaptive integration over leaving probability and time."""
    from scipy.integrate import dblquad
    from scipy.stats import beta

    r, alpha, a, b = often.params_
    k, rate = r + row["repeat_days"], alpha + row["age_days"] / 7
    stays = beta(a, b + row["repeat_days"] + often._first)
    force = np.log1p(discount) * 7 / 365.25
    value, _ = dblquad(
        lambda u, p: (
            stays.pdf(p)
            * k
            * np.exp(u - force * rate * np.expm1(u))
            * np.exp(-(k + 1) * np.log1p(p * np.expm1(u)))
        ),
        1e-9,
        1 - 1e-9,
        0,
        np.log1p(weeks / rate),
        epsabs=1e-9,
        epsrel=1e-6,
    )
    return value


@pytest.mark.parametrize("kind", [BetaGeoModel, ModifiedBetaGeoModel])
@pytest.mark.parametrize("years", [1, 10, 50])
def test_value_is_purchases_times_worth_at_any_horizon(kind, years):
    often = kind.from_params({"r": 0.5, "alpha": 0.5, "a": 1.2, "b": 2.5}, unit="W")
    much = GammaGammaModel.from_params(MONEY)
    seen = pd.DataFrame(
        {
            "repeat_days": [0, 3, 300],
            "active_span_days": [0, 60, 700],
            "age_days": [0, 70, 720],
            "mean_repeat_value": [0.0, 30.0, 50.0],
        }
    )
    settings = {"horizon": years, "unit": "Y", "currency": "GBP"}
    plain = customer_lifetime_value(often, much, seen, discount_per_year=0, **settings)
    np.testing.assert_allclose(
        plain["lifetime_value"], plain["expected_purchases"] * plain["expected_value"], rtol=1e-12
    )
    less = customer_lifetime_value(often, much, seen, discount_per_year=0.1, **settings)
    for row in (0, 1):
        slow = slow_value(often, seen.loc[row], years * 365.25 / 7, 0.1)
        expected = slow * less["probability_alive"][row] * less["expected_value"][row]
        assert less["lifetime_value"][row] == pytest.approx(expected, rel=2e-3)


# MBG/NBD: one may leave after the first purchase.


def test_mbg_nbd_is_that_of_lifetimes(calibration):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the archived package knows no pandas 3
        from lifetimes import ModifiedBetaGeoFitter

    rival = ModifiedBetaGeoFitter()
    rival.fit(
        calibration["repeat_days"], calibration["active_span_days"] / 7, calibration["age_days"] / 7
    )
    model = ModifiedBetaGeoModel().fit(calibration, "W")
    np.testing.assert_allclose(model.params_, rival.params_[model.params_.index], rtol=0.01)
    same = ModifiedBetaGeoModel.from_params(dict(rival.params_), unit="W")
    few = calibration.iloc[::100]
    x, tx, age = few["repeat_days"], few["active_span_days"] / 7, few["age_days"] / 7
    np.testing.assert_allclose(
        same.probability_alive(few), rival.conditional_probability_alive(x, tx, age), rtol=1e-6
    )
    np.testing.assert_allclose(
        same.expected_purchases(39, few),
        rival.conditional_expected_number_of_purchases_up_to_time(39, x, tx, age),
        rtol=1e-6,
    )
    assert same.expected_purchases(39) == pytest.approx(
        float(rival.expected_number_of_purchases_up_to_time(39)), rel=1e-6
    )


def test_one_time_buyers_may_be_gone_in_mbg_nbd():
    params = {"r": 0.8, "alpha": 6.0, "a": 0.8, "b": 1.6}
    orders, truth = simulate_orders(params, customers=3000, leave_at_first=True, seed=5)
    summary = customer_summary(orders, "2025-12-31")
    model = ModifiedBetaGeoModel().fit(summary)
    once = (summary["repeat_days"] == 0).to_numpy()
    alive = truth.set_index("customer_id").loc[summary["customer_id"], "alive"].to_numpy()
    assert model.probability_alive(summary)[once].mean() == pytest.approx(
        alive[once].mean(), abs=0.03
    )
    assert (BetaGeoModel().fit(summary).probability_alive(summary)[once] == 1).all()
    chance = sum(model.purchase_count_probability(n, [20.0])[0] for n in range(200))
    assert chance == pytest.approx(1, abs=1e-3)


def test_a_range_says_what_it_promises(fitted, calibration):
    found = predict_spread(*fitted, calibration.head(60), horizon=1, unit="Y", draws=200)
    assert (found["promised"] >= 0.79).all()
    assert found.loc[found["nothing"] > 0.3, "promised"].min() > 0.85
