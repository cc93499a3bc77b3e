"""Which bond holds? Staying, leaving and money with and without a bond, through a rival's price attack.

Problem
    Customers with a bond stay longer. But who stayed long was given, or chose, a bond; some are still there when the
    watching ends; and what a bond holds shows only when somebody pulls. So: groups made by chance, curves that use
    everybody for as long as they were watched, and an attack whose depth chance decided too.

Sources
    Share still there: Kaplan & Meier (1958) with Greenwood's variance on the scale log(-log) (Kalbfleisch & Prentice
    2002, 1.4). Difference of two such shares: square and add (Zou & Donner 2008, Statistics in Medicine 27). Restricted
    mean: Klein & Moeschberger (2003) Survival Analysis, 4.5; Royston & Parmar (2013) BMC Med. Research Methodology 13.
    Rates and their ratio: Breslow & Day (1987) Statistical Methods in Cancer Research II, ch. 2. Depth of the attack:
    Poisson regression with clusters (Liang & Zeger 1986). Money: Lin (2013), see `crmkit.reactivation.experiments`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inference import clustered_covariance, critical_value
from crmkit.inputs import (
    first_few,
    need_count,
    need_known,
    need_number,
    need_numbers,
    need_rows,
    need_true_false,
)
from crmkit.reactivation import adjusted_effects, effect_table
from crmkit.say import labels

QUIET, ATTACK, BOTH = labels("before the attack", "under attack", "both together")
#: The columns of margin and cost of each period of the study.
PERIODS: dict[str, tuple[str, str]] = {
    QUIET: ("margin_quiet", "cost_quiet"),
    ATTACK: ("margin_attack", "cost_attack"),
}


class _Curve(NamedTuple):
    """A Kaplan-Meier curve on whole weeks: at place w what is known after week w."""

    at_risk: np.ndarray
    left: np.ndarray
    stay: np.ndarray
    greenwood: np.ndarray  # variance of log stay


def _curve(weeks: np.ndarray, left: np.ndarray, last: int) -> _Curve:
    """The curve of one group, up to week `last`."""
    ended = np.bincount(weeks, minlength=last + 1)
    gone = np.bincount(weeks, left, minlength=last + 1)[: last + 1]
    at_risk = len(weeks) - np.cumsum(ended)[: last + 1] + ended[: last + 1]
    with np.errstate(divide="ignore", invalid="ignore"):
        stay = np.where(at_risk > 0, 1 - gone / at_risk, np.nan).cumprod()
        greenwood = np.where(gone > 0, gone / (at_risk * (at_risk - gone)), 0.0).cumsum()
    return _Curve(at_risk, gone, stay, greenwood)


def _groups(
    people: pd.DataFrame, by: str, weeks: str, left: str
) -> dict[object, tuple[np.ndarray, np.ndarray]]:
    """Weeks and leaving of each group, in the order in which the groups come."""
    need_rows(people, [by, weeks, left], "people")
    need_known(people[by], by)
    length = need_numbers(people[weeks], weeks, minimum=0)
    if (length % 1 > 0).any():
        raise CrmkitError(
            f"{weeks}: whole weeks are needed. Round up: who leaves after 3.2 weeks left in week 4."
        )
    gone = need_true_false(people[left], left)
    which = people[by].to_numpy()
    return {
        name: (length[which == name].astype(int), gone[which == name])
        for name in pd.unique(people[by])
    }


def _need_control(groups: Mapping[object, object], by: str, control: object) -> None:
    if control not in groups:
        raise CrmkitError(
            f"{by}: there is no {control!r}; there are {first_few(groups, 8)}. Name the group without a bond."
        )


def _loglog(curve: _Curve, z: float) -> tuple[np.ndarray, np.ndarray]:
    """Both ends of the interval; missing where nobody has left yet, or nobody is there."""
    with np.errstate(divide="ignore", invalid="ignore"):
        inside = (curve.stay > 0) & (curve.stay < 1)
        stay = np.where(inside, curve.stay, np.nan)
        half = z * np.sqrt(curve.greenwood) / -np.log(stay)
        return stay ** np.exp(half), stay ** np.exp(-half)


def staying_curve(
    people: pd.DataFrame,
    *,
    by: str = "bond",
    weeks: str = "weeks",
    left: str = "left",
    level: float = 0.95,
) -> pd.DataFrame:
    """Estimate for each bond the share still there after each week (Kaplan-Meier).

    Somebody who moved away in week 10 counts as watched for ten weeks, and neither as a leaver nor as a stayer after
    that.

    Parameters
    ----------
    people
        One row per customer.
    by
        Column of the groups.
    weeks
        Column of whole weeks until the customer left, or until the watching ended.
    left
        Column that says which of the two it was: True, the customer left.
    level
        Of the interval at each week by itself.

    Returns
    -------
    DataFrame
        One row per group and week, from week 0 on: `by`, ``week``, ``at_risk`` (there and watched at its beginning),
        ``left`` (in this week), ``stay`` (share still there after it), ``low``, ``high`` (none where nobody has left
        yet, or all have).

    Examples
    --------
    >>> people = pd.DataFrame({"bond": "none", "weeks": [1, 2, 2, 3], "left": [True, True, False, True]})
    >>> staying_curve(people)["stay"].round(2).tolist()
    [1.0, 0.75, 0.5, 0.0]
    """
    groups = _groups(people, by, weeks, left)
    z = critical_value(level)
    parts = []
    for name, (length, gone) in groups.items():
        last = int(length.max())
        curve = _curve(length, gone, last)
        low, high = _loglog(curve, z)
        parts.append(
            pd.DataFrame(
                {
                    by: name,
                    "week": np.arange(last + 1),
                    "at_risk": curve.at_risk,
                    "left": curve.left.astype(int),
                    "stay": curve.stay,
                    "low": low,
                    "high": high,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def _until(groups: Mapping[object, tuple[np.ndarray, np.ndarray]], week: int | None) -> int:
    """The week up to which every group was watched, or the one asked for."""
    watched = min(int(length.max()) for length, _ in groups.values())
    if week is None:
        return watched
    if need_count(week, "week") > watched:
        raise CrmkitError(
            f"week: nobody of one group was watched longer than {watched} weeks. Choose a week up to that."
        )
    return week


def stay_difference(
    people: pd.DataFrame,
    week: int | None = None,
    *,
    by: str = "bond",
    control: str = "none",
    within: str | None = None,
    weeks: str = "weeks",
    left: str = "left",
    level: float = 0.95,
) -> pd.DataFrame:
    """Compare the share still there after some week with that of the customers without a bond.

    Parameters
    ----------
    people, by, weeks, left
        As for `staying_curve`.
    week
        After which week. Default: the last one up to which somebody of each group was watched.
    control
        The group without a bond.
    within
        Column whose values get a comparison each, such as how customers came to their bond.
    level
        Of each interval.

    Returns
    -------
    DataFrame
        (`within`,) `by`, ``week``, ``customers``, ``control_customers``, ``stay``, ``control_stay``, ``gap`` (the
        difference), ``low``, ``high``.

    Notes
    -----
    The interval adds the squares of the two curves' own intervals (Zou & Donner 2008), as Newcombe does for two plain
    shares.

    Examples
    --------
    >>> people = pd.DataFrame({"bond": ["none"] * 50 + ["social"] * 50, "weeks": 10,
    ...     "left": [True] * 25 + [False] * 25 + [True] * 15 + [False] * 35})
    >>> stay_difference(people)[["gap", "low", "high"]].round(2).values.tolist()
    [[0.2, 0.0, 0.38]]
    """
    if within is not None:
        need_known(need_rows(people, [within], "people")[within], within)
        parts = [
            stay_difference(
                part, week, by=by, control=control, weeks=weeks, left=left, level=level
            ).assign(**{within: value})
            for value, part in people.groupby(within, observed=True, sort=False)
        ]
        table = pd.concat(parts, ignore_index=True)
        return table[[within, *table.columns.drop(within)]]
    groups = _groups(people, by, weeks, left)
    _need_control(groups, by, control)
    at = _until(groups, week)
    z = critical_value(level)
    ends = {}
    for name, (length, gone) in groups.items():
        curve = _curve(length, gone, at)
        low, high = _loglog(curve, z)
        ends[name] = len(length), curve.stay[at], low[at], high[at]
    n0, stay0, low0, high0 = ends[control]
    rows = [
        {
            by: name,
            "week": at,
            "customers": n,
            "control_customers": n0,
            "stay": stay,
            "control_stay": stay0,
            "gap": stay - stay0,
            "low": stay - stay0 - np.hypot(stay - low, high0 - stay0),
            "high": stay - stay0 + np.hypot(high - stay, stay0 - low0),
        }
        for name, (n, stay, low, high) in ends.items()
        if name != control
    ]
    return pd.DataFrame(rows)


def mean_weeks(
    people: pd.DataFrame,
    week: int | None = None,
    *,
    by: str = "bond",
    control: str = "none",
    weeks: str = "weeks",
    left: str = "left",
    level: float = 0.95,
) -> pd.DataFrame:
    """Estimate how many weeks customers are there on average, up to some week (the restricted mean).

    It is the area below the staying curve. Unlike a ratio of rates it needs no belief about how leaving goes on, and
    it is in weeks, which can be multiplied by the margin of a week.

    Parameters
    ----------
    people, by, week, control, weeks, left
        As for `stay_difference`.
    level
        Of each interval.

    Returns
    -------
    DataFrame
        One row per group, the control too: `by`, ``customers``, ``mean_weeks``, ``error`` (its standard error),
        ``low``, ``high``, ``more`` (weeks more than the control), ``more_low``, ``more_high``.

    Notes
    -----
    Who leaves in week w was there for w weeks. No interval where nobody left: then the curve does not tell how far it
    could be off.

    Examples
    --------
    >>> people = pd.DataFrame({"bond": ["none"] * 4, "weeks": [1, 2, 3, 4], "left": [True, True, True, False]})
    >>> mean_weeks(people)[["mean_weeks", "error"]].round(2).values.tolist()
    [[2.5, 0.56]]
    """
    groups = _groups(people, by, weeks, left)
    _need_control(groups, by, control)
    at, z = _until(groups, week), critical_value(level)
    found = {}
    for name, (length, gone) in groups.items():
        curve = _curve(length, gone, at)
        # Weeks still to come after week w: the sum of the shares after weeks w, w + 1, ..., at - 1.
        ahead = np.append(curve.stay[:at][::-1].cumsum()[::-1], 0.0)
        step = np.diff(curve.greenwood, prepend=0.0)
        known = np.isfinite(step)  # where the last one left, no weeks lie ahead
        error = float(np.sqrt((ahead[known] ** 2 * step[known]).sum()))
        found[name] = len(length), float(ahead[0]), error if error > 0 else np.nan
    _, mean0, error0 = found[control]
    rows = []
    for name, (n, mean, error) in found.items():
        apart = np.nan if name == control else float(np.hypot(error, error0))
        rows.append(
            {
                by: name,
                "customers": n,
                "mean_weeks": mean,
                "error": error,
                "low": mean - z * error,
                "high": mean + z * error,
                "more": np.nan if name == control else mean - mean0,
                "more_low": mean - mean0 - z * apart,
                "more_high": mean - mean0 + z * apart,
            }
        )
    return pd.DataFrame(rows)


def leaving_rates(
    people: pd.DataFrame,
    attack_after: int = 26,
    *,
    by: str = "bond",
    control: str = "none",
    weeks: str = "weeks",
    left: str = "left",
    level: float = 0.95,
) -> pd.DataFrame:
    """Count how many of a hundred customers leave in a week, before an attack and under it, and compare with no bond.

    Parameters
    ----------
    people, by, control, weeks, left
        As for `stay_difference`.
    attack_after
        The attack begins after so many weeks.
    level
        Of each interval.

    Returns
    -------
    DataFrame
        One row per period and group: ``period``, `by`, ``left``, ``weeks_watched`` (over all customers), ``rate``
        (leavers for a hundred weeks watched), ``low``, ``high``, ``ratio`` (to the control: the hazard ratio of a model
        with a constant rate in each period), ``ratio_low``, ``ratio_high``. No interval where nobody left.

    Notes
    -----
    Under the attack only those are compared who are still there: a bond that kept weak customers before has more of
    them to lose. `stay_difference` counts from the start and does not have that problem.

    Examples
    --------
    >>> people = pd.DataFrame({"bond": ["none", "none", "social", "social"], "weeks": [2, 6, 4, 10],
    ...     "left": [True, True, True, False]})
    >>> leaving_rates(people, 4)[["weeks_watched", "rate"]].round(1).values.tolist()
    [[6.0, 16.7], [8.0, 12.5], [2.0, 50.0], [6.0, 0.0]]
    """
    groups = _groups(people, by, weeks, left)
    _need_control(groups, by, control)
    need_count(attack_after, "attack_after")
    z = critical_value(level)
    rows = []
    for period in (QUIET, ATTACK):
        counts = {}
        for name, (length, gone) in groups.items():
            early = length <= attack_after
            mine = early if period == QUIET else ~early
            inside = np.minimum(length, attack_after)
            time = inside if period == QUIET else length - inside
            counts[name] = int((gone & mine).sum()), float(time.sum())
        d0, t0 = counts[control]
        for name, (d, t) in counts.items():
            rate = d / t if t else np.nan
            wide = np.exp(z / np.sqrt(d)) if d else np.nan
            ratio = rate / (d0 / t0) if d0 and name != control else np.nan
            apart = np.exp(z * np.sqrt(1 / d + 1 / d0)) if d and d0 else np.nan
            rows.append(
                {
                    "period": period,
                    by: name,
                    "left": d,
                    "weeks_watched": t,
                    "rate": 100 * rate,
                    "low": 100 * rate / wide,
                    "high": 100 * rate * wide,
                    "ratio": ratio,
                    "ratio_low": ratio / apart,
                    "ratio_high": ratio * apart,
                }
            )
    return pd.DataFrame(rows)


class _Fit(NamedTuple):
    left: int
    watched: float
    line: np.ndarray  # log of the weekly rate: at no cut, and for ten points more
    covariance: np.ndarray
    areas: int


def _fits(
    people: pd.DataFrame, attack_after: int, by: str, depth: str, area: str, weeks: str, left: str
) -> dict[object, _Fit]:
    """A Poisson regression of leaving under the attack on its depth, for each group."""
    groups = _groups(people, by, weeks, left)
    need_rows(people, [depth, area], "people")
    need_count(attack_after, "attack_after")
    need_known(people[area], area)
    tens = need_numbers(people[depth], depth, minimum=0, maximum=90) / 10
    which, where = people[by].to_numpy(), people[area].to_numpy()
    found = {}
    for name, (length, gone) in groups.items():
        mine, there = which == name, length > attack_after
        time, event = (length - attack_after)[there].astype(float), gone[there].astype(float)
        x, areas = tens[mine][there], where[mine][there]
        if event.sum() < 5 or len(np.unique(x[event > 0])) < 2:
            raise CrmkitError(
                f"{by} {name!r}: {int(event.sum())} customers left under the attack. Five or more are needed, under "
                "two depths of it at least, to say what depth does."
            )
        design = np.column_stack([np.ones(len(x)), x])
        line = np.array([np.log(event.sum() / time.sum()), 0.0])
        for _ in range(50):
            expected = time * np.exp(design @ line)
            bread = np.linalg.inv(design.T @ (design * expected[:, None]))
            step = bread @ design.T @ (event - expected)
            line = line + step
            if np.abs(step).max() < 1e-10:
                break
        scores = design * (event - expected)[:, None]
        number = len(np.unique(areas))
        covariance = clustered_covariance(bread, scores, areas)
        found[name] = _Fit(int(event.sum()), float(time.sum()), line, covariance, number)
    return found


def attack_model(
    people: pd.DataFrame,
    attack_after: int = 26,
    *,
    by: str = "bond",
    depth: str = "rival_off",
    area: str = "area",
    weeks: str = "weeks",
    left: str = "left",
    level: float = 0.95,
) -> pd.DataFrame:
    """Estimate how leaving under an attack grows with its depth, for each bond (a Poisson regression).

    Parameters
    ----------
    people, attack_after, by, weeks, left
        As for `leaving_rates`; only weeks under the attack are looked at.
    depth
        Column of the rival's price cut in per cent.
    area
        Column of the unit for which the depth was decided: all customers of an area share it.
    level
        Of the interval.

    Returns
    -------
    DataFrame
        One row per group: `by`, ``left`` and ``weeks_watched`` (under the attack), ``rate`` (leavers for a hundred
        weeks where the rival cuts nothing), ``times`` (what ten points more of the price cut multiply it by), ``low``,
        ``high`` (clustered by area, Student's t).

    Examples
    --------
    >>> people = pd.DataFrame({"bond": "none", "area": range(200), "rival_off": [0, 20] * 100, "weeks": 36,
    ...     "left": ([True, True] + [False, True] * 2 + [False] * 14) * 10})
    >>> attack_model(people)[["rate", "times"]].round(2).values.tolist()
    [[1.0, 1.73]]
    """
    fits = _fits(people, attack_after, by, depth, area, weeks, left)
    rows = []
    for name, fit in fits.items():
        half = critical_value(level, fit.areas - 1) * np.sqrt(fit.covariance[1, 1])
        rows.append(
            {
                by: name,
                "left": fit.left,
                "weeks_watched": fit.watched,
                "rate": 100 * float(np.exp(fit.line[0])),
                "times": float(np.exp(fit.line[1])),
                "low": float(np.exp(fit.line[1] - half)),
                "high": float(np.exp(fit.line[1] + half)),
            }
        )
    return pd.DataFrame(rows)


def left_under_attack(
    people: pd.DataFrame,
    off: float,
    after_weeks: int = 26,
    *,
    attack_after: int = 26,
    by: str = "bond",
    depth: str = "rival_off",
    area: str = "area",
    weeks: str = "weeks",
    left: str = "left",
    level: float = 0.95,
) -> pd.DataFrame:
    """Estimate which share of those there at its beginning an attack of some depth leaves after some weeks.

    Parameters
    ----------
    people, attack_after, by, area, weeks, left
        As for `attack_model`.
    off
        The rival's price cut in per cent, 0 to 90. Beyond the depths that were tried it is a guess.
    after_weeks
        Weeks since the attack began.
    depth
        Column of the price cut.
    level
        Of the interval.

    Returns
    -------
    DataFrame
        One row per group: `by`, ``off``, ``weeks``, ``share`` (still there), ``low``, ``high``.

    Examples
    --------
    >>> people = pd.DataFrame({"bond": "none", "area": range(200), "rival_off": [0, 20] * 100, "weeks": 36,
    ...     "left": ([True, True] + [False, True] * 2 + [False] * 14) * 10})
    >>> left_under_attack(people, 20, 10)["share"].round(2).tolist()
    [0.74]
    """
    need_number(off, "off", minimum=0, maximum=90)
    need_count(after_weeks, "after_weeks")
    fits = _fits(people, attack_after, by, depth, area, weeks, left)
    rows = []
    for name, fit in fits.items():
        at = np.array([1.0, off / 10])
        rate = at @ fit.line
        half = critical_value(level, fit.areas - 1) * np.sqrt(at @ fit.covariance @ at)
        share, low, high = np.exp(-after_weeks * np.exp(rate + np.array([0.0, half, -half])))
        rows.append(
            {by: name, "off": off, "weeks": after_weeks, "share": share, "low": low, "high": high}
        )
    return pd.DataFrame(rows)


def bond_value(
    people: pd.DataFrame,
    periods: Mapping[str, tuple[str, str]] | None = None,
    *,
    by: str = "bond",
    control: str = "none",
    known: Sequence[str] = ("margin_before",),
    level: float = 0.95,
) -> pd.DataFrame:
    """Compare margin less the cost of the bond, per customer, with that of the customers without a bond.

    Parameters
    ----------
    people
        One row per customer who was there at the start, also of those who left: they bring nothing afterwards.
    periods
        Columns of margin and cost of each period. Default: before the attack and under it (`PERIODS`). With more than
        one a last block adds them up.
    by, control
        Column of the groups, and the group without a bond.
    known
        Number columns known before the start; they make the interval narrower where chance made the groups. Empty:
        plain differences.
    level
        Of each interval.

    Returns
    -------
    DataFrame
        One row per period and group, the control too: ``period``, `by`, ``customers``, ``margin`` and ``cost`` (means
        per customer), ``net``, ``more`` (than the control, allowing for `known`), ``low``, ``high``.

    Examples
    --------
    >>> people = pd.DataFrame({"bond": ["none", "none", "social", "social"], "m": [10.0, 12, 20, 22],
    ...     "c": [0.0, 0, 3, 3]})
    >>> bond_value(people, {"year": ("m", "c")}, known=())[["net", "more"]].values.tolist()
    [[11.0, nan], [18.0, 7.0]]
    """
    periods = dict(PERIODS if periods is None else periods)
    columns = [name for pair in periods.values() for name in pair]
    need_rows(people, [by, *columns, *known], "people")
    if not periods:
        raise CrmkitError("periods: name one period at least, with its columns of margin and cost.")
    need_known(people[by], by)
    _need_control(dict.fromkeys(people[by]), by, control)
    money = {name: need_numbers(people[name], name) for name in columns}
    blocks = {period: (money[margin], money[cost]) for period, (margin, cost) in periods.items()}
    if len(blocks) > 1:
        pairs = list(blocks.values())
        blocks[BOTH] = (
            np.sum([margin for margin, _ in pairs], axis=0),
            np.sum([cost for _, cost in pairs], axis=0),
        )
    rows = []
    for period, (margin, cost) in blocks.items():
        frame = people[[by, *known]].assign(_margin=margin, _cost=cost, _net=margin - cost)
        if known:
            found = adjusted_effects(
                frame, "_net", list(known), arm=by, control=control, level=level
            )
        else:
            found = effect_table(frame, "_net", arm=by, control=control, level=level)
        effects = found.set_index("arm")
        means = frame.groupby(by, sort=False, observed=True)[["_margin", "_cost", "_net"]].mean()
        sizes = frame[by].value_counts()
        for name, mean in means.iterrows():
            more, low, high = (
                (np.nan,) * 3 if name == control else effects.loc[name, ["effect", "low", "high"]]
            )
            rows.append(
                {
                    "period": period,
                    by: name,
                    "customers": int(sizes[name]),
                    "margin": mean["_margin"],
                    "cost": mean["_cost"],
                    "net": mean["_net"],
                    "more": more,
                    "low": low,
                    "high": high,
                }
            )
    return pd.DataFrame(rows)


__all__ = [
    "PERIODS",
    "attack_model",
    "bond_value",
    "leaving_rates",
    "left_under_attack",
    "mean_weeks",
    "stay_difference",
    "staying_curve",
]
