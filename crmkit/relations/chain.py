"""Staff, customers and profit by branch: what goes together, in which order, and what a trial says.

Problem
    Branches with happy staff have happy customers and good profit. Does one make the other, or does profit pay for
    what pleases the staff, or does a good location please everybody?

Sources
    Heskett et al. (1994), Putting the service-profit chain to work, Harvard Business Review 72(2), for the claim; Bell
    & McCaffrey (2002) and Cameron, Gelbach & Miller (2008), Review of Economics and Statistics 90(3), for few clusters;
    Efron (1982), The Jackknife, for the interval; Fisher (1935), The Design of Experiments, for shuffling branches.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inference import critical_value, tells_spread
from crmkit.inputs import (
    generator,
    need_count,
    need_known,
    need_numbers,
    need_rows,
    need_true_false,
    need_unique,
)
from crmkit.say import label, labels

# How an effect was worked out, for readers of other languages.
labels("as it looks", "each branch with itself", "by chance")
#: Fewer branches than this say nothing of how branches differ.
FEWEST = 6


def lagged_links(
    panel: pd.DataFrame,
    links: Sequence[tuple[str, str]],
    *,
    lag: int = 1,
    within: bool = False,
    cluster: str = "branch",
    draws: int = 999,
    level: float = 0.95,
    seed: int = 0,
) -> pd.DataFrame:
    """Correlate one measure with another so many quarters later, with branches as the independent units.

    Parameters
    ----------
    panel
        One row per branch and quarter: `cluster`, ``quarter``, and the measures.
    links
        Pairs of columns: the earlier one, the later one.
    lag
        How many quarters lie between them; 0 is the same quarter.
    within
        Take each branch's own mean away first: a branch is compared with itself, and what never changes there (its
        location) drops out.
    cluster
        Column that names a branch.
    draws
        How often branches are shuffled for the p-value.
    level
        Share of samples in which the intervals hold the truth.
    seed

    Returns
    -------
    DataFrame
        One row per link: ``earlier``, ``later``, ``correlation``, ``low``, ``high`` (jackknife over branches on
        Fisher's scale, Student's t with branches - 1 degrees of freedom), ``p_value`` (share of shuffles, in which each
        branch gets another branch's later measure, with as large a correlation).

    Raises
    ------
    CrmkitError
        Missing columns or values; a branch and quarter twice; fewer than six branches; a measure that does not vary;
        a branch without a quarter that others have.

    Notes
    -----
    A lagged correlation is no effect. A good location makes all of them positive, in both directions. With `within`
    and few quarters the correlations are a little too low (Nickell 1981), because each quarter is part of its own mean.

    Examples
    --------
    >>> rng = np.random.default_rng(2)
    >>> place = np.repeat(rng.normal(size=12), 4)
    >>> panel = pd.DataFrame({"branch": np.repeat(np.arange(12), 4), "quarter": np.tile(np.arange(4), 12),
    ...                       "staff": place + rng.normal(size=48) / 3, "profit": place + rng.normal(size=48) / 3})
    >>> found = lagged_links(panel, [("staff", "profit"), ("profit", "staff")])
    >>> bool((found["low"] > 0.5).all()), bool((found["p_value"] < 0.01).all())
    (True, True)
    """
    columns = sorted({name for pair in links for name in pair})
    need_rows(panel, [cluster, "quarter", *columns], "panel")
    need_unique(panel, [cluster, "quarter"], "panel")
    need_count(draws, "draws")
    if not isinstance(lag, int) or lag < 0:
        raise CrmkitError(f"lag must be a whole number of at least 0, not {lag!r}.")
    rng = generator(seed)
    rows = []
    for earlier, later in links:
        first, second = (_wide(panel, name, cluster) for name in (earlier, later))
        if first.shape[1] <= lag:
            raise CrmkitError(f"panel: {first.shape[1]} quarters are too few for a lag of {lag}.")
        x, y = first[:, : first.shape[1] - lag], second[:, lag:]
        if within:
            x, y = (part - part.mean(axis=1, keepdims=True) for part in (x, y))
        if not (tells_spread(x) and tells_spread(y)):
            raise CrmkitError(f"{earlier}, {later}: one of them is the same everywhere.")
        found = _correlation(x, y)
        low, high = _jackknife(x, y, level)
        larger = sum(
            abs(_correlation(x, y[rng.permutation(len(y))])) >= abs(found) - 1e-12
            for _ in range(draws)
        )
        rows.append((earlier, later, found, low, high, (1 + larger) / (1 + draws)))
    return pd.DataFrame(rows, columns=["earlier", "later", "correlation", "low", "high", "p_value"])


def _wide(panel: pd.DataFrame, column: str, cluster: str) -> np.ndarray:
    """Branches x quarters."""
    need_numbers(panel[column], column)
    wide = panel.pivot(index=cluster, columns="quarter", values=column)
    if wide.isna().any(axis=None):
        who = wide.index[wide.isna().any(axis=1)][0]
        raise CrmkitError(
            f"panel: {cluster} {who!r} lacks a quarter that others have. Keep quarters that all have."
        )
    if len(wide) < FEWEST:
        raise CrmkitError(
            f"{cluster}: {len(wide)} are too few to tell how they differ; {FEWEST} at least are needed."
        )
    return wide.to_numpy(float)


def _correlation(x: np.ndarray, y: np.ndarray) -> float:
    a, b = x - x.mean(), y - y.mean()
    return float((a * b).sum() / np.sqrt((a**2).sum() * (b**2).sum()))


def _jackknife(x: np.ndarray, y: np.ndarray, level: float) -> tuple[float, float]:
    """Interval of a correlation whose rows come in branches: one branch is left out at a time."""
    n = len(x)

    def fisher(rows: np.ndarray) -> float:
        return float(np.arctanh(np.clip(_correlation(x[rows], y[rows]), -1 + 1e-12, 1 - 1e-12)))

    every = np.arange(n)
    left_out = np.array([fisher(every != one) for one in every])
    middle = fisher(every >= 0)
    error = np.sqrt((n - 1) / n * ((left_out - left_out.mean()) ** 2).sum())
    if error < 1e-9:
        return np.nan, np.nan
    half = critical_value(level, n - 1) * error
    return float(np.tanh(middle - half)), float(np.tanh(middle + half))


def branch_trial_effects(
    trial: pd.DataFrame,
    outcomes: Sequence[str],
    *,
    arm: str = "trained",
    draws: int = 1999,
    level: float = 0.95,
    seed: int = 0,
) -> pd.DataFrame:
    """Give the effect of a trial in which chance chose among few branches, allowing for how each was before.

    Parameters
    ----------
    trial
        One row per branch: `arm` (True or False), ``<outcome>_before`` and ``<outcome>_after``.
    outcomes
        Names of the outcomes.
    arm
        Column that chance decided.
    draws
        How often the arm is dealt out again for the p-value.
    level
        Share of samples in which the intervals hold the truth.
    seed

    Returns
    -------
    DataFrame
        One row per outcome: ``outcome``, ``branches``, ``effect``, ``low``, ``high`` (regression on arm and before,
        Student's t with branches - 3 degrees of freedom), ``p_value`` (share of new deals of the arm with as large an
        effect).

    Raises
    ------
    CrmkitError
        Missing columns or values; fewer than three branches in an arm.

    Examples
    --------
    >>> trial = pd.DataFrame({"trained": [True] * 4 + [False] * 4, "mood_before": [5.0, 6, 7, 8] * 2,
    ...                       "mood_after": [6.1, 7, 8, 8.9, 5, 6.1, 6.9, 8]})
    >>> float(branch_trial_effects(trial, ["mood"])["effect"].round(1).iloc[0])
    1.0
    """
    need_rows(
        trial, [arm, *[f"{o}_{when}" for o in outcomes for when in ("before", "after")]], "trial"
    )
    got = need_true_false(trial[arm], arm)
    if min(got.sum(), (~got).sum()) < 3:
        raise CrmkitError(f"{arm}: three branches with it and three without are needed at least.")
    need_count(draws, "draws")
    rng = generator(seed)
    deals = np.array([rng.permutation(got) for _ in range(draws)], dtype=float)
    n = len(got)
    rows = []
    for outcome in outcomes:
        before, after = (
            need_numbers(need_known(trial[f"{outcome}_{when}"], outcome), f"{outcome}_{when}")
            for when in ("before", "after")
        )
        # Frisch-Waugh: what is left of arm and outcome once level and before are taken out.
        design = np.column_stack([np.ones(n), before])
        base = np.linalg.pinv(design)
        rest = after - design @ (base @ after)

        def effect(
            arms: np.ndarray,
            design: np.ndarray = design,
            base: np.ndarray = base,
            rest: np.ndarray = rest,
        ) -> tuple[np.ndarray, np.ndarray]:
            left = arms - (arms @ base.T) @ design.T
            room = (left**2).sum(axis=-1)
            return (left @ rest) / room, room

        found, room = effect(got.astype(float))
        again, _ = effect(deals)
        residual = (rest**2).sum() - found**2 * room
        half = np.nan
        if residual > 1e-12 * max(1.0, float((after**2).sum())):
            half = critical_value(level, n - 3) * np.sqrt(residual / (n - 3) / room)
        p = (1 + int((np.abs(again) >= abs(found) - 1e-12).sum())) / (1 + draws)
        rows.append((outcome, n, float(found), float(found - half), float(found + half), p))
    return pd.DataFrame(rows, columns=["outcome", "branches", "effect", "low", "high", "p_value"])


def chain_check(
    panel: pd.DataFrame,
    trial: pd.DataFrame,
    cause: str,
    outcomes: Sequence[str],
    *,
    arm: str = "trained",
    cluster: str = "branch",
    level: float = 0.95,
) -> pd.DataFrame:
    """Compare what plain figures promise for a trial's change of the cause with what the trial brought.

    Parameters
    ----------
    panel
        As for :func:`lagged_links`.
    trial
        As for :func:`branch_trial_effects`, with the cause among its outcomes.
    cause
        The measure that the trial moved, such as ``staff_satisfaction``.
    outcomes
        What is said to follow.
    arm, cluster
        As there.
    level
        Share of samples in which the intervals hold the truth.

    Returns
    -------
    DataFrame
        Two or three rows per outcome: ``outcome``, ``way`` ("as it looks": the slope over all branches and quarters;
        "each branch with itself": the slope once each branch's mean is taken away; "by chance": the trial), ``effect``
        of as large a change of the cause as the trial brought, ``low``, ``high``.

    Raises
    ------
    CrmkitError
        As the two functions.

    Notes
    -----
    The first two take the trial's change of the cause as known; their intervals are those of the slope (sandwich by
    branch, Student's t with branches - 1).

    Examples
    --------
    >>> from crmkit import load
    >>> found = chain_check(load("branch_quarters"), load("branch_trial"), "staff_satisfaction", ["profit"])
    >>> found["way"].tolist()
    ['as it looks', 'each branch with itself', 'by chance']
    """
    moved = branch_trial_effects(trial, [cause, *outcomes], arm=arm, level=level)
    moved = moved.set_index("outcome")
    dose = float(moved.loc[cause, "effect"])
    need_rows(panel, [cluster, "quarter", cause, *outcomes], "panel")
    need_unique(panel, [cluster, "quarter"], "panel")
    rows = []
    for outcome in outcomes:
        x, y = (_wide(panel, name, cluster) for name in (cause, outcome))
        for way, within in (("as it looks", False), ("each branch with itself", True)):
            slope, half = _slope(x, y, within, level)
            ends = sorted((dose * (slope - half), dose * (slope + half)))
            rows.append((outcome, way, dose * slope, *ends))
        rows.append((outcome, "by chance", *moved.loc[outcome, ["effect", "low", "high"]]))
    table = pd.DataFrame(rows, columns=["outcome", "way", "effect", "low", "high"])
    table["way"] = [label(way) for way in table["way"]]
    return table


def _slope(x: np.ndarray, y: np.ndarray, within: bool, level: float) -> tuple[float, float]:
    """Slope of y on x and half its interval; branches are the rows."""
    if within:
        x, y = (part - part.mean(axis=1, keepdims=True) for part in (x, y))
    a, b = x - x.mean(), y - y.mean()
    room = float((a**2).sum())
    slope = float((a * b).sum()) / room
    scores = (a * (b - slope * a)).sum(axis=1)
    # Each branch's score is scaled up by what the branch itself draws the slope towards it (the jackknife, CR3).
    scores = scores / (1 - (a**2).sum(axis=1) / room)
    n = len(x)
    error = np.sqrt((scores**2).sum() * (n - 1) / n) / room
    return slope, critical_value(level, n - 1) * float(error)


__all__ = ["branch_trial_effects", "chain_check", "lagged_links"]
