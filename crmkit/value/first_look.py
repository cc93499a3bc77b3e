"""The course's first picture: what share of turnover or profit the best customers bring.

Lesson 00 opens with it; lesson 20 goes on with tiers, other companies and the reader's own data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from ipywidgets import IntSlider, ToggleButtons

from crmkit.companies import money
from crmkit.explore import Explorer, canvas, explorer
from crmkit.inputs import need_columns
from crmkit.say import label, labels, say
from crmkit.style import COLORS, axes
from crmkit.value.concentration import concentration_curve, top_count

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: What the explorer switches between: columns of the table, and what a reader calls them.
_MEASURES = labels("profit", "turnover")
#: The share of the whole, in per cent, that the explorer asks for.
_GOAL = 50


def best_bring(values: object, percent: int) -> pd.Series:
    """Count what the best `percent` of the customers bring.

    Parameters
    ----------
    values
        One number per customer, such as the profit in £; may be negative.
    percent
        Share of the customers, from 1 to 100. At least one customer is counted.

    Returns
    -------
    Series
        ``customers`` (how many that is), ``value`` (what they bring, in the unit of `values`), ``percent`` (of the
        whole), ``rest_value`` and ``rest_percent`` (what all others bring: below zero if they lose money).

    Raises
    ------
    CrmkitError
        No rows, a missing value, or a total that is not above zero.

    Examples
    --------
    >>> best_bring([60, 50, -10], percent=67).round(0).astype(int).to_dict()
    {'customers': 2, 'value': 110, 'percent': 110, 'rest_value': -10, 'rest_percent': -10}
    """
    curve = concentration_curve(values)
    count = top_count(percent / 100, len(curve) - 1)
    value, total = curve["value_so_far"].iloc[count], curve["value_so_far"].iloc[-1]
    return pd.Series(
        {
            "customers": count,
            "value": value,
            "percent": 100 * value / total,
            "rest_value": total - value,
            "rest_percent": 100 * (1 - value / total),
        }
    )


def plot_best_bring(
    values: object, percent: int = 20, ax: Axes | None = None, *, title: str | None = None
) -> Axes:
    """Draw the curve of "the best x % of the customers bring y %", with one point of it marked.

    Parameters
    ----------
    values
        One number per customer.
    percent
        The share of the customers that is marked.
    ax
        Where to draw; a new figure if left out.
    title
        The heading; the picture's own if left out.

    Returns
    -------
    Axes

    Examples
    --------
    >>> plot_best_bring([60, 50, -10]).get_xlabel()
    'share of the customers, best first (%)'
    """
    ax = axes(ax)
    curve = concentration_curve(values)
    marked = best_bring(values, percent)
    ax.plot([0, 100], [0, 100], color=COLORS["muted"], linewidth=1.2, linestyle="--")
    ax.annotate(say("if all were equal"), (71, 62), rotation=0, color=COLORS["ink"], fontsize=11)
    ax.plot(100 * curve["customer_share"], 100 * curve["value_share"], color=COLORS["focus"])
    ax.plot([percent, percent], [0, marked["percent"]], color=COLORS["contrast"], linewidth=1.6)
    ax.plot([0, percent], [marked["percent"]] * 2, color=COLORS["contrast"], linewidth=1.6)
    ax.plot(percent, marked["percent"], "o", color=COLORS["contrast"], markersize=9, clip_on=False)
    ax.set(xlim=(0, 100), ylim=(0, max(112, 100 * curve["value_share"].max() + 5)))
    ax.set_xlabel(say("share of the customers, best first (%)"))
    ax.set_ylabel(say("share of the whole (%)"))
    ax.set_title(say("What the best customers bring") if title is None else title)
    return ax


def first_look_explorer(profit: pd.DataFrame) -> Explorer:
    """Let the reader move "the best x %" along the curve and switch between turnover and profit.

    Parameters
    ----------
    profit
        One row per customer: ``turnover`` and ``profit`` in £, as :func:`crmkit.value.customer_profit` gives.

    Returns
    -------
    Explorer

    Raises
    ------
    CrmkitError
        A column is missing, or a total is not above zero.

    Examples
    --------
    >>> table = pd.DataFrame({"turnover": [90.0, 60.0, 50.0], "profit": [60.0, 50.0, -10.0]})
    >>> first_look_explorer(table).set(percent=100)
    """
    need_columns(profit, ["turnover", "profit"], "profit")
    curves = {name: concentration_curve(profit[name]) for name in _MEASURES}
    top = 100 * max(curve["value_share"].max() for curve in curves.values())

    figure, ax = canvas()
    plot_best_bring(profit["profit"], 20, ax=ax)
    ax.set_ylim(0, max(112, top + 5))
    curve_line, upright, level, point = ax.lines[1:5]
    share_of_customers = 100 * curves["profit"]["customer_share"].to_numpy()
    begin = best_bring(profit["profit"], 20)["percent"]
    ax.plot(
        20, begin, "o", color="none", markeredgecolor=COLORS["muted"], markersize=12, label=say("where you began")
    )  # fmt: skip
    ax.axhline(
        _GOAL, color=COLORS["good"], linewidth=1.5, linestyle=":", label=say("goal: half of it")
    )
    ax.legend(loc="lower right")
    smallest = {name: _smallest(profit[name]) for name in _MEASURES}
    fill = ax.fill_between(
        share_of_customers, 0, 0, color=COLORS["contrast"], alpha=0.18, linewidth=0
    )

    def draw(percent: int, measure: str) -> str:
        curve = curves[measure]
        reached = best_bring(profit[measure], percent)
        heights = 100 * curve["value_share"].to_numpy()
        curve_line.set_ydata(heights)
        upright.set_data([percent, percent], [0, reached["percent"]])
        level.set_data([0, percent], [reached["percent"]] * 2)
        point.set_data([percent], [reached["percent"]])
        inside = share_of_customers <= percent
        fill.set_data(share_of_customers, 0, np.where(inside, heights, 0), where=inside)
        return _sentence(percent, measure, reached, len(profit), smallest[measure])

    controls = {
        "percent": IntSlider(
            value=20, min=1, max=100, description=say("the best … % of the customers (1 to 100)")
        ),
        "measure": ToggleButtons(
            options=[(label(name), name) for name in _MEASURES], description=say("what they bring")
        ),
    }
    return explorer(
        controls,
        draw,
        figure,
        alt=say(
            "A curve that climbs steeply: customers from best to worst, and the share of the "
            "whole they bring"
        ),
    )


def first_look_steps(profit: pd.DataFrame) -> dict[str, list[tuple[float, str]]]:
    """List what the explorer shows at each of its 100 places: for a page that draws it without Python.

    Parameters
    ----------
    profit
        One row per customer: ``turnover`` and ``profit`` in £, as :func:`crmkit.value.customer_profit` gives.

    Returns
    -------
    dict
        Of each measure, for the best 1 % to 100 % of the customers, the share of the whole in per cent and the
        explorer's sentence.

    Examples
    --------
    >>> table = pd.DataFrame({"turnover": [90.0, 60.0, 50.0], "profit": [60.0, 50.0, -10.0]})
    >>> first_look_steps(table)["turnover"][99]
    (100.0, 'All 3 customers together bring the whole turnover.')
    """
    need_columns(profit, ["turnover", "profit"], "profit")
    steps = {}
    for name in _MEASURES:
        smallest = _smallest(profit[name])
        reached = [(percent, best_bring(profit[name], percent)) for percent in range(1, 101)]
        steps[name] = [
            (float(marked["percent"]), _sentence(percent, name, marked, len(profit), smallest))
            for percent, marked in reached
        ]
    return steps


def _smallest(values: pd.Series) -> int:
    """Find the smallest whole per cent of the customers that brings half."""
    return next(p for p in range(1, 101) if best_bring(values, p)["percent"] >= _GOAL)


def _sentence(percent: int, measure: str, reached: pd.Series, customers: int, smallest: int) -> str:
    """Say what the marked point means, and whether it is the one that was looked for."""
    said = _meaning(percent, measure, reached, customers)
    if percent == smallest:
        goal = say("You reached it: no smaller whole per cent of the customers brings half.")
        return f"{said} {goal}"
    return said


def _meaning(percent: int, measure: str, reached: pd.Series, customers: int) -> str:
    """Say what the marked point means."""
    count = int(reached["customers"])
    said = {
        "percent": percent,
        "count": count,
        "share": reached["percent"],
        "measure": label(measure),
        "others": customers - count,
    }
    if count == customers:
        return say("All {count:,} customers together bring the whole {measure}.", **said)
    # Rounded to what is shown: 100.0 % is the whole, and not more than it.
    if round(reached["rest_percent"], 1) < 0:
        return say(
            "The best {percent} % ({count:,} customers) bring {share:.1f} % of the {measure}: more than the whole. "
            "The other {others:,} together lose {loss}.",
            loss=money(-reached["rest_value"]),
            **said,
        )
    return say(
        "The best {percent} % ({count:,} customers) bring {share:.1f} % of the {measure}; the other {others:,} "
        "bring {rest:.1f} %.",
        rest=abs(reached["rest_percent"]),
        **said,
    )
