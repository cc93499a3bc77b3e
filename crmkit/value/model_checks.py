"""Does the lifetime model deserve belief? Three pictures' worth of figures, and the plain rivals it must beat.

A model that fits the past may still miss the future. So: (1) does it give as many customers with 0, 1, 2, ... repeat
purchases as there are; (2) on days that it has not seen, does it forecast right for those who bought seldom and often;
(3) does its cumulative curve follow the real one week by week; and (4) does it beat "the same as last year"?
"""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inference import mean_interval, wilson
from crmkit.inputs import (
    Moment,
    generator,
    need_columns,
    need_count,
    need_date,
    need_dates,
    need_numbers,
    same_steps,
)
from crmkit.later import later
from crmkit.value.beta_geo import BetaGeoModel
from crmkit.value.concentration import top_count
from crmkit.value.gamma_gamma import GammaGammaModel
from crmkit.value.summary import customer_summary, holdout_split

stats = later("scipy.stats")

_FEWEST = 100  # customers of whom the mean of a skewed count has an interval that covers: docs/statistics.md


def repeat_counts(model: BetaGeoModel, summary: pd.DataFrame, largest: int = 7) -> pd.DataFrame:
    """Count customers by repeat purchases, as they are and as the model expects them.

    Parameters
    ----------
    model
        Fitted on `summary`.
    summary
        One row per customer: ``repeat_days``, ``age_days``.
    largest
        Customers with at least this many are one group.

    Returns
    -------
    DataFrame
        One row per count: ``repeat_days``, ``label`` (the last is like "7+"), ``actual``, ``expected``
        (customers; both add up to all).

    Raises
    ------
    CrmkitError
        A column is missing or holds missing values.

    Examples
    --------
    >>> model = BetaGeoModel.from_params({"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}, unit="W")
    >>> seen = pd.DataFrame({"repeat_days": [0, 0, 0, 1], "age_days": [270, 250, 260, 240]})
    >>> repeat_counts(model, seen, largest=2).round(1)
       repeat_days label  actual  expected
    0            0     0       3       2.3
    1            1     1       1       0.8
    2            2    2+       0       0.9
    """
    need_columns(summary, ["repeat_days", "age_days"], "summary")
    x = need_numbers(summary["repeat_days"], "summary, column repeat_days", minimum=0).astype(int)
    days, customers = np.unique(
        need_numbers(summary["age_days"], "summary, column age_days", minimum=0), return_counts=True
    )
    expected = np.array(
        [customers @ model.purchase_count_probability(n, days, unit="D") for n in range(largest)]
    )
    actual = np.bincount(np.minimum(x, largest), minlength=largest + 1)
    return pd.DataFrame(
        {
            "repeat_days": range(largest + 1),
            "label": [*map(str, range(largest)), f"{largest}+"],
            "actual": actual,
            "expected": [*expected, len(x) - expected.sum()],
        }
    )


def holdout_by_frequency(
    model: BetaGeoModel, split: pd.DataFrame, largest: int = 7, *, level: float = 0.95
) -> pd.DataFrame:
    """Compare purchases in the holdout with those forecast, by how often the customers bought before.

    Parameters
    ----------
    model
        Fitted on the part before the split only.
    split
        As :func:`~crmkit.value.summary.holdout_split` gives.
    largest
        Customers with at least this many repeat purchases are one group.
    level
        Share of samples in which the interval holds the truth.

    Returns
    -------
    DataFrame
        One row per count: ``repeat_days``, ``label``, ``customers``, ``actual``, ``forecast`` (mean purchase
        days per customer in the
        holdout), ``low``, ``high`` (Student's interval of the actual mean, one customer one value; none below 100
        customers, whose counts are too skewed for it, or where all are alike).

    Raises
    ------
    CrmkitError
        A column is missing.
    """
    need_columns(
        split,
        ["repeat_days", "holdout_purchase_days", "holdout_days"],
        "split",
    )
    days = float(split["holdout_days"].iloc[0])
    seen = pd.DataFrame(
        {
            "repeat_days": split["repeat_days"].clip(upper=largest),
            "actual": split["holdout_purchase_days"],
            "forecast": model.expected_purchases(days, split, unit="D"),
        }
    )
    groups = seen.groupby("repeat_days").agg(
        customers=("actual", "size"),
        actual=("actual", "mean"),
        forecast=("forecast", "mean"),
    )
    groups = groups.reset_index()
    ends = [
        mean_interval(own.to_numpy(), level=level) if len(own) >= _FEWEST else (0, np.nan, np.nan)
        for _, own in seen.groupby("repeat_days")["actual"]
    ]
    groups["low"] = np.clip([end[1] for end in ends], 0, None)
    groups["high"] = [end[2] for end in ends]
    label = groups["repeat_days"].astype(str).where(groups["repeat_days"] < largest, f"{largest}+")
    groups.insert(1, "label", label)
    return groups


