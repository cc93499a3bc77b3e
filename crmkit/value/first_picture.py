"""The first picture of customers nobody has looked at before: how often, how unevenly, how long ago.

Lesson 80 draws it from a file of the reader's own. Every number depends on decisions made before the picture: which
rows were used, who counts as a customer, and where the observation ends. So the functions take those as
arguments, and the explorer moves them. What the customers may bring next is in :mod:`crmkit.value.hidden_year`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from ipywidgets import Dropdown, SelectionSlider

from crmkit.errors import CrmkitError
from crmkit.explore import Explorer, canvas, explorer
from crmkit.inference import wilson
from crmkit.inputs import Moment, need_columns, need_date, need_dates, need_share
from crmkit.later import later
from crmkit.say import label, say, say_many
from crmkit.style import COLORS, axes
from crmkit.value.concentration import FEWEST_CUSTOMERS, top_share, top_share_interval

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from crmkit.data.own.report import Report

ticker = later("matplotlib.ticker")

#: Quiet are customers whose last order lies this many days back, or more: six months of 30 days.
QUIET_DAYS = 180
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
        (share of the customers whose last order lies 180 days back or more).

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
            "quiet": float((silent >= QUIET_DAYS).mean()),
        }
    )


def compare_readings(
    readings: Mapping[str, pd.DataFrame], as_of: Moment | None = None
) -> pd.DataFrame:
    """Give the first picture of several readings of one file side by side.

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


def picture_with_intervals(
    orders: pd.DataFrame, as_of: Moment | None = None, *, level: float = 0.95
) -> pd.DataFrame:
    """Give the shares of the first picture with intervals: how far other customers of the same kind might move them.

    Shares of customers have Wilson's score interval (Wilson 1927, JASA 22), the share of the best fifth that of
    :func:`crmkit.value.top_share_interval`. The intervals know nothing of rows that are wrong or missing.

    Parameters
    ----------
    orders, as_of
        As for :func:`first_picture`.
    level
        Share of samples in which an interval holds the truth.

    Returns
    -------
    DataFrame
        Index ``measure``: ``bought once``, ``quiet``, ``best fifth``; columns ``share``, ``low``, ``high``. Below 400
        customers, and where all bring the same, ``best fifth`` has no interval (NaN).

    Raises
    ------
    CrmkitError
        As :func:`first_picture`.

    Examples
    --------
    >>> orders = pd.DataFrame({
    ...     "customer_id": ["a", "a", "b"],
    ...     "order_date": pd.to_datetime(["2024-01-01", "2025-01-01", "2024-02-01"]),
    ...     "turnover": [10.0, 20.0, 10.0],
    ... })
    >>> picture_with_intervals(orders).round(2)
                 share   low  high
    measure
    bought once   0.50  0.09  0.91
    quiet         0.50  0.09  0.91
    best fifth    0.75   NaN   NaN
    """
    seen, _ = _until(orders, as_of)
    turnover = seen.groupby("customer_id")["turnover"].sum()
    table = shares_of_customers(orders, as_of, level=level)
    fifth = (top_share(turnover, 0.2), *top_share_interval(turnover, 0.2, level=level))
    table.loc["best fifth"] = fifth
    return table


def shares_of_customers(
    orders: pd.DataFrame, as_of: Moment | None = None, *, level: float = 0.95
) -> pd.DataFrame:
    """Give the shares of customers who bought once and who are quiet, with Wilson's score interval.

    Parameters
    ----------
    orders, as_of, level
        As for :func:`picture_with_intervals`.

    Returns
    -------
    DataFrame
        The first two rows of :func:`picture_with_intervals`.

    Raises
    ------
    CrmkitError
        As :func:`first_picture`.

    Examples
    --------
    >>> orders = pd.DataFrame({
    ...     "customer_id": range(20), "order_date": pd.to_datetime(["2025-01-01"] * 20), "turnover": [1.0] * 20
    ... })
    >>> shares_of_customers(orders).loc["quiet"].round(2).tolist()
    [0.0, 0.0, 0.16]
    """
    numbers = first_picture(orders, as_of)
    count = numbers["customers"]
    rows = {
        name: (numbers[column], *wilson(round(numbers[column] * count), count, level=level))
        for name, column in (("bought once", "bought_once"), ("quiet", "quiet"))
    }
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["share", "low", "high"])
    return table.rename_axis("measure")


