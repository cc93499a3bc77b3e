"""Design a loyalty programme: rewards, breakage and a threshold in, what it moves, costs and owes out.

How much each kind of member is moved comes from a trial (`joined_effects`). Beyond the tried reward there is a
supposition: the rise grows with the square root of the reward, so twice the reward moves 1.4 times as much. The pull of
a threshold is one too. Both are parameters; a programme of one's own should be tried before it is believed.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmkit.inputs import need_number, need_numbers, need_probability, need_rows
from crmkit.say import labels

labels("gold")


def design_programme(
    kinds: pd.DataFrame,
    spend: object,
    *,
    margin: float,
    reward: float = 0.02,
    tried_reward: float = 0.02,
    breakage: float = 0.2,
    threshold: float = 500.0,
    gold_more: float = 0.18,
    gold_cost: float = 20.0,
    pull: float = 0.4,
    reach: float = 90.0,
) -> pd.DataFrame:
    """Forecast a year of a programme: margin won, cost of points and of gold, net, and what is owed at its end.

    Parameters
    ----------
    kinds
        One row per kind of member: ``kind``, ``members``, ``without`` (spending in a year without the programme),
        ``more`` (rise that a trial found, as a share).
    spend
        Spending of a year, one value per member: who would reach a threshold.
    margin
        Share of spending that is margin.
    reward
        Face value of the points for each unit of spending.
    tried_reward
        That of the programme in which ``more`` was found.
    breakage
        Share of the points that is never redeemed.
    threshold
        Spending of a year that makes gold.
    gold_more, gold_cost
        What gold adds to a member's spending, as a share, and what its rights cost for each gold member.
    pull, reach
        Share of the members just below the threshold who buy more to reach it; it falls to zero `reach` below.

    Returns
    -------
    DataFrame
        One row per kind and one for ``gold``: ``kind``, ``members``, ``margin_won``, ``cost``, ``net``, ``owed``
        (points of the last half-year that will be redeemed; half of the year's cost).

    Notes
    -----
    rise = more x sqrt(reward / tried_reward); points are paid on all spending, also on what would have come anyway.

    Examples
    --------
    >>> kinds = pd.DataFrame({"kind": ["light", "heavy"], "members": [100, 50], "without": [100.0, 900.0],
    ...     "more": [0.2, 0.0]})
    >>> found = design_programme(kinds, [100] * 100 + [900] * 50, margin=0.4, breakage=0.0, threshold=2000)
    >>> found[["kind", "net"]].values.tolist()
    [['light', 560.0], ['heavy', -900.0], ['gold', 0.0]]
    """
    need_rows(kinds, ["kind", "members", "without", "more"], "kinds")
    share = need_probability(margin, "margin")
    face = need_number(reward, "reward", minimum=0)
    tried = need_number(tried_reward, "tried_reward", minimum=1e-9)
    broken = need_number(breakage, "breakage", minimum=0, maximum=1)
    line = need_number(threshold, "threshold", minimum=0)
    each = need_numbers(spend, "spend", minimum=0)
    count = kinds["members"].to_numpy(float)
    usual = count * kinds["without"].to_numpy(float)
    rise = kinds["more"].to_numpy(float) * np.sqrt(face / tried)
    won = share * usual * rise
    cost = face * (1 - broken) * usual * (1 + rise)
    gap = line - each
    drawn = np.where((gap > 0) & (gap < reach), pull * (1 - gap / max(reach, 1e-9)), 0.0)
    gold = gap <= 0
    scale = count.sum() / len(each)
    gold_won = share * (gold_more * each[gold].sum() + (drawn * gap).sum()) * scale
    heads = float(gold.sum() + drawn.sum()) * scale
    return pd.DataFrame(
        {
            "kind": [*kinds["kind"].astype(str), "gold"],
            "members": [*count, heads],
            "margin_won": [*won, float(gold_won)],
            "cost": [*cost, need_number(gold_cost, "gold_cost", minimum=0) * heads],
            "net": [*(won - cost), float(gold_won - gold_cost * heads)],
            "owed": [*(cost / 2), 0.0],
        }
    )
