"""What each customer will still bring: how often, how much, and lifetime value from both.

Business context: without a contract nobody gives notice. A customer silent for half a year may be gone, or may simply
buy once a year. :class:`BetaGeoModel` reads from everyone's rhythm how likely each is still a customer, and how many
purchases are to come; :class:`GammaGammaModel` how much a purchase is worth; both together give a lifetime value.

Time: a summary counts days; a model is fitted in a unit that is said once (``fit(summary, unit="W")``), and keeps it.
"""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inference import Estimate, critical_value, tells_spread
from crmkit.inputs import generator, need_count
from crmkit.later import later
from crmkit.value.beta_geo import BetaGeoModel, ModifiedBetaGeoModel, expected_given
from crmkit.value.fitting import DAYS_PER_UNIT, days_per, purchase_history, spending_history
from crmkit.value.gamma_gamma import GammaGammaModel
from crmkit.value.simulated_orders import future_purchases, simulate_orders

special = later("scipy.special")

__all__ = [
    "DAYS_PER_UNIT",
    "BetaGeoModel",
    "GammaGammaModel",
    "ModifiedBetaGeoModel",
    "bootstrap_params",
    "customer_lifetime_value",
    "days_per",
    "predict_spread",
    "simulate_orders",
    "total_interval",
]


def customer_lifetime_value(
    purchases: BetaGeoModel,
    value: GammaGammaModel,
    summary: pd.DataFrame,
    *,
    horizon: float,
    unit: str,
    discount_per_year: float,
    currency: str,
    margin_rate: float = 1.0,
) -> pd.DataFrame:
    """Put how often, how long and how much together: the money to expect of each customer from now on.

    Each expected purchase is discounted by the moment at which it is expected (continuous time), so the answer does
    not depend on cutting the horizon into weeks or months. Time unit and currency must be said: figures
    four times too large have come out of tools that assumed one.

    Parameters
    ----------
    purchases, value
        The two fitted models.
    summary
        As :func:`customer_summary` gives, in days.
    horizon
        How far ahead.
    unit
        Time unit of `horizon`: ``"D"``, ``"W"``, ``"M"``, ``"Y"``. It need not be that of the fit.
    discount_per_year
        What money in a year is worth less: 0.1 is 10 % a year.
    currency
        Currency of the summary, such as ``"GBP"``; it is written beside every figure.
    margin_rate
        Share of the value that is left after costs: 1 if `summary` already holds margins.

    Returns
    -------
    DataFrame
        On the index of `summary`: ``customer_id`` (if there), ``probability_alive``, ``expected_purchases`` (within the
        horizon), ``expected_value`` (per purchase), ``lifetime_value`` (discounted), ``currency``.

    Raises
    ------
    CrmkitError
        As the models do; also a discount below 0 or above 1 (a percentage?), a margin rate outside 0 to 1, no currency.

    Examples
    --------
    >>> often = BetaGeoModel.from_params({"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}, unit="W")
    >>> much = GammaGammaModel.from_params({"p": 6.25, "q": 3.74, "gamma": 15.44})
    >>> seen = pd.DataFrame(
    ...     {"repeat_days": [2], "active_span_days": [210], "age_days": [272], "mean_repeat_value": [50.0]}
    ... )
    >>> clv = customer_lifetime_value(often, much, seen, horizon=1, unit="Y", discount_per_year=0.1, currency="GBP")
    >>> clv[["expected_purchases", "expected_value", "lifetime_value"]].round(2)
       expected_purchases  expected_value  lifetime_value
    0                1.55           47.34           70.29
    """
    if not isinstance(discount_per_year, (int, float, np.number)) or not 0 <= discount_per_year < 1:
        raise CrmkitError(
            f"discount_per_year is a share between 0 and 1 (10 % is 0.1), not {discount_per_year!r}."
        )
    if not isinstance(margin_rate, (int, float, np.number)) or not 0 < margin_rate <= 1:
        raise CrmkitError(f"margin_rate is a share between 0 and 1, not {margin_rate!r}.")
    if not currency or not isinstance(currency, str):
        raise CrmkitError("currency must be named, such as 'GBP': a figure without it says little.")
    ahead = purchases._in_unit(horizon, unit)
    x, tx, age = purchase_history(summary, days_per(purchases._unit))
    alive = special.expit(purchases._log_odds_alive(x, tx, age))
    force = np.log1p(discount_per_year) * days_per(purchases._unit) / days_per("Y")
    # By parts: the undiscounted value, which has a closed form, less what later purchases lose. So without a discount
    # value is purchases times worth at any horizon. In the logarithm of alpha + T + t what is left is smooth.
    nodes, widths = np.polynomial.legendre.leggauss(32)
    nodes, widths = (nodes + 1) / 2, widths / 2

    def discounted(p: np.ndarray, shape: np.ndarray, rate: np.ndarray) -> np.ndarray:
        total = np.exp(-force * ahead) * expected_given(p, shape, rate, ahead)
        if force == 0:
            return total
        reach = np.log1p(ahead / rate)
        for node, width in zip(nodes, widths, strict=True):
            moment = rate * np.expm1(reach * node)
            weight = force * width * reach * (rate + moment) * np.exp(-force * moment)
            total += weight[:, None] * expected_given(p, shape, rate, moment)
        return total

    worth = value.expected_value(summary) * margin_rate
    columns = {"customer_id": summary["customer_id"]} if "customer_id" in summary else {}
    return pd.DataFrame(
        {
            **columns,
            "probability_alive": alive,
            "expected_purchases": alive * purchases._given_alive(x, age, ahead),
            "expected_value": worth,
            "lifetime_value": alive * purchases._over_leaving(x, age, ahead, discounted) * worth,
            "currency": currency,
        },
        index=summary.index,
    )


