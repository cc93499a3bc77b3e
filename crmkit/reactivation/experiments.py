"""Did it work? Groups made by chance, and differences with their uncertainty.

Problem
    Of the customers who were called, many came back. How many of them would have come back anyway? No amount
    of counting
    returners answers that. A control group does, if chance alone decided who was in it.

Sources
    Difference of two shares: Newcombe (1998), Statistics in Medicine 17, method 10 (also right where nobody returned),
    and the p-value that agrees with it. Difference of two means: Welch (1947). Several comparisons: Holm (1979);
    Benjamini & Hochberg (1995). Adjusting for what was known before: Lin (2013), Annals of Applied Statistics 7(1);
    with one covariate it is the CUPED of Deng, Xu, Kohavi & Walker (2013, WSDM).
    Randomisation: chi-square for the sizes of the arms and Kruskal-Wallis or chi-square for what was known before
    (scipy), standardised mean differences as in Austin (2009).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inference import (
    adjust_p_values,
    critical_value,
    mean_difference,
    newcombe,
    newcombe_p,
    tells_spread,
)
from crmkit.inputs import (
    Moment,
    first_few,
    is_true_false,
    need_count,
    need_date,
    need_dates,
    need_known,
    need_number,
    need_numbers,
    need_probability,
    need_rows,
    need_unique,
    same_steps,
)
from crmkit.later import later

stats = later("scipy.stats")

#: Fewer customers than this in an arm, or fewer than five returners in both together, deserve a warning in
#: words.
SMALL = 30


def share_difference(
    returned_treated: int,
    treated: int,
    returned_control: int,
    control: int,
    level: float = 0.95,
) -> tuple[float, float, float]:
    """Give the difference between two shares with Newcombe's interval, which also holds where nobody returned.

    Parameters
    ----------
    returned_treated, treated, returned_control, control
        Counts.
    level

    Returns
    -------
    tuple
        Difference, lower, upper.

    Examples
    --------
    >>> [round(x, 4) for x in share_difference(56, 70, 48, 80)]
    [0.2, 0.0524, 0.3339]
    """
    for name, hits, n in (
        ("treated", returned_treated, treated),
        ("control", returned_control, control),
    ):
        need_count(n, name)
        need_number(hits, f"returned_{name}", minimum=0)
        if hits > n:
            raise CrmkitError(
                f"returned_{name}: {hits} of {n} customers cannot have returned. Are the numbers the wrong way round?"
            )
    difference, low, high = newcombe(
        returned_treated, treated, returned_control, control, level=level
    )
    return float(difference), float(low), float(high)


def effect_table(
    customers: pd.DataFrame,
    outcome: str = "returned_60d",
    *,
    arm: str = "arm",
    control: str = "control",
    by: str | Sequence[str] | None = None,
    level: float = 0.95,
    adjust: Literal["holm", "fdr"] = "holm",
) -> pd.DataFrame:
    """Compare each arm with the control group, with an interval, for all together or for each state.

    Parameters
    ----------
    customers
        One row per customer in the test: `arm`, `outcome`, and `by` if given. Arms need not be of equal size.
    outcome
        True/False, also as 1 and 0 (compared as shares), or a number (compared as means).
    arm, control
        Column of the arm, and the control's name in it.
    by
        Column(s) whose values get a comparison each, such as ``state``.
    level
        Of each interval by itself.
    adjust
        How ``p_adjusted`` allows for the number of rows: "holm" (the chance of any false finding stays below 5 %) or
        "fdr" (the share of false ones among the findings does).

    Returns
    -------
    DataFrame
        One row per (`by` and) arm: ``arm``, ``customers``, ``control_customers``, ``value`` (share or mean
        in the arm), ``control_value``, ``effect`` (the difference), ``low``, ``high``, ``p_value`` (below .05 just
        where the 95 % interval leaves 0 out), ``p_adjusted`` (for all rows of the table together), ``warning``
        (empty, or in words why the row says little). Where an arm or a control has nobody, the effect is missing and
        the warning says so; where all values of a group are alike, there is no interval for a mean.

    Raises
    ------
    CrmkitError
        Missing columns or values; no control at all.

    Notes
    -----
    The interval speaks of the difference that chance alone leaves open. It does not make up for groups that
    chance did not make:
    run :func:`randomisation_check` first.

    Examples
    --------
    >>> test = pd.DataFrame({"arm": ["control"] * 80 + ["call"] * 70,
    ...     "returned_60d": [1] * 48 + [0] * 32 + [1] * 56 + [0] * 14})
    >>> effect_table(test.astype({"returned_60d": bool}))[["effect", "low", "high"]].round(4).values.tolist()
    [[0.2, 0.0524, 0.3339]]
    """
    keys = [by] if isinstance(by, str) else list(by or [])
    need_rows(customers, [arm, outcome, *keys], "customers")
    need_probability(level, "level")
    for name in keys:
        need_known(customers[name], name)
    if customers[arm].isna().any():
        raise CrmkitError(
            f"{arm}: {int(customers[arm].isna().sum())} customers have no arm. "
            "Leave out who was not in the test."
        )
    if control not in set(customers[arm]):
        raise CrmkitError(
            f"{arm}: there is no {control!r}; arms are {first_few(sorted(set(map(str, customers[arm]))), 8)}. "
            "Without a control group no effect can be told."
        )
    values = need_numbers(customers[outcome], outcome)
    shares = is_true_false(customers[outcome]) or set(np.unique(values)) == {0.0, 1.0}
    frame = customers[[arm, *keys]].assign(_y=values)
    others = [name for name in pd.unique(customers[arm]) if name != control]
    groups = frame.groupby(keys, observed=True, sort=True) if keys else [((), frame)]
    rows = []
    for key, part in groups:
        held = part.loc[part[arm] == control, "_y"].to_numpy()
        for name in others:
            got = part.loc[part[arm] == name, "_y"].to_numpy()
            row = dict(zip(keys, key if isinstance(key, tuple) else (key,), strict=True))
            rows.append({**row, "arm": name, **_difference(got, held, shares, level)})
    table = pd.DataFrame(rows)
    place = int(table.columns.get_loc("p_value")) + 1
    table.insert(place, "p_adjusted", adjust_p_values(table["p_value"], adjust))
    return table


def _difference(got: np.ndarray, held: np.ndarray, shares: bool, level: float) -> dict:
    """Compare two groups; missing where one is empty or too small to have a spread."""
    effect = lower = upper = p = np.nan
    warning = ""
    if not len(got) or not len(held):
        warning = (
            "nobody in the " + ("arm" if not len(got) else "control group") + ": nothing to compare"
        )
    elif shares:
        counts = int(got.sum()), len(got), int(held.sum()), len(held)
        effect, lower, upper = share_difference(*counts, level)
        p = float(newcombe_p(*counts))
        if got.sum() + held.sum() < 5:
            warning = "fewer than five returned in both groups together: read the interval, not the effect"
    else:
        effect, lower, upper = mean_difference(got, held, level=level)
        if not (tells_spread(got) and tells_spread(held)):
            lower = upper = np.nan
        if min(len(got), len(held)) < 2:
            warning = "one customer has no spread: no interval"
        elif np.isnan(lower):
            warning = "everybody in a group has the same value: no interval"
        else:
            p = stats.ttest_ind(got, held, equal_var=False).pvalue
    if not warning and min(len(got), len(held)) < SMALL:
        warning = f"fewer than {SMALL} customers in a group: wide interval"
    return {
        "customers": len(got),
        "control_customers": len(held),
        "value": got.mean() if len(got) else np.nan,
        "control_value": held.mean() if len(held) else np.nan,
        "effect": effect,
        "low": lower,
        "high": upper,
        "p_value": p,
        "warning": warning,
    }


def randomisation_check(
    customers: pd.DataFrame,
    covariates: Sequence[str],
    *,
    arm: str = "arm",
    planned: dict[str, float] | None = None,
    alpha: float = 0.01,
) -> pd.DataFrame:
    """Ask whether chance could have made these groups: their sizes, and what was known before the contact.

    Parameters
    ----------
    customers
        One row per customer in the test.
    covariates
        Columns known *before* the contact. Numbers are compared by Kruskal-Wallis, words and booleans by
        chi-square.
    arm
        Column of the arm.
    planned
        Planned share of each arm; default: equal shares are *not* assumed and the sizes are not tested.
    alpha
        A p-value below this after Holm's correction for the number of rows is called suspicious.

    Returns
    -------
    DataFrame
        One row per covariate (and "size of the arms" if `planned`): ``what``, ``largest_gap`` (largest
        difference between two
        arms in standard deviations; above 0.1 deserves a look), ``p_value``, ``verdict``.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> fair = pd.DataFrame({"arm": rng.choice(["control", "call"], 400), "orders_before": rng.poisson(3, 400)})
    >>> randomisation_check(fair, ["orders_before"])["verdict"].tolist()
    ['as chance would have it']
    """
    need_rows(customers, [arm, *covariates], "customers")
    arms = list(pd.unique(customers[arm].dropna()))
    if len(arms) < 2:
        raise CrmkitError(
            f"{arm}: only {first_few(arms)} is there. Two arms at least can be compared."
        )
    rows = []
    if planned is not None:
        missing = sorted(set(map(str, arms)) ^ set(planned))
        if missing:
            raise CrmkitError(
                f"planned: {first_few(missing)} is in the plan or in the test, but not in both."
            )
        seen = customers[arm].value_counts().reindex(list(planned))
        share = np.array(list(planned.values()), dtype=float)
        p = stats.chisquare(seen, share / share.sum() * seen.sum()).pvalue
        rows.append(("size of the arms", np.nan, p))
    for name in covariates:
        column = need_known(customers[name], name).infer_objects()
        if pd.api.types.is_numeric_dtype(column) and not is_true_false(column):
            groups = [column[customers[arm] == a].to_numpy(float) for a in arms]
            spread = np.sqrt(np.mean([g.var(ddof=1) if len(g) > 1 else 0 for g in groups]))
            means = [g.mean() for g in groups if len(g)]
            same = not tells_spread(np.concatenate(groups))
            gap = (max(means) - min(means)) / spread if spread > 0 and not same else 0.0
            steps = pd.Series(same_steps(column, name)[1], index=column.index)
            ranked = [steps[customers[arm] == a].to_numpy() for a in arms]
            p = 1.0 if same else stats.kruskal(*[g for g in ranked if len(g)]).pvalue
        else:
            counts = pd.crosstab(column.astype(str), customers[arm])
            part = counts / counts.sum()
            middle = part.mean(axis=1)
            spread = np.sqrt((middle * (1 - middle)).replace(0, np.nan))
            gap = ((part.max(axis=1) - part.min(axis=1)) / spread).max()
            p = stats.chi2_contingency(counts).pvalue if counts.shape[0] > 1 else 1.0
        rows.append((name, gap, p))
    table = pd.DataFrame(rows, columns=["what", "largest_gap", "p_value"])
    odd = adjust_p_values(table["p_value"]) < alpha
    table["verdict"] = np.where(
        odd, "not by chance: do not compare these groups", "as chance would have it"
    )
    return table


def follow_up(
    customers: pd.DataFrame,
    orders: pd.DataFrame,
    start: Moment,
    days: int = 60,
    *,
    complete_until: Moment | None = None,
) -> pd.DataFrame:
    """Count for everybody on a list, contacted or not, what was ordered in so many days from the campaign's day on.

    Parameters
    ----------
    customers
        One row per customer of the campaign, the control group included: ``customer_id``.
    orders
        ``customer_id``, ``order_date``, ``turnover``, and ``margin`` if known. Others' orders are not looked at.
    start
        Day of the contacts; it is the first of the `days`.
    days
    complete_until
        Last day up to which `orders` holds every order. Default: day of the last order.

    Returns
    -------
    DataFrame
        `customers` with ``returned_60d``, ``orders_60d``, ``spend_60d`` (and ``margin_60d``), named for `days`.

    Raises
    ------
    CrmkitError
        If the campaign lies before or after the data, or the days are not over: an order that nobody can see
        yet is not an order that was not placed. A customer twice on the list.

    Examples
    --------
    >>> orders = pd.DataFrame({"customer_id": [1, 2], "order_date": ["2026-01-20", "2026-03-15"], "turnover": 30.0})
    >>> follow_up(pd.DataFrame({"customer_id": [1, 2]}), orders, "2026-01-01")["returned_60d"].tolist()
    [True, False]
    """
    need_rows(customers, ["customer_id"], "customers")
    orders = need_rows(orders, ["customer_id", "order_date", "turnover"], "orders")
    who = need_known(customers["customer_id"], "customers: customer_id")
    need_unique(customers, ["customer_id"], "customers")
    need_count(days, "days")
    date, first = need_dates(orders["order_date"], "order_date"), need_date(start)
    until = date.max() if complete_until is None else need_date(complete_until)
    after = first + pd.Timedelta(days=days)
    if date.min() >= after or after - pd.Timedelta(days=1) > until:
        raise CrmkitError(
            f"start: the {days} days from {first:%Y-%m-%d} on end on {after - pd.Timedelta(days=1):%Y-%m-%d}, "
            f"but the orders run from {date.min():%Y-%m-%d} to {until:%Y-%m-%d}. Anyone who has not ordered yet would "
            "count as lost. Wait, bring later orders, or choose fewer days."
        )
    inside = orders[(date >= first) & (date < after) & orders["customer_id"].isin(who)]
    names = {"turnover": "spend", "margin": "margin"}
    money = {column: name for column, name in names.items() if column in orders}
    for column in money:
        need_numbers(inside[column], column)
    groups = inside.groupby("customer_id")
    count = who.map(groups.size()).fillna(0).astype(int)
    table = customers.assign(**{f"returned_{days}d": count > 0, f"orders_{days}d": count})
    for column, name in money.items():
        table[f"{name}_{days}d"] = who.map(groups[column].sum()).fillna(0.0)
    return table


def true_effects(
    customers: pd.DataFrame, truth: pd.DataFrame, *, by: str | None = None, control: str = "control"
) -> pd.Series:
    """Give the true mean effect of each arm on the customers of a test, for comparison with the estimates.

    Parameters
    ----------
    customers
        One row per customer of the test: ``customer_id``, ``arm``, and `by`.
    truth
        The test's truth table: ``customer_id`` and one column ``effect_...`` for each arm.
    by
        Column whose values get a mean each.
    control
        The control's name in ``arm``.

    Returns
    -------
    Series
        By arm, or by (`by`, arm), as shares.

    Examples
    --------
    >>> test = pd.DataFrame({"customer_id": [1, 2], "arm": ["call", "control"]})
    >>> truth = pd.DataFrame({"customer_id": [1, 2], "effect_call": [0.1, 0.3]})
    >>> true_effects(test, truth).to_dict()
    {'call': 0.2}
    """
    keys = [by] if by else []
    need_rows(customers, ["customer_id", "arm", *keys], "customers")
    arms = [name for name in pd.unique(customers["arm"]) if name != control]
    columns = {f"effect_{name.replace(' ', '_')}": name for name in arms}
    need_rows(truth, ["customer_id", *columns], "truth")
    known = customers[["customer_id", *keys]].merge(truth, on="customer_id")
    known = known.rename(columns=columns)
    if by is None:
        return known[arms].mean().rename_axis("arm").rename("truth")
    means = known.groupby(by, observed=True)[arms].mean().rename_axis("arm", axis=1)
    return means.stack().rename("truth")


def adjusted_effects(
    customers: pd.DataFrame,
    outcome: str,
    covariates: Sequence[str],
    *,
    arm: str = "arm",
    control: str = "control",
    level: float = 0.95,
) -> pd.DataFrame:
    """Compare each arm with the control group, allowing for what was known before: same effect, narrower interval.

    Chance made the groups alike on average, not to the last customer. What is left over in traits known *before* the
    contact can be taken out by a regression.

    Parameters
    ----------
    customers
        One row per customer of the test.
    outcome
        A number, or True/False.
    covariates
        Number columns known before the contact. One that the contact could have changed would spoil the comparison.
    arm, control
        Column of the arm, and the control's name in it.
    level

    Returns
    -------
    DataFrame
        One row per arm: ``arm``, ``effect``, ``low``, ``high``, ``p_value``, ``p_adjusted`` (Holm, for all arms),
        ``plain_effect`` (difference of the plain means), ``width`` (of the interval, over the plain one's).

    Raises
    ------
    CrmkitError
        No control; an arm with fewer than ten customers more than covariates.

    Notes
    -----
    Lin (2013): in each arm a regression of its own on the covariates, centred at the mean of both arms, with standard
    errors that allow for unequal spread (HC2) and for the estimated centre.
    In large samples it cannot be less precise than the plain difference.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> test = pd.DataFrame({"arm": ["control", "call"] * 200, "before": rng.normal(50, 20, 400)})
    >>> test["spend"] = test["before"] + rng.normal(0, 5, 400) + 3 * (test["arm"] == "call")
    >>> bool(adjusted_effects(test, "spend", ["before"])["width"].iloc[0] < 0.5)
    True
    """
    need_rows(customers, [arm, outcome, *covariates], "customers")
    need_known(customers[arm], arm)
    if control not in set(customers[arm]):
        raise CrmkitError(
            f"{arm}: there is no {control!r}. Without a control group no effect can be told."
        )
    y = need_numbers(customers[outcome], outcome)
    known = np.column_stack([need_numbers(customers[name], name) for name in covariates])
    which = customers[arm].to_numpy()
    rows = []
    for name in [value for value in pd.unique(customers[arm]) if value != control]:
        both = (which == name) | (which == control)
        middle = known[both].mean(axis=0)
        ends = []
        for one in (name, control):
            inside = which == one
            if inside.sum() < known.shape[1] + 10:
                raise CrmkitError(
                    f"{arm} {one!r}: {int(inside.sum())} customers are too few for {known.shape[1]} covariates. Use "
                    "fewer covariates, or effect_table."
                )
            design = np.column_stack([np.ones(inside.sum()), known[inside] - middle])
            inverse = np.linalg.pinv(design.T @ design)
            weights = inverse @ design.T
            coefficient = weights @ y[inside]
            leverage = np.einsum("ij,ji->i", design, weights)
            error = (y[inside] - design @ coefficient) / np.sqrt(np.maximum(1 - leverage, 1e-9))
            ends.append((coefficient, ((weights[0] * error) ** 2).sum()))
        apart = ends[0][0] - ends[1][0]
        effect = float(apart[0])
        # The centre is an estimate too: it counts where the effect differs with the covariates.
        centre = np.cov(known[both], rowvar=False).reshape(known.shape[1], -1) / both.sum()
        error = float(np.sqrt(ends[0][1] + ends[1][1] + apart[1:] @ centre @ apart[1:]))
        plain = _plain_difference(y[which == name], y[which == control], level)
        free = int(both.sum() - 2 * (known.shape[1] + 1))
        half = critical_value(level, free) * error
        sure = tells_spread(y[which == name]) and tells_spread(y[which == control])
        rows.append(
            {
                "arm": name,
                "effect": effect,
                "low": effect - half if sure else np.nan,
                "high": effect + half if sure else np.nan,
                "p_value": float(2 * stats.t.sf(abs(effect) / error, free)) if sure else np.nan,
                "plain_effect": plain[0],
                "width": 2 * half / plain[1] if sure else np.nan,
            }
        )
    table = pd.DataFrame(rows)
    place = int(table.columns.get_loc("p_value")) + 1
    table.insert(place, "p_adjusted", adjust_p_values(table["p_value"]))
    return table


def _plain_difference(got: np.ndarray, held: np.ndarray, level: float) -> tuple[float, float]:
    """Plain difference of two means and the width of its interval."""
    error = np.sqrt(got.var(ddof=1) / len(got) + held.var(ddof=1) / len(held))
    return float(got.mean() - held.mean()), float(2 * critical_value(level) * error)
