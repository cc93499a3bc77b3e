"""When silence means sleep: a clock that a trade's own customers set, and what a rule of days gets wrong.

Problem
    "Inactive after 90 days" is a rule of one trade. A guest who comes once a year is silent for 90 days and has not
    gone; a user who opened the app every day and is silent for 90 days has gone long ago.

Method
    Stand some time back. Of the customers of that day, who has come back since? The chance to come back falls with the
    days of silence. The **own clock** is the silence at which a customer's chance is that of the average customer:
    beyond it, a customer is more likely to be gone than most. It needs no truth, only visits with a date.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inference import critical_value, wilson
from crmkit.inputs import (
    Moment,
    need_count,
    need_known,
    need_number,
    need_numbers,
    need_rows,
    need_true_false,
)
from crmkit.reactivation import silence, state_on
from crmkit.reactivation.returns import last_day

#: States of the truth in which a customer is taken to sleep.
SLEEPING = ("half-asleep", "asleep")
#: Fewest customers who came back, and who did not, for a clock.
FEWEST = 20


def silent_and_back(
    visits: pd.DataFrame, ahead_days: int = 180, as_of: Moment | None = None
) -> pd.DataFrame:
    """Stand `ahead_days` back: say how long each customer was silent on that day, and who has come back since.

    Parameters
    ----------
    visits
        ``customer_id``, ``order_date``: purchases, stays, or log-ins; whatever counts as contact in the trade.
    ahead_days
        How far to stand back.
    as_of
        The last day that is known. Default: the day of the last visit.

    Returns
    -------
    DataFrame
        One row per customer who had come by that day: ``customer_id``, ``silent_days``, ``back`` (True or False).

    Raises
    ------
    CrmkitError
        Missing columns; visits that do not reach back so far.

    Examples
    --------
    >>> visits = pd.DataFrame({"customer_id": [1, 2, 1], "order_date": ["2025-01-01", "2025-01-21", "2025-02-20"]})
    >>> silent_and_back(visits, 30, "2025-03-01")[["silent_days", "back"]].values.tolist()
    [[29, True], [9, False]]
    """
    need_count(ahead_days, "ahead_days")
    need_rows(visits, ["customer_id", "order_date"], "visits")
    need_known(visits["customer_id"], "visits, column customer_id")
    end = last_day(visits, as_of)
    then = end - pd.Timedelta(days=ahead_days)
    days = pd.to_datetime(visits["order_date"])
    if days.min() > then:
        raise CrmkitError(
            f"visits: the first lies on {days.min():%Y-%m-%d}, after {then:%Y-%m-%d}. Stand back by fewer days, or "
            "bring a longer history."
        )
    quiet = silence(visits, then)[["customer_id", "silent_days"]]
    since = visits.loc[(days > then) & (days <= end), "customer_id"]
    return quiet.assign(back=quiet["customer_id"].isin(since))


def own_clock(
    visits: pd.DataFrame,
    ahead_days: int = 180,
    as_of: Moment | None = None,
    *,
    level: float = 0.95,
) -> pd.Series:
    """Read a trade's clock from its own visits: the silence at which the chance to return is the average one.

    Parameters
    ----------
    visits
        ``customer_id``, ``order_date``: whatever counts as contact in the trade.
    ahead_days
        How long a customer has to come back.
    as_of
        The last day that is known. Default: the day of the last visit.
    level
        Share of samples in which the interval holds the truth.

    Returns
    -------
    Series
        ``clock_days``, ``low``, ``high``, ``customers``, ``back`` (share who came back).

    Raises
    ------
    CrmkitError
        Too few who came back or did not; a chance that does not fall with silence.

    Notes
    -----
    Logistic regression of *back* on log(1 + days of silence) over customers. The clock is where the fitted chance is
    the share of all who came back: exp((logit(share) - a) / b) - 1. Interval: linearised on the log scale, with the
    sandwich of the three estimates (Liang & Zeger 1986; Stefanski & Boos 2002, The American Statistician 56).

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> gone = np.where(np.arange(400) < 200, 100, 400)  # half of them come until day 100, half until day 400
    >>> visits = pd.DataFrame({"customer_id": np.repeat(np.arange(400), 10),
    ...                        "order_date": pd.to_timedelta(rng.uniform(0, np.repeat(gone, 10)).round(), "D")})
    >>> visits["order_date"] += pd.Timestamp("2024-01-01")
    >>> clock = own_clock(visits, 180)
    >>> bool(20 < clock["low"] < clock["clock_days"] < clock["high"] < 150)
    True
    """
    table = silent_and_back(visits, ahead_days, as_of)
    return _clock(table["silent_days"].to_numpy(float), table["back"].to_numpy(bool), level)


def _clock(silent: np.ndarray, back: np.ndarray, level: float) -> pd.Series:
    if min(back.sum(), (~back).sum()) < FEWEST:
        raise CrmkitError(
            f"visits: {int(back.sum())} customers came back and {int((~back).sum())} did not; {FEWEST} of each are "
            "needed. Change `ahead_days`, or bring more customers."
        )
    x, y, n = np.log1p(silent), back.astype(float), len(back)
    design = np.column_stack([np.ones(n), x])
    weights, bread = _logistic(design, y)
    share = y.mean()
    a, b = weights
    if not b < 0 or not np.isfinite(bread).all():
        raise CrmkitError(
            "visits: the chance to come back does not fall with silence, so there is no clock. Look at the visits: "
            "does each customer have all of them, under one number?"
        )
    place = (np.log(share / (1 - share)) - a) / b
    # Each customer's part in a, b and the share; the gradient turns it into a part in the logarithm of the clock.
    parts = (design * (y - _chance(design, weights))[:, None]) @ bread
    gradient = np.array([-1 / b, -place / b])
    influence = parts @ gradient + (y - share) / n / (share * (1 - share)) / b
    half = critical_value(level) * np.sqrt((influence**2).sum())
    return pd.Series(
        {
            "clock_days": float(np.expm1(place)),
            "low": float(np.expm1(place - half)),
            "high": float(np.expm1(place + half)),
            "customers": n,
            "back": float(share),
        }
    )


def _chance(design: np.ndarray, weights: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-np.clip(design @ weights, -30, 30))))


def _logistic(design: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Fit two weights by Newton's method; give them and the inverse of the information."""
    weights = np.zeros(2)
    bread = np.full((2, 2), np.nan)
    for _ in range(50):
        p = _chance(design, weights)
        bread = np.linalg.pinv((design * (p * (1 - p))[:, None]).T @ design)
        step = bread @ (design.T @ (y - p))
        weights = weights + step
        if np.abs(step).max() < 1e-10:
            break
    return weights, bread


