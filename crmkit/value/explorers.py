"""What if? Cut points, weights, silence and the figures of one's own business, to be moved by hand."""

from __future__ import annotations

import warnings

import ipywidgets as widgets
import numpy as np
import pandas as pd
from matplotlib.colors import LinearSegmentedColormap, to_rgba_array

from crmkit.companies import company
from crmkit.explore import Explorer, canvas, explorer, room
from crmkit.inputs import need_columns
from crmkit.later import later
from crmkit.say import label, say, say_many
from crmkit.style import COLORS, color
from crmkit.value.alive import alive_path, envelope_value
from crmkit.value.lifetime import BetaGeoModel
from crmkit.value.list_explorers import cut_points as cut_points
from crmkit.value.list_explorers import tier_explorer as tier_explorer
from crmkit.value.list_explorers import weight_explorer as weight_explorer
from crmkit.value.needs import find_segments, recovery
from crmkit.value.record_explorers import linkage_explorer as linkage_explorer
from crmkit.value.tiers import TierWarning, movement_tiers

lines = later("matplotlib.lines")
ticker = later("matplotlib.ticker")


#: The goal of `alive_explorer`: a rhythm of which so many days of silence are as much as the model allows.
_SOON_GONE = 45


def alive_explorer(
    model: BetaGeoModel, younger: BetaGeoModel | None = None, horizon_days: int = 730
) -> Explorer:
    """Give a customer a rhythm, let them fall silent, and see how fast a model gives the customer up.

    Parameters
    ----------
    model
        Fitted on the reader's customers: BG/NBD.
    younger
        A second model of the same customers, drawn beside it: MBG/NBD, in which one may leave after the first purchase.
    horizon_days
        Length of the picture.

    Returns
    -------
    Explorer
        Its ``sentence`` says what is seen.
    """
    figure, ax = canvas()
    gap_at_start, purchases_at_start = 30, 6
    start = alive_path(model, np.arange(purchases_at_start) * gap_at_start, horizon_days, 2)
    ax.plot(
        start["day"], start["probability_alive"], ":", color=COLORS["muted"], linewidth=1.5,
        label=say("where you began"),
    )  # fmt: skip
    (line,) = ax.plot([], [], color=COLORS["focus"], label=label("BG/NBD"))
    (second,) = ax.plot([], [], "--", color=COLORS["contrast"])
    if younger is not None:
        second.set_label(label("MBG/NBD"))
    (ticks,) = ax.plot([], [], "|", color=COLORS["ink"], markersize=16)
    (half,) = ax.plot([], [], "o", color=COLORS["focus"])
    ax.axhline(0.5, color=COLORS["muted"], linewidth=1, linestyle="--")
    ax.yaxis.set_major_formatter(ticker.PercentFormatter(1.0, decimals=0))
    ax.set(
        title=say("Still a customer?"),
        xlabel=say("days since the first purchase (ticks: purchases)"),
        ylabel=say("probability of being alive"),
        xlim=(-5, horizon_days),
        ylim=(0, 1.04),
    )
    ax.legend(loc="upper right")

    def draw(gap: int, purchases: int) -> str:
        days = np.arange(purchases) * gap
        last = int(days[-1])
        path = alive_path(model, days[days <= horizon_days], horizon_days, step_days=2)
        line.set_data(path["day"], path["probability_alive"])
        ticks.set_data(days, np.full(len(days), 0.03))
        if younger is not None:
            other = alive_path(younger, days[days <= horizon_days], horizon_days, step_days=2)
            second.set_data(other["day"], other["probability_alive"])
        after = path[(path["day"] >= last) & (path["probability_alive"] < 0.5)]
        if purchases == 1:
            half.set_data([], [])
            return say(
                "One purchase only: BG/NBD keeps saying 100 %, however long the silence, because "
                "in it nobody leaves before a repeat purchase. That is assumed, and not found."
            )
        if after.empty:
            half.set_data([], [])
            return say(
                "{purchases} purchases, one every {gap} days: within the picture BG/NBD never "
                "falls below 50 %.",
                purchases=purchases,
                gap=gap,
            )
        silent = int(after["day"].iloc[0]) - last
        half.set_data([after["day"].iloc[0]], [after["probability_alive"].iloc[0]])
        said = say(
            "{purchases} purchases, one every {gap} days, then silence: after about {silent} "
            "days BG/NBD thinks it as likely as not that the customer has left. That is "
            "{gaps:.1f} times the usual gap.",
            purchases=purchases,
            gap=gap,
            silent=silent,
            gaps=silent / gap,
        )
        if silent <= _SOON_GONE:
            reached = say("You reached it: {goal} days of silence or fewer.", goal=_SOON_GONE)
            return f"{said} {reached}"
        return said

    controls = {
        "gap": widgets.IntSlider(
            value=gap_at_start, min=7, max=180, step=1,
            description=say("days between purchases (7 to 180)"),
        ),
        "purchases": widgets.IntSlider(
            value=purchases_at_start, min=1, max=20,
            description=say("purchases, then silence (1 to 20)"),
        ),
    }  # fmt: skip
    return explorer(
        controls,
        draw,
        figure,
        alt=say("Probability that one customer is still a customer, over days"),
        title=say("Alive or not?"),
    )


