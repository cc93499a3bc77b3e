"""What a won customer brings, month by month, when the cost of winning has come back, and value over cost."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmkit.errors import CrmkitError
from crmkit.inference import critical_value
from crmkit.inputs import (
    first_few,
    generator,
    need_count,
    need_numbers,
    need_rows,
    need_unique,
)
from crmkit.prospects.acquisition import CHANNEL

Floats = npt.NDArray[np.float64]
#: Fewest customers on whom the margin of a month may rest.
FEWEST = 10


def _curves(
    followed: pd.DataFrame, margin: pd.DataFrame, months: int
) -> dict[str, tuple[npt.NDArray[np.int64], Floats, Floats]]:
    """For each channel: customers seen in each month, their mean margin, and each customer's pull on its sum so far."""
    need_count(months, "months")
    people = need_rows(followed, ["followed_id", CHANNEL, "months_seen"], "followed")
    need_unique(people, ["followed_id"], "followed")
    seen = need_numbers(people["months_seen"], "months_seen", minimum=1)
    money = need_rows(margin, ["followed_id", "month", "margin"], "margin")
    need_unique(money, ["followed_id", "month"], "margin")
    month = need_numbers(money["month"], "month", minimum=1).astype(int)
    amount = need_numbers(money["margin"], "margin")
    where = pd.Index(people["followed_id"]).get_indexer(money["followed_id"])
    if (where < 0).any():
        raise CrmkitError(
            f"margin: customers {first_few(money['followed_id'][where < 0].unique())} are not in followed. Add them, "
            "or leave their rows out and say how many."
        )
    if (month > seen[where]).any():
        late = money["followed_id"][month > seen[where]].unique()
        raise CrmkitError(
            f"margin: customers {first_few(late)} have a margin after the last month seen. Correct months_seen."
        )
    grid = np.zeros((len(people), months))
    inside = month <= months
    grid[where[inside], month[inside] - 1] = amount[inside]
    watched = seen[:, None] > np.arange(months)
    out = {}
    for name, rows in people.reset_index(drop=True).groupby(CHANNEL).indices.items():
        own, there = grid[rows], watched[rows]
        number = there.sum(axis=0)
        known = int((number >= FEWEST).sum())
        own, there, number = own[:, :known], there[:, :known], number[:known]
        mean = (own * there).sum(axis=0) / np.maximum(number, 1)
        pull = np.cumsum(there * (own - mean) / np.maximum(number, 1), axis=1)
        out[str(name)] = (number, mean, pull)
    return out


