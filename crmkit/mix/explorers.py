"""Explorers of the first pillar: touch a control, and see at once what it does.

Each is a function that returns a widget. What they compute lies in the modules beside this one and is tested
without a browser.
"""

from __future__ import annotations

import ipywidgets as widgets
import numpy as np
import pandas as pd

from crmkit.explore import Explorer, canvas, explorer
from crmkit.explore.controls import slider
from crmkit.mix.clerk_explorers import clerk_game, shop_explorer
from crmkit.mix.must_haves import must_haves_by_ranking, must_haves_by_ticking, recovery
from crmkit.mix.offer_explorers import house_explorer, importance_explorer, offer_explorer
from crmkit.mix.price_explorers import price_explorer
from crmkit.mix.touchpoints import chain
from crmkit.say import label, say
from crmkit.style import COLORS

__all__ = [
    "chain_explorer",
    "clerk_game",
    "house_explorer",
    "importance_explorer",
    "must_have_explorer",
    "offer_explorer",
    "price_explorer",
    "shop_explorer",
]

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
