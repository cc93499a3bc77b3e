"""Explorers of the first pillar: touch a control, and see at once what it does.

Each is a function that returns a widget. What they compute lies in the modules beside this one and is tested
without a browser.
"""

from __future__ import annotations

from typing import Any

import ipywidgets as widgets
import numpy as np
import pandas as pd

from crmkit.companies import company, money
from crmkit.explore import Explorer, Grid, HeatCell, canvas, explorer
from crmkit.explore.controls import slider
from crmkit.mix.clerk_explorers import clerk_game, shop_explorer
from crmkit.mix.house import STRENGTHS, check_weights, lever_importance, offer_from_importance
from crmkit.mix.must_haves import must_haves_by_ranking, must_haves_by_ticking, recovery
from crmkit.mix.offers import Market, offer_costs, simulate_offers
from crmkit.mix.price_explorers import price_explorer
from crmkit.mix.touchpoints import chain
from crmkit.say import label, say
from crmkit.style import COLORS, NAMED

__all__ = [
    "chain_explorer",
    "clerk_game",
    "house_explorer",
    "must_have_explorer",
    "offer_explorer",
    "price_explorer",
    "shop_explorer",
]

#: What a click on a cell of the house goes through: help first, then harm.
CLICKS = (*STRENGTHS, *(-strength for strength in STRENGTHS if strength))

#: Both shares of the must-have explorer's goal.
_GOAL = 0.8
#: How many needs its ranking may keep at most: half of them.
_MOST_KEPT = 6


def chain_explorer(chances: dict[str, float], spread: float = 1.2) -> Explorer:
    """Mend links of a chain of touchpoints, and see what multiplication promises and what really comes out.

    Parameters
    ----------
    chances
        Chance by touchpoint. Chance of going on for a customer of average keenness, in order.
    spread
        Spread of keenness to begin with (log-odds).

    Examples
    --------
    >>> shown = chain_explorer({"door": 0.5, "shelf": 0.5})
    >>> shown.error is None
    True
    """
    names = list(chances)
    figure, ax = canvas()
    x = np.arange(len(names))
    before = ax.bar(x - 0.2, np.zeros(len(x)), 0.38, color=COLORS["muted"], label=say("today"))
    after = ax.bar(x + 0.2, np.zeros(len(x)), 0.38, color=COLORS["focus"], label=say("as set"))
    ax.set_xticks(x, [label(name) for name in names], rotation=20)
    ax.set(
        title=say("Left of 1,000 who see the advertisement"),
        ylabel=say("customers who have passed"),
    )
    ax.set_ylim(0, 1000)
    ax.legend(loc="upper right")

    def draw(**values: float) -> str:
        width = values.pop("spread")
        now = np.array([values[name] / 100 for name in names])
        old, new = chain(list(chances.values()), width), chain(now.tolist(), width)
        for bars, heights in ((before, old), (after, new)):
            for bar, height in zip(bars, heights, strict=True):
                bar.set_height(1000 * height)
        # What one reads off: shares of those who got there, one link after the other.
        seen_old = old / np.append(1, old[:-1])
        seen_new_link = _seen_when_mended(old, new)
        promise = np.prod(
            np.where(now != np.array(list(chances.values())), seen_new_link, seen_old)
        )
        come, promised = new[-1] / old[-1] - 1, promise / old[-1] - 1
        if np.allclose(now, list(chances.values())):
            return say(
                "Today {passed:.0f} of 1,000 pass the last link. Mend one, and watch the last bars.",
                passed=1000 * old[-1],
            )
        if width == 0:
            return say(
                "Multiplying the shares promises {promised:+.0%} at the end; {come:+.0%} come out. All customers are "
                "equally keen, so the promise is kept.",
                promised=promised,
                come=come,
            )
        return say(
            "Multiplying the shares promises {promised:+.0%} at the end; {come:+.0%} come out. The customers whom the "
            "mended link lets through are less keen at the next one.",
            promised=promised,
            come=come,
        )

    controls: dict[str, widgets.Widget] = {
        name: slider(
            say("{touchpoint}: chance to go on (%)", touchpoint=label(name)),
            round(100 * chance),
            5,
            95,
        )
        for name, chance in chances.items()
    }
    controls["spread"] = slider(say("how much customers differ in keenness"), spread, 0, 2.4, 0.1)
    return explorer(
        controls, draw, figure, alt=say("Customers left after each touchpoint, today and as set")
    )


def _seen_when_mended(old: np.ndarray, new: np.ndarray) -> np.ndarray:
    """Share who go on at each link, as it would be seen in the new chain."""
    return new / np.append(1, new[:-1])


