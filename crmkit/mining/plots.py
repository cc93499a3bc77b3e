"""Pictures of behaviour and forecasts. Each takes the analysed table and gives back the Axes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crmkit.inputs import need_rows
from crmkit.later import later
from crmkit.say import say
from crmkit.style import COLORS, axes, reach

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ticker = later("matplotlib.ticker")


def plot_error_rates(
    rates: pd.DataFrame, ax: Axes | None = None, *, title: str | None = None
) -> Axes:
    """Draw error rate and omission rate against the share of users that is predicted, with their intervals.

    Parameters
    ----------
    rates : DataFrame
        From `error_rates`.
    ax : Axes, optional
    title : str, optional
        The heading; the picture's own if left out.

    Returns
    -------
    Axes

    Examples
    --------
    >>> from crmkit.mining import error_rates
    >>> plot_error_rates(error_rates([0.9, 0.6, 0.4], [True, False, True])).get_ylabel()
    'share'
    """
    wanted = ["reach"]
    for name in ("error", "omission"):
        wanted += [f"{name}_rate", f"{name}_low", f"{name}_high"]
    need_rows(rates, wanted, "rates")
    ax = axes(ax)
    words = {
        "error": (COLORS["bad"], say("error rate: wrong among those predicted")),
        "omission": (COLORS["focus"], say("omission rate: missed among those who pay")),
    }
    for name, (hue, text) in words.items():
        ax.plot(rates["reach"], rates[f"{name}_rate"], color=hue, label=text)
        band = rates[f"{name}_low"], rates[f"{name}_high"]
        ax.fill_between(rates["reach"], *band, color=hue, alpha=0.18, lw=0)
    ax.legend(loc="center right")
    ax.set(
        title=say("Wrong alarms and missed ones") if title is None else title,
        xlabel=say("share of users predicted to pay"),
        ylabel=say("share"),
        xlim=(0, 1),
        ylim=(0, 1),
    )
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(ticker.PercentFormatter(1, decimals=0))
    return ax


def plot_calibration(
    groups: pd.DataFrame, ax: Axes | None = None, *, title: str | None = None
) -> Axes:
    """Draw what the scores promised against what came, a dot a group of users.

    Parameters
    ----------
    groups : DataFrame
        From `calibration`.
    ax : Axes, optional
    title : str, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> from crmkit.mining import calibration
    >>> plot_calibration(calibration([0.1, 0.1, 0.8, 0.8], [False, False, True, True], 2)).get_xlabel()
    'promised'
    """
    need_rows(groups, ["promised", "came", "low", "high"], "groups")
    ax = axes(ax)
    top = float(max(groups["high"].max(), groups["promised"].max())) * 1.05
    ax.plot([0, top], [0, top], color=COLORS["muted"], ls="--", label=say("promise kept"))
    ax.errorbar(
        groups["promised"], groups["came"], yerr=reach(groups, "came"), fmt="o", color=COLORS["focus"], capsize=3,
        label=say("a group of users, with 95 % interval"),
    )  # fmt: skip
    ax.legend(loc="upper left")
    ax.set(
        title=say("What was promised, and what came") if title is None else title,
        xlabel=say("promised"),
        ylabel=say("came"),
        xlim=(0, top),
        ylim=(0, top),
    )
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(ticker.PercentFormatter(1, decimals=0))
    return ax


def plot_ranking(
    ranking: pd.DataFrame,
    first_list: set[str] | frozenset[str] = frozenset(),
    ax: Axes | None = None,
    *,
    most: int = 10,
    title: str | None = None,
) -> Axes:
    """Draw the groups of metrics that matter most, with the range over the draws.

    Parameters
    ----------
    ranking : DataFrame
        From `rank_metrics`.
    first_list : set of str
        Metrics of the first list; their groups get a colour of their own.
    ax : Axes, optional
    most : int
        How many groups.
    title : str, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> ranking = pd.DataFrame({"metric": ["days"], "metrics": [2], "loss": [0.1], "low": [0.05], "high": [0.2]})
    >>> plot_ranking(ranking).get_yticklabels()[0].get_text()
    'days (and 1 like it)'
    """
    need_rows(ranking, ["metric", "metrics", "loss", "low", "high"], "ranking")
    ax = axes(ax)
    shown = ranking.head(most).iloc[::-1]
    for place, row in enumerate(shown.itertuples()):
        hue = COLORS["contrast"] if row.metric in first_list else COLORS["focus"]
        ax.plot([row.low, row.high], [place, place], color=hue, lw=2)
        ax.plot([row.loss], [place], "o", color=hue, ms=8)
    for hue, text in (
        ("contrast", say("on the first list")),
        ("focus", say("found later")),
    ):
        ax.plot([], [], "o-", color=COLORS[hue], label=text)
    if first_list:
        ax.legend(loc="lower right")
    ax.axvline(0, color=COLORS["ink"], lw=1)
    names = [
        say("{metric} (and {number} like it)", metric=row.metric, number=row.metrics - 1)
        if row.metrics > 1
        else row.metric
        for row in shown.itertuples()
    ]
    ax.set_yticks(range(len(shown)), names)
    ax.set(
        title=say("What a forecast loses without each group of metrics")
        if title is None
        else title,
        xlabel=say("loss of pairs ranked right (percentage points)"),
    )
    ax.xaxis.set_major_formatter(lambda x, _: f"{100 * x:g}")
    return ax


def plot_rounds(rounds: pd.DataFrame, ax: Axes | None = None, *, title: str | None = None) -> Axes:
    r"""Draw how well new users are ranked, round by round, with the interval: a bar a round, the start on top.

    Parameters
    ----------
    rounds : DataFrame
        From `metrics_in_rounds`.
    ax : Axes, optional
    title : str, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> rounds = pd.DataFrame({"added": ["", "days"], "removed": ["", "noise"], "ranks_right": [0.5, 0.7]})
    >>> rounds["low"], rounds["high"] = 0.5, 0.8
    >>> [text.get_text() for text in plot_rounds(rounds).get_yticklabels()]
    ['start', '+ days\n− noise']
    """
    need_rows(rounds, ["added", "removed", "ranks_right", "low", "high"], "rounds")
    ax = axes(ax)
    words = [say("start")]
    for row in rounds.iloc[1:].itertuples():
        words.append(f"+ {row.added}" + (f"\n− {row.removed}" if row.removed else ""))
    place = np.arange(len(rounds))
    area = rounds["ranks_right"].to_numpy(float)
    # Bars begin at chance: what is longer knows more than a coin.
    ax.barh(
        place, area - 0.5, left=0.5, xerr=np.nan_to_num(reach(rounds, "ranks_right")),
        color=COLORS["focus"], height=0.62, error_kw={"ecolor": COLORS["ink"], "capsize": 3},
    )  # fmt: skip
    ax.axvline(0.5, color=COLORS["muted"], ls="--")
    ax.set_yticks(place, words)
    ax.invert_yaxis()
    least = min(0.5, float(np.nanmin(rounds[["ranks_right", "low"]].to_numpy(float))))
    ax.set(
        title=say("New users ranked right, round by round") if title is None else title,
        xlabel=say("pairs ranked right (50 %: chance), with 95 % interval"),
        xlim=(least - 0.01, 1),
    )
    ax.xaxis.set_major_formatter(ticker.PercentFormatter(1, decimals=0))
    return ax


def plot_drift(
    drift: pd.DataFrame, ax: Axes | None = None, *, most: int = 10, title: str | None = None
) -> Axes:
    """Draw the metrics whose spread over the users has changed most, with the limit of chance.

    Parameters
    ----------
    drift : DataFrame
        From `drift_watch`.
    ax : Axes, optional
    most : int
        How many metrics.
    title : str, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> drift = pd.DataFrame({"metric": ["days"], "index": [0.4], "limit": [0.02]})
    >>> plot_drift(drift).get_xlabel()
    'stability index (0: as before)'
    """
    need_rows(drift, ["metric", "index", "limit"], "drift")
    ax = axes(ax)
    shown = drift.head(most).iloc[::-1]
    place = np.arange(len(shown))
    ax.barh(place, shown["index"], color=COLORS["focus"])
    ax.plot(
        shown["limit"], place, "|", color=COLORS["bad"], ms=16, mew=2, label=say("limit of chance")
    )
    ax.legend(loc="lower right")
    ax.set_yticks(place, list(shown["metric"]))
    ax.set(
        title=say("Metrics that are not what they were") if title is None else title,
        xlabel=say("stability index (0: as before)"),
    )
    return ax
