"""Wrong alarms and missed ones: error rate and omission rate by threshold, their cost, and what the scores promise."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inference import bootstrap_draws, percentile_interval, wilson
from crmkit.inputs import (
    need_count,
    need_numbers,
    need_probability,
    need_true_false,
    same_steps,
)


def _scores(score: object, outcome: object) -> tuple[np.ndarray, np.ndarray]:
    scores = need_numbers(score, "score")
    truth = need_true_false(outcome, "outcome")
    if len(scores) != len(truth):
        raise CrmkitError(
            f"score has {len(scores)} values and outcome {len(truth)}: one of each for every user is needed."
        )
    levels, step = same_steps(scores, "score")  # what rounding parted is one score
    return levels[step], np.asarray(truth, bool)


def error_rates(
    score: object, outcome: object, thresholds: object = None, *, level: float = 0.95
) -> pd.DataFrame:
    """Count, for each threshold, wrong alarms and missed ones.

    A user who scores at least the threshold is predicted to pay (or to stay).

    - **Error rate** 错误率: of those predicted, the share who did not. It is 1 less the *precision*.
    - **Omission rate** 遗漏率: of those who did, the share that was missed. It is 1 less the *recall*.

    Parameters
    ----------
    score : Series or array of float
        Chance or score of each user, on users that the model has not seen.
    outcome : Series or array of bool
        What became of each.
    thresholds : sequence of float, optional
        Default: one before each 20th part of the users, from the highest score down.
    level : float
        Share of samples in which the intervals hold the truth.

    Returns
    -------
    DataFrame
        One row per threshold, falling: ``threshold``, ``predicted`` (users), ``reach`` (their share of all), ``wrong``
        and ``missed`` (users), ``error_rate``, ``error_low``, ``error_high``, ``omission_rate``, ``omission_low``,
        ``omission_high`` (Wilson's intervals; NaN where nobody is predicted, or nobody paid).

    Raises
    ------
    CrmkitError
        Scores that are no numbers, outcomes that are not true or false, unequal lengths, nobody at all.

    References
    ----------
    Wilson (1927), JASA 22. In the literature of search the two are precision and recall (van Rijsbergen 1979).

    Examples
    --------
    >>> found = error_rates([0.9, 0.6, 0.4, 0.1], [True, False, True, False], [0.5])
    >>> found[["predicted", "error_rate", "omission_rate"]].values.tolist()
    [[2.0, 0.5, 0.5]]
    """
    scores, truth = _scores(score, outcome)
    if not len(scores):
        raise CrmkitError("score: there is nobody. At least one user is needed.")
    if thresholds is None:
        thresholds = np.quantile(scores, np.linspace(0.95, 0, 20))
    cuts = np.unique(np.asarray(need_numbers(thresholds, "thresholds"), float))[::-1]
    order = np.sort(scores)
    paying = np.sort(scores[truth])
    predicted = len(order) - np.searchsorted(order, cuts, side="left")
    right = len(paying) - np.searchsorted(paying, cuts, side="left")
    wrong, missed = predicted - right, len(paying) - right
    error_low, error_high = wilson(wrong, predicted, level=level)
    omission_low, omission_high = wilson(missed, np.full(len(cuts), len(paying)), level=level)
    with np.errstate(invalid="ignore", divide="ignore"):
        return pd.DataFrame(
            {
                "threshold": cuts,
                "predicted": predicted,
                "reach": predicted / len(scores),
                "wrong": wrong,
                "missed": missed,
                "error_rate": wrong / predicted,
                "error_low": error_low,
                "error_high": error_high,
                "omission_rate": missed / np.float64(len(paying)),
                "omission_low": omission_low,
                "omission_high": omission_high,
            }
        )


def threshold_by_cost(
    score: object,
    outcome: object,
    wrong_cost: float,
    missed_cost: float,
    *,
    draws: int = 200,
    level: float = 0.95,
    seed: int = 0,
) -> pd.Series:
    """Find the threshold at which wrong alarms and missed ones cost least, and say how sure it is.

    Parameters
    ----------
    score, outcome
        As for `error_rates`.
    wrong_cost, missed_cost : float
        What one wrong alarm and one missed user cost, in the company's currency; both above 0.
    draws : int
        Bootstrap draws of users, at least 50.
    level : float
        Share of samples in which the intervals hold the truth.
    seed : int

    Returns
    -------
    Series
        ``threshold``, ``low``, ``high`` (bootstrap, percentile), ``cost`` (of all users together, at the threshold),
        ``cost_low``, ``cost_high`` (of that same threshold), ``if_calibrated`` (the best one if the
        scores were true chances: wrong_cost / (wrong_cost + missed_cost), Elkan 2001), ``all`` and ``none`` (the cost
        of choosing everybody and nobody), ``better_than_both``: in which share of the draws the threshold costs less
        than either.

    Raises
    ------
    CrmkitError
        As `error_rates`; a cost that is not above 0; nobody paid, or everybody did.

    References
    ----------
    Elkan (2001), The foundations of cost-sensitive learning, IJCAI.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> chance = rng.random(2000)
    >>> paid = rng.random(2000) < chance
    >>> found = threshold_by_cost(chance, paid, wrong_cost=1, missed_cost=3)
    >>> bool(found["low"] < found["if_calibrated"] < found["high"])
    True
    """
    scores, truth = _scores(score, outcome)
    if not (wrong_cost > 0 and missed_cost > 0):
        raise CrmkitError("wrong_cost and missed_cost must both be above 0.")
    if truth.all() or not truth.any():
        raise CrmkitError("outcome: somebody must have paid, and somebody must not have.")
    need_count(draws, "draws")
    order = np.argsort(-scores, kind="stable")
    scores, truth = scores[order], truth[order]
    # A threshold lies between users who differ in score: after the last of those who are equal.
    ends = np.append(np.flatnonzero(np.diff(scores) != 0), len(scores) - 1)

    def costs(weight: np.ndarray) -> np.ndarray:
        wrong = np.cumsum(weight * ~truth)[ends]
        caught = np.cumsum(weight * truth)[ends]
        missed = (weight * truth).sum() - caught
        found: np.ndarray = wrong_cost * wrong + missed_cost * missed
        return np.append(missed_cost * (weight * truth).sum(), found)

    cuts = np.append(np.inf, scores[ends])
    total = costs(np.ones(len(scores)))
    best = int(total.argmin())

    def once(rows: np.ndarray) -> tuple[float, float, float]:
        again = costs(np.bincount(rows, minlength=len(scores)).astype(float))
        both = min(again[0], again[-1])
        return (
            float(np.minimum(cuts[again.argmin()], scores[0])),
            again[best],
            float(again[best] < both),
        )

    cloud = bootstrap_draws(once, range(len(scores)), draws=draws, seed=seed)
    low, high = percentile_interval(cloud[:, 0], level=level)
    cost_low, cost_high = percentile_interval(cloud[:, 1], level=level)
    return pd.Series(
        {
            "threshold": cuts[best],
            "low": low,
            "high": high,
            "cost": total[best],
            "cost_low": cost_low,
            "cost_high": cost_high,
            "if_calibrated": wrong_cost / (wrong_cost + missed_cost),
            "all": total[-1],
            "none": total[0],
            "better_than_both": cloud[:, 2].mean(),
        }
    )


def calibration(
    score: object, outcome: object, groups: int = 10, *, level: float = 0.95
) -> pd.DataFrame:
    """Compare what the scores promise with what came, in groups of users with like scores.

    Parameters
    ----------
    score : Series or array of float
        Chances between 0 and 1.
    outcome : Series or array of bool
    groups : int
        Groups of about equal size; users with equal scores stay together.
    level : float
        Share of samples in which the intervals hold the truth.

    Returns
    -------
    DataFrame
        One row per group, rising: ``users``, ``promised`` (mean score), ``came`` (share), ``low``, ``high`` (Wilson),
        ``kept`` (bool: whether the promise lies within the interval).

    Raises
    ------
    CrmkitError
        As `error_rates`; a score outside 0 to 1.

    Examples
    --------
    >>> calibration([0.1, 0.1, 0.8, 0.8], [False, False, True, True], groups=2)["came"].tolist()
    [0.0, 1.0]
    """
    scores, truth = _scores(score, outcome)
    need_count(groups, "groups")
    need_probability(level, "level")
    if len(scores) and (scores.min() < 0 or scores.max() > 1):
        raise CrmkitError("score: chances lie between 0 and 1.")
    rank = pd.Series(scores).rank(method="average", pct=True)
    group = np.ceil(rank * groups - 1e-9).astype(int)
    frame = pd.DataFrame({"group": group, "score": scores, "came": truth})
    found = frame.groupby("group").agg(
        users=("score", "size"), promised=("score", "mean"), came=("came", "mean")
    )
    low, high = wilson(frame.groupby("group")["came"].sum(), found["users"], level=level)
    found["low"], found["high"] = low, high
    found["kept"] = (found["promised"] >= found["low"]) & (found["promised"] <= found["high"])
    return found.reset_index(drop=True)


def areas(metrics: pd.DataFrame | np.ndarray, outcome: np.ndarray) -> np.ndarray:
    """Say of each metric how often a user with the outcome has more of it than one without (AUC), all at once.

    Parameters
    ----------
    metrics : DataFrame or array
        One row per user, one column per metric.
    outcome : array of bool
        At least one True and one False.

    Returns
    -------
    array of float
        One share per column; ties count half.

    Raises
    ------
    CrmkitError
        Nobody has the outcome, or everybody.

    Examples
    --------
    >>> areas(pd.DataFrame({"a": [1, 2, 3, 4], "b": [1, 1, 1, 1]}), np.array([False, True, False, True])).tolist()
    [0.75, 0.5]
    """
    yes = int(outcome.sum())
    if not 0 < yes < len(outcome):
        raise CrmkitError("outcome: somebody must have paid, and somebody must not have.")
    above = pd.DataFrame(metrics).rank().to_numpy()[outcome].sum(axis=0) - yes * (yes + 1) / 2
    found: np.ndarray = above / (yes * (len(outcome) - yes))
    return found


def ranks_right(score: object, outcome: object, *, level: float = 0.95) -> pd.Series:
    """Say how often a user who paid scores higher than one who did not (area under the curve, AUC).

    Parameters
    ----------
    score, outcome
        As for `error_rates`.
    level : float
        Share of samples in which the interval holds the truth.

    Returns
    -------
    Series
        ``estimate`` (0.5: no better than chance; 1: always), ``low``, ``high`` (DeLong's variance on the logit scale;
        NaN with fewer than two users on either side, or if all pairs agree).

    Raises
    ------
    CrmkitError
        As `error_rates`.

    References
    ----------
    DeLong, DeLong & Clarke-Pearson (1988), Biometrics 44, 837-845; Pepe (2003), The Statistical Evaluation of Medical
    Tests, 5.2, for the logit scale.

    Examples
    --------
    >>> float(ranks_right([1, 2, 3, 4], [False, True, False, True])["estimate"])
    0.75
    """
    from crmkit.inference import critical_value

    scores, truth = _scores(score, outcome)
    yes, no = scores[truth], scores[~truth]
    blank = {"estimate": np.nan, "low": np.nan, "high": np.nan}
    if not len(yes) or not len(no):
        return pd.Series(blank)
    ranks = pd.Series(scores).rank().to_numpy()
    # Of each user: the share of users of the other kind whom he or she outranks; ties count half.
    own_yes = pd.Series(yes).rank().to_numpy()
    own_no = pd.Series(no).rank().to_numpy()
    above = (ranks[truth] - own_yes) / len(no)
    below = 1 - (ranks[~truth] - own_no) / len(yes)
    area = float(above.mean())
    found = blank | {"estimate": area}
    if min(len(yes), len(no)) < 2 or not 0 < area < 1:
        return pd.Series(found)
    variance = above.var(ddof=1) / len(yes) + below.var(ddof=1) / len(no)
    if variance <= 0:
        return pd.Series(found)
    logit = np.log(area / (1 - area))
    reach = critical_value(level) * np.sqrt(variance) / (area * (1 - area))
    found["low"], found["high"] = (
        1 / (1 + np.exp(-(logit - reach))),
        1 / (1 + np.exp(-(logit + reach))),
    )
    return pd.Series(found)
