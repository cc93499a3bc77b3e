"""Lesson 13, in reserve: further questions about the house of quality."""

from __future__ import annotations

import pandas as pd

from crmkit.mix import as_matrix, lever_importance, team_house, to_9_3_1
from crmkit.practice.kinds import Table
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


def missed(
    data: Tables, *, rounded: bool = False, signed: bool = False, all_cells: bool = False
) -> pd.DataFrame:
    """Measured effects of each lever in the cells that the team left empty, added up without their signs."""
    measured = as_matrix(effects(data))
    measured = to_9_3_1(measured) if rounded else measured
    empty = team_house(*names(data)).loc[measured.index, measured.columns] == 0
    found = measured if all_cells else measured.where(empty, 0.0)
    total = (found if signed else found.abs()).sum()
    return total.rename("missed").rename_axis("lever").reset_index()


QUESTIONS = [
    Question(
        id="13-b1",
        title="What the team left empty",
        level="change",
        goals=(2,),
        prompt=(
            "Lay the team's house beside the measured effects, not rounded. For each lever, add up the measured "
            "effects in the "
            "cells that the team left empty (0), each without its sign. A table with `lever` and `missed`. (three "
            "decimals)"
        ),
        kind=Table(key="lever", columns={"missed": 0.0005}),
        points=2,
        reference=missed,
        hints=(
            "`team_house` gives one, `as_matrix(effects)` the other. Put rows and columns in the same order.",
            "`measured.abs().where(team == 0, 0)` keeps the cells that the team left empty; then a sum by column.",
        ),
        misconceptions=(
            Misconception(
                "rounds the measured effects",
                lambda data: missed(data, rounded=True),
                "You rounded the effects to 9, 3 and 1. Take them as they were measured.",
            ),
            Misconception(
                "lets plus and minus cancel",
                lambda data: missed(data, signed=True),
                "You added the effects with their signs, so a harm cancels a help. Both were missed: drop the "
                "signs first.",
            ),
            Misconception(
                "all cells",
                lambda data: missed(data, all_cells=True),
                "Those are the sums over all cells. Keep those that the team left empty.",
            ),
        ),
        right="An empty cell is a claim too: no effect. Compare the sums with those of all cells.",
        solution="Both houses in the same order; the sizes of the measured effects where the team has a 0.",
        code=(
            "from crmkit.mix import as_matrix, estimate_effects, team_house\n"
            'needs, names = list(crmkit.load("needs")["need"]), list(crmkit.load("levers")["lever"])\n'
            'measured = as_matrix(estimate_effects(crmkit.load("prototype_ratings"), needs, names))\n'
            "team = team_house(needs, names).loc[measured.index, measured.columns]\n"
            "total = measured.abs().where(team == 0, 0).sum()\n"
            'answer = total.rename("missed").rename_axis("lever").reset_index()'
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
