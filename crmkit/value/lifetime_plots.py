"""Draw what a lifetime model says, and how it did: each takes an analysed table and gives the Axes back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crmkit.companies import company
from crmkit.errors import CrmkitError
from crmkit.inputs import need_columns
from crmkit.later import later
from crmkit.say import label, say
from crmkit.style import COLORS, axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

mdates = later("matplotlib.dates")
ticker = later("matplotlib.ticker")

_WHOLE = ticker.PercentFormatter(1.0, decimals=0)


def plot_alive_path(
    paths: pd.DataFrame | Mapping[str, pd.DataFrame],
    ax: Axes | None = None,
    *,
    title: str | None = None,
) -> Axes:
    """Draw customers' probability of being alive over time, with their purchases as ticks below.

    Parameters
    ----------
    paths
        As ``alive_path`` gives: one customer's, or those of up to four customers by name.
    ax
        Where to draw.
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes
    """
    ax = axes(ax)
    alone = isinstance(paths, pd.DataFrame)
    named = {say("purchase"): paths} if alone else dict(paths)
    roles = ["focus", "contrast", "good", "extra"]
    if not 1 <= len(named) <= len(roles):
        raise CrmkitError(f"paths: {len(named)} customers. From one to {len(roles)} can be drawn.")
    for row, (role, (name, path)) in enumerate(zip(roles, named.items(), strict=False)):
        need_columns(path, ["day", "purchases", "probability_alive"], f"path of {name}")
        ax.plot(
            path["day"],
            path["probability_alive"],
            color=COLORS[role],
            label=None if alone else label(name),
        )
        bought = path["day"][path["purchases"].diff().fillna(1) > 0]
        ax.plot(
            bought,
            np.full(len(bought), 0.02 + 0.06 * row),
            "|",
            color=COLORS["ink"] if alone else COLORS[role],
            markersize=16 if alone else 12,
            label=name if alone else None,
        )
    ax.yaxis.set_major_formatter(_WHOLE)
    ax.set(
        title=say("Still a customer?") if title is None else title,
        xlabel=say("days since the first purchase (ticks: purchases)"),
        ylabel=say("probability of being alive"),
        ylim=(0, 1.04),
    )
    ax.legend(loc="lower left", bbox_to_anchor=(0, 0.06 * len(named)))
    return ax


def plot_repeat_counts(
    table: pd.DataFrame, ax: Axes | None = None, *, title: str | None = None
) -> Axes:
    """Draw customers by number of repeat purchases, as they are and as the model expects them.

    Parameters
    ----------
    table
        As ``repeat_counts`` gives.
    ax
        Where to draw.
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes
    """
    need_columns(table, ["label", "actual", "expected"], "table")
    ax = axes(ax)
    place = np.arange(len(table))
    ax.bar(
        place - 0.2, table["actual"], width=0.38, color=COLORS["muted"], label=say("in the data")
    )
    ax.bar(
        place + 0.2,
        table["expected"],
        width=0.38,
        color=COLORS["focus"],
        label=say("expected by the model"),
    )
    ax.set_xticks(place, table["label"])
    ax.yaxis.set_major_formatter("{x:,.0f}")
    ax.set(
        title=say("Repeat purchases, model and data") if title is None else title,
        xlabel=say("repeat purchases"),
        ylabel=say("customers"),
    )
    ax.legend()
    return ax


def plot_holdout_by_frequency(
    table: pd.DataFrame, ax: Axes | None = None, *, title: str | None = None
) -> Axes:
    """Draw purchases in the holdout against those forecast, by how often customers had bought before.

    Parameters
    ----------
    table
        As ``holdout_by_frequency`` gives.
    ax
        Where to draw.
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes
    """
    need_columns(table, ["label", "actual", "forecast", "low", "high"], "table")
    ax = axes(ax)
    place = np.arange(len(table))
    error = [table["actual"] - table["low"], table["high"] - table["actual"]]
    ax.errorbar(
        place,
        table["actual"],
        error,
        fmt="o",
        color=COLORS["ink"],
        capsize=4,
        label=say("what happened (95 %)"),
    )
    ax.plot(
        place, table["forecast"], "s--", color=COLORS["focus"], label=say("forecast of the model")
    )
    ax.set_xticks(place, table["label"])
    ax.set(
        title=say("Forecast and outcome on unseen days") if title is None else title,
        xlabel=say("repeat purchases before"),
        ylabel=say("purchases per customer, after"),
        ylim=(0, None),
    )
    ax.legend(loc="upper left")
    return ax


def plot_cumulative(
    curve: pd.DataFrame, ax: Axes | None = None, *, title: str | None = None
) -> Axes:
    """Draw all repeat purchases so far, week by week, as they were and as the model expects them.

    Parameters
    ----------
    curve
        As ``cumulative_purchases`` gives.
    ax
        Where to draw.
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes
    """
    need_columns(curve, ["date", "actual", "expected", "seen"], "curve")
    ax = axes(ax)
    ax.plot(curve["date"], curve["actual"], color=COLORS["ink"], label=say("what happened"))
    ax.plot(
        curve["date"],
        curve["expected"],
        "--",
        color=COLORS["focus"],
        label=say("expected by the model"),
    )
    unseen = curve[~curve["seen"]]
    if len(unseen):
        ax.axvspan(
            unseen["date"].iloc[0],
            unseen["date"].iloc[-1],
            color=COLORS["grid"],
            alpha=0.6,
            zorder=0,
        )
        ax.text(
            unseen["date"].iloc[0],
            0,
            say(" days the model\n has not seen"),
            va="bottom",
            fontsize=11,
        )
    ax.xaxis.set_major_formatter(mdates.ConciseDateFormatter(mdates.AutoDateLocator()))
    ax.yaxis.set_major_formatter("{x:,.0f}")
    ax.set(
        title=say("Repeat purchases of all customers") if title is None else title,
        ylabel=say("purchases so far"),
        ylim=(0, None),
    )
    ax.legend(loc="upper left")
    return ax


def plot_spread(
    spread: pd.DataFrame, ax: Axes | None = None, *, most: int = 40, title: str | None = None
) -> Axes:
    """Draw for some customers where most of their possible futures lie, beside the mean that a table shows.

    Parameters
    ----------
    spread
        As ``predict_spread`` gives; sorted here by mean.
    ax
        Where to draw.
    most
        At most so many customers, evenly picked.
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes
    """
    need_columns(spread, ["mean", "low", "high"], "spread")
    ax = axes(ax)
    ranked = spread.sort_values("mean", ascending=False, kind="stable")
    few = ranked.iloc[
        np.unique(np.linspace(0, len(ranked) - 1, min(most, len(ranked))).round().astype(int))
    ]
    place = np.arange(len(few))
    ax.vlines(
        place,
        few["low"],
        few["high"],
        color=COLORS["muted"],
        linewidth=4,
        label=say("range of the futures"),
    )
    ax.plot(place, few["mean"], "o", color=COLORS["focus"], label=say("mean of the futures"))
    ax.set_xticks([])
    ax.set(
        title=say("A lifetime value is a mean") if title is None else title,
        xlabel=say("customers, largest mean first"),
        ylabel=say("money within the horizon ({symbol})", symbol=company().sign),
        ylim=(0, None),
    )
    ax.legend()
    return ax
