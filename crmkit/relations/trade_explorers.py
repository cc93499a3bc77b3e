"""Something to play with: one clock of sleep, and what it gets wrong in each trade."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from ipywidgets import Dropdown, IntSlider

from crmkit.errors import CrmkitError
from crmkit.explore import Explorer, canvas, explorer
from crmkit.inputs import need_rows
from crmkit.relations.clocks import clock_errors
from crmkit.say import say
from crmkit.style import COLORS


def error_curve(silent_days: object, asleep: object, days: np.ndarray) -> pd.DataFrame:
    """Give wrong alarms and misses for each of many clocks.

    Parameters
    ----------
    silent_days, asleep
        As for `clock_errors`.
    days
        The clocks.

    Returns
    -------
    DataFrame
        ``clock_days``, ``wrong``, ``missed``, ``right``.

    Examples
    --------
    >>> error_curve([10, 200], [False, True], np.array([0, 90, 300]))["right"].tolist()
    [0.5, 1.0, 0.5]
    """
    found = clock_errors(silent_days, asleep, [float(day) for day in days])
    return found[["clock_days", "wrong", "missed", "right"]]


def clock_explorer(
    trades: Mapping[str, pd.DataFrame],
    clocks: Mapping[str, float],
    *,
    most: int = 500,
    start: int = 90,
) -> Explorer:
    """Choose a trade and a number of days, and see whom the rule "inactive after so many days" gets wrong.

    Parameters
    ----------
    trades
        By company: from `silent_and_sleeping`.
    clocks
        By company: its own clock in days, from `own_clock`.
    most
        Longest clock, in days.
    start
        The clock at first.

    Returns
    -------
    Explorer

    Raises
    ------
    CrmkitError
        No company, or one without a clock.

    Examples
    --------
    >>> table = pd.DataFrame({"silent_days": [10, 100, 200, 300], "asleep": [False, False, True, True]})
    >>> shown = clock_explorer({"Fernwell": table}, {"Fernwell": 150.0})
    >>> "50 % of those awake" in shown.sentence
    True
    >>> shown.set(days=150)
    >>> "100 % of all customers are in their true place" in shown.sentence
    True
    """
    if not trades or set(trades) - set(clocks):
        raise CrmkitError("trades: give at least one company, and a clock for each.")
    grid = np.arange(0, most + 1)
    curves = {}
    for name, table in trades.items():
        need_rows(table, ["silent_days", "asleep"], name)
        curves[name] = error_curve(table["silent_days"], table["asleep"], grid)
    figure, ax = canvas(size=(8.8, 4.4))
    (wrong,) = ax.plot(
        [], [], color=COLORS["bad"], lw=2.5, label=say("wrong alarms (of those awake)")
    )
    (missed,) = ax.plot(
        [], [], color=COLORS["contrast"], lw=2.5, ls="--", label=say("missed (of those asleep)")
    )
    (own,) = ax.plot(
        [], [], color=COLORS["focus"], ls=":", lw=2, label=say("the trade's own clock")
    )
    (stop,) = ax.plot([], [], color=COLORS["ink"], lw=1.2, label=say("your clock"))
    (dots,) = ax.plot([], [], "o", color=COLORS["ink"], ms=8)
    ax.yaxis.set_major_formatter(lambda y, _: f"{y:.0%}")
    ax.legend(loc="upper right")
    ax.set(
        title=say("What a clock of sleep gets wrong"),
        xlabel=say("inactive after so many days"),
        ylabel=say("share that is wrong"),
        xlim=(0, most),
        ylim=(0, 1.02),
    )

    def draw(company: str, days: int) -> str:
        curve = curves[company]
        wrong.set_data(grid, curve["wrong"])
        missed.set_data(grid, curve["missed"])
        now = curve.iloc[days]
        stop.set_data([days, days], [0, 1.02])
        dots.set_data([days, days], [now["wrong"], now["missed"]])
        clock = clocks[company]
        own.set_data([clock, clock], [0, 1.02])
        return say(
            "{company}, inactive after {days} days: {wrong:.0f} % of those awake get a wrong alarm, {missed:.0f} % of "
            "those asleep are missed, and {right:.0f} % of all customers are in their true place. The trade's own "
            "clock is {clock:.0f} days.",
            company=company, days=days, wrong=100 * now["wrong"], missed=100 * now["missed"],
            right=100 * now["right"], clock=clock,
        )  # fmt: skip

    first = next(iter(trades))
    controls = {
        "company": Dropdown(value=first, options=list(trades), description=say("company")),
        "days": IntSlider(
            value=start, min=0, max=most, step=1,
            description=say("days (0 to {most})", most=most),
        ),
    }  # fmt: skip
    return explorer(
        controls, draw, figure,
        alt=say("Wrong alarms and misses against the days after which a customer is called inactive"),
    )  # fmt: skip


__all__ = ["clock_explorer", "error_curve"]
