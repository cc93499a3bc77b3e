"""Pictures of introductions. Each takes the analysed table and gives back the Axes."""

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

# Values that the pictures show.
labels("plain", "same kind", "regression", "told", "visited", "bought")


def plot_how_many(table: pd.DataFrame, ax: Axes | None = None, *, title: str | None = None) -> Axes:
    """Draw the share of customers who bring nobody, one, two, ..., beside their share of all friends.

    Parameters
    ----------
    table
        From `how_many_bring`.
    ax
    title
        The heading; the picture's own if left out.

    Examples
    --------
    >>> from crmkit.prospects import how_many_bring
    >>> plot_how_many(how_many_bring([0, 0, 1, 3])).get_ylabel()
    'share'
    """
    need_rows(table, ["friends", "share", "share_brought"], "table")
    ax = axes(ax)
    place = np.arange(len(table))
    for shift, name, hue, text in (
        (-0.2, "share", "muted", say("of all customers")),
        (0.2, "share_brought", "focus", say("of all friends")),
    ):
        ax.bar(place + shift, table[name], width=0.4, color=COLORS[hue], label=text)
    ax.set_xticks(place, list(table["friends"]))
    ax.legend(loc="upper center")
    ax.set(
        title=say("Who brings how many") if title is None else title,
        xlabel=say("friends, for each customer"),
        ylabel=say("share"),
    )
    ax.yaxis.set_major_formatter(ticker.PercentFormatter(1, decimals=0))
    return ax


def plot_closing(
    rates: pd.DataFrame,
    ax: Axes | None = None,
    *,
    rule: float | None = None,
    title: str | None = None,
) -> Axes:
    """Draw the share of introductions that goes a step further, with its interval, and a rule of thumb as a line.

    Parameters
    ----------
    rates
        From `closing_rates`.
    ax
    rule
        Share that a rule of thumb promises.
    title

    Examples
    --------
    >>> rates = pd.DataFrame({"of": ["told"], "who": ["bought"], "rate": [0.2], "low": [0.1], "high": [0.3]})
    >>> plot_closing(rates, rule=0.8).get_yticklabels()[0].get_text()
    'bought, of those told'
    """
    need_rows(rates, ["of", "who", "rate", "low", "high"], "rates")
    ax = axes(ax)
    place = np.arange(len(rates))[::-1]
    ax.hlines(place, rates["low"], rates["high"], color=COLORS["focus"], lw=3)
    ax.plot(
        rates["rate"], place, "o", color=COLORS["focus"], ms=9,
        label=say("counted, with 95 % interval"),
    )  # fmt: skip
    if rule is not None:
        ax.axvline(rule, color=COLORS["bad"], ls="--", label=say("rule of thumb"))
    words = [
        say("{who}, of those who visited", who=label(row.who))
        if row.of == "visited"
        else say("{who}, of those {of}", who=label(row.who), of=label(row.of))
        for row in rates.itertuples()
    ]
    ax.set_yticks(place, words)
    ax.legend(loc="upper left")
    ax.set(
        title=say("How many introductions go a step further") if title is None else title,
        xlabel=say("share"),
        xlim=(0, 1),
        ylim=(-0.6, len(rates) + 0.3),
    )
    ax.xaxis.set_major_formatter(ticker.PercentFormatter(1, decimals=0))
    return ax


def plot_gaps(
    gaps: pd.DataFrame,
    ax: Axes | None = None,
    *,
    truth: float | None = None,
    unit: str = "",
    title: str | None = None,
) -> Axes:
    """Draw how much more customers bring who came by a friend: plainly, and compared like with like.

    Parameters
    ----------
    gaps
        From `like_with_like`.
    ax
    truth
        The true effect, drawn as a line where a simulated company knows it.
    unit
        Of the outcome, for the axis.
    title

    Examples
    --------
    >>> gaps = pd.DataFrame({"way": ["plain"], "gap": [70.0], "low": [50.0], "high": [90.0]})
    >>> plot_gaps(gaps, unit="£").get_xlabel()
    'lead of those who came by a friend (£)'
    """
    need_rows(gaps, ["way", "gap", "low", "high"], "gaps")
    ax = axes(ax)
    place = np.arange(len(gaps))[::-1]
    hues = [COLORS["muted"] if way == "plain" else COLORS["focus"] for way in gaps["way"]]
    ax.hlines(place, gaps["low"], gaps["high"], color=hues, lw=3)
    ax.scatter(gaps["gap"], place, color=hues, s=80, zorder=3)
    ax.axvline(0, color=COLORS["ink"], lw=1)
    if truth is not None:
        ax.axvline(truth, color=COLORS["truth"], ls="--", label=say("truth"))
        ax.legend(loc="lower right")
    ax.set_yticks(place, [label(way) for way in gaps["way"]])
    lead = say("lead of those who came by a friend")
    ax.set(
        title=say("How much more customers bring who came by a friend") if title is None else title,
        xlabel=f"{lead} ({unit})" if unit else lead,
        ylim=(-0.7, len(gaps) - 0.4),
    )
    return ax


def plot_gap_over_time(
    over: pd.DataFrame,
    ax: Axes | None = None,
    *,
    stay: bool = False,
    title: str | None = None,
) -> Axes:
    """Draw one of the two leads over time: in margin while there, or in staying.

    Parameters
    ----------
    over
        From `gap_over_time`.
    ax
    stay
        The lead in staying, instead of that in margin.
    title

    Examples
    --------
    >>> over = pd.DataFrame({"to_month": [6], "more": [0.3], "more_low": [0.1], "more_high": [0.5]})
    >>> plot_gap_over_time(over).get_xlabel()
    'months since joining'
    """
    middle, name = ("stay_gap", "stay") if stay else ("more", "more")
    need_rows(over, ["to_month", middle, f"{name}_low", f"{name}_high"], "over")
    ax = axes(ax)
    hue = COLORS["good" if stay else "focus"]
    ax.vlines(over["to_month"], over[f"{name}_low"], over[f"{name}_high"], color=hue, lw=3)
    ax.plot(over["to_month"], over[middle], "o-", color=hue, ms=9)
    ax.axhline(0, color=COLORS["ink"], lw=1)
    ax.set_xticks(list(over["to_month"]))
    own = say("The lead in staying") if stay else say("The lead in margin")
    ax.set(
        title=own if title is None else title,
        xlabel=say("months since joining"),
        ylabel=say("still there, more than others (percentage points)")
        if stay
        else say("margin, more than others"),
    )
    ax.yaxis.set_major_formatter(
        (lambda y, _: f"{100 * y:g}") if stay else ticker.PercentFormatter(1, decimals=0)
    )
    return ax