#: Bands of the probability of being alive, from their lower ends. Those who bought once are a band of their own.
_BANDS = {
    0.0: "below 20 %",
    0.2: "20 to 40 %",
    0.4: "40 to 60 %",
    0.6: "60 to 80 %",
    0.8: "80 % or more",
}
_ONCE = "bought once"


def alive_bands(model: BetaGeoModel, summary: pd.DataFrame) -> pd.Series:
    """Put each customer into a band of the probability of being alive; those who bought once are a band of their own.

    Parameters
    ----------
    model
        A fitted model.
    summary
        One row per customer, as for ``model.probability_alive``.

    Returns
    -------
    Series
        Ordered categories, "below 20 %" first and "bought once" last, on the index of `summary`; named ``band``.

    Examples
    --------
    >>> model = BetaGeoModel.from_params({"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}, unit="W")
    >>> seen = pd.DataFrame({"repeat_days": [2, 2, 0], "active_span_days": [210, 30, 0], "age_days": [272, 272, 272]})
    >>> alive_bands(model, seen).tolist()
    ['60 to 80 %', 'below 20 %', 'bought once']
    """
    alive = model.probability_alive(summary)
    place = np.searchsorted(list(_BANDS), alive, side="right") - 1
    place[summary["repeat_days"] == 0] = len(_BANDS)
    names = [*_BANDS.values(), _ONCE]
    bands = pd.Categorical.from_codes(place, categories=names, ordered=True)
    return pd.Series(bands, index=summary.index, name="band")


def judge_alive(model: BetaGeoModel, split: pd.DataFrame, *, level: float = 0.95) -> pd.DataFrame:
    """Compare what a model says of silent customers with what they did later, by the probability of being alive.

    Nobody sees who is alive. What can be seen is who bought within the holdout, and the model has a probability for
    that, too.

    Parameters
    ----------
    model
        Fitted on the part before the split only.
    split
        As :func:`~crmkit.value.summary.holdout_split` gives.
    level
        Share of samples in which the interval holds the truth.

    Returns
    -------
    DataFrame
        One row per band of :func:`alive_bands` that has customers: ``customers``, ``alive`` (mean probability),
        ``will_buy`` (mean probability of a purchase in the holdout), ``bought`` (share who did), ``low``, ``high``
        (Wilson's interval of ``bought``).

    Raises
    ------
    CrmkitError
        A column is missing.

    Examples
    --------
    >>> model = BetaGeoModel.from_params({"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}, unit="W")
    >>> split = pd.DataFrame({"repeat_days": [2, 0], "active_span_days": [210, 0], "age_days": [272, 272],
    ...                       "holdout_purchase_days": [1, 0], "holdout_days": [365, 365]})
    >>> judge_alive(model, split)[["customers", "alive", "will_buy", "bought"]].round(2).reset_index()
              band  customers  alive  will_buy  bought
    0   60 to 80 %          1   0.72      0.60     1.0
    1  bought once          1   1.00      0.17     0.0
    """
    need_columns(split, ["repeat_days", "holdout_purchase_days", "holdout_days"], "split")
    days = float(split["holdout_days"].iloc[0])
    seen = pd.DataFrame(
        {
            "alive": model.probability_alive(split),
            "will_buy": model.probability_of_purchase(days, split, unit="D"),
            "bought": split["holdout_purchase_days"] > 0,
        }
    )
    bands = seen.groupby(alive_bands(model, split), observed=True)
    table = bands.mean()
    table.insert(0, "customers", bands.size())
    ends = wilson(bands["bought"].sum(), table["customers"], level=level)
    return table.assign(low=np.asarray(ends[0]), high=np.asarray(ends[1]))


