"""Forecasts that a player stated beforehand, graded: did the interval hold the truth, and how narrow was it.

Problem
    A forecast of one number cannot say how sure it is. An interval that is meant to hold the truth with a chance of
    80 % can be graded: too narrow, and the truth falls outside too often; too wide, and it says nothing.

Definitions
    The interval score (Gneiting & Raftery 2007, Journal of the American Statistical Association 102, equation 43) of
    an interval from low to high with level 1 - a, when x came:

        score = (high - low) + 2/a * (low - x if x < low) + 2/a * (x - high if x > high)

    Smaller is better. It is proper: nobody can expect to do better than by stating what he or she believes.

Uses
    `grade_forecast` after each quarter; `forecast_record` over the game, beside the forecast that anybody can make
    (`naive_forecast`: as in the same quarter a year ago).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.game.decisions import FORECASTS, Forecast
from crmkit.inference import wilson
from crmkit.inputs import need_columns, need_probability

#: The chance with which a stated interval is to hold the truth.
LEVEL = 0.8
COLUMNS = ["measure", "low", "best", "high", "actual", "inside", "score"]
_DAYS, _YEAR = 91, 4


def interval_score(low: Any, high: Any, actual: Any, *, level: float = LEVEL) -> Any:
    """Score intervals by what came; smaller is better.

    Parameters
    ----------
    low, high
        Ends of each interval.
    actual
        What came.
    level
        Chance with which the interval was to hold it.

    Returns
    -------
    float or ndarray
        In the unit of `actual`: the width, and for a miss 2 / (1 - level) times the distance on top.

    Notes
    -----
    Gneiting & Raftery (2007), equation 43.

    Examples
    --------
    >>> interval_score(90, 110, 100), interval_score(90, 110, 115)
    (20.0, 70.0)
    """
    need_probability(level, "level")
    low, high, actual = (np.asarray(values, dtype=float) for values in (low, high, actual))
    missed = np.maximum(low - actual, 0) + np.maximum(actual - high, 0)
    # Rounded: 2 / (1 - .8) is not quite 10.
    score = np.round((high - low) + 2 / (1 - level) * missed, 9)
    return float(score) if score.ndim == 0 else score


def actuals(reports: Mapping[str, pd.DataFrame]) -> dict[str, float]:
    """What came in a quarter, for each quantity that may be forecast.

    Parameters
    ----------
    reports
        Of one quarter.

    Examples
    --------
    >>> orders = pd.DataFrame({"customer_id": [1, 1, 2], "turnover": [10.0, 20.0, 5.5]})
    >>> actuals({"orders": orders})
    {'turnover': 35.5, 'orders': 3.0, 'customers_active': 2.0}
    """
    if "orders" not in reports:
        raise CrmkitError("reports have no table 'orders'. Give the reports of the quarter.")
    orders = need_columns(reports["orders"], ["customer_id", "turnover"], "orders")
    return {
        "turnover": round(float(orders["turnover"].sum()), 2),
        "orders": float(len(orders)),
        "customers_active": float(orders["customer_id"].nunique()),
    }


def grade_forecast(
    forecast: Mapping[str, Forecast], reports: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """Lay a quarter's forecasts beside what came.

    Parameters
    ----------
    forecast
        ``decisions.forecast`` of the quarter; may be empty.
    reports
        Of the same quarter.

    Returns
    -------
    DataFrame
        One row for each quantity that was forecast: ``measure``, ``low``, ``best``, ``high``, ``actual``, ``inside``,
        ``score`` (`interval_score`, in the measure's unit; smaller is better).

    Examples
    --------
    >>> orders = pd.DataFrame({"customer_id": [1, 1, 2], "turnover": [10.0, 20.0, 5.5]})
    >>> graded = grade_forecast({"orders": Forecast(1, 2, 4)}, {"orders": orders})
    >>> graded[["measure", "actual", "inside", "score"]]
      measure  actual  inside  score
    0  orders     3.0    True    3.0
    """
    came = actuals(reports)
    rows = [
        (name, one.low, one.best, one.high, came[name])
        for name in FORECASTS
        if (one := forecast.get(name)) is not None
    ]
    table = pd.DataFrame(rows, columns=COLUMNS[:5]).astype(
        {"measure": "str", **dict.fromkeys(COLUMNS[1:5], float)}
    )
    table["inside"] = table["actual"].between(table["low"], table["high"])
    table["score"] = interval_score(table["low"], table["high"], table["actual"])
    return table


def naive_forecast(
    past: pd.DataFrame, quarter_start: Any, *, level: float = LEVEL
) -> dict[str, Forecast]:
    """Forecast a quarter as anybody can: as in the same quarter a year ago, give or take what such forecasts missed.

    Parameters
    ----------
    past
        Orders known so far: ``customer_id``, ``order_date``, ``turnover``.
    quarter_start
        First day of the quarter that is forecast.
    level
        Chance with which the interval is to hold what comes.

    Returns
    -------
    dict of str to Forecast
        Of each quantity in `FORECASTS`. Best: the sum of the 13 weeks that began 52 weeks earlier. The interval
        covers the middle `level` of the ratios that this rule has missed by in all earlier quarters, at least 5 % to
        each side.

    Raises
    ------
    CrmkitError
        Less than two years of orders before the quarter.
    """
    orders = need_columns(past, ["customer_id", "order_date", "turnover"], "orders")
    begins = pd.Timestamp(quarter_start)
    back = (begins - orders["order_date"]).dt.days.to_numpy()
    block = -(-back // _DAYS)  # 1: the thirteen weeks before
    known = orders.assign(block=block)[block >= 1]
    whole = int((back.max() if len(back) else 0) // _DAYS)
    if whole < 2 * _YEAR:
        raise CrmkitError(
            f"A naive forecast needs two years of orders before {begins.date()}, and there are {whole} quarters."
        )
    grouped = known[known["block"] <= whole].groupby("block")
    sums = {
        "turnover": grouped["turnover"].sum(),
        "orders": grouped["turnover"].size(),
        "customers_active": grouped["customer_id"].nunique(),
    }
    tail = 100 * (1 - level) / 2
    made = {}
    for name, series in sums.items():
        blocks = series.reindex(range(1, whole + 1), fill_value=0).to_numpy(dtype=float)
        best = blocks[_YEAR - 1]
        # Blocks run backwards: what came in one, by what had come four earlier.
        ratio = np.log(np.maximum(blocks[:-_YEAR], 1) / np.maximum(blocks[_YEAR:], 1))
        low, high = np.percentile(ratio, [tail, 100 - tail])
        made[name] = Forecast(
            round(float(best * np.exp(min(low, -0.05))), 2),
            round(float(best), 2),
            round(float(best * np.exp(max(high, 0.05))), 2),
        )
    return made


def forecast_record(graded: pd.DataFrame, naive: pd.DataFrame | None = None) -> pd.DataFrame:
    """Sum a game's graded forecasts up: how many held the truth, and how good they were beside the naive ones.

    Parameters
    ----------
    graded
        All quarters' `grade_forecast`, one below another.
    naive
        The same of `naive_forecast`, row by row for the same forecasts.

    Returns
    -------
    DataFrame
        One row for each measure and one for all: ``measure``, ``forecasts``, ``inside`` (how many), ``share``,
        ``low``, ``high`` (of the share, Wilson; 95 %), ``miss`` (mean distance of the best guess, as a share of what
        came), ``skill`` (share by which the mean score, in parts of what came, is smaller than the naive one's: 1 is
        perfect, 0 no better; NaN without `naive`).

    Examples
    --------
    >>> graded = pd.DataFrame([("orders", 90.0, 100.0, 110.0, 105.0, True, 20.0)], columns=COLUMNS)
    >>> forecast_record(graded)[["measure", "forecasts", "inside", "share"]]
      measure  forecasts  inside  share
    0  orders          1       1    1.0
    1     all          1       1    1.0
    """
    need_columns(graded, COLUMNS, "graded")
    size = np.maximum(graded["actual"].abs().to_numpy(dtype=float), 1)
    relative = graded["score"].to_numpy(dtype=float) / size
    miss = (graded["best"] - graded["actual"]).abs().to_numpy(dtype=float) / size
    beside = np.full(len(graded), np.nan)
    if naive is not None:
        need_columns(naive, COLUMNS, "naive")
        if naive["measure"].tolist() != graded["measure"].tolist():
            raise CrmkitError(
                "naive: its rows must be of the same measures as those of graded, in the same order."
            )
        beside = naive["score"].to_numpy(dtype=float) / size
    measure = graded["measure"].to_numpy()
    rows = []
    for name in [*(name for name in FORECASTS if (measure == name).any()), "all"]:
        own = measure == name if name != "all" else np.ones(len(graded), bool)
        n, hits = int(own.sum()), int(graded["inside"].to_numpy(dtype=bool)[own].sum())
        if n == 0:
            continue
        low, high = wilson(hits, n)
        skill = 1 - relative[own].mean() / beside[own].mean() if naive is not None else np.nan
        rows.append((name, n, hits, hits / n, float(low), float(high), miss[own].mean(), skill))
    columns = ["measure", "forecasts", "inside", "share", "low", "high", "miss", "skill"]
    return pd.DataFrame(rows, columns=columns)
