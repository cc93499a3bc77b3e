"""Lesson 33: whom to wake. Uplift, sleeping dogs, and profit customer by customer."""

from __future__ import annotations

import pandas as pd

from crmkit.practice.kinds import Customers, Number, Plan
from crmkit.practice.question import Misconception, Option, Question, QuizQuestion, Tables

TITLE = "Whom to wake"


def gain(data: Tables, keep: str = "opens >= 7") -> float:
    """Percentage points more returning after a call than in the control group, among some customers."""
    test = data.load("wake_up_test").query(keep)
    rate = 100 * test.groupby("arm")["returned_60d"].mean()
    return float(rate["personal call"] - rate["control"])


def profit(data: Tables) -> pd.DataFrame:
    """True profit of each offer in the second campaign, one column each, by customer."""
    truth = data.load_truth("second_campaign").set_index("customer_id")
    return truth[[column for column in truth if column.startswith("profit_")]]


QUESTIONS = [
    Question(
        id="33-1",
        title="What the call did to good readers",
        level="fill in",
        prompt=(
            "In the January test, by how many percentage points did the personal call raise the share who "
            "returned, among customers who had "
            "used at least 7 of the last twelve news mails (`opens`)? Give two decimals."
        ),
        kind=Number(unit="percentage points", tolerance=0.005),
        points=1,
        reference=gain,
        hints=(
            "Uplift of a group: compare called and controls *within* it.",
            "Keep `opens >= 7` first, in both arms.",
            '`test[test["opens"] >= 7].groupby("arm")["returned_60d"].mean()`',
        ),
        misconceptions=(
            Misconception(
                "takes all customers",
                lambda data: gain(data, "opens >= 0"),
                "That is the average over everybody. How large is it among those who used at least seven mails?",
            ),
            Misconception(
                "takes the other customers",
                lambda data: gain(data, "opens < 7"),
                "Those are the customers who used fewer than seven. Look at the others, and compare the two numbers.",
            ),
            Misconception(
                "counts every returner as won",
                lambda data: (
                    100
                    * data.load("wake_up_test")
                    .query("opens >= 7 and arm == 'personal call'")["returned_60d"]
                    .mean()
                ),
                "That is how many of them returned after a call. A good reader may well return without one: "
                "who tells you?",
            ),
        ),
        starter='rate = test[test["opens"] >= ____].groupby("arm")["returned_60d"].mean()',
        solution="The readers alone, called less control.",
        code=(
            'test = crmkit.load("wake_up_test")\n'
            'rate = test[test["opens"] >= 7].groupby("arm")["returned_60d"].mean()\n'
            'answer = 100 * (rate["personal call"] - rate["control"])'
        ),
    ),
    Question(
        id="33-2",
        title="A reminder to everybody",
        level="change",
        prompt=(
            "Open the drawer of the second campaign. What would a reminder to everybody truly have brought "
            "in profit, in {company.symbol} in all?"
        ),
        kind=Number(unit="{company.symbol}", tolerance=0.5),
        points=2,
        reference=lambda data: profit(data)["profit_reminder"].sum(),
        hints=(
            "The truth table of the second campaign has one column per offer.",
            "Everybody means everybody: also those with a loss.",
            '`crmkit.load_truth("second_campaign")["profit_reminder"]`',
        ),
        misconceptions=(
            Misconception(
                "keeps only the profitable",
                lambda data: profit(data)["profit_reminder"].clip(lower=0).sum(),
                "You left out those who cost money. That would be a policy that knows the truth; a reminder "
                "to *everybody* reaches the others too.",
            ),
            Misconception(
                "pays for the contact twice",
                lambda data: (
                    profit(data)["profit_reminder"].sum()
                    - len(profit(data))
                    * data.load("offers").set_index("offer").loc["reminder", "cost"]
                ),
                "You took the cost of the contacts off. The column has done that already: see its description.",
            ),
            Misconception(
                "takes January's customers",
                lambda data: data.load_truth("wake_up_test")["profit_reminder"].sum(),
                "That is the January test. The second campaign has a table of its own.",
            ),
        ),
        truth=("second_campaign", "wake_up_test"),
        starter="answer = truth[____].sum()",
        solution="The sum of one column: gains and losses together.",
        code='answer = crmkit.load_truth("second_campaign")["profit_reminder"].sum()',
    ),
    Question(
        id="33-3",
        title="Whom to leave alone",
        level="explore",
        prompt=(
            "By the same drawer: which customers should have been left alone, because no offer at all would "
            "have brought "
            "a profit?"
        ),
        kind=Customers(may_differ=1),
        points=3,
        reference=lambda data: profit(data).loc[lambda p: p.max(axis=1) <= 0].index,
        hints=(
            "Four columns; for these customers, what is true of all four?",
            "If the best of the four is not above zero, none is.",
            "`.max(axis=1) <= 0`",
        ),
        misconceptions=(
            Misconception(
                "one losing offer is enough",
                lambda data: profit(data).loc[lambda p: p.min(axis=1) <= 0].index,
                "For those, *some* offer loses money. Another may pay: leave alone only where none does.",
            ),
            Misconception(
                "looks at the call only",
                lambda data: profit(data).loc[lambda p: p["profit_personal_call"] <= 0].index,
                "Those should not be called. A reminder is far cheaper: look at all four offers.",
            ),
            Misconception(
                "averages over the offers",
                lambda data: profit(data).loc[lambda p: p.mean(axis=1) <= 0].index,
                "You averaged the four offers. Nobody sends an average: the best of them decides.",
            ),
            Misconception(
                "gives those to be contacted",
                lambda data: profit(data).loc[lambda p: p.max(axis=1) > 0].index,
                "Those are the customers with a profitable offer. The question asks for the others.",
            ),
        ),
        truth=("second_campaign",),
        starter='profits = truth.set_index("customer_id").filter(like=____)',
        solution="The best of the four profits is not above zero.",
        code=(
            'truth = crmkit.load_truth("second_campaign").set_index("customer_id")\n'
            'profits = truth[[c for c in truth if c.startswith("profit_")]]\n'
            "answer = profits[profits.max(axis=1) <= 0].index"
        ),
    ),
    Question(
        id="33-4",
        title="Ninety per cent accurate",
        level="decide",
        prompt=(
            'An agency offers a model that "predicts with 90 % accuracy who will return", and wants to send '
            "your vouchers to the top fifth of "
            "its list. What do you ask, and what do you do?"
        ),
        kind=Plan(
            rubric={
                "tells who returns from who is changed": 1,
                "names the cost of vouchers for those who come anyway": 1,
                "asks for an experiment with a control group among the model's own top fifth": 1,
                "says by which number the model would be judged (difference or Qini with its band)": 1,
            },
            model=(
                "I ask: returns compared with what? A list of likely returners holds those who come anyway, "
                "and each voucher to them is fifteen per cent of an "
                "order given away. I would let the agency rank our customers, send the voucher to half of "
                "its top fifth by lot, to half of a fifth chosen by "
                "dice, and nothing to the rest, and compare the difference to the control group in both. If "
                "the model's fifth does not gain more than "
                "the dice's, with its interval, we do not buy it, however accurate it is."
            ),
            minimum_words=40,
        ),
        points=4,
        hints=(
            "Who is at the top of a list of likely returners?",
            "What does a voucher cost when it goes to such a customer?",
            "How would you see whether the list is better than dice?",
        ),
    ),
]

