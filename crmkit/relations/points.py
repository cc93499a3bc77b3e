"""Points of a loyalty programme: how many are never redeemed, what is still owed, and what a point must move to pay.

Problem
    A point that was given out is a promise. Some of the promises expire (breakage). What will the others cost, and by
    how much must members' spending rise before points pay?

Definitions
    Breakage is the share of the points earned that expire. The liability is what the outstanding points are expected
    to cost: the points that will be redeemed in the end (those earned, times one less the breakage of older points)
    less those redeemed already.

Sources
    IFRS 15, B44 to B47 (breakage of customers' unexercised rights); Cochran (1977) Sampling Techniques, section 6.3
    (ratio of sums over members).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inference import critical_value, ratio_interval, tells_spread
from crmkit.inputs import need_known, need_number, need_numbers, need_probability, need_rows
from crmkit.say import labels

_WAYS = ("redeemed", "expired", "outstanding")

# How what is owed was worked out, for readers of other languages.
labels("every point", "expected to be redeemed")


def _years(points: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Points whose time is over, and those that can still be redeemed; one row per member."""
    need_rows(points, ["person_id", "year", "earned", *_WAYS], "points")
    need_known(points["person_id"], "person_id")
    table = points[["person_id", "year"]].copy()
    for name in ("earned", *_WAYS):
        table[name] = need_numbers(points[name], name, minimum=0)
    off = (table["earned"] - table[list(_WAYS)].sum(axis=1)).abs() > 1e-6
    if off.any():
        raise CrmkitError(
            f"earned: {int(off.sum())} rows are not the sum of redeemed, expired and outstanding points, first in row "
            f"{int(np.flatnonzero(off)[0])}. Each point earned goes one of these three ways."
        )
    still = table.groupby("year")["outstanding"].transform("sum") > 0
    old, new = table[~still], table[still]
    if not len(old) or old["earned"].sum() <= 0:
        raise CrmkitError(
            "outstanding: in every year some points can still be redeemed. Breakage shows only when a year is over."
        )
    return old, new


def breakage(points: pd.DataFrame, *, level: float = 0.95) -> pd.Series:
    """Estimate which share of points is never redeemed, from the years whose points have all ended.

    Parameters
    ----------
    points
        One row per member and year of earning: ``person_id``, ``year``, ``earned``, and where these points are now:
        ``redeemed``, ``expired``, ``outstanding``. Years with outstanding points are left out: theirs may still go
        either way.
    level
        Share of samples in which the interval holds the truth.

    Returns
    -------
    Series
        ``members``, ``earned``, ``redeemed``, ``expired``, ``estimate`` (expired over earned), ``low``, ``high``.

    Notes
    -----
    A ratio of sums over members, linearised, on the logit scale: a member's points end together, so members are
    counted and not points.

    Examples
    --------
    >>> points = pd.DataFrame({"person_id": [1, 2, 3, 1], "year": [1, 1, 1, 2], "earned": [300, 200, 100, 50],
    ...     "redeemed": [250, 150, 0, 0], "expired": [50, 50, 100, 0], "outstanding": [0, 0, 0, 50]})
    >>> float(round(breakage(points)["estimate"], 3))
    0.333
    """
    old, _ = _years(points)
    each = old.groupby("person_id", sort=True)[["earned", "redeemed", "expired"]].sum()
    found = ratio_interval(each["expired"], each["earned"], level=level)
    return pd.Series(
        {
            "members": len(each),
            **each.sum().to_dict(),
            "estimate": found.estimate,
            "low": found.low,
            "high": found.high,
        }
    )