def cumulative_purchases(
    model: BetaGeoModel,
    orders: pd.DataFrame,
    end: Moment,
    learnt_until: Moment | None = None,
    every_days: int = 7,
) -> pd.DataFrame:
    """Add up all repeat purchases week by week, as they were and as the model expects them.

    Only customers who were there by `learnt_until` are followed; their whole history is compared.

    Parameters
    ----------
    model
        Fitted on orders until `learnt_until`.
    orders
        ``customer_id``, ``order_date``, ``turnover``.
    end
        Last day of the curve.
    learnt_until
        Last day that the model has seen; `end` if left out.
    every_days
        Days between two points.

    Returns
    -------
    DataFrame
        One row per point: ``date``, ``actual``, ``expected`` (purchase days so far, all customers together),
        ``seen`` (bool: by
        the model).

    Raises
    ------
    CrmkitError
        As :func:`~crmkit.value.summary.customer_summary`.
    """
    known = customer_summary(orders, end if learnt_until is None else learnt_until)
    visits = orders.loc[
        orders["customer_id"].isin(known["customer_id"]), ["customer_id", "order_date"]
    ]
    days = need_dates(visits["order_date"], "order_date")
    visits = visits.assign(order_date=days).drop_duplicates()
    first = visits.groupby("customer_id")["order_date"].transform("min")
    repeat = np.sort(visits.loc[visits["order_date"] > first, "order_date"].to_numpy())
    last = need_date(end)
    dates = pd.date_range(known["first_date"].min(), last, freq=f"{every_days}D")
    starts, customers = np.unique(known["first_date"].to_numpy(), return_counts=True)
    ages = (dates.to_numpy()[:, None] - starts[None, :]) / np.timedelta64(1, "D")
    longest = int(ages.max())
    by_age = model.expected_cumulative(np.arange(longest + 1), unit="D")
    expected = np.where(ages >= 0, by_age[np.clip(ages, 0, longest).astype(int)], 0.0) @ customers
    seen_until = last if learnt_until is None else need_date(learnt_until)
    return pd.DataFrame(
        {
            "date": dates,
            "actual": np.searchsorted(repeat, dates.to_numpy(), side="right"),
            "expected": expected,
            "seen": dates <= seen_until,
        }
    )


def forecast_features(orders: pd.DataFrame, as_of: Moment) -> pd.DataFrame:
    """Describe customers by what was known at `as_of`: the input of a regression that forecasts.

    Parameters
    ----------
    orders
        ``customer_id``, ``order_date``, ``turnover``.
    as_of
        Last day that may be used.

    Returns
    -------
    DataFrame
        Indexed by ``customer_id``: ``repeat_days``, ``days_since_last``, ``active_span_days``, ``age_days``,
        ``turnover``, ``mean_value``
        (per purchase day), ``last_year_days``, ``last_year_turnover``, ``last_quarter_days``.

    Examples
    --------
    >>> orders = pd.DataFrame({
    ...     "customer_id": [1, 1],
    ...     "order_date": pd.to_datetime(["2024-01-01", "2025-03-01"]),
    ...     "turnover": [10.0, 20.0],
    ... })
    >>> forecast_features(orders, "2025-06-30")["last_year_turnover"].tolist()
    [20.0]
    """
    stop = need_date(as_of)
    summary = customer_summary(orders, stop).set_index("customer_id")
    features = summary[
        ["repeat_days", "days_since_last", "active_span_days", "age_days", "turnover"]
    ].copy()
    features["mean_value"] = summary["turnover"] / summary["purchase_days"]
    orders = orders.assign(order_date=need_dates(orders["order_date"], "order_date"))
    past = orders[orders["order_date"] < stop + pd.Timedelta("1D")]
    for name, days in (("last_year", 365), ("last_quarter", 91)):
        recent = past[past["order_date"] > stop - pd.Timedelta(days=days)]
        sums = recent.groupby("customer_id").agg(
            days=("order_date", "nunique"), turnover=("turnover", "sum")
        )
        sums = sums.reindex(features.index, fill_value=0)
        features[f"{name}_days"] = sums["days"]
        if name == "last_year":
            features[f"{name}_turnover"] = sums["turnover"]
    return features


