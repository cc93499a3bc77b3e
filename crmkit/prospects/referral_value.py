"""What a friend's word is worth: customers brought by a friend against others, and rewards tried by chance.

Friends resemble each other, so customers who came by a friend are other people than the rest. What is *theirs* (their
needs, where they live) is no effect of the friend. `like_with_like` shows the plain gap beside two that allow for what
is known about people; what is not known stays in the gap.

Sources: Schmitt, Skiera & Van den Bulte (2011) Journal of Marketing 75 (referred customers: the lead in margin erodes,
that in staying does not); Cochran (1968) Biometrics 24 (strata); Kline (2011) American Economic Review 101 (regression
of the others, applied to the treated: Oaxaca-Blinder); Liang & Zeger (1986) Biometrika 73 (clusters); Fieller (1954)
JRSS B 16 (interval of a ratio); Welch (1947) Biometrika 34; Holm (1979) Scandinavian Journal of Statistics 6.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inference import adjust_p_values, critical_value, tells_spread
from crmkit.inputs import (
    need_columns,
    need_count,
    need_known,
    need_number,
    need_numbers,
    need_rows,
)
from crmkit.later import later
from crmkit.reactivation.experiments import effect_table

stats = later("scipy.stats")

WAYS = ("plain", "same kind", "regression")


def like_with_like(
    people: pd.DataFrame,
    outcome: str,
    traits: Sequence[str],
    *,
    came_by: str = "came_by",
    friend: str = "friend",
    cluster: str | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Compare those who came by a friend with others, plainly and with people of the same kind.

    - "plain": the difference of the two means, selection and all.
    - "same kind": within each combination of the traits, weighted as those who came by a friend are spread over them.
    - "regression": what others of the same traits would have brought, by a regression of the others on the traits.

    The last two answer: how much more did *these* people bring than they would have without a friend, **if** the
    traits hold all in which the two groups differ?

    Parameters
    ----------
    people
        One row per person.
    outcome
        A number, or True and False.
    traits
        Columns known **before** the person came; each value is a kind of its own.
    came_by, friend
        Column that says how each came, and its value for a friend. All other values are "others".
    cluster
        Column of what hangs together (the inviter, say); others may be missing there. None: rows are independent.
    level
        Share of samples in which the intervals hold the truth.

    Returns
    -------
    DataFrame
        One row per way: ``way``, ``friends``, ``others``, ``left_out`` (friends of a kind that no other is of),
        ``value_friend``, ``value_other`` (of the compared), ``gap``, ``low``, ``high``, ``more`` (the gap as a share of
        ``value_other``), ``more_low``, ``more_high``. No interval (NaN) where a group's values are all alike.

    Raises
    ------
    CrmkitError
        One of the groups has fewer than two people, or nobody is of the same kind.

    Notes
    -----
    The intervals come from each person's influence on the estimate, summed over clusters (Liang & Zeger 1986), with
    Student's t; those of ``more`` are worked out on the log scale.

    Examples
    --------
    >>> people = pd.DataFrame({"came_by": ["friend"] * 3 + ["other"] * 3, "near": [1, 1, 0, 1, 0, 0],
    ...     "margin": [30.0, 32, 11, 28, 9, 11]})
    >>> like_with_like(people, "margin", ["near"])[["way", "gap"]].round(2).values.tolist()
    [['plain', 8.33], ['same kind', 2.33], ['regression', 2.33]]
    """
    need_rows(people, [came_by, outcome, *traits], "people")
    for name in (came_by, *traits):
        need_known(people[name], name)
    y = need_numbers(people[outcome], outcome)
    by_friend = (people[came_by] == friend).to_numpy()
    for group, word in ((by_friend, f"by {friend!r}"), (~by_friend, f"not by {friend!r}")):
        if group.sum() < 2:
            raise CrmkitError(
                f"{came_by}: {int(group.sum())} people came {word}. At least two of each are needed."
            )
    whose = _clusters(people, cluster, by_friend)
    kind = (
        people.groupby(list(traits), sort=True, observed=True).ngroup().to_numpy()
        if traits
        else np.zeros(len(people), int)
    )
    rows = []
    for way in WAYS:
        used = np.ones(len(people), bool)
        if way == "same kind":
            both = np.intersect1d(kind[by_friend], kind[~by_friend])
            used = np.isin(kind, both)
            if not used.any():
                raise CrmkitError(
                    f"{', '.join(traits)}: nobody of the others is of the same kind. Take fewer or coarser traits."
                )
        design = _design(people, traits, kind, way)[used]
        rows.append(
            {
                "way": way,
                "friends": int(by_friend[used].sum()),
                "others": int((~by_friend[used]).sum()),
                "left_out": int((~used & by_friend).sum()),
                **_compared(y[used], by_friend[used], design, whose[used], level),
            }
        )
    return pd.DataFrame(rows)