def must_have_explorer(
    ratings: pd.DataFrame, choices: pd.DataFrame, truth: pd.DataFrame
) -> Explorer:
    """Change the way must-haves are found, and see how many are right and how many are missed.

    Dashed outlines keep what ticking finds. The sentence says when the goal is reached: at least 80 % of the needs
    called must-have are right, and at least 80 % of the true ones are found.

    Parameters
    ----------
    ratings, choices, truth
        The tables ``need_ratings``, ``shelf_choices``, and the truth table ``needs``.

    Examples
    --------
    >>> import crmkit  # doctest: +SKIP
    >>> must_have_explorer(crmkit.load("need_ratings"), crmkit.load("shelf_choices"),
    ...                    crmkit.load_truth("needs"))  # doctest: +SKIP
    """
    others = [need for need in ratings["need"].unique() if need in choices.columns]
    sold = choices[choices["chosen"] == 1]
    wide = sold.groupby("customer_id")[others].min() == 0
    without = wide.stack().rename_axis(["customer_id", "need"]).rename("without").reset_index()
    checked = ratings.merge(without, on=["customer_id", "need"], how="left", validate="one_to_one")
    without_once = checked["without"].astype("boolean").fillna(False).to_numpy(dtype=bool)

    figure, ax = canvas()
    start = recovery(must_haves_by_ticking(ratings), truth).iloc[0]
    most = recovery(must_haves_by_ranking(ratings, _MOST_KEPT), truth).iloc[0]
    # No setting calls more needs wrongly than the most generous ones.
    top = 1.2 * max(*_right_wrong_missed(start), *_right_wrong_missed(most))
    bars = ax.bar([0, 1, 2], [0, 0, 0], color=[COLORS["good"], COLORS["bad"], COLORS["muted"]])
    ax.bar(
        [0, 1, 2],
        _right_wrong_missed(start),
        label=say("ticked: where you began"),
        color="none",
        edgecolor=COLORS["ink"],
        linestyle="--",
    )
    paper = {"facecolor": "white", "edgecolor": "none", "pad": 1}  # no dashes through a number
    texts = [ax.text(i, 0, "", ha="center", va="bottom", bbox=paper) for i in range(3)]
    ax.set_xticks([0, 1, 2], [say("rightly called"), say("wrongly called"), say("missed")])
    ax.set(
        title=say("Must-haves, compared with the truth"),
        ylabel=say("needs of all customers together"),
        ylim=(0, top),
    )
    ax.legend(loc="upper right")

    def draw(way: str, keep: int, shelf: bool) -> str:
        controls["keep"].disabled = way == "ticked"  # only a ranking keeps some
        found = (
            must_haves_by_ticking(ratings)
            if way == "ticked"
            else must_haves_by_ranking(ratings, keep)
        )
        if shelf:
            found = found.assign(must_have=found["must_have"].to_numpy() & ~without_once)
        row = recovery(found, truth).iloc[0]
        for bar, text, count in zip(bars, texts, _right_wrong_missed(row), strict=True):
            bar.set_height(count)
            text.set_position((bar.get_x() + bar.get_width() / 2, count + 0.015 * top))
            text.set_text(f"{count:.0f}")
        said = say(
            "Of {called:.0f} needs called must-have, {precision:.0%} are right; of the {true:.0f} true ones, "
            "{recall:.0%} are found.",
            called=row["called"],
            precision=row["precision"],
            true=row["true"],
            recall=row["recall"],
        )
        if min(row["precision"], row["recall"]) < _GOAL:
            return said
        reached = say("You reached the goal: both shares are {goal:.0%} or more.", goal=_GOAL)
        return f"{said} {reached}"

    controls = {
        "way": widgets.Dropdown(
            options=[
                (say("ticked"), "ticked"),
                (say("kept in the ranking"), "kept in the ranking"),
            ],
            description=say("must-have is what was"),
        ),
        "keep": slider(say("needs that may be kept (ranking)"), 3, 1, _MOST_KEPT),
        "shelf": widgets.Checkbox(
            value=False, description=say("strike what was once done without"), indent=False
        ),
    }
    return explorer(
        controls, draw, figure, alt=say("Must-haves rightly called, wrongly called and missed")
    )


