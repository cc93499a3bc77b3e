"""Things to play with: agents hour by hour, the promise they keep and what they cost."""

from __future__ import annotations

import numpy as np
import pandas as pd
from ipywidgets import BoundedIntText, FloatSlider, IntSlider

from crmkit.companies import Company, company
from crmkit.explore import Explorer, Row, canvas, explorer
from crmkit.inputs import need_rows
from crmkit.relations.erlang import erlang_a
from crmkit.say import say
from crmkit.style import COLORS

_WIDE = (8.8, 4.6)
_MOST = 12


def staff_explorer(
    profile: pd.DataFrame,
    *,
    patience_minutes: float,
    agents: int = 4,
    promise: float = 0.8,
    within_seconds: float = 60,
    hour_cost: float = 24.0,
    about: Company | None = None,
) -> Explorer:
    """Put agents into each hour of the day and see who is answered in time, and what it costs.

    Parameters
    ----------
    profile
        From `arrival_profile`, by hour.
    patience_minutes
        Mean patience (`patience`).
    agents
        At first, in every hour.
    promise, within_seconds
        Share of callers to be answered within so many seconds.
    hour_cost
        What an agent's hour costs.
    about
        The company, for its money; default: the reader's.

    Returns
    -------
    Explorer

    Examples
    --------
    >>> profile = pd.DataFrame({"hour": [9, 10], "calls": [20.0, 45.0], "handling_minutes": 5.0})
    >>> from crmkit.companies import shipped
    >>> shown = staff_explorer(profile, patience_minutes=5, about=shipped("fernwell"))
    >>> "8 agent hours" in shown.sentence, "1 of 2 hours" in shown.sentence
    (True, True)
    >>> shown.set(agents=(3, 6))
    >>> "9 agent hours" in shown.sentence
    True
    """
    need_rows(profile, ["hour", "calls", "handling_minutes"], "profile")
    money = (about or company()).money
    hours = profile["hour"].tolist()
    calls = profile["calls"].to_numpy(float)
    handling = profile["handling_minutes"].to_numpy(float)
    kept: dict[tuple[int, int, int, float], tuple[float, float]] = {}

    def one(place: int, number: int, more: int, patient: float) -> tuple[float, float]:
        """Share in time and occupancy of an hour; without an agent nobody is answered."""
        if number < 1:
            return 0.0, 0.0
        key = place, number, more, patient
        if key not in kept:
            found = erlang_a(
                calls[place] * (1 + more / 100),
                handling[place],
                number,
                patient,
                within_seconds=within_seconds,
            )
            kept[key] = float(found["within"]), float(found["occupancy"])
        return kept[key]

    figure, ax = canvas(size=_WIDE)
    bars = ax.bar(hours, [0.0] * len(hours), color=COLORS["focus"], width=0.8)
    (busy,) = ax.plot(
        hours,
        [0.0] * len(hours),
        "D",
        color=COLORS["contrast"],
        ms=7,
        label=say("share of time agents are busy"),
    )
    ax.axhline(promise, color=COLORS["good"], ls="--", label=say("the promise"))
    ax.legend(loc="upper right", ncols=2)
    ax.set(
        title=say("Callers answered in time, hour by hour"),
        xlabel=say("hour of the day"),
        ylabel=say("share"),
        ylim=(0, 1.25),
    )
    ax.set_xticks(hours)
    ax.set_yticks(np.arange(0, 1.01, 0.2))
    ax.yaxis.set_major_formatter(lambda y, _: f"{y:.0%}")

    def draw(agents: tuple[int, ...], more: int, patient: float) -> str:
        found = [one(place, int(number), more, patient) for place, number in enumerate(agents)]
        keeps = 0
        for bar, (within, _) in zip(bars, found, strict=True):
            bar.set_height(within)
            ok = within >= promise
            keeps += ok
            bar.set_facecolor(COLORS["good"] if ok else COLORS["bad"])
        busy.set_ydata([share for _, share in found])
        in_time = float((calls * [within for within, _ in found]).sum() / calls.sum())
        total = int(sum(agents))
        said = say(
            "{total} agent hours a day cost {cost}. {in_time:.0%} of all callers are answered within {seconds:.0f} "
            "seconds, and {keeps} of {hours} hours keep the promise.",
            total=total, cost=money(total * hour_cost), in_time=in_time, seconds=within_seconds,
            keeps=keeps, hours=len(hours),
        )  # fmt: skip
        if keeps == len(hours):
            return said + " " + say("Every hour keeps it. Can you do it with fewer?")
        worst = min(range(len(found)), key=lambda place: found[place][0])
        return (
            said
            + " "
            + say(
                "Worst is the hour from {hour}: {share:.0%}.",
                hour=hours[worst],
                share=found[worst][0],
            )
        )

    cells = [
        BoundedIntText(
            value=agents, min=0, max=_MOST, tooltip=say("agents from {hour} on", hour=hour)
        )
        for hour in hours
    ]
    controls = {
        "agents": Row(
            cells, per_row=len(hours),
            label=say(
                "agents in each hour, from {first} to {last} (0 to {most})",
                first=hours[0], last=hours[-1] + 1, most=_MOST,
            ),
        ),
        "more": IntSlider(value=0, min=-30, max=50, step=5, description=say("more calls (%, -30 to 50)")),
        "patient": FloatSlider(
            value=float(round(patience_minutes, 1)), min=0.5, max=15, step=0.1, readout_format=".1f",
            description=say("mean patience (minutes, 0.5 to 15)"),
        ),
    }  # fmt: skip
    return explorer(
        controls,
        draw,
        figure,
        alt=say("Share of callers answered in time, and share of time agents are busy, by hour"),
        wide=["agents"],
    )


__all__ = ["staff_explorer"]
