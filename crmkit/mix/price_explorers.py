"""The explorer of prices: one price, its cost, a rival who may answer, and the three ways side by side."""

from __future__ import annotations

import ipywidgets as widgets
import numpy as np
import pandas as pd

from crmkit.companies import company, money
from crmkit.explore import Explorer, canvas, explorer, room
from crmkit.mix.plots import PRICE_LOOKS
from crmkit.mix.prices import (
    DemandCurve,
    cost_plus_price,
    price_profit,
    price_war,
    share_against_rival,
    true_share,
    value_price,
)
from crmkit.say import say, say_many
from crmkit.style import COLORS

#: How alike (%) the two sets are at the start, and after how many answers of the rival the goal counts.
_ALIKE, _ANSWERED = 95, 10


def price_explorer(
    truth: pd.DataFrame,
    curve: DemandCurve,
    *,
    unit_cost: float = 11.55,
    buyers: int = 10_000,
    rival_price: float = 16.0,
    goal: float | None = None,
) -> Explorer:
    """Move a price, the cost and a rival, let the rival answer, and see which of the three ways is open.

    A dashed line keeps the profit beside the rival as it was at the start.

    Parameters
    ----------
    truth
        The truth table ``set_value``.
    curve
        What was learnt from choices.
    unit_cost, rival_price
        Cost of a set for either seller, and the rival's price, to begin with; in the company's currency.
    buyers
        Customers a year.
    goal
        Profit a year that is still to be earned when the rival has answered at least ten times; drawn as a line.

    Examples
    --------
    >>> curve = DemandCurve()
    >>> curve.a_, curve.b_ = 12.0, 4.0
    >>> price_explorer(pd.DataFrame({"value": [20.0, 30.0], "budget": [40.0, 40.0]}), curve).error is None
    True
    """
    grid = np.arange(5.0, 45.25, 0.25)
    symbol = company().symbol
    figure, ax = canvas(size="tall")
    (start,) = ax.plot(
        grid, grid, "--", color=COLORS["focus"], linewidth=1.2, label=say("beside it, at the start")
    )
    (alone,) = ax.plot(grid, grid, color=COLORS["muted"], label=say("without a rival"))
    (beside,) = ax.plot(grid, grid, color=COLORS["focus"], label=say("beside the rival"))
    names = {
        "competitors": say("by competitors"),
        "cost-plus": say("cost-plus"),
        "value": say("by value"),
    }
    ways = [
        ax.plot([0], [0], PRICE_LOOKS[way][0], color=PRICE_LOOKS[way][1], markersize=9, label=name)[
            0
        ]
        for way, name in names.items()
    ]
    (here,) = ax.plot([0], [0], "o", color=COLORS["ink"], markersize=11, label=say("your price"))
    for point in (*ways, here):
        # At the ends of a slider, and at no profit, it stands on the frame.
        point.set_clip_on(False)
    rival_line = ax.axvline(
        rival_price, color=COLORS["contrast"], linestyle=":", label=say("rival's price")
    )
    if goal is not None:
        ax.axhline(
            goal / 1000,
            color=COLORS["good"],
            linestyle="--",
            linewidth=1.4,
            label=say("goal: {goal}", goal=money(goal)),
        )
    ax.set(
        title=say("Profit by price"),
        xlabel=say("price ({symbol})", symbol=symbol.strip()),
        ylabel=say("profit (thousand {symbol} a year)", symbol=symbol.strip()),
    )
    ax.set_xlim(5, 45)
    ax.legend(loc="upper right", fontsize=11)

    def beside_it(cost: float, rival: float, alike: int, prices: np.ndarray) -> np.ndarray:
        """Profit a year beside the rival, in thousands; below the cost a loss."""
        share = share_against_rival(truth, prices, rival, blur=_blur(alike))
        return buyers * share * (prices - cost) / 1000

    above = grid[grid >= unit_cost]
    start.set_data(above, beside_it(unit_cost, rival_price, _ALIKE, above))

    def answered(cost: float, rival: float, alike: int, answers: int) -> float:
        """Price of the rival after so many answers to our best price."""
        if not answers:
            return rival
        war = price_war(truth, cost, rival, blur=_blur(alike), rounds=2 * answers, step=0.25)
        return float(war["price"].iloc[-1])

    def draw(price: float, cost: float, markup: int, rival: float, alike: int, answers: int) -> str:
        rival = answered(cost, rival, alike, answers)
        open_prices = grid[grid >= cost]
        own = price_profit(open_prices, true_share(truth, open_prices), cost, buyers) / 1000
        shared = beside_it(cost, rival, alike, open_prices)
        alone.set_data(open_prices, own)
        beside.set_data(open_prices, shared)
        rival_line.set_xdata([rival, rival])
        ax.set_ylim(0, room(float(max(own.max(), shared.max())), start=70))
        worth = value_price(curve, cost, open_prices.tolist())
        asked = np.array([rival, cost_plus_price(cost, markup / 100), worth])
        profits = beside_it(cost, rival, alike, asked)
        for point, at, profit in zip(ways, asked, profits, strict=True):
            point.set_data([at], [max(0.0, profit)])
        said = []
        if answers:
            said.append(
                say_many(
                    "After {answers} answer the rival asks {rival}.",
                    "After {answers} answers the rival asks {rival}.",
                    answers,
                    answers=answers,
                    rival=money(rival, 2),
                )
            )
        profit = float(beside_it(cost, rival, alike, np.array([price]))[0])
        here.set_data([price], [max(0.0, profit)])
        if price < cost:
            said.append(
                say(
                    "{price} lies below the cost of {cost}: every sale would lose money.",
                    price=money(price, 2),
                    cost=money(cost, 2),
                )
            )
        else:
            said.append(
                say(
                    "At {price} you earn {profit}.",
                    price=money(price, 2),
                    profit=money(1000 * profit),
                )
            )
        said.append(
            say(
                "Beside this rival, {rival} (by competitors) earns {first}, {plus} (cost-plus) {second}, {worth} (by "
                "value) {third}.",
                rival=money(rival, 2),
                plus=money(asked[1], 2),
                worth=money(worth, 2),
                first=money(1000 * profits[0]),
                second=money(1000 * profits[1]),
                third=money(1000 * profits[2]),
            )
        )
        if shared.max() < 0.5:
            said.append(say("Beside this rival no price earns anything."))
        else:
            best = float(open_prices[shared.argmax()])
            said.append(say("{best} earns most.", best=money(best, 2)))
        if goal is not None and answers >= _ANSWERED and 1000 * profit >= goal:
            said.append(
                say(
                    "You reached the goal: the rival has answered, and you still earn {goal} or more.",
                    goal=money(goal),
                )
            )
        return " ".join(said)

    controls = {
        "price": _slider(
            say("your price ({symbol}, 5 to 45)", symbol=symbol.strip()), 19, 5, 45, 0.5
        ),
        "cost": _slider(
            say("cost of a set ({symbol}, 5 to 25)", symbol=symbol.strip()), unit_cost, 5, 25, 0.05
        ),
        "markup": _whole(say("markup of cost-plus (%, 0 to 80)"), 30, 80, 5),
        "rival": _slider(
            say("rival's price ({symbol}, 6 to 40)", symbol=symbol.strip()), rival_price, 6, 40, 0.5
        ),
        "alike": _whole(say("how alike the two sets are (%, 0 to 100)"), _ALIKE, 100, 5),
        "answers": _whole(say("answers of the rival to your best price (0 to 20)"), 0, 20, 1),
    }
    return explorer(
        controls,
        draw,
        figure,
        alt=say("Profit by price, without a rival and beside one, with the prices of three ways"),
    )


def _slider(text: str, value: float, low: float, high: float, step: float) -> widgets.Widget:
    return widgets.FloatSlider(value=value, min=low, max=high, step=step, description=text)


def _whole(text: str, value: int, high: int, step: int) -> widgets.Widget:
    return widgets.IntSlider(value=value, min=0, max=high, step=step, description=text)


def _blur(alike: int) -> float:
    """How much tastes differ between two sets that are so alike (%), in money: .3 for twins, 12 for strangers."""
    return float(0.3 * (40 ** ((100 - alike) / 100)))