def _clusters(people: pd.DataFrame, cluster: str | None, by_friend: np.ndarray) -> np.ndarray:
    """Number of the cluster of each row; others who are in none are one each."""
    alone = np.arange(len(people))
    if cluster is None:
        return alone
    need_columns(people, [cluster], "people")
    need_known(people.loc[by_friend, cluster], cluster)
    named = pd.factorize(people[cluster])[0]
    return np.where(named >= 0, named + len(people), alone)


def _design(people: pd.DataFrame, traits: Sequence[str], kind: np.ndarray, way: str) -> np.ndarray:
    """What is allowed for: nothing, a column for each kind, or one for each value of each trait."""
    if way == "plain" or not traits:
        return np.ones((len(people), 1))
    if way == "same kind":
        return np.asarray(kind[:, None] == np.unique(kind), float)
    parts = [np.ones((len(people), 1))]
    for name in traits:
        code = pd.factorize(people[name], sort=True)[0]
        parts.append(np.asarray(code[:, None] == np.unique(code)[1:], float))
    return np.hstack(parts)


def _compared(
    y: np.ndarray, treated: np.ndarray, design: np.ndarray, whose: np.ndarray, level: float
) -> dict[str, float]:
    """Mean of the treated, what the others' fit says of the same people, and how sure the difference is."""
    own, others = y[treated], design[~treated]
    # Columns that no other person has are worth nothing here (their people were left out).
    inverse = np.linalg.pinv(others.T @ others, hermitian=True)
    weights = inverse @ (others.T @ y[~treated])
    mean_1 = float(own.mean())
    said = design[treated] @ weights
    mean_0 = float(said.mean())
    left = y[~treated] - others @ weights
    free = len(left) - np.linalg.matrix_rank(others)
    pull_1, pull_0 = np.zeros(len(y)), np.zeros(len(y))
    pull_1[treated] = (own - mean_1) / len(own)
    pull_0[treated] = (said - mean_0) / len(own)
    spread = np.sqrt(len(left) / max(free, 1))
    pull_0[~treated] = spread * (others @ (inverse @ design[treated].mean(axis=0))) * left
    code, total = pd.factorize(whose)[0], 0
    total = int(code.max()) + 1
    more = mean_1 / mean_0 - 1 if mean_0 > 0 else np.nan
    found = {"value_friend": mean_1, "value_other": mean_0, "gap": mean_1 - mean_0}
    sure = free > 0 and tells_spread(own) and tells_spread(left)
    ends = dict.fromkeys(("low", "high", "more_low", "more_high"), np.nan)
    if sure and total > 1:
        few = min(len(np.unique(code[treated])), len(np.unique(code[~treated])))
        t = critical_value(level, max(few - 1, 1))

        def half(pull: np.ndarray) -> float:
            summed = np.bincount(code, pull, minlength=total)
            return float(t * np.sqrt((summed**2).sum() * total / (total - 1)))

        reach = half(pull_1 - pull_0)
        ends["low"], ends["high"] = found["gap"] - reach, found["gap"] + reach
        if mean_0 > 0 and mean_1 > 0:
            reach = half(pull_1 / mean_1 - pull_0 / mean_0)
            ends["more_low"] = (1 + more) * np.exp(-reach) - 1
            ends["more_high"] = (1 + more) * np.exp(reach) - 1
    return {
        **found,
        "low": ends["low"],
        "high": ends["high"],
        "more": more,
        "more_low": ends["more_low"],
        "more_high": ends["more_high"],
    }


