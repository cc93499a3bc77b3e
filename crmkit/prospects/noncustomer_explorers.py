"""Explorers of those who do not buy: move the criteria or build an offer, and see who is won."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from ipywidgets import Checkbox, IntSlider, ToggleButton

from crmkit.companies import company
from crmkit.explore import Explorer, canvas, explorer
from crmkit.explore.controls import Row
from crmkit.inputs import need_rows
from crmkit.prospects.noncustomers import criteria_met, must_haves
from crmkit.say import label, listed, say, say_many
from crmkit.style import COLORS

_WIDE = (8.8, 4.4)


def kinds_explorer(
    people: pd.DataFrame,
    needs: pd.DataFrame,
    offer: pd.Series,
    weight: pd.Series,
    *,
    unexplored: int = 0,
) -> Explorer:
    """Move the price, the number of needs that count and the weights, and see how many households are of each kind.

    Parameters
    ----------
    people
        As for `criteria_met`, with a column ``customer``.
    needs, offer
        As for `criteria_met`.
    weight
        Households that each answer stands for (`answer_weights`).
    unexplored
        Households at which nobody has looked.

    Returns
    -------
    Explorer

    Examples
    --------
    >>> people = pd.DataFrame({"person_id": [1, 2], "projects": 1, "can_spend": [30, 10], "shop": True})
    >>> people["customer"] = False
    >>> ranks = pd.DataFrame({"person_id": [1], "need": ["quick"], "keep_rank": [1], "would_leave": [True]})
    >>> offer = pd.Series({"price": 24, "brought": False, "quick": 1})
    >>> shown = kinds_explorer(people, ranks, offer, pd.Series([50.0, 150.0]), unexplored=20)
    >>> shown.set(price=10)
    >>> "200 households are near" in shown.sentence
    True
    """
    need_rows(people, ["person_id", "projects", "can_spend", "shop", "customer"], "people")
    most = int(needs["keep_rank"].max())
    met = {keep: criteria_met(people, needs, offer, keep=keep) for keep in range(1, most + 1)}
    spend = people["can_spend"].to_numpy(dtype=float)
    other = ~people["customer"].to_numpy(dtype=bool)
    households = weight.to_numpy(dtype=float)
    plain = np.full(len(people), households.sum() / len(people))
    figure, ax = canvas(size=_WIDE)
    names = [say("near"), say("nothing to do"), say("must-have missing"), say("price only")]
    hues = ["good", "muted", "focus", "bad"]
    spots = np.arange(len(names) + 1)
    bars = ax.bar(spots, np.zeros(5), color=[COLORS[hue] for hue in [*hues, "contrast"]])
    bars[4].set_height(unexplored)
    marks = [ax.text(spot, 0, "", ha="center", va="bottom") for spot in spots]
    marks[4].set_text(f"{unexplored:,}")
    marks[4].set_y(unexplored)
    ax.set_xticks(spots, [*names, say("unexplored")])
    ax.yaxis.set_major_formatter("{x:,.0f}")
    ax.set(
        title=say("Households that are no customers, by kind"),
        ylabel=say("households"),
        xlabel=say("near, refusing by the first criterion that fails, unexplored"),
        ylim=(0, 1.1 * max(households[other].sum(), plain[other].sum(), unexplored)),
    )

    def draw(price: int, keep: int, weighted: bool) -> str:
        project = met[keep]["project"].to_numpy()
        has_all = met[keep]["must_haves"].to_numpy()
        pays = spend >= price
        size = households if weighted else plain
        groups = [
            other & project & has_all & pays,
            other & ~project,
            other & project & ~has_all,
            other & project & has_all & ~pays,
        ]
        heights = [float(size[group].sum()) for group in groups]
        for bar, mark, height in zip(bars, marks, heights, strict=False):
            bar.set_height(height)
            mark.set_y(height)
            mark.set_text(f"{height:,.0f}")
        return say_many(
            "At {price} and with one need counted, {near:,.0f} households are near and {refusing:,.0f} refuse. "
            "The price alone stops {alone:,.0f} of them.",
            "At {price} and with {count} needs counted, {near:,.0f} households are near and {refusing:,.0f} refuse. "
            "The price alone stops {alone:,.0f} of them.",
            keep, price=company().money(price), near=heights[0], refusing=sum(heights[1:]),
            alone=heights[3],
        )  # fmt: skip

    controls = {
        "price": IntSlider(
            value=int(offer["price"]), min=8, max=40, description=say("price (8 to 40)")
        ),
        "keep": IntSlider(
            value=min(3, most), min=1, max=most,
            description=say("needs that may be kept (1 to {most})", most=most),
        ),
        "weighted": Checkbox(value=True, description=say("weighted")),
    }  # fmt: skip
    return explorer(
        controls, draw, figure, alt=say("Households by kind: near, refusing, unexplored")
    )


def conversion_explorer(
    people: pd.DataFrame,
    needs: pd.DataFrame,
    offer: pd.Series,
    weight: pd.Series,
    costs: pd.Series,
    *,
    rate: float,
    levers: Sequence[str],
    keep: int = 3,
    goal: float | None = None,
) -> Explorer:
    """Build an offer: choose the needs that it meets and its price; see whom it converts and whom it still refuses.

    Parameters
    ----------
    people
        Non-customers, as for `criteria_met`.
    needs
        As for `criteria_met`.
    offer
        The offer to begin with; needs that are not among `levers` stay as they are.
    weight
        Households that each answer stands for.
    costs
        What each need of `levers` costs in one set, index the need, and ``base``: the set without them.
    rate
        Share of those whose every criterion is met who buy when they are told.
    levers
        The needs that can be switched on and off.
    keep
        How many needs may be kept.
    goal
        Profit to be reached; the sentence says when it is.

    Returns
    -------
    Explorer

    Examples
    --------
    >>> people = pd.DataFrame({"person_id": [1, 2], "projects": 1, "can_spend": [30, 20], "shop": True})
    >>> ranks = pd.DataFrame({"person_id": [1], "need": ["quick"], "keep_rank": [1], "would_leave": [True]})
    >>> offer = pd.Series({"price": 24, "brought": False, "quick": 0})
    >>> shown = conversion_explorer(people, ranks, offer, pd.Series([100.0, 100.0]), pd.Series({"base": 5, "quick": 4}),
    ...                       rate=0.3, levers=["quick"])
    >>> "0 households are open to it" in shown.sentence
    True
    >>> shown.set(price=20, meets=(True,))
    >>> "200 households are open to it" in shown.sentence
    True
    """
    need_rows(people, ["person_id", "projects", "can_spend", "shop"], "people")
    found = must_haves(needs, keep)
    place = pd.Series(np.arange(len(people)), index=people["person_id"])
    found = found[found["person_id"].isin(place.index)]
    shop = people["shop"].to_numpy(dtype=bool)
    must = np.zeros((len(people), len(levers)), dtype=bool)
    stopped = np.zeros(len(people), dtype=bool)  # by a need that no lever meets
    for person, need in zip(place[found["person_id"]], found["need"], strict=True):
        if need in levers:
            must[person, list(levers).index(need)] = True
        elif not offer[need] or (need == "nearby" and not (shop[person] or offer["brought"])):
            stopped[person] = True
    project = people["projects"].to_numpy(dtype=float) > 0
    spend = people["can_spend"].to_numpy(dtype=float)
    size = weight.to_numpy(dtype=float)
    start = tuple(bool(offer[need]) for need in levers)
    money = company().money
    figure, ax = canvas(size=_WIDE)
    names = [say("open to it"), say("too expensive"), *[label(need) for need in levers]]
    names += [say("another must-have"), say("no use for it")]
    spots = np.arange(len(names))
    hues = ["good", "bad", *["focus"] * len(levers), "extra", "muted"]
    grey = ax.barh(spots, np.zeros(len(names)), 0.8, color=COLORS["grid"])
    bars = ax.barh(spots, np.zeros(len(names)), 0.5, color=[COLORS[hue] for hue in hues])
    ax.set_yticks(spots, names)
    ax.invert_yaxis()
    ax.set(
        title=say("Who is open to the offer, and what stops the others"),
        xlabel=say("households (with two reasons: counted twice; grey: the offer at first)"),
        ylabel=say("open, or what is in the way"),
        xlim=(0, 1.02 * size.sum()),
    )

    def counted(price: int, meets: Sequence[bool]) -> list[float]:
        lacking = must & ~np.asarray(meets, dtype=bool)
        if "nearby" in levers and not offer["brought"]:
            where = list(levers).index("nearby")
            lacking[:, where] = must[:, where] & ~(shop & meets[where])
        pays = spend >= price
        open_ = project & pays & ~lacking.any(axis=1) & ~stopped
        groups = [open_, project & ~pays, *(project & lacking[:, j] for j in range(len(levers)))]
        return [float(size[group].sum()) for group in (*groups, project & stopped, ~project)]

    for bar, height in zip(grey, counted(int(offer["price"]), start), strict=True):
        bar.set_width(height)

    def draw(price: int, meets: tuple[bool, ...]) -> str:
        heights = counted(price, meets)
        for bar, height in zip(bars, heights, strict=True):
            bar.set_width(height)
        unit = float(costs["base"]) + sum(
            float(costs[need]) for need, on in zip(levers, meets, strict=True) if on
        )
        profit = rate * heights[0] * (price - unit)
        said = say(
            "At {price}: {open:,.0f} households are open to it, {won:,.0f} would buy. A set costs {unit}, so they "
            "bring {profit}.",
            price=money(price), open=heights[0], won=rate * heights[0], unit=money(unit),
            profit=money(profit),
        )  # fmt: skip
        if goal is not None and profit >= goal:
            return said + " " + say("You reached the goal of {goal}.", goal=money(goal))
        most = max(range(2, 2 + len(levers)), key=lambda place: heights[place])
        return (
            said
            + " "
            + say("The must-have that is missing most often: {need}.", need=listed([names[most]]))
        )

    controls = {
        "price": IntSlider(
            value=int(offer["price"]), min=8, max=40, description=say("price (8 to 40)")
        ),
        "meets": Row(
            [
                ToggleButton(value=on, description=label(need))
                for need, on in zip(levers, start, strict=True)
            ],
            per_row=3,
            label=say("what the offer meets"),
        ),
    }
    return explorer(
        controls, draw, figure, alt=say("Households open to the offer, and what stops the others")
    )


__all__ = ["conversion_explorer", "kinds_explorer"]
