"""Lesson 11: the two clerks, and what a question is worth."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from crmkit.mix import Shop, clerk_results, question_worth
from crmkit.practice.kinds import Choice, Number, Plan, Table
from crmkit.practice.question import (
    Misconception,
    Option,
    Prediction,
    Question,
    QuizQuestion,
    Tables,
)

TITLE = "The drill and the hole"


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


def lost_to_time(data: Tables, clerk: str = "A", of: str = "not buying") -> float:
    """Per cent of a clerk's visitors without a purchase who left before the offer."""
    talks = _talks(data, clerk)
    if of == "not buying":
        talks = talks[~talks["bought"]]
    return 100 * float(talks["left_early"].mean())


def many_less_few(data: Tables, column: str = "planned_questions", stayed: bool = False) -> float:
    """Share who buy with four to six questions less that with one to three, of clerk B, in points."""
    talks = _talks(data, "B")
    if stayed:
        talks = talks[~talks["left_early"]]
    few, many = talks[talks[column].between(1, 3)], talks[talks[column].between(4, 6)]
    return 100 * float(many["bought"].mean() - few["bought"].mean())


def lead_among(data: Tables, knows: bool | None = True, a_first: bool = True) -> float:
    """Share who buy from A less that from B, in points, among those who know what they need or do not."""
    talks = _talks(data).merge(data.load_truth("shop_conversations"), on="conversation_id")
    if knows is not None:
        talks = talks[talks["knows"] == knows]
    mean = talks.groupby("clerk")["bought"].mean()
    return 100 * float(mean["A"] - mean["B"] if a_first else mean["B"] - mean["A"])


def shop_of(data: Tables) -> Shop:
    """Give the shop as a model."""
    return Shop(data.load("solutions"), data.load_truth("shop_visitors"))


def best_number(data: Tables) -> int:
    """How many questions sell most, by the model."""
    results = clerk_results(shop_of(data))
    of_b = results[results["clerk"] == "B"].set_index("questions")["conversion"]
    return int(of_b.idxmax())


def becomes_best(data: Tables) -> str:
    """Which question is worth most once job and wall are known, by its letter."""
    worth = question_worth(shop_of(data), {"job": "picture", "wall": "wood"})
    best = str(worth.set_index("question")["worth"].idxmax())
    return {"tool": "a", "skill": "b", "often": "c"}.get(best, "d")


PREDICTIONS = [
    Prediction(
        id="11-a",
        prompt="How many questions are best, from 0 to 6?",
        kind=Number(unit="questions", tolerance=0),
        answer=best_number,
        why="Many people say six, because more information seems better. But every question costs a minute of "
        "patience.",
        truth=("shop_visitors",),
    ),
    Prediction(
        id="11-b",
        prompt="Job and wall are known now: a picture, in wood. Which question is worth most next?",
        kind=Choice(
            {
                "a": "is there a drill at home?",
                "b": "have you done it before?",
                "c": "once, or often?",
                "d": "what may it cost?",
            }
        ),
        answer=becomes_best,
        why="As a first question it was worth next to nothing. What an answer is worth depends on what is "
        "known already.",
        truth=("shop_visitors",),
    ),
]

