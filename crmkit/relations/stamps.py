"""Stamp cards, and whether gaps between purchases shrink as the reward comes near.

Problem
    On cards that are nearly full the stamps follow each other fast. Does the reward pull (the goal gradient), or do
    slow people give up, so that only fast ones are left on nearly full cards? Compare each card with itself.

Sources
    Kivetz, Urminsky & Zheng (2006) Journal of Marketing Research 43 (goal gradient: gaps about a fifth shorter); Nunes
    & Dreze (2006) Journal of Consumer Research 32 (endowed progress); Liang & Zeger (1986) Biometrika 73 (clusters).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inference import critical_value, tells_spread
from crmkit.inputs import need_columns, need_numbers
from crmkit.say import labels

# How the change was worked out, for readers of other languages.
labels("all gaps", "each card with itself")


def goal_gradient(cards: pd.DataFrame, gaps: Sequence[str], *, level: float = 0.95) -> pd.DataFrame:
    """Estimate how much shorter the last gap is than the first: over all gaps, and comparing each card with itself.

    Parameters
    ----------
    cards
        One row per card.
    gaps
        Columns of the days until each stamp, in order; missing from the stamp on that was never reached.
    level
        Share of samples in which the intervals hold the truth.

    Returns
    -------
    DataFrame
        Two rows: ``way`` ("all gaps", "each card with itself"), ``cards``, ``gaps`` (how many were used), ``shorter``
        (share by which the last gap is shorter than the first), ``low``, ``high``.

    Raises
    ------
    CrmkitError
        Fewer than two columns; a gap of zero days or less; a gap after a missing one; too few cards.

    Notes
    -----
    Regression of the log of the gap on the place (0 for the first, 1 for the last), with standard errors summed over
    cards; for "each card with itself" after subtracting each card's own means (cards with a single gap say nothing).
    It allows for slow people who give up sooner, but not for people who gave up *because* their last gap was long.

    Examples
    --------
    >>> cards = pd.DataFrame({"gap_1": [10.0, 20, 5, 30], "gap_2": [9.0, 18, 4, None], "gap_3": [8.0, 15, 4.5, None]})
    >>> goal_gradient(cards, ["gap_1", "gap_2", "gap_3"])["shorter"].round(2).tolist()
    [0.39, 0.19]
    """
    names = list(gaps)
    if len(names) < 2:
        raise CrmkitError("gaps: at least two columns are needed, in order.")
    need_columns(cards, names, "cards")
    raw = cards[names].apply(pd.to_numeric, errors="coerce")
    lost = raw.isna() & cards[names].notna()
    for name in names:
        if lost[name].any():
            need_numbers(cards[name], name)
    days = raw.to_numpy(float)
    there = ~np.isnan(days)
    if (there[:, 1:] & ~there[:, :-1]).any():
        row = int(np.flatnonzero((there[:, 1:] & ~there[:, :-1]).any(axis=1))[0])
        raise CrmkitError(
            f"gaps: in row {row} a gap follows a missing one. Are the columns in order?"
        )
    if (days[there] <= 0).any():
        row = int(np.flatnonzero((there & ~(days > 0)).any(axis=1))[0])
        raise CrmkitError(
            f"gaps: in row {row} a gap is zero days or less. Take them in parts of a day."
        )
    card, place = np.nonzero(there)
    y, x = np.log(days[there]), place / (len(names) - 1)
    rows = []
    for way in ("all gaps", "each card with itself"):
        used = np.ones(len(y), bool)
        if way == "each card with itself":
            used = there.sum(axis=1)[card] > 1
        whose = pd.factorize(card[used])[0]
        total = int(whose.max()) + 1 if used.any() else 0
        if total < 3 or not tells_spread(x[used]):
            raise CrmkitError("cards: at least three cards with two gaps or more are needed.")
        a, b = x[used], y[used]
        if way == "all gaps":
            a, b = a - a.mean(), b - b.mean()
        else:
            size = np.bincount(whose)
            a = a - (np.bincount(whose, a) / size)[whose]
            b = b - (np.bincount(whose, b) / size)[whose]
        square = float((a * a).sum())
        slope = float((a * b).sum()) / square
        left = b - slope * a
        low = high = np.nan
        if tells_spread(left):
            scores = np.bincount(whose, a * left, minlength=total)
            error = float(np.sqrt((scores**2).sum() * total / (total - 1))) / square
            half = critical_value(level, total - 1) * error
            low, high = 1 - float(np.exp(slope + half)), 1 - float(np.exp(slope - half))
        rows.append(
            {
                "way": way,
                "cards": total,
                "gaps": int(used.sum()),
                "shorter": 1 - float(np.exp(slope)),
                "low": low,
                "high": high,
            }
        )
    return pd.DataFrame(rows)
