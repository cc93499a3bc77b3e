"""Lesson 30: who is falling asleep, and from which day on."""

from __future__ import annotations

import pandas as pd

from crmkit.practice.kinds import Customers, Number, Plan
from crmkit.practice.question import Misconception, Option, Question, QuizQuestion, Tables
from crmkit.reactivation import purchase_gaps, return_curve

TITLE = "Falling asleep"


def days_since(data: Tables, which: str) -> pd.Series:
    """Days from each customer's first ("min") or last ("max") order to the end of the data."""
    day = data.load("orders").groupby("customer_id")["order_date"].agg(which)
    return (pd.Timestamp(data.company.end) - day).dt.days


def chance(data: Tables, silent: int, horizon: int, *, ended_only: bool = False) -> float:
    """Chance to return within the horizon, in per cent, after so many days of silence."""
    gaps = purchase_gaps(data.load("orders"), data.company.end)
    if ended_only:
        gaps = gaps[gaps["returned"]]
    curve = return_curve(gaps, horizon, at_most=silent)
    return float(100 * curve["chance"].iloc[-1])


def slipping(data: Tables, value: str = "margin", *, silent_first: bool = False) -> pd.Index:
    """Customers in the top tenth by value who have been silent for 60 days or more."""
    silent = days_since(data, "max")
    worth = data.load("orders").groupby("customer_id")[value].sum()
    if silent_first:
        worth = worth[silent >= 60]
    top = worth.nlargest(len(worth) // 10).index
    return top[silent.loc[top] >= 60]


QUESTIONS = [
    Question(
        id="30-1",
        title="How many are silent?",
        level="fill in",
        prompt=(
            "On 31 December {company.year}, which share of all customers who have ever ordered has been silent for "
            "more than 90 "
            "days, in per cent?"
        ),
        kind=Number(unit="%", tolerance=0.05),
        points=1,
        reference=lambda data: 100 * (days_since(data, "max") > 90).mean(),
        hints=(
            "Silence runs from one particular order of each customer to the last day of {company.year}. From which?",
            "One last order date per customer first, then the difference in days, then a share.",
            '`last = orders.groupby("customer_id")["order_date"].max()`',
        ),
        misconceptions=(
            Misconception(
                "measures from the first order",
                lambda data: 100 * (days_since(data, "min") > 90).mean(),
                "You have measured from the first order: that is how long they have been customers. "
                "Which order ends a silence?",
            ),
            Misconception(
                "gives a number of customers",
                lambda data: (days_since(data, "max") > 90).sum(),
                "That is how many customers. The question asks for a share: out of how many?",
            ),
            Misconception(
                "counts the ninetieth day too",
                lambda data: 100 * (days_since(data, "max") >= 90).mean(),
                "Very close: you also counted those who have been silent for exactly 90 days. "
                "The question says *more than* 90.",
            ),
            Misconception(
                "counts orders, not customers",
                lambda data: (
                    100
                    * (
                        (pd.Timestamp(data.company.end) - data.load("orders")["order_date"]).dt.days
                        > 90
                    ).mean()
                ),
                "That is the share of old orders. A customer with an old order may have a new one too: "
                "what is there one of per customer?",
            ),
            Misconception(
                "gives those who are not silent",
                lambda data: 100 * (days_since(data, "max") <= 90).mean(),
                "Those are the customers who bought within the 90 days. The question asks for the silent ones.",
            ),
        ),
        starter=(
            'last = orders.groupby("customer_id")["order_date"].max()\n'
            "silent = (pd.Timestamp(company.end) - ____).dt.days"
        ),
        solution="Last order per customer, days to the end of the year, share above 90.",
        code=(
            'last = crmkit.load("orders").groupby("customer_id")["order_date"].max()\n'
            "silent = (pd.Timestamp(company.end) - last).dt.days\n"
            "answer = 100 * (silent > 90).mean()"
        ),
    ),
    Question(
        id="30-2",
        title="Fifty days of silence",
        level="change",
        prompt=(
            "A customer has been silent for 50 days. What is the chance, in per cent, of a purchase within "
            "the next 60 "
            "days (from the gaps of all customers, as of 31 December {company.year}, open gaps rightly used)?"
        ),
        kind=Number(unit="%", tolerance=0.05),
        points=2,
        reference=lambda data: chance(data, 50, 60),
        hints=(
            "Two times: how long the silence has lasted, and how far ahead you look. The lesson used others.",
            "`return_curve` has a row for every day of silence; its horizon is an argument.",
            "`return_curve(gaps, 60)`, then the row with `silent_days == 50`.",
        ),
        misconceptions=(
            Misconception(
                "leaves open gaps out",
                lambda data: chance(data, 50, 60, ended_only=True),
                "You have used only gaps that ended. Those are the stories with a happy end: "
                "what about the silences that still run?",
            ),
            Misconception(
                "forgets the silence so far",
                lambda data: chance(data, 0, 60),
                "That is the chance right after a purchase. This customer has already been silent for 50 days.",
            ),
            Misconception(
                "keeps the lesson's horizon",
                lambda data: chance(data, 50, 75),
                "Right curve, wrong horizon: the lesson looked 75 days ahead. Here it is 60.",
            ),
            Misconception(
                "counts from the purchase",
                lambda data: chance(data, 0, 110),
                "You have asked who buys within 110 days of a purchase. But those who bought in the first 50 are not "
                "silent: they are out of the question.",
            ),
        ),
        starter="curve = return_curve(gaps, horizon_days=____)",
        solution="All gaps with the open ones censored, the return curve for 60 days, its value at 50 days of silence.",
        code=(
            "from crmkit.reactivation import purchase_gaps, return_curve\n"
            'gaps = purchase_gaps(crmkit.load("orders"), company.end)\n'
            "curve = return_curve(gaps, 60)\n"
            'answer = 100 * curve.loc[curve["silent_days"] == 50, "chance"].iloc[0]'
        ),
    ),
    Question(
        id="30-3",
        title="Who is slipping away?",
        level="explore",
        prompt=(
            "The shop wants to call earlier. Which customers are in the top tenth of all customers by margin (of all "
            "their orders) and have been silent for 60 days or more on 31 December {company.year}?"
        ),
        kind=Customers(),
        points=3,
        reference=slipping,
        hints=(
            "Two lists: who is valuable, who is silent. The answer is in both. Which is made first does "
            "matter: of whom the tenth?",
            "The top tenth is of *all* customers, silent or not.",
            "`worth.nlargest(len(worth) // 10).index`, then keep those with `silent >= 60`.",
        ),
        misconceptions=(
            Misconception(
                "takes the tenth of the silent",
                lambda data: slipping(data, silent_first=True),
                "You took the best tenth of those who are silent. The question asks who of the best tenth of "
                "*all* has gone silent.",
            ),
            Misconception(
                "ranks by turnover",
                lambda data: slipping(data, "turnover"),
                "You ranked by turnover. What a customer pays is not what the customer leaves: which column "
                "holds that?",
            ),
            Misconception(
                "keeps the lesson's 91 days",
                lambda data: [c for c in slipping(data) if days_since(data, "max")[c] >= 91],
                "Those have been silent for 91 days, as in the lesson. The shop wants to call earlier.",
            ),
        ),
        starter=(
            'worth = orders.groupby("customer_id")["margin"].sum()\n'
            "best = worth.nlargest(____).index"
        ),
        solution="Margin per customer, the top tenth of all, and of these who has been silent for 60 days or more.",
        code=(
            'orders = crmkit.load("orders")\n'
            'worth = orders.groupby("customer_id")["margin"].sum()\n'
            'last = orders.groupby("customer_id")["order_date"].max()\n'
            "silent = (pd.Timestamp(company.end) - last).dt.days\n"
            "best = worth.nlargest(len(worth) // 10).index\n"
            "answer = best[silent.loc[best] >= 60]"
        ),
    ),
    Question(
        id="30-4",
        title="One rule for all?",
        level="decide",
        prompt=(
            "The head of marketing wants one rule for all: 90 days and lost. Write to her what you would put "
            "in its place, and why."
        ),
        kind=Plan(
            rubric={
                "says what the return curve shows (no cliff at 90 days)": 1,
                "names levels of the chance to return, and a reason for them (what a wrong call costs)": 1,
                "says that a state is a guess about a customer, with an error": 1,
                "says when the lines have to be drawn anew": 1,
            },
            model=(
                "I would draw three lines where the chance to return within the next 75 days falls below one "
                "half, one "
                "quarter and one tenth. Our curve falls steadily; there is nothing special about day 90, and "
                "about a quarter of the "
                "customers you would call lost by that rule are not asleep. The three levels go with what we "
                "do: below one half a "
                "cheap reminder, below one tenth nothing but a test. Each state is a guess: about a quarter "
                "of the customers are in "
                "another one than we say. I would draw the lines anew every spring, and at once if a rival opens."
            ),
            minimum_words=40,
        ),
        points=4,
        hints=(
            "What does the curve do at 90 days?",
            "A level of the chance needs a reason: what does it cost to be wrong on either side?",
            "Say also how often the rule is wrong, and when it grows old.",
        ),
    ),
]

QUIZ = [
    QuizQuestion(
        "A customer's last purchase was 20 days ago. How long is the gap?",
        [
            Option("20 days", "It is at least 20 days; how long it will be, nobody knows."),
            Option("At least 20 days", "It is right-censored: cut off by today.", right=True),
            Option(
                "There is none, it has not ended",
                "It has begun and is being watched: that is information.",
            ),
        ],
    ),
    QuizQuestion(
        "You leave all open gaps out. Your customers now look …",
        [
            Option("livelier than they are", "Only the silences that ended are left.", right=True),
            Option(
                "sleepier than they are", "It is the long, unended silences that you have dropped."
            ),
            Option(
                "the same: open gaps hold no information",
                "They say that the customer has stayed away at least so long.",
            ),
        ],
    ),
    QuizQuestion(
        "Half of all customers are asleep. A rule that calls everybody asleep is right for half of them. So it …",
        [
            Option("is a fair rule", "It finds nobody who is awake."),
            Option(
                "shows why one averages over the states",
                "In three of the four states it is never right.",
                right=True,
            ),
            Option(
                "is better than a rule that is right for 45 %",
                "Not if that one can tell the states apart.",
            ),
        ],
    ),
]
