"""Whether one way to draw the lines is better than another, and whether the answer depends on a setting.

Business context
    Two rules for "who is asleep" differ by a hundredth of kappa on today's customers. Whether that is more than luck is
    one question; whether it stays when an arbitrary setting (how far ahead one looks) is varied is another. A finding
    that turns round with a setting is no finding.

Sources
    Cohen (1968), Psychological Bulletin 70(4), weighted kappa; its standard error by drawing customers with replacement
    (Efron & Tibshirani 1993, An Introduction to the Bootstrap, chapter 6).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inference import critical_value, tells_spread
from crmkit.inputs import Moment, generator, need_count
from crmkit.reactivation.returns import return_curve
from crmkit.reactivation.states import (
    LEVELS,
    STATES,
    agreement,
    at_risk,
    compare_rules,
    thresholds_by_return,
)


def _places(states: pd.Series, who: pd.Index) -> np.ndarray:
    codes = pd.Categorical(states.reindex(who).astype(object), categories=list(STATES)).codes
    return np.asarray(codes, dtype=int)


def kappa_lead(
    first: pd.Series,
    second: pd.Series,
    truth: pd.Series,
    *,
    draws: int = 200,
    level: float = 0.95,
    seed: int | np.random.Generator = 0,
) -> dict[str, float]:
    """Say by how much one rule agrees better with the truth than another, and how sure that is.

    Parameters
    ----------
    first, second
        Guessed states by customer_id.
    truth
        True states by customer_id. Customers that one of the three does not know are left out.
    draws, seed
        How often as many customers are drawn again, with replacement.
    level
        Of the interval.

    Returns
    -------
    dict
        ``lead`` (kappa of `first` less kappa of `second`), ``low``, ``high`` (from the spread of the draws;
        missing where all are alike), ``ahead`` (share of the draws in which
        `first` is ahead), ``customers``.

    Raises
    ------
    CrmkitError
        No customer whom all three know.

    Examples
    --------
    >>> truth = pd.Series(["awake", "asleep"] * 50)
    >>> found = kappa_lead(truth, pd.Series("awake", index=truth.index), truth, draws=20)
    >>> found["lead"], found["ahead"]
    (1.0, 1.0)
    """
    need_count(draws, "draws")
    who = truth.index.intersection(first.index).intersection(second.index)
    one, two, true = (_places(states, who) for states in (first, second, truth))
    known = (one >= 0) & (two >= 0) & (true >= 0)
    if not known.any():
        raise CrmkitError(
            "No customer is in both guesses and in the truth. Index all three by customer_id."
        )
    one, two, true = one[known], two[known], true[known]
    rng, number = generator(seed), len(true)

    def lead(rows: np.ndarray | slice) -> float:
        return agreement(one[rows], true[rows])["kappa"] - agreement(two[rows], true[rows])["kappa"]

    again = np.array([lead(rng.integers(0, number, number)) for _ in range(draws)])
    found = lead(slice(None))
    spread = float(again.std(ddof=1)) if tells_spread(again) else np.nan
    half = critical_value(level) * spread
    return {
        "lead": found,
        "low": found - half,
        "high": found + half,
        "ahead": float((again > 0).mean()),
        "customers": number,
    }


def try_horizons(
    gaps: pd.DataFrame,
    silence: pd.Series,
    truth: pd.Series,
    horizons: Sequence[float],
    *,
    levels: Sequence[float] = LEVELS,
    length: str = "gap_days",
    step: float = 1,
) -> pd.DataFrame:
    """Draw the lines from curves that look differently far ahead, and compare each with the truth.

    Parameters
    ----------
    gaps
        From :func:`~crmkit.reactivation.returns.purchase_gaps` or
        :func:`~crmkit.reactivation.states.rhythm_gaps`.
    silence
        Silence of each customer on the day, by customer_id, in the unit of `length`.
    truth
        True states by customer_id.
    horizons
        How far ahead to look, in the unit of `length`.
    levels
        As in :func:`~crmkit.reactivation.states.thresholds_by_return`.
    length, step
        As in :func:`~crmkit.reactivation.returns.return_curve`.

    Returns
    -------
    DataFrame
        Index ``horizon``: ``drowsy``, ``half_asleep``, ``asleep`` (the lines), ``right``, ``even``, ``kappa`` (see
        :func:`~crmkit.reactivation.states.compare_rules`), over the customers in both `silence` and `truth`. Missing
        where the chance to return never falls to the lowest level within the history.

    Raises
    ------
    CrmkitError
        As :func:`~crmkit.reactivation.states.thresholds_by_return`, if no horizon gives lines.

    Examples
    --------
    >>> import crmkit
    >>> from crmkit.reactivation import purchase_gaps, silence, state_on
    >>> orders = crmkit.load("orders")
    >>> silent = silence(orders, "2025-12-31").set_index("customer_id")["silent_days"]
    >>> truth = state_on(crmkit.load_truth("sleep_states"), "2025-12-31")
    >>> try_horizons(purchase_gaps(orders, "2025-12-31"), silent, truth, [60, 90])["drowsy"].tolist()
    [34.0, 53.0]
    """
    rows: list[list[float]] = []
    failure = None
    for horizon in horizons:
        curve = return_curve(gaps, horizon, length=length, step=step, draws=0)
        try:
            lines = thresholds_by_return(curve, levels)
        except (
            CrmkitError
        ) as error:  # one horizon too many is no reason to say nothing of the others
            failure = error
            rows.append([np.nan] * 6)
            continue
        found = compare_rules({"lines": lines.state(silence)}, truth).iloc[0]
        rows.append([*lines.cuts, found["right"], found["even"], found["kappa"]])
    if failure and np.isnan(rows).all():
        raise failure
    columns = ["drowsy", "half_asleep", "asleep", "right", "even", "kappa"]
    return pd.DataFrame(rows, columns=columns, index=pd.Index(list(horizons), name="horizon"))


def listed_states(
    orders: pd.DataFrame,
    truth: pd.Series,
    waits: Sequence[float] = (45, 91, 180),
    *,
    as_of: Moment | None = None,
    top_share: float = 0.2,
) -> pd.DataFrame:
    """Count the true states of those on the at-risk list, for lists that wait differently long.

    Parameters
    ----------
    orders
        As in :func:`~crmkit.reactivation.states.at_risk`.
    truth
        True states by customer_id on the day of the list.
    waits
        Silence in days from which a customer is listed.
    as_of
        Day of the list.
    top_share
        Who counts as high-value.

    Returns
    -------
    DataFrame
        Index ``wait_days``; one column per state (customers), and ``listed`` (all of them).

    Examples
    --------
    >>> orders = pd.DataFrame({"customer_id": [1, 2], "margin": [50, 5],
    ...     "order_date": ["2025-01-01", "2025-06-30"]})
    >>> truth = pd.Series(["asleep", "awake"], index=[1, 2])
    >>> listed_states(orders, truth, [90, 200], top_share=0.5)["listed"].tolist()
    [1, 0]
    """
    rows = {}
    for wait in waits:
        who = at_risk(orders, as_of, silent_days=wait, top_share=top_share)["customer_id"]
        rows[wait] = truth.astype(str).reindex(who).value_counts()
    table = pd.DataFrame(rows).T.reindex(columns=list(STATES)).fillna(0).astype(int)
    table.insert(0, "listed", table.sum(axis=1))
    return table.rename_axis("wait_days").rename_axis(None, axis=1)
