"""Why CRM projects fail: money over data, adoption and features, for an aim that is chosen first.

Model
    A part into which s is put works to q = 1 - exp(-s / c): at c to 63 %, at twice c to 86 %. Here c is what the aim
    asks of the part. The three multiply, so a part that gets nothing ends the whole: a year brings worth * q_data *
    q_adoption * q_features. The numbers are the team's estimates (table `crm_aims`), and a project finds out too late
    how far they were off: `project_risk` draws each c again.

Sources
    Parts that multiply: the O-ring theory of production, Kremer (1993) Quarterly Journal of Economics 108. Best split:
    the marginal log works are equal (Boyd & Vandenberghe 2004, 5.5). That data, adoption and aim decide: Rigby,
    Reichheld & Schefter (2002) Harvard Business Review 80(2), "Avoid the four perils of CRM". The surveys' shares of
    failed projects (18 to 70 %) count different things as failures and are rules of thumb only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inputs import first_few, generator, need_count, need_number, need_rows, need_unique
from crmkit.later import later
from crmkit.say import labels

optimize = later("scipy.optimize")

PARTS = labels("data", "adoption", "features")


def _aim(aims: pd.DataFrame, aim: str) -> pd.Series:
    need_rows(aims, ["aim", "worth", *PARTS, "budget", "years"], "aims")
    need_unique(aims, ["aim"], "aims")
    if aim not in set(aims["aim"]):
        raise CrmkitError(f"aim: there is no {aim!r}; choose one of {first_few(aims['aim'], 8)}.")
    row = aims.set_index("aim").loc[aim]
    for name in ("worth", *PARTS):
        if need_number(row[name], name) <= 0:
            raise CrmkitError(f"aims, {aim!r}: {name} must be above 0.")
    return row


def _needs(row: pd.Series) -> np.ndarray:
    return row[list(PARTS)].to_numpy(float)


def _spent(split: Mapping[str, float] | pd.Series) -> np.ndarray:
    split = dict(split)  # a Series, too
    unknown = [name for name in split if name not in PARTS]
    if unknown:
        raise CrmkitError(
            f"split: there is no part {first_few(unknown)}; parts are {', '.join(PARTS)}."
        )
    return np.array([need_number(split.get(name, 0.0), name, minimum=0) for name in PARTS])


def project_outcome(
    aims: pd.DataFrame, aim: str, split: Mapping[str, float] | pd.Series
) -> pd.Series:
    """Work out what a project brings if the team's estimates are right.

    Parameters
    ----------
    aims
        Table `crm_aims`: ``aim``, ``worth``, ``data``, ``adoption``, ``features``, ``budget``, ``years``.
    aim
        One of them.
    split
        Money for "data", "adoption", "features", in the unit of the table; a part that is not named gets nothing.

    Returns
    -------
    Series
        ``data``, ``adoption``, ``features`` (how well each works, 0 to 1), ``together`` (their product), ``a_year``
        (what it brings), ``net`` (over the years, less what was spent), ``next_in`` (the part in which the next pound
        brings most), ``next_brings`` (what it brings over the years).

    Examples
    --------
    >>> aims = pd.DataFrame({"aim": ["answer"], "worth": [200.0], "data": [20.0], "adoption": [20.0],
    ...     "features": [20.0], "budget": [120.0], "years": [2]})
    >>> found = project_outcome(aims, "answer", {"data": 40, "adoption": 40, "features": 40})
    >>> round(found["together"], 2), round(found["net"])
    (0.65, 139)
    >>> float(project_outcome(aims, "answer", {"features": 120})["net"])
    -120.0
    """
    row = _aim(aims, aim)
    return pd.Series(
        outcome_of(_needs(row), row["worth"], row["years"], _spent(split)), dtype=object
    )


def outcome_of(needs: np.ndarray, worth: float, years: float, spent: np.ndarray) -> dict[str, Any]:
    """Work out `project_outcome` from the numbers themselves: what each part needs, and what is spent on it."""
    works = -np.expm1(-spent / needs)
    together = float(works.prod())
    whole = float(worth * years)
    # The slope by each part: what the others do together, times its own slope.
    others = np.array([np.delete(works, place).prod() for place in range(len(PARTS))])
    slope = whole * others * np.exp(-spent / needs) / needs
    return {
        **dict(zip(PARTS, works.tolist(), strict=True)),
        "together": together,
        "a_year": together * float(worth),
        "net": together * whole - float(spent.sum()),
        "next_in": PARTS[int(np.argmax(slope))] if slope.any() else _weakest(works),
        "next_brings": float(slope.max()),
    }


def _weakest(works: np.ndarray) -> str:
    """Two parts at nothing: no single pound helps, and the first of them has to come first."""
    return PARTS[int(np.argmin(works))]


def project_splits(
    aims: pd.DataFrame, aim: str, splits: Mapping[str, Mapping[str, float] | pd.Series]
) -> pd.DataFrame:
    """Compare ways of splitting the money for one aim: `project_outcome` for each.

    Returns
    -------
    DataFrame
        One row per split: ``split``, and the columns of `project_outcome`.

    Examples
    --------
    >>> aims = pd.DataFrame({"aim": ["answer"], "worth": [200.0], "data": [20.0], "adoption": [20.0],
    ...     "features": [20.0], "budget": [120.0], "years": [2]})
    >>> equal, program = {"data": 40, "adoption": 40, "features": 40}, {"data": 10, "features": 110}
    >>> project_splits(aims, "answer", {"equal": equal, "program": program})["net"].round().tolist()
    [139.0, -120.0]
    """
    if not splits:
        raise CrmkitError("splits: name one at least.")
    rows = [{"split": name, **project_outcome(aims, aim, split)} for name, split in splits.items()]
    return pd.DataFrame(rows)


def best_split(aims: pd.DataFrame, aim: str, budget: float | None = None) -> pd.Series:
    """Find the split of the whole budget that brings most.

    Parameters
    ----------
    aims, aim
        As for `project_outcome`.
    budget
        Money to be split; default: the table's.

    Returns
    -------
    Series
        Money for ``data``, ``adoption`` and ``features``.

    Notes
    -----
    The logarithm of what the parts do together is concave, so there is one best split, and no part of it is empty. In
    it the next pound brings the same everywhere: each part gets c * log(1 + 1 / (m c)), with one m for all.

    Examples
    --------
    >>> aims = pd.DataFrame({"aim": ["answer"], "worth": [200.0], "data": [10.0], "adoption": [20.0],
    ...     "features": [20.0], "budget": [120.0], "years": [2]})
    >>> best_split(aims, "answer").round(1).tolist()
    [29.1, 45.4, 45.4]
    """
    row = _aim(aims, aim)
    money = need_number(row["budget"] if budget is None else budget, "budget", minimum=0)
    if money == 0:
        raise CrmkitError("budget must be above 0: there is nothing to split.")
    needs = _needs(row)

    def spent(log_price: float) -> np.ndarray:
        return np.asarray(needs * np.log1p(np.exp(-log_price) / needs))

    price = optimize.brentq(lambda p: spent(p).sum() - money, -60, 60 + money / needs.min())
    return pd.Series(spent(price), index=list(PARTS))


def project_risk(
    aims: pd.DataFrame,
    aim: str,
    split: Mapping[str, float] | pd.Series,
    *,
    spread: float = 0.4,
    draws: int = 2000,
    level: float = 0.8,
    seed: int | np.random.Generator = 0,
) -> pd.Series:
    """Say how a project may end if the team's estimates are off.

    Parameters
    ----------
    aims, aim, split
        As for `project_outcome`.
    spread
        How far the money that a part needs may be from its estimate (standard deviation of its logarithm; 0.4: by half
        as much again, or by a third less, in one case of three).
    draws
    level
        Share of the draws between ``low`` and ``high``.
    seed

    Returns
    -------
    Series
        ``net`` (if the estimates are right), ``mean``, ``low``, ``high`` (over the draws: a range of futures, no
        interval of an estimate), ``pays`` (share of the draws in which the project brings more than was spent).

    Examples
    --------
    >>> aims = pd.DataFrame({"aim": ["answer"], "worth": [200.0], "data": [20.0], "adoption": [20.0],
    ...     "features": [20.0], "budget": [120.0], "years": [2]})
    >>> found = project_risk(aims, "answer", {"data": 40, "adoption": 40, "features": 40})
    >>> bool(found["low"] < found["net"] < found["high"]), bool(found["pays"] > 0.9)
    (True, True)
    """
    row, spent = _aim(aims, aim), _spent(split)
    need_number(spread, "spread", minimum=0)
    need_count(draws, "draws")
    if not 0 < level < 1:
        raise CrmkitError(f"level: a share between 0 and 1, not {level!r}.")
    luck = luck_of(spread, draws, seed)
    found = risk_of(_needs(row), float(row["worth"] * row["years"]), spent, luck, level)
    return pd.Series({"net": float(project_outcome(aims, aim, split)["net"]), **found})


def luck_of(spread: float, draws: int, seed: int | np.random.Generator) -> np.ndarray:
    """Draw by which factor each part needs more money than estimated, once for each future."""
    return np.exp(spread * generator(seed).standard_normal((draws, len(PARTS))))


def risk_of(
    needs: np.ndarray, whole: float, spent: np.ndarray, luck: np.ndarray, level: float = 0.8
) -> dict[str, float]:
    """Work out `project_risk` from the numbers themselves, in futures that were drawn before."""
    works = -np.expm1(-spent / (needs * luck))
    net = works.prod(axis=1) * whole - spent.sum()
    low, high = np.quantile(net, [(1 - level) / 2, (1 + level) / 2])
    return {
        "mean": float(net.mean()),
        "low": float(low),
        "high": float(high),
        "pays": float((net > 0).mean()),
    }


__all__ = ["best_split", "project_outcome", "project_risk", "project_splits"]
