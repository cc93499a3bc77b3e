"""Whom does the contact change? Uplift: the difference that an offer makes, and how to judge who predicts it well.

Problem
    A model of who *returns* puts those first who come anyway. The question is who returns *because of* the
    offer. Nobody can see
    that for one customer, who either got the offer or did not. So uplift is learnt and judged in groups,
    from an experiment.

Sources
    Two models: Radcliffe & Surry (1999). Transformed outcome: Jaskowski & Jaroszewicz (2012); Athey & Imbens
    (2015). Qini curve:
    Radcliffe (2007), "Using control groups to target on predicted lift". Uplift curve: Gutierrez & Gérardy
    (2017), PMLR 67.
    Policy value by inverse probability weighting: Horvitz & Thompson (1952), in Hájek's self-normalised form.

Ties
    Customers with the same score have no order. The curves are therefore only computed where the score
    changes and run straight in
    between: shuffling the rows changes nothing. (Sorting tied rows as they come lets the file's order
    decide, which in a file
    sorted by arm invents a good curve out of nothing.)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inference import (
    Estimate,
    critical_value,
    mean_difference,
    percentile_interval,
    tells_spread,
)
from crmkit.inputs import (
    first_few,
    generator,
    need_count,
    need_numbers,
    need_probability,
    need_rows,
    need_true_false,
    same_steps,
)


def _sums(score: Any, treated: Any, outcome: Any) -> tuple[np.ndarray, ...]:
    """Give running counts and outcome sums of both groups, best score first, one entry per distinct score."""
    score, was = need_numbers(score, "score"), need_true_false(treated, "treated")
    y = need_numbers(outcome, "outcome")
    if not len(score) == len(was) == len(y):
        raise CrmkitError(
            f"score, treated and outcome differ in length: {len(score)}, {len(was)}, {len(y)}."
        )
    if not was.any() or was.all():
        raise CrmkitError(
            "treated: both a treated and a control group are needed to see an uplift."
        )
    levels, group = same_steps(-score, "score")

    def running(weights: np.ndarray) -> np.ndarray:
        return np.append(0.0, np.bincount(group, weights, len(levels)).cumsum())

    return running(was), running(~was), running(y * was), running(y * ~was)


def qini_curve(score: Any, treated: Any, outcome: Any) -> pd.DataFrame:
    """Draw up the Qini curve: extra returns won, if the customers with the best scores are contacted first.

    Parameters
    ----------
    score
        Predicted uplift; only its order counts. Ties are one step.
    treated
    outcome
        0/1 or numbers.

    Returns
    -------
    DataFrame
        First row at 0, then one per distinct score: ``share`` (of customers contacted), ``gain`` (extra
        outcome per customer of
        the whole list: treated outcome less the control's, scaled to as many treated, over all treated),
        ``random`` (the straight line to
        the end: what contacting at random brings).

    Raises
    ------
    CrmkitError
        Unequal lengths, no treated or no control, missing numbers.

    Examples
    --------
    >>> qini_curve([2, 2, 1, 1], [True, False, True, False], [1, 0, 0, 0])["gain"].tolist()
    [0.0, 0.5, 0.5]
    """
    n1, n0, y1, y0 = _sums(score, treated, outcome)
    scaled = np.divide(y0 * n1, n0, out=np.zeros_like(y0), where=n0 > 0)
    share = (n1 + n0) / (n1[-1] + n0[-1])
    gain = (y1 - scaled) / n1[-1]
    return pd.DataFrame({"share": share, "gain": gain, "random": gain[-1] * share})


def uplift_curve(score: Any, treated: Any, outcome: Any) -> pd.DataFrame:
    """Draw up the uplift curve: difference between treated and control among the contacted, times their share.

    Parameters
    ----------
    score, treated, outcome
        As for :func:`qini_curve`.

    Returns
    -------
    DataFrame
        ``share``, ``gain`` (per customer of the whole list), ``random``. Where one group is still empty, the
        gain is 0.

    Examples
    --------
    >>> uplift_curve([2, 2, 1, 1], [True, False, True, False], [1, 0, 0, 0])["gain"].tolist()
    [0.0, 0.5, 0.5]
    """
    n1, n0, y1, y0 = _sums(score, treated, outcome)
    share = (n1 + n0) / (n1[-1] + n0[-1])
    both = (n1 > 0) & (n0 > 0)
    rate1 = np.divide(y1, n1, out=np.zeros_like(y1), where=both)
    rate0 = np.divide(y0, n0, out=np.zeros_like(y0), where=both)
    gain = (rate1 - rate0) * share
    return pd.DataFrame({"share": share, "gain": gain, "random": gain[-1] * share})


def perfect_qini_curve(treated: Any, outcome: Any) -> pd.DataFrame:
    """Give the highest Qini curve that any score could reach on these customers: a ceiling, point by point.

    Parameters
    ----------
    treated
    outcome
        0/1.

    Returns
    -------
    DataFrame
        One row per number of customers contacted: ``share``, ``gain``, ``random``.

    Notes
    -----
    With A treated returners, B other treated, C controls who stayed away and D controls who returned: take A
    first, then C, then B;
    of the last D each one taken costs. At each point the better of "leave out controls that returned" and
    "leave out treated that
    did not" is taken, so the ceiling is exact at every point.

    Examples
    --------
    >>> perfect_qini_curve([True, False, True, False], [1, 0, 0, 0])["gain"].tolist()
    [0.0, 0.5, 0.5, 0.5, 0.5]
    """
    was, y = need_true_false(treated, "treated"), need_numbers(outcome, "outcome")
    if not set(np.unique(y)) <= {0.0, 1.0}:
        raise CrmkitError("outcome: the ceiling is defined for outcomes of 0 and 1 only.")
    a, b = int(y[was].sum()), int((1 - y[was]).sum())
    c, d = int((1 - y[~was]).sum()), int(y[~was].sum())
    taken = np.arange(len(y) + 1)
    rest = np.maximum(taken - a - c, 0)

    def cost(forced: np.ndarray) -> np.ndarray:
        return np.divide(
            forced * (a + rest - forced), c + forced, out=np.zeros(len(taken)), where=forced > 0
        )

    lost = np.minimum(cost(np.maximum(rest - b, 0)), cost(np.minimum(rest, d)))
    gain = (np.minimum(taken, a) - lost) / max(a + b, 1)
    share = taken / len(y)
    return pd.DataFrame({"share": share, "gain": gain, "random": gain[-1] * share})


def area(curve: pd.DataFrame) -> float:
    """Measure the area between a curve's ``gain`` and its ``random`` line: the Qini (or uplift) coefficient.

    Parameters
    ----------
    curve
        From :func:`qini_curve`, :func:`uplift_curve` or :func:`true_curve`.

    Returns
    -------
    float
        In outcome per customer of the list; 0 = no better than chance, negative = worse.

    Examples
    --------
    >>> area(qini_curve([2, 2, 1, 1], [True, False, True, False], [1, 0, 0, 0]))
    0.125
    """
    need_rows(curve, ["share", "gain", "random"], "curve")
    return float(np.trapezoid(curve["gain"] - curve["random"], curve["share"]))


def qini_band(
    score: Any,
    treated: Any,
    outcome: Any,
    *,
    resamples: int = 200,
    level: float = 0.95,
    seed: int | np.random.Generator = 0,
    points: int = 51,
    draw: Callable[[Any, Any, Any], pd.DataFrame] = qini_curve,
) -> tuple[pd.DataFrame, dict[str, float]]:
    """Give the Qini curve and its coefficient with a bootstrap band, drawing customers again within each arm.

    Parameters
    ----------
    score, treated, outcome
        As for :func:`qini_curve`.
    resamples
    level
    seed
    points
        Rows of the curve, evenly spaced.
    draw
        The curve to be banded; :func:`uplift_curve` is the other.

    Returns
    -------
    curve : DataFrame
        ``share``, ``gain``, ``low``, ``high``, ``random``.
    qini : dict
        ``qini`` (coefficient: the curve's :func:`area`), ``low``, ``high``, and ``of_perfect``
        (coefficient over that of the ceiling; missing for another curve than Qini's and for outcomes other
        than 0 and 1).

    Notes
    -----
    Percentile bootstrap around one fitted score: it shows what another set of test customers might have
    given, not what another
    training might.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> curve, qini = qini_band(rng.random(400), rng.random(400) < 0.5, rng.random(400) < 0.2, resamples=50)
    >>> qini["low"] < 0 < qini["high"]
    True
    """
    need_probability(level, "level")
    rng = generator(seed)
    score, was = need_numbers(score, "score"), need_true_false(treated, "treated")
    y = need_numbers(outcome, "outcome")
    grid = np.linspace(0, 1, points)
    whole = draw(score, was, y)
    inside = [np.flatnonzero(was), np.flatnonzero(~was)]
    gains, areas = [], []
    for _ in range(resamples):
        drawn = np.concatenate([rng.choice(rows, len(rows)) for rows in inside])
        curve = draw(score[drawn], was[drawn], y[drawn])
        gains.append(np.interp(grid, curve["share"], curve["gain"]))
        areas.append(area(curve))
    tails = [(1 - level) / 2, (1 + level) / 2]
    low, high = np.quantile(gains, tails, axis=0, method="weibull")
    gain = np.interp(grid, whole["share"], whole["gain"])
    result = dict(
        zip(["low", "high"], map(float, percentile_interval(areas, level=level)), strict=True)
    )
    of_perfect = np.nan
    if draw is qini_curve and set(np.unique(y)) <= {0.0, 1.0}:
        ceiling = area(perfect_qini_curve(was, y))
        of_perfect = area(whole) / ceiling if ceiling > 0 else np.nan
    band = {"share": grid, "gain": gain, "low": low, "high": high, "random": gain[-1] * grid}
    return pd.DataFrame(band), {"qini": area(whole), **result, "of_perfect": of_perfect}


def qini_by_luck(
    treated: Any,
    outcome: Any,
    *,
    draws: int = 500,
    seed: int | np.random.Generator = 0,
) -> np.ndarray:
    """Give the Qini coefficients of rankings that know nothing: what luck alone would have drawn.

    Parameters
    ----------
    treated, outcome
        As for :func:`qini_curve`.
    draws, seed
        How many rankings are drawn at random.

    Returns
    -------
    ndarray
        One coefficient (see :func:`area`) per ranking.

    Examples
    --------
    >>> luck = qini_by_luck([True, False] * 50, [1, 0, 0, 0] * 25, draws=50)
    >>> len(luck), bool(luck.min() < 0 < luck.max())
    (50, True)
    """
    need_count(draws, "draws")
    rng = generator(seed)
    was, y = need_true_false(treated, "treated"), need_numbers(outcome, "outcome")
    return np.array([area(qini_curve(rng.random(len(y)), was, y)) for _ in range(draws)])


def true_curve(score: Any, true_effect: Any) -> pd.DataFrame:
    """Draw up the gain that an order of customers would truly bring: only where the truth is known.

    Parameters
    ----------
    score
        Predicted uplift. Ties are one step.
    true_effect
        Each customer's true effect, same unit as the outcome.

    Returns
    -------
    DataFrame
        ``share``, ``gain`` (per customer of the list), ``random``. With the true effect as score it is the
        highest there can be.

    Examples
    --------
    >>> true_curve([3, 2, 1], [0.3, 0.0, -0.3])["gain"].round(2).tolist()
    [0.0, 0.1, 0.1, 0.0]
    """
    score, effect = np.asarray(score, float), np.asarray(true_effect, float)
    if len(score) != len(effect):
        raise CrmkitError(
            f"score and true_effect differ in length: {len(score)} and {len(effect)}."
        )
    levels, group = same_steps(-score, "score")
    counts = np.append(0, np.bincount(group, minlength=len(levels)).cumsum())
    gain = np.append(0, np.bincount(group, effect, len(levels)).cumsum()) / len(score)
    share = counts / len(score)
    return pd.DataFrame({"share": share, "gain": gain, "random": gain[-1] * share})


def effect_error(predicted: Any, true_effect: Any) -> dict[str, float]:
    """Measure how far predicted uplift is from the true effect.

    Parameters
    ----------
    predicted, true_effect
        One value per customer, same unit.

    Returns
    -------
    dict
        ``rmse`` (root mean squared error, known as PEHE), ``bias`` (mean of predicted less true),
        ``rank_correlation`` (Spearman),
        ``rmse_of_average`` (error of giving everybody the true average: what a model must beat).

    Examples
    --------
    >>> effect_error([0.1, 0.3], [0.1, 0.1])["bias"]
    0.1
    """
    guess, truth = np.asarray(predicted, float), np.asarray(true_effect, float)
    return {
        "rmse": float(np.sqrt(np.mean((guess - truth) ** 2))),
        "bias": round(float(np.mean(guess - truth)), 12),
        "rank_correlation": float(pd.Series(guess).corr(pd.Series(truth), method="spearman")),
        "rmse_of_average": float(np.std(truth)),
    }


def uplift_by_group(
    score: Any,
    treated: Any,
    outcome: Any,
    *,
    groups: int = 10,
    level: float = 0.95,
    true_effect: Any = None,
) -> pd.DataFrame:
    """Compare treated and control within tenths of the score, to see whether the best tenth really gains most.

    Parameters
    ----------
    score, treated, outcome
        As for :func:`qini_curve`.
    groups
        Wanted number of groups. Customers with the same score stay together, so there may be fewer.
    level
        Of Newcombe's interval for an outcome of 0 and 1, of Welch's otherwise (missing where all values of a group are
        alike).
    true_effect
        Adds the mean true effect.

    Returns
    -------
    DataFrame
        One row per group, best first: ``group`` (from 1), ``customers``, ``predicted`` (mean score),
        ``uplift``, ``low``, ``high``
        (, ``truth``). Uplift is missing where the group lacks one of the two.

    Examples
    --------
    >>> uplift_by_group([2, 2, 1, 1], [True, False, True, False], [1, 0, 0, 0], groups=2)["uplift"].tolist()
    [1.0, 0.0]
    """
    score, was = need_numbers(score, "score"), need_true_false(treated, "treated")
    y = need_numbers(outcome, "outcome")
    _sums(score, was, y)
    need_probability(level, "level")
    need_count(groups, "groups")
    place = pd.Series(same_steps(-score, "score")[1]).rank(method="average", pct=True)
    number = np.ceil(place * groups).clip(1, groups)
    shares = bool(np.isin(y, (0, 1)).all())
    rows = []
    for label in np.unique(number):
        rows_in = (number == label).to_numpy()
        t, c = y[rows_in & was], y[rows_in & ~was]
        found = Estimate(np.nan, np.nan, np.nan)
        if len(t) and len(c):
            found = mean_difference(t, c, level=level)
            if not shares and np.isin(np.append(t, c), (0, 1)).all():
                found = found._replace(low=np.nan, high=np.nan)  # amounts that all happen to be 0
        row = {
            "customers": int(rows_in.sum()),
            "predicted": score[rows_in].mean(),
            "uplift": found.estimate,
            "low": found.low,
            "high": found.high,
        }
        if true_effect is not None:
            row["truth"] = np.asarray(true_effect, float)[rows_in].mean()
        rows.append(row)
    table = pd.DataFrame(rows)
    table.insert(0, "group", range(1, len(table) + 1))
    return table


def policy_value(
    customers: pd.DataFrame,
    policy: pd.Series,
    outcome: str,
    *,
    arm: str = "arm",
    strata: str | None = None,
    over: str | None = None,
    expected: pd.DataFrame | None = None,
    level: float = 0.95,
) -> dict[str, float]:
    """Estimate what a policy would have brought per customer, from an experiment in which chance chose the arm.

    Customers whose arm happens to be the one that the policy chooses represent all those for whom it would
    choose it: each is weighted by one divided by the chance of that arm.

    Parameters
    ----------
    customers
        One row per customer of the test: `arm`, `outcome` (such as profit in £), `strata`.
    policy
        The arm that the policy chooses, same index as `customers`.
    outcome
        Column.
    arm
    strata
        Column within which the arms were drawn (``state``).
    over
        An arm, such as "control": the value is then what the policy brings *more* than giving that arm to everybody.
    expected
        A model's forecast of the outcome, one column per arm, one row per customer, learnt on *other* customers. The
        test then only has to correct the forecast (doubly robust, AIPW: Robins, Rotnitzky & Zhao 1994, JASA 89; Dudík
        et al. 2014, Statistical Science 29): right on average even if the model is wrong, more precise if it is good.
    level

    Returns
    -------
    dict
        ``value`` (mean outcome per customer under the policy), ``low``, ``high``, ``matched`` (customers
        whose arm agreed).

    Raises
    ------
    CrmkitError
        If the policy chooses an arm that nobody of a stratum had: the experiment then says nothing about it.

    Examples
    --------
    >>> test = pd.DataFrame({"arm": ["control", "call"] * 2, "profit": [0, 10, 0, 20]})
    >>> policy_value(test, pd.Series(["call"] * 4), "profit")["value"]
    15.0
    """
    need_rows(customers, [arm, outcome, *([strata] if strata else [])], "customers")
    if not policy.index.equals(customers.index):
        raise CrmkitError("policy: its index must be that of the customers, row for row.")
    y = need_numbers(customers[outcome], outcome)
    key = customers[strata].astype(str) if strata else pd.Series("all", index=customers.index)
    chance = pd.crosstab(key, customers[arm].astype(str), normalize="index")
    wanted = pd.Index(policy.astype(str))
    rows, columns = chance.index.get_indexer(key), chance.columns.get_indexer(wanted)
    share = np.where(columns < 0, 0.0, chance.to_numpy()[rows, columns])
    unknown = sorted(set(zip(key[share == 0], wanted[share == 0], strict=True)))
    if unknown:
        pairs = [f"{w!r} in {k!r}" for k, w in unknown]
        raise CrmkitError(
            f"policy: it chooses {first_few(pairs)}, which nobody had in the experiment. "
            "Nothing is known about it."
        )
    got = customers[arm].astype(str).to_numpy()
    value, part = _policy_parts(y, got, wanted.to_numpy(), share, expected)
    if over is not None:
        if over not in chance.columns or (chance[over] == 0).any():
            raise CrmkitError(
                f"over: not every stratum had customers with {over!r} in the experiment."
            )
        base = np.full(len(y), over, dtype=object)
        of_base = chance.to_numpy()[rows, chance.columns.get_loc(over)]
        other, other_part = _policy_parts(y, got, base, of_base, expected)
        value, part = value - other, part - other_part
    agreed = got == wanted.to_numpy()
    half = np.nan
    if tells_spread(y[agreed]) and tells_spread(part):
        n = len(y)
        half = critical_value(level) * float(np.sqrt((part**2).sum() / n / (n - 1)))
    return {
        "value": value,
        "low": value - half,
        "high": value + half,
        "matched": int(agreed.sum()),
    }


def _policy_parts(
    y: np.ndarray,
    got: np.ndarray,
    wanted: np.ndarray,
    share: np.ndarray,
    expected: pd.DataFrame | None,
) -> tuple[float, np.ndarray]:
    """Value of a policy, and what each customer adds to its error (the influence function)."""
    weight = (got == wanted) / share
    if expected is None:
        value = float((weight * y).sum() / weight.sum())
        return value, weight * (y - value) * len(y) / weight.sum()
    columns = pd.Index(expected.columns.astype(str)).get_indexer(pd.Index(wanted))
    if len(expected) != len(y) or (columns < 0).any():
        raise CrmkitError(
            "expected: one row per customer and one column per arm that the policy chooses are needed."
        )
    forecast = expected.to_numpy(dtype=float)[np.arange(len(y)), columns]
    each = forecast + weight * (y - forecast)
    return float(each.mean()), each - each.mean()
