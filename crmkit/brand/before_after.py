"""What an event did to one brand, told from what happened to all in the same time.

The business problem: a rival enters, and in the same months the season turns and prices rise. A change from before to
after holds all of that. Brands to which everything happened except the event are a control group: our change less
theirs is a **difference in differences**.

Sources: Card & Krueger (1994) American Economic Review 84; Bertrand, Duflo & Mullainathan (2004) Quarterly Journal of
Economics 119 (placebos, errors that allow for clusters).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inference import adjust_p_values, cluster_numbers, critical_value
from crmkit.inputs import first_few, need_columns, need_numbers
from crmkit.later import later

stats = later("scipy.stats")


def difference_in_differences(
    answers: pd.DataFrame,
    outcome: str,
    treated: str,
    controls: Sequence[str] | None = None,
    unit: str = "brand",
    period: str = "period",
    before: object = "before",
    after: object = "after",
    cluster: str = "respondent_id",
    level: float = 0.95,
) -> pd.DataFrame:
    """Change of one brand less the mean change of the control brands; and each control in its place, as a placebo.

    Parameters
    ----------
    answers
        One row per answer: the columns that `unit`, `period`, `cluster` and `outcome` name. Rows of other brands and
        periods are left out.
    outcome
        A number (a rating, a count, 0 or 1).
    treated
        The brand to which the event happened.
    controls
        Brands to which all happened except the event; by default all others in the table. At least two.
    unit, period, before, after
        Columns of brand and period, and the two periods.
    cluster
        Who answered: one person's answers about several brands hang together.
    level
        Of the interval.

    Returns
    -------
    DataFrame, the treated brand first
        brand (or whatever `unit` is called), change (after less before), others (mean change of the controls; for a
        control, of the other controls), effect (change less others), low, high, p_adjusted (Holm, over all rows),
        placebo (True for a control: nothing happened to it, so an interval without 0 there says that brands
        stray by more than the sampling of people).

    Raises
    ------
    CrmkitError
        If the treated brand or a period is missing, there are fewer than two controls, or an outcome is missing.

    Notes
    -----
    The interval holds what the sampling of people does (linearised, clustered by person). It cannot hold what happened
    to the treated brand alone in the same months; the placebos show how large such strays are.

    Examples
    --------
    >>> rows = pd.DataFrame({"respondent_id": range(12), "brand": list("AABBCC") * 2,
    ...                      "period": ["before"] * 6 + ["after"] * 6,
    ...                      "trust": [7, 8, 6, 7, 5, 6, 5, 6, 6, 7, 5, 6]})
    >>> found = difference_in_differences(rows, "trust", "A")
    >>> found[["brand", "change", "others", "effect", "placebo"]].values.tolist()[0]
    ['A', -2.0, 0.0, -2.0, False]
    """
    need_columns(answers, (outcome, unit, period, cluster), "answers")
    names = [
        treated,
        *(controls if controls is not None else sorted(set(answers[unit]) - {treated})),
    ]
    if treated in names[1:] or len(names) < 3:
        raise CrmkitError(
            f"A control group needs at least two brands that are not {treated!r}; there are {len(names) - 1}."
        )
    table = answers[answers[unit].isin(names) & answers[period].isin([before, after])]
    values = need_numbers(table[outcome], f"answers, {outcome}", empty=True)
    late = (table[period] == after).to_numpy()
    place = pd.Index(names).get_indexer(table[unit])
    count = np.array(
        [np.bincount(place[late == side], minlength=len(names)) for side in (False, True)]
    )
    if (count == 0).any():
        gone = [f"{names[j]} {(before, after)[i]}" for i, j in np.argwhere(count == 0)]
        raise CrmkitError(
            f"answers: there are none about {first_few(gone)}. Leave such brands out."
        )
    which = late.astype(int)
    sums = np.zeros(count.shape)
    np.add.at(sums, (which, place), values)
    mean = sums / count
    change = mean[1] - mean[0]
    # What each answer moves the mean of its brand and period: the linearised error, summed within persons.
    moves = np.where(late, 1, -1) * (values - mean[which, place]) / count[which, place]
    who, people = cluster_numbers(table[cluster], len(table))
    by_person = np.zeros((people, len(names)))
    np.add.at(by_person, (who, place), moves)
    rows = []
    for i, name in enumerate(names):
        others = [j for j in range(1, len(names)) if j != i]
        weight = np.zeros(len(names))
        weight[i], weight[others] = 1.0, -1 / len(others)
        effect = float(weight @ change)
        error = float(np.sqrt(((by_person @ weight) ** 2).sum() * people / (people - 1)))
        error = error if error > 0 else np.nan
        half = critical_value(level, people - 1) * error
        p = 2 * stats.t.sf(abs(effect) / error, people - 1)
        rows.append(
            (name, change[i], change[others].mean(), effect, effect - half, effect + half, p, i > 0)
        )
    out = pd.DataFrame(
        rows, columns=[unit, "change", "others", "effect", "low", "high", "p_adjusted", "placebo"]
    )
    out["p_adjusted"] = adjust_p_values(out["p_adjusted"])
    return out
