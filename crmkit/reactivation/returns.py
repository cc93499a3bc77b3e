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
    Kaplan & Meier (1958), J. Amer. Statist. Assoc. 53(282). Interval for independent gaps: beta product, mid-p (Fay &
    Brittain 2016, Statistics in Medicine 35; Fay, Brittain & Proschan 2013, Biostatistics 14(4)). Interval where a
    customer gives several gaps: customers are drawn with all their gaps (Field & Welsh 2007, JRSS B 69), and the spread
    of the draws is taken on the scale log(-log) (Kalbfleisch & Prentice 2002, 1.4), so that it stays between 0 and 1.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inference import beta_product, beta_product_ends, cluster_numbers, critical_value
from crmkit.inputs import (
    Moment,
    generator,
    need_count,
    need_date,
    need_dates,
    need_known,
    need_number,
    need_numbers,
    need_probability,
    need_rows,
    need_true_false,
)


def last_day(orders: pd.DataFrame, as_of: Moment | None = None) -> pd.Timestamp:
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
    day = need_date(as_of)
    if not dates.min() <= day <= dates.max() + pd.Timedelta(days=31):
        raise CrmkitError(
            f"as_of: {day:%Y-%m-%d} lies outside the data, which run from {dates.min():%Y-%m-%d} to "
            f"{dates.max():%Y-%m-%d}. Everybody would look asleep for want of data. Choose a day inside."
        )
    return day


def purchase_gaps(orders: pd.DataFrame, as_of: Moment | None = None) -> pd.DataFrame:
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
    orders = need_rows(orders, ["customer_id", "order_date"], "orders")
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
        Whether the gap ended with a purchase: True and False, or 1 and 0. False = censored.
    level
        Of the interval, which takes the gaps for independent: one gap a customer. For several gaps a customer see
        :func:`return_curve`.

    Returns
    -------
    DataFrame
        One row per distinct duration, first row at 0: ``duration``, ``at_risk`` (gaps watched at least that
        long), ``returned``, ``away`` (estimated share still away after it), ``low``, ``high`` (beta product, mid-p: it
        has width where nobody has returned yet, or everybody has).

    Raises
    ------
    CrmkitError
        Different lengths, negative or missing durations, flags that are text or missing.

    Examples
    --------
    >>> kaplan_meier([1, 2, 2, 3], [True, True, False, True])["away"].round(2).tolist()
    [1.0, 0.75, 0.5, 0.0]
    """
    values = need_numbers(durations, "durations", minimum=0)
    events = need_true_false(ended, "ended")
    if len(events) != len(values):
        raise CrmkitError(f"durations and ended differ in length: {len(values)} and {len(events)}.")
    need_probability(level, "level")
    times, which = np.unique(np.append(values, 0.0), return_inverse=True)
    leaving = np.bincount(which[:-1], minlength=len(times))
    returned = np.bincount(which[:-1], weights=events, minlength=len(times))
    at_risk, away = _product_limit(leaving, returned)
    low, high = beta_product(at_risk, returned, at_risk - leaving, level=level, mid=True)
    if returned[0] == 0:  # nobody can have returned before a gap began
        low[0] = high[0] = 1.0
    return pd.DataFrame(
        {
            "duration": times,
            "at_risk": at_risk.astype(int),
            "returned": returned.astype(int),
            "away": away,
            "low": low,
            "high": high,
        }
    )


def _product_limit(leaving: np.ndarray, returned: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give how many are watched at each time, and the share still away after it; the last axis is time."""
    gone = np.cumsum(leaving, axis=-1)
    at_risk = gone[..., -1:] - gone + leaving
    stay = 1 - np.divide(
        returned, at_risk, out=np.zeros(np.shape(at_risk), dtype=float), where=at_risk > 0
    )
    return at_risk, np.cumprod(stay, axis=-1)


