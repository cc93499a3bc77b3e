"""Pictures of a game and its debrief. Each takes the analysed table and gives back the Axes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crmkit.game.money import about_money
from crmkit.inputs import need_rows
from crmkit.say import label, say
from crmkit.style import COLORS, axes, for_letters

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_side_by_side(
    table: pd.DataFrame, ax: Axes | None = None, *, title: str | None = None
) -> Axes:
    """Draw what a plan brought more than another, quarter by quarter, and summed up.

    Parameters
    ----------
    table
        From `crmkit.game.debrief.side_by_side`: ``quarter``, ``more``, ``so_far`` (money).
    ax
    title

    Returns
    -------
    Axes

    Examples
    --------
    >>> table = pd.DataFrame({"quarter": [1, 2], "more": [-500.0, 900.0], "so_far": [-500.0, 400.0]})
    >>> plot_side_by_side(table).get_xlabel()
    'quarter'
    """
    need_rows(table, ["quarter", "more", "so_far"], "table")
    ax = axes(ax)
    more = table["more"].to_numpy(dtype=float) / 1000
    colors = np.where(more >= 0, COLORS["good"], COLORS["bad"])
    ax.bar(table["quarter"], more, color=colors, width=0.7, label=say("in the quarter"))
    ax.plot(
        table["quarter"],
        table["so_far"] / 1000,
        "o-",
        color=COLORS["focus"],
        label=say("summed up"),
    )
    ax.axhline(0, color=COLORS["ink"], lw=1)
    ax.set_xticks(table["quarter"])
    ax.legend()
    about, end = about_money(), float(table["so_far"].iloc[-1])
    said = (
        say("The plan earned {money} more than the other", money=about.money(end))
        if end >= 0
        else say("The plan earned {money} less than the other", money=about.money(-end))
    )
    ax.set(
        title=said if title is None else title,
        xlabel=say("quarter"),
        ylabel=say("profit beside the other plan ({symbol}1,000)", symbol=about.symbol),
    )
    return ax


def plot_causes(table: pd.DataFrame, ax: Axes | None = None, *, title: str | None = None) -> Axes:
    """Draw what each part of a plan brought, with its interval over luck if there is one.

    Parameters
    ----------
    table
        From `crmkit.game.debrief.causes`: ``part``, ``brings``, ``low``, ``high`` (money).
    ax
    title

    Returns
    -------
    Axes

    Examples
    --------
    >>> table = pd.DataFrame({"part": ["prices", "all parts"], "brings": [900.0, 900.0]})
    >>> table["low"] = table["high"] = np.nan
    >>> plot_causes(table).get_ylabel()
    ''
    """
    need_rows(table, ["part", "brings", "low", "high"], "table")
    ax = axes(ax, size=(7, 0.45 * len(table) + 1.6))
    place = np.arange(len(table))[::-1]
    brings = table["brings"].to_numpy(dtype=float) / 1000
    whole = (table["part"] == "all parts").to_numpy()
    colors = np.select([whole, brings >= 0], [COLORS["focus"], COLORS["good"]], COLORS["bad"])
    ax.barh(place, brings, color=colors, height=0.65)
    ends = table[["low", "high"]].to_numpy(dtype=float) / 1000
    if np.isfinite(ends).any():
        ax.hlines(place, ends[:, 0], ends[:, 1], color=COLORS["ink"], lw=2)
    ax.axvline(0, color=COLORS["ink"], lw=1)
    ax.set_yticks(place, [label(part) for part in table["part"]])
    ax.grid(axis="x")
    ax.grid(visible=False, axis="y")
    parts = table[~whole]
    best = parts.loc[parts["brings"].abs().idxmax()] if len(parts) else None
    said = say("What each part of the plan brought")
    if best is not None:
        said = (
            say("Most was gained by: {part}", part=label(best["part"]))
            if best["brings"] >= 0
            else say("Most was lost by: {part}", part=label(best["part"]))
        )
    unit = say("beside the other plan ({symbol}1,000)", symbol=about_money().symbol)
    ax.set(title=said if title is None else title, xlabel=unit)
    return ax


def plot_luck(
    runs: pd.DataFrame,
    ax: Axes | None = None,
    *,
    measure: str = "value",
    title: str | None = None,
) -> Axes:
    """Draw the one run among runs of the same decisions on other luck.

    Parameters
    ----------
    runs
        From `crmkit.game.score.luck`: ``run`` (0 = the game's own) and `measure`.
    ax
    measure
        "profit", "equity" or "value" (money), or "health" (0 to 100).
    title

    Returns
    -------
    Axes

    Examples
    --------
    >>> runs = pd.DataFrame({"run": [0, 1, 2], "value": [9e5, 8e5, 7e5]})
    >>> plot_luck(runs).get_title(loc="left")
    'The same decisions: from £700,000 to £800,000 on other luck'
    """
    need_rows(runs, ["run", measure], "runs")
    ax = axes(ax)
    about, money = about_money(), measure != "health"
    unit = 1000 if money else 1
    others = np.sort(runs.loc[runs["run"] > 0, measure].to_numpy(dtype=float), kind="stable")
    own = float(runs.loc[runs["run"] == 0, measure].iloc[0])
    # Points of nearly the same value stand above one another.
    height = np.arange(len(others)) % 3
    ax.plot(others / unit, height, "o", color=COLORS["muted"], label=say("on other luck"))
    ax.plot([own / unit], [1], "D", color=COLORS["focus"], ms=11, label=say("this game"))
    ax.set_yticks([])
    ax.set_ylim(-1, 3.4)
    ax.grid(axis="x")
    ax.legend(ncols=2, loc="upper center")
    low, high = (float(others.min()), float(others.max())) if len(others) else (own, own)
    said = (
        say(
            "The same decisions: from {low} to {high} on other luck",
            low=about.money(low),
            high=about.money(high),
        )
        if money
        else say(
            "The same decisions: from {low:.0f} to {high:.0f} points on other luck",
            low=low,
            high=high,
        )
    )
    name = f"{label(measure)} ({about.symbol}1,000)" if money else say("health (0 to 100)")
    ax.set(title=said if title is None else title, xlabel=name)
    return ax


def plot_pairs(table: pd.DataFrame, ax: Axes | None = None, *, title: str | None = None) -> Axes:
    """Draw two plans on the same lucks, a pair on each line: its place shows the luck, its length the plan.

    Parameters
    ----------
    table
        One row per luck: ``profit`` and ``profit_other`` (£), of two plans on the same customers and luck.
    ax
    title

    Returns
    -------
    Axes

    Examples
    --------
    >>> table = pd.DataFrame({"profit": [10_000.0, 14_000.0], "profit_other": [16_000.0, 21_000.0]})
    >>> plot_pairs(table).get_title(loc="left")
    'In 2 of 2 pairs the plan earned less than the other'
    """
    need_rows(table, ["profit", "profit_other"], "table")
    ax = axes(ax, size=(7, 0.34 * len(table) + 2.0))
    # The luckiest pair stands above: the eye sees first what luck does, then what the plan does.
    shown = table.sort_values("profit_other", kind="stable")
    place = np.arange(len(shown))
    profit, other = (
        shown[name].to_numpy(dtype=float) / 1000 for name in ("profit", "profit_other")
    )
    ax.hlines(place, profit, other, color=COLORS["grid"], lw=5, zorder=1)
    ax.plot(other, place, "o", color=COLORS["muted"], ms=9, label=say("the other plan"))
    ax.plot(profit, place, "D", color=COLORS["focus"], ms=9, label=say("the plan"))
    ax.set_yticks([])
    # Room for the legend above the pairs: no point may lie under it.
    ax.set_ylim(-0.7, len(shown) + 0.4)
    ax.grid(axis="x")
    ax.legend(ncols=2, loc="upper left")
    less = int((profit < other).sum())
    said = (
        say(
            "In {less} of {count} pairs the plan earned less than the other",
            less=less,
            count=len(shown),
        )
        if 2 * less >= len(shown)
        else say(
            "In {more} of {count} pairs the plan earned more than the other",
            more=int((profit > other).sum()),
            count=len(shown),
        )
    )
    ax.set(
        title=said if title is None else title,
        xlabel=say("profit ({symbol}1,000)", symbol=about_money().symbol),
        ylabel=say("pairs, each on one luck"),
    )
    return ax


def plot_fates(table: pd.DataFrame, ax: Axes | None = None, *, title: str | None = None) -> Axes:
    """Draw how many customers each fate had, those who are the same left out.

    Parameters
    ----------
    table
        From `crmkit.game.debrief.fate_summary`: ``fate``, ``customers``.
    ax
    title

    Returns
    -------
    Axes

    Examples
    --------
    >>> plot_fates(pd.DataFrame({"fate": ["won", "same"], "customers": [12, 80]})).get_xlabel()
    'customers'
    """
    need_rows(table, ["fate", "customers"], "table")
    shown = table[table["fate"] != "same"]
    ax = axes(ax, size=(7, 0.45 * max(len(shown), 1) + 1.6))
    place = np.arange(len(shown))[::-1]
    gains = shown["fate"].isin(["won", "not driven away", "kept awake"]).to_numpy()
    colors = np.where(gains, COLORS["good"], COLORS["bad"])
    ax.barh(place, shown["customers"], color=colors, height=0.65)
    for at, number, hue in zip(place, shown["customers"], colors, strict=True):
        ax.text(number, at, f" {number:,}", va="center", color=for_letters(hue))
    ax.set_yticks(place, [label(fate) for fate in shown["fate"]])
    ax.margins(x=0.12)
    ax.grid(axis="x")
    ax.grid(visible=False, axis="y")
    said = say(
        "{gained:,} customers ended better than under the other plan, {lost:,} worse",
        gained=int(shown.loc[gains, "customers"].sum()),
        lost=int(shown.loc[~gains, "customers"].sum()),
    )
    ax.set(title=said if title is None else title, xlabel=say("customers"))
    return ax
