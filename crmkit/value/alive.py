"""One customer's probability of being alive, day by day; and a lifetime value that fits on an envelope."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from crmkit.errors import CrmkitError
from crmkit.inputs import need_numbers
from crmkit.value.lifetime import BetaGeoModel


def alive_path(
    model: BetaGeoModel, purchase_days: ArrayLike, until_day: float, step_days: float = 1
) -> pd.DataFrame:
    """Follow the probability that one customer is still a customer, from the first purchase on.

    It stays at 1 until the first repeat purchase (in BG/NBD nobody leaves before), falls while nothing is
    bought, the faster
    the more often they used to buy, and jumps back up with every purchase.

    Parameters
    ----------
    model
        Fitted, or made from known parameters.
    purchase_days
        Days of purchase, counted from any day; the smallest is the first purchase.
    until_day
        Last day of the path.
    step_days
        Days between two points.

    Returns
    -------
    DataFrame
        One row per point: ``day`` (counted as `purchase_days`), ``purchases`` (repeat days so far),
        ``probability_alive``.

    Raises
    ------
    CrmkitError
        No purchase, or `until_day` before the first.

    Examples
    --------
    >>> model = BetaGeoModel.from_params({"r": 0.5, "alpha": 4.6, "a": 1.1, "b": 28.0}, unit="W")
    >>> alive_path(model, [0, 30, 60], until_day=240, step_days=60)["probability_alive"].round(2).tolist()
    [1.0, 0.96, 0.88, 0.77, 0.64]
    """
    days = np.unique(need_numbers(np.asarray(purchase_days, dtype=float), "purchase_days"))
    if until_day < days[0] or step_days <= 0:
        raise CrmkitError(
            f"until_day ({until_day:g}) must not be before the first purchase ({days[0]:g})."
        )
    points = np.arange(days[0], until_day + 1e-9, step_days)
    bought = np.searchsorted(days, points, side="right")
    history = pd.DataFrame(
        {
            "repeat_days": bought - 1,
            "active_span_days": days[bought - 1] - days[0],
            "age_days": points - days[0],
        }
    )
    return pd.DataFrame(
        {
            "day": points,
            "purchases": bought - 1,
            "probability_alive": model.probability_alive(history).to_numpy(),
        }
    )


def envelope_value(
    orders_per_year: float,
    value_per_order: float,
    margin_rate: float,
    kept_per_year: float,
    years: int,
    discount: float,
) -> pd.DataFrame:
    """Compute a lifetime value with one rate of keeping for all: the formula that fits on an envelope.

    Parameters
    ----------
    orders_per_year
        Orders of a customer who stays.
    value_per_order
        Money per order.
    margin_rate
        Share of it that is left, 0 to 1.
    kept_per_year
        Share of the customers who are still there a year later, 0 to 1.
    years
        How far ahead, whole years.
    discount
        What money in a year is worth less, 0.1 for 10 %.

    Returns
    -------
    DataFrame
        One row per year: ``year`` (1, 2, ...), ``still_there`` (share at its start), ``margin`` (expected in
        the year), ``discounted``,
        ``so_far`` (sum of the discounted until then: the last row is the lifetime value).

    Raises
    ------
    CrmkitError
        A share outside 0 to 1, or a negative figure.

    Examples
    --------
    >>> envelope_value(4, 50, 0.4, 0.75, years=2, discount=0.1).round(2)
       year  still_there  margin  discounted  so_far
    0     1         1.00    80.0       76.28   76.28
    1     2         0.75    60.0       52.01  128.28
    """
    shares = {"margin_rate": margin_rate, "kept_per_year": kept_per_year, "discount": discount}
    for name, share in shares.items():
        if not 0 <= share <= 1:
            raise CrmkitError(f"{name} is a share between 0 and 1, not {share!r}.")
    if orders_per_year < 0 or value_per_order < 0 or years < 1:
        raise CrmkitError(
            "orders_per_year and value_per_order must not be negative, and years at least 1."
        )
    year = np.arange(1, int(years) + 1)
    still = kept_per_year ** (year - 1)
    margin = orders_per_year * value_per_order * margin_rate * still
    discounted = margin / (1 + discount) ** (
        year - 0.5
    )  # money comes, on average, in the middle of its year
    return pd.DataFrame(
        {
            "year": year,
            "still_there": still,
            "margin": margin,
            "discounted": discounted,
            "so_far": discounted.cumsum(),
        }
    )
