"""Does remembering precede buying? Lags, controls, and the reverse cause.

The business problem: people who recall the brand buy more of it. That is true in every tracker and proves little,
for two reasons. Buying makes people remember (**reverse cause**), and anyone who has a project going both notices
brands and buys (**common cause**). A panel that asks the same people again and again can look at the order in
time, hold the common causes it has measured level, and turn the question round.

Even then: a cause nobody measured stays in. Only chance (an experiment) takes it out.

Sources: Granger (1969) Econometrica 37 on lags; cluster-robust errors: Liang & Zeger (1986) Biometrika 73.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmkit.brand._check import Floats, floats
from crmkit.errors import CrmkitError
from crmkit.inference import clustered_covariance, critical_value
from crmkit.inputs import need_columns


def add_lags(
    panel: pd.DataFrame, columns: Sequence[str], person: str = "person_id", wave: str = "wave"
) -> pd.DataFrame:
    """Each person's answer of the wave before, beside this wave's.

    Parameters
    ----------
    panel
        One row per person and wave (waves numbered 1, 2, 3, …).
    columns
        What to bring forward.

    Returns
    -------
    DataFrame
        The panel with `<column>_before`; rows without the wave before (the first, or after a gap) are left out,
        since there is nothing to look back to.

    Raises
    ------
    CrmkitError
        If a person answers twice in one wave.

    Examples
    --------
    >>> panel = pd.DataFrame({"person_id": [1, 1, 1], "wave": [1, 2, 4], "recalled": [1, 0, 1]})
    >>> add_lags(panel, ["recalled"])[["wave", "recalled_before"]].values.tolist()
    [[2, 1]]
    """
    need_columns(panel, (person, wave, *columns), "panel")
    if panel.duplicated([person, wave]).any():
        row = panel.loc[panel.duplicated([person, wave])].iloc[0]
        raise CrmkitError(f"Person {row[person]} answers twice in wave {row[wave]}.")
    before = panel[[person, wave, *columns]].rename(
        columns={name: f"{name}_before" for name in columns}
    )
    return panel.merge(before.assign(**{wave: before[wave] + 1}), on=[person, wave], how="inner")


def _logit(design: Floats, outcome: Floats, cluster: npt.NDArray[np.int_]) -> tuple[Floats, Floats]:
    """Logistic regression by Newton's method, with errors that allow one person's answers to hang together."""
    weight = np.zeros(design.shape[1])
    for _ in range(60):
        chance = 1 / (1 + np.exp(-design @ weight))
        information = (design * (chance * (1 - chance))[:, None]).T @ design
        try:
            step = np.linalg.solve(information, design.T @ (outcome - chance))
        except np.linalg.LinAlgError:
            raise CrmkitError(
                "The columns cannot be told apart: one of them is constant, or two always agree. Leave one out."
            ) from None
        weight = weight + step
        if np.abs(step).max() < 1e-9:
            break
    else:
        raise CrmkitError(
            "The regression does not settle: a column predicts the outcome perfectly. Look at a cross table first."
        )
    chance = 1 / (1 + np.exp(-design @ weight))
    bread = np.linalg.inv((design * (chance * (1 - chance))[:, None]).T @ design)
    scores = np.asarray(design * (outcome - chance)[:, None], dtype=float)
    return weight, clustered_covariance(np.asarray(bread, dtype=float), scores, cluster)


def effect_in_points(
    panel: pd.DataFrame,
    outcome: str,
    cause: str,
    controls: Sequence[str] = (),
    person: str = "person_id",
    level: float = 0.95,
) -> pd.Series:
    """Tell by how many percentage points the outcome rises with the cause, the controls held level.

    Logistic regression; its answer is turned into the average difference in probability with the cause set to 1
    and to 0 for everybody (average marginal effect), with a cluster-robust interval by the delta method.

    Parameters
    ----------
    panel
        One row per person and wave.
    outcome, cause
        Columns of 0 and 1.
    controls
        Numeric columns held level.
    person
        Column that says whose rows belong together.

    Returns
    -------
    Series
        points, low, high (percentage points), rows, people.

    Raises
    ------
    CrmkitError
        For missing values, an outcome or cause that is not 0 and 1 or never changes.

    Examples
    --------
    >>> panel = pd.DataFrame({"person_id": range(8), "saw": [0] * 4 + [1] * 4, "bought": [0, 0, 0, 1, 0, 1, 1, 1]})
    >>> float(round(effect_in_points(panel, "bought", "saw").points, 1))
    50.0
    """
    controls = [controls] if isinstance(controls, str) else list(controls)
    names = [outcome, cause, *controls]
    need_columns(panel, (*names, person), "panel")
    table = pd.DataFrame({name: floats(panel[name], name) for name in names})
    if table.isna().any().any():
        where = table.isna().sum()
        gaps = ", ".join(f"{name} ({n})" for name, n in where[where > 0].items())
        raise CrmkitError(f"Values are missing in {gaps}. Leave such rows out, and say how many.")
    for name in (outcome, cause):
        if set(table[name].unique()) != {0.0, 1.0}:
            raise CrmkitError(
                f"Column '{name}' must hold both 0 and 1 and nothing else; it holds "
                f"{sorted(table[name].unique())[:5]}."
            )
    design = np.column_stack([np.ones(len(table)), table[[cause, *controls]].to_numpy()])
    cluster, people = pd.factorize(panel[person])
    if (cluster < 0).any() or len(people) < 2:
        raise CrmkitError(
            f"Column '{person}' must name at least two people, and somebody in every row; it names {len(people)}, and "
            f"nobody in {int((cluster < 0).sum())} rows."
        )
    weight, cover = _logit(design, table[outcome].to_numpy(), cluster)
    with_it, without = design.copy(), design.copy()
    with_it[:, 1], without[:, 1] = 1.0, 0.0
    high, low = (1 / (1 + np.exp(-x @ weight)) for x in (with_it, without))
    slope = ((high * (1 - high))[:, None] * with_it - (low * (1 - low))[:, None] * without).mean(
        axis=0
    )
    effect = float((high - low).mean())
    error = float(np.sqrt(slope @ cover @ slope))
    t = critical_value(level, len(people) - 1)
    return pd.Series(
        {
            "points": effect * 100,
            "low": (effect - t * error) * 100,
            "high": (effect + t * error) * 100,
            "rows": len(table),
            "people": len(people),
        }
    )


def remembering_and_buying(
    panel: pd.DataFrame, controls: Sequence[str], recalled: str = "recalled", bought: str = "bought"
) -> pd.DataFrame:
    """Ask for the same link four ways, from the naive to the careful, and turn it round.

    Parameters
    ----------
    panel
        person_id, wave, the controls, `bought` (0 or 1: in the weeks *before* the wave's interview) and `recalled`
        (0 or 1: *in* the interview).
    controls
        Common causes that were measured (a project going on, how often they shop for the category, …).

    Returns
    -------
    DataFrame
        question, points, low, high (percentage points), rows, people. The questions: same wave (naive; here buying
        came first!); recalled in the interview before, then bought; the same with earlier buying and the controls
        held level; and the reverse cause: bought, then recalled, with earlier recall and the controls held level.

    Raises
    ------
    CrmkitError
        As `add_lags` and `effect_in_points`.
    """
    controls = [controls] if isinstance(controls, str) else list(controls)
    now = add_lags(panel, [recalled, bought])
    if now.empty:
        raise CrmkitError(
            "Nobody answered in two waves that follow each other: what came first cannot be told from one wave."
        )
    rows = {
        "same wave": effect_in_points(now, bought, recalled),
        "recalled, then bought": effect_in_points(now, bought, f"{recalled}_before"),
        "recalled, then bought; controls": effect_in_points(
            now, bought, f"{recalled}_before", [f"{bought}_before", *controls]
        ),
        "reverse: bought, then recalled; controls": effect_in_points(
            now, recalled, bought, [f"{recalled}_before", *controls]
        ),
    }
    return pd.DataFrame(rows).T.rename_axis("question").reset_index()