def clv_explorer(currency: str | None = None) -> Explorer:
    """Compute a lifetime value from the figures of one's own business, and see which of them matters most.

    Parameters
    ----------
    currency
        Sign that is written before amounts. Default: that of the company whose tables are at hand.

    Returns
    -------
    Explorer
        Its ``sentence`` says what is seen.
    """
    currency = company().symbol if currency is None else currency
    years = np.arange(1, 11)
    figure, ax = canvas()
    at_start = {"orders": 4.0, "value": 90.0, "margin": 40.0, "kept": 70.0, "discount": 10.0}

    def compute(
        orders: float, value: float, margin: float, kept: float, discount: float
    ) -> pd.DataFrame:
        return envelope_value(orders, value, margin / 100, kept / 100, 10, discount / 100)

    ax.plot(
        years, compute(**at_start)["so_far"], ":", color=COLORS["muted"], linewidth=1.5,
        label=say("where you began"),
    )  # fmt: skip
    bars = ax.bar(years, np.zeros(10), color=COLORS["focus"], label=say("margin of the year"))
    (so_far,) = ax.plot(
        years,
        np.zeros(10),
        "o-",
        color=COLORS["contrast"],
        label=say("sum so far: the lifetime value"),
    )
    ax.set(
        title=say("What a new customer still brings"),
        xlabel=say("year"),
        ylabel=say("margin, discounted ({currency})", currency=currency),
        ylim=(0, 400),
    )
    ax.set_xticks(years)
    ax.legend(loc="upper left")

    def draw(orders: float, value: float, margin: float, kept: float, discount: float) -> str:
        table = compute(orders, value, margin, kept, discount)
        for bar, height in zip(bars, table["discounted"], strict=True):
            bar.set_height(height)
        so_far.set_ydata(table["so_far"])
        total = float(table["so_far"].iloc[-1])
        ax.set_ylim(0, room(total, start=35))
        better = float(
            compute(orders, value, margin, min(kept + 5, 100), discount)["so_far"].iloc[-1]
        )
        larger = float(compute(orders, value * 1.05, margin, kept, discount)["so_far"].iloc[-1])
        said = say(
            "Ten years bring {currency}{total:,.0f} today. Keeping 5 points more of the "
            "customers a year would add {currency}{better:,.0f}; orders 5 % larger would add "
            "{currency}{larger:,.0f}.",
            currency=currency,
            total=total,
            better=better - total,
            larger=larger - total,
        )
        if larger >= better:
            return f"{said} {say('You reached it: here larger orders add as much.')}"
        return said

    slide = widgets.FloatSlider
    controls = {
        "orders": slide(
            value=at_start["orders"], min=0.5, max=24, step=0.5, readout_format=".1f",
            description=say("orders a year of one who stays (0.5 to 24)"),
        ),
        "value": slide(
            value=at_start["value"], min=5, max=500, step=5, readout_format=".0f",
            description=say("value of an order ({currency}, 5 to 500)", currency=currency),
        ),
        "margin": slide(
            value=at_start["margin"], min=5, max=90, step=1, readout_format=".0f",
            description=say("margin (% of the value, 5 to 90)"),
        ),
        "kept": slide(
            value=at_start["kept"], min=5, max=98, step=1, readout_format=".0f",
            description=say("kept from year to year (%, 5 to 98)"),
        ),
        "discount": slide(
            value=at_start["discount"], min=0, max=30, step=1, readout_format=".0f",
            description=say("discount (% a year, 0 to 30)"),
        ),
    }  # fmt: skip
    return explorer(
        controls,
        draw,
        figure,
        alt=say("Discounted margin of a new customer in each of ten years, and its running sum"),
        title=say("Your own calculator"),
    )


#: The goal of `movement_explorer`: call customers silent only when so few of the migrating come back.
_FEW_BACK = 0.1


