"""Lesson 34, in reserve: further questions about a wake-up plan."""

from __future__ import annotations

import pandas as pd

from crmkit.practice.kinds import Number, Table
from crmkit.practice.question import Misconception, Question, Tables
from crmkit.reactivation import choose_offers, offer_profits


def gone_by(
    data: Tables, column: str = "unsubscribed", *, times: float = 100.0, count: bool = False
) -> pd.DataFrame:
    """Per cent who unsubscribed at each number of mails a month."""
    grouped = data.load("pressure_test").groupby("mails_a_month")[column]
    found = grouped.sum() if count else times * grouped.mean()
    return found.astype(float).rename("unsubscribed").reset_index()


def dearer(data: Tables, budget: float = 150, *, of: str = "gain") -> float:
    """What a budget of twice 150 would add to the highest profit."""
    profits = offer_profits(data.load_truth("second_campaign"), data.load("offers"))
    small, large = (
        float(choose_offers(profits, budget=money)["profit"].sum())
        for money in (budget, 2 * budget)
    )
    return {"gain": large - small, "large": large, "small": small}[of]


QUESTIONS = [
    Question(
        id="34-b1",
        title="Every mail loses somebody",
        level="fill in",
        goals=(1,),
        prompt=(
            "In the test of contact pressure (`pressure_test`): what share of the customers unsubscribed at each "
            "number of "
            "`mails_a_month`, in per cent? A table with `mails_a_month` and `unsubscribed`. (two decimals)"
        ),
        kind=Table(
            key="mails_a_month", columns={"unsubscribed": 0.005}, units={"unsubscribed": "%"}
        ),
        points=1,
        reference=gone_by,
        hints=("A column of yes and no: its mean is a share.",),
        misconceptions=(
            Misconception(
                "counts them",
                lambda data: gone_by(data, count=True),
                "Those are customers. The groups have different sizes: what share of each is it?",
            ),
            Misconception(
                "the margin",
                lambda data: gone_by(data, "margin_90d", times=1.0),
                "That is the mean margin. How many per cent unsubscribed?",
            ),
        ),
        right="Customers who have unsubscribed are out of reach of every later plan. Count that cost with the mail's.",
        solution="The mean of `unsubscribed` by number of mails, in per cent.",
        code=(
            'gone = 100 * crmkit.load("pressure_test").groupby("mails_a_month")["unsubscribed"].mean()\n'
            "answer = gone.reset_index()"
        ),
    ),
    Question(
        id="34-b2",
        title="The second hundred and fifty",
        level="explore",
        goals=(2,),
        elsewhere="another budget",
        truth=("second_campaign",),
        prompt=(
            "By the drawer of the second campaign, and without a limit on contacts: by how much would the highest "
            "profit grow if the "
            "budget were {company.symbol}300 instead of {company.symbol}150? In {company.symbol}. (two decimals)"
        ),
        kind=Number(unit="{company.symbol}", tolerance=0.005),
        points=3,
        reference=dearer,
        hints=(
            "Choose twice, and compare the two sums.",
            '`choose_offers(profits, budget=300)["profit"].sum()`',
        ),
        misconceptions=(
            Misconception(
                "the profit at 300",
                lambda data: dearer(data, of="large"),
                "That is the profit with {company.symbol}300. How much of it is new?",
            ),
            Misconception(
                "the profit at 150",
                lambda data: dearer(data, of="small"),
                "That is the profit with {company.symbol}150. How much more is there with {company.symbol}300?",
            ),
        ),
        right="The first money goes to the best contacts, so the next earns less: set a budget where it stops paying.",
        solution="The highest profit at each budget, and the difference.",
        code=(
            "from crmkit.reactivation import choose_offers, offer_profits\n"
            'profits = offer_profits(crmkit.load_truth("second_campaign"), crmkit.load("offers"))\n'
            'small, large = (choose_offers(profits, budget=money)["profit"].sum() for money in (150, 300))\n'
            "answer = large - small"
        ),
    ),
]