def rule_in_words(values: object, share: float = 0.2, promised: float = 0.8) -> str:
    """Say whether a rule of thumb ("20 % of the customers bring 80 %") agrees with what was counted.

    Parameters
    ----------
    values
        What each customer brought: one number per customer.
    share
        Share of the customers, best first.
    promised
        What the rule says that they bring, as a share.

    Returns
    -------
    str
        One or two sentences: the share, its 95 % interval, and whether the promise lies inside. Where there is no
        interval (:func:`crmkit.value.top_share_interval`) they say why the rule cannot be tested.

    Raises
    ------
    CrmkitError
        As :func:`crmkit.value.top_share`.

    Examples
    --------
    >>> print(rule_in_words([70, 10, 10, 5, 5]))
    The best 20% bring 70% of the total. 5 customers are too few to test the rule of 80%: an interval needs 400.
    >>> print(rule_in_words(range(1, 401)))
    The best 20% bring 36% of the total (95 % interval 35% to 38%). The rule says 80%: it does not hold here.
    """
    found = top_share(values, need_share(share, "share"))
    low, high = top_share_interval(values, share)
    many = len(pd.Series(values))
    first = say("The best {share:.0%} bring {found:.0%} of the total.", share=share, found=found)
    if many < FEWEST_CUSTOMERS:
        second = say(
            "{many:,} customers are too few to test the rule of {promised:.0%}: an interval needs {fewest}.",
            many=many,
            promised=promised,
            fewest=FEWEST_CUSTOMERS,
        )
        if many == 1:
            second = say(
                "One customer is too few to test the rule of {promised:.0%}: an interval needs {fewest}.",
                promised=promised,
                fewest=FEWEST_CUSTOMERS,
            )
        return f"{first} {second}"
    if not low < high:
        second = say("All customers bring the same, so there is nothing to test.")
        return f"{first} {second}"
    first = say(
        "The best {share:.0%} bring {found:.0%} of the total (95 % interval {low:.0%} to {high:.0%}).",
        share=share,
        found=found,
        low=low,
        high=high,
    )
    if low <= promised <= high:
        second = say("The rule says {promised:.0%}: it may hold here.", promised=promised)
    else:
        second = say("The rule says {promised:.0%}: it does not hold here.", promised=promised)
    return f"{first} {second}"


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
    quiet = share.index * 30 >= QUIET_DAYS
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


def plot_rows_set_aside(
    report: Report, ax: Axes | None = None, *, title: str | None = None
) -> Axes:
    """Draw where in a file the rows lie that were set aside, one line of marks per reason.

    A block of copies shows at once: two exports were pasted under each other. Faults of single cells are scattered.

    Parameters
    ----------
    report
        From :func:`crmkit.read_orders`.
    ax
        Where to draw.
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes
    """
    aside = report.set_aside
    ax = axes(ax)
    place = pd.to_numeric(aside["row"], errors="coerce").astype(float)
    in_file = bool(place.notna().all())
    if not in_file:  # a frame whose labels are no numbers
        place = pd.Series(np.arange(1.0, len(aside) + 1), index=aside.index)
    reasons = list(report.reasons()["reason"])
    for line, reason in enumerate(reasons):
        here = place[aside["reason"] == reason]
        ax.plot(here, np.full(len(here), line), "|", color=COLORS["focus"], markersize=14)
    names = [
        say("{reason} ({count:,})", reason=label(reason), count=(aside["reason"] == reason).sum())
        for reason in reasons
    ]
    ax.set_yticks(range(len(reasons)), names)
    ax.set_ylim(max(len(reasons), 1) - 0.4, -0.6)
    ax.set_xlim(0, max(report.rows_read, place.max() if len(place) else 0) * 1.02 + 1)
    ax.xaxis.set_major_formatter(ticker.StrMethodFormatter("{x:,.0f}"))
    ax.grid(axis="y", visible=False)
    ax.set(
        title=say("Where in the file the rows set aside lie") if title is None else title,
        xlabel=say("row of the file") if in_file else say("rows set aside, in their order"),
    )
    return ax