def silent_and_sleeping(
    visits: pd.DataFrame, spells: pd.DataFrame, as_of: Moment | None = None
) -> pd.DataFrame:
    """Put each customer's silence beside the truth: whether he or she sleeps on that day.

    Parameters
    ----------
    visits
        ``customer_id``, ``order_date``.
    spells
        The truth's ``sleep_states``: ``customer_id``, ``state``, ``from_date``, ``to_date``.
    as_of
        The day. Default: the day of the last visit.

    Returns
    -------
    DataFrame
        One row per customer who has come by then and has a state on that day: ``customer_id``, ``silent_days``,
        ``asleep`` (True: half-asleep or asleep).

    Examples
    --------
    >>> visits = pd.DataFrame({"customer_id": [1, 2], "order_date": ["2025-01-01", "2025-03-01"]})
    >>> spells = pd.DataFrame({"customer_id": [1, 2], "state": ["asleep", "awake"],
    ...                        "from_date": "2025-02-01", "to_date": "2025-12-31"})
    >>> silent_and_sleeping(visits, spells, "2025-03-11")[["silent_days", "asleep"]].values.tolist()
    [[69, True], [10, False]]
    """
    end = last_day(need_rows(visits, ["customer_id", "order_date"], "visits"), as_of)
    state = state_on(spells, end)
    quiet = silence(visits, end)[["customer_id", "silent_days"]]
    quiet = quiet[quiet["customer_id"].isin(state.index)]
    asleep = state.reindex(quiet["customer_id"]).isin(SLEEPING).to_numpy()
    return quiet.assign(asleep=asleep).reset_index(drop=True)


def clock_errors(
    silent_days: object, asleep: object, clocks: Sequence[float], *, level: float = 0.95
) -> pd.DataFrame:
    """Say what the rule "inactive after so many days" gets wrong.

    Parameters
    ----------
    silent_days
        Days of silence of each customer.
    asleep
        True or False for each: does the customer truly sleep?
    clocks
        Numbers of days to try. Anyone silent for more days is called inactive.
    level
        Share of samples in which the intervals hold the truth.

    Returns
    -------
    DataFrame
        One row per clock: ``clock_days``, ``alarms`` (customers called inactive), ``wrong`` (share of the *awake* who
        are called inactive) with ``wrong_low`` and ``wrong_high``, ``missed`` (share of the sleepers who are not) with
        ``missed_low`` and ``missed_high`` (Wilson's intervals), ``right`` (share of all who are in their true place).

    Raises
    ------
    CrmkitError
        Unequal lengths; nobody awake, or nobody asleep; a clock below 0.

    Notes
    -----
    Lesson 72 divides wrong alarms by the *alarms*. That share depends on how many customers sleep, which
    differs from trade to trade; dividing by those awake does not.

    Examples
    --------
    >>> found = clock_errors([10, 100, 200, 300], [False, False, True, True], [90])
    >>> found[["alarms", "wrong", "missed", "right"]].values.tolist()
    [[3.0, 0.5, 0.0, 0.75]]
    """
    silent = need_numbers(silent_days, "silent_days", minimum=0)
    truth = need_true_false(asleep, "asleep")
    if len(silent) != len(truth):
        raise CrmkitError(
            f"silent_days has {len(silent)} values and asleep {len(truth)}: one of each for every customer is needed."
        )
    if truth.all() or not truth.any():
        raise CrmkitError("asleep: somebody must sleep, and somebody must be awake.")
    days = np.array([need_number(clock, "clocks", minimum=0) for clock in clocks], dtype=float)
    awake, sleepers = np.sort(silent[~truth]), np.sort(silent[truth])
    wrong = len(awake) - np.searchsorted(awake, days, side="right")
    missed = np.searchsorted(sleepers, days, side="right")
    wrong_low, wrong_high = wilson(wrong, np.full(len(days), len(awake)), level=level)
    missed_low, missed_high = wilson(missed, np.full(len(days), len(sleepers)), level=level)
    return pd.DataFrame(
        {
            "clock_days": days,
            "alarms": wrong + len(sleepers) - missed,
            "wrong": wrong / len(awake),
            "wrong_low": wrong_low,
            "wrong_high": wrong_high,
            "missed": missed / len(sleepers),
            "missed_low": missed_low,
            "missed_high": missed_high,
            "right": 1 - (wrong + missed) / len(truth),
        }
    )


__all__ = ["clock_errors", "own_clock", "silent_and_back", "silent_and_sleeping"]
