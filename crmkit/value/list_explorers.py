"""Whose list is it, and where does it end? Cut points and weights, to be moved by hand.

Lessons use them from ``crmkit.value.explorers``, with all other explorers of the room.
"""

from __future__ import annotations

from collections.abc import Sequence

import ipywidgets as widgets
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from crmkit.companies import company, money
from crmkit.explore import Explorer, canvas, explorer
from crmkit.inputs import need_columns, need_numbers
from crmkit.say import label, say
from crmkit.style import COLORS, color
from crmkit.value.ranking import percentile_score, top_list

_TIERS = ("VIP", "key", "ordinary", "small")
#: The goal of `weight_explorer`: how much of the money is kept, and what share of the names is new.
_MONEY_KEPT, _NAMES_NEW = 0.8, 1 / 3


def cut_points(profits: object, ends: ArrayLike, costs: Sequence[float]) -> pd.DataFrame:
    """Say who falls where, and what serving them so costs, for cut points by share of the customers.

    Parameters
    ----------
    profits
        Profit of each customer, any order.
    ends
        Where VIP, key and ordinary end: rising shares of the customers, counted from the best.
    costs
        Service a year for one customer of VIP, key, ordinary, small.

    Returns
    -------
    DataFrame
        One row per tier: ``tier``, ``customers``, ``profit``, ``cost``, ``left`` (profit less cost),
        ``lift_needed`` (cost / profit;
        missing where the tier brings none).

    Examples
    --------
    >>> cut_points([100, 50, 20, 10], [0.25, 0.5, 0.75], [10, 5, 1, 0])["left"].tolist()
    [90.0, 45.0, 19.0, 10.0]
    """
    ranked = np.sort(need_numbers(profits, "profits"))[::-1]
    edges = np.round(
        np.array([0.0, *np.maximum.accumulate(np.asarray(ends, dtype=float)), 1.0]) * len(ranked)
    ).astype(int)
    so_far = np.concatenate([[0.0], np.cumsum(ranked)])
    customers = np.diff(edges)
    profit = np.diff(so_far[edges])
    cost = customers * np.asarray(costs, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        lift = np.where(profit > 0, cost / profit, np.nan)
    return pd.DataFrame(
        {
            "tier": _TIERS,
            "customers": customers,
            "profit": profit,
            "cost": cost,
            "left": profit - cost,
            "lift_needed": lift,
        }
    )


def tier_explorer(
    profits: pd.Series,
    costs: Sequence[float] = (150.0, 60.0, 10.0, 0.0),
    *,
    safe_from: pd.Series | None = None,
    goal: float | None = None,
) -> Explorer:
    """Move the cut points of the pyramid, and see who falls where, what serving them costs, and how sure the cut is.

    Parameters
    ----------
    profits
        Yearly profit of each customer, in the company's currency.
    costs
        Service a year for one customer of each tier, VIP first.
    safe_from
        For each customer (same index) the length of the shortest list that holds them nearly surely, as
        ``list_certainty`` gives. With it the sentence says how many places above the second cut are sure.
    goal
        A rise of the profit at which the service of VIP and key customers is to pay for itself. With it a mark shows
        how much each of the two tiers may cost, and the sentence says when the goal is reached.

    Returns
    -------
    Explorer
        Its ``sentence`` says what is seen.
    """
    numbers = need_numbers(profits, "profits")
    whole = float(numbers.sum())
    # How many of the best `n` are sure of a place among them, for every n.
    best = None if safe_from is None else np.sort(safe_from.to_numpy())
    symbol = company().symbol
    figure, ax = canvas()
    place = np.arange(4)
    start = cut_points(numbers, [0.01, 0.05, 0.20], costs)
    ghost = {"color": "none", "edgecolor": COLORS["muted"], "linewidth": 1, "linestyle": "--"}
    ax.barh(place - 0.2, start["profit"], height=0.38, label=say("where you began"), **ghost)
    ax.barh(place + 0.2, start["cost"], height=0.38, **ghost)
    bars_profit = ax.barh(place - 0.2, [0] * 4, height=0.38, color=[color(tier) for tier in _TIERS])
    bars_cost = ax.barh(place + 0.2, [0] * 4, height=0.38, color=COLORS["bad"])
    (marks,) = ax.plot([], [], "|", color=COLORS["ink"], markersize=20, markeredgewidth=2)
    if goal is not None:
        marks.set_label(say("may cost so much, at a rise of {goal:.0%}", goal=goal))
    words = [ax.text(0, row - 0.2, "", va="center", fontsize=11) for row in place]
    costs_said = [
        ax.text(0, row + 0.2, "", va="center", fontsize=11, color=COLORS["bad"]) for row in place
    ]
    ax.set_yticks(place, [label(tier) for tier in _TIERS])
    ax.invert_yaxis()
    ax.grid(axis="y", visible=False)
    ax.xaxis.set_major_formatter(lambda value, _: f"{money(value / 1000)}k")
    low = min(0.0, cut_points(numbers, [0.3, 0.4, 0.5], [0] * 4)["profit"].min())
    ax.set(
        title=say("Profit (upper bars) and cost of service (lower bars)"),
        xlim=(low * 1.3, whole * 1.15),
        xlabel=say("{symbol} a year", symbol=symbol.strip()),
    )
    ax.legend(loc="lower right")

    def draw(vip: float, key: float, ordinary: float, vip_cost: float, key_cost: float) -> str:
        ends = np.array([vip, vip + key, vip + key + ordinary]) / 100
        table = cut_points(numbers, np.minimum(ends, 1.0), [vip_cost, key_cost, costs[2], costs[3]])
        for i, row in table.iterrows():
            bars_profit[i].set_width(row["profit"])
            bars_cost[i].set_width(row["cost"])
            reach = max(row["profit"], start.loc[i, "profit"], 0)
            words[i].set_position((reach + whole * 0.01, i - 0.2))
            sign = "−" if row["profit"] < 0 else ""
            words[i].set_text(
                say(
                    "{customers:,} customers, {sign}{profit}",
                    customers=row["customers"],
                    sign=sign,
                    profit=money(abs(row["profit"])),
                )
            )
            reach = max(row["cost"], start.loc[i, "cost"])
            costs_said[i].set_position((reach + whole * 0.02, i + 0.2))
            costs_said[i].set_text(f"{money(row['cost'])}" if row["cost"] else "")
        top = table.iloc[:2]
        count = int(top["customers"].sum())
        lift = top["cost"].sum() / top["profit"].sum() if top["profit"].sum() > 0 else np.nan
        said = [
            say(
                "VIP and key together are {top:,} customers with {share:.0%} of the profit. Serving "
                "them so costs {cost} a year, and pays if it raises what they bring by more than "
                "{lift:.1%}.",
                top=count,
                share=top["profit"].sum() / whole,
                cost=money(top["cost"].sum()),
                lift=lift,
            ),
            say("{count:,} customers are ordinary.", count=int(table.iloc[2]["customers"])),
        ]
        if best is not None:
            said.append(
                say(
                    "{sure:,} of the {top:,} are sure of their place.",
                    sure=int(np.searchsorted(best, count, side="right")),
                    top=count,
                )
            )
        if goal is not None:
            marks.set_data(top["profit"] * goal, np.array([0.2, 1.2]))
            if lift <= goal:
                said.append(
                    say(
                        "You reached it: it pays for itself at a rise of {goal:.0%} or less.",
                        goal=goal,
                    )
                )
        return " ".join(said)

    slide = widgets.FloatSlider
    controls = {
        "vip": slide(
            value=1, min=0.2, max=5, step=0.2, readout_format=".1f",
            description=say("VIP: the best … % of the customers (0.2 to 5)"),
        ),
        "key": slide(
            value=4, min=1, max=20, step=0.5, readout_format=".1f",
            description=say("key: the next … % (1 to 20)"),
        ),
        "ordinary": slide(
            value=15, min=5, max=60, step=1, readout_format=".0f",
            description=say("ordinary: the next … % (5 to 60)"),
        ),
        "vip_cost": slide(
            value=costs[0], min=0, max=600, step=10, readout_format=".0f",
            description=say("service for one VIP ({symbol} a year, 0 to 600)", symbol=symbol.strip()),
        ),
        "key_cost": slide(
            value=costs[1], min=0, max=300, step=5, readout_format=".0f",
            description=say(
                "service for one key customer ({symbol} a year, 0 to 300)", symbol=symbol.strip()
            ),
        ),
    }  # fmt: skip
    return explorer(
        controls,
        draw,
        figure,
        alt=say("For each of four tiers a bar of its profit and a bar of what serving it costs"),
        title=say("Where to cut, and what it costs"),
    )


def weight_explorer(
    frame: pd.DataFrame, measures: Sequence[str], money: str = "turnover", top: int = 50
) -> Explorer:
    """Move the weights of money and of what is not money, and see who enters and who leaves the top list.

    The sentence says when a goal is reached: 80 % of the money of the list by money, and a third of the names new.

    Parameters
    ----------
    frame
        One row per customer: the columns `money` and `measures`.
    measures
        Columns that are not money, at most four.
    money
        The column of money.
    top
        Length of the list.

    Returns
    -------
    Explorer
        Its ``sentence`` says what is seen.
    """
    need_columns(frame, [money, *measures], "frame")
    columns = [money, *measures]
    scores = np.column_stack([percentile_score(frame[c]) for c in columns])
    by_money = top_list(frame[money], top)
    on_money = frame.index.isin(by_money)
    rng = np.random.default_rng(0)
    figure, ax = canvas()
    other = np.average(scores[:, 1:], axis=1, weights=np.ones(len(measures)))
    ax.scatter(other, scores[:, 0], s=6, color=COLORS["muted"], alpha=0.35, linewidths=0)
    shift = rng.normal(0, 0.15, (len(frame), 2))
    chosen = ax.scatter([], [], s=26, color=COLORS["focus"], label=say("on the list"))
    lost = ax.scatter(
        [],
        [],
        s=26,
        color=COLORS["contrast"],
        marker="x",
        label=say("only on the\nlist by money"),
    )
    ax.set(
        title=say("The list of {top}", top=top),
        xlabel=say("score of what is not money, equal weights (0 to 100)"),
        ylabel=say("score of {money} (0 to 100)", money=label(money)),
        xlim=(0, 102),
        ylim=(-1, 103),
    )
    ax.legend(loc="center left")
    places = np.column_stack([other, scores[:, 0]]) + shift

    def draw(**weights: float) -> str:
        parts = np.array([weights[name] for name in columns], dtype=float)
        if parts.sum() == 0:
            raise ValueError("all weights are zero, so nobody is better than anybody.")
        best = np.argsort(-(scores @ parts), kind="stable")[:top]
        on_list = np.zeros(len(frame), dtype=bool)
        on_list[best] = True
        chosen.set_offsets(places[on_list])
        gone = on_money & ~on_list
        lost.set_offsets(places[gone] if gone.any() else np.empty((0, 2)))
        worth = frame[money].to_numpy(float)
        share = worth[on_list].sum() / worth[on_money].sum()
        both = int((on_list & on_money).sum())
        said = say(
            "{both} of the {top} are also on the list by money alone. The list brings {share:.0%} "
            "of the {money} of that one.",
            both=both,
            top=top,
            share=share,
            money=label(money),
        )
        if share >= _MONEY_KEPT and top - both >= _NAMES_NEW * top:
            reached = say(
                "You reached it: {kept:.0%} of the money or more, and a third of the names or more are new.",
                kept=_MONEY_KEPT,
            )
            return f"{said} {reached}"
        return said

    controls = {
        money: widgets.IntSlider(
            value=4,
            min=0,
            max=10,
            description=say("weight of {money} (0 to 10)", money=label(money)),
        )
    }
    for measure in measures:
        controls[measure] = widgets.IntSlider(
            value=1,
            min=0,
            max=10,
            description=say(
                "weight of {measure} (0 to 10)", measure=label(measure.replace("_", " "))
            ),
        )
    return explorer(
        controls,
        draw,
        figure,
        alt=say(
            "Every customer by score of {money} and of what is not money; those on the list are "
            "marked",
            money=money,
        ),
        title=say("Whose list is it?"),
    )