def gap_over_time(
    newcomers: pd.DataFrame,
    margins: Sequence[str],
    traits: Sequence[str],
    *,
    months: str = "months_stayed",
    each: int = 6,
    came_by: str = "came_by",
    friend: str = "friend",
    level: float = 0.95,
) -> pd.DataFrame:
    """Follow two leads of customers who came by a friend, period by period: in margin while there, and in staying.

    Parameters
    ----------
    newcomers
        One row per person, all watched for the same time.
    margins
        Columns of the margin in each period, in order.
    traits
        As for :func:`like_with_like`; the gaps are those of the regression.
    months
        Column of the months that each stayed.
    each
        Months in a period.
    came_by, friend, level
        As for :func:`like_with_like`.

    Returns
    -------
    DataFrame
        One row per period: ``to_month``, ``people`` (there for all of it), ``more`` (margin of those brought by a
        friend over that of others, as a share, among people there for all of the period), ``more_low``, ``more_high``,
        ``stay_gap`` (share still there at its end, the difference), ``stay_low``, ``stay_high``.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> people = pd.DataFrame({"came_by": ["friend", "other"] * 100, "near": rng.random(200) < 0.5,
    ...     "first": rng.gamma(2, 20, 200), "months_stayed": rng.integers(1, 13, 200)})
    >>> gap_over_time(people, ["first"], ["near"])["to_month"].tolist()
    [6]
    """
    need_rows(newcomers, [*margins, months], "newcomers")
    need_count(each, "each")
    stayed = need_numbers(newcomers[months], months, minimum=0)
    rows = []
    for number, column in enumerate(margins, start=1):
        there = stayed >= each * number
        earned, stays = (
            like_with_like(
                people, outcome, traits, came_by=came_by, friend=friend, level=level
            ).iloc[-1]
            for people, outcome in (
                (newcomers[there], column),
                (newcomers.assign(_there=there), "_there"),
            )
        )
        rows.append(
            {
                "to_month": each * number,
                "people": int(there.sum()),
                **{name: earned[name] for name in ("more", "more_low", "more_high")},
                "stay_gap": stays["gap"],
                "stay_low": stays["low"],
                "stay_high": stays["high"],
            }
        )
    return pd.DataFrame(rows)


def reward_effects(
    test: pd.DataFrame,
    friends: str,
    cost: str,
    *,
    arm: str = "arm",
    control: str = "control",
    level: float = 0.95,
) -> pd.DataFrame:
    """Compare rewards that chance gave with none: friends more, and what one friend more costs.

    Parameters
    ----------
    test
        One row per customer of the test, also of those who brought nobody.
    friends
        Column: how many friends each brought.
    cost
        Column: what was paid out for them.
    arm, control
        Column of the arm, and the control's name in it.
    level
        Of each interval by itself.

    Returns
    -------
    DataFrame
        One row per reward: ``arm``, ``customers``, ``friends`` and ``control_friends`` (per customer), ``effect`` (the
        difference), ``low``, ``high``, ``p_value``, ``p_adjusted`` (Holm, for all rewards), ``anyway`` (share of its
        friends who would have come without it), ``cost`` (more than in the control, per customer),
        ``cost_per_friend`` (by the friends counted: too little), ``cost_per_extra`` (by the friends more),
        ``extra_low``, ``extra_high``: Fieller's interval. Where a reward may have won nobody its upper end is infinite.

    Examples
    --------
    >>> test = pd.DataFrame({"arm": ["control", "gift"] * 100, "friends": [0, 0, 1, 1, 0, 1] * 33 + [0, 1]})
    >>> test["paid"] = 10.0 * test["friends"] * (test["arm"] == "gift")
    >>> reward_effects(test, "friends", "paid")[["effect", "anyway", "cost_per_friend"]].round(2).values.tolist()
    [[0.34, 0.49, 10.0]]
    """
    need_rows(test, [arm, friends, cost], "test")
    paid = need_numbers(test[cost], cost)
    count = need_numbers(test[friends], friends, minimum=0)
    table = effect_table(
        test.assign(**{friends: count}), friends, arm=arm, control=control, level=level
    )
    held = (test[arm] == control).to_numpy()
    rows = []
    for row in table.to_dict("records"):
        got = (test[arm] == row["arm"]).to_numpy()
        apart = paid[got].mean() - paid[held].mean()
        low, high = _fieller(paid, count, got, held, level)
        rows.append(
            {
                "arm": row["arm"],
                "customers": row["customers"],
                "friends": row["value"],
                "control_friends": row["control_value"],
                **{name: row[name] for name in ("effect", "low", "high", "p_value", "p_adjusted")},
                "anyway": min(row["control_value"] / row["value"], 1.0) if row["value"] else np.nan,
                "cost": apart,
                "cost_per_friend": paid[got].mean() / row["value"] if row["value"] else np.nan,
                "cost_per_extra": apart / row["effect"] if row["effect"] > 0 else np.inf,
                "extra_low": low,
                "extra_high": high,
            }
        )
    return pd.DataFrame(rows)


