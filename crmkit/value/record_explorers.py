"""How sure is sure enough? The evidence that a link needs, to be moved by hand.

Lessons use it from ``crmkit.value.explorers``, with all other explorers of the room.
"""

from __future__ import annotations

import ipywidgets as widgets
import numpy as np
import pandas as pd

from crmkit.explore import Explorer, canvas, explorer
from crmkit.say import say
from crmkit.style import COLORS
from crmkit.value.linking import pair_errors
from crmkit.value.record_plots import plot_match_weights

_THRESHOLDS = range(-4, 25)


def linkage_explorer(
    tidy: pd.DataFrame, scored: pd.DataFrame, owner: pd.Series, *, goal: int | None = None
) -> Explorer:
    """Move the evidence that a link needs, and say what a wrong link costs: who is mixed up, who stays in pieces.

    The sentence says which threshold would be cheapest, and between which ones it lies in 95 of 100 draws of the
    customers (`crmkit.value.profile.threshold_costs`).

    Parameters
    ----------
    tidy
        Records from `crmkit.value.profile.tidy_records`.
    scored
        Pairs from `crmkit.value.profile.score_pairs`.
    owner
        The true customer of each record.
    goal
        How many missed pairs one wrong pair is worth in the reader's task. Where the second slider stands there and
        the threshold is the cheapest, the sentence says that the goal is reached.

    Returns
    -------
    Explorer
        Controls: `threshold` (bits) and `wrong_costs` (how many missed pairs one wrong pair is worth).
    """
    thresholds = np.array(_THRESHOLDS)
    errors = pair_errors(tidy, scored, owner, thresholds.tolist())
    found = errors.table
    wrong, missed = found["wrong_pairs"].to_numpy(), found["missed_pairs"].to_numpy()
    same = owner.loc[scored["left"]].to_numpy() == owner.loc[scored["right"]].to_numpy()
    most = 1.3 * max(int(missed.max()), int(wrong.max()), 1)
    start = 4
    figure, (left, right) = canvas(size="wide", columns=2)
    ghost = {"color": COLORS["muted"], "linewidth": 1, "linestyle": "--"}
    plot_match_weights(scored, same, left)
    left.set(title=say("Evidence of each pair"), ylabel=say("pairs"))
    left.axvline(start, **ghost)
    line = left.axvline(start, color=COLORS["ink"], linewidth=2)
    right.plot(thresholds, wrong + missed, **ghost, label=say("together, where you began"))
    right.plot(thresholds, missed, color=COLORS["focus"], linewidth=1.5, label=say("missed pairs"))
    (mixed,) = right.plot(thresholds, wrong, color=COLORS["contrast"], label=say("wrong pairs"))
    mixed.set_linewidth(1.5)
    (curve,) = right.plot(thresholds, missed, color=COLORS["ink"], label=say("together"))
    (dot,) = right.plot([], [], "o", color=COLORS["ink"], markersize=9)
    (best,) = right.plot([], [], "s", color=COLORS["good"], markersize=9, label=say("cheapest"))
    right.set(
        title=say("What the errors cost"),
        xlabel=say("evidence that a link needs (bits)"),
        ylabel=say("cost (1 = one missed pair)"),
        ylim=(0, most),
    )
    right.legend(loc="upper right", fontsize=9)

    def draw(threshold: int, wrong_costs: int) -> str:
        cost = wrong * wrong_costs + missed
        at, cheapest = int(threshold - thresholds[0]), int(cost.argmin())
        low, high = np.quantile(
            errors.cheapest(wrong_costs), [0.025, 0.975], method="inverted_cdf"
        ).astype(int)
        line.set_xdata([threshold, threshold])
        mixed.set_ydata(wrong * wrong_costs)
        curve.set_ydata(cost)
        dot.set_data([threshold], [min(cost[at], most)])
        best.set_data([thresholds[cheapest]], [min(cost[cheapest], most)])
        here = found.iloc[at]
        said = [
            say(
                "{found_people:,.0f} people are found ({true_people:,.0f} in truth): "
                "{wrong_people:,.0f} of them are two customers or more in one, and "
                "{split_customers:,.0f} customers are still in pieces.",
                found_people=here["found_people"],
                true_people=here["true_people"],
                wrong_people=here["wrong_people"],
                split_customers=here["split_customers"],
            ),
            say(
                "Cheapest would be {cheapest} bits (with other customers: {low} to {high}, in 95 of "
                "100 draws).",
                cheapest=thresholds[cheapest],
                low=thresholds[low],
                high=thresholds[high],
            ),
        ]
        if wrong_costs == goal and cost[at] == cost[cheapest]:
            said.append(say("You reached it: no other threshold is cheaper here."))
        return " ".join(said)

    controls = {
        "threshold": widgets.IntSlider(
            value=start,
            min=int(thresholds[0]),
            max=int(thresholds[-1]),
            description=say("evidence that a link needs (bits, −4 to 24)"),
        ),
        "wrong_costs": widgets.IntSlider(
            value=1,
            min=1,
            max=50,
            description=say("one wrong pair is as bad as so many missed ones (1 to 50)"),
        ),
    }
    return explorer(
        controls,
        draw,
        figure,
        alt=say(
            "Left, pairs of records by evidence, those of one person apart from those of two; "
            "right, the cost of wrong pairs, of missed pairs and of both together against the "
            "evidence that a link needs"
        ),
        title=say("How sure is sure enough?"),
    )