def four_kinds(split: pd.DataFrame, high: float, silent_days: float) -> pd.DataFrame:
    """Count value, potential, migrating and freezing-point customers, and see what became of them.

    Parameters
    ----------
    split
        As ``holdout_split`` gives: the past, and what came after.
    high
        Share of the customers that counts as having bought much, 0 to 1.
    silent_days
        More days than this since the last purchase is silent.

    Returns
    -------
    DataFrame
        One row per kind: ``kind``, ``customers``, ``came_back`` (share with a purchase in the holdout; missing
        if there are none).

    Examples
    --------
    >>> split = pd.DataFrame({
    ...     "turnover": [900, 800, 5, 4], "days_since_last": [10, 400, 10, 400], "holdout_purchase_days": [2, 0, 1, 0]
    ... })
    >>> four_kinds(split, 0.5, 180)["came_back"].tolist()
    [1.0, 1.0, 0.0, 0.0]
    """
    need_columns(split, ["holdout_purchase_days"], "split")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TierWarning)  # an empty kind has its row
        kind = movement_tiers(split, high=high, silent_days=silent_days)
    back = (split["holdout_purchase_days"] > 0).groupby(kind, observed=False)
    table = pd.DataFrame({"customers": back.size(), "came_back": back.mean()})
    order = ["value", "promising", "migrating", "freezing-point"]
    return table.loc[order].rename_axis("kind").reset_index().astype({"kind": str})


def movement_explorer(split: pd.DataFrame) -> Explorer:
    """Move the two cuts that make four kinds of customers, and see how many of each came back.

    Parameters
    ----------
    split
        As ``holdout_split`` gives.

    Returns
    -------
    Explorer
        Its ``sentence`` says what is seen.
    """
    start = four_kinds(split, 0.2, 180)
    days = int(split["holdout_days"].iloc[0])
    figure, ax = canvas()
    place = np.arange(4)
    tints = [COLORS["focus"], COLORS["good"], COLORS["contrast"], COLORS["muted"]]
    ax.bar(
        place, start["came_back"].fillna(0), color="none", edgecolor=COLORS["ink"], linestyle="--",
        linewidth=1, width=0.7, label=say("where you began"),
    )  # fmt: skip
    bars = ax.bar(place, start["came_back"].fillna(0), color=tints, width=0.6)
    ax.plot(
        [1.6, 2.4], [_FEW_BACK] * 2, color=COLORS["ink"], linewidth=2,
        label=say("goal for the migrating: {goal:.0%} or fewer", goal=_FEW_BACK),
    )  # fmt: skip
    words = [ax.text(row, 0, "", ha="center", va="bottom", fontsize=11.5) for row in place]
    ax.set_xticks(place, [label(kind) for kind in start["kind"]])
    ax.yaxis.set_major_formatter(ticker.PercentFormatter(1.0, decimals=0))
    ax.set(
        title=say("Who came back within {days} days", days=days),
        ylabel=say("share that came back"),
        ylim=(0, 1.15),
    )
    ax.legend(loc="upper right")

    def draw(high: int, silent_days: int) -> str:
        table = four_kinds(split, high / 100, silent_days).set_index("kind")
        for bar, word, (_, row) in zip(bars, words, table.iterrows(), strict=True):
            height = 0.0 if np.isnan(row["came_back"]) else row["came_back"]
            bar.set_height(height)
            word.set_y(height + 0.02)
            count = say_many("{count:,} customer", "{count:,} customers", int(row["customers"]))
            word.set_text(count + (f"\n{height:.0%}" if row["customers"] else ""))
        migrating, value = table.loc["migrating"], table.loc["value"]
        if not migrating["customers"] or not value["customers"]:
            return say("With these cuts one of the four kinds is empty.")
        said = say(
            "{customers:,.0f} customers have bought much and are silent for more than "
            "{silent_days} days: {came_back:.0%} of them came back within {days} days, against "
            "{others:.0%} of those not silent.",
            customers=migrating["customers"],
            silent_days=silent_days,
            came_back=migrating["came_back"],
            days=days,
            others=value["came_back"],
        )
        if migrating["came_back"] <= _FEW_BACK:
            reached = say(
                "You reached it: of the migrating, {goal:.0%} or fewer came back.", goal=_FEW_BACK
            )
            return f"{said} {reached}"
        return said

    controls = {
        "high": widgets.IntSlider(
            value=20,
            min=2,
            max=60,
            description=say("bought much: best … % of the customers (2 to 60)"),
        ),
        "silent_days": widgets.IntSlider(
            value=180,
            min=20,
            max=500,
            step=10,
            description=say("silent: more than … days (20 to 500)"),
        ),
    }
    return explorer(
        controls,
        draw,
        figure,
        alt=say("For four kinds of customers the share that came back in the days after"),
        title=say("Value, promising, migrating, freezing-point"),
    )


