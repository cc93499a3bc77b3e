"""What a weekly tracker says of memory: recall by brand and week, a fitted curve, and plans tried on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmkit.brand.forgetting import ForgettingModel
from crmkit.brand.schedules import pressure_design, recall_path
from crmkit.errors import CrmkitError
from crmkit.inference import percentile_interval
from crmkit.inputs import need_columns

#: Strength at which practically everybody recalls; the fit searches up to here.
LARGEST_BASE = 20.0
#: Curves that an interval needs: the ends of fewer are those of a few draws, which are the same for every tracker.
FEWEST_DRAWS = 100

Plan: TypeAlias = Sequence[float] | pd.Series | npt.NDArray[np.float64]


def weekly_recall(
    pressure: pd.DataFrame, people: pd.DataFrame, answers: pd.DataFrame
) -> pd.DataFrame:
    """Count who names each brand without help, week by week.

    Parameters
    ----------
    pressure
        brand, week, contacts: what each brand spent on air.
    people
        respondent_id, week: everybody asked.
    answers
        respondent_id, brand, position: 0 is known when shown, above 0 is named without help.

    Returns
    -------
    DataFrame
        A row for each brand and week: brand, week, contacts, named, asked (people), recall (0 to 1; NaN where nobody
        was asked).

    Examples
    --------
    >>> pressure = pd.DataFrame({"brand": ["A", "A"], "week": [1, 2], "contacts": [1.0, 0.0]})
    >>> people = pd.DataFrame({"respondent_id": [1, 2], "week": [1, 1]})
    >>> answers = pd.DataFrame({"respondent_id": [1, 2], "brand": ["A", "A"], "position": [1, 0]})
    >>> weekly_recall(pressure, people, answers)["recall"].tolist()
    [0.5, nan]
    """
    need_columns(pressure, ("brand", "week", "contacts"), "pressure")
    named = answers[answers["position"] > 0].merge(people, on="respondent_id")
    named = named.groupby(["brand", "week"]).size().rename("named")
    weekly = pressure[["brand", "week", "contacts"]].join(named, on=["brand", "week"])
    weekly["asked"] = weekly["week"].map(people.groupby("week").size())
    weekly = weekly.fillna({"named": 0, "asked": 0})
    return weekly.assign(recall=(weekly["named"] / weekly["asked"]).where(weekly["asked"] > 0))


def fit_tracker(
    model: ForgettingModel, pressure: pd.DataFrame, weekly: pd.DataFrame
) -> tuple[ForgettingModel, pd.Series]:
    """Fit a model of forgetting to the tracker, all brands at once, each with a base of its own.

    Parameters
    ----------
    model
        Which model, not yet fitted.
    pressure
        brand, week, contacts.
    weekly
        From `weekly_recall`.

    Returns
    -------
    tuple
        The fitted model, and the recall that it expects for each row of `weekly`.
    """
    ages, contacts = pressure_design(pressure, weekly)
    fitted = model.fit(
        ages, weekly["named"], asked=weekly["asked"], weights=contacts, groups=weekly["brand"]
    )
    base = weekly["brand"].map(fitted.bases_).to_numpy()
    expected = fitted.link(fitted.strength(ages, contacts) + base)
    return fitted, pd.Series(expected, index=weekly.index, name="model")


def third_year(plans: Mapping[str, Plan], model: ForgettingModel) -> pd.DataFrame:
    """Recall in the third year, when each plan is run three years in a row.

    Parameters
    ----------
    plans
        Name and contacts a week.
    model
        With the brand's base.

    Returns
    -------
    DataFrame
        A row for each plan: peak, mean, lowest (recall, 0 to 1).
    """
    rows = {}
    for name, plan in plans.items():
        weeks = np.asarray(plan, dtype=float)
        recall = recall_path(np.tile(weeks, 3), model)["recall"].tail(len(weeks))
        rows[name] = {"peak": recall.max(), "mean": recall.mean(), "lowest": recall.min()}
    return pd.DataFrame(rows).T


def measure_plans(
    plans: Mapping[str, Plan], model: ForgettingModel, launch_week: int = 20, from_week: int = 9
) -> pd.DataFrame:
    """Measure plans by three goals: recall in a week, the mean, and the lowest week.

    Parameters
    ----------
    plans
        Name and contacts a week.
    model
        With the brand's base.
    launch_week
        The week of the peak.
    from_week
        First week that counts for the mean and the lowest.

    Returns
    -------
    DataFrame
        A row for each plan: peak, mean, floor (recall, 0 to 1), last_week (in which it buys anything).
    """
    rows = {}
    for name, plan in plans.items():
        recall = recall_path(plan, model)["recall"].to_numpy()
        later = recall[from_week - 1 :]
        rows[name] = {
            "peak": recall[launch_week - 1],
            "mean": later.mean(),
            "floor": later.min(),
            "last_week": np.flatnonzero(np.asarray(plan) > 0.005)[-1] + 1,
        }
    return pd.DataFrame(rows).T.astype({"last_week": int})


def plans_in_draws(
    plans: Mapping[str, Plan], memory: ForgettingModel, brand: str, draws: int = 100
) -> pd.DataFrame:
    """Try plans on many curves that fit the tracker about as well, and count how often each is best at its goal.

    Parameters
    ----------
    plans
        Goal (peak, mean, floor) and the plan made for it.
    memory
        From `fit_tracker`.
    brand
        Whose base to take.
    draws
        Curves drawn from the uncertainty of the fit. With fewer than 100 there are wins, and no interval (NaN).

    Returns
    -------
    DataFrame
        A row for each goal: low, high (95 % interval of what its own plan reaches), wins (share of the curves in which
        its plan beats the others at this goal).

    Raises
    ------
    CrmkitError
        The tracker hardly tells the brand's base from zero: some curves drawn would have one without bound.
    """
    reached: dict[str, list[pd.Series]] = {goal: [] for goal in plans}
    others = memory.drawn(draws)
    wild = sum(each.bases_[brand] > LARGEST_BASE for each in others)
    if wild:
        raise CrmkitError(
            f"The tracker does not pin down the base of {brand}: in {wild} of {draws} curves that fit it nearly as "
            f"well the base lies above {LARGEST_BASE:g}, where everybody would recall the brand. Ask more people, or "
            "for more weeks, some of them long after the last contact."
        )
    for each in others:
        curve = type(memory).known(**each.params_, base=each.bases_[brand])
        found = measure_plans(plans, curve)
        for goal in plans:
            reached[goal].append(found[goal])
    rows = {}
    for goal, several in reached.items():
        table = pd.DataFrame(several)
        low, high = percentile_interval(table[goal]) if draws >= FEWEST_DRAWS else (np.nan, np.nan)
        rows[goal] = {"low": low, "high": high, "wins": (table.idxmax(axis=1) == goal).mean()}
    return pd.DataFrame(rows).T
