"""Contacts and their ages at the time of a question: what the models of forgetting are fed with."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmkit.brand._check import Floats, floats
from crmkit.errors import CrmkitError
from crmkit.inputs import first_few, need_columns, need_numbers


def clean_ages(ages: npt.ArrayLike) -> Floats:
    """Ages as a two-dimensional float array, one row a question, NaN where there is no contact."""
    table = floats(ages, "ages")
    if table.ndim == 1:
        table = table.reshape(-1, 1)
    if table.ndim != 2:
        raise CrmkitError(
            f"`ages` must have one row per question and one column per contact; it has {table.ndim} dimensions. "
            "Build it with `exposure_ages(trials)`."
        )
    if np.isinf(table).any():
        raise CrmkitError("`ages` holds infinite values. Use NaN where there is no contact.")
    return table


def clean_weights(weights: npt.ArrayLike | None, ages: Floats) -> Floats:
    """Weights in the shape of `ages`, 1 each unless given."""
    if weights is None:
        return np.ones_like(ages)
    given = floats(weights, "weights")
    try:
        table = np.broadcast_to(given, ages.shape)
    except ValueError:
        raise CrmkitError(
            f"`weights` has the shape {given.shape}, `ages` {ages.shape}: one weight for each age is needed."
        ) from None
    if np.isnan(table).any():
        raise CrmkitError("`weights` holds missing values. A week without contacts has weight 0.")
    if (table < 0).any():
        row, column = np.argwhere(table < 0)[0]
        raise CrmkitError(
            f"Contacts cannot be negative: row {row}, column {column} holds {table[row, column]:g}. Check the "
            "exposure plan."
        )
    return table


def exposure_ages(
    trials: pd.DataFrame,
    exposures: str = "exposures",
    gap_weeks: str = "gap_weeks",
    weeks_after: str = "weeks_after",
) -> Floats:
    """Age of every contact at the moment of the question, for evenly spaced schedules.

    Parameters
    ----------
    trials
        One row per question asked: number of contacts, weeks between two contacts, weeks from the last contact to
        the question.
    exposures, gap_weeks, weeks_after
        Names of these three columns.

    Returns
    -------
    array, shape (questions, most contacts)
        Weeks from contact to question, newest first; NaN where there was no contact.

    Raises
    ------
    CrmkitError
        If a column is missing, a number of contacts, a gap or a delay is negative, or a number of contacts is not
        whole.

    Examples
    --------
    >>> trials = pd.DataFrame({"exposures": [0, 3], "gap_weeks": [0, 2], "weeks_after": [1, 1]})
    >>> exposure_ages(trials).tolist()[1]
    [1.0, 3.0, 5.0]
    """
    need_columns(trials, (exposures, gap_weeks, weeks_after), "trials")
    number, gap, after = (
        need_numbers(trials[name], name, minimum=0) for name in (exposures, gap_weeks, weeks_after)
    )
    parts = trials.index[number % 1 > 0]
    if len(parts):
        raise CrmkitError(
            f"Column '{exposures}' counts contacts in whole numbers; rows {first_few(parts)} hold "
            f"{first_few(trials.loc[parts, exposures])}."
        )
    count = number.astype(int)
    most = max(int(count.max(initial=0)), 1)
    step = np.arange(most)[None, :]
    return np.where(step < count[:, None], after[:, None] + step * gap[:, None], np.nan)


def spacing_weights(ages: npt.ArrayLike, massing: float, fade_weeks: float = 1.0) -> Floats:
    """How much of each contact is taken in, when a contact close to the last one gets less attention.

    A contact that follows the previous one at once counts only ``1 - massing``; the loss halves with every
    `fade_weeks` of distance. This is the deficient-processing account of the spacing effect (Hintzman 1974;
    review: Cepeda et al. 2006, Psychological Bulletin 132).

    Parameters
    ----------
    ages
        Shape (questions, contacts). Weeks from contact to question, newest first, NaN for none (see `exposure_ages`).
    massing
        Share of a contact lost when it comes at once after another, 0 to 1.
    fade_weeks
        Weeks after which half of that loss is gone.

    Returns
    -------
    array of the same shape, each value between ``1 - massing`` and 1.

    Raises
    ------
    CrmkitError
        For a massing outside 0 to 1, or a fading time that is not above zero.

    Examples
    --------
    >>> spacing_weights([[0.0, 0.0], [0.0, 1.0]], massing=0.8).tolist()
    [[0.19999999999999996, 1.0], [0.6, 1.0]]
    """
    if not 0 <= massing <= 1 or not fade_weeks > 0:
        raise CrmkitError(
            f"massing is a share from 0 to 1 and fade_weeks is above 0; got {massing} and {fade_weeks}."
        )
    table = clean_ages(ages)
    older = np.full_like(table, np.nan)
    older[:, :-1] = table[:, 1:]
    gap = older - table
    loss = massing * np.power(2.0, -np.maximum(gap, 0) / fade_weeks)
    return 1 - np.where(np.isnan(gap), 0.0, loss)
