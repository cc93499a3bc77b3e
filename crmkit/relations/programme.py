"""What a loyalty programme moves: members as they look, adjusted, before and after, and by chance.

Problem
    Members spend far more than others. But those who buy much join more readily, so most of the gap was there before
    the programme. What did the programme itself add, for whom, for how long, and does it pay?

Definitions
    ``invited`` were asked to join by chance, ``waiting`` could not join. The effect of being invited (intention to
    treat) is the difference of these two. Spread over those who did join because of it, it is the effect on those who
    joined (the local average treatment effect). Nobody of the waiting can join, so it holds for all members who were
    invited.

Sources
    Leenheer et al. (2007) International Journal of Research in Marketing 24 (self-selection of members); Imbens &
    Angrist (1994) Econometrica 62, and Bloom (1984) Evaluation Review 8 (effect on those who joined); White (1980)
    Econometrica 48 (unequal spread); Lin (2013) Annals of Applied Statistics 7 (adjustment).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inference import critical_value, mean_difference, tells_spread
from crmkit.inputs import (
    need_column,
    need_known,
    need_numbers,
    need_probability,
    need_rows,
    need_true_false,
)
from crmkit.reactivation import adjusted_effects
from crmkit.say import labels

Floats = npt.NDArray[np.float64]

# How an effect was worked out, and whose it is, for readers of other languages.
labels(
    "as it looks", "same spending before", "before and after", "invited by chance",
    "joined, by chance", "light", "moderate", "heavy", "all",
)  # fmt: skip


def member_effects(
    people: pd.DataFrame,
    outcome: str,
    before: Sequence[str],
    *,
    joined: str = "joined",
    arm: str = "arm",
    invited: str = "invited",
    waiting: str = "waiting",
    level: float = 0.95,
) -> pd.DataFrame:
    """Say how much more members spend: as it looks, adjusted, before and after, and by chance.

    Parameters
    ----------
    people
        One row per customer, also of those who did not join.
    outcome
        Column of the spending since the programme began.
    before
        Columns of the spending before; together they cover as long a time as `outcome` (for "before and after").
    joined
        Column of True and False.
    arm, invited, waiting
        Column that says who could join, and its values for the two groups that chance made. All others chose
        themselves. Without the column everybody did, and the last two rows are left out.
    level
        Share of samples in which the intervals hold the truth.

    Returns
    -------
    DataFrame
        One row per way: ``way``, ``members`` (or invited) and ``others`` (how many), ``effect``, ``low``, ``high``.

        - "as it looks": members less others, among those who chose themselves.
        - "same spending before": the same, adjusted for the spending before (Lin 2013).
        - "before and after": the members' change less that of the others (difference in differences).
        - "invited by chance": invited less waiting, whether they joined or not (adjusted: narrower, the same effect).
        - "joined, by chance": the effect on those of the invited who joined.

    Raises
    ------
    CrmkitError
        Missing columns or values; fewer than twelve members or others.

    Notes
    -----
    The second and third row are right only if, beside what was spent before, nothing that drives spending drives
    joining. The last two need no such belief.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> people = pd.DataFrame({"arm": ["invited", "waiting", "own choice"] * 400})
    >>> people["before"] = rng.gamma(2, 100, 1200).round()
    >>> willing = rng.random(1200) < np.where(people["before"] > 200, 0.7, 0.3)
    >>> people["joined"] = willing & (people["arm"] != "waiting")
    >>> people["spend"] = people["before"] + 20 * people["joined"] + rng.normal(0, 20, 1200)
    >>> member_effects(people, "spend", ["before"]).round(0)[["way", "effect"]].values.tolist()[::3]
    [['as it looks', 83.0], ['invited by chance', 10.0]]
    """
    need_rows(people, [outcome, joined, *before], "people")
    need_probability(level, "level")
    frame = _checked(people, outcome, before, joined)
    groups = need_known(need_column(people[arm], arm), arm).to_numpy() if arm in people else None
    own = (
        np.ones(len(frame), bool)
        if groups is None
        else ~np.isin(groups, np.array([invited, waiting]))
    )
    rows = []
    if own.any():
        free = frame[own]
        member = free["joined"].to_numpy()
        _enough(member, joined)
        counts = {"members": int(member.sum()), "others": int((~member).sum())}
        plain = mean_difference(free.loc[member, "y"], free.loc[~member, "y"], level=level)
        change = free["y"] - free["earlier"]
        apart = mean_difference(change[member], change[~member], level=level)
        known = _adjusted(free, member, list(before), level)
        for way, found in (
            ("as it looks", tuple(plain)),
            ("same spending before", known),
            ("before and after", tuple(apart)),
        ):
            rows.append(
                {"way": way, **counts, **dict(zip(("effect", "low", "high"), found, strict=True))}
            )
    if groups is not None and np.isin(groups, np.array([invited, waiting])).any():
        trial = frame[~own]
        asked = groups[~own] == invited
        _enough(asked, arm)
        counts = {"members": int(asked.sum()), "others": int((~asked).sum())}
        found = _adjusted(trial, asked, list(before), level)
        rows.append(
            {
                "way": "invited by chance",
                **counts,
                **dict(zip(("effect", "low", "high"), found, strict=True)),
            }
        )
        late = _joined_effect(trial, asked, list(before), level)
        rows.append(
            {
                "way": "joined, by chance",
                "members": int((asked & trial["joined"].to_numpy()).sum()),
                "others": int((~asked).sum()),
                **{name: late[name] for name in ("effect", "low", "high")},
            }
        )
    return pd.DataFrame(rows)


def joined_effects(
    people: pd.DataFrame,
    outcomes: str | Sequence[str],
    before: Sequence[str],
    *,
    by: str | None = None,
    joined: str = "joined",
    arm: str = "arm",
    invited: str = "invited",
    waiting: str = "waiting",
    level: float = 0.95,
) -> pd.DataFrame:
    """Estimate by chance what the programme added for those who joined: by period, by kind of customer, or both.

    Parameters
    ----------
    people
        One row per customer; only the invited and the waiting are used.
    outcomes
        One column, or one for each period.
    before
        Columns known before the start; they make the intervals narrower.
    by
        Column of a kind that was known **before** the start; None: everybody together.
    joined, arm, invited, waiting, level
        As for :func:`member_effects`.

    Returns
    -------
    DataFrame
        One row per kind and period: ``kind`` ("all" without `by`), ``period`` (the column), ``customers`` (in the
        trial), ``joined_share`` (of the invited), ``without`` (what members would have spent without the programme),
        ``effect``, ``low``, ``high``, ``more`` (the effect as a share of ``without``), ``more_low``, ``more_high``.

    Notes
    -----
    Two-stage least squares: being invited stands in for joining, with `before` in both stages; standard errors allow
    for unequal spread (HC1). ``more`` is worked out on the log scale by the delta method.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> people = pd.DataFrame({"arm": ["invited", "waiting"] * 500, "before": rng.gamma(9, 20, 1000).round()})
    >>> people["joined"] = (rng.random(1000) < 0.6) & (people["arm"] == "invited")
    >>> people["spend"] = people["before"] + 20 * people["joined"] + rng.normal(0, 20, 1000)
    >>> joined_effects(people, "spend", ["before"])[["joined_share", "effect", "more"]].round(2).values.tolist()
    [[0.62, 20.95, 0.12]]
    """
    periods = [outcomes] if isinstance(outcomes, str) else list(outcomes)
    need_rows(people, [*periods, joined, arm, *before, *([by] if by else [])], "people")
    need_probability(level, "level")
    groups = need_known(people[arm], arm).to_numpy()
    trial = people[np.isin(groups, np.array([invited, waiting]))]
    kinds = pd.Series("all", index=trial.index) if by is None else need_known(trial[by], by)
    names = (
        kinds.cat.categories.tolist()
        if isinstance(kinds.dtype, pd.CategoricalDtype)
        else pd.unique(kinds).tolist()
    )
    rows = []
    for kind in names:
        some = trial[(kinds == kind).to_numpy()]
        asked = (some[arm] == invited).to_numpy()
        _enough(asked, f"{arm} ({kind})")
        for period in periods:
            frame = _checked(some, period, before, joined)
            found = _joined_effect(frame, asked, list(before), level)
            rows.append({"kind": kind, "period": period, "customers": len(some), **found})
    return pd.DataFrame(rows)


def programme_profit(
    people: pd.DataFrame,
    outcome: str,
    cost: str,
    before: Sequence[str],
    *,
    margin: float,
    by: str | None = None,
    joined: str = "joined",
    arm: str = "arm",
    invited: str = "invited",
    waiting: str = "waiting",
    level: float = 0.95,
) -> pd.DataFrame:
    """Work out what a member earns: the margin of what the programme added, less what it costs.

    Parameters
    ----------
    people, before, by, joined, arm, invited, waiting, level
        As for :func:`joined_effects`.
    outcome
        Column of the spending.
    cost
        Column of what the programme cost for each customer: vouchers redeemed, postage; 0 for those outside it.
    margin
        Share of spending that is margin.

    Returns
    -------
    DataFrame
        One row per kind, and one for "all": ``kind``, ``members`` (of the invited), ``margin_more`` (margin of the
        spending added), ``cost``, ``net``, ``low``, ``high``; money per member.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> people = pd.DataFrame({"arm": ["invited", "waiting"] * 500, "before": rng.gamma(9, 20, 1000).round()})
    >>> people["joined"] = (rng.random(1000) < 0.6) & (people["arm"] == "invited")
    >>> people["spend"] = people["before"] + 20 * people["joined"] + rng.normal(0, 20, 1000)
    >>> people["paid"] = 5.0 * people["joined"]
    >>> found = programme_profit(people, "spend", "paid", ["before"], margin=0.4)
    >>> found[["margin_more", "cost", "net"]].round(1).values.tolist()
    [[8.4, 5.0, 3.4]]
    """
    need_rows(people, [outcome, cost], "people")
    share = need_probability(margin, "margin")
    spent = need_numbers(people[outcome], outcome)
    paid = need_numbers(people[cost], cost, minimum=0)
    frame = people.assign(_net=share * spent - paid, _won=share * spent, _paid=paid, _all="all")
    options: dict[str, Any] = {
        "joined": joined,
        "arm": arm,
        "invited": invited,
        "waiting": waiting,
        "level": level,
    }
    tables = (
        []
        if by is None
        else [joined_effects(frame, ["_net", "_won", "_paid"], before, by=by, **options)]
    )
    tables.append(joined_effects(frame, ["_net", "_won", "_paid"], before, by="_all", **options))
    found = pd.concat(
        [table.assign(kind=table["kind"].astype(object)) for table in tables], ignore_index=True
    )
    net = found[found["period"] == "_net"].reset_index(drop=True)
    members = (net["joined_share"] * net["invited"]).round().astype(int)
    return pd.DataFrame(
        {
            "kind": net["kind"],
            "members": members,
            "margin_more": found.loc[found["period"] == "_won", "effect"].to_numpy(),
            "cost": found.loc[found["period"] == "_paid", "effect"].to_numpy(),
            "net": net["effect"],
            "low": net["low"],
            "high": net["high"],
        }
    )


# ---- the parts -------------------------------------------------------------------------------------------------------


def _checked(
    people: pd.DataFrame, outcome: str, before: Sequence[str], joined: str
) -> pd.DataFrame:
    """Numbers that are there: the outcome as `y`, what was before, its sum as `earlier`, and who joined."""
    known = {name: need_numbers(people[name], name) for name in before}
    frame = pd.DataFrame({**known, "y": need_numbers(people[outcome], outcome)})
    frame["earlier"] = frame[list(before)].sum(axis=1) if before else 0.0
    frame["joined"] = need_true_false(people[joined], joined)
    return frame


def _enough(group: npt.NDArray[np.bool_], what: str) -> None:
    few = min(int(group.sum()), int((~group).sum()))
    if few < 12:
        raise CrmkitError(
            f"{what}: one of the two groups has {few} customers. At least twelve of each are needed."
        )


def _adjusted(
    frame: pd.DataFrame, group: npt.NDArray[np.bool_], before: list[str], level: float
) -> tuple[float, float, float]:
    """Difference of the two groups, allowing for what was before."""
    if not before:
        return mean_difference(frame.loc[group, "y"], frame.loc[~group, "y"], level=level)
    table = frame.assign(_group=np.where(group, "one", "other"))
    row = adjusted_effects(table, "y", before, arm="_group", control="other", level=level).iloc[0]
    return float(row["effect"]), float(row["low"]), float(row["high"])


def _joined_effect(
    frame: pd.DataFrame, asked: npt.NDArray[np.bool_], before: list[str], level: float
) -> dict[str, float]:
    """Two-stage least squares with one instrument, and what members would have spent without the programme."""
    y = frame["y"].to_numpy()
    took = frame["joined"].to_numpy()
    if (took & ~asked).any():
        raise CrmkitError(
            f"joined: {int((took & ~asked).sum())} of those who could not join did. Check the column of the groups."
        )
    if not took.any():
        raise CrmkitError("joined: nobody of the invited joined. No effect on members can be told.")
    n = len(y)
    known = [frame[name].to_numpy() - frame[name].mean() for name in before]
    exogenous = np.column_stack([np.ones(n), *known])
    model = np.column_stack([took.astype(float), exogenous])
    stands_in = np.column_stack([asked.astype(float), exogenous])
    inverse = np.linalg.pinv(stands_in.T @ model)
    weights = inverse @ (stands_in.T @ y)
    left = y - model @ weights
    pull = np.sqrt(n / max(n - model.shape[1], 1)) * (stands_in @ inverse[0]) * left
    effect = float(weights[0])
    member = took & asked
    mean = float(y[member].mean())
    without = mean - effect
    ends = dict.fromkeys(("low", "high", "more_low", "more_high"), np.nan)
    more = effect / without if without > 0 else np.nan
    if tells_spread(left):
        z = critical_value(level, max(n - model.shape[1], 1))
        reach = z * float(np.sqrt((pull**2).sum()))
        ends["low"], ends["high"] = effect - reach, effect + reach
        if without > 0 and mean > 0:
            pull_mean = np.where(member, (y - mean) / member.sum(), 0.0)
            pull_more = pull_mean / mean - (pull_mean - pull) / without
            reach = z * float(np.sqrt((pull_more**2).sum()))
            with np.errstate(over="ignore"):
                ends["more_low"] = float((1 + more) * np.exp(-reach) - 1)
                ends["more_high"] = float((1 + more) * np.exp(reach) - 1)
    return {
        "invited": int(asked.sum()),
        "joined_share": float(member.sum() / asked.sum()),
        "without": without,
        "effect": effect,
        "low": ends["low"],
        "high": ends["high"],
        "more": more,
        "more_low": ends["more_low"],
        "more_high": ends["more_high"],
    }