def regression_forecast(
    orders: pd.DataFrame, split: Moment, end: Moment, *, target: str = "holdout_purchase_days"
) -> pd.Series:
    """Forecast the holdout with a scikit-learn regression that knows nothing of customers, only of tables.

    It learns from an earlier holdout of the same length: what was known then, and what came after. So it needs
    twice the history, and nothing after `split` is used. Poisson regression on logarithms of the features,
    which keeps forecasts
    above zero and suits counts as well as skewed money.

    Parameters
    ----------
    orders
        ``customer_id``, ``order_date``, ``turnover``.
    split, end
        The days to forecast: those after `split`, until `end`.
    target
        ``"holdout_purchase_days"`` or ``"holdout_turnover"``.

    Returns
    -------
    Series
        Forecast per customer, indexed by ``customer_id``.

    Raises
    ------
    CrmkitError
        The history is too short for an earlier holdout of the same length.
    """
    from sklearn.linear_model import PoissonRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer, StandardScaler

    _target(target)
    stop, last = need_date(split), need_date(end)
    earlier = stop - (last - stop)
    if earlier <= orders["order_date"].min():
        raise CrmkitError(
            f"The regression needs {(last - stop).days} days before {stop:%Y-%m-%d} to learn from, and some history "
            "before those. Choose a shorter holdout, or use the lifetime model, which needs no earlier holdout."
        )
    known = forecast_features(orders, earlier)
    outcome = (
        holdout_split(orders, earlier, stop).set_index("customer_id")[target].reindex(known.index)
    )
    model = make_pipeline(
        FunctionTransformer(lambda table: np.log1p(table.clip(lower=0))),
        StandardScaler(),
        PoissonRegressor(alpha=0.01, max_iter=1000),
    )
    # Money of a few large accounts would make the search slow: in units of its own mean it is not.
    unit = max(float(outcome.mean()), 1e-9)
    model.fit(known, outcome.clip(lower=0) / unit)
    now = forecast_features(orders, stop)
    return pd.Series(model.predict(now) * unit, index=now.index, name="regression")


def _target(target: str) -> None:
    if target not in ("holdout_purchase_days", "holdout_turnover"):
        raise CrmkitError(
            f"target is 'holdout_purchase_days' or 'holdout_turnover', not {target!r}."
        )


def last_year_forecast(
    orders: pd.DataFrame, split: Moment, end: Moment, *, target: str = "holdout_purchase_days"
) -> pd.Series:
    """Forecast the holdout as "the same as in the last 365 days", scaled to its length: the rule every firm has.

    Where less than 365 days are known before the split, they stand for the year.

    Parameters
    ----------
    orders
        ``customer_id``, ``order_date``, ``turnover``.
    split, end
        The days to forecast.
    target
        ``"holdout_purchase_days"`` or ``"holdout_turnover"``.

    Returns
    -------
    Series
        Forecast per customer, indexed by ``customer_id``.
    """
    _target(target)
    column = "last_year_days" if target == "holdout_purchase_days" else "last_year_turnover"
    known_days = (need_date(split) - orders["order_date"].min()).days + 1
    share = (need_date(end) - need_date(split)).days / min(known_days, 365)
    return (forecast_features(orders, split)[column] * share).rename("last_year")


def score_forecasts(
    actual: pd.Series,
    forecasts: dict[str, pd.Series],
    top: float = 0.2,
    *,
    draws: int = 0,
    seed: int | np.random.Generator = 0,
) -> pd.DataFrame:
    """Compare forecasts with what happened, by several measures, because no single one decides.

    Parameters
    ----------
    actual
        What happened, one number per customer.
    forecasts
        By name, each on the index of `actual`.
    top
        Share of the customers that a firm would pick as its best.
    draws
        How many times the customers are drawn again, to see how sure the best forecast is; 0 for not at all.
    seed
        Whole number or generator.

    Returns
    -------
    DataFrame
        One row per forecast: ``forecast`` (name), ``mean_absolute_error``, ``root_mean_squared_error`` (unit
        of `actual`), ``total``
        (sum of the forecast over the actual sum: 1 is right), ``rank_correlation`` (Spearman), ``top_found``
        (share of the actual
        sum that the picked best brought). With `draws` also ``wins``: the share of the draws in which its mean absolute
        error is the smallest (bootstrap of customers, the same ones for all forecasts; a tie is shared).

    Raises
    ------
    CrmkitError
        A forecast misses customers, or nothing happened at all.

    Examples
    --------
    >>> actual = pd.Series([0.0, 1.0, 4.0, 5.0, 0.0])
    >>> scores = score_forecasts(actual, {"right": actual, "mean": actual * 0 + 2})
    >>> scores[["forecast", "mean_absolute_error", "top_found"]]
      forecast  mean_absolute_error  top_found
    0    right                  0.0        0.5
    1     mean                  2.0        0.2
    """
    truth = need_numbers(actual, "actual")
    if truth.sum() <= 0:
        raise CrmkitError(
            "actual: nothing happened in the holdout, so there is nothing to be right about."
        )
    picked = top_count(top, len(truth))
    rows, errors = [], []
    for name, forecast in forecasts.items():
        if not isinstance(forecast, pd.Series):
            raise CrmkitError(
                f"forecast {name}: a Series on the index of actual is needed, not {type(forecast).__name__}."
            )
        guess = need_numbers(forecast.reindex(actual.index), f"forecast {name}")
        # Ties share what they bring: where a forecast cannot tell customers apart, it may not profit from their order.
        step = same_steps(guess)[1]
        mean_of_tie = pd.Series(truth).groupby(step).transform("mean").to_numpy()
        best = np.argsort(-step, kind="stable")[:picked]
        errors.append(np.abs(guess - truth))
        rank = stats.spearmanr(step, truth).statistic if step.any() else np.nan
        rows.append(
            {
                "forecast": name,
                "mean_absolute_error": np.abs(guess - truth).mean(),
                "root_mean_squared_error": np.sqrt(((guess - truth) ** 2).mean()),
                "total": guess.sum() / truth.sum(),
                "rank_correlation": rank,
                "top_found": mean_of_tie[best].sum() / truth.sum(),
            }
        )
    table = pd.DataFrame(rows)
    if draws and rows:
        people = np.full(len(truth), 1 / len(truth))
        weights = generator(seed).multinomial(len(truth), people, need_count(draws, "draws"))
        drawn = weights @ np.column_stack(errors)
        smallest = np.isclose(drawn, drawn.min(axis=1, keepdims=True), rtol=1e-12, atol=0)
        table["wins"] = (smallest / smallest.sum(axis=1, keepdims=True)).mean(axis=0)
    return table


