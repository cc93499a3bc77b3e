"""Lesson 43, in reserve: further questions about forgetting and frequency."""

from __future__ import annotations

import pandas as pd

from crmkit.brand import Exponential, exposure_ages, returns_of_frequency
from crmkit.practice.kinds import Number, Table
from crmkit.practice.question import Misconception, Question, Tables
from crmkit.practice.questions.lesson_43 import share


def spread(data: Tables, *, turned: bool = False, soon: bool = False, contacts: int = 8) -> float:
    """Points by which spread contacts are recalled better than one evening's, twelve weeks later or more."""
    when = "weeks_after < 12" if soon else "weeks_after >= 12"
    gap = share(data, f"exposures == {contacts} and gap_weeks > 0 and {when}") - share(
        data, f"exposures == {contacts} and gap_weeks == 0 and {when}"
    )
    return -gap if turned else gap


def gains(
    data: Tables, gap: float = 1.0, column: str = "gain_points", weeks: float = 8
) -> pd.DataFrame:
    """What each of the first four contacts adds, by the model with one store."""
    trials = data.load("recall_experiment")
    model = Exponential().fit(exposure_ages(trials), trials["recalled"])
    table = returns_of_frequency(model, most=4, gap_weeks=gap, weeks_after=weeks)
    return table[["contacts", column]].rename(columns={column: "gain_points"})


QUESTIONS = [
    Question(
        id="43-b1",
        title="Eight at once, or eight apart",
        level="change",
        goals=(1,),
        elsewhere="another delay",
        prompt=(
            "Take the people with exactly eight contacts who were asked twelve weeks or more after the last one. "
            "By how many "
            "percentage points is the share who recall higher when the contacts were spread (`gap_weeks` above 0) "
            "than when they came "
            "on one evening (`gap_weeks` 0)? (two decimals)"
        ),
        kind=Number(unit="percentage points", tolerance=0.005),
        points=2,
        reference=spread,
        hints=(
            "Two groups of the same people: two conditions more.",
            '`trials.query("exposures == 8 and weeks_after >= 12")`, then a mean by whether `gap_weeks` is above 0.',
        ),
        misconceptions=(
            Misconception(
                "asked soon",
                lambda data: spread(data, soon=True),
                "Those were asked before twelve weeks had passed. The question asks for twelve or more.",
            ),
            Misconception(
                "one evening less spread",
                lambda data: spread(data, turned=True),
                "You took the spread ones from the evening. The question asks how much higher the spread ones are.",
            ),
        ),
        right="Few people lie behind it: put an interval on it before you move a budget.",
        solution="Eight contacts, asked late: the share of the spread ones less that of the evening.",
        code=(
            'trials = crmkit.load("recall_experiment").query("exposures == 8 and weeks_after >= 12")\n'
            'share = trials["recalled"].groupby(trials["gap_weeks"] > 0).mean()\n'
            "answer = 100 * (share[True] - share[False])"
        ),
    ),
    Question(
        id="43-b2",
        title="What the first four add",
        level="explore",
        goals=(3,),
        elsewhere="another plan",
        prompt=(
            "Fit `Exponential()` (without spacing) to the whole experiment. Contacts come one week apart, and "
            "people are asked **eight** "
            "weeks after the last. How many percentage points does each of the first four contacts add? A table "
            "with `contacts` and "
            "`gain_points`. (`returns_of_frequency`, three decimals)"
        ),
        kind=Table(
            key="contacts",
            columns={"gain_points": 0.0005},
            units={"gain_points": "percentage points"},
        ),
        points=3,
        reference=gains,
        hints=(
            "Fit once, then ask for the returns with three arguments.",
            "`returns_of_frequency(model, most=4, gap_weeks=1, weeks_after=8)`",
        ),
        misconceptions=(
            Misconception(
                "asked after four weeks",
                lambda data: gains(data, weeks=4),
                "That is four weeks after the last contact. The question asks eight weeks after.",
            ),
            Misconception(
                "two weeks apart",
                lambda data: gains(data, gap=2),
                "That is two weeks apart. The question says one.",
            ),
        ),
        right="Each adds less than the one before, and none of it lasts: ask when the customer will need it.",
        solution="The model of the whole experiment, and its returns for this plan.",
        code=(
            "from crmkit.brand import Exponential, exposure_ages, returns_of_frequency\n"
            'trials = crmkit.load("recall_experiment")\n'
            'model = Exponential().fit(exposure_ages(trials), trials["recalled"])\n'
            "table = returns_of_frequency(model, most=4, gap_weeks=1, weeks_after=8)\n"
            'answer = table[["contacts", "gain_points"]]'
        ),
    ),
]