QUESTIONS = [
    Question(
        id="11-1",
        title="Which of the four C did A's visitors miss?",
        level="fill in",
        prompt=(
            "Some of clerk A's visitors who did not buy left before the offer: their time was up, which is "
            "**customer "
            "cost**. The others saw an offer that was no **customer solution** for them. How many per cent of "
            "his visitors "
            "who did not buy left early? (one decimal)"
        ),
        kind=Number(unit="%", tolerance=0.05),
        points=1,
        reference=lost_to_time,
        goals=(1,),
        right="The rest saw an offer and said no: for them not the time was wrong, but the solution.",
        hints=(
            "Clerk A, and of his visitors only those who did not buy.",
            "`talks.query(\"clerk == 'A' and not bought\")` are they.",
            "The mean of `left_early`, times 100.",
        ),
        misconceptions=(
            Misconception(
                "of all visitors",
                lambda data: lost_to_time(data, of="all"),
                "That is the share of all his visitors. The question is about those who did not buy.",
            ),
            Misconception(
                "clerk B",
                lambda data: lost_to_time(data, "B"),
                "Those are clerk B's visitors. Whose were asked for?",
            ),
            Misconception(
                "those who saw an offer",
                lambda data: 100 - lost_to_time(data),
                "That part saw an offer and did not take it. How many left before?",
            ),
        ),
        starter='part = talks[(talks["clerk"] == ____) & ~talks["bought"]]',
        solution="Clerk A's visitors without a purchase; the mean of left_early.",
        code=(
            'talks = crmkit.load("shop_conversations")\n'
            'part = talks[(talks["clerk"] == "A") & ~talks["bought"]]\n'
            'answer = 100 * part["left_early"].mean()'
        ),
    ),
    Question(
        id="11-2",
        title="Few questions or many?",
        level="change",
        prompt=(
            "Of clerk B's visitors, compare those for whom she drew a card of four to six questions with those "
            "of a card of one "
            "to three. By how many percentage points is the share who buy higher with many? (two decimals; "
            "negative if lower)"
        ),
        kind=Number(unit="percentage points", tolerance=0.005),
        points=2,
        reference=many_less_few,
        goals=(2,),
        right="Before you plan with it, compute its interval with `mix.difference`: the groups are small.",
        hints=(
            "Which column was drawn by chance, and which depends on the visitor's patience?",
            "`b = talks.query(\"clerk == 'B'\")`, then two groups by `planned_questions`.",
            '`b.loc[b["planned_questions"].between(4, 6), "bought"].mean()` is the share with many.',
        ),
        misconceptions=(
            Misconception(
                "counts by questions answered",
                lambda data: many_less_few(data, "questions"),
                "You counted by what was *answered*. Visitors who lost patience stand too low in that table. "
                "Count by the "
                "card, which chance drew.",
            ),
            Misconception(
                "leaves out those who walked out",
                lambda data: many_less_few(data, stayed=True),
                "Without those who left, more questions can only look better. Their leaving is the price of a "
                "question.",
            ),
            Misconception(
                "few less many",
                lambda data: -many_less_few(data),
                "The right size, the other way round: many less few.",
            ),
        ),
        starter='many = talks[(talks["clerk"] == "B") & talks[____].between(4, 6)]["bought"].mean()',
        solution="Clerk B only, two groups by the card that she drew, difference of the shares.",
        code=(
            'talks = crmkit.load("shop_conversations")\n'
            "b = talks.query(\"clerk == 'B'\")\n"
            'few = b.loc[b["planned_questions"].between(1, 3), "bought"].mean()\n'
            'many = b.loc[b["planned_questions"].between(4, 6), "bought"].mean()\n'
            "answer = 100 * (many - few)"
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
        goals=(3,),
        elsewhere="the recorded answers instead of the model",
        right="Bits say how much an answer tells. Whether it is worth the minute depends on what it changes.",
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
        title="Who sells more to those who know?",
        level="explore",
        prompt=(
            "The truth table `shop_conversations` says who knew exactly what they needed (`knows`). By how "
            "many percentage "
            "points is the share who buy higher with clerk A than with clerk B, among those who knew? (A less "
            "B, two decimals)"
        ),
        kind=Number(unit="percentage points", tolerance=0.005),
        points=2,
        reference=lead_among,
        truth=("shop_conversations",),
        goals=(4,),
        right="Few visitors knew, so the number is uncertain; its direction is what the map says.",
        hints=(
            "Join the truth with the conversations, and keep those who knew.",
            '`hidden = talks.merge(crmkit.load_truth("shop_conversations"), on="conversation_id")`',
            "Two clerks, two shares, A less B.",
        ),
        misconceptions=(
            Misconception(
                "all visitors",
                lambda data: lead_among(data, None),
                "That is over all visitors. Keep those who knew what they needed.",
            ),
            Misconception(
                "those who did not know",
                lambda data: lead_among(data, False),
                "Those are the visitors who did *not* know. Which were asked for?",
            ),
            Misconception(
                "B less A",
                lambda data: lead_among(data, a_first=False),
                "The right size, the other way round: A less B.",
            ),
        ),
        starter='hidden = talks.merge(crmkit.load_truth("shop_conversations"), on=____)',
        solution="Join, keep those who knew, share who buy by clerk, A less B.",
        code=(
            'talks = crmkit.load("shop_conversations")\n'
            'hidden = talks.merge(crmkit.load_truth("shop_conversations"), on="conversation_id")\n'
            'share = hidden[hidden["knows"]].groupby("clerk")["bought"].mean()\n'
            'answer = 100 * (share["A"] - share["B"])'
        ),
    ),
    Question(
        id="11-5",
        title="Who serves the tradespeople?",
        level="decide",
        prompt=(
            "{company.name} opens a counter for tradespeople at seven in the morning. Is it better there to ask "
            "first, like B, or to show everything, like A? Decide, and say how you would find out whether you were "
            "right."
        ),
        kind=Plan(
            rubric={
                "says what is different about these visitors (they know what they need, they are in a hurry)": 1,
                "uses the map of where A wins, or the record of those who knew": 1,
                "sees the other side: some do not know, and one short question may sort them": 1,
                "proposes a comparison decided by chance and says what is counted, walk-outs included": 1,
            },
            model=(
                "Show first. Tradespeople mostly know the part they want and have a van waiting; on the map, A "
                "wins "
                "where most visitors know and hurry moves the line further his way, and in the record A sold "
                "more to "
                "those who knew. But I would keep one question for everybody who hesitates: what is it for? "
                "For two "
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
        "'The set holds, it was cheap, and the shop is round the corner. But nobody told me which plug goes "
        "into which "
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
