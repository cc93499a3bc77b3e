"""Pictures of the first pillar: each takes an analysed frame and gives back the Axes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crmkit.companies import company, money
from crmkit.inputs import need_rows
from crmkit.say import label, labels, say
from crmkit.style import COLORS, DIVERGING, axes, for_letters

if TYPE_CHECKING:
    from matplotlib.axes import Axes

labels("learnt from choices", "said not to be too expensive", "truth")

_CHANNEL_COLORS = {
    "shop": COLORS["contrast"],
    "web": COLORS["focus"],
    "app": COLORS["muted"],
}
_CHANNEL_MARKS = {"shop": "s", "web": "o", "app": "^"}


def plot_touchpoint_map(
    shares: pd.DataFrame, ax: Axes | None = None, *, title: str | None = None
) -> Axes:
    """Draw the share that goes on at each touchpoint, by channel, with its 95 % interval.

    Parameters
    ----------
    shares
        What :func:`crmkit.mix.transition_shares` gives.
    ax
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes

    Examples
    --------
    >>> shares = pd.DataFrame({"channel": ["web"], "step": 1, "touchpoint": "shelf",
    ...                        "share": .5, "low": .4, "high": .6})
    >>> plot_touchpoint_map(shares).get_ylabel()
    'share who go on (%)'
    """
    need_rows(shares, ["channel", "step", "touchpoint", "share", "low", "high"], "shares")
    ax = axes(ax, size="wide")
    names = shares.sort_values("step", kind="stable").drop_duplicates("step")
    channels = list(shares["channel"].unique())
    for i, channel in enumerate(channels):
        part = shares[shares["channel"] == channel].sort_values("step", kind="stable")
        x = part["step"] + (i - (len(channels) - 1) / 2) * 0.16
        error = 100 * np.array([part["share"] - part["low"], part["high"] - part["share"]])
        ax.errorbar(
            x,
            100 * part["share"],
            yerr=error,
            fmt=_CHANNEL_MARKS.get(channel, "o"),
            color=_CHANNEL_COLORS.get(channel, COLORS["extra"]),
            label=label(channel),
            capsize=3,
            linewidth=1.8,
        )
    ax.set_xticks(names["step"], [label(name) for name in names["touchpoint"]])
    ax.set(
        title=say("Who goes on, touchpoint by touchpoint") if title is None else title,
        ylabel=say("share who go on (%)"),
        ylim=(0, 102),
    )
    ax.legend(ncols=len(channels), loc="lower right")
    return ax


def plot_clerk_curve(
    results: pd.DataFrame, ax: Axes | None = None, *, title: str | None = None
) -> Axes:
    """Draw conversion by number of questions: clerk B's line over clerk A's level.

    Parameters
    ----------
    results
        What :func:`crmkit.mix.clerk_results` gives.
    ax
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes

    Examples
    --------
    >>> from crmkit.mix import Shop, clerk_results
    >>> plot_clerk_curve(clerk_results(Shop.example())).get_xlabel()
    'questions that clerk B asks'
    """
    need_rows(results, ["clerk", "questions", "conversion"], "results of the clerks")
    ax = axes(ax)
    b = results[results["clerk"] == "B"]
    a = float(results.loc[results["clerk"] == "A", "conversion"].iloc[0])
    ax.plot(b["questions"], 100 * b["conversion"], "o-", color=COLORS["focus"])
    ax.axhline(100 * a, color=COLORS["contrast"], linestyle="--")
    last = int(b["questions"].max())
    ax.text(
        last,
        100 * a + 1,
        say("clerk A"),
        color=for_letters(COLORS["contrast"]),
        ha="right",
        va="bottom",
    )
    ax.text(
        last,
        100 * float(b["conversion"].iloc[-1]) + 2.5,
        say("clerk B"),
        color=COLORS["focus"],
        ha="right",
        va="bottom",
    )
    ax.set_xticks(b["questions"])
    ax.set(
        title=say("Sales by number of questions") if title is None else title,
        xlabel=say("questions that clerk B asks"),
        ylabel=say("visitors who buy (%)"),
        ylim=(0, max(50, 115 * float(b["conversion"].max()))),
    )
    return ax


def plot_where_a_wins_map(
    grid: pd.DataFrame, ax: Axes | None = None, *, title: str | None = None
) -> Axes:
    """Draw the lead of clerk B over clerk A by who comes in; the line is where they are level.

    Parameters
    ----------
    grid
        What :func:`crmkit.mix.where_a_wins` gives, at least two values of each share.
    ax
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes

    Examples
    --------
    >>> from crmkit.mix import Shop, where_a_wins
    >>> plot_where_a_wins_map(where_a_wins(Shop.example(), [0, 1], [0, 1])).get_xlabel()
    'visitors in a hurry (%)'
    """
    need_rows(grid, ["knows", "hurried", "b_less_a"], "grid of shops")
    ax = axes(ax)
    table = 100 * grid.pivot(index="knows", columns="hurried", values="b_less_a")
    most = float(np.abs(table.to_numpy()).max())
    x, y = 100 * table.columns.to_numpy(), 100 * table.index.to_numpy()
    mesh = ax.pcolormesh(x, y, table, cmap=DIVERGING, vmin=-most, vmax=most, shading="nearest")
    if table.to_numpy().min() < 0 < table.to_numpy().max():
        line = ax.contour(x, y, table, levels=[0], colors=COLORS["ink"], linewidths=2)
        ax.clabel(line, fmt={0: say("level")})
    bar = ax.figure.colorbar(mesh, ax=ax)
    bar.set_label(say("lead of B over A (points)"))
    ax.grid(False)
    ax.set(
        title=say("Where clerk A wins") if title is None else title,
        xlabel=say("visitors in a hurry (%)"),
        ylabel=say("visitors who know what they need (%)"),
    )
    return ax


def plot_importance_ranks(
    compared: pd.DataFrame,
    highlight: tuple[str, ...] = (),
    ax: Axes | None = None,
    *,
    title: str | None = None,
) -> Axes:
    """Draw ranks of needs as they are rated, as they are traded off, and as they are bought.

    Parameters
    ----------
    compared
        What :func:`crmkit.mix.compare_importance` gives.
    highlight
        Needs to draw in colour.
    ax
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes

    Examples
    --------
    >>> ranks = pd.DataFrame({"need": ["a", "b"], "stated_rank": [1, 2], "derived_rank": [2, 1],
    ...                       "revealed_rank": [2, 1]})
    >>> plot_importance_ranks(ranks).get_ylabel()
    'rank (1 = most important)'
    """
    columns = ["stated_rank", "derived_rank", "revealed_rank"]
    need_rows(compared, ["need", *columns], "compared importance")
    ax = axes(ax, size="tall")
    for row in compared.to_dict("records"):
        marked = row["need"] in highlight
        tone = COLORS["focus"] if marked else COLORS["muted"]
        ranks = [row[column] for column in columns]
        ax.plot(
            [0, 1, 2], ranks, "o-", color=tone, linewidth=3 if marked else 1.4, zorder=2 + marked
        )
        for x, place in ((0, "right"), (2, "left")):
            ax.text(
                x + (-0.07 if x == 0 else 0.07),
                ranks[x],
                label(row["need"]),
                ha=place,
                va="center",
                color=for_letters(tone),
                fontweight="bold" if marked else "normal",
            )
    ax.set_xticks([0, 1, 2], [say("rated"), say("traded off"), say("bought")])
    ax.set(
        title=say("Rank of needs, by how one asks") if title is None else title,
        ylabel=say("rank (1 = most important)"),
        xlim=(-0.75, 2.75),
        ylim=(len(compared) + 0.6, 0.4),
    )
    ax.grid(False)
    return ax


def plot_recovery_bars(
    found: pd.DataFrame, ax: Axes | None = None, *, title: str | None = None
) -> Axes:
    """Draw precision and recall of several ways to find must-haves.

    Parameters
    ----------
    found
        One row per way, its name as index, with ``precision`` and ``recall`` (:func:`crmkit.mix.recovery`).
    ax
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes

    Examples
    --------
    >>> bars = plot_recovery_bars(pd.DataFrame({"precision": [.4], "recall": [.9]}, index=["ticked"]))
    >>> len(bars.patches)
    2
    """
    need_rows(found, ["precision", "recall"], "recovery")
    ax = axes(ax)
    x = np.arange(len(found))
    for shift, name, text, tone in (
        (-0.2, "precision", say("of those called must-have: right"), COLORS["focus"]),
        (0.2, "recall", say("of the true must-haves: found"), COLORS["contrast"]),
    ):
        bars = ax.bar(x + shift, 100 * found[name], width=0.38, color=tone, label=text)
        ax.bar_label(bars, fmt="%.0f", padding=2)
    ax.set_xticks(x, [label(way) for way in found.index])
    ax.set(
        title=say("Must-haves found") if title is None else title,
        ylabel=say("share (%)"),
        ylim=(0, 125),
        yticks=range(0, 101, 20),
    )
    ax.legend(loc="upper left", ncols=2, fontsize=10.5)
    return ax


def plot_house_map(
    matrix: pd.DataFrame, ax: Axes | None = None, *, decimals: int = 0, title: str | None = None
) -> Axes:
    """Draw a house of quality: needs by levers, the stronger the darker, harm in red-brown.

    Parameters
    ----------
    matrix
        Needs by levers.
    ax
    decimals
        Decimals in the cells.
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes

    Examples
    --------
    >>> plot_house_map(pd.DataFrame({"staff": [9]}, index=["advice"])).get_xlabel()
    'levers of the offer (4P)'
    """
    ax = axes(ax, size="tall")
    cells = matrix.to_numpy(dtype=float)
    most = max(float(np.abs(cells).max()), 1e-9)
    # One scale for all houses: a 9 has the same colour beside harm and without any.
    ax.imshow(cells, cmap=DIVERGING, vmin=-most, vmax=most, aspect="auto")
    for (i, j), value in np.ndenumerate(cells):
        if round(value, decimals) != 0:
            tone = COLORS["paper"] if abs(value) > 0.55 * most else COLORS["ink"]
            ax.text(j, i, f"{value:.{decimals}f}", ha="center", va="center", color=tone)
    ax.set_xticks(
        range(matrix.shape[1]), [label(lever) for lever in matrix.columns], rotation=30, ha="right"
    )
    ax.set_yticks(range(matrix.shape[0]), [label(need) for need in matrix.index])
    ax.set(
        title=say("Which lever serves which need") if title is None else title,
        xlabel=say("levers of the offer (4P)"),
    )
    ax.set_ylabel(say("needs of the customer (4C)"))
    ax.grid(False)
    return ax


def plot_importance_bars(
    importance: pd.DataFrame,
    truth: pd.DataFrame | None = None,
    ax: Axes | None = None,
    *,
    believed: pd.DataFrame | None = None,
    title: str | None = None,
) -> Axes:
    """Draw shares of lever importance, with the true ones as marks and those of another house behind if given.

    Parameters
    ----------
    importance
        What :func:`crmkit.mix.lever_importance` gives, or :func:`crmkit.mix.lever_certainty`, whose intervals are drawn
        too.
    truth, believed
        What :func:`crmkit.mix.lever_importance` gives. Beliefs stand as wide grey bars behind.
    ax
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes

    Examples
    --------
    >>> plot_importance_bars(pd.DataFrame({"lever": ["staff"], "share": [1.0]})).get_xlabel()
    'share of importance (%)'
    """
    need_rows(importance, ["lever", "share"], "importance of levers")
    ax = axes(ax)
    ordered = importance.sort_values("share", kind="stable")
    names = [label(lever) for lever in ordered["lever"]]
    if believed is not None:
        behind = believed.set_index("lever")["share"].reindex(ordered["lever"])
        ax.barh(names, 100 * behind, 0.8, color=COLORS["grid"], label=say("as the team believed"))
    ax.barh(
        names,
        100 * ordered["share"],
        0.8 if believed is None else 0.45,
        color=COLORS["focus"],
        label=say("from the matrix") if believed is None else say("as measured"),
    )
    if "low" in ordered.columns:
        ends = 100 * ordered[["low", "high"]].to_numpy().T
        ax.hlines(names, *ends, color=COLORS["ink"], linewidth=1.5, label=say("95 % interval"))
    if truth is not None:
        true = truth.set_index("lever")["share"].reindex(ordered["lever"])
        ax.plot(100 * true, names, "D", color=COLORS["truth"], label=say("truth"))
    if truth is not None or believed is not None:
        ax.set_xlim(0, 1.35 * ax.get_xlim()[1])  # room for the legend
        ax.legend(loc="lower right")
    ax.set(
        title=say("Importance of levers") if title is None else title,
        xlabel=say("share of importance (%)"),
    )
    ax.grid(axis="x")
    ax.grid(axis="y", visible=False)
    return ax


def plot_meter_curves(
    curves: pd.DataFrame, points: pd.DataFrame, ax: Axes | None = None, *, title: str | None = None
) -> Axes:
    """Draw the price sensitivity meter: four curves, two of them also turned over, and the prices read off them.

    The grey band is the range of acceptable prices; dots mark its ends and the optimal price.

    Parameters
    ----------
    curves, points
        What :func:`crmkit.mix.psm_curves` and :func:`crmkit.mix.psm_points` give.
    ax
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes

    Examples
    --------
    >>> from crmkit.mix import psm_curves, psm_points
    >>> rows = pd.DataFrame({"too_cheap": [2, 4], "cheap": [4, 6], "expensive": [8, 9], "too_expensive": [9, 12]})
    >>> plot_meter_curves(psm_curves(rows, range(15)), psm_points(rows)).get_xlabel()
    'price (£)'
    """
    names = ["too_cheap", "cheap", "expensive", "too_expensive"]
    need_rows(curves, ["price", *names], "curves of the price sensitivity meter")
    need_rows(points, ["point", "price"], "points of the price sensitivity meter")
    ax = axes(ax)
    # All four are answers to open questions: one pair of colours, cheap and dear; the line says the rest.
    looks = {
        "too_cheap": (COLORS["muted"], 2.6, say("too cheap"), ""),
        "cheap": (COLORS["muted"], 1.4, say("cheap"), say("not cheap")),
        "expensive": (COLORS["bad"], 1.4, say("expensive"), say("not expensive")),
        "too_expensive": (COLORS["bad"], 2.6, say("too expensive"), ""),
    }
    for name, (tone, width, word, turned) in looks.items():
        shares = 100 * curves[name]
        ax.plot(curves["price"], shares, color=tone, linewidth=width, label=word)
        if turned:
            ax.plot(curves["price"], 100 - shares, "--", color=tone, linewidth=width, label=turned)
    at = points.set_index("point")["price"]
    ax.axvspan(at["lower end"], at["upper end"], color=COLORS["grid"], zorder=0)
    # Where each pair of lines crosses: the price that the method reads there.
    crossing = {
        "lower end": ("too_cheap", say("lower end"), "right"),
        "optimal price": ("too_expensive", say("optimal price"), "left"),
        "upper end": ("too_expensive", say("upper end"), "left"),
    }
    for point, (name, word, side) in crossing.items():
        height = 100 * float(np.interp(at[point], curves["price"], curves[name]))
        ax.plot(at[point], height, "o", color=COLORS["ink"], markersize=7, zorder=5)
        ax.annotate(
            f"{word} {money(at[point], 2)}",
            (at[point], height),
            xytext=(-8 if side == "right" else 8, 0),
            textcoords="offset points",
            ha=side,
            va="center",
            fontsize=11,
            bbox={"facecolor": COLORS["paper"], "edgecolor": "none", "alpha": 0.8, "pad": 1.5},
            zorder=6,
        )
    ax.set(
        title=say("Price sensitivity meter") if title is None else title,
        xlabel=say("price ({symbol})", symbol=company().sign),
        ylabel=say("customers who say so (%)"),
    )
    ax.legend(loc="center right")
    return ax


def plot_demand_curves(
    curves: Mapping[str, tuple[np.ndarray, np.ndarray]],
    interval: tuple[np.ndarray, np.ndarray, np.ndarray] | None = None,
    ax: Axes | None = None,
    *,
    title: str | None = None,
) -> Axes:
    """Draw shares who buy by price, one line per source; the one called "truth" in black.

    Parameters
    ----------
    curves
        Prices and shares by name: what is learnt from choices first, what was said second.
    interval
        Prices, low and high. A band around the first of them.
    ax
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes

    Examples
    --------
    >>> plot_demand_curves({"truth": (np.array([1, 2]), np.array([.9, .5]))}).get_xlabel()
    'price (£)'
    """
    ax = axes(ax)
    # In the plots of prices green is what choices say, red what customers said.
    tones = iter([COLORS["good"], COLORS["bad"], COLORS["focus"], COLORS["extra"]])
    if interval is not None:
        prices, low, high = interval
        ax.fill_between(
            prices, 100 * low, 100 * high, color=COLORS["good"], alpha=0.18, linewidth=0
        )
    for name, (prices, shares) in curves.items():
        true = name == "truth"
        tone = COLORS["truth"] if true else next(tones)
        ax.plot(prices, 100 * shares, "--" if true else "-", color=tone, label=label(name))
    ax.axhline(50, color=COLORS["muted"], linewidth=1, zorder=1)
    ax.set(
        title=say("Who buys at which price") if title is None else title,
        xlabel=say("price ({symbol})", symbol=company().sign),
        ylabel=say("customers who buy (%)"),
    )
    ax.set_ylim(0, 102)
    ax.legend()
    return ax


#: Mark and colour of each way to a price, the same in plots and explorer.
PRICE_LOOKS = {
    "competitors": ("s", COLORS["contrast"]),
    "cost-plus": ("^", COLORS["extra"]),
    "value": ("D", COLORS["good"]),
    "meter": ("v", COLORS["bad"]),
}
labels(*PRICE_LOOKS)


def plot_profit_curve(
    prices: np.ndarray,
    profit: np.ndarray,
    marks: Mapping[str, float],
    ax: Axes | None = None,
    *,
    beside: np.ndarray | None = None,
    title: str | None = None,
) -> Axes:
    """Draw profit by price, and the prices that several ways arrive at.

    Parameters
    ----------
    prices, profit
        In the company's currency; profit without a rival.
    marks
        Price by name. They stand on the line beside the rival if there is one.
    ax
    beside
        Profit at each price beside a rival, drawn in colour; the line without one is then grey as well.
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes

    Examples
    --------
    >>> plot_profit_curve(np.array([10.0, 12.0]), np.array([0.0, 9.0]), {"value": 11.0}).get_ylabel()
    'profit (thousand £ a year)'
    """
    ax = axes(ax)
    alone = say("without a rival")
    ax.plot(prices, profit / 1000, color=COLORS["muted"], label=None if beside is None else alone)
    shown = profit
    if beside is not None:
        shown = beside
        ax.plot(prices, beside / 1000, color=COLORS["focus"], label=say("beside the rival"))
    others = iter([COLORS["focus"], COLORS["ink"], COLORS["muted"]])
    for name, price in marks.items():
        height = float(np.interp(price, prices, shown)) / 1000
        mark, tone = PRICE_LOOKS.get(name) or ("o", next(others))
        ax.plot([price, price], [0, height], ":", color=tone)
        named = say("{name} {price}", name=label(name), price=money(price, 2))
        # What was only said is hollow, and larger: it may lie where another mark lies.
        look = {"markersize": 15, "fillstyle": "none", "markeredgewidth": 2}
        ax.plot(
            *(price, height, mark),
            color=tone,
            label=named,
            clip_on=False,
            **(look if name == "meter" else {"markersize": 10}),
        )
    ax.legend(loc="upper right")
    ax.set(
        title=say("Profit by price") if title is None else title,
        xlabel=say("price ({symbol})", symbol=company().sign),
        ylabel=say("profit (thousand {symbol} a year)", symbol=company().sign),
    )
    low, top = float(np.min([profit, shown])) / 1000, float(np.max([profit, shown])) / 1000
    ax.set_ylim(min(0.0, low), top * 1.15)
    return ax
