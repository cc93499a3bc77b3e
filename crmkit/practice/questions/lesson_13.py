"""Lesson 13: the house of quality and the offer that follows from it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from crmkit.mix import (
    Market,
    as_matrix,
    estimate_effects,
    lever_importance,
    simulate_offers,
    to_9_3_1,
)
from crmkit.practice.kinds import Number, Plan, Table
from crmkit.practice.question import Misconception, Option, Question, QuizQuestion, Tables

TITLE = "House of quality"


def effects(data: Tables, **options: Any) -> pd.DataFrame:
    """Effects of all levers on all needs, from the prototypes."""
    return estimate_effects(
        data.load("prototype_ratings"),
        list(data.load("needs")["need"]),
        list(data.load("levers")["lever"]),
        **options,
    )


def _on_fit(found: pd.DataFrame, times: float = 1.0) -> pd.DataFrame:
    part = found[found["need"] == "fit"][["lever", "effect"]]
    return part.assign(effect=times * part["effect"])


def _correlations(data: Tables) -> pd.DataFrame:
    tried = data.load("prototype_ratings")
    levers = list(data.load("levers")["lever"])
    together = tried[levers].corrwith(tried["meets_fit"])
    return together.rename("effect").rename_axis("lever").reset_index()


def _weights(data: Tables) -> pd.Series:
    return data.load_truth("needs").groupby("need")["weight"].mean()


def _shares(matrix: pd.DataFrame, weights: pd.Series) -> pd.DataFrame:
    out = lever_importance(matrix, weights.reindex(matrix.index))[["lever", "share"]]
    return out.assign(share=100 * out["share"])


def _equal(data: Tables) -> pd.Series:
    return pd.Series(1.0, index=list(data.load("needs")["need"]))


def profit(
    data: Tables,
    *,
    dearer: float = 2.0,
    guides: int = 4,
    rivals: bool = True,
    column: str = "profit",
) -> float:
    """Profit of a changed Hang-It under the true market."""
    market = Market.from_tables(
        data.load_truth("needs"),
        data.load_truth("set_value"),
        data.load_truth("lever_effects"),
        data.load("levers"),
        data.load_truth("customers"),
    )
    offers = data.load("market_offers")
    offers.loc[0, "price"] = offers.loc[0, "price"] + dearer
    offers.loc[0, "guides"] = guides
    return float(simulate_offers(market, offers if rivals else offers.head(1))[column].iloc[0])


def _fixed_cost_forgotten(data: Tables) -> float:
    steps = data.load("levers").set_index("lever")["step_fixed_cost"]
    return profit(data) + 2 * float(steps["guides"])


QUESTIONS = [
    Question(
        id="13-1",
        title="What makes a set fit the job?",
        level="fill in",
        prompt=(
            "What does each lever, pulled all the way from 1 to 5, add to how far the need `fit` is met (0 "
            "to 1)? Estimate "
            "it from the prototypes. Give `lever` and `effect`."
        ),
        kind=Table(key="lever", columns={"effect": 0.0005}),
        points=1,
        reference=lambda data: _on_fit(effects(data)),
        hints=(
            "A straight line of the mark on the levels of all eight levers at once.",
            "`estimate_effects(prototypes, needs, levers)` does it for every need.",
            "Keep the rows with `need == 'fit'` and the columns `lever` and `effect`.",
        ),
        misconceptions=(
            Misconception(
                "one step for the whole way",
                lambda data: _on_fit(effects(data), 0.25),
                "That is the effect of one step. From 1 to 5 there are four.",
            ),
            Misconception(
                "takes 1 and 10 for the ends",
                lambda data: _on_fit(effects(data, ends=(1.0, 10.0))),
                "You read 1 as not at all and 10 as wholly. People keep away from the ends: 2 and 9 are what "
                "they use.",
            ),
            Misconception(
                "correlation for effect",
                _correlations,
                "Those are correlations. They say how closely two columns go together, not how much a lever adds.",
            ),
        ),
        starter=(
            'found = estimate_effects(crmkit.load("prototype_ratings"), needs, levers)\n'
            'answer = found.query(____)[["lever", "effect"]]'
        ),
        solution="estimate_effects for all needs and levers, then the rows of fit.",
        code=(
            "from crmkit.mix import estimate_effects\n"
            'needs, levers = list(crmkit.load("needs")["need"]), list(crmkit.load("levers")["lever"])\n'
            'found = estimate_effects(crmkit.load("prototype_ratings"), needs, levers)\n'
            'answer = found.query("need == \'fit\'")[["lever", "effect"]]'
        ),
    ),
    Question(
        id="13-2",
        title="Which lever matters?",
        level="change",
        prompt=(
            "With the measured effects as the house, and the mean true weights of the needs, what share of "
            "the importance "
            "has each lever? Give `lever` and `share` in per cent."
        ),
        kind=Table(key="lever", columns={"share": 0.05}, units={"share": "%"}),
        points=2,
        truth=("needs",),
        reference=lambda data: _shares(as_matrix(effects(data)), _weights(data)),
        hints=(
            "Weights first: the mean of `weight` for each need, from the truth table `needs`.",
            "`as_matrix` turns the long table of effects into needs by levers.",
            "`lever_importance(as_matrix(found), weights)`, its column `share`, times 100.",
        ),
        misconceptions=(
            Misconception(
                "all needs weigh the same",
                lambda data: _shares(as_matrix(effects(data)), _equal(data)),
                "In your house every need weighs the same. Customers do not think so: use the weights.",
            ),
            Misconception(
                "rounds to 9-3-1",
                lambda data: _shares(to_9_3_1(as_matrix(effects(data))), _weights(data)),
                "You rounded the effects to 9, 3 and 1 first. Use them as they were measured.",
            ),
            Misconception(
                "takes harm for help",
                lambda data: _shares(as_matrix(effects(data)).abs(), _weights(data)),
                "Your harms count as help: the minus signs are gone. A lever that harms a need loses importance.",
            ),
        ),
        solution="Effects as a matrix, mean weights of the needs, lever_importance, share times 100.",
        code=(
            "from crmkit.mix import as_matrix, estimate_effects, lever_importance\n"
            'needs, levers = list(crmkit.load("needs")["need"]), list(crmkit.load("levers")["lever"])\n'
            'house = as_matrix(estimate_effects(crmkit.load("prototype_ratings"), needs, levers))\n'
            'weights = crmkit.load_truth("needs").groupby("need")["weight"].mean()\n'
            "out = lever_importance(house, weights.reindex(house.index))\n"
            'answer = out.assign(share=100 * out["share"])[["lever", "share"]]'
        ),
    ),
    Question(
        id="13-3",
        title="Dearer and better explained?",
        level="explore",
        prompt=(
            "{company.name} raises the price of Hang-It by {company.symbol}2 *and* lifts its guides to "
            "level 4. What profit a "
            "year does the true "
            "market give it, in {company.symbol}, with the rivals as they are?"
        ),
        kind=Number(unit="{company.symbol}", tolerance=1.0),
        points=3,
        truth=("needs", "set_value", "lever_effects", "customers"),
        reference=profit,
        hints=(
            "Change two cells of `market_offers`, in the row of Hang-It.",
            "`Market.from_tables(...)` as in the lesson, then `simulate_offers(market, offers)`.",
            '`offers.loc[0, "price"] += 2; offers.loc[0, "guides"] = 4`.',
        ),
        misconceptions=(
            Misconception(
                "only the price",
                lambda data: profit(data, guides=int(data.load("market_offers").loc[0, "guides"])),
                "That is the higher price alone. What do customers get for it? Lift the guides too.",
            ),
            Misconception(
                "only the guides",
                lambda data: profit(data, dearer=0.0),
                "That is with better guides at the old price. Raise the price too.",
            ),
            Misconception(
                "turnover for profit",
                lambda data: profit(data, column="turnover"),
                "That is turnover. Sets and levers cost money: which column is left after both?",
            ),
            Misconception(
                "forgets the rivals",
                lambda data: profit(data, rivals=False),
                "You let Hang-It stand alone on the shelf. The rivals are still there.",
            ),
            Misconception(
                "forgets what the guides cost a year",
                _fixed_cost_forgotten,
                "The guides must be made every year: their fixed costs are missing.",
            ),
        ),
        solution="Two changed cells, the true market, profit of the first row.",
        code=(
            "from crmkit.mix import Market, simulate_offers\n"
            "market = Market.from_tables(\n"
            '    crmkit.load_truth("needs"), crmkit.load_truth("set_value"), crmkit.load_truth("lever_effects"),\n'
            '    crmkit.load("levers"), crmkit.load_truth("customers"))\n'
            'offers = crmkit.load("market_offers")\n'
            'offers.loc[0, "price"] += 2\n'
            'offers.loc[0, "guides"] = 4\n'
            'answer = simulate_offers(market, offers)["profit"].iloc[0]'
        ),
    ),
    Question(
        id="13-4",
        title="Steel or staff?",
        level="decide",
        prompt=(
            "The engineers want better steel (quality 5), the shop managers want more staff (staff 5), and "
            "there is money for "
            "one of the two. Write the recommendation to the board."
        ),
        kind=Plan(
            rubric={
                "starts from needs and their weights, not from the lever": 1,
                "compares the two with figures from the measured house or the simulator": 1,
                "names the conflict that each lever brings (ready, quick)": 1,
                "says how sure one may be, and what a rival or a trial could change": 1,
            },
            model=(
                "Staff. Fit is the heaviest need, and the prototypes say that fit hangs on staff who ask, far "
                "more than on "
                "steel; staff also carry advice. Steel serves durable, which customers praise more than they "
                "buy. In the "
                "simulator one step of staff brings more than one step of quality, after its cost. Both have a "
                "price besides "
                "money: steel makes the set less ready to use, staff make the purchase less quick, so I would "
                "let customers "
                "book a clerk. The effects are measured to within a few hundredths; what rivals will do is not."
            ),
            minimum_words=40,
        ),
        points=4,
        hints=("Which needs does each of the two levers serve, and how heavy are they?",),
    ),
]

QUIZ = [
    QuizQuestion(
        "An offer misses a must-have of a segment. By how much must its price fall to sell there?",
        [
            Option("By what the need is worth", "That would hold for a nice-to-have."),
            Option(
                "No price is low enough",
                "A must-have cannot be made good by anything else, price included.",
                right=True,
            ),
            Option("To its cost", "Penny Fix at cost sold nothing."),
        ],
    ),
    QuizQuestion(
        "In a firm's past products, better steel always came with better staff. What does a straight "
        "line through their "
        "marks say about steel?",
        [
            Option(
                "Its true effect", "Only levers set apart from each other show their own effects."
            ),
            Option(
                "Nothing reliable: it cannot be told from the staff's effect",
                "Levers that always move together get each other's credit. Chance must set them.",
                right=True,
            ),
            Option(
                "That it has none", "It may have, and hide behind staff, or the other way round."
            ),
        ],
    ),
]
