"""Lesson 32: did it work? Groups by lot, differences with their width, and sample size."""

from __future__ import annotations

import pandas as pd

from crmkit.practice.kinds import Number, Plan
from crmkit.practice.question import Misconception, Option, Question, QuizQuestion, Tables
from crmkit.reactivation import sample_size

TITLE = "Did it work?"


def rates(data: Tables, state: str | None = None) -> pd.Series:
    """Share returned by arm in the January test, in per cent; "others" = all but the personal call."""
    test = data.load("wake_up_test")
    if state:
        test = test[test["state"] == state]
    share = 100 * test.groupby("arm")["returned_60d"].mean()
    share["others"] = 100 * test.loc[test["arm"] != "personal call", "returned_60d"].mean()
    share["all"] = 100 * test["returned_60d"].mean()
    return share


QUESTIONS = [
    Question(
        id="32-1",
        title="What the call did",
        level="fill in",
        prompt=(
            "By how many percentage points did the personal call raise the share who returned within 60 days "
            "in the January test "
            "(`wake_up_test`), all states together?"
        ),
        kind=Number(unit="percentage points", tolerance=0.05),
        points=1,
        reference=lambda data: rates(data)["personal call"] - rates(data)["control"],
        hints=(
            "Two groups, one difference: which two?",
            "Nobody but the control group shows what would have happened without a call.",
            '`.groupby("arm")["returned_60d"].mean()`, then subtract the control, times 100.',
        ),
        misconceptions=(
            Misconception(
                "counts every returner as won",
                lambda data: rates(data)["personal call"],
                "That is how many came back after a call. How many of those would have come back without one? "
                "You have a group that tells you.",
            ),
            Misconception(
                "gives the relative rise",
                lambda data: 100 * (rates(data)["personal call"] / rates(data)["control"] - 1),
                "You have the relative rise. Percentage points are the plain difference of two shares.",
            ),
            Misconception(
                "compares with everybody else",
                lambda data: rates(data)["personal call"] - rates(data)["others"],
                "You compared with all other customers of the test, and most of those got an offer too. "
                "Which group got nothing?",
            ),
            Misconception(
                "gives a fraction",
                lambda data: (rates(data)["personal call"] - rates(data)["control"]) / 100,
                "Right difference, wrong unit: percentage points run from 0 to 100.",
            ),
        ),
        starter='rate = test.groupby(____)["returned_60d"].mean()',
        solution="Share in the arm less share in the control group, times 100.",
        code=(
            'rate = crmkit.load("wake_up_test").groupby("arm")["returned_60d"].mean()\n'
            'answer = 100 * (rate["personal call"] - rate["control"])'
        ),
    ),
    Question(
        id="32-2",
        title="The discount among the drowsy",
        level="change",
        prompt=(
            "In the January test, by how many percentage points did the discount raise the share who returned "
            "within 60 days, among customers whom the team's rule calls drowsy? Give two decimals."
        ),
        kind=Number(unit="percentage points", tolerance=0.005),
        points=2,
        reference=lambda data: rates(data, "drowsy")["discount"] - rates(data, "drowsy")["control"],
        hints=(
            "The same difference, within one state.",
            "Keep `state == 'drowsy'` first: in the arm *and* in the control group.",
            '`test[test["state"] == "drowsy"].groupby("arm")["returned_60d"].mean()`, then subtract.',
        ),
        misconceptions=(
            Misconception(
                "takes all states together",
                lambda data: rates(data)["discount"] - rates(data)["control"],
                "That mixes the drowsy, many of whom return by themselves, with the asleep, who hardly do. "
                "Which state was asked?",
            ),
            Misconception(
                "takes the control group of all states",
                lambda data: rates(data, "drowsy")["discount"] - rates(data)["control"],
                "You compared drowsy customers with a control group of all states. Most of those sleep more deeply: "
                "compare like with like.",
            ),
            Misconception(
                "counts every returner as won",
                lambda data: rates(data, "drowsy")["discount"],
                "That is how many came back with the voucher in hand. Drowsy customers come back by "
                "themselves too: how many?",
            ),
            Misconception(
                "gives the relative rise",
                lambda data: (
                    100 * (rates(data, "drowsy")["discount"] / rates(data, "drowsy")["control"] - 1)
                ),
                "You have the relative rise. The question asks for percentage points.",
            ),
        ),
        starter='rate = test[test["state"] == ____].groupby("arm")["returned_60d"].mean()',
        solution="The drowsy alone, arm less control, times 100.",
        code=(
            'test = crmkit.load("wake_up_test")\n'
            'rate = test[test["state"] == "drowsy"].groupby("arm")["returned_60d"].mean()\n'
            'answer = 100 * (rate["discount"] - rate["control"])'
        ),
    ),
    Question(
        id="32-3",
        title="How many for the next test?",
        level="explore",
        prompt=(
            "Plan the next test. Of the customers left alone in January a certain share returned: your base. "
            "How many customers do you "
            "need in each of two equal groups, to find a rise of 4 percentage points on that base with a "
            "power of 90 % (alpha 5 %)?"
        ),
        kind=Number(unit="customers", tolerance=1),
        points=3,
        reference=lambda data: sample_size(rates(data)["control"] / 100, 0.04, power=0.9),
        hints=(
            "Three numbers go in: base, effect, power. Two of them are in the question.",
            "Shares, not percentages: four points are 0.04.",
            "`sample_size(base, 0.04, power=0.9)`",
        ),
        misconceptions=(
            Misconception(
                "keeps a power of 80 %",
                lambda data: sample_size(rates(data)["control"] / 100, 0.04),
                "That is for a power of 80 %. To miss the effect only once in ten times takes more customers.",
            ),
            Misconception(
                "gives the share for the number",
                lambda data: rates(data)["control"] / 100,
                "That is the base, the share that returns without an offer. It goes into `sample_size`; "
                "what comes out?",
            ),
            Misconception(
                "adds both groups",
                lambda data: 2 * sample_size(rates(data)["control"] / 100, 0.04, power=0.9),
                "That is both groups together. The question asks for each.",
            ),
            Misconception(
                "takes everybody's share for the base",
                lambda data: sample_size(rates(data)["all"] / 100, 0.04, power=0.9),
                "Your base holds customers who got an offer. What share returns when nobody does anything?",
            ),
            Misconception(
                "takes 4 per cent of the base",
                lambda data: sample_size(
                    rates(data)["control"] / 100, 0.04 * rates(data)["control"] / 100, power=0.9
                ),
                "You asked for a rise *by* 4 % of the base. Four percentage points are far more, and need "
                "far fewer customers.",
            ),
        ),
        starter="answer = sample_size(____, ____, power=____)",
        solution="The control group's share is the base; four points are 0.04; the power goes in as 0.9.",
        code=(
            "from crmkit.reactivation import sample_size\n"
            'test = crmkit.load("wake_up_test")\n'
            'base = test.loc[test["arm"] == "control", "returned_60d"].mean()\n'
            "answer = sample_size(base, 0.04, power=0.9)"
        ),
    ),
    Question(
        id="32-4",
        title="Do you sign?",
        level="decide",
        prompt=(
            "The team wants to repeat the spring calls, this time for everybody, because the first round "
            "paid for itself several times over. "
            "Write to the director: do you sign?"
        ),
        kind=Plan(
            rubric={
                "says that the called were not like the others before the call": 1,
                "says that most returners would have returned anyway (returns-anyway bias)": 1,
                "proposes a control group by lot, and its size": 1,
                "says on which day and by which number it will be judged": 1,
            },
            model=(
                "I do not sign for everybody, and I sign for a test. The team called its favourites first: "
                "they had been silent for a much shorter "
                "time and had bought more before. Most of those on the slide would have come without a call. "
                "Draw the next list by lot, half to be "
                "called and half to be left alone, at least 700 in each, which shows a rise of five points "
                "four times in five. We look once, on day 61, "
                "at the difference in returns. If it is below three points, the calls do not pay and we stop."
            ),
            minimum_words=40,
        ),
        points=4,
        hints=(
            "Who was called, and who was not?",
            "What would you have to see, to sign?",
            "Numbers, day, measure: say them before.",
        ),
    ),
]

QUIZ = [
    QuizQuestion(
        "Of 100 customers called, 40 returned; of 100 left alone by lot, 35 returned. How many did the calls win?",
        [
            Option("40", "35 of them would have come anyway."),
            Option(
                "About 5",
                "And with so few customers the interval reaches well below zero.",
                right=True,
            ),
            Option("75", "Those who were not called were not won by calls."),
        ],
    ),
    QuizQuestion(
        "An interval reaches from -2 to +9 percentage points. What do you say?",
        [
            Option("The offer does nothing", "It may do a lot: 9 points are in the interval."),
            Option(
                "This test cannot tell",
                "Anything between a small harm and a large gain fits the data.",
                right=True,
            ),
            Option("The offer brings 3.5 points", "That is the middle, not a finding."),
        ],
    ),
    QuizQuestion(
        "You look every evening and stop at the first significant result. How often does an offer that does "
        "nothing look like a success?",
        [
            Option("In 5 of 100 tests", "That holds for one look."),
            Option("Far more often", "Every look is another chance to be lucky.", right=True),
            Option(
                "Never, if the test is long enough", "The longer you peek, the likelier it gets."
            ),
        ],
    ),
]
