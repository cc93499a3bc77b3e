"""How far people have come: five stages of the sales funnel, from one who has noticed the firm to one who returns."""

from __future__ import annotations

import pandas as pd

from crmkit.inputs import need_columns
from crmkit.say import labels

#: Each stage and the touchpoint that marks it, in order; who goes on from the last has come back.
STAGES: dict[str, str] = {
    "lead": "advertisement",
    "target": "entrance",
    "prospect": "question",
    "customer": "aftercare",
}
LOYAL = "loyal"

labels(*STAGES, LOYAL)


def sales_funnel(touchpoint_log: pd.DataFrame) -> pd.DataFrame:
    """Count who is how far: lead, target, prospect, customer, loyal customer.

    A lead met the advertisement, a target came in, a prospect asked, a customer has paid (aftercare follows only
    then), and a loyal one went on from aftercare: came back.

    Parameters
    ----------
    touchpoint_log
        One row per person and touchpoint reached: ``journey_id``, ``touchpoint``, ``went_on`` (bool).

    Returns
    -------
    DataFrame
        Index ``stage``, in order: ``people``, ``of_stage_before`` (share of those one stage earlier; missing for the
        first), ``of_leads`` (share of all leads).

    Raises
    ------
    CrmkitError
        A column is missing.

    Examples
    --------
    >>> log = pd.DataFrame({
    ...     "journey_id": [1, 1, 2], "touchpoint": ["advertisement", "entrance", "advertisement"],
    ...     "went_on": [True, False, False],
    ... })
    >>> sales_funnel(log)["people"].tolist()
    [2, 1, 0, 0, 0]
    """
    log = need_columns(touchpoint_log, ["journey_id", "touchpoint", "went_on"], "touchpoint_log")
    reached = log.groupby("touchpoint")["journey_id"].nunique()
    people = {stage: int(reached.get(touchpoint, 0)) for stage, touchpoint in STAGES.items()}
    last = log["touchpoint"] == STAGES["customer"]
    people[LOYAL] = int(log.loc[last & log["went_on"].astype(bool), "journey_id"].nunique())
    table = pd.DataFrame({"people": people}).rename_axis("stage")
    table["of_stage_before"] = table["people"] / table["people"].shift()
    table["of_leads"] = table["people"] / table["people"].iloc[0]
    return table
