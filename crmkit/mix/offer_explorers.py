"""A house of quality to click on, and an offer to pull about: what levers weigh, and what an offer earns.

Lessons use them from ``crmkit.mix.explorers``, with all other explorers of the room.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import ipywidgets as widgets
import numpy as np
import pandas as pd

from crmkit.companies import company, money
from crmkit.explore import Explorer, Grid, HeatCell, canvas, explorer
from crmkit.explore.controls import slider
from crmkit.mix.house import STRENGTHS, check_weights, lever_importance, offer_from_importance
from crmkit.mix.offers import Market, offer_costs, simulate_offers
from crmkit.say import label, say
from crmkit.style import COLORS, NAMED

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.patches import Rectangle

#: What a click on a cell of the house goes through: help first, then harm.
CLICKS = (*STRENGTHS, *(-strength for strength in STRENGTHS if strength))


def _lever_bars(ax: Axes, start: pd.Series, color: str) -> list[Rectangle]:
    """Draw one bar a lever, the first on top, before grey ones that keep the start; give those that move."""
    spots = np.arange(len(start))
    ax.barh(spots, start, 0.8, color=COLORS["grid"])
    bars = ax.barh(spots, start, 0.5, color=color)
    ax.set_yticks(spots, [label(lever) for lever in start.index])
    if not ax.yaxis_inverted():  # panels that share the axis turn it once
        ax.invert_yaxis()
    ax.grid(axis="x")
    ax.grid(axis="y", visible=False)
    return list(bars)


def _shares(house: pd.DataFrame, weights: pd.Series) -> pd.Series:
    """Share of importance (%) of each lever, in the order of the house."""
    found = lever_importance(house.astype(float), weights).set_index("lever")["share"]
    return 100 * found.reindex(list(house.columns))


def _towards(profit: float, goal: float | None) -> str:
    """Say how far the goal is, if there is one."""
    if goal is None:
        return ""
    if round(profit) >= round(goal):  # as both are shown: nobody misses a goal by a billionth
        return " " + say("You reached the goal of {goal}.", goal=money(goal))
    return " " + say(
        "{missing} are missing to the goal of {goal}.",
        missing=money(goal - profit),
        goal=money(goal),
    )


def importance_explorer(
    matrix: pd.DataFrame, weights: pd.Series, measured: pd.DataFrame, *, goal: float = 0.9
) -> Explorer:
    """Click on a house of quality, and see whether its bottom row comes nearer to the measured one.

    The agreement is the part of the importance that both houses give to the same levers: 100 % less half of the sum
    of the differences of the shares. Grey bars keep what the house to begin with gave.

    Parameters
    ----------
    matrix
        The starting house, in 9-3-1; harm is negative.
    weights
        Weight of each need.
    measured
        Importance by the measured house: what :func:`crmkit.mix.lever_importance` gives.
    goal
        Agreement to be reached (0 to 1).

    Raises
    ------
    CrmkitError
        A matrix that holds another number than a strength, or weights that do not fit it.

    Examples
    --------
    >>> house = pd.DataFrame({"staff": [9, 0], "quality": [0, 9]}, index=["advice", "durable"])
    >>> weights = pd.Series({"advice": 2, "durable": 1})
    >>> importance_explorer(house, weights, lever_importance(house, weights)).error is None
    True
    """
    check_weights(weights, list(matrix.index))
    levers = list(matrix.columns)
    target = 100 * measured.set_index("lever")["share"].reindex(levers).fillna(0)
    figure, ax = canvas(size="wide")
    bars = _lever_bars(ax, _shares(matrix, weights), COLORS["focus"])
    ax.plot(
        target,
        np.arange(len(levers)),
        "D",
        color=COLORS["contrast"],
        label=say("by the measured house"),
    )
    ax.set(xlabel=say("share of importance (%); grey: at the start"), xlim=(0, 60))
    ax.legend(loc="lower right")

    def draw(house: pd.DataFrame) -> str:
        share = _shares(house, weights)
        for bar, width in zip(bars, share, strict=True):
            bar.set_width(width)
        if not share.gt(0).any():
            ax.set_title(say("No lever has any importance"))
            return say("No lever has any importance yet. Click on a cell.")
        gap = share - target
        agreement = 1 - gap.abs().sum() / 200
        ax.set_title(say("Agreement with the data: {agreement:.0%}", agreement=agreement))
        said = say(
            "Your house and the data agree on {agreement:.0%} of the importance. Most overrated: {over}; most "
            "underrated: {under}.",
            agreement=agreement,
            over=label(str(gap.idxmax())),
            under=label(str(gap.idxmin())),
        )
        if round(agreement, 2) < goal:  # as it is shown
            return said
        return f"{said} " + say("You reached the goal of {goal:.0%}.", goal=goal)

    return explorer(
        {"house": Grid(matrix, cell=lambda value: HeatCell(int(value), options=CLICKS))},
        draw,
        figure,
        alt=say("Importance of each lever by your house, at the start, and by the measured house"),
        wide=["house"],
    )


def house_explorer(
    matrix: pd.DataFrame,
    weights: pd.Series,
    market: Market,
    rivals: pd.DataFrame,
    *,
    budget: float = 38_000,
    price: float = 22.0,
    goal: float | None = None,
) -> Explorer:
    """Click on a house of quality, and see levers change their weight, the offer change, and what it would earn.

    The house is a map: every click on a cell (or Enter, or the space bar) takes the next strength, 0, 1, 3, 9, then
    harm, and the cell takes its colour. Below, grey bars keep what the house to begin with gave.

    Parameters
    ----------
    matrix
        The starting house, in 9-3-1; harm is negative.
    weights
        Weight of each need.
    market
        Who judges the offer.
    rivals
        Offers that stay on sale.
    budget, price
        Fixed costs a year, and the price of a set, to begin with.
    goal
        A profit a year to be reached, such as that of the measured house; the sentence says how far it is.

    Raises
    ------
    CrmkitError
        A matrix that holds another number than a strength, or weights that do not fit it.

    Examples
    --------
    >>> import pandas as pd
    >>> shop = Market.example()
    >>> house = pd.DataFrame({"staff": [9, 0], "quality": [0, 9]}, index=["advice", "durable"])
    >>> shown = house_explorer(house, pd.Series({"advice": 2, "durable": 1}), shop, Market.example_offers().iloc[1:],
    ...                        budget=400, price=12)
    >>> shown.error is None
    True
    """
    check_weights(weights, list(matrix.index))
    levers = list(matrix.columns)
    figure, (left, right) = canvas(size="wide", columns=2, sharey=True)
    left.set(title=say("Importance"), xlabel=say("share (%); grey: at the start"), xlim=(0, 58))
    right.set(xlabel=say("level in the offer (1 to 5); grey: at the start"), xlim=(0, 5.3))

    def follows(house: pd.DataFrame, budget: float) -> tuple[pd.Series, pd.Series]:
        """Share of importance (%) and level of each lever, in the order of the house."""
        level = offer_from_importance(house.astype(float), weights, market.levers, budget)
        return _shares(house, weights), level.reindex(levers).fillna(0)

    at_start = follows(matrix, budget)
    shares = _lever_bars(left, at_start[0], COLORS["focus"])
    levels = _lever_bars(right, at_start[1], COLORS["good"])

    def draw(house: pd.DataFrame, price: float, budget: int) -> str:
        share, level = follows(house, budget)
        for i, lever in enumerate(levers):
            shares[i].set_width(share[lever])
            levels[i].set_width(level[lever])
        row = pd.DataFrame([{"offer": "yours", "price": float(price), **level.to_dict()}])
        cost = float(offer_costs(market, row)["unit_cost"].iloc[0])
        if price < cost:
            right.set_title(say("Its price is below its cost"))
            return say(
                "A set of this offer costs {cost}, more than its price. Raise the price, or spend less.",
                cost=money(cost, 2),
            )
        result = simulate_offers(market, pd.concat([row, rivals], ignore_index=True)).iloc[0]
        profit = float(result["profit"])
        right.set_title(say("It earns {profit} a year", profit=money(profit)))
        bought = float(result["share"])
        if not share.gt(0).any():
            said = say(
                "No lever has any importance, so no money is spent. Your offer would sell to {share:.1%} of buyers and "
                "bring a profit of {profit} a year.",
                share=bought,
                profit=money(profit),
            )
        else:
            said = say(
                "First lever: {lever}. Your offer would sell to {share:.1%} of buyers and bring a profit of {profit} a "
                "year.",
                lever=label(str(share.idxmax())),
                share=bought,
                profit=money(profit),
            )
        return said + _towards(profit, goal)

    symbol = company().symbol
    controls = {
        "house": Grid(matrix, cell=lambda value: HeatCell(int(value), options=CLICKS)),
        "price": slider(say("price of a set ({symbol})", symbol=symbol.strip()), price, 8, 32, 0.5),
        "budget": slider(
            say("fixed costs a year ({symbol})", symbol=symbol.strip()),
            round(budget, -3),
            0,
            100_000,
            1000,
        ),
    }
    return explorer(
        controls,
        draw,
        figure,
        alt=say("Importance of each lever and the offer that follows, now and at the start"),
        wide=["house"],
    )


def offer_explorer(
    market: Market, ours: pd.Series, rivals: pd.DataFrame, *, goal: float | None = None
) -> Explorer:
    """Set the four P of an offer, and see who buys it and what it earns.

    Dashed outlines keep what was sold at the start.

    Parameters
    ----------
    market
    ours
        The offer to begin with: ``price`` and a level per lever.
    rivals
        Offers that stay on sale.
    goal
        A profit a year to be reached; the sentence says how far it is.

    Examples
    --------
    >>> shown = offer_explorer(Market.example(), Market.example_offers().iloc[0], Market.example_offers().iloc[1:])
    >>> shown.error is None
    True
    """
    levers = [lever for lever in market.effects.columns if lever != "low_price"]
    group = market.levers.set_index("lever").get("p", pd.Series(dtype=object))
    segments = market.segments
    offers = [say("yours"), *rivals["offer"]]
    spots = np.arange(len(offers))

    def sold(price: float, levels: Mapping[str, float]) -> tuple[pd.DataFrame, np.ndarray]:
        """What each segment buys of yours, and the thousands of sets by segment and offer."""
        row = pd.DataFrame([{"offer": "yours", "price": float(price), **levels}])
        both = pd.concat([row, rivals[row.columns]], ignore_index=True)
        found = simulate_offers(market, both, by_segment=True)
        thousands = found["units"].to_numpy().reshape(len(segments), len(offers)) / 1000
        return found[found["offer"] == "yours"], thousands

    figure, ax = canvas()
    stacks = {
        name: ax.bar(
            spots,
            np.zeros(len(offers)),
            0.6,
            label=label(name),
            color=NAMED.get(name, COLORS["focus"]),
        )
        for name in segments
    }
    start = {lever: int(ours[lever]) for lever in levers}
    ax.bar(
        spots,
        sold(float(ours["price"]), start)[1].sum(axis=0),
        0.6,
        label=say("at the start"),
        color="none",
        edgecolor=COLORS["ink"],
        linestyle="--",
    )
    ax.set_xticks(spots, [label(name).replace(" ", "\n", 1) for name in offers])
    ax.set(
        title=say("Who buys what"),
        ylabel=say("sets sold a year (thousand)"),
        ylim=(0, market.buyers / 2000),
    )
    ax.legend(title=say("need segment"), loc="upper right")

    def draw(price: float, **levels: int) -> str:
        row = pd.DataFrame([{"offer": "yours", "price": float(price), **levels}])
        costs = offer_costs(market, row).iloc[0]
        if price < costs["unit_cost"]:
            for bar in (bar for bars in stacks.values() for bar in bars):
                bar.set(height=0, y=0)
            ax.set_title(say("No sale: the price is below the cost"))
            return say(
                "A set costs {cost} to make, more than its price: every sale would lose money.",
                cost=money(costs["unit_cost"], 2),
            )
        ax.set_title(say("Who buys what"))
        mine, thousands = sold(price, levels)
        under = np.zeros(len(offers))
        for bars, units in zip(stacks.values(), thousands, strict=True):
            for bar, height, foot in zip(bars, units, under, strict=True):
                bar.set_height(height)
                bar.set_y(foot)
            under = under + units
        profit = float(mine["profit"].sum() - costs["fixed_cost"])
        best = mine.loc[mine["share"].idxmax()]
        said = say(
            "Sold {sets:,.0f} sets at a margin of {margin}; fixed costs {fixed}; profit {profit} a year. Strongest "
            "with the {segment} segment ({share:.0%}).",
            sets=float(mine["units"].sum()),
            margin=money(price - costs["unit_cost"], 2),
            fixed=money(costs["fixed_cost"]),
            profit=money(profit),
            segment=label(best["segment"]),
            share=float(best["share"]),
        )
        return said + _towards(profit, goal)

    symbol = company().symbol
    controls: dict[str, widgets.Widget] = {
        "price": slider(
            say("price: a set ({symbol})", symbol=symbol.strip()), float(ours["price"]), 6, 40, 0.5
        )
    }
    for lever in levers:
        name = say("{p}: {lever} (1 to 5)", p=label(group.get(lever, "")), lever=label(lever))
        controls[lever] = slider(name, start[lever], 1, 5)
    return explorer(
        controls,
        draw,
        figure,
        alt=say("Sets sold a year by offer and need segment, and at the start"),
    )
