"""Pictures of messages, matching, feedback and nets. Each takes the analysed table and gives back the Axes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crmkit.companies import company
from crmkit.inputs import need_rows
from crmkit.later import later
from crmkit.say import label, say
from crmkit.style import COLORS, axes, reach

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ticker = later("matplotlib.ticker")
#: The colour of each kind of message, the same in every picture.
HUES = {"matched": "focus", "one for all": "contrast", "random": "extra"}
#: Up to so many people `plot_net` writes their numbers.
_NUMBERED = 12


def _points(share: float) -> str:
    """Write a difference of shares as percentage points: a sign except at zero, and a minus that is as wide as it."""
    points = round(100 * share)
    return f"{points:+d}".replace("-", "−") if points else "0"


def plot_messages(
    table: pd.DataFrame,
    ax: Axes | None = None,
    *,
    value: str = "effect",
    truth: pd.Series | None = None,
    unit: str = "points",
    title: str | None = None,
) -> Axes:
    """Draw what each arm does over no message, a row each, with its interval.

    Parameters
    ----------
    table
        From `message_effects` or `message_worth`: ``arm``, `value`, ``low``, ``high``.
    ax
    value
        Column of the estimate: "effect" or "net".
    truth
        The true values, by arm.
    unit
        "points" for a share (shown as percentage points), or a currency.
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes

    Examples
    --------
    >>> table = pd.DataFrame({"arm": ["matched"], "effect": [0.08], "low": [0.06], "high": [0.1]})
    >>> plot_messages(table).get_xlabel()
    'percentage points over no message'
    """
    need_rows(table, ["arm", value, "low", "high"], "table")
    ax = axes(ax, size="small")
    place = np.arange(len(table))[::-1]
    ax.hlines(place, table["low"], table["high"], color=COLORS["focus"], lw=3)
    ax.plot(
        table[value], place, "o", color=COLORS["focus"], label=say("estimate and 95 % interval")
    )
    if truth is not None:
        ax.plot(
            truth[table["arm"]],
            place,
            "D",
            color=COLORS["truth"],
            mfc="none",
            ms=9,
            label=say("truth"),
        )
    ax.axvline(0, color=COLORS["ink"], lw=1)
    ax.set_yticks(place, [label(arm) for arm in table["arm"]])
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.22), ncols=2)
    ax.grid(axis="x")
    points = unit == "points"
    if points:
        ax.xaxis.set_major_formatter(lambda x, _: _points(x))
    ax.set(
        title=say("What a message does") if title is None else title,
        xlabel=say("percentage points over no message")
        if points
        else say("{unit} a message, over no message", unit=unit),
        ylim=(-0.5, len(table) - 0.5),
    )
    return ax


def plot_matching(
    judged: pd.DataFrame,
    ax: Axes | None = None,
    *,
    learnt: pd.DataFrame | None = None,
    title: str | None = None,
) -> Axes:
    """Draw how often each way of matching hits, with intervals, and how often it seemed to on what it learnt from.

    Parameters
    ----------
    judged
        From `judge_matching` on later weeks.
    ax
    learnt
        From `judge_matching` on the weeks learnt from: hollow marks.
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes

    Examples
    --------
    >>> judged = pd.DataFrame({"way": ["nearest"], "hit_rate": [0.3], "low": [0.25], "high": [0.35]})
    >>> [text.get_text() for text in plot_matching(judged).get_xticklabels()]
    ['nearest']
    """
    need_rows(judged, ["way", "hit_rate", "low", "high"], "judged")
    ax = axes(ax)
    place = np.arange(len(judged))
    ax.errorbar(
        place, judged["hit_rate"], yerr=reach(judged, "hit_rate"), fmt="o", color=COLORS["focus"], capsize=4,
        label=say("later weeks, with 95 % interval"),
    )  # fmt: skip
    top = float(judged["high"].max())
    if learnt is not None:
        need_rows(learnt, ["way", "hit_rate"], "learnt")
        ax.plot(
            place, learnt["hit_rate"], "D", color=COLORS["bad"], mfc="none", ms=8,
            label=say("weeks learnt from: it has seen the answers"),
        )  # fmt: skip
        top = max(top, float(learnt["hit_rate"].max()))
    ax.set_xticks(place, [label(way) for way in judged["way"]])
    ax.legend(loc="upper left")
    ax.set(
        title=say("Whose recommendation is bought") if title is None else title,
        xlabel=say("way of matching"),
        ylabel=say("share of readers who bought it"),
        ylim=(0, 1.25 * top),
    )
    ax.set_yticks([tick for tick in ax.get_yticks() if tick <= 1 and tick <= 1.25 * top])
    ax.yaxis.set_major_formatter(ticker.PercentFormatter(1, decimals=0))
    return ax


def plot_frequency(
    table: pd.DataFrame,
    ax: Axes | None = None,
    *,
    unit: str | None = None,
    title: str | None = None,
) -> Axes:
    """Draw what so many messages a month add in margin, and what is left net of readers who leave.

    Parameters
    ----------
    table
        From `frequency_table`.
    ax
    unit
        The currency; default: that of the reader's company.
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes

    Examples
    --------
    >>> table = pd.DataFrame({"arm": "matched", "messages_month": [1.0, 8.0], "margin_more": [4.0, 11.0],
    ...     "net": [4.0, -2.0], "low": [1.0, -6.0], "high": [7.0, 2.0]})
    >>> plot_frequency(table, unit="GBP").get_ylabel()
    'GBP a reader, 90 days, over none'
    """
    need_rows(table, ["arm", "messages_month", "margin_more", "net", "low", "high"], "table")
    ax = axes(ax)
    unit = company().currency if unit is None else unit
    for step, (arm, part) in enumerate(table.groupby("arm", sort=True)):
        hue, name = COLORS[HUES.get(str(arm), "muted")], label(str(arm))
        ax.plot(
            part["messages_month"],
            part["margin_more"],
            ":",
            color=hue,
            label=say("{arm}: margin", arm=name),
        )
        ax.errorbar(
            part["messages_month"] + 0.08 * step, part["net"], yerr=reach(part, "net"), fmt="-o", color=hue,
            capsize=4, label=say("{arm}: net, with 95 % interval", arm=name),
        )  # fmt: skip
    ax.axhline(0, color=COLORS["ink"], lw=1)
    ax.legend(loc="lower left")
    ax.set_xticks(sorted(table["messages_month"].unique()))
    ax.set(
        title=say("How many messages pay") if title is None else title,
        xlabel=say("messages a month"),
        ylabel=say("{unit} a reader, 90 days, over none", unit=unit),
    )
    return ax


def plot_feedback(
    effects: pd.DataFrame,
    ax: Axes | None = None,
    *,
    truth: pd.DataFrame | None = None,
    title: str | None = None,
) -> Axes:
    """Draw what a reply and a report do over hearing nothing, for each outcome, with intervals.

    Parameters
    ----------
    effects
        From `feedback_effects`.
    ax
    truth
        ``outcome``, ``arm``, ``effect``: the true effects.
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes

    Examples
    --------
    >>> effects = pd.DataFrame({"outcome": ["buys"], "arm": ["report"], "effect": [0.1], "low": [0.05], "high": [0.15]})
    >>> [text.get_text() for text in plot_feedback(effects).get_yticklabels()]
    ['buys']
    """
    need_rows(effects, ["outcome", "arm", "effect", "low", "high"], "effects")
    ax = axes(ax)
    outcomes = list(pd.unique(effects["outcome"]))[::-1]
    for shift, arm in ((0.14, "report"), (-0.14, "reply")):
        part = effects[effects["arm"] == arm]
        if part.empty:
            continue
        place = np.array([outcomes.index(name) for name in part["outcome"]]) + shift
        hue = COLORS["focus" if arm == "report" else "muted"]
        ax.errorbar(
            part["effect"], place, xerr=reach(part, "effect"), fmt="o", color=hue, capsize=3,
            label=say("report of what was changed") if arm == "report" else say("reply that it was read"),
        )  # fmt: skip
        if truth is not None:
            known = part.merge(truth, on=["outcome", "arm"], suffixes=("", "_true"))
            at = [outcomes.index(name) + shift for name in known["outcome"]]
            ax.plot(
                known["effect_true"], at, "D", color=COLORS["truth"], mfc="none", ms=9,
                label=say("truth") if arm == "report" else None,
            )  # fmt: skip
    ax.axvline(0, color=COLORS["ink"], lw=1)
    ax.set_yticks(range(len(outcomes)), [label(name) for name in outcomes])
    ax.xaxis.set_major_formatter(lambda x, _: _points(x))
    ax.grid(axis="x")
    ax.legend(loc="upper center", bbox_to_anchor=(0.2, -0.14), ncols=3)
    ax.set(
        title=say("What it does to report back") if title is None else title,
        xlabel=say("percentage points over hearing nothing"),
        ylim=(-0.5, len(outcomes) - 0.5),
    )
    return ax


def plot_net(
    people: pd.DataFrame, links: pd.DataFrame, ax: Axes | None = None, *, title: str | None = None
) -> Axes:
    """Draw who knows whom: people on a circle, those of one kind together, with their numbers if there are few.

    Parameters
    ----------
    people, links
        As for `net_by_kind`.
    ax
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes

    Examples
    --------
    >>> people = pd.DataFrame({"person_id": [1, 2], "kind": ["host", "guest"]})
    >>> ax = plot_net(people, pd.DataFrame({"person_id": [1], "knows_id": [2]}))
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['guest', 'host']
    """
    need_rows(people, ["person_id", "kind"], "people")
    need_rows(links, ["person_id", "knows_id"], "links")
    ax = axes(ax, size=(6.4, 4.4))
    order = people.sort_values(["kind", "person_id"], kind="stable").reset_index(drop=True)
    turn = 2 * np.pi * np.arange(len(order)) / len(order)
    spot = pd.DataFrame({"x": np.cos(turn), "y": np.sin(turn)}, index=order["person_id"])
    ends = [spot.loc[links[name]].to_numpy() for name in ("person_id", "knows_id")]
    lines = np.full((3 * len(links), 2), np.nan)
    lines[0::3], lines[1::3] = ends
    ax.plot(*lines.T, color=COLORS["muted"], lw=0.8, alpha=0.7, zorder=1)
    hues, marks = ("focus", "contrast", "good", "extra", "bad"), "osD^v"
    for i, (kind, part) in enumerate(order.groupby("kind", sort=True)):
        ax.plot(
            spot.loc[part["person_id"], "x"], spot.loc[part["person_id"], "y"], marks[i % 5],
            color=COLORS[hues[i % 5]], ms=9, label=label(str(kind)),
        )  # fmt: skip
    # In a small net each person has room for a number; in a large one the numbers would hide the lines.
    if len(order) <= _NUMBERED:
        for person, x, y in spot.itertuples():
            ax.text(1.13 * x, 1.13 * y, str(person), ha="center", va="center")
        ax.set(xlim=(-1.25, 1.25), ylim=(-1.25, 1.25))
    ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    ax.set_aspect("equal")
    ax.set_axis_off()
    ax.set_title(say("Who knows whom") if title is None else title)
    return ax
