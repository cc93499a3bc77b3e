"""Draw records: customers in pieces, what an agreement is worth, and how much evidence each pair has.

Lessons use them from ``crmkit.value.plots``, with all other figures of the room.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from matplotlib.colors import LinearSegmentedColormap, to_hex

from crmkit.companies import company
from crmkit.errors import CrmkitError
from crmkit.inputs import need_columns, need_frame
from crmkit.say import label, say
from crmkit.style import COLORS, axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Systems in tints of one colour: the others have a meaning of their own in lesson 25.
_TINTS = LinearSegmentedColormap.from_list("systems", ["#FFFFFF", COLORS["extra"]])


def plot_evidence(table: pd.DataFrame, ax: Axes | None = None, *, title: str | None = None) -> Axes:
    """Draw what each kind of agreement is worth as evidence that two records are of one person.

    Parameters
    ----------
    table
        ``table`` of a `crmkit.value.profile.MatchModel`: index field and agreement, column ``weight`` (bits).
    ax
        Where to draw.
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes
    """
    need_columns(table, ["weight"], "table")
    ax = axes(ax)
    weight = table["weight"].iloc[::-1]
    place = np.arange(len(weight))
    tints = np.where(weight > 0, COLORS["focus"], COLORS["contrast"])
    ax.barh(place, weight, color=tints)
    for at, value in enumerate(weight.tolist()):
        ax.text(
            value + (0.4 if value > 0 else -0.4),
            at,
            f"{value:+.0f}".replace("-", "−"),
            va="center",
            ha="left" if value > 0 else "right",
        )
    ax.axvline(0, color=COLORS["ink"], linewidth=1)
    ax.set_yticks(
        place, [f"{label(field)}: {label(agreement)}" for field, agreement in weight.index]
    )
    ax.margins(x=0.12)
    ax.set(
        title=say("What an agreement is worth") if title is None else title,
        xlabel=say("weight of evidence (bits)"),
    )
    return ax


def plot_match_weights(
    scored: pd.DataFrame,
    same: pd.Series | np.ndarray | None = None,
    ax: Axes | None = None,
    *,
    title: str | None = None,
) -> Axes:
    """Draw how many pairs of records have how much evidence behind them, coloured by the truth if it is known.

    Parameters
    ----------
    scored
        From `crmkit.value.profile.score_pairs`: column ``weight``.
    same
        Whether each pair truly is of one person, in the order of `scored`.
    ax
        Where to draw; the counts stand on a logarithmic scale.
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes
    """
    need_columns(scored, ["weight"], "scored")
    ax = axes(ax)
    weight = scored["weight"].to_numpy(float)
    edges = np.arange(np.floor(weight.min() / 3) * 3, weight.max() + 3.01, 3).tolist()
    if same is None:
        ax.hist(weight, edges, color=COLORS["focus"])
    else:
        known = np.asarray(same, dtype=bool)
        # One outline each, not thirty bars: an explorer paints them again at every step of a drag.
        outline = {"bins": edges, "histtype": "stepfilled"}
        ax.hist(
            weight[~known], **outline, color=COLORS["contrast"], alpha=0.75, label=say("two people")
        )
        ax.hist(
            weight[known], **outline, color=COLORS["focus"], alpha=0.65, label=say("one person")
        )
        ax.legend(loc="upper right", title=say("in truth"))
    ax.set_yscale("log")
    counts = [1, 10, 100, 1_000, 10_000]
    ax.set_yticks(counts, [f"{count:,}" for count in counts])
    ax.set(
        title=say("Pairs of records, by evidence") if title is None else title,
        xlabel=say("weight of evidence (bits)"),
        ylabel=say("pairs (each line: ten times as many)"),
    )
    return ax


def plot_pieces(
    pieces: pd.DataFrame,
    cut: float | None = None,
    ax: Axes | None = None,
    *,
    of: Literal["margin", "turnover"] = "turnover",
    title: str | None = None,
) -> Axes:
    """Draw customers as they are, each a column in pieces, one piece per system.

    Parameters
    ----------
    pieces
        One row per customer, one column per system: what was bought there; drawn from the largest sum down.
    cut
        What one record must reach to be on a list of records: a dashed line. Customers whose every piece lies below it
        get a mark.
    ax
        Where to draw.
    of
        What the pieces are made of, for the axis.
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes
    """
    if need_frame(pieces, "pieces").empty:
        raise CrmkitError("pieces: there are no customers to draw.")
    ax = axes(ax)
    ranked = pieces.fillna(0).loc[
        pieces.sum(axis=1).sort_values(ascending=False, kind="stable").index
    ]
    place = np.arange(len(ranked))
    below = np.zeros(len(ranked))
    tints = [to_hex(_TINTS(at)) for at in np.linspace(1.0, 0.15, len(ranked.columns))]
    for column, tint in zip(ranked.columns, tints, strict=True):
        ax.bar(
            place,
            ranked[column],
            bottom=below,
            color=tint,
            edgecolor=COLORS["extra"],
            linewidth=0.5,
            width=0.8,
            label=label(str(column)),
        )
        below = below + ranked[column].to_numpy(float)
    if cut is not None:
        unseen = (ranked < cut).all(axis=1).to_numpy()
        ax.axhline(
            cut, color=COLORS["ink"], linewidth=1.5, linestyle="--", label=say("cut of the list")
        )
        ax.plot(
            place[unseen],
            below[unseen] + 0.03 * below.max(),
            "v",
            color=COLORS["ink"],
            label=say("no piece reaches the cut"),
        )
    ax.set_xticks([])
    ax.yaxis.set_major_formatter("{x:,.0f}")
    ax.set(
        title=say("The best customers, in pieces") if title is None else title,
        xlabel=say("customers, largest sum first"),
        ylabel=(
            say("margin ({symbol})", symbol=company().sign)
            if of == "margin"
            else say("turnover ({symbol})", symbol=company().sign)
        ),
        xlim=(-0.8, len(ranked) - 0.2),
        ylim=(0, None),
    )
    ax.legend()
    return ax
