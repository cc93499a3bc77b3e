"""Pictures of those who do not buy: kinds, reasons, areas, screens, and what offers win."""

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

labels("near", "refusing", "unexplored")
labels("something is missing", "too expensive", "no use for it", "do not know you")
labels("happy where I am", "screen, then points", "points, all alike", "points, one's own")

#: Colours of the reasons, the same in every picture.
_HUES = dict(
    zip(
        (
            "something is missing",
            "too expensive",
            "no use for it",
            "do not know you",
            "happy where I am",
        ),
        ("focus", "bad", "muted", "contrast", "good"),
        strict=True,
    )
)


def plot_shares(shares: pd.DataFrame, ax: Axes | None = None, *, title: str | None = None) -> Axes:
    """Draw weighted shares with their intervals beside the plain shares of the answers.

    Parameters
    ----------
    shares
        From `weighted_shares`.
    ax
        Where to draw.
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes

    Examples
    --------
    >>> found = pd.DataFrame({"plain": [0.2], "share": [0.15], "low": [0.1], "high": [0.2]}, index=["near"])
    >>> plot_shares(found).get_ylabel()
    'share of the households'
    """
    need_rows(shares, ["plain", "share", "low", "high"], "shares")
    ax = axes(ax)
    spots = np.arange(len(shares))
    ax.bar(
        spots - 0.2, shares["plain"], 0.38, color=COLORS["muted"], label=say("answers as they came")
    )
    ax.bar(spots + 0.2, shares["share"], 0.38, color=COLORS["focus"], label=say("weighted"))
    ax.errorbar(
        spots + 0.2, shares["share"], yerr=reach(shares, "share"), fmt="none", ecolor=COLORS["ink"],
        capsize=4, label=say("95 % interval"),
    )  # fmt: skip
    ax.set_xticks(spots, [label(kind) for kind in shares.index])
    ax.set(
        title=say("Kinds of people, plain and weighted") if title is None else title,
        ylabel=say("share of the households"),
        ylim=(0, min(1.0, float(shares["high"].max()) * 1.25)),
    )
    ax.yaxis.set_major_formatter(ticker.PercentFormatter(1, decimals=0))
    ax.legend(loc="upper left")
    return ax


def plot_reasons(
    stated: pd.Series, found: pd.Series, ax: Axes | None = None, *, title: str | None = None
) -> Axes:
    """Draw what lies behind each stated reason: a bar each, in pieces by the reason that was found.

    Parameters
    ----------
    stated, found
        A reason per person each.
    ax
        Where to draw.
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes

    Examples
    --------
    >>> plot_reasons(pd.Series(["too expensive"]), pd.Series(["no use for it"])).get_xlabel()
    'people'
    """
    ax = axes(ax, size="wide")
    table = pd.crosstab(np.asarray(stated, dtype=object), np.asarray(found, dtype=object))
    table = table.loc[table.sum(axis=1).sort_values(kind="stable").index]
    left = np.zeros(len(table))
    for reason in [name for name in _HUES if name in table]:
        ax.barh(
            np.arange(len(table)), table[reason], left=left, color=COLORS[_HUES[reason]],
            label=label(reason), edgecolor=COLORS["paper"],
        )  # fmt: skip
        left += table[reason].to_numpy()
    ax.set_yticks(np.arange(len(table)), [label(name) for name in table.index])
    ax.set(
        title=say("What people say, and what lies behind it") if title is None else title,
        xlabel=say("people"),
        ylabel=say("stated reason"),
        xlim=(0, 1.02 * left.max()),
    )
    ax.legend(loc="lower right", title=say("by the criteria"))
    return ax


def plot_near_by_area(
    areas: pd.DataFrame, ax: Axes | None = None, *, title: str | None = None
) -> Axes:
    """Draw the share of the near in each area, with its interval; areas never asked in another colour.

    Parameters
    ----------
    areas
        Index the area: ``share``, ``low``, ``high``, ``surveyed`` (bool).
    ax
        Where to draw.
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes

    Examples
    --------
    >>> row = pd.DataFrame({"share": [0.2], "low": [0.1], "high": [0.3], "surveyed": [True]}, index=["Elm Park"])
    >>> plot_near_by_area(row).get_xlabel()
    'share of the non-customers who are near'
    """
    need_rows(areas, ["share", "low", "high", "surveyed"], "areas")
    ax = axes(ax, size="wide")
    table = areas.sort_values("share", kind="stable")
    spots = np.arange(len(table))
    asked = table["surveyed"].to_numpy(dtype=bool)
    for chosen, hue, text in (
        (asked, "focus", say("surveyed")),
        (~asked, "contrast", say("never asked before")),
    ):
        if chosen.any():
            part = table[chosen]
            ax.errorbar(
                part["share"], spots[chosen], xerr=reach(part, "share"), fmt="o", color=COLORS[hue],
                capsize=4, ms=8, label=text,
            )  # fmt: skip
    ax.set_yticks(spots, list(table.index))
    ax.set(
        title=say("Near people, area by area") if title is None else title,
        xlabel=say("share of the non-customers who are near"),
        ylabel=say("area"),
        xlim=(0, float(table["high"].max()) * 1.1),
    )
    ax.xaxis.set_major_formatter(ticker.PercentFormatter(1, decimals=0))
    ax.legend(loc="lower right")
    return ax


