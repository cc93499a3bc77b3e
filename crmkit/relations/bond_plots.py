"""Pictures of bonds and repairs. Each takes the analysed table and gives back the Axes."""

from __future__ import annotations

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

labels("none", "financial", "social", "structural", "satisfaction")
#: Each bond's colour and marker, the same in every picture; other groups take the colours that are left.
_LOOK = {
    "none": (COLORS["muted"], "s"),
    "financial": (COLORS["contrast"], "D"),
    "social": (COLORS["focus"], "o"),
    "structural": (COLORS["good"], "^"),
}
_OTHERS = ((COLORS["extra"], "v"), (COLORS["bad"], "P"), (COLORS["ink"], "X"))


def look(groups: list) -> dict[object, tuple[str, str]]:
    """Give each group its colour and marker.

    Examples
    --------
    >>> look(["social", "other"])["social"][1]
    'o'
    """
    others = [name for name in groups if name not in _LOOK]
    return {
        name: _LOOK[name] if name in _LOOK else _OTHERS[others.index(name) % len(_OTHERS)]
        for name in groups
    }


def plot_staying(
    curve: pd.DataFrame,
    ax: Axes | None = None,
    *,
    attack_after: int | None = 26,
    by: str = "bond",
    title: str | None = None,
) -> Axes:
    """Draw the share still there, week by week, for each bond, and where the attack begins.

    Parameters
    ----------
    curve
        From `staying_curve`.
    ax
    attack_after
        The attack begins after so many weeks; None: there was none.
    by
        Column of the groups.
    title
        The heading; the picture's own if left out.

    Examples
    --------
    >>> from crmkit.relations import staying_curve
    >>> people = pd.DataFrame({"bond": "none", "weeks": [1, 2, 3], "left": [True, True, False]})
    >>> plot_staying(staying_curve(people), attack_after=None).get_xlabel()
    'weeks since the start'
    """
    need_rows(curve, [by, "week", "stay", "low", "high"], "curve")
    ax = axes(ax)
    groups = list(pd.unique(curve[by]))
    for name, (hue, mark) in look(groups).items():
        mine = curve[curve[by] == name]
        ax.fill_between(
            mine["week"], mine["low"], mine["high"], step="post", color=hue, alpha=0.18, lw=0
        )
        ax.step(
            mine["week"], mine["stay"], where="post", color=hue, marker=mark, markevery=8, ms=7,
            label=label(name),
        )  # fmt: skip
    if attack_after is not None:
        ax.axvline(
            attack_after, color=COLORS["bad"], ls="--", label=say("the rival cuts its prices")
        )
    ax.legend(loc="lower left")
    ax.set(
        title=say("How many are still there, by bond") if title is None else title,
        xlabel=say("weeks since the start"),
        ylabel=say("share still there"),
        ylim=(0, 1.03),
    )
    ax.yaxis.set_major_formatter(ticker.PercentFormatter(1, decimals=0))
    return ax


def plot_bond_value(
    value: pd.DataFrame,
    ax: Axes | None = None,
    *,
    by: str = "bond",
    unit: str = "",
    title: str | None = None,
) -> Axes:
    """Draw what each bond earns more than no bond, in each period, with its interval.

    Parameters
    ----------
    value
        From `bond_value`.
    ax
    by
        Column of the groups.
    unit
        Of the money, for the axis.
    title

    Examples
    --------
    >>> value = pd.DataFrame({"period": ["year"], "bond": ["social"], "more": [20.0], "low": [5.0], "high": [35.0]})
    >>> plot_bond_value(value, unit="GBP").get_xlabel()
    'margin less cost, more than without a bond (GBP a customer)'
    """
    need_rows(value, ["period", by, "more", "low", "high"], "value")
    shown = value[value["more"].notna()]
    ax = axes(ax)
    groups, periods = list(pd.unique(shown[by])), list(pd.unique(shown["period"]))
    for number, (name, (hue, mark)) in enumerate(look(groups).items()):
        mine = shown[shown[by] == name]
        place = -np.array([periods.index(period) for period in mine["period"]], float)
        place = place + 0.2 * ((len(groups) - 1) / 2 - number)
        ax.hlines(place, mine["low"], mine["high"], color=hue, lw=3)
        ax.plot(mine["more"], place, mark, color=hue, ms=9, label=label(name))
    # The lines end below the legend, which stands in the upper part of the picture.
    ax.axvline(0, ymax=len(periods) / (len(periods) + 0.45), color=COLORS["ink"], lw=1)
    ax.set_yticks(-np.arange(len(periods), dtype=float), [label(period) for period in periods])
    ax.legend(loc="upper left", ncols=len(groups))
    text = say("margin less cost, more than without a bond")
    ax.set(
        title=say("What each bond earns") if title is None else title,
        xlabel=say("{text} ({unit} a customer)", text=text, unit=unit) if unit else text,
        ylim=(-len(periods) + 0.5, 0.95),
    )
    return ax


def plot_made_good(
    table: pd.DataFrame, ax: Axes | None = None, *, title: str | None = None
) -> Axes:
    """Draw which share of a fault's harm a repair makes good, for each outcome.

    Parameters
    ----------
    table
        From `made_good`.
    ax
    title

    Examples
    --------
    >>> table = pd.DataFrame({"outcome": ["bought_180d"], "share": [0.6], "low": [0.4], "high": [0.9]})
    >>> plot_made_good(table).get_yticklabels()[0].get_text()
    'bought again in 180 days'
    """
    need_rows(table, ["outcome", "share", "low", "high"], "table")
    ax = axes(ax)
    place = np.arange(len(table), dtype=float)[::-1]
    ax.hlines(place, table["low"], table["high"], color=COLORS["focus"], lw=3)
    ax.plot(
        table["share"], place, "o", color=COLORS["focus"], ms=9, label=say("estimate, with 95 % interval")
    )  # fmt: skip
    ends_at = (len(table) + 0.1) / (len(table) + 0.8)
    ax.axvline(1, ymax=ends_at, color=COLORS["good"], ls="--", label=say("made good in full"))
    ax.set_yticks(
        place,
        [
            say("bought again in 180 days") if name == "bought_180d" else label(name)
            for name in table["outcome"]
        ],
    )
    ends = table[["share", "high"]].max(axis=None)
    ax.legend(loc="upper left")
    ax.set(
        title=say("How much of the harm a repair makes good") if title is None else title,
        xlabel=say("share of the harm that is made good"),
        xlim=(min(0.0, float(table[["share", "low"]].min(axis=None))), max(1.5, 1.1 * float(ends))),
        ylim=(-0.6, len(table) + 0.2),
    )
    ax.xaxis.set_major_formatter(ticker.PercentFormatter(1, decimals=0))
    return ax


__all__ = ["look", "plot_bond_value", "plot_made_good", "plot_staying"]
