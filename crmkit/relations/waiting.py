"""What a late answer does to a customer: the plain comparison, the adjusted one, and the trial.

Problem
    Customers who waited long like the brand less. But hard cases wait longer, and a hard case alone makes one like
    the brand less. How much of the gap is the wait's doing?

Sources
    Newcombe (1998) for plain differences and the trial; Lin (2013) for the adjusted one
    (`crmkit.reactivation.experiments`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inputs import need_number, need_numbers, need_probability, need_rows
from crmkit.reactivation import adjusted_effects, effect_table
from crmkit.say import labels

# How an effect was worked out, for readers of other languages.
labels("as it looks", "like cases compared", "by chance")


def effect_of_waiting(
    enquiries: pd.DataFrame,
    outcome: str,
    trial: pd.DataFrame | None = None,
    *,
    fast_hours: float = 1,
    slow_hours: float = 24,
    known: Sequence[str] = ("hard",),
    arm: str = "promise",
    control: str = "within the hour",
    level: float = 0.95,
) -> pd.DataFrame:
    """Say how much an outcome differs between long and short waits: as it looks, among like cases, and by chance.

    Parameters
    ----------
    enquiries
        One row per enquiry: ``wait_hours``, `outcome`, and the columns `known`. Those with a wait between
        `fast_hours` and `slow_hours` are left out of the first two comparisons.
    outcome
        Column of True and False, such as ``likes_less``.
    trial
        One row per enquiry of a trial in which chance decided who waits: `arm`, `outcome`. Default: no such row.
    fast_hours, slow_hours
        Fast is up to so many hours, slow is more than so many.
    known
        Columns of what was known of a case before its wait; numbers, or True and False.
    arm, control
        Column of the trial that chance decided, and the value that stands for a fast answer.
    level
        Share of samples in which the intervals hold the truth.

    Returns
    -------
    DataFrame
        One row per way: ``way`` ("as it looks": the plain difference; "like cases compared": allowing for `known`;
        "by chance": the trial), ``slow``, ``fast`` (how many were compared), ``effect`` (share after a long wait less
        share after a short one), ``low``, ``high``.

    Raises
    ------
    CrmkitError
        Missing columns or values; fewer than twelve fast or slow enquiries; a trial with more than two arms.

    Notes
    -----
    The second row is right only if like cases are truly alike: if all that makes people wait longer *and* react
    otherwise is in `known`. The third needs no such belief.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> hard = rng.random(2000) < 0.3
    >>> wait = np.where(rng.random(2000) < 0.2 + 0.5 * hard, 30.0, 0.5)
    >>> less = rng.random(2000) < 0.1 + 0.3 * hard + 0.2 * (wait > 24)
    >>> cases = pd.DataFrame({"wait_hours": wait, "hard": hard, "likes_less": less})
    >>> effect_of_waiting(cases, "likes_less")["effect"].round(2).tolist()
    [0.31, 0.18]
    """
    need_rows(enquiries, ["wait_hours", outcome, *known], "enquiries")
    need_number(fast_hours, "fast_hours", minimum=0)
    need_number(slow_hours, "slow_hours", minimum=fast_hours)
    need_probability(level, "level")
    waited = need_numbers(enquiries["wait_hours"], "wait_hours", minimum=0)
    pace = np.where(waited > slow_hours, "slow", np.where(waited <= fast_hours, "fast", ""))
    cases = enquiries.assign(_pace=pace)[pace != ""]
    rows = []
    plain = _plain(cases, outcome, "_pace", "fast", level)
    rows.append(("as it looks", *plain))
    if len(known):
        found = adjusted_effects(
            cases, outcome, list(known), arm="_pace", control="fast", level=level
        )
        rows.append(("like cases compared", *plain[:2], *found.loc[0, ["effect", "low", "high"]]))
    if trial is not None:
        need_rows(trial, [arm, outcome], "trial")
        if trial[arm].nunique() != 2:
            raise CrmkitError(
                f"{arm}: a trial of two arms is needed, not of {trial[arm].nunique()}."
            )
        rows.append(("by chance", *_plain(trial, outcome, arm, control, level)))
    names = ["way", "slow", "fast", "effect", "low", "high"]
    return pd.DataFrame(rows, columns=names)


def _plain(
    cases: pd.DataFrame, outcome: str, arm: str, control: str, level: float
) -> tuple[int, int, float, float, float]:
    """How many, and the difference of two shares with its interval."""
    if cases[arm].nunique() < 2:
        raise CrmkitError(
            "wait_hours: there are only fast answers, or only slow ones. Both are needed; change fast_hours or "
            "slow_hours."
        )
    row = effect_table(cases, outcome, arm=arm, control=control, level=level).iloc[0]
    return row["customers"], row["control_customers"], row["effect"], row["low"], row["high"]


__all__ = ["effect_of_waiting"]
