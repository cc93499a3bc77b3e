"""Coverage of the intervals of `crmkit.value`."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from benchmarks._coverage import Entry, covers
from crmkit.value import (
    BetaGeoModel,
    GammaGammaModel,
    cohort_table,
    compare_rules,
    holdout_by_frequency,
    judged_sample,
    matched_gaps,
    predict_spread,
    top_share_interval,
    value_frequency_correlation,
)

OFTEN = {"r": 4.0, "alpha": 4.0, "a": 0.5, "b": 40.0}  # purchases a week; nearly nobody leaves
MUCH = {"p": 6.25, "q": 3.74, "gamma": 15.44}  # CDNOW, Fader & Hardie 2013
SPREAD = 1.0  # standard deviation of log value: the best fifth bring 56 %


def top(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    truth = stats.norm.sf(stats.norm.ppf(0.8) - SPREAD)
    low, high = top_share_interval(np.exp(rng.normal(0, SPREAD, size)), draws=300, seed=rng)
    return covers(low, high, truth)


def holdout(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """Customers with rates of their own, one repeat purchase before; the mean to come is known."""
    after = rng.poisson(rng.gamma(0.8, 1.5, size))
    split = pd.DataFrame(
        {
            "repeat_days": 1,
            "active_span_days": 7.0,
            "age_days": 100.0,
            "holdout_purchase_days": after,
            "holdout_days": 365,
        }
    )
    table = holdout_by_frequency(BetaGeoModel.from_params(OFTEN, unit="W"), split)
    return covers(table["low"], table["high"], 0.8 * 1.5)


def judged(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """Two records each of 3,000 customers; some are joined with a stranger's, so that both rates are known."""
    customers = 3000
    owner = pd.Series(np.tile(np.arange(customers), 2))
    swapped = 2 * np.flatnonzero(rng.random(customers // 2) < rng.uniform(0.01, 0.1))
    person = owner.copy()
    person.iloc[customers + swapped] = swapped + 1
    person.iloc[customers + swapped + 1] = swapped
    truth = 2 * len(swapped) / customers
    found = judged_sample(person, owner, size=size, seed=rng)
    return covers(found["low"], found["high"], truth)


def independent(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """Gamma-Gamma is true: no finding is right."""
    x = rng.geometric(0.3, size)
    nu = rng.gamma(MUCH["q"], 1 / MUCH["gamma"], size)
    seen = pd.DataFrame({"repeat_days": x, "mean_repeat_value": rng.gamma(MUCH["p"] * x) / nu / x})
    return float(value_frequency_correlation(seen, draws=199, seed=rng)["p_value"] > 0.05)


def future(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """The real year of `size` frequent customers whose past the models have seen."""
    rate, nu = rng.gamma(4.0, 1 / 4.0, size), rng.gamma(MUCH["q"], 1 / MUCH["gamma"], size)
    weeks = 52
    seen = rng.poisson(rate * weeks) + 1
    past = pd.DataFrame(
        {
            "repeat_days": seen,
            "active_span_days": 7.0 * weeks - 1,
            "age_days": 7.0 * weeks,
            "mean_repeat_value": rng.gamma(MUCH["p"] * seen) / nu / seen,
        }
    )
    stays = {**OFTEN, "b": 1e6}
    found = predict_spread(
        BetaGeoModel.from_params(stays, unit="W"),
        GammaGammaModel.from_params(MUCH),
        past,
        horizon=52,
        unit="W",
        level=0.95,
        draws=400,
        seed=rng,
    )
    real = rng.gamma(MUCH["p"] * np.maximum(rng.poisson(rate * 52), 1)) / nu
    return covers(found["low"], found["high"], real)


def cohort(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """One cohort of 2024; each customer buys in 2025 with a chance of their own, some several times."""
    again = np.repeat(np.arange(size), rng.poisson(rng.gamma(0.5, 1.0, size)))
    orders = pd.DataFrame(
        {
            "customer_id": np.append(np.arange(size), again),
            "order_date": pd.to_datetime(["2024-06-01"] * size + ["2025-06-01"] * len(again)),
        }
    )
    later = cohort_table(orders, "2025-12-31", period="Y").query("age == 1")
    return covers(later["low"], later["high"], 1 - 0.5**0.5)


def rules(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """Customers come back with a chance of their own; a rule that knows nothing chooses a quarter of them."""
    came = rng.random(size) < rng.beta(1.0, 2.0, size)
    known = pd.DataFrame({"holdout_purchase_days": came * 1, "holdout_turnover": came + 1.0})
    blind = pd.Series(rng.random(size))
    found = compare_rules(known, {"blind": blind}, size // 4)
    return covers(found["low"], found["high"], 1 / 3)


def matched(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """Spending goes with the past alone, and is skewed; activity goes with the past too."""
    past = pd.Series(rng.lognormal(4, 1, size))
    score = np.log(past) + rng.normal(0, 1, size)
    after = rng.gamma(1.0, past)
    # So fine that the past hardly differs within a group.
    found = matched_gaps(after, score, past, [size // 20])
    return covers(found["low"], found["high"], 0.0)


ENTRIES = [
    Entry(
        "value.compare_rules",
        "share of the chosen who came back",
        "score",
        "Wilson 1927",
        "-",
        (80, 400, 2000),
        "customers",
        rules,
        "one customer chosen",
    ),
    Entry(
        "value.judged_sample",
        "error rate and omission rate of a matching",
        "Wilson",
        "Wilson 1927",
        "-",
        (100, 200, 400),
        "pairs judged",
        judged,
        "one pair",
    ),
    Entry(
        "value.matched_gaps",
        "gap between people with about the same past",
        "Student's t over groups",
        "Student 1908",
        "group",
        (400, 1000, 2000),
        "customers",
        matched,
        "two groups",
    ),
    Entry(
        "value.cohort_table",
        "share of a cohort that buys in a period",
        "Wilson",
        "Wilson 1927",
        "customer",
        (20, 100, 400),
        "customers",
        cohort,
        "none",
    ),
    Entry(
        "value.top_share_interval",
        "share that the best fifth bring",
        "BCa bootstrap",
        "Efron 1987",
        "customer",
        (300, 1000, 2000),
        "customers",
        top,
        "300 customers",
        exception="about 90 % at 300 customers; with heavier tails (log-normal, standard deviation 1.5 instead of 1) "
        "90.5 % at 300 and 93.5 % at 1,000 in 200 worlds: the largest customers may not have been seen.",
    ),
    Entry(
        "value.holdout_by_frequency",
        "mean purchases in the holdout",
        "Student's t",
        "Student 1908",
        "customer",
        (100, 200, 400),
        "customers",
        holdout,
        "100 customers",
    ),
    Entry(
        "value.predict_spread",
        "money of one customer's future",
        "simulated futures",
        "Czado, Gneiting & Held 2009",
        "-",
        (5, 10, 20),
        "customers",
        future,
        "none",
        worlds=200,
    ),
    Entry(
        "value.value_frequency_correlation",
        "p-value: spending hangs on frequency",
        "parametric bootstrap",
        "Davison & Hinkley 1997",
        "customer",
        (100, 300, 1000),
        "customers",
        independent,
        "10 customers",
        worlds=200,
    ),
]