def predict_spread(
    purchases: BetaGeoModel,
    value: GammaGammaModel,
    summary: pd.DataFrame,
    *,
    horizon: float,
    unit: str,
    level: float = 0.8,
    draws: int = 1000,
    seed: int | np.random.Generator = 0,
) -> pd.DataFrame:
    """Let each customer's future happen many times, and say how far apart the outcomes lie.

    The lifetime value is a mean. One customer does not spend a mean: most spend nothing or much more. The spread here
    is that of the customer's own future, the parameters taken as known; how sure the parameters are is
    :func:`bootstrap_params`'s business.

    Parameters
    ----------
    purchases, value, summary, horizon, unit
        As for :func:`customer_lifetime_value`; nothing is discounted.
    level
        Share of the futures that lie between ``low`` and ``high``.
    draws
        Futures per customer.
    seed
        Whole number or generator.

    Returns
    -------
    DataFrame
        On the index of `summary`: ``mean``, ``low``, ``median``, ``high`` (money within the horizon),
        ``nothing`` (share of the futures without a purchase), ``promised`` (share of the futures that lie in the
        range). It is above `level` wherever many futures bring exactly nothing: compare the share of customers whose
        real future lay inside with the mean of this column, not with `level` (Czado, Gneiting & Held 2009, Biometrics
        65(4), on forecasts of counts).

    Examples
    --------
    >>> often = BetaGeoModel.from_params({"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}, unit="W")
    >>> much = GammaGammaModel.from_params({"p": 6.25, "q": 3.74, "gamma": 15.44})
    >>> seen = pd.DataFrame(
    ...     {"repeat_days": [2], "active_span_days": [210], "age_days": [272], "mean_repeat_value": [50.0]}
    ... )
    >>> predict_spread(often, much, seen, horizon=1, unit="Y")["low"].tolist()
    [0.0]
    """
    rng = generator(seed)
    need_count(draws, "draws")
    if not 0 < level < 1:
        raise CrmkitError(f"level is a share between 0 and 1, not {level!r}.")
    ahead = purchases._in_unit(horizon, unit)
    x, tx, age = purchase_history(summary, days_per(purchases._unit))
    _, mean = spending_history(summary)
    r, alpha, a, b = purchases._fitted
    p_shape, q, gamma = value._fitted
    alive = special.expit(purchases._log_odds_alive(x, tx, age))
    rows = []
    for i in range(len(x)):
        rate = rng.gamma(r + x[i], 1 / (alpha + age[i]), draws)
        leaving = rng.beta(a, b + x[i] + purchases._first, draws)
        count = future_purchases(rate, leaving, rng.random(draws) < alive[i], ahead, rng)
        own = rng.gamma(p_shape * x[i] + q, 1 / (gamma + x[i] * max(mean[i], 0.0)), draws)
        spent = np.where(count > 0, rng.gamma(p_shape * np.maximum(count, 1)) / own, 0.0)
        low, middle, high = np.quantile(
            spent, [(1 - level) / 2, 0.5, (1 + level) / 2], method="weibull"
        )
        held = np.mean((spent >= low) & (spent <= high))
        rows.append((spent.mean(), low, middle, high, float((count == 0).mean()), float(held)))
    return pd.DataFrame(
        rows, columns=["mean", "low", "median", "high", "nothing", "promised"], index=summary.index
    )


