"""Something to play with: a CRM project's aim, and its money over data, adoption and features."""

from __future__ import annotations

import numpy as np
import pandas as pd
from ipywidgets import Dropdown, IntSlider

from crmkit.companies import Company, company
from crmkit.explore import Explorer, canvas, explorer
from crmkit.inputs import need_rows
from crmkit.relations.projects import PARTS, luck_of, outcome_of, risk_of
from crmkit.say import label, say
from crmkit.style import COLORS

_WIDE = (8.8, 4.4)


def split_of(budget: float, data: float, adoption: float) -> dict[str, float]:
    """Split a budget: so much for data, so much for adoption as is left, the rest for features.

    Examples
    --------
    >>> split_of(120, 50, 90)
    {'data': 50, 'adoption': 70, 'features': 0}
    """
    data = min(data, budget)
    adoption = min(adoption, budget - data)
    return {"data": data, "adoption": adoption, "features": budget - data - adoption}


def project_explorer(
    aims: pd.DataFrame,
    *,
    aim: str | None = None,
    data: int = 20,
    adoption: int = 10,
    spread: float = 0.4,
    about: Company | None = None,
) -> Explorer:
    """Choose an aim and split the board's money: what the project brings, and how often it fails.

    Parameters
    ----------
    aims
        Table `crm_aims`.
    aim
        At first; default: the last of the table.
    data, adoption
        Money at first, in thousands; features get the rest.
    spread
        As for `project_risk`.
    about
        The company, for its money; default: the reader's.

    Examples
    --------
    >>> from crmkit.companies import shipped
    >>> aims = pd.DataFrame({"aim": ["answer"], "worth": [200.0], "data": [20.0], "adoption": [20.0],
    ...     "features": [20.0], "budget": [120.0], "years": [2]})
    >>> shown = project_explorer(aims, data=40, adoption=40, about=shipped("fernwell"))
    >>> "£139,000" in shown.sentence, "data" in shown.sentence
    (True, True)
    """
    need_rows(aims, ["aim", "worth", *PARTS, "budget", "years"], "aims")
    pounds = (about or company()).money
    budget = int(aims["budget"].iloc[0])
    chosen = str(aims["aim"].iloc[-1]) if aim is None else aim
    # Read and drawn once: a drag only computes.
    known = {
        str(row["aim"]): (
            row[list(PARTS)].to_numpy(float),
            float(row["worth"]),
            float(row["years"]),
        )
        for _, row in aims.iterrows()
    }
    luck = luck_of(spread, 2000, 67)
    figure, ax = canvas(size=_WIDE)
    names = [*PARTS, "together"]
    hues = [COLORS["focus"]] * len(PARTS) + [COLORS["good"]]
    place = -np.arange(len(names), dtype=float)
    bars = ax.barh(place, np.ones(len(names)), color=hues, height=0.6)
    notes = [ax.text(0.02, at, "", va="center", ha="left") for at in place]
    ax.set_yticks(place, [*(label(name) for name in PARTS), say("together")])
    ax.set(
        title=say("How well each part works, and all three together"),
        xlabel=say("works to (100 %: nothing is missing)"),
        xlim=(0, 1.25),
        xticks=np.arange(6) / 5,
        ylim=(-len(names) + 0.5, 0.5),
    )
    ax.xaxis.set_major_formatter(lambda x, _: f"{x:.0%}")

    def draw(aim: str, data: int, adoption: int) -> str:
        split = split_of(budget, data, adoption)
        needs, worth, years = known[aim]
        spent = np.array([split[name] for name in PARTS], float)
        found = outcome_of(needs, worth, years, spent)
        risk = risk_of(needs, worth * years, spent, luck)
        for bar, note, name in zip(bars, notes, names, strict=True):
            works = float(found[name])
            bar.set_width(works)
            paid = (
                f"{works:.0%}"
                if name == "together"
                else f"{works:.0%}  {pounds(1000 * split[name], 0)}"
            )
            note.set(text=paid, x=works + 0.02)
        part = label(found["next_in"])
        if found["together"] == 0:
            why = say("{part} gets nothing, so nothing works: the three multiply.", part=part)
        else:
            why = say(
                "The next {money} would bring most in {part}.", money=pounds(1000, 0), part=part
            )
        return say(
            "{aim}: if the estimates are right, the project ends at {net} after its cost. They may be off: in eight "
            "of ten cases it ends between {low} and {high}, and it pays in {pays:.0%}. {why}",
            aim=aim, net=pounds(1000 * round(found["net"]), 0), low=pounds(1000 * round(risk["low"]), 0),
            high=pounds(1000 * round(risk["high"]), 0), pays=risk["pays"], why=why,
        )  # fmt: skip

    controls = {
        "aim": Dropdown(options=aims["aim"].tolist(), value=chosen, description=say("aim")),
        "data": IntSlider(
            value=data, min=0, max=budget, description=say("for data (thousand, of {budget})", budget=budget)
        ),
        "adoption": IntSlider(
            value=adoption, min=0, max=budget, description=say("for adoption (thousand); features get the rest")
        ),
    }  # fmt: skip
    return explorer(
        controls, draw, figure, alt=say("Bars: how well data, adoption and features work, and all three together")
    )  # fmt: skip


__all__ = ["project_explorer", "split_of"]
