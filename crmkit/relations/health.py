"""The health of a relationship beyond sales: signals that fall early, an index of them, and a list of warnings.

Problem
    Sales look back: they fall when a customer is almost gone. What customers do besides buying may fall earlier.
    An index is chosen on one period and judged on the next, beside sales alone.

Sources
    DeLong, DeLong & Clarke-Pearson (1988), Biometrics 44, 837-845, for two rankings of the same customers;
    Keiningham et al. (2007), A longitudinal examination of net promoter and firm revenue growth, J. Marketing 71(3),
    for why one number is not enough; Ascarza (2018), J. Marketing Research 55(1), for why those at risk are not
    those who can be moved.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inference import critical_value, ratio_interval, wilson
from crmkit.inputs import (
    first_few,
    need_count,
    need_number,
    need_numbers,
    need_rows,
    need_true_false,
    need_unique,
)
from crmkit.mining import ranks_right
from crmkit.mining.models import last_step, logistic


def signal_changes(
    quarters: pd.DataFrame, signals: Sequence[str], *, customer: str = "trader_id"
) -> pd.DataFrame:
    """Compare what a customer does in a quarter with what the same customer usually does.

    Parameters
    ----------
    quarters
        One row per customer and quarter: `customer`, ``quarter``, `signals` (numbers, 0 or more).
    signals
        Columns to compare.
    customer
        Column that names a customer.

    Returns
    -------
    DataFrame
        The rows that have an earlier quarter, in order of quarter and customer, with ``<signal>_change`` for each
        signal: log((now + 1) / (usual + 1)), where usual is the mean of the customer's earlier quarters. 0 is as
        usual, -0.7 is half.

    Raises
    ------
    CrmkitError
        Missing columns; a customer and quarter twice; a negative signal; nobody with an earlier quarter.

    Examples
    --------
    >>> table = pd.DataFrame({"trader_id": [1, 1, 1], "quarter": [1, 2, 3], "logins": [9, 9, 4]})
    >>> signal_changes(table, ["logins"])["logins_change"].round(2).tolist()
    [0.0, -0.69]
    """
    need_rows(quarters, [customer, "quarter", *signals], "quarters")
    need_unique(quarters, [customer, "quarter"], "quarters")
    table = quarters.sort_values([customer, "quarter"], kind="stable").reset_index(drop=True)
    who = table[customer]
    place = table.groupby(who).cumcount()
    for name in signals:
        now = need_numbers(table[name], name, minimum=0)
        before = pd.Series(now).groupby(who).cumsum() - now
        usual = before / place.where(place > 0)
        table[f"{name}_change"] = np.log((now + 1) / (usual + 1))
    table = table[place > 0]
    if table.empty:
        raise CrmkitError(
            "quarters: nobody has an earlier quarter to compare with. Give two quarters or more."
        )
    return table.sort_values(["quarter", customer], kind="stable").reset_index(drop=True)


def before_leaving(
    quarters: pd.DataFrame,
    signals: Sequence[str],
    *,
    back: int = 4,
    customer: str = "trader_id",
    level: float = 0.95,
) -> pd.DataFrame:
    """Follow those who left through their last quarters, each signal as a share of what was usual for them.

    Parameters
    ----------
    quarters
        One row per customer and quarter with a purchase: `customer`, ``quarter``, `signals`.
    signals
        Columns to follow.
    back
        How many quarters to show. Usual is the mean of all quarters before these.
    customer
        Column that names a customer.
    level
        Share of samples in which the intervals hold the truth.

    Returns
    -------
    DataFrame
        One row per signal and quarter: ``signal``, ``before`` (quarters before the last one: 0 is the last),
        ``customers``, ``of_usual`` (1: as usual), ``low``, ``high`` (linearised ratio over customers).

    Raises
    ------
    CrmkitError
        Missing columns; nobody left whose data go back far enough.

    Examples
    --------
    >>> rows = [(who, quarter, 10 if quarter < 5 else 5) for who in (1, 2, 3) for quarter in range(1, 6)]
    >>> rows += [(4, quarter, 10) for quarter in range(1, 9)]
    >>> table = pd.DataFrame(rows, columns=["trader_id", "quarter", "logins"])
    >>> before_leaving(table, ["logins"], back=2)[["before", "of_usual"]].values.tolist()
    [[1.0, 1.0], [0.0, 0.5]]
    """
    need_rows(quarters, [customer, "quarter", *signals], "quarters")
    need_count(back, "back")
    last = quarters.groupby(customer)["quarter"].max()
    left = quarters[quarters[customer].map(last) < quarters["quarter"].max()]
    left = left.assign(_before=left[customer].map(last) - left["quarter"])
    long = left.groupby(customer)["_before"].max()
    left = left[left[customer].isin(long.index[long >= back])]
    if left.empty:
        raise CrmkitError(
            f"quarters: nobody left who has more than {back} quarters. Give more quarters, or a smaller `back`."
        )
    usual = left[left["_before"] >= back].groupby(customer)[list(signals)].mean()
    rows = []
    for name in signals:
        for before in range(back - 1, -1, -1):
            now = left[left["_before"] == before].set_index(customer)[name]
            found = ratio_interval(now, usual[name].reindex(now.index), level=level, share=False)
            rows.append((name, before, len(now), *found))
    return pd.DataFrame(rows, columns=["signal", "before", "customers", "of_usual", "low", "high"])


class HealthIndex:
    """An index of several indicators, learnt on one period, that ranks customers of another by their chance to stay.

    Parameters
    ----------
    indicators
        Columns to use.
    strength
        Inverse of the penalty on large weights: the smaller, the more cautious.

    Attributes
    ----------
    weights_ : Series
        Of each indicator, for one standard deviation of it (log-odds to stay).

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> table = pd.DataFrame({"logins": rng.poisson(5, 600), "noise": rng.random(600)})
    >>> table["stays"] = rng.random(600) < 0.5 + table["logins"] / 25
    >>> index = HealthIndex(["logins", "noise"]).fit(table[:300])
    >>> bool(index.weights_["logins"] > abs(index.weights_["noise"])), len(index.score(table[300:]))
    (True, 300)
    """

    weights_: pd.Series

    def __init__(self, indicators: Sequence[str], *, strength: float = 0.3) -> None:
        self.indicators = list(indicators)
        self.strength = need_number(strength, "strength", minimum=1e-9)

    def fit(self, table: pd.DataFrame, stays: str = "stays") -> HealthIndex:
        """Learn the weights from customers of whom it is known whether they stayed.

        Raises
        ------
        CrmkitError
            Missing columns; nobody stayed, or everybody did.
        """
        truth = need_true_false(need_rows(table, [stays], "table")[stays], stays)
        if truth.all() or not truth.any():
            raise CrmkitError(f"{stays}: somebody must have stayed, and somebody must have left.")
        self._model = logistic(self.strength).fit(self._values(table), truth)
        self.weights_ = pd.Series(
            self._model[-1].coef_[0],
            index=pd.Index(self.indicators, name="indicator"),
            name="weight",
        )
        return self

    def score(self, table: pd.DataFrame) -> pd.Series:
        """Give the chance to stay (0 to 1) of each row, indexed as the table."""
        if not hasattr(self, "weights_"):
            raise CrmkitError("This index has learnt nothing yet: call `fit` with a period first.")
        last, ready = last_step(self._model, self._values(table))
        return pd.Series(last.predict_proba(ready)[:, 1], index=table.index, name="health")

    def _values(self, table: pd.DataFrame) -> np.ndarray:
        need_rows(table, self.indicators, "table")
        return np.column_stack([need_numbers(table[name], name) for name in self.indicators])


def compare_scores(
    scores: Mapping[str, Any],
    stays: object,
    *,
    base: str | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Compare scores of the same customers: how often one who stays ranks above one who leaves.

    Parameters
    ----------
    scores
        Numbers by name of the score, one for each customer, in the order of `stays`; high means healthy.
    stays
        True or False for each customer.
    base
        The score that the others are compared with; the first unless given.
    level
        Share of samples in which the intervals hold the truth.

    Returns
    -------
    DataFrame
        One row per score: ``score``, ``ranks_right`` (share of pairs ranked right; 0.5 is chance) with ``low`` and
        ``high`` (logit scale), ``gap`` to the base, ``gap_low``, ``gap_high``. The gap's interval knows that the
        customers are the same (DeLong et al. 1988). NaN for the base itself, and where fewer than two stayed or left.

    Raises
    ------
    CrmkitError
        A base that is none of the scores; unequal lengths; nobody stayed, or everybody did.

    Examples
    --------
    >>> scores = {"sales": [3, 1, 2, 5, 4, 6], "index": [1, 2, 5, 4, 6, 3]}
    >>> stays = [False, False, True, True, True, True]
    >>> compare_scores(scores, stays)["ranks_right"].tolist()
    [0.875, 1.0]
    """
    truth = need_true_false(stays, "stays")
    if truth.all() or not truth.any():
        raise CrmkitError("stays: somebody must have stayed, and somebody must have left.")
    base = next(iter(scores)) if base is None else base
    if base not in scores:
        raise CrmkitError(f"base: {base!r} is none of the scores {first_few(scores, 8)}.")
    places = {}
    for name, score in scores.items():
        numbers = need_numbers(score, name)
        if len(numbers) != len(truth):
            raise CrmkitError(
                f"{name} has {len(numbers)} values and stays {len(truth)}: one of each for every customer is needed."
            )
        places[name] = _placements(numbers, truth)
    z = critical_value(level)
    few = min(truth.sum(), (~truth).sum()) < 2
    rows = []
    for name, score in scores.items():
        found = ranks_right(score, truth, level=level)
        above, below = places[name]
        gap = float(above.mean() - places[base][0].mean())
        half = np.nan
        if name != base and not few:
            one, two = above - places[base][0], below - places[base][1]
            half = z * np.sqrt(one.var(ddof=1) / len(one) + two.var(ddof=1) / len(two))
        half = np.nan if half == 0 else half
        rows.append(
            (
                name,
                *found[["estimate", "low", "high"]],
                gap if name != base else np.nan,
                gap - half,
                gap + half,
            )
        )
    columns = ["score", "ranks_right", "low", "high", "gap", "gap_low", "gap_high"]
    return pd.DataFrame(rows, columns=columns)


