"""Something to play with: a programme designer."""

from __future__ import annotations

import numpy as np
import pandas as pd
from ipywidgets import FloatSlider, IntSlider

from crmkit.companies import Company, company
from crmkit.explore import Explorer, canvas, explorer
from crmkit.inputs import need_numbers, need_rows
from crmkit.relations.programme_design import design_programme
from crmkit.say import label, say
from crmkit.style import COLORS


def programme_explorer(
    kinds: pd.DataFrame,
    spend: object,
    *,
    margin: float,
    point_value: float = 0.02,
    breakage: float = 0.2,
    threshold: int = 500,
    gold_more: float = 0.18,
    about: Company | None = None,
) -> Explorer:
    """Design a programme: points, their value, breakage, a threshold and its rights, and see what it moves and costs.

    Parameters
    ----------
    kinds, spend, margin
        As for `design_programme`.
    point_value
        Of one point, at first; the trial gave one point for each unit of money at this value.
    breakage, threshold
        At first.
    gold_more
        What gold adds to the spending, as a share (found by `threshold_effect`).
    about
        The company, for its money; default: the reader's.

    Returns
    -------
    Explorer

    Examples
    --------
    >>> from crmkit.companies import shipped
    >>> kinds = pd.DataFrame({"kind": ["light", "heavy"], "members": [100, 50], "without": [100.0, 900.0],
    ...     "more": [0.2, 0.0]})
    >>> shown = programme_explorer(kinds, [100] * 100 + [900] * 50, margin=0.4, about=shipped("fernwell"))
    >>> shown.set(points=0)
    >>> "No points" in shown.sentence
    True
    """
    need_rows(kinds, ["kind", "members", "without", "more"], "kinds")
    each = need_numbers(spend, "spend", minimum=0)
    about = about or company()
    money = about.money
    names = [label(str(kind)) for kind in kinds["kind"]] + [label("gold")]
    place = np.arange(len(names))
    figure, ax = canvas(size=(8.8, 4.6))
    won = ax.bar(
        place - 0.2, np.zeros(len(names)), width=0.38, color=COLORS["good"], label=say("margin won")
    )
    paid = ax.bar(
        place + 0.2, np.zeros(len(names)), width=0.38, color=COLORS["bad"], label=say("cost")
    )
    ax.axhline(0, color=COLORS["ink"], lw=1)
    ax.set_xticks(place, names)
    ax.legend(loc="upper left")
    ax.yaxis.set_major_formatter("{x:,.0f}")
    first = design_programme(
        kinds, each, margin=margin, breakage=breakage, threshold=threshold, gold_more=gold_more
    )
    top = 2.2 * float(max(first["margin_won"].max(), first["cost"].max(), 1.0))
    ax.set(
        title=say("A year of the programme, by kind of member"),
        ylabel=say("money ({unit})", unit=about.currency),
        ylim=(min(0.0, 1.2 * float(first["margin_won"].min())), top),
    )
    tried = point_value

    def draw(points: int, value: float, broken: int, line: int, rights: int) -> str:
        reward = points * value / 100
        found = design_programme(
            kinds, each, margin=margin, reward=reward, tried_reward=tried, breakage=broken / 100,
            threshold=line, gold_more=gold_more if rights else 0.0, gold_cost=rights,
        )  # fmt: skip
        for bars, name in ((won, "margin_won"), (paid, "cost")):
            for bar, height in zip(bars, found[name], strict=True):
                bar.set_height(min(height, top))
        moved = found.iloc[:-1]
        best = int(np.argmax(moved["net"].to_numpy()))
        worst = int(np.argmin(moved["net"].to_numpy()))
        said = [
            say(
                "The points are worth {reward:.1%} of what is spent. They cost {cost} and win {won} of margin; gold "
                "brings {gold} after its rights, for {heads:,.0f} members.",
                reward=reward, cost=money(moved["cost"].sum()), won=money(moved["margin_won"].sum()),
                gold=money(found["net"].iloc[-1]), heads=found["members"].iloc[-1],
            )
            if reward > 0
            else say(
                "No points: only gold is left. It brings {gold} after its rights, for {heads:,.0f} members.",
                gold=money(found["net"].iloc[-1]), heads=found["members"].iloc[-1],
            )
        ]  # fmt: skip
        said.append(
            say(
                "In all {net} a year; at its end {owed} are owed for points.",
                net=money(found["net"].sum()), owed=money(found["owed"].sum()),
            )
        )  # fmt: skip
        if reward > 0 and moved["net"].iloc[worst] < 0:
            said.append(
                say(
                    "Most is lost on: {worst}. Best are: {best}.",
                    worst=names[worst],
                    best=names[best],
                )
            )
        return " ".join(said)

    controls = {
        "points": IntSlider(
            value=1, min=0, max=5, description=say("points for each {coin} spent (0 to 5)", coin=about.symbol)
        ),
        "value": FloatSlider(
            value=100 * point_value, min=0.5, max=5, step=0.5, readout_format=".1f",
            description=say("value of 100 points ({coin}, 0.5 to 5)", coin=about.symbol),
        ),
        "broken": IntSlider(
            value=round(100 * breakage), min=0, max=60, description=say("breakage (%, 0 to 60)")
        ),
        "line": IntSlider(
            value=threshold, min=200, max=1500, step=50,
            description=say("gold from ({coin} a year, 200 to 1,500)", coin=about.symbol),
        ),
        "rights": IntSlider(
            value=20, min=0, max=60, step=5,
            description=say("rights of gold cost ({coin} a year each, 0 to 60)", coin=about.symbol),
        ),
    }  # fmt: skip
    return explorer(
        controls, draw, figure, alt=say("Margin won and cost of the programme, by kind of member")
    )


__all__ = ["programme_explorer"]
