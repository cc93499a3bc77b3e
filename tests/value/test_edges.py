"""Purchases and value at extreme parameters and horizons, against a slow sum that shares nothing with the package."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import integrate, special

from crmkit.value import (
    BetaGeoModel,
    GammaGammaModel,
    ModifiedBetaGeoModel,
    customer_lifetime_value,
    total_interval,
)

WEEKS_A_YEAR = 365.25 / 7
MUCH = {"p": 6.25, "q": 3.74, "gamma": 15.44}

small = st.floats(-3, 1).map(lambda power: 10.0**power)
params = st.fixed_dictionaries(
    {
        "r": small,
        "alpha": st.floats(-2, 3).map(lambda power: 10.0**power),
        "a": st.floats(-2, 1).map(lambda power: 10.0**power),
        "b": st.floats(-1.5, 3.5).map(lambda power: 10.0**power),
    }
)
histories = st.sampled_from([(0, 0.0, 0.0), (0, 0.0, 150.0), (1, 3.0, 150.0), (300, 140.0, 150.0)])
horizons = st.floats(-1, 3.5).map(lambda power: 10.0**power)  # weeks: 17 hours to 60 years
HARD = {"r": 5.0, "alpha": 0.05, "a": 0.1, "b": 1.0}  # 48 nodes gave an eighth of the purchases


def slow_mean(
    p: dict[str, float], x: float, age: float, ahead: np.ndarray, first: int
) -> np.ndarray:
    """Purchases within each of `ahead` of someone alive: a sum over the logit of the chance to leave, step by step."""
    a, b = p["a"], p["b"] + x + first
    u = np.linspace(-40 / a - 20, 40 / b + 20, 40_001)
    log_p = -np.logaddexp(0, -u)
    density = np.exp(a * log_p - b * np.logaddexp(0, u) - special.betaln(a, b))
    chance = np.exp(np.maximum(log_p, -600))
    rate = p["alpha"] + age
    return np.array(
        [
            integrate.simpson(
                density * -np.expm1(-(p["r"] + x) * np.log1p(chance * t / rate)) / chance, x=u
            )
            for t in np.atleast_1d(ahead)
        ]
    )


def seen(history: tuple[int, float, float]) -> pd.DataFrame:
    x, last, age = history
    columns = {"repeat_days": [x], "active_span_days": [7 * last], "age_days": [7 * age]}
    return pd.DataFrame({**columns, "mean_repeat_value": [50.0 if x else 0.0]})


@settings(max_examples=60, deadline=None)
@given(params, histories, horizons, st.sampled_from([BetaGeoModel, ModifiedBetaGeoModel]))
@example(HARD, (0, 0.0, 0.0), 2600.0, BetaGeoModel)
@example({"r": 0.5, "alpha": 0.5, "a": 1.0, "b": 1.0}, (0, 0.0, 0.0), 2600.0, BetaGeoModel)
@example({"r": 0.5, "alpha": 10.0, "a": 5.0, "b": 2000.0}, (3, 9.0, 10.0), 52.0, BetaGeoModel)
def test_purchases_are_those_of_a_slow_sum(p, history, ahead, kind):
    model = kind.from_params(p, unit="W")
    table = seen(history)
    alive = model.probability_alive(table)[0]
    slow = slow_mean(p, history[0], history[2], ahead, model._first)[0]
    assert model.expected_purchases(ahead, table)[0] == pytest.approx(alive * slow, rel=1e-7)
    # Of a new customer, who in MBG/NBD may have left after the very first purchase.
    stays = p["b"] / (p["a"] + p["b"]) if model._first else 1.0
    new = stays * slow_mean(p, 0, 0.0, ahead, model._first)[0]
    assert model.expected_purchases(ahead) == pytest.approx(new, rel=1e-7)


@settings(max_examples=25, deadline=None)
@given(params, histories, horizons, st.sampled_from([0.05, 0.3, 0.9]))
@example({"r": 0.5, "alpha": 0.5, "a": 1.0, "b": 1.0}, (0, 0.0, 0.0), 2600.0, 0.1)
@example(HARD, (0, 0.0, 0.0), 2600.0, 0.9)
def test_value_without_a_discount_is_purchases_times_worth_at_any_horizon(p, history, ahead, rate):
    model, table = BetaGeoModel.from_params(p, unit="W"), seen(history)
    worth = GammaGammaModel.from_params(MUCH)
    options = {"horizon": ahead, "unit": "W", "currency": "GBP"}
    plain = customer_lifetime_value(model, worth, table, discount_per_year=0, **options).iloc[0]
    assert plain["lifetime_value"] == pytest.approx(
        plain["expected_purchases"] * plain["expected_value"], rel=1e-12
    )
    assert plain["expected_purchases"] == pytest.approx(
        model.expected_purchases(ahead, table)[0], rel=1e-12
    )
    # With a discount: every purchase times what its moment leaves of it, in 300 steps of growing length.
    less = customer_lifetime_value(model, worth, table, discount_per_year=rate, **options).iloc[0]
    base = p["alpha"] + history[2]
    moments = base * np.expm1(np.linspace(0, np.log1p(ahead / base), 301))
    so_far = slow_mean(p, history[0], history[2], moments, 0)
    middle = (moments[1:] + moments[:-1]) / 2
    kept = (1 + rate) ** (-middle / WEEKS_A_YEAR)
    by_steps = plain["probability_alive"] * (np.diff(so_far) * kept).sum() * plain["expected_value"]
    assert less["lifetime_value"] == pytest.approx(by_steps, rel=3e-3)
    assert less["lifetime_value"] <= plain["lifetime_value"]


@settings(max_examples=40, deadline=None)
@given(
    st.floats(-1, 3).map(lambda power: 10.0**power),
    st.floats(0.1, 3).map(lambda power: 1 + 10.0**power / 10),
    st.floats(-2, 4).map(lambda power: 10.0**power),
    st.integers(0, 500),
    st.floats(0.01, 1e5),
)
def test_worth_of_a_purchase_is_the_mean_of_what_is_likely(p, q, gamma, x, mean):
    """Gamma-Gamma by its definition: nu ~ Gamma(q, gamma), seen x purchases with that mean; then E[p / nu]."""
    model = GammaGammaModel.from_params({"p": p, "q": q, "gamma": gamma})
    table = pd.DataFrame({"repeat_days": [x], "mean_repeat_value": [mean if x else 0.0]})
    shape, rate = p * x + q, gamma + x * mean if x else gamma
    # Over log nu, where the density is narrow or wide but never without an end.
    middle, spread = np.log(shape / rate), 1 / np.sqrt(min(shape, 1e6))
    log_nu = middle + np.linspace(-60, 12, 60_001) * spread * max(1.0, 1 / np.sqrt(shape))
    log_density = shape * (log_nu - middle) - shape * np.expm1(log_nu - middle)
    density = np.exp(log_density - log_density.max())
    slow = (density * p * np.exp(-log_nu)).sum() / density.sum()
    assert model.expected_value(table)[0] == pytest.approx(slow, rel=1e-3)


def test_a_total_that_cannot_vary_has_no_interval():
    rng = np.random.default_rng(1)
    x = rng.integers(0, 5, 60)
    table = pd.DataFrame(
        {"repeat_days": x, "active_span_days": np.where(x, 200, 0), "age_days": 300}
    )
    model = BetaGeoModel.from_params({"r": 0.5, "alpha": 8.0, "a": 0.8, "b": 2.4}, unit="W")
    found = total_interval(model, table, horizon=0, unit="W", draws=3)
    assert found.estimate == 0
    assert np.isnan(found.low)
    assert np.isnan(found.high)
