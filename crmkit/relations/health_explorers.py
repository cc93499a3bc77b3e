"""Something to play with: weights of an index, and how many warnings, on the period that follows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from ipywidgets import FloatSlider, IntSlider

from crmkit.errors import CrmkitError
from crmkit.explore import Explorer, canvas, explorer
from crmkit.inputs import need_rows, need_true_false
from crmkit.relations.health import weighted_index
from crmkit.say import label, say
from crmkit.style import COLORS


def caught_curve(score: np.ndarray, stays: np.ndarray) -> np.ndarray:
    """Count the leavers among the least healthy 0, 1, 2, ... customers.

    Parameters
    ----------
    score
        High means healthy; among equals the order of the rows counts.
    stays
        True or False for each.

    Examples
    --------
    >>> caught_curve(np.array([3.0, 1.0, 2.0]), np.array([True, False, False])).tolist()
    [0, 1, 2, 2]
    """
    order = np.argsort(score, kind="stable")
    return np.append(0, np.cumsum(~np.asarray(stays, bool)[order]))


def index_explorer(
    table: pd.DataFrame,
    indicators: Sequence[str] = ("logins", "help_given", "sales_change"),
    *,
    stays: str = "stays",
    base: str = "sales",
    like: pd.DataFrame | None = None,
    alarms: int = 100,
) -> Explorer:
    """Weigh indicators by hand, choose how many to warn of, and see who is caught.

    Parameters
    ----------
    table
        The period that judges: one row per customer, with `indicators`, `base` and `stays`.
    indicators
        Columns that get a slider each; two to five.
    stays
        Column of True and False.
    base
        The indicator that is drawn for comparison.
    like
        The period before, from which means and standard deviations are taken.
    alarms
        How many to warn of at first.

    Returns
    -------
    Explorer

    Raises
    ------
    CrmkitError
        Missing columns; an indicator that does not vary; nobody left, or fewer than two indicators.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> table = pd.DataFrame({"logins": rng.poisson(6, 300), "help_given": rng.poisson(2, 300),
    ...                       "sales": rng.gamma(4, 100, 300)})
    >>> table["stays"] = rng.random(300) < 0.5 + table["logins"] / 16
    >>> shown = index_explorer(table, ["logins", "help_given"], alarms=50)
    >>> "Warnings: 50," in shown.sentence, "caught" in shown.sentence
    (True, True)
    >>> shown.set(weight_1=0, weight_2=0)
    >>> "No indicator has a weight" in shown.sentence
    True
    """
    names = list(indicators)
    need_rows(table, [*names, base, stays], "table")
    if not 2 <= len(names) <= 5:
        raise CrmkitError(f"indicators: two to five are needed, not {len(names)}.")
    truth = need_true_false(table[stays], stays)
    if truth.all() or not truth.any():
        raise CrmkitError(f"{stays}: somebody must have stayed, and somebody must have left.")
    n, leavers = len(truth), int((~truth).sum())
    # Each indicator once, in standard deviations: a drag only adds them up.
    parts = np.column_stack(
        [weighted_index(table, {name: 1.0}, like=like).to_numpy() for name in names]
    )
    rival = caught_curve(table[base].to_numpy(float), truth)
    most = min(n, max(2 * leavers, alarms))
    figure, ax = canvas(size=(8.8, 4.6))
    ax.plot([0, n], [0, leavers], color=COLORS["muted"], ls="--", label=say("at random"))
    ax.plot(np.arange(n + 1), rival, color=COLORS["contrast"], label=label(base))
    (line,) = ax.plot([], [], color=COLORS["focus"], lw=2.5, label=say("your index"))
    (mark,) = ax.plot([], [], "o", color=COLORS["focus"], ms=9)
    (stop,) = ax.plot([], [], color=COLORS["ink"], ls=":", lw=1)
    ax.legend(loc="lower right")
    ax.set(
        title=say("Leavers caught, by number of warnings"),
        xlabel=say("warnings: the customers with the lowest index"),
        ylabel=say("leavers caught"),
        xlim=(0, most),
        ylim=(0, leavers * 1.02),
    )

    def draw(alarms: int, **weights: float) -> str:
        chosen = np.array([weights[f"weight_{place}"] for place in range(1, len(names) + 1)])
        if not chosen.any():
            line.set_data([], [])
            mark.set_data([], [])
            stop.set_data([], [])
            return say("No indicator has a weight: there is no index. Move a slider.")
        curve = caught_curve(parts @ chosen, truth)
        line.set_data(np.arange(n + 1), curve)
        mark.set_data([alarms], [curve[alarms]])
        stop.set_data([alarms, alarms], [0, curve[alarms]])
        return say(
            "Warnings: {alarms}, of which false: {false}. Leavers caught: {caught} of {leavers}; missed: {missed}. "
            "By {base} alone {rival} would be caught, at random {chance:.0f}.",
            alarms=alarms, caught=int(curve[alarms]), leavers=leavers, false=alarms - int(curve[alarms]),
            missed=leavers - int(curve[alarms]), base=label(base), rival=int(rival[alarms]),
            chance=alarms * leavers / n,
        )  # fmt: skip

    controls = {
        "alarms": IntSlider(
            value=alarms, min=1, max=most, step=1,
            description=say("warnings (1 to {most})", most=most),
        ),
        **{
            f"weight_{place}": FloatSlider(
                value=1.0, min=-2, max=2, step=0.25, readout_format=".2f",
                description=say("weight of {name} (-2 to 2)", name=label(name).replace("_", " ")),
            )
            for place, name in enumerate(names, start=1)
        },
    }  # fmt: skip
    return explorer(
        controls,
        draw,
        figure,
        alt=say(
            "Leavers caught against the number of warnings, for your index and for one signal alone"
        ),
    )


__all__ = ["caught_curve", "index_explorer"]
