"""How likely is a silent customer to come back? Gaps between purchases, and the return curve.

Business context
    Nobody tells a shop that he has left. All there is to see is silence, and silence means something else
    after a week than
    after a year. The return curve puts a number on it: of those who have been silent for d days, which share
    buys again
    within the next h days?

The catch
    The gap that is still open on the last day of the data has no known length: it is *right censored*.
    Leaving it out keeps
    only gaps that ended, and so makes customers look livelier than they are; counting it as "never returned"
    does the
    opposite. The Kaplan-Meier estimator uses each open gap for exactly as long as it was watched.

Sources
    Kaplan & Meier (1958), J. Amer. Statist. Assoc. 53(282); Greenwood (1926) for its variance; Kalbfleisch &
    Prentice
    (2002), The Statistical Analysis of Failure Time Data, 1.4, for the log-log interval.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.stats import norm

from crmkit.errors import CrmkitError
from crmkit.inputs import (
    need_dates,
    need_known,
    need_numbers,
    need_probability,
    need_rows,
)


def last_day(orders: pd.DataFrame, as_of: object = None) -> pd.Timestamp:
    """Give the day as of which customers are looked at: `as_of`, or the last order's day.

    Parameters
    ----------
    orders
        With ``order_date``.
    as_of
        A day inside the data, or at most a month after the last order (a small shop has days without one).

    Returns
    -------
    Timestamp

    Raises
    ------
    CrmkitError
        If `as_of` lies before the first order or more than a month after the last: silence would be the
        data's, not the customers'.

    Examples
    --------
    >>> last_day(pd.DataFrame({"order_date": ["2025-01-05", "2025-03-01"]}))
    Timestamp('2025-03-01 00:00:00')
    """
    dates = need_dates(need_rows(orders, ["order_date"], "orders")["order_date"], "order_date")
    if as_of is None:
        return dates.max()
    day = pd.Timestamp(as_of).normalize()
    if not dates.min() <= day <= dates.max() + pd.Timedelta(days=31):
        raise CrmkitError(
            f"as_of: {day:%Y-%m-%d} lies outside the data, which run from {dates.min():%Y-%m-%d} to "
            f"{dates.max():%Y-%m-%d}. Everybody would look asleep for want of data. Choose a day inside."
        )
    return day


def purchase_gaps(orders: pd.DataFrame, as_of: object = None) -> pd.DataFrame:
    """List every gap between two purchase days of a customer, the last one still open.

    Parameters
    ----------
    orders
        ``customer_id``, ``order_date``. Several orders on one day count as one purchase day.
    as_of
        End of the observation; orders after it are not looked at. Default: day of the last order.

    Returns
    -------
    DataFrame
        One row per gap, by customer and start: ``customer_id``, ``number`` (1 = gap after the first purchase),
        ``start_date``, ``gap_days`` (length; of an open gap: so far), ``returned`` (False = still open,
        censored).

    Raises
    ------
    CrmkitError
        Missing columns, unreadable dates, `as_of` outside the data.

    Examples
    --------
    >>> orders = pd.DataFrame({"customer_id": [1, 1, 2], "order_date": ["2025-01-01", "2025-01-11",
    ...     "2025-01-06"]})
    >>> purchase_gaps(orders, "2025-01-31")[["customer_id", "gap_days", "returned"]].values.tolist()
    [[1, 10, True], [1, 20, False], [2, 25, False]]
    """
    need_rows(orders, ["customer_id", "order_date"], "orders")
    need_known(orders["customer_id"], "customer_id")
    end = last_day(orders, as_of)
    days = pd.DataFrame(
        {
            "customer_id": orders["customer_id"].to_numpy(),
            "start_date": need_dates(orders["order_date"], "order_date").to_numpy(),
        }
    )
    days = (
        days[days["start_date"] <= end].drop_duplicates().sort_values(["customer_id", "start_date"])
    )
    following = days.groupby("customer_id")["start_date"].shift(-1)
    days["gap_days"] = (following.fillna(end) - days["start_date"]).dt.days
    days["returned"] = following.notna()
    days.insert(1, "number", days.groupby("customer_id").cumcount() + 1)
    return days.reset_index(drop=True)


def kaplan_meier(
    durations: Sequence[float], ended: Sequence[bool], level: float = 0.95
) -> pd.DataFrame:
    """Estimate the share still away after each duration, open gaps included as long as they were watched.

    Parameters
    ----------
    durations
        Length of each gap, in days (or any unit); of an open gap: so far.
    ended
        Whether the gap ended with a purchase. False = censored.
    level
        Of the log-log interval.

    Returns
    -------
    DataFrame
        One row per distinct duration, first row at 0: ``duration``, ``at_risk`` (gaps watched at least that
        long),
        ``returned``, ``away`` (estimated share still away after it), ``low``, ``high``, and ``greenwood``
        (the running sum in Greenwood's variance).

    Raises
    ------
    CrmkitError
        Different lengths, negative or missing durations.

    Examples
    --------
    >>> kaplan_meier([1, 2, 2, 3], [True, True, False, True])["away"].round(2).tolist()
    [1.0, 0.75, 0.5, 0.0]
    """
    values = need_numbers(pd.Series(np.asarray(durations)), "durations", minimum=0)
    events = np.asarray(ended, dtype=bool)
    if len(events) != len(values):
        raise CrmkitError(f"durations and ended differ in length: {len(values)} and {len(events)}.")
    need_probability(level, "level")
    whole = values.astype(np.int64)
    if len(values) and whole.max() < 1_000_000 and (whole == values).all():
        # Days are whole numbers: counting them needs no sorting.
        leaving, returned = np.bincount(whole), np.bincount(whole, weights=events)
        times = np.flatnonzero(leaving + (np.arange(len(leaving)) == 0)).astype(float)
        leaving, returned = leaving[times.astype(int)], returned[times.astype(int)]
    else:
        times, which = np.unique(np.append(values, 0.0), return_inverse=True)
        leaving = np.bincount(which[:-1], minlength=len(times))
        returned = np.bincount(which[:-1], weights=events, minlength=len(times))
    at_risk = len(values) - np.append(0, leaving.cumsum()[:-1])
    with np.errstate(divide="ignore", invalid="ignore"):
        away = np.cumprod(1 - returned / at_risk)
        greenwood = np.cumsum(returned / (at_risk * (at_risk - returned)))
        spread = norm.ppf((1 + level) / 2) * np.sqrt(greenwood) / np.log(away)
        lower, upper = away ** np.exp(-spread), away ** np.exp(spread)
    edge = (away == 1) | (away == 0)
    return pd.DataFrame(
        {
            "duration": times,
            "at_risk": at_risk,
            "returned": returned.astype(int),
            "away": away,
            "low": np.where(edge, away, lower),
            "high": np.where(edge, away, upper),
            "greenwood": greenwood,
        }
    )


def return_curve(
    gaps: pd.DataFrame,
    horizon_days: float = 60,
    *,
    by: str | None = None,
    at_most: float | None = None,
    step: float = 1,
    length: str = "gap_days",
    level: float = 0.95,
) -> pd.DataFrame:
    """Estimate the chance to come back within `horizon_days`, by days of silence so far.

    The chance is ``1 - away(d + h) / away(d)``, with Greenwood's variance between d and d + h.

    Parameters
    ----------
    gaps
        From :func:`purchase_gaps`: `length`, ``returned``, and `by` if given.
    horizon_days
        How far ahead one looks, in the unit of `length`.
    by
        Column of a segment: one curve for each of its values.
    at_most
        Longest silence shown. Default: as far as the data reach for the whole horizon.
    step
        Distance between two rows, in the unit of `length`.
    length
        Column with the gaps' lengths (``rhythm`` for lengths in units of the customer's own rhythm).
    level
        Of the interval.

    Returns
    -------
    DataFrame
        One row per length of silence: (`by`,) ``silent_days``, ``at_risk`` (gaps that lasted so long),
        ``chance``, ``low``,
        ``high``. Rows end where fewer than ten gaps are still watched.

    Raises
    ------
    CrmkitError
        Missing columns; data too short for the horizon.

    Notes
    -----
    A customer with many purchases has many gaps, so the curve speaks of gaps and not of customers, and gaps
    of one person
    resemble each other: the interval is a little too narrow.

    Examples
    --------
    >>> gaps = pd.DataFrame({"gap_days": range(1, 101), "returned": True})
    >>> return_curve(gaps, 10, at_most=50).set_index("silent_days")["chance"].round(2)[[0, 50]].tolist()
    [0.1, 0.2]
    """
    columns = [length, "returned"] + ([by] if by else [])
    need_rows(gaps, columns, "gaps")
    if horizon_days <= 0 or step <= 0:
        raise CrmkitError(
            f"horizon_days and step must be above 0, not {horizon_days!r} and {step!r}."
        )
    if by:
        need_known(gaps[by], by)
        parts = []
        for value, part in gaps.groupby(by, observed=True):
            try:
                curve = return_curve(
                    part,
                    horizon_days,
                    at_most=at_most,
                    step=step,
                    length=length,
                    level=level,
                )
            except CrmkitError as error:
                raise CrmkitError(f"{by} {value!r} ({len(part)} gaps): {error}") from None
            parts.append(curve.assign(**{by: value}))
        curve = pd.concat(parts, ignore_index=True)
        return curve[[by, *curve.columns.drop(by)]]
    steps = kaplan_meier(gaps[length], gaps["returned"], level)
    times = steps["duration"].to_numpy()
    watched = len(gaps) - np.searchsorted(
        np.sort(gaps[length].to_numpy(dtype=float)), times, side="left"
    )
    reach = times[watched >= min(10, len(gaps))].max()
    longest = reach - horizon_days if at_most is None else min(at_most, reach - horizon_days)
    if longest < 0:
        raise CrmkitError(
            f"gaps: they were watched for at most {reach:g}, which is shorter than the horizon of "
            f"{horizon_days:g}. Choose a shorter horizon or bring a longer history."
        )
    silent = np.arange(0, longest + step / 1e6, step)
    now = np.searchsorted(times, silent, side="right") - 1
    then = np.searchsorted(times, silent + horizon_days, side="right") - 1
    away, sums = steps["away"].to_numpy(), steps["greenwood"].to_numpy()
    z = norm.ppf((1 + level) / 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        stay = away[then] / away[now]
        spread = z * np.sqrt(sums[then] - sums[now]) / np.log(stay)
        low, high = 1 - stay ** np.exp(spread), 1 - stay ** np.exp(-spread)
    edge = ~((stay > 0) & (stay < 1))
    chance = 1 - stay
    at_risk = len(gaps) - np.searchsorted(
        np.sort(gaps[length].to_numpy(dtype=float)), silent, side="right"
    )
    return pd.DataFrame(
        {
            "silent_days": silent if step % 1 else silent.astype(int),
            "at_risk": at_risk,
            "chance": chance,
            "low": np.where(edge, chance, low),
            "high": np.where(edge, chance, high),
        }
    )


def naive_return_share(gaps: pd.DataFrame, within_days: float) -> pd.DataFrame:
    """Compare three ways to count who comes back within so many days: only one treats open gaps rightly.

    Parameters
    ----------
    gaps
        From :func:`purchase_gaps`.
    within_days
        Days.

    Returns
    -------
    DataFrame
        Index ``way``: "open gaps left out", "open gaps counted as lost", "Kaplan-Meier"; column ``share``.

    Examples
    --------
    >>> gaps = pd.DataFrame({"gap_days": [5, 20, 8, 30], "returned": [True, True, False, False]})
    >>> naive_return_share(gaps, 10)["share"].round(2).tolist()
    [0.5, 0.25, 0.25]
    """
    need_rows(gaps, ["gap_days", "returned"], "gaps")
    back = gaps["returned"] & (gaps["gap_days"] <= within_days)
    steps = kaplan_meier(gaps["gap_days"], gaps["returned"])
    away = steps.loc[steps["duration"] <= within_days, "away"].iloc[-1]
    ended = gaps["returned"].sum()
    return pd.DataFrame(
        {"share": [back.sum() / ended if ended else np.nan, back.mean(), 1 - away]},
        index=pd.Index(
            ["open gaps left out", "open gaps counted as lost", "Kaplan-Meier"], name="way"
        ),
    )
