"""Pictures of a loyalty programme. Each takes the analysed table and gives back the Axes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from crmkit.inputs import need_number, need_numbers, need_rows
from crmkit.later import later
from crmkit.say import label, say
from crmkit.style import COLORS, axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ticker = later("matplotlib.ticker")


def plot_member_effects(
    effects: pd.DataFrame,
    ax: Axes | None = None,
    *,
    unit: str,
    truth: float | None = None,
    title: str | None = None,
) -> Axes:
    """Draw how much more members spend, a row for each way to work it out, with its interval.

    Parameters
    ----------
    effects
        From `member_effects`.
    ax
    unit
        Money in which spending is counted, for the axis.
    truth
        The true effect on members: a line.
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes

    Examples
    --------
    >>> effects = pd.DataFrame({"way": ["as it looks"], "effect": [200.0], "low": [180.0], "high": [220.0]})
    >>> [tick.get_text() for tick in plot_member_effects(effects, unit="GBP").get_yticklabels()]
    ['as it looks']
    """
    need_rows(effects, ["way", "effect", "low", "high"], "effects")
    ax = axes(ax)
    place = np.arange(len(effects))[::-1]
    ax.hlines(place, effects["low"], effects["high"], color=COLORS["focus"], lw=3)
    ax.plot(
        effects["effect"], place, "o", color=COLORS["focus"],
        label=say("estimate and 95 % interval"),
    )  # fmt: skip
    if truth is not None:
        ax.axvline(
            need_number(truth, "truth"), color=COLORS["truth"], ls="--", lw=1.5, label=say("truth")
        )
    ax.axvline(0, color=COLORS["ink"], lw=1)
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=2)
    ax.set_yticks(place, [label(way) for way in effects["way"]])
    ax.grid(axis="x")
    ax.set(
        title=say("How much more members spend") if title is None else title,
        xlabel=say("more spent in the first year ({unit} per customer)", unit=unit),
        ylim=(-0.5, len(effects) - 0.5),
    )
    return ax


def plot_who_moves(
    table: pd.DataFrame, ax: Axes | None = None, *, title: str | None = None
) -> Axes:
    """Draw by how much the programme raised the spending of each kind of member, with its interval.

    Parameters
    ----------
    table
        From `joined_effects`, by kind.
    ax
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes

    Examples
    --------
    >>> table = pd.DataFrame({"kind": ["light", "heavy"], "more": [0.3, 0.01],
    ...     "more_low": [0.2, -0.05], "more_high": [0.4, 0.06]})
    >>> plot_who_moves(table).get_ylabel()
    'more spent by members'
    """
    need_rows(table, ["kind", "more", "more_low", "more_high"], "table")
    ax = axes(ax)
    reach = np.abs(table[["more_low", "more_high"]].sub(table["more"], axis=0)).to_numpy().T
    ax.bar(
        [label(str(kind)) for kind in table["kind"]], table["more"], yerr=reach, width=0.6,
        color=COLORS["focus"], ecolor=COLORS["ink"], capsize=4,
    )  # fmt: skip
    ax.axhline(0, color=COLORS["ink"], lw=1)
    ax.yaxis.set_major_formatter(ticker.PercentFormatter(1, decimals=0))
    ax.set(
        title=say("Whom the programme moves") if title is None else title,
        xlabel=say("kind of buyer, by the year before"),
        ylabel=say("more spent by members"),
    )
    return ax


def plot_threshold(
    table: pd.DataFrame,
    running: str,
    outcome: str,
    threshold: float,
    ax: Axes | None = None,
    *,
    bandwidth: float,
    bins: int = 10,
    unit: str,
    title: str | None = None,
) -> Axes:
    """Draw the mean outcome to both sides of a threshold, and the two lines that end there.

    Parameters
    ----------
    table
        One row per customer.
    running, outcome
        Columns of what decides, and of what came later.
    threshold
    ax
    bandwidth
        How far to both sides is drawn; take that of `threshold_effect`.
    bins
        Points on each side.
    unit
        Money, for the axes.
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes

    Examples
    --------
    >>> table = pd.DataFrame({"before": np.arange(400.0, 600), "spend": np.arange(400.0, 600)})
    >>> ax = plot_threshold(table, "before", "spend", 500, bandwidth=100, unit="GBP")
    >>> ax.get_xlabel()
    'spent in the year before (GBP)'
    """
    need_rows(table, [running, outcome], "table")
    x = need_numbers(table[running], running) - need_number(threshold, "threshold")
    y = need_numbers(table[outcome], outcome)
    h = need_number(bandwidth, "bandwidth", minimum=1e-9)
    ax = axes(ax)
    for side, hue, text in (
        (x < 0, "contrast", say("below the threshold")),
        (x >= 0, "focus", say("gold")),
    ):
        some = side & (np.abs(x) < h)
        if some.sum() < 2:
            continue
        place = np.minimum((np.abs(x[some]) / h * bins).astype(int), bins - 1)
        count = np.bincount(place, minlength=bins)
        full = count > 0
        middle = np.bincount(place, x[some], minlength=bins)[full] / count[full]
        height = np.bincount(place, y[some], minlength=bins)[full] / count[full]
        ax.plot(threshold + middle, height, "o", color=COLORS[hue], ms=6, label=text)
        weight = np.sqrt(1 - np.abs(x[some]) / h)
        slope, end = np.polyfit(x[some], y[some], 1, w=weight)
        edge = np.array([0.0, h * (1 if hue == "focus" else -1)])
        ax.plot(threshold + edge, end + slope * edge, color=COLORS[hue], lw=2)
    ax.axvline(threshold, color=COLORS["ink"], ls=":", lw=1.5)
    ax.legend(loc="upper left")
    ax.set(
        title=say("Spending below and above the threshold") if title is None else title,
        xlabel=say("spent in the year before ({unit})", unit=unit),
        ylabel=say("spent in the year after ({unit})", unit=unit),
    )
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(ticker.StrMethodFormatter("{x:,.0f}"))
    return ax


def plot_crowding(
    years: Mapping[str, Any],
    threshold: float,
    ax: Axes | None = None,
    *,
    reach: float = 150.0,
    width: float = 15.0,
    unit: str,
    title: str | None = None,
) -> Axes:
    """Draw how many customers end up just below and just above a threshold, a line for each year.

    Parameters
    ----------
    years
        Name of each year and what its customers spent; two or three.
    threshold
    ax
    reach
        How far to both sides.
    width
        Of a step, which never holds the threshold inside.
    unit
        Money, for the axis.
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes

    Examples
    --------
    >>> ax = plot_crowding({"not known": range(400, 600), "known": [505] * 30}, 500, unit="GBP")
    >>> ax.get_ylabel()
    'members'
    """
    line = need_number(threshold, "threshold")
    steps = max(
        int(need_number(reach, "reach", minimum=0) / need_number(width, "width", minimum=1e-9)), 1
    )
    edges = line + width * np.arange(-steps, steps + 1)
    ax = axes(ax)
    for (name, values), hue in zip(years.items(), ("contrast", "focus", "good"), strict=False):
        spent = need_numbers(values, name)
        counts = np.histogram(spent[(spent >= edges[0]) & (spent < edges[-1])], edges)[0]
        ax.stairs(counts, edges, baseline=None, color=COLORS[hue], lw=2.5, label=name)
    ax.axvline(line, color=COLORS["ink"], ls=":", lw=1.5)
    ax.legend(loc="upper right")
    ax.set(
        title=say("How many members end near the threshold") if title is None else title,
        xlabel=say("spent in the year that decides ({unit})", unit=unit),
        ylabel=say("members"),
        ylim=(0, None),
    )
    return ax
