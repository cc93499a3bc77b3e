"""What a telephone desk's log says: calls by the hour, how long they waited, how patient callers are.

All that is counted here is counted by whole days: the calls of one hour hang together (who waits, waits because
others wait too), and some days are busier than others. So an interval comes from the days, not from the calls.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inference import critical_value, ratio_interval
from crmkit.inputs import (
    first_few,
    need_dates,
    need_number,
    need_numbers,
    need_probability,
    need_rows,
    need_true_false,
)


def _log(calls: pd.DataFrame, *more: str) -> pd.DataFrame:
    """The calls, checked, with their hour."""
    need_rows(calls, ["date", "minute", *more], "calls")
    minute = need_numbers(calls["minute"], "minute", minimum=0, maximum=1439.999)
    log = pd.DataFrame(
        {"date": need_dates(calls["date"], "date").to_numpy(), "hour": (minute // 60).astype(int)}
    )
    log["weekday"] = log["date"].dt.day_of_week
    for name in more:
        if name == "answered":
            log[name] = need_true_false(calls[name], name)
        elif name == "wait_minutes":
            log[name] = need_numbers(calls[name], name, minimum=0)
        else:
            log[name] = calls[name].to_numpy()
    if "handling_minutes" in more:
        if not log["answered"].any():
            raise CrmkitError("answered: no call was answered, so nothing says how long one takes.")
        talked = calls["handling_minutes"][log["answered"].to_numpy()]
        need_numbers(talked, "handling_minutes (of answered calls)", minimum=0)
    return log


def _by(by: str | Sequence[str]) -> list[str]:
    keys = [by] if isinstance(by, str) else list(by)
    if not keys or not set(keys) <= {"weekday", "hour"} or "hour" not in keys:
        raise CrmkitError(f"by is 'hour', or ['weekday', 'hour'], not {by!r}.")
    return keys


def _days_by_hour(log: pd.DataFrame, values: dict[str, Any]) -> dict[str, pd.DataFrame]:
    """Sums by date (rows) and hour (columns); an hour of an open day without calls counts as zero."""
    hours = range(int(log["hour"].min()), int(log["hour"].max()) + 1)
    table = log[["date", "hour"]].assign(**values).groupby(["date", "hour"])[list(values)].sum()
    return {
        name: table[name].unstack(fill_value=0).reindex(columns=hours, fill_value=0)
        for name in values
    }


def arrival_profile(
    calls: pd.DataFrame, *, by: str | Sequence[str] = "hour", level: float = 0.95
) -> pd.DataFrame:
    """Count calls by hour of the day, given up ones included, with the load that they bring.

    Parameters
    ----------
    calls
        One row per call: ``date``, ``minute`` (of the day), ``answered``, ``handling_minutes`` (of answered calls).
        A day on which the desk was open has a call at least.
    by
        "hour", or ["weekday", "hour"] (0 is Monday).
    level
        Share of samples in which the interval holds the truth.

    Returns
    -------
    DataFrame
        One row per hour: ``hour`` (and ``weekday``), ``days``, ``calls`` (the mean of the days), ``low``, ``high``
        (Student's t over the days), ``dispersion`` (variance over mean: 1 where calls are independent at one rate,
        above it where whole days are busier than others), ``handling_minutes`` (mean of the whole log: it hardly
        depends on the hour), ``load`` (erlangs: calls times handling time in hours).

    Raises
    ------
    CrmkitError
        Missing columns or values; nothing was answered; times outside the day.

    References
    ----------
    Student (1908), Biometrika 6; Gans, Koole & Mandelbaum (2003), section 6.3, for days that differ.

    Examples
    --------
    >>> calls = pd.DataFrame({"date": ["2025-05-05"] * 3 + ["2025-05-06"], "minute": [545, 550, 601, 540],
    ...     "answered": True, "handling_minutes": 6.0})
    >>> arrival_profile(calls)[["hour", "calls", "load"]].values.tolist()
    [[9.0, 1.5, 0.15], [10.0, 0.5, 0.05]]
    """
    need_probability(level, "level")
    keys = _by(by)
    log = _log(calls, "answered", "handling_minutes")
    handling = float(log.loc[log["answered"], "handling_minutes"].mean())
    counts = _days_by_hour(log, {"calls": 1})["calls"].stack().rename("calls").reset_index()
    counts["weekday"] = pd.to_datetime(counts["date"]).dt.day_of_week
    found = counts.groupby(keys)["calls"].agg(["size", "mean", "var"]).reset_index()
    days, mean, variance = (found[name].to_numpy(float) for name in ("size", "mean", "var"))
    with np.errstate(invalid="ignore", divide="ignore"):
        t = np.array([critical_value(level, n - 1) if n > 1 else np.nan for n in days])
        half = np.where(variance > 0, t * np.sqrt(variance / days), np.nan)
        dispersion = variance / mean
    return pd.DataFrame(
        {
            **{key: found[key] for key in keys},
            "days": found["size"],
            "calls": mean,
            "low": np.maximum(mean - half, 0),
            "high": mean + half,
            "dispersion": dispersion,
            "handling_minutes": handling,
            "load": mean * handling / 60,
        }
    )


def service_by_hour(
    calls: pd.DataFrame,
    staff: pd.DataFrame | None = None,
    *,
    within_seconds: float = 60,
    level: float = 0.95,
) -> pd.DataFrame:
    """Count who was answered within a promise, and who gave up, by hour of the day.

    A caller who gave up was not answered: he or she counts in the whole, and not in the part that was answered in
    time.

    Parameters
    ----------
    calls
        As for `arrival_profile`, with ``wait_minutes`` (until answered or given up); ``handling_minutes`` only with
        `staff`.
    staff
        One row per day and hour: ``date``, ``hour``, ``agents``. Adds the agents and how busy they were.
    within_seconds
        The promise.
    level
        Share of samples in which the intervals hold the truth.

    Returns
    -------
    DataFrame
        One row per hour: ``hour``, ``calls`` (a day), ``within`` (share of all calls), ``low``, ``high``,
        ``gave_up`` (share of all calls), ``gave_up_low``, ``gave_up_high``, ``mean_wait_seconds`` (of all calls);
        with `staff`: ``agents`` (the mean of the days) and ``occupancy`` (minutes of handling over minutes of
        agents). The intervals take each day as one unit.

    Raises
    ------
    CrmkitError
        As `arrival_profile`; an hour of the calls without staff.

    References
    ----------
    Cochran (1977), section 6.3: ratio of two sums, linearised, on the logit scale.

    Examples
    --------
    >>> calls = pd.DataFrame({"date": ["2025-05-05"] * 2 + ["2025-05-06"] * 2, "minute": 545,
    ...     "answered": [True, True, True, False], "wait_minutes": [0.5, 3, 0, 2], "handling_minutes": 6.0})
    >>> service_by_hour(calls)[["within", "gave_up"]].values.tolist()
    [[0.5, 0.25]]
    """
    need_number(within_seconds, "within_seconds", minimum=0)
    log = _log(calls, "answered", "wait_minutes", *([] if staff is None else ["handling_minutes"]))
    talked = log.get("handling_minutes", 0.0)
    in_time = log["answered"] & (log["wait_minutes"] <= within_seconds / 60 + 1e-9)
    sums = _days_by_hour(
        log,
        {
            "calls": 1,
            "within": in_time.astype(int),
            "gave_up": (~log["answered"]).astype(int),
            "wait": log["wait_minutes"],
            "busy": np.where(log["answered"], talked, 0.0),
        },
    )
    rows = []
    for hour in sums["calls"].columns:
        n = sums["calls"][hour]
        within = ratio_interval(sums["within"][hour], n, level=level)
        left = ratio_interval(sums["gave_up"][hour], n, level=level)
        wait = 60 * sums["wait"][hour].sum() / n.sum() if n.sum() else np.nan
        rows.append((hour, n.mean(), *within, *left, wait))
    names = ["hour", "calls", "within", "low", "high", "gave_up", "gave_up_low", "gave_up_high"]
    table = pd.DataFrame(rows, columns=[*names, "mean_wait_seconds"])
    if staff is not None:
        duty = _duty(staff, table["hour"])
        table["agents"] = duty.groupby("hour")["agents"].mean().reindex(table["hour"]).to_numpy()
        days = len(sums["calls"])
        table["occupancy"] = sums["busy"].sum().to_numpy() / (60 * days * table["agents"])
    return table


def _duty(staff: pd.DataFrame, hours: pd.Series) -> pd.DataFrame:
    """Staff by day and hour, checked."""
    need_rows(staff, ["date", "hour", "agents"], "staff")
    duty = pd.DataFrame(
        {
            "date": need_dates(staff["date"], "date"),
            "hour": need_numbers(staff["hour"], "hour").astype(int),
            "agents": need_numbers(staff["agents"], "agents", minimum=0).astype(int),
        }
    )
    lacking = sorted(set(hours) - set(duty["hour"]))
    if lacking:
        raise CrmkitError(
            f"staff: nobody is on duty at hour {first_few(lacking)}, in which calls came. Add these hours."
        )
    return duty


def patience(calls: pd.DataFrame, *, level: float = 0.95) -> pd.Series:
    """Estimate how long callers are willing to wait, on average.

    Who was answered would have waited longer, we do not know how long. So the mean wait of those who gave up is far
    too short. If patience is exponential, the best estimate is the waiting time of *all* calls over the number who
    gave up.

    Parameters
    ----------
    calls
        One row per call: ``date``, ``minute``, ``answered``, ``wait_minutes``.
    level
        Share of samples in which the interval holds the truth.

    Returns
    -------
    Series
        ``estimate`` (minutes), ``low``, ``high`` (ratio of two sums over days, on the log scale), ``gave_up``
        (calls), ``of_those_who_gave_up`` (their mean wait: not their patience).

    Raises
    ------
    CrmkitError
        Missing columns or values; nobody gave up.

    References
    ----------
    Brown et al. (2005), JASA 100, section 4; Cochran (1977), section 6.3.

    Examples
    --------
    >>> calls = pd.DataFrame({"date": ["2025-05-05", "2025-05-05", "2025-05-06"], "minute": 600,
    ...     "answered": [True, False, False], "wait_minutes": [4.0, 1.0, 2.0]})
    >>> patience(calls)[["estimate", "of_those_who_gave_up"]].tolist()
    [3.5, 1.5]
    """
    log = _log(calls, "answered", "wait_minutes")
    left = ~log["answered"]
    if not left.any():
        raise CrmkitError("answered: nobody gave up, so nothing says how patient callers are.")
    days = pd.DataFrame(
        {"date": log["date"], "wait": log["wait_minutes"], "left": left.astype(int)}
    )
    sums = days.groupby("date")[["wait", "left"]].sum()
    middle, low, _ = ratio_interval(sums["wait"], sums["left"], level=level, share=False)
    times = np.exp((middle - low) / middle) if middle > 0 else np.nan
    return pd.Series(
        {
            "estimate": middle,
            "low": middle / times,
            "high": middle * times,
            "gave_up": int(left.sum()),
            "of_those_who_gave_up": float(log.loc[left, "wait_minutes"].mean()),
        }
    )


def weekday_hours(calls: pd.DataFrame, staff: pd.DataFrame) -> pd.DataFrame:
    """Give for each day and hour of the log the staff on duty and the calls that its weekday lets expect.

    Examples
    --------
    >>> calls = pd.DataFrame({"date": ["2025-05-05", "2025-05-12"], "minute": [540, 541], "answered": True,
    ...     "handling_minutes": 5.0})
    >>> staff = pd.DataFrame({"date": ["2025-05-05", "2025-05-12"], "hour": 9, "agents": [2, 3]})
    >>> weekday_hours(calls, staff)[["agents", "calls"]].values.tolist()
    [[2.0, 1.0], [3.0, 1.0]]
    """
    profile = arrival_profile(calls, by=["weekday", "hour"])
    duty = _duty(staff, profile["hour"])
    duty["weekday"] = duty["date"].dt.day_of_week
    return duty.merge(profile, on=["weekday", "hour"])


__all__ = ["arrival_profile", "patience", "service_by_hour", "weekday_hours"]
