"""Draw who matters: each takes an analysed table, draws on `ax` or a new figure, and gives the Axes back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crmkit.companies import company
from crmkit.inputs import need_columns, need_frame
from crmkit.later import later
from crmkit.say import label, say
from crmkit.say import mark as marked
from crmkit.style import COLORS, SEQUENTIAL, axes, color, for_letters
from crmkit.value.concentration import concentration_curve
from crmkit.value.lifetime_plots import plot_alive_path as plot_alive_path
from crmkit.value.lifetime_plots import plot_cumulative as plot_cumulative
from crmkit.value.lifetime_plots import plot_holdout_by_frequency as plot_holdout_by_frequency
from crmkit.value.lifetime_plots import plot_repeat_counts as plot_repeat_counts
from crmkit.value.lifetime_plots import plot_spread as plot_spread
from crmkit.value.list_plots import plot_list_certainty as plot_list_certainty
from crmkit.value.list_plots import plot_rfm_grid as plot_rfm_grid
from crmkit.value.list_plots import plot_weight_sensitivity as plot_weight_sensitivity
from crmkit.value.migration import AWAY
from crmkit.value.record_plots import plot_evidence as plot_evidence
from crmkit.value.record_plots import plot_match_weights as plot_match_weights
from crmkit.value.record_plots import plot_pieces as plot_pieces

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ticker = later("matplotlib.ticker")

_WHOLE = ticker.PercentFormatter(1.0, decimals=0)
_THOUSANDS = ticker.StrMethodFormatter("{x:,.0f}")


def plot_concentration(
    values: Mapping[str, object] | object,
    ax: Axes | None = None,
    *,
    mark: float | None = 0.2,
    title: str | None = None,
) -> Axes:
    """Draw the Pareto curve: what share of the value the best share of the customers bring.

    Parameters
    ----------
    values
        One number per customer, or several such by name (at most four).
    ax
        Where to draw.
    mark
        Share of the customers to mark on every curve; None for none.
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes
    """
    ax = axes(ax)
    named = values if isinstance(values, Mapping) else {"value": values}
    roles = ["focus", "contrast", "good", "extra"]
    highest = 1.0
    ax.plot([0, 1], [0, 1], color=COLORS["muted"], linewidth=1.2, linestyle="--")
    ax.annotate(
        say("all the same"),
        (0.62, 0.62),
        xytext=(0.64, 0.55),
        color=for_letters(COLORS["muted"]),
        fontsize=11,
    )
    # The highest curve is labelled on its free side, the others below.
    shares = {name: np.interp(mark or 0, *_curve(numbers)) for name, numbers in named.items()}
    upper = max(shares, key=lambda name: shares[name])
    for (name, numbers), role in zip(named.items(), roles, strict=False):
        along, up = _curve(numbers)
        ax.plot(along, up, color=COLORS[role], label=label(name))
        highest = max(highest, up.max())
        if mark is not None:
            reached = float(np.interp(mark, along, up))
            ax.plot([mark], [reached], "o", color=COLORS[role])
            above = name == upper
            ax.annotate(
                f"{reached:.0%}",
                (mark, reached),
                xytext=(-8, 4) if above else (9, -14),
                textcoords="offset points",
                ha="right" if above else "left",
                color=for_letters(COLORS[role]),
            )
    if highest > 1.005:
        ax.axhline(1, color=COLORS["ink"], linewidth=1)
    ax.xaxis.set_major_formatter(_WHOLE)
    ax.yaxis.set_major_formatter(_WHOLE)
    ax.set(
        title=say("Who brings how much") if title is None else title,
        xlabel=say("share of the customers, best first"),
        ylabel=say("share of the total"),
        xlim=(0, 1),
        ylim=(0, highest * 1.06),
    )
    if len(named) > 1:
        ax.legend(loc="lower right")
    return ax


def plot_tiers(table: pd.DataFrame, ax: Axes | None = None, *, title: str | None = None) -> Axes:
    """Draw the pyramid: each tier's share of the customers beside its share of the value.

    Parameters
    ----------
    table
        As ``tier_table(tiers, values)`` gives.
    ax
        Where to draw.
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes
    """
    need_columns(table, ["tier", "customer_share", "value_share"], "table")
    ax = axes(ax)
    place = np.arange(len(table))
    for shift, column, role, words in (
        (-0.2, "customer_share", "muted", say("share of the customers")),
        (0.2, "value_share", "focus", say("share of the value")),
    ):
        bars = ax.barh(place + shift, table[column], height=0.38, color=COLORS[role], label=words)
        ax.bar_label(
            bars, labels=[f"{share:.1%}" for share in table[column]], padding=4, fontsize=11
        )
    ax.set_yticks(place, [label(tier) for tier in table["tier"]])
    ax.invert_yaxis()
    ax.xaxis.set_major_formatter(_WHOLE)
    ax.grid(axis="y", visible=False)
    low, high = (
        table["value_share"].min(),
        table[["customer_share", "value_share"]].to_numpy().max(),
    )
    left = low - 0.12 * high if low < 0 else 0.0  # room for the number beside a minus
    ax.set(
        title=say("The customer pyramid") if title is None else title,
        xlabel=say("share"),
        xlim=(left, high * 1.18),
    )
    ax.legend(loc="upper right")
    return ax


def plot_profit_against_turnover(
    profits: pd.DataFrame, ax: Axes | None = None, *, title: str | None = None
) -> Axes:
    """Draw every customer's profit against turnover: loss-makers stand below the line.

    Parameters
    ----------
    profits
        ``turnover``, ``profit``, as ``customer_profit`` gives.
    ax
        Where to draw.
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes
    """
    need_columns(profits, ["turnover", "profit"], "profits")
    ax = axes(ax)
    losing = profits["profit"] < 0
    for mask, role, words in (
        (~losing, "focus", marked("brings profit ({count:,})")),
        (losing, "bad", marked("costs more than it brings ({count:,})")),
    ):
        ax.scatter(
            profits.loc[mask, "turnover"], profits.loc[mask, "profit"], s=9, alpha=0.5, linewidths=0,
            color=COLORS[role], label=say(words, count=int(mask.sum())),
        )  # fmt: skip
    ax.axhline(0, color=COLORS["ink"], linewidth=1)
    ax.xaxis.set_major_formatter(_THOUSANDS)
    ax.yaxis.set_major_formatter(_THOUSANDS)
    ax.set(
        title=say("Turnover is not profit") if title is None else title,
        xlabel=say("turnover ({symbol})", symbol=company().sign),
        ylabel=say("profit ({symbol})", symbol=company().sign),
    )
    ax.legend(loc="upper left", markerscale=3)
    return ax


def plot_migration(
    matrix: pd.DataFrame, ax: Axes | None = None, *, title: str | None = None
) -> Axes:
    """Draw the flow of customers from their tiers on one day to their tiers on another.

    Parameters
    ----------
    matrix
        As ``migration_matrix`` gives (customers, not shares).
    ax
        Where to draw.
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes
    """
    ax = axes(ax, size="tall")
    numbers = matrix.to_numpy(dtype=float)
    total = numbers.sum()
    gap = total * 0.03
    tints = {AWAY: COLORS["ink"], "new": COLORS["contrast"]}
    left = _stack(numbers.sum(axis=1), gap)
    right = _stack(numbers.sum(axis=0), gap)
    bend = np.linspace(0, 1, 40)
    smooth = 3 * bend**2 - 2 * bend**3
    used_left, used_right = left[:, 0].copy(), right[:, 0].copy()
    for i, start in enumerate(matrix.index):
        for j in range(len(matrix.columns)):
            if not numbers[i, j]:
                continue
            low = used_left[i] + (used_right[j] - used_left[i]) * smooth
            ax.fill_between(
                bend,
                low,
                low + numbers[i, j],
                color=tints.get(start, color(start)),
                alpha=0.35,
                linewidth=0,
            )
            used_left[i] += numbers[i, j]
            used_right[j] += numbers[i, j]
    for at, names, spans, side in (
        (0, matrix.index, left, "right"),
        (1, matrix.columns, right, "left"),
    ):
        for name, (low, high) in zip(names, spans, strict=True):
            ax.plot(
                [at, at],
                [low, high],
                color=tints.get(name, color(name)),
                linewidth=7,
                solid_capstyle="butt",
            )
            ax.text(
                at + (-0.03 if side == "right" else 0.03),
                (low + high) / 2,
                f"{name} {high - low:,.0f}",
                ha=side,
                va="center",
                fontsize=11.5,
            )
    ax.set(
        title=say("Who climbs and who sinks") if title is None else title,
        xlim=(-0.32, 1.32),
        ylim=(max(left[-1, 1], right[-1, 1]) + gap, -3.2 * gap),
    )
    ax.text(0, -gap * 1.6, matrix.index.name or say("before"), ha="center", fontsize=12)
    ax.text(1, -gap * 1.6, matrix.columns.name or say("after"), ha="center", fontsize=12)
    ax.axis("off")
    return ax


def plot_review_schedule(
    schedule: pd.DataFrame, ax: Axes | None = None, *, title: str | None = None
) -> Axes:
    """Draw how wrong a list of tiers grows with its age.

    Parameters
    ----------
    schedule
        As ``review_schedule`` gives.
    ax
        Where to draw.
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes
    """
    need_columns(
        schedule,
        ["age_days", "wrong_share", "top_missed_share"],
        "schedule",
    )
    ax = axes(ax)
    months = schedule["age_days"] / (365.25 / 12)
    ax.plot(
        months,
        schedule["wrong_share"],
        "o-",
        color=COLORS["focus"],
        label=say("in another tier by now"),
    )
    ax.plot(
        months,
        schedule["top_missed_share"],
        "s-",
        color=COLORS["contrast"],
        label=say("of today's best: not marked as such"),
    )
    ax.yaxis.set_major_formatter(_WHOLE)
    ax.xaxis.set_major_locator(ticker.MultipleLocator(3 if months.max() <= 30 else 12))
    ax.set(
        title=say("A list of tiers grows stale") if title is None else title,
        xlabel=say("age of the list (months)"),
        ylabel=say("share of the customers"),
        ylim=(0, 1),
    )
    ax.legend(loc="upper left")
    return ax


def plot_segment_profiles(
    features: pd.DataFrame, segments: pd.Series, ax: Axes | None = None, *, title: str | None = None
) -> Axes:
    """Draw what sets segments apart: mean of every feature, in standard deviations from all customers' mean.

    Parameters
    ----------
    features
        One row per customer.
    segments
        A label per customer, on the same index.
    ax
        Where to draw.
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes
    """
    need_frame(features, "features")
    ax = axes(ax)
    standard = (features - features.mean()) / features.std()
    means = standard.groupby(segments).mean()
    place = np.arange(features.shape[1])
    width = 0.8 / len(means)
    for i, (name, row) in enumerate(means.iterrows()):
        share = (segments == name).mean()
        shift = (i - (len(means) - 1) / 2) * width
        fixed = color(str(name))
        tint = fixed if fixed != COLORS["muted"] else None
        ax.bar(
            place + shift,
            row,
            width=width * 0.94,
            label=f"{name} ({share:.0%})",
            color=tint,
        )
    ax.axhline(0, color=COLORS["ink"], linewidth=1)
    ax.set_xticks(place, [c.replace("_", " ") for c in features.columns])
    ax.set(
        title=say("What sets the segments apart") if title is None else title,
        ylabel=say("standard deviations from the mean"),
    )
    low, high = ax.get_ylim()
    ax.set_ylim(low, high + 0.2 * (high - low))  # room for the legend above the bars
    ax.legend(loc="upper left", ncols=4, title=say("segment (share of customers)"))
    return ax


def _curve(values: object) -> tuple[np.ndarray, np.ndarray]:
    curve = concentration_curve(values)
    return curve["customer_share"].to_numpy(), curve["value_share"].to_numpy()


def _stack(sizes: np.ndarray, gap: float) -> np.ndarray:
    ends = np.cumsum(sizes + gap)
    return np.column_stack([ends - sizes - gap, ends - gap])


def plot_cohorts(table: pd.DataFrame, ax: Axes | None = None, *, title: str | None = None) -> Axes:
    """Draw a cohort table: one row per cohort, one column per age, darker where more of the cohort bought.

    Parameters
    ----------
    table
        As ``cohort_table`` gives. The first period, in which all bought, is left out.
    ax
        Where to draw.
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes
    """
    need_columns(table, ["cohort", "age", "share"], "table")
    ax = axes(ax)
    grid = table[table["age"] > 0].pivot(index="cohort", columns="age", values="share")
    shown = grid.to_numpy()
    most = float(np.nanmax(shown))
    ax.pcolormesh(
        np.ma.masked_invalid(shown), cmap=SEQUENTIAL, vmin=0, vmax=most, edgecolors="white"
    )
    for row, column in zip(*np.nonzero(np.isfinite(shown)), strict=True):
        ink = "white" if shown[row, column] > 0.4 * most else COLORS["ink"]
        words = f"{shown[row, column]:.0%}"
        ax.text(column + 0.5, row + 0.5, words, ha="center", va="center", color=ink, fontsize=9)
    ax.set_xticks(np.arange(grid.shape[1]) + 0.5, grid.columns)
    ax.set_yticks(np.arange(len(grid)) + 0.5, grid.index)
    ax.invert_yaxis()
    ax.grid(False)
    quarterly = grid.index.astype(str).str.contains("Q").all()
    ax.set(
        title=say("Share of each cohort that bought") if title is None else title,
        xlabel=say("quarters since the first purchase")
        if quarterly
        else say("periods since the first purchase"),
        ylabel=say("quarter of the first purchase")
        if quarterly
        else say("period of the first purchase"),
    )
    return ax
