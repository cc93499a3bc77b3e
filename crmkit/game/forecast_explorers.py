"""Something to play with: how wide a forecast should be that is to hold what comes in eight of ten quarters."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from crmkit.explore import Explorer, canvas, explorer
from crmkit.explore.controls import slider
from crmkit.game.forecasts import interval_score
from crmkit.game.money import about_money
from crmkit.game.standing import DAYS
from crmkit.inputs import need_number, need_rows
from crmkit.say import say
from crmkit.style import COLORS

_YEAR = 4
_WIDE = (8.2, 3.9)


def turnover_by_quarter(orders: pd.DataFrame, begins: Any) -> pd.Series:
    """Add turnover up over whole quarters of thirteen weeks, counted back from a day.

    Parameters
    ----------
    orders
        ``order_date``, ``turnover``.
    begins
        First day of the coming quarter.

    Returns
    -------
    Series
        Turnover, the oldest quarter first; the index says how many quarters back (-1: the last one).

    Examples
    --------
    >>> orders = pd.DataFrame({"order_date": pd.to_datetime(["2025-10-02", "2025-12-31"]), "turnover": [10.0, 5.0]})
    >>> turnover_by_quarter(orders, "2026-01-01").to_dict()
    {-1: 15.0}
    """
    need_rows(orders, ["order_date", "turnover"], "orders")
    back = (pd.Timestamp(begins) - orders["order_date"]).dt.days
    block = (-(-back // DAYS)).where(back > 0)
    whole = max(int(back.max() // DAYS), 1)
    sums = orders.groupby(block)["turnover"].sum().reindex(range(whole, 0, -1), fill_value=0.0)
    return sums.set_axis([-int(b) for b in sums.index]).rename_axis("quarter")


def tried_on_the_past(turnover: pd.Series, below: float, above: float) -> pd.DataFrame:
    """Forecast each past quarter as a year before, from some per cent below to some above, and grade it.

    Parameters
    ----------
    turnover
        By quarter, the oldest first.
    below, above
        Per cent.

    Returns
    -------
    DataFrame
        One row per quarter that has one a year before: ``quarter``, ``low``, ``best``, ``high``, ``actual``,
        ``inside``, ``score`` (`interval_score`).

    Examples
    --------
    >>> table = tried_on_the_past(pd.Series([100.0, 100, 100, 100, 120], index=range(-5, 0)), 10, 30)
    >>> table[["low", "high", "inside", "score"]].to_numpy().tolist()
    [[90.0, 130.0, True, 40.0]]
    """
    need_number(below, "below", minimum=0, maximum=100)
    need_number(above, "above", minimum=0)
    best = turnover.to_numpy(dtype=float)[:-_YEAR]
    table = pd.DataFrame({"quarter": turnover.index[_YEAR:], "best": best})
    table["low"] = (best * (1 - below / 100)).round(2)
    table["high"] = (best * (1 + above / 100)).round(2)
    table["actual"] = turnover.to_numpy(dtype=float)[_YEAR:]
    table["inside"] = table["actual"].between(table["low"], table["high"])
    table["score"] = interval_score(table["low"], table["high"], table["actual"])
    return table[["quarter", "low", "best", "high", "actual", "inside", "score"]]


def forecast_explorer(orders: pd.DataFrame, begins: Any) -> Explorer:
    """Choose how wide a forecast is, and see how it would have done in past quarters.

    Parameters
    ----------
    orders
        Known so far: ``order_date``, ``turnover``; five quarters at least.
    begins
        First day of the coming quarter.

    Returns
    -------
    Explorer

    Examples
    --------
    >>> days = pd.date_range("2023-01-02", "2025-12-31")
    >>> shown = forecast_explorer(pd.DataFrame({"order_date": days, "turnover": 100.0}), "2026-01-01")
    >>> shown.sentence[:26]
    '8 of 8 intervals hold what'
    """
    about, turnover = about_money(), turnover_by_quarter(orders, begins)
    first = tried_on_the_past(turnover, 10, 10)
    place = first["quarter"].to_numpy()
    figure, ax = canvas(size=_WIDE)
    bars = ax.vlines(place, first["low"], first["high"], color=COLORS["focus"], lw=7, alpha=0.45)
    (came,) = ax.plot(place, first["actual"] / 1000, "o", color=COLORS["good"], label=say("inside"))
    (missed,) = ax.plot(
        place, first["actual"] / 1000, "X", color=COLORS["bad"], label=say("missed")
    )
    bars.set_label(say("forecast"))
    top = 1.25 * float(max(first["actual"].max(), 1.3 * first["best"].max())) / 1000
    ax.set(
        ylim=(0, top),
        title=say("Forecast as a year before, and what came"),
        xlabel=say("quarters before the game (-1: the last one)"),
        ylabel=say("turnover ({symbol}1,000)", symbol=about.symbol),
    )
    ax.legend(ncols=3, loc="upper left")

    def draw(below: float, above: float) -> str:
        table = tried_on_the_past(turnover, below, above)
        ends = table[["low", "high"]].to_numpy() / 1000
        bars.set_segments(
            [[(x, low), (x, high)] for x, (low, high) in zip(place, ends, strict=True)]
        )
        actual, inside = table["actual"].to_numpy() / 1000, table["inside"].to_numpy()
        came.set_ydata(np.where(inside, actual, np.nan))
        missed.set_ydata(np.where(inside, np.nan, actual))
        width = float((table["high"] - table["low"]).mean())
        return say(
            "{hits} of {number} intervals hold what came. The mean score is {score}: {width} for the width, {misses} "
            "for the misses.",
            hits=int(inside.sum()),
            number=len(table),
            score=about.money(table["score"].mean()),
            width=about.money(width),
            misses=about.money(table["score"].mean() - width),
        )

    controls = {
        "below": slider(say("per cent below"), 10, 0, 60, 1),
        "above": slider(say("per cent above"), 10, 0, 60, 1),
    }
    alt = say("Past quarters: an interval for each, and what came")
    return explorer(controls, draw, figure, alt=alt)