class _Curve:
    """Chance to return by silence so far, for any weights of the customers."""

    def __init__(
        self,
        gaps: pd.DataFrame,
        horizon_days: float,
        at_most: float | None,
        step: float,
        length: str,
    ) -> None:
        values = need_numbers(gaps[length], length, minimum=0)
        events = need_true_false(gaps["returned"], "returned")
        self.times, self.which = np.unique(np.append(values, 0.0), return_inverse=True)
        self.which, self.events = self.which[:-1], events
        ranked = np.sort(values)
        watched = len(gaps) - np.searchsorted(ranked, self.times, side="left")
        reach = self.times[watched >= min(10, len(gaps))].max()
        longest = reach - horizon_days if at_most is None else min(at_most, reach - horizon_days)
        if longest < 0:
            raise CrmkitError(
                f"gaps: they were watched for at most {reach:g}, which is shorter than the horizon of "
                f"{horizon_days:g}. Choose a shorter horizon or bring a longer history."
            )
        self.silent = np.arange(0, longest + step / 1e6, step)
        self.now = np.searchsorted(self.times, self.silent, side="right") - 1
        self.then = np.searchsorted(self.times, self.silent + horizon_days, side="right") - 1
        self.at_risk = len(gaps) - np.searchsorted(ranked, self.silent, side="right")
        # Without a customer's name each gap speaks for itself.
        people = gaps["customer_id"] if "customer_id" in gaps else pd.Series(range(len(gaps)))
        self.who, self.customers = cluster_numbers(people, len(gaps))

    def stay(self, weight: np.ndarray | None = None) -> np.ndarray:
        """Chance to stay away for the whole horizon, by silence; missing where nobody is left."""
        n = len(self.times)
        leaving = np.bincount(self.which, weight, n).astype(float)
        ended = self.events if weight is None else weight * self.events
        away = _product_limit(leaving, np.bincount(self.which, ended, n))[1]
        now = away[self.now]
        return np.divide(away[self.then], now, out=np.full(len(now), np.nan), where=now > 0)

    def draws(self, number: int, seed: int | np.random.Generator) -> np.ndarray:
        """`stay`, each time with the customers drawn again with all their gaps."""
        rng = generator(seed)
        out = []
        for _ in range(number):
            picked = rng.integers(0, self.customers, self.customers)
            times = np.bincount(picked, minlength=self.customers).astype(float)
            out.append(self.stay(times[self.who]))
        return np.array(out)

    def edges(self, places: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
        """Beta products of the gaps watched from each silence on: for where hardly anybody returns, or stays."""
        low, high = np.full(len(places), np.nan), np.full(len(places), np.nan)
        leaving = np.bincount(self.which, minlength=len(self.times))
        ended = np.bincount(self.which, self.events, len(self.times))
        risk = _product_limit(leaving, ended)[0]
        left = risk - leaving
        known: list[int] = []
        curves: list[tuple[np.ndarray, np.ndarray, np.ndarray | None]] = []
        for row, place in enumerate(places):
            since, until = self.now[place] + 1, self.then[place] + 1
            watched = leaving[since:].sum()
            if not watched:
                continue
            known.append(row)
            if until <= since:  # nobody came or went out of sight within the horizon
                curves.append((np.array([watched]), np.array([0]), None))
            else:
                upto = slice(since, until)
                curves.append((risk[upto], ended[upto], left[upto]))
        if known:
            low[known], high[known] = beta_product_ends(curves, level=level, mid=True)
        return low, high


def return_curve(
    gaps: pd.DataFrame,
    horizon_days: float = 60,
    *,
    by: str | None = None,
    at_most: float | None = None,
    step: float = 1,
    length: str = "gap_days",
    level: float = 0.95,
    draws: int = 200,
    seed: int | np.random.Generator = 0,
) -> pd.DataFrame:
    """Estimate the chance to come back within `horizon_days`, by days of silence so far.

    The chance is ``1 - away(d + h) / away(d)``.

    Parameters
    ----------
    gaps
        From :func:`purchase_gaps`: ``customer_id``, `length`, ``returned``, and `by` if given. Without
        ``customer_id`` every gap counts as another customer's.
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
    draws, seed
        How often customers are drawn again for the interval. 0 gives no interval (``low`` and ``high`` are missing)
        in a small part of the time: enough where only the lines are wanted.

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
    of one person resemble each other: the interval comes from drawing *customers* again (cluster bootstrap). Where
    draws hit 0 or 1, few returns are all there is, and the interval is the beta product's (see :func:`kaplan_meier`).

    Examples
    --------
    >>> gaps = pd.DataFrame({"gap_days": range(1, 101), "returned": True})
    >>> return_curve(gaps, 10, at_most=50).set_index("silent_days")["chance"].round(2)[[0, 50]].tolist()
    [0.1, 0.2]
    """
    columns = [length, "returned"] + ([by] if by else [])
    need_rows(gaps, columns, "gaps")
    need_number(horizon_days, "horizon_days")
    need_number(step, "step")
    if draws != 0:
        need_count(draws, "draws")
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
                    draws=draws,
                    seed=seed,
                )
            except CrmkitError as error:
                raise CrmkitError(f"{by} {value!r} ({len(part)} gaps): {error}") from None
            parts.append(curve.assign(**{by: value}))
        curve = pd.concat(parts, ignore_index=True)
        return curve[[by, *curve.columns.drop(by)]]
    z = critical_value(level)
    found = _Curve(gaps, horizon_days, at_most, step, length)
    stay = found.stay()
    low, high = _interval(found, stay, z, level, draws, seed)
    return pd.DataFrame(
        {
            "silent_days": found.silent if step % 1 else found.silent.astype(int),
            "at_risk": found.at_risk,
            "chance": 1 - stay,
            "low": low,
            "high": high,
        }
    )


def _interval(
    found: _Curve,
    stay: np.ndarray,
    z: float,
    level: float,
    draws: int,
    seed: int | np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:
    """Give both ends of the curve's interval, from customers drawn again; missing without draws."""
    if not draws:
        return np.full(len(stay), np.nan), np.full(len(stay), np.nan)
    again = found.draws(draws, seed)
    inside = (again > 0) & (again < 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = np.log(-np.log(np.where(inside, again, np.nan)))
        middle = np.log(-np.log(stay))
    usable = inside.all(axis=0) & (stay > 0) & (stay < 1)
    spread = np.full(len(stay), np.nan)
    spread[usable] = scale[:, usable].std(axis=0, ddof=1)
    usable &= spread > 1e-12
    with np.errstate(invalid="ignore", over="ignore"):
        low = 1 - np.exp(-np.exp(middle - z * spread))
        high = 1 - np.exp(-np.exp(middle + z * spread))
    below, above = found.edges(np.flatnonzero(~usable), level)
    low[~usable], high[~usable] = 1 - above, 1 - below
    return low, high


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
    ended_all = need_true_false(gaps["returned"], "returned")
    back = ended_all & (gaps["gap_days"] <= within_days)
    steps = kaplan_meier(gaps["gap_days"], gaps["returned"])
    away = steps.loc[steps["duration"] <= within_days, "away"].iloc[-1]
    ended = int(ended_all.sum())
    return pd.DataFrame(
        {"share": [back.sum() / ended if ended else np.nan, back.mean(), 1 - away]},
        index=pd.Index(
            ["open gaps left out", "open gaps counted as lost", "Kaplan-Meier"], name="way"
        ),
    )
