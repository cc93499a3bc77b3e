"""Pictures of joined databases, agents, suggestions and specialists. Each takes the analysed table, gives the Axes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crmkit.inputs import need_rows
from crmkit.later import later
from crmkit.say import label, labels, say
from crmkit.style import COLORS, axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ticker = later("matplotlib.ticker")

labels("joined", "joined, trained", "best seller", "next best", "next best, every call")


def plot_spoilt(
    gains: pd.DataFrame, ax: Axes | None = None, *, outcome: str = "wrong", title: str | None = None
) -> Axes:
    """Draw which part of the gain is left when a join mixes customers up.

    Parameters
    ----------
    gains
        From `desk_gains` with a best database, with a column ``mixed``: the share of customers mixed up.
    ax
    outcome
        Which of the outcomes.
    title
        The heading; the picture's own if left out.

    Examples
    --------
    >>> gains = pd.DataFrame({"outcome": "wrong", "mixed": [0.0, 0.1], "kept": [1.0, 0.7], "kept_low": [1, 0.6],
    ...     "kept_high": [1, 0.8]})
    >>> plot_spoilt(gains).get_xlabel()
    'customers mixed up with another one'
    """
    need_rows(gains, ["outcome", "mixed", "kept", "kept_low", "kept_high"], "gains")
    mine = gains[(gains["outcome"] == outcome) & gains["kept"].notna() & gains["mixed"].notna()]
    ax = axes(ax)
    ax.fill_between(
        mine["mixed"],
        mine["kept_low"].fillna(mine["kept"]),
        mine["kept_high"].fillna(mine["kept"]),
        color=COLORS["focus"], alpha=0.2, lw=0, label=say("95 % interval"),
    )  # fmt: skip
    ax.plot(
        mine["mixed"], mine["kept"], "o-", color=COLORS["focus"], label=say("part of the gain kept")
    )
    ax.axhline(
        0,
        color=COLORS["bad"],
        ls="--",
        label=say("as many wrong answers as with separate databases"),
    )
    ax.legend(loc="lower left")
    ax.set(
        title=say("What mixed-up customers leave of the gain") if title is None else title,
        xlabel=say("customers mixed up with another one"),
        ylabel=say("part of the gain kept"),
        ylim=(min(-0.45, float(mine["kept_low"].min()) - 0.1), 1.08),
    )
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(ticker.PercentFormatter(1, decimals=0))
    return ax


def plot_effects(
    effects: pd.DataFrame,
    ax: Axes | None = None,
    *,
    by: str = "view",
    truth: Mapping[str, float] | None = None,
    what: str = "",
    title: str | None = None,
) -> Axes:
    """Draw effects with their intervals, one row for each group, and the truth where it is known.

    Parameters
    ----------
    effects
        With `by`, ``effect``, ``low``, ``high``, one row per group.
    ax
    by
        Column of the groups.
    truth
        True effects, by group.
    what
        The outcome with its unit, for the axis.
    title

    Examples
    --------
    >>> effects = pd.DataFrame({"view": ["joined"], "effect": [-0.5], "low": [-0.9], "high": [-0.1]})
    >>> plot_effects(effects, what="minutes a call").get_xlabel()
    'minutes a call'
    """
    need_rows(effects, [by, "effect", "low", "high"], "effects")
    ax = axes(ax)
    place = -np.arange(len(effects), dtype=float)
    ax.hlines(place, effects["low"], effects["high"], color=COLORS["focus"], lw=3)
    ax.plot(
        effects["effect"], place, "o", color=COLORS["focus"], ms=9, label=say("estimate, with 95 % interval")
    )  # fmt: skip
    if truth is not None:
        ax.plot(
            [truth.get(name, np.nan) for name in effects[by]], place, "D", color=COLORS["truth"], ms=8,
            mfc="none", mew=2, label=say("truth"),
        )  # fmt: skip
    ax.axvline(0, ymax=len(effects) / (len(effects) + 0.6), color=COLORS["ink"], lw=1)
    ax.set_yticks(place, [label(name) for name in effects[by]])
    ax.legend(loc="upper left", ncols=2)
    ax.set(
        title=say("Effects, compared with the control group") if title is None else title,
        xlabel=what or say("effect"),
        ylim=(-len(effects) + 0.4, 1.0),
    )
    return ax


def plot_gears(
    gears: Mapping[str, pd.DataFrame], ax: Axes | None = None, *, title: str | None = None
) -> Axes:
    """Draw the share of callers solved at first contact, by the part of the payroll that specialists get.

    Parameters
    ----------
    gears
        Tables of `two_gears`, by the name of the desk.
    ax
    title

    Examples
    --------
    >>> table = pd.DataFrame({"specialists": [0, 1], "generalists": [7, 5], "solved": [0.77, 0.75]})
    >>> plot_gears({"one desk": table}).get_ylabel()
    'solved at first contact, of all callers'
    """
    ax = axes(ax)
    looks = [(COLORS["contrast"], "s"), (COLORS["focus"], "o"), (COLORS["good"], "^")]
    for (name, table), (hue, mark) in zip(gears.items(), looks, strict=False):
        need_rows(table, ["specialists", "generalists", "solved"], "gears")
        share = table["specialists"] / (table["specialists"] + table["generalists"])
        ax.plot(share, table["solved"], mark + "-", color=hue, label=name)
        top = table["solved"].idxmax()
        ax.plot(share[top], table.loc[top, "solved"], mark, color=hue, ms=15, mfc="none", mew=2)
    ax.legend(loc="lower left")
    ax.set(
        title=say("How many specialists one payroll should pay") if title is None else title,
        xlabel=say("specialists, of all agents"),
        ylabel=say("solved at first contact, of all callers"),
        xlim=(-0.02, 0.82),
        ylim=(0.4, 0.9),
    )
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(ticker.PercentFormatter(1, decimals=0))
    return ax


__all__ = ["plot_effects", "plot_gears", "plot_spoilt"]
