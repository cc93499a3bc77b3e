"""Lesson 13, in reserve: further questions about the house of quality."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmkit.mix import as_matrix, lever_importance, team_house, to_9_3_1
from crmkit.practice.kinds import Number, Table
from crmkit.practice.question import Misconception, Question, Tables
from crmkit.practice.questions.lesson_13 import effects, names


def equal_weights(
    data: Tables, *, equal: bool = True, rounded: bool = False, team: bool = False
) -> pd.DataFrame:
    """Share of importance (%) of each lever when all needs weigh the same (or as in the truth)."""
    house = team_house(*names(data)) if team else as_matrix(effects(data))
    house = to_9_3_1(house) if rounded else house
    weights = data.load_truth("needs").groupby("need")["weight"].mean()
    weights = pd.Series(1.0, index=weights.index) if equal else weights
    out = lever_importance(house, weights.reindex(house.index))[["lever", "share"]]
    return out.assign(share=100 * out["share"])


def agreement(data: Tables, *, rounded: bool = False, filled: bool = False) -> float:
    """Correlation of the team's entries with the measured effects, over all cells (or those the team filled)."""
    measured = as_matrix(effects(data))
    measured = to_9_3_1(measured) if rounded else measured
    team = team_house(*names(data)).loc[measured.index, measured.columns].to_numpy().ravel()
    keep = team != 0 if filled else slice(None)
    return float(np.corrcoef(team[keep], measured.to_numpy().ravel()[keep])[0, 1])


QUESTIONS = [
    Question(
        id="13-b1",
        title="How well did the team guess?",
        level="change",
        goals=(2,),
        prompt=(
            "Lay the team's house (its 9, 3, 1 and 0) beside the measured effects, not rounded. What is the "
            "correlation of the "
            "two over **all** cells? (three decimals)"
        ),
        kind=Number(unit="", tolerance=0.0005),
        points=2,
        reference=agreement,
        hints=(
            "`team_house` gives one, `as_matrix(effects)` the other. Put rows and columns in the same order.",
            "`np.corrcoef(a, b)[0, 1]` of the two as long rows: `.to_numpy().ravel()`.",
        ),
        misconceptions=(
            Misconception(
                "rounds the measured effects",
                lambda data: agreement(data, rounded=True),
                "You rounded the effects to 9, 3 and 1. Take them as they were measured.",
            ),
            Misconception(
                "only the cells that the team filled",
                lambda data: agreement(data, filled=True),
                "You left out the cells that the team left empty. An empty cell is a claim too: no effect.",
            ),
            Misconception(
                "squares it",
                lambda data: agreement(data) ** 2,
                "That is the square of the correlation. The question asks for the correlation.",
            ),
        ),
        right="A team that guesses well overall can still miss the one cell that decides: look at cells, too.",
        solution="Both houses in the same order, as two long rows, and their correlation.",
        code=(
            "import numpy as np\n"
            "from crmkit.mix import as_matrix, estimate_effects, team_house\n"
            'needs, names = list(crmkit.load("needs")["need"]), list(crmkit.load("levers")["lever"])\n'
            'measured = as_matrix(estimate_effects(crmkit.load("prototype_ratings"), needs, names))\n'
            "team = team_house(needs, names).loc[measured.index, measured.columns]\n"
            "answer = np.corrcoef(team.to_numpy().ravel(), measured.to_numpy().ravel())[0, 1]"
        ),
    ),
    Question(
        id="13-b2",
        title="Equal weights",
        level="explore",
        goals=(1,),
        elsewhere="other weights",
        truth=("needs",),
        prompt=(
            "Suppose that all needs weigh the same. With the measured effects as the house (not rounded), what "
            "share of the "
            "importance has each lever? A table with `lever` and `share` in per cent. (one decimal)"
        ),
        kind=Table(key="lever", columns={"share": 0.05}, units={"share": "%"}),
        points=2,
        reference=equal_weights,
        hints=(
            "`pd.Series(1.0, index=needs)` is a weight of one for every need.",
            "`lever_importance(house, weights)` has a column `share`, a fraction.",
        ),
        misconceptions=(
            Misconception(
                "the lesson's weights",
                lambda data: equal_weights(data, equal=False),
                "Those are the shares with the weights of the truth. Here every need weighs the same.",
            ),
            Misconception(
                "9, 3 and 1",
                lambda data: equal_weights(data, rounded=True),
                "You rounded the effects to 9, 3 and 1. Take them as they were measured.",
            ),
            Misconception(
                "the team's house",
                lambda data: equal_weights(data, team=True),
                "That is the team's house. The question asks for the measured one.",
            ),
        ),
        right="Where the order of levers hardly changes, the weights are not what to argue about.",
        solution="A weight of one for every need, and the importance of each lever.",
        code=(
            "from crmkit.mix import as_matrix, estimate_effects, lever_importance\n"
            'needs, names = list(crmkit.load("needs")["need"]), list(crmkit.load("levers")["lever"])\n'
            'house = as_matrix(estimate_effects(crmkit.load("prototype_ratings"), needs, names))\n'
            "out = lever_importance(house, pd.Series(1.0, index=needs))\n"
            'answer = out.assign(share=100 * out["share"])[["lever", "share"]]'
        ),
    ),
]
