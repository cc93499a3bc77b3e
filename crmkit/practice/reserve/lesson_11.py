"""Lesson 11, in reserve: further questions about the two clerks."""

from __future__ import annotations

import pandas as pd

from crmkit.practice.kinds import Number, Table
from crmkit.practice.question import Misconception, Question, Tables


def satisfied(data: Tables, column: str = "satisfaction", *, stayed: bool = True) -> pd.DataFrame:
    """Mean of a column for each clerk, of those who stayed until the offer (or of all)."""
    talks = data.load("shop_conversations")
    talks = talks[~talks["left_early"]] if stayed else talks
    return talks.groupby("clerk")[column].mean().rename("satisfaction").reset_index()


def an_hour(data: Tables, clerk: str = "B") -> float:
    """Sales in an hour of a clerk's talking."""
    talks = data.load("shop_conversations").query("clerk == @clerk")
    return 60 * float(talks["bought"].sum() / talks["minutes"].sum())


def _mean_of_talks(data: Tables) -> float:
    talks = data.load("shop_conversations").query("clerk == 'B'")
    return 60 * float((talks["bought"] / talks["minutes"]).mean())


QUESTIONS = [
    Question(
        id="11-b1",
        title="Who stays is content",
        level="fill in",
        goals=(1,),
        prompt=(
            "How satisfied are those who stayed until the offer, with each clerk? The mean of `satisfaction` of "
            "visitors "
            "who did not leave early. A table with `clerk` and `satisfaction`. (two decimals)"
        ),
        kind=Table(key="clerk", columns={"satisfaction": 0.005}),
        points=1,
        reference=satisfied,
        hints=("Keep some rows first: `left_early` says who went.", "Then a mean by clerk."),
        misconceptions=(
            Misconception(
                "everybody",
                lambda data: satisfied(data, stayed=False),
                "Those who left early are among them. The question asks for those who saw an offer.",
            ),
            Misconception(
                "the share who buy",
                lambda data: satisfied(data, "bought"),
                "That is the share who bought. The question asks how satisfied they were.",
            ),
        ),
        right="Those who left early are in no such mean: ask of every survey who is missing.",
        solution="The rows of those who stayed, and the mean by clerk.",
        code=(
            'talks = crmkit.load("shop_conversations")\n'
            'answer = talks[~talks["left_early"]].groupby("clerk")["satisfaction"].mean().reset_index()'
        ),
    ),
    Question(
        id="11-b2",
        title="Sales in an hour",
        level="change",
        goals=(1,),
        prompt=(
            "Questions take time. How many sales does clerk B make in one hour of talking, all her visitors "
            "together? (two "
            "decimals)"
        ),
        kind=Number(unit="sales an hour", tolerance=0.005),
        points=2,
        reference=an_hour,
        hints=(
            "Sales and minutes are both sums over all her visitors.",
            '`60 * b["bought"].sum() / b["minutes"].sum()`',
        ),
        misconceptions=(
            Misconception(
                "clerk A",
                lambda data: an_hour(data, "A"),
                "That is clerk A. The question asks for B.",
            ),
            Misconception(
                "mean of the visitors' own rates",
                _mean_of_talks,
                "You took a rate for each visitor and then the mean, so a talk of a minute counts as much as one "
                "of ten. "
                "Divide the two sums.",
            ),
            Misconception(
                "sales a minute",
                lambda data: an_hour(data) / 60,
                "That is sales in a minute. How many in an hour?",
            ),
        ),
        right="Compare it with clerk A's: where a queue stands at the counter, sales an hour decide.",
        solution="Her sales, divided by her hours.",
        code=(
            'b = crmkit.load("shop_conversations").query("clerk == \'B\'")\n'
            'answer = 60 * b["bought"].sum() / b["minutes"].sum()'
        ),
    ),
]