QUIZ = [
    QuizQuestion(
        "A customer returns with 80 % if left alone and with 80 % if called. Uplift?",
        [
            Option("80 %", "That is the chance to return."),
            Option("Zero", "The call changes nothing, so it only costs.", right=True),
            Option("It cannot be known", "For one person, no; but here the two chances are given."),
        ],
    ),
    QuizQuestion(
        "A reminder and a voucher cost the same to send. Why does the voucher have to wait until a silence has "
        "lasted longer?",
        [
            Option(
                "It wins more of the deep sleepers",
                "It may, but that is not what makes it dear early on.",
            ),
            Option(
                "Until then most who use it would have come anyway",
                "Whoever returns takes the gift along, won or not; the longer the silence, the fewer come by "
                "themselves.",
                right=True,
            ),
            Option(
                "Vouchers annoy customers who are awake",
                "They rather like them: that is the trouble.",
            ),
        ],
    ),
    QuizQuestion(
        "A score of pure dice gets a Qini above zero. Why?",
        [
            Option("Dice work", "Roll them again."),
            Option("Chance", "That is why the band belongs to the curve.", right=True),
            Option("The curve is wrong", "It is one draw; another would lie below."),
        ],
    ),
    QuizQuestion(
        "A thousand customers have the same score. In which order should they stand in the curve?",
        [
            Option(
                "As they come in the file",
                "Then the file decides the result: sort it by arm and any score looks good.",
            ),
            Option(
                "In none: the curve goes straight over them",
                "They are one step; the file's order must not matter.",
                right=True,
            ),
            Option("Controls first", "That bends the curve downwards by decree."),
        ],
    ),
]
