"""Something to play with: where one stage of a relationship ends and the next begins, and how often that is right."""

from __future__ import annotations

import numpy as np
import pandas as pd
from ipywidgets import IntSlider

from crmkit.explore import Explorer, canvas, explorer
from crmkit.inputs import need_rows, need_unique
from crmkit.relations.stage_plots import STAGE_COLORS
from crmkit.relations.stages import STAGES, read_stages, signs_of, stage_codes
from crmkit.say import label, say
from crmkit.style import COLORS

_WIDE = (8.8, 4.6)


def reading_shares(codes: np.ndarray, true: np.ndarray) -> np.ndarray:
    """Give, for each true stage (row), the share of its quarters that was read as each stage (column).

    Examples
    --------
    >>> reading_shares(np.array([2, 2, 1]), np.array([2, 2, 2]))[2].round(2).tolist()
    [0.0, 0.33, 0.67, 0.0, 0.0]
    """
    n = len(STAGES)
    counts = np.bincount(n * true + codes, minlength=n * n).reshape(n, n).astype(float)
    whole = counts.sum(axis=1, keepdims=True)
    return np.divide(counts, whole, out=np.zeros_like(counts), where=whole > 0)


def stage_explorer(
    quarters: pd.DataFrame,
    truth: pd.DataFrame,
    *,
    few: int = 6,
    rise: int = 50,
    fall: int = 50,
    customer: str = "firm_id",
) -> Explorer:
    """Move the boundaries of the stages, and see how the true stages are read.

    Parameters
    ----------
    quarters, truth
        One row per customer and quarter: `customer`, ``quarter``, and ``orders`` or ``stage``.
    few
        Below so many orders in all a customer explores.
    rise, fall
        In per cent: so much more than before is a build-up; below this share of the highest is a decline.
    customer

    Examples
    --------
    >>> table = pd.DataFrame({"firm_id": 1, "quarter": [1, 2, 3, 4], "orders": [1, 6, 8, 8]})
    >>> true = table.assign(stage=["exploration", "build-up", "stable", "stable"])
    >>> stage_explorer(table, true).sentence.startswith("50 % of all quarters are read right")
    True
    """
    keys = [customer, "quarter"]
    need_rows(truth, [*keys, "stage"], "truth")
    need_unique(truth, keys, "truth")
    table = read_stages(quarters, customer=customer).drop(columns="stage")
    table = table.merge(truth[[*keys, "stage"]], on=keys, how="left")
    known = table["stage"].notna().to_numpy()
    signs = signs_of(table, customer)[known]
    true = np.array([STAGES.index(name) for name in table.loc[known, "stage"]])
    figure, ax = canvas(size=_WIDE)
    place = -np.arange(len(STAGES), dtype=float)
    bars = [
        ax.barh(
            place,
            np.zeros(len(STAGES)),
            color=STAGE_COLORS[name],
            label=label(name),
            edgecolor="white",
            height=0.72,
        )
        for name in STAGES
    ]
    ax.set_yticks(place, [label(name) for name in STAGES])
    ax.legend(loc="upper center", ncols=len(STAGES), title=say("read as"))
    ax.set(
        title=say("How each true stage is read off the orders"), xlabel=say("share of the quarters truly in the stage"),
        ylabel=say("true stage"), xlim=(0, 1), ylim=(-len(STAGES) + 0.4, 1.75),
    )  # fmt: skip
    ax.xaxis.set_major_formatter(lambda x, _: f"{x:.0%}")
    ax.tick_params(axis="y", colors=COLORS["ink"])

    def draw(few: int, rise: int, fall: int) -> str:
        codes = stage_codes(signs, few, rise / 100, fall / 100)
        shares = reading_shares(codes, true)
        start = np.zeros(len(STAGES))
        for number, group in enumerate(bars):
            for bar, left, width in zip(group, start, shares[:, number], strict=True):
                bar.set_x(left)
                bar.set_width(width)
            start = start + shares[:, number]
        return say(
            "{right:.0f} % of all quarters are read right: of the stable ones {stable:.0f} %, of those in decline "
            "{decline:.0f} %. {noise:.0f} % of the stable quarters look like a build-up.",
            right=100 * (codes == true).mean(), stable=100 * shares[2, 2], decline=100 * shares[3, 3],
            noise=100 * shares[2, 1],
        )  # fmt: skip

    controls = {
        "few": IntSlider(
            value=few, min=1, max=20, description=say("explores below so many orders (1 to 20)")
        ),
        "rise": IntSlider(
            value=rise, min=5, max=150, description=say("builds up above this rise (%, 5 to 150)")
        ),
        "fall": IntSlider(
            value=fall,
            min=10,
            max=90,
            description=say("declines below so much of the highest (%, 10 to 90)"),
        ),
    }
    return explorer(
        controls, draw, figure, alt=say("How the quarters of each true stage are read, in shares")
    )


__all__ = ["reading_shares", "stage_explorer"]
