"""Something to play with: how many messages a month, and how well they match."""

from __future__ import annotations

import numpy as np
import pandas as pd
from ipywidgets import FloatSlider, IntSlider

from crmkit.companies import Company, company
from crmkit.explore import Explorer, canvas, explorer
from crmkit.relations.messages import year_of_messages
from crmkit.say import say
from crmkit.style import COLORS

_MOST = 10


def year_by_frequency(
    curve: pd.DataFrame, *, match: float, cost: float, address: float
) -> pd.DataFrame:
    """Give a year of 0, 1/2, 1, ... 10 messages a month: the line that the explorer draws.

    Parameters
    ----------
    curve, match, cost, address
        As for `year_of_messages`.

    Returns
    -------
    DataFrame
        ``per_month`` and what `year_of_messages` gives.

    Examples
    --------
    >>> curve = pd.DataFrame({"arm": ["matched", "one for all"], "most_month": [5.5, 1.5], "half": 2.4,
    ...     "leaves": [0.005, 0.015], "pressure": 1.2})
    >>> table = year_by_frequency(curve, match=1, cost=0.05, address=30)
    >>> float(table.loc[table["net"].idxmax(), "per_month"])
    2.5
    """
    often = np.arange(0, _MOST + 0.01, 0.5)
    rows = [
        year_of_messages(curve, each, match=match, cost=cost, address=address) for each in often
    ]
    table = pd.DataFrame(rows).reset_index(drop=True)
    table.insert(0, "per_month", often)
    return table


def message_explorer(
    curve: pd.DataFrame,
    *,
    per_month: float = 8,
    match: float = 0.0,
    cost: float = 0.05,
    address: float = 30.0,
    about: Company | None = None,
) -> Explorer:
    """Choose how many messages a month and how well they match; see margin, readers who leave, and net of a year.

    Parameters
    ----------
    curve
        From `frequency_curve`.
    per_month, match
        At first: messages a month, and how well they match (0 to 1).
    cost, address
        Of a message; what a reader on the list is worth.
    about
        The company, for its money; default: the reader's.

    Returns
    -------
    Explorer

    Examples
    --------
    >>> from crmkit.companies import shipped
    >>> curve = pd.DataFrame({"arm": ["matched", "one for all"], "most_month": [5.5, 1.5], "half": 2.4,
    ...     "leaves": [0.005, 0.015], "pressure": 1.2})
    >>> shown = message_explorer(curve, per_month=2, about=shipped("fernwell"))
    >>> "2.0 messages a month" in shown.sentence
    True
    >>> shown.set(match=100)
    >>> "You are at the top of the line" in shown.sentence or "The top of the line is at 2.5" in shown.sentence
    True
    """
    money = (about or company()).money
    unit = (about or company()).currency
    # The axes stay: they hold every line that the controls can ask for, down to where everybody has left.
    high = float(year_by_frequency(curve, match=1, cost=cost, address=0)["margin"].max())
    kept: dict[tuple[int, float], pd.DataFrame] = {}

    def line(match: int, worth: float) -> pd.DataFrame:
        if (match, worth) not in kept:
            kept[match, worth] = year_by_frequency(
                curve, match=match / 100, cost=cost, address=worth
            )
        return kept[match, worth]

    figure, ax = canvas(size=(8.8, 4.8))
    start = line(round(100 * match), address)
    (earned,) = ax.plot(
        start["per_month"], start["margin"], ":", color=COLORS["good"], label=say("margin added")
    )
    (lost,) = ax.plot(
        start["per_month"],
        -start["address_lost"],
        "--",
        color=COLORS["bad"],
        label=say("readers lost, in money"),
    )
    (net,) = ax.plot(
        start["per_month"], start["net"], color=COLORS["focus"], lw=2.5, label=say("net")
    )
    (here,) = ax.plot([per_month], [0.0], "o", color=COLORS["focus"], ms=10)
    ax.axhline(0, color=COLORS["ink"], lw=1)
    ax.legend(loc="upper left", ncols=3)
    ax.set(
        title=say("A year of messages"),
        xlabel=say("messages a month"),
        ylabel=say("{unit} a reader, over no messages", unit=unit),
        xlim=(0, _MOST),
        ylim=(-1.6 * max(address, 20.0) - 2, 1.35 * high),
    )

    def draw(per_month: float, match: int, worth: float) -> str:
        table = line(match, worth)
        earned.set_data(table["per_month"], table["margin"])
        lost.set_data(table["per_month"], -table["address_lost"])
        net.set_data(table["per_month"], table["net"])
        found = year_of_messages(curve, per_month, match=match / 100, cost=cost, address=worth)
        here.set_data([per_month], [found["net"]])
        best = table.loc[table["net"].idxmax()]
        said = say(
            "{often:.1f} messages a month: margin {margin}, and {left:.0%} of the readers leave within the year, worth "
            "{lost}. Net {net} a reader.",
            often=per_month, margin=money(found["margin"], 2), left=found["left"],
            lost=money(found["address_lost"], 2), net=money(found["net"], 2),
        )  # fmt: skip
        if best["per_month"] == 0:
            return said + " " + say("With this match no number of messages pays.")
        if abs(best["per_month"] - per_month) < 0.3:
            return said + " " + say("You are at the top of the line.")
        return said + " " + say(
            "The top of the line is at {often:.1f}: net {net}.",
            often=best["per_month"], net=money(best["net"], 2),
        )  # fmt: skip

    controls = {
        "per_month": FloatSlider(
            value=per_month, min=0, max=_MOST, step=0.5, readout_format=".1f",
            description=say("messages a month (0 to {most})", most=_MOST),
        ),
        "match": IntSlider(
            value=round(100 * match), min=0, max=100, step=5,
            description=say("match (%, 0 = one for all, 100 = as in the trial)"),
        ),
        "worth": FloatSlider(
            value=float(round(address)), min=0, max=round(1.5 * max(address, 20.0)), step=1, readout_format=".0f",
            description=say("worth of a reader on the list ({unit})", unit=unit),
        ),
    }  # fmt: skip
    return explorer(
        controls,
        draw,
        figure,
        alt=say("Margin, readers lost and net of a year, by messages a month"),
    )


__all__ = ["message_explorer", "year_by_frequency"]
