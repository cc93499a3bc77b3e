"""In which stage is a relationship? Stages read off the orders, moves from quarter to quarter, and what age is worth.

Problem
    A customer tries us (exploration), buys more (build-up), buys as usual (stable), buys less (decline), and is gone
    (ended). Nobody tells us the stage. It has to be read off the orders, and a quarter's orders also vary by chance: so
    a reading is sometimes wrong, and what looks like a move may be chance.

Sources
    Stages: Dwyer, Schurr & Oh (1987) Journal of Marketing 51. A long relationship is not always a profitable one:
    Reinartz & Kumar (2000) Journal of Marketing 64. Shares of moves: ratio of two sums over customers, on the logit
    scale (Cochran 1977, Sampling Techniques, 6.3), so that a customer's quarters may depend on each other. Means that
    share customers: linearisation, as for a difference of two ratios (Cochran 1977, 6.7).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inference import Estimate, critical_value, mean_interval, ratio_interval, tells_spread
from crmkit.inputs import (
    Moment,
    first_few,
    need_columns,
    need_count,
    need_date,
    need_dates,
    need_known,
    need_number,
    need_numbers,
    need_rows,
    need_unique,
    orders_of,
)
from crmkit.say import labels

STAGES = labels("exploration", "build-up", "stable", "decline", "ended")
#: Days of a quarter where quarters are counted back from a day.
QUARTER_DAYS = 91
_ALL, _SAME, _LEFT = labels("all who buy", "the same customers", "who is left")


def quarters_of(
    orders: object, *, as_of: Moment | None = None, customer: str = "customer_id"
) -> pd.DataFrame:
    """Count each customer's orders by the quarter, from the first order on, quarters without an order included.

    Parameters
    ----------
    orders
        One row per order: `customer`, ``order_date``; ``turnover`` and ``margin`` are summed where they are there. What
        `crmkit.read_orders` gives will do.
    as_of
        The last day that is known; default: the day of the last order. Quarters of 91 days are counted back from it,
        so that the last one is complete.
    customer
        Column that names a customer.

    Returns
    -------
    DataFrame
        One row per customer and quarter: `customer`, ``quarter`` (1 is the earliest of the file), ``orders``, and the
        sums.

    Examples
    --------
    >>> orders = pd.DataFrame({"customer_id": [7, 7, 8],
    ...     "order_date": pd.to_datetime(["2025-01-10", "2025-12-20", "2025-12-31"]), "margin": [5.0, 6.0, 1.0]})
    >>> quarters_of(orders)[["customer_id", "quarter", "orders"]].values.tolist()
    [[7, 1, 1], [7, 2, 0], [7, 3, 0], [7, 4, 1], [8, 4, 1]]
    """
    table = need_rows(orders_of(orders), [customer, "order_date"], "orders")
    need_known(table[customer], customer)
    days = need_dates(table["order_date"], "order_date")
    last = days.max() if as_of is None else need_date(as_of)
    known = (days <= last).to_numpy()
    if not known.any():
        raise CrmkitError(f"orders: none on or before {last:%Y-%m-%d}. Give a later `as_of`.")
    sums = [name for name in ("turnover", "margin") if name in table]
    back = (last - days[known]).dt.days.to_numpy() // QUARTER_DAYS
    quarters = int(back.max()) + 1
    who, names = pd.factorize(table.loc[known, customer], sort=True)
    place = who * quarters + quarters - 1 - back
    columns = {"orders": np.bincount(place, minlength=len(names) * quarters)}
    for name in sums:
        amount = need_numbers(table[name], name)[known]
        columns[name] = np.bincount(place, amount, minlength=len(names) * quarters)
    panel = pd.DataFrame(
        {
            customer: np.repeat(np.asarray(names), quarters),
            "quarter": np.tile(np.arange(1, quarters + 1), len(names)),
            **columns,
        }
    )
    begun = panel.groupby(customer)["orders"].cumsum() > 0
    return panel[begun].reset_index(drop=True)


def _panel(quarters: pd.DataFrame, columns: Sequence[str], customer: str) -> pd.DataFrame:
    """The table in order, every quarter of a customer there."""
    need_rows(quarters, [customer, "quarter", *columns], "quarters")
    need_unique(quarters, [customer, "quarter"], "quarters")
    number = need_numbers(quarters["quarter"], "quarter")
    if (number % 1 != 0).any():
        raise CrmkitError("quarter: whole numbers are needed, one more for each quarter.")
    table = quarters.sort_values([customer, "quarter"], kind="stable")
    step = table.groupby(customer)["quarter"].diff()
    if (step > 1).any():
        at = table.loc[step > 1].iloc[0]
        raise CrmkitError(
            f"quarters: {customer} {at[customer]} has no row just before quarter {at['quarter']:g}. A quarter without "
            "an order needs a row too, with 0 orders; `quarters_of(orders)` makes them."
        )
    return table


def read_stages(
    quarters: pd.DataFrame,
    *,
    few: float = 6,
    rise: float = 0.5,
    fall: float = 0.5,
    customer: str = "firm_id",
) -> pd.DataFrame:
    """Read each quarter's stage off the orders so far; later quarters are not looked at.

    *Recent* is the mean of this quarter and the one before. In this order the stage is: **ended** after two quarters
    without an order; **exploration** below `few` orders in all; **decline** with recent below `fall` of the highest
    recent so far; **build-up** with recent more than `rise` above the two quarters before; **stable** otherwise.

    Parameters
    ----------
    quarters
        One row per customer and quarter without a gap: `customer`, ``quarter``, ``orders``. From `quarters_of`, say.
    few
        Orders in all below which a customer still explores.
    rise
        How much more than before is a build-up: 0.5 is half as much again.
    fall
        Which share of the highest is a decline.
    customer
        Column that names a customer.

    Returns
    -------
    DataFrame
        The same rows, in order of customer and quarter, with ``age`` (1 is the first quarter) and ``stage``.

    Examples
    --------
    >>> table = pd.DataFrame({"firm_id": 1, "quarter": range(1, 9), "orders": [1, 6, 8, 8, 9, 3, 0, 0]})
    >>> read_stages(table)["stage"].tolist()
    ['exploration', 'build-up', 'build-up', 'build-up', 'stable', 'stable', 'decline', 'ended']
    """
    table = _panel(quarters, ["orders"], customer).reset_index(drop=True)
    for number, name, least in ((few, "few", 0.0), (rise, "rise", 0.0), (fall, "fall", 0.0)):
        need_number(number, name, minimum=least)
    need_numbers(table["orders"], "orders", minimum=0)
    table["age"] = table.groupby(customer).cumcount() + 1
    table["stage"] = pd.array(STAGES, dtype="str").take(
        stage_codes(signs_of(table, customer), few, rise, fall)
    )
    return table


def signs_of(table: pd.DataFrame, customer: str = "firm_id") -> pd.DataFrame:
    """Work out, for rows in order of customer and quarter, what a reading of stages looks at.

    Examples
    --------
    >>> table = pd.DataFrame({"firm_id": 1, "quarter": [1, 2, 3], "orders": [2, 4, 8]})
    >>> signs_of(table)["recent"].tolist()
    [2.0, 3.0, 6.0]
    """
    orders = table["orders"].astype(float)
    group = orders.groupby(table[customer])
    age = group.cumcount()
    before = group.shift(1)
    recent = (orders + before.fillna(orders)) / 2
    peak = recent.groupby(table[customer]).cummax().groupby(table[customer]).shift(1)
    earlier = pd.concat([group.shift(2), group.shift(3)], axis=1).mean(axis=1)
    return pd.DataFrame(
        {
            "first": age == 0,
            "silent": (orders == 0) & (before == 0),
            "total": group.cumsum(),
            "recent": recent,
            "earlier": earlier.fillna(0.0),
            "peak": peak.fillna(0.0),
        }
    )


def stage_codes(signs: pd.DataFrame, few: float, rise: float, fall: float) -> np.ndarray:
    """Place in `STAGES` of each row of `signs_of`: the rule of `read_stages`, quick enough for a slider.

    Examples
    --------
    >>> table = pd.DataFrame({"firm_id": 1, "quarter": [1, 2], "orders": [2, 9]})
    >>> stage_codes(signs_of(table), 6, 0.5, 0.5).tolist()
    [0, 1]
    """
    recent = signs["recent"].to_numpy()
    code = np.where(recent > (1 + rise) * signs["earlier"].to_numpy(), 1, 2)
    code[recent < fall * signs["peak"].to_numpy()] = 3
    code[signs["first"].to_numpy() | (signs["total"].to_numpy() < few)] = 0
    code[signs["silent"].to_numpy()] = 4
    return code


def stage_moves(
    quarters: pd.DataFrame, *, customer: str = "firm_id", level: float = 0.95
) -> pd.DataFrame:
    """Count how many of those in a stage are in each stage a quarter later: the transition matrix, as a tidy table.

    Parameters
    ----------
    quarters
        One row per customer and quarter without a gap: `customer`, ``quarter``, ``stage``.
    customer
    level

    Returns
    -------
    DataFrame
        One row per pair of stages: ``from_stage``, ``to_stage``, ``customers`` (who were ever in the first), ``moves``,
        ``share`` (of the quarters in the first), ``low``, ``high``. Pairs of which the first never came are left out.

    Notes
    -----
    A customer gives several quarters, and they are no independent rows: the interval counts customers. For a move that
    nobody, or everybody, made it is Wilson's over the customers.

    Examples
    --------
    >>> table = pd.DataFrame({"firm_id": [1, 1, 1, 2, 2], "quarter": [1, 2, 3, 1, 2],
    ...     "stage": ["stable", "stable", "decline", "stable", "stable"]})
    >>> stage_moves(table)[["to_stage", "moves", "share"]].round(2).values.tolist()
    [['stable', 2, 0.67], ['decline', 1, 0.33]]
    """
    table = _panel(quarters, ["stage"], customer)
    stages = _known_stages(table["stage"])
    after = table.groupby(customer)["stage"].shift(-1)
    pairs = table.assign(_after=after)[after.notna()]
    if pairs.empty:
        raise CrmkitError("quarters: nobody has two quarters, so there is no move to count.")
    rows = []
    for here in stages:
        mine = pairs[pairs["stage"] == here]
        if mine.empty:
            continue
        who, names = pd.factorize(mine[customer])
        whole = np.bincount(who).astype(float)
        for there in stages:
            moved = (mine["_after"] == there).to_numpy()
            found = ratio_interval(np.bincount(who, moved, len(names)), whole, level=level)
            rows.append(
                {
                    "from_stage": here, "to_stage": there, "customers": len(names), "moves": int(moved.sum()),
                    "share": found.estimate, "low": found.low, "high": found.high,
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


def _known_stages(values: pd.Series) -> list[str]:
    """The stages that occur, in their order."""
    seen = set(need_known(values, "stage"))
    strange = sorted(str(name) for name in seen - set(STAGES))
    if strange:
        raise CrmkitError(
            f"stage: {first_few(strange)} is no stage. There are {', '.join(STAGES)}; "
            "`read_stages(quarters)` reads them."
        )
    return [name for name in STAGES if name in seen]


def judge_stages(
    read: pd.DataFrame, truth: pd.DataFrame, *, customer: str = "firm_id", level: float = 0.95
) -> pd.DataFrame:
    """Compare stages that were read with the true ones, stage by stage and for all quarters.

    Parameters
    ----------
    read, truth
        One row per customer and quarter: `customer`, ``quarter``, ``stage``. Only quarters in both are compared.
    customer
    level

    Returns
    -------
    DataFrame
        One row per true stage, and one for ``all``: ``stage``, ``quarters``, ``right`` (share that was read right),
        ``low``, ``high`` (customers count, not quarters), and a column for each stage: the share that was read so.

    Examples
    --------
    >>> truth = pd.DataFrame({"firm_id": [1, 1], "quarter": [1, 2], "stage": ["exploration", "stable"]})
    >>> judge_stages(truth.assign(stage="stable"), truth)[["stage", "right"]].values.tolist()
    [['exploration', 0.0], ['stable', 1.0], ['all', 0.5]]
    """
    keys = [customer, "quarter"]
    for frame, name in ((read, "read"), (truth, "truth")):
        need_rows(frame, [*keys, "stage"], name)
        need_unique(frame, keys, name)
        _known_stages(frame["stage"])
    both = truth[[*keys, "stage"]].merge(read[[*keys, "stage"]], on=keys, suffixes=("", "_read"))
    if both.empty:
        raise CrmkitError("read and truth: no customer and quarter is in both.")
    both["right"] = both["stage"] == both["stage_read"]
    rows = []
    for name in [*_known_stages(both["stage"]), "all"]:
        mine = both if name == "all" else both[both["stage"] == name]
        who, names = pd.factorize(mine[customer])
        found = ratio_interval(
            np.bincount(who, mine["right"], len(names)), np.bincount(who).astype(float), level=level
        )
        shares = {stage: float((mine["stage_read"] == stage).mean()) for stage in STAGES}
        rows.append(
            {
                "stage": name, "quarters": len(mine), "right": found.estimate,
                "low": found.low, "high": found.high, **shares,
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def _with_age(quarters: pd.DataFrame, value: str, customer: str) -> pd.DataFrame:
    """Quarters with an order, with ``age`` counted from the first quarter."""
    table = _panel(quarters, ["orders", value], customer)
    need_numbers(table["orders"], "orders", minimum=0)
    table = table.assign(age=table.groupby(customer).cumcount() + 1)
    table = table[table["orders"] > 0]
    need_numbers(table[value], value)
    return table


def by_age(
    quarters: pd.DataFrame, value: str, *, customer: str = "firm_id", level: float = 0.95
) -> pd.DataFrame:
    """Give the mean of a value at each age of the relationship, of all customers who buy in that quarter.

    Parameters
    ----------
    quarters
        One row per customer and quarter without a gap: `customer`, ``quarter``, ``orders``, `value`.
    value
        Column with the number, such as margin less cost. It may be missing where there is no order.
    customer
    level

    Returns
    -------
    DataFrame
        ``age`` (1 is the first quarter), ``customers`` (who buy then), ``mean``, ``low``, ``high``.

    Examples
    --------
    >>> table = pd.DataFrame({"firm_id": [1, 1, 2], "quarter": [1, 2, 1], "orders": 1, "margin": [5.0, 7.0, 1.0]})
    >>> by_age(table, "margin")[["age", "customers", "mean"]].values.tolist()
    [[1.0, 2.0, 3.0], [2.0, 1.0, 7.0]]
    """
    table = _with_age(quarters, value, customer)
    rows = []
    for age, mine in table.groupby("age")[value]:
        found = mean_interval(mine, level=level)
        rows.append(
            {
                "age": age, "customers": len(mine), "mean": found.estimate,
                "low": found.low, "high": found.high,
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def age_change(
    quarters: pd.DataFrame,
    value: str,
    early: int,
    late: int,
    *,
    customer: str = "firm_id",
    level: float = 0.95,
) -> pd.DataFrame:
    """Split what changes with age into two parts: the same customers change, and other customers are left.

    Parameters
    ----------
    quarters
        As in `by_age`. Each customer should be old enough to be seen at both ages; others are left out.
    value
    early, late
        Two ages in quarters.
    customer
    level

    Returns
    -------
    DataFrame
        Three rows: ``part`` ("all who buy", "the same customers", "who is left"), ``customers``, ``early`` and ``late``
        (means), ``change``, ``low``, ``high``. The first change is the sum of the other two. "Who is left" has no means
        of its own.

    Examples
    --------
    >>> table = pd.DataFrame({"firm_id": [1, 1, 2, 2, 3, 3], "quarter": [1, 2] * 3,
    ...     "orders": [1, 1, 1, 1, 1, 0], "margin": [9.0, 8.0, 7.0, 7.0, 2.0, 0.0]})
    >>> age_change(table, "margin", 1, 2)[["part", "change"]].values.tolist()
    [['all who buy', 1.5], ['the same customers', -0.5], ['who is left', 2.0]]
    """
    need_count(early, "early")
    need_count(late, "late")
    if early >= late:
        raise CrmkitError(f"early and late: {early} is not before {late}.")
    oldest = need_columns(quarters, [customer], "quarters").groupby(customer).size()
    table = _with_age(quarters, value, customer)
    table = table[table[customer].map(oldest) >= late]
    wide = table[table["age"].isin([early, late])].pivot(
        index=customer, columns="age", values=value
    )
    if early not in wide or late not in wide or wide[[early, late]].notna().all(axis=1).sum() < 2:
        raise CrmkitError(
            f"quarters: fewer than two customers buy at both ages, {early} and {late} quarters. Choose ages that lie "
            "closer together, or earlier."
        )
    first, last = wide[early].to_numpy(), wide[late].to_numpy()
    there, here = ~np.isnan(first), ~np.isnan(last)
    both = there & here
    gap = np.where(both, last - first, 0.0)
    means = np.nanmean(first), np.nanmean(last), gap[both].mean()
    # What each customer adds to the error of each change.
    everyone = np.where(here, last - means[1], 0.0) / here.sum()
    everyone = everyone - np.where(there, first - means[0], 0.0) / there.sum()
    same = np.where(both, gap - means[2], 0.0) / both.sum()
    total = float(means[1] - means[0])
    parts = {
        _ALL: (len(wide), means[0], means[1], _change(total, everyone, both, level)),
        _SAME: (int(both.sum()), first[both].mean(), last[both].mean(), _change(means[2], same, both, level)),
        _LEFT: (len(wide), np.nan, np.nan, _change(total - means[2], everyone - same, both, level)),
    }  # fmt: skip
    return pd.DataFrame(
        [
            {
                "part": part, "customers": count, "early": before, "late": after,
                "change": found.estimate, "low": found.low, "high": found.high,
            }
            for part, (count, before, after, found) in parts.items()
        ]
    )  # fmt: skip


def _change(change: float, each: np.ndarray, both: np.ndarray, level: float) -> Estimate:
    """A change with its interval, from what each customer adds to its error."""
    if not tells_spread(each):
        return Estimate(float(change), np.nan, np.nan)
    n = len(each)
    half = critical_value(level, int(both.sum()) - 1) * np.sqrt((each**2).sum() * n / (n - 1))
    return Estimate(float(change), float(change - half), float(change + half))