def _fieller(
    top: np.ndarray, below: np.ndarray, got: np.ndarray, held: np.ndarray, level: float
) -> tuple[float, float]:
    """Fieller's interval of a difference of means over another, for ratios of 0 and more."""
    means = [np.array([top[g].mean(), below[g].mean()]) for g in (got, held)]
    noise = [np.cov(np.vstack([top[g], below[g]])) / g.sum() for g in (got, held)]
    a, b = means[0] - means[1]
    saa, sab, _, sbb = (noise[0] + noise[1]).ravel()
    if not (np.isfinite(saa) and sbb > 0):
        return np.nan, np.nan
    z2 = critical_value(level) ** 2
    # Ratios r with (a - r b)^2 <= z^2 (saa - 2 r sab + r^2 sbb).
    square, line, fixed = b * b - z2 * sbb, a * b - z2 * sab, a * a - z2 * saa
    inside = line * line - square * fixed
    if inside < 0:
        return 0.0, np.inf
    ends = sorted(((line - np.sqrt(inside)) / square, (line + np.sqrt(inside)) / square))
    if square > 0:
        return max(ends[0], 0.0), max(ends[1], 0.0)
    return (ends[1], np.inf) if ends[1] > 0 else (0.0, np.inf)


def programme_worth(
    test: pd.DataFrame,
    friends: str,
    cost: str,
    worth: float,
    worth_se: float = 0.0,
    *,
    fixed_cost: float = 0.0,
    arm: str = "arm",
    control: str = "control",
    level: float = 0.95,
) -> pd.DataFrame:
    """Work out what each reward earns over none, for a thousand customers, and how sure that is.

    Parameters
    ----------
    test, friends, cost, arm, control
        As for :func:`reward_effects`.
    worth
        What one new customer brings: the **whole** margin, since one who was won by the reward would not be there.
    worth_se
        Its standard error, from other people than those of the test.
    fixed_cost
        What the programme costs beside the rewards, for a thousand customers.
    level
        Share of samples in which the intervals hold the truth.

    Returns
    -------
    DataFrame
        One row per reward: ``arm``, ``friends_more``, ``cost_more`` (both for a thousand customers), ``earns``,
        ``low``, ``high``, ``p_value``, ``p_adjusted`` (Holm), ``break_even`` (what a friend must be worth for the
        reward to pay; infinite if it won nobody).

    Notes
    -----
    Each customer of the test has a profit, ``worth`` times friends less cost; arms are compared by Welch's test. That
    `worth` is itself an estimate adds the square of its standard error times friends more (delta method).

    Examples
    --------
    >>> test = pd.DataFrame({"arm": ["control", "gift"] * 100, "friends": [0, 0, 1, 1, 0, 1] * 33 + [0, 1]})
    >>> test["paid"] = 10.0 * test["friends"] * (test["arm"] == "gift")
    >>> found = programme_worth(test, "friends", "paid", worth=100, worth_se=5)
    >>> found[["friends_more", "earns", "break_even"]].round(1).values.tolist()
    [[340.0, 27300.0, 19.7]]
    """
    need_rows(test, [arm, friends, cost], "test")
    need_known(test[arm], arm)
    value = need_number(worth, "worth")
    error = need_number(worth_se, "worth_se", minimum=0)
    fixed = need_number(fixed_cost, "fixed_cost", minimum=0)
    count = need_numbers(test[friends], friends, minimum=0)
    paid = need_numbers(test[cost], cost)
    held = (test[arm] == control).to_numpy()
    if not held.any():
        raise CrmkitError(
            f"{arm}: there is no {control!r}. Without a control group no effect can be told."
        )
    rows = []
    for name in [one for one in pd.unique(test[arm]) if one != control]:
        got = (test[arm] == name).to_numpy()
        more = float(count[got].mean() - count[held].mean())
        dearer = float(paid[got].mean() - paid[held].mean())
        profit = value * count - paid
        earns = 1000 * (value * more - dearer) - fixed
        low = high = p = np.nan
        if (
            min(got.sum(), held.sum()) > 1
            and tells_spread(profit[got])
            and tells_spread(count[held])
        ):
            parts = [profit[g].var(ddof=1) / g.sum() for g in (got, held)]
            free = sum(parts) ** 2 / sum(
                part**2 / (g.sum() - 1) for part, g in zip(parts, (got, held), strict=True)
            )
            spread = 1000 * float(np.sqrt(sum(parts) + (more * error) ** 2))
            half = critical_value(level, free) * spread
            low, high = earns - half, earns + half
            p = float(2 * stats.t.sf(abs(earns) / spread, free))
        rows.append(
            {
                "arm": name,
                "friends_more": 1000 * more,
                "cost_more": 1000 * dearer + fixed,
                "earns": earns,
                "low": low,
                "high": high,
                "p_value": p,
                "break_even": (1000 * dearer + fixed) / (1000 * more) if more > 0 else np.inf,
            }
        )
    table = pd.DataFrame(rows)
    table.insert(list(table).index("p_value") + 1, "p_adjusted", adjust_p_values(table["p_value"]))
    return table
