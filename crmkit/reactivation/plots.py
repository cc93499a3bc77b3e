"""Pictures of sleeping customers. Each takes the analysed table and gives back the Axes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crmkit.companies import company
from crmkit.inputs import need_rows
from crmkit.later import later
from crmkit.reactivation.states import STATES, Thresholds
from crmkit.say import label, say
from crmkit.style import COLORS, CYCLE, axes, color, for_letters

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ticker = later("matplotlib.ticker")


def plot_return_curve(
    curve: pd.DataFrame,
    thresholds: Thresholds | None = None,
    ax: Axes | None = None,
    *,
    by: str | None = None,
    horizon_days: int | None = None,
    title: str | None = None,
) -> Axes:
    """Draw the chance to come back against the days of silence, with its interval.

    Parameters
    ----------
    curve
        From :func:`crmkit.reactivation.returns.return_curve`.
    thresholds
        Lines where customers become drowsy, half-asleep, asleep.
    by
        Column of a segment, if the curve has several.
    horizon_days
        For the axis' label.
    ax
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes

    Examples
    --------
    >>> curve = pd.DataFrame({"silent_days": [0, 30], "chance": [0.6, 0.3], "low": [0.5, 0.2], "high": [0.7, 0.4]})
    >>> plot_return_curve(curve, horizon_days=60).get_ylabel()
    'buys again within 60 days'
    """
    need_rows(curve, ["silent_days", "chance", "low", "high", *([by] if by else [])], "curve")
    ax = axes(ax)
    parts = list(curve.groupby(by, observed=True)) if by else [("", curve)]
    for (name, part), hue in zip(parts, CYCLE * len(parts), strict=False):
        ax.plot(part["silent_days"], part["chance"], color=hue, label=label(name))
        ax.fill_between(part["silent_days"], part["low"], part["high"], color=hue, alpha=0.18, lw=0)
    if by:
        ax.legend()
    if thresholds is not None:
        for state, day in zip(STATES[1:], thresholds.cuts, strict=True):
            ax.axvline(day, color=color(state), ls="--", lw=1.6)
            ax.annotate(
                say("{state} from {days:.0f}", state=label(state), days=day),
                (day, 0.98),
                xycoords=("data", "axes fraction"),
                xytext=(4, 0),
                textcoords="offset points",
                color=for_letters(color(state)),
                va="top",
                rotation=90,
                ha="left",
                fontsize=10.5,
            )
    ax.set(
        title=say("Chance to come back, by silence so far") if title is None else title,
        xlabel=say("days since the last purchase"),
        ylabel=say("buys again within {days:g} days", days=horizon_days)
        if horizon_days
        else say("chance to come back"),
        xlim=(0, curve["silent_days"].max()),
        ylim=(0, None),
    )
    ax.yaxis.set_major_formatter(ticker.PercentFormatter(1, decimals=0))
    return ax


def plot_bucket(bucket: pd.DataFrame, ax: Axes | None = None, *, title: str | None = None) -> Axes:
    """Draw what runs into the bucket and what runs out, month by month, with the net flow.

    Parameters
    ----------
    bucket
        From :func:`crmkit.reactivation.flows.bucket`.
    ax
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes

    Examples
    --------
    >>> flow = {"month": pd.to_datetime(["2025-01-31"]), "new": [5], "woke": [2], "fell_asleep": [6], "net": [1]}
    >>> plot_bucket(pd.DataFrame(flow)).get_ylabel()
    'customers a month'
    """
    need_rows(bucket, ["month", "new", "woke", "fell_asleep", "net"], "bucket")
    ax = axes(ax)
    # A month's bar stands over its own tick: drawn at its end it would seem to be the next month's.
    month = pd.to_datetime(bucket["month"]).dt.to_period("M").dt.to_timestamp()
    ax.bar(month, bucket["new"], width=22, color=COLORS["focus"], label=say("new"))
    ax.bar(
        month,
        bucket["woke"],
        width=22,
        bottom=bucket["new"],
        color=COLORS["good"],
        label=say("woke by themselves"),
    )
    ax.bar(month, -bucket["fell_asleep"], width=22, color=COLORS["bad"], label=say("fell asleep"))
    ax.plot(month, bucket["net"], color=COLORS["ink"], marker="o", ms=4, lw=1.8, label=say("net"))
    ax.axhline(0, color=COLORS["ink"], lw=0.8)
    ax.legend(ncols=4, loc="upper center", bbox_to_anchor=(0.5, -0.08))
    ax.set(
        title=say("The bucket: what runs in, what leaks") if title is None else title,
        xlabel="",
        ylabel=say("customers a month"),
    )
    return ax


def plot_effects(
    effects: pd.DataFrame,
    ax: Axes | None = None,
    *,
    by: str | None = None,
    truth: Mapping | None = None,
    title: str | None = None,
) -> Axes:
    """Draw the effect of each arm with its interval, one row each.

    Parameters
    ----------
    effects
        From :func:`crmkit.reactivation.experiments.effect_table`, of a share.
    by
        Column of the state.
    truth
        True effect by arm, or by (state, arm): drawn as a diamond.
    ax
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes

    Examples
    --------
    >>> effects = pd.DataFrame({"arm": ["call"], "effect": [0.1], "low": [0.02], "high": [0.18]})
    >>> [label.get_text() for label in plot_effects(effects).get_yticklabels()]
    ['call']
    """
    need_rows(effects, ["arm", "effect", "low", "high", *([by] if by else [])], "effects")
    table = effects.iloc[::-1].reset_index(drop=True)
    ax = axes(ax, size="tall" if len(table) > 8 else "normal")
    place = np.arange(len(table))
    names = [label(arm) for arm in table["arm"]]
    if by is not None:
        names = [f"{label(group)} · {arm}" for group, arm in zip(table[by], names, strict=True)]
    ax.hlines(place, table["low"], table["high"], color=COLORS["focus"], lw=3)
    ax.plot(
        table["effect"], place, "o", color=COLORS["focus"], label=say("estimate and 95 % interval")
    )
    if truth is not None:
        keys = table["arm"] if by is None else list(zip(table[by], table["arm"], strict=True))
        ax.plot(
            [truth[key] for key in keys],
            place,
            "D",
            color=COLORS["truth"],
            ms=6,
            mfc="white",
            label=say("truth"),
        )
        ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=2)
    ax.axvline(0, color=COLORS["ink"], lw=1)
    ax.set_yticks(place, names)
    ax.grid(axis="x")
    ax.xaxis.set_major_formatter(lambda x, _: f"{100 * x:+.0f}")
    ax.set(
        title=say("What each offer changed") if title is None else title,
        xlabel=say("percentage points more returning than in the control group"),
    )
    return ax


def plot_peeking(looks: pd.DataFrame, ax: Axes | None = None, *, title: str | None = None) -> Axes:
    """Draw how many tests of an offer that does nothing are called a success, by the way of looking.

    Parameters
    ----------
    looks
        From :func:`crmkit.reactivation.pitfalls.peeking`.
    ax
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes

    Examples
    --------
    >>> looks = {"day": [1], "called_by_now": [0.1], "called_today": [0.05], "called_by_sequence": [0.01]}
    >>> plot_peeking(pd.DataFrame(looks)).get_xlabel()
    'day of the test'
    """
    ways = {
        "called_by_now": ("bad", say("stopped at the first “significant” evening")),
        "called_today": ("focus", say("looked once, on that day")),
        "called_by_sequence": ("good", say("every evening, with a sequential test")),
    }
    need_rows(looks, ["day", *ways], "looks")
    ax = axes(ax)
    for column, (hue, words) in ways.items():
        ax.plot(looks["day"], 100 * looks[column], color=COLORS[hue], label=words)
    ax.axhline(5, color=COLORS["muted"], ls=":", lw=1.4, label=say("5 % that one accepts"))
    ax.legend(loc="upper left")
    ax.set(
        title=say("Tests called a success, by the way of looking") if title is None else title,
        xlabel=say("day of the test"),
        ylabel=say("% of empty tests called a success"),
        ylim=(0, max(45.0, 1.3 * float(100 * looks["called_by_now"].max()))),
    )
    return ax


def plot_gain(
    curves: Mapping[str, pd.DataFrame], ax: Axes | None = None, *, title: str | None = None
) -> Axes:
    """Draw Qini, uplift or true curves, the first with its band if it has one, and the straight line of chance.

    Parameters
    ----------
    curves
        From :func:`crmkit.reactivation.uplift.qini_curve`, ``qini_band``, ``uplift_curve`` or ``true_curve``.
    ax
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes

    Examples
    --------
    >>> curve = pd.DataFrame({"share": [0, 1], "gain": [0, 0.1], "random": [0, 0.1]})
    >>> plot_gain({"model": curve}).get_xlabel()
    'share of customers contacted, best score first'
    """
    ax = axes(ax)
    for (name, curve), hue in zip(curves.items(), CYCLE * len(curves), strict=False):
        need_rows(curve, ["share", "gain", "random"], name)
        ax.plot(curve["share"], 100 * curve["gain"], color=hue, label=label(name))
        if "low" in curve:
            ax.fill_between(
                curve["share"],
                100 * curve["low"],
                100 * curve["high"],
                color=hue,
                alpha=0.18,
                lw=0,
            )
    last = next(iter(curves.values()))
    chance = say("at random")
    ax.plot(last["share"], 100 * last["random"], color=COLORS["muted"], ls="--", label=chance)
    ax.legend(loc="best")
    ax.xaxis.set_major_formatter(ticker.PercentFormatter(1, decimals=0))
    ax.set(
        title=say("Extra returns, best score first") if title is None else title,
        xlabel=say("share of customers contacted, best score first"),
        ylabel=say("extra returns per 100 on the list"),
    )
    return ax


def plot_groups(groups: pd.DataFrame, ax: Axes | None = None, *, title: str | None = None) -> Axes:
    """Draw uplift by tenth of the score, with intervals, what was predicted, and the truth if it is there.

    Parameters
    ----------
    groups
        From :func:`crmkit.reactivation.uplift.uplift_by_group`.
    ax
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes

    Examples
    --------
    >>> groups = pd.DataFrame({"group": [1], "predicted": [0.1], "uplift": [0.08], "low": [0.0], "high": [0.16]})
    >>> plot_groups(groups).get_xlabel()
    'group by predicted uplift, best first'
    """
    need_rows(groups, ["group", "predicted", "uplift", "low", "high"], "groups")
    ax = axes(ax)
    ax.vlines(
        groups["group"], 100 * groups["low"], 100 * groups["high"], color=COLORS["focus"], lw=3
    )
    ax.plot(
        groups["group"],
        100 * groups["uplift"],
        "o",
        color=COLORS["focus"],
        label=say("measured, 95 % interval"),
    )
    ax.plot(
        groups["group"],
        100 * groups["predicted"],
        color=COLORS["contrast"],
        label=say("predicted"),
    )
    if "truth" in groups:
        ax.plot(
            groups["group"],
            100 * groups["truth"],
            "D",
            color=COLORS["truth"],
            mfc="white",
            label=say("truth"),
        )
    ax.axhline(0, color=COLORS["ink"], lw=1)
    ax.legend()
    ax.set_xticks(groups["group"])
    ax.set(
        title=say("Uplift by predicted uplift") if title is None else title,
        xlabel=say("group by predicted uplift, best first"),
        ylabel=say("percentage points more returning"),
    )
    return ax


def plot_budget(
    curves: Mapping[str, pd.DataFrame], ax: Axes | None = None, *, title: str | None = None
) -> Axes:
    """Draw profit against budget, one line per way to choose.

    Parameters
    ----------
    curves
        ``budget`` and ``profit`` (£), as from :func:`crmkit.reactivation.waking.budget_curve`.
    ax
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes

    Examples
    --------
    >>> plot_budget({"by uplift": pd.DataFrame({"budget": [0, 10], "profit": [0, 30]})}).get_xlabel()
    'budget for contacts (£)'
    """
    ax = axes(ax)
    for (name, curve), hue in zip(curves.items(), CYCLE * len(curves), strict=False):
        need_rows(curve, ["budget", "profit"], name)
        ax.plot(curve["budget"], curve["profit"], color=hue, label=label(name))
    ax.axhline(0, color=COLORS["ink"], lw=1)
    ax.legend(loc="best")
    ax.set(
        title=say("Profit against budget") if title is None else title,
        xlabel=say("budget for contacts ({symbol})", symbol=company().sign),
        ylabel=say("extra profit in 120 days ({symbol})", symbol=company().sign),
    )
    return ax


def plot_policies(table: pd.DataFrame, ax: Axes | None = None, *, title: str | None = None) -> Axes:
    """Draw the profit of each policy as a bar, gains and losses in their colours.

    Parameters
    ----------
    table
        From :func:`crmkit.reactivation.waking.compare_policies`.
    ax
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes

    Examples
    --------
    >>> plot_policies(pd.DataFrame({"policy": ["nobody"], "profit": [0.0]})).get_xlabel()
    'profit (£)'
    """
    need_rows(table, ["policy", "profit"], "table")
    ax = axes(ax)
    rows = table.iloc[::-1]
    hues = [COLORS["good"] if profit >= 0 else COLORS["bad"] for profit in rows["profit"]]
    names = [label(policy) for policy in rows["policy"]]
    bars = ax.barh(names, rows["profit"], color=hues)
    ax.bar_label(bars, labels=[f"{profit:,.0f}" for profit in rows["profit"]], padding=4)
    ax.axvline(0, color=COLORS["ink"], lw=1)
    ax.margins(x=0.15)
    ax.grid(axis="x")
    ax.grid(axis="y", visible=False)
    ax.set(
        title=say("Profit of each policy") if title is None else title,
        xlabel=say("profit ({symbol})", symbol=company().sign),
    )
    return ax


def plot_pressure(table: pd.DataFrame, ax: Axes | None = None, *, title: str | None = None) -> Axes:
    """Draw what each contact frequency brings over the lowest one, with intervals.

    Parameters
    ----------
    table
        From :func:`crmkit.reactivation.pressure.pressure_table`.
    ax
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes

    Examples
    --------
    >>> table = pd.DataFrame({"frequency": [0, 4], "extra": [0, 3], "low": [0, 1], "high": [0, 5],
    ...     "unsubscribed": [0, 0.1]})
    >>> plot_pressure(table).get_xlabel()
    'mails a month'
    """
    need_rows(table, ["frequency", "extra", "low", "high", "unsubscribed"], "table")
    ax = axes(ax)
    ax.vlines(table["frequency"], table["low"], table["high"], color=COLORS["focus"], lw=3)
    ax.plot(table["frequency"], table["extra"], "o-", color=COLORS["focus"])
    ax.axhline(0, color=COLORS["ink"], lw=1)
    for row in table[table["unsubscribed"] > 0].itertuples():
        ax.annotate(
            say("{share:.0%} gone", share=row.unsubscribed),
            (row.frequency, row.high),
            xytext=(0, 6),
            textcoords="offset points",
            ha="center",
            color=COLORS["bad"],
            fontsize=10.5,
        )
    ax.margins(y=0.15)
    ax.set(
        title=say("What more mails bring") if title is None else title,
        xlabel=say("mails a month"),
        ylabel=say("{symbol} a customer over no mails", symbol=company().sign),
    )
    return ax