def points_liability(
    points: pd.DataFrame, point_value: float, *, level: float = 0.95
) -> pd.DataFrame:
    """Say what the outstanding points will cost: all of them, and those that can be expected to be redeemed.

    Parameters
    ----------
    points
        As for :func:`breakage`, with at least one year whose points have ended and one whose have not.
    point_value
        What a redeemed point costs.
    level
        Share of samples in which the interval holds what comes.

    Returns
    -------
    DataFrame
        Two rows: ``way`` ("every point", "expected to be redeemed"), ``points``, ``cost``, ``low``, ``high`` (of the
        cost; missing for the first).

    Notes
    -----
    Points still to be redeemed = points earned x (1 - breakage) - points redeemed already. Taking 1 - breakage of the
    *outstanding* points would be too much: those who redeem readily have done so. The interval is one for what comes:
    it allows for the estimate of the breakage and for what the members will do. It takes the members' habits of the
    two years as independent, which makes it wide rather than narrow.

    Examples
    --------
    >>> points = pd.DataFrame({"person_id": [1, 2, 3] * 2, "year": [1, 1, 1, 2, 2, 2], "earned": [300, 200, 100] * 2,
    ...     "redeemed": [250, 150, 50, 150, 0, 0], "expired": [50, 50, 50, 0, 0, 0],
    ...     "outstanding": [0, 0, 0, 150, 200, 100]})
    >>> points_liability(points, 0.02)[["way", "points", "cost"]].values.tolist()
    [['every point', 450.0, 9.0], ['expected to be redeemed', 300.0, 6.0]]
    """
    value = need_number(point_value, "point_value", minimum=0)
    old, new = _years(points)
    if not len(new):
        raise CrmkitError("outstanding: no point is outstanding, so nothing is owed.")
    each = old.groupby("person_id", sort=True)[["earned", "redeemed"]].sum()
    used = float(each["redeemed"].sum() / each["earned"].sum())
    owed = float(new["outstanding"].sum())
    later = used * float(new["earned"].sum()) - float(new["redeemed"].sum())
    later = float(np.clip(later, 0, owed))
    off = (each["redeemed"] - used * each["earned"]).to_numpy()
    low = high = np.nan
    if len(each) > 1 and tells_spread(off):
        # Members of the open year differ by as much for each point squared as those of the old one.
        scale = float(new["earned"].sum() / each["earned"].sum())
        noise = float((off**2).sum()) * len(each) / (len(each) - 1)
        squares = float(
            (new.groupby("person_id")["earned"].sum() ** 2).sum() / (each["earned"] ** 2).sum()
        )
        half = critical_value(level, len(each) - 1) * np.sqrt(noise * (scale**2 + squares))
        low, high = max(later - half, 0.0), min(later + half, owed)
    return pd.DataFrame(
        {
            "way": ["every point", "expected to be redeemed"],
            "points": [owed, later],
            "cost": [value * owed, value * later],
            "low": [np.nan, value * low],
            "high": [np.nan, value * high],
        }
    )


def point_cost(
    margin: float, *, point_value: float, breakage: float, points_per_unit: float = 1.0
) -> pd.Series:
    """Say what points cost for each unit of spending, and by how much spending must rise before they pay.

    Parameters
    ----------
    margin
        Share of spending that is margin.
    point_value
        What a redeemed point costs.
    breakage
        Share of points that is never redeemed.
    points_per_unit
        Points for each pound, euro, ...

    Returns
    -------
    Series
        ``face`` (points times value, for each unit spent), ``cost`` (less breakage), ``cost_per_point``,
        ``share_of_margin``, ``break_even`` (rise of spending at which the programme costs nothing, as a share;
        infinite if points cost the whole margin).

    Notes
    -----
    Points are paid on **all** spending, also on what would have been bought anyway. With cost c for each unit and
    margin m: m x rise = c x (1 + rise), so rise = c / (m - c).

    Examples
    --------
    >>> point_cost(0.40, point_value=0.02, breakage=0.2).round(4).tolist()
    [0.02, 0.016, 0.016, 0.04, 0.0417]
    """
    share = need_probability(margin, "margin")
    value = need_number(point_value, "point_value", minimum=0)
    broken = need_number(breakage, "breakage", minimum=0, maximum=1)
    face = value * need_number(points_per_unit, "points_per_unit", minimum=0)
    cost = face * (1 - broken)
    return pd.Series(
        {
            "face": face,
            "cost": cost,
            "cost_per_point": value * (1 - broken),
            "share_of_margin": cost / share,
            "break_even": cost / (share - cost) if cost < share else np.inf,
        }
    )
