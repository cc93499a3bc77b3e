"""Pictures of privacy. Each takes the analysed table and gives back the Axes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crmkit.inputs import need_rows
from crmkit.later import later
from crmkit.relations.anonymity import class_sizes
from crmkit.say import label, labels, say
from crmkit.style import COLORS, axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ticker = later("matplotlib.ticker")
#: Where the groups of class sizes begin.
_SIZES = (1, 2, 5, 10)
_ARMS = {"not affected": "good", "told at once": "focus", "told late": "bad"}
labels("before", "after", *_ARMS)


def plot_class_sizes(
    versions: Mapping[str, pd.DataFrame],
    quasi: Sequence[str],
    ax: Axes | None = None,
    *,
    title: str | None = None,
) -> Axes:
    """Draw in how large a crowd the rows of a table hide, a bar for each version of it.

    Parameters
    ----------
    versions
        Tables by the words for them; quasi-identifiers that a version lacks are left out.
    quasi
        The columns that somebody else may know.
    ax
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes

    Examples
    --------
    >>> table = pd.DataFrame({"area": ["N", "N", "S"]})
    >>> [text.get_text() for text in plot_class_sizes({"as published": table}, ["area"]).get_yticklabels()]
    ['as published']
    """
    ax = axes(ax)
    place = np.arange(len(versions))[::-1]
    shares = []
    for table in versions.values():
        size = class_sizes(table, [name for name in quasi if name in table]).to_numpy()
        group = np.searchsorted(_SIZES, size, side="right") - 1
        shares.append(np.bincount(group, minlength=len(_SIZES)) / len(size))
    words = [
        say("alone"),
        say("with 1 to 3 others"),
        say("with 4 to 8 others"),
        say("with 9 others or more"),
    ]
    left = np.zeros(len(versions))
    for part, hue, word in zip(
        np.array(shares).T, ("bad", "contrast", "muted", "good"), words, strict=True
    ):
        ax.barh(place, part, left=left, color=COLORS[hue], label=word)
        left = left + part
    ax.set_yticks(place, [str(name) for name in versions])
    ax.legend(loc="upper center", bbox_to_anchor=(0.4, -0.16), ncols=2)
    ax.set(
        title=say("In how large a crowd rows hide") if title is None else title,
        xlabel=say("share of rows"),
        xlim=(0, 1),
    )
    ax.xaxis.set_major_formatter(ticker.PercentFormatter(1, decimals=0))
    return ax


def plot_lost(lost: pd.DataFrame, ax: Axes | None = None, *, title: str | None = None) -> Axes:
    """Draw what an analysis says before and after columns were made coarser.

    Parameters
    ----------
    lost
        From `what_is_lost`.
    ax
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes

    Examples
    --------
    >>> lost = pd.DataFrame({"version": ["before", "after"], "estimate": 0.1, "low": 0.08, "high": 0.12})
    >>> [text.get_text() for text in plot_lost(lost).get_yticklabels()]
    ['before', 'after']
    """
    need_rows(lost, ["version", "estimate", "low", "high"], "lost")
    ax = axes(ax)
    place = np.arange(len(lost))[::-1]
    ax.hlines(place, lost["low"], lost["high"], color=COLORS["focus"], lw=3)
    ax.plot(
        lost["estimate"], place, "o", color=COLORS["focus"], label=say("estimate and 95 % interval")
    )
    ax.axvline(0, color=COLORS["ink"], lw=1)
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.14))
    ax.set_yticks(place, [label(name) for name in lost["version"]])
    ax.xaxis.set_major_formatter(lambda x, _: f"{100 * x:+.0f}" if x else "0")
    ax.set(
        title=say("The same analysis, before and after") if title is None else title,
        xlabel=say("how much more often, for people born ten years earlier (percentage points)"),
        ylim=(-0.5, len(lost) - 0.5),
    )
    return ax


def plot_leak(
    weeks: pd.DataFrame,
    leak: pd.Timestamp | str,
    ax: Axes | None = None,
    *,
    title: str | None = None,
) -> Axes:
    """Draw the orders of each group week by week, around a leak.

    Parameters
    ----------
    weeks
        ``week``, ``arm``, ``people``, ``orders``.
    leak
        The week of the leak: a line.
    ax
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes

    Examples
    --------
    >>> weeks = pd.DataFrame({"week": pd.to_datetime(["2026-01-26", "2026-02-02"]), "people": 100, "orders": [14, 9]})
    >>> weeks["arm"] = "told late"
    >>> plot_leak(weeks, "2026-02-02").get_ylabel()
    'orders a week, for 100 people'
    """
    need_rows(weeks, ["week", "arm", "people", "orders"], "weeks")
    ax = axes(ax)
    day = pd.Timestamp(leak)
    for arm, rows in weeks.sort_values("week", kind="stable").groupby("arm", sort=False):
        at = (rows["week"] - day).dt.days // 7
        rate = 100 * rows["orders"] / rows["people"]
        hue = COLORS[_ARMS.get(str(arm), "muted")]
        ax.plot(at, rate, color=hue, lw=1, alpha=0.35)
        # Four weeks together, and none from before the leak with one after it.
        smooth = rate.groupby((at >= 0).to_numpy()).transform(
            lambda part: part.rolling(5, center=True, min_periods=3).mean()
        )
        ax.plot(at, smooth, color=hue, lw=2.5, label=label(str(arm)))
    ax.axvline(0, color=COLORS["ink"], ls="--", lw=1.5)
    ax.legend(loc="upper right", ncols=3)
    ax.set(
        title=say("Orders before and after a leak") if title is None else title,
        xlabel=say("weeks since the leak"),
        ylabel=say("orders a week, for 100 people"),
        ylim=(0, 1.3 * float((100 * weeks["orders"] / weeks["people"]).max())),
    )
    return ax


__all__ = ["plot_class_sizes", "plot_leak", "plot_lost"]