def plot_must_haves(
    found: pd.DataFrame, ax: Axes | None = None, *, title: str | None = None
) -> Axes:
    """Draw for how many people each need is a must-have, with intervals.

    Parameters
    ----------
    found
        ``must_haves_`` of a `ScreeningModel`: index the need; ``share``, ``low``, ``high``. With a column ``said``
        (share by the forced ranking) this is drawn too.
    ax
        Where to draw.
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes

    Examples
    --------
    >>> row = pd.DataFrame({"share": [0.2], "low": [0.1], "high": [0.3]}, index=["quick"])
    >>> plot_must_haves(row).get_xlabel()
    'share of people who buy nothing without it'
    """
    need_rows(found, ["share", "low", "high"], "must-haves")
    ax = axes(ax)
    table = found.sort_values("share", kind="stable")
    spots = np.arange(len(table))
    ax.errorbar(
        table["share"], spots, xerr=reach(table, "share"), fmt="o", color=COLORS["focus"], capsize=4, ms=8,
        label=say("by what they bought, with 95 % interval"),
    )  # fmt: skip
    if "said" in table:
        ax.plot(
            table["said"],
            spots,
            "D",
            color=COLORS["contrast"],
            ms=8,
            label=say("by what they said"),
        )
    ax.set_yticks(spots, [label(need) for need in table.index])
    ax.set(
        title=say("For how many each need is a must-have") if title is None else title,
        xlabel=say("share of people who buy nothing without it"),
        ylabel=say("need"),
        xlim=(0, float(table["high"].max()) * 1.2),
        ylim=(-1.8, len(table) - 0.5),
    )
    ax.xaxis.set_major_formatter(ticker.PercentFormatter(1, decimals=0))
    ax.legend(loc="lower right")
    return ax


def plot_forecast(
    forecast: pd.DataFrame,
    trial: pd.DataFrame,
    truth: pd.Series | None = None,
    ax: Axes | None = None,
    *,
    title: str | None = None,
) -> Axes:
    """Draw what each offer was forecast to win beside what the trial found, and the truth where it is known.

    Parameters
    ----------
    forecast
        From `forecast_offers`.
    trial
        Index the offer: ``share``, ``low``, ``high``.
    truth
        The true shares, index the offer.
    ax
        Where to draw.
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes

    Examples
    --------
    >>> row = pd.DataFrame({"share": [0.1], "low": [0.05], "high": [0.2]}, index=["hire"])
    >>> plot_forecast(row, row).get_ylabel()
    'share of the non-customers who buy'
    """
    for table, what in ((forecast, "forecast"), (trial, "trial")):
        need_rows(table, ["share", "low", "high"], what)
    ax = axes(ax)
    spots = np.arange(len(forecast))
    for table, step, hue, text in (
        (forecast, -0.12, "contrast", say("forecast from the criteria")),
        (trial.loc[list(forecast.index)], 0.12, "focus", say("trial")),
    ):
        ax.errorbar(
            spots + step, table["share"], yerr=reach(table, "share"), fmt="o", color=COLORS[hue], capsize=4,
            ms=8, label=text,
        )  # fmt: skip
    if truth is not None:
        ax.plot(
            spots, truth.loc[list(forecast.index)], "_", color=COLORS["truth"], ms=26, mew=3,
            label=say("truth"),
        )  # fmt: skip
    ax.set_xticks(spots, [label(name) for name in forecast.index])
    top = max(float(forecast["high"].max()), float(trial["high"].max()))
    ax.set(
        title=say("What each offer wins") if title is None else title,
        xlabel=say("offer"),
        ylabel=say("share of the non-customers who buy"),
        ylim=(0, 1.3 * top),
    )
    ax.yaxis.set_major_locator(ticker.MultipleLocator(0.05))
    ax.yaxis.set_major_formatter(ticker.PercentFormatter(1, decimals=0))
    ax.legend(loc="upper left")
    return ax


__all__ = ["plot_forecast", "plot_must_haves", "plot_near_by_area", "plot_reasons", "plot_shares"]
