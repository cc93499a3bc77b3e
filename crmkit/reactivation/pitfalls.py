"""Four ways to fool oneself about a campaign, each made visible, and what to do instead of peeking.

Sources
    Looking every day: Armitage, McPherson & Rowe (1969), J. Royal Statist. Soc. A 132. An interval made for it: Robbins
    (1970), Annals of Mathematical Statistics 41; Johari, Koomen, Pekelis & Walsh (2022), Operations Research 70(3).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inputs import (
    Moment,
    generator,
    need_date,
    need_dates,
    need_known,
    need_number,
    need_numbers,
    need_probability,
    need_rows,
    need_true_false,
    same_steps,
)
from crmkit.later import later

stats = later("scipy.stats")


def uncontrolled_count(
    customers: pd.DataFrame,
    true_effect: float,
    *,
    contacted: str = "called",
    outcome: str = "returned_60d",
) -> pd.Series:
    """Compare the count of a campaign without a control group with what the campaign really did.

    Parameters
    ----------
    customers
        One row per customer: `contacted` (bool), `outcome` (bool).
    true_effect
        Mean effect on those contacted, as a share (from a truth table, or from a later experiment).
    contacted, outcome
        Columns.

    Returns
    -------
    Series
        ``contacted`` (customers), ``counted`` (returners among them: the slide), ``won`` (who returned
        because of the contact),
        ``counted_share``, ``not_contacted_share``, ``naive_difference`` (between those contacted and the
        others), ``true_effect``,
        ``count_factor`` (counted / won), ``difference_factor`` (naive_difference / true_effect).

    Examples
    --------
    >>> calls = pd.DataFrame({"called": [True] * 10 + [False] * 10, "returned_60d": [True] * 5 + [False] * 15})
    >>> float(uncontrolled_count(calls, 0.1)["count_factor"])
    5.0
    """
    need_rows(customers, [contacted, outcome], "customers")
    was = need_true_false(customers[contacted], contacted)
    back = need_true_false(customers[outcome], outcome)
    need_number(true_effect, "true_effect", minimum=-1, maximum=1)
    if not was.any():
        raise CrmkitError(f"{contacted}: nobody was contacted.")
    share = back[was].mean()
    rest = back[~was].mean() if not was.all() else np.nan
    return pd.Series(
        {
            "contacted": was.sum(),
            "counted": back[was].sum(),
            "won": true_effect * was.sum(),
            "counted_share": share,
            "not_contacted_share": rest,
            "naive_difference": share - rest,
            "true_effect": true_effect,
            "count_factor": share / true_effect if true_effect else np.inf,
            "difference_factor": (share - rest) / true_effect if true_effect else np.inf,
        },
        dtype=float,
    )


def peeking(
    customers_a_day: int = 20,
    days: int = 50,
    *,
    base: float = 0.1,
    effect: float = 0.0,
    alpha: float = 0.05,
    tests: int = 500,
    seed: int | np.random.Generator = 0,
) -> pd.DataFrame:
    """Simulate tests that are looked at every evening and stopped at the first "significant" result.

    Parameters
    ----------
    customers_a_day
        New customers a day in each of the two groups.
    days
        Planned length.
    base, effect
        Share that returns without the offer; true difference (0 = the offer does nothing).
    alpha
        Level of each look (two-sided z-test of two shares).
    tests
        How many tests are simulated.
    seed

    Returns
    -------
    DataFrame
        One row per day: ``day``, ``called_today`` (share of tests "significant" on that day alone),
        ``called_by_now`` (share that
        has been "significant" on that day or any before: what a peeker stops at), ``called_by_sequence`` (the same for
        someone who looks every evening at :func:`sequential_interval`, made for that: at most `alpha` of the empty
        tests, however long they run).

    Notes
    -----
    Armitage, McPherson & Rowe (1969), J. Royal Statist. Soc. A 132: five looks at 5 % find something in 14 %
    of empty tests.

    Examples
    --------
    >>> looks = peeking(tests=200, seed=1)
    >>> bool(looks["called_by_now"].iloc[-1] > 0.2)
    True
    """
    rng = generator(seed)
    n = customers_a_day * np.arange(1, days + 1)
    control = rng.binomial(customers_a_day, base, (tests, days)).cumsum(axis=1)
    treated = rng.binomial(customers_a_day, np.clip(base + effect, 0, 1), (tests, days)).cumsum(
        axis=1
    )
    pooled = (control + treated) / (2 * n)
    spread = np.sqrt(pooled * (1 - pooled) * 2 / n)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(spread > 0, np.abs(treated - control) / n / spread, 0.0)
    called = z > stats.norm.ppf(1 - alpha / 2)
    _, low, high = sequential_interval(treated, n, control, n, level=1 - alpha)
    excluded = (low > 0) | (high < 0)
    return pd.DataFrame(
        {
            "day": np.arange(1, days + 1),
            "called_today": called.mean(axis=0),
            "called_by_now": np.logical_or.accumulate(called, axis=1).mean(axis=0),
            "called_by_sequence": np.logical_or.accumulate(excluded, axis=1).mean(axis=0),
        }
    )


def sequential_interval(
    returned_treated: Any,
    treated: Any,
    returned_control: Any,
    control: Any,
    *,
    typical_effect: float = 0.05,
    level: float = 0.95,
) -> tuple[Any, Any, Any]:
    """Give the difference of two shares with an interval that stays valid however often one looks.

    A confidence interval holds the truth in 95 of 100 tests *on one day chosen beforehand*. This one holds it on all
    days at once in 95 of 100 tests: stop whenever it leaves 0 out. Its price is width.

    Parameters
    ----------
    returned_treated, treated, returned_control, control
        Counts so far: numbers, or arrays with one entry a look.
    typical_effect
        Size of effect (as a share) for which the interval is made narrowest; choose it before the test.
    level
        Share of tests in which the interval holds the truth on every day.

    Returns
    -------
    difference, low, high : float or ndarray

    Raises
    ------
    CrmkitError
        An empty group, or more returners than customers.

    Notes
    -----
    The mixture sequential probability ratio test with a normal mixture of standard deviation `typical_effect` (Robbins
    1970; Johari et al. 2022), turned into an interval: with V the variance of the difference and t the typical effect,
    half its width is ``sqrt(V (V + t^2) / t^2 * log((V + t^2) / (V alpha^2)))``. V is estimated with one returner and
    one non-returner added to each group, so that it is not 0 on the first days.

    Examples
    --------
    >>> difference, low, high = sequential_interval(90, 600, 60, 600)
    >>> bool(low < 0 < 0.0016)
    True
    """
    k1, n1, k0, n0 = (
        np.asarray(x, dtype=float) for x in (returned_treated, treated, returned_control, control)
    )
    if np.any(n1 < 1) or np.any(n0 < 1) or np.any(k1 > n1) or np.any(k0 > n0) or np.any(k1 < 0):
        raise CrmkitError(
            "Both groups need at least one customer, and not more returners than customers. Are the numbers in order: "
            "returned, treated, returned, control?"
        )
    need_number(typical_effect, "typical_effect", minimum=1e-6, maximum=1)
    alpha = 1 - need_probability(level, "level")
    p1, p0 = (k1 + 1) / (n1 + 2), (k0 + 1) / (n0 + 2)
    variance = p1 * (1 - p1) / n1 + p0 * (1 - p0) / n0
    wide = variance + typical_effect**2
    half = np.sqrt(variance * wide / typical_effect**2 * np.log(wide / (variance * alpha**2)))
    gap = k1 / n1 - k0 / n0
    return gap[()], np.maximum(gap - half, -1.0)[()], np.minimum(gap + half, 1.0)[()]


def winners_again(
    first: pd.DataFrame, second: pd.DataFrame, *, top: int = 3, truth: pd.Series | None = None
) -> pd.DataFrame:
    """Take the highest effects of one test and look them up in another: the winner's curse.

    Parameters
    ----------
    first, second
        From :func:`crmkit.reactivation.experiments.effect_table` with ``by="state"``: ``state``, ``arm``, ``effect``.
    top
        How many winners.
    truth
        True effects by (state, arm), as from :func:`crmkit.reactivation.experiments.true_effects`.

    Returns
    -------
    DataFrame
        Index (``state``, ``arm``) and a last row ("mean", ""): ``effect`` (in the first test), ``again`` (in the
        second; missing where it did not have that pair), and ``truth`` if given.

    Examples
    --------
    >>> arms = {"state": "asleep", "arm": ["call", "mail"]}
    >>> first = pd.DataFrame({**arms, "effect": [0.12, 0.02]})
    >>> winners_again(first, first.assign(effect=[0.05, 0.04]), top=1)["again"].tolist()
    [0.05, 0.05]
    """
    for name, table in (("first", first), ("second", second)):
        need_rows(table, ["state", "arm", "effect"], name)
    ranked = first.sort_values("effect", ascending=False, kind="stable").head(top)
    best = ranked.set_index(["state", "arm"])[["effect"]]
    best["again"] = second.set_index(["state", "arm"])["effect"].reindex(best.index)
    if truth is not None:
        best["truth"] = truth.reindex(best.index)
    best.loc[("mean", ""), :] = best.mean()
    return best


def regression_to_the_mean(
    orders: pd.DataFrame, split: Moment, months: int = 3, groups: int = 5
) -> pd.DataFrame:
    """Show that the worst-looking customers improve, and the best-looking worsen, though nobody did anything.

    Parameters
    ----------
    orders
        ``customer_id``, ``order_date``, ``turnover``.
    split
        Day between "before" and "after".
    months
        Length of each of the two periods.
    groups
        Number of groups by change against each customer's own past: the customers' spending "before"
        relative to their own
        longer average. Only customers who bought before that longer past began: for a newcomer it would be
        an average over months in which he was none.

    Returns
    -------
    DataFrame
        One row per group, from "far below own average" to "far above": ``group``, ``customers``, ``usual``
        (average turnover in as many
        months, from the time before "before"), ``before``, ``after`` (turnover a customer, £).

    Raises
    ------
    CrmkitError
        If the data do not reach both ways, or nobody bought in the longer past.

    Examples
    --------
    >>> import crmkit
    >>> table = regression_to_the_mean(crmkit.load("orders"), "2025-07-01").set_index("group")
    >>> bool(table.loc[1, "after"] > table.loc[1, "before"])
    True
    """
    orders = need_rows(orders, ["customer_id", "order_date", "turnover"], "orders")
    need_known(orders["customer_id"], "customer_id")
    need_numbers(orders["turnover"], "turnover")
    date = need_dates(orders["order_date"], "order_date")
    split = need_date(split)
    start, end = split - pd.DateOffset(months=months), split + pd.DateOffset(months=months)
    past_start = start - pd.DateOffset(months=4 * months)
    if date.min() > past_start or date.max() < end - pd.Timedelta(days=7):
        raise CrmkitError(
            f"split: the data run from {date.min():%Y-%m-%d} to {date.max():%Y-%m-%d}; they must reach from "
            f"{past_start:%Y-%m-%d} to {end:%Y-%m-%d}. Choose another day or fewer months."
        )

    def spent(since: pd.Timestamp, until: pd.Timestamp) -> pd.Series:
        return orders[(date >= since) & (date < until)].groupby("customer_id")["turnover"].sum()

    table = pd.DataFrame({"usual": spent(past_start, start) / 4})
    table["before"] = spent(start, split)
    table["after"] = spent(split, end)
    old = orders["customer_id"][date < past_start].unique()
    table = table[table["usual"].gt(0) & table.index.isin(old)].fillna(0.0)
    if len(table) < groups:
        raise CrmkitError(
            f"orders: only {len(table)} customers bought in the longer past; {groups} groups need more."
        )
    # Customers with the same change have no order: they stay together, in the group of their middle.
    step = pd.Series(same_steps(table["before"] - table["usual"])[1], index=table.index)
    place = (step.rank(method="average") - 0.5) / len(table)
    table["group"] = np.minimum((place * groups).astype(int) + 1, groups)
    means = table.groupby("group")[["usual", "before", "after"]].mean()
    means.insert(0, "customers", table.groupby("group").size())
    return means.reset_index()
