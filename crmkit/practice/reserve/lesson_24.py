"""Lesson 24, in reserve: further questions about who is still a customer."""

from __future__ import annotations

import pandas as pd

from crmkit.practice.kinds import Number
from crmkit.practice.question import Misconception, Question, Tables
from crmkit.value import BetaGeoModel, ModifiedBetaGeoModel, customer_summary

#: Somebody who came every month for a year, and has been silent since.
HISTORY = {"repeat_days": [12], "active_span_days": [360]}


def silent(data: Tables, days: int = 180, *, kind: type[BetaGeoModel] = BetaGeoModel) -> float:
    """Probability (%) that such a customer is alive after so many silent days."""
    people = customer_summary(data.load("orders"), data.company.end)
    one = pd.DataFrame(HISTORY).assign(age_days=HISTORY["active_span_days"][0] + days)
    return 100 * float(kind().fit(people, unit="W").probability_alive(one).iloc[0])


def alive(
    data: Tables, *, kind: type[BetaGeoModel] = BetaGeoModel, year_ago: bool = False
) -> float:
    """Customers whom the model takes to be alive, as the sum of the probabilities."""
    about = data.company
    people = customer_summary(data.load("orders"), about.year_ago if year_ago else about.end)
    return float(kind().fit(people, unit="W").probability_alive(people).sum())


def above_half(data: Tables) -> float:
    """Customers with a probability of one half or more."""
    people = customer_summary(data.load("orders"), data.company.end)
    chance = ModifiedBetaGeoModel().fit(people, unit="W").probability_alive(people)
    return float((chance >= 0.5).sum())


QUESTIONS = [
    Question(
        id="24-b1",
        title="Twelve months, then half a year of silence",
        level="change",
        goals=(1,),
        elsewhere="another customer",
        prompt=(
            "Fit a BG/NBD model (unit weeks) on all orders until the last day of the data. Somebody has come back "
            "twelve times "
            "(`repeat_days` 12), the last time 360 days after the first purchase, and has been silent for 180 "
            "days. How probable "
            "is it, in per cent, that this person is still a customer? (two decimals)"
        ),
        kind=Number(unit="%", tolerance=0.005),
        points=2,
        reference=silent,
        hints=(
            "Three numbers describe the person: `repeat_days`, `active_span_days`, `age_days`. How old is the "
            "first purchase?",
            'A table of one row: `pd.DataFrame({"repeat_days": [12], "active_span_days": [360], "age_days": [540]})`',
        ),
        misconceptions=(
            Misconception(
                "the silence for the age",
                lambda data: silent(data, 0),
                "You let the person's history end with the last purchase. `age_days` runs from the first purchase "
                "until today: "
                "360 and 180 days.",
            ),
            Misconception(
                "MBG/NBD",
                lambda data: silent(data, kind=ModifiedBetaGeoModel),
                "That is what MBG/NBD says. The question asks for BG/NBD.",
            ),
            Misconception(
                "probability of being lost",
                lambda data: 100 - silent(data),
                "That is the probability that the person is lost. The question asks for alive.",
            ),
        ),
        right="For somebody who came every month, half a year says much. For a yearly visitor it would say little.",
        solution="Fit the model, describe the person in one row, and ask for the probability.",
        code=(
            "from crmkit.value import BetaGeoModel, customer_summary\n"
            'model = BetaGeoModel().fit(customer_summary(crmkit.load("orders"), company.end), unit="W")\n'
            'person = pd.DataFrame({"repeat_days": [12], "active_span_days": [360], "age_days": [540]})\n'
            "answer = 100 * model.probability_alive(person).iloc[0]"
        ),
    ),
    Question(
        id="24-b2",
        title="How many customers has the company?",
        level="change",
        goals=(2,),
        elsewhere="the other model",
        prompt=(
            '"We have as many customers as names in the file." Fit an MBG/NBD model (unit weeks) on all orders '
            "until the last "
            "day of the data. How many customers does it take to be alive: the sum of all probabilities? (one "
            "decimal)"
        ),
        kind=Number(unit="customers", tolerance=0.05),
        points=2,
        reference=lambda data: alive(data, kind=ModifiedBetaGeoModel),
        hints=(
            "The expected number is the sum of the probabilities, not a count of those above one half.",
            '`ModifiedBetaGeoModel().fit(summary, unit="W").probability_alive(summary).sum()`',
        ),
        misconceptions=(
            Misconception(
                "BG/NBD",
                alive,
                "That is BG/NBD. It takes everybody to be alive who bought once: the question asks for MBG/NBD.",
            ),
            Misconception(
                "counts those above one half",
                above_half,
                "You counted those above one half. Ten customers with 0.4 each are four, not none: add the "
                "probabilities.",
            ),
            Misconception(
                "a year earlier",
                lambda data: alive(data, kind=ModifiedBetaGeoModel, year_ago=True),
                "That is at the end of {company.last_year}. The question asks for the last day of the data.",
            ),
        ),
        right="So a company's number of customers is an estimate, and a report should say of which model.",
        solution="Fit the model and add up all probabilities.",
        code=(
            "from crmkit.value import ModifiedBetaGeoModel, customer_summary\n"
            'summary = customer_summary(crmkit.load("orders"), company.end)\n'
            'answer = ModifiedBetaGeoModel().fit(summary, unit="W").probability_alive(summary).sum()'
        ),
    ),
]
