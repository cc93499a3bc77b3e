"""What a team looks at before it decides: the money by quarter, a first forecast, and the arms of its experiments."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.game.forecasts import naive_forecast
from crmkit.game.own import first_day
from crmkit.game.play import Seen
from crmkit.game.standing import STATES
from crmkit.inputs import need_columns
from crmkit.reactivation.experiments import share_difference

ARM_COLUMNS = [
    "quarter",
    "experiment",
    "state",
    "control",
    "treatment",
    "difference",
    "low",
    "high",
]


def money_by_quarter(reports: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Lay the quarters' accounts side by side, with the profit as the last row.

    Parameters
    ----------
    reports
        All that a team has got.

    Returns
    -------
    DataFrame
        One row for each item, one column for each quarter, in £; without rows before the first quarter.

    Examples
    --------
    >>> accounts = pd.DataFrame({"quarter": [1, 1], "item": ["turnover", "rent"], "amount": [90.0, -20.0]})
    >>> money_by_quarter({"accounts": accounts})
    quarter      1
    item
    turnover  90.0
    rent     -20.0
    profit    70.0
    """
    if "accounts" not in reports:
        return pd.DataFrame()
    accounts = need_columns(reports["accounts"], ["quarter", "item", "amount"], "accounts")
    table = accounts.pivot_table(
        index="item", columns="quarter", values="amount", aggfunc="sum", sort=False
    )
    table.loc["profit"] = table.sum()
    return table


def first_forecast(seen: Seen) -> pd.DataFrame:
    """Forecast the coming quarter as anybody can: as a year ago, give or take what this rule has missed by.

    Parameters
    ----------
    seen
        What the team has seen.

    Returns
    -------
    DataFrame
        ``measure``, ``low``, ``best``, ``high`` (`crmkit.game.forecasts.naive_forecast`). A place to begin: it knows
        nothing of what is decided, of events, or of the last quarters.
    """
    found = naive_forecast(seen.reports["orders"], first_day(seen))
    rows = [(name, one.low, one.best, one.high) for name, one in found.items()]
    return pd.DataFrame(rows, columns=["measure", "low", "best", "high"])


def compare_arms(reports: Mapping[str, pd.DataFrame], *, level: float = 0.95) -> pd.DataFrame:
    """Compare the two arms of each experiment by the share of customers who ordered, state by state.

    Parameters
    ----------
    reports
        All that a team has got.
    level
        Of the intervals (Newcombe's, `crmkit.reactivation.experiments.share_difference`).

    Returns
    -------
    DataFrame
        A row for each quarter, experiment and state by days of silence: ``control`` and ``treatment`` are the shares of
        the arms that ordered, ``difference`` with ``low`` and ``high`` treatment less control. A lever for one state
        can do nothing in the others: read its own row. Orders are not margin; `trials` has the margin, too.

    Examples
    --------
    >>> trials = pd.DataFrame({"quarter": 2, "experiment": "mail", "arm": ["control"] * 80 + ["treatment"] * 70,
    ...                        "state": "asleep", "ordered": [True] * 48 + [False] * 32 + [True] * 56 + [False] * 14})
    >>> compare_arms({"trials": trials}).round(3).to_dict("records")  # doctest: +NORMALIZE_WHITESPACE
    [{'quarter': 2, 'experiment': 'mail', 'state': 'asleep', 'control': 0.6, 'treatment': 0.8, 'difference': 0.2,
      'low': 0.052, 'high': 0.334}]
    """
    if "trials" not in reports:
        return pd.DataFrame(columns=ARM_COLUMNS)
    columns = ["quarter", "experiment", "arm", "state", "ordered"]
    trials = need_columns(reports["trials"], columns, "trials")
    strangers = sorted(set(trials["state"]) - set(STATES))
    if strangers:
        raise CrmkitError(f"trials, column state: {strangers[0]!r} is no state of sleep.")
    rows = []
    for (quarter, name), part in trials.groupby(["quarter", "experiment"], sort=False):
        for state in STATES:
            arms = part[part["state"] == state].groupby("arm")["ordered"].agg(["sum", "size"])
            if not {"control", "treatment"} <= set(arms.index):
                continue
            (c_hits, c), (t_hits, t) = (
                (int(arms.loc[arm, "sum"]), int(arms.loc[arm, "size"]))
                for arm in ("control", "treatment")
            )
            effect = share_difference(t_hits, t, c_hits, c, level)
            rows.append((quarter, name, state, c_hits / c, t_hits / t, *effect))
    return pd.DataFrame(rows, columns=ARM_COLUMNS)
