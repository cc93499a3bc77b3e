"""Pictures of what new customers cost and bring. Each takes the analysed table and gives back the Axes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crmkit.companies import Company, company
from crmkit.inputs import need_rows
from crmkit.prospects.acquisition import CHANNEL
from crmkit.say import label, say
from crmkit.style import COLORS, axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_costs(
    costs: pd.DataFrame,
    attributed: pd.Series,
    ax: Axes | None = None,
    *,
    most: float = 400.0,
    about: Company | None = None,
    title: str | None = None,
) -> Axes:
    """Draw three costs of a customer by channel: by last click, on average, and of the next one.

    Parameters
    ----------
    costs
        From `ResponseModel.costs`.
    attributed
        Cost by last click, by channel, from `attributed_cost`.
    ax
    most
        Where the axis ends; what lies beyond is written at its edge.
    about
        Whose money it is; by default the company whose tables are at hand.
    title

    Returns
    -------
    Axes

    Examples
    --------
    >>> names = ["average", "average_low", "average_high", "marginal", "marginal_low", "marginal_high"]
    >>> costs = pd.DataFrame([[80, 60, 120, 170, 130, 220]], columns=names, index=["search"])
    >>> plot_costs(costs, pd.Series({"search": 32.0})).get_yticklabels()[0].get_text()
    'search'
    """
    need_rows(costs, ["average", "marginal"], "costs")
    money = (about or company()).money
    ax = axes(ax)
    names = list(costs.index)
    place = np.arange(len(names))[::-1]
    rows = {
        "attributed": (0.22, "s", COLORS["muted"], say("by last click")),
        "average": (0.0, "o", COLORS["focus"], say("caused, on average")),
        "marginal": (-0.22, "D", COLORS["bad"], say("caused, the next one")),
    }
    for kind, (shift, mark, hue, words) in rows.items():
        values = (
            attributed.reindex(names).to_numpy(float)
            if kind == "attributed"
            else costs[kind].to_numpy(float)
        )
        inside = values <= most
        ax.plot(
            np.minimum(values, most), place + shift, mark, color=hue, label=words, clip_on=False
        )
        if kind != "attributed":
            ends = costs[[f"{kind}_low", f"{kind}_high"]].to_numpy(float).clip(max=most)
            ax.hlines(place + shift, ends[:, 0], ends[:, 1], color=hue, lw=2)
        for at, value in zip((place + shift)[~inside], values[~inside], strict=True):
            ax.annotate(
                money(value), (most, at), xytext=(-8, 0), textcoords="offset points",
                ha="right", va="center", color=COLORS["ink"],
            )  # fmt: skip
    ax.set_yticks(place, [label(name) for name in names])
    ax.set(
        title=say("Three costs of a new customer") if title is None else title,
        xlabel=say("cost of one new customer ({symbol})", symbol=(about or company()).sign),
        xlim=(0, most),
        ylim=(-0.6, len(names) + 0.1),
    )
    ax.legend(loc="upper left", ncols=3)
    return ax


def plot_payback(
    by_month: pd.DataFrame,
    cost: pd.Series,
    ax: Axes | None = None,
    *,
    about: Company | None = None,
    title: str | None = None,
) -> Axes:
    """Draw what a won customer has brought month by month, and what winning cost.

    Parameters
    ----------
    by_month
        From `margin_by_month`.
    cost
        Cost of one customer by channel; a curve and a level line for each.
    ax
    about
        Whose money it is; by default the company whose tables are at hand.
    title

    Returns
    -------
    Axes

    Examples
    --------
    >>> curve = pd.DataFrame({"acquisition_channel": "search", "month": [1, 2], "so_far": [25.0, 40.0],
    ...     "low": [20.0, 33.0], "high": [30.0, 47.0]})
    >>> plot_payback(curve, pd.Series({"search": 35.0})).get_xlabel()
    'months since the first purchase'
    """
    need_rows(by_month, [CHANNEL, "month", "so_far", "low", "high"], "by_month")
    ax = axes(ax)
    hues = (COLORS["focus"], COLORS["contrast"], COLORS["good"], COLORS["bad"])
    for i, (name, price) in enumerate(cost.items()):
        own, hue = by_month[by_month[CHANNEL] == name], hues[i % len(hues)]
        ax.plot(
            own["month"],
            own["so_far"],
            color=hue,
            label=say("{channel}: brought so far", channel=label(name)),
        )
        ax.fill_between(own["month"], own["low"], own["high"], color=hue, alpha=0.18, lw=0)
        ax.axhline(price, color=hue, ls="--", label=say("{channel}: cost", channel=label(name)))
    symbol = (about or company()).symbol
    ax.set(
        title=say("When the cost has come back") if title is None else title,
        xlabel=say("months since the first purchase"),
        ylabel=say("margin of one customer ({symbol})", symbol=symbol.strip()),
        xlim=(1, float(by_month["month"].max())),
    )
    ax.set_ylim(0, max(float(by_month["high"].max()), float(cost.max())) * 1.35)
    ax.legend(loc="upper left", ncols=2)
    return ax
