"""Lesson 11: the two clerks, and what a question is worth."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from crmkit.practice.kinds import Number, Plan, Table
from crmkit.practice.question import Misconception, Option, Question, QuizQuestion, Tables

TITLE = "The drill and the hole"


def lead_of_b(talks: pd.DataFrame, column: str = "bought") -> float:
    """Mean of B less mean of A, times 100."""
    mean = talks.groupby("clerk")[column].mean()
    return 100 * float(mean["B"] - mean["A"])


def by_number(talks: pd.DataFrame, column: str) -> pd.DataFrame:
    """Share who buy, in per cent, by a count of questions."""
    share = 100 * talks.groupby(column)["bought"].mean()
    return share.rename("share").rename_axis("planned_questions").reset_index()


def bits_of_answers(answers: pd.DataFrame, log: Callable[..., Any] = np.log2) -> pd.DataFrame:
    """Entropy of the recorded answers to each question."""

    def entropy(given: pd.Series) -> float:
        share = given.value_counts(normalize=True).to_numpy()
        return float(-(share * log(share)).sum())

    bits = answers.groupby("question")["answer"].apply(entropy)
    return bits.rename("bits").reset_index()


def _talks(data: Tables, clerk: str | None = None) -> pd.DataFrame:
    talks = data.load("shop_conversations")
    return talks if clerk is None else talks[talks["clerk"] == clerk]


def _relative(data: Tables) -> float:
    mean = _talks(data).groupby("clerk")["bought"].mean()
    return 100 * float(mean["B"] / mean["A"] - 1)


def _shares_of_sales(data: Tables) -> float:
    sold = _talks(data).query("bought")["clerk"].value_counts(normalize=True)
    return 100 * float(sold["B"] - sold["A"])


QUESTIONS = [
    Question(
        id="11-1",
        title="How much more does clerk B sell?",
        level="fill in",
        prompt=(
            "By how many percentage points, to two decimals, is the share of visitors who buy higher with "
            "clerk B than with clerk A, over all recorded conversations?"
        ),
        kind=Number(unit="percentage points", tolerance=0.005),
        points=1,
        reference=lambda data: lead_of_b(_talks(data)),
        hints=(
            "Two clerks, two shares, one difference.",
            "Everybody who came in counts, also those who left before the offer.",
            "`talks.groupby('clerk')['bought'].mean()`, then B less A, times 100.",
        ),
        misconceptions=(
            Misconception(
                "leaves out those who walked out",
                lambda data: lead_of_b(_talks(data).query("not left_early")),
                "You left out the visitors who lost patience. They are customers lost, and part of what a way of "
                "serving does.",
            ),
            Misconception(
                "relative for absolute",
                _relative,
                "That is the relative lead. Percentage points are the plain difference of the shares.",
            ),
            Misconception(
                "shares of all sales",
                _shares_of_sales,
                "You compared who made how much of the sales. B served more visitors: compare the shares *of "
                "their own* "
                "visitors.",
            ),
        ),
        starter='share = talks.groupby(____)["bought"].mean()',
        solution="Mean of bought for each clerk, B less A, in points.",
        code=(
            'share = crmkit.load("shop_conversations").groupby("clerk")["bought"].mean()\n'
            'answer = 100 * (share["B"] - share["A"])'
        ),
    ),
    Question(
        id="11-2",
        title="Does a further question pay?",
        level="change",
        prompt=(
            "How does the share of clerk B's visitors who buy depend on how many questions she *planned* to "
            "ask? Give "
            "`planned_questions` (0 to 6) and `share` in per cent, so that patience does not sort the visitors."
        ),
        kind=Table(key="planned_questions", columns={"share": 0.05}, units={"share": "%"}),
        points=2,
        reference=lambda data: by_number(_talks(data, "B"), "planned_questions"),
        hints=(
            "Which column was drawn by chance, and which depends on the visitor's patience?",
            "Clerk A has planned 0 for everybody: keep B only.",
            "`talks[talks['clerk'] == 'B'].groupby('planned_questions')['bought'].mean()`, times 100.",
        ),
        misconceptions=(
            Misconception(
                "counts by questions answered",
                lambda data: by_number(_talks(data, "B"), "questions"),
                "You counted by what was *answered*. Whoever lost patience stands too low in that table. Count "
                "by the "
                "card, which chance drew.",
            ),
            Misconception(
                "takes clerk A along",
                lambda data: by_number(_talks(data), "planned_questions"),
                "Clerk A's visitors are in the row 0. He has another way of serving: keep B.",
            ),
            Misconception(
                "leaves out those who walked out",
                lambda data: by_number(
                    _talks(data, "B").query("not left_early"), "planned_questions"
                ),
                "Without those who left, more questions can only look better. Their leaving is the price of a "
                "question.",
            ),
        ),
        solution="Clerk B only, grouped by the card she drew, mean of bought.",
        code=(
            'talks = crmkit.load("shop_conversations")\n'
            'share = 100 * talks.query("clerk == \'B\'").groupby("planned_questions")["bought"].mean()\n'
            'answer = share.rename("share").reset_index()'
        ),
    ),
    Question(
        id="11-3",
        title="What does an answer tell?",
        level="explore",
        prompt=(
            "How many bits does the recorded answer to each question carry: the entropy of the answers in "
            "`shop_answers`? Give `question` and `bits`. (A question that everybody answers alike carries 0 "
            "bits; yes and "
            "no in equal shares carry 1.)"
        ),
        kind=Table(key="question", columns={"bits": 0.005}, units={"bits": "bits"}),
        points=3,
        reference=lambda data: bits_of_answers(data.load("shop_answers")),
        hints=(
            "For each question: the shares of its answers.",
            "Entropy = minus the sum of share times the logarithm *to base 2* of the share.",
            "`share = answers.value_counts(normalize=True)`, then `-(share * np.log2(share)).sum()`.",
        ),
        misconceptions=(
            Misconception(
                "natural logarithm",
                lambda data: bits_of_answers(data.load("shop_answers"), np.log),
                "Those are nats: you used the natural logarithm. Bits come from `np.log2`.",
            ),
            Misconception(
                "all answers equally common",
                lambda data: (
                    data.load("shop_answers")
                    .groupby("question")["answer"]
                    .nunique()
                    .apply(np.log2)
                    .rename("bits")
                    .reset_index()
                ),
                "That would be right if all answers were equally common. They are not, and a surprise that is rare "
                "tells less on average.",
            ),
            Misconception(
                "surprise of the most common answer",
                lambda data: (
                    data.load("shop_answers")
                    .groupby("question")["answer"]
                    .apply(lambda a: -np.log2(a.value_counts(normalize=True).iloc[0]))
                    .rename("bits")
                    .reset_index()
                ),
                "That is the surprise of the most common answer alone. Average over all answers, each with its "
                "share.",
            ),
        ),
        solution="Shares of the answers to each question, then minus the sum of share times log2 of share.",
        code=(
            "import numpy as np\n"
            "def entropy(given):\n"
            "    share = given.value_counts(normalize=True)\n"
            "    return -(share * np.log2(share)).sum()\n"
            'bits = crmkit.load("shop_answers").groupby("question")["answer"].apply(entropy)\n'
            'answer = bits.rename("bits").reset_index()'
        ),
    ),
    Question(
        id="11-4",
        title="Who serves the tradespeople?",
        level="decide",
        prompt=(
            "{company.name} opens a counter for tradespeople at seven in the morning. Should the clerks there ask "
            "first, like "
            "B, or show everything, like A? Decide, and say how you would find out whether you were right."
        ),
        kind=Plan(
            rubric={
                "says what is different about these visitors (they know what they need, they are in a hurry)": 1,
                "uses the map of where A wins, or the record of those who knew": 1,
                "sees the other side: some do not know, and one short question may sort them": 1,
                "proposes a comparison by chance and says what is counted, walk-outs included": 1,
            },
            model=(
                "Show first. Tradespeople mostly know the part they want and have a van waiting; on the map, A wins "
                "where most visitors know and hurry moves the line further his way, and in the record A sold more to "
                "those who knew. But I would keep one question for everybody who hesitates: what is it for? For two "
                "weeks a die decides each morning which way is used, and we count all who came in, also those who "
                "walked out, by the die and not by what was asked."
            ),
            minimum_words=40,
        ),
        points=4,
        hints=("Which two things about the visitors decided who wins on the map?",),
    ),
]

QUIZ = [
    QuizQuestion(
        "'The set holds, it was cheap, and the shop is round the corner. But nobody told me which plug goes into which "
        "wall, and there was nobody to ask.' Which of the four C has failed?",
        [
            Option("Customer solution", "It holds: the problem is solved."),
            Option("Customer cost", "Cheap, near and soon done: little money, time or effort."),
            Option("Convenience", "Round the corner is as convenient as it gets."),
            Option(
                "Communication",
                "Being asked, told and helped, in both directions, is a need of its own.",
                right=True,
            ),
        ],
    ),
    QuizQuestion(
        "A rival's set is {company.symbol}3 cheaper. It has to be fetched from a depot out of town in "
        "working hours and cannot be "
        "given back. Which set costs the customer less?",
        [
            Option(
                "The rival's, by {company.symbol}3",
                "The price is only one part of what a customer pays.",
            ),
            Option(
                "Ours, in any case", "For somebody who passes the depot every day it may not be so."
            ),
            Option(
                "That depends on what the trip, the time and the risk are to this customer",
                "Customer cost is all of it: money, time, effort, risk.",
                right=True,
            ),
        ],
    ),
    QuizQuestion(
        "'We put in the better steel, because customers want quality.' Who speaks here?",
        [
            Option(
                "Clerk A: product first, and the company's idea taken for the customer's",
                "Better steel is a product, one of the four P. Which need does it serve, and who said so?",
                right=True,
            ),
            Option(
                "Clerk B: quality is a need",
                "A need is in the customer's words: 'it must hold'. Nobody was asked.",
            ),
        ],
    ),
    QuizQuestion(
        "Visitors who answered six questions bought more often than those who answered one. Does asking "
        "six sell more?",
        [
            Option(
                "Yes, the record shows it",
                "The record shows who stayed. The impatient never reached the sixth.",
            ),
            Option(
                "One cannot tell from this table",
                "The number answered depends on patience. The number planned was drawn by chance: count by that.",
                right=True,
            ),
            Option("No, it sells less", "This table cannot tell that either."),
        ],
    ),
    QuizQuestion(
        "When is a question worth asking?",
        [
            Option(
                "When it tells much about the customer",
                "A full life story changes nothing if the offer stays.",
            ),
            Option(
                "When its answer would change the offer, and enough to pay for the minute",
                "Worth is what the answer does to the decision, less what the asking costs.",
                right=True,
            ),
            Option("Always: it shows interest", "Each minute drives somebody out."),
        ],
    ),
]