def _placements(score: np.ndarray, truth: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of each who stays: the share of leavers below; of each who leaves: that of stayers above. Ties count half."""
    ranks = pd.Series(score).rank().to_numpy()
    own_yes = pd.Series(score[truth]).rank().to_numpy()
    own_no = pd.Series(score[~truth]).rank().to_numpy()
    yes, no = len(own_yes), len(own_no)
    return (ranks[truth] - own_yes) / no, 1 - (ranks[~truth] - own_no) / yes


def warning_list(
    score: object,
    stays: object,
    sizes: Sequence[int],
    *,
    contact_cost: float,
    worth: float,
    level: float = 0.95,
) -> pd.DataFrame:
    """Say what lists of the least healthy customers would have caught, and what they cost.

    Parameters
    ----------
    score
        Health of each customer: high means healthy.
    stays
        True or False for each customer.
    sizes
        How many customers to warn of.
    contact_cost
        What it costs to look after one customer on the list.
    worth
        What a customer is worth who stays and would have left.
    level
        Share of samples in which the intervals hold the truth.

    Returns
    -------
    DataFrame
        One row per size: ``alarms``, ``caught`` (leavers on the list), ``false_alarms``, ``missed``, ``right`` (share
        of alarms that were right) with ``low`` and ``high`` (Wilson), ``of_leavers`` (share of leavers caught),
        ``cost``, ``break_even`` (share of the caught who must be kept for the list to pay; above 1: it cannot).

    Raises
    ------
    CrmkitError
        A size above the number of customers; a cost or worth that is not above 0; nobody left.

    Notes
    -----
    Whether a call keeps anybody, no such list can tell: that takes a test with a control group.

    Examples
    --------
    >>> found = warning_list([0.9, 0.2, 0.8, 0.1], [True, False, False, False], [2], contact_cost=10, worth=100)
    >>> found[["alarms", "caught", "missed", "break_even"]].values.tolist()
    [[2.0, 2.0, 1.0, 0.1]]
    """
    numbers, truth = need_numbers(score, "score"), need_true_false(stays, "stays")
    if len(numbers) != len(truth):
        raise CrmkitError(
            f"score has {len(numbers)} values and stays {len(truth)}: one of each for every customer is needed."
        )
    if truth.all():
        raise CrmkitError("stays: nobody left, so there is nothing to catch.")
    need_number(contact_cost, "contact_cost", minimum=0)
    if not need_number(worth, "worth", minimum=0) > 0:
        raise CrmkitError("worth: a customer must be worth more than 0.")
    listed = [need_count(size, "sizes", largest=len(numbers)) for size in sizes]
    left = np.cumsum(~truth[np.argsort(numbers, kind="stable")])
    alarms = np.array(listed, dtype=int)
    caught = left[alarms - 1]
    low, high = wilson(caught, alarms, level=level)
    cost = contact_cost * alarms
    with np.errstate(divide="ignore"):
        break_even = cost / (worth * caught)
    return pd.DataFrame(
        {
            "alarms": alarms,
            "caught": caught,
            "false_alarms": alarms - caught,
            "missed": left[-1] - caught,
            "right": caught / alarms,
            "low": low,
            "high": high,
            "of_leavers": caught / left[-1],
            "cost": cost,
            "break_even": break_even,
        }
    )


def weighted_index(
    table: pd.DataFrame, weights: Mapping[str, float], *, like: pd.DataFrame | None = None
) -> pd.Series:
    """Add up indicators with weights of one's own, each first brought to mean 0 and standard deviation 1.

    Parameters
    ----------
    table
        One row per customer, with the indicators.
    weights
        By indicator; a negative one for what is a bad sign.
    like
        The period from which means and standard deviations are taken; `table` itself unless given.

    Returns
    -------
    Series
        Indexed as `table`; high means healthy.

    Raises
    ------
    CrmkitError
        A missing indicator; one that does not vary.

    Examples
    --------
    >>> table = pd.DataFrame({"logins": [1, 2, 3], "complaints": [1, 0, 0]})
    >>> weighted_index(table, {"logins": 1, "complaints": -1}).round(2).tolist()
    [-2.64, 0.71, 1.93]
    """
    names = list(weights)
    need_rows(table, names, "table")
    usual = need_rows(table if like is None else like, names, "like")[names]
    spread = usual.std(ddof=0)
    if not (spread > 0).all():
        raise CrmkitError(
            f"{first_few(spread.index[~(spread > 0)])}: it is the same for everybody, so it ranks nobody."
        )
    found = np.zeros(len(table))
    for name in names:
        found += weights[name] * ((table[name] - usual[name].mean()) / spread[name]).to_numpy(float)
    return pd.Series(found, index=table.index, name="health")


__all__ = [
    "HealthIndex",
    "before_leaving",
    "compare_scores",
    "signal_changes",
    "warning_list",
    "weighted_index",
]
