"""Something to play with: a tree of introductions that grows, or dies out."""

from __future__ import annotations

import numpy as np
import pandas as pd
from ipywidgets import FloatSlider, IntSlider

from crmkit.explore import Explorer, canvas, explorer
from crmkit.prospects.referral import grow_tree
from crmkit.say import say
from crmkit.style import COLORS

#: Generations that are drawn, and people of one generation.
ROWS, DOTS = 8, 120
#: The tree is cut off at so many people, so that a drag is answered at once.
MOST = 3_000


def tree_points(tree: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Place a tree's people in rows, a generation a row, and the lines between who brought and who came.

    Of a generation with more than 120 people as many are drawn, evenly chosen; of generations, the first eight after
    the starters.

    Parameters
    ----------
    tree
        From `grow_tree`.

    Returns
    -------
    points, lines : ndarray
        Two columns each, x (0 to 1) and y (0, -1, ...); `lines` has a row of NaN after each pair of ends.

    Examples
    --------
    >>> tree = pd.DataFrame({"generation": [0, 0, 1], "parent": [-1, -1, 1]})
    >>> points, lines = tree_points(tree)
    >>> points.tolist(), lines[:2].tolist()
    ([[0.25, 0.0], [0.75, 0.0], [0.5, -1.0]], [[0.75, 0.0], [0.5, -1.0]])
    """
    generation = tree["generation"].to_numpy()
    size = np.bincount(generation)
    place = np.arange(len(tree)) - np.repeat(np.cumsum(size) - size, size)
    x = (place + 0.5) / size[generation]
    step = -(-size // DOTS)
    shown = (generation <= ROWS) & (place % step[generation] == 0)
    parent = tree["parent"].to_numpy()
    linked = np.flatnonzero(shown & (parent >= 0))
    linked = linked[shown[parent[linked]]]
    lines = np.full((3 * len(linked), 2), np.nan)
    for row, who in ((0, parent[linked]), (1, linked)):
        lines[row::3] = np.column_stack([x[who], 0.0 - generation[who]])
    return np.column_stack([x[shown], 0.0 - generation[shown]]), lines


def tree_explorer(
    *,
    told: float = 3.0,
    closing: float = 0.2,
    starters: int = 20,
    goal: int | None = None,
) -> Explorer:
    """Let a tree of introductions grow: how many friends a customer tells, and how many of them come.

    Parameters
    ----------
    told
        Friends whom a customer tells, the mean, at first.
    closing
        Share of them who become customers, at first.
    starters
        Customers with whom it begins.
    goal
        How many are to come in all; the sentence says when this is reached.

    Examples
    --------
    >>> shown = tree_explorer(told=3, closing=0.0)
    >>> "nobody came" in shown.sentence
    True
    >>> shown.set(closing=20)
    >>> "0.60 new customers" in shown.sentence, "dies out" in shown.sentence
    (True, True)
    """
    figure, ax = canvas(size=(8.8, 5.0))
    (links,) = ax.plot([], [], color=COLORS["muted"], lw=0.8)
    (dots,) = ax.plot([], [], "o", color=COLORS["focus"], ms=5)
    ax.set_yticks(-np.arange(ROWS + 1), [str(row) for row in range(ROWS + 1)])
    ax.set_xticks([])
    ax.set(
        title=say("Who brings whom, generation by generation"),
        xlabel=say("customers, each a dot (at most {most} a generation are drawn)", most=DOTS),
        ylabel=say("generation"),
        xlim=(0, 1),
        ylim=(-ROWS - 0.5, 0.5),
    )

    def draw(told: float, closing: int, luck: int) -> str:
        tree = grow_tree(starters, told, closing / 100, most=MOST, seed=luck)
        points, lines = tree_points(tree)
        dots.set_data(*points.T)
        links.set_data(*lines.T)
        came = np.bincount(tree["generation"])[1:]
        mean = told * closing / 100
        said = [
            say(
                "Each customer tells {told:.1f} friends, and {closing} % of them come: {mean:.2f} new customers "
                "for each.",
                told=told, closing=closing, mean=mean,
            )
        ]  # fmt: skip
        if not len(came):
            said.append(
                say("From {starters} customers nobody came: it ends at once.", starters=starters)
            )
        else:
            listed = "; ".join(
                say("{number:,} in generation {generation}", number=number, generation=place)
                for place, number in enumerate(came[:5], start=1)
            )
            said.append(
                say("From {starters} customers came: {listed}.", starters=starters, listed=listed)
            )
        if len(tree) >= MOST:
            said.append(say("It grows without end; we stopped counting at {most:,}.", most=MOST))
        elif len(came) >= 30:
            said.append(
                say("It is still alive after 30 generations: {number:,} came.", number=came.sum())
            )
        elif len(came):
            said.append(
                say(
                    "It dies out after generation {last}: {number:,} came in all.",
                    last=len(came), number=came.sum(),
                )
            )  # fmt: skip
        if mean < 1 and len(came):
            said.append(
                say(
                    "In the long run one customer stands for {in_all:.2f} others.",
                    in_all=mean / (1 - mean),
                )
            )
        elif mean >= 1:
            said.append(say("On average no generation is smaller than the one before."))
        if goal is not None and came.sum() >= goal:
            said.append(say("You reached the goal: {goal:,} or more.", goal=goal))
        return " ".join(said)

    controls = {
        "told": FloatSlider(
            value=told, min=0, max=10, step=0.5, readout_format=".1f",
            description=say("friends told by each customer (0 to 10)"),
        ),
        "closing": IntSlider(
            value=round(100 * closing), min=0, max=100,
            description=say("of these become customers (%, 0 to 100)"),
        ),
        "luck": IntSlider(value=1, min=1, max=20, description=say("another draw (1 to 20)")),
    }  # fmt: skip
    return explorer(
        controls, draw, figure, alt=say("A tree of introductions, a row for each generation")
    )


__all__ = ["tree_explorer", "tree_points"]
