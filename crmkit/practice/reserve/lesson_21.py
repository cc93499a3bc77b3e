"""Lesson 21, in reserve: further questions about customers who bring more than money."""

from __future__ import annotations

import pandas as pd

from crmkit.practice.kinds import Customers, Number
from crmkit.practice.question import Misconception, Question, Tables
from crmkit.practice.questions.lesson_21 import DEEDS, guests_by, people


def concentrated(data: Tables, column: str = "help_given", share: float = 0.1) -> float:
    """Per cent of a column that its best share of all customers bring."""
    values = people(data)[column].sort_values(ascending=False, kind="stable")
    return 100 * float(values.iloc[: int(len(values) * share)].sum() / values.sum())


def _of_the_active(data: Tables) -> float:
    values = people(data)["help_given"]
    values = values[values > 0].sort_values(ascending=False, kind="stable")
    return 100 * float(values.iloc[: int(len(values) * 0.1)].sum() / values.sum())


def only_by_deeds(data: Tables, *, turned: bool = False, both: bool = False) -> pd.Index:
    """Guests by reviews, referrals and help alone who are not guests by turnover alone."""
    deeds = guests_by(data, dict.fromkeys(DEEDS, 1))
    money = guests_by(data, {"turnover": 1})
    if both:
        return deeds.intersection(money)
    return money.difference(deeds) if turned else deeds.difference(money)


QUESTIONS = [
    Question(
        id="21-b1",
        title="A tenth gives most of the help",
        level="change",
        goals=(1,),
        prompt=(
            "What share of all help given in the forum (`help_given`, all years) comes from the tenth of **all** "
            "customers who "
            "give most (`len(people) // 10` of them), in per cent? (two decimals)"
        ),
        kind=Number(unit="%", tolerance=0.005),
        points=2,
        reference=concentrated,
        hints=(
            "Everybody counts as a customer, also those who never helped.",
            '`people["help_given"].nlargest(len(people) // 10).sum()`, in per cent of all',
        ),
        misconceptions=(
            Misconception(
                "a tenth of those who helped",
                _of_the_active,
                "You took a tenth of those who helped at all. The question takes a tenth of all customers.",
            ),
            Misconception(
                "a fifth",
                lambda data: concentrated(data, share=0.2),
                "That is a fifth of the customers. The question asks for a tenth.",
            ),
            Misconception(
                "reviews for help",
                lambda data: concentrated(data, "reviews"),
                "Those are the reviews. Which column counts the help given?",
            ),
        ),
        right="Help lies in few hands, as profit does, but the hands are other people's.",
        solution="The sum of the largest tenth, as a share of the whole.",
        code=(
            "from crmkit.value import engagement_summary\n"
            'people = engagement_summary(crmkit.load("engagement"), crmkit.load("customers"))\n'
            'helped = people["help_given"]\n'
            "answer = 100 * helped.nlargest(len(helped) // 10).sum() / helped.sum()"
        ),
    ),
    Question(
        id="21-b2",
        title="Guests whom money would not invite",
        level="explore",
        goals=(2,),
        prompt=(
            "Two lists of guests, each one for every twenty customers: one by the weights reviews 1, referrals 1, "
            "help given 1, "
            "the other by turnover alone. Who is on the first list and **not** on the second?"
        ),
        kind=Customers(),
        points=2,
        reference=only_by_deeds,
        hints=(
            "Two scores, two lists, and what the first has beyond the second.",
            '`top_list(weighted_score(people, {"reviews": 1, "referrals": 1, "help_given": 1}), len(people) // 20)`',
        ),
        misconceptions=(
            Misconception(
                "on the money list only",
                lambda data: only_by_deeds(data, turned=True),
                "Those are on the list by turnover and not on the other. The question asks for the other way round.",
            ),
            Misconception(
                "on both",
                lambda data: only_by_deeds(data, both=True),
                "Those are on both lists. Who is on the first only?",
            ),
            Misconception(
                "the whole first list",
                lambda data: guests_by(data, dict.fromkeys(DEEDS, 1)),
                "That is the whole first list. Take away those whom turnover would invite too.",
            ),
        ),
        right="Each name here is a person whom a list by money would have lost.",
        solution="Two lists by two scores, and the difference of the sets.",
        code=(
            "from crmkit.value import customer_profit, engagement_summary, top_list, weighted_score\n"
            'customers = crmkit.load("customers")\n'
            'people = customer_profit(crmkit.load("orders"), customers=customers).merge(\n'
            '    engagement_summary(crmkit.load("engagement"), customers), on="customer_id")\n'
            'people = people.set_index("customer_id")\n'
            "lists = [top_list(weighted_score(people, weights), len(people) // 20) for weights in (\n"
            '    {"reviews": 1, "referrals": 1, "help_given": 1}, {"turnover": 1})]\n'
            "answer = set(lists[0]) - set(lists[1])"
        ),
    ),
]
