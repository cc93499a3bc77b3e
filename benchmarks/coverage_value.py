"""Coverage of the intervals of `crmkit.value`."""

from __future__ import annotations

import functools

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from benchmarks._coverage import Entry, covers
from crmkit.inference import percentile_interval
from crmkit.value import (
    BetaGeoModel,
    ContractModel,
    GammaGammaModel,
    ModifiedBetaGeoModel,
    bootstrap_params,
    cohort_table,
    compare_rules,
    holdout_by_frequency,
    holdout_split,
    judged_sample,
    matched_gaps,
    predict_spread,
    simulate_orders,
    top_share_interval,
    total_interval,
    value_frequency_correlation,
    widest_gap,
)
from crmkit.value.segment_checks import compare_recovery, gain_by_group

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


def year_of_all(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """The real year of all customers, whose two years before the model has seen; its story is true."""
    params = {"r": 0.7, "alpha": 5.0, "a": 0.8, "b": 3.5}
    orders, _ = simulate_orders(
        params, customers=size, start="2022-01-03", end="2024-12-30", seed=rng
    )
    split = holdout_split(orders, "2023-12-31", "2024-12-30")
    model = BetaGeoModel().fit(split)
    found = total_interval(model, split, horizon=52, unit="W", draws=20, level=0.95, seed=rng)
    return covers(found.low, found.high, float(split["holdout_purchase_days"].sum()))


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


BUYS = {
    "r": 0.6,
    "alpha": 6.0,
    "a": 0.8,
    "b": 2.4,
}  # purchases a week; a third of those who come leave early


def weeks_seen(size: int, rng: np.random.Generator, *, first: bool = False) -> pd.DataFrame:
    """Customers of BG/NBD watched for up to two years; with `first` they may leave after the first purchase too."""
    age = rng.integers(40, 105, size).astype(float)
    rate = rng.gamma(BUYS["r"], 1 / BUYS["alpha"], size)
    leaves = rng.geometric(np.clip(rng.beta(BUYS["a"], BUYS["b"], size), 1e-9, 1)) - int(first)
    often, last = np.zeros(size), np.zeros(size)
    when = np.zeros(size)
    for turn in range(400):
        when = when + rng.exponential(1 / rate)
        buys = (when <= age) & (turn < leaves)
        if not buys.any():
            break
        often += buys
        last = np.where(buys, when, last)
        when = np.where(buys, when, np.inf)
    span = np.floor(7 * last)  # the models know days
    often = np.where(span > 0, np.minimum(often, span), 0)
    return pd.DataFrame(
        {
            "repeat_days": often,
            "active_span_days": np.where(often > 0, span, 0),
            "age_days": 7 * age,
        }
    )


def _log_wald(estimate: pd.Series, error: pd.Series, truth: dict[str, float]) -> npt.ArrayLike:
    """Ends on the scale of logarithms, where a positive parameter is nearly normal."""
    reach = np.exp(1.96 * error / estimate)
    return covers(estimate / reach, estimate * reach, [truth[name] for name in estimate.index])


def buying(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    model = BetaGeoModel().fit(weeks_seen(size, rng), "W")
    return _log_wald(model.params_, model.standard_errors_, BUYS)


def buying_or_gone(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    model = ModifiedBetaGeoModel().fit(weeks_seen(size, rng, first=True), "W")
    return _log_wald(model.params_, model.standard_errors_, BUYS)


def baskets(size: int, rng: np.random.Generator) -> pd.DataFrame:
    x, nu = rng.geometric(0.3, size), rng.gamma(MUCH["q"], 1 / MUCH["gamma"], size)
    return pd.DataFrame({"repeat_days": x, "mean_repeat_value": rng.gamma(MUCH["p"] * x) / nu / x})


def spending(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    model = GammaGammaModel().fit(baskets(size, rng))
    return _log_wald(model.params_, model.standard_errors_, MUCH)


def refits(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """The population's mean value, from models fitted to customers drawn again."""
    seen = baskets(size, rng)
    again = bootstrap_params(GammaGammaModel().fit(seen), seen, draws=40, seed=rng)
    mean = again["p"] * again["gamma"] / (again["q"] - 1)
    return covers(*percentile_interval(mean), MUCH["p"] * MUCH["gamma"] / (MUCH["q"] - 1))


SIGNED = {"alpha": 0.67, "beta": 3.8}  # Fader & Hardie 2007, High End


def contracts(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    stays = rng.geometric(rng.beta(SIGNED["alpha"], SIGNED["beta"], size))
    model = ContractModel().fit([(stays > year).sum() for year in range(8)])
    return _log_wald(model.params_, model.standard_errors_, SIGNED)


def contract_lives(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """Survival of twelve renewals and the renewals still to come after two, from contracts of one to seven years."""
    stays = rng.geometric(rng.beta(SIGNED["alpha"], SIGNED["beta"], size))
    due = rng.integers(1, 8, size)
    left = stays <= due
    model = ContractModel().fit_contracts(np.where(left, stays - 1, due), left)
    found, true = model.intervals([12, 2], discount=0.1), ContractModel.from_params(SIGNED)
    low = [found["survival_low"][0], found["residual_life_low"][1]]
    high = [found["survival_high"][0], found["residual_life_high"][1]]
    return covers(low, high, [true.survival([12])[0], true.residual_life([2], discount=0.1)[0]])


def labels(size: int, rng: np.random.Generator) -> tuple[pd.Series, pd.Series]:
    """Three kinds of customers, and a grouping that is right for three in four of them."""
    true = rng.choice(3, size, p=[0.5, 0.3, 0.2])
    return pd.Series(np.where(rng.random(size) < 0.75, true, rng.integers(0, 3, size))), pd.Series(
        true
    )


@functools.cache
def label_truth() -> float:
    found, true = labels(400_000, np.random.default_rng(1))
    return float(compare_recovery({"x": found}, true, draws=1).loc["x", "adjusted_rand"])


def recovered(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    found, true = labels(size, rng)
    row = compare_recovery({"x": found}, true, draws=80, seed=rng).loc["x"]
    return covers(row["low"], row["high"], label_truth())


def earned(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """Gains as skewed as those of lesson 23, in three groups."""
    gain = pd.Series(rng.gamma(1.5, 20, 3 * size) - 20)
    found = gain_by_group(gain, pd.Series(np.repeat(list("abc"), size)))
    return covers(found["low"], found["high"], 10.0)


def no_gap(size: int, rng: np.random.Generator) -> npt.ArrayLike:
    """Five groups that do not differ."""
    found = widest_gap(rng.gamma(1.5, 20, size), rng.integers(0, 5, size), draws=199, seed=rng)
    return float(found["as_large"] > 0.05)


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
        "value.total_interval",
        "purchase days of all customers together in a year to come",
        "parameters and futures drawn, normal",
        "Efron & Tibshirani 1993",
        "customer",
        (300, 600, 1200),
        "customers",
        year_of_all,
        "what the data settle (`converged_`)",
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
        (400, 1000, 2000),
        "customers",
        top,
        "400 customers",
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
        "p-value: spending depends on frequency",
        "parametric bootstrap",
        "Davison & Hinkley 1997",
        "customer",
        (100, 300, 1000),
        "customers",
        independent,
        "10 customers",
        worlds=200,
    ),
    Entry(
        "value.BetaGeoModel.fit",
        "parameters (times and over exp(1.96 `standard_errors_` / parameter))",
        "Wald, log scale",
        "Cox & Hinkley 1974",
        "customer",
        (1000, 2000, 4000),
        "customers",
        buying,
        "what the data settle (`converged_`)",
        worlds=200,
    ),
    Entry(
        "value.ModifiedBetaGeoModel.fit",
        "as `BetaGeoModel.fit`",
        "Wald, log scale",
        "Cox & Hinkley 1974",
        "customer",
        (1000, 2000, 4000),
        "customers",
        buying_or_gone,
        "what the data settle (`converged_`)",
        worlds=200,
    ),
    Entry(
        "value.GammaGammaModel.fit",
        "as `BetaGeoModel.fit`",
        "Wald, log scale",
        "Cox & Hinkley 1974",
        "customer",
        (200, 500, 1000),
        "customers who bought again",
        spending,
        "what the data settle (`converged_`)",
        worlds=200,
    ),
    Entry(
        "value.ContractModel.fit",
        "as `BetaGeoModel.fit`",
        "Wald, log scale",
        "Cox & Hinkley 1974",
        "customer",
        (300, 1000, 3000),
        "customers of one cohort",
        contracts,
        "what the data settle (`converged_`)",
    ),
    Entry(
        "value.ContractModel.intervals",
        "share that stays, and renewals still to come",
        "delta method, logit and log scale",
        "Cox & Hinkley 1974",
        "contract",
        (300, 1000, 3000),
        "contracts of one to seven years",
        contract_lives,
        "what the data settle (`converged_`)",
        worlds=200,
    ),
    Entry(
        "value.bootstrap_params",
        "mean value of a purchase, from refits",
        "customer bootstrap, percentile",
        "Efron & Tibshirani 1993",
        "customer",
        (150, 300, 600),
        "customers who bought again",
        refits,
        "10 customers",
        worlds=200,
    ),
    Entry(
        "value.compare_recovery",
        "adjusted Rand index of a grouping",
        "customer bootstrap, percentile",
        "Efron & Tibshirani 1993",
        "customer",
        (100, 200, 600),
        "customers",
        recovered,
        "100 customers",
        worlds=200,
    ),
    Entry(
        "value.gain_by_group",
        "mean gain in a group",
        "Student's t",
        "Student 1908",
        "customer",
        (20, 60, 200),
        "customers a group",
        earned,
        "20 customers a group",
    ),
    Entry(
        "value.widest_gap",
        "p-value: the widest of all gaps",
        "groups dealt again",
        "Phipson & Smyth 2010",
        "customer",
        (50, 200, 1000),
        "customers in five groups",
        no_gap,
        "two groups",
        worlds=400,
    ),
]
