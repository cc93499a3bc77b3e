"""Two shops make a story, sixty make a test: what a pair that is followed over time can tell, and what it cannot.

Problem
    A magazine tells of a shop that listened and did well, and of one that grew and did badly. Both moved; so did shops
    that changed nothing. And the pair was picked because it makes a good story.

Method
    Difference in differences (Card & Krueger 1994, American Economic Review 84): the change of one less the change of
    the other. With two shops there is no interval: their own drift cannot be told from the effect. Shops that changed
    nothing show how far two shops drift apart (placebo). With many shops, and chance deciding which way each goes,
    dealing the ways out again tells what chance alone does (Fisher 1935, The Design of Experiments).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inference import mean_difference
from crmkit.inputs import first_few, need_known, need_number, need_numbers, need_rows, need_unique


def before_and_after(
    table: pd.DataFrame,
    outcome: str,
    *,
    begin: int = 5,
    unit: str = "partner",
    way: str = "way",
    period: str = "quarter",
) -> pd.DataFrame:
    """Take the mean of an outcome before and after, for each unit that is followed.

    Parameters
    ----------
    table
        One row per unit and period: `unit`, `way` (the same in all its rows), `period`, `outcome`.
    outcome
        A number.
    begin
        First period of the different ways.
    unit, way, period
        Names of the columns.

    Returns
    -------
    DataFrame
        One row per unit: `unit`, `way`, ``<outcome>_before``, ``<outcome>_after``, ``change``.

    Raises
    ------
    CrmkitError
        Missing columns or values; a unit and period twice; a unit with two ways, or without periods on both sides.

    Examples
    --------
    >>> rows = pd.DataFrame({"partner": ["A", "A"], "way": "listens", "quarter": [4, 5], "satisfaction": [7.0, 7.5]})
    >>> before_and_after(rows, "satisfaction")["change"].tolist()
    [0.5]
    """
    need_rows(table, [unit, way, period, outcome], "table")
    need_unique(table, [unit, period], "table")
    need_number(begin, "begin")
    values = need_numbers(need_known(table[outcome], outcome), outcome)
    late = (need_numbers(table[period], period) >= begin).astype(bool)
    ways = table.groupby(unit, sort=True)[way]
    two = ways.nunique()
    if (two != 1).any():
        raise CrmkitError(
            f"{way}: {first_few(two.index[two != 1])} has more than one. Give each unit one."
        )
    means = pd.DataFrame({unit: table[unit].to_numpy(), "late": late, "value": values})
    means = means.pivot_table(index=unit, columns="late", values="value", aggfunc="mean")
    if means.shape[1] < 2 or means.isna().to_numpy().any():
        raise CrmkitError(
            f"{period}: each {unit} needs a {period} before {begin} and one from {begin} on."
        )
    found = pd.DataFrame(
        {
            way: ways.first(),
            f"{outcome}_before": means[False],
            f"{outcome}_after": means[True],
            "change": means[True] - means[False],
        }
    )
    return found.reset_index()


def story_pair(changes: pd.DataFrame, first: str, second: str, *, way: str = "way") -> pd.DataFrame:
    """Pick the pair that makes the best story: the best of one way and the worst of another.

    Parameters
    ----------
    changes
        From `before_and_after`.
    first, second
        The way that is said to succeed, and the one that is said to fail.
    way
        Name of the column.

    Returns
    -------
    DataFrame
        Two rows of `changes`: the largest change of the first way, and the smallest of the second.

    Examples
    --------
    >>> table = pd.DataFrame({"partner": list("ABCD"), "way": ["up", "up", "down", "down"], "change": [1, 2, -1, -3.0]})
    >>> story_pair(table, "up", "down")["partner"].tolist()
    ['B', 'D']
    """
    need_rows(changes, [way, "change"], "changes")
    for name in (first, second):
        if not (changes[way] == name).any():
            raise CrmkitError(
                f"{way}: there is no {name!r}. There are: {first_few(changes[way].unique(), 8)}."
            )
    up = changes.loc[changes[way] == first, "change"].idxmax()
    down = changes.loc[changes[way] == second, "change"].idxmin()
    return changes.loc[[up, down]]


def pair_gaps(changes: pd.DataFrame, first: str, second: str, *, way: str = "way") -> np.ndarray:
    """Compare each unit of one way with each of another: the difference in differences that each pair would show.

    Parameters
    ----------
    changes
        From `before_and_after`.
    first, second
        Two ways; the same one twice gives all pairs of different units of it, in both orders (placebos).
    way
        Name of the column.

    Returns
    -------
    ndarray
        Change of the first less change of the second, one number per pair.

    Examples
    --------
    >>> table = pd.DataFrame({"way": ["up", "up", "same", "same"], "change": [1.0, 2.0, 0.0, 0.5]})
    >>> pair_gaps(table, "up", "same").tolist(), pair_gaps(table, "same", "same").tolist()
    ([1.0, 0.5, 2.0, 1.5], [-0.5, 0.5])
    """
    need_rows(changes, [way, "change"], "changes")
    if not {first, second} <= set(changes[way]):
        raise CrmkitError(f"{way}: {first!r} and {second!r} must both be there.")
    one, two = (
        need_numbers(changes.loc[changes[way] == name, "change"], name) for name in (first, second)
    )
    gaps = one[:, None] - two[None, :]
    if first == second:
        if len(one) < 2:
            raise CrmkitError(f"{way}: two units of {first!r} are needed for a placebo.")
        return np.asarray(gaps[~np.eye(len(one), dtype=bool)])
    return np.asarray(gaps.ravel())


def way_effects(
    changes: pd.DataFrame,
    base: str,
    *,
    way: str = "way",
    draws: int = 1999,
    level: float = 0.95,
    seed: int = 0,
) -> pd.DataFrame:
    """Compare all units of each way with those that went on as before.

    Parameters
    ----------
    changes
        From `before_and_after`.
    base
        The way that the others are compared with.
    way
        Name of the column.
    draws
        How often the ways are dealt out again for the p-value.
    level
        Share of samples in which the intervals hold the truth.
    seed

    Returns
    -------
    DataFrame
        One row per other way: `way`, ``units``, ``effect`` (difference in differences), ``low``, ``high`` (Welch's t),
        ``p_value`` (share of new deals of the two ways with as large a difference).

    Raises
    ------
    CrmkitError
        Missing columns; fewer than three units of a way.

    Examples
    --------
    >>> table = pd.DataFrame({"way": ["listens"] * 4 + ["as before"] * 4, "change": [1.1, 1, 0.9, 1, 0, 0.1, -0.1, 0]})
    >>> found = way_effects(table, "as before")
    >>> float(found["effect"].iloc[0]), bool(found["p_value"].iloc[0] < 0.05)
    (1.0, True)
    """
    need_rows(changes, [way, "change"], "changes")
    sizes = changes[way].value_counts()
    if base not in sizes.index or len(sizes) < 2:
        raise CrmkitError(
            f"{way}: {base!r} and another way are needed. There are: {first_few(sizes.index, 8)}."
        )
    if sizes.min() < 3:
        raise CrmkitError(
            f"{way}: three units of each way are needed; {sizes.idxmin()!r} has {sizes.min()}."
        )
    control = need_numbers(changes.loc[changes[way] == base, "change"], "change")
    rng = np.random.default_rng(seed)
    rows = []
    for name in sorted(set(sizes.index) - {base}):
        own = need_numbers(changes.loc[changes[way] == name, "change"], "change")
        found = mean_difference(own, control, level=level)
        both = np.concatenate([own, control])
        dealt = rng.permuted(np.tile(both, (draws, 1)), axis=1)
        again = dealt[:, : len(own)].mean(axis=1) - dealt[:, len(own) :].mean(axis=1)
        p = (1 + int((np.abs(again) >= abs(found.estimate) - 1e-12).sum())) / (1 + draws)
        rows.append((name, len(own), *(float(part) for part in found), p))
    return pd.DataFrame(rows, columns=[way, "units", "effect", "low", "high", "p_value"])


def effect_path(
    table: pd.DataFrame,
    outcome: str,
    base: str,
    *,
    begin: int = 5,
    unit: str = "partner",
    way: str = "way",
    period: str = "quarter",
    relative: bool = False,
    level: float = 0.95,
) -> pd.DataFrame:
    """Follow each way over time: how far its units are from where those of the base are, period by period.

    Parameters
    ----------
    table
        As for `before_and_after`.
    outcome
        A number; above 0 if `relative`.
    base
        The way that the others are compared with.
    begin, unit, way, period
        As for `before_and_after`.
    relative
        Compare logarithms: 0.1 is about 10 % more.
    level
        Share of samples in which the intervals hold the truth.

    Returns
    -------
    DataFrame
        One row per other way and period: `way`, `period`, ``gap`` (mean distance from the unit's own mean before, less
        that of the base), ``low``, ``high`` (Welch's t). Before `begin` it should be near 0.

    Examples
    --------
    >>> rows = pd.DataFrame({"partner": list("AABBCCDD"), "way": ["up"] * 4 + ["same"] * 4, "quarter": [4, 5] * 4,
    ...                      "turnover": [10, 12, 10, 14, 10, 10, 10, 11.0]})
    >>> effect_path(rows, "turnover", "same")["gap"].tolist()
    [0.0, 2.5]
    """
    before_and_after(table, outcome, begin=begin, unit=unit, way=way, period=period)  # checks
    values = need_numbers(table[outcome], outcome)
    if relative:
        if not (values > 0).all():
            raise CrmkitError(f"{outcome}: must be above 0 to be compared as a ratio.")
        values = np.log(values)
    rows = table[[unit, way, period]].assign(_value=values)
    own = rows[rows[period] < begin].groupby(unit)["_value"].mean()
    rows["_value"] = rows["_value"] - rows[unit].map(own)
    if not (rows[way] == base).any():
        raise CrmkitError(
            f"{way}: there is no {base!r}. There are: {first_few(rows[way].unique(), 8)}."
        )
    found = []
    for name in sorted(set(rows[way]) - {base}):
        for when in sorted(set(rows[period])):
            now = rows[rows[period] == when]
            gap = mean_difference(
                now.loc[now[way] == name, "_value"],
                now.loc[now[way] == base, "_value"],
                level=level,
            )
            found.append((name, when, *(float(part) for part in gap)))
    return pd.DataFrame(found, columns=[way, period, "gap", "low", "high"])


__all__ = ["before_and_after", "effect_path", "pair_gaps", "story_pair", "way_effects"]
