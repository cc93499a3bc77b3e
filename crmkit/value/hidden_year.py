"""What unknown customers may bring next, and how far that can be trusted.

Any file of orders allows a forecast. Only days that were hidden from it show whether it deserves trust: the last year
of the file is forecast from what went before, and compared with the rule that every firm has ("as last year").
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inference import bootstrap_draws
from crmkit.inputs import need_columns, need_count, need_dates
from crmkit.value.concentration import top_count
from crmkit.value.lifetime import BetaGeoModel, GammaGammaModel, customer_lifetime_value
from crmkit.value.model_checks import last_year_forecast
from crmkit.value.summary import customer_summary, holdout_split

_TOP = 0.2


def forecast_hidden_year(
    orders: pd.DataFrame, *, draws: int = 200, seed: int | np.random.Generator = 0
) -> pd.DataFrame:
    """Hide the last year of a file, forecast it from what went before, and compare with what happened.

    The rival is the rule that every firm has: each customer does next year what they did last year. Of a file shorter
    than two years the later half is hidden. How sure the comparison is shows when the customers are drawn again with
    replacement (bootstrap; Efron & Tibshirani 1993): in how many draws is the model nearer?

    Parameters
    ----------
    orders
        One row per order: ``customer_id``, ``order_date``, ``turnover``.
    draws
        How often the customers are drawn again. The model is not fitted again.
    seed
        Whole number or generator.

    Returns
    -------
    DataFrame
        One row per measure: ``total`` (the forecast sum over the real one: 1 is right), ``mean error`` (purchase days
        per customer: 0 is right) and ``best fifth`` (share of the real purchases made by those whom the forecast
        ranked in the best fifth: more is better). Columns ``lifetime model`` (BG/NBD), ``as last year``, and ``model is
        nearer`` (share of the draws in which the model does better; a tie counts half).

    Raises
    ------
    CrmkitError
        The file is too short, its customers are too few, or nobody bought in the hidden days; the message says what is
        needed.

    Examples
    --------
    >>> import crmkit
    >>> orders = crmkit.load("orders")
    >>> few = orders[orders["customer_id"].isin(orders["customer_id"].unique()[:400])]
    >>> forecast_hidden_year(few).index.tolist()
    ['total', 'mean error', 'best fifth']
    """
    need_count(draws, "draws")
    seen = need_columns(orders, ["customer_id", "order_date", "turnover"], "orders")
    seen = seen.assign(order_date=need_dates(seen["order_date"], "order_date"))
    last = seen["order_date"].max()
    hidden = min(365, (last - seen["order_date"].min()).days // 2) if len(seen) else 0
    if hidden < 1:
        raise CrmkitError(
            "The orders lie on one day or two: there is no past to forecast from. Bring a file of some months."
        )
    split = last - pd.Timedelta(days=hidden)
    known = holdout_split(seen, split, last).set_index("customer_id")
    truth = known["holdout_purchase_days"].to_numpy(float)
    if not truth.any():
        raise CrmkitError(
            f"None of the {len(known):,} customers known on {split:%Y-%m-%d} bought in the {hidden} days that were "
            "hidden: there is nothing to compare a forecast with. Bring a longer file."
        )
    model = BetaGeoModel().fit(known)
    rival = last_year_forecast(seen, split, last).reindex(known.index)
    guesses = {
        "lifetime model": np.asarray(model.expected_purchases(hidden, known, unit="D"), float),
        "as last year": rival.to_numpy(float),
    }

    def scored(rows: np.ndarray) -> np.ndarray:
        return np.array([_scores(guess[rows], truth[rows]) for guess in guesses.values()])

    scores = scored(np.arange(len(truth)))
    table = pd.DataFrame(scores.T, index=["total", "mean error", "best fifth"], columns=[*guesses])
    off = np.stack(
        [_off(draw) for draw in bootstrap_draws(scored, range(len(truth)), draws=draws, seed=seed)]
    )
    gap = off[:, 1] - off[:, 0]
    wins = np.where(np.isnan(gap), np.nan, (np.sign(gap) + 1) / 2)
    return table.assign(**{"model is nearer": np.nanmean(wins, axis=0)})


def value_of_next_year(
    orders: pd.DataFrame,
    *,
    margin_rate: float,
    currency: str = "own currency",
    discount_per_year: float = 0.1,
) -> pd.DataFrame:
    """Forecast what each customer of a file brings in the year after its last day (BG/NBD and Gamma-Gamma).

    Parameters
    ----------
    orders
        One row per order: ``customer_id``, ``order_date``, ``turnover``.
    margin_rate
        Share of the turnover that is left after the goods are paid, between 0 and 1. A file of orders seldom holds it.
    currency
        What the money is called.
    discount_per_year
        Rate by which money of later days counts less.

    Returns
    -------
    DataFrame
        As :func:`crmkit.value.customer_lifetime_value`, one row per customer, index ``customer_id``.

    Raises
    ------
    CrmkitError
        Too few customers, or too few who came again, for a forecast.

    Examples
    --------
    >>> from crmkit.value import simulate_orders
    >>> orders, _ = simulate_orders({"r": 0.5, "alpha": 8.0, "a": 0.8, "b": 2.4}, customers=300, seed=1)
    >>> ahead = value_of_next_year(orders, margin_rate=0.3, currency="GBP")
    >>> len(ahead), bool((ahead["lifetime_value"] > 0).all())
    (300, True)
    """
    customers = customer_summary(orders).set_index("customer_id")
    often, much = BetaGeoModel().fit(customers), GammaGammaModel().fit(customers)
    return customer_lifetime_value(
        often, much, customers, horizon=1, unit="Y", margin_rate=margin_rate,
        discount_per_year=discount_per_year, currency=currency,
    )  # fmt: skip


def _scores(guess: np.ndarray, truth: np.ndarray) -> tuple[float, float, float]:
    """Total, mean error and what the best fifth made up of: as `crmkit.value.score_forecasts` has them."""
    happened = truth.sum()
    if happened <= 0:
        return np.nan, np.nan, np.nan
    best = np.argsort(-guess, kind="stable")[: top_count(_TOP, len(truth))]
    # Ties share what they bring: where a forecast cannot tell customers apart, it may not profit from their order.
    _, tie = np.unique(guess, return_inverse=True)
    mean_of_tie = (np.bincount(tie, weights=truth) / np.bincount(tie))[tie]
    return (
        float(guess.sum() / happened),
        float(np.abs(guess - truth).mean()),
        float(mean_of_tie[best].sum() / happened),
    )


def _off(scores: np.ndarray) -> np.ndarray:
    """Make of the scores of several forecasts how far each is from right: less is better."""
    total, error, found = scores.T
    return np.stack([np.abs(total - 1), error, -found], axis=1)