def margin_by_month(
    followed: pd.DataFrame, margin: pd.DataFrame, *, months: int = 24, level: float = 0.95
) -> pd.DataFrame:
    """Add up what a won customer brings on average, month by month, though many were watched for a short time only.

    The mean margin of a month is that of all customers who were *watched* then, those who had left included (with 0).
    The sum of the means is what a customer brings. To average over finished histories alone would keep only the
    customers of long ago; to average over sums as they are would take an unwatched month for one that brought
    nothing.

    Parameters
    ----------
    followed
        ``followed_id``, ``acquisition_channel``, ``months_seen``.
    margin
        ``followed_id``, ``month`` (1 is the first), ``margin``; a month without a row brought nothing.
    months
        Up to which month.
    level
        Share of samples in which the intervals hold the truth.

    Returns
    -------
    DataFrame
        One row per channel and month: ``acquisition_channel``, ``month``, ``watched`` (customers), ``margin`` (mean
        of the month), ``so_far`` (sum to the end of the month), ``low``, ``high`` (of the sum). Months in which fewer
        than 10 customers were watched are left out.

    Raises
    ------
    CrmkitError
        A missing column, a customer or a month twice, a margin of somebody who is not followed, or after the last
        month.

    References
    ----------
    Bang & Tsiatis (2000), Estimating medical costs with censored data, Biometrika 87 (the partitioned estimator; here
    all customers of a month are watched or none, so that watching has nothing to do with what they bring).

    Examples
    --------
    >>> people = pd.DataFrame({"followed_id": range(20), "acquisition_channel": "search", "months_seen": [1, 2] * 10})
    >>> money = pd.DataFrame({"followed_id": range(20), "month": 1, "margin": [20.0, 30.0] * 10})
    >>> money = pd.concat([money, pd.DataFrame({"followed_id": [1], "month": 2, "margin": [50.0]})])
    >>> margin_by_month(people, money)["so_far"].tolist()
    [25.0, 30.0]
    """
    t = critical_value(level)
    parts = []
    for name, (number, mean, pull) in _curves(followed, margin, months).items():
        total = np.cumsum(mean)
        error = np.sqrt((pull**2).sum(axis=0) * len(pull) / max(len(pull) - 1, 1))
        error = np.where(error > 0, error, np.nan)
        parts.append(
            pd.DataFrame(
                {
                    CHANNEL: name,
                    "month": np.arange(1, len(mean) + 1),
                    "watched": number,
                    "margin": mean,
                    "so_far": total,
                    "low": total - t * error,
                    "high": total + t * error,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def _drawn(
    followed: pd.DataFrame, margin: pd.DataFrame, cost: object, months: int, draws: int, seed: Any
) -> dict[str, tuple[Floats, float, Floats, Floats]]:
    """For each channel: the sums so far and the cost, then draws of both."""
    curves = _curves(followed, margin, months)
    price = _prices(cost, curves)
    rng = generator(seed)
    out = {}
    for name, row in price.iterrows():
        _, mean, pull = curves[str(name)]
        weight = rng.standard_normal((draws, len(pull)))
        spread = np.sqrt(len(pull) / max(len(pull) - 1, 1))
        sums = np.cumsum(mean) + spread * weight @ pull
        # The interval of a cost is that of customers per unit of money, turned over.
        rate, low = 1 / row["cost"], 1 / row["high"]
        error = (rate - low) / critical_value(0.95) if row["high"] > row["cost"] else 0.0
        rates = rate + error * rng.standard_normal(draws)
        prices = np.where(rates > 0, 1 / np.where(rates > 0, rates, 1.0), np.inf)
        out[str(name)] = (np.cumsum(mean), float(row["cost"]), sums, prices)
    return out


def _prices(cost: object, followed: Collection[str]) -> pd.DataFrame:
    """Cost per customer with its upper end (a Series has none), of channels whose customers were followed."""
    if isinstance(cost, pd.Series):
        table = pd.DataFrame({"cost": cost, "high": cost})
    else:
        table = need_rows(cost, ["cost", "high"], "cost")[["cost", "high"]]
    value = table["cost"].to_numpy(float)
    if not ((value > 0) & np.isfinite(value)).all():
        bad = table.index[~((value > 0) & np.isfinite(value))]
        raise CrmkitError(
            f"cost: a customer's cost must be a number above 0; it is none for {first_few(bad)}. Leave out what brings "
            "nobody."
        )
    unknown = [name for name in table.index if name not in followed]
    if unknown:
        raise CrmkitError(
            f"cost: no customer with the last click {first_few(unknown)} was followed. There are: "
            f"{first_few(followed, 12)}."
        )
    return table


def payback(
    followed: pd.DataFrame,
    margin: pd.DataFrame,
    cost: pd.Series | pd.DataFrame,
    *,
    months: int = 24,
    draws: int = 500,
    level: float = 0.95,
    seed: int | np.random.Generator = 0,
) -> pd.DataFrame:
    """Find the month by whose end a won customer's margin has paid back what winning cost.

    Parameters
    ----------
    followed, margin, months
        As for `margin_by_month`.
    cost
        Cost of one customer by channel: a Series, or a table with ``cost`` and ``high`` (the upper end of its 95 %
        interval) on the channel, so that the uncertainty of the cost counts too.
    draws
        Draws of margins and costs, at least 50.
    level
        Share of samples in which the intervals hold the truth.
    seed

    Returns
    -------
    DataFrame
        One row per channel of `cost` (index ``acquisition_channel``): ``cost``, ``months`` (missing: not within the
        months watched), ``low``, ``high`` (whole months; a missing upper end lies beyond them), ``back_by_then`` (share
        of the draws that pay back within the months watched).

    Raises
    ------
    CrmkitError
        As `margin_by_month`; a cost that is not above 0, a channel of which nobody was followed.

    References
    ----------
    King, Tomz & Wittenberg (2000), American Journal of Political Science 44 (draws); Bang & Tsiatis (2000).

    Examples
    --------
    >>> people = pd.DataFrame({"followed_id": range(20), "acquisition_channel": "search", "months_seen": 3})
    >>> money = pd.DataFrame({"followed_id": np.repeat(range(20), 3), "month": [1, 2, 3] * 20, "margin": 10.0})
    >>> payback(people, money, pd.Series({"search": 15.0}))["months"].tolist()
    [2.0]
    """
    rows = {}
    tail = (1 - level) / 2
    critical_value(level)  # refuses what is no level
    for name, (total, price, sums, prices) in _drawn(
        followed, margin, cost, months, draws, seed
    ).items():
        cloud = _first_month(sums, prices)
        low, high = np.quantile(cloud, [tail, 1 - tail], method="inverted_cdf")
        never = len(total) + 1
        month = float(_first_month(total[None, :], np.array([price]))[0])
        rows[name] = {
            "cost": price,
            "months": month if month < never else np.nan,
            "low": float(low) if low < never else np.nan,
            "high": float(high) if high < never else np.nan,
            "back_by_then": float((cloud < never).mean()),
        }
    return pd.DataFrame(rows).T.rename_axis(CHANNEL)


def _first_month(sums: Floats, prices: Floats) -> npt.NDArray[np.int64]:
    """First month whose sum reaches the price; one more than there are months where none does."""
    reached = sums >= prices[:, None] * (1 - 1e-12)
    return np.where(reached.any(axis=1), reached.argmax(axis=1) + 1, sums.shape[1] + 1)


def value_over_cost(
    followed: pd.DataFrame,
    margin: pd.DataFrame,
    cost: pd.Series | pd.DataFrame,
    *,
    months: int = 24,
    level: float = 0.95,
) -> pd.DataFrame:
    """Divide what a won customer brings in the months watched by what winning cost (LTV : CAC).

    Parameters
    ----------
    followed, margin, months, cost
        As for `payback`.
    level
        Share of samples in which the intervals hold the truth.

    Returns
    -------
    DataFrame
        One row per channel of `cost` (index ``acquisition_channel``): ``value`` (margin within the months watched),
        ``cost``, ``ratio``, ``low``, ``high``. The interval is the delta method's for a product: of the value, and of
        customers per unit of money.

    Raises
    ------
    CrmkitError
        As `payback`.

    References
    ----------
    Cochran (1977), Sampling Techniques, 3rd ed., section 6 (delta method for products and ratios).

    Examples
    --------
    >>> people = pd.DataFrame({"followed_id": range(20), "acquisition_channel": "search", "months_seen": 1})
    >>> money = pd.DataFrame({"followed_id": range(20), "month": 1, "margin": [40.0, 50.0] * 10})
    >>> found = value_over_cost(people, money, pd.Series({"search": 15.0})).loc["search"]
    >>> float(found["ratio"]), bool(found["low"] < 3 < found["high"])
    (3.0, True)
    """
    t = critical_value(level)
    table = margin_by_month(followed, margin, months=months, level=0.95)
    last = table.groupby(CHANNEL).tail(1).set_index(CHANNEL)
    price = _prices(cost, last.index)
    own = last.loc[price.index]
    z = critical_value(0.95)
    value, value_error = own["so_far"], (own["high"] - own["so_far"]) / z
    rate, rate_error = 1 / price["cost"], (1 / price["cost"] - 1 / price["high"]) / z
    ratio = value * rate
    error = np.hypot(value_error * rate, value * rate_error)
    found = pd.DataFrame(
        {
            "value": value,
            "cost": price["cost"],
            "ratio": ratio,
            "low": ratio - t * error,
            "high": ratio + t * error,
        }
    )
    return found.rename_axis(CHANNEL)
