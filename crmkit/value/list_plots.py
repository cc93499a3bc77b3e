"""Draw lists and scores: how sure a list is, what weights do to it, and the grid of recency and frequency.

Lessons use them from ``crmkit.value.plots``, with all other figures of the room.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crmkit.inputs import need_columns
from crmkit.later import later
from crmkit.say import mark as marked
from crmkit.say import say
from crmkit.style import COLORS, SEQUENTIAL, axes
from crmkit.value.certainty import SURE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ticker = later("matplotlib.ticker")

_WHOLE = ticker.PercentFormatter(1.0, decimals=0)


def plot_list_certainty(
    certainty: pd.DataFrame, top: int, ax: Axes | None = None, *, title: str | None = None
) -> Axes:
    """Draw in how many of the draws each customer is on the list, by place: sure names, doubtful ones, and the rest.

    Parameters
    ----------
    certainty
        As ``list_certainty`` gives.
    top
        Length of the list.
    ax
        Where to draw.
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes
    """
    need_columns(certainty, ["place", "on_list", "share_of_draws"], "certainty")
    ax = axes(ax)
    sure = certainty["on_list"] & (certainty["share_of_draws"] >= SURE)
    near = certainty["place"] <= 3 * top
    for mask, role, words in (
        (sure, "good", marked("sure of their place ({count:,})")),
        (certainty["on_list"] & ~sure, "contrast", marked("on the list, not sure ({count:,})")),
        (near & ~certainty["on_list"], "muted", marked("behind the cut")),
    ):
        shown = certainty[mask]
        ax.scatter(
            shown["place"], shown["share_of_draws"], s=14, alpha=0.7, linewidths=0,
            color=COLORS[role], label=say(words, count=len(shown)),
        )  # fmt: skip
    ax.axvline(top + 0.5, color=COLORS["ink"], linewidth=1)
    ax.axhline(SURE, color=COLORS["ink"], linewidth=1, linestyle="--")
    ax.yaxis.set_major_formatter(_WHOLE)
    ax.set(
        title=say("Close to the cut, chance decides") if title is None else title,
        xlabel=say("place by profit (1 is best; the cut lies at {top:,})", top=top),
        ylabel=say("share of the draws on the list"),
        xlim=(0, 3 * top),
        ylim=(-0.02, 1.03),
    )
    ax.legend(loc="upper right", bbox_to_anchor=(1, 0.91), markerscale=2)  # below the dashed line
    return ax


def plot_weight_sensitivity(
    steps: pd.DataFrame, top: int, ax: Axes | None = None, *, title: str | None = None
) -> Axes:
    """Draw how the top list changes as weight moves from the first ranking to the second.

    Parameters
    ----------
    steps
        As ``weight_sensitivity`` gives.
    top
        Length of the list.
    ax
        Where to draw.
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes
    """
    need_columns(steps, ["second_share", "still_of_first", "still_of_second"], "steps")
    ax = axes(ax)
    ax.plot(
        steps["second_share"],
        steps["still_of_first"],
        "o-",
        color=COLORS["focus"],
        label=say("of the list by money alone"),
    )
    ax.plot(
        steps["second_share"],
        steps["still_of_second"],
        "s-",
        color=COLORS["contrast"],
        label=say("of the other list alone"),
    )
    ax.xaxis.set_major_formatter(_WHOLE)
    ax.set(
        title=say("The weights decide who is on the list") if title is None else title,
        xlabel=say("weight of what is not money"),
        ylabel=say("customers still on the list of {top}", top=top),
        ylim=(0, top * 1.05),
    )
    ax.legend(loc="upper center")
    return ax


def plot_rfm_grid(
    scores: pd.DataFrame,
    values: object | None = None,
    ax: Axes | None = None,
    *,
    title: str | None = None,
) -> Axes:
    """Draw recency against frequency as a grid: how many customers are in each cell, and the mean of something.

    Parameters
    ----------
    scores
        ``R``, ``F``, as ``rfm_scores`` gives.
    values
        One number per customer, whose mean is shown above the count.
    ax
        Where to draw.
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes
    """
    need_columns(scores, ["R", "F"], "scores")
    ax = axes(ax)
    seen = scores.assign(value=1.0 if values is None else np.asarray(values, dtype=float))
    grid = seen.pivot_table(
        index="F", columns="R", values="value", aggfunc="sum" if values is None else "mean"
    )
    grid = grid.sort_index(ascending=False)
    numbers = grid.to_numpy(dtype=float)
    top = np.nanmax(numbers)
    ax.pcolormesh(
        np.ma.masked_invalid(numbers),
        cmap=SEQUENTIAL,
        vmin=0,
        vmax=top,
        edgecolors="white",
        linewidth=1.5,
    )
    counts = seen.pivot_table(index="F", columns="R", values="value", aggfunc="count")
    sizes = counts.reindex_like(grid).to_numpy()
    for row, column in np.argwhere(np.isfinite(numbers)):
        number = numbers[row, column]
        words = f"{number:,.0f}" if values is None or top >= 20 else f"{number:.1f}"
        if values is not None:
            words += f"\n({sizes[row, column]:,.0f})"
        ax.text(
            column + 0.5,
            row + 0.5,
            words,
            ha="center",
            va="center",
            color="white" if number > top / 2 else COLORS["ink"],
        )
    ax.set_xticks(np.arange(len(grid.columns)) + 0.5, grid.columns)
    ax.set_yticks(np.arange(len(grid)) + 0.5, grid.index)
    ax.invert_yaxis()
    ax.grid(visible=False)
    ax.set(
        title=say("Customers by recency and frequency") if title is None else title,
        xlabel=say("R: score of recency (high: bought lately)"),
        ylabel=say("F: score of frequency"),
    )
    return ax
