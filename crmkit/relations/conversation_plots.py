"""Pictures of conversations. Each takes the analysed table and gives back the Axes."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crmkit.inputs import need_number, need_rows
from crmkit.later import later
from crmkit.say import label, say
from crmkit.style import COLORS, axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ticker = later("matplotlib.ticker")


def plot_paths(
    paths: pd.DataFrame,
    ax: Axes | None = None,
    *,
    marks: Mapping[str, float] | pd.Series | None = None,
    bins: int = 20,
    symbol: str = "",
    title: str | None = None,
) -> Axes:
    """Draw how often somebody who talks at random gets which score, with marks for others.

    Parameters
    ----------
    paths
        From `all_paths`.
    ax
    marks
        Score by name: a row of `compare_styles`. Marks with the same score share a line.
    bins
        How many bars.
    symbol
        The currency's sign, for the axis.
    title
        The heading; the picture's own if left out.

    Examples
    --------
    >>> paths = pd.DataFrame({"score": [10.0, -20.0], "chance": [0.75, 0.25]})
    >>> ax = plot_paths(paths, marks={"best": 10.0}, symbol="£")
    >>> ax.get_xlabel(), len(ax.lines)
    ('score (£)', 1)
    """
    need_rows(paths, ["score", "chance"], "paths")
    need_number(bins, "bins", minimum=1)
    ax = axes(ax)
    ax.hist(
        paths["score"], bins=bins, weights=paths["chance"], color=COLORS["muted"],
        label=say("picked at random"),
    )  # fmt: skip
    together: dict[float, list[str]] = {}
    for name, score in ({} if marks is None else marks).items():
        together.setdefault(round(float(score), 6), []).append(label(name))
    looks = itertools.cycle(
        [("focus", "-"), ("contrast", "--"), ("bad", "-."), ("extra", (0, (6, 1, 1, 1, 1, 1)))]
    )
    best, chance = label("best"), label("at random")
    for score, names in sorted(together.items()):
        hue, style = (
            ("good", "-") if best in names else ("ink", ":") if chance in names else next(looks)
        )
        ax.axvline(score, color=COLORS[hue], ls=style, lw=2, label=" / ".join(names))
    # Marks may stand anywhere in the picture: the legend stays outside.
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=3)
    top = ax.get_ylim()[1]
    ax.set(
        title=say("What one conversation can lead to") if title is None else title,
        xlabel=say("score ({symbol})", symbol=symbol.strip()) if symbol else say("score"),
        ylabel=say("chance, picked at random"),
        ylim=(0, 1.1 * top),
    )
    ax.yaxis.set_major_locator(ticker.MaxNLocator(6, steps=[1, 2, 5, 10]))  # whole per cents
    ax.yaxis.set_major_formatter(ticker.PercentFormatter(1, decimals=0))
    return ax


def plot_choices(
    values: pd.DataFrame, ax: Axes | None = None, *, symbol: str = "", title: str | None = None
) -> Axes:
    """Draw what each wrong choice loses even if the best follows, step by step.

    Parameters
    ----------
    values
        From `choice_values`.
    ax
    symbol
        The currency's sign, for the axis.
    title
        The heading; the picture's own if left out.

    Examples
    --------
    >>> values = pd.DataFrame({"step": ["call", "call"], "choice": ["a", "b"], "id": ["no", "yes"], "loses": [9.0, 0]})
    >>> [text.get_text() for text in plot_choices(values).get_yticklabels()]
    ['call a: no', 'call b: yes']
    """
    need_rows(values, ["step", "choice", "id", "loses"], "values")
    ax = axes(ax)
    place = np.arange(len(values))
    best = values["loses"].to_numpy() < 1e-9
    ax.barh(place, values["loses"], color=COLORS["contrast"])
    ax.plot(
        np.zeros(best.sum()), place[best], "o", color=COLORS["focus"], clip_on=False, zorder=5,
        label=say("the best of its step"),
    )  # fmt: skip
    names = [f"{row.step} {row.choice}: {row.id}".replace("_", " ") for row in values.itertuples()]
    ax.set_yticks(place, names)
    ax.invert_yaxis()
    ax.legend(loc="lower right")
    ax.set(
        title=say("What a wrong choice loses") if title is None else title,
        xlabel=say("loses ({symbol}), if all later choices are the best", symbol=symbol.strip())
        if symbol
        else say("loses, if all later choices are the best"),
    )
    return ax


__all__ = ["plot_choices", "plot_paths"]
