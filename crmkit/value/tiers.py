"""Tiers: who is VIP, key, ordinary, small, and what every rule for it does with equals.

Business context: a firm cannot treat everyone alike, and it cannot treat everyone apart. Tiers are the
compromise. Where to cut is a
decision, not a discovery: by share of the customers (there is always a top 1 %), by share of the value (those
who bring half),
or by amount (anyone above £2,000). Each rule answers a different question, and all can be defended.

Equals stay together: customers with the same value always get the same tier, whatever the order of the table.
So a tier can
come out larger or smaller than asked, or empty; it says so.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inputs import (
    first_few,
    need_column,
    need_columns,
    need_numbers,
    need_share,
    reaches,
    same_steps,
)
from crmkit.say import labels

PYRAMID: dict[str, float] = {"VIP": 0.01, "key": 0.05, "ordinary": 0.20, "small": 1.0}
"""The customer pyramid: the best 1 %, the next 4 %, the next 15 %, the rest, as shares counted from the top."""

COSTS_MORE = "costs more"
"""The tier of those who cost more to serve than they bring."""

# What a reader calls the tiers of all schemes, in every language.
labels("VIP", "key", "ordinary", "small", "diamond", "gold", "silver", "standard", "costs more")
labels("high-value", "potential", "basic", "value", "promising", "migrating", "freezing-point")


class TierWarning(UserWarning):
    """A tier came out empty."""


def assign_tiers(
    values: object,
    cuts: Mapping[str, float] | None = None,
    *,
    by: str = "customers",
) -> pd.Series:
    """Give every customer a tier by value.

    Parameters
    ----------
    values
        One number per customer; more is better.
    cuts
        Tier names, best first, each with where it ends; :data:`PYRAMID` if left out. The last tier takes the rest.

        - ``by="customers"``: share of the customers, counted from the best (``{"VIP": 0.01, ...}``)
        - ``by="value"``: share of the total value, counted from the best (``{"A": 0.5, "B": 0.8, "C": 1}``)
        - ``by="amount"``: the smallest value that still belongs (``{"gold": 1000, "silver": 200, "basic":
        0}``); the last
          tier takes what lies below all, its amount is not looked at.
    by
        ``"customers"``, ``"value"`` or ``"amount"``.

    Returns
    -------
    Series
        Ordered categories, worst to best, on the index of `values`: sorting and ``>`` do what one expects. All names of
        `cuts` are categories, even the empty ones.

    Raises
    ------
    CrmkitError
        Cuts that do not follow each other, shares outside 0 to 1, an unknown `by`, missing values.

    Warns
    -----
    TierWarning
        A tier is empty.

    Notes
    -----
    Customers with one and the same value are placed together, by the middle of the places that they fill. For
    ``by="value"`` a customer
    belongs to the tier in which the middle of their own piece of the total falls.

    Examples
    --------
    >>> assign_tiers([900, 300, 300, 5], {"top": 0.25, "middle": 0.75, "base": 1}).tolist()
    ['top', 'middle', 'middle', 'base']
    >>> assign_tiers([900, 300, 300, 5], {"gold": 500, "silver": 100, "basic": 0}, by="amount").tolist()
    ['gold', 'silver', 'silver', 'basic']
    """
    series = need_column(values, "values")
    numbers = need_numbers(series, "values")
    if cuts is None and by == "amount":
        raise CrmkitError(
            "cuts: name the amounts, best tier first, such as {'VIP': 2000, 'key': 800, 'small': 0}."
        )
    if cuts is not None and not isinstance(cuts, Mapping):
        raise CrmkitError(
            f"cuts: each tier needs a name, best first: {{'VIP': 0.01, ..., 'small': 1}}, not {cuts!r}."
        )
    chosen = dict(PYRAMID if cuts is None else cuts)
    names, ends = _cuts(chosen, by)
    if by == "amount":
        place = np.zeros(len(numbers), dtype=int)
        for end in ends[:-1]:
            place += ~reaches(numbers, end)
    else:
        levels, group = same_steps(-numbers)
        size = np.bincount(group, minlength=len(levels))
        if by == "customers":
            ended = np.cumsum(size)
            middle = (ended - size / 2) / len(numbers)
        else:
            total = numbers.sum()
            if total <= 0 or (numbers < 0).any():
                raise CrmkitError(
                    f"values: shares of a total need values that are not negative and add up to more than 0; "
                    f"the lowest are {first_few(np.sort(numbers)[:3].tolist())}. Use by='customers' or by='amount'."
                )
            brought = np.bincount(group, numbers)
            middle = (np.cumsum(brought) - brought / 2) / total
        # A hair of room, so that a middle that is a cut by arithmetic is one in the computer too.
        place = np.searchsorted(ends[:-1] + 1e-12, middle, side="left")[group]
    tiers = pd.Series(
        pd.Categorical.from_codes(len(names) - 1 - place, categories=names[::-1], ordered=True),
        index=series.index,
        name="tier",
    )
    values_seen, sizes = np.unique(numbers, return_counts=True)
    largest = sizes.argmax()
    _say_empty(
        tiers,
        f"{sizes[largest]} of {len(numbers)} customers have the same value, {values_seen[largest]:g}, and equals "
        "stay together."
        if sizes[largest] > 1
        else "",
    )
    return tiers


def tiers_with_cost(
    profits: pd.DataFrame,
    cuts: Mapping[str, float] | None = None,
    *,
    by: str = "customers",
    rank_by: str = "profit",
) -> pd.Series:
    """Give tiers by profit, and a tier of their own to those who cost more to serve than they bring.

    Parameters
    ----------
    profits
        One row per customer: ``margin``, ``cost_to_serve``, ``profit``, as :func:`customer_profit` gives.
    cuts
        As for :func:`assign_tiers`, for the others; diamond 1 %, gold 5 %, silver 20 %, standard if left out.
    by
        As for :func:`assign_tiers`.
    rank_by
        The column that ranks: ``"profit"``, or ``"turnover"`` to see what that gets wrong.

    Returns
    -------
    Series
        Ordered categories, ``"costs more"`` at the bottom, on the index of `profits`.

    Raises
    ------
    CrmkitError
        A column is missing; or nobody brings more than they cost.

    Warns
    -----
    TierWarning
        A tier is empty.

    Examples
    --------
    >>> seen = pd.DataFrame({"margin": [90.0, 20.0, 10.0], "cost_to_serve": [10.0, 30.0, 1.0]})
    >>> seen["profit"] = seen["margin"] - seen["cost_to_serve"]
    >>> tiers_with_cost(seen, {"gold": 0.5, "standard": 1}).tolist()
    ['gold', 'costs more', 'standard']
    """
    need_columns(profits, ["margin", "cost_to_serve", "profit", rank_by], "profits")
    need_numbers(profits["profit"], "profits, column profit")
    chosen = (
        {"diamond": 0.01, "gold": 0.05, "silver": 0.20, "standard": 1.0}
        if cuts is None
        else dict(cuts)
    )
    losing = profits["profit"] < 0
    if losing.all():
        raise CrmkitError(
            "profits: nobody brings more than they cost, so there is no tier to give."
        )
    others = assign_tiers(profits.loc[~losing, rank_by], chosen, by=by)
    categories = [COSTS_MORE, *others.cat.categories]
    names = np.full(len(profits), COSTS_MORE, dtype=object)
    names[~losing] = others.astype(object)
    if not losing.any():
        warnings.warn(
            f"tier {COSTS_MORE} is empty. Nobody costs more than they bring.",
            TierWarning,
            stacklevel=2,
        )
    return pd.Series(
        pd.Categorical(names, categories=categories, ordered=True), index=profits.index, name="tier"
    )


def potential_tiers(
    value: object, potential: object, *, high: float = 0.2, next_up: float = 0.2
) -> pd.Series:
    """Give three tiers: high-value now, potential (not yet, but promising), basic.

    Parameters
    ----------
    value
        What each customer brings now.
    potential
        A sign that more may come: an expected lifetime value, growth, non-money value. Same index.
    high
        Share of the customers, best by `value`, that are high-value.
    next_up
        Share of all customers, best by `potential` among the others, that are potential.

    Returns
    -------
    Series
        Ordered categories basic < potential < high-value.

    Raises
    ------
    CrmkitError
        The two have different customers, a value is missing, or the two shares leave nobody for the basic tier.

    Warns
    -----
    TierWarning
        A tier is empty.

    Examples
    --------
    >>> potential_tiers([100, 10, 9, 8, 7], [1, 1, 9, 1, 1]).tolist()
    ['high-value', 'basic', 'potential', 'basic', 'basic']
    """
    now, later = need_column(value, "value"), need_column(potential, "potential")
    if not now.index.equals(later.index):
        raise CrmkitError("value and potential must be about the same customers in the same order.")
    need_share(high, "high")
    need_share(next_up, "next_up")
    if high + next_up >= 1:
        raise CrmkitError(
            f"high and next_up are shares of all customers and must leave some: {high:g} + {next_up:g} is not below 1."
        )
    first = assign_tiers(now, {"high-value": high, "others": 1.0})
    others = first == "others"
    second = assign_tiers(later[others], {"potential": next_up / (1 - high), "basic": 1.0})
    tiers = first.astype(object)
    tiers[others] = second.astype(object)
    return pd.Series(
        pd.Categorical(tiers, categories=["basic", "potential", "high-value"], ordered=True),
        index=now.index,
        name="tier",
    )


def movement_tiers(
    summary: pd.DataFrame, *, value: str = "turnover", high: float = 0.2, silent_days: float = 180
) -> pd.Series:
    """Give four kinds by two questions: was much bought, and is anything still being bought.

    Value customers (much, still active), promising customers (little so far, active), migrating customers
    (much, now silent: leaving),
    freezing-point customers (little, and silent). 价值客户, 潜力客户, 迁移客户, 冰点客户.

    Parameters
    ----------
    summary
        One row per customer: ``days_since_last`` and the column `value`.
    value
        Column that says how much.
    high
        Share of the customers that counts as much.
    silent_days
        More days than this since the last purchase is silent. A decision: see what the data say of your own customers.

    Returns
    -------
    Series
        Categories freezing-point < migrating < promising < value, on the index of `summary`.

    Raises
    ------
    CrmkitError
        A column is missing or holds missing values.

    Warns
    -----
    TierWarning
        A kind is empty.

    Examples
    --------
    >>> seen = pd.DataFrame({"turnover": [900, 800, 5, 4], "days_since_last": [10, 400, 10, 400]})
    >>> movement_tiers(seen, high=0.5).tolist()
    ['value', 'migrating', 'promising', 'freezing-point']
    """
    need_columns(summary, [value, "days_since_last"], "summary")
    silent = (
        need_numbers(summary["days_since_last"], "summary, column days_since_last", minimum=0)
        > silent_days
    )
    need_share(high, "high")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TierWarning)  # said below, of the four kinds
        much = (assign_tiers(summary[value], {"much": high, "little": 1.0}) == "much").to_numpy()
    kinds = np.select(
        [much & ~silent, ~much & ~silent, much & silent],
        ["value", "promising", "migrating"],
        "freezing-point",
    )
    order = ["freezing-point", "migrating", "promising", "value"]
    tiers = pd.Series(
        pd.Categorical(kinds, categories=order, ordered=True), index=summary.index, name="tier"
    )
    _say_empty(tiers, "Nobody is on that side of both cuts.")
    return tiers


def tier_table(tiers: pd.Series, values: object | None = None) -> pd.DataFrame:
    """Count the tiers, best first: how many customers, how much value. Empty tiers are listed too.

    Parameters
    ----------
    tiers
        As :func:`assign_tiers` gives.
    values
        One number per customer, on the same rows.

    Returns
    -------
    DataFrame
        One row per tier: ``tier``, ``customers``, ``customer_share`` and, with `values`, ``value``,
        ``value_share``, ``mean_value``, ``lowest``, ``highest``
        (missing for an empty tier).

    Raises
    ------
    CrmkitError
        Lengths differ, or a value is missing.

    Examples
    --------
    >>> values = [900, 300, 300, 5]
    >>> tier_table(assign_tiers(values, {"top": 0.25, "base": 1}), values)[["tier", "customers", "value"]]
       tier  customers  value
    0   top          1  900.0
    1  base          3  605.0
    """
    ordered = isinstance(tiers.dtype, pd.CategoricalDtype)
    categories = list(tiers.cat.categories)[::-1] if ordered else sorted(tiers.unique())
    counts = tiers.value_counts().reindex(categories, fill_value=0)
    table = pd.DataFrame(
        {
            "tier": categories,
            "customers": counts.to_numpy(),
            "customer_share": counts.to_numpy() / len(tiers),
        }
    )
    if values is None:
        return table
    numbers = need_numbers(values, "values")
    if len(numbers) != len(tiers):
        raise CrmkitError(
            f"values: {len(numbers)} for {len(tiers)} customers. One for each is needed."
        )
    by_tier = pd.Series(numbers).groupby(tiers.astype(object).to_numpy())
    table["value"] = by_tier.sum().reindex(categories, fill_value=0.0).to_numpy()
    total = numbers.sum()
    table["value_share"] = table["value"] / total if total else np.nan
    for name, figure in (
        ("mean_value", by_tier.mean()),
        ("lowest", by_tier.min()),
        ("highest", by_tier.max()),
    ):
        table[name] = figure.reindex(categories).to_numpy()
    return table


def policy_cost(tiers: pd.Series, profits: object, policy: pd.DataFrame) -> pd.DataFrame:
    """Say what a service policy costs by tier, and what it would have to bring to pay for itself.

    Parameters
    ----------
    tiers
        As :func:`assign_tiers` gives.
    profits
        Yearly profit of each customer before the policy, on the same rows.
    policy
        One row per tier: ``tier``, ``cost_per_customer`` (a year, same currency); any further columns
        (``service``, ...) come along.

    Returns
    -------
    DataFrame
        One row per tier, best first: ``tier``, ``customers``, ``profit`` (before), the columns of `policy`,
        ``cost``, ``profit_after``,
        ``break_even_lift`` (how much more profit the tier must bring for the policy to pay: cost / profit;
        missing where
        the tier brings none).

    Raises
    ------
    CrmkitError
        The policy misses a tier, names one twice or one that does not exist, or a cost is missing or negative.

    Examples
    --------
    >>> tiers = assign_tiers([900, 300, 200, 100], {"top": 0.25, "base": 1})
    >>> policy = pd.DataFrame({"tier": ["top", "base"], "cost_per_customer": [90.0, 6.0]})
    >>> policy_cost(tiers, [900, 300, 200, 100], policy)[["tier", "cost", "break_even_lift"]]
       tier  cost  break_even_lift
    0   top  90.0             0.10
    1  base  18.0             0.03
    """
    need_columns(policy, ["tier", "cost_per_customer"], "policy")
    need_numbers(policy["cost_per_customer"], "policy, column cost_per_customer", minimum=0)
    if policy["tier"].duplicated().any():
        raise CrmkitError(
            f"policy: {first_few(policy.loc[policy['tier'].duplicated(), 'tier'])} is named twice."
        )
    table = tier_table(tiers, profits)[["tier", "customers", "value"]].rename(
        columns={"value": "profit"}
    )
    missing = set(table.loc[table["customers"] > 0, "tier"]) - set(policy["tier"])
    if missing:
        raise CrmkitError(
            f"policy: nothing is said for tier {first_few(sorted(missing))}. Give 0 if it gets nothing."
        )
    unknown = set(policy["tier"]) - set(table["tier"])
    if unknown:
        raise CrmkitError(
            f"policy: there is no tier {first_few(sorted(unknown))}; the tiers are {first_few(table['tier'], 12)}."
        )
    table = table.merge(policy, on="tier", how="left")
    table["cost_per_customer"] = table["cost_per_customer"].fillna(0.0)
    table["cost"] = table["customers"] * table["cost_per_customer"]
    table["profit_after"] = table["profit"] - table["cost"]
    table["break_even_lift"] = (table["cost"] / table["profit"]).where(table["profit"] > 0)
    return table


def policy_gain(
    tiers: pd.Series, profits: object, policy: pd.DataFrame, lift: Mapping[str, float] | pd.Series
) -> pd.DataFrame:
    """Say what a service policy earns if each tier (or customer) answers to it by a known lift.

    Parameters
    ----------
    tiers, profits, policy
        As for :func:`policy_cost`.
    lift
        Relative rise of profit through the service: by tier (a mapping), or by customer (a Series on the rows
        of `tiers`), as only an
        experiment or the truth of a simulated world can tell.

    Returns
    -------
    DataFrame
        :func:`policy_cost` with ``gain`` (before cost) and ``net`` (gain less cost).

    Raises
    ------
    CrmkitError
        As :func:`policy_cost`; a tier has no lift.

    Examples
    --------
    >>> tiers = assign_tiers([900, 300, 200, 100], {"top": 0.25, "base": 1})
    >>> policy = pd.DataFrame({"tier": ["top", "base"], "cost_per_customer": [90.0, 6.0]})
    >>> policy_gain(tiers, [900, 300, 200, 100], policy, {"top": 0.2, "base": 0.02})["net"].round(6).tolist()
    [90.0, -6.0]
    """
    table = policy_cost(tiers, profits, policy)
    names = tiers.astype(object).to_numpy()
    if isinstance(lift, pd.Series) and lift.index.equals(tiers.index):
        each = need_numbers(lift, "lift")
    else:
        missing = set(names) - set(lift)
        if missing:
            raise CrmkitError(
                f"lift: nothing is said for tier {first_few(sorted(missing))}. Give 0 if nothing changes."
            )
        each = np.array([float(lift[name]) for name in names])
    gain = pd.Series(each * need_numbers(profits, "profits")).groupby(names).sum()
    table["gain"] = gain.reindex(table["tier"], fill_value=0.0).to_numpy()
    table["net"] = table["gain"] - table["cost"]
    return table


def _cuts(cuts: dict[str, float], by: str) -> tuple[list[str], np.ndarray]:
    if by not in ("customers", "value", "amount"):
        raise CrmkitError(f"by is 'customers', 'value' or 'amount', not {by!r}.")
    if len(cuts) < 2:
        raise CrmkitError(f"cuts: at least two tiers are needed, not {len(cuts)}.")
    names, ends = list(cuts), need_numbers(list(cuts.values()), "cuts")
    if by == "amount":
        if (np.diff(ends[:-1]) >= 0).any():
            raise CrmkitError(f"cuts: amounts must fall from the best tier down, not {dict(cuts)}.")
    else:
        if ends[-1] == 0 and (ends[:-1] > 1).all():
            raise CrmkitError(
                f"cuts: these are amounts ({dict(cuts)}), but the tiers are cut by {by}, in shares. Add by='amount'."
            )
        for end in ends:
            need_share(end, "each cut")
        if (np.diff(ends) <= 0).any() or ends[-1] != 1:
            raise CrmkitError(
                f"cuts: shares are counted from the top, so each must be larger than the one before and the last "
                f"must be 1, not {dict(cuts)}. For sizes of 1 %, 4 %, 95 % write 0.01, 0.05, 1."
            )
    return names, ends


def _say_empty(tiers: pd.Series, reason: str) -> None:
    empty = [name for name, count in tiers.value_counts().items() if not count]
    if empty:
        warnings.warn(
            f"tier {first_few(empty)} is empty. {reason}".strip(), TierWarning, stacklevel=3
        )
