"""What a number of contacts is worth: how long it lasts, at which distance, and where another one stops paying.

Everything here is computed from a fitted model of forgetting; intervals come from `drawn` copies of it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmkit.brand.exposures import exposure_ages
from crmkit.brand.forgetting import ForgettingModel
from crmkit.brand.schedules import returns_of_frequency
from crmkit.errors import CrmkitError
from crmkit.inference import percentile_interval


def half_lives(
    model: ForgettingModel, contacts: Sequence[int] = (1, 2, 4, 8, 13), draws: int = 200
) -> pd.DataFrame:
    """After how many weeks recall has fallen to half, by number of contacts a week apart.

    Parameters
    ----------
    model
        A fitted model of forgetting.
    contacts
        Which numbers of contacts.
    draws
        Models drawn from the uncertainty of the fit, for the interval.

    Returns
    -------
    DataFrame, index contacts
        half_life_weeks, low, high (95 %).
    """
    others = model.drawn(draws)
    rows = {}
    for count in contacts:
        low, high = percentile_interval([each.half_life_weeks(exposures=count) for each in others])
        rows[count] = {
            "half_life_weeks": model.half_life_weeks(exposures=count),
            "low": low,
            "high": high,
        }
    return pd.DataFrame(rows).T.rename_axis("contacts")


def recall_curve(
    model: ForgettingModel, trials: pd.DataFrame, exposures: int, weeks: npt.ArrayLike
) -> pd.Series:
    """Recall that a model expects of people with so many contacts, spaced as in an experiment.

    Parameters
    ----------
    model
        A fitted model of forgetting.
    trials
        The experiment: exposures, gap_weeks. The curve is the mean over the gaps of people with `exposures` contacts.
    exposures
        Which number of contacts.
    weeks
        Weeks after the last contact.

    Returns
    -------
    Series, index weeks
        Share from 0 to 1.

    Raises
    ------
    CrmkitError
        Nobody had that many contacts.
    """
    gaps = trials.loc[trials["exposures"] == exposures, "gap_weeks"].value_counts(normalize=True)
    if gaps.empty:
        raise CrmkitError(f"Nobody in the table had {exposures} contacts.")
    after = np.asarray(weeks, dtype=float)
    asked = pd.DataFrame({"exposures": exposures, "weeks_after": after})
    parts = [
        share * model.recall(exposure_ages(asked.assign(gap_weeks=gap)))
        for gap, share in gaps.items()
    ]
    return pd.Series(np.sum(parts, axis=0), index=after)


def lasting_by_gap(
    model: ForgettingModel,
    gaps: Sequence[float] = (0, 1, 2, 4),
    contacts: Sequence[int] = (2, 4, 8),
    threshold: float = 0.2,
) -> pd.DataFrame:
    """Weeks until recall falls below a threshold, by number of contacts and weeks between them.

    Parameters
    ----------
    model
        A fitted model of forgetting.
    gaps
        Weeks between two contacts.
    contacts
        Which numbers of contacts.
    threshold
        Recall under which the brand counts as forgotten, 0 to 1.

    Returns
    -------
    DataFrame
        A row for each number of contacts, a column for each gap, in weeks.
    """
    found = {}
    for gap in gaps:
        table = returns_of_frequency(model, most=max(contacts), gap_weeks=gap, threshold=threshold)
        found[gap] = table.set_index("contacts")["lasts_weeks"]
    return pd.DataFrame(found).loc[list(contacts)].rename_axis(columns="weeks between contacts")


def contacts_that_pay(
    model: ForgettingModel,
    *,
    value_per_point: float,
    cost_per_contact: float,
    most: int = 20,
    weeks_after: float = 4.0,
    draws: int = 100,
) -> tuple[int, int | None, int | None]:
    """After how many contacts the next one costs more than it brings, with an interval.

    Parameters
    ----------
    model
        A fitted model of forgetting.
    value_per_point
        What one percentage point of recall is worth, in the company's currency.
    cost_per_contact
        What one more contact with everybody costs.
    most
        Largest number of contacts looked at.
    weeks_after
        When recall is asked, in weeks after the last contact.
    draws
        Models drawn from the uncertainty of the fit.

    Returns
    -------
    tuple of int
        The number of contacts, and the ends of the 95 % interval (without draws None). The two ends are the same where
        all draws say the same whole number.

    Examples
    --------
    >>> from crmkit.brand.forgetting import Exponential
    >>> model = Exponential.known(learning=0.5, decay=0.1)
    >>> contacts_that_pay(model, value_per_point=10, cost_per_contact=50, draws=0)
    (5, None, None)
    """

    def last(each: ForgettingModel) -> int:
        table = returns_of_frequency(
            each,
            most=most,
            weeks_after=weeks_after,
            value_per_point=value_per_point,
            cost_per_contact=cost_per_contact,
        )
        paying = table.loc[table["pays"], "contacts"]
        return int(paying.max()) if len(paying) else 0

    found = last(model)
    if not draws:
        return found, None, None
    # Whole numbers of which all may be alike, and that is a finding: so not `percentile_interval`, which would refuse.
    ends = np.quantile(
        [last(each) for each in model.drawn(draws)], [0.025, 0.975], method="weibull"
    )
    return found, round(float(ends[0])), round(float(ends[1]))
