"""Pictures of the service desk. Each takes the analysed table and gives back the Axes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crmkit.inputs import need_number, need_rows
from crmkit.later import later
from crmkit.say import label, say
from crmkit.style import COLORS, axes, reach

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ticker = later("matplotlib.ticker")


def plot_arrivals(
    profile: pd.DataFrame, ax: Axes | None = None, *, title: str | None = None
) -> Axes:
    """Draw the calls by hour of the day, with their interval, and their mean.

    Parameters
    ----------
    profile
        From `arrival_profile`, by hour.
    ax
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes

    Examples
    --------
    >>> profile = pd.DataFrame({"hour": [9, 10], "calls": [20.0, 40.0], "low": [18.0, 36.0], "high": [22.0, 44.0]})
    >>> plot_arrivals(profile).get_ylabel()
    'calls in the hour'
    """
    need_rows(profile, ["hour", "calls", "low", "high"], "profile")
    ax = axes(ax)
    ax.bar(
        profile["hour"], profile["calls"], yerr=reach(profile, "calls"), color=COLORS["focus"], width=0.8,
        ecolor=COLORS["ink"], capsize=3, label=say("mean of the days, with 95 % interval"),
    )  # fmt: skip
    ax.axhline(
        profile["calls"].mean(), color=COLORS["contrast"], ls="--", label=say("mean of all hours")
    )
    ax.legend(loc="upper right")
    ax.set(
        title=say("Calls by hour of the day") if title is None else title,
        xlabel=say("hour of the day"),
        ylabel=say("calls in the hour"),
        ylim=(0, 1.25 * float(profile["high"].fillna(profile["calls"]).max())),
    )
    ax.set_xticks(profile["hour"])
    return ax


def plot_service(
    service: pd.DataFrame,
    ax: Axes | None = None,
    *,
    promise: float = 0.8,
    said: pd.DataFrame | None = None,
    title: str | None = None,
) -> Axes:
    """Draw the share answered in time by hour, with the promise, and what formulas say of it.

    Parameters
    ----------
    service
        From `service_by_hour` or `replay_plan`.
    ax
    promise
        Share of callers to be answered in time.
    said
        From `erlang_check`: what Erlang C and Erlang A say of each hour.
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes

    Examples
    --------
    >>> service = pd.DataFrame({"hour": [9, 10], "within": [0.9, 0.6], "low": [0.8, 0.5], "high": [0.95, 0.7]})
    >>> plot_service(service).get_xlabel()
    'hour of the day'
    """
    need_rows(service, ["hour", "within", "low", "high"], "service")
    need_number(promise, "promise", minimum=0, maximum=1)
    ax = axes(ax)
    ax.errorbar(
        service["hour"], service["within"], yerr=reach(service, "within"), fmt="o", color=COLORS["focus"], capsize=3,
        label=say("answered in time, with 95 % interval"),
    )  # fmt: skip
    ax.axhline(promise, color=COLORS["good"], ls="--", label=say("the promise"))
    if said is not None:
        need_rows(said, ["hour", "erlang_c", "erlang_a"], "said")
        for name, hue, mark in (("erlang_c", "bad", "v"), ("erlang_a", "contrast", "D")):
            text = (
                say("Erlang C: nobody hangs up")
                if name == "erlang_c"
                else say("Erlang A: some hang up")
            )
            ax.plot(said["hour"], said[name], mark, color=COLORS[hue], ms=7, mfc="none", label=text)
    ax.legend(loc="lower right", ncols=2)
    ax.set(
        title=say("Answered in time, by hour") if title is None else title,
        xlabel=say("hour of the day"),
        ylabel=say("share of all callers"),
        ylim=(0, 1.04),
    )
    ax.set_xticks(service["hour"])
    ax.yaxis.set_major_formatter(ticker.PercentFormatter(1, decimals=0))
    return ax


def plot_waiting(
    effects: pd.DataFrame,
    ax: Axes | None = None,
    *,
    truth: float | None = None,
    title: str | None = None,
) -> Axes:
    """Draw what a long wait seems to do, a row for each way to work it out, with its interval.

    Parameters
    ----------
    effects
        From `effect_of_waiting`.
    ax
    truth
        The true effect, as a share: a line.
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes

    Examples
    --------
    >>> effects = pd.DataFrame({"way": ["by chance"], "effect": [0.2], "low": [0.15], "high": [0.25]})
    >>> [label.get_text() for label in plot_waiting(effects).get_yticklabels()]
    ['by chance']
    """
    need_rows(effects, ["way", "effect", "low", "high"], "effects")
    ax = axes(ax)
    place = np.arange(len(effects))[::-1]
    ax.hlines(place, effects["low"], effects["high"], color=COLORS["focus"], lw=3)
    ax.plot(
        effects["effect"],
        place,
        "o",
        color=COLORS["focus"],
        label=say("estimate and 95 % interval"),
    )
    if truth is not None:
        ax.axvline(truth, color=COLORS["truth"], ls="--", lw=1.5, label=say("truth"))
    ax.axvline(0, color=COLORS["ink"], lw=1)
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=2)
    ax.set_yticks(place, [label(way) for way in effects["way"]])
    ax.grid(axis="x")
    ax.xaxis.set_major_formatter(lambda x, _: f"{100 * x:+.0f}")
    ax.set(
        title=say("What a long wait seems to do") if title is None else title,
        xlabel=say("percentage points after a long wait, against a short one"),
        ylim=(-0.5, len(effects) - 0.5),
    )
    return ax


def plot_response_times(
    shares: pd.Series, ax: Axes | None = None, *, title: str | None = None
) -> Axes:
    """Draw how soon answers came, a bar a class.

    Parameters
    ----------
    shares
        Share of all, by words for the time; in order.
    ax
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes

    Examples
    --------
    >>> ax = plot_response_times(pd.Series({"within an hour": 0.37, "never": 0.23}))
    >>> [text.get_text() for text in ax.texts]
    ['37%', '23%']
    """
    ax = axes(ax, size="small")
    hues = [COLORS["good"], *[COLORS["muted"]] * (len(shares) - 2), COLORS["bad"]]
    bars = ax.barh(
        [str(name) for name in shares.index], shares.to_numpy(), color=hues[: len(shares)]
    )
    ax.bar_label(bars, labels=[f"{share:.0%}" for share in shares], padding=4)
    ax.invert_yaxis()
    ax.set(
        title=say("How soon an answer came") if title is None else title,
        xlabel=say("share of all"),
        xlim=(0, 1.2 * float(shares.max())),
    )
    ax.xaxis.set_major_formatter(ticker.PercentFormatter(1, decimals=0))
    return ax
