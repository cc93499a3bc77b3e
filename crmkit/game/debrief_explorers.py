"""Something to play with: switch the parts of a plan on and off, and see what the same year would have brought."""

from __future__ import annotations

import pandas as pd
from ipywidgets import Checkbox

from crmkit.errors import CrmkitError
from crmkit.explore import Explorer, canvas, explorer
from crmkit.game.money import about_money
from crmkit.inputs import need_rows
from crmkit.say import label, say
from crmkit.style import COLORS


def brought_by(table: pd.DataFrame, **on: bool) -> float:
    """Look up what a combination of parts brought beside the plan as before.

    Parameters
    ----------
    table
        From `crmkit.game.debrief.combinations`.
    **on
        For each part whether it is switched on.

    Returns
    -------
    float
        Pounds.

    Examples
    --------
    >>> brought_by(pd.DataFrame({"prices": [False, True], "more": [0.0, -900.0]}), prices=True)
    -900.0
    """
    need_rows(table, ["more"], "table")
    parts = [name for name in table if name != "more"]
    if set(parts) != set(on):
        raise CrmkitError(f"Say of each part whether it is on: {', '.join(map(str, parts))}.")
    chosen = (table[list(on)] == pd.Series(on)).all(axis=1)
    return float(table.loc[chosen, "more"].iloc[0])


def parts_explorer(table: pd.DataFrame) -> Explorer:
    """Switch the parts of a plan on and off, and see what the same year would have brought.

    Parameters
    ----------
    table
        From `crmkit.game.debrief.combinations`.

    Returns
    -------
    Explorer

    Examples
    --------
    >>> shown = parts_explorer(pd.DataFrame({"prices": [False, True], "more": [0.0, -900.0]}))
    >>> shown.sentence
    'With prices the year brings £900 less than as before.'
    >>> shown.set(prices=False)
    >>> shown.sentence
    'With nothing changed the year is as before.'
    """
    need_rows(table, ["more"], "table")
    about, parts = about_money(), [str(name) for name in table if name != "more"]
    figure, ax = canvas(size=(7.0, 2.6))
    (bar,) = ax.barh([0], [0.0], color=COLORS["focus"], height=0.5)
    low, high = min(float(table["more"].min()), 0.0), max(float(table["more"].max()), 0.0)
    edge = 0.08 * max(high - low, 1.0)
    ax.axvline(0, color=COLORS["ink"], lw=1)
    ax.set(
        xlim=((low - edge) / 1000, (high + edge) / 1000),
        ylim=(-0.6, 0.6),
        title=say("The same year, with the parts that are switched on"),
        xlabel=say("profit beside the plan as before ({symbol}1,000)", symbol=about.symbol),
    )
    ax.set_yticks([])

    def draw(**on: bool) -> str:
        more = brought_by(table, **on)
        bar.set_width(more / 1000)
        bar.set_color(COLORS["good"] if more >= 0 else COLORS["bad"])
        if not any(on.values()):
            return say("With nothing changed the year is as before.")
        chosen = ", ".join(label(name) for name in parts if on[name])
        if more >= 0:
            return say(
                "With {parts} the year brings {money} more than as before.",
                parts=chosen,
                money=about.money(more),
            )
        return say(
            "With {parts} the year brings {money} less than as before.",
            parts=chosen,
            money=about.money(-more),
        )

    controls = {name: Checkbox(value=True, description=label(name), indent=False) for name in parts}
    alt = say("A bar: what the parts that are switched on bring together")
    return explorer(controls, draw, figure, alt=alt)
