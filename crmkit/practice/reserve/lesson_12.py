"""Lesson 12, in reserve: further questions about what customers really need."""

from __future__ import annotations

import pandas as pd

from crmkit.practice.kinds import Number, Table
from crmkit.practice.question import Misconception, Question, Tables


def kept(data: Tables, most: int = 3, *, of: str = "customers") -> pd.DataFrame:
    """Share of the customers who keep each need among their first few, in per cent."""
    ratings = data.load("need_ratings")
    first = ratings["keep_rank"] <= most
    found = (
        first.groupby(ratings["need"]).mean()
        if of == "customers"
        else first.groupby(ratings["need"]).sum() / first.sum()
    )
    return (100 * found).rename("kept").reset_index()


def _ticked(data: Tables) -> pd.DataFrame:
    ratings = data.load("need_ratings")
    return (100 * ratings.groupby("need")["ticked"].mean()).rename("kept").reset_index()


def chosen_with(data: Tables, need: str = "safe", *, turned: bool = False) -> float:
    """Share of the options with a need (or without) that were chosen at the shelf, in per cent."""
    shelf = data.load("shelf_choices")
    return 100 * float(shelf.loc[shelf[need] == (0 if turned else 1), "chosen"].mean())


def _of_the_bought(data: Tables) -> float:
    shelf = data.load("shelf_choices")
    return 100 * float(shelf.loc[shelf["chosen"] == 1, "safe"].mean())


QUESTIONS = [
    Question(
        id="12-b1",
        title="What they would keep",
        level="change",
        goals=(2,),
        elsewhere="another number kept",
        prompt=(
            "Customers had to rank what they would keep (`keep_rank`, 1 is kept longest). How many per cent of the "
            "customers "
            "have each need among their first **three**? A table with `need` and `kept`. (one decimal)"
        ),
        kind=Table(key="need", columns={"kept": 0.05}, units={"kept": "%"}),
        points=2,
        reference=kept,
        hints=(
            "A column of yes and no: is the rank at most three?",
            "Its mean by need is a share of the customers, as each customer has one row for a need.",
        ),
        misconceptions=(
            Misconception(
                "first two",
                lambda data: kept(data, 2),
                "Those have it among their first two. A rank of three counts too.",
            ),
            Misconception(
                "share of all mentions",
                lambda data: kept(data, of="mentions"),
                "Your column adds up to 100. Each customer keeps three needs, so shares of the customers add up to "
                "300.",
            ),
            Misconception(
                "ticked for kept",
                _ticked,
                "Those ticked the need as important. What did they keep when they had to give something up?",
            ),
        ),
        right="Ticks cost nothing. A rank does: anyone who puts one need up puts another down.",
        solution="Who has the need at rank three or better, as a share of the customers.",
        code=(
            'ratings = crmkit.load("need_ratings")\n'
            'kept = (ratings["keep_rank"] <= 3).groupby(ratings["need"]).mean()\n'
            'answer = (100 * kept).rename("kept").reset_index()'
        ),
    ),
    Question(
        id="12-b2",
        title="Bought with and without",
        level="explore",
        goals=(3,),
        elsewhere="another need",
        prompt=(
            "At the shelf, by how many percentage points is an option bought more often when it meets the need "
            "`safe` than "
            "when it does not? Compare the shares of `chosen`. (two decimals)"
        ),
        kind=Number(unit="percentage points", tolerance=0.005),
        points=2,
        reference=lambda data: chosen_with(data) - chosen_with(data, turned=True),
        hints=(
            "One row of `shelf_choices` is one option that a customer saw.",
            '`shelf.groupby("safe")["chosen"].mean()` has two rows.',
        ),
        misconceptions=(
            Misconception(
                "the other way round",
                lambda data: chosen_with(data, turned=True) - chosen_with(data),
                "You took those without less those with. The question asks how much more often with.",
            ),
            Misconception(
                "only the share with",
                chosen_with,
                "That is how often an option is bought that meets the need. How often one that does not?",
            ),
            Misconception(
                "share of the bought that are safe",
                _of_the_bought,
                "You looked at what was bought, and asked how much of it was safe. Look at the safe options, and "
                "ask how "
                "many were bought.",
            ),
        ),
        right="The options were drawn at random, so the difference is the need's own work.",
        solution="The share bought by whether the need is met, and the difference.",
        code=(
            'share = crmkit.load("shelf_choices").groupby("safe")["chosen"].mean()\n'
            "answer = 100 * (share[1] - share[0])"
        ),
    ),
]