def bootstrap_params(
    model: BetaGeoModel | GammaGammaModel,
    summary: pd.DataFrame,
    *,
    draws: int = 100,
    seed: int | np.random.Generator = 0,
) -> pd.DataFrame:
    """Fit the model again on customers drawn again with replacement, to see how far the parameters would move.

    Parameters
    ----------
    model
        A fitted model: its kind and its time unit are used.
    summary
        The customers it was fitted on.
    draws
        How many times.
    seed
        Whole number or generator.

    Returns
    -------
    DataFrame
        One row per draw, one column per parameter. Quantiles of a column, or of anything computed from the
        rows, are intervals.

    Raises
    ------
    CrmkitError
        As ``fit``; the model has not been fitted.

    Examples
    --------
    >>> orders, _ = simulate_orders({"r": 0.5, "alpha": 8.0, "a": 0.8, "b": 2.4}, customers=300, seed=1)
    >>> from crmkit.value.summary import customer_summary
    >>> summary = customer_summary(orders, "2025-12-31")
    >>> bootstrap_params(BetaGeoModel().fit(summary), summary, draws=3).shape
    (3, 4)
    """
    _ = model._fitted
    need_count(draws, "draws")
    rng = generator(seed)
    found = []
    for _draw in range(draws):
        weights = rng.multinomial(len(summary), np.full(len(summary), 1 / len(summary)))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # one warning is enough, and the first fit gave it
            if isinstance(model, BetaGeoModel):
                found.append(type(model)().fit(summary, model._unit, weights=weights).params_)
            else:
                found.append(GammaGammaModel().fit(summary, weights=weights).params_)
    return pd.DataFrame(found).reset_index(drop=True)


def total_interval(
    model: BetaGeoModel,
    summary: pd.DataFrame,
    *,
    horizon: float,
    unit: str,
    draws: int = 40,
    level: float = 0.9,
    seed: int | np.random.Generator = 0,
) -> Estimate:
    """Forecast the purchase days of all customers together, with the interval in which what happens should lie.

    Two things make it wide: other customers of the same kind would give other parameters (the model is fitted again on
    customers drawn again), and the future of these customers is not yet decided (one future is drawn for each, with the
    parameters of that draw). **It supposes that the model's story is true**: what the story leaves out makes nothing
    wider.

    Parameters
    ----------
    model
        A fitted model: its kind and its time unit are used.
    summary
        The customers it was fitted on.
    horizon, unit
        How far ahead, and in which time unit.
    draws
        How many times the model is fitted and a future is drawn.
    level
        Share of the futures that the interval should hold.
    seed
        Whole number or generator.

    Returns
    -------
    Estimate
        ``estimate`` (purchase days to expect), ``low``, ``high``: as many standard deviations of the drawn totals to
        either side as a normal distribution needs. The total of hundreds of customers is nearly normal, and forty draws
        tell a standard deviation better than they tell the ends. No interval (NaN) where all totals are the same.

    Raises
    ------
    CrmkitError
        As ``fit``; fewer than 2 draws; a level that is no share.

    References
    ----------
    Davison & Hinkley (1997), Bootstrap Methods and their Application, section 6.3.3 (prediction errors).

    Examples
    --------
    >>> orders, _ = simulate_orders({"r": 0.5, "alpha": 8.0, "a": 0.8, "b": 2.4}, customers=300, seed=1)
    >>> from crmkit.value.summary import customer_summary
    >>> summary = customer_summary(orders, "2025-12-31")
    >>> model = BetaGeoModel().fit(summary)
    >>> [round(x) for x in total_interval(model, summary, horizon=1, unit="Y", draws=10)]
    [173, 142, 204]
    """
    if need_count(draws, "draws") < 2:
        raise CrmkitError("draws: at least 2 are needed to see how far they lie apart.")
    rng = generator(seed)
    ahead = model._in_unit(horizon, unit)
    x, tx, age = purchase_history(summary, days_per(model._unit))
    expected = float(model.expected_purchases(ahead, summary).sum())
    totals = []
    for _, row in bootstrap_params(model, summary, draws=draws, seed=rng).iterrows():
        drawn = type(model).from_params(row.to_dict(), unit=model._unit)
        r, alpha, a, b = drawn._fitted
        rate = rng.gamma(r + x, 1 / (alpha + age))
        leaving = rng.beta(a, b + x + drawn._first)
        alive = rng.random(len(x)) < special.expit(drawn._log_odds_alive(x, tx, age))
        totals.append(future_purchases(rate, leaving, alive, ahead, rng).sum())
    if not tells_spread(totals):
        return Estimate(expected, np.nan, np.nan)
    half = critical_value(level) * float(np.std(totals, ddof=1))
    return Estimate(expected, max(expected - half, 0.0), expected + half)
