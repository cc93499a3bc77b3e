"""Figures of the brand lessons: each takes an analysed frame and an optional Axes, and gives the Axes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crmkit.brand.associations import network_layout
from crmkit.brand.ebbinghaus import fit_retention
from crmkit.companies import company
from crmkit.errors import CrmkitError
from crmkit.later import later
from crmkit.say import label, say
from crmkit.style import COLORS, CYCLE, SEQUENTIAL, axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ticker = later("matplotlib.ticker")

_DASHES = ("-", "--", "-.", ":")


def plot_paths(
    paths: Mapping[str, pd.DataFrame], ax: Axes | None = None, *, title: str | None = None
) -> Axes:
    """Draw recall week by week for one or several plans.

    Parameters
    ----------
    paths
        Name of the plan and its `recall_path` (week, recall).
    ax
        Where to draw; a new figure if left out.
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes
    """
    ax = axes(ax)
    for number, (name, path) in enumerate(paths.items()):
        ax.plot(
            path["week"],
            path["recall"],
            label=name,
            color=CYCLE[number % len(CYCLE)],
            linestyle=_DASHES[number % len(_DASHES)],
        )
    most = max(float(path["recall"].max()) for path in paths.values())
    ax.set(
        title=say("Recall under each plan") if title is None else title,
        xlabel=say("week"),
        ylabel=say("share of people who recall"),
        ylim=(0, min(1.0, most * 1.25 + 0.02)),
    )
    ax.yaxis.set_major_formatter(ticker.PercentFormatter(1, decimals=0))
    if len(paths) > 1:
        ax.legend(loc="upper right", ncols=min(len(paths), 3))
    return ax


def plot_plan(path: pd.DataFrame, ax: Axes | None = None, *, title: str | None = None) -> Axes:
    """Draw the contacts of a plan as bars with the recall they make as a line.

    Parameters
    ----------
    path
        From `recall_path`.
    ax
        Where to draw; a new figure if left out.
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes
        With a second y-axis for the contacts (``ax.right_ax`` is not set; find it among the figure's axes).
    """
    ax = axes(ax)
    bars = ax.twinx()
    bars.bar(path["week"], path["contacts"], color=COLORS["muted"], alpha=0.6, width=0.8)
    bars.set(
        ylabel=say("contacts per person"), ylim=(0, max(float(path["contacts"].max()), 0.1) * 3)
    )
    bars.grid(False)
    bars.spines["right"].set_visible(True)
    ax.plot(path["week"], path["recall"], color=COLORS["focus"])
    ax.set(
        title=say("Contacts and recall") if title is None else title,
        xlabel=say("week"),
        ylabel=say("share of people who recall"),
        ylim=(0, 1),
    )
    ax.yaxis.set_major_formatter(ticker.PercentFormatter(1, decimals=0))
    ax.set_zorder(bars.get_zorder() + 1)
    ax.patch.set_visible(False)
    return ax


def plot_forgetting(
    measured: pd.DataFrame,
    curves: Mapping[str, pd.Series],
    ax: Axes | None = None,
    *,
    xlabel: str | None = None,
    title: str | None = None,
) -> Axes:
    """Draw measured recall with its intervals, and fitted curves through it.

    Parameters
    ----------
    measured
        Indexed by time. share, low, high (0 to 1).
    curves
        Name and modelled share by time.
    ax
        Where to draw; a new figure if left out.
    xlabel
        What the horizontal axis counts, with its unit; weeks after the last contact if left out.
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes
    """
    ax = axes(ax)
    if {"low", "high"} <= set(measured.columns):
        reach = np.abs(
            np.vstack([measured["share"] - measured["low"], measured["high"] - measured["share"]])
        )
    else:
        reach = None
    ax.errorbar(
        measured.index,
        measured["share"],
        yerr=reach,
        fmt="o",
        color=COLORS["ink"],
        capsize=3,
        label=say("measured"),
        zorder=5,
    )
    for number, (name, curve) in enumerate(curves.items()):
        ax.plot(
            curve.index,
            curve,
            color=CYCLE[number % len(CYCLE)],
            linestyle=_DASHES[number % len(_DASHES)],
            label=name,
        )
    ax.set(
        title=say("Forgetting: measured and modelled") if title is None else title,
        xlabel=say("weeks after the last contact") if xlabel is None else xlabel,
        ylabel=say("share who recall"),
    )
    ax.set_ylim(bottom=0)
    ax.yaxis.set_major_formatter(ticker.PercentFormatter(1, decimals=0))
    ax.legend()
    return ax


def plot_tracker(weekly: pd.DataFrame, ax: Axes | None = None, *, title: str | None = None) -> Axes:
    """Draw one brand's weekly recall (points), the model's recall (line) and its advertising (bars).

    Parameters
    ----------
    weekly
        week (date), recall (measured share, NaN in weeks without interviews), contacts, and optionally model.
    ax
        Where to draw; a new figure if left out.
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes
    """
    ax = axes(ax, size="wide")
    bars = ax.twinx()
    bars.bar(weekly["week"], weekly["contacts"], width=6, color=COLORS["contrast"], alpha=0.5)
    bars.set(
        ylabel=say("contacts per person"), ylim=(0, max(float(weekly["contacts"].max()), 0.1) * 3)
    )
    bars.grid(False)
    bars.spines["right"].set_visible(True)
    ax.plot(
        weekly["week"],
        weekly["recall"],
        "o",
        color=COLORS["muted"],
        markersize=4,
        label=say("week of interviews"),
    )
    if "model" in weekly:
        ax.plot(weekly["week"], weekly["model"], color=COLORS["focus"], label=say("model"))
        ax.legend(loc="upper left")
    ax.set(
        title=say("Recall and advertising") if title is None else title,
        xlabel=say("week"),
        ylabel=say("named without help"),
        ylim=(0, 1),
    )
    ax.yaxis.set_major_formatter(ticker.PercentFormatter(1, decimals=0))
    ax.set_zorder(bars.get_zorder() + 1)
    ax.patch.set_visible(False)
    return ax


def plot_network(
    matrix: pd.DataFrame,
    focus: str | None = None,
    least: float = 0.05,
    ax: Axes | None = None,
    *,
    title: str | None = None,
) -> Axes:
    """Draw brands and words as a network; the thicker the line, the stronger the link.

    Parameters
    ----------
    matrix
        Brand (rows) by word (columns), shares from 0 to 1.
    focus
        Brand drawn in the focus colour.
    least
        Links weaker than this are left out, so that the picture can be read; the matrix (`plot_matrix`) shows all.
    ax
        Where to draw; a new figure if left out.
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes

    Raises
    ------
    CrmkitError
        If the brand in focus is not in the matrix.
    """
    if focus is not None and focus not in matrix.index:
        raise CrmkitError(f"There is no brand '{focus}' in the matrix: {', '.join(matrix.index)}.")
    ax = axes(ax, size="tall")
    shown = matrix.where(matrix >= least, 0.0)
    places = network_layout(shown).set_index(["side", "node"])
    largest = float(shown.to_numpy().max()) or 1.0
    for brand in shown.index:
        for word in shown.columns:
            weight = float(shown.loc[brand, word])
            if weight == 0:
                continue
            ours = brand == focus
            ax.plot(
                [0, 1],
                [places.loc[("brand", brand), "y"], places.loc[("word", word), "y"]],
                color=COLORS["focus"] if ours else COLORS["muted"],
                alpha=0.9 if ours else 0.45,
                linewidth=0.5 + 7 * weight / largest,
                solid_capstyle="round",
                zorder=3 if ours else 2,
            )
    for (side, node), place in places.iterrows():
        left = side == "brand"
        ax.plot(
            place.x,
            place.y,
            "o",
            color=COLORS["focus"] if node == focus else COLORS["ink"],
            zorder=5,
        )
        ax.text(
            place.x + (-0.03 if left else 0.03),
            place.y,
            node,
            ha="right" if left else "left",
            va="center",
            fontweight="bold" if node == focus else "normal",
        )
    ax.set(
        title=say("Which words lead to which brand") if title is None else title,
        xlim=(-0.45, 1.6),
        ylim=(-0.06, 1.06),
    )
    ax.axis("off")
    return ax


def plot_matrix(
    matrix: pd.DataFrame, ax: Axes | None = None, *, percent: bool = True, title: str | None = None
) -> Axes:
    """Draw brand by word as shaded cells with their numbers: every link, also the weak ones.

    Parameters
    ----------
    matrix
        Brand (rows) by word (columns), shares from 0 to 1 (or any number with ``percent=False``).
    ax
        Where to draw; a new figure if left out.
    percent
        Whether the numbers are shares, to be shown as per cent.
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes
    """
    ax = axes(ax, size=(9.6, 0.55 * len(matrix) + 2.4))
    values = matrix.to_numpy(dtype=float)
    largest = np.nanmax(values) if np.isfinite(values).any() else 1.0
    ax.imshow(values, cmap=SEQUENTIAL, vmin=0, vmax=largest, aspect="auto")
    for row in range(values.shape[0]):
        for column in range(values.shape[1]):
            value = values[row, column]
            text = "–" if np.isnan(value) else f"{100 * value:.0f}" if percent else f"{value:.2g}"
            dark = np.isfinite(value) and value > 0.45 * largest
            ax.text(
                column,
                row,
                text,
                ha="center",
                va="center",
                color=COLORS["paper"] if dark else COLORS["ink"],
            )
    ax.set_xticks(range(len(matrix.columns)), matrix.columns, rotation=35, ha="right")
    ax.set_yticks(range(len(matrix.index)), matrix.index)
    heading = say("Share who link brand and word") if title is None else title
    ax.set_title(say("{heading}, %", heading=heading) if percent else heading)
    ax.grid(False)
    ax.tick_params(length=0)
    for spine in ax.spines.values():
        spine.set_visible(False)
    return ax


def plot_words(table: pd.DataFrame, ax: Axes | None = None, *, title: str | None = None) -> Axes:
    """Draw the score of each word with its interval.

    Parameters
    ----------
    table
        From `words_to_own`.
    ax
        Where to draw; a new figure if left out.
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes
    """
    ax = axes(ax)
    ordered = table.iloc[::-1]
    million = 1e6
    score = ordered["score"] / million
    reach = (
        np.vstack([ordered["score"] - ordered["low"], ordered["high"] - ordered["score"]]).clip(0)
        / million
    )
    ax.barh(
        ordered.index, score, color=COLORS["focus"], xerr=reach, ecolor=COLORS["ink"], capsize=3
    )
    ax.set(
        title=say("Which word is worth owning") if title is None else title,
        xlabel=say(
            "score: strength × freedom × value ({currency} million a year)",
            currency=company().symbol,
        ),
    )
    ax.grid(axis="x")
    ax.grid(False, axis="y")
    return ax


def plot_double_jeopardy(
    table: pd.DataFrame, ax: Axes | None = None, *, title: str | None = None
) -> Axes:
    """Draw links per person against penetration, with what size alone would give and how sure that is.

    Parameters
    ----------
    table
        From `double_jeopardy`.
    ax
        Where to draw; a new figure if left out.
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes
    """
    ax = axes(ax)
    top = 1.15 * float(table[["network_size", "expected"]].to_numpy().max())
    bands = ax.vlines(
        table["penetration"], table["low"], table["high"].clip(upper=2 * top), color=COLORS["grid"]
    )
    bands.set(linewidth=12, zorder=0.5, label=say("95 % band of the expected"))
    stronger = table["verdict"] == "stronger than its size"
    for row in table.itertuples():
        ax.plot(
            [row.penetration] * 2,
            [row.network_size, row.expected],
            color=COLORS["muted"],
            linewidth=1.2,
            zorder=1,
        )
    ax.scatter(
        table["penetration"],
        table["expected"],
        marker="_",
        s=260,
        color=COLORS["ink"],
        zorder=2,
        label=say("expected for its size"),
    )
    for strong, color, words in (
        (False, COLORS["muted"], say("measured")),
        (True, COLORS["focus"], say("stronger than its size")),
    ):
        part = table[stronger == strong]
        if len(part):
            ax.scatter(
                part["penetration"], part["network_size"], s=70, color=color, zorder=3, label=words
            )
    for row in table.sort_values("penetration", kind="stable").itertuples():
        # Two brands side by side: the left one is named below and to the left, so that the names do not meet.
        crowded = ((table["penetration"] - row.penetration).between(0.001, 0.08)) & (
            (table["network_size"] - row.network_size).abs() < 0.4
        )
        left = bool(crowded.any())
        ax.annotate(
            row.brand,
            (row.penetration, row.network_size),
            xytext=(-9, -15) if left else (9, 3),
            textcoords="offset points",
            ha="right" if left else "left",
            fontsize=11,
        )
    ax.set(
        title=say("Brand size and links per person") if title is None else title,
        xlabel=say("mental penetration (share of people with one link or more)"),
        ylabel=say("links per person who has any"),
        xlim=(0, 1.12),
        ylim=(0, top),  # a band may run out of the picture: then size says next to nothing
    )
    ax.xaxis.set_major_formatter(ticker.PercentFormatter(1, decimals=0))
    ax.legend(loc="upper left")
    return ax


def plot_diary(
    diary: pd.DataFrame,
    first_impression: float,
    belief: Sequence[float] | None = None,
    ax: Axes | None = None,
    *,
    title: str | None = None,
) -> Axes:
    """Draw the events of a diary with the trust reported after each, and a model's belief if there is one.

    Parameters
    ----------
    diary
        kind, rating, trust, in the order of events.
    first_impression
        Trust before the first event, 0 to 10.
    belief
        The model's belief after each event.
    ax
        Where to draw; a new figure if left out.
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes
    """
    ax = axes(ax)
    step = np.arange(1, len(diary) + 1)
    ax.plot(
        [0, *step],
        [first_impression, *diary["trust"]],
        "o-",
        color=COLORS["ink"],
        label=say("trust reported"),
    )
    if belief is not None:
        ax.plot(
            [0, *step],
            [first_impression, *belief],
            "--",
            color=COLORS["focus"],
            label=say("delta rule"),
        )
    marks = {
        "advertisement": ("^", COLORS["contrast"]),
        "failure": ("X", COLORS["bad"]),
        "recovery": ("P", COLORS["good"]),
    }
    groups = diary["kind"].map(lambda kind: kind if kind in marks else "experience").to_numpy()
    for group in pd.unique(groups):
        marker, color = marks.get(group, ("s", COLORS["extra"]))
        rows = groups == group
        ax.plot(
            step[rows],
            diary["rating"].to_numpy()[rows],
            marker,
            color=color,
            linestyle="none",
            label=label(group),
            markersize=9,
        )
    ax.set(
        title=say("One customer's diary") if title is None else title,
        xlabel=say("event"),
        ylabel=say("points, 0 to 10"),
        ylim=(-0.4, 10.4),
    )
    ax.set_xticks([0, *step], [say("before"), *step])
    ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))
    return ax


def plot_effects(
    table: pd.DataFrame,
    label: str,
    value: str = "points",
    ax: Axes | None = None,
    *,
    xlabel: str | None = None,
    title: str | None = None,
) -> Axes:
    """Draw effects as points with their intervals, and a line at zero.

    Parameters
    ----------
    table
        The columns that `label` and `value` name, and ``low`` and ``high``.
    label, value
        The column of names and the column of effects.
    ax
        Where to draw; a new figure if left out.
    xlabel
        What the horizontal axis counts, with its unit; percentage points if left out.
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes
    """
    ax = axes(ax)
    ordered = table.iloc[::-1]
    y = np.arange(len(ordered))
    middle = ordered[value].astype(float)
    reach = np.vstack(
        [middle - ordered["low"].astype(float), ordered["high"].astype(float) - middle]
    )
    ax.axvline(0, color=COLORS["muted"], linewidth=1.2)
    ax.errorbar(middle, y, xerr=reach, fmt="o", color=COLORS["focus"], capsize=4)
    ax.set_yticks(
        y, [fill(str(name), 24) for name in ordered[label]]
    )  # long names would squeeze the axes
    ax.set(
        title=say("Effect and its interval") if title is None else title,
        xlabel=say("percentage points") if xlabel is None else xlabel,
        ylim=(-0.6, len(ordered) - 0.4),
    )
    ax.grid(axis="x")
    ax.grid(False, axis="y")
    return ax


def plot_frequency(
    table: pd.DataFrame, ax: Axes | None = None, *, title: str | None = None
) -> Axes:
    """Draw the percentage points that each further contact adds; contacts that do not pay are pale.

    Parameters
    ----------
    table
        From `returns_of_frequency`.
    ax
        Where to draw; a new figure if left out.
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes
    """
    ax = axes(ax)
    rows = table.dropna(subset="gain_points")
    pays = rows["pays"] if "pays" in rows else pd.Series(True, index=rows.index)
    for which, color, words in (
        (True, COLORS["focus"], say("pays")),
        (False, COLORS["muted"], say("costs more than it brings")),
    ):
        part = rows[pays == which]
        if len(part):
            ax.bar(part["contacts"], part["gain_points"], color=color, label=words)
    ax.set(
        title=say("What one more contact adds") if title is None else title,
        xlabel=say("contact number"),
        ylabel=say("percentage points of recall added"),
    )
    ax.xaxis.set_major_locator(ticker.MaxNLocator(integer=True))
    if "pays" in rows:
        ax.legend()
    return ax


def plot_trust_and_recall(
    paths: Mapping[str, pd.DataFrame], ax: Axes | None = None, *, title: str | None = None
) -> Axes:
    """Draw how trust goes on under several events, and the recall that they share.

    Parameters
    ----------
    paths
        Name of the event and its path: index week, columns trust (0 to 10) and recall (0 to 1), as
        `crmkit.brand.delivery_paths` gives them.
    ax
        Where to draw; a new figure if left out.
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes
    """
    ax = axes(ax)
    for number, (name, path) in enumerate(paths.items()):
        ax.plot(
            path.index,
            path["trust"],
            color=CYCLE[number % len(CYCLE)],
            label=say("trust, {event}", event=label(name)),
        )
        shared = say("recall, in tenths, either way") if number == 0 else None
        ax.plot(path.index, 10 * path["recall"], linestyle=":", color=COLORS["muted"], label=shared)
    ax.set(
        title=say("Trust and recall") if title is None else title,
        xlabel=say("week"),
        ylabel=say("points, 0 to 10"),
        ylim=(0, 10),
    )
    ax.legend()
    return ax


def plot_savings(
    savings: pd.DataFrame, ax: Axes | None = None, *, title: str | None = None
) -> Axes:
    """Draw what Ebbinghaus saved by the time since he learnt, with the best exponential and the best power curve.

    Parameters
    ----------
    savings
        minutes, savings (0 to 1), as `crmkit.brand.ebbinghaus_savings` gives them.
    ax
        Where to draw; a new figure if left out.
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes
    """
    minutes = np.geomspace(savings["minutes"].min(), savings["minutes"].max(), 100)
    curves = {}
    for name in ("exponential", "power"):
        parameters, fitted = fit_retention(savings["minutes"], savings["savings"], name, at=minutes)
        told = say(
            "{curve}, R² {r_squared:.2f}", curve=label(name), r_squared=parameters["r_squared"]
        )
        curves[told] = pd.Series(fitted, index=minutes / 1440)
    points = pd.DataFrame({"share": savings["savings"].to_numpy()}, index=savings["minutes"] / 1440)
    ax = plot_forgetting(
        points,
        curves,
        ax,
        title=say("What one man saved") if title is None else title,
        xlabel=say("time after learning"),
    )
    ax.set_xscale("log")
    times = (1 / 72, 1 / 24, 1 / 3, 1, 6, 31)
    names = (say("20 min"), say("1 h"), say("8 h"), say("1 day"), say("6 days"), say("31 days"))
    ax.set_xticks(times, names)
    ax.set_xticks([], minor=True)
    ax.set_ylabel(say("share of the work saved"))
    return ax


def plot_lasting(
    frequency: pd.DataFrame, ax: Axes | None = None, *, title: str | None = None
) -> Axes:
    """Draw how many weeks memory lasts, by number of contacts.

    Parameters
    ----------
    frequency
        From `returns_of_frequency`: contacts, lasts_weeks.
    ax
        Where to draw; a new figure if left out.
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes
    """
    ax = axes(ax)
    ax.plot(frequency["contacts"], frequency["lasts_weeks"], "o-", color=COLORS["focus"])
    ax.set(
        title=say("How long memory lasts") if title is None else title,
        xlabel=say("contacts"),
        ylabel=say("weeks until too few recall"),
    )
    ax.set_ylim(bottom=0)
    return ax