def _month_ends(readings: Mapping[str, pd.DataFrame]) -> list[pd.Timestamp]:
    """The ends that can be chosen: from the ninth month (a third of a shorter file) to the last day of all."""
    first = min(orders["order_date"].min() for orders in readings.values())
    last = max(orders["order_date"].max() for orders in readings.values())
    ends = list(pd.date_range(first, last, freq="ME"))
    ends = ends[min(8, len(ends) // 3) :]
    return [end for end in ends if end < last] + [last]


def reading_explorer(
    readings: Mapping[str, pd.DataFrame], *, goal: float | None = None
) -> Explorer:
    """Let the reader move the end of the observation and choose what counts, and see what the picture says then.

    Parameters
    ----------
    readings
        Name of a reading -> its orders, the usual one first; each with ``customer_id``, ``order_date``, ``turnover``.
    goal
        A share of customers who bought once, to be reached or passed: a line marks it, and the sentence says when
        it is reached.

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
    >>> reading_explorer({"all": orders}).sentence.startswith("Until 2024-10-26: 300 customers")
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
    began = {"color": "none", "edgecolor": COLORS["muted"], "linewidth": 1, "linestyle": "--"}
    left.bar(
        *zip(*orders_per_customer(readings[usual], ends[-1]).items(), strict=True),
        label=say("where you began"),
        **began,
    )
    right.bar(
        *zip(*months_since_last(readings[usual], ends[-1]).items(), strict=True),
        width=0.85,
        **began,
    )
    # Room for every setting, fixed beforehand: an axis that jumps while one drags hides what moves.
    shares = [
        (orders_per_customer(orders, as_of).max(), months_since_last(orders, as_of).max())
        for orders in readings.values()
        for as_of in (ends[0], ends[len(ends) // 2], ends[-1])
    ]
    highest = max(max(share for share, _ in shares), 0 if goal is None else 1.1 * goal)
    left.set_ylim(0, min(1.05, 1.12 * highest))
    right.set_ylim(0, min(1.05, 1.12 * max(share for _, share in shares)))
    if goal is not None:
        said = say("goal: {goal:.0%} bought once", goal=goal)
        left.axhline(goal, color=COLORS["good"], linestyle="--", linewidth=1.4, label=said)
    left.legend(loc="upper right")

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
        sentence = say_many(
            "Until {day:%Y-%m-%d}: {count} customer, {once:.0%} of them with one order; the best fifth bring "
            "{fifth:.0%} of the turnover, and {quiet:.0%} have bought nothing for half a year.",
            "Until {day:%Y-%m-%d}: {count:,} customers, {once:.0%} of them with one order; the best fifth bring "
            "{fifth:.0%} of the turnover, and {quiet:.0%} have bought nothing for half a year.",
            int(seen["customers"]),
            day=as_of,
            once=seen["bought_once"],
            fifth=seen["best_fifth"],
            quiet=seen["quiet"],
        )
        if goal is not None and seen["bought_once"] >= goal:
            reached = say("You reached it: {goal:.0%} or more have bought once.", goal=goal)
            sentence = f"{sentence} {reached}"
        return sentence

    controls = {
        "as_of": SelectionSlider(
            options=[(f"{end:%Y-%m-%d}", end) for end in ends],
            value=ends[-1],
            description=say(
                "the observation ends ({first:%Y-%m} to {last:%Y-%m})", first=ends[0], last=ends[-1]
            ),
        ),
        "reading": Dropdown(
            options=[(label(name), name) for name in readings],
            description=say("which orders count"),
        ),
    }
    return explorer(
        controls,
        draw,
        figure,
        alt=say(
            "Left: share of the customers by number of orders. Right: share by months since the last order"
        ),
        title=say("Where the observation ends, and what that changes"),
    )
