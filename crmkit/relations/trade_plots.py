"""Pictures of four trades side by side, and of shops that went different ways. Each gives back the Axes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crmkit.inputs import need_rows
from crmkit.later import later
from crmkit.say import label, labels, say
from crmkit.style import COLORS, axes, reach

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ticker = later("matplotlib.ticker")

#: Rows one below the other: wide, for their names and the title.
_FLAT = (7.6, 3.6)
#: Which colour each way has.
_HUES = {"listens": "good", "expands": "bad"}

labels("listens", "expands", "as before")


def plot_measure(
    found: Mapping[str, pd.DataFrame],
    measure: str,
    ax: Axes | None = None,
    *,
    title: str | None = None,
) -> Axes:
    """Draw one measure of the four analyses in several companies, with intervals.

    Parameters
    ----------
    found
        By company: from `four_analyses`. A company that cannot say keeps its row, empty.
    measure
        One of the measures.
    ax
    title
        The heading; the measure's name if left out.

    Examples
    --------
    >>> table = pd.DataFrame({"measure": ["cost more"], "value": [0.2], "low": [0.1], "high": [0.3], "unit": ["share"]})
    >>> plot_measure({"Fernwell": table}, "cost more").get_xlabel()
    'cost more'
    """
    rows = []
    for table in found.values():
        need_rows(table, ["measure", "value", "low", "high", "unit"], "found")
        rows.append(table[table["measure"] == measure].iloc[0])
    shown = pd.DataFrame(rows)
    ax = axes(ax, size=_FLAT)
    place = np.arange(len(shown))[::-1]
    ax.errorbar(
        shown["value"].astype(float), place, xerr=reach(shown, "value"), fmt="o", capsize=3,
        color=COLORS["focus"], label=say("estimate and 95 % interval"),
    )  # fmt: skip
    ax.set_yticks(place, list(found))
    ax.set_ylim(-0.5, len(shown) - 0.5)
    ax.set_xlim(left=0)
    ax.set(title=label(measure) if title is None else title, xlabel=label(measure))
    if (shown["unit"] == "share").all():
        ax.xaxis.set_major_formatter(ticker.PercentFormatter(1, decimals=0))
    ax.grid(axis="x")
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2))
    return ax


def plot_clocks(
    errors: Mapping[str, pd.DataFrame], ax: Axes | None = None, *, title: str | None = None
) -> Axes:
    """Draw wrong alarms and misses of several clocks in several companies.

    Parameters
    ----------
    errors
        By company: from `clock_errors`.
    ax
    title
        The heading; the picture's own if left out.

    Examples
    --------
    >>> table = pd.DataFrame({"clock_days": [90.0], "wrong": [0.1], "wrong_low": [0.05], "wrong_high": [0.2],
    ...                       "missed": [0.2], "missed_low": [0.1], "missed_high": [0.3]})
    >>> [text.get_text() for text in plot_clocks({"Fernwell": table}).get_yticklabels()]
    ['Fernwell, 90 days']
    """
    rows = []
    for name, table in errors.items():
        need_rows(table, ["clock_days", "wrong", "missed"], name)
        rows.append(table.assign(company=name))
    shown = pd.concat(rows, ignore_index=True)
    ax = axes(ax, size=(7.6, 1.4 + 0.42 * len(shown)))
    place = np.arange(len(shown))[::-1].astype(float)
    # A little room between companies.
    place += (
        np.repeat(np.arange(len(errors))[::-1], [len(table) for table in errors.values()]) * 0.6
    )
    for side, hue, words in (
        ("wrong", "bad", say("wrong alarms: awake, but called inactive")),
        ("missed", "contrast", say("missed: asleep, but not called inactive")),
    ):
        ends = shown.rename(columns={f"{side}_low": "low", f"{side}_high": "high"})
        ax.errorbar(
            shown[side], place, xerr=reach(ends, side), fmt="o" if side == "wrong" else "s",
            capsize=3, color=COLORS[hue], label=words,
        )  # fmt: skip
    names = [
        say("{company}, {days:.0f} days", company=row.company, days=row.clock_days)
        for row in shown.itertuples()
    ]
    ax.set_yticks(place, names)
    ax.set_xlim(-0.02, 1)
    ax.xaxis.set_major_formatter(ticker.PercentFormatter(1, decimals=0))
    ax.set(
        title=say("What a clock gets wrong") if title is None else title,
        xlabel=say("share of those awake (wrong alarms), of those asleep (missed)"),
    )
    ax.grid(axis="x")
    ax.legend(loc="upper center", bbox_to_anchor=(0.4, -0.14))
    return ax


def plot_loyalty(
    changes: pd.DataFrame, ax: Axes | None = None, *, title: str | None = None
) -> Axes:
    """Draw how loyalty changed in several companies: counted at all, and within an equal time.

    Parameters
    ----------
    changes
        From `loyalty_change`.
    ax
    title
        The heading; the picture's own if left out.

    Examples
    --------
    >>> table = pd.DataFrame({"company": ["Fernwell"], "change": [0.0], "low": [-0.1], "high": [0.1], "at_all": [-0.2]})
    >>> plot_loyalty(table).get_xlabel()
    'change from the first to the last newcomers (points)'
    """
    need_rows(changes, ["company", "change", "low", "high", "at_all"], "changes")
    ax = axes(ax, size=_FLAT)
    place = np.arange(len(changes))[::-1]
    shown = 100 * changes[["change", "low", "high", "at_all"]].astype(float)
    ax.axvline(0, color=COLORS["muted"], lw=1)
    ax.plot(
        shown["at_all"], place, "x", color=COLORS["bad"], ms=9, mew=2.5,
        label=say("came again at all: older ones had more time"),
    )  # fmt: skip
    ax.errorbar(
        shown["change"], place, xerr=reach(shown, "change"), fmt="o", capsize=3, color=COLORS["focus"],
        label=say("came again within a year, 95 % interval"),
    )  # fmt: skip
    ax.set_yticks(place, [str(name) for name in changes["company"]])
    ax.set_ylim(-0.5, len(changes) - 0.5)
    ax.set(
        title=say("Does loyalty fall?") if title is None else title,
        xlabel=say("change from the first to the last newcomers (points)"),
    )
    ax.grid(axis="x")
    ax.legend(loc="upper center", bbox_to_anchor=(0.45, -0.2))
    return ax


def plot_pairs(
    gaps: np.ndarray,
    placebo: np.ndarray,
    ax: Axes | None = None,
    *,
    story: float | None = None,
    truth: float | None = None,
    title: str | None = None,
) -> Axes:
    """Draw what each pair of shops would have shown, beside pairs in which neither changed anything.

    Parameters
    ----------
    gaps, placebo
        From `pair_gaps`.
    ax
    story
        What the pair of the story shows: a line.
    truth
        The true difference: a line.
    title
        The heading; the picture's own if left out.

    Examples
    --------
    >>> plot_pairs(np.array([1.0, 2.0]), np.array([-1.0, 1.0])).get_ylabel()
    'share of pairs'
    """
    ax = axes(ax, size=(7.6, 4.4))
    both = np.concatenate([gaps, placebo])
    cells = np.arange(np.floor(both.min() * 4) / 4, both.max() + 0.25, 0.25).tolist()
    for values, hue, words in (
        (placebo, "muted", say("both went on as before")),
        (gaps, "focus", say("one listened, one expanded")),
    ):
        ax.hist(
            values, cells, weights=np.full(len(values), 1 / len(values)), color=COLORS[hue],
            alpha=0.65, label=words,
        )  # fmt: skip
    if truth is not None:
        ax.axvline(truth, color=COLORS["truth"], ls="--", lw=1.5, label=say("truth"))
    if story is not None:
        ax.axvline(story, color=COLORS["bad"], lw=2, label=say("the pair of the story"))
    ax.yaxis.set_major_formatter(ticker.PercentFormatter(1, decimals=0))
    ax.yaxis.set_major_locator(ticker.MultipleLocator(0.05))
    ax.set(
        title=say("What each pair of shops would have shown") if title is None else title,
        xlabel=say("change of the first less change of the second (points of satisfaction)"),
        ylabel=say("share of pairs"),
    )
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.17), ncols=2)
    return ax


def plot_effect_path(
    path: pd.DataFrame,
    ax: Axes | None = None,
    *,
    begin: int = 5,
    unit: str | None = None,
    percent: bool = False,
    title: str | None = None,
) -> Axes:
    """Draw how far shops of each way are from those that went on as before, quarter by quarter.

    Parameters
    ----------
    path
        From `effect_path`.
    ax
    begin
        First quarter of the different ways: a line before it.
    unit
        Words for the axis.
    percent
        The gaps are logarithms: show the per cent that they stand for.
    title
        The heading; the picture's own if left out.

    Examples
    --------
    >>> path = pd.DataFrame({"way": "listens", "quarter": [4, 5], "gap": [0, 0.5], "low": [-1, 0.4], "high": [1, 0.6]})
    >>> plot_effect_path(path, unit="points").get_ylabel()
    'points'
    """
    need_rows(path, ["way", "quarter", "gap", "low", "high"], "path")
    ax = axes(ax)
    ax.axhline(0, color=COLORS["muted"], lw=1)
    ax.axvline(begin - 0.5, color=COLORS["ink"], ls=":", lw=1)
    ways = list(dict.fromkeys(path["way"]))
    for at, way in enumerate(ways):
        part = path[path["way"] == way].copy()
        if percent:
            part[["gap", "low", "high"]] = np.expm1(part[["gap", "low", "high"]])
        ax.errorbar(
            part["quarter"] + 0.12 * (at - (len(ways) - 1) / 2), part["gap"], yerr=reach(part, "gap"),
            fmt="o-", capsize=3, color=COLORS[_HUES.get(way, "focus")], label=label(way),
        )  # fmt: skip
    if percent:
        ax.yaxis.set_major_formatter(ticker.PercentFormatter(1, decimals=0))
    ax.set(
        title=say("Against those that went on as before") if title is None else title,
        xlabel=say("quarter (the ways part at the dotted line)"),
        ylabel=say("gap") if unit is None else unit,
    )
    ax.legend(loc="upper left")
    return ax


__all__ = ["plot_clocks", "plot_effect_path", "plot_loyalty", "plot_measure", "plot_pairs"]