def _right_wrong_missed(row: pd.Series) -> list[float]:
    """Counts of needs rightly called must-have, wrongly called, and missed."""
    return [row["hits"], row["called"] - row["hits"], row["true"] - row["hits"]]


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
    spots = np.arange(len(levers))
    ghosts = [
        ax.barh(spots, np.zeros(len(levers)), 0.8, color=COLORS["grid"]) for ax in (left, right)
    ]
    shares = left.barh(spots, np.zeros(len(levers)), 0.5, color=COLORS["focus"])
    levels = right.barh(spots, np.zeros(len(levers)), 0.5, color=COLORS["good"])
    left.set_yticks(spots, [label(lever) for lever in levers])
    left.invert_yaxis()
    left.set(title=say("Importance"), xlabel=say("share (%); grey: at the start"), xlim=(0, 60))
    right.set(
        xlabel=say("level of the offer that follows (1 to 5); grey: at the start"), xlim=(0, 5.3)
    )
    for ax in (left, right):
        ax.grid(axis="x")
        ax.grid(axis="y", visible=False)

    def follows(house: pd.DataFrame, budget: float) -> tuple[pd.Series, pd.Series]:
        """Share of importance and level of each lever, in the order of the house."""
        cells = house.astype(float)
        share = lever_importance(cells, weights).set_index("lever")["share"].reindex(levers)
        return share, offer_from_importance(cells, weights, market.levers, budget)

    for bars, widths in zip(ghosts, follows(matrix, budget), strict=True):
        for bar, lever in zip(bars, levers, strict=True):
            bar.set_width((100 if bars is ghosts[0] else 1) * widths.get(lever, 0))

    def towards(profit: float) -> str:
        if goal is None:
            return ""
        if profit >= goal:
            return " " + say("You reached the goal of {goal}.", goal=money(goal))
        return " " + say(
            "{missing} are missing to the goal of {goal}.",
            missing=money(goal - profit),
            goal=money(goal),
        )

    def draw(house: pd.DataFrame, price: float, budget: int) -> str:
        share, level = follows(house, budget)
        for i, lever in enumerate(levers):
            shares[i].set_width(100 * share[lever])
            levels[i].set_width(level.get(lever, 0))
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
        earns: dict[str, Any] = {"share": float(result["share"]), "profit": money(profit)}
        if not share.gt(0).any():
            said = say(
                "No lever has any importance, so no money is spent. Your offer would sell to {share:.1%} of buyers and "
                "bring a profit of {profit} a year.",
                **earns,
            )
        else:
            said = say(
                "First lever: {lever}. Your offer would sell to {share:.1%} of buyers and bring a profit of {profit} a "
                "year.",
                lever=label(str(share.idxmax())),
                **earns,
            )
        return said + towards(profit)

    symbol = company().symbol
    controls = {
        "house": Grid(matrix, cell=lambda value: HeatCell(int(value), options=CLICKS)),
        "price": slider(say("price of a set ({symbol})", symbol=symbol), price, 8, 32, 0.5),
        "budget": slider(
            say("fixed costs a year ({symbol})", symbol=symbol), round(budget, -3), 0, 100_000, 1000
        ),
    }
    return explorer(
        controls,
        draw,
        figure,
        alt=say("Importance of each lever and the offer that follows, now and at the start"),
        wide=["house"],
    )


def offer_explorer(market: Market, ours: pd.Series, rivals: pd.DataFrame) -> Explorer:
    """Set the four P of an offer, and see who buys it and what it earns.

    Parameters
    ----------
    market
    ours
        The offer to begin with: ``price`` and a level per lever.
    rivals
        Offers that stay on sale.

    Examples
    --------
    >>> shown = offer_explorer(Market.example(), Market.example_offers().iloc[0], Market.example_offers().iloc[1:])
    >>> shown.error is None
    True
    """
    levers = [lever for lever in market.effects.columns if lever != "low_price"]
    group = market.levers.set_index("lever").get("p", pd.Series(dtype=object))
    segments = market.segments
    figure, ax = canvas()
    offers = ["yours", *rivals["offer"]]
    bottoms = np.zeros(len(offers))
    spots = np.arange(len(offers))
    stacks = {
        name: ax.bar(spots, bottoms, 0.6, label=label(name), color=NAMED.get(name, COLORS["focus"]))
        for name in segments
    }
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
        both = pd.concat([row, rivals[row.columns]], ignore_index=True)
        sold = simulate_offers(market, both, by_segment=True)
        under = np.zeros(len(offers))
        thousands = sold["units"].to_numpy().reshape(len(stacks), len(offers)) / 1000
        for bars, units in zip(stacks.values(), thousands, strict=True):
            for bar, height, foot in zip(bars, units, under, strict=True):
                bar.set_height(height)
                bar.set_y(foot)
            under = under + units
        mine = sold[sold["offer"] == "yours"]
        profit = mine["profit"].sum() - costs["fixed_cost"]
        best = mine.loc[mine["share"].idxmax()]
        return say(
            "Sold {sets:,.0f} sets at a margin of {margin}; fixed costs {fixed}; profit {profit} a year. Strongest "
            "with the {segment} segment ({share:.0%}).",
            sets=mine["units"].sum(),
            margin=money(price - costs["unit_cost"], 2),
            fixed=money(costs["fixed_cost"]),
            profit=money(profit),
            segment=label(best["segment"]),
            share=best["share"],
        )

    controls: dict[str, widgets.Widget] = {
        "price": slider(
            say("price: a set ({symbol})", symbol=company().symbol),
            float(ours["price"]),
            6,
            40,
            0.5,
        )
    }
    for lever in levers:
        controls[lever] = slider(
            say("{p}: {lever} (1 to 5)", p=label(group.get(lever, "")), lever=label(lever)),
            int(ours[lever]),
            1,
            5,
        )
    return explorer(controls, draw, figure, alt=say("Sets sold a year by offer and need segment"))
