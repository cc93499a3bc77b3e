"""Lesson 30, in reserve: further questions about falling asleep."""

from __future__ import annotations

import pandas as pd

from crmkit.practice.kinds import Number, Table
from crmkit.practice.question import Misconception, Question, Tables
from crmkit.practice.questions.lesson_30 import chance, days_since
from crmkit.reactivation import Thresholds


def states_now(
    data: Tables, *, share: bool = False, since: str = "max", lines: tuple[int, ...] = (45, 90, 180)
) -> pd.DataFrame:
    """Customers in each state on the last day, by lines of 45, 90 and 180 days."""
    states = Thresholds(*lines).state(days_since(data, since))
    count = states.value_counts()
    found = 100 * count / count.sum() if share else count
    return found.rename("customers").rename_axis("state").reset_index()


QUESTIONS = [
    Question(
        id="30-b1",
        title="How many are asleep?",
        level="change",
        goals=(1,),
        elsewhere="other lines",
        prompt=(
            "Call a customer drowsy from 45, half-asleep from 90 and asleep from 180 days of silence. How many "
            "customers are in "
            "each state on the last day of the data? A table with `state` and `customers`, for all who have ever "
            "ordered."
        ),
        kind=Table(key="state", columns={"customers": 0}),
        points=2,
        reference=states_now,
        hints=(
            "`Thresholds(45, 90, 180).state(days)` gives the state for each number of silent days.",
            "The silent days of each customer: from the last order to the last day.",
        ),
        misconceptions=(
            Misconception(
                "counts from the first order",
                lambda data: states_now(data, since="min"),
                "You counted from the first order. Silence begins with the last one.",
            ),
            Misconception(
                "per cent for customers",
                lambda data: states_now(data, share=True),
                "Those are shares. How many customers are they?",
            ),
            Misconception(
                "the ladder 60/90/180",
                lambda data: states_now(data, lines=(60, 90, 180)),
                "You let drowsy begin at 60 days. Here it begins at 45.",
            ),
        ),
        right="Move the first line by two weeks, and a whole group of customers changes its name.",
        solution="The silent days of each customer, the state, and a count.",
        code=(
            "from crmkit.reactivation import Thresholds, silence\n"
            'quiet = silence(crmkit.load("orders"), company.end)\n'
            'count = Thresholds(45, 90, 180).state(quiet["silent_days"]).value_counts()\n'
            'answer = count.rename("customers").rename_axis("state").reset_index()'
        ),
    ),
    Question(
        id="30-b2",
        title="What a month of silence costs",
        level="explore",
        goals=(2,),
        elsewhere="another horizon",
        prompt=(
            "By how many percentage points is the chance of a purchase within the next 30 days lower after 60 days "
            "of silence than "
            "after 30? Use the gaps of all customers up to the last day of the data, the open ones too. (two "
            "decimals)"
        ),
        kind=Number(unit="percentage points", tolerance=0.005),
        points=3,
        reference=lambda data: chance(data, 30, 30) - chance(data, 60, 30),
        hints=(
            "One curve with a horizon of 30 days, read at two days of silence.",
            '`curve.set_index("silent_days")["chance"]`, a fraction.',
        ),
        misconceptions=(
            Misconception(
                "a horizon of 60 days",
                lambda data: chance(data, 30, 60) - chance(data, 60, 60),
                "That is the chance within 60 days. The question looks 30 days ahead.",
            ),
            Misconception(
                "leaves out the open gaps",
                lambda data: (
                    chance(data, 30, 30, ended_only=True) - chance(data, 60, 30, ended_only=True)
                ),
                "You kept the gaps that ended. Those who never came back have open gaps: they belong in it.",
            ),
            Misconception(
                "only the later chance",
                lambda data: chance(data, 60, 30),
                "That is the chance after 60 days. By how much is it lower than after 30?",
            ),
        ),
        right="A call in the first month meets people who would mostly come anyway; a later one does not.",
        solution="The curve at 30 and at 60 days of silence, and the difference.",
        code=(
            "from crmkit.reactivation import purchase_gaps, return_curve\n"
            'curve = return_curve(purchase_gaps(crmkit.load("orders"), company.end), 30)\n'
            'chance = curve.set_index("silent_days")["chance"]\n'
            "answer = 100 * (chance[30] - chance[60])"
        ),
    ),
]
