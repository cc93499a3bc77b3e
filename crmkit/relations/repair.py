"""What a repair does after a fault: satisfaction and buying again, each compared with customers without a fault.

Problem
    Customers whose complaint was repaired well are more satisfied than those who never complained, and many buy again.
    Is a repaired fault better than none? Who complains buys often anyway. So chance has to decide on the repair, and
    what people say and what they do are two outcomes.

Sources
    A paradox for satisfaction, none for buying again: De Matos, Henrique & Rossi (2007) Journal of Service Research 10.
    Recovery hardly ever makes good in full: Knox & van Oest (2014) Journal of Marketing 78. Differences: Newcombe
    (1998), Welch (1947); several of them: Holm (1979). Share made good, a ratio of two differences: Fieller (1954)
    JRSS B 16.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inference import adjust_p_values, critical_value
from crmkit.inputs import first_few, need_known, need_numbers, need_rows
from crmkit.reactivation import effect_table


def repair_effects(
    cases: pd.DataFrame,
    outcomes: Sequence[str] = ("satisfaction", "bought_180d"),
    *,
    repair: str = "repair",
    control: str = "no fault",
    level: float = 0.95,
) -> pd.DataFrame:
    """Compare each kind of repair with customers who had no fault, on several outcomes.

    Parameters
    ----------
    cases
        One row per customer: `repair` and the outcomes.
    outcomes
        Columns: a number, or True and False.
    repair, control
        Column of what was done, and its value for customers without a fault.
    level
        Of each interval by itself.

    Returns
    -------
    DataFrame
        One row per outcome and kind of repair: ``outcome``, `repair`, ``customers``, ``value``, ``control_value``,
        ``effect``, ``low``, ``high``, ``p_value``, ``p_adjusted`` (Holm, for all rows together).

    Examples
    --------
    >>> cases = pd.DataFrame({"repair": ["no fault"] * 100 + ["late"] * 100,
    ...     "bought_180d": [True] * 70 + [False] * 30 + [True] * 50 + [False] * 50})
    >>> repair_effects(cases, ["bought_180d"])[["effect", "low", "high"]].round(2).values.tolist()
    [[-0.2, -0.33, -0.06]]
    """
    if isinstance(outcomes, str):
        raise CrmkitError(f"outcomes: give a list, such as [{outcomes!r}].")
    if not len(outcomes):
        raise CrmkitError("outcomes: name one column at least.")
    need_rows(cases, [repair, *outcomes], "cases")
    parts = [
        effect_table(cases, name, arm=repair, control=control, level=level).assign(outcome=name)
        for name in outcomes
    ]
    table = pd.concat(parts, ignore_index=True).rename(columns={"arm": repair})
    table["p_adjusted"] = adjust_p_values(table["p_value"])
    columns = ["customers", "value", "control_value", "effect", "low", "high", "p_value"]
    return table[["outcome", repair, *columns, "p_adjusted"]]


def made_good(
    cases: pd.DataFrame,
    outcomes: Sequence[str] = ("satisfaction", "bought_180d"),
    *,
    done: str = "at once",
    undone: str = "not",
    control: str = "no fault",
    repair: str = "repair",
    level: float = 0.95,
) -> pd.DataFrame:
    """Estimate which share of the harm of a fault a repair makes good: 1 is in full, above 1 better than no fault.

    Parameters
    ----------
    cases, outcomes, repair, control
        As for `repair_effects`.
    done, undone
        The repair, and the value for faults about which nothing was done.
    level
        Of the interval.

    Returns
    -------
    DataFrame
        One row per outcome: ``outcome``, ``harm`` (no fault less fault not repaired), ``won_back`` (repaired less not
        repaired), ``share`` (won back of the harm), ``low``, ``high`` (Fieller's; none where the harm itself is not
        certain).

    Examples
    --------
    >>> cases = pd.DataFrame({"repair": ["no fault"] * 200 + ["at once"] * 200 + ["not"] * 200,
    ...     "bought_180d": [True] * 140 + [False] * 60 + [True] * 120 + [False] * 80 + [True] * 80 + [False] * 120})
    >>> made_good(cases, ["bought_180d"])[["share", "low", "high"]].round(2).values.tolist()
    [[0.67, 0.39, 0.97]]
    """
    if isinstance(outcomes, str):
        raise CrmkitError(f"outcomes: give a list, such as [{outcomes!r}].")
    need_rows(cases, [repair, *outcomes], "cases")
    need_known(cases[repair], repair)
    for name in (done, undone, control):
        if name not in set(cases[repair]):
            raise CrmkitError(
                f"{repair}: there is no {name!r}; there are {first_few(pd.unique(cases[repair]), 8)}."
            )
    rows = []
    for name in outcomes:
        values = need_numbers(cases[name], name)
        mean, noise = {}, {}
        for group in (done, undone, control):
            mine = values[(cases[repair] == group).to_numpy()]
            mean[group] = mine.mean()
            noise[group] = mine.var(ddof=1) / len(mine) if len(mine) > 1 else np.nan
        harm, won = mean[control] - mean[undone], mean[done] - mean[undone]
        low, high = _fieller(
            won, harm, noise[done] + noise[undone], noise[control] + noise[undone], noise[undone], level
        )  # fmt: skip
        share = won / harm if harm > 0 else np.nan
        rows.append(
            {"outcome": name, "harm": harm, "won_back": won, "share": share, "low": low, "high": high}
        )  # fmt: skip
    return pd.DataFrame(rows)


def _fieller(
    top: float, below: float, top_var: float, below_var: float, both: float, level: float
) -> tuple[float, float]:
    """Fieller's interval of top / below; none where `below` is not certainly above 0."""
    z2 = critical_value(level) ** 2
    square, line = below**2 - z2 * below_var, top * below - z2 * both
    fixed = top**2 - z2 * top_var
    inside = line**2 - square * fixed
    if not (below > 0 and square > 0 and inside > 0):
        return np.nan, np.nan
    return float((line - np.sqrt(inside)) / square), float((line + np.sqrt(inside)) / square)


__all__ = ["made_good", "repair_effects"]