def value_frequency_correlation(
    summary: pd.DataFrame,
    model: GammaGammaModel | None = None,
    *,
    draws: int = 400,
    seed: int | np.random.Generator = 0,
) -> pd.Series:
    """Test what Gamma-Gamma supposes: that how much one spends has nothing to do with how often.

    A rank correlation is above zero even then: the mean of few skewed purchases lies mostly below its expectation, the
    mean of many does not. So the correlation is compared with that of customers whose spending is simulated from the
    fitted model, with the same numbers of purchases (parametric bootstrap; Davison & Hinkley 1997, section 4.2.3).

    Parameters
    ----------
    summary
        ``repeat_days``, ``mean_repeat_value``; customers with repeat purchases above zero are used.
    model
        Fitted on `summary`; fitted here if left out.
    draws
        How many companies are simulated.
    seed
        Whole number or generator.

    Returns
    -------
    Series
        ``customers``, ``correlation`` (Spearman), ``expected`` (mean correlation where spending and frequency are
        independent), ``null_low``, ``null_high`` (where 95 % of these lie), ``p_value`` (two-sided: small where the
        correlation lies outside). Then multiply the two forecasts with care.

    Raises
    ------
    CrmkitError
        Fewer than 10 customers with repeat purchases, or all alike.

    Examples
    --------
    >>> seen = pd.DataFrame({"repeat_days": [1, 2, 3, 4] * 5, "mean_repeat_value": [5.0, 3.0, 4.0, 3.5, 4.5] * 4})
    >>> value_frequency_correlation(seen, draws=50)["customers"]
    np.float64(20.0)
    """
    need_columns(summary, ["repeat_days", "mean_repeat_value"], "summary")
    need_count(draws, "draws")
    used = summary[(summary["repeat_days"] > 0) & (summary["mean_repeat_value"] > 0)]
    if (
        len(used) < 10
        or used["repeat_days"].nunique() < 2
        or used["mean_repeat_value"].nunique() < 2
    ):
        raise CrmkitError(
            f"{len(used)} customers with repeat purchases, or all alike: at least 10 who differ are needed."
        )
    with warnings.catch_warnings():
        # Where few data do not settle p, q and gamma one by one, they still settle what such spending looks like.
        warnings.simplefilter("ignore")
        fitted = GammaGammaModel().fit(used) if model is None else model
    p, q, gamma = fitted.params_
    x = used["repeat_days"].to_numpy(dtype=float)
    found = float(stats.spearmanr(x, same_steps(used["mean_repeat_value"])[1]).statistic)
    rank = stats.rankdata(x) - (len(x) + 1) / 2
    own_rank = np.arange(len(x)) - (len(x) - 1) / 2
    scale = np.sqrt((rank**2).sum() * (own_rank**2).sum())
    rng = generator(seed)
    null = np.empty(draws)
    for draw in range(draws):
        mean = rng.gamma(p * x) / (rng.gamma(q, 1 / gamma, len(x)) * x)
        null[draw] = rank[np.argsort(mean)] @ own_rank / scale
    low, high = np.quantile(null, [0.025, 0.975], method="weibull")
    tail = min((null <= found).sum(), (null >= found).sum())
    return pd.Series(
        {
            "customers": len(used),
            "correlation": found,
            "expected": null.mean(),
            "null_low": low,
            "null_high": high,
            "p_value": min(1.0, 2 * (tail + 1) / (draws + 1)),
        }
    )
