"""The first picture of customers nobody has looked at before: how often, how unevenly, how long ago.

Lesson 80 draws it from a file of the reader's own. Every number depends on decisions made before the picture: which
rows were used, who counts as a customer, and where the observation ends. So the functions take those as
arguments, and the explorer moves them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from ipywidgets import Dropdown, SelectionSlider

from crmkit.errors import CrmkitError
from crmkit.explore import Explorer, canvas, explorer
from crmkit.inputs import Moment, need_columns, need_date, need_dates
from crmkit.later import later
from crmkit.say import label, say
from crmkit.style import COLORS, axes
from crmkit.value.concentration import top_share

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ticker = later("matplotlib.ticker")

QUIET_DAYS = 182
_MOST = 6  # orders counted singly; more go together
_WHOLE = ticker.PercentFormatter(1.0, decimals=0)


def _until(orders: pd.DataFrame, as_of: Moment | None) -> tuple[pd.DataFrame, pd.Timestamp]:
    orders = need_columns(orders, ["customer_id", "order_date", "turnover"], "orders")
    orders = orders.assign(order_date=need_dates(orders["order_date"], "order_date"))
    last = orders["order_date"].max() if as_of is None else need_date(as_of)
    seen = orders[orders["order_date"] <= last]
    if seen.empty:
        raise CrmkitError(f"No order lies before {last:%Y-%m-%d}: choose a later day.")
    return seen, last


def first_picture(orders: pd.DataFrame, as_of: Moment | None = None) -> pd.Series:
    """Sum up a table of orders in the numbers that a first look needs.

    Parameters
    ----------
    orders
        One row per order: ``customer_id``, ``order_date``, ``turnover``, as ``crmkit.read_orders`` gives.
    as_of
        Last day of the observation, included; the day of the last order if left out.

    Returns
    -------
    Series
        ``orders``, ``customers``, ``turnover`` (in the currency of the orders), ``bought_once`` (share of the customers
        with one order), ``best_fifth`` (share of the turnover that the best 20 % of the customers bring) and ``quiet``
        (share of the customers without an order in the last 182 days).

    Raises
    ------
    CrmkitError
        A column is missing, or no order lies before `as_of`.

    Examples
    --------
    >>> orders = pd.DataFrame({
    ...     "customer_id": ["a", "a", "b"],
    ...     "order_date": pd.to_datetime(["2024-01-01", "2025-01-01", "2024-02-01"]),
    ...     "turnover": [10.0, 20.0, 10.0],
    ... })
    >>> first_picture(orders)[["customers", "bought_once", "quiet"]].tolist()
    [2.0, 0.5, 0.5]
    """
    seen, last = _until(orders, as_of)
    by_customer = seen.groupby("customer_id")
    placed, turnover = by_customer.size(), by_customer["turnover"].sum()
    silent = (last - by_customer["order_date"].max()).dt.days
    return pd.Series(
        {
            "orders": float(len(seen)),
            "customers": float(len(placed)),
            "turnover": float(seen["turnover"].sum()),
            "bought_once": float((placed == 1).mean()),
            "best_fifth": top_share(turnover, 0.2),
            "quiet": float((silent > QUIET_DAYS).mean()),
        }
    )


def compare_readings(
    readings: Mapping[str, pd.DataFrame], as_of: Moment | None = None
) -> pd.DataFrame:
    """Hold the first picture of several readings of one file side by side.

    Parameters
    ----------
    readings
        Name of a reading -> its orders.
    as_of
        As for :func:`first_picture`.

    Returns
    -------
    DataFrame
        One row per reading, the columns of :func:`first_picture`.

    Examples
    --------
    >>> orders = pd.DataFrame({
    ...     "customer_id": ["a", "b"], "turnover": [1.0, 3.0],
    ...     "order_date": pd.to_datetime(["2024-01-01", "2024-01-02"]),
    ... })
    >>> compare_readings({"all": orders, "without a": orders.iloc[1:]})["customers"].tolist()
    [2.0, 1.0]
    """
    return pd.DataFrame({name: first_picture(orders, as_of) for name, orders in readings.items()}).T


def orders_per_customer(orders: pd.DataFrame, as_of: Moment | None = None) -> pd.Series:
    """Share of the customers by number of orders: 1, 2 ... 6, and ``7+`` together.

    Examples
    --------
    >>> orders = pd.DataFrame({
    ...     "customer_id": ["a", "a", "b"], "order_date": pd.to_datetime(["2024-01-01"] * 3), "turnover": [1.0] * 3
    ... })
    >>> orders_per_customer(orders).head(2).to_dict()
    {'1': 0.5, '2': 0.5}
    """
    seen, _ = _until(orders, as_of)
    counts = seen.groupby("customer_id").size().clip(upper=_MOST + 1)
    share = counts.value_counts(normalize=True).reindex(range(1, _MOST + 2), fill_value=0.0)
    share.index = pd.Index([str(n) for n in range(1, _MOST + 1)] + [f"{_MOST + 1}+"], name="orders")
    return share.rename("share")


def months_since_last(
    orders: pd.DataFrame, as_of: Moment | None = None, months: int = 24
) -> pd.Series:
    """Share of the customers by full 30-day months since their last order; the last bar holds all beyond.

    Examples
    --------
    >>> orders = pd.DataFrame({
    ...     "customer_id": ["a", "b"], "turnover": [1.0, 1.0],
    ...     "order_date": pd.to_datetime(["2024-01-01", "2024-03-05"]),
    ... })
    >>> months_since_last(orders).head(3).tolist()
    [0.5, 0.0, 0.5]
    """
    seen, last = _until(orders, as_of)
    silent = (last - seen.groupby("customer_id")["order_date"].max()).dt.days // 30
    share = silent.clip(upper=months).value_counts(normalize=True)
    return share.reindex(range(months + 1), fill_value=0.0).rename("share").rename_axis("months")


def plot_orders_per_customer(
    orders: pd.DataFrame,
    as_of: Moment | None = None,
    ax: Axes | None = None,
    *,
    title: str | None = None,
) -> Axes:
    """Draw how many orders the customers have placed.

    Parameters
    ----------
    orders, as_of
        As for :func:`first_picture`.
    ax
        Where to draw.
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes
    """
    share = orders_per_customer(orders, as_of)
    ax = axes(ax)
    bars = ax.bar(share.index, share, color=COLORS["focus"])
    bars[0].set_color(COLORS["contrast"])
    ax.bar_label(bars, labels=[f"{value:.0%}" for value in share], padding=3, fontsize=11)
    ax.yaxis.set_major_formatter(_WHOLE)
    ax.yaxis.set_major_locator(ticker.MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))
    ax.grid(axis="x", visible=False)
    ax.set(
        title=say("Orders per customer") if title is None else title,
        xlabel=say("orders placed"),
        ylabel=say("share of the customers"),
        ylim=(0, max(share.max() * 1.15, 0.01)),
    )
    return ax


def plot_months_since_last(
    orders: pd.DataFrame,
    as_of: Moment | None = None,
    ax: Axes | None = None,
    *,
    title: str | None = None,
) -> Axes:
    """Draw how long ago the customers bought last.

    Parameters
    ----------
    orders, as_of
        As for :func:`first_picture`.
    ax
        Where to draw.
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes
    """
    share = months_since_last(orders, as_of)
    ax = axes(ax)
    quiet = share.index * 30 > QUIET_DAYS - 30
    ax.bar(share.index, share, width=0.85, color=np.where(quiet, COLORS["muted"], COLORS["focus"]))
    ax.yaxis.set_major_formatter(_WHOLE)
    ax.yaxis.set_major_locator(ticker.MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))
    ax.set_xticks([0, 6, 12, 18, 24], ["0", "6", "12", "18", "24+"])
    ax.grid(axis="x", visible=False)
    ax.set(
        title=say("Time since the last order") if title is None else title,
        xlabel=say("months of 30 days since the last order"),
        ylabel=say("share of the customers"),
    )
    return ax


def _month_ends(readings: Mapping[str, pd.DataFrame]) -> list[pd.Timestamp]:
    """The ends that can be chosen: from the ninth month (a third of a shorter file) to the last day of all."""
    first = min(orders["order_date"].min() for orders in readings.values())
    last = max(orders["order_date"].max() for orders in readings.values())
    ends = list(pd.date_range(first, last, freq="ME"))
    ends = ends[min(8, len(ends) // 3) :]
    return [end for end in ends if end < last] + [last]


def reading_explorer(readings: Mapping[str, pd.DataFrame]) -> Explorer:
    """Let the reader move the end of the observation and choose what counts, and see what the picture says then.

    Parameters
    ----------
    readings
        Name of a reading -> its orders, the usual one first; each with ``customer_id``, ``order_date``, ``turnover``.

    Returns
    -------
    Explorer

    Raises
    ------
    CrmkitError
        No reading, or one without orders.

    Examples
    --------
    >>> days = pd.date_range("2024-01-01", periods=300)
    >>> orders = pd.DataFrame({"customer_id": range(300), "order_date": days, "turnover": 1.0})
    >>> reading_explorer({"all": orders}).sentence.startswith("Until 26 October 2024: 300 customers")
    True
    """
    if not readings:
        raise CrmkitError("reading_explorer needs at least one reading.")
    for orders in readings.values():
        _until(orders, None)
    # Whole numbers group several times as fast as text, and a drag must not wait.
    readings = {
        name: orders.assign(customer_id=pd.factorize(orders["customer_id"])[0])
        for name, orders in readings.items()
    }
    usual = next(iter(readings))
    ends = _month_ends(readings)
    figure, (left, right) = canvas(size="wide", columns=2)
    plot_orders_per_customer(readings[usual], ends[-1], ax=left)
    plot_months_since_last(readings[usual], ends[-1], ax=right)
    counts, silences = left.containers[0], right.containers[0]
    words = list(left.texts)
    # Room for every setting, fixed beforehand: an axis that jumps while one drags hides what moves.
    shares = [
        (orders_per_customer(orders, as_of).max(), months_since_last(orders, as_of).max())
        for orders in readings.values()
        for as_of in (ends[0], ends[len(ends) // 2], ends[-1])
    ]
    left.set_ylim(0, min(1.0, 1.12 * max(share for share, _ in shares)))
    right.set_ylim(0, min(1.0, 1.12 * max(share for _, share in shares)))

    def draw(reading: str, as_of: pd.Timestamp) -> str:
        orders = readings[reading]
        share = orders_per_customer(orders, as_of)
        silent = months_since_last(orders, as_of)
        for bar, word, height in zip(counts, words, share, strict=True):
            bar.set_height(height)
            word.set_text(f"{height:.0%}")
            word.xy = (word.xy[0], round(height, 2))  # words that read the same need no painting
        for bar, height in zip(silences, silent, strict=True):
            bar.set_height(height)
        seen = first_picture(orders, as_of)
        return say(
            "Until {day} {end:%B %Y}: {customers:,.0f} customers, {once:.0%} of them with one order; the best fifth "
            "brings {best:.0%} of the turnover, and {quiet:.0%} have been quiet for half a year.",
            day=as_of.day,
            end=as_of,
            customers=seen["customers"],
            once=seen["bought_once"],
            best=seen["best_fifth"],
            quiet=seen["quiet"],
        )

    controls = {
        "as_of": SelectionSlider(
            options=[(say("{end:%b %Y}", end=end), end) for end in ends],
            value=ends[-1],
            description=say("the observation ends"),
        ),
        "reading": Dropdown(
            options=[(label(name), name) for name in readings], description=say("what counts")
        ),
    }
    return explorer(
        controls,
        draw,
        figure,
        alt=say(
            "Left: share of the customers by number of orders. Right: share by months since the last order"
        ),
    )


def forecast_hidden_year(orders: pd.DataFrame) -> pd.DataFrame:
    """Hide the last year of a file, forecast it from what went before, and compare with what happened.

    The rival is the rule that every firm has: each customer does next year what they did last year. Of a file shorter
    than two years the later half is hidden.

    Parameters
    ----------
    orders
        One row per order: ``customer_id``, ``order_date``, ``turnover``.

    Returns
    -------
    DataFrame
        One row per measure: ``total`` (the forecast sum over the real one: 1 is right), ``mean error`` (purchase days
        per customer) and ``best fifth`` (share of the real purchases made by those whom the forecast ranked in the
        best fifth); columns ``lifetime model`` (BG/NBD), ``as last year``, and ``lifetime model is nearer``.

    Raises
    ------
    CrmkitError
        The file is too short, or its customers are too few, for a forecast; the message says what is needed.

    Examples
    --------
    >>> import crmkit
    >>> orders = crmkit.load("orders")
    >>> few = orders[orders["customer_id"].isin(orders["customer_id"].unique()[:400])]
    >>> forecast_hidden_year(few).index.tolist()
    ['total', 'mean error', 'best fifth']
    """
    from crmkit.value.lifetime import BetaGeoModel
    from crmkit.value.model_checks import last_year_forecast, score_forecasts
    from crmkit.value.summary import holdout_split

    seen, last = _until(orders, None)
    hidden = min(365, (last - seen["order_date"].min()).days // 2)
    if hidden < 1:
        raise CrmkitError(
            "The orders lie on one day or two: there is no past to forecast from. Bring a file of some months."
        )
    split = last - pd.Timedelta(days=hidden)
    known = holdout_split(seen, split, last).set_index("customer_id")
    model = BetaGeoModel().fit(known)
    forecasts = {
        "lifetime model": model.expected_purchases(hidden, known, unit="D"),
        "as last year": last_year_forecast(seen, split, last),
    }
    scores = score_forecasts(known["holdout_purchase_days"].astype(float), forecasts)
    names = {"total": "total", "mean_absolute_error": "mean error", "top_found": "best fifth"}
    table = scores.set_index("forecast")[list(names)].rename(columns=names).T.rename_axis(None)
    table.columns.name = None
    ours, rival = table["lifetime model"], table["as last year"]
    off = pd.DataFrame({"ours": (ours - 1).abs(), "rival": (rival - 1).abs()})
    table["lifetime model is nearer"] = [
        off.loc["total", "ours"] < off.loc["total", "rival"],
        ours["mean error"] < rival["mean error"],
        ours["best fifth"] > rival["best fifth"],
    ]
    return table
