"""Pictures of satisfaction, health and the chain of branches. Each takes the analysed table and gives back the Axes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crmkit.inputs import need_rows
from crmkit.later import later
from crmkit.say import label, labels, say
from crmkit.style import COLORS, axes, reach

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ticker = later("matplotlib.ticker")

#: Estimates one below the other: wide, for their names and the title.
_FLAT = (7.6, 3.2)

# Values that the pictures show.
labels("logins", "shares", "introductions", "help_given", "complaints", "service_contacts", "sales")


def plot_promoter_ways(
    ways: pd.DataFrame,
    ax: Axes | None = None,
    *,
    truth: float | None = None,
    title: str | None = None,
) -> Axes:
    """Draw a net promoter score worked out in several ways, with intervals.

    Parameters
    ----------
    ways
        From `promoter_ways`.
    ax
    truth
        The score of all, the silent too: a line.
    title
        The heading; the picture's own if left out.

    Examples
    --------
    >>> ways = pd.DataFrame({"way": ["answers only"], "score": [30.0], "low": [20.0], "high": [40.0]})
    >>> plot_promoter_ways(ways).get_xlabel()
    'net promoter score (points)'
    """
    need_rows(ways, ["way", "score", "low", "high"], "ways")
    ax = _rows(ways, "score", [str(way) for way in ways["way"]], axes(ax, size=_FLAT), truth)
    ax.set(
        title=say("Net promoter score") if title is None else title,
        xlabel=say("net promoter score (points)"),
    )
    return ax


def _rows(
    table: pd.DataFrame, middle: str, names: list[str], ax: Axes, truth: float | None
) -> Axes:
    """Draw estimates with intervals, one below the other."""
    place = np.arange(len(table))[::-1]
    ax.errorbar(
        table[middle], place, xerr=reach(table, middle), fmt="o", color=COLORS["focus"], capsize=3,
        label=say("estimate and 95 % interval"),
    )  # fmt: skip
    if truth is not None:
        ax.axvline(truth, color=COLORS["truth"], ls="--", lw=1.5, label=say("truth"))
    ax.axvline(0, color=COLORS["muted"], lw=1)
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=2)
    ax.set_yticks(place, names)
    ax.grid(axis="x")
    ax.set_ylim(-0.5, len(table) - 0.5)
    return ax


def plot_levels(
    levels: pd.DataFrame,
    ax: Axes | None = None,
    *,
    everybody: float | None = None,
    xlabel: str | None = None,
    title: str | None = None,
) -> Axes:
    """Draw the share who stay at each level of an answer, with its interval.

    Parameters
    ----------
    levels
        From `by_level`, for True and False; the first column names the level.
    ax
    everybody
        The share of all customers who stay, the silent too: a line.
    xlabel
        What the levels are; "satisfaction" unless given.
    title
        The heading; the picture's own if left out.

    Examples
    --------
    >>> levels = pd.DataFrame({"level": ["1 to 6"], "share": [0.8], "low": [0.7], "high": [0.9]})
    >>> plot_levels(levels).get_ylabel()
    'share who stay'
    """
    need_rows(levels, ["share", "low", "high"], "levels")
    ax = axes(ax)
    place = np.arange(len(levels))
    ax.errorbar(
        place, levels["share"], yerr=reach(levels, "share"), fmt="o", color=COLORS["focus"], capsize=4,
        label=say("estimate and 95 % interval"),
    )  # fmt: skip
    if everybody is not None:
        ax.axhline(
            everybody,
            color=COLORS["contrast"],
            ls="--",
            label=say("all, those who did not answer too"),
        )
    ax.legend(loc="lower right")
    ax.set_xticks(place, [str(name) for name in levels.iloc[:, 0]])
    low = float(np.nanmin(levels["low"].fillna(levels["share"])))
    ax.set(
        title=say("Who stays, by satisfaction") if title is None else title,
        xlabel=say("satisfaction, from 1 to 10") if xlabel is None else xlabel,
        ylabel=say("share who stay"),
        xlim=(-0.5, len(levels) - 0.5),
        ylim=(max(0.0, np.floor(10 * low - 1) / 10), 1.0),
    )
    ax.yaxis.set_major_formatter(ticker.PercentFormatter(1, decimals=0))
    return ax


def plot_before_leaving(
    path: pd.DataFrame, ax: Axes | None = None, *, title: str | None = None
) -> Axes:
    """Draw what is left of each signal in the last quarters of those who left.

    Parameters
    ----------
    path
        From `before_leaving`.
    ax
    title
        The heading; the picture's own if left out.

    Examples
    --------
    >>> path = pd.DataFrame({"signal": "sales", "before": [1, 0], "of_usual": [1.0, 0.5],
    ...                      "low": [0.9, 0.4], "high": [1.1, 0.6]})
    >>> plot_before_leaving(path).get_xlabel()
    'quarters until the last purchase'
    """
    need_rows(path, ["signal", "before", "of_usual", "low", "high"], "path")
    ax = axes(ax)
    hues = ["focus", "extra", "good", "bad", "muted"]
    for place, (name, part) in enumerate(path.groupby("signal", sort=False)):
        hue = "contrast" if name == "sales" else hues[place % len(hues)]
        ax.errorbar(
            -part["before"] + 0.05 * (place - 1), part["of_usual"], yerr=reach(part, "of_usual"),
            marker="o", color=COLORS[hue], capsize=3, label=label(str(name)).replace("_", " "),
        )  # fmt: skip
    ax.axhline(1, color=COLORS["muted"], ls="--", lw=1)
    ax.legend(loc="lower left")
    most = int(path["before"].max())
    ax.set_xticks(range(-most, 1), [str(step) for step in range(most, -1, -1)])
    ax.set(
        title=say("The last quarters of those who left") if title is None else title,
        xlabel=say("quarters until the last purchase"),
        ylabel=say("share of what was usual"),
        ylim=(0, None),
    )
    ax.yaxis.set_major_formatter(ticker.PercentFormatter(1, decimals=0))
    return ax


def plot_scores(
    compared: pd.DataFrame, ax: Axes | None = None, *, title: str | None = None
) -> Axes:
    """Draw how well several scores rank the same customers, with intervals.

    Parameters
    ----------
    compared
        From `compare_scores`.
    ax
    title
        The heading; the picture's own if left out.

    Examples
    --------
    >>> compared = pd.DataFrame({"score": ["sales"], "ranks_right": [0.6], "low": [0.5], "high": [0.7]})
    >>> plot_scores(compared).get_xlabel()
    'share of pairs ranked right (50 %: chance)'
    """
    need_rows(compared, ["score", "ranks_right", "low", "high"], "compared")
    names = [str(name) for name in compared["score"]]
    ax = _rows(compared, "ranks_right", names, axes(ax, size=_FLAT), None)
    ax.axvline(0.5, color=COLORS["contrast"], ls="--", lw=1.5, label=say("chance"))
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=2)
    ax.set(
        title=say("One who stays ranks above one who leaves") if title is None else title,
        xlabel=say("share of pairs ranked right (50 %: chance)"),
        xlim=(min(0.4, float(compared["low"].min()) - 0.02), 1.0),
    )
    ax.xaxis.set_major_formatter(ticker.PercentFormatter(1, decimals=0))
    return ax


def plot_chain(
    check: pd.DataFrame,
    ax: Axes | None = None,
    *,
    truth: float | None = None,
    unit: str | None = None,
    title: str | None = None,
) -> Axes:
    """Draw what the change of a trial seems to do to one outcome: as it looks, within branches, by chance.

    Parameters
    ----------
    check
        From `chain_check`, the rows of one outcome.
    ax
    truth
        The true effect: a line.
    unit
        Unit of the outcome; "points" unless given.
    title
        The heading; the picture's own if left out.

    Examples
    --------
    >>> check = pd.DataFrame({"way": ["by chance"], "effect": [0.2], "low": [0.1], "high": [0.3]})
    >>> plot_chain(check).get_xlabel()
    'effect (points)'
    """
    need_rows(check, ["way", "effect", "low", "high"], "check")
    names = [str(way) for way in check["way"]]
    ax = _rows(check, "effect", names, axes(ax, size=_FLAT), truth)
    ax.set(
        title=say("What the training seems to do") if title is None else title,
        xlabel=say("effect ({unit})", unit=say("points") if unit is None else unit),
    )
    return ax


__all__ = [
    "plot_before_leaving",
    "plot_chain",
    "plot_levels",
    "plot_promoter_ways",
    "plot_scores",
]