def segment_explorer(
    features: pd.DataFrame, truth: pd.Series | None = None, seed: int = 0
) -> Explorer:
    """Look at found segments from two sides at a time, for several numbers of groups, beside the truth if it is known.

    Parameters
    ----------
    features
        One row per customer, numbers only.
    truth
        The true label of each customer, on the index of `features` or more.
    seed
        Of the clustering.

    Returns
    -------
    Explorer
        Its ``sentence`` says what is seen.
    """
    # Groups are numbered from the cheapest baskets to the dearest (by the first feature), so that a colour keeps its
    # meaning: the colours of the cheap and of the dear end are those of "price" and "value".
    found = {}
    for k in range(2, 7):
        parts = find_segments(features, k, seed=seed)
        found[k] = features.iloc[:, 0].groupby(parts).mean().rank().astype(int)[parts] - 1
        found[k].index = features.index
    true = None if truth is None else truth.reindex(features.index)
    names = [] if true is None else sorted(true.unique())
    agreed = (
        {}
        if true is None
        else {k: recovery(parts, true)["adjusted_rand"] for k, parts in found.items()}
    )
    few = np.random.default_rng(seed).permutation(len(features))[:1000]
    shown = features.iloc[few]
    groups = {k: parts.to_numpy()[few] for k, parts in found.items()}
    types = np.searchsorted(names, true.iloc[few]) if true is not None else None
    true_tints = to_rgba_array([color(str(name)) for name in names], alpha=0.6)
    ends = LinearSegmentedColormap.from_list(
        "cheap_to_dear", [color("price"), COLORS["good"], color("value")]
    )
    figure, ax = canvas()
    dots = ax.scatter(np.zeros(len(few)), np.zeros(len(few)), s=10, linewidths=0)
    columns = list(features.columns)
    limits = {c: tuple(features[c].quantile([0.005, 0.995])) for c in columns}

    def key(tints: np.ndarray, names: list[str]) -> None:
        marks = [
            lines.Line2D([], [], linestyle="", marker="o", color=tint, label=name)
            for tint, name in zip(tints, names, strict=True)
        ]
        ax.legend(
            handles=marks, loc="lower right", frameon=True, facecolor=COLORS["paper"], framealpha=1
        )

    def draw(across: str, up: str, k: int, show_truth: bool) -> str:
        dots.set_offsets(shown[[across, up]].to_numpy())
        ax.set(
            xlim=limits[across],
            ylim=limits[up],
            xlabel=across.replace("_", " "),
            ylabel=up.replace("_", " "),
        )
        if show_truth and types is not None:
            ax.set_title(say("The true need types"))
            dots.set_facecolor(true_tints[types])
            key(true_tints, [label(name) for name in names])
        else:
            tints = to_rgba_array(ends(np.linspace(0, 1, k)), alpha=0.6)
            ax.set_title(say("{k} segments found", k=k))
            dots.set_facecolor(tints[groups[k]])
            key(tints, [say("group {number}", number=number + 1) for number in range(k)])
        if across == up:
            return say("Both axes show the same feature: choose two different ones.")
        if true is None:
            return say(
                "{k} groups were asked for, and {k} were found: the method never says no. Group 1 buys cheapest.",
                k=k,
            )
        best = max(agreed.values())
        shown_now = (
            say("The colours show the true need types.")
            if show_truth
            else say("The colours show the groups found.")
        )
        told = say(
            "{k} groups were asked for and found. Their agreement with the true need types: adjusted Rand index "
            "{agreed:.2f} (1 the same, 0 as by chance). The best number of groups here reaches {best:.2f}.",
            k=k,
            agreed=agreed[k],
            best=best,
        )
        return f"{told} {shown_now}"

    controls = {
        "across": widgets.Dropdown(options=columns, value=columns[0], description=say("across")),
        "up": widgets.Dropdown(options=columns, value=columns[1], description=say("up")),
        "k": widgets.IntSlider(value=3, min=2, max=6, description=say("how many groups")),
        "show_truth": widgets.Checkbox(
            value=False, description=say("colour by the truth"), disabled=true is None
        ),
    }
    return explorer(
        controls,
        draw,
        figure,
        alt=say("Customers by two features of their baskets, coloured by segment"),
        title=say("The same cloud, cut into groups"),
    )
